//! A linear scan over Rust source: tokens and comments with their places.
//!
//! Owns what a token is, as far as brackets, literals and comments must be told apart. It must not know
//! grammar: it serves the check before parsing, the reading of text that the parser may not see, and the
//! comments, which the parser drops.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword as well; a raw identifier with its `r#`.
    Identifier,
    Lifetime,
    /// Any string or character literal, with prefix and delimiters.
    Text,
    Number,
    /// One byte of punctuation.
    Punctuation(u8),
    Open(u8),
    Close(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// A comment and the range of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CommentPlace {
    pub start: usize,
    pub end: usize,
    pub text_start: usize,
    pub text_end: usize,
}

#[derive(Debug, Default)]
pub(super) struct Scan {
    pub tokens: Vec<Token>,
    pub comments: Vec<CommentPlace>,
    /// Where the code begins, behind a shebang line.
    pub code_start: usize,
}

/// Reads `text[start..end]`; places count from the beginning of `text`.
pub(super) fn scan(text: &str, start: usize, end: usize) -> Scan {
    let bytes = text.as_bytes().get(..end).unwrap_or_default();
    let mut scanner = Scanner {
        bytes,
        at: start,
        result: Scan {
            code_start: start,
            ..Scan::default()
        },
    };
    scanner.run();
    scanner.result
}

/// Reads a whole file, which may begin with a shebang line.
pub(super) fn scan_file(text: &str) -> Scan {
    let end = shebang(text);
    let mut result = scan(text, end, text.len());
    if end > 0 {
        let place = CommentPlace {
            start: 0,
            end,
            text_start: 2,
            text_end: end,
        };
        result.comments.insert(0, place);
    }
    result
}

/// Where a shebang line ends: `#!` opens one unless an inner attribute follows.
fn shebang(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("#!") else {
        return 0;
    };
    let probe = scan(rest, 0, boundary(rest, 4096));
    match probe.tokens.first() {
        Some(token) if token.kind == TokenKind::Open(b'[') => 0,
        _ => text.find('\n').unwrap_or(text.len()),
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    result: Scan,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            let start = self.at;
            let byte = self.peek(0);
            let kind = match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {
                    self.at += 1;
                    continue;
                }
                b'/' if self.peek(1) == b'/' => {
                    self.line_comment();
                    continue;
                }
                b'/' if self.peek(1) == b'*' => {
                    self.block_comment();
                    continue;
                }
                b'"' => self.quoted(b'"'),
                b'\'' => self.character_or_lifetime(),
                b'0'..=b'9' => self.number(),
                _ if is_identifier_start(byte) => self.identifier_or_literal(),
                b'(' | b'[' | b'{' => {
                    self.at += 1;
                    TokenKind::Open(byte)
                }
                b')' | b']' | b'}' => {
                    self.at += 1;
                    TokenKind::Close(byte)
                }
                _ => {
                    self.at += 1;
                    TokenKind::Punctuation(byte)
                }
            };
            let end = self.at.min(self.bytes.len());
            self.at = end;
            self.result.tokens.push(Token { kind, start, end });
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(rest.len());
        let mut end = start + length;
        self.at = end;
        if end > start + 2 && self.bytes.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        let marked = matches!(self.bytes.get(start + 2), Some(b'/' | b'!')) && end > start + 2;
        self.comment(start, end, start + 2 + usize::from(marked), end);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        let mut depth = 1usize;
        while depth > 0 && self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.bytes.len());
        self.at = end;
        let text_end = if depth == 0 { end - 2 } else { end };
        let marked = matches!(self.bytes.get(start + 2), Some(b'*' | b'!'));
        let text_start = (start + 2 + usize::from(marked)).min(text_end.max(start + 2));
        self.comment(start, end, text_start, text_end.max(text_start));
    }

    fn comment(&mut self, start: usize, end: usize, text_start: usize, text_end: usize) {
        let place = CommentPlace {
            start,
            end,
            text_start,
            text_end,
        };
        self.result.comments.push(place);
    }

    /// From an opening quote to behind the closing one.
    fn quoted(&mut self, quote: u8) -> TokenKind {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                byte if byte == quote => {
                    self.at += 1;
                    return TokenKind::Text;
                }
                _ => self.at += 1,
            }
        }
        TokenKind::Text
    }

    /// From the `r` behind to the end of a raw string, if hashes and a quote follow.
    fn raw(&mut self, prefix: usize) -> bool {
        let mut hashes = 0;
        while self.peek(prefix + hashes) == b'#' {
            hashes += 1;
        }
        if self.peek(prefix + hashes) != b'"' {
            return false;
        }
        self.at += prefix + hashes + 1;
        while self.at < self.bytes.len() {
            if self.peek(0) == b'"' {
                let closing = (1..=hashes).take_while(|n| self.peek(*n) == b'#').count();
                if closing == hashes {
                    self.at += 1 + hashes;
                    return true;
                }
            }
            self.at += 1;
        }
        true
    }

    fn identifier_or_literal(&mut self) -> TokenKind {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'r', b'"', _) | (b'r', b'#', b'"' | b'#') if self.raw(1) => return TokenKind::Text,
            (b'b' | b'c', b'r', b'"' | b'#') if self.raw(2) => return TokenKind::Text,
            (b'b' | b'c', b'"', _) => {
                self.at += 1;
                return self.quoted(b'"');
            }
            (b'b', b'\'', _) => {
                self.at += 1;
                return self.quoted(b'\'');
            }
            (b'r', b'#', byte) if is_identifier_start(byte) => self.at += 2,
            _ => {}
        }
        self.identifier();
        TokenKind::Identifier
    }

    fn identifier(&mut self) {
        while self.at < self.bytes.len() && is_identifier_part(self.peek(0)) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> TokenKind {
        self.identifier();
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.identifier();
        }
        TokenKind::Number
    }

    /// `'a'`, `'\n'`, `'"'` are characters; `'a` followed by anything else is a lifetime.
    fn character_or_lifetime(&mut self) -> TokenKind {
        let next = self.peek(1);
        if next == b'\\' {
            return self.quoted(b'\'');
        }
        let width = match next {
            0..=0x7f => 1,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        if next != b'\'' && self.peek(1 + width) == b'\'' {
            self.at += width + 2;
            return TokenKind::Text;
        }
        if is_identifier_start(next) {
            self.at += 1;
            self.identifier();
            return TokenKind::Lifetime;
        }
        self.at += 1;
        TokenKind::Punctuation(b'\'')
    }
}

fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_identifier_part(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let scan = scan_file(text);
        scan.tokens
            .iter()
            .map(|token| (token.kind, &text[token.start..token.end]))
            .collect()
    }

    #[test]
    fn literals_hide_their_brackets() {
        for literal in [
            "\"(\"",
            "\"\\\"(\"",
            "r\"(\"",
            "r#\"(\"(\"#",
            "br##\"(\"#(\"##",
            "b\"(\"",
            "c\"(\"",
            "cr#\"(\"#",
            "'('",
            "b'('",
            "'\\u{28}'",
            "'\"'",
            "'\\''",
        ] {
            assert_eq!(kinds(literal), [(TokenKind::Text, literal)], "{literal}");
        }
    }

    #[test]
    fn lifetimes_and_raw_identifiers_are_no_literals() {
        use TokenKind::*;
        assert_eq!(
            kinds("&'a r#type 'static"),
            [
                (Punctuation(b'&'), "&"),
                (Lifetime, "'a"),
                (Identifier, "r#type"),
                (Lifetime, "'static")
            ]
        );
    }

    #[test]
    fn comments_are_found_with_their_text() {
        let text =
            "#!/usr/bin/env run\n// a\n/// b\r\n//! c\n/* d /* e */ */ /** f */ /*! g */ x /**/";
        let scan = scan_file(text);
        let texts: Vec<&str> = scan
            .comments
            .iter()
            .map(|place| &text[place.text_start..place.text_end])
            .collect();
        assert_eq!(
            texts,
            [
                "/usr/bin/env run",
                " a",
                " b",
                " c",
                " d /* e */ ",
                " f ",
                " g ",
                ""
            ]
        );
        assert_eq!(scan.code_start, 18);
        assert_eq!(scan.tokens.len(), 1);
    }

    #[test]
    fn an_inner_attribute_is_no_shebang() {
        assert_eq!(scan_file("#![allow(x)]\n").code_start, 0);
        assert_eq!(scan_file("#! // c\n [allow(x)]\n").code_start, 0);
    }
}
