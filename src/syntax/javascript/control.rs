//! Statements: lists, branches, loops and jumps.
//!
//! Owns the order in which statements run (hoisting) and what may leave a list early.

use super::piece::{Cascade, Child, Parts, Piece, SwitchArm};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{Binding, Kind, NodeId};

impl<'t> Lowering<'t> {
    /// A list of statements: declared functions first, as they are hoisted.
    pub(super) fn statement_list(&mut self, children: Vec<Child<'t>>) -> Vec<NodeId> {
        let mut statements = Vec::with_capacity(children.len());
        for child in children {
            self.statements(child, &mut statements);
        }
        self.hoist(statements)
    }

    fn hoist(&self, statements: Vec<NodeId>) -> Vec<NodeId> {
        let is_function = |id: &NodeId| matches!(self.builder.kind(*id), Kind::Function(_));
        let (mut hoisted, others): (Vec<NodeId>, Vec<NodeId>) =
            statements.into_iter().partition(is_function);
        hoisted.extend(others);
        hoisted
    }

    /// Adds a child to a list of statements.
    pub(super) fn statements(&mut self, child: Child<'t>, statements: &mut Vec<NodeId>) {
        let is_bare_word = matches!(child.piece, Piece::Leaf)
            && !matches!(
                child.kind,
                "identifier" | "string" | "template_string" | "this"
            );
        // Numbers and names of properties that a syntax error left behind say nothing.
        if !is_bare_word || child.field.is_some() {
            self.collect(child, statements);
        }
    }

