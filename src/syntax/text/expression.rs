//! The structure of one line: what is joined to a literal, and what is named by a key.
//!
//! It owns two shapes, `key => value` (also with `:` and `=`) and `"…" . x . "…"` (also with other
//! operators), inside any brackets. Brackets are followed with a stack. It must not know precedence: all
//! operators that may join strings are alike.

use super::Reader;
use crate::syntax::tree::{ConcatForm, Entry, Key, Kind, Name, NodeId};

/// A word, an operator or a literal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    start: usize,
    end: usize,
    is_word: bool,
    /// The node of a literal.
    pub(super) node: Option<NodeId>,
    /// The content of a literal that can be a key: it has no escapes.
    key: Option<(usize, usize)>,
}

impl Token {
    pub(super) fn bare(start: usize, end: usize, is_word: bool) -> Token {
        Token {
            start,
            end,
            is_word,
            node: None,
            key: None,
        }
    }

    pub(super) fn string(
        start: usize,
        end: usize,
        node: NodeId,
        key: Option<(usize, usize)>,
    ) -> Token {
        Token {
            start,
            end,
            is_word: false,
            node: Some(node),
            key,
        }
    }
}

enum Item {
    Join,
    Operand {
        node: Option<NodeId>,
        start: usize,
        end: usize,
    },
}

struct EntryKey {
    key: Key,
    start: usize,
}

#[derive(Default)]
struct Frame {
    /// For `key => …`: ends where the expression does.
    entry: Option<EntryKey>,
    /// Where the bracket stands that opened this frame.
    start: usize,
    is_index: bool,
    is_group: bool,
    items: Vec<Item>,
    done: Vec<NodeId>,
    /// The only literal so far, as `["key"]` has it.
    only_key: Option<(usize, usize)>,
    tokens: usize,
    has_question: bool,
}

