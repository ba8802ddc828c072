//! Operators, assignments and other expressions.
//!
//! Owns which operators make chains, and what of an operator matters to the value.

use super::piece::{Cascade, Child, Operator, Parts, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{AssignOperator, Kind, Name, NodeId};

impl<'t> Lowering<'t> {
    pub(super) fn binary(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let operator = frame
            .children
            .take_field("operator")
            .map_or("", |token| token.kind);
        let operator = match operator {
            "+" => Operator::Concat,
            "||" | "??" => Operator::Either,
            "&&" => Operator::Both,
            _ => Operator::Other,
        };
        let left = frame.children.take_field("left");
        let right = frame.children.take_field("right");
        let mut operands = match left {
            Some(Child {
                piece: Piece::Chain(inner, operands),
                ..
            }) if inner == operator => operands,
            Some(left) => self.value(left).into_iter().collect(),
            None => Vec::new(),
        };
        operands.extend(right.and_then(|right| self.value(right)));
        Piece::Chain(operator, operands)
    }

    /// `!x`, `-x`, `typeof x`, …
    pub(super) fn unary(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let operator = frame
            .children
            .take_field("operator")
            .map_or("", |token| token.kind);
        let Some(argument) = frame.children.take_field("argument") else {
            return self.other(frame);
        };
        match (operator, argument.kind, argument.piece) {
            // Read from the source as a whole.
            ("-" | "void", "number", _) => Piece::Leaf,
            // `!!!x` is one node, so its depth does not follow the source.
            (_, _, Piece::Chain(Operator::Other, operands)) => {
                Piece::Chain(Operator::Other, operands)
            }
            (_, _, piece) => {
                let value = self.value(Child { piece, ..argument });
                Piece::Chain(Operator::Other, value.into_iter().collect())
            }
        }
    }

    /// `c ? a : b ? …`
    pub(super) fn ternary(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let condition = frame.children.take_field("condition");
        let condition = self.value_or_unknown(condition, frame.start);
        let consequence = frame.children.take_field("consequence");
        let consequence = self.value_or_unknown(consequence, frame.end);
        let mut cascade = match frame.children.take_field("alternative") {
            Some(Child {
                piece: Piece::Ternary(cascade),
                ..
            }) => *cascade,
            alternative => Cascade {
                conditions: Vec::new(),
                arms: vec![self.value_or_unknown(alternative, frame.end)],
                exhaustive: true,
            },
        };
        cascade.conditions.push(condition);
        cascade.arms.push(consequence);
        Piece::Ternary(Box::new(cascade))
    }

    pub(super) fn assignment(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let operator = frame
            .children
            .take_field("operator")
            .map_or("=", |token| token.kind);
        let left = frame.children.take_field("left");
        let Some(right) = frame.children.take_field("right") else {
            return self.other(frame);
        };
        let target = match left {
            Some(Child {
                piece: Piece::ExportTarget(target),
                ..
            }) => {
                return match right.piece {
                    Piece::Exports(mut targets, value) => {
                        targets.push(target);
                        Piece::Exports(targets, value)
                    }
                    _ => Piece::Exports(vec![target], Box::new(right)),
                };
            }
            left => self.value_or_unknown(left, frame.start),
        };
        let (right, exports) = match right.piece {
            Piece::Exports(targets, value) => (*value, targets),
            piece => (Child { piece, ..right }, Vec::new()),
        };
        let right_start = right.start;
        let mut value = self.value_or_unknown(Some(right), frame.end);
        let operator = match operator {
            "=" => AssignOperator::Set,
            "+=" => AssignOperator::Append,
            "||=" | "??=" | "&&=" => AssignOperator::Default,
            // The result of `-=` and its like is nothing that is written here.
            _ => {
                let children = vec![value];
                value = self
                    .builder
                    .add(Kind::Opaque { children }, right_start, frame.end);
                AssignOperator::Set
            }
        };
        let piece = self.assign(target, operator, value, &frame);
        if exports.is_empty() {
            return piece;
        }
        Piece::Exports(
            exports,
            Box::new(Child {
                kind: frame.kind,
                field: None,
                start: frame.start,
                end: frame.end,
                is_named: true,
                piece,
            }),
        )
    }

    fn assign(
        &mut self,
        target: NodeId,
        operator: AssignOperator,
        value: NodeId,
        frame: &Frame<'t>,
    ) -> Piece<'t> {
        let kind = Kind::Assign {
            target,
            operator,
            value,
        };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    pub(super) fn await_expression(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let (start, end) = (frame.start, frame.end);
        match self.only_value(frame.children) {
            Some(value) => Piece::Node(self.builder.add(Kind::Await { value }, start, end)),
            None => Piece::Nothing,
        }
    }

    /// `a, b, c`: as a statement these are three; as a value it is the last.
    pub(super) fn sequence(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let children = std::mem::take(&mut frame.children);
        if frame.is_statement() {
            let mut statements = Vec::new();
            for child in children {
                match child.piece {
                    Piece::Statements(parts) => statements.extend(parts),
                    piece => {
                        let child = Child { piece, ..child };
                        statements.extend(self.statement(child).into_iter().flatten());
                    }
                }
            }
            return Piece::Statements(statements);
        }
        let mut parts = Vec::new();
        for child in children {
            self.collect(child, &mut parts);
        }
        let kind = Kind::Opaque { children: parts };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// `a.b`, `a?.b`
    pub(super) fn member(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let object = frame.children.take_field("object");
        let object = self.value_or_unknown(object, frame.start);
        let property = match frame.children.take_field("property") {
            Some(property) => self.name(&property),
            None => Name {
                text: String::new(),
                span: self.builder.span(frame.end, frame.end),
            },
        };
        let kind = Kind::Member { object, property };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// `a[b]`
    pub(super) fn index(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let object = frame.children.take_field("object");
        let object = self.value_or_unknown(object, frame.start);
        let index = frame.children.take_field("index");
        let index = self.value_or_unknown(index, frame.end);
        let kind = Kind::Index { object, index };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }
}
