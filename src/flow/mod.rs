//! Evaluation: what values the code of a project puts into requests, as facts.
//!
//! Owns constant propagation within and across files. It knows trees and idiom tables; Zoho it does not
//! know: what is interesting is asked of [`Interest`].

mod call;
mod crates;
mod emit;
mod eval;
mod idiom;
mod idle;
mod object;
mod project;
mod serialized;
mod statement;
mod text;
pub mod value;

pub use eval::{Evaluator, Interest};
pub use idiom::Idioms;
pub use project::{Loader, NoLoader, Project, ScopeOf, Unit};

use crate::facts::{Carrier, Credential, Facts, Imported, Mention, Setting};
use crate::syntax::tree::{Kind, Mapping, Span};
use std::collections::HashSet;
use value::{Alternative, Content, FileId, Piece, Place, Role, Steps, Text};

/// What an evaluation gives.
pub struct Evaluation {
    pub facts: Facts,
    pub units: Vec<std::rc::Rc<Unit>>,
    /// Keys that code asks of the environment or of configurations.
    pub asked_settings: Vec<String>,
    /// Files in which evaluation had to stop short.
    pub widened: HashSet<FileId>,
}

/// Evaluates a project: settings first, then all code twice, once to fill fields, once for the facts.
pub fn evaluate(
    units: Vec<Unit>,
    loader: &mut dyn Loader,
    idioms: &Idioms,
    interest: &dyn Interest,
) -> Evaluation {
    let project = Project::new(units, loader);
    let mut evaluator = Evaluator::new(project, idioms, interest);
    let count = evaluator.project.units.len() as FileId;
    let files: Vec<FileId> = (0..count).collect();
    for file in &files {
        evaluator.read_settings(*file);
    }
    evaluator.run_all(&files);
    for file in count..evaluator.project.units.len() as FileId {
        evaluator.read_settings(file);
    }
    evaluator.second_pass(&files);
    let all: Vec<FileId> = (0..evaluator.project.units.len() as FileId).collect();
    let mut facts = std::mem::take(&mut evaluator.facts);
    for file in &all {
        let unit = evaluator.project.unit(*file);
        plain_facts(*file, &unit, &mut facts, interest);
    }
    let mut asked_settings: Vec<String> = evaluator.asked_settings.keys().cloned().collect();
    asked_settings.sort();
    Evaluation {
        facts,
        units: evaluator.project.units.clone(),
        asked_settings,
        widened: evaluator.widened,
    }
}

impl Evaluator<'_> {
    /// Puts the keys of a configuration file where code that asks for them finds them.
    pub(super) fn read_settings(&mut self, file: FileId) {
        let unit = self.project.unit(file);
        // `<param-name>key</param-name><param-value>value</param-value>` and the like.
        let mut named: Option<(String, String)> = None;
        for statement in unit.tree.body() {
            let Kind::Binding(binding) = unit.tree.kind(*statement) else {
                continue;
            };
            let Kind::Name(key) = unit.tree.kind(binding.target) else {
                continue;
            };
            let mut key = key.clone();
            if unit.language() == crate::syntax::Language::Xml {
                let (parent, last) = key.rsplit_once('.').unwrap_or(("", &key));
                if last == "value" || last.ends_with("-value") {
                    if let Some((owner, name)) = &named
                        && owner == parent
                    {
                        key = name.clone();
                    }
                } else if last == "key" || last == "name" || last.ends_with("-name") {
                    let text = binding.value.and_then(|value| match unit.tree.kind(value) {
                        Kind::String(text) => Some(text.value.trim().to_string()),
                        _ => None,
                    });
                    named = text.map(|text| (parent.to_string(), text));
                }
            }
            let key = &key;
            let is_shell = unit.language() == crate::syntax::Language::Text;
            if !unit.language().is_config() && !is_shell {
                continue;
            }
            let key_place = Place {
                file,
                span: unit.tree.span(binding.target),
            };
            let value = binding.value.map(|node| {
                let place = Place {
                    file,
                    span: unit.tree.span(node),
                };
                (setting_value(&unit, node, place), place)
            });
            if let Some((text, _)) = &value
                && key.len() <= LONGEST_KEY
            {
                let text = text.then(key_place, Role::Setting);
                let whole = idiom::setting_key(key);
                let mut names = vec![whole.clone()];
                names.extend(tails(&whole).map(str::to_string));
                for name in names {
                    self.settings.entry(name).or_default().push(text.clone());
                }
            }
            if unit.language().is_config()
                && let Some((text, place)) = &value
                && text
                    .literals()
                    .any(|literal| self.interest.in_text(literal))
            {
                self.facts.texts.push(crate::facts::LooseText {
                    place: *place,
                    text: text.resolved(),
                });
            }
            self.facts.settings.push(Setting {
                key: key.clone(),
                key_place,
                value: value
                    .as_ref()
                    .and_then(|(text, _)| text.resolved().into_iter().next()),
                value_place: value.map(|(_, place)| place),
            });
        }
    }

    /// Runs everything again, now that fields are filled, and keeps the facts.
    pub(super) fn second_pass(&mut self, files: &[FileId]) {
        self.emits = true;
        self.modules.clear();
        self.ran.clear();
        self.pending.clear();
        self.functions.clear();
        self.touched.clear();
        for state in self.classes.values_mut() {
            state.has_run_statics = false;
        }
        self.run_all(files);
    }
}

/// A longer key path (bytes) is no key that code asks for, but a document nested thousands of times.
const LONGEST_KEY: usize = 1_000;
/// Code asks for a key by no more segments than this.
const MOST_TAILS: usize = 12;

