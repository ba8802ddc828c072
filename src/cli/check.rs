//! `authshift check`: the gate.

use super::progress::Line;
use super::settings::{FailOn, Settings, parse_date, parse_language, parse_output, parse_size};
use super::{Common, Environment, Exit, Failure, Streams, exit};
use crate::finding::{Confidence, Report};
use crate::output::{self, Context, Format};
use crate::pipeline::{Engine, Error};
use crate::rules::model::{Level, Rules};
use crate::syntax::Language;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Find authtokens in files and folders
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift check\n  authshift check --fail-on error src .env\n  authshift check --output json=authshift.json\n  authshift check --select authtoken-literal --show-notes\n  cat Tickets.java | authshift check - --stdin-filename Tickets.java\n  xclip -o | authshift check --language deluge -"
)]
pub(super) struct CheckArguments {
    /// Files and folders to scan, `-` for standard input [default: the working folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Name under which standard input is judged and shown
    #[arg(long, value_name = "NAME", help_heading = "What is scanned")]
    pub stdin_filename: Option<String>,
    /// Read standard input as this language, not as what its name and content say (deluge, rust, java, …)
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_language, help_heading = "What is scanned")]
    pub language: Option<Language>,
    /// Leave out files that are larger (512k, 2M)
    #[arg(long, value_name = "SIZE", default_value = "2M", value_parser = parse_size, help_heading = "What is scanned")]
    pub max_file_size: u64,
    /// Number of threads [default: one per processor]
    #[arg(long, value_name = "N", help_heading = "What is scanned", value_parser = clap::value_parser!(u16).range(1..=256).map(usize::from))]
    pub threads: Option<usize>,
    #[arg(long, hide = true)]
    pub no_prefilter: bool,

    /// Only these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub select: Vec<String>,
    /// Not these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub ignore: Vec<String>,
    /// Only these products
    #[arg(
        long = "product",
        value_name = "PRODUCT",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub products: Vec<String>,
    /// Leave out findings that are less certain
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "medium",
        help_heading = "Rules"
    )]
    pub confidence: ConfidenceArgument,
    /// Count deadlines from this day [default: today, or SOURCE_DATE_EPOCH]
    #[arg(long, value_name = "DATE", value_parser = parse_date, help_heading = "Rules")]
    pub today: Option<Date>,

    /// Format of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_parser(), help_heading = "Report")]
    pub format: Format,
    /// Write a further report to a file, as FORMAT=FILE; may be repeated
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = parse_output, help_heading = "Report")]
    pub outputs: Vec<(Format, PathBuf)>,
    /// Show notes too: code that only carries a token, documentation
    #[arg(long, help_heading = "Report")]
    pub show_notes: bool,
    /// Print figures of the run to standard error
    #[arg(long, help_heading = "Report")]
    pub stats: bool,

    /// Exit with 1 from this level on
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "warning",
        help_heading = "Exit code"
    )]
    pub fail_on: FailOn,
    /// Exit with 3 if a file was not read, or only in part
    #[arg(long, help_heading = "Exit code")]
    pub strict: bool,
    /// Exit with 0 instead of 1 or 3
    #[arg(long, help_heading = "Exit code")]
    pub exit_zero: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ConfidenceArgument {
    Low,
    Medium,
    High,
}

impl From<ConfidenceArgument> for Confidence {
    fn from(argument: ConfidenceArgument) -> Confidence {
        match argument {
            ConfidenceArgument::Low => Confidence::Low,
            ConfidenceArgument::Medium => Confidence::Medium,
            ConfidenceArgument::High => Confidence::High,
        }
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| Format::from_name(&name).unwrap_or(Format::Text))
}

pub(super) fn run(
    arguments: &CheckArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let rules = engine.rules(common.rules_dir.as_deref())?;
    let settings = Settings::resolve(arguments, common, environment, &rules)?;
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

    let context = context(&settings, &rules);
    // Files first: whoever reads standard output may stop reading.
    for (format, path) in &settings.outputs {
        write_file(*format, path, report, &context)?;
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
