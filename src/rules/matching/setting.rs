//! Settings that hold an authtoken, and credentials that stand in source or configuration.

use super::Matching;
use super::candidate::Candidate;
use super::evidence::{names_authtoken, squeeze};
use super::sent::{Sent, SentAs};
use super::value_shape::{is_oauth_token, looks_like_authtoken};
use crate::facts::{Facts, Setting};
use crate::finding::Confidence;
use crate::flow::value::{Alternative, Place, Role};
use crate::redact::Secret;
use crate::rules::model::{Detection, Matcher};
use std::collections::{BTreeSet, HashMap, HashSet};

impl<'r> Matching<'_, 'r> {
    pub(super) fn settings(&self, found: &mut Vec<Candidate<'r>>) {
        self.schemas(found);
        for setting in &self.facts.settings {
            if self.is_named_within(setting) {
                continue;
            }
            let value = setting.value.as_ref().and_then(Alternative::constant);
            if value.as_deref().is_some_and(is_oauth_token) {
                continue;
            }
            for rule in &self.knowledge.rules.detections {
                for matcher in &rule.matchers {
                    match matcher {
                        Matcher::Setting { keys, weak_keys } => {
                            self.setting(rule, keys, weak_keys, setting, value.as_deref(), found)
                        }
                        Matcher::Literal { shapes } => {
                            self.setting_literal(rule, shapes, setting, value.as_deref(), found)
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// A JSON Schema that asks for an authtoken: the property, and every place that names it.
    fn schemas(&self, found: &mut Vec<Candidate<'r>>) {
        let Some(rule) = self.knowledge.rules.detections.iter().find(|rule| {
            rule.matchers
                .iter()
                .any(|matcher| matches!(matcher, Matcher::Setting { .. }))
        }) else {
            return;
        };
        let mut seen: HashSet<(u32, String)> = HashSet::new();
        for setting in &self.facts.settings {
            let Some((owner, last)) = setting.key.rsplit_once('.') else {
                continue;
            };
            let property = owner.rsplit('.').next().unwrap_or("");
            let is_schema = owner.contains("properties.")
                && matches!(last, "type" | "title" | "description" | "default");
            if !is_schema
                || squeeze(property) != "authtoken"
                || !self.file(setting.key_place.file).says_zoho
            {
                continue;
            }
            if !seen.insert((setting.key_place.file, owner.to_string())) {
                continue;
            }
            let mut candidate = Candidate::new(rule, setting.key_place);
            candidate.product = self.product_at(setting.key_place);
            candidate.words.insert("name", property.to_string());
            candidate
                .evidence
                .push(format!("setting:{}", owner.to_ascii_lowercase()));
            let named = self.facts.settings.iter().filter(|other| {
                other.key_place.file == setting.key_place.file
                    && other
                        .value
                        .as_ref()
                        .and_then(Alternative::constant)
                        .as_deref()
                        == Some(property)
            });
            candidate.add_flow(
                named.filter_map(|other| other.value_place.map(|place| (place, Role::Setting))),
            );
            found.push(candidate);
        }
    }

    /// An item of a list that is a setting with a name of its own: `- ZOHO_AUTHTOKEN=…`.
    fn is_named_within(&self, setting: &Setting) -> bool {
        let last = setting.key.rsplit('.').next().unwrap_or("");
        let is_item = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
        let Some(value) = setting.value_place.filter(|_| is_item) else {
            return false;
        };
        let (start, end) = (value.span.start, value.span.end);
        self.named_settings
            .range((value.file, start)..(value.file, end))
            .next()
            .is_some()
    }

    fn setting_strength(
        &self,
        setting: &Setting,
        keys: &[String],
        weak_keys: &[String],
    ) -> Option<Confidence> {
        let last = setting.key.rsplit('.').next().unwrap_or(&setting.key);
        let file = self
            .path(setting.key_place.file)
            .rsplit('/')
            .next()
            .unwrap_or("");
        if [
            "package.json",
            "package-lock.json",
            "composer.json",
            "composer.lock",
            "npm-shrinkwrap.json",
        ]
        .contains(&file)
        {
            return None;
        }
        let whole = squeeze(&setting.key);
        let name = squeeze(last);
        let is_anothers = |name: &str| name.contains("authtoken") && !names_authtoken(name);
        if is_anothers(&name)
            || whole.contains("npmauthtoken")
            || last.starts_with("//")
            || setting.key.contains("_authToken")
        {
            return None;
        }
        let says_zoho = |text: &str| text.contains("zoho") || text.contains("site24x7");
        let path = self.path(setting.key_place.file).to_ascii_lowercase();
        if names_authtoken(&name)
            && !says_zoho(&path)
            && self.knowledge.is_named_for_another(&setting.key)
        {
            return None;
        }
        // One of several, under a name that may say so: `zoho.authTokens.2`.
        let several = before_numbers(&setting.key).map(squeeze);
        let is_one_of = |key: &str| {
            several
                .as_deref()
                .map(|name| name.strip_suffix('s').unwrap_or(name))
                .is_some_and(|name| name.ends_with(key) && !is_anothers(name))
        };
        let strong = keys.iter().any(|key| {
            let key = squeeze(key);
            name == key
                || name.ends_with(&key)
                || name.starts_with(&key)
                || whole.ends_with(&key)
                || is_one_of(&key)
        });
        if strong {
            return Some(Confidence::Medium);
        }
        // A value of the form of a token, under the name of a key, in a file that is named for Zoho.
        let constant = setting
            .value
            .as_ref()
            .and_then(Alternative::constant)
            .unwrap_or_default();
        if looks_like_authtoken(&constant)
            && (path.contains("zoho") || whole.contains("zoho"))
            && (name.ends_with("key") || name.ends_with("token"))
            && !["client", "refresh", "public", "list"]
                .iter()
                .any(|other| name.contains(other))
        {
            return Some(Confidence::Medium);
        }
        // A header written out, whatever its key.
        let value = setting
            .value
            .as_ref()
            .map(Alternative::template)
            .unwrap_or_default();
        if squeeze(&value).starts_with("zohoauthtoken")
            && !value.trim().eq_ignore_ascii_case("zoho-authtoken")
        {
            return Some(Confidence::High);
        }
        let weak = weak_keys
            .iter()
            .map(|key| squeeze(key))
            .any(|key| name.ends_with(&key) || is_one_of(&key));
        if weak {
            if says_zoho(&whole) || says_zoho(&path) {
                return Some(Confidence::Medium);
            }
            if self.file(setting.key_place.file).says_zoho
                && self.file(setting.key_place.file).has_host
            {
                return Some(Confidence::Medium);
            }
        }
        None
    }

    fn setting(
        &self,
        rule: &'r Detection,
        keys: &[String],
        weak_keys: &[String],
        setting: &Setting,
        value: Option<&str>,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let Some(confidence) = self.setting_strength(setting, keys, weak_keys) else {
            return;
        };
        // A switch or a number is no token.
        if value.is_some_and(|value| {
            matches!(value, "true" | "false")
                || (value.len() < 4
                    && value.bytes().all(|byte| byte.is_ascii_digit())
                    && !value.is_empty())
        }) {
            return;
        }
        // A value that names an environment variable, or a header written out.
        let mut candidate = Candidate::new(rule, setting.key_place);
        candidate.confidence = match value {
            Some(value) if looks_like_authtoken(value) => Confidence::High,
            _ => confidence,
        };
        candidate.product = self
            .product_of_key(&setting.key)
            .or_else(|| self.product_at(setting.key_place));
        candidate.words.insert("name", setting.key.clone());
        candidate
            .evidence
            .push(format!("setting:{}", setting.key.to_ascii_lowercase()));
        if let Some(place) = setting.value_place {
            candidate.add_flow([(place, Role::Setting)]);
        }
        candidate.sent.extend(self.token_of_setting(setting));
        found.push(candidate);
    }

    /// The whole value of a setting, or what follows the scheme in it.
    fn token_of_setting(&self, setting: &Setting) -> Option<Sent> {
        let value = setting.value.as_ref()?;
        let template = value.template();
        let lower = template.trim_start().to_ascii_lowercase();
        let lead = template.len() - lower.len();
        let scheme = super::schemes(self.knowledge.rules)
            .map(|scheme| scheme.trim_end().to_ascii_lowercase())
            .find(|scheme| lower.starts_with(scheme.as_str()));
        let from = lead + scheme.map_or(0, |scheme| scheme.len());
        Sent::within(value, from..template.len(), SentAs::Token)
    }

    fn setting_literal(
        &self,
        rule: &'r Detection,
        shapes: &[String],
        setting: &Setting,
        value: Option<&str>,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let Some(value) = value else { return };
        let Some((token, at)) = setting
            .value
            .as_ref()
            .and_then(|alternative| token_in(value, alternative))
        else {
            return;
        };
        if !self.knowledge.matches_shape(shapes, &token) {
            return;
        }
        let is_named = self
            .knowledge
            .rules
            .detections
            .iter()
            .flat_map(|rule| &rule.matchers)
            .any(|matcher| match matcher {
                Matcher::Setting { keys, weak_keys } => {
                    self.setting_strength(setting, keys, weak_keys).is_some()
                }
                _ => false,
            });
        if is_named {
            self.literal(rule, at, &token, &setting.key, found);
        }
    }

    fn literal(
        &self,
        rule: &'r Detection,
        place: Place,
        value: &str,
        name: &str,
        found: &mut Vec<Candidate<'r>>,
    ) {
        let mut candidate = Candidate::new(rule, place);
        candidate.confidence = Confidence::High;
        candidate.product = self.product_of_key(name).or_else(|| self.product_at(place));
        candidate.secret = Some(Secret::new(value));
        candidate.sent.push(Sent::token(Secret::new(value), place));
        candidate.words.insert("name", name.to_string());
        let digest = candidate
            .secret
            .as_ref()
            .and_then(Secret::digest)
            .unwrap_or_default();
        candidate.evidence.push(format!("credential:{digest}"));
        found.push(candidate);
    }

    /// Literals and settings on the way of tokens that were found on the wire, and literals named as authtokens.
    pub(super) fn literals(&self, foreign: &HashSet<Place>, found: &mut Vec<Candidate<'r>>) {
        let mut carried: HashMap<Place, Option<String>> = HashMap::new();
        for candidate in found
            .iter()
            .filter(|candidate| candidate.confidence >= Confidence::Medium)
        {
            for place in &candidate.carried {
                carried
                    .entry(*place)
                    .or_insert_with(|| candidate.product.clone());
            }
        }
        let sent: BTreeSet<(u32, u32, u32)> = found
            .iter()
            .filter(|candidate| !candidate.carried.is_empty())
            .map(|candidate| candidate.place)
            .map(|place| (place.file, place.span.start, place.span.end))
            .collect();
        let mut literals = Vec::new();
        for rule in &self.knowledge.rules.detections {
            for matcher in &rule.matchers {
                match matcher {
                    Matcher::Literal { shapes } => {
                        self.code_literals(rule, shapes, &carried, foreign, &mut literals);
                        self.carried_settings(rule, Some(shapes), &carried, &sent, &mut literals);
                    }
                    Matcher::Setting { .. } => {
                        self.carried_settings(rule, None, &carried, &sent, &mut literals)
                    }
                    _ => {}
                }
            }
        }
        found.extend(literals);
    }

    fn code_literals(
        &self,
        rule: &'r Detection,
        shapes: &[String],
        carried: &HashMap<Place, Option<String>>,
        foreign: &HashSet<Place>,
        literals: &mut Vec<Candidate<'r>>,
    ) {
        // A value that was seen on its way to Zoho is the same credential wherever else it stands.
        let known_values = self.known_values.borrow();
        for credential in &self.facts.credentials {
            let Some(text) = credential.value.constant() else {
                continue;
            };
            let Some((value, place)) = token_in(&text, &credential.value) else {
                continue;
            };
            if !self.knowledge.matches_shape(shapes, &value) || !looks_like_authtoken(&value) {
                continue;
            }
            let places = || {
                credential
                    .value
                    .pieces
                    .iter()
                    .map(|piece| piece.place)
                    .chain([credential.place])
            };
            let known = places().find_map(|place| carried.get(&place).cloned());
            if known.is_none() && places().any(|place| foreign.contains(&place)) {
                continue;
            }
            let embedded = text.len() > value.len();
            let is_known_value = known_values.contains(&value);
            let is_named = credential
                .name
                .as_deref()
                .is_some_and(|name| names_authtoken(name) && squeeze(name).contains("zoho"));
            if known.is_some()
                || is_known_value
                || (is_named && !embedded)
                || (embedded && self.file(credential.place.file).says_zoho)
            {
                let name = credential.name.clone().unwrap_or_default();
                self.literal(rule, place, &value, &name, literals);
                let commented = self.commented_uses(credential.place.file, &name);
                if let Some(last) = literals.last_mut() {
                    last.add_flow(commented.into_iter().map(|place| (place, Role::Commented)));
                    if let Some(Some(product)) = known {
                        last.product = Some(product);
                    }
                }
            }
        }
    }

    /// The values of tokens that candidates carry with some certainty.
    pub(super) fn values_on_the_way(&self, found: &[Candidate<'r>]) -> HashSet<String> {
        let carried: HashSet<Place> = found
            .iter()
            .filter(|candidate| candidate.confidence >= Confidence::Medium)
            .flat_map(|candidate| candidate.carried.iter().copied())
            .collect();
        let credentials = self
            .facts
            .credentials
            .iter()
            .map(|credential| &credential.value);
        let settings = self
            .facts
            .settings
            .iter()
            .filter_map(|setting| setting.value.as_ref());
        credentials
            .chain(settings)
            .filter(|value| {
                value
                    .pieces
                    .iter()
                    .any(|piece| carried.contains(&piece.place))
            })
            .filter_map(|value| token_in(&value.constant()?, value).map(|(value, _)| value))
            .collect()
    }

    /// Lines of commented-out code that would put the variable of this name on the wire.
    fn commented_uses(&self, file: u32, name: &str) -> Vec<Place> {
        if name.len() < 4 {
            return Vec::new();
        }
        let mut uses = Vec::new();
        for mention in self
            .facts
            .mentions
            .iter()
            .filter(|mention| mention.place.file == file)
        {
            let comment = self.slice(mention.place);
            let mut start = 0;
            for line in comment.split_inclusive('\n') {
                let sends = {
                    let lower = line.to_ascii_lowercase();
                    lower.contains("authorization") || lower.contains("authtoken=")
                };
                if sends && let Some(at) = find_word(line, name) {
                    let from = mention.place.span.start as usize + start + at;
                    uses.push(Place {
                        file,
                        span: crate::syntax::Span::new(from, from + name.len()),
                    });
                }
                start += line.len();
            }
        }
        uses.truncate(20);
        uses
    }

    /// Settings whose value was seen on the wire: with shapes their literal values, without their keys.
    fn carried_settings(
        &self,
        rule: &'r Detection,
        shapes: Option<&[String]>,
        carried: &HashMap<Place, Option<String>>,
        sent: &BTreeSet<(u32, u32, u32)>,
        literals: &mut Vec<Candidate<'r>>,
    ) {
        for setting in &self.facts.settings {
            if self.is_named_within(setting) {
                continue;
            }
            let pieces = setting
                .value
                .iter()
                .flat_map(|value| value.pieces.iter().map(|piece| piece.place));
            let mut places = pieces.chain(setting.value_place).chain([setting.key_place]);
            let Some(product) = places.find_map(|place| carried.get(&place).cloned()) else {
                continue;
            };
            match shapes {
                Some(shapes) => {
                    let Some(value) = &setting.value else {
                        continue;
                    };
                    let Some((token, at)) =
                        value.constant().and_then(|text| token_in(&text, value))
                    else {
                        continue;
                    };
                    if self.knowledge.matches_shape(shapes, &token) && looks_like_authtoken(&token)
                    {
                        self.literal(rule, at, &token, &setting.key, literals);
                    }
                }
                // The setting is the request itself, which is a finding of its own.
                None if setting
                    .value_place
                    .is_some_and(|whole| holds_one(whole, sent)) =>
                {
                    continue;
                }
                None => {
                    let mut candidate = Candidate::new(rule, setting.key_place);
                    candidate.confidence = Confidence::High;
                    candidate.words.insert("name", setting.key.clone());
                    candidate
                        .evidence
                        .push(format!("setting:{}", setting.key.to_ascii_lowercase()));
                    candidate.sent.extend(self.token_of_setting(setting));
                    literals.push(candidate);
                }
            }
            if let Some(last) = literals.last_mut()
                && last.place.file == setting.key_place.file
                && product.is_some()
            {
                last.product = product;
            }
        }
    }

    fn product_of_key(&self, key: &str) -> Option<String> {
        self.knowledge.product_of_path(key)
    }
}

/// The names of settings that are not numbers of items.
pub(super) fn named_settings(facts: &Facts) -> BTreeSet<(u32, u32)> {
    facts
        .settings
        .iter()
        .filter(|setting| {
            let last = setting.key.rsplit('.').next().unwrap_or("");
            !last.bytes().all(|byte| byte.is_ascii_digit())
        })
        .map(|setting| (setting.key_place.file, setting.key_place.span.start))
        .collect()
}

/// A key without the numbers at its end, if it has some: `zoho.authtoken` of `zoho.authtoken.2`.
fn before_numbers(key: &str) -> Option<&str> {
    let rest = key.trim_end_matches(|last: char| last.is_ascii_digit());
    (rest.len() < key.len()).then(|| rest.trim_end_matches(['.', '_', '-', '[', ']']))
}

/// Where a whole word stands.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        !text[..*at].chars().next_back().is_some_and(is_part)
            && !text[at + word.len()..].chars().next().is_some_and(is_part)
    })
}

/// The token in a literal: the whole of it, or what follows a scheme or `authtoken=`.
fn token_in(text: &str, alternative: &Alternative) -> Option<(String, Place)> {
    let trimmed = text.trim();
    if looks_like_authtoken(trimmed) {
        let lead = text.len() - text.trim_start().len();
        return Some((
            trimmed.to_string(),
            super::candidate::place_at(alternative, lead, trimmed.len())?,
        ));
    }
    let lower = text.to_ascii_lowercase();
    for announced in ["authtoken=", "authtoken "] {
        if let Some(at) = lower.find(announced)
            && !lower[..at].ends_with("zoho-o")
        {
            let start = at + announced.len();
            let skip = text[start..].len() - text[start..].trim_start().len();
            let value: String = text[start + skip..]
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if looks_like_authtoken(&value) {
                return Some((
                    value.clone(),
                    super::candidate::place_at(alternative, start + skip, value.len())?,
                ));
            }
        }
    }
    None
}

/// Whether one of the places (file, start, end) lies within another one.
fn holds_one(whole: Place, places: &BTreeSet<(u32, u32, u32)>) -> bool {
    let (file, span) = (whole.file, whole.span);
    places
        .range((file, span.start, 0)..(file, span.end, 0))
        .any(|(_, _, end)| *end <= span.end)
}
