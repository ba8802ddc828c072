//! Values as strings: builders, URLs put together from parts, format strings, maps written as a query.
//!
//! Owns every way in which several values become one string. It must not know Zoho.

use super::eval::Evaluator;
use super::object::{ObjectId, Slot, Value};
use super::statement::constant_text;
use super::value::{Content, OriginKind, Piece, Place, Steps, Text, Unknown};
use crate::facts::Part;
use crate::rules::model::{Facet, FormatStyle, ObjectKind};
use crate::syntax::tree::Mapping;
use std::rc::Rc;

/// Objects that are read while others are: more than this is a circle.
pub(super) const MAX_OBJECT_DEPTH: u32 = 16;
/// How deep objects within objects are read for their text.
const MAX_NESTING: u32 = 6;

impl Evaluator<'_> {
    /// The string that a value is when it is used as one.
    pub(super) fn text_of(&mut self, value: &Value, nesting: u32) -> Text {
        match value {
            Value::Text(text) => text.clone(),
            Value::Unknown(unknown) => match self.promoted_text(unknown, nesting) {
                Some(text) => text,
                None => Text::hole(unknown),
            },
            Value::Object(id) => self.object_text(*id, nesting),
            Value::Choice(values) => {
                if nesting > MAX_NESTING {
                    return Text::empty();
                }
                let texts: Vec<Text> = values
                    .iter()
                    .map(|value| self.text_of(value, nesting + 1))
                    .collect();
                Text::union(&texts)
            }
            Value::Function(function) => {
                let place = Place {
                    file: function.file,
                    span: self.project.unit(function.file).tree.span(function.node),
                };
                self.hole("function", place)
            }
            Value::Class(key) => {
                let unit = self.project.unit(key.file);
                let place = Place {
                    file: key.file,
                    span: unit.tree.span(crate::syntax::tree::NodeId(key.node)),
                };
                self.hole("class", place)
            }
            Value::Module(file) => {
                let unit = self.project.unit(*file);
                self.hole(
                    "module",
                    Place {
                        file: *file,
                        span: unit.tree.span(unit.tree.root),
                    },
                )
            }
        }
    }

    fn hole(&self, name: &str, place: Place) -> Text {
        Text::hole(&Unknown {
            kind: OriginKind::Other,
            name: name.into(),
            module: None,
            type_name: None,
            place,
            steps: Steps::default(),
        })
    }

    /// What was appended to a builder that came from outside.
    fn promoted_text(&mut self, unknown: &Rc<Unknown>, nesting: u32) -> Option<Text> {
        let id = *self
            .promoted
            .get(&(unknown.place, Rc::clone(&unknown.name)))?;
        let appends = self.heap.get(id).writes.iter().any(|write| {
            matches!(
                write.slot,
                Slot::Append
                    | Slot::Query(_)
                    | Slot::Facet(Facet::Url | Facet::Path | Facet::Query)
            )
        });
        if !appends || nesting > MAX_NESTING {
            return None;
        }
        Some(Text::hole(unknown).concat(&self.object_text(id, nesting + 1)))
    }

    fn object_text(&mut self, id: ObjectId, nesting: u32) -> Text {
        // Objects may hold each other.
        if self.object_depth >= MAX_OBJECT_DEPTH || self.budget == 0 {
            let place = self.heap.get(id).place;
            return self.hole("", place);
        }
        self.object_depth += 1;
        self.budget -= 1;
        let text = self.text_of_object(id, nesting);
        self.object_depth -= 1;
        text
    }

    fn text_of_object(&mut self, id: ObjectId, nesting: u32) -> Text {
        let object = self.heap.get(id);
        let place = object.place;
        if nesting > MAX_NESTING {
            return self.hole("", place);
        }
        if let Some((owner, Facet::Query)) = object.view_of {
            return self.query_of_request(owner, nesting);
        }
        if object.reads_as_query {
            let parts = self.entry_parts(id, nesting + 1);
            if !parts.is_empty() {
                return self.write_query(&parts, place);
            }
        }
        let object = self.heap.get(id);
        let appends: Vec<Value> = object
            .writes
            .iter()
            .filter(|write| matches!(write.slot, Slot::Append))
            .map(|write| write.value.clone())
            .collect();
        if !appends.is_empty() {
            let mut text = Text::empty();
            for part in appends {
                text = text.concat(&self.text_of(&part, nesting + 1));
            }
            return text;
        }
        let is_url = object.kind == Some(ObjectKind::Url)
            || object.writes.iter().any(|write| {
                matches!(
                    write.slot,
                    Slot::Facet(Facet::Url | Facet::Path | Facet::Host | Facet::BaseUrl)
                )
            });
        if is_url {
            let parts = self.collect(id, 0);
            let mut urls: Vec<Text> = parts.urls;
            let query: Vec<Part> = parts.query;
            if urls.is_empty() {
                return self.hole("", place);
            }
            if !query.is_empty() {
                let tail = constant_text("?", place).concat(&self.write_query(&query, place));
                for url in &mut urls {
                    *url = url.concat(&tail);
                }
            }
            return Text::union(&urls);
        }
        if object.kind == Some(ObjectKind::Text) {
            return Text::empty();
        }
        match &object.origin {
            Some(origin) => Text::hole(origin),
            None => self.hole(
                if object.kind == Some(ObjectKind::Map) {
                    "map"
                } else {
                    ""
                },
                place,
            ),
        }
    }

    fn query_of_request(&mut self, owner: ObjectId, nesting: u32) -> Text {
        let place = self.heap.get(owner).place;
        if nesting > MAX_NESTING {
            return Text::empty();
        }
        let parts = self.collect(owner, 0);
        self.write_query(&parts.query, place)
    }

    /// `a=1&b=2`
    fn write_query(&mut self, parts: &[Part], place: Place) -> Text {
        let mut text = Text::empty();
        for (index, part) in parts.iter().take(40).enumerate() {
            if index > 0 {
                text = text.concat(&constant_text("&", place));
            }
            let name = Text {
                alternatives: Rc::new(part.name.clone()),
                steps: Steps::default(),
            };
            let value = Text {
                alternatives: Rc::new(part.value.clone()),
                steps: Steps::default(),
            };
            text = text
                .concat(&name)
                .concat(&constant_text("=", place))
                .concat(&value);
        }
        text
    }

    /// A map as a query string.
    pub(super) fn query_text(&mut self, value: &Value, place: Place) -> Text {
        match value {
            Value::Object(id) => {
                let parts = self.entry_parts(*id, 0);
                if parts.is_empty() {
                    return self.text_of(value, 0);
                }
                self.write_query(&parts, place)
            }
            Value::Choice(values)
                if values.iter().any(|value| matches!(value, Value::Object(_))) =>
            {
                let texts: Vec<Text> = values
                    .iter()
                    .filter(|value| matches!(value, Value::Object(_)))
                    .map(|value| self.query_text(value, place))
                    .collect();
                Text::union(&texts)
            }
            Value::Unknown(unknown) => {
                match self
                    .promoted
                    .get(&(unknown.place, Rc::clone(&unknown.name)))
                    .copied()
                {
                    Some(id) => self.query_text(&Value::Object(id), place),
                    None => self.text_of(value, 0),
                }
            }
            other => self.text_of(other, 0),
        }
    }

    /// Fills a format string.
    pub(super) fn format(
        &mut self,
        style: FormatStyle,
        template: &Text,
        arguments: &[(Option<String>, Text)],
        captured: &mut dyn FnMut(&str, &mut Self) -> Text,
    ) -> Text {
        let mut results = Vec::new();
        for alternative in template.resolved() {
            let mut text = Text::empty();
            let mut next = 0;
            for piece in &alternative.pieces {
                let Some(literal) = piece.literal() else {
                    text = text.concat(&Text::from_pieces(vec![piece.clone()]));
                    continue;
                };
                for part in split_format(style, literal) {
                    match part {
                        FormatPart::Literal(from, to) => {
                            text = text.concat(&Text::from_pieces(vec![sub_piece(
                                piece, literal, from, to,
                            )]));
                        }
                        FormatPart::Character(character, from, to) => {
                            let mut part = sub_piece(piece, literal, from, to);
                            part.content = Content::Literal(character.into());
                            part.mapping = Mapping::Escaped;
                            text = text.concat(&Text::from_pieces(vec![part]));
                        }
                        FormatPart::Next => {
                            let positional: Vec<&Text> = arguments
                                .iter()
                                .filter(|(name, _)| name.is_none())
                                .map(|(_, text)| text)
                                .collect();
                            if let Some(value) = positional.get(next) {
                                text = text.concat(value);
                            } else {
                                text = text.concat(&self.hole("", piece.place));
                            }
                            next += 1;
                        }
                        FormatPart::Position(index) => match arguments.get(index) {
                            Some((_, value)) => text = text.concat(value),
                            None => text = text.concat(&self.hole("", piece.place)),
                        },
                        FormatPart::Named(name) => {
                            let given = arguments
                                .iter()
                                .find(|(known, _)| known.as_deref() == Some(name));
                            let value = match given {
                                Some((_, value)) => value.clone(),
                                None => captured(name, self),
                            };
                            text = text.concat(&value);
                        }
                    }
                }
            }
            results.push(text);
        }
        Text::union(&results)
    }
}

