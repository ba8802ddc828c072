//! `use`, `extern crate` and `mod name;`: what a file takes from others and passes on.
//!
//! Owns the parting of `use` trees into imports, one for each module. It must not know where modules stand.

use super::lowering::{Lowering, ident_text};
use crate::syntax::tree::{ExportedName, Imported, ImportedName, Kind, NodeId, Span};
use syn::UseTree;

/// One name of a `use`.
struct Taken {
    module: String,
    module_range: (usize, usize),
    imported: Imported,
    local: String,
    range: (usize, usize),
}

impl Lowering<'_> {
    pub(super) fn use_item(&mut self, item: &syn::ItemUse, is_exported: bool) -> Vec<NodeId> {
        let start = self.start(item.use_token.span);
        let end = self.end(item.semi_token.span);
        let taken = self.taken(&item.tree);
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut exported = Vec::new();
        let mut at = 0;
        while let Some(first) = taken.get(at) {
            let same = |one: &&Taken| {
                one.module_range == first.module_range
                    && one.module == first.module
                    && is_everything(one) == is_everything(first)
            };
            let group: Vec<&Taken> = taken.iter().skip(at).take_while(same).collect();
            at += group.len().max(1);
            let names = group
                .iter()
                .filter(|one| one.local != "_")
                .map(|one| ImportedName {
                    imported: one.imported.clone(),
                    local: one.local.clone(),
                    span: self.builder.span(one.range.0, one.range.1),
                })
                .collect();
            if is_exported {
                exported.extend(group.iter().filter_map(|one| self.passed_on(one)));
            }
            let module_span = self
                .builder
                .span(first.module_range.0, first.module_range.1);
            let kind = Kind::Import {
                module: first.module.clone(),
                module_span,
                names,
            };
            nodes.push(self.add(kind, start, end).node);
        }
        if !exported.is_empty() {
            let kind = Kind::Export { names: exported };
            nodes.push(self.add(kind, start, end).node);
        }
        nodes
    }

    /// `pub use`
    fn passed_on(&self, one: &Taken) -> Option<ExportedName> {
        let (name, imported) = match &one.imported {
            Imported::Everything => ("*".to_string(), "*".to_string()),
            Imported::Named(imported) => (one.local.clone(), imported.clone()),
            Imported::Whole | Imported::Default => (one.local.clone(), "*".to_string()),
        };
        (name != "_").then(|| ExportedName {
            name: Some(name),
            value: None,
            from: Some((one.module.clone(), imported)),
            span: self.builder.span(one.range.0, one.range.1),
        })
    }

    /// All names of a `use` tree, in order.
    fn taken(&self, tree: &UseTree) -> Vec<Taken> {
        let mut taken = Vec::new();
        // A prefix and the place of it; the place is empty before anything was read.
        let mut pending = vec![(String::new(), None::<(usize, usize)>, tree)];
        while let Some((module, range, tree)) = pending.pop() {
            let module_range = |own: (usize, usize)| range.unwrap_or(own);
            match tree {
                UseTree::Path(path) => {
                    let own = self.range(path.ident.span());
                    let start = range.map_or(own.0, |range| range.0);
                    let module = joined(&module, &ident_text(&path.ident));
                    pending.push((module, Some((start, own.1)), &path.tree));
                }
                UseTree::Name(name) => {
                    let own = self.range(name.ident.span());
                    let text = ident_text(&name.ident);
                    let local = if text == "self" {
                        last_of(&module).to_string()
                    } else {
                        text.clone()
                    };
                    taken.push(one(module, module_range(own), text, local, own));
                }
                UseTree::Rename(name) => {
                    let own = self.range(name.ident.span());
                    let local = ident_text(&name.rename);
                    let range = (own.0, self.end(name.rename.span()));
                    let text = ident_text(&name.ident);
                    let mut one = one(module, module_range(own), text, local, own);
                    one.range = range;
                    taken.push(one);
                }
                UseTree::Glob(glob) => {
                    let own = self.range(
                        glob.star_token
                            .spans
                            .first()
                            .copied()
                            .unwrap_or_else(proc_macro2::Span::call_site),
                    );
                    taken.push(Taken {
                        module,
                        module_range: module_range(own),
                        imported: Imported::Everything,
                        local: String::new(),
                        range: own,
                    });
                }
                UseTree::Group(group) => {
                    for item in group.items.iter().rev() {
                        pending.push((module.clone(), range, item));
                    }
                }
            }
        }
        taken
    }

    pub(super) fn extern_crate(&mut self, item: &syn::ItemExternCrate) -> NodeId {
        let start = self.start(item.extern_token.span);
        let end = self.end(item.semi_token.span);
        let own = self.range(item.ident.span());
        let local = item.rename.as_ref().map_or(&item.ident, |rename| &rename.1);
        let local = ident_text(local);
        self.whole_import(ident_text(&item.ident), local, own, (start, end))
    }

    /// `mod name;`: the file of that name.
    pub(super) fn module_file(&mut self, item: &syn::ItemMod) -> NodeId {
        let own = self.range(item.ident.span());
        let start = self.start(item.mod_token.span);
        let end = item.semi.as_ref().map_or(own.1, |semi| self.end(semi.span));
        let name = ident_text(&item.ident);
        self.whole_import(format!("self::{name}"), name, own, (start, end))
    }

    fn whole_import(
        &mut self,
        module: String,
        local: String,
        own: (usize, usize),
        whole: (usize, usize),
    ) -> NodeId {
        let span: Span = self.builder.span(own.0, own.1);
        let names = match local.as_str() {
            "_" => Vec::new(),
            _ => vec![ImportedName {
                imported: Imported::Whole,
                local,
                span,
            }],
        };
        let kind = Kind::Import {
            module,
            module_span: span,
            names,
        };
        self.add(kind, whole.0, whole.1).node
    }
}

/// A name taken out of `module`; without a module, and for `self`, it is a module itself.
fn one(
    module: String,
    module_range: (usize, usize),
    name: String,
    local: String,
    range: (usize, usize),
) -> Taken {
    let (module, imported) = if module.is_empty() {
        (name, Imported::Whole)
    } else if name == "self" {
        (module, Imported::Whole)
    } else {
        (module, Imported::Named(name))
    };
    Taken {
        module,
        module_range,
        imported,
        local,
        range,
    }
}

fn is_everything(one: &Taken) -> bool {
    one.imported == Imported::Everything
}

fn joined(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_string()
    } else {
        format!("{module}::{name}")
    }
}

fn last_of(module: &str) -> &str {
    module.rsplit("::").next().unwrap_or(module)
}
