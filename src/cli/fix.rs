//! `authshift fix`: makes the changes, shows them, or takes them back.

use super::arguments::{GateArguments, ScanArguments};
use super::settings::{Asked, Settings};
use super::{Common, Environment, Exit, Failure, Streams, exit, scanning};
use crate::audit::{Attempt, Fate, FileChange, Hidden, Repaired, Selection};
use crate::finding::excerpt::one_line;
use crate::fix::writing::{self, Change, Journals, git, journal, patch, shown};
use crate::output::fixes;
use crate::pipeline::{Engine, Error};
use crate::rules::model::Rules;
use crate::scan::repository_root;
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Change code so that it signs in with OAuth 2.0
#[derive(Args)]
#[command(
    after_help = "Examples:\n  authshift fix --diff                  show what would be changed\n  authshift fix                         make the changes that are safe\n  authshift fix --unsafe --interactive  ask for each change, those to review as well\n  authshift fix --undo                  take the last run back\n\nA fix is safe if the program means the same once the OAuth settings exist. It is made whole or not at all, and taken back if the program would no longer make the same requests."
)]
pub(super) struct FixArguments {
    #[command(flatten)]
    pub scan: ScanArguments,

    /// Also make changes that a person has to review
    #[arg(long, help_heading = "Changes")]
    pub r#unsafe: bool,
    /// Show the changes with secrets masked, and make none
    #[arg(long, conflicts_with_all = ["interactive", "patch"], help_heading = "Changes")]
    pub diff: bool,
    /// Write the changes to a patch file instead; it holds the secrets that they remove
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "interactive",
        help_heading = "Changes"
    )]
    pub patch: Option<PathBuf>,
    /// Ask for each change
    #[arg(short, long, help_heading = "Changes")]
    pub interactive: bool,
    /// Name of the connection for Deluge scripts
    #[arg(long, value_name = "NAME", value_parser = connection_name, help_heading = "Changes")]
    pub connection: Option<String>,
    /// Change files although git has changes that are not committed
    #[arg(long, help_heading = "Changes")]
    pub allow_dirty: bool,
    /// Take the last run back
    #[arg(long, conflicts_with_all = ["diff", "patch", "interactive", "forget"], help_heading = "Changes")]
    pub undo: bool,
    /// Delete what is kept for --undo, which holds the old files
    #[arg(long, conflicts_with_all = ["diff", "patch", "interactive"], help_heading = "Changes")]
    pub forget: bool,

    #[command(flatten)]
    pub gate: GateArguments,
}

/// The name stands between quotes in every script.
pub(super) fn connection_name(name: &str) -> Result<String, String> {
    let is_plain = |character: char| {
        !character.is_control() && !matches!(character, '"' | '\\' | '\'' | '“' | '”' | '‘' | '’')
    };
    if name.trim().is_empty() || !name.chars().all(is_plain) {
        return Err("the link name that Zoho shows for the connection, without quotes".to_string());
    }
    Ok(name.trim().to_string())
}

