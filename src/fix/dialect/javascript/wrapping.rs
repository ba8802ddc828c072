//! `.then` around statements that need the token, so that an error of a refused refresh reaches whoever waits for
//! the answer.

use super::chain::keeps_its_meaning;
use super::errors::{callback_of, goes_straight, handed_on, is_called_error};
use super::waiting::{Waiting, Waits};
use super::{NAME, token_name};
use crate::finding::Safety;
use crate::fix::dialect::Place;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::Span;
use crate::syntax::tree::{Kind, NodeId};

const HANDLED: &str = "an error while the access token is fetched goes to the callback at once, past what handles errors of the request";

/// Puts `.then(…)` around what needs the token, so that an error of a refused refresh reaches whoever waits for
/// the answer.
pub(super) fn then(
    place: &Place<'_, '_>,
    list: &[NodeId],
    edits: &mut Vec<TextEdit>,
) -> Result<Waiting, String> {
    let locator = place.locator;
    let refused = || {
        Err("the header is built where nothing can wait for an access token: make this function async".to_string())
    };
    let first = locator.statement_of(place.at);
    let Some(call) = place
        .call
        .filter(|call| Some(*call) != locator.parent(place.at))
    else {
        return refused();
    };
    let last = locator.statement_of(call);
    let (Some(whole), true, true) = (
        locator.whole(first),
        list.contains(&first),
        list.contains(&last),
    ) else {
        return refused();
    };
    if locator.span(last).start < locator.span(first).start {
        return refused();
    }
    let own = locator.function_around(place.at).filter(
        |id| matches!(locator.kind(*id), Kind::Function(function) if function.body == list),
    );
    if let Some(callback) = own.and_then(|id| callback_of(place, id)) {
        let end = list
            .last()
            .and_then(|id| locator.whole(*id))
            .map_or(whole.end, |span| span.end);
        let (safety, reason) = match goes_straight(place, call, &callback) {
            true => (Safety::Safe, None),
            false => (Safety::Unsafe, Some(HANDLED.to_string())),
        };
        return wrap(locator, list, whole.start, end, Some(&callback), edits)
            .map(|()| (Waits::Then, safety, reason))
            .or_else(|()| refused());
    }
    if first == last
        && let Kind::Call(made) = locator.kind(last)
        && last == call
        && let Some(written) = made.arguments.last()
        && let Kind::Function(function) = locator.kind(written.value)
        && function.parameters.len() > 1
        && made.arguments.len() > 1
        && let Some(first) = function.parameters.first()
        && (place.error_first || is_called_error(locator, first.target))
    {
        let moved = Span {
            start: locator.span(last).start,
            end: locator.span(written.value).start,
        };
        let stays = keeps_its_meaning(locator, moved, Some(locator.span(written.value)));
        let (safety, reason) = match place.error_first {
            true if stays => (Safety::Safe, None),
            true => (
                Safety::Unsafe,
                Some("what follows the call changes a value that it uses, and now runs before the call is made".to_string()),
            ),
            false => (
                Safety::Unsafe,
                Some("the callback is handed an error of fetching the access token: see that it takes errors first".to_string()),
            ),
        };
        return around_callback(locator, last, written.value, edits)
            .map(|()| (Waits::Then, safety, reason))
            .or_else(|()| refused());
    }
    let Some(end) = locator.whole(last).map(|span| span.end) else {
        return refused();
    };
    let Kind::Call(made) = locator.kind(last) else {
        return refused();
    };
    let follows = list
        .iter()
        .any(|id| locator.span(*id).start >= end && !is_declaration(locator, *id));
    let within: Vec<NodeId> = within(locator, list, whole.start, end);
    if follows && declares_used(locator, &within, end) {
        return refused();
    }
    let handler = handed_on(place, made);
    if wrap(locator, list, whole.start, end, handler.as_deref(), edits).is_err() {
        return refused();
    }
    if handler.is_some() && !follows {
        return Ok((Waits::Then, Safety::Safe, None));
    }
    let reason = if follows {
        "what follows the call now runs before the call is made"
    } else {
        "an error while the access token is fetched does not go where errors of the request go"
    };
    Ok((Waits::Then, Safety::Unsafe, Some(reason.to_string())))
}

