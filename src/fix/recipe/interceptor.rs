//! A token among the defaults of a client: the instance asks for one before every request instead.
//!
//! An access token that is put among the defaults would be sent long after it has expired. What a client runs
//! before a request stands in `rules/clients/`.

use super::{entry, target};
use crate::facts::Request;
use crate::finding::{FixKind, Safety};
use crate::fix::dialect::javascript;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{HelperFile, Plan, Planner, parts};
use crate::rules::matching::Candidate;
use crate::rules::model::Facet;
use crate::syntax::tree::{Kind, NodeId, Span};

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
        let lines = lines(locator, whole, after, name, &value);
        let line_end = locator.line_end();
        let indentation = locator.indentation(whole.start);
        let text = format!("{line_end}{indentation}{lines}");
        edits.push(TextEdit::insert(path, whole.end, text));
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
    Ok(planned(edits, helper))
}

/// The fix for `axios.defaults.headers.common['Authorization'] = …` that is run once; `None` where this is something else.
pub(super) fn of_assignment(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    locator: &Locator<'_>,
    value: NodeId,
) -> Option<Result<Plan, String>> {
    let assignment = locator.parent(value)?;
    let Kind::Assign { target, .. } = locator.kind(assignment) else {
        return None;
    };
    let holder = match locator.kind(*target) {
        Kind::Member { object, .. } | Kind::Index { object, .. } => locator.text(*object),
        _ => return None,
    };
    let is_kept = locator.function_around(value).is_none();
    let imports = &locator.unit.imports;
    let (known, after, name) = planner
        .knowledge
        .rules
        .clients
        .iter()
        .flat_map(|table| &table.client)
        .filter(|known| known.imports.iter().any(|module| imports.contains(module)))
        .find_map(|known| {
            let after = known.interceptor.as_ref()?.after.as_ref()?;
            let name = known
                .property
                .iter()
                .filter(|idiom| idiom.facet == Facet::Headers)
                .flat_map(|idiom| &idiom.property)
                .find_map(|property| holder.strip_suffix(property.as_str())?.strip_suffix('.'))?;
            Some((known, after, name))
        })?;
    let statement = locator.statement_of(assignment);
    let whole = locator.whole(statement)?;
    if !is_kept || statement != assignment {
        return None;
    }
    let place = target::place(planner, candidate, locator, value, None, Some(&known.name));
    let mut edits = Vec::new();
    Some(
        javascript::within_async(planner, &place, &mut edits).map(|(value, helper)| {
            let text = lines(locator, whole, after, name, &value);
            edits.push(TextEdit::replace(&locator.unit.path, whole, text));
            planned(edits, helper)
        }),
    )
}

/// The statement that registers the function, as the lines around are written.
fn lines(locator: &Locator<'_>, beside: Span, after: &str, client: &str, value: &str) -> String {
    let indentation = locator.indentation(beside.start);
    let lines: Vec<String> = after
        .replace("{client}", client)
        .replace("{value}", value)
        .lines()
        .enumerate()
        .map(|(number, line)| {
            let inner = line.trim_start_matches("  ");
            let step = locator.step().repeat((line.len() - inner.len()) / 2);
            if number == 0 {
                inner.to_string()
            } else {
                format!("{}{indentation}{step}{inner}", locator.line_end())
            }
        })
        .collect();
    lines.concat()
}

fn planned(edits: Vec<TextEdit>, helper: HelperFile) -> Plan {
    Plan {
        title: TITLE.to_string(),
        safety: Safety::Unsafe,
        reason: Some(
            "every request of this client that has no Authorization header of its own now waits for the access token first, and sends it to whatever host it goes to, as it did with the old one".to_string(),
        ),
        edits,
        helper: Some(helper),
        after: Vec::new(),
        drops: Vec::new(),
        kind: FixKind::Program,
    }
}
