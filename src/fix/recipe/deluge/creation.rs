//! A script that makes a token for itself: the request goes, with what put it together and what reads its answer.
//!
//! Owns which statements are about nothing else. It must not know how the requests that send the token are repaired.

use super::token::lines_with_comments;
use crate::finding::{FixKind, Safety};
use crate::fix::Plan;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::flow::value::Place;
use crate::syntax::tree::{AssignOperator, Kind, NodeId, Span};
use std::collections::BTreeSet;

/// These take a part out of a text, or put it into another form.
const READS: [&str; 20] = [
    "get",
    "getjson",
    "getprefix",
    "getsuffix",
    "getoccurence",
    "getpart",
    "indexof",
    "length",
    "matches",
    "remove",
    "removefirstoccurence",
    "replaceall",
    "replacefirst",
    "sublist",
    "substring",
    "subtext",
    "tolist",
    "tomap",
    "tostring",
    "trim",
];

pub(in crate::fix::recipe) fn plan(
    locator: &Locator<'_>,
    place: Place,
    call: NodeId,
    plans: &[Option<Plan>],
) -> Result<Plan, String> {
    let path = &locator.unit.path;
    let statement = locator.statement_of(call);
    let Kind::Assign {
        target,
        operator: AssignOperator::Set,
        value,
    } = locator.kind(statement)
    else {
        return Err("the answer to the call is not kept under a name".to_string());
    };
    let Kind::Name(answer) = locator.kind(*target) else {
        return Err("the answer to the call is not kept under a name".to_string());
    };
    if *value != call {
        return Err("the call is part of an expression".to_string());
    }
    let scope = locator.function_around(statement);
    let mut script = Script {
        locator,
        scope,
        gone: vec![statement],
        after: BTreeSet::new(),
    };
    script.forwards(answer, path, plans)?;
    if script.after.is_empty() {
        return Err("no request that sends its token is in sight".to_string());
    }
    script.backwards();
    let mut edits = Vec::new();
    for statement in &script.gone {
        let lines = lines_with_comments(locator, *statement)
            .filter(|_| !is_alone(locator, *statement))
            .ok_or("a statement that reads the answer cannot be taken out by itself")?;
        edits.push(TextEdit::delete(path, lines));
    }
    Ok(Plan {
        title: "Take out the request for an authtoken: the connection signs in".to_string(),
        safety: Safety::Unsafe,
        reason: Some("the connection needs no e-mail address and password: take these out of code and settings".to_string()),
        edits,
        helper: None,
        after: script.after.into_iter().collect(),
        drops: vec![place],
        kind: FixKind::Program,
    })
}

struct Script<'l, 'u> {
    locator: &'l Locator<'u>,
    scope: Option<NodeId>,
    /// The statements that go.
    gone: Vec<NodeId>,
    /// The plans that take out uses of the token.
    after: BTreeSet<usize>,
}

