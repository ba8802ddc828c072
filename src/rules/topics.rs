//! What the rules say besides single rules, by subject: dates, hosts, endpoints, packages, kinds of applications.
//!
//! Owns which statements belong to a subject, each with its source. It must not know how they are printed.

use super::applications::{Kind, Statement};
use super::model::{Deadline, DeadlineKind, Rules};
use super::scopes;

/// A page about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub title: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub text: String,
    /// Shown as it is.
    pub command: Option<String>,
    pub source: Option<String>,
}

/// The subjects, with what they are about.
pub const TOPICS: [(&str, &str); 6] = [
    ("data-centers", "hosts of each data centre"),
    ("deadlines", "every date, by product"),
    (
        "endpoints",
        "endpoints that went away, and what took their place",
    ),
    ("oauth", "kinds of applications, their steps, and limits"),
    ("packages", "client libraries that need an authtoken"),
    ("scopes", "where the scopes come from"),
];

/// The page about a subject, if there is one of that name.
pub fn topic(rules: &Rules, name: &str) -> Option<Topic> {
    let (_, about) = TOPICS.iter().find(|(topic, _)| *topic == name)?;
    let sections = match name {
        "data-centers" => data_centers(rules),
        "deadlines" => deadlines(rules),
        "endpoints" => endpoints(rules),
        "oauth" => oauth(rules),
        "packages" => packages(rules),
        _ => tables(rules),
    };
    Some(Topic {
        title: format!("{name}: {about}"),
        sections,
    })
}

fn item(text: impl Into<String>, source: impl Into<String>) -> Item {
    Item {
        text: text.into(),
        command: None,
        source: Some(source.into()),
    }
}

fn plain(text: impl Into<String>) -> Item {
    Item {
        text: text.into(),
        command: None,
        source: None,
    }
}

fn deadlines(rules: &Rules) -> Vec<Section> {
    let mut sections = vec![Section {
        heading: "All products".to_string(),
        items: rules.general_deadlines.iter().map(date).collect(),
    }];
    sections.extend(
        rules
            .products
            .iter()
            .filter(|product| !product.deadline.is_empty())
            .map(|product| Section {
                heading: product.name.clone(),
                items: product.deadline.iter().map(date).collect(),
            }),
    );
    sections
}

fn date(deadline: &Deadline) -> Item {
    let what = match deadline.kind {
        DeadlineKind::NoNewTokens => "no new authtokens",
        DeadlineKind::TokensStop => "authtokens stopped",
        DeadlineKind::ApiEnd => "the API ended",
    };
    let parts: String = [&deadline.data_center, &deadline.context]
        .into_iter()
        .flatten()
        .map(|part| format!(" ({part})"))
        .collect();
    let note = deadline
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!(". {note}"));
    item(
        format!("{}: {what}{parts}{note}", deadline.date),
        &deadline.source,
    )
}

fn data_centers(rules: &Rules) -> Vec<Section> {
    rules
        .data_centers
        .iter()
        .map(|center| {
            let api = center
                .api_host
                .as_ref()
                .map_or_else(String::new, |host| format!("; unified API host {host}"));
            Section {
                heading: format!("{} ({})", center.name, center.id),
                items: vec![item(
                    format!(
                        "accounts host {}{api}; products on {}; confidence {}",
                        center.accounts_host,
                        center.product_domains.join(", "),
                        center.confidence
                    ),
                    &center.source,
                )],
            }
        })
        .collect()
}

fn endpoints(rules: &Rules) -> Vec<Section> {
    rules
        .products
        .iter()
        .filter(|product| !product.legacy.is_empty())
        .map(|product| Section {
            heading: product.name.clone(),
            items: product
                .legacy
                .iter()
                .map(|legacy| {
                    let ended = legacy
                        .ended
                        .as_ref()
                        .map_or_else(String::new, |date| format!(", ended on {date}"));
                    item(
                        format!(
                            "{} ({}{ended}): now {}. {}",
                            legacy.id,
                            legacy.paths.join(", "),
                            legacy.successor,
                            legacy.note
                        ),
                        &legacy.source,
                    )
                })
                .collect(),
        })
        .collect()
}

