//! What `fix` promises to whoever runs it: what is asked first, what is said of an undo, and that one file that cannot
//! be written does not keep the others from being repaired.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use support::run_with;
use support::tree::{Tree, files_of};

/// A token in a file of its own, and a request that sends it.
const SETTINGS: &str = "const AUTHTOKEN = '0123456789abcdef0123456789abcdef';\n";
const USE: &str = "
async function tickets() {
  const answer = await fetch('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: 'Zoho-authtoken ' + AUTHTOKEN, orgId: '7' },
  });
  return answer.json();
}
module.exports = { tickets };
";

fn project() -> Tree {
    let tree = Tree::new();
    tree.write("desk.js", format!("{SETTINGS}{USE}"));
    tree
}

/// The program itself with an input; what it prints.
fn answer_to(input: &str, arguments: &[&str], tree: &Tree) -> String {
    let state = Tree::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_authshift"))
        .args(arguments)
        .arg(tree.root())
        .env("AUTHSHIFT_STATE_DIR", state.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A program that asks nothing has gone by then.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn asked(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with('[')).collect()
}

/// Names of files drive no terminal, whatever the program says about them.
#[cfg(unix)]
#[test]
fn names_of_files_are_shown_on_one_line() {
    let tree = Tree::new();
    let names = [
        "esc\x1b[31mred.js",
        "new\nline.js",
        "bidi\u{202e}\u{2066}.js",
    ];
    for name in names {
        tree.write(name, format!("{SETTINGS}{USE}"));
    }
    let all = "y\n".repeat(20);
    for (arguments, input) in [
        (&["fix", "--diff", "--unsafe", "--verbose"][..], ""),
        (&["scopes", "--verbose"], ""),
        (&["check"], ""),
        (&["check", "--format", "github"], ""),
        // Last, for it changes the files.
        (&INTERACTIVE, all.as_str()),
    ] {
        let said = answer_to(input, arguments, &tree);
        assert!(said.contains("line.js"), "{arguments:?}: {said}");
        assert!(
            !said.contains(['\x1b', '\u{202e}', '\u{2066}']) && !said.contains("new\nline"),
            "{arguments:?}: {said}"
        );
    }
}

const INTERACTIVE: [&str; 4] = ["fix", "--allow-dirty", "--interactive", "--unsafe"];

#[test]
fn uses_are_asked_for_before_what_they_leave_behind() {
    let tree = project();
    let said = answer_to("y\ny\n", &INTERACTIVE, &tree);
    let questions = asked(&said);
    assert_eq!(questions.len(), 2, "{said}");
    assert!(questions[0].contains("desk.js:5"), "{said}");
    assert!(questions[1].contains("desk.js:1"), "{said}");
    let text = fs::read_to_string(tree.path("desk.js")).unwrap();
    assert!(!text.contains("0123456789abcdef"), "{text}");
    assert!(text.contains("Zoho-oauthtoken"), "{text}");
}

#[test]
fn what_a_refused_use_needs_is_not_asked_for() {
    let tree = project();
    let said = answer_to("n\ny\n", &INTERACTIVE, &tree);
    assert_eq!(asked(&said).len(), 1, "{said}");
    assert_eq!(
        fs::read_to_string(tree.path("desk.js")).unwrap(),
        format!("{SETTINGS}{USE}")
    );
}

#[test]
fn an_undo_says_how_many_files_it_restored() {
    let tree = project();
    let before = files_of(tree.root());
    let state = Tree::new();
    let variables = [("AUTHSHIFT_STATE_DIR", state.root().to_str().unwrap())];
    let root = tree.root().to_str().unwrap();
    run_with(["fix", "--allow-dirty", root], &variables);
    assert_ne!(files_of(tree.root()), before);
    let said = run_with(["fix", "--undo", root], &variables).out();
    assert!(said.contains("1 file restored, 1 file removed"), "{said}");
    assert_eq!(files_of(tree.root()), before);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_does_not_keep_others_from_being_repaired() {
    use std::os::unix::fs::PermissionsExt;
    let tree = project();
    tree.write("locked.js", format!("{SETTINGS}{USE}"));
    // A fix that changes two files: a constant and its use.
    tree.write(
        "token.js",
        "exports.AUTHORIZATION = 'Zoho-authtoken 0123456789abcdef0123456789abcdef';\n",
    );
    let locked = tree.path("locked.js");
    let old = fs::read(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).unwrap();
    let state = Tree::new();
    let variables = [("AUTHSHIFT_STATE_DIR", state.root().to_str().unwrap())];
    let root = tree.root().to_str().unwrap();
    let answer = run_with(["fix", "--allow-dirty", "--unsafe", root], &variables);
    let said = answer.out();
    assert_eq!(fs::read(&locked).unwrap(), old);
    let text = fs::read_to_string(tree.path("desk.js")).unwrap();
    assert!(text.contains("Zoho-oauthtoken"), "{said}{}", answer.err());
    let line = "locked.js is not written: it is read-only; make it writable (on Unix: `chmod u+w`)";
    assert!(said.contains(line), "{said}");
    assert!(said.contains("locked.js:5"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_helper_that_cannot_be_created_takes_all_its_fixes_with_it() {
    use std::os::unix::fs::PermissionsExt;
    let tree = project();
    let before = files_of(tree.root());
    fs::set_permissions(tree.root(), fs::Permissions::from_mode(0o555)).unwrap();
    let state = Tree::new();
    let variables = [("AUTHSHIFT_STATE_DIR", state.root().to_str().unwrap())];
    let root = tree.root().to_str().unwrap();
    let said = run_with(["fix", "--allow-dirty", root], &variables).out();
    fs::set_permissions(tree.root(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(said.contains("Nothing was fixed."), "{said}");
    assert!(said.contains("is read-only; make it writable"), "{said}");
    assert_eq!(files_of(tree.root()), before);
}
