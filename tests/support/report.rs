//! The JSON report as a reader who scripts against it takes it apart.

use super::{Answer, arguments, run};
use authshift::cli::Exit;
use serde::Deserialize;
use std::fmt;
use std::path::Path;

#[derive(Clone, Debug, Deserialize)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    pub rule: String,
    pub level: String,
    pub confidence: String,
    pub product: Option<String>,
    pub path: String,
    pub range: Range,
    pub flow: Vec<Step>,
    pub fingerprint: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    pub path: String,
    pub range: Range,
    pub role: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub offset: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Coverage {
    pub files_seen: u64,
    pub files_parsed: u64,
    pub binary: u64,
    pub too_large: Vec<String>,
    pub unreadable: Vec<Unread>,
    pub partly_read: Vec<Unread>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Unread {
    pub path: String,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Diagnostic {
    pub level: String,
    pub path: Option<String>,
    pub message: String,
}

impl Range {
    /// How many lines lie between a line and the range; 0 within it.
    pub fn distance(&self, line: u32) -> u32 {
        self.start
            .line
            .saturating_sub(line)
            .max(line.saturating_sub(self.end.line))
    }
}

impl Finding {
    pub fn is_note(&self) -> bool {
        self.level == "note"
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { start, end } = self.range;
        write!(formatter, "{}:{}", self.path, start.line)?;
        if end.line != start.line {
            write!(formatter, "-{}", end.line)?;
        }
        let product = self.product.as_deref().unwrap_or("(no product)");
        write!(
            formatter,
            " {} {} {product} {}",
            self.rule, self.level, self.confidence
        )
    }
}

impl Answer {
    /// The report of a run with `--format json --exit-zero`, or why there is none.
    pub fn report(&self) -> Result<Report, String> {
        if self.exit != Exit::Clean {
            return Err(format!("ended with {:?}: {}", self.exit, self.err().trim()));
        }
        serde_json::from_slice(&self.out).map_err(|error| format!("the report is no JSON: {error}"))
    }
}

/// The JSON report of a folder or file, with further arguments.
pub fn report_of(path: &Path, further: &[&str]) -> Result<Report, String> {
    let mut fixed = vec!["check", "--format", "json", "--exit-zero"];
    fixed.extend(["--today", super::TODAY]);
    fixed.extend(further);
    run(arguments(&fixed, path)).report()
}
