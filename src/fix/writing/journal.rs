//! The journal of a run: what every file was before, so that the run can be taken back.
//!
//! Owns what is in a journal and how it is written down, and the two things that people ask of journals: undo and
//! forget. Where journals lie is the business of [`store`](super::store), how files are restored that of
//! [`undo`](super::undo). A journal holds the secrets that a run removed: it has no `Debug`, lies outside the work
//! tree, and only its owner can read it.
//!
//! On disk: a line that names the format, a line of JSON about all files, then the old bytes of all files one after
//! another. Nothing is encoded, so that a journal is as large as the files, and whoever has lost everything else can
//! cut their text out of it.

use super::error::JournalError;
use super::store::{self, Store};
use super::undo::{self, Undone};
use crate::scan::{report_root, repository_root};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

const FORMAT: &str = "authshift undo journal 1";

/// What a run is about to do.
pub(super) struct Run {
    /// What the run is found by.
    pub root: PathBuf,
    pub entries: Vec<Entry>,
    /// Folders that the run makes, outermost first.
    pub folders: Vec<PathBuf>,
}

/// What a run is about to do to one file.
#[derive(Clone)]
pub(super) struct Entry {
    /// Absolute, without symbolic links.
    pub path: PathBuf,
    pub shown: String,
    /// The file beside it that holds the new text until it takes its place.
    pub temporary: PathBuf,
    /// On Unix, of a file that exists.
    pub mode: Option<u32>,
    /// `None` of a file that is created.
    pub before: Option<Vec<u8>>,
    /// SHA-256 of what the run writes.
    pub after: String,
}

/// Where the journals of all runs are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journals {
    folder: PathBuf,
}

impl Journals {
    /// The environment variables that tell where journals are kept.
    pub const VARIABLES: [&str; 4] = [
        "AUTHSHIFT_STATE_DIR",
        "XDG_STATE_HOME",
        "HOME",
        "LOCALAPPDATA",
    ];

    /// In a folder `undo` below this one.
    pub fn below(state: &Path) -> Journals {
        Journals {
            folder: state.join("undo"),
        }
    }

    /// Where the user wants them, or where such things are usually kept on this system.
    pub fn of(variables: &BTreeMap<String, String>) -> Result<Journals, JournalError> {
        let state = store::state_folder(|name| variables.get(name).map(String::as_str));
        state
            .map(|state| Journals::below(&state))
            .ok_or(JournalError::NoFolder)
    }

    /// Takes the last run for this root back: every file that is as the run left it becomes what it was before. A
    /// file that was changed since is left alone and stays in the journal. `None` if there is no run.
    pub fn undo(&self, root: &Path) -> Result<Option<Undone>, JournalError> {
        let root = store::canonical(root)?;
        let Some(store) = self.open_if_any()? else {
            return Ok(None);
        };
        let Some((path, mut run)) = store.last(&root)? else {
            return Ok(None);
        };
        let (mut undone, left) = undo::take_back(&run);
        if left.is_empty() {
            store.delete(&path)?;
        } else {
            run.entries = left;
            store.rewrite(&path, &run)?;
        }
        undone.runs_left = store.count(&root)?;
        Ok(Some(undone))
    }

    /// Deletes the journals of all runs for this root, and with them the secrets in them; says how many there were.
    pub fn forget(&self, root: &Path) -> Result<usize, JournalError> {
        let root = store::canonical(root)?;
        match self.open_if_any()? {
            Some(store) => store.forget(&root),
            None => Ok(0),
        }
    }

    /// How many runs for this root can be taken back.
    pub fn runs(&self, root: &Path) -> Result<usize, JournalError> {
        let root = store::canonical(root)?;
        match self.open_if_any()? {
            Some(store) => store.count(&root),
            None => Ok(0),
        }
    }

    /// To write a journal of changes below `roots`.
    pub(super) fn open<'r>(
        &self,
        roots: impl IntoIterator<Item = &'r PathBuf>,
    ) -> Result<Store, JournalError> {
        Store::open(&self.folder, roots)
    }

    fn open_if_any(&self) -> Result<Option<Store>, JournalError> {
        if self.folder.symlink_metadata().is_err() {
            return Ok(None);
        }
        Store::open(&self.folder, []).map(Some)
    }
}

/// What runs over these paths are found by: the root of the repository that holds them, so that an undo finds them
/// from anywhere in it, else the folder that their reports are relative to.
pub fn root_of(roots: &[PathBuf]) -> PathBuf {
    let repository = roots.first().and_then(|root| repository_root(root));
    match repository {
        Some(repository)
            if roots
                .iter()
                .all(|root| repository_root(root).as_ref() == Some(&repository)) =>
        {
            repository
        }
        _ => report_root(roots),
    }
}

pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(unix)]
pub(super) fn mode(metadata: &Metadata) -> Option<u32> {
    Some(std::os::unix::fs::MetadataExt::mode(metadata) & 0o7777)
}

#[cfg(not(unix))]
pub(super) fn mode(_metadata: &Metadata) -> Option<u32> {
    None
}

#[derive(Serialize, Deserialize)]
struct Head {
    root: PathText,
    files: Vec<FileHead>,
    folders: Vec<PathText>,
}

#[derive(Serialize, Deserialize)]
struct FileHead {
    path: PathText,
    shown: String,
    temporary: PathText,
    created: bool,
    length: usize,
    mode: Option<u32>,
    before_sha256: String,
    after_sha256: String,
}

/// A path: as text where it is text, as the hexadecimal form of its bytes where it is not.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PathText {
    Text(String),
    Bytes(String),
}

