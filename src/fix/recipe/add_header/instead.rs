//! Another call in the place of one that takes no headers: `reqwest::Client::new().get(url).header(…).send()` for
//! `reqwest::get(url)`.
//!
//! Owns the templates of such calls. What the code passes stays where it stands, so that other edits can change it.

use super::super::cut::end_of_argument;
use super::{Way, gap_of_links};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::{Call, Kind, NodeId, Span};

/// What stands for the value of the header until it is known.
const VALUE: &str = "\0";

pub(super) fn way(
    locator: &Locator<'_>,
    call: NodeId,
    made: &Call,
    template: &str,
    spell: impl FnOnce(&str) -> String,
) -> Result<Way, String> {
    // A variable or a result may need the very class that is made here; what takes it as an argument mostly does not.
    let is_argument = || {
        locator.parent(call).is_some_and(
            |parent| matches!(locator.kind(parent), Kind::Call(outer) if outer.callee != call),
        )
    };
    if made.is_new && !is_argument() {
        return Err(
            "the object may be needed as it is: give it a name first, then the header".to_string(),
        );
    }
    let template = spell(template);
    let written = written(locator, made)?;
    let whole = locator.span(call);
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut at = whole.start;
    let mut text = String::new();
    let mut used = 0;
    let mut put = |from: u32, to: u32, text: &str| -> Result<(), String> {
        let old = locator.slice(Span {
            start: from,
            end: to,
        });
        if old.contains("//") || old.contains("/*") {
            return Err("a comment stands within the call: write it anew by hand".to_string());
        }
        edits.extend(changed(locator, from, old, text));
        Ok(())
    };
    for part in template.split_inclusive('}') {
        let Some((fixed, name)) = part
            .strip_suffix('}')
            .and_then(|part| part.rsplit_once('{'))
        else {
            text.push_str(part);
            continue;
        };
        text.push_str(fixed);
        let kept = match name {
            "value" => {
                text.push_str(VALUE);
                continue;
            }
            "receiver" => match locator.kind(made.callee) {
                Kind::Member { object, .. } => Some(locator.span(*object)),
                _ => return Err("the call is not that of an object".to_string()),
            },
            "rest" => {
                let (first, last) = (written.get(used), written.last());
                used = written.len();
                first.zip(last).map(|(first, last)| Span {
                    start: first.start,
                    end: last.end,
                })
            }
            _ => {
                used += 1;
                Some(*written.get(used - 1).ok_or(OTHER)?)
            }
        };
        match kept {
            Some(kept) => {
                put(at, kept.start, &text)?;
                at = kept.end;
                text.clear();
            }
            // No comma before what is not there.
            None => text.truncate(text.trim_end_matches([',', ' ']).len()),
        }
    }
    if used != made.arguments.len() || made.arguments.iter().any(|argument| argument.is_spread) {
        return Err(OTHER.to_string());
    }
    // Links that the call gets stand where those behind it do.
    let gap = gap_of_links(locator, whole.end);
    put(at, whole.end, &text.replace(").", &format!("){gap}.")))?;
    let with_value = edits
        .iter()
        .position(|edit| edit.text.contains(VALUE))
        .ok_or(OTHER)?;
    let edit = edits.remove(with_value);
    let (before, after) = edit.text.split_once(VALUE).ok_or(OTHER)?;
    Ok(Way {
        before: before.to_string(),
        after: after.to_string(),
        span: edit.span,
        others: edits,
        reason: None,
    })
}

const OTHER: &str =
    "the call takes other arguments than those that are known: write it anew by hand";

/// The arguments with all that is written of them: the tree leaves out `&` and `?`.
fn written(locator: &Locator<'_>, made: &Call) -> Result<Vec<Span>, String> {
    let mut written: Vec<Span> = Vec::new();
    for argument in &made.arguments {
        let own = locator.span(argument.value);
        let (before, separator) = match written.last() {
            Some(last) => (last.end, ','),
            None => (locator.span(made.callee).end, '('),
        };
        let gap = locator.slice(Span {
            start: before,
            end: own.start,
        });
        let (_, behind) = gap.split_once(separator).ok_or(OTHER)?;
        let rest = locator
            .unit
            .text
            .get(own.end as usize..)
            .unwrap_or_default();
        let length = end_of_argument(rest).ok_or(OTHER)?;
        let tail = rest.get(..length).unwrap_or_default().trim_end();
        written.push(Span {
            start: own.start - behind.trim_start().len() as u32,
            end: own.end + tail.len() as u32,
        });
    }
    Ok(written)
}

/// The smallest edit that makes one text of another that stands at a byte.
fn changed(locator: &Locator<'_>, at: u32, old: &str, new: &str) -> Option<TextEdit> {
    let same = |(one, other): &(char, char)| one == other;
    let front: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let (old, new) = (&old[front..], &new[front..]);
    let back: usize = (old.chars().rev().zip(new.chars().rev()))
        .take_while(same)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let (old, new) = (&old[..old.len() - back], &new[..new.len() - back]);
    let start = at + front as u32;
    let span = Span {
        start,
        end: start + old.len() as u32,
    };
    (!old.is_empty() || !new.is_empty()).then(|| TextEdit::replace(&locator.unit.path, span, new))
}
