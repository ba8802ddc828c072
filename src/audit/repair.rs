//! Repairing: which fixes go together, and whether the program is the same afterwards.
//!
//! Owns the laws that every change has to keep: it still parses; the findings that it is about are gone and
//! none is new; every request is made as before but for its authentication; all edits of a fix are made or
//! none. A fix that breaks one is taken back. It must not know how bytes get to disk.

use super::fixes::{NO_ENCODING, ScanSources, takes};
use super::load::Files;
use super::rounds::{self, Rounds};
use crate::finding::{Confidence, Safety};
use crate::fix::edits::EditSet;
use crate::fix::{Choices, Cleanup, Plan, Planner, Sources, verify};
use crate::flow::Idioms;
use crate::flow::value::Place;
use crate::rules::helpers::Helper;
use crate::rules::matching::{Candidate, Knowledge, parameter_names, scheme_names};
use crate::rules::model::{Level, Rules};
use crate::scan::{self, Scan};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is to be repaired.
pub(super) struct Wanted<'w> {
    pub choices: Choices,
    /// Also what a person has to review.
    pub with_unsafe: bool,
    /// Files that cannot be written, each with the reason: no fix may touch one.
    pub unwritable: &'w BTreeMap<String, String>,
    /// Whether a candidate is asked for (rule, product).
    pub selects: &'w dyn Fn(usize, &Candidate<'_>) -> bool,
}

/// A file as it is and as it will be.
#[derive(Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Relative to the report root, with `/`.
    pub path: String,
    /// `None` where the file is new.
    pub before: Option<Vec<u8>>,
    pub after: Vec<u8>,
}

// The old bytes hold secrets.
impl fmt::Debug for FileChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FileChange")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// What became of the fix of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is no fix.
    Nothing,
    Applied,
    /// Not asked for: it needs a review, or its rule or product is not selected.
    Left,
    /// Shown only, with the reason.
    Shown(String),
    /// Tried and taken back, with the reason.
    TakenBack(String),
}

/// The result: changes that keep the laws, and the fate of the fix of every candidate.
pub(super) struct Repair {
    pub changes: Vec<FileChange>,
    pub fates: Vec<Fate>,
    /// The fixes that each one waits for, by index.
    pub after: Vec<Vec<usize>>,
}

/// The ground on which fixes are tried.
pub(super) struct Trial<'a, 'r> {
    pub scan: &'a Scan,
    pub chosen: &'a [scan::Candidate],
    pub knowledge: &'a Knowledge<'r>,
    pub idioms: &'a Idioms,
    pub rules: &'r Rules,
}

/// How many findings each file has of each rule; those of known requests apart from texts that only look like one.
type Found = BTreeMap<(String, String, bool), usize>;

/// What holds before any change.
struct Before {
    sent: verify::Sent,
    /// What is shown only on request is no reason to refuse a fix, but it has to go if the fix is about it.
    findings: Found,
    all_findings: Found,
    partly_read: BTreeSet<String>,
    /// Path and rule of every candidate.
    about: Vec<(String, String, bool)>,
    /// The files that the way of every candidate leads through.
    ways: Vec<BTreeSet<String>>,
}

/// Everything that is put into the program at one time.
#[derive(Clone, Default)]
struct Together {
    members: Vec<usize>,
    edits: EditSet,
    creates: BTreeMap<String, String>,
    /// How many findings of each rule in each file they are about.
    about: Found,
    /// The requests that they let go.
    drops: BTreeSet<Place>,
    /// Files in which texts may be left over that what they are about explained.
    ways: BTreeSet<String>,
}

