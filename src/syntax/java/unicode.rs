//! Unicode escapes (`\u0041`), which Java allows anywhere in a file, also in names and as punctuation.
//!
//! It owns their recognition and their translation. It must not know literals or the tree.

use std::borrow::Cow;

/// The UTF-16 code unit that the escape at `start` stands for, and where the escape ends.
pub(super) fn escape_at(bytes: &[u8], start: usize) -> Option<(u16, usize)> {
    if bytes.get(start) != Some(&b'\\') || bytes.get(start + 1) != Some(&b'u') {
        return None;
    }
    // Any number of `u` may follow the backslash.
    let digits = start
        + 1
        + bytes
            .get(start + 1..)?
            .iter()
            .take_while(|byte| **byte == b'u')
            .count();
    let mut unit = 0u16;
    for byte in bytes.get(digits..digits + 4)? {
        unit = unit * 16 + char::from(*byte).to_digit(16)? as u16;
    }
    Some((unit, digits + 4))
}

/// The character that one escape, or two that form a surrogate pair, stand for. Half a pair has no
/// character and becomes U+FFFD.
pub(super) fn character_at(bytes: &[u8], start: usize) -> Option<(char, usize)> {
    let (unit, end) = escape_at(bytes, start)?;
    if let Some(character) = char::from_u32(u32::from(unit)) {
        return Some((character, end));
    }
    if let Some((low, low_end)) = escape_at(bytes, end)
        && let Some(Ok(character)) = char::decode_utf16([unit, low]).next()
    {
        return Some((character, low_end));
    }
    Some((char::REPLACEMENT_CHARACTER, end))
}

/// A name as the compiler sees it.
pub(super) fn name(source: &str) -> Cow<'_, str> {
    if !source.contains('\\') {
        return Cow::Borrowed(source);
    }
    let mut decoded = String::with_capacity(source.len());
    let mut rest = 0;
    while let Some(character) = source.get(rest..).and_then(|text| text.chars().next()) {
        match character_at(source.as_bytes(), rest) {
            Some((escaped, end)) => {
                decoded.push(escaped);
                rest = end;
            }
            None => {
                decoded.push(character);
                rest += character.len_utf8();
            }
        }
    }
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_with_surrogate_pairs_and_repeated_u() {
        assert_eq!(name("plain"), "plain");
        assert_eq!(name(r"\u0061b\uuu0063"), "abc");
        assert_eq!(name(r"x\uD835\uDC9E"), "x\u{1D49E}");
        assert_eq!(name(r"x\uD835"), "x\u{FFFD}");
        assert_eq!(name(r"x\u12"), r"x\u12");
    }
}
