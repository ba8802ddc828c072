//! The migration report. One file per format.
//!
//! Works on the finished [`Plan`] alone, which holds no secret; no file is opened here, no rule is known by name.

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;

use crate::plan::Plan;
use serde::Serialize;
use std::io::{self, Write};

/// The formats of `authshift report`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    Html,
    Markdown,
    Json,
    Csv,
}

/// What a renderer knows besides the plan: how it is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Name everything, also where lists are long.
    pub verbose: bool,
}

/// Writes the report in one format.
pub fn write(
    format: ReportFormat,
    plan: &Plan,
    context: Context,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ReportFormat::Html => html::write(plan, context, out),
        ReportFormat::Markdown => markdown::write(plan, context, out),
        ReportFormat::Json => json::write(plan, context, out),
        ReportFormat::Csv => csv::write(plan, context, out),
    }
}

/// The word by which a value of a closed set is written in JSON.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
