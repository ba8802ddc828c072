//! What a function does with the answer to its request for a token: whether it gives the token that it reads there,
//! and does nothing else that anybody would miss.
//!
//! Owns following the answer through the names of a function and of the functions that it calls in its own file. It
//! errs towards refusing. It must not know what is written in the place of the function.

mod follow;
mod keeps;
mod words;

use crate::fix::locate::Locator;
use crate::syntax::tree::{Call, Function, Key, Kind, NodeId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How much of the answer a value holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    #[default]
    Nothing,
    /// The answer, or what it can be asked of.
    Answer,
    /// A part that was read from it.
    Token,
}

/// How a function gives the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    /// As its value, or as that of its promise.
    Value,
    /// To a callback that takes an error first; its name.
    Callback(String),
}

pub(super) struct Reading {
    pub gives: Gives,
    /// The function, and those of its file that it calls.
    pub functions: Vec<NodeId>,
    /// Whether it gives nothing where the token cannot be had, instead of failing.
    pub may_give_nothing: bool,
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    level: Level,
    /// Something that others have as well: what is handed to it may stay there.
    is_shared: bool,
    /// Not a text but something with parts.
    has_parts: bool,
}

struct Reader<'l, 'u> {
    locator: &'l Locator<'u>,
    function: NodeId,
    functions: Vec<NodeId>,
    requests: &'l [NodeId],
    /// The functions of the file by name.
    known: BTreeMap<&'u str, NodeId>,
    /// What the functions that are called give.
    results: BTreeMap<NodeId, Level>,
    own: BTreeMap<String, Held>,
    /// The parameters of the function itself.
    given: BTreeSet<String>,
}

/// Reads a function that makes these requests; an error says why its body cannot go.
pub(super) fn read(
    locator: &Locator<'_>,
    function: NodeId,
    requests: &[NodeId],
) -> Result<Reading, String> {
    let mut reader = Reader {
        locator,
        function,
        functions: vec![function],
        requests,
        known: declared_functions(locator),
        results: BTreeMap::new(),
        own: BTreeMap::new(),
        given: BTreeSet::new(),
    };
    reader.find_functions()?;
    reader.declare();
    reader.follow();
    reader.mark();
    reader.keeps_nothing()?;
    reader.outcome()
}

const DEEP: usize = 48;

