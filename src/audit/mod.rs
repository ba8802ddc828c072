//! The audit: from paths to a finished report, one stage after another.
//!
//! Owns the order of the stages and what of them is said about the run itself. Each stage lives in its own
//! room; nothing here knows a language, a product or a format.

mod choice;
mod comments;
mod credentials;
mod findings;
mod fixes;
mod gate;
pub mod load;
mod needles;
mod patches;
pub mod repair;
mod report;
mod repository;
mod rounds;
mod surveying;
mod symbols;

pub use credentials::{Exposed, Hidden};
pub(crate) use gate::Seen;
pub use repair::{Fate, FileChange};

use crate::cli::settings::Settings;
use crate::finding::{Coverage, Finding, Report, identity, order};
use crate::flow::Idioms;
use crate::output::Format;
use crate::parallel::STACK;
use crate::pipeline::{Error, Outcome, Progress};
use crate::plan;
use crate::rules::matching::Knowledge;
use crate::rules::model::Rules;
use crate::rules::prefilter_literals;
use crate::scan::{self, Prefilter, Scan, decode};
use repair::{Trial, Wanted};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

/// Scans, evaluates, matches, and puts the findings in order.
pub fn check(
    settings: &Settings,
    rules: &Rules,
    progress: &mut dyn Progress,
) -> Result<Outcome, Error> {
    let started = Instant::now();
    if let Some(name) = &settings.stdin {
        return standard_input(settings, rules, name);
    }
    let literals = prefilter_literals(rules);
    let scan = scan_all(settings, &literals)?;
    let scanned = started.elapsed();
    progress.update(scan.coverage.files_read, Some(scan.coverage.files_seen));
    let mut chosen = choice::choose(&scan, &literals, settings.no_prefilter);
    let staged = gate::staged(settings, &scan, &literals, &mut chosen)?;
    let keeps_survey = settings.writes(Format::Json);
    let (report, survey) = match chosen {
        chosen if chosen.is_empty() => {
            let mut report = report::of_nothing(&scan);
            gate::apply_to_nothing(&mut report, settings, rules);
            (report, keeps_survey.then(plan::survey::Survey::default))
        }
        chosen => on_a_large_stack(|| {
            let knowledge = Knowledge::new(rules);
            let idioms = Idioms::new(rules);
            let mut files = load::Files {
                overlay: staged,
                ..load::Files::default()
            };
            let rounds = rounds::run(&scan, &mut files, chosen, &knowledge, &idioms, rules);
            let fixes = fixes::of(&rounds, &files, &scan, &knowledge, &settings.choices);
            let survey =
                keeps_survey.then(|| surveying::survey(&rounds, &files, &scan, &knowledge));
            let (_, report) = report::of(settings, &scan, &files, rounds, &knowledge, fixes)?;
            Ok::<_, Error>((
                report,
                survey.map(|survey| surveying::of_products(survey, settings)),
            ))
        })??,
    };
    let statistics = vec![
        (
            "files in the scan".to_string(),
            scan.coverage.files_seen.to_string(),
        ),
        (
            "bytes read".to_string(),
            scan.coverage.bytes_read.to_string(),
        ),
        (
            "files with a word of interest".to_string(),
            scan.candidates.len().to_string(),
        ),
        (
            "files parsed".to_string(),
            report.coverage.files_parsed.to_string(),
        ),
        (
            "time to scan".to_string(),
            format!("{} ms", scanned.as_millis()),
        ),
        (
            "time in all".to_string(),
            format!("{} ms", started.elapsed().as_millis()),
        ),
    ];
    Ok(Outcome {
        report,
        repository: repository::address_of(scan.report_root()),
        survey,
        statistics,
    })
}

/// The migration plan of the code: findings with the changes that their fixes would make, clients, credentials.
pub fn plan(
    settings: &Settings,
    rules: &Rules,
    choices: &plan::Choices,
    progress: &mut dyn Progress,
) -> Result<plan::Plan, Error> {
    if settings.stdin.is_some() {
        return Err(Error::new("report reads files, not standard input")
            .advise("name the files, or the folder that they are in"));
    }
    let literals = prefilter_literals(rules);
    let scan = scan_all(settings, &literals)?;
    progress.update(scan.coverage.files_read, Some(scan.coverage.files_seen));
    let repository = repository::name_of(scan.report_root());
    let chosen = choice::choose(&scan, &literals, settings.no_prefilter);
    let (report, survey, patches) = match chosen {
        chosen if chosen.is_empty() => (
            report::of_nothing(&scan),
            plan::survey::Survey::default(),
            Vec::new(),
        ),
        chosen => on_a_large_stack(|| {
            let knowledge = Knowledge::new(rules);
            let idioms = Idioms::new(rules);
            let mut files = load::Files::default();
            let rounds = rounds::run(&scan, &mut files, chosen, &knowledge, &idioms, rules);
            let fixes = fixes::of(&rounds, &files, &scan, &knowledge, &settings.choices);
            let survey = surveying::survey(&rounds, &files, &scan, &knowledge);
            let hidden = credentials::hidden(&rounds);
            let (_, report) = report::of(settings, &scan, &files, rounds, &knowledge, fixes)?;
            let patches = patches::of(&report.findings, &files, &scan, &hidden);
            Ok::<_, Error>((report, survey, patches))
        })??,
    };
    let input = surveying::input(repository, report, survey, patches, settings);
    Ok(plan::build(input, rules, choices))
}

