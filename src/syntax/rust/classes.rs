//! Types with their fields, variants and methods, as classes.
//!
//! Owns which `impl` blocks belong to which class. It must not know the order of items.

use super::constants::Constant;
use super::items::{Sourced, signature_start};
use super::lowering::{Lowering, ident_text};
use crate::syntax::tree::{Annotation, Binding, Class, Kind, Name, NodeId};
use std::collections::{HashMap, HashSet};
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, TraitItem, Type, Visibility};

pub(super) struct Implementation<'a> {
    item: &'a ItemImpl,
    offset: usize,
    /// The module in which it stands.
    module: usize,
}

/// The `impl` blocks of a file, until the class they belong to takes them.
pub(super) struct Implementations<'a> {
    by_name: HashMap<String, Vec<Implementation<'a>>>,
    declared: HashSet<(usize, String)>,
    pub names: HashSet<String>,
}

/// The number of the outermost module; others have the address of their item.
pub(super) const ROOT: usize = 0;

impl<'a> Implementations<'a> {
    pub(super) fn of(items: &[Sourced<'a>], lowering: &Lowering<'_>) -> Implementations<'a> {
        let mut result = Implementations {
            by_name: HashMap::new(),
            declared: HashSet::new(),
            names: HashSet::new(),
        };
        let mut pending: Vec<(usize, Sourced<'a>)> =
            items.iter().rev().map(|item| (ROOT, *item)).collect();
        while let Some((module, Sourced { item, offset })) = pending.pop() {
            let declared = match item {
                Item::Struct(item) => &item.ident,
                Item::Enum(item) => &item.ident,
                Item::Union(item) => &item.ident,
                Item::Trait(item) => &item.ident,
                Item::Impl(item) => {
                    if let Some(name) = lowering.implemented(&item.self_ty) {
                        let one = Implementation {
                            item,
                            offset,
                            module,
                        };
                        result.by_name.entry(name.text).or_default().push(one);
                    }
                    continue;
                }
                Item::Mod(item) => {
                    let inner = module_number(item);
                    let content = item
                        .content
                        .iter()
                        .flat_map(|(_, items)| items.iter().rev());
                    pending.extend(content.map(|item| (inner, Sourced { item, offset })));
                    continue;
                }
                _ => continue,
            };
            let name = ident_text(declared);
            result.names.insert(name.clone());
            result.declared.insert((module, name));
        }
        result
    }

    /// The blocks for the class of this name in this module.
    pub(super) fn take(&mut self, module: usize, name: &str) -> Vec<Implementation<'a>> {
        let Some(all) = self.by_name.get_mut(name) else {
            return Vec::new();
        };
        let declared = &self.declared;
        let (mine, others) = std::mem::take(all).into_iter().partition(|one| {
            one.module == module || !declared.contains(&(one.module, name.to_string()))
        });
        *all = others;
        mine
    }
}

pub(super) fn module_number(item: &syn::ItemMod) -> usize {
    std::ptr::from_ref(item) as usize
}

