//! What stands directly within a node, for whoever walks a tree without caring for its meaning.

use super::tree::{Annotation, Argument, Entry, Key, Kind, NodeId};

fn arguments(list: &[Argument]) -> impl Iterator<Item = NodeId> {
    list.iter().map(|argument| argument.value)
}

fn annotations(list: &[Annotation]) -> impl Iterator<Item = NodeId> {
    list.iter()
        .flat_map(|annotation| arguments(&annotation.arguments))
}

fn entry(entry: &Entry) -> impl Iterator<Item = NodeId> {
    let key = match entry.key {
        Key::Computed(key) => Some(key),
        Key::Static(_) | Key::Spread => None,
    };
    key.into_iter().chain([entry.value])
}

impl Kind {
    /// The nodes within, in the order of the kind's fields, which is mostly that of the source.
    pub fn children(&self) -> Vec<NodeId> {
        let mut out: Vec<NodeId> = Vec::new();
        match self {
            Kind::Module { body } | Kind::Block { body } => out.extend(body),
            Kind::Package { .. }
            | Kind::Import { .. }
            | Kind::Require { .. }
            | Kind::Name(_)
            | Kind::This
            | Kind::Super
            | Kind::String(_)
            | Kind::Number(_)
            | Kind::Boolean(_)
            | Kind::Null => {}
            Kind::Export { names } => out.extend(names.iter().filter_map(|name| name.value)),
            Kind::Class(class) => {
                out.extend(annotations(&class.annotations));
                out.extend(&class.members);
            }
            Kind::Function(function) => {
                out.extend(annotations(&function.annotations));
                for parameter in &function.parameters {
                    out.extend(annotations(&parameter.annotations));
                    out.push(parameter.target);
                    out.extend(parameter.default);
                }
                out.extend(&function.body);
            }
            Kind::Binding(binding) => {
                out.extend(annotations(&binding.annotations));
                out.push(binding.target);
                out.extend(binding.value);
            }
            Kind::Assign { target, value, .. } => out.extend([*target, *value]),
            Kind::Return { value } | Kind::Leave { value } => out.extend(*value),
            Kind::Branch {
                conditions, arms, ..
            } => {
                out.extend(conditions);
                out.extend(arms);
            }
            Kind::Loop {
                pattern,
                iterable,
                header,
                body,
            } => {
                out.extend(*pattern);
                out.extend(*iterable);
                out.extend(header);
                out.extend(body);
            }
            Kind::Member { object, .. } => out.push(*object),
            Kind::Index { object, index } => out.extend([*object, *index]),
            Kind::Call(call) => {
                out.push(call.callee);
                out.extend(arguments(&call.arguments));
                out.extend(call.body);
            }
            Kind::Concat { operands, .. } => out.extend(operands),
            Kind::Format {
                template,
                arguments: list,
            } => {
                out.push(*template);
                out.extend(arguments(list));
            }
            Kind::Choice {
                conditions,
                alternatives,
            } => {
                out.extend(conditions);
                out.extend(alternatives);
            }
            Kind::Map { entries } => out.extend(entries.iter().flat_map(entry)),
            Kind::List { items } => out.extend(arguments(items)),
            Kind::Await { value } => out.push(*value),
            Kind::Pattern { entries } => {
                for entry in entries {
                    out.push(entry.target);
                    out.extend(entry.default);
                }
            }
            Kind::Opaque { children } => out.extend(children),
        }
        out
    }
}
