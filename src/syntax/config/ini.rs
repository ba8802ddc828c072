//! Front end for INI files and their many relatives (`.cfg`, `.conf`, git and editor configuration).
//!
//! It owns sections, keys with `=`, `:` or a blank, and the braces of server configuration. There is no
//! standard: what looks like a setting is one. It must not know any key, save the handful of directives
//! that only say that the next word is the key.

use super::settings::{KeyPath, Settings};
use crate::syntax::Input;
use crate::syntax::tree::{Language, NodeId, Tree};

/// Directives of server configuration whose first word is the key.
const DIRECTIVES: [&str; 8] = [
    "SetEnv",
    "setenv",
    "export",
    "env",
    "set",
    "fastcgi_param",
    "proxy_set_header",
    "define",
];

pub fn lower(input: Input<'_>) -> Tree {
    let mut reader = Reader {
        settings: Settings::new(input, Language::Ini),
        section: String::new(),
        blocks: KeyPath::default(),
        depth: 0,
        key: None,
    };
    let mut at = 0;
    while at < reader.settings.text.len() {
        let end = reader.settings.line_end(at);
        reader.line(at, end);
        at = reader.settings.next_line(at);
    }
    reader.settings.finish()
}

struct Reader<'a> {
    settings: Settings<'a>,
    section: String,
    blocks: KeyPath,
    depth: usize,
    /// The last key that may go on in indented lines.
    key: Option<(String, (usize, usize))>,
}

impl Reader<'_> {
    fn line(&mut self, start: usize, line_end: usize) {
        let (from, mut to) = self.settings.trim(start, line_end);
        let line = self.settings.slice(from, to);
        if line.is_empty() {
            self.key = None;
            return;
        }
        let mark = ["#", ";", "//"]
            .into_iter()
            .find(|mark| line.starts_with(mark));
        if let Some(mark) = mark {
            self.settings
                .builder
                .comment(from, to, from + mark.len(), to);
            return;
        }
        if let Some(comment) = inline_comment(line) {
            self.settings
                .builder
                .comment(from + comment, to, from + comment + 1, to);
            to = self.settings.trim(from, from + comment).1;
        }
        let line = self.settings.slice(from, to);
        if let Some(section) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            self.section = section_name(section);
            self.key = None;
            return;
        }
        if line.starts_with('}') {
            self.leave();
            return;
        }
        if let Some(name) = line.strip_suffix('{') {
            let name = name.trim_end_matches([' ', '\t', '=', ':']);
            self.blocks
                .push(&name.split_whitespace().collect::<Vec<_>>().join("."));
            self.depth += 1;
            self.key = None;
            return;
        }
        self.entry(start, from, to);
    }

    fn leave(&mut self) {
        self.key = None;
        if self.depth > 0 {
            self.depth -= 1;
            self.blocks.pop();
        }
    }

    fn entry(&mut self, start: usize, from: usize, to: usize) {
        let line = self.settings.slice(from, to);
        let length = key_length(line);
        let (_, key_end) = self.settings.trim(from, from + length);
        let rest = self.settings.slice(from + length, to);
        let has_separator = rest.starts_with(['=', ':']);
        let is_indented = from > start;
        if !has_separator
            && is_indented
            && self.depth == 0
            && let Some((path, key)) = self.key.clone()
        {
            // A value over several lines: every further line is a value of the same key.
            let value = self.value(from, to);
            self.settings.setting(path, key, value);
            return;
        }
        let (key, value_start) = if has_separator {
            ((from, key_end), from + length + separator_length(rest))
        } else {
            self.words(from, to)
        };
        if key.0 == key.1 {
            self.settings.partly_read("no setting", from);
            return;
        }
        let (value_start, value_end) = self.settings.trim(value_start, to);
        let value = self.value(value_start, value_end);
        let name = self
            .settings
            .slice(key.0, key.1)
            .trim_matches(['"', '\''])
            .to_string();
        let path = self.path(&name);
        self.key = Some((path.clone(), key));
        self.settings.setting(path, key, value);
    }

    /// Key and value of a line with blanks between them.
    fn words(&self, from: usize, to: usize) -> ((usize, usize), usize) {
        let word = |from: usize| {
            let (from, _) = self.settings.trim(from, to);
            let rest = self.settings.slice(from, to);
            let length = rest.find([' ', '\t', '=']).unwrap_or(rest.len());
            (from, from + length)
        };
        let first = word(from);
        if !DIRECTIVES.contains(&self.settings.slice(first.0, first.1)) || first.1 >= to {
            return (first, first.1);
        }
        let second = word(first.1);
        let behind = self.settings.slice(second.1, to);
        let skipped = usize::from(behind.starts_with('='));
        (second, second.1 + skipped)
    }

    fn path(&self, name: &str) -> String {
        let section = if self.section.len() > 512 {
            ""
        } else {
            &self.section
        };
        let inner = self.blocks.join(name);
        if section.is_empty() {
            inner
        } else {
            format!("{section}.{inner}")
        }
    }

    fn value(&mut self, start: usize, end: usize) -> Option<NodeId> {
        let mut end = end;
        // A closing semicolon belongs to the syntax of blocks, in INI proper it is part of the value.
        if self.depth > 0 && self.settings.slice(start, end).ends_with([';', ',']) {
            end = self.settings.trim(start, end - 1).1;
        }
        let value = self.settings.slice(start, end);
        if value.is_empty() {
            return None;
        }
        for quote in ['"', '\''] {
            let inner = value
                .strip_prefix(quote)
                .and_then(|value| value.strip_suffix(quote));
            if inner.is_some_and(|inner| !inner.contains(quote)) {
                let text = self.settings.exact(start + 1, end - 1);
                return Some(self.settings.string(text, start, end));
            }
        }
        Some(self.settings.plain(start, end))
    }
}

