//! The lossless lexer of Deluge: text in, tokens out, and the tokens side by side are the text again.
//!
//! Owns where a token begins and ends. It must not know statements: it reads prose, other languages and
//! random bytes as willingly as scripts, and never fails. Every byte is looked at a bounded number of times.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks other than line breaks, also the invisible ones that come with text copied from web pages.
    Space,
    /// One line break: `\n`, `\r\n` or `\r`.
    Newline,
    /// `// …`, without the line break.
    LineComment,
    /// `/* … */`; without its end it takes the rest of the text, as it does in Zoho's editors.
    BlockComment,
    /// An identifier or keyword; also a run that only begins with digits (`24hours`).
    Word,
    Number,
    /// A literal in plain or typographic quotes, with its quotes. An unclosed one ends before the closing
    /// brackets at the end of its line.
    String {
        closed: bool,
    },
    /// `${Module.Field}`
    Placeholder,
    /// An operator or a punctuation mark of one or two characters.
    Symbol,
    /// Any other character.
    Other,
}

/// A half-open range of bytes of the text, always at character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// Longer ones first.
const SYMBOLS: [&str; 36] = [
    "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "++", "--", "(", ")", "[",
    "]", "{", "}", ",", ";", ":", ".", "=", "+", "-", "*", "/", "%", "<", ">", "!", "?", "&", "|",
    "^",
];

/// All tokens of the text, in order and without gaps.
pub fn tokens(text: &str) -> Vec<Token> {
    let last_comment_end = text.rfind("*/");
    let mut tokens: Vec<Token> = Vec::new();
    let mut previous = None;
    let mut start = 0;
    while let Some(rest) = text.get(start..)
        && let Some(first) = rest.chars().next()
    {
        let (kind, length) = token(rest, first, start, previous, last_comment_end);
        let length = length.max(first.len_utf8());
        tokens.push(Token {
            kind,
            start,
            end: start + length,
        });
        previous = rest
            .get(..length)
            .and_then(|token| token.chars().next_back());
        start += length;
    }
    tokens
}

/// Kind and length in bytes of the token at the beginning of `rest`.
fn token(
    rest: &str,
    first: char,
    start: usize,
    previous: Option<char>,
    last_comment_end: Option<usize>,
) -> (TokenKind, usize) {
    match first {
        '\n' => (TokenKind::Newline, 1),
        '\r' if rest.starts_with("\r\n") => (TokenKind::Newline, 2),
        '\r' => (TokenKind::Newline, 1),
        _ if is_blank(first) => (TokenKind::Space, length_while(rest, is_blank)),
        '/' if rest.starts_with("//") => (
            TokenKind::LineComment,
            length_while(rest, |character| !is_line_break(character)),
        ),
        '/' if rest.starts_with("/*") => (
            TokenKind::BlockComment,
            block_comment(rest, start, last_comment_end),
        ),
        // An apostrophe inside a word is prose.
        '\'' if previous.is_some_and(is_word) && rest.chars().nth(1).is_some_and(is_word) => {
            (TokenKind::Other, 1)
        }
        '"' => string(rest, |character| character == '"'),
        '\'' => string(rest, |character| character == '\''),
        '“' | '”' => string(rest, |character| matches!(character, '”' | '“' | '"')),
        '‘' => string(rest, |character| matches!(character, '’' | '‘' | '\'')),
        '$' if rest.starts_with("${") => match placeholder(rest) {
            Some(length) => (TokenKind::Placeholder, length),
            None => (TokenKind::Other, 1),
        },
        _ if is_word(first) => word(rest),
        _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => (TokenKind::Symbol, symbol.len()),
            None => (TokenKind::Other, first.len_utf8()),
        },
    }
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

fn is_blank(character: char) -> bool {
    let is_invisible = matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    (character.is_whitespace() || is_invisible) && !is_line_break(character)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn length_while(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|character| !belongs(character))
        .unwrap_or(rest.len())
}

/// The last end of a comment in the whole text is known, so that text without one is not searched again
/// and again.
fn block_comment(rest: &str, start: usize, last_comment_end: Option<usize>) -> usize {
    let Some(last) = last_comment_end else {
        return rest.len();
    };
    if last < start + 2 {
        return rest.len();
    }
    let inside = rest.get(2..).unwrap_or_default();
    inside.find("*/").map_or(rest.len(), |end| end + 4)
}

fn string(rest: &str, closes: impl Fn(char) -> bool) -> (TokenKind, usize) {
    let mut characters = rest.char_indices();
    let opening = characters.next().map_or(0, |(_, quote)| quote.len_utf8());
    let mut is_escaped = false;
    let mut line_end = rest.len();
    for (at, character) in characters {
        if is_line_break(character) {
            line_end = at;
            break;
        }
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if closes(character) {
            return (
                TokenKind::String { closed: true },
                at + character.len_utf8(),
            );
        }
    }
    let line = rest.get(..line_end).unwrap_or(rest);
    let is_closing =
        |character: char| matches!(character, ')' | ']' | '}' | ';' | ',') || is_blank(character);
    let end = line.trim_end_matches(is_closing).len().max(opening);
    // Editors that replace quotes often replace only one of the two.
    let last = line
        .get(opening..end)
        .and_then(|text| text.chars().next_back());
    let closed = last.is_some_and(|last| matches!(last, '”' | '“' | '’' | '‘'));
    (TokenKind::String { closed }, end)
}

/// Ends at its brace; text that opens another one before that, or ends its line, has none.
fn placeholder(rest: &str) -> Option<usize> {
    let inside = rest.get(2..)?;
    let end = inside.find(['}', '{', '"', ';', '\n', '\r'])?;
    inside.get(end..)?.starts_with('}').then_some(end + 3)
}

fn word(rest: &str) -> (TokenKind, usize) {
    let length = length_while(rest, is_word);
    let is_number = rest
        .get(..length)
        .is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return (TokenKind::Word, length);
    }
    let fraction = rest
        .get(length..)
        .and_then(|tail| tail.strip_prefix('.'))
        .map_or(0, |tail| length_while(tail, |digit| digit.is_ascii_digit()));
    match fraction {
        0 => (TokenKind::Number, length),
        digits => (TokenKind::Number, length + 1 + digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    /// Kinds and texts, without blanks.
    fn read(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text)
            .into_iter()
            .filter(|token| token.kind != TokenKind::Space)
            .map(|token| (token.kind, &text[token.start..token.end]))
            .collect()
    }

    const CLOSED: TokenKind = TokenKind::String { closed: true };
    const OPEN: TokenKind = TokenKind::String { closed: false };

    #[test]
    fn strings_keep_escapes_and_quotes() {
        assert_eq!(read(r#""a\"b""#), [(CLOSED, r#""a\"b""#)]);
        assert_eq!(read("'it is \"so\"'"), [(CLOSED, "'it is \"so\"'")]);
        assert_eq!(read("“desk”"), [(CLOSED, "“desk”")]);
        assert_eq!(read("“desk\""), [(CLOSED, "“desk\"")]);
        assert_eq!(read("\"desk”\n)").first(), Some(&(CLOSED, "\"desk”")));
    }

    #[test]
    fn an_unclosed_string_leaves_the_closing_brackets_and_the_next_line() {
        assert_eq!(
            read("get(\"name));\nx"),
            [
                (TokenKind::Word, "get"),
                (TokenKind::Symbol, "("),
                (OPEN, "\"name"),
                (TokenKind::Symbol, ")"),
                (TokenKind::Symbol, ")"),
                (TokenKind::Symbol, ";"),
                (TokenKind::Newline, "\n"),
                (TokenKind::Word, "x"),
            ]
        );
    }

    #[test]
    fn an_apostrophe_in_a_word_opens_nothing() {
        assert_eq!(
            read("don't {"),
            [
                (TokenKind::Word, "don"),
                (TokenKind::Other, "'"),
                (TokenKind::Word, "t"),
                (TokenKind::Symbol, "{"),
            ]
        );
    }

    #[test]
    fn comments_end_at_the_line_or_at_their_mark() {
        assert_eq!(
            read("// a \"b\r\n/* {{ */x/* y"),
            [
                (TokenKind::LineComment, "// a \"b"),
                (TokenKind::Newline, "\r\n"),
                (TokenKind::BlockComment, "/* {{ */"),
                (TokenKind::Word, "x"),
                (TokenKind::BlockComment, "/* y"),
            ]
        );
        assert_eq!(read("/*/ x"), [(TokenKind::BlockComment, "/*/ x")]);
    }

    #[test]
    fn placeholders_numbers_and_words() {
        assert_eq!(
            read("${Leads.First Name}"),
            [(TokenKind::Placeholder, "${Leads.First Name}")]
        );
        assert_eq!(read("12.50"), [(TokenKind::Number, "12.50")]);
        assert_eq!(read("24hours"), [(TokenKind::Word, "24hours")]);
        assert_eq!(read("1.x").len(), 3);
        assert_eq!(read("${a\n")[0], (TokenKind::Other, "$"));
    }

    #[test]
    fn repeated_openings_take_linear_time() {
        let begin = Instant::now();
        for part in [
            "/*", "\"", "'", "“", "${", "${a ", "\\", "/*/ */", "\"a\n", "'(", "1.", "\r",
        ] {
            let text = part.repeat(100_000);
            let end = tokens(&text).last().map(|token| token.end);
            assert_eq!(end, Some(text.len()), "{part}");
        }
        assert!(begin.elapsed() < Duration::from_secs(20));
    }

    proptest! {
        #[test]
        fn tokens_are_the_text(text in "(?s)[ -~\n\r\t“”‘’é\u{200b}]{0,200}|.{0,200}") {
            let mut at = 0;
            for token in tokens(&text) {
                prop_assert_eq!(token.start, at);
                prop_assert!(token.end > token.start);
                prop_assert!(text.get(token.start..token.end).is_some());
                at = token.end;
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
