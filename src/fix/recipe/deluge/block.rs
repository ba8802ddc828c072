//! Task blocks that are there: a connection is put in, an entry is taken out.
//!
//! Owns the lines of a block. It must not know why they change.

use super::layout::{gap, line_content_end, line_start, next_line};
use super::send::Send;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::{NodeId, Span};

/// Puts the connection in and drops the entries whose values are among `dropped`.
pub(super) fn edits(
    locator: &Locator<'_>,
    send: &Send<'_>,
    connection: Option<&str>,
    dropped: &[NodeId],
) -> Result<Vec<TextEdit>, String> {
    let path = &locator.unit.path;
    let text: &str = &locator.unit.text;
    let entries = entries(locator, send)?;
    let last = entries.last().ok_or("the block is empty")?;
    let line = connection.map(|name| format!("connection{}\"{name}\"", gap(locator, send.made)));
    let mut edits = Vec::new();
    let mut line = line;
    for (index, entry) in entries.iter().enumerate() {
        if !dropped.contains(&entry.value) {
            continue;
        }
        let is_last = index + 1 == entries.len();
        if is_last && let Some(line) = line.take() {
            // The connection takes its place.
            edits.push(TextEdit::replace(path, entry.span, line));
            continue;
        }
        edits.push(TextEdit::delete(path, gone(text, &entries, index)));
    }
    let Some(line) = line else { return Ok(edits) };
    let end = last.span.end;
    if begins_line(text, last.span.start) {
        let rest = text
            .get(end as usize..line_content_end(text, end) as usize)
            .unwrap_or_default()
            .trim_start();
        let at = if rest.is_empty() || rest.starts_with("//") {
            line_content_end(text, end)
        } else {
            end
        };
        let before = format!(
            "{}{}",
            locator.line_end(),
            locator.indentation(last.span.start)
        );
        edits.push(TextEdit::insert(path, at, format!("{before}{line}")));
    } else {
        edits.push(TextEdit::insert(path, end, format!(" {line}")));
    }
    Ok(edits)
}

struct Entry {
    /// From the key to the end of the value, brackets around it included.
    span: Span,
    value: NodeId,
}

fn entries(locator: &Locator<'_>, send: &Send<'_>) -> Result<Vec<Entry>, String> {
    let whole = locator.span(send.call);
    if !locator.text(send.call).ends_with([']', ')']) {
        return Err("the block is not closed".to_string());
    }
    let mut entries = Vec::new();
    for (index, argument) in send.made.arguments.iter().enumerate() {
        let name = argument
            .name
            .as_ref()
            .ok_or("the block has a line that is no entry")?;
        let value = locator.span(argument.value);
        let next = send
            .made
            .arguments
            .get(index + 1)
            .and_then(|next| next.name.as_ref())
            .map_or(whole.end - 1, |next| next.span.start);
        let rest = locator.slice(Span {
            start: value.end,
            end: next.max(value.end),
        });
        // `(a + b)` is the sum alone in the tree.
        let closing = rest.len() - rest.trim_start_matches([')', ' ', '\t']).len();
        let closing = rest
            .get(..closing)
            .and_then(|run| run.rfind(')'))
            .map_or(0, |at| at + 1);
        entries.push(Entry {
            span: Span {
                start: name.span.start,
                end: value.end + closing as u32,
            },
            value: argument.value,
        });
    }
    Ok(entries)
}

/// What is taken out with an entry: its lines, or what stands before the next one.
fn gone(text: &str, entries: &[Entry], index: usize) -> Span {
    let Some(entry) = entries.get(index) else {
        return Span::default();
    };
    let span = entry.span;
    let rest = text
        .get(span.end as usize..line_content_end(text, span.end) as usize)
        .unwrap_or_default();
    if begins_line(text, span.start) && rest.trim().is_empty() {
        return Span {
            start: line_start(text, span.start),
            end: next_line(text, span.end),
        };
    }
    match (entries.get(index + 1), index.checked_sub(1)) {
        (Some(next), _) => Span {
            start: span.start,
            end: next.span.start,
        },
        (None, Some(before)) => Span {
            start: entries.get(before).map_or(span.start, |one| one.span.end),
            end: span.end,
        },
        (None, None) => span,
    }
}

fn begins_line(text: &str, at: u32) -> bool {
    text.get(line_start(text, at) as usize..at as usize)
        .is_some_and(|before| before.trim().is_empty())
}
