//! Object and array literals, enums, and destructuring.

use super::piece::{Child, Parts, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{Binding, Entry, Key, Kind, Name, NodeId, PatternEntry};

impl<'t> Lowering<'t> {
    pub(super) fn object(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let entries = self.entries(frame.children);
        Piece::Node(
            self.builder
                .add(Kind::Map { entries }, frame.start, frame.end),
        )
    }

    pub(super) fn entries(&mut self, children: Vec<Child<'t>>) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(children.len() / 2);
        for child in children {
            let (start, end) = (child.start, child.end);
            let span = self.builder.span(start, end);
            match child.piece {
                Piece::Entry(entry) => entries.push(*entry),
                Piece::Spread(value) => entries.push(Entry {
                    key: Key::Spread,
                    value,
                    span,
                }),
                Piece::Leaf if child.kind == "shorthand_property_identifier" => {
                    let name = self.name(&child);
                    let value = self.builder.add(Kind::Name(name.text.clone()), start, end);
                    entries.push(Entry {
                        key: Key::Static(name),
                        value,
                        span,
                    });
                }
                _ => {}
            }
        }
        entries
    }

    /// `key: value`, and the members of an enum.
    pub(super) fn pair(&mut self, mut frame: Frame<'t>, key: &str) -> Piece<'t> {
        let key = frame.children.take_field(key);
        let key = self.key(key, frame.start);
        let value = frame.children.take_field("value");
        let value = self.value_or_unknown(value, frame.end);
        let span = self.builder.span(frame.start, frame.end);
        Piece::Entry(Box::new(Entry { key, value, span }))
    }

    pub(super) fn key(&mut self, child: Option<Child<'t>>, at: usize) -> Key {
        let Some(child) = child else {
            return Key::Static(Name {
                text: String::new(),
                span: self.builder.span(at, at),
            });
        };
        match child.piece {
            Piece::ComputedKey(id) => Key::Computed(id),
            _ => {
                let (name, is_exact) = self.written_name(&child);
                if is_exact {
                    return Key::Static(name);
                }
                match self.value(child) {
                    Some(id) => Key::Computed(id),
                    None => Key::Static(name),
                }
            }
        }
    }

    pub(super) fn computed_key(&mut self, frame: Frame<'t>) -> Piece<'t> {
        match self.only_value(frame.children) {
            Some(id) => Piece::ComputedKey(id),
            None => Piece::Nothing,
        }
    }

    pub(super) fn array(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut items = Vec::with_capacity(frame.children.len() / 2);
        for child in frame.children {
            items.extend(self.argument(child));
        }
        Piece::Node(
            self.builder
                .add(Kind::List { items }, frame.start, frame.end),
        )
    }

    /// `...x` as an element (`Spread`) or as the rest of a pattern (`Rest`).
    pub(super) fn spread(&mut self, frame: Frame<'t>, is_rest: bool) -> Piece<'t> {
        match self.only_value(frame.children) {
            Some(id) if is_rest => Piece::Rest(id),
            Some(id) => Piece::Spread(id),
            None => Piece::Nothing,
        }
    }

    /// `enum A { X = "x" }`: a constant that holds a map.
    pub(super) fn enum_declaration(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let name = frame.children.take_field("name");
        let target = self.value_or_unknown(name, frame.start);
        let body = frame.children.take_field("body");
        let binding = Binding {
            target,
            value: body.and_then(|body| self.value(body)),
            type_name: None,
            is_static: false,
            is_constant: true,
            annotations: Vec::new(),
        };
        let kind = Kind::Binding(Box::new(binding));
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    pub(super) fn enum_body(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut entries = Vec::new();
        for child in frame.children {
            let (start, end) = (child.start, child.end);
            match child.piece {
                Piece::Entry(entry) => entries.push(*entry),
                Piece::Leaf | Piece::ComputedKey(_) => {
                    let key = self.key(Some(child), start);
                    // Numbered by the compiler: the value is not written.
                    let value = self.unknown(end);
                    let span = self.builder.span(start, end);
                    entries.push(Entry { key, value, span });
                }
                _ => {}
            }
        }
        Piece::Node(
            self.builder
                .add(Kind::Map { entries }, frame.start, frame.end),
        )
    }

    /// `target = default` in a pattern or a list of parameters.
    pub(super) fn with_default(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let left = frame.children.take_field("left");
        let key = left.as_ref().and_then(|left| {
            (left.kind == "shorthand_property_identifier_pattern").then(|| self.name(left))
        });
        let target = self.value_or_unknown(left, frame.start);
        let right = frame.children.take_field("right");
        let default = self.value_or_unknown(right, frame.end);
        if frame.kind == "assignment_pattern" {
            return Piece::WithDefault(target, default);
        }
        Piece::PatternEntry(Box::new(PatternEntry {
            key,
            target,
            default: Some(default),
        }))
    }

    pub(super) fn object_pattern(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut entries = Vec::new();
        for child in frame.children {
            let (start, end) = (child.start, child.end);
            match child.piece {
                Piece::PatternEntry(entry) => entries.push(*entry),
                Piece::Rest(target) => entries.push(rest(target)),
                Piece::Leaf if child.is_named => {
                    let name = self.name(&child);
                    let target = self.builder.add(Kind::Name(name.text.clone()), start, end);
                    entries.push(PatternEntry {
                        key: Some(name),
                        target,
                        default: None,
                    });
                }
                _ => {}
            }
        }
        Piece::Node(
            self.builder
                .add(Kind::Pattern { entries }, frame.start, frame.end),
        )
    }

    pub(super) fn array_pattern(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut entries = Vec::new();
        let mut position = 0_usize;
        for child in frame.children {
            if child.kind == "," {
                position += 1;
                continue;
            }
            if !child.is_named || child.is_nothing() {
                continue;
            }
            let key = Name {
                text: position.to_string(),
                span: self.builder.span(child.start, child.start),
            };
            if let Piece::Rest(target) = child.piece {
                entries.push(rest(target));
            } else if let Some((target, default)) = self.target_and_default(child) {
                entries.push(PatternEntry {
                    key: Some(key),
                    target,
                    default,
                });
            }
        }
        Piece::Node(
            self.builder
                .add(Kind::Pattern { entries }, frame.start, frame.end),
        )
    }

    /// `key: target`, `key: target = default`. A computed key stands as it is written, in brackets.
    pub(super) fn pair_pattern(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let key = frame.children.take_field("key").map(|key| {
            if let Piece::ComputedKey(id) = key.piece {
                self.stray.push(id);
            }
            self.written_name(&key).0
        });
        let value = frame.children.take_field("value");
        let Some((target, default)) = value.and_then(|value| self.target_and_default(value)) else {
            return Piece::Nothing;
        };
        Piece::PatternEntry(Box::new(PatternEntry {
            key,
            target,
            default,
        }))
    }

    pub(super) fn target_and_default(
        &mut self,
        child: Child<'t>,
    ) -> Option<(NodeId, Option<NodeId>)> {
        match child.piece {
            Piece::WithDefault(target, default) => Some((target, Some(default))),
            _ => Some((self.value(child)?, None)),
        }
    }
}

fn rest(target: NodeId) -> PatternEntry {
    PatternEntry {
        key: None,
        target,
        default: None,
    }
}
