//! Statements and blocks.
//!
//! Must not know the inside of expressions. Every statement takes at least one lexeme, so a list always
//! comes to its end.

use super::{Parser, Piece, STATEMENT, Until, VALUE};
use crate::syntax::deluge::lexer::TokenKind;
use crate::syntax::tree::{Argument, AssignOperator, Binding, Call, Kind, NodeId};

/// Words that act on what follows them without brackets.
const COMMANDS: [&str; 9] = [
    "info", "alert", "cancel", "hide", "show", "enable", "disable", "clear", "reload",
];

impl Parser<'_> {
    /// The statements up to the mark, which is left to the caller. In an arm of an `if` whose brace was
    /// forgotten, an `else` ends them too.
    pub(super) fn statements(&mut self, until: Until, in_arm: bool) -> Vec<NodeId> {
        let mut body = Vec::new();
        while self.ahead(0).is_some() {
            if self.take_symbol(";") {
                continue;
            }
            match self.symbol(0) {
                Some("}") if until != Until::End => break,
                Some(")") if until == Until::Parenthesis => break,
                _ => {}
            }
            if in_arm
                && self.is_word(0, "else")
                && (self.is_symbol(1, "{") || self.is_word(1, "if"))
            {
                break;
            }
            // What ends a statement and begins none.
            let is_stray =
                self.is_symbol(0, "}") || self.open_scripts > 0 && self.is_symbol(0, ")");
            if is_stray {
                let start = self.here();
                self.advance();
                let end = self.reached();
                self.leave_unread(start, end);
                body.push(self.opaque(Vec::new(), start, end).node);
            } else if let Some(statement) = self.statement() {
                body.push(statement.node);
            }
        }
        body
    }

    /// One statement; nothing for a function, which is kept elsewhere.
    fn statement(&mut self) -> Option<Piece> {
        if self.is_symbol(0, "{") {
            return Some(self.block(false));
        }
        if self.word(0).is_some() {
            if let Some(statement) = self.keyword_statement() {
                return Some(statement);
            }
            if let Some(header) = self.function_header() {
                self.function(&header);
                return None;
            }
            if self.in_export
                && let Some(definition) = self.definition()
            {
                return Some(definition);
            }
        }
        Some(self.expression_statement())
    }

    fn keyword_statement(&mut self) -> Option<Piece> {
        let word = self.word(0)?.to_ascii_lowercase();
        match word.as_str() {
            "if" if self.is_symbol(1, "(") => Some(self.branch()),
            "else" => Some(self.stray_else()),
            "for" if self.is_word(1, "each") => self.loop_over(),
            "while" if self.is_symbol(1, "(") => Some(self.repeat()),
            "try" if self.is_symbol(1, "{") => Some(self.attempt()),
            "return" if !self.is_used_as_name() => Some(self.give_back()),
            "break" | "continue" if self.ends_statement(1) => {
                let start = self.here();
                self.advance();
                let end = self.reached();
                self.take_symbol(";");
                Some(self.piece(Kind::Leave { value: None }, start, end))
            }
            "delete" if self.is_word(1, "from") => Some(self.delete()),
            command if COMMANDS.contains(&command) && !self.is_used_as_name() => self.command(),
            _ => None,
        }
    }

    /// Whether the word is a variable that happens to be called like a keyword: `info = Map();`,
    /// `info.put("a", b);`, or a word of prose: `Info : …`.
    fn is_used_as_name(&self) -> bool {
        !self.begins_line(1) && matches!(self.symbol(1), Some("=" | "+=" | "." | ":" | "," | ")"))
    }

    fn ends_statement(&self, distance: usize) -> bool {
        self.begins_line(distance) || matches!(self.symbol(distance), Some(";" | "}"))
    }

    // --- blocks ---------------------------------------------------------------------------------

    /// `{ … }`: its statements; below the bound on depth one opaque node for all of it.
    pub(super) fn statements_in_braces(&mut self, in_arm: bool) -> Vec<NodeId> {
        let read = self.deeper(|parser| {
            parser.advance();
            let body = parser.statements(Until::Brace, in_arm);
            parser.take_symbol("}");
            body
        });
        match read {
            Some(body) => body,
            None => vec![self.skip_too_deep().node],
        }
    }

    /// The statements of a block, or the one statement that stands in its place.
    fn controlled(&mut self, in_arm: bool) -> Vec<NodeId> {
        while self.is_symbol(0, ")") && self.is_symbol(1, "{") {
            self.advance();
        }
        if self.is_symbol(0, "{") {
            return self.statements_in_braces(in_arm);
        }
        if self.take_symbol(";") || self.is_symbol(0, "}") || self.ahead(0).is_none() {
            return Vec::new();
        }
        match self.deeper(|parser| parser.statement()) {
            Some(statement) => statement.iter().map(|piece| piece.node).collect(),
            None => vec![self.skip_too_deep().node],
        }
    }

    fn block(&mut self, in_arm: bool) -> Piece {
        let (before, start) = (self.reached(), self.here());
        let body = self.controlled(in_arm);
        let end = self.reached();
        let start = if end == before { before } else { start };
        self.piece(Kind::Block { body }, start, end)
    }

    /// The expression in round brackets after a keyword.
    fn condition(&mut self) -> NodeId {
        let start = self.here();
        let items = self.items(")");
        let end = self.reached();
        match items.as_slice() {
            [item] => item.node(),
            _ => {
                let children = items.iter().map(|item| item.node()).collect();
                self.opaque(children, start, end).node
            }
        }
    }

    fn branch(&mut self) -> Piece {
        let start = self.here();
        let mut conditions = Vec::new();
        let mut arms = Vec::new();
        let mut exhaustive = false;
        self.advance();
        conditions.push(self.condition());
        arms.push(self.block(true).node);
        while self.is_word(0, "else") && !exhaustive {
            self.advance();
            if self.is_word(0, "if") && self.is_symbol(1, "(") {
                self.advance();
                conditions.push(self.condition());
            } else {
                exhaustive = true;
            }
            arms.push(self.block(!exhaustive).node);
        }
        let kind = Kind::Branch {
            conditions,
            arms,
            exhaustive,
            is_try: false,
        };
        let end = self.reached();
        self.piece(kind, start, end)
    }

    /// An `else` whose `if` was not understood, or is commented out: what it holds may run.
    fn stray_else(&mut self) -> Piece {
        let start = self.here();
        self.advance();
        let end = self.reached();
        if !(self.is_symbol(0, "{") || self.is_word(0, "if")) {
            return self.recover(start, Vec::new());
        }
        self.leave_unread(start, end);
        let arm = self.block(true);
        let kind = Kind::Branch {
            conditions: Vec::new(),
            arms: vec![arm.node],
            exhaustive: false,
            is_try: false,
        };
        self.piece(kind, start, arm.end)
    }

    /// `for each x in list { … }`, `for each index i in list { … }`
    fn loop_over(&mut self) -> Option<Piece> {
        let start = self.here();
        let is_index = self.is_word(2, "index") && !self.is_word(3, "in");
        let name = if is_index { 3 } else { 2 };
        let variable = self
            .ahead(name)
            .filter(|lexeme| lexeme.kind == TokenKind::Word)?;
        if !self.is_word(name + 1, "in") {
            return None;
        }
        self.at += name + 2;
        let target = self.name_node(variable);
        let Some(iterable) = self.expression(STATEMENT) else {
            return Some(self.recover(start, Vec::new()));
        };
        if !self.is_symbol(0, "{") && !self.begins_line(0) {
            // Prose that begins like a loop, or a list that is not understood.
            return Some(self.recover(start, vec![iterable.node]));
        }
        let body = self.controlled(false);
        let end = self.reached();
        // The index is a number; the list is only evaluated.
        let (pattern, iterable, header) = if is_index {
            let kind = Kind::Binding(Box::new(bound(target.node, None, None)));
            let index = self.piece(kind, target.start, target.end);
            (None, None, vec![iterable.node, index.node])
        } else {
            (Some(target.node), Some(iterable.node), Vec::new())
        };
        let kind = Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        };
        Some(self.piece(kind, start, end))
    }

    fn repeat(&mut self) -> Piece {
        let start = self.here();
        self.advance();
        let condition = self.condition();
        let body = self.controlled(false);
        let kind = Kind::Loop {
            pattern: None,
            iterable: None,
            header: vec![condition],
            body,
        };
        let end = self.reached();
        self.piece(kind, start, end)
    }

    fn attempt(&mut self) -> Piece {
        let start = self.here();
        self.advance();
        let mut arms = vec![self.block(false).node];
        while self.is_word(0, "catch") && (self.is_symbol(1, "(") || self.is_symbol(1, "{")) {
            self.advance();
            arms.push(self.handler());
        }
        let kind = Kind::Branch {
            conditions: Vec::new(),
            arms,
            exhaustive: false,
            is_try: true,
        };
        let end = self.reached();
        self.piece(kind, start, end)
    }

    /// `(e) { … }`: the block begins with the binding of its name.
    fn handler(&mut self) -> NodeId {
        let start = self.here();
        let mut body = Vec::new();
        if self.is_symbol(0, "(") {
            if let Some(variable) = self
                .ahead(1)
                .filter(|lexeme| lexeme.kind == TokenKind::Word)
                && self.is_symbol(2, ")")
            {
                let target = self.name_node(variable);
                let kind = Kind::Binding(Box::new(bound(target.node, None, None)));
                body.push(self.piece(kind, target.start, target.end).node);
                self.at += 3;
            } else {
                body.push(self.condition());
            }
        }
        body.append(&mut self.controlled(false));
        let end = self.reached();
        self.piece(Kind::Block { body }, start, end).node
    }

    // --- simple statements ----------------------------------------------------------------------

    fn give_back(&mut self) -> Piece {
        let start = self.here();
        self.advance();
        let end = self.reached();
        if self.ends_statement(0) {
            self.take_symbol(";");
            return self.piece(Kind::Return { value: None }, start, end);
        }
        let value = self.assigned_value();
        let kind = Kind::Return {
            value: Some(value.node),
        };
        self.piece(kind, start, value.end)
    }

    /// `info x;`, `cancel submit;`
    fn command(&mut self) -> Option<Piece> {
        let lexeme = self.ahead(0)?;
        let is_info = self.is_word(0, "info");
        if self.ends_statement(1) && !is_info {
            return None;
        }
        self.advance();
        let name = self.source(lexeme).to_ascii_lowercase();
        let callee = self.piece(Kind::Name(name), lexeme.start, lexeme.end);
        let mut value = None;
        if !self.ends_statement(0) {
            value = self.expression(VALUE);
        }
        let mut nodes: Vec<NodeId> = value.iter().map(|piece| piece.node).collect();
        let end = value.map_or(lexeme.end, |piece| piece.end);
        if !self.closes_statement() {
            // Prose: `Show the list of …`.
            return Some(self.recover(lexeme.start, nodes));
        }
        Some(self.command_call(callee, nodes.drain(..), end))
    }

    fn command_call(
        &mut self,
        callee: Piece,
        values: impl Iterator<Item = NodeId>,
        end: usize,
    ) -> Piece {
        let arguments = values
            .map(|value| Argument {
                name: None,
                value,
                is_spread: false,
            })
            .collect();
        let call = Call {
            callee: callee.node,
            arguments,
            is_new: false,
            body: None,
        };
        self.piece(Kind::Call(Box::new(call)), callee.start, end)
    }

    /// `delete from Form[ID == x];`
    fn delete(&mut self) -> Piece {
        let start = self.here();
        self.at += 2;
        let callee_end = self.reached();
        let callee = self.piece(Kind::Name("delete from".to_string()), start, callee_end);
        let records = self.expression(VALUE);
        let end = records.map_or(callee_end, |piece| piece.end);
        let nodes: Vec<NodeId> = records.iter().map(|piece| piece.node).collect();
        if !self.closes_statement() {
            return self.recover(start, nodes);
        }
        self.command_call(callee, nodes.into_iter(), end)
    }

    /// An expression, an assignment, a declaration, or what is none of them.
    fn expression_statement(&mut self) -> Piece {
        let start = self.here();
        if let Some(declaration) = self.declaration() {
            return declaration;
        }
        let Some(expression) = self.expression(STATEMENT) else {
            return self.recover(start, Vec::new());
        };
        let operator = match self.symbol(0) {
            Some("=") => Some(AssignOperator::Set),
            Some("+=") => Some(AssignOperator::Append),
            Some("-=" | "*=" | "/=" | "%=") => None,
            _ => {
                if self.closes_statement() {
                    return expression;
                }
                let children = match self.builder.kind(expression.node) {
                    Kind::Name(_) => Vec::new(),
                    _ => vec![expression.node],
                };
                return self.recover_from(start, expression.start, children);
            }
        };
        let is_target = matches!(
            self.builder.kind(expression.node),
            Kind::Name(_) | Kind::Member { .. } | Kind::Index { .. }
        );
        if !is_target {
            return self.recover(start, vec![expression.node]);
        }
        self.advance();
        let is_name = matches!(self.builder.kind(expression.node), Kind::Name(_));
        if self.in_export && is_name && !self.is_symbol(0, "{") && self.is_property_value() {
            let value = self.property_value();
            return self.binding(expression, value);
        }
        let value = self.assigned_value();
        // A sum is appended; what other operators make of it is not followed.
        let (operator, value) = match operator {
            Some(operator) => (operator, value),
            None => {
                let result = self.opaque(vec![value.node], value.start, value.end);
                (AssignOperator::Set, result)
            }
        };
        let kind = Kind::Assign {
            target: expression.node,
            operator,
            value: value.node,
        };
        self.piece(kind, expression.start, value.end)
    }

    /// Whether the value of `name = value` ends with its line and without a semicolon, as in definitions.
    fn is_property_value(&self) -> bool {
        let mut distance = 0;
        while distance < super::LONGEST_LOOK {
            if distance > 0 && self.begins_line(distance) {
                return true;
            }
            match self.symbol(distance) {
                Some("(" | "[" | "{" | ";") => return false,
                Some("}" | ")") => return true,
                _ => distance += 1,
            }
            if self.word(distance.saturating_sub(1)).is_some() && self.is_symbol(distance, "[") {
                return false;
            }
        }
        false
    }

    /// The value after an equals sign, with all that stands before the end of the statement.
    fn assigned_value(&mut self) -> Piece {
        let start = self.here();
        let value = match self.expression(VALUE) {
            Some(value) => value,
            None if self.ends_statement(0) => self.nothing(),
            None => return self.rest(start, Vec::new()),
        };
        if self.closes_statement() {
            return value;
        }
        self.rest(start, vec![value.node])
    }

    /// `string name = value;`, and prose that looks like it: `Auth Token = "…"`.
    fn declaration(&mut self) -> Option<Piece> {
        let type_name = self.word(0)?.to_string();
        let variable = self
            .ahead(1)
            .filter(|lexeme| lexeme.kind == TokenKind::Word)?;
        if !self.is_symbol(2, "=") || variable.begins_line {
            return None;
        }
        let start = self.here();
        self.at += 3;
        let target = self.name_node(variable);
        let value = self.assigned_value();
        let kind = Kind::Binding(Box::new(bound(
            target.node,
            Some(value.node),
            Some(type_name),
        )));
        Some(self.piece(kind, start, value.end))
    }

    // --- the end of a statement -----------------------------------------------------------------

    /// Takes the semicolon, or sees that the statement ends without one.
    fn closes_statement(&mut self) -> bool {
        if self.take_symbol(";") {
            return true;
        }
        if self.begins_line(0) || self.is_symbol(0, "}") {
            return true;
        }
        self.open_scripts > 0 && self.is_symbol(0, ")")
    }

    /// What is left of a statement, opaque, with its semicolon taken.
    fn rest(&mut self, start: usize, children: Vec<NodeId>) -> Piece {
        let rest = self.recover(start, children);
        self.take_symbol(";");
        rest
    }

    fn recover_from(&mut self, statement: usize, begin: usize, children: Vec<NodeId>) -> Piece {
        let rest = self.recover(statement, children);
        // What was read and is not a statement is not understood either.
        self.leave_unread(begin, rest.end);
        self.take_symbol(";");
        rest
    }
}

fn bound(target: NodeId, value: Option<NodeId>, type_name: Option<String>) -> Binding {
    Binding {
        target,
        value,
        type_name,
        is_static: false,
        is_constant: false,
        annotations: Vec::new(),
    }
}
