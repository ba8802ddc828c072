//! String literals on one line (and triple-quoted ones over several), with interpolations split off.
//!
//! It owns quotes, the escapes that most languages share, and the interpolations that are easily told
//! from text. It must not know where a literal stands.

use super::Reader;
use super::expression::Token;
use crate::syntax::tree::{ConcatForm, Kind, Mapping, NodeId, Text};

/// How the content of one literal is written.
#[derive(Clone, Copy)]
struct Content {
    quote: char,
    has_escapes: bool,
    doubles_quotes: bool,
    has_variables: bool,
    has_braces: bool,
}

impl Reader<'_> {
    /// Reads the literal at `at`, if one begins there and ends on this line.
    pub(super) fn literal(&mut self, at: usize, end: usize) -> Option<(Token, usize)> {
        let rest = self.slice(at, end);
        let prefix = self.prefix_length(rest, at);
        let quote = rest.get(prefix..)?.chars().next()?;
        if !matches!(quote, '"' | '\'' | '`') || (quote == '\'' && !self.style.has_single_quotes) {
            return None;
        }
        let before = self.slice(0, at).chars().next_back();
        if quote == '\'' && before.is_some_and(char::is_alphanumeric) {
            // An apostrophe.
            return None;
        }
        let prefix_text = rest.get(..prefix)?.to_ascii_lowercase();
        let open = at + prefix;
        if self.style.has_triple_quotes
            && let Some(found) = self.triple(at, open, quote)
        {
            return Some(found);
        }
        if self.hopeless.contains(&quote) {
            return None;
        }
        let is_raw =
            prefix_text.contains(['r', '@']) || (quote == '`' && self.style.lines == ["//"]);
        let doubles_quotes = self.style.doubles_quotes || prefix_text.contains('@');
        let content = Content {
            quote,
            has_escapes: !(is_raw || doubles_quotes || self.style.is_shell && quote == '\''),
            doubles_quotes,
            has_variables: quote != '\'' && !is_raw,
            has_braces: self.style.has_braces && prefix_text.contains(['f', '$']),
        };
        self.content(content, at, open + 1, end)
    }

    /// The length of what stands before the quote and belongs to the literal (`f"`, `r'`, `@"`, `$"`).
    fn prefix_length(&self, rest: &str, at: usize) -> usize {
        let length = rest
            .bytes()
            .take(3)
            .take_while(|byte| matches!(byte, b'@' | b'$') || byte.is_ascii_alphabetic())
            .count();
        let prefix = rest.get(..length).unwrap_or("").to_ascii_lowercase();
        let is_known = matches!(
            prefix.as_str(),
            "f" | "r" | "b" | "u" | "rb" | "br" | "fr" | "rf" | "@" | "$" | "@$" | "$@"
        );
        let before = self.slice(0, at).chars().next_back();
        let is_part_of_word =
            before.is_some_and(|before| before.is_alphanumeric() || before == '_');
        let has_quote = rest
            .get(length..)
            .is_some_and(|rest| rest.starts_with(['"', '\'']));
        if is_known && has_quote && !is_part_of_word {
            length
        } else {
            0
        }
    }

    /// `"""…"""`, whose value is taken as it is written.
    fn triple(&mut self, at: usize, open: usize, quote: char) -> Option<(Token, usize)> {
        let marks = match quote {
            '"' => "\"\"\"",
            '\'' => "'''",
            _ => return None,
        };
        let inner = open + 3;
        if !self.text.get(open..)?.starts_with(marks) || self.never_closed.contains(&marks) {
            return None;
        }
        let Some(length) = self.text.get(inner..)?.find(marks) else {
            self.never_closed.push(marks);
            return None;
        };
        let behind = inner + length + 3;
        let text = self.exact(inner, inner + length);
        let node = self.builder.add(Kind::String(text), at, behind);
        Some((Token::string(at, behind, node, None), behind))
    }

    fn exact(&self, start: usize, end: usize) -> Text {
        Text::exact(self.slice(start, end), self.builder.span(start, end))
    }

    /// Reads from behind the opening quote to the closing one.
    fn content(
        &mut self,
        content: Content,
        start: usize,
        inner: usize,
        end: usize,
    ) -> Option<(Token, usize)> {
        let mut text = Text::default();
        let mut parts: Vec<NodeId> = Vec::new();
        let mut part_start = inner;
        let mut exact = inner;
        let mut at = inner;
        loop {
            let rest = self.slice(at, end);
            let Some(character) = rest.chars().next() else {
                self.hopeless.push(content.quote);
                return None;
            };
            let next = at + character.len_utf8();
            if character == content.quote {
                let is_doubled =
                    content.doubles_quotes && self.slice(next, end).starts_with(content.quote);
                if !is_doubled {
                    break;
                }
                self.push(&mut text, exact, at, Some((character, at, next + 1)));
                at = next + 1;
                exact = at;
            } else if character == '\\' && content.has_escapes {
                let escape = self.escape(content.quote, at, end);
                let behind = match escape {
                    Some((value, behind)) => {
                        self.push(&mut text, exact, at, Some((value, at, behind)));
                        exact = behind;
                        behind
                    }
                    // Not an escape here: both characters stay.
                    None => {
                        next + self
                            .slice(next, end)
                            .chars()
                            .next()
                            .map_or(0, char::len_utf8)
                    }
                };
                at = behind;
            } else if let Some(length) = self.interpolation(content, at, end) {
                self.push(&mut text, exact, at, None);
                self.finish_part(&mut parts, &mut text, part_start, at);
                let children = Vec::new();
                parts.push(self.builder.add(Kind::Opaque { children }, at, at + length));
                at += length;
                exact = at;
                part_start = at;
            } else if content.has_braces && (rest.starts_with("{{") || rest.starts_with("}}")) {
                self.push(&mut text, exact, at, Some((character, at, at + 2)));
                at += 2;
                exact = at;
            } else {
                at = next;
            }
        }
        self.push(&mut text, exact, at, None);
        let behind = at + content.quote.len_utf8();
        if parts.is_empty() {
            let is_plain = text
                .segments
                .iter()
                .all(|segment| segment.mapping == Mapping::Exact);
            let key = (is_plain && inner < at).then_some((inner, at));
            let node = self.builder.add(Kind::String(text), start, behind);
            return Some((Token::string(start, behind, node, key), behind));
        }
        self.finish_part(&mut parts, &mut text, part_start, at);
        let form = ConcatForm::Interpolation;
        let node = self.builder.add(
            Kind::Concat {
                operands: parts,
                form,
            },
            start,
            behind,
        );
        Some((Token::string(start, behind, node, None), behind))
    }

    /// Appends the source from `exact` to `at`, and an escape behind it.
    fn push(&self, text: &mut Text, exact: usize, at: usize, escape: Option<(char, usize, usize)>) {
        text.push(
            self.slice(exact, at),
            self.builder.span(exact, at),
            Mapping::Exact,
        );
        if let Some((value, start, end)) = escape {
            let mut buffer = [0; 4];
            let value = value.encode_utf8(&mut buffer);
            text.push(value, self.builder.span(start, end), Mapping::Escaped);
        }
    }

    /// Closes the fixed part of an interpolation; empty ones are left out.
    fn finish_part(&mut self, parts: &mut Vec<NodeId>, text: &mut Text, start: usize, end: usize) {
        let text = std::mem::take(text);
        if !text.value.is_empty() {
            parts.push(self.builder.add(Kind::String(text), start, end));
        }
    }

    fn escape(&self, quote: char, at: usize, end: usize) -> Option<(char, usize)> {
        let character = self.slice(at + 1, end).chars().next()?;
        let short = at + 1 + character.len_utf8();
        let code = |digits: usize| {
            let digits_text = self.slice(short, end).get(..digits)?;
            let value = u32::from_str_radix(digits_text, 16).ok()?;
            Some((char::from_u32(value)?, short + digits))
        };
        if character == quote || character == '\\' {
            return Some((character, short));
        }
        if quote == '\'' {
            return None;
        }
        match character {
            'n' => Some(('\n', short)),
            't' => Some(('\t', short)),
            'r' => Some(('\r', short)),
            '\'' | '"' | '$' | '/' | '`' | '#' => Some((character, short)),
            'u' => code(4),
            'x' => code(2),
            _ => None,
        }
    }

    /// The length of the interpolation at `at`.
    fn interpolation(&mut self, content: Content, at: usize, end: usize) -> Option<usize> {
        let rest = self.slice(at, end);
        if content.has_braces && rest.starts_with('{') && !rest.starts_with("{{") {
            return self.bracketed(rest, '{', '}');
        }
        if !content.has_variables {
            return None;
        }
        if rest.starts_with("${") || rest.starts_with("#{") || rest.starts_with("{$") {
            return self.bracketed(rest, '{', '}');
        }
        if self.style.is_shell && rest.starts_with("$(") {
            return self.bracketed(rest, '(', ')');
        }
        let name = rest.strip_prefix('$').filter(|_| self.style.has_dollars)?;
        let length = name_length(name);
        if length == 0 {
            return None;
        }
        let behind = name.get(length..).unwrap_or("");
        let member = behind.strip_prefix("->").map_or(0, name_length);
        Some(1 + length + if member > 0 { 2 + member } else { 0 })
    }

    /// The length up to the bracket that closes the first one of `rest`.
    fn bracketed(&mut self, rest: &str, open: char, close: char) -> Option<usize> {
        if self.hopeless.contains(&close) {
            return None;
        }
        let mut depth = 0_usize;
        for (index, character) in rest.char_indices() {
            if character == open {
                depth += 1;
            } else if character == close {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index + close.len_utf8());
                }
            }
        }
        self.hopeless.push(close);
        None
    }
}

fn name_length(text: &str) -> usize {
    let is_name = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if !is_name {
        return 0;
    }
    text.bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count()
}
