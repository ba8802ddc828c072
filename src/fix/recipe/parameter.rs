//! A token in the query or the form: the parameter goes, and the request gets the header.

use super::cut::cut;
use super::separator::mended;
use super::{add_header, awaited, entry, interceptor, target};
use crate::facts::Request;
use crate::finding::{FixKind, Safety};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner, dialect, parts};

use crate::rules::matching::Candidate;
use crate::syntax::tree::{Key, Kind, Span};

const TITLE: &str =
    "Take the authtoken out of the parameters and send an OAuth access token in the header";
const ONLY_REMOVE: &str =
    "Take the authtoken out of the parameters: the request has an OAuth header already";

pub(super) fn plan(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Plan {
    match attempt(planner, candidate) {
        Ok(plan) => plan,
        Err(reason) => Plan::display(TITLE, reason),
    }
}

fn attempt(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Result<Plan, String> {
    let locator = planner
        .locator(candidate.place.file)
        .ok_or("the file is not at hand")?;
    let requests = planner.requests_at(candidate.place);
    if let Some(plan) = within_awaited(planner, locator, candidate, &requests) {
        return plan;
    }
    if let Some(defaults) = requests.iter().find(|request| request.is_defaults) {
        return interceptor::plan(planner, candidate, defaults);
    }
    let target = target::of(planner, candidate)?;
    let is_part = parts(target.request).any(|part| part.place == candidate.place)
        || is_key(locator, candidate.place.span)
        || is_put_in(locator, candidate.place.span);
    let mut edits = if is_part {
        vec![entry::removal(locator, candidate.place.span)?]
    } else {
        let mut edits = cut(planner, locator, candidate.place.span)?;
        edits.extend(mended(planner, target.request, candidate, &edits)?);
        edits
    };
    if has_oauth_header(planner, target.request) {
        return Ok(only_removed(edits));
    }
    if target
        .request
        .headers
        .iter()
        .any(|part| part.is_named("authorization"))
    {
        return Err("the request has an Authorization header of another kind".to_string());
    }
    if let Some(host) = planner.stranger_at(target.request) {
        return Err(format!(
            "the same call sends to {host}, which would get the access token as well: give the header only to requests to Zoho"
        ));
    }
    let there = planner
        .locator(target.file)
        .ok_or("the file of the call is not at hand")?;
    let client = target.request.client.as_deref();
    let mut place = target::place(
        planner,
        candidate,
        there,
        target.call,
        Some(target.call),
        client,
    );
    place.file = target.file;
    if place.quote == '`' {
        place.quote = '\'';
    }
    let way = add_header::way(planner, &target, place.quote)?;
    if let Some(at) = way.before(there, target.call) {
        place.at = at;
    }
    let access = dialect::access(planner, &place)?;
    if access.safety == Safety::Display {
        return Err(access.reason.unwrap_or_default());
    }
    edits.extend(way.edits(&there.unit.path, &access.value, access.moves_in));
    edits.extend(access.edits);
    let (safety, reason) = match (access.reason, way.reason) {
        (None, Some(reason)) => (Safety::Unsafe, Some(reason)),
        (reason, _) => (access.safety, reason),
    };
    Ok(Plan {
        title: TITLE.to_string(),
        safety,
        reason,
        edits,
        helper: access.helper,
        after: Vec::new(),
        drops: Vec::new(),
        kind: FixKind::Program,
    })
}

/// Whether the name is the key of an entry: `stringify({ authtoken: … })`.
fn is_key(locator: &Locator<'_>, span: Span) -> bool {
    locator.smallest_around(span).is_some_and(|at| {
        let holder = match locator.kind(at) {
            Kind::Map { .. } => Some(at),
            _ => locator.parent(at),
        };
        holder.is_some_and(|holder| {
            matches!(locator.kind(holder), Kind::Map { entries } if entries.iter().any(
                |entry| matches!(&entry.key, Key::Static(key) if key.span.contains(span)),
            ))
        })
    })
}

/// Whether the name is put into something with its value: `params.append('authtoken', token);`,
/// `params.add(new BasicNameValuePair("authtoken", token));`.
fn is_put_in(locator: &Locator<'_>, span: Span) -> bool {
    let Some(name) = locator.smallest_around(span) else {
        return false;
    };
    let is_name = matches!(locator.kind(name), Kind::String(text) if !text.value.contains('='));
    is_name
        && locator.parent(name).is_some_and(|id| {
            let Kind::Call(call) = locator.kind(id) else {
                return false;
            };
            let is_first = call
                .arguments
                .first()
                .is_some_and(|first| first.value == name);
            is_first && call.arguments.len() == 2 && (call.is_new || locator.statement_of(id) == id)
        })
}

/// The fix of a parameter that a function adds for which the client waits: that function adds the header instead.
fn within_awaited(
    planner: &Planner<'_, '_>,
    locator: &Locator<'_>,
    candidate: &Candidate<'_>,
    requests: &[&Request],
) -> Option<Result<Plan, String>> {
    let at = locator.smallest_around(candidate.place.span)?;
    // A part of a URL is cut, not taken out as a whole.
    if matches!(locator.kind(at), Kind::String(_) | Kind::Concat { .. }) {
        return None;
    }
    let (function, known) = awaited::around(planner, locator, at)?;
    let Kind::Function(declared) = locator.kind(function) else {
        return None;
    };
    let Kind::Name(parameter) = locator.kind(declared.parameters.first()?.target) else {
        return None;
    };
    let header = known.header.as_ref()?;
    let statement = locator.statement_of(at);
    let whole = locator.whole(statement)?;
    let removal = match entry::removal(locator, candidate.place.span) {
        Ok(removal) => removal,
        Err(reason) => return Some(Err(reason)),
    };
    if requests
        .iter()
        .any(|request| has_oauth_header(planner, request))
    {
        return Some(Ok(only_removed(vec![removal])));
    }
    let place = target::place(planner, candidate, locator, at, None, None);
    let access = match dialect::access(planner, &place) {
        Ok(access) => access,
        Err(reason) => return Some(Err(reason)),
    };
    let line = header
        .replace("{parameter}", parameter)
        .replace("{value}", &access.value);
    let mut edits = if removal.span.contains(whole) {
        vec![TextEdit::replace(&locator.unit.path, whole, line)]
    } else {
        let indentation = locator.indentation(whole.start);
        let line = format!("{}{indentation}{line}", locator.line_end());
        vec![
            removal,
            TextEdit::insert(&locator.unit.path, whole.end, line),
        ]
    };
    edits.extend(access.edits);
    Some(Ok(Plan {
        title: TITLE.to_string(),
        safety: access.safety,
        reason: access.reason,
        edits,
        helper: access.helper,
        after: Vec::new(),
        drops: Vec::new(),
        kind: FixKind::Program,
    }))
}

fn only_removed(edits: Vec<TextEdit>) -> Plan {
    Plan {
        title: ONLY_REMOVE.to_string(),
        safety: Safety::Safe,
        reason: None,
        edits,
        helper: None,
        after: Vec::new(),
        drops: Vec::new(),
        kind: FixKind::Program,
    }
}

fn has_oauth_header(planner: &Planner<'_, '_>, request: &Request) -> bool {
    let headers = &request.headers;
    headers
        .iter()
        .any(|part| planner.knowledge.signs_in_with_oauth(part))
}
