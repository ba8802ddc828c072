//! Values that are built once and sent for longer than an access token lives.
//!
//! Owns the judgement of one file: what holds the value, and what outlives the place where it is built. It must not
//! know Zoho.

use super::origin::{Declared, declared, path};
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner, parts};
use crate::rules::matching::Candidate;
use crate::syntax::tree::{AssignOperator, Kind, NodeId};

const IN_LOOP: &str =
    "the header is built once and sent again in the loop: build it for every request";
const IN_CLOSURE: &str = "the header is built once and sent by a function that may be called later, when the access token has expired: build it where the request is made";
const IN_FIELD: &str = "the header is kept for later requests, and would keep an access token after it has expired: build it for every request";

/// Why the header of a fix may hold an access token that has expired.
pub(super) fn reason(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    plan: &Plan,
) -> Option<&'static str> {
    let scheme = planner.knowledge.rules.oauth_scheme();
    let written = plan
        .edits
        .iter()
        .filter(|edit| edit.text.contains(scheme))
        .filter_map(|edit| {
            let is_it =
                |unit: &std::rc::Rc<crate::flow::Unit>| unit.path == edit.path && !unit.is_embedded;
            let file = planner.units.iter().position(is_it)?;
            Some((u32::try_from(file).ok()?, edit.span))
        });
    let requests = planner.requests_at(candidate.place);
    let handed = requests
        .iter()
        .flat_map(|request| parts(request))
        .filter(|part| part.place == candidate.place)
        .flat_map(|part| part.steps.flatten())
        .map(|(place, _)| (place.file, place.span));
    written.chain(handed).find_map(|(file, span)| {
        let locator = planner.locator(file)?;
        // A run of Apps Script ends long before an access token does.
        if locator.unit.path.ends_with(".gs") || locator.mentions("UrlFetchApp") {
            return None;
        }
        outlived(locator, locator.smallest_around(span)?)
    })
}

/// What holds a value.
enum Holder {
    Name(NodeId),
    Kept,
}

/// A value is handed from name to name no more often than this.
const MOST_NAMES: usize = 20;

fn outlived(locator: &Locator<'_>, origin: NodeId) -> Option<&'static str> {
    let mut names: Vec<(NodeId, &str)> = Vec::new();
    let mut pending = vec![origin];
    while let Some(at) = pending.pop() {
        let target = match holder(locator, at) {
            Some(Holder::Name(target)) => target,
            Some(Holder::Kept) => return Some(IN_FIELD),
            None => continue,
        };
        let Kind::Name(name) = locator.kind(target) else {
            continue;
        };
        let Some(Declared::Variable { binding, .. }) = declared(locator, target, name) else {
            continue;
        };
        if names.iter().any(|known| known.0 == binding) || names.len() > MOST_NAMES {
            continue;
        }
        names.push((binding, name));
        let scope = locator
            .function_around(binding)
            .unwrap_or(locator.unit.tree.root);
        let scope = locator.span(scope);
        for id in locator.named(name) {
            if *id == target
                || !scope.contains(locator.span(*id))
                || !is_of(locator, *id, name, binding)
            {
                continue;
            }
            if let Some(reason) = between(locator, *id, origin) {
                return Some(reason);
            }
            pending.push(*id);
        }
    }
    None
}

fn is_of(locator: &Locator<'_>, at: NodeId, name: &str, wanted: NodeId) -> bool {
    matches!(declared(locator, at, name), Some(Declared::Variable { binding, .. }) if binding == wanted)
}

/// Whether something runs longer or later, around a use of a value but not around where it is built.
fn between(locator: &Locator<'_>, used: NodeId, origin: NodeId) -> Option<&'static str> {
    let built = locator.span(origin);
    for ancestor in locator.ancestors(used) {
        if locator.span(ancestor).contains(built) {
            return None;
        }
        match locator.kind(ancestor) {
            Kind::Loop { .. } if is_long(locator, ancestor) => return Some(IN_LOOP),
            Kind::Function(_) if is_kept(locator, ancestor) => return Some(IN_CLOSURE),
            _ => {}
        }
    }
    None
}

/// Whether a loop may run for long: nothing in it ends it, or it waits in between.
fn is_long(locator: &Locator<'_>, id: NodeId) -> bool {
    let Kind::Loop {
        pattern,
        iterable,
        header,
        body,
    } = locator.kind(id)
    else {
        return false;
    };
    let text = locator.text(id);
    let waits = ["sleep", "setTimeout", "delay(", "wait("];
    if waits.iter().any(|word| text.contains(word)) || is_generated(locator, id) {
        return true;
    }
    if pattern.is_some() || iterable.is_some() {
        return false;
    }
    let [condition] = header.as_slice() else {
        return header.is_empty();
    };
    let mut names = Vec::new();
    let mut pending = vec![*condition];
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Name(name) => names.push(name.as_str()),
            Kind::Member { property, .. } => names.push(property.text.as_str()),
            Kind::Binding(_) | Kind::Assign { .. } => return false,
            _ => {}
        }
        pending.extend(locator.kind(id).children());
    }
    let goes_on = |name: &str| {
        ["next", "hasNext", "read", "poll", "exec", "pop", "shift"].contains(&name)
            || body.iter().any(|id| locator.text(*id).contains(name))
    };
    !names.into_iter().any(goes_on)
}

/// Whether a loop stands in a generator, which goes on when somebody asks it to.
fn is_generated(locator: &Locator<'_>, id: NodeId) -> bool {
    locator.text(id).contains("yield ")
        && locator
            .function_around(id)
            .is_some_and(|function| match locator.kind(function) {
                Kind::Function(known) => {
                    let head = known
                        .body
                        .first()
                        .map_or(locator.span(function).end, |first| {
                            locator.span(*first).start
                        });
                    let mut span = locator.span(function);
                    span.end = head;
                    locator.slice(span).contains('*')
                }
                _ => false,
            })
}

