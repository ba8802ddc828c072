//! The change that each fix alone would make, for people: a masked diff.
//!
//! Owns which part of a file is compared. How it is masked and shown is [`crate::fix::writing::shown`].

use super::credentials::Hidden;
use super::fixes::ScanSources;
use super::load::Files;
use crate::finding::{Edit, Finding, Safety};
use crate::fix::Sources;
use crate::fix::writing::{Change, shown};
use crate::redact;
use crate::scan::{Encoding, Scan, Source};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::PathBuf;

/// So many lines around the edits are compared: more than a diff shows, so that what announces a secret is there.
const AROUND: usize = 30;
/// The diff of a fix that changes more files than these, or is longer, is not shown.
const MOST_FILES: usize = 12;
const MOST_BYTES: usize = 64 * 1024;

/// One for each finding, in their order; `None` where a fix changes nothing, or is only described.
pub(super) fn of(
    findings: &[Finding],
    files: &Files,
    scan: &Scan,
    hidden: &Hidden,
) -> Vec<Option<String>> {
    let mut texts = Texts {
        sources: ScanSources {
            scan,
            overlay: &files.overlay,
        },
        hidden,
        known: HashMap::new(),
    };
    findings
        .iter()
        .map(|finding| {
            let fix = finding.fix.as_ref()?;
            if fix.safety == Safety::Display || fix.edits.is_empty() {
                return None;
            }
            texts.diff(&fix.edits)
        })
        .collect()
}

/// A file before any change.
struct Before {
    source: Source,
    /// First bytes of the lines.
    lines: Vec<usize>,
    /// What is masked in it, sorted.
    hidden: Vec<Range<usize>>,
}

/// The files that are changed, each read and masked once.
struct Texts<'a> {
    sources: ScanSources<'a>,
    hidden: &'a Hidden,
    known: HashMap<String, Option<Before>>,
}

impl Texts<'_> {
    fn of(&mut self, path: &str) -> Option<&Before> {
        if !self.known.contains_key(path) {
            let before = self.read(path);
            self.known.insert(path.to_string(), before);
        }
        self.known.get(path)?.as_ref()
    }

    fn read(&self, path: &str) -> Option<Before> {
        let source = self.sources.source(path)?;
        // Offsets of edits are those of the text only where both are the same bytes.
        if source.encoding != Encoding::Utf8 && !source.text.is_ascii() {
            return None;
        }
        let known = self.hidden.get(path).map_or(&[][..], Vec::as_slice);
        let masked = redact::mask_excerpt_with(&source.text, known);
        let mut hidden: Vec<Range<usize>> = Vec::new();
        for ((at, character), shown) in source.text.char_indices().zip(masked.chars()) {
            if character == shown {
                continue;
            }
            let end = at + character.len_utf8();
            match hidden.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => hidden.push(at..end),
            }
        }
        let lines = std::iter::once(0)
            .chain(source.text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Some(Before {
            source,
            lines,
            hidden,
        })
    }

    fn diff(&mut self, edits: &[Edit]) -> Option<String> {
        let mut by_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for edit in edits {
            by_file.entry(&edit.path).or_default().push(edit);
        }
        if by_file.len() > MOST_FILES {
            return None;
        }
        let mut diff = String::new();
        for (path, mut edits) in by_file {
            edits.sort_by_key(|edit| (edit.start, edit.end));
            let before = self.of(path)?;
            diff.push_str(&window(path, before, &edits)?.diff());
            if diff.len() > MOST_BYTES {
                return None;
            }
        }
        (!diff.is_empty()).then_some(diff)
    }
}

/// The lines around the edits, before and after them.
struct Window {
    change: Change,
    /// Lines of the file before them.
    lines_before: usize,
    /// Where secrets stand in both.
    known: [Vec<Range<usize>>; 2],
}

impl Window {
    fn diff(&self) -> String {
        let [old, new] = &self.known;
        moved(
            &shown::masked(&[(&self.change, [old, new])], false),
            self.lines_before,
        )
    }
}

