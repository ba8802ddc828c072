//! Brings changes of files to the disk: all of them or none, each whole or not at all, and each to be taken back.
//!
//! Owns the order of a run: look at every file ([`target`]), write the journal ([`journal`]), put every new text
//! beside its file, and only then let one after the other take its place ([`replace`]). What fails before that leaves
//! the files alone, what fails then takes the ones already made back ([`undo`]). It must not know findings, rules or
//! languages: a change is a path and two texts.
//!
//! Killed at any moment, every file is the old or the new one. Temporary files that a killed run leaves behind are
//! removed by the next one in the same tree, and by an undo: their names are in the journal.
//!
//! A file with several names (hard links) is refused. A rename would give the new text to one name and leave the old
//! one to the others; writing into the file itself would, killed half way, leave a file that is neither.
//!
//! Where no git repository holds the files nothing is refused for it, other than `cargo fix` does: the journal takes
//! the run back as git would. A repository with changes is refused ([`git`]), because what is mixed into somebody's
//! unfinished work cannot be told from it later.

mod error;
pub mod git;
pub mod journal;
pub mod patch;
mod quote;
mod replace;
pub mod shown;
mod store;
mod target;
mod undo;

pub use error::{JournalError, Kept, Reason, Refusal, WriteError};
pub use journal::Journals;
pub use undo::Undone;

use journal::{Entry, Run};
use replace::Like;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};
use target::Target;

/// The new text of a file. It has no `Debug`: there are secrets in it.
#[derive(Clone)]
pub struct Change {
    /// May be a symbolic link; what it leads to is changed.
    pub path: PathBuf,
    /// As users see it: relative to the report root, with `/`.
    pub shown: String,
    /// The bytes that were scanned; `None` creates the file, and the folders that it needs.
    pub before: Option<Vec<u8>>,
    pub after: Vec<u8>,
}

impl Change {
    fn is_none(&self) -> bool {
        self.before.as_ref() == Some(&self.after)
    }
}

/// How a run is kept for its undo.
#[derive(Clone, Debug)]
pub struct Options {
    pub journals: Journals,
    /// What the run is found by when it is to be taken back; see [`journal::root_of`].
    pub root: PathBuf,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// As users see them, in the order of the changes.
    pub changed: Vec<String>,
    pub created: Vec<String>,
}

/// Whatever keeps these changes from being made, without making any. [`write()`] looks again.
pub fn check(changes: &[Change], roots: &[PathBuf]) -> Result<Vec<Refusal>, WriteError> {
    Ok(resolve(changes, &canonical(roots)?).1)
}

/// Makes all changes, or none. Only files below `roots` are changed; a caller that has files created beside one that
/// was named passes its folder.
pub fn write(
    changes: &[Change],
    roots: &[PathBuf],
    options: &Options,
) -> Result<Written, WriteError> {
    let roots = canonical(roots)?;
    let root = store::canonical(&options.root)?;
    if changes.iter().all(Change::is_none) {
        return Ok(Written::default());
    }
    let journals = options.journals.open(roots.iter().chain([&root]))?;
    // The lock is held: no other run of ours comes between looking and writing.
    let (targets, refused) = resolve(changes, &roots);
    if !refused.is_empty() {
        return Err(WriteError::Refused(refused));
    }
    // One that cannot be read is a matter for undo.
    if let Ok(Some((_, last))) = journals.last(&root) {
        undo::remove_leftovers(&last);
    }
    let plan = Plan::new(&targets, &root);
    let journal = journals.append(&plan.run)?;

    if let Err((shown, folder, source)) = plan.prepare() {
        undo::remove_leftovers(&plan.run);
        undo::remove_folders(&plan.run);
        journals.delete(&journal)?;
        return Err(WriteError::NotPrepared {
            shown,
            folder,
            source,
        });
    }
    if let Err((index, shown, source)) = plan.commit() {
        let kept = undo::take_back_first(&plan.run, index);
        if !kept.is_empty() {
            return Err(WriteError::HalfWay {
                shown,
                source,
                kept,
            });
        }
        journals.delete(&journal)?;
        return Err(WriteError::TakenBack {
            shown,
            undone: index,
            source,
        });
    }
    Ok(plan.written())
}

