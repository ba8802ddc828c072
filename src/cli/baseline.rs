//! `authshift baseline`: writes down what is found now, so that `check` reports only what is new.

use super::arguments::{GateArguments, KnownArguments, ReportArguments, ScanArguments};
use super::progress::Line;
use super::settings::{Asked, Settings};
use super::{Common, Environment, Exit, Failure, Streams};
use crate::audit::Seen;
use crate::finding::Report;
use crate::finding::baseline::Baseline;
use crate::output::Format;
use crate::pipeline::{Engine, Error};
use crate::scan::changed::Against;
use clap::Args;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The file where none is named.
const FILE_NAME: &str = "authshift-baseline.txt";

/// Write down what is found now, so that `check --baseline` reports only what is new
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift baseline                            writes authshift-baseline.txt\n  authshift baseline -o known.txt src\n  authshift check --baseline authshift-baseline.txt\n\nThe file holds fingerprints, rules and paths: no line numbers, no dates, no token. Commit it. With paths, only their part of it is renewed."
)]
pub(super) struct BaselineArguments {
    #[command(flatten)]
    scan: ScanArguments,
    /// File to write, `-` for standard output [default: that of the configuration, or authshift-baseline.txt]
    #[arg(short, long, value_name = "FILE", help_heading = "Report")]
    output: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &BaselineArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let rules = engine.rules(common.rules_dir.as_deref())?;
    let report = ReportArguments {
        format: Format::Text,
        outputs: Vec::new(),
        show_notes: false,
        stats: false,
    };
    let asked = Asked {
        scan: &arguments.scan,
        report: &report,
        gate: &GateArguments::default(),
    };
    let mut settings = Settings::resolve(&asked, common, environment, &rules)?;
    if settings.stdin.is_some() {
        return Err(
            Error::new("a baseline is made of files, not of standard input")
                .advise("name the files, or the folder that they are in")
                .into(),
        );
    }
    settings.gate.keep_all = true;
    let file = arguments
        .output
        .clone()
        .or_else(|| common.settings.baseline.clone())
        .unwrap_or_else(|| PathBuf::from(FILE_NAME));
    let older = if file.exists() {
        Some(read(&file)?)
    } else {
        None
    };
    let outcome = {
        let watched = environment.stderr_is_terminal && !settings.quiet;
        let err: Option<&mut dyn Write> = if watched {
            Some(&mut *streams.err)
        } else {
            None
        };
        engine.check(&settings, &rules, &mut Line::new(err, Instant::now))?
    };
    let report = &outcome.report;
    let ids = rules.detections.iter().map(|rule| rule.id.clone());
    let mut baseline = Baseline::of(&report.gate.all, ids, env!("CARGO_PKG_VERSION"));
    if let Some(older) = &older {
        let seen = Seen::new(&settings, report);
        baseline.keep(older, |path| seen.has(path));
    }
    if file.as_os_str() == "-" {
        streams.out.write_all(baseline.render().as_bytes())?;
        return Ok(Exit::Clean);
    }
    write(&file, &baseline)?;
    if !settings.quiet {
        let count = baseline.len();
        let findings = if count == 1 { "finding" } else { "findings" };
        writeln!(
            streams.out,
            "{}: {count} known {findings}{}",
            file.display(),
            match &older {
                Some(older) => format!(", {} before", older.len()),
                None => String::new(),
            }
        )?;
        if older.is_none() {
            writeln!(
                streams.out,
                "Commit the file, and run: authshift check --baseline {}",
                file.display()
            )?;
        }
    }
    Ok(Exit::Clean)
}

/// Reads what `check` compares with, and what it is asked to leave out; the file of the baseline, if there is one.
pub(super) fn of_check(
    known: &KnownArguments,
    settings: &mut Settings,
    common: &Common,
    environment: &Environment,
) -> Result<Option<PathBuf>, Error> {
    if known.staged {
        let index = environment.variable("GIT_INDEX_FILE");
        settings.gate.against = Some(Against::Index {
            index: index.map(|index| environment.working_folder.join(index)),
        });
    } else if let Some(revision) = &known.since {
        settings.gate.against = Some(Against::Revision(revision.clone()));
    }
    if settings.gate.against.is_some() && settings.stdin.is_some() {
        return Err(Error::new("standard input has no history to compare with")
            .advise("leave --since and --staged out"));
    }
    let file = match &known.baseline {
        Some(file) => Some(file.clone()),
        None if known.no_baseline => None,
        None => common.settings.baseline.clone(),
    };
    match &file {
        Some(file) => settings.gate.baseline = Some(read(file)?),
        None if known.prune => {
            return Err(Error::new("--prune needs a baseline").advise("name one with --baseline"));
        }
        None => {}
    }
    Ok(file)
}

/// Takes out of the file what is fixed.
pub(super) fn prune(file: &Path, report: &mut Report, settings: &Settings) -> Result<(), Error> {
    let (Some(baseline), Some(comparison)) = (&settings.gate.baseline, &mut report.gate.baseline)
    else {
        return Ok(());
    };
    if comparison.fixed.is_empty() {
        return Ok(());
    }
    let mut pruned = baseline.clone();
    pruned.remove(&comparison.fixed);
    comparison.is_pruned = true;
    write(file, &pruned)
}

fn read(file: &Path) -> Result<Baseline, Error> {
    let advice = "`authshift baseline` writes one";
    let text = std::fs::read_to_string(file).map_err(|error| {
        Error::new(format!(
            "cannot read the baseline {}: {error}",
            file.display()
        ))
        .advise(advice)
    })?;
    Baseline::parse(&text).map_err(|mistake| {
        Error::new(format!(
            "{}:{}: {}",
            file.display(),
            mistake.line,
            mistake.what
        ))
        .advise(format!("repair the line, or start anew: {advice}"))
    })
}

/// In one step: a run that is broken off leaves the old file.
fn write(file: &Path, baseline: &Baseline) -> Result<(), Error> {
    let failed = |error: io::Error| {
        Error::new(format!("cannot write {}: {error}", file.display()))
            .advise("check that the folder exists and may be written to")
    };
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    std::fs::write(&new, baseline.render()).map_err(failed)?;
    std::fs::rename(&new, file).map_err(|error| {
        let _ = std::fs::remove_file(&new);
        failed(error)
    })
}
