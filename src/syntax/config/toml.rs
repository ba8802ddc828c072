//! Front end for TOML, also for lock files.
//!
//! It owns the way from tokens to settings, with a stack of its own; a line that is no TOML is left out and
//! the next one read again. It must not know any key.

use std::collections::HashMap;

use toml_span::tokens::{Token, Tokenizer};

use super::lines;
use super::settings::{KeyPath, Settings, hexadecimal};
use crate::syntax::Input;
use crate::syntax::tree::{Language, Mapping, NodeId, Text, Tree};

pub fn lower(input: Input<'_>) -> Tree {
    let mut reader = Reader {
        settings: Settings::new(input, Language::Toml),
        path: KeyPath::default(),
        table_depth: 0,
        frames: Vec::new(),
        arrays: HashMap::new(),
        parts: Vec::new(),
        state: State::Key,
        bare: None,
    };
    reader.read();
    reader.settings.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before or in a key of a table.
    Key,
    /// In `[table]` or `[[table]]`; the number counts the brackets that opened it.
    Header(usize),
    /// Behind `=` or in an array: a value comes.
    Value,
    /// Behind a value: a comma, a closing bracket or the end of the line comes.
    Behind,
}

struct Frame {
    is_array: bool,
    next: usize,
}

struct Part {
    name: String,
    start: usize,
    end: usize,
}

