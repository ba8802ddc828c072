//! Whether git could give back what a run is about to change.
//!
//! Owns the questions to git about uncommitted work. It must not change anything, and must not run what a repository
//! of strangers wants to have run: beside hooks, pagers and file system monitors, which [`crate::scan`] keeps quiet,
//! those are the filters that `git status` sends the text of changed files through.

use crate::scan::{ask_git, git_name, os_path, repository_root};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Uncommitted work in the repositories that a run would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worktree {
    /// Whether at least one file lies in a repository.
    pub repository: bool,
    /// Files that would be changed and differ from the last commit, git-ignored ones left out: those are never
    /// committed. Absolute.
    pub about_to_change: Vec<PathBuf>,
    /// All that differs, as git writes it (`dir/` for a new folder), with its two letters of state.
    pub dirty: Vec<Dirty>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirty {
    /// As in `git status --short`: ` M`, `A `, `??`.
    pub state: String,
    /// Relative to the root of its repository.
    pub path: String,
}

impl Worktree {
    /// Whether `cargo fix` would refuse: anything is staged, changed or new.
    pub fn is_dirty(&self) -> bool {
        !self.dirty.is_empty()
    }
}

/// Why git's answer is not known. A run had better not go on without being told to.
#[derive(Debug, thiserror::Error)]
#[error("cannot tell whether {} has uncommitted changes: {reason}", .root.display())]
pub struct Unknown {
    pub root: PathBuf,
    pub reason: String,
}

/// Asks git about the repositories that hold these files, which may not exist yet.
pub fn worktree(files: &[PathBuf]) -> Result<Worktree, Unknown> {
    let mut by_root: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let Some(file) = resolved(file) else { continue };
        if let Some(root) = file.parent().and_then(repository_root) {
            by_root.entry(root).or_default().push(file);
        }
    }
    let mut worktree = Worktree {
        repository: !by_root.is_empty(),
        ..Worktree::default()
    };
    for (root, files) in by_root {
        let entries = status(&root).map_err(|reason| Unknown {
            root: root.clone(),
            reason,
        })?;
        for file in files {
            let name = git_name(file.strip_prefix(&root).unwrap_or(&file));
            if entries.iter().any(|(_, path)| covers(path, &name)) {
                worktree.about_to_change.push(file);
            }
        }
        worktree
            .dirty
            .extend(entries.into_iter().map(|(state, path)| Dirty {
                state,
                path: String::from_utf8_lossy(&path).into_owned(),
            }));
    }
    Ok(worktree)
}

/// Where a file is or would be. Folders that do not exist yet are in the repository of those that do.
fn resolved(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    file.ancestors().find_map(|ancestor| {
        let rest = file.strip_prefix(ancestor).ok()?;
        let found = ancestor.canonicalize().ok()?;
        Some(if rest.as_os_str().is_empty() {
            found
        } else {
            found.join(rest)
        })
    })
}

/// State and path of everything that differs from the last commit.
fn status(root: &Path) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut arguments = filters_off(root)?;
    // What the repository's configuration could change of the answer is asked for by name. A submodule is a
    // repository of its own, with a configuration of its own, and is asked when a file in it is to be changed.
    for argument in [
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=normal",
        "--ignored=no",
        "--ignore-submodules=dirty",
        "--no-renames",
    ] {
        arguments.push(argument.into());
    }
    Ok(parse(&ask_git(root, &arguments)?))
}

fn parse(output: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut entries = Vec::new();
    let mut parts = output.split(|byte| *byte == 0);
    while let Some(entry) = parts.next() {
        let Some((state, [b' ', path @ ..])) = entry.split_at_checked(2) else {
            continue;
        };
        if state.contains(&b'R') || state.contains(&b'C') {
            // The name from which it was renamed follows.
            parts.next();
        }
        entries.push((String::from_utf8_lossy(state).into_owned(), path.to_vec()));
    }
    entries
}

/// Whether an entry is about this file: it is its path, or that of a new folder around it.
fn covers(entry: &[u8], file: &[u8]) -> bool {
    entry == file || entry.ends_with(b"/") && file.starts_with(entry)
}

