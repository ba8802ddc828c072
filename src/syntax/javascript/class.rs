//! Classes and their members.

use super::function::take_annotations;
use super::piece::{Child, Parts, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{Binding, Class, Kind, NodeId};

impl<'t> Lowering<'t> {
    pub(super) fn class(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let mut class = Class {
            annotations: take_annotations(&mut frame.children),
            ..Class::default()
        };
        if let Some(name) = frame.children.take_field("name") {
            class.name = self.declared_name(name);
        }
        if let Some(Child {
            piece: Piece::Heritage(supertypes, value),
            start,
            end,
            ..
        }) = frame.children.take_kind("class_heritage")
        {
            class.supertypes = supertypes;
            if let Some(value) = value {
                // `extends mixin(Base)`: evaluated once, when the class is.
                let body = vec![value];
                class
                    .members
                    .push(self.builder.add(Kind::Block { body }, start, end));
            }
        }
        if let Some(body) = frame.children.take_field("body") {
            self.collect(body, &mut class.members);
        }
        let kind = Kind::Class(Box::new(class));
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// The members; decorators stand before the method they belong to.
    pub(super) fn class_body(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut members: Vec<NodeId> = Vec::new();
        let mut annotations = Vec::new();
        for child in frame.children {
            if let Piece::Annotation(annotation) = child.piece {
                annotations.push(*annotation);
                continue;
            }
            let before = members.len();
            self.collect(child, &mut members);
            let Some(member) = members.get(before) else {
                continue;
            };
            match self.builder.kind_mut(*member) {
                Kind::Function(function) => function.annotations.append(&mut annotations),
                Kind::Binding(binding) => binding.annotations.append(&mut annotations),
                _ => {}
            }
        }
        Piece::Members(members)
    }

    /// `extends A`, `implements B, C`
    pub(super) fn heritage(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut supertypes = Vec::new();
        let mut value = None;
        for child in frame.children {
            if let Piece::Heritage(names, inner) = child.piece {
                supertypes.extend(names);
                value = value.or(inner);
                continue;
            }
            if !child.is_named || matches!(child.kind, "comment" | "type_arguments" | "ERROR") {
                continue;
            }
            let written = self.slice(child.start, child.end);
            let name = written.split(['<', '(']).next().unwrap_or(written).trim();
            if !name.is_empty() && name.len() <= 200 {
                supertypes.push(name.to_string());
            }
            if !matches!(child.piece, Piece::Nothing | Piece::Leaf) {
                value = value.or_else(|| self.value(child));
            }
        }
        Piece::Heritage(supertypes, value)
    }

    pub(super) fn static_block(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let body = frame.children.take_field("body");
        let body = self.body(body);
        Piece::Node(
            self.builder
                .add(Kind::Block { body }, frame.start, frame.end),
        )
    }

    pub(super) fn field(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let children = &mut frame.children;
        let annotations = take_annotations(children);
        let is_static = children.has_kind("static");
        let is_constant = children.has_kind("readonly");
        let name = children
            .take_field("name")
            .or_else(|| children.take_field("property"));
        let type_name = children.take_field("type");
        let value = children.take_field("value");
        let target = match name {
            Some(name) if matches!(name.piece, Piece::Leaf) => {
                let (written, _) = self.written_name(&name);
                let start = (written.span.start - self.builder.span(0, 0).start) as usize;
                let end = (written.span.end - self.builder.span(0, 0).start) as usize;
                self.builder.add(Kind::Name(written.text), start, end)
            }
            name => self.value_or_unknown(name, frame.start),
        };
        let binding = Binding {
            target,
            value: value.and_then(|value| self.value(value)),
            type_name: type_name.and_then(|child| self.type_name(&child)),
            is_static,
            is_constant,
            annotations,
        };
        let kind = Kind::Binding(Box::new(binding));
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }
}
