//! `authshift schema`: the JSON Schemas of the JSON report and of the configuration.

use super::{Exit, Failure, config};
use crate::output::json::schema::schema;
use crate::pipeline::Engine;
use clap::{Args, ValueEnum};
use std::io::Write;

/// Print the JSON Schema of `check --format json`, or of authshift.toml
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift schema > authshift-report.schema.json\n  authshift schema config > authshift.schema.json"
)]
pub(super) struct SchemaArguments {
    /// What is described
    #[arg(value_name = "WHAT", default_value = "report")]
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The JSON report
    Report,
    /// The configuration, authshift.toml
    Config,
}

pub(super) fn run(
    arguments: &SchemaArguments,
    engine: &dyn Engine,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let schema = match arguments.what {
        What::Report => schema(),
        What::Config => config::schema::schema(&engine.rules(None)?),
    };
    writeln!(out, "{schema:#}")?;
    Ok(Exit::Clean)
}
