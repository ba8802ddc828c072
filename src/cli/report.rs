//! `authshift report`: the migration report.

use super::arguments::ScanArguments;
use super::settings::Settings;
use super::{Common, Environment, Exit, Failure, Streams, scanning, suggest};
use crate::output::report::{self, Context, ReportFormat};
use crate::pipeline::{Engine, Error};
use crate::plan::{self, Choices, Plan};
use crate::rules::model::Rules;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Write the migration report: what to change, by when, with which OAuth clients and scopes
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift report -o migration.html\n  authshift report src --format markdown\n  authshift report --app-kind self-client -o migration.md\n  authshift check --format json --exit-zero > shop.json\n  authshift report --from shop.json crm.json -o migration.html   one report of several repositories\n\n`authshift explain oauth` tells what the kinds of applications are, `authshift schema report` prints the JSON Schema."
)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    scan: ScanArguments,
    /// Format of the report [default: as the name of the file says, else markdown]
    #[arg(long, value_name = "FORMAT", help_heading = "Report")]
    format: Option<FormatArgument>,
    /// Write the report to this file
    #[arg(short, long = "output", value_name = "FILE", help_heading = "Report")]
    output: Option<PathBuf>,
    /// What the programs are registered as, whatever the code tells (server, self-client, browser, …)
    #[arg(long, value_name = "KIND", help_heading = "Report")]
    app_kind: Option<String>,
    /// Make the report of saved results (`check --format json`, `report --format json`) instead of scanning
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "paths", help_heading = "Report")]
    from: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArgument {
    Html,
    Markdown,
    Json,
    Csv,
}

impl From<FormatArgument> for ReportFormat {
    fn from(argument: FormatArgument) -> ReportFormat {
        match argument {
            FormatArgument::Html => ReportFormat::Html,
            FormatArgument::Markdown => ReportFormat::Markdown,
            FormatArgument::Json => ReportFormat::Json,
            FormatArgument::Csv => ReportFormat::Csv,
        }
    }
}

pub(super) fn run(
    arguments: &ReportArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let (rules, settings) = scanning::prepare_plain(&arguments.scan, common, environment, engine)?;
    let choices = Choices {
        today: settings.today,
        kind: kind(arguments, &rules)?,
    };
    let plan = if arguments.from.is_empty() {
        scanning::watched(&settings, environment, streams, |progress| {
            engine.plan(&settings, &rules, &choices, progress)
        })?
    } else {
        saved(&arguments.from, &rules, &choices)?
    };
    let format = format(arguments);
    let context = Context {
        verbose: settings.verbose,
    };
    match &arguments.output {
        Some(file) if file.as_os_str() != "-" => write_file(file, format, &plan, context)?,
        _ => report::write(format, &plan, context, streams.out)?,
    }
    said(&plan, arguments, &settings, streams);
    Ok(Exit::Clean)
}

/// The kind that was asked for, if there is one.
fn kind(arguments: &ReportArguments, rules: &Rules) -> Result<Option<String>, Error> {
    let Some(id) = &arguments.app_kind else {
        return Ok(None);
    };
    let known = || rules.kinds.iter().map(|kind| kind.id.as_str());
    if !known().any(|kind| kind == id) {
        return Err(suggest::unknown(
            "kind of application",
            id,
            known(),
            "authshift explain oauth",
        ));
    }
    Ok(Some(id.clone()))
}

fn saved(files: &[PathBuf], rules: &Rules, choices: &Choices) -> Result<Plan, Error> {
    let plans = files
        .iter()
        .map(|file| plan::saved::read(file, rules, choices))
        .collect::<Result<Vec<Plan>, _>>()
        .map_err(|error| {
            Error::new(error.to_string())
                .advise("save results with `authshift check --format json`, or `authshift report --format json`")
        })?;
    plan::merge(plans, rules, choices).ok_or_else(|| Error::new("there is no saved result"))
}

fn format(arguments: &ReportArguments) -> ReportFormat {
    if let Some(format) = arguments.format {
        return format.into();
    }
    let extension = arguments
        .output
        .as_deref()
        .and_then(Path::extension)
        .map(|extension| extension.to_ascii_lowercase());
    match extension
        .as_deref()
        .and_then(|extension| extension.to_str())
    {
        Some("html" | "htm") => ReportFormat::Html,
        Some("json") => ReportFormat::Json,
        Some("csv") => ReportFormat::Csv,
        _ => ReportFormat::Markdown,
    }
}

fn write_file(
    file: &Path,
    format: ReportFormat,
    plan: &Plan,
    context: Context,
) -> Result<(), Error> {
    let mut bytes = Vec::new();
    report::write(format, plan, context, &mut bytes)
        .and_then(|()| std::fs::write(file, bytes))
        .map_err(|error| {
            Error::new(format!("cannot write {}: {error}", file.display()))
                .advise("check that the folder exists and may be written to")
        })
}

/// What people want to know who do not see the report.
fn said(plan: &Plan, arguments: &ReportArguments, settings: &Settings, streams: &mut Streams<'_>) {
    let Some(file) = &arguments.output else {
        return;
    };
    if settings.quiet || file.as_os_str() == "-" {
        return;
    }
    let summary = &plan.summary;
    // Nobody is left to be told if this fails.
    let _ = writeln!(
        streams.err,
        "wrote {}: {} findings in {} files, {} automatic, {} to review, {} to rewrite",
        file.display(),
        summary.findings,
        summary.files,
        summary.effort.automatic,
        summary.effort.review,
        summary.effort.rewrite
    );
}