impl<'r> Trial<'_, 'r> {
    /// Evaluates and matches everything, with what the overlay of the files says.
    pub fn rounds(&self, files: &mut Files) -> Rounds<'r> {
        rounds::run(
            self.scan,
            files,
            self.chosen.to_vec(),
            self.knowledge,
            self.idioms,
            self.rules,
        )
    }

    pub fn repair(&self, rounds: &Rounds<'_>, files: &Files, wanted: &Wanted<'_>) -> Repair {
        let nothing = BTreeMap::new();
        let sources = ScanSources {
            scan: self.scan,
            overlay: &nothing,
        };
        let planner = Planner::new(
            &rounds.units,
            &rounds.facts,
            self.knowledge,
            &sources,
            &wanted.choices,
            &rounds.candidates,
        );
        let (plans, cleanups) = planner.plan_with_cleanups(&rounds.candidates);
        let mut fates: Vec<Fate> = plans
            .iter()
            .zip(&rounds.candidates)
            .enumerate()
            .map(|(index, (plan, candidate))| match plan {
                None => Fate::Nothing,
                Some(plan) if plan.safety == Safety::Display => {
                    Fate::Shown(plan.reason.clone().unwrap_or_default())
                }
                Some(plan) if plan.safety == Safety::Unsafe && !wanted.with_unsafe => Fate::Left,
                Some(_) if !(wanted.selects)(index, candidate) => Fate::Left,
                Some(plan) => match unwritable(plan, &sources, wanted.unwritable) {
                    Some(reason) => Fate::TakenBack(reason),
                    None => Fate::Applied,
                },
            })
            .collect();
        let asked: Vec<usize> = (0..fates.len())
            .filter(|index| fates.get(*index) == Some(&Fate::Applied))
            .collect();
        let before = self.before(rounds, files);
        // First those that stand by themselves, then what they leave behind.
        let (firsts, leftovers): (Vec<usize>, Vec<usize>) = asked.into_iter().partition(|index| {
            plans[*index]
                .as_ref()
                .is_none_or(|plan| plan.after.is_empty())
        });
        let mut kept = Together::default();
        self.keep(&plans, &firsts, &before, &sources, &mut kept, &mut fates);
        // What is left behind may leave something behind as well.
        let mut waiting = leftovers;
        while !waiting.is_empty() {
            let (due, later): (Vec<usize>, Vec<usize>) = waiting.into_iter().partition(|index| {
                plans[*index]
                    .as_ref()
                    .is_none_or(|plan| plan.after.iter().all(|first| kept.members.contains(first)))
            });
            waiting = later;
            if due.is_empty() {
                break;
            }
            self.keep(&plans, &due, &before, &sources, &mut kept, &mut fates);
        }
        for index in waiting {
            let lets_go = plans[index]
                .as_ref()
                .is_some_and(|plan| !plan.drops.is_empty());
            if let Some(fate) = fates.get_mut(index) {
                *fate = match lets_go {
                    true => Fate::TakenBack(
                        "a request that sends its token is not repaired".to_string(),
                    ),
                    false => Fate::Left,
                };
            }
        }
        self.clean_up(&cleanups, &before, &sources, &mut kept);
        let changes = self.changes(&kept, &sources).unwrap_or_default();
        let after = plans
            .into_iter()
            .map(|plan| plan.map(|plan| plan.after).unwrap_or_default())
            .collect();
        Repair {
            changes,
            fates,
            after,
        }
    }

    /// Adds as many of these fixes as keep the laws: all at once, and in halves where that fails.
    fn keep(
        &self,
        plans: &[Option<Plan>],
        indices: &[usize],
        before: &Before,
        sources: &ScanSources<'_>,
        kept: &mut Together,
        fates: &mut [Fate],
    ) {
        if indices.is_empty() {
            return;
        }
        let mut tried = kept.clone();
        let mut refused = Vec::new();
        for index in indices {
            let Some(plan) = plans.get(*index).and_then(Option::as_ref) else {
                continue;
            };
            match tried.add(*index, plan, sources) {
                Ok(()) => {
                    if let Some(about) = before.about.get(*index) {
                        *tried.about.entry(about.clone()).or_default() += 1;
                    }
                    if let Some(way) = before.ways.get(*index) {
                        tried.ways.extend(way.iter().cloned());
                    }
                }
                Err(reason) => refused.push((*index, reason)),
            }
        }
        let outcome = self.check(&tried, before, sources);
        match outcome {
            Ok(()) => {
                *kept = tried;
                for (index, reason) in refused {
                    if let Some(fate) = fates.get_mut(index) {
                        *fate = Fate::TakenBack(reason);
                    }
                }
            }
            Err(broken) => {
                if let [only] = indices {
                    if let Some(fate) = fates.get_mut(*only) {
                        *fate = Fate::TakenBack(broken.reason);
                    }
                    return;
                }
                // The rest goes in at once where it is known in which file a law is broken.
                let (left, right): (Vec<usize>, Vec<usize>) = indices.iter().partition(|index| {
                    let plan = plans.get(**index).and_then(Option::as_ref);
                    !touches(plan, before.about.get(**index), broken.path.as_deref())
                });
                let (left, right) = if left.is_empty() || right.is_empty() {
                    let (left, right) = indices.split_at(indices.len() / 2);
                    (left.to_vec(), right.to_vec())
                } else {
                    (left, right)
                };
                self.keep(plans, &left, before, sources, kept, fates);
                self.keep(plans, &right, before, sources, kept, fates);
            }
        }
    }

    /// Takes out what all the fixes together leave unused, if that keeps the laws too.
    fn clean_up(
        &self,
        cleanups: &[Cleanup],
        before: &Before,
        sources: &ScanSources<'_>,
        kept: &mut Together,
    ) {
        let mut tried = kept.clone();
        let mut is_more = false;
        for cleanup in cleanups {
            let is_due = cleanup
                .after
                .iter()
                .all(|first| kept.members.contains(first));
            is_more |= is_due && tried.edits.add(&cleanup.edits);
        }
        if is_more && self.check(&tried, before, sources).is_ok() {
            *kept = tried;
        }
    }

    fn before(&self, rounds: &Rounds<'_>, files: &Files) -> Before {
        Before {
            sent: self.sent(rounds),
            findings: findings(rounds, Level::Warning, Confidence::Medium),
            all_findings: findings(rounds, Level::Note, Confidence::Low),
            about: rounds
                .candidates
                .iter()
                .map(|candidate| {
                    let unit = rounds.units.get(candidate.place.file as usize);
                    let path = unit.map_or_else(String::new, |unit| unit.path.clone());
                    (path, candidate.rule.id.clone(), candidate.looseness == 0)
                })
                .collect(),
            ways: rounds
                .candidates
                .iter()
                .map(|candidate| {
                    let places = candidate.flow.iter().map(|step| step.0);
                    places
                        .chain([candidate.place])
                        .filter_map(|place| rounds.units.get(place.file as usize))
                        .map(|unit| unit.path.clone())
                        .collect()
                })
                .collect(),
            partly_read: files
                .partly_read
                .iter()
                .map(|(path, _)| path.clone())
                .collect(),
        }
    }

    fn sent(&self, rounds: &Rounds<'_>) -> verify::Sent {
        let parameters = parameter_names(self.rules);
        let schemes = scheme_names(self.rules);
        let knowledge = Knowledge::new(self.rules);
        verify::sent(
            &rounds.facts,
            &rounds.units,
            &knowledge,
            &parameters,
            &schemes,
        )
    }

    /// The laws; an error says which one is broken, and where.
    fn check(
        &self,
        tried: &Together,
        before: &Before,
        sources: &ScanSources<'_>,
    ) -> Result<(), Broken> {
        let changes = self.changes(tried, sources)?;
        let mut files = Files::default();
        for change in changes {
            files.overlay.insert(change.path, change.after);
        }
        let rounds = self.rounds(&mut files);
        if let Some((path, _)) = files
            .partly_read
            .iter()
            .find(|(path, _)| !before.partly_read.contains(path))
        {
            return Err(Broken::at(
                path,
                format!("{path} could not be parsed afterwards"),
            ));
        }
        let sent = self.sent(&rounds);
        if let Some(path) = before.sent.changed(&sent, &tried.drops) {
            return Err(Broken::at(
                path,
                format!("a request of {path} would no longer be made in the same way"),
            ));
        }
        if let Some((path, address)) = before.sent.told(&sent) {
            return Err(Broken::at(
                &path,
                format!(
                    "the same call sends to {address}, which would get the access token as well: give the header only to requests to Zoho"
                ),
            ));
        }
        let now = findings(&rounds, Level::Warning, Confidence::Medium);
        let all_now = findings(&rounds, Level::Note, Confidence::Low);
        let count = |table: &Found, key: &(String, String, bool)| {
            table.get(key).copied().unwrap_or_default()
        };
        for (key, number) in &now {
            let (path, rule, is_firm) = key;
            // A constant or function that made the header may stay behind, and is then seen for what it is.
            let may_stay = !is_firm && tried.ways.contains(path);
            if !may_stay && *number > count(&before.findings, key) {
                return Err(Broken::at(
                    path,
                    format!("it would leave a new finding ({rule}) in {path}"),
                ));
            }
        }
        for (key, number) in &tried.about {
            let gone =
                |before: &Found, now: &Found| count(before, key).saturating_sub(count(now, key));
            let gone = gone(&before.findings, &now).max(gone(&before.all_findings, &all_now));
            if key.2 && gone < *number {
                return Err(Broken::at(
                    &key.0,
                    "the finding would still be there".to_string(),
                ));
            }
        }
        Ok(())
    }

    /// The files as they will be.
    fn changes(
        &self,
        together: &Together,
        sources: &ScanSources<'_>,
    ) -> Result<Vec<FileChange>, String> {
        let mut changes = Vec::new();
        for path in together.edits.paths() {
            let before = sources
                .bytes(path)
                .ok_or_else(|| format!("{path} can no longer be read"))?;
            let source = scan::decode(&before)
                .map_err(|error| format!("{path} can no longer be read: {error}"))?;
            let mut edits: Vec<_> = together.edits.of(path).iter().collect();
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            let mut after = Vec::with_capacity(before.len());
            let mut at = 0;
            for edit in edits {
                let start = source.disk_offset(edit.span.start as usize);
                let end = source.disk_offset(edit.span.end as usize);
                after.extend_from_slice(before.get(at..start).unwrap_or_default());
                after.extend_from_slice(edit.text.as_bytes());
                at = end.max(at);
            }
            after.extend_from_slice(before.get(at..).unwrap_or_default());
            changes.push(FileChange {
                path: path.to_string(),
                before: Some(before),
                after,
            });
        }
        for (path, text) in &together.creates {
            changes.push(FileChange {
                path: path.clone(),
                before: None,
                after: text.clone().into_bytes(),
            });
        }
        Ok(changes)
    }
}

