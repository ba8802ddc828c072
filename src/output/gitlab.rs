//! GitLab's Code Quality report: a JSON array that a job keeps as an artifact.
//!
//! GitLab tells findings apart by their fingerprint alone; ours are unique within a report.

use super::Context;
use super::wording::{self, in_repository};
use crate::finding::{Finding, Report};
use crate::rules::model::Level;
use serde_json::{Value, json};
use std::io::{self, Write};

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Value> = wording::shown(report, context)
        .map(|finding| issue(finding, report))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

fn issue(finding: &Finding, report: &Report) -> Value {
    json!({
        "type": "issue",
        "check_name": finding.rule,
        "description": wording::message(finding, report),
        "content": { "body": finding.help },
        "categories": ["Security"],
        "severity": severity(finding),
        "fingerprint": finding.fingerprint,
        "location": {
            "path": in_repository(&finding.path, report),
            "lines": { "begin": finding.range.start.line, "end": finding.range.end.line },
        },
    })
}

fn severity(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Error => "critical",
        Level::Warning => "major",
        Level::Note => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use std::collections::BTreeSet;

    fn issues(report: &Report) -> Vec<Value> {
        let mut out = Vec::new();
        write(report, &sample::context(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn every_issue_has_what_gitlab_asks_for_and_a_fingerprint_of_its_own() {
        let report = sample::report();
        let issues = issues(&report);
        assert_eq!(issues.len(), 7);
        let mut fingerprints = BTreeSet::new();
        for issue in &issues {
            for field in ["description", "check_name", "fingerprint", "severity"] {
                assert!(!issue[field].as_str().unwrap().is_empty(), "{field}");
            }
            let severities = ["info", "minor", "major", "critical", "blocker"];
            assert!(severities.contains(&issue["severity"].as_str().unwrap()));
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
            let path = issue["location"]["path"].as_str().unwrap();
            assert!(!path.starts_with("./") && !path.starts_with('/'));
            assert!(fingerprints.insert(issue["fingerprint"].to_string()));
        }
    }

    #[test]
    fn a_clean_run_is_an_empty_list() {
        assert_eq!(issues(&Report::default()), Vec::<Value>::new());
    }
}
