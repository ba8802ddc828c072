//! What calls of known libraries mean: looks the tables of `rules/clients/` up and carries them out.
//!
//! Owns the matching of a call to an idiom and the effect of each field. The names of libraries stand in the
//! tables, not here; it must not know Zoho.

use super::call::{Callee, Evaluated};
use super::eval::{Evaluator, Frame};
use super::object::{Object, ObjectId, Slot, Value};
use super::project::Unit;
use super::statement::constant_text;
use super::text::replaced;
use super::value::{OriginKind, Place, Role, Steps, Text, Unknown};
use crate::rules::model::{
    AnnotationIdiom, AnnotationTarget, CallIdiom, Client, Facet, ObjectKind, Replaces, Returns,
    Rules,
};
use crate::syntax::tree::{Annotation, Function, Kind, Language, NodeId};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// The receiver, written as an argument position.
const RECEIVER: i32 = -1000;

enum Form {
    /// Names of the type, the outer one first: `FormBody.Builder`.
    New(Vec<String>),
    /// Names of a path, the first that of the module or a global.
    Path(Vec<String>),
    Method,
    /// The object itself is called.
    Itself,
}

struct Entry {
    client: usize,
    call: usize,
    form: Form,
}

#[derive(Default)]
struct Table {
    clients: Vec<Client>,
    /// By the last name of the callee.
    by_name: HashMap<String, Vec<Entry>>,
    shapes: HashMap<(usize, String), Rc<BTreeMap<String, Facet>>>,
    types: HashMap<String, ObjectKind>,
    constants: HashMap<String, String>,
}

/// The tables of all languages, made ready for look-up.
#[derive(Default)]
pub struct Idioms {
    tables: HashMap<&'static str, Table>,
    sdk_modules: Vec<String>,
    sdk_callees: HashSet<String>,
    /// By client: see `Client::reads_unless`.
    reads_unless: HashMap<String, Vec<String>>,
}

impl Idioms {
    pub fn new(rules: &Rules) -> Idioms {
        let mut idioms = Idioms::default();
        const LANGUAGES: [Language; 5] = [
            Language::Java,
            Language::JavaScript,
            Language::TypeScript,
            Language::Rust,
            Language::Deluge,
        ];
        for language in LANGUAGES {
            let mut table = Table::default();
            for rules in rules
                .clients
                .iter()
                .filter(|table| table.languages.iter().any(|name| name == language.name()))
            {
                for client in &rules.client {
                    let words = client.reads_unless.as_ref();
                    if let Some(words) = words.or(rules.reads_unless.as_ref()) {
                        (idioms.reads_unless).insert(client.name.clone(), words.clone());
                    }
                    table.add(client.clone());
                }
            }
            idioms.tables.insert(language.name(), table);
        }
        for sdk in &rules.sdks {
            idioms.sdk_modules.extend(sdk.imports.iter().cloned());
            for call in &sdk.call {
                idioms.sdk_callees.extend(call.callee.iter().cloned());
            }
        }
        idioms
    }

    /// Whether a request of a client that says neither method nor body reads.
    pub(super) fn reads(&self, client: &str, text: &str) -> bool {
        (self.reads_unless.get(client))
            .is_some_and(|words| !words.iter().any(|word| text.contains(word.as_str())))
    }

    fn table(&self, language: Language) -> Option<&Table> {
        let language = if language == Language::Html {
            Language::JavaScript
        } else {
            language
        };
        self.tables.get(language.name())
    }

    /// The text that libraries give this name to.
    pub(super) fn constant(&self, language: Language, name: &str) -> Option<&str> {
        let constants = &self.table(language)?.constants;
        constants.get(name).map(String::as_str)
    }

    /// The environment variable or configuration key that a property path is, if it is one.
    pub(super) fn setting_path(
        &self,
        language: Language,
        path: &str,
    ) -> Option<(OriginKind, String)> {
        let table = self.table(language)?;
        for client in &table.clients {
            for prefix in &client.environment_paths {
                if let Some(key) = path
                    .strip_prefix(prefix.as_str())
                    .and_then(|rest| rest.strip_prefix('.'))
                    && !key.is_empty()
                {
                    return Some((OriginKind::Environment, key.to_string()));
                }
            }
            for prefix in &client.setting_paths {
                if let Some(key) = path
                    .strip_prefix(prefix.as_str())
                    .and_then(|rest| rest.strip_prefix('.'))
                    && !key.is_empty()
                {
                    return Some((OriginKind::Setting, key.to_string()));
                }
            }
        }
        None
    }

    /// Whether this property of this object is a view on a part of a request.
    pub(super) fn view(&self, object: &Object, property: &str) -> Option<Facet> {
        object
            .kind
            .or(object.class.as_ref().map(|_| ObjectKind::Request))?;
        for table in self.tables.values() {
            for client in &table.clients {
                for idiom in &client.property {
                    if idiom.property.iter().any(|name| name == property)
                        && idiom
                            .receiver
                            .iter()
                            .any(|wanted| object_is(object, wanted))
                    {
                        return Some(idiom.facet);
                    }
                }
            }
        }
        None
    }

    /// The paths from a client to its defaults that consist of several names.
    pub(super) fn default_paths(&self) -> Vec<(Vec<String>, Facet)> {
        let mut paths: Vec<(Vec<String>, Facet)> = Vec::new();
        for table in self.tables.values() {
            for client in &table.clients {
                for idiom in &client.property {
                    for property in &idiom.property {
                        if property.contains('.') {
                            paths.push((
                                property.split('.').map(str::to_string).collect(),
                                idiom.facet,
                            ));
                        }
                    }
                }
            }
        }
        paths.sort_by(|left, right| left.0.cmp(&right.0));
        paths.dedup_by(|left, right| left.0 == right.0);
        paths
    }

    pub(super) fn overridden(
        &self,
        language: Language,
        method: &str,
        supertypes: &[String],
    ) -> Option<(Rc<str>, Facet)> {
        let table = self.table(language)?;
        for client in &table.clients {
            for idiom in &client.overrides {
                let fits = supertypes.iter().any(|supertype| {
                    idiom
                        .supertypes
                        .iter()
                        .any(|wanted| supertype.rsplit('.').next() == Some(wanted.as_str()))
                });
                if idiom.method == method && fits {
                    return Some((client.name.as_str().into(), idiom.facet));
                }
            }
        }
        None
    }

    pub(super) fn annotation(
        &self,
        language: Language,
        name: &str,
        on: AnnotationTarget,
    ) -> Option<(&Client, &AnnotationIdiom)> {
        let table = self.table(language)?;
        table.clients.iter().find_map(|client| {
            client
                .annotation
                .iter()
                .find(|idiom| idiom.on == on && idiom.name.iter().any(|known| known == name))
                .map(|idiom| (client, idiom))
        })
    }

