//! Front end for JSON, also with comments, trailing commas and the freedoms of JSON5.
//!
//! It owns the way from tokens to settings, with a stack of its own: the depth of nesting is the file's
//! choice and must not become the depth of recursion. It must not know any key.

use jsonc_parser::{Scanner, ScannerOptions, tokens::Token};

use super::lines;
use super::settings::{KeyPath, Settings, hexadecimal, unicode_escape};
use crate::syntax::Input;
use crate::syntax::tree::{Kind, Language, Mapping, NodeId, Text, Tree};

/// How many places without JSON syntax are stepped over, line by line, before the rest of the file is read
/// as plain lines. An error may have cost a search to the end of the file.
const MOST_ERRORS: usize = 50;

pub fn lower(input: Input<'_>) -> Tree {
    let mut reader = Reader {
        settings: Settings::new(input, Language::Json),
        path: KeyPath::default(),
        frames: Vec::new(),
        root: Frame::Object { key: None },
    };
    reader.read();
    reader.settings.finish()
}

enum Frame {
    Object { key: Option<ObjectKey> },
    Array { next: usize },
}

struct ObjectKey {
    name: String,
    /// Without quotes.
    span: (usize, usize),
    /// Where the token begins.
    start: usize,
    has_colon: bool,
}

struct Reader<'a> {
    settings: Settings<'a>,
    path: KeyPath,
    frames: Vec<Frame>,
    /// Takes what stands outside all brackets, as in a cut-out piece of a file.
    root: Frame,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let source = self.settings.text;
        let options = ScannerOptions::default();
        let mut offset = 0;
        let mut errors = 0;
        let mut scanner = Scanner::new(source, &options);
        loop {
            match scanner.scan() {
                Ok(None) => break,
                Ok(Some(token)) => {
                    let start = offset + scanner.token_start();
                    let end = offset + scanner.token_end();
                    self.token(&token, start, end);
                }
                Err(_) => {
                    let failed = offset + scanner.token_start();
                    self.settings.partly_read("no JSON", failed);
                    errors += 1;
                    let start = self.forget_key().unwrap_or(failed);
                    if errors > MOST_ERRORS {
                        lines::read_rest(&mut self.settings, start);
                        return;
                    }
                    let end = self.settings.line_end(failed);
                    lines::read_line(&mut self.settings, start, end);
                    offset = self.settings.next_line(failed);
                    scanner = Scanner::new(source.get(offset..).unwrap_or(""), &options);
                }
            }
        }
        if !self.frames.is_empty() {
            let end = source.len();
            self.settings.partly_read("unclosed bracket", end);
        }
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.root)
    }

    /// Gives up the key that waits for its value, and says where it began.
    fn forget_key(&mut self) -> Option<usize> {
        match self.top() {
            Frame::Object { key } => key.take().map(|key| key.start),
            Frame::Array { .. } => None,
        }
    }

    fn token(&mut self, token: &Token<'a>, start: usize, end: usize) {
        match token {
            Token::CommentLine(_) => self.settings.builder.comment(start, end, start + 2, end),
            Token::CommentBlock(_) => self
                .settings
                .builder
                .comment(start, end, start + 2, end - 2),
            Token::OpenBrace => self.open(Frame::Object { key: None }, start),
            Token::OpenBracket => self.open(Frame::Array { next: 0 }, start),
            Token::CloseBrace | Token::CloseBracket => self.close(token, start),
            Token::Comma => {
                self.forget_key();
            }
            Token::Colon => match self.top() {
                Frame::Object { key: Some(key) } => key.has_colon = true,
                _ => self.settings.partly_read("unexpected colon", start),
            },
            Token::String(_)
            | Token::Word(_)
            | Token::Boolean(_)
            | Token::Number(_)
            | Token::Null => self.literal(token, start, end),
        }
    }

    fn open(&mut self, frame: Frame, at: usize) {
        let name = match self.top() {
            Frame::Object { key } => key.take().map(|key| key.name),
            Frame::Array { next } => {
                *next += 1;
                Some((*next - 1).to_string())
            }
        };
        if name.is_none() && !self.frames.is_empty() {
            self.settings.partly_read("value without key", at);
        }
        let name = name.unwrap_or_default();
        self.path.push(&name);
        self.frames.push(frame);
    }

    fn close(&mut self, token: &Token<'a>, at: usize) {
        match (self.frames.pop(), token) {
            (Some(Frame::Object { .. }), Token::CloseBrace)
            | (Some(Frame::Array { .. }), Token::CloseBracket) => {}
            _ => self.settings.partly_read("unexpected bracket", at),
        }
        self.path.pop();
    }

    fn literal(&mut self, token: &Token<'a>, start: usize, end: usize) {
        let is_key = matches!(self.top(), Frame::Object { key } if key.as_ref().is_none_or(|key| !key.has_colon));
        if is_key {
            let (name, span) = match token {
                Token::String(value) => (value.to_string(), (start + 1, end - 1)),
                _ => (self.settings.slice(start, end).to_string(), (start, end)),
            };
            if let Frame::Object { key } = self.top() {
                *key = Some(ObjectKey {
                    name,
                    span,
                    start,
                    has_colon: false,
                });
            }
            return;
        }
        let value = self.value(token, start, end);
        let (name, span) = match self.top() {
            Frame::Object { key } => match key.take() {
                Some(key) => (key.name, key.span),
                None => return,
            },
            Frame::Array { next } => {
                *next += 1;
                ((*next - 1).to_string(), (start, end))
            }
        };
        let path = self.path.join(&name);
        self.settings.setting(path, span, Some(value));
    }

    fn value(&mut self, token: &Token<'a>, start: usize, end: usize) -> NodeId {
        let kind = match token {
            Token::String(_) => Kind::String(escaped(&self.settings, start + 1, end - 1)),
            Token::Boolean(value) => Kind::Boolean(*value),
            Token::Number(number) => Kind::Number((*number).to_string()),
            Token::Null => Kind::Null,
            _ => Kind::Opaque {
                children: Vec::new(),
            },
        };
        self.settings.builder.add(kind, start, end)
    }
}