impl Lowering<'_> {
    pub(super) fn class(
        &mut self,
        ident: &syn::Ident,
        attributes: &[Attribute],
        mut members: Vec<NodeId>,
        mut supertypes: Vec<String>,
        implementations: Vec<Implementation<'_>>,
        range: (usize, usize),
    ) -> NodeId {
        let annotations = self.annotations(attributes);
        let name = self.name(ident);
        self.implement(&name.text, implementations, &mut members, &mut supertypes);
        self.class_node(name, annotations, members, supertypes, range)
    }

    /// The class of a type that another file declares.
    pub(super) fn foreign_class(
        &mut self,
        name: Name,
        implementations: Vec<Implementation<'_>>,
        range: (usize, usize),
    ) -> NodeId {
        let (mut members, mut supertypes) = (Vec::new(), Vec::new());
        self.implement(&name.text, implementations, &mut members, &mut supertypes);
        self.class_node(name, Vec::new(), members, supertypes, range)
    }

    fn class_node(
        &mut self,
        name: Name,
        annotations: Vec<Annotation>,
        members: Vec<NodeId>,
        supertypes: Vec<String>,
        range: (usize, usize),
    ) -> NodeId {
        let class = Class {
            name: Some(name),
            supertypes,
            annotations,
            members,
        };
        self.add(Kind::Class(Box::new(class)), range.0, range.1)
            .node
    }

    fn implement(
        &mut self,
        name: &str,
        implementations: Vec<Implementation<'_>>,
        members: &mut Vec<NodeId>,
        supertypes: &mut Vec<String>,
    ) {
        let (outer, outer_type) = (self.offset, self.self_type.take());
        for one in implementations {
            self.offset = one.offset;
            if let Some((path, _)) = &one.item.trait_ {
                supertypes.push(self.path_text(path));
            }
            self.self_type = Some(name.to_string());
            members.extend(self.implementation_members(one.item));
        }
        (self.offset, self.self_type) = (outer, outer_type);
    }

    pub(super) fn implementation_range(&self, item: &ItemImpl) -> (usize, usize) {
        let start = self.start(item.impl_token.span);
        (start, self.end(item.brace_token.span.close()))
    }

    pub(super) fn implementation_members(&mut self, item: &ItemImpl) -> Vec<NodeId> {
        let mut members = Vec::new();
        for member in &item.items {
            match member {
                ImplItem::Fn(function) => {
                    let annotations = self.annotations(&function.attrs);
                    let keyword = signature_start(&function.sig);
                    let start = self.item_start(&function.attrs, &function.vis, keyword);
                    let end = self.end(function.block.brace_token.span.close());
                    let block = Some(&function.block);
                    let signature = &function.sig;
                    members.push(self.function_item(
                        signature,
                        block,
                        annotations,
                        start,
                        end,
                        true,
                    ));
                }
                ImplItem::Const(constant) => {
                    let keyword = constant.const_token.span;
                    let start = self.item_start(&constant.attrs, &constant.vis, keyword);
                    let range = (start, self.end(constant.semi_token.span));
                    let constant = Constant {
                        ident: &constant.ident,
                        of: &constant.ty,
                        value: &constant.expr,
                        attributes: &constant.attrs,
                        visibility: &constant.vis,
                        is_static: true,
                        range,
                        offset: self.offset,
                    };
                    members.push(self.constant_binding(&constant));
                }
                ImplItem::Macro(call) => members.push(self.macro_call(&call.mac).node),
                _ => {}
            }
        }
        members
    }

    pub(super) fn trait_members(&mut self, item: &syn::ItemTrait) -> Vec<NodeId> {
        let mut members = Vec::new();
        for member in &item.items {
            match member {
                TraitItem::Fn(function) => {
                    let annotations = self.annotations(&function.attrs);
                    let keyword = signature_start(&function.sig);
                    let start = self.item_start(&function.attrs, &Visibility::Inherited, keyword);
                    let end = match (&function.default, &function.semi_token) {
                        (Some(block), _) => self.end(block.brace_token.span.close()),
                        (None, Some(semi)) => self.end(semi.span),
                        (None, None) => self.end(function.sig.paren_token.span.close()),
                    };
                    let block = function.default.as_ref();
                    let signature = &function.sig;
                    members.push(self.function_item(
                        signature,
                        block,
                        annotations,
                        start,
                        end,
                        true,
                    ));
                }
                TraitItem::Const(constant) => {
                    if let Some((_, value)) = &constant.default {
                        let start = self.start(constant.const_token.span);
                        let range = (start, self.end(constant.semi_token.span));
                        let constant = Constant {
                            ident: &constant.ident,
                            of: &constant.ty,
                            value,
                            attributes: &constant.attrs,
                            visibility: &Visibility::Inherited,
                            is_static: true,
                            range,
                            offset: self.offset,
                        };
                        members.push(self.constant_binding(&constant));
                    }
                }
                TraitItem::Macro(call) => members.push(self.macro_call(&call.mac).node),
                _ => {}
            }
        }
        members
    }

    pub(super) fn fields(&mut self, fields: &Fields) -> Vec<NodeId> {
        match fields {
            Fields::Named(fields) => self.named_fields(fields),
            Fields::Unnamed(fields) => {
                let fields = fields.unnamed.iter().enumerate();
                fields
                    .filter_map(|(position, field)| self.position_field(position, field))
                    .collect()
            }
            Fields::Unit => Vec::new(),
        }
    }

    pub(super) fn named_fields(&mut self, fields: &syn::FieldsNamed) -> Vec<NodeId> {
        let mut members = Vec::new();
        for field in &fields.named {
            let Some(ident) = &field.ident else { continue };
            let start = self.item_start(&field.attrs, &field.vis, ident.span());
            let target = self.name_node(ident);
            let end = self.type_end(&field.ty).unwrap_or(target.end);
            members.push(self.field_binding(target.node, field, start, end));
        }
        members
    }

    /// A field of a tuple struct: its name is its position, and stands at its type.
    fn position_field(&mut self, position: usize, field: &syn::Field) -> Option<NodeId> {
        let start = match &field.ty {
            Type::Path(path) => self.path_range(&path.path).0,
            Type::Reference(reference) => self.start(reference.and_token.span),
            _ => return None,
        };
        let end = self.type_end(&field.ty)?;
        let target = self.add(Kind::Name(position.to_string()), start, end);
        Some(self.field_binding(target.node, field, start, end))
    }

    fn field_binding(
        &mut self,
        target: NodeId,
        field: &syn::Field,
        start: usize,
        end: usize,
    ) -> NodeId {
        let binding = Binding {
            target,
            value: None,
            type_name: self.type_name(&field.ty),
            is_static: false,
            is_constant: false,
            annotations: self.annotations(&field.attrs),
        };
        self.add(Kind::Binding(Box::new(binding)), start, end).node
    }

    pub(super) fn variant(&mut self, variant: &syn::Variant) -> NodeId {
        let target = self.name_node(&variant.ident);
        let value = variant.discriminant.as_ref();
        let value = value.map(|(_, value)| self.expression(value));
        let end = match &variant.fields {
            Fields::Named(fields) => self.end(fields.brace_token.span.close()),
            Fields::Unnamed(fields) => self.end(fields.paren_token.span.close()),
            Fields::Unit => target.end,
        };
        let binding = Binding {
            target: target.node,
            value: value.map(|value| value.node),
            type_name: None,
            is_static: true,
            is_constant: true,
            annotations: self.annotations(&variant.attrs),
        };
        let end = value.map_or(end, |value| value.end).max(end);
        let kind = Kind::Binding(Box::new(binding));
        self.add(kind, target.start, end).node
    }
}