/// The OAuth clients of the code, with the scopes that their requests need.
pub fn scopes(
    settings: &Settings,
    rules: &Rules,
    progress: &mut dyn Progress,
) -> Result<Vec<plan::scopes::Client>, Error> {
    if settings.stdin.is_some() {
        return Err(Error::new("scopes reads files, not standard input")
            .advise("name the files, or the folder that they are in"));
    }
    let literals = prefilter_literals(rules);
    let scan = scan_all(settings, &literals)?;
    progress.update(scan.coverage.files_read, Some(scan.coverage.files_seen));
    let chosen = choice::choose(&scan, &literals, settings.no_prefilter);
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    on_a_large_stack(|| {
        let knowledge = Knowledge::new(rules);
        let idioms = Idioms::new(rules);
        let mut files = load::Files::default();
        let rounds = rounds::run(&scan, &mut files, chosen, &knowledge, &idioms, rules);
        let used =
            plan::requests::used(&knowledge, &rounds.facts, &rounds.units, &rounds.candidates);
        plan::scopes::plan(&knowledge, used)
    })
}

/// Audits the text of standard input under a name; nothing else is read.
fn standard_input(settings: &Settings, rules: &Rules, name: &str) -> Result<Outcome, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(settings.max_file_size.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > settings.max_file_size {
        return Err(
            Error::new("standard input is larger than --max-file-size allows")
                .advise("raise the limit, or name the file instead"),
        );
    }
    if let Err(error) = decode(&bytes) {
        return Err(Error::new(format!("cannot read standard input: {error}")));
    }
    let report = on_a_large_stack(|| {
        let knowledge = Knowledge::new(rules);
        let idioms = Idioms::new(rules);
        let mut files = load::Files::default();
        let units = files
            .take(name, &bytes, None, settings.language)
            .unwrap_or_default();
        let rounds = rounds::single(units, &knowledge, &idioms, rules);
        let coverage = Coverage {
            files_seen: 1,
            files_read: 1,
            bytes_read: bytes.len() as u64,
            files_parsed: files.parsed,
            unreadable: report::unread(&files.unreadable),
            partly_read: report::unread(&files.partly_read),
            ..Coverage::default()
        };
        let maker = findings::Maker {
            files: &files,
            units: &rounds.units,
            knowledge: &knowledge,
            today: settings.today,
            repository_prefix: String::new(),
        };
        let found = maker.findings(rounds.candidates, Vec::new());
        let mut report = Report {
            findings: found.into_iter().flatten().collect(),
            coverage,
            ..Report::default()
        };
        identity::assign(&mut report.findings);
        gate::apply(&mut report, settings, rules, &files, &rounds.units)?;
        report::filter(&mut report, settings);
        Ok::<_, Error>(report)
    })??;
    Ok(Outcome {
        report,
        repository: None,
        survey: None,
        statistics: Vec::new(),
    })
}

fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        thread.join().map_err(|_| {
            Error::new("an internal error stopped the audit")
                .advise("please report it, with the file that is being scanned if you may share it")
        })
    })
}

fn scan_all(settings: &Settings, literals: &[String]) -> Result<Scan, Error> {
    let prefilter = Prefilter::new(literals).map_err(|error| Error::new(error.to_string()))?;
    let options = scan::Options {
        roots: settings.roots.clone(),
        max_file_size: settings.max_file_size,
        threads: Some(settings.threads.get()),
        prefilter: !settings.no_prefilter,
        excludes: settings.gate.exclude.clone(),
        force_exclude: settings.gate.force_exclude,
    };
    scan::scan(&options, &prefilter).map_err(scan_error)
}

