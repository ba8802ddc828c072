//! Every case of `tests/fix/` is fixed as its `after` says, byte for byte.
//!
//! A case is a folder `tests/fix/<language>/<shape>/`:
//! - `before/` is the project; `after/` what becomes of it. Without `after/` nothing may change.
//! - `arguments.txt`, one argument a line, where those of the language do not fit.
//! - `says.txt`: lines that the summary has to hold, each within one line of it.
//! - In `after/` a file that begins with the mark of a helper (`authshift helper: commonjs`) stands for the whole
//!   helper, whose lines end as that line does; further lines in it are lines that the helper has to have.
//!
//! `AUTHSHIFT_FIX=deluge/url cargo test --test fix` runs only the cases that begin so.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use support::tree::{Tree, files_of};
use support::workers::on_all_processors;
use support::{package, run, run_with};

struct Case {
    /// `deluge/url-first-parameter`.
    name: String,
    folder: PathBuf,
}

impl Case {
    fn language(&self) -> &str {
        self.name.split('/').next().unwrap()
    }

    fn lines(&self, file: &str) -> Option<Vec<String>> {
        let text = fs::read_to_string(self.folder.join(file)).ok()?;
        Some(text.lines().map(str::to_owned).collect())
    }

    fn arguments(&self) -> Vec<String> {
        self.lines("arguments.txt")
            .unwrap_or_else(|| match self.language() {
                "deluge" => ["--connection", "zoho_oauth"].map(str::to_owned).to_vec(),
                _ => Vec::new(),
            })
    }

    fn before(&self) -> Vec<(String, Vec<u8>)> {
        files_of(&self.folder.join("before"))
    }

    fn after(&self) -> Vec<(String, Vec<u8>)> {
        let after = self.folder.join("after");
        if after.is_dir() {
            files_of(&after)
        } else {
            self.before()
        }
    }
}

fn cases() -> Vec<Case> {
    let prefix = std::env::var("AUTHSHIFT_FIX").unwrap_or_default();
    let root = package().join("tests/fix");
    let mut cases: Vec<Case> = folders_in(&root)
        .iter()
        .flat_map(|language| folders_in(language))
        .map(|folder| Case {
            name: folder
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/"),
            folder,
        })
        .filter(|case| case.name.starts_with(&prefix))
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!cases.is_empty(), "no case begins with `{prefix}`");
    cases
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}

fn fix(tree: &Tree, case: &Case) -> String {
    let state = Tree::new();
    let arguments = ["fix".to_owned(), "--allow-dirty".to_owned()]
        .into_iter()
        .chain(case.arguments())
        .map(OsString::from)
        .chain([tree.root().as_os_str().to_owned()]);
    let state = state.root().to_str().unwrap();
    let answer = run_with(arguments, &[("HOME", state), ("XDG_STATE_HOME", state)]);
    let error = answer.err();
    assert!(!error.contains("error"), "{error}");
    answer.out()
}

fn tree_of(files: &[(String, Vec<u8>)]) -> Tree {
    let tree = Tree::new();
    for (path, bytes) in files {
        tree.write(path, bytes);
    }
    tree
}

/// What every helper says of itself.
const MARK: &[u8] = b"authshift helper: ";

fn compare(expected: &[(String, Vec<u8>)], tree: &Tree, when: &str) -> Result<(), String> {
    let found = files_of(tree.root());
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    if names(expected) != names(&found) {
        return Err(format!(
            "{when}: the files are {:?}, not {:?}",
            names(&found),
            names(expected)
        ));
    }
    for ((path, wanted), (_, is)) in expected.iter().zip(&found) {
        if wanted.starts_with(MARK) {
            let ends = |bytes: &[u8], end: &[u8]| {
                bytes
                    .windows(end.len())
                    .filter(|window| *window == end)
                    .count()
            };
            let wrong = if ends(wanted, b"\r\n") > 0 {
                ends(is, b"\n") - ends(is, b"\r\n")
            } else {
                ends(is, b"\r")
            };
            if wrong > 0 {
                return Err(format!("{when}: lines of {path} end in another way"));
            }
            let wanted = String::from_utf8_lossy(wanted);
            let is = String::from_utf8_lossy(is);
            if let Some(line) = wanted.lines().find(|line| !is.contains(line.trim())) {
                return Err(format!("{when}: {path} has no line `{line}`"));
            }
            continue;
        }
        if wanted != is {
            return Err(format!(
                "{when}: {path} became\n{}\ninstead of\n{}",
                String::from_utf8_lossy(is).replace('\r', "␍"),
                String::from_utf8_lossy(wanted).replace('\r', "␍"),
            ));
        }
    }
    Ok(())
}

/// How many nodes of a file were not understood.
fn opaque(tree: &Tree, path: &str) -> usize {
    let answer = run([
        "debug".into(),
        "tree".into(),
        tree.path(path).into_os_string(),
    ]);
    answer.out().matches("opaque").count()
}

