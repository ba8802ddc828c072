//! The recovering parser: tokens in, tree out, in one pass and without going back.
//!
//! This file owns the place in the token list, the bound on depth and what is done with text that is not
//! understood. The files beside it own one kind of syntax each.
//!
//! Depth is bounded, so plain recursion is safe; content below the bound is skipped as a whole and the tree
//! marked. Looking ahead is bounded as well, so reading takes linear time on any input.

mod definition;
mod expression;
mod function;
mod group;
mod statement;
mod task;
#[cfg(test)]
mod tests;

use super::lexer::{self, TokenKind};
use super::literal;
use crate::syntax::Input;
use crate::syntax::tree::{Kind, Language, Name, NodeId, Tree, TreeBuilder};

/// Blocks and brackets within each other. Scripts stay below 30.
const DEEPEST: usize = 96;

/// How far a statement may be looked at before it is known what it is.
const LONGEST_LOOK: usize = 200;

/// What a text became.
pub struct Parsed {
    pub tree: Tree,
    /// What was not understood, in bytes of the text, in order.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the measuring tests"))]
    pub unread: Vec<(usize, usize)>,
}

pub fn parse(input: Input<'_>) -> Parsed {
    let mut parser = Parser::new(input);
    parser.in_export = parser.is_application_export();
    let mut body = parser.statements(Until::End, false);
    // Functions are known in the whole text, wherever they stand.
    let mut statements = std::mem::take(&mut parser.functions);
    statements.append(&mut body);
    Parsed {
        tree: parser.builder.finish(statements, input.text.len()),
        unread: parser.unread,
    }
}

/// A token that is neither blank nor comment.
#[derive(Clone, Copy, Debug)]
struct Lexeme {
    kind: TokenKind,
    start: usize,
    end: usize,
    /// Whether it is the first of its line.
    begins_line: bool,
}

/// A node with its range in the text, brackets around it included.
#[derive(Clone, Copy, Debug)]
struct Piece {
    node: NodeId,
    start: usize,
    end: usize,
}

/// What ends a list of statements, besides the end of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    End,
    Brace,
    /// The script of an application export: `on load ( … )`.
    Parenthesis,
}

/// What the surroundings of an expression allow.
#[derive(Clone, Copy, Debug)]
struct Mode {
    /// An entry of a task block: a new line ends it unless it goes on with an operator.
    ends_at_newline: bool,
    /// Within brackets: `=` is a comparison.
    in_brackets: bool,
    /// Several words in a row are a placeholder that somebody left (`YOUR AUTH TOKEN`).
    takes_bare_words: bool,
}

const STATEMENT: Mode = Mode {
    ends_at_newline: false,
    in_brackets: false,
    takes_bare_words: false,
};
const VALUE: Mode = Mode {
    takes_bare_words: true,
    ..STATEMENT
};
const LINE: Mode = Mode {
    ends_at_newline: true,
    ..VALUE
};
const BRACKETS: Mode = Mode {
    in_brackets: true,
    ..VALUE
};

struct Parser<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme>,
    at: usize,
    builder: TreeBuilder,
    depth: usize,
    functions: Vec<NodeId>,
    unread: Vec<(usize, usize)>,
    is_partly_read: bool,
    in_export: bool,
    /// Scripts in round brackets that are open.
    open_scripts: usize,
}

impl<'a> Parser<'a> {
    fn new(input: Input<'a>) -> Parser<'a> {
        let mut builder = TreeBuilder::new(Language::Deluge, input.base);
        let mut lexemes = Vec::new();
        let mut begins_line = true;
        for token in lexer::tokens(input.text) {
            let (start, end) = (token.start, token.end);
            match token.kind {
                TokenKind::Space => {}
                TokenKind::Newline => begins_line = true,
                TokenKind::LineComment => builder.comment(start, end, start + 2, end),
                TokenKind::BlockComment => {
                    let source = input.text.get(start..end).unwrap_or_default();
                    let is_closed = source.len() >= 4 && source.ends_with("*/");
                    let text_end = if is_closed { end - 2 } else { end };
                    builder.comment(start, end, start + 2, text_end);
                }
                kind => {
                    lexemes.push(Lexeme {
                        kind,
                        start,
                        end,
                        begins_line,
                    });
                    begins_line = false;
                }
            }
        }
        Parser {
            text: input.text,
            lexemes,
            at: 0,
            builder,
            depth: 0,
            functions: Vec::new(),
            unread: Vec::new(),
            is_partly_read: false,
            in_export: false,
            open_scripts: 0,
        }
    }

    // --- the place in the list ------------------------------------------------------------------

    fn ahead(&self, distance: usize) -> Option<Lexeme> {
        self.lexemes.get(self.at + distance).copied()
    }

    fn source(&self, lexeme: Lexeme) -> &'a str {
        self.text.get(lexeme.start..lexeme.end).unwrap_or_default()
    }

    fn is_symbol(&self, distance: usize, symbol: &str) -> bool {
        self.symbol(distance) == Some(symbol)
    }

