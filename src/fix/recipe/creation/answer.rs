//! What a function does with the answer to its request for a token: whether it gives the token that it reads there,
//! and does nothing else that anybody would miss.
//!
//! Owns following the answer through the names of a function and of the functions that it calls in its own file. It
//! errs towards refusing. It must not know what is written in the place of the function.

use crate::fix::locate::Locator;
use crate::syntax::tree::{AssignOperator, Call, Function, Key, Kind, NodeId, Span};
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

/// These take a part out of a text.
const READS: &[&str] = &[
    "split",
    "substring",
    "substr",
    "slice",
    "match",
    "matchAll",
    "exec",
    "group",
    "nextToken",
    "replace",
    "replaceAll",
    "replaceFirst",
    "replacen",
    "get",
    "getProperty",
    "getString",
    "captures",
    "find_map",
    "nth",
    "strip_prefix",
    "splitn",
    "split_once",
    "split_at",
    "trim_start_matches",
    "at",
    "pop",
    "shift",
    "charAt",
    "substringAfter",
    "substringBetween",
    "findFirst",
    "name",
    "rsplit",
    "optString",
];

/// These give something of what they are handed and keep nothing.
const PURE: &[&str] = &[
    "matcher",
    "test",
    "parse",
    "decode",
    "encode",
    "toString",
    "valueOf",
    "format",
    "join",
    "equals",
    "equalsIgnoreCase",
    "startsWith",
    "starts_with",
    "endsWith",
    "contains",
    "includes",
    "indexOf",
    "lastIndexOf",
    "find",
    "trim",
    "is_match",
    "captures",
    "from",
    "from_str",
    "from_utf8",
    "from_utf8_lossy",
    "to_string",
    "to_owned",
    "into",
    "read",
    "readLine",
    "readAllBytes",
    "text",
    "json",
    "ok",
    "ok_or",
    "ok_or_else",
    "map",
    "and_then",
    "unwrap_or",
    "unwrap_or_default",
    "isEmpty",
    "isBlank",
    "append",
    "concat",
    "push",
    "push_str",
    "add",
    "Ok",
    "Some",
    "Err",
    "String",
    "Number",
    "Boolean",
    "resolve",
    "reject",
    "parseInt",
    "requireNonNull",
    "of",
    "ofNullable",
    "asList",
    "stringify",
    "toByteArray",
    "copy",
    "getContentText",
    "isArray",
    "format!",
    "isNullOrEmpty",
    "IsNullOrEmpty",
    "readFully",
];

/// These send a request that was put together before.
const SENDS: &[&str] = &[
    "execute",
    "executeMethod",
    "send",
    "sendAsync",
    "newCall",
    "request",
    "exchange",
    "fetch",
    "perform",
    "json",
    "execute_request",
];

/// These make a thing that nobody else has.
const MAKES: &[&str] = &[
    "new",
    "default",
    "with_capacity",
    "builder",
    "newBuilder",
    "create",
    "createDefault",
    "newInstance",
    "newHttpClient",
    "custom",
    "Map",
    "List",
];

/// What writes to a log begins with these, or is one of the macros.
const LOGS: &[&str] = &[
    "console.",
    "log.",
    "logger.",
    "LOG.",
    "LOGGER.",
    "Logger.",
    "System.out.",
    "System.err.",
    "log::",
    "tracing::",
    "this.log.",
    "this.logger.",
    "winston.",
];
const LOG_MACROS: &[&str] = &[
    "println", "eprintln", "print", "eprint", "dbg", "debug", "info", "warn", "error", "trace",
];

