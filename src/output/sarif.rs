//! SARIF 2.1.0, for code scanning.
//!
//! Paths are those of the repository, escaped and relative. Columns are code points, and say so. Our fingerprint
//! stands under a key of its own: GitHub computes one of lines itself, and keeps both apart. What was not read is a
//! notification, so that a short list of results is not taken for a clean repository. No text of a file is in it.

use super::wording::{self, in_repository};
use super::{Context, RuleText};
use crate::finding::{Edit, Finding, Fix, FlowStep, Range, Report, Safety};
use crate::rules::model::Level;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative paths are relative to: the root of the repository.
const BASE: &str = "SRCROOT";

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [run(report, context)],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn run(report: &Report, context: &Context) -> Value {
    let findings: Vec<&Finding> = wording::shown(report, context).collect();
    let rules = rules(&findings, context);
    let index: BTreeMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(index, (id, _))| (*id, index))
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(finding, report, &index))
        .collect();
    let failed = report
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    let mut run = json!({
        "tool": { "driver": {
            "name": "authshift",
            "version": context.version,
            "semanticVersion": context.version,
            "rules": rules.into_iter().map(|(_, rule)| rule).collect::<Vec<_>>(),
            "notifications": [
                { "id": "not-read", "shortDescription": { "text": "A file was not read, or only in part." } },
                { "id": "run", "shortDescription": { "text": "Something about the run." } },
            ],
        } },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { BASE: { "description": { "text": "The root of the repository." } } },
        "invocations": [{
            "executionSuccessful": !failed,
            "toolExecutionNotifications": notifications(report, context),
        }],
        "results": results,
        "properties": {
            "today": context.today,
            "filesRead": report.coverage.files_read,
            "suppressed": report.gate.suppressed.len(),
            "known": report.gate.baseline.as_ref().map(|known| known.known),
        },
    });
    let revision = &context.revision;
    if let Some(repository) = &revision.repository
        && is_uri(repository)
    {
        let mut provenance = json!({ "repositoryUri": repository });
        if let Some(commit) = &revision.commit {
            provenance["revisionId"] = json!(commit);
        }
        run["versionControlProvenance"] = json!([provenance]);
    }
    run
}

fn is_uri(address: &str) -> bool {
    ["https://", "http://", "ssh://", "git://"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
}

/// Every rule of the program, so that it is seen what was looked for, and those of the findings that it lacks.
fn rules<'r>(findings: &[&'r Finding], context: &'r Context) -> Vec<(&'r str, Value)> {
    let mut deadlines: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for finding in findings {
        let of_rule = deadlines.entry(&finding.rule).or_default();
        if let Some(deadline) = &finding.deadline {
            let product = finding.product.as_deref().unwrap_or("zoho");
            of_rule.insert((product, &deadline.date));
        }
    }
    let mut rules: Vec<(&str, Value)> = context
        .rules
        .iter()
        .map(|rule| {
            let dates = deadlines.get(rule.id.as_str());
            (rule.id.as_str(), described(rule, dates, context))
        })
        .collect();
    for id in deadlines.keys() {
        if !context.rules.iter().any(|rule| rule.id == *id) {
            rules.push((id, json!({ "id": id })));
        }
    }
    rules
}

fn described(rule: &RuleText, dates: Option<&BTreeSet<(&str, &str)>>, context: &Context) -> Value {
    let dates: Vec<(&str, &str)> = dates.into_iter().flatten().copied().collect();
    let mut text = format!("{}\n\n{}", rule.why, plain(&rule.help));
    let mut markdown = format!("{}\n\n{}\n", rule.why, plain(&rule.help));
    if !dates.is_empty() {
        let named: Vec<String> = dates
            .iter()
            .map(|(product, date)| format!("{} {date}", context.product_name(Some(product))))
            .collect();
        text.push_str(&format!("\n\nDates: {}.", named.join(", ")));
        markdown.push_str("\n| Product | Date |\n|---|---|\n");
        for (product, date) in &dates {
            let name = context.product_name(Some(product));
            markdown.push_str(&format!("| {name} | {date} |\n"));
        }
    }
    let mut properties = Map::new();
    properties.insert(
        "tags".to_owned(),
        json!(["security", "authentication", "zoho"]),
    );
    properties.insert("problem.severity".to_owned(), json!(severity(rule.level)));
    let deadlines: Map<String, Value> = dates
        .iter()
        .map(|(product, date)| ((*product).to_owned(), json!(date)))
        .collect();
    if !deadlines.is_empty() {
        properties.insert("deadlines".to_owned(), Value::Object(deadlines));
    }
    let mut value = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": wording::level_name(rule.level) },
        "properties": properties,
    });
    if let Some(source) = rule.sources.iter().find(|source| is_uri(source)) {
        value["helpUri"] = json!(source);
    }
    value
}

