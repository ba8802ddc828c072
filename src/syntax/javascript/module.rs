//! Imports and exports, of ES modules, CommonJS and TypeScript.
//!
//! Owns which assignments and calls are exports.

use super::function::take_annotations;
use super::piece::{Child, ExportTarget, Parts, Piece, Specifier};
use super::walk::{Frame, Lowering};
use crate::syntax::tree::{
    AssignOperator, Binding, ExportedName, Imported, ImportedName, Key, Kind, Name, NodeId, Span,
};

impl<'t> Lowering<'t> {
    pub(super) fn import_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        if let Some(binding) = frame.children.take_kind("import_require_clause") {
            return binding.piece;
        }
        let Some(source) = frame.children.take_field("source") else {
            return Piece::Nothing;
        };
        let (module, _) = self.written_name(&source);
        let names = match frame.children.take_kind("import_clause") {
            Some(Child {
                piece: Piece::Imported(names),
                ..
            }) => names,
            _ => Vec::new(),
        };
        let kind = Kind::Import {
            module: module.text,
            module_span: module.span,
            names,
        };
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    /// `a, {b, c as d}`
    pub(super) fn import_names(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut names = Vec::new();
        for child in frame.children {
            match child.piece {
                Piece::Imported(more) => names.extend(more),
                Piece::Leaf => names.push(imported(Imported::Default, self.name(&child))),
                _ => {}
            }
        }
        Piece::Imported(names)
    }

    /// `a as b`, `* as a`
    pub(super) fn import_specifier(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        if frame.kind == "namespace_import" {
            let name = frame
                .children
                .take_kind("identifier")
                .map(|child| self.name(&child));
            let names = name.map(|name| imported(Imported::Whole, name));
            return Piece::Imported(names.into_iter().collect());
        }
        let Some(name) = frame.children.take_field("name") else {
            return Piece::Nothing;
        };
        let (name, _) = self.written_name(&name);
        let alias = frame
            .children
            .take_field("alias")
            .map(|alias| self.name(&alias));
        let what = match name.text.as_str() {
            "default" => Imported::Default,
            other => Imported::Named(other.to_string()),
        };
        Piece::Imported(vec![imported(what, alias.unwrap_or(name))])
    }

    /// `import x = require("y")`, `import x = a.b`: a binding.
    pub(super) fn import_binding(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let mut names = Vec::new();
        let source = frame.children.take_field("source");
        for child in &frame.children {
            if matches!(child.kind, "identifier" | "nested_identifier") {
                names.push((child.start, child.end));
            }
        }
        let Some((start, end)) = names.first().copied() else {
            return Piece::Nothing;
        };
        let target = self.path(start, end);
        let value = match (source, names.get(1)) {
            (Some(source), _) => {
                let (module, _) = self.written_name(&source);
                let kind = Kind::Require {
                    module: module.text,
                    module_span: module.span,
                };
                Some(self.builder.add(kind, source.start, source.end))
            }
            (None, Some((start, end))) => Some(self.path(*start, *end)),
            (None, None) => None,
        };
        let binding = Binding {
            target,
            value,
            type_name: None,
            is_static: false,
            is_constant: true,
            annotations: Vec::new(),
        };
        let kind = Kind::Binding(Box::new(binding));
        Piece::Node(self.builder.add(kind, frame.start, frame.end))
    }

    pub(super) fn export_statement(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let children = &mut frame.children;
        // `export type …`, `export as namespace …`
        if children.has_kind("type") || children.has_kind("namespace") {
            return Piece::Nothing;
        }
        let is_default = children.has_kind("default");
        let is_whole = children.has_kind("=");
        let is_everything = children.has_kind("*");
        let annotations = take_annotations(children);
        let source = children
            .take_field("source")
            .map(|source| self.written_name(&source).0.text);
        let span = self.builder.span(frame.start, frame.end);
        if let Some(source) = source {
            let names = match frame.children.iter_mut().find_map(take_specifiers) {
                Some(specifiers) => self.exported_from(specifiers, &source),
                None if is_everything => vec![everything(source, span)],
                None => Vec::new(),
            };
            return Piece::Node(
                self.builder
                    .add(Kind::Export { names }, frame.start, frame.end),
            );
        }
        if let Some(specifiers) = frame.children.iter_mut().find_map(take_specifiers) {
            return self.exported_names(specifiers, &frame);
        }
        let declaration = frame.children.take_field("declaration");
        let mut statements = Vec::new();
        match declaration {
            Some(declaration) => self.collect(declaration, &mut statements),
            None => {
                let children = std::mem::take(&mut frame.children);
                statements.extend(self.only_value(children));
            }
        }
        if let Some(first) = statements.first()
            && let Kind::Class(class) = self.builder.kind_mut(*first)
        {
            class.annotations.extend(annotations);
        }
        let mut declared = Vec::new();
        for id in &statements {
            self.declared_names(*id, &mut declared);
        }
        let mut names = Vec::new();
        if is_default || is_whole {
            let value = match declared.first() {
                Some(name) => Some(self.name_node(name)),
                // A value: it belongs to the export alone.
                None => statements.pop(),
            };
            names.push(ExportedName {
                name: is_default.then(|| "default".to_string()),
                value,
                from: None,
                span,
            });
        } else {
            for name in declared {
                let value = self.name_node(&name);
                names.push(ExportedName {
                    span: name.span,
                    name: Some(name.text),
                    value: Some(value),
                    from: None,
                });
            }
        }
        if !names.is_empty() {
            statements.push(
                self.builder
                    .add(Kind::Export { names }, frame.start, frame.end),
            );
        }
        Piece::Statements(statements)
    }

