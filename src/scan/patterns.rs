//! Patterns for paths, as in a `.gitignore`.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns that count from one folder.
#[derive(Clone, Debug)]
pub struct Patterns {
    matcher: Gitignore,
    /// What they were made of; two of the same are equal.
    made_of: (PathBuf, Vec<String>),
}

impl Default for Patterns {
    fn default() -> Self {
        Self {
            matcher: Gitignore::empty(),
            made_of: Default::default(),
        }
    }
}

impl PartialEq for Patterns {
    fn eq(&self, other: &Self) -> bool {
        self.made_of == other.made_of
    }
}

impl Eq for Patterns {}

impl Patterns {
    /// `Err` holds the pattern that makes no sense.
    pub fn new(folder: &Path, patterns: &[String]) -> Result<Self, String> {
        if patterns.is_empty() {
            return Ok(Self::default());
        }
        // The walk has resolved paths.
        let folder = folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_path_buf());
        let mut builder = GitignoreBuilder::new(&folder);
        for pattern in patterns {
            builder
                .add_line(None, pattern)
                .map_err(|_| pattern.clone())?;
        }
        let matcher = builder.build().map_err(|_| patterns.join(" "))?;
        Ok(Self {
            matcher,
            made_of: (folder, patterns.to_vec()),
        })
    }

    /// Whether they mean this very path.
    pub(super) fn matches(&self, path: &Path, is_folder: bool) -> bool {
        !self.matcher.is_empty() && self.matcher.matched(path, is_folder).is_ignore()
    }

    /// Whether they mean an absolute path, or a folder that it lies in; the innermost match decides.
    pub fn cover(&self, path: &Path) -> bool {
        if self.matcher.is_empty() {
            return false;
        }
        let mut is_folder = path.is_dir();
        for ancestor in path
            .ancestors()
            .take_while(|ancestor| *ancestor != self.matcher.path())
        {
            let matched = self.matcher.matched(ancestor, is_folder);
            if !matched.is_none() {
                return matched.is_ignore();
            }
            is_folder = true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_match_decides() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let patterns = ["vendor/", "*.min.js", "!vendor/own/", "/top.js"].map(str::to_owned);
        let patterns = Patterns::new(&root, &patterns).unwrap();
        for (path, expected) in [
            ("vendor/a.js", true),
            ("src/vendor/deep/a.js", true),
            ("vendor/own/a.js", false),
            ("src/a.min.js", true),
            ("src/a.js", false),
            ("top.js", true),
            ("src/top.js", false),
        ] {
            assert_eq!(patterns.cover(&root.join(path)), expected, "{path}");
        }
        assert!(!Patterns::default().cover(&root));
        assert_eq!(Patterns::new(&root, &["a{".to_owned()]).unwrap_err(), "a{");
    }
}
