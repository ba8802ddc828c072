//! Whether a function keeps nothing of the answer, hands it to nobody and does nothing else.
//!
//! Owns what belongs to the function alone. What others have as well (a database, a file, a field) may keep what it is
//! handed.

use super::words::{MAKES, PURE, READS, SENDS, only_tells};
use super::{DEEP, Level, Reader, names};
use crate::syntax::tree::{Call, Kind, NodeId};

impl Reader<'_, '_> {
    /// Tells what is known to others as well, and what is more than a text. Levels have to be known.
    pub(super) fn mark(&mut self) {
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

    /// Whether a value is something that others have as well: `getDatabase()`, a file.
    pub(super) fn is_shared(&self, value: NodeId) -> bool {
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

    pub(super) fn is_file(&self, call: &Call) -> bool {
        self.locator.text(call.callee).contains("File")
    }

    /// Whether a chain hangs on something that only this function has.
    pub(super) fn is_own(&self, id: NodeId) -> bool {
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

    pub(super) fn has_parts(&self, id: NodeId, depth: usize) -> bool {
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
    pub(super) fn keeps_nothing(&self) -> Result<(), String> {
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
    pub(super) fn is_set_here(&self, target: NodeId) -> bool {
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

    pub(super) fn call_keeps_nothing(
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
            || only_tells(&text)
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
    pub(super) fn is_known(&self, id: NodeId) -> bool {
        self.root(id).is_some_and(|root| {
            matches!(self.locator.kind(root), Kind::Name(name)
            if self.own.get(name).is_some_and(|held| held.is_shared))
        })
    }
}
