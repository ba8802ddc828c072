//! The report for people: findings by product, the most overdue first, each with the lines it is about.
//!
//! Says everything once: the deadline in the heading of its product, a help text at its first finding.

mod closing;
mod deadline;
mod gate;
mod paint;
mod picture;

use super::Context;
use crate::finding::excerpt::one_line;
use crate::finding::{Confidence, Finding, FindingDeadline, FlowStep, PathClass, Report, Safety};
use crate::rules::model::Level;
use paint::{Paint, level_name, wrap};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// So many places of a token's way are told for one finding.
const MOST_STEPS: usize = 6;

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    let paint = Paint {
        color: context.color,
    };
    for group in groups(report, context) {
        heading(&mut text, &group, context, paint);
        let mut told = BTreeSet::new();
        for finding in &group.findings {
            one(&mut text, finding, &mut told, context, paint);
            text.push('\n');
        }
        // What was rendered leaves at once: a report of a large tree is longer than it should be in memory.
        flush(&mut text, context, out)?;
    }
    closing::write(&mut text, report, context, paint);
    flush(&mut text, context, out)
}

fn flush(text: &mut String, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    if context.unicode {
        out.write_all(text.as_bytes())?;
    } else {
        out.write_all(paint::to_ascii(text).as_bytes())?;
    }
    text.clear();
    Ok(())
}

/// Findings of one product and deadline. Two products may have the same date, and then take turns in the
/// order of the report; people want to read about one after the other.
struct Group<'r> {
    product: Option<&'r str>,
    deadline: Option<&'r FindingDeadline>,
    findings: Vec<&'r Finding>,
}

fn groups<'r>(report: &'r Report, context: &Context) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let date = |deadline: Option<&'r FindingDeadline>| deadline.map(|known| known.date.as_str());
    for finding in &report.findings {
        if finding.level == Level::Note && !context.show_notes {
            continue;
        }
        let product = finding.product.as_deref();
        let deadline = finding.deadline.as_ref();
        let same = groups
            .iter_mut()
            .find(|group| group.product == product && date(group.deadline) == date(deadline));
        match same {
            Some(group) => group.findings.push(finding),
            None => groups.push(Group {
                product,
                deadline,
                findings: vec![finding],
            }),
        }
    }
    groups
}

fn heading(text: &mut String, group: &Group<'_>, context: &Context, paint: Paint) {
    let name = context.product_name(group.product);
    let sentence = deadline::sentence(group.deadline);
    let joint = if group.deadline.is_some() {
        " "
    } else {
        " · "
    };
    text.push_str(&paint.bold(name));
    text.push_str(joint);
    text.push_str(&sentence);
    text.push_str("\n\n");
}

fn one<'f>(
    text: &mut String,
    finding: &'f Finding,
    told: &mut BTreeSet<&'f str>,
    context: &Context,
    paint: Paint,
) {
    let prefix = format!("{}[{}]", level_name(finding.level), finding.rule);
    let indent = prefix.chars().count().min(10);
    let message = wrap(
        &one_line(&finding.message),
        context.width,
        prefix.chars().count() + 2,
        indent,
    );
    text.push_str(&paint.level(finding.level, &prefix));
    text.push_str(": ");
    text.push_str(&paint.bold(&message));
    let remarks = remarks(finding);
    if !remarks.is_empty() {
        text.push_str(&paint.dim(&format!(" ({})", remarks.join(", "))));
    }
    text.push('\n');

    let style = picture::Style {
        color: context.color,
        unicode: context.unicode,
    };
    let picture = picture::draw(finding, &one_line(&finding.path), &style);
    text.push_str(&picture.text);
    for step in picture.elsewhere.iter().take(MOST_STEPS) {
        text.push_str(&format!("  {}\n", step_sentence(step)));
    }
    if let Some(more) = picture.elsewhere.len().checked_sub(MOST_STEPS)
        && more > 0
    {
        text.push_str(&format!("  and {more} more on the way\n"));
    }

    let mut line = |name: &str, content: &str| {
        let used = name.len() + 4;
        let content = wrap(&one_line(content), context.width, used, used);
        text.push_str(&format!("  {}: {content}\n", paint.help(name)));
    };
    if let Some(end) = finding.deadline.as_ref().and_then(deadline::api_end) {
        line("note", &end);
    }
    if let Some(credential) = &finding.credential
        && credential.tracked == Some(true)
    {
        let mask = &credential.mask;
        line(
            "note",
            &format!("git tracks {mask}, so it stays in the history: revoke it"),
        );
    }
    if !finding.scopes.is_empty() {
        line("scopes", &finding.scopes.join(", "));
    }
    if !finding.help.is_empty() && told.insert(&finding.help) {
        line("help", &finding.help);
    }
    if let Some(fix) = &finding.fix {
        let how = match fix.safety {
            Safety::Safe => "",
            Safety::Unsafe => " (needs a review)",
            Safety::Display => " (by hand)",
        };
        // One reason holds for many places; it is told at the first.
        let reason = match fix.reason.as_deref() {
            Some(reason) if told.insert(reason) => format!(": {reason}"),
            _ => String::new(),
        };
        line("fix", &format!("{}{how}{reason}", fix.title));
    }
}

