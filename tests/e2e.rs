//! Old programs against a mock of Zoho: refused as they are, working once they are migrated.
//!
//! `cargo test --test e2e -- --ignored` runs them; they need Linux with user namespaces, python3 and openssl, and for
//! their language a JDK with Debian's libhttpclient-java and libokhttp-java, node with npm, or cargo. What is missing
//! is skipped with a message, and is a failure when `CI=true`. `E2E_ONLY=javascript/got` runs a part. See
//! `tests/e2e/README.md`.

#![allow(clippy::unwrap_used)]

#[path = "e2e/harness/mod.rs"]
mod harness;

use harness::build::{self, Variant};
use harness::programs::{self, Language, Program};
use harness::{Result, checks, conclude, fail, skip, sources, world};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

// --- the table ------------------------------------------------------------------------------------------

#[test]
fn every_program_is_in_the_table_and_says_its_shape() {
    let programs = programs::all();
    let listed: BTreeSet<String> = programs.iter().map(Program::name).collect();
    let mut found = BTreeSet::new();
    for language in [Language::Java, Language::JavaScript, Language::Rust] {
        let folder = sources().join("programs").join(language.folder());
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let other = ["driver", "target", "node_modules"].contains(&name.as_str());
            if entry.path().is_dir() && !other {
                found.insert(format!("{}/{name}", language.folder()));
            }
        }
    }
    assert_eq!(listed, found);
    for program in programs {
        let line = format!("Shape `{}`: ", program.shape);
        let said = walkdir::WalkDir::new(program.source())
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.is_file())
            .any(|path| fs::read_to_string(path).is_ok_and(|text| text.contains(&line)));
        assert!(said, "{} does not begin with {line}", program.name());
    }
}

#[test]
fn javascript_programs_have_the_versions_that_are_installed() {
    let folder = sources().join("programs/javascript");
    let dependencies = |path: &Path| -> BTreeMap<String, String> {
        let package: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        serde_json::from_value(package["dependencies"].clone()).unwrap()
    };
    let installed = dependencies(&folder.join("package.json"));
    for program in programs::all() {
        if program.language == Language::JavaScript {
            for (name, version) in dependencies(&program.source().join("package.json")) {
                let name = (program.name(), name);
                assert_eq!(Some(&version), installed.get(&name.1), "{name:?}");
            }
        }
    }
}

// --- the mock -------------------------------------------------------------------------------------------

#[test]
#[ignore = "starts servers; run with --ignored"]
fn the_mock_does_what_the_notes_on_zoho_say() {
    let run = || {
        build::need("python3")?;
        build::need("openssl")?;
        build::run(Command::new("python3").arg(sources().join("zoho/test_mock.py"))).map(drop)
    };
    conclude("mock", vec![("mock".to_owned(), run())]);
}

// --- old programs ---------------------------------------------------------------------------------------

#[test]
#[ignore = "needs a JDK and namespaces; run with --ignored"]
fn old_java_programs_are_refused() {
    each("old java", programs::of(Language::Java), refused);
}

#[test]
#[ignore = "needs node, the npm registry and namespaces; run with --ignored"]
fn old_javascript_programs_are_refused() {
    each(
        "old javascript",
        programs::of(Language::JavaScript),
        refused,
    );
}

#[test]
#[ignore = "builds HTTP clients and needs namespaces; run with --ignored"]
fn old_rust_programs_are_refused() {
    each("old rust", programs::of(Language::Rust), refused);
}

fn refused(program: &Program) -> Result<()> {
    old_request(program).map(drop)
}

// --- migrated by hand -----------------------------------------------------------------------------------

/// Proves that mock and checks can tell a program that works, with one program for each language.
#[test]
#[ignore = "needs all runtimes and namespaces; run with --ignored"]
fn programs_migrated_by_hand_work() {
    let migrated: Vec<Program> = [Language::Java, Language::JavaScript, Language::Rust]
        .into_iter()
        .flat_map(programs::of)
        .filter(|program| program.migrated().exists())
        .collect();
    each("migrated", migrated, |program| {
        let old = old_request(program)?;
        checks::works(&build::prepare(program, Variant::Migrated)?, &old)
    });
}

