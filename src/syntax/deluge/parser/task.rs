//! Task blocks: `invokeurl [ … ]`, `sendmail [ … ]`, `insert into Form [ … ]`.
//!
//! Entries are `key : value` without a mark between them; a value ends with its line, or where the next key
//! begins. Must not know what a task does with its entries.

use super::{LINE, Parser, Piece};
use crate::syntax::deluge::lexer::TokenKind;
use crate::syntax::tree::{Argument, Call, Kind, Mapping, Name, NodeId, Text};

/// Tasks that are followed by a block, whatever stands in it.
const TASKS: [&str; 6] = [
    "invokeurl",
    "sendmail",
    "sendsms",
    "pushnotification",
    "invokeapi",
    "webhook",
];

/// Keys that are read even where the colon was forgotten.
const KEYS: [&str; 22] = [
    "url",
    "type",
    "headers",
    "header",
    "parameters",
    "connection",
    "body",
    "files",
    "detailed",
    "content-type",
    "response-format",
    "response-decoding",
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "message",
    "reply to",
    "content type",
    "attachments",
    "attachment",
];

/// Keys whose value is a word of the language, not a variable.
const WORD_VALUES: [&str; 4] = [
    "type",
    "content-type",
    "response-format",
    "response-decoding",
];

/// What may be an entry's key: `url :`, or `Field =` as well in `insert into`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Task,
    Fields,
}

