//! Calls of macros: those whose meaning the language fixes, maps, and any other as a call.
//!
//! Owns how the tokens of a macro are read: as a map, as arguments, as statements, and else by tokens. Names
//! known here are those of the standard library and of the few macros everybody writes alike.

use super::control::Sink;
use super::expressions::unnamed;
use super::lowering::{Lowered, Lowering, ident_text};
use super::macro_syntax::{LazyStatics, MacroArguments, MapEntries, MapValue, entries, repeated};
use crate::syntax::tree::{
    Argument, AssignOperator, Binding, ConcatForm, Entry, Key, Kind, Mapping, NodeId,
};
use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::{Expr, Ident, Macro, MacroDelimiter};

/// Macros that take a template and what fills it, after arguments of another kind.
const FORMATS: [&str; 33] = [
    "format",
    "format_args",
    "write",
    "writeln",
    "print",
    "println",
    "eprint",
    "eprintln",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
    "anyhow",
    "bail",
    "ensure",
    "eyre",
    "format_err",
    "whatever",
    "event",
    "span",
    "const_format",
];

/// Macros that end the function.
const LEAVING: [&str; 5] = ["panic", "unreachable", "todo", "unimplemented", "bail"];

pub(super) fn is_format(name: &str) -> bool {
    FORMATS.contains(&name)
}

fn last_name(call: &Macro) -> String {
    let last = call.path.segments.last();
    last.map_or(String::new(), |segment| ident_text(&segment.ident))
}

pub(super) fn leaves(call: &Macro) -> bool {
    LEAVING.contains(&last_name(call).as_str())
}

/// Where a macro call stands.
struct Place {
    start: usize,
    end: usize,
    /// Between the delimiters.
    inner: (usize, usize),
}

