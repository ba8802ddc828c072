//! The cases of `fixtures/`: `fixtures/<language>/<shape>/`, each with an `expected.txt`.

use super::package;
use super::tree::{Tree, files_of};
use std::fs;
use std::path::{Path, PathBuf};

pub struct Case {
    /// `java/apache-header`.
    pub name: String,
    pub folder: PathBuf,
}

impl Case {
    pub fn language(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    pub fn expected(&self) -> String {
        fs::read_to_string(self.folder.join("expected.txt")).unwrap()
    }

    /// The case alone, as a scanner sees it.
    pub fn tree(&self) -> Tree {
        Tree::copy_of(&self.folder)
    }

    /// The files of the project, without `expected.txt`.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = files_of(&self.folder);
        files.retain(|(path, _)| path != "expected.txt");
        files
    }
}

/// All cases, sorted by name; of those only the ones whose name begins with `AUTHSHIFT_FIXTURES`, if it is set.
pub fn cases() -> Vec<Case> {
    let prefix = std::env::var("AUTHSHIFT_FIXTURES").unwrap_or_default();
    let prefix = prefix.trim_start_matches("fixtures/");
    let root = package().join("fixtures");
    let mut cases = Vec::new();
    for language in folders_in(&root) {
        for folder in folders_in(&language) {
            let name = folder.strip_prefix(&root).unwrap().to_str().unwrap();
            let name = name.replace('\\', "/");
            if name.starts_with(prefix) {
                cases.push(Case { name, folder });
            }
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!cases.is_empty(), "no case begins with `{prefix}`");
    cases
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}
