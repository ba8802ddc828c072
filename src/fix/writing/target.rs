//! Which file on disk a change really means, and whether it may be made there.
//!
//! Owns what symbolic links lead to, the bounds of the run, and the comparison with what was scanned. Reads
//! only; it must not know how files are replaced.

use super::error::Reason;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Where a change goes.
pub(super) struct Target {
    /// Absolute, without symbolic links.
    pub path: PathBuf,
    /// The folder of `path`.
    pub folder: PathBuf,
    /// The file that is there; `None` where one is created.
    pub existing: Option<Metadata>,
    /// Folders that have to be made first, outermost first.
    pub missing_folders: Vec<PathBuf>,
}

/// The file that a change is for. `before` is what was scanned, `None` where a file is created; `roots` are
/// canonical.
pub(super) fn resolve(
    path: &Path,
    before: Option<&[u8]>,
    roots: &[PathBuf],
) -> Result<Target, Reason> {
    match before {
        Some(before) => existing(path, before, roots),
        None => created(path, roots),
    }
}

fn existing(path: &Path, before: &[u8], roots: &[PathBuf]) -> Result<Target, Reason> {
    let path = path.canonicalize().map_err(missing_or_unreadable)?;
    within(&path, roots)?;
    let folder = parent(&path)?;
    let metadata = plain_file(&path)?;
    if metadata.permissions().readonly() {
        return Err(Reason::ReadOnlyFile);
    }
    writable(&folder)?;
    if !holds(&path, before).map_err(missing_or_unreadable)? {
        return Err(Reason::Changed);
    }
    Ok(Target {
        path,
        folder,
        existing: Some(metadata),
        missing_folders: Vec::new(),
    })
}

fn created(path: &Path, roots: &[PathBuf]) -> Result<Target, Reason> {
    let path = std::path::absolute(path).map_err(Reason::Unreadable)?;
    let mut folder = parent(&path)?;
    let mut missing: Vec<OsString> = Vec::new();
    // The part that exists may hold symbolic links; what does not exist cannot.
    let found = loop {
        match folder.symlink_metadata() {
            Ok(_) => break folder.canonicalize().map_err(missing_or_unreadable)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // `a/../b` has no last name; such a path is nobody's idea of a new file.
                let name = folder.file_name().ok_or(Reason::Missing)?;
                missing.push(name.to_owned());
                folder = parent(&folder)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(Reason::NotAFolder(folder));
            }
            Err(error) => return Err(Reason::Unreadable(error)),
        }
    };
    if !found.is_dir() {
        return Err(Reason::NotAFolder(found));
    }
    let mut missing_folders = Vec::new();
    let mut folder = found.clone();
    for name in missing.iter().rev() {
        folder.push(name);
        missing_folders.push(folder.clone());
    }
    let name = path.file_name().ok_or(Reason::NotAFile)?;
    let path = folder.join(name);
    within(&path, roots)?;
    // Also a symbolic link that leads nowhere: what is written there would appear somewhere else.
    if path.symlink_metadata().is_ok() {
        return Err(Reason::Exists);
    }
    writable(&found)?;
    Ok(Target {
        path,
        folder,
        existing: None,
        missing_folders,
    })
}

/// The metadata of a regular file that has no other name.
pub(super) fn plain_file(path: &Path) -> Result<Metadata, Reason> {
    let metadata = path.symlink_metadata().map_err(missing_or_unreadable)?;
    if !metadata.is_file() {
        return Err(Reason::NotAFile);
    }
    match names(&metadata) {
        1 => Ok(metadata),
        names => Err(Reason::HardLinks(names)),
    }
}

/// Whether a file holds exactly these bytes. No more of it is read than that takes.
pub(super) fn holds(path: &Path, expected: &[u8]) -> io::Result<bool> {
    let limit = (expected.len() as u64).saturating_add(1);
    let mut bytes = Vec::with_capacity(expected.len().saturating_add(1));
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes == expected)
}

fn within(path: &Path, roots: &[PathBuf]) -> Result<(), Reason> {
    let Some(root) = roots.iter().find(|root| path.starts_with(root)) else {
        return Err(Reason::Outside(path.to_path_buf()));
    };
    let inside = path.strip_prefix(root).unwrap_or(path);
    // A symbolic link in the tree may lead to `.git/config`, which names programs that git runs.
    let git = inside
        .components()
        .any(|part| matches!(part, Component::Normal(name) if name.eq_ignore_ascii_case(".git")));
    if git { Err(Reason::InsideGit) } else { Ok(()) }
}

fn parent(path: &Path) -> Result<PathBuf, Reason> {
    Ok(path.parent().ok_or(Reason::NotAFile)?.to_path_buf())
}

/// Who made a folder read-only means it, also towards the superuser, whom the system would let pass.
fn writable(folder: &Path) -> Result<(), Reason> {
    let metadata = fs::metadata(folder).map_err(missing_or_unreadable)?;
    // On Windows the attribute means something else on folders.
    if cfg!(unix) && metadata.permissions().readonly() {
        return Err(Reason::ReadOnlyFolder(folder.to_path_buf()));
    }
    Ok(())
}

pub(super) fn missing_or_unreadable(error: io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound => Reason::Missing,
        _ => Reason::Unreadable(error),
    }
}

/// How many names a file has.
#[cfg(unix)]
fn names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn names(_metadata: &Metadata) -> u64 {
    1
}
