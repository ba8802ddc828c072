//! `authshift check`: the gate.

use super::arguments::{GateArguments, ReportArguments, ScanArguments};
use super::settings::{Asked, Settings};
use super::{Common, Environment, Exit, Failure, Streams, exit, scanning};
use crate::finding::Report;
use crate::output::{self, Context, Format};
use crate::pipeline::{Engine, Error};
use crate::rules::model::{Level, Rules};
use clap::Args;
use std::path::Path;

/// Find authtokens in files and folders
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift check\n  authshift check --fail-on error src .env\n  authshift check --output json=authshift.json\n  authshift check --select authtoken-literal --show-notes\n  cat Tickets.java | authshift check - --stdin-filename Tickets.java\n  xclip -o | authshift check --language deluge -"
)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub scan: ScanArguments,
    #[command(flatten)]
    pub report: ReportArguments,
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
    let (rules, settings) = scanning::prepare(&asked, common, environment, engine)?;
    let mut outcome = scanning::watched(&settings, environment, streams, |progress| {
        engine.check(&settings, &rules, progress)
    })?;
    let context = Context {
        repository: outcome.repository.take(),
        survey: outcome.survey.take(),
        ..context(&settings, &rules)
    };
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
                    .map_or(String::new(), |path| format!("{path}: "));
                let _ = writeln!(streams.err, "error: {place}{}", diagnostic.message);
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

fn context(settings: &Settings, rules: &Rules) -> Context {
    Context {
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
