//! Workflow commands of GitHub Actions: annotations beside the lines of a pull request.
//!
//! GitHub shows ten of each kind and step and drops the rest: the most urgent come first, and a last line says how
//! many there are. Everything is escaped, so that no name of a file can give commands.

use super::wording::{self, in_repository};
use super::{Context, summary};
use crate::finding::Report;
use crate::finding::excerpt::visible;
use crate::rules::model::Level;
use std::io::{self, Write};

/// So many of each level are shown for one step.
const SHOWN: u64 = 10;

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    for finding in wording::shown(report, context) {
        let (start, end) = (finding.range.start, finding.range.end);
        let mut properties = vec![
            ("file", in_repository(&finding.path, report)),
            ("line", start.line.to_string()),
            ("endLine", end.line.to_string()),
        ];
        // Columns mean something within one line only.
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
        properties.push(("title", finding.rule.clone()));
        let message = format!("{}\n{}", wording::message(finding, report), finding.help);
        command(out, finding.level, &properties, &message)?;
    }
    for remark in wording::remarks(report, context.verbose) {
        let mut properties = Vec::new();
        if let Some(path) = &remark.path {
            properties.push(("file", in_repository(path, report)));
        }
        if let Some(line) = remark.line {
            properties.push(("line", line.to_string()));
        }
        command(out, remark.level, &properties, &remark.text)?;
    }
    let summary = summary::summarize(report);
    let most = summary.errors.max(summary.warnings);
    if most > SHOWN {
        let text = format!(
            "{} and {} in {}; GitHub shows the first {SHOWN} of each, the log has all",
            wording::count(summary.errors, "error"),
            wording::count(summary.warnings, "warning"),
            wording::count(summary.files, "file"),
        );
        command(out, Level::Note, &[], &text)?;
    }
    Ok(())
}

fn command(
    out: &mut dyn Write,
    level: Level,
    properties: &[(&str, String)],
    message: &str,
) -> io::Result<()> {
    let name = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    let blank = if properties.is_empty() { "" } else { " " };
    writeln!(
        out,
        "::{name}{blank}{}::{}",
        properties.join(","),
        data(message)
    )
}

/// A line end is part of a message, and everything else that a terminal would obey is only shown: the log of a run is
/// read in one.
fn data(text: &str) -> String {
    let mut data = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => data.push_str("%25"),
            '\r' => data.push_str("%0D"),
            '\n' => data.push_str("%0A"),
            _ => data.push(visible(character)),
        }
    }
    data
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
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
    fn annotations_stand_in_the_order_of_urgency() {
        insta::assert_snapshot!(text(&sample::report()));
    }

    #[test]
    fn names_and_messages_cannot_give_commands() {
        let mut report = sample::report();
        report.findings.truncate(1);
        report.diagnostics.clear();
        report.coverage = Default::default();
        report.findings[0].path = "a,b:c%0A\n::set-output name=x::y.js".to_owned();
        report.findings[0].message = "50% of\r\n::error::all".to_owned();
        let text = text(&report);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(
            text.starts_with(
                "::error file=a%2Cb%3Ac%250A%0A%3A%3Aset-output name=x%3A%3Ay.js,line="
            )
        );
        assert!(text.contains("::50%25 of%0D%0A::error::all"));
    }

    #[test]
    fn names_and_messages_cannot_drive_the_terminal_of_the_log() {
        let mut report = sample::report();
        report.findings[0].path = "esc\x1b[31mred\u{202e}.js".to_owned();
        report.findings[0].message = "a\x1b]0;x\x07".to_owned();
        let text = text(&report);
        assert!(text.contains("file=esc␛[31mred\u{fffd}.js"), "{text}");
        assert!(!text.contains(['\x1b', '\x07', '\u{202e}']), "{text}");
    }

    #[test]
    fn what_github_does_not_show_is_counted() {
        let mut report = sample::report();
        let one = report.findings[0].clone();
        report.findings = vec![one; 11];
        assert!(
            text(&report)
                .lines()
                .last()
                .unwrap()
                .starts_with("::notice::11 errors and 0 warnings")
        );
        report.findings.truncate(10);
        assert!(!text(&report).contains("GitHub shows"));
    }
}
