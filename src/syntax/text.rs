//! Front end for every language without one of its own, and for plain text.
//!
//! It reads line by line and lexically: comments, string literals, what is joined to them, and what is
//! named by a key. It must not claim to understand a language: what it does not recognise it leaves out.
//! Lines longer than any that people write are one literal each, without structure.

pub(in crate::syntax) mod prose;

mod expression;
mod literal;
mod shell;
mod style;

use super::Input;
use super::tree::{Kind, Language, NodeId, Text, Tree, TreeBuilder};
use expression::Token;
use prose::{IndentedCode, document, lines};
use style::Style;

/// Longest line that is read with its structure. Longer ones are minified or data.
const LONGEST_LINE: usize = 10_000;

pub fn lower(input: Input<'_>) -> Tree {
    let builder = TreeBuilder::new(Language::Text, input.base);
    match Style::of(input.path, input.text) {
        None => lower_prose(input, builder),
        Some(style) => {
            let mut reader = Reader {
                text: input.text,
                builder,
                style,
                body: Vec::new(),
                never_closed: Vec::new(),
                hopeless: Vec::new(),
            };
            reader.read();
            reader.builder.finish(reader.body, input.text.len())
        }
    }
}

fn lower_prose(input: Input<'_>, mut builder: TreeBuilder) -> Tree {
    // Directives of reStructuredText are indented by three.
    let depth = if input.path.ends_with(".rst") { 3 } else { 4 };
    let mut indented = IndentedCode::new();
    for line in lines(input.text) {
        if line.text.len() > LONGEST_LINE || !indented.take(&mut builder, &line, depth) {
            document(&mut builder, input.text, line.start, line.end);
        }
    }
    indented.close(&mut builder);
    builder.finish(Vec::new(), input.text.len())
}

struct Reader<'a> {
    text: &'a str,
    builder: TreeBuilder,
    style: Style,
    body: Vec<NodeId>,
    /// Closing marks that the rest of the file does not have: not searched for again.
    never_closed: Vec<&'static str>,
    /// Quotes and brackets that the rest of the line does not close.
    hopeless: Vec<char>,
}

impl<'a> Reader<'a> {
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or("");
        rest.find('\n')
            .map_or(self.text.len(), |length| from + length)
    }

    fn read(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let end = self.line_end(at);
            if end - at > LONGEST_LINE {
                let span = self.builder.span(at, end);
                let text = Text::exact(self.slice(at, end), span);
                let node = self.builder.add(Kind::String(text), at, end);
                self.body.push(node);
                at = end + 1;
                continue;
            }
            self.hopeless.clear();
            let start = self.shell_settings(at, end);
            let (tokens, reached) = self.tokens(start, end);
            self.expressions(&tokens);
            // A comment or literal over several lines may end in the middle of one.
            at = if reached > end { reached } else { end + 1 };
        }
    }

    /// The tokens from `start` up to the end of the line, and where reading has got to.
    fn tokens(&mut self, start: usize, end: usize) -> (Vec<Token>, usize) {
        let mut tokens = Vec::new();
        let mut at = start;
        while at < end {
            let Some(character) = self.slice(at, end).chars().next() else {
                break;
            };
            if character.is_whitespace() {
                at += character.len_utf8();
            } else if let Some(behind) = self.comment(at, start, end) {
                at = behind;
            } else if let Some((token, behind)) = self.literal(at, end) {
                tokens.push(token);
                at = behind;
            } else {
                let length = token_length(self.slice(at, end), character);
                let is_word = character.is_alphanumeric() || matches!(character, '_' | '$' | '@');
                tokens.push(Token::bare(at, at + length, is_word));
                at += length;
            }
        }
        (tokens, at)
    }

    /// Records the comment at `at`, if one begins there, and says where it ends.
    fn comment(&mut self, at: usize, line: usize, end: usize) -> Option<usize> {
        let rest = self.slice(at, end);
        for (opening, closing) in self.style.blocks {
            if !rest.starts_with(opening) || self.never_closed.contains(closing) {
                continue;
            }
            let inner = at + opening.len();
            match self.text.get(inner..).and_then(|rest| rest.find(closing)) {
                Some(length) => {
                    let text_end = inner + length;
                    let behind = text_end + closing.len();
                    self.builder.comment(at, behind, inner, text_end);
                    return Some(behind);
                }
                None => self.never_closed.push(closing),
            }
        }
        let before = self.slice(line, at).chars().next_back();
        for mark in self.style.lines {
            let is_comment = rest.starts_with(mark)
                && match *mark {
                    // The address of a page is no comment.
                    "//" => before != Some(':'),
                    "'" => true,
                    _ => before.is_none_or(|before| {
                        before.is_whitespace() || matches!(before, ';' | ')' | '}' | ',')
                    }),
                };
            if is_comment {
                let text_end = at + rest.trim_end().len();
                let text_start = (at + mark.len()).min(text_end);
                self.builder.comment(at, text_end, text_start, text_end);
                return Some(end);
            }
        }
        None
    }
}

/// The length of the word or operator at the beginning of `rest`.
fn token_length(rest: &str, first: char) -> usize {
    const OPERATORS: [&str; 23] = [
        "===", "!==", "<=>", "||=", "??=", "=>", "->", "::", "==", "!=", "<=", ">=", "=~", ".=",
        "+=", ":=", "?=", "..", "<<", "&&", "||", "??", "?:",
    ];
    if !(first.is_alphanumeric() || matches!(first, '_' | '$' | '@')) {
        let operator = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator));
        return operator.map_or(first.len_utf8(), |operator| operator.len());
    }
    let mut length = first.len_utf8();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((index, character)) = characters.next() {
        let joins = character == '-'
            && characters
                .peek()
                .is_some_and(|(_, next)| next.is_alphabetic());
        if !(character.is_alphanumeric() || character == '_' || joins) {
            return index;
        }
        length = index + character.len_utf8();
    }
    length
}

#[cfg(test)]
mod tests;
