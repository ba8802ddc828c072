//! Temporary folders with files. They lie outside every repository, so that no ignore file of ours and no name
//! such as `fixtures` or `tests` in the path bears on what is found.

use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub struct Tree {
    folder: TempDir,
}

impl Tree {
    pub fn new() -> Tree {
        Tree {
            folder: TempDir::new().unwrap(),
        }
    }

    /// In memory, where the system has such a place: for tests that write very much.
    pub fn in_memory() -> Tree {
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
        Tree {
            folder: folder.unwrap(),
        }
    }

    /// A copy of a folder, without its `expected.txt`.
    pub fn copy_of(folder: &Path) -> Tree {
        let tree = Tree::new();
        for (path, bytes) in files_of(folder) {
            if path != "expected.txt" {
                tree.write(&path, &bytes);
            }
        }
        tree
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// All files below a folder with their bytes, sorted; paths with `/`.
pub fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(folder).unwrap();
                let parts: Vec<_> = relative.iter().map(|part| part.to_str().unwrap()).collect();
                files.push((parts.join("/"), fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
