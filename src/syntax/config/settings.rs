//! What the settings formats share: collecting bindings, key paths, literals.
//!
//! It owns how a setting becomes nodes of the tree. It must not know any one format.

use crate::syntax::Input;
use crate::syntax::tree::{
    Binding, Kind, Language, Mapping, NodeId, Segment, Span, Text, Tree, TreeBuilder,
};

/// Longest key path of the containers around a setting. Hostile nesting would otherwise make every path
/// as long as the file, and all paths together its square.
const LONGEST_PATH: usize = 512;

/// The path of the containers that are open.
#[derive(Debug, Default)]
pub(super) struct KeyPath {
    text: String,
    lengths: Vec<usize>,
}

impl KeyPath {
    /// Enters a container. An empty name leaves the path as it is; beyond the longest path names are
    /// left out, and only the innermost key is still told.
    pub(super) fn push(&mut self, name: &str) {
        self.lengths.push(self.text.len());
        if name.is_empty() || self.text.len() + name.len() > LONGEST_PATH {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('.');
        }
        self.text.push_str(name);
    }

    pub(super) fn pop(&mut self) {
        if let Some(length) = self.lengths.pop() {
            self.text.truncate(length);
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The path of a setting in the innermost container.
    pub(super) fn join(&self, name: &str) -> String {
        if self.text.is_empty() {
            name.to_string()
        } else if name.is_empty() {
            self.text.clone()
        } else {
            format!("{}.{name}", self.text)
        }
    }
}

/// Collects the settings of one file. All offsets are bytes of the part's own text.
pub(super) struct Settings<'a> {
    pub(super) text: &'a str,
    pub(super) builder: TreeBuilder,
    base: usize,
    body: Vec<NodeId>,
    is_partly_read: bool,
}

impl<'a> Settings<'a> {
    pub(super) fn new(input: Input<'a>, language: Language) -> Settings<'a> {
        Settings {
            text: input.text,
            builder: TreeBuilder::new(language, input.base),
            base: input.base as usize,
            body: Vec::new(),
            is_partly_read: false,
        }
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The first byte after the line that holds `from`, its line break not included.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or("");
        let end = rest
            .find('\n')
            .map_or(self.text.len(), |length| from + length);
        if end > from && self.slice(end - 1, end) == "\r" {
            end - 1
        } else {
            end
        }
    }

    /// Where the line after the one that holds `from` begins.
    pub(super) fn next_line(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or("");
        rest.find('\n')
            .map_or(self.text.len(), |length| from + length + 1)
    }

    /// `start` and `end` moved inwards over blanks.
    pub(super) fn trim(&self, start: usize, end: usize) -> (usize, usize) {
        let slice = self.slice(start, end);
        let trimmed = slice.trim_start();
        let start = start + (slice.len() - trimmed.len());
        (start, start + trimmed.trim_end().len())
    }

    /// A literal that is the source, byte for byte.
    pub(super) fn exact(&self, start: usize, end: usize) -> Text {
        Text::exact(self.slice(start, end), self.builder.span(start, end))
    }

    pub(super) fn push_exact(&self, text: &mut Text, start: usize, end: usize) {
        text.push(
            self.slice(start, end),
            self.builder.span(start, end),
            Mapping::Exact,
        );
    }

    pub(super) fn push(
        &self,
        text: &mut Text,
        value: &str,
        start: usize,
        end: usize,
        mapping: Mapping,
    ) {
        text.push(value, self.builder.span(start, end), mapping);
    }

    pub(super) fn string(&mut self, text: Text, start: usize, end: usize) -> NodeId {
        self.builder.add(Kind::String(text), start, end)
    }

    /// A string without quotes and escapes.
    pub(super) fn plain(&mut self, start: usize, end: usize) -> NodeId {
        let text = self.exact(start, end);
        self.string(text, start, end)
    }

    /// A bare word of a format with types: a number, a truth value, nothing, or else a string.
    pub(super) fn scalar(&mut self, start: usize, end: usize) -> NodeId {
        let word = self.slice(start, end);
        let kind = match word {
            "true" | "True" | "TRUE" => Kind::Boolean(true),
            "false" | "False" | "FALSE" => Kind::Boolean(false),
            "null" | "Null" | "NULL" | "~" => Kind::Null,
            _ if is_number(word) => Kind::Number(word.to_string()),
            _ => Kind::String(self.exact(start, end)),
        };
        self.builder.add(kind, start, end)
    }

    /// A span of the file as a range of this part's text.
    pub(super) fn local(&self, span: Span) -> (usize, usize) {
        (
            (span.start as usize).saturating_sub(self.base),
            (span.end as usize).saturating_sub(self.base),
        )
    }

    /// Adds a setting whose key stands at `key`.
    pub(super) fn setting(&mut self, path: String, key: (usize, usize), value: Option<NodeId>) {
        let target = self.builder.add(Kind::Name(path), key.0, key.1);
        let mut span = self.builder.node_span(target);
        if let Some(value) = value {
            span = span.join(self.builder.node_span(value));
        }
        let binding = Binding {
            target,
            value,
            type_name: None,
            is_static: false,
            is_constant: false,
            annotations: Vec::new(),
        };
        let (start, end) = self.local(span);
        let id = self
            .builder
            .add(Kind::Binding(Box::new(binding)), start, end);
        self.body.push(id);
    }

    /// Says that the file does not follow its format at `at`; only the first place is told.
    pub(super) fn partly_read(&mut self, what: &str, at: usize) {
        if !self.is_partly_read {
            self.is_partly_read = true;
            let line = 1 + self.slice(0, at).matches('\n').count();
            self.builder.partly_read(format!("{what} at line {line}"));
        }
    }

    pub(super) fn finish(self) -> Tree {
        self.builder.finish(self.body, self.text.len())
    }
}

/// Whether a bare word is a number in the settings formats with types.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    if let Some(rest) = digits.strip_prefix("0x") {
        return !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    digits
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'e' | b'E' | b'-' | b'+')
        })
        && digits.replace('_', "").parse::<f64>().is_ok()
}

