//! Makes the masked [`Excerpt`] of a finding from the text of its file.
//!
//! Owns which lines are shown, how very long lines are cut and how control characters are made visible.
//! What leaves this module holds no secret and nothing that a terminal would obey; every code point of the
//! excerpt stands for one code point of the file, so that columns stay right.

use super::{Excerpt, Position};
use crate::redact;
use std::ops::Range;

/// Lines with more code points are cut.
const LONGEST_LINE: usize = 160;
/// What is left of a line that was cut.
const WINDOW: usize = 120;
/// How many code points are kept before the finding in a line that is cut.
const LEAD: usize = 30;
/// Flow steps are labelled if they stand at most so many lines away.
const NEAR: usize = 3;
/// Of a finding that spans more lines only the first ones are shown.
const MOST_LINES: usize = 6;
/// How far around a window the text is read when it is masked, in bytes: a secret that is cut by the window,
/// or announced before it, has to be recognised.
const MARGIN: usize = 1024;

/// How far around a finding its line is read, in bytes: further than anything of it is shown. One line of a bundle
/// may hold thousands of findings.
const FAR: usize = 4 * LONGEST_LINE + MARGIN;

/// Part of an excerpt in the making: `lines` in bytes of the file text, and what is shown of each.
struct Shown {
    line: Range<usize>,
    visible: Range<usize>,
}

/// Makes the excerpt of the byte range `span` in `text`, which starts at `start`. `labels` are other places
/// of the same file; those near it are shown with it. `secrets` are masked whatever they look like.
pub fn make(
    text: &str,
    span: Range<usize>,
    start: Position,
    labels: &[(Range<usize>, String)],
    secrets: &[Range<usize>],
) -> Excerpt {
    let span_start = boundary(text, span.start);
    let span_end = boundary(text, span.end).max(span_start);
    let main = near_line(text, span_start);
    let cut = is_long(text, &main);
    let ends = main.end == text.len() || text.as_bytes().get(main.end) == Some(&b'\n');

    // The lines above, unless the line of the finding is cut: then it has to be the first one.
    let mut first = main.start;
    let mut first_line = start.line;
    let near_above = labels
        .iter()
        .map(|(range, _)| boundary(text, range.start))
        .filter(|label| !cut && *label < main.start);
    let highest = if cut {
        main.start
    } else {
        lines_above(text, main.start, NEAR)
    };
    if let Some(top) = near_above.filter(|label| *label >= highest).min() {
        first = line_around(text, top).start;
        let lines = newlines(text, first..main.start);
        first_line = first_line.saturating_sub(u32::try_from(lines).unwrap_or(u32::MAX));
    }

    // The lines of the finding, and those with labels below it.
    let mut last = main.clone();
    for _ in 1..MOST_LINES {
        if ends && last.end < span_end && last.end < text.len() {
            last = line_around(text, last.end + 1);
        }
    }
    let near_below = labels
        .iter()
        .map(|(range, _)| boundary(text, range.start))
        .filter(|label| !cut && *label > last.end);
    let lowest = if cut {
        last.end
    } else {
        lines_below(text, last.end, NEAR)
    };
    if let Some(bottom) = near_below.filter(|label| *label <= lowest).max() {
        last = line_around(text, bottom);
    }

    let shown = cut_lines(text, first..last.end, &main, span_start);
    // Only the line of the finding is cut at its beginning, and its column is known.
    let first_column = shown
        .first()
        .filter(|line| line.visible.start > line.line.start)
        .and_then(|line| text.get(line.visible.start..span_start))
        .map_or(0, |lead| {
            let lead = u32::try_from(lead.chars().count()).unwrap_or(u32::MAX);
            start.column.saturating_sub(1).saturating_sub(lead)
        });
    let mut excerpt = Excerpt {
        first_line,
        first_column,
        ..Excerpt::default()
    };
    let (masked, offsets) = mask(text, &shown, secrets);
    excerpt.start = offsets.of(span_start);
    excerpt.end = offsets.of(span_end).max(excerpt.start);
    for (range, role) in labels {
        let label = boundary(text, range.start)..boundary(text, range.end);
        let seen = shown
            .iter()
            .any(|line| line.visible.contains(&label.start) && label.start < label.end);
        if seen {
            let (from, to) = (offsets.of(label.start), offsets.of(label.end));
            excerpt.labels.push((from, to.max(from), role.clone()));
        }
    }
    excerpt.text = masked;
    excerpt
}

