//! What is the same for every plan, however it came about: order, counts, days, sources.
//!
//! It must not know rules: all of it follows from what stands in the plan.

use super::model::{
    Client, CredentialKind, Deadline, EffortCounts, Finding, LanguageCount, Plan, Product,
    RequestCounts, ScopeStatus, Source, Summary,
};
use super::requests::Auth;
use crate::rules::model::Level;
use crate::rules::scopes;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Counts days from `today`, and puts everything in order.
pub fn finish(plan: &mut Plan, today: Date) {
    plan.today = today.to_string();
    for product in &mut plan.products {
        if let Some(deadline) = &mut product.deadline {
            count_days(deadline, today);
        }
        product.files.sort_by(|one, other| {
            (&one.repository, &one.path).cmp(&(&other.repository, &other.path))
        });
        for file in &mut product.files {
            file.findings.sort_by(|one, other| {
                (
                    one.line,
                    one.column,
                    std::cmp::Reverse(one.level),
                    &one.rule,
                )
                    .cmp(&(
                        other.line,
                        other.column,
                        std::cmp::Reverse(other.level),
                        &other.rule,
                    ))
            });
        }
        count(product);
        sign_in(product, &plan.clients);
    }
    // What has a finding comes first; within both by date, what has none last.
    plan.products
        .sort_by(|one, other| order(one).cmp(&order(other)));
    plan.credentials.sort_by(|one, other| {
        (one.kind, &one.product, &one.places).cmp(&(other.kind, &other.product, &other.places))
    });
    plan.clients.sort_by(|one, other| {
        (&one.repository, &one.folder, &one.connection, &one.kind.id).cmp(&(
            &other.repository,
            &other.folder,
            &other.connection,
            &other.kind.id,
        ))
    });
    plan.summary = summary(plan);
    plan.sources = sources(plan);
}

fn order(product: &Product) -> (bool, bool, Option<&str>, &str) {
    let deadline = product.deadline.as_ref();
    (
        product.errors + product.warnings + product.notes == 0,
        deadline.is_none(),
        deadline.map(|deadline| deadline.date.as_str()),
        &product.name,
    )
}

fn count_days(deadline: &mut Deadline, today: Date) {
    if let Ok(date) = deadline.date.parse::<Date>() {
        deadline.days_overdue = today.duration_since(date).as_hours() / 24;
    }
}

fn findings(product: &Product) -> impl Iterator<Item = &Finding> {
    product.files.iter().flat_map(|file| &file.findings)
}

fn count(product: &mut Product) {
    let (mut errors, mut warnings, mut notes) = (0, 0, 0);
    let mut effort = EffortCounts::default();
    for finding in findings(product) {
        match finding.level {
            Level::Error => errors += 1,
            Level::Warning => warnings += 1,
            Level::Note => notes += 1,
        }
        if finding.level > Level::Note {
            effort.add(finding.effort);
        }
    }
    product.errors = errors;
    product.warnings = warnings;
    product.notes = notes;
    product.effort = effort;
}

/// How the requests to a product sign in, and to which hosts they go.
fn sign_in(product: &mut Product, clients: &[Client]) {
    let mut counts = RequestCounts::default();
    let (mut on_oauth, mut through_connection) = (BTreeSet::new(), BTreeSet::new());
    for center in &mut product.data_centers {
        center.hosts.clear();
    }
    for request in clients
        .iter()
        .flat_map(|client| &client.requests)
        .filter(|request| product.id.as_ref() == Some(&request.product))
    {
        match request.signs_in_with {
            Auth::Authtoken => counts.authtoken += 1,
            Auth::Unknown => counts.unknown += 1,
            Auth::Oauth => {
                counts.oauth += 1;
                on_oauth.insert(request.place.clone());
            }
            Auth::Connection => {
                counts.connection += 1;
                through_connection.insert(request.place.clone());
            }
        }
        let center = product
            .data_centers
            .iter_mut()
            .find(|center| request.data_center.as_ref() == Some(&center.id));
        if let (Some(center), Some(host)) = (center, &request.host) {
            *center.hosts.entry(host.clone()).or_default() += 1;
        }
    }
    product.requests = counts;
    product.on_oauth = on_oauth.into_iter().collect();
    product.through_connection = through_connection.into_iter().collect();
}

