//! Edits: byte ranges of decoded texts and what stands there instead.
//!
//! Owns their order, what makes two of them conflict, and applying them. It must not know why they are made.

use crate::syntax::tree::Span;
use std::collections::BTreeMap;

/// What stands in the place of `span` afterwards. An empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextEdit {
    /// Relative to the report root, with `/`.
    pub path: String,
    /// Bytes of the decoded text.
    pub span: Span,
    pub text: String,
}

impl TextEdit {
    pub fn replace(path: &str, span: Span, text: impl Into<String>) -> TextEdit {
        TextEdit {
            path: path.to_string(),
            span,
            text: text.into(),
        }
    }
    pub fn insert(path: &str, at: u32, text: impl Into<String>) -> TextEdit {
        TextEdit::replace(path, Span { start: at, end: at }, text)
    }
    pub fn delete(path: &str, span: Span) -> TextEdit {
        TextEdit::replace(path, span, "")
    }
    /// Whether both cannot be made: they overlap or touch, and are not the same edit.
    pub fn conflicts(&self, other: &TextEdit) -> bool {
        self.path == other.path
            && self != other
            && self.span.start <= other.span.end
            && other.span.start <= self.span.end
            // Things put in at one place side by side (imports) are no contradiction.
            && !(self.span.is_empty() && other.span.is_empty())
            && !self.is_line_beside(other)
            && !other.is_line_beside(self)
            && !self.is_deletion_beside(other)
    }

    /// Whether both only take out what stands side by side: neither changes what the other is about.
    fn is_deletion_beside(&self, other: &TextEdit) -> bool {
        self.text.is_empty()
            && other.text.is_empty()
            && (self.span.end == other.span.start || other.span.end == self.span.start)
    }

    /// Whether this puts in whole lines before or behind lines that the other takes out.
    fn is_line_beside(&self, other: &TextEdit) -> bool {
        let at = self.span.start;
        self.span.is_empty()
            && self.text.ends_with('\n')
            && other.text.is_empty()
            && (at == other.span.start || at == other.span.end)
    }
}

/// Drops indentation that one edit of a fix puts into lines that another takes out.
pub fn without_lost_indentation(edits: &mut Vec<TextEdit>) {
    let taken: Vec<(String, Span)> = edits
        .iter()
        .filter(|edit| !edit.span.is_empty())
        .map(|edit| (edit.path.clone(), edit.span))
        .collect();
    edits.retain(|edit| {
        let is_indentation = edit.span.is_empty() && edit.text.trim().is_empty();
        !is_indentation
            || !taken.iter().any(|(path, span)| {
                *path == edit.path && span.start < edit.span.start && edit.span.start < span.end
            })
    });
}

/// Edits of several fixes that go together, by file.
#[derive(Clone, Debug, Default)]
pub struct EditSet {
    files: BTreeMap<String, Vec<TextEdit>>,
}

impl EditSet {
    /// Takes all edits of a fix, or none if one of them conflicts with what is there.
    pub fn add(&mut self, edits: &[TextEdit]) -> bool {
        let conflict = edits.iter().any(|edit| {
            self.files
                .get(&edit.path)
                .is_some_and(|known| known.iter().any(|other| other.conflicts(edit)))
        });
        if conflict {
            return false;
        }
        for edit in edits {
            let list = self.files.entry(edit.path.clone()).or_default();
            if !list.contains(edit) {
                list.push(edit.clone());
            }
        }
        true
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub fn of(&self, path: &str) -> &[TextEdit] {
        self.files.get(path).map_or(&[], Vec::as_slice)
    }

    /// The text of a file with its edits made. Things put in at one place keep the order in which they came.
    pub fn apply(&self, path: &str, text: &str) -> String {
        let mut edits: Vec<&TextEdit> = self.of(path).iter().collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for edit in edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            out.push_str(text.get(at..start).unwrap_or_default());
            out.push_str(&edit.text);
            at = end.max(at);
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    #[test]
    fn a_fix_applies_whole_or_not_at_all() {
        let mut set = EditSet::default();
        assert!(set.add(&[TextEdit::delete("a", span(2, 4))]));
        let crossing = [
            TextEdit::delete("a", span(8, 9)),
            TextEdit::replace("a", span(4, 6), "x"),
        ];
        assert!(!set.add(&crossing), "touching edits conflict");
        assert_eq!(set.of("a").len(), 1);
        assert!(
            set.add(&[TextEdit::delete("a", span(2, 4))]),
            "the same edit"
        );
        assert_eq!(set.apply("a", "0123456789"), "01456789");
    }

    #[test]
    fn lines_that_stand_side_by_side_can_all_be_taken_out() {
        let mut set = EditSet::default();
        assert!(set.add(&[TextEdit::delete("a", span(2, 4))]));
        assert!(set.add(&[TextEdit::delete("a", span(4, 6))]));
        assert!(
            !set.add(&[TextEdit::delete("a", span(5, 7))]),
            "they overlap"
        );
        assert_eq!(set.apply("a", "0123456789"), "016789");
    }

    #[test]
    fn what_is_put_in_at_one_place_stands_side_by_side() {
        let mut set = EditSet::default();
        assert!(set.add(&[TextEdit::insert("a", 1, "x")]));
        assert!(set.add(&[TextEdit::insert("a", 1, "y")]));
        assert!(set.add(&[TextEdit::insert("a", 1, "x")]));
        assert_eq!(set.apply("a", "01"), "0xy1");
    }
}
