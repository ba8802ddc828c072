//! Rounds: what the first files point at is read in a second round, and once more in a third.
//!
//! Owns the choice of files to parse and of names to search for. It must not know output.

use super::load::Files;
use crate::facts::Facts;
use crate::flow::{Evaluation, Idioms, Loader, NoLoader, Unit, evaluate};
use crate::rules::matching::{Candidate, Knowledge, Matching, RuleInterest};
use crate::rules::model::Rules;
use crate::scan::{self, Prefilter, Scan};
use crate::syntax::tree::{Key, Kind, Language};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

/// Names that stand everywhere say nothing about where a value goes.
const COMMON: [&str; 40] = [
    "access",
    "address",
    "apikey",
    "baseurl",
    "client",
    "config",
    "configuration",
    "constants",
    "content",
    "default",
    "domain",
    "endpoint",
    "exports",
    "handler",
    "header",
    "headers",
    "helper",
    "helpers",
    "method",
    "module",
    "options",
    "params",
    "password",
    "prefix",
    "project",
    "request",
    "response",
    "secret",
    "server",
    "service",
    "settings",
    "status",
    "string",
    "target",
    "timeout",
    "username",
    "utils",
    "version",
    "request_url",
    "server_url",
];
/// Shorter names are common words.
const SHORTEST_NEEDLE: usize = 6;
/// A name found in more files than this is common after all.
const MOST_FILES: usize = 300;
/// Rounds after the first.
const FURTHER_ROUNDS: usize = 2;

/// The files of the scan for whoever follows an import.
struct Imports<'a> {
    scan: &'a Scan,
    files: &'a mut Files,
}

impl Loader for Imports<'_> {
    fn load(&mut self, path: &str) -> Option<Vec<Unit>> {
        match self.scan.file(path) {
            Some(candidate) => self.files.load(self.scan, &candidate),
            None => {
                let bytes = self.files.overlay.get(path)?.clone();
                self.files.take(path, &bytes, None, None)
            }
        }
    }
    fn exists(&self, path: &str) -> bool {
        self.scan.contains(path) || self.files.overlay.contains_key(path)
    }
}

/// What the rounds bring.
pub struct Rounds<'r> {
    pub facts: Facts,
    pub candidates: Vec<Candidate<'r>>,
    pub units: Vec<Rc<Unit>>,
    pub widened: HashSet<u32>,
    /// Names whose files were too many to read.
    pub left: Vec<String>,
}

/// Evaluates and matches, and does so again with the files that the result points at.
pub fn run<'r>(
    scan: &Scan,
    files: &mut Files,
    first: Vec<scan::Candidate>,
    knowledge: &Knowledge<'r>,
    idioms: &Idioms,
    rules: &Rules,
) -> Rounds<'r> {
    let interest = RuleInterest::new(rules);
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut searched: HashSet<String> = HashSet::new();
    let mut left = Vec::new();
    let mut chosen = first;
    wanted.extend(chosen.iter().map(|candidate| candidate.relative.clone()));
    let mut round = 0;
    loop {
        files.partly_read.clear();
        files.unreadable.clear();
        files.parsed = 0;
        let mut units = Vec::new();
        for candidate in &chosen {
            units.extend(files.load(scan, candidate).unwrap_or_default());
        }
        let mut loader = Imports { scan, files };
        let evaluation = evaluate(units, &mut loader, idioms, &interest);
        let matching = Matching::new(knowledge, &evaluation.facts, &evaluation.units);
        let candidates = matching.run();
        if round < FURTHER_ROUNDS {
            let files: HashSet<u32> = candidates
                .iter()
                .filter(|one| !one.carried.is_empty())
                .map(|one| one.place.file)
                .collect();
            let needles = needles(&evaluation, knowledge, &files, &searched);
            searched.extend(needles.iter().cloned());
            let found = further_files(scan, &needles, &wanted, &mut left);
            if !found.is_empty() {
                wanted.extend(found.iter().map(|candidate| candidate.relative.clone()));
                chosen.extend(found);
                chosen.sort_by(|a, b| a.relative.cmp(&b.relative));
                round += 1;
                continue;
            }
        }
        return Rounds {
            candidates,
            facts: evaluation.facts,
            units: evaluation.units,
            widened: evaluation.widened,
            left,
        };
    }
}