/// Options that switch every filter off which the repository itself defines (those of the user are trusted, such as
/// that of Git LFS). Without its filter a file may seem changed that is not, never the other way round.
fn filters_off(root: &Path) -> Result<Vec<OsString>, String> {
    let mut arguments: Vec<OsString> = Vec::new();
    let listed = ask_git(
        root,
        &[
            "config",
            "--includes",
            "--show-scope",
            "--null",
            "--name-only",
            "--list",
        ],
    )?;
    let mut parts = listed.split(|byte| *byte == 0);
    while let (Some(scope), Some(name)) = (parts.next(), parts.next()) {
        if !matches!(scope, b"local" | b"worktree") || !name.starts_with(b"filter.") {
            continue;
        }
        if name.contains(&b'=') || name.contains(&b'\n') {
            return Err(
                "its configuration defines a filter whose name cannot be switched off; remove it from .git/config"
                    .to_owned(),
            );
        }
        let value = if name.ends_with(b".required") {
            b"=false".as_slice()
        } else {
            b"="
        };
        let option = os_path(&[name, value].concat())
            .ok_or("its configuration defines a filter whose name is no text")?;
        arguments.extend(["-c".into(), option.into_os_string()]);
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::process::Command;
    use tempfile::TempDir;

    struct Repository(TempDir);

    impl Repository {
        fn new() -> Repository {
            let repository = Repository(tempfile::tempdir().unwrap());
            repository.git(&["init", "--quiet"]);
            repository.write("src/a.js", "a\n");
            repository.write("other", "other\n");
            repository.write(".gitignore", ".env\n");
            repository.git(&["add", "."]);
            repository.git(&["commit", "--quiet", "--message=first"]);
            repository
        }

        fn root(&self) -> PathBuf {
            self.0.path().canonicalize().unwrap()
        }

        fn path(&self, relative: &str) -> PathBuf {
            self.root().join(relative)
        }

        fn write(&self, relative: &str, text: &str) {
            let path = self.path(relative);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn git(&self, arguments: &[&str]) {
            let output = Command::new("git")
                .args(["-c", "user.name=Someone", "-c", "user.email=s@example.com"])
                .args(arguments)
                .current_dir(self.0.path())
                .env_remove("GIT_DIR")
                .env_remove("GIT_INDEX_FILE")
                .output()
                .unwrap();
            assert!(output.status.success(), "git {arguments:?}");
        }

        fn ask(&self, files: &[&str]) -> Worktree {
            let files: Vec<PathBuf> = files.iter().map(|file| self.path(file)).collect();
            worktree(&files).unwrap()
        }
    }

    fn states(worktree: &Worktree) -> Vec<String> {
        worktree
            .dirty
            .iter()
            .map(|dirty| format!("{} {}", dirty.state, dirty.path))
            .collect()
    }

    #[test]
    fn a_committed_tree_is_clean_also_for_files_that_are_ignored_or_missing() {
        let repository = Repository::new();
        repository.write(".env", "KEY=1\n");
        let clean = repository.ask(&["src/a.js", ".env", "src/new/b.js"]);
        assert!(clean.repository && !clean.is_dirty() && clean.about_to_change.is_empty());
    }

    #[test]
    fn changes_staged_files_and_new_ones_are_told_apart() {
        let repository = Repository::new();
        repository.write("other", "changed\n");
        let other = repository.ask(&["src/a.js"]);
        assert!(other.is_dirty() && other.about_to_change.is_empty());
        repository.write("src/a.js", "changed\n");
        repository.git(&["add", "src/a.js"]);
        repository.write("new/deep/b.js", "new\n");
        repository.git(&["mv", "-f", "other", "ünï code"]);
        let dirty = repository.ask(&["src/a.js", "new/deep/b.js", "src/c.js"]);
        assert_eq!(
            states(&dirty),
            ["D  other", "M  src/a.js", "AM ünï code", "?? new/"]
        );
        assert_eq!(
            dirty.about_to_change,
            [
                repository.path("src/a.js"),
                repository.path("new/deep/b.js")
            ]
        );
    }

    #[test]
    fn a_folder_without_git_has_no_state() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.js");
        assert_eq!(worktree(&[file]).unwrap(), Worktree::default());
    }

    #[test]
    fn an_answer_of_git_that_is_none_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        let error = worktree(&[folder.path().join("a.js")]).unwrap_err();
        assert!(
            error.to_string().contains("not a git repository"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_that_a_repository_names_is_run() {
        use std::os::unix::fs::PermissionsExt;
        let repository = Repository::new();
        repository.write(".gitattributes", "* filter=evil\n");
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message=second"]);
        let ran = repository.path(".git/ran");
        repository.write(
            ".git/evil.sh",
            &format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", ran.display()),
        );
        let evil = repository.path(".git/evil.sh");
        fs::set_permissions(&evil, fs::Permissions::from_mode(0o755)).unwrap();
        let evil = evil.to_str().unwrap();
        for name in [
            "core.fsmonitor",
            "core.pager",
            "pager.status",
            "filter.evil.clean",
            "filter.evil.smudge",
            "diff.external",
        ] {
            repository.git(&["config", name, evil]);
        }
        repository.git(&["config", "filter.evil.required", "true"]);
        for hook in ["post-index-change", "pre-commit", "fsmonitor-watchman"] {
            repository.write(&format!(".git/hooks/{hook}"), "");
            let hook = repository.path(&format!(".git/hooks/{hook}"));
            fs::copy(evil, &hook).unwrap();
        }
        let _ = fs::remove_file(&ran);
        // Of the same length, so that git has to look at the text, and so needs the filter.
        repository.write("src/a.js", "b\n");
        let dirty = repository.ask(&["src/a.js"]);
        assert_eq!(states(&dirty), [" M src/a.js"]);
        assert!(!ran.exists(), "{}", fs::read_to_string(&ran).unwrap());
        // The trap works.
        repository.git(&["-c", "core.fsmonitor=false", "status", "--short"]);
        assert!(ran.exists());

        repository.git(&["config", "filter.e=vil.clean", evil]);
        let error = worktree(&[repository.path("src/a.js")]).unwrap_err();
        assert!(
            error.to_string().contains("cannot be switched off"),
            "{error}"
        );
    }

    #[test]
    fn renames_take_two_names() {
        let entries = parse(b"R  new\0old\0?? x y/\0");
        let paths: Vec<_> = entries.iter().map(|(_, path)| path.as_slice()).collect();
        assert_eq!(paths, [b"new".as_slice(), b"x y/"]);
    }
}
