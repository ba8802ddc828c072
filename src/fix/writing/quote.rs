//! Names of files as git writes them in a patch, so that `git apply` and `patch` read them back byte for byte.

use std::path::Path;

/// `a/` or `b/` and the name; in quotes, with octal escapes, where a byte in it is not plain ASCII.
pub(super) fn quoted(side: &str, name: &[u8]) -> String {
    let mut text = String::from(side);
    let mut escaped = false;
    for byte in name {
        let plain = match byte {
            b'\x07' => Some('a'),
            b'\x08' => Some('b'),
            b'\t' => Some('t'),
            b'\n' => Some('n'),
            b'\x0b' => Some('v'),
            b'\x0c' => Some('f'),
            b'\r' => Some('r'),
            b'"' => Some('"'),
            b'\\' => Some('\\'),
            b' '..=b'~' => {
                text.push(char::from(*byte));
                continue;
            }
            _ => None,
        };
        escaped = true;
        text.push('\\');
        match plain {
            Some(letter) => text.push(letter),
            None => text.push_str(&format!("{byte:03o}")),
        }
    }
    if escaped { format!("\"{text}\"") } else { text }
}

/// As [`quoted`], for the lines that begin with `---` and `+++`: without a tab, `patch` ends a name at its first
/// blank.
pub(super) fn quoted_in_head(side: &str, name: &[u8]) -> String {
    let mut text = quoted(side, name);
    if name.contains(&b' ') {
        text.push('\t');
    }
    text
}

/// The name of a file below `base`, with `/` between its parts.
pub(super) fn name_below(base: &Path, path: &Path) -> Option<Vec<u8>> {
    let inside = path.strip_prefix(base).ok()?;
    (!inside.as_os_str().is_empty()).then(|| crate::scan::git_name(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_git_does() {
        for (name, expected) in [
            ("src/a.js", "a/src/a.js"),
            ("a b.js", "a/a b.js"),
            ("it's.js", "a/it's.js"),
            ("\"x\".js", r#""a/\"x\".js""#),
            ("ü.js", r#""a/\303\274.js""#),
            ("tab\there\\\u{7f}\n", r#""a/tab\there\\\177\n""#),
        ] {
            assert_eq!(quoted("a/", name.as_bytes()), expected);
        }
        assert_eq!(quoted_in_head("b/", b"a b"), "b/a b\t");
        assert_eq!(quoted_in_head("b/", b"a"), "b/a");
    }

    #[test]
    fn a_file_outside_has_no_name() {
        let base = Path::new("/work");
        assert_eq!(
            name_below(base, Path::new("/work/a/b")),
            Some(b"a/b".to_vec())
        );
        assert_eq!(name_below(base, Path::new("/other/a")), None);
        assert_eq!(name_below(base, base), None);
    }
}