/// Proves that the checks notice what goes wrong in migrations: each mistake is one edit of a program that works.
#[test]
#[ignore = "needs node, the npm registry and namespaces; run with --ignored"]
fn mistakes_in_a_migration_are_noticed() {
    let (main, helper) = ("main.js", "zoho-oauth.js");
    let header = "headers: { Authorization: `Zoho-oauthtoken ${await accessToken()}` },";
    let mistakes = [
        // (file, what is replaced, by what, what the checks say)
        (
            main,
            "params: {",
            "params: { authtoken: 'made-up',",
            "exits with 0",
        ),
        (
            main,
            "per_page: 50,",
            "",
            "sends the old request but for the sign-in",
        ),
        (main, "Zoho-oauthtoken", "Bearer", "exits with 0"),
        (
            main,
            header,
            "headers: { Authorization: `Zoho-oauthtoken ${await (global.first ??= accessToken())}` },",
            "[again after the token has expired]",
        ),
        (helper, "pending ??=", "pending =", "[many callers at once]"),
        (
            helper,
            "Date.now() < until",
            "false",
            "[again while the token lives]",
        ),
        (
            helper,
            "answer.expires_in_sec ?? ",
            "",
            "[the same with a life in milliseconds]",
        ),
        (
            helper,
            "until = Date.now() + life - Math.min(60000, life / 10)",
            "until = Infinity",
            "[again after the token has expired]",
        ),
        (
            helper,
            "return token;",
            "console.log(token); return token;",
            "prints",
        ),
        (
            helper,
            "accounts.zoho.eu",
            "accounts.zoho.com",
            "exits with 0",
        ),
        (
            helper,
            "body: new URLSearchParams({",
            "body: JSON.stringify({",
            "exits with 0",
        ),
    ];
    let program = programs::of(Language::JavaScript)
        .into_iter()
        .find(|program| program.client == "axios");
    let Some(program) = program else { return };
    let check = |(file, from, to, expected): (&str, &str, &str, &str)| {
        world::available()?;
        let old = old_request(&program)?;
        let path = build::copy(&program, Variant::Wrong).join(file);
        let right = fs::read_to_string(&path).unwrap();
        assert!(right.contains(from), "{file} has no {from}");
        fs::write(path, right.replacen(from, to, 1)).unwrap();
        match checks::works(&build::build(&program, Variant::Wrong)?, &old) {
            Ok(()) => fail("nothing was noticed"),
            Err(harness::Problem::Failed(what)) if !what.contains(expected) => {
                fail(format!("noticed, but not by {expected:?}\n{what}"))
            }
            Err(harness::Problem::Failed(_)) => Ok(()),
            Err(skip) => Err(skip),
        }
    };
    let results = mistakes
        .into_iter()
        .map(|mistake| (format!("{} -> {}", mistake.1, mistake.2), check(mistake)))
        .collect();
    conclude("mistakes", results);
}

// --- migrated by `authshift fix` ------------------------------------------------------------------------

#[test]
#[ignore = "needs a JDK and namespaces; run with --ignored"]
fn fixed_java_programs_work() {
    each("fixed java", programs::of(Language::Java), fixed);
}

#[test]
#[ignore = "needs node, the npm registry and namespaces; run with --ignored"]
fn fixed_javascript_programs_work() {
    each(
        "fixed javascript",
        programs::of(Language::JavaScript),
        fixed,
    );
}

#[test]
#[ignore = "builds HTTP clients and needs namespaces; run with --ignored"]
fn fixed_rust_programs_work() {
    each("fixed rust", programs::of(Language::Rust), fixed);
}

fn fixed(program: &Program) -> Result<()> {
    // Another build of the program can be tested too.
    let binary = std::env::var("E2E_AUTHSHIFT")
        .unwrap_or_else(|_| env!("CARGO_BIN_EXE_authshift").to_owned());
    let authshift = || Command::new(&binary);
    let help = authshift().args(["fix", "--help"]).output().unwrap();
    if !help.status.success() {
        return skip("authshift has no `fix` yet");
    }
    let old = old_request(program)?;
    let folder = build::copy(program, Variant::Fixed);
    // The copy lies in a folder that this repository ignores; as one of its own it is scanned as a project is.
    build::need("git")?;
    build::run(
        Command::new("git")
            .args(["init", "--quiet"])
            .current_dir(&folder),
    )?;
    let done = authshift()
        .args(["fix", "--allow-dirty"])
        // What is kept for an undo is not for the home of whoever runs the tests.
        .env(
            "AUTHSHIFT_STATE_DIR",
            std::env::temp_dir().join(format!("authshift-e2e-{}", std::process::id())),
        )
        .args(&program.fix)
        .arg(".")
        .current_dir(&folder)
        .output()
        .unwrap();
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    // 1 says that findings remain, such as a token to revoke; the program decides whether enough was fixed.
    if !matches!(done.status.code(), Some(0 | 1)) {
        return fail(format!("authshift fix ended with {}\n{told}", done.status));
    }
    let works = build::build(program, Variant::Fixed).and_then(|built| {
        if program.only_builds {
            return Ok(());
        }
        checks::works(&built, &old)
    });
    works.map_err(|problem| match problem {
        harness::Problem::Failed(what) => {
            harness::Problem::Failed(format!("{what}\n--- authshift fix\n{told}"))
        }
        skip => skip,
    })
}

// --- helpers --------------------------------------------------------------------------------------------

/// Runs a check for each program; one that fails does not keep the others from running.
fn each(test: &str, programs: Vec<Program>, check: impl Fn(&Program) -> Result<()>) {
    let results = programs
        .iter()
        .map(|program| {
            (
                program.name(),
                world::available().and_then(|()| check(program)),
            )
        })
        .collect();
    conclude(test, results);
}

/// Builds the old program, sees it refused, and gives the request that it made. Several tests ask: it is done once.
fn old_request(program: &Program) -> Result<world::Seen> {
    type Answers = HashMap<String, Arc<OnceLock<Result<world::Seen>>>>;
    static ANSWERS: LazyLock<Mutex<Answers>> = LazyLock::new(Mutex::default);
    let answer = {
        let mut answers = ANSWERS.lock().unwrap();
        answers.entry(program.name()).or_default().clone()
    };
    answer
        .get_or_init(|| checks::refused(program, &build::prepare(program, Variant::Old)?))
        .clone()
}
