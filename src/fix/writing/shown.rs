//! Changes as people see them: a unified diff that holds no secret and nothing that a terminal would obey.
//!
//! Owns masking and colours. Each text is masked as a whole and cut into lines afterwards, so that a secret that goes
//! over several lines, or is announced far from where it stands, is recognised as it is everywhere else.

use super::Change;
use super::patch::{self, Line, NO_NEWLINE};
use crate::finding::excerpt::visible;
use crate::redact;
use crate::scan::decode;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::ops::Range;

/// What is a secret in one place is masked wherever it stands, unless it is as short as a word.
const SHORTEST: usize = 5;

/// Where secrets are known to stand in the decoded texts of a file, before the change and after it.
pub type Known<'k> = [&'k [Range<usize>]; 2];

/// The diff of some changes. What is a secret anywhere is masked in all files, old and new.
pub fn masked(changes: &[(&Change, Known<'_>)], color: bool) -> String {
    let texts: Vec<_> = changes
        .iter()
        .filter(|(change, _)| !change.is_none())
        .map(|(change, [old, new])| {
            let before = text_of(change.before.as_deref().unwrap_or_default());
            (
                *change,
                Masked::new(before, old),
                Masked::new(text_of(&change.after), new),
            )
        })
        .collect();
    let mut values = Values::default();
    for (_, old, new) in &texts {
        values.add(old);
        values.add(new);
    }
    let mut diff = Diff {
        text: String::new(),
        color,
    };
    for (change, old, new) in &texts {
        diff.add(change, [old, new], [&values.mask(old), &values.mask(new)]);
    }
    diff.text
}

/// The text of a file, without its byte-order mark; of what is none, what can be made of it.
fn text_of(bytes: &[u8]) -> String {
    decode(bytes).map_or_else(
        |_| String::from_utf8_lossy(bytes).into_owned(),
        |source| source.text,
    )
}

/// A text, and what is left of it when every secret that can be told by itself is masked.
struct Masked {
    text: String,
    masked: String,
}

impl Masked {
    fn new(text: String, known: &[Range<usize>]) -> Masked {
        let masked = redact::mask_excerpt_with(&text, known);
        Masked { text, masked }
    }

    /// The byte ranges of what is masked, in the text itself.
    fn hidden(&self) -> Vec<Range<usize>> {
        let mut hidden: Vec<Range<usize>> = Vec::new();
        for ((at, character), masked) in self.text.char_indices().zip(self.masked.chars()) {
            if character == masked {
                continue;
            }
            let end = at + character.len_utf8();
            match hidden.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => hidden.push(at..end),
            }
        }
        hidden
    }
}

/// What is a secret somewhere. A change may take the surroundings away by which it is told: half a token in a string
/// is one because of the other half, and a comment in between makes two words of them.
#[derive(Default)]
struct Values<'t> {
    /// By their first bytes, so that a text is searched for all of them at once.
    by_start: HashMap<&'t [u8], BTreeSet<&'t [u8]>>,
}

impl<'t> Values<'t> {
    fn add(&mut self, side: &'t Masked) {
        let text = side.text.as_bytes();
        for value in side
            .hidden()
            .into_iter()
            .filter_map(|range| text.get(range))
        {
            if let Some(start) = value.get(..SHORTEST) {
                self.by_start.entry(start).or_default().insert(value);
            }
        }
    }

    fn mask(&self, side: &Masked) -> String {
        let mut text = String::with_capacity(side.masked.len());
        let mut covered = 0;
        for ((at, character), masked) in side.text.char_indices().zip(side.masked.chars()) {
            let rest = side.text.as_bytes().get(at..).unwrap_or_default();
            let longest = rest
                .get(..SHORTEST)
                .and_then(|start| self.by_start.get(start))
                .and_then(|values| values.iter().rev().find(|value| rest.starts_with(value)));
            if let Some(value) = longest {
                covered = covered.max(at + value.len());
            }
            let hide = at < covered && !matches!(character, '\n' | '\r');
            text.push(if hide { redact::MASK } else { masked });
        }
        text
    }
}

struct Diff {
    text: String,
    color: bool,
}

