//! Reading by tokens, where the parser may not or cannot read: string literals and format macros.
//!
//! Owns a reading that takes any text in linear time and with an explicit stack. It must not know more of the
//! grammar than brackets, commas and macro calls.

use super::lowering::Lowering;
use super::scan::{Scan, Token, TokenKind, scan};
use crate::syntax::Input;
use crate::syntax::tree::{Argument, Kind, Language, Name, NodeId, Tree, TreeBuilder};

/// A whole file, which is marked as partly read.
pub(super) fn tree(input: Input<'_>, scan: &Scan, reason: &str) -> Tree {
    let mut builder = TreeBuilder::new(Language::Rust, input.base);
    builder.partly_read(reason);
    for place in &scan.comments {
        builder.comment(place.start, place.end, place.text_start, place.text_end);
    }
    let body = read(&mut builder, input.text, &scan.tokens);
    builder.finish(body, input.text.len())
}

impl Lowering<'_> {
    pub(super) fn read_tokens(&mut self, start: usize, end: usize) -> Vec<NodeId> {
        let scan = scan(self.text, start, end);
        read(&mut self.builder, self.text, &scan.tokens)
    }
}

/// A bracket that is open.
struct Open {
    /// Of a macro call, without the `!`.
    name: Option<String>,
    start: usize,
    arguments: Vec<Argument>,
    /// Nodes since the last comma.
    nodes: Vec<NodeId>,
    /// Where the current argument begins.
    first: usize,
}

struct Reader<'b, 't> {
    builder: &'b mut TreeBuilder,
    text: &'t str,
    tokens: &'t [Token],
}

fn read(builder: &mut TreeBuilder, text: &str, tokens: &[Token]) -> Vec<NodeId> {
    let mut reader = Reader {
        builder,
        text,
        tokens,
    };
    let mut open = Vec::new();
    let mut outside = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Text => {
                let node = reader.string(token);
                match open.last_mut() {
                    None => outside.push(node),
                    Some(Open { nodes, .. }) => nodes.push(node),
                }
            }
            TokenKind::Open(_) => open.push(reader.open(index, token)),
            TokenKind::Punctuation(b',' | b';') => {
                if let Some(last) = open.last_mut() {
                    reader.end_argument(last, index);
                }
            }
            TokenKind::Close(_) => {
                if let Some(mut last) = open.pop() {
                    reader.end_argument(&mut last, index);
                    let nodes = reader.close(last, token.end);
                    let target = open.last_mut().map_or(&mut outside, |open| &mut open.nodes);
                    target.extend(nodes);
                }
            }
            _ => {}
        }
    }
    // Brackets that nobody closed, from the outside in: the order of the source.
    for last in open {
        outside.extend(last.arguments.into_iter().map(|argument| argument.value));
        outside.extend(last.nodes);
    }
    outside
}

impl Reader<'_, '_> {
    fn slice(&self, token: &Token) -> &str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    fn string(&mut self, token: &Token) -> NodeId {
        let source = self.text.get(token.start..token.end).unwrap_or_default();
        let text = super::literal::text(self.builder, source, token.start);
        self.builder.add(Kind::String(text), token.start, token.end)
    }

    fn open(&self, index: usize, token: &Token) -> Open {
        let before = |back: usize| index.checked_sub(back).and_then(|at| self.tokens.get(at));
        let name = match (before(2), before(1)) {
            (Some(name), Some(bang))
                if bang.kind == TokenKind::Punctuation(b'!')
                    && name.kind == TokenKind::Identifier =>
            {
                Some(name)
            }
            _ => None,
        };
        Open {
            start: name.map_or(token.start, |name| name.start),
            name: name.map(|name| self.slice(name).to_string()),
            arguments: Vec::new(),
            nodes: Vec::new(),
            first: index + 1,
        }
    }

    /// Takes what stands before the comma at `index` as an argument of the macro.
    fn end_argument(&mut self, open: &mut Open, index: usize) {
        let tokens = self.tokens.get(open.first..index).unwrap_or_default();
        open.first = index + 1;
        if open.name.is_none() || tokens.is_empty() {
            return;
        }
        let (name, tokens) = match tokens {
            [name, equals, rest @ ..]
                if name.kind == TokenKind::Identifier
                    && equals.kind == TokenKind::Punctuation(b'=')
                    && rest.first().map(|token| token.kind)
                        != Some(TokenKind::Punctuation(b'=')) =>
            {
                (Some(*name), rest)
            }
            tokens => (None, tokens),
        };
        let name = name.map(|name| Name {
            text: self.slice(&name).to_string(),
            span: self.builder.span(name.start, name.end),
        });
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return;
        };
        let nodes = std::mem::take(&mut open.nodes);
        let whole = self.builder.span(first.start, last.end);
        let value = match nodes.as_slice() {
            [] => self.path(tokens),
            [only] if self.builder.node_span(*only) == whole => Some(*only),
            _ => None,
        };
        let value = match value {
            Some(value) => value,
            None => {
                let children = nodes;
                self.builder
                    .add(Kind::Opaque { children }, first.start, last.end)
            }
        };
        open.arguments.push(Argument {
            name,
            value,
            is_spread: false,
        });
    }

    /// `a`, `self.a.b`, `&a::B`
    fn path(&mut self, tokens: &[Token]) -> Option<NodeId> {
        let is_path = tokens.iter().all(|token| {
            matches!(
                token.kind,
                TokenKind::Identifier
                    | TokenKind::Number
                    | TokenKind::Punctuation(b'.' | b':' | b'&' | b'*')
            )
        });
        if !is_path {
            return None;
        }
        let names = tokens
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Identifier | TokenKind::Number));
        let mut result: Option<(NodeId, usize)> = None;
        for token in names {
            let text = self.slice(token).trim_start_matches("r#").to_string();
            let (kind, start) = match result {
                Some((object, start)) => {
                    let span = self.builder.span(token.start, token.end);
                    let property = Name { text, span };
                    (Kind::Member { object, property }, start)
                }
                None if token.kind == TokenKind::Number => (Kind::Number(text), token.start),
                None if text == "self" => (Kind::This, token.start),
                None => (Kind::Name(text), token.start),
            };
            result = Some((self.builder.add(kind, start, token.end), start));
        }
        result.map(|(node, _)| node)
    }

    /// A format macro becomes a node, of everything else the content is left.
    fn close(&mut self, open: Open, end: usize) -> Vec<NodeId> {
        let is_template = |argument: &Argument, builder: &TreeBuilder| {
            matches!(builder.kind(argument.value), Kind::String(_))
        };
        let mut values: Vec<NodeId> = Vec::new();
        let mut arguments = open.arguments;
        if let Some(name) = &open.name
            && super::macros::is_format(name)
            && let Some(at) = arguments
                .iter()
                .position(|argument| is_template(argument, self.builder))
        {
            let rest = arguments.split_off(at + 1);
            let template = arguments.pop().map(|argument| argument.value);
            values.extend(arguments.into_iter().map(|argument| argument.value));
            if let Some(template) = template {
                let kind = Kind::Format {
                    template,
                    arguments: rest,
                };
                values.push(self.builder.add(kind, open.start, end));
            }
        } else {
            values.extend(arguments.into_iter().map(|argument| argument.value));
        }
        values.extend(open.nodes);
        values
    }
}
