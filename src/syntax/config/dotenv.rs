//! Front end for environment files (`.env`): `export K=v`, quotes over several lines, inline comments.
//!
//! It owns the syntax that the common readers of such files agree on. It must not know any key.

use super::lines;
use super::settings::Settings;
use crate::syntax::Input;
use crate::syntax::tree::{Language, Mapping, NodeId, Text, Tree};

pub fn lower(input: Input<'_>) -> Tree {
    let mut reader = Reader {
        settings: Settings::new(input, Language::Dotenv),
        unclosed: Vec::new(),
    };
    let mut at = 0;
    while at < reader.settings.text.len() {
        at = reader.statement(at);
    }
    reader.settings.finish()
}

struct Reader<'a> {
    settings: Settings<'a>,
    /// Quotes that no longer have a partner further down: searching again would take quadratic time.
    unclosed: Vec<u8>,
}

impl Reader<'_> {
    /// Reads the statement of the line at `start` and says where the next one begins.
    fn statement(&mut self, start: usize) -> usize {
        let end = self.settings.line_end(start);
        let next = self.settings.next_line(start);
        let (from, to) = self.settings.trim(start, end);
        let line = self.settings.slice(from, to);
        if line.is_empty() {
            return next;
        }
        if line.starts_with('#') {
            self.settings.builder.comment(from, to, from + 1, to);
            return next;
        }
        let mut key_start = from;
        let exported = line
            .strip_prefix("export")
            .filter(|rest| rest.starts_with([' ', '\t']));
        if let Some(rest) = exported {
            key_start = to - rest.trim_start().len();
        }
        let key_length = self
            .settings
            .slice(key_start, to)
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
            .count();
        let key = (key_start, key_start + key_length);
        let rest = self.settings.slice(key.1, to);
        let separator = rest.trim_start();
        let is_setting = separator.starts_with('=')
            || separator
                .strip_prefix(':')
                .is_some_and(|value| value.is_empty() || value.starts_with([' ', '\t', '"', '\'']));
        if key_length == 0 || !(is_setting || separator.is_empty()) {
            self.settings.partly_read("no setting", from);
            lines::read_line(&mut self.settings, from, to);
            return next;
        }
        let name = self.settings.slice(key.0, key.1).to_string();
        if separator.is_empty() {
            self.settings.setting(name, key, None);
            return next;
        }
        let behind = to - separator.len() + 1;
        let (value_start, _) = self.settings.trim(behind, to);
        let (value, value_end) = self.value(value_start, to);
        self.settings.setting(name, key, value);
        if value_end <= to {
            let (rest_start, rest_end) = self.settings.trim(value_end, to);
            if self.settings.slice(rest_start, rest_end).starts_with('#') {
                self.settings
                    .builder
                    .comment(rest_start, rest_end, rest_start + 1, rest_end);
            }
            return next;
        }
        // A value over several lines: what stands behind its last quote is at most a comment.
        let end = self.settings.line_end(value_end);
        let (rest_start, rest_end) = self.settings.trim(value_end, end);
        if self.settings.slice(rest_start, rest_end).starts_with('#') {
            self.settings
                .builder
                .comment(rest_start, rest_end, rest_start + 1, rest_end);
        }
        self.settings.next_line(value_end)
    }

    /// The value at `start` on a line that ends at `end`, and where it ends.
    fn value(&mut self, start: usize, end: usize) -> (Option<NodeId>, usize) {
        let quote = self
            .settings
            .text
            .as_bytes()
            .get(start)
            .copied()
            .filter(|_| start < end);
        let Some(quote) = quote else {
            return (None, end);
        };
        if matches!(quote, b'"' | b'\'' | b'`')
            && let Some(closing) = self.closing(start + 1, quote)
        {
            let text = if quote == b'"' {
                self.escaped(start + 1, closing)
            } else {
                self.settings.exact(start + 1, closing)
            };
            return (
                Some(self.settings.string(text, start, closing + 1)),
                closing + 1,
            );
        }
        let bare = self.settings.slice(start, end);
        let mut length = bare.len();
        let mut before = b' ';
        for (index, byte) in bare.bytes().enumerate() {
            if byte == b'#' && matches!(before, b' ' | b'\t') {
                length = index;
                break;
            }
            before = byte;
        }
        let (from, to) = self.settings.trim(start, start + length);
        if from == to {
            return (None, start + length);
        }
        (Some(self.settings.plain(from, to)), to)
    }

    fn closing(&mut self, start: usize, quote: u8) -> Option<usize> {
        if self.unclosed.contains(&quote) {
            return None;
        }
        let bytes = self.settings.text.as_bytes();
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            if *byte == quote {
                return Some(at);
            }
            at += if *byte == b'\\' && quote == b'"' {
                2
            } else {
                1
            };
        }
        self.unclosed.push(quote);
        None
    }

    fn escaped(&self, start: usize, end: usize) -> Text {
        let settings = &self.settings;
        let mut text = Text::default();
        let mut exact = start;
        let mut at = start;
        while let Some(length) = settings.slice(at, end).find('\\') {
            let backslash = at + length;
            let value = match settings.slice(backslash + 1, end).chars().next() {
                Some('n') => "\n",
                Some('r') => "\r",
                Some('t') => "\t",
                Some('"') => "\"",
                Some('\\') => "\\",
                Some('$') => "$",
                other => {
                    at = backslash + 1 + other.map_or(0, char::len_utf8);
                    continue;
                }
            };
            settings.push_exact(&mut text, exact, backslash);
            settings.push(&mut text, value, backslash, backslash + 2, Mapping::Escaped);
            at = backslash + 2;
            exact = at;
        }
        settings.push_exact(&mut text, exact, end);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_quick, assert_settings, check, comments, input, lowered};
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, ".env", text)
    }

    #[test]
    fn quotes_blanks_exports_and_inline_comments_do_not_belong_to_the_value() {
        let text = "# head\r\nexport A=abc # tail\r\nB = \"x # y\" # z\r\nC='it # is'\r\nD: v\r\nE=\r\nF=a#b\r\n\tG=\t😀\r\n#H=old\r\n";
        let tree = read(text);
        assert_settings(
            &tree,
            &[
                ("A", "abc"),
                ("B", "x # y"),
                ("C", "it # is"),
                ("D", "v"),
                ("E", "<absent>"),
                ("F", "a#b"),
                ("G", "😀"),
            ],
        );
        assert_eq!(comments(&tree, text), [" head", " tail", " z", "H=old"]);
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn double_quotes_go_over_lines_and_keep_their_escapes_apart() {
        let text = "KEY=\"one\ntwo\\n\\\"three\\\" \\d\" # c\nNEXT=1\n";
        let tree = read(text);
        assert_settings(&tree, &[("KEY", "one\ntwo\n\"three\" \\d"), ("NEXT", "1")]);
        assert_eq!(comments(&tree, text), [" c"]);
    }

    #[test]
    fn an_unclosed_quote_ends_with_its_line() {
        let tree = read("A=\"abc\nB=2\n");
        assert_settings(&tree, &[("A", "\"abc"), ("B", "2")]);
    }

    #[test]
    fn a_key_twice_is_two_settings() {
        assert_settings(&read("A=1\nA=2"), &[("A", "1"), ("A", "2")]);
    }

    #[test]
    fn a_line_that_is_no_setting_is_told() {
        let tree = read("A=1\n<<<<<<< HEAD\nB=2\n");
        assert_settings(&tree, &[("A", "1"), ("B", "2")]);
        assert_eq!(tree.partly_read.as_deref(), Some("no setting at line 2"));
    }

    #[test]
    fn hostile_files_are_read_quickly() {
        for text in [
            "K=\"\\\"\n".repeat(100_000),
            "K='\nL=`\n".repeat(50_000),
            "KEY=value\n".repeat(100_000),
            format!("K={}", "x ".repeat(1_000_000)),
        ] {
            assert_quick("an environment file", || {
                check(&lower(input(&text)), &text, 0)
            });
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)([A-C]?[ =:\"'#\\\\\n\r😀$`]|export |.){0,60}") {
            lowered(lower, ".env", &text);
        }
    }
}
