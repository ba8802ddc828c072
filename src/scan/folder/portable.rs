//! Folders by their paths.

use super::EntryKind;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The entries of a folder.
#[derive(Debug, Default)]
pub(in crate::scan) struct Listing {
    entries: Vec<(OsString, EntryKind)>,
}

impl Listing {
    pub(in crate::scan) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(in crate::scan) fn name(&self, index: usize) -> &OsStr {
        self.entries
            .get(index)
            .map_or(OsStr::new(""), |(name, _)| name)
    }

    pub(in crate::scan) fn kind(&self, index: usize) -> EntryKind {
        self.entries
            .get(index)
            .map_or(EntryKind::Other, |(_, kind)| *kind)
    }
}

#[derive(Debug)]
pub(in crate::scan) struct OpenFolder {
    path: PathBuf,
}

impl OpenFolder {
    pub(in crate::scan) fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self {
                path: path.to_path_buf(),
            })
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// Lists the entries. Those listed before an error are kept.
    pub(in crate::scan) fn list(&self, listing: &mut Listing) -> io::Result<()> {
        listing.entries.clear();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = if kind.is_symlink() {
                EntryKind::SymbolicLink
            } else if kind.is_dir() {
                EntryKind::Folder
            } else if kind.is_file() {
                EntryKind::File
            } else {
                EntryKind::Other
            };
            listing.entries.push((entry.file_name(), kind));
        }
        Ok(())
    }

    pub(in crate::scan) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.path.join(name))
    }
}