/// `remote "origin"` is the section `remote.origin`.
fn section_name(section: &str) -> String {
    let section = section.trim_matches(['[', ']', ' ', '\t']);
    section
        .split_whitespace()
        .map(|word| word.trim_matches('"'))
        .collect::<Vec<_>>()
        .join(".")
}

/// Where a comment begins behind a setting: `#` or `;` between blank and blank, outside quotes.
fn inline_comment(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut quote = None;
    for (index, byte) in bytes.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| bytes.get(before));
        let is_after_blank = matches!(before, Some(b' ' | b'\t'));
        match (byte, quote) {
            // An apostrophe without partner is no quote.
            (b'"' | b'\'', None)
                if (is_after_blank || matches!(before, Some(b'=' | b':')))
                    && bytes
                        .get(index + 1..)
                        .is_some_and(|rest| rest.contains(byte)) =>
            {
                quote = Some(*byte);
            }
            (byte, Some(open)) if *byte == open => quote = None,
            (b'#' | b';', None) if is_after_blank => return Some(index),
            _ => {}
        }
    }
    None
}

/// The length of the key: up to `=` or `:`, or the whole line if there is none.
fn key_length(line: &str) -> usize {
    let bytes = line.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'=' => return index,
            b':' if matches!(bytes.get(index + 1), Some(b'/')) => return bytes.len(),
            b':' if matches!(bytes.get(index + 1), Some(b':')) => {}
            b':' => return index,
            // `key value=x`: a second word before the separator is only possible in keys with blanks,
            // and those have no quotes.
            b'"' | b'\'' if index > 0 => return bytes.len(),
            _ => {}
        }
    }
    bytes.len()
}

fn separator_length(rest: &str) -> usize {
    if rest.starts_with("=>") { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_quick, assert_settings, check, comments, input, lowered};
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, "a.ini", text)
    }

    #[test]
    fn sections_begin_the_path() {
        let text = "top=1\r\n; c\r\n[zoho]\r\ntoken = abc ; tail\r\nquoted=\"x ; y\"\r\n[remote \"origin\"]\r\n\turl: https://a.b\r\n[😀]\r\nk=😀\r\nempty =\r\n";
        let tree = read(text);
        assert_settings(
            &tree,
            &[
                ("top", "1"),
                ("zoho.token", "abc"),
                ("zoho.quoted", "x ; y"),
                ("remote.origin.url", "https://a.b"),
                ("😀.k", "😀"),
                ("😀.empty", "<absent>"),
            ],
        );
        assert_eq!(comments(&tree, text), [" c", " tail"]);
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn indented_lines_go_on_with_the_key_above() {
        let tree = read("[testenv]\nsetenv =\n    ZOHO=abc\ndeps = one\n    two\n");
        assert_settings(
            &tree,
            &[
                ("testenv.setenv", "<absent>"),
                ("testenv.ZOHO", "abc"),
                ("testenv.deps", "one"),
                ("testenv.deps", "two"),
            ],
        );
    }

    #[test]
    fn server_configuration_has_blocks_and_directives() {
        let text = "SetEnv ZOHO_TOKEN abc\nserver {\n  location /a {\n    set $token \"abc\";\n    fastcgi_param ZOHO_TOKEN def;\n  }\n  listen 80;\n}\nlast=1\n";
        assert_settings(
            &read(text),
            &[
                ("ZOHO_TOKEN", "abc"),
                ("server.location./a.$token", "abc"),
                ("server.location./a.ZOHO_TOKEN", "def"),
                ("server.listen", "80"),
                ("last", "1"),
            ],
        );
    }

    #[test]
    fn hostile_files_are_read_quickly() {
        for text in [
            "a {\n".repeat(100_000),
            "key=value\n".repeat(100_000),
            "[a]\nk=v\n".repeat(50_000),
            " '".repeat(100_000),
            format!("k={}", "x ; ".repeat(200_000)),
            format!("[{}]\n{}", "s".repeat(200_000), "k=v\n".repeat(20_000)),
            format!("{}=1\n{}", "k".repeat(100_000), " more\n".repeat(10_000)),
        ] {
            assert_quick("an INI file", || check(&lower(input(&text)), &text, 0));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)([\\[\\]{}a-c =:;#\"'\n\r\t😀]|set |.){0,80}") {
            lowered(lower, "a.ini", &text);
        }
    }
}
