//! Which lines have changed since a commit, for runs that judge a change and not the whole code.
//!
//! Git is asked for old contents only, and lines are compared here: to let git compare files of the work tree could
//! run the filters that the repository configures. Must not know findings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::git::{ask, ask_about, ask_with_index};

/// What a change is measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// The commit at which the present work left this revision.
    Revision(String),
    /// The last commit; only what is in the index counts.
    Index {
        /// The index that git hands to its hooks, where that is not the usual one.
        index: Option<PathBuf>,
    },
}

/// A change of a repository.
#[derive(Debug)]
pub struct Change {
    root: PathBuf,
    /// The old commit; `None` before the first one.
    base: Option<String>,
    /// New names to old ones.
    renamed: BTreeMap<String, String>,
    /// What is in the index of the files that differ from the old commit, by path; only for [`Against::Index`].
    pub staged: Option<BTreeMap<String, Vec<u8>>>,
}

/// The lines of one file that a change touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    All,
    /// Sorted, counted from 1.
    Some(Vec<RangeInclusive<u32>>),
}

impl Lines {
    pub fn touch(&self, first: u32, last: u32) -> bool {
        match self {
            Lines::All => true,
            Lines::Some(ranges) => ranges
                .iter()
                .any(|range| *range.start() <= last && first <= *range.end()),
        }
    }
}

impl Change {
    /// `root` is the root of a repository.
    pub fn new(root: &Path, against: &Against) -> Result<Change, String> {
        match against {
            Against::Revision(revision) => since(root, revision),
            Against::Index { index } => staged(root, index.as_deref()),
        }
    }

    /// The changed lines of these files, which are named from the root of the repository.
    pub fn lines(&self, files: &[(&str, &str)]) -> Result<BTreeMap<String, Lines>, String> {
        let old_names: Vec<&str> = files
            .iter()
            .map(|(path, _)| self.renamed.get(*path).map_or(*path, String::as_str))
            .collect();
        let old = match &self.base {
            Some(base) => contents(&self.root, base, &old_names)?,
            None => BTreeMap::new(),
        };
        let lines = files.iter().zip(old_names).map(|((path, text), old_name)| {
            let is_staged = self
                .staged
                .as_ref()
                .is_none_or(|staged| staged.contains_key(*path));
            let lines = match old.get(old_name) {
                _ if !is_staged => Lines::Some(Vec::new()),
                None => Lines::All,
                Some(old) => match super::decode(old) {
                    Ok(old) => changed(&old.text, text),
                    Err(_) => Lines::All,
                },
            };
            ((*path).to_owned(), lines)
        });
        Ok(lines.collect())
    }
}

fn since(root: &Path, revision: &str) -> Result<Change, String> {
    let commit = format!("{revision}^{{commit}}");
    let commit = line(
        ask(
            root,
            &["rev-parse", "--verify", "--end-of-options", commit.as_str()],
        )
        .map_err(|_| format!("git knows no commit `{revision}`"))?,
    );
    let base = line(
        ask(root, &["merge-base", commit.as_str(), "HEAD"]).map_err(|_| {
            format!("the commit that HEAD and `{revision}` have in common is not here")
        })?,
    );
    let renames = ask(
        root,
        &[
            "diff-tree",
            "-r",
            "-M",
            "-z",
            "--diff-filter=R",
            "--name-status",
            "--no-ext-diff",
            base.as_str(),
            "HEAD",
            "--",
        ],
    )?;
    Ok(Change {
        root: root.to_path_buf(),
        renamed: renamed(&renames),
        base: Some(base),
        staged: None,
    })
}

fn staged(root: &Path, index: Option<&Path>) -> Result<Change, String> {
    // A hook may be told of any file; only one beside the usual index is one.
    let git_folder = PathBuf::from(line(ask(root, &["rev-parse", "--absolute-git-dir"])?));
    let index = index.filter(|index| {
        let folder = index.parent().and_then(|folder| folder.canonicalize().ok());
        folder.is_some() && folder == git_folder.canonicalize().ok()
    });
    let base = ask(root, &["rev-parse", "--verify", "--quiet", "HEAD"]).ok();
    let base = base.map(line).filter(|commit| !commit.is_empty());
    let (changed, renames) = match &base {
        Some(base) => {
            let differing = |filter: &str, form: &str| {
                ask_with_index(
                    root,
                    &[
                        "diff-index",
                        "--cached",
                        "-M",
                        "-z",
                        "--no-ext-diff",
                        filter,
                        form,
                        base,
                        "--",
                    ],
                    index,
                )
            };
            (
                last_names(&differing("--diff-filter=ACMRT", "--name-status")?),
                renamed(&differing("--diff-filter=R", "--name-status")?),
            )
        }
        None => {
            let all = ask_with_index(root, &["ls-files", "-z", "--"], index)?;
            (names(&all).collect(), BTreeMap::new())
        }
    };
    let paths: Vec<&str> = changed.iter().map(String::as_str).collect();
    let staged = match index {
        // Names of contents in the index that is meant: `:path` alone would look into the usual one.
        Some(_) => {
            let listed = ask_with_index(root, &["ls-files", "-s", "-z", "--"], index)?;
            let mut ids = BTreeMap::new();
            for entry in listed.split(|byte| *byte == 0) {
                let entry = String::from_utf8_lossy(entry);
                if let Some((head, path)) = entry.split_once('\t')
                    && let Some(id) = head.split(' ').nth(1)
                {
                    ids.insert(path.to_owned(), id.to_owned());
                }
            }
            let wanted: Vec<(&str, String)> = paths
                .iter()
                .filter_map(|path| Some((*path, ids.get(*path)?.clone())))
                .collect();
            objects(root, &wanted)?
        }
        None => contents(root, "", &paths)?,
    };
    Ok(Change {
        root: root.to_path_buf(),
        base,
        renamed: renames,
        staged: Some(staged),
    })
}

