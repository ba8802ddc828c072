//! What was read and what was not. Nothing is skipped without a trace here.

use std::path::PathBuf;

/// The account of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files that belong to the scan, whether they could be read or not.
    pub files_seen: u64,
    /// Files read to their end (binary ones: to where that showed).
    pub files_read: u64,
    pub bytes_read: u64,
    /// Binary files. [`super::Scan::binary_files`] names them.
    pub binary: u64,
    /// Files that belong to the scan and were not read, or hold something and are too large to go on with. By path.
    pub skipped: Vec<Skipped>,
    /// Files and folders left out by ignore files. (What git tracks of them is read all the same.)
    pub ignored: u64,
    /// Files and folders left out by the patterns in the options.
    pub excluded: u64,
    /// Symbolic links, which are not followed.
    pub symbolic_links: u64,
    /// Repositories whose tracked files could not be listed: ignored files that git tracks may be missing. By path.
    pub unlisted_repositories: Vec<UnlistedRepository>,
}

impl Coverage {
    pub(super) fn add(&mut self, other: Self) {
        self.files_seen += other.files_seen;
        self.files_read += other.files_read;
        self.bytes_read += other.bytes_read;
        self.binary += other.binary;
        self.skipped.extend(other.skipped);
        self.ignored += other.ignored;
        self.excluded += other.excluded;
        self.symbolic_links += other.symbolic_links;
        self.unlisted_repositories
            .extend(other.unlisted_repositories);
    }

    /// Puts the lists in the order that they are shown in, which does not hang on which thread was first.
    pub(super) fn sort(&mut self) {
        self.skipped
            .sort_by(|a, b| (&a.relative, &a.path).cmp(&(&b.relative, &b.path)));
        self.unlisted_repositories
            .sort_by(|a, b| a.root.cmp(&b.root));
    }
}

/// A file or folder that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub path: PathBuf,
    /// As reported: relative to the report root, with `/`.
    pub relative: String,
    pub reason: SkipReason,
}

/// Why something was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Over the size limit and not free of the literals searched for (or too large to search at all).
    TooLarge {
        size: u64,
    },
    Unreadable {
        message: String,
    },
    /// A pipe, a socket or a device.
    NotAFile,
}

/// A repository that `git` would not list, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlistedRepository {
    pub root: PathBuf,
    pub message: String,
}
