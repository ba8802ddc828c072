//! Names and places of types and paths.
//!
//! Owns what is left of a type in the tree: its name without arguments and references. It must not know
//! which types mean something.

use super::lowering::{Lowered, Lowering, ident_text};
use crate::syntax::tree::{Kind, Name};
use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

/// Types that stand for what they hold.
const TRANSPARENT: [&str; 5] = ["Box", "Rc", "Arc", "Cow", "Pin"];

impl Lowering<'_> {
    /// `&str` is `str`, `Option<T>` is `Option`, `Arc<a::B<T>>` is `a::B`.
    pub(super) fn type_name(&self, of: &Type) -> Option<String> {
        let mut of = of;
        loop {
            of = match of {
                Type::Reference(reference) => &reference.elem,
                Type::Ptr(pointer) => &pointer.elem,
                Type::Paren(paren) => &paren.elem,
                Type::Group(group) => &group.elem,
                Type::Path(path) => match transparent(&path.path) {
                    Some(inner) => inner,
                    None => return Some(self.path_text(&path.path)),
                },
                Type::ImplTrait(bounds) => return self.bound_name(bounds.bounds.iter()),
                Type::TraitObject(bounds) => return self.bound_name(bounds.bounds.iter()),
                _ => return None,
            };
        }
    }

    /// The first trait of some bounds.
    fn bound_name<'b>(
        &self,
        mut bounds: impl Iterator<Item = &'b TypeParamBound>,
    ) -> Option<String> {
        bounds.find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(self.path_text(&bound.path)),
            _ => None,
        })
    }

    /// All traits of some bounds.
    pub(super) fn bound_names<'b>(
        &self,
        bounds: impl Iterator<Item = &'b TypeParamBound>,
    ) -> Vec<String> {
        bounds
            .filter_map(|bound| match bound {
                TypeParamBound::Trait(bound) => Some(self.path_text(&bound.path)),
                _ => None,
            })
            .collect()
    }

    /// A path as written, without arguments; `Self` is the type it stands for.
    pub(super) fn path_text(&self, path: &syn::Path) -> String {
        let mut text = String::new();
        for segment in &path.segments {
            if !text.is_empty() {
                text.push_str("::");
            }
            text.push_str(&self.segment_text(&segment.ident));
        }
        text
    }

    fn segment_text(&self, ident: &syn::Ident) -> String {
        match &self.self_type {
            Some(name) if ident == "Self" => name.clone(),
            _ => ident_text(ident),
        }
    }

    /// The name under which an `impl` block finds its type: the last of its path.
    pub(super) fn implemented(&self, of: &Type) -> Option<Name> {
        let mut of = of;
        loop {
            of = match of {
                Type::Reference(reference) => &reference.elem,
                Type::Paren(paren) => &paren.elem,
                Type::Group(group) => &group.elem,
                Type::Path(path) => {
                    let last = path.path.segments.last()?;
                    return Some(self.name(&last.ident));
                }
                _ => return None,
            };
        }
    }

    /// A path as an expression.
    pub(super) fn path(&mut self, path: &syn::Path) -> Lowered {
        let mut result: Option<Lowered> = None;
        for segment in &path.segments {
            let (start, end) = self.range(segment.ident.span());
            let whole_end = self.arguments_end(&segment.arguments).unwrap_or(end);
            let text = self.segment_text(&segment.ident);
            let lowered = match result {
                Some(object) => {
                    let property = self.name_at(text, start, end);
                    let object_start = object.start;
                    let object = object.node;
                    self.add(Kind::Member { object, property }, object_start, end)
                }
                None if segment.ident == "self" && path.segments.len() == 1 => {
                    self.add(Kind::This, start, end)
                }
                None => self.add(Kind::Name(text), start, end),
            };
            result = Some(lowered.within(start, whole_end));
        }
        result.unwrap_or_else(|| self.opaque(Vec::new(), 0, 0))
    }

    /// From the first to the last token of a path.
    pub(super) fn path_range(&self, path: &syn::Path) -> (usize, usize) {
        let first = path.segments.first();
        let last = path.segments.last();
        let start = first.map_or(0, |segment| self.start(segment.ident.span()));
        let end = last.map_or(start, |segment| {
            self.arguments_end(&segment.arguments)
                .unwrap_or_else(|| self.end(segment.ident.span()))
        });
        (start, end)
    }

    fn arguments_end(&self, arguments: &PathArguments) -> Option<usize> {
        match arguments {
            PathArguments::None => None,
            PathArguments::AngleBracketed(arguments) => Some(self.end(arguments.gt_token.span)),
            PathArguments::Parenthesized(arguments) => match &arguments.output {
                syn::ReturnType::Type(_, output) => self.type_end(output),
                syn::ReturnType::Default => Some(self.end(arguments.paren_token.span.close())),
            },
        }
    }

    /// Where a type ends, if that is easily told.
    pub(super) fn type_end(&self, of: &Type) -> Option<usize> {
        let mut of = of;
        loop {
            of = match of {
                Type::Reference(reference) => &reference.elem,
                Type::Ptr(pointer) => &pointer.elem,
                Type::Group(group) => &group.elem,
                Type::Paren(paren) => return Some(self.end(paren.paren_token.span.close())),
                Type::Path(path) => return Some(self.path_range(&path.path).1),
                Type::Array(array) => return Some(self.end(array.bracket_token.span.close())),
                Type::Slice(slice) => return Some(self.end(slice.bracket_token.span.close())),
                Type::Tuple(tuple) => return Some(self.end(tuple.paren_token.span.close())),
                Type::Never(never) => return Some(self.end(never.bang_token.span)),
                Type::ImplTrait(bounds) => return self.bounds_end(bounds.bounds.last()),
                Type::TraitObject(bounds) => return self.bounds_end(bounds.bounds.last()),
                Type::FnPtr(pointer) => match &pointer.output {
                    syn::ReturnType::Type(_, output) => output,
                    syn::ReturnType::Default => {
                        return Some(self.end(pointer.paren_token.span.close()));
                    }
                },
                _ => return None,
            };
        }
    }

    fn bounds_end(&self, last: Option<&TypeParamBound>) -> Option<usize> {
        match last {
            Some(TypeParamBound::Trait(bound)) => Some(match &bound.paren_token {
                Some(paren) => self.end(paren.span.close()),
                None => self.path_range(&bound.path).1,
            }),
            Some(TypeParamBound::Lifetime(lifetime)) => Some(self.end(lifetime.ident.span())),
            _ => None,
        }
    }
}

/// What a `Box<T>` and the like hold.
fn transparent(path: &syn::Path) -> Option<&Type> {
    let last = path.segments.last()?;
    if !TRANSPARENT.iter().any(|name| last.ident == name) {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}
