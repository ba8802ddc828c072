//! Takes a run back: every file that is still as the run left it becomes what it was before.
//!
//! Owns what is done to each file, and that later work of others is never overwritten. It must not know where
//! journals lie.

use super::error::{Kept, Reason};
use super::journal::{self, Entry, Run};
use super::replace::{self, Like};
use super::target;
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
    for entry in run.entries.iter().rev() {
        let shown = entry.shown.clone();
        match restore(entry) {
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
    let lists = [
        &mut undone.restored,
        &mut undone.removed,
        &mut undone.unchanged,
    ];
    lists.into_iter().for_each(|list| list.reverse());
    undone.kept.reverse();
    left.reverse();
    (undone, left)
}

/// Takes the first changes of a run back, of which one more may have been made in part; gives what could not be.
pub(super) fn take_back_first(run: &Run, made: usize) -> Vec<Kept> {
    remove_leftovers(run);
    let mut kept = Vec::new();
    for (index, entry) in run.entries.iter().enumerate().take(made + 1).rev() {
        if let Err(reason) = restore(entry)
            // The change that failed did so because the file is not what it was.
            && index < made
        {
            let shown = entry.shown.clone();
            kept.push(Kept { shown, reason });
        }
    }
    remove_folders(run);
    kept
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
    done.and_then(|outcome| replace::sync_folder(folder).map(|()| outcome))
        .map_err(|error| failed(entry, &error))
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
