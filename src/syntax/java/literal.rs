//! String, text block and character literals: their value and the way back to the source.
//!
//! It owns Java's escapes and the stripping of indentation. It must not know the native tree.

use super::unicode;
use crate::syntax::tree::{Mapping, Text, TreeBuilder};

/// How a character of the value comes from the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// It stands there.
    Plain,
    /// A Unicode escape stands for it.
    UnicodeEscape,
    /// A line break together with stripped whitespace or in another form than `\n`.
    Folded,
}

/// One character after the translation of Unicode escapes and the stripping of indentation, before the
/// translation of escape sequences (Java's order).
#[derive(Clone, Copy, Debug)]
struct Unit {
    character: char,
    start: usize,
    end: usize,
    origin: Origin,
}

/// The value of a whole literal, with its delimiters, that begins at `start`.
pub(super) fn decode(source: &str, start: usize, spans: &TreeBuilder) -> Text {
    if let Some(block) = source.strip_prefix("\"\"\"") {
        let content = block.strip_suffix("\"\"\"").unwrap_or(block);
        if let Some(lines) = content.find(['\n', '\r'])
            && content
                .get(..lines)
                .is_some_and(|head| head.trim().is_empty())
        {
            return text_block(content, lines, start + 3, spans);
        }
        return fragment(content, start + 3, spans);
    }
    let delimiter = if source.starts_with('\'') { '\'' } else { '"' };
    let content = source.strip_prefix(delimiter).unwrap_or(source);
    let content_start = start + source.len() - content.len();
    fragment(
        content.strip_suffix(delimiter).unwrap_or(content),
        content_start,
        spans,
    )
}

/// The value of a part of a literal, without delimiters.
pub(super) fn fragment(content: &str, start: usize, spans: &TreeBuilder) -> Text {
    if !content.contains('\\') {
        return Text::exact(content, spans.span(start, start + content.len()));
    }
    let mut units = Vec::with_capacity(content.len());
    translate_unicode(content, start, &mut units);
    translate_escapes(&units, spans)
}

/// The value of a text block; the first line break of `content` is at `first_break`.
fn text_block(content: &str, first_break: usize, start: usize, spans: &TreeBuilder) -> Text {
    let lines = lines_after(content, first_break);
    let last = lines.len().saturating_sub(1);
    let indentation = lines
        .iter()
        .enumerate()
        .filter(|(index, line)| *index == last || !line.trim().is_empty())
        .map(|(_, line)| {
            line.chars()
                .take_while(|character| character.is_whitespace())
                .count()
        })
        .min()
        .unwrap_or(0);
    let mut units = Vec::with_capacity(content.len());
    let mut previous_end = None;
    for line in lines {
        let stripped = strip(line, indentation);
        // Both are slices of `content`, so the distance of their addresses is the offset.
        let offset = start + (stripped.as_ptr() as usize - content.as_ptr() as usize);
        if let Some(previous_end) = previous_end {
            let source = content.get(previous_end - start..offset - start);
            units.push(Unit {
                character: '\n',
                start: previous_end,
                end: offset,
                origin: if source == Some("\n") {
                    Origin::Plain
                } else {
                    Origin::Folded
                },
            });
        }
        translate_unicode(stripped, offset, &mut units);
        previous_end = Some(offset + stripped.len());
    }
    translate_escapes(&units, spans)
}

/// The lines of a text block: those after its opening delimiter's own line.
fn lines_after(content: &str, first_break: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = content.get(first_break..).unwrap_or_default();
    while !rest.is_empty() {
        let body = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix(['\r', '\n']));
        let Some(body) = body else { break };
        let end = body.find(['\n', '\r']).unwrap_or(body.len());
        let (line, after) = body.split_at(end);
        lines.push(line);
        rest = after;
    }
    lines
}

/// A line without its share of the common indentation and without the whitespace at its end.
fn strip(line: &str, indentation: usize) -> &str {
    let content = line.trim_end();
    if content.is_empty() {
        return content;
    }
    let cut = content
        .char_indices()
        .nth(indentation)
        .map_or(content.len(), |(position, _)| position);
    content.get(cut..).unwrap_or_default()
}

fn translate_unicode(content: &str, start: usize, units: &mut Vec<Unit>) {
    let bytes = content.as_bytes();
    let mut position = 0;
    // A backslash that is itself escaped by a backslash begins no Unicode escape.
    let mut escaped = false;
    while let Some(character) = content.get(position..).and_then(|rest| rest.chars().next()) {
        let translated = (!escaped)
            .then(|| unicode::character_at(bytes, position))
            .flatten();
        let (character, end, origin) = match translated {
            Some((character, end)) => (character, end, Origin::UnicodeEscape),
            None => (character, position + character.len_utf8(), Origin::Plain),
        };
        escaped = origin == Origin::Plain && character == '\\' && !escaped;
        units.push(Unit {
            character,
            start: start + position,
            end: start + end,
            origin,
        });
        position = end;
    }
}

fn translate_escapes(units: &[Unit], spans: &TreeBuilder) -> Text {
    let mut text = Text::default();
    let mut rest = units;
    let mut buffer = [0; 4];
    while let Some((unit, after)) = rest.split_first() {
        if unit.character == '\\'
            && let Some((value, length)) = escape_sequence(after)
        {
            let (sequence, remaining) = after.split_at(length);
            let end = sequence.last().map_or(unit.end, |last| last.end);
            text.push(&value, spans.span(unit.start, end), Mapping::Escaped);
            rest = remaining;
            continue;
        }
        let mapping = match unit.origin {
            Origin::Plain => Mapping::Exact,
            Origin::UnicodeEscape => Mapping::Escaped,
            Origin::Folded => Mapping::Derived,
        };
        let value = unit.character.encode_utf8(&mut buffer);
        text.push(value, spans.span(unit.start, unit.end), mapping);
        rest = after;
    }
    text
}

