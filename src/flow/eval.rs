//! Expressions: what value each may have.
//!
//! Owns the evaluator's state and the evaluation of everything but statements and calls. It knows the tree
//! and values; HTTP comes in through the idiom tables, Zoho not at all.

use super::idiom::Idioms;
use super::object::{BranchId, Branches, ClassKey, Heap, ObjectId, Slot, Value, Write};
use super::project::{Project, Unit};
use super::value::{Content, FileId, OriginKind, Piece, Place, Role, Steps, Text, Unknown};
use crate::facts::{Facts, LoosePair, LooseText, PairKind, Part};
use crate::rules::model::ObjectKind;
use crate::syntax::tree::{AssignOperator, Imported, Key, Kind, Language, Mapping, NodeId, Span};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// What is worth a loose fact: asked of literal text and of key names. Supplied by whoever knows the rules.
pub trait Interest {
    fn in_text(&self, literal: &str) -> bool;
    fn in_key(&self, key: &str) -> bool;
}

/// Variables of one function call, or of a module.
#[derive(Debug)]
pub struct Env {
    pub variables: RefCell<HashMap<Rc<str>, Value>>,
    pub parent: Option<Rc<Env>>,
}

impl Env {
    pub fn child(parent: Option<Rc<Env>>) -> Rc<Env> {
        Rc::new(Env {
            variables: RefCell::new(HashMap::new()),
            parent,
        })
    }
    /// The environment in which `name` is declared, from the inside out.
    fn holder(self: &Rc<Env>, name: &str) -> Option<Rc<Env>> {
        let mut at = Some(Rc::clone(self));
        while let Some(env) = at {
            if env.variables.borrow().contains_key(name) {
                return Some(env);
            }
            at = env.parent.clone();
        }
        None
    }
}

/// A function value: its node with what it captured.
pub struct FunctionData {
    pub file: FileId,
    pub node: NodeId,
    pub env: Option<Rc<Env>>,
    /// `this` of the surrounding code, for arrow functions and methods taken from an object.
    pub this: Option<Value>,
    pub class: Option<ClassKey>,
    /// The object in which it was stored as a method.
    pub home: RefCell<Option<ObjectId>>,
    /// Its own properties and `prototype`, which also stands for its instances.
    pub properties: RefCell<Option<ObjectId>>,
}

impl std::fmt::Debug for FunctionData {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "function {}:{}", self.file, self.node.0)
    }
}

/// A variable: the environment that holds it, by address, and its name.
pub(super) type Variable = (usize, Rc<str>);
/// What variables were before a branch wrote to them.
pub(super) type Log = HashMap<Variable, (Rc<Env>, Option<Value>)>;

/// One running function.
pub struct Frame {
    pub file: FileId,
    pub unit: Rc<Unit>,
    pub env: Rc<Env>,
    pub this: Option<Value>,
    pub class: Option<ClassKey>,
    pub returns: Vec<Value>,
    pub invocation: u32,
}

#[derive(Default)]
pub(super) struct ClassState {
    pub statics: Option<ObjectId>,
    pub instance: Option<ObjectId>,
    /// Whether the static initialisers have run in this pass.
    pub has_run_statics: bool,
}

pub(super) struct ModuleState {
    pub env: Rc<Env>,
    pub exports: ObjectId,
}

/// Nested deeper than this, an expression or statement is not evaluated.
const MAX_DEPTH: u32 = 300;
/// A closure is run for so many of the environments it was made in.
pub(super) const MOST_RUNS: u8 = 4;
/// More functions than this do not wait at a time.
const MOST_PENDING: usize = 20_000;
/// Nodes evaluated in one run of one function with everything it calls.
pub(super) const RUN_BUDGET: u32 = 12_000;
/// The runs of all functions of one file evaluate so many nodes for each node that the file has: without this a bundle
/// in which everything calls everything takes as long as a whole code base.
const RUNS_OF_A_FILE: u64 = 12;
/// What small files have all the same.
const LEAST_FOR_A_FILE: u64 = 400_000;
/// Once that is used up, a run still sees what stands in the function itself.
const SMALL_BUDGET: u32 = 500;

pub struct Evaluator<'a> {
    pub project: Project<'a>,
    pub(super) idioms: &'a Idioms,
    pub(super) interest: &'a dyn Interest,
    pub heap: Heap,
    pub facts: Facts,
    /// False in the first pass, which only fills fields.
    pub(super) emits: bool,
    pub(super) branch: BranchId,
    pub(super) next_invocation: u32,
    pub(super) modules: HashMap<FileId, ModuleState>,
    pub(super) classes: HashMap<ClassKey, ClassState>,
    pub(super) pending: VecDeque<Rc<FunctionData>>,
    /// How often each function was run as if somebody unknown called it.
    pub(super) ran: HashMap<(FileId, NodeId), u8>,
    pub(super) functions: HashMap<(FileId, NodeId), Rc<FunctionData>>,
    /// Objects made of unknown values that were written to, by what they are.
    pub(super) promoted: HashMap<(Place, Rc<str>), ObjectId>,
    pub(super) call_stack: Vec<(FileId, NodeId)>,
    /// Overwritten variables, one log for each branch that is running.
    pub(super) logs: Vec<Log>,
    /// Objects that took a part of a request since the last emission.
    pub(super) touched: Vec<ObjectId>,
    pub(super) settings: HashMap<String, Vec<Text>>,
    /// Keys asked of the environment and of configurations, and where.
    pub asked_settings: HashMap<String, Place>,
    loose_texts: HashMap<Place, usize>,
    /// The loose texts by where their last pieces stand.
    loose_ends: HashMap<Place, usize>,
    loose_pairs: HashMap<(Place, PairKind), usize>,
    pub(super) budget: u32,
    /// Nodes that the runs of the functions of a file have evaluated.
    spent: HashMap<FileId, u64>,
    depth: u32,
    pub(super) module_depth: u32,
    pub(super) object_depth: u32,
    /// Files in which something was left out for reasons of size.
    pub widened: HashSet<FileId>,
}

