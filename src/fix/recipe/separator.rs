//! The `?` that went with the token: the next parameter that is put there elsewhere has to begin with it.
//!
//! Owns finding that parameter and whether its `&` is written once for it alone. It must not know how the token
//! was cut.

use crate::facts::Request;
use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::flow::value::Place;
use crate::rules::matching::Candidate;
use crate::syntax::tree::{AssignOperator, Kind, Mapping, NodeId, Span};

const REPEATED: &str = "the next parameter is put there by code that may run several times, and only the first may begin with `?`: mend the URL by hand";
const JOINED: &str = "the `&` is a separator between all parameters, and only the first may begin with `?`: mend the URL by hand";
const FOLLOWED: &str = "what follows the token is put there elsewhere and would have to begin with `?`: take the token out by hand";

/// Where the `?` went with the token, the next parameter that is put there elsewhere begins with it.
pub(super) fn mended(
    planner: &Planner<'_, '_>,
    request: &Request,
    candidate: &Candidate<'_>,
    edits: &[TextEdit],
) -> Result<Vec<TextEdit>, String> {
    let span = candidate.place.span;
    let locator = planner
        .locator(candidate.place.file)
        .ok_or("the file is not at hand")?;
    if !took_question_mark(locator, span, edits) {
        return Ok(Vec::new());
    }
    let mut mends: Vec<TextEdit> = Vec::new();
    let mut is_followed_inline = false;
    for url in request.urls.iter().chain(&request.body) {
        let Some(at) = url.pieces.iter().position(|piece| {
            piece.place.file == candidate.place.file && piece.place.span.contains(span)
        }) else {
            continue;
        };
        // The value is written behind the name, or is the next piece.
        let is_open = url
            .pieces
            .get(at)
            .and_then(|piece| piece.literal())
            .is_some_and(|literal| literal.ends_with('='));
        let behind = at + 1 + usize::from(is_open);
        let Some(next) = url
            .pieces
            .iter()
            .skip(behind)
            .find(|piece| piece.literal().is_none_or(|literal| !literal.is_empty()))
        else {
            continue;
        };
        let Some(literal) = next.literal() else {
            return Err(FOLLOWED.to_string());
        };
        if !literal.starts_with('&') {
            continue;
        }
        let unit = planner
            .units
            .get(next.place.file as usize)
            .ok_or("the file is not at hand")?;
        let first = Span {
            start: next.place.span.start,
            end: next.place.span.start + 1,
        };
        if next.mapping != Mapping::Exact || unit.slice(first) != "&" {
            return Err(
                "the next parameter is written with escapes: mend the URL by hand".to_string(),
            );
        }
        let is_cut = edits
            .iter()
            .any(|edit| edit.path == unit.path && edit.span.contains(first));
        if is_cut {
            is_followed_inline = true;
            continue;
        }
        let there = planner
            .locator(next.place.file)
            .ok_or("the file is not at hand")?;
        stands_once(there, next.place, candidate.place, request.place)?;
        let mend = TextEdit::replace(&unit.path, first, "?");
        if !mends.contains(&mend) {
            mends.push(mend);
        }
    }
    if mends.len() > 1 {
        return Err("what follows the parameter differs: mend the URL by hand".to_string());
    }
    if mends.is_empty() && !is_followed_inline && is_continued(locator, span) {
        return Err(FOLLOWED.to_string());
    }
    Ok(mends)
}

/// Whether the edits take out the `?` directly before the name, and nothing else leaves one there.
fn took_question_mark(locator: &Locator<'_>, span: Span, edits: &[TextEdit]) -> bool {
    let Some(before) = span.start.checked_sub(1) else {
        return false;
    };
    let mark = Span {
        start: before,
        end: span.start,
    };
    locator.slice(mark) == "?"
        && edits
            .iter()
            .any(|edit| edit.path == locator.unit.path && edit.span.contains(mark))
}

