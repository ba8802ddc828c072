//! The product of something that does not tell its own: what stands around it tells, if that is one product.
//!
//! Owns the order in which the surroundings are asked: function and class, file, folder, project. The first that
//! names a host decides; where it names hosts of several products nothing is told. It must not know requests'
//! parts or what is sent.

use super::evidence::Strength;
use super::{Matching, folder_of};
use crate::flow::ScopeOf;
use crate::flow::value::Place;
use crate::syntax::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The products of which hosts are named somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Hosts {
    #[default]
    Nothing,
    One(String),
    Several,
}

impl Hosts {
    fn add(&mut self, product: &str) {
        *self = match std::mem::take(self) {
            Hosts::Nothing => Hosts::One(product.to_string()),
            Hosts::One(known) if known == product => Hosts::One(known),
            _ => Hosts::Several,
        };
    }

    fn merge(&mut self, other: &Hosts) {
        match other {
            Hosts::Nothing => {}
            Hosts::One(product) => self.add(product),
            Hosts::Several => *self = Hosts::Several,
        }
    }
}

struct Scope {
    span: Span,
    outer: Option<usize>,
    class: Option<String>,
    hosts: Hosts,
    told: Told,
}

/// What a scope and those around it tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Told {
    /// Nothing: the file has to be asked.
    #[default]
    Nothing,
    Product(String),
    /// It is one of several, or one that nothing else confirms.
    Unknown,
}

/// The functions and classes of a file with the hosts in them.
#[derive(Default)]
pub(super) struct Scopes {
    /// In order of their start, outer ones first.
    scopes: Vec<Scope>,
    /// The whole file.
    hosts: Hosts,
}

impl Scopes {
    fn new<'u>(found: impl Iterator<Item = ScopeOf<'u>>, named: &[(u32, String)]) -> Scopes {
        let mut scopes: Vec<Scope> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut classes: HashMap<Span, usize> = HashMap::new();
        for ScopeOf { span, class, owner } in found {
            while open
                .last()
                .is_some_and(|outer| !scopes[*outer].span.contains(span))
            {
                open.pop();
            }
            let owner = || owner.and_then(|class| classes.get(&class).copied());
            let outer = open.last().copied().or_else(owner);
            open.push(scopes.len());
            if class.is_some() {
                classes.insert(span, scopes.len());
            }
            scopes.push(Scope {
                span,
                outer,
                class: class.map(str::to_string),
                hosts: Hosts::Nothing,
                told: Told::Nothing,
            });
        }
        let mut all = Scopes {
            scopes,
            hosts: Hosts::Nothing,
        };
        for (at, product) in named {
            match all.innermost(Span::new(*at as usize, *at as usize)) {
                Some(scope) => all.scopes[scope].hosts.add(product),
                None => all.hosts.add(product),
            }
        }
        for index in (0..all.scopes.len()).rev() {
            let hosts = all.scopes[index].hosts.clone();
            match all.scopes[index].outer {
                Some(outer) => all.scopes[outer].hosts.merge(&hosts),
                None => all.hosts.merge(&hosts),
            }
        }
        all
    }

    /// Asks each scope, then the one around it; `named` says what the name of a class tells.
    fn tell(&mut self, named: impl Fn(&str) -> Told) {
        for index in 0..self.scopes.len() {
            let scope = &self.scopes[index];
            let told = match &scope.hosts {
                Hosts::One(product) => Told::Product(product.clone()),
                Hosts::Several => Told::Unknown,
                Hosts::Nothing => scope.class.as_deref().map_or(Told::Nothing, &named),
            };
            self.scopes[index].told = match (told, scope.outer) {
                (Told::Nothing, Some(outer)) => self.scopes[outer].told.clone(),
                (told, _) => told,
            };
        }
    }

    fn innermost(&self, place: Span) -> Option<usize> {
        let after = self
            .scopes
            .partition_point(|scope| scope.span.start <= place.start);
        let mut at = after.checked_sub(1);
        while let Some(index) = at {
            let scope = self.scopes.get(index)?;
            if scope.span.contains(place) {
                return Some(index);
            }
            at = scope.outer;
        }
        None
    }
}

/// What the files of a folder name.
#[derive(Default)]
struct Folder {
    /// By how often files name them first.
    counts: HashMap<String, usize>,
    hosts: BTreeSet<String>,
}

impl Folder {
    fn add(&mut self, products: &[String], hosts: &BTreeSet<String>) {
        if let Some(first) = products.first() {
            *self.counts.entry(first.clone()).or_default() += 1;
        }
        self.hosts.extend(hosts.iter().cloned());
    }

    fn names_any(&self) -> bool {
        !self.counts.is_empty() || !self.hosts.is_empty()
    }

    fn product(&self) -> Option<String> {
        let mut hosts = self.hosts.iter();
        match (hosts.next(), hosts.next()) {
            (Some(only), None) => Some(only.clone()),
            (Some(_), Some(_)) => None,
            (None, _) => {
                let most = self
                    .counts
                    .iter()
                    .max_by(|left, right| left.1.cmp(right.1).then_with(|| right.0.cmp(left.0)));
                most.map(|(product, _)| product.clone())
            }
        }
    }
}

