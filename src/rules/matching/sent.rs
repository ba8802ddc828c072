//! Texts that are sent as a token or a password, whatever they look like: they are secrets by their way.
//!
//! Owns which texts on the way of a credential are a value. It must not know how they are hidden.

use super::candidate::Candidate;
use crate::flow::Unit;
use crate::flow::value::Role;
use crate::rules::model::{Detection, EndpointGroup, Matcher};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// By path, sorted: byte ranges in the decoded text.
pub type SentLiterals<'a> = HashMap<&'a str, Vec<Range<usize>>>;

/// The texts that the candidates send.
pub fn sent_literals<'a>(candidates: &[Candidate<'_>], units: &'a [Rc<Unit>]) -> SentLiterals<'a> {
    let mut sent = SentLiterals::new();
    for candidate in candidates {
        let is_login = asks_for_a_token(candidate.rule);
        for (place, role) in &candidate.flow {
            if *role != Role::Literal || !(is_login || candidate.carried.contains(place)) {
                continue;
            }
            let Some(unit) = units.get(place.file as usize) else {
                continue;
            };
            if let Some(value) = value_in(unit.slice(place.span), candidate.rule) {
                let start = place.span.start as usize;
                sent.entry(&unit.path)
                    .or_default()
                    .push(start + value.start..start + value.end);
            }
        }
    }
    for ranges in sent.values_mut() {
        ranges.sort_by_key(|range| (range.start, range.end));
        ranges.dedup();
    }
    sent
}

/// A request for a new token sends a password.
fn asks_for_a_token(rule: &Detection) -> bool {
    rule.matchers.iter().any(|matcher| {
        matches!(
            matcher,
            Matcher::Endpoint {
                group: EndpointGroup::Paths,
                ..
            }
        )
    })
}

/// Where in a text as it is written the value stands: without quotes and without the scheme.
fn value_in(written: &str, rule: &Detection) -> Option<Range<usize>> {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let start = written.len() - written.trim_start_matches(QUOTES).len();
    let whole = written.trim_matches(QUOTES);
    let schemes = rule.matchers.iter().flat_map(|matcher| match matcher {
        Matcher::Header { schemes, .. } => schemes.as_slice(),
        _ => &[],
    });
    let value = schemes
        .filter_map(|scheme| {
            let (before, value) = whole.split_at_checked(scheme.trim_end().len())?;
            before
                .eq_ignore_ascii_case(scheme.trim_end())
                .then(|| value.trim_start())
        })
        .next()
        .unwrap_or(whole);
    let start = start + (whole.len() - value.len());
    is_value(value).then(|| start..start + value.len())
}

/// Whether a text on the way of a token is the token or a part of it, not a name of one or a piece of a URL.
fn is_value(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_name = text
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        || ["token", "your", "xxx", "secret", "example"]
            .iter()
            .any(|word| lower.contains(word));
    text.len() >= 4
        && !is_name
        && !text.ends_with([' ', '=', '/', '?', '&', ':'])
        && !text.contains("://")
        && !text.contains(['{', '<', '%', '$'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load::load;

    fn value<'t>(written: &'t str, rule: &str) -> Option<&'t str> {
        let rules = load(None).unwrap();
        let rule = rules.detections.iter().find(|one| one.id == rule).unwrap();
        value_in(written, rule).map(|range| &written[range])
    }

    #[test]
    fn a_value_is_what_is_left_without_quotes_and_scheme() {
        for (written, expected) in [
            ("\"blue-horse\"", Some("blue-horse")),
            ("'Zoho-authtoken blue-horse'", Some("blue-horse")),
            ("\"Zoho-authtoken \"", None),
            ("\"ZOHO_AUTHTOKEN\"", None),
            ("\"your-authtoken\"", None),
            ("\"https://desk.zoho.com/\"", None),
            ("\"?authtoken=\"", None),
        ] {
            assert_eq!(value(written, "authtoken-header"), expected, "{written}");
        }
    }

    #[test]
    fn only_a_request_for_a_token_sends_all_that_is_written() {
        let rules = load(None).unwrap();
        let asks = |id: &str| {
            asks_for_a_token(rules.detections.iter().find(|rule| rule.id == id).unwrap())
        };
        assert!(asks("authtoken-create"));
        assert!(!asks("authtoken-header"));
        assert!(!asks("legacy-endpoint"));
    }
}
