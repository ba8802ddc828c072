//! Saved results of earlier runs: of `check --format json` and of `report --format json`.
//!
//! Owns how they are read, and what is said where they do not hold what a plan needs. It must not know how they are
//! written.

use super::build::{Choices, Entry, Input, build};
use super::model::{
    Coverage, Deadline, Diagnostic, Effort, Excerpt, Finding, Plan, REPORT, SCHEMA, Step,
    Suggestion,
};
use super::survey::Survey;
use crate::finding::{Confidence, PathClass, Safety};
use crate::redact::mask_excerpt;
use crate::rules::model::{Level, Rules};
use serde::Deserialize;
use std::path::Path;

/// Why a file is no saved result.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    #[error("cannot read {}: {source}", .path.display())]
    Unreadable {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    #[error("{} is no saved result of authshift: {reason}", .path.display())]
    NotAResult {
        path: std::path::PathBuf,
        reason: String,
    },
    #[error("{} was written by another version of authshift (schema {schema})", .path.display())]
    OtherSchema {
        path: std::path::PathBuf,
        schema: u32,
    },
}

/// What tells the kinds of results apart.
#[derive(Deserialize)]
struct Head {
    schema: u32,
    #[serde(default)]
    report: Option<String>,
}

/// `check --format json`, as far as a plan needs it.
#[derive(Deserialize)]
struct Check {
    #[serde(default)]
    repository: Option<String>,
    findings: Vec<CheckFinding>,
    #[serde(default)]
    coverage: Option<Coverage>,
    #[serde(default)]
    diagnostics: Vec<Diagnostic>,
    #[serde(default)]
    survey: Option<Survey>,
}

#[derive(Deserialize)]
struct CheckFinding {
    rule: String,
    level: Level,
    confidence: Confidence,
    product: Option<String>,
    path: String,
    path_class: PathClass,
    language: String,
    range: CheckRange,
    message: String,
    help: String,
    deadline: Option<Deadline>,
    #[serde(default)]
    scopes: Vec<String>,
    data_center: Option<String>,
    #[serde(default)]
    flow: Vec<CheckStep>,
    #[serde(default)]
    excerpt: Option<Excerpt>,
    fix: Option<CheckFix>,
    fingerprint: String,
}

#[derive(Deserialize)]
struct CheckRange {
    start: CheckPosition,
}

#[derive(Deserialize)]
struct CheckPosition {
    line: u32,
    column: u32,
}

#[derive(Deserialize)]
struct CheckStep {
    path: String,
    range: CheckRange,
    role: String,
}

#[derive(Deserialize)]
struct CheckFix {
    title: String,
    safety: Safety,
    reason: Option<String>,
    #[serde(default)]
    edits: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    creates: Vec<CheckCreate>,
}

#[derive(Deserialize)]
struct CheckCreate {
    path: String,
}

/// The plan of one saved result.
pub fn read(path: &Path, rules: &Rules, choices: &Choices) -> Result<Plan, SavedError> {
    let bytes = std::fs::read(path).map_err(|source| SavedError::Unreadable {
        path: path.to_path_buf(),
        source,
    })?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let wrong = |error: serde_json::Error| SavedError::NotAResult {
        path: path.to_path_buf(),
        // What stands in the file is not repeated: it may be anything.
        reason: format!(
            "{} at line {}",
            match error.classify() {
                serde_json::error::Category::Data => "a field is missing or of the wrong kind",
                _ => "it is no JSON",
            },
            error.line()
        ),
    };
    let head: Head = serde_json::from_slice(text).map_err(wrong)?;
    if head.report.as_deref() == Some(REPORT) {
        if head.schema != SCHEMA {
            return Err(SavedError::OtherSchema {
                path: path.to_path_buf(),
                schema: head.schema,
            });
        }
        return serde_json::from_slice(text).map_err(wrong);
    }
    if head.schema != 1 {
        return Err(SavedError::OtherSchema {
            path: path.to_path_buf(),
            schema: head.schema,
        });
    }
    let check: Check = serde_json::from_slice(text).map_err(wrong)?;
    Ok(build(input(check, path), rules, choices))
}

fn input(check: Check, path: &Path) -> Input {
    let repository = check.repository.unwrap_or_else(|| {
        path.file_stem().map_or_else(
            || "result".to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    });
    let mut gaps = Vec::new();
    let has_edits = check
        .findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .any(|fix| !fix.edits.is_empty());
    if has_edits {
        gaps.push(format!(
            "{repository}: results of `check` do not hold the lines around a change, so suggested patches are missing here. `authshift fix --diff` shows them, and results of `report --format json` hold them."
        ));
    }
    Input {
        repository,
        entries: check.findings.into_iter().map(entry).collect(),
        survey: check.survey,
        coverage: check.coverage,
        diagnostics: check.diagnostics,
        gaps,
    }
}

fn entry(found: CheckFinding) -> Entry {
    let safety = found.fix.as_ref().map(|fix| fix.safety);
    Entry {
        product: found.product,
        path: found.path,
        path_class: found.path_class,
        deadline: found.deadline,
        finding: Finding {
            rule: found.rule,
            level: found.level,
            confidence: found.confidence,
            effort: Effort::of(safety),
            line: found.range.start.line,
            column: found.range.start.column,
            language: found.language,
            // Whoever changed the file may have put anything into it.
            message: mask_excerpt(&found.message),
            help: mask_excerpt(&found.help),
            data_center: found.data_center,
            scopes: found.scopes,
            flow: found
                .flow
                .into_iter()
                .map(|step| Step {
                    path: step.path,
                    line: step.range.start.line,
                    role: step.role,
                })
                .collect(),
            excerpt: found.excerpt,
            fix: found.fix.map(|fix| Suggestion {
                title: fix.title,
                safety: fix.safety,
                reason: fix.reason,
                patch: None,
                creates: fix.creates.into_iter().map(|create| create.path).collect(),
            }),
            fingerprint: found.fingerprint,
        },
    }
}
