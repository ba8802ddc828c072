//! `authshift check`: the gate.

use super::arguments::{GateArguments, KnownArguments, ReportArguments, ScanArguments};
use super::baseline;
use super::settings::{Asked, Settings};
use super::{Common, Environment, Exit, Failure, Streams, exit, scanning};
use crate::finding::Report;
use crate::finding::excerpt::one_line;
use crate::output::{self, Context, Format, RuleText};
use crate::pipeline::{Engine, Error};
use crate::rules::model::{Level, Rules};
use crate::scan::{self, revision::Revision};
use clap::Args;
use std::path::Path;

/// Find authtokens in files and folders
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift check\n  authshift check --fail-on error src .env\n  authshift check --format github --output sarif=authshift.sarif\n  authshift check --baseline authshift-baseline.txt\n  authshift check --since origin/main\n  authshift check --select authtoken-literal --show-notes\n  cat Tickets.java | authshift check - --stdin-filename Tickets.java\n  xclip -o | authshift check --language deluge -"
)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub scan: ScanArguments,
    #[command(flatten)]
    pub report: ReportArguments,
    #[command(flatten)]
    pub known: KnownArguments,
    #[command(flatten)]
    pub gate: GateArguments,
}

pub(super) fn run(
    arguments: &CheckArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let asked = Asked {
        scan: &arguments.scan,
        report: &arguments.report,
        gate: &arguments.gate,
    };
    let (rules, mut settings) = scanning::prepare(&asked, common, environment, engine)?;
    let baseline = baseline::of_check(&arguments.known, &mut settings, common, environment)?;
    let mut outcome = scanning::watched(&settings, environment, streams, |progress| {
        engine.check(&settings, &rules, progress)
    })?;
    let context = Context {
        repository: outcome.repository.take(),
        survey: outcome.survey.take(),
        ..context(&settings, &rules, environment)
    };
    if arguments.known.prune
        && let Some(file) = &baseline
    {
        baseline::prune(file, &mut outcome.report, &settings)?;
    }
    let report = &outcome.report;
    // Files first: whoever reads standard output may stop reading.
    for (format, path) in &settings.outputs {
        write_file(*format, path, report, &context)?;
    }
    if settings.strict && report.coverage.files_read == 0 {
        let _ = writeln!(
            streams.err,
            "error: nothing was read: there is no file to scan"
        );
    }
    output::write(settings.format, report, &context, streams.out)?;
    streams.out.flush()?;

    if settings.format != Format::Text {
        for diagnostic in &report.diagnostics {
            if diagnostic.level == Level::Error {
                let place = diagnostic
                    .path
                    .as_deref()
                    .map_or(String::new(), |path| format!("{}: ", one_line(path)));
                let message = one_line(&diagnostic.message);
                let _ = writeln!(streams.err, "error: {place}{message}");
            }
        }
    }
    if settings.stats {
        for (name, value) in &outcome.statistics {
            let _ = writeln!(streams.err, "{name}: {value}");
        }
    }
    Ok(exit::of(report, &settings))
}

fn context(settings: &Settings, rules: &Rules, environment: &Environment) -> Context {
    let needs_revision = settings
        .outputs
        .iter()
        .map(|(format, _)| *format)
        .chain([settings.format])
        .any(Format::names_the_revision);
    let root = scan::report_root(&settings.roots);
    Context {
        rules: rules.detections.iter().map(RuleText::of).collect(),
        revision: if needs_revision && settings.stdin.is_none() {
            scan::repository_root(&root)
                .map_or_else(Revision::default, |root| scan::revision::of(&root))
        } else {
            Revision::default()
        },
        working_prefix: working_prefix(&root, &environment.working_folder),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        today: settings.today.to_string(),
        products: rules
            .products
            .iter()
            .map(|product| (product.id.clone(), product.name.clone()))
            .collect(),
        roots: settings
            .roots
            .iter()
            .map(|root| root.display().to_string())
            .collect(),
        repository: None,
        survey: None,
        show_notes: settings.show_notes,
        quiet: settings.quiet,
        verbose: settings.verbose,
        color: settings.color,
        unicode: settings.unicode,
        width: settings.width,
    }
}

/// What stands before paths of the report to make them relative to the working folder, as editors need them.
fn working_prefix(root: &Path, working_folder: &Path) -> String {
    let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let (root, folder) = (resolved(root), resolved(working_folder));
    let prefix = match root.strip_prefix(&folder) {
        Ok(inside) => inside.to_string_lossy().replace('\\', "/"),
        Err(_) => match folder.strip_prefix(&root) {
            Ok(below) => vec![".."; below.components().count()].join("/"),
            Err(_) => root.to_string_lossy().into_owned(),
        },
    };
    if prefix.is_empty() {
        prefix
    } else {
        format!("{prefix}/")
    }
}

/// Nobody's terminal is behind a file: it is written without colour and in full.
fn write_file(
    format: Format,
    path: &Path,
    report: &Report,
    context: &Context,
) -> Result<(), Error> {
    let context = Context {
        color: false,
        unicode: true,
        quiet: false,
        ..context.clone()
    };
    let mut bytes = Vec::new();
    output::write(format, report, &context, &mut bytes)
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| {
            Error::new(format!("cannot write {}: {error}", path.display()))
                .advise("check that the folder exists and may be written to")
        })
}