impl Diff {
    fn add(&mut self, change: &Change, sides: [&Masked; 2], masked: [&str; 2]) {
        let [old, new] = sides.map(|side| patch::lines(side.text.as_bytes()));
        let [masked_old, masked_new] =
            masked.map(|text| text.split_inclusive('\n').collect::<Vec<&str>>());
        // In a file that has them everywhere, carriage returns would only be noise.
        let windows = old
            .iter()
            .chain(&new)
            .all(|line| line.ends_with(b"\r\n") || !line.ends_with(b"\n"));

        let name: String = change.shown.chars().map(visible_in_name).collect();
        match change.before {
            Some(_) => self.line("1", "--- a/", &name),
            None => self.line("1", "--- ", "/dev/null"),
        }
        self.line("1", "+++ b/", &name);
        for hunk in patch::hunks(&old, &new) {
            self.line("36", "", &hunk.head());
            for line in &hunk.lines {
                let (color, sign, text) = match line {
                    Line::Context(old, new) => {
                        let (old, new) = (masked_old.get(*old), masked_new.get(*new));
                        let both = both_masked(
                            old.copied().unwrap_or_default(),
                            new.copied().unwrap_or_default(),
                        );
                        ("", " ", both)
                    }
                    Line::Removed(index) => ("31", "-", own(masked_old.get(*index))),
                    Line::Added(index) => ("32", "+", own(masked_new.get(*index))),
                };
                let (text, end) = match text.strip_suffix('\n') {
                    Some(text) => (text, true),
                    None => (text.as_str(), false),
                };
                let text = match text.strip_suffix('\r') {
                    Some(text) if windows && end => text,
                    _ => text,
                };
                let text: String = text.chars().map(visible).collect();
                self.line(color, sign, &text);
                if !end {
                    self.line("", "", NO_NEWLINE);
                }
            }
        }
    }

    fn line(&mut self, color: &str, sign: &str, text: &str) {
        // Writing to a string does not fail.
        let _ = if self.color && !color.is_empty() {
            writeln!(self.text, "\x1b[{color}m{sign}{text}\x1b[0m")
        } else {
            writeln!(self.text, "{sign}{text}")
        };
    }
}

fn own(line: Option<&&str>) -> String {
    line.copied().unwrap_or_default().to_owned()
}

/// A line that is the same in both texts may be part of a secret in one of them only.
fn both_masked(old: &str, new: &str) -> String {
    old.chars()
        .zip(new.chars())
        .map(|(old, new)| if new == redact::MASK { new } else { old })
        .collect()
}

