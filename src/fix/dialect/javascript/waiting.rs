//! How code waits for a token: `await` where the function is async or can become so without a change to its
//! callers, `.then` around statements where it works with callbacks.

use super::errors::{escapes, is_executor};
use super::modules::Modules;
use super::promises::{returns, returns_promises};
use super::wrapping::then;
use super::{callers, chain};
use crate::finding::Safety;
use crate::fix::Planner;
use crate::fix::dialect::Place;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::Span;
use crate::syntax::tree::{Function, Kind, Language, NodeId, Parameter};

pub(super) enum Waits {
    Await,
    Then,
}

pub(super) type Waiting = (Waits, Safety, Option<String>);

pub(super) fn wait(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    if !place.awaited
        && let Some(waiting) = chain::hang(place, edits)
    {
        return Ok(waiting);
    }
    let waiting = by_function(planner, place, modules, edits)?;
    Ok(match waiting {
        (waits, _, None) if is_kept(place) => {
            let reason = "the header is built once for several requests, and would keep an access token after it has expired: build it where the request is made";
            (waits, Safety::Unsafe, Some(reason.to_string()))
        }
        (Waits::Await, _, None) if escapes(place) => {
            let reason = "an error while the access token is fetched is not caught where errors of the request are";
            (Waits::Await, Safety::Unsafe, Some(reason.to_string()))
        }
        other => other,
    })
}

/// Whether the request is made in a function that is kept, by one that was made before.
fn is_kept(place: &Place<'_, '_>) -> bool {
    let locator = place.locator;
    let Some(call) = place.call else {
        return false;
    };
    let own = locator.function_around(place.at);
    let mut at = locator.function_around(call);
    while let Some(function) = at
        && at != own
    {
        // What is written in a call runs there, or is waited for.
        let is_argument = locator.parent(function).is_some_and(
            |parent| matches!(locator.kind(parent), Kind::Call(call) if call.callee != function),
        );
        if !is_argument {
            return true;
        }
        at = locator.function_around(function);
    }
    false
}

fn by_function(
    planner: &Planner<'_, '_>,
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    let locator = place.locator;
    if locator.is_field(place.at) {
        return Err("a field is set once and would keep the first access token after it has expired: build the header for every request".to_string());
    }
    let Some(id) = locator.function_around(place.at) else {
        let is_kept = place
            .call
            .is_none_or(|call| locator.function_around(call).is_some());
        let mut renewed = Vec::new();
        if is_kept && callers::renew(planner, place, modules, &mut renewed).is_some() {
            edits.append(&mut renewed);
            let reason = "what was built once becomes a function that is called for every request";
            return Ok((Waits::Await, Safety::Unsafe, Some(reason.to_string())));
        }
        if is_kept {
            return Err("this is evaluated once and would keep the first access token after it has expired: build the header for every request".to_string());
        }
        if modules == Modules::EsModules && locator.unit.language() == Language::JavaScript {
            let reason =
                "this runs when the module is imported, so a refused refresh makes the import fail";
            return Ok((Waits::Await, Safety::Unsafe, Some(reason.to_string())));
        }
        return then(place, locator.unit.tree.body(), edits);
    };
    let Kind::Function(function) = locator.kind(id) else {
        return Err("this is no code of a function".to_string());
    };
    if is_default(locator, function, place.at) {
        return Err("a default value of a parameter cannot wait for an access token: build the header in the body of the function".to_string());
    }
    if function.is_async {
        return Ok((Waits::Await, Safety::Safe, None));
    }
    if function.is_constructor {
        return Err("a constructor runs once for each object and would keep the first access token after it has expired: build the header for every request".to_string());
    }
    if function.is_accessor {
        return Err("a getter cannot wait for an access token".to_string());
    }
    if (place.awaited || returns_promises(locator, function)) && may_be_async(locator, id, function)
    {
        edits.push(make_async(locator, id));
        let reason = if place.awaited {
            None
        } else if throws(locator, function) {
            Some("the function becomes async: what it throws becomes a rejection")
        } else if gives_richer_promises(place) {
            Some(
                "the function becomes async: it gives a promise of the language, without what those of this client have besides",
            )
        } else {
            None
        };
        let safety = match reason {
            Some(_) => Safety::Unsafe,
            None => Safety::Safe,
        };
        return Ok((Waits::Await, safety, reason.map(str::to_string)));
    }
    if let Ok(waiting) = then(place, &function.body, edits) {
        return Ok(waiting);
    }
    if returns(locator, function).is_empty() && is_handler(locator, id) {
        edits.push(make_async(locator, id));
        let reason =
            "the function becomes async: an error in it no longer reaches whoever calls it"
                .to_string();
        return Ok((Waits::Await, Safety::Unsafe, Some(reason)));
    }
    let mut waiting = Vec::new();
    if let Some(calls) = callers::wait_for(planner, place, id, &mut waiting)
        && let Some(edit) = with_promised_type(locator, id, function)
    {
        edits.append(&mut waiting);
        edits.push(make_async(locator, id));
        edits.extend(edit);
        let what = if calls == 1 {
            "its call waits"
        } else {
            "its calls wait"
        };
        let reason = format!("the function becomes async, and {what} for it");
        return Ok((Waits::Await, Safety::Unsafe, Some(reason)));
    }
    Err("this function is not async and its callers expect a value at once: make it and its callers async".to_string())
}

