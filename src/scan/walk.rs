//! The walk: folders are listed, and their files read and searched, by the same threads at the same time.
//!
//! Not `ignore::WalkParallel`, though the rules of ignore files are that crate's: a git-ignored `.env` must be seen
//! where it is left out, what is left out must be known afterwards (git may track it), and a folder's listing already
//! tells which ignore files it holds, which saves asking the system for each of them in every folder.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::coverage::{Coverage, SkipReason, Skipped};
use super::files::{Folder, Names};
use super::folder::{EntryKind, Listing, OpenFolder};
use super::ignore_rules::{IgnoreRules, Present, Verdict};
use super::limits::FILES_AT_ONCE;
use super::patterns::Patterns;
use super::prefilter::{LiteralSet, Prefilter};
use super::queue;
use super::search::{Outcome, Searcher};

/// What holds for every folder of a walk.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) report_root: &'a Path,
    pub(super) working_folder: &'a Path,
    /// Patterns to leave out, relative to the report root.
    pub(super) excludes: &'a Patterns,
    /// Absolute paths that are walked on their own account; met again below another one they are passed over.
    pub(super) named: &'a HashSet<PathBuf>,
    pub(super) prefilter: &'a Prefilter,
    pub(super) everything: bool,
    pub(super) max_file_size: u64,
    pub(super) threads: usize,
}

impl Ground<'_> {
    /// The shortest path to the same entry: every part of a path that the system must look up costs time, and most
    /// scans are of the working folder.
    fn nearby<'p>(&self, path: &'p Path) -> &'p Path {
        match path.strip_prefix(self.working_folder) {
            Ok(inside) if inside.as_os_str().is_empty() => Path::new("."),
            Ok(inside) => inside,
            Err(_) => path,
        }
    }
}

/// A piece of work.
#[derive(Debug)]
pub(super) enum Task {
    Folder {
        path: PathBuf,
        relative: String,
        /// Those of the folder above.
        rules: Arc<IgnoreRules>,
    },
    Files {
        folder: Arc<PathBuf>,
        relative: Arc<str>,
        names: Vec<OsString>,
    },
}

impl Task {
    pub(super) fn files(folder: PathBuf, relative: String, names: Vec<OsString>) -> Self {
        Self::Files {
            folder: Arc::new(folder),
            relative: relative.into(),
            names,
        }
    }
}

/// A file that holds a literal.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) path: PathBuf,
    pub(super) relative: String,
    pub(super) literals: LiteralSet,
    pub(super) size: u64,
}

/// What a walk brings home.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) folders: Vec<Folder>,
    pub(super) hits: Vec<Hit>,
    pub(super) coverage: Coverage,
    /// Roots of repositories.
    pub(super) repositories: Vec<PathBuf>,
    /// Git-ignored `.env*` files, which were read all the same.
    pub(super) git_ignored: Vec<PathBuf>,
}

impl Gathered {
    fn add(&mut self, other: Self) {
        self.folders.extend(other.folders);
        self.hits.extend(other.hits);
        self.coverage.add(other.coverage);
        self.repositories.extend(other.repositories);
        self.git_ignored.extend(other.git_ignored);
    }
}

/// Does the tasks and all that they lead to.
pub(super) fn walk(ground: &Ground<'_>, tasks: Vec<Task>) -> Gathered {
    let workers = queue::run(
        ground.threads,
        tasks,
        || Walker {
            ground,
            searcher: Searcher::new(ground.prefilter, ground.everything, ground.max_file_size),
            path: PathBuf::new(),
            listing: Listing::default(),
            files: Vec::new(),
            gathered: Gathered::default(),
        },
        Walker::step,
    );
    let mut gathered = Gathered::default();
    for mut worker in workers {
        worker.gathered.coverage.files_read += worker.searcher.files_read;
        worker.gathered.coverage.bytes_read += worker.searcher.bytes_read;
        gathered.add(worker.gathered);
    }
    gathered
}

/// One thread's share of a walk.
struct Walker<'a> {
    ground: &'a Ground<'a>,
    searcher: Searcher<'a>,
    /// The path at hand, absolute, written over for every entry.
    path: PathBuf,
    listing: Listing,
    /// Of the listing, those that are files of the scan.
    files: Vec<usize>,
    gathered: Gathered,
}

