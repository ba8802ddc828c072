//! `authshift scopes`: the OAuth scopes that the code needs.

use super::arguments::{GateArguments, ReportArguments, ScanArguments};
use super::progress::Line;
use super::settings::{Asked, FailOn, Settings};
use super::{Common, Environment, Exit, Failure, Streams};
use crate::output::{Format, scopes};
use crate::pipeline::Engine;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::time::Instant;

/// Print the OAuth scopes that the code needs, ready to paste
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift scopes\n  authshift scopes src --product desk\n  authshift scopes --format json > scopes.json"
)]
pub(super) struct ScopesArguments {
    #[command(flatten)]
    scan: ScanArguments,
    /// Format of the answer
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Report"
    )]
    format: ScopesFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScopesFormat {
    Text,
    Json,
}

pub(super) fn run(
    arguments: &ScopesArguments,
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
    let gate = GateArguments {
        fail_on: Some(FailOn::Never),
        exit_zero: true,
        ..GateArguments::default()
    };
    let settings = Settings::resolve(
        &Asked {
            scan: &arguments.scan,
            report: &report,
            gate: &gate,
        },
        common,
        environment,
        &rules,
    )?;
    let clients = {
        let watched = environment.stderr_is_terminal && !settings.quiet;
        let err: Option<&mut dyn Write> = if watched {
            Some(&mut *streams.err)
        } else {
            None
        };
        engine.scopes(&settings, &rules, &mut Line::new(err, Instant::now))?
    };
    match arguments.format {
        ScopesFormat::Text => scopes::write_text(&clients, &rules, settings.verbose, streams.out)?,
        ScopesFormat::Json => scopes::write_json(&clients, streams.out)?,
    }
    Ok(Exit::Clean)
}
