//! The names of classes and functions around a place, for fingerprints.
//!
//! Owns the index that makes the look-up fast in files with many findings. It must not know values or rules.

use crate::syntax::tree::{Kind, Span, Tree};

struct Scope {
    span: Span,
    name: String,
    outer: Option<usize>,
}

/// The named classes and functions of one tree.
pub struct Symbols {
    /// In order of their start, outer ones first.
    scopes: Vec<Scope>,
}

impl Symbols {
    pub fn of(tree: &Tree) -> Symbols {
        let mut named: Vec<(Span, &str)> = tree
            .nodes()
            .filter_map(|(_, node)| {
                let name = match &node.kind {
                    Kind::Class(class) => class.name.as_ref(),
                    Kind::Function(function) => function.name.as_ref(),
                    _ => None,
                };
                name.map(|name| (node.span, name.text.as_str()))
            })
            .collect();
        named.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut scopes: Vec<Scope> = Vec::with_capacity(named.len());
        let mut open: Vec<usize> = Vec::new();
        for (span, name) in named {
            while open
                .last()
                .is_some_and(|outer| !scopes[*outer].span.contains(span))
            {
                open.pop();
            }
            let outer = open.last().copied();
            open.push(scopes.len());
            scopes.push(Scope {
                span,
                name: name.to_string(),
                outer,
            });
        }
        Symbols { scopes }
    }

    /// From the outside in, with dots between.
    pub fn at(&self, place: Span) -> String {
        let after = self
            .scopes
            .partition_point(|scope| scope.span.start <= place.start);
        let mut names: Vec<&str> = Vec::new();
        let mut at = after.checked_sub(1);
        while let Some(scope) = at.and_then(|at| self.scopes.get(at)) {
            if scope.span.contains(place) {
                names.push(&scope.name);
            }
            at = scope.outer;
        }
        names.reverse();
        names.join(".")
    }
}