    fn symbol(&self, distance: usize) -> Option<&'a str> {
        let lexeme = self.ahead(distance)?;
        (lexeme.kind == TokenKind::Symbol).then(|| self.source(lexeme))
    }

    fn word(&self, distance: usize) -> Option<&'a str> {
        let lexeme = self.ahead(distance)?;
        (lexeme.kind == TokenKind::Word).then(|| self.source(lexeme))
    }

    fn is_word(&self, distance: usize, word: &str) -> bool {
        self.word(distance)
            .is_some_and(|found| found.eq_ignore_ascii_case(word))
    }

    fn is_string(&self, distance: usize) -> bool {
        self.ahead(distance)
            .is_some_and(|lexeme| matches!(lexeme.kind, TokenKind::String { .. }))
    }

    /// Whether the lexeme is the first of its line, or missing.
    fn begins_line(&self, distance: usize) -> bool {
        self.ahead(distance).is_none_or(|lexeme| lexeme.begins_line)
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(0, symbol);
        if found {
            self.advance();
        }
        found
    }

    /// Where the next lexeme begins.
    fn here(&self) -> usize {
        self.ahead(0).map_or(self.text.len(), |lexeme| lexeme.start)
    }

    /// Where the last lexeme that was taken ends.
    fn reached(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.lexemes.get(at));
        last.map_or(0, |lexeme| lexeme.end)
    }

    // --- nodes ----------------------------------------------------------------------------------

    fn piece(&mut self, kind: Kind, start: usize, end: usize) -> Piece {
        let end = end.max(start);
        let node = self.builder.add(kind, start, end);
        Piece { node, start, end }
    }

    fn opaque(&mut self, children: Vec<NodeId>, start: usize, end: usize) -> Piece {
        self.piece(Kind::Opaque { children }, start, end)
    }

    /// A value that is missing.
    fn nothing(&mut self) -> Piece {
        let at = self.reached();
        self.opaque(Vec::new(), at, at)
    }

    fn name(&self, lexeme: Lexeme) -> Name {
        Name {
            text: self.source(lexeme).to_string(),
            span: self.builder.span(lexeme.start, lexeme.end),
        }
    }

    fn name_node(&mut self, lexeme: Lexeme) -> Piece {
        let name = self.source(lexeme).to_string();
        self.piece(Kind::Name(name), lexeme.start, lexeme.end)
    }

    fn string_node(&mut self, lexeme: Lexeme) -> Piece {
        let closed = lexeme.kind == (TokenKind::String { closed: true });
        let text = literal::text(self.source(lexeme), lexeme.start, closed, &self.builder);
        self.piece(Kind::String(text), lexeme.start, lexeme.end)
    }

    // --- what is not understood -----------------------------------------------------------------

    /// Notes a part that was not understood. Parts within one that is noted already are left out.
    fn leave_unread(&mut self, start: usize, end: usize) {
        while self.unread.last().is_some_and(|last| last.0 >= start) {
            self.unread.pop();
        }
        if self.unread.last().is_none_or(|last| last.1 <= start) && start < end {
            self.unread.push((start, end));
        }
    }

    /// Reads on to the end of the statement and makes one opaque node of it, with what can be read inside.
    fn recover(&mut self, start: usize, mut children: Vec<NodeId>) -> Piece {
        let from = self.here();
        while let Some(lexeme) = self.ahead(0) {
            let is_first = lexeme.start <= start;
            if lexeme.begins_line && !is_first {
                break;
            }
            match self.symbol(0) {
                Some(";" | "}") => break,
                Some(")") if self.open_scripts > 0 => break,
                // A block: its statements are read as such.
                Some("{") if !is_first && self.begins_line(1) => break,
                _ => {}
            }
            self.read_or_skip(&mut children);
        }
        let end = self.reached().max(start);
        self.leave_unread(from.min(end), end);
        self.opaque(children, start, end)
    }

    /// Takes an expression, or one lexeme that begins none. Bare names say nothing.
    fn read_or_skip(&mut self, children: &mut Vec<NodeId>) {
        let mode = Mode {
            takes_bare_words: false,
            ..LINE
        };
        match self.expression(mode) {
            Some(piece) => {
                let is_bare = match self.builder.kind(piece.node) {
                    Kind::Name(_) => true,
                    Kind::Opaque { children } => children.is_empty(),
                    _ => false,
                };
                if !is_bare {
                    children.push(piece.node);
                }
            }
            None => self.advance(),
        }
    }

    /// Whether a line begins here that can only be a new statement, so that a bracket left open before it
    /// does not swallow it.
    fn begins_statement(&self) -> bool {
        let Some(lexeme) = self.ahead(0) else {
            return true;
        };
        if !lexeme.begins_line {
            return false;
        }
        let Some(word) = self.word(0) else {
            return self.is_symbol(0, "}");
        };
        if matches!(self.symbol(1), Some("=" | "+=")) {
            return true;
        }
        match word.to_ascii_lowercase().as_str() {
            "if" | "while" => self.is_symbol(1, "("),
            "for" => self.is_word(1, "each"),
            "else" => self.is_word(1, "if") || self.is_symbol(1, "{"),
            "try" => self.is_symbol(1, "{"),
            "info" | "return" => self
                .ahead(1)
                .is_some_and(|next| next.kind != TokenKind::Symbol && !next.begins_line),
            _ => false,
        }
    }

    /// Runs one level deeper, or skips what is there if that is too deep.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        Some(result)
    }

    /// Skips the brackets that open here with all that is in them, or else one lexeme. Brackets that never
    /// close take the rest of the text: nothing below the bound is read twice.
    fn skip_too_deep(&mut self) -> Piece {
        let start = self.here();
        if !self.is_partly_read {
            self.is_partly_read = true;
            let before = self.text.get(..start).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            self.builder.partly_read(format!(
                "brackets nested more than {DEEPEST} deep at line {line}"
            ));
        }
        let mut open: usize = 0;
        while self.ahead(0).is_some() {
            match self.symbol(0) {
                Some("(" | "[" | "{") => open += 1,
                Some(")" | "]" | "}") => open = open.saturating_sub(1),
                _ => {}
            }
            self.advance();
            if open == 0 {
                break;
            }
        }
        let end = self.reached();
        self.leave_unread(start, end);
        self.opaque(Vec::new(), start, end)
    }
}
