//! The command line as scripts and people use it: exit codes, options, streams, and what reports look like.
//!
//! Runs the program itself, in small projects that are copies of fixtures.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use support::cases::cases;
use support::tree::Tree;
use support::{TODAY, package};

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// `rule` of every finding, sorted.
    fn rules(&self) -> Vec<String> {
        self.values("rule")
    }

    fn values(&self, key: &str) -> Vec<String> {
        let json = self.json();
        let findings = json["findings"].as_array().unwrap().iter();
        let mut values: Vec<String> = findings
            .map(|finding| finding[key].as_str().unwrap_or("none").to_owned())
            .collect();
        values.sort();
        values.dedup();
        values
    }
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_authshift"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "LC_ALL",
        "LC_CTYPE",
        "SOURCE_DATE_EPOCH",
    ] {
        command.env_remove(name);
    }
    command.env("LANG", "C.UTF-8");
    command
}

fn ask(folder: &Path, arguments: &[&str]) -> Answer {
    ask_with(folder, arguments, "")
}

fn ask_with(folder: &Path, arguments: &[&str], input: &str) -> Answer {
    let mut child = program(folder, arguments).spawn().unwrap();
    // A program that does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A project with errors in two products, a warning and a note.
fn project() -> Tree {
    let tree = Tree::new();
    tree.write(
        "src/desk.js",
        r#"// Sends the Zoho authtoken with every request.
export const tickets = (token) => fetch('https://desk.zoho.com/api/v1/tickets', {
  headers: { orgId: '1', Authorization: 'Zoho-authtoken ' + token },
});
"#,
    );
    tree.write(
        "src/books.js",
        "export const items = (t) => fetch('https://books.zoho.com/api/v3/items?authtoken=' + t);\n",
    );
    tree.write(".env", "ZOHO_AUTHTOKEN=changeme\n");
    tree
}

/// A project with a warning and nothing more.
fn warning_only() -> Tree {
    let tree = Tree::new();
    tree.write(".env", "ZOHO_AUTHTOKEN=changeme\n");
    tree
}

fn clean() -> Tree {
    let tree = Tree::new();
    tree.write(
        "src/desk.js",
        r#"export const tickets = (token) => fetch('https://desk.zoho.com/api/v1/tickets', {
  headers: { orgId: '1', Authorization: 'Zoho-oauthtoken ' + token },
});
"#,
    );
    tree
}

/// A file that holds something and is too large to be read.
fn add_large_file(tree: &Tree) {
    tree.write(
        "large.js",
        format!("// zoho authtoken\n{}", "a();\n".repeat(1_000)),
    );
}