/// Evaluates and matches these units alone.
pub fn single<'r>(
    units: Vec<Unit>,
    knowledge: &Knowledge<'r>,
    idioms: &Idioms,
    rules: &Rules,
) -> Rounds<'r> {
    let interest = RuleInterest::new(rules);
    let evaluation = evaluate(units, &mut NoLoader, idioms, &interest);
    let candidates = Matching::new(knowledge, &evaluation.facts, &evaluation.units).run();
    Rounds {
        candidates,
        facts: evaluation.facts,
        units: evaluation.units,
        widened: evaluation.widened,
        left: Vec::new(),
    }
}

/// Keys that code asks settings for, and names exported by files that hold a Zoho host.
fn needles(
    evaluation: &Evaluation,
    knowledge: &Knowledge<'_>,
    with_findings: &HashSet<u32>,
    searched: &HashSet<String>,
) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let has_host: Vec<bool> = evaluation
        .units
        .iter()
        .map(|unit| knowledge.host_in(unit.own_text()).is_some())
        .collect();
    let tells = has_host.contains(&true) || !with_findings.is_empty();
    for key in evaluation.asked_settings.iter().filter(|_| tells) {
        names.insert(key.rsplit('.').next().unwrap_or(key).to_string());
        if key.contains('.') {
            names.insert(key.clone());
        }
    }
    for (file, (unit, has_host)) in evaluation.units.iter().zip(has_host).enumerate() {
        if unit.is_embedded || unit.language().is_config() {
            continue;
        }
        if !has_host && !with_findings.contains(&(file as u32)) {
            continue;
        }
        match unit.language() {
            Language::Java | Language::JavaScript | Language::TypeScript => {}
            Language::Rust => {
                names.extend(constants(unit));
                continue;
            }
            Language::Deluge => {
                names.extend(functions_elsewhere(unit));
                continue;
            }
            _ => continue,
        }
        for (_, node) in unit.tree.nodes() {
            match &node.kind {
                Kind::Class(class) => {
                    names.extend(class.name.iter().map(|name| name.text.clone()));
                }
                Kind::Export { names: exported } => {
                    names.extend(exported.iter().filter_map(|name| name.name.clone()));
                    // `module.exports = { connect }`
                    for value in exported
                        .iter()
                        .filter(|name| name.name.is_none())
                        .filter_map(|name| name.value)
                    {
                        if let Kind::Map { entries } = unit.tree.kind(value) {
                            names.extend(entries.iter().filter_map(|entry| match &entry.key {
                                Key::Static(name) => Some(name.text.clone()),
                                _ => None,
                            }));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    names
        .into_iter()
        .filter(|name| {
            name.len() >= SHORTEST_NEEDLE
                && !COMMON.contains(&name.to_ascii_lowercase().as_str())
                && !searched.contains(name)
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_.-$".contains(&byte))
        })
        .take(200)
        .collect()
}

/// What a module of Rust has that others take their values from. Types and functions have the same names
/// everywhere, and who uses them is found by what they take.
fn constants(unit: &Unit) -> impl Iterator<Item = String> {
    unit.tree.nodes().filter_map(|(_, node)| match &node.kind {
        Kind::Binding(binding) => match unit.tree.kind(binding.target) {
            Kind::Name(name) if !name.contains(char::is_lowercase) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    })
}

/// Functions that a script calls by their whole names: nothing else says where they are.
fn functions_elsewhere(unit: &Unit) -> impl Iterator<Item = String> {
    unit.tree.nodes().filter_map(|(_, node)| match &node.kind {
        Kind::Call(call) => match unit.tree.kind(call.callee) {
            Kind::Name(name) if name.contains('.') => Some(name.clone()),
            _ => None,
        },
        _ => None,
    })
}

fn further_files(
    scan: &Scan,
    needles: &[String],
    known: &BTreeSet<String>,
    left: &mut Vec<String>,
) -> Vec<scan::Candidate> {
    if needles.is_empty() {
        return Vec::new();
    }
    let Ok(prefilter) = Prefilter::new(needles) else {
        return Vec::new();
    };
    let search = scan.search(&prefilter);
    let mut counts = vec![0_usize; needles.len()];
    for candidate in &search.candidates {
        for literal in candidate.literals.iter() {
            if let Some(count) = counts.get_mut(literal) {
                *count += 1;
            }
        }
    }
    for (name, count) in needles.iter().zip(&counts) {
        if *count > MOST_FILES {
            left.push(name.clone());
        }
    }
    search
        .candidates
        .into_iter()
        .filter(|candidate| !known.contains(&candidate.relative))
        .filter(|candidate| {
            candidate.literals.iter().any(|literal| {
                counts
                    .get(literal)
                    .is_some_and(|count| *count <= MOST_FILES)
            })
        })
        .filter(|candidate| candidate.size < 512 * 1024)
        .take(MOST_FILES)
        .collect()
}
