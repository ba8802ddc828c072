//! Front end for YAML.
//!
//! It owns the way from parser events to settings (never a tree of the parser's own: hostile nesting) and
//! from the value of a scalar back to its bytes. Shell assignments in lists and scalars, as
//! `docker-compose` and CI services take them, give settings of their own. It must not know any key, save
//! those under which CI services keep shell scripts.

use saphyr_parser::{Event, Parser, ScalarStyle};

mod assignments;
mod scalar;

use assignments::assignments;
use scalar::aligned;

use super::lines;
use super::settings::{KeyPath, Settings, exact_source, part};
use crate::syntax::Input;
use crate::syntax::tree::{Kind, Language, Text, Tree};

/// Keys under which CI services keep shell scripts.
const SCRIPT_KEYS: [&str; 14] = [
    "run",
    "script",
    "before_script",
    "after_script",
    "before_install",
    "install",
    "after_install",
    "after_success",
    "deploy",
    "command",
    "commands",
    "cmd",
    "bash",
    "shell",
];

pub fn lower(input: Input<'_>) -> Tree {
    let mut reader = Reader {
        settings: Settings::new(input, Language::Yaml),
        positions: Positions::new(input.text),
        path: KeyPath::default(),
        frames: Vec::new(),
        gap: 0,
    };
    reader.read();
    reader.settings.finish()
}

/// Bytes for the characters in which the parser counts: a byte for every 64th character, the rest counted.
struct Positions<'a> {
    text: &'a str,
    marks: Option<Vec<usize>>,
}

impl<'a> Positions<'a> {
    const STEP: usize = 64;

