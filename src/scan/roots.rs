//! Where a scan begins, and what its paths are relative to.

use std::io;
use std::path::{Path, PathBuf};

/// The root of the repository that holds `path`: the nearest folder, from `path` upwards, with a `.git` in it.
pub fn repository_root(path: &Path) -> Option<PathBuf> {
    let path = absolute(path).ok()?;
    path.ancestors()
        .find(|ancestor| super::ignore_rules::has(ancestor, ".git"))
        .map(Path::to_path_buf)
}

/// What reported paths are relative to: the folder named if it is the only path, else the root of the repository that
/// holds all, else the working folder.
pub fn report_root(roots: &[PathBuf]) -> PathBuf {
    if let [root] = roots
        && root.is_dir()
        && let Ok(root) = absolute(root)
    {
        return root;
    }
    let mut repositories = roots.iter().map(|root| repository_root(root));
    if let Some(Some(first)) = repositories.next()
        && repositories.all(|other| other.as_ref() == Some(&first))
    {
        return first;
    }
    working_folder()
}

pub(super) fn working_folder() -> PathBuf {
    Path::new(".")
        .canonicalize()
        .unwrap_or_else(|_| PathBuf::from("."))
}

/// An absolute path to the same entry. Folders on the way are resolved; a symbolic link in last place is not, so that
/// it keeps the name by which it was called.
pub(super) fn absolute(path: &Path) -> io::Result<PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() {
                Path::new(".")
            } else {
                parent
            };
            Ok(parent.canonicalize()?.join(name))
        }
        _ => path.canonicalize(),
    }
}

/// `path` as it is reported: relative to `root` with `/` between its parts, or whole if it lies elsewhere.
pub(super) fn relative(root: &Path, path: &Path) -> String {
    let Ok(inside) = path.strip_prefix(root) else {
        return path.to_string_lossy().into_owned();
    };
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