impl<'a> Evaluator<'a> {
    pub fn new(
        project: Project<'a>,
        idioms: &'a Idioms,
        interest: &'a dyn Interest,
    ) -> Evaluator<'a> {
        Evaluator {
            project,
            idioms,
            interest,
            heap: Heap::default(),
            facts: Facts::default(),
            emits: false,
            branch: Branches::ROOT,
            next_invocation: 1,
            modules: HashMap::new(),
            classes: HashMap::new(),
            pending: VecDeque::new(),
            ran: HashMap::new(),
            functions: HashMap::new(),
            promoted: HashMap::new(),
            call_stack: Vec::new(),
            logs: Vec::new(),
            touched: Vec::new(),
            settings: HashMap::new(),
            asked_settings: HashMap::new(),
            loose_texts: HashMap::new(),
            loose_ends: HashMap::new(),
            loose_pairs: HashMap::new(),
            budget: RUN_BUDGET,
            spent: HashMap::new(),
            depth: 0,
            module_depth: 0,
            object_depth: 0,
            widened: HashSet::new(),
        }
    }

    // --- small helpers --------------------------------------------------------------------------

    pub(super) fn place(&self, frame: &Frame, node: NodeId) -> Place {
        Place {
            file: frame.file,
            span: frame.unit.tree.span(node),
        }
    }
    pub(super) fn at(&self, frame: &Frame, span: Span) -> Place {
        Place {
            file: frame.file,
            span,
        }
    }
    pub(super) fn unknown(&self, kind: OriginKind, name: &str, place: Place) -> Value {
        Value::Unknown(Rc::new(Unknown {
            kind,
            name: name.into(),
            module: None,
            type_name: None,
            place,
            steps: Steps::default(),
        }))
    }
    fn opaque(&self, place: Place) -> Value {
        self.unknown(OriginKind::Other, "", place)
    }

    /// A value with one more step behind it.
    pub(super) fn step(&self, value: Value, place: Place, role: Role) -> Value {
        match value {
            Value::Text(text) => Value::Text(text.then(place, role)),
            Value::Unknown(unknown) => {
                let mut unknown = (*unknown).clone();
                unknown.steps = unknown.steps.then(place, role);
                Value::Unknown(Rc::new(unknown))
            }
            Value::Choice(values) => Value::Choice(Rc::new(
                values
                    .iter()
                    .map(|value| self.step(value.clone(), place, role))
                    .collect(),
            )),
            other => other,
        }
    }

    /// A value read by a key: where the key was written is a step on its way.
    pub(super) fn with_key(&self, value: Value, key: &Text) -> Value {
        let mut value = value;
        for piece in key
            .alternatives
            .iter()
            .flat_map(|one| one.pieces.iter())
            .take(2)
        {
            if piece.literal().is_some() {
                value = self.step(value, piece.place, Role::Read);
            }
        }
        value
    }

    /// One of these values.
    pub(super) fn union(&self, values: Vec<Value>) -> Value {
        let mut flat: Vec<Value> = Vec::new();
        for value in values {
            match value {
                Value::Choice(inner) => flat.extend(inner.iter().cloned()),
                other => flat.push(other),
            }
        }
        let mut kept: Vec<Value> = Vec::new();
        let mut texts: Vec<Text> = Vec::new();
        for value in flat {
            let known = match &value {
                Value::Text(text) => {
                    texts.push(text.clone());
                    true
                }
                Value::Object(id) => kept.iter().any(|other| matches!(other, Value::Object(known) if known == id)),
                Value::Function(function) => {
                    kept.iter().any(|other| matches!(other, Value::Function(known) if Rc::ptr_eq(known, function)))
                }
                Value::Class(key) => kept.iter().any(|other| matches!(other, Value::Class(known) if known == key)),
                Value::Module(file) => kept.iter().any(|other| matches!(other, Value::Module(known) if known == file)),
                Value::Unknown(unknown) => kept.iter().any(|other| {
                    matches!(other, Value::Unknown(known) if known.name == unknown.name && known.place == unknown.place)
                }),
                Value::Choice(_) => true,
            };
            if !known && kept.len() < super::value::MAX_ALTERNATIVES {
                kept.push(value);
            }
        }
        if !texts.is_empty() {
            let text = Text::union(&texts);
            if kept.is_empty()
                || text
                    .alternatives
                    .iter()
                    .any(|alternative| !alternative.is_empty())
            {
                kept.push(Value::Text(text));
            }
        }
        // What nobody computed says nothing beside what somebody did.
        if kept.len() > 1 {
            let says_something = |value: &Value| !matches!(value, Value::Unknown(unknown) if unknown.name.is_empty());
            if kept.iter().any(says_something) {
                kept.retain(says_something);
            }
        }
        if kept.len() == 1
            && let Some(only) = kept.pop()
        {
            return only;
        }
        Value::Choice(Rc::new(kept))
    }

    // --- variables ------------------------------------------------------------------------------

    pub(super) fn declare(&mut self, frame: &Frame, name: &str, value: Value) {
        self.set_in(&frame.env, name, value);
    }

    fn set_in(&mut self, env: &Rc<Env>, name: &str, value: Value) {
        let key: Rc<str> = name.into();
        let old = env.variables.borrow_mut().insert(Rc::clone(&key), value);
        if let Some(log) = self.logs.last_mut() {
            log.entry((Rc::as_ptr(env) as usize, key))
                .or_insert((Rc::clone(env), old));
        }
    }

    /// The value of a name, or what is known of it.
    pub(super) fn look_up(&mut self, frame: &mut Frame, name: &str, place: Place) -> Value {
        if let Some(env) = frame.env.holder(name)
            && let Some(value) = env.variables.borrow().get(name).cloned()
        {
            return value;
        }
        if let Some(value) = self.field_by_name(frame, name, place) {
            return value;
        }
        let unit = Rc::clone(&frame.unit);
        if let Some((module, imported)) = unit.imported_names.get(name) {
            return self.imported(frame, module, imported, name, place);
        }
        if unit.language() == Language::Java {
            if let Some(key) = self.project.resolve_class(frame.file, name) {
                return Value::Class(key);
            }
            // `import static a.B.*`
            for wildcard in &unit.wildcards {
                if let Some(key) = self.project.resolve_class(frame.file, wildcard)
                    && let Some(value) = self.static_member(key, name, place)
                {
                    return value;
                }
            }
        }
        if unit.language() == Language::Rust
            && let Some(value) = self.rust_name(frame, name, place)
        {
            return value;
        }
        self.unknown(OriginKind::Global, name, place)
    }

    /// A bare name in a method: a field of this class, of the classes around it, or of its parents.
    fn field_by_name(&mut self, frame: &mut Frame, name: &str, place: Place) -> Option<Value> {
        let mut class = frame.class;
        let language = frame.unit.language();
        if !matches!(language, Language::Java) {
            return None;
        }
        let mut hops = 0;
        while let Some(key) = class {
            hops += 1;
            if hops > 8 {
                break;
            }
            if Some(key) == frame.class
                && let Some(Value::Object(id)) = frame.this.clone()
                && self.has_member(key, name)
            {
                return Some(self.get_entry(id, name, place, frame));
            }
            if let Some(value) = self.static_member(key, name, place) {
                return Some(value);
            }
            if let Some(instance) = self.classes.get(&key).and_then(|state| state.instance)
                && self.has_member(key, name)
            {
                return Some(self.get_entry(instance, name, place, frame));
            }
            let unit = self.project.unit(key.file);
            class = unit.outer_class.get(&key.node).map(|node| ClassKey {
                file: key.file,
                node: *node,
            });
        }
        None
    }

    pub(super) fn imported(
        &mut self,
        frame: &mut Frame,
        module: &str,
        imported: &Imported,
        local: &str,
        place: Place,
    ) -> Value {
        if frame.unit.language() == Language::Java {
            return match imported {
                Imported::Named(member) => {
                    if let Some(key) = self.project.resolve_class(frame.file, module)
                        && let Some(value) = self.static_member(key, member, place)
                    {
                        return value;
                    }
                    self.external(module, member, place)
                }
                _ => match self.project.resolve_class(frame.file, local) {
                    Some(key) => Value::Class(key),
                    None => {
                        let package = module
                            .rsplit_once('.')
                            .map_or(module, |(package, _)| package);
                        self.external(package, local, place)
                    }
                },
            };
        }
        if frame.unit.language() == Language::Rust
            && let Some(value) = self.rust_import(frame, module, imported, place)
        {
            return value;
        }
        match self.project.resolve_module(frame.file, module) {
            Some(file) => {
                self.run_module(file);
                match imported {
                    Imported::Named(name) => {
                        self.get_member(&Value::Module(file), name, place, frame)
                    }
                    Imported::Default => {
                        self.get_member(&Value::Module(file), "default", place, frame)
                    }
                    Imported::Whole | Imported::Everything => Value::Module(file),
                }
            }
            None => match imported {
                Imported::Named(name) => self.external(module, name, place),
                _ => self.external(module, "", place),
            },
        }
    }

    /// A name of a module from outside; an empty name is the module itself.
    pub(super) fn external(&self, module: &str, name: &str, place: Place) -> Value {
        Value::Unknown(Rc::new(Unknown {
            kind: OriginKind::Global,
            name: name.into(),
            module: Some(module.into()),
            type_name: None,
            place,
            steps: Steps::default(),
        }))
    }

    // --- members --------------------------------------------------------------------------------

    pub(super) fn get_member(
        &mut self,
        value: &Value,
        name: &str,
        place: Place,
        frame: &mut Frame,
    ) -> Value {
        match value {
            Value::Object(id) => self.get_entry(*id, name, place, frame),
            Value::Module(file) => {
                self.run_module(*file);
                let Some(exports) = self.modules.get(file).map(|state| state.exports) else {
                    return self.opaque(place);
                };
                if let Some(found) = self.find_entry(exports, name, frame) {
                    return found;
                }
                if self.project.unit(*file).language() == Language::Rust {
                    return match self.rust_member(*file, name, place, frame) {
                        Some(value) => value,
                        None => self.unknown(OriginKind::Field, name, place),
                    };
                }
                // `module.exports = value` stands under the name of the module itself.
                match self.find_entry(exports, "", frame) {
                    Some(whole) if name == "default" => whole,
                    Some(whole) => self.get_member(&whole, name, place, frame),
                    None if name == "default" => value.clone(),
                    None => self.unknown(OriginKind::Field, name, place),
                }
            }
            Value::Class(key) => match self.static_member(*key, name, place) {
                Some(value) => value,
                None => {
                    let unit = self.project.unit(key.file);
                    match unit.classes.get(name) {
                        Some(node) => Value::Class(ClassKey {
                            file: key.file,
                            node: node.0,
                        }),
                        None if name == "prototype" => match self.instance_of(*key) {
                            Some(instance) => Value::Object(instance),
                            None => self.opaque(place),
                        },
                        None => {
                            let label = match unit.tree.kind(NodeId(key.node)) {
                                Kind::Class(class) => {
                                    class.name.as_ref().map_or("", |name| name.text.as_str())
                                }
                                _ => "",
                            };
                            self.unknown(OriginKind::Field, &format!("{label}.{name}"), place)
                        }
                    }
                }
            },
            Value::Function(function) => {
                let object = self.function_object(function, place);
                if name == "prototype" {
                    return Value::Object(object);
                }
                self.find_entry(object, name, frame)
                    .unwrap_or_else(|| self.unknown(OriginKind::Field, name, place))
            }
            Value::Unknown(unknown) => {
                let key = (unknown.place, Rc::clone(&unknown.name));
                if let Some(object) = self.promoted.get(&key).copied()
                    && let Some(found) = self.find_entry(object, name, frame)
                {
                    return found;
                }
                if let Some(instance) = self.instance_of_type(unknown, frame) {
                    return self.get_entry(instance, name, place, frame);
                }
                if unknown.module.is_some() && (name == "default" || unknown.name.is_empty()) {
                    let name = if name == "default" { "" } else { name };
                    return Value::Unknown(Rc::new(Unknown {
                        name: name.into(),
                        place,
                        ..(**unknown).clone()
                    }));
                }
                let member = unknown.member(name, place);
                if frame.unit.language() == Language::Java
                    && unknown.kind == OriginKind::Global
                    && unknown.module.is_none()
                    && let Some(key) = self.project.resolve_class(frame.file, &member.name)
                {
                    return Value::Class(key);
                }
                match self
                    .idioms
                    .setting_path(frame.unit.language(), &member.name)
                {
                    Some((kind, key)) => self.setting(kind, &key, place),
                    None => Value::Unknown(Rc::new(member)),
                }
            }
            Value::Choice(values) => {
                let members = values
                    .iter()
                    .map(|value| self.get_member(value, name, place, frame))
                    .collect();
                self.union(members)
            }
            Value::Text(_) => self.opaque(place),
        }
    }

    /// The instance behind something unknown whose declared type is a class of the project.
    fn instance_of_type(&mut self, unknown: &Unknown, frame: &Frame) -> Option<ObjectId> {
        let type_name = unknown.type_name.as_deref()?;
        let key = match self.project.resolve_class(unknown.place.file, type_name) {
            Some(key) => key,
            None if frame.unit.language() != Language::Java => {
                self.class_by_import(unknown.place.file, type_name)?
            }
            None => return None,
        };
        let is_new = self
            .classes
            .get(&key)
            .is_none_or(|state| state.instance.is_none());
        let instance = self.instance_of(key)?;
        if is_new {
            self.initialise(key, instance);
        }
        Some(instance)
    }

    /// The object that stands for a function's properties, its prototype and its instances.
    pub(super) fn function_object(
        &mut self,
        function: &Rc<FunctionData>,
        place: Place,
    ) -> ObjectId {
        if let Some(object) = *function.properties.borrow() {
            return object;
        }
        let object = self.heap.create(None, place);
        self.heap.get_mut(object).is_shared = true;
        *function.properties.borrow_mut() = Some(object);
        object
    }

    /// The entry of an object, if anything visible writes it.
    pub(super) fn find_entry(&mut self, id: ObjectId, name: &str, frame: &Frame) -> Option<Value> {
        let mut found: Vec<Value> = self
            .heap
            .entry_writes(id, name, self.branch, frame.invocation)
            .into_iter()
            .map(|write| write.value.clone())
            .collect();
        if found.is_empty() {
            // What was taken over from other objects (spread, Object.assign).
            let sources: Vec<Value> = self
                .heap
                .get(id)
                .writes
                .iter()
                .rev()
                .filter(|write| matches!(write.slot, Slot::From))
                .map(|write| write.value.clone())
                .take(4)
                .collect();
            self.depth += 1;
            if self.depth < MAX_DEPTH {
                for source in sources {
                    let value = match source {
                        Value::Object(source) if source != id => {
                            self.find_entry(source, name, frame)
                        }
                        Value::Unknown(unknown) => {
                            Some(Value::Unknown(Rc::new(unknown.member(name, unknown.place))))
                        }
                        _ => None,
                    };
                    found.extend(value);
                }
            }
            self.depth -= 1;
        }
        if found.is_empty() {
            None
        } else {
            Some(self.union(found))
        }
    }

    fn get_entry(&mut self, id: ObjectId, name: &str, place: Place, frame: &mut Frame) -> Value {
        if let Some(facet) = self.idioms.view(self.heap.get(id), name) {
            let view = self.heap.create(Some(ObjectKind::Map), place);
            self.heap.get_mut(view).view_of = Some((id, facet));
            return Value::Object(view);
        }
        if let Some(found) = self.find_entry(id, name, frame) {
            return found;
        }
        if let Some(class) = self.heap.get(id).local_class
            && let Some(member) = self.method(class, name, id, place, frame)
        {
            return member;
        }
        let object = self.heap.get(id);
        let class = object.local_class;
        let label = match (&object.origin, class) {
            (Some(origin), _) => format!("{}.{name}", origin.name),
            _ => format!("this.{name}"),
        };
        let unknown = Unknown {
            kind: OriginKind::Field,
            name: label.into(),
            module: None,
            type_name: None,
            place,
            steps: Steps::default(),
        };
        match class {
            Some(class) => self.declared_field(class, name, unknown),
            None => Value::Unknown(Rc::new(unknown)),
        }
    }

    /// The object behind a value, made of it if it is unknown.
    pub(super) fn as_object(&mut self, value: &Value) -> Option<ObjectId> {
        match value {
            Value::Object(id) => Some(*id),
            Value::Unknown(unknown) => {
                let key = (unknown.place, Rc::clone(&unknown.name));
                if let Some(id) = self.promoted.get(&key) {
                    return Some(*id);
                }
                let id = self.heap.create(None, unknown.place);
                let object = self.heap.get_mut(id);
                object.origin = Some(Rc::clone(unknown));
                object.class = unknown.type_name.clone();
                self.promoted.insert(key, id);
                Some(id)
            }
            Value::Module(file) => self.modules.get(file).map(|state| state.exports),
            Value::Class(key) => self.statics_of(*key),
            Value::Function(function) => {
                let place = Place {
                    file: function.file,
                    span: Span::default(),
                };
                Some(self.function_object(function, place))
            }
            Value::Choice(values) => values.iter().find_map(|value| match value {
                Value::Object(id) => Some(*id),
                _ => None,
            }),
            Value::Text(_) => None,
        }
    }

    pub(super) fn write(
        &mut self,
        id: ObjectId,
        slot: Slot,
        value: Value,
        place: Place,
        frame: &Frame,
    ) {
        let name = match &slot {
            Slot::Entry(key) => key.constant().map(Into::into),
            _ => None,
        };
        let write = Write {
            slot,
            name,
            value,
            place,
            branch: self.branch,
            invocation: frame.invocation,
        };
        self.heap.write(id, write);
    }

    /// Puts an entry, or the part of a request that the entry of a view is.
    pub(super) fn put(
        &mut self,
        id: ObjectId,
        key: Text,
        value: Value,
        place: Place,
        frame: &Frame,
    ) {
        if let Value::Function(function) = &value
            && function.home.borrow().is_none()
        {
            *function.home.borrow_mut() = Some(id);
        }
        if let Some((owner, facet)) = self.heap.get(id).view_of {
            let slot = match facet {
                crate::rules::model::Facet::Headers => Slot::Header(key),
                crate::rules::model::Facet::Query => Slot::Query(key),
                crate::rules::model::Facet::Form => Slot::Form(key),
                _ => Slot::Entry(key),
            };
            self.touch(owner);
            self.write(owner, slot, value, place, frame);
            return;
        }
        self.write(id, Slot::Entry(key), value, place, frame);
    }

    pub(super) fn touch(&mut self, id: ObjectId) {
        if !self.touched.contains(&id) {
            self.touched.push(id);
        }
    }

    // --- loose facts ----------------------------------------------------------------------------

    /// Notes a string that says something on its own, wherever it goes.
    pub(super) fn note_text(&mut self, text: &Text, place: Place) {
        if !self.emits
            || !text
                .literals()
                .any(|literal| self.interest.in_text(literal))
        {
            return;
        }
        let resolved = text.resolved();
        match self.loose_texts.get(&place) {
            Some(index) => {
                if let Some(known) = self.facts.texts.get_mut(*index) {
                    add_alternatives(&mut known.text, resolved);
                }
            }
            None => {
                self.remember_ends(text, self.facts.texts.len());
                self.loose_texts.insert(place, self.facts.texts.len());
                self.facts.texts.push(LooseText {
                    place,
                    text: resolved,
                });
            }
        }
    }

    /// Notes a string to which something was added: it takes the place of what was noted before, or a URL that is
    /// put together on a hundred lines would be noted a hundred times.
    fn note_longer_text(&mut self, old: &Text, added: &Text, text: &Text, place: Place) {
        let known = old
            .alternatives
            .iter()
            .filter_map(|one| one.pieces.last())
            .find_map(|last| self.loose_ends.get(&last.place).copied());
        let known = known.and_then(|index| Some((index, self.facts.texts.get_mut(index)?)));
        let Some((index, known)) = known.filter(|(_, known)| known.place.file == place.file) else {
            return self.note_text(text, place);
        };
        let longer = text.resolved();
        let before = known.text.len();
        known
            .text
            .retain(|one| !longer.iter().any(|other| one.is_extended_by(other)));
        if known.text.len() == before {
            return self.note_text(text, place);
        }
        add_alternatives(&mut known.text, longer);
        let says_more = |literal| self.interest.in_text(literal);
        if added.literals().any(says_more) {
            known.place = place;
        }
        self.remember_ends(text, index);
    }

    fn remember_ends(&mut self, text: &Text, index: usize) {
        let ends = text.alternatives.iter();
        for last in ends.filter_map(|one| one.pieces.last()) {
            self.loose_ends.insert(last.place, index);
        }
    }

    /// Notes a key with a value, if either says something.
    pub(super) fn note_pair(&mut self, kind: PairKind, key: &Text, value: &Value, place: Place) {
        if !self.emits {
            return;
        }
        let names = key.constants();
        if !names.iter().any(|name| self.interest.in_key(name)) {
            return;
        }
        let value = self.text_of(value, 0).resolved();
        match self.loose_pairs.get(&(place, kind)) {
            // The same line with the values of another caller.
            Some(index) => {
                if let Some(known) = self.facts.pairs.get_mut(*index) {
                    add_alternatives(&mut known.part.value, value);
                }
            }
            None => {
                self.loose_pairs
                    .insert((place, kind), self.facts.pairs.len());
                let part = Part {
                    name: key.resolved(),
                    value,
                    place,
                    steps: Steps::default(),
                };
                self.facts.pairs.push(LoosePair { part, kind });
            }
        }
    }

    // --- expressions ----------------------------------------------------------------------------

    /// Begins one more run of a function of a file; returns how many nodes it may evaluate.
    pub(super) fn begin_run(&mut self, file: FileId) -> u32 {
        let nodes = self.project.unit(file).tree.size() as u64;
        let allowed = (nodes * RUNS_OF_A_FILE).max(LEAST_FOR_A_FILE);
        self.budget = if self.spent.get(&file).copied().unwrap_or(0) < allowed {
            RUN_BUDGET
        } else {
            self.widened.insert(file);
            SMALL_BUDGET
        };
        self.budget
    }

    /// Books what a run has evaluated of what it might.
    pub(super) fn end_run(&mut self, file: FileId, budget: u32) {
        let used = u64::from(budget.saturating_sub(self.budget));
        *self.spent.entry(file).or_default() += used;
    }

    /// Guards depth and budget around `work`.
    pub(super) fn guarded(
        &mut self,
        frame: &Frame,
        work: impl FnOnce(&mut Self) -> Value,
        place: Place,
    ) -> Value {
        if self.depth >= MAX_DEPTH || self.budget == 0 {
            self.widened.insert(frame.file);
            return self.opaque(place);
        }
        self.budget -= 1;
        self.depth += 1;
        let value = work(self);
        self.depth -= 1;
        value
    }

    pub(super) fn eval(&mut self, frame: &mut Frame, node: NodeId) -> Value {
        if self.depth >= MAX_DEPTH || self.budget == 0 {
            self.widened.insert(frame.file);
            let place = self.place(frame, node);
            return self.opaque(place);
        }
        self.budget -= 1;
        self.depth += 1;
        let value = self.eval_kind(frame, node);
        self.depth -= 1;
        value
    }

    /// What a library calls by a name, where the project says nothing about it.
    fn or_constant(&self, frame: &Frame, found: Value, name: &str, place: Place) -> Value {
        match found {
            Value::Unknown(_) => match self.idioms.constant(frame.unit.language(), name) {
                Some(text) => Value::Text(super::statement::constant_text(text, place)),
                None => found,
            },
            found => found,
        }
    }

    fn eval_kind(&mut self, frame: &mut Frame, node: NodeId) -> Value {
        let unit = Rc::clone(&frame.unit);
        let place = self.place(frame, node);
        match unit.tree.kind(node) {
            Kind::Name(name) => {
                let found = self.look_up(frame, name, place);
                self.or_constant(frame, found, name, place)
            }
            Kind::This | Kind::Super => match &frame.this {
                Some(this) => this.clone(),
                None => self.unknown(OriginKind::Field, "this", place),
            },
            Kind::Member { object, property } => {
                let value = self.eval(frame, *object);
                let place = self.at(frame, property.span);
                let found = self.get_member(&value, &property.text, place, frame);
                self.or_constant(frame, found, &property.text, place)
            }
            Kind::Index { object, index } => {
                let value = self.eval(frame, *object);
                let key = self.eval(frame, *index);
                let key = self.text_of(&key, 0);
                match key.constant() {
                    Some(name) if !name.is_empty() => {
                        let found = self.get_member(&value, &name, place, frame);
                        self.with_key(found, &key)
                    }
                    _ => self.elements(&value, place),
                }
            }
            Kind::String(text) => {
                let value = literal(text, frame.file, place);
                self.note_text(&value, place);
                Value::Text(value)
            }
            Kind::Number(number) => Value::Text(Text::from_pieces(vec![Piece {
                content: Content::Literal(number.as_str().into()),
                place,
                mapping: Mapping::Exact,
                steps: Steps::default(),
            }])),
            Kind::Boolean(value) => Value::Text(Text::from_pieces(vec![Piece {
                content: Content::Literal(if *value { "true" } else { "false" }.into()),
                place,
                mapping: Mapping::Exact,
                steps: Steps::default(),
            }])),
            Kind::Null => Value::Text(Text::empty()),
            Kind::Concat { operands, .. } => {
                let mut parts = Vec::with_capacity(operands.len());
                for operand in operands {
                    // A part says nothing on its own that the whole does not say better.
                    let value = match unit.tree.kind(*operand) {
                        Kind::String(part) => {
                            let place = self.place(frame, *operand);
                            Value::Text(literal(part, frame.file, place))
                        }
                        _ => self.eval(frame, *operand),
                    };
                    parts.push(self.text_of(&value, 0));
                }
                let text = Text::concat_all(&parts);
                self.note_text(&text, place);
                Value::Text(text)
            }
            Kind::Format {
                template,
                arguments,
            } => {
                let template = self.eval(frame, *template);
                let template = self.text_of(&template, 0);
                let mut values = Vec::new();
                for argument in arguments {
                    let value = self.eval(frame, argument.value);
                    let name = argument.name.as_ref().map(|name| name.text.clone());
                    // Who takes the placeholder away has to take this away as well.
                    let at = self.place(frame, argument.value);
                    values.push((name, self.text_of(&value, 0).then(at, Role::Passed)));
                }
                let mut captured = |name: &str, this: &mut Self| {
                    let value = this.look_up(frame, name, place);
                    this.text_of(&value, 0)
                };
                let text = self.format(
                    crate::rules::model::FormatStyle::Braces,
                    &template,
                    &values,
                    &mut captured,
                );
                self.note_text(&text, place);
                Value::Text(text)
            }
            Kind::Choice {
                conditions,
                alternatives,
            } => {
                for condition in conditions {
                    self.eval_compared(frame, *condition);
                }
                let branch = self.heap.branches.new_branch();
                let outer = self.branch;
                let mut values = Vec::new();
                for (arm, alternative) in alternatives.iter().enumerate() {
                    self.branch = self.heap.branches.enter(outer, branch, arm as u32);
                    values.push(self.eval(frame, *alternative));
                }
                self.branch = outer;
                self.union(values)
            }
            Kind::Map { entries } => {
                let id = self.heap.create(Some(ObjectKind::Map), place);
                for entry in entries {
                    let value = self.eval(frame, entry.value);
                    let at = self.at(frame, entry.span);
                    match &entry.key {
                        Key::Static(name) => {
                            let key = Text::from_pieces(vec![Piece {
                                content: Content::Literal(name.text.as_str().into()),
                                place: self.at(frame, name.span),
                                mapping: Mapping::Exact,
                                steps: Steps::default(),
                            }]);
                            let at = self.entry_place(frame, name.span, entry.value, at);
                            self.note_pair(PairKind::Entry, &key, &value, at);
                            let value = self.step(value, at, Role::Stored);
                            self.put(id, key, value, at, frame);
                        }
                        Key::Computed(key) => {
                            let span = unit.tree.span(*key);
                            let key = self.eval(frame, *key);
                            let key = self.text_of(&key, 0);
                            let at = self.entry_place(frame, span, entry.value, at);
                            self.note_pair(PairKind::Entry, &key, &value, at);
                            let value = self.step(value, at, Role::Stored);
                            self.put(id, key, value, at, frame);
                        }
                        Key::Spread => self.write(id, Slot::From, value, at, frame),
                    }
                }
                Value::Object(id)
            }
            Kind::List { items } => {
                let id = self.heap.create(Some(ObjectKind::List), place);
                for item in items {
                    let value = self.eval(frame, item.value);
                    let at = self.place(frame, item.value);
                    let slot = if item.is_spread {
                        Slot::From
                    } else {
                        Slot::Item
                    };
                    self.write(id, slot, value, at, frame);
                }
                Value::Object(id)
            }
            Kind::Await { value } => self.eval(frame, *value),
            Kind::Require { module, .. } => match self.project.resolve_module(frame.file, module) {
                Some(file) => {
                    self.run_module(file);
                    self.module_value(file, frame)
                }
                None => self.external(module, "", place),
            },
            Kind::Function(_) => Value::Function(self.function_value(frame, node)),
            Kind::Class(_) => Value::Class(ClassKey {
                file: frame.file,
                node: node.0,
            }),
            Kind::Call(_) => self.call(frame, node),
            Kind::Assign {
                target,
                operator,
                value,
            } => {
                let value = self.eval(frame, *value);
                self.assign(frame, *target, *operator, value)
            }
            Kind::Opaque { children } => {
                for (index, child) in children.iter().enumerate() {
                    if unit.is_compared(children, index) {
                        self.eval_compared(frame, *child);
                    } else {
                        self.statement(frame, *child);
                    }
                }
                self.opaque(place)
            }
            _ => {
                self.statement(frame, node);
                self.opaque(place)
            }
        }
    }

    /// The value of what something is compared with: written out there, it says nothing of what is sent.
    pub(super) fn eval_compared(&mut self, frame: &mut Frame, node: NodeId) -> Value {
        let tree = &frame.unit.tree;
        let is_written = match tree.kind(node) {
            Kind::String(_) => true,
            Kind::List { items } => items
                .iter()
                .all(|item| matches!(tree.kind(item.value), Kind::String(_))),
            _ => false,
        };
        let emits = self.emits;
        self.emits = emits && !is_written;
        let value = self.eval(frame, node);
        self.emits = emits;
        value
    }

    /// Where an entry stands: from its key to its value, if that is short.
    pub(super) fn entry_place(
        &self,
        frame: &Frame,
        key: Span,
        value: NodeId,
        whole: Place,
    ) -> Place {
        let value = frame.unit.tree.span(value);
        let span = key.join(value);
        let lines = frame
            .unit
            .slice(span)
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count();
        if lines > 3 {
            self.at(frame, key)
        } else {
            Place { span, ..whole }
        }
    }

    /// `module.exports` as a value: the thing itself if one was set, else the exports object.
    fn module_value(&mut self, file: FileId, frame: &mut Frame) -> Value {
        let Some(exports) = self.modules.get(&file).map(|state| state.exports) else {
            return Value::Module(file);
        };
        let named = self.heap.get(exports).writes.iter().any(|write| {
            matches!(&write.slot, Slot::Entry(key) if key.constant().is_some_and(|key| !key.is_empty() && key != "default"))
        });
        match self.find_entry(exports, "", frame) {
            Some(whole) if !named => whole,
            _ => Value::Module(file),
        }
    }

    /// Any element of a list or any value of a map.
    pub(super) fn elements(&mut self, value: &Value, place: Place) -> Value {
        match value {
            Value::Object(id) => {
                let values: Vec<Value> = self
                    .heap
                    .get(*id)
                    .writes
                    .iter()
                    .filter(|write| matches!(write.slot, Slot::Item | Slot::Entry(_)))
                    .map(|write| write.value.clone())
                    .take(8)
                    .collect();
                if values.is_empty() {
                    self.opaque(place)
                } else {
                    self.union(values)
                }
            }
            Value::Unknown(unknown) => Value::Unknown(Rc::new(unknown.member("[]", place))),
            _ => self.opaque(place),
        }
    }

    pub(super) fn function_value(&mut self, frame: &Frame, node: NodeId) -> Rc<FunctionData> {
        let unit = Rc::clone(&frame.unit);
        let is_arrow =
            matches!(unit.tree.kind(node), Kind::Function(function) if function.is_arrow);
        let function = Rc::new(FunctionData {
            file: frame.file,
            node,
            env: Some(Rc::clone(&frame.env)),
            this: if is_arrow { frame.this.clone() } else { None },
            class: frame.class,
            home: RefCell::new(None),
            properties: RefCell::new(None),
        });
        if self
            .ran
            .get(&(frame.file, node))
            .is_none_or(|runs| *runs < MOST_RUNS)
            && self.pending.len() < MOST_PENDING
        {
            self.pending.push_back(Rc::clone(&function));
        }
        function
    }

    // --- assignment -----------------------------------------------------------------------------

    pub(super) fn assign(
        &mut self,
        frame: &mut Frame,
        target: NodeId,
        operator: AssignOperator,
        value: Value,
    ) -> Value {
        let unit = Rc::clone(&frame.unit);
        let place = self.place(frame, target);
        let value = match operator {
            AssignOperator::Set => value,
            AssignOperator::Append => {
                let old = self.eval(frame, target);
                if let Value::Object(_) = old {
                    old
                } else {
                    let old = self.text_of(&old, 0);
                    let added = self.text_of(&value, 0);
                    let text = old.concat(&added);
                    self.note_longer_text(&old, &added, &text, place);
                    Value::Text(text)
                }
            }
            AssignOperator::Default => {
                let old = self.eval(frame, target);
                self.union(vec![old, value])
            }
        };
        match unit.tree.kind(target) {
            Kind::Name(name) => {
                let stored = self.step(value.clone(), place, Role::Bound);
                let env = frame.env.holder(name);
                if env.is_none()
                    && let Some(class) = frame.class
                    && unit.language() == Language::Java
                    && self.assign_field(frame, class, name, stored.clone(), place)
                {
                    return value;
                }
                let env = env.unwrap_or_else(|| match unit.language() {
                    // An undeclared name is global.
                    Language::JavaScript | Language::TypeScript => outermost(&frame.env),
                    _ => Rc::clone(&frame.env),
                });
                self.set_in(&env, name, stored);
            }
            Kind::Member { object, property } => {
                let owner = self.eval(frame, *object);
                let at = self.member_place(frame, *object, property.span, target);
                let key = Text::from_pieces(vec![Piece {
                    content: Content::Literal(property.text.as_str().into()),
                    place: self.at(frame, property.span),
                    mapping: Mapping::Exact,
                    steps: Steps::default(),
                }]);
                self.note_pair(PairKind::Entry, &key, &value, at);
                let stored = self.step(value.clone(), at, Role::Stored);
                if property.text == "prototype" && matches!(owner, Value::Function(_)) {
                    if let Some(id) = self.as_object(&owner) {
                        self.write(id, Slot::From, stored, at, frame);
                    }
                } else if let Some(id) = self.as_object(&owner) {
                    if let Some(facet) = self.idioms.view(self.heap.get(id), &property.text) {
                        self.touch(id);
                        self.write(id, Slot::Facet(facet), stored, at, frame);
                    } else {
                        self.put(id, key, stored, at, frame);
                    }
                }
            }
            Kind::Index { object, index } => {
                let owner = self.eval(frame, *object);
                let key = self.eval(frame, *index);
                let key = self.text_of(&key, 0);
                self.note_pair(PairKind::Entry, &key, &value, place);
                let stored = self.step(value.clone(), place, Role::Stored);
                if let Some(id) = self.as_object(&owner) {
                    self.put(id, key, stored, place, frame);
                }
            }
            Kind::Pattern { .. } => self.bind_pattern(frame, target, value.clone()),
            _ => {
                self.eval(frame, target);
            }
        }
        value
    }

    fn member_place(&self, frame: &Frame, object: NodeId, property: Span, target: NodeId) -> Place {
        let whole = self.place(frame, target);
        let start = frame.unit.tree.span(object);
        let lines = frame
            .unit
            .slice(start.join(property))
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count();
        if lines > 1 {
            self.at(frame, property)
        } else {
            whole
        }
    }
}

