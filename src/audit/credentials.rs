//! What is to be revoked or changed at Zoho, whatever becomes of the code: the tokens and passwords that were seen on
//! their way, where they stand, and where they still stand once the changes are made.
//!
//! It must not know how fixes are made, nor show a value.

use super::load::Files;
use super::rounds::Rounds;
use crate::finding::Confidence;
use crate::redact::Secret;
use crate::rules::matching::{Candidate, Knowledge, SentAs, sent_literals};
use crate::rules::model::Matcher;
use crate::scan::LineIndex;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// By path: where secrets stand in the decoded texts.
pub type Hidden = BTreeMap<String, Vec<Range<usize>>>;

/// A token or password that is written in the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    pub sent_as: SentAs,
    pub mask: String,
    /// The name of the product that it was sent to.
    pub product: Option<String>,
    /// Path and line.
    pub places: Vec<(String, usize)>,
    /// Where it stands after the changes although nothing that was found sends it from there.
    pub remains: Vec<(String, usize)>,
}

/// What has to be masked in the files, whatever it looks like.
pub(super) fn hidden(rounds: &Rounds<'_>) -> Hidden {
    sent_literals(&rounds.candidates, &rounds.units)
        .into_iter()
        .map(|(path, ranges)| (path.to_string(), ranges))
        .collect()
}

/// One value, while its places are collected.
struct Seen<'a> {
    sent_as: SentAs,
    product: Option<String>,
    /// Path and range of each part.
    places: BTreeSet<(&'a str, usize, usize)>,
}

/// Every token and password on its way, in the order of the files.
pub(super) fn exposed(
    knowledge: &Knowledge<'_>,
    before: (&Files, &Rounds<'_>),
    after: (&Files, &Rounds<'_>),
) -> Vec<Exposed> {
    let (files, rounds) = before;
    let told = told(files, rounds);
    let mut seen: HashMap<&Secret, Seen<'_>> = HashMap::new();
    for candidate in rounds
        .candidates
        .iter()
        .filter(|candidate| candidate.confidence >= Confidence::Medium)
    {
        for sent in &candidate.sent {
            let Some(value) = &sent.value else { continue };
            let one = seen.entry(value).or_insert_with(|| Seen {
                sent_as: sent.sent_as,
                product: None,
                places: BTreeSet::new(),
            });
            if one.product.is_none() {
                one.product.clone_from(&candidate.product);
            }
            // A text of several parts is named by the first.
            if let Some(place) = sent.parts.first()
                && let Some(unit) = rounds.units.get(place.file as usize)
            {
                let (start, end) = (place.span.start as usize, place.span.end as usize);
                one.places.insert((unit.path.as_str(), start, end));
            }
        }
    }
    // What comments and scripts tell of is no request, and was readable all the same.
    for (path, product, range, value) in &told {
        let one = seen.entry(value).or_insert_with(|| Seen {
            sent_as: SentAs::Token,
            product: product.cloned(),
            places: BTreeSet::new(),
        });
        one.places.insert((*path, range.start, range.end));
    }
    let mut written: HashMap<&str, Written<'_>> = HashMap::new();
    for (path, start, end) in seen.values().flat_map(|one| &one.places) {
        if let Some(text) = files.loaded.get(*path).map(|loaded| &loaded.text)
            && let Some(value) = text.get(*start..*end)
        {
            written.entry(path).or_default().add(value);
        }
    }
    let still_sent = still_sent(after.1);
    let remaining: HashMap<&str, HashMap<&str, Vec<usize>>> = written
        .iter()
        .filter_map(|(path, written)| {
            // What is not read again was not changed.
            let now = after.0.loaded.get(*path).or(files.loaded.get(*path))?;
            let index = LineIndex::new(&now.text);
            let mut lines: HashMap<&str, Vec<usize>> = HashMap::new();
            for (value, at) in written.occurrences(&now.text) {
                if !still_sent.contains(&(*path, at)) {
                    lines
                        .entry(value)
                        .or_default()
                        .push(index.position(at).line);
                }
            }
            Some((*path, lines))
        })
        .collect();
    let mut indices: HashMap<&str, LineIndex<'_>> = HashMap::new();
    let mut found: Vec<Exposed> = seen
        .into_iter()
        .map(|(value, one)| {
            let mut places: Vec<(String, usize)> = Vec::new();
            let mut remains: Vec<(String, usize)> = Vec::new();
            for (path, start, end) in &one.places {
                let Some(text) = files.loaded.get(*path).map(|loaded| &loaded.text) else {
                    continue;
                };
                let index = indices.entry(path).or_insert_with(|| LineIndex::new(text));
                places.push((path.to_string(), index.position(*start).line));
                let lines = text
                    .get(*start..*end)
                    .and_then(|written| remaining.get(path)?.get(written));
                remains.extend(
                    lines
                        .into_iter()
                        .flatten()
                        .map(|line| (path.to_string(), *line)),
                );
            }
            for list in [&mut places, &mut remains] {
                list.sort();
                list.dedup();
            }
            Exposed {
                sent_as: one.sent_as,
                mask: value.mask(),
                product: one
                    .product
                    .and_then(|id| knowledge.product(&id))
                    .map(|product| product.name.clone()),
                places,
                remains,
            }
        })
        .filter(|one| !one.places.is_empty())
        .collect();
    found.sort_by(|left, right| left.places.cmp(&right.places));
    found
}

/// Tokens that stand behind their name in the files that something was found in.
fn told<'a>(
    files: &Files,
    rounds: &'a Rounds<'_>,
) -> Vec<(&'a str, Option<&'a String>, Range<usize>, Secret)> {
    let mut products: BTreeMap<&str, Option<&String>> = BTreeMap::new();
    for candidate in &rounds.candidates {
        if let Some(unit) = rounds.units.get(candidate.place.file as usize) {
            let known = products.entry(unit.path.as_str()).or_default();
            *known = known.or(candidate.product.as_ref());
        }
    }
    let mut found = Vec::new();
    for (path, product) in products {
        let Some(loaded) = files.loaded.get(path) else {
            continue;
        };
        for range in named_tokens(&loaded.text) {
            if let Some(value) = loaded.text.get(range.clone()) {
                found.push((path, product, range, Secret::new(value)));
            }
        }
    }
    found
}

/// Values of the shape of a token behind the word `authtoken`.
fn named_tokens(text: &str) -> Vec<Range<usize>> {
    const NAME: &str = "authtoken";
    /// Zoho's tokens have 32 hexadecimal digits.
    const LENGTH: usize = 32;
    /// A made-up value repeats few characters.
    const DISTINCT: usize = 6;
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, _) in lower.match_indices(NAME) {
        let rest = lower.get(at + NAME.len()..).unwrap_or_default();
        let value = rest.trim_start_matches([' ', '=', ':', '"', '\'', '`']);
        let value = value.get(..LENGTH).filter(|value| {
            value.bytes().all(|byte| byte.is_ascii_hexdigit())
                && value.bytes().any(|byte| byte.is_ascii_digit())
                && value.bytes().collect::<BTreeSet<u8>>().len() >= DISTINCT
        });
        let Some(value) = value else { continue };
        let start = at + NAME.len() + rest.find(value).unwrap_or_default();
        let end = start + LENGTH;
        let goes_on = (lower.as_bytes().get(end)).is_some_and(u8::is_ascii_alphanumeric);
        if !goes_on {
            found.push(start..end);
        }
    }
    found
}

