//! Fixes: from what matching found to edits that make the request work again.
//!
//! Owns the plan of each fix: its edits, the helper it needs, how safe it is and why it is no safer. What is
//! written in which language lies in [`dialect`], what has to change for which shape in [`recipe`]. It must
//! not know output, nor how bytes get to disk.

pub mod dialect;
pub mod edits;
mod locate;
mod placement;
pub mod recipe;
mod setting_names;
mod settings_file;
pub mod verify;
pub mod writing;

pub(crate) use recipe::deluge;

use crate::facts::{Facts, Part, Request};
use crate::finding::{FixKind, Safety};
use crate::flow::Unit;
use crate::flow::value::Place;
use crate::rules::helpers::Helper;
use crate::rules::matching::{Candidate, Knowledge};
use crate::rules::model::Client;
use crate::scan::Source;
use edits::TextEdit;
use locate::Locator;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Reads files of the project that no tree was made of (`Cargo.toml`, `package.json`, `src/main.rs`).
pub trait Sources {
    fn source(&self, path: &str) -> Option<Source>;
    fn exists(&self, path: &str) -> bool;
    /// Whether a file is only read: git leaves it out, and nobody named it.
    fn is_only_read(&self, path: &str) -> bool;
    fn text(&self, path: &str) -> Option<String> {
        Some(self.source(path)?.text)
    }
}

/// What users choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The name of the connection for Deluge scripts.
    pub connection: Option<String>,
}

/// A file that gives the program its access tokens, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelperFile {
    pub helper: Helper,
    pub path: String,
    pub text: String,
    pub accounts: Accounts,
}

/// One fix, before it is checked.
#[derive(Clone, Debug)]
pub struct Plan {
    pub title: String,
    pub safety: Safety,
    /// Why it is not safe, or what a person has to do; a sentence.
    pub reason: Option<String>,
    pub edits: Vec<TextEdit>,
    pub helper: Option<HelperFile>,
    /// Sinks that have to be fixed before this may be done: candidates by index.
    pub after: Vec<usize>,
    /// Requests that nothing answers any more and that go with it, by the place of each. Every other request has to
    /// stay.
    pub drops: Vec<Place>,
    pub kind: FixKind,
}

/// What may go as well once several fixes are made that each leave a part of it unused.
#[derive(Clone, Debug)]
pub struct Cleanup {
    pub edits: Vec<TextEdit>,
    /// The fixes that have to be made first: candidates by index.
    pub after: Vec<usize>,
}

impl Plan {
    pub fn display(title: impl Into<String>, reason: impl Into<String>) -> Plan {
        Plan {
            title: title.into(),
            safety: Safety::Display,
            reason: Some(reason.into()),
            edits: Vec::new(),
            helper: None,
            after: Vec::new(),
            drops: Vec::new(),
            kind: FixKind::Program,
        }
    }
}

/// By file and first byte: where written pieces of URLs and bodies end, and the request that they belong to.
type Pieces = HashMap<u32, BTreeMap<u32, Vec<(u32, usize)>>>;

/// The server that gives access tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// `https://accounts.zoho.eu`
    pub url: String,
    /// Whether an address says so.
    pub is_known: bool,
}

/// Everything that planning looks at.
pub struct Planner<'a, 'r> {
    pub units: &'a [Rc<Unit>],
    pub facts: &'a Facts,
    pub knowledge: &'a Knowledge<'r>,
    pub sources: &'a dyn Sources,
    pub choices: &'a Choices,
    locators: Vec<OnceCell<Locator<'a>>>,
    /// Requests by the places of their parts and of the pieces of their URLs and bodies.
    requests: HashMap<Place, Vec<usize>>,
    pieces: Pieces,
    placement: placement::Placement<'a>,
    settings_files: settings_file::SettingsFiles,
    /// Requests by the calls that make them.
    calls: HashMap<Place, Vec<usize>>,
    /// By file the data centres that its addresses name.
    data_centers: OnceCell<BTreeMap<u32, BTreeSet<String>>>,
}