impl Walker<'_> {
    fn step(&mut self, task: Task, added: &mut Vec<Task>) {
        match task {
            Task::Folder {
                path,
                relative,
                rules,
            } => self.folder(path, relative, &rules, added),
            Task::Files {
                folder,
                relative,
                names,
            } => {
                let mut record = Folder::new(PathBuf::clone(&folder), relative.to_string());
                let open = OpenFolder::open(self.ground.nearby(&record.path));
                for name in &names {
                    let file = match &open {
                        Ok(folder) => folder.open_file(name),
                        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
                    };
                    self.search(name, file, &mut record);
                }
                self.gathered.folders.push(record);
            }
        }
    }

    fn folder(
        &mut self,
        path: PathBuf,
        relative: String,
        above: &Arc<IgnoreRules>,
        added: &mut Vec<Task>,
    ) {
        let mut listing = std::mem::take(&mut self.listing);
        match OpenFolder::open(self.ground.nearby(&path)) {
            Ok(open) => {
                // What was listed before an error counts.
                if let Err(error) = open.list(&mut listing) {
                    self.unreadable_folder(&path, &relative, &error);
                }
                self.entries(&open, &listing, path, relative, above, added);
            }
            Err(error) => self.unreadable_folder(&path, &relative, &error),
        }
        self.listing = listing;
    }

    fn unreadable_folder(&mut self, path: &Path, relative: &str, error: &io::Error) {
        let reason = SkipReason::Unreadable {
            message: error.to_string(),
        };
        self.gathered.coverage.skipped.push(Skipped {
            path: path.to_path_buf(),
            relative: relative.to_owned(),
            reason,
        });
    }

    fn entries(
        &mut self,
        open: &OpenFolder,
        listing: &Listing,
        path: PathBuf,
        relative: String,
        above: &Arc<IgnoreRules>,
        added: &mut Vec<Task>,
    ) {
        let present = present(listing);
        if present.git {
            self.gathered.repositories.push(path.clone());
        }
        let rules = IgnoreRules::below(above, &path, present);
        self.path.clone_from(&path);
        let mut record = Folder::new(path, relative);
        let mut files = std::mem::take(&mut self.files);
        files.clear();
        for index in 0..listing.len() {
            let (name, kind) = (listing.name(index), listing.kind(index));
            if present.git && name == ".git" {
                continue;
            }
            self.path.push(name);
            if self.keeps(name, kind, &rules, &mut record.ignored) {
                if kind == EntryKind::Folder {
                    added.push(Task::Folder {
                        path: self.path.clone(),
                        relative: join(&record.relative, name),
                        rules: Arc::clone(&rules),
                    });
                } else {
                    files.push(index);
                }
            }
            self.path.pop();
        }
        if files.len() >= 2 * FILES_AT_ONCE {
            // Others may help.
            let folder = Arc::new(record.path.clone());
            let relative: Arc<str> = record.relative.as_str().into();
            while files.len() > FILES_AT_ONCE {
                let names = files.split_off(files.len() - FILES_AT_ONCE);
                added.push(Task::Files {
                    folder: Arc::clone(&folder),
                    relative: Arc::clone(&relative),
                    names: names
                        .into_iter()
                        .map(|index| listing.name(index).to_owned())
                        .collect(),
                });
            }
        }
        for index in &files {
            let name = listing.name(*index);
            self.search(name, open.open_file(name), &mut record);
        }
        self.files = files;
        self.gathered.folders.push(record);
    }

    /// Whether an entry, whose path is at hand, belongs to the scan.
    fn keeps(
        &mut self,
        name: &OsStr,
        kind: EntryKind,
        rules: &IgnoreRules,
        ignored: &mut Names,
    ) -> bool {
        let ground = self.ground;
        let coverage = &mut self.gathered.coverage;
        if ground.named.len() > 1 && ground.named.contains(&self.path) {
            return false;
        }
        if kind == EntryKind::SymbolicLink {
            coverage.symbolic_links += 1;
            return false;
        }
        let is_folder = kind == EntryKind::Folder;
        if ground.excludes.matches(&self.path, is_folder) {
            coverage.excluded += 1;
            return false;
        }
        match rules.verdict(&self.path, is_folder) {
            Verdict::Kept => {}
            Verdict::IgnoredByGit if kind == EntryKind::File && is_environment_file(name) => {
                self.gathered.git_ignored.push(self.path.clone());
            }
            Verdict::IgnoredByGit | Verdict::Ignored => {
                coverage.ignored += 1;
                ignored.push(name);
                return false;
            }
        }
        if kind == EntryKind::Other {
            let relative = super::roots::relative(ground.report_root, &self.path);
            coverage.skipped.push(Skipped {
                path: self.path.clone(),
                relative,
                reason: SkipReason::NotAFile,
            });
            return false;
        }
        true
    }

    /// Searches a file of a folder.
    fn search(&mut self, name: &OsStr, file: io::Result<File>, record: &mut Folder) {
        self.gathered.coverage.files_seen += 1;
        let outcome = self.searcher.search(name, file);
        self.file(name, outcome, record);
    }

    fn file(&mut self, name: &OsStr, outcome: Outcome, record: &mut Folder) {
        let reason = match outcome {
            Outcome::Clean => None,
            Outcome::Found { literals, size } => {
                let (path, relative) = (record.path.join(name), join(&record.relative, name));
                self.gathered.hits.push(Hit {
                    path,
                    relative,
                    literals,
                    size,
                });
                None
            }
            Outcome::Binary => {
                self.gathered.coverage.binary += 1;
                record.binary.push(name);
                return;
            }
            Outcome::TooLarge { size } => Some(SkipReason::TooLarge { size }),
            Outcome::Unreadable(message) => Some(SkipReason::Unreadable { message }),
        };
        if let Some(reason) = reason {
            let (path, relative) = (record.path.join(name), join(&record.relative, name));
            self.gathered.coverage.skipped.push(Skipped {
                path,
                relative,
                reason,
            });
        }
        record.text.push(name);
    }
}

fn present(listing: &Listing) -> Present {
    let mut present = Present::default();
    for index in 0..listing.len() {
        match listing.name(index).as_encoded_bytes() {
            b".git" => present.git = true,
            // As git does, not through a symbolic link.
            b".gitignore" => present.gitignore = listing.kind(index) == EntryKind::File,
            b".ignore" => present.ignore = listing.kind(index) == EntryKind::File,
            _ => {}
        }
    }
    present
}

/// `.env`, `.env.local`, …: where keys and tokens lie that code refers to, nearly always left out of git.
fn is_environment_file(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".env")
}

pub(super) fn join(folder: &str, name: &OsStr) -> String {
    let name = name.to_string_lossy();
    if folder.is_empty() {
        name.into_owned()
    } else {
        [folder, "/", &name].concat()
    }
}
