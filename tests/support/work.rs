//! A tree that `fix` writes into, and the place where its journals are kept.

use super::tree::{Tree, files_of};
use authshift::fix::writing::{Change, Journals, Options, Undone, WriteError, Written, write};
use std::fs;
use std::path::Path;

/// A tree, and the place where its journals are kept.
pub struct Work {
    pub tree: Tree,
    pub state: Tree,
}

impl Work {
    pub fn new(files: &[(&str, &str)]) -> Work {
        let work = Work {
            tree: Tree::new(),
            state: Tree::new(),
        };
        for (path, text) in files {
            work.tree.write(path, text);
        }
        work
    }

    pub fn journals(&self) -> Journals {
        Journals::below(self.state.root())
    }

    pub fn write(&self, changes: &[Change]) -> Result<Written, WriteError> {
        let options = Options {
            journals: self.journals(),
            root: self.tree.root().to_path_buf(),
        };
        write(changes, &[self.tree.root().to_path_buf()], &options)
    }

    pub fn undo(&self) -> Undone {
        self.journals().undo(self.tree.root()).unwrap().unwrap()
    }

    pub fn runs(&self) -> usize {
        self.journals().runs(self.tree.root()).unwrap()
    }

    pub fn change(&self, path: &str, before: &str, after: &str) -> Change {
        Change {
            path: self.tree.path(path),
            shown: path.to_owned(),
            before: Some(before.as_bytes().to_vec()),
            after: after.as_bytes().to_vec(),
        }
    }

    pub fn create(&self, path: &str, after: &str) -> Change {
        Change {
            before: None,
            ..self.change(path, "", after)
        }
    }

    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.tree.path(path)).unwrap()
    }

    /// Everything in the tree, temporary files of ours too; of a symbolic link, where it leads.
    pub fn all(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        let mut folders = vec![self.tree.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_symlink() {
                    let to = fs::read_link(&path).unwrap();
                    all.push((path, to.into_os_string().into_encoded_bytes()));
                } else if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    all.push((path, bytes));
                }
            }
        }
        all.sort();
        let relative = |path: &Path| {
            path.strip_prefix(self.tree.root())
                .unwrap()
                .display()
                .to_string()
        };
        all.into_iter()
            .map(|(path, bytes)| (relative(&path), bytes))
            .collect()
    }

    /// The journals, by their paths in the state folder.
    pub fn journal_files(&self) -> Vec<(String, Vec<u8>)> {
        let files = files_of(self.state.root()).into_iter();
        files
            .filter(|(path, _)| path.ends_with(".journal"))
            .collect()
    }
}

/// What a run was refused for, after which nothing may have changed.
pub fn refused(work: &Work, changes: &[Change]) -> String {
    let before = work.all();
    let error = work.write(changes).unwrap_err();
    assert!(matches!(error, WriteError::Refused(_)), "{error}");
    assert_eq!(work.all(), before);
    assert_eq!(work.runs(), 0);
    error.to_string()
}
