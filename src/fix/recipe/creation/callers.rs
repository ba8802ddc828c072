//! Who calls a function that makes a token, and whether every request that gets one from it is repaired.
//!
//! Owns following the token from the call through variables, `.then` and callbacks. What is not followed is a reason
//! to leave the function alone: whoever got an authtoken there would send an access token in its place.

use super::is_about;
use crate::finding::Safety;
use crate::fix::locate::Locator;
use crate::fix::{Plan, Planner};
use crate::rules::matching::Candidate;
use crate::syntax::tree::{Call, Key, Kind, Language, NodeId, Span};

/// Functions that only hand on what another one gives.
const WRAPPERS: usize = 8;

struct Callers<'p, 'a, 'r, 'c> {
    planner: &'p Planner<'a, 'r>,
    candidates: &'p [Candidate<'c>],
    plans: &'p [Option<Plan>],
    /// Functions whose calls give the token: file and node.
    sources: Vec<(u32, NodeId)>,
    after: Vec<usize>,
}

/// The findings whose fixes take the token of this function out of the requests; an error if one does not.
pub(super) fn mended(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &[Option<Plan>],
    file: u32,
    function: NodeId,
) -> Result<Vec<usize>, String> {
    let mut callers = Callers {
        planner,
        candidates,
        plans,
        sources: vec![(file, function)],
        after: Vec::new(),
    };
    let mut next = 0;
    while let Some((file, function)) = callers.sources.get(next).copied() {
        if next >= WRAPPERS {
            return Err("too many functions hand the token on".to_string());
        }
        next += 1;
        callers.of(file, function)?;
    }
    if callers.after.is_empty() {
        return Err("no request that sends its token is in sight".to_string());
    }
    callers.after.sort_unstable();
    Ok(callers.after)
}

