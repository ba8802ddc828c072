//! Functions of every form, their parameters, and variables.

use super::piece::{Child, ExportTarget, Parts, Piece};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{
    Annotation, Binding, Entry, ExportedName, Function, Key, Kind, Name, Parameter,
};

impl<'t> Lowering<'t> {
    pub(super) fn function(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let children = &mut frame.children;
        let mut function = Function {
            is_async: children.has_kind("async"),
            is_static: children.has_kind("static"),
            is_accessor: children.has_kind("get") || children.has_kind("set"),
            is_arrow: frame.kind == "arrow_function",
            annotations: take_annotations(children),
            ..Function::default()
        };
        let name = children.take_field("name");
        let parameters = children.take_field("parameters");
        let parameter = children.take_field("parameter");
        let body = children.take_field("body");

        let in_object = frame.parent == "object";
        let mut key = None;
        if frame.kind == "method_definition" && in_object {
            let written = self.key(name, frame.start);
            function.name = match &written {
                Key::Static(name) => Some(name.clone()),
                _ => None,
            };
            key = Some(written);
        } else if let Some(name) = name {
            function.name = self.declared_name(name);
        }
        let is_method = matches!(
            frame.kind,
            "method_definition" | "abstract_method_signature"
        );
        function.is_constructor = is_method
            && !in_object
            && !function.is_static
            && function
                .name
                .as_ref()
                .is_some_and(|name| name.text == "constructor");
        if let Some(Child {
            piece: Piece::Parameters(parameters),
            ..
        }) = parameters
        {
            function.parameters = parameters;
        }
        function
            .parameters
            .extend(parameter.and_then(|parameter| self.plain_parameter(parameter)));
        function.body = match body {
            Some(Child {
                piece: Piece::Block(body),
                ..
            }) => body,
            Some(body) => {
                let (start, end) = (body.start, body.end);
                let value = self.value(body);
                vec![self.builder.add(Kind::Return { value }, start, end)]
            }
            None => Vec::new(),
        };
        let kind = Kind::Function(Box::new(function));
        let value = self.builder.add(kind, frame.start, frame.end);
        match key {
            None => Piece::Node(value),
            Some(key) => {
                let span = self.builder.span(frame.start, frame.end);
                Piece::Entry(Box::new(Entry { key, value, span }))
            }
        }
    }

    /// The name of a method or class. A name that is computed from more than a literal is none, and what it
    /// is computed from follows the statement.
    pub(super) fn declared_name(&mut self, child: Child<'t>) -> Option<Name> {
        if let Piece::ComputedKey(id) = child.piece {
            self.stray.push(id);
            return None;
        }
        let (name, _) = self.written_name(&child);
        (!name.text.is_empty()).then_some(name)
    }

    pub(super) fn parameters(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut parameters = Vec::new();
        let mut annotations = Vec::new();
        for child in frame.children {
            match child.piece {
                Piece::Annotation(annotation) => annotations.push(*annotation),
                Piece::Parameter(parameter) => parameters.push(*parameter),
                _ if child.is_named => {
                    if let Some(mut parameter) = self.plain_parameter(child) {
                        parameter.annotations = std::mem::take(&mut annotations);
                        parameters.push(parameter);
                    }
                }
                _ => {}
            }
        }
        Piece::Parameters(parameters)
    }

    /// A parameter without a type.
    fn plain_parameter(&mut self, child: Child<'t>) -> Option<Parameter> {
        let span = self.builder.span(child.start, child.end);
        let is_rest = matches!(child.piece, Piece::Rest(_));
        let (target, default) = self.target_and_default(child)?;
        Some(Parameter {
            target,
            type_name: None,
            default,
            is_rest,
            is_field: false,
            annotations: Vec::new(),
            span,
        })
    }