/// Why a fix cannot be written, if one of its files cannot.
fn unwritable(
    plan: &Plan,
    sources: &ScanSources<'_>,
    files: &BTreeMap<String, String>,
) -> Option<String> {
    let created = plan
        .helper
        .iter()
        .map(|helper| helper.path.as_str())
        .filter(|path| !sources.exists(path));
    plan.edits
        .iter()
        .map(|edit| edit.path.as_str())
        .chain(created)
        .find_map(|path| Some(format!("{path} is not written: {}", files.get(path)?)))
}

const OTHER_DATA_CENTER: &str = "the program signs in at two data centres, and one helper serves one of them: split it, or set ZOHO_ACCOUNTS_URL";

impl Together {
    /// Takes all of a fix, or nothing and says why.
    fn add(&mut self, index: usize, plan: &Plan, sources: &ScanSources<'_>) -> Result<(), String> {
        for edit in &plan.edits {
            let source = sources
                .source(&edit.path)
                .ok_or_else(|| format!("{} cannot be read", edit.path))?;
            if !takes(&source, &edit.text) {
                return Err(NO_ENCODING.to_string());
            }
        }
        if let Some(helper) = &plan.helper {
            if let Some(known) = self.creates.get(&helper.path) {
                if Helper::in_source(known) != Some(helper.helper) {
                    return Err("the program has two HTTP clients that each need a helper of their own, and there is place for one: change what uses the other by hand".to_string());
                }
                // Files that share it may end their lines differently.
                if !known.lines().eq(helper.text.lines()) {
                    return Err(OTHER_DATA_CENTER.to_string());
                }
            } else if let Some(there) = sources.text(&helper.path) {
                let Some(known) = Helper::in_source(&there) else {
                    return Err(format!("{} exists and is something else", helper.path));
                };
                let asked = known.accounts_url_in(&there);
                if helper.accounts.is_known
                    && asked.is_some_and(|asked| asked != helper.accounts.url)
                {
                    return Err(OTHER_DATA_CENTER.to_string());
                }
            }
        }
        if !self.edits.add(&plan.edits) {
            return Err(
                "it touches the same code as another fix: run it again afterwards".to_string(),
            );
        }
        if let Some(helper) = &plan.helper
            && !sources.exists(&helper.path)
        {
            self.creates
                .insert(helper.path.clone(), helper.text.clone());
        }
        self.drops.extend(plan.drops.iter().copied());
        self.members.push(index);
        Ok(())
    }
}

