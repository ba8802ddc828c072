//! Settings that held the token: an environment file, a compose file, the environment of a CI job, a file of
//! properties or JSON that the program reads itself.
//!
//! Owns the three settings that stand in its place: what the helpers read from the environment, or from the one
//! settings file of the program. A setting that the program reads in another way is shown. It must not know how
//! code is changed.

mod line;
mod member;
mod reader;

use super::super::edits::TextEdit;
use super::super::{Plan, Planner};
use crate::finding::{FixKind, Safety};
use crate::flow::Unit;
use crate::flow::value::Place;
use crate::rules::helpers::{Helper, Keys};
use crate::rules::matching::Candidate;
use crate::rules::model::Matcher;
use crate::syntax::tree::{Language, Span};
use line::Line;
use member::Member;
use std::rc::Rc;

/// `process.env.NAME` and the like (bytes).
const LONGEST_QUESTION: usize = 200;
/// What every fix of a setting is called.
pub const TITLE: &str =
    "Put client id, client secret and refresh token in the place of the authtoken";

/// What the helpers cannot do without.
fn required(keys: &Keys) -> [&str; 3] {
    [&keys.client_id, &keys.client_secret, &keys.refresh_token]
}

/// A setting in its file.
enum Old<'t> {
    Line(Line<'t>),
    Member(Member<'t>),
}

impl<'t> Old<'t> {
    /// What holds the setting that is named at a place, if it holds that alone and all of it.
    fn around(language: Language, text: &'t str, key: Span) -> Option<Old<'t>> {
        match language {
            Language::Dotenv | Language::Yaml | Language::Properties => Line::around(text, key)
                .filter(Line::is_all_of_it)
                .map(Old::Line),
            Language::Json => Member::around(text, key).map(Old::Member),
            _ => None,
        }
    }

    fn whole(&self) -> Span {
        match self {
            Old::Line(line) => line.whole,
            Old::Member(member) => member.whole,
        }
    }

    /// What stands in its place; `None` where nothing can.
    fn replaced(&self, names: Option<&[&str]>) -> Option<String> {
        match self {
            Old::Line(line) => Some(line.replaced(names)),
            Old::Member(member) => names.map(|names| member.replaced(names)),
        }
    }
}

/// Plans settings once it is known what becomes of the code that reads them.
pub(in crate::fix) fn plan(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &mut [Option<Plan>],
) {
    let mut given: Vec<(String, Span)> = Vec::new();
    let mut with_helper: Option<Option<Vec<usize>>> = None;
    for (index, candidate) in candidates.iter().enumerate() {
        let is_setting = candidate
            .rule
            .matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::Setting { .. }));
        if !is_setting || plans.get(index).is_some_and(Option::is_some) {
            continue;
        }
        let known = with_helper.get_or_insert_with(|| with_helper_of(planner, plans));
        let known = known.as_deref();
        let plan = replacement(planner, candidate, candidates, plans, &mut given, known);
        if let Some(slot) = plans.get_mut(index) {
            *slot = plan;
        }
    }
}

/// The plan that gives the program a helper, nothing where it has one already; `None` where it gets none.
fn with_helper_of(planner: &Planner<'_, '_>, plans: &[Option<Plan>]) -> Option<Vec<usize>> {
    let is_helper = |unit: &Rc<Unit>| Helper::in_source(&unit.text).is_some();
    if planner.units.iter().any(is_helper) {
        return Some(Vec::new());
    }
    let gets_helper = |plan: &Option<Plan>| {
        let plan = plan.as_ref().filter(|plan| plan.safety != Safety::Display);
        plan.is_some_and(|plan| plan.helper.is_some())
    };
    plans.iter().position(gets_helper).map(|index| vec![index])
}