fn check(case: &Case) -> Result<(), String> {
    let (before, after) = (case.before(), case.after());
    let tree = tree_of(&before);
    let unread: Vec<usize> = before.iter().map(|(path, _)| opaque(&tree, path)).collect();
    let said = fix(&tree, case);
    compare(&after, &tree, "after the fix").map_err(|error| format!("{error}\n{said}"))?;
    for ((path, _), unread) in before.iter().zip(unread) {
        let now = opaque(&tree, path);
        if now > unread {
            return Err(format!(
                "{path}: {now} nodes are not understood, {unread} before"
            ));
        }
    }
    for line in case.lines("says.txt").unwrap_or_default() {
        if !said.contains(&line) {
            return Err(format!("it does not say `{line}`, but\n{said}"));
        }
    }
    fix(&tree, case);
    compare(&after, &tree, "after a second run")
}

#[test]
fn every_case_becomes_what_it_should() {
    let cases = cases();
    let results = on_all_processors(&cases, check);
    let failures: Vec<String> = cases
        .iter()
        .zip(results)
        .filter_map(|(case, result)| {
            let error = result.and_then(|result| result).err()?;
            Some(format!("{}: {error}", case.name))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

/// What holds for every program, whatever its shape: near misses stay as they are, and what was fixed is fixed.
#[test]
fn every_fixture_is_fixed_once_and_for_all() {
    let cases = support::cases::cases();
    let results = on_all_processors(&cases, |case| {
        let tree = case.tree();
        let state = Tree::new();
        let home = state.root().to_str().unwrap();
        let before = files_of(tree.root());
        let fix = || {
            let arguments = ["fix", "--unsafe", "--allow-dirty"].map(OsString::from);
            let arguments = arguments
                .into_iter()
                .chain([tree.root().as_os_str().to_owned()]);
            let variables = [("HOME", home), ("XDG_STATE_HOME", home)];
            run_with(arguments, &variables).err()
        };
        let error = fix();
        if error.contains("error") {
            return Err(format!("{}: {error}", case.name));
        }
        let after = files_of(tree.root());
        if case.name.contains("/near-") && before != after {
            return Err(format!("{}: a near miss was changed", case.name));
        }
        fix();
        compare(&after, &tree, "again").map_err(|error| format!("{}: {error}", case.name))
    });
    let problems: Vec<String> = results
        .into_iter()
        .filter_map(|result| result.and_then(|result| result).err())
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What the JSON of `check` holds is enough for another program to make the same changes. Scripts of Deluge are left
/// out: a variable that several fixes together leave idle goes with none of them alone.
#[test]
fn the_edits_in_the_json_make_the_same_changes() {
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.language() != "deluge")
        .collect();
    let results = on_all_processors(&cases, |case| {
        let tree = tree_of(&case.before());
        let arguments = case.arguments();
        let with_unsafe = arguments.iter().any(|one| one == "--unsafe");
        let others = arguments.into_iter().filter(|one| one != "--unsafe");
        let arguments = ["check", "--exit-zero", "--format", "json"]
            .map(str::to_owned)
            .into_iter()
            .chain(others)
            .map(OsString::from)
            .chain([tree.root().as_os_str().to_owned()]);
        let report: Value = serde_json::from_slice(&run(arguments).out).unwrap();
        apply(&report, with_unsafe, &tree);
        compare(&case.after(), &tree, "after the edits of the JSON")
    });
    let problems: Vec<String> = cases
        .iter()
        .zip(results)
        .filter_map(|(case, result)| {
            let error = result.and_then(|result| result).err()?;
            Some(format!("{}: {error}", case.name))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// Makes the edits as whoever reads only the JSON would: those of each file from its end to its beginning, each once.
fn apply(report: &Value, with_unsafe: bool, tree: &Tree) {
    let mut edits: BTreeMap<&str, BTreeSet<(usize, usize, usize, &str)>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let fix = &finding["fix"];
        let is_asked = fix["safety"] == "safe" || (with_unsafe && fix["safety"] == "unsafe");
        if !is_asked {
            continue;
        }
        for edit in fix["edits"].as_array().unwrap() {
            let path = edit["path"].as_str().unwrap();
            let text = edit["text"].as_str().unwrap();
            let [start, end] = ["start", "end"].map(|key| {
                let offset = edit[key].as_u64().unwrap();
                usize::try_from(offset).unwrap()
            });
            let own = edits.entry(path).or_default();
            let is_there = own
                .iter()
                .any(|known| (known.0, known.1, known.3) == (start, end, text));
            if !is_there {
                own.insert((start, end, own.len(), text));
            }
            assert!(fix["base_sha256"][path].is_string(), "{path}");
        }
        for create in fix["creates"].as_array().unwrap() {
            tree.write(
                create["path"].as_str().unwrap(),
                create["text"].as_str().unwrap(),
            );
        }
    }
    for (path, edits) in edits {
        let mut bytes = fs::read(tree.path(path)).unwrap();
        for (start, end, _, text) in edits.into_iter().rev() {
            bytes.splice(start..end, text.bytes());
        }
        tree.write(path, bytes);
    }
}
