//! One folder: its entries, and opening the files in it.
//!
//! Owns how a folder is asked of the system. On Linux a folder is opened once and its files by their names within it,
//! so that the system looks up the way to it once and not for every file; elsewhere the standard library does it.
//! It must not know what belongs to a scan.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
pub(super) use linux::{Listing, OpenFolder};
#[cfg(not(target_os = "linux"))]
pub(super) use portable::{Listing, OpenFolder};

/// What an entry is, itself: a symbolic link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Folder,
    SymbolicLink,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::fs;
    use std::io::Read;

    #[test]
    fn a_folder_lists_its_entries_with_their_kinds_and_opens_its_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        for number in 0..2_000 {
            // Long names: more than one answer of the system.
            fs::write(
                folder.path().join(format!("{number:0>60}.txt")),
                number.to_string(),
            )
            .unwrap();
        }
        let open = OpenFolder::open(folder.path()).unwrap();
        let mut listing = Listing::default();
        open.list(&mut listing).unwrap();
        let mut seen: Vec<(&OsStr, EntryKind)> = (0..listing.len())
            .map(|index| (listing.name(index), listing.kind(index)))
            .collect();
        seen.sort_by_key(|(name, _)| name.to_owned());
        assert_eq!(seen.len(), 2_001);
        assert_eq!(seen[2_000], (OsStr::new("inner"), EntryKind::Folder));
        assert!(
            seen[..2_000]
                .iter()
                .all(|(_, kind)| *kind == EntryKind::File)
        );
        let mut text = String::new();
        open.open_file(seen[1_234].0)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "1234");
        assert!(open.open_file(OsStr::new("missing")).is_err());
        // A listing is used again.
        let inner = OpenFolder::open(&folder.path().join("inner")).unwrap();
        inner.list(&mut listing).unwrap();
        assert_eq!(listing.len(), 0);
    }

    #[test]
    fn what_is_no_folder_cannot_be_opened_as_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(OpenFolder::open(&folder.path().join("file")).is_err());
        assert!(OpenFolder::open(&folder.path().join("missing")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_one_and_a_socket_is_something_else() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        let mut listing = Listing::default();
        OpenFolder::open(folder.path())
            .unwrap()
            .list(&mut listing)
            .unwrap();
        let mut kinds: Vec<(String, EntryKind)> = (0..listing.len())
            .map(|index| {
                (
                    listing.name(index).to_string_lossy().into_owned(),
                    listing.kind(index),
                )
            })
            .collect();
        kinds.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(
            kinds,
            [
                ("link".to_string(), EntryKind::SymbolicLink),
                ("socket".to_string(), EntryKind::Other)
            ]
        );
    }
}
