//! The scopes that the requests of a code base need, by the OAuth client that makes them.
//!
//! Owns which requests count and whose they are. It must not know how scopes are chosen ([`crate::rules::scopes`]).

use crate::facts::{Facts, Request};
use crate::finding::{PathClass, path_class};
use crate::flow::Unit;
use crate::flow::value::Alternative;
use crate::rules::matching::Knowledge;
use crate::rules::matching::evidence::Strength;
use crate::rules::scopes::{self, Need};
use crate::scan::LineIndex;
use crate::syntax::tree::Language;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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

/// One OAuth client and what it has to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub sign_in: SignIn,
    /// Accounts hosts, of all data centres that it calls.
    pub accounts_hosts: Vec<String>,
    /// The fewest that suffice.
    pub scopes: Vec<String>,
    /// Every scope that is listed for its requests, where that is more.
    pub every: Vec<String>,
    /// In the order of files and lines.
    pub requests: Vec<Scoped>,
}

/// A request and what it needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scoped {
    pub path: String,
    pub line: usize,
    /// The id of the product.
    pub product: String,
    /// `None` where it is not known.
    pub method: Option<String>,
    /// With `{}` for what is not known, without its query.
    pub url: String,
    pub needs: Needs,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// The operation, and scopes that suffice for this request alone; none is possible.
    Scopes(String, Vec<String>),
    /// The endpoint is in no table, or it is not known which one is meant. The prefix of the scopes of the product, if
    /// that is known.
    Unknown(Option<String>),
    /// This API has ended: it needs another endpoint first.
    Ended,
}

/// The clients of a code base, programs first.
pub fn plan(knowledge: &Knowledge<'_>, facts: &Facts, units: &[Rc<Unit>]) -> Vec<Client> {
    let mut found: BTreeMap<SignIn, Collected> = BTreeMap::new();
    let mut indices: HashMap<u32, LineIndex<'_>> = HashMap::new();
    for request in facts.requests.iter().filter(|request| !request.is_defaults) {
        let Some(place) = request.place else { continue };
        let Some(unit) = units.get(place.file as usize) else {
            continue;
        };
        let class = path_class::classify(&unit.path, None);
        if matches!(
            class,
            PathClass::Vendored | PathClass::Generated | PathClass::Test
        ) {
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
        let center = evidence.data_center.as_deref();
        let collected = found.entry(sign_in(unit, request)).or_default();
        collected.centers.extend(center.map(str::to_string));
        for url in &request.urls {
            collected.add(knowledge, request, url, &product, &unit.path, line);
        }
    }
    found
        .into_iter()
        .filter(|(_, collected)| !collected.requests.is_empty())
        .map(|(sign_in, collected)| client(knowledge, sign_in, collected))
        .collect()
}

/// The requests of one client, while they are collected.
#[derive(Default)]
struct Collected {
    centers: BTreeSet<String>,
    requests: BTreeSet<Scoped>,
    needs: BTreeSet<Need>,
}

impl Collected {
    fn add(
        &mut self,
        knowledge: &Knowledge<'_>,
        request: &Request,
        url: &Alternative,
        product: &str,
        path: &str,
        line: usize,
    ) {
        let template = url.template();
        let shown = template.split(['?', '#']).next().unwrap_or_default();
        let has_ended = knowledge.legacy_in(&template, Some(product)).is_some();
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
            let need = method.and_then(|method| scopes::of_request(product, method, &template));
            let needs = match &need {
                _ if has_ended => Needs::Ended,
                Some(need) => {
                    self.needs.insert(need.clone());
                    Needs::Scopes(need.operation.clone(), scopes::smallest([need]))
                }
                None => Needs::Unknown(
                    knowledge
                        .product(product)
                        .and_then(|product| product.scope_family.clone()),
                ),
            };
            self.requests.insert(Scoped {
                path: path.to_string(),
                line,
                product: product.to_string(),
                method: method.map(str::to_string),
                url: crate::redact::mask_excerpt(shown),
                needs,
            });
        }
    }
}

fn client(knowledge: &Knowledge<'_>, sign_in: SignIn, collected: Collected) -> Client {
    let centers = &knowledge.rules.data_centers;
    let mut accounts_hosts: Vec<String> = centers
        .iter()
        .filter(|center| collected.centers.contains(&center.id))
        .map(|center| center.accounts_host.clone())
        .collect();
    if accounts_hosts.is_empty() {
        accounts_hosts.extend(centers.first().map(|center| center.accounts_host.clone()));
    }
    Client {
        sign_in,
        accounts_hosts,
        scopes: scopes::smallest(&collected.needs),
        every: scopes::every(&collected.needs),
        requests: collected.requests.into_iter().collect(),
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
