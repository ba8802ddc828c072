//! Maps that are built before they are sent: `m = Map(); m.put("Authorization", …); n = m;`
//!
//! Owns following a map through its names, within one function. It must not know what the calls become.

use super::Draft;
use super::send::Send;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::recipe::entry;
use crate::syntax::tree::{Kind, NodeId, Span};

/// How a name and a value get into a map.
#[derive(Clone, Copy)]
pub(super) enum Put {
    /// An entry of a map that is written out.
    Entry { map: NodeId, is_alone: bool },
    /// `m.put(name, value);`
    Call { object: NodeId },
}

impl Put {
    pub fn at(locator: &Locator<'_>, span: Span) -> Result<Put, String> {
        let around = locator
            .smallest_around(span)
            .ok_or("the place is not in the tree")?;
        let mut at = Some(around);
        while let Some(id) = at {
            match locator.kind(id) {
                Kind::Map { entries } => {
                    return Ok(Put::Entry {
                        map: id,
                        is_alone: entries.len() == 1,
                    });
                }
                Kind::Call(call) => {
                    if let Kind::Member { object, property } = locator.kind(call.callee)
                        && property.text.eq_ignore_ascii_case("put")
                    {
                        return Ok(Put::Call { object: *object });
                    }
                    break;
                }
                Kind::Function(_) | Kind::Module { .. } => break,
                _ => at = locator.parent(id),
            }
        }
        Err("the token is put there in a way that is not followed: take it out by hand, and use a connection".to_string())
    }
}

/// What is known of a map under all its names.
#[derive(Default)]
struct Way {
    names: Vec<String>,
    /// `m = Map();`, `m = {…};`, `n = m;`
    bound: Vec<NodeId>,
    /// Calls of `put` and the like, as statements.
    filled: usize,
    /// Arguments of the calls that send it.
    arguments: Vec<NodeId>,
}

