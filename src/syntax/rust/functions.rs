//! Functions, methods, closures and async blocks.
//!
//! Owns parameters and the value that a body returns without saying so.

use super::control::Sink;
use super::lowering::{Lowered, Lowering};
use crate::syntax::tree::{Annotation, Function, Kind, NodeId, Parameter};
use syn::{Block, FnArg, Pat, ReturnType, Signature};

impl Lowering<'_> {
    /// A function item or method. `start` is where its attributes or visibility begin.
    pub(super) fn function_item(
        &mut self,
        signature: &Signature,
        block: Option<&Block>,
        annotations: Vec<Annotation>,
        start: usize,
        end: usize,
        is_method: bool,
    ) -> NodeId {
        let has_receiver = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
        let parameters = signature
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Receiver(_) => None,
                FnArg::Typed(typed) => {
                    Some(self.parameter(&typed.pat, Some(&typed.ty), &typed.attrs))
                }
            })
            .collect();
        let sink = match &signature.output {
            ReturnType::Type(..) => Sink::Return,
            ReturnType::Default => Sink::Nowhere,
        };
        let body = block.map_or(Vec::new(), |block| self.statements(&block.stmts, sink));
        let function = Function {
            name: Some(self.name(&signature.ident)),
            parameters,
            body,
            is_async: signature.asyncness.is_some(),
            is_static: is_method && !has_receiver,
            annotations,
            ..Function::default()
        };
        self.add(Kind::Function(Box::new(function)), start, end)
            .node
    }

    fn parameter(
        &mut self,
        pattern: &Pat,
        of: Option<&syn::Type>,
        attributes: &[syn::Attribute],
    ) -> Parameter {
        let annotations = self.annotations(attributes);
        let (pattern, of) = match pattern {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pattern => (pattern, of),
        };
        let target = match self.pattern(pattern) {
            Some(target) => target,
            None => {
                let (start, end) = unbound_range(self, pattern);
                let entries = Vec::new();
                self.add(Kind::Pattern { entries }, start, end)
            }
        };
        let end = of.and_then(|of| self.type_end(of)).unwrap_or(target.end);
        Parameter {
            target: target.node,
            type_name: of.and_then(|of| self.type_name(of)),
            default: None,
            is_rest: false,
            is_field: false,
            annotations,
            span: self.builder.span(target.start, end.max(target.end)),
        }
    }

    pub(super) fn closure(&mut self, closure: &syn::ExprClosure) -> Lowered {
        let begin = self.start(closure.inputs_begin.span);
        let start = [
            closure.capture.as_ref().map(|word| word.span),
            closure.asyncness.as_ref().map(|word| word.span),
            closure.constness.as_ref().map(|word| word.span),
        ]
        .into_iter()
        .flatten()
        .map(|span| self.start(span))
        .fold(begin, usize::min);
        let inputs = closure.inputs.iter();
        let parameters = inputs
            .map(|input| self.parameter(input, None, &[]))
            .collect();
        let mut body = Vec::new();
        let (_, end) = self.value_into(&closure.body, Sink::Return, &mut body);
        let function = Function {
            parameters,
            body,
            is_async: closure.asyncness.is_some(),
            is_arrow: true,
            ..Function::default()
        };
        let end = end.max(self.end(closure.inputs_end.span));
        self.add(Kind::Function(Box::new(function)), start, end)
    }

    /// `async { … }`: a closure that somebody awaits.
    pub(super) fn async_block(&mut self, block: &syn::ExprAsync) -> Lowered {
        let start = self.start(block.async_token.span);
        let end = self.end(block.block.brace_token.span.close());
        let body = self.statements(&block.block.stmts, Sink::Return);
        let function = Function {
            body,
            is_async: true,
            is_arrow: true,
            ..Function::default()
        };
        self.add(Kind::Function(Box::new(function)), start, end)
    }
}

fn unbound_range(lowering: &Lowering<'_>, pattern: &Pat) -> (usize, usize) {
    match pattern {
        Pat::Wild(wild) => lowering.range(wild.underscore_token.span),
        Pat::Tuple(tuple) => lowering.range(tuple.paren_token.span.join()),
        Pat::Ident(ident) => lowering.range(ident.ident.span()),
        Pat::Paren(paren) => unbound_range(lowering, &paren.pat),
        Pat::Reference(reference) => unbound_range(lowering, &reference.pat),
        Pat::Struct(fields) => lowering.path_range(&fields.path),
        Pat::TupleStruct(variant) => lowering.path_range(&variant.path),
        Pat::Slice(slice) => lowering.range(slice.bracket_token.span.join()),
        _ => (0, 0),
    }
}
