//! Expressions: operands, what follows them, and operators.
//!
//! Must not know statements; where an expression cannot go on it simply ends, and the caller decides
//! whether what follows is fit.

use super::{LINE, LONGEST_LOOK, Lexeme, Mode, Parser, Piece};
use crate::syntax::deluge::lexer::TokenKind;
use crate::syntax::tree::{Argument, Call, ConcatForm, Kind};

/// Operators from the loosest to the tightest. A minus binds tighter than a plus: the sum is the same, and
/// `"a" + n - 1 + "b"` stays one flat concatenation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Compare,
    Add,
    Subtract,
    Multiply,
}

const LEVELS: [Operator; 6] = [
    Operator::Or,
    Operator::And,
    Operator::Compare,
    Operator::Add,
    Operator::Subtract,
    Operator::Multiply,
];

/// What functions are declared under: `map standalone.fetch(…)`.
const NAMESPACES: [&str; 9] = [
    "automation",
    "standalone",
    "button",
    "schedule",
    "relatedlist",
    "related_list",
    "validation_rule",
    "scoring",
    "signals",
];

/// Names in the path of a function.
const LONGEST_PATH: usize = 4;

impl Parser<'_> {
    /// An expression, or nothing if none begins here (then nothing is taken).
    pub(super) fn expression(&mut self, mode: Mode) -> Option<Piece> {
        if matches!(self.symbol(0), Some(")" | "]" | "}" | ";" | ",")) || self.ahead(0).is_none() {
            return None;
        }
        match self.deeper(|parser| parser.operation(mode)) {
            Some(read) => read,
            None => Some(self.skip_too_deep()),
        }
    }

    fn operation(&mut self, mode: Mode) -> Option<Piece> {
        let mut operands = vec![self.operand(mode)?];
        let mut operators = Vec::new();
        while let Some((operator, length)) = self.operator(mode) {
            let before = self.at;
            self.at += length;
            match self.operand(mode) {
                Some(operand) => {
                    operators.push(operator);
                    operands.push(operand);
                }
                // The line ends in an operator: the mark is left to whoever reads on.
                None => {
                    self.at = before;
                    break;
                }
            }
        }
        self.combine(&operands, &operators, &LEVELS)
    }

    fn operator(&self, mode: Mode) -> Option<(Operator, usize)> {
        if let Some(symbol) = self.symbol(0) {
            let operator = match symbol {
                "||" | "|" => Operator::Or,
                "&&" | "&" => Operator::And,
                "==" | "!=" | "<=" | ">=" | "<" | ">" => Operator::Compare,
                "=" if mode.in_brackets => Operator::Compare,
                "+" => Operator::Add,
                "-" => Operator::Subtract,
                "*" | "/" | "%" => Operator::Multiply,
                _ => return None,
            };
            return Some((operator, 1));
        }
        if !mode.in_brackets {
            return None;
        }
        // Criteria of a record selection: `Status in {"Open"}`, `Name contains "x"`.
        let word = self.word(0)?.to_ascii_lowercase();
        let length = if word == "not" { 2 } else { 1 };
        match self.word(length - 1)?.to_ascii_lowercase().as_str() {
            "in" | "contains" | "like" | "startswith" | "endswith" => {
                (!self.is_symbol(length, "(") || word == "in")
                    .then_some((Operator::Compare, length))
            }
            _ => None,
        }
    }

    /// One node for operands and the operators between them.
    fn combine(
        &mut self,
        operands: &[Piece],
        operators: &[Operator],
        levels: &[Operator],
    ) -> Option<Piece> {
        let (first, last) = (operands.first()?, operands.last()?);
        let Some((level, tighter)) = levels.split_first() else {
            return Some(*first);
        };
        if operands.len() == 1 {
            return Some(*first);
        }
        let mut parts = Vec::new();
        let mut from = 0;
        for at in 0..=operators.len() {
            if operators.get(at).is_some_and(|operator| operator != level) {
                continue;
            }
            let part = self.combine(operands.get(from..=at)?, operators.get(from..at)?, tighter)?;
            parts.push(part);
            from = at + 1;
        }
        if parts.len() == 1 {
            return parts.first().copied();
        }
        let children = parts.iter().map(|part| part.node).collect();
        let kind = match level {
            Operator::Add => Kind::Concat {
                operands: children,
                form: ConcatForm::Operator,
            },
            _ => Kind::Opaque { children },
        };
        Some(self.piece(kind, first.start, last.end))
    }

    /// An operand with the signs before it and all that follows it.
    fn operand(&mut self, mode: Mode) -> Option<Piece> {
        let begin = self.at;
        let start = self.here();
        while matches!(self.symbol(0), Some("!" | "-" | "+")) {
            self.advance();
        }
        let signs = self.at - begin;
        let is_negative = signs == 1 && self.symbol_at(begin) == Some("-");
        let primary_is_number = self
            .ahead(0)
            .is_some_and(|lexeme| lexeme.kind == TokenKind::Number);
        let Some(operand) = self.primary(mode) else {
            // Signs alone are taken all the same, so that a row of them is read once.
            let end = self.reached();
            return (signs > 0).then(|| self.opaque(Vec::new(), start, end));
        };
        let operand = self.followed(operand, mode);
        if signs == 0 {
            return Some(operand);
        }
        if is_negative
            && primary_is_number
            && let Kind::Number(digits) = self.builder.kind(operand.node)
        {
            let number = format!("-{digits}");
            return Some(self.piece(Kind::Number(number), start, operand.end));
        }
        Some(self.opaque(vec![operand.node], start, operand.end))
    }

    fn symbol_at(&self, at: usize) -> Option<&str> {
        self.lexemes.get(at).map(|lexeme| self.source(*lexeme))
    }

    fn primary(&mut self, mode: Mode) -> Option<Piece> {
        let lexeme = self.ahead(0)?;
        match lexeme.kind {
            TokenKind::String { .. } => {
                self.advance();
                Some(self.string_node(lexeme))
            }
            TokenKind::Number => {
                self.advance();
                let digits = self.source(lexeme).to_string();
                Some(self.piece(Kind::Number(digits), lexeme.start, lexeme.end))
            }
            TokenKind::Placeholder => {
                self.advance();
                Some(self.opaque(Vec::new(), lexeme.start, lexeme.end))
            }
            TokenKind::Word => Some(self.word_operand(lexeme, mode)),
            TokenKind::Symbol => match self.source(lexeme) {
                "(" => Some(self.parentheses()),
                "{" => Some(self.braces()),
                "[" => Some(self.list()),
                "<" => self.angle_placeholder(),
                _ => None,
            },
            _ => None,
        }
    }

    fn word_operand(&mut self, lexeme: Lexeme, mode: Mode) -> Piece {
        let word = self.source(lexeme);
        if let Some(kind) = constant(word) {
            self.advance();
            return self.piece(kind, lexeme.start, lexeme.end);
        }
        if self.is_symbol(1, "(") {
            if word.eq_ignore_ascii_case("if") {
                return self.choice(1);
            }
            if word.eq_ignore_ascii_case("ifnull") {
                return self.choice(0);
            }
        }
        if let Some(task) = self.task() {
            return task;
        }
        if mode.takes_bare_words && self.continues_bare_words(1, mode) {
            return self.bare_words(lexeme, mode);
        }
        self.advance();
        self.name_node(lexeme)
    }

    /// `if(condition, a, b)` and `ifnull(a, b)`, where so many of the arguments are conditions.
    fn choice(&mut self, conditions: usize) -> Piece {
        let start = self.here();
        self.advance();
        let mut alternatives: Vec<_> = self.items(")").iter().map(|item| item.node()).collect();
        let rest = alternatives.split_off(conditions.min(alternatives.len()));
        let kind = Kind::Choice {
            conditions: alternatives,
            alternatives: rest,
        };
        let end = self.reached();
        self.piece(kind, start, end)
    }

    fn continues_bare_words(&self, distance: usize, mode: Mode) -> bool {
        if self.word(distance).is_none() || self.begins_line(distance) {
            return false;
        }
        // The next word is a key of a task block on one line, an assignment, or an operator of criteria.
        let is_key = mode.ends_at_newline
            && (self.is_symbol(distance + 1, ":")
                || self.is_symbol(distance + 1, "-")
                || self.word(distance + 1).is_some() && self.is_symbol(distance + 2, ":"));
        let is_operator = [
            "in",
            "not",
            "contains",
            "like",
            "startswith",
            "endswith",
            "sort",
            "range",
        ]
        .iter()
        .any(|word| self.is_word(distance, word));
        !is_key
            && !is_operator
            && !matches!(self.symbol(distance + 1), Some("=" | "+=" | "(" | "."))
    }

    fn bare_words(&mut self, first: Lexeme, mode: Mode) -> Piece {
        self.advance();
        for _ in 0..LONGEST_LOOK {
            if !self.continues_bare_words(0, mode) {
                break;
            }
            self.advance();
        }
        let end = self.reached();
        self.opaque(Vec::new(), first.start, end)
    }

    /// `<ORG_ID>`, `<Your Connection Name>`
    fn angle_placeholder(&mut self) -> Option<Piece> {
        let start = self.here();
        let words = (1..8)
            .take_while(|distance| self.word(*distance).is_some() && !self.begins_line(*distance))
            .count();
        if words == 0 || !self.is_symbol(words + 1, ">") {
            return None;
        }
        self.at += words + 2;
        let end = self.reached();
        Some(self.opaque(Vec::new(), start, end))
    }

    /// Members, calls and brackets after an operand.
    fn followed(&mut self, mut operand: Piece, mode: Mode) -> Piece {
        while let Some(symbol) = self.symbol(0) {
            let is_apart = self.begins_line(0) && (mode.ends_at_newline || self.in_export);
            operand = match symbol {
                "." if !self.begins_line(1) => {
                    let Some(property) = self.ahead(1).filter(|next| next.kind == TokenKind::Word)
                    else {
                        break;
                    };
                    self.at += 2;
                    let kind = Kind::Member {
                        object: operand.node,
                        property: self.name(property),
                    };
                    self.piece(kind, operand.start, property.end)
                }
                "(" if !is_apart && self.may_be_called(operand) => self.call(operand),
                "[" if !is_apart && self.may_be_called(operand) => self.selection(operand),
                _ => break,
            };
        }
        operand
    }

    fn may_be_called(&self, operand: Piece) -> bool {
        matches!(
            self.builder.kind(operand.node),
            Kind::Name(_)
                | Kind::Member { .. }
                | Kind::Call(_)
                | Kind::Index { .. }
                | Kind::Opaque { .. }
        )
    }

    fn call(&mut self, callee: Piece) -> Piece {
        let callee = match self.function_path(callee) {
            Some(path) => self.piece(Kind::Name(path), callee.start, callee.end),
            None => callee,
        };
        let arguments = self
            .items(")")
            .iter()
            .map(|item| Argument {
                name: None,
                value: item.node(),
                is_spread: false,
            })
            .collect();
        let call = Call {
            callee: callee.node,
            arguments,
            is_new: false,
            body: None,
        };
        let end = self.reached();
        self.piece(Kind::Call(Box::new(call)), callee.start, end)
    }

    /// The full name of a function of the same application or organisation, as its declaration has it:
    /// `standalone.fetch`, and `Nav.push` for `thisapp.Nav.push`.
    fn function_path(&self, callee: Piece) -> Option<String> {
        let mut names = Vec::new();
        let mut node = callee.node;
        while let Kind::Member { object, property } = self.builder.kind(node) {
            if names.len() >= LONGEST_PATH {
                return None;
            }
            names.push(property.text.as_str());
            node = *object;
        }
        let Kind::Name(root) = self.builder.kind(node) else {
            return None;
        };
        if names.is_empty() {
            return None;
        }
        if NAMESPACES
            .iter()
            .any(|namespace| namespace.eq_ignore_ascii_case(root))
        {
            names.push(root);
        } else if !root.eq_ignore_ascii_case("thisapp") {
            return None;
        }
        names.reverse();
        Some(names.join("."))
    }

    /// `list[0]`, or records of a form: `Form[ID == x && Status != "Done"] sort by ID range from 1 to 10`.
    fn selection(&mut self, object: Piece) -> Piece {
        let items = self.items("]");
        let mut end = self.reached();
        if let [item] = items.as_slice()
            && item.value.is_none()
            && matches!(
                self.builder.kind(item.piece.node),
                Kind::String(_) | Kind::Number(_) | Kind::Name(_) | Kind::Member { .. }
            )
        {
            let kind = Kind::Index {
                object: object.node,
                index: item.piece.node,
            };
            return self.piece(kind, object.start, end);
        }
        let mut children = vec![object.node];
        for item in items {
            children.push(item.piece.node);
            children.extend(item.value.map(|value| value.node));
        }
        if self.is_word(0, "sort") && self.is_word(1, "by") {
            self.at += 2;
            for _ in 0..LONGEST_LOOK {
                if self.word(0).is_none() || self.is_word(0, "range") || self.begins_line(0) {
                    break;
                }
                self.advance();
                self.take_symbol(",");
            }
            end = self.reached();
        }
        if self.is_word(0, "range") && self.is_word(1, "from") {
            self.at += 2;
            let from = self.expression(LINE_OF_WORDS);
            let to = if self.is_word(0, "to") {
                self.advance();
                self.expression(LINE_OF_WORDS)
            } else {
                None
            };
            children.extend([from, to].into_iter().flatten().map(|piece| piece.node));
            end = self.reached();
        }
        self.opaque(children, object.start, end)
    }

    fn parentheses(&mut self) -> Piece {
        let start = self.here();
        let items = self.items(")");
        let end = self.reached();
        match items.as_slice() {
            // The brackets disappear; the range remembers them.
            [item] if item.value.is_none() => Piece {
                node: item.piece.node,
                start,
                end,
            },
            _ => {
                let children = items.iter().map(|item| item.node()).collect();
                self.opaque(children, start, end)
            }
        }
    }
}

/// The bounds of a range: names, and `to` is not one of them.
const LINE_OF_WORDS: Mode = Mode {
    takes_bare_words: false,
    ..LINE
};

fn constant(word: &str) -> Option<Kind> {
    if word.eq_ignore_ascii_case("true") {
        return Some(Kind::Boolean(true));
    }
    if word.eq_ignore_ascii_case("false") {
        return Some(Kind::Boolean(false));
    }
    word.eq_ignore_ascii_case("null").then_some(Kind::Null)
}