fn replacement(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    candidates: &[Candidate<'_>],
    plans: &[Option<Plan>],
    given: &mut Vec<(String, Span)>,
    with_helper: Option<&[usize]>,
) -> Option<Plan> {
    let unit = planner.units.get(candidate.place.file as usize)?;
    if unit.is_embedded {
        return None;
    }
    let old = Old::around(unit.language(), &unit.text, candidate.place.span);
    let whole = old.as_ref().map_or(candidate.place.span, Old::whole);
    let key = key_at(planner, candidate.place)?;
    // Who sends what stands here.
    let mut after = Vec::new();
    for (index, other) in candidates.iter().enumerate() {
        let carries = other.carried.iter().any(|place| {
            let is_here = place.file == candidate.place.file && whole.contains(place.span);
            is_here || asks_for(planner, *place, key)
        });
        if !carries {
            continue;
        }
        let is_made = plans
            .get(index)
            .and_then(Option::as_ref)
            .is_some_and(|plan| plan.safety != Safety::Display);
        if !is_made {
            return Some(Plan::display(
                TITLE,
                "code that sends what stands here has to be changed by hand first",
            ));
        }
        after.push(index);
    }
    // Nothing in sight sends it: code that did was changed by a run before, or it is one of a program that gets a helper.
    if after.is_empty() {
        after.extend(with_helper?);
    }
    let made: Vec<&TextEdit> = after
        .iter()
        .filter_map(|index| plans.get(*index)?.as_ref())
        .flat_map(|plan| &plan.edits)
        .collect();
    if let Some(place) = reader::in_need_of(planner.units, key, &made) {
        return Some(Plan::display(
            TITLE,
            format!("the program still reads it at {place}: take that out first"),
        ));
    }
    if unit.language() == Language::Yaml && is_kubernetes(&unit.text) {
        return Some(Plan::display(
            TITLE,
            "objects of Kubernetes tell of this setting in several places: put ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN into the Secret and into the environment of the container",
        ));
    }
    let Some(old) = old else {
        return unit.language().is_config().then(|| {
            Plan::display(
                TITLE,
                "the setting shares its line with others: write ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN in its place",
            )
        });
    };
    let defaults = Keys::default();
    let chosen = planner.settings_files.of(unit);
    let keys = match unit.language() {
        Language::Dotenv | Language::Yaml if is_environment_name(key) => &defaults,
        Language::Properties | Language::Json if chosen.is_some() => {
            chosen.map_or(&defaults, |chosen| &chosen.keys)
        }
        _ => {
            return Some(Plan::display(
                TITLE,
                "the changed code takes ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN from the environment: take this setting out once nothing else reads it",
            ));
        }
    };
    if planner.sources.is_only_read(&unit.path) {
        return Some(Plan::display(
            TITLE,
            "git leaves this file out, so it is changed only when it is named",
        ));
    }
    // In JSON the objects around the setting stay as they are.
    let names: Vec<&str> = match &old {
        Old::Line(_) => required(keys).to_vec(),
        Old::Member(_) => required(keys)
            .map(|name| name.rsplit('.').next().unwrap_or(name))
            .to_vec(),
    };
    // Of several settings in a file that the helper reads, it reads the names of one.
    let is_other = chosen.is_some_and(|chosen| {
        chosen.path == unit.path
            && !chosen
                .key
                .strip_suffix(key)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    // Each service of a compose file and each job has an environment of its own.
    let block = match &old {
        Old::Line(line) if unit.language() == Language::Yaml => line.block(&unit.text),
        _ => Span::new(0, unit.text.len()),
    };
    let is_given = given
        .iter()
        .any(|(path, place)| *path == unit.path && block.contains(*place));
    let has_settings = is_other
        || is_given
        || matches!(old, Old::Line(_)) && names.iter().any(|name| unit.slice(block).contains(name));
    given.push((unit.path.clone(), whole));
    let Some(text) = old.replaced((!has_settings).then_some(names.as_slice())) else {
        return Some(Plan::display(
            TITLE,
            "another setting of this file gives way to the three: take this one out once nothing reads it",
        ));
    };
    Some(Plan {
        title: TITLE.to_string(),
        safety: Safety::Unsafe,
        reason: Some(
            "the program needs values for them wherever it runs, and other programs may read the old one"
                .to_string(),
        ),
        edits: vec![TextEdit::replace(&unit.path, whole, text)],
        helper: None,
        after,
        drops: Vec::new(),
        kind: FixKind::Settings,
    })
}

/// Whether a file holds objects of Kubernetes whose environment names settings of another object.
fn is_kubernetes(text: &str) -> bool {
    let says = |line: &str| matches!(line.trim(), "kind: Secret" | "kind: ConfigMap");
    text.contains("secretKeyRef:") || text.contains("configMapKeyRef:") || text.lines().any(says)
}

/// The name that is written at a place, without its quotes.
fn key_at<'a>(planner: &Planner<'a, '_>, place: Place) -> Option<&'a str> {
    let written = planner.units.get(place.file as usize)?.slice(place.span);
    let written = written.trim_matches(['"', '\'']);
    // A list entry of YAML (`- KEY=value`) is one string.
    Some(written.split_once('=').map_or(written, |(name, _)| name))
}

/// Whether code asks for a setting of this name at a place: one without a value gives the token no other way.
fn asks_for(planner: &Planner<'_, '_>, place: Place, key: &str) -> bool {
    let Some(unit) = planner.units.get(place.file as usize) else {
        return false;
    };
    let text = unit.slice(place.span);
    let is_name =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    !unit.language().is_config()
        && text.len() < LONGEST_QUESTION
        && text.match_indices(key).any(|(at, _)| {
            let bytes = text.as_bytes();
            !is_name(at.checked_sub(1).and_then(|before| bytes.get(before)))
                && !is_name(bytes.get(at + key.len()))
        })
}

/// Names as the environment has them; other keys are read in another way than by the environment.
fn is_environment_name(key: &str) -> bool {
    key.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && key.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_as_the_environment_has_them_are_settings_of_the_environment() {
        assert!(is_environment_name("ZOHO_AUTHTOKEN"));
        assert!(!is_environment_name("zoho.authtoken"));
        assert!(!is_environment_name("authToken"));
        assert!(!is_environment_name("123"));
    }
}
