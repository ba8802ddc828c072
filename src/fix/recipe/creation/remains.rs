//! What a function that makes a token leaves behind when its body goes: constants, functions and imports that nothing
//! else uses.
//!
//! Only what is certain to be idle goes; the rest stays, which every language takes.

use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::recipe::leftover;
use crate::syntax::tree::{Kind, Language, NodeId, Span};

/// Edits that take out what only the old body and the functions that it called were in need of.
pub(super) fn edits(
    planner: &Planner<'_, '_>,
    locator: &Locator<'_>,
    file: u32,
    function: NodeId,
    body: Span,
    functions: &[NodeId],
) -> Vec<TextEdit> {
    let mut gone: Vec<Span> = vec![body];
    let mut taken: Vec<NodeId> = Vec::new();
    // One thing that goes may be the only use of another.
    loop {
        let before = taken.len();
        for (id, node) in locator.unit.tree.nodes() {
            if taken.contains(&id) || locator.parent(id).is_none() || id == function {
                continue;
            }
            let (target, name) = match &node.kind {
                Kind::Binding(binding) if is_constant(locator, id, binding.value) => {
                    match locator.kind(binding.target) {
                        Kind::Name(name) => (binding.target, name.as_str()),
                        _ => continue,
                    }
                }
                Kind::Function(called)
                    if functions.contains(&id) && called.annotations.is_empty() =>
                {
                    match &called.name {
                        Some(name) => (id, name.text.as_str()),
                        None => continue,
                    }
                }
                _ => continue,
            };
            let is_named = gone.iter().any(|gone| locator.slice(*gone).contains(name));
            if !is_named || !is_hidden(locator, id) {
                continue;
            }
            let Some(lines) = lines(locator, id) else {
                continue;
            };
            let Some(uses) = leftover::uses(planner, name, file, target) else {
                continue;
            };
            let path = &locator.unit.path;
            let is_idle = !uses.is_empty()
                && uses.iter().all(|(there, span)| {
                    there == path
                        && (gone.iter().any(|gone| gone.contains(*span)) || lines.contains(*span))
                });
            if is_idle {
                gone.push(lines);
                taken.push(id);
            }
        }
        if taken.len() == before {
            break;
        }
    }
    let imports = imports(locator, &gone);
    let mut taken: Vec<Span> = gone.into_iter().skip(1).chain(imports).collect();
    taken.sort_by_key(|span| span.start);
    without_double_blanks(locator, &mut taken);
    taken
        .into_iter()
        .map(|span| TextEdit::delete(&locator.unit.path, span))
        .collect()
}

/// The blank line behind what goes goes as well where one stands before it, or where a file or class begins.
fn without_double_blanks(locator: &Locator<'_>, taken: &mut [Span]) {
    let text: &str = &locator.unit.text;
    let mut at = 0;
    while at < taken.len() {
        let start = taken[at].start;
        // Lines that go together.
        while at + 1 < taken.len() && taken[at + 1].start <= taken[at].end {
            at += 1;
        }
        let before = text.get(..start as usize).unwrap_or_default();
        let begins = before.is_empty()
            || before.trim_end_matches([' ', '\t']).ends_with("\n\n")
            || before.ends_with("\r\n\r\n")
            || before.trim_end().ends_with('{') && before.ends_with('\n');
        let end = taken[at].end;
        let next = locator.next_line(end as usize) as u32;
        let rest = text.get(end as usize..next as usize).unwrap_or_default();
        let is_whole = text
            .get(..end as usize)
            .is_some_and(|done| done.ends_with('\n'));
        if begins && is_whole && rest.trim().is_empty() {
            taken[at].end = next;
        }
        at += 1;
    }
}

/// A constant of the file or of a class whose value does nothing but be there.
fn is_constant(locator: &Locator<'_>, id: NodeId, value: Option<NodeId>) -> bool {
    let is_outside = locator
        .parent(id)
        .is_some_and(|parent| matches!(locator.kind(parent), Kind::Module { .. } | Kind::Class(_)));
    is_outside && value.is_some_and(|value| is_plain(locator, value))
}

fn is_plain(locator: &Locator<'_>, value: NodeId) -> bool {
    match locator.kind(value) {
        Kind::String(_) | Kind::Number(_) | Kind::Null | Kind::Name(_) | Kind::Boolean(_) => true,
        Kind::Concat { operands, .. } => operands.iter().all(|operand| is_plain(locator, *operand)),
        // `/AUTHTOKEN=(\w+)/`
        Kind::Opaque { children } => children.is_empty(),
        Kind::Member { .. } => locator.text(value).starts_with("process.env."),
        Kind::Call(call) => {
            matches!(
                locator.text(call.callee),
                "Pattern.compile" | "System.getenv" | "System.getProperty"
            ) && call
                .arguments
                .iter()
                .all(|argument| is_plain(locator, argument.value))
        }
        _ => false,
    }
}

