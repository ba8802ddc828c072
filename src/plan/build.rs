//! From one scanned code base, or a saved result of one, to its plan.
//!
//! Owns what goes in, and the grouping by product. It must not know where it comes from.

use super::clients;
use super::finish::finish;
use super::model::{
    Coverage, Credential, CredentialPlace, Deadline, Diagnostic, Fact, File, Finding, Plan,
    Product, REPORT, Repository, SCHEMA, Summary, Tool,
};
use super::products;
use super::survey::Survey;
use crate::finding::PathClass;
use crate::rules::model::Rules;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is known of one code base.
#[derive(Clone, Debug, Default)]
pub struct Input {
    pub repository: String,
    pub entries: Vec<Entry>,
    /// Absent in results of older versions.
    pub survey: Option<Survey>,
    pub coverage: Option<Coverage>,
    pub diagnostics: Vec<Diagnostic>,
    pub gaps: Vec<String>,
}

/// A finding and what it stands under.
#[derive(Clone, Debug)]
pub struct Entry {
    pub product: Option<String>,
    pub path: String,
    pub path_class: PathClass,
    pub deadline: Option<Deadline>,
    pub finding: Finding,
}

/// What people choose for a report.
#[derive(Clone, Debug)]
pub struct Choices {
    pub today: Date,
    /// Id of the kind that all programs are of, whatever the evidence says.
    pub kind: Option<String>,
}

pub fn build(input: Input, rules: &Rules, choices: &Choices) -> Plan {
    let Input {
        repository,
        entries,
        survey,
        coverage,
        diagnostics,
        mut gaps,
    } = input;
    if survey.is_none() {
        gaps.push(format!(
            "{repository}: the saved result does not hold what the program calls, so OAuth clients, scopes, packages, endpoints and passwords are missing here. Run `authshift check --format json` of this version again."
        ));
    }
    let survey = survey.unwrap_or_default();
    let clients = clients::of(&repository, &survey, &entries, rules, choices);
    let credentials = credentials(&repository, &survey, rules);
    let mut by_product: BTreeMap<Option<String>, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        by_product
            .entry(entry.product.clone())
            .or_default()
            .push(entry);
    }
    for request in &survey.requests {
        by_product.entry(Some(request.product.clone())).or_default();
    }
    let products = by_product
        .into_iter()
        .map(|(id, entries)| product(&repository, id, entries, &survey, rules, choices))
        .collect();
    let mut plan = Plan {
        schema: SCHEMA,
        report: REPORT.to_string(),
        tool: Tool {
            name: "authshift".to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
        },
        today: choices.today.to_string(),
        repositories: vec![Repository {
            name: repository,
            coverage,
            diagnostics,
        }],
        summary: Summary::default(),
        products,
        clients,
        credentials,
        history: rules
            .protocol
            .iter()
            .flat_map(|protocol| &protocol.history)
            .map(|statement| Fact {
                title: statement.title.clone(),
                text: statement.text.clone(),
                source: statement.source.clone(),
            })
            .collect(),
        gaps,
        sources: Vec::new(),
    };
    finish(&mut plan, choices.today);
    plan
}

/// What a product is called; its id where no rule names it.
pub(super) fn product_name(rules: &Rules, id: Option<&str>) -> String {
    match id {
        Some(id) => rules
            .products
            .iter()
            .find(|product| product.id == id)
            .map_or(id, |product| &product.name)
            .to_string(),
        None => "Zoho, product unknown".to_string(),
    }
}

fn product(
    repository: &str,
    id: Option<String>,
    entries: Vec<Entry>,
    survey: &Survey,
    rules: &Rules,
    choices: &Choices,
) -> Product {
    let deadline = products::deadline(&entries, id.as_deref(), rules, choices.today);
    let usage = products::usage(repository, id.as_deref(), &entries, survey, rules);
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for entry in entries {
        files
            .entry(entry.path.clone())
            .or_insert_with(|| File {
                repository: repository.to_string(),
                path: entry.path,
                path_class: entry.path_class,
                findings: Vec::new(),
            })
            .findings
            .push(entry.finding);
    }
    Product {
        name: product_name(rules, id.as_deref()),
        deadline,
        other_dates: products::other_dates(id.as_deref(), rules),
        id,
        errors: 0,
        warnings: 0,
        notes: 0,
        effort: Default::default(),
        files: files.into_values().collect(),
        data_centers: usage.data_centers,
        endpoints: usage.endpoints,
        packages: usage.packages,
        requests: Default::default(),
        on_oauth: Vec::new(),
        through_connection: Vec::new(),
    }
}

fn credentials(repository: &str, survey: &Survey, rules: &Rules) -> Vec<Credential> {
    survey
        .credentials
        .iter()
        .map(|one| Credential {
            kind: one.kind,
            mask: one.mask.clone(),
            digest: one.digest.clone(),
            product: one.product.clone(),
            product_name: match &one.product {
                Some(id) => product_name(rules, Some(id)),
                None => "Zoho".to_string(),
            },
            count: one.count,
            is_tracked: one.places.iter().any(|place| place.tracked == Some(true)),
            places: one
                .places
                .iter()
                .map(|place| CredentialPlace {
                    repository: repository.to_string(),
                    path: place.path.clone(),
                    line: place.line,
                    tracked: place.tracked,
                })
                .collect(),
        })
        .collect()
}
