//! What people and programs see of a run. One file per format.
//!
//! Works on the finished [`Report`] alone: no file is opened here, no rule is known by name, and nothing
//! that comes in holds a secret. The format never changes what was found or the exit code.

pub mod excerpt;
pub mod fixes;
pub mod json;
pub mod report;
pub mod scopes;
pub mod summary;
pub mod text;

use crate::finding::Report;
use crate::plan::survey::Survey;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The formats of `--format` and `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Text,
    Json,
}

impl Format {
    pub const ALL: [Format; 2] = [Format::Text, Format::Json];

    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
        }
    }

    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What a renderer knows besides the report. The first fields say what is true of the run, the others how
/// people want to read it; formats for programs look at the first ones only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Version of authshift.
    pub version: String,
    /// `YYYY-MM-DD`: the day by which deadlines were counted.
    pub today: String,
    /// Product id to name (`desk` to `Zoho Desk`).
    pub products: BTreeMap<String, String>,
    /// The paths that were asked for, as typed.
    pub roots: Vec<String>,
    /// The address of the repository, if it has one.
    pub repository: Option<String>,
    /// What it calls and holds besides.
    pub survey: Option<Survey>,

    pub show_notes: bool,
    pub quiet: bool,
    pub verbose: bool,
    pub color: bool,
    /// Whether the reader's locale can show more than ASCII.
    pub unicode: bool,
    /// Width in columns for prose; source lines keep their own.
    pub width: usize,
}

impl Context {
    /// What a product is called; its id where no rule names it.
    pub(crate) fn product_name<'a>(&'a self, product: Option<&'a str>) -> &'a str {
        match product {
            Some(id) => self.products.get(id).map_or(id, String::as_str),
            None => "Zoho, product unknown",
        }
    }
}

/// Writes the report in one format.
pub fn write(
    format: Format,
    report: &Report,
    context: &Context,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, context, out),
        Format::Json => json::write(report, context, out),
    }
}

#[cfg(test)]
pub(crate) mod sample;
