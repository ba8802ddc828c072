//! `authshift completions`: completion scripts for shells.

use super::{Arguments, Exit, Failure};
use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Shell, generate};
use std::io::Write;

/// Print a completion script for a shell
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift completions bash > ~/.local/share/bash-completion/completions/authshift\n  authshift completions zsh > ~/.zfunc/_authshift\n  authshift completions fish > ~/.config/fish/completions/authshift.fish"
)]
pub(super) struct CompletionsArguments {
    #[arg(value_name = "SHELL")]
    shell: ShellName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShellName {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

pub(super) fn run(arguments: &CompletionsArguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let shell = match arguments.shell {
        ShellName::Bash => Shell::Bash,
        ShellName::Elvish => Shell::Elvish,
        ShellName::Fish => Shell::Fish,
        ShellName::Powershell => Shell::PowerShell,
        ShellName::Zsh => Shell::Zsh,
    };
    // Written in one piece: a reader that leaves early must not stop the generator half way.
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "authshift", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Clean)
}
