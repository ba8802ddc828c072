//! What the tests of all front ends for settings and text ask of a tree.

use crate::syntax::Input;
use crate::syntax::tree::{Key, Kind, Mapping, NodeId, Span, Text, Tree};

pub(crate) fn input(text: &str) -> Input<'_> {
    Input {
        text,
        base: 0,
        path: "",
    }
}

/// Key path and value of every setting; values that are no strings in angle brackets.
pub(crate) fn settings(tree: &Tree) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for id in tree.body() {
        let Kind::Binding(binding) = tree.kind(*id) else {
            continue;
        };
        let Kind::Name(path) = tree.kind(binding.target) else {
            panic!("the target of a setting is a name");
        };
        let value = binding
            .value
            .map_or("<absent>".to_string(), |id| shown(tree, id));
        out.push((path.clone(), value));
    }
    out
}

fn shown(tree: &Tree, id: NodeId) -> String {
    match tree.kind(id) {
        Kind::String(text) => text.value.clone(),
        Kind::Number(number) => format!("<number {number}>"),
        Kind::Boolean(value) => format!("<{value}>"),
        Kind::Null => "<null>".to_string(),
        _ => "<other>".to_string(),
    }
}

/// Asserts the settings of a tree, in order.
#[track_caller]
pub(crate) fn assert_settings(tree: &Tree, expected: &[(&str, &str)]) {
    let found = settings(tree);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(path, value)| (path.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, expected);
}

/// The text of all comments.
pub(crate) fn comments<'a>(tree: &Tree, text: &'a str) -> Vec<&'a str> {
    tree.comments
        .iter()
        .map(|comment| slice(text, comment.text, 0))
        .collect()
}

/// Label and text of all embedded parts.
pub(crate) fn embedded<'a>(tree: &Tree, text: &'a str) -> Vec<(String, &'a str)> {
    tree.embedded
        .iter()
        .map(|part| (part.label.clone(), slice(text, part.span, 0)))
        .collect()
}

#[track_caller]
fn slice(text: &str, span: Span, base: u32) -> &str {
    let start = span
        .start
        .checked_sub(base)
        .expect("a span lies behind the base") as usize;
    let end = span
        .end
        .checked_sub(base)
        .expect("a span lies behind the base") as usize;
    text.get(start..end)
        .unwrap_or_else(|| panic!("{span:?} is no range of characters of the text"))
}

#[track_caller]
fn check_text(literal: &Text, text: &str, base: u32) {
    let mut at = 0;
    for segment in &literal.segments {
        assert_eq!(segment.value.start, at, "segments leave no gap");
        at = segment.value.end;
        let source = slice(text, segment.source, base);
        if segment.mapping == Mapping::Exact {
            assert_eq!(source, slice(&literal.value, segment.value, 0));
        }
    }
    assert_eq!(at as usize, literal.value.len(), "segments cover the value");
}

/// Asserts what holds for the tree of any text at all.
#[track_caller]
pub(crate) fn check(tree: &Tree, text: &str, base: u32) {
    for (id, node) in tree.nodes() {
        slice(text, node.span, base);
        match &node.kind {
            Kind::String(literal) => check_text(literal, text, base),
            Kind::Map { entries } => {
                for entry in entries {
                    slice(text, entry.span, base);
                    if let Key::Static(name) = &entry.key {
                        assert_eq!(slice(text, name.span, base), name.text);
                    }
                    assert!(entry.value < id, "children come before parents");
                }
            }
            Kind::Binding(binding) => {
                assert!(binding.target < id, "children come before parents");
                assert!(tree.span(id).contains(tree.span(binding.target)));
            }
            _ => {}
        }
    }
    for comment in &tree.comments {
        slice(text, comment.span, base);
        slice(text, comment.text, base);
        assert!(comment.span.contains(comment.text));
    }
    for part in &tree.embedded {
        slice(text, part.span, base);
    }
}

/// Lowers, checks, and checks again with another base: every span must have moved by it.
#[track_caller]
pub(crate) fn lowered(lower: fn(Input<'_>) -> Tree, path: &str, text: &str) -> Tree {
    let tree = lower(Input {
        text,
        base: 0,
        path,
    });
    check(&tree, text, 0);
    let shifted = lower(Input {
        text,
        base: 1000,
        path,
    });
    check(&shifted, text, 1000);
    let spans = |tree: &Tree| tree.nodes().map(|(_, node)| node.span).collect::<Vec<_>>();
    let moved: Vec<Span> = spans(&tree)
        .iter()
        .map(|span| Span {
            start: span.start + 1000,
            end: span.end + 1000,
        })
        .collect();
    assert_eq!(spans(&shifted), moved);
    tree
}

/// The time that no hostile file may take, unoptimised and on a busy machine.
pub(crate) fn assert_quick(what: &str, run: impl FnOnce()) {
    let start = std::time::Instant::now();
    run();
    let taken = start.elapsed();
    assert!(taken.as_secs() < 20, "{what} took {taken:?}");
}
