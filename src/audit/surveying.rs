//! From the rounds of an audit to what a migration plan is made of.
//!
//! It must not know what the plan says.

use super::fixes::ScanSources;
use super::load::Files;
use super::rounds::Rounds;
use crate::cli::settings::Settings;
use crate::finding::{Finding, Report};
use crate::fix::Sources;
use crate::plan::model;
use crate::plan::survey::{self, Scanned, Survey};
use crate::plan::{Entry, Input};
use crate::rules::matching::Knowledge;
use crate::scan::Scan;

/// The files of a scan, for questions.
struct ScanFiles<'a> {
    sources: ScanSources<'a>,
    files: &'a Files,
    scan: &'a Scan,
}

impl survey::Files for ScanFiles<'_> {
    fn contains(&self, path: &str) -> bool {
        self.scan.contains(path)
    }
    fn text(&self, path: &str) -> Option<String> {
        match self.files.loaded.get(path) {
            Some(loaded) => Some(loaded.text.to_string()),
            None => self.sources.text(path),
        }
    }
    fn tracked(&self, path: &str) -> Option<bool> {
        self.files.loaded.get(path)?.tracked
    }
}

pub(super) fn survey(
    rounds: &Rounds<'_>,
    files: &Files,
    scan: &Scan,
    knowledge: &Knowledge<'_>,
) -> Survey {
    survey::survey(&Scanned {
        knowledge,
        facts: &rounds.facts,
        units: &rounds.units,
        candidates: &rounds.candidates,
        files: &ScanFiles {
            sources: ScanSources {
                scan,
                overlay: &files.overlay,
            },
            files,
            scan,
        },
    })
}

/// What the settings leave of it.
pub(super) fn of_products(mut survey: Survey, settings: &Settings) -> Survey {
    if !settings.products.is_empty() {
        let wanted = |product: &String| settings.products.contains(product);
        survey.requests.retain(|request| wanted(&request.product));
        survey
            .endpoints
            .retain(|endpoint| wanted(&endpoint.product));
        survey
            .credentials
            .retain(|credential| credential.product.as_ref().is_some_and(wanted));
        survey
            .packages
            .retain(|package| package.product.as_ref().is_some_and(wanted));
    }
    survey
}

/// `patches` belong to the findings in their order.
pub(super) fn input(
    repository: String,
    report: Report,
    survey: Survey,
    patches: Vec<Option<String>>,
    settings: &Settings,
) -> Input {
    let entries = report
        .findings
        .into_iter()
        .zip(patches.into_iter().chain(std::iter::repeat_with(|| None)))
        .map(|(finding, patch)| entry(finding, patch))
        .collect();
    Input {
        repository,
        entries,
        survey: Some(of_products(survey, settings)),
        coverage: Some(report.coverage),
        diagnostics: report
            .diagnostics
            .into_iter()
            .map(|diagnostic| model::Diagnostic {
                level: diagnostic.level,
                path: diagnostic.path,
                message: diagnostic.message,
            })
            .collect(),
        gaps: Vec::new(),
    }
}

fn entry(finding: Finding, patch: Option<String>) -> Entry {
    let safety = finding.fix.as_ref().map(|fix| fix.safety);
    Entry {
        product: finding.product,
        path: finding.path,
        path_class: finding.path_class,
        deadline: finding.deadline.map(model::Deadline::from),
        finding: model::Finding {
            rule: finding.rule,
            level: finding.level,
            confidence: finding.confidence,
            effort: model::Effort::of(safety),
            line: finding.range.start.line,
            column: finding.range.start.column,
            language: finding.language,
            message: finding.message,
            help: finding.help,
            data_center: finding.data_center,
            scopes: finding.scopes,
            flow: finding
                .flow
                .into_iter()
                .map(|step| model::Step {
                    path: step.path,
                    line: step.range.start.line,
                    role: step.role,
                })
                .collect(),
            excerpt: (!finding.excerpt.text.is_empty()).then_some(model::Excerpt {
                first_line: finding.excerpt.first_line,
                text: finding.excerpt.text,
                start: finding.excerpt.start,
                end: finding.excerpt.end,
            }),
            fix: finding.fix.map(|fix| model::Suggestion {
                title: fix.title,
                safety: fix.safety,
                reason: fix.reason,
                patch,
                creates: fix.creates.into_iter().map(|create| create.path).collect(),
            }),
            fingerprint: finding.fingerprint,
        },
    }
}
