//! Recipes: what has to change for each shape in which a token is sent.
//!
//! Owns the choice of the recipe for a finding. It must not know how a language writes things; that is asked
//! of [`super::dialect`].

mod add_header;
mod awaited;
pub(super) mod creation;
mod cut;
pub(crate) mod deluge;
mod document;
mod entry;
mod frozen;
mod header;
mod interceptor;
pub mod leftover;
mod origin;
mod parameter;
mod separator;
pub mod setting;
mod target;
pub(super) mod whose;

use super::{Plan, Planner};
use crate::finding::{Confidence, PathClass, Safety, path_class};
use crate::rules::matching::Candidate;
use crate::rules::model::{Level, Matcher};
use crate::syntax::tree::Language;

/// The fix of one finding. Where it is not certain that an authtoken is sent, a person has to look.
pub(super) fn plan(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Option<Plan> {
    let mut plan = recipe(planner, candidate)?;
    if candidate.confidence < Confidence::Medium && plan.safety == Safety::Safe {
        plan.safety = Safety::Unsafe;
        plan.reason =
            Some("nothing tells that this is an authtoken: it may be OAuth already".to_string());
    }
    Some(plan)
}

fn recipe(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Option<Plan> {
    let unit = planner.units.get(candidate.place.file as usize)?;
    if let Some(plan) = document::plan(planner, candidate) {
        return Some(plan);
    }
    if candidate.level < Level::Warning {
        return None;
    }
    if creation::is_about(&candidate.rule.fix) {
        return Some(creation::by_hand(planner, candidate, ""));
    }
    let is_header = candidate
        .rule
        .matchers
        .iter()
        .any(|matcher| matches!(matcher, Matcher::Header { .. }));
    let is_parameter = candidate
        .rule
        .matchers
        .iter()
        .any(|matcher| matches!(matcher, Matcher::Parameter { .. }));
    if !is_header && !is_parameter {
        return None;
    }
    if path_class::classify(&unit.path, Some(&head(&unit.text))) == PathClass::Generated {
        return Some(Plan::display(
            "Repair the source and build this file anew",
            "the file is built from others",
        ));
    }
    if let Some(plan) = ended(planner, candidate) {
        return Some(plan);
    }
    if unit.language() != Language::Deluge
        && path_class::classify(&unit.path, None) == PathClass::Test
        && expects_rather_than_calls(planner, candidate, &unit.text)
    {
        return Some(Plan::display(
            "Expect an OAuth access token in the header",
            "a test: put in what the code sends now",
        ));
    }
    match unit.language() {
        Language::Java | Language::JavaScript | Language::TypeScript | Language::Rust => {
            Some(if is_header {
                header::plan(planner, candidate)
            } else {
                parameter::plan(planner, candidate)
            })
        }
        Language::Deluge => Some(deluge::plan(planner, candidate)),
        _ => None,
    }
}

/// Whether a test says what it expects, or plays the server: that is a fixed text, and asks Zoho for nothing. One that
/// calls the real API is repaired like other code.
fn expects_rather_than_calls(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    text: &str,
) -> bool {
    const PLAYED: [&str; 4] = ["mock", "nock", "sinon", "stub"];
    let text = text.to_ascii_lowercase();
    PLAYED.iter().any(|word| text.contains(word))
        || planner.requests_at(candidate.place).is_empty()
            && planner.requests_around(candidate.place).is_empty()
}

/// What tells a file that was built.
pub(super) fn head(text: &str) -> Vec<u8> {
    text.bytes().take(4096).collect()
}

/// On an API that went away with the token, another token changes nothing.
fn ended(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Option<Plan> {
    let mut requests = planner.requests_at(candidate.place);
    if requests.is_empty() {
        requests = planner.requests_around(candidate.place);
    }
    requests.iter().find_map(|request| {
        request.urls.iter().chain(&request.body).find_map(|text| {
            let (product, legacy, _) = planner
                .knowledge
                .legacy_in(&text.template(), candidate.product.as_deref())?;
            Some(Plan::display(
                "Move to the successor of this API",
                format!(
                    "this API of {} has ended, with any kind of token: {}",
                    product.name, legacy.note
                ),
            ))
        })
    })
}
