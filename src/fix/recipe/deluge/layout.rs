//! How a script lays out its task blocks: the gap around colons, indentation, where the bracket stands.
//!
//! Owns reading that from the script and writing lines in the same way. It must not know what the lines say.

use crate::fix::locate::Locator;
use crate::syntax::tree::{Argument, Call, Kind, NodeId, Span};

/// What most scripts write: `key :value`, the bracket on a line of its own, tabs.
const GAP: &str = " :";
const UNIT: &str = "\t";

/// The layout of the blocks in a script.
pub(super) struct Layout {
    /// Between a key and its value.
    pub gap: String,
    /// What stands between `invokeurl` and its entries, without indentation.
    pub opens_on_own_line: bool,
    /// One level of indentation.
    pub unit: String,
}

impl Layout {
    /// That of the first block, or what is common.
    pub fn of(locator: &Locator<'_>) -> Layout {
        let mut layout = Layout {
            gap: GAP.to_string(),
            opens_on_own_line: true,
            unit: unit_of_indentation(locator.unit.own_text()),
        };
        if let Some((id, call)) = first_block(locator) {
            layout.gap = gap(locator, call);
            let head = Span {
                start: locator.span(call.callee).end,
                end: locator.span(id).end,
            };
            let before_bracket = locator.slice(head).split('[').next().unwrap_or_default();
            layout.opens_on_own_line = before_bracket.contains('\n');
        }
        layout
    }
}

fn first_block<'u>(locator: &Locator<'u>) -> Option<(NodeId, &'u Call)> {
    let unit = locator.unit;
    unit.tree.nodes().find_map(|(id, node)| match &node.kind {
        Kind::Call(call) if !call.arguments.is_empty() => {
            let is_block = matches!(unit.tree.kind(call.callee), Kind::Name(name) if name == "invokeurl")
                && call.arguments.iter().all(|argument| argument.name.is_some());
            is_block.then_some((id, call.as_ref()))
        }
        _ => None,
    })
}

/// What most entries of a block have between key and value; of several the one that comes first.
pub(super) fn gap(locator: &Locator<'_>, call: &Call) -> String {
    let gaps: Vec<&str> = call
        .arguments
        .iter()
        .filter_map(|entry| gap_of(locator, entry))
        .collect();
    let count = |wanted: &str| gaps.iter().filter(|gap| **gap == wanted).count();
    let most = gaps.iter().map(|gap| count(gap)).max().unwrap_or_default();
    gaps.iter()
        .find(|gap| count(gap) == most)
        .map_or_else(|| GAP.to_string(), |gap| (*gap).to_string())
}

fn gap_of<'u>(locator: &Locator<'u>, entry: &Argument) -> Option<&'u str> {
    let name = entry.name.as_ref()?;
    let text: &'u str = locator
        .unit
        .text
        .get(name.span.end as usize..locator.span(entry.value).start as usize)?;
    let blank = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let before = blank(text);
    let after = text.get(before..)?.strip_prefix(':')?;
    text.get(..before + 1 + blank(after))
}

/// A tab, or as many blanks as the least indented line has.
fn unit_of_indentation(text: &str) -> String {
    if text.contains("\n\t") {
        return UNIT.to_string();
    }
    let least = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .filter(|count| (2..=8).contains(count))
        .min();
    least.map_or_else(|| UNIT.to_string(), |count| " ".repeat(count))
}

/// The first byte of the line in which `at` lies.
pub(super) fn line_start(text: &str, at: u32) -> u32 {
    text.get(..at as usize)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline as u32 + 1)
}

/// Where the line in which `at` lies ends, before its line end.
pub(super) fn line_content_end(text: &str, at: u32) -> u32 {
    let rest = text.get(at as usize..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    at + line.trim_end_matches('\r').len() as u32
}

/// The byte after the line end of the line in which `at` lies.
pub(super) fn next_line(text: &str, at: u32) -> u32 {
    let rest = text.get(at as usize..).unwrap_or_default();
    at + rest.find('\n').map_or(rest.len(), |newline| newline + 1) as u32
}
