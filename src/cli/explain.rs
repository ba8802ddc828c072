//! `authshift explain RULE`: what a rule finds, why that no longer works, and what to do; and what the rules say about
//! a subject, with sources.

use super::rules::level_name;
use super::{Common, Environment, Exit, Failure, suggest};
use crate::pipeline::Engine;
use crate::rules::model::{Detection, Example, ExampleKind};
use crate::rules::topics::{self, Topic};
use clap::Args;
use std::io::{self, Write};

/// Explain a rule, or a subject of the report
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift explain authtoken-header\n  authshift explain oauth\n  authshift rules     lists the rules\n\nSubjects, each statement with its source: data-centers, deadlines, endpoints, oauth, packages, scopes"
)]
pub(super) struct ExplainArguments {
    /// Id of the rule, or a subject
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(
    arguments: &ExplainArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let rules = engine.rules(common.rules_dir.as_deref())?;
    let id = arguments.rule.as_str();
    let page = Page {
        bold: environment.colors(common.color, environment.stdout_is_terminal),
        width: environment.width(),
    };
    let Some(rule) = rules.detections.iter().find(|rule| rule.id == id) else {
        if let Some(topic) = topics::topic(&rules, id) {
            page.topic(&topic, out)?;
            return Ok(Exit::Clean);
        }
        let names = topics::TOPICS.iter().map(|(name, _)| *name);
        let known = rules.detections.iter().map(|rule| rule.id.as_str());
        return Err(suggest::unknown("rule", id, known.chain(names), "authshift rules").into());
    };
    page.write(rule, out)?;
    Ok(Exit::Clean)
}

struct Page {
    bold: bool,
    width: usize,
}

impl Page {
    fn write(&self, rule: &Detection, out: &mut dyn Write) -> io::Result<()> {
        let title = format!("{} ({})", rule.id, level_name(rule.level));
        writeln!(out, "{}", self.heading(&title))?;
        self.prose(&rule.summary, out)?;
        self.section("Why", &rule.why, out)?;
        self.section("What to do", &rule.help, out)?;
        let fixes = match rule.fix.as_slice() {
            [] => "None by machine: a person has to do it.".to_owned(),
            recipes => format!("By the recipes {}, where they apply.", recipes.join(", ")),
        };
        self.section("Fixes", &fixes, out)?;
        let is_hit = |example: &&Example| example.kind == ExampleKind::Hit;
        if let Some(example) = rule.example.iter().find(is_hit) {
            self.example("Found", example, out)?;
        }
        // One of each language: what is right in one may have no counterpart in another.
        let mut languages = Vec::new();
        for example in rule.example.iter().filter(|example| !is_hit(example)) {
            if !languages.contains(&&example.language) {
                languages.push(&example.language);
                self.example("Not found", example, out)?;
            }
        }
        writeln!(out, "\n{}", self.heading("Sources"))?;
        for source in &rule.source {
            writeln!(out, "  {source}")?;
        }
        Ok(())
    }

    fn topic(&self, topic: &Topic, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.heading(&topic.title))?;
        for section in &topic.sections {
            writeln!(out, "\n{}", self.heading(&section.heading))?;
            for item in &section.items {
                self.prose(&item.text, out)?;
                if let Some(command) = &item.command {
                    writeln!(out, "      {command}")?;
                }
                if let Some(source) = &item.source {
                    writeln!(out, "    ({source})")?;
                }
            }
        }
        Ok(())
    }

    fn section(&self, name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n{}", self.heading(name))?;
        self.prose(text, out)
    }

    fn example(&self, name: &str, example: &Example, out: &mut dyn Write) -> io::Result<()> {
        let place = example.path.as_deref().unwrap_or(&example.language);
        writeln!(out, "\n{} ({place})", self.heading(name))?;
        for line in example.code.trim_matches('\n').lines() {
            // An empty line keeps no blanks at its end.
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        }
        match &example.note {
            Some(note) => self.prose(note, out),
            None => Ok(()),
        }
    }

    fn heading(&self, text: &str) -> String {
        if self.bold {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    fn prose(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut column = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > self.width {
                writeln!(out)?;
                column = 0;
            }
            let blank = if column == 0 { "  " } else { " " };
            write!(out, "{blank}{word}")?;
            column += blank.len() + length;
        }
        writeln!(out)
    }
}
