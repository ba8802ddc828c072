//! The value of a string literal, with the way back to its source bytes.
//!
//! Owns quotes and escapes. It must not know where in a statement a literal stands.

use crate::syntax::tree::{Mapping, Text, TreeBuilder};

const QUOTES: [char; 6] = ['"', '\'', '“', '”', '‘', '’'];

/// Where the content of a literal begins and ends within its source.
pub fn content(source: &str, closed: bool) -> (usize, usize) {
    let opening = source.chars().next().map_or(0, char::len_utf8);
    let closing = match source.chars().next_back() {
        Some(last) if closed && QUOTES.contains(&last) => last.len_utf8(),
        _ => 0,
    };
    (opening, source.len().saturating_sub(closing).max(opening))
}

/// The value of the literal that stands at `start`.
pub fn text(source: &str, start: usize, closed: bool, builder: &TreeBuilder) -> Text {
    let (from, to) = content(source, closed);
    let inside = source.get(from..to).unwrap_or_default();
    let mut text = Text::default();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(offset) = inside.get(at..).and_then(|rest| rest.find('\\')) {
        let backslash = at + offset;
        let rest = inside.get(backslash..).unwrap_or_default();
        let (value, length) = escape(rest);
        at = backslash + length;
        let Some(value) = value else { continue };
        push_plain(
            &mut text,
            inside,
            plain_from,
            backslash,
            start + from,
            builder,
        );
        let source_span = builder.span(start + from + backslash, start + from + at);
        text.push(
            value.encode_utf8(&mut [0; 4]),
            source_span,
            Mapping::Escaped,
        );
        plain_from = at;
    }
    push_plain(
        &mut text,
        inside,
        plain_from,
        inside.len(),
        start + from,
        builder,
    );
    text
}

fn push_plain(
    text: &mut Text,
    inside: &str,
    from: usize,
    to: usize,
    base: usize,
    builder: &TreeBuilder,
) {
    let plain = inside.get(from..to).unwrap_or_default();
    if !plain.is_empty() {
        text.push(plain, builder.span(base + from, base + to), Mapping::Exact);
    }
}

/// The character that an escape stands for and its length in the source. A backslash before any other
/// character is a backslash, as in regular expressions.
fn escape(rest: &str) -> (Option<char>, usize) {
    let Some(letter) = rest.chars().nth(1) else {
        return (None, 1);
    };
    let value = match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' | '/' => letter,
        _ if QUOTES.contains(&letter) => letter,
        'u' => {
            let digits = rest.get(2..6).unwrap_or_default();
            let character = u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32);
            return (character, if character.is_some() { 6 } else { 2 });
        }
        _ => return (None, 1 + letter.len_utf8()),
    };
    (Some(value), 1 + letter.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::{Language, Span};

    fn read(source: &str) -> Text {
        let builder = TreeBuilder::new(Language::Deluge, 100);
        text(source, 5, true, &builder)
    }

    #[test]
    fn plain_text_is_exact() {
        let text = read("\"a?b=\"");
        assert_eq!(text.value, "a?b=");
        assert_eq!(text.segments.len(), 1);
        assert_eq!(text.segments[0].mapping, Mapping::Exact);
        assert_eq!(
            text.segments[0].source,
            Span {
                start: 106,
                end: 110
            }
        );
    }

    #[test]
    fn escapes_are_pieces_of_their_own() {
        let text = read(r#""a\"b\n\u0041""#);
        assert_eq!(text.value, "a\"b\nA");
        let mappings: Vec<Mapping> = text
            .segments
            .iter()
            .map(|segment| segment.mapping)
            .collect();
        use Mapping::{Escaped, Exact};
        assert_eq!(mappings, [Exact, Escaped, Exact, Escaped, Escaped]);
        let last = text.segments[4];
        assert_eq!(
            last.source,
            Span {
                start: 112,
                end: 118
            }
        );
        assert_eq!(last.value, Span { start: 4, end: 5 });
    }

    #[test]
    fn other_backslashes_stay() {
        assert_eq!(read(r#""\d\uZZZZ""#).value, r"\d\uZZZZ");
        assert_eq!(read(r#""\d""#).segments.len(), 1);
        assert_eq!(read(r#""\+49 {0}""#).value, r"\+49 {0}");
    }

    #[test]
    fn typographic_quotes_are_quotes() {
        let text = read("“desk”");
        assert_eq!(text.value, "desk");
        assert_eq!(
            text.segments[0].source,
            Span {
                start: 108,
                end: 112
            }
        );
        assert_eq!(read("\"").value, "");
        assert_eq!(read("").value, "");
    }
}
