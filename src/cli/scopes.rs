//! `authshift scopes`: the OAuth scopes that the code needs.

use super::arguments::ScanArguments;
use super::{Common, Environment, Exit, Failure, Streams, scanning};
use crate::output::scopes;
use crate::pipeline::Engine;
use clap::{Args, ValueEnum};

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
    let (rules, settings) = scanning::prepare_plain(&arguments.scan, common, environment, engine)?;
    let clients = scanning::watched(&settings, environment, streams, |progress| {
        engine.scopes(&settings, &rules, progress)
    })?;
    match arguments.format {
        ScopesFormat::Text => scopes::write_text(&clients, &rules, settings.verbose, streams.out)?,
        ScopesFormat::Json => scopes::write_json(&clients, streams.out)?,
    }
    Ok(Exit::Clean)
}
