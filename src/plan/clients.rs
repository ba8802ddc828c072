//! The OAuth clients that a code base needs: of which kind, with which scopes, and what to do for each.
//!
//! Owns whose requests are whose, the choice among kinds, and the filling of steps. Which signs there are and which
//! steps follow is data of the rules.

use super::build::{Choices, Entry};
use super::model::{
    ApplicationKind, Client, Evidence, Fact, Instruction, Place, Request, Script, Setup,
};
use super::survey::{self, Sign, Source, Survey};
use crate::rules::applications::{Filling, Kind, Protocol, Statement, TaskWhen};
use crate::rules::model::{DataCenter, Level, Rules};
use crate::rules::scopes::{self, Need};
use std::collections::{BTreeMap, BTreeSet};

/// So many pieces of evidence are named for a client, and as many against its kind.
const MOST_EVIDENCE: usize = 6;

/// Whose requests they are: kind, folder of the program, connection.
type Owner<'s> = (usize, &'s str, Option<&'s str>);

/// What belongs to one client, while it is collected.
#[derive(Default)]
struct Collected<'s> {
    requests: Vec<&'s survey::Request>,
    files: BTreeSet<&'s str>,
    signs: Vec<&'s Sign>,
}

pub(super) fn of(
    repository: &str,
    survey: &Survey,
    entries: &[Entry],
    rules: &Rules,
    choices: &Choices,
) -> Vec<Client> {
    let Some(protocol) = &rules.protocol else {
        return Vec::new();
    };
    let given = given(rules, choices);
    let programs: BTreeMap<&str, &[Sign]> = survey
        .programs
        .iter()
        .map(|program| (program.folder.as_str(), program.signs.as_slice()))
        .collect();
    let mut by_path: BTreeMap<&str, Vec<&survey::Request>> = BTreeMap::new();
    for request in &survey.requests {
        by_path.entry(&request.path).or_default().push(request);
    }
    let mut found: BTreeMap<Owner<'_>, Collected<'_>> = BTreeMap::new();
    let mut shared: BTreeSet<&str> = BTreeSet::new();
    for file in &survey.files {
        let program = programs
            .get(file.program.as_str())
            .copied()
            .unwrap_or_default();
        let signs: Vec<&Sign> = file.signs.iter().chain(program).collect();
        let is_script = is_script(file);
        let Some(kind) = given
            .filter(|(_, kind)| !is_script || kind.for_scripts)
            .map(|(index, _)| index)
            .or_else(|| decide(&signs, rules))
        else {
            continue;
        };
        let requests = by_path
            .get(file.path.as_str())
            .map_or(&[][..], Vec::as_slice);
        let mut connections: BTreeSet<Option<&str>> = requests
            .iter()
            .map(|request| request.connection.as_deref())
            .collect();
        if connections.is_empty() {
            connections.insert(None);
        }
        if connections.len() > 1 {
            shared.insert(&file.path);
        }
        for connection in connections {
            // Scripts belong to their connection, programs to their folder.
            let folder = if is_script { "" } else { file.program.as_str() };
            let collected = found.entry((kind, folder, connection)).or_default();
            collected.files.insert(&file.path);
            collected.requests.extend(
                requests
                    .iter()
                    .filter(|request| request.connection.as_deref() == connection),
            );
            for sign in &signs {
                if !collected.signs.contains(sign) {
                    collected.signs.push(sign);
                }
            }
        }
    }
    found
        .into_iter()
        .filter_map(|((kind, folder, connection), collected)| {
            let kind = rules.kinds.get(kind)?;
            // A finding in a script of several connections may be of any of them.
            let is_told = (collected.requests.iter()).any(|request| request.data_center.is_some());
            let is_own =
                |path: &str| collected.files.contains(path) && !(is_told && shared.contains(path));
            let centers: BTreeSet<&str> = entries
                .iter()
                .filter(|entry| is_own(&entry.path))
                .filter_map(|entry| entry.finding.data_center.as_deref())
                .collect();
            let mut client = Client {
                repository: repository.to_string(),
                name: name(connection, folder, kind),
                kind: application_kind(repository, kind, given.is_some(), &collected.signs),
                folder: folder.to_string(),
                connection: connection.map(str::to_string),
                scopes: Vec::new(),
                every_scope: Vec::new(),
                requests: collected
                    .requests
                    .iter()
                    .map(|request| shown(repository, request))
                    .collect(),
                setups: Vec::new(),
                scripts: Vec::new(),
                warnings: Vec::new(),
                storage: Vec::new(),
                limits: Vec::new(),
            };
            assemble(&mut client, kind, protocol, rules, &centers);
            if !kind.task.is_empty() {
                client.scripts = scripts(repository, kind, connection, &collected, survey, entries);
            }
            Some(client)
        })
        .collect()
}

