//! Function declarations: `map standalone.fetch(String id, int count) { … }`, typed or not.
//!
//! Must not know calls.

use super::{LONGEST_LOOK, Lexeme, Parser};
use crate::syntax::tree::{ExportedName, Function, Kind, Name, Parameter};

/// Where the parts of a header are, counted from the place of the parser.
pub(super) struct Header {
    name: usize,
    opening: usize,
    closing: usize,
}

impl Parser<'_> {
    /// The header that begins here, if one does: names, a list of nothing but names, and a brace.
    pub(super) fn function_header(&self) -> Option<Header> {
        self.word(0)?;
        let name = if self.word(1).is_some() { 1 } else { 0 };
        let mut opening = name + 1;
        while self.is_symbol(opening, ".") && self.word(opening + 1).is_some() {
            opening += 2;
        }
        if !self.is_symbol(opening, "(") || self.begins_line(opening) {
            return None;
        }
        let mut closing = opening + 1;
        while self.word(closing).is_some()
            || matches!(self.symbol(closing), Some("," | "." | "<" | ">"))
        {
            closing += 1;
            if closing > LONGEST_LOOK {
                return None;
            }
        }
        let is_header = self.is_symbol(closing, ")") && self.is_symbol(closing + 1, "{");
        is_header.then_some(Header {
            name,
            opening,
            closing,
        })
    }

    /// Takes the declaration and keeps it with the functions of the text.
    pub(super) fn function(&mut self, header: &Header) {
        let start = self.here();
        let (Some(first), Some(last)) = (self.ahead(header.name), self.ahead(header.opening - 1))
        else {
            return;
        };
        let name = Name {
            text: self
                .text
                .get(first.start..last.end)
                .unwrap_or_default()
                .to_string(),
            span: self.builder.span(first.start, last.end),
        };
        let parameters = self.parameters(header);
        self.at += header.closing + 1;
        let body = self.statements_in_braces(false);
        let end = self.reached();
        let function = Function {
            name: Some(name.clone()),
            parameters,
            body,
            ..Function::default()
        };
        let declared = self.piece(Kind::Function(Box::new(function)), start, end);
        let value = self.piece(Kind::Name(name.text.clone()), first.start, last.end);
        let exported = ExportedName {
            name: Some(name.text),
            value: Some(value.node),
            from: None,
            span: name.span,
        };
        let names = vec![exported];
        let export = self.piece(Kind::Export { names }, first.start, last.end);
        self.functions.push(declared.node);
        self.functions.push(export.node);
    }

    /// Each is a name with perhaps a type before it.
    fn parameters(&mut self, header: &Header) -> Vec<Parameter> {
        let inside: Vec<Lexeme> = (header.opening + 1..header.closing)
            .filter_map(|distance| self.ahead(distance))
            .collect();
        let mut parameters = Vec::new();
        let text = self.text;
        let is_comma = |lexeme: &Lexeme| text.get(lexeme.start..lexeme.end) == Some(",");
        for part in inside.split(is_comma) {
            let (Some(first), Some(name)) = (part.first().copied(), part.last().copied()) else {
                continue;
            };
            let type_name = (part.len() > 1).then(|| self.source(first).to_string());
            let (written, start) = (self.source(name).to_string(), first.start);
            let target = self.builder.add(Kind::Name(written), name.start, name.end);
            parameters.push(Parameter {
                target,
                type_name,
                default: None,
                is_rest: false,
                is_field: false,
                annotations: Vec::new(),
                span: self.builder.span(start, name.end),
            });
        }
        parameters
    }
}
