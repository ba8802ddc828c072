//! String and character literals: their values with the way back to the source.
//!
//! Owns delimiters, prefixes and escapes. It must not know what stands around a literal.

use crate::syntax::tree::{Mapping, Text, TreeBuilder};

/// The value of the literal `source`, which begins at `start` of the text of `builder`.
pub(super) fn text(builder: &TreeBuilder, source: &str, start: usize) -> Text {
    let prefix = source.find(['"', '\'', '#']).unwrap_or(source.len());
    let is_raw = source
        .get(..prefix)
        .is_some_and(|prefix| prefix.contains('r'));
    let mut text = Text::default();
    let rest = source.get(prefix..).unwrap_or_default();
    if is_raw {
        let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
        let from = (hashes + 1).min(rest.len());
        let closing = format!("\"{}", rest.get(..hashes).unwrap_or_default());
        let to = rest.rfind(&closing).unwrap_or(rest.len()).max(from);
        push_lines(
            builder,
            &mut text,
            rest.get(from..to).unwrap_or_default(),
            start + prefix + from,
        );
        return text;
    }
    let quote = rest.chars().next().unwrap_or('"');
    let begin = start + prefix + quote.len_utf8().min(rest.len());
    let inside = rest.get(quote.len_utf8()..).unwrap_or_default();
    let mut at = 0;
    let mut plain = 0;
    while let Some(found) = inside.get(at..).and_then(|rest| rest.find(['\\', quote])) {
        let stop = at + found;
        push_lines(
            builder,
            &mut text,
            inside.get(plain..stop).unwrap_or_default(),
            begin + plain,
        );
        let rest = inside.get(stop..).unwrap_or_default();
        if !rest.starts_with('\\') {
            return text;
        }
        let (length, value) = escape(rest);
        let span = builder.span(begin + stop, begin + stop + length);
        let mut buffer = [0; 4];
        let value = value.map_or("", |value| &*value.encode_utf8(&mut buffer));
        text.push(value, span, Mapping::Escaped);
        at = stop + length;
        plain = at;
    }
    push_lines(
        builder,
        &mut text,
        inside.get(plain..).unwrap_or_default(),
        begin + plain,
    );
    text
}

/// Plain source; a line break of two characters is one in the value.
fn push_lines(builder: &TreeBuilder, text: &mut Text, source: &str, start: usize) {
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find("\r\n")) {
        let stop = at + found;
        push_exact(
            builder,
            text,
            source.get(at..stop).unwrap_or_default(),
            start + at,
        );
        text.push(
            "\n",
            builder.span(start + stop, start + stop + 2),
            Mapping::Escaped,
        );
        at = stop + 2;
    }
    push_exact(
        builder,
        text,
        source.get(at..).unwrap_or_default(),
        start + at,
    );
}

fn push_exact(builder: &TreeBuilder, text: &mut Text, source: &str, start: usize) {
    if !source.is_empty() {
        text.push(
            source,
            builder.span(start, start + source.len()),
            Mapping::Exact,
        );
    }
}

/// Length and value of the escape sequence at the beginning of `rest`; a continued line has no value.
fn escape(rest: &str) -> (usize, Option<char>) {
    let Some(kind) = rest.chars().nth(1) else {
        return (rest.len(), Some('\\'));
    };
    match kind {
        'n' => (2, Some('\n')),
        't' => (2, Some('\t')),
        'r' => (2, Some('\r')),
        '0' => (2, Some('\0')),
        'x' => {
            let digits = hexadecimal(rest.get(2..).unwrap_or_default(), 2);
            (2 + digits.0, char::from_u32(digits.1))
        }
        'u' => match rest
            .find('}')
            .filter(|end| *end < 16 && rest.starts_with("\\u{"))
        {
            Some(end) => {
                let digits: String = rest.get(3..end).unwrap_or_default().replace('_', "");
                let value = u32::from_str_radix(&digits, 16)
                    .ok()
                    .and_then(char::from_u32);
                (end + 1, value)
            }
            None => (2, Some('u')),
        },
        '\n' | '\r' => {
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            let length = rest.bytes().skip(1).take_while(blank).count();
            (1 + length, None)
        }
        other => (1 + other.len_utf8(), Some(other)),
    }
}

fn hexadecimal(rest: &str, most: usize) -> (usize, u32) {
    let digits = rest
        .chars()
        .take(most)
        .map_while(|digit| digit.to_digit(16));
    digits.fold((0, 0), |(length, value), digit| {
        (length + 1, value * 16 + digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::Language;

    fn read(source: &str) -> (String, Vec<(u32, u32, Mapping)>) {
        let text = text(&TreeBuilder::new(Language::Rust, 0), source, 10);
        let segments = text.segments.iter();
        let segments = segments.map(|one| (one.source.start, one.source.end, one.mapping));
        (text.value.clone(), segments.collect())
    }

    #[test]
    fn values_keep_the_way_to_their_source() {
        use Mapping::*;
        assert_eq!(read("\"ab\""), ("ab".into(), vec![(11, 13, Exact)]));
        assert_eq!(
            read("\"a\\n\\u{e9}\\x41b\""),
            (
                "a\néAb".into(),
                vec![
                    (11, 12, Exact),
                    (12, 14, Escaped),
                    (14, 20, Escaped),
                    (20, 24, Escaped),
                    (24, 25, Exact)
                ]
            )
        );
        assert_eq!(
            read("r#\"a\\n\"b\"#"),
            ("a\\n\"b".into(), vec![(13, 18, Exact)])
        );
        assert_eq!(read("br\"x\""), ("x".into(), vec![(13, 14, Exact)]));
        assert_eq!(read("b\"x\""), ("x".into(), vec![(12, 13, Exact)]));
        assert_eq!(read("'\\''"), ("'".into(), vec![(11, 13, Escaped)]));
        assert_eq!(read("b'a'"), ("a".into(), vec![(12, 13, Exact)]));
        assert_eq!(
            read("\"a\\\n   b\r\nc\""),
            (
                "ab\nc".into(),
                vec![
                    (11, 12, Exact),
                    (12, 17, Escaped),
                    (17, 18, Exact),
                    (18, 20, Escaped),
                    (20, 21, Exact)
                ]
            )
        );
        assert_eq!(read("\"\""), (String::new(), vec![]));
    }

    #[test]
    fn broken_literals_are_read_to_their_end() {
        assert_eq!(read("\"ab").0, "ab");
        assert_eq!(read("\"ab\\").0, "ab\\");
        assert_eq!(read("r#\"ab").0, "ab");
        assert_eq!(read("r").0, "");
        assert_eq!(read("\"\\u{").0, "u{");
    }
}