/// The kind that people chose, with its index.
fn given<'r>(rules: &'r Rules, choices: &Choices) -> Option<(usize, &'r Kind)> {
    let id = choices.kind.as_ref()?;
    rules
        .kinds
        .iter()
        .enumerate()
        .find(|(_, kind)| kind.id == *id)
}

fn is_script(file: &Source) -> bool {
    file.language == crate::syntax::Language::Deluge.name()
}

/// The kind with the strongest sign; of equal ones the first in the order of the rules; else the default.
fn decide(signs: &[&Sign], rules: &Rules) -> Option<usize> {
    let strength = |kind: &Kind| {
        signs
            .iter()
            .filter(|sign| sign.kind == kind.id)
            .map(|sign| sign.weight)
            .max()
    };
    rules
        .kinds
        .iter()
        .enumerate()
        .filter_map(|(index, kind)| Some((strength(kind)?, std::cmp::Reverse(index))))
        .max()
        .map(|(_, index)| index.0)
        .or_else(|| rules.kinds.iter().position(|kind| kind.is_default))
}

fn name(connection: Option<&str>, folder: &str, kind: &Kind) -> String {
    match connection {
        Some(connection) => format!("connection {connection}"),
        None if kind.for_scripts && folder.is_empty() => "scripts without a connection".to_string(),
        None if folder.is_empty() => "the program".to_string(),
        None => format!("the program in {folder}"),
    }
}

fn application_kind(
    repository: &str,
    kind: &Kind,
    is_given: bool,
    signs: &[&Sign],
) -> ApplicationKind {
    let evidence = |own: bool| -> Vec<Evidence> {
        let mut signs: Vec<&&Sign> = signs
            .iter()
            .filter(|sign| (sign.kind == kind.id) == own)
            .collect();
        signs.sort_by_key(|sign| (std::cmp::Reverse(sign.weight), &sign.path, sign.line));
        signs
            .into_iter()
            .take(MOST_EVIDENCE)
            .map(|sign| Evidence {
                kind: sign.kind.clone(),
                what: sign.what.clone(),
                place: Place {
                    repository: repository.to_string(),
                    path: sign.path.clone(),
                    line: sign.line,
                },
            })
            .collect()
    };
    ApplicationKind {
        id: kind.id.clone(),
        name: kind.name.clone(),
        register_as: kind.register_as.clone(),
        summary: kind.summary.clone(),
        is_given,
        evidence: evidence(true),
        against: evidence(false),
        source: kind.source.first().cloned().unwrap_or_default(),
    }
}

fn shown(repository: &str, request: &survey::Request) -> Request {
    Request {
        place: Place {
            repository: repository.to_string(),
            path: request.path.clone(),
            line: request.line,
        },
        product: request.product.clone(),
        method: request.method.clone(),
        url: request.url.clone(),
        status: request.status,
        operation: request.operation.clone(),
        scopes: scopes::smallest([&need(&request.scope_groups)]),
        scope_groups: request.scope_groups.clone(),
        data_center: request.data_center.clone(),
        host: request.host.clone(),
        signs_in_with: request.signs_in_with,
        family: request.scope_family.clone(),
    }
}

