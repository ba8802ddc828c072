//! Taking the token out of where it is put: a header, a parameter, the address.
//!
//! Owns the choice between an entry that is written in the call and a map that is built before it, and what
//! is left of a string. It must not know what becomes of the calls.

use super::layout::{line_start, next_line};
use super::send::Send;
use super::{Draft, map};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::recipe::{cut, entry, separator};
use crate::fix::{Planner, parts};
use crate::rules::matching::Candidate;
use crate::syntax::tree::{AssignOperator, Kind, NodeId, Span};

/// Adds what takes the token out; gives the arguments of calls of which nothing is left.
pub(super) fn remove(
    planner: &Planner<'_, '_>,
    locator: &Locator<'_>,
    candidate: &Candidate<'_>,
    sends: &[Send<'_>],
    draft: &mut Draft,
) -> Result<Vec<NodeId>, String> {
    let span = candidate.place.span;
    let is_part = sends
        .iter()
        .any(|send| parts(send.request).any(|part| part.place == candidate.place));
    if !is_part {
        let mut edits = cut::cut(planner, locator, span)?;
        for send in sends {
            let mends = separator::mended(planner, send.request, candidate, &edits)?;
            edits.extend(
                mends
                    .into_iter()
                    .filter(|mend| !edits.contains(mend))
                    .collect::<Vec<_>>(),
            );
        }
        for edit in edits.iter().filter(|edit| edit.path == locator.unit.path) {
            refuse_configuration(locator, edit.span)?;
        }
        draft.add(without_idle_statement(locator, span, edits));
        return Ok(Vec::new());
    }
    refuse_bare_words(locator, span)?;
    refuse_configuration(locator, span)?;
    let put = map::Put::at(locator, span)?;
    if let map::Put::Entry { map, is_alone } = put
        && let Some(argument) = argument_of(locator, sends, map)
    {
        if is_alone {
            return Ok(vec![argument]);
        }
        draft.add(vec![entry::removal(locator, span)?]);
        return Ok(Vec::new());
    }
    map::remove(locator, span, &put, sends, draft)
}

/// The argument of a call that this map is, written out in it (`{…}` or `{…}.toString()`).
fn argument_of(locator: &Locator<'_>, sends: &[Send<'_>], map: NodeId) -> Option<NodeId> {
    let mut at = map;
    loop {
        let is_argument = sends.iter().any(|send| {
            send.made
                .arguments
                .iter()
                .any(|argument| argument.value == at)
        });
        if is_argument {
            return Some(at);
        }
        let parent = locator.parent(at)?;
        let is_text_of_it = match locator.kind(parent) {
            Kind::Member { property, .. } => property.text.eq_ignore_ascii_case("tostring"),
            Kind::Call(call) => call.arguments.is_empty() && call.callee == at,
            _ => false,
        };
        if !is_text_of_it {
            return None;
        }
        at = parent;
    }
}

/// `m.put("authtoken",YOUR ZOHO AUTHTOKEN)` was never run as it stands.
fn refuse_bare_words(locator: &Locator<'_>, span: Span) -> Result<(), String> {
    let is_unread = locator.unit.tree.nodes().any(|(_, node)| {
        matches!(&node.kind, Kind::Opaque { .. })
            && span.contains(node.span)
            && !node.span.is_empty()
            && node.span != span
    });
    if is_unread {
        return Err("the value is no expression, so the script cannot have run as it stands: take the line out and use a connection".to_string());
    }
    Ok(())
}

/// A token that is read from the map of a configuration function stays there for others.
fn refuse_configuration(locator: &Locator<'_>, taken: Span) -> Result<(), String> {
    for (id, node) in locator.unit.tree.nodes() {
        let Kind::Name(name) = &node.kind else {
            continue;
        };
        let is_read = taken.contains(node.span)
            && locator
                .parent(id)
                .is_some_and(|parent| match locator.kind(parent) {
                    Kind::Member { object, property } => {
                        *object == id && property.text.to_ascii_lowercase().starts_with("get")
                    }
                    _ => false,
                });
        if is_read && map::is_of_a_function(locator, name, locator.function_around(id)) {
            return Err(format!(
                "the token comes from another function (`{name}` is what it returns): give the request a connection, take the header or parameter out, and then the token out of that function once no caller reads it"
            ));
        }
    }
    Ok(())
}

/// `url += "";` and `x = x;` are what is left of a statement that only put the token there.
fn without_idle_statement(
    locator: &Locator<'_>,
    span: Span,
    edits: Vec<TextEdit>,
) -> Vec<TextEdit> {
    let Some(literal) = locator.smallest_around(span) else {
        return edits;
    };
    let statement = locator.statement_of(literal);
    let Kind::Assign {
        target,
        operator,
        value,
    } = locator.kind(statement)
    else {
        return edits;
    };
    let whole = locator.span(*value);
    let left = applied(locator, whole, &edits);
    let left = left.trim();
    let is_idle = match operator {
        AssignOperator::Set => left == locator.text(*target),
        AssignOperator::Append => left.chars().all(|character| "\"'“”‘’".contains(character)),
        AssignOperator::Default => false,
    };
    let Some(lines) = locator.lines_of(statement).filter(|_| is_idle) else {
        return edits;
    };
    let mut kept: Vec<TextEdit> = edits
        .into_iter()
        .filter(|edit| edit.path != locator.unit.path || !lines.contains(edit.span))
        .collect();
    kept.push(TextEdit::delete(&locator.unit.path, lines));
    kept
}

/// The text at a span with the edits within it made.
fn applied(locator: &Locator<'_>, whole: Span, edits: &[TextEdit]) -> String {
    let mut own: Vec<&TextEdit> = edits
        .iter()
        .filter(|edit| edit.path == locator.unit.path && whole.contains(edit.span))
        .collect();
    own.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut text = String::new();
    let mut at = whole.start;
    for edit in own {
        text.push_str(locator.slice(Span {
            start: at,
            end: edit.span.start.max(at),
        }));
        text.push_str(&edit.text);
        at = edit.span.end.max(at);
    }
    text.push_str(locator.slice(Span {
        start: at,
        end: whole.end.max(at),
    }));
    text
}

/// A statement with its lines, and with the comments that tell to paste a token: directly above it, and
/// behind it on its line.
pub(super) fn lines_with_comments(locator: &Locator<'_>, statement: NodeId) -> Option<Span> {
    let text: &str = &locator.unit.text;
    let whole = locator.whole(statement)?;
    let start = line_start(text, whole.start);
    let end = next_line(text, whole.end);
    let before = text.get(start as usize..whole.start as usize)?;
    let behind = text.get(whole.end as usize..end as usize)?.trim();
    let is_own = before.trim().is_empty()
        && (behind.is_empty() || is_comment(behind) && asks_for_token(behind));
    if !is_own {
        return locator.lines_of(statement);
    }
    let mut span = Span { start, end };
    let own = locator.span(locator.unit.tree.root).start;
    while span.start > own {
        let above = line_start(text, span.start - 1);
        let line = text.get(above as usize..span.start as usize)?.trim();
        if above < own || !is_comment(line) || !asks_for_token(line) {
            break;
        }
        span.start = above;
    }
    Some(span)
}

/// A comment that is the whole of a line.
fn is_comment(line: &str) -> bool {
    line.starts_with("//")
        || line
            .strip_prefix("/*")
            .and_then(|rest| rest.strip_suffix("*/"))
            .is_some_and(|inside| !inside.contains("*/"))
}

fn asks_for_token(comment: &str) -> bool {
    let comment = comment.to_ascii_lowercase();
    comment.contains("token")
}
