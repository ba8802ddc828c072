//! How code waits for a token: `await` where the function is async or can become so without a change to its
//! callers, `.then` around statements where it works with callbacks.

use super::chain;
use super::errors::{escapes, is_executor};
use super::modules::Modules;
use super::promises::{returns, returns_promises};
use super::wrapping::then;
use crate::finding::Safety;
use crate::fix::dialect::Place;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::{Kind, Language, NodeId};

pub(super) enum Waits {
    Await,
    Then,
}

pub(super) type Waiting = (Waits, Safety, Option<String>);

pub(super) fn wait(
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    if !place.awaited
        && let Some(waiting) = chain::hang(place, edits)
    {
        return Ok(waiting);
    }
    let waiting = by_function(place, modules, edits)?;
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
    place: &Place<'_, '_>,
    modules: Modules,
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    let locator = place.locator;
    let Some(id) = locator.function_around(place.at) else {
        if locator.is_field(place.at) {
            return Err("a field is set once and would keep the first access token after it has expired: build the header for every request".to_string());
        }
        let is_kept = place
            .call
            .is_none_or(|call| locator.function_around(call).is_some());
        if is_kept {
            return Err("this is evaluated once and would keep the first access token after it has expired: build the header for every request".to_string());
        }
        if modules == Modules::EsModules && locator.unit.language() == Language::JavaScript {
            return Ok((Waits::Await, Safety::Safe, None));
        }
        return then(place, locator.unit.tree.body(), edits);
    };
    let Kind::Function(function) = locator.kind(id) else {
        return Err("this is no code of a function".to_string());
    };
    if function.is_async {
        return Ok((Waits::Await, Safety::Safe, None));
    }
    if function.is_constructor {
        return Err("a constructor runs once for each object and would keep the first access token after it has expired: build the header for every request".to_string());
    }
    if function.is_accessor {
        return Err("a getter cannot wait for an access token".to_string());
    }
    if place.awaited || returns_promises(locator, function) {
        edits.push(make_async(locator, id));
        return Ok((Waits::Await, Safety::Safe, None));
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
    Err("this function is not async and its callers expect a value at once: make it and its callers async".to_string())
}

/// A function that is handed to something that takes no notice of what it returns.
fn is_handler(locator: &Locator<'_>, id: NodeId) -> bool {
    !is_executor(locator, id)
        && locator.parent(id).is_some_and(
            |parent| matches!(locator.kind(parent), Kind::Call(call) if call.callee != id),
        )
}

fn make_async(locator: &Locator<'_>, id: NodeId) -> TextEdit {
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
