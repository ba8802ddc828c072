//! Fixes as findings carry them: edits on the bytes on disk.
//!
//! Owns the way from places in decoded texts to places on disk, and reading what no tree was made of. It must
//! not know how a fix is thought up ([`crate::fix`]) or written.

use super::load::Files;
use super::rounds::Rounds;
use crate::finding::{Create, Edit, Fix, Position, Range, Safety};
use crate::fix::{Choices, Plan, Planner, Sources};
use crate::rules::matching::Knowledge;
use crate::scan::{Encoding, Scan, Source, decode};
use crate::syntax::tree::Span;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The files of a scan, as they are on disk or will be.
pub(super) struct ScanSources<'a> {
    pub scan: &'a Scan,
    pub overlay: &'a BTreeMap<String, Vec<u8>>,
}

impl ScanSources<'_> {
    pub fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(bytes) = self.overlay.get(path) {
            return Some(bytes.clone());
        }
        let candidate = self.scan.file(path)?;
        self.scan.read(&candidate).ok()
    }
}

impl Sources for ScanSources<'_> {
    fn source(&self, path: &str) -> Option<Source> {
        decode(&self.bytes(path)?).ok()
    }
    fn exists(&self, path: &str) -> bool {
        self.overlay.contains_key(path) || self.scan.contains(path)
    }
    fn is_only_read(&self, path: &str) -> bool {
        self.scan
            .file(path)
            .is_some_and(|file| file.ignored_by_git && !file.named)
    }
}

/// The fix of every candidate, unchecked.
pub(super) fn of(
    rounds: &Rounds<'_>,
    files: &Files,
    scan: &Scan,
    knowledge: &Knowledge<'_>,
    choices: &Choices,
) -> Vec<Option<Fix>> {
    if rounds.candidates.is_empty() {
        return Vec::new();
    }
    let sources = ScanSources {
        scan,
        overlay: &files.overlay,
    };
    let planner = Planner::new(
        &rounds.units,
        &rounds.facts,
        knowledge,
        &sources,
        choices,
        &rounds.candidates,
    );
    let mut bases = Bases::default();
    planner
        .plan(&rounds.candidates)
        .into_iter()
        .map(|plan| plan.map(|plan| bases.fix(&sources, plan)))
        .collect()
}

/// What files look like before any edit, read once.
#[derive(Default)]
struct Bases {
    known: BTreeMap<String, Option<(Source, String)>>,
}

impl Bases {
    fn of(&mut self, sources: &ScanSources<'_>, path: &str) -> Option<&(Source, String)> {
        self.known
            .entry(path.to_string())
            .or_insert_with(|| {
                let bytes = sources.bytes(path)?;
                let digest = Sha256::digest(&bytes);
                let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                Some((decode(&bytes).ok()?, digest))
            })
            .as_ref()
    }

    fn fix(&mut self, sources: &ScanSources<'_>, plan: Plan) -> Fix {
        let mut fix = Fix {
            title: plan.title,
            safety: plan.safety,
            reason: plan.reason,
            edits: Vec::new(),
            creates: Vec::new(),
            base_sha256: BTreeMap::new(),
        };
        for edit in &plan.edits {
            let Some((source, digest)) = self.of(sources, &edit.path) else {
                return refused(fix, "a file that it changes cannot be read");
            };
            if !takes(source, &edit.text) {
                return refused(fix, NO_ENCODING);
            }
            fix.base_sha256.insert(edit.path.clone(), digest.clone());
            fix.edits.push(Edit {
                path: edit.path.clone(),
                start: source.disk_offset(edit.span.start as usize) as u64,
                end: source.disk_offset(edit.span.end as usize) as u64,
                text: edit.text.clone(),
                range: range(source, edit.span),
            });
        }
        fix.edits.sort_by(|left, right| {
            (&left.path, left.start, left.end).cmp(&(&right.path, right.start, right.end))
        });
        if let Some(helper) = plan.helper
            && !sources.exists(&helper.path)
        {
            fix.creates.push(Create {
                path: helper.path,
                text: helper.text,
            });
        }
        fix
    }
}

/// Where an edit is made, in lines and columns; `None` in lines that nobody reads, where counting would take long.
fn range(source: &Source, span: Span) -> Option<Range> {
    const LONGEST_LINE: usize = 20_000;
    let position = |offset: u32| {
        let before = source.text.get(..offset as usize)?;
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let column = before
            .get(start..)
            .filter(|part| part.len() < LONGEST_LINE)?;
        let lines = before.matches('\n').count() + lone_returns(&source.text, before.len());
        Some(Position {
            line: u32::try_from(lines + 1).ok()?,
            column: u32::try_from(column.chars().count() + 1).ok()?,
            offset: source.disk_offset(offset as usize) as u64,
            byte_column: u32::try_from(column.len() + 1).ok()?,
        })
    };
    Some(Range {
        start: position(span.start)?,
        end: position(span.end)?,
    })
}

/// Line ends before `end` that are a carriage return alone.
fn lone_returns(text: &str, end: usize) -> usize {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes.get(..end).unwrap_or_default())
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .count()
}

pub(super) const NO_ENCODING: &str =
    "the file is not in UTF-8: convert it first, or make the change by hand";

/// Whether a text can stand in a file of this encoding, written as it is.
pub(super) fn takes(source: &Source, text: &str) -> bool {
    match source.encoding {
        Encoding::Utf8 => true,
        Encoding::Latin1 => text.is_ascii(),
        Encoding::Utf16Le | Encoding::Utf16Be => false,
    }
}

fn refused(mut fix: Fix, reason: &str) -> Fix {
    fix.safety = Safety::Display;
    fix.reason = Some(reason.to_string());
    fix.edits.clear();
    fix.base_sha256.clear();
    fix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_placed_behind_all_three_line_ends_in_characters_and_in_bytes() {
        let source = decode("\u{feff}a\r\nü\rxyz\nend".as_bytes()).unwrap();
        let at = source.text.find('y').unwrap() as u32;
        let start = range(&source, Span::new(at as usize, at as usize + 1))
            .unwrap()
            .start;
        assert_eq!((start.line, start.column), (3, 2));
        assert_eq!(start.offset, u64::from(at) + 3);
        let after = source.text.find('x').unwrap();
        let place = range(&source, Span::new(after, after)).unwrap().start;
        assert_eq!((place.line, place.column), (3, 1));
        let wide = source.text.find('\r').unwrap() + 2;
        let end = wide + 'ü'.len_utf8();
        let place = range(&source, Span::new(wide, end)).unwrap().end;
        assert_eq!((place.line, place.column, place.byte_column), (2, 2, 3));
    }
}
