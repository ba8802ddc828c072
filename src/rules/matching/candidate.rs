//! What a matcher finds, before positions and texts are made of it.
//!
//! Owns merging: one candidate for each sink, with everything that it explains.

use super::evidence::Evidence;
use super::sent::Sent;
use crate::facts::{Part, Step};
use crate::finding::Confidence;
use crate::flow::value::{Alternative, Place, Role};
use crate::redact::Secret;
use crate::rules::model::{Detection, Level};
use crate::syntax::tree::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One match of one rule.
#[derive(Clone)]
pub struct Candidate<'r> {
    pub rule: &'r Detection,
    pub level: Level,
    pub confidence: Confidence,
    pub product: Option<String>,
    /// The product is that of the surroundings: what another way tells counts for more.
    pub product_is_guess: bool,
    pub data_center: Option<String>,
    pub place: Place,
    pub flow: Vec<Step>,
    /// Where the token itself comes from, without the way of host and path.
    pub carried: Vec<Place>,
    /// The tokens and passwords that are written in the files and go this way.
    pub sent: Vec<Sent>,
    /// For the fingerprint: method, host, path template, parameter names.
    pub evidence: Vec<String>,
    /// Placeholders of the message.
    pub words: BTreeMap<&'static str, String>,
    /// A credential that stands at the place.
    pub secret: Option<Secret>,
    /// Product and id of a legacy endpoint.
    pub legacy: Option<(String, String)>,
    /// Seen only as a string or a pair, not in a known request.
    /// 0 for a known request or use, 1 for a pair, 2 for a string on its own.
    pub looseness: u8,
    /// HTTP method and URL template, where a request is known.
    pub method: Option<String>,
    pub url: Option<String>,
    /// Every request that this is about: one place may send many.
    pub asked: BTreeSet<Asked>,
}

/// A request that is known well enough to be looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// `None` where only the candidate tells it.
    pub product: Option<String>,
    pub method: String,
    /// With `{}` for what is not known.
    pub url: String,
}