    pub(super) fn expression_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let mut statements = Vec::new();
        let (start, end) = (frame.start, frame.end);
        let children = std::mem::take(&mut frame.children);
        for child in children {
            if let Piece::Statements(parts) = child.piece {
                statements.extend(parts);
                continue;
            }
            let Some(id) = self.statement(child) else {
                continue;
            };
            statements.extend(id);
        }
        match statements.len() {
            0 => Piece::Nothing,
            1 => Piece::Node(
                statements
                    .pop()
                    .unwrap_or_else(|| self.unknown(end.max(start))),
            ),
            _ => Piece::Statements(statements),
        }
    }

    /// One expression that is a statement, with the exports that it makes.
    pub(super) fn statement(&mut self, child: Child<'t>) -> Option<Vec<NodeId>> {
        let (start, end) = (child.start, child.end);
        if let Piece::Exports(targets, value) = child.piece {
            return Some(self.export_assignment(targets, *value, start, end));
        }
        let id = self.value(child)?;
        let mut statements = vec![id];
        match self.builder.kind(id) {
            Kind::Function(_) | Kind::Class(_) => {
                let children = vec![id];
                statements = vec![self.builder.add(Kind::Opaque { children }, start, end)];
            }
            Kind::Call(_) => statements.extend(self.export_call(id, start, end)),
            _ => {}
        }
        Some(statements)
    }

    /// `return`, `throw`.
    pub(super) fn leave_with_value(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let (start, end) = (frame.start, frame.end);
        let is_return = frame.kind == "return_statement";
        let value = self.only_value(frame.children);
        let kind = if is_return {
            Kind::Return { value }
        } else {
            Kind::Leave { value }
        };
        Piece::Node(self.builder.add(kind, start, end))
    }

    /// `break`, `continue`.
    pub(super) fn jump(&mut self, frame: &Frame<'t>) -> Piece<'t> {
        let has_label = frame.children.has_kind("statement_identifier");
        if frame.kind == "break_statement" && !has_label && self.breaks_switch() {
            return Piece::Nothing;
        }
        let kind = Kind::Leave { value: None };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// The one expression among some children.
    pub(super) fn only_value(&mut self, children: Vec<Child<'t>>) -> Option<NodeId> {
        let mut children = children.into_iter();
        let child = children.find(|child| child.is_named && !child.is_nothing())?;
        self.value(child)
    }

    pub(super) fn if_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let condition = frame.children.take_field("condition");
        let condition = self.value_or_unknown(condition, frame.start);
        let consequence = frame.children.take_field("consequence");
        let arm = self.arm(consequence, frame.end);
        let mut cascade = match frame.children.take_field("alternative") {
            None => Cascade {
                conditions: Vec::new(),
                arms: Vec::new(),
                exhaustive: false,
            },
            Some(Child {
                piece: Piece::Branch(cascade),
                ..
            }) => *cascade,
            Some(alternative) => Cascade {
                conditions: Vec::new(),
                arms: vec![self.arm(Some(alternative), frame.end)],
                exhaustive: true,
            },
        };
        cascade.conditions.push(condition);
        cascade.arms.push(arm);
        Piece::Branch(Box::new(cascade))
    }

    /// A statement as an arm of a branch: always a block.
    fn arm(&mut self, child: Option<Child<'t>>, at: usize) -> NodeId {
        let (start, end) = child
            .as_ref()
            .map_or((at, at), |child| (child.start, child.end));
        let body = self.body(child);
        self.builder.add(Kind::Block { body }, start, end)
    }

    /// The statements of a block, or the one statement in its place.
    pub(super) fn body(&mut self, child: Option<Child<'t>>) -> Vec<NodeId> {
        match child {
            None => Vec::new(),
            Some(Child {
                piece: Piece::Block(body),
                ..
            }) => body,
            Some(child) => {
                let mut body = Vec::new();
                self.collect(child, &mut body);
                body
            }
        }
    }

    pub(super) fn switch_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let value = frame.children.take_field("value");
        let mut conditions = vec![self.value_or_unknown(value, frame.start)];
        let mut arms = Vec::new();
        let mut exhaustive = false;
        if let Some(Child {
            piece: Piece::SwitchArms(parts),
            ..
        }) = frame.children.take_field("body")
        {
            for part in parts {
                conditions.extend(part.value);
                exhaustive |= part.is_default;
                // `case 1: case 2: …`: the next arm runs for both.
                if !part.body.is_empty() || part.is_default {
                    let body = part.body;
                    arms.push(self.builder.add(Kind::Block { body }, part.start, part.end));
                }
            }
        }
        let kind = Kind::Branch {
            conditions,
            arms,
            exhaustive,
            is_try: false,
        };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    pub(super) fn switch_body(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let arms = frame
            .children
            .into_iter()
            .filter_map(|child| match child.piece {
                Piece::SwitchArm(arm) => Some(*arm),
                _ => None,
            });
        Piece::SwitchArms(arms.collect())
    }

    pub(super) fn switch_arm(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let is_default = frame.kind == "switch_default";
        let value = frame.children.take_field("value");
        let value = value.and_then(|value| self.value(value));
        let body = self.statement_list(frame.children);
        Piece::SwitchArm(Box::new(SwitchArm {
            value,
            body,
            is_default,
            start: frame.start,
            end: frame.end,
        }))
    }

    /// The body is the first arm, the handler the second; what is `finally` done follows.
    pub(super) fn try_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let body = frame.children.take_field("body");
        let mut end = body.as_ref().map_or(frame.end, |body| body.end);
        let mut arms = vec![self.arm(body, frame.end)];
        if let Some(handler) = frame.children.take_field("handler") {
            end = handler.end;
            arms.push(self.arm(Some(handler), frame.end));
        }
        let kind = Kind::Branch {
            conditions: Vec::new(),
            arms,
            exhaustive: true,
            is_try: true,
        };
        let branch = self.builder.add(kind, frame.start, end);
        match frame.children.take_field("finalizer") {
            None => Piece::Node(branch),
            Some(finalizer) => {
                let last = self.arm(Some(finalizer), frame.end);
                Piece::Statements(vec![branch, last])
            }
        }
    }

    pub(super) fn catch_clause(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let mut body = Vec::new();
        if let Some(parameter) = frame.children.take_field("parameter") {
            let (start, end) = (parameter.start, parameter.end);
            if let Some(target) = self.value(parameter) {
                let binding = Binding {
                    target,
                    value: None,
                    type_name: None,
                    is_static: false,
                    is_constant: false,
                    annotations: Vec::new(),
                };
                let kind = Kind::Binding(Box::new(binding));
                body.push(self.builder.add(kind, start, end));
            }
        }
        let handler = frame.children.take_field("body");
        body.extend(self.body(handler));
        Piece::Block(self.hoist(body))
    }

    pub(super) fn loop_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let mut header = Vec::new();
        let mut pattern = None;
        let mut iterable = None;
        if frame.kind == "for_in_statement" {
            pattern = frame
                .children
                .take_field("left")
                .and_then(|left| self.value(left));
            iterable = frame
                .children
                .take_field("right")
                .and_then(|right| self.value(right));
        } else {
            for role in ["initializer", "condition", "increment"] {
                while let Some(part) = frame.children.take_field(role) {
                    self.collect(part, &mut header);
                }
            }
        }
        let body = frame.children.take_field("body");
        let body = self.body(body);
        let kind = Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// A label, `with (object)` or a namespace: the statement inside, after what is evaluated.
    pub(super) fn wrapped_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let object = frame.children.take_field("object");
        let body = frame.children.take_field("body");
        let Some(object) = object.and_then(|object| self.value(object)) else {
            return body.map_or(Piece::Nothing, |mut body| match body.piece {
                // The statement keeps its own span.
                Piece::Leaf | Piece::Branch(_) | Piece::Block(_) => {
                    body.field = None;
                    self.value(body).map_or(Piece::Nothing, Piece::Node)
                }
                piece => piece,
            });
        };
        let mut statements = vec![object];
        if let Some(body) = body {
            self.collect(body, &mut statements);
        }
        Piece::Statements(statements)
    }
}
