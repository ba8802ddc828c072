//! What the templates print: the plan, and what has to be looked up or numbered for it.

use super::charts::{self, Bar, Timeline, is_open};
use super::markup::{Address, Code, Patch, Where, phrase, prose, sentence};
use super::policy::{self, SCRIPT, STYLE};
use super::steps::{self, Step};
use super::words;
use crate::plan::model::{
    Client, CredentialKind, Effort, File, Finding, Place, Plan, Product, Request, ScopeStatus,
};
use crate::plan::requests::Auth;
use crate::rules::model::Level;
use askama::Template;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "report/page.html")]
pub struct Page<'p> {
    plan: &'p Plan,
    rows: Vec<Row<'p>>,
    /// Every help text once: findings point to it.
    helps: Vec<&'p str>,
    timeline: Option<Timeline<'p>>,
    steps: Vec<Step>,
    policy: String,
    script: &'static str,
    style: &'static str,
}

/// A finding in the table.
struct Row<'p> {
    /// Of the plan, counted from 0.
    product_number: usize,
    product: &'p Product,
    file: &'p File,
    finding: &'p Finding,
    /// Position in the help texts.
    help: Option<usize>,
}

/// What happens to a product on a day.
struct Dated<'p> {
    date: &'p str,
    what: String,
    note: Option<&'p str>,
    source: &'p str,
    names_source: bool,
}

impl<'p> Page<'p> {
    pub fn new(plan: &'p Plan) -> Page<'p> {
        let mut page = Page {
            plan,
            rows: Vec::new(),
            helps: Vec::new(),
            timeline: Timeline::new(plan),
            steps: steps::first_steps(plan),
            policy: policy::policy(),
            script: SCRIPT,
            style: STYLE,
        };
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (product_number, product) in plan.products.iter().enumerate() {
            for file in &product.files {
                for finding in &file.findings {
                    let help = (!finding.help.is_empty()).then(|| {
                        *known.entry(&finding.help).or_insert_with(|| {
                            page.helps.push(&finding.help);
                            page.helps.len() - 1
                        })
                    });
                    page.rows.push(Row {
                        product_number,
                        product,
                        file,
                        finding,
                        help,
                    });
                }
            }
        }
        page
    }

    fn title(&self) -> String {
        let names: Vec<&str> = self
            .plan
            .repositories
            .iter()
            .map(|repository| repository.name.as_str())
            .collect();
        words::names(&names)
    }

    fn has_several(&self) -> bool {
        self.plan.repositories.len() > 1
    }

    /// The name of a repository, where it has to be said.
    fn repository<'t>(&self, name: &'t str) -> Option<&'t str> {
        self.has_several().then_some(name)
    }

    fn repository_number(&self, name: &str) -> usize {
        let mut repositories = self.plan.repositories.iter();
        let found = repositories.position(|repository| repository.name == name);
        found.unwrap_or_default()
    }

    fn place<'t>(&self, place: &'t Place) -> Where<'t> {
        self.line(&place.repository, &place.path, &place.line)
    }

    fn line<'t>(&self, repository: &'t str, path: &'t str, line: &u32) -> Where<'t> {
        Where {
            repository: self.repository(repository),
            path,
            line: Some(*line),
        }
    }

    /// The dates of a product in their order, each with its source, which is named where it changes.
    fn dates(&self, product: &'p Product) -> Vec<Dated<'p>> {
        let today = self.plan.today.as_str();
        let mut dates = Vec::new();
        if let Some(deadline) = &product.deadline {
            let mut add = |date: &'p Option<String>, past: &str, future: &str| {
                let Some(date) = date else { return };
                dates.push(Dated {
                    date,
                    what: if date.as_str() < today { past } else { future }.to_string(),
                    note: None,
                    source: &deadline.source,
                    names_source: false,
                });
            };
            let nothing_new = "no new authtokens after this day";
            add(&deadline.no_new_tokens, nothing_new, nothing_new);
            add(
                &deadline.stops_working,
                "authtokens stopped working",
                "authtokens stop working",
            );
            // The end of an API may be told in more words among the other dates.
            let is_told = |date: &String| product.other_dates.iter().any(|one| one.date == *date);
            if !deadline.api_end.as_ref().is_some_and(is_told) {
                add(
                    &deadline.api_end,
                    "the API that is called ended",
                    "the API that is called ends",
                );
            }
        }
        for other in &product.other_dates {
            let center = other.data_center.as_ref();
            let center = center.map(|center| format!("data centre {center}"));
            let parts = [Some(other.what.clone()), center, other.context.clone()];
            dates.push(Dated {
                date: &other.date,
                what: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
                note: other.note.as_deref(),
                source: &other.source,
                names_source: false,
            });
        }
        dates.sort_by_key(|date| date.date);
        for index in 0..dates.len() {
            let next = dates.get(index + 1).map(|next| next.source);
            if let Some(date) = dates.get_mut(index) {
                date.names_source = next != Some(date.source);
            }
        }
        dates
    }

    fn path<'t>(&self, repository: &'t str, path: &'t str) -> Where<'t> {
        Where {
            repository: self.repository(repository),
            path,
            line: None,
        }
    }

    /// The product whose deadline comes first among those with work.
    fn first(&self) -> Option<&'p Product> {
        let open = self.plan.products.iter().filter(|product| is_open(product));
        open.filter(|product| product.deadline.is_some())
            .min_by_key(|product| product.deadline.as_ref().map(|deadline| &deadline.date))
    }

    fn open(&self) -> u64 {
        self.plan.products.iter().filter(|one| is_open(one)).count() as u64
    }

    fn late(&self) -> u64 {
        let open = self.plan.products.iter().filter(|product| is_open(product));
        open.filter(|product| {
            let deadline = product.deadline.as_ref();
            deadline.is_some_and(|deadline| deadline.days_overdue > 0)
        })
        .count() as u64
    }

    fn scopes(&self) -> u64 {
        let scopes = self.plan.clients.iter().flat_map(|client| &client.scopes);
        scopes.collect::<std::collections::BTreeSet<_>>().len() as u64
    }

    fn tracked(&self) -> u64 {
        let kinds = [CredentialKind::Token, CredentialKind::Password];
        kinds
            .iter()
            .map(|kind| steps::tracked(self.plan, *kind) as u64)
            .sum()
    }

    /// The client before this one that has the same to keep and to respect, which is said there: its number and name.
    fn same_facts(&self, client: &Client) -> Option<(usize, &'p str)> {
        let mut numbered = (1..).zip(&self.plan.clients);
        let is_same =
            |other: &Client| other.storage == client.storage && other.limits == client.limits;
        let (number, first) = numbered.find(|(_, other)| is_same(other))?;
        (!std::ptr::eq(first, client)).then_some((number, first.name.as_str()))
    }

    /// Whether notes stand in the table beside findings that count.
    fn hides_notes(&self) -> bool {
        self.plan.summary.findings > 0
    }

    fn charts(&self) -> [(&'static str, Vec<Bar>); 2] {
        [
            ("Product", charts::by_product(self.plan)),
            ("Language", charts::by_language(self.plan)),
        ]
    }

    fn all(&self) -> Bar {
        charts::of_all(self.plan)
    }

    fn product_name<'t>(&'t self, id: &'t str) -> &'t str {
        let mut products = self.plan.products.iter();
        let found = products.find(|product| product.id.as_deref() == Some(id));
        found.map_or(id, |product| product.name.as_str())
    }
}

