//! Names by which further files are found: keys of settings that code asks for, and what files with findings
//! export to others.
//!
//! Owns which names are worth a search over the tree, and in what files each of them can mean something: the rest
//! is not opened again, since reading is what a scan costs. It must not know rules beyond what a host is.

use crate::flow::{Evaluation, Unit};
use crate::rules::matching::Matching;
use crate::scan::{self, Prefilter, Scan};
use crate::syntax::language::detect;
use crate::syntax::tree::{Key, Kind, Language};
use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;

/// From this many files on, a word of small letters alone stands in too many of them to be worth a search, and names
/// of code are followed only within the part of the tree (its first two folders) where they come from: what lies in
/// another part and takes a token from here nearly always says Zoho itself, and reading all of it again would cost
/// as much as the scan did.
const LARGE_TREE: u64 = 5_000;
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
/// Names in one search.
const MOST_NEEDLES: usize = 200;
/// Nobody writes a larger file that takes a value from another (bytes).
const LARGEST_FILE: u64 = 512 * 1024;

/// A name to search for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Needle {
    pub name: String,
    scope: Scope,
}

/// In which files a name means something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Scope {
    reader: Reader,
    /// Only files below this folder are meant; all if it is empty.
    part: String,
}

impl Scope {
    fn holds(&self, folder: &str, name: &str) -> bool {
        let inside = folder
            .strip_prefix(self.part.as_str())
            .is_some_and(|rest| self.part.is_empty() || rest.is_empty() || rest.starts_with('/'));
        inside && self.reader.reads(name)
    }
}

/// Who can take a value by such a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    /// Files of settings, which give keys their values.
    Settings,
    Java,
    JavaScript,
    Rust,
    Deluge,
}

impl Reader {
    fn of(language: Language) -> Option<Self> {
        match language {
            Language::Java => Some(Self::Java),
            Language::JavaScript | Language::TypeScript => Some(Self::JavaScript),
            Language::Rust => Some(Self::Rust),
            Language::Deluge => Some(Self::Deluge),
            _ => None,
        }
    }

    /// Whether a file of this name may be read by it. Names alone decide, before anything is opened.
    fn reads(self, name: &str) -> bool {
        let language = detect(name, "");
        match self {
            Self::Settings => language.is_config(),
            // Beans are put together in XML, and pages hold code.
            Self::Java => matches!(language, Language::Java | Language::Xml | Language::Html),
            Self::JavaScript => {
                matches!(
                    language,
                    Language::JavaScript | Language::TypeScript | Language::Html
                ) || name.rsplit('.').next() == Some("coffee")
            }
            Self::Rust => language == Language::Rust,
            // Scripts lie under many names.
            Self::Deluge => true,
        }
    }
}

/// Keys that code asks settings for, and names exported by files that hold a Zoho host.
pub(super) fn of(
    evaluation: &Evaluation,
    matching: &Matching<'_, '_>,
    with_findings: &HashSet<u32>,
    searched: &HashSet<String>,
    files_seen: u64,
) -> Vec<Needle> {
    let large = files_seen >= LARGE_TREE;
    let mut needles: BTreeSet<Needle> = BTreeSet::new();
    let mut need = |name: String, reader: Reader, part: &str| {
        if is_particular(&name, large) && !searched.contains(&name) {
            let part = part.to_string();
            let scope = Scope { reader, part };
            needles.insert(Needle { name, scope });
        }
    };
    let files = 0..u32::try_from(evaluation.units.len()).unwrap_or(u32::MAX);
    let tells =
        !with_findings.is_empty() || files.clone().any(|file| matching.names_zoho_host(file));
    for key in evaluation.asked_settings.iter().filter(|_| tells) {
        let last = key.rsplit('.').next().unwrap_or(key);
        need(last.to_string(), Reader::Settings, "");
        if key.contains('.') {
            need(key.clone(), Reader::Settings, "");
        }
    }
    for (file, unit) in files.zip(&evaluation.units) {
        if unit.is_embedded
            || unit.language().is_config()
            || !(matching.names_zoho_host(file) || with_findings.contains(&file))
        {
            continue;
        }
        let Some(reader) = Reader::of(unit.language()) else {
            continue;
        };
        let exported = match reader {
            Reader::Rust => constants(unit).collect(),
            Reader::Deluge => functions_elsewhere(unit).collect(),
            _ => exports(unit),
        };
        let part = if large { part_of(&unit.path) } else { "" };
        for name in exported {
            need(name, reader, part);
        }
    }
    needles.into_iter().take(MOST_NEEDLES).collect()
}

