//! Functions that a client calls before a request and waits for: they may become async, and nobody else changes.
//!
//! Which those are stands in `rules/clients/`.

use crate::fix::Planner;
use crate::fix::locate::Locator;
use crate::rules::model::Awaited;
use crate::syntax::tree::{Call, Key, Kind, NodeId};

/// The innermost function around a node, if a client waits for it wherever it is used.
pub(super) fn around<'r>(
    planner: &Planner<'_, 'r>,
    locator: &Locator<'_>,
    at: NodeId,
) -> Option<(NodeId, &'r Awaited)> {
    let function = locator.function_around(at)?;
    if let Some(known) = given(planner, locator, function) {
        return Some((function, known));
    }
    let Kind::Function(declared) = locator.kind(function) else {
        return None;
    };
    let name = match locator.parent(function).map(|id| locator.kind(id)) {
        Some(Kind::Binding(binding)) if binding.value == Some(function) => {
            match locator.kind(binding.target) {
                Kind::Name(name) => name.as_str(),
                _ => return None,
            }
        }
        Some(Kind::Module { .. } | Kind::Function(_) | Kind::Block { .. }) => {
            declared.name.as_ref()?.text.as_str()
        }
        _ => return None,
    };
    let mut found = None;
    for (id, node) in locator.unit.tree.nodes() {
        let is_use = matches!(&node.kind, Kind::Name(known) if known == name)
            && !matches!(locator.parent(id).map(|id| locator.kind(id)),
                Some(Kind::Binding(binding)) if binding.target == id);
        if is_use {
            found = Some(given(planner, locator, id)?);
        }
    }
    found.map(|known| (function, known))
}

/// What the tables say of the place at which a function is handed to a call.
fn given<'r>(
    planner: &Planner<'_, 'r>,
    locator: &Locator<'_>,
    value: NodeId,
) -> Option<&'r Awaited> {
    let mut at = value;
    let mut keys: Vec<&str> = Vec::new();
    let (call, position) = loop {
        let parent = locator.parent(at)?;
        match locator.kind(parent) {
            Kind::List { .. } => {}
            Kind::Map { entries } => {
                let entry = entries.iter().find(|entry| entry.value == at)?;
                let Key::Static(key) = &entry.key else {
                    return None;
                };
                keys.push(&key.text);
            }
            Kind::Call(call) => {
                let mut arguments = call.arguments.iter();
                break (call, arguments.position(|argument| argument.value == at)?);
            }
            _ => return None,
        }
        at = parent;
    };
    keys.reverse();
    let path = keys.join(".");
    let callee: String = locator.text(call.callee).split_whitespace().collect();
    let imports = &locator.unit.imports;
    planner
        .knowledge
        .rules
        .clients
        .iter()
        .filter(|table| {
            table
                .languages
                .iter()
                .any(|language| language == locator.unit.language().name())
        })
        .flat_map(|table| &table.client)
        .find_map(|client| {
            client.awaited.iter().find(|known| {
                let called = match known.callee.as_slice() {
                    [] => client.imports.iter().any(|module| imports.contains(module)),
                    callees => callees.iter().any(|known| callee.ends_with(known.as_str())),
                };
                let stands = match &known.option {
                    Some(option) => *option == path,
                    None => path.is_empty() && known.argument == Some(position),
                };
                called
                    && stands
                    && !known
                        .unless
                        .as_ref()
                        .is_some_and(|key| has_key(locator, call, key))
            })
        })
}

fn has_key(locator: &Locator<'_>, call: &Call, wanted: &str) -> bool {
    call.arguments.iter().any(|argument| {
        matches!(locator.kind(argument.value), Kind::Map { entries } if entries.iter().any(
            |entry| matches!(&entry.key, Key::Static(key) if key.text == wanted),
        ))
    })
}
