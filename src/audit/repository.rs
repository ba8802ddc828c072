//! What a code base is called, so that results of several can be told apart.
//!
//! It must not run git, nor show what else stands in its configuration.

use crate::redact;
use crate::scan::repository_root;
use std::fs;
use std::path::{Path, PathBuf};

/// The address of the remote `origin` without scheme, user and password: the same wherever a copy lies.
pub(super) fn address_of(report_root: &Path) -> Option<String> {
    let repository = repository_root(&real(report_root))?;
    let url = origin(&configuration(&repository)?)?;
    let name = plain(&url);
    (!name.is_empty()).then(|| redact::mask_excerpt(&name))
}

/// That address; without one the name of the folder.
pub(super) fn name_of(report_root: &Path) -> String {
    address_of(report_root).unwrap_or_else(|| {
        let root = real(report_root);
        let folder = repository_root(&root).unwrap_or(root);
        let name = folder.file_name().map_or_else(
            || "code".to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        redact::mask_excerpt(&name)
    })
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// The text of `.git/config`, also of a further work tree.
fn configuration(root: &Path) -> Option<String> {
    let entry = root.join(".git");
    let folder = if entry.is_dir() {
        entry
    } else {
        let text = fs::read_to_string(&entry).ok()?;
        let folder = root.join(text.strip_prefix("gitdir:")?.trim());
        match fs::read_to_string(folder.join("commondir")) {
            Ok(common) => folder.join(PathBuf::from(common.trim())),
            Err(_) => folder,
        }
    };
    fs::read_to_string(folder.join("config")).ok()
}

fn origin(configuration: &str) -> Option<String> {
    let mut is_origin = false;
    for line in configuration.lines().map(str::trim) {
        if line.starts_with('[') {
            is_origin = line == "[remote \"origin\"]";
        } else if is_origin
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "url"
        {
            return Some(value.trim().trim_matches('"').to_string());
        }
    }
    None
}

/// `https://user:password@host/owner/name.git` and `git@host:owner/name.git` are both `host/owner/name`.
fn plain(url: &str) -> String {
    let (has_scheme, rest) = match url.split_once("://") {
        Some(("file", path)) => return last_part(path),
        Some((_, rest)) => (true, rest),
        None => (false, url),
    };
    let (host, path) = match rest.split_once(if has_scheme { '/' } else { ':' }) {
        Some((host, path)) if !host.contains(['/', '\\']) && host.len() > 1 => (host, path),
        _ => return last_part(rest),
    };
    let host = host.rsplit('@').next().unwrap_or(host);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    format!("{host}/{}", path.strip_suffix(".git").unwrap_or(path))
}

/// A folder of this machine says nothing elsewhere.
fn last_part(path: &str) -> String {
    let path = path.trim_end_matches(['/', '\\']);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".git").unwrap_or(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_scheme_user_and_password() {
        for (url, name) in [
            (
                "https://robot:swordfish@example.com/acme/shop.git",
                "example.com/acme/shop",
            ),
            ("git@example.com:acme/shop.git", "example.com/acme/shop"),
            (
                "ssh://git@example.com:2222/acme/shop",
                "example.com:2222/acme/shop",
            ),
            (
                "https://example.com/acme/shop?token=swordfish",
                "example.com/acme/shop",
            ),
            ("/srv/git/shop.git", "shop"),
            ("file:///srv/git/shop", "shop"),
            ("C:\\git\\shop", "shop"),
        ] {
            assert_eq!(plain(url), name, "{url}");
        }
    }

    #[test]
    fn only_the_remote_origin_counts() {
        let text = "[core]\n\tbare = false\n[remote \"other\"]\n\turl = a\n[remote \"origin\"]\n\tfetch = b\n\turl = https://example.com/x\n";
        assert_eq!(origin(text).as_deref(), Some("https://example.com/x"));
        assert_eq!(origin("[branch \"origin\"]\nurl = x\n"), None);
    }
}
