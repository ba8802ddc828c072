//! The state of a lowering, places of tokens, and the order of reading: the file, else its items, else tokens.
//!
//! Owns the parser calls and the way from its spans to bytes of the text. What a construct means is decided
//! by the files beside it.

use super::bound::Bound;
use super::items::Sourced;
use super::scan::{Scan, Token, TokenKind};
use crate::syntax::tree::{Kind, Name, NodeId, Tree, TreeBuilder};
use proc_macro2::{Span, TokenStream};
use std::collections::HashSet;
use std::str::FromStr;
use syn::ext::IdentExt;
use syn::parse::Parser;

/// How often the text of a file may be parsed again for the arguments of macros in macros.
const MACRO_READINGS: usize = 8;

pub(super) struct Lowering<'t> {
    pub builder: TreeBuilder,
    pub text: &'t str,
    scan: &'t Scan,
    pub deep_macros: &'t HashSet<usize>,
    is_balanced: bool,
    /// Where the text that was given to the parser begins.
    pub offset: usize,
    /// What `Self` is, if known.
    pub self_type: Option<String>,
    /// Bytes of macro arguments that may still be parsed.
    pub macro_budget: usize,
    /// Numbers names for values that are matched by several patterns.
    pub matched: usize,
}

/// A node with the whole range of its source, which parentheses make wider than the node's own span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lowered {
    pub node: NodeId,
    pub start: usize,
    pub end: usize,
}

impl Lowered {
    pub(super) fn within(self, start: usize, end: usize) -> Lowered {
        Lowered {
            node: self.node,
            start: start.min(self.start),
            end: end.max(self.end),
        }
    }
}

impl<'t> Lowering<'t> {
    pub(super) fn new(
        builder: TreeBuilder,
        text: &'t str,
        scan: &'t Scan,
        bound: &'t Bound,
    ) -> Lowering<'t> {
        Lowering {
            builder,
            text,
            scan,
            deep_macros: &bound.deep_macros,
            is_balanced: bound.is_balanced,
            offset: 0,
            self_type: None,
            macro_budget: text.len() * MACRO_READINGS + 64 * 1024,
            matched: 0,
        }
    }

    pub(super) fn run(mut self) -> Tree {
        let body = self.file();
        for place in &self.scan.comments {
            self.builder
                .comment(place.start, place.end, place.text_start, place.text_end);
        }
        self.builder.finish(body, self.text.len())
    }

    fn file(&mut self) -> Vec<NodeId> {
        let (start, end) = (self.scan.code_start, self.text.len());
        match self.parse(start, end, syn::parse2::<syn::File>) {
            Ok((file, offset)) => self.module(&sourced(&file, offset), true),
            Err(place) => {
                // A fragment, as in documentation: statements without a function around them.
                let block = syn::Block::parse_within;
                if let Ok((statements, offset)) =
                    self.parse(start, end, |tokens| block.parse2(tokens))
                {
                    self.offset = offset;
                    return self.statement_list(&statements);
                }
                let before = self.text.get(..place).unwrap_or_default();
                let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
                self.builder
                    .partly_read(format!("syntax error at line {line}"));
                if self.is_balanced {
                    self.item_by_item()
                } else {
                    self.read_tokens(start, end)
                }
            }
        }
    }

    /// Parses every item by itself, so that an error in one leaves the others whole.
    fn item_by_item(&mut self) -> Vec<NodeId> {
        let scan = self.scan;
        let mut files = Vec::new();
        let mut broken = Vec::new();
        for (start, end) in items(&scan.tokens) {
            match self.parse(start, end, syn::parse2::<syn::File>) {
                Ok(parsed) => files.push(parsed),
                Err(_) => broken.push((start, end)),
            }
        }
        let all: Vec<Sourced<'_>> = files
            .iter()
            .flat_map(|(file, offset)| sourced(file, *offset))
            .collect();
        let mut body = self.module(&all, true);
        for (start, end) in broken {
            body.extend(self.read_tokens(start, end));
        }
        body
    }

    /// Parses `text[start..end]`; gives the place of the error, or the result with its offset.
    fn parse<T>(
        &self,
        start: usize,
        end: usize,
        parser: impl FnOnce(TokenStream) -> syn::Result<T>,
    ) -> Result<(T, usize), usize> {
        let mut start = start;
        let mut part = self.text.get(start..end).ok_or(start)?;
        // The lexer would drop a mark and not count it.
        if let Some(rest) = part.strip_prefix('\u{feff}') {
            start += part.len() - rest.len();
            part = rest;
        }
        let tokens =
            TokenStream::from_str(part).map_err(|error| start + error.span().byte_range().start)?;
        match parser(tokens) {
            Ok(value) => Ok((value, start)),
            Err(error) => Err(start + error.span().byte_range().start),
        }
    }

    // --- places ---------------------------------------------------------------------------------

    /// The bytes of a token.
    pub(super) fn range(&self, span: Span) -> (usize, usize) {
        let range = span.byte_range();
        let start = self.boundary(range.start + self.offset);
        let end = self.boundary(range.end + self.offset);
        (start, end.max(start))
    }
    pub(super) fn start(&self, span: Span) -> usize {
        self.range(span).0
    }
    pub(super) fn end(&self, span: Span) -> usize {
        self.range(span).1
    }

    fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    // --- nodes ----------------------------------------------------------------------------------

    pub(super) fn add(&mut self, kind: Kind, start: usize, end: usize) -> Lowered {
        let end = end.max(start);
        Lowered {
            node: self.builder.add(kind, start, end),
            start,
            end,
        }
    }

    pub(super) fn name_at(&self, text: String, start: usize, end: usize) -> Name {
        let span = self.builder.span(start, end);
        Name { text, span }
    }

    pub(super) fn name(&self, ident: &syn::Ident) -> Name {
        let (start, end) = self.range(ident.span());
        self.name_at(ident_text(ident), start, end)
    }

    pub(super) fn name_node(&mut self, ident: &syn::Ident) -> Lowered {
        let (start, end) = self.range(ident.span());
        self.add(Kind::Name(ident_text(ident)), start, end)
    }

    pub(super) fn opaque(&mut self, children: Vec<NodeId>, start: usize, end: usize) -> Lowered {
        self.add(Kind::Opaque { children }, start, end)
    }
}

/// Without the `r#` of a raw identifier.
pub(super) fn ident_text(ident: &syn::Ident) -> String {
    ident.unraw().to_string()
}

fn sourced(file: &syn::File, offset: usize) -> Vec<Sourced<'_>> {
    let items = file.items.iter();
    items.map(|item| Sourced { item, offset }).collect()
}

/// Where each item of a file stands: it ends at a `;` or a closed brace outside of all brackets.
fn items(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    let mut start = None;
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        start.get_or_insert(token.start);
        match token.kind {
            TokenKind::Open(_) => depth += 1,
            TokenKind::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        let next = tokens.get(index + 1).map(|token| token.kind);
        let ends = match token.kind {
            TokenKind::Punctuation(b';') => true,
            TokenKind::Close(b'}') => next != Some(TokenKind::Punctuation(b';')),
            _ => next.is_none(),
        };
        if depth == 0
            && ends
            && let Some(start) = start.take()
        {
            items.push((start, token.end));
        }
    }
    items
}
