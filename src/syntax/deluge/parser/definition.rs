//! Creator application exports: forms, reports and workflows, with the scripts inside them.
//!
//! Definitions are blocks and bindings here, no more; what counts is that the statements of scripts inside
//! them are read as such. Must not know what a definition means.

use super::{LINE, Parser, Piece, Until};
use crate::syntax::deluge::lexer::TokenKind;
use crate::syntax::tree::{Binding, Kind, NodeId};

/// Words before the bracket of a definition: `custom deluge script (`, `Orders as "All orders" {`.
const LONGEST_HEAD: usize = 24;

impl Parser<'_> {
    /// `application "name" {` as the first thing in the text.
    pub(super) fn is_application_export(&self) -> bool {
        self.is_word(0, "application")
            && (1..4).any(|distance| self.is_symbol(distance, "{"))
            && (self.is_string(1) || self.word(1).is_some())
    }

    /// A definition that begins here, unless it is a statement of a script.
    pub(super) fn definition(&mut self) -> Option<Piece> {
        let length = self.head_length()?;
        match self.symbol(length) {
            Some("{") => Some(self.container(length)),
            Some("(") if length > 1 || self.begins_line(length) => Some(self.container(length)),
            Some("=") if length > 1 && !self.begins_line(length) => Some(self.property(length)),
            _ => None,
        }
    }

    /// Words and literals of one line up to a bracket or an equals sign.
    fn head_length(&self) -> Option<usize> {
        self.word(0)?;
        let mut length = 1;
        while length <= LONGEST_HEAD {
            let lexeme = self.ahead(length)?;
            let belongs = match lexeme.kind {
                TokenKind::Word
                | TokenKind::Number
                | TokenKind::String { .. }
                | TokenKind::Other => true,
                TokenKind::Symbol => matches!(self.source(lexeme), "/" | "-" | ":" | "&"),
                _ => false,
            };
            if !belongs {
                return Some(length);
            }
            if lexeme.begins_line {
                return None;
            }
            length += 1;
        }
        None
    }

    fn container(&mut self, head: usize) -> Piece {
        let start = self.here();
        self.at += head;
        let body = match self.symbol(0) {
            Some("{") => self.statements_in_braces(false),
            _ => self.statements_in_parentheses(),
        };
        let end = self.reached();
        self.piece(Kind::Block { body }, start, end)
    }

    fn statements_in_parentheses(&mut self) -> Vec<NodeId> {
        let read = self.deeper(|parser| {
            parser.advance();
            parser.open_scripts += 1;
            let body = parser.statements(Until::Parenthesis, false);
            parser.open_scripts -= 1;
            parser.take_symbol(")");
            body
        });
        match read {
            Some(body) => body,
            None => vec![self.skip_too_deep().node],
        }
    }

    /// `success message = "Saved"`: a key of several words.
    fn property(&mut self, head: usize) -> Piece {
        let start = self.here();
        let words: Vec<&str> = (0..head)
            .filter_map(|distance| self.word(distance))
            .collect();
        let key = words.join(" ");
        self.at += head;
        let target = self.piece(Kind::Name(key), start, self.reached());
        self.advance();
        let value = self.property_value();
        self.binding(target, value)
    }

    /// A value that ends with its line; what it means is not asked (`on add`, `10:30`).
    pub(super) fn property_value(&mut self) -> Piece {
        let start = self.here();
        if self.begins_line(0) {
            return self.nothing();
        }
        let read = self.expression(LINE);
        let mut children: Vec<_> = read.iter().map(|piece| piece.node).collect();
        let before = self.at;
        while !self.begins_line(0) && !matches!(self.symbol(0), Some(";" | "}" | ")")) {
            self.read_or_skip(&mut children);
        }
        match read {
            Some(piece) if self.at == before => piece,
            _ => {
                let end = self.reached();
                self.opaque(children, start, end)
            }
        }
    }

    pub(super) fn binding(&mut self, target: Piece, value: Piece) -> Piece {
        let binding = Binding {
            target: target.node,
            value: Some(value.node),
            type_name: None,
            is_static: false,
            is_constant: false,
            annotations: Vec::new(),
        };
        self.piece(Kind::Binding(Box::new(binding)), target.start, value.end)
    }
}
