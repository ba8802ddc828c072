//! Rounds: what the first files point at is read in a second round, and once more in a third.
//!
//! Owns the choice of files to parse. What names are searched for is [`needles`]. It must not know output.

use super::load::Files;
use super::needles;
use crate::facts::Facts;
use crate::flow::{Idioms, Loader, NoLoader, Unit, evaluate};
use crate::rules::matching::{Candidate, Knowledge, Matching, RuleInterest};
use crate::rules::model::Rules;
use crate::scan::{self, Scan};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

/// Rounds after the first.
const FURTHER_ROUNDS: usize = 2;

/// The files of the scan for whoever follows an import.
struct Imports<'a> {
    scan: &'a Scan,
    files: &'a mut Files,
}

impl Loader for Imports<'_> {
    fn load(&mut self, path: &str) -> Option<Vec<Unit>> {
        match self.scan.file(path) {
            Some(candidate) => self.files.load(self.scan, &candidate),
            None => {
                let bytes = self.files.overlay.get(path)?.clone();
                self.files.take(path, &bytes, None, None)
            }
        }
    }
    fn exists(&self, path: &str) -> bool {
        self.scan.contains(path) || self.files.overlay.contains_key(path)
    }
}

/// What the rounds bring.
pub struct Rounds<'r> {
    pub facts: Facts,
    pub candidates: Vec<Candidate<'r>>,
    pub units: Vec<Rc<Unit>>,
    pub widened: HashSet<u32>,
    /// Names whose files were too many to read.
    pub left: Vec<String>,
}

/// Evaluates and matches, and does so again with the files that the result points at.
pub fn run<'r>(
    scan: &Scan,
    files: &mut Files,
    first: Vec<scan::Candidate>,
    knowledge: &Knowledge<'r>,
    idioms: &Idioms,
    rules: &Rules,
) -> Rounds<'r> {
    let interest = RuleInterest::new(rules);
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut searched: HashSet<String> = HashSet::new();
    let mut left = Vec::new();
    let mut chosen = first;
    wanted.extend(chosen.iter().map(|candidate| candidate.relative.clone()));
    let mut round = 0;
    loop {
        let units = files.load_all(scan, &chosen, scan.threads());
        let mut loader = Imports { scan, files };
        let evaluation = evaluate(units, &mut loader, idioms, &interest);
        let matching = Matching::new(knowledge, &evaluation.facts, &evaluation.units);
        let candidates = matching.run();
        if round < FURTHER_ROUNDS {
            let with_findings: HashSet<u32> = candidates
                .iter()
                .filter(|one| !one.carried.is_empty())
                .map(|one| one.place.file)
                .collect();
            let files_seen = scan.coverage.files_seen;
            let needles = needles::of(
                &evaluation,
                &matching,
                &with_findings,
                &searched,
                files_seen,
            );
            searched.extend(needles.iter().map(|needle| needle.name.clone()));
            let found = needles::search(scan, &needles, &wanted, &mut left);
            if !found.is_empty() {
                wanted.extend(found.iter().map(|candidate| candidate.relative.clone()));
                chosen.extend(found);
                chosen.sort_by(|a, b| a.relative.cmp(&b.relative));
                files.keep(evaluation.units);
                round += 1;
                continue;
            }
        }
        files.kept.clear();
        return Rounds {
            candidates,
            facts: evaluation.facts,
            units: evaluation.units,
            widened: evaluation.widened,
            left,
        };
    }
}

/// Evaluates and matches these units alone.
pub fn single<'r>(
    units: Vec<Unit>,
    knowledge: &Knowledge<'r>,
    idioms: &Idioms,
    rules: &Rules,
) -> Rounds<'r> {
    let interest = RuleInterest::new(rules);
    let evaluation = evaluate(units, &mut NoLoader, idioms, &interest);
    let candidates = Matching::new(knowledge, &evaluation.facts, &evaluation.units).run();
    Rounds {
        candidates,
        facts: evaluation.facts,
        units: evaluation.units,
        widened: evaluation.widened,
        left: Vec::new(),
    }
}