/// The template with another text where `wanted` stands.
pub(super) fn replaced(template: &Text, wanted: &str, with: &Text, only_first: bool) -> Text {
    let mut results = Vec::new();
    for alternative in template.resolved() {
        let mut parts = Vec::new();
        let mut is_done = false;
        for piece in alternative.pieces {
            let Some(literal) = piece.literal().filter(|_| !is_done) else {
                parts.push(Text::from_pieces(vec![piece]));
                continue;
            };
            let mut at = 0;
            for (found, _) in literal.match_indices(wanted) {
                parts.push(Text::from_pieces(vec![sub_piece(
                    &piece, literal, at, found,
                )]));
                parts.push(with.clone());
                at = found + wanted.len();
                is_done = only_first;
                if is_done {
                    break;
                }
            }
            if at == 0 {
                parts.push(Text::from_pieces(vec![piece]));
            } else if at < literal.len() {
                parts.push(Text::from_pieces(vec![sub_piece(
                    &piece,
                    literal,
                    at,
                    literal.len(),
                )]));
            }
        }
        results.push(Text::concat_all(&parts));
    }
    Text::union(&results)
}

enum FormatPart<'a> {
    Literal(usize, usize),
    /// `%%`, `{{`: one character written as two.
    Character(&'static str, usize, usize),
    Next,
    Position(usize),
    Named(&'a str),
}

/// A part of a literal piece, with its own source bytes where value and source are the same.
fn sub_piece(piece: &Piece, literal: &str, from: usize, to: usize) -> Piece {
    let text = literal.get(from..to).unwrap_or("");
    let mut place = piece.place;
    let mut mapping = piece.mapping;
    if mapping == Mapping::Exact
        && (piece.place.span.end - piece.place.span.start) as usize == literal.len()
    {
        place.span.start = piece.place.span.start + from as u32;
        place.span.end = piece.place.span.start + to as u32;
    } else {
        mapping = Mapping::Derived;
    }
    Piece {
        content: Content::Literal(text.into()),
        place,
        mapping,
        steps: piece.steps.clone(),
    }
}

fn split_format(style: FormatStyle, template: &str) -> Vec<FormatPart<'_>> {
    let bytes = template.as_bytes();
    let mut parts = Vec::new();
    let mut literal = 0;
    let mut at = 0;
    while at < bytes.len() {
        let (part, length) = match style {
            FormatStyle::Percent if bytes[at] == b'%' => percent(&template[at..]),
            FormatStyle::Numbered | FormatStyle::Braces if bytes[at] == b'{' => {
                braces(style, &template[at..])
            }
            FormatStyle::Braces if bytes[at..].starts_with(b"}}") => {
                (Some(FormatPart::Character("}", at, at + 2)), 2)
            }
            _ => (None, 1),
        };
        if let Some(part) = part {
            if literal < at {
                parts.push(FormatPart::Literal(literal, at));
            }
            parts.push(match part {
                FormatPart::Character(character, ..) => {
                    FormatPart::Character(character, at, at + length)
                }
                other => other,
            });
            literal = at + length;
        }
        at += length;
    }
    if literal < bytes.len() {
        parts.push(FormatPart::Literal(literal, bytes.len()));
    }
    parts
}