/// In a name, tabs and line ends are no more welcome than other control characters.
fn visible_in_name(character: char) -> char {
    match character {
        '\t' => '\u{2409}',
        '\n' => '\u{240a}',
        _ => visible(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::PathBuf;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    const NONE: Known<'static> = [&[], &[]];

    fn change(before: Option<&str>, after: &str) -> Change {
        Change {
            path: PathBuf::from("/nowhere/a.js"),
            shown: "a.js".to_owned(),
            before: before.map(|text| text.as_bytes().to_vec()),
            after: after.as_bytes().to_vec(),
        }
    }

    fn diff(before: &str, after: &str) -> String {
        masked(&[(&change(Some(before), after), NONE)], false)
    }

    #[test]
    fn tokens_are_masked_on_both_sides_and_around() {
        let before = format!("// {TOKEN}\nconst t = '{TOKEN}';\nsend(t);\n");
        let after = format!("// {TOKEN}\n// was '{TOKEN}'\nsend(await token());\n");
        let token = format!("0123{}", "•".repeat(28));
        assert_eq!(
            diff(&before, &after),
            format!(
                "--- a/a.js\n+++ b/a.js\n@@ -1,3 +1,3 @@\n // {token}\n-const t = '{token}';\n-send(t);\n\
                 +// was '{token}'\n+send(await token());\n"
            )
        );
    }

    #[test]
    fn a_token_over_several_lines_is_masked_where_only_one_of_them_changes() {
        let before = "x = \"01234567\"\n    + \"89abcdef\"\n    + \"0123456789abcdef\";\n";
        let after = before.replace("    + \"89abcdef\"\n", "    + other\n");
        let shown = diff(before, &after);
        for part in ["456789", "89abcdef", "cdef"] {
            assert!(!shown.contains(part), "{shown}");
        }
    }

    #[test]
    fn known_secrets_are_masked_in_every_file() {
        let one = change(Some("login(\"swordfish\")\n"), "login()\n");
        let other = change(Some("a\n// swordfish\nb\n"), "a\n// swordfish\nc\n");
        let known = std::slice::from_ref(&(7..16));
        let shown = masked(&[(&one, [known, &[]]), (&other, NONE)], false);
        assert_eq!(shown.matches("•••••••••").count(), 2, "{shown}");
        assert!(!shown.contains("sword"), "{shown}");
    }

    #[test]
    fn secrets_that_are_known_after_the_change_only_are_masked_too() {
        let one = change(Some("a\nlogin(\"fish\")\n"), "b\nlogin(\"fish\")\n");
        let shown = masked(&[(&one, [&[], std::slice::from_ref(&(9..13))])], false);
        assert!(shown.contains("login(\"••••\")"), "{shown}");
    }

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        let mut change = change(Some("a\x1b[31m\u{202e}b\rc\n"), "\x07\n");
        change.shown = "x\x1b[0m\ny.js".to_owned();
        let shown = masked(&[(&change, NONE)], false);
        assert_eq!(
            shown,
            "--- a/x␛[0m␊y.js\n+++ b/x␛[0m␊y.js\n@@ -1,1 +1,1 @@\n-a␛[31m\u{fffd}b␍c\n+␇\n"
        );
    }

    #[test]
    fn carriage_returns_are_shown_where_not_every_line_has_one() {
        assert!(diff("a\r\nb\r\n", "a\r\nc\r\n").ends_with(" a\n-b\n+c\n"));
        assert!(diff("a\r\nb\n", "a\r\nc\n").ends_with(" a␍\n-b\n+c\n"));
        assert!(
            diff("a\r\nb", "a\r\nc").ends_with(
                " a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
            )
        );
    }

    #[test]
    fn colours_are_around_whole_lines() {
        let colored = masked(&[(&change(Some("a\nb\n"), "a\nc\n"), NONE)], true);
        assert!(colored.ends_with(
            "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n a\n\x1b[31m-b\x1b[0m\n\x1b[32m+c\x1b[0m\n"
        ));
        let plain = diff("a\nb\n", "a\nc\n");
        let codes = regex::Regex::new("\x1b\\[[0-9]*m").unwrap();
        assert_eq!(codes.replace_all(&colored, ""), plain);
    }

    #[test]
    fn a_file_that_is_no_text_is_shown_somehow() {
        let mut change = change(None, "");
        change.before = Some(b"caf\xe9\n\0\n".to_vec());
        change.after = b"caf\xe9\n".to_vec();
        assert!(masked(&[(&change, NONE)], false).contains("␀"));
    }

    #[test]
    fn half_a_token_is_still_one_when_its_other_half_is_gone() {
        let (left, right) = TOKEN.split_at(10);
        let shown = diff(
            &format!("t = \"{left}\" +\n  \"{right}\";\n"),
            &format!("// t = \"{left}\" +\n// \"{right}\";\n"),
        );
        for part in [&TOKEN[4..10], &TOKEN[14..20], &TOKEN[20..]] {
            assert!(!shown.contains(part), "{shown}");
        }
    }

    #[test]
    fn many_secrets_take_linear_time() {
        let text: String = (0..40_000u64)
            .map(|index| {
                format!(
                    "k = '{:016x}{index:016x}'\n",
                    index.wrapping_mul(0x9e37_79b9_7f4a_7c15)
                )
            })
            .collect();
        let began = std::time::Instant::now();
        diff(&text, &format!("{text}x\n"));
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    }

    proptest! {
        #[test]
        fn planted_tokens_never_survive(
            lines in proptest::collection::vec("[g-z ='\";]{0,12}", 1..12),
            at in any::<prop::sample::Index>(),
            cut in 1usize..31,
            changed in any::<prop::sample::Index>(),
        ) {
            let (left, right) = TOKEN.split_at(cut);
            let mut before = lines.clone();
            before.insert(at.index(lines.len() + 1), format!("t = \"{left}\"\n  + \"{right}\" + '{TOKEN}';"));
            let mut after = before.clone();
            let index = changed.index(after.len());
            after[index] = format!("// {}", after[index].replace('\n', "\n//"));
            let shown = diff(&before.join("\n"), &after.join("\n"));
            for window in TOKEN.as_bytes().windows(8) {
                prop_assert!(!shown.contains(std::str::from_utf8(window).unwrap()), "{}", shown);
            }
        }
    }
}
