//! What stands in brackets: arguments, map literals, lists, and the way out when a bracket is not closed.
//!
//! Must not know what the brackets mean to whoever opened them.

use super::{BRACKETS, Parser, Piece};
use crate::syntax::deluge::lexer::TokenKind;
use crate::syntax::deluge::literal;
use crate::syntax::tree::{Argument, Entry, Key, Kind, Name, NodeId};

/// `value` or `key : value`.
pub(super) struct Item {
    pub piece: Piece,
    pub value: Option<Piece>,
}

impl Item {
    /// The value, or the only expression.
    pub(super) fn node(&self) -> NodeId {
        self.value.unwrap_or(self.piece).node
    }
}

impl Parser<'_> {
    /// Takes the bracket that opens, what is in it, and the one that closes if it is there. A semicolon or
    /// the beginning of a statement closes it as well.
    pub(super) fn items(&mut self, closer: &str) -> Vec<Item> {
        self.advance();
        let mut items = Vec::new();
        loop {
            if self.take_symbol(closer) || self.ahead(0).is_none() {
                return items;
            }
            if self.take_symbol(",") {
                continue;
            }
            let Some(piece) = self.item_part(closer) else {
                return items;
            };
            let value = if self.take_symbol(":") {
                self.item_part(closer)
            } else {
                None
            };
            items.push(Item { piece, value });
            if !matches!(self.symbol(0), Some(",")) {
                self.take_symbol(closer);
                return items;
            }
        }
    }

    /// An expression up to the next comma, colon or closing bracket; with what does not fit, opaque.
    fn item_part(&mut self, closer: &str) -> Option<Piece> {
        // `if(` may be a value; anything else that looks like a statement is one.
        if self.begins_statement() && !self.is_word(0, "if") {
            return None;
        }
        let start = self.here();
        let read = self.expression(BRACKETS);
        let from = self.here();
        let mut children: Vec<NodeId> = read.iter().map(|piece| piece.node).collect();
        let before = self.at;
        while !self.ends_item(closer) {
            self.read_or_skip(&mut children);
        }
        if self.at == before {
            return read;
        }
        let end = self.reached();
        self.leave_unread(from, end);
        Some(self.opaque(children, start, end))
    }

    fn ends_item(&self, closer: &str) -> bool {
        let Some(lexeme) = self.ahead(0) else {
            return true;
        };
        match self.symbol(0) {
            Some("," | ":" | ";" | ")" | "]" | "}") => true,
            Some(symbol) if symbol == closer => true,
            // The block of a condition whose bracket was forgotten.
            Some("{") if self.begins_line(1) => true,
            _ => lexeme.begins_line && self.begins_statement(),
        }
    }

    /// `{"key": value}`, `{a, b}`, `{}`
    pub(super) fn braces(&mut self) -> Piece {
        let start = self.here();
        let first = self.at;
        let items = self.items("}");
        let end = self.reached();
        let is_map = items.is_empty() || items.iter().any(|item| item.value.is_some());
        if !is_map {
            return self.list_of(items, start, end);
        }
        let mut at = first;
        let mut entries = Vec::new();
        for item in items {
            let key = self.key(&item, &mut at);
            let value = match item.value {
                Some(value) => value,
                None => self.opaque(Vec::new(), item.piece.end, item.piece.end),
            };
            let span = self.builder.span(item.piece.start, value.end);
            entries.push(Entry {
                key,
                value: value.node,
                span,
            });
        }
        self.piece(Kind::Map { entries }, start, end)
    }

    /// A literal without escapes is a name; anything else is evaluated, also a bare variable.
    fn key(&self, item: &Item, at: &mut usize) -> Key {
        while self
            .lexemes
            .get(*at)
            .is_some_and(|lexeme| lexeme.start < item.piece.start)
        {
            *at += 1;
        }
        let lexeme = self
            .lexemes
            .get(*at)
            .copied()
            .filter(|lexeme| lexeme.end == item.piece.end);
        if let Some(lexeme) = lexeme
            && let TokenKind::String { closed } = lexeme.kind
        {
            let source = self.source(lexeme);
            if !source.contains('\\') {
                let (from, to) = literal::content(source, closed);
                return Key::Static(Name {
                    text: source.get(from..to).unwrap_or_default().to_string(),
                    span: self.builder.span(lexeme.start + from, lexeme.start + to),
                });
            }
        }
        Key::Computed(item.piece.node)
    }

    /// `[a, b]`
    pub(super) fn list(&mut self) -> Piece {
        let start = self.here();
        let items = self.items("]");
        let end = self.reached();
        self.list_of(items, start, end)
    }

    fn list_of(&mut self, items: Vec<Item>, start: usize, end: usize) -> Piece {
        let items = items
            .iter()
            .map(|item| Argument {
                name: None,
                value: item.node(),
                is_spread: false,
            })
            .collect();
        self.piece(Kind::List { items }, start, end)
    }
}
