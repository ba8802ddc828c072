//! The scopes that the requests of a code base need, by the OAuth client that makes them.
//!
//! Owns whose requests are whose. It must not know which requests count ([`super::requests`]), nor how scopes are
//! chosen ([`crate::rules::scopes`]).

use super::requests::Used;
use crate::rules::matching::Knowledge;
use crate::rules::scopes::{self, Need};
use std::collections::{BTreeMap, BTreeSet};

pub use super::requests::{Needs, SignIn};

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
    pub need: Option<Need>,
}

/// The clients of a code base, programs first.
pub fn plan(knowledge: &Knowledge<'_>, requests: Vec<Used>) -> Vec<Client> {
    let mut found: BTreeMap<SignIn, Collected> = BTreeMap::new();
    for request in requests {
        let collected = found.entry(request.sign_in).or_default();
        collected.centers.extend(request.data_center);
        collected.needs.extend(request.need.clone());
        collected.requests.insert(Scoped {
            path: request.path,
            line: request.line,
            product: request.product,
            method: request.method,
            url: request.url,
            needs: request.needs,
            need: request.need,
        });
    }
    found
        .into_iter()
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
