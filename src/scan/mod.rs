//! Files: which belong to a scan, which of them hold one of a few literals, and their text.
//!
//! Knows nothing of syntax, HTTP or Zoho: what to look for is handed in. Every file is read once; only the path of one
//! that holds a literal is kept, and its bytes are read again by whoever wants them.

pub mod changed;
mod counts;
mod coverage;
mod decode;
mod files;
mod folder;
mod git;
mod ignore_rules;
mod limits;
mod patterns;
mod positions;
mod prefilter;
mod queue;
pub mod revision;
mod roots;
mod search;
mod start;
mod walk;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use coverage::{Coverage, SkipReason, Skipped, UnlistedRepository};
pub use decode::{DecodeError, Encoding, Source, decode};
pub(crate) use git::{ask as ask_git, git_name, os_path};
pub use limits::DEFAULT_MAX_FILE_SIZE;
pub use patterns::Patterns;
pub use positions::{LineIndex, Position};
pub use prefilter::{LiteralSet, Prefilter, PrefilterError};
pub use roots::{report_root, repository_root};

use files::FileSet;
use git::Repositories;
use ignore_rules::IgnoreRules;
use start::Start;
use walk::{Gathered, Ground, Hit, Task};

/// What to scan, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files and folders. Each is scanned even where an ignore file leaves it out. None means the working folder.
    pub roots: Vec<PathBuf>,
    /// Larger files are searched, but not handed on.
    pub max_file_size: u64,
    /// `None`: as many as the machine has processors, within reason.
    pub threads: Option<usize>,
    /// `false` makes every text file a candidate.
    pub prefilter: bool,
    /// What to leave out.
    pub excludes: Patterns,
    /// Let `excludes` hold for the roots themselves too.
    pub force_exclude: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            roots: Vec::new(),
            max_file_size: DEFAULT_MAX_FILE_SIZE,
            threads: None,
            prefilter: true,
            excludes: Patterns::default(),
            force_exclude: false,
        }
    }
}

/// Why nothing was scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("there is no file or folder {}", path.display())]
    Missing { path: PathBuf },
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} is neither a file nor a folder", path.display())]
    NotAFile { path: PathBuf },
}

/// A file that holds at least one of the literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Absolute; a symbolic link named as root keeps its name.
    pub path: PathBuf,
    /// As reported: relative to the report root, with `/`.
    pub relative: String,
    /// In bytes on disk.
    pub size: u64,
    pub literals: LiteralSet,
    /// Whether git tracks it; `None` outside a repository, or where git could not say.
    pub tracked: Option<bool>,
    /// A `.env*` file that git leaves out: to be read, not to be changed.
    pub ignored_by_git: bool,
    /// Named as a root itself.
    pub named: bool,
}

/// The files of a tree, searched once.
#[derive(Debug)]
pub struct Scan {
    /// By path.
    pub candidates: Vec<Candidate>,
    pub coverage: Coverage,
    report_root: PathBuf,
    files: FileSet,
    repositories: Repositories,
    git_ignored: BTreeSet<PathBuf>,
    named: HashSet<PathBuf>,
    max_file_size: u64,
    threads: usize,
    everything: bool,
}

/// What a further search over the same files found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// By path.
    pub candidates: Vec<Candidate>,
    /// Files that hold a literal and are too large to go on with, or can no longer be read. By path.
    pub skipped: Vec<Skipped>,
}