impl<'r> Candidate<'r> {
    pub fn new(rule: &'r Detection, place: Place) -> Candidate<'r> {
        Candidate {
            rule,
            level: rule.level,
            confidence: Confidence::Medium,
            product: None,
            product_is_guess: false,
            data_center: None,
            place,
            flow: Vec::new(),
            carried: Vec::new(),
            sent: Vec::new(),
            evidence: Vec::new(),
            words: BTreeMap::new(),
            secret: None,
            legacy: None,
            looseness: 0,
            method: None,
            url: None,
            asked: BTreeSet::new(),
        }
    }

    /// Takes over product and data centre.
    pub fn goes_to(&mut self, evidence: &Evidence) {
        self.product.clone_from(&evidence.product);
        self.product_is_guess = evidence.product_is_guess;
        self.data_center.clone_from(&evidence.data_center);
    }

    pub fn add_flow(&mut self, steps: impl IntoIterator<Item = Step>) {
        for step in steps {
            if !self.flow.iter().any(|known| known.0 == step.0) {
                self.flow.push(step);
            }
        }
    }

    /// Whether this is about a token that is sent, by whatever carrier.
    fn is_token_on_the_wire(&self) -> bool {
        use crate::rules::model::Matcher;
        self.rule.matchers.iter().any(|matcher| {
            matches!(
                matcher,
                Matcher::Header { .. } | Matcher::Parameter { .. } | Matcher::Sdk {}
            )
        })
    }

    fn absorb(&mut self, other: Candidate<'r>) {
        let is_better_known = !other.product_is_guess && self.product_is_guess;
        let is_worse_known = other.product_is_guess && !self.product_is_guess;
        let tells_product = is_better_known && other.product.is_some();
        if tells_product || other.confidence > self.confidence || self.looseness > other.looseness {
            self.confidence = self.confidence.max(other.confidence);
            let keeps_own = is_worse_known && self.product.is_some();
            if other.product.is_some() && !keeps_own {
                self.product.clone_from(&other.product);
                self.product_is_guess = other.product_is_guess;
            }
            if other.data_center.is_some() && !keeps_own {
                self.data_center.clone_from(&other.data_center);
            }
            if other.evidence.len() > self.evidence.len() {
                self.evidence.clone_from(&other.evidence);
            }
            if self.url.is_none() || self.looseness > 0 {
                self.url.clone_from(&other.url);
                self.method.clone_from(&other.method);
            }
            for (word, text) in &other.words {
                self.words.insert(word, text.clone());
            }
        }
        if self.product.is_none() {
            self.product = other.product;
            self.product_is_guess = other.product_is_guess;
        }
        self.data_center = self.data_center.take().or(other.data_center);
        self.secret = self.secret.take().or(other.secret);
        self.looseness = self.looseness.min(other.looseness);
        self.level = self.level.max(other.level);
        self.add_flow(other.flow);
        self.carried.extend(other.carried);
        self.sent.extend(other.sent);
        self.asked.extend(other.asked);
    }
}

/// Joins candidates of one rule at one place, and drops loose ones that another candidate of the same rule
/// explains already: their place is a step of its way.
pub fn merge(candidates: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut merged: Vec<Candidate<'_>> = Vec::new();
    let mut index: HashMap<(&str, Place), usize> = HashMap::new();
    for candidate in candidates {
        let key = (candidate.rule.id.as_str(), candidate.place);
        match index.get(&key) {
            Some(at) => merged[*at].absorb(candidate),
            None => {
                index.insert(key, merged.len());
                merged.push(candidate);
            }
        }
    }
    let mut merged = without_nested(merged);
    let mut explained = Explained::default();
    for candidate in merged.iter().filter(|candidate| candidate.looseness < 2) {
        for place in candidate
            .flow
            .iter()
            .map(|step| step.0)
            .chain([candidate.place])
        {
            explained.add(candidate, place);
        }
    }
    explained.sort();
    merged.retain(|candidate| !explained.by_a_firmer_one(candidate));
    merged
}

/// A place that holds a candidate explains it only if it is no longer than this, in bytes: a whole function
/// explains nothing.
const LONGEST_EXPLANATION: u32 = 400;

/// Places that firm candidates explain, to be asked for those at, within or around another place.
#[derive(Default)]
struct Explained<'c> {
    /// By file, looseness and rule (all rules about a token on the wire are one), in order of their start.
    spans: HashMap<(u32, u8, &'c str), Vec<Span>>,
}

impl<'c> Explained<'c> {
    fn group(candidate: &Candidate<'c>) -> &'c str {
        if candidate.is_token_on_the_wire() {
            ""
        } else {
            &candidate.rule.id
        }
    }

    fn add(&mut self, candidate: &Candidate<'c>, place: Place) {
        let key = (place.file, candidate.looseness, Self::group(candidate));
        self.spans.entry(key).or_default().push(place.span);
    }

    fn sort(&mut self) {
        for spans in self.spans.values_mut() {
            spans.sort_unstable_by_key(|span| (span.start, span.end));
            spans.dedup();
        }
    }

    fn by_a_firmer_one(&self, candidate: &Candidate<'c>) -> bool {
        let wanted = candidate.place.span;
        (0..candidate.looseness).any(|looseness| {
            let key = (candidate.place.file, looseness, Self::group(candidate));
            let Some(spans) = self.spans.get(&key) else {
                return false;
            };
            let earliest = wanted.end.saturating_sub(LONGEST_EXPLANATION);
            let from = spans.partition_point(|span| span.start < earliest.min(wanted.start));
            spans[from..]
                .iter()
                .take_while(|span| span.start <= wanted.end)
                .any(|span| {
                    wanted.contains(*span)
                        || (span.contains(wanted) && span.end - span.start < LONGEST_EXPLANATION)
                })
        })
    }
}

/// The longest place that takes up what lies inside it: a header or a parameter with its value.
const LONGEST_SINK: u32 = 400;

/// The same thing told of a part and of the whole around it: `("authtoken", token)` and the text that the first
/// of the two becomes in a URL.
fn without_nested(merged: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut order: Vec<usize> = (0..merged.len()).collect();
    order.sort_by_key(|at| {
        let (rule, place) = (merged[*at].rule.id.as_str(), merged[*at].place);
        let (start, end) = (place.span.start, place.span.end);
        (rule, place.file, start, std::cmp::Reverse(end))
    });
    let mut slots: Vec<Option<Candidate<'_>>> = merged.into_iter().map(Some).collect();
    let mut outer: Option<usize> = None;
    for at in order {
        let takes_up = outer.is_some_and(|outer| {
            let (Some(outer), Some(inner)) = (&slots[outer], &slots[at]) else {
                return false;
            };
            let (around, place) = (outer.place, inner.place);
            outer.rule.id == inner.rule.id
                && around.file == place.file
                && around.span.contains(place.span)
                && around.span.end - around.span.start <= LONGEST_SINK
                && outer.looseness == inner.looseness
                && outer.secret.is_none()
                && inner.secret.is_none()
        });
        if !takes_up {
            outer = Some(at);
            continue;
        }
        if let Some(inner) = slots[at].take()
            && let Some(outer) = outer.and_then(|outer| slots[outer].as_mut())
        {
            outer.absorb(inner);
        }
    }
    slots.into_iter().flatten().collect()
}

/// The way of a value: where its parts come from, oldest first.
pub fn way(alternatives: &[Alternative]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for alternative in alternatives {
        for piece in &alternative.pieces {
            for step in piece.steps.flatten() {
                if !steps.iter().any(|known| known.0 == step.0) {
                    steps.push(step);
                }
            }
            if let Some(hole) = piece.hole() {
                for step in hole.steps.flatten() {
                    if !steps.iter().any(|known| known.0 == step.0) {
                        steps.push(step);
                    }
                }
                if !steps.iter().any(|known| known.0 == hole.place)
                    && hole.place.span.end > hole.place.span.start
                {
                    steps.push((hole.place, Role::Passed));
                }
            }
        }
    }
    steps
}

/// Where a value comes from: its pieces and every step of theirs.
pub fn sources(alternatives: &[Alternative]) -> Vec<Place> {
    let mut places: Vec<Place> = way(alternatives).into_iter().map(|step| step.0).collect();
    places.extend(
        alternatives
            .iter()
            .flat_map(|alternative| alternative.pieces.iter().map(|piece| piece.place)),
    );
    places
}

/// The same for the bytes `from..to` of a template only.
pub fn sources_within(alternative: &Alternative, from: usize, to: usize) -> Vec<Place> {
    sources(&[within(alternative, from, to)])
}

/// The way of the bytes `from..to` of a template only.
pub fn way_within(alternative: &Alternative, from: usize, to: usize) -> Vec<Step> {
    way(&[within(alternative, from, to)])
}

/// Where the written parts of a string stand.
pub fn literal_places(alternative: &Alternative) -> Vec<Step> {
    alternative
        .pieces
        .iter()
        .filter(|piece| piece.literal().is_some_and(|literal| literal.len() > 1))
        .map(|piece| (piece.place, Role::Literal))
        .collect()
}

fn within(alternative: &Alternative, from: usize, to: usize) -> Alternative {
    let mut start = 0;
    let mut pieces = Vec::new();
    for piece in &alternative.pieces {
        let end = start + piece.literal().map_or(2, str::len);
        if start < to && end > from {
            pieces.push(piece.clone());
        }
        start = end;
    }
    Alternative { pieces }
}

/// The way of a part: of its value, its name, and to the request.
pub fn way_of_part(part: &Part) -> Vec<Step> {
    let mut steps = way(&part.value);
    steps.extend(way(&part.name));
    steps.extend(part.steps.flatten());
    steps
}

/// The piece of an alternative in which byte `at` of its template stands, with the offset in that piece.
pub fn piece_at(
    alternative: &Alternative,
    at: usize,
) -> Option<(&crate::flow::value::Piece, usize)> {
    let mut start = 0;
    for piece in &alternative.pieces {
        let length = piece.literal().map_or(2, str::len);
        if at < start + length {
            return Some((piece, at - start));
        }
        start += length;
    }
    alternative.pieces.last().map(|piece| (piece, 0))
}

/// The place of `length` bytes at `at` of the template, as exact as the source allows.
pub fn place_at(alternative: &Alternative, at: usize, length: usize) -> Option<Place> {
    let (piece, offset) = piece_at(alternative, at)?;
    let mut place = piece.place;
    if let Some(literal) = piece.literal()
        && piece.mapping == crate::syntax::tree::Mapping::Exact
        && (place.span.end - place.span.start) as usize == literal.len()
    {
        let end = (offset + length).min(literal.len());
        place.span.end = place.span.start + end as u32;
        place.span.start += offset as u32;
    }
    Some(place)
}