impl<'a, 'r> Planner<'a, 'r> {
    pub fn new(
        units: &'a [Rc<Unit>],
        facts: &'a Facts,
        knowledge: &'a Knowledge<'r>,
        sources: &'a dyn Sources,
        choices: &'a Choices,
        candidates: &[Candidate<'r>],
    ) -> Planner<'a, 'r> {
        let mut requests: HashMap<Place, Vec<usize>> = HashMap::new();
        let mut pieces: Pieces = HashMap::new();
        let mut calls: HashMap<Place, Vec<usize>> = HashMap::new();
        for (index, request) in facts.requests.iter().enumerate() {
            if let Some(place) = request.place {
                calls.entry(place).or_default().push(index);
            }
            let mut add = |place: Place| {
                let list = requests.entry(place).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            };
            for part in parts(request) {
                add(part.place);
            }
            for text in request.urls.iter().chain(&request.body) {
                for piece in &text.pieces {
                    add(piece.place);
                    let list = pieces
                        .entry(piece.place.file)
                        .or_default()
                        .entry(piece.place.span.start)
                        .or_default();
                    if list.last() != Some(&(piece.place.span.end, index)) {
                        list.push((piece.place.span.end, index));
                    }
                }
            }
        }
        Planner {
            units,
            facts,
            knowledge,
            sources,
            choices,
            locators: units.iter().map(|_| OnceCell::new()).collect(),
            requests,
            pieces,
            placement: placement::Placement::new(
                units,
                candidates,
                sources,
                knowledge
                    .rules
                    .protocol
                    .as_ref()
                    .map_or(&[], |protocol| &protocol.manifests),
            ),
            settings_files: settings_file::SettingsFiles::new(units, facts, candidates),
            calls,
            data_centers: OnceCell::new(),
        }
    }

    /// The fix of each candidate; `None` where there is nothing to say.
    pub fn plan(&self, candidates: &[Candidate<'r>]) -> Vec<Option<Plan>> {
        self.plan_with_cleanups(candidates).0
    }

    /// The same, with what may go when several of them are made.
    pub fn plan_with_cleanups(
        &self,
        candidates: &[Candidate<'r>],
    ) -> (Vec<Option<Plan>>, Vec<Cleanup>) {
        let mut plans: Vec<Option<Plan>> = candidates
            .iter()
            .map(|candidate| recipe::plan(self, candidate))
            .collect();
        recipe::creation::plan(self, candidates, &mut plans);
        recipe::whose::plan(self, candidates, &mut plans);
        recipe::leftover::plan(self, candidates, &mut plans);
        recipe::setting::plan(self, candidates, &mut plans);
        let cleanups = deluge::variable::plan(self, candidates, &mut plans);
        for plan in plans.iter_mut().flatten() {
            edits::without_lost_indentation(&mut plan.edits);
        }
        (plans, cleanups)
    }

    pub(crate) fn locator(&self, file: u32) -> Option<&Locator<'a>> {
        let units: &'a [Rc<Unit>] = self.units;
        let unit: &'a Unit = units.get(file as usize)?;
        let cell = self.locators.get(file as usize)?;
        Some(cell.get_or_init(|| Locator::new(unit)))
    }

    /// The requests that have a part at this place.
    pub(crate) fn requests_at(&self, place: Place) -> Vec<&'a Request> {
        let facts: &'a Facts = self.facts;
        self.requests
            .get(&place)
            .into_iter()
            .flatten()
            .filter_map(|index| facts.requests.get(*index))
            .collect()
    }

    /// The requests with a URL or body one of whose written pieces holds this place.
    pub(crate) fn requests_around(&self, place: Place) -> Vec<&'a Request> {
        /// Pieces lie side by side, so the one that holds a place begins not far before it.
        const NEAR: usize = 4;
        let facts: &'a Facts = self.facts;
        let mut found: Vec<usize> = self
            .pieces
            .get(&place.file)
            .into_iter()
            .flat_map(|starts| starts.range(..=place.span.start).rev().take(NEAR))
            .flat_map(|(_, list)| list)
            .filter(|(end, _)| *end >= place.span.end)
            .map(|(_, index)| *index)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
            .into_iter()
            .filter_map(|index| facts.requests.get(index))
            .collect()
    }

    /// A host that is not Zoho's and that the call of a request sends to as well.
    pub(crate) fn stranger_at(&self, request: &Request) -> Option<String> {
        let calls = self.calls.get(&request.place?)?;
        calls.iter().find_map(|index| {
            let other = self.facts.requests.get(*index)?;
            self.knowledge.strangers(other).next()
        })
    }

    /// What the tables say of a client.
    pub(crate) fn client(&self, name: &str) -> Option<&'r Client> {
        self.knowledge
            .rules
            .clients
            .iter()
            .flat_map(|table| &table.client)
            .find(|known| known.name == name)
    }

    /// The accounts server for what a finding sends, by its own address or the only data centre that the file, or else
    /// the project, has addresses of; that of the United States where none is known.
    pub(crate) fn accounts(&self, candidate: &Candidate<'_>) -> Accounts {
        let known = candidate
            .data_center
            .clone()
            .or_else(|| self.only_data_center(candidate.place.file));
        let center = self.knowledge.rules.data_center(known.as_deref());
        Accounts {
            url: center.map_or_else(String::new, |center| {
                format!("https://{}", center.accounts_host)
            }),
            is_known: known.is_some(),
        }
    }

    fn only_data_center(&self, file: u32) -> Option<String> {
        let named = self.data_centers.get_or_init(|| {
            let mut named: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
            let mut add = |request: &Request, place: Place| {
                let center = self.knowledge.assess(request).data_center;
                named.entry(place.file).or_default().extend(center);
            };
            for request in &self.facts.requests {
                if let Some(place) = request.place {
                    add(request, place);
                }
            }
            for text in &self.facts.texts {
                let address = Request {
                    urls: text.text.clone(),
                    ..Request::default()
                };
                add(&address, text.place);
            }
            named
        });
        let only = |centers: BTreeSet<&String>| match centers.len() {
            1 => centers.first().map(|center| (*center).clone()),
            _ => None,
        };
        match named.get(&file) {
            Some(own) if !own.is_empty() => only(own.iter().collect()),
            _ => only(named.values().flatten().collect()),
        }
    }
}

/// Headers, query and form parameters of a request.
pub(crate) fn parts(request: &Request) -> impl Iterator<Item = &Part> {
    request
        .headers
        .iter()
        .chain(&request.query)
        .chain(&request.form)
}
