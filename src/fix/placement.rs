//! Where the helper of a program goes: one file for all the code of a package that it serves.
//!
//! Owns the choice of the folder. It must not know what is written into it.

use super::Sources;
use crate::finding::{PathClass, path_class};
use crate::flow::Unit;
use crate::rules::matching::Candidate;
use crate::rules::model::Level;
use crate::syntax::tree::Language;
use std::collections::HashMap;
use std::rc::Rc;

/// The folders that a helper can serve.
pub(super) struct Placement<'a> {
    sources: &'a dyn Sources,
    /// Files that mark the folder of a program.
    manifests: &'a [String],
    /// By family of languages and package: the folder that all files with something to repair have in common. What
    /// lies beyond a package is not there where it is installed.
    common: HashMap<(Family, String), String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Family {
    Java,
    JavaScript,
}

impl Family {
    pub fn of(language: Language) -> Option<Family> {
        match language {
            Language::Java => Some(Family::Java),
            Language::JavaScript | Language::TypeScript => Some(Family::JavaScript),
            _ => None,
        }
    }
}

impl<'a> Placement<'a> {
    pub fn new(
        units: &[Rc<Unit>],
        candidates: &[Candidate<'_>],
        sources: &'a dyn Sources,
        manifests: &'a [String],
    ) -> Placement<'a> {
        let mut placement = Placement {
            sources,
            manifests,
            common: HashMap::new(),
        };
        for candidate in candidates {
            if candidate.level < Level::Warning {
                continue;
            }
            let Some(unit) = units.get(candidate.place.file as usize) else {
                continue;
            };
            let Some(family) = Family::of(unit.language()) else {
                continue;
            };
            // What is built from others is not repaired.
            let head = super::recipe::head(&unit.text);
            let class = path_class::classify(&unit.path, Some(&head));
            if matches!(class, PathClass::Generated | PathClass::Vendored) {
                continue;
            }
            let folder = folder_of(&unit.path);
            let package = placement.package(&unit.path);
            placement
                .common
                .entry((family, package))
                .and_modify(|known| *known = shared(known, folder))
                .or_insert_with(|| folder.to_string());
        }
        placement
    }

    /// The innermost folder around a file in which a package begins; the root if there is none.
    fn package(&self, path: &str) -> String {
        let mut folder = folder_of(path);
        let begins = |folder: &str| {
            let mut manifests = self.manifests.iter();
            manifests.any(|name| self.sources.exists(&join(folder, name)))
        };
        while !folder.is_empty() && !begins(folder) {
            folder = folder_of(folder);
        }
        folder.to_string()
    }

    /// The folder for the helper of a file: the common one, or the file's own if that cannot be.
    pub fn folder(&self, family: Family, path: &str) -> String {
        let own = folder_of(path);
        match self.common.get(&(family, self.package(path))) {
            Some(common) if is_within(own, common) => common.clone(),
            _ => own.to_string(),
        }
    }
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_string()
    } else {
        format!("{folder}/{name}")
    }
}

fn is_within(folder: &str, outer: &str) -> bool {
    outer.is_empty()
        || folder == outer
        || folder
            .strip_prefix(outer)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// The folders that two have in common.
fn shared(left: &str, right: &str) -> String {
    left.split('/')
        .zip(right.split('/'))
        .take_while(|(left, right)| left == right)
        .map(|(left, _)| left)
        .collect::<Vec<_>>()
        .join("/")
}

/// From a folder to a file: `./x.js`, `../lib/x.js`.
pub(super) fn relative(from: &str, path: &str) -> String {
    let common = shared(from, folder_of(path));
    let depth = |folder: &str| folder.split('/').filter(|part| !part.is_empty()).count();
    let up = depth(from) - depth(&common);
    let rest = path
        .strip_prefix(common.as_str())
        .unwrap_or(path)
        .trim_start_matches('/');
    if up == 0 {
        format!("./{rest}")
    } else {
        format!("{}{rest}", "../".repeat(up))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_a_folder_to_a_file() {
        assert_eq!(relative("a/b", "a/b/x.js"), "./x.js");
        assert_eq!(relative("a/b", "a/x.js"), "../x.js");
        assert_eq!(relative("", "x.js"), "./x.js");
        assert_eq!(relative("a/b", "a/c/x.js"), "../c/x.js");
        assert_eq!(relative("a", "x.js"), "../x.js");
    }

    #[test]
    fn a_folder_holds_what_lies_in_it() {
        assert_eq!(shared("a/b/c", "a/b/d"), "a/b");
        assert_eq!(shared("a", "b"), "");
        assert!(is_within("a/b", "a"));
        assert!(!is_within("ab", "a"));
    }
}
