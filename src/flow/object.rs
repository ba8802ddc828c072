//! Objects with identity: maps, lists, builders, requests, instances, as a list of writes.
//!
//! Owns the heap and the question which writes may be seen by a read. It must not know syntax nodes,
//! library names or Zoho.

use super::eval::FunctionData;
use super::value::{Place, Text, Unknown};
use crate::rules::model::{Facet, ObjectKind};
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub u32);

/// A class of the project: its file and node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassKey {
    pub file: u32,
    pub node: u32,
}

/// What an expression may be.
#[derive(Clone, Debug)]
pub enum Value {
    Unknown(Rc<Unknown>),
    Text(Text),
    Object(ObjectId),
    Function(Rc<FunctionData>),
    Class(ClassKey),
    /// The exports of a file of the project.
    Module(u32),
    /// One of several that are not all strings.
    Choice(Rc<Vec<Value>>),
}

/// Where in an object a value was written.
#[derive(Clone, Debug)]
pub enum Slot {
    /// An entry of a map, a field of an instance.
    Entry(Text),
    Item,
    /// Appended to a text.
    Append,
    /// A part of a request or client.
    Facet(Facet),
    Header(Text),
    Query(Text),
    Form(Text),
    /// Everything said about the value holds here too.
    From,
    /// An options object with the meaning of its keys.
    Options(Rc<BTreeMap<String, Facet>>),
}

#[derive(Clone, Debug)]
pub struct Write {
    pub slot: Slot,
    /// The key of an entry, where it is one known string.
    pub name: Option<Rc<str>>,
    pub value: Value,
    pub place: Place,
    pub branch: BranchId,
    pub invocation: u32,
}

#[derive(Clone, Debug)]
pub struct Object {
    pub kind: Option<ObjectKind>,
    /// Class outside the project (`HttpPost`).
    pub class: Option<Rc<str>>,
    pub local_class: Option<ClassKey>,
    /// Client idiom that made it.
    pub client: Option<Rc<str>>,
    pub place: Place,
    pub writes: Vec<Write>,
    /// Stands for many objects (an instance seen from its methods): no write hides another one.
    pub is_shared: bool,
    /// What it was before it was written to.
    pub origin: Option<Rc<Unknown>>,
    /// Writes to entries go to this facet of another object (`url.searchParams`).
    pub view_of: Option<(ObjectId, Facet)>,
    /// A map that is written as `a=1&b=2` where a text is wanted.
    pub reads_as_query: bool,
}

/// A node in the tree of branches: which arm of which branch is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BranchId(pub u32);

/// All branches taken, as paths from the root.
#[derive(Debug)]
pub struct Branches {
    nodes: Vec<(u32, u32, u32)>,
    next: u32,
}

impl Default for Branches {
    fn default() -> Self {
        Branches {
            nodes: vec![(0, 0, 0)],
            next: 1,
        }
    }
}

impl Branches {
    pub const ROOT: BranchId = BranchId(0);

    pub fn new_branch(&mut self) -> u32 {
        self.next += 1;
        self.next
    }
    pub fn enter(&mut self, parent: BranchId, branch: u32, arm: u32) -> BranchId {
        self.nodes.push((parent.0, branch, arm));
        BranchId(self.nodes.len() as u32 - 1)
    }
    /// The way from a node up to the root: each branch with the arm that is running.
    fn upwards(&self, id: BranchId) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        let mut at = id.0;
        std::iter::from_fn(move || {
            if at == 0 {
                return None;
            }
            let (parent, branch, arm) = self.nodes[at as usize];
            let here = at;
            at = parent;
            Some((here, branch, arm))
        })
        .take(64)
    }
    /// Whether what happened in `write` has surely happened for one who stands in `read`.
    pub fn is_certain(&self, write: BranchId, read: BranchId) -> bool {
        write == Self::ROOT || write == read || self.upwards(read).any(|(node, ..)| node == write.0)
    }
    /// Whether both cannot happen in one run.
    pub fn excludes(&self, write: BranchId, read: BranchId) -> bool {
        if write == Self::ROOT || read == Self::ROOT || write == read {
            return false;
        }
        self.upwards(write).any(|(_, branch, arm)| {
            self.upwards(read)
                .any(|(_, other, at)| branch == other && arm != at)
        })
    }
}