/// Refuses a `&` that does not stand for one parameter: in a loop or a function of its own, or between the items of
/// a list.
fn stands_once(
    locator: &Locator<'_>,
    next: Place,
    token: Place,
    sent: Option<Place>,
) -> Result<(), String> {
    let Some(node) = locator.smallest_around(next.span) else {
        return Err(REPEATED.to_string());
    };
    let holds =
        |id: NodeId, place: Place| next.file == place.file && locator.span(id).contains(place.span);
    let is_repeated = locator.ancestors(node).any(|id| match locator.kind(id) {
        Kind::Loop { .. } => !holds(id, token),
        // Where the request is sent by the same function, the URL is completed once for each.
        Kind::Function(_) => !holds(id, token) && !sent.is_some_and(|sent| holds(id, sent)),
        _ => false,
    });
    if is_repeated {
        return Err(REPEATED.to_string());
    }
    if let Some(parent) = locator.parent(node)
        && let Kind::Call(call) = locator.kind(parent)
        && call.arguments.iter().any(|argument| argument.value == node)
        && !is_append(locator, call.callee)
        && locator.slice(next.span) == "&"
    {
        return Err(JOINED.to_string());
    }
    Ok(())
}

/// Whether a call puts its argument behind what is there.
fn is_append(locator: &Locator<'_>, callee: NodeId) -> bool {
    matches!(locator.kind(callee), Kind::Member { property, .. }
        if matches!(property.text.as_str(), "append" | "concat" | "push_str" | "push" | "write_str" | "extend"))
}

/// Whether later code of the same function puts more behind the text in which the token stands.
fn is_continued(locator: &Locator<'_>, span: Span) -> bool {
    let Some(literal) = locator.smallest_around(span) else {
        return false;
    };
    let statement = locator.statement_of(literal);
    let Some(name) = name_of(locator, statement) else {
        return false;
    };
    let end = locator
        .function_around(statement)
        .map_or(u32::MAX, |function| locator.span(function).end);
    let behind = locator.span(statement).end;
    locator
        .named(name)
        .iter()
        .copied()
        .skip_while(|id| locator.span(*id).start < behind)
        .take_while(|id| locator.span(*id).start < end)
        .any(|id| takes_more(locator, id, name))
}

/// Whether more is put behind the text of a variable where it stands here.
fn takes_more(locator: &Locator<'_>, used: NodeId, name: &str) -> bool {
    let is_it = |id: NodeId| matches!(locator.kind(id), Kind::Name(known) if known == name);
    let mut below = used;
    for id in locator.ancestors(used) {
        match locator.kind(id) {
            Kind::Assign {
                target,
                operator: AssignOperator::Append,
                ..
            } => return *target == used,
            Kind::Assign { target, value, .. } => {
                return *target == used
                    && matches!(locator.kind(*value), Kind::Concat { operands, .. } if operands.iter().any(|id| is_it(*id)));
            }
            Kind::Member { .. } => {}
            Kind::Call(call) if call.callee == below => {
                if is_append(locator, call.callee) {
                    return true;
                }
            }
            Kind::Call(call) => {
                return locator.text(call.callee).starts_with("write")
                    && call
                        .arguments
                        .first()
                        .is_some_and(|first| first.value == used);
            }
            _ => return false,
        }
        below = id;
    }
    false
}

/// The variable that a statement declares, sets, or calls something on.
fn name_of<'u>(locator: &Locator<'u>, statement: NodeId) -> Option<&'u str> {
    let target = match locator.kind(statement) {
        Kind::Binding(binding) => binding.target,
        Kind::Assign { target, .. } => *target,
        Kind::Call(call) if matches!(locator.kind(call.callee), Kind::Member { .. }) => {
            root_of(locator, call.callee)?
        }
        _ => return None,
    };
    match locator.kind(target) {
        Kind::Name(name) => Some(name),
        _ => None,
    }
}

/// What a chain of calls hangs on.
fn root_of(locator: &Locator<'_>, callee: NodeId) -> Option<NodeId> {
    let mut at = callee;
    loop {
        at = match locator.kind(at) {
            Kind::Member { object, .. } => *object,
            Kind::Call(call) => call.callee,
            Kind::Name(_) => return Some(at),
            _ => return None,
        };
    }
}
