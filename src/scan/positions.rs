//! Lines and columns as people and their editors count them.

use super::counts::Counts;

/// A place in a text, both counted from 1. A column is a Unicode code point; a tab counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Where the lines of a text begin. Made once for a file; every look-up is fast, on lines of any length.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
    characters: Counts,
}

impl<'a> LineIndex<'a> {
    /// Lines end at `\n`, at `\r\n` and at a lone `\r`.
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        Self {
            text,
            starts,
            characters: Counts::new(text, |_| 1),
        }
    }

    /// How many lines the text has; a final line end begins a last, empty one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line counted from 1, its line end included. `None` past the last.
    pub fn line(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        Some(start..end)
    }

    /// The position of a byte of the text. Past the end it is that of the end; within a character, that of the
    /// character.
    pub fn position(&self, text_offset: usize) -> Position {
        let offset = super::counts::floor(self.text, text_offset);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| self.starts.get(index))
            .copied()
            .unwrap_or(0);
        let column =
            self.characters.before(self.text, offset) - self.characters.before(self.text, start);
        Position {
            line,
            column: column + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str, offset: usize) -> (usize, usize) {
        let position = LineIndex::new(text).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn all_three_line_ends_count() {
        let text = "a\nb\r\nc\rd";
        assert_eq!(at(text, 0), (1, 1));
        assert_eq!(at(text, 2), (2, 1));
        assert_eq!(
            at(text, 4),
            (2, 3),
            "the \\n of \\r\\n still belongs to its line"
        );
        assert_eq!(at(text, 5), (3, 1));
        assert_eq!(at(text, 7), (4, 1));
        assert_eq!(at(text, 8), (4, 2), "the end of the text");
        assert_eq!(at("a\n", 2), (2, 1));
    }

    #[test]
    fn columns_are_code_points_and_tabs_count_one() {
        let text = "\t\u{e9}😀x";
        assert_eq!(at(text, text.find('x').unwrap()), (1, 4));
        assert_eq!(at(text, 4), (1, 3), "within a character");
    }

    #[test]
    fn lines_are_given_back_with_their_ends() {
        let index = LineIndex::new("a\r\nb\n");
        assert_eq!(index.lines(), 3);
        assert_eq!(index.line(1), Some(0..3));
        assert_eq!(index.line(2), Some(3..5));
        assert_eq!(index.line(3), Some(5..5));
        assert_eq!(index.line(4), None);
        assert_eq!(index.line(0), None);
    }

    #[test]
    fn one_line_of_megabytes_is_not_counted_from_its_beginning_each_time() {
        let text = "\u{e9}".repeat(1_000_000);
        let index = LineIndex::new(&text);
        for step in 0..20_000 {
            assert_eq!(index.position(step * 100).column, step * 50 + 1);
        }
    }

    proptest! {
        #[test]
        fn positions_agree_with_reading_the_text_letter_by_letter(text in "[ab\r\n\u{e9}😀]{0,80}") {
            let index = LineIndex::new(&text);
            let (mut line, mut column) = (1, 1);
            let mut letters = text.char_indices().peekable();
            while let Some((at, letter)) = letters.next() {
                prop_assert_eq!(index.position(at), Position { line, column });
                let next_is_feed = letters.peek().is_some_and(|(_, next)| *next == '\n');
                if letter == '\n' || (letter == '\r' && !next_is_feed) {
                    line += 1;
                    column = 1;
                } else {
                    column += 1;
                }
            }
            prop_assert_eq!(index.position(text.len()), Position { line, column });
            prop_assert_eq!(index.lines(), line);
        }
    }
}