impl<'p, 'a> Callers<'p, 'a, '_, '_> {
    fn of(&mut self, file: u32, function: NodeId) -> Result<(), String> {
        let locator = self.locator(file)?;
        let name = name_of(locator, function).ok_or("the function has no name to call it by")?;
        let units: &'a [_] = self.planner.units;
        for (index, unit) in units.iter().enumerate() {
            if !unit.text.contains(name.as_str()) || unit.language().is_config() {
                continue;
            }
            let there = self.locator(index as u32)?;
            for (id, node) in unit.tree.nodes() {
                let is_name = match &node.kind {
                    Kind::Name(known) => *known == name,
                    Kind::Member { property, .. } => property.text == name,
                    _ => false,
                };
                let Some(parent) = there.parent(id).filter(|_| is_name) else {
                    continue;
                };
                match there.kind(parent) {
                    Kind::Call(call) if call.callee == id => {
                        self.call(index as u32, there, parent)?;
                    }
                    Kind::Call(_) | Kind::Return { .. } | Kind::List { .. }
                        if !is_variable(there, id, &name) =>
                    {
                        return Err(format!("the function is handed on in {}", place(there, id)));
                    }
                    // Declared, exported, imported, named in an object.
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn locator(&self, file: u32) -> Result<&'p Locator<'a>, String> {
        let planner: &'p Planner<'a, '_> = self.planner;
        planner
            .locator(file)
            .ok_or_else(|| "a file that calls it is not at hand".to_string())
    }

    /// What becomes of the token where the function is called.
    fn call(&mut self, file: u32, locator: &Locator<'_>, call: NodeId) -> Result<(), String> {
        if self.is_mended(locator, locator.span(call)) {
            return Ok(());
        }
        if let Kind::Call(made) = locator.kind(call)
            && let Some(last) = made.arguments.last()
            && let Kind::Function(callback) = locator.kind(last.value)
            && let Some(token) = callback.parameters.get(1)
        {
            return self.name(locator, token.target, Some(last.value));
        }
        let mut at = call;
        loop {
            let parent = locator.parent(at).ok_or("the call is not in sight")?;
            match locator.kind(parent) {
                Kind::Await { .. } | Kind::Opaque { .. } => at = parent,
                // `.unwrap()`, `.trim()`, `.then(…)`
                Kind::Member { object, property } if *object == at => {
                    let Some(outer) = locator.parent(parent) else {
                        break;
                    };
                    let Kind::Call(made) = locator.kind(outer) else {
                        break;
                    };
                    if made.callee != parent {
                        break;
                    }
                    match property.text.as_str() {
                        "then" => return self.then(locator, made),
                        "catch" | "finally" => {}
                        "unwrap" | "expect" | "trim" | "toString" | "to_string"
                        | "unwrap_or_default" | "map_err" | "context" => {}
                        _ => break,
                    }
                    at = outer;
                }
                Kind::Binding(binding) if binding.value == Some(at) => {
                    let scope = locator.function_around(parent);
                    return self.name(locator, binding.target, scope);
                }
                Kind::Assign { target, value, .. } if *value == at => {
                    let scope = match locator.kind(*target) {
                        Kind::Name(name) if is_local(locator, parent, name) => {
                            locator.function_around(parent)
                        }
                        _ => None,
                    };
                    return self.name(locator, *target, scope);
                }
                Kind::Return { .. } => {
                    let function = locator
                        .function_around(parent)
                        .ok_or("the call is not in sight")?;
                    if !self.sources.contains(&(file, function)) {
                        self.sources.push((file, function));
                    }
                    return Ok(());
                }
                _ if locator.statement_of(call) == at => return Ok(()),
                _ => break,
            }
        }
        if locator.statement_of(call) == at {
            return Ok(());
        }
        Err(format!(
            "what becomes of its token in {} is not followed",
            place(locator, call)
        ))
    }

    fn then(&mut self, locator: &Locator<'_>, made: &Call) -> Result<(), String> {
        let first = made.arguments.first().map(|first| first.value);
        if let Some(first) = first
            && let Kind::Function(function) = locator.kind(first)
            && let Some(token) = function.parameters.first()
        {
            return self.name(locator, token.target, Some(first));
        }
        Err(format!(
            "what becomes of its token in {} is not followed",
            place(locator, made.callee)
        ))
    }

    /// Every use of the name that holds the token, within a function or in the whole file.
    fn name(
        &mut self,
        locator: &Locator<'_>,
        target: NodeId,
        scope: Option<NodeId>,
    ) -> Result<(), String> {
        let (name, is_member) = match locator.kind(target) {
            Kind::Name(name) => (name.as_str(), false),
            Kind::Member { property, .. } => (property.text.as_str(), true),
            _ => {
                return Err(format!(
                    "what becomes of its token in {} is not followed",
                    place(locator, target)
                ));
            }
        };
        let within = scope.map(|id| locator.span(id));
        let tree = &locator.unit.tree;
        for (id, node) in tree.nodes() {
            let is_use = match &node.kind {
                Kind::Name(known) => known == name,
                Kind::Member { property, .. } => is_member && property.text == name,
                _ => false,
            };
            if !is_use
                || locator.parent(id).is_none()
                || within.is_some_and(|within| !within.contains(node.span))
                || is_declared(locator, id)
                || is_condition(locator, id)
                || self.is_mended(locator, node.span)
            {
                continue;
            }
            return Err(format!(
                "the token goes elsewhere as well in {}",
                place(locator, id)
            ));
        }
        Ok(())
    }

    /// Whether what stands here is taken out, or goes to where it is taken out.
    fn is_mended(&mut self, locator: &Locator<'_>, span: Span) -> bool {
        let path = &locator.unit.path;
        let mut is_mended = false;
        for (index, plan) in self.plans.iter().enumerate() {
            let Some(plan) = plan.as_ref().filter(|plan| plan.safety != Safety::Display) else {
                continue;
            };
            let Some(candidate) = self.candidates.get(index) else {
                continue;
            };
            if is_about(&candidate.rule.fix) {
                continue;
            }
            let is_cut = plan.edits.iter().any(|edit| {
                edit.path == *path && !edit.span.is_empty() && edit.span.contains(span)
            });
            let leads_there = || {
                candidate.flow.iter().any(|(place, _)| {
                    let unit = self.planner.units.get(place.file as usize);
                    unit.is_some_and(|unit| unit.path == *path) && place.span == span
                }) && is_argument(locator, span)
            };
            if is_cut || leads_there() {
                is_mended = true;
                if !self.after.contains(&index) {
                    self.after.push(index);
                }
            }
        }
        is_mended
    }
}

/// Whether a name is that of a variable here, or can only be one.
fn is_variable(locator: &Locator<'_>, id: NodeId, name: &str) -> bool {
    let Kind::Name(_) = locator.kind(id) else {
        return locator.unit.language() == Language::Java;
    };
    locator.unit.language() == Language::Java
        || is_local(locator, id, name)
        || locator.ancestors(id).any(|ancestor| {
            matches!(locator.kind(ancestor), Kind::Function(function)
            if function.parameters.iter().any(|parameter| {
                matches!(locator.kind(parameter.target), Kind::Name(known) if known == name)
            }))
        })
}

/// What a function is called by.
fn name_of(locator: &Locator<'_>, function: NodeId) -> Option<String> {
    if let Kind::Function(declared) = locator.kind(function)
        && let Some(name) = &declared.name
    {
        return Some(name.text.clone());
    }
    let parent = locator.parent(function)?;
    match locator.kind(parent) {
        Kind::Binding(binding) => match locator.kind(binding.target) {
            Kind::Name(name) => Some(name.clone()),
            _ => None,
        },
        Kind::Assign { target, .. } => match locator.kind(*target) {
            Kind::Name(name) => Some(name.clone()),
            Kind::Member { property, .. } => Some(property.text.clone()),
            _ => None,
        },
        Kind::Map { entries } => entries
            .iter()
            .find(|entry| entry.value == function)
            .and_then(|entry| match &entry.key {
                Key::Static(name) => Some(name.text.clone()),
                _ => None,
            }),
        Kind::Export { names } => names
            .iter()
            .find(|name| name.value == Some(function))
            .and_then(|name| name.name.clone())
            .filter(|name| name != "default"),
        _ => None,
    }
}

fn is_local(locator: &Locator<'_>, at: NodeId, name: &str) -> bool {
    let Some(function) = locator.function_around(at) else {
        return false;
    };
    let span = locator.span(function);
    locator.unit.tree.nodes().any(|(_, node)| {
        span.contains(node.span)
            && matches!(&node.kind, Kind::Binding(binding)
                if matches!(locator.kind(binding.target), Kind::Name(known) if known == name))
    })
}

fn is_declared(locator: &Locator<'_>, id: NodeId) -> bool {
    locator
        .parent(id)
        .is_some_and(|parent| match locator.kind(parent) {
            Kind::Binding(binding) => binding.target == id,
            Kind::Assign { target, .. } => *target == id,
            Kind::Function(function) => function.parameters.iter().any(|one| one.target == id),
            Kind::Pattern { .. } => true,
            _ => false,
        })
}

/// Whether a use only decides: `if (!token) …`.
fn is_condition(locator: &Locator<'_>, id: NodeId) -> bool {
    let mut at = id;
    for ancestor in locator.ancestors(id) {
        match locator.kind(ancestor) {
            Kind::Branch { conditions, .. } | Kind::Choice { conditions, .. }
                if conditions.contains(&at) =>
            {
                return true;
            }
            Kind::Loop { header, .. } if header.contains(&at) => return true,
            Kind::Call(call) if call.callee != at => return false,
            Kind::Function(_) | Kind::Block { .. } => return false,
            _ => at = ancestor,
        }
    }
    false
}

fn is_argument(locator: &Locator<'_>, span: Span) -> bool {
    locator.smallest_around(span).is_some_and(|id| {
        locator.parent(id).is_some_and(|parent| {
            matches!(locator.kind(parent), Kind::Call(call)
                if call.arguments.iter().any(|argument| argument.value == id))
        })
    })
}

/// `src/Login.java:12`
fn place(locator: &Locator<'_>, id: NodeId) -> String {
    let text: &str = &locator.unit.text;
    let start = locator.span(id).start as usize;
    let line = text
        .get(..start)
        .map_or(0, |before| before.matches('\n').count());
    format!("{}:{}", locator.unit.path, line + 1)
}
