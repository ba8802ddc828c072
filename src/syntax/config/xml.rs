//! Front end for XML: elements and attributes as settings.
//!
//! It owns the paths: `a.b` for the text of an element, `a.b.@name` for an attribute; a sibling that
//! repeats gets its number (`dependency.0.groupId`, `dependency.1.groupId`), an only child does not.
//! An element named by a `name`, `key` or `id` attribute is also a setting of that name, with its `value`
//! attribute or else its text as value. Prefixes of namespaces are kept as written. It must not know any
//! schema.

use std::collections::HashMap;

use quick_xml::Reader as XmlReader;
use quick_xml::events::Event;

use super::lines;
use super::settings::{KeyPath, Settings};
use crate::syntax::Input;
use crate::syntax::tree::{Language, Mapping, Text, Tree};

/// How many open elements a closing tag may close at once. Beyond it counts as stray, so that a file of
/// stray tags does not search all open elements each time.
const MOST_CLOSED: usize = 32;

pub fn lower(input: Input<'_>) -> Tree {
    let mut settings = Settings::new(input, Language::Xml);
    let (items, elements, rest) = collect(&mut settings);
    emit(&mut settings, &items, &elements);
    if let Some(rest) = rest {
        lines::read_rest(&mut settings, rest);
    }
    settings.finish()
}

enum Item {
    Open {
        element: usize,
        start: usize,
        end: usize,
    },
    Close,
    Text {
        start: usize,
        end: usize,
    },
    Data {
        start: usize,
        end: usize,
    },
}

struct Element {
    name: (usize, usize),
    parent: usize,
    index: usize,
    has_twin: bool,
}

