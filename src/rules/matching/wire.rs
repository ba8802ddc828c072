//! Tokens on the wire: headers and parameters of requests, and of pairs and strings that look like them.

use super::Matching;
use super::candidate::{
    Asked, Candidate, literal_places, piece_at, place_at, sources, sources_within, way,
    way_of_part, way_within,
};
use super::evidence::{Evidence, Knowledge, Strength, squeeze};
use super::sent::{Sent, SentAs, end_in_url};
use super::value_shape::{is_oauth_token, is_placeholder_scheme, looks_like_authtoken};
use crate::facts::{PairKind, Part, Receiver, Request};
use crate::finding::Confidence;
use crate::flow::value::{Alternative, OriginKind, Place, Role};
use crate::rules::model::{CarrierKind, Detection, IncompleteCheck, Matcher};
use std::collections::HashSet;

/// What the value of an `Authorization` header is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum HeaderValue {
    /// Begins with the legacy scheme; where in the template.
    Legacy(usize),
    /// `Zoho-oauthtoken`, `Bearer` or any other scheme.
    OtherScheme,
    /// `Zoho-oauthtoken` directly followed by the token.
    NoBlank,
    /// No scheme: a bare value.
    Raw,
    /// Nothing can be said.
    Unclear,
}

impl<'r> Matching<'_, 'r> {
    /// Headers and parameters of one known request.
    pub(super) fn request(&self, request: &Request, found: &mut Vec<Candidate<'r>>) {
        let Some(place) = request.place else { return };
        let mut evidence = self.knowledge.assess(request);
        self.complete(&mut evidence, place);
        let mut oauth_header: Option<Place> = None;
        for part in &request.headers {
            for alternative in &part.value {
                let template = alternative.template();
                if part.is_named("authorization")
                    && squeeze(&template).starts_with("zohooauthtoken")
                {
                    oauth_header = Some(part.place);
                }
            }
        }
        let mut authtoken_parameter: Option<Place> = None;
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                match matcher {
                    Matcher::Header {
                        names,
                        schemes,
                        raw,
                    } => {
                        for part in &request.headers {
                            self.header(
                                rule,
                                names,
                                schemes,
                                *raw,
                                part,
                                Some(request),
                                &evidence,
                                0,
                                found,
                            );
                        }
                    }
                    Matcher::Parameter { names, needs_zoho } => {
                        for part in request.query.iter().chain(&request.form) {
                            if names.iter().any(|name| part.is_named(name))
                                && self.parameter(
                                    rule,
                                    *needs_zoho,
                                    part,
                                    Some(request),
                                    &evidence,
                                    0,
                                    found,
                                )
                            {
                                authtoken_parameter = Some(part.place);
                            }
                        }
                        for url in request.urls.iter().chain(&request.body) {
                            if let Some(place) = self.parameter_in_text(
                                rule,
                                names,
                                *needs_zoho,
                                url,
                                Some(request),
                                &evidence,
                                0,
                                found,
                            ) {
                                authtoken_parameter = Some(place);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        if let (Some(header), Some(parameter)) = (oauth_header, authtoken_parameter) {
            self.incomplete(
                IncompleteCheck::BothForms,
                header,
                &evidence,
                vec![(parameter, Role::Sent)],
                found,
            );
        }
        self.oauth_in_url(request, &evidence, found);
    }

    /// Fills what the request leaves open from the file and the project.
    pub(super) fn complete(&self, evidence: &mut Evidence, place: Place) {
        let known = self.file(place.file);
        if evidence.strength < Strength::File {
            if known.says_zoho {
                evidence.strength = Strength::File;
            } else if self.project.says_zoho && evidence.strength < Strength::Project {
                evidence.strength = Strength::Project;
            }
        }
        if evidence.product.is_none() {
            evidence.product_is_guess = true;
            if !evidence.goes_elsewhere() {
                evidence.product = self.product_at(place);
            }
        }
        if evidence.data_center.is_none() && evidence.strength >= Strength::Words {
            evidence.data_center.clone_from(&known.data_center);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn header(
        &self,
        rule: &'r Detection,
        names: &[String],
        schemes: &[String],
        raw: bool,
        part: &Part,
        request: Option<&Request>,
        evidence: &Evidence,
        looseness: u8,
        found: &mut Vec<Candidate<'r>>,
    ) {
        // A header that is itself called by the scheme.
        let is_scheme_name = schemes.iter().any(|scheme| part.is_named(scheme));
        if !is_scheme_name && !names.iter().any(|name| part.is_named(name)) {
            return;
        }
        let mut legacy = None;
        let mut raw_alternatives: Vec<&Alternative> = Vec::new();
        let mut has_other_scheme = false;
        let mut no_blank = false;
        for alternative in &part.value {
            match header_value(alternative, schemes) {
                HeaderValue::Legacy(at) => legacy = legacy.or(Some((alternative, at))),
                HeaderValue::OtherScheme => has_other_scheme = true,
                HeaderValue::NoBlank => no_blank = true,
                HeaderValue::Raw => raw_alternatives.push(alternative),
                HeaderValue::Unclear => {}
            }
        }
        let hard_coded = part.value.iter().any(|value| {
            value.constant().is_some_and(|value| {
                let mut words = value.split_whitespace();
                words
                    .next()
                    .is_some_and(|scheme| scheme.eq_ignore_ascii_case("zoho-oauthtoken"))
                    && words.next().is_some_and(is_oauth_token)
            })
        });
        if hard_coded && !evidence.is_foreign {
            self.incomplete(
                IncompleteCheck::HardCodedToken,
                part.place,
                evidence,
                way_of_part(part),
                found,
            );
        }
        if no_blank {
            self.incomplete(
                IncompleteCheck::MissingBlank,
                part.place,
                evidence,
                way_of_part(part),
                found,
            );
        }
        let mut candidate = Candidate::new(rule, part.place);
        candidate.looseness = looseness;
        candidate.goes_to(evidence);
        candidate.words.insert("name", "Authorization".to_string());
        if let Some((alternative, at)) = legacy {
            let rest: String = alternative.template()[at..].to_string();
            let value = squeeze(&rest);
            if let Some(after) = schemes
                .iter()
                .find_map(|scheme| value.strip_prefix(squeeze(scheme).as_str()))
                && after.starts_with("1000")
                && is_oauth_token(rest.split_whitespace().last().unwrap_or(""))
            {
                self.incomplete(
                    IncompleteCheck::OauthTokenAsAuthtoken,
                    part.place,
                    evidence,
                    way_of_part(part),
                    found,
                );
                return;
            }
            candidate.confidence = Confidence::High;
            candidate
                .words
                .insert("scheme", schemes.first().cloned().unwrap_or_default());
        } else if is_scheme_name {
            candidate.confidence = if evidence.strength >= Strength::File {
                Confidence::High
            } else {
                Confidence::Medium
            };
            candidate
                .words
                .insert("scheme", schemes.first().cloned().unwrap_or_default());
        } else {
            if !raw
                || raw_alternatives.is_empty()
                || has_other_scheme
                || no_blank
                || evidence.is_foreign
            {
                return;
            }
            let accepts = evidence
                .product
                .as_deref()
                .and_then(|id| self.knowledge.product(id))
                .is_none_or(|product| {
                    product.carriers.is_empty()
                        || product.carriers.iter().any(|carrier| {
                            matches!(
                                carrier.kind,
                                CarrierKind::RawHeader | CarrierKind::SchemeHeader
                            )
                        })
                        || evidence.strength >= Strength::Words
                });
            if !accepts {
                return;
            }
            if raw_alternatives.iter().any(|alternative| {
                alternative
                    .constant()
                    .is_some_and(|value| is_oauth_token(&value))
            }) {
                return;
            }
            let known_token = raw_alternatives.iter().any(|alternative| {
                alternative
                    .constant()
                    .is_some_and(|value| looks_like_authtoken(&value))
            });
            let unclear = raw_alternatives.iter().all(|alternative| {
                alternative
                    .pieces
                    .iter()
                    .any(|piece| piece.hole().is_some_and(is_not_a_token))
            });
            if unclear && !known_token {
                return;
            }
            // A function is read with its callers and without. What these say counts for both.
            let is_given = raw_alternatives.iter().all(|alternative| {
                matches!(alternative.pieces.as_slice(), [only] if only
                    .hole()
                    .is_some_and(|unknown| unknown.kind == OriginKind::Parameter))
            });
            if is_given && self.migrated_headers.contains(&part.place) {
                return;
            }
            candidate.confidence = match evidence.strength {
                Strength::Host => Confidence::High,
                Strength::Words => Confidence::High,
                _ if raw_alternatives.iter().any(|alternative| {
                    alternative
                        .constant()
                        .is_some_and(|value| self.known_values.borrow().contains(value.trim()))
                }) =>
                {
                    Confidence::High
                }
                Strength::File if self.has_companion(request) => Confidence::Medium,
                Strength::File if known_token && self.file_has_host(part.place.file) => {
                    Confidence::Medium
                }
                // The request goes to some other place than the hosts of the file.
                _ if request.is_some_and(|request| {
                    request.client.is_some() && !request.urls.is_empty() && !request.is_defaults
                }) =>
                {
                    Confidence::Low
                }
                Strength::File if self.file_has_host(part.place.file) => Confidence::Medium,
                Strength::File if known_token => Confidence::Medium,
                _ => Confidence::Low,
            };
            if !self.is_proven_authtoken(part, &raw_alternatives, request, evidence) {
                candidate.confidence = Confidence::Low;
            }
            candidate.words.insert("scheme", "no scheme".to_string());
        }
        self.describe(&mut candidate, request, evidence);
        candidate.evidence.push("header:authorization".to_string());
        candidate.add_flow(way_of_part(part));
        candidate.carried = sources(&part.value);
        let tokens = part
            .value
            .iter()
            .filter_map(|value| token_in_header(value, schemes, is_scheme_name));
        candidate.sent.extend(tokens);
        if let Some(request) = request
            && let Some(place) = request.place
        {
            candidate.add_flow([(place, Role::Request)]);
        }
        found.push(candidate);
    }

    #[allow(clippy::too_many_arguments)]
    fn parameter(
        &self,
        rule: &'r Detection,
        needs_zoho: bool,
        part: &Part,
        request: Option<&Request>,
        evidence: &Evidence,
        looseness: u8,
        found: &mut Vec<Candidate<'r>>,
    ) -> bool {
        if evidence.is_foreign || (needs_zoho && evidence.strength < Strength::Project) {
            return false;
        }
        if request.is_none() && self.is_token_of_another(part) {
            return false;
        }
        if part
            .value
            .iter()
            .any(|value| value.constant().is_some_and(|value| is_oauth_token(&value)))
        {
            self.incomplete(
                IncompleteCheck::OauthTokenAsAuthtoken,
                part.place,
                evidence,
                way_of_part(part),
                found,
            );
            return false;
        }
        let mut candidate = Candidate::new(rule, part.place);
        candidate.looseness = looseness;
        candidate.confidence = self.confidence_of(evidence, part.place.file);
        // `anything("authtoken", value)` needs more than the bare word zoho somewhere in the file.
        let code = self.slice(part.place);
        let is_call = code.starts_with(['"', '\'', '`']) && !code.contains(':');
        let is_weak_name = !names_authtoken_plainly(part) && evidence.strength < Strength::Words;
        if looseness > 0 && is_weak_name {
            candidate.confidence = Confidence::Low;
        }
        if looseness > 0
            && is_call
            && evidence.strength <= Strength::File
            && !self.file_is_zoho(part.place.file)
        {
            candidate.confidence = Confidence::Low;
        }
        candidate.goes_to(evidence);
        let name = part
            .name
            .iter()
            .filter_map(Alternative::constant)
            .next()
            .unwrap_or_default();
        candidate.words.insert("name", name.clone());
        self.describe(&mut candidate, request, evidence);
        candidate
            .evidence
            .push(format!("parameter:{}", name.to_ascii_lowercase()));
        candidate.add_flow(way_of_part(part));
        candidate.carried = sources(&part.value);
        candidate.sent.extend(
            part.value
                .iter()
                .filter_map(|value| Sent::within(value, 0..value.template().len(), SentAs::Token)),
        );
        if let Some(place) = request.and_then(|request| request.place) {
            candidate.add_flow([(place, Role::Request)]);
        }
        found.push(candidate);
        true
    }

    /// `authtoken=` in a URL or body. Gives the place, if there is one.
    #[allow(clippy::too_many_arguments)]
    fn parameter_in_text(
        &self,
        rule: &'r Detection,
        names: &[String],
        needs_zoho: bool,
        text: &Alternative,
        request: Option<&Request>,
        evidence: &Evidence,
        looseness: u8,
        found: &mut Vec<Candidate<'r>>,
    ) -> Option<Place> {
        let template = text.template();
        let lower = template.to_ascii_lowercase();
        for name in names {
            let wanted = format!("{}=", name.to_ascii_lowercase());
            let mut from = 0;
            while let Some(at) = lower
                .get(from..)
                .and_then(|rest| rest.find(&wanted))
                .map(|at| at + from)
            {
                from = at + wanted.len();
                let before = lower[..at].chars().next_back();
                // The parameter of the deletion call is what it deletes; `oauthtoken=` is another word.
                let starts = before.is_none_or(|character| {
                    matches!(character, '?' | '&' | ' ' | '}' | ';' | '"' | '\'')
                }) || lower[..at].ends_with("%26");
                if !starts || lower[..at].contains("apiauthtoken/") {
                    continue;
                }
                // In a sentence, or in a regular expression, nothing is sent.
                let next = template[from..].trim_start_matches(['"', '\'']);
                if next.starts_with([' ', '(', '[', ',', ')'])
                    || template.split_whitespace().count() > 12
                {
                    continue;
                }
                if evidence.is_foreign || (needs_zoho && evidence.strength < Strength::Project) {
                    return None;
                }
                // A name from a constant stands elsewhere: the sign after it stands where the URL is put together.
                let last = at + wanted.len() - 1;
                let (name_piece, sign_piece) = (piece_at(text, at)?.0, piece_at(text, last)?.0);
                let written = sign_piece.mapping == crate::syntax::tree::Mapping::Exact;
                let place = if name_piece.place == sign_piece.place || !written {
                    place_at(text, at, wanted.len())?
                } else {
                    place_at(text, last, 1)?
                };
                let value: String = template[from..]
                    .chars()
                    .take_while(|character| !"&# ".contains(*character))
                    .collect();
                if is_oauth_token(&value) {
                    self.incomplete(
                        IncompleteCheck::OauthTokenAsAuthtoken,
                        place,
                        evidence,
                        way(std::slice::from_ref(text)),
                        found,
                    );
                    return None;
                }
                let mut candidate = Candidate::new(rule, place);
                candidate.looseness = looseness;
                candidate.confidence = self.confidence_of(evidence, place.file);
                candidate.goes_to(evidence);
                candidate.words.insert("name", name.clone());
                candidate.url = Some(template.clone());
                self.describe(&mut candidate, request, evidence);
                candidate.evidence.push(format!("parameter:{name}"));
                candidate.add_flow(way_within(text, from, from + value.len()));
                candidate.add_flow(literal_places(text));
                candidate.carried = sources_within(text, from, from + value.len());
                let token = from..end_in_url(&template, from);
                candidate
                    .sent
                    .extend(Sent::within(text, token, SentAs::Token));
                if let Some(place) = request.and_then(|request| request.place) {
                    candidate.add_flow([(place, Role::Request)]);
                }
                found.push(candidate);
                return Some(place);
            }
        }
        None
    }

    /// Literals that go to hosts which are certainly others.
    pub(super) fn foreign_places(&self) -> HashSet<Place> {
        let mut foreign = HashSet::new();
        let mut own = HashSet::new();
        let lonely = self.facts.texts.iter().flat_map(|text| {
            text.text.iter().map(|alternative| Request {
                urls: vec![alternative.clone()],
                ..Request::default()
            })
        });
        for request in self.facts.requests.iter().cloned().chain(lonely) {
            let evidence = self.knowledge.assess(&request);
            let parts = request
                .headers
                .iter()
                .chain(&request.query)
                .chain(&request.form);
            let places = parts
                .flat_map(|part| sources(&part.value).into_iter().chain([part.place]))
                .chain(
                    request
                        .urls
                        .iter()
                        .flat_map(|url| url.pieces.iter().map(|piece| piece.place)),
                );
            if evidence.is_foreign {
                foreign.extend(places);
            } else if evidence.strength >= Strength::Words {
                own.extend(places);
            }
        }
        foreign.retain(|place| !own.contains(place));
        foreign
    }

    /// Strings and pairs outside known requests.
    pub(super) fn loose(&self, foreign: &HashSet<Place>, found: &mut Vec<Candidate<'r>>) {
        let first = found.len();
        for text in &self.facts.texts {
            for alternative in &text.text {
                let template = alternative.template();
                let lonely = Request {
                    urls: vec![alternative.clone()],
                    place: Some(text.place),
                    ..Request::default()
                };
                let mut evidence = self.knowledge.assess(&lonely);
                self.complete(&mut evidence, text.place);
                for rule in &self.knowledge.rules.detections {
                    for matcher in &rule.matchers {
                        match matcher {
                            // In a settings file that is a setting, but for a command that it holds.
                            Matcher::Header { schemes, .. }
                                if !self.is_config(text.place.file)
                                    || names_header(&template, schemes) =>
                            {
                                self.scheme_in_text(
                                    rule,
                                    schemes,
                                    alternative,
                                    &template,
                                    text.place,
                                    &evidence,
                                    found,
                                );
                            }
                            Matcher::Parameter { names, needs_zoho } => {
                                self.parameter_in_text(
                                    rule,
                                    names,
                                    *needs_zoho,
                                    alternative,
                                    None,
                                    &evidence,
                                    2,
                                    found,
                                );
                            }
                            Matcher::Incomplete {
                                check: IncompleteCheck::MissingBlank,
                            } if header_value(alternative, &[]) == HeaderValue::NoBlank => {
                                self.incomplete(
                                    IncompleteCheck::MissingBlank,
                                    text.place,
                                    &evidence,
                                    way(std::slice::from_ref(alternative)),
                                    found,
                                );
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        let known: HashSet<Place> = self
            .facts
            .requests
            .iter()
            .filter(|request| request.client.is_some())
            .flat_map(|request| {
                request
                    .headers
                    .iter()
                    .chain(&request.query)
                    .chain(&request.form)
                    .map(|part| part.place)
            })
            .collect();
        for pair in self
            .facts
            .pairs
            .iter()
            .filter(|pair| !known.contains(&pair.part.place))
        {
            let mut evidence = Evidence::default();
            self.complete(&mut evidence, pair.part.place);
            for rule in &self.knowledge.rules.detections {
                for matcher in &rule.matchers {
                    match matcher {
                        Matcher::Header {
                            names,
                            schemes,
                            raw,
                        } => {
                            self.header(
                                rule, names, schemes, *raw, &pair.part, None, &evidence, 1, found,
                            );
                        }
                        Matcher::Parameter { names, needs_zoho } => {
                            if !names.iter().any(|name| pair.part.is_named(name))
                                || self.is_storage(&pair.part, pair.kind)
                                || self.is_only_handed(&pair.part)
                            {
                                continue;
                            }
                            self.parameter(
                                rule,
                                *needs_zoho,
                                &pair.part,
                                None,
                                &evidence,
                                1,
                                found,
                            );
                        }
                        _ => {}
                    }
                }
            }
        }
        let is_foreign = |place: &Place| {
            foreign.contains(place)
                || foreign.iter().any(|known| {
                    known.file == place.file
                        && known.span.contains(place.span)
                        && !known.span.is_empty()
                })
        };
        let mut index = first;
        while index < found.len() {
            if is_foreign(&found[index].place) {
                found.remove(index);
            } else {
                index += 1;
            }
        }
    }

    /// Whether the value is named for something else than Zoho: `authToken: process.env.TWILIO_AUTH_TOKEN`.
    fn is_token_of_another(&self, part: &Part) -> bool {
        let is_anothers = |name: &str| self.knowledge.is_token_of_another(name);
        let mut holes = part
            .value
            .iter()
            .flat_map(|value| value.pieces.iter().filter_map(|piece| piece.hole()))
            .peekable();
        let are_holes_anothers =
            holes.peek().is_some() && holes.all(|hole| is_anothers(&hole.name));
        // The value itself may be known from the settings.
        let is_path =
            |code: &str| !code.contains(|c: char| !(c.is_alphanumeric() || "_$.".contains(c)));
        let written = self.slice(part.place).rsplit([':', '=', ',']).next();
        let written = written.unwrap_or("").trim_matches([' ', ')', ';']);
        are_holes_anothers || (is_path(written) && is_anothers(written))
    }

    /// An entry of options that go to a function of the project or to a module that has nothing to do with
    /// Zoho: what happens to it is told there, or is none of our business.
    fn is_only_handed(&self, part: &Part) -> bool {
        let own = self
            .knowledge
            .rules
            .sdks
            .iter()
            .flat_map(|sdk| &sdk.imports);
        let is_sdk = |module: &str| own.clone().any(|known| known == module);
        self.facts.handed.iter().any(|handed| {
            handed.entries.contains(&part.place)
                && match &handed.to {
                    Receiver::Module(module) => {
                        (!module.contains("zoho")
                            && self.knowledge.host_in(self.slice(handed.place)).is_none())
                            || is_sdk(module)
                    }
                    Receiver::Project(name) => {
                        let name = name.to_ascii_lowercase();
                        ![
                            "request", "get", "post", "put", "delete", "fetch", "call", "query",
                            "send", "api", "http",
                        ]
                        .iter()
                        .any(|verb| name.starts_with(verb) || name.ends_with(verb))
                    }
                }
        })
    }

    /// A pair that only keeps the token: `this.authtoken = …`, a field, a declaration.
    fn is_storage(&self, part: &Part, kind: PairKind) -> bool {
        if kind != PairKind::Entry {
            return false;
        }
        // `self.authtoken = …`, `$this->authtoken = …`, `authtoken = …` where only the words are read.
        let before = self.before(part.place, 2);
        if before.ends_with('.') || before.ends_with("->") || before.ends_with('$') {
            return true;
        }
        let code = self.slice(part.place);
        if self.is_plain_text(part.place.file)
            && !before.ends_with(['?', '&'])
            && !code.starts_with(['"', '\'', ':'])
            && code.contains('=')
            && !code.contains("=>")
        {
            return true;
        }
        let start = code.trim_start();
        if start.starts_with("this.")
            || start.starts_with("self.")
            || start.starts_with("_this")
            || start.starts_with('@')
        {
            return true;
        }
        // Nothing is sent where the value is empty or says what it would be (`type: String`).
        let all_empty = part.value.iter().all(Alternative::is_empty);
        let class_field = !code.contains(['=', ':', '"', '\'', '[', '.']);
        all_empty || class_field
    }

    #[allow(clippy::too_many_arguments)]
    fn scheme_in_text(
        &self,
        rule: &'r Detection,
        schemes: &[String],
        text: &Alternative,
        template: &str,
        whole: Place,
        evidence: &Evidence,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let lower = template.to_ascii_lowercase();
        for scheme in schemes {
            let Some((at, length)) = find_scheme(&lower, &scheme.to_ascii_lowercase()) else {
                continue;
            };
            let before = lower[..at].trim_end();
            let is_header_line = before.ends_with("authorization:")
                || before.ends_with("authorization=")
                || before.ends_with("authorization");
            // A sentence about the scheme is no header.
            if !before.is_empty() && !is_header_line {
                continue;
            }
            let rest = lower[at + length..].trim_start();
            if !is_placeholder_scheme(rest) {
                continue;
            }
            let Some(place) = place_at(text, at, length) else {
                continue;
            };
            let value: String = template[at + length..].trim().to_string();
            if is_oauth_token(&value) {
                self.incomplete(
                    IncompleteCheck::OauthTokenAsAuthtoken,
                    place,
                    evidence,
                    Vec::new(),
                    found,
                );
                continue;
            }
            let mut candidate = Candidate::new(rule, place);
            candidate.looseness = 2;
            candidate.confidence = Confidence::High;
            candidate.goes_to(evidence);
            candidate.words.insert("name", "Authorization".to_string());
            candidate.words.insert("scheme", scheme.clone());
            candidate.evidence.push("header:authorization".to_string());
            candidate.add_flow(way(std::slice::from_ref(text)));
            candidate.carried = sources_within(text, at + length, template.len());
            let token = at + length..template.len();
            candidate
                .sent
                .extend(Sent::within(text, token, SentAs::Token));
            candidate.add_flow([(whole, Role::Bound)]);
            found.push(candidate);
        }
    }

    fn oauth_in_url(&self, request: &Request, evidence: &Evidence, found: &mut Vec<Candidate<'r>>) {
        if evidence.strength < Strength::Host {
            return;
        }
        for part in &request.query {
            let is_oauth = ["access_token", "oauthtoken", "zoho-oauthtoken"]
                .iter()
                .any(|name| part.is_named(name));
            if is_oauth {
                self.incomplete(
                    IncompleteCheck::OauthTokenAsAuthtoken,
                    part.place,
                    evidence,
                    way_of_part(part),
                    found,
                );
            }
        }
        for url in &request.urls {
            let template = url.template();
            let lower = template.to_ascii_lowercase();
            for word in [
                "?access_token=",
                "&access_token=",
                "?oauthtoken=",
                "&oauthtoken=",
            ] {
                if let Some(at) = lower.find(word)
                    && !lower.contains("/oauth/")
                    && let Some(place) = place_at(url, at + 1, word.len() - 1)
                {
                    self.incomplete(
                        IncompleteCheck::OauthTokenAsAuthtoken,
                        place,
                        evidence,
                        way(std::slice::from_ref(url)),
                        found,
                    );
                }
            }
        }
    }

    pub(super) fn incomplete(
        &self,
        check: IncompleteCheck,
        place: Place,
        evidence: &Evidence,
        flow: Vec<(Place, Role)>,
        found: &mut Vec<Candidate<'r>>,
    ) {
        for rule in &self.knowledge.rules.detections {
            let wanted = rule.matchers.iter().any(|matcher| matches!(matcher, Matcher::Incomplete { check: known } if *known == check));
            if !wanted {
                continue;
            }
            let mut candidate = Candidate::new(rule, place);
            candidate.confidence = Confidence::High;
            candidate.goes_to(evidence);
            let (name, what) = match check {
                IncompleteCheck::BothForms => (
                    "both-forms",
                    "the call sends an OAuth header and an authtoken",
                ),
                IncompleteCheck::OauthTokenAsAuthtoken => (
                    "oauth-as-authtoken",
                    "an OAuth access token is sent in the place of an authtoken or in the URL",
                ),
                IncompleteCheck::HardCodedToken => (
                    "hard-coded",
                    "a hard-coded access token stops working after one hour",
                ),
                IncompleteCheck::MissingBlank => (
                    "missing-blank",
                    "the blank between Zoho-oauthtoken and the token is missing",
                ),
            };
            candidate.words.insert("name", what.to_string());
            candidate.evidence.push(format!("incomplete:{name}"));
            candidate.add_flow(flow.clone());
            found.push(candidate);
        }
    }

    /// Whether a request has a header or parameter that goes with the calls of some product.
    fn has_companion(&self, request: Option<&Request>) -> bool {
        let Some(request) = request else { return false };
        let parts = request
            .headers
            .iter()
            .chain(&request.query)
            .chain(&request.form);
        parts.clone().any(|part| {
            self.knowledge.rules.products.iter().any(|product| {
                product
                    .companion_headers
                    .iter()
                    .chain(&product.companion_parameters)
                    .any(|companion| part.is_named(&companion.name))
            })
        })
    }

    fn confidence_of(&self, evidence: &Evidence, file: u32) -> Confidence {
        match evidence.strength {
            Strength::Host | Strength::Words => Confidence::High,
            Strength::File => Confidence::Medium,
            Strength::Project if self.is_near_zoho(file) => Confidence::Medium,
            _ => Confidence::Low,
        }
    }

    /// Method, host and path for fingerprint and message.
    pub(super) fn describe(
        &self,
        candidate: &mut Candidate<'r>,
        request: Option<&Request>,
        evidence: &Evidence,
    ) {
        if let Some(host) = &evidence.host {
            candidate.words.insert("host", host.clone());
            candidate.evidence.push(format!("host:{host}"));
        }
        if let Some(request) = request {
            let of_url = |url: &Alternative| {
                let url = url.template();
                let methods = request.methods.iter().cloned();
                let product = evidence.product.clone();
                let product = product.filter(|_| !evidence.product_is_guess);
                methods.map(move |method| Asked {
                    product: product.clone(),
                    method,
                    url: url.clone(),
                })
            };
            let asked = request.urls.iter().flat_map(of_url);
            candidate.asked.extend(asked);
            if let Some(method) = request.methods.first() {
                candidate.method = Some(method.clone());
                candidate.evidence.push(format!("method:{method}"));
            }
            if let Some(url) = request.urls.first() {
                let template = crate::redact::mask_excerpt(&url.template());
                candidate
                    .evidence
                    .push(format!("path:{}", template.split('?').next().unwrap_or("")));
                candidate.url = Some(template);
            }
        }
    }
}

/// Whether a part is called `authtoken` and nothing like it.
fn names_authtoken_plainly(part: &Part) -> bool {
    part.is_named("authtoken")
}

/// Whether a text has a whole header in it, name and scheme: a command for a shell, an argument of one.
fn names_header(template: &str, schemes: &[String]) -> bool {
    let lower = template.to_ascii_lowercase();
    schemes.iter().any(|scheme| {
        find_scheme(&lower, &scheme.to_ascii_lowercase())
            .and_then(|(at, _)| lower.get(..at))
            .is_some_and(|before| before.trim_end().ends_with("authorization:"))
    })
}

/// Where a scheme word stands, blanks within it allowed (`Zoho- authtoken`), and how long it is.
fn find_scheme(lower: &str, scheme: &str) -> Option<(usize, usize)> {
    let first = scheme.split('-').next().unwrap_or(scheme);
    let mut from = 0;
    while let Some(at) = lower
        .get(from..)
        .and_then(|rest| rest.find(first))
        .map(|at| at + from)
    {
        from = at + first.len();
        let mut wanted = scheme.chars().peekable();
        let mut length = 0;
        for character in lower[at..].chars() {
            match wanted.peek() {
                None => break,
                Some(next) if *next == character => {
                    wanted.next();
                }
                Some(_) if character == ' ' && length > 0 => {}
                Some(_) => break,
            }
            length += character.len_utf8();
        }
        let ends = lower[at + length..]
            .chars()
            .next()
            .is_none_or(|next| !next.is_ascii_alphanumeric());
        let starts = lower[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_ascii_alphanumeric());
        if wanted.peek().is_none() && starts && (ends || lower[at + length..].starts_with("{}")) {
            return Some((at, length));
        }
    }
    None
}

/// All that stands behind the scheme in the value of a header; of a header that is called by the scheme, and of one
/// without a scheme, the whole value.
fn token_in_header(value: &Alternative, schemes: &[String], is_whole: bool) -> Option<Sent> {
    let template = value.template();
    let lower = template.to_ascii_lowercase();
    let begins = lower.len() - lower.trim_start().len();
    let scheme = schemes.iter().find_map(|scheme| {
        find_scheme(&lower, &scheme.to_ascii_lowercase()).filter(|(at, _)| *at == begins)
    });
    let from = match scheme {
        Some((at, length)) => at + length,
        None if is_whole || header_value(value, schemes) == HeaderValue::Raw => 0,
        None => return None,
    };
    Sent::within(value, from..template.len(), SentAs::Token)
}

fn header_value(value: &Alternative, schemes: &[String]) -> HeaderValue {
    let template = value.template();
    let trimmed = template.trim_start();
    let lead = template.len() - trimmed.len();
    let lower = trimmed.to_ascii_lowercase();
    for scheme in schemes {
        if let Some((0, _)) = find_scheme(&lower, &scheme.to_ascii_lowercase()) {
            return HeaderValue::Legacy(lead);
        }
    }
    if let Some(rest) = lower.strip_prefix("zoho-oauthtoken") {
        return if rest.is_empty() || rest.starts_with([' ', '\t']) {
            HeaderValue::OtherScheme
        } else {
            HeaderValue::NoBlank
        };
    }
    if trimmed.is_empty() {
        return HeaderValue::Unclear;
    }
    let first = trimmed.split(' ').next().unwrap_or("");
    if first.len() < trimmed.trim_end().len() && !first.contains("{}") {
        return HeaderValue::OtherScheme;
    }
    if first.contains("{}") && first.len() < trimmed.trim_end().len() {
        // `${scheme} ${token}` with an unknown scheme.
        return HeaderValue::Unclear;
    }
    // `Bearer{}`, `Basic`: some scheme without its blank.
    let word: String = lower
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    if ["bearer", "basic", "token", "digest"].contains(&word.as_str())
        && (word.len() == lower.len() || lower[word.len()..].starts_with("{}"))
    {
        return HeaderValue::OtherScheme;
    }
    HeaderValue::Raw
}

/// Places of headers whose value has another scheme in at least one of the ways that lead there.
pub(super) fn migrated_headers(
    knowledge: &Knowledge<'_>,
    facts: &crate::facts::Facts,
) -> HashSet<Place> {
    let headers = facts.requests.iter().flat_map(|request| &request.headers);
    headers
        .filter(|part| knowledge.signs_in_with_oauth(part))
        .map(|part| part.place)
        .collect()
}

/// Names that say that a value is no authtoken, or no token at all.
fn is_not_a_token(unknown: &crate::flow::value::Unknown) -> bool {
    // The last letter of `zoho` is no OAuth: `ZOHO_AUTHTOKEN`.
    let name = squeeze(&unknown.name).replace("zoho", "zoh0");
    let oauth = name.contains("oauth")
        || name.contains("accesstoken")
        || name.contains("bearer")
        || name.contains("jwt");
    // A header passed on, or the result of a function that nobody sees into.
    let forwarded = name.ends_with("headersauthorization") || name.contains("requestheaders");
    let computed = unknown.kind == OriginKind::Result
        && !(name.contains("authtoken")
            || name.contains("apikey")
            || name.contains("property")
            || name.contains("config")
            || name.is_empty());
    // `{ authorization }` of a function, a class or a module exports it.
    let is_code = unknown.kind == OriginKind::Other
        && ["function", "class", "module", "map"].contains(&name.as_str());
    oauth || forwarded || computed || is_code
}
