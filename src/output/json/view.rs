//! The shape of the JSON report, kept apart from the types that the program works with.
//!
//! People script against this shape: a field that is renamed or dropped inside the program must not be
//! renamed or dropped here by accident. So it is written down a second time, on purpose. Fields may be added
//! under the same [`SCHEMA`]; anything else takes a new number, a new view beside this one, and a word in the
//! change log. `schema.rs` describes the same shape, and a test holds both together.

use super::super::Context;
use super::super::summary::{self, Summary};
use crate::finding::baseline::Comparison;
use crate::finding::suppression::{Silencer, Suppressed as Silenced};
use crate::finding::{self, Report};
use crate::plan::survey::Survey;
use crate::rules::model::Level;
use serde::Serialize;
use std::collections::BTreeMap;

/// The number of this shape.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
pub struct Output<'a> {
    schema: u32,
    tool: Tool<'a>,
    today: &'a str,
    repository: Option<&'a str>,
    findings: Vec<Finding<'a>>,
    coverage: Coverage<'a>,
    diagnostics: Vec<Diagnostic<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    baseline: Option<Baseline<'a>>,
    summary: SummaryView<'a>,
    survey: Option<&'a Survey>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
pub(in crate::output) struct Finding<'a> {
    rule: &'a str,
    level: &'static str,
    confidence: &'static str,
    product: Option<&'a str>,
    path: &'a str,
    path_class: &'static str,
    language: &'a str,
    range: Range,
    message: &'a str,
    help: &'a str,
    deadline: Option<Deadline<'a>>,
    scopes: &'a [String],
    data_center: Option<&'a str>,
    flow: Vec<FlowStep<'a>>,
    credential: Option<Credential<'a>>,
    fix: Option<Fix<'a>>,
    excerpt: Option<Excerpt<'a>>,
    fingerprint: &'a str,
    baseline: Option<&'static str>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    rule: &'a str,
    level: &'static str,
    path: &'a str,
    range: Range,
    fingerprint: &'a str,
    by: &'static str,
    line: usize,
    reason: &'a str,
    until: Option<String>,
}

#[derive(Serialize)]
struct Baseline<'a> {
    version: &'a str,
    known: u64,
    fixed: Vec<Entry<'a>>,
    newer_rules: Vec<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    path: &'a str,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Excerpt<'a> {
    first_line: u32,
    text: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    offset: u64,
}

#[derive(Serialize)]
struct Deadline<'a> {
    date: &'a str,
    no_new_tokens: Option<&'a str>,
    stops_working: Option<&'a str>,
    api_end: Option<&'a str>,
    days_overdue: i64,
    source: &'a str,
}

#[derive(Serialize)]
struct FlowStep<'a> {
    path: &'a str,
    range: Range,
    role: &'a str,
}

#[derive(Serialize)]
struct Credential<'a> {
    mask: &'a str,
    digest: Option<&'a str>,
    tracked: Option<bool>,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safety: &'static str,
    reason: Option<&'a str>,
    edits: Vec<Edit<'a>>,
    creates: Vec<Create<'a>>,
    base_sha256: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Edit<'a> {
    path: &'a str,
    start: u64,
    end: u64,
    text: &'a str,
}

#[derive(Serialize)]
struct Create<'a> {
    path: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
pub(in crate::output) struct Coverage<'a> {
    files_seen: u64,
    files_read: u64,
    bytes_read: u64,
    files_parsed: u64,
    binary: u64,
    too_large: &'a [String],
    unreadable: Vec<Unread<'a>>,
    partly_read: Vec<Unread<'a>>,
    other_languages: &'a BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct Unread<'a> {
    path: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
pub(in crate::output) struct Diagnostic<'a> {
    level: &'static str,
    path: Option<&'a str>,
    line: Option<u32>,
    message: &'a str,
}

#[derive(Serialize)]
struct SummaryView<'a> {
    errors: u64,
    warnings: u64,
    notes: u64,
    files: u64,
    credentials: u64,
    fixes: Fixes,
    products: Vec<Product<'a>>,
}

#[derive(Serialize)]
struct Fixes {
    safe: u64,
    r#unsafe: u64,
    display: u64,
}

#[derive(Serialize)]
struct Product<'a> {
    product: Option<String>,
    name: &'a str,
    errors: u64,
    warnings: u64,
    notes: u64,
    deadline: Option<String>,
    days_overdue: Option<i64>,
}

impl<'a> Output<'a> {
    pub fn new(report: &'a Report, context: &'a Context) -> Output<'a> {
        Output {
            schema: SCHEMA,
            tool: Tool {
                name: "authshift",
                version: &context.version,
            },
            today: &context.today,
            repository: context.repository.as_deref(),
            findings: report
                .findings
                .iter()
                .map(|one| finding(one, report))
                .collect(),
            coverage: coverage(&report.coverage),
            diagnostics: report.diagnostics.iter().map(diagnostic).collect(),
            suppressed: report.gate.suppressed.iter().map(suppressed).collect(),
            baseline: report.gate.baseline.as_ref().map(baseline),
            summary: summary_view(summary::summarize(report), report, context),
            survey: context.survey.as_ref(),
        }
    }
}

pub(in crate::output) fn diagnostic(diagnostic: &finding::Diagnostic) -> Diagnostic<'_> {
    Diagnostic {
        level: level(diagnostic.level),
        path: diagnostic.path.as_deref(),
        line: diagnostic.line,
        message: &diagnostic.message,
    }
}