impl Value {
    /// Whether two values say the same, as far as that can be told cheaply.
    fn is_like(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Unknown(left), Value::Unknown(right)) => {
                left.name == right.name && left.place == right.place
            }
            (Value::Text(left), Value::Text(right)) => {
                left.alternatives.len() == right.alternatives.len()
                    && left.alternatives.iter().zip(right.alternatives.iter()).all(
                        |(left, right)| {
                            left.pieces.len() == right.pieces.len()
                                && left.pieces.iter().zip(&right.pieces).all(|(left, right)| {
                                    left.place == right.place && left.literal() == right.literal()
                                })
                        },
                    )
            }
            (Value::Object(left), Value::Object(right)) => left == right,
            (Value::Function(left), Value::Function(right)) => {
                left.node == right.node && left.file == right.file
            }
            (Value::Class(left), Value::Class(right)) => left == right,
            (Value::Module(left), Value::Module(right)) => left == right,
            (Value::Choice(left), Value::Choice(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right.iter())
                        .all(|(left, right)| left.is_like(right))
            }
            _ => false,
        }
    }
}

/// A read looks at so many writes, the newest first.
const MOST_SEEN: usize = 12;
/// How many values one assignment to a field may bring from different callers.
const MAX_VALUES: usize = 6;
/// More writes than this to one object say nothing new.
const MAX_WRITES: usize = 400;

#[derive(Debug, Default)]
pub struct Heap {
    objects: Vec<Object>,
    pub branches: Branches,
}

impl Heap {
    pub fn create(&mut self, kind: Option<ObjectKind>, place: Place) -> ObjectId {
        self.objects.push(Object {
            kind,
            class: None,
            local_class: None,
            client: None,
            place,
            writes: Vec::new(),
            is_shared: false,
            origin: None,
            view_of: None,
            reads_as_query: false,
        });
        ObjectId(self.objects.len() as u32 - 1)
    }
    pub fn len(&self) -> usize {
        self.objects.len()
    }
    pub fn get(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }
    pub fn get_mut(&mut self, id: ObjectId) -> &mut Object {
        &mut self.objects[id.0 as usize]
    }

    /// Records a write. On a shared object the same place writes once, with its newest value.
    pub fn write(&mut self, id: ObjectId, write: Write) {
        let object = self.get_mut(id);
        if object.is_shared {
            let is_same_place = |known: &Write| {
                known.place == write.place
                    && std::mem::discriminant(&known.slot) == std::mem::discriminant(&write.slot)
            };
            if let Some(same) = object
                .writes
                .iter_mut()
                .find(|known| is_same_place(known) && known.value.is_like(&write.value))
            {
                *same = write;
                return;
            }
            if object
                .writes
                .iter()
                .filter(|known| is_same_place(known))
                .count()
                >= MAX_VALUES
            {
                return;
            }
        }
        if object.writes.len() < MAX_WRITES {
            object.writes.push(write);
        }
    }

    /// The writes to the entry `key` that one who stands in `branch` may see.
    pub fn entry_writes(
        &self,
        id: ObjectId,
        key: &str,
        branch: BranchId,
        invocation: u32,
    ) -> Vec<&Write> {
        let object = self.get(id);
        let mut seen = Vec::new();
        for write in object.writes.iter().rev() {
            let is_wanted = match (&write.slot, &write.name) {
                (Slot::Entry(_), Some(name)) => **name == *key,
                (Slot::Entry(name), None) => {
                    name.alternatives.len() > 1 && name.constants().iter().any(|name| name == key)
                }
                _ => false,
            };
            if !is_wanted {
                continue;
            }
            if seen.len() >= MOST_SEEN {
                break;
            }
            if self.branches.excludes(write.branch, branch) && write.invocation == invocation {
                continue;
            }
            seen.push(write);
            if self.branches.is_certain(write.branch, branch)
                && (!object.is_shared || write.invocation == invocation)
            {
                break;
            }
        }
        seen.reverse();
        seen
    }
}
