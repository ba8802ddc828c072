//! From places back to nodes: what a fixer has to know about where something stands.
//!
//! Owns parents and look-ups over one tree. It must not know HTTP or Zoho.

use crate::flow::Unit;
use crate::syntax::tree::{Call, Kind, Language, NodeId, Span};
use std::cell::RefCell;
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
    /// Answers about the whole file.
    known: RefCell<HashMap<&'static str, Option<&'static str>>>,
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
            known: RefCell::default(),
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
        self.function_around(id).is_none()
            && self
                .ancestors(id)
                .any(|ancestor| matches!(self.kind(ancestor), Kind::Class(_)))
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
        let line_start = text
            .get(..start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let before = text.get(line_start..start).unwrap_or_default();
        let after = text.get(end..).unwrap_or_default();
        let line_rest = after.split('\n').next().unwrap_or_default();
        if before.trim().is_empty() && line_rest.trim().is_empty() {
            let line_end = end + line_rest.len() + usize::from(after.len() > line_rest.len());
            return Some(Span::new(line_start, line_end));
        }
        Some(span)
    }

    /// The white space before the first character of the line in which `at` lies.
    pub fn indentation(&self, at: u32) -> &'u str {
        let text: &str = &self.unit.text;
        let start = text
            .get(..at as usize)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |newline| newline + 1);
        let line = text.get(start..).unwrap_or_default();
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(..blank).unwrap_or_default()
    }

    /// How the lines of the file end.
    pub fn line_end(&self) -> &'static str {
        match self.unit.text.find('\n') {
            Some(at)
                if self
                    .unit
                    .text
                    .get(..at)
                    .is_some_and(|line| line.ends_with('\r')) =>
            {
                "\r\n"
            }
            _ => "\n",
        }
    }
}
