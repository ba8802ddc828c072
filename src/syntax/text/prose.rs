//! Prose, line by line: what Markdown and plain text files have in common.
//!
//! It owns that a line of prose is documentation (a comment) and which indented lines are code. It must
//! not know one markup.

use crate::syntax::tree::TreeBuilder;

/// The lines of a text as ranges without line break; the second number is where the next one begins.
pub(in crate::syntax) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |whole| {
        let content = whole.strip_suffix('\n').unwrap_or(whole);
        let content = content.strip_suffix('\r').unwrap_or(content);
        let line = Line {
            text: content,
            start: at,
            end: at + content.len(),
            next: at + whole.len(),
        };
        at = line.next;
        line
    })
}

#[derive(Clone, Copy, Debug)]
pub(in crate::syntax) struct Line<'a> {
    pub(in crate::syntax) text: &'a str,
    pub(in crate::syntax) start: usize,
    pub(in crate::syntax) end: usize,
    pub(in crate::syntax) next: usize,
}

impl Line<'_> {
    pub(in crate::syntax) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Width of the indentation; a tab goes on to the next multiple of four.
    pub(in crate::syntax) fn indentation(&self) -> usize {
        let mut width = 0;
        for byte in self.text.bytes() {
            match byte {
                b' ' => width += 1,
                b'\t' => width += 4 - width % 4,
                _ => break,
            }
        }
        width
    }
}

/// Records `start..end` of the text as documentation, without the blanks around it.
pub(in crate::syntax) fn document(builder: &mut TreeBuilder, text: &str, start: usize, end: usize) {
    let slice = text.get(start..end).unwrap_or("");
    let trimmed = slice.trim_start();
    let start = start + (slice.len() - trimmed.len());
    let end = start + trimmed.trim_end().len();
    if start < end {
        builder.comment(start, end, start, end);
    }
}

/// Finds indented code: a run of lines that are indented deeper than the text around, begun behind a blank
/// line.
#[derive(Debug)]
pub(in crate::syntax) struct IndentedCode {
    block: Option<(usize, usize)>,
    after_blank: bool,
    /// How deep the items of the list around are indented: deeper text is theirs.
    list: usize,
}

impl IndentedCode {
    pub(in crate::syntax) fn new() -> IndentedCode {
        IndentedCode {
            block: None,
            after_blank: true,
            list: 0,
        }
    }

    /// Takes a line; true if it is code (or a blank line that may be part of it).
    pub(in crate::syntax) fn take(
        &mut self,
        builder: &mut TreeBuilder,
        line: &Line<'_>,
        depth: usize,
    ) -> bool {
        if line.is_blank() {
            self.after_blank = true;
            return self.block.is_some();
        }
        let indentation = line.indentation();
        let is_code =
            indentation >= self.list + depth && (self.after_blank || self.block.is_some());
        self.after_blank = false;
        if is_code {
            let start = self.block.map_or(line.start, |block| block.0);
            self.block = Some((start, line.end));
            return true;
        }
        self.close(builder);
        let content = line.text.trim_start();
        if let Some(width) = list_marker(content) {
            self.list = indentation + width;
        } else if indentation == 0 {
            self.list = 0;
        }
        false
    }

    /// Ends the block that is open, if there is one.
    pub(in crate::syntax) fn close(&mut self, builder: &mut TreeBuilder) {
        if let Some((start, end)) = self.block.take() {
            builder.embed("", start, end);
        }
    }

    /// A block of another kind has ended: what follows stands as after a blank line.
    pub(in crate::syntax) fn restart(&mut self) {
        self.after_blank = true;
    }
}

/// The width of a list marker with the blank behind it.
pub(in crate::syntax) fn list_marker(content: &str) -> Option<usize> {
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let mark = content.get(digits..)?.chars().next()?;
    let is_marker = match mark {
        '-' | '*' | '+' => digits == 0,
        '.' | ')' => (1..=9).contains(&digits),
        _ => false,
    };
    let behind = content.as_bytes().get(digits + 1);
    (is_marker && matches!(behind, None | Some(b' ' | b'\t'))).then_some(digits + 2)
}
