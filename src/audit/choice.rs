//! Which files of a scan are parsed.
//!
//! Owns the choice between files that certainly speak of Zoho and those that only have the bare word. It must
//! not know what is found in them.

use crate::parallel;
use crate::scan::{Candidate, Scan};
use std::collections::HashSet;

/// Files with the bare word only are read beside files that say Zoho, and not more of them than this.
const MOST_WORD_FILES: usize = 3_000;
/// So few of them are read wherever they stand.
const FEW_WORD_FILES: usize = 40;
/// A longer run of letters, digits and signs is data (bytes). Paths are shorter between their dots.
const LONGEST_WORD: usize = 120;
/// A thread costs more than to look through fewer files than these.
const FILES_FOR_A_THREAD: usize = 8;

/// The files to parse: those that say Zoho, and with them those that have the bare word.
pub(super) fn choose(scan: &Scan, literals: &[String], everything: bool) -> Vec<Candidate> {
    if everything {
        return scan.candidates.clone();
    }
    let weak: Vec<usize> = literals
        .iter()
        .enumerate()
        .filter(|(_, literal)| *literal == "authtoken" || *literal == "auth_token")
        .map(|(index, _)| index)
        .collect();
    let is_weak = |candidate: &Candidate| {
        candidate
            .literals
            .iter()
            .all(|literal| weak.contains(&literal))
    };
    // The letters of a word within a long run of others (a key, a picture) are no word.
    let says = |candidate: &Candidate| {
        !is_weak(candidate)
            && scan
                .read(candidate)
                .is_ok_and(|mut bytes| says_a_word(&mut bytes, literals))
    };
    let threads = scan
        .threads()
        .get()
        .min(scan.candidates.len() / FILES_FOR_A_THREAD);
    let strong: HashSet<&str> = scan
        .candidates
        .iter()
        .zip(parallel::map(&scan.candidates, threads, says))
        .filter(|(_, says)| *says)
        .map(|(candidate, _)| candidate.relative.as_str())
        .collect();
    if strong.is_empty() {
        return Vec::new();
    }
    // In a large tree the bare word counts only in those parts that say Zoho.
    let part = |path: &str| path.split('/').take(2).collect::<Vec<_>>().join("/");
    let parts: HashSet<String> = strong.iter().map(|path| part(path)).collect();
    let is_weak = |candidate: &Candidate| !strong.contains(candidate.relative.as_str());
    let mut chosen: Vec<Candidate> = Vec::new();
    let words = scan
        .candidates
        .iter()
        .filter(|candidate| is_weak(candidate))
        .count();
    chosen.extend(
        scan.candidates
            .iter()
            .filter(|candidate| {
                !is_weak(candidate)
                    || words <= FEW_WORD_FILES
                    || (words <= MOST_WORD_FILES && parts.contains(&part(&candidate.relative)))
            })
            .cloned(),
    );
    // A settings file may say Zoho in its path alone.
    let known: HashSet<&str> = scan
        .candidates
        .iter()
        .map(|candidate| candidate.relative.as_str())
        .collect();
    let named = scan.text_files_named("zoho").into_iter().filter(|path| {
        !known.contains(path.as_str()) && crate::syntax::language::detect(path, "").is_config()
    });
    chosen.extend(named.filter_map(|path| scan.file(&path)));
    chosen.sort_by(|a, b| a.relative.cmp(&b.relative));
    chosen
}

/// Whether one of the literals stands in the text as a word or part of one, not within a key or a picture.
fn says_a_word(bytes: &mut [u8], literals: &[String]) -> bool {
    let is_run = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
    };
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    bytes.make_ascii_lowercase();
    let lower = &*bytes;
    utf16
        || literals
            .iter()
            .filter(|literal| !matches!(literal.as_str(), "authtoken" | "auth_token"))
            .any(|literal| {
                memchr::memmem::find_iter(lower, literal.as_bytes()).any(|at| {
                    let before = lower[..at]
                        .iter()
                        .rev()
                        .take_while(|byte| is_run(byte))
                        .take(LONGEST_WORD)
                        .count();
                    let after = lower[at..]
                        .iter()
                        .take_while(|byte| is_run(byte))
                        .take(LONGEST_WORD)
                        .count();
                    before + after < LONGEST_WORD
                })
            })
}
