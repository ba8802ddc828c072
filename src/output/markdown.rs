//! A short summary in Markdown, for the page of a CI job. The migration report says more.

use super::wording::{self, count, in_repository, level_name};
use super::{Context, summary};
use crate::finding::Report;
use crate::finding::excerpt::one_line;
use std::io::{self, Write};

/// So many findings are listed; the rest is counted.
const SHOWN: usize = 50;

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let summary = summary::summarize(report);
    let findings: Vec<_> = wording::shown(report, context).collect();
    writeln!(out, "### authshift\n")?;
    if findings.is_empty() {
        writeln!(
            out,
            "{} ({} read)",
            if report.gate.baseline.is_some() {
                "No new authtokens found."
            } else {
                "No authtokens found."
            },
            count(report.coverage.files_read, "file")
        )?;
    } else {
        writeln!(
            out,
            "**{}, {}** in {}\n",
            count(summary.errors, "error"),
            count(summary.warnings, "warning"),
            count(summary.files, "file")
        )?;
        writeln!(out, "| | Where | What | Date |")?;
        writeln!(out, "|---|---|---|---|")?;
        for finding in findings.iter().take(SHOWN) {
            let date = finding
                .deadline
                .as_ref()
                .map_or("unknown", |deadline| deadline.date.as_str());
            let newer = if report.gate.is_of_newer_rule(finding) {
                " (rule newer than the baseline)"
            } else {
                ""
            };
            writeln!(
                out,
                "| {} | {} | `{}`: {}{newer} | {date} |",
                level_name(finding.level),
                code(&format!(
                    "{}:{}",
                    in_repository(&finding.path, report),
                    finding.range.start.line
                )),
                finding.rule,
                escaped(&finding.message),
            )?;
        }
        if findings.len() > SHOWN {
            writeln!(out, "\nand {} more", findings.len() - SHOWN)?;
        }
    }
    let gate = &report.gate;
    if let Some(known) = &gate.baseline {
        writeln!(
            out,
            "\n{} known to the baseline, {} of it fixed.",
            count(known.known, "finding"),
            known.fixed.len()
        )?;
    }
    if !gate.suppressed.is_empty() {
        let silenced = count(gate.suppressed.len() as u64, "finding");
        writeln!(out, "\n{silenced} silenced by comments or settings.")?;
    }
    let remarks: Vec<_> = wording::remarks(report, context.verbose)
        .into_iter()
        .filter(|remark| remark.path.is_some())
        .collect();
    if !remarks.is_empty() {
        writeln!(
            out,
            "\n<details><summary>{}</summary>\n",
            count(remarks.len() as u64, "remark")
        )?;
        for remark in remarks.iter().take(SHOWN) {
            let path = remark.path.as_deref().unwrap_or_default();
            let line = remark.line.map_or(String::new(), |line| format!(":{line}"));
            writeln!(
                out,
                "- {}: {}",
                code(&format!("{}{line}", in_repository(path, report))),
                escaped(&remark.text)
            )?;
        }
        if remarks.len() > SHOWN {
            writeln!(out, "- and {} more", remarks.len() - SHOWN)?;
        }
        writeln!(out, "\n</details>")?;
    }
    Ok(())
}

/// A path as code, within a table.
fn code(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{text}{fence}")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        if "\\*_[]<>|#&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn text(report: &Report) -> String {
        let mut out = Vec::new();
        write(report, &sample::context(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_summary_reads_well() {
        insta::assert_snapshot!(text(&sample::report()));
    }

    #[test]
    fn names_and_messages_stay_in_their_cell() {
        let mut report = sample::report();
        report.findings[0].path = "a|b`c\nd.js".to_owned();
        report.findings[0].message = "<img src=x> | [link](x)".to_owned();
        let text = text(&report);
        let row = text.lines().find(|line| line.contains("img")).unwrap();
        assert!(row.contains("``a\\|b`c d.js:"), "{row}");
        assert!(row.contains("\\<img src=x\\> \\| \\[link\\](x)"), "{row}");
    }
}
