//! Comments of the code that may silence findings: where they stand, and which line they cover.
//!
//! Owns the way from comments in trees to lines. What such a comment says is read in
//! [`crate::finding::suppression`]. A file costs something only if it has the mark.

use super::load::{Files, Loaded};
use crate::finding::suppression::{Comment, MARK};
use crate::flow::Unit;
use crate::scan::LineIndex;
use crate::syntax::tree::{Comment as Place, Language};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The comments that may silence something, by file and line.
pub(super) fn comments_of(files: &Files, units: &[Rc<Unit>]) -> Vec<Comment> {
    let mut found: BTreeMap<(String, u32), Comment> = BTreeMap::new();
    let mut marked: BTreeMap<&str, bool> = BTreeMap::new();
    for unit in units {
        let Some(loaded) = files.loaded.get(&unit.path) else {
            continue;
        };
        let has_mark = *marked.entry(unit.path.as_str()).or_insert_with(|| {
            memchr::memmem::find(loaded.text.as_bytes(), MARK.as_bytes()).is_some()
        });
        if !has_mark {
            continue;
        }
        let own: Vec<&Rc<Unit>> = units
            .iter()
            .filter(|other| other.path == unit.path)
            .collect();
        for comment in of_file(&unit.path, loaded, &own) {
            found.insert((comment.path.clone(), comment.line), comment);
        }
        marked.insert(unit.path.as_str(), false);
    }
    found.into_values().collect()
}

fn of_file(path: &str, loaded: &Loaded, units: &[&Rc<Unit>]) -> Vec<Comment> {
    let text = &loaded.text;
    let index = LineIndex::new(text);
    let line_of = |at: u32| u32::try_from(index.position(at as usize).line).unwrap_or(u32::MAX);
    let slice = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or_default();
    let is_comment = |place: &Place, language: Language| {
        // Prose is read as a comment, too; of Markdown only what readers do not see is one.
        language != Language::Markdown || place.span.start < place.text.start
    };
    let places: Vec<Place> = units
        .iter()
        .flat_map(|unit| {
            let language = unit.language();
            unit.tree
                .comments
                .iter()
                .filter(move |place| is_comment(place, language))
        })
        .copied()
        .collect();
    // Lines on which nothing but comments stands.
    let alone = |place: &Place| {
        let first = index
            .line(line_of(place.span.start) as usize)
            .unwrap_or_default();
        let last_byte = place.span.end.max(place.span.start + 1) - 1;
        let last = index.line(line_of(last_byte) as usize).unwrap_or_default();
        let around = [
            text.get(first.start..place.span.start as usize),
            text.get(place.span.end as usize..last.end),
        ];
        around.iter().flatten().all(|part| {
            part.chars()
                .all(|character| character.is_whitespace() || "{}".contains(character))
        })
    };
    let mut full: BTreeSet<u32> = BTreeSet::new();
    for place in &places {
        if alone(place) {
            let last_byte = place.span.end.max(place.span.start + 1) - 1;
            full.extend(line_of(place.span.start)..=line_of(last_byte));
        }
    }
    let mut found = Vec::new();
    for place in &places {
        let inner = slice(place.text.start, place.text.end);
        if !inner.contains(MARK) {
            continue;
        }
        let is_alone = alone(place);
        let mut at = place.text.start;
        for written in inner.split_inclusive('\n') {
            let trimmed = written.trim_start_matches(|character: char| {
                character.is_whitespace() || "*/!#;<-".contains(character)
            });
            let behind = trimmed.strip_prefix(MARK);
            let is_mark = behind.is_some_and(|behind| {
                behind.starts_with("-file")
                    || behind
                        .chars()
                        .next()
                        .is_none_or(|next| !next.is_alphanumeric() && next != '-' && next != '_')
            });
            if is_mark {
                let line = line_of(at);
                let mut covers = line;
                if is_alone {
                    let last_byte = place.span.end.max(place.span.start + 1) - 1;
                    covers = line_of(last_byte) + 1;
                    while full.contains(&covers) {
                        covers += 1;
                    }
                }
                let text = trimmed
                    .trim_end()
                    .trim_end_matches("*/")
                    .trim_end_matches("-->")
                    .trim_end();
                found.push(Comment {
                    path: path.to_owned(),
                    line,
                    covers,
                    text: text.to_owned(),
                    bytes: (written.trim().len() == inner.trim().len()).then(|| {
                        let on_disk = |at: u32| loaded.source.disk_offset(at as usize) as u64;
                        (on_disk(place.span.start), on_disk(place.span.end))
                    }),
                });
            }
            at += u32::try_from(written.len()).unwrap_or_default();
        }
    }
    found
}
