//! The boundary between the command line and the library: what a subcommand asks for, and what it gets.
//!
//! The command line knows nothing of walking, parsing and matching, and is tested with an [`Engine`] of its
//! own. [`Library`] is the real one.

use crate::audit::{Repaired, Selection};
use crate::cli::settings::Settings;
use crate::finding::Report;
use crate::plan::scopes::Client;
use crate::plan::survey::Survey;
use crate::plan::{self, Plan};
use crate::rules::model::Rules;
use std::fmt;
use std::path::Path;

/// What went wrong so that there is no report at all: what, where, and what to do about it. What went wrong
/// with single files is part of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    what: String,
    advice: Option<String>,
}

impl Error {
    pub fn new(what: impl Into<String>) -> Error {
        Error {
            what: what.into(),
            advice: None,
        }
    }

    /// Says where it is, as `file:line`.
    pub fn at(mut self, place: &str) -> Error {
        self.what = format!("{place}: {}", self.what);
        self
    }

    pub fn advise(mut self, advice: impl Into<String>) -> Error {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        match &self.advice {
            Some(advice) => write!(formatter, "\n  help: {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// Told now and then how far the scan is, by one thread.
pub trait Progress {
    /// So many files are done, of so many if that is known yet.
    fn update(&mut self, done: u64, total: Option<u64>);
}

/// What a scan gives.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Filtered by the settings (rules, products, confidence) and sorted; notes are always in it.
    pub report: Report,
    /// The address of its repository, if it has one.
    pub repository: Option<String>,
    /// What it calls and holds besides, where a format is written that keeps it.
    pub survey: Option<Survey>,
    /// For `--stats`: name and value, in the order in which they are printed.
    pub statistics: Vec<(String, String)>,
}

/// What the subcommands need.
pub trait Engine {
    /// The embedded rules together with those of a user's folder, checked.
    fn rules(&self, folder: Option<&Path>) -> Result<Rules, Error>;

    fn check(
        &self,
        settings: &Settings,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Outcome, Error>;

    /// Tries the fixes that the settings ask for, without writing anything.
    fn repair(
        &self,
        settings: &Settings,
        rules: &Rules,
        selection: &Selection,
        progress: &mut dyn Progress,
    ) -> Result<Repaired, Error>;

    /// The OAuth clients of a code base and the scopes that they need.
    fn scopes(
        &self,
        settings: &Settings,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Client>, Error>;

    /// The migration plan of a code base.
    fn plan(
        &self,
        settings: &Settings,
        rules: &Rules,
        choices: &plan::Choices,
        progress: &mut dyn Progress,
    ) -> Result<Plan, Error>;

    /// The syntax tree of a file, for people who write front ends.
    fn tree(&self, path: &Path) -> Result<String, Error>;
}

/// The program itself.
pub struct Library;

impl Engine for Library {
    fn rules(&self, folder: Option<&Path>) -> Result<Rules, Error> {
        crate::rules::load(folder).map_err(|error| Error::new(error.to_string()))
    }

    fn check(
        &self,
        settings: &Settings,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Outcome, Error> {
        crate::audit::check(settings, rules, progress)
    }

    fn repair(
        &self,
        settings: &Settings,
        rules: &Rules,
        selection: &Selection,
        progress: &mut dyn Progress,
    ) -> Result<Repaired, Error> {
        crate::audit::repair(settings, rules, selection, progress)
    }

    fn scopes(
        &self,
        settings: &Settings,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Client>, Error> {
        crate::audit::scopes(settings, rules, progress)
    }

    fn plan(
        &self,
        settings: &Settings,
        rules: &Rules,
        choices: &plan::Choices,
        progress: &mut dyn Progress,
    ) -> Result<Plan, Error> {
        crate::audit::plan(settings, rules, choices, progress)
    }

    fn tree(&self, path: &Path) -> Result<String, Error> {
        let bytes = std::fs::read(path).map_err(|error| {
            Error::new(format!("cannot read {}: {error}", path.display()))
                .advise("name a readable file")
        })?;
        let source = crate::scan::decode(&bytes)
            .map_err(|error| Error::new(format!("cannot decode {}: {error}", path.display())))?;
        let name = path.to_string_lossy();
        let language = crate::audit::load::language_of(&name, &source.text);
        let input = crate::syntax::Input {
            text: &source.text,
            base: 0,
            path: &name,
        };
        let tree = crate::audit::load::lower(input, language);
        // People paste trees into reports of bugs.
        Ok(crate::redact::mask_excerpt(&crate::syntax::print::print(
            &tree,
            &source.text,
        )))
    }
}