/// What the folders and the whole project name.
#[derive(Default)]
pub(super) struct Folders {
    folders: BTreeMap<String, Folder>,
    project: Folder,
}

impl Folders {
    pub(super) fn add(&mut self, path: &str, products: &[String], hosts: &BTreeSet<String>) {
        let folder = self.folders.entry(folder_of(path).to_string()).or_default();
        folder.add(products, hosts);
        self.project.add(products, hosts);
    }

    /// The nearest folder around a file that names any product tells it, else the project.
    fn product(&self, path: &str) -> Option<String> {
        let mut folder = folder_of(path);
        loop {
            if let Some(known) = self.folders.get(folder)
                && known.names_any()
            {
                return known.product();
            }
            folder = match folder.rsplit_once('/') {
                Some((outer, _)) => outer,
                None if folder.is_empty() => return self.project.product(),
                None => "",
            };
        }
    }
}

impl Matching<'_, '_> {
    /// The product that the surroundings of a place tell.
    pub(super) fn product_at(&self, place: Place) -> Option<String> {
        let scopes = self.scopes(place.file);
        let scope = scopes.innermost(place.span);
        match scope.map(|scope| &scopes.scopes[scope].told) {
            Some(Told::Product(product)) => return Some(product.clone()),
            Some(Told::Unknown) => return None,
            Some(Told::Nothing) | None => {}
        }
        match &scopes.hosts {
            Hosts::One(product) => return Some(product.clone()),
            Hosts::Several => return None,
            Hosts::Nothing => {}
        }
        if let Some(product) = self.file(place.file).products.first() {
            return Some(product.clone());
        }
        let path = self.path(place.file);
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.split('.').next().unwrap_or(name);
        match self.knowledge.product_of_identifier(stem) {
            Some(named) => self.is_talked_to(named).then(|| named.to_string()),
            None => self.folders.product(path),
        }
    }

    /// Whether a host of the product stands anywhere in the project. A plain word that names a product may mean
    /// something else where none does.
    fn is_talked_to(&self, product: &str) -> bool {
        self.folders.project.hosts.contains(product)
    }

    fn scopes(&self, file: u32) -> &Scopes {
        self.scopes[file as usize].get_or_init(|| {
            let unit = &self.units[file as usize];
            let start = if unit.is_embedded {
                unit.tree.span(unit.tree.root).start
            } else {
                0
            };
            let comments = &unit.tree.comments;
            let mut named: Vec<(u32, String)> = self
                .knowledge
                .products_in(unit.own_text())
                .into_iter()
                .map(|(at, product)| (start + at as u32, product.to_string()))
                .filter(|(at, _)| {
                    let after = comments.partition_point(|comment| comment.span.start <= *at);
                    let before = after.checked_sub(1).and_then(|before| comments.get(before));
                    before.is_none_or(|comment| comment.span.end <= *at)
                })
                .collect();
            let requests = self.requests_of_file.get(&file).into_iter().flatten();
            for request in requests.filter_map(|index| self.facts.requests.get(*index)) {
                let evidence = self.knowledge.assess(request);
                if evidence.strength == Strength::Host
                    && let (Some(product), Some(place)) = (evidence.product, request.place)
                {
                    named.push((place.span.start, product));
                }
            }
            let mut scopes = Scopes::new(unit.scopes().into_iter(), &named);
            // A folder that names the product says more than a word in the name of a class.
            let is_named = self.knowledge.product_of_path(&unit.path).is_some();
            scopes.tell(|class| match self.knowledge.product_of_identifier(class) {
                _ if is_named => Told::Nothing,
                Some(product) if self.is_talked_to(product) => Told::Product(product.to_string()),
                Some(_) => Told::Unknown,
                None => Told::Nothing,
            });
            scopes
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_tells_the_one_product_that_it_names() {
        let spans = [
            (0, 50, Some("One"), None),
            (10, 20, None, None),
            (60, 90, Some("Other"), None),
            // A method of the first that stands elsewhere.
            (100, 110, None, Some(Span::new(0, 50))),
        ];
        let spans = spans.map(|(start, end, class, owner)| ScopeOf {
            span: Span::new(start, end),
            class,
            owner,
        });
        let named = [(5, "desk".to_string()), (70, "books".to_string())];
        let mut scopes = Scopes::new(spans.into_iter(), &named);
        scopes.tell(|_| Told::Nothing);
        let told = |at: usize| {
            let scope = scopes.innermost(Span::new(at, at)).unwrap();
            scopes.scopes[scope].told.clone()
        };
        assert_eq!(told(15), Told::Product("desk".to_string()));
        assert_eq!(told(105), Told::Product("desk".to_string()));
        let hosts = |at: usize| {
            scopes
                .innermost(Span::new(at, at))
                .map(|scope| scopes.scopes[scope].hosts.clone())
        };
        assert_eq!(hosts(30), Some(Hosts::One("desk".to_string())));
        assert_eq!(hosts(15), Some(Hosts::Nothing));
        assert_eq!(hosts(80), Some(Hosts::One("books".to_string())));
        assert_eq!(hosts(55), None);
        assert_eq!(scopes.hosts, Hosts::Several);
    }
}
