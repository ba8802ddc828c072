//! What people and programs see of a run. One file per format.
//!
//! Works on the finished [`Report`] alone: no file is opened here, no rule is known by name, and nothing
//! that comes in holds a secret. The format never changes what was found or the exit code.

pub mod excerpt;
pub mod fixes;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod markdown;
pub mod rdjson;
pub mod report;
pub mod sarif;
pub mod scopes;
pub mod short;
pub mod summary;
pub mod text;
mod wording;

use crate::finding::Report;
use crate::plan::survey::Survey;
use crate::rules::model::{Detection, Level};
use crate::scan::revision::Revision;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The formats of `--format` and `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Text,
    Json,
    JsonLines,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Rdjson,
    Markdown,
    Short,
}

impl Format {
    pub const ALL: [Format; 10] = [
        Format::Text,
        Format::Json,
        Format::JsonLines,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Rdjson,
        Format::Markdown,
        Format::Short,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Rdjson => "rdjson",
            Format::Markdown => "markdown",
            Format::Short => "short",
        }
    }

    /// Whether it says which commit it is about; git is asked only then.
    pub fn names_the_revision(self) -> bool {
        matches!(self, Format::JsonLines | Format::Sarif)
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
    /// The rules that there are, with what they say.
    pub rules: Vec<RuleText>,
    /// Only for formats that name it.
    pub revision: Revision,
    /// What stands before every path of the report to make it relative to the working folder.
    pub working_prefix: String,

    pub show_notes: bool,
    pub quiet: bool,
    pub verbose: bool,
    pub color: bool,
    /// Whether the reader's locale can show more than ASCII.
    pub unicode: bool,
    /// Width in columns for prose; source lines keep their own.
    pub width: usize,
}

/// What a report says about a rule as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleText {
    pub id: String,
    pub level: Level,
    pub summary: String,
    pub why: String,
    pub help: String,
    pub sources: Vec<String>,
}

impl RuleText {
    pub fn of(rule: &Detection) -> RuleText {
        RuleText {
            id: rule.id.clone(),
            level: rule.level,
            summary: rule.summary.clone(),
            why: rule.why.clone(),
            help: rule.help.clone(),
            sources: rule.source.clone(),
        }
    }
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
        Format::JsonLines => jsonl::write(report, context, out),
        Format::Sarif => sarif::write(report, context, out),
        Format::Github => github::write(report, context, out),
        Format::Gitlab => gitlab::write(report, context, out),
        Format::Junit => junit::write(report, context, out),
        Format::Rdjson => rdjson::write(report, context, out),
        Format::Markdown => markdown::write(report, context, out),
        Format::Short => short::write(report, context, out),
    }
}

#[cfg(test)]
pub(crate) mod sample;