fn percent(rest: &str) -> (Option<FormatPart<'_>>, usize) {
    if rest.starts_with("%%") {
        return (Some(FormatPart::Character("%", 0, 2)), 2);
    }
    let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    let mut at = 1 + digits;
    let mut position = None;
    if digits > 0 && rest.as_bytes().get(at) == Some(&b'$') {
        position = rest[1..1 + digits]
            .parse::<usize>()
            .ok()
            .filter(|number| *number > 0);
        at += 1;
    } else {
        at = 1;
    }
    at += rest[at..]
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || b"-+ #,.(".contains(byte))
        .count();
    // An escape in a URL (`%20`) is no placeholder.
    match rest.as_bytes().get(at) {
        Some(kind)
            if b"sdifjoOxXcbnSDeEgG".contains(kind) && !(digits >= 2 && position.is_none()) =>
        {
            let part = match position {
                Some(number) => FormatPart::Position(number - 1),
                None => FormatPart::Next,
            };
            (Some(part), at + 1)
        }
        _ => (None, 1),
    }
}

fn braces(style: FormatStyle, rest: &str) -> (Option<FormatPart<'_>>, usize) {
    if style == FormatStyle::Braces && rest.starts_with("{{") {
        return (Some(FormatPart::Character("{", 0, 2)), 2);
    }
    let Some(end) = rest.find('}').filter(|end| *end < 80) else {
        return (None, 1);
    };
    let inside = &rest[1..end];
    let name = inside.split([':', ',', '!']).next().unwrap_or("").trim();
    if name.is_empty() {
        return match style {
            FormatStyle::Braces => (Some(FormatPart::Next), end + 1),
            _ => (None, 1),
        };
    }
    if let Ok(number) = name.parse::<usize>() {
        return (Some(FormatPart::Position(number)), end + 1);
    }
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if style == FormatStyle::Braces && is_name {
        (Some(FormatPart::Named(name)), end + 1)
    } else {
        (None, 1)
    }
}