/// Walks the roots, reads every file that belongs to the scan, and says which hold a literal of the prefilter.
///
/// Belonging to the scan: what the ignore files keep, what git tracks, git-ignored `.env*` files, and the roots.
pub fn scan(options: &Options, prefilter: &Prefilter) -> Result<Scan, ScanError> {
    let roots = if options.roots.is_empty() {
        vec![PathBuf::from(".")]
    } else {
        options.roots.clone()
    };
    let report_root = report_root(&roots);
    let excludes = &options.excludes;
    let start = Start::new(
        &roots,
        &report_root,
        options.force_exclude.then_some(excludes),
    )?;
    let working_folder = roots::working_folder();
    let ground = Ground {
        report_root: &report_root,
        working_folder: &working_folder,
        excludes,
        named: &start.named,
        prefilter,
        everything: !options.prefilter,
        max_file_size: options.max_file_size,
        threads: limits::threads(options.threads),
    };

    let mut tasks = start.tasks;
    let mut scan = Scan {
        candidates: Vec::new(),
        coverage: Coverage {
            excluded: start.excluded,
            ..Coverage::default()
        },
        report_root: report_root.clone(),
        files: FileSet::default(),
        repositories: Repositories::default(),
        git_ignored: start.git_ignored,
        named: HashSet::new(),
        max_file_size: ground.max_file_size,
        threads: ground.threads,
        everything: ground.everything,
    };
    scan.repositories.add(start.repositories);
    let mut hits = Vec::new();
    let mut unlisted = BTreeMap::new();
    while !tasks.is_empty() {
        let gathered = walk::walk(&ground, tasks);
        tasks = scan.tracked_but_ignored(&ground, &gathered, &mut unlisted);
        hits.extend(scan.keep(gathered));
    }
    scan.named = start.named;
    scan.candidates = scan.candidates_of(hits);
    let unlisted = unlisted
        .into_iter()
        .map(|(root, message)| UnlistedRepository { root, message });
    scan.coverage.unlisted_repositories.extend(unlisted);
    scan.coverage.sort();
    Ok(scan)
}

impl Scan {
    /// What [`Candidate::relative`] is relative to.
    pub fn report_root(&self) -> &Path {
        &self.report_root
    }

