//! Endpoints: where tokens are made, and those that went away with the token.

use super::Matching;
use super::candidate::{Candidate, place_at, way};
use super::evidence::{Evidence, Strength, endpoint_in, names_authtoken};
use super::sent::{Sent, SentAs, end_in_url};
use crate::facts::{Part, Request};
use crate::finding::Confidence;
use crate::flow::value::{Alternative, Place, Role};
use crate::rules::model::{Detection, EndpointGroup, Matcher};

/// What the parameter with a password is called where Zoho makes tokens and tickets.
const PASSWORDS: [&str; 2] = ["password", "passwd"];

impl<'r> Matching<'_, 'r> {
    pub(super) fn endpoints(&self, found: &mut Vec<Candidate<'r>>) {
        for request in &self.facts.requests {
            let mut evidence = self.knowledge.assess(request);
            if let Some(place) = request.place {
                self.complete(&mut evidence, place);
            }
            for url in &request.urls {
                self.endpoint(url, Some(request), &evidence, request.place, 0, found);
            }
        }
        for text in &self.facts.texts {
            for alternative in &text.text {
                if self.is_recorded_answer(text.place) {
                    continue;
                }
                let lonely = Request {
                    urls: vec![alternative.clone()],
                    ..Request::default()
                };
                let mut evidence = self.knowledge.assess(&lonely);
                self.complete(&mut evidence, text.place);
                self.endpoint(alternative, None, &evidence, Some(text.place), 2, found);
            }
        }
    }

    fn endpoint(
        &self,
        url: &Alternative,
        request: Option<&Request>,
        evidence: &Evidence,
        whole: Option<Place>,
        looseness: u8,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let template = url.template();
        // A page of prose or markup is no URL.
        if template.len() > 4000 || (looseness > 0 && is_prose(&template)) {
            return;
        }
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                let Matcher::Endpoint { group, paths } = matcher else {
                    continue;
                };
                match group {
                    EndpointGroup::Paths => self.create(
                        rule, paths, url, &template, request, evidence, whole, looseness, found,
                    ),
                    EndpointGroup::Legacy => self.legacy(
                        rule, url, &template, request, evidence, whole, looseness, found,
                    ),
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn create(
        &self,
        rule: &'r Detection,
        paths: &[String],
        url: &Alternative,
        template: &str,
        request: Option<&Request>,
        evidence: &Evidence,
        whole: Option<Place>,
        looseness: u8,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let Some((path, at)) = endpoint_in(template, paths) else {
            return;
        };
        let Some(place) = place_at(url, at, path.len()) else {
            return;
        };
        let mut candidate = Candidate::new(rule, place);
        candidate.looseness = looseness;
        candidate.confidence = if evidence.is_foreign {
            Confidence::Low
        } else {
            Confidence::High
        };
        candidate.product = self
            .knowledge
            .product_of_words(template)
            .or_else(|| evidence.product.clone());
        candidate.data_center.clone_from(&evidence.data_center);
        candidate.words.insert("name", path.clone());
        self.describe(&mut candidate, request, evidence);
        candidate.evidence.push(format!("endpoint:{path}"));
        candidate.add_flow(way(std::slice::from_ref(url)));
        // What the answer holds is kept a few lines on.
        let near = self.facts.pairs.iter().filter(|pair| {
            pair.part.place.file == place.file
                && (place.span.start..place.span.start.saturating_add(2_000))
                    .contains(&pair.part.place.span.start)
                && pair
                    .part
                    .name
                    .iter()
                    .filter_map(Alternative::constant)
                    .any(|name| names_authtoken(&name))
        });
        candidate.add_flow(near.map(|pair| (pair.part.place, Role::Stored)));
        if let (Some(_), Some(whole)) = (request, whole) {
            candidate.add_flow([(whole, Role::Request)]);
        }
        candidate.sent = self.passwords(url, request, place);
        found.push(candidate);
    }

    /// The passwords that go with a request for a token: in its URL or body, as parameters, or in pairs near it.
    fn passwords(&self, url: &Alternative, request: Option<&Request>, place: Place) -> Vec<Sent> {
        /// How far from the URL its parameters may be put together, in bytes.
        const NEAR: u32 = 2_000;
        let is_password = |part: &Part| PASSWORDS.iter().any(|name| part.is_named(name));
        let near = self
            .facts
            .pairs
            .iter()
            .map(|pair| &pair.part)
            .filter(|part| {
                part.place.file == place.file
                    && part.place.span.start.abs_diff(place.span.start) < NEAR
            });
        let parts = request
            .into_iter()
            .flat_map(|request| request.query.iter().chain(&request.form))
            .chain(near)
            .filter(|part| is_password(part))
            .flat_map(|part| &part.value)
            .filter_map(|value| Sent::within(value, 0..value.template().len(), SentAs::Password));
        let bodies = request.into_iter().flat_map(|request| &request.body);
        let texts = bodies.chain([url]).flat_map(|text| {
            let template = text.template();
            let lower = template.to_ascii_lowercase();
            let mut found = Vec::new();
            for name in PASSWORDS {
                let wanted = format!("{name}=");
                for (at, _) in lower.match_indices(&wanted) {
                    let from = at + wanted.len();
                    let value = from..end_in_url(&template, from);
                    found.extend(Sent::within(text, value, SentAs::Password));
                }
            }
            found
        });
        parts.chain(texts).collect()
    }

    #[allow(clippy::too_many_arguments)]
    fn legacy(
        &self,
        rule: &'r Detection,
        url: &Alternative,
        template: &str,
        request: Option<&Request>,
        evidence: &Evidence,
        whole: Option<Place>,
        looseness: u8,
        found: &mut Vec<Candidate<'r>>,
    ) {
        if evidence.is_foreign {
            return;
        }
        let near = whole.and_then(|place| self.only_legacy_product(place.file));
        let Some((product, legacy, at)) = self.knowledge.legacy_in(template, near.as_deref())
        else {
            return;
        };
        let Some(place) = place_at(
            url,
            at,
            template[at..]
                .find(['?', ' ', '"'])
                .unwrap_or(template.len() - at)
                .max(1),
        ) else {
            return;
        };
        // An endpoint that only its host gives away is told where the token goes into the request.
        let place = match request
            .filter(|_| !legacy.distinctive)
            .and_then(|request| self.token_place(request))
        {
            Some(token) => token,
            None => place,
        };
        let mut candidate = Candidate::new(rule, place);
        candidate.looseness = looseness;
        candidate.confidence = if legacy.distinctive || evidence.strength >= Strength::Host {
            Confidence::High
        } else {
            Confidence::Medium
        };
        candidate.product = Some(product.id.clone());
        candidate.data_center.clone_from(&evidence.data_center);
        candidate.legacy = Some((product.id.clone(), legacy.id.clone()));
        candidate
            .words
            .insert("successor", legacy.successor.clone());
        candidate.words.insert("name", legacy.id.clone());
        self.describe(&mut candidate, request, evidence);
        candidate.evidence.push(format!("legacy:{}", legacy.id));
        candidate.add_flow(way(std::slice::from_ref(url)));
        if let (Some(_), Some(whole)) = (request, whole) {
            candidate.add_flow([(whole, Role::Request)]);
        }
        found.push(candidate);
    }

    /// `"uri": "/crm/private/…"` of a stored answer: what was asked once, not what is asked.
    fn is_recorded_answer(&self, place: Place) -> bool {
        let before = self.before(place, 24);
        let before = before
            .trim_end()
            .trim_end_matches(['"', '\'', '`'])
            .trim_end();
        let Some(before) = before.strip_suffix([':', '=']) else {
            return false;
        };
        let name = before.trim_end().trim_end_matches(['"', '\'']);
        name.ends_with("uri")
            && !name.ends_with("_uri")
            && self
                .slice(place)
                .trim_start_matches(['"', '\''])
                .starts_with('/')
    }

    /// Where a request takes the authtoken, if it does.
    fn token_place(&self, request: &Request) -> Option<Place> {
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                let names = match matcher {
                    Matcher::Parameter { names, .. } => names,
                    _ => continue,
                };
                let mut parts = request.query.iter().chain(&request.form);
                if let Some(part) = parts.find(|part| names.iter().any(|name| part.is_named(name)))
                {
                    return Some(part.place);
                }
            }
        }
        None
    }

    /// The product of a file in which every host is one of the same product: there a path alone says enough.
    fn only_legacy_product(&self, file: u32) -> Option<String> {
        let known = self.file(file);
        if !known.has_host {
            return None;
        }
        known.products.first().cloned()
    }
}

fn is_prose(text: &str) -> bool {
    text.split_whitespace().count() > 12 || text.contains('\n') && text.len() > 300
}
