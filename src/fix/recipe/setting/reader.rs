//! Code that cannot do without a setting although nothing sends it any more: a guard, a call on its value.
//!
//! Reads text, as a guard may stand in any shape; where it is wrong, a person looks. It must not know what becomes
//! of the setting.

use crate::fix::edits::TextEdit;
use crate::flow::Unit;
use crate::scan::LineIndex;
use crate::syntax::tree::Language;
use std::rc::Rc;

/// The first place, as path and line, whose code fails without a value for this key.
pub(super) fn in_need_of(units: &[Rc<Unit>], key: &str, made: &[&TextEdit]) -> Option<String> {
    units
        .iter()
        .filter(|unit| {
            !unit.is_embedded
                && matches!(
                    unit.language(),
                    Language::Java | Language::JavaScript | Language::TypeScript | Language::Rust
                )
        })
        .find_map(|unit| {
            let at = need(&unit.text, key, &|at| {
                made.iter().any(|edit| {
                    edit.path == unit.path
                        && (edit.span.start as usize..edit.span.end as usize).contains(&at)
                })
            })?;
            let line = LineIndex::new(&unit.text).position(at).line;
            Some(format!("{}:{line}", unit.path))
        })
}

fn need(text: &str, key: &str, is_gone: &dyn Fn(usize) -> bool) -> Option<usize> {
    words(text, key).find_map(|at| {
        if is_gone(at) {
            return None;
        }
        let line_start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let before = text.get(line_start..at)?;
        let after = text.get(at + key.len()..)?;
        let name = bound(before);
        // The key is asked for as a text, or as a member of the environment.
        let is_read = before.ends_with(['"', '\'', '.']);
        if !is_read {
            return None;
        }
        let value = after.trim_start_matches(['"', '\'', ')', ']']);
        if fails(value) || is_denied(before) {
            return Some(at);
        }
        let name = name?;
        words(text, name).find(|used| {
            !is_gone(*used)
                && text.get(*used + name.len()..).is_some_and(|after| {
                    fails(after) || is_compared(after) || text.get(..*used).is_some_and(is_denied)
                })
        })
    })
}

/// Where a word stands as a whole.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = text
                .get(..*at)
                .and_then(|before| before.chars().next_back());
            let after = text
                .get(at + word.len()..)
                .and_then(|after| after.chars().next());
            !word.is_empty() && !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// The name that a line binds to what it goes on with: `const token = process.env.`.
fn bound(before: &str) -> Option<&str> {
    let (left, _) = before.split_once('=')?;
    let left = left.trim_end();
    let left = left.split_once(':').map_or(left, |(name, _)| name);
    let name = left.rsplit(|character| !is_word(character)).next()?;
    (!name.is_empty()).then_some(name)
}

/// Whether the text behind a value asks more of it than to be there.
fn fails(after: &str) -> bool {
    const HARMLESS: [&str; 5] = [".unwrap_or", ".ok(", ".is_some", ".or", ".map("];
    let first = after.chars().nth(1);
    let is_call = after.starts_with('.') && first.is_some_and(char::is_alphabetic);
    let hands_on = after.starts_with('?') && matches!(first, Some(';' | ')'));
    (is_call && !HARMLESS.iter().any(|name| after.starts_with(name))) || hands_on
}

/// Whether the text behind a value compares it with nothing.
fn is_compared(after: &str) -> bool {
    let after = after.trim_start();
    let Some(with) = after
        .strip_prefix("===")
        .or_else(|| after.strip_prefix("=="))
    else {
        return false;
    };
    let with = with.trim_start();
    ["null", "undefined", "''", "\"\""]
        .iter()
        .any(|nothing| with.starts_with(nothing))
}

/// Whether `!` or `requireNonNull(` stands before an expression.
fn is_denied(before: &str) -> bool {
    let start = before.trim_end_matches(|character| {
        is_word(character) || matches!(character, '.' | '[' | '"' | '\'')
    });
    start.ends_with('!')
        || before.ends_with("requireNonNull(")
        || before.ends_with("isEmpty(")
        || before.ends_with("isBlank(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(text: &str) -> bool {
        need(text, "ZOHO_AUTHTOKEN", &|_| false).is_some()
    }

    #[test]
    fn a_guard_and_a_call_on_the_value_need_the_setting() {
        assert!(needs(
            "const t = process.env.ZOHO_AUTHTOKEN;\nif (!t) throw new Error('no');"
        ));
        assert!(needs("if (!process.env.ZOHO_AUTHTOKEN) process.exit(1);"));
        assert!(needs(
            "String t = System.getenv(\"ZOHO_AUTHTOKEN\").trim();"
        ));
        assert!(needs("let t = env::var(\"ZOHO_AUTHTOKEN\").unwrap();"));
        assert!(needs(
            "String t = System.getenv(\"ZOHO_AUTHTOKEN\");\nif (t == null) return;"
        ));
    }

    #[test]
    fn a_value_that_nothing_is_done_with_needs_no_setting() {
        assert!(!needs("const t = process.env.ZOHO_AUTHTOKEN;\nsend(t);"));
        assert!(!needs("const t = process.env.ZOHO_AUTHTOKEN || '';"));
        assert!(!needs(
            "let t = env::var(\"ZOHO_AUTHTOKEN\").unwrap_or_default();"
        ));
        assert!(!needs("// ZOHO_AUTHTOKEN is gone."));
    }
}
