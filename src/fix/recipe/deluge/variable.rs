//! Variables that held a token and that nothing uses any more, empty ones and placeholders as well.
//!
//! Owns which statements become idle by the fixes that are planned. It must not know how those came about.

use super::token::lines_with_comments;
use crate::finding::{FixKind, Safety};
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{Cleanup, Plan, Planner};
use crate::rules::matching::Candidate;
use crate::rules::model::Matcher;
use crate::syntax::tree::{AssignOperator, Kind, Language, NodeId, Span};
use std::collections::BTreeSet;

/// Plans for the variables of all scripts: as the fix of the finding of a token that stands there, else as
/// something to be done once the fixes that leave it idle are made.
pub(in crate::fix) fn plan(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &mut [Option<Plan>],
) -> Vec<Cleanup> {
    let mut cleanups = Vec::new();
    for (file, unit) in planner.units.iter().enumerate() {
        if unit.language() != Language::Deluge {
            continue;
        }
        let Some(locator) = planner.locator(file as u32) else {
            continue;
        };
        for idle in idle(locator, plans) {
            let edits = vec![TextEdit::delete(&unit.path, idle.lines)];
            let literal = candidates.iter().position(|candidate| {
                candidate.place.file as usize == file
                    && idle.statement.contains(candidate.place.span)
                    && candidate
                        .rule
                        .matchers
                        .iter()
                        .any(|matcher| matches!(matcher, Matcher::Literal { .. }))
            });
            let by: Vec<usize> = idle.by.into_iter().collect();
            let slot = literal.and_then(|index| plans.get_mut(index));
            if let Some(slot @ None) = slot {
                let safety = by
                    .iter()
                    .filter_map(|index| idle.safety.get(*index).copied().flatten())
                    .max();
                *slot = Some(Plan {
                    title:
                        "Take out the token that nothing uses any more; revoke it in Zoho as well"
                            .to_string(),
                    safety: safety.unwrap_or(Safety::Unsafe),
                    reason: (safety != Some(Safety::Safe))
                        .then(|| "the fixes that leave it unused have to be reviewed".to_string()),
                    edits,
                    helper: None,
                    after: by,
                    drops: Vec::new(),
                    kind: FixKind::Program,
                });
            } else if let [only] = by.as_slice()
                && let Some(Some(plan)) = plans.get_mut(*only)
            {
                plan.edits.extend(edits);
            } else {
                cleanups.push(Cleanup { edits, after: by });
            }
        }
    }
    cleanups
}

struct Idle {
    statement: Span,
    lines: Span,
    /// The plans that take its uses out.
    by: BTreeSet<usize>,
    /// Of every plan, by index.
    safety: Vec<Option<Safety>>,
}

/// What the plans take out of a file.
struct Taken {
    span: Span,
    by: BTreeSet<usize>,
}

fn idle(locator: &Locator<'_>, plans: &[Option<Plan>]) -> Vec<Idle> {
    let path = &locator.unit.path;
    let safety: Vec<Option<Safety>> = plans
        .iter()
        .map(|plan| plan.as_ref().map(|plan| plan.safety))
        .collect();
    let mut taken: Vec<Taken> = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        let Some(plan) = plan.as_ref().filter(|plan| plan.safety != Safety::Display) else {
            continue;
        };
        for edit in plan.edits.iter().filter(|edit| edit.path == *path) {
            // What is written anew may name again what stood there.
            let is_pure = edit.text.is_empty() || !edit.text.contains('=');
            if is_pure && !edit.span.is_empty() {
                taken.push(Taken {
                    span: edit.span,
                    by: BTreeSet::from([index]),
                });
            }
        }
    }
    let mut idle: Vec<Idle> = Vec::new();
    let mut next = 0;
    // Every statement that goes may leave another one idle.
    while let Some(span) = taken.get(next).map(|taken| taken.span) {
        next += 1;
        let names: BTreeSet<(String, Option<NodeId>)> = locator
            .unit
            .tree
            .nodes()
            .filter_map(|(id, node)| match &node.kind {
                Kind::Name(name) if span.contains(node.span) => {
                    Some((name.clone(), locator.function_around(id)))
                }
                _ => None,
            })
            .collect();
        for (name, scope) in names {
            let Some((statement, by)) = unused(locator, &name, scope, &taken) else {
                continue;
            };
            let whole = locator.span(statement);
            if idle.iter().any(|known| known.statement == whole)
                || taken.iter().any(|taken| taken.span.contains(whole))
            {
                continue;
            }
            let Some(lines) = lines_with_comments(locator, statement) else {
                continue;
            };
            taken.push(Taken {
                span: lines,
                by: by.clone(),
            });
            idle.push(Idle {
                statement: whole,
                lines,
                by,
                safety: safety.clone(),
            });
        }
    }
    idle
}

/// The one statement that gives a variable its value, if every use of it is taken out, and by whom.
fn unused(
    locator: &Locator<'_>,
    name: &str,
    scope: Option<NodeId>,
    taken: &[Taken],
) -> Option<(NodeId, BTreeSet<usize>)> {
    let mut statement = None;
    let mut by = BTreeSet::new();
    for (id, node) in locator.unit.tree.nodes() {
        let is_it = matches!(&node.kind, Kind::Name(known) if known.eq_ignore_ascii_case(name))
            && locator.function_around(id) == scope;
        if !is_it {
            continue;
        }
        let parent = locator.parent(id)?;
        let bound = match locator.kind(parent) {
            Kind::Assign {
                target,
                operator: AssignOperator::Set,
                value,
            } if *target == id => Some(*value),
            Kind::Binding(binding) if binding.target == id => Some(binding.value?),
            _ => None,
        };
        match bound {
            Some(value) => {
                let is_plain = locator.statement_of(parent) == parent && is_plain(locator, value);
                if !is_plain || statement.replace(parent).is_some() {
                    return None;
                }
            }
            None => {
                let taken = taken.iter().find(|taken| taken.span.contains(node.span))?;
                by.extend(taken.by.iter().copied());
            }
        }
    }
    Some((statement?, by)).filter(|(_, by)| !by.is_empty())
}

/// A value that does nothing but be there.
fn is_plain(locator: &Locator<'_>, value: NodeId) -> bool {
    match locator.kind(value) {
        Kind::String(_) | Kind::Null | Kind::Name(_) => true,
        Kind::Opaque { children } => children.is_empty(),
        Kind::Concat { operands, .. } => operands
            .iter()
            .all(|operand| matches!(locator.kind(*operand), Kind::String(_) | Kind::Name(_))),
        _ => false,
    }
}
