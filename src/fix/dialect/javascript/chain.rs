//! The chain of promises that a request hangs on (`axios.get(url).then(show).catch(fail)`): the token is fetched as
//! its first link, so that the chain takes an error of that as it takes those of the request.

use super::waiting::{Waiting, Waits};
use super::wrapping::{self, declares_used, head, leaves, mentions_this, move_in, within};
use super::{NAME, token_name};
use crate::finding::Safety;
use crate::fix::dialect::Place;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::Span;
use crate::syntax::tree::{Call, Kind, NodeId};

pub(super) struct Chain {
    /// What the first link hangs on.
    root: NodeId,
    whole: NodeId,
    /// Whether a link takes errors.
    pub catches: bool,
    /// Whether the links are those of the language's own promises, and take what those take.
    is_plain: bool,
}

/// The chain that a call begins.
pub(super) fn of(locator: &Locator<'_>, call: NodeId) -> Option<Chain> {
    let mut chain: Option<Chain> = None;
    let mut at = call;
    while let Some(parent) = locator.parent(at) {
        let link = match locator.kind(parent) {
            Kind::Member { object, property } if *object == at => {
                called(locator, parent).map(|(id, call)| (id, call, property.text.as_str()))
            }
            _ => None,
        };
        match (link, &mut chain) {
            (Some((id, call, name @ ("then" | "catch" | "finally"))), known) => {
                let chain = known.get_or_insert(Chain {
                    root: at,
                    whole: id,
                    catches: false,
                    is_plain: true,
                });
                let count = call.arguments.len();
                chain.whole = id;
                chain.catches |= name == "catch" || (name == "then" && count > 1);
                chain.is_plain &= count <= if name == "then" { 2 } else { 1 };
                at = id;
            }
            (Some(_), Some(chain)) => {
                chain.is_plain = false;
                break;
            }
            (_, Some(_)) => break,
            (_, None) => {
                if is_boundary(locator.kind(parent)) {
                    break;
                }
                at = parent;
            }
        }
    }
    chain
}

fn called<'u>(locator: &Locator<'u>, member: NodeId) -> Option<(NodeId, &'u Call)> {
    let id = locator.parent(member)?;
    match locator.kind(id) {
        Kind::Call(call) if call.callee == member => Some((id, call.as_ref())),
        _ => None,
    }
}

/// Past these no chain is that of a call within.
fn is_boundary(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Function(_)
            | Kind::Class(_)
            | Kind::Await { .. }
            | Kind::Return { .. }
            | Kind::Leave { .. }
            | Kind::Binding(_)
            | Kind::Assign { .. }
            | Kind::Block { .. }
            | Kind::Branch { .. }
            | Kind::Loop { .. }
            | Kind::Module { .. }
    )
}

/// Makes the token the first link of the chain, where the chain takes errors or nobody waits for it.
pub(super) fn hang(place: &Place<'_, '_>, edits: &mut Vec<TextEdit>) -> Option<Waiting> {
    let locator = place.locator;
    let chain = of(locator, place.call?)?;
    let statement = locator.statement_of(chain.whole);
    if !chain.is_plain || !(chain.catches || statement == chain.whole) {
        return None;
    }
    let root = locator.span(chain.root);
    let inline = root.contains(locator.span(place.at));
    let start = match inline {
        true => root.start,
        false => locator.whole(locator.statement_of(place.at))?.start,
    };
    let moved = Span {
        start,
        end: root.end,
    };
    if locator.function_around(place.at) != locator.function_around(chain.root)
        || !keeps_its_meaning(locator, moved, None)
    {
        return None;
    }
    if inline {
        within_line(locator, chain.root, edits)?;
    } else {
        around_statements(place, &chain, statement, moved, edits)?;
    }
    Some((Waits::Then, Safety::Safe, None))
}