/// Adds what a list of alternatives does not have yet, up to twice the usual number: callers differ.
fn add_alternatives(
    known: &mut Vec<super::value::Alternative>,
    more: Vec<super::value::Alternative>,
) {
    for alternative in more {
        if known.len() >= 2 * super::value::MAX_ALTERNATIVES {
            return;
        }
        if !known
            .iter()
            .any(|other| other.has_same_origin(&alternative))
        {
            known.push(alternative);
        }
    }
}

fn outermost(env: &Rc<Env>) -> Rc<Env> {
    let mut at = Rc::clone(env);
    while let Some(parent) = at.parent.clone() {
        at = parent;
    }
    at
}

/// A string literal as a value: one piece for each segment of its source.
pub(super) fn literal(text: &crate::syntax::tree::Text, file: FileId, place: Place) -> Text {
    if text.segments.is_empty() {
        return Text::from_pieces(vec![Piece {
            content: Content::Literal("".into()),
            place,
            mapping: Mapping::Exact,
            steps: Steps::one(place, Role::Literal),
        }]);
    }
    let pieces = text
        .segments
        .iter()
        .filter_map(|segment| {
            let part = text
                .value
                .get(segment.value.start as usize..segment.value.end as usize)?;
            let at = Place {
                file,
                span: segment.source,
            };
            Some(Piece {
                content: Content::Literal(part.into()),
                place: at,
                mapping: segment.mapping,
                steps: Steps::one(place, Role::Literal),
            })
        })
        .collect();
    Text::from_pieces(pieces)
}
