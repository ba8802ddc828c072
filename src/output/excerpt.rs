//! The only source text that a renderer ever gets: the masked excerpt of a finding.
//!
//! `miette` wants to search the whole file for every finding, from the top, and counts columns in bytes.
//! This [`SourceCode`] holds a few lines, knows the number of the first one and how much of it was cut, and
//! answers with lines and columns in code points.

use crate::finding::Excerpt;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

pub struct ExcerptSource<'e> {
    path: &'e str,
    excerpt: &'e Excerpt,
}

impl<'e> ExcerptSource<'e> {
    pub fn new(path: &'e str, excerpt: &'e Excerpt) -> ExcerptSource<'e> {
        ExcerptSource { path, excerpt }
    }

    /// Line and column in the file, both from 1, of a byte offset in the excerpt.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let text = &self.excerpt.text;
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = text.get(..offset).unwrap_or_default();
        let (above, left) = match before.rsplit_once('\n') {
            Some((above, left)) => (above.matches('\n').count() + 1, left),
            None => (0, before),
        };
        let missing = if above == 0 {
            self.excerpt.first_column as usize
        } else {
            0
        };
        (
            self.excerpt.first_line as usize + above,
            missing + left.chars().count() + 1,
        )
    }
}

impl SourceCode for ExcerptSource<'_> {
    /// Asked for a span without context, `miette` wants to know where it stands, for the head of the picture;
    /// asked for one with context, it wants the lines to draw, and gets them all: an excerpt is small, and
    /// one picture is better than two of the same place.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        _context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.excerpt.text.as_str();
        let (line, column, whole) = if context_lines_before == 0 {
            let (line, column) = self.place(span.offset());
            (line, column, *span)
        } else {
            let line = self.excerpt.first_line as usize;
            (line, 1, SourceSpan::new(0.into(), text.len()))
        };
        let data = text
            .get(whole.offset()..whole.offset() + whole.len())
            .unwrap_or(text);
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.to_owned(),
            data.as_bytes(),
            whole,
            line.saturating_sub(1),
            column.saturating_sub(1),
            data.lines().count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::sample;

    #[test]
    fn places_are_those_of_the_finding_also_with_tabs_emoji_and_cjk() {
        for (text, what) in [
            ("a\n\tsend(token)\n", "token"),
            ("x = '🦀🦀' + token", "token"),
            ("鍵 = \"認証\"; token", "token"),
            ("e\u{301}e\u{301} token", "token"),
            ("one\r\ntwo token\r\n", "token"),
        ] {
            let finding = sample::finding_in("authtoken-header", "a.js", text, what, &[]);
            let place = ExcerptSource::new("a.js", &finding.excerpt).place(finding.excerpt.start);
            let expected = finding.range.start;
            assert_eq!(place, (expected.line as usize, expected.column as usize));
        }
    }

    #[test]
    fn places_in_a_line_that_was_cut_are_those_of_the_file() {
        let text = format!("first\n{}token{}", "é ".repeat(3000), " ;".repeat(3000));
        let finding = sample::finding_in("authtoken-header", "a.js", &text, "token", &[]);
        let place = ExcerptSource::new("a.js", &finding.excerpt).place(finding.excerpt.start);
        assert_eq!(place, (2, 6001));
    }

    #[test]
    fn offsets_out_of_place_are_answered() {
        let excerpt = Excerpt {
            first_line: 7,
            text: "é\n".to_owned(),
            ..Excerpt::default()
        };
        let source = ExcerptSource::new("a.js", &excerpt);
        assert_eq!(source.place(1), (7, 1));
        assert_eq!(source.place(99), (8, 1));
        assert!(
            source
                .read_span(&SourceSpan::new(99.into(), 5), 0, 0)
                .is_ok()
        );
        assert!(
            source
                .read_span(&SourceSpan::new(1.into(), 1), 1, 1)
                .is_ok()
        );
    }
}
