//! Leaves: names, numbers, strings with their escapes, and templates.
//!
//! Owns the way from the value of a string back to its source bytes.

use super::piece::{Child, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::html::character_reference;
use crate::syntax::tree::{ConcatForm, Kind, Mapping, Name, NodeId, Text};

/// What stands for other characters inside a literal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// `"…"`, `'…'`: backslash escapes.
    Quoted,
    /// `` `…` ``: backslash escapes, and line ends become `\n`.
    Template,
    /// Attributes and text of JSX: character references.
    Markup,
}

impl<'t> Lowering<'t> {
    /// The node of an identifier or literal.
    pub(super) fn leaf(&mut self, kind: &str, start: usize, end: usize) -> Option<NodeId> {
        let source = self.slice(start, end);
        let kind = match kind {
            "string" | "template_string" => {
                let (text, ..) = self.string_text(kind, start, end, false);
                Kind::String(text)
            }
            "number" => Kind::Number(source.to_string()),
            "unary_expression" if source.starts_with("void") => Kind::Null,
            "unary_expression" => Kind::Number(source.to_string()),
            "true" => Kind::Boolean(true),
            "false" => Kind::Boolean(false),
            "null" | "undefined" => Kind::Null,
            "this" => Kind::This,
            "super" => Kind::Super,
            "regex" => Kind::Opaque {
                children: Vec::new(),
            },
            "jsx_text" | "html_character_reference" => {
                return self.markup_text(start, end);
            }
            "meta_property" => return Some(self.path(start, end)),
            _ if source.is_empty() => return None,
            _ => Kind::Name(source.to_string()),
        };
        Some(self.builder.add(kind, start, end))
    }

    /// A dotted name that the walk did not look into: `a`, `a.b.c`, `import.meta`.
    pub(super) fn path(&mut self, start: usize, end: usize) -> NodeId {
        let source = self.slice(start, end);
        let mut position = start;
        let mut result: Option<NodeId> = None;
        for part in source.split('.') {
            let text = part.trim();
            let from = position + (part.len() - part.trim_start().len());
            let to = from + text.len();
            position += part.len() + 1;
            result = Some(match result {
                None => self.builder.add(Kind::Name(text.to_string()), from, to),
                Some(object) => {
                    let property = Name {
                        text: text.to_string(),
                        span: self.builder.span(from, to),
                    };
                    self.builder
                        .add(Kind::Member { object, property }, start, to)
                }
            });
        }
        match result {
            Some(result) => result,
            None => self.unknown(start),
        }
    }

    /// The value of a string literal, and the range between its quotes.
    pub(super) fn string_text(
        &self,
        kind: &str,
        start: usize,
        end: usize,
        is_markup: bool,
    ) -> (Text, usize, usize) {
        let source = self.slice(start, end);
        let (mut inner_start, mut inner_end) = (start, end);
        if let Some(quote) = source
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\'' | '`'))
        {
            inner_start += 1;
            if source.len() >= 2 && source.ends_with(quote) {
                inner_end -= 1;
            }
        }
        let notation = match (kind, is_markup) {
            ("template_string", _) => Notation::Template,
            (_, true) => Notation::Markup,
            _ => Notation::Quoted,
        };
        let mut text = Text::default();
        self.decode(inner_start, inner_end, notation, &mut text);
        (text, inner_start, inner_end)
    }

    /// The name of a property or module written as an identifier, a number or a literal, with the span of
    /// its text; and whether the text is the source byte for byte.
    pub(super) fn written_name(&self, child: &Child<'t>) -> (Name, bool) {
        if child.kind != "string" && child.kind != "template_string" {
            return (self.name(child), true);
        }
        let (text, start, end) = self.string_text(child.kind, child.start, child.end, false);
        let is_exact = text.value == self.slice(start, end);
        let name = Name {
            text: text.value,
            span: self.builder.span(start, end),
        };
        (name, is_exact)
    }

    /// A string in the text of an element, without the blanks around it; nothing if there is no more.
    fn markup_text(&mut self, start: usize, end: usize) -> Option<NodeId> {
        let source = self.slice(start, end);
        let from = start + (source.len() - source.trim_start().len());
        let to = start + source.trim_end().len();
        if from >= to {
            return None;
        }
        let mut text = Text::default();
        self.decode(from, to, Notation::Markup, &mut text);
        Some(self.builder.add(Kind::String(text), from, to))
    }

    /// The value of an attribute of an element.
    pub(super) fn markup_string(&mut self, start: usize, end: usize) -> NodeId {
        let (text, ..) = self.string_text("string", start, end, true);
        self.builder.add(Kind::String(text), start, end)
    }

    /// `` `a${b}c` ``; without a substitution it is an ordinary string.
    pub(super) fn template(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let source = self.slice(frame.start, frame.end);
        let has_end = source.len() >= 2 && source.ends_with('`');
        let (first, last) = (frame.start + 1, frame.end - usize::from(has_end));
        let mut operands = Vec::new();
        let mut position = first.min(last);
        let mut has_substitution = false;
        for child in frame.children {
            if child.kind != "template_substitution" || child.start < position {
                continue;
            }
            let (from, to) = (child.start, child.end);
            has_substitution = true;
            self.fixed_part(position, from, &mut operands);
            self.collect(child, &mut operands);
            position = to;
        }
        if !has_substitution {
            return Piece::Leaf;
        }
        self.fixed_part(position, last, &mut operands);
        let kind = Kind::Concat {
            operands,
            form: ConcatForm::Interpolation,
        };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    fn fixed_part(&mut self, start: usize, end: usize, operands: &mut Vec<NodeId>) {
        if start >= end {
            return;
        }
        let mut text = Text::default();
        self.decode(start, end, Notation::Template, &mut text);
        operands.push(self.builder.add(Kind::String(text), start, end));
    }
}

