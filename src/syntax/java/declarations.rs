//! Packages, imports, functions, variables, annotations.

use super::Lowering;
use super::lowered::{
    Children, Declarator, Extent, LONGEST_SHARED_NAME, Lowered, Modifiers, OpenAnnotation, Path,
};
use crate::syntax::tree::{
    Annotation, Argument, Binding, Function, Imported, ImportedName, Kind, Parameter,
};

impl Lowering<'_> {
    // --- files ---------------------------------------------------------------------------------

    pub(super) fn package(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let path = Self::path(children.take_last()).unwrap_or_default();
        let name = self.path_text(&path);
        Lowered::Node(self.add(Kind::Package { name }, extent))
    }

    pub(super) fn import(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let is_static = children.has("static");
        let wildcard = children.0.iter().find(|item| item.kind == "asterisk");
        let wildcard = wildcard.map(|item| item.extent);
        let mut path = Self::path(children.take_first()).unwrap_or_default();
        let (Some(first), Some(last)) = (
            path.segments.first().copied(),
            path.segments.last().copied(),
        ) else {
            return Lowered::Nothing;
        };
        let mut module_end = last.end;
        let name = match wildcard {
            Some(extent) => ImportedName {
                imported: Imported::Everything,
                local: String::new(),
                span: self.span(extent),
            },
            None => {
                let local = self.name_text(last);
                let imported = if is_static {
                    path.segments.pop();
                    module_end = path
                        .segments
                        .last()
                        .map_or(first.start, |segment| segment.end);
                    Imported::Named(local.clone())
                } else {
                    Imported::Whole
                };
                ImportedName {
                    imported,
                    local,
                    span: self.span(last),
                }
            }
        };
        let kind = Kind::Import {
            module: self.path_text(&path),
            module_span: self.span(Extent::new(first.start, module_end)),
            names: vec![name],
        };
        Lowered::Node(self.add(kind, extent))
    }

    // --- functions -----------------------------------------------------------------------------

    pub(super) fn function(
        &mut self,
        kind: &str,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let modifiers = Self::modifiers_of(children);
        let name = match children.take_field("name") {
            Lowered::Identifier(name) => Some(self.name(name)),
            _ => None,
        };
        let parameters = match children.take_field("parameters") {
            Lowered::Parameters(parameters) => parameters,
            _ => Vec::new(),
        };
        let value_extent = children.extent_of_field("value");
        let body = match (children.take_field("body"), value_extent) {
            (Lowered::Block(body), _) => self.close_body(body),
            // `String value() default "x";` of an annotation type.
            (_, Some(extent)) => {
                let value = children.take_field("value");
                let value = self.expression(value);
                vec![self.add(Kind::Return { value }, extent)]
            }
            _ => Vec::new(),
        };
        let function = Function {
            name,
            parameters,
            body,
            is_static: modifiers.is_static,
            is_constructor: kind == "constructor_declaration",
            annotations: modifiers.annotations,
            ..Function::default()
        };
        Lowered::Node(self.add(Kind::Function(Box::new(function)), extent))
    }

    pub(super) fn compact_constructor(
        &mut self,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let lowered = self.function("constructor_declaration", extent, children);
        if let Lowered::Node(node) = &lowered {
            self.compact_constructors.push(*node);
        }
        lowered
    }

    pub(super) fn parameters(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut parameters = Vec::new();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Parameter(parameter) => parameters.push(*parameter),
                Lowered::Identifier(name) => parameters.push(self.untyped_parameter(name)),
                other => item.lowered = other,
            }
        }
        Lowered::Parameters(parameters)
    }

    pub(super) fn untyped_parameter(&mut self, name: Extent) -> Parameter {
        Parameter {
            target: self.add_name(name),
            type_name: None,
            default: None,
            is_rest: false,
            is_field: false,
            annotations: Vec::new(),
            span: self.span(name),
        }
    }

    pub(super) fn parameter(
        &mut self,
        kind: &str,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let modifiers = Self::modifiers_of(children);
        let is_rest = kind == "spread_parameter";
        // Only broken code gives a parameter a value.
        let mut default = None;
        let (name, type_name) = if is_rest {
            let name = match children.take_kind("variable_declarator") {
                Lowered::Declarator(declarator) => {
                    default = declarator.value;
                    Some(declarator.name)
                }
                _ => None,
            };
            let path = match self.plain_type(children) {
                Lowered::Nothing => None,
                found => Self::path(found),
            };
            (name, path.map(|path| self.path_text(&path)))
        } else {
            let name = match children.take_field("name") {
                Lowered::Identifier(name) => Some(name),
                _ => None,
            };
            (name, self.declared_type(children))
        };
        let Some(name) = name else {
            return Lowered::Modifiers(Box::new(modifiers));
        };
        Lowered::Parameter(Box::new(Parameter {
            type_name,
            default,
            is_rest,
            annotations: modifiers.annotations,
            span: self.span(extent),
            ..self.untyped_parameter(name)
        }))
    }

    // --- variables -----------------------------------------------------------------------------

    pub(super) fn declarator(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let Lowered::Identifier(name) = children.take_field("name") else {
            return Lowered::Nothing;
        };
        let dimensions = match children.take_field("dimensions") {
            Lowered::Dimensions(count) => count,
            _ => 0,
        };
        let value = children.take_field("value");
        Lowered::Declarator(Box::new(Declarator {
            name,
            dimensions,
            value: self.expression(value),
            extent,
        }))
    }

    /// A declaration of one variable is as long as the whole statement; one of several is as long as its
    /// own part, and the annotations stand with the first.
    pub(super) fn variables(
        &mut self,
        kind: &str,
        extent: Extent,
        children: &mut Children<'_>,
    ) -> Lowered {
        let mut modifiers = Self::modifiers_of(children);
        // Fields of an interface need no modifiers.
        let is_static = modifiers.is_static || kind == "constant_declaration";
        let is_constant = modifiers.is_final || kind == "constant_declaration";
        let declared = Self::path(children.take_field("type"));
        let mut declarators = Vec::new();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Declarator(declarator) => declarators.push(declarator),
                other => item.lowered = other,
            }
        }
        if declarators.is_empty() {
            return Lowered::Modifiers(Box::new(modifiers));
        }
        let is_single = declarators.len() == 1;
        let mut type_name = declared.map(|path| self.path_text(&path));
        let mut bindings = Vec::with_capacity(declarators.len());
        for declarator in declarators {
            let target = self.add_name(declarator.name);
            let own_type = type_name
                .as_ref()
                .map(|name| format!("{name}{}", "[]".repeat(declarator.dimensions)));
            let binding = Binding {
                target,
                value: declarator.value,
                type_name: own_type,
                is_static,
                is_constant,
                annotations: std::mem::take(&mut modifiers.annotations),
            };
            let extent = if is_single { extent } else { declarator.extent };
            bindings.push(self.add(Kind::Binding(Box::new(binding)), extent));
            type_name = type_name.filter(|name| name.len() <= LONGEST_SHARED_NAME);
        }
        Lowered::Nodes(bindings)
    }

    // --- modifiers and annotations -------------------------------------------------------------

    pub(super) fn modifiers_of(children: &mut Children<'_>) -> Modifiers {
        match children.take_kind("modifiers") {
            Lowered::Modifiers(modifiers) => *modifiers,
            _ => Modifiers::default(),
        }
    }

    pub(super) fn modifiers(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut modifiers = Modifiers::default();
        for item in &mut children.0 {
            match item.kind {
                "static" => modifiers.is_static = true,
                "final" => modifiers.is_final = true,
                _ => {}
            }
            match item.lowered.take() {
                Lowered::Annotation(annotation) if !annotation.path.segments.is_empty() => {
                    modifiers
                        .annotations
                        .extend(self.close_annotation(*annotation));
                }
                other => item.lowered = other,
            }
        }
        Lowered::Modifiers(Box::new(modifiers))
    }

    fn close_annotation(&mut self, annotation: OpenAnnotation) -> Option<Annotation> {
        let name = annotation.path.segments.last()?;
        Some(Annotation {
            name: self.name_text(*name),
            arguments: annotation.arguments,
            span: self.span(annotation.extent),
        })
    }

    pub(super) fn annotation(&mut self, extent: Extent, children: &mut Children<'_>) -> Lowered {
        let path: Path = Self::path(children.take_field("name")).unwrap_or_default();
        let arguments = Self::arguments(children.take_field("arguments"));
        Lowered::Annotation(Box::new(OpenAnnotation {
            path,
            arguments,
            extent,
        }))
    }

    pub(super) fn annotation_arguments(&mut self, children: &mut Children<'_>) -> Lowered {
        let mut arguments = Vec::new();
        for item in &mut children.0 {
            match item.lowered.take() {
                Lowered::Pair(argument) => arguments.push(*argument),
                value => arguments.extend(self.expression(value).map(Self::argument)),
            }
        }
        Lowered::Arguments(arguments)
    }

    pub(super) fn element_value_pair(&mut self, children: &mut Children<'_>) -> Lowered {
        let key = children.take_field("key");
        let value = children.take_field("value");
        let Some(value) = self.expression(value) else {
            return Lowered::Nothing;
        };
        let name = match key {
            Lowered::Identifier(name) => Some(self.name(name)),
            _ => None,
        };
        Lowered::Pair(Box::new(Argument {
            name,
            value,
            is_spread: false,
        }))
    }
}
