//! JSON Lines: one object a line, and a last one with the numbers, for tools that read many repositories.
//!
//! The findings have the shape of the JSON report. Who finds no closing line knows that the run was broken off.

use super::json::view;
use super::{Context, summary};
use crate::finding::Report;
use serde_json::{Value, json};
use std::io::{self, Write};

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        line(
            "finding",
            serde_json::to_value(view::finding(finding, report))?,
            out,
        )?;
    }
    for diagnostic in &report.diagnostics {
        line(
            "diagnostic",
            serde_json::to_value(view::diagnostic(diagnostic))?,
            out,
        )?;
    }
    let summary = summary::summarize(report);
    let gate = &report.gate;
    let closing = json!({
        "schema": view::SCHEMA,
        "tool": { "name": "authshift", "version": context.version },
        "today": context.today,
        "repo": context.revision.repository,
        "revision": context.revision.commit,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.notes,
        "files": summary.files,
        "credentials": summary.credentials,
        "suppressed": gate.suppressed.len(),
        "known": gate.baseline.as_ref().map(|known| known.known),
        "fixed": gate.baseline.as_ref().map(|known| known.fixed.len()),
        "coverage": view::coverage(&report.coverage),
    });
    line("summary", closing, out)
}

fn line(kind: &str, mut value: Value, out: &mut dyn Write) -> io::Result<()> {
    if let Value::Object(fields) = &mut value {
        fields.insert("type".to_owned(), kind.into());
    }
    serde_json::to_writer(&mut *out, &value)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn lines(report: &Report) -> Vec<Value> {
        let mut out = Vec::new();
        let mut context = sample::context();
        context.revision.commit = Some("0123abcd".to_owned());
        write(report, &context, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn findings_diagnostics_and_a_summary_at_the_end() {
        let report = sample::report();
        let lines = lines(&report);
        let kinds: Vec<&str> = lines
            .iter()
            .map(|line| line["type"].as_str().unwrap())
            .collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == "finding").count(), 8);
        assert_eq!(kinds.last(), Some(&"summary"));
        let summary = lines.last().unwrap();
        assert_eq!(
            (summary["errors"].as_u64(), summary["notes"].as_u64()),
            (Some(5), Some(1))
        );
        assert_eq!(summary["revision"], "0123abcd");
        assert_eq!(summary["repo"], Value::Null);
        assert_eq!(summary["coverage"]["files_read"], 1204);
        assert_eq!(lines[0]["fingerprint"], report.findings[0].fingerprint);
    }

    #[test]
    fn a_clean_run_has_its_summary() {
        let lines = lines(&Report::default());
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["type"], "summary");
    }
}
