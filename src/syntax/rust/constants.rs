//! Constants and statics, those that others use first.
//!
//! Owns the order of constants, which in Rust is free. It must not know what their values mean.

use super::items::Sourced;
use super::lowering::{Lowering, ident_text};
use super::scan::{TokenKind, scan};
use crate::syntax::tree::{Binding, Kind, NodeId};
use std::collections::HashMap;
use syn::{Attribute, Expr, Item, Type, Visibility};

/// A constant that is not lowered yet.
pub(super) struct Constant<'a> {
    pub ident: &'a syn::Ident,
    pub of: &'a Type,
    pub value: &'a Expr,
    pub attributes: &'a [Attribute],
    pub visibility: &'a Visibility,
    pub is_static: bool,
    pub range: (usize, usize),
    pub offset: usize,
}

impl Lowering<'_> {
    pub(super) fn constant<'a>(&self, source: &Sourced<'a>) -> Option<Constant<'a>> {
        let offset = source.offset;
        match source.item {
            Item::Const(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.const_token.span);
                Some(Constant {
                    ident: &item.ident,
                    of: &item.ty,
                    value: &item.expr,
                    attributes: &item.attrs,
                    visibility: &item.vis,
                    is_static: false,
                    range: (start, self.end(item.semi_token.span)),
                    offset,
                })
            }
            Item::Static(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.static_token.span);
                Some(Constant {
                    ident: &item.ident,
                    of: &item.ty,
                    value: &item.expr,
                    attributes: &item.attrs,
                    visibility: &item.vis,
                    is_static: true,
                    range: (start, self.end(item.semi_token.span)),
                    offset,
                })
            }
            _ => None,
        }
    }

    pub(super) fn constant_binding(&mut self, constant: &Constant<'_>) -> NodeId {
        let target = self.name_node(constant.ident).node;
        let value = self.expression(constant.value).node;
        let binding = Binding {
            target,
            value: Some(value),
            type_name: self.type_name(constant.of),
            is_static: constant.is_static,
            is_constant: true,
            annotations: self.annotations(constant.attributes),
        };
        let (start, end) = constant.range;
        self.add(Kind::Binding(Box::new(binding)), start, end).node
    }

    /// Constants may use each other in any order: those that others use come first.
    pub(super) fn by_dependency<'a>(&self, constants: Vec<Constant<'a>>) -> Vec<Constant<'a>> {
        if constants.len() < 2 {
            return constants;
        }
        let numbers: HashMap<String, usize> = constants
            .iter()
            .enumerate()
            .map(|(number, constant)| (ident_text(constant.ident), number))
            .collect();
        let uses: Vec<Vec<usize>> = constants
            .iter()
            .map(|constant| self.used(constant, &numbers))
            .collect();
        let mut order = Vec::new();
        let mut seen = vec![false; constants.len()];
        for first in 0..constants.len() {
            // A number is left when all that it uses is.
            let mut pending = vec![(first, false)];
            while let Some((number, is_left)) = pending.pop() {
                if is_left {
                    order.push(number);
                    continue;
                }
                match seen.get_mut(number) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                pending.push((number, true));
                let used = uses.get(number).into_iter().flatten().rev();
                pending.extend(used.map(|used| (*used, false)));
            }
        }
        let mut constants: Vec<Option<Constant<'a>>> = constants.into_iter().map(Some).collect();
        let order = order.into_iter();
        order
            .filter_map(|number| constants.get_mut(number).and_then(Option::take))
            .collect()
    }

    /// The constants among `numbers` that are named in the source of this one.
    fn used(&self, constant: &Constant<'_>, numbers: &HashMap<String, usize>) -> Vec<usize> {
        let scan = scan(self.text, constant.range.0, constant.range.1);
        let names = scan
            .tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Identifier);
        names
            .filter_map(|token| numbers.get(self.slice(token.start, token.end)).copied())
            .collect()
    }
}
