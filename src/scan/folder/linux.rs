//! Folders by their file descriptors.

use super::EntryKind;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir};
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Room for what the system answers at once: some hundred names.
const ANSWER: usize = 32 * 1024;

/// The entries of a folder; used again for the next one.
#[derive(Debug)]
pub(in crate::scan) struct Listing {
    names: Vec<u8>,
    entries: Vec<(Range<usize>, EntryKind)>,
    answer: Vec<MaybeUninit<u8>>,
}

impl Default for Listing {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            entries: Vec::new(),
            answer: vec![MaybeUninit::new(0); ANSWER],
        }
    }
}

impl Listing {
    pub(in crate::scan) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(in crate::scan) fn name(&self, index: usize) -> &OsStr {
        let range = self.entries.get(index).map(|(range, _)| range.clone());
        let name = range.and_then(|range| self.names.get(range));
        OsStr::from_bytes(name.unwrap_or_default())
    }

    pub(in crate::scan) fn kind(&self, index: usize) -> EntryKind {
        self.entries
            .get(index)
            .map_or(EntryKind::Other, |(_, kind)| *kind)
    }
}

#[derive(Debug)]
pub(in crate::scan) struct OpenFolder {
    descriptor: OwnedFd,
}

impl OpenFolder {
    pub(in crate::scan) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let descriptor = rustix::fs::open(path, flags, Mode::empty())?;
        Ok(Self { descriptor })
    }

    /// Lists the entries. Those listed before an error are kept.
    pub(in crate::scan) fn list(&self, listing: &mut Listing) -> io::Result<()> {
        listing.names.clear();
        listing.entries.clear();
        let mut entries = RawDir::new(&self.descriptor, &mut listing.answer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let mut kind = entry.file_type();
            if kind == FileType::Unknown {
                // Some file systems do not tell with the name.
                let found = rustix::fs::statat(
                    &self.descriptor,
                    entry.file_name(),
                    AtFlags::SYMLINK_NOFOLLOW,
                )?;
                kind = FileType::from_raw_mode(found.st_mode);
            }
            let kind = match kind {
                FileType::RegularFile => EntryKind::File,
                FileType::Directory => EntryKind::Folder,
                FileType::Symlink => EntryKind::SymbolicLink,
                _ => EntryKind::Other,
            };
            let start = listing.names.len();
            listing.names.extend_from_slice(name);
            listing.entries.push((start..listing.names.len(), kind));
        }
        Ok(())
    }

    pub(in crate::scan) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.descriptor, name, flags, Mode::empty())?.into())
    }
}
