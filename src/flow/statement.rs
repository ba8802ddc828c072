//! Statements: bodies, declarations, branches and loops, modules and classes.
//!
//! Owns the order of execution and what of it is kept after a branch. It must not know HTTP or Zoho.

use super::eval::{Env, Evaluator, Frame, FunctionData, Log, ModuleState, RUN_BUDGET, Variable};
use super::object::{ClassKey, ObjectId, Slot, Value};
use super::value::{Content, FileId, OriginKind, Piece, Place, Role, Steps, Text, Unknown};
use crate::rules::model::ObjectKind;
use crate::syntax::tree::{Binding, Imported, Kind, Language, Mapping, Name, NodeId, Parameter};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Modules that import modules are run so deep.
const MAX_MODULE_DEPTH: u32 = 24;
/// Passes over the entries of a map in a loop.
const MAX_ITERATIONS: usize = 24;

impl Evaluator<'_> {
    /// Runs a list of statements. True if what follows is not reached (return, throw).
    pub(super) fn body(&mut self, frame: &mut Frame, body: &[NodeId]) -> bool {
        body.iter()
            .any(|statement| self.statement(frame, *statement))
    }

    pub(super) fn statement(&mut self, frame: &mut Frame, node: NodeId) -> bool {
        let unit = Rc::clone(&frame.unit);
        match unit.tree.kind(node) {
            Kind::Block { body } => return self.guarded_body(frame, body, node),
            Kind::Module { body } => return self.guarded_body(frame, body, node),
            Kind::Return { value } => {
                if let Some(value) = value {
                    let place = self.place(frame, *value);
                    let value = self.eval(frame, *value);
                    let value = self.step(value, place, Role::Returned);
                    frame.returns.push(value);
                }
                return true;
            }
            Kind::Leave { value } => {
                if let Some(value) = value {
                    self.eval(frame, *value);
                }
                return true;
            }
            Kind::Binding(binding) => self.binding(frame, binding, node),
            Kind::Function(function) => {
                if let Some(name) = &function.name {
                    let value = Value::Function(self.function_value(frame, node));
                    self.declare(frame, &name.text, value);
                } else {
                    self.eval(frame, node);
                }
            }
            Kind::Class(class) => {
                if let Some(name) = &class.name {
                    let key = ClassKey {
                        file: frame.file,
                        node: node.0,
                    };
                    self.declare(frame, &name.text, Value::Class(key));
                    self.remember_class_scope(key, frame);
                }
            }
            Kind::Import { module, .. } => {
                // Names are looked up when they are used: modules may import each other. In Rust a module does
                // nothing by itself, so it waits until it is asked.
                if !matches!(frame.unit.language(), Language::Java | Language::Rust)
                    && let Some(file) = self.project.resolve_module(frame.file, module)
                {
                    self.run_module(file);
                }
            }
            Kind::Export { names } => {
                let Some(exports) = self.modules.get(&frame.file).map(|state| state.exports) else {
                    return false;
                };
                for name in names {
                    let place = self.at(frame, name.span);
                    let value = match (&name.value, &name.from) {
                        (Some(value), _) => self.eval(frame, *value),
                        (None, Some((module, imported))) => {
                            let wanted = if imported == "*" {
                                Imported::Whole
                            } else {
                                Imported::Named(imported.clone())
                            };
                            let value = self.imported(frame, module, &wanted, imported, place);
                            if name.name.as_deref() == Some("*") {
                                if let Some(source) = self.as_object(&value) {
                                    self.write(
                                        exports,
                                        Slot::From,
                                        Value::Object(source),
                                        place,
                                        frame,
                                    );
                                }
                                continue;
                            }
                            value
                        }
                        _ => continue,
                    };
                    let text = Text::from_pieces(vec![Piece {
                        content: Content::Literal(name.name.clone().unwrap_or_default().into()),
                        place,
                        mapping: Mapping::Derived,
                        steps: Steps::default(),
                    }]);
                    self.put(exports, text, value, place, frame);
                }
            }
            Kind::Branch {
                conditions,
                arms,
                exhaustive,
                is_try,
            } => {
                for condition in conditions {
                    self.eval_compared(frame, *condition);
                }
                return self.branches(frame, arms, *exhaustive, *is_try);
            }
            Kind::Loop {
                pattern,
                iterable,
                header,
                body,
            } => {
                for part in header {
                    self.statement(frame, *part);
                }
                self.each(frame, *pattern, *iterable, body);
            }
            Kind::Package { .. } | Kind::Pattern { .. } => {}
            _ => {
                self.eval(frame, node);
            }
        }
        false
    }

    fn guarded_body(&mut self, frame: &mut Frame, body: &[NodeId], node: NodeId) -> bool {
        let place = self.place(frame, node);
        let unit = (frame.file, Rc::clone(&frame.unit));
        let mut left = false;
        let probe = Frame {
            file: unit.0,
            unit: unit.1,
            env: Rc::clone(&frame.env),
            this: None,
            class: None,
            returns: Vec::new(),
            invocation: 0,
        };
        self.guarded(
            &probe,
            |this| {
                left = this.body(frame, body);
                Value::Text(Text::empty())
            },
            place,
        );
        left
    }

    fn binding(&mut self, frame: &mut Frame, binding: &Binding, node: NodeId) {
        let place = self.place(frame, binding.target);
        let unit = Rc::clone(&frame.unit);
        let value = match binding.value {
            Some(value) => self.eval(frame, value),
            None if unit.language() == Language::Java || binding.type_name.is_some() => {
                self.typed(OriginKind::Other, "", binding.type_name.as_deref(), place)
            }
            None => Value::Text(Text::empty()),
        };
        match unit.tree.kind(binding.target) {
            Kind::Name(name) => {
                let value = match (&value, &binding.type_name) {
                    (Value::Unknown(unknown), Some(type_name)) if unknown.type_name.is_none() => {
                        let mut unknown = (**unknown).clone();
                        unknown.type_name = Some(type_name.as_str().into());
                        Value::Unknown(Rc::new(unknown))
                    }
                    _ => value,
                };
                let value = self.step(value, place, Role::Bound);
                self.declare(frame, name, value);
            }
            _ => self.bind_pattern(frame, binding.target, value),
        }
        let _ = node;
    }

    pub(super) fn typed(
        &self,
        kind: OriginKind,
        name: &str,
        type_name: Option<&str>,
        place: Place,
    ) -> Value {
        Value::Unknown(Rc::new(Unknown {
            kind,
            name: name.into(),
            module: None,
            type_name: type_name.map(Into::into),
            place,
            steps: Steps::default(),
        }))
    }

    pub(super) fn bind_pattern(&mut self, frame: &mut Frame, target: NodeId, value: Value) {
        let unit = Rc::clone(&frame.unit);
        let mut work = vec![(target, value)];
        while let Some((target, value)) = work.pop() {
            let place = self.place(frame, target);
            match unit.tree.kind(target) {
                Kind::Name(name) => {
                    let value = self.step(value, place, Role::Bound);
                    self.declare(frame, name, value);
                }
                Kind::Pattern { entries } => {
                    for entry in entries {
                        let at = entry
                            .key
                            .as_ref()
                            .map_or(place, |key| self.at(frame, key.span));
                        let mut part = match &entry.key {
                            Some(Name { text, .. }) => self.get_member(&value, text, at, frame),
                            None => value.clone(),
                        };
                        if let Some(default) = entry.default {
                            let default = self.eval(frame, default);
                            part = self.union(vec![part, default]);
                        }
                        work.push((entry.target, part));
                    }
                }
                _ => {
                    self.assign(
                        frame,
                        target,
                        crate::syntax::tree::AssignOperator::Set,
                        value,
                    );
                }
            }
        }
    }

    // --- branches and loops ---------------------------------------------------------------------

    fn branches(
        &mut self,
        frame: &mut Frame,
        arms: &[NodeId],
        exhaustive: bool,
        is_try: bool,
    ) -> bool {
        let branch = self.heap.branches.new_branch();
        let outer = self.branch;
        type Finals = HashMap<Variable, Value>;
        let mut ends: Vec<(Log, Finals)> = Vec::new();
        let mut left = 0;
        for (arm, node) in arms.iter().enumerate() {
            // The body of a try has run, wholly or in part, before its handlers.
            if !(is_try && arm == 0) {
                self.branch = self.heap.branches.enter(outer, branch, arm as u32);
            }
            self.logs.push(HashMap::new());
            let leaves = self.statement(frame, *node);
            self.branch = outer;
            let log = self.logs.pop().unwrap_or_default();
            let mut finals = HashMap::new();
            for ((pointer, name), (env, old)) in &log {
                let value = env.variables.borrow().get(name).cloned();
                if let Some(value) = value
                    && !leaves
                {
                    finals.insert((*pointer, Rc::clone(name)), value);
                }
                if !(is_try && arm == 0 && !leaves) {
                    match old {
                        Some(old) => env
                            .variables
                            .borrow_mut()
                            .insert(Rc::clone(name), old.clone()),
                        None => env.variables.borrow_mut().remove(name),
                    };
                }
            }
            if leaves {
                left += 1;
            }
            ends.push((log, finals));
        }
        type Written = (usize, Rc<str>, Rc<Env>, Option<Value>);
        let mut names: Vec<Written> = Vec::new();
        for (log, finals) in &ends {
            for ((pointer, name), (env, old)) in log {
                if finals.contains_key(&(*pointer, Rc::clone(name)))
                    && !names
                        .iter()
                        .any(|known| known.0 == *pointer && known.1 == *name)
                {
                    names.push((*pointer, Rc::clone(name), Rc::clone(env), old.clone()));
                }
            }
        }
        names.sort_by(|left, right| left.1.cmp(&right.1));
        for (pointer, name, env, old) in names {
            let key = (pointer, Rc::clone(&name));
            let mut values: Vec<Value> = Vec::new();
            let written: Vec<Value> = ends
                .iter()
                .filter_map(|(_, finals)| finals.get(&key).cloned())
                .collect();
            let everywhere = exhaustive && written.len() + left >= arms.len();
            if !everywhere {
                values.extend(old.clone());
            }
            values.extend(written);
            let value = self.union(values);
            env.variables.borrow_mut().insert(Rc::clone(&name), value);
            // A branch around this one has to know too.
            if let Some(log) = self.logs.last_mut() {
                log.entry(key).or_insert((env, old));
            }
        }
        exhaustive && !arms.is_empty() && left == arms.len()
    }

    fn each(
        &mut self,
        frame: &mut Frame,
        pattern: Option<NodeId>,
        iterable: Option<NodeId>,
        body: &[NodeId],
    ) {
        let Some(iterable) = iterable else {
            self.body(frame, body);
            return;
        };
        let place = self.place(frame, iterable);
        let collection = self.eval(frame, iterable);
        let Some(pattern) = pattern else {
            self.body(frame, body);
            return;
        };
        let items = self.iterate(&collection, frame, place);
        if items.is_empty() {
            let element = self.elements(&collection, place);
            self.bind_pattern(frame, pattern, element);
            self.body(frame, body);
            return;
        }
        for item in items.into_iter().take(MAX_ITERATIONS) {
            self.bind_pattern(frame, pattern, item);
            self.body(frame, body);
        }
    }

    /// What a loop over this collection sees, one after another; empty if that is not known.
    pub(super) fn iterate(
        &mut self,
        collection: &Value,
        frame: &Frame,
        place: Place,
    ) -> Vec<Value> {
        let Value::Object(id) = collection else {
            return Vec::new();
        };
        let writes: Vec<_> = self.heap.get(*id).writes.clone();
        let mut items = Vec::new();
        for write in writes {
            match &write.slot {
                Slot::Item => items.push(write.value.clone()),
                Slot::Entry(key) if self.heap.get(*id).kind != Some(ObjectKind::List) => {
                    // A map in a loop gives its entries; `view` calls have already chosen keys or values.
                    let entry = self.heap.create(Some(ObjectKind::Map), write.place);
                    for (name, value) in [
                        ("key", Value::Text(key.clone())),
                        ("value", write.value.clone()),
                        ("0", Value::Text(key.clone())),
                        ("1", write.value.clone()),
                    ] {
                        let name = constant_text(name, place);
                        self.write(entry, Slot::Entry(name), value, write.place, frame);
                    }
                    items.push(Value::Object(entry));
                }
                Slot::From => {
                    if let Value::Object(source) = &write.value
                        && source != id
                        && items.len() < MAX_ITERATIONS
                    {
                        let inner: Vec<_> = self.heap.get(*source).writes.to_vec();
                        items.extend(
                            inner
                                .into_iter()
                                .filter(|write| matches!(write.slot, Slot::Item))
                                .map(|write| write.value),
                        );
                    }
                }
                _ => {}
            }
        }
        items
    }

    // --- modules --------------------------------------------------------------------------------

    /// Runs the top level of a file, once.
    pub(super) fn run_module(&mut self, file: FileId) {
        if self.modules.contains_key(&file) || self.module_depth >= MAX_MODULE_DEPTH {
            return;
        }
        self.module_depth += 1;
        let unit = self.project.unit(file);
        let place = Place {
            file,
            span: unit.tree.span(unit.tree.root),
        };
        let env = Env::child(None);
        let exports = self.heap.create(Some(ObjectKind::Map), place);
        self.modules.insert(
            file,
            ModuleState {
                env: Rc::clone(&env),
                exports,
            },
        );
        let mut frame = Frame {
            file,
            unit: Rc::clone(&unit),
            env,
            this: Some(Value::Object(exports)),
            class: None,
            returns: Vec::new(),
            invocation: self.new_invocation(),
        };
        // A module runs once and for all, whoever asked for it first.
        let outer = (
            self.branch,
            std::mem::take(&mut self.logs),
            self.budget,
            std::mem::take(&mut self.call_stack),
        );
        self.branch = super::object::Branches::ROOT;
        // Every line outside of functions gets its turn, however many there are.
        let nodes = u32::try_from(unit.tree.size()).unwrap_or(u32::MAX);
        self.budget = (RUN_BUDGET * 4).max(nodes.saturating_mul(2));
        if unit.language().is_config() {
            self.data(&mut frame, exports);
        } else {
            // Classes can be used before the line on which they are declared.
            for statement in unit.tree.body() {
                if matches!(unit.tree.kind(*statement), Kind::Class(_)) {
                    self.statement(&mut frame, *statement);
                }
            }
            let body: Vec<NodeId> = unit.tree.body().to_vec();
            self.body(&mut frame, &body);
        }
        (self.branch, self.logs, self.budget, self.call_stack) = outer;
        self.module_depth -= 1;
    }

    /// A data file that code imports (`require("./config.json")`): its keys become entries.
    fn data(&mut self, frame: &mut Frame, exports: ObjectId) {
        let unit = Rc::clone(&frame.unit);
        for statement in unit.tree.body() {
            let Kind::Binding(binding) = unit.tree.kind(*statement) else {
                continue;
            };
            let Kind::Name(path) = unit.tree.kind(binding.target) else {
                continue;
            };
            let place = self.place(frame, binding.target);
            let value = match binding.value {
                Some(value) => self.eval(frame, value),
                None => continue,
            };
            let value = self.step(value, place, Role::Setting);
            let mut object = exports;
            let mut parts = path.split('.').peekable();
            while let Some(part) = parts.next() {
                let key = constant_text(part, place);
                if parts.peek().is_none() {
                    self.put(object, key, value.clone(), place, frame);
                    break;
                }
                let existing = self.find_entry(object, part, frame);
                object = match existing {
                    Some(Value::Object(id)) => id,
                    _ => {
                        let inner = self.heap.create(Some(ObjectKind::Map), place);
                        self.put(object, key, Value::Object(inner), place, frame);
                        inner
                    }
                };
            }
        }
    }

    pub(super) fn new_invocation(&mut self) -> u32 {
        self.next_invocation += 1;
        self.next_invocation
    }

    // --- classes --------------------------------------------------------------------------------

    fn remember_class_scope(&mut self, key: ClassKey, frame: &Frame) {
        // Methods of a class inside a function see the variables of that function.
        self.functions
            .entry((key.file, NodeId(key.node)))
            .or_insert_with(|| {
                Rc::new(FunctionData {
                    file: key.file,
                    node: NodeId(key.node),
                    env: Some(Rc::clone(&frame.env)),
                    this: None,
                    class: frame.class,
                    home: RefCell::new(None),
                    properties: RefCell::new(None),
                })
            });
    }

    pub(super) fn class_env(&mut self, key: ClassKey) -> Option<Rc<Env>> {
        if let Some(scope) = self.functions.get(&(key.file, NodeId(key.node))) {
            return scope.env.clone();
        }
        self.modules
            .get(&key.file)
            .map(|state| Rc::clone(&state.env))
    }

    /// The frame in which a class's own code runs.
    pub(super) fn class_frame(&mut self, key: ClassKey, this: Option<Value>) -> Frame {
        let env = Env::child(self.class_env(key));
        Frame {
            file: key.file,
            unit: self.project.unit(key.file),
            env,
            this,
            class: Some(key),
            returns: Vec::new(),
            invocation: self.new_invocation(),
        }
    }

    /// The object of a class's static members, with their initial values.
    pub(super) fn statics_of(&mut self, key: ClassKey) -> Option<ObjectId> {
        let unit = self.project.unit(key.file);
        let Kind::Class(class) = unit.tree.kind(NodeId(key.node)) else {
            return None;
        };
        let known = self.classes.get(&key).and_then(|state| state.statics);
        if let Some(id) = known
            && self
                .classes
                .get(&key)
                .is_some_and(|state| state.has_run_statics)
        {
            return Some(id);
        }
        let id = known.unwrap_or_else(|| {
            let place = Place {
                file: key.file,
                span: unit.tree.span(NodeId(key.node)),
            };
            let id = self.heap.create(Some(ObjectKind::Map), place);
            self.heap.get_mut(id).is_shared = true;
            id
        });
        let state = self.classes.entry(key).or_default();
        state.statics = Some(id);
        state.has_run_statics = true;
        self.run_module(key.file);
        let mut frame = self.class_frame(key, Some(Value::Object(id)));
        let outer = (self.branch, std::mem::take(&mut self.logs), self.budget);
        self.branch = super::object::Branches::ROOT;
        self.budget = RUN_BUDGET;
        for member in &class.members {
            match unit.tree.kind(*member) {
                Kind::Binding(binding) if binding.is_static => self.field(&mut frame, id, binding),
                Kind::Block { body } => {
                    self.body(&mut frame, body);
                }
                _ => {}
            }
        }
        (self.branch, self.logs, self.budget) = outer;
        Some(id)
    }

    fn field(&mut self, frame: &mut Frame, owner: ObjectId, binding: &Binding) {
        let unit = Rc::clone(&frame.unit);
        let Kind::Name(name) = unit.tree.kind(binding.target) else {
            return;
        };
        let place = self.place(frame, binding.target);
        let annotated = self.annotated_setting(&unit, &binding.annotations, place);
        let value = match (annotated, binding.value) {
            (Some(value), _) => value,
            (None, Some(value)) => self.eval(frame, value),
            (None, None) => return,
        };
        let value = match (&value, &binding.type_name) {
            (Value::Unknown(unknown), Some(type_name)) if unknown.type_name.is_none() => {
                let mut unknown = (**unknown).clone();
                unknown.type_name = Some(type_name.as_str().into());
                Value::Unknown(Rc::new(unknown))
            }
            _ => value,
        };
        let key = constant_text(name, place);
        if let Value::Text(_) | Value::Unknown(_) = value {
            self.note_pair(crate::facts::PairKind::Entry, &key, &value, place);
        }
        let value = self.step(value, place, Role::Bound);
        self.put(owner, key, value, place, frame);
    }

    /// A field that nothing visible sets: where it is declared is on its way, and a configuration may fill it.
    pub(super) fn declared_field(
        &mut self,
        class: ClassKey,
        name: &str,
        mut unknown: Unknown,
    ) -> Value {
        for owner in self.ancestry(class) {
            let unit = self.project.unit(owner.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(owner.node)) else {
                continue;
            };
            let declared = definition.members.iter().find_map(|member| {
                let Kind::Binding(binding) = unit.tree.kind(*member) else {
                    return None;
                };
                let is_it =
                    matches!(unit.tree.kind(binding.target), Kind::Name(known) if known == name);
                is_it.then_some(binding)
            });
            let Some(binding) = declared else {
                continue;
            };
            let declared = Place {
                file: owner.file,
                span: unit.tree.span(binding.target),
            };
            if unit.language() == Language::Rust && unknown.type_name.is_none() {
                unknown.type_name = binding.type_name.as_deref().map(Into::into);
            }
            let place = unknown.place;
            unknown.steps = unknown.steps.then(declared, Role::Declared);
            let field = Value::Unknown(Rc::new(unknown));
            let annotations = (&*definition.annotations, &*binding.annotations);
            return match self.field_setting(&unit, annotations, name, declared) {
                Some(setting) => self.union(vec![self.step(setting, place, Role::Read), field]),
                None => field,
            };
        }
        Value::Unknown(Rc::new(unknown))
    }

    /// The object that stands for all instances of a class.
    pub(super) fn instance_of(&mut self, key: ClassKey) -> Option<ObjectId> {
        if let Some(id) = self.classes.get(&key).and_then(|state| state.instance) {
            return Some(id);
        }
        let unit = self.project.unit(key.file);
        if !matches!(unit.tree.kind(NodeId(key.node)), Kind::Class(_)) {
            return None;
        }
        let place = Place {
            file: key.file,
            span: unit.tree.span(NodeId(key.node)),
        };
        let id = self.heap.create(None, place);
        let object = self.heap.get_mut(id);
        object.is_shared = true;
        object.local_class = Some(key);
        self.classes.entry(key).or_default().instance = Some(id);
        Some(id)
    }

    /// Field initialisers of a class and its parents, on this instance.
    pub(super) fn initialise(&mut self, key: ClassKey, id: ObjectId) {
        for class in self.ancestry(key).into_iter().rev() {
            let unit = self.project.unit(class.file);
            let mut frame = self.class_frame(class, Some(Value::Object(id)));
            if let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) {
                for member in &definition.members {
                    if let Kind::Binding(binding) = unit.tree.kind(*member)
                        && !binding.is_static
                    {
                        self.field(&mut frame, id, binding);
                    }
                }
            }
        }
    }

    /// A class and its parents within the project, itself first.
    pub(super) fn ancestry(&mut self, key: ClassKey) -> Vec<ClassKey> {
        let mut line = vec![key];
        while line.len() < 8 {
            let last = line[line.len() - 1];
            let unit = self.project.unit(last.file);
            let Kind::Class(class) = unit.tree.kind(NodeId(last.node)) else {
                break;
            };
            let mut next = None;
            for supertype in &class.supertypes {
                let found = match self.project.resolve_class(last.file, supertype) {
                    Some(found) => Some(found),
                    None if unit.language() != Language::Java => {
                        self.class_by_import(last.file, supertype)
                    }
                    None => None,
                };
                if let Some(found) = found
                    && !line.contains(&found)
                {
                    next = Some(found);
                    break;
                }
            }
            match next {
                Some(found) => line.push(found),
                None => break,
            }
        }
        line
    }

    /// What a name that a file imports stands for.
    fn imported_name(&mut self, file: FileId, name: &str) -> Option<Value> {
        let (mut frame, place) = self.empty_frame(file);
        let imported = frame.unit.imported_names.get(name).cloned();
        match imported {
            Some((module, imported)) => {
                Some(self.imported(&mut frame, &module, &imported, name, place))
            }
            None if frame.unit.language() == Language::Rust => {
                self.rust_name(&mut frame, name, place)
            }
            None => None,
        }
    }

    fn member_of_module(&mut self, file: FileId, value: &Value, name: &str) -> Option<Value> {
        if !matches!(value, Value::Module(_)) {
            return None;
        }
        let (mut frame, place) = self.empty_frame(file);
        Some(self.get_member(value, name, place, &mut frame))
    }

    /// For a look from outside at what stands in a file.
    fn empty_frame(&self, file: FileId) -> (Frame, Place) {
        let unit = self.project.unit(file);
        let place = Place {
            file,
            span: unit.tree.span(unit.tree.root),
        };
        let frame = Frame {
            file,
            unit,
            env: Env::child(None),
            this: None,
            class: None,
            returns: Vec::new(),
            invocation: 0,
        };
        (frame, place)
    }

    /// The class of that name which a file declares or imports.
    pub(super) fn class_by_import(&mut self, file: FileId, name: &str) -> Option<ClassKey> {
        self.run_module(file);
        let env = self.modules.get(&file).map(|state| Rc::clone(&state.env))?;
        let mut parts = name.split(['.', ':']).filter(|part| !part.is_empty());
        let first = parts.next()?;
        let declared = env.variables.borrow().get(first).cloned();
        let mut value = match declared {
            Some(value) => value,
            None => self.imported_name(file, first)?,
        };
        if self.project.unit(file).language() == Language::Rust {
            for part in parts {
                value = self.member_of_module(file, &value, part)?;
            }
        }
        match value {
            Value::Class(key) => Some(key),
            Value::Module(module) => {
                let exports = self.modules.get(&module)?.exports;
                self.heap
                    .get(exports)
                    .writes
                    .iter()
                    .find_map(|write| match write.value {
                        Value::Class(key) => Some(key),
                        _ => None,
                    })
            }
            _ => None,
        }
    }

    pub(super) fn has_member(&mut self, key: ClassKey, name: &str) -> bool {
        self.ancestry(key).into_iter().any(|class| {
            let unit = self.project.unit(class.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
                return false;
            };
            definition
                .members
                .iter()
                .any(|member| match unit.tree.kind(*member) {
                    Kind::Binding(binding) if !binding.is_static => {
                        matches!(unit.tree.kind(binding.target), Kind::Name(found) if found == name)
                    }
                    _ => false,
                })
        })
    }

    /// A static field, method or nested class.
    pub(super) fn static_member(
        &mut self,
        key: ClassKey,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        for class in self.ancestry(key) {
            let unit = self.project.unit(class.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
                continue;
            };
            for member in &definition.members {
                match unit.tree.kind(*member) {
                    Kind::Binding(binding) if binding.is_static => {
                        if matches!(unit.tree.kind(binding.target), Kind::Name(found) if found == name)
                        {
                            let statics = self.statics_of(class)?;
                            let frame = self.class_frame(class, None);
                            let declared = Place {
                                file: class.file,
                                span: unit.tree.span(binding.target),
                            };
                            return Some(match self.find_entry(statics, name, &frame) {
                                Some(value) => self.step(value, declared, Role::Bound),
                                None => self.typed(
                                    OriginKind::Field,
                                    name,
                                    binding.type_name.as_deref(),
                                    place,
                                ),
                            });
                        }
                    }
                    Kind::Function(function)
                        if function.is_static
                            && function
                                .name
                                .as_ref()
                                .is_some_and(|found| found.text == name) =>
                    {
                        return Some(Value::Function(self.method_value(class, *member, None)));
                    }
                    _ => {}
                }
            }
            // `Client.token = …` of JavaScript.
            if let Some(statics) = self.classes.get(&class).and_then(|state| state.statics) {
                let frame = self.class_frame(class, None);
                if let Some(value) = self.find_entry(statics, name, &frame) {
                    return Some(value);
                }
            }
        }
        None
    }

    /// A bare-name assignment in a method of Java.
    pub(super) fn assign_field(
        &mut self,
        frame: &Frame,
        class: ClassKey,
        name: &str,
        value: Value,
        place: Place,
    ) -> bool {
        let mut at = Some(class);
        let mut hops = 0;
        while let Some(key) = at {
            hops += 1;
            if hops > 8 {
                return false;
            }
            if self.has_member(key, name) {
                let owner = match &frame.this {
                    Some(Value::Object(id)) if key == class => Some(*id),
                    _ => self.instance_of(key),
                };
                if let Some(id) = owner {
                    self.put(id, constant_text(name, place), value, place, frame);
                    return true;
                }
            }
            if self.static_member(key, name, place).is_some()
                && let Some(statics) = self.static_owner(key, name)
            {
                self.put(statics, constant_text(name, place), value, place, frame);
                return true;
            }
            let unit = self.project.unit(key.file);
            at = unit.outer_class.get(&key.node).map(|node| ClassKey {
                file: key.file,
                node: *node,
            });
        }
        false
    }

    fn static_owner(&mut self, key: ClassKey, name: &str) -> Option<ObjectId> {
        for class in self.ancestry(key) {
            let unit = self.project.unit(class.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
                continue;
            };
            let declares = definition
                .members
                .iter()
                .any(|member| match unit.tree.kind(*member) {
                    Kind::Binding(binding) if binding.is_static => {
                        matches!(unit.tree.kind(binding.target), Kind::Name(found) if found == name)
                    }
                    _ => false,
                });
            if declares {
                return self.statics_of(class);
            }
        }
        None
    }

    /// A method of an instance, bound to it.
    pub(super) fn method(
        &mut self,
        key: ClassKey,
        name: &str,
        id: ObjectId,
        place: Place,
        frame: &mut Frame,
    ) -> Option<Value> {
        for class in self.ancestry(key) {
            let unit = self.project.unit(class.file);
            let Kind::Class(definition) = unit.tree.kind(NodeId(class.node)) else {
                continue;
            };
            for member in &definition.members {
                if let Kind::Function(function) = unit.tree.kind(*member)
                    && !function.is_constructor
                    && function
                        .name
                        .as_ref()
                        .is_some_and(|found| found.text == name)
                {
                    let value = self.method_value(class, *member, Some(Value::Object(id)));
                    if function.is_accessor {
                        if !function.parameters.is_empty() {
                            continue;
                        }
                        return Some(self.call_function(
                            &value,
                            Some(Value::Object(id)),
                            Vec::new(),
                            place,
                            frame,
                        ));
                    }
                    return Some(Value::Function(value));
                }
            }
        }
        // Fields that only another instance of the class is seen to set.
        let instance = self.classes.get(&key).and_then(|state| state.instance)?;
        if instance != id {
            return self.find_entry(instance, name, frame);
        }
        None
    }

    pub(super) fn method_value(
        &mut self,
        class: ClassKey,
        node: NodeId,
        this: Option<Value>,
    ) -> Rc<FunctionData> {
        let env = self.class_env(class);
        Rc::new(FunctionData {
            file: class.file,
            node,
            env,
            this,
            class: Some(class),
            home: RefCell::new(None),
            properties: RefCell::new(None),
        })
    }

    // --- functions as entry points ---------------------------------------------------------------

    /// What a parameter may be when nobody visible calls.
    pub(super) fn parameter(
        &mut self,
        unit: &Rc<super::project::Unit>,
        file: FileId,
        parameter: &Parameter,
    ) -> Value {
        let place = Place {
            file,
            span: parameter.span,
        };
        let name = match unit.tree.kind(parameter.target) {
            Kind::Name(name) => name.clone(),
            _ => String::new(),
        };
        if let Some(value) = self.annotated_setting(unit, &parameter.annotations, place) {
            return value;
        }
        let value = self.typed(
            OriginKind::Parameter,
            &name,
            parameter.type_name.as_deref(),
            place,
        );
        self.step(value, place, Role::Parameter)
    }
}

pub(super) fn constant_text(text: &str, place: Place) -> Text {
    Text::from_pieces(vec![Piece {
        content: Content::Literal(text.into()),
        place,
        mapping: Mapping::Derived,
        steps: Steps::default(),
    }])
}
