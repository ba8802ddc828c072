//! The command line: one file per subcommand, and what they share.
//!
//! Arguments are read here once and become [`settings::Settings`]; nothing behind this module looks at
//! arguments or at the environment. Answers go to `stdout`, everything about the run to `stderr`.

mod arguments;
mod baseline;
mod check;
mod completions;
mod config;
mod debug;
mod exit;
mod explain;
mod fix;
mod man;
mod progress;
mod report;
mod rules;
mod scanning;
mod schema;
mod scopes;
pub mod settings;
mod suggest;

pub use exit::Exit;
pub use settings::Environment;

use crate::finding::excerpt::visible;
use crate::pipeline::{Engine, Error};
use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use config::Config;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Parser)]
#[command(
    name = "authshift",
    version,
    about = "Finds where a code base still signs in to Zoho with an authtoken",
    long_about = "Finds every place where a code base still signs in to Zoho with an authtoken, says what has to change to Zoho OAuth 2.0, and by when it had to. Works offline; nothing that it reads leaves the machine.",
    after_help = "Examples:\n  authshift check                      scan the working folder\n  authshift check src .env             scan some paths\n  authshift fix --diff                 show what would be changed
  authshift explain authtoken-header   what a rule finds and why\n\nExit codes: 0 clean, 1 findings, 2 usage or other error, 3 incomplete scan under --strict",
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every subcommand.
#[derive(Args)]
struct Common {
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Display"
    )]
    color: Color,
    /// Print the findings only, without summary and progress
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Display"
    )]
    quiet: bool,
    /// Print more: all names in lists, and what was given up during the scan
    #[arg(short, long, global = true, help_heading = "Display")]
    verbose: bool,
    /// Folder with rules of your own, added to the built-in ones
    #[arg(
        long = "rules",
        global = true,
        value_name = "DIR",
        help_heading = "Rules"
    )]
    rules_dir: Option<PathBuf>,
    /// Settings to use instead of the authshift.toml that is found upwards from the working folder
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    config: Option<PathBuf>,
    /// Obey no authshift.toml that is found and no comment that silences a finding; list them instead
    #[arg(long, global = true, help_heading = "Settings")]
    isolated: bool,
    /// What the configuration says.
    #[arg(skip)]
    settings: Config,
}

impl Common {
    /// Reads the configuration. The command line goes before it.
    fn read_settings(&mut self, environment: &Environment) -> Result<(), Error> {
        let folder = &environment.working_folder;
        self.settings = config::load(self.config.as_deref(), self.isolated, folder)?;
        if self.rules_dir.is_none() {
            self.rules_dir.clone_from(&self.settings.rules);
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    Check(Box<check::CheckArguments>),
    Baseline(Box<baseline::BaselineArguments>),
    Fix(Box<fix::FixArguments>),
    Report(Box<report::ReportArguments>),
    Rules(rules::RulesArguments),
    Explain(explain::ExplainArguments),
    Scopes(Box<scopes::ScopesArguments>),
    Schema(schema::SchemaArguments),
    Completions(completions::CompletionsArguments),
    Man(man::ManArguments),
    #[command(hide = true)]
    Debug(debug::DebugArguments),
}

impl Command {
    /// Whether it needs none of the settings, and so works in spite of mistakes in them.
    fn needs_no_settings(&self) -> bool {
        matches!(
            self,
            Command::Schema(_) | Command::Completions(_) | Command::Man(_) | Command::Debug(_)
        )
    }
}

/// Where a subcommand writes.
struct Streams<'s> {
    out: &'s mut dyn Write,
    err: &'s mut dyn Write,
}

/// Why a subcommand ended early.
enum Failure {
    Error(Error),
    /// Writing the answer failed.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    engine: &dyn Engine,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let mut arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(mut message) => {
            without_hidden(&mut message);
            return print_clap(&message, environment, out, err);
        }
    };
    let mut streams = Streams { out, err };
    if !arguments.command.needs_no_settings()
        && let Err(error) = arguments.common.read_settings(environment)
    {
        return report_error(&error, arguments.common.color, environment, streams.err);
    }
    let common = &arguments.common;
    let ended = match &arguments.command {
        Command::Check(check) => check::run(check, common, environment, engine, &mut streams),
        Command::Baseline(arguments) => {
            baseline::run(arguments, common, environment, engine, &mut streams)
        }
        Command::Fix(arguments) => fix::run(arguments, common, environment, engine, &mut streams),
        Command::Report(arguments) => {
            report::run(arguments, common, environment, engine, &mut streams)
        }
        Command::Rules(list) => rules::run(list, common, environment, engine, streams.out),
        Command::Explain(explain) => {
            explain::run(explain, common, environment, engine, streams.out)
        }
        Command::Scopes(arguments) => {
            scopes::run(arguments, common, environment, engine, &mut streams)
        }
        Command::Schema(arguments) => schema::run(arguments, engine, streams.out),
        Command::Completions(arguments) => completions::run(arguments, streams.out),
        Command::Man(arguments) => man::run(arguments, streams.out),
        Command::Debug(debug) => debug::run(debug, engine, streams.out),
    };
    let ended = ended.and_then(|exit| {
        streams.out.flush()?;
        Ok(exit)
    });
    match ended {
        Ok(exit) => exit,
        // Who closes the pipe has seen enough (`authshift check | head`).
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        Err(Failure::Output(error)) => {
            let error = Error::new(format!("cannot write the answer: {error}"));
            report_error(&error, common.color, environment, streams.err)
        }
        Err(Failure::Error(error)) => report_error(&error, common.color, environment, streams.err),
    }
}

fn report_error(
    error: &Error,
    color: Color,
    environment: &Environment,
    err: &mut dyn Write,
) -> Exit {
    let word = if environment.colors(color, environment.stderr_is_terminal) {
        "\x1b[1;31merror\x1b[0m"
    } else {
        "error"
    };
    // An error may name files.
    let text: String = error.to_string().chars().map(visible).collect();
    // Nobody is left to be told if this fails too.
    let _ = writeln!(err, "{word}: {text}");
    Exit::Error
}

/// What is not shown in the help is not suggested either.
fn without_hidden(message: &mut clap::Error) {
    let Some(ContextValue::String(suggested)) = message.get(ContextKind::SuggestedArg) else {
        return;
    };
    let command = Arguments::command();
    let hidden = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .filter(|argument| argument.is_hide_set())
        .filter_map(clap::Arg::get_long);
    let is_hidden = hidden
        .map(|name| format!("--{name}"))
        .any(|name| name == *suggested);
    if is_hidden {
        message.remove(ContextKind::SuggestedArg);
    }
}

/// Help, version and mistakes in the arguments.
fn print_clap(
    message: &clap::Error,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let (stream, terminal): (&mut dyn Write, bool) = if message.use_stderr() {
        (err, environment.stderr_is_terminal)
    } else {
        (out, environment.stdout_is_terminal)
    };
    let text = message.render();
    let written = if environment.colors(Color::Auto, terminal) {
        write!(stream, "{}", text.ansi())
    } else {
        write!(stream, "{text}")
    };
    match written.and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Error,
        _ if message.exit_code() == 0 => Exit::Clean,
        _ => Exit::Error,
    }
}

#[cfg(test)]
mod tests;
