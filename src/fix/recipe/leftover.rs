//! What a fix leaves behind: the constant or variable that held the token and that nothing uses any more.
//!
//! A token that stands in the source has to be revoked whatever happens to the line; taking the line out keeps
//! it from being used again.

use crate::finding::{FixKind, Safety};
use crate::fix::edits::TextEdit;
use crate::fix::{Plan, Planner};
use crate::rules::matching::Candidate;
use crate::rules::model::Matcher;
use crate::syntax::tree::{Kind, NodeId, Span};

/// Plans the removal of literals whose every use is taken out by the fixes of other findings.
pub(in crate::fix) fn plan(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &mut [Option<Plan>],
) {
    for (index, candidate) in candidates.iter().enumerate() {
        let is_literal = candidate
            .rule
            .matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::Literal { .. }));
        if !is_literal || plans.get(index).is_some_and(Option::is_some) {
            continue;
        }
        let plan = removal(planner, candidate, plans);
        if let Some(slot) = plans.get_mut(index) {
            *slot = plan;
        }
    }
}

fn removal(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    plans: &[Option<Plan>],
) -> Option<Plan> {
    let locator = planner.locator(candidate.place.file)?;
    let unit = locator.unit;
    // Scripts of Deluge have a way of their own, with placeholders.
    let is_deluge = unit.language() == crate::syntax::Language::Deluge;
    if unit.is_embedded || unit.language().is_config() || is_deluge {
        return None;
    }
    let literal = locator.smallest_around(candidate.place.span)?;
    // The value goes with the edit of another finding.
    let holds = |plan: &Plan, path: &str, span: Span| {
        plan.edits
            .iter()
            .any(|edit| edit.path == path && edit.span.contains(span))
    };
    let statement = locator.statement_of(literal);
    let Kind::Binding(binding) = locator.kind(statement) else {
        return None;
    };
    if binding.value != Some(literal)
        && binding
            .value
            .is_none_or(|value| !locator.span(value).contains(candidate.place.span))
    {
        return None;
    }
    let Kind::Name(name) = locator.kind(binding.target) else {
        return None;
    };
    let uses = uses(planner, name, candidate.place.file, binding.target)?;
    let mut after: Vec<usize> = Vec::new();
    for (path, span) in &uses {
        let by = plans.iter().position(|plan| {
            plan.as_ref()
                .is_some_and(|plan| plan.safety != Safety::Display && holds(plan, path, *span))
        })?;
        if !after.contains(&by) {
            after.push(by);
        }
    }
    if after.is_empty() {
        return None;
    }
    let safety = after
        .iter()
        .filter_map(|index| plans.get(*index)?.as_ref())
        .map(|plan| plan.safety)
        .max()
        .unwrap_or(Safety::Unsafe);
    Some(Plan {
        title: "Take out the token that nothing uses any more; revoke it in Zoho as well"
            .to_string(),
        safety,
        reason: None,
        edits: vec![TextEdit::delete(&unit.path, locator.lines_of(statement)?)],
        helper: None,
        after,
        drops: Vec::new(),
        kind: FixKind::Program,
    })
}

/// Every place that uses a name, except where it is declared; `None` if not all can be known.
pub(super) fn uses(
    planner: &Planner<'_, '_>,
    name: &str,
    file: u32,
    declared: NodeId,
) -> Option<Vec<(String, Span)>> {
    let mut found = Vec::new();
    for (index, unit) in planner.units.iter().enumerate() {
        if !unit.text.contains(name) {
            continue;
        }
        // Something else than code speaks of it (a template, a script): who knows how.
        if unit.is_embedded || unit.language() == crate::syntax::Language::Text {
            if index as u32 != file && unit.own_text().contains(name) {
                return None;
            }
            continue;
        }
        for (id, node) in unit.tree.nodes() {
            let span = match &node.kind {
                Kind::Name(known) if known == name => {
                    if index as u32 == file && id == declared {
                        continue;
                    }
                    node.span
                }
                Kind::Member { property, .. } if property.text == name => property.span,
                // Exported: others may use it under this name.
                Kind::Export { names }
                    if names
                        .iter()
                        .any(|export| export.name.as_deref() == Some(name)) =>
                {
                    return None;
                }
                _ => continue,
            };
            found.push((unit.path.clone(), span));
        }
    }
    Some(found)
}
