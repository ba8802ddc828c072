//! Where an expression begins: the declaration of the name at its root, and what is taken from that.
//!
//! Owns look-ups of names in one file. It must not know HTTP or Zoho.

use crate::fix::locate::Locator;
use crate::syntax::tree::{Kind, NodeId, Parameter};

/// What is taken of a value: a property, an element, the result of a method.
pub(super) struct Taken {
    pub name: String,
    pub is_call: bool,
}

/// How a name comes to be.
pub(super) enum Declared<'u> {
    /// A parameter of a function; the keys that a pattern takes from it.
    Parameter {
        function: NodeId,
        parameter: &'u Parameter,
        position: usize,
        keys: Vec<String>,
    },
    /// Bound to the elements of a loop.
    Element,
    /// A variable or a field.
    Variable {
        binding: NodeId,
        value: Option<NodeId>,
        type_name: Option<&'u str>,
        keys: Vec<String>,
    },
}

/// No expression that somebody wrote is deeper.
const DEEPEST: usize = 64;

/// The root of `a.b(c)[d]`, and what is taken from it, the first first.
pub(super) fn path(locator: &Locator<'_>, expression: NodeId) -> (NodeId, Vec<Taken>) {
    let mut taken = Vec::new();
    let mut at = expression;
    let mut is_call = false;
    for _ in 0..DEEPEST {
        at = match locator.kind(at) {
            Kind::Member { object, property } => {
                let name = property.text.clone();
                taken.push(Taken { name, is_call });
                is_call = false;
                *object
            }
            Kind::Index { object, index } => {
                let name = match locator.kind(*index) {
                    Kind::String(text) => text.value.clone(),
                    _ => String::new(),
                };
                taken.push(Taken { name, is_call });
                is_call = false;
                *object
            }
            Kind::Call(call) if hands_on(locator.text(call.callee)) => {
                match call.arguments.first() {
                    Some(first) => first.value,
                    None => break,
                }
            }
            Kind::Call(call) => {
                is_call = true;
                call.callee
            }
            Kind::Await { value } => *value,
            Kind::Choice { alternatives, .. } => match alternatives.first() {
                Some(first) => *first,
                None => break,
            },
            _ => break,
        };
    }
    taken.reverse();
    (at, taken)
}

/// Whether a function gives what it is given, in another form.
fn hands_on(callee: &str) -> bool {
    matches!(
        callee,
        "String"
            | "URL"
            | "URLSearchParams"
            | "JSON.parse"
            | "url.parse"
            | "qs.parse"
            | "querystring.parse"
            | "encodeURIComponent"
            | "decodeURIComponent"
            | "String.valueOf"
            | "Objects.requireNonNull"
            | "URLEncoder.encode"
            | "Optional.ofNullable"
    )
}

/// The declaration of a name as it is seen from one place.
pub(super) fn declared<'u>(
    locator: &Locator<'u>,
    from: NodeId,
    name: &str,
) -> Option<Declared<'u>> {
    for ancestor in std::iter::once(from).chain(locator.ancestors(from)) {
        let statements: &[NodeId] = match locator.kind(ancestor) {
            Kind::Function(function) => {
                for (position, parameter) in function.parameters.iter().enumerate() {
                    if let Some(keys) = keys_of(locator, parameter.target, name) {
                        return Some(Declared::Parameter {
                            function: ancestor,
                            parameter,
                            position,
                            keys,
                        });
                    }
                }
                &function.body
            }
            Kind::Loop {
                pattern,
                header,
                body,
                ..
            } => {
                if pattern.is_some_and(|pattern| keys_of(locator, pattern, name).is_some()) {
                    return Some(Declared::Element);
                }
                if let Some(found) = among(locator, header, name) {
                    return Some(found);
                }
                body
            }
            Kind::Module { body } | Kind::Block { body } => body,
            Kind::Branch { arms, .. } => arms,
            Kind::Class(class) => &class.members,
            _ => continue,
        };
        if let Some(found) = among(locator, statements, name) {
            return Some(found);
        }
    }
    None
}

fn among<'u>(locator: &Locator<'u>, statements: &[NodeId], name: &str) -> Option<Declared<'u>> {
    statements.iter().find_map(|id| {
        let Kind::Binding(binding) = locator.kind(*id) else {
            return None;
        };
        Some(Declared::Variable {
            binding: *id,
            keys: keys_of(locator, binding.target, name)?,
            value: binding.value,
            type_name: binding.type_name.as_deref(),
        })
    })
}

/// The keys by which a target gives this name, none for the name itself; `None` if it does not.
fn keys_of(locator: &Locator<'_>, target: NodeId, name: &str) -> Option<Vec<String>> {
    let mut pending = vec![(target, Vec::new())];
    while let Some((target, keys)) = pending.pop() {
        match locator.kind(target) {
            Kind::Name(known) if known == name => return Some(keys),
            Kind::Pattern { entries } if keys.len() < DEEPEST => {
                for entry in entries {
                    let mut keys: Vec<String> = keys.clone();
                    keys.extend(entry.key.as_ref().map(|key| key.text.clone()));
                    pending.push((entry.target, keys));
                }
            }
            _ => {}
        }
    }
    None
}