/// Whether nobody outside of the file can use what is declared here.
fn is_hidden(locator: &Locator<'_>, id: NodeId) -> bool {
    let unit = locator.unit;
    let Some(whole) = locator.lines_of(id) else {
        return false;
    };
    let text = unit.slice(whole).trim_start();
    let in_class = locator
        .parent(id)
        .is_some_and(|parent| matches!(locator.kind(parent), Kind::Class(_)));
    match unit.language() {
        Language::Java => text.starts_with("private "),
        Language::Rust => !text.starts_with("pub"),
        Language::TypeScript if in_class => text.starts_with("private ") || text.starts_with('#'),
        Language::JavaScript if in_class => text.starts_with('#'),
        // The files of a script without modules share their names.
        Language::JavaScript | Language::TypeScript => {
            !text.starts_with("export")
                && unit.tree.nodes().any(|(_, node)| {
                    matches!(
                        node.kind,
                        Kind::Import { .. } | Kind::Export { .. } | Kind::Require { .. }
                    )
                })
        }
        _ => false,
    }
}

/// The lines of a declaration, with the comment directly above a function and the blank line that parts it.
fn lines(locator: &Locator<'_>, id: NodeId) -> Option<Span> {
    let text: &str = &locator.unit.text;
    let mut span = locator.lines_of(id)?;
    if !matches!(locator.kind(id), Kind::Function(_)) {
        return Some(span);
    }
    let is_own = |span: Span| {
        let before = text.get(..span.start as usize).unwrap_or_default();
        before.is_empty() || before.ends_with('\n')
    };
    if !is_own(span) {
        return None;
    }
    let above = |at: u32| {
        let before = text.get(..at as usize)?.strip_suffix('\n')?;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Some((start as u32, before.get(start..)?.trim()))
    };
    while let Some((start, line)) = above(span.start) {
        let is_comment = ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark));
        if line.starts_with(['#', '@']) {
            return None;
        }
        if !is_comment {
            break;
        }
        span.start = start;
    }
    if let Some((start, "")) = above(span.start) {
        span.start = start;
    }
    Some(span)
}

/// The lines of imports that bind only names of which the last use is gone.
fn imports(locator: &Locator<'_>, gone: &[Span]) -> Vec<Span> {
    let unit = locator.unit;
    let mut found: Vec<Span> = Vec::new();
    for id in unit.tree.body() {
        let names: Vec<&str> = match locator.kind(*id) {
            Kind::Import { names, .. } => names.iter().map(|name| name.local.as_str()).collect(),
            Kind::Binding(binding) => {
                let is_require = binding
                    .value
                    .is_some_and(|value| matches!(locator.kind(value), Kind::Require { .. }));
                match locator.kind(binding.target) {
                    Kind::Name(name) if is_require => vec![name.as_str()],
                    _ => continue,
                }
            }
            _ => continue,
        };
        let own = locator.span(*id);
        let shares = unit
            .tree
            .body()
            .iter()
            .any(|other| other != id && locator.span(*other) == own);
        if names.is_empty() || shares {
            continue;
        }
        let Some(lines) = locator.lines_of(*id) else {
            continue;
        };
        let before = unit.text.get(..lines.start as usize).unwrap_or_default();
        let is_own =
            (before.is_empty() || before.ends_with('\n')) && !before.trim_end().ends_with(']');
        let was_used = |name: &&str| {
            let mut uses = words(&unit.text, name).filter(|at| {
                !lines.contains(Span {
                    start: *at,
                    end: *at,
                })
            });
            let mut count = 0;
            uses.all(|at| {
                count += 1;
                gone.iter().any(|gone| gone.start <= at && at < gone.end)
            }) && count > 0
        };
        if is_own && names.iter().all(|name| !name.is_empty() && was_used(name)) {
            found.push(lines);
        }
    }
    found
}

/// Where a name stands as a word, in comments and texts as well.
fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = u32> + 't {
    let is_part = |character: Option<char>| {
        character.is_some_and(|character| character.is_alphanumeric() || "_$".contains(character))
    };
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + name.len()..)?.chars().next();
        (!is_part(before) && !is_part(after)).then_some(at as u32)
    })
}
