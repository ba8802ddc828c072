//! From the value of a scalar, as the parser gives it, back to the bytes that it is made of.
//!
//! It owns folding, escapes and the indentation of blocks. It must not know where a scalar stands.

use saphyr_parser::ScalarStyle;

use super::super::settings::{Settings, hexadecimal};
use crate::syntax::tree::{Mapping, Text};

/// The value of a scalar with the way back to the bytes at `start..end`; where the way is not clear, the
/// whole value counts as computed.
pub(super) fn aligned(
    settings: &Settings<'_>,
    value: &str,
    style: ScalarStyle,
    start: usize,
    end: usize,
) -> Text {
    let text = match style {
        ScalarStyle::Literal => aligned_lines(settings, value, start, end),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let inner = (start + 1).min(end);
            aligned_flow(
                settings,
                value,
                style,
                inner,
                end.saturating_sub(1).max(inner),
            )
        }
        ScalarStyle::Plain | ScalarStyle::Folded => {
            aligned_flow(settings, value, style, start, end)
        }
    };
    match text {
        Some(text) if text.value == value => text,
        _ => {
            let mut text = Text::default();
            settings.push(&mut text, value, start, end, Mapping::Derived);
            text
        }
    }
}

/// A `|` block: every line of the value is the end of a line of the source.
fn aligned_lines(settings: &Settings<'_>, value: &str, start: usize, end: usize) -> Option<Text> {
    let mut text = Text::default();
    let mut at = start;
    for line in value.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        if at >= end {
            // Line breaks at the end that the source does not have, or that were left out of the range.
            settings.push(&mut text, line, end, end, Mapping::Derived);
            continue;
        }
        let line_end = settings.line_end(at).min(end);
        let content_start = line_end
            .checked_sub(content.len())
            .filter(|from| *from >= at)?;
        if settings.slice(content_start, line_end) != content
            || !settings
                .slice(at, content_start)
                .bytes()
                .all(|byte| byte == b' ')
        {
            return None;
        }
        settings.push_exact(&mut text, content_start, line_end);
        at = settings.next_line(line_end);
        if line.len() > content.len() {
            let behind = at.min(end).max(line_end);
            let mapping = match settings.slice(line_end, behind) {
                "\n" => Mapping::Exact,
                _ => Mapping::Derived,
            };
            settings.push(&mut text, "\n", line_end, behind, mapping);
        }
    }
    Some(text)
}

/// Any other scalar: line breaks are folded, quotes have escapes.
fn aligned_flow(
    settings: &Settings<'_>,
    value: &str,
    style: ScalarStyle,
    start: usize,
    end: usize,
) -> Option<Text> {
    let mut text = Text::default();
    let mut at = start;
    let mut exact = start;
    // How much of the value has been taken, exact bytes since `exact` included.
    let mut taken = 0;
    while at < end {
        let rest = settings.slice(at, end);
        let first = rest.chars().next()?;
        if matches!(first, ' ' | '\t' | '\r' | '\n') {
            let run = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            if !rest.get(..run)?.contains('\n') {
                at += run;
                taken += run;
                continue;
            }
            settings.push_exact(&mut text, exact, at);
            let folded = value.get(taken..)?;
            let length = folded.len() - folded.trim_start_matches([' ', '\t', '\n']).len();
            settings.push(
                &mut text,
                folded.get(..length)?,
                at,
                at + run,
                Mapping::Derived,
            );
            taken += length;
            at += run;
            exact = at;
        } else if style == ScalarStyle::DoubleQuoted && first == '\\' {
            settings.push_exact(&mut text, exact, at);
            let (decoded, length) = escape(rest)?;
            settings.push(&mut text, &decoded, at, at + length, Mapping::Escaped);
            taken += decoded.len();
            at += length;
            exact = at;
        } else if style == ScalarStyle::SingleQuoted && first == '\'' {
            settings.push_exact(&mut text, exact, at);
            settings.push(&mut text, "'", at, at + 2, Mapping::Escaped);
            taken += 1;
            at += 2;
            exact = at;
        } else {
            // On to the next character that may mean something else.
            let length = rest
                .find([' ', '\t', '\r', '\n', '\\', '\''])
                .unwrap_or(rest.len())
                .max(first.len_utf8());
            at += length;
            taken += length;
        }
    }
    settings.push_exact(&mut text, exact.min(end), end);
    let rest = value.get(text.value.len()..)?;
    if rest.bytes().all(|byte| byte == b'\n') {
        settings.push(&mut text, rest, end, end, Mapping::Derived);
    }
    Some(text)
}

/// The escape at the beginning of `rest`: its value and length.
fn escape(rest: &str) -> Option<(String, usize)> {
    let character = rest.get(1..)?.chars().next()?;
    let code = |digits: usize| {
        let value = hexadecimal(rest, 2, digits).and_then(char::from_u32)?;
        Some((value.to_string(), 2 + digits))
    };
    let value = match character {
        'n' => '\n',
        't' | '\t' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return code(2),
        'u' => return code(4),
        'U' => return code(8),
        '\n' | '\r' => {
            let blanks = rest.get(1..)?;
            let length = blanks.len() - blanks.trim_start_matches([' ', '\t', '\r', '\n']).len();
            return Some((String::new(), 1 + length));
        }
        other => other,
    };
    Some((value.to_string(), 1 + character.len_utf8()))
}
