//! From places back to nodes: what a fixer has to know about where something stands.
//!
//! Owns parents and look-ups over one tree. It must not know HTTP or Zoho.

use crate::flow::Unit;
use crate::syntax::tree::{Call, Kind, Language, NodeId, Span};
use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::HashMap;

/// One tree with its parents.
pub struct Locator<'u> {
    pub unit: &'u Unit,
    parents: Vec<Option<NodeId>>,
    /// Nodes by the byte after their last.
    ends: HashMap<u32, Vec<NodeId>>,
    /// Nodes by their first byte, outer ones first.
    starts: Vec<NodeId>,
    /// Where its lines begin.
    lines: Vec<usize>,
    /// Answers about the whole file.
    known: RefCell<HashMap<&'static str, Option<&'static str>>>,
    words: RefCell<HashMap<&'static str, bool>>,
    names: OnceCell<HashMap<&'u str, Vec<NodeId>>>,
}

impl<'u> Locator<'u> {
    pub fn new(unit: &'u Unit) -> Locator<'u> {
        let mut parents = vec![None; unit.tree.nodes().count()];
        let mut ends: HashMap<u32, Vec<NodeId>> = HashMap::new();
        // Nodes that became something else while they were read (the key of an entry) hang on nothing.
        let mut starts = vec![unit.tree.root];
        let mut next = 0;
        while let Some(id) = starts.get(next).copied() {
            next += 1;
            for child in unit.tree.kind(id).children() {
                match parents.get_mut(child.0 as usize) {
                    Some(parent @ None) => {
                        *parent = Some(id);
                        starts.push(child);
                    }
                    Some(parent) => *parent = Some(id),
                    None => {}
                }
            }
        }
        for id in &starts {
            ends.entry(unit.tree.span(*id).end).or_default().push(*id);
        }
        starts.sort_by_key(|id| {
            let span = unit.tree.span(*id);
            // Of two nodes with one span the one that was made later is the outer one.
            (span.start, Reverse(span.end), Reverse(id.0))
        });
        Locator {
            unit,
            parents,
            ends,
            starts,
            lines: line_starts(&unit.text),
            known: RefCell::default(),
            words: RefCell::default(),
            names: OnceCell::new(),
        }
    }

    /// The answer to a question about the whole file, found once however many fixes ask.
    pub fn once(
        &self,
        question: &'static str,
        find: impl FnOnce() -> Option<&'static str>,
    ) -> Option<&'static str> {
        if let Some(answer) = self.known.borrow().get(question) {
            return *answer;
        }
        let answer = find();
        self.known.borrow_mut().insert(question, answer);
        answer
    }

    /// Whether the file has this text anywhere, looked for once.
    pub fn mentions(&self, word: &'static str) -> bool {
        let mut words = self.words.borrow_mut();
        *words
            .entry(word)
            .or_insert_with(|| self.unit.text.contains(word))
    }

    /// Where the line begins in which `at` lies: one long line is not searched for every fix in it.
    fn line_start(&self, at: usize) -> usize {
        let after = self.lines.partition_point(|start| *start <= at);
        let before = after.checked_sub(1);
        before
            .and_then(|line| self.lines.get(line))
            .map_or(0, |start| *start)
    }

    /// Where the line after that of `at` begins, or the text ends.
    pub fn next_line(&self, at: usize) -> usize {
        let after = self.lines.partition_point(|start| *start <= at);
        let next = self.lines.get(after).copied();
        next.unwrap_or(self.unit.text.len())
    }

