//! The same tree gives the same bytes: in every run, and with any number of threads.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use support::cases::cases;
use support::tree::Tree;
use support::{TODAY, arguments, run};

/// All cases side by side, so that there is much to share out and much to sort.
fn all_cases() -> Tree {
    let tree = Tree::new();
    for case in cases() {
        for (path, bytes) in case.files() {
            tree.write(&format!("{}/{path}", case.name), &bytes);
        }
    }
    tree
}

#[test]
fn reports_are_the_same_bytes_in_every_run() {
    let tree = all_cases();
    let json = tree.path("report.out");
    let mut first: Option<(Vec<u8>, Vec<u8>)> = None;
    for threads in ["1", "4", "1", "4"] {
        let output = format!("json={}", json.display());
        let answer = run(arguments(
            &[
                "check",
                "--exit-zero",
                "--show-notes",
                "--verbose",
                "--today",
                TODAY,
                "--threads",
                threads,
                "--output",
                &output,
            ],
            tree.root(),
        ));
        assert_eq!(answer.err(), "");
        let written = fs::read(&json).unwrap();
        fs::remove_file(&json).unwrap();
        assert!(answer.out.len() > 100_000 && written.len() > 100_000);
        let (text, report) = first.get_or_insert((answer.out.clone(), written.clone()));
        assert!(*text == answer.out, "text differs with {threads} threads");
        assert!(*report == written, "JSON differs with {threads} threads");
    }
}

/// Neither where the folder lies nor the order in which its files were made bears on the report.
#[test]
fn a_copy_elsewhere_gives_the_same_findings() {
    let reports = [false, true].map(|backwards| {
        let mut files: Vec<_> = cases()
            .into_iter()
            .filter(|case| case.language() == "java")
            .flat_map(|case| {
                let name = case.name.clone();
                let files = case.files().into_iter();
                files.map(move |(path, bytes)| (format!("{name}/{path}"), bytes))
            })
            .collect();
        if backwards {
            files.reverse();
        }
        let tree = Tree::new();
        for (path, bytes) in files {
            tree.write(&path, &bytes);
        }
        let fixed = ["check", "--exit-zero", "--format", "json", "--today", TODAY];
        run(arguments(&fixed, tree.root())).out()
    });
    assert_eq!(reports[0], reports[1]);
}
