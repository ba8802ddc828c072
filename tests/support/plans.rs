//! Migration plans for the tests of the report, and the page that is made of them.

use super::package;
use authshift::output::report::{Context, ReportFormat, write};
use authshift::plan::Plan;
use authshift::plan::model::{Client, EffortCounts, Summary};
use serde_json::Value;
use std::fs;

/// Tries to end an attribute, an element, a script and a comment, and to begin each.
pub const ATTACK: &str = "/\"'-->]]></script></style></pre><script>window.attacked=1;alert(1)</script><img/src=x/onerror=alert(2)>{{7*7}}&lt;\u{202e}";

/// As it may be for a web shop with its Deluge functions: a couple of everything.
pub fn plan() -> Plan {
    serde_json::from_value(json()).unwrap()
}

pub fn json() -> Value {
    let path = package().join("tests/report_page.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Nothing was found.
pub fn empty() -> Plan {
    Plan {
        summary: Summary::default(),
        products: Vec::new(),
        clients: Vec::<Client>::new(),
        credentials: Vec::new(),
        history: Vec::new(),
        gaps: Vec::new(),
        sources: Vec::new(),
        ..plan()
    }
}

/// The attack at the end of every text that can hold one. Where it would be no plan any more, the text stays as it
/// is. To `keep_shape`, so do dates, which are drawn, and empty texts, which stand for nothing.
pub fn hostile(keep_shape: bool) -> Plan {
    let mut json = json();
    let mut paths = Vec::new();
    collect(&json, String::new(), &mut paths);
    let mut changed = 0;
    for path in paths {
        let Some(Value::String(text)) = json.pointer(&path).cloned() else {
            continue;
        };
        if keep_shape && (is_date(&text) || text.is_empty()) {
            continue;
        }
        let place = json.pointer_mut(&path).unwrap();
        *place = Value::String(format!("{text}{ATTACK}"));
        if serde_json::from_value::<Plan>(json.clone()).is_ok() {
            changed += 1;
        } else {
            *json.pointer_mut(&path).unwrap() = Value::String(text);
        }
    }
    assert!(changed > 300, "{changed}");
    serde_json::from_value(json).unwrap()
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Pointers to all texts.
fn collect(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::String(_) => paths.push(path),
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                collect(value, format!("{path}/{index}"), paths);
            }
        }
        Value::Object(values) => {
            for (name, value) in values {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{path}/{name}"), paths);
            }
        }
        _ => {}
    }
}

/// So many findings, in files of ten, like those of [`plan`].
pub fn large(findings: usize) -> Plan {
    let mut plan = plan();
    let mut summary = Summary {
        findings: 0,
        effort: EffortCounts::default(),
        ..plan.summary.clone()
    };
    let open = plan
        .products
        .iter()
        .filter(|product| product.errors > 0)
        .count();
    for product in &mut plan.products {
        if product.errors == 0 {
            continue;
        }
        let samples = std::mem::take(&mut product.files);
        let models: Vec<_> = samples
            .iter()
            .flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
            .collect();
        product.errors = 0;
        product.warnings = 0;
        product.effort = EffortCounts::default();
        for number in 0..findings.div_ceil(10 * open) {
            let (file, _) = models[number % models.len()];
            let mut file = file.clone();
            file.path = format!("module-{number}/{}", file.path);
            file.findings.clear();
            for line in 0..10 {
                let (_, finding) = models[(number + line) % models.len()];
                let mut finding = finding.clone();
                finding.line = 10 + 20 * line as u32;
                finding.fingerprint = format!("v1:{number:08}{line:08}");
                product.errors += 1;
                product.effort.add(finding.effort);
                summary.findings += 1;
                summary.effort.add(finding.effort);
                file.findings.push(finding);
            }
            product.files.push(file);
        }
    }
    summary.errors = summary.findings;
    summary.warnings = 0;
    plan.summary = summary;
    plan
}

/// The report as a page.
pub fn page(plan: &Plan) -> String {
    let mut out = Vec::new();
    write(ReportFormat::Html, plan, Context::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