    pub(super) fn is_sdk_module(&self, module: &str) -> bool {
        self.sdk_modules.iter().any(|known| {
            module == known
                || module
                    .strip_prefix(known.as_str())
                    .is_some_and(|rest| rest.starts_with(['.', '/', ':']))
                || known
                    .strip_prefix(module)
                    .is_some_and(|rest| rest.starts_with('.'))
        })
    }
    pub(super) fn is_sdk_callee(&self, path: &str, is_new: bool) -> bool {
        let name = if is_new {
            format!("new {path}")
        } else {
            path.to_string()
        };
        let last = path.rsplit('.').next().unwrap_or(path);
        self.sdk_callees.contains(&name) || self.sdk_callees.contains(&format!(".{last}"))
    }
}

impl Table {
    fn add(&mut self, client: Client) {
        let index = self.clients.len();
        for (name, kind) in &client.types {
            self.types.insert(name.clone(), *kind);
        }
        for (name, text) in &client.constants {
            self.constants.insert(name.clone(), text.clone());
        }
        for (name, shape) in &client.options {
            self.shapes
                .insert((index, name.clone()), Rc::new(shape.clone()));
        }
        for (position, call) in client.call.iter().enumerate() {
            for callee in &call.callee {
                let (form, last) = if let Some(name) = callee.strip_prefix("new ") {
                    let path: Vec<String> = name.split('.').map(str::to_string).collect();
                    let last = path.last().cloned().unwrap_or_default();
                    (Form::New(path), last)
                } else if callee == "()" {
                    (Form::Itself, callee.clone())
                } else if let Some(name) = callee.strip_prefix('.') {
                    // `.interceptors.request.use`: the properties before the last name are taken on trust.
                    (
                        Form::Method,
                        name.rsplit('.').next().unwrap_or(name).to_string(),
                    )
                } else {
                    let path: Vec<String> = callee.split('.').map(str::to_string).collect();
                    let last = path.last().cloned().unwrap_or_default();
                    (Form::Path(path), last)
                };
                self.by_name.entry(last).or_default().push(Entry {
                    client: index,
                    call: position,
                    form,
                });
            }
        }
        // A default export is called by whatever name the importing file gives it.
        self.clients.push(client);
    }
}

pub(super) fn kind_name(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Request => "request",
        ObjectKind::Client => "client",
        ObjectKind::Map => "map",
        ObjectKind::List => "list",
        ObjectKind::Text => "text",
        ObjectKind::Url => "url",
        ObjectKind::Headers => "headers",
    }
}

fn object_is(object: &Object, wanted: &str) -> bool {
    object.kind.is_some_and(|kind| kind_name(kind) == wanted)
        || object
            .class
            .as_ref()
            .is_some_and(|class| &**class == wanted || class.rsplit('.').next() == Some(wanted))
}

/// One idiom that fits a call, with what it needs.
#[derive(Clone)]
struct Match {
    idiom: CallIdiom,
    client: Rc<str>,
    shape: Option<Rc<BTreeMap<String, Facet>>>,
    callback_shape: Option<Rc<BTreeMap<String, Facet>>>,
}

