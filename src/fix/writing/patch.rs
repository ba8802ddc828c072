//! Changes as a unified diff that `git apply` and `patch -p1` take.
//!
//! Owns hunks, the exact form and the file that it is written to. The exact form holds the secrets that are removed,
//! which is what it is for: only its owner can read the file. What people look at is made by
//! [`shown`](super::shown).

use super::Change;
use super::quote::{name_below, quoted, quoted_in_head};
use super::replace;
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};
use std::io;
use std::path::{Path, PathBuf};

pub use super::shown::masked;

/// So many lines are shown around a change.
const CONTEXT: usize = 3;

pub(super) const NO_NEWLINE: &str = "\\ No newline at end of file";

/// Why a patch was not written.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    #[error("the patch holds the secrets that it removes, and {} is a symbolic link to who knows where; name the file itself", .0.display())]
    Link(PathBuf),
    #[error("cannot write the patch to {}, which is not a regular file; name another one, or use --diff to see the change", .0.display())]
    NotAFile(PathBuf),
    #[error("cannot write the patch to {} ({source}); make its folder writable, or name another file", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// The bytes of a patch, to be applied in the folder `base`. There are secrets in it.
pub fn exact(changes: &[Change], base: &Path) -> Vec<u8> {
    let base = base.canonicalize().unwrap_or_else(|_| base.to_path_buf());
    let mut patch = Vec::new();
    for change in changes.iter().filter(|change| !change.is_none()) {
        let name = name_of(change, &base);
        let (a, b) = (quoted("a/", &name), quoted("b/", &name));
        patch.extend(format!("diff --git {a} {b}\n").bytes());
        let old_name = match change.before {
            Some(_) => quoted_in_head("a/", &name),
            None => {
                patch.extend(b"new file mode 100644\n");
                "/dev/null".to_owned()
            }
        };
        let old = lines(change.before.as_deref().unwrap_or_default());
        let new = lines(&change.after);
        let hunks = hunks(&old, &new);
        if hunks.is_empty() {
            // An empty file; only the name of its content says so.
            patch.extend(b"index 0000000..e69de29\n");
            continue;
        }
        let new_name = quoted_in_head("b/", &name);
        patch.extend(format!("--- {old_name}\n+++ {new_name}\n").bytes());
        for hunk in hunks {
            patch.extend(hunk.head().bytes());
            patch.push(b'\n');
            for line in &hunk.lines {
                let (sign, text) = match line {
                    Line::Context(old_index, _) => (b' ', old.get(*old_index)),
                    Line::Removed(index) => (b'-', old.get(*index)),
                    Line::Added(index) => (b'+', new.get(*index)),
                };
                let text = text.copied().unwrap_or_default();
                patch.push(sign);
                patch.extend_from_slice(text);
                if !text.ends_with(b"\n") {
                    patch.extend(format!("\n{NO_NEWLINE}\n").bytes());
                }
            }
        }
    }
    patch
}

/// Writes a patch where only its owner can read it, in the place of an older one.
pub fn write(path: &Path, patch: &[u8]) -> Result<(), PatchError> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => return Err(PatchError::Link(path.to_path_buf())),
        Ok(metadata) if !metadata.is_file() => {
            return Err(PatchError::NotAFile(path.to_path_buf()));
        }
        _ => {}
    }
    // What comes in the way in this moment is replaced, never followed.
    replace::write_private(path, patch).map_err(|source| PatchError::Io {
        path: path.to_path_buf(),
        source,
    })
}

/// A change in its surroundings.
pub(super) struct Hunk {
    old: (usize, usize),
    new: (usize, usize),
    pub lines: Vec<Line>,
}

/// A line by its index in the old text, in the new text, or in both.
pub(super) enum Line {
    Context(usize, usize),
    Removed(usize),
    Added(usize),
}

impl Hunk {
    pub(super) fn head(&self) -> String {
        // Of nothing, the line is the one before it.
        let start = |(start, length): (usize, usize)| if length == 0 { start } else { start + 1 };
        format!(
            "@@ -{},{} +{},{} @@",
            start(self.old),
            self.old.1,
            start(self.new),
            self.new.1
        )
    }
}

/// With their ends; the last one may have none.
pub(super) fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

pub(super) fn hunks<'t>(old: &[&'t [u8]], new: &[&'t [u8]]) -> Vec<Hunk> {
    let operations = capture_diff_slices(Algorithm::Myers, old, new);
    group_diff_ops(operations, CONTEXT)
        .iter()
        .filter_map(|group| hunk(group))
        .collect()
}

fn hunk(group: &[DiffOp]) -> Option<Hunk> {
    let (first, last) = (group.first()?, group.last()?);
    let mut lines = Vec::new();
    for operation in group {
        let (old, new) = (operation.old_range(), operation.new_range());
        if let DiffOp::Equal { .. } = operation {
            lines.extend(old.zip(new).map(|(old, new)| Line::Context(old, new)));
        } else {
            lines.extend(old.map(Line::Removed));
            lines.extend(new.map(Line::Added));
        }
    }
    let over = |start: usize, end: usize| (start, end - start);
    Some(Hunk {
        old: over(first.old_range().start, last.old_range().end),
        new: over(first.new_range().start, last.new_range().end),
        lines,
    })
}

/// The name of the file that is really changed: patches do not go through symbolic links.
fn name_of(change: &Change, base: &Path) -> Vec<u8> {
    let real = match change.path.canonicalize() {
        Ok(path) => path,
        Err(_) => {
            let parent = change
                .path
                .parent()
                .and_then(|parent| parent.canonicalize().ok());
            match (parent, change.path.file_name()) {
                (Some(parent), Some(name)) => parent.join(name),
                _ => change.path.clone(),
            }
        }
    };
    name_below(base, &real).unwrap_or_else(|| change.shown.clone().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: Option<&str>, after: &str) -> Change {
        Change {
            path: PathBuf::from("/nowhere/src/a.js"),
            shown: "src/a.js".to_owned(),
            before: before.map(|text| text.as_bytes().to_vec()),
            after: after.as_bytes().to_vec(),
        }
    }

    fn patch(before: Option<&str>, after: &str) -> String {
        String::from_utf8(exact(&[change(before, after)], Path::new("/nowhere"))).unwrap()
    }

    #[test]
    fn a_change_is_shown_in_its_surroundings() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n";
        let after = before.replace("2\n3", "2\nthree\n3").replace("15\n", "");
        assert_eq!(
            patch(Some(before), &after),
            "diff --git a/src/a.js b/src/a.js
--- a/src/a.js
+++ b/src/a.js
\
             @@ -1,5 +1,6 @@
 1
 2
+three
 3
 4
 5
@@ -12,4 +13,3 @@
 12
 13
 14
-15
"
        );
    }

    #[test]
    fn the_end_of_a_file_without_newline_is_marked() {
        let patch = patch(Some("a\r\nb"), "a\r\nb\n");
        assert!(
            patch.ends_with("@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+b\n"),
            "{patch}"
        );
    }

    #[test]
    fn a_new_file_comes_from_nothing() {
        let patch = patch(None, "new\n");
        assert_eq!(
            patch,
            "diff --git a/src/a.js b/src/a.js\nnew file mode 100644\n--- /dev/null\n+++ b/src/a.js\n\
             @@ -0,0 +1,1 @@\n+new\n"
        );
    }

    #[test]
    fn what_does_not_change_is_not_in_the_patch() {
        assert_eq!(patch(Some("same"), "same"), "");
    }
}
