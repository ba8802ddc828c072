//! The text as the grammar can read it, of the same length as the source.
//!
//! It owns the repairs that have to come before parsing: Unicode escapes outside of literals, and string
//! literals that do not end on their line (the grammar would take the next quote, lines below, as their
//! end, and read every literal after that inside out). It must not know the tree.

use std::borrow::Cow;

use super::unicode;

/// More bytes than any character literal has, so that a lone quote is not searched for its partner.
const LONGEST_CHARACTER: usize = 32;

#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where the first literal or comment without an end begins.
    pub(super) broken_token: Option<usize>,
    /// Where the comment begins that the file ends in.
    pub(super) open_comment: Option<usize>,
}

/// Replaces every Unicode escape outside of literals and comments by something the grammar accepts in
/// its place, and the quotes of a line with a literal without an end by blanks. An escaped letter becomes a
/// piece of an identifier (names are read from the source), other escaped ASCII becomes itself.
pub(super) fn prepare(text: &str) -> Prepared<'_> {
    let bytes = text.as_bytes();
    let mut prepared = String::new();
    let mut broken_token = None;
    let mut open_comment = None;
    let mut has_open_block = false;
    let mut copied = 0;
    let mut position = 0;
    while position < bytes.len() {
        let (end, replacement) = match token_at(bytes, position, has_open_block) {
            Token::OpenComment => {
                broken_token.get_or_insert(position);
                open_comment = Some(position);
                (bytes.len(), Some(" ".repeat(bytes.len() - position)))
            }
            Token::OpenBlock => {
                broken_token.get_or_insert(position);
                has_open_block = true;
                (position + 3, Some(" ".repeat(3)))
            }
            Token::Other(end) => (end, None),
            Token::Broken(end) => {
                broken_token.get_or_insert(position);
                let line = text.get(position..end).unwrap_or_default();
                (end, Some(line.replace(['"', '\\'], " ")))
            }
            Token::Escape(character, end) => (end, stand_in(character, end - position)),
        };
        if let Some(replacement) = replacement {
            prepared.push_str(text.get(copied..position).unwrap_or_default());
            prepared.push_str(&replacement);
            copied = end;
        }
        position = end;
    }
    let text = if copied == 0 {
        Cow::Borrowed(text)
    } else {
        prepared.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(prepared)
    };
    Prepared {
        text,
        broken_token,
        open_comment,
    }
}

/// What stands for an escaped character outside of literals, `length` bytes long.
fn stand_in(character: char, length: usize) -> Option<String> {
    if character.is_alphanumeric() || character == '_' || character == '$' {
        return Some("$".repeat(length));
    }
    // An escaped quote would open a literal whose contents no longer stand at their place.
    let keeps_meaning = character.is_ascii() && !matches!(character, '"' | '\'' | '\\' | '\0');
    keeps_meaning.then(|| format!("{character:<length$}"))
}

enum Token {
    /// Anything that needs no repair, up to here.
    Other(usize),
    /// A Unicode escape and its end.
    Escape(char, usize),
    /// A comment, or a text block, that does not end.
    OpenComment,
    OpenBlock,
    /// A literal that does not end on its line, and where that line ends.
    Broken(usize),
}

fn token_at(bytes: &[u8], start: usize, has_open_block: bool) -> Token {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = match rest {
        [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n'),
        [b'/', b'*', inner @ ..] => match inner.windows(2).position(|pair| pair == b"*/") {
            Some(inner) => Some(inner + 4),
            None => return Token::OpenComment,
        },
        // Behind a text block without an end no other one ends, so none is searched for.
        [b'"', b'"', b'"', ..] if has_open_block => return Token::OpenBlock,
        [b'"', b'"', b'"', ..] => match end_of_literal(rest, b"\"\"\"", false) {
            Some(length) => Some(length),
            None => return Token::OpenBlock,
        },
        [b'"', ..] => match end_of_literal(rest, b"\"", true) {
            Some(length) => Some(length),
            None => {
                let line = rest.iter().position(|byte| *byte == b'\n');
                return Token::Broken(line.map_or(bytes.len(), |length| start + length));
            }
        },
        [b'\'', ..] => {
            let near = rest.get(..LONGEST_CHARACTER).unwrap_or(rest);
            end_of_literal(near, b"'", true).or(Some(1))
        }
        [b'\\', ..] => match unicode::character_at(bytes, start) {
            Some((character, end)) => return Token::Escape(character, end),
            None => Some(1),
        },
        _ => Some(1),
    };
    Token::Other(length.map_or(bytes.len(), |length| start + length))
}

/// The length of the literal with this delimiter that begins here, if it ends.
fn end_of_literal(rest: &[u8], delimiter: &[u8], on_one_line: bool) -> Option<usize> {
    let mut position = delimiter.len();
    while let Some(byte) = rest.get(position) {
        match byte {
            b'\n' if on_one_line => return None,
            b'\\' if !on_one_line || rest.get(position + 1) != Some(&b'\n') => position += 2,
            _ if rest.get(position..)?.starts_with(delimiter) => {
                return Some(position + delimiter.len());
            }
            _ => position += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_and_all_literals_stay() {
        let text = r#"int \u0061 \u003d 1; // \u0041
            String s = "\u0041\"\u0042"; char c = '\u0041'; /* \u0041 */ String t = """
            \u0041 " """;"#;
        let prepared = prepare(text);
        assert_eq!(prepared.text.len(), text.len());
        assert!(
            prepared
                .text
                .starts_with("int $$$$$$ =      1; // \\u0041\n")
        );
        let after_first_line = text.find('\n').unwrap();
        assert_eq!(
            &prepared.text[after_first_line..],
            &text[after_first_line..]
        );
        assert_eq!(prepared.broken_token, None);
    }

    #[test]
    fn a_literal_without_an_end_loses_its_quote() {
        let prepared = prepare("a = \"b;\nc = \"d\";\ne = '\"';\nf = \"g\\\n");
        assert_eq!(prepared.text, "a =  b;\nc = \"d\";\ne = '\"';\nf =  g \n");
        assert_eq!(prepared.broken_token, Some(4));
    }

    #[test]
    fn an_open_comment_is_blank_and_an_open_text_block_loses_its_quotes() {
        let prepared = prepare("a /* b");
        assert_eq!(prepared.text, "a     ");
        assert_eq!(prepared.open_comment, Some(2));
        let prepared = prepare("a \"\"\" b");
        assert_eq!(prepared.text, "a     b");
        assert_eq!(prepared.broken_token, Some(2));
    }

    #[test]
    fn text_that_needs_no_repair_is_borrowed() {
        for text in ["", "\\u", "\\u004", "// \\u", "\"\\\"\""] {
            assert!(matches!(prepare(text).text, Cow::Borrowed(same) if same == text));
        }
    }
}