impl Evaluator<'_> {
    fn matches(&mut self, frame: &Frame, callee: &Callee, arguments: usize) -> Vec<Match> {
        let idioms = self.idioms;
        let Some(table) = idioms.table(frame.unit.language()) else {
            return Vec::new();
        };
        let mut found: Vec<(u32, Match)> = Vec::new();
        // A module or imported function may have any name here; its idioms stand under their own.
        let mut names: Vec<&str> = vec![callee.name.as_str()];
        // An object may itself be called.
        if matches!(callee.value, Some(Value::Object(_) | Value::Unknown(_))) && !callee.is_method {
            names.push("()");
        }
        let target = match &callee.value {
            Some(Value::Unknown(unknown)) => Some(unknown),
            Some(Value::Choice(values)) => values.iter().find_map(|value| match value {
                Value::Unknown(unknown) if unknown.module.is_some() => Some(unknown),
                _ => None,
            }),
            _ => None,
        };
        if let Some(unknown) = target {
            let last = unknown.name.rsplit('.').next().unwrap_or("");
            if !last.is_empty() && last != callee.name {
                names.push(last);
            }
            if unknown.name.is_empty() && unknown.module.is_some() {
                // The module itself is called.
                for (index, client) in table.clients.iter().enumerate() {
                    if !module_fits(unknown.module.as_deref(), client) {
                        continue;
                    }
                    for (position, call) in client.call.iter().enumerate() {
                        let wanted =
                            call.callee
                                .iter()
                                .any(|form| match form.strip_prefix("new ") {
                                    Some(name) => callee.is_new && !name.contains('.'),
                                    None => {
                                        !callee.is_new
                                            && !form.contains('.')
                                            && client
                                                .module
                                                .as_ref()
                                                .is_none_or(|module| module == form)
                                    }
                                });
                        if wanted && fits_count(call, arguments) {
                            found.push((0, table.ready(index, position)));
                        }
                    }
                }
                if !found.is_empty() {
                    return one_client(found);
                }
            }
        }
        for name in names {
            for entry in table
                .by_name
                .get(name)
                .map(Vec::as_slice)
                .unwrap_or_default()
            {
                let client = &table.clients[entry.client];
                let call = &client.call[entry.call];
                if !fits_count(call, arguments) {
                    continue;
                }
                // What says more about whose function it is goes before what fits anything.
                let rank = match &entry.form {
                    Form::New(path) => {
                        let fits = callee.is_new
                            && outer_fits(path, callee, &frame.unit)
                            && self.import_fits(
                                &frame.unit,
                                client,
                                target.map(|target| &**target),
                            );
                        fits.then_some(if client.imports.is_empty() { 1 } else { 0 })
                    }
                    Form::Path(path) => {
                        let fits = !callee.is_new
                            && path_fits(
                                path,
                                client,
                                callee,
                                target.map(|target| &**target),
                                &frame.unit,
                            );
                        fits.then_some(if target.is_some_and(|target| target.module.is_some()) {
                            0
                        } else {
                            2
                        })
                    }
                    Form::Method => {
                        let fits = callee.is_method
                            && !callee.is_new
                            && self.receiver_fits(table, client, call, callee.receiver.as_ref());
                        let made_it = || match &callee.receiver {
                            Some(Value::Object(id)) => {
                                self.heap.get(*id).client.as_deref() == Some(&client.name)
                            }
                            _ => false,
                        };
                        fits.then(|| match call.receiver.is_empty() {
                            true => 3,
                            false if made_it() => 0,
                            false => 1,
                        })
                    }
                    Form::Itself => {
                        let fits = !callee.is_new
                            && self.receiver_fits(table, client, call, callee.value.as_ref());
                        fits.then_some(1)
                    }
                };
                if let Some(rank) = rank {
                    found.push((rank, table.ready(entry.client, entry.call)));
                }
            }
            if !found.is_empty() {
                break;
            }
        }
        one_client(found)
    }

    fn import_fits(&self, unit: &Unit, client: &Client, target: Option<&Unknown>) -> bool {
        if client.imports.is_empty() {
            return true;
        }
        if let Some(module) = target.and_then(|target| target.module.as_deref()) {
            return module_fits(Some(module), client);
        }
        unit.imports.is_empty() || unit.imports_any(&client.imports)
    }

    fn receiver_fits(
        &self,
        table: &Table,
        client: &Client,
        call: &CallIdiom,
        receiver: Option<&Value>,
    ) -> bool {
        if call.receiver.is_empty() {
            return true;
        }
        // Methods of one library do not fit what another one made.
        if let Some(Value::Object(id)) = receiver {
            let object = self.heap.get(*id);
            if matches!(object.kind, Some(ObjectKind::Client | ObjectKind::Request))
                && let Some(made_by) = &object.client
                && **made_by != client.name
                && !client.imports.is_empty()
            {
                return false;
            }
        }
        let wanted = |name: &str| call.receiver.iter().any(|known| known == name);
        let typed = |name: &str| {
            let simple = name.rsplit(['.', ':']).next().unwrap_or(name);
            wanted(simple)
                || wanted(name)
                || [name, simple].iter().any(|name| {
                    table
                        .types
                        .get(*name)
                        .is_some_and(|kind| wanted(kind_name(*kind)))
                })
        };
        match receiver {
            Some(Value::Object(id)) => {
                let object = self.heap.get(*id);
                object.kind.is_some_and(|kind| wanted(kind_name(kind)))
                    || object.class.as_ref().is_some_and(|class| typed(class))
                    || object.origin.as_ref().is_some_and(|origin| {
                        origin.type_name.as_ref().is_some_and(|name| typed(name))
                    })
            }
            Some(Value::Text(_)) => wanted("text"),
            Some(Value::Unknown(unknown)) => {
                if unknown.type_name.as_ref().is_some_and(|name| typed(name)) {
                    return true;
                }
                // Something unknown that was already used as one of these.
                if let Some(id) = self
                    .promoted
                    .get(&(unknown.place, Rc::clone(&unknown.name)))
                {
                    let object = self.heap.get(*id);
                    return object.kind.is_some_and(|kind| wanted(kind_name(kind)));
                }
                // A static name: `Unirest.get` is a path, `HttpRequest.newBuilder` as well.
                unknown.kind == OriginKind::Global && wanted(&unknown.name)
            }
            Some(Value::Choice(values)) => values
                .iter()
                .any(|value| self.receiver_fits(table, client, call, Some(value))),
            Some(Value::Function(_) | Value::Class(_) | Value::Module(_)) | None => false,
        }
    }

    /// Carries out what the tables say about this call; `None` if they say nothing.
    pub(super) fn apply_idiom(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        arguments: &[Evaluated],
        node: NodeId,
    ) -> Option<Value> {
        let matches = self.matches(frame, callee, arguments.len());
        if matches.is_empty() {
            return None;
        }
        let creates = matches.iter().find_map(|one| one.idiom.creates);
        let target = match creates {
            Some(kind) => {
                let id = self.heap.create(Some(kind), callee.place);
                let object = self.heap.get_mut(id);
                object.client = matches.first().map(|one| Rc::clone(&one.client));
                object.reads_as_query = matches.iter().any(|one| one.idiom.reads_as_query);
                if callee.is_new {
                    object.class = Some(callee.name.as_str().into());
                }
                Some(id)
            }
            None => match &callee.receiver {
                Some(value) if matches.iter().any(|one| says_something(&one.idiom)) => {
                    self.as_object(value)
                }
                _ => None,
            },
        };
        if let Some(id) = target
            && creates.is_none()
            && let Some(one) = matches.iter().find(|one| is_request_part(&one.idiom))
        {
            let client = Rc::clone(&one.client);
            self.heap.get_mut(id).client.get_or_insert(client);
        }
        if let Some(class) = matches
            .iter()
            .find_map(|one| one.idiom.result_class.clone())
            && let Some(id) = target.filter(|_| creates.is_some())
        {
            self.heap.get_mut(id).class = Some(class.as_str().into());
        }
        for one in &matches {
            if let Some(id) = target {
                self.request_parts(frame, id, one, callee, arguments);
                self.collection_parts(frame, id, one, callee, arguments);
            }
            if one.idiom.merges
                && let Some(first) = arguments.first()
                && let Some(id) = self.as_object(&first.value)
            {
                for argument in arguments.iter().skip(1) {
                    self.write(
                        id,
                        Slot::From,
                        argument.value.clone(),
                        argument.place,
                        frame,
                    );
                }
            }
        }
        // Functions among the arguments run all the same.
        let handled: Vec<usize> = matches
            .iter()
            .filter_map(|one| one.idiom.callback.as_ref())
            .filter_map(|callback| position(callback.argument, arguments.len()))
            .collect();
        let rest: Vec<Evaluated> = arguments
            .iter()
            .enumerate()
            .filter(|(index, _)| !handled.contains(index))
            .map(|(_, argument)| argument.clone())
            .collect();
        self.run_callbacks(&rest, frame);
        if let Some(id) = target
            && matches.iter().any(|one| is_request_part(&one.idiom))
        {
            self.touch(id);
        }
        let mut result = None;
        for one in &matches {
            let value = self.result(
                frame,
                target,
                creates.is_some(),
                one,
                callee,
                arguments,
                node,
            );
            let is_known = !matches!(&value, Value::Unknown(_));
            if result.is_none() || is_known {
                result = Some(value);
                if is_known {
                    break;
                }
            }
        }
        result
    }

    fn argument<'e>(&self, position_: i32, arguments: &'e [Evaluated]) -> Option<&'e Evaluated> {
        position(position_, arguments.len()).and_then(|index| arguments.get(index))
    }

    /// An argument's value, the receiver's for the receiver position.
    fn operand(
        &self,
        index: i32,
        callee: &Callee,
        arguments: &[Evaluated],
    ) -> Option<(Value, Place)> {
        if index == RECEIVER {
            return callee.receiver.clone().map(|value| (value, callee.place));
        }
        self.argument(index, arguments)
            .map(|argument| (argument.value.clone(), argument.place))
    }

    fn request_parts(
        &mut self,
        frame: &mut Frame,
        id: ObjectId,
        one: &Match,
        callee: &Callee,
        arguments: &[Evaluated],
    ) {
        let idiom = &one.idiom;
        if let Some(source) = idiom.from
            && let Some((value, place)) = self.operand(source, callee, arguments)
        {
            self.write(id, Slot::From, value, place, frame);
        }
        if idiom.from_receiver
            && let Some(receiver) = &callee.receiver
            && let Some(source) = self.as_object(receiver)
            && source != id
        {
            self.write(id, Slot::From, Value::Object(source), callee.place, frame);
        }
        if idiom.url_is_receiver
            && let Some(receiver) = &callee.receiver
        {
            self.write(
                id,
                Slot::Facet(Facet::Url),
                receiver.clone(),
                callee.place,
                frame,
            );
        }
        let facets = [
            (idiom.url, Facet::Url),
            (idiom.base_url, Facet::BaseUrl),
            (idiom.path, Facet::Path),
            (idiom.host, Facet::Host),
            (idiom.method_argument, Facet::Method),
            (idiom.headers, Facet::Headers),
            (idiom.queries, Facet::Query),
            (idiom.forms, Facet::Form),
            (idiom.body, Facet::Body),
        ];
        for (index, facet) in facets {
            let Some((value, place)) =
                index.and_then(|index| self.operand(index, callee, arguments))
            else {
                continue;
            };
            if matches!(value, Value::Function(_)) {
                continue;
            }
            if facet == Facet::Url
                && let Value::Object(object) = value
                && self.heap.get(object).kind == Some(ObjectKind::Map)
                && let Some(shape) = &one.shape
            {
                self.write(id, Slot::Options(Rc::clone(shape)), value, place, frame);
                continue;
            }
            let value = self.step(value, place, Role::Sent);
            self.write(id, Slot::Facet(facet), value, place, frame);
        }
        if let Some(method) = &idiom.method {
            let text = constant_text(method, callee.place);
            self.write(
                id,
                Slot::Facet(Facet::Method),
                Value::Text(text),
                callee.place,
                frame,
            );
        }
        for (pair, make) in [
            (idiom.header, Slot::Header as fn(Text) -> Slot),
            (idiom.query, Slot::Query as fn(Text) -> Slot),
            (idiom.form, Slot::Form as fn(Text) -> Slot),
        ] {
            let Some([name, value]) = pair else { continue };
            let (Some((key, key_place)), Some((value, value_place))) = (
                self.operand(name, callee, arguments),
                self.operand(value, callee, arguments),
            ) else {
                continue;
            };
            let place = pair_place(frame, key_place, value_place);
            // A map where a name is expected is a map of them.
            if let Value::Object(object) = key
                && self.heap.get(object).kind == Some(ObjectKind::Map)
            {
                continue;
            }
            let key = self.text_of(&key, 0);
            let value = self.step(value, value_place, Role::Sent);
            self.write(id, make(key), value, place, frame);
        }
        if let Some(header) = &idiom.fixed_header
            && let Some((value, place)) = self.operand(header.value, callee, arguments)
        {
            let mut text = self.text_of(&value, 0);
            if let Some(scheme) = &header.scheme {
                text = constant_text(&format!("{scheme} "), place).concat(&text);
            }
            let name = constant_text(&header.name, place);
            self.write(id, Slot::Header(name), Value::Text(text), place, frame);
        }
        if let Some(options) = &idiom.options
            && let Some(argument) = self.argument(options.argument, arguments)
            && let Some(shape) = &one.shape
            && !matches!(argument.value, Value::Function(_) | Value::Text(_))
        {
            self.write(
                id,
                Slot::Options(Rc::clone(shape)),
                argument.value.clone(),
                argument.place,
                frame,
            );
        }
        if let Some(callback) = &idiom.callback
            && let Some((function, argument)) = self.callback_function(frame, callback, arguments)
        {
            let function = &function;
            let part = self.heap.create(Some(ObjectKind::Map), argument.place);
            match (&one.callback_shape, callback.facet) {
                (Some(shape), Facet::Options) => {
                    self.write(
                        id,
                        Slot::Options(Rc::clone(shape)),
                        Value::Object(part),
                        argument.place,
                        frame,
                    );
                }
                (_, facet) => {
                    self.heap.get_mut(part).kind = Some(match facet {
                        Facet::Headers => ObjectKind::Headers,
                        Facet::Url | Facet::BaseUrl | Facet::Path => ObjectKind::Url,
                        _ => ObjectKind::Map,
                    });
                    self.write(
                        id,
                        Slot::Facet(facet),
                        Value::Object(part),
                        argument.place,
                        frame,
                    );
                }
            }
            let mut given = Vec::new();
            for _ in 0..callback.parameter {
                given.push(Evaluated {
                    name: None,
                    value: self.unknown(OriginKind::Other, "", argument.place),
                    place: argument.place,
                    is_spread: false,
                });
            }
            given.push(Evaluated {
                name: None,
                value: Value::Object(part),
                place: argument.place,
                is_spread: false,
            });
            self.has_run(function.file, function.node);
            let returned = self.call_function(function, None, given, argument.place, frame);
            if let Value::Object(returned) = returned
                && returned != part
            {
                let slot = match (&one.callback_shape, callback.facet) {
                    (Some(shape), Facet::Options) => Slot::Options(Rc::clone(shape)),
                    (_, facet) => Slot::Facet(facet),
                };
                self.write(id, slot, Value::Object(returned), argument.place, frame);
            }
        }
    }

    /// The function that an idiom says will be called with a part of the request.
    fn callback_function(
        &mut self,
        frame: &mut Frame,
        callback: &crate::rules::model::Callback,
        arguments: &[Evaluated],
    ) -> Option<(Rc<super::eval::FunctionData>, Evaluated)> {
        let found = match &callback.option {
            None => self.argument(callback.argument, arguments).cloned(),
            Some(option) => arguments.iter().find_map(|argument| {
                let Value::Object(id) = argument.value else {
                    return None;
                };
                let value = self.find_entry(id, option, frame)?;
                Some(Evaluated {
                    value,
                    ..argument.clone()
                })
            }),
        }?;
        match &found.value {
            Value::Function(function) => Some((Rc::clone(function), found)),
            _ => None,
        }
    }

    fn collection_parts(
        &mut self,
        frame: &mut Frame,
        id: ObjectId,
        one: &Match,
        callee: &Callee,
        arguments: &[Evaluated],
    ) {
        let idiom = &one.idiom;
        if let Some([key, value]) = idiom.entry
            && let (Some((key, key_place)), Some((value, value_place))) = (
                self.operand(key, callee, arguments),
                self.operand(value, callee, arguments),
            )
        {
            self.put_pair(frame, id, &key, key_place, value, value_place);
        }
        if let Some(first) = idiom.pairs {
            let start = position(first, arguments.len()).unwrap_or(arguments.len());
            for pair in arguments[start..].chunks(2) {
                if let [key, value] = pair {
                    self.put_pair(
                        frame,
                        id,
                        &key.value,
                        key.place,
                        value.value.clone(),
                        value.place,
                    );
                }
            }
        }
        if let Some((value, place)) = idiom
            .entries
            .and_then(|index| self.operand(index, callee, arguments))
        {
            match value {
                Value::Text(_) => self.write(id, Slot::Facet(Facet::Query), value, place, frame),
                value => self.write(id, Slot::From, value, place, frame),
            }
        }
        if let Some((value, place)) = idiom
            .item
            .and_then(|index| self.operand(index, callee, arguments))
        {
            self.write(id, Slot::Item, value, place, frame);
        }
        if let Some(first) = idiom.items {
            let start = position(first, arguments.len()).unwrap_or(arguments.len());
            for argument in &arguments[start..] {
                let slot = if argument.is_spread {
                    Slot::From
                } else {
                    Slot::Item
                };
                self.write(id, slot, argument.value.clone(), argument.place, frame);
            }
        }
        if let Some((value, place)) = idiom
            .append
            .and_then(|index| self.operand(index, callee, arguments))
        {
            if let Value::Object(other) = &value
                && *other == id
            {
                return;
            }
            self.write(id, Slot::Append, value, place, frame);
            if self.emits {
                let text = self.text_of(&Value::Object(id), 0);
                self.note_text(&text, place);
            }
        }
    }

    pub(super) fn put_pair(
        &mut self,
        frame: &mut Frame,
        id: ObjectId,
        key: &Value,
        key_place: Place,
        value: Value,
        value_place: Place,
    ) {
        let place = pair_place(frame, key_place, value_place);
        let key = self.text_of(key, 0);
        self.note_pair(crate::facts::PairKind::Call, &key, &value, place);
        let value = self.step(value, place, Role::Stored);
        self.put(id, key, value, place, frame);
    }

    #[allow(clippy::too_many_arguments)]
    fn result(
        &mut self,
        frame: &mut Frame,
        target: Option<ObjectId>,
        created: bool,
        one: &Match,
        callee: &Callee,
        arguments: &[Evaluated],
        node: NodeId,
    ) -> Value {
        let idiom = &one.idiom;
        let place = Place {
            file: frame.file,
            span: frame.unit.tree.span(node),
        };
        if created && let Some(id) = target {
            return Value::Object(id);
        }
        let mut value: Option<Value> = None;
        if let Some(key) = idiom.get
            && let Some((key, _)) = self.operand(key, callee, arguments)
            && let key_text = self.text_of(&key, 0)
            && let Some(key) = key_text.constant()
            && let Some(receiver) = &callee.receiver
        {
            let receiver = receiver.clone();
            let found = match self.as_object(&receiver) {
                Some(id) => self.find_entry(id, &key, frame),
                None => None,
            };
            value = match found {
                Some(found) => Some(self.step(found, callee.place, Role::Read)),
                None if idiom.setting.is_none() && idiom.environment.is_none() => {
                    Some(self.get_member(&receiver, &key, callee.place, frame))
                }
                None => None,
            };
            value = value.map(|value| self.with_key(value, &key_text));
        }
        if value.is_none() {
            for (index, kind) in [
                (idiom.environment, OriginKind::Environment),
                (idiom.setting, OriginKind::Setting),
            ] {
                let Some((key, key_place)) =
                    index.and_then(|index| self.operand(index, callee, arguments))
                else {
                    continue;
                };
                let key_text = self.text_of(&key, 0);
                let keys = key_text.constants();
                if let Some(key) = keys.first() {
                    let key = key.clone();
                    let found = self.setting(kind, &key, key_place);
                    value = Some(self.with_key(found, &key_text));
                }
            }
        }
        if let Some(format) = &idiom.format {
            let mut template = format.template;
            let mut operand = self.operand(template, callee, arguments);
            if template != RECEIVER
                && !matches!(operand, Some((Value::Text(_), _)))
                && arguments.len() > 1
            {
                let next = self.operand(template + 1, callee, arguments);
                if matches!(next, Some((Value::Text(_), _))) {
                    template += 1;
                    operand = next;
                }
            }
            if let Some((text, _)) = operand {
                let text = self.text_of(&text, 0);
                let first = if template == RECEIVER {
                    0
                } else {
                    template as usize + 1
                };
                let mut values: Vec<(Option<String>, Text)> = Vec::new();
                for argument in arguments.iter().skip(first) {
                    // An array given for the varargs.
                    if let Value::Object(id) = argument.value
                        && self.heap.get(id).kind == Some(ObjectKind::List)
                    {
                        for item in self.iterate(&argument.value, frame, argument.place) {
                            values.push((None, self.text_of(&item, 0)));
                        }
                        continue;
                    }
                    values.push((
                        argument.name.as_ref().map(|name| name.text.clone()),
                        self.argument_text(argument)
                            .then(argument.place, Role::Passed),
                    ));
                }
                let mut captured = |_: &str, this: &mut Self| {
                    this.text_of(&this.unknown(OriginKind::Other, "", place), 0)
                };
                let text = self.format(format.style, &text, &values, &mut captured);
                self.note_text(&text, place);
                return Value::Text(text);
            }
        }
        if let Some(index) = idiom.query_text
            && let Some((map, _)) = self.operand(index, callee, arguments)
        {
            let text = self.query_text(&map, place);
            self.note_text(&text, place);
            return Value::Text(text);
        }
        if idiom.concatenates {
            let mut text = match &callee.receiver {
                Some(Value::Object(_)) | None => Text::empty(),
                Some(receiver) => self.text_of(&receiver.clone(), 0),
            };
            for argument in arguments {
                text = text.concat(&self.argument_text(argument));
            }
            self.note_text(&text, place);
            return Value::Text(text);
        }
        if let Some(replaces) = idiom.replaces
            && let [wanted, with, ..] = arguments
            && let Value::Text(pattern) = &wanted.value
            && let Some(pattern) = pattern
                .constant()
                .filter(|text| stands_for_itself(text, replaces))
            && let Some(Value::Text(template)) = &callee.receiver
        {
            let with = self.argument_text(with).then(with.place, Role::Passed);
            let only_first = matches!(replaces, Replaces::First | Replaces::FirstMatch);
            let text = replaced(template, &pattern, &with, only_first);
            self.note_text(&text, place);
            return Value::Text(text);
        }
        if let Some(index) = idiom.joins {
            return self.join(frame, index, callee, arguments, place);
        }
        if value.is_none() {
            let returned = match idiom.returns {
                Some(Returns::Receiver) => callee.receiver.clone(),
                Some(Returns::Argument0) => {
                    arguments.first().map(|argument| argument.value.clone())
                }
                Some(Returns::Argument1) => arguments.get(1).map(|argument| argument.value.clone()),
                Some(Returns::Argument2) => arguments.get(2).map(|argument| argument.value.clone()),
                Some(Returns::LastArgument) => {
                    arguments.last().map(|argument| argument.value.clone())
                }
                Some(Returns::ReceiverText) => callee
                    .receiver
                    .clone()
                    .map(|receiver| Value::Text(self.text_of(&receiver, 0))),
                Some(Returns::Nothing) | None => None,
            };
            // A fluent interface of something unknown goes on with what was written to it.
            value = match (returned, target, idiom.returns) {
                (Some(_), Some(id), Some(Returns::Receiver)) => Some(Value::Object(id)),
                (returned, ..) => returned,
            };
        }
        if let Some(default) = idiom.default
            && let Some((default, _)) = self.operand(default, callee, arguments)
        {
            let known = value.unwrap_or_else(|| self.unknown(OriginKind::Other, "", place));
            return self.union(vec![known, default]);
        }
        value.unwrap_or_else(|| {
            let mut unknown = Unknown {
                kind: OriginKind::Result,
                name: callee.name.as_str().into(),
                module: None,
                type_name: idiom.result_class.as_deref().map(Into::into),
                place,
                steps: Steps::default(),
            };
            if let Some(Value::Unknown(receiver)) = &callee.receiver
                && idiom.get.is_some()
            {
                unknown.steps = receiver.steps.clone();
            }
            Value::Unknown(Rc::new(unknown))
        })
    }

    fn join(
        &mut self,
        frame: &mut Frame,
        index: i32,
        callee: &Callee,
        arguments: &[Evaluated],
        place: Place,
    ) -> Value {
        let separator = match self.operand(index, callee, arguments) {
            Some((separator, _)) => self.text_of(&separator, 0),
            None => constant_text(",", place),
        };
        let mut items: Vec<Value> = Vec::new();
        match &callee.receiver {
            Some(receiver @ Value::Object(_)) => {
                items.extend(self.iterate(&receiver.clone(), frame, place))
            }
            _ => {
                for argument in arguments.iter().skip(index.max(0) as usize + 1) {
                    match &argument.value {
                        Value::Object(_) => {
                            items.extend(self.iterate(&argument.value, frame, place))
                        }
                        value => items.push(value.clone()),
                    }
                }
            }
        }
        let mut text = Text::empty();
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                text = text.concat(&separator);
            }
            text = text.concat(&self.text_of(item, 0));
        }
        self.note_text(&text, place);
        Value::Text(text)
    }

    // --- settings -------------------------------------------------------------------------------

    /// What an environment variable or configuration key holds: unknown, or what the project's files say.
    pub(super) fn setting(&mut self, kind: OriginKind, key: &str, place: Place) -> Value {
        self.asked_settings.entry(key.to_string()).or_insert(place);
        let unknown = Value::Unknown(Rc::new(Unknown {
            kind,
            name: key.into(),
            module: None,
            type_name: None,
            place,
            steps: Steps::one(place, Role::Read),
        }));
        let Some(known) = self.settings.get(&setting_key(key)) else {
            return unknown;
        };
        let known = self.nearest(known.clone(), place);
        let mut values: Vec<Value> = known
            .clone()
            .into_iter()
            .filter(|text| {
                text.alternatives
                    .iter()
                    .any(|alternative| !alternative.is_empty())
            })
            .map(|text| Value::Text(text.then(place, Role::Read)))
            .collect();
        values.truncate(3);
        if values.is_empty() {
            // Named in a file, but empty there: the way is known, the value is not.
            let steps = known
                .first()
                .map(|text| text.steps.clone())
                .unwrap_or_default();
            if let Value::Unknown(unknown) = &unknown {
                let mut unknown = (**unknown).clone();
                unknown.steps = steps.join(&unknown.steps);
                return Value::Unknown(Rc::new(unknown));
            }
        }
        values.insert(0, unknown);
        self.union(values)
    }

    /// Of several definitions of a key those that stand nearest to who asks; none that belong to a program
    /// in another folder altogether.
    fn nearest(&self, known: Vec<Text>, place: Place) -> Vec<Text> {
        let asking = self.project.unit(place.file);
        let folders = |path: &str| -> Vec<String> {
            let mut folders: Vec<String> = path.split('/').map(str::to_string).collect();
            folders.pop();
            folders
        };
        let own = folders(&asking.path);
        let shared = |text: &Text| -> (usize, usize) {
            let file = text
                .alternatives
                .first()
                .and_then(|one| one.pieces.first())
                .map(|piece| piece.place.file);
            let file = file.or_else(|| text.steps.flatten().first().map(|step| step.0.file));
            let Some(file) = file else { return (0, 0) };
            let other = folders(&self.project.unit(file).path);
            let same = own
                .iter()
                .zip(&other)
                .take_while(|(left, right)| left == right)
                .count();
            (same, other.len())
        };
        known
            .into_iter()
            .filter(|text| {
                let (same, depth) = shared(text);
                same > 0 || depth == 0 || own.is_empty()
            })
            .collect()
    }

    /// The value that `@Value("${key}")` gives to what it stands on.
    pub(super) fn annotated_setting(
        &mut self,
        unit: &Rc<Unit>,
        annotations: &[Annotation],
        place: Place,
    ) -> Option<Value> {
        for annotation in annotations {
            let idioms = self.idioms;
            let found = [AnnotationTarget::Field, AnnotationTarget::Parameter]
                .into_iter()
                .find_map(|on| idioms.annotation(unit.language(), &annotation.name, on))
                .filter(|(_, idiom)| idiom.setting);
            if found.is_none() {
                continue;
            }
            let argument = annotation.arguments.first()?;
            let Kind::String(text) = unit.tree.kind(argument.value) else {
                continue;
            };
            let inside = text
                .value
                .trim()
                .trim_start_matches("${")
                .trim_end_matches('}');
            let (key, default) = inside
                .split_once(':')
                .map_or((inside, None), |(key, default)| (key, Some(default)));
            let at = Place {
                file: place.file,
                span: unit.tree.span(argument.value),
            };
            let value = self.setting(OriginKind::Setting, key, at);
            return Some(match default {
                Some(default) if !default.is_empty() => {
                    let default = Value::Text(constant_text(default, at));
                    self.union(vec![value, default])
                }
                _ => value,
            });
        }
        None
    }

    /// The setting that fills a field, if the class is one that settings are read into. Answers of a server are
    /// read into such classes as well: so only what settings are known to have counts, or sounds like a token.
    pub(super) fn field_setting(
        &mut self,
        unit: &Rc<Unit>,
        (of_class, of_field): (&[Annotation], &[Annotation]),
        name: &str,
        place: Place,
    ) -> Option<Value> {
        let (idioms, language) = (self.idioms, unit.language());
        let is_read_into = of_class.iter().any(|annotation| {
            let idiom = idioms.annotation(language, &annotation.name, AnnotationTarget::Class);
            let wanted = idiom.and_then(|(_, idiom)| idiom.settings_of.as_deref());
            wanted.is_some_and(|wanted| {
                annotation
                    .arguments
                    .iter()
                    .any(|argument| match unit.tree.kind(argument.value) {
                        Kind::Name(name) => name == wanted,
                        Kind::Member { property, .. } => property.text == wanted,
                        _ => false,
                    })
            })
        });
        if !is_read_into {
            return None;
        }
        let renamed = of_field.iter().find_map(|annotation| {
            let (_, idiom) =
                idioms.annotation(language, &annotation.name, AnnotationTarget::Field)?;
            let wanted = idiom.key.as_deref()?;
            let argument = annotation.arguments.iter().find(|argument| {
                argument
                    .name
                    .as_ref()
                    .is_some_and(|name| name.text == wanted)
            })?;
            match unit.tree.kind(argument.value) {
                Kind::String(text) => Some(text.value.clone()),
                _ => None,
            }
        });
        let key = renamed.unwrap_or_else(|| name.to_string());
        let is_known = self.settings.contains_key(&setting_key(&key));
        (is_known || self.interest.in_key(&key))
            .then(|| self.setting(OriginKind::Setting, &key, place))
    }

    /// A method whose annotations describe a request (`@GET("path") Call f(@Query("key") String value)`).
    pub(super) fn annotated_request(
        &mut self,
        unit: &Rc<Unit>,
        file: u32,
        function: &Function,
        class: &[Annotation],
    ) {
        let language = unit.language();
        let idioms = self.idioms;
        let mut request: Option<ObjectId> = None;
        let name_place = function.name.as_ref().map_or(
            Place {
                file,
                span: Default::default(),
            },
            |name| Place {
                file,
                span: name.span,
            },
        );
        let frame = Frame {
            file,
            unit: Rc::clone(unit),
            env: super::eval::Env::child(None),
            this: None,
            class: None,
            returns: Vec::new(),
            invocation: self.new_invocation(),
        };
        let mut frame = frame;
        let start =
            |this: &mut Self, client: &Client, request: &mut Option<ObjectId>| -> ObjectId {
                *request.get_or_insert_with(|| {
                    let id = this.heap.create(Some(ObjectKind::Request), name_place);
                    this.heap.get_mut(id).client = Some(client.name.as_str().into());
                    id
                })
            };
        let mut class_parts: Vec<(&Annotation, AnnotationTarget)> = class
            .iter()
            .map(|one| (one, AnnotationTarget::Class))
            .collect();
        class_parts.extend(
            function
                .annotations
                .iter()
                .map(|one| (one, AnnotationTarget::Function)),
        );
        for (annotation, on) in class_parts {
            let Some((client, idiom)) = idioms.annotation(language, &annotation.name, on) else {
                continue;
            };
            if idiom.setting && on == AnnotationTarget::Class {
                continue;
            }
            let is_class = on == AnnotationTarget::Class;
            if is_class
                && request.is_none()
                && !function.annotations.iter().any(|one| {
                    idioms
                        .annotation(language, &one.name, AnnotationTarget::Function)
                        .is_some()
                })
            {
                continue;
            }
            let id = start(self, client, &mut request);
            if let Some(method) = &idiom.method {
                let text = Value::Text(constant_text(method, name_place));
                self.write(id, Slot::Facet(Facet::Method), text, name_place, &frame);
            }
            if idiom.url
                && let Some(argument) = annotation_argument(annotation, &["value", "path", "url"])
            {
                let place = Place {
                    file,
                    span: unit.tree.span(argument),
                };
                let value = self.eval(&mut frame, argument);
                let value = match value {
                    Value::Object(_) => self.elements(&value, place),
                    other => other,
                };
                let facet = if is_class {
                    Facet::BaseUrl
                } else {
                    Facet::Path
                };
                let facet = if !is_class && is_absolute(&self.text_of(&value, 0)) {
                    Facet::Url
                } else {
                    facet
                };
                self.write(id, Slot::Facet(facet), value, place, &frame);
            }
            if idiom.request_line
                && let Some(argument) = annotation_argument(annotation, &["value"])
                && let Kind::String(text) = unit.tree.kind(argument)
            {
                let place = Place {
                    file,
                    span: unit.tree.span(argument),
                };
                let (method, path) = text
                    .value
                    .split_once(' ')
                    .unwrap_or(("GET", text.value.as_str()));
                self.write(
                    id,
                    Slot::Facet(Facet::Method),
                    Value::Text(constant_text(method, place)),
                    place,
                    &frame,
                );
                self.write(
                    id,
                    Slot::Facet(Facet::Path),
                    Value::Text(constant_text(path, place)),
                    place,
                    &frame,
                );
            }
            if idiom.header_lines
                && let Some(argument) = annotation_argument(annotation, &["value", "headers"])
            {
                let lines = match unit.tree.kind(argument) {
                    Kind::List { items } => items.iter().map(|item| item.value).collect(),
                    _ => vec![argument],
                };
                for line in lines {
                    let place = Place {
                        file,
                        span: unit.tree.span(line),
                    };
                    let value = self.eval(&mut frame, line);
                    let text = self.text_of(&value, 0);
                    for alternative in text.resolved() {
                        let Some((name, value)) = split_header_line(&alternative) else {
                            continue;
                        };
                        let value = Text {
                            alternatives: Rc::new(vec![value]),
                            steps: Steps::default(),
                        };
                        self.write(
                            id,
                            Slot::Header(constant_text(&name, place)),
                            Value::Text(value),
                            place,
                            &frame,
                        );
                    }
                }
            }
        }
        for parameter in &function.parameters {
            for annotation in &parameter.annotations {
                let Some((client, idiom)) =
                    idioms.annotation(language, &annotation.name, AnnotationTarget::Parameter)
                else {
                    continue;
                };
                if idiom.setting {
                    continue;
                }
                let place = Place {
                    file,
                    span: parameter.span,
                };
                let value = self.parameter(unit, file, parameter);
                let name = annotation_argument(annotation, &["value", "name"]);
                let key = match name {
                    Some(name) => {
                        let key = self.eval(&mut frame, name);
                        self.text_of(&key, 0)
                    }
                    None => match unit.tree.kind(parameter.target) {
                        Kind::Name(name) => constant_text(name, place),
                        _ => continue,
                    },
                };
                self.note_pair(crate::facts::PairKind::Annotation, &key, &value, place);
                let id = start(self, client, &mut request);
                let slot = match idiom.facet {
                    Some(Facet::Headers) if idiom.is_map => Slot::Facet(Facet::Headers),
                    Some(Facet::Query) if idiom.is_map => Slot::Facet(Facet::Query),
                    Some(Facet::Form) if idiom.is_map => Slot::Facet(Facet::Form),
                    Some(Facet::Headers) => Slot::Header(key),
                    Some(Facet::Query) => Slot::Query(key),
                    Some(Facet::Form) => Slot::Form(key),
                    None if idiom.url => Slot::Facet(Facet::Url),
                    _ => continue,
                };
                self.write(id, slot, value, place, &frame);
            }
        }
        if let Some(id) = request {
            self.touch(id);
        }
    }
}