/// The visible form of a character: what a terminal would obey, and what would reorder the line, is shown as
/// a picture of itself.
pub fn visible(character: char) -> char {
    match character {
        '\t' | '\n' => character,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        _ => character,
    }
}

/// A text of the scanned tree (a path, a URL, a message that names one) in the middle of a line, without anything that
/// a terminal would obey or that would end the line.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(visible)
        .map(|character| match character {
            '\n' | '\t' => ' ',
            other => other,
        })
        .collect()
}

/// Which part of each line is shown.
fn cut_lines(
    text: &str,
    lines: Range<usize>,
    main: &Range<usize>,
    span_start: usize,
) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut at = lines.start;
    loop {
        let line = if at == main.start {
            main.clone()
        } else {
            line_around(text, at)
        };
        let visible = if !is_long(text, &line) {
            line.clone()
        } else if line == *main {
            let from = back(text, span_start, LEAD).max(line.start);
            from..forward(text, from, WINDOW).min(line.end)
        } else {
            line.start..forward(text, line.start, WINDOW).min(line.end)
        };
        let end = line.end;
        shown.push(Shown { line, visible });
        if end >= lines.end || end >= text.len() {
            return shown;
        }
        at = end + 1;
    }
}

/// Where bytes of the file stand in the excerpt.
struct Offsets {
    /// Pairs of file offset and excerpt offset, one for every character shown and one for every line end.
    pairs: Vec<(usize, usize)>,
}

impl Offsets {
    /// What is not shown moves to the next place that is, or to the end.
    fn of(&self, at: usize) -> usize {
        let index = self.pairs.partition_point(|(file, _)| *file < at);
        self.pairs
            .get(index)
            .or(self.pairs.last())
            .map_or(0, |(_, excerpt)| *excerpt)
    }
}

fn mask(text: &str, shown: &[Shown], secrets: &[Range<usize>]) -> (String, Offsets) {
    let mut masked = String::new();
    let mut pairs = Vec::new();
    // All lines together, so that a secret that is announced on one line and stands on the next is seen;
    // lines that are cut would make that long, and are masked with what is near the window.
    for (index, group) in group(shown).into_iter().enumerate() {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        if index > 0 {
            masked.push('\n');
        }
        let from = boundary(text, first.visible.start.saturating_sub(MARGIN));
        let to = boundary(text, last.visible.end.saturating_add(MARGIN));
        let known: Vec<Range<usize>> = secrets
            .iter()
            .filter(|secret| secret.start < to && secret.end > from)
            .map(|secret| secret.start.max(from) - from..secret.end.min(to) - from)
            .collect();
        let region = text.get(from..to).unwrap_or_default();
        let replaced = redact::mask_excerpt_with(region, &known);
        for ((offset, _), character) in region.char_indices().zip(replaced.chars()) {
            let at = from + offset;
            if at < first.visible.start || at > last.visible.end {
                continue;
            }
            pairs.push((at, masked.len()));
            if at == last.visible.end {
                break;
            }
            if character == '\r' && text.as_bytes().get(at + 1) == Some(&b'\n') {
                continue;
            }
            // The first and the last character of what is left of a cut line become the sign of the cut.
            let cut_left = at == first.visible.start && first.visible.start > first.line.start;
            let cut_right = last.visible.end < last.line.end
                && at + character_length(text, at) == last.visible.end;
            masked.push(if cut_left || cut_right {
                '…'
            } else {
                visible(character)
            });
        }
        if last.visible.end == text.len() {
            pairs.push((text.len(), masked.len()));
        }
    }
    (masked, Offsets { pairs })
}

/// Neighbouring lines that are shown whole, and cut lines by themselves.
fn group(shown: &[Shown]) -> Vec<&[Shown]> {
    shown
        .chunk_by(|left, right| left.visible == left.line && right.visible == right.line)
        .collect()
}

fn character_length(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(1, char::len_utf8)
}