/// Reads the events: first all elements have to be known, so that an element knows whether it repeats.
/// The third value is where the syntax ends before the file does.
fn collect(settings: &mut Settings<'_>) -> (Vec<Item>, Vec<Element>, Option<usize>) {
    let source = settings.text;
    // The reader drops a byte-order mark without counting it.
    let marked = source.len() - source.trim_start_matches('\u{feff}').len();
    let mut reader = XmlReader::from_str(source.get(marked..).unwrap_or(""));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut items = Vec::new();
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut siblings: HashMap<(usize, &str), (usize, usize)> = HashMap::new();
    let mut rest = None;
    loop {
        let start = marked + reader.buffer_position() as usize;
        let event = reader.read_event();
        let end = (marked + reader.buffer_position() as usize).min(source.len());
        match event {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => {
                let name = (start + 1, start + 1 + tag.name().as_ref().len());
                let element = elements.len();
                enter(settings, &mut elements, &mut siblings, &open, name);
                open.push(element);
                items.push(Item::Open {
                    element,
                    start,
                    end,
                });
            }
            Ok(Event::Empty(tag)) => {
                let name = (start + 1, start + 1 + tag.name().as_ref().len());
                let element = elements.len();
                enter(settings, &mut elements, &mut siblings, &open, name);
                items.push(Item::Open {
                    element,
                    start,
                    end,
                });
                items.push(Item::Close);
            }
            Ok(Event::End(tag)) => {
                let qualified = tag.name();
                let name = qualified.as_ref();
                let closed = open.iter().rev().take(MOST_CLOSED).position(|element| {
                    let opening = elements
                        .get(*element)
                        .map_or((0, 0), |element| element.name);
                    settings.slice(opening.0, opening.1) == name.trim_end()
                });
                if closed != Some(0) {
                    settings.partly_read("unexpected closing tag", start);
                }
                for _ in 0..closed.map_or(0, |above| above + 1) {
                    open.pop();
                    items.push(Item::Close);
                }
            }
            Ok(Event::Text(_) | Event::GeneralRef(_)) => items.push(Item::Text { start, end }),
            Ok(Event::CData(_)) => {
                let (start, end) = inside(start, end, 9, 3);
                items.push(Item::Data { start, end });
            }
            Ok(Event::Comment(_)) => {
                let (from, to) = inside(start, end, 4, 3);
                settings.builder.comment(start, end, from, to);
            }
            Ok(Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(_) => {
                let at = (marked + reader.error_position() as usize)
                    .min(end)
                    .max(start.min(end));
                settings.partly_read("no XML", at);
                rest = Some(at);
                break;
            }
        }
    }
    if rest.is_none() && !open.is_empty() {
        settings.partly_read("unclosed element", source.len());
    }
    items.extend(open.iter().map(|_| Item::Close));
    let counts: Vec<bool> = elements
        .iter()
        .map(|element| {
            let name = settings.slice(element.name.0, element.name.1);
            siblings
                .get(&(element.parent, name))
                .is_some_and(|(_, count)| *count > 1)
        })
        .collect();
    for (element, has_twin) in elements.iter_mut().zip(counts) {
        element.has_twin = has_twin;
    }
    (items, elements, rest)
}

fn inside(start: usize, end: usize, opening: usize, closing: usize) -> (usize, usize) {
    let from = (start + opening).min(end);
    (from, end.saturating_sub(closing).max(from))
}

fn enter<'a>(
    settings: &Settings<'a>,
    elements: &mut Vec<Element>,
    siblings: &mut HashMap<(usize, &'a str), (usize, usize)>,
    open: &[usize],
    name: (usize, usize),
) {
    let parent = open.last().map_or(usize::MAX, |element| *element);
    let key = (parent, settings.slice(name.0, name.1));
    let (_, count) = siblings.entry(key).or_insert((elements.len(), 0));
    *count += 1;
    let index = *count - 1;
    elements.push(Element {
        name,
        parent,
        index,
        has_twin: false,
    });
}

/// An element that is open while the settings are written down.
#[derive(Default)]
struct Frame {
    name: (usize, usize),
    /// Where the name stands that an attribute gives this element, until its value is found.
    setting: Option<(String, (usize, usize))>,
}

fn emit(settings: &mut Settings<'_>, items: &[Item], elements: &[Element]) {
    let mut path = KeyPath::default();
    let mut frames: Vec<Frame> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for item in items {
        match item {
            Item::Text { start, end } => pieces.push(Piece {
                start: *start,
                end: *end,
                is_data: false,
            }),
            Item::Data { start, end } => pieces.push(Piece {
                start: *start,
                end: *end,
                is_data: true,
            }),
            Item::Open {
                element,
                start,
                end,
            } => {
                flush(settings, &mut pieces, &path, frames.last_mut());
                let Some(element) = elements.get(*element) else {
                    continue;
                };
                let name = settings.slice(element.name.0, element.name.1);
                if element.has_twin {
                    path.push(&format!("{name}.{}", element.index));
                } else {
                    path.push(name);
                }
                let end = if settings.slice(*start, *end).ends_with("/>") {
                    *end - 2
                } else {
                    end.saturating_sub(1).max(*start)
                };
                let setting = attributes(settings, &path, element.name.1, end);
                frames.push(Frame {
                    name: element.name,
                    setting,
                });
            }
            Item::Close => {
                flush(settings, &mut pieces, &path, frames.last_mut());
                path.pop();
                frames.pop();
            }
        }
    }
}

struct Piece {
    start: usize,
    end: usize,
    is_data: bool,
}

/// Writes down the text that has been collected for the innermost element.
fn flush(
    settings: &mut Settings<'_>,
    pieces: &mut Vec<Piece>,
    path: &KeyPath,
    frame: Option<&mut Frame>,
) {
    let is_blank = |piece: &Piece, settings: &Settings<'_>| {
        !piece.is_data && settings.slice(piece.start, piece.end).trim().is_empty()
    };
    let first = pieces.iter().position(|piece| !is_blank(piece, settings));
    let last = pieces.iter().rposition(|piece| !is_blank(piece, settings));
    let (Some(first), Some(last)) = (first, last) else {
        pieces.clear();
        return;
    };
    let mut literal = Text::default();
    let mut range = (usize::MAX, 0);
    for (index, piece) in pieces.iter().enumerate().take(last + 1).skip(first) {
        let (mut start, mut end) = (piece.start, piece.end);
        if !piece.is_data {
            let trimmed = settings.trim(start, end);
            start = if index == first { trimmed.0 } else { start };
            end = if index == last { trimmed.1 } else { end };
            decode(settings, &mut literal, start, end);
        } else {
            settings.push_exact(&mut literal, start, end);
        }
        range = (range.0.min(start), range.1.max(end));
    }
    pieces.clear();
    let Some(frame) = frame else {
        return;
    };
    let node = settings.string(literal.clone(), range.0, range.1);
    settings.setting(path.text().to_string(), frame.name, Some(node));
    if let Some((name, key)) = frame.setting.take() {
        let node = settings.string(literal, range.0, range.1);
        settings.setting(name, key, Some(node));
    }
}