    fn exported_from(&self, specifiers: Vec<Specifier>, source: &str) -> Vec<ExportedName> {
        let exported = specifiers.into_iter().map(|specifier| ExportedName {
            span: self.builder.span(specifier.start, specifier.end),
            from: Some((source.to_string(), specifier.name.text.clone())),
            name: Some(specifier.alias.unwrap_or(specifier.name).text),
            value: None,
        });
        exported.collect()
    }

    /// `export {a, b as c}`
    fn exported_names(&mut self, specifiers: Vec<Specifier>, frame: &Frame<'t>) -> Piece<'t> {
        let mut names = Vec::with_capacity(specifiers.len());
        for specifier in specifiers {
            let value = self.name_node(&specifier.name);
            names.push(ExportedName {
                name: Some(specifier.alias.unwrap_or(specifier.name).text),
                value: Some(value),
                from: None,
                span: self.builder.span(specifier.start, specifier.end),
            });
        }
        Piece::Node(
            self.builder
                .add(Kind::Export { names }, frame.start, frame.end),
        )
    }

    /// `{a, b as c}`, `* as a`
    pub(super) fn export_names(&mut self, frame: Frame<'t>) -> Piece<'t> {
        let mut specifiers = Vec::new();
        for child in frame.children {
            match child.piece {
                Piece::Exported(more) => specifiers.extend(more),
                Piece::Leaf if frame.kind == "namespace_export" => specifiers.push(Specifier {
                    name: Name {
                        text: "*".to_string(),
                        span: self.builder.span(frame.start, frame.start + 1),
                    },
                    alias: Some(self.written_name(&child).0),
                    start: frame.start,
                    end: frame.end,
                }),
                _ => {}
            }
        }
        Piece::Exported(specifiers)
    }

    pub(super) fn export_specifier(&mut self, mut frame: Frame<'t>) -> Piece<'t> {
        let Some(name) = frame.children.take_field("name") else {
            return Piece::Nothing;
        };
        let (name, _) = self.written_name(&name);
        let alias = frame.children.take_field("alias");
        let alias = alias.map(|alias| self.written_name(&alias).0);
        Piece::Exported(vec![Specifier {
            name,
            alias,
            start: frame.start,
            end: frame.end,
        }])
    }

    fn name_node(&mut self, name: &Name) -> NodeId {
        let base = self.builder.span(0, 0).start;
        let start = name.span.start.saturating_sub(base) as usize;
        let end = name.span.end.saturating_sub(base) as usize;
        self.builder.add(Kind::Name(name.text.clone()), start, end)
    }

    /// The names that a statement declares.
    fn declared_names(&self, statement: NodeId, names: &mut Vec<Name>) {
        let target = match self.builder.kind(statement) {
            Kind::Function(function) => return names.extend(function.name.clone()),
            Kind::Class(class) => return names.extend(class.name.clone()),
            Kind::Binding(binding) => binding.target,
            _ => return,
        };
        let mut open = vec![target];
        while let Some(id) = open.pop() {
            match self.builder.kind(id) {
                Kind::Name(text) => names.push(Name {
                    text: text.clone(),
                    span: self.builder.node_span(id),
                }),
                Kind::Pattern { entries } => {
                    open.extend(entries.iter().rev().map(|entry| entry.target));
                }
                _ => {}
            }
        }
    }

    /// `exports.a = module.exports.b = value` as statements.
    pub(super) fn export_assignment(
        &mut self,
        targets: Vec<ExportTarget>,
        value: Child<'t>,
        start: usize,
        end: usize,
    ) -> Vec<NodeId> {
        // The preamble of compilers only declares that there will be such an export.
        if self.slice(value.start, value.end) == "void 0" {
            return Vec::new();
        }
        let value = self.value_or_unknown(Some(value), end);
        if targets.iter().all(|target| *target == ExportTarget::Alias) {
            // `exports = x` exports nothing: it is an ordinary assignment.
            let kind = Kind::Assign {
                target: self.path(start, start + "exports".len()),
                operator: AssignOperator::Set,
                value,
            };
            return vec![self.builder.add(kind, start, end)];
        }
        let span = self.builder.span(start, end);
        let names = targets.into_iter().rev().filter_map(|target| {
            let name = match target {
                ExportTarget::Alias => return None,
                ExportTarget::Module => None,
                ExportTarget::Named(name) => Some(name),
            };
            Some(ExportedName {
                name,
                value: Some(value),
                from: None,
                span,
            })
        });
        let names = names.collect();
        vec![self.builder.add(Kind::Export { names }, start, end)]
    }

    /// The export that a call as a statement makes: `Object.defineProperty(exports, "a", …)`, and
    /// `__exportStar(require("x"), exports)` of TypeScript. The call itself stays.
    pub(super) fn export_call(&mut self, call: NodeId, start: usize, end: usize) -> Option<NodeId> {
        let Kind::Call(call) = self.builder.kind(call) else {
            return None;
        };
        let (callee, arguments) = (call.callee, &call.arguments);
        let callee = match self.builder.kind(callee) {
            Kind::Name(name) => name.as_str(),
            Kind::Member { property, .. } => property.text.as_str(),
            _ => return None,
        };
        let first = arguments.first()?.value;
        let second = arguments.get(1)?.value;
        let span = self.builder.span(start, end);
        let exported = match callee {
            "__exportStar" if self.is_exports(second) => match self.builder.kind(first) {
                Kind::Require { module, .. } => everything(module.clone(), span),
                _ => return None,
            },
            "defineProperty" if self.is_exports(first) => {
                let Kind::String(name) = self.builder.kind(second) else {
                    return None;
                };
                if name.value == "__esModule" {
                    return None;
                }
                ExportedName {
                    name: Some(name.value.clone()),
                    value: Some(self.property_value(arguments.get(2)?.value)?),
                    from: None,
                    span,
                }
            }
            _ => return None,
        };
        let names = vec![exported];
        Some(self.builder.add(Kind::Export { names }, start, end))
    }

    fn is_exports(&self, id: NodeId) -> bool {
        let span = self.builder.node_span(id);
        let base = self.builder.span(0, 0).start;
        let start = span.start.saturating_sub(base) as usize;
        let end = span.end.saturating_sub(base) as usize;
        matches!(self.slice(start, end), "exports" | "module.exports")
    }

    /// The value in a property descriptor: `value: x`, or what `get` returns.
    fn property_value(&self, descriptor: NodeId) -> Option<NodeId> {
        let Kind::Map { entries } = self.builder.kind(descriptor) else {
            return None;
        };
        entries.iter().find_map(|entry| match &entry.key {
            Key::Static(name) if name.text == "value" => Some(entry.value),
            Key::Static(name) if name.text == "get" => match self.builder.kind(entry.value) {
                Kind::Function(function) => match function.body.as_slice() {
                    [only] => match self.builder.kind(*only) {
                        Kind::Return { value } => *value,
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    }
}

fn imported(imported: Imported, local: Name) -> ImportedName {
    ImportedName {
        imported,
        local: local.text,
        span: local.span,
    }
}

/// `export * from "module"`
fn everything(module: String, span: Span) -> ExportedName {
    ExportedName {
        name: Some("*".to_string()),
        value: None,
        from: Some((module, "*".to_string())),
        span,
    }
}

fn take_specifiers(child: &mut Child<'_>) -> Option<Vec<Specifier>> {
    match &mut child.piece {
        Piece::Exported(specifiers) => Some(std::mem::take(specifiers)),
        _ => None,
    }
}

/// What the left side of an assignment exports, if it does.
pub(super) fn export_target(source: &str) -> Option<ExportTarget> {
    if source.len() > 200 {
        return None;
    }
    let (rest, is_module) = match source.strip_prefix("module.exports") {
        Some(rest) => (rest, true),
        None => (source.strip_prefix("exports")?, false),
    };
    if rest.is_empty() {
        return Some(if is_module {
            ExportTarget::Module
        } else {
            ExportTarget::Alias
        });
    }
    let name = match rest.strip_prefix('.') {
        Some(name) => name.trim(),
        None => {
            let inner = rest.strip_prefix('[')?.strip_suffix(']')?;
            let name = inner.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
            return (!name.contains('\\') && !name.contains(['"', '\'']))
                .then(|| ExportTarget::Named(name.to_string()));
        }
    };
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    is_name.then(|| ExportTarget::Named(name.to_string()))
}