/// The text of a rule without the places that findings fill in.
fn plain(text: &str) -> String {
    text.replace("{product}", "Zoho")
        .replace("{host}", "Zoho")
        .replace("{name}", "authtoken")
        .replace("{scheme}", "Zoho-authtoken")
        .replace("{successor}", "its successor")
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    }
}

fn result(finding: &Finding, report: &Report, index: &BTreeMap<&str, usize>) -> Value {
    let mut properties = json!({
        "confidence": format!("{:?}", finding.confidence).to_lowercase(),
        "product": finding.product,
        "pathClass": format!("{:?}", finding.path_class).to_lowercase(),
    });
    if let Some(deadline) = &finding.deadline {
        properties["deadline"] = json!(deadline.date);
        properties["daysOverdue"] = json!(deadline.days_overdue);
    }
    if !finding.scopes.is_empty() {
        properties["scopes"] = json!(finding.scopes);
    }
    if let Some(center) = &finding.data_center {
        properties["dataCenter"] = json!(center);
    }
    let message = format!("{}. {}", wording::message(finding, report), finding.help);
    let mut result = json!({
        "ruleId": finding.rule,
        "level": wording::level_name(finding.level),
        "message": { "text": message },
        "locations": [{ "physicalLocation": place(&finding.path, finding.range, report) }],
        "partialFingerprints": { "authshift/v1": finding.fingerprint },
        "properties": properties,
    });
    if let Some(index) = index.get(finding.rule.as_str()) {
        result["ruleIndex"] = json!(index);
    }
    if report.gate.baseline.is_some() {
        result["baselineState"] = json!("new");
    }
    if !finding.flow.is_empty() {
        result["codeFlows"] = json!([code_flow(finding, report)]);
        result["relatedLocations"] = finding
            .flow
            .iter()
            .enumerate()
            .map(|(id, step)| {
                let mut location = step_location(step, report);
                location["id"] = json!(id + 1);
                location
            })
            .collect();
    }
    if let Some(fix) = finding.fix.as_ref().and_then(|fix| of_fix(fix, report)) {
        result["fixes"] = json!([fix]);
    }
    result
}

fn step_location(step: &FlowStep, report: &Report) -> Value {
    json!({
        "physicalLocation": place(&step.path, step.range, report),
        "message": { "text": step.role },
    })
}

/// The way of the token, and at its end the finding.
fn code_flow(finding: &Finding, report: &Report) -> Value {
    let mut locations: Vec<Value> = finding
        .flow
        .iter()
        .map(|step| json!({ "location": step_location(step, report) }))
        .collect();
    locations.push(json!({ "location": {
        "physicalLocation": place(&finding.path, finding.range, report),
        "message": { "text": finding.message },
    } }));
    json!({ "threadFlows": [{ "locations": locations }] })
}

fn of_fix(fix: &Fix, report: &Report) -> Option<Value> {
    if fix.safety == Safety::Display || fix.edits.is_empty() {
        return None;
    }
    let mut by_path: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        by_path.entry(&edit.path).or_default().push(edit);
    }
    let mut changes = Vec::new();
    for (path, edits) in by_path {
        let replacements: Vec<Value> = edits
            .into_iter()
            .map(|edit| {
                json!({
                    "deletedRegion": region(edit.range),
                    "insertedContent": { "text": edit.text },
                })
            })
            .collect();
        changes.push(json!({
            "artifactLocation": artifact(path, report),
            "replacements": replacements,
        }));
    }
    for create in &fix.creates {
        changes.push(json!({
            "artifactLocation": artifact(&create.path, report),
            "replacements": [{
                "deletedRegion": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 },
                "insertedContent": { "text": create.text },
            }],
        }));
    }
    let review = match fix.safety {
        Safety::Unsafe => " (a person has to review it)",
        _ => "",
    };
    Some(json!({
        "description": { "text": format!("{}{review}", fix.title) },
        "artifactChanges": changes,
    }))
}

fn place(path: &str, range: Range, report: &Report) -> Value {
    json!({
        "artifactLocation": artifact(path, report),
        "region": region(range),
    })
}

fn region(range: Range) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
    })
}

fn artifact(path: &str, report: &Report) -> Value {
    let path = in_repository(path, report);
    match path.strip_prefix('/') {
        // Outside of the repository.
        Some(rest) => json!({ "uri": format!("file:///{}", escaped(rest)) }),
        None => json!({ "uri": escaped(&path), "uriBaseId": BASE }),
    }
}