#[test]
fn clean_is_0_and_findings_are_1() {
    let answer = ask(clean().root(), &["check"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let answer = ask(project().root(), &["check"]);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    assert_eq!(ask(Tree::new().root(), &["check"]).code, 0);
}

#[test]
fn the_level_that_fails_can_be_chosen() {
    let (project, warning) = (project(), warning_only());
    for (tree, fail_on, code) in [
        (&warning, "warning", 1),
        (&warning, "error", 0),
        (&warning, "note", 1),
        (&warning, "never", 0),
        (&project, "error", 1),
        (&project, "never", 0),
    ] {
        let answer = ask(tree.root(), &["check", "--fail-on", fail_on]);
        assert_eq!(answer.code, code, "{fail_on}: {}", answer.out);
    }
}

#[test]
fn what_was_not_read_is_3_when_asked_for_and_comes_before_findings() {
    for tree in [clean(), project()] {
        add_large_file(&tree);
        let limit = ["check", "--max-file-size", "1k"];
        let plain = ask(tree.root(), &limit);
        assert!(plain.code < 2, "{}", plain.out);
        assert!(plain.out.contains("large.js"), "{}", plain.out);
        let strict = ask(tree.root(), &[&limit[..], &["--strict"]].concat());
        assert_eq!(strict.code, 3, "{}", strict.out);
        let zero = ask(
            tree.root(),
            &[&limit[..], &["--strict", "--exit-zero"]].concat(),
        );
        assert_eq!(zero.code, 0);
    }
    assert_eq!(ask(clean().root(), &["check", "--strict"]).code, 0);
}

#[test]
fn mistakes_are_2_before_everything_else() {
    let tree = project();
    add_large_file(&tree);
    for mistake in [
        &["--select", "authtoken-heder"][..],
        &["--product", "desc"],
        &["--today", "yesterday"],
        &["--format", "pdf"],
        &["--threads", "0"],
        &["--rules", "no-such-folder"],
        &["--output", "json=no/such/folder/report.json"],
        &["no-such-path"],
        &["--no-such-option"],
    ] {
        let arguments = [
            &["check", "--strict", "--exit-zero", "--max-file-size", "1k"][..],
            mistake,
        ];
        let answer = ask(tree.root(), &arguments.concat());
        assert_eq!(answer.code, 2, "{mistake:?}");
        assert!(
            answer.err.starts_with("error: "),
            "{mistake:?}: {}",
            answer.err
        );
        assert_eq!(answer.out, "", "{mistake:?}");
    }
}

#[test]
fn a_gate_that_read_nothing_is_not_passed() {
    let tree = Tree::new();
    let lenient = ask(tree.root(), &["check"]);
    assert_eq!((lenient.code, lenient.err.as_str()), (0, ""));
    let strict = ask(tree.root(), &["check", "--strict"]);
    assert_eq!(strict.code, 3);
    assert!(strict.err.contains("nothing was read"), "{}", strict.err);
}

#[test]
fn binary_standard_input_is_a_mistake() {
    let answer = ask_with(clean().root(), &["check", "-"], "\u{7f}ELF\0\0zoho");
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert!(
        answer.err.contains("standard input") && answer.err.contains("binary"),
        "{}",
        answer.err
    );
}

#[test]
fn a_report_to_standard_output_is_the_only_one_there() {
    let tree = project();
    let answer = ask(tree.root(), &["check", "--output", "json=-"]);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.rules().len(), 4);
    let twice = ["check", "--output", "json=-", "--output", "text=-"];
    assert_eq!(ask(tree.root(), &twice).code, 2);
}

#[test]
fn what_is_hidden_is_not_suggested() {
    let tree = project();
    let hidden = ask(tree.root(), &["check", "--no-prefil"]);
    assert!(!hidden.err.contains("prefilter'"), "{}", hidden.err);
    let shown = ask(tree.root(), &["check", "--show-note"]);
    assert!(shown.err.contains("'--show-notes'"), "{}", shown.err);
}

#[test]
fn lines_of_fences_are_those_of_the_file() {
    let tree = Tree::new();
    let text = "# Desk\n\nAsks Zoho:\n\n```js\nconst a = {;\nfetch('https://desk.zoho.com');\n}}} ((\n```\n";
    tree.write("README.md", text);
    let answer = ask(tree.root(), &["check", "--strict", "--format", "json"]);
    assert_eq!(answer.code, 3);
    let reason = &answer.json()["coverage"]["partly_read"][0]["reason"];
    let line: usize = reason
        .as_str()
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!((6..=8).contains(&line), "{reason}");
}

#[test]
fn the_format_never_changes_the_exit_code() {
    let tree = project();
    add_large_file(&tree);
    for (arguments, code) in [
        (&["check"][..], 1),
        (&["check", "--exit-zero"], 0),
        (&["check", "--strict", "--max-file-size", "1k"], 3),
    ] {
        for format in ["text", "json"] {
            let arguments = [arguments, &["--format", format]].concat();
            assert_eq!(ask(tree.root(), &arguments).code, code, "{arguments:?}");
        }
    }
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let tree = clean();
    let answer = ask(tree.root(), &["check", "--select", "authtoken-heder"]);
    assert!(
        answer.err.contains("did you mean `authtoken-header`?"),
        "{}",
        answer.err
    );
    let answer = ask(tree.root(), &["check", "--product", "invetory"]);
    assert!(
        answer.err.contains("did you mean `inventory`?"),
        "{}",
        answer.err
    );
    let answer = ask(tree.root(), &["explain", "legacy-endpoints"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("did you mean `legacy-endpoint`?"),
        "{}",
        answer.err
    );
}

#[test]
fn a_path_that_is_missing_is_named() {
    let answer = ask(project().root(), &["check", "src", "sorce"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.starts_with("error: cannot find sorce"),
        "{}",
        answer.err
    );
    assert_eq!(answer.out, "");
}

#[test]
fn rules_can_be_chosen_and_left_out() {
    let tree = project();
    let check = |options: &[&str]| {
        let arguments = [&["check", "--format", "json"], options].concat();
        ask(tree.root(), &arguments).rules()
    };
    let all = check(&[]);
    for rule in [
        "authtoken-header",
        "authtoken-parameter",
        "authtoken-setting",
    ] {
        assert!(all.contains(&rule.to_owned()), "{all:?}");
    }
    assert_eq!(
        check(&["--select", "authtoken-header"]),
        ["authtoken-header"]
    );
    assert_eq!(
        check(&["--select", "authtoken-header,authtoken-setting"]),
        ["authtoken-header", "authtoken-setting"]
    );
    let others = check(&[
        "--ignore",
        "authtoken-header",
        "--ignore",
        "authtoken-setting",
    ]);
    let expected: Vec<String> = all
        .into_iter()
        .filter(|rule| rule != "authtoken-header" && rule != "authtoken-setting")
        .collect();
    assert_eq!(others, expected);
    let none = [
        "--select",
        "authtoken-header",
        "--ignore",
        "authtoken-header",
    ];
    assert_eq!(check(&none), [""; 0]);
}

#[test]
fn products_can_be_chosen() {
    let tree = project();
    let check = |options: &[&str]| {
        let arguments = [&["check", "--format", "json"], options].concat();
        ask(tree.root(), &arguments)
    };
    assert_eq!(check(&["--product", "books"]).values("product"), ["books"]);
    assert_eq!(
        check(&["--product", "books,desk"]).values("product"),
        ["books", "desk"]
    );
    let answer = check(&["--product", "vault"]);
    assert_eq!((answer.code, answer.values("rule").len()), (0, 0));
}

#[test]
fn certainty_can_be_asked_for() {
    let tree = project();
    // `authtoken` to somewhere unknown, in a project that has Zoho elsewhere.
    tree.write(
        "src/other.js",
        "export const get = (host, t) => fetch(host + '/get?authtoken=' + t);\n",
    );
    let certain = |level: &str| {
        let arguments = ["check", "--format", "json", "--confidence", level];
        let json = ask(tree.root(), &arguments).json();
        let findings = json["findings"].as_array().unwrap().clone();
        let mut levels: Vec<String> = findings
            .iter()
            .map(|finding| finding["confidence"].as_str().unwrap().to_owned())
            .collect();
        levels.sort();
        levels.dedup();
        (findings.len(), levels)
    };
    let (high, levels) = certain("high");
    assert_eq!(levels, ["high"]);
    let (medium, levels) = certain("medium");
    assert!(!levels.contains(&"low".to_owned()), "{levels:?}");
    let (low, _) = certain("low");
    assert!(
        0 < high && high <= medium && medium <= low,
        "{high} {medium} {low}"
    );
}

#[test]
fn days_are_counted_from_the_day_given() {
    let tree = project();
    let days = |answer: &Answer| {
        let json = answer.json();
        let findings = json["findings"].as_array().unwrap().iter();
        let desk = findings
            .clone()
            .find(|one| one["rule"] == "authtoken-header");
        let deadline = desk.unwrap()["deadline"].clone();
        (
            json["today"].as_str().unwrap().to_owned(),
            deadline["date"].as_str().unwrap().to_owned(),
            deadline["days_overdue"].as_i64().unwrap(),
        )
    };
    let check = ["check", "--format", "json", "--today"];
    for (today, expected) in [("2020-11-29", -1), ("2020-11-30", 0), ("2021-11-30", 365)] {
        let answer = ask(tree.root(), &[&check[..], &[today]].concat());
        assert_eq!(
            days(&answer),
            (today.to_owned(), "2020-11-30".to_owned(), expected)
        );
    }
    let mut command = program(tree.root(), &["check", "--format", "json"]);
    let output = command
        .env("SOURCE_DATE_EPOCH", "1606694400")
        .output()
        .unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["today"], "2020-11-30");
}

#[test]
fn one_run_gives_several_reports() {
    let tree = project();
    let arguments = [
        "check",
        "--today",
        TODAY,
        "--color",
        "always",
        "--output",
        "json=one.json",
        "--output",
        "text=one.txt",
    ];
    let answer = ask(tree.root(), &arguments);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("\x1b["));
    let text = fs::read_to_string(tree.path("one.txt")).unwrap();
    assert!(text.contains("error[authtoken-header]") && !text.contains('\x1b'));
    let json = fs::read_to_string(tree.path("one.json")).unwrap();
    fs::remove_file(tree.path("one.json")).unwrap();
    fs::remove_file(tree.path("one.txt")).unwrap();
    let other = ask(
        tree.root(),
        &["check", "--today", TODAY, "--format", "json"],
    );
    assert_eq!(json, other.out, "a report in a file is the report");
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let tree = project();
    assert!(!ask(tree.root(), &["check"]).out.contains('\x1b'));
    assert!(
        ask(tree.root(), &["check", "--color", "always"])
            .out
            .contains('\x1b')
    );
    let json = ask(
        tree.root(),
        &["check", "--color", "always", "--format", "json"],
    );
    assert!(!json.out.contains('\x1b'));
    let ascii = program(tree.root(), &["check"])
        .env("LANG", "C")
        .output()
        .unwrap();
    assert!(ascii.stdout.is_ascii());
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let tree = Tree::new();
    for case in cases() {
        for (path, bytes) in case.files() {
            tree.write(&format!("{}/{path}", case.name), &bytes);
        }
    }
    for format in ["text", "json"] {
        let mut child = program(tree.root(), &["check", "--format", format])
            .spawn()
            .unwrap();
        drop(child.stdin.take());
        // Far less than there is, and than fits into a pipe.
        let mut beginning = [0; 200];
        child
            .stdout
            .take()
            .unwrap()
            .read_exact(&mut beginning)
            .unwrap();
        let mut err = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        let status = child.wait().unwrap();
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn standard_input_is_judged_under_the_name_given() {
    // Nothing in the working folder bears on it.
    let tree = project();
    let text = "class A { Object a(String t) { return new HttpGet(\"https://desk.zoho.com/api?authtoken=\" + t); } }\n";
    let options = ["check", "--format", "json", "--stdin-filename"];
    let answer = ask_with(
        tree.root(),
        &[&options[..], &["src/Tickets.java", "-"]].concat(),
        text,
    );
    assert_eq!(answer.code, 1, "{}{}", answer.out, answer.err);
    assert_eq!(answer.values("path"), ["src/Tickets.java"]);
    assert_eq!(answer.values("language"), ["java"]);
    let clean = ask_with(tree.root(), &["check", "-"], "nothing of interest\n");
    assert_eq!(clean.code, 0, "{}{}", clean.out, clean.err);
    let both = ask_with(tree.root(), &["check", "-", "src"], text);
    assert_eq!(both.code, 2);
}

#[test]
fn positions_in_rust_are_bytes_on_disk() {
    let tree = Tree::new();
    let code = "fn a(t: &str) { let _ = \"ä\"; ureq::get(&format!(\"https://books.zoho.com/api/v3/items?authtoken={t}\")).call(); }\n";
    for (name, before) in [
        ("plain.rs", ""),
        ("mark.rs", "\u{feff}"),
        ("script.rs", "#!/usr/bin/env rust-script\n"),
        ("both.rs", "\u{feff}#!/usr/bin/env rust-script\r\n"),
    ] {
        let text = format!("{before}{code}");
        tree.write(name, &text);
        let answer = ask(tree.root(), &["check", "--format", "json", name]);
        let json = answer.json();
        let range = &json["findings"][0]["range"];
        let at = |end: &str| usize::try_from(range[end]["offset"].as_u64().unwrap()).unwrap();
        assert_eq!(
            text.get(at("start")..at("end")),
            Some("authtoken="),
            "{name}: {json}"
        );
        let lines = before.matches('\n').count() as u64;
        assert_eq!(range["start"]["line"], 1 + lines, "{name}");
    }
}

#[test]
fn a_pasted_script_is_read_as_the_language_said() {
    let tree = Tree::new();
    // Too little to be told from other languages by itself.
    let script = "m.put(\"Authorization\",\"Zoho-authtoken \" + t);\nr = PostURL(\"https://desk.zoho.com/api/v1/tickets\",b,m);\n";
    let options = ["check", "--format", "json", "--language", "deluge", "-"];
    let answer = ask_with(tree.root(), &options, script);
    assert_eq!(answer.code, 1, "{}{}", answer.out, answer.err);
    assert_eq!(answer.values("language"), ["deluge"]);
    assert_eq!(answer.values("rule"), ["authtoken-header"]);
    let clean = ask_with(
        tree.root(),
        &options,
        "r = invokeurl\n[\n\turl :\"https://desk.zoho.com/api/v1/tickets\"\n\ttype :GET\n\tconnection:\"desk\"\n];\n",
    );
    assert_eq!(clean.code, 0, "{}{}", clean.out, clean.err);
}

#[test]
fn a_clean_block_with_a_connection_is_explained() {
    let tree = Tree::new();
    let page = ask(tree.root(), &["explain", "authtoken-header"]).out;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        page.matches("unless it is one of the type API key").count(),
        1,
        "{page}"
    );
}

#[test]
fn statistics_and_errors_do_not_disturb_a_report() {
    let tree = project();
    let answer = ask(tree.root(), &["check", "--stats", "--format", "json"]);
    assert!(answer.json()["findings"].is_array());
    assert!(answer.err.contains("files parsed: 3"), "{}", answer.err);
    let quiet = ask(tree.root(), &["check", "--quiet"]);
    let plain = ask(tree.root(), &["check"]);
    assert!(plain.out.starts_with(quiet.out.trim_end()), "{}", quiet.out);
    assert!(quiet.out.len() < plain.out.len());
}

#[test]
fn notes_are_shown_on_request_and_always_in_json() {
    let tree = project();
    let plain = ask(tree.root(), &["check"]).out;
    let noted = ask(tree.root(), &["check", "--show-notes"]).out;
    assert!(
        !plain.contains("note[") && noted.contains("note["),
        "{noted}"
    );
    let json = ask(tree.root(), &["check", "--format", "json"]);
    assert!(json.values("level").contains(&"note".to_owned()));
}

#[test]
fn paths_are_those_of_the_folder_that_was_named() {
    let tree = project();
    let paths = |path: &str| {
        let arguments = [
            "check",
            "--format",
            "json",
            "--select",
            "authtoken-header",
            path,
        ];
        ask(tree.root(), &arguments).values("path")
    };
    assert_eq!(paths("."), ["src/desk.js"]);
    assert_eq!(paths("src"), ["desk.js"]);
    assert_eq!(paths("src/desk.js"), ["src/desk.js"]);
    assert_eq!(paths(tree.root().to_str().unwrap()), ["src/desk.js"]);
}

#[test]
fn the_version_is_that_of_the_package() {
    let answer = ask(clean().root(), &["--version"]);
    assert_eq!(
        answer.out,
        format!("authshift {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(answer.code, 0);
    assert_eq!(ask(clean().root(), &[]).code, 2);
}

/// A fixture, as people see it and as programs do.
fn snapshot(case: &str) {
    let tree = Tree::copy_of(&package().join("fixtures").join(case));
    let name = case.replace('/', "-");
    let text = ask(tree.root(), &["check", "--today", TODAY]);
    insta::assert_snapshot!(format!("{name}-text"), text.out);
    let json = ask(
        tree.root(),
        &["check", "--today", TODAY, "--format", "json"],
    );
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let json = json.out.replace(&version, "\"version\": \"(version)\"");
    insta::assert_snapshot!(format!("{name}-json"), json);
}

#[test]
fn the_report_of_a_java_project() {
    snapshot("java/jax-rs-header");
}

#[test]
fn the_report_of_a_program_with_its_settings() {
    snapshot("config/env-with-program");
}

#[test]
fn the_report_of_a_page_of_documentation() {
    snapshot("markdown/leaked-literal");
}

#[test]
fn the_report_of_a_clean_project() {
    insta::assert_snapshot!(ask(clean().root(), &["check"]).out);
}