pub(super) fn run(
    arguments: &FixArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let asked = Asked {
        scan: &arguments.scan,
        report: &scanning::no_report(),
        gate: &arguments.gate,
    };
    let (rules, mut settings) = scanning::prepare(&asked, common, environment, engine)?;
    if arguments.connection.is_some() {
        settings
            .choices
            .connection
            .clone_from(&arguments.connection);
    }
    if settings.stdin.is_some() {
        return Err(Error::new("standard input cannot be changed")
            .advise("name a file, or use `check --format json -`, which shows the edits")
            .into());
    }
    let root = journal::root_of(&settings.roots);
    if arguments.undo || arguments.forget {
        return take_back(arguments, environment, &root, streams);
    }
    let mut selection = Selection {
        with_unsafe: arguments.r#unsafe,
        only: None,
        unwritable: BTreeMap::new(),
    };
    let mut repaired = attempt(engine, &settings, &rules, &selection, environment, streams)?;
    let roots = roots_of(&settings.roots);
    if !arguments.diff && arguments.patch.is_none() {
        // What cannot be written is left out with all the fixes that need it; the rest is made.
        while leave_out(&repaired, &roots, &mut selection)? {
            repaired = attempt(engine, &settings, &rules, &selection, environment, streams)?;
        }
    }
    if arguments.interactive {
        selection.only = Some(ask(&repaired, &settings, streams)?);
        repaired = attempt(engine, &settings, &rules, &selection, environment, streams)?;
    }
    let changes = changes(&repaired);
    if arguments.diff {
        let pairs: Vec<_> = changes
            .iter()
            .map(|change| (change, known(&repaired, &change.shown)))
            .collect();
        streams
            .out
            .write_all(shown::masked(&pairs, settings.color).as_bytes())?;
        streams.out.flush()?;
        summary(
            &repaired,
            &rules,
            &settings,
            fixes::Mode::Shown,
            streams.err,
        )?;
        return Ok(exit_of(&repaired, &settings));
    }
    if let Some(file) = &arguments.patch {
        let base = patch_base(&repaired.root, &changes);
        patch::write(file, &patch::exact(&changes, &base)).map_err(plain)?;
        summary(
            &repaired,
            &rules,
            &settings,
            fixes::Mode::Patched(file, &base),
            streams.out,
        )?;
        return Ok(exit_of(&repaired, &settings));
    }
    if !changes.is_empty() {
        if !arguments.allow_dirty {
            refuse_dirty(&changes)?;
        }
        let options = writing::Options {
            journals: Journals::of(&environment.variables).map_err(plain)?,
            root,
        };
        writing::write(&changes, &roots, &options).map_err(plain)?;
    }
    summary(
        &repaired,
        &rules,
        &settings,
        fixes::Mode::Written,
        streams.out,
    )?;
    Ok(exit_of(&repaired, &settings))
}

/// Adds the files that cannot be written to those that are left out; whether there are more than before.
fn leave_out(
    repaired: &Repaired,
    roots: &[PathBuf],
    selection: &mut Selection,
) -> Result<bool, Error> {
    let refused = writing::check(&changes(repaired), roots).map_err(plain)?;
    let known = selection.unwritable.len();
    for refusal in refused {
        selection
            .unwritable
            .entry(refusal.shown)
            .or_insert_with(|| refusal.reason.to_string());
    }
    Ok(selection.unwritable.len() > known)
}

fn attempt(
    engine: &dyn Engine,
    settings: &Settings,
    rules: &Rules,
    selection: &Selection,
    environment: &Environment,
    streams: &mut Streams<'_>,
) -> Result<Repaired, Error> {
    scanning::watched(settings, environment, streams, |progress| {
        engine.repair(settings, rules, selection, progress)
    })
}

/// The changes, with where the files are.
fn changes(repaired: &Repaired) -> Vec<Change> {
    repaired
        .changes
        .iter()
        .map(|change| writable(&repaired.root, change))
        .collect()
}

/// Where secrets stand in a file, before the changes and after them.
fn known<'r>(repaired: &'r Repaired, path: &str) -> shown::Known<'r> {
    let [before, after] = &repaired.hidden;
    let of = |hidden: &'r Hidden| hidden.get(path).map_or(&[][..], Vec::as_slice);
    [of(before), of(after)]
}

fn writable(root: &Path, change: &FileChange) -> Change {
    Change {
        path: root.join(&change.path),
        shown: change.path.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
    }
}

/// Folders in which files may be changed: those that were named, and those of files that were.
fn roots_of(roots: &[PathBuf]) -> Vec<PathBuf> {
    roots
        .iter()
        .map(|root| {
            if root.is_dir() {
                return root.clone();
            }
            match root.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
                _ => PathBuf::from("."),
            }
        })
        .collect()
}

/// Where a patch is applied: the root of the repository, else the working folder; the folder that was named where a
/// file lies outside of that.
fn patch_base(root: &Path, changes: &[Change]) -> PathBuf {
    let working = Path::new(".").canonicalize().ok();
    let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    repository_root(&real)
        .or(working)
        .and_then(|base| base.canonicalize().ok())
        .filter(|base| {
            real.starts_with(base) || changes.iter().all(|change| change.path.starts_with(base))
        })
        .unwrap_or(real)
}

fn refuse_dirty(changes: &[Change]) -> Result<(), Error> {
    let files: Vec<PathBuf> = changes.iter().map(|change| change.path.clone()).collect();
    let advice = "commit or stash them first, or use --allow-dirty";
    let worktree = git::worktree(&files).map_err(|error| {
        Error::new(error.to_string()).advise("use --allow-dirty to go on without knowing")
    })?;
    if !worktree.is_dirty() {
        return Ok(());
    }
    const SHOWN: usize = 5;
    let names: Vec<String> = worktree
        .dirty
        .iter()
        .take(SHOWN)
        .map(|dirty| one_line(&dirty.path))
        .collect();
    let more = worktree.dirty.len().saturating_sub(SHOWN);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Err(Error::new(format!(
        "the git work tree has changes that are not committed: {}{more}",
        names.join(", ")
    ))
    .advise(advice))
}

