//! The set of scanned files, kept compactly: a hundred thousand paths in a few megabytes.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Names of files in one folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Each name followed by `/`, which no name can hold.
    joined: String,
    /// The few names that are no Unicode.
    unusual: Vec<OsString>,
}

impl Names {
    pub(super) fn push(&mut self, name: &OsStr) {
        match name.to_str() {
            Some(name) => {
                self.joined.push_str(name);
                self.joined.push('/');
            }
            None => self.unusual.push(name.to_owned()),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &OsStr> {
        self.joined
            .split_terminator('/')
            .map(OsStr::new)
            .chain(self.unusual.iter().map(OsString::as_os_str))
    }

    fn append(&mut self, other: Self) {
        self.joined.push_str(&other.joined);
        self.unusual.extend(other.unusual);
    }
}

/// A folder that was walked, and what lies directly in it.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// Relative to the report root, with `/`; empty for the root itself.
    pub(super) relative: String,
    pub(super) text: Names,
    pub(super) binary: Names,
    /// Files and folders that an ignore file left out.
    pub(super) ignored: Names,
}

impl Folder {
    pub(super) fn new(path: PathBuf, relative: String) -> Self {
        Self {
            path,
            relative,
            text: Names::default(),
            binary: Names::default(),
            ignored: Names::default(),
        }
    }
}

/// The folders of a scan, sorted, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct FileSet {
    folders: Vec<Folder>,
}

impl FileSet {
    pub(super) fn add(&mut self, folders: impl IntoIterator<Item = Folder>) {
        self.folders.extend(folders);
        self.folders.sort_by(|a, b| {
            (&a.relative, a.path.as_os_str()).cmp(&(&b.relative, b.path.as_os_str()))
        });
        self.folders.dedup_by(|later, earlier| {
            let same = later.path == earlier.path;
            if same {
                earlier.text.append(std::mem::take(&mut later.text));
                earlier.binary.append(std::mem::take(&mut later.binary));
                earlier.ignored.append(std::mem::take(&mut later.ignored));
            }
            same
        });
    }

    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    /// The path of a scanned text file, by its path relative to the report root.
    pub(super) fn find(&self, relative: &str) -> Option<PathBuf> {
        let (folder, name) = match relative.rsplit_once('/') {
            // A slash and nothing before it is no folder of ours.
            Some(("", _)) => return None,
            Some(parts) => parts,
            None => ("", relative),
        };
        let start = self
            .folders
            .partition_point(|candidate| candidate.relative.as_str() < folder);
        let same = self
            .folders
            .get(start..)?
            .iter()
            .take_while(|candidate| candidate.relative == folder);
        for folder in same {
            if let Some(found) = folder
                .text
                .iter()
                .find(|candidate| candidate.to_string_lossy() == name)
            {
                return Some(folder.path.join(found));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(relative: &str, names: &[&str]) -> Folder {
        let mut folder = Folder::new(PathBuf::from("/root").join(relative), relative.to_owned());
        names
            .iter()
            .for_each(|name| folder.text.push(OsStr::new(name)));
        folder
    }

    #[test]
    fn files_are_found_by_their_exact_relative_path() {
        let mut set = FileSet::default();
        set.add([
            folder("src/b", &["x.js"]),
            folder("", &["README.md"]),
            folder("src", &["a.js", "b.js"]),
        ]);
        assert_eq!(set.find("src/b.js"), Some(PathBuf::from("/root/src/b.js")));
        assert_eq!(
            set.find("README.md"),
            Some(PathBuf::from("/root/README.md"))
        );
        assert_eq!(
            set.find("src/b/x.js"),
            Some(PathBuf::from("/root/src/b/x.js"))
        );
        for missing in [
            "src",
            "src/b",
            "b.js",
            "src/a",
            "src/a.js/",
            "",
            "src/c/x.js",
        ] {
            assert_eq!(set.find(missing), None, "{missing}");
        }
    }

    #[test]
    fn parts_of_one_folder_are_put_together() {
        let mut set = FileSet::default();
        set.add([folder("src", &["a.js"]), folder("lib", &["l.js"])]);
        set.add([folder("src", &["b.js"])]);
        assert_eq!(set.folders().len(), 2);
        assert!(set.find("src/a.js").is_some() && set.find("src/b.js").is_some());
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_unicode_are_kept_exactly() {
        use std::os::unix::ffi::OsStrExt;
        let name = OsStr::from_bytes(b"caf\xe9.js");
        let mut names = Names::default();
        names.push(OsStr::new("a"));
        names.push(name);
        assert_eq!(names.iter().collect::<Vec<_>>(), [OsStr::new("a"), name]);
    }
}
