//! The requests of a code base to Zoho: which count, where they go, how they sign in, and which scopes they need.
//!
//! It must not know whose they are ([`super::scopes`], [`super::survey`]) nor how scopes are chosen
//! ([`crate::rules::scopes`]).

use crate::facts::{Facts, Part, Request};
use crate::finding::{Confidence, PathClass, path_class};
use crate::flow::Unit;
use crate::flow::value::{Alternative, Place};
use crate::rules::matching::evidence::Strength;
use crate::rules::matching::{Candidate, Knowledge, parameter_names, scheme_names};
use crate::rules::model::Matcher;
use crate::rules::scopes::{self, Need};
use crate::scan::LineIndex;
use crate::syntax::tree::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Who signs in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignIn {
    /// Programs with a client of their own.
    Program,
    /// Deluge scripts, through a connection.
    Connection(String),
    /// Deluge scripts that have none yet.
    NewConnection,
}

/// What a request signs in with, as far as it can be seen.
#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    Authtoken,
    /// An access token in the header.
    Oauth,
    /// A connection, which may be of OAuth or hold an API key.
    Connection,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// The operation, and scopes that suffice for this request alone; none is possible.
    Scopes(String, Vec<String>),
    /// The endpoint is in no table, or it is not known which one is meant. The prefix of the scopes of the product, if
    /// that is known.
    Unknown(Option<String>),
    /// This API has ended: it needs another endpoint first, and then what the request says besides.
    Ended,
}

/// One request to Zoho, with one method and one URL.
#[derive(Clone, Debug)]
pub struct Used {
    pub path: String,
    pub line: usize,
    pub language: Language,
    /// The id of the product.
    pub product: String,
    pub data_center: Option<String>,
    pub host: Option<String>,
    /// `None` where it is not known.
    pub method: Option<String>,
    /// With `{}` for what is not known, without its query.
    pub url: String,
    pub needs: Needs,
    pub need: Option<Need>,
    pub sign_in: SignIn,
    pub auth: Auth,
    /// Made by a function that cannot carry a connection.
    pub is_plain_call: bool,
}