/// Which law is broken, for people, and the file in which that shows.
struct Broken {
    reason: String,
    path: Option<String>,
}

impl Broken {
    fn at(path: &str, reason: String) -> Broken {
        Broken {
            reason,
            path: Some(path.to_string()),
        }
    }
}

impl From<String> for Broken {
    fn from(reason: String) -> Broken {
        Broken { reason, path: None }
    }
}

/// Whether a fix has to do with a file.
fn touches(
    plan: Option<&Plan>,
    about: Option<&(String, String, bool)>,
    path: Option<&str>,
) -> bool {
    let Some(path) = path else { return false };
    about.is_some_and(|(file, ..)| file == path)
        || plan.is_some_and(|plan| plan.edits.iter().any(|edit| edit.path == path))
}

/// How many there are of those that are certain enough.
fn findings(rounds: &Rounds<'_>, level: Level, least: Confidence) -> Found {
    let mut table = Found::new();
    for candidate in &rounds.candidates {
        if candidate.level < level || candidate.confidence < least {
            continue;
        }
        if let Some(unit) = rounds.units.get(candidate.place.file as usize) {
            *table
                .entry((
                    unit.path.clone(),
                    candidate.rule.id.clone(),
                    candidate.looseness == 0,
                ))
                .or_default() += 1;
        }
    }
    table
}