impl Row<'_> {
    fn is_counted(&self) -> bool {
        self.finding.level != Level::Note
    }

    /// One letter each, for the filters.
    fn level(&self) -> char {
        match self.finding.level {
            Level::Error => 'e',
            Level::Warning => 'w',
            Level::Note => 'n',
        }
    }

    fn effort(&self) -> char {
        match self.finding.effort {
            Effort::Automatic => 'a',
            Effort::Review => 'r',
            Effort::Rewrite => 'h',
        }
    }
}

/// Steps stay in the repository of their finding.
fn step_place(step: &crate::plan::model::Step) -> Where<'_> {
    Where {
        repository: None,
        path: &step.path,
        line: Some(step.line),
    }
}

/// A number that starts at 1.
fn nth(index: &usize) -> usize {
    index + 1
}

/// How a request signs in now, where that is known.
fn signs_in(request: &Request) -> Option<&'static str> {
    match request.signs_in_with {
        Auth::Authtoken => Some("signs in with an authtoken"),
        Auth::Oauth => Some("on OAuth already"),
        Auth::Connection => Some("through a connection"),
        Auth::Unknown => None,
    }
}

/// What is said of the scopes of a request.
fn scopes_of(request: &Request) -> String {
    match request.status {
        ScopeStatus::Known => request.scopes.join(","),
        ScopeStatus::Ended => "The API has ended: first the endpoint, then its scope".to_string(),
        ScopeStatus::Unknown => match &request.family {
            Some(family) => format!("Not known; begins with {family}."),
            None => "Not known".to_string(),
        },
    }
}
