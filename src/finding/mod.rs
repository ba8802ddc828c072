//! The finding: the narrow waist between what is known about the code and what people and programs see.
//!
//! Owns the finished finding with resolved positions. It must not know syntax trees, rules data or output
//! formats. Every text in it is already masked.

pub mod baseline;
pub mod excerpt;
pub mod identity;
pub mod order;
pub mod path_class;
#[cfg(test)]
pub(crate) mod sample;
pub mod suppression;

pub use identity::Identity;

use crate::rules::model::Level;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place in a file as users see it: lines and columns from 1, columns in Unicode code points, and the
/// byte offset on disk (byte-order mark included).
#[derive(Clone, Copy, Debug, Default, Serialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub offset: u64,
    /// The column in bytes of UTF-8, from 1, for formats that count so; not part of the JSON contract.
    #[serde(skip)]
    pub byte_column: u32,
}

#[derive(Clone, Copy, Debug, Default, Serialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// Where a file stands; changes confidence and order, and makes findings in vendored and generated code
/// notes.
#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum PathClass {
    Production,
    Test,
    Docs,
    Generated,
    Vendored,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct FlowStep {
    pub path: String,
    pub range: Range,
    /// `token defined here`, `read from the environment`, `passed to …`.
    pub role: String,
}

/// What dates say about a finding; see `rules/deadline.rs`.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct FindingDeadline {
    /// The date by which findings sort, `YYYY-MM-DD`.
    pub date: String,
    pub no_new_tokens: Option<String>,
    pub stops_working: Option<String>,
    /// End of the API itself (CRM v1), for legacy endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_end: Option<String>,
    /// Negative while it lies ahead of `today`.
    pub days_overdue: i64,
    pub source: String,
}

#[derive(
    Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    Safe,
    Unsafe,
    Display,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Edit {
    pub path: String,
    /// Bytes on disk.
    pub start: u64,
    pub end: u64,
    pub text: String,
    /// The same place in lines and columns; not part of the JSON contract.
    #[serde(skip)]
    pub range: Range,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Create {
    pub path: String,
    pub text: String,
}

/// What a fix changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixKind {
    Program,
    /// The settings of one.
    Settings,
    /// What people read: documents and comments.
    Text,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    pub safety: Safety,
    /// Why it is not safe, or why a person has to do it.
    pub reason: Option<String>,
    pub edits: Vec<Edit>,
    pub creates: Vec<Create>,
    pub base_sha256: BTreeMap<String, String>,
    /// Not part of the JSON contract, as what follows.
    #[serde(skip)]
    pub kind: FixKind,
    /// Whether the program takes its access token from a helper afterwards.
    #[serde(skip)]
    pub takes_access_token: bool,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Finding {
    pub rule: String,
    pub level: Level,
    pub confidence: Confidence,
    /// Product id; absent where nothing tells.
    pub product: Option<String>,
    /// Relative to the report root, with `/`.
    pub path: String,
    pub range: Range,
    pub message: String,
    pub help: String,
    pub path_class: PathClass,
    pub language: String,
    pub deadline: Option<FindingDeadline>,
    pub scopes: Vec<String>,
    pub data_center: Option<String>,
    pub flow: Vec<FlowStep>,
    pub fix: Option<Fix>,
    pub fingerprint: String,
    /// Mask and keyed digest of a credential, for grouping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
    /// What the fingerprint is made of; not part of the JSON contract.
    #[serde(skip)]
    pub identity: Identity,
    /// The masked source lines around the range, for people; not part of the JSON contract.
    #[serde(skip)]
    pub excerpt: Excerpt,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Credential {
    pub mask: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whether git tracks the file: then the value stays in the history.
    pub tracked: Option<bool>,
}

/// Masked lines of a file. Very long lines are cut; `first_column` tells how many code points are missing
/// at the left of the first line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    pub first_line: u32,
    pub first_column: u32,
    pub text: String,
    /// Byte range of the finding within `text`.
    pub start: usize,
    pub end: usize,
    /// Labels for flow steps in the same excerpt: byte range and role.
    pub labels: Vec<(usize, usize, String)>,
}

/// What was read and what was not; part of every format.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Coverage {
    pub files_seen: u64,
    pub files_read: u64,
    pub bytes_read: u64,
    /// Files with a front end of their own that were parsed.
    pub files_parsed: u64,
    pub binary: u64,
    pub too_large: Vec<String>,
    pub unreadable: Vec<Unread>,
    /// Files of which only a part was understood, with the reason.
    pub partly_read: Vec<Unread>,
    /// Files in languages without a front end that show signs of Zoho, by extension.
    pub other_languages: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
pub struct Unread {
    pub path: String,
    pub reason: String,
}

/// Something about the run rather than about the code.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Diagnostic {
    pub level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    pub message: String,
}

/// The whole answer of one run, in its final order.
#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
    pub diagnostics: Vec<Diagnostic>,
    /// What was found and is not among the findings.
    #[serde(skip)]
    pub gate: Gate,
    /// What stands before every path of the report to make it relative to the root of the repository.
    #[serde(skip)]
    pub repository_prefix: String,
}

/// What was found and does not count, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    pub suppressed: Vec<suppression::Suppressed>,
    /// Set if there was a baseline to compare with.
    pub baseline: Option<baseline::Comparison>,
    /// Everything that was found and is not suppressed, for a new baseline; only if one was asked for.
    pub all: Vec<Finding>,
}

impl Gate {
    /// Whether the rule of a finding is newer than the baseline: then the code may be old.
    pub fn is_of_newer_rule(&self, finding: &Finding) -> bool {
        self.baseline
            .as_ref()
            .is_some_and(|known| known.newer_rules.contains(&finding.rule))
    }
}
