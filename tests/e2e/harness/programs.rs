//! The table of the old programs, `tests/e2e/programs/programs.toml`.

use super::sources;
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Java,
    JavaScript,
    Rust,
}

impl Language {
    pub fn folder(self) -> &'static str {
        match self {
            Language::Java => "java",
            Language::JavaScript => "javascript",
            Language::Rust => "rust",
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    pub language: Language,
    pub client: String,
    pub shape: String,
    pub carrier: String,
    pub main: Option<String>,
    pub release: Option<u32>,
    /// Before each call the old program asks the accounts server to make a token.
    #[serde(default)]
    pub makes_token: bool,
    #[serde(default)]
    pub fix: Vec<String>,
    /// The fixed program is compiled and not run.
    #[serde(default)]
    pub only_builds: bool,
}

impl Program {
    pub fn name(&self) -> String {
        format!("{}/{}", self.language.folder(), self.client)
    }

    /// Where the old program is.
    pub fn source(&self) -> PathBuf {
        sources().join("programs").join(self.name())
    }

    /// Where its hand-migrated version is, if there is one.
    pub fn migrated(&self) -> PathBuf {
        sources().join("migrated").join(self.name())
    }
}

#[derive(Deserialize)]
struct Table {
    program: Vec<Program>,
}

/// All programs.
pub fn all() -> Vec<Program> {
    let text = fs::read_to_string(sources().join("programs/programs.toml")).unwrap();
    toml::from_str::<Table>(&text).unwrap().program
}

/// The programs of a language; `E2E_ONLY=javascript/got` in the environment leaves those whose name contains it.
pub fn of(language: Language) -> Vec<Program> {
    let only = std::env::var("E2E_ONLY").unwrap_or_default();
    let programs = all();
    assert!(
        programs
            .iter()
            .any(|program| program.name().contains(&only)),
        "E2E_ONLY={only} names no program"
    );
    programs
        .into_iter()
        .filter(|program| program.language == language && program.name().contains(&only))
        .collect()
}
