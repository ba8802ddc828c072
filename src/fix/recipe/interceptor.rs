//! A token among the defaults of a client: the instance asks for one before every request instead.
//!
//! An access token that is put among the defaults would be sent long after it has expired. What a client runs
//! before a request stands in `rules/clients/`.

use super::{entry, target};
use crate::facts::Request;
use crate::finding::Safety;
use crate::fix::dialect::javascript;
use crate::fix::edits::TextEdit;
use crate::fix::{Plan, Planner, parts};
use crate::rules::matching::Candidate;
use crate::syntax::tree::{Kind, Span};

const TITLE: &str = "Ask for an OAuth access token before every request of this client";

/// The fix for a part of the defaults of one client.
pub(super) fn plan(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    request: &Request,
) -> Result<Plan, String> {
    let refused = "this holds for every request of a client, and would keep the first access token after it has expired: set the header for each request, or use an interceptor";
    let client = request.client.as_deref().ok_or(refused)?;
    let interceptor = planner
        .client(client)
        .and_then(|known| known.interceptor.as_ref())
        .ok_or(refused)?;
    let place = request.place.ok_or(refused)?;
    if place.file != candidate.place.file {
        return Err(refused.to_string());
    }
    let locator = planner.locator(place.file).ok_or(refused)?;
    let (call, made) = locator.call_of_name(place.span).ok_or(refused)?;
    if !parts(request).any(|part| part.place == candidate.place)
        || !locator.span(call).contains(candidate.place.span)
    {
        return Err(refused.to_string());
    }
    let asked = target::place(planner, candidate, locator, call, Some(call), Some(client));
    let mut edits = vec![entry::removal(locator, candidate.place.span)?];
    let (value, helper) = javascript::within_async(planner, &asked, &mut edits)?;
    let path = &locator.unit.path;
    if let Some(after) = &interceptor.after {
        let holder = locator.parent(call).ok_or(refused)?;
        let name = match locator.kind(holder) {
            Kind::Binding(binding) => locator.text(binding.target),
            Kind::Assign { target, .. } => locator.text(*target),
            // `module.exports = axios.create(…)`
            Kind::Export { .. } if locator.text(holder).starts_with("module.exports") => {
                "module.exports"
            }
            _ => {
                return Err(
                    "the instance has no name here: give it one, and an interceptor".to_string(),
                );
            }
        };
        let statement = locator.statement_of(holder);
        let whole = locator.whole(statement).ok_or(refused)?;
        let indentation = locator.indentation(whole.start);
        let line_end = locator.line_end();
        let lines: Vec<String> = after
            .replace("{client}", name)
            .replace("{value}", &value)
            .lines()
            .map(|line| {
                let inner = line.trim_start_matches("  ");
                let step = locator.step().repeat((line.len() - inner.len()) / 2);
                format!("{line_end}{indentation}{step}{inner}")
            })
            .collect();
        edits.push(TextEdit::insert(path, whole.end, lines.concat()));
    } else if let Some(text) = &interceptor.entry {
        let options = made
            .arguments
            .last()
            .map(|argument| argument.value)
            .ok_or(refused)?;
        let Kind::Map { entries } = locator.kind(options) else {
            return Err(refused.to_string());
        };
        let key = text.split(':').next().unwrap_or_default();
        let is_there = entries
            .iter()
            .any(|entry| locator.slice(entry.span).starts_with(key));
        let first = entries.first().ok_or(refused)?;
        if is_there {
            return Err(format!(
                "the client has {key} of its own: set the header there"
            ));
        }
        let gap = locator.slice(Span {
            start: locator.span(options).start,
            end: first.span.start,
        });
        let separator = if gap.contains('\n') {
            format!(
                ",{}{}",
                locator.line_end(),
                locator.indentation(first.span.start)
            )
        } else {
            ", ".to_string()
        };
        let text = format!("{}{separator}", text.replace("{value}", &value));
        edits.push(TextEdit::insert(path, first.span.start, text));
    } else {
        return Err(refused.to_string());
    }
    Ok(Plan {
        title: TITLE.to_string(),
        safety: Safety::Unsafe,
        reason: Some(
            "every request of this client now waits for the access token first".to_string(),
        ),
        edits,
        helper: Some(helper),
        after: Vec::new(),
        drops: Vec::new(),
    })
}