fn canonical(roots: &[PathBuf]) -> Result<Vec<PathBuf>, JournalError> {
    roots.iter().map(|root| store::canonical(root)).collect()
}

/// Where every change goes, and what is refused. A change that changes nothing goes nowhere.
fn resolve<'c>(
    changes: &'c [Change],
    roots: &[PathBuf],
) -> (Vec<(&'c Change, Target)>, Vec<Refusal>) {
    let mut targets = Vec::new();
    let mut refused = Vec::new();
    let mut seen = BTreeSet::new();
    for change in changes.iter().filter(|change| !change.is_none()) {
        let found = target::resolve(&change.path, change.before.as_deref(), roots);
        let reason = match found {
            Ok(target) if seen.insert(target.path.clone()) => {
                targets.push((change, target));
                continue;
            }
            Ok(_) => Reason::Twice,
            Err(reason) => reason,
        };
        refused.push(Refusal {
            shown: change.shown.clone(),
            reason,
        });
    }
    (targets, refused)
}

/// One step of a run.
struct Step<'c> {
    change: &'c Change,
    target: &'c Target,
    temporary: PathBuf,
}

/// A run before it happens.
struct Plan<'c> {
    steps: Vec<Step<'c>>,
    run: Run,
}

impl<'c> Plan<'c> {
    fn new(targets: &'c [(&'c Change, Target)], root: &Path) -> Plan<'c> {
        let mut run = Run {
            root: root.to_path_buf(),
            entries: Vec::new(),
            folders: Vec::new(),
        };
        let mut steps = Vec::new();
        for (change, target) in targets {
            let temporary = target.folder.join(replace::temporary_name());
            for folder in &target.missing_folders {
                if !run.folders.contains(folder) {
                    run.folders.push(folder.clone());
                }
            }
            run.entries.push(Entry {
                path: target.path.clone(),
                shown: change.shown.clone(),
                temporary: temporary.clone(),
                mode: target.existing.as_ref().and_then(journal::mode),
                before: change.before.clone(),
                after: journal::hash(&change.after),
            });
            steps.push(Step {
                change,
                target,
                temporary,
            });
        }
        Plan { steps, run }
    }

    /// Makes the folders and puts every new text beside its file.
    fn prepare(&self) -> Result<(), (String, PathBuf, io::Error)> {
        for folder in &self.run.folders {
            let parent = folder.parent().unwrap_or(folder);
            make_folder(folder)
                .and_then(|()| replace::sync_folder(parent))
                .map_err(|error| (folder.display().to_string(), parent.to_path_buf(), error))?;
        }
        for step in &self.steps {
            let like = match &step.target.existing {
                Some(existing) => Like::Existing(existing),
                None => Like::New,
            };
            replace::stage(&step.temporary, &step.change.after, &like)
                .map_err(|error| (step.change.shown.clone(), step.target.folder.clone(), error))?;
        }
        Ok(())
    }

    /// Lets every new text take its place. On an error, says at which step.
    fn commit(&self) -> Result<(), (usize, String, io::Error)> {
        let mut folders = BTreeMap::new();
        for (index, step) in self.steps.iter().enumerate() {
            let Step {
                change,
                target,
                temporary,
            } = step;
            let committed = match &change.before {
                Some(before) => replace::commit(temporary, &target.path, before),
                None => replace::commit_new(temporary, &target.path),
            };
            committed.map_err(|error| (index, change.shown.clone(), error))?;
            folders.insert(&target.folder, &change.shown);
        }
        for (folder, shown) in folders {
            replace::sync_folder(folder)
                .map_err(|error| (self.steps.len(), shown.clone(), error))?;
        }
        Ok(())
    }

    fn written(&self) -> Written {
        let shown = |created: bool| {
            self.steps
                .iter()
                .filter(|step| step.change.before.is_none() == created)
                .map(|step| step.change.shown.clone())
                .collect()
        };
        Written {
            changed: shown(false),
            created: shown(true),
        }
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().create(folder) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if fs::symlink_metadata(folder)?.is_dir() {
                Ok(())
            } else {
                Err(error)
            }
        }
        made => made,
    }
}