fn take_back(
    arguments: &FixArguments,
    environment: &Environment,
    root: &Path,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let journals = Journals::of(&environment.variables).map_err(plain)?;
    if arguments.forget {
        let count = journals.forget(root).map_err(plain)?;
        match count {
            0 => writeln!(streams.out, "nothing was kept for --undo")?,
            1 => writeln!(streams.out, "forgot one run; it can no longer be undone")?,
            _ => writeln!(
                streams.out,
                "forgot {count} runs; they can no longer be undone"
            )?,
        }
        return Ok(Exit::Clean);
    }
    let Some(undone) = journals.undo(root).map_err(plain)? else {
        return Err(Error::new("there is no run to undo here")
            .advise("run it in the folder in which the fix was made")
            .into());
    };
    fixes::write_undone(&undone, streams.out)?;
    Ok(if undone.kept.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// Asks about every fix that would be made; what is asked goes where people see it.
fn ask(
    repaired: &Repaired,
    settings: &Settings,
    streams: &mut Streams<'_>,
) -> Result<BTreeSet<usize>, Failure> {
    let mut accepted = BTreeSet::new();
    let offered = in_order(repaired);
    let stdin = std::io::stdin();
    let mut answers = stdin.lock().lines();
    for (number, attempt) in offered.iter().enumerate() {
        // What it waits for was refused.
        if !attempt.after.iter().all(|first| accepted.contains(first)) {
            continue;
        }
        let own = fixes::changes_of(&attempt.finding, &repaired.changes);
        let own: Vec<Change> = own
            .iter()
            .map(|change| writable(&repaired.root, change))
            .collect();
        // After one change alone the places are not known, but the values are those of the old text.
        let pairs: Vec<_> = own
            .iter()
            .map(|change| (change, [known(repaired, &change.shown)[0], &[]]))
            .collect();
        fixes::write_question(&attempt.finding, number + 1, offered.len(), streams.out)?;
        streams
            .out
            .write_all(shown::masked(&pairs, settings.color).as_bytes())?;
        loop {
            write!(
                streams.out,
                "Make this change? [y]es, [n]o, [a]ll, [q]uit: "
            )?;
            streams.out.flush()?;
            let answer = match answers.next() {
                Some(answer) => answer?,
                None => return Ok(accepted),
            };
            match answer.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" => {
                    accepted.insert(attempt.index);
                    break;
                }
                "n" | "no" => break,
                "a" | "all" => {
                    accepted.extend(offered.iter().skip(number).map(|attempt| attempt.index));
                    return Ok(accepted);
                }
                "q" | "quit" => return Ok(accepted),
                _ => {}
            }
        }
    }
    Ok(accepted)
}

/// The fixes that would be made; what one leaves behind comes after it.
fn in_order(repaired: &Repaired) -> Vec<&Attempt> {
    let mut waiting: Vec<&Attempt> = repaired
        .attempts
        .iter()
        .filter(|attempt| attempt.fate == Fate::Applied)
        .collect();
    let mut ordered: Vec<&Attempt> = Vec::new();
    while !waiting.is_empty() {
        let known: BTreeSet<usize> = ordered.iter().map(|attempt| attempt.index).collect();
        let (due, later): (Vec<&Attempt>, Vec<&Attempt>) = waiting
            .into_iter()
            .partition(|attempt| attempt.after.iter().all(|first| known.contains(first)));
        if due.is_empty() {
            ordered.extend(later);
            break;
        }
        ordered.extend(due);
        waiting = later;
    }
    ordered
}

fn summary(
    repaired: &Repaired,
    rules: &Rules,
    settings: &Settings,
    mode: fixes::Mode<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if !settings.quiet {
        fixes::write_summary(repaired, rules, mode, settings.verbose, out)?;
    }
    Ok(())
}

/// What is still found decides, as in `check`.
fn exit_of(repaired: &Repaired, settings: &Settings) -> Exit {
    exit::of(&repaired.after, settings)
}

fn plain(error: impl std::fmt::Display) -> Error {
    Error::new(error.to_string())
}
