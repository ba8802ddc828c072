//! Calls: functions of the project are run with their arguments, everything else is asked of the idioms.
//!
//! Owns how deep calls are followed and what is left of a call that is not. It must not know Zoho.

use super::eval::{Env, Evaluator, Frame, FunctionData, MOST_RUNS, RUN_BUDGET};
use super::object::{ClassKey, ObjectId, Slot, Value};
use super::statement::constant_text;
use super::value::{FileId, OriginKind, Place, Role, Text};
use crate::facts::{Handed, PairKind, Receiver, SdkUse};
use crate::rules::model::ObjectKind;
use crate::syntax::tree::{Call, Kind, Language, Name, NodeId};
use std::rc::Rc;

/// How many calls into the project are followed from one entry.
const MAX_CALL_DEPTH: usize = 5;
/// More objects than this are not told apart.
const MOST_OBJECTS: usize = 200_000;
/// Calls with the functions between them that have no name.
const MOST_CALLBACKS: usize = 12;

/// Methods of strings and collections that only look at their argument.
const COMPARISONS: &[&str] = &[
    "startsWith",
    "starts_with",
    "endsWith",
    "ends_with",
    "equals",
    "equalsIgnoreCase",
    "eq_ignore_ascii_case",
    "contains",
    "containsKey",
    "contains_key",
    "indexOf",
    "lastIndexOf",
    "find",
    "includes",
    "matches",
    "match",
    "test",
    "search",
    "split",
    "replace",
    "replaceAll",
    "replaceFirst",
    "replacen",
    "strip_prefix",
    "strip_suffix",
    "trim_start_matches",
    "trim_end_matches",
    "split_once",
    "regionMatches",
    "contentEquals",
    "compareTo",
    "compareToIgnoreCase",
    "localeCompare",
];

/// Those of them that make nothing of what they look at: not even their receiver is sent.
const QUESTIONS: &[&str] = &[
    "startsWith",
    "starts_with",
    "equals",
    "equalsIgnoreCase",
    "eq_ignore_ascii_case",
    "contains",
    "includes",
    "indexOf",
    "matches",
    "test",
    "regionMatches",
    "contentEquals",
    "compareTo",
    "compareToIgnoreCase",
    "localeCompare",
];

/// Whether a method of this name only looks at its arguments.
pub(super) fn looks_only(method: &str) -> bool {
    COMPARISONS.contains(&method)
}

/// An evaluated argument.
#[derive(Clone)]
pub struct Evaluated {
    pub name: Option<Name>,
    pub value: Value,
    pub place: Place,
    pub is_spread: bool,
}

/// What is called, as far as it can be told.
pub(super) struct Callee {
    pub value: Option<Value>,
    pub receiver: Option<Value>,
    /// As the source has it, for plain paths (`_.get`).
    pub written: String,
    /// The name before the last (`FormBody` of `FormBody.Builder`), if there is one.
    pub outer: String,
    /// Last name of the callee (`addHeader`), or of the type for `new`.
    pub name: String,
    pub is_new: bool,
    pub is_method: bool,
    /// The name itself, not the chain before it.
    pub place: Place,
}

