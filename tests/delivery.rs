//! What surrounds the program: completions, the manual page, the action for GitHub.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use support::run;
use support::tree::Tree;

#[test]
fn every_shell_has_completions_for_every_subcommand_and_option() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(["completions", shell]).out();
        for word in ["check", "baseline", "explain", "since", "exit-zero"] {
            assert!(script.contains(word), "{shell} {word}");
        }
    }
    assert!(run(["completions", "csh"]).err().contains("bash"));
}

#[test]
fn bash_reads_its_completions() {
    let tree = Tree::new();
    tree.write("authshift.bash", run(["completions", "bash"]).out);
    let script = "source ./authshift.bash && complete -p authshift";
    let Ok(output) = Command::new("bash")
        .args(["-c", script])
        .current_dir(tree.root())
        .output()
    else {
        eprintln!("left out: there is no bash");
        return;
    };
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_manual_page_tells_of_all_subcommands_and_options() {
    let page = run(["man"]).out();
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{page}");
    for word in ["check", "baseline", "completions", "color", "Exit codes"] {
        assert!(page.contains(word), "{word}");
    }
    let check = run(["man", "check"]).out();
    for option in ["baseline", "since", "fail\\-within", "exclude", "isolated"] {
        assert!(check.contains(option), "{option}");
    }
    let unknown = run(["man", "chek"]);
    assert!(
        unknown.err().contains("did you mean `check`?"),
        "{}",
        unknown.err()
    );
}

/// The shell script of a step of the action.
fn step(name: &str) -> String {
    let action = fs::read_to_string(support::package().join("action.yml")).unwrap();
    let (_, step) = action.split_once(&format!("- name: {name}\n")).unwrap();
    let step = step.split("\n    - name:").next().unwrap();
    let (_, run) = step.split_once("      run: ").unwrap();
    match run.strip_prefix("|\n") {
        Some(lines) => lines
            .lines()
            .map(|line| format!("{}\n", line.strip_prefix("        ").unwrap_or(line)))
            .collect(),
        None => run.to_owned(),
    }
}

struct Ran {
    code: Option<i32>,
    out: String,
    outputs: String,
    summary: String,
}

/// Runs it as GitHub does.
fn run_step(name: &str, folder: &Path, variables: &[(&str, &str)]) -> Option<Ran> {
    let script = format!("set -eo pipefail\n{}", step(name));
    let around = Tree::new();
    for file in ["output", "summary"] {
        around.write(file, "");
    }
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-c", &script])
        .current_dir(folder)
        .env("GITHUB_OUTPUT", around.path("output"))
        .env("GITHUB_STEP_SUMMARY", around.path("summary"))
        .env("RUNNER_TEMP", around.root())
        .envs(variables.iter().copied())
        .output()
        .ok()?;
    Some(Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        outputs: fs::read_to_string(around.path("output")).unwrap(),
        summary: fs::read_to_string(around.path("summary")).unwrap(),
    })
}

#[test]
fn the_steps_of_the_action_annotate_summarize_and_fail_at_the_end() {
    let tree = Tree::new();
    tree.write(
        "a folder/a.js",
        "fetch('https://desk.zoho.com/api/v1/tickets?authtoken=' + process.env.TOKEN);\n",
    );
    tree.write("clean/b.js", "// nothing\n");
    let program = env!("CARGO_BIN_EXE_authshift");
    let check = |paths: &str, options: &str| {
        let variables = [
            ("PROGRAM", program),
            ("PATHS", paths),
            ("OPTIONS", options),
            ("SARIF", "out.sarif"),
        ];
        run_step("Run authshift", tree.root(), &variables)
    };
    let Some(found) = check("a folder\nclean", "") else {
        eprintln!("left out: there is no bash");
        return;
    };
    assert_eq!(found.code, Some(0), "{}", found.out);
    assert!(
        found.out.starts_with("::error file=a folder/a.js,line=1,"),
        "{}",
        found.out
    );
    assert_eq!(found.outputs, "exit-code=1\n");
    assert!(found.summary.contains("**1 error"), "{}", found.summary);
    assert!(
        fs::read_to_string(tree.path("out.sarif"))
            .unwrap()
            .contains("a%20folder/a.js")
    );

    let clean = check("clean", "--fail-on=note\n").unwrap();
    assert_eq!(clean.outputs, "exit-code=0\n");
    let wrong = check("clean", "--no-such-option").unwrap();
    assert_eq!(
        (wrong.outputs.as_str(), wrong.summary.as_str()),
        ("exit-code=2\n", "")
    );
    let harmless = check("$(touch broken)\n--help", "").unwrap();
    assert_eq!(harmless.outputs, "exit-code=2\n");
    assert!(!tree.path("broken").exists());

    for code in ["0", "1", "3"] {
        let last = run_step(
            "Say whether there are findings",
            tree.root(),
            &[("CODE", code)],
        )
        .unwrap();
        assert_eq!(
            last.code.map(|code| code.to_string()).as_deref(),
            Some(code)
        );
    }
    let none = run_step(
        "Say whether there are findings",
        tree.root(),
        &[("CODE", "")],
    )
    .unwrap();
    assert_eq!(none.code, Some(2));
}

#[test]
fn the_action_installs_what_is_asked_for() {
    let tree = Tree::new();
    let ask = |how: &str| {
        run_step(
            "Install authshift",
            tree.root(),
            &[("INSTALL", how), ("PACKAGE", "x")],
        )
    };
    let Some(none) = ask("none") else {
        return;
    };
    assert_eq!(
        (none.code, none.outputs.as_str()),
        (Some(0), "program=authshift\n")
    );
    assert_eq!(ask("magic").unwrap().code, Some(2));
}
