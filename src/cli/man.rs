//! `authshift man`: the manual page.

use super::{Arguments, Exit, Failure, suggest};
use clap::{Args, CommandFactory};
use clap_mangen::Man;
use std::io::Write;

/// Print the manual page, of all or of one subcommand
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift man > ~/.local/share/man/man1/authshift.1\n  authshift man check | man -l -"
)]
pub(super) struct ManArguments {
    /// Subcommand to describe
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(arguments: &ManArguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut root = Arguments::command();
    // Gives subcommands the global options and their full names.
    root.build();
    let command = match &arguments.command {
        None => root,
        Some(name) => {
            let found = root.get_subcommands().find(|one| one.get_name() == name);
            found.cloned().ok_or_else(|| {
                let known = root.get_subcommands().map(clap::Command::get_name);
                suggest::unknown("subcommand", name, known, "authshift --help")
            })?
        }
    };
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    out.write_all(&page)?;
    Ok(Exit::Clean)
}
