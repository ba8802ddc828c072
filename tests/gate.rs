//! The gate in a repository that already has findings: switched on today, green tomorrow, red on the next new one.
//!
//! Runs the program itself, with the real git, in repositories that are made for each test.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use support::TODAY;
use support::tree::Tree;

/// A call to Desk with an authtoken, in a function of that name.
fn call(name: &str, path: &str) -> String {
    format!(
        "async function {name}(orgId) {{\n  return axios.get('https://desk.zoho.eu/api/v1/{path}', {{\n    headers: {{ orgId, Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN }},\n  }});\n}}\n"
    )
}

/// A file with such calls.
fn module(calls: &[(&str, &str)]) -> String {
    let calls: Vec<String> = calls.iter().map(|(name, path)| call(name, path)).collect();
    format!("const axios = require('axios');\n\n{}", calls.join("\n"))
}

struct Repository {
    tree: Tree,
}

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Answer {
    /// `path:rule` of every finding, in their order.
    fn findings(&self) -> Vec<String> {
        let json: Value = serde_json::from_str(&self.out).unwrap();
        json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["level"] != "note")
            .map(|finding| {
                format!(
                    "{}:{}",
                    finding["path"].as_str().unwrap(),
                    finding["rule"].as_str().unwrap()
                )
            })
            .collect()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

impl Repository {
    fn new() -> Repository {
        let repository = Repository { tree: Tree::new() };
        repository.git(&["init", "-q", "-b", "main", "."]);
        repository.git(&["config", "user.email", "somebody@example.com"]);
        repository.git(&["config", "user.name", "Somebody"]);
        repository.git(&["config", "commit.gpgsign", "false"]);
        repository
    }

    fn root(&self) -> &Path {
        self.tree.root()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(
            output.status.success(),
            "git {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn try_git(&self, arguments: &[&str]) -> std::process::Output {
        Command::new("git")
            .args(arguments)
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        self.tree.write(path, text);
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.tree.path(path)).unwrap()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn ask(&self, arguments: &[&str]) -> Answer {
        self.ask_in(".", arguments)
    }

    fn ask_in(&self, folder: &str, arguments: &[&str]) -> Answer {
        let output = Command::new(env!("CARGO_BIN_EXE_authshift"))
            .args(arguments)
            .current_dir(self.tree.path(folder))
            .env_remove("NO_COLOR")
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "100")
            .output()
            .unwrap();
        Answer {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// `check --format json` with these options.
    fn check(&self, options: &[&str]) -> Answer {
        let mut arguments = vec!["check", "--today", TODAY, "--format", "json"];
        arguments.extend(options);
        self.ask(&arguments)
    }
}

const KNOWN: [&str; 2] = ["--baseline", "authshift-baseline.txt"];

#[test]
fn from_the_first_run_to_a_baseline_to_green_to_red_on_a_new_token() {
    let repository = Repository::new();
    repository.write(
        "src/desk.js",
        &module(&[("tickets", "tickets"), ("contacts", "contacts")]),
    );
    repository.commit("as it was");

    let first = repository.check(&[]);
    assert_eq!(
        (first.code, first.findings().len()),
        (1, 2),
        "{}",
        first.out
    );

    let written = repository.ask(&["baseline"]);
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(
        written.out.starts_with("authshift-baseline.txt: "),
        "{}",
        written.out
    );
    repository.commit("what is known");

    let green = repository.check(&KNOWN);
    assert_eq!(
        (green.code, green.findings().len()),
        (0, 0),
        "{}",
        green.out
    );
    assert_eq!(green.json()["baseline"]["known"].as_u64(), Some(2));

    repository.write("src/mail.js", &module(&[("mails", "mails")]));
    let red = repository.check(&KNOWN);
    assert_eq!(red.code, 1);
    assert_eq!(red.findings(), ["src/mail.js:authtoken-header"]);
    assert_eq!(red.json()["findings"][0]["baseline"], "new");

    fs::remove_file(repository.tree.path("src/mail.js")).unwrap();
    assert_eq!(repository.check(&KNOWN).code, 0);
}

#[test]
fn a_baseline_in_the_configuration_needs_no_option() {
    let repository = Repository::new();
    repository.write("src/desk.js", &module(&[("tickets", "tickets")]));
    repository.write("authshift.toml", "baseline = \"ci/known.txt\"\n");
    fs::create_dir(repository.tree.path("ci")).unwrap();
    assert_eq!(repository.ask(&["check"]).code, 2, "there is none yet");
    let written = repository.ask(&["baseline"]);
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(repository.tree.path("ci/known.txt").exists());
    assert_eq!(repository.ask(&["check"]).code, 0);
    assert_eq!(
        repository.ask_in("src", &["check"]).code,
        0,
        "from below, too"
    );
    assert_eq!(repository.ask(&["check", "--no-baseline"]).code, 1);
}

#[test]
fn moved_lines_and_renamed_neighbours_stay_known() {
    let repository = Repository::new();
    repository.write(
        "src/desk.js",
        &module(&[("tickets", "tickets"), ("contacts", "contacts")]),
    );
    repository.ask(&["baseline"]);
    let moved = format!(
        "// A new comment.\n\n{}",
        module(&[("other", "accounts"), ("contacts", "contacts")])
    );
    repository.write("src/desk.js", &moved);
    let answer = repository.check(&KNOWN);
    assert_eq!(
        answer.findings(),
        ["src/desk.js:authtoken-header"],
        "{}",
        answer.out
    );
    let line = answer.json()["findings"][0]["range"]["start"]["line"]
        .as_u64()
        .unwrap();
    assert!(
        moved
            .lines()
            .nth(line as usize - 2)
            .unwrap()
            .contains("accounts")
    );
}

#[test]
fn a_second_token_on_a_known_line_is_new() {
    let repository = Repository::new();
    let one = "const axios = require('axios');\nconst a = () => axios.get('https://desk.zoho.com/api/v1/tickets?authtoken=' + process.env.T);\n";
    repository.write("a.js", one);
    repository.ask(&["baseline"]);
    assert_eq!(repository.check(&KNOWN).code, 0);
    let two = one.trim_end().to_owned()
        + " const b = () => axios.get('https://desk.zoho.com/api/v1/tickets?authtoken=' + process.env.T);\n";
    repository.write("a.js", &two);
    let answer = repository.check(&KNOWN);
    assert_eq!(
        (answer.code, answer.findings().len()),
        (1, 1),
        "{}",
        answer.out
    );

    repository.write(".env", "ZOHO_AUTHTOKEN=0123456789abcdef0123456789abcdef\n");
    repository.ask(&["baseline"]);
    assert_eq!(repository.check(&KNOWN).code, 0);
    repository.write(".env", "ZOHO_AUTHTOKEN=fedcba9876543210fedcba9876543210\n");
    let answer = repository.check(&KNOWN);
    assert_eq!(
        answer.findings(),
        [".env:authtoken-literal"],
        "another value"
    );
}

/// Which number equal findings have changes with those before them, also with one that is silenced.
#[test]
fn one_of_several_equal_calls_may_be_fixed_where_another_is_silenced() {
    let repository = Repository::new();
    let head =
        "const axios = require('axios');\nconst U = 'https://desk.zoho.com/api/v1/tickets';\n";
    let call =
        "axios.get(U, { headers: { Authorization: 'Zoho-authtoken ' + process.env.ZT } });\n";
    let silence = "// authshift:ignore[authtoken-header] -- ok\n";
    repository.write("a.js", &format!("{head}{call}{silence}{call}{call}"));
    repository.ask(&["baseline", "-q"]);
    let known = repository.check(&KNOWN);
    assert_eq!(known.code, 0, "{}", known.out);

    repository.write("a.js", &format!("{head}{silence}{call}{call}"));
    let answer = repository.check(&[&KNOWN[..], &["--prune"]].concat());
    assert_eq!(answer.code, 0, "{}", answer.out);
    let fixed = &answer.json()["baseline"]["fixed"];
    assert_eq!(fixed.as_array().unwrap().len(), 1, "{fixed}");
    assert_eq!(repository.check(&KNOWN).code, 0, "pruned");

    repository.write("a.js", &format!("{head}{silence}{call}{call}{call}"));
    assert_eq!(repository.check(&KNOWN).findings().len(), 1, "one more");
}

#[test]
fn an_unknown_rule_in_the_configuration_is_told_with_its_place() {
    let repository = Repository::new();
    repository.write(
        "authshift.toml",
        "confidence = 'low'\n[[path-ignores]]\npaths = ['a/']\nrules = ['authtoken-heder']\nreason = 'x'\n",
    );
    let answer = repository.ask(&["check"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer
            .err
            .starts_with("error: authshift.toml:2: there is no rule `authtoken-heder`\n"),
        "{}",
        answer.err
    );
}

#[test]
fn what_is_fixed_is_told_and_pruned_and_nothing_else() {
    let repository = Repository::new();
    repository.write("src/desk.js", &module(&[("tickets", "tickets")]));
    repository.write("src/mail.js", &module(&[("mails", "mails")]));
    repository.ask(&["baseline"]);
    let before = repository.read("authshift-baseline.txt");
    fs::remove_file(repository.tree.path("src/mail.js")).unwrap();

    let part = repository.check(&[
        "--baseline",
        "authshift-baseline.txt",
        "--prune",
        "src/desk.js",
    ]);
    assert_eq!(
        part.json()["baseline"]["fixed"],
        serde_json::json!([]),
        "not looked at"
    );
    assert_eq!(repository.read("authshift-baseline.txt"), before);

    let told = repository.ask(&["check", "--baseline", "authshift-baseline.txt"]);
    assert_eq!(told.code, 0);
    assert!(told.out.contains("src/mail.js"), "{}", told.out);
    assert_eq!(repository.read("authshift-baseline.txt"), before);

    let pruned = repository.ask(&["check", "--baseline", "authshift-baseline.txt", "--prune"]);
    assert_eq!(pruned.code, 0);
    let after = repository.read("authshift-baseline.txt");
    assert!(!after.contains("src/mail.js") && after.contains("src/desk.js"));
    repository.write("src/mail.js", &module(&[("mails", "mails")]));
    assert_eq!(repository.check(&KNOWN).code, 1, "it comes back as new");
}

#[test]
fn a_rule_that_the_baseline_does_not_know_is_told_apart_from_new_code() {
    let repository = Repository::new();
    repository.write("src/desk.js", &module(&[("tickets", "tickets")]));
    repository.write(".env", "ZOHO_AUTHTOKEN=0123456789abcdef0123456789abcdef\n");
    repository.ask(&["baseline"]);
    // As an older version would have written it.
    let older: String = repository
        .read("authshift-baseline.txt")
        .lines()
        .filter(|line| !line.contains("authtoken-literal"))
        .map(|line| format!("{line}\n"))
        .collect();
    repository.write("authshift-baseline.txt", &older);
    repository.write("src/mail.js", &module(&[("mails", "mails")]));
    let answer = repository.check(&KNOWN);
    assert_eq!(answer.code, 1);
    let json = answer.json();
    let kinds: Vec<(&str, &str)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            (
                finding["rule"].as_str().unwrap(),
                finding["baseline"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(
        kinds.contains(&("authtoken-literal", "new-rule")),
        "{kinds:?}"
    );
    assert!(kinds.contains(&("authtoken-header", "new")), "{kinds:?}");
    let text = repository
        .ask(&["check", "--baseline", "authshift-baseline.txt"])
        .out;
    assert!(
        text.contains("newer than the baseline (authtoken-literal)"),
        "{text}"
    );
}

#[test]
fn branches_that_fix_and_add_merge_without_a_conflict() {
    let repository = Repository::new();
    let names: Vec<String> = (0..20)
        .map(|number| format!("src/m{number:02}.js"))
        .collect();
    for name in &names {
        repository.write(name, &module(&[("tickets", "tickets")]));
    }
    repository.ask(&["baseline"]);
    repository.commit("start");
    // Two branches each fix three neighbouring files and add a finding of their own.
    for (branch, fixed, added) in [
        ("left", 4..7, "src/left.js"),
        ("right", 7..10, "src/right.js"),
    ] {
        repository.git(&["checkout", "-q", "-b", branch, "main"]);
        for name in &names[fixed] {
            fs::remove_file(repository.tree.path(name)).unwrap();
        }
        repository.write(added, &module(&[("mails", "mails")]));
        let written = repository.ask(&["baseline"]);
        assert_eq!(written.code, 0, "{}", written.err);
        repository.commit(branch);
    }
    let merge = repository.try_git(&["merge", "-q", "--no-edit", "left"]);
    assert!(merge.status.success(), "{}", repository.git(&["diff"]));
    let answer = repository.check(&KNOWN);
    assert_eq!(
        (answer.code, answer.findings().len()),
        (0, 0),
        "{}",
        answer.out
    );
    assert_eq!(answer.json()["baseline"]["fixed"], serde_json::json!([]));
    let merged = repository.read("authshift-baseline.txt");
    repository.ask(&["baseline"]);
    assert_eq!(
        repository.read("authshift-baseline.txt"),
        merged,
        "as if written anew"
    );
}

#[test]
fn a_conflict_that_was_left_is_an_error_with_its_line() {
    let repository = Repository::new();
    repository.write("src/desk.js", &module(&[("tickets", "tickets")]));
    repository.ask(&["baseline"]);
    let broken = repository.read("authshift-baseline.txt") + "<<<<<<< HEAD\n";
    let line = broken.lines().count();
    repository.write("authshift-baseline.txt", &broken);
    let answer = repository.check(&KNOWN);
    assert_eq!(answer.code, 2);
    let place = format!("authshift-baseline.txt:{line}: a merge was left unfinished");
    assert!(answer.err.contains(&place), "{}", answer.err);
    let again = repository.ask(&["baseline"]);
    assert_eq!(again.code, 2, "it is not written over");
}

#[test]
fn only_changed_lines_count_since_a_revision() {
    let repository = Repository::new();
    repository.write(
        "src/desk.js",
        &module(&[("tickets", "tickets"), ("contacts", "contacts")]),
    );
    repository.commit("old");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let path = "src/desk.js";
    let changed =
        repository
            .read(path)
            .replacen("orgId, Authorization", "orgId: 7, Authorization", 1);
    repository.write(path, &format!("// Moved down.\n{changed}"));
    repository.write("src/new.js", &module(&[("mails", "mails")]));
    let expected = [
        "src/desk.js:authtoken-header",
        "src/new.js:authtoken-header",
    ];
    let answer = repository.check(&["--since", "main"]);
    assert_eq!(answer.findings(), expected, "{}", answer.out);
    repository.commit("work");
    assert_eq!(repository.check(&["--since", "main"]).findings(), expected);
    assert_eq!(repository.check(&["--since", "HEAD"]).code, 0);

    // What came into main in the meantime is not ours.
    repository.git(&["checkout", "-q", "main"]);
    repository.write("src/theirs.js", &module(&[("accounts", "accounts")]));
    repository.commit("theirs");
    repository.git(&["checkout", "-q", "work"]);
    assert_eq!(repository.check(&["--since", "main"]).findings(), expected);

    // A renamed file is not a new one.
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["mv", "src/desk.js", "src/moved.js"]);
    repository.commit("renamed");
    assert_eq!(repository.check(&["--since", "HEAD~1"]).code, 0);

    let unknown = repository.check(&["--since", "nowhere"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("git knows no commit `nowhere`"),
        "{}",
        unknown.err
    );
}

#[test]
fn a_finding_counts_if_the_way_of_its_token_was_changed() {
    let repository = Repository::new();
    repository.write("config.js", "exports.SCHEME = 'Zoho-oauthtoken ';\n");
    repository.write(
        "desk.js",
        "const { SCHEME } = require('./config');\nconst axios = require('axios');\nexports.get = (token) =>\n  axios.get('https://desk.zoho.com/api/v1/tickets', {\n    headers: { Authorization: SCHEME + token },\n  });\n",
    );
    repository.commit("fine");
    assert_eq!(repository.check(&[]).code, 0);
    repository.write("config.js", "exports.SCHEME = 'Zoho-authtoken ';\n");
    let answer = repository.check(&["--since", "HEAD"]);
    assert_eq!(
        answer.findings(),
        ["desk.js:authtoken-header"],
        "{}",
        answer.out
    );
}

#[test]
fn what_is_staged_counts_as_it_is_staged() {
    let repository = Repository::new();
    repository.write("a.js", &module(&[("tickets", "tickets")]));
    repository.write("b.js", "// nothing\n");
    repository.commit("old");
    assert_eq!(repository.check(&["--staged"]).code, 0, "nothing is staged");

    // Staged, and taken away again on disk: the commit would hold it all the same.
    repository.write("b.js", &module(&[("mails", "mails")]));
    repository.git(&["add", "b.js"]);
    repository.write("b.js", "// nothing\n");
    // Not staged: not part of the commit.
    repository.write(
        "a.js",
        &module(&[("tickets", "tickets"), ("contacts", "contacts")]),
    );
    let answer = repository.check(&["--staged"]);
    assert_eq!(
        answer.findings(),
        ["b.js:authtoken-header"],
        "{}",
        answer.out
    );
    repository.git(&["add", "-A"]);
    assert_eq!(
        repository.check(&["--staged"]).findings(),
        ["a.js:authtoken-header"]
    );
}

#[test]
fn before_the_first_commit_everything_staged_counts() {
    let repository = Repository::new();
    repository.write("a.js", &module(&[("tickets", "tickets")]));
    repository.write("b.js", &module(&[("mails", "mails")]));
    repository.git(&["add", "a.js"]);
    assert_eq!(
        repository.check(&["--staged"]).findings(),
        ["a.js:authtoken-header"]
    );
}

#[test]
fn a_commit_of_some_files_is_judged_by_the_index_that_git_hands_to_the_hook() {
    let repository = Repository::new();
    repository.write("a.js", "// nothing\n");
    repository.write("b.js", "// nothing\n");
    repository.commit("old");
    repository.write("a.js", &module(&[("tickets", "tickets")]));
    repository.write("b.js", &module(&[("mails", "mails")]));
    repository.git(&["add", "-A"]);
    let hook = format!(
        "#!/bin/sh\nexec '{}' check --staged --format short --today {TODAY} > hook.log\n",
        env!("CARGO_BIN_EXE_authshift")
    );
    repository.write(".git/hooks/pre-commit", &hook);
    make_executable(&repository.tree.path(".git/hooks/pre-commit"));
    let refused = repository.try_git(&["commit", "-q", "-m", "some", "a.js"]);
    assert!(!refused.status.success());
    let log = repository.read("hook.log");
    assert!(log.starts_with("a.js:") && !log.contains("b.js:"), "{log}");
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn make_executable(_: &Path) {}

#[test]
fn outside_a_repository_there_is_nothing_to_compare_with() {
    let tree = Tree::new();
    tree.write("a.js", module(&[("tickets", "tickets")]));
    let repository = Repository { tree };
    let answer = repository.check(&["--since", "HEAD"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("no git repository"), "{}", answer.err);
}

#[test]
fn excluded_paths_are_read_if_named_unless_a_hook_insists() {
    let repository = Repository::new();
    repository.write("third/a.js", &module(&[("tickets", "tickets")]));
    repository.write("src/b.js", &module(&[("mails", "mails")]));
    repository.write("authshift.toml", "exclude = [\"third/\"]\n");
    assert_eq!(
        repository.check(&[]).findings(),
        ["src/b.js:authtoken-header"]
    );
    assert_eq!(repository.check(&["third/a.js"]).code, 1);
    assert_eq!(repository.check(&["--force-exclude", "third/a.js"]).code, 0);
    let both = repository.check(&["--force-exclude", "third/a.js", "src/b.js"]);
    assert_eq!(both.findings(), ["src/b.js:authtoken-header"]);
    assert_eq!(
        repository.check(&["--exclude", "src"]).code,
        0,
        "the command line adds"
    );
    let below = repository.ask_in("src", &["check", "--exclude", "./b.js"]);
    assert_eq!(below.code, 0, "{}", below.out);
}

#[test]
fn a_gate_that_a_change_cannot_switch_off() {
    let repository = Repository::new();
    repository.write(
        "src/a.js",
        &module(&[("tickets", "tickets")]).replace(
            "    headers",
            "    // authshift:ignore[authtoken-header] -- trust me\n    headers",
        ),
    );
    repository.write("src/b.js", &module(&[("mails", "mails")]));
    repository.write("authshift.toml", "exclude = [\"src/b.js\"]\n");
    assert_eq!(repository.check(&[]).code, 0, "by its own word it is clean");

    let answer = repository.check(&["--isolated"]);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.findings().len(), 2, "{}", answer.out);
    let told: Vec<String> = answer.json()["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{}: {}",
                one["path"].as_str().unwrap(),
                one["message"].as_str().unwrap()
            )
        })
        .collect();
    assert!(
        told.iter()
            .any(|one| one.starts_with("authshift.toml: this configuration is not obeyed")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|one| one.starts_with("src/a.js: this comment, which silences")),
        "{told:?}"
    );

    let gate = Tree::new();
    gate.write("gate.toml", "fail-on = \"never\"\n");
    let file = gate.path("gate.toml");
    let answer = repository.check(&["--isolated", "--config", file.to_str().unwrap()]);
    assert_eq!(
        (answer.code, answer.findings().len()),
        (0, 2),
        "the gate's own is obeyed"
    );
}

#[test]
fn an_entry_of_the_configuration_silences_a_path_until_its_day() {
    let repository = Repository::new();
    repository.write("legacy/a.js", &module(&[("tickets", "tickets")]));
    repository.write("src/b.js", &module(&[("mails", "mails")]));
    let entry = |until: &str, paths: &str| {
        format!(
            "[[path-ignores]]\npaths = [\"{paths}\"]\nrules = [\"authtoken-header\"]\nreason = \"switched off soon\"\nuntil = {until}\n"
        )
    };
    repository.write("authshift.toml", &entry("2026-11-23", "legacy/"));
    let answer = repository.check(&[]);
    assert_eq!(answer.findings(), ["src/b.js:authtoken-header"]);
    let silenced = &answer.json()["suppressed"][0];
    assert_eq!(silenced["reason"], "switched off soon");
    assert_eq!(silenced["until"], "2026-11-23");
    assert_eq!(silenced["by"], "configuration");

    repository.write("authshift.toml", &entry("2026-11-22", "legacy/"));
    let answer = repository.check(&[]);
    assert_eq!(answer.findings().len(), 2);
    assert!(
        answer.out.contains("until 2026-11-22; they count again"),
        "{}",
        answer.out
    );

    repository.write("authshift.toml", &entry("2027-11-22", "gone/"));
    assert!(
        repository
            .check(&[])
            .out
            .contains("this entry of path-ignores silences nothing")
    );
    let below = repository.ask_in("src", &["check", "--format", "github", "--isolated", "."]);
    let config = repository
        .tree
        .path("authshift.toml")
        .canonicalize()
        .unwrap();
    let place = format!("::warning file={}::", config.display());
    assert!(below.out.contains(&place), "{}", below.out);
    let one_file = repository.check(&["src/b.js"]);
    assert!(
        !one_file.out.contains("silences nothing"),
        "not all was looked at"
    );
}

#[test]
fn the_command_line_goes_before_the_configuration() {
    let repository = Repository::new();
    repository.write("a.js", &module(&[("tickets", "tickets")]));
    repository.write(
        "authshift.toml",
        "fail-on = \"never\"\nselect = [\"authtoken-docs\"]\n",
    );
    assert_eq!(repository.check(&[]).findings(), Vec::<String>::new());
    let answer = repository.check(&["--select", "authtoken-header"]);
    assert_eq!((answer.code, answer.findings().len()), (0, 1));
    let answer = repository.check(&["--select", "authtoken-header", "--fail-on", "error"]);
    assert_eq!(answer.code, 1);
    repository.write("authshift.toml", "select = [\"authtoken-haeder\"]\n");
    let wrong = repository.check(&[]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("did you mean `authtoken-header`?"),
        "{}",
        wrong.err
    );
    repository.write("authshift.toml", "selects = []\n");
    let wrong = repository.check(&[]);
    assert!(
        wrong
            .err
            .contains("authshift.toml:1: there is no option `selects`"),
        "{}",
        wrong.err
    );
    assert_eq!(
        repository.ask(&["schema", "config"]).code,
        0,
        "help works all the same"
    );
}

#[test]
fn the_published_schema_of_the_configuration_is_the_one_that_is_printed() {
    let repository = Repository::new();
    let printed = repository.ask(&["schema", "config"]).out;
    let published = fs::read_to_string(support::package().join("authshift.schema.json")).unwrap();
    assert_eq!(
        printed, published,
        "authshift schema config > authshift.schema.json"
    );
    let schema: Value = serde_json::from_str(&printed).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (text, fits) in [
        ("", true),
        (
            "select = ['authtoken-header', 'my-own-rule']\nfail-on = 'error'\nmax-file-size = '2M'\nfail-within = '90d'",
            true,
        ),
        (
            "[[path-ignores]]\npaths = ['a/']\nrules = ['authtoken-docs']\nreason = 'x'\nuntil = '2027-03-01'",
            true,
        ),
        (
            "[[path-ignores]]\npaths = ['a/']\nrules = ['authtoken-docs']",
            false,
        ),
        ("selct = []", false),
        ("confidence = 'sure'", false),
        ("max-file-size = '2 apples'", false),
    ] {
        let value: Value = toml::from_str(text).unwrap();
        assert_eq!(validator.is_valid(&value), fits, "{text}");
    }
}

#[test]
fn dates_decide_if_they_are_asked() {
    let repository = Repository::new();
    repository.write("a.js", &module(&[("tickets", "tickets")]));
    repository.write("b.yml", "zoho:\n  desk_authtoken: ${DESK_TOKEN}\n");
    let ask = |day: &str, options: &[&str]| {
        let mut arguments = vec!["check", "--format", "json", "--today", day];
        arguments.extend(options);
        repository.ask(&arguments)
    };
    // Desk: 30 November 2020.
    assert_eq!(ask("2020-08-01", &[]).code, 1);
    assert_eq!(
        ask("2020-08-01", &["--fail-within", "90d"]).code,
        0,
        "121 days ahead"
    );
    assert_eq!(
        ask("2020-08-01", &["--fail-within", "18w"]).code,
        1,
        "126 days"
    );
    assert_eq!(ask("2020-09-01", &["--fail-within", "90d"]).code, 1);
    assert_eq!(ask("2020-12-24", &["--fail-within", "0"]).code, 1);

    let warning = ["--select", "authtoken-setting", "--fail-on", "error"];
    let after = ask("2021-01-01", &warning);
    assert_eq!(
        (after.code, after.findings().len()),
        (0, 1),
        "{}",
        after.out
    );
    let mut dated = warning.to_vec();
    dated.extend(["--fail-within", "30d"]);
    assert_eq!(ask("2020-11-29", &dated).code, 0, "still a warning");
    let due = ask("2020-11-30", &dated);
    assert_eq!(due.json()["findings"][0]["level"], "error", "{}", due.out);
    assert_eq!(due.code, 1, "its day has come");
}

#[test]
fn the_format_never_changes_the_exit_code_and_several_are_written_in_one_run() {
    let repository = Repository::new();
    repository.write("src/a.js", &module(&[("tickets", "tickets")]));
    repository.write("clean/b.js", "// nothing\n");
    let formats = [
        "text", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "markdown",
        "short",
    ];
    for format in formats {
        assert_eq!(
            repository.ask(&["check", "--format", format, "src"]).code,
            1,
            "{format}"
        );
        assert_eq!(
            repository.ask(&["check", "--format", format, "clean"]).code,
            0,
            "{format}"
        );
        let zero = repository.ask(&["check", "--exit-zero", "--format", format, "src"]);
        assert_eq!(zero.code, 0, "{format}");
    }
    let mut arguments: Vec<String> = vec!["check".to_owned()];
    for format in formats {
        arguments.extend(["--output".to_owned(), format!("{format}=report.{format}")]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(repository.ask(&arguments).code, 1);
    for format in formats {
        let written = repository.read(&format!("report.{format}"));
        assert!(written.contains("src/a.js"), "{format}: {written}");
    }
}

#[test]
fn services_get_paths_of_the_repository_and_editors_those_of_the_working_folder() {
    let repository = Repository::new();
    repository.write("app/src/a b.js", &module(&[("tickets", "tickets")]));
    for (format, part) in [
        ("sarif", "\"uri\": \"app/src/a%20b.js\""),
        ("gitlab", "\"path\": \"app/src/a b.js\""),
        ("github", "file=app/src/a b.js,"),
        ("junit", "classname=\"app/src/a b.js\""),
        ("rdjson", "\"path\": \"src/a b.js\""),
        ("short", "src/a b.js:5:"),
        ("json", "\"path\": \"a b.js\""),
    ] {
        let answer = repository.ask_in("app", &["check", "--format", format, "src"]);
        assert!(answer.out.contains(part), "{format}: {}", answer.out);
    }
    let from_above = repository.ask_in("app/src", &["check", "--format", "short", ".."]);
    assert!(
        from_above.out.starts_with("../src/a b.js:"),
        "{}",
        from_above.out
    );
}

#[test]
fn the_summary_of_json_lines_names_repository_and_commit() {
    let repository = Repository::new();
    repository.write("src/a.js", &module(&[("tickets", "tickets")]));
    repository.commit("as it was");
    repository.git(&[
        "remote",
        "add",
        "origin",
        "https://bot:hunter2hunter2@example.org/a/b.git",
    ]);
    let answer = repository.ask(&["check", "--format", "jsonl", "src"]);
    let last: Value = serde_json::from_str(answer.out.lines().last().unwrap()).unwrap();
    assert_eq!(last["type"], "summary");
    assert_eq!(last["repo"], "https://example.org/a/b.git");
    assert_eq!(
        last["revision"],
        repository.git(&["rev-parse", "HEAD"]).trim()
    );
    assert!(!answer.out.contains("hunter2"));
}

#[test]
fn fixes_leave_silenced_places_alone() {
    let repository = Repository::new();
    let silenced = module(&[("tickets", "tickets")]).replace(
        "    headers",
        "    // authshift:ignore[authtoken-header] -- by hand, later\n    headers",
    );
    repository.write("a.js", &silenced);
    repository.write("b.js", &module(&[("mails", "mails")]));
    repository.commit("old");
    let answer = repository.ask(&["fix"]);
    assert_eq!(
        repository.read("a.js"),
        silenced,
        "{}{}",
        answer.out,
        answer.err
    );
    assert!(
        repository.read("b.js").contains("Zoho-oauthtoken"),
        "{}{}",
        answer.out,
        answer.err
    );
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
}