/// Whether a function may be called after the one around it is done.
fn is_kept(locator: &Locator<'_>, function: NodeId) -> bool {
    const AT_ONCE: [&str; 32] = [
        "then",
        "catch",
        "finally",
        "forEach",
        "for_each",
        "map",
        "flatMap",
        "filter",
        "reduce",
        "some",
        "every",
        "find",
        "sort",
        "each",
        "eachSeries",
        "eachLimit",
        "mapSeries",
        "mapLimit",
        "parallel",
        "series",
        "waterfall",
        "retry",
        "Promise",
        "setTimeout",
        "setImmediate",
        "nextTick",
        "readFile",
        "query",
        "ifPresent",
        "orElseGet",
        "map_err",
        "and_then",
    ];
    let Some(parent) = locator.parent(function) else {
        return true;
    };
    let Kind::Call(call) = locator.kind(parent) else {
        return true;
    };
    // Called where it is written.
    if call.callee == function {
        return false;
    }
    let name = match locator.kind(call.callee) {
        Kind::Name(name) => name.as_str(),
        Kind::Member { property, .. } => property.text.as_str(),
        _ => return true,
    };
    let is_waited_for = locator
        .parent(parent)
        .is_some_and(|around| matches!(locator.kind(around), Kind::Await { .. }));
    !is_waited_for && !AT_ONCE.contains(&name)
}

/// Methods whose result still is, or holds, what they were given.
const HOLDING: [&str; 18] = [
    "build",
    "header",
    "headers",
    "addHeader",
    "setHeader",
    "set",
    "put",
    "add",
    "append",
    "insert",
    "of",
    "singletonMap",
    "assign",
    "freeze",
    "url",
    "uri",
    "GET",
    "method",
];
/// Methods that put something into the object they are called on.
const FILLING: [&str; 11] = [
    "header",
    "headers",
    "addHeader",
    "setHeader",
    "set",
    "put",
    "add",
    "append",
    "insert",
    "setRequestProperty",
    "addRequestHeader",
];

/// What holds a value: the name that it is bound to, as it is or within a map, a list or an object made of it.
fn holder(locator: &Locator<'_>, value: NodeId) -> Option<Holder> {
    if let Kind::Binding(binding) = locator.kind(value) {
        return Some(Holder::Name(binding.target));
    }
    let mut at = value;
    let mut holds = true;
    loop {
        let parent = locator.parent(at)?;
        match locator.kind(parent) {
            Kind::Map { .. }
            | Kind::List { .. }
            | Kind::Concat { .. }
            | Kind::Format { .. }
            | Kind::Choice { .. }
            | Kind::Opaque { .. } => {}
            Kind::Member { object, .. } if *object == at => {}
            Kind::Call(call) => {
                holds = call.is_new
                    || match locator.kind(call.callee) {
                        Kind::Member { property, .. } => HOLDING.contains(&property.text.as_str()),
                        _ => false,
                    };
            }
            Kind::Binding(binding) if binding.value == Some(at) && holds => {
                return Some(Holder::Name(binding.target));
            }
            Kind::Binding(binding) if binding.target == at => return Some(Holder::Name(at)),
            Kind::Assign {
                target,
                operator,
                value,
            } if *value == at && holds => {
                return assigned(locator, parent, *target, *operator, *value);
            }
            // `headers.Authorization = …` fills the object.
            Kind::Assign { target, .. } if *target == at => {
                let (root, taken) = path(locator, *target);
                return (!taken.is_empty() && matches!(locator.kind(root), Kind::Name(_)))
                    .then_some(Holder::Name(root));
            }
            _ => return filled(locator, at),
        }
        at = parent;
    }
}

/// The name of what a statement fills: `headers.set(…)`.
fn filled(locator: &Locator<'_>, statement: NodeId) -> Option<Holder> {
    let Kind::Call(call) = locator.kind(statement) else {
        return None;
    };
    let Kind::Member { object, property } = locator.kind(call.callee) else {
        return None;
    };
    let fills =
        FILLING.contains(&property.text.as_str()) && matches!(locator.kind(*object), Kind::Name(_));
    fills.then_some(Holder::Name(*object))
}

fn assigned(
    locator: &Locator<'_>,
    statement: NodeId,
    target: NodeId,
    operator: AssignOperator,
    value: NodeId,
) -> Option<Holder> {
    let function = locator.function_around(statement);
    let (root, taken) = path(locator, target);
    let name = match (locator.kind(root), taken.as_slice()) {
        (Kind::Name(name), []) => {
            let Some(Declared::Variable { binding, .. }) = declared(locator, root, name) else {
                return None;
            };
            if locator.function_around(binding) == function {
                return Some(Holder::Name(root));
            }
            name.as_str()
        }
        (Kind::Name(_), _) => return Some(Holder::Name(root)),
        (Kind::This, [only]) => only.name.as_str(),
        _ => return None,
    };
    // Set whenever the function runs, and used right there: it is as new as that.
    let is_kept = operator == AssignOperator::Default
        || matches!(locator.kind(value), Kind::Choice { .. })
        || locator.ancestors(statement).any(|ancestor| {
            matches!(locator.kind(ancestor), Kind::Branch { conditions, .. }
                if conditions.iter().any(|id| locator.text(*id).contains(name)))
        });
    if is_kept {
        return Some(Holder::Kept);
    }
    let uses = function.map_or(0, |function| locator.text(function).matches(name).count());
    (uses < 2).then_some(Holder::Kept)
}
