//! A scheme that is kept under a name which nothing uses is sent nowhere: left over from a change, or only
//! compared with.
//!
//! Owns the question whether a name is used. It must not know how a language declares one.

use super::candidate::Candidate;
use super::{Matching, code_of};
use crate::flow::value::Place;
use crate::rules::model::{Level, Matcher};
use std::collections::{HashMap, HashSet};

impl<'r> Matching<'_, 'r> {
    /// Makes notes of schemes under unused names.
    pub(super) fn unused_schemes(&self, found: &mut [Candidate<'r>]) {
        let is_lonely_scheme = |candidate: &Candidate<'r>| {
            candidate.looseness == 2
                && candidate
                    .rule
                    .matchers
                    .iter()
                    .any(|matcher| matches!(matcher, Matcher::Header { .. }))
        };
        let lonely = found.iter().filter(|candidate| is_lonely_scheme(candidate));
        let places: HashSet<Place> = lonely
            .flat_map(|candidate| candidate.flow.iter().map(|step| step.0))
            .collect();
        if places.is_empty() {
            return;
        }
        let names: HashMap<Place, &str> = self
            .facts
            .credentials
            .iter()
            .filter(|credential| places.contains(&credential.place))
            .filter(|credential| {
                let place = credential.place;
                !self.units[place.file as usize].may_be_used_elsewhere(place.span)
            })
            .filter_map(|credential| Some((credential.place, credential.name.as_deref()?)))
            .collect();
        let unused = self.unused(names.values().copied());
        for candidate in found
            .iter_mut()
            .filter(|candidate| is_lonely_scheme(candidate))
        {
            let mut steps = candidate.flow.iter().map(|step| step.0);
            if steps.any(|place| names.get(&place).is_some_and(|name| unused.contains(*name))) {
                candidate.level = Level::Note;
            }
        }
    }

    /// Those of the names that stand nowhere but where they are declared or compared with.
    fn unused<'n>(&self, names: impl Iterator<Item = &'n str>) -> HashSet<&'n str> {
        let names: HashSet<&str> = names.collect();
        if names.is_empty() {
            return names;
        }
        let mut all: HashMap<&str, usize> = names.iter().map(|name| (*name, 0)).collect();
        let mut idle: HashMap<String, usize> =
            names.iter().map(|name| (name.to_string(), 0)).collect();
        for unit in self.units {
            let code = code_of(unit);
            let is_part = |character: char| character.is_alphanumeric() || "_$".contains(character);
            for word in code.split(|character: char| !is_part(character)) {
                if let Some(count) = all.get_mut(word) {
                    *count += 1;
                }
            }
            unit.count_idle(&mut idle);
        }
        names
            .into_iter()
            .filter(|name| all.get(name).copied() <= idle.get(*name).copied())
            .collect()
    }
}
