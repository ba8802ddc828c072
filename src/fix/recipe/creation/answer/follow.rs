//! Following the answer from name to name, through calls, loops, closures and promises.
//!
//! Without an order of statements: a name holds what anything gives it anywhere.

use super::words::READS;
use super::{DEEP, Level, Reader, names, returned};
use crate::syntax::tree::{AssignOperator, Call, Function, Kind, NodeId};
use std::collections::BTreeMap;

impl<'u> Reader<'_, 'u> {
    /// Follows the answer from name to name until nothing changes.
    pub(super) fn follow(&mut self) {
        const ROUNDS: usize = 12;
        for _ in 0..ROUNDS {
            let before = self.state();
            for (id, kind) in self.nodes() {
                self.step(id, kind);
            }
            for id in self.functions.clone() {
                if let Some(function) = self.function(id) {
                    let level = self.given_by(function, 0);
                    self.results.insert(id, level);
                }
            }
            if self.state() == before {
                break;
            }
        }
    }

    fn state(&self) -> (Vec<Level>, BTreeMap<NodeId, Level>) {
        let levels = self.own.values().map(|held| held.level).collect();
        (levels, self.results.clone())
    }

    pub(super) fn step(&mut self, id: NodeId, kind: &'u Kind) {
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

    pub(super) fn step_call(&mut self, id: NodeId, call: &'u Call) {
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
            // `.then(parse)`
            if base.max(handed) > Level::Nothing
                && let Some(function) = self
                    .function_called(argument.value)
                    .and_then(|id| self.function(id))
            {
                for parameter in &function.parameters {
                    self.raise(parameter.target, base.max(handed));
                }
                continue;
            }
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

    pub(super) fn set(&mut self, target: NodeId, value: NodeId) {
        let level = self.level(value, 0);
        self.raise(target, level);
    }

    pub(super) fn raise(&mut self, target: NodeId, level: Level) {
        let root = self.root(target);
        let Some(root) = root else { return };
        for name in names(self.locator, root) {
            if let Some(held) = self.own.get_mut(&name) {
                held.level = held.level.max(level);
            }
        }
    }

    /// What a chain of members and calls hangs on.
    pub(super) fn root(&self, id: NodeId) -> Option<NodeId> {
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

    pub(super) fn level(&self, id: NodeId, depth: usize) -> Level {
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

    pub(super) fn level_of_call(&self, id: NodeId, call: &'u Call, depth: usize) -> Level {
        let handed = (call.arguments.iter())
            .map(|argument| self.level(argument.value, depth + 1))
            .max()
            .unwrap_or_default();
        if self.requests.contains(&id) {
            return Level::Answer;
        }
        if let Some(function) = self.declared(call) {
            return self.results.get(&function).copied().unwrap_or_default();
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
                        Kind::Name(_) | Kind::Member { .. } => {
                            let called = self.function_called(first.value)?;
                            self.results.get(&called).copied()
                        }
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
    pub(super) fn given_by(&self, function: &Function, depth: usize) -> Level {
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
    pub(super) fn executor(&self, id: NodeId) -> Option<&'u Function> {
        match self.locator.kind(id) {
            Kind::Call(call) if call.is_new && self.locator.text(call.callee) == "Promise" => {
                self.function(call.arguments.first()?.value)
            }
            _ => None,
        }
    }

    /// What an executor resolves its promise with.
    pub(super) fn resolved(&self, executor: &Function) -> Vec<NodeId> {
        let Some(Kind::Name(resolve)) =
            (executor.parameters.first()).map(|first| self.locator.kind(first.target))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut pending: Vec<NodeId> = executor.body.clone();
        while let Some(id) = pending.pop() {
            match self.locator.kind(id) {
                // Within, the name may be that of another promise.
                Kind::Function(inner)
                    if inner.parameters.iter().any(|parameter| {
                        matches!(self.locator.kind(parameter.target), Kind::Name(name) if name == resolve)
                    }) => {}
                Kind::Call(call) if self.locator.text(call.callee) == resolve => {
                    found.extend(call.arguments.first().map(|first| first.value));
                }
                kind => pending.extend(kind.children()),
            }
        }
        found
    }

    pub(super) fn name_of(&self, call: &Call) -> &'u str {
        match self.locator.kind(call.callee) {
            Kind::Member { property, .. } => property.text.as_str(),
            Kind::Name(name) => name.as_str(),
            _ => "",
        }
    }
}
