//! Matching: facts against the detections.
//!
//! Owns the meaning of each matcher and the evidence that something goes to Zoho. It must not know syntax
//! trees, positions in lines, or output; places are opaque to it but for comparing them.

mod candidate;
mod endpoint;
pub mod evidence;
mod hosts;
mod names;
mod neighbours;
mod opaque;
mod package;
mod prose;
mod sent;
mod setting;
mod unused;
mod value_shape;
mod wire;

pub use candidate::Candidate;
pub use evidence::{FileEvidence, Knowledge};
pub use sent::{Sent, SentAs, SentLiterals, sent_literals};
pub use value_shape::looks_like_authtoken;

use crate::facts::Facts;
use crate::flow::value::Place;
use crate::flow::{Interest, Unit};
use crate::rules::model::{Matcher, Rules};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// Everything that matching looks at.
pub struct Matching<'a, 'r> {
    pub knowledge: &'a Knowledge<'r>,
    pub facts: &'a Facts,
    units: &'a [Rc<Unit>],
    files: Vec<FileEvidence>,
    project: FileEvidence,
    folders: neighbours::Folders,
    /// By file, made when they are asked for.
    scopes: Vec<OnceCell<neighbours::Scopes>>,
    requests_of_file: HashMap<u32, Vec<usize>>,
    zoho_folders: HashSet<String>,
    /// Headers for which a caller in sight gives a value with some other scheme.
    migrated_headers: HashSet<Place>,
    /// Values seen on their way to Zoho.
    known_values: std::cell::RefCell<HashSet<String>>,
    /// Code whose value was seen on its way to Zoho as an authtoken, by file.
    sent_as_authtoken: std::cell::RefCell<HashSet<(u32, String)>>,
    /// Settings whose key says authtoken.
    authtoken_settings: HashSet<Place>,
    /// Names under which files keep the scheme of authtokens.
    scheme_names: HashSet<(u32, String)>,
    /// Where the names of settings begin that are not numbers of items: file and byte.
    named_settings: BTreeSet<(u32, u32)>,
}

impl<'a, 'r> Matching<'a, 'r> {
    pub fn new(
        knowledge: &'a Knowledge<'r>,
        facts: &'a Facts,
        units: &'a [Rc<Unit>],
    ) -> Matching<'a, 'r> {
        let files: Vec<FileEvidence> = units
            .iter()
            .map(|unit| knowledge.of_file(&unit.path, &code_of(unit)))
            .collect();
        let mut project = FileEvidence::default();
        let mut folders = neighbours::Folders::default();
        let mut zoho_folders = HashSet::new();
        for (unit, evidence) in units.iter().zip(&files) {
            if evidence.says_zoho {
                project.says_zoho = true;
                zoho_folders.insert(folder_of(&unit.path).to_string());
            }
            folders.add(&unit.path, &evidence.products, &evidence.host_products);
        }
        let mut requests_of_file: HashMap<u32, Vec<usize>> = HashMap::new();
        for (index, request) in facts.requests.iter().enumerate() {
            if let Some(place) = request.place {
                requests_of_file.entry(place.file).or_default().push(index);
            }
        }
        Matching {
            knowledge,
            facts,
            units,
            files,
            project,
            folders,
            scopes: units.iter().map(|_| OnceCell::new()).collect(),
            requests_of_file,
            zoho_folders,
            migrated_headers: wire::migrated_headers(knowledge, facts),
            known_values: std::cell::RefCell::default(),
            sent_as_authtoken: std::cell::RefCell::default(),
            authtoken_settings: opaque::authtoken_settings(facts),
            scheme_names: opaque::scheme_names(facts, knowledge.rules),
            named_settings: setting::named_settings(facts),
        }
    }