fn is_absolute(text: &Text) -> bool {
    text.alternatives
        .iter()
        .any(|alternative| alternative.template().contains("://"))
}

fn split_header_line(
    line: &super::value::Alternative,
) -> Option<(String, super::value::Alternative)> {
    let first = line.pieces.first()?;
    let literal = first.literal()?;
    let colon = literal.find(':')?;
    let name = literal[..colon].trim().to_string();
    let skip = colon + 1 + literal[colon + 1..].len() - literal[colon + 1..].trim_start().len();
    let mut pieces = line.pieces.clone();
    let rest = literal.get(skip..)?.to_string();
    if let Some(piece) = pieces.first_mut() {
        if piece.mapping == crate::syntax::tree::Mapping::Exact {
            piece.place.span.start += skip as u32;
        }
        piece.content = super::value::Content::Literal(rest.as_str().into());
    }
    Some((name, super::value::Alternative { pieces }))
}

/// The unnamed argument of an annotation, or the one with one of these names.
fn annotation_argument(annotation: &Annotation, names: &[&str]) -> Option<NodeId> {
    annotation
        .arguments
        .iter()
        .find(|argument| match &argument.name {
            None => true,
            Some(name) => names.contains(&name.text.as_str()),
        })
        .map(|argument| argument.value)
}

