//! Every rule keeps the promises of its own page: its hits are found by it, its near misses are not.

#![allow(clippy::unwrap_used)]

mod support;

use authshift::pipeline::{Engine, Library};
use authshift::rules::model::{Example, ExampleKind};
use support::report::report_of;
use support::tree::Tree;

/// The name under which an example without one lies in the tree.
fn path_of(example: &Example) -> Result<String, String> {
    if let Some(path) = &example.path {
        return Ok(path.clone());
    }
    let path = match example.language.as_str() {
        "java" => "src/Example.java",
        "javascript" => "src/example.js",
        "typescript" => "src/example.ts",
        "rust" => "src/example.rs",
        "deluge" => "example.deluge",
        "json" => "config.json",
        "yaml" => "config.yml",
        "toml" => "config.toml",
        "xml" => "config.xml",
        "dotenv" => ".env",
        "properties" => "application.properties",
        "ini" => "settings.ini",
        "markdown" => "README.md",
        "html" => "index.html",
        other => return Err(format!("no file name for an example in {other}")),
    };
    Ok(path.to_owned())
}

/// Why the program does not keep the promise of an example.
fn broken(rule: &str, example: &Example) -> Result<(), String> {
    let tree = Tree::new();
    tree.write(&path_of(example)?, &example.code);
    let report = report_of(tree.root(), &[])?;
    let all: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    let of_rule = || report.findings.iter().filter(|one| one.rule == rule);
    match example.kind {
        ExampleKind::Hit if of_rule().next().is_none() => {
            Err(format!("a hit is not found; found: {all:?}"))
        }
        ExampleKind::NearMiss if of_rule().any(|one| !one.is_note()) => {
            Err(format!("a near miss is found: {all:?}"))
        }
        _ => Ok(()),
    }
}

#[test]
fn hits_are_found_and_near_misses_are_not() {
    let rules = Library.rules(None).unwrap();
    let mut failures = Vec::new();
    for rule in &rules.detections {
        for (index, example) in rule.example.iter().enumerate() {
            if let Err(error) = broken(&rule.id, example) {
                let number = index + 1;
                let language = &example.language;
                failures.push(format!(
                    "{} example {number} ({language}): {error}",
                    rule.id
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} examples:\n  {}",
        failures.len(),
        failures.join("\n  ")
    );
}

#[test]
fn every_rule_has_hits_and_near_misses() {
    for rule in Library.rules(None).unwrap().detections {
        for kind in [ExampleKind::Hit, ExampleKind::NearMiss] {
            let has = rule.example.iter().any(|example| example.kind == kind);
            assert!(has, "{} has no example of kind {kind:?}", rule.id);
        }
    }
}