/// The part `start..end` of a literal's value, with the mapping of what it takes. A computed or escaped
/// segment that is cut keeps its whole source and counts as computed.
pub(super) fn part(text: &Text, start: usize, end: usize) -> Text {
    let mut out = Text::default();
    for segment in &text.segments {
        let from = (segment.value.start as usize).max(start);
        let to = (segment.value.end as usize).min(end);
        if from >= to {
            continue;
        }
        let value = text.value.get(from..to).unwrap_or("");
        out.push(
            value,
            part_source(segment, from, to),
            part_mapping(segment, from, to),
        );
    }
    out
}

fn is_whole(segment: &Segment, from: usize, to: usize) -> bool {
    segment.value.start as usize == from && segment.value.end as usize == to
}

fn part_source(segment: &Segment, from: usize, to: usize) -> Span {
    if segment.mapping == Mapping::Exact {
        let offset = segment.source.start;
        Span {
            start: offset + (from as u32 - segment.value.start),
            end: offset + (to as u32 - segment.value.start),
        }
    } else {
        segment.source
    }
}

fn part_mapping(segment: &Segment, from: usize, to: usize) -> Mapping {
    if segment.mapping == Mapping::Exact || is_whole(segment, from, to) {
        segment.mapping
    } else {
        Mapping::Derived
    }
}

/// The source range of `start..end` of a literal's value, if it is exact.
pub(super) fn exact_source(text: &Text, start: usize, end: usize) -> Option<Span> {
    let part = part(text, start, end);
    match part.segments.as_slice() {
        [only] if only.mapping == Mapping::Exact => Some(only.source),
        _ => None,
    }
}

/// Reads `count` hexadecimal digits at `at`.
pub(super) fn hexadecimal(text: &str, at: usize, count: usize) -> Option<u32> {
    let digits = text.get(at..at + count)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// Reads `uXXXX` at `at` (behind the backslash), together with a second `\uXXXX` for characters beyond the
/// basic plane. Gives the character and the first byte behind.
pub(super) fn unicode_escape(text: &str, at: usize) -> Option<(char, usize)> {
    let first = hexadecimal(text, at + 1, 4)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, at + 5));
    }
    let second = if text.get(at + 5..at + 7) == Some("\\u") {
        hexadecimal(text, at + 7, 4)?
    } else {
        return Some((char::REPLACEMENT_CHARACTER, at + 5));
    };
    if (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second) {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Some((char::from_u32(code)?, at + 11))
    } else {
        Some((char::REPLACEMENT_CHARACTER, at + 5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_path_joins_names_with_dots_and_forgets_what_is_left() {
        let mut path = KeyPath::default();
        path.push("services");
        path.push("");
        path.push("web");
        assert_eq!(path.join("image"), "services.web.image");
        path.pop();
        path.pop();
        assert_eq!(path.join("x"), "services.x");
    }

    #[test]
    fn a_key_path_stays_short_however_deep_the_nesting() {
        let mut path = KeyPath::default();
        for _ in 0..100_000 {
            path.push("level");
        }
        assert!(path.join("leaf").len() <= LONGEST_PATH + 10);
        assert!(path.join("leaf").ends_with(".leaf"));
    }

    #[test]
    fn words_that_only_begin_like_numbers_are_no_numbers() {
        assert!(is_number("12") && is_number("-1.5e3") && is_number("0xff") && is_number("1_000"));
        assert!(
            !is_number("1.2.3") && !is_number("2020-01-01") && !is_number("") && !is_number("12ab")
        );
    }

    #[test]
    fn a_part_of_an_exact_literal_points_at_its_own_bytes() {
        let mut text = Text::exact("A=1 ", Span::new(10, 14));
        text.push("\n", Span::new(14, 16), Mapping::Derived);
        text.push("B=2", Span::new(16, 19), Mapping::Exact);
        assert_eq!(exact_source(&text, 5, 8), Some(Span::new(16, 19)));
        assert_eq!(exact_source(&text, 7, 8), Some(Span::new(18, 19)));
        assert_eq!(exact_source(&text, 2, 8), None);
    }

    #[test]
    fn surrogate_pairs_are_one_character() {
        assert_eq!(unicode_escape("\\ud83d\\ude00", 1), Some(('😀', 12)));
        assert_eq!(unicode_escape("\\u0041", 1), Some(('A', 6)));
        assert_eq!(unicode_escape("\\u00", 1), None);
    }
}