/// Every request that counts and stays, in the order of the facts: what makes or deletes authtokens goes away. The
/// candidates tell which send an authtoken. Where all of them stand in tests (some projects call everything so), those
/// are what the program is.
pub fn used(
    knowledge: &Knowledge<'_>,
    facts: &Facts,
    units: &[Rc<Unit>],
    candidates: &[Candidate<'_>],
) -> Vec<Used> {
    let found = used_in(knowledge, facts, units, candidates, false);
    if found.is_empty() {
        return used_in(knowledge, facts, units, candidates, true);
    }
    found
}

fn used_in(
    knowledge: &Knowledge<'_>,
    facts: &Facts,
    units: &[Rc<Unit>],
    candidates: &[Candidate<'_>],
    with_tests: bool,
) -> Vec<Used> {
    let sending = Sending::new(knowledge, candidates);
    let mut found = Vec::new();
    let mut indices: HashMap<u32, LineIndex<'_>> = HashMap::new();
    for request in facts.requests.iter().filter(|request| !request.is_defaults) {
        let Some(place) = request.place else { continue };
        let Some(unit) = units.get(place.file as usize) else {
            continue;
        };
        if !counts(&unit.path, with_tests) {
            continue;
        }
        let evidence = knowledge.assess(request);
        let (Some(product), false) = (evidence.product, evidence.is_foreign) else {
            continue;
        };
        if evidence.strength < Strength::Words {
            continue;
        }
        let index = indices
            .entry(place.file)
            .or_insert_with(|| LineIndex::new(&unit.text));
        let line = index.position(place.span.start as usize).line;
        let sign_in = sign_in(unit, request);
        let auth = sending.auth(request, &sign_in);
        for url in &request.urls {
            let template = url.template();
            if knowledge.is_about_authtokens(&template) {
                continue;
            }
            let shown = template.split(['?', '#']).next().unwrap_or_default();
            let ended = knowledge.legacy_in(&template, Some(&product));
            let methods: Vec<Option<&str>> = if request.methods.is_empty() {
                vec![None]
            } else {
                request
                    .methods
                    .iter()
                    .map(|name| Some(name.as_str()))
                    .collect()
            };
            for method in methods {
                let need = match &ended {
                    Some((_, legacy, _)) => scopes::of_ended(&product, legacy, &template),
                    None => {
                        method.and_then(|method| scopes::of_request(&product, method, &template))
                    }
                };
                let needs = match &need {
                    _ if ended.is_some() => Needs::Ended,
                    Some(need) => Needs::Scopes(need.operation.clone(), scopes::smallest([need])),
                    None => Needs::Unknown(
                        knowledge
                            .product(&product)
                            .and_then(|product| product.scope_family.clone()),
                    ),
                };
                found.push(Used {
                    path: unit.path.clone(),
                    line,
                    language: unit.language(),
                    product: product.clone(),
                    data_center: evidence.data_center.clone(),
                    host: evidence.host.clone(),
                    method: method.map(str::to_string),
                    url: crate::redact::mask_excerpt(shown),
                    needs,
                    need,
                    sign_in: sign_in.clone(),
                    auth,
                    is_plain_call: unit.language() == Language::Deluge
                        && request.connection.is_empty()
                        && request.client.as_deref() != Some("invokeurl"),
                });
            }
        }
    }
    found
}

/// Whether what stands in a file is part of the program: not of its tests unless there is nothing else, nor of code of
/// others.
pub(super) fn counts(path: &str, with_tests: bool) -> bool {
    match path_class::classify(path, None) {
        PathClass::Vendored | PathClass::Generated => false,
        PathClass::Test => with_tests,
        PathClass::Production | PathClass::Docs => true,
    }
}

fn sign_in(unit: &Unit, request: &Request) -> SignIn {
    if unit.language() != Language::Deluge {
        return SignIn::Program;
    }
    request
        .connection
        .iter()
        .find_map(Alternative::constant)
        .map(|name| name.trim().to_string())
        .filter(|name| !name.is_empty())
        .map_or(SignIn::NewConnection, SignIn::Connection)
}

/// What tells how requests sign in.
struct Sending<'k> {
    /// Where authtokens were found on their way.
    places: HashSet<Place>,
    /// In lower case.
    old_schemes: Vec<String>,
    parameters: Vec<String>,
    knowledge: &'k Knowledge<'k>,
}

impl<'k> Sending<'k> {
    fn new(knowledge: &'k Knowledge<'k>, candidates: &[Candidate<'_>]) -> Sending<'k> {
        let places = candidates
            .iter()
            .filter(|candidate| {
                candidate.confidence >= Confidence::Medium
                    && candidate.rule.matchers.iter().any(|matcher| {
                        matches!(
                            matcher,
                            Matcher::Header { .. } | Matcher::Parameter { .. } | Matcher::Sdk {}
                        )
                    })
            })
            .flat_map(|candidate| {
                std::iter::once(candidate.place).chain(candidate.flow.iter().map(|step| step.0))
            })
            .collect();
        Sending {
            places,
            old_schemes: scheme_names(knowledge.rules),
            parameters: parameter_names(knowledge.rules),
            knowledge,
        }
    }

    fn auth(&self, request: &Request, sign_in: &SignIn) -> Auth {
        let is_old = |part: &Part| {
            part.value.iter().any(|value| {
                let value = value.template().trim_start().to_ascii_lowercase();
                (self.old_schemes.iter()).any(|scheme| value.starts_with(scheme))
            })
        };
        let authorizations = || {
            request
                .headers
                .iter()
                .filter(|part| part.is_named("Authorization"))
        };
        let parts = || {
            request
                .headers
                .iter()
                .chain(&request.query)
                .chain(&request.form)
        };
        let in_url = request.urls.iter().any(|url| {
            let template = url.template().to_ascii_lowercase();
            let query = template.split_once('?').map_or("", |(_, query)| query);
            query.split('&').any(|pair| {
                let name = pair.split('=').next().unwrap_or_default();
                self.parameters
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(name))
            })
        });
        let sends_parameter = request
            .query
            .iter()
            .chain(&request.form)
            .any(|part| self.parameters.iter().any(|name| part.is_named(name)));
        if in_url || sends_parameter || authorizations().any(is_old) {
            return Auth::Authtoken;
        }
        if authorizations().any(|part| self.knowledge.signs_in_with_oauth(part)) {
            return Auth::Oauth;
        }
        if matches!(sign_in, SignIn::Connection(_)) || !request.connection.is_empty() {
            return Auth::Connection;
        }
        let is_seen = |place: &Place| self.places.contains(place);
        if request.place.as_ref().is_some_and(is_seen) || parts().any(|part| is_seen(&part.place)) {
            return Auth::Authtoken;
        }
        Auth::Unknown
    }
}
