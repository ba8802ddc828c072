//! From objects to facts: what was written to a request, a client, an options object, as one request.
//!
//! Owns how the facets of an object become URLs, headers and parameters. It must not know Zoho.

use super::eval::Evaluator;
use super::object::{ObjectId, Slot, Value};
use super::serialized::Written;
use super::statement::constant_text;
use super::value::{Alternative, Place, Role, Steps, Text};
use crate::facts::{Part, Request};
use crate::rules::model::{Facet, ObjectKind};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Objects within objects, and clients made from clients, are followed so far.
pub(super) const MAX_NESTING: u32 = 6;

/// So many entries of one map are looked at: the last ones, and the first ones.
const MOST_NEWEST: usize = 200;
const MOST_OLDEST: usize = 50;

/// Methods that constants of libraries are named after.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// The parts of a request as they come together.
#[derive(Default)]
pub(super) struct Parts {
    pub urls: Vec<Text>,
    pub bases: Vec<Text>,
    pub hosts: Vec<Text>,
    pub paths: Vec<Text>,
    pub methods: Vec<String>,
    /// Whether a method is given at all, known or not.
    pub has_method: bool,
    pub headers: Vec<Part>,
    pub query: Vec<Part>,
    pub form: Vec<Part>,
    pub body: Vec<Alternative>,
    pub connection: Vec<Alternative>,
}