    pub fn kind(&self, id: NodeId) -> &'u Kind {
        self.unit.tree.kind(id)
    }
    pub fn span(&self, id: NodeId) -> Span {
        self.unit.tree.span(id)
    }
    pub fn text(&self, id: NodeId) -> &'u str {
        self.slice(self.span(id))
    }
    pub fn slice(&self, span: Span) -> &'u str {
        self.unit.slice(span)
    }
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.parents.get(id.0 as usize).copied().flatten()
    }
    /// Where a name stands, as a name of its own.
    pub fn named(&self, name: &str) -> &[NodeId] {
        let names = self.names.get_or_init(|| {
            let mut names: HashMap<&'u str, Vec<NodeId>> = HashMap::new();
            for id in &self.starts {
                if let Kind::Name(name) = self.kind(*id) {
                    names.entry(name.as_str()).or_default().push(*id);
                }
            }
            names
        });
        names.get(name).map_or(&[], Vec::as_slice)
    }
    /// From the parent outwards.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// The value of an entry, an assignment or an argument list that stands at `span` (`name: value`,
    /// `target = value`, `"name", value`): the largest node that ends with it and begins within it.
    pub fn value_at(&self, span: Span) -> Option<NodeId> {
        self.ends
            .get(&span.end)?
            .iter()
            .copied()
            .filter(|id| {
                self.span(*id).start > span.start
                    && !matches!(self.kind(*id), Kind::Pattern { .. })
                    && self.parent(*id).is_some()
            })
            .min_by_key(|id| (self.span(*id).start, Reverse(id.0)))
    }

    /// The smallest node that holds `span`.
    pub fn smallest_around(&self, span: Span) -> Option<NodeId> {
        let after = self
            .starts
            .partition_point(|id| self.span(*id).start <= span.start);
        let last = *self.starts.get(after.checked_sub(1)?)?;
        std::iter::once(last)
            .chain(self.ancestors(last))
            .find(|id| self.span(*id).contains(span))
    }

    /// The call whose callee ends at the end of `span`, which holds its name.
    pub fn call_of_name(&self, span: Span) -> Option<(NodeId, &'u Call)> {
        self.ends
            .get(&span.end)?
            .iter()
            .filter(|id| self.span(**id).contains(span))
            .filter_map(|callee| {
                let parent = self.parent(*callee)?;
                match self.kind(parent) {
                    Kind::Call(call) if call.callee == *callee => Some((parent, call.as_ref())),
                    _ => None,
                }
            })
            .min_by_key(|(id, _)| {
                let whole = self.span(*id);
                whole.end - whole.start
            })
    }

    /// The innermost function around a node; `None` at the top of the file or in a field of a class.
    pub fn function_around(&self, id: NodeId) -> Option<NodeId> {
        self.ancestors(id)
            .find(|ancestor| matches!(self.kind(*ancestor), Kind::Function(_)))
    }

    /// The statement that a node belongs to: the outermost one below a list of statements.
    pub fn statement_of(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            let is_list = match self.kind(parent) {
                Kind::Module { .. } | Kind::Block { .. } => true,
                Kind::Function(function) => function.body.contains(&at),
                Kind::Class(class) => class.members.contains(&at),
                Kind::Loop { body, .. } => body.contains(&at),
                Kind::Branch { arms, .. } => arms.contains(&at),
                _ => false,
            };
            if is_list {
                return at;
            }
            at = parent;
        }
        at
    }

    /// Whether the node stands directly in a class: then it is evaluated once for each object, or only once.
    pub fn is_field(&self, id: NodeId) -> bool {
        self.ancestors(id)
            .find_map(|ancestor| match self.kind(ancestor) {
                Kind::Class(_) => Some(true),
                Kind::Function(_) => Some(false),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The span of a statement with what belongs to it in the source but not in the tree: the keyword of a
    /// declaration, what ends it. `None` for one of several declarations in one statement.
    pub fn whole(&self, id: NodeId) -> Option<Span> {
        let text: &str = &self.unit.text;
        let mut span = self.span(id);
        if matches!(self.kind(id), Kind::Binding(_)) {
            let before = text.get(..span.start as usize).unwrap_or_default();
            if before.trim_end().ends_with(',') {
                return None;
            }
            for word in ["const ", "let ", "var ", "export ", "declare "] {
                let start = span.start as usize;
                if let Some(before) = text.get(..start)
                    && before.ends_with(word)
                {
                    span.start -= word.len() as u32;
                }
            }
        }
        let rest = text.get(span.end as usize..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        match rest.get(blank..).and_then(|rest| rest.chars().next()) {
            Some(';') => span.end += blank as u32 + 1,
            Some(',') if matches!(self.kind(id), Kind::Binding(_)) => {
                // In a list of fields or variants the comma ends it; elsewhere more declarations follow.
                if !matches!(self.unit.language(), Language::Rust) {
                    return None;
                }
                span.end += blank as u32 + 1;
            }
            _ => {}
        }
        Some(span)
    }

    /// The lines of a statement with their line end, if nothing else stands on them; else the statement.
    pub fn lines_of(&self, id: NodeId) -> Option<Span> {
        let text: &str = &self.unit.text;
        let span = self.whole(id)?;
        let (start, end) = (span.start as usize, span.end as usize);
        let line_start = self.line_start(start);
        let before = text.get(line_start..start).unwrap_or_default();
        let line_end = self.next_line(end);
        let line_rest = text.get(end..line_end).unwrap_or_default();
        if is_blank(before) && is_blank(line_rest) {
            return Some(Span::new(line_start, line_end));
        }
        Some(span)
    }

    /// The white space before the first character of the line in which `at` lies.
    pub fn indentation(&self, at: u32) -> &'u str {
        let text: &str = &self.unit.text;
        let start = self.line_start(at as usize);
        let line = text.get(start..).unwrap_or_default();
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(..blank).unwrap_or_default()
    }

    /// By what one level of the file is indented more than the one around it.
    pub fn step(&self) -> &'static str {
        let text: &str = &self.unit.text;
        self.once("step", || step_of(text)).unwrap_or("  ")
    }

    /// How the lines of the file end.
    pub fn line_end(&self) -> &'static str {
        let first = self.lines.get(1).and_then(|end| self.unit.text.get(..*end));
        match first {
            Some(line) if line.ends_with("\r\n") => "\r\n",
            _ => "\n",
        }
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(newlines.map(|(at, _)| at + 1))
        .collect()
}

/// Ends at the first character that is none.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// The most frequent difference between a line and the less indented one before it.
fn step_of(text: &str) -> Option<&'static str> {
    const STEPS: [&str; 5] = ["  ", "\t", "    ", "   ", "        "];
    let mut counts = [0usize; STEPS.len()];
    let mut before = "";
    for line in text.lines() {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if indentation.len() == line.trim_end().len() {
            continue;
        }
        let more = indentation.strip_prefix(before).unwrap_or_default();
        if let Some(index) = STEPS.iter().position(|step| *step == more) {
            counts[index] += 1;
        }
        before = indentation;
    }
    let most = *counts.iter().max()?;
    let index = counts.iter().position(|count| *count == most)?;
    (most > 0).then(|| STEPS[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_indented_as_most_of_its_lines_are() {
        assert_eq!(step_of("a\n    b\n    c\n        d\n"), Some("    "));
        assert_eq!(step_of("a\n\tb\n\t  c\nd\n\te\n"), Some("\t"));
        assert_eq!(step_of("/**\n * a\n */\nb\n  c\n\n  d\n"), Some("  "));
        assert_eq!(step_of("a\nb\n"), None);
    }
}
