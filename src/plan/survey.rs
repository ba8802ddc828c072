//! The survey: what a scan tells about a code base besides its findings, in a form that can be kept.
//!
//! Owns what is collected, and its shape in saved results. It must not know what follows from it: which kind a
//! program is, what is to be done, and by when ([`super::clients`], [`super::products`]).

use super::requests::{self, Auth, Needs, SignIn, Used};
use super::signs::Signs;
use crate::facts::Facts;
use crate::finding::{Confidence, PathClass, path_class};
use crate::flow::Unit;
use crate::flow::value::Place;
use crate::redact::{self, Secret};
use crate::rules::matching::{Candidate, Knowledge, SentAs};
use crate::rules::model::Matcher;
use crate::scan::LineIndex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// What can be asked of the files of a scan.
pub trait Files {
    /// Whether a file belongs to the scan; paths are relative to the root of the report.
    fn contains(&self, path: &str) -> bool;
    fn text(&self, path: &str) -> Option<String>;
    /// Whether git tracks it, if that is known.
    fn tracked(&self, path: &str) -> Option<bool>;
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Survey {
    /// Folders with a program of its own, and what tells its kind.
    pub programs: Vec<Program>,
    /// Files that call Zoho or have a finding in code.
    pub files: Vec<Source>,
    pub requests: Vec<Request>,
    pub credentials: Vec<Credential>,
    pub packages: Vec<Package>,
    pub endpoints: Vec<Endpoint>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Program {
    /// Empty for the root.
    pub folder: String,
    pub signs: Vec<Sign>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Source {
    pub path: String,
    pub language: String,
    /// Folder of its program.
    pub program: String,
    pub signs: Vec<Sign>,
}

/// What speaks for a kind of program.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Sign {
    pub kind: String,
    pub what: String,
    pub weight: u32,
    pub path: String,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Request {
    pub path: String,
    pub line: u32,
    pub product: String,
    pub data_center: Option<String>,
    pub host: Option<String>,
    pub method: Option<String>,
    /// With `{}` for what is not known, without its query.
    pub url: String,
    pub status: super::model::ScopeStatus,
    pub operation: Option<String>,
    /// One scope of each group is needed.
    pub scope_groups: Vec<Vec<String>>,
    /// What the scopes of the product begin with.
    pub scope_family: Option<String>,
    pub signs_in_with: Auth,
    pub connection: Option<String>,
    /// Made by a function that cannot carry a connection.
    pub is_plain_call: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Credential {
    pub kind: super::model::CredentialKind,
    pub mask: String,
    pub digest: Option<String>,
    pub product: Option<String>,
    /// How often it stands there.
    pub count: u64,
    pub places: Vec<CredentialPlace>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialPlace {
    pub path: String,
    pub line: u32,
    pub tracked: Option<bool>,
}

/// Use of a client library of the rules.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub id: String,
    pub product: Option<String>,
    pub path: String,
    pub line: u32,
}

/// Use of an endpoint that went away with the token.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    pub product: String,
    pub id: String,
    /// As `METHOD url`, where both are known.
    pub called: String,
    pub path: String,
    pub line: u32,
}

/// What a scan found, for the survey.
pub struct Scanned<'s, 'r> {
    pub knowledge: &'s Knowledge<'r>,
    pub facts: &'s Facts,
    pub units: &'s [Rc<Unit>],
    pub candidates: &'s [Candidate<'r>],
    pub files: &'s dyn Files,
}

pub fn survey(scanned: &Scanned<'_, '_>) -> Survey {
    let used = requests::used(
        scanned.knowledge,
        scanned.facts,
        scanned.units,
        scanned.candidates,
    );
    let with_tests = !used.is_empty() && !used.iter().any(|one| requests::counts(&one.path, false));
    let mut lines = Lines::default();
    let mut endpoints = BTreeSet::new();
    let mut packages = BTreeSet::new();
    let mut paths: BTreeSet<&str> = used.iter().map(|one| one.path.as_str()).collect();
    for candidate in trusted(scanned.candidates) {
        let Some(unit) = scanned.units.get(candidate.place.file as usize) else {
            continue;
        };
        if !requests::counts(&unit.path, with_tests) {
            continue;
        }
        let line = lines.of(unit, candidate.place);
        // An example in a document is no program.
        let class = path_class::classify(&unit.path, None);
        if is_in_code(candidate) && class != PathClass::Docs {
            paths.insert(&unit.path);
        }
        if let Some((product, id)) = &candidate.legacy {
            endpoints.insert(Endpoint {
                product: product.clone(),
                id: id.clone(),
                called: called(candidate, unit),
                path: unit.path.clone(),
                line,
            });
        }
        let package = candidate.evidence.iter().find_map(|evidence| {
            evidence
                .strip_prefix("sdk:")
                .or_else(|| evidence.strip_prefix("dependency:"))
        });
        if let Some(id) = package {
            packages.insert(Package {
                id: id.to_string(),
                product: candidate.product.clone(),
                path: unit.path.clone(),
                line,
            });
        }
    }
    let (programs, files) = Signs::new(scanned, with_tests).of(&paths);
    Survey {
        programs,
        files,
        requests: kept(used),
        credentials: credentials(scanned, &mut lines),
        packages: packages.into_iter().collect(),
        endpoints: endpoints.into_iter().collect(),
    }
}

fn trusted<'c, 'r>(candidates: &'c [Candidate<'r>]) -> impl Iterator<Item = &'c Candidate<'r>> {
    candidates
        .iter()
        .filter(|candidate| candidate.confidence >= Confidence::Medium)
}

/// Whether a finding is about something that signs in, not about a text or a setting.
fn is_in_code(candidate: &Candidate<'_>) -> bool {
    candidate.rule.matchers.iter().any(|matcher| {
        matches!(
            matcher,
            Matcher::Header { .. }
                | Matcher::Parameter { .. }
                | Matcher::Sdk {}
                | Matcher::Endpoint { .. }
        )
    })
}

/// What the code calls, without its query; of a text that is no request, its first line.
fn called(candidate: &Candidate<'_>, unit: &Unit) -> String {
    /// Nobody reads more of it.
    const MOST: usize = 200;
    let says_something = |url: &&String| url.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let url = match candidate.url.as_ref().filter(says_something) {
        Some(url) => url.clone(),
        None => {
            let slice = unit.slice(candidate.place.span);
            let line = slice.lines().next().unwrap_or_default();
            redact::mask_excerpt(line.trim_matches(['"', '\'', '`', ' ', ';', ',']))
        }
    };
    let url: String = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .chars()
        .take(MOST)
        .collect();
    match &candidate.method {
        Some(method) => format!("{method} {url}"),
        None => url,
    }
}

fn kept(used: Vec<Used>) -> Vec<Request> {
    use super::model::ScopeStatus;
    let mut requests: Vec<Request> = used
        .into_iter()
        .map(|one| {
            let (status, operation, family) = match one.needs {
                Needs::Scopes(operation, _) => (ScopeStatus::Known, Some(operation), None),
                Needs::Unknown(family) => (ScopeStatus::Unknown, None, family),
                Needs::Ended => (ScopeStatus::Ended, None, None),
            };
            let scope_groups = one.need.map(|need| need.groups).unwrap_or_default();
            Request {
                path: one.path,
                line: u32::try_from(one.line).unwrap_or(u32::MAX),
                product: one.product,
                data_center: one.data_center,
                host: one.host,
                method: one.method,
                url: one.url,
                status,
                operation,
                scope_groups,
                scope_family: family,
                signs_in_with: one.auth,
                connection: match one.sign_in {
                    SignIn::Connection(name) => Some(redact::mask_excerpt(&name)),
                    _ => None,
                },
                is_plain_call: one.is_plain_call,
            }
        })
        .collect();
    requests.sort_by(|one, other| {
        (&one.path, one.line, &one.method, &one.url).cmp(&(
            &other.path,
            other.line,
            &other.method,
            &other.url,
        ))
    });
    requests.dedup();
    requests
}

/// One value, while its places are collected.
struct Seen<'a> {
    kind: super::model::CredentialKind,
    product: Option<String>,
    /// Path, first byte and line.
    places: BTreeSet<(&'a str, u32, u32)>,
}

/// Every token and password that is written in the files, each once.
fn credentials(scanned: &Scanned<'_, '_>, lines: &mut Lines) -> Vec<Credential> {
    use super::model::CredentialKind;
    let mut seen: HashMap<&Secret, Seen<'_>> = HashMap::new();
    for candidate in trusted(scanned.candidates) {
        let sent = candidate.sent.iter().filter_map(|sent| {
            let kind = match sent.sent_as {
                SentAs::Token => CredentialKind::Token,
                SentAs::Password => CredentialKind::Password,
            };
            // A text of several parts is named by the first.
            Some((sent.value.as_ref()?, kind, *sent.parts.first()?))
        });
        let own = candidate
            .secret
            .iter()
            .map(|secret| (secret, CredentialKind::Token, candidate.place));
        for (value, kind, place) in sent.chain(own) {
            let Some(unit) = scanned.units.get(place.file as usize) else {
                continue;
            };
            let one = seen.entry(value).or_insert_with(|| Seen {
                kind,
                product: None,
                places: BTreeSet::new(),
            });
            if one.product.is_none() {
                one.product.clone_from(&candidate.product);
            }
            let line = lines.of(unit, place);
            // A literal is found with its quotes or without: what begins on one line within a byte is one.
            let start = place.span.start;
            let known = one
                .places
                .iter()
                .any(|(path, other, _)| *path == unit.path && other.abs_diff(start) <= 1);
            if !known {
                one.places.insert((unit.path.as_str(), start, line));
            }
        }
    }
    let mut credentials: Vec<Credential> = seen
        .into_iter()
        .map(|(value, one)| {
            let mut places: Vec<CredentialPlace> = one
                .places
                .iter()
                .map(|(path, _, line)| CredentialPlace {
                    path: (*path).to_string(),
                    line: *line,
                    tracked: scanned.files.tracked(path),
                })
                .collect();
            places.sort();
            places.dedup();
            Credential {
                kind: one.kind,
                mask: value.mask(),
                digest: value.digest(),
                product: one.product,
                count: one.places.len() as u64,
                places,
            }
        })
        .collect();
    credentials.sort_by(|one, other| {
        (one.kind, &one.places, &one.digest).cmp(&(other.kind, &other.places, &other.digest))
    });
    credentials
}

/// Lines of places, with one index for each text.
#[derive(Default)]
struct Lines {
    /// First bytes of the lines, by path.
    starts: BTreeMap<String, Vec<usize>>,
}

impl Lines {
    fn of(&mut self, unit: &Unit, place: Place) -> u32 {
        if !self.starts.contains_key(&unit.path) {
            let index = LineIndex::new(&unit.text);
            let starts = (1..=index.lines())
                .filter_map(|line| Some(index.line(line)?.start))
                .collect();
            self.starts.insert(unit.path.clone(), starts);
        }
        let starts = self.starts.get(&unit.path).map_or(&[][..], Vec::as_slice);
        let line = starts.partition_point(|start| *start <= place.span.start as usize);
        u32::try_from(line.max(1)).unwrap_or(u32::MAX)
    }
}
