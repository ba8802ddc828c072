//! Names that the fields of a class have once they are written out: as parameters, as a form, as JSON.
//!
//! Owns what annotations say about that, by the tables of `rules/clients/`. It must not know libraries or
//! Zoho.

use super::emit::MAX_NESTING;
use super::eval::Evaluator;
use super::object::ClassKey;
use super::project::Unit;
use super::statement::constant_text;
use super::value::{OriginKind, Place, Role, Steps, Text, Unknown};
use crate::facts::Part;
use crate::rules::model::{AnnotationIdiom, AnnotationTarget};
use crate::syntax::tree::{Annotation, Binding, Kind, NodeId};
use std::rc::Rc;

/// What becomes of a field.
pub(super) enum Written {
    /// It has the name it is declared with.
    Plain,
    Named(String),
    LeftOut,
    /// Its own fields stand in its place.
    Inlined,
}

impl Evaluator<'_> {
    /// What becomes of the field of this name when an object of the class is written out.
    pub(super) fn written(&self, class: ClassKey, field: &str) -> Written {
        let unit = self.project.unit(class.file);
        let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
            return Written::Plain;
        };
        let declared = definition.members.iter().find_map(|member| {
            let (name, binding) = field_of(&unit, *member)?;
            (name == field).then_some(binding)
        });
        match declared {
            Some(binding) => self.written_field(&unit, class, (field, binding)),
            None => Written::Plain,
        }
    }

    fn written_field(
        &self,
        unit: &Rc<Unit>,
        class: ClassKey,
        (name, binding): (&str, &Binding),
    ) -> Written {
        let mut named = None;
        for (idiom, annotation) in self.meant(unit, &binding.annotations, AnnotationTarget::Field) {
            let says = |word: &String| says_word(unit, annotation, word);
            if idiom.leaves_out.iter().any(says) {
                return Written::LeftOut;
            }
            if idiom.inlines.as_ref().is_some_and(says) {
                return Written::Inlined;
            }
            let found = idiom.key.as_deref();
            let found = found.and_then(|key| written_text(unit, annotation, key));
            named = named.or(found);
        }
        if let Some(named) = named {
            return Written::Named(named);
        }
        let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
            return Written::Plain;
        };
        let of_class = self.meant(unit, &definition.annotations, AnnotationTarget::Class);
        let case = of_class.into_iter().find_map(|(idiom, annotation)| {
            let key = idiom.names_case.as_deref()?;
            written_text(unit, annotation, key)
        });
        match case.and_then(|case| in_case(name, &case)) {
            Some(text) if text != name => Written::Named(text),
            _ => Written::Plain,
        }
    }

    /// What something unknown is written out as: the fields of its class, if it is one that is written out.
    pub(super) fn fields_of_type(&mut self, unknown: &Unknown, nesting: u32) -> Vec<Part> {
        let Some(class) = self.class_of_type(unknown) else {
            return Vec::new();
        };
        let unit = self.project.unit(class.file);
        let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
            return Vec::new();
        };
        let annotations = self.meant(&unit, &definition.annotations, AnnotationTarget::Class);
        let is_written = annotations.iter().any(|(idiom, annotation)| {
            let wanted = idiom.written_if.as_ref();
            wanted.is_some_and(|wanted| says_word(&unit, annotation, wanted))
        });
        if !is_written || nesting > MAX_NESTING {
            return Vec::new();
        }
        // What any object of the class was given; then the fields that nothing visible sets.
        let mut parts = match self.instance_of(class) {
            Some(instance) => self.entry_parts(instance, nesting + 1),
            None => Vec::new(),
        };
        for member in &definition.members {
            let Some((name, binding)) = field_of(&unit, *member) else {
                continue;
            };
            let place = Place {
                file: class.file,
                span: unit.tree.span(binding.target),
            };
            let field = Unknown {
                kind: OriginKind::Field,
                name: name.into(),
                module: None,
                type_name: binding.type_name.as_deref().map(Into::into),
                place,
                steps: unknown.steps.then(place, Role::Declared),
            };
            let key = match self.written_field(&unit, class, (name, binding)) {
                Written::Plain => constant_text(name, place),
                Written::Named(name) => constant_text(&name, place),
                Written::Inlined => {
                    parts.extend(self.fields_of_type(&field, nesting + 1));
                    continue;
                }
                Written::LeftOut => continue,
            };
            let wanted = key.constant();
            let is_given = |part: &Part| {
                let mut names = part.name.iter();
                names.any(|name| name.constant() == wanted)
            };
            if !parts.iter().any(is_given) {
                let value = Text::hole(&field).resolved();
                parts.push(Part {
                    name: key.resolved(),
                    value,
                    place,
                    steps: Steps::one(place, Role::Sent),
                });
            }
        }
        parts
    }

    /// The class of the project that something unknown is declared to be of.
    fn class_of_type(&mut self, unknown: &Unknown) -> Option<ClassKey> {
        let type_name = unknown.type_name.as_deref()?;
        let file = unknown.place.file;
        let found = self.project.resolve_class(file, type_name);
        found.or_else(|| self.class_by_import(file, type_name))
    }

    /// The annotations that the tables know, with what they mean.
    fn meant<'n>(
        &self,
        unit: &Unit,
        annotations: &'n [Annotation],
        on: AnnotationTarget,
    ) -> Vec<(&AnnotationIdiom, &'n Annotation)> {
        let known = annotations.iter().filter_map(|annotation| {
            let (_, idiom) = self
                .idioms
                .annotation(unit.language(), &annotation.name, on)?;
            Some((idiom, annotation))
        });
        known.collect()
    }
}

