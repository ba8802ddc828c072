//! The reader of last resort: `key: value` and `key = value`, line by line.
//!
//! It reads what is left of a file that its own parser refuses. It must not know the format: nesting is
//! lost, keys and values are found all the same.

use super::settings::Settings;

/// Longest key that is looked for: on a minified line the rest of the file would be searched otherwise.
const LONGEST_KEY: usize = 200;

/// Reads all lines from `from` to the end.
pub(super) fn read_rest(settings: &mut Settings<'_>, from: usize) {
    let mut start = from;
    while start < settings.text.len() {
        let end = settings.line_end(start);
        read_line(settings, start, end);
        start = settings.next_line(start);
    }
}

/// Reads one line, or the rest of one.
pub(super) fn read_line(settings: &mut Settings<'_>, start: usize, end: usize) {
    let (start, end) = settings.trim(start, end);
    let line = settings.slice(start, end);
    if line.is_empty() {
        return;
    }
    for (opening, closing) in [
        ("#", ""),
        (";", ""),
        ("//", ""),
        ("<!--", "-->"),
        ("/*", "*/"),
    ] {
        if line.starts_with(opening) {
            let text_start = start + opening.len();
            let has_closing = !closing.is_empty()
                && line.ends_with(closing)
                && line.len() >= opening.len() + closing.len();
            let text_end = if has_closing {
                end - closing.len()
            } else {
                end
            };
            settings.builder.comment(start, end, text_start, text_end);
            return;
        }
    }
    let dashes = line.len()
        - line
            .trim_start_matches(['-', ' ', '\t', '{', '[', ','])
            .len();
    let key_start = start + dashes;
    let Some((key, value_start)) = key_before_separator(settings.slice(key_start, end), key_start)
    else {
        return;
    };
    let (value_start, value_end) = settings.trim(value_start, end);
    let value = settings.slice(value_start, value_end);
    let path = settings.slice(key.0, key.1).to_string();
    let node = match value.chars().next() {
        None => None,
        Some(quote @ ('"' | '\'')) => {
            let inner = value_start + 1;
            let length = settings.slice(inner, value_end).find(quote);
            let inner_end = length.map_or(value_end, |length| inner + length);
            let literal_end = length.map_or(value_end, |length| inner + length + 1);
            let text = settings.exact(inner, inner_end);
            Some(settings.string(text, value_start, literal_end))
        }
        Some(_) => {
            let bare = value.trim_end_matches([',', ';']).trim_end().len();
            (bare > 0).then(|| settings.scalar(value_start, value_start + bare))
        }
    };
    settings.setting(path, key, node);
}

/// The key at the beginning of `line` (which stands at `offset`) and where its value begins.
fn key_before_separator(line: &str, offset: usize) -> Option<((usize, usize), usize)> {
    let quote = line
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let start = quote.map_or(0, |_| 1);
    let mut end = None;
    for (index, character) in line.char_indices().skip(start) {
        if index > LONGEST_KEY {
            return None;
        }
        if is_end_of_key(character, quote) {
            end = Some(index);
            break;
        }
        if quote.is_none() && !is_key_character(character) {
            return None;
        }
    }
    let end = end.filter(|end| *end > start)?;
    let behind = end + quote.map_or(0, |_| 1);
    let rest = line.get(behind..)?;
    let blanks = rest.len() - rest.trim_start().len();
    let separator = rest.trim_start();
    let length = if separator.starts_with("=>") || separator.starts_with(":=") {
        2
    } else if separator.starts_with([':', '=']) && !separator.starts_with("://") {
        1
    } else {
        return None;
    };
    let key = (offset + start, offset + end);
    Some((key, offset + behind + blanks + length))
}

fn is_end_of_key(character: char, quote: Option<char>) -> bool {
    match quote {
        Some(quote) => character == quote,
        None => matches!(character, ':' | '=' | ' ' | '\t'),
    }
}

fn is_key_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '$' | '@' | '/')
}