/// Writes down the attributes between `start` and `end`. If they name the element but give no value, the
/// name is handed back: the text of the element is the value.
fn attributes(
    settings: &mut Settings<'_>,
    path: &KeyPath,
    start: usize,
    end: usize,
) -> Option<(String, (usize, usize))> {
    let mut named: Option<(usize, String, (usize, usize))> = None;
    let mut value: Option<(Text, (usize, usize))> = None;
    let mut at = start;
    while let Some(attribute) = attribute(settings, at, end) {
        at = attribute.behind;
        let name = settings.slice(attribute.name.0, attribute.name.1);
        let (from, to) = attribute.value;
        let mut literal = Text::default();
        decode(settings, &mut literal, from, to);
        let rank = ["name", "key", "id"]
            .iter()
            .position(|known| *known == name);
        if let Some(rank) = rank
            && named.as_ref().is_none_or(|(best, _, _)| rank < *best)
            && !literal.value.is_empty()
        {
            named = Some((rank, literal.value.clone(), (from, to)));
        }
        if name == "value" {
            value = Some((literal.clone(), (from, to)));
        }
        let key = path.join(&format!("@{name}"));
        let node = settings.string(literal, from, to);
        settings.setting(key, attribute.name, Some(node));
    }
    let (_, name, key) = named?;
    let Some((literal, (from, to))) = value else {
        return Some((name, key));
    };
    let node = settings.string(literal, from, to);
    settings.setting(name, key, Some(node));
    None
}

struct Attribute {
    name: (usize, usize),
    /// Without quotes.
    value: (usize, usize),
    behind: usize,
}

/// The next attribute with a value between `at` and `end`.
fn attribute(settings: &Settings<'_>, at: usize, end: usize) -> Option<Attribute> {
    let mut at = at;
    loop {
        (at, _) = settings.trim(at, end);
        let rest = settings.slice(at, end);
        if rest.is_empty() {
            return None;
        }
        let length = rest
            .find(|character: char| character.is_whitespace() || character == '=')
            .unwrap_or(rest.len());
        let name = (at, at + length);
        let (separator, _) = settings.trim(at + length, end);
        let Some(rest) = settings.slice(separator, end).strip_prefix('=') else {
            at = separator.max(at + length);
            continue;
        };
        let value = end - rest.trim_start().len();
        let quote = settings.slice(value, end).chars().next()?;
        if !matches!(quote, '"' | '\'') {
            let rest = settings.slice(value, end);
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            return Some(Attribute {
                name,
                value: (value, value + length),
                behind: value + length,
            });
        }
        let inner = settings.slice(value + 1, end);
        let length = inner.find(quote).unwrap_or(inner.len());
        return Some(Attribute {
            name,
            value: (value + 1, value + 1 + length),
            behind: (value + 2 + length).min(end),
        });
    }
}

/// Longest entity that is looked for.
const LONGEST_ENTITY: usize = 12;

