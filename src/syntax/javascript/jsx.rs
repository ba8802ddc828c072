//! Elements of JSX: calls of their tag with a map of attributes and the children.

use super::piece::{Child, Parts, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{Argument, Call, Entry, Key, Kind, Name};

impl<'t> Lowering<'t> {
    pub(super) fn jsx_element(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let tag = frame.children.take_field("open_tag");
        let Some(Child {
            piece: Piece::Tag(name, entries),
            start,
            end,
            ..
        }) = tag
        else {
            return self.other(frame);
        };
        let children = std::mem::take(&mut frame.children);
        self.element(name, entries, (start, end), children, &frame)
    }

    pub(super) fn jsx_self_closing(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let (name, entries) = self.tag(&mut frame);
        let (start, end) = (frame.start, frame.end);
        self.element(name, entries, (start, end), Vec::new(), &frame)
    }

    /// `<a b="c">`
    pub(super) fn jsx_tag(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let (name, entries) = self.tag(&mut frame);
        Piece::Tag(name, entries)
    }

    fn tag(&mut self, frame: &mut Frame<'t>) -> (Name, Vec<Entry>) {
        let name = match frame.children.take_field("name") {
            Some(name) => self.name(&name),
            // `<>…</>`
            None => Name {
                text: String::new(),
                span: self.builder.span(frame.start, frame.start),
            },
        };
        (name, self.entries(std::mem::take(&mut frame.children)))
    }

    fn element(
        &mut self,
        name: Name,
        entries: Vec<Entry>,
        attributes: (usize, usize),
        children: Vec<Child<'t>>,
        frame: &Frame<'t>,
    ) -> Piece<'t> {
        let base = self.builder.span(0, 0).start;
        let start = (name.span.start - base) as usize;
        let end = (name.span.end - base) as usize;
        let callee = self.builder.add(Kind::Name(name.text), start, end);
        let value = self
            .builder
            .add(Kind::Map { entries }, attributes.0, attributes.1);
        let mut arguments = vec![Argument {
            name: None,
            value,
            is_spread: false,
        }];
        for child in children {
            if child.is_named {
                arguments.extend(self.argument(child));
            }
        }
        let call = Call {
            callee,
            arguments,
            is_new: false,
            body: None,
        };
        let kind = Kind::Call(Box::new(call));
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// `name="value"`, `name={value}`, `name`
    pub(super) fn jsx_attribute(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut key = None;
        let mut value = None;
        for child in frame.children {
            if !child.is_named || child.kind == "comment" {
                continue;
            }
            if key.is_none() {
                key = Some(self.name(&child));
            } else if child.kind == "string" {
                value = Some(self.markup_string(child.start, child.end));
            } else {
                value = value.or(self.value(child));
            }
        }
        let Some(key) = key else {
            return Piece::Nothing;
        };
        let value = value.unwrap_or_else(|| {
            self.builder
                .add(Kind::Boolean(true), frame.start, frame.end)
        });
        Piece::Entry(Box::new(Entry {
            key: Key::Static(key),
            value,
            span: self.builder.span(frame.start, frame.end),
        }))
    }
}