/// `zohoAccessToken().then((zohoToken) => axios.get(url)).catch(fail)`
fn within_line(locator: &Locator<'_>, root: NodeId, edits: &mut Vec<TextEdit>) -> Option<()> {
    let unit = locator.unit;
    let span = locator.span(root);
    if leaves(locator, root) {
        return None;
    }
    let token = token_name(locator);
    let (head, tail) = match wrapping::uses_arrows(locator) {
        true => (format!("{NAME}().then(({token}) => "), ")"),
        false if mentions_this(locator, root) => return None,
        false => (
            format!("{NAME}().then(function ({token}) {{ return "),
            "; })",
        ),
    };
    edits.push(TextEdit::insert(&unit.path, span.start, head));
    edits.push(TextEdit::insert(&unit.path, span.end, tail));
    Some(())
}

/// What builds the header goes into the first link, and the request with it.
fn around_statements(
    place: &Place<'_, '_>,
    chain: &Chain,
    last: NodeId,
    moved: Span,
    edits: &mut Vec<TextEdit>,
) -> Option<()> {
    let locator = place.locator;
    let first = locator.statement_of(place.at);
    let returns =
        matches!(locator.kind(last), Kind::Return { value } if *value == Some(chain.whole));
    if locator.parent(first) != locator.parent(last) || !(returns || last == chain.whole) {
        return None;
    }
    let function = locator.function_around(first);
    let list = match function.map(|id| locator.kind(id)) {
        Some(Kind::Function(function)) if function.body.contains(&first) => &function.body,
        None => locator.unit.tree.body(),
        _ => return None,
    };
    let within: Vec<NodeId> = within(locator, list, moved.start, moved.end);
    let leaves = (within.iter().filter(|id| **id != last)).any(|id| leaves(locator, *id))
        || leaves(locator, chain.root);
    let has_this = within.iter().any(|id| mentions_this(locator, *id));
    if leaves
        || (has_this && !wrapping::uses_arrows(locator))
        || declares_used(locator, &within, moved.end)
    {
        return None;
    }
    let path = &locator.unit.path;
    let indentation = locator.indentation(moved.start);
    let (line_end, step) = (locator.line_end(), locator.step());
    let result = if returns { "return " } else { "" };
    edits.push(TextEdit::insert(
        path,
        moved.start,
        format!(
            "{result}{NAME}().then({}{{{line_end}{indentation}{step}",
            head(locator)
        ),
    ));
    move_in(locator, moved, edits);
    if !returns {
        let start = locator.span(chain.root).start;
        edits.push(TextEdit::insert(path, start, "return "));
    }
    edits.push(TextEdit::insert(
        path,
        moved.end,
        format!(";{line_end}{indentation}}})"),
    ));
    Some(())
}

/// Whether what is moved means the same when it runs a little later: no name in it gets another value until then.
/// `after` runs when the answer is there, and changes nothing for the request.
pub(super) fn keeps_its_meaning(locator: &Locator<'_>, moved: Span, after: Option<Span>) -> bool {
    let nodes = || locator.unit.tree.nodes();
    let used: Vec<&str> = nodes()
        .filter(|(_, node)| moved.contains(node.span))
        .filter_map(|(_, node)| match &node.kind {
            Kind::Name(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let is_used =
        |id: NodeId| matches!(locator.kind(id), Kind::Name(name) if used.contains(&name.as_str()));
    let in_loop = nodes().any(|(_, node)| {
        matches!(node.kind, Kind::Loop { .. }) && node.span.contains(moved) && node.span != moved
    });
    !nodes().any(|(id, node)| {
        let later =
            node.span.start >= moved.end && after.is_none_or(|after| !after.contains(node.span));
        match &node.kind {
            Kind::Assign { target, .. } => (later || in_loop) && is_used(*target),
            // `page++`
            Kind::Opaque { children } => {
                later
                    && matches!(children.as_slice(), [child] if is_used(*child))
                    && ["++", "--"]
                        .iter()
                        .any(|sign| locator.text(id).contains(sign))
            }
            // `var` in a loop is one variable for all rounds.
            Kind::Binding(binding) => {
                in_loop
                    && is_used(binding.target)
                    && locator
                        .whole(id)
                        .is_none_or(|whole| locator.slice(whole).starts_with("var "))
            }
            _ => false,
        }
    })
}
