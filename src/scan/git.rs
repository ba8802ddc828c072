//! What git tracks. The only program that is started; what it prints is not trusted.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// Variables by which a hook that runs us, or the user, points git at some other repository.
const REDIRECTIONS: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// The repositories that a scan came across, by root. Each is asked for its files once, and only when that matters.
#[derive(Debug, Default)]
pub(super) struct Repositories {
    by_root: BTreeMap<PathBuf, OnceLock<Result<TrackedFiles, String>>>,
}

impl Repositories {
    pub(super) fn add(&mut self, roots: impl IntoIterator<Item = PathBuf>) {
        for root in roots {
            self.by_root.entry(root).or_default();
        }
    }

    /// The root of the repository that an absolute path lies in.
    pub(super) fn root_of(&self, path: &Path) -> Option<&Path> {
        let root = path
            .ancestors()
            .skip(1)
            .find_map(|ancestor| self.by_root.get_key_value(ancestor));
        root.map(|(root, _)| root.as_path())
    }

    /// What the repository at `root` tracks, or why that is not known.
    pub(super) fn tracked(&self, root: &Path) -> Result<&TrackedFiles, &str> {
        let Some(repository) = self.by_root.get(root) else {
            return Err("the repository is not part of the scan");
        };
        repository
            .get_or_init(|| TrackedFiles::list(root))
            .as_ref()
            .map_err(String::as_str)
    }

    /// Whether git tracks a file; `None` outside a repository, or where git could not say.
    pub(super) fn tracks(&self, path: &Path) -> Option<bool> {
        let root = self.root_of(path)?;
        let tracked = self.tracked(root).ok()?;
        Some(tracked.contains(&git_name(path.strip_prefix(root).ok()?)))
    }
}

/// Asks git something about the repository at `root`. It must neither run programs named in the repository's
/// configuration, nor write, nor use the network. An error is the first line of git's own.
pub(crate) fn ask<Argument: AsRef<OsStr>>(
    root: &Path,
    arguments: &[Argument],
) -> Result<Vec<u8>, String> {
    let mut git = command(root);
    git.args(arguments).stdin(Stdio::null());
    answer(git.output())
}

/// The same with another index than the repository's own.
pub(super) fn ask_with_index<Argument: AsRef<OsStr>>(
    root: &Path,
    arguments: &[Argument],
    index: Option<&Path>,
) -> Result<Vec<u8>, String> {
    let mut git = command(root);
    if let Some(index) = index {
        git.env("GIT_INDEX_FILE", index);
    }
    git.args(arguments).stdin(Stdio::null());
    answer(git.output())
}

/// The same with something to read for git.
pub(super) fn ask_about<Argument: AsRef<OsStr>>(
    root: &Path,
    arguments: &[Argument],
    input: &[u8],
) -> Result<Vec<u8>, String> {
    let mut git = command(root);
    git.args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = git.spawn().map_err(not_started)?;
    let stdin = child.stdin.take();
    // Git answers while it reads: one thread alone would wait for itself.
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // What git does not read shows in its answer.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        answer(child.wait_with_output())
    })
}

fn command(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.args(["-c", "core.fsmonitor=false", "--no-optional-locks"]);
    REDIRECTIONS.iter().for_each(|variable| {
        git.env_remove(variable);
    });
    // Where `.git` is none, a repository further up would answer about other files.
    if let Some(above) = root.parent() {
        git.env("GIT_CEILING_DIRECTORIES", above);
    }
    git.env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    git.current_dir(root);
    git
}

fn not_started(error: io::Error) -> String {
    format!("git could not be started: {error}")
}

fn answer(output: io::Result<Output>) -> Result<Vec<u8>, String> {
    let output = output.map_err(not_started)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let line = message
        .lines()
        .next()
        .map_or_else(|| format!("git failed ({})", output.status), str::to_owned);
    Err(line)
}

/// The list of a repository's tracked files, in one piece of memory.
#[derive(Debug)]
pub(super) struct TrackedFiles {
    /// Names, each ended by a zero byte.
    names: Vec<u8>,
    /// Where each name begins, sorted by name.
    starts: Vec<usize>,
}

impl TrackedFiles {
    fn list(root: &Path) -> Result<Self, String> {
        let listed = ask(root, &["ls-files", "-z", "--"])?;
        Ok(Self::from_names(listed))
    }

    fn from_names(names: Vec<u8>) -> Self {
        let mut starts = Vec::new();
        let mut start = 0;
        for name in names.split_inclusive(|byte| *byte == 0) {
            if name.len() > 1 {
                starts.push(start);
            }
            start += name.len();
        }
        let mut tracked = Self {
            names,
            starts: Vec::new(),
        };
        starts.sort_by(|a, b| tracked.name(*a).cmp(tracked.name(*b)));
        // A file in conflict is listed once for each side.
        starts.dedup_by(|a, b| tracked.name(*a) == tracked.name(*b));
        tracked.starts = starts;
        tracked
    }

    fn name(&self, start: usize) -> &[u8] {
        self.names
            .get(start..)
            .and_then(|rest| rest.split(|byte| *byte == 0).next())
            .unwrap_or_default()
    }

