//! Signs of the kind of a program: what the rules look for in files, manifests and folders.
//!
//! Owns which folder is a program, and the search. It must not know which sign outweighs which.

use super::survey::{Program, Scanned, Sign, Source};
use crate::flow::Unit;
use crate::rules::applications::{Kind, KindEvidence, Reach};
use regex::Regex;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Signs of one kind and one wording in one program that are named; more say nothing new.
const MOST_ALIKE: usize = 3;

pub(super) struct Signs<'s, 'r> {
    scanned: &'s Scanned<'s, 'r>,
    manifests: &'s [String],
    evidence: Vec<Compiled<'s>>,
    programs: RefCell<HashMap<String, String>>,
    with_tests: bool,
}

struct Compiled<'s> {
    kind: &'s Kind,
    evidence: &'s KindEvidence,
    text: Vec<Regex>,
    unless: Vec<Regex>,
}

impl<'s, 'r> Signs<'s, 'r> {
    pub(super) fn new(scanned: &'s Scanned<'s, 'r>, with_tests: bool) -> Signs<'s, 'r> {
        let rules = scanned.knowledge.rules;
        // The loader has checked them.
        let compile = |patterns: &[String]| {
            patterns
                .iter()
                .filter_map(|pattern| Regex::new(pattern).ok())
                .collect()
        };
        let evidence = rules
            .kinds
            .iter()
            .flat_map(|kind| kind.evidence.iter().map(move |evidence| (kind, evidence)))
            .map(|(kind, evidence)| Compiled {
                kind,
                evidence,
                text: compile(&evidence.text),
                unless: compile(&evidence.unless),
            })
            .collect();
        Signs {
            scanned,
            manifests: rules
                .protocol
                .as_ref()
                .map_or(&[][..], |protocol| &protocol.manifests),
            evidence,
            programs: RefCell::new(HashMap::new()),
            with_tests,
        }
    }

    /// The signs of these files and of their programs.
    pub(super) fn of(&self, paths: &BTreeSet<&str>) -> (Vec<Program>, Vec<Source>) {
        let mut by_path: BTreeMap<&str, Vec<&Rc<Unit>>> = BTreeMap::new();
        for unit in self.scanned.units {
            by_path.entry(&unit.path).or_default().push(unit);
        }
        let mut folders: BTreeSet<String> = BTreeSet::new();
        let mut sources = Vec::new();
        for path in paths {
            let Some(units) = by_path.get(path) else {
                continue;
            };
            let program = self.program_of(path);
            folders.insert(program.clone());
            sources.push(Source {
                path: (*path).to_string(),
                language: units
                    .first()
                    .map_or_else(String::new, |unit| unit.language().name().to_string()),
                program,
                signs: self.in_file(units, Reach::File),
            });
        }
        let mut programs: BTreeMap<String, Vec<Sign>> = folders
            .into_iter()
            .map(|folder| {
                let signs = self.around(&folder);
                (folder, signs)
            })
            .collect();
        for (path, units) in &by_path {
            if !super::requests::counts(path, self.with_tests) {
                continue;
            }
            if let Some(signs) = programs.get_mut(&self.program_of(path)) {
                for sign in self.in_file(units, Reach::Project) {
                    let alike = signs
                        .iter()
                        .filter(|known| known.kind == sign.kind && known.what == sign.what)
                        .count();
                    if alike < MOST_ALIKE {
                        signs.push(sign);
                    }
                }
            }
        }
        let programs = programs
            .into_iter()
            .map(|(folder, mut signs)| {
                // The strongest first.
                signs.sort_by_key(|sign| std::cmp::Reverse(sign.weight));
                Program { folder, signs }
            })
            .collect();
        (programs, sources)
    }

    /// The nearest folder with a manifest, from that of the file upwards.
    fn program_of(&self, path: &str) -> String {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if let Some(known) = self.programs.borrow().get(folder) {
            return known.clone();
        }
        let found = upwards(folder)
            .find(|candidate| {
                self.manifests
                    .iter()
                    .any(|name| self.scanned.files.contains(&join(candidate, name)))
            })
            .unwrap_or_default()
            .to_string();
        self.programs
            .borrow_mut()
            .insert(folder.to_string(), found.clone());
        found
    }

    /// What a file says about itself, or about its program.
    fn in_file(&self, units: &[&Rc<Unit>], reach: Reach) -> Vec<Sign> {
        let mut signs = Vec::new();
        let Some(first) = units.first() else {
            return signs;
        };
        for one in self
            .evidence
            .iter()
            .filter(|one| one.evidence.reach == reach)
        {
            let evidence = one.evidence;
            let speaks = |unit: &&&Rc<Unit>| {
                evidence.languages.is_empty()
                    || evidence
                        .languages
                        .iter()
                        .any(|language| language == unit.language().name())
            };
            let says_more = !evidence.imports.is_empty()
                || !evidence.text.is_empty()
                || !evidence.paths.is_empty()
                || !evidence.files.is_empty()
                || !evidence.dependencies.is_empty();
            let mut found = None;
            for unit in units.iter().filter(speaks) {
                if one
                    .unless
                    .iter()
                    .any(|pattern| pattern.is_match(&unit.text))
                {
                    continue;
                }
                found = if says_more {
                    self.in_unit(one, unit)
                } else {
                    Some(1)
                };
                if found.is_some() {
                    break;
                }
            }
            if let Some(line) = found {
                signs.push(sign(one, &first.path, line));
            }
        }
        signs
    }