/// The line that holds `at`, without its end (`\n`).
fn line_around(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let bytes = text.as_bytes();
    let start = bytes
        .get(..at)
        .and_then(|before| before.iter().rposition(|byte| *byte == b'\n'))
        .map_or(0, |newline| newline + 1);
    let end = bytes
        .get(at..)
        .and_then(|after| after.iter().position(|byte| *byte == b'\n'))
        .map_or(text.len(), |newline| at + newline);
    start..end
}

/// The line that holds `at` as far as anybody looks: a very long one ends before its end.
fn near_line(text: &str, at: usize) -> Range<usize> {
    let from = boundary(text, at.saturating_sub(FAR));
    let to = boundary(text, at.saturating_add(FAR));
    let near = line_around(text.get(from..to).unwrap_or_default(), at - from);
    from + near.start..from + near.end
}

fn is_long(text: &str, line: &Range<usize>) -> bool {
    line.len() > LONGEST_LINE
        && text
            .get(line.clone())
            .is_some_and(|line| line.chars().nth(LONGEST_LINE).is_some())
}

fn lines_above(text: &str, start: usize, lines: usize) -> usize {
    (0..lines).fold(start, |at, _| line_around(text, at.saturating_sub(1)).start)
}

fn lines_below(text: &str, end: usize, lines: usize) -> usize {
    (0..lines).fold(end, |at, _| line_around(text, at.saturating_add(1)).end)
}

fn newlines(text: &str, range: Range<usize>) -> usize {
    text.as_bytes().get(range).map_or(0, |bytes| {
        bytes.iter().filter(|byte| **byte == b'\n').count()
    })
}

/// So many characters before `at`.
fn back(text: &str, at: usize, characters: usize) -> usize {
    text.get(..at)
        .and_then(|before| {
            before
                .char_indices()
                .rev()
                .nth(characters.saturating_sub(1))
        })
        .map_or(0, |(index, _)| index)
}

/// So many characters after `at`.
fn forward(text: &str, at: usize, characters: usize) -> usize {
    text.get(at..)
        .and_then(|after| after.char_indices().nth(characters))
        .map_or(text.len(), |(index, _)| at + index)
}

