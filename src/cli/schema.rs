//! `authshift schema`: the JSON Schema of the JSON report.

use super::{Exit, Failure};
use crate::output::json::schema::schema;
use clap::Args;
use std::io::Write;

/// Print the JSON Schema of `check --format json`
#[derive(Args)]
#[command(after_help = "Example:\n  authshift schema > authshift.schema.json")]
pub(super) struct SchemaArguments {}

pub(super) fn run(out: &mut dyn Write) -> Result<Exit, Failure> {
    writeln!(out, "{:#}", schema())?;
    Ok(Exit::Clean)
}