impl Evaluator<'_> {
    pub(super) fn call(&mut self, frame: &mut Frame, node: NodeId) -> Value {
        let unit = Rc::clone(&frame.unit);
        let Kind::Call(call) = unit.tree.kind(node) else {
            return self.unknown_result(frame, node, "");
        };
        let callee = self.callee(frame, call);
        let arguments = self.arguments(frame, call);
        self.note_handed(frame, &callee, &arguments);
        if callee.is_new {
            return self.construct(frame, node, call, callee, arguments);
        }
        if matches!(unit.tree.kind(call.callee), Kind::Super)
            || is_super_call(&unit.tree, call.callee)
        {
            return self.super_call(frame, &callee, arguments, node);
        }
        // `this(…)` of a constructor.
        if matches!(unit.tree.kind(call.callee), Kind::This) {
            if let (Some(class), Some(Value::Object(id))) = (frame.class, frame.this.clone()) {
                self.run_constructor(class, id, arguments, callee.place, frame);
            }
            return self.unknown_result(frame, node, "this");
        }
        if let Some(value) = &callee.value
            && let Some(result) = self.call_local(frame, value, &callee, &arguments)
        {
            return result;
        }
        if let Some(value) = self.apply_idiom(frame, &callee, &arguments, node) {
            return value;
        }
        // Made by what `derive(Default)` writes: its fields are set afterwards.
        if let Some(Value::Class(class)) = &callee.receiver
            && unit.language() == Language::Rust
            && callee.name == "default"
            && arguments.is_empty()
        {
            let id = self.heap.create(None, callee.place);
            self.heap.get_mut(id).local_class = Some(*class);
            return Value::Object(id);
        }
        self.call_unknown(frame, node, callee, arguments)
    }

    fn callee(&mut self, frame: &mut Frame, call: &Call) -> Callee {
        let unit = Rc::clone(&frame.unit);
        let mut node = call.callee;
        // `(0, module.function)(…)` of compiled code.
        if let Kind::Opaque { children } = unit.tree.kind(node)
            && let Some(last) = children.last()
        {
            node = *last;
        }
        match unit.tree.kind(node) {
            Kind::Member { object, property } => {
                let receiver = match QUESTIONS.contains(&property.text.as_str()) {
                    true => self.eval_compared(frame, *object),
                    false => self.eval(frame, *object),
                };
                let place = self.at(frame, property.span);
                let value = match &receiver {
                    // Methods of strings and the like are no properties.
                    Value::Text(_) => None,
                    _ => Some(self.get_member(&receiver, &property.text, place, frame)),
                };
                Callee {
                    value,
                    receiver: Some(receiver),
                    written: match unit.tree.kind(*object) {
                        Kind::Name(name) => format!("{name}.{}", property.text),
                        _ => property.text.clone(),
                    },
                    outer: match unit.tree.kind(*object) {
                        Kind::Name(name) => name.clone(),
                        Kind::Member { property, .. } => property.text.clone(),
                        _ => String::new(),
                    },
                    name: property.text.clone(),
                    is_new: call.is_new,
                    is_method: true,
                    place,
                }
            }
            Kind::Name(name) => {
                let place = self.place(frame, node);
                let value = if call.is_new && unit.language() == Language::Java {
                    self.project
                        .resolve_class(frame.file, name)
                        .map(Value::Class)
                } else if unit.language() == Language::Deluge && name.contains('.') {
                    self.named_function(name).map(Value::Function)
                } else if unit.language() == Language::Java {
                    self.java_function(frame, name, place)
                } else {
                    Some(self.look_up(frame, name, place))
                };
                Callee {
                    value,
                    receiver: None,
                    written: name.clone(),
                    outer: String::new(),
                    name: name.rsplit('.').next().unwrap_or(name).to_string(),
                    is_new: call.is_new,
                    is_method: false,
                    place,
                }
            }
            Kind::Super | Kind::This => Callee {
                value: None,
                receiver: frame.this.clone(),
                written: String::new(),
                outer: String::new(),
                name: "super".to_string(),
                is_new: call.is_new,
                is_method: false,
                place: self.place(frame, node),
            },
            _ => {
                let place = self.place(frame, node);
                let value = self.eval(frame, node);
                Callee {
                    value: Some(value),
                    receiver: None,
                    written: String::new(),
                    outer: String::new(),
                    name: String::new(),
                    is_new: call.is_new,
                    is_method: false,
                    place,
                }
            }
        }
    }

    /// A function that another script defines under this whole name.
    fn named_function(&mut self, name: &str) -> Option<Rc<FunctionData>> {
        let count = self.project.units.len() as FileId;
        (0..count).find_map(|file| {
            let unit = self.project.unit(file);
            if unit.language() != Language::Deluge {
                return None;
            }
            let node = unit
                .tree
                .body()
                .iter()
                .find(|node| match unit.tree.kind(**node) {
                    Kind::Function(function) => function
                        .name
                        .as_ref()
                        .is_some_and(|known| known.text.eq_ignore_ascii_case(name)),
                    _ => false,
                })?;
            Some(Rc::new(FunctionData {
                file,
                node: *node,
                env: None,
                this: None,
                class: None,
                home: std::cell::RefCell::new(None),
                properties: std::cell::RefCell::new(None),
            }))
        })
    }

    /// A bare call in Java: a method of this class, of its parents, of the classes around it, or imported.
    fn java_function(&mut self, frame: &mut Frame, name: &str, place: Place) -> Option<Value> {
        let mut class = frame.class;
        let mut hops = 0;
        while let Some(key) = class {
            hops += 1;
            if hops > 8 {
                break;
            }
            let this = match &frame.this {
                Some(Value::Object(id)) if Some(key) == frame.class => Some(*id),
                _ => self.instance_of(key),
            };
            if let Some(id) = this
                && let Some(value) = self.method(key, name, id, place, frame)
            {
                return Some(value);
            }
            if let Some(value @ Value::Function(_)) = self.static_member(key, name, place) {
                return Some(value);
            }
            let unit = self.project.unit(key.file);
            class = unit.outer_class.get(&key.node).map(|node| ClassKey {
                file: key.file,
                node: *node,
            });
        }
        match self.look_up(frame, name, place) {
            value @ (Value::Function(_) | Value::Choice(_)) => Some(value),
            Value::Unknown(unknown) if unknown.module.is_some() => Some(Value::Unknown(unknown)),
            _ => None,
        }
    }

    fn arguments(&mut self, frame: &mut Frame, call: &Call) -> Vec<Evaluated> {
        let mut arguments = Vec::new();
        // What something is compared with is not what it is.
        let compares = match frame.unit.tree.kind(call.callee) {
            Kind::Member { property, .. } => looks_only(&property.text),
            _ => false,
        };
        for argument in &call.arguments {
            let value = match compares {
                true => self.eval_compared(frame, argument.value),
                false => self.eval(frame, argument.value),
            };
            let place = self.place(frame, argument.value);
            if argument.is_spread {
                let items = self.iterate(&value, frame, place);
                if !items.is_empty() {
                    arguments.extend(items.into_iter().map(|value| Evaluated {
                        name: None,
                        value,
                        place,
                        is_spread: false,
                    }));
                    continue;
                }
            }
            arguments.push(Evaluated {
                name: argument.name.clone(),
                value,
                place,
                is_spread: argument.is_spread,
            });
        }
        if !arguments.iter().any(|argument| argument.name.is_some()) {
            return arguments;
        }
        // Named arguments together are one options object, before the others.
        let place = self.place(frame, call.callee);
        let options = self.heap.create(Some(ObjectKind::Map), place);
        let mut given = vec![Evaluated {
            name: None,
            value: Value::Object(options),
            place,
            is_spread: false,
        }];
        for argument in arguments {
            match &argument.name {
                Some(name) => {
                    let key_place = self.at(frame, name.span);
                    let key = Value::Text(constant_text(&name.text, key_place));
                    self.put_pair(
                        frame,
                        options,
                        &key,
                        key_place,
                        argument.value,
                        argument.place,
                    );
                }
                None => given.push(argument),
            }
        }
        given
    }

    /// Runs the callee if it is part of the project.
    fn call_local(
        &mut self,
        frame: &mut Frame,
        value: &Value,
        callee: &Callee,
        arguments: &[Evaluated],
    ) -> Option<Value> {
        match value {
            Value::Function(function) => {
                // `f.call(this, a)`, `f.apply(this, [a])`, `f.bind(this, a)` arrive here through `get_member`.
                let this = callee.receiver.clone().filter(|_| callee.is_method);
                Some(self.call_function(function, this, arguments.to_vec(), callee.place, frame))
            }
            Value::Choice(values) => {
                let functions: Vec<&Value> = values
                    .iter()
                    .filter(|value| matches!(value, Value::Function(_)))
                    .take(3)
                    .collect();
                if functions.is_empty() {
                    return None;
                }
                let mut results = Vec::new();
                for function in functions {
                    results.extend(self.call_local(frame, function, callee, arguments));
                }
                Some(self.union(results))
            }
            Value::Module(file) => {
                // A module that is a function under another name: `require("./client")(options)`.
                let default =
                    self.get_member(&Value::Module(*file), "default", callee.place, frame);
                match default {
                    Value::Function(_) => self.call_local(frame, &default, callee, arguments),
                    _ => None,
                }
            }
            _ => {
                // Function.prototype methods.
                let Some(Value::Function(function)) = &callee.receiver else {
                    return None;
                };
                match callee.name.as_str() {
                    "call" => {
                        let this = arguments.first().map(|argument| argument.value.clone());
                        let rest = arguments.iter().skip(1).cloned().collect();
                        Some(self.call_function(function, this, rest, callee.place, frame))
                    }
                    "apply" => {
                        let this = arguments.first().map(|argument| argument.value.clone());
                        let rest = match arguments.get(1) {
                            Some(list) => self
                                .iterate(&list.value, frame, list.place)
                                .into_iter()
                                .map(|value| Evaluated {
                                    name: None,
                                    value,
                                    place: list.place,
                                    is_spread: false,
                                })
                                .collect(),
                            None => Vec::new(),
                        };
                        Some(self.call_function(function, this, rest, callee.place, frame))
                    }
                    "bind" => {
                        let this = arguments.first().map(|argument| argument.value.clone());
                        if arguments.len() > 1 {
                            // Partial application: run with what is known, the result is a function still.
                            let rest = arguments.iter().skip(1).cloned().collect();
                            self.call_function(function, this.clone(), rest, callee.place, frame);
                        }
                        Some(Value::Function(Rc::new(FunctionData {
                            file: function.file,
                            node: function.node,
                            env: function.env.clone(),
                            this,
                            class: function.class,
                            home: std::cell::RefCell::new(*function.home.borrow()),
                            properties: std::cell::RefCell::new(*function.properties.borrow()),
                        })))
                    }
                    _ => None,
                }
            }
        }
    }

    /// Whether calls are followed no further. A function that is written where it is handed over belongs to
    /// the code around it: chains of callbacks would use up the depth before they have called anything.
    fn is_deep(&self) -> bool {
        if self.call_stack.len() < MAX_CALL_DEPTH {
            return false;
        }
        let is_named = |(file, node): &&(FileId, NodeId)| {
            let unit = self.project.unit(*file);
            matches!(unit.tree.kind(*node), Kind::Function(function) if function.name.is_some())
        };
        self.call_stack.len() >= MOST_CALLBACKS
            || self.call_stack.iter().filter(is_named).count() >= MAX_CALL_DEPTH
    }

    /// Runs a function of the project with these arguments.
    pub(super) fn call_function(
        &mut self,
        function: &Rc<FunctionData>,
        this: Option<Value>,
        arguments: Vec<Evaluated>,
        place: Place,
        frame: &Frame,
    ) -> Value {
        let key = (function.file, function.node);
        let unit = self.project.unit(function.file);
        let Kind::Function(definition) = unit.tree.kind(function.node) else {
            return self.unknown(OriginKind::Result, "", place);
        };
        let name = definition
            .name
            .as_ref()
            .map_or("", |name| name.text.as_str())
            .to_string();
        if self.is_deep() || self.call_stack.contains(&key) || self.budget < 50 {
            return self.unknown(OriginKind::Result, &name, place);
        }
        let this = function
            .this
            .clone()
            .or(this)
            .or_else(|| (*function.home.borrow()).map(Value::Object));
        let env = Env::child(function.env.clone());
        let mut inner = Frame {
            file: function.file,
            unit: Rc::clone(&unit),
            env,
            this,
            class: function.class,
            returns: Vec::new(),
            invocation: self.new_invocation(),
        };
        self.call_stack.push(key);
        self.bind_parameters(&mut inner, &unit, function.node, &arguments);
        let body = definition.body.clone();
        self.body(&mut inner, &body);
        self.call_stack.pop();
        let _ = frame;
        if inner.returns.is_empty() {
            return self.unknown(OriginKind::Result, "", place);
        }
        let value = self.union(inner.returns);
        self.step(value, place, Role::Passed)
    }

    fn bind_parameters(
        &mut self,
        frame: &mut Frame,
        unit: &Rc<super::project::Unit>,
        node: NodeId,
        arguments: &[Evaluated],
    ) {
        let Kind::Function(definition) = unit.tree.kind(node) else {
            return;
        };
        let arguments_object = self.heap.create(
            Some(ObjectKind::List),
            Place {
                file: frame.file,
                span: unit.tree.span(node),
            },
        );
        for argument in arguments {
            self.write(
                arguments_object,
                Slot::Item,
                argument.value.clone(),
                argument.place,
                frame,
            );
        }
        if unit.language() != Language::Java {
            self.declare(frame, "arguments", Value::Object(arguments_object));
        }
        for (index, parameter) in definition.parameters.iter().enumerate() {
            let place = Place {
                file: frame.file,
                span: parameter.span,
            };
            let name = match unit.tree.kind(parameter.target) {
                Kind::Name(name) => Some(name.clone()),
                _ => None,
            };
            let given = arguments
                .iter()
                .find(|argument| {
                    argument
                        .name
                        .as_ref()
                        .is_some_and(|given| Some(&given.text) == name.as_ref())
                })
                .or_else(|| {
                    arguments
                        .get(index)
                        .filter(|argument| argument.name.is_none())
                });
            let value = if parameter.is_rest {
                let list = self.heap.create(Some(ObjectKind::List), place);
                for argument in arguments.iter().skip(index) {
                    self.write(
                        list,
                        Slot::Item,
                        argument.value.clone(),
                        argument.place,
                        frame,
                    );
                }
                Value::Object(list)
            } else {
                match given {
                    Some(argument) if !argument.is_spread => {
                        let value = self.step(argument.value.clone(), argument.place, Role::Passed);
                        self.step(value, place, Role::Parameter)
                    }
                    _ => self.parameter(unit, frame.file, parameter),
                }
            };
            let value = match parameter.default {
                Some(default) if given.is_none() => {
                    let default = self.eval(frame, default);
                    let default = self.step(default, place, Role::Parameter);
                    self.union(vec![value, default])
                }
                _ => value,
            };
            if parameter.is_field
                && let (Some(name), Some(Value::Object(id))) = (&name, frame.this.clone())
            {
                self.put(id, constant_text(name, place), value.clone(), place, frame);
            }
            match name {
                Some(name) => self.declare(frame, &name, value),
                None => self.bind_pattern(frame, parameter.target, value),
            }
        }
    }

    // --- construction ---------------------------------------------------------------------------

    fn construct(
        &mut self,
        frame: &mut Frame,
        node: NodeId,
        call: &Call,
        callee: Callee,
        arguments: Vec<Evaluated>,
    ) -> Value {
        let class = match &callee.value {
            Some(Value::Class(key)) => Some(*key),
            Some(Value::Choice(values)) => values.iter().find_map(|value| match value {
                Value::Class(key) => Some(*key),
                _ => None,
            }),
            Some(value @ Value::Module(_)) => {
                match self.get_member(value, "default", callee.place, frame) {
                    Value::Class(key) => Some(key),
                    _ => None,
                }
            }
            _ => None,
        };
        let result = if frame.unit.language() == Language::Rust
            && let Some(object) = self.struct_literal(frame, node, class, &callee, &arguments)
        {
            object
        } else if let Some(class) = class {
            self.instantiate(class, arguments, callee.place, frame)
        } else if let Some(Value::Function(function)) = &callee.value {
            // A constructor function: its instances share one object with its prototype.
            let function = Rc::clone(function);
            let prototype = self.function_object(&function, callee.place);
            let object = self.heap.create(None, callee.place);
            self.write(
                object,
                Slot::From,
                Value::Object(prototype),
                callee.place,
                frame,
            );
            self.call_function(
                &function,
                Some(Value::Object(object)),
                arguments,
                callee.place,
                frame,
            );
            Value::Object(object)
        } else {
            match self.apply_idiom(frame, &callee, &arguments, node) {
                Some(value) => value,
                None => {
                    self.note_sdk(frame, &callee, &arguments);
                    self.note_argument_pairs(frame, &arguments, callee.place);
                    let object = self.heap.create(None, callee.place);
                    self.heap.get_mut(object).class = Some(callee.name.as_str().into());
                    self.run_callbacks(&arguments, frame);
                    Value::Object(object)
                }
            }
        };
        if let Some(body) = call.body {
            self.anonymous_class(frame, body, &callee, &result);
        }
        result
    }

    /// `Type { field: value, ..other }` names the fields itself: no constructor runs.
    fn struct_literal(
        &mut self,
        frame: &mut Frame,
        node: NodeId,
        class: Option<ClassKey>,
        callee: &Callee,
        arguments: &[Evaluated],
    ) -> Option<Value> {
        let [
            Evaluated {
                value: Value::Object(fields),
                ..
            },
        ] = arguments
        else {
            return None;
        };
        if self.heap.len() > MOST_OBJECTS {
            return None;
        }
        if class.is_none()
            && let Some(known) = self.apply_idiom(frame, callee, arguments, node)
        {
            return Some(known);
        }
        let fields = self.heap.get(*fields).writes.clone();
        let id = self.heap.create(None, callee.place);
        match class {
            Some(class) => self.heap.get_mut(id).local_class = Some(class),
            None => {
                self.note_sdk(frame, callee, arguments);
                self.heap.get_mut(id).class = Some(callee.name.as_str().into());
            }
        }
        for field in fields {
            self.heap.write(id, field);
        }
        if let Some(class) = class {
            self.run_module(class.file);
            self.tell_instances(class, id);
        }
        Some(Value::Object(id))
    }

    fn instantiate(
        &mut self,
        class: ClassKey,
        arguments: Vec<Evaluated>,
        place: Place,
        frame: &Frame,
    ) -> Value {
        if self.is_deep() || self.heap.len() > MOST_OBJECTS {
            return match self.instance_of(class) {
                Some(id) => Value::Object(id),
                None => self.unknown(OriginKind::Result, "", place),
            };
        }
        self.run_module(class.file);
        self.instance_of(class);
        let id = self.heap.create(None, place);
        self.heap.get_mut(id).local_class = Some(class);
        self.initialise(class, id);
        self.run_constructor(class, id, arguments, place, frame);
        self.tell_instances(class, id);
        Value::Object(id)
    }

    /// What one instance was given may be in any instance, as its methods see them.
    fn tell_instances(&mut self, class: ClassKey, id: ObjectId) {
        let Some(instance) = self.instance_of(class).filter(|instance| *instance != id) else {
            return;
        };
        let writes: Vec<_> = self
            .heap
            .get(id)
            .writes
            .iter()
            .filter(|write| matches!(write.slot, Slot::Entry(_)))
            .cloned()
            .collect();
        for write in writes {
            self.heap.write(instance, write);
        }
    }

    pub(super) fn run_constructor(
        &mut self,
        class: ClassKey,
        id: ObjectId,
        arguments: Vec<Evaluated>,
        place: Place,
        frame: &Frame,
    ) {
        for ancestor in self.ancestry(class) {
            let unit = self.project.unit(ancestor.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(ancestor.node)) else {
                continue;
            };
            let constructors: Vec<(NodeId, usize)> = definition
                .members
                .iter()
                .filter_map(|member| match unit.tree.kind(*member) {
                    Kind::Function(function) if function.is_constructor => {
                        Some((*member, function.parameters.len()))
                    }
                    _ => None,
                })
                .collect();
            let chosen = constructors
                .iter()
                .find(|(_, parameters)| *parameters == arguments.len())
                .or_else(|| constructors.first());
            if let Some((node, _)) = chosen {
                let function = self.method_value(ancestor, *node, Some(Value::Object(id)));
                self.call_function(&function, Some(Value::Object(id)), arguments, place, frame);
                return;
            }
        }
    }

    fn super_call(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        arguments: Vec<Evaluated>,
        node: NodeId,
    ) -> Value {
        let (Some(class), Some(Value::Object(id))) = (frame.class, frame.this.clone()) else {
            self.note_argument_pairs(frame, &arguments, callee.place);
            return self.unknown_result(frame, node, "super");
        };
        let ancestry = self.ancestry(class);
        let Some(parent) = ancestry.get(1).copied() else {
            self.note_argument_pairs(frame, &arguments, callee.place);
            return self.unknown_result(frame, node, "super");
        };
        if callee.is_method {
            let place = callee.place;
            if let Some(Value::Function(function)) =
                self.method(parent, &callee.name, id, place, frame)
            {
                return self.call_function(
                    &function,
                    Some(Value::Object(id)),
                    arguments,
                    place,
                    frame,
                );
            }
            return self.unknown_result(frame, node, &callee.name);
        }
        self.run_constructor(parent, id, arguments, callee.place, frame);
        Value::Object(id)
    }

    /// `new Request(…) { getHeaders() { … } }`: the methods run, and what an override returns belongs to the
    /// request.
    fn anonymous_class(
        &mut self,
        frame: &mut Frame,
        body: NodeId,
        callee: &Callee,
        result: &Value,
    ) {
        let unit = Rc::clone(&frame.unit);
        let Kind::Class(class) = unit.tree.kind(body) else {
            return;
        };
        let key = ClassKey {
            file: frame.file,
            node: body.0,
        };
        for member in &class.members {
            let Kind::Function(function) = unit.tree.kind(*member) else {
                continue;
            };
            let method = Rc::new(FunctionData {
                file: frame.file,
                node: *member,
                env: Some(Rc::clone(&frame.env)),
                this: Some(result.clone()),
                // Names resolve as in the code around it.
                class: frame.class.or(Some(key)),
                home: std::cell::RefCell::new(None),
                properties: std::cell::RefCell::new(None),
            });
            let outer_this = frame.this.clone();
            let method = match outer_this {
                Some(this) if frame.class.is_some() => Rc::new(FunctionData {
                    this: Some(this),
                    file: method.file,
                    node: method.node,
                    env: method.env.clone(),
                    class: method.class,
                    home: std::cell::RefCell::new(None),
                    properties: std::cell::RefCell::new(None),
                }),
                _ => method,
            };
            self.has_run(frame.file, *member);
            let value = self.call_function(&method, None, Vec::new(), callee.place, frame);
            if let (Some(name), Value::Object(id)) = (&function.name, result)
                && let Some((client, facet)) = self.idioms.overridden(
                    unit.language(),
                    &name.text,
                    std::slice::from_ref(&callee.name),
                )
            {
                let place = self.at(frame, name.span);
                self.touch(*id);
                let object = self.heap.get_mut(*id);
                object.client.get_or_insert(client);
                object.kind.get_or_insert(ObjectKind::Request);
                self.write(*id, Slot::Facet(facet), value, place, frame);
            }
        }
    }

    // --- everything from outside ----------------------------------------------------------------

    fn unknown_result(&self, frame: &Frame, node: NodeId, name: &str) -> Value {
        let place = self.place(frame, node);
        self.unknown(OriginKind::Result, name, place)
    }

    fn call_unknown(
        &mut self,
        frame: &mut Frame,
        node: NodeId,
        callee: Callee,
        arguments: Vec<Evaluated>,
    ) -> Value {
        self.note_sdk(frame, &callee, &arguments);
        if !looks_only(&callee.name) {
            self.note_argument_pairs(frame, &arguments, callee.place);
        }
        self.run_callbacks(&arguments, frame);
        let name = match &callee.value {
            Some(Value::Unknown(unknown)) if !unknown.name.is_empty() => unknown.name.to_string(),
            _ => callee.name.clone(),
        };
        let place = self.place(frame, node);
        // A getter of something unknown is as good as its property.
        if arguments.is_empty()
            && let Some(Value::Unknown(receiver)) = &callee.receiver
            && receiver.kind != OriginKind::Global
        {
            return Value::Unknown(Rc::new(receiver.member(&callee.name, callee.place)));
        }
        // `x.something(…)` of an unknown stays a thing to write to.
        self.unknown(OriginKind::Result, &name, place)
    }

    /// `anything("key", value)`.
    fn note_argument_pairs(&mut self, frame: &mut Frame, arguments: &[Evaluated], callee: Place) {
        for pair in arguments.windows(2) {
            let [key, value] = pair else { continue };
            let Value::Text(name) = &key.value else {
                continue;
            };
            let name = name.clone();
            let span = key.place.span.join(value.place.span);
            let lines = frame
                .unit
                .slice(span)
                .bytes()
                .filter(|byte| *byte == b'\n')
                .count();
            let place = if lines > 3 {
                key.place
            } else {
                Place {
                    file: frame.file,
                    span,
                }
            };
            self.note_pair(PairKind::Call, &name, &value.value, place);
        }
        let _ = callee;
    }

    /// Remembers what is handed to functions of the project and to modules from outside.
    fn note_handed(&mut self, frame: &Frame, callee: &Callee, arguments: &[Evaluated]) {
        if !self.emits {
            return;
        }
        let to = match &callee.value {
            Some(Value::Function(_) | Value::Class(_) | Value::Module(_)) => {
                Receiver::Project(callee.name.clone())
            }
            Some(Value::Unknown(unknown)) => match &unknown.module {
                Some(module) => Receiver::Module(module.to_string()),
                None => match frame.unit.imported_names.get(&callee.name) {
                    Some((module, _)) if callee.is_new => Receiver::Module(module.clone()),
                    _ => return,
                },
            },
            None if callee.is_new => match frame.unit.imported_names.get(&callee.name) {
                Some((module, _)) => Receiver::Module(module.clone()),
                None => return,
            },
            _ => return,
        };
        for argument in arguments {
            let Value::Object(id) = argument.value else {
                continue;
            };
            // Only options written right there: what is put together elsewhere may go to other places too.
            if self.heap.get(id).place != argument.place {
                continue;
            }
            let mut entries = Vec::new();
            let mut objects = vec![(id, 0)];
            while let Some((id, nesting)) = objects.pop() {
                let object = self.heap.get(id);
                if object.kind != Some(ObjectKind::Map) {
                    continue;
                }
                for write in object
                    .writes
                    .iter()
                    .filter(|write| matches!(write.slot, Slot::Entry(_)))
                {
                    entries.push(write.place);
                    if let Value::Object(inner) = write.value
                        && nesting < 2
                    {
                        objects.push((inner, nesting + 1));
                    }
                }
            }
            if !entries.is_empty() {
                self.facts.handed.push(Handed {
                    place: argument.place,
                    entries,
                    to: to.clone(),
                });
            }
        }
    }

    fn note_sdk(&mut self, frame: &Frame, callee: &Callee, arguments: &[Evaluated]) {
        if !self.emits {
            return;
        }
        let unknown = match &callee.value {
            Some(Value::Unknown(unknown)) => Some(Rc::clone(unknown)),
            _ => None,
        };
        let mut module = unknown
            .as_ref()
            .and_then(|unknown| unknown.module.as_ref().map(|module| module.to_string()));
        if let Some(Value::Object(id)) = &callee.receiver
            && let Some(class) = self.heap.get(*id).class.clone()
            && let Some((from, _)) = frame.unit.imported_names.get(&*class)
        {
            module = Some(from.clone());
        }
        if module.is_none()
            && let Some((from, _)) = frame.unit.imported_names.get(&callee.name)
        {
            module = Some(from.clone());
        }
        let path = unknown.as_ref().map_or(callee.name.clone(), |unknown| {
            if unknown.name.is_empty() {
                callee.name.clone()
            } else {
                unknown.name.to_string()
            }
        });
        if module.is_none() && !self.idioms.is_sdk_callee(&path, callee.is_new) {
            return;
        }
        if let Some(module) = &module
            && !self.idioms.is_sdk_module(module)
        {
            return;
        }
        let values: Vec<Vec<_>> = arguments
            .iter()
            .map(|argument| self.text_of(&argument.value, 0).resolved())
            .collect();
        let mut options = Vec::new();
        for argument in arguments {
            if let Value::Object(id) = argument.value {
                options.extend(self.entry_parts(id, 0));
            }
        }
        let callee_name = if callee.is_new {
            format!("new {path}")
        } else {
            path
        };
        self.facts.sdk_uses.push(SdkUse {
            module,
            callee: callee_name,
            place: callee.place,
            arguments: values,
            options,
        });
    }

    /// Functions handed to code from outside are called by it, with arguments nobody knows.
    pub(super) fn run_callbacks(&mut self, arguments: &[Evaluated], frame: &Frame) {
        for argument in arguments {
            if let Value::Function(function) = &argument.value
                && !self.call_stack.contains(&(function.file, function.node))
            {
                self.has_run(function.file, function.node);
                self.call_function(function, None, Vec::new(), argument.place, frame);
            }
        }
    }

    // --- entry points ---------------------------------------------------------------------------

    /// Runs every function of these files once as if somebody unknown called it.
    pub fn run_all(&mut self, files: &[FileId]) {
        for file in files {
            let unit = self.project.unit(*file);
            if unit.language().is_config() {
                continue;
            }
            self.run_module(*file);
            self.run_pending();
            self.emit_touched();
            let classes: Vec<NodeId> = unit
                .tree
                .nodes()
                .filter(|(_, node)| matches!(node.kind, Kind::Class(_)))
                .map(|(id, _)| id)
                .collect();
            for class in classes {
                self.run_class(ClassKey {
                    file: *file,
                    node: class.0,
                });
            }
            self.run_pending();
            self.emit_touched();
        }
    }

    pub(super) fn has_run(&mut self, file: FileId, node: NodeId) {
        let runs = self.ran.entry((file, node)).or_default();
        *runs = runs.saturating_add(1);
    }

    fn run_pending(&mut self) {
        let mut rounds = 0;
        while let Some(function) = self.pending.pop_front() {
            rounds += 1;
            if rounds > 20_000 {
                break;
            }
            if self
                .ran
                .get(&(function.file, function.node))
                .is_some_and(|runs| *runs >= MOST_RUNS)
            {
                continue;
            }
            self.has_run(function.file, function.node);
            self.run_entry(&function, None);
        }
    }

    fn run_entry(&mut self, function: &Rc<FunctionData>, this: Option<Value>) {
        let outer = (self.branch, std::mem::take(&mut self.logs));
        self.branch = super::object::Branches::ROOT;
        let budget = self.begin_run(function.file);
        self.call_stack.clear();
        let this = this.or_else(|| {
            // A constructor function works on its instances, wherever it is stored.
            let instances = *function.properties.borrow();
            let home = *function.home.borrow();
            function
                .this
                .clone()
                .or_else(|| instances.or(home).map(Value::Object))
        });
        let place = Place {
            file: function.file,
            span: self.project.unit(function.file).tree.span(function.node),
        };
        let unit = self.project.unit(function.file);
        let frame = Frame {
            file: function.file,
            unit,
            env: Env::child(None),
            this: None,
            class: None,
            returns: Vec::new(),
            invocation: 0,
        };
        self.call_function(function, this, Vec::new(), place, &frame);
        self.end_run(function.file, budget);
        (self.branch, self.logs) = outer;
        self.emit_touched();
    }

    fn run_class(&mut self, key: ClassKey) {
        let unit = self.project.unit(key.file);
        let Kind::Class(class) = unit.tree.kind(NodeId(key.node)) else {
            return;
        };
        let class_annotations = class.annotations.clone();
        self.budget = RUN_BUDGET;
        self.statics_of(key);
        let Some(instance) = self.instance_of(key) else {
            return;
        };
        self.initialise(key, instance);
        let ancestry = self.ancestry(key);
        // Constructors first, so that methods see the fields; then own and inherited methods.
        let mut methods: Vec<(ClassKey, NodeId, bool)> = Vec::new();
        for (distance, ancestor) in ancestry.iter().enumerate() {
            let unit = self.project.unit(ancestor.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(ancestor.node)) else {
                continue;
            };
            for member in &definition.members {
                match unit.tree.kind(*member) {
                    Kind::Function(function) => {
                        if distance > 0 && (function.is_constructor || function.is_static) {
                            continue;
                        }
                        methods.push((*ancestor, *member, function.is_constructor));
                    }
                    Kind::Block { body } if distance == 0 => {
                        let mut frame = self.class_frame(*ancestor, Some(Value::Object(instance)));
                        let body = body.clone();
                        self.body(&mut frame, &body);
                    }
                    _ => {}
                }
            }
        }
        methods.sort_by_key(|(_, _, is_constructor)| !is_constructor);
        if methods.len() > 400 {
            methods.truncate(400);
            self.widened.insert(key.file);
        }
        for (class, node, _) in methods {
            let unit = self.project.unit(class.file);
            let Kind::Function(function) = unit.tree.kind(node) else {
                continue;
            };
            // Annotations of a class stand for its own methods; their nodes are of its own file.
            let annotations: &[_] = if class == key {
                &class_annotations
            } else {
                &[]
            };
            self.annotated_request(&unit, class.file, function, annotations);
            let this = if function.is_static {
                None
            } else {
                Some(Value::Object(instance))
            };
            self.has_run(class.file, node);
            let value = self.method_value(class, node, this.clone());
            let outer = (self.branch, std::mem::take(&mut self.logs));
            self.branch = super::object::Branches::ROOT;
            let budget = self.begin_run(class.file);
            self.call_stack.clear();
            let place = Place {
                file: class.file,
                span: unit.tree.span(node),
            };
            let frame = self.class_frame(class, this);
            let result = self.call_function(&value, frame.this.clone(), Vec::new(), place, &frame);
            self.end_run(class.file, budget);
            // An override gives a request its headers.
            if let Some(name) = &function.name
                && let Some(definition_supertypes) = self.supertypes(class)
                && let Some((client, facet)) =
                    self.idioms
                        .overridden(unit.language(), &name.text, &definition_supertypes)
            {
                let request = self.heap.create(
                    Some(ObjectKind::Request),
                    Place {
                        file: class.file,
                        span: name.span,
                    },
                );
                self.heap.get_mut(request).client = Some(client);
                self.write(
                    request,
                    Slot::Facet(facet),
                    result,
                    Place {
                        file: class.file,
                        span: name.span,
                    },
                    &frame,
                );
                self.touch(request);
            }
            (self.branch, self.logs) = outer;
            self.emit_touched();
        }
    }

    fn supertypes(&self, key: ClassKey) -> Option<Vec<String>> {
        let unit = self.project.unit(key.file);
        match unit.tree.kind(NodeId(key.node)) {
            Kind::Class(class) => Some(class.supertypes.clone()),
            _ => None,
        }
    }

    pub(super) fn argument_text(&mut self, argument: &Evaluated) -> Text {
        self.text_of(&argument.value, 0)
    }
}

fn is_super_call(tree: &crate::syntax::Tree, callee: NodeId) -> bool {
    match tree.kind(callee) {
        Kind::Member { object, .. } => matches!(tree.kind(*object), Kind::Super),
        _ => false,
    }
}