pub(super) fn setting_key(key: &str) -> String {
    key.trim().to_ascii_lowercase().replace(['-', '_'], "")
}

fn pair_place(frame: &Frame, key: Place, value: Place) -> Place {
    if key.file != frame.file || value.file != frame.file {
        return value;
    }
    let span = key.span.join(value.span);
    let lines = frame
        .unit
        .slice(span)
        .bytes()
        .filter(|byte| *byte == b'\n')
        .count();
    if lines > 3 {
        key
    } else {
        Place {
            file: key.file,
            span,
        }
    }
}

fn position(index: i32, count: usize) -> Option<usize> {
    if index >= 0 {
        Some(index as usize).filter(|index| *index < count)
    } else {
        count.checked_sub(index.unsigned_abs() as usize)
    }
}

fn fits_count(call: &CallIdiom, arguments: usize) -> bool {
    call.arguments.is_none_or(|wanted| wanted == arguments)
}

fn module_fits(module: Option<&str>, client: &Client) -> bool {
    module.is_some_and(|module| {
        client.imports.iter().any(|known| {
            module == known
                || module
                    .strip_prefix(known.as_str())
                    .is_some_and(|rest| rest.starts_with(['.', '/', ':']))
        })
    })
}

/// Whether a type of Java that stands within another one is that of the path: many have a `Builder`.
fn outer_fits(path: &[String], callee: &Callee, unit: &Unit) -> bool {
    let ([.., outer, last], Language::Java) = (path, unit.language()) else {
        return true;
    };
    if !callee.outer.is_empty() {
        return callee.outer == *outer;
    }
    let mut imported = unit
        .imports
        .iter()
        .filter_map(|import| import.strip_suffix(last.as_str())?.strip_suffix('.'))
        .peekable();
    imported.peek().is_none() || imported.any(|rest| rest.rsplit('.').next() == Some(outer))
}

