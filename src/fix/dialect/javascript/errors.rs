//! Where errors go: which callbacks take one first, and what catches those of a request.
//!
//! A callback is only handed an error where errors of the request went before, or where its own calls show that it
//! takes one: any other would take the error for an answer.

use super::promises::returns;
use crate::fix::dialect::Place;
use crate::fix::locate::Locator;
use crate::syntax::tree::{Argument, Call, Kind, NodeId};

/// The callback of a function that returns nothing, if it is sure to take an error first.
pub(super) fn callback_of(place: &Place<'_, '_>, id: NodeId) -> Option<String> {
    let locator = place.locator;
    let Kind::Function(function) = locator.kind(id) else {
        return None;
    };
    if !returns(locator, function).is_empty() {
        return None;
    }
    let executor = is_executor(locator, id);
    let parameter = match executor {
        true => function.parameters.get(1),
        false => function.parameters.last(),
    }?;
    let Kind::Name(name) = locator.kind(parameter.target) else {
        return None;
    };
    (executor || takes_errors(place, id, name)).then(|| name.clone())
}

/// `new Promise((resolve, reject) => …)`
pub(super) fn is_executor(locator: &Locator<'_>, id: NodeId) -> bool {
    locator.parent(id).is_some_and(|parent| {
        matches!(locator.kind(parent), Kind::Call(call)
            if call.is_new && matches!(locator.kind(call.callee), Kind::Name(name) if name == "Promise"))
    })
}

/// The callback that is handed on to the call at the end of these statements and takes the errors of the request.
pub(super) fn handed_on(place: &Place<'_, '_>, made: &Call) -> Option<String> {
    let locator = place.locator;
    let last = name_of(locator, made.arguments.last())?;
    let takes = match property(locator, made) {
        Some("catch") => made.arguments.len() == 1,
        Some("then") => made.arguments.len() == 2,
        // A stream that is written to, a listener: no callback.
        Some("finally" | "pipe" | "on" | "once" | "addListener" | "write") => false,
        _ => place.error_first,
    };
    takes.then(|| last.to_string())
}

/// Whether errors of the request reach the callback as they are and nothing else happens on the way: no log, no second
/// try, no other answer.
pub(super) fn goes_straight(place: &Place<'_, '_>, call: NodeId, callback: &str) -> bool {
    let locator = place.locator;
    let Kind::Call(made) = locator.kind(call) else {
        return false;
    };
    if place.error_first
        && let Some(last) = made.arguments.last()
    {
        match locator.kind(last.value) {
            Kind::Function(_) => return hands_on(locator, last.value, callback),
            Kind::Name(name) if name == callback => return true,
            _ => {}
        }
    }
    // Handlers beside the request: `.on('error', callback)`, `.catch(callback)`, `.end(callback)`.
    let Some(function) = locator.function_around(call) else {
        return false;
    };
    let within = locator.span(function);
    let ends = |call: &Call| {
        let is_promise = matches!(property(locator, call), Some("then" | "catch" | "finally"));
        place.error_first && !is_promise && is_request(place, call)
    };
    locator.unit.tree.nodes().any(|(_, node)| {
        let Kind::Call(call) = &node.kind else {
            return false;
        };
        within.contains(node.span)
            && (takes_rejections(locator, call) || ends(call))
            && (call.arguments.last()).is_some_and(|last| hands_on(locator, last.value, callback))
    })
}

/// Whether a handler is the callback, or first of all calls it with the error that it is handed.
fn hands_on(locator: &Locator<'_>, handler: NodeId, callback: &str) -> bool {
    let function = match locator.kind(handler) {
        Kind::Name(name) => return name == callback,
        Kind::Function(function) => function,
        _ => return false,
    };
    let parameter = |id: NodeId| match locator.kind(id) {
        Kind::Name(name) => Some(name.as_str()),
        _ => None,
    };
    let mut parameters = function.parameters.iter().map(|one| parameter(one.target));
    let Some(Some(error)) = parameters.next() else {
        return false;
    };
    // What else is handed on is not there where there is an error.
    let nothing: Vec<&str> = parameters.flatten().chain(["undefined"]).collect();
    let is_error = |id: NodeId| parameter(id) == Some(error);
    let calls_back = |id: NodeId| {
        let Kind::Call(call) = locator.kind(id) else {
            return false;
        };
        let Some((first, rest)) = call.arguments.split_first() else {
            return false;
        };
        parameter(call.callee) == Some(callback)
            && is_error(first.value)
            && rest
                .iter()
                .all(|argument| match locator.kind(argument.value) {
                    Kind::Null => true,
                    Kind::Name(name) => nothing.contains(&name.as_str()),
                    _ => false,
                })
    };
    let answers = |statements: &[NodeId], is_all: bool| match statements {
        [only] => match locator.kind(*only) {
            Kind::Return { value } => value.is_some_and(calls_back),
            _ => is_all && calls_back(*only),
        },
        [first, last] => {
            calls_back(*first) && matches!(locator.kind(*last), Kind::Return { value: None })
        }
        _ => false,
    };
    let Some((first, rest)) = function.body.split_first() else {
        return false;
    };
    match locator.kind(*first) {
        Kind::Branch {
            conditions,
            arms,
            is_try: false,
            ..
        } => {
            matches!(conditions.as_slice(), [condition] if is_error(*condition))
                && arms.first().is_some_and(|arm| match locator.kind(*arm) {
                    Kind::Block { body } => answers(body, rest.is_empty()),
                    _ => answers(&[*arm], rest.is_empty()),
                })
        }
        _ => answers(&function.body, true),
    }
}

