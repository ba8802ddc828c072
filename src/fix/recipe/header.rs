//! A token in the `Authorization` header: the value becomes the scheme and an access token.

use super::{interceptor, target};
use crate::finding::Safety;
use crate::fix::edits::TextEdit;
use crate::fix::{Plan, Planner, dialect};
use crate::flow::value::Alternative;
use crate::rules::matching::Candidate;
use crate::syntax::tree::{Key, Kind, Language, NodeId};

const TITLE: &str = "Send an OAuth access token in the header";

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
    let span = candidate.place.span;
    let around = locator
        .smallest_around(span)
        .ok_or("the place is not in the tree")?;
    // `{ authorization }` names key and value at once.
    let shorthand = match locator.kind(around) {
        Kind::Name(_) => locator.parent(around).is_some_and(|parent| {
            matches!(locator.kind(parent), Kind::Map { entries } if entries.iter().any(|entry| entry.span == span && entry.value == around))
        }),
        _ => false,
    };
    let value = if shorthand {
        around
    } else {
        locator
            .value_at(span)
            .ok_or("the value of the header does not stand here")?
    };
    let requests = planner.requests_at(candidate.place);
    if requests.is_empty() {
        return Err("the request that sends this header is not in sight".to_string());
    }
    if let Some(defaults) = requests.iter().find(|request| request.is_defaults) {
        return interceptor::plan(planner, candidate, defaults);
    }
    let chooses = requests
        .iter()
        .flat_map(|request| &request.headers)
        .any(|part| {
            part.place == candidate.place
                && part.value.iter().map(Alternative::template).any(|value| {
                    let value = value.trim_start().to_ascii_lowercase();
                    value.starts_with("zoho-oauthtoken") || value.starts_with("bearer ")
                })
        });
    if chooses {
        return Err(
            "the code chooses between an authtoken and OAuth here: take the authtoken's branch out"
                .to_string(),
        );
    }
    let target = target::of(planner, candidate).ok();
    let call = target
        .as_ref()
        .filter(|target| target.file == candidate.place.file)
        .map(|target| target.call);
    let client = target::client(planner, candidate);
    let place = target::place(planner, candidate, locator, value, call, client);
    let access = dialect::access(planner, &place)?;
    if access.safety == Safety::Display {
        return Err(access.reason.unwrap_or_default());
    }
    let text = if shorthand {
        format!("{}: {}", locator.text(value), access.value)
    } else if needs_brackets(planner, candidate, value) {
        format!("({})", access.value)
    } else {
        access.value
    };
    let path = &locator.unit.path;
    let mut span = locator.span(value);
    // `token!` of TypeScript
    let after = locator.unit.text.get(span.end as usize..);
    if locator.unit.language() == Language::TypeScript
        && after.is_some_and(|after| after.starts_with('!') && !after.starts_with("!="))
    {
        span.end += 1;
    }
    let mut edits = vec![TextEdit::replace(path, span, text)];
    edits.extend(renamed_key(planner, candidate, value));
    edits.extend(access.edits);
    Ok(Plan {
        title: TITLE.to_string(),
        safety: access.safety,
        reason: access.reason,
        edits,
        helper: access.helper,
        after: Vec::new(),
    })
}

/// Whether the value stands within an operation that would tear it apart.
fn needs_brackets(planner: &Planner<'_, '_>, candidate: &Candidate<'_>, value: NodeId) -> bool {
    let Some(locator) = planner.locator(candidate.place.file) else {
        return false;
    };
    locator.parent(value).is_some_and(|parent| {
        matches!(
            locator.kind(parent),
            Kind::Choice { .. } | Kind::Member { .. }
        )
    })
}

/// A header that is itself called by the scheme (`'Zoho-authtoken': token`) becomes `Authorization`.
fn renamed_key(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    value: NodeId,
) -> Option<TextEdit> {
    let locator = planner.locator(candidate.place.file)?;
    let parent = locator.parent(value)?;
    let Kind::Map { entries } = locator.kind(parent) else {
        return None;
    };
    let entry = entries.iter().find(|entry| entry.value == value)?;
    let Key::Static(name) = &entry.key else {
        return None;
    };
    name.text
        .to_ascii_lowercase()
        .starts_with("zoho")
        .then(|| TextEdit::replace(&locator.unit.path, name.span, "Authorization"))
}