    fn contains(&self, name: &[u8]) -> bool {
        self.starts
            .binary_search_by(|start| self.name(*start).cmp(name))
            .is_ok()
    }

    /// The tracked names that are `name` or lie below it.
    pub(super) fn at_or_below(&self, name: &[u8]) -> impl Iterator<Item = &[u8]> {
        let folder = [name, b"/"].concat();
        let start = self
            .starts
            .partition_point(|start| self.name(*start) < folder.as_slice());
        let below = self
            .starts
            .get(start..)
            .unwrap_or_default()
            .iter()
            .map(|start| self.name(*start));
        let itself = self
            .starts
            .binary_search_by(|start| self.name(*start).cmp(name))
            .ok();
        let itself = itself
            .and_then(|index| self.starts.get(index))
            .map(|start| self.name(*start));
        itself
            .into_iter()
            .chain(below.take_while(move |name| name.starts_with(&folder)))
    }
}

/// A relative path as git writes it.
pub(crate) fn git_name(path: &Path) -> Vec<u8> {
    let parts: Vec<&[u8]> = path.iter().map(OsStr::as_encoded_bytes).collect();
    parts.join(&b'/')
}

/// The path of a tracked file, if it stays within its repository: no way up, no absolute path, no `.git`, and no
/// symbolic link on the way or at its end.
pub(super) fn path_within(
    root: &Path,
    name: &[u8],
    plain_folders: &mut BTreeSet<PathBuf>,
) -> Option<PathBuf> {
    let relative = os_path(name)?;
    let mut parts = relative.components();
    let plain = parts.all(|part| matches!(part, Component::Normal(part) if part != ".git"));
    if !plain || name.is_empty() {
        return None;
    }
    let path = root.join(&relative);
    for ancestor in path
        .ancestors()
        .skip(1)
        .take_while(|ancestor| *ancestor != root)
    {
        if plain_folders.contains(ancestor) {
            break;
        }
        if !std::fs::symlink_metadata(ancestor).is_ok_and(|metadata| metadata.is_dir()) {
            return None;
        }
    }
    // Only now is every folder on the way known to be one.
    plain_folders.extend(
        path.parent()
            .filter(|parent| *parent != root)
            .map(Path::to_path_buf),
    );
    let metadata = std::fs::symlink_metadata(&path).ok()?;
    (metadata.is_file() || metadata.is_dir()).then_some(path)
}

/// A path as git writes it, as the system wants it.
#[cfg(unix)]
pub(crate) fn os_path(name: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(OsStr::from_bytes(name)))
}

#[cfg(not(unix))]
pub(crate) fn os_path(name: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(name).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> TrackedFiles {
        TrackedFiles::from_names(
            list.iter()
                .flat_map(|name| [name.as_bytes(), b"\0"].concat())
                .collect(),
        )
    }

    fn below(tracked: &TrackedFiles, name: &str) -> Vec<String> {
        tracked
            .at_or_below(name.as_bytes())
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect()
    }

    #[test]
    fn a_name_is_found_among_its_neighbours() {
        let tracked = names(&["a", "a-b/x", "a.txt", "a/b", "a/c/d", "a0", "b", "b"]);
        assert!(tracked.contains(b"a/c/d") && tracked.contains(b"b"));
        assert!(!tracked.contains(b"a/c") && !tracked.contains(b"") && !tracked.contains(b"c"));
        assert_eq!(below(&tracked, "a"), ["a", "a/b", "a/c/d"]);
        assert_eq!(below(&tracked, "a/c"), ["a/c/d"]);
        assert_eq!(below(&tracked, "b"), ["b"]);
        assert!(below(&tracked, "zz").is_empty());
        assert!(below(&names(&[]), "a").is_empty());
    }

    #[test]
    fn names_that_lead_out_of_the_repository_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repository");
        std::fs::create_dir_all(root.join(".git")).unwrap();
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(root.join("sub/inside"), "").unwrap();
        std::fs::write(root.join(".git/config"), "").unwrap();
        std::fs::write(folder.path().join("outside"), "").unwrap();
        let mut seen = BTreeSet::new();
        let mut within = |name: &str| path_within(&root, name.as_bytes(), &mut seen);
        assert_eq!(within("sub/inside"), Some(root.join("sub/inside")));
        assert_eq!(within("sub"), Some(root.join("sub")));
        let outside = folder.path().join("outside");
        for name in [
            "../outside",
            "sub/../../outside",
            outside.to_str().unwrap(),
            ".git/config",
            "",
            "sub/missing",
        ] {
            assert_eq!(within(name), None, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_behind_a_symbolic_link_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repository");
        std::fs::create_dir_all(&root).unwrap();
        std::fs::create_dir_all(folder.path().join("other")).unwrap();
        std::fs::write(folder.path().join("other/secret"), "").unwrap();
        std::os::unix::fs::symlink(folder.path().join("other"), root.join("link")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("other/secret"), root.join("file")).unwrap();
        let mut seen = BTreeSet::new();
        assert_eq!(path_within(&root, b"link/secret", &mut seen), None);
        assert_eq!(
            path_within(&root, b"link/secret", &mut seen),
            None,
            "and the second time too"
        );
        assert_eq!(path_within(&root, b"file", &mut seen), None);
    }
}
