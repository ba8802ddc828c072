//! Where a walk begins: the paths named, checked and made ready.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ScanError;
use super::ignore_rules::{IgnoreRules, Verdict};
use super::patterns::Patterns;
use super::roots::{absolute, relative, repository_root};
use super::walk::Task;

/// The roots, made ready to walk.
pub(super) struct Start {
    pub(super) tasks: Vec<Task>,
    pub(super) named: HashSet<PathBuf>,
    pub(super) repositories: BTreeSet<PathBuf>,
    pub(super) git_ignored: BTreeSet<PathBuf>,
    pub(super) excluded: u64,
}

impl Start {
    pub(super) fn new(
        roots: &[PathBuf],
        report_root: &Path,
        excludes: Option<&Patterns>,
    ) -> Result<Self, ScanError> {
        let mut start = Self {
            tasks: Vec::new(),
            named: HashSet::new(),
            repositories: BTreeSet::new(),
            git_ignored: BTreeSet::new(),
            excluded: 0,
        };
        let mut files: BTreeMap<PathBuf, Vec<OsString>> = BTreeMap::new();
        for root in roots {
            let kind = fs::metadata(root).map_err(|error| failure(root, error))?;
            let path = absolute(root).map_err(|error| failure(root, error))?;
            if excludes.is_some_and(|excludes| excludes.cover(&path)) {
                start.excluded += 1;
                continue;
            }
            if !start.named.insert(path.clone()) {
                continue;
            }
            let reported = relative(report_root, &path);
            if kind.is_dir() {
                start.repositories.extend(repository_root(&path));
                let mut rules = IgnoreRules::above(&path);
                if rules.ignores_folder(&path) {
                    rules = Arc::new(IgnoreRules::default());
                }
                start.tasks.push(Task::Folder {
                    path,
                    relative: reported,
                    rules,
                });
            } else if kind.is_file() {
                if let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
                    files
                        .entry(parent.to_path_buf())
                        .or_default()
                        .push(name.to_owned());
                }
            } else {
                return Err(ScanError::NotAFile { path: root.clone() });
            }
        }
        for (folder, names) in files {
            start
                .repositories
                .extend(repository_root(&folder.join(".")));
            let rules = IgnoreRules::of_folder(&folder);
            let ignored = names.iter().map(|name| folder.join(name));
            let ignored =
                ignored.filter(|path| rules.verdict(path, false) == Verdict::IgnoredByGit);
            start.git_ignored.extend(ignored);
            start.tasks.push(Task::files(
                folder.clone(),
                relative(report_root, &folder),
                names,
            ));
        }
        Ok(start)
    }
}

fn failure(path: &Path, error: io::Error) -> ScanError {
    let path = path.to_path_buf();
    match error.kind() {
        io::ErrorKind::NotFound => ScanError::Missing { path },
        _ => ScanError::Unreadable {
            path,
            source: error,
        },
    }
}