    /// How many threads the scan may use.
    pub fn threads(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.threads).unwrap_or(NonZeroUsize::MIN)
    }

    /// Searches the same files for other literals, those that are wanted by folder (relative to the report root) and
    /// name.
    pub fn search(&self, prefilter: &Prefilter, wanted: &dyn Fn(&str, &OsStr) -> bool) -> Search {
        let nothing = Patterns::default();
        let working_folder = roots::working_folder();
        let ground = Ground {
            report_root: &self.report_root,
            working_folder: &working_folder,
            excludes: &nothing,
            named: &self.named,
            prefilter,
            everything: self.everything,
            max_file_size: self.max_file_size,
            threads: self.threads,
        };
        let mut tasks = Vec::new();
        for folder in self.files.folders() {
            let path = Arc::new(folder.path.clone());
            let relative: Arc<str> = folder.relative.as_str().into();
            let names = folder.text.iter();
            let names = names.filter(|name| wanted(&folder.relative, name));
            let names: Vec<OsString> = names.map(OsString::from).collect();
            for names in names.chunks(4 * limits::FILES_AT_ONCE) {
                let (folder, relative) = (Arc::clone(&path), Arc::clone(&relative));
                tasks.push(Task::Files {
                    folder,
                    relative,
                    names: names.to_vec(),
                });
            }
        }
        let mut gathered = walk::walk(&ground, tasks);
        gathered.coverage.sort();
        Search {
            candidates: self.candidates_of(gathered.hits),
            skipped: gathered.coverage.skipped,
        }
    }

    /// Whether a text file, named relative to the report root with `/`, belongs to the scan.
    pub fn contains(&self, relative: &str) -> bool {
        self.files.find(relative).is_some()
    }

    /// The scanned text file of that name relative to the report root, whether or not it holds a literal.
    pub fn file(&self, relative: &str) -> Option<Candidate> {
        let path = self.files.find(relative)?;
        let size = fs::metadata(&path).ok()?.len();
        Some(self.candidate(Hit {
            path,
            relative: relative.to_owned(),
            literals: LiteralSet::default(),
            size,
        }))
    }

    /// The bytes of a candidate, as they are on disk now. A file that has grown past the size limit is an error.
    pub fn read(&self, candidate: &Candidate) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(
            usize::try_from(candidate.size)
                .unwrap_or(0)
                .saturating_add(1),
        );
        let limit = self.max_file_size.max(candidate.size);
        File::open(&candidate.path)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::other(
                "the file has grown past the size limit since it was scanned",
            ));
        }
        Ok(bytes)
    }

    /// The binary files, relative to the report root, sorted.
    pub fn binary_files(&self) -> Vec<String> {
        self.relative_names(|folder| &folder.binary)
    }

    /// The text files, relative to the report root, sorted.
    pub fn text_files(&self) -> Vec<String> {
        self.relative_names(|folder| &folder.text)
    }

    /// The text files whose path has a word in it, written in small letters; the word in any case.
    pub fn text_files_named(&self, word: &str) -> Vec<String> {
        let has = |text: &str| {
            text.as_bytes()
                .windows(word.len())
                .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        let mut found = Vec::new();
        for folder in self.files.folders() {
            let every = has(&folder.relative);
            let names = folder.text.iter();
            let named = names.filter(|name| every || has(&name.to_string_lossy()));
            found.extend(named.map(|name| walk::join(&folder.relative, name)));
        }
        found.sort();
        found
    }

    fn relative_names(&self, names: impl Fn(&files::Folder) -> &files::Names) -> Vec<String> {
        let mut all = Vec::new();
        for folder in self.files.folders() {
            all.extend(
                names(folder)
                    .iter()
                    .map(|name| walk::join(&folder.relative, name)),
            );
        }
        all.sort();
        all
    }

    /// Files that an ignore file leaves out although git tracks them, as tasks for a further walk. (A tracked folder
    /// is a submodule.)
    fn tracked_but_ignored(
        &mut self,
        ground: &Ground<'_>,
        gathered: &Gathered,
        unlisted: &mut BTreeMap<PathBuf, String>,
    ) -> Vec<Task> {
        self.repositories.add(gathered.repositories.iter().cloned());
        let mut by_folder: BTreeMap<PathBuf, Vec<OsString>> = BTreeMap::new();
        let mut tasks = Vec::new();
        let mut plain_folders = BTreeSet::new();
        for folder in &gathered.folders {
            for name in folder.ignored.iter() {
                let path = folder.path.join(name);
                let Some(root) = self.repositories.root_of(&path) else {
                    continue;
                };
                let tracked = match self.repositories.tracked(root) {
                    Ok(tracked) => tracked,
                    Err(message) => {
                        unlisted.insert(root.to_path_buf(), message.to_owned());
                        continue;
                    }
                };
                let Ok(inside) = path.strip_prefix(root) else {
                    continue;
                };
                for name in tracked.at_or_below(&git::git_name(inside)) {
                    let Some(path) = git::path_within(root, name, &mut plain_folders) else {
                        continue;
                    };
                    if ground.named.contains(&path) {
                        continue;
                    }
                    if ground.excludes.cover(&path) {
                        self.coverage.excluded += 1;
                        continue;
                    }
                    if path.is_dir() {
                        if !ignore_rules::has(&path, ".git") {
                            // Where git tracks a file there is now a folder that it does not know.
                            continue;
                        }
                        let rules = Arc::new(IgnoreRules::default());
                        let relative = roots::relative(&self.report_root, &path);
                        tasks.push(Task::Folder {
                            path,
                            relative,
                            rules,
                        });
                    } else if let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
                        by_folder
                            .entry(parent.to_path_buf())
                            .or_default()
                            .push(name.to_owned());
                    }
                }
            }
        }
        tasks.extend(by_folder.into_iter().map(|(folder, names)| {
            let relative = roots::relative(&self.report_root, &folder);
            Task::files(folder, relative, names)
        }));
        tasks
    }

    /// Keeps what a walk gathered, but for its hits.
    fn keep(&mut self, gathered: Gathered) -> Vec<Hit> {
        self.files.add(gathered.folders);
        self.coverage.add(gathered.coverage);
        self.git_ignored.extend(gathered.git_ignored);
        gathered.hits
    }

    fn candidates_of(&self, hits: Vec<Hit>) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> =
            hits.into_iter().map(|hit| self.candidate(hit)).collect();
        candidates.sort_by(|a, b| (&a.relative, &a.path).cmp(&(&b.relative, &b.path)));
        candidates
    }

    fn candidate(&self, hit: Hit) -> Candidate {
        let tracked = self.repositories.tracks(&hit.path);
        Candidate {
            tracked,
            // A tracked file is no secret of this machine, whatever the ignore files say.
            ignored_by_git: tracked != Some(true) && self.git_ignored.contains(&hit.path),
            named: self.named.contains(&hit.path),
            path: hit.path,
            relative: hit.relative,
            size: hit.size,
            literals: hit.literals,
        }
    }
}
