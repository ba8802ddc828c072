//! What the exit code says. It depends on the report and the settings, never on a format.

use super::settings::{FailOn, Settings};
use crate::finding::{Finding, Report};
use crate::rules::model::Level;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing found, or nothing of the level asked for.
    Clean = 0,
    Findings = 1,
    /// Usage, configuration or internal error.
    Error = 2,
    /// Under `--strict`: a file was not read, or only in part, or there was none at all.
    Incomplete = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// An error comes before an incomplete scan, and that before findings, since it says that there may be more.
pub(super) fn of(report: &Report, settings: &Settings) -> Exit {
    let failed = report
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    if failed {
        return Exit::Error;
    }
    if settings.exit_zero {
        return Exit::Clean;
    }
    let coverage = &report.coverage;
    let incomplete = !coverage.too_large.is_empty()
        || !coverage.unreadable.is_empty()
        || !coverage.partly_read.is_empty()
        || coverage.files_read == 0;
    if settings.strict && incomplete {
        return Exit::Incomplete;
    }
    let threshold = match settings.fail_on {
        FailOn::Note => Level::Note,
        FailOn::Warning => Level::Warning,
        FailOn::Error => Level::Error,
        FailOn::Never => return Exit::Clean,
    };
    // What has no announced date counts always.
    let is_near = |finding: &Finding| match (settings.gate.fail_within, &finding.deadline) {
        (Some(days), Some(deadline)) => deadline.days_overdue >= -i64::from(days),
        _ => true,
    };
    let found = report
        .findings
        .iter()
        .any(|finding| finding.level >= threshold && is_near(finding));
    if found { Exit::Findings } else { Exit::Clean }
}