/// Whether a name is worth a search.
fn is_particular(name: &str, in_large_tree: bool) -> bool {
    name.len() >= SHORTEST_NEEDLE
        && !COMMON.contains(&name.to_ascii_lowercase().as_str())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-$".contains(&byte))
        && !(in_large_tree && name.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// The first two folders of a path.
fn part_of(path: &str) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let end = folder.match_indices('/').nth(1).map(|(at, _)| at);
    end.map_or(folder, |end| &folder[..end])
}

/// Classes and exported names of Java and JavaScript.
fn exports(unit: &Unit) -> Vec<String> {
    let mut names = Vec::new();
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
    names
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

/// The files, not yet known, in which one of the names may mean something.
pub(super) fn search(
    scan: &Scan,
    needles: &[Needle],
    known: &BTreeSet<String>,
    left: &mut Vec<String>,
) -> Vec<scan::Candidate> {
    if needles.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = needles.iter().map(|needle| needle.name.as_str()).collect();
    let Ok(prefilter) = Prefilter::new(&names) else {
        return Vec::new();
    };
    let scopes: BTreeSet<&Scope> = needles.iter().map(|needle| &needle.scope).collect();
    let wanted = |folder: &str, name: &OsStr| {
        let name = name.to_string_lossy();
        scopes.iter().any(|scope| scope.holds(folder, &name))
    };
    let found = scan.search(&prefilter, &wanted).candidates;
    let meant = |candidate: &scan::Candidate| -> Vec<usize> {
        let path = &candidate.relative;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let means = |literal: &usize| {
            needles
                .get(*literal)
                .is_some_and(|needle| needle.scope.holds(folder, name))
        };
        candidate.literals.iter().filter(means).collect()
    };
    let found: Vec<(scan::Candidate, Vec<usize>)> = found
        .into_iter()
        .map(|candidate| {
            let literals = meant(&candidate);
            (candidate, literals)
        })
        .collect();
    let mut counts = vec![0_usize; needles.len()];
    for literal in found.iter().flat_map(|(_, literals)| literals) {
        if let Some(count) = counts.get_mut(*literal) {
            *count += 1;
        }
    }
    let common = needles.iter().zip(&counts);
    left.extend(
        common
            .filter(|(_, count)| **count > MOST_FILES)
            .map(|(needle, _)| needle.name.clone()),
    );
    found
        .into_iter()
        .filter(|(candidate, literals)| {
            !known.contains(&candidate.relative)
                && candidate.size < LARGEST_FILE
                && literals.iter().any(|literal| {
                    counts
                        .get(*literal)
                        .is_some_and(|count| *count <= MOST_FILES)
                })
        })
        .map(|(candidate, _)| candidate)
        .take(MOST_FILES)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_tree_is_its_first_two_folders() {
        assert_eq!(part_of("a.js"), "");
        assert_eq!(part_of("lib/a.js"), "lib");
        assert_eq!(part_of("services/billing/a.js"), "services/billing");
        assert_eq!(
            part_of("services/billing/src/main/A.java"),
            "services/billing"
        );
    }

    #[test]
    fn a_scope_holds_files_of_its_part_that_may_read_the_name() {
        let scope = Scope {
            reader: Reader::Java,
            part: "services/billing".to_string(),
        };
        assert!(scope.holds("services/billing", "A.java"));
        assert!(scope.holds("services/billing/src", "beans.xml"));
        assert!(!scope.holds("services/billing2", "A.java"));
        assert!(!scope.holds("services", "A.java"));
        assert!(!scope.holds("services/billing", "a.js"));
    }

    #[test]
    fn common_and_short_words_are_not_worth_a_search() {
        assert!(is_particular("TicketClient", true));
        assert!(is_particular("connect", false));
        assert!(!is_particular("connect", true));
        assert!(!is_particular("client", false));
        assert!(!is_particular("desk", false));
        assert!(!is_particular("with space", false));
    }
}