    fn in_unit(&self, one: &Compiled<'_>, unit: &Unit) -> Option<u32> {
        let evidence = one.evidence;
        if evidence
            .paths
            .iter()
            .any(|path| path_fits(path, &unit.path))
        {
            return Some(1);
        }
        // The first that stands in the text, whatever the order of the set.
        let imported = unit
            .imports
            .iter()
            .chain(&unit.wildcards)
            .filter(|module| evidence.imports.iter().any(|known| is_below(module, known)))
            .map(|module| {
                // Where the import is written otherwise, its last word.
                let last = module.rsplit(['.', ':', '/']).next().unwrap_or(module);
                let at = unit.text.find(module.as_str());
                at.or_else(|| unit.text.find(last)).unwrap_or_default()
            })
            .min();
        if let Some(at) = imported {
            return Some(line_at(&unit.text, at));
        }
        let own = unit.own_text();
        let at = one
            .text
            .iter()
            .filter_map(|pattern| pattern.find(own))
            .map(|found| found.start())
            .min()?;
        let base = unit.text.find(own).unwrap_or_default();
        Some(line_at(&unit.text, base + at))
    }

    /// What files and manifests in a folder and above it say.
    fn around(&self, folder: &str) -> Vec<Sign> {
        let files = self.scanned.files;
        let mut signs = Vec::new();
        let manifests: Vec<(String, String)> = self
            .manifests
            .iter()
            .map(|name| join(folder, name))
            .filter(|path| files.contains(path))
            .filter_map(|path| Some((path.clone(), files.text(&path)?)))
            .collect();
        for one in self
            .evidence
            .iter()
            .filter(|one| one.evidence.reach == Reach::Project)
        {
            let file = upwards(folder).find_map(|candidate| {
                one.evidence
                    .files
                    .iter()
                    .map(|name| join(candidate, name))
                    .find(|path| files.contains(path))
            });
            if let Some(path) = file {
                signs.push(sign(one, &path, 1));
                continue;
            }
            let dependency = manifests.iter().find_map(|(path, text)| {
                let at = one
                    .evidence
                    .dependencies
                    .iter()
                    .find_map(|name| whole_name(text, name))?;
                Some((path, line_at(text, at)))
            });
            if let Some((path, line)) = dependency {
                signs.push(sign(one, path, line));
            }
        }
        signs
    }
}

fn sign(one: &Compiled<'_>, path: &str, line: u32) -> Sign {
    Sign {
        kind: one.kind.id.clone(),
        what: one.evidence.what.clone(),
        weight: one.evidence.weight,
        path: path.to_string(),
        line,
    }
}

/// A folder and those above it, up to the root.
fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let current = next?;
        next = match current.rsplit_once('/') {
            Some((above, _)) => Some(above),
            None if current.is_empty() => None,
            None => Some(""),
        };
        Some(current)
    })
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_string()
    } else {
        format!("{folder}/{name}")
    }
}

fn is_below(module: &str, known: &str) -> bool {
    module
        .strip_prefix(known)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', ':']))
}

/// `*.html`, `wp-content/plugins/*`: a star at one end.
fn path_fits(pattern: &str, path: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => path.to_ascii_lowercase().ends_with(end),
        (None, Some(start)) => path.starts_with(start) || path.contains(&format!("/{start}")),
        (None, None) => path == pattern,
    }
}

/// Where a name stands that is no part of a longer one.
fn whole_name(text: &str, name: &str) -> Option<usize> {
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_/@.".contains(byte))
    };
    let bytes = text.as_bytes();
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !is_part(before) && !is_part(bytes.get(at + name.len()))
    })
}

fn line_at(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let lines = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    u32::try_from(lines).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_walked_up_to_the_root() {
        assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(upwards("").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn names_in_manifests_are_whole() {
        assert!(whole_name("{\"express\": \"4\"}", "express").is_some());
        assert!(whole_name("{\"express-session\": \"4\"}", "express").is_none());
        assert!(whole_name("{\"@types/express\": \"4\"}", "express").is_none());
        assert!(whole_name("axum = \"0.8\"", "axum").is_some());
    }

    #[test]
    fn paths_have_a_star_at_one_end() {
        assert!(path_fits("*.html", "web/Index.HTML"));
        assert!(path_fits(
            "wp-content/plugins/*",
            "site/wp-content/plugins/zoho/a.js"
        ));
        assert!(!path_fits("*.html", "web/html.js"));
    }
}
