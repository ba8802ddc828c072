//! Shell assignments inside a scalar: `A=1 B="x y" C=3`.
//!
//! It owns what counts as an assignment. It must not know YAML.

pub(super) struct Assignment {
    /// Ranges of the value of the scalar.
    pub(super) key: (usize, usize),
    pub(super) value: (usize, usize),
}

/// The assignments in a scalar, as ranges of its value. In a list the first word decides; elsewhere all
/// words must be assignments to names in capitals, so that prose and Base64 are none.
pub(super) fn assignments(value: &str, is_item: bool, keeps_blanks: bool) -> Vec<Assignment> {
    let mut found = Vec::new();
    let mut at = value.len() - value.trim_start().len();
    if let Some(rest) = value
        .get(at..)
        .and_then(|rest| rest.strip_prefix("export "))
    {
        at = value.len() - rest.trim_start().len();
    }
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let key_length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        let is_name = rest
            .bytes()
            .next()
            .is_some_and(|byte| !byte.is_ascii_digit());
        let key = (at, at + key_length);
        if key_length == 0 || !is_name || rest.as_bytes().get(key_length) != Some(&b'=') {
            // Something that is no assignment.
            if !is_item {
                return Vec::new();
            }
            if keeps_blanks && found.len() == 1 {
                // The value has blanks.
                let end = value.trim_end().len();
                if let Some(Assignment { value: range, .. }) = found.first_mut() {
                    *range = unquoted(value, range.0, end);
                }
            }
            return found;
        }
        let name = rest.get(..key_length).unwrap_or("");
        if !is_item && name.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Vec::new();
        }
        let start = key.1 + 1;
        let end = word_end(value, start);
        if start == end && !is_item {
            return Vec::new();
        }
        found.push(Assignment {
            key,
            value: unquoted(value, start, end),
        });
        let behind = value.get(end..).unwrap_or("");
        at = value.len() - behind.trim_start().len();
    }
    found
}

/// The end of the shell word at `start`; quotes hold blanks.
fn word_end(value: &str, start: usize) -> usize {
    let mut quote = None;
    for (index, character) in value.get(start..).unwrap_or("").char_indices() {
        match (character, quote) {
            (character, Some(open)) if character == open => quote = None,
            ('"' | '\'', None) => quote = Some(character),
            (character, None) if character.is_whitespace() => return start + index,
            _ => {}
        }
    }
    value.len()
}

fn unquoted(value: &str, start: usize, end: usize) -> (usize, usize) {
    let word = value.get(start..end).unwrap_or("");
    let is_quoted = word.len() >= 2
        && ["\"", "'"]
            .iter()
            .any(|quote| word.starts_with(quote) && word.ends_with(quote));
    if is_quoted {
        (start + 1, end - 1)
    } else {
        (start, end)
    }
}
