//! What there is to say about a product: its dates, where it is called, what has to be rewritten or replaced, and what
//! is on OAuth already.
//!
//! It must not know which clients make the calls.

use super::build::Entry;
use super::model::{DataCenter, Deadline, Endpoint, OtherDate, Package, Place};
use super::survey::Survey;
use crate::rules::model::{DeadlineKind, LegacyEndpoint, Rules};
use crate::rules::{deadline_of, legacy_endpoint};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The date that passed first among those of its findings; without findings, that of the rules.
pub(super) fn deadline(
    entries: &[Entry],
    id: Option<&str>,
    rules: &Rules,
    today: Date,
) -> Option<Deadline> {
    let first = entries
        .iter()
        .filter_map(|entry| entry.deadline.as_ref())
        .min_by(|one, other| one.date.cmp(&other.date));
    if let Some(first) = first {
        return Some(first.clone());
    }
    deadline_of(rules, Some(id?), false, None, today).map(Deadline::from)
}

impl From<crate::finding::FindingDeadline> for Deadline {
    fn from(deadline: crate::finding::FindingDeadline) -> Deadline {
        Deadline {
            date: deadline.date,
            no_new_tokens: deadline.no_new_tokens,
            stops_working: deadline.stops_working,
            api_end: deadline.api_end,
            days_overdue: deadline.days_overdue,
            source: deadline.source,
        }
    }
}

/// The dates that hold for one data centre or one part only.
pub(super) fn other_dates(id: Option<&str>, rules: &Rules) -> Vec<OtherDate> {
    let Some(product) = rules
        .products
        .iter()
        .find(|product| Some(product.id.as_str()) == id)
    else {
        return Vec::new();
    };
    let mut dates: Vec<OtherDate> = crate::rules::other_dates(product)
        .map(|deadline| OtherDate {
            what: match deadline.kind {
                DeadlineKind::NoNewTokens => "no new authtokens",
                DeadlineKind::TokensStop => "authtokens stopped",
                DeadlineKind::ApiEnd => "the API ended",
            }
            .to_string(),
            date: deadline.date.clone(),
            data_center: deadline.data_center.as_ref().map(|id| {
                rules
                    .data_centers
                    .iter()
                    .find(|center| center.id == *id)
                    .map_or_else(|| id.clone(), |center| center.name.clone())
            }),
            context: deadline.context.clone(),
            note: deadline.note.clone(),
            source: deadline.source.clone(),
        })
        .collect();
    dates.sort_by(|one, other| one.date.cmp(&other.date));
    dates
}

/// How a code base uses one product.
#[derive(Default)]
pub(super) struct Usage {
    /// Their hosts are counted when the plan is finished.
    pub data_centers: Vec<DataCenter>,
    pub endpoints: Vec<Endpoint>,
    pub packages: Vec<Package>,
}

pub(super) fn usage(
    repository: &str,
    id: Option<&str>,
    entries: &[Entry],
    survey: &Survey,
    rules: &Rules,
) -> Usage {
    let place = |path: &str, line: u32| Place {
        repository: repository.to_string(),
        path: path.to_string(),
        line,
    };
    let mut usage = Usage::default();
    let centers: BTreeSet<&str> = survey
        .requests
        .iter()
        .filter(|request| Some(request.product.as_str()) == id)
        .filter_map(|request| request.data_center.as_deref())
        .chain(
            entries
                .iter()
                .filter_map(|entry| entry.finding.data_center.as_deref()),
        )
        .collect();
    usage.data_centers = rules
        .data_centers
        .iter()
        .filter(|center| centers.contains(center.id.as_str()))
        .map(|center| DataCenter {
            id: center.id.clone(),
            name: center.name.clone(),
            hosts: BTreeMap::new(),
            accounts_host: center.accounts_host.clone(),
            api_host: center.api_host.clone(),
            source: center.source.clone(),
        })
        .collect();

    let mut endpoints: BTreeMap<&str, Endpoint> = BTreeMap::new();
    for seen in survey
        .endpoints
        .iter()
        .filter(|seen| Some(seen.product.as_str()) == id)
    {
        let Some(legacy) = legacy_endpoint(rules, &seen.id) else {
            continue;
        };
        let endpoint = endpoints
            .entry(&seen.id)
            .or_insert_with(|| empty_endpoint(legacy));
        if !endpoint.old.contains(&seen.called) {
            endpoint.old.push(seen.called.clone());
        }
        let at = place(&seen.path, seen.line);
        if !endpoint.places.contains(&at) {
            endpoint.places.push(at);
        }
    }
    usage.endpoints = endpoints.into_values().collect();

    let mut packages: BTreeMap<&str, Package> = BTreeMap::new();
    for seen in &survey.packages {
        let Some(sdk) = rules.sdks.iter().find(|sdk| sdk.id == seen.id) else {
            continue;
        };
        if seen
            .product
            .as_deref()
            .or(sdk.products.first().map(String::as_str))
            != id
        {
            continue;
        }
        packages
            .entry(&seen.id)
            .or_insert_with(|| Package {
                id: sdk.id.clone(),
                name: sdk.name.clone(),
                registry: sdk.registry.clone(),
                package: sdk.package.clone(),
                oauth_from: sdk.oauth_from.clone(),
                oauth_unknown: sdk.oauth_unknown,
                successor: sdk.successor.clone(),
                places: Vec::new(),
                source: sdk.source.clone(),
            })
            .places
            .push(place(&seen.path, seen.line));
    }
    usage.packages = packages.into_values().collect();
    usage
}

fn empty_endpoint(legacy: &LegacyEndpoint) -> Endpoint {
    Endpoint {
        id: legacy.id.clone(),
        old: Vec::new(),
        new: legacy.successor.clone(),
        changes: legacy.note.clone(),
        ended: legacy.ended.clone(),
        places: Vec::new(),
        source: legacy.source.clone(),
    }
}
