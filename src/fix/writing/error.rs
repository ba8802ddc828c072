//! Why nothing, or not everything, was written: what happened, where, and what to do about it.

use std::fmt::{self, Display, Write as _};
use std::io;
use std::path::{Path, PathBuf};

/// Why one file may not be changed.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    #[error("it has changed since it was scanned; run the command again")]
    Changed,
    #[error("it no longer exists; run the command again")]
    Missing,
    #[error(
        "a file of that name exists already; move it away, or run the command again to have it looked at"
    )]
    Exists,
    #[error(
        "it leads to {}, outside the folders that were named; name that file itself to have it changed",
        .0.display()
    )]
    Outside(PathBuf),
    #[error("it belongs to git itself, which nothing here may change")]
    InsideGit,
    #[error("it is not a regular file, so it cannot be replaced; make the change by hand")]
    NotAFile,
    #[error("{} is not a folder; move it away, or make the change by hand", .0.display())]
    NotAFolder(PathBuf),
    #[error(
        "it is known under {0} names (hard links), and the others would keep the old text; put a copy in its place, \
         or make the change by hand"
    )]
    HardLinks(u64),
    #[error("it is read-only; make it writable (on Unix: `chmod u+w`) and run the command again")]
    ReadOnlyFile,
    #[error(
        "its folder {} is read-only; make it writable (on Unix: `chmod u+w`) and run the command again",
        .0.display()
    )]
    ReadOnlyFolder(PathBuf),
    #[error("two changes are for this same file; this is a mistake in authshift, please report it")]
    Twice,
    #[error("it cannot be read ({0}); make it readable and run the command again")]
    Unreadable(io::Error),
}

/// A file that may not be changed.
#[derive(Debug)]
pub struct Refusal {
    /// Its path as users see it.
    pub shown: String,
    pub reason: Reason,
}

impl Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.shown, self.reason)
    }
}

/// A file that could not be taken back to what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its path as users see it.
    pub shown: String,
    pub reason: String,
}

impl Display for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.shown, self.reason)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("nothing was changed, because not every file may be:{}", list(.0))]
    Refused(Vec<Refusal>),
    #[error("nothing was changed: {shown} could not be written ({source}); free space, make {} writable, or leave this file out", .folder.display())]
    NotPrepared {
        shown: String,
        folder: PathBuf,
        source: io::Error,
    },
    #[error(
        "{shown} could not be replaced ({source}); the {undone} changes made before it were taken back, so that nothing is changed"
    )]
    TakenBack {
        shown: String,
        undone: usize,
        source: io::Error,
    },
    #[error(
        "{shown} could not be replaced ({source}), and not every change made before it could be taken back; see to \
         these, then run `authshift fix --undo`:{}",
        list(.kept)
    )]
    HalfWay {
        shown: String,
        source: io::Error,
        kept: Vec<Kept>,
    },
    #[error(transparent)]
    Journal(#[from] JournalError),
}

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error(
        "there is no folder for the undo journal, because neither a home folder nor a state folder is known; set AUTHSHIFT_STATE_DIR to a folder outside the work tree"
    )]
    NoFolder,
    #[error("the undo journal holds the secrets that were removed, and {} lies inside {}, which is being changed; set AUTHSHIFT_STATE_DIR to a folder outside the work tree", .folder.display(), .root.display())]
    InsideTree { folder: PathBuf, root: PathBuf },
    #[error("cannot {action} {} ({source}); make it accessible, or set AUTHSHIFT_STATE_DIR to another folder", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("the undo journal {} is damaged ({reason}), and nothing was taken back; `authshift fix --forget` deletes it", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("cannot find {} ({source}); check the path", .path.display())]
    Root { path: PathBuf, source: io::Error },
}

impl JournalError {
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
        let path = path.to_path_buf();
        move |source| JournalError::Io {
            action,
            path,
            source,
        }
    }
}

/// Each on a line of its own.
fn list(items: &[impl Display]) -> String {
    items.iter().fold(String::new(), |mut text, item| {
        // Writing to a string does not fail.
        let _ = write!(text, "\n  {item}");
        text
    })
}