fn packages(rules: &Rules) -> Vec<Section> {
    let mut registries: Vec<&str> = rules.sdks.iter().map(|sdk| sdk.registry.as_str()).collect();
    registries.sort_unstable();
    registries.dedup();
    registries
        .into_iter()
        .map(|registry| Section {
            heading: registry.to_string(),
            items: rules
                .sdks
                .iter()
                .filter(|sdk| sdk.registry == registry)
                .map(|sdk| {
                    let version = match (&sdk.oauth_from, sdk.oauth_unknown) {
                        (Some(version), _) => format!("knows OAuth from {version}"),
                        (None, true) => "not known which versions need an authtoken".to_string(),
                        (None, false) => "never knew OAuth".to_string(),
                    };
                    item(
                        format!(
                            "{}: {version}; successor: {}",
                            sdk.package.as_deref().unwrap_or(&sdk.name),
                            sdk.successor
                        ),
                        &sdk.source,
                    )
                })
                .collect(),
        })
        .collect()
}

fn oauth(rules: &Rules) -> Vec<Section> {
    let mut sections: Vec<Section> = rules.kinds.iter().map(kind).collect();
    if let Some(protocol) = &rules.protocol {
        let addresses = [
            ("console", &protocol.console),
            ("authorization", &protocol.authorization),
            ("token", &protocol.token),
            ("revoke", &protocol.revoke),
        ];
        sections.push(Section {
            heading: "Addresses".to_string(),
            items: addresses
                .into_iter()
                .map(|(name, address)| item(format!("{name}: {}", address.value), &address.source))
                .collect(),
        });
        sections.push(Section {
            heading: "Limits".to_string(),
            items: statements(&protocol.limit),
        });
        sections.push(Section {
            heading: "History".to_string(),
            items: statements(&protocol.history),
        });
    }
    sections
}

fn kind(kind: &Kind) -> Section {
    let mut items = vec![Item {
        text: kind.summary.clone(),
        command: None,
        source: kind.source.first().cloned(),
    }];
    if let Some(name) = &kind.register_as {
        items.push(plain(format!("Registered as: {name}.")));
    }
    let signs: Vec<String> = kind
        .evidence
        .iter()
        .map(|evidence| format!("{} ({})", evidence.what, evidence.weight))
        .collect();
    if !signs.is_empty() {
        items.push(plain(format!(
            "Signs, with their weight: {}.",
            signs.join("; ")
        )));
    }
    for (number, step) in kind.step.iter().enumerate() {
        items.push(Item {
            text: format!("{}. {}: {}", number + 1, step.title, step.text),
            command: step.command.clone(),
            source: Some(step.source.clone()),
        });
    }
    for task in &kind.task {
        items.push(item(format!("In a script: {}", task.text), &task.source));
    }
    items.extend(statements(&kind.warning));
    items.extend(statements(&kind.storage));
    items.extend(statements(&kind.limit));
    Section {
        heading: format!("{}: {}", kind.id, kind.name),
        items,
    }
}

fn statements(statements: &[Statement]) -> Vec<Item> {
    statements
        .iter()
        .map(|statement| {
            item(
                format!("{}: {}", statement.title, statement.text),
                &statement.source,
            )
        })
        .collect()
}

fn tables(rules: &Rules) -> Vec<Section> {
    rules
        .products
        .iter()
        .filter_map(|product| {
            let table = scopes::specification(&product.id)?;
            Some(Section {
                heading: product.name.clone(),
                items: vec![item(
                    format!("from the specification, {}", table.version),
                    &table.place,
                )],
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::*;

    #[test]
    fn every_subject_has_a_page_and_every_statement_a_source() {
        let rules = load(None).unwrap();
        for (name, _) in TOPICS {
            let page = topic(&rules, name).unwrap();
            assert!(!page.sections.is_empty(), "{name}");
            for section in page.sections {
                assert!(
                    section.items.iter().any(|item| item.source.is_some()),
                    "{name}: {}",
                    section.heading
                );
            }
        }
        assert_eq!(topic(&rules, "cooking"), None);
    }
}
