//! Patterns: what they bind, and the literals they compare with.
//!
//! Owns the meaning of `Ok` and `Some` as patterns: their payload is the value itself, because unwrapping a
//! value vanishes too. It must not know what is matched.

use super::lowering::{Lowered, Lowering, ident_text};
use crate::syntax::tree::{Kind, Name, NodeId, PatternEntry};
use syn::{Member, Pat};

impl Lowering<'_> {
    /// The target that a pattern binds; `None` if it binds nothing.
    pub(super) fn pattern(&mut self, pattern: &Pat) -> Option<Lowered> {
        match pattern {
            Pat::Ident(ident) => {
                if is_binding(ident) {
                    return Some(self.name_node(&ident.ident));
                }
                None
            }
            Pat::Type(typed) => self.pattern(&typed.pat),
            Pat::Reference(reference) => self.pattern(&reference.pat),
            Pat::Paren(paren) => self.pattern(&paren.pat),
            Pat::Guard(guarded) => self.pattern(&guarded.pat),
            Pat::Or(alternatives) => alternatives
                .cases
                .iter()
                .find_map(|case| self.pattern(case)),
            Pat::TupleStruct(variant) => {
                let last = variant.path.segments.last()?;
                let is_only = variant.elems.len() == 1;
                if is_only && (last.ident == "Ok" || last.ident == "Some") {
                    return variant.elems.first().and_then(|inner| self.pattern(inner));
                }
                // The error is not the value.
                if last.ident == "Err" {
                    return None;
                }
                let start = self.path_range(&variant.path).0;
                let end = self.end(variant.paren_token.span.close());
                self.positions(variant.elems.iter(), start, end)
            }
            Pat::Tuple(tuple) => {
                let (start, end) = self.range(tuple.paren_token.span.join());
                self.positions(tuple.elems.iter(), start, end)
            }
            Pat::Slice(slice) => {
                let (start, end) = self.range(slice.bracket_token.span.join());
                self.positions(slice.elems.iter(), start, end)
            }
            Pat::Struct(fields) => {
                let start = self.path_range(&fields.path).0;
                let end = self.end(fields.brace_token.span.close());
                let mut entries = Vec::new();
                for field in &fields.fields {
                    let Some(target) = self.pattern(&field.pat) else {
                        continue;
                    };
                    let key = Some(self.member_name(&field.member));
                    entries.push(entry(key, target.node));
                }
                self.pattern_of(entries, start, end)
            }
            _ => None,
        }
    }

    /// The name of a field, or the position in a tuple.
    pub(super) fn member_name(&self, member: &Member) -> Name {
        match member {
            Member::Named(ident) => self.name(ident),
            Member::Unnamed(index) => {
                let (start, end) = self.range(index.span);
                self.name_at(index.index.to_string(), start, end)
            }
        }
    }

    fn positions<'p>(
        &mut self,
        elements: impl Iterator<Item = &'p Pat>,
        start: usize,
        end: usize,
    ) -> Option<Lowered> {
        let mut entries = Vec::new();
        for (position, element) in elements.enumerate() {
            // Behind a rest nobody knows the position.
            if matches!(element, Pat::Rest(_)) {
                break;
            }
            if let Pat::Ident(ident) = element
                && let Some((_, rest)) = &ident.subpat
                && matches!(**rest, Pat::Rest(_))
            {
                let target = self.name_node(&ident.ident);
                entries.push(entry(None, target.node));
                break;
            }
            if let Some(target) = self.pattern(element) {
                let key = self.name_at(position.to_string(), target.start, target.end);
                entries.push(entry(Some(key), target.node));
            }
        }
        self.pattern_of(entries, start, end)
    }

    fn pattern_of(
        &mut self,
        entries: Vec<PatternEntry>,
        start: usize,
        end: usize,
    ) -> Option<Lowered> {
        if entries.is_empty() {
            return None;
        }
        Some(self.add(Kind::Pattern { entries }, start, end))
    }

    /// The literals and guards of a pattern, which belong to the conditions.
    pub(super) fn pattern_conditions(&mut self, pattern: &Pat, conditions: &mut Vec<NodeId>) {
        match pattern {
            Pat::Lit(literal) => conditions.push(self.literal(&literal.lit).node),
            Pat::Guard(guarded) => {
                self.pattern_conditions(&guarded.pat, conditions);
                self.conditions(&guarded.guard, conditions);
            }
            Pat::Or(alternatives) => {
                for case in &alternatives.cases {
                    self.pattern_conditions(case, conditions);
                }
            }
            Pat::Type(typed) => self.pattern_conditions(&typed.pat, conditions),
            Pat::Reference(reference) => self.pattern_conditions(&reference.pat, conditions),
            Pat::Paren(paren) => self.pattern_conditions(&paren.pat, conditions),
            Pat::Ident(ident) => {
                if let Some((_, inner)) = &ident.subpat {
                    self.pattern_conditions(inner, conditions);
                }
            }
            Pat::TupleStruct(variant) => {
                for element in &variant.elems {
                    self.pattern_conditions(element, conditions);
                }
            }
            Pat::Tuple(tuple) => {
                for element in &tuple.elems {
                    self.pattern_conditions(element, conditions);
                }
            }
            Pat::Slice(slice) => {
                for element in &slice.elems {
                    self.pattern_conditions(element, conditions);
                }
            }
            Pat::Struct(fields) => {
                for field in &fields.fields {
                    self.pattern_conditions(&field.pat, conditions);
                }
            }
            _ => {}
        }
    }
}

/// A single word in upper case is a constant or variant, not a new name.
fn is_binding(ident: &syn::PatIdent) -> bool {
    let text = ident_text(&ident.ident);
    ident.by_ref.is_some()
        || ident.mutability.is_some()
        || ident.subpat.is_some()
        || !text.starts_with(char::is_uppercase)
}

/// Whether a pattern binds any name.
pub(super) fn binds(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(ident) => is_binding(ident),
        Pat::Type(typed) => binds(&typed.pat),
        Pat::Reference(reference) => binds(&reference.pat),
        Pat::Paren(paren) => binds(&paren.pat),
        Pat::Guard(guarded) => binds(&guarded.pat),
        Pat::Or(alternatives) => alternatives.cases.iter().any(binds),
        Pat::TupleStruct(variant) => {
            let last = variant.path.segments.last();
            last.is_none_or(|last| last.ident != "Err") && variant.elems.iter().any(binds)
        }
        Pat::Tuple(tuple) => tuple.elems.iter().any(binds),
        Pat::Slice(slice) => slice.elems.iter().any(binds),
        Pat::Struct(fields) => fields.fields.iter().any(|field| binds(&field.pat)),
        _ => false,
    }
}

fn entry(key: Option<Name>, target: NodeId) -> PatternEntry {
    PatternEntry {
        key,
        target,
        default: None,
    }
}