/// What the escape sequence with these characters after its backslash stands for, and how many of them
/// belong to it. One that Java does not know stands for itself.
fn escape_sequence(after: &[Unit]) -> Option<(String, usize)> {
    let first = after.first()?.character;
    let value = match first {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        's' => ' ',
        '"' | '\'' | '\\' => first,
        '\n' => return Some((String::new(), 1)),
        '0'..='7' => {
            let longest = if first <= '3' { 3 } else { 2 };
            let digits: Vec<u32> = after
                .iter()
                .take(longest)
                .map_while(|unit| unit.character.to_digit(8))
                .collect();
            let code = digits.iter().fold(0, |code, digit| code * 8 + digit);
            let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            return Some((character.to_string(), digits.len()));
        }
        _ => return Some((format!("\\{first}"), 1)),
    };
    Some((value.to_string(), 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::{Language, Segment, Span};

    fn decoded(source: &str) -> Text {
        decode(source, 0, &TreeBuilder::new(Language::Java, 0))
    }

    /// Segments as `(value, source, mapping)`.
    fn segments<'a>(text: &'a Text, source: &'a str) -> Vec<(&'a str, &'a str, Mapping)> {
        let slice = |text: &'a str, span: Span| &text[span.start as usize..span.end as usize];
        text.segments
            .iter()
            .map(|segment: &Segment| {
                (
                    slice(&text.value, segment.value),
                    slice(source, segment.source),
                    segment.mapping,
                )
            })
            .collect()
    }

    #[test]
    fn a_plain_literal_is_one_exact_segment_between_the_quotes() {
        let text = decoded("\"Zoho-authtoken \"");
        assert_eq!(text, Text::exact("Zoho-authtoken ", Span::new(1, 16)));
        assert_eq!(decoded("\"\""), Text::default());
    }

    #[test]
    fn every_escape_is_a_segment_of_its_own() {
        let source = r#""a\t\"\\\0\1012\477\s\u0041\uuu00e9b\q""#;
        let text = decoded(source);
        assert_eq!(text.value, "a\t\"\\\0A2'7 A\u{e9}b\\q");
        use Mapping::{Escaped, Exact};
        assert_eq!(
            segments(&text, source),
            [
                ("a", "a", Exact),
                ("\t", r"\t", Escaped),
                ("\"", r#"\""#, Escaped),
                ("\\", r"\\", Escaped),
                ("\0", r"\0", Escaped),
                ("A", r"\101", Escaped),
                ("2", "2", Exact),
                ("'", r"\47", Escaped),
                ("7", "7", Exact),
                (" ", r"\s", Escaped),
                ("A", r"\u0041", Escaped),
                ("\u{e9}", r"\uuu00e9", Escaped),
                ("b", "b", Exact),
                ("\\q", r"\q", Escaped),
            ]
        );
    }

    #[test]
    fn unicode_escapes_come_before_escape_sequences() {
        assert_eq!(decoded(r#""\\u0041""#).value, r"\u0041");
        assert_eq!(decoded(r#""\u005cn\u005c\u005c""#).value, "\n\\");
        assert_eq!(
            decoded(r#""\uD83D\uDE00\uD83D""#).value,
            "\u{1F600}\u{FFFD}"
        );
    }

    #[test]
    fn a_character_is_a_string() {
        assert_eq!(decoded("'&'"), Text::exact("&", Span::new(1, 2)));
        assert_eq!(decoded(r"'\''").value, "'");
    }

    #[test]
    fn a_text_block_loses_its_indentation_and_keeps_its_lines_exact() {
        let source = "\"\"\"\n    {\n      \"a\": 1,  \n\n    }\n    \"\"\"";
        let text = decoded(source);
        assert_eq!(text.value, "{\n  \"a\": 1,\n\n}\n");
        use Mapping::{Derived, Exact};
        assert_eq!(
            segments(&text, source),
            [
                ("{", "{", Exact),
                ("\n", "\n    ", Derived),
                ("  \"a\": 1,", "  \"a\": 1,", Exact),
                ("\n", "  \n", Derived),
                ("\n", "\n    ", Derived),
                ("}\n", "}\n", Exact),
            ]
        );
    }

    #[test]
    fn a_text_block_without_indentation_is_exact_throughout() {
        let text = decoded("\"\"\"\na\nb\"\"\"");
        assert_eq!(text, Text::exact("a\nb", Span::new(4, 7)));
    }

    #[test]
    fn the_closing_delimiter_counts_for_the_indentation() {
        assert_eq!(decoded("\"\"\"\n    a\n  \"\"\"").value, "  a\n");
        assert_eq!(
            decoded("\"\"\"\r\n\ta\r\n\tb\\\r\n\tc\"\"\"").value,
            "a\nbc"
        );
    }

    #[test]
    fn escapes_in_a_text_block_are_translated_after_stripping() {
        let source = "\"\"\"\n  a\\n\\s\n  b \\\n  c\\\"\"\"\n  \"\"\"";
        assert_eq!(decoded(source).value, "a\n \nb c\"\"\"\n");
    }

    #[test]
    fn a_literal_without_its_end_is_read_to_where_it_stops() {
        assert_eq!(decoded("\"abc").value, "abc");
        assert_eq!(decoded("\"abc\\").value, "abc\\");
        assert_eq!(decoded("\"").value, "");
        assert_eq!(decoded("\"\"\"").value, "");
        assert_eq!(decoded("\"\"\"x").value, "x");
    }
}
