//! `authshift schema`: the JSON Schemas of the JSON that the program writes, and of the configuration.

use super::{Exit, Failure, config};
use crate::output::{json, report};
use crate::pipeline::Engine;
use clap::{Args, ValueEnum};
use std::io::Write;

/// Print the JSON Schema of `check --format json`, `report --format json`, or authshift.toml
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift schema > authshift-check.schema.json\n  authshift schema report > authshift-report.schema.json\n  authshift schema config > authshift.schema.json"
)]
pub(super) struct SchemaArguments {
    /// What is described
    #[arg(value_name = "WHAT", default_value = "check")]
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The findings: `check --format json`
    Check,
    /// The migration report: `report --format json`
    Report,
    /// The configuration: authshift.toml
    Config,
}

pub(super) fn run(
    arguments: &SchemaArguments,
    engine: &dyn Engine,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let schema = match arguments.what {
        What::Check => json::schema::schema(),
        What::Report => report::json::schema(),
        What::Config => config::schema::schema(&engine.rules(None)?),
    };
    writeln!(out, "{schema:#}")?;
    Ok(Exit::Clean)
}
