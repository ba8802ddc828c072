//! What is a credential by its looks alone: long runs of letters and digits that no person would write.
//!
//! Works on maximal runs of ASCII letters and digits, reads each character once, and also looks at what
//! string literals become when they are joined (`"0123…" + "89ab…"`).

use super::Part;
use std::ops::Range;

/// From this length on, a run of hexadecimal digits is taken for a key; the longest number of everyday code
/// (a record id) has 18 or 19 digits, and no word that long is spelt with a to f.
const HEXADECIMAL: usize = 16;

/// From this length on, any other run is looked at.
const RUN: usize = 24;

/// How far two string literals that are joined may stand apart (line breaks and indentation included).
const JOINT: usize = 160;

/// Every part of `text` with the shape of a credential, in order.
pub(super) fn find(text: &str) -> Vec<Part> {
    let bytes = text.as_bytes();
    let runs = runs(bytes);
    let mut parts = Vec::new();
    let mut index = 0;
    while let Some(run) = runs.get(index) {
        if let Some(end) = oauth_token(bytes, &runs, index) {
            let last = runs.get(end).map_or(run.end, |last| last.end);
            parts.push(Part {
                range: run.start..last,
                leads: true,
            });
            index = end + 1;
            continue;
        }
        if bytes.get(run.clone()).is_some_and(is_secret) {
            parts.push(Part {
                range: run.clone(),
                leads: true,
            });
        }
        index += 1;
    }
    joined(bytes, &runs, &mut parts);
    percent_encoded(bytes, &mut parts);
    parts
}

fn runs(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (byte.is_ascii_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(began)) => {
                runs.push(began..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(began) = start {
        runs.push(began..bytes.len());
    }
    runs
}

/// `1000.x`, `1000.x.y` and `1001.x.y`: the index of the last run that belongs to it.
fn oauth_token(bytes: &[u8], runs: &[Range<usize>], index: usize) -> Option<usize> {
    let first = runs.get(index)?;
    if !matches!(bytes.get(first.clone())?, b"1000" | b"1001") {
        return None;
    }
    let mut last = index;
    for next in [index + 1, index + 2] {
        let (Some(left), Some(right)) = (runs.get(last), runs.get(next)) else {
            break;
        };
        let joined = bytes.get(left.end..right.start) == Some(b".".as_slice());
        if !joined || right.len() < 8 {
            break;
        }
        last = next;
    }
    // A decimal number (`1000.12345678`) is none.
    let has_letter = bytes
        .get(first.end..runs.get(last)?.end)?
        .iter()
        .any(u8::is_ascii_alphabetic);
    (last > index && has_letter).then_some(last)
}

/// Whether a run of letters and digits is one that people do not write.
fn is_secret(run: &[u8]) -> bool {
    if run.len() < HEXADECIMAL {
        return false;
    }
    if !hexadecimal(run, HEXADECIMAL).is_empty() {
        return true;
    }
    if run.len() < RUN {
        return false;
    }
    let keeps_one_case = |part: &[u8]| part.len() >= RUN && (digits(part) >= 2 || few_vowels(part));
    run.split(u8::is_ascii_uppercase).any(keeps_one_case)
        || run.split(u8::is_ascii_lowercase).any(keeps_one_case)
        || is_random(run, 3)
}

/// The stretches of hexadecimal digits that are at least so long and not just numbers.
fn hexadecimal(run: &[u8], least: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, byte) in run.iter().chain(b"\0").enumerate() {
        if byte.is_ascii_hexdigit() {
            continue;
        }
        let stretch = run.get(start..at).unwrap_or_default();
        let number = stretch.iter().all(u8::is_ascii_digit);
        if stretch.len() >= if number { RUN.max(least) } else { least } {
            found.push(start..at);
        }
        start = at + 1;
    }
    found
}

fn digits(run: &[u8]) -> usize {
    run.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// Words have vowels; random letters have one in five.
fn few_vowels(run: &[u8]) -> bool {
    let vowels = run
        .iter()
        .filter(|byte| b"aeiouAEIOU".contains(byte))
        .count();
    vowels * 4 < run.len()
}

/// Whether letters, capitals and digits change too often for words: the chunks of a name (`Sha`, `256`,
/// `Encode`) are three characters long on average, those of random text two or less.
fn is_random(run: &[u8], least_digits: usize) -> bool {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        _ => 2,
    };
    let mut chunks = 1;
    for pair in run.windows(2) {
        let &[left, right] = pair else { continue };
        // A capital belongs to the small letters after it.
        if kind(left) != kind(right) && !(kind(left) == 2 && kind(right) == 1) {
            chunks += 1;
        }
    }
    digits(run) >= least_digits && run.len() * 10 < chunks * 26
}

/// String literals that are joined: `"0123…" + "89ab…"`, `'…' . '…'`, `"…" "…"`.
fn joined(bytes: &[u8], runs: &[Range<usize>], parts: &mut Vec<Part>) {
    let mut chain: Vec<Range<usize>> = Vec::new();
    for run in runs {
        let follows = chain
            .last()
            .and_then(|last| bytes.get(last.end..run.start))
            .is_some_and(is_joint);
        if !follows {
            mask_chain(bytes, &chain, parts);
            chain.clear();
        }
        chain.push(run.clone());
    }
    mask_chain(bytes, &chain, parts);
}

fn is_joint(gap: &[u8]) -> bool {
    const QUOTES: &[u8] = b"\"'`";
    gap.len() <= JOINT
        && gap.iter().any(|byte| QUOTES.contains(byte))
        && gap
            .iter()
            .all(|byte| QUOTES.contains(byte) || b" \t\r\n+.&\\${}".contains(byte))
}

fn mask_chain(bytes: &[u8], chain: &[Range<usize>], parts: &mut Vec<Part>) {
    if chain.len() < 2 {
        return;
    }
    let mut text = Vec::new();
    for run in chain {
        text.extend_from_slice(bytes.get(run.clone()).unwrap_or_default());
    }
    let mut secrets = hexadecimal(&text, RUN);
    if secrets.is_empty() && text.len() >= RUN && is_random(&text, 5) {
        secrets.push(0..text.len());
    }
    let mut secrets = secrets.iter().peekable();
    let mut at = 0;
    for run in chain {
        let end = at + run.len();
        while secrets.next_if(|secret| secret.end <= at).is_some() {}
        if let Some(secret) = secrets.peek()
            && secret.start < end
        {
            parts.push(Part {
                range: run.clone(),
                leads: at <= secret.start,
            });
        }
        at = end;
    }
}

/// Eight or more letters and digits written as `%41%42…`, which nothing does by itself.
fn percent_encoded(bytes: &[u8], parts: &mut Vec<Part>) {
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while let Some([b'%', high, low]) = bytes.get(at..at + 3) {
            let code = std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            if !code.is_some_and(|code| code.is_ascii_alphanumeric()) {
                break;
            }
            at += 3;
        }
        if at - start >= 24 {
            parts.push(Part {
                range: start..at,
                leads: false,
            });
        }
        at = at.max(start + 1);
    }
}