/// Where values begin that a request still sends, by path.
fn still_sent<'a>(rounds: &'a Rounds<'_>) -> HashSet<(&'a str, usize)> {
    rounds
        .candidates
        .iter()
        .filter(|candidate| is_request(candidate))
        .flat_map(|candidate| candidate.sent.iter().flat_map(|sent| &sent.parts))
        .filter_map(|place| {
            let unit = rounds.units.get(place.file as usize)?;
            Some((unit.path.as_str(), place.span.start as usize))
        })
        .collect()
}

/// A text of its own is no request: it may be left over from one.
fn is_request(candidate: &Candidate<'_>) -> bool {
    let is_known = candidate.looseness < 2;
    is_known
        && candidate.rule.matchers.iter().any(|matcher| {
            matches!(
                matcher,
                Matcher::Header { .. }
                    | Matcher::Parameter { .. }
                    | Matcher::Sdk {}
                    | Matcher::Endpoint { .. }
            )
        })
}

/// Values of one file, by their first bytes, so that its text is searched for all of them at once.
#[derive(Default)]
struct Written<'a> {
    by_start: HashMap<&'a [u8], BTreeSet<&'a str>>,
}

impl<'a> Written<'a> {
    const START: usize = 4;

    fn add(&mut self, value: &'a str) {
        if let Some(start) = value.as_bytes().get(..Self::START) {
            self.by_start.entry(start).or_default().insert(value);
        }
    }

    /// Where the values stand and are no part of a longer word.
    fn occurrences(&self, text: &str) -> Vec<(&'a str, usize)> {
        let bytes = text.as_bytes();
        let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let mut found = Vec::new();
        for (at, start) in bytes.windows(Self::START).enumerate() {
            if is_word(at.checked_sub(1).and_then(|before| bytes.get(before))) {
                continue;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            for value in self.by_start.get(start).into_iter().flatten() {
                if rest.starts_with(value.as_bytes()) && !is_word(bytes.get(at + value.len())) {
                    found.push((*value, at));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_behind_its_name_is_found_and_a_placeholder_is_not() {
        let token = "182b0000ffff1111eeee2222dddd3333";
        let text = format!("// leaked: Zoho-authtoken {token}\n# authtoken={token}&scope=x");
        let found: Vec<&str> = named_tokens(&text)
            .into_iter()
            .map(|at| &text[at])
            .collect();
        assert_eq!(found, [token, token]);
        assert!(named_tokens("authtoken=your_token_goes_here_your_token_goes").is_empty());
        assert!(named_tokens("authtoken=00000000000000000000000000000000").is_empty());
    }

    #[test]
    fn values_are_found_where_they_are_no_part_of_a_longer_word() {
        let mut written = Written::default();
        for value in ["blue-horse", "blue", "no"] {
            written.add(value);
        }
        let found = written.occurrences("blue-horse bluebird 'blue' xblue no");
        assert_eq!(found, [("blue", 0), ("blue-horse", 0), ("blue", 21)]);
    }
}