/// Which fixes are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Also those that a person has to review.
    pub with_unsafe: bool,
    /// Only these, by [`Attempt::index`].
    pub only: Option<BTreeSet<usize>>,
    /// Files that cannot be written, each with the reason; no fix touches one.
    pub unwritable: BTreeMap<String, String>,
}

/// A finding with what became of its fix.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The same in every run over the same files.
    pub index: usize,
    pub finding: Finding,
    pub fate: Fate,
    /// The fixes that have to be made before this one, by [`Attempt::index`].
    pub after: Vec<usize>,
}

/// What `fix` would do.
#[derive(Clone, Debug)]
pub struct Repaired {
    /// Every finding of the tree as it is that has a fix of any kind.
    pub attempts: Vec<Attempt>,
    pub changes: Vec<FileChange>,
    /// What is found once the changes are made.
    pub after: Report,
    /// Tokens and passwords that are written in the files.
    pub exposed: Vec<Exposed>,
    /// Where secrets stand in the files before the changes and after them.
    pub hidden: [Hidden; 2],
    /// What the paths of the changes are relative to.
    pub root: PathBuf,
}

/// Scans, and tries the fixes that are asked for: what would change, and what would still be found.
pub fn repair(
    settings: &Settings,
    rules: &Rules,
    selection: &Selection,
    progress: &mut dyn Progress,
) -> Result<Repaired, Error> {
    let literals = prefilter_literals(rules);
    let scan = scan_all(settings, &literals)?;
    progress.update(scan.coverage.files_read, Some(scan.coverage.files_seen));
    let chosen = choice::choose(&scan, &literals, settings.no_prefilter);
    let root = scan.report_root().to_path_buf();
    if chosen.is_empty() {
        return Ok(Repaired {
            attempts: Vec::new(),
            changes: Vec::new(),
            after: report::of_nothing(&scan),
            exposed: Vec::new(),
            hidden: Default::default(),
            root,
        });
    }
    on_a_large_stack(|| {
        let knowledge = Knowledge::new(rules);
        let idioms = Idioms::new(rules);
        let trial = Trial {
            scan: &scan,
            chosen: &chosen,
            knowledge: &knowledge,
            idioms: &idioms,
            rules,
        };
        let mut files = load::Files::default();
        let rounds = trial.rounds(&mut files);
        let silence = RefCell::new(gate::Silence::of(settings, rules, &files, &rounds.units));
        let wanted = Wanted {
            choices: settings.choices.clone(),
            with_unsafe: selection.with_unsafe,
            unwritable: &selection.unwritable,
            selects: &|index, candidate| {
                report::selects(settings, candidate)
                    && !silence
                        .borrow_mut()
                        .covers(candidate, &files, &rounds.units)
                    && selection
                        .only
                        .as_ref()
                        .is_none_or(|only| only.contains(&index))
            },
        };
        let repair = trial.repair(&rounds, &files, &wanted);
        let mut later = load::Files::default();
        for change in &repair.changes {
            later
                .overlay
                .insert(change.path.clone(), change.after.clone());
        }
        let later_rounds = trial.rounds(&mut later);
        let exposed = credentials::exposed(&knowledge, (&files, &rounds), (&later, &later_rounds));
        let hidden = [
            credentials::hidden(&rounds),
            credentials::hidden(&later_rounds),
        ];
        let fixes = fixes::of(&rounds, &files, &scan, &knowledge, &settings.choices);
        let (found, _) = report::of(settings, &scan, &files, rounds, &knowledge, fixes)?;
        let mut attempts: Vec<Attempt> = found
            .into_iter()
            .zip(repair.fates.into_iter().zip(repair.after))
            .enumerate()
            .filter(|(_, (_, (fate, _)))| *fate != Fate::Nothing)
            .filter_map(|(index, (finding, (fate, after)))| {
                Some(Attempt {
                    index,
                    finding: finding?,
                    fate,
                    after,
                })
            })
            .collect();
        attempts.sort_by(|left, right| order::compare(&left.finding, &right.finding));
        let (_, after) = report::of(
            settings,
            &scan,
            &later,
            later_rounds,
            &knowledge,
            Vec::new(),
        )?;
        Ok(Repaired {
            attempts,
            changes: repair.changes,
            after,
            exposed,
            hidden,
            root,
        })
    })?
}

fn scan_error(error: scan::ScanError) -> Error {
    let advice = match &error {
        scan::ScanError::Missing { .. } => {
            "check the spelling; paths are relative to the working folder"
        }
        scan::ScanError::Unreadable { .. } => "check its permissions",
        scan::ScanError::NotAFile { .. } => "name a file or a folder",
    };
    Error::new(error.to_string()).advise(advice)
}