    /// All candidates, merged: one for each sink.
    pub fn run(&self) -> Vec<Candidate<'r>> {
        let mut found = self.wire();
        // A value that certainly goes to Zoho is an authtoken wherever else it is sent.
        let known = self.values_on_the_way(&found);
        let sent = self.code_sent_as_authtoken(&found);
        if !known.is_empty() || !sent.is_empty() {
            self.known_values.replace(known);
            self.sent_as_authtoken.replace(sent);
            found = self.wire();
        }
        let foreign = self.foreign_places();
        self.loose(&foreign, &mut found);
        self.unused_schemes(&mut found);
        self.endpoints(&mut found);
        self.packages(&mut found);
        self.settings(&mut found);
        let mut found = candidate::merge(found);
        self.literals(&foreign, &mut found);
        self.prose(&mut found);
        candidate::merge(found)
    }

    fn wire(&self) -> Vec<Candidate<'r>> {
        let mut found = Vec::new();
        for request in &self.facts.requests {
            self.request(request, &mut found);
        }
        found
    }

    pub(super) fn file(&self, file: u32) -> &FileEvidence {
        &self.files[file as usize]
    }
    pub(super) fn file_is_zoho(&self, file: u32) -> bool {
        self.file(file).is_zoho
    }
    pub(super) fn file_has_host(&self, file: u32) -> bool {
        self.file(file).has_host
    }
    /// Whether the code of a file has any host of Zoho.
    pub fn names_zoho_host(&self, file: u32) -> bool {
        self.file(file).names_zoho_host
    }
    pub(super) fn path(&self, file: u32) -> &str {
        &self.units[file as usize].path
    }
    pub(super) fn slice(&self, place: Place) -> &str {
        self.units[place.file as usize].slice(place.span)
    }
    /// The text before a place, some bytes of it.
    pub(super) fn before(&self, place: Place, length: usize) -> &str {
        let text = &self.units[place.file as usize].text;
        let end = place.span.start as usize;
        let mut start = end.saturating_sub(length);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        text.get(start..end).unwrap_or("")
    }
    pub(super) fn is_plain_text(&self, file: u32) -> bool {
        self.units[file as usize].language() == crate::syntax::Language::Text
    }
    pub(super) fn is_config(&self, file: u32) -> bool {
        self.units[file as usize].language().is_config()
    }
    pub(super) fn imports_any(&self, file: u32, modules: &[String]) -> bool {
        self.units[file as usize].imports_any(modules)
    }

    /// Whether a file without the word stands beside files that say Zoho.
    pub(super) fn is_near_zoho(&self, file: u32) -> bool {
        let folder = folder_of(self.path(file));
        self.zoho_folders.contains(folder)
            || folder
                .rsplit_once('/')
                .is_some_and(|(outer, _)| self.zoho_folders.contains(outer))
            || self.zoho_folders.iter().any(|known| {
                known
                    .rsplit_once('/')
                    .is_some_and(|(outer, _)| outer == folder)
            })
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The text of a unit without its comments; for an embedded part only its own range.
fn code_of(unit: &Unit) -> String {
    let root = unit.tree.span(unit.tree.root);
    let text: &str = &unit.text;
    let (start, end) = if unit.is_embedded {
        (root.start as usize, root.end as usize)
    } else {
        (0, text.len())
    };
    let mut code = String::with_capacity(end - start);
    let mut at = start;
    for comment in &unit.tree.comments {
        let (from, to) = (comment.span.start as usize, comment.span.end as usize);
        if from < at || to > end {
            continue;
        }
        code.push_str(text.get(at..from).unwrap_or(""));
        code.push(' ');
        at = to;
    }
    code.push_str(text.get(at..end).unwrap_or(""));
    code
}

/// The names of parameters that carry a token, in lower case.
pub fn parameter_names(rules: &Rules) -> Vec<String> {
    rules
        .detections
        .iter()
        .flat_map(|rule| &rule.matchers)
        .filter_map(|matcher| match matcher {
            Matcher::Parameter { names, .. } => Some(names),
            _ => None,
        })
        .flatten()
        .map(|name| name.to_ascii_lowercase())
        .collect()
}

/// The schemes of the header that carry an authtoken, in lower case.
pub fn scheme_names(rules: &Rules) -> Vec<String> {
    schemes(rules)
        .map(|name| name.to_ascii_lowercase())
        .collect()
}

/// The same as the rules write them.
fn schemes(rules: &Rules) -> impl Iterator<Item = &String> {
    rules
        .detections
        .iter()
        .flat_map(|rule| &rule.matchers)
        .filter_map(|matcher| match matcher {
            Matcher::Header { schemes, .. } => Some(schemes),
            _ => None,
        })
        .flatten()
}

/// What the rules find interesting in literals and names.
pub struct RuleInterest {
    texts: Vec<String>,
    keys: Vec<String>,
}

impl RuleInterest {
    pub fn new(rules: &Rules) -> RuleInterest {
        let mut texts: Vec<String> = vec!["zoho".to_string()];
        let mut keys: Vec<String> = Vec::new();
        for detection in &rules.detections {
            for matcher in &detection.matchers {
                match matcher {
                    Matcher::Header { names, schemes, .. } => {
                        keys.extend(names.iter().map(|name| name.to_ascii_lowercase()));
                        keys.extend(schemes.iter().map(|scheme| scheme.to_ascii_lowercase()));
                        texts.extend(schemes.iter().map(|scheme| scheme.to_ascii_lowercase()));
                    }
                    Matcher::Parameter { names, .. } => {
                        keys.extend(names.iter().map(|name| name.to_ascii_lowercase()));
                        texts.extend(
                            names
                                .iter()
                                .map(|name| format!("{}=", name.to_ascii_lowercase())),
                        );
                    }
                    Matcher::Endpoint { paths, .. } => {
                        texts.extend(paths.iter().map(|path| path.to_ascii_lowercase()))
                    }
                    Matcher::Mention { words } => {
                        texts.extend(words.iter().map(|word| word.to_ascii_lowercase()))
                    }
                    _ => {}
                }
            }
        }
        for product in &rules.products {
            for legacy in &product.legacy {
                texts.extend(legacy.paths.iter().map(|path| path.to_ascii_lowercase()));
            }
            texts.extend(
                product
                    .hosts
                    .iter()
                    .filter(|host| !host.contains("{tld}"))
                    .cloned(),
            );
        }
        texts.sort();
        texts.dedup();
        keys.sort();
        keys.dedup();
        RuleInterest { texts, keys }
    }
}

impl Interest for RuleInterest {
    fn in_text(&self, literal: &str) -> bool {
        let lower = literal.to_ascii_lowercase();
        self.texts.iter().any(|text| lower.contains(text.as_str()))
    }
    fn in_key(&self, key: &str) -> bool {
        let lower = evidence::squeeze(key);
        evidence::names_authtoken(&lower)
            || self
                .keys
                .iter()
                .any(|known| *known == key.trim().to_ascii_lowercase())
    }
}