fn suppressed(suppressed: &Silenced) -> Suppressed<'_> {
    let (by, line) = match suppressed.by {
        Silencer::Comment { line } => ("comment", line as usize),
        Silencer::Configuration { line } => ("configuration", line),
    };
    let finding = &suppressed.finding;
    Suppressed {
        rule: &finding.rule,
        level: level(finding.level),
        path: &finding.path,
        range: range(finding.range),
        fingerprint: &finding.fingerprint,
        by,
        line,
        reason: &suppressed.reason,
        until: suppressed.until.map(|until| until.to_string()),
    }
}

fn baseline(comparison: &Comparison) -> Baseline<'_> {
    Baseline {
        version: &comparison.version,
        known: comparison.known,
        fixed: comparison
            .fixed
            .iter()
            .map(|entry| Entry {
                rule: &entry.rule,
                path: &entry.path,
                fingerprint: &entry.fingerprint,
            })
            .collect(),
        newer_rules: comparison.newer_rules.iter().map(String::as_str).collect(),
    }
}

pub(in crate::output) fn finding<'a>(
    finding: &'a finding::Finding,
    report: &Report,
) -> Finding<'a> {
    Finding {
        rule: &finding.rule,
        level: level(finding.level),
        confidence: match finding.confidence {
            finding::Confidence::Low => "low",
            finding::Confidence::Medium => "medium",
            finding::Confidence::High => "high",
        },
        product: finding.product.as_deref(),
        path: &finding.path,
        path_class: match finding.path_class {
            finding::PathClass::Production => "production",
            finding::PathClass::Test => "test",
            finding::PathClass::Docs => "docs",
            finding::PathClass::Generated => "generated",
            finding::PathClass::Vendored => "vendored",
        },
        language: &finding.language,
        range: range(finding.range),
        message: &finding.message,
        help: &finding.help,
        deadline: finding.deadline.as_ref().map(|deadline| Deadline {
            date: &deadline.date,
            no_new_tokens: deadline.no_new_tokens.as_deref(),
            stops_working: deadline.stops_working.as_deref(),
            api_end: deadline.api_end.as_deref(),
            days_overdue: deadline.days_overdue,
            source: &deadline.source,
        }),
        scopes: &finding.scopes,
        data_center: finding.data_center.as_deref(),
        flow: finding
            .flow
            .iter()
            .map(|step| FlowStep {
                path: &step.path,
                range: range(step.range),
                role: &step.role,
            })
            .collect(),
        credential: finding.credential.as_ref().map(|credential| Credential {
            mask: &credential.mask,
            digest: credential.digest.as_deref(),
            tracked: credential.tracked,
        }),
        fix: finding.fix.as_ref().map(fix),
        excerpt: (!finding.excerpt.text.is_empty()).then_some(Excerpt {
            first_line: finding.excerpt.first_line,
            text: &finding.excerpt.text,
            start: finding.excerpt.start,
            end: finding.excerpt.end,
        }),
        fingerprint: &finding.fingerprint,
        baseline: report.gate.baseline.as_ref().map(|_| {
            if report.gate.is_of_newer_rule(finding) {
                "new-rule"
            } else {
                "new"
            }
        }),
    }
}

fn fix(fix: &finding::Fix) -> Fix<'_> {
    Fix {
        title: &fix.title,
        safety: match fix.safety {
            finding::Safety::Safe => "safe",
            finding::Safety::Unsafe => "unsafe",
            finding::Safety::Display => "display",
        },
        reason: fix.reason.as_deref(),
        edits: fix
            .edits
            .iter()
            .map(|edit| Edit {
                path: &edit.path,
                start: edit.start,
                end: edit.end,
                text: &edit.text,
            })
            .collect(),
        creates: fix
            .creates
            .iter()
            .map(|create| Create {
                path: &create.path,
                text: &create.text,
            })
            .collect(),
        base_sha256: &fix.base_sha256,
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn range(range: finding::Range) -> Range {
    let position = |position: finding::Position| Position {
        line: position.line,
        column: position.column,
        offset: position.offset,
    };
    Range {
        start: position(range.start),
        end: position(range.end),
    }
}

pub(in crate::output) fn coverage(coverage: &finding::Coverage) -> Coverage<'_> {
    fn unread(files: &[finding::Unread]) -> Vec<Unread<'_>> {
        files
            .iter()
            .map(|file| Unread {
                path: &file.path,
                reason: &file.reason,
            })
            .collect()
    }
    Coverage {
        files_seen: coverage.files_seen,
        files_read: coverage.files_read,
        bytes_read: coverage.bytes_read,
        files_parsed: coverage.files_parsed,
        binary: coverage.binary,
        too_large: &coverage.too_large,
        unreadable: unread(&coverage.unreadable),
        partly_read: unread(&coverage.partly_read),
        other_languages: &coverage.other_languages,
    }
}

fn summary_view<'a>(summary: Summary, report: &'a Report, context: &'a Context) -> SummaryView<'a> {
    let name = |id: Option<&str>| {
        report
            .findings
            .iter()
            .find(|finding| finding.product.as_deref() == id)
            .map_or("", |finding| {
                context.product_name(finding.product.as_deref())
            })
    };
    SummaryView {
        errors: summary.errors,
        warnings: summary.warnings,
        notes: summary.notes,
        files: summary.files,
        credentials: summary.credentials,
        fixes: Fixes {
            safe: summary.fixes.safe,
            r#unsafe: summary.fixes.needs_review,
            display: summary.fixes.display,
        },
        products: summary
            .products
            .into_iter()
            .map(|product| Product {
                name: name(product.product.as_deref()),
                product: product.product,
                errors: product.errors,
                warnings: product.warnings,
                notes: product.notes,
                deadline: product.deadline,
                days_overdue: product.days_overdue,
            })
            .collect(),
    }
}
