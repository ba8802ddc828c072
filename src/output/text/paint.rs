//! Colours, words that fit the width, and text that is safe to print.

use crate::rules::model::Level;

/// Colours for words, or none.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub color: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub fn help(self, text: &str) -> String {
        self.with("36", text)
    }

    pub fn good(self, text: &str) -> String {
        self.with("1;32", text)
    }

    pub fn level(self, level: Level, text: &str) -> String {
        let code = match level {
            Level::Error => "1;31",
            Level::Warning => "1;33",
            Level::Note => "1;36",
        };
        self.with(code, text)
    }
}

pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// Breaks `text` at blanks so that no line is wider than `width` where words allow it. The first line has
/// `used` columns less; the following ones begin with `indent` blanks.
pub(super) fn wrap(text: &str, width: usize, used: usize, indent: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    let mut column = used;
    let mut first = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !first && column + 1 + length > width {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(indent));
            column = indent;
        } else if !first {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += length;
        first = false;
    }
    wrapped
}

/// Our own signs for a reader who only has ASCII. Text of the scanned code stays as it is.
pub(super) fn to_ascii(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            crate::redact::MASK => '*',
            '…' => '~',
            '·' => '-',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_blanks_and_never_inside_a_word() {
        assert_eq!(wrap("aa bb cc dd", 8, 3, 2), "aa bb\n  cc dd");
        assert_eq!(
            wrap("averyveryverylongword x", 8, 0, 2),
            "averyveryverylongword\n  x"
        );
        assert_eq!(wrap("  ", 8, 0, 2), "");
    }
}
