//! JUnit's XML: one test case for each finding, and one for what was read. Every CI system shows it.

use super::Context;
use super::wording::{self, in_repository, level_name};
use crate::finding::Report;
use crate::rules::model::Level;
use std::io::{self, Write};

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<_> = wording::shown(report, context).collect();
    let remarks = wording::remarks(report, context.verbose);
    let unread = remarks.iter().filter(|remark| remark.is_coverage).count();
    // A note is no failure.
    let failures = findings
        .iter()
        .filter(|finding| finding.level > Level::Note)
        .count();
    let tests = findings.len() + 1;
    let skipped = usize::from(unread > 0);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"authshift\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )?;
    writeln!(
        out,
        "  <testsuite name=\"authshift\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\">"
    )?;
    for finding in findings {
        let path = in_repository(&finding.path, report);
        let start = finding.range.start;
        let name = format!("{} at line {}", finding.rule, start.line);
        writeln!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">",
            escaped(&path),
            escaped(&name),
        )?;
        let message = wording::message(finding, report);
        let body = format!(
            "{path}:{}:{}: {}[{}]: {message}\n{}",
            start.line,
            start.column,
            level_name(finding.level),
            finding.rule,
            finding.help,
        );
        if finding.level > Level::Note {
            writeln!(
                out,
                "      <failure message=\"{}\" type=\"{}\">{}</failure>",
                escaped(&message),
                escaped(&finding.rule),
                escaped(&body),
            )?;
        } else {
            writeln!(out, "      <system-out>{}</system-out>", escaped(&body))?;
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(
        out,
        "    <testcase classname=\"authshift\" name=\"{} read\" time=\"0\">",
        wording::count(report.coverage.files_read, "file"),
    )?;
    if unread > 0 {
        let text = format!(
            "{} not read, or only in part",
            wording::count(unread as u64, "file")
        );
        writeln!(out, "      <skipped message=\"{}\"/>", escaped(&text))?;
    }
    if !remarks.is_empty() {
        let lines: Vec<String> = remarks
            .iter()
            .map(|remark| {
                let path = remark.path.as_deref().map_or(String::new(), |path| {
                    format!("{}: ", in_repository(path, report))
                });
                format!("{}: {path}{}", level_name(remark.level), remark.text)
            })
            .collect();
        writeln!(
            out,
            "      <system-out>{}</system-out>",
            escaped(&lines.join("\n"))
        )?;
    }
    writeln!(out, "    </testcase>")?;
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// For text and for attributes between double quotes. What XML cannot hold at all is shown as a sign.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    fn text(report: &Report) -> String {
        let mut out = Vec::new();
        write(report, &sample::context(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// How often each element stands there; panics on what is no XML.
    fn elements(text: &str) -> Vec<String> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut found = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) | Event::Empty(start) => {
                    for attribute in start.attributes() {
                        attribute.unwrap();
                    }
                    found.push(start.name().as_ref().to_owned());
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn the_report_reads_well() {
        insta::assert_snapshot!(text(&sample::report()));
    }

    #[test]
    fn the_numbers_are_those_of_the_cases() {
        let text = text(&sample::report());
        let elements = elements(&text);
        let count = |name: &str| elements.iter().filter(|element| *element == name).count();
        assert_eq!(
            (count("testcase"), count("failure"), count("skipped")),
            (8, 7, 1)
        );
        assert!(text.contains("tests=\"8\" failures=\"7\""));
    }

    #[test]
    fn a_clean_run_is_one_case_that_passed() {
        let text = text(&Report::default());
        assert_eq!(elements(&text), ["testsuites", "testsuite", "testcase"]);
    }

    #[test]
    fn odd_names_and_messages_are_still_xml() {
        let mut report = sample::report();
        report.findings[0].path = "a\"b<c>&\u{1}\n]]>.js".to_owned();
        report.findings[0].message = "\u{ffff}'<!--".to_owned();
        assert_eq!(
            elements(&text(&report)).len(),
            elements(&text(&sample::report())).len()
        );
    }
}