impl Script<'_, '_> {
    /// Everything that is made of the answer goes, and everything that uses the token is taken out by a plan.
    fn forwards(&mut self, answer: &str, path: &str, plans: &[Option<Plan>]) -> Result<(), String> {
        let mut names = vec![answer.to_string()];
        let mut next = 0;
        while let Some(name) = names.get(next).cloned() {
            next += 1;
            for (id, span) in self.uses(&name) {
                if self.is_gone(span) {
                    continue;
                }
                let by: Vec<usize> = plans
                    .iter()
                    .enumerate()
                    .filter(|(_, plan)| {
                        plan.as_ref().is_some_and(|plan| {
                            plan.safety != Safety::Display
                                && plan.edits.iter().any(|edit| {
                                    edit.path == path
                                        && !edit.span.is_empty()
                                        && edit.span.contains(span)
                                })
                        })
                    })
                    .map(|(index, _)| index)
                    .collect();
                if !by.is_empty() {
                    self.after.extend(by);
                    continue;
                }
                let statement = self.locator.statement_of(id);
                match self.locator.kind(statement) {
                    Kind::Assign {
                        target,
                        operator: AssignOperator::Set,
                        value,
                    } if self.is_read(*value) => {
                        let Kind::Name(made) = self.locator.kind(*target) else {
                            return Err(format!(
                                "the answer goes elsewhere as well: {}",
                                self.line(id)
                            ));
                        };
                        if !self.is_set_once(made) {
                            return Err(format!("{made} is also set elsewhere"));
                        }
                        self.gone.push(statement);
                        names.push(made.clone());
                    }
                    Kind::Call(call)
                        if self.locator.text(call.callee).eq_ignore_ascii_case("info") =>
                    {
                        self.gone.push(statement);
                    }
                    _ => {
                        return Err(format!(
                            "the answer goes elsewhere as well: {}",
                            self.line(id)
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    /// What only put the request together goes with it.
    fn backwards(&mut self) {
        let mut next = 0;
        while let Some(statement) = self.gone.get(next).copied() {
            next += 1;
            let span = self.locator.span(statement);
            let names: BTreeSet<String> = (self.locator.unit.tree.nodes())
                .filter_map(|(id, node)| match &node.kind {
                    Kind::Name(name)
                        if span.contains(node.span) && self.locator.parent(id).is_some() =>
                    {
                        Some(name.clone())
                    }
                    _ => None,
                })
                .collect();
            for name in names {
                let Some(statements) = self.only_builds(&name) else {
                    continue;
                };
                for statement in statements {
                    if !self.gone.contains(&statement) {
                        self.gone.push(statement);
                    }
                }
            }
        }
    }

    /// The statements that make a name and fill it, if everything else that uses it goes.
    fn only_builds(&self, name: &str) -> Option<Vec<NodeId>> {
        let mut found = Vec::new();
        let mut is_made = false;
        for (id, span) in self.all(name) {
            if self.is_gone(span) {
                continue;
            }
            let statement = self.locator.statement_of(id);
            match self.locator.kind(statement) {
                Kind::Assign {
                    target,
                    operator: AssignOperator::Set,
                    value,
                } if *target == id && self.is_plain(*value) => is_made = true,
                Kind::Call(call) => match self.locator.kind(call.callee) {
                    Kind::Member { object, property }
                        if *object == id
                            && property.text.eq_ignore_ascii_case("put")
                            && call.arguments.iter().all(|one| self.is_plain(one.value)) => {}
                    _ => return None,
                },
                _ => return None,
            }
            found.push(statement);
        }
        is_made.then_some(found)
    }

    fn all(&self, name: &str) -> Vec<(NodeId, Span)> {
        (self.locator.unit.tree.nodes())
            .filter(|(id, node)| {
                matches!(&node.kind, Kind::Name(known) if known.eq_ignore_ascii_case(name))
                    && self.locator.parent(*id).is_some()
                    && self.locator.function_around(*id) == self.scope
            })
            .map(|(id, node)| (id, node.span))
            .collect()
    }

    fn uses(&self, name: &str) -> Vec<(NodeId, Span)> {
        let is_target = |id: NodeId| {
            (self.locator.parent(id)).is_some_and(|parent| {
                matches!(self.locator.kind(parent), Kind::Assign { target, .. } if *target == id)
            })
        };
        let mut uses = self.all(name);
        uses.retain(|(id, _)| !is_target(*id));
        uses
    }

    fn is_set_once(&self, name: &str) -> bool {
        self.all(name).len() == self.uses(name).len() + 1
    }

    fn is_gone(&self, span: Span) -> bool {
        self.gone
            .iter()
            .any(|statement| self.locator.span(*statement).contains(span))
    }

    /// A value that is read from names and changes nothing.
    fn is_read(&self, value: NodeId) -> bool {
        let tree = &self.locator.unit.tree;
        let span = self.locator.span(value);
        tree.nodes().all(|(id, node)| match &node.kind {
            Kind::Call(call) if span.contains(node.span) && self.locator.parent(id).is_some() => {
                matches!(self.locator.kind(call.callee), Kind::Member { property, .. }
                    if READS.contains(&property.text.to_ascii_lowercase().as_str()))
            }
            _ => true,
        })
    }

    fn is_plain(&self, value: NodeId) -> bool {
        match self.locator.kind(value) {
            Kind::String(_) | Kind::Number(_) | Kind::Null | Kind::Boolean(_) | Kind::Name(_) => {
                true
            }
            Kind::Concat { operands, .. } => operands.iter().all(|one| self.is_plain(*one)),
            Kind::Map { entries } => entries.iter().all(|entry| self.is_plain(entry.value)),
            Kind::Call(call) => {
                call.arguments.is_empty()
                    && self.locator.text(call.callee).eq_ignore_ascii_case("map")
            }
            _ => false,
        }
    }

    fn line(&self, id: NodeId) -> String {
        let text: &str = &self.locator.unit.text;
        let start = self.locator.span(id).start as usize;
        let before = text.get(..start).unwrap_or_default();
        format!(
            "{}:{}",
            self.locator.unit.path,
            before.matches('\n').count() + 1
        )
    }
}

/// Whether nothing would be left of a branch.
fn is_alone(locator: &Locator<'_>, statement: NodeId) -> bool {
    locator.parent(statement).is_some_and(|parent| {
        matches!(
            locator.kind(parent),
            Kind::Branch { .. } | Kind::Loop { .. }
        )
    })
}