impl Parser<'_> {
    /// A task block, if one begins with this word.
    pub(super) fn task(&mut self) -> Option<Piece> {
        let lexeme = self.ahead(0)?;
        let word = self.word(0)?.to_ascii_lowercase();
        if word == "insert" && self.is_word(1, "into") && self.word(2).is_some() {
            return Some(self.insert());
        }
        let is_known = TASKS.contains(&word.as_str());
        let has_key = self.key_length(2, Keys::Task).is_some();
        let closer = match self.symbol(1)? {
            "[" if is_known || has_key => "]",
            "(" if is_known && has_key => ")",
            _ => return None,
        };
        self.advance();
        let callee = self.piece(Kind::Name(word), lexeme.start, lexeme.end);
        self.advance();
        let arguments = self.entries(closer, Keys::Task);
        Some(self.task_call(callee, arguments))
    }

    fn task_call(&mut self, callee: Piece, arguments: Vec<Argument>) -> Piece {
        let end = self.reached();
        let call = Call {
            callee: callee.node,
            arguments,
            is_new: false,
            body: None,
        };
        self.piece(Kind::Call(Box::new(call)), callee.start, end)
    }

    fn insert(&mut self) -> Piece {
        let start = self.here();
        self.at += 2;
        let callee_end = self.reached();
        let callee = self.piece(Kind::Name("insert into".to_string()), start, callee_end);
        let form = self.path();
        let mut arguments = vec![unnamed(form.node)];
        let closer = match self.symbol(0) {
            Some("[") => Some("]"),
            Some("(") => Some(")"),
            _ => None,
        };
        if let Some(closer) = closer {
            self.advance();
            arguments.append(&mut self.entries(closer, Keys::Fields));
        }
        self.task_call(callee, arguments)
    }

    /// `Form`, `app.Form`: names with points between them.
    pub(super) fn path(&mut self) -> Piece {
        let Some(first) = self
            .ahead(0)
            .filter(|lexeme| lexeme.kind == TokenKind::Word)
        else {
            return self.nothing();
        };
        self.advance();
        let mut path = self.name_node(first);
        while self.is_symbol(0, ".")
            && let Some(property) = self
                .ahead(1)
                .filter(|lexeme| lexeme.kind == TokenKind::Word)
        {
            self.at += 2;
            let kind = Kind::Member {
                object: path.node,
                property: self.name(property),
            };
            path = self.piece(kind, path.start, property.end);
        }
        path
    }

    /// How many lexemes make up a key at this place, its mark not counted.
    fn key_length(&self, distance: usize, keys: Keys) -> Option<usize> {
        if self.is_string(distance) {
            return self.is_symbol(distance + 1, ":").then_some(1);
        }
        self.word(distance)?;
        let mut length = 1;
        loop {
            if length > 1 && self.begins_line(distance + length) {
                return None;
            }
            match self.symbol(distance + length) {
                Some(":") => return Some(length),
                Some("=") if keys == Keys::Fields => return Some(length),
                Some("-" | ".") if self.word(distance + length + 1).is_some() => length += 2,
                None if self.word(distance + length).is_some() => length += 1,
                _ => break,
            }
            if length > 6 {
                return None;
            }
        }
        // `url = x` and `connection"desk"`.
        let text = self.key_text(distance, length);
        let is_known = keys == Keys::Task && KEYS.contains(&text.as_str());
        let goes_on = self.is_symbol(distance + length, "=") || self.is_string(distance + length);
        (is_known && goes_on && !self.begins_line(distance + length)).then_some(length)
    }

    fn key_text(&self, distance: usize, length: usize) -> String {
        let mut text = String::new();
        let mut is_joined = true;
        for at in distance..distance + length {
            let Some(lexeme) = self.ahead(at) else { break };
            let part = self.source(lexeme);
            let is_mark = lexeme.kind == TokenKind::Symbol;
            if !is_joined && !is_mark {
                text.push(' ');
            }
            is_joined = is_mark;
            text.push_str(part);
        }
        let bare = text.trim_matches(|character| matches!(character, '"' | '\'' | '“' | '”'));
        bare.to_string()
    }

    /// The entries up to the closing bracket. What can only be a new statement closes the block too.
    fn entries(&mut self, closer: &str, keys: Keys) -> Vec<Argument> {
        let mut arguments = Vec::new();
        loop {
            if self.take_symbol(closer) || self.ahead(0).is_none() {
                break;
            }
            if self.take_symbol(",") {
                continue;
            }
            let separates = self.is_symbol(0, ";")
                && (self.is_symbol(1, closer) || self.key_length(1, keys).is_some());
            if separates {
                self.advance();
                continue;
            }
            if matches!(self.symbol(0), Some(";" | "}")) {
                break;
            }
            match self.key_length(0, keys) {
                Some(length) => arguments.push(self.entry(length, closer, keys)),
                None if self.begins_statement() => break,
                None => {
                    let start = self.here();
                    let mut children = Vec::new();
                    self.rest_of_entry(closer, keys, &mut children);
                    let end = self.reached();
                    self.leave_unread(start, end);
                    let rest = self.opaque(children, start, end);
                    arguments.push(unnamed(rest.node));
                }
            }
        }
        arguments
    }

    fn entry(&mut self, length: usize, closer: &str, keys: Keys) -> Argument {
        let start = self.here();
        let mut text = self.key_text(0, length);
        if keys == Keys::Task {
            text.make_ascii_lowercase();
        }
        self.at += length;
        let span = self.builder.span(start, self.reached());
        if !self.take_symbol(":") {
            self.take_symbol("=");
        }
        let value = self.entry_value(&text, closer, keys);
        Argument {
            name: Some(Name { text, span }),
            value,
            is_spread: false,
        }
    }

    fn entry_value(&mut self, key: &str, closer: &str, keys: Keys) -> NodeId {
        let is_empty =
            self.begins_line(0) && (self.key_length(0, keys).is_some() || self.begins_statement());
        if is_empty || self.is_symbol(0, closer) {
            return self.nothing().node;
        }
        if keys == Keys::Task && WORD_VALUES.contains(&key) && self.is_word_alone(closer, keys) {
            return self.word_value();
        }
        let start = self.here();
        let read = self.expression(LINE);
        let mut children: Vec<NodeId> = read.iter().map(|piece| piece.node).collect();
        let before = self.at;
        let from = self.here();
        if !self.ends_entry(closer, keys) {
            self.rest_of_entry(closer, keys, &mut children);
        }
        if let Some(piece) = read
            && self.at == before
        {
            return piece.node;
        }
        let end = self.reached();
        self.leave_unread(from, end);
        self.opaque(children, start, end).node
    }

    /// Whether one word stands here and nothing else: `type : GET`.
    fn is_word_alone(&self, closer: &str, keys: Keys) -> bool {
        self.word(0).is_some()
            && (self.begins_line(1)
                || self.is_symbol(1, closer)
                || matches!(self.symbol(1), Some("," | ";"))
                || self.key_length(1, keys).is_some())
    }

    fn word_value(&mut self) -> NodeId {
        let Some(lexeme) = self.ahead(0) else {
            return self.nothing().node;
        };
        self.advance();
        let mut text = Text::default();
        let span = self.builder.span(lexeme.start, lexeme.end);
        text.push(self.source(lexeme), span, Mapping::Exact);
        self.piece(Kind::String(text), lexeme.start, lexeme.end)
            .node
    }

    fn ends_entry(&self, closer: &str, keys: Keys) -> bool {
        self.begins_line(0)
            || self.is_symbol(0, closer)
            || matches!(self.symbol(0), Some(";" | "}" | ","))
            || self.key_length(0, keys).is_some()
    }

    /// Takes at least one lexeme, and then all to the end of the entry.
    fn rest_of_entry(&mut self, closer: &str, keys: Keys, children: &mut Vec<NodeId>) {
        loop {
            self.read_or_skip(children);
            if self.ends_entry(closer, keys) {
                break;
            }
        }
    }
}

fn unnamed(value: NodeId) -> Argument {
    Argument {
        name: None,
        value,
        is_spread: false,
    }
}
