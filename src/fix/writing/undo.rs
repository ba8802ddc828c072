//! Takes a run back: every file that is still as the run left it becomes what it was before.
//!
//! Owns what is done to each file, and that later work of others is never overwritten. It must not know where
//! journals lie.

use super::error::{Kept, Reason};
use super::journal::{self, Entry, Run};
use super::replace::{self, Like};
use super::target;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// What taking a run back came to; paths as users see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    pub restored: Vec<String>,
    /// The run had created them.
    pub removed: Vec<String>,
    /// They were what they were before the run; it may have been killed before it came to them.
    pub unchanged: Vec<String>,
    /// Left alone. The journal still has them: undo can be asked for again, until they are forgotten.
    pub kept: Vec<Kept>,
    /// How many runs can still be taken back, what was kept of this one included.
    pub runs_left: usize,
}

enum Outcome {
    Restored,
    Removed,
    Unchanged,
}

/// Takes back what can be, in the opposite order, and gives what could not.
pub(super) fn take_back(run: &Run) -> (Undone, Vec<Entry>) {
    remove_leftovers(run);
    let mut undone = Undone::default();
    let mut left = Vec::new();
    for (entry, outcome) in restore_all(&run.entries, &still_used(run)) {
        let shown = entry.shown.clone();
        match outcome {
            Ok(Outcome::Restored) => undone.restored.push(shown),
            Ok(Outcome::Removed) => undone.removed.push(shown),
            Ok(Outcome::Unchanged) => undone.unchanged.push(shown),
            Err(reason) => {
                undone.kept.push(Kept { shown, reason });
                left.push(entry.clone());
            }
        }
    }
    remove_folders(run);
    (undone, left)
}

/// Takes the first changes of a run back, of which one more may have been made in part; gives what could not be.
pub(super) fn take_back_first(run: &Run, made: usize) -> Vec<Kept> {
    remove_leftovers(run);
    let entries = run.entries.get(..=made).unwrap_or(&run.entries);
    let kept = restore_all(entries, &BTreeMap::new())
        .into_iter()
        .enumerate()
        // The change that failed did so because the file is not what it was.
        .filter(|(index, _)| *index < made)
        .filter_map(|(_, (entry, outcome))| {
            let shown = entry.shown.clone();
            outcome.err().map(|reason| Kept { shown, reason })
        })
        .collect();
    remove_folders(run);
    kept
}

/// Files that the run created and that a file which stays as it is still names, with the reason to keep them: that
/// file would no longer work without them.
fn still_used(run: &Run) -> BTreeMap<&Path, String> {
    let (created, changed): (Vec<&Entry>, Vec<&Entry>) =
        run.entries.iter().partition(|entry| entry.before.is_none());
    let staying: Vec<(&Entry, Vec<u8>)> = changed
        .into_iter()
        .filter_map(|entry| Some((entry, fs::read(&entry.path).ok()?)))
        .filter(|(entry, bytes)| {
            entry.before.as_ref() != Some(bytes) && journal::hash(bytes) != entry.after
        })
        .collect();
    created
        .into_iter()
        .filter_map(|entry| {
            let name = entry.path.file_stem()?.to_str()?;
            let user = staying
                .iter()
                .find(|(_, bytes)| memchr::memmem::find(bytes, name.as_bytes()).is_some())?;
            let reason = format!(
                "{} was edited after the run and still uses it; take the edits back and undo again",
                user.0.shown
            );
            Some((entry.path.as_path(), reason))
        })
        .collect()
}

/// What became of each, in their order. They are restored in the opposite one.
fn restore_all<'e>(
    entries: &'e [Entry],
    still_used: &BTreeMap<&Path, String>,
) -> Vec<(&'e Entry, Result<Outcome, String>)> {
    let mut outcomes: Vec<_> = entries
        .iter()
        .rev()
        .map(|entry| {
            let outcome = match still_used.get(entry.path.as_path()) {
                Some(reason) => Err(reason.clone()),
                None => restore(entry),
            };
            (entry, outcome)
        })
        .collect();
    outcomes.reverse();
    // Once for each folder: with many files this is what takes the time.
    let mut synced: BTreeMap<&Path, Option<String>> = BTreeMap::new();
    for (entry, outcome) in &mut outcomes {
        if !matches!(outcome, Ok(Outcome::Restored | Outcome::Removed)) {
            continue;
        }
        let Some(folder) = entry.path.parent() else {
            continue;
        };
        let failure = synced.entry(folder).or_insert_with(|| {
            let synced = replace::sync_folder(folder);
            synced.err().map(|error| error.to_string())
        });
        if let Some(error) = failure {
            *outcome = Err(format!(
                "it was restored, but its folder could not be saved to the disk ({error}); undo again"
            ));
        }
    }
    outcomes
}

/// Removes the temporary files of a run that did not come to its end.
pub(super) fn remove_leftovers(run: &Run) {
    for entry in &run.entries {
        if entry
            .temporary
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file())
        {
            // One that cannot be removed is in nobody's way.
            let _ = fs::remove_file(&entry.temporary);
        }
    }
}