/// The value of a string literal whose content stands at `start..end`.
fn escaped(settings: &Settings<'_>, start: usize, end: usize) -> Text {
    let source = settings.text.get(..end).unwrap_or("");
    let mut text = Text::default();
    let mut exact = start;
    let mut at = start;
    while let Some(length) = settings.slice(at, end).find('\\') {
        let backslash = at + length;
        settings.push_exact(&mut text, exact, backslash);
        let Some(character) = settings.slice(backslash + 1, end).chars().next() else {
            exact = backslash;
            break;
        };
        let short = backslash + 1 + character.len_utf8();
        let (value, behind, mapping) = match character {
            'n' => (Some('\n'), short, Mapping::Escaped),
            't' => (Some('\t'), short, Mapping::Escaped),
            'r' => (Some('\r'), short, Mapping::Escaped),
            'b' => (Some('\u{8}'), short, Mapping::Escaped),
            'f' => (Some('\u{c}'), short, Mapping::Escaped),
            'v' => (Some('\u{b}'), short, Mapping::Escaped),
            '0' => (Some('\0'), short, Mapping::Escaped),
            '\r' if settings.slice(short, short + 1) == "\n" => (None, short + 1, Mapping::Derived),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => (None, short, Mapping::Derived),
            'u' => match unicode_escape(source, backslash + 1) {
                Some((value, behind)) => (Some(value), behind, Mapping::Escaped),
                None => (Some('u'), short, Mapping::Escaped),
            },
            'x' => match hexadecimal(source, short, 2).and_then(char::from_u32) {
                Some(value) => (Some(value), short + 2, Mapping::Escaped),
                None => (Some('x'), short, Mapping::Escaped),
            },
            other => (Some(other), short, Mapping::Escaped),
        };
        let mut buffer = [0; 4];
        let value = value.map_or("", |value| value.encode_utf8(&mut buffer));
        settings.push(&mut text, value, backslash, behind, mapping);
        at = behind;
        exact = behind;
    }
    settings.push_exact(&mut text, exact, end);
    text
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_quick, assert_settings, check, comments, input, lowered};
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, "a.json", text)
    }

    #[test]
    fn nested_values_have_their_whole_path() {
        let text = "{\r\n\t\"a\": {\"b\": \"x\", \"c\": [1, true, null, {\"d\": \"😀\"}]}, // c\r\n /* e */ 'f': \"\",}";
        let tree = read(text);
        assert_settings(
            &tree,
            &[
                ("a.b", "x"),
                ("a.c.0", "<number 1>"),
                ("a.c.1", "<true>"),
                ("a.c.2", "<null>"),
                ("a.c.3.d", "😀"),
                ("f", ""),
            ],
        );
        assert_eq!(comments(&tree, text), [" c", " e "]);
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn the_key_is_marked_without_quotes_and_the_item_of_a_list_itself() {
        let tree = read("{\"key\": [\"v\"], \"other\": 1}");
        let spans: Vec<_> = tree
            .body()
            .iter()
            .map(|id| match tree.kind(*id) {
                Kind::Binding(binding) => tree.span(binding.target),
                _ => panic!(),
            })
            .map(|span| (span.start, span.end))
            .collect();
        assert_eq!(spans, [(9, 12), (16, 21)]);
    }

    #[test]
    fn escapes_are_decoded_and_kept_apart() {
        let text = r#"{"a\n": "x\u0041\ud83d\ude00\/y\"z"}"#;
        let tree = read(text);
        assert_settings(&tree, &[("a\n", "xA😀/y\"z")]);
    }

    #[test]
    fn an_empty_key_is_a_key() {
        let tree = read("{\"\": {\"a\": \"b\"}}");
        assert_settings(&tree, &[("a", "b")]);
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn a_key_twice_is_two_settings() {
        assert_settings(
            &read("{\"a\":\"1\",\"a\":\"2\"}"),
            &[("a", "1"), ("a", "2")],
        );
    }

    #[test]
    fn what_follows_a_broken_line_is_still_read() {
        let tree = read("{\"a\": {\n\"b\": {{ value }},\n\"k\": @@,\n\"c\": \"d\"}}");
        assert!(tree.partly_read.is_some());
        let found = super::super::checks::settings(&tree);
        assert!(
            found
                .iter()
                .any(|(path, value)| path.ends_with('c') && value == "d"),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|(path, value)| path == "k" && value == "@@"),
            "{found:?}"
        );
    }

    #[test]
    fn hostile_files_are_read_quickly() {
        let mut keys = String::from("{");
        for key in 0..100_000 {
            keys.push_str(&format!("\"key{key}\":\"value\","));
        }
        for text in [
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "{\"a\":\"b\",\"c\":".repeat(100_000),
            "]".repeat(100_000),
            "/*\n".repeat(100_000),
            "\"\\\n".repeat(100_000),
            "@\n".repeat(100_000),
            keys,
            format!("{{\"{}\":[{}]}}", "k".repeat(500_000), "1,".repeat(100_000)),
        ] {
            assert_quick("a JSON file", || check(&lower(input(&text)), &text, 0));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)([\\[\\]{},: \"'\\\\\n\r/*#u😀ab0-9+-]|null|\\\\u00|.){0,80}") {
            lowered(lower, "a.json", &text);
        }
    }
}