/// Takes a `put` or an entry out of a map with a name; a map that is left empty goes as a whole, and the
/// arguments that it was are given.
pub(super) fn remove(
    locator: &Locator<'_>,
    span: Span,
    put: &Put,
    sends: &[Send<'_>],
    draft: &mut Draft,
) -> Result<Vec<NodeId>, String> {
    const REFUSED: &str = "the map is not held by a variable of this function: take the token out by hand, and use a connection";
    let (named, is_alone) = match put {
        Put::Call { object } => (*object, false),
        Put::Entry { map, is_alone } => {
            let statement = locator.parent(*map).ok_or(REFUSED)?;
            match locator.kind(statement) {
                Kind::Assign { target, value, .. } if value == map => (*target, *is_alone),
                Kind::Binding(binding) if binding.value == Some(*map) => {
                    (binding.target, *is_alone)
                }
                _ => return Err(REFUSED.to_string()),
            }
        }
    };
    let Kind::Name(name) = locator.kind(named) else {
        return Err(REFUSED.to_string());
    };
    let way = follow(locator, name, locator.function_around(named), sends)?;
    draft.review(
        "the map is built apart from the call: look whether something else needs what is taken out",
    );
    let is_left_empty = match put {
        Put::Call { .. } => way.filled == 1 && way.bound.iter().all(|id| is_empty(locator, *id)),
        Put::Entry { .. } => {
            way.filled == 0 && is_alone && way.bound.iter().all(|id| holds_one(locator, *id))
        }
    };
    if !is_left_empty || way.bound.is_empty() {
        draft.add(vec![entry::removal(locator, span)?]);
        return Ok(Vec::new());
    }
    let mut edits = Vec::new();
    if matches!(put, Put::Call { .. }) {
        edits.push(entry::removal(locator, span)?);
    }
    for statement in &way.bound {
        let lines = locator.lines_of(*statement).ok_or(REFUSED)?;
        edits.push(TextEdit::delete(&locator.unit.path, lines));
    }
    draft.add(edits);
    Ok(way.arguments)
}

/// Every use of a map; an error where one is not understood.
fn follow(
    locator: &Locator<'_>,
    name: &str,
    scope: Option<NodeId>,
    sends: &[Send<'_>],
) -> Result<Way, String> {
    let mut way = Way {
        names: vec![name.to_string()],
        ..Way::default()
    };
    let mut next = 0;
    while let Some(name) = way.names.get(next).cloned() {
        next += 1;
        for (id, node) in locator.unit.tree.nodes() {
            let is_use = matches!(&node.kind, Kind::Name(known) if *known == name)
                && locator.function_around(id) == scope;
            if is_use && !take(locator, id, sends, &mut way) {
                return Err(format!(
                    "the map `{name}` is used for something else as well: take the token out by hand, and use a connection"
                ));
            }
        }
    }
    Ok(way)
}

/// Adds a use of the map to what is known; whether it is understood.
fn take(locator: &Locator<'_>, used: NodeId, sends: &[Send<'_>], way: &mut Way) -> bool {
    let Some(parent) = locator.parent(used) else {
        return false;
    };
    let mut bind = |statement: NodeId| {
        if !way.bound.contains(&statement) {
            way.bound.push(statement);
        }
    };
    match locator.kind(parent) {
        Kind::Assign { target, value, .. } if *target == used => {
            bind(parent);
            is_map(locator, *value)
        }
        Kind::Binding(binding) if binding.target == used => {
            bind(parent);
            binding.value.is_some_and(|value| is_map(locator, value))
        }
        Kind::Assign { target, .. } => alias(locator, *target, way),
        Kind::Binding(binding) => alias(locator, binding.target, way),
        Kind::Member { object, property } if *object == used => {
            let Some(call) = locator.parent(parent).filter(
                |id| matches!(locator.kind(*id), Kind::Call(call) if call.callee == parent),
            ) else {
                return false;
            };
            match property.text.to_ascii_lowercase().as_str() {
                "put" | "putall" if locator.statement_of(call) == call => {
                    way.filled += 1;
                    true
                }
                "get" | "containskey" | "size" | "isempty" | "keys" => true,
                "tostring" => is_argument(sends, call, way),
                _ => false,
            }
        }
        _ => is_argument(sends, used, way),
    }
}

fn alias(locator: &Locator<'_>, target: NodeId, way: &mut Way) -> bool {
    let Kind::Name(name) = locator.kind(target) else {
        return false;
    };
    if !way.names.contains(name) {
        way.names.push(name.clone());
    }
    true
}

fn is_argument(sends: &[Send<'_>], node: NodeId, way: &mut Way) -> bool {
    let is_one = sends
        .iter()
        .flat_map(|send| &send.made.arguments)
        .any(|argument| argument.value == node);
    if is_one {
        way.arguments.push(node);
    }
    is_one
}

/// `Map()`, `{…}`, or another name of a map.
fn is_map(locator: &Locator<'_>, value: NodeId) -> bool {
    match locator.kind(value) {
        Kind::Map { .. } | Kind::Name(_) => true,
        Kind::Call(call) => locator.text(call.callee).eq_ignore_ascii_case("map"),
        _ => false,
    }
}

fn value_of(locator: &Locator<'_>, statement: NodeId) -> Option<NodeId> {
    match locator.kind(statement) {
        Kind::Assign { value, .. } => Some(*value),
        Kind::Binding(binding) => binding.value,
        _ => None,
    }
}

fn is_empty(locator: &Locator<'_>, statement: NodeId) -> bool {
    value_of(locator, statement).is_some_and(|value| match locator.kind(value) {
        Kind::Map { entries } => entries.is_empty(),
        Kind::Name(_) => true,
        Kind::Call(call) => call.arguments.is_empty(),
        _ => false,
    })
}

fn holds_one(locator: &Locator<'_>, statement: NodeId) -> bool {
    value_of(locator, statement).is_some_and(|value| match locator.kind(value) {
        Kind::Map { entries } => entries.len() == 1,
        Kind::Name(_) => true,
        _ => false,
    })
}

/// Whether a name is bound to what another function returns.
pub(super) fn is_of_a_function(locator: &Locator<'_>, name: &str, scope: Option<NodeId>) -> bool {
    locator.unit.tree.nodes().any(|(id, node)| {
        let (target, value) = match &node.kind {
            Kind::Assign { target, value, .. } => (*target, Some(*value)),
            Kind::Binding(binding) => (binding.target, binding.value),
            _ => return false,
        };
        let is_bound = matches!(locator.kind(target), Kind::Name(known) if known == name)
            && locator.function_around(id) == scope;
        is_bound
            && value.is_some_and(|value| match locator.kind(value) {
                Kind::Call(call) => matches!(locator.kind(call.callee), Kind::Name(callee) if callee.contains('.') && !callee.to_ascii_lowercase().starts_with("zoho.")),
                _ => false,
            })
    })
}
