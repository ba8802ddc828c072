//! The folder that journals lie in, for their owner alone: one folder for each root, one numbered file for each run.
//!
//! Owns names, modes and the lock. It must not know what a run does to files.

use super::error::JournalError;
use super::journal::{self, Run};
use super::replace;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

const EXTENSION: &str = "journal";

/// Where a program keeps what has to survive it. `variable` is the environment.
pub(super) fn state_folder<'v>(variable: impl Fn(&str) -> Option<&'v str>) -> Option<PathBuf> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(state) = variable("AUTHSHIFT_STATE_DIR") {
        return Some(PathBuf::from(state));
    }
    let absolute = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let state = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        absolute("XDG_STATE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
    };
    state.map(|state| state.join("authshift"))
}

pub(super) fn canonical(root: &Path) -> Result<PathBuf, JournalError> {
    root.canonicalize().map_err(|source| JournalError::Root {
        path: root.to_path_buf(),
        source,
    })
}

/// The folder, while nobody else of ours writes into it or changes files.
pub(super) struct Store {
    folder: PathBuf,
    /// Held until it is closed, also by the death of the process.
    _lock: File,
}

impl Store {
    /// Makes the folder if need be, and waits for whoever is at work. It must not lie inside one of `roots`.
    pub(super) fn open<'r>(
        folder: &Path,
        roots: impl IntoIterator<Item = &'r PathBuf>,
    ) -> Result<Store, JournalError> {
        // Before it is made: nothing may be left in a work tree.
        let place = nearest(folder);
        if let Some(root) = roots.into_iter().find(|root| place.starts_with(root)) {
            return Err(JournalError::InsideTree {
                folder: folder.to_path_buf(),
                root: root.clone(),
            });
        }
        make_private(folder)?;
        let path = folder.join("lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options
            .open(&path)
            .map_err(JournalError::io("create", &path))?;
        match lock.lock() {
            // Where files cannot be locked, one run at a time is up to the user.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(JournalError::io("lock", &path)(error));
            }
            _ => {}
        }
        Ok(Store {
            folder: folder.to_path_buf(),
            _lock: lock,
        })
    }

    /// Writes the journal of a run that is about to begin.
    pub(super) fn append(&self, run: &Run) -> Result<PathBuf, JournalError> {
        let folder = self.folder_of(&run.root);
        make_private(&folder)?;
        for stray in files(&folder)?
            .into_iter()
            .filter(|path| number(path).is_none())
        {
            // Half a journal, of a run that was killed before it changed anything.
            fs::remove_file(&stray).map_err(JournalError::io("delete", &stray))?;
        }
        let last = self
            .numbered(&run.root)?
            .last()
            .map_or(0, |(last, _)| *last);
        let path = folder.join(format!("{:06}.{EXTENSION}", last + 1));
        self.rewrite(&path, run)?;
        replace::sync_folder(&self.folder).map_err(JournalError::io("save", &self.folder))?;
        Ok(path)
    }

    pub(super) fn rewrite(&self, path: &Path, run: &Run) -> Result<(), JournalError> {
        run.to_bytes()
            .map_err(io::Error::from)
            .and_then(|bytes| replace::write_private(path, &bytes))
            .map_err(JournalError::io("write", path))
    }

    /// The last run for a root.
    pub(super) fn last(&self, root: &Path) -> Result<Option<(PathBuf, Run)>, JournalError> {
        let Some((_, path)) = self.numbered(root)?.pop() else {
            return Ok(None);
        };
        let bytes = fs::read(&path).map_err(JournalError::io("read", &path))?;
        let run = Run::from_bytes(&bytes).and_then(|run| {
            // The name of the folder is a hash, and journals can be copied about.
            if run.root == root {
                Ok(run)
            } else {
                Err(format!("it is of a run in {}", run.root.display()))
            }
        });
        match run {
            Ok(run) => Ok(Some((path, run))),
            Err(reason) => Err(JournalError::Damaged { path, reason }),
        }
    }

    pub(super) fn delete(&self, path: &Path) -> Result<(), JournalError> {
        fs::remove_file(path)
            .and_then(|()| replace::sync_folder(path.parent().unwrap_or(&self.folder)))
            .map_err(JournalError::io("delete", path))
    }

    pub(super) fn count(&self, root: &Path) -> Result<usize, JournalError> {
        Ok(self.numbered(root)?.len())
    }

    pub(super) fn forget(&self, root: &Path) -> Result<usize, JournalError> {
        let runs = self.count(root)?;
        let folder = self.folder_of(root);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(JournalError::io("delete", &folder)(error))
            }
            _ => Ok(runs),
        }
    }

    fn folder_of(&self, root: &Path) -> PathBuf {
        let mut name = journal::hash(root.as_os_str().as_encoded_bytes());
        name.truncate(32);
        self.folder.join(name)
    }

    /// The journals of a root, the last run last.
    fn numbered(&self, root: &Path) -> Result<Vec<(u64, PathBuf)>, JournalError> {
        let mut numbered: Vec<_> = files(&self.folder_of(root))?
            .into_iter()
            .filter_map(|path| Some((number(&path)?, path)))
            .collect();
        numbered.sort();
        Ok(numbered)
    }
}

fn number(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    name.strip_suffix(EXTENSION)?
        .strip_suffix('.')?
        .parse()
        .ok()
}

/// What is in a folder; nothing if there is none.
fn files(folder: &Path) -> Result<Vec<PathBuf>, JournalError> {
    let list = || -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    match list() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(JournalError::io("read", folder)),
    }
}

/// Where a folder lies or will lie, as far as symbolic links on the way tell now.
fn nearest(folder: &Path) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    folder
        .ancestors()
        .find_map(|ancestor| {
            let rest = folder.strip_prefix(ancestor).ok()?;
            Some(ancestor.canonicalize().ok()?.join(rest))
        })
        .unwrap_or(folder)
}

/// A folder of ours that only its owner may look into.
#[cfg(unix)]
fn make_private(folder: &Path) -> Result<(), JournalError> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(JournalError::io("make the folder", folder))?;
    let check = || {
        let metadata = fs::symlink_metadata(folder)?;
        if !metadata.is_dir() {
            return Err(io::Error::other("it is a symbolic link"));
        }
        // Where it belongs to somebody else this fails, as it should.
        if metadata.permissions().mode() & 0o7777 != 0o700 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    };
    check().map_err(JournalError::io("keep others out of", folder))
}

/// Folders below that of the user belong to the user alone.
#[cfg(not(unix))]
fn make_private(folder: &Path) -> Result<(), JournalError> {
    fs::create_dir_all(folder).map_err(JournalError::io("make the folder", folder))
}
