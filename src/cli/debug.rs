//! `authshift debug`: looks inside, for people who work on authshift. Not part of the contract.

use super::{Exit, Failure};
use crate::pipeline::Engine;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

/// Look inside authshift
#[derive(Args)]
pub(super) struct DebugArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print the syntax tree of a file
    Tree {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

pub(super) fn run(
    arguments: &DebugArguments,
    engine: &dyn Engine,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    match &arguments.what {
        What::Tree { file } => {
            let tree = engine.tree(file)?;
            out.write_all(tree.as_bytes())?;
            if !tree.ends_with('\n') {
                writeln!(out)?;
            }
        }
    }
    Ok(Exit::Clean)
}