/// Appends the text at `start..end` with its entities decoded. Unknown entities stay as they are written.
fn decode(settings: &Settings<'_>, text: &mut Text, start: usize, end: usize) {
    let mut exact = start;
    let mut at = start;
    while let Some(length) = settings.slice(at, end).find('&') {
        let mark = at + length;
        at = mark + 1;
        let rest = settings.slice(mark + 1, end);
        let semicolon = rest
            .char_indices()
            .take_while(|(index, _)| *index <= LONGEST_ENTITY)
            .find(|(_, character)| *character == ';');
        let Some((length, _)) = semicolon else {
            continue;
        };
        let Some(character) = entity(rest.get(..length).unwrap_or("")) else {
            continue;
        };
        let behind = mark + 1 + length + 1;
        settings.push_exact(text, exact, mark);
        let mut buffer = [0; 4];
        settings.push(
            text,
            character.encode_utf8(&mut buffer),
            mark,
            behind,
            Mapping::Escaped,
        );
        at = behind;
        exact = behind;
    }
    settings.push_exact(text, exact, end);
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{
        assert_quick, assert_settings, check, comments, input, lowered, settings,
    };
    use super::*;

    fn read(text: &str) -> Tree {
        lowered(lower, "a.xml", text)
    }

    #[test]
    fn repeated_siblings_are_numbered_and_only_children_are_not() {
        let text = "<?xml version=\"1.0\"?>\r\n<!-- c -->\r\n<project>\r\n\t<dependencies>\r\n<dependency><groupId>a</groupId></dependency>\r\n<dependency><groupId> 😀 </groupId></dependency></dependencies><x:v> 1 </x:v></project>\r\n";
        let tree = read(text);
        assert_settings(
            &tree,
            &[
                ("project.dependencies.dependency.0.groupId", "a"),
                ("project.dependencies.dependency.1.groupId", "😀"),
                ("project.x:v", "1"),
            ],
        );
        assert_eq!(comments(&tree, text), [" c "]);
        assert_eq!(tree.partly_read, None);
    }

    #[test]
    fn named_elements_are_settings_of_that_name() {
        let text = "<r><property name=\"authtoken\" value='abc'/><entry key=\"k\">def</entry><string name=\"zoho_token\"><![CDATA[x&y]]></string><add key=\"a\" value=\"\"/><parameter name=\"authtoken\"><b>1</b></parameter></r>";
        assert_settings(
            &read(text),
            &[
                ("r.property.@name", "authtoken"),
                ("r.property.@value", "abc"),
                ("authtoken", "abc"),
                ("r.entry.@key", "k"),
                ("r.entry", "def"),
                ("k", "def"),
                ("r.string.@name", "zoho_token"),
                ("r.string", "x&y"),
                ("zoho_token", "x&y"),
                ("r.add.@key", "a"),
                ("r.add.@value", ""),
                ("a", ""),
                ("r.parameter.@name", "authtoken"),
                ("r.parameter.b", "1"),
            ],
        );
    }

    #[test]
    fn entities_are_decoded_and_kept_apart() {
        let text = "<u a=\"1&amp;2\">https://a.b/?x=1&amp;authtoken=2&#x41;&nbsp;& z</u>";
        assert_settings(
            &read(text),
            &[
                ("u.@a", "1&2"),
                ("u", "https://a.b/?x=1&authtoken=2A&nbsp;& z"),
            ],
        );
    }

    #[test]
    fn what_follows_a_syntax_error_is_read_line_by_line() {
        let tree = read("<a><b>1</b>\n<!-- open\ntoken = abc\n");
        let found = settings(&tree);
        assert!(
            found.contains(&("a.b".to_string(), "1".to_string())),
            "{found:?}"
        );
        assert!(
            found.contains(&("token".to_string(), "abc".to_string())),
            "{found:?}"
        );
        assert!(tree.partly_read.is_some());
    }

    #[test]
    fn unclosed_elements_cost_no_setting() {
        let tree = read("<a><b>1<c>2</a><d>3</d>");
        assert_settings(&tree, &[("a.b", "1"), ("a.b.c", "2"), ("d", "3")]);
        assert!(tree.partly_read.is_some());
    }

    #[test]
    fn hostile_files_are_read_quickly() {
        let mut keys = String::from("<r>");
        for key in 0..100_000 {
            keys.push_str(&format!("<key{key}>v</key{key}>"));
        }
        for text in [
            "<a>".repeat(100_000),
            "<a>t".repeat(100_000),
            format!("{}{}", "<a>".repeat(50_000), "</b>".repeat(50_000)),
            "<a>v</a>".repeat(100_000),
            "</a>".repeat(100_000),
            "<!--".repeat(100_000),
            "&".repeat(500_000),
            format!("<a {}/>", "b=\"c\" ".repeat(100_000)),
            format!("<{}>{}", "n".repeat(100_000), "<b>c</b>".repeat(10_000)),
            keys,
        ] {
            assert_quick("an XML file", || check(&lower(input(&text)), &text, 0));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(?s)(<a>|</a>|<b |c=|/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|&amp;|&#|[<>&;\"'= x\n\r😀\u{feff}]|.){0,60}") {
            lowered(lower, "a.xml", &text);
        }
    }
}