fn window(path: &str, before: &Before, edits: &[&Edit]) -> Option<Window> {
    let text = &before.source.text;
    // The byte-order mark is no part of the text.
    let mark = before.source.disk_offset(0);
    let place = |at: u64| usize::try_from(at).ok()?.checked_sub(mark);
    let (first, last) = (edits.first()?, edits.last()?);
    let line_of = |at: usize| before.lines.partition_point(|start| *start <= at).max(1) - 1;
    let first_line = line_of(place(first.start)?).saturating_sub(AROUND);
    let last_line = line_of(place(last.end)?) + AROUND;
    let from = *before.lines.get(first_line)?;
    let to = before
        .lines
        .get(last_line + 1)
        .copied()
        .unwrap_or(text.len());
    let old = text.get(from..to)?;
    let mut new = String::with_capacity(old.len());
    let (mut known_old, mut known_new) = (Vec::new(), Vec::new());
    let hidden: Vec<Range<usize>> = before
        .hidden
        .iter()
        .filter(|range| range.start < to && range.end > from)
        .map(|range| range.start.max(from) - from..range.end.min(to) - from)
        .collect();
    let mut at = 0;
    let mut copy = |until: usize, at: usize, new: &mut String| -> Option<()> {
        for range in &hidden {
            let (start, end) = (range.start.max(at), range.end.min(until));
            if start < end {
                let base = new.len();
                known_new.push(base + start - at..base + end - at);
            }
        }
        new.push_str(old.get(at..until)?);
        Some(())
    };
    for edit in edits {
        let (start, end) = (
            place(edit.start)?.checked_sub(from)?,
            place(edit.end)?.checked_sub(from)?,
        );
        copy(start.max(at), at, &mut new)?;
        new.push_str(&edit.text);
        at = end.max(at);
    }
    copy(old.len(), at, &mut new)?;
    known_old.extend(hidden.iter().cloned());
    let change = Change {
        path: PathBuf::from(path),
        shown: path.to_string(),
        before: Some(old.as_bytes().to_vec()),
        after: new.into_bytes(),
    };
    Some(Window {
        change,
        lines_before: first_line,
        known: [known_old, known_new],
    })
}

/// A diff of a part of a file as one of the whole: its hunks stand `lines` further down.
fn moved(diff: &str, lines: usize) -> String {
    let mut moved = String::with_capacity(diff.len());
    for line in diff.split_inclusive('\n') {
        match line.strip_prefix("@@ -").and_then(|rest| head(rest, lines)) {
            Some(head) => moved.push_str(&head),
            None => moved.push_str(line),
        }
    }
    moved
}

fn head(rest: &str, lines: usize) -> Option<String> {
    let (old, rest) = rest.split_once(',')?;
    let (old_count, rest) = rest.split_once(" +")?;
    let (new, rest) = rest.split_once(',')?;
    let (old, new): (usize, usize) = (old.parse().ok()?, new.parse().ok()?);
    Some(format!(
        "@@ -{},{old_count} +{},{rest}",
        old + lines,
        new + lines
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::decode;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn before(text: &str) -> Before {
        let source = decode(text.as_bytes()).unwrap();
        let lines = std::iter::once(0)
            .chain(source.text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let at = source.text.find(TOKEN);
        Before {
            source,
            lines,
            hidden: at.map(|at| at..at + TOKEN.len()).into_iter().collect(),
        }
    }

    fn edit(text: &str, what: &str, by: &str) -> Edit {
        let start = text.find(what).unwrap();
        Edit {
            path: "a.js".to_string(),
            start: start as u64,
            end: (start + what.len()) as u64,
            text: by.to_string(),
            range: Default::default(),
        }
    }

    #[test]
    fn lines_are_counted_from_the_beginning_of_the_file() {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{}old\n{}", "x\n".repeat(99), "y\n".repeat(99));
            let before = before(&text);
            let edit = edit(&text, "old", "new");
            let diff = window("a.js", &before, &[&edit]).unwrap().diff();
            assert!(
                diff.contains("@@ -97,7 +97,7 @@\n x\n x\n x\n-old\n+new\n y\n"),
                "{diff}"
            );
        }
    }

    #[test]
    fn secrets_are_masked_on_both_sides_whatever_is_cut_away() {
        let text = format!("a\nt = '{TOKEN}'; old\n");
        let before = before(&text);
        let edit = edit(&text, "old", "new");
        let diff = window("a.js", &before, &[&edit]).unwrap().diff();
        assert!(diff.contains("-t = '") && diff.contains("+t = '"), "{diff}");
        assert!(!diff.contains("456789abcdef"), "{diff}");
    }
}