/// A path as part of a URI: everything but letters, digits and a few signs is written with `%`.
fn escaped(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn notifications(report: &Report, context: &Context) -> Vec<Value> {
    wording::remarks(report, context.verbose)
        .into_iter()
        .map(|remark| {
            let id = if remark.is_coverage {
                "not-read"
            } else {
                "run"
            };
            let mut value = json!({
                "descriptor": { "id": id },
                "level": wording::level_name(remark.level),
                "message": { "text": remark.text },
            });
            if let Some(path) = &remark.path {
                let mut location = json!({ "artifactLocation": artifact(path, report) });
                if let Some(line) = remark.line {
                    location["region"] = json!({ "startLine": line });
                }
                value["locations"] = json!([{ "physicalLocation": location }]);
            }
            value
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::scan::revision::Revision;

    fn log_with(report: &Report, context: &Context) -> Value {
        let mut out = Vec::new();
        write(report, context, &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    fn log(report: &Report) -> Value {
        log_with(report, &sample::context())
    }

    fn validator() -> jsonschema::Validator {
        let schema: Value =
            serde_json::from_str(include_str!("../../tests/schemas/sarif-schema-2.1.0.json"))
                .unwrap();
        jsonschema::validator_for(&schema).unwrap()
    }

    fn errors(log: &Value) -> Vec<String> {
        validator()
            .iter_errors(log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    #[test]
    fn it_fits_the_schema_of_oasis() {
        let context = Context {
            show_notes: true,
            revision: Revision {
                repository: Some("https://example.org/a/b".to_owned()),
                commit: Some("0123abcd".to_owned()),
            },
            ..sample::context()
        };
        let mut report = sample::report();
        let range = report.findings[0].range;
        let fix = report.findings.iter_mut().find_map(|one| one.fix.as_mut());
        fix.unwrap().edits[0].range = range;
        report.gate.baseline = Some(Default::default());
        let whole = log_with(&report, &context);
        assert_eq!(errors(&whole), Vec::<String>::new());
        let run = &whole["runs"][0];
        assert_eq!(run["results"].as_array().unwrap().len(), 8);
        let text = whole.to_string();
        for part in [
            "codeFlows",
            "fixes",
            "baselineState",
            "versionControlProvenance",
            "deadlines",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(errors(&log(&Report::default())), Vec::<String>::new());
    }

    #[test]
    fn the_schema_refuses_what_is_wrong() {
        for (pointer, wrong) in [
            ("/runs/0/columnKind", json!("bytes")),
            ("/runs/0/results/0/level", json!("fatal")),
            (
                "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
                json!(0),
            ),
            ("/runs/0/results/0/message", json!("text")),
        ] {
            let mut log = log(&sample::report());
            *log.pointer_mut(pointer).unwrap() = wrong;
            assert!(!errors(&log).is_empty(), "{pointer}");
        }
    }

    #[test]
    fn rules_findings_and_their_order_belong_together() {
        let report = sample::report();
        let log = log(&report);
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        let shown: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.level > Level::Note)
            .collect();
        for (result, finding) in results.iter().zip(&shown) {
            let index = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert_eq!(
                result["partialFingerprints"]["authshift/v1"],
                finding.fingerprint
            );
        }
        assert_eq!(results.len(), shown.len());
        let header = rules
            .iter()
            .find(|rule| rule["id"] == "authtoken-header")
            .unwrap();
        assert_eq!(header["properties"]["deadlines"]["desk"], "2020-11-30");
        assert!(
            header["help"]["markdown"]
                .as_str()
                .unwrap()
                .contains("| Zoho Desk | 2020-11-30 |")
        );
    }

    #[test]
    fn paths_are_relative_to_the_repository_and_escaped() {
        let mut report = sample::report();
        report.repository_prefix = "sub/".to_owned();
        report.findings[0].path = "a b/ü#?%:.js".to_owned();
        report.findings[1].path = "/elsewhere/x.js".to_owned();
        let log = log(&report);
        let uri = |index: usize| {
            let result = &log["runs"][0]["results"][index];
            result["locations"][0]["physicalLocation"]["artifactLocation"].clone()
        };
        assert_eq!(uri(0)["uri"], "sub/a%20b/%C3%BC%23%3F%25%3A.js");
        assert_eq!(uri(0)["uriBaseId"], BASE);
        assert_eq!(uri(1)["uri"], "file:///elsewhere/x.js");
        assert_eq!(uri(1).get("uriBaseId"), None);
    }

    #[test]
    fn what_was_not_read_is_told() {
        let log = log(&sample::report());
        let notifications = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap()
            .clone();
        let unread = notifications
            .iter()
            .filter(|one| one["descriptor"]["id"] == "not-read")
            .count();
        assert_eq!(unread, 9);
    }
}
