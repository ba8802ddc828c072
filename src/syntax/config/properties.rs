//! Front end for Java property files: `=`, `:` or blank between key and value, continued lines, `\uXXXX`.
//!
//! It owns the syntax of `java.util.Properties`. It must not know any key.

use super::settings::{Settings, unicode_escape};
use crate::syntax::Input;
use crate::syntax::tree::{Language, Mapping, Text, Tree};

pub fn lower(input: Input<'_>) -> Tree {
    let mut settings = Settings::new(input, Language::Properties);
    let mut at = 0;
    while at < settings.text.len() {
        at = statement(&mut settings, at);
    }
    settings.finish()
}

fn statement(settings: &mut Settings<'_>, start: usize) -> usize {
    let end = settings.line_end(start);
    let (from, to) = settings.trim(start, end);
    let line = settings.slice(from, to);
    if line.is_empty() {
        return settings.next_line(start);
    }
    if line.starts_with(['#', '!']) {
        settings.builder.comment(from, to, from + 1, to);
        return settings.next_line(start);
    }
    let (key, key_end) = literal(settings, from, true);
    let (value_start, _) = settings.trim_blanks(key_end);
    let value_start = match settings.text.as_bytes().get(value_start) {
        Some(b'=' | b':') => settings.trim_blanks(value_start + 1).0,
        _ => value_start,
    };
    let (value, value_end) = literal(settings, value_start, false);
    let node = if value.value.is_empty() && value.segments.is_empty() {
        None
    } else {
        let last = value_end.max(value_start);
        Some(settings.string(value, value_start, last))
    };
    settings.setting(key.value, (from, key_end), node);
    settings.next_line(value_end)
}

impl Settings<'_> {
    /// The first byte at or behind `from` that is no blank, with a continued line counted as blank.
    fn trim_blanks(&self, from: usize) -> (usize, bool) {
        let bytes = self.text.as_bytes();
        let mut at = from;
        let mut is_continued = false;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | 0x0C) => at += 1,
                Some(b'\\') => match self.line_break(at + 1) {
                    Some(next) => {
                        at = next;
                        is_continued = true;
                    }
                    None => return (at, is_continued),
                },
                _ => return (at, is_continued),
            }
        }
    }

    /// Where the next line begins if a line break stands at `at`.
    fn line_break(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes.get(at)? {
            b'\n' => Some(at + 1),
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => Some(at + 2),
            _ => None,
        }
    }
}

/// Reads a key (up to its separator) or a value (up to the end of its last line, without blanks there).
fn literal(settings: &Settings<'_>, start: usize, is_key: bool) -> (Text, usize) {
    let source = settings.text;
    let bytes = source.as_bytes();
    let mut text = Text::default();
    let mut exact = start;
    let mut at = start;
    // Blanks at the end are not part of the value: the last byte that is.
    let mut end = start;
    loop {
        match bytes.get(at) {
            None | Some(b'\n') => break,
            Some(b'\r') if settings.line_break(at).is_some() => break,
            Some(b' ' | b'\t' | 0x0C | b'=' | b':') if is_key => break,
            Some(b' ' | b'\t' | 0x0C) => at += 1,
            Some(b'\\') => {
                settings.push_exact(&mut text, exact, at);
                let next = match settings.line_break(at + 1) {
                    Some(line) => {
                        let behind = settings.trim_line_start(line);
                        settings.push(&mut text, "", at, behind, Mapping::Derived);
                        behind
                    }
                    None => escape(settings, &mut text, at),
                };
                at = next;
                exact = next;
                end = next;
            }
            Some(_) => {
                at += 1;
                end = at;
            }
        }
    }
    settings.push_exact(&mut text, exact.min(end), end);
    (text, end.max(start))
}

impl Settings<'_> {
    fn trim_line_start(&self, line: usize) -> usize {
        let rest = self.text.get(line..).unwrap_or("");
        line + (rest.len() - rest.trim_start_matches([' ', '\t', '\u{c}']).len())
    }
}

/// Reads the escape whose backslash stands at `at`.
fn escape(settings: &Settings<'_>, text: &mut Text, at: usize) -> usize {
    let Some(character) = settings
        .text
        .get(at + 1..)
        .and_then(|rest| rest.chars().next())
    else {
        settings.push(text, "", at, at + 1, Mapping::Escaped);
        return at + 1;
    };
    let (value, end) = match character {
        'n' => ('\n', at + 2),
        't' => ('\t', at + 2),
        'r' => ('\r', at + 2),
        'f' => ('\u{c}', at + 2),
        'u' => unicode_escape(settings.text, at + 1).unwrap_or(('u', at + 2)),
        other => (other, at + 1 + other.len_utf8()),
    };
    settings.push(
        text,
        value.encode_utf8(&mut [0; 4]),
        at,
        end,
        Mapping::Escaped,
    );
    end
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_quick, assert_settings, check, comments, input, lowered};
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, "a.properties", text)
    }

    #[test]
    fn every_separator_parts_key_and_value() {
        let text = "# c\r\n! d\r\na.b=1\r\nc : two words  \r\nd\tthree\r\ne\r\nf=\r\n😀=\t😀\r\n";
        let tree = read(text);
        assert_settings(
            &tree,
            &[
                ("a.b", "1"),
                ("c", "two words"),
                ("d", "three"),
                ("e", "<absent>"),
                ("f", "<absent>"),
                ("😀", "😀"),
            ],
        );
        assert_eq!(comments(&tree, text), [" c", " d"]);
    }

    #[test]
    fn continued_lines_and_escapes_are_one_value() {
        let tree = read("url=https\\://a.b/\\\r\n    c\\u0041\\n\\\n\td\nk\\ 1=x\\\\\nlast=\\\n");
        assert_settings(
            &tree,
            &[
                ("url", "https://a.b/cA\nd"),
                ("k 1", "x\\"),
                ("last", "<absent>"),
            ],
        );
    }

    #[test]
    fn the_parts_around_an_escape_point_at_their_own_bytes() {
        let text = "k=ab\\u0041cd";
        let tree = read(text);
        let Kind::String(literal) = tree
            .nodes()
            .find_map(|(_, node)| match &node.kind {
                kind @ Kind::String(_) => Some(kind),
                _ => None,
            })
            .expect("a string")
        else {
            panic!()
        };
        let sources: Vec<_> = literal
            .segments
            .iter()
            .map(|s| (s.source.start, s.source.end, s.mapping))
            .collect();
        assert_eq!(
            sources,
            [
                (2, 4, Mapping::Exact),
                (4, 10, Mapping::Escaped),
                (10, 12, Mapping::Exact)
            ]
        );
    }

    use crate::syntax::tree::Kind;

    #[test]
    fn hostile_files_are_read_quickly() {
        for text in [
            "a\\\n".repeat(100_000),
            "key=value\n".repeat(100_000),
            "=".repeat(1_000_000),
            "\\u0041".repeat(100_000),
        ] {
            assert_quick("a property file", || check(&lower(input(&text)), &text, 0));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)([a-c]?[ =:#!\\\\\n\r\tu😀0-9]|\\\\u00|.){0,60}") {
            lowered(lower, "a.properties", &text);
        }
    }
}