fn need(groups: &[Vec<String>]) -> Need {
    Need {
        groups: groups.to_vec(),
        operation: String::new(),
    }
}

/// Makes a client of a saved plan one of the kind that people chose.
pub(super) fn choose(client: &mut Client, rules: &Rules, choices: &Choices) {
    let is_of_scripts = rules
        .kinds
        .iter()
        .any(|kind| kind.id == client.kind.id && kind.for_scripts);
    let Some((_, kind)) = given(rules, choices)
        .filter(|(_, kind)| kind.id != client.kind.id && (!is_of_scripts || kind.for_scripts))
    else {
        return;
    };
    let mut against = std::mem::take(&mut client.kind.evidence);
    against.append(&mut client.kind.against);
    let (evidence, against) = against.into_iter().partition(|one| one.kind == kind.id);
    client.kind = ApplicationKind {
        evidence,
        against,
        ..application_kind("", kind, true, &[])
    };
    client.name = name(client.connection.as_deref(), &client.folder, kind);
}

/// Writes scopes and steps of a client of saved plans anew, if its kind is known here.
pub(super) fn renew(client: &mut Client, rules: &Rules) {
    let kind = rules.kinds.iter().find(|kind| kind.id == client.kind.id);
    if let (Some(kind), Some(protocol)) = (kind, &rules.protocol) {
        let centers: Vec<String> = client
            .setups
            .iter()
            .filter(|setup| setup.is_known)
            .map(|setup| setup.data_center.clone())
            .collect();
        let centers = centers.iter().map(String::as_str).collect();
        assemble(client, kind, protocol, rules, &centers);
    }
}

/// Fills in what follows from kind and requests: scopes, and the steps for each data centre.
pub(super) fn assemble(
    client: &mut Client,
    kind: &Kind,
    protocol: &Protocol,
    rules: &Rules,
    further_centers: &BTreeSet<&str>,
) {
    let needs: Vec<Need> = client
        .requests
        .iter()
        .map(|request| need(&request.scope_groups))
        .collect();
    client.scopes = scopes::smallest(&needs);
    client.every_scope = scopes::every(&needs);
    let called: BTreeSet<&str> = client
        .requests
        .iter()
        .filter_map(|request| request.data_center.as_deref())
        .chain(further_centers.iter().copied())
        .collect();
    let mut centers: Vec<(&DataCenter, bool)> = rules
        .data_centers
        .iter()
        .filter(|center| called.contains(center.id.as_str()))
        .map(|center| (center, true))
        .collect();
    if centers.is_empty() {
        centers.extend(rules.data_centers.first().map(|center| (center, false)));
    }
    client.setups = centers
        .into_iter()
        .map(|(center, is_known)| setup(client, kind, protocol, center, is_known))
        .collect();
    client.warnings = facts(&kind.warning);
    client.storage = facts(&kind.storage);
    // Who keeps no settings keeps no tokens: the limits are those of the connection.
    client.limits = if kind.env.is_empty() {
        facts(&kind.limit)
    } else {
        kind.limit.iter().chain(&protocol.limit).map(fact).collect()
    };
}

fn facts(statements: &[Statement]) -> Vec<Fact> {
    statements.iter().map(fact).collect()
}

fn fact(statement: &Statement) -> Fact {
    Fact {
        title: statement.title.clone(),
        text: statement.text.clone(),
        source: statement.source.clone(),
    }
}

