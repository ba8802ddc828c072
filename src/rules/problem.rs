//! What is wrong with rules, said with file, line and what to write instead.
//!
//! Owns the error of the loader and the way from a place in a TOML document to its line. It must not know
//! what the rules mean.

use std::fmt;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, de};

/// All problems of one load, in the order of the files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.list())]
pub struct RulesError {
    pub problems: Vec<Problem>,
}

impl RulesError {
    fn list(&self) -> String {
        let lines: Vec<String> = self.problems.iter().map(Problem::to_string).collect();
        lines.join("\n")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `rules/products/desk.toml` of the embedded folder, or the path of the user's file.
    pub file: String,
    /// From 1; absent where the whole file is meant.
    pub line: Option<usize>,
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}; {}", self.message, self.help)
    }
}

/// One step of the way to a value: `["legacy", 0, "ended"]`.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Step<'a> {
        Step::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

/// One file of rules and the problems found in it so far.
#[derive(Debug)]
pub struct RuleFile {
    /// Name within the folder, with `/`: `products/desk.toml`.
    pub name: String,
    /// What messages call it.
    pub shown: String,
    pub text: String,
}

impl RuleFile {
    /// The name without folder and extension: `desk`.
    pub fn stem(&self) -> &str {
        let file = self.name.rsplit('/').next().unwrap_or(&self.name);
        file.strip_suffix(".toml").unwrap_or(file)
    }

    /// A problem at the value that the steps lead to, or at the nearest one that exists.
    pub fn problem(&self, steps: &[Step<'_>], message: String, help: &str) -> Problem {
        Problem {
            file: self.shown.clone(),
            line: self.line_of(steps),
            message,
            help: help.to_string(),
        }
    }

    /// A problem that the TOML reader or serde found.
    pub fn parse_problem(&self, error: &de::Error) -> Problem {
        Problem {
            file: self.shown.clone(),
            line: error.span().map(|span| line_at(&self.text, span.start)),
            message: error.message().trim_end().replace('\n', "; "),
            help: "rules/README.md lists the fields of every file".to_string(),
        }
    }

    fn line_of(&self, steps: &[Step<'_>]) -> Option<usize> {
        let document = DeTable::parse(&self.text).ok()?;
        let mut start: Option<usize> = None;
        let mut table: Option<&DeTable<'_>> = Some(document.get_ref());
        let mut value: Option<&Spanned<DeValue<'_>>> = None;
        for step in steps {
            let next = match step {
                Step::Key(key) => table
                    .or_else(|| value.and_then(|value| value.get_ref().as_table()))
                    .and_then(|table| table.get(*key)),
                Step::Index(index) => value
                    .and_then(|value| value.get_ref().as_array())
                    .and_then(|array| array.get(*index)),
            };
            table = None;
            let Some(next) = next else { break };
            start = Some(next.span().start);
            value = Some(next);
        }
        start.map(|start| line_at(&self.text, start))
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let upto = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    upto.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_the_line_of_the_value() {
        let file = RuleFile {
            name: "products/x.toml".into(),
            shown: "rules/products/x.toml".into(),
            text: "id = \"x\"\n[[legacy]]\nid = \"a\"\n[[legacy]]\nid = \"b\"\nended = \"no\"\n"
                .into(),
        };
        let steps = ["legacy".into(), 1usize.into(), "ended".into()];
        assert_eq!(file.problem(&steps, String::new(), "").line, Some(6));
        let steps = ["legacy".into(), 1usize.into(), "missing".into()];
        assert_eq!(file.problem(&steps, String::new(), "").line, Some(4));
        assert_eq!(file.stem(), "x");
    }
}
