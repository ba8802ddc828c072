//! Which entries of a folder the ignore files leave out: `.gitignore`, `.git/info/exclude`, the user's own excludes
//! and `.ignore`, as git and ripgrep read them. Also where there is no repository.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

use super::limits::IGNORE_FILE_LIMIT;

/// What the ignore files say of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Kept,
    /// Left out by git's own rules.
    IgnoredByGit,
    /// Left out by an `.ignore` file.
    Ignored,
}

/// The ignore files of one folder, on top of those of the folders above it.
#[derive(Debug, Default)]
pub(super) struct IgnoreRules {
    above: Option<Arc<IgnoreRules>>,
    gitignore: Option<Gitignore>,
    ignore: Option<Gitignore>,
    /// `.git/info/exclude` and the user's excludes, in falling precedence.
    repository_wide: Vec<Gitignore>,
    /// Here begins a repository: git's rules from above do not reach into it.
    repository: bool,
}

/// Which of the names that matter here a folder holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Present {
    pub(super) git: bool,
    pub(super) gitignore: bool,
    pub(super) ignore: bool,
}

impl Present {
    fn in_folder(folder: &Path) -> Self {
        Self {
            git: has(folder, ".git"),
            gitignore: has(folder, ".gitignore"),
            ignore: has(folder, ".ignore"),
        }
    }
}

impl IgnoreRules {
    /// The rules that hold in `folder`, given those of the folder above.
    pub(super) fn below(above: &Arc<Self>, folder: &Path, present: Present) -> Arc<Self> {
        if !(present.git || present.gitignore || present.ignore) {
            return Arc::clone(above);
        }
        let mut rules = Self::of(folder, present);
        rules.above = Some(Arc::clone(above));
        Arc::new(rules)
    }

    /// The rules that reach into `folder`, an absolute path, from the folders above it.
    pub(super) fn above(folder: &Path) -> Arc<Self> {
        let mut rules: Option<Arc<Self>> = None;
        let mut ancestors: Vec<&Path> = folder.ancestors().skip(1).collect();
        ancestors.reverse();
        let inside_repository = ancestors.iter().any(|ancestor| has(ancestor, ".git"));
        for ancestor in ancestors {
            let present = Present::in_folder(ancestor);
            if present.git || present.gitignore || present.ignore {
                let mut here = Self::of(ancestor, present);
                here.above = rules;
                rules = Some(Arc::new(here));
            }
        }
        let mut innermost = Self::default();
        if !inside_repository {
            innermost.repository_wide.extend(user_excludes(folder));
        }
        innermost.above = rules;
        Arc::new(innermost)
    }

    /// The rules that hold for the entries of `folder`, an absolute path.
    pub(super) fn of_folder(folder: &Path) -> Arc<Self> {
        Self::below(&Self::above(folder), folder, Present::in_folder(folder))
    }

    fn of(folder: &Path, present: Present) -> Self {
        let mut rules = Self::default();
        if present.gitignore {
            rules.gitignore = load(folder, &folder.join(".gitignore"));
        }
        if present.ignore {
            rules.ignore = load(folder, &folder.join(".ignore"));
        }
        if present.git {
            rules.repository = true;
            let exclude =
                git_folder(folder).and_then(|git| load(folder, &git.join("info").join("exclude")));
            rules.repository_wide.extend(exclude);
            rules.repository_wide.extend(user_excludes(folder));
        }
        rules
    }

    /// What holds for an entry. Of each kind of file the innermost rule decides; `.ignore` goes before git's.
    pub(super) fn verdict(&self, path: &Path, is_folder: bool) -> Verdict {
        let mut by_git = Match::None;
        let mut left_repository = false;
        let mut next = Some(self);
        while let Some(rules) = next {
            if let Some(ignore) = &rules.ignore {
                match ignore.matched(path, is_folder) {
                    Match::Ignore(_) => return Verdict::Ignored,
                    Match::Whitelist(_) => return Verdict::Kept,
                    Match::None => {}
                }
            }
            if !left_repository {
                for matcher in rules.gitignore.iter().chain(&rules.repository_wide) {
                    if by_git.is_none() {
                        by_git = matcher.matched(path, is_folder);
                    }
                }
            }
            left_repository |= rules.repository;
            next = rules.above.as_deref();
        }
        if by_git.is_ignore() {
            Verdict::IgnoredByGit
        } else {
            Verdict::Kept
        }
    }

    /// Whether these rules, which come from the folders above it, leave out a whole folder: itself, a folder that it
    /// lies in, or all that it holds (`build/**`).
    pub(super) fn ignores_folder(&self, folder: &Path) -> bool {
        let anything = folder.join("_");
        let mut next = Some(self);
        while let Some(rules) = next {
            for matcher in rules
                .ignore
                .iter()
                .chain(&rules.gitignore)
                .chain(&rules.repository_wide)
            {
                let mut below = folder
                    .ancestors()
                    .take_while(|ancestor| *ancestor != matcher.path());
                if below.any(|ancestor| matcher.matched(ancestor, true).is_ignore()) {
                    return true;
                }
                if let Match::Ignore(glob) = matcher.matched(&anything, false)
                    && (glob.original().ends_with("/**") || glob.original().ends_with("/*"))
                {
                    return true;
                }
            }
            next = rules.above.as_deref();
        }
        false
    }
}

/// Whether `folder` holds an entry of that name, of whatever kind.
pub(super) fn has(folder: &Path, name: &str) -> bool {
    fs::symlink_metadata(folder.join(name)).is_ok()
}

/// The user's own excludes (`core.excludesFile`), which git reads as if they lay in the root of the repository.
fn user_excludes(folder: &Path) -> Option<Gitignore> {
    load(folder, &gitconfig_excludes_path()?)
}

fn load(root: &Path, file: &Path) -> Option<Gitignore> {
    let text = read_small(file)?;
    let mut builder = GitignoreBuilder::new(root);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A pattern that makes no sense excludes nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}

/// The text of a regular file of reasonable size.
fn read_small(path: &Path) -> Option<String> {
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(IGNORE_FILE_LIMIT)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where git keeps what belongs to the repository at `root`; a work tree of its own or a submodule has a file that
/// says so.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = read_small(&git)?;
    let folder = root.join(text.strip_prefix("gitdir:")?.trim());
    match read_small(&folder.join("commondir")) {
        Some(common) => Some(folder.join(common.trim())),
        None => Some(folder),
    }
}
