//! Which repository and which commit is at hand, for reports.

use std::path::Path;

use super::git::ask;
use crate::redact;

/// What a report says about the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// The address of `origin`, without credentials.
    pub repository: Option<String>,
    /// The commit that is checked out.
    pub commit: Option<String>,
}

/// Asks git about the repository at `root`; what it does not say is left out.
pub fn of(root: &Path) -> Revision {
    let text = |arguments: &[&str]| {
        let answer = ask(root, arguments).ok()?;
        let answer = String::from_utf8(answer).ok()?;
        Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty())
    };
    Revision {
        repository: text(&["config", "--local", "--get", "remote.origin.url"])
            .map(|address| redact::mask_excerpt(&without_user(&address))),
        commit: text(&["rev-parse", "--verify", "--quiet", "HEAD"]),
    }
}

/// An address without what stands before the host: it is a password often enough.
fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let host = rest.split('/').next().unwrap_or_default();
    match host.rfind('@') {
        Some(at) => format!("{scheme}://{}", rest.get(at + 1..).unwrap_or_default()),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_address() {
        for (address, shown) in [
            ("https://example.org/a.git", "https://example.org/a.git"),
            ("https://bot:pa@ss@example.org/a", "https://example.org/a"),
            ("https://x-token@example.org/a@b", "https://example.org/a@b"),
            ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ] {
            assert_eq!(without_user(address), shown);
        }
    }
}
