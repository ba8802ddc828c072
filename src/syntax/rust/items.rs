//! Items: what a file, an inline module or a block declares.
//!
//! Owns the order of items, which in Rust is free: what others may need comes first. It must not know what
//! stands in other files.

use super::classes::{Implementations, ROOT, module_number};
use super::lowering::{Lowering, ident_text};
use crate::syntax::tree::{Binding, ExportedName, Kind, NodeId};
use syn::{Attribute, Fields, Item, Type, Visibility};

/// An item with the place where the text begins that was parsed for it.
#[derive(Clone, Copy)]
pub(super) struct Sourced<'a> {
    pub item: &'a Item,
    pub offset: usize,
}

/// Items by the order in which they stand in a body.
#[derive(Default)]
struct Ordered {
    imports: Vec<NodeId>,
    classes: Vec<NodeId>,
    functions: Vec<NodeId>,
    modules: Vec<NodeId>,
    others: Vec<NodeId>,
    exports: Vec<ExportedName>,
}

impl Lowering<'_> {
    /// The items of a file or block.
    pub(super) fn module(&mut self, items: &[Sourced<'_>], is_file: bool) -> Vec<NodeId> {
        let outer = self.offset;
        let mut implementations = Implementations::of(items, self);
        let body = self.module_body(items, ROOT, &mut implementations, is_file);
        self.offset = outer;
        body
    }

    fn module_body<'a>(
        &mut self,
        items: &[Sourced<'a>],
        number: usize,
        implementations: &mut Implementations<'a>,
        is_file: bool,
    ) -> Vec<NodeId> {
        let mut ordered = Ordered::default();
        let mut constants = Vec::new();
        for source in items {
            self.offset = source.offset;
            if let Some(constant) = self.constant(source) {
                if is_file {
                    self.export(constant.visibility, constant.ident, &mut ordered);
                }
                constants.push(constant);
                continue;
            }
            self.item(source, number, implementations, is_file, &mut ordered);
        }
        let mut body = ordered.imports;
        body.extend(ordered.classes);
        body.extend(ordered.functions);
        body.extend(ordered.modules);
        for constant in self.by_dependency(constants) {
            self.offset = constant.offset;
            body.push(self.constant_binding(&constant));
        }
        body.extend(ordered.others);
        if !ordered.exports.is_empty() {
            let names = ordered.exports;
            let start = self.text.len();
            body.push(self.add(Kind::Export { names }, start, start).node);
        }
        body
    }

    fn item<'a>(
        &mut self,
        source: &Sourced<'a>,
        number: usize,
        implementations: &mut Implementations<'a>,
        is_file: bool,
        ordered: &mut Ordered,
    ) {
        match source.item {
            Item::Use(item) => {
                let is_exported = is_file && is_public(&item.vis);
                let nodes = self.use_item(item, is_exported);
                ordered.imports.extend(nodes);
            }
            Item::ExternCrate(item) => {
                let node = self.extern_crate(item);
                ordered.imports.push(node);
            }
            Item::Mod(item) => match &item.content {
                None => {
                    let node = self.module_file(item);
                    ordered.imports.push(node);
                    if is_file {
                        self.export(&item.vis, &item.ident, ordered);
                    }
                }
                Some((_, items)) => {
                    let node = self.inline_module(item, items, source.offset, implementations);
                    ordered.modules.push(node);
                }
            },
            Item::Fn(item) => {
                let annotations = self.annotations(&item.attrs);
                let start = self.item_start(&item.attrs, &item.vis, signature_start(&item.sig));
                let end = self.end(item.block.brace_token.span.close());
                let node = self.function_item(
                    &item.sig,
                    Some(&item.block),
                    annotations,
                    start,
                    end,
                    false,
                );
                ordered.functions.push(node);
                if is_file {
                    self.export(&item.vis, &item.sig.ident, ordered);
                }
            }
            Item::Struct(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.struct_token.span);
                let end = match (&item.semi_token, &item.fields) {
                    (Some(semi), _) => self.end(semi.span),
                    (None, Fields::Named(fields)) => self.end(fields.brace_token.span.close()),
                    _ => self.end(item.ident.span()),
                };
                let members = self.fields(&item.fields);
                let implementations = implementations.take(number, &ident_text(&item.ident));
                let node = self.class(
                    &item.ident,
                    &item.attrs,
                    members,
                    Vec::new(),
                    implementations,
                    (start, end),
                );
                ordered.classes.push(node);
                if is_file {
                    self.export(&item.vis, &item.ident, ordered);
                }
            }
            Item::Union(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.union_token.span);
                let end = self.end(item.fields.brace_token.span.close());
                let members = self.named_fields(&item.fields);
                let implementations = implementations.take(number, &ident_text(&item.ident));
                let range = (start, end);
                let node = self.class(
                    &item.ident,
                    &item.attrs,
                    members,
                    Vec::new(),
                    implementations,
                    range,
                );
                ordered.classes.push(node);
            }
            Item::Enum(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.enum_token.span);
                let end = self.end(item.brace_token.span.close());
                let members = item.variants.iter();
                let members = members.map(|variant| self.variant(variant)).collect();
                let implementations = implementations.take(number, &ident_text(&item.ident));
                let node = self.class(
                    &item.ident,
                    &item.attrs,
                    members,
                    Vec::new(),
                    implementations,
                    (start, end),
                );
                ordered.classes.push(node);
                if is_file {
                    self.export(&item.vis, &item.ident, ordered);
                }
            }
            Item::Trait(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.trait_token.span);
                let end = self.end(item.brace_token.span.close());
                let members = self.trait_members(item);
                let supertypes = self.bound_names(item.supertraits.iter());
                let implementations = implementations.take(number, &ident_text(&item.ident));
                let node = self.class(
                    &item.ident,
                    &item.attrs,
                    members,
                    supertypes,
                    implementations,
                    (start, end),
                );
                ordered.classes.push(node);
                if is_file {
                    self.export(&item.vis, &item.ident, ordered);
                }
            }
            Item::Impl(item) => {
                let Some(name) = self.implemented(&item.self_ty) else {
                    let body = self.implementation_members(item);
                    let (start, end) = self.implementation_range(item);
                    let node = self.opaque(body, start, end);
                    ordered.others.push(node.node);
                    return;
                };
                if implementations.names.contains(&name.text) {
                    return;
                }
                let blocks = implementations.take(number, &name.text);
                if !blocks.is_empty() {
                    let range = self.implementation_range(item);
                    let node = self.foreign_class(name, blocks, range);
                    ordered.classes.push(node);
                }
            }
            Item::Type(item) => {
                let start = self.item_start(&item.attrs, &item.vis, item.type_token.span);
                let end = self.end(item.semi_token.span);
                if let Type::Path(path) = &*item.ty {
                    let target = self.name_node(&item.ident).node;
                    let value = Some(self.path(&path.path).node);
                    let binding = Binding {
                        target,
                        value,
                        type_name: None,
                        is_static: false,
                        is_constant: true,
                        annotations: Vec::new(),
                    };
                    let node = self.add(Kind::Binding(Box::new(binding)), start, end);
                    ordered.others.push(node.node);
                    if is_file {
                        self.export(&item.vis, &item.ident, ordered);
                    }
                }
            }
            Item::Macro(item) => {
                let node = match &item.ident {
                    // `macro_rules!`: what is written in it, without what it makes of it.
                    Some(_) => self.macro_definition(&item.mac),
                    None => self.macro_call(&item.mac).node,
                };
                ordered.others.push(node);
            }
            _ => {}
        }
    }

    fn macro_definition(&mut self, definition: &syn::Macro) -> NodeId {
        let span = match &definition.delimiter {
            syn::MacroDelimiter::Paren(paren) => paren.span,
            syn::MacroDelimiter::Brace(brace) => brace.span,
            syn::MacroDelimiter::Bracket(bracket) => bracket.span,
        };
        let (start, end) = self.range(span.join());
        let children = self.read_tokens(start, end);
        self.opaque(children, start, end).node
    }

    fn inline_module<'a>(
        &mut self,
        item: &syn::ItemMod,
        items: &'a [Item],
        offset: usize,
        implementations: &mut Implementations<'a>,
    ) -> NodeId {
        let start = self.item_start(&item.attrs, &item.vis, item.mod_token.span);
        let (name_start, name_end) = self.range(item.ident.span());
        let end = match &item.content {
            Some((brace, _)) => self.end(brace.span.close()),
            None => name_end,
        };
        let name = ident_text(&item.ident);
        let mut body = vec![self.add(Kind::Package { name }, name_start, name_end).node];
        let inner: Vec<Sourced<'a>> = items.iter().map(|item| Sourced { item, offset }).collect();
        body.extend(self.module_body(&inner, module_number(item), implementations, false));
        self.offset = offset;
        self.add(Kind::Block { body }, start, end).node
    }

    fn export(&mut self, visibility: &Visibility, ident: &syn::Ident, ordered: &mut Ordered) {
        if !is_public(visibility) {
            return;
        }
        let value = self.name_node(ident);
        ordered.exports.push(ExportedName {
            name: Some(ident_text(ident)),
            value: Some(value.node),
            from: None,
            span: self.builder.span(value.start, value.end),
        });
    }

    /// Where an item begins: at its first attribute, its visibility or its keyword.
    pub(super) fn item_start(
        &self,
        attributes: &[Attribute],
        visibility: &Visibility,
        keyword: proc_macro2::Span,
    ) -> usize {
        let mut start = self.start(keyword);
        match visibility {
            Visibility::Public(word) => start = start.min(self.start(word.span)),
            Visibility::Restricted(restricted) => {
                start = start.min(self.start(restricted.pub_token.span));
            }
            Visibility::Inherited => {}
        }
        attributes
            .iter()
            .filter(|attribute| !attribute.path().is_ident("doc"))
            .map(|attribute| self.start(attribute.pound_token.span))
            .fold(start, usize::min)
    }
}

fn is_public(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

pub(super) fn signature_start(signature: &syn::Signature) -> proc_macro2::Span {
    if let Some(word) = &signature.constness {
        return word.span;
    }
    if let Some(word) = &signature.asyncness {
        return word.span;
    }
    signature.fn_token.span
}
