//! From bytes on disk to units: decoding, choice of language, lowering, embedded parts.
//!
//! Owns the loaded files of a run. It must not know values, rules or findings.

use crate::flow::Unit;
use crate::parallel;
use crate::scan::{Candidate, Encoding, LineIndex, Scan, Source, decode};
use crate::syntax::javascript::Dialect;
use crate::syntax::tree::{Embedded, Language, Tree};
use crate::syntax::{
    Input, config, deluge, html, java, javascript, language, markdown, rust, text,
};
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::Arc;

/// A file that was decoded, for positions and excerpts.
pub struct Loaded {
    pub source: Source,
    pub text: Arc<str>,
    pub language: Language,
    pub tracked: Option<bool>,
    pub size: u64,
}

/// A position as users see it, together with where it lies on disk.
pub fn position(source: &Source, index: &LineIndex<'_>, offset: u32) -> crate::finding::Position {
    let at = index.position(offset as usize);
    let line = index.line(at.line).map_or(0, |line| line.start);
    let bytes = (offset as usize).saturating_sub(line).saturating_add(1);
    crate::finding::Position {
        byte_column: u32::try_from(bytes).unwrap_or(u32::MAX),
        line: u32::try_from(at.line).unwrap_or(u32::MAX),
        column: u32::try_from(at.column).unwrap_or(u32::MAX),
        offset: source.disk_offset(offset as usize) as u64,
    }
}

/// Everything loaded so far, by path.
#[derive(Default)]
pub struct Files {
    pub loaded: BTreeMap<String, Rc<Loaded>>,
    /// Files of which only a part was understood, with the reason.
    pub partly_read: Vec<(String, String)>,
    pub unreadable: Vec<(String, String)>,
    pub parsed: u64,
    /// Units of an earlier round, by path.
    pub(super) kept: HashMap<String, Vec<Unit>>,
    /// What stands in files instead of what is on disk, or in files that are not there yet.
    pub overlay: BTreeMap<String, Vec<u8>>,
}

/// How deep parts within parts are followed (a script in a page in a fence).
const MAX_EMBEDDING: usize = 3;
/// A thread costs more than to lower fewer files than these.
const FILES_FOR_A_THREAD: usize = 4;

/// A file read and lowered, before it is on record.
struct Taken {
    loaded: Loaded,
    units: Vec<Unit>,
}

impl Files {
    /// Reads and lowers these files, several at a time; their units in the order of the files. What could not be read
    /// is on record.
    pub fn load_all(
        &mut self,
        scan: &Scan,
        candidates: &[Candidate],
        threads: NonZeroUsize,
    ) -> Vec<Unit> {
        let fresh: Vec<&Candidate> = candidates
            .iter()
            .filter(|candidate| !self.kept.contains_key(&candidate.relative))
            .collect();
        let overlay = &self.overlay;
        let threads = threads.get().min(fresh.len() / FILES_FOR_A_THREAD);
        let taken = parallel::map(&fresh, threads, |candidate| {
            read(scan, overlay, candidate)
                .and_then(|bytes| take(&candidate.relative, &bytes, candidate.tracked, None))
        });
        let mut fresh: HashMap<&str, Result<Taken, String>> = fresh
            .iter()
            .map(|candidate| candidate.relative.as_str())
            .zip(taken)
            .collect();
        let mut units = Vec::new();
        for candidate in candidates {
            let path = candidate.relative.as_str();
            let of_file = match fresh.remove(path) {
                Some(taken) => self.record(path, taken),
                None => self.kept.remove(path),
            };
            units.extend(of_file.unwrap_or_default());
        }
        units
    }

    /// Reads and lowers one file; `None` if it could not be read (that is then on record).
    pub fn load(&mut self, scan: &Scan, candidate: &Candidate) -> Option<Vec<Unit>> {
        let path = &candidate.relative;
        if let Some(units) = self.kept.remove(path) {
            return Some(units);
        }
        let taken = read(scan, &self.overlay, candidate)
            .and_then(|bytes| take(path, &bytes, candidate.tracked, None));
        self.record(path, taken)
    }

    /// Lowers bytes under a path, as this language if one is said.
    pub fn take(
        &mut self,
        path: &str,
        bytes: &[u8],
        tracked: Option<bool>,
        language: Option<Language>,
    ) -> Option<Vec<Unit>> {
        let taken = take(path, bytes, tracked, language);
        self.record(path, taken)
    }

    /// Takes units back after a round: the next one need not lower their files again.
    pub fn keep(&mut self, units: Vec<Rc<Unit>>) {
        for unit in units {
            if let Ok(mut unit) = Rc::try_unwrap(unit) {
                unit.hops = 0;
                self.kept.entry(unit.path.clone()).or_default().push(unit);
            }
        }
    }

    fn record(&mut self, path: &str, taken: Result<Taken, String>) -> Option<Vec<Unit>> {
        let Taken { loaded, units } = match taken {
            Ok(taken) => taken,
            Err(message) => {
                let unread = (path.to_string(), message);
                if !self.unreadable.contains(&unread) {
                    self.unreadable.push(unread);
                }
                return None;
            }
        };
        if loaded.language != Language::Text {
            self.parsed += 1;
        }
        if let Some(reason) = units.iter().find_map(|unit| unit.tree.partly_read.clone()) {
            self.partly_read.push((path.to_string(), reason));
        }
        self.loaded.insert(path.to_string(), Rc::new(loaded));
        Some(units)
    }