impl Reader<'_> {
    /// Lowers one line of tokens into the body.
    pub(super) fn expressions(&mut self, tokens: &[Token]) {
        let mut frames = vec![Frame::default()];
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            index += self.take(&mut frames, tokens, index, token);
        }
        let end = tokens.last().map_or(0, |token| token.end);
        while frames.len() > 1 {
            self.close_entries(&mut frames);
            if frames.len() > 1 {
                self.close_bracket(&mut frames, end);
            }
        }
        if let Some(mut frame) = frames.pop() {
            self.flush(&mut frame);
            self.body.append(&mut frame.done);
        }
    }

    /// Takes the token at `index` and says how many tokens that were.
    fn take(
        &mut self,
        frames: &mut Vec<Frame>,
        tokens: &[Token],
        index: usize,
        token: &Token,
    ) -> usize {
        let text = self.slice(token.start, token.end);
        if let Some(frame) = frames.last_mut().filter(|_| text != "]") {
            frame.tokens += 1;
            frame.only_key = if frame.tokens == 1 { token.key } else { None };
        }
        if let Some((key, length)) = self.key(frames, tokens, index, token) {
            frames.push(Frame {
                entry: Some(key),
                start: token.start,
                ..Frame::default()
            });
            return length;
        }
        if token.node.is_some() || token.is_word {
            operand(frames, token.node, token.start, token.end);
            return 1;
        }
        match text {
            "," | ";" => {
                self.close_entries(frames);
                if let Some(frame) = frames.last_mut() {
                    self.flush(frame);
                }
            }
            "(" | "[" | "{" => {
                let before = index.checked_sub(1).and_then(|before| tokens.get(before));
                let is_call =
                    before.is_some_and(|before| before.end == token.start && before.is_word);
                frames.push(Frame {
                    start: token.start,
                    is_index: text == "[",
                    is_group: text == "(" && !is_call,
                    ..Frame::default()
                });
            }
            ")" | "]" | "}" => {
                self.close_entries(frames);
                if frames.len() > 1 {
                    let key = self.close_bracket(frames, token.end);
                    if let Some(key) = key.filter(|_| self.is_assigned(tokens, index)) {
                        frames.push(Frame {
                            entry: Some(self.static_key(key)),
                            start: key.0,
                            ..Frame::default()
                        });
                        return 2;
                    }
                }
            }
            "&" if self.begins_parameter(tokens, index) => {
                self.close_entries(frames);
                if let Some(frame) = frames.last_mut() {
                    self.flush(frame);
                }
            }
            _ if self.joins(tokens, index, text) => {
                if let Some(frame) = frames.last_mut() {
                    frame.items.push(Item::Join);
                }
            }
            _ => {
                if let Some(frame) = frames.last_mut() {
                    frame.has_question |= text.starts_with('?');
                }
                operand(frames, None, token.start, token.end);
            }
        }
        1
    }

    fn token_text(&self, tokens: &[Token], index: usize) -> &str {
        tokens
            .get(index)
            .filter(|token| token.node.is_none())
            .map_or("", |token| self.slice(token.start, token.end))
    }

    /// Whether the token at `index` joins what stands around it.
    fn joins(&self, tokens: &[Token], index: usize, text: &str) -> bool {
        match text {
            "+" | ".." | "%" | "<<" => true,
            "." => self.style.joins_with_dot,
            "&" => {
                let around = index.checked_sub(1).and_then(|before| tokens.get(before));
                let token = tokens.get(index);
                let next = tokens.get(index + 1);
                match (around, token, next) {
                    (Some(before), Some(token), Some(next)) => {
                        before.end < token.start && token.end < next.start
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether the `&` at `index` parts two parameters (`a=1&b=2`).
    fn begins_parameter(&self, tokens: &[Token], index: usize) -> bool {
        let word = tokens.get(index + 1);
        let is_adjacent = match (tokens.get(index), word) {
            (Some(token), Some(word)) => word.is_word && token.end == word.start,
            _ => false,
        };
        is_adjacent && self.token_text(tokens, index + 2) == "="
    }

    /// Whether an assignment with a value follows the token at `index`.
    fn is_assigned(&self, tokens: &[Token], index: usize) -> bool {
        matches!(
            self.token_text(tokens, index + 1),
            "=" | "+=" | ".=" | "||=" | "?="
        ) && self.has_value(tokens, index + 2)
    }

    fn has_value(&self, tokens: &[Token], index: usize) -> bool {
        tokens.get(index).is_some()
            && !matches!(
                self.token_text(tokens, index),
                "," | ";" | ")" | "]" | "}" | "=>"
            )
    }

    /// The key that the token at `index` is, and the number of tokens up to its value.
    fn key(
        &self,
        frames: &[Frame],
        tokens: &[Token],
        index: usize,
        token: &Token,
    ) -> Option<(EntryKey, usize)> {
        if !token.is_word && token.node.is_none() {
            return None;
        }
        let separator = self.token_text(tokens, index + 1);
        let is_colon = separator == ":";
        if !is_colon && !matches!(separator, "=>" | "=" | ":=" | "+=" | ".=" | "||=" | "?=") {
            return None;
        }
        if is_colon {
            let in_choice = frames.last().is_some_and(|frame| frame.has_question);
            let colon = tokens.get(index + 1)?;
            let next = tokens.get(index + 2)?;
            let is_address =
                next.start == colon.end && self.slice(next.start, next.end).starts_with('/');
            let is_apart = token.is_word && colon.start > token.end;
            if in_choice || is_address || is_apart {
                return None;
            }
        }
        // `name: Type = value`
        let is_typed = is_colon
            && tokens.get(index + 2).is_some_and(|token| token.is_word)
            && self.token_text(tokens, index + 3) == "=";
        let length = if is_typed { 4 } else { 2 };
        if !self.has_value(tokens, index + length) {
            return None;
        }
        if let Some(node) = token.node {
            let key = match token.key {
                Some(key) => self.static_key(key),
                None => EntryKey {
                    key: Key::Computed(node),
                    start: token.start,
                },
            };
            return Some((key, length));
        }
        let word = self.slice(token.start, token.end);
        let name = word.trim_start_matches(['$', '@']);
        let is_name = name
            .chars()
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_');
        is_name.then(|| (self.static_key((token.end - name.len(), token.end)), length))
    }

    fn static_key(&self, range: (usize, usize)) -> EntryKey {
        let name = Name {
            text: self.slice(range.0, range.1).to_string(),
            span: self.builder.span(range.0, range.1),
        };
        EntryKey {
            key: Key::Static(name),
            start: range.0,
        }
    }

    /// Ends all entries that are open in the innermost bracket.
    fn close_entries(&mut self, frames: &mut Vec<Frame>) {
        while frames.last().is_some_and(|frame| frame.entry.is_some()) {
            let Some(mut frame) = frames.pop() else {
                return;
            };
            let Some(entry) = frame.entry.take() else {
                return;
            };
            let items = std::mem::take(&mut frame.items);
            let Some((start, end)) = range(&items) else {
                continue;
            };
            let value = match self.joined(&items) {
                Some(node) => node,
                None => {
                    let children = nodes(&items);
                    match (children.as_slice(), items.len()) {
                        ([only], 1) => *only,
                        _ => self.builder.add(Kind::Opaque { children }, start, end),
                    }
                }
            };
            let entry = Entry {
                key: entry.key,
                value,
                span: self.builder.span(entry.start.min(frame.start), end),
            };
            let from = frame.start;
            let node = self.builder.add(
                Kind::Map {
                    entries: vec![entry],
                },
                from,
                end,
            );
            operand(frames, Some(node), from, end);
        }
    }

    /// Ends the innermost bracket; gives the key if it holds just one literal (`["key"]`).
    fn close_bracket(&mut self, frames: &mut Vec<Frame>, end: usize) -> Option<(usize, usize)> {
        let mut frame = frames.pop()?;
        self.flush(&mut frame);
        let key = frame.only_key.filter(|_| frame.is_index);
        let node = match frame.done.as_slice() {
            [] => None,
            [only] if frame.is_group => Some(*only),
            _ => {
                let children = std::mem::take(&mut frame.done);
                Some(
                    self.builder
                        .add(Kind::Opaque { children }, frame.start, end),
                )
            }
        };
        operand(frames, node, frame.start, end);
        key
    }

    /// Ends the expression that a frame is collecting.
    fn flush(&mut self, frame: &mut Frame) {
        let items = std::mem::take(&mut frame.items);
        frame.has_question = false;
        match self.joined(&items) {
            Some(node) => frame.done.push(node),
            None => frame.done.extend(nodes(&items)),
        }
    }

    /// The concatenation that the items are, if a literal is joined to something.
    fn joined(&mut self, items: &[Item]) -> Option<NodeId> {
        let operands: Vec<&[Item]> = items
            .split(|item| matches!(item, Item::Join))
            .filter(|operand| !operand.is_empty())
            .collect();
        let has_literal = operands
            .iter()
            .any(|operand| self.literal_operand(operand).is_some());
        if operands.len() < 2 || !has_literal {
            return None;
        }
        let (start, end) = range(items)?;
        let mut lowered = Vec::new();
        for operand in operands {
            let node = match self.literal_operand(operand) {
                Some(node) => node,
                None => {
                    let (start, end) = range(operand)?;
                    let children = nodes(operand);
                    self.builder.add(Kind::Opaque { children }, start, end)
                }
            };
            lowered.push(node);
        }
        let form = ConcatForm::Operator;
        let operands = lowered;
        Some(
            self.builder
                .add(Kind::Concat { operands, form }, start, end),
        )
    }

    fn literal_operand(&self, operand: &[Item]) -> Option<NodeId> {
        match operand {
            [
                Item::Operand {
                    node: Some(node), ..
                },
            ] => match self.builder.kind(*node) {
                Kind::String(_) | Kind::Concat { .. } => Some(*node),
                _ => None,
            },
            _ => None,
        }
    }
}

fn operand(frames: &mut [Frame], node: Option<NodeId>, start: usize, end: usize) {
    if let Some(frame) = frames.last_mut() {
        frame.items.push(Item::Operand { node, start, end });
    }
}

fn nodes(items: &[Item]) -> Vec<NodeId> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Operand { node, .. } => *node,
            Item::Join => None,
        })
        .collect()
}

fn range(items: &[Item]) -> Option<(usize, usize)> {
    let mut found: Option<(usize, usize)> = None;
    for item in items {
        if let Item::Operand { start, end, .. } = item {
            let (from, to) = found.unwrap_or((*start, *end));
            found = Some((from.min(*start), to.max(*end)));
        }
    }
    found
}
