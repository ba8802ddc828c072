//! Puts a file in the place of another one, so that whoever looks sees the old or the new one, never a part.
//!
//! Owns the temporary file beside the target, modes and owners, and what has to reach the disk in which order.
//! It must not know why a file is replaced. Extended attributes and access control lists are not carried over.

use super::target;
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::path::Path;

/// A name that nobody guesses, for a temporary file. Hash maps are seeded by the system's random numbers.
pub(super) fn temporary_name() -> String {
    let random = || {
        std::collections::hash_map::RandomState::new()
            .build_hasher()
            .finish()
    };
    format!(".authshift-{:016x}{:016x}.tmp", random(), random())
}

/// The mode and owner that a new file gets.
pub(super) enum Like<'m> {
    /// Those of the file that it replaces.
    Existing(&'m Metadata),
    /// What the system gives to new files.
    New,
    /// Nobody but the owner may look into it.
    Private,
}

/// Writes a file that does not exist yet, down to the disk. One that holds a replacement can be read by its owner
/// alone until it has the mode of the original.
pub(super) fn stage(path: &Path, bytes: &[u8], like: &Like<'_>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if matches!(like, Like::New) {
            0o666
        } else {
            0o600
        });
    }
    let mut file = options.open(path)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| match like {
            Like::Existing(original) => {
                let permissions = take_owner(&file, original)?;
                file.set_permissions(permissions)
            }
            Like::New | Like::Private => Ok(()),
        })
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // The error that is reported is the first one.
        let _ = fs::remove_file(path);
    }
    written
}

/// Puts a staged file in the place of an existing one, if that still holds `before`.
pub(super) fn commit(staged: &Path, path: &Path, before: &[u8]) -> io::Result<()> {
    target::plain_file(path).map_err(io::Error::other)?;
    if !target::holds(path, before)? {
        return Err(io::Error::other("it was changed in this very moment"));
    }
    fs::rename(staged, path)
}

/// Gives a staged file its name, if nothing has that name.
pub(super) fn commit_new(staged: &Path, path: &Path) -> io::Result<()> {
    // A second name is refused where there is one already, which a rename would replace.
    match fs::hard_link(staged, path) {
        Ok(()) => fs::remove_file(staged),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every file system knows hard links.
        Err(_) if path.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(staged, path),
    }
}

/// Writes a private file, in the place of what is there.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let staged = folder.join(temporary_name());
    stage(&staged, bytes, &Like::Private)?;
    if let Err(error) = fs::rename(&staged, path) {
        // The error that is reported is the first one.
        let _ = fs::remove_file(&staged);
        return Err(error);
    }
    sync_folder(folder)
}

/// Makes names in a folder last: a rename is in the folder, not in the file.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems, mostly of networks, have no such thing; the files are as safe there as they get.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Folders cannot be opened here; the file system takes care.
#[cfg(not(unix))]
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a file the owner of another one, where that is allowed, and says with which permissions.
#[cfg(unix)]
fn take_owner(file: &File, original: &Metadata) -> io::Result<Permissions> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let own = file.metadata()?;
    let mut mode = original.mode() & 0o7777;
    let same = own.uid() == original.uid() && own.gid() == original.gid();
    if !same && fchown(file, Some(original.uid()), Some(original.gid())).is_err() {
        // The group alone can often be kept: one's own files may have any group that one belongs to.
        let group = fchown(file, None, Some(original.gid()));
        // A program that runs with the rights of its owner must not do so with those of another one.
        mode &= if group.is_ok() { !0o4000 } else { !0o6000 };
    }
    Ok(Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn take_owner(_file: &File, original: &Metadata) -> io::Result<Permissions> {
    Ok(original.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_differ_and_are_hidden() {
        let (one, other) = (temporary_name(), temporary_name());
        assert_ne!(one, other);
        assert!(one.starts_with('.') && one.len() == other.len());
    }

    #[test]
    fn a_new_file_does_not_take_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let staged = folder.path().join("staged");
        stage(&staged, b"ours", &Like::New).unwrap();
        fs::write(&path, "theirs").unwrap();
        assert!(commit_new(&staged, &path).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        fs::remove_file(&path).unwrap();
        commit_new(&staged, &path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"ours");
        assert!(!staged.exists());
    }

    #[test]
    fn a_file_that_changed_in_between_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let staged = folder.path().join("staged");
        fs::write(&path, "edited").unwrap();
        stage(&staged, b"new", &Like::New).unwrap();
        assert!(commit(&staged, &path, b"old").is_err());
        assert!(commit(&staged, &path, b"edite").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"edited");
        commit(&staged, &path, b"edited").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_replaces_a_link_and_does_not_follow_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (link, other) = (folder.path().join("link"), folder.path().join("other"));
        fs::write(&other, "other").unwrap();
        std::os::unix::fs::symlink(&other, &link).unwrap();
        write_private(&link, b"secret").unwrap();
        assert_eq!(fs::read(&other).unwrap(), b"other");
        let metadata = link.symlink_metadata().unwrap();
        assert!(metadata.is_file());
        assert_eq!(metadata.permissions().mode() & 0o7777, 0o600);
    }
}