/// What makes a finding less than certain or less than urgent.
fn remarks(finding: &Finding) -> Vec<&'static str> {
    let confidence = match finding.confidence {
        Confidence::High => None,
        Confidence::Medium => Some("medium confidence"),
        Confidence::Low => Some("low confidence"),
    };
    let class = match finding.path_class {
        PathClass::Production => None,
        PathClass::Test => Some("test code"),
        PathClass::Docs => Some("documentation"),
        PathClass::Generated => Some("generated code"),
        PathClass::Vendored => Some("vendored code"),
    };
    confidence.into_iter().chain(class).collect()
}

/// `token defined at src/config.js:4:10`.
fn step_sentence(step: &FlowStep) -> String {
    let role = one_line(&step.role);
    let role = role.strip_suffix(" here").unwrap_or(&role);
    let start = step.range.start;
    let path = one_line(&step.path);
    format!("{role} at {path}:{}:{}", start.line, start.column)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rendered(report: &Report, context: &Context) -> String {
        let mut out = Vec::new();
        write(report, context, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_report_reads_well() {
        insta::assert_snapshot!(rendered(&sample::report(), &sample::context()));
    }

    #[test]
    fn notes_are_shown_on_request_and_ascii_is_enough() {
        let mut report = sample::report();
        report
            .findings
            .retain(|finding| finding.level != Level::Error);
        let mut context = sample::context();
        context.show_notes = true;
        context.unicode = false;
        context.width = 60;
        let text = rendered(&report, &context);
        assert!(!text.contains(['│', '•', '·', '…']));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let mut context = sample::context();
        let plain = rendered(&sample::report(), &context);
        context.color = true;
        let colored = rendered(&sample::report(), &context);
        let codes = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
        assert!(colored.contains("\x1b[1;31merror[authtoken-header]\x1b[0m"));
        assert_eq!(codes.replace_all(&colored, ""), plain);
    }

    #[test]
    fn products_with_the_same_date_are_not_mixed() {
        let text = rendered(&sample::report(), &sample::context());
        let headings: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("Zoho") && line.contains("overdue"))
            .collect();
        assert_eq!(headings.len(), 3, "{headings:?}");
    }

    #[test]
    fn nothing_found_is_said_with_what_was_read() {
        let mut report = sample::report();
        report.findings.clear();
        report.diagnostics.clear();
        report.coverage.too_large.clear();
        report.coverage.unreadable.clear();
        report.coverage.partly_read.clear();
        report.coverage.other_languages.clear();
        report.coverage.binary = 0;
        insta::assert_snapshot!(rendered(&report, &sample::context()), @r"
        No authtokens found.
        Read 1,204 files (8.2 MB), 31 of them in full syntax.
        ");
    }

    #[test]
    fn nothing_scanned_is_said_with_a_reason() {
        let mut report = sample::report();
        report.findings.clear();
        report.diagnostics.clear();
        report.coverage = Default::default();
        let empty = rendered(&report, &sample::context());
        report.coverage.files_seen = 3;
        report.coverage.binary = 2;
        report.coverage.too_large = vec!["big.sql".to_owned()];
        let skipped = rendered(&report, &sample::context());
        insta::assert_snapshot!(format!("{empty}---\n{skipped}"), @r"
        Nothing was scanned: there is no file under . that is not ignored.
        Files that .gitignore or .ignore leave out are read when they are named.
        ---
        Nothing was read: every file was skipped.
        Skipped: 1 too large (big.sql), 2 binary.
        ");
    }

    #[test]
    fn quiet_leaves_the_findings_only() {
        let mut context = sample::context();
        context.quiet = true;
        let text = rendered(&sample::report(), &context);
        assert!(text.contains("error[authtoken-header]"));
        assert!(!text.contains("Read 1,204"));
    }
}
