//! What becomes async together with those that use it: `headers()` of a class whose requests await `this.headers()`, a
//! constant `headers` that becomes a function.
//!
//! Owns whether every use is in sight and can wait. It must not know clients.

use super::modules::Modules;
use super::promises::returns_promises;
use super::waiting::{is_default, make_async, may_be_async};
use crate::fix::Planner;
use crate::fix::dialect::Place;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::{Imported, Key, Kind, NodeId};

/// Makes every call of a function wait for it, if all of them are in this file and stand in async functions. The number
/// of calls.
pub(super) fn wait_for(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    function: NodeId,
    edits: &mut Vec<TextEdit>,
) -> Option<usize> {
    let locator = place.locator;
    let name = name_of(locator, function)?;
    let is_elsewhere = planner
        .units
        .iter()
        .any(|unit| unit.path != locator.unit.path && unit.text.contains(name));
    if is_elsewhere {
        return None;
    }
    let mut found = Vec::new();
    for (id, node) in locator.unit.tree.nodes() {
        let (at, is_member) = match &node.kind {
            Kind::Name(known) if known == name => (id, false),
            Kind::Member { property, .. } if property.text == name => (id, true),
            Kind::Export { names } => {
                let exported = names
                    .iter()
                    .any(|export| export.name.as_deref() == Some(name));
                if exported {
                    return None;
                }
                continue;
            }
            _ => continue,
        };
        if is_declaration(locator, at, function) {
            continue;
        }
        if is_member && !is_own(locator, at) {
            return None;
        }
        let parent = locator.parent(at)?;
        let call = match locator.kind(parent) {
            Kind::Call(call) if call.callee == at && !call.is_new => parent,
            _ => return None,
        };
        found.push(call);
    }
    if found.is_empty() {
        return None;
    }
    for call in &found {
        await_at(locator, *call, Modules::CommonJs, edits)?;
    }
    Some(found.len())
}

/// Makes a constant that is built once a function that builds it for every request: `const headers = { … }`.
pub(super) fn renew(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Option<()> {
    let locator = place.locator;
    let (target, value) = locator
        .ancestors(place.at)
        .find_map(|id| match locator.kind(id) {
            Kind::Binding(binding) if binding.is_constant => Some((binding.target, binding.value?)),
            _ => None,
        })?;
    let (Kind::Name(name), Kind::Map { .. }) = (locator.kind(target), locator.kind(value)) else {
        return None;
    };
    let is_elsewhere = planner.units.iter().any(|unit| {
        unit.path != locator.unit.path && is_imported_from(unit.imported_names.get(name), locator)
    });
    if is_elsewhere || !locator.span(value).contains(locator.span(place.at)) {
        return None;
    }
    let path = &locator.unit.path;
    let mut uses = 0;
    for (id, node) in locator.unit.tree.nodes() {
        match &node.kind {
            Kind::Name(known) if known == name && id != target => {}
            Kind::Export { names } => {
                let exported = names
                    .iter()
                    .any(|export| export.name.as_deref() == Some(name));
                if exported {
                    return None;
                }
                continue;
            }
            _ => continue,
        }
        let parent = locator.parent(id)?;
        let span = locator.span(id);
        match locator.kind(parent) {
            Kind::Map { entries } => {
                let entry = entries.iter().find(|entry| entry.value == id)?;
                let is_shorthand = matches!(&entry.key, Key::Static(key) if key.span == span);
                let before = if is_shorthand {
                    format!("{name}: await ")
                } else {
                    "await ".to_string()
                };
                can_wait(locator, id, modules, edits)?;
                edits.push(TextEdit::insert(path, span.start, before));
            }
            Kind::Call(call) if call.callee != id => {
                can_wait(locator, id, modules, edits)?;
                edits.push(TextEdit::insert(path, span.start, "await "));
            }
            _ => return None,
        }
        edits.push(TextEdit::insert(path, span.end, "()"));
        uses += 1;
    }
    if uses == 0 {
        return None;
    }
    let span = locator.span(value);
    edits.push(TextEdit::insert(path, span.start, "async () => ("));
    edits.push(TextEdit::insert(path, span.end, ")"));
    Some(())
}

/// Whether another file takes the name out of this one.
fn is_imported_from(imported: Option<&(String, Imported)>, locator: &Locator<'_>) -> bool {
    let stem = locator.unit.path.rsplit('/').next().unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    imported.is_some_and(|(module, _)| module.contains(stem))
}

/// Puts `await` before a call.
fn await_at(
    locator: &Locator<'_>,
    call: NodeId,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Option<()> {
    can_wait(locator, call, modules, edits)?;
    let path = &locator.unit.path;
    let span = locator.span(call);
    match locator.parent(call).map(|parent| locator.kind(parent)) {
        Some(Kind::Await { .. }) => {}
        Some(Kind::Member { object, .. }) if *object == call => {
            edits.push(TextEdit::insert(path, span.start, "(await "));
            edits.push(TextEdit::insert(path, span.end, ")"));
        }
        Some(Kind::Call(outer)) if outer.callee == call => return None,
        _ => edits.push(TextEdit::insert(path, span.start, "await ")),
    }
    Some(())
}

/// Whether code at a place may wait; a function that gives promises already becomes async for that.
fn can_wait(
    locator: &Locator<'_>,
    at: NodeId,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Option<()> {
    let Some(id) = locator.function_around(at) else {
        // Whatever is not awaited at once is kept.
        let is_awaited = locator
            .ancestors(at)
            .any(|id| matches!(locator.kind(id), Kind::Await { .. }));
        return (modules == Modules::EsModules && is_awaited).then_some(());
    };
    let Kind::Function(caller) = locator.kind(id) else {
        return None;
    };
    if locator.is_field(at) || is_default(locator, caller, at) {
        return None;
    }
    if caller.is_async {
        return Some(());
    }
    let is_special = caller.is_constructor || caller.is_accessor;
    if is_special || !returns_promises(locator, caller) || !may_be_async(locator, id, caller) {
        return None;
    }
    let edit = make_async(locator, id);
    if !edits.contains(&edit) {
        edits.push(edit);
    }
    Some(())
}

/// The name of a function that is declared by it: a method, a function, a constant.
fn name_of<'u>(locator: &Locator<'u>, function: NodeId) -> Option<&'u str> {
    let Kind::Function(declared) = locator.kind(function) else {
        return None;
    };
    let parent = locator.parent(function)?;
    match locator.kind(parent) {
        Kind::Binding(binding) if binding.value == Some(function) && binding.is_constant => {
            match locator.kind(binding.target) {
                Kind::Name(name) => Some(name),
                _ => None,
            }
        }
        Kind::Class(_) | Kind::Module { .. } | Kind::Function(_) | Kind::Block { .. } => {
            declared.name.as_ref().map(|name| name.text.as_str())
        }
        _ => None,
    }
}

/// Whether a name is where the function gets it.
fn is_declaration(locator: &Locator<'_>, at: NodeId, function: NodeId) -> bool {
    locator.parent(at).is_some_and(|parent| {
        parent == function
            || matches!(locator.kind(parent), Kind::Binding(binding)
                if binding.target == at && binding.value == Some(function))
    })
}

/// `this.name`
fn is_own(locator: &Locator<'_>, member: NodeId) -> bool {
    match locator.kind(member) {
        Kind::Member { object, .. } => locator.text(*object) == "this",
        _ => false,
    }
}