impl<'u> Reader<'_, 'u> {
    fn nodes(&self) -> Vec<(NodeId, &'u Kind)> {
        let spans: Vec<Span> = self
            .functions
            .iter()
            .map(|id| self.locator.span(*id))
            .collect();
        let tree = &self.locator.unit.tree;
        tree.nodes()
            .filter(|(_, node)| spans.iter().any(|span| span.contains(node.span)))
            .map(|(id, node)| (id, &node.kind))
            // What became something else while it was read hangs on nothing.
            .filter(|(id, _)| self.locator.parent(*id).is_some())
            .collect()
    }

    fn function(&self, id: NodeId) -> Option<&'u Function> {
        match self.locator.kind(id) {
            Kind::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The functions of the same file that are called or handed on, and those that they call.
    fn find_functions(&mut self) -> Result<(), String> {
        /// Bytes of all of them together.
        const LONGEST: u32 = 40_000;
        let mut next = 0;
        let mut length = 0;
        while let Some(id) = self.functions.get(next).copied() {
            next += 1;
            let span = self.locator.span(id);
            length += span.end - span.start;
            if length > LONGEST {
                return Err("the function is too long to be followed".to_string());
            }
            for (call, node) in self.locator.unit.tree.nodes() {
                let Kind::Call(made) = &node.kind else {
                    continue;
                };
                if !span.contains(node.span) || self.locator.parent(call).is_none() {
                    continue;
                }
                let handed = made
                    .arguments
                    .iter()
                    .filter_map(|argument| self.function_called(argument.value));
                let found: Vec<NodeId> = self.declared(made).into_iter().chain(handed).collect();
                for called in found {
                    if !self.functions.contains(&called) {
                        self.functions.push(called);
                    }
                }
            }
        }
        Ok(())
    }

    /// The function of this file that a call is about: `parse(…)`, `this.parse(…)`.
    fn declared(&self, call: &Call) -> Option<NodeId> {
        if call.is_new {
            return None;
        }
        self.function_called(call.callee)
    }

    /// The function of this file that a name or `this.name` means.
    fn function_called(&self, id: NodeId) -> Option<NodeId> {
        let name = match self.locator.kind(id) {
            Kind::Name(name) => name.as_str(),
            Kind::Member { object, property }
                if matches!(self.locator.kind(*object), Kind::This) =>
            {
                property.text.as_str()
            }
            _ => return None,
        };
        self.known.get(name).copied()
    }

    /// Everything that is declared within.
    fn declare(&mut self) {
        for (id, kind) in self.nodes() {
            match kind {
                Kind::Binding(binding) => self.bind(binding.target),
                Kind::Function(function) => {
                    for parameter in &function.parameters {
                        self.bind(parameter.target);
                    }
                    if id == self.function {
                        for parameter in &function.parameters {
                            for name in names(self.locator, parameter.target) {
                                self.given.insert(name);
                            }
                        }
                    }
                }
                Kind::Loop {
                    pattern: Some(pattern),
                    ..
                } => self.bind(*pattern),
                _ => {}
            }
        }
        // What is handed to the function belongs to its callers as well.
        for name in &self.given {
            if let Some(held) = self.own.get_mut(name) {
                held.is_shared = true;
            }
        }
    }

    fn bind(&mut self, target: NodeId) {
        for name in names(self.locator, target) {
            self.own.entry(name).or_default();
        }
    }

    /// The last parameter, if it is called.
    fn callback(&self) -> Option<String> {
        let function = self.function(self.function)?;
        let last = function.parameters.last()?;
        let Kind::Name(name) = self.locator.kind(last.target) else {
            return None;
        };
        self.nodes()
            .into_iter()
            .any(|(_, kind)| matches!(kind, Kind::Call(call) if self.locator.text(call.callee) == name))
            .then(|| name.clone())
    }

    fn outcome(self) -> Result<Reading, String> {
        let function = self
            .function(self.function)
            .ok_or("the request is made outside of a function")?;
        let mut values: Vec<NodeId> = Vec::new();
        for value in returned(self.locator, function) {
            match self.executor(value) {
                Some(executor) => values.extend(self.resolved(executor)),
                None => values.push(value),
            }
        }
        let mut gives = Gives::Value;
        if let Some(callback) = self.callback() {
            values = self.handed_to(&callback, &values)?;
            gives = Gives::Callback(callback);
        }
        let mut has_token = false;
        let mut may_give_nothing = false;
        for value in values {
            if self.is_nothing(value) {
                may_give_nothing = true;
                continue;
            }
            if self.is_failure(value) {
                continue;
            }
            match self.level(value, 0) {
                Level::Token if self.has_parts(value, 0) => {
                    return Err(
                        "the function gives more than the token: something with parts".to_string(),
                    );
                }
                Level::Token => has_token = true,
                Level::Answer => {
                    return Err(
                        "the function gives the answer, and its callers read it".to_string()
                    );
                }
                Level::Nothing => {
                    return Err(
                        "the function also gives something that is not of the answer".to_string(),
                    );
                }
            }
        }
        if !has_token {
            return Err(
                "the function does not give the token that it reads from the answer".to_string(),
            );
        }
        Ok(Reading {
            gives,
            functions: self.functions,
            may_give_nothing,
        })
    }

    /// What a callback gets after its error.
    fn handed_to(&self, callback: &str, returned: &[NodeId]) -> Result<Vec<NodeId>, String> {
        let mut values = Vec::new();
        let is_call = |id: NodeId| matches!(self.locator.kind(id), Kind::Call(call) if self.locator.text(call.callee) == callback);
        if returned
            .iter()
            .any(|id| !is_call(*id) && !self.is_nothing(*id))
        {
            return Err("the function has a callback and a value".to_string());
        }
        for (_, kind) in self.nodes() {
            let Kind::Call(call) = kind else { continue };
            if self.locator.text(call.callee) != callback {
                continue;
            }
            match call.arguments.as_slice() {
                [error]
                    if self.level(error.value, 0) < Level::Token
                        || self.is_failure(error.value) => {}
                [error, value] if self.is_nothing(error.value) => values.push(value.value),
                [_, value] if self.is_nothing(value.value) => {}
                _ => {
                    return Err(
                        "the callback does not take an error first, and then the token".to_string(),
                    );
                }
            }
        }
        Ok(values)
    }

    fn is_nothing(&self, id: NodeId) -> bool {
        match self.locator.kind(id) {
            Kind::Null => true,
            Kind::String(text) => text.value.is_empty(),
            Kind::Name(name) => matches!(name.as_str(), "undefined" | "None" | "null"),
            Kind::Call(call) => {
                let text = self.locator.text(call.callee);
                call.arguments.is_empty() && matches!(text, "Optional.empty" | "String::new")
            }
            _ => false,
        }
    }

    fn is_failure(&self, id: NodeId) -> bool {
        match self.locator.kind(id) {
            Kind::Call(call) if call.is_new => self.locator.text(call.callee).ends_with("Error"),
            Kind::Call(call) => matches!(self.locator.text(call.callee), "Err" | "Promise.reject"),
            _ => false,
        }
    }
}

/// The functions of the file by the names under which they are declared; of several with one name the first.
fn declared_functions<'u>(locator: &Locator<'u>) -> BTreeMap<&'u str, NodeId> {
    let mut found = BTreeMap::new();
    for (id, node) in locator.unit.tree.nodes() {
        let Kind::Function(function) = &node.kind else {
            continue;
        };
        let Some(parent) = locator.parent(id) else {
            continue;
        };
        let bound = match locator.kind(parent) {
            Kind::Binding(binding) => match locator.kind(binding.target) {
                Kind::Name(name) => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        };
        let own = function.name.as_ref().map(|name| name.text.as_str());
        for name in own.into_iter().chain(bound) {
            found.entry(name).or_insert(id);
        }
    }
    found
}

/// The names that a target binds.
fn names(locator: &Locator<'_>, target: NodeId) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![target];
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Name(name) => found.push(name.clone()),
            Kind::Pattern { entries } => pending.extend(entries.iter().map(|entry| entry.target)),
            Kind::List { items } => pending.extend(items.iter().map(|item| item.value)),
            Kind::Map { entries } => pending.extend(
                (entries.iter())
                    .filter(|entry| matches!(entry.key, Key::Static(_)))
                    .map(|entry| entry.value),
            ),
            _ => {}
        }
    }
    found
}

/// The values that a function itself returns; of a choice every one.
fn returned(locator: &Locator<'_>, function: &Function) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut pending: Vec<NodeId> = function.body.clone();
    let mut values: Vec<NodeId> = Vec::new();
    while let Some(id) = pending.pop() {
        match locator.kind(id) {
            Kind::Return { value } => values.extend(*value),
            Kind::Function(_) | Kind::Class(_) => {}
            kind => pending.extend(kind.children()),
        }
    }
    while let Some(id) = values.pop() {
        match locator.kind(id) {
            Kind::Choice { alternatives, .. } => values.extend(alternatives.iter().copied()),
            Kind::Await { value } => values.push(*value),
            _ => found.push(id),
        }
    }
    found
}