impl<'t> Lowering<'t> {
    /// Appends the value of a range of source to a text.
    fn decode(&self, start: usize, end: usize, notation: Notation, text: &mut Text) {
        let source = self.slice(start, end);
        let mut plain = 0;
        let mut position = 0;
        while let Some(rest) = source.get(position..)
            && !rest.is_empty()
        {
            let found = match notation {
                Notation::Quoted | Notation::Template if rest.starts_with('\\') => escape(rest),
                Notation::Template if rest.starts_with("\r\n") => Some((2, "\n".to_string())),
                Notation::Template if rest.starts_with('\r') => Some((1, "\n".to_string())),
                Notation::Markup if rest.starts_with('&') => character_reference(rest),
                _ => None,
            };
            match found {
                Some((length, value)) => {
                    self.push(source, start, plain..position, text);
                    let span = self
                        .builder
                        .span(start + position, start + position + length);
                    text.push(&value, span, Mapping::Escaped);
                    position += length;
                    plain = position;
                }
                None => position += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        self.push(source, start, plain..source.len(), text);
    }

    fn push(&self, source: &str, start: usize, range: std::ops::Range<usize>, text: &mut Text) {
        let span = self.builder.span(start + range.start, start + range.end);
        let value = source.get(range).unwrap_or("");
        if !value.is_empty() {
            text.push(value, span, Mapping::Exact);
        }
    }
}

/// The escape sequence at the start of a text: its length in bytes and its value.
fn escape(source: &str) -> Option<(usize, String)> {
    let after = source.get(1..)?;
    let first = after.chars().next()?;
    let simple = |value: char| Some((1 + first.len_utf8(), value.to_string()));
    match first {
        'n' => simple('\n'),
        't' => simple('\t'),
        'r' => simple('\r'),
        'b' => simple('\u{8}'),
        'v' => simple('\u{b}'),
        'f' => simple('\u{c}'),
        '\r' if after.starts_with("\r\n") => Some((3, String::new())),
        '\r' | '\n' | '\u{2028}' | '\u{2029}' => Some((1 + first.len_utf8(), String::new())),
        '0'..='7' => Some(octal(after)),
        'x' => match after
            .get(1..3)
            .and_then(hexadecimal)
            .and_then(char::from_u32)
        {
            Some(value) => Some((4, value.to_string())),
            None => simple('x'),
        },
        'u' => match unicode(source) {
            Some((length, value)) => Some((length, value.to_string())),
            None => simple('u'),
        },
        other => simple(other),
    }
}

/// `\0` to `\377`, without the backslash.
fn octal(after: &str) -> (usize, String) {
    let mut value = 0;
    let mut length = 0;
    for digit in after.chars().take(3).map_while(|c| c.to_digit(8)) {
        if value * 8 + digit > 0o377 {
            break;
        }
        value = value * 8 + digit;
        length += 1;
    }
    let value = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
    (1 + length, value.to_string())
}

/// `\u1234`, `\u{12345}` or a pair of surrogates. Half a pair has no character of its own.
fn unicode(source: &str) -> Option<(usize, char)> {
    let after = source.get(2..)?;
    if let Some(braced) = after.strip_prefix('{') {
        let end = braced.char_indices().take(10).find(|(_, c)| *c == '}')?.0;
        let value = hexadecimal(braced.get(..end)?)?;
        let value = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
        return Some((2 + 1 + end + 1, value));
    }
    let high = hexadecimal(after.get(..4)?)?;
    let low = after
        .get(4..)
        .and_then(|rest| rest.strip_prefix("\\u"))
        .and_then(|rest| rest.get(..4))
        .and_then(hexadecimal);
    match low {
        Some(low) if (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low) => {
            let value = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            Some((12, char::from_u32(value)?))
        }
        _ => Some((
            6,
            char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER),
        )),
    }
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all_digits.then(|| u32::from_str_radix(digits, 16).ok())?
}
