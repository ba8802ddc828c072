//! The migration report. One file per format.
//!
//! Works on the finished [`Plan`] alone, which holds no secret; no file is opened here, no rule is known by name.

pub mod html;

use crate::plan::Plan;
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
        ReportFormat::Markdown | ReportFormat::Json | ReportFormat::Csv => {
            Err(io::Error::other("this format is not built yet"))
        }
    }
}
