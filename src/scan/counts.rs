//! How many units of some kind (characters, UTF-16 units) stand before a place in a text, without counting from the
//! beginning each time: a file may be one line of two megabytes with thousands of places to name.

/// Counts at regular places in a text. Belongs to the text it was made from.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// Units before the first character that begins at or after `n * STEP`; empty if every byte is one unit.
    marks: Vec<usize>,
    unit: fn(char) -> usize,
}

const STEP: usize = 256;

impl Counts {
    pub(super) fn new(text: &str, unit: fn(char) -> usize) -> Self {
        let mut marks = Vec::new();
        if !text.is_ascii() {
            let mut units = 0;
            for (at, character) in text.char_indices() {
                if at >= marks.len() * STEP {
                    marks.push(units);
                }
                units += unit(character);
            }
        }
        Self { marks, unit }
    }

    /// Units before `offset`, which is moved back to the beginning of a character.
    pub(super) fn before(&self, text: &str, offset: usize) -> usize {
        let offset = floor(text, offset);
        let index = (offset / STEP).min(self.marks.len().saturating_sub(1));
        let Some(mark) = self.marks.get(index) else {
            return offset;
        };
        // `offset` begins a character at or after `index * STEP`, so the marked one cannot lie behind it.
        let start = ceiling(text, index * STEP);
        mark + text
            .get(start..offset)
            .unwrap_or_default()
            .chars()
            .map(self.unit)
            .sum::<usize>()
    }
}

/// The beginning of the character that `offset` lies in; the end of the text if it lies beyond.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn ceiling(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_counting_from_the_beginning() {
        for pattern in ["a", "\u{e9}", "a\u{20ac}", "😀", "ab😀\u{e9}\u{20ac}"] {
            for repeat in [0, 1, 341, 342, 512, 1024, 2500] {
                let text = pattern.repeat(repeat);
                let counts = Counts::new(&text, char::len_utf16);
                let mut units = 0;
                for (at, character) in text.char_indices() {
                    assert_eq!(counts.before(&text, at), units);
                    units += character.len_utf16();
                }
                assert_eq!(counts.before(&text, text.len()), units);
                assert_eq!(counts.before(&text, usize::MAX), units);
            }
        }
    }
}