/// Whether a place lies in the default value of a parameter.
pub(super) fn is_default(locator: &Locator<'_>, function: &Function, at: NodeId) -> bool {
    let holds = |parameter: &Parameter| parameter.span.contains(locator.span(at));
    function.parameters.iter().any(holds)
}

/// Whether the type that a function says it returns is that of an async one.
pub(super) fn may_be_async(locator: &Locator<'_>, id: NodeId, function: &Function) -> bool {
    if locator.unit.language() != Language::TypeScript {
        return true;
    }
    declared_type(locator, id, function)
        .is_none_or(|declared| declared.starts_with("Promise<") && declared.ends_with('>'))
}

/// The type that a function of TypeScript says it returns.
pub(super) fn declared_type<'u>(
    locator: &Locator<'u>,
    id: NodeId,
    function: &Function,
) -> Option<&'u str> {
    Some(locator.slice(declared_at(locator, id, function)?))
}

fn declared_at(locator: &Locator<'_>, id: NodeId, function: &Function) -> Option<Span> {
    let (first, start) = (function.body.first()?, locator.span(id).start);
    let end = locator.span(*first).start;
    let after = function
        .parameters
        .last()
        .map_or(start, |parameter| parameter.span.end);
    let head = locator.slice(Span { start: after, end });
    let (before, returned) = head.split_once(')')?;
    let declared = returned.trim_start().strip_prefix(':')?;
    let skipped = before.len() + 1 + returned.len() - declared.trim_start().len();
    // The keyword of a first declaration belongs to no node.
    let (declared, _) = match function.is_arrow {
        true => declared.rsplit_once("=>")?,
        false => declared.rsplit_once('{')?,
    };
    let start = after + skipped as u32;
    Some(Span {
        start,
        end: start + declared.trim().len() as u32,
    })
}

/// The change of the declared type, if there is one that has to change; `None` where it is not understood.
fn with_promised_type(
    locator: &Locator<'_>,
    id: NodeId,
    function: &Function,
) -> Option<Option<TextEdit>> {
    if locator.unit.language() != Language::TypeScript || may_be_async(locator, id, function) {
        return Some(None);
    }
    let span = declared_at(locator, id, function)?;
    let declared = locator.slice(span);
    if declared.is_empty() || declared.contains(['(', ')', '{', '}', ';']) {
        return None;
    }
    let promised = format!("Promise<{declared}>");
    Some(Some(TextEdit::replace(&locator.unit.path, span, promised)))
}

/// Whether a function itself throws, before anybody has its promise.
fn throws(locator: &Locator<'_>, function: &Function) -> bool {
    let mut pending: Vec<NodeId> = function.body.clone();
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Leave { .. } if locator.text(id).starts_with("throw") => return true,
            Kind::Function(_) | Kind::Class(_) => {}
            kind => pending.extend(kind.children()),
        }
    }
    false
}

/// Whether the promises of the client are more than those of the language: `.catch(StatusCodeError, …)`, `.spread`.
fn gives_richer_promises(place: &Place<'_, '_>) -> bool {
    place.locator.mentions("request-promise")
        && !place.locator.mentions("request-promise-native")
        && place
            .client
            .is_none_or(|client| client.starts_with("request"))
}

/// A function that is handed to something that takes no notice of what it returns.
fn is_handler(locator: &Locator<'_>, id: NodeId) -> bool {
    !is_executor(locator, id)
        && locator.parent(id).is_some_and(
            |parent| matches!(locator.kind(parent), Kind::Call(call) if call.callee != id),
        )
}

pub(super) fn make_async(locator: &Locator<'_>, id: NodeId) -> TextEdit {
    let span = locator.span(id);
    let text = locator.text(id);
    let mut at = span.start;
    for word in ["public ", "private ", "protected ", "static ", "override "] {
        if let Some(rest) = text.get((at - span.start) as usize..)
            && rest.starts_with(word)
        {
            at += word.len() as u32;
        }
    }
    TextEdit::insert(&locator.unit.path, at, "async ")
}
