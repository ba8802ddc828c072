//! A token in the `Authorization` header: the value becomes the scheme and an access token.

use super::{awaited, interceptor, target};
use crate::finding::{FixKind, Safety};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner, dialect};

use crate::rules::matching::{Candidate, scheme_names};
use crate::syntax::tree::{AssignOperator, Key, Kind, Language, NodeId};

const TITLE: &str = "Send an OAuth access token in the header";

pub(super) fn plan(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Plan {
    match attempt(planner, candidate) {
        Ok(plan) => plan,
        Err(reason) => Plan::display(TITLE, reason),
    }
}

fn attempt(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Result<Plan, String> {
    let schemes = scheme_names(planner.knowledge.rules);
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
            .or_else(|| assigned(locator, around))
            .or_else(|| begun(locator, around, &schemes))
            .ok_or("the value of the header does not stand here")?
    };
    let is_parameter = locator.parent(value).is_some_and(|parent| {
        matches!(locator.kind(parent), Kind::Function(function)
            if function.parameters.iter().any(|parameter| parameter.target == value))
    });
    if is_parameter {
        return Err("the value is a parameter here: give every call of it the scheme Zoho-oauthtoken and an access token".to_string());
    }
    let value = converted(locator, value)?;
    let requests = planner.requests_at(candidate.place);
    let is_awaited = awaited::around(planner, locator, value).is_some();
    let in_sight = !requests.is_empty() || is_awaited;
    let is_header = has_scheme(locator, value, &schemes) && is_handed_over(locator, value);
    if !in_sight && !is_header {
        return Err("the request that sends this header is not in sight".to_string());
    }
    if !is_awaited && let Some(defaults) = requests.iter().find(|request| request.is_defaults) {
        return interceptor::plan(planner, candidate, defaults);
    }
    if !is_awaited
        && let Some(plan) = interceptor::of_assignment(planner, candidate, locator, value)
    {
        return plan;
    }
    let chooses = requests
        .iter()
        .flat_map(|request| &request.headers)
        .any(|part| part.place == candidate.place && planner.knowledge.signs_in_with_oauth(part));
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
    let before = locator.unit.text.get(..span.start as usize);
    let lent = before.is_some_and(|before| before.ends_with('&'));
    let text = match text.strip_prefix('&') {
        Some(rest) if lent => rest.to_string(),
        None if takes_lent(locator, value) && !lent => format!("&{text}"),
        _ => text,
    };
    let mut edits = vec![TextEdit::replace(path, span, text)];
    edits.extend(renamed_key(planner, candidate, value));
    edits.extend(access.edits);
    let (safety, reason) = if in_sight {
        (access.safety, access.reason)
    } else {
        (
            Safety::Unsafe,
            access.reason.or(Some(
                "the request that sends this is not in sight: see that the header is built anew for every request".to_string(),
            )),
        )
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

/// The value that a name or an entry is set to: `headers.Authorization = value`.
fn assigned(locator: &Locator<'_>, target: NodeId) -> Option<NodeId> {
    match locator.kind(locator.parent(target)?) {
        Kind::Assign {
            target: known,
            operator: AssignOperator::Set,
            value,
        } if *known == target => Some(*value),
        _ => None,
    }
}

/// The text that begins with the scheme, with all that is put behind it.
fn begun(locator: &Locator<'_>, literal: NodeId, schemes: &[String]) -> Option<NodeId> {
    let Kind::String(text) = locator.kind(literal) else {
        return None;
    };
    let rest = after_scheme(&text.value, schemes)?;
    match locator.kind(locator.parent(literal)?) {
        Kind::Concat { operands, .. } if operands.first() == Some(&literal) => {
            locator.parent(literal)
        }
        Kind::Format { template, .. } if *template == literal => locator.parent(literal),
        // The scheme alone is put together with a token elsewhere.
        _ => (!rest.trim().is_empty() && !rest.contains(['%', '{'])).then_some(literal),
    }
}

/// What follows the scheme in a text.
fn after_scheme<'t>(text: &'t str, schemes: &[String]) -> Option<&'t str> {
    let text = text.trim_start();
    schemes.iter().find_map(|scheme| {
        let (head, rest) = text.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// Whether the value itself begins with the scheme.
fn has_scheme(locator: &Locator<'_>, value: NodeId, schemes: &[String]) -> bool {
    let first = match locator.kind(value) {
        Kind::Concat { operands, .. } => operands.first().copied(),
        Kind::Format { template, .. } => Some(*template),
        _ => Some(value),
    };
    first.is_some_and(|first| {
        matches!(locator.kind(first), Kind::String(text) if after_scheme(&text.value, schemes).is_some())
    })
}

/// Whether the value is handed to something, and not to a variable that may hold another one by then.
fn is_handed_over(locator: &Locator<'_>, value: NodeId) -> bool {
    locator
        .parent(value)
        .is_some_and(|parent| match locator.kind(parent) {
            Kind::Call(call) => call.callee != value,
            Kind::Map { .. } => true,
            Kind::Assign { target, .. } => matches!(
                locator.kind(*target),
                Kind::Member { .. } | Kind::Index { .. }
            ),
            _ => false,
        })
}

/// The text within what makes a header's value of it: `HeaderValue::from_str(&text)?`, `text.parse().unwrap()`.
fn converted(locator: &Locator<'_>, value: NodeId) -> Result<NodeId, String> {
    let (mut text, mut at) = (value, value);
    while locator.unit.language() == Language::Rust
        && let Kind::Call(call) = locator.kind(at)
        && let Kind::Member { object, property } = locator.kind(call.callee)
    {
        at = match (property.text.as_str(), call.arguments.as_slice()) {
            ("from_str" | "try_from" | "from" | "from_bytes" | "from_maybe_shared", [only]) => {
                text = only.value;
                text
            }
            (
                "parse" | "into" | "try_into" | "as_str" | "as_bytes" | "to_string" | "to_owned",
                [],
            ) => {
                text = *object;
                text
            }
            ("from_static", _) => {
                return Err(
                    "HeaderValue::from_static takes a fixed text: use HeaderValue::from_str"
                        .to_string(),
                );
            }
            // These belong to the conversion if there is one within.
            ("unwrap", []) | ("expect", [_]) => *object,
            _ => break,
        };
    }
    Ok(text)
}

/// Whether the value is handed to something that takes a text that is lent.
fn takes_lent(locator: &Locator<'_>, value: NodeId) -> bool {
    locator.unit.language() == Language::Rust
        && locator.parent(value).is_some_and(|parent| {
            matches!(locator.kind(parent), Kind::Call(call)
                if call.callee != value
                    && matches!(locator.kind(call.callee), Kind::Member { property, .. } if property.text == "from_str"))
        })
}

/// Whether the value stands within an operation that would tear it apart.
fn needs_brackets(planner: &Planner<'_, '_>, candidate: &Candidate<'_>, value: NodeId) -> bool {
    let Some(locator) = planner.locator(candidate.place.file) else {
        return false;
    };
    // A macro is torn apart by nothing.
    locator.unit.language() != Language::Rust
        && locator.parent(value).is_some_and(|parent| {
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
