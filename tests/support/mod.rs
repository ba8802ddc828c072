//! What the tests from outside share: the program run in-process, temporary trees, and the cases of `fixtures/`.
//!
//! Knows the command line and the JSON report, nothing behind them: a test that uses only this is a test of
//! what users see.

// Every test file is a program of its own and uses a part of this.
#![allow(dead_code)]
// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

pub mod cases;
pub mod expected;
pub mod helper_program;
pub mod html;
pub mod plans;
pub mod report;
pub mod token_server;
pub mod tree;
pub mod work;
pub mod workers;

use authshift::audit::{Repaired, Selection};
use authshift::cli::settings::Settings;
use authshift::cli::{self, Environment, Exit};
use authshift::pipeline::{Engine, Error, Library, Outcome, Progress};
use authshift::plan::scopes::Client;
use authshift::plan::{Choices, Plan};
use authshift::rules::model::Rules;
use std::ffi::OsString;
use std::path::Path;
use std::sync::OnceLock;

/// The day by which all tests count deadlines.
pub const TODAY: &str = "2026-11-23";

/// What a run gave.
pub struct Answer {
    pub exit: Exit,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

impl Answer {
    pub fn out(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }

    pub fn err(&self) -> String {
        String::from_utf8(self.err.clone()).unwrap()
    }
}

/// The program itself, except that the embedded rules are read once: hundreds of runs share a process here.
struct Program;

impl Engine for Program {
    fn rules(&self, folder: Option<&Path>) -> Result<Rules, Error> {
        static EMBEDDED: OnceLock<Rules> = OnceLock::new();
        match folder {
            Some(_) => Library.rules(folder),
            None => Ok(EMBEDDED
                .get_or_init(|| Library.rules(None).unwrap())
                .clone()),
        }
    }

    fn check(
        &self,
        settings: &Settings,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Outcome, Error> {
        Library.check(settings, rules, progress)
    }

    fn repair(
        &self,
        settings: &Settings,
        rules: &Rules,
        selection: &Selection,
        progress: &mut dyn Progress,
    ) -> Result<Repaired, Error> {
        Library.repair(settings, rules, selection, progress)
    }

    fn scopes(
        &self,
        settings: &Settings,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Client>, Error> {
        Library.scopes(settings, rules, progress)
    }

    fn plan(
        &self,
        settings: &Settings,
        rules: &Rules,
        choices: &Choices,
        progress: &mut dyn Progress,
    ) -> Result<Plan, Error> {
        Library.plan(settings, rules, choices, progress)
    }

    fn tree(&self, path: &Path) -> Result<String, Error> {
        Library.tree(path)
    }
}

/// Runs `authshift` with these arguments, on a fixed day, in a terminal-less UTF-8 environment.
pub fn run<Argument: Into<OsString>>(arguments: impl IntoIterator<Item = Argument>) -> Answer {
    run_with(arguments, &[])
}

/// The same with more variables in the environment.
pub fn run_with<Argument: Into<OsString>>(
    arguments: impl IntoIterator<Item = Argument>,
    variables: &[(&str, &str)],
) -> Answer {
    let fixed = [
        ("LANG", "C.UTF-8"),
        // 2026-11-23
        ("SOURCE_DATE_EPOCH", "1795392000"),
    ];
    let environment = Environment {
        variables: fixed
            .iter()
            .chain(variables)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        processors: 1,
        now: 0,
        ..Environment::default()
    };
    let arguments =
        std::iter::once(OsString::from("authshift")).chain(arguments.into_iter().map(Into::into));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = cli::run(arguments, &environment, &Program, &mut out, &mut err);
    Answer { exit, out, err }
}

/// Arguments as the command line takes them.
pub fn arguments(fixed: &[&str], path: &Path) -> Vec<OsString> {
    fixed
        .iter()
        .map(OsString::from)
        .chain([path.as_os_str().to_owned()])
        .collect()
}

/// The folder of the package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