fn field_of(unit: &Unit, member: NodeId) -> Option<(&str, &Binding)> {
    let Kind::Binding(binding) = unit.tree.kind(member) else {
        return None;
    };
    match unit.tree.kind(binding.target) {
        Kind::Name(name) if !binding.is_static => Some((name, binding)),
        _ => None,
    }
}

/// Whether a bare word is among the arguments (`skip`), also as the end of a path.
fn says_word(unit: &Unit, annotation: &Annotation, word: &str) -> bool {
    let mut arguments = annotation.arguments.iter();
    arguments.any(|argument| match unit.tree.kind(argument.value) {
        Kind::Name(name) => name == word && argument.name.is_none(),
        Kind::Member { property, .. } => property.text == word,
        _ => false,
    })
}

/// The text that a named argument gives: `rename = "x"`, and for writing alone `rename(serialize = "x")`.
fn written_text(unit: &Unit, annotation: &Annotation, key: &str) -> Option<String> {
    let text = |node: NodeId| match unit.tree.kind(node) {
        Kind::String(text) => Some(text.value.clone()),
        _ => None,
    };
    annotation.arguments.iter().find_map(|argument| {
        if let Some(name) = &argument.name {
            return (name.text == key).then(|| text(argument.value)).flatten();
        }
        let Kind::Call(call) = unit.tree.kind(argument.value) else {
            return None;
        };
        if !matches!(unit.tree.kind(call.callee), Kind::Name(name) if name == key) {
            return None;
        }
        call.arguments
            .iter()
            .find_map(|argument| match unit.tree.kind(argument.value) {
                Kind::Assign { target, value, .. } => match unit.tree.kind(*target) {
                    Kind::Name(name) if name == "serialize" => text(*value),
                    _ => None,
                },
                _ => None,
            })
    })
}

/// A name of words between underscores in another case, which is called by an example of itself.
fn in_case(name: &str, case: &str) -> Option<String> {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let words = || name.split('_').filter(|word| !word.is_empty());
    Some(match case {
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_ascii_uppercase(),
        "PascalCase" => words().map(capitalised).collect(),
        "camelCase" => {
            let mut words = words();
            let first = words.next().unwrap_or_default().to_string();
            first + &words.map(capitalised).collect::<String>()
        }
        "kebab-case" => name.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => name.to_ascii_uppercase().replace('_', "-"),
        _ => return None,
    })
}