fn summary(plan: &Plan) -> Summary {
    /// Repository and path.
    type Name<'n> = (&'n str, &'n str);
    let mut summary = Summary::default();
    let mut files: BTreeSet<Name<'_>> = BTreeSet::new();
    let mut languages: BTreeMap<&str, (u64, BTreeSet<Name<'_>>)> = BTreeMap::new();
    for product in &plan.products {
        summary.errors += product.errors;
        summary.warnings += product.warnings;
        summary.notes += product.notes;
        summary.effort.automatic += product.effort.automatic;
        summary.effort.review += product.effort.review;
        summary.effort.rewrite += product.effort.rewrite;
        for file in &product.files {
            let name = (file.repository.as_str(), file.path.as_str());
            for finding in file
                .findings
                .iter()
                .filter(|finding| finding.level > Level::Note)
            {
                files.insert(name);
                let (count, own) = languages.entry(&finding.language).or_default();
                *count += 1;
                own.insert(name);
            }
        }
    }
    summary.findings = summary.errors + summary.warnings;
    summary.files = files.len() as u64;
    summary.languages = languages
        .into_iter()
        .map(|(language, (findings, files))| LanguageCount {
            language: language.to_string(),
            findings,
            files: files.len() as u64,
        })
        .collect();
    summary
        .languages
        .sort_by_key(|language| std::cmp::Reverse(language.findings));
    for credential in &plan.credentials {
        match credential.kind {
            CredentialKind::Token => summary.tokens_to_revoke += 1,
            CredentialKind::Password => summary.passwords_to_change += 1,
        }
    }
    let first = plan
        .products
        .iter()
        .filter(|product| product.errors + product.warnings > 0)
        .filter_map(|product| product.deadline.as_ref())
        .min_by(|one, other| one.date.cmp(&other.date));
    summary.first_deadline = first.map(|deadline| deadline.date.clone());
    summary.days_overdue = first.map(|deadline| deadline.days_overdue);
    summary
}

/// Every source that stands in the plan, with what it is the source of.
fn sources(plan: &Plan) -> Vec<Source> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |source: &str, what: String| {
        all.entry(source.to_string()).or_default().insert(what);
    };
    for product in &plan.products {
        let name = &product.name;
        if let Some(deadline) = &product.deadline {
            add(&deadline.source, format!("{name}: {}", deadline.date));
        }
        for date in &product.other_dates {
            add(
                &date.source,
                format!("{name}: {} on {}", date.what, date.date),
            );
        }
        for center in &product.data_centers {
            add(&center.source, format!("hosts of {}", center.name));
        }
        for endpoint in &product.endpoints {
            add(&endpoint.source, format!("successor of {}", endpoint.id));
        }
        for package in &product.packages {
            add(&package.source, format!("package {}", package.name));
        }
    }
    for client in &plan.clients {
        add(&client.kind.source, format!("kind: {}", client.kind.name));
        for step in client.setups.iter().flat_map(|setup| &setup.steps) {
            add(&step.source, format!("step: {}", step.title));
        }
        for (what, facts) in [
            ("warning", &client.warnings),
            ("storage", &client.storage),
            ("limit", &client.limits),
        ] {
            for fact in facts {
                add(&fact.source, format!("{what}: {}", fact.title));
            }
        }
        for request in &client.requests {
            if request.status == ScopeStatus::Known
                && let Some(specification) = scopes::specification(&request.product)
            {
                add(
                    &specification.place,
                    format!("scopes of {} ({})", request.product, specification.version),
                );
            }
        }
    }
    for fact in &plan.history {
        add(&fact.source, format!("history: {}", fact.title));
    }
    all.into_iter()
        .map(|(source, supports)| Source {
            source,
            supports: supports.into_iter().collect(),
        })
        .collect()
}