/// Whether a name like those that programs give to errors: a sign, no proof.
pub(super) fn is_called_error(locator: &Locator<'_>, target: NodeId) -> bool {
    let Kind::Name(name) = locator.kind(target) else {
        return false;
    };
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    matches!(name.as_str(), "e" | "er" | "ex") || name.starts_with("err") || name.ends_with("error")
}

/// Whether an error at `place.at` is not caught by what catches the errors of the request.
pub(super) fn escapes(place: &Place<'_, '_>) -> bool {
    let locator = place.locator;
    let Some(call) = place.call else {
        return false;
    };
    let at = locator.span(place.at);
    let mut below = call;
    for ancestor in locator.ancestors(call) {
        if let Kind::Branch {
            arms, is_try: true, ..
        } = locator.kind(ancestor)
            && arms.len() > 1
            && arms.first() == Some(&below)
            && !locator.span(below).contains(at)
        {
            return true;
        }
        below = ancestor;
    }
    super::chain::of(locator, call).is_some_and(|chain| chain.catches)
}

/// Whether `name` takes errors first within a function: errors of the request reach it, or its other calls say so.
fn takes_errors(place: &Place<'_, '_>, function: NodeId, name: &str) -> bool {
    let locator = place.locator;
    let within = locator.span(function);
    let calls: Vec<&Call> = (locator.unit.tree.nodes())
        .filter(|(_, node)| within.contains(node.span))
        .filter_map(|(_, node)| match &node.kind {
            Kind::Call(call) => Some(call.as_ref()),
            _ => None,
        })
        .collect();
    let errors = errors_within(place, function, &calls);
    let is_error = |argument: &Argument| match locator.kind(argument.value) {
        Kind::Name(known) => errors.contains(&known.as_str()),
        Kind::Call(call) => {
            call.is_new
                && matches!(locator.kind(call.callee), Kind::Name(class) if class.ends_with("Error"))
        }
        _ => false,
    };
    let is_it = |id: NodeId| matches!(locator.kind(id), Kind::Name(known) if known == name);
    let mut says = false;
    let mut contradicts = false;
    for call in calls {
        if is_it(call.callee) {
            match call.arguments.first() {
                Some(first) if is_error(first) => return true,
                Some(first) if matches!(locator.kind(first.value), Kind::Null) => {
                    says |= call.arguments.len() > 1;
                }
                Some(_) => contradicts = true,
                None => {}
            }
        } else if name_of(locator, call.arguments.last()) == Some(name)
            && !matches!(property(locator, call), Some("pipe" | "write"))
            && (takes_rejections(locator, call) || (place.error_first && is_request(place, call)))
        {
            return true;
        }
    }
    says && !contradicts
}

/// What errors are called within a function: in `catch`, in handlers, in callbacks that take one first.
fn errors_within<'u>(place: &Place<'_, 'u>, function: NodeId, calls: &[&'u Call]) -> Vec<&'u str> {
    let locator = place.locator;
    let within = locator.span(function);
    let mut found = Vec::new();
    let mut add = |target: NodeId| {
        if let Kind::Name(name) = locator.kind(target) {
            found.push(name.as_str());
        }
    };
    for (_, node) in locator.unit.tree.nodes() {
        if let Kind::Branch {
            arms, is_try: true, ..
        } = &node.kind
            && within.contains(node.span)
        {
            for arm in arms.iter().skip(1) {
                if let Kind::Block { body } = locator.kind(*arm)
                    && let Some(Kind::Binding(caught)) = body.first().map(|id| locator.kind(*id))
                    && caught.value.is_none()
                {
                    add(caught.target);
                }
            }
        }
    }
    for call in calls {
        let Some(last) = call.arguments.last() else {
            continue;
        };
        if let Kind::Function(handler) = locator.kind(last.value)
            && let Some(first) = handler.parameters.first()
            && (takes_rejections(locator, call) || (place.error_first && is_request(place, call)))
        {
            add(first.target);
        }
    }
    found
}

/// Whether the last argument of a call is handed rejections or errors: `.catch(f)`, `.then(…, f)`, `.on('error', f)`.
fn takes_rejections(locator: &Locator<'_>, call: &Call) -> bool {
    match property(locator, call) {
        Some("catch") => call.arguments.len() == 1,
        Some("then") => call.arguments.len() == 2,
        Some("on" | "once") => call.arguments.first().is_some_and(
            |event| matches!(locator.kind(event.value), Kind::String(text) if text.value == "error"),
        ),
        _ => false,
    }
}

/// Whether a call makes the request, or belongs to the chain that does.
fn is_request(place: &Place<'_, '_>, call: &Call) -> bool {
    let locator = place.locator;
    place.call.is_some_and(|request| {
        let callee = locator.span(call.callee);
        let is_it = matches!(locator.kind(request), Kind::Call(made) if made.callee == call.callee);
        is_it || callee.contains(locator.span(request))
    })
}

fn property<'u>(locator: &Locator<'u>, call: &Call) -> Option<&'u str> {
    match locator.kind(call.callee) {
        Kind::Member { property, .. } => Some(property.text.as_str()),
        _ => None,
    }
}

fn name_of<'u>(locator: &Locator<'u>, argument: Option<&Argument>) -> Option<&'u str> {
    match locator.kind(argument?.value) {
        Kind::Name(name) => Some(name.as_str()),
        _ => None,
    }
}