impl Evaluator<'_> {
    /// Turns every object that took a part of a request since the last time into a fact.
    pub(super) fn emit_touched(&mut self) {
        let touched = std::mem::take(&mut self.touched);
        if !self.emits {
            return;
        }
        self.budget = super::eval::RUN_BUDGET;
        // What another request takes over is told there.
        let mut taken: Vec<ObjectId> = Vec::new();
        for id in &touched {
            for write in &self.heap.get(*id).writes {
                if matches!(write.slot, Slot::From | Slot::Facet(_))
                    && let Value::Object(source) = write.value
                    && self.heap.get(source).kind != Some(ObjectKind::Client)
                {
                    taken.push(source);
                }
            }
        }
        for id in touched {
            let object = self.heap.get(id);
            let is_part = matches!(
                object.kind,
                Some(
                    ObjectKind::Url
                        | ObjectKind::Headers
                        | ObjectKind::Map
                        | ObjectKind::List
                        | ObjectKind::Text
                )
            );
            if taken.contains(&id) && object.kind != Some(ObjectKind::Client) {
                continue;
            }
            let has_headers = object
                .writes
                .iter()
                .any(|write| matches!(write.slot, Slot::Header(_)));
            if is_part && !has_headers && object.kind != Some(ObjectKind::Url) {
                continue;
            }
            let client = object.client.as_ref().map(|client| client.to_string());
            let place = object.place;
            let is_defaults = object.kind == Some(ObjectKind::Client);
            let mut parts = self.collect(id, 0);
            self.default_parts(id, &mut parts);
            self.finish(&mut parts, place);
            let unit = self.project.unit(place.file);
            let reads = !parts.has_method
                && !is_defaults
                && parts.body.is_empty()
                && parts.form.is_empty()
                && client
                    .as_ref()
                    .is_some_and(|client| self.idioms.reads(client, &unit.text));
            if reads {
                parts.methods.push("GET".to_string());
            }
            let request = Request {
                client,
                place: Some(place),
                methods: parts.methods,
                urls: parts
                    .urls
                    .iter()
                    .flat_map(Text::resolved)
                    .take(super::value::MAX_ALTERNATIVES)
                    .collect(),
                headers: parts.headers,
                query: parts.query,
                form: parts.form,
                body: parts.body,
                connection: parts.connection,
                is_defaults,
            };
            if self.is_worth_it(&request) {
                self.facts.requests.push(request);
            }
        }
    }

    fn is_worth_it(&self, request: &Request) -> bool {
        let parts = || {
            request
                .headers
                .iter()
                .chain(&request.query)
                .chain(&request.form)
        };
        let interesting = |alternative: &Alternative| {
            alternative.pieces.iter().any(|piece| {
                piece
                    .literal()
                    .is_some_and(|text| self.interest.in_text(text))
            })
        };
        request
            .urls
            .iter()
            .any(|url| interesting(url) || self.interest.in_text(&url.template()))
            || request.body.iter().any(interesting)
            || parts().any(|part| {
                part.name
                    .iter()
                    .filter_map(Alternative::constant)
                    .any(|name| self.interest.in_key(&name))
                    || part.value.iter().any(interesting)
            })
    }

    /// `client.defaults.headers.common = …` and the like: maps that were made along the way.
    fn default_parts(&mut self, id: ObjectId, parts: &mut Parts) {
        let Some(origin) = self.heap.get(id).origin.clone() else {
            return;
        };
        for (path, facet) in self.idioms.default_paths() {
            let name: Rc<str> = format!("{}.{}", origin.name, path.join(".")).into();
            let found: Vec<ObjectId> = self
                .promoted
                .iter()
                .filter(|((place, known), _)| place.file == origin.place.file && *known == name)
                .map(|(_, id)| *id)
                .collect();
            for object in found {
                self.facet(parts, facet, &Value::Object(object), origin.place, 1);
            }
        }
    }

    /// Joins base, host, path and URL.
    fn finish(&mut self, parts: &mut Parts, place: Place) {
        let hosts = std::mem::take(&mut parts.hosts);
        if !hosts.is_empty() {
            let host = Text::union(&hosts);
            let has_scheme = host
                .alternatives
                .iter()
                .any(|host| host.template().contains("://"));
            let start = if has_scheme {
                host
            } else {
                constant_text("https://", place).concat(&host)
            };
            parts.bases.push(start);
        }
        if parts.bases.is_empty() && parts.paths.is_empty() {
            return;
        }
        let base = if parts.bases.is_empty() {
            None
        } else {
            Some(Text::union(&parts.bases))
        };
        let mut ends: Vec<Text> = Vec::new();
        let mut whole: Vec<Text> = Vec::new();
        for url in std::mem::take(&mut parts.urls) {
            let absolute = url
                .alternatives
                .iter()
                .any(|one| one.template().contains("://"));
            if absolute || base.is_none() {
                whole.push(url)
            } else {
                ends.push(url)
            }
        }
        let path = parts.paths.iter().fold(None::<Text>, |path, next| {
            Some(match path {
                Some(path) => path.concat(next),
                None => next.clone(),
            })
        });
        if let Some(path) = path {
            if let Some(first) = whole.first_mut() {
                *first = first.concat(&path);
            } else {
                ends.push(path);
            }
        }
        match base {
            Some(base) if ends.is_empty() => whole.push(base),
            Some(base) => {
                for end in ends {
                    whole.push(base.concat(&end));
                }
            }
            None => whole.extend(ends),
        }
        parts.urls = whole;
    }

    /// Everything said about a request object and what it takes over.
    pub(super) fn collect(&mut self, id: ObjectId, nesting: u32) -> Parts {
        let mut parts = Parts::default();
        self.collect_into(&mut parts, id, nesting);
        parts
    }

    fn collect_into(&mut self, parts: &mut Parts, id: ObjectId, nesting: u32) {
        if nesting > MAX_NESTING
            || self.object_depth >= super::text::MAX_OBJECT_DEPTH
            || self.budget == 0
        {
            return;
        }
        self.object_depth += 1;
        self.budget -= 1;
        self.collect_writes(parts, id, nesting);
        self.object_depth -= 1;
    }

    fn collect_writes(&mut self, parts: &mut Parts, id: ObjectId, nesting: u32) {
        let writes = self.heap.get(id).writes.clone();
        for write in writes {
            match &write.slot {
                Slot::From => self.take_over(parts, &write.value, nesting),
                Slot::Facet(facet) => self.facet(parts, *facet, &write.value, write.place, nesting),
                Slot::Header(name) => {
                    let part = self.part(name, &write.value, write.place);
                    parts.headers.push(part);
                }
                Slot::Query(name) => {
                    let part = self.part(name, &write.value, write.place);
                    parts.query.push(part);
                }
                Slot::Form(name) => {
                    let part = self.part(name, &write.value, write.place);
                    parts.form.push(part);
                }
                Slot::Options(shape) => self.options(parts, shape, &write.value, nesting),
                Slot::Entry(_) | Slot::Item | Slot::Append => {}
            }
        }
    }

    fn take_over(&mut self, parts: &mut Parts, value: &Value, nesting: u32) {
        match value {
            Value::Object(source) => {
                self.collect_into(parts, *source, nesting + 1);
                // Entries of a header or parameter object count where it is taken over as one.
                self.default_parts(*source, parts);
            }
            Value::Choice(values) => {
                for value in values.iter().take(4) {
                    self.take_over(parts, value, nesting + 1);
                }
            }
            Value::Unknown(unknown) => {
                if let Some(id) = self
                    .promoted
                    .get(&(unknown.place, Rc::clone(&unknown.name)))
                    .copied()
                {
                    self.collect_into(parts, id, nesting + 1);
                }
            }
            Value::Text(text) => parts.urls.push(text.clone()),
            _ => {}
        }
    }

    fn options(
        &mut self,
        parts: &mut Parts,
        shape: &Rc<BTreeMap<String, Facet>>,
        value: &Value,
        nesting: u32,
    ) {
        if nesting > MAX_NESTING {
            return;
        }
        let id = match value {
            Value::Object(id) => *id,
            Value::Choice(values) => {
                for value in values.iter().take(4) {
                    self.options(parts, shape, value, nesting + 1);
                }
                return;
            }
            Value::Unknown(unknown) => match self
                .promoted
                .get(&(unknown.place, Rc::clone(&unknown.name)))
            {
                Some(id) => *id,
                None => return,
            },
            _ => return,
        };
        let object = self.heap.get(id);
        let is_plain = !matches!(
            object.kind,
            Some(ObjectKind::Request | ObjectKind::Url | ObjectKind::Client)
        );
        let writes = object.writes.clone();
        if !is_plain {
            self.collect_into(parts, id, nesting + 1);
        }
        for (index, write) in writes.iter().enumerate() {
            match &write.slot {
                Slot::Entry(key) => {
                    for name in key.constants() {
                        let Some(facet) = shape.get(&name) else {
                            continue;
                        };
                        // Text that a later certain write replaces is not sent.
                        let replaced = writes[index + 1..].iter().any(|later| {
                            matches!(&later.slot, Slot::Entry(other) if other.constant().as_deref() == Some(&name))
                                && self.heap.branches.is_certain(later.branch, write.branch)
                                && !matches!(facet, Facet::Headers | Facet::Query | Facet::Form)
                        });
                        if replaced && !self.heap.get(id).is_shared {
                            continue;
                        }
                        if *facet == Facet::Options {
                            self.options(parts, shape, &write.value, nesting + 1);
                        } else {
                            self.facet(parts, *facet, &write.value, write.place, nesting);
                        }
                    }
                }
                Slot::From => self.options(parts, shape, &write.value, nesting + 1),
                Slot::Options(inner) => {
                    self.options(parts, &Rc::clone(inner), &write.value, nesting + 1)
                }
                _ if is_plain => {}
                _ => {}
            }
        }
    }

    fn facet(
        &mut self,
        parts: &mut Parts,
        facet: Facet,
        value: &Value,
        place: Place,
        nesting: u32,
    ) {
        if nesting > MAX_NESTING {
            return;
        }
        match facet {
            Facet::Url | Facet::BaseUrl | Facet::Host | Facet::Path => {
                // A URL object brings its parameters.
                let object = match value {
                    Value::Object(id) => Some(*id),
                    Value::Unknown(unknown) => self
                        .promoted
                        .get(&(unknown.place, Rc::clone(&unknown.name)))
                        .copied(),
                    _ => None,
                };
                if let Some(id) = object
                    && self.heap.get(id).writes.iter().any(|write| {
                        matches!(
                            write.slot,
                            Slot::Facet(_) | Slot::Query(_) | Slot::Options(_) | Slot::From
                        )
                    })
                {
                    let mut inner = Parts::default();
                    self.collect_into(&mut inner, id, nesting + 1);
                    if let Value::Unknown(unknown) = value {
                        inner.urls.insert(0, Text::hole(unknown));
                    }
                    self.finish(&mut inner, place);
                    parts.query.extend(inner.query);
                    let list = if facet == Facet::BaseUrl {
                        &mut parts.bases
                    } else {
                        &mut parts.urls
                    };
                    list.extend(inner.urls);
                    return;
                }
                let text = self.text_of(value, 0);
                match facet {
                    Facet::Url => parts.urls.push(text),
                    Facet::BaseUrl => parts.bases.push(text),
                    Facet::Host => parts.hosts.push(text),
                    // One object may be told of as URL and as options.
                    _ if parts.paths.iter().any(|known| known.is_same(&text)) => {}
                    _ => parts.paths.push(text),
                }
            }
            Facet::Method => {
                parts.has_method = true;
                let text = self.text_of(value, 0);
                // `HttpMethod.GET`, `Method::GET` come from outside and are known by their names.
                let named = text.resolved().into_iter().filter_map(|one| {
                    let [piece] = one.pieces.as_slice() else {
                        return None;
                    };
                    let name = piece.hole()?.name.to_string();
                    let name = name.rsplit(['.', ':']).next()?;
                    METHODS.contains(&name).then(|| name.to_string())
                });
                for method in text.constants().into_iter().chain(named) {
                    let method = method.rsplit('.').next().unwrap_or("").to_ascii_uppercase();
                    if !method.is_empty() && !parts.methods.contains(&method) {
                        parts.methods.push(method);
                    }
                }
            }
            Facet::Connection => parts.connection.extend(self.text_of(value, 0).resolved()),
            Facet::Headers => {
                let entries = self.map_parts(value, nesting + 1);
                parts.headers.extend(entries);
            }
            Facet::Query | Facet::Form => {
                let entries = self.map_parts(value, nesting + 1);
                let is_empty =
                    matches!(value, Value::Object(id) if self.heap.get(*id).writes.is_empty());
                if is_empty {
                    // `{}` sends nothing.
                } else if entries.is_empty() {
                    let text = self.text_of(value, 0);
                    if facet == Facet::Query
                        && text
                            .alternatives
                            .iter()
                            .any(|one| one.template().contains('='))
                    {
                        let tail = constant_text("?", place).concat(&text);
                        match parts.urls.last_mut() {
                            Some(url) => *url = url.concat(&tail),
                            None => parts.urls.push(tail),
                        }
                    } else {
                        parts.body.extend(text.resolved());
                    }
                } else if facet == Facet::Query {
                    parts.query.extend(entries);
                } else {
                    parts.form.extend(entries);
                }
            }
            Facet::Body => {
                let entries = self.map_parts(value, nesting + 1);
                if entries.is_empty() {
                    if !matches!(value, Value::Object(_)) {
                        let text = self.text_of(value, 0);
                        // `json: true` asks for an answer in JSON.
                        if text
                            .constant()
                            .is_none_or(|text| text != "true" && text != "false")
                        {
                            parts.body.extend(text.resolved());
                        }
                    } else if let Value::Object(id) = value {
                        let inner = self.collect(*id, nesting + 1);
                        parts.form.extend(inner.form);
                        parts.form.extend(inner.query);
                        parts.body.extend(inner.body);
                        if self
                            .heap
                            .get(*id)
                            .writes
                            .iter()
                            .any(|write| matches!(write.slot, Slot::Append))
                        {
                            parts.body.extend(self.text_of(value, 0).resolved());
                        }
                    }
                } else {
                    parts.form.extend(entries);
                }
            }
            Facet::Options => {}
        }
    }

    /// The entries of a map, a list of pairs, or a header object.
    fn map_parts(&mut self, value: &Value, nesting: u32) -> Vec<Part> {
        if nesting > MAX_NESTING {
            return Vec::new();
        }
        match value {
            Value::Object(id) => {
                let mut entries = self.entry_parts(*id, nesting);
                let inner = self.collect(*id, nesting + 1);
                entries.extend(inner.headers);
                entries.extend(inner.query);
                entries.extend(inner.form);
                entries
            }
            Value::Unknown(unknown) => {
                match self
                    .promoted
                    .get(&(unknown.place, Rc::clone(&unknown.name)))
                    .copied()
                {
                    Some(id) => self.map_parts(&Value::Object(id), nesting),
                    None => self.fields_of_type(&Rc::clone(unknown), nesting),
                }
            }
            Value::Choice(values) => values
                .iter()
                .take(4)
                .flat_map(|value| self.map_parts(value, nesting + 1))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of an object, with those it took over and those of its items.
    pub(super) fn entry_parts(&mut self, id: ObjectId, nesting: u32) -> Vec<Part> {
        if nesting > MAX_NESTING
            || self.object_depth >= super::text::MAX_OBJECT_DEPTH
            || self.budget == 0
        {
            return Vec::new();
        }
        self.object_depth += 1;
        self.budget -= 1;
        let parts = self.entries_of(id, nesting);
        self.object_depth -= 1;
        parts
    }

    fn entries_of(&mut self, id: ObjectId, nesting: u32) -> Vec<Part> {
        let object = self.heap.get(id);
        if let Some((owner, facet)) = object.view_of {
            let parts = self.collect(owner, nesting + 1);
            return match facet {
                Facet::Headers => parts.headers,
                Facet::Query => parts.query,
                _ => parts.form,
            };
        }
        let writes = object.writes.clone();
        let is_list = object.kind == Some(ObjectKind::List);
        let class = object.local_class;
        let mut parts = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        // Of very many entries the last count, and those that the map began with.
        let newest = writes.len().saturating_sub(MOST_NEWEST);
        let oldest = newest.min(MOST_OLDEST);
        let (begun, rest) = writes.split_at(oldest);
        let last = rest.get(newest - oldest..).unwrap_or_default();
        for write in last.iter().rev().chain(begun.iter().rev()) {
            match &write.slot {
                Slot::Entry(key) => {
                    let mut key = key.clone();
                    if let Some(class) = class
                        && let Some(field) = &write.name
                    {
                        match self.written(class, field) {
                            Written::Plain => {}
                            // It stands where the field is set.
                            Written::Named(name) => {
                                let at = key.alternatives.iter().flat_map(|one| &one.pieces);
                                let at = at.map(|piece| piece.place).next();
                                key = constant_text(&name, at.unwrap_or(write.place));
                            }
                            Written::LeftOut => continue,
                            Written::Inlined => {
                                parts.extend(self.map_parts(&write.value, nesting + 1));
                                continue;
                            }
                        }
                    }
                    let name = key.constant();
                    // An entry set again replaces the one before it.
                    if let Some(name) = &name
                        && seen.contains(name)
                    {
                        continue;
                    }
                    if let Some(name) = name
                        && write.branch == super::object::Branches::ROOT
                        && !self.heap.get(id).is_shared
                    {
                        seen.push(name);
                    }
                    parts.push(self.part(&key, &write.value, write.place));
                }
                Slot::Item => {
                    let pair = if is_list {
                        self.list_pair(&write.value, write.place)
                    } else {
                        None
                    };
                    match pair {
                        Some(pair) => parts.push(pair),
                        None => {
                            if let Value::Object(item) = write.value {
                                parts.extend(self.entry_parts(item, nesting + 1));
                                let inner = self.collect(item, nesting + 1);
                                parts.extend(inner.headers);
                                parts.extend(inner.query);
                                parts.extend(inner.form);
                            }
                        }
                    }
                }
                Slot::From => match &write.value {
                    Value::Object(source) if *source != id => {
                        parts.extend(self.entry_parts(*source, nesting + 1))
                    }
                    other => parts.extend(self.map_parts(&other.clone(), nesting + 1)),
                },
                _ => {}
            }
            if parts.len() > 2 * MOST_NEWEST {
                break;
            }
        }
        parts.reverse();
        parts
    }

    /// `["name", value]` as an item of a list of pairs.
    fn list_pair(&mut self, item: &Value, place: Place) -> Option<Part> {
        let Value::Object(id) = item else { return None };
        let object = self.heap.get(*id);
        if object.kind != Some(ObjectKind::List) || object.writes.len() != 2 {
            return None;
        }
        let (name, value) = (
            object.writes[0].value.clone(),
            object.writes[1].value.clone(),
        );
        let name = self.text_of(&name, 0);
        name.constant()?;
        Some(self.part(&name, &value, place))
    }

    fn part(&mut self, name: &Text, value: &Value, place: Place) -> Part {
        let value = match value {
            // Several values of one header.
            Value::Object(id) if self.heap.get(*id).kind == Some(ObjectKind::List) => {
                let inner = self.elements(value, place);
                self.text_of(&inner, 0)
            }
            value => self.text_of(value, 0),
        };
        let steps = Steps::one(place, Role::Sent);
        Part {
            name: name.resolved(),
            value: value.resolved(),
            place,
            steps,
        }
    }
}