/// Removes the folders that a run made, where nothing is in them.
pub(super) fn remove_folders(run: &Run) {
    for folder in run.folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

fn restore(entry: &Entry) -> Result<Outcome, String> {
    let Some(folder) = entry.path.parent() else {
        return Err(Reason::NotAFile.to_string());
    };
    let found = match folder.canonicalize() {
        Ok(found) if found == folder => target::plain_file(&entry.path),
        // The folder has been moved away and something else leads there: that is not the file of the run.
        Ok(found) => Err(Reason::Outside(found)),
        Err(error) => Err(target::missing_or_unreadable(error)),
    };
    let metadata = match found {
        Ok(metadata) => metadata,
        Err(Reason::Missing) if entry.before.is_none() => return Ok(Outcome::Unchanged),
        Err(Reason::Missing) => {
            return Err(
                "it was deleted or renamed after the run; move it back and undo again".to_owned(),
            );
        }
        Err(reason) => return Err(reason.to_string()),
    };
    let bytes = fs::read(&entry.path).map_err(|error| Reason::Unreadable(error).to_string())?;
    if entry.before.as_ref() == Some(&bytes) {
        return Ok(Outcome::Unchanged);
    }
    if journal::hash(&bytes) != entry.after {
        return Err(
            "it was edited after the run, and is left as it is; take the edits back and undo again, or mend it by hand"
                .to_owned(),
        );
    }
    if metadata.permissions().readonly() {
        return Err(Reason::ReadOnlyFile.to_string());
    }
    let done = match &entry.before {
        None => fs::remove_file(&entry.path).map(|()| Outcome::Removed),
        Some(before) => replace::stage(&entry.temporary, before, &Like::Existing(&metadata))
            .and_then(|()| old_mode(&entry.temporary, entry.mode))
            .and_then(|()| replace::commit(&entry.temporary, &entry.path, &bytes))
            .map(|()| Outcome::Restored),
    };
    done.map_err(|error| failed(entry, &error))
}

fn failed(entry: &Entry, error: &io::Error) -> String {
    // Whatever was put beside the file is of no use to anybody.
    let _ = fs::remove_file(&entry.temporary);
    format!("it could not be restored ({error}); make its folder writable and undo again")
}

/// Gives a file back the rights that were taken from it because it could not keep its owner. Any other mode than the
/// one before the run is somebody's later wish.
#[cfg(unix)]
fn old_mode(path: &Path, old: Option<u32>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let now = fs::symlink_metadata(path)?.permissions().mode() & 0o7777;
    match old {
        Some(old) if old != now && old & 0o1777 == now & 0o1777 => {
            fs::set_permissions(path, fs::Permissions::from_mode(old))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn old_mode(_path: &Path, _old: Option<u32>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A run that made three files `new`, in a folder.
    fn run(folder: &Path) -> Run {
        let entry = |name: &str, before: Option<&[u8]>| {
            fs::write(folder.join(name), "new").unwrap();
            Entry {
                path: folder.join(name),
                shown: name.to_owned(),
                temporary: folder.join(format!("{name}.tmp")),
                mode: None,
                before: before.map(<[u8]>::to_vec),
                after: journal::hash(b"new"),
            }
        };
        Run {
            root: folder.to_path_buf(),
            entries: vec![
                entry("a", Some(b"old a")),
                entry("b", None),
                entry("c", Some(b"old c")),
                entry("d", Some(b"old d")),
            ],
            folders: Vec::new(),
        }
    }

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        (folder, path)
    }

    #[test]
    fn of_a_run_that_failed_only_what_it_made_is_taken_back() {
        let (_folder, path) = folder();
        let run = run(&path);
        fs::write(path.join("a"), "edited").unwrap();
        fs::write(path.join("c"), "why it failed").unwrap();
        fs::write(path.join("d.tmp"), "left over").unwrap();
        let kept = take_back_first(&run, 2);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].shown, "a");
        assert!(!path.join("b").exists() && !path.join("d.tmp").exists());
        assert_eq!(fs::read(path.join("c")).unwrap(), b"why it failed");
        assert_eq!(fs::read(path.join("d")).unwrap(), b"new");
        fs::write(path.join("a"), "new").unwrap();
        assert!(take_back_first(&run, 9).len() == 1, "c is still in the way");
        assert_eq!(fs::read(path.join("d")).unwrap(), b"old d");
    }

    #[test]
    fn a_new_file_stays_while_an_edited_one_uses_it() {
        let (_folder, path) = folder();
        let mut run = run(&path);
        run.entries[1].path = path.join("new-module.js");
        fs::rename(path.join("b"), path.join("new-module.js")).unwrap();
        fs::write(path.join("a"), "import './new-module.js' // edited").unwrap();
        let (undone, left) = take_back(&run);
        assert_eq!(undone.restored, ["c", "d"]);
        assert!(undone.removed.is_empty() && left.len() == 2);
        assert!(undone.kept[1].reason.contains("a was edited"));
        fs::write(path.join("a"), "edited, and does not use it").unwrap();
        let (undone, _) = take_back(&run);
        assert_eq!(undone.removed, ["b"]);
    }

    #[test]
    fn what_is_left_is_given_in_order() {
        let (_folder, path) = folder();
        let run = run(&path);
        fs::write(path.join("b"), "edited").unwrap();
        fs::remove_file(path.join("d")).unwrap();
        let (undone, left) = take_back(&run);
        assert_eq!(undone.restored, ["a", "c"]);
        let left: Vec<&str> = left.iter().map(|entry| entry.shown.as_str()).collect();
        assert_eq!(left, ["b", "d"]);
    }
}
