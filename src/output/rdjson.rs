//! The Reviewdog Diagnostic Format: comments on pull requests, with changes that can be taken over.
//!
//! Its columns are bytes of UTF-8. A change is offered only where it stands for itself: one file, and no helper that
//! has to be added elsewhere.

use super::Context;
use super::wording::{self, from_working_folder, level_name};
use crate::finding::{Diagnostic, Edit, Finding, Position, Range, Report, Safety};
use crate::rules::model::Level;
use serde_json::{Value, json};
use std::io::{self, Write};

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut diagnostics: Vec<Value> = wording::shown(report, context)
        .map(|finding| of_finding(finding, report, context))
        .collect();
    let told = report
        .diagnostics
        .iter()
        .filter(|diagnostic| context.verbose || diagnostic.level > Level::Note);
    diagnostics.extend(told.filter_map(|diagnostic| of_diagnostic(diagnostic, context)));
    let whole = json!({
        "source": { "name": "authshift" },
        "diagnostics": diagnostics,
    });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    out.write_all(b"\n")
}

fn of_finding(finding: &Finding, report: &Report, context: &Context) -> Value {
    let path = from_working_folder(&finding.path, context);
    let mut value = json!({
        "message": format!("{}\n{}", wording::message(finding, report), finding.help),
        "location": { "path": path, "range": range(finding.range) },
        "severity": severity(finding.level),
        "code": { "value": finding.rule },
        "original_output": format!(
            "{path}:{}:{}: {}[{}]: {}",
            finding.range.start.line,
            finding.range.start.column,
            level_name(finding.level),
            finding.rule,
            finding.message
        ),
    });
    if let Some(url) = rule_source(finding, context) {
        value["code"]["url"] = json!(url);
    }
    if let Some(suggestions) = suggestions(finding) {
        value["suggestions"] = json!(suggestions);
    }
    value
}

fn rule_source<'c>(finding: &Finding, context: &'c Context) -> Option<&'c str> {
    let rule = context.rules.iter().find(|rule| rule.id == finding.rule)?;
    rule.sources
        .iter()
        .map(String::as_str)
        .find(|source| source.starts_with("https://"))
}

fn suggestions(finding: &Finding) -> Option<Vec<Value>> {
    let fix = finding.fix.as_ref()?;
    let stands_alone = fix.safety != Safety::Display
        && fix.creates.is_empty()
        && fix.edits.iter().all(|edit| edit.path == finding.path);
    if !stands_alone || fix.edits.is_empty() {
        return None;
    }
    let suggestion = |edit: &Edit| json!({ "range": range(edit.range), "text": edit.text });
    Some(fix.edits.iter().map(suggestion).collect())
}

fn of_diagnostic(diagnostic: &Diagnostic, context: &Context) -> Option<Value> {
    let path = diagnostic.path.as_deref()?;
    let mut location = json!({ "path": from_working_folder(path, context) });
    if let Some(line) = diagnostic.line {
        location["range"] = json!({ "start": { "line": line } });
    }
    Some(json!({
        "message": diagnostic.message,
        "location": location,
        "severity": severity(diagnostic.level),
    }))
}

fn range(range: Range) -> Value {
    let position =
        |position: Position| json!({ "line": position.line, "column": position.byte_column });
    json!({ "start": position(range.start), "end": position(range.end) })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note => "INFO",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn output(report: &Report) -> Value {
        let mut out = Vec::new();
        write(report, &sample::context(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn it_fits_the_schema_of_reviewdog() {
        let schema: Value =
            serde_json::from_str(include_str!("../../tests/schemas/rdjson.schema.json")).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for report in [sample::report(), Report::default()] {
            let output = output(&report);
            let errors: Vec<String> = validator
                .iter_errors(&output)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, Vec::<String>::new());
        }
        let mut wrong = output(&sample::report());
        wrong["diagnostics"][0]["severity"] = json!("FATAL");
        assert!(!validator.is_valid(&wrong));
    }

    #[test]
    fn columns_are_bytes() {
        let mut report = sample::report();
        report
            .findings
            .retain(|finding| finding.path == "web/all.js");
        // Two characters of three bytes each, four hundred times.
        let column = u64::from(report.findings[0].range.start.column) + 400 * 2 * 2;
        let start = &output(&report)["diagnostics"][0]["location"]["range"]["start"];
        assert_eq!(start["column"].as_u64(), Some(column));
    }

    #[test]
    fn a_change_is_offered_only_if_it_stands_for_itself() {
        let mut report = sample::report();
        report.findings.retain(|finding| finding.fix.is_some());
        assert!(
            output(&report)["diagnostics"][0]
                .get("suggestions")
                .is_none()
        );
        let range = report.findings[0].range;
        let fix = report.findings[0].fix.as_mut().unwrap();
        fix.creates.clear();
        fix.edits[0].range = range;
        let suggestion = &output(&report)["diagnostics"][0]["suggestions"][0];
        assert_eq!(
            suggestion["text"],
            "\"Zoho-oauthtoken \" + ZohoOAuth.accessToken()"
        );
        let fix = report.findings[0].fix.as_mut().unwrap();
        fix.safety = Safety::Display;
        assert!(
            output(&report)["diagnostics"][0]
                .get("suggestions")
                .is_none()
        );
    }
}