impl Lowering<'_> {
    fn delimited(&self, delimiter: &MacroDelimiter) -> (usize, usize, usize, usize) {
        let span = match delimiter {
            MacroDelimiter::Paren(paren) => paren.span,
            MacroDelimiter::Brace(brace) => brace.span,
            MacroDelimiter::Bracket(bracket) => bracket.span,
        };
        let (open_start, open_end) = self.range(span.open());
        let (close_start, close_end) = self.range(span.close());
        (open_start, open_end, close_start.max(open_end), close_end)
    }

    pub(super) fn macro_call(&mut self, call: &Macro) -> Lowered {
        let name = last_name(call);
        let (open, inner_start, inner_end, end) = self.delimited(&call.delimiter);
        let place = Place {
            start: self.path_range(&call.path).0,
            end,
            inner: (inner_start, inner_end),
        };
        let length = inner_end - inner_start;
        let is_readable = !self.deep_macros.contains(&open) && length <= self.macro_budget;
        let known = if is_readable {
            self.macro_budget -= length;
            self.known_macro(&name, call, &place)
        } else {
            None
        };
        let node = match known {
            Some(lowered) => lowered,
            None => {
                let arguments = self.read_tokens(inner_start, inner_end);
                let arguments = arguments.into_iter().map(unnamed).collect();
                self.named_call(call, arguments, &place)
            }
        };
        if LEAVING.contains(&name.as_str()) {
            let value = Some(node.node);
            return self.add(Kind::Leave { value }, node.start, node.end);
        }
        node
    }

    /// A call of the macro's name with its `!`.
    fn named_call(&mut self, call: &Macro, arguments: Vec<Argument>, place: &Place) -> Lowered {
        let start = match call.path.segments.last() {
            Some(last) => self.start(last.ident.span()),
            None => place.start,
        };
        let end = self.end(call.bang_token.span);
        let name = format!("{}!", last_name(call));
        let callee = self.add(Kind::Name(name), start, end);
        self.call_node(callee.node, arguments, place.start, place.end)
    }

    fn known_macro(&mut self, name: &str, call: &Macro, place: &Place) -> Option<Lowered> {
        let tokens = &call.tokens;
        match name {
            "format" | "format_args" => {
                let arguments = self.parsed_arguments(tokens)?;
                self.format(arguments, place.start, place.end)
            }
            "write" | "writeln" => {
                let mut arguments = self.parsed_arguments(tokens)?;
                if arguments.len() < 2 {
                    return None;
                }
                let rest = arguments.split_off(1);
                let target = arguments.pop()?.value;
                let base = self.builder.span(0, 0).start;
                let first = self.builder.node_span(rest.first()?.value).start - base;
                let value = self.format(rest, first as usize, place.inner.1)?;
                let kind = Kind::Assign {
                    target,
                    operator: AssignOperator::Append,
                    value: value.node,
                };
                Some(self.add(kind, place.start, place.end))
            }
            "concat" => {
                let arguments = self.parsed_arguments(tokens)?;
                let operands = arguments.iter().map(|argument| argument.value).collect();
                let kind = Kind::Concat {
                    operands,
                    form: ConcatForm::Adjacent,
                };
                Some(self.add(kind, place.start, place.end))
            }
            "vec" => {
                if let Ok(repeat) = repeated.parse2(tokens.clone()) {
                    let children = repeat.iter().map(|one| self.expression(one).node);
                    let children = children.collect();
                    return Some(self.opaque(children, place.start, place.end));
                }
                let items = self.parsed_arguments(tokens)?;
                Some(self.add(Kind::List { items }, place.start, place.end))
            }
            "json" => {
                let value = syn::parse2::<MapValue>(tokens.clone()).ok();
                let value = match value {
                    Some(value) => self.map_value(&value),
                    None => self.map_of(syn::parse2(tokens.clone()).ok()?, place),
                };
                Some(value.within(place.start, place.end))
            }
            "lazy_static" | "thread_local" => {
                let statics = syn::parse2::<LazyStatics>(tokens.clone()).ok()?;
                let children = statics.0.iter();
                let children: Vec<NodeId> = children
                    .map(|(name, of, value)| self.lazy_static(name, of, value))
                    .collect();
                Some(self.add(Kind::Block { body: children }, place.start, place.end))
            }
            _ => self.other_macro(name, call, place),
        }
    }

    fn lazy_static(&mut self, name: &Ident, of: &syn::Type, value: &Expr) -> NodeId {
        let target = self.name_node(name);
        let type_name = self.type_name(of);
        let value = self.expression(value);
        let binding = Binding {
            target: target.node,
            value: Some(value.node),
            type_name,
            is_static: true,
            is_constant: true,
            annotations: Vec::new(),
        };
        let kind = Kind::Binding(Box::new(binding));
        self.add(kind, target.start, value.end).node
    }

    fn other_macro(&mut self, name: &str, call: &Macro, place: &Place) -> Option<Lowered> {
        let tokens = &call.tokens;
        if tokens.is_empty() {
            return Some(self.named_call(call, Vec::new(), place));
        }
        let is_braced = matches!(call.delimiter, MacroDelimiter::Brace(_));
        if !is_format(name)
            && let Some(entries) = entries(tokens, is_braced)
        {
            return Some(self.map_of(entries, place));
        }
        if is_braced && let Ok(statements) = syn::Block::parse_within.parse2(tokens.clone()) {
            let body = self.statements(&statements, Sink::Nowhere);
            return Some(self.add(Kind::Block { body }, place.start, place.end));
        }
        let mut arguments = self.parsed_arguments(tokens)?;
        if is_format(name) {
            self.fill_template(&mut arguments, place);
        }
        Some(self.named_call(call, arguments, place))
    }

    /// From the first literal on, the arguments of a message are a template and what fills it.
    fn fill_template(&mut self, arguments: &mut Vec<Argument>, place: &Place) {
        let is_template = |argument: &Argument| {
            argument.name.is_none() && matches!(self.builder.kind(argument.value), Kind::String(_))
        };
        let Some(at) = arguments.iter().position(is_template) else {
            return;
        };
        let rest = arguments.split_off(at);
        let base = self.builder.span(0, 0).start;
        let first = rest
            .first()
            .map(|first| self.builder.node_span(first.value));
        let start = first.map_or(place.inner.0, |span| (span.start - base) as usize);
        if let Some(format) = self.format(rest, start, place.inner.1) {
            arguments.push(unnamed(format.node));
        }
    }

    fn format(
        &mut self,
        mut arguments: Vec<Argument>,
        start: usize,
        end: usize,
    ) -> Option<Lowered> {
        if arguments.is_empty() {
            return None;
        }
        let rest = arguments.split_off(1);
        let template = arguments.pop()?.value;
        let kind = Kind::Format {
            template,
            arguments: rest,
        };
        Some(self.add(kind, start, end))
    }

    fn parsed_arguments(&mut self, tokens: &TokenStream) -> Option<Vec<Argument>> {
        let parsed = syn::parse2::<MacroArguments>(tokens.clone()).ok()?;
        let arguments = parsed.0.iter().map(|argument| Argument {
            name: argument.name.as_ref().map(|name| self.name(name)),
            value: self.expression(&argument.value).node,
            is_spread: false,
        });
        Some(arguments.collect())
    }

    /// The arguments of an attribute.
    pub(super) fn token_arguments(
        &mut self,
        delimiter: &MacroDelimiter,
        tokens: &TokenStream,
    ) -> Vec<Argument> {
        let (_, start, end, _) = self.delimited(delimiter);
        let length = end - start;
        if length <= self.macro_budget {
            self.macro_budget -= length;
            if let Some(arguments) = self.parsed_arguments(tokens) {
                return arguments;
            }
        }
        let nodes = self.read_tokens(start, end);
        nodes.into_iter().map(unnamed).collect()
    }

    // --- maps -----------------------------------------------------------------------------------

    fn map_of(&mut self, entries: MapEntries, place: &Place) -> Lowered {
        let entries = self.entries(&entries);
        self.add(Kind::Map { entries }, place.start, place.end)
    }

    fn entries(&mut self, entries: &MapEntries) -> Vec<Entry> {
        let entries = entries.0.iter();
        entries
            .map(|(key, value, is_arrow)| self.entry(key, value, *is_arrow))
            .collect()
    }

    fn entry(&mut self, key: &Expr, value: &MapValue, is_arrow: bool) -> Entry {
        let lowered = self.expression(key);
        let (start, key_end) = (lowered.start, lowered.end);
        let key = match self.builder.kind(lowered.node) {
            Kind::String(text) => match text.segments.as_slice() {
                [only] if only.mapping == Mapping::Exact => {
                    let (text, span) = (text.value.clone(), only.source);
                    Key::Static(crate::syntax::tree::Name { text, span })
                }
                _ => Key::Computed(lowered.node),
            },
            Kind::Name(name) if !is_arrow => {
                let name = name.clone();
                Key::Static(self.name_at(name, start, key_end))
            }
            _ => Key::Computed(lowered.node),
        };
        let value = self.map_value(value);
        Entry {
            key,
            value: value.node,
            span: self.builder.span(start, value.end.max(key_end)),
        }
    }

    fn map_value(&mut self, value: &MapValue) -> Lowered {
        match value {
            MapValue::Map(entries, brace) => {
                let (start, end) = self.range(brace.span.join());
                let entries = self.entries(entries);
                self.add(Kind::Map { entries }, start, end)
            }
            MapValue::List(items, bracket) => {
                let (start, end) = self.range(bracket.span.join());
                let items = items.iter();
                let items = items
                    .map(|item| unnamed(self.map_value(item).node))
                    .collect();
                self.add(Kind::List { items }, start, end)
            }
            MapValue::Null(word) => {
                let (start, end) = self.range(word.span());
                self.add(Kind::Null, start, end)
            }
            MapValue::Expression(expression) => self.expression(expression),
        }
    }
}