struct Reader<'a> {
    settings: Settings<'a>,
    path: KeyPath,
    /// How many names of the path belong to the current `[table]`.
    table_depth: usize,
    frames: Vec<Frame>,
    /// How many elements each `[[array]]` has so far.
    arrays: HashMap<String, usize>,
    /// The names of the dotted key that is being read.
    parts: Vec<Part>,
    state: State,
    /// The bare value (number, date, word) that is being read: several tokens.
    bare: Option<(usize, usize)>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let source = self.settings.text;
        let mut offset = 0;
        let mut tokenizer = Tokenizer::new(source);
        loop {
            let at = offset + tokenizer.current();
            match tokenizer.step() {
                Ok(None) => break,
                Ok(Some((_, token))) => {
                    let rest = source.get(offset..).unwrap_or("");
                    let end = (offset + tokenizer.current()).min(offset + rest.len());
                    if self.token(&token, at, end) {
                        continue;
                    }
                }
                Err(_) => {}
            }
            // The line is no TOML: plain reading takes it, and the next line begins anew.
            self.settings.partly_read("no TOML", at);
            let start = self.parts.first().map_or(at, |part| part.start);
            let end = self.settings.line_end(at);
            lines::read_line(&mut self.settings, start.min(at), end);
            self.reset();
            offset = self.settings.next_line(at);
            tokenizer = Tokenizer::new(source.get(offset..).unwrap_or(""));
        }
        let end = source.len();
        self.finish_bare();
        if !self.frames.is_empty() || !self.parts.is_empty() {
            self.settings.partly_read("unfinished value", end);
        }
    }

    fn reset(&mut self) {
        while self.frames.pop().is_some() {
            self.path.pop();
        }
        self.parts.clear();
        self.bare = None;
        self.state = State::Key;
    }

    /// Takes one token; false if it cannot stand here.
    fn token(&mut self, token: &Token<'a>, start: usize, end: usize) -> bool {
        if let Token::Comment(_) = token {
            self.settings.builder.comment(start, end, start + 1, end);
            return true;
        }
        match self.state {
            State::Key => self.key(token, start, end),
            State::Header(brackets) => self.header(token, brackets, start, end),
            State::Value => self.value(token, start, end),
            State::Behind => self.behind(token),
        }
    }

    fn key(&mut self, token: &Token<'a>, start: usize, end: usize) -> bool {
        match token {
            Token::Whitespace(_) => true,
            Token::Newline => self.parts.is_empty(),
            Token::Period => !self.parts.is_empty(),
            Token::Keylike(_) | Token::String { .. } => {
                self.part(token, start, end);
                true
            }
            Token::Equals if !self.parts.is_empty() => {
                self.state = State::Value;
                true
            }
            Token::LeftBracket if self.parts.is_empty() && self.frames.is_empty() => {
                self.state = State::Header(1);
                true
            }
            Token::RightBrace | Token::Comma
                if self.parts.is_empty() && !self.frames.is_empty() =>
            {
                self.behind(token)
            }
            _ => false,
        }
    }

    fn part(&mut self, token: &Token<'a>, start: usize, end: usize) {
        let name = match token {
            Token::String { val, .. } => val.to_string(),
            _ => self.settings.slice(start, end).to_string(),
        };
        self.parts.push(Part { name, start, end });
    }

    fn header(&mut self, token: &Token<'a>, brackets: usize, start: usize, end: usize) -> bool {
        match token {
            Token::Whitespace(_) | Token::Period => true,
            Token::LeftBracket if brackets == 1 && self.parts.is_empty() => {
                self.state = State::Header(2);
                true
            }
            Token::Keylike(_) | Token::String { .. } => {
                self.part(token, start, end);
                true
            }
            Token::RightBracket if !self.parts.is_empty() => {
                self.table(brackets == 2);
                self.state = State::Behind;
                true
            }
            _ => false,
        }
    }

    /// Enters the table that the parts name. Elements of `[[array]]`s on the way get their number.
    fn table(&mut self, is_array: bool) {
        while self.table_depth > 0 {
            self.table_depth -= 1;
            self.path.pop();
        }
        let count = self.parts.len();
        for (index, part) in std::mem::take(&mut self.parts).into_iter().enumerate() {
            self.path.push(&part.name);
            self.table_depth += 1;
            let number = if is_array && index + 1 == count {
                let next = self.arrays.entry(self.path.text().to_string()).or_default();
                *next += 1;
                Some(*next - 1)
            } else {
                self.arrays
                    .get(self.path.text())
                    .map(|next| next.saturating_sub(1))
            };
            if let Some(number) = number {
                self.path.push(&number.to_string());
                self.table_depth += 1;
            }
        }
    }

    fn value(&mut self, token: &Token<'a>, start: usize, end: usize) -> bool {
        match token {
            Token::LeftBracket | Token::LeftBrace if self.bare.is_none() => {
                let (name, _) = self.name(start, end);
                self.path.push(&name);
                let is_array = *token == Token::LeftBracket;
                self.frames.push(Frame { is_array, next: 0 });
                self.state = if is_array { State::Value } else { State::Key };
                true
            }
            Token::String { multiline, .. } if self.bare.is_none() => {
                let text = string(&self.settings, start, end, *multiline);
                let node = self.settings.string(text, start, end);
                self.emit(node, start, end);
                self.state = State::Behind;
                true
            }
            Token::Keylike(_) | Token::Period | Token::Plus | Token::Colon => {
                let start = self.bare.map_or(start, |bare| bare.0);
                self.bare = Some((start, end));
                true
            }
            Token::Whitespace(_) => true,
            Token::Newline | Token::Comma | Token::RightBracket | Token::RightBrace => {
                let had_value = self.bare.is_some();
                self.finish_bare();
                let is_open = self.frames.last().is_some_and(|frame| frame.is_array);
                if *token == Token::Newline && !had_value {
                    return is_open;
                }
                if !had_value && *token != Token::RightBracket {
                    return false;
                }
                self.state = State::Behind;
                self.behind(token)
            }
            _ => false,
        }
    }

    fn behind(&mut self, token: &Token<'a>) -> bool {
        match token {
            Token::Whitespace(_) => true,
            Token::Newline => {
                if self.frames.is_empty() {
                    self.state = State::Key;
                }
                true
            }
            Token::Comma => match self.frames.last() {
                Some(frame) => {
                    self.state = if frame.is_array {
                        State::Value
                    } else {
                        State::Key
                    };
                    true
                }
                None => false,
            },
            Token::RightBracket if self.frames.is_empty() => {
                // The second bracket of `[[table]]`.
                true
            }
            Token::RightBracket | Token::RightBrace => {
                let is_array = *token == Token::RightBracket;
                let fits = self
                    .frames
                    .last()
                    .is_some_and(|frame| frame.is_array == is_array);
                if fits {
                    self.frames.pop();
                    self.path.pop();
                    self.state = State::Behind;
                }
                fits
            }
            _ => false,
        }
    }

    fn finish_bare(&mut self) {
        if let Some((start, end)) = self.bare.take() {
            let node = self.settings.scalar(start, end);
            self.emit(node, start, end);
        }
    }

    fn emit(&mut self, value: NodeId, start: usize, end: usize) {
        let (name, span) = self.name(start, end);
        let path = self.path.join(&name);
        self.settings.setting(path, span, Some(value));
    }

    /// The name of the value that stands at `start..end` below the current path, and its place.
    fn name(&mut self, start: usize, end: usize) -> (String, (usize, usize)) {
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.is_array) {
            frame.next += 1;
            return ((frame.next - 1).to_string(), (start, end));
        }
        let parts = std::mem::take(&mut self.parts);
        let span = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => (first.start, last.end),
            _ => (start, end),
        };
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        (names.join("."), span)
    }
}

/// The value of the string literal that stands with its quotes at `start..end`.
fn string(settings: &Settings<'_>, start: usize, end: usize, is_multiline: bool) -> Text {
    let quotes = if is_multiline { 3 } else { 1 };
    let mut from = start + quotes;
    let to = end.saturating_sub(quotes).max(from);
    if is_multiline {
        let content = settings.slice(from, to);
        let line_break = usize::from(content.starts_with("\r\n"))
            + usize::from(content.starts_with(['\n', '\r']));
        from += line_break.min(content.len());
    }
    let has_escapes = settings.slice(start, start + 1) == "\"";
    let mut text = Text::default();
    let mut exact = from;
    let mut at = from;
    while let Some(length) = settings.slice(at, to).find(['\\', '\r']) {
        let stop = at + length;
        let is_escape = settings.slice(stop, stop + 1) == "\\";
        let (value, behind, mapping) = if is_escape && has_escapes {
            escape(settings, stop, to)
        } else if settings.slice(stop, to).starts_with("\r\n") {
            ("\n".to_string(), stop + 2, Mapping::Derived)
        } else {
            at = stop + 1;
            continue;
        };
        settings.push_exact(&mut text, exact, stop);
        settings.push(&mut text, &value, stop, behind, mapping);
        at = behind;
        exact = behind;
    }
    settings.push_exact(&mut text, exact, to);
    text
}