fn setup(
    client: &Client,
    kind: &Kind,
    protocol: &Protocol,
    center: &DataCenter,
    is_known: bool,
) -> Setup {
    // Accounts are of one data centre: what is called in another is not theirs to allow.
    let needs: Vec<Need> = client
        .requests
        .iter()
        .filter(|request| {
            let called = request.data_center.as_ref();
            called.is_none_or(|called| *called == center.id)
        })
        .map(|request| need(&request.scope_groups))
        .collect();
    let scopes = scopes::smallest(&needs);
    let has_scopes = !scopes.is_empty();
    let scopes = if has_scopes {
        scopes.join(",")
    } else {
        "SCOPES".to_string()
    };
    let connection = client.connection.clone();
    let mut filling = Filling::of(center);
    filling.values.extend([
        ("scopes", scopes),
        (
            "connection",
            connection.unwrap_or_else(|| "CONNECTION".to_string()),
        ),
    ]);
    let [console, authorization, token, revoke] = [
        &protocol.console,
        &protocol.authorization,
        &protocol.token,
        &protocol.revoke,
    ]
    .map(|address| filling.fill(&address.value));
    filling.values.extend([
        ("console", console.clone()),
        ("authorization-url", authorization.clone()),
        ("token-url", token.clone()),
        ("revoke-url", revoke.clone()),
    ]);
    let steps = kind
        .step
        .iter()
        .map(|step| Instruction {
            title: step.title.clone(),
            text: filling.fill(&step.text),
            command: step
                .command
                .as_ref()
                .filter(|command| has_scopes || command.as_str() != "{scopes}")
                .map(|command| filling.fill(command)),
            source: step.source.clone(),
        })
        .collect();
    let env_example = (!kind.env.is_empty()).then(|| {
        let mut text = format!("# Zoho OAuth 2.0, {}\n", center.name);
        for line in &kind.env {
            if let Some(note) = &line.note {
                text.push_str(&format!("# {}: {}\n", line.name, filling.fill(note)));
            }
            text.push_str(&format!("{}={}\n", line.name, filling.fill(&line.value)));
        }
        text
    });
    Setup {
        data_center: center.id.clone(),
        data_center_name: center.name.clone(),
        is_known,
        accounts_host: center.accounts_host.clone(),
        console_url: console,
        authorization_url: (kind.asks_people && has_scopes).then_some(authorization),
        token_url: token,
        revoke_url: revoke,
        steps,
        env_example,
    }
}

/// What is left to do in each script.
fn scripts(
    repository: &str,
    kind: &Kind,
    connection: Option<&str>,
    collected: &Collected<'_>,
    survey: &Survey,
    entries: &[Entry],
) -> Vec<Script> {
    let ended: BTreeSet<(&str, u32)> = survey
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.path.as_str(), endpoint.line))
        .collect();
    let with_token: BTreeSet<&str> = entries
        .iter()
        .filter(|entry| {
            entry.finding.level >= Level::Warning
                && !ended.contains(&(entry.path.as_str(), entry.finding.line))
        })
        .map(|entry| entry.path.as_str())
        .collect();
    collected
        .files
        .iter()
        .map(|path| {
            let own = || {
                collected
                    .requests
                    .iter()
                    .filter(|request| request.path == *path)
            };
            let needs: Vec<Need> = own().map(|request| need(&request.scope_groups)).collect();
            let scopes = scopes::smallest(&needs);
            let holds = |when: TaskWhen| match when {
                TaskWhen::Authtoken => with_token.contains(path),
                TaskWhen::PlainCall => own().any(|request| request.is_plain_call),
                TaskWhen::Ended => ended.iter().any(|(other, _)| other == path),
                TaskWhen::NoConnection => {
                    connection.is_none() && (own().next().is_some() || with_token.contains(path))
                }
                TaskWhen::Scopes => !scopes.is_empty(),
                TaskWhen::UnknownScopes => {
                    own().any(|request| request.status == super::model::ScopeStatus::Unknown)
                }
            };
            let filling = Filling {
                values: vec![
                    ("scopes", scopes.join(", ")),
                    ("connection", connection.unwrap_or("CONNECTION").to_string()),
                ],
            };
            Script {
                repository: repository.to_string(),
                path: (*path).to_string(),
                tasks: kind
                    .task
                    .iter()
                    .filter(|task| holds(task.when))
                    .map(|task| filling.fill(&task.text))
                    .collect(),
                scopes,
            }
        })
        .collect()
}