impl PathText {
    fn new(path: &Path) -> PathText {
        match path.to_str() {
            Some(text) => PathText::Text(text.to_owned()),
            None => PathText::Bytes(
                path.as_os_str()
                    .as_encoded_bytes()
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect(),
            ),
        }
    }

    fn path(self) -> Option<PathBuf> {
        match self {
            PathText::Text(text) => Some(PathBuf::from(text)),
            PathText::Bytes(digits) => {
                let bytes: Option<Vec<u8>> = (0..digits.len())
                    .step_by(2)
                    .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
                    .collect();
                crate::scan::os_path(&bytes?)
            }
        }
    }
}

impl Run {
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let files = self.entries.iter().map(|entry| {
            let before = entry.before.as_deref().unwrap_or_default();
            FileHead {
                path: PathText::new(&entry.path),
                shown: entry.shown.clone(),
                temporary: PathText::new(&entry.temporary),
                created: entry.before.is_none(),
                length: before.len(),
                mode: entry.mode,
                before_sha256: hash(before),
                after_sha256: entry.after.clone(),
            }
        });
        let head = Head {
            root: PathText::new(&self.root),
            files: files.collect(),
            folders: self
                .folders
                .iter()
                .map(|folder| PathText::new(folder))
                .collect(),
        };
        let mut bytes = format!("{FORMAT}\n{}\n", serde_json::to_string(&head)?).into_bytes();
        for entry in &self.entries {
            bytes.extend_from_slice(entry.before.as_deref().unwrap_or_default());
        }
        Ok(bytes)
    }

    /// What `to_bytes` made; an error says what is wrong with it.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Run, String> {
        let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
        if parts.next() != Some(FORMAT.as_bytes()) {
            return Err(format!("it does not begin with `{FORMAT}`"));
        }
        let head = parts.next().unwrap_or_default();
        let head: Head = serde_json::from_slice(head).map_err(|error| error.to_string())?;
        let mut rest = parts.next().unwrap_or_default();
        let no_path = || "a path in it cannot be read".to_owned();
        let mut entries = Vec::new();
        for file in head.files {
            let Some((before, after)) = rest.split_at_checked(file.length) else {
                return Err(format!("the old text of {} is cut off", file.shown));
            };
            rest = after;
            if hash(before) != file.before_sha256 {
                return Err(format!("the old text of {} is not what it was", file.shown));
            }
            entries.push(Entry {
                path: file.path.path().ok_or_else(no_path)?,
                shown: file.shown,
                temporary: file.temporary.path().ok_or_else(no_path)?,
                mode: file.mode,
                before: (!file.created).then(|| before.to_vec()),
                after: file.after_sha256,
            });
        }
        let folders: Option<Vec<PathBuf>> = head.folders.into_iter().map(PathText::path).collect();
        Ok(Run {
            root: head.root.path().ok_or_else(no_path)?,
            entries,
            folders: folders.ok_or_else(no_path)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, before: Option<&[u8]>) -> Entry {
        Entry {
            path: PathBuf::from("/work").join(name),
            shown: name.to_owned(),
            temporary: PathBuf::from("/work/.authshift-1.tmp"),
            mode: Some(0o640),
            before: before.map(<[u8]>::to_vec),
            after: hash(b"after"),
        }
    }

    fn sample() -> Run {
        Run {
            root: PathBuf::from("/work"),
            entries: vec![
                entry("a", Some(b"one\ntwo\0\xff\r\n")),
                entry("b", None),
                entry("c", Some(b"")),
                entry("d", Some(b"last")),
            ],
            folders: vec![PathBuf::from("/work/new")],
        }
    }

    #[test]
    fn a_journal_is_read_as_it_was_written() {
        let bytes = sample().to_bytes().unwrap();
        let Ok(read) = Run::from_bytes(&bytes) else {
            panic!("not read")
        };
        assert_eq!(read.to_bytes().unwrap(), bytes);
        assert_eq!(
            read.entries[0].before.as_deref(),
            Some(&b"one\ntwo\0\xff\r\n"[..])
        );
        assert_eq!(read.entries[1].before, None);
        assert_eq!(read.entries[2].before.as_deref(), Some(&b""[..]));
        assert!(bytes.ends_with(b"last"), "the old text is there as it was");
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_comes_back() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/work/\xe9\xff.js"));
        assert_eq!(PathText::new(path).path().as_deref(), Some(path));
    }

    #[test]
    fn a_damaged_journal_is_an_error() {
        let bytes = sample().to_bytes().unwrap();
        for cut in 0..bytes.len() {
            assert!(Run::from_bytes(&bytes[..cut]).is_err(), "{cut}");
        }
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        let error = Run::from_bytes(&changed).err().unwrap();
        assert_eq!(error, "the old text of d is not what it was");
    }

    #[test]
    fn the_folder_is_the_one_that_was_asked_for() {
        let of = |variables: &[(&str, &str)]| {
            let variables = variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            Journals::of(&variables).map(|journals| journals.folder)
        };
        assert_eq!(
            of(&[("AUTHSHIFT_STATE_DIR", "/s"), ("HOME", "/h")]).unwrap(),
            Path::new("/s/undo")
        );
        assert!(matches!(of(&[]), Err(JournalError::NoFolder)));
        if cfg!(all(unix, not(target_os = "macos"))) {
            assert_eq!(
                of(&[("HOME", "/h"), ("XDG_STATE_HOME", "/x")]).unwrap(),
                Path::new("/x/authshift/undo")
            );
            // The specification wants relative ones to be ignored.
            for state in ["", "x"] {
                assert_eq!(
                    of(&[("HOME", "/h"), ("XDG_STATE_HOME", state)]).unwrap(),
                    Path::new("/h/.local/state/authshift/undo")
                );
            }
        }
    }
}
