//! What the tests in `tests/e2e.rs` are made of: the table of programs, building them, running them in the namespace,
//! and what a program that works has to do there.

// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

pub mod build;
pub mod checks;
pub mod programs;
pub mod world;

use std::io::Write;
use std::path::{Path, PathBuf};

/// Why a program gave no result.
#[derive(Clone)]
pub enum Problem {
    /// This machine lacks something.
    Skip(String),
    Failed(String),
}

pub type Result<T> = std::result::Result<T, Problem>;

pub fn skip<T>(reason: impl Into<String>) -> Result<T> {
    Err(Problem::Skip(reason.into()))
}

pub fn fail<T>(what: impl Into<String>) -> Result<T> {
    Err(Problem::Failed(what.into()))
}

/// `tests/e2e`.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e")
}

/// `target/e2e`, where everything is built and kept.
pub fn workshop() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("e2e")
}

/// Counts what ran and what did not, says so even when the test passes, and fails for failures: and for skips when
/// `CI=true`, because there everything must have been installed.
pub fn conclude(test: &str, results: Vec<(String, Result<()>)>) {
    let (mut passed, mut skipped, mut failed) = (0, Vec::new(), Vec::new());
    for (name, result) in results {
        match result {
            Ok(()) => passed += 1,
            Err(Problem::Skip(reason)) => skipped.push(format!("{name}: {reason}")),
            Err(Problem::Failed(what)) => failed.push(format!("{name}: {what}")),
        }
    }
    let mut text = format!(
        "e2e {test}: {passed} passed, {} skipped, {} failed\n",
        skipped.len(),
        failed.len()
    );
    for line in &skipped {
        text += &format!("  skipped {line}\n");
    }
    // Not `eprintln!`: the test runner swallows that when a test passes, and a skip must be seen.
    std::io::stderr().write_all(text.as_bytes()).unwrap();
    assert!(failed.is_empty(), "\n\n{}\n", failed.join("\n\n"));
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        !strict || skipped.is_empty(),
        "skipped although CI=true:\n{}",
        skipped.join("\n")
    );
}
