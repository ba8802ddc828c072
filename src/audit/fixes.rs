//! Fixes as findings carry them: edits on the bytes on disk.
//!
//! Owns the way from places in decoded texts to places on disk, and reading what no tree was made of. It must
//! not know how a fix is thought up ([`crate::fix`]) or written.

use super::load::{Files, position};
use super::rounds::Rounds;
use crate::finding::{Create, Edit, Fix, Range, Safety};
use crate::fix::edits::TextEdit;
use crate::fix::{Choices, Plan, Planner, Sources};
use crate::rules::matching::Knowledge;
use crate::scan::{Encoding, LineIndex, Scan, Source, decode};
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
    let plans = planner.plan(&rounds.candidates);
    let mut bases: BTreeMap<&str, Option<Base>> = BTreeMap::new();
    for edit in plans.iter().flatten().flat_map(|plan| &plan.edits) {
        bases
            .entry(&edit.path)
            .or_insert_with(|| Base::read(&sources, &edit.path));
    }
    let places: BTreeMap<&str, Place<'_>> = bases
        .iter()
        .filter_map(|(path, base)| Some((*path, Place::new(base.as_ref()?))))
        .collect();
    plans
        .iter()
        .map(|plan| plan.as_ref().map(|plan| fix(plan, &places, &sources)))
        .collect()
}

/// What a file looks like before any edit.
struct Base {
    source: Source,
    digest: String,
}

impl Base {
    fn read(sources: &ScanSources<'_>, path: &str) -> Option<Base> {
        let bytes = sources.bytes(path)?;
        let digest = Sha256::digest(&bytes);
        Some(Base {
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            source: decode(&bytes).ok()?,
        })
    }
}

/// The same, with its lines.
struct Place<'b> {
    base: &'b Base,
    index: LineIndex<'b>,
}

impl<'b> Place<'b> {
    fn new(base: &'b Base) -> Place<'b> {
        Place {
            base,
            index: LineIndex::new(&base.source.text),
        }
    }

    fn edit(&self, edit: &TextEdit) -> Edit {
        let [start, end] = [edit.span.start, edit.span.end]
            .map(|offset| position(&self.base.source, &self.index, offset));
        Edit {
            path: edit.path.clone(),
            start: start.offset,
            end: end.offset,
            text: edit.text.clone(),
            range: Range { start, end },
        }
    }
}

fn fix(plan: &Plan, places: &BTreeMap<&str, Place<'_>>, sources: &ScanSources<'_>) -> Fix {
    let mut fix = Fix {
        title: plan.title.clone(),
        safety: plan.safety,
        reason: plan.reason.clone(),
        edits: Vec::new(),
        creates: Vec::new(),
        base_sha256: BTreeMap::new(),
        kind: plan.kind,
        takes_access_token: plan.helper.is_some(),
    };
    for edit in &plan.edits {
        let Some(place) = places.get(edit.path.as_str()) else {
            return refused(fix, "a file that it changes cannot be read");
        };
        if !takes(&place.base.source, &edit.text) {
            return refused(fix, NO_ENCODING);
        }
        fix.base_sha256
            .insert(edit.path.clone(), place.base.digest.clone());
        fix.edits.push(place.edit(edit));
    }
    fix.edits.sort_by(|left, right| {
        (&left.path, left.start, left.end).cmp(&(&right.path, right.start, right.end))
    });
    if let Some(helper) = &plan.helper
        && !sources.exists(&helper.path)
    {
        fix.creates.push(Create {
            path: helper.path.clone(),
            text: helper.text.clone(),
        });
    }
    fix
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
    use crate::syntax::tree::Span;

    #[test]
    fn edits_are_placed_behind_all_three_line_ends_in_characters_and_in_bytes() {
        let base = Base {
            source: decode("\u{feff}a\r\nü\rxyz\nend".as_bytes()).unwrap(),
            digest: String::new(),
        };
        let place = Place::new(&base);
        let range = |start: usize, end: usize| {
            let edit = TextEdit::delete("a.txt", Span::new(start, end));
            place.edit(&edit).range
        };
        let at = base.source.text.find('y').unwrap();
        let start = range(at, at + 1).start;
        assert_eq!((start.line, start.column), (3, 2));
        assert_eq!(start.offset, at as u64 + 3);
        let after = base.source.text.find('x').unwrap();
        let start = range(after, after).start;
        assert_eq!((start.line, start.column), (3, 1));
        let wide = base.source.text.find('\r').unwrap() + 2;
        let end = range(wide, wide + 'ü'.len_utf8()).end;
        assert_eq!((end.line, end.column, end.byte_column), (2, 2, 3));
    }
}
