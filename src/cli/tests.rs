//! The command line from outside, with an engine that answers from memory.

use super::settings::Settings;
use super::*;
use crate::finding::{Diagnostic, Report};
use crate::output::sample;
use crate::pipeline::{Outcome, Progress};
use crate::rules::model::{Level, Rules};
use std::cell::RefCell;
use std::path::Path;

/// Gives the report it was made with, and remembers what it was asked.
struct Double {
    report: Report,
    asked: RefCell<Option<Settings>>,
}

impl Double {
    fn new() -> Double {
        Double {
            report: sample::report(),
            asked: RefCell::new(None),
        }
    }

    fn clean() -> Double {
        let mut double = Double::new();
        double.report.findings.clear();
        double.report.diagnostics.clear();
        double.report.coverage = crate::finding::Coverage {
            files_seen: 3,
            files_read: 3,
            ..Default::default()
        };
        double
    }
}

impl Engine for Double {
    fn rules(&self, _folder: Option<&Path>) -> Result<Rules, Error> {
        let detections = r#"
            id = "authtoken-header"
            level = "error"
            summary = "An authtoken in the Authorization header of a request to Zoho."
            message = "{product} no longer takes an authtoken in the Authorization header"
            help = "Send `Zoho-oauthtoken` with an access token that is refreshed every hour."
            why = "Zoho makes no authtokens any more, and its products stopped taking those that were left. The access token of OAuth 2.0 took their place."
            fix = ["header"]
            source = ["https://www.zoho.com/accounts/protocol/oauth.html"]
            [[match]]
            matcher = "header"
            names = ["Authorization"]
            schemes = ["Zoho-authtoken"]
            [[example]]
            kind = "hit"
            language = "java"
            code = "request.addHeader(\"Authorization\", \"Zoho-authtoken \" + token);"
            [[example]]
            kind = "near-miss"
            language = "java"
            code = "request.addHeader(\"Authorization\", \"Zoho-oauthtoken \" + token);"
            note = "This is the new form."
        "#;
        let product = r#"
            id = "desk"
            name = "Zoho Desk"
            hosts = ["desk.{tld}"]
            source = []
            [[deadline]]
            kind = "no-new-tokens"
            date = "2020-11-30"
            source = "https://help.zoho.com"
        "#;
        Ok(Rules {
            detections: vec![toml::from_str(detections).unwrap()],
            products: vec![toml::from_str(product).unwrap()],
            ..Rules::default()
        })
    }

