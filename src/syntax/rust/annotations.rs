//! Attributes, as annotations with arguments.
//!
//! Owns which attributes are kept: documentation comments are comments and no annotations.

use super::lowering::{Lowering, ident_text};
use crate::syntax::tree::{Annotation, Argument};
use syn::{Attribute, Meta};

impl Lowering<'_> {
    pub(super) fn annotations(&mut self, attributes: &[Attribute]) -> Vec<Annotation> {
        let kept = attributes
            .iter()
            .filter(|attribute| !attribute.path().is_ident("doc"));
        kept.map(|attribute| self.annotation(attribute)).collect()
    }

    fn annotation(&mut self, attribute: &Attribute) -> Annotation {
        let start = self.start(attribute.pound_token.span);
        let end = self.end(attribute.bracket_token.span.close());
        let last = attribute.path().segments.last();
        let name = last.map_or(String::new(), |segment| ident_text(&segment.ident));
        let arguments = match &attribute.meta {
            Meta::Path(_) => Vec::new(),
            Meta::NameValue(pair) => vec![Argument {
                name: None,
                value: self.expression(&pair.value).node,
                is_spread: false,
            }],
            Meta::List(list) => self.token_arguments(&list.delimiter, &list.tokens),
        };
        Annotation {
            name,
            arguments,
            span: self.builder.span(start, end),
        }
    }
}