    /// A parameter of TypeScript.
    pub(super) fn parameter(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let children = &mut frame.children;
        let is_field = children.has_kind("accessibility_modifier")
            || children.has_kind("readonly")
            || children.has_kind("override_modifier");
        let annotations = take_annotations(children);
        let pattern = children
            .take_field("pattern")
            .or_else(|| children.take_field("name"));
        let type_name = children.take_field("type");
        let value = children.take_field("value");
        // `this: Type` declares no parameter.
        let Some(pattern) = pattern.filter(|pattern| pattern.kind != "this") else {
            return Piece::Nothing;
        };
        let is_rest = matches!(pattern.piece, Piece::Rest(_));
        let Some((target, default)) = self.target_and_default(pattern) else {
            return Piece::Nothing;
        };
        let value = value.and_then(|value| self.value(value));
        Piece::Parameter(Box::new(Parameter {
            target,
            type_name: type_name.and_then(|child| self.type_name(&child)),
            default: value.or(default),
            is_rest,
            is_field,
            annotations,
            span: self.builder.span(frame.start, frame.end),
        }))
    }

    /// A type as written, without type arguments; nothing for a type that is more than a name.
    pub(super) fn type_name(&self, child: &Child<'t>) -> Option<String> {
        let written = self
            .slice(child.start, child.end)
            .trim_start_matches([':', '?', ' ']);
        let name = written.split('<').next().unwrap_or(written).trim();
        let is_name =
            !name.is_empty() && !name.contains(['{', '(', '|', '&', '\n', '"', '\'', '`']);
        is_name.then(|| name.to_string())
    }

    /// `var a = 1, b = 2`
    pub(super) fn declaration(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let is_constant = frame.children.has_kind("const") || frame.children.has_kind("using");
        let mut statements = Vec::new();
        for child in frame.children {
            self.collect(child, &mut statements);
        }
        for id in &statements {
            if let Kind::Binding(binding) = self.builder.kind_mut(*id) {
                binding.is_constant = is_constant;
            }
        }
        Piece::Statements(statements)
    }

    pub(super) fn declarator(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let name = frame.children.take_field("name");
        let declared = name
            .as_ref()
            .and_then(|name| matches!(name.piece, Piece::Leaf).then(|| (name.start, name.end)));
        let target = self.value_or_unknown(name, frame.start);
        let type_name = frame.children.take_field("type");
        let value = frame.children.take_field("value");
        let (value, exports) = match value {
            Some(Child {
                piece: Piece::Exports(targets, value),
                ..
            }) => (Some(*value), targets),
            value => (value, Vec::new()),
        };
        let value = value.and_then(|value| self.value(value));
        let binding = Binding {
            target,
            value,
            type_name: type_name.and_then(|child| self.type_name(&child)),
            is_static: false,
            is_constant: false,
            annotations: Vec::new(),
        };
        let kind = Kind::Binding(Box::new(binding));
        let binding = self.builder.add(kind, frame.start, frame.end);
        if exports.iter().all(|target| *target == ExportTarget::Alias) {
            return Piece::Node(binding);
        }
        let exported = match declared {
            Some((start, end)) => Some(self.path(start, end)),
            None => value,
        };
        let span = self.builder.span(frame.start, frame.end);
        let names = exports.into_iter().filter_map(|target| {
            let name = match target {
                ExportTarget::Alias => return None,
                ExportTarget::Module => None,
                ExportTarget::Named(name) => Some(name),
            };
            Some(ExportedName {
                name,
                value: exported,
                from: None,
                span,
            })
        });
        let names = names.collect();
        let export = self
            .builder
            .add(Kind::Export { names }, frame.start, frame.end);
        Piece::Statements(vec![binding, export])
    }
}

/// The decorators among some children.
pub(super) fn take_annotations(children: &mut Vec<Child<'_>>) -> Vec<Annotation> {
    let mut annotations = Vec::new();
    while let Some(child) = children.take_kind("decorator") {
        if let Piece::Annotation(annotation) = child.piece {
            annotations.push(*annotation);
        }
    }
    annotations
}
