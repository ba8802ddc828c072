//! Whether a bare value of `Authorization` is an authtoken. What a program keeps elsewhere may be a whole header
//! that says `Zoho-oauthtoken` already: without a sign that it is an authtoken nothing is proven.
//!
//! Owns what counts as such a sign. It must not know how a finding is worded or repaired.

use super::Matching;
use super::candidate::{Candidate, sources, way_of_part};
use super::evidence::{Evidence, Strength, names_authtoken, squeeze};
use super::value_shape::is_oauth_token;
use crate::facts::{Facts, Part, Request};
use crate::finding::Confidence;
use crate::flow::value::{Alternative, OriginKind, Place, Unknown};
use crate::rules::model::{CarrierKind, Rules};
use std::collections::HashSet;

/// Code that is longer than this names more than one value.
const LONGEST_NAME: usize = 120;

impl<'r> Matching<'_, 'r> {
    /// Whether something says that the values, which have no scheme, are authtokens.
    pub(super) fn is_proven_authtoken(
        &self,
        part: &Part,
        bare: &[&Alternative],
        request: Option<&Request>,
        evidence: &Evidence,
    ) -> bool {
        bare.iter().any(|value| is_written_out(value))
            || request.is_some_and(|request| self.knowledge.takes_only_authtokens(request))
            || bare.iter().any(|value| {
                value.pieces.iter().any(|piece| {
                    piece.hole().is_some_and(|unknown| {
                        self.is_called_authtoken(unknown)
                            || self.is_kept_for_a_bare_header(unknown, evidence)
                    })
                })
            })
            || self.comes_from_an_authtoken(part)
    }

    fn is_called_authtoken(&self, unknown: &Unknown) -> bool {
        let mut words = unknown
            .name
            .split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let file = unknown.place.file;
        words.any(|word| self.scheme_names.contains(&(file, word.to_string())))
            || (names_authtoken(&unknown.name)
                && !self.knowledge.is_named_for_another(&unknown.name))
            || self
                .sent_as_authtoken
                .borrow()
                .contains(&(unknown.place.file, self.slice(unknown.place).to_string()))
    }

    /// A setting or field called token or key, for a product that takes such a token bare: an access token would
    /// need its scheme, and it is kept nowhere, since it lives for an hour.
    fn is_kept_for_a_bare_header(&self, unknown: &Unknown, evidence: &Evidence) -> bool {
        let takes_bare_tokens = || {
            evidence.strength >= Strength::Words
                && !evidence.product_is_guess
                && evidence
                    .product
                    .as_deref()
                    .and_then(|id| self.knowledge.product(id))
                    .is_some_and(|product| {
                        let mut kinds = product.carriers.iter().map(|carrier| carrier.kind);
                        kinds.any(|kind| kind == CarrierKind::RawHeader)
                    })
        };
        let is_kept = matches!(
            unknown.kind,
            OriginKind::Environment | OriginKind::Setting | OriginKind::Field | OriginKind::Global
        );
        // What a call answers may be anything.
        let is_kept = is_kept && !self.slice(unknown.place).ends_with(')');
        let name = unknown.name.rsplit(['.', ':']).next().unwrap_or("");
        let name = squeeze(name);
        is_kept && (name.ends_with("token") || name.ends_with("key")) && takes_bare_tokens()
    }

    /// A variable, parameter or setting on the way of the value is called authtoken.
    fn comes_from_an_authtoken(&self, part: &Part) -> bool {
        let steps = way_of_part(part).into_iter().map(|step| step.0);
        steps.chain(sources(&part.value)).any(|place| {
            let code = self.slice(place);
            self.authtoken_settings.contains(&place)
                || (place != part.place && code.len() <= LONGEST_NAME && names_authtoken(code))
        })
    }

    /// The code whose value candidates certainly send as an authtoken, by file.
    pub(super) fn code_sent_as_authtoken(&self, found: &[Candidate<'r>]) -> HashSet<(u32, String)> {
        found
            .iter()
            .filter(|candidate| candidate.confidence >= Confidence::Medium)
            .flat_map(|candidate| &candidate.carried)
            .map(|place| (place.file, self.slice(*place)))
            .filter(|(_, code)| code.len() <= LONGEST_NAME && !code.starts_with(['"', '\'', '`']))
            .map(|(file, code)| (file, code.to_string()))
            .collect()
    }
}

/// A value that stands in the code is seen to have no scheme.
fn is_written_out(value: &Alternative) -> bool {
    value
        .constant()
        .is_some_and(|value| !value.trim().is_empty() && !is_oauth_token(&value))
}

/// The names under which files keep the scheme of authtokens.
pub(super) fn scheme_names(facts: &Facts, rules: &Rules) -> HashSet<(u32, String)> {
    let schemes: Vec<String> = super::schemes(rules)
        .map(|scheme| squeeze(scheme))
        .collect();
    facts
        .credentials
        .iter()
        .filter_map(|credential| {
            let value = squeeze(&credential.value.constant()?);
            let name = credential.name.clone()?;
            let is_scheme = schemes
                .iter()
                .any(|scheme| value.starts_with(scheme.as_str()));
            is_scheme.then_some((credential.place.file, name))
        })
        .collect()
}

/// Where settings stand whose key says authtoken: the key, the value and the parts of it.
pub(super) fn authtoken_settings(facts: &Facts) -> HashSet<Place> {
    facts
        .settings
        .iter()
        .filter(|setting| names_authtoken(&setting.key))
        .flat_map(|setting| {
            let pieces = setting.value.iter().flat_map(|value| &value.pieces);
            pieces
                .map(|piece| piece.place)
                .chain(setting.value_place)
                .chain([setting.key_place])
        })
        .collect()
}