fn escape(settings: &Settings<'_>, at: usize, end: usize) -> (String, usize, Mapping) {
    let source = settings.text.get(..end).unwrap_or("");
    let Some(character) = settings.slice(at + 1, end).chars().next() else {
        return ("\\".to_string(), at + 1, Mapping::Exact);
    };
    let short = at + 1 + character.len_utf8();
    let code = |digits: usize| {
        let value = hexadecimal(source, short, digits).and_then(char::from_u32);
        (
            value.unwrap_or(char::REPLACEMENT_CHARACTER),
            (short + digits).min(end),
        )
    };
    let (value, behind) = match character {
        'n' => ('\n', short),
        't' => ('\t', short),
        'r' => ('\r', short),
        'b' => ('\u{8}', short),
        'f' => ('\u{c}', short),
        'e' => ('\u{1b}', short),
        'u' => code(4),
        'U' => code(8),
        'x' => code(2),
        ' ' | '\t' | '\n' | '\r' => {
            let rest = settings.slice(at + 1, end);
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            return (String::new(), at + 1 + blanks, Mapping::Derived);
        }
        other => (other, short),
    };
    (value.to_string(), behind, Mapping::Escaped)
}

#[cfg(test)]
mod tests {
    use super::super::checks::{assert_quick, assert_settings, check, comments, input, lowered};
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, "a.toml", text)
    }

    #[test]
    fn tables_arrays_and_dotted_keys_make_the_path() {
        let text = "top = 1 # c\r\n[zoho.desk]\r\ntoken = \"abc\"\r\n\"a b\".c = 'x\\y'\r\nlist = [ \"😀\", 2, # d\r\n { k = true } ]\r\n[[package]]\r\nname = \"p\"\r\n[[package]]\r\nname = \"q\"\r\n[package.deps]\r\nr = 1979-05-27T07:32:00Z\r\nf = +1.5\r\n";
        let tree = read(text);
        assert_settings(
            &tree,
            &[
                ("top", "<number 1>"),
                ("zoho.desk.token", "abc"),
                ("zoho.desk.a b.c", "x\\y"),
                ("zoho.desk.list.0", "😀"),
                ("zoho.desk.list.1", "<number 2>"),
                ("zoho.desk.list.2.k", "<true>"),
                ("package.0.name", "p"),
                ("package.1.name", "q"),
                ("package.1.deps.r", "1979-05-27T07:32:00Z"),
                ("package.1.deps.f", "<number +1.5>"),
            ],
        );
        assert_eq!(comments(&tree, text), [" c", " d"]);
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn strings_over_lines_and_escapes_have_their_value() {
        let tree = read(
            "a = \"\"\"\r\none\r\ntwo \\\r\n   three\\u0041\"\"\"\nb = '''x\\n'''\nc = \"\\tq\\\"\"\nd = \"\"\n",
        );
        assert_settings(
            &tree,
            &[
                ("a", "one\ntwo threeA"),
                ("b", "x\\n"),
                ("c", "\tq\""),
                ("d", ""),
            ],
        );
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn a_broken_line_costs_only_itself() {
        let tree = read("[zoho]\na = \"1\"\nb = @@@\nc = \"3\"\na = \"again\"\n");
        assert_settings(
            &tree,
            &[
                ("zoho.a", "1"),
                ("b", "@@@"),
                ("zoho.c", "3"),
                ("zoho.a", "again"),
            ],
        );
        assert_eq!(tree.partly_read.as_deref(), Some("no TOML at line 3"));
    }

    #[test]
    fn hostile_files_are_read_quickly() {
        for text in [
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}", "{a=".repeat(100_000)),
            "[".repeat(100_000),
            format!("[{}]\nk=1", "a.".repeat(100_000)),
            "[[a.b]]\nk=1\n".repeat(30_000),
            "key = \"value\"\n".repeat(100_000),
            "a = \"\"\"\n".repeat(99_999),
            "@\n".repeat(100_000),
            "a = \"\\q\n".repeat(50_000),
        ] {
            assert_quick("a TOML file", || check(&lower(input(&text)), &text, 0));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)([\\[\\]{}a-c =.,#\"'\\\\\n\r\t😀u0-9+:-]|\"\"\"|'''|.){0,80}") {
            lowered(lower, "a.toml", &text);
        }
    }
}
