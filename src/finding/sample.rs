//! Hand-made findings for the tests of everything that shows or orders findings.

use super::*;
use std::ops::Range as Bytes;

pub fn position(line: u32, column: u32, offset: u64) -> Position {
    Position {
        line,
        column,
        offset,
        byte_column: column,
    }
}

pub fn deadline(date: &str, days_overdue: i64) -> FindingDeadline {
    FindingDeadline {
        date: date.to_owned(),
        no_new_tokens: Some(date.to_owned()),
        stops_working: None,
        api_end: None,
        days_overdue,
        source:
            "https://help.zoho.com/portal/en/community/topic/deprecating-support-for-authtokens"
                .to_owned(),
    }
}

pub fn finding(rule: &str, path: &str, line: u32, column: u32) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level: Level::Error,
        confidence: Confidence::High,
        product: Some("desk".to_owned()),
        path: path.to_owned(),
        range: Range {
            start: position(line, column, 0),
            end: position(line, column + 1, 1),
        },
        message: "Zoho Desk no longer takes authtokens".to_owned(),
        help: "Send `Zoho-oauthtoken` with an OAuth access token.".to_owned(),
        path_class: PathClass::Production,
        language: "java".to_owned(),
        deadline: Some(deadline("2020-11-30", 2184)),
        scopes: Vec::new(),
        data_center: None,
        flow: Vec::new(),
        fix: None,
        fingerprint: String::new(),
        credential: None,
        identity: Identity::default(),
        excerpt: Excerpt::default(),
    }
}

/// A finding at `what` in the text of a file, with its excerpt and the flow steps `steps` (text, role).
pub fn finding_in(
    rule: &str,
    path: &str,
    text: &str,
    what: &str,
    steps: &[(&str, &str)],
) -> Finding {
    let mut finding = finding(rule, path, 1, 1);
    let span = find(text, what);
    finding.range = range(text, &span);
    let mut labels = Vec::new();
    for (step, role) in steps {
        let step = find(text, step);
        finding.flow.push(FlowStep {
            path: path.to_owned(),
            range: range(text, &step),
            role: (*role).to_owned(),
        });
        labels.push((step, (*role).to_owned()));
    }
    finding.excerpt = excerpt::make(text, span, finding.range.start, &labels, &[]);
    finding
}

fn find(text: &str, what: &str) -> Bytes<usize> {
    let start = text.find(what).unwrap();
    start..start + what.len()
}

fn range(text: &str, bytes: &Bytes<usize>) -> Range {
    let place = |at: usize| {
        let before = &text[..at];
        let line = before.rsplit('\n').next().unwrap();
        Position {
            byte_column: line.len() as u32 + 1,
            ..position(
                before.matches('\n').count() as u32 + 1,
                line.chars().count() as u32 + 1,
                at as u64,
            )
        }
    };
    Range {
        start: place(bytes.start),
        end: place(bytes.end),
    }
}