fn is_log(callee: &str) -> bool {
    LOGS.iter().any(|log| callee.starts_with(log))
        || LOG_MACROS.contains(&callee.trim_end_matches('!'))
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
        own: BTreeMap::new(),
        given: BTreeSet::new(),
    };
    reader.find_functions();
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

    /// The functions of the same file that are called, and those that they call.
    fn find_functions(&mut self) {
        let mut next = 0;
        while let Some(id) = self.functions.get(next).copied() {
            next += 1;
            let span = self.locator.span(id);
            for (call, node) in self.locator.unit.tree.nodes() {
                let Kind::Call(made) = &node.kind else {
                    continue;
                };
                if !span.contains(node.span) || self.locator.parent(call).is_none() {
                    continue;
                }
                if let Some(called) = self.declared(made)
                    && !self.functions.contains(&called)
                {
                    self.functions.push(called);
                }
            }
        }
    }

    /// The function of this file that a call is about: `parse(…)`, `this.parse(…)`.
    fn declared(&self, call: &Call) -> Option<NodeId> {
        let name = match self.locator.kind(call.callee) {
            Kind::Name(name) => name.as_str(),
            Kind::Member { object, property }
                if matches!(self.locator.kind(*object), Kind::This) =>
            {
                property.text.as_str()
            }
            _ => return None,
        };
        if call.is_new {
            return None;
        }
        named(self.locator, name)
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

    /// Follows the answer from name to name until nothing changes.
    fn follow(&mut self) {
        const ROUNDS: usize = 12;
        for _ in 0..ROUNDS {
            let before: Vec<(Level, bool, bool)> = self.state();
            for (id, kind) in self.nodes() {
                self.step(id, kind);
            }
            if self.state() == before {
                break;
            }
        }
    }

    fn state(&self) -> Vec<(Level, bool, bool)> {
        self.own
            .values()
            .map(|held| (held.level, held.is_shared, held.has_parts))
            .collect()
    }

    fn step(&mut self, id: NodeId, kind: &'u Kind) {
        match kind {
            Kind::Binding(binding) => {
                if let Some(value) = binding.value {
                    self.set(binding.target, value);
                }
            }
            Kind::Assign {
                target,
                value,
                operator,
            } => {
                if *operator == AssignOperator::Append {
                    let level = self.level(*value, 0);
                    self.raise(*target, level);
                } else {
                    self.set(*target, *value);
                }
            }
            Kind::Loop {
                pattern: Some(pattern),
                iterable: Some(iterable),
                ..
            } => {
                let level = self.level(*iterable, 0);
                self.raise(*pattern, level);
            }
            Kind::Call(call) => self.step_call(id, call),
            _ => {}
        }
    }

    fn step_call(&mut self, id: NodeId, call: &'u Call) {
        let base = if self.requests.contains(&id) {
            Level::Answer
        } else {
            self.level(call.callee, 0)
        };
        let handed = call
            .arguments
            .iter()
            .map(|argument| self.level(argument.value, 0))
            .max()
            .unwrap_or_default();
        if let Some(called) = self.declared(call).and_then(|id| self.function(id)) {
            for (parameter, argument) in called.parameters.iter().zip(&call.arguments) {
                let level = self.level(argument.value, 0);
                self.raise(parameter.target, level);
            }
            return;
        }
        for argument in &call.arguments {
            match self.locator.kind(argument.value) {
                Kind::Function(function) if base.max(handed) > Level::Nothing => {
                    for parameter in &function.parameters {
                        self.raise(parameter.target, base.max(handed));
                    }
                }
                // `in.read(buffer)`
                Kind::Name(name) if base > Level::Nothing && !self.given.contains(name) => {
                    self.raise(argument.value, base);
                }
                _ => {}
            }
        }
        // `text.append(line)`
        if handed > Level::Nothing
            && let Kind::Member { object, .. } = self.locator.kind(call.callee)
            && matches!(self.locator.kind(*object), Kind::Name(_))
        {
            self.raise(*object, handed);
        }
    }

    fn set(&mut self, target: NodeId, value: NodeId) {
        let level = self.level(value, 0);
        self.raise(target, level);
    }

    /// Tells what is known to others as well, and what is more than a text. Levels have to be known.
    fn mark(&mut self) {
        const ROUNDS: usize = 4;
        for _ in 0..ROUNDS {
            for (_, kind) in self.nodes() {
                let (target, value) = match kind {
                    Kind::Binding(binding) => match binding.value {
                        Some(value) => (binding.target, value),
                        None => continue,
                    },
                    Kind::Assign { target, value, .. } => (*target, *value),
                    _ => continue,
                };
                let (shared, parts) = (self.is_shared(value), self.has_parts(value, 0));
                if let Kind::Name(name) = self.locator.kind(target)
                    && let Some(held) = self.own.get_mut(name)
                {
                    held.is_shared |= shared;
                    held.has_parts |= parts;
                }
            }
        }
    }

    fn raise(&mut self, target: NodeId, level: Level) {
        let root = self.root(target);
        let Some(root) = root else { return };
        for name in names(self.locator, root) {
            if let Some(held) = self.own.get_mut(&name) {
                held.level = held.level.max(level);
            }
        }
    }

    /// What a chain of members and calls hangs on.
    fn root(&self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        for _ in 0..DEEP {
            at = match self.locator.kind(at) {
                Kind::Member { object, .. } | Kind::Index { object, .. } => *object,
                Kind::Call(call) => call.callee,
                Kind::Await { value } => *value,
                Kind::Opaque { children } if children.len() == 1 => *children.first()?,
                _ => return Some(at),
            };
        }
        None
    }

    fn level(&self, id: NodeId, depth: usize) -> Level {
        if depth > DEEP {
            return Level::Token;
        }
        let next = |id: NodeId| self.level(id, depth + 1);
        match self.locator.kind(id) {
            Kind::Name(name) => self.own.get(name).map_or(Level::Nothing, |held| held.level),
            Kind::Member { object, .. } => next(*object),
            Kind::Index { object, index } => {
                let level = next(*object);
                let picks = !matches!(self.locator.kind(*index), Kind::String(_));
                if level > Level::Nothing && picks {
                    Level::Token
                } else {
                    level
                }
            }
            Kind::Call(call) => self.level_of_call(id, call, depth),
            Kind::Function(_) | Kind::Class(_) => Level::Nothing,
            Kind::Assign { value, .. } => next(*value),
            Kind::Choice { alternatives, .. } => alternatives
                .iter()
                .map(|id| next(*id))
                .max()
                .unwrap_or_default(),
            kind => kind
                .children()
                .into_iter()
                .map(next)
                .max()
                .unwrap_or_default(),
        }
    }

    fn level_of_call(&self, id: NodeId, call: &'u Call, depth: usize) -> Level {
        let handed = (call.arguments.iter())
            .map(|argument| self.level(argument.value, depth + 1))
            .max()
            .unwrap_or_default();
        if self.requests.contains(&id) {
            return Level::Answer;
        }
        if let Some(function) = self.declared(call).and_then(|id| self.function(id)) {
            return self.given_by(function, depth);
        }
        if let Some(executor) = self.executor(id) {
            return self
                .resolved(executor)
                .into_iter()
                .map(|id| self.level(id, depth + 1))
                .max()
                .unwrap_or_default();
        }
        let base = self.level(call.callee, depth + 1);
        let name = self.name_of(call);
        if matches!(name, "then" | "thenApply" | "map" | "and_then") && base > Level::Nothing {
            let made =
                call.arguments
                    .first()
                    .and_then(|first| match self.locator.kind(first.value) {
                        Kind::Function(function) => Some(self.given_by(function, depth)),
                        Kind::Name(name) => named(self.locator, name)
                            .and_then(|id| self.function(id))
                            .map(|function| self.given_by(function, depth)),
                        _ => None,
                    });
            if let Some(made) = made {
                return if name == "then" { made } else { made.max(base) };
            }
        }
        // `names.reduce((parts, name) => …, {})`
        let made = (call.arguments.iter())
            .filter_map(|argument| self.function(argument.value))
            .map(|function| self.given_by(function, depth + 1))
            .max()
            .unwrap_or_default();
        let level = base.max(handed).max(made);
        if level > Level::Nothing && !call.is_new && READS.contains(&name) {
            return Level::Token;
        }
        level
    }

    /// The most that a function gives.
    fn given_by(&self, function: &Function, depth: usize) -> Level {
        if depth > DEEP {
            return Level::Token;
        }
        returned(self.locator, function)
            .into_iter()
            .map(|id| self.level(id, depth + 1))
            .max()
            .unwrap_or_default()
    }

    /// The function in `new Promise((resolve, reject) => …)`.
    fn executor(&self, id: NodeId) -> Option<&'u Function> {
        match self.locator.kind(id) {
            Kind::Call(call) if call.is_new && self.locator.text(call.callee) == "Promise" => {
                self.function(call.arguments.first()?.value)
            }
            _ => None,
        }
    }

    /// What an executor resolves its promise with.
    fn resolved(&self, executor: &Function) -> Vec<NodeId> {
        let Some(Kind::Name(resolve)) =
            (executor.parameters.first()).map(|first| self.locator.kind(first.target))
        else {
            return Vec::new();
        };
        self.nodes()
            .into_iter()
            .filter_map(|(_, kind)| match kind {
                Kind::Call(call) if self.locator.text(call.callee) == resolve => {
                    call.arguments.first().map(|first| first.value)
                }
                _ => None,
            })
            .collect()
    }

    fn name_of(&self, call: &Call) -> &'u str {
        match self.locator.kind(call.callee) {
            Kind::Member { property, .. } => property.text.as_str(),
            Kind::Name(name) => name.as_str(),
            _ => "",
        }
    }

    /// Whether a value is something that others have as well: `getDatabase()`, a file.
    fn is_shared(&self, value: NodeId) -> bool {
        let mut at = value;
        for _ in 0..DEEP {
            at = match self.locator.kind(at) {
                Kind::Await { value } => *value,
                Kind::Opaque { children } if children.len() == 1 => match children.first() {
                    Some(only) => *only,
                    None => return false,
                },
                _ => break,
            };
        }
        match self.locator.kind(at) {
            Kind::This | Kind::Require { .. } => true,
            Kind::Name(name) => self.own.get(name).is_none_or(|held| held.is_shared),
            Kind::Member { .. } => !self.is_own(at) && self.level(at, 0) == Level::Nothing,
            Kind::Call(call) if call.is_new => self.is_file(call),
            Kind::Call(call) => {
                let makes = MAKES.contains(&self.name_of(call)) && !self.is_file(call);
                !makes && self.level(at, 0) == Level::Nothing && !self.is_own(at)
            }
            _ => false,
        }
    }

    fn is_file(&self, call: &Call) -> bool {
        self.locator.text(call.callee).contains("File")
    }

    /// Whether a chain hangs on something that only this function has.
    fn is_own(&self, id: NodeId) -> bool {
        self.root(id)
            .is_some_and(|root| match self.locator.kind(root) {
                Kind::Name(name) => self.own.get(name).is_some_and(|held| !held.is_shared),
                // `new Client().execute(…)`, `"text".split(…)`
                Kind::String(_) | Kind::List { .. } | Kind::Map { .. } | Kind::Concat { .. } => {
                    true
                }
                Kind::Opaque { .. } => self.level(root, 0) > Level::Nothing,
                _ => false,
            })
    }

    fn has_parts(&self, id: NodeId, depth: usize) -> bool {
        const TEXTS: [&str; 4] = ["String", "StringBuilder", "StringBuffer", "Promise"];
        if depth > DEEP {
            return true;
        }
        match self.locator.kind(id) {
            Kind::Map { .. } => true,
            Kind::Await { value } => self.has_parts(*value, depth + 1),
            Kind::Name(name) => self.own.get(name).is_some_and(|held| held.has_parts),
            Kind::Call(call) => {
                (call.is_new && !TEXTS.contains(&self.locator.text(call.callee)))
                    || (matches!(self.name_of(call), "Ok" | "Some" | "of" | "resolve")
                        && (call.arguments.iter())
                            .any(|argument| self.has_parts(argument.value, depth + 1)))
            }
            _ => false,
        }
    }

    /// Nothing but the function itself has anything of the answer, and nothing else is done.
    fn keeps_nothing(&self) -> Result<(), String> {
        let callback = self.callback();
        for (id, kind) in self.nodes() {
            match kind {
                Kind::Assign { target, .. } if !self.is_set_here(*target) => {
                    return Err(format!(
                        "the function also sets {}",
                        self.locator.text(*target)
                    ));
                }
                Kind::Call(call) => self.call_keeps_nothing(id, call, callback.as_deref())?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether what is assigned to is only known here.
    fn is_set_here(&self, target: NodeId) -> bool {
        match self.locator.kind(target) {
            Kind::Name(name) => self.own.contains_key(name),
            Kind::Pattern { .. } | Kind::List { .. } | Kind::Map { .. } => {
                names(self.locator, target)
                    .iter()
                    .all(|name| self.own.contains_key(name))
            }
            _ => self.is_own(target),
        }
    }

    fn call_keeps_nothing(
        &self,
        id: NodeId,
        call: &Call,
        callback: Option<&str>,
    ) -> Result<(), String> {
        let text: String = self.locator.text(call.callee).split_whitespace().collect();
        let name = self.name_of(call);
        if self.requests.contains(&id)
            || self.declared(call).is_some()
            || callback.is_some_and(|callback| callback == text)
            || is_log(&text)
        {
            return Ok(());
        }
        let handed = (call.arguments.iter())
            .map(|argument| self.level(argument.value, 0))
            .max()
            .unwrap_or_default();
        if handed > Level::Nothing {
            let is_kept_here = (call.is_new && !self.is_file(call))
                || self.is_own(call.callee)
                || self.level(call.callee, 0) > Level::Nothing && !self.is_known(call.callee)
                || PURE.contains(&name)
                || READS.contains(&name)
                || (handed == Level::Answer && SENDS.contains(&name));
            if !is_kept_here {
                return Err(format!("the function hands the answer to {text} as well"));
            }
            return Ok(());
        }
        // A statement of its own that is about none of this is done for its effect.
        let mut at = id;
        while let Some(parent) = self.locator.parent(at)
            && (matches!(self.locator.kind(parent), Kind::Await { .. })
                || matches!(self.locator.kind(parent), Kind::Opaque { children } if children.len() == 1))
        {
            at = parent;
        }
        let is_effect = self.locator.statement_of(id) == at
            && self.level(id, 0) == Level::Nothing
            && !self.is_own(call.callee)
            && !matches!(name, "printStackTrace" | "use_strict");
        if is_effect {
            return Err(format!("the function also calls {text}"));
        }
        Ok(())
    }

    /// Whether a chain hangs on something that others have.
    fn is_known(&self, id: NodeId) -> bool {
        self.root(id).is_some_and(|root| {
            matches!(self.locator.kind(root), Kind::Name(name)
            if self.own.get(name).is_some_and(|held| held.is_shared))
        })
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

/// A function of the file that is declared under this name.
fn named(locator: &Locator<'_>, name: &str) -> Option<NodeId> {
    locator.unit.tree.nodes().find_map(|(id, node)| {
        let Kind::Function(function) = &node.kind else {
            return None;
        };
        let own = function.name.as_ref().is_some_and(|own| own.text == name);
        let bound = || {
            matches!(locator.parent(id).map(|parent| locator.kind(parent)), Some(Kind::Binding(binding))
                if matches!(locator.kind(binding.target), Kind::Name(known) if known == name))
        };
        (locator.parent(id).is_some() && (own || bound())).then_some(id)
    })
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