fn path_fits(
    path: &[String],
    client: &Client,
    callee: &Callee,
    target: Option<&Unknown>,
    unit: &Unit,
) -> bool {
    let Some(target) = target else {
        // A bare name that nothing declares.
        return !callee.is_method
            && path.len() == 1
            && callee.value.is_none()
            && path[0] == callee.name
            && (client.imports.is_empty()
                || unit.imports.is_empty()
                || unit.imports_any(&client.imports));
    };
    let mut names: Vec<&str> = target
        .name
        .split('.')
        .filter(|name| !name.is_empty())
        .collect();
    if target.module.is_none() && unit.language() == Language::Java {
        // `java.net.http.HttpRequest.newBuilder`: packages are written in lower case.
        let packages = names
            .iter()
            .take_while(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
            .count();
        if packages > 1 && packages < names.len() {
            names.drain(..packages);
        }
    }
    let whole: Vec<&str> = path.iter().map(String::as_str).collect();
    match target.module.as_deref() {
        Some(module) => {
            if !client.imports.is_empty() && !module_fits(Some(module), client) {
                return false;
            }
            if client.imports.is_empty() {
                // Known by the name it has in most files, or by its module.
                return callee.written == path.join(".")
                    || (whole.first() == Some(&module) && names == whole[1..]);
            }
            names == whole || (!whole.is_empty() && names == whole[1..])
        }
        None => {
            names == whole
                && target.kind == OriginKind::Global
                && (client.imports.is_empty()
                    || unit.imports.is_empty()
                    || unit.language() != Language::Java
                    || unit.imports_any(&client.imports))
        }
    }
}

/// The idioms of the client that fits best.
fn one_client(found: Vec<(u32, Match)>) -> Vec<Match> {
    let Some(best) = found.iter().map(|(rank, _)| *rank).min() else {
        return Vec::new();
    };
    let client = found
        .iter()
        .find(|(rank, _)| *rank == best)
        .map(|(_, one)| Rc::clone(&one.client));
    found
        .into_iter()
        .filter(|(_, one)| Some(&one.client) == client.as_ref())
        .map(|(_, one)| one)
        .collect()
}

/// Whether what is replaced is just this text. Of other regular expressions nothing is known.
fn stands_for_itself(pattern: &str, replaces: Replaces) -> bool {
    let is_expression = matches!(replaces, Replaces::AllMatches | Replaces::FirstMatch);
    let has_signs = pattern.contains(|one| r"\.[](){}*+?^$|".contains(one));
    !pattern.is_empty() && (!is_expression || !has_signs)
}

fn is_request_part(idiom: &CallIdiom) -> bool {
    idiom.url.is_some()
        || idiom.url_is_receiver
        || idiom.base_url.is_some()
        || idiom.path.is_some()
        || idiom.host.is_some()
        || idiom.method.is_some()
        || idiom.header.is_some()
        || idiom.headers.is_some()
        || idiom.fixed_header.is_some()
        || idiom.query.is_some()
        || idiom.queries.is_some()
        || idiom.form.is_some()
        || idiom.forms.is_some()
        || idiom.options.is_some()
        || idiom.callback.is_some()
}

fn says_something(idiom: &CallIdiom) -> bool {
    is_request_part(idiom)
        || idiom.method_argument.is_some()
        || idiom.body.is_some()
        || idiom.from.is_some()
        || idiom.entry.is_some()
        || idiom.entries.is_some()
        || idiom.pairs.is_some()
        || idiom.item.is_some()
        || idiom.items.is_some()
        || idiom.append.is_some()
}

impl Table {
    fn ready(&self, client: usize, call: usize) -> Match {
        let table = &self.clients[client];
        let idiom = table.call[call].clone();
        let shape = idiom
            .options
            .as_ref()
            .and_then(|options| self.shapes.get(&(client, options.shape.clone())).cloned())
            .or_else(|| {
                if table.options.len() == 1 {
                    table
                        .options
                        .keys()
                        .next()
                        .and_then(|name| self.shapes.get(&(client, name.clone())).cloned())
                } else {
                    None
                }
            });
        let callback_shape = idiom
            .callback
            .as_ref()
            .and_then(|callback| callback.shape.clone())
            .and_then(|name| self.shapes.get(&(client, name)).cloned());
        Match {
            client: table.name.as_str().into(),
            shape,
            callback_shape,
            idiom,
        }
    }
}