/// The last character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn position(text: &str, at: usize) -> Position {
        let before = &text[..at];
        Position {
            line: before.matches('\n').count() as u32 + 1,
            column: before.rsplit('\n').next().unwrap().chars().count() as u32 + 1,
            offset: at as u64,
            byte_column: before.rsplit('\n').next().unwrap().len() as u32 + 1,
        }
    }

    fn excerpt_of(text: &str, what: &str, labels: &[&str]) -> Excerpt {
        let find = |what: &str| {
            let start = text.find(what).unwrap();
            start..start + what.len()
        };
        let labels: Vec<_> = labels
            .iter()
            .map(|label| (find(label), format!("{label} here")))
            .collect();
        let span = find(what);
        make(text, span.clone(), position(text, span.start), &labels, &[])
    }

    fn marked(excerpt: &Excerpt) -> &str {
        &excerpt.text[excerpt.start..excerpt.end]
    }

    #[test]
    fn shows_the_line_of_the_finding_with_the_secret_masked() {
        let text = format!("one\r\nlet token = \"{TOKEN}\"; // é\r\nthree\r\n");
        let excerpt = excerpt_of(&text, &format!("\"{TOKEN}\""), &[]);
        assert_eq!(
            excerpt.text,
            format!("let token = \"0123{}\"; // é", "•".repeat(28))
        );
        assert_eq!(marked(&excerpt), format!("\"0123{}\"", "•".repeat(28)));
        assert_eq!((excerpt.first_line, excerpt.first_column), (2, 0));
    }

    #[test]
    fn labels_near_the_finding_are_shown_and_others_are_not() {
        let text = "far\n\n\n\n\nnear\n\nfinding\n\nbelow\n\n\n\ndeep\n";
        let excerpt = excerpt_of(text, "finding", &["far", "near", "below", "deep"]);
        assert_eq!(excerpt.text, "near\n\nfinding\n\nbelow");
        assert_eq!(excerpt.first_line, 6);
        let labels: Vec<_> = excerpt
            .labels
            .iter()
            .map(|(from, to, _)| &excerpt.text[*from..*to])
            .collect();
        assert_eq!(labels, ["near", "below"]);
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_finding_and_columns_stay_right() {
        let text = format!(
            "first\n{}FINDING{}\nlast",
            "é".repeat(500),
            "; ".repeat(250)
        );
        let excerpt = excerpt_of(&text, "FINDING", &[]);
        assert_eq!(excerpt.first_line, 2);
        assert_eq!(excerpt.text.chars().count(), WINDOW);
        assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with('…'));
        assert_eq!(marked(&excerpt), "FINDING");
        let column = excerpt.first_column as usize + excerpt.text[..excerpt.start].chars().count();
        assert_eq!(column, 500);
    }

    #[test]
    fn a_secret_that_the_window_cuts_is_still_masked() {
        let text = format!("{}{TOKEN}FINDING=1;{}", " ;".repeat(300), "y ".repeat(300));
        let mut text = text;
        text.insert_str(600 + TOKEN.len(), &" ".repeat(LEAD - 10));
        let excerpt = excerpt_of(&text, "FINDING", &[]);
        assert!(!excerpt.text.contains("cdef"), "{}", excerpt.text);
    }

    #[test]
    fn a_finding_over_many_lines_shows_the_first_ones() {
        let text = (1..=20)
            .map(|line| format!("line {line}\n"))
            .collect::<String>();
        let excerpt = make(&text, 0..text.len(), position(&text, 0), &[], &[]);
        assert_eq!(excerpt.text.lines().count(), MOST_LINES);
        assert_eq!(excerpt.end, excerpt.text.len());
    }

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        let text = "a\x1b[31m\rb\u{202e}c\u{9b}d";
        let excerpt = excerpt_of(text, "b", &[]);
        assert_eq!(excerpt.text, "a␛[31m␍b\u{fffd}c\u{fffd}d");
        assert_eq!(marked(&excerpt), "b");
    }

    #[test]
    fn secrets_that_look_like_words_are_masked_where_they_are_known() {
        let text = "authorise(\"swordfish\")";
        let excerpt = make(
            text,
            0..9,
            position(text, 0),
            &[],
            std::slice::from_ref(&(11..20)),
        );
        assert_eq!(excerpt.text, "authorise(\"•••••••••\")");
    }

    proptest! {
        #[test]
        fn any_text_and_any_range_give_an_excerpt_with_sound_offsets(
            text in r"([a-z é\t\n\r🦀漢]{0,300}\n?){0,5}",
            start in 0usize..900, length in 0usize..400,
            label in 0usize..900, label_length in 0usize..20,
        ) {
            let mut start = boundary(&text, start);
            if text[..start].ends_with('\r') && text[start..].starts_with('\n') {
                // Within a line end is no place of its own.
                start -= 1;
            }
            let excerpt = make(
                &text,
                start..start + length,
                position(&text, start),
                &[(label..label + label_length, "label".to_owned())],
                std::slice::from_ref(&(label..label + 3)),
            );
            prop_assert!(excerpt.text.get(excerpt.start..excerpt.end).is_some());
            for (from, to, _) in &excerpt.labels {
                prop_assert!(excerpt.text.get(*from..*to).is_some());
            }
            // The place of the finding can be read back from the excerpt.
            let before = &excerpt.text[..excerpt.start];
            let line = excerpt.first_line as usize + before.matches('\n').count();
            let missing = if before.contains('\n') { 0 } else { excerpt.first_column as usize };
            let column = missing + before.rsplit('\n').next().unwrap().chars().count() + 1;
            let expected = position(&text, start);
            prop_assert_eq!((line, column), (expected.line as usize, expected.column as usize));
        }

        #[test]
        fn no_window_shows_a_token(
            before in "[ ;a-z]{0,400}", token in "[0-9a-f]{32}", between in "[ ;g-z]{0,200}",
        ) {
            let text = format!("{before};{token};{between}!{}", "z ".repeat(100));
            let at = text.find('!').unwrap();
            let excerpt = make(&text, at..at + 1, position(&text, at), &[], &[]);
            for window in token.as_bytes().windows(8) {
                prop_assert!(!excerpt.text.contains(std::str::from_utf8(window).unwrap()));
            }
        }
    }

    #[test]
    fn paths_cannot_drive_the_terminal() {
        assert_eq!(one_line("a\x1b]0;x\x07\nb\u{202e}c"), "a␛]0;x␇ b\u{fffd}c");
    }
}