/// By what the lines around the call are moved in.
pub(super) fn step_of(locator: &Locator<'_>, edits: &[TextEdit]) -> &'static str {
    let step = locator.step();
    let moves = edits
        .iter()
        .any(|edit| edit.span.is_empty() && edit.text == step);
    if moves { step } else { "" }
}

pub(super) fn within(locator: &Locator<'_>, list: &[NodeId], start: u32, end: u32) -> Vec<NodeId> {
    list.iter()
        .copied()
        .filter(|id| locator.span(*id).start >= start && locator.span(*id).start < end)
        .collect()
}

/// `zohoAccessToken().then((zohoToken) => { … }, handler);` around the statements between two bytes.
fn wrap(
    locator: &Locator<'_>,
    list: &[NodeId],
    start: u32,
    end: u32,
    handler: Option<&str>,
    edits: &mut Vec<TextEdit>,
) -> Result<(), ()> {
    let within = within(locator, list, start, end);
    let has_this = within.iter().any(|id| mentions_this(locator, *id));
    if within.iter().any(|id| leaves(locator, *id)) || (has_this && !uses_arrows(locator)) {
        return Err(());
    }
    let head = head(locator);
    let indentation = locator.indentation(start);
    let (line_end, step) = (locator.line_end(), locator.step());
    let unit = locator.unit;
    edits.push(TextEdit::insert(
        &unit.path,
        start,
        format!("{NAME}().then({head}{{{line_end}{indentation}{step}"),
    ));
    let moved = Span { start, end };
    move_in(locator, moved, edits);
    let text = unit.slice(moved);
    let semicolon = if text.trim_end().ends_with([';', '}']) {
        ""
    } else {
        ";"
    };
    let tail = match handler {
        Some(name) => format!("}}, {name});"),
        None => "});".to_string(),
    };
    edits.push(TextEdit::insert(
        &unit.path,
        end,
        format!("{semicolon}{line_end}{indentation}{tail}"),
    ));
    Ok(())
}

pub(super) fn uses_arrows(locator: &Locator<'_>) -> bool {
    locator
        .once("arrows", || locator.mentions("=>").then_some(""))
        .is_some()
}

/// What a function that takes the token begins with.
pub(super) fn head(locator: &Locator<'_>) -> String {
    let token = token_name(locator);
    if uses_arrows(locator) {
        format!("({token}) => ")
    } else {
        format!("function ({token}) ")
    }
}

/// The lines within move in by one step, but for those that are part of a text.
pub(super) fn move_in(locator: &Locator<'_>, moved: Span, edits: &mut Vec<TextEdit>) {
    let text = locator.slice(moved);
    let Some(texts) = texts_over_lines(locator, moved) else {
        return;
    };
    for (at, _) in text.match_indices('\n') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let at = moved.start + at as u32 + 1;
        let is_text = || texts.iter().any(|span| span.start < at && at < span.end);
        if !rest.starts_with(['\n', '\r']) && !rest.is_empty() && !is_text() {
            edits.push(TextEdit::insert(&locator.unit.path, at, locator.step()));
        }
    }
}

/// The templates, and the strings that go on in the next line; `None` where there may be one that is not understood.
fn texts_over_lines(locator: &Locator<'_>, moved: Span) -> Option<Vec<Span>> {
    let text = locator.slice(moved);
    if !text.contains('`') && !text.contains("\\\n") && !text.contains("\\\r") {
        return Some(Vec::new());
    }
    let is_text = |kind: &Kind, text: &str| match kind {
        Kind::String(_) => text.starts_with(['`', '"', '\'']),
        _ => text.starts_with('`') && text.ends_with('`'),
    };
    let texts: Vec<Span> = locator
        .unit
        .tree
        .nodes()
        .filter(|(_, node)| {
            moved.contains(node.span) && is_text(&node.kind, locator.slice(node.span))
        })
        .map(|(_, node)| node.span)
        .collect();
    let is_within = |at: u32| texts.iter().any(|span| span.start <= at && at < span.end);
    text.match_indices('`')
        .all(|(at, _)| is_within(moved.start + at as u32))
        .then_some(texts)
}

/// A callback that is written in the call takes a name, and errors with it:
/// `((callback) => zohoAccessToken().then((zohoToken) => request({…}, callback), callback))(function … );`
fn around_callback(
    locator: &Locator<'_>,
    call: NodeId,
    callback: NodeId,
    edits: &mut Vec<TextEdit>,
) -> Result<(), ()> {
    const CALLBACK: &str = "zohoCallback";
    let unit = locator.unit;
    let (start, own) = (locator.span(call).start, locator.span(callback));
    let uses_arrows = uses_arrows(locator);
    if !uses_arrows && mentions_this(locator, call) {
        return Err(());
    }
    // A bracket at the beginning of a statement would call what stands before it.
    let before = unit
        .text
        .get(..start as usize)
        .unwrap_or_default()
        .trim_end();
    let bracket = if before.is_empty() || before.ends_with([';', '{', '}']) {
        "("
    } else {
        ";("
    };
    let token = token_name(locator);
    let (head, tail) = if uses_arrows {
        (
            format!("{bracket}({CALLBACK}) => {NAME}().then(({token}) => "),
            format!("{CALLBACK}), {CALLBACK}))("),
        )
    } else {
        (
            format!("{bracket}function ({CALLBACK}) {{ {NAME}().then(function ({token}) {{ "),
            format!("{CALLBACK}); }}, {CALLBACK}); }})("),
        )
    };
    edits.push(TextEdit::insert(&unit.path, start, head));
    edits.push(TextEdit::insert(&unit.path, own.start, tail));
    Ok(())
}

fn is_declaration(locator: &Locator<'_>, id: NodeId) -> bool {
    matches!(
        locator.kind(id),
        Kind::Function(_) | Kind::Class(_) | Kind::Export { .. } | Kind::Import { .. }
    )
}

/// Whether a statement returns, leaves a loop or waits.
pub(super) fn leaves(locator: &Locator<'_>, id: NodeId) -> bool {
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Return { .. } | Kind::Leave { .. } | Kind::Await { .. } => return true,
            Kind::Function(_) | Kind::Class(_) => {}
            kind => pending.extend(kind.children()),
        }
    }
    false
}

pub(super) fn mentions_this(locator: &Locator<'_>, id: NodeId) -> bool {
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::This => return true,
            Kind::Function(function) if !function.is_arrow => {}
            kind => pending.extend(kind.children()),
        }
    }
    false
}

/// Whether a name that these statements declare is used after `end`.
pub(super) fn declares_used(locator: &Locator<'_>, statements: &[NodeId], end: u32) -> bool {
    let mut targets: Vec<NodeId> = statements
        .iter()
        .filter_map(|id| match locator.kind(*id) {
            Kind::Binding(binding) => Some(binding.target),
            _ => None,
        })
        .collect();
    while let Some(target) = targets.pop() {
        match locator.kind(target) {
            Kind::Name(name) => {
                let uses = locator.named(name);
                if uses.iter().any(|used| locator.span(*used).start >= end) {
                    return true;
                }
            }
            Kind::Pattern { entries } => targets.extend(entries.iter().map(|entry| entry.target)),
            _ => {}
        }
    }
    false
}
