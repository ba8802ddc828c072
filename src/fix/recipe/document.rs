//! Documents and comments: the call that a text shows gets an OAuth access token, and a leaked token goes.
//!
//! Owns which line is rewritten and what happens to it as text; nothing here is run. It must not know code: what a
//! program does is the matter of the other recipes.

mod line;

use crate::finding::{FixKind, PathClass, Safety, path_class};
use crate::fix::edits::TextEdit;
use crate::fix::{Plan, Planner};
use crate::flow::Unit;
use crate::rules::matching::{Candidate, parameter_names, scheme_names};
use crate::rules::model::Matcher;
use crate::syntax::tree::{Language, Span};

const TITLE: &str = "Write the text anew with an OAuth access token";
const WITHOUT_TOKEN: &str = "Take the token out of the text; revoke it in Zoho as well";

/// A longer line (bytes) is no text that people read, and is left alone.
const LONGEST_LINE: usize = 4096;

/// What stands in a text for the value of a token that had to go.
const REMOVED: &str = "<removed>";

/// The plan for what stands in a document, in a comment or in a script without a helper; `None` where this is code.
pub(super) fn plan(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Option<Plan> {
    let unit = planner.units.get(candidate.place.file as usize)?;
    let is = |wanted: fn(&Matcher) -> bool| candidate.rule.matchers.iter().any(wanted);
    let is_mention = is(|matcher| matches!(matcher, Matcher::Mention { .. }));
    let is_literal = is(|matcher| matches!(matcher, Matcher::Literal { .. }));
    let is_sent =
        is(|matcher| matches!(matcher, Matcher::Header { .. } | Matcher::Parameter { .. }));
    if !is_mention && !is_literal && !is_sent {
        return None;
    }
    let is_text = matches!(unit.language(), Language::Text | Language::Markdown);
    let class = path_class::classify(&unit.path, None);
    if matches!(class, PathClass::Generated | PathClass::Vendored) {
        return None;
    }
    let is_document = is_text
        && (class == PathClass::Docs
            || unit.is_typed_in()
            || unit.language() == Language::Markdown);
    if !is_text && !is_mention {
        return None;
    }
    if is_sent && let Some(plan) = super::ended(planner, candidate) {
        return Some(plan);
    }
    if !is_document && !is_mention {
        return is_sent.then(|| by_hand(planner, candidate));
    }
    let place = if is_document {
        if unit.is_typed_in() {
            line::Place::Commands
        } else {
            line::Place::Prose
        }
    } else {
        line::Place::Comment
    };
    rewritten(planner, candidate, unit, place, is_literal).or_else(|| {
        is_sent.then(|| {
            Plan::display(
                TITLE,
                "the text shows the call in a way that is not understood: write it anew by hand",
            )
        })
    })
}

/// A script that is only searched as text.
fn by_hand(planner: &Planner<'_, '_>, candidate: &Candidate<'_>) -> Plan {
    let center = candidate.data_center.as_deref();
    let token = (planner.knowledge.rules).address(center, |protocol| &protocol.token);
    Plan::display(
        "Send an OAuth access token",
        format!(
            "there is no helper for this kind of file: fetch an access token with a POST of grant_type=refresh_token, refresh_token, client_id and client_secret to {token}, use it for less than an hour, and send it as `Authorization: Zoho-oauthtoken <access token>`"
        ),
    )
}

fn rewritten(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    unit: &Unit,
    place: line::Place,
    is_literal: bool,
) -> Option<Plan> {
    let span = candidate.place.span;
    let lines = logical_lines(&unit.text, span)?;
    let text = unit.text.get(lines.start as usize..lines.end as usize)?;
    let rules = planner.knowledge.rules;
    let words = line::Words {
        parameters: parameter_names(rules),
        schemes: scheme_names(rules),
        oauth_scheme: rules.oauth_scheme(),
    };
    // An API that has ended is not called by another token either.
    let has_ended = planner
        .knowledge
        .legacy_in(text, candidate.product.as_deref())
        .is_some();
    let mut changes = line::rewrite(text, &words, place);
    if has_ended || !is_literal && still_speaks_of_it(candidate, text, &changes) {
        changes.clear();
    }
    let mut edits: Vec<TextEdit> = changes
        .into_iter()
        .map(|(range, text)| {
            let span = Span {
                start: lines.start + range.start as u32,
                end: lines.start + range.end as u32,
            };
            TextEdit::replace(&unit.path, span, text)
        })
        .collect();
    if is_literal && !edits.iter().any(|edit| edit.span.contains(span)) {
        let touches = edits
            .iter()
            .any(|edit| edit.span.start < span.end && span.start < edit.span.end);
        if touches {
            return None;
        }
        edits = vec![TextEdit::replace(&unit.path, span, REMOVED)];
    }
    if edits.is_empty() {
        return None;
    }
    Some(Plan {
        title: if is_literal { WITHOUT_TOKEN } else { TITLE }.to_string(),
        safety: Safety::Safe,
        reason: None,
        edits,
        helper: None,
        after: Vec::new(),
        drops: Vec::new(),
        kind: FixKind::Text,
    })
}

/// Whether the text has a word of the rule after these changes.
fn still_speaks_of_it(
    candidate: &Candidate<'_>,
    text: &str,
    changes: &[(std::ops::Range<usize>, String)],
) -> bool {
    let mut after = text.to_ascii_lowercase();
    for (range, new) in changes.iter().rev() {
        after.replace_range(range.clone(), &new.to_ascii_lowercase());
    }
    candidate.rule.matchers.iter().any(|matcher| match matcher {
        Matcher::Mention { words } => words.iter().any(|word| after.contains(word.as_str())),
        _ => false,
    })
}

/// The lines that hold a place, with those that a backslash at the end joins to them; `None` if they are too long.
fn logical_lines(text: &str, span: Span) -> Option<Span> {
    let mut from = (span.start as usize).saturating_sub(LONGEST_LINE);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (span.end as usize + LONGEST_LINE).min(text.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let window = text.get(from..to)?;
    let before = |at: usize| window.get(..at).unwrap_or_default();
    let mut start = before(span.start as usize - from)
        .rfind('\n')
        .map_or(0, |at| at + 1);
    while start > 0 {
        let previous = before(start - 1);
        if !previous.trim_end_matches('\r').ends_with('\\') {
            break;
        }
        start = previous.rfind('\n').map_or(0, |at| at + 1);
    }
    let end_of_line = |at: usize| {
        window
            .get(at..)
            .and_then(|rest| rest.find('\n'))
            .map_or(window.len(), |length| at + length)
    };
    let mut end = end_of_line(span.end as usize - from);
    while end < window.len() && before(end).trim_end_matches('\r').ends_with('\\') {
        end = end_of_line(end + 1);
    }
    let is_cut = start == 0 && from > 0 || end == window.len() && to < text.len();
    (!is_cut).then_some(Span {
        start: (from + start) as u32,
        end: (from + end) as u32,
    })
}