    fn check(
        &self,
        settings: &Settings,
        _rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Outcome, Error> {
        progress.update(1, None);
        *self.asked.borrow_mut() = Some(settings.clone());
        Ok(Outcome {
            report: self.report.clone(),
            repository: None,
            survey: None,
            statistics: vec![("walk".to_owned(), "0.2 s".to_owned())],
        })
    }

    fn repair(
        &self,
        _settings: &Settings,
        _rules: &Rules,
        _selection: &crate::audit::Selection,
        _progress: &mut dyn Progress,
    ) -> Result<crate::audit::Repaired, Error> {
        Ok(crate::audit::Repaired {
            attempts: Vec::new(),
            changes: Vec::new(),
            after: self.report.clone(),
            exposed: Vec::new(),
            hidden: Default::default(),
            root: std::path::PathBuf::from("."),
        })
    }

    fn scopes(
        &self,
        _: &Settings,
        _: &Rules,
        _: &mut dyn Progress,
    ) -> Result<Vec<crate::plan::scopes::Client>, Error> {
        Ok(Vec::new())
    }

    fn plan(
        &self,
        _: &Settings,
        rules: &Rules,
        choices: &crate::plan::Choices,
        _: &mut dyn Progress,
    ) -> Result<crate::plan::Plan, Error> {
        Ok(crate::plan::build(
            crate::plan::Input::default(),
            rules,
            choices,
        ))
    }

    fn tree(&self, path: &Path) -> Result<String, Error> {
        Ok(format!("Module {}", path.display()))
    }
}

struct Answer {
    exit: Exit,
    out: String,
    err: String,
}

fn ask(engine: &dyn Engine, arguments: &[&str]) -> Answer {
    let environment = Environment {
        variables: [("LANG".to_owned(), "C.UTF-8".to_owned())].into(),
        processors: 2,
        now: 1_795_392_000,
        ..Environment::default()
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = std::iter::once("authshift")
        .chain(arguments.iter().copied())
        .map(OsString::from);
    let exit = run(arguments, &environment, engine, &mut out, &mut err);
    Answer {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

#[test]
fn findings_of_the_level_asked_for_give_one() {
    for (arguments, expected) in [
        (&["check"][..], Exit::Findings),
        (&["check", "--fail-on", "error"], Exit::Findings),
        (&["check", "--fail-on", "never"], Exit::Clean),
        (&["check", "--exit-zero"], Exit::Clean),
        (&["check", "--strict"], Exit::Incomplete),
        (&["check", "--strict", "--exit-zero"], Exit::Clean),
        (&["check", "--format", "json"], Exit::Findings),
        (&["check", "--format", "json", "--quiet"], Exit::Findings),
    ] {
        assert_eq!(
            ask(&Double::new(), arguments).exit,
            expected,
            "{arguments:?}"
        );
    }
    assert_eq!(
        ask(&Double::clean(), &["check", "--strict"]).exit,
        Exit::Clean
    );
}

#[test]
fn only_notes_fail_only_when_asked_for() {
    let mut double = Double::new();
    double
        .report
        .findings
        .retain(|finding| finding.level == Level::Note);
    assert_eq!(ask(&double, &["check"]).exit, Exit::Clean);
    let answer = ask(&double, &["check", "--fail-on", "note"]);
    assert_eq!(answer.exit, Exit::Findings);
    assert!(answer.out.contains("note[authtoken-docs]"));
}

#[test]
fn an_error_of_the_run_comes_before_everything() {
    let mut double = Double::new();
    double.report.diagnostics.push(Diagnostic {
        line: None,
        level: Level::Error,
        path: Some("src".to_owned()),
        message: "cannot be read".to_owned(),
    });
    let answer = ask(
        &double,
        &["check", "--strict", "--exit-zero", "--format", "json"],
    );
    assert_eq!(answer.exit, Exit::Error);
    assert_eq!(answer.err, "error: src: cannot be read\n");
}

#[test]
fn what_was_typed_becomes_settings_once() {
    let double = Double::new();
    ask(
        &double,
        &[
            "check",
            "--select",
            "authtoken-header",
            "--product",
            "desk",
            "--today",
            "2020-12-01",
            "--max-file-size",
            "512k",
            "--confidence",
            "low",
            "--threads",
            "3",
            "src",
        ],
    );
    let settings = double.asked.take().unwrap();
    assert_eq!(settings.roots, [PathBuf::from("src")]);
    assert_eq!(settings.today.to_string(), "2020-12-01");
    assert_eq!(settings.max_file_size, 512 * 1024);
    assert_eq!(settings.threads.get(), 3);
    assert_eq!(settings.confidence, crate::finding::Confidence::Low);

    ask(&double, &["check"]);
    let settings = double.asked.take().unwrap();
    assert_eq!(settings.roots, [PathBuf::from(".")]);
    assert_eq!(settings.today.to_string(), "2026-11-23");
    assert_eq!(settings.max_file_size, 2 * 1024 * 1024);
    assert_eq!(settings.confidence, crate::finding::Confidence::Medium);
    assert!(!settings.show_notes && !settings.color && settings.unicode);

    ask(&double, &["check", "-", "--stdin-filename", "a.js"]);
    let settings = double.asked.take().unwrap();
    assert_eq!(settings.stdin.as_deref(), Some("a.js"));
    assert!(settings.roots.is_empty());
    assert_eq!(settings.language, None);

    ask(&double, &["check", "--language", "deluge", "-"]);
    let settings = double.asked.take().unwrap();
    assert_eq!(settings.language, Some(crate::syntax::Language::Deluge));
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let double = Double::new();
    for (arguments, message) in [
        (
            &["check", "--select", "authtoken-heder"][..],
            "error: there is no rule `authtoken-heder`\n  help: did you mean `authtoken-header`?\n",
        ),
        (
            &["check", "--ignore", "nonsense"],
            "error: there is no rule `nonsense`\n  help: `authshift rules` lists them all\n",
        ),
        (
            &["check", "--product", "dsk"],
            "error: there is no product `dsk`\n  help: did you mean `desk`?\n",
        ),
        (
            &["explain", "authtoken"],
            "error: there is no rule `authtoken`\n  help: did you mean `authtoken-header`?\n",
        ),
        (
            &["check", "no/such/path"],
            "error: cannot find no/such/path\n  help: check the path; it is taken from the working folder\n",
        ),
        (
            &["check", "-", "src"],
            "error: standard input (`-`) cannot be scanned together with paths\n  help: scan them in two runs\n",
        ),
        (
            &["check", "--stdin-filename", "a.ts"],
            "error: --stdin-filename names what standard input is, and none is read\n  help: add `-` as the path\n",
        ),
        (
            &["check", "--output", "json=x", "--output", "sarif=./x"],
            "error: two reports cannot be written to one file: ./x\n  help: name another file for one of them\n",
        ),
        (
            &["check", "--language", "deluge", "."],
            "error: --language says what standard input is, and none is read\n  help: give `-` as the path; the language of files is told by name and content\n",
        ),
    ] {
        let answer = ask(&double, arguments);
        assert_eq!((answer.exit, answer.err.as_str()), (Exit::Error, message));
        assert_eq!(answer.out, "");
    }
    assert!(double.asked.take().is_none());
}

#[test]
fn wrong_arguments_are_usage_errors() {
    for arguments in [
        &[][..],
        &["chek"],
        &["check", "--format", "pdf"],
        &["check", "--output", "json"],
        &["check", "--today", "tomorrow"],
        &["check", "--max-file-size", "big"],
        &["check", "--threads", "0"],
        &["check", "--language", "klingon", "-"],
        &["check", "-q", "-v"],
    ] {
        let answer = ask(&Double::new(), arguments);
        assert_eq!(answer.exit, Exit::Error, "{arguments:?}");
        assert!(!answer.err.is_empty() && answer.out.is_empty());
    }
}

#[test]
fn several_reports_come_from_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let option = format!("--output=json={}", file.display());
    let answer = ask(&Double::new(), &["check", &option]);
    assert!(answer.out.contains("error[authtoken-header]"));
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 8);

    let lost = format!(
        "--output=json={}",
        folder.path().join("no/where.json").display()
    );
    let answer = ask(&Double::new(), &["check", &lost]);
    assert_eq!(answer.exit, Exit::Error);
    assert!(
        answer.err.starts_with("error: cannot write "),
        "{}",
        answer.err
    );
}

#[test]
fn statistics_go_to_standard_error() {
    let answer = ask(&Double::new(), &["check", "--stats"]);
    assert_eq!(answer.err, "walk: 0.2 s\n");
}

/// Takes so many bytes and then says what it was told to.
struct Closed(usize, io::ErrorKind);

impl Write for Closed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 && !bytes.is_empty() {
            return Err(self.1.into());
        }
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is_one() {
    for (kind, expected) in [
        (io::ErrorKind::BrokenPipe, Exit::Clean),
        (io::ErrorKind::StorageFull, Exit::Error),
    ] {
        for command in [
            &["check"][..],
            &["check", "--format=json"],
            &["schema"],
            &["--help"],
        ] {
            let mut err = Vec::new();
            let arguments = std::iter::once("authshift").chain(command.iter().copied());
            let exit = run(
                arguments.map(OsString::from),
                &Environment::default(),
                &Double::new(),
                &mut Closed(10, kind),
                &mut err,
            );
            assert_eq!(exit, expected, "{command:?} {kind:?}");
        }
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let double = Double::new();
    insta::assert_snapshot!(ask(&double, &["rules"]).out, @"authtoken-header  error  An authtoken in the Authorization header of a request to Zoho.");
    insta::assert_snapshot!(ask(&double, &["rules", "--products"]).out, @"desk  Zoho Desk  no new authtokens after 2020-11-30");
    insta::assert_snapshot!(ask(&double, &["explain", "authtoken-header"]).out);
}

#[test]
fn help_is_short_and_has_examples() {
    insta::assert_snapshot!(ask(&Double::new(), &["-h"]).out);
    insta::assert_snapshot!(ask(&Double::new(), &["check", "-h"]).out);
}

#[test]
fn the_schema_is_json_and_debugging_is_hidden() {
    let schema = ask(&Double::new(), &["schema"]).out;
    assert!(
        serde_json::from_str::<serde_json::Value>(&schema)
            .unwrap()
            .is_object()
    );
    assert_eq!(
        ask(&Double::new(), &["debug", "tree", "a.js"]).out,
        "Module a.js\n"
    );
    assert!(!ask(&Double::new(), &["--help"]).out.contains("debug"));
}