/// The ends of a key path: `b.c` and `c` of `a.b.c`, the shortest first.
fn tails(key: &str) -> impl Iterator<Item = &str> {
    key.rmatch_indices('.')
        .take(MOST_TAILS)
        .filter_map(|(at, _)| key.get(at + 1..))
}

fn setting_value(unit: &Unit, node: crate::syntax::tree::NodeId, place: Place) -> Text {
    match unit.tree.kind(node) {
        Kind::String(text) => eval::literal(text, place.file, place),
        Kind::Number(number) => Text::from_pieces(vec![Piece {
            content: Content::Literal(number.as_str().into()),
            place,
            mapping: Mapping::Exact,
            steps: Steps::one(place, Role::Literal),
        }]),
        _ => Text::empty(),
    }
}

/// Facts that need no evaluation: imports, names, literals, comments.
fn plain_facts(file: FileId, unit: &Unit, facts: &mut Facts, interest: &dyn Interest) {
    let mut names: std::collections::HashMap<u32, String> = std::collections::HashMap::new();
    for (_, node) in unit.tree.nodes() {
        let place = Place {
            file,
            span: node.span,
        };
        match &node.kind {
            Kind::Import {
                module,
                module_span,
                ..
            }
            | Kind::Require {
                module,
                module_span,
            } => {
                facts.imports.push(Imported {
                    module: module.clone(),
                    place: Place {
                        file,
                        span: *module_span,
                    },
                });
            }
            Kind::Binding(binding) => {
                if let Kind::Name(name) = unit.tree.kind(binding.target) {
                    if let Some(value) = binding.value {
                        names.insert(value.0, name.clone());
                    }
                    if !unit.language().is_config() && interest.in_key(name) {
                        let place = Place {
                            file,
                            span: unit.tree.span(binding.target),
                        };
                        facts.carriers.push(Carrier {
                            name: name.clone(),
                            place,
                        });
                    }
                }
            }
            Kind::Assign { target, value, .. } => {
                let name = match unit.tree.kind(*target) {
                    Kind::Name(name) => Some(name.clone()),
                    Kind::Member { property, .. } => Some(property.text.clone()),
                    _ => None,
                };
                if let Some(name) = name {
                    names.insert(value.0, name);
                }
            }
            Kind::Map { entries } => {
                for entry in entries {
                    if let crate::syntax::tree::Key::Static(name) = &entry.key {
                        names.insert(entry.value.0, name.text.clone());
                    }
                }
            }
            Kind::Function(function) => {
                if let Some(name) = &function.name
                    && interest.in_key(&name.text)
                {
                    facts.carriers.push(Carrier {
                        name: name.text.clone(),
                        place: Place {
                            file,
                            span: name.span,
                        },
                    });
                }
                for parameter in &function.parameters {
                    if let Kind::Name(name) = unit.tree.kind(parameter.target)
                        && interest.in_key(name)
                    {
                        let place = Place {
                            file,
                            span: parameter.span,
                        };
                        facts.carriers.push(Carrier {
                            name: name.clone(),
                            place,
                        });
                    }
                }
            }
            Kind::String(text) if !unit.language().is_config() && text.value.len() < 400 => {
                let value = eval::literal(text, file, place);
                if let Some(value) = value.resolved().into_iter().next() {
                    facts.credentials.push(Credential {
                        value,
                        place,
                        name: None,
                    });
                }
            }
            _ => {}
        }
    }
    // Names belong to nodes; children come before their parents.
    let mut at = facts
        .credentials
        .iter()
        .position(|credential| credential.place.file == file);
    if let Some(first) = at.take() {
        let spans: std::collections::HashMap<_, _> = unit
            .tree
            .nodes()
            .filter_map(|(id, node)| names.get(&id.0).map(|name| (node.span, name.clone())))
            .collect();
        for credential in facts.credentials[first..]
            .iter_mut()
            .filter(|credential| credential.place.file == file)
        {
            credential.name = spans.get(&credential.place.span).cloned();
        }
    }
    // What is to be typed in, in a document: a command line is no code that is read.
    if unit.is_typed_in() {
        let start = unit.tree.span(unit.tree.root).start as usize;
        let lines = lines_with_places(unit.own_text(), start);
        let told = lines.filter(|(line, _)| line.len() < LONGEST_COMMAND && interest.in_key(line));
        facts.mentions.extend(told.map(|(line, span)| Mention {
            text: line.to_string(),
            place: Place { file, span },
        }));
    }
    for comment in &unit.tree.comments {
        let text = unit.slice(comment.text);
        if interest.in_text(text) || interest.in_key(text) {
            facts.mentions.push(Mention {
                text: text.to_string(),
                place: Place {
                    file,
                    span: comment.span,
                },
            });
        }
    }
}

/// Longer lines are no commands that people type in.
const LONGEST_COMMAND: usize = 400;

/// The lines of a text without the blanks around them, and where they stand.
fn lines_with_places(text: &str, start: usize) -> impl Iterator<Item = (&str, Span)> {
    let mut at = start;
    text.split_inclusive('\n').map(move |line| {
        let begin = at + (line.len() - line.trim_start().len());
        at += line.len();
        let line = line.trim();
        (line, Span::new(begin, begin + line.len()))
    })
}

/// An alternative made of one literal, for rules that build strings of their own.
pub fn plain(text: &str, place: Place) -> Alternative {
    Alternative {
        pieces: vec![Piece {
            content: Content::Literal(text.into()),
            place,
            mapping: Mapping::Derived,
            steps: Steps::default(),
        }],
    }
}