    fn new(text: &'a str) -> Positions<'a> {
        let marks = (!text.is_ascii()).then(|| {
            text.char_indices()
                .step_by(Self::STEP)
                .map(|(byte, _)| byte)
                .collect()
        });
        Positions { text, marks }
    }

    fn byte(&self, character: usize) -> usize {
        let Some(marks) = &self.marks else {
            return character.min(self.text.len());
        };
        let Some(mark) = marks.get(character / Self::STEP) else {
            return self.text.len();
        };
        let rest = self.text.get(*mark..).unwrap_or("");
        rest.char_indices()
            .nth(character % Self::STEP)
            .map_or(self.text.len(), |(byte, _)| mark + byte)
    }
}

struct Frame {
    kind: FrameKind,
    /// The key that leads here, for a list also to its items.
    name: String,
    /// The whole container is a key of the one around it.
    is_key: bool,
}

enum FrameKind {
    Mapping {
        key: Option<(String, (usize, usize))>,
    },
    Sequence {
        next: usize,
    },
}

/// What a value is called.
struct Place {
    path: String,
    key: (usize, usize),
    name: String,
    is_item: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        let source = self.settings.text;
        let mut parser = Parser::new_from_str(source);
        let mut last = 0;
        loop {
            match parser.next_event() {
                None => break,
                Some(Ok((event, span))) => {
                    let start = self.positions.byte(span.start.index());
                    let end = self.positions.byte(span.end.index()).max(start);
                    last = last.max(start);
                    if event == Event::StreamEnd {
                        break;
                    }
                    self.event(event, start, end);
                }
                Some(Err(error)) => {
                    let at = self.positions.byte(error.marker().index()).max(last);
                    self.settings.partly_read("no YAML", at);
                    let before = self.settings.slice(0, at);
                    let line = before.rfind('\n').map_or(0, |index| index + 1);
                    self.comments(line);
                    lines::read_rest(&mut self.settings, line);
                    return;
                }
            }
        }
        self.comments(source.len());
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) {
        match event {
            Event::DocumentStart(_) | Event::DocumentEnd => {
                self.frames.clear();
                self.path = KeyPath::default();
            }
            Event::MappingStart(..) => self.open(FrameKind::Mapping { key: None }),
            Event::SequenceStart(..) => self.open(FrameKind::Sequence { next: 0 }),
            Event::MappingEnd | Event::SequenceEnd => self.close(start),
            Event::Alias(_) => {
                if self.expects_key() {
                    self.set_key("*".to_string(), (start, end));
                } else if let Some(place) = self.place(start, end) {
                    let children = Vec::new();
                    let value = self
                        .settings
                        .builder
                        .add(Kind::Opaque { children }, start, end);
                    self.settings.setting(place.path, place.key, Some(value));
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let has_properties = anchor != 0 || tag.is_some();
                let start = if has_properties {
                    self.behind_properties(start, end)
                } else {
                    start
                };
                let (start, end) = self.literal_range(style, start, end);
                self.comments(start);
                self.gap = self.gap.max(end);
                if value.is_empty() && style == ScalarStyle::Plain {
                    self.empty(start);
                } else {
                    self.scalar(&value, style, start, end);
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
    }

    fn expects_key(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame {
                kind: FrameKind::Mapping { key: None },
                ..
            })
        )
    }

    fn set_key(&mut self, name: String, span: (usize, usize)) {
        if let Some(Frame {
            kind: FrameKind::Mapping { key },
            ..
        }) = self.frames.last_mut()
        {
            *key = Some((name, span));
        }
    }

    fn open(&mut self, kind: FrameKind) {
        let mut is_key = false;
        let mut name = String::new();
        let mut own = String::new();
        match self.frames.last_mut() {
            Some(Frame {
                kind: FrameKind::Mapping { key },
                ..
            }) => match key.take() {
                // The entries of a merged mapping are entries of the one around it.
                Some((key, _)) if key == "<<" => {}
                Some((key, _)) => {
                    own.clone_from(&key);
                    name = key;
                }
                None => is_key = true,
            },
            Some(Frame {
                kind: FrameKind::Sequence { next },
                name: outer,
                ..
            }) => {
                own = next.to_string();
                *next += 1;
                if matches!(kind, FrameKind::Sequence { .. }) && outer.len() < 64 {
                    name.clone_from(outer);
                }
            }
            None => {}
        }
        self.path.push(&own);
        self.frames.push(Frame { kind, name, is_key });
    }

    fn close(&mut self, at: usize) {
        self.path.pop();
        if self.frames.pop().is_some_and(|frame| frame.is_key) {
            self.set_key("?".to_string(), (at, at));
        }
    }

    /// Takes the place of the next value; `None` for a document that is only a scalar.
    fn place(&mut self, start: usize, end: usize) -> Option<Place> {
        match self.frames.last_mut()? {
            Frame {
                kind: FrameKind::Mapping { key },
                ..
            } => {
                let (name, key) = key.take()?;
                Some(Place {
                    path: self.path.join(&name),
                    key,
                    name,
                    is_item: false,
                })
            }
            Frame {
                kind: FrameKind::Sequence { next },
                name,
                ..
            } => {
                let index = next.to_string();
                *next += 1;
                Some(Place {
                    path: self.path.join(&index),
                    key: (start, end),
                    name: name.clone(),
                    is_item: true,
                })
            }
        }
    }

    /// A key or value that is not there.
    fn empty(&mut self, at: usize) {
        if self.expects_key() {
            self.set_key(String::new(), (at, at));
        } else if let Some(place) = self.place(at, at) {
            self.settings.setting(place.path, place.key, None);
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, start: usize, end: usize) {
        let literal = aligned(&self.settings, value, style, start, end);
        if self.expects_key() {
            let quotes = usize::from(is_quoted(style) && end - start >= 2);
            self.set_key(value.to_string(), (start + quotes, end - quotes));
            return;
        }
        let place = self.place(start, end);
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if let Some(place) = &place {
            let node = if style == ScalarStyle::Plain && value == self.settings.slice(start, end) {
                self.settings.scalar(start, end)
            } else {
                self.settings.string(literal.clone(), start, end)
            };
            self.settings
                .setting(place.path.clone(), place.key, Some(node));
            if is_block && SCRIPT_KEYS.contains(&place.name.as_str()) {
                self.settings.builder.embed("sh", start, end);
            }
        }
        if style != ScalarStyle::Literal || place.as_ref().is_none_or(|place| place.is_item) {
            self.assignments(&literal, place.as_ref(), (start, end));
        }
    }

    /// The settings `KEY=value` inside a scalar.
    fn assignments(&mut self, literal: &Text, place: Option<&Place>, whole: (usize, usize)) {
        let is_item = place.is_none_or(|place| place.is_item);
        let keeps_blanks = place.is_some_and(|place| is_item && place.name == "environment");
        for found in assignments(&literal.value, is_item, keeps_blanks) {
            let name = literal.value.get(found.key.0..found.key.1).unwrap_or("");
            let path = match place {
                Some(place) if !place.is_item => format!("{}.{name}", place.path),
                _ => self.path.join(name),
            };
            let key = exact_source(literal, found.key.0, found.key.1);
            let key = key.map_or(whole, |span| self.settings.local(span));
            let text = part(literal, found.value.0, found.value.1);
            let node = match (text.segments.first(), text.segments.last()) {
                (Some(first), Some(last)) => {
                    let span = self.settings.local(first.source.join(last.source));
                    Some(self.settings.string(text, span.0, span.1))
                }
                _ => None,
            };
            self.settings.setting(path, key, node);
        }
    }

    /// Where a scalar itself begins when an anchor or a tag stands before it.
    fn behind_properties(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        loop {
            let rest = self.settings.slice(at, end);
            if !rest.starts_with(['&', '!']) {
                return at;
            }
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let behind = rest.get(word..).unwrap_or("");
            at += word + (behind.len() - behind.trim_start().len());
        }
    }

    /// The range of a literal without the blanks around it, and without the header of a block.
    fn literal_range(&self, style: ScalarStyle, start: usize, end: usize) -> (usize, usize) {
        let slice = self.settings.slice(start, end);
        let mut from = start;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
            && slice.starts_with(['|', '>'])
            && let Some(line) = slice.find('\n')
            && slice.get(1..line).is_some_and(is_block_header)
        {
            let body = slice.get(line + 1..).unwrap_or("");
            // How much of the blanks is indentation, only the lines of a `|` block need to know.
            let blanks = body.len() - body.trim_start_matches(' ').len();
            from = start
                + line
                + 1
                + if style == ScalarStyle::Folded {
                    blanks
                } else {
                    0
                };
        }
        // The parser counts a comment behind a quoted scalar as part of it.
        let end = closing_quote(self.settings.slice(from, end), style)
            .map_or(end, |length| from + length);
        let to = from + self.settings.slice(from, end).trim_end().len();
        (from, to.max(from))
    }

    /// Records the comments between the last scalar and `end`.
    fn comments(&mut self, end: usize) {
        let source = self.settings.text;
        let mut at = self.gap;
        while at < end {
            let Some(length) = self.settings.slice(at, end).find('#') else {
                break;
            };
            let mark = at + length;
            let before = source.get(..mark).and_then(|text| text.bytes().next_back());
            if before.is_none_or(|byte| byte.is_ascii_whitespace()) {
                let line_end = self.settings.line_end(mark);
                self.settings
                    .builder
                    .comment(mark, line_end, mark + 1, line_end);
                at = line_end;
            } else {
                at = mark + 1;
            }
        }
        self.gap = self.gap.max(end).max(at);
    }
}

struct Reader<'a> {
    settings: Settings<'a>,
    positions: Positions<'a>,
    path: KeyPath,
    frames: Vec<Frame>,
    /// Where the text begins in which comments have not been looked for yet.
    gap: usize,
}

fn is_quoted(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
}

/// The length of a quoted scalar with both quotes.
fn closing_quote(literal: &str, style: ScalarStyle) -> Option<usize> {
    let (quote, escape) = match style {
        ScalarStyle::SingleQuoted => (b'\'', b'\''),
        ScalarStyle::DoubleQuoted => (b'"', b'\\'),
        _ => return None,
    };
    let bytes = literal.as_bytes();
    let mut at = 1;
    loop {
        let byte = *bytes.get(at)?;
        let is_escape = byte == escape && (escape != quote || bytes.get(at + 1) == Some(&quote));
        if is_escape {
            at += 2;
        } else if byte == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
}

fn is_block_header(rest: &str) -> bool {
    let header = rest.split('#').next().unwrap_or("").trim();
    header
        .chars()
        .all(|character| matches!(character, '+' | '-' | '0'..='9'))
}

#[cfg(test)]
mod tests;
