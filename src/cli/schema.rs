//! `authshift schema`: the JSON Schemas of the JSON that the program writes.

use super::{Exit, Failure};
use crate::output::{json, report};
use clap::{Args, ValueEnum};
use std::io::Write;

/// Print the JSON Schema of `check --format json`, or of `report --format json`
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift schema > authshift.schema.json\n  authshift schema report > authshift-report.schema.json"
)]
pub(super) struct SchemaArguments {
    /// What is described
    #[arg(value_name = "WHAT", default_value = "check")]
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Check,
    Report,
}

pub(super) fn run(arguments: &SchemaArguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let schema = match arguments.what {
        What::Check => json::schema::schema(),
        What::Report => report::json::schema(),
    };
    writeln!(out, "{schema:#}")?;
    Ok(Exit::Clean)
}
