//! From the rounds of an audit to the report: findings, what was read and what was not, what was given up.
//!
//! Owns the order of the findings and what the settings leave of them. It must not know formats.

use super::findings::Maker;
use super::gate;
use super::load::Files;
use super::rounds::Rounds;
use crate::cli::settings::Settings;
use crate::finding::{Coverage, Diagnostic, Finding, Fix, Report, Unread, identity, order};
use crate::pipeline::Error;
use crate::rules::matching::{Candidate, Knowledge};
use crate::rules::model::Level;
use crate::scan::{self, Scan, SkipReason, Skipped};
use crate::syntax::tree::Language;
use std::path::Path;

/// The findings of every candidate, in their order, and the report that they make.
pub(super) fn of(
    settings: &Settings,
    scan: &Scan,
    files: &Files,
    rounds: Rounds<'_>,
    knowledge: &Knowledge<'_>,
    fixes: Vec<Option<Fix>>,
) -> Result<(Vec<Option<Finding>>, Report), Error> {
    let maker = Maker {
        files,
        units: &rounds.units,
        knowledge,
        today: settings.today,
        repository_prefix: repository_prefix(scan.report_root()),
    };
    let all = maker.findings(rounds.candidates, fixes);
    let mut coverage = of_scan(scan);
    coverage.files_parsed = files.parsed;
    coverage.partly_read.extend(unread(&files.partly_read));
    coverage.unreadable.extend(unread(&files.unreadable));
    for (path, loaded) in &files.loaded {
        if loaded.language == Language::Text
            && loaded.text.to_ascii_lowercase().contains("zoho")
            && let Some(extension) = programming_extension(path)
        {
            *coverage.other_languages.entry(extension).or_default() += 1;
        }
    }
    let mut diagnostics = scan_diagnostics(scan);
    for name in rounds.left {
        diagnostics.push(Diagnostic {
            level: Level::Note,
            path: None,
            line: None,
            message: format!("the name {name} stands in too many files to follow it further"),
        });
    }
    let mut widened: Vec<&str> = rounds
        .widened
        .iter()
        .filter_map(|file| {
            rounds
                .units
                .get(*file as usize)
                .map(|unit| unit.path.as_str())
        })
        .collect();
    widened.sort_unstable();
    widened.dedup();
    for path in widened {
        coverage.partly_read.push(Unread {
            path: path.to_string(),
            reason: "too large or too deeply nested to follow every value in it".to_string(),
        });
    }
    coverage.partly_read.sort_by(|a, b| a.path.cmp(&b.path));
    coverage.partly_read.dedup();
    let mut report = Report {
        findings: all.iter().flatten().cloned().collect(),
        coverage,
        diagnostics,
        repository_prefix: maker.repository_prefix.clone(),
        ..Report::default()
    };
    identity::assign(&mut report.findings);
    gate::apply(&mut report, settings, knowledge.rules, files, &rounds.units)?;
    filter(&mut report, settings);
    Ok((all, report))
}

/// The report of a scan that has nothing to parse.
pub(super) fn of_nothing(scan: &Scan) -> Report {
    Report {
        findings: Vec::new(),
        coverage: of_scan(scan),
        diagnostics: scan_diagnostics(scan),
        repository_prefix: repository_prefix(scan.report_root()),
        ..Report::default()
    }
}

/// What stands before every path of the report to make it relative to the repository.
pub(super) fn repository_prefix(report_root: &Path) -> String {
    let Ok(root) = report_root.canonicalize() else {
        return String::new();
    };
    let Some(repository) = scan::repository_root(&root) else {
        return String::new();
    };
    match root.strip_prefix(&repository) {
        Ok(rest) if rest.as_os_str().is_empty() => String::new(),
        Ok(rest) => format!("{}/", rest.to_string_lossy().replace('\\', "/")),
        Err(_) => String::new(),
    }
}

fn of_scan(scan: &Scan) -> Coverage {
    let mut coverage = Coverage {
        files_seen: scan.coverage.files_seen,
        files_read: scan.coverage.files_read,
        bytes_read: scan.coverage.bytes_read,
        binary: scan.coverage.binary,
        ..Coverage::default()
    };
    for skipped in &scan.coverage.skipped {
        match &skipped.reason {
            SkipReason::TooLarge { .. } => coverage.too_large.push(shown(skipped)),
            SkipReason::Unreadable { message } => {
                coverage.unreadable.push(Unread {
                    path: shown(skipped),
                    reason: message.clone(),
                });
            }
            SkipReason::NotAFile => coverage.unreadable.push(Unread {
                path: shown(skipped),
                reason: "not a regular file".to_string(),
            }),
        }
    }
    coverage
}

/// The folder that paths are relative to has no name among them.
fn shown(skipped: &Skipped) -> String {
    if skipped.relative.is_empty() {
        ".".to_string()
    } else {
        skipped.relative.clone()
    }
}

fn scan_diagnostics(scan: &Scan) -> Vec<Diagnostic> {
    scan.coverage
        .unlisted_repositories
        .iter()
        .map(|repository| Diagnostic {
            level: Level::Warning,
            path: Some(repository.root.display().to_string()),
            line: None,
            message: format!("git could not list the tracked files, so ignored ones among them may be missing: {}", repository.message),
        })
        .collect()
}

pub(super) fn unread(list: &[(String, String)]) -> Vec<Unread> {
    list.iter()
        .map(|(path, reason)| Unread {
            path: path.clone(),
            reason: reason.clone(),
        })
        .collect()
}

fn programming_extension(path: &str) -> Option<String> {
    const LANGUAGES: [&str; 24] = [
        "php", "py", "rb", "cs", "vb", "go", "kt", "kts", "scala", "groovy", "swift", "dart", "ex",
        "exs", "pl", "pm", "coffee", "sh", "ps1", "bsl", "lua", "r", "clj", "rs",
    ];
    let extension = path
        .rsplit('/')
        .next()?
        .rsplit_once('.')?
        .1
        .to_ascii_lowercase();
    LANGUAGES.contains(&extension.as_str()).then_some(extension)
}

/// Leaves what the settings ask for, in the final order.
pub(super) fn filter(report: &mut Report, settings: &Settings) {
    let keeps = |finding: &Finding| {
        (settings.select.is_empty() || settings.select.contains(&finding.rule))
            && !settings.ignore.contains(&finding.rule)
            && (settings.products.is_empty()
                || finding
                    .product
                    .as_ref()
                    .is_some_and(|product| settings.products.contains(product)))
            && finding.confidence >= settings.confidence
    };
    report.findings.retain(keeps);
    report.gate.suppressed.retain(|one| keeps(&one.finding));
    order::sort(&mut report.findings);
}

/// Whether the settings ask for a candidate; its confidence counts as that of a finding does.
pub(super) fn selects(settings: &Settings, candidate: &Candidate<'_>) -> bool {
    (settings.select.is_empty() || settings.select.contains(&candidate.rule.id))
        && !settings.ignore.contains(&candidate.rule.id)
        && (settings.products.is_empty()
            || candidate
                .product
                .as_ref()
                .is_some_and(|product| settings.products.contains(product)))
        && candidate.confidence >= settings.confidence
}
