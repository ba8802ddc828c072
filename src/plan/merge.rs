//! Several plans to one.
//!
//! Owns what is the same in two of them: a finding by repository and fingerprint, a credential by its digest, a client
//! by repository, folder, connection and kind. It must not know files or formats.

use super::build::Choices;
use super::clients;
use super::finish::finish;
use super::model::{Client, Credential, File, Plan, Product};
use crate::rules::model::Rules;
use std::collections::{BTreeMap, BTreeSet};

/// One plan of all; `None` of none.
pub fn merge(plans: Vec<Plan>, rules: &Rules, choices: &Choices) -> Option<Plan> {
    let mut plans = plans.into_iter();
    let mut whole = plans.next()?;
    for plan in plans {
        for repository in plan.repositories {
            match whole
                .repositories
                .iter_mut()
                .find(|known| known.name == repository.name)
            {
                Some(known) => {
                    known.coverage = known.coverage.take().or(repository.coverage);
                    extend(&mut known.diagnostics, repository.diagnostics);
                }
                None => whole.repositories.push(repository),
            }
        }
        whole.products.extend(plan.products);
        whole.clients.extend(plan.clients);
        whole.credentials.extend(plan.credentials);
        extend(&mut whole.history, plan.history);
        extend(&mut whole.gaps, plan.gaps);
    }
    whole.tool.version = env!("CARGO_PKG_VERSION").to_string();
    whole
        .repositories
        .sort_by(|one, other| one.name.cmp(&other.name));
    whole.products = products(whole.products);
    whole.clients = clients(whole.clients, rules, choices);
    whole.credentials = credentials(whole.credentials);
    finish(&mut whole, choices.today);
    Some(whole)
}

fn extend<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

fn products(all: Vec<Product>) -> Vec<Product> {
    let mut merged: BTreeMap<Option<String>, Product> = BTreeMap::new();
    for product in all {
        let Some(known) = merged.get_mut(&product.id) else {
            merged.insert(product.id.clone(), product);
            continue;
        };
        // The date that passed first counts for the product.
        if let Some(deadline) = product.deadline
            && known
                .deadline
                .as_ref()
                .is_none_or(|own| deadline.date < own.date)
        {
            known.deadline = Some(deadline);
        }
        extend(&mut known.other_dates, product.other_dates);
        known.files.extend(product.files);
        for center in product.data_centers {
            if !known.data_centers.iter().any(|own| own.id == center.id) {
                known.data_centers.push(center);
            }
        }
        for endpoint in product.endpoints {
            match known.endpoints.iter_mut().find(|own| own.id == endpoint.id) {
                Some(own) => {
                    extend(&mut own.old, endpoint.old);
                    extend(&mut own.places, endpoint.places);
                }
                None => known.endpoints.push(endpoint),
            }
        }
        for package in product.packages {
            match known.packages.iter_mut().find(|own| own.id == package.id) {
                Some(own) => extend(&mut own.places, package.places),
                None => known.packages.push(package),
            }
        }
    }
    let mut products: Vec<Product> = merged.into_values().collect();
    // What two results of one repository say of a finding is said once, wherever its lines have moved.
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for product in &mut products {
        let mut files: BTreeMap<(String, String), File> = BTreeMap::new();
        for mut file in std::mem::take(&mut product.files) {
            file.findings.retain(|finding| {
                seen.insert((file.repository.clone(), finding.fingerprint.clone()))
            });
            if file.findings.is_empty() {
                continue;
            }
            let name = (file.repository.clone(), file.path.clone());
            match files.get_mut(&name) {
                Some(known) => known.findings.extend(file.findings),
                None => {
                    files.insert(name, file);
                }
            }
        }
        product.files = files.into_values().collect();
    }
    products
}

/// What makes two clients one.
fn key(client: &Client) -> (String, String, Option<String>, String) {
    (
        client.repository.clone(),
        client.folder.clone(),
        client.connection.clone(),
        client.kind.id.clone(),
    )
}

fn clients(all: Vec<Client>, rules: &Rules, choices: &Choices) -> Vec<Client> {
    let mut merged: BTreeMap<(String, String, Option<String>, String), Client> = BTreeMap::new();
    for mut client in all {
        clients::choose(&mut client, rules, choices);
        match merged.get_mut(&key(&client)) {
            Some(known) => {
                extend(&mut known.requests, client.requests);
                extend(&mut known.scripts, client.scripts);
                extend(&mut known.kind.evidence, client.kind.evidence);
                extend(&mut known.kind.against, client.kind.against);
                for setup in client.setups {
                    if !known
                        .setups
                        .iter()
                        .any(|own| own.data_center == setup.data_center)
                    {
                        known.setups.push(setup);
                    }
                }
            }
            None => {
                merged.insert(key(&client), client);
            }
        }
    }
    merged
        .into_values()
        .map(|mut client| {
            clients::renew(&mut client, rules);
            client
        })
        .collect()
}

fn credentials(all: Vec<Credential>) -> Vec<Credential> {
    let mut merged: Vec<Credential> = Vec::new();
    for credential in all {
        let same = |known: &&mut Credential| {
            known.kind == credential.kind
                && match (&known.digest, &credential.digest) {
                    (Some(one), Some(other)) => one == other,
                    // Short ones have no digest: they are the same if they stand at the same places.
                    (None, None) => known.places == credential.places,
                    _ => false,
                }
        };
        match merged.iter_mut().find(same) {
            Some(known) => {
                let (before, own) = (known.places.len(), credential.places.len());
                extend(&mut known.places, credential.places);
                // The same place in two results is one.
                known.count = match known.places.len() - before {
                    0 => known.count.max(credential.count),
                    new if new == own => known.count + credential.count,
                    new => known.count + new as u64,
                };
                known.places.sort();
                known.is_tracked |= credential.is_tracked;
                known.product = known.product.take().or(credential.product);
            }
            None => merged.push(credential),
        }
    }
    merged
}