    pub fn is_utf16(loaded: &Loaded) -> bool {
        matches!(
            loaded.source.encoding,
            Encoding::Utf16Le | Encoding::Utf16Be
        )
    }
}

fn read(
    scan: &Scan,
    overlay: &BTreeMap<String, Vec<u8>>,
    candidate: &Candidate,
) -> Result<Vec<u8>, String> {
    match overlay.get(&candidate.relative) {
        Some(bytes) => Ok(bytes.clone()),
        None => scan.read(candidate).map_err(|error| error.to_string()),
    }
}

fn take(
    path: &str,
    bytes: &[u8],
    tracked: Option<bool>,
    language: Option<Language>,
) -> Result<Taken, String> {
    let source = decode(bytes).map_err(|error| error.to_string())?;
    let text: Arc<str> = source.text.as_str().into();
    let language = language.unwrap_or_else(|| language_of(path, &text));
    let units = lower_all(path, &text, language);
    let loaded = Loaded {
        source,
        text,
        language,
        tracked,
        size: bytes.len() as u64,
    };
    Ok(Taken { loaded, units })
}

fn lower_all(path: &str, text: &Arc<str>, language: Language) -> Vec<Unit> {
    let whole = Input {
        text,
        base: 0,
        path,
    };
    let tree = lower(whole, language);
    let mut pending: Vec<(Embedded, Language, usize)> = tree
        .embedded
        .iter()
        .map(|part| (part.clone(), language, 1))
        .collect();
    let mut units = vec![Unit::new(path.to_string(), tree, Arc::clone(text), false)];
    while let Some((part, host, depth)) = pending.pop() {
        let Some(inner) = text.get(part.span.start as usize..part.span.end as usize) else {
            continue;
        };
        let language = embedded_language(&part.label, host, inner);
        let mut tree = lower(
            Input {
                text: inner,
                base: part.span.start,
                path,
            },
            language,
        );
        if let Some(reason) = &mut tree.partly_read {
            let before = text.get(..part.span.start as usize).unwrap_or_default();
            *reason = moved_down(reason, before.matches('\n').count());
        }
        if depth < MAX_EMBEDDING {
            pending.extend(
                tree.embedded
                    .iter()
                    .map(|part| (part.clone(), language, depth + 1)),
            );
        }
        units.push(Unit::new(path.to_string(), tree, Arc::clone(text), true));
    }
    units
}

/// A reason that ends with a line of a part, as every front end gives it, with that line of the file.
fn moved_down(reason: &str, lines: usize) -> String {
    let found = reason.rsplit_once(" at line ");
    match found.and_then(|(what, line)| Some((what, line.parse::<usize>().ok()?))) {
        Some((what, line)) => format!("{what} at line {}", line.saturating_add(lines)),
        None => reason.to_string(),
    }
}

/// The language of a file: by its name, and by its content where Deluge may lie under other names.
pub fn language_of(path: &str, text: &str) -> Language {
    let named = language::detect(path, text);
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    if !matches!(
        extension.as_str(),
        "" | "txt" | "dg" | "deluge" | "ds" | "zs" | "zdl" | "js" | "ts"
    ) || named.is_config()
    {
        return named;
    }
    if deluge::looks_like_deluge(text, &extension) {
        return Language::Deluge;
    }
    if named == Language::Deluge {
        Language::Text
    } else {
        named
    }
}

/// The language of an embedded part: its label, or what a page has when it says nothing.
fn embedded_language(label: &str, host: Language, text: &str) -> Language {
    if host == Language::Markdown && deluge::looks_like_deluge(text, label) {
        return Language::Deluge;
    }
    if let Some(language) = language::from_label(label) {
        return language;
    }
    match host {
        Language::Html if label.is_empty() => Language::JavaScript,
        Language::Markdown | Language::Text if label.is_empty() => guess(text),
        _ => Language::Text,
    }
}

/// The language of a fence without a label, where its first lines leave no doubt.
fn guess(text: &str) -> Language {
    let settings = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .take(20)
        .all(|line| {
            line.trim().split_once('=').is_some_and(|(key, _)| {
                let key = key.trim().trim_start_matches("export ").trim();
                !key.is_empty()
                    && key
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
            })
        });
    if settings && text.contains('=') {
        Language::Dotenv
    } else {
        Language::Text
    }
}

/// Lowers a text with the front end of its language.
pub fn lower(input: Input<'_>, language: Language) -> Tree {
    let extension = input
        .path
        .rsplit('.')
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    match language {
        Language::Java => java::lower(input),
        Language::JavaScript => javascript::lower(input, Dialect::JavaScript),
        Language::TypeScript if extension == "tsx" => javascript::lower(input, Dialect::Tsx),
        Language::TypeScript => javascript::lower(input, Dialect::TypeScript),
        Language::Html => html::lower(input),
        Language::Markdown => markdown::lower(input),
        Language::Dotenv => config::dotenv::lower(input),
        Language::Properties => config::properties::lower(input),
        Language::Ini => config::ini::lower(input),
        Language::Yaml => config::yaml::lower(input),
        Language::Json => config::json::lower(input),
        Language::Toml => config::toml::lower(input),
        Language::Xml => config::xml::lower(input),
        Language::Deluge => deluge::lower(input),
        Language::Rust => rust::lower(input),
        Language::Text => text::lower(input),
    }
}