fn line(answer: Vec<u8>) -> String {
    String::from_utf8_lossy(&answer).trim().to_owned()
}

fn names(answer: &[u8]) -> impl Iterator<Item = String> + '_ {
    answer
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
}

/// `R100`, old name, new name, and so on.
fn renamed(answer: &[u8]) -> BTreeMap<String, String> {
    let names: Vec<String> = names(answer).collect();
    names
        .chunks_exact(3)
        .filter_map(|part| match part {
            [_, old, new] => Some((new.clone(), old.clone())),
            _ => None,
        })
        .collect()
}

/// The new names in a list of states and names.
fn last_names(answer: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut names = names(answer);
    while let Some(state) = names.next() {
        let name = if state.starts_with('R') || state.starts_with('C') {
            names.next();
            names.next()
        } else {
            names.next()
        };
        found.extend(name);
    }
    found
}

/// What these paths hold in a commit, or in the index if that is empty; those that are not there are left out.
fn contents(
    root: &Path,
    commit: &str,
    paths: &[&str],
) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let wanted: Vec<(&str, String)> = paths
        .iter()
        // Git reads one name a line.
        .filter(|path| !path.contains('\n'))
        .map(|path| (*path, format!("{commit}:{path}")))
        .collect();
    objects(root, &wanted)
}

fn objects(root: &Path, wanted: &[(&str, String)]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let input: String = wanted.iter().map(|(_, name)| format!("{name}\n")).collect();
    let answer = ask_about(root, &["cat-file", "--batch"], input.as_bytes())?;
    let mut rest = answer.as_slice();
    for (path, _) in wanted {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            return Err("git's answer ends too early".to_owned());
        };
        let (head, behind) = rest.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        let head = String::from_utf8_lossy(head).into_owned();
        if head.ends_with(" missing") || head.ends_with(" ambiguous") {
            continue;
        }
        let mut parts = head.rsplit(' ');
        let size = parts.next().and_then(|size| size.parse::<usize>().ok());
        let kind = parts.next();
        let Some(bytes) = size.and_then(|size| rest.get(..size)) else {
            return Err(format!("git gave an answer that makes no sense: {head}"));
        };
        if kind == Some("blob") {
            found.insert((*path).to_owned(), bytes.to_vec());
        }
        rest = rest.get(bytes.len() + 1..).unwrap_or_default();
    }
    Ok(found)
}

/// The lines of `new` that `old` does not have there. Line ends do not count: git may convert them.
fn changed(old: &str, new: &str) -> Lines {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    if old.len() + new.len() > MOST_COMPARED {
        return unknown(&old, &new);
    }
    let ranges = capture_diff_slices(Algorithm::Myers, &old, &new)
        .into_iter()
        .filter_map(|operation| match operation {
            DiffOp::Insert {
                new_index, new_len, ..
            }
            | DiffOp::Replace {
                new_index, new_len, ..
            } => {
                let first = u32::try_from(new_index + 1).ok()?;
                let last = u32::try_from(new_index + new_len).ok()?;
                Some(first..=last)
            }
            DiffOp::Equal { .. } | DiffOp::Delete { .. } => None,
        });
    Lines::Some(ranges.collect())
}

/// To compare more lines than these one by one may take minutes.
const MOST_COMPARED: usize = 20_000;

/// The lines of `new` that stand nowhere in `old`, or more often.
fn unknown(old: &[&str], new: &[&str]) -> Lines {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for line in old {
        *known.entry(line).or_default() += 1;
    }
    let mut ranges = Vec::new();
    for (line, number) in new.iter().zip(1..) {
        match known.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => ranges.push(number..=number),
        }
    }
    Lines::Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_and_changed_lines_count() {
        let Lines::Some(ranges) = changed("a\nb\nc\nd\n", "a\r\nB\r\nc\r\nx\r\ny\r\nd\r\n") else {
            panic!("some lines");
        };
        assert_eq!(ranges, [2..=2, 4..=5]);
        let lines = Lines::Some(ranges);
        assert!(lines.touch(1, 2) && lines.touch(5, 9) && lines.touch(4, 4));
        assert!(!lines.touch(1, 1) && !lines.touch(3, 3) && !lines.touch(6, 6));
        assert_eq!(changed("a\nb", "a\n"), Lines::Some(Vec::new()));
    }

    #[test]
    fn very_long_files_are_compared_by_what_their_lines_say() {
        let old: String = (0..15_000).map(|number| format!("{number}\n")).collect();
        let new: String = (5_000..20_000)
            .rev()
            .map(|number| format!("{number}\n"))
            .collect();
        let lines = changed(&old, &new);
        assert!(lines.touch(1, 1) && lines.touch(5_000, 5_000));
        assert!(!lines.touch(5_001, 15_000));
    }

    #[test]
    fn lists_of_states_give_new_names() {
        let answer = b"M\0a.js\0R090\0old.js\0new.js\0A\0b c.js\0";
        let names: Vec<String> = last_names(answer).into_iter().collect();
        assert_eq!(names, ["a.js", "b c.js", "new.js"]);
        let renames = renamed(b"R090\0old.js\0new.js\0");
        assert_eq!(renames.get("new.js").map(String::as_str), Some("old.js"));
    }
}
