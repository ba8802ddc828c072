//! Where names stand without their value being used: declared, imported, compared with.
//!
//! Owns what is no use of a name. It must not know values or Zoho.

use super::call::looks_only;
use super::project::Unit;
use crate::syntax::tree::{Imported, Key, Kind, Language, NodeId, Span};
use std::collections::HashMap;

impl Unit {
    /// Adds to the count of each wanted name how often it stands in this unit without being used.
    pub fn count_idle(&self, counts: &mut HashMap<String, usize>) {
        let mut add = |name: &str| {
            if let Some(count) = counts.get_mut(name) {
                *count += 1;
            }
        };
        for (_, node) in self.tree.nodes() {
            match &node.kind {
                Kind::Binding(binding) => {
                    if let Kind::Name(name) = self.tree.kind(binding.target) {
                        add(name);
                    }
                }
                Kind::Map { entries } => {
                    for entry in entries {
                        if let Key::Static(name) = &entry.key {
                            add(&name.text);
                        }
                    }
                }
                Kind::Import { names, .. } => {
                    for name in names {
                        if matches!(&name.imported, Imported::Named(known) if *known == name.local)
                        {
                            add(&name.local);
                        }
                    }
                }
                Kind::Call(call) => {
                    if let Kind::Member { property, .. } = self.tree.kind(call.callee)
                        && looks_only(&property.text)
                    {
                        for argument in &call.arguments {
                            if let Some(name) = self.last_name(argument.value) {
                                add(name);
                            }
                        }
                    }
                }
                Kind::Opaque { children } => {
                    for (index, child) in children.iter().enumerate() {
                        if self.is_compared(children, index)
                            && let Some(name) = self.last_name(*child)
                        {
                            add(name);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether files that were not read may use what is declared here. Exports of modules are followed, the
    /// members of Java's classes are not.
    pub fn may_be_used_elsewhere(&self, declared: Span) -> bool {
        let before = self.text.get(..declared.start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        self.language() == Language::Java && !line.split_whitespace().any(|word| word == "private")
    }

    /// `PREFIX`, or the same of an object or class: `Constants.PREFIX`.
    fn last_name(&self, node: NodeId) -> Option<&str> {
        match self.tree.kind(node) {
            Kind::Name(name) => Some(name),
            Kind::Member { property, .. } => Some(&property.text),
            _ => None,
        }
    }

    /// Whether an operand stands beside `==` or `!=`.
    pub(super) fn is_compared(&self, operands: &[NodeId], index: usize) -> bool {
        let compares = |left: Option<&NodeId>, right: Option<&NodeId>| {
            let (Some(left), Some(right)) = (left, right) else {
                return false;
            };
            let (start, end) = (self.tree.span(*left).end, self.tree.span(*right).start);
            let between = (start <= end).then(|| self.slice(Span { start, end }));
            between.is_some_and(|between| {
                let operator =
                    between.trim_matches(|c: char| c.is_whitespace() || "()".contains(c));
                operator.starts_with("==") || operator.starts_with("!=")
            })
        };
        let before = index.checked_sub(1).and_then(|at| operands.get(at));
        compares(before, operands.get(index))
            || compares(operands.get(index), operands.get(index + 1))
    }
}
