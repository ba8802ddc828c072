//! What several formats for other programs say in the same words, and the paths that they say it about.

use super::Context;
use crate::finding::{Diagnostic, Finding, Report};
use crate::rules::model::Level;

/// The findings that a format for people or their tools shows: notes only if they were asked for.
pub(super) fn shown<'r>(
    report: &'r Report,
    context: &Context,
) -> impl Iterator<Item = &'r Finding> + use<'r> {
    let with_notes = context.show_notes;
    report
        .findings
        .iter()
        .filter(move |finding| with_notes || finding.level > Level::Note)
}

pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// The message together with what makes it urgent.
pub(super) fn message(finding: &Finding, report: &Report) -> String {
    let mut text = finding.message.clone();
    if let Some(when) = when(finding) {
        text.push_str(&format!(" ({when})"));
    }
    if report.gate.is_of_newer_rule(finding) {
        text.push_str(" (the rule is newer than the baseline)");
    }
    text
}

/// `since 2020-11-30`, `from 2027-03-01`.
fn when(finding: &Finding) -> Option<String> {
    let deadline = finding.deadline.as_ref()?;
    Some(match deadline.days_overdue {
        0 => format!("due today, {}", deadline.date),
        1.. => format!("overdue since {}", deadline.date),
        _ => format!("due {}", deadline.date),
    })
}

/// Something about the run, in a sentence: level, path, line, text.
pub(super) struct Remark {
    pub level: Level,
    pub path: Option<String>,
    pub line: Option<u32>,
    pub text: String,
    /// Whether it says that something was not read.
    pub is_coverage: bool,
}

/// What was not read, and what else there is to say about the run. Never anything about the code.
pub(super) fn remarks(report: &Report, with_notes: bool) -> Vec<Remark> {
    let coverage = &report.coverage;
    let unread = |path: &str, text: String| Remark {
        level: Level::Warning,
        path: Some(path.to_owned()),
        line: None,
        text,
        is_coverage: true,
    };
    let mut remarks: Vec<Remark> = Vec::new();
    for path in &coverage.too_large {
        remarks.push(unread(path, "not read: the file is too large".to_owned()));
    }
    for file in &coverage.unreadable {
        remarks.push(unread(&file.path, format!("not read: {}", file.reason)));
    }
    for file in &coverage.partly_read {
        remarks.push(unread(&file.path, format!("partly read: {}", file.reason)));
    }
    let told = report
        .diagnostics
        .iter()
        .filter(|diagnostic| with_notes || diagnostic.level > Level::Note);
    remarks.extend(told.map(of_diagnostic));
    if let Some(known) = report
        .gate
        .baseline
        .as_ref()
        .filter(|known| !known.is_pruned)
    {
        for entry in &known.fixed {
            remarks.push(Remark {
                level: Level::Note,
                path: None,
                line: None,
                text: format!(
                    "the baseline knows {} in {}, which is fixed: --prune takes it out",
                    entry.rule, entry.path
                ),
                is_coverage: false,
            });
        }
    }
    remarks
}

fn of_diagnostic(diagnostic: &Diagnostic) -> Remark {
    Remark {
        level: diagnostic.level,
        path: diagnostic.path.clone(),
        line: diagnostic.line,
        text: diagnostic.message.clone(),
        is_coverage: false,
    }
}

/// A path of the report as the root of the repository has it: what services that show a whole repository need.
pub(super) fn in_repository(path: &str, report: &Report) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    format!("{}{path}", report.repository_prefix)
}

/// A path of the report from the working folder: what editors and their helpers need.
pub(super) fn from_working_folder(path: &str, context: &Context) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    format!("{}{path}", context.working_prefix)
}

/// A number with its noun.
pub(super) fn count(number: u64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
