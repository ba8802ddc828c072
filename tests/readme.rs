//! The table of rules in the README is the one that the rules make.
//!
//! `README=write cargo test --test readme` writes it anew.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use support::package;

const BEGIN: &str = "<!-- rules: written by `README=write cargo test --test readme` -->\n";
const END: &str = "<!-- end of rules -->";

fn table() -> String {
    let rules = authshift::rules::load(None).unwrap();
    let mut table = String::from("| rule | level | what it finds |\n|---|---|---|\n");
    for rule in &rules.detections {
        let level = format!("{:?}", rule.level).to_lowercase();
        let summary = rule.summary.replace('|', "\\|");
        table.push_str(&format!("| `{}` | {level} | {summary} |\n", rule.id));
    }
    table
}

#[test]
fn the_readme_has_the_rules_that_there_are() {
    let path = package().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let start = text.find(BEGIN).unwrap() + BEGIN.len();
    let end = start + text[start..].find(END).unwrap();
    if std::env::var("README").as_deref() == Ok("write") {
        let written = format!("{}{}{}", &text[..start], table(), &text[end..]);
        fs::write(&path, written).unwrap();
        return;
    }
    assert_eq!(
        &text[start..end],
        table(),
        "the table is out of date: run this test with README=write"
    );
}
