//! The audit: from paths to a finished report, one stage after another.
//!
//! Owns the order of the stages and what of them is said about the run itself. Each stage lives in its own
//! room; nothing here knows a language, a product or a format.

mod findings;
pub mod load;
mod rounds;

use crate::cli::settings::Settings;
use crate::finding::{Coverage, Diagnostic, Finding, Report, Unread, identity, order};
use crate::flow::Idioms;
use crate::pipeline::{Error, Outcome, Progress};
use crate::rules::matching::Knowledge;
use crate::rules::model::{Level, Rules};
use crate::rules::prefilter_literals;
use crate::scan::{self, Candidate, Prefilter, Scan, SkipReason};
use crate::syntax::tree::Language;
use std::collections::HashSet;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

/// Files with the bare word only are read beside files that say Zoho, and not more of them than this.
const MOST_WORD_FILES: usize = 3_000;
/// So few of them are read wherever they stand.
const FEW_WORD_FILES: usize = 40;
/// A longer run of letters, digits and signs is data (bytes). Paths are shorter between their dots.
const LONGEST_WORD: usize = 120;
/// The evaluator walks nested code by recursion of bounded depth; this is room for all of it.
const STACK: usize = 512 * 1024 * 1024;

/// Scans, evaluates, matches, and puts the findings in order.
pub fn check(
    settings: &Settings,
    rules: &Rules,
    progress: &mut dyn Progress,
) -> Result<Outcome, Error> {
    let started = Instant::now();
    if let Some(name) = &settings.stdin {
        return standard_input(settings, rules, name);
    }
    let literals = prefilter_literals(rules);
    let prefilter = Prefilter::new(&literals).map_err(|error| Error::new(error.to_string()))?;
    let options = scan::Options {
        roots: settings.roots.clone(),
        max_file_size: settings.max_file_size,
        threads: Some(settings.threads.get()),
        prefilter: !settings.no_prefilter,
        ..scan::Options::default()
    };
    let scan = scan::scan(&options, &prefilter).map_err(scan_error)?;
    let scanned = started.elapsed();
    progress.update(scan.coverage.files_read, Some(scan.coverage.files_seen));
    let chosen = choose(&scan, &literals, settings.no_prefilter);
    let mut report = match chosen {
        chosen if chosen.is_empty() => Report {
            findings: Vec::new(),
            coverage: coverage(&scan),
            diagnostics: Vec::new(),
        },
        chosen => on_a_large_stack(|| audit(settings, rules, &scan, chosen))?,
    };
    report.diagnostics.extend(scan_diagnostics(&scan));
    filter(&mut report, settings);
    let statistics = vec![
        (
            "files in the scan".to_string(),
            scan.coverage.files_seen.to_string(),
        ),
        (
            "bytes read".to_string(),
            scan.coverage.bytes_read.to_string(),
        ),
        (
            "files with a word of interest".to_string(),
            scan.candidates.len().to_string(),
        ),
        (
            "files parsed".to_string(),
            report.coverage.files_parsed.to_string(),
        ),
        (
            "time to scan".to_string(),
            format!("{} ms", scanned.as_millis()),
        ),
        (
            "time in all".to_string(),
            format!("{} ms", started.elapsed().as_millis()),
        ),
    ];
    Ok(Outcome { report, statistics })
}

/// Audits the text of standard input under a name; nothing else is read.
fn standard_input(settings: &Settings, rules: &Rules, name: &str) -> Result<Outcome, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(settings.max_file_size.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > settings.max_file_size {
        return Err(
            Error::new("standard input is larger than --max-file-size allows")
                .advise("raise the limit, or name the file instead"),
        );
    }
    let mut report = on_a_large_stack(|| {
        let knowledge = Knowledge::new(rules);
        let idioms = Idioms::new(rules);
        let mut files = load::Files::default();
        let units = files
            .take(name, &bytes, None, settings.language)
            .unwrap_or_default();
        let rounds = rounds::single(units, &knowledge, &idioms, rules);
        let coverage = Coverage {
            files_seen: 1,
            files_read: 1,
            bytes_read: bytes.len() as u64,
            files_parsed: files.parsed,
            unreadable: unread(&files.unreadable),
            partly_read: unread(&files.partly_read),
            ..Coverage::default()
        };
        let maker = findings::Maker {
            files: &files,
            units: &rounds.units,
            knowledge: &knowledge,
            today: settings.today,
            repository_prefix: String::new(),
        };
        let mut findings = maker.findings(rounds.candidates);
        identity::assign(&mut findings);
        Report {
            findings,
            coverage,
            diagnostics: Vec::new(),
        }
    })?;
    filter(&mut report, settings);
    Ok(Outcome {
        report,
        statistics: Vec::new(),
    })
}

fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        thread.join().map_err(|_| {
            Error::new("an internal error stopped the audit")
                .advise("please report it, with the file that is being scanned if you may share it")
        })
    })
}

fn audit(settings: &Settings, rules: &Rules, scan: &Scan, chosen: Vec<Candidate>) -> Report {
    let knowledge = Knowledge::new(rules);
    let idioms = Idioms::new(rules);
    let mut files = load::Files::default();
    let rounds = rounds::run(scan, &mut files, chosen, &knowledge, &idioms, rules);
    let maker = findings::Maker {
        files: &files,
        units: &rounds.units,
        knowledge: &knowledge,
        today: settings.today,
        repository_prefix: repository_prefix(scan.report_root()),
    };
    let mut findings = maker.findings(rounds.candidates);
    identity::assign(&mut findings);
    let mut coverage = coverage(scan);
    coverage.files_parsed = files.parsed;
    coverage.partly_read.extend(unread(&files.partly_read));
    coverage.unreadable.extend(unread(&files.unreadable));
    coverage.partly_read.sort_by(|a, b| a.path.cmp(&b.path));
    coverage.partly_read.dedup();
    for (path, loaded) in &files.loaded {
        if loaded.language == Language::Text
            && loaded.text.to_ascii_lowercase().contains("zoho")
            && let Some(extension) = programming_extension(path)
        {
            *coverage.other_languages.entry(extension).or_default() += 1;
        }
    }
    let mut diagnostics = Vec::new();
    for name in rounds.left {
        diagnostics.push(Diagnostic {
            level: Level::Note,
            path: None,
            message: format!("the name {name} stands in too many files to follow it further"),
        });
    }
    let mut widened: Vec<&str> = rounds
        .widened
        .iter()
        .filter_map(|file| {
            rounds
                .units
                .get(*file as usize)
                .map(|unit| unit.path.as_str())
        })
        .collect();
    widened.sort_unstable();
    widened.dedup();
    for path in widened {
        diagnostics.push(Diagnostic {
            level: Level::Note,
            path: Some(path.to_string()),
            message: "too large or too deeply nested to follow every value in it".to_string(),
        });
    }
    Report {
        findings,
        coverage,
        diagnostics,
    }
}

/// The files to parse: those that say Zoho, and with them those that have the bare word.
fn choose(scan: &Scan, literals: &[String], everything: bool) -> Vec<Candidate> {
    if everything {
        return scan.candidates.clone();
    }
    let weak: Vec<usize> = literals
        .iter()
        .enumerate()
        .filter(|(_, literal)| *literal == "authtoken" || *literal == "auth_token")
        .map(|(index, _)| index)
        .collect();
    let is_weak = |candidate: &Candidate| {
        candidate
            .literals
            .iter()
            .all(|literal| weak.contains(&literal))
    };
    // The letters of a word within a long run of others (a key, a picture) are no word.
    let says = |candidate: &Candidate| {
        !is_weak(candidate)
            && scan
                .read(candidate)
                .is_ok_and(|bytes| says_a_word(&bytes, literals))
    };
    let strong: HashSet<&str> = scan
        .candidates
        .iter()
        .filter(|candidate| says(candidate))
        .map(|candidate| candidate.relative.as_str())
        .collect();
    if strong.is_empty() {
        return Vec::new();
    }
    // In a large tree the bare word counts only in those parts that say Zoho.
    let part = |path: &str| path.split('/').take(2).collect::<Vec<_>>().join("/");
    let parts: HashSet<String> = strong.iter().map(|path| part(path)).collect();
    let is_weak = |candidate: &Candidate| !strong.contains(candidate.relative.as_str());
    let mut chosen: Vec<Candidate> = Vec::new();
    let words = scan
        .candidates
        .iter()
        .filter(|candidate| is_weak(candidate))
        .count();
    chosen.extend(
        scan.candidates
            .iter()
            .filter(|candidate| {
                !is_weak(candidate)
                    || words <= FEW_WORD_FILES
                    || (words <= MOST_WORD_FILES && parts.contains(&part(&candidate.relative)))
            })
            .cloned(),
    );
    // A settings file may say Zoho in its path alone.
    let known: HashSet<&str> = scan
        .candidates
        .iter()
        .map(|candidate| candidate.relative.as_str())
        .collect();
    let named = scan.text_files().into_iter().filter(|path| {
        path.to_ascii_lowercase().contains("zoho")
            && !known.contains(path.as_str())
            && crate::syntax::language::detect(path, "").is_config()
    });
    chosen.extend(named.filter_map(|path| scan.file(&path)));
    chosen.sort_by(|a, b| a.relative.cmp(&b.relative));
    chosen
}

/// Whether one of the literals stands in the text as a word or part of one, not within a key or a picture.
fn says_a_word(bytes: &[u8], literals: &[String]) -> bool {
    let is_run = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
    };
    let lower = bytes.to_ascii_lowercase();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    utf16
        || literals
            .iter()
            .filter(|literal| !matches!(literal.as_str(), "authtoken" | "auth_token"))
            .any(|literal| {
                let wanted = literal.as_bytes();
                lower
                    .windows(wanted.len())
                    .enumerate()
                    .filter(|(_, window)| *window == wanted)
                    .any(|(at, _)| {
                        let before = lower[..at]
                            .iter()
                            .rev()
                            .take_while(|byte| is_run(byte))
                            .take(LONGEST_WORD)
                            .count();
                        let after = lower[at..]
                            .iter()
                            .take_while(|byte| is_run(byte))
                            .take(LONGEST_WORD)
                            .count();
                        before + after < LONGEST_WORD
                    })
            })
}

/// What stands before every path of the report to make it relative to the repository.
fn repository_prefix(report_root: &Path) -> String {
    let Ok(root) = report_root.canonicalize() else {
        return String::new();
    };
    let Some(repository) = scan::repository_root(&root) else {
        return String::new();
    };
    match root.strip_prefix(&repository) {
        Ok(rest) if rest.as_os_str().is_empty() => String::new(),
        Ok(rest) => format!("{}/", rest.to_string_lossy().replace('\\', "/")),
        Err(_) => String::new(),
    }
}

fn coverage(scan: &Scan) -> Coverage {
    let mut coverage = Coverage {
        files_seen: scan.coverage.files_seen,
        files_read: scan.coverage.files_read,
        bytes_read: scan.coverage.bytes_read,
        binary: scan.coverage.binary,
        ..Coverage::default()
    };
    for skipped in &scan.coverage.skipped {
        match &skipped.reason {
            SkipReason::TooLarge { .. } => coverage.too_large.push(skipped.relative.clone()),
            SkipReason::Unreadable { message } => {
                coverage.unreadable.push(Unread {
                    path: skipped.relative.clone(),
                    reason: message.clone(),
                });
            }
            SkipReason::NotAFile => coverage.unreadable.push(Unread {
                path: skipped.relative.clone(),
                reason: "not a regular file".to_string(),
            }),
        }
    }
    coverage
}

fn scan_diagnostics(scan: &Scan) -> Vec<Diagnostic> {
    scan.coverage
        .unlisted_repositories
        .iter()
        .map(|repository| Diagnostic {
            level: Level::Warning,
            path: Some(repository.root.display().to_string()),
            message: format!("git could not list the tracked files, so ignored ones among them may be missing: {}", repository.message),
        })
        .collect()
}

fn unread(list: &[(String, String)]) -> Vec<Unread> {
    list.iter()
        .map(|(path, reason)| Unread {
            path: path.clone(),
            reason: reason.clone(),
        })
        .collect()
}

fn programming_extension(path: &str) -> Option<String> {
    const LANGUAGES: [&str; 24] = [
        "php", "py", "rb", "cs", "vb", "go", "kt", "kts", "scala", "groovy", "swift", "dart", "ex",
        "exs", "pl", "pm", "coffee", "sh", "ps1", "bsl", "lua", "r", "clj", "rs",
    ];
    let extension = path
        .rsplit('/')
        .next()?
        .rsplit_once('.')?
        .1
        .to_ascii_lowercase();
    LANGUAGES.contains(&extension.as_str()).then_some(extension)
}

/// Leaves what the settings ask for, in the final order.
fn filter(report: &mut Report, settings: &Settings) {
    let keeps = |finding: &Finding| {
        (settings.select.is_empty() || settings.select.contains(&finding.rule))
            && !settings.ignore.contains(&finding.rule)
            && (settings.products.is_empty()
                || finding
                    .product
                    .as_ref()
                    .is_some_and(|product| settings.products.contains(product)))
            && finding.confidence >= settings.confidence
    };
    report.findings.retain(keeps);
    order::sort(&mut report.findings);
}

fn scan_error(error: scan::ScanError) -> Error {
    let advice = match &error {
        scan::ScanError::Missing { .. } => {
            "check the spelling; paths are relative to the working folder"
        }
        scan::ScanError::Unreadable { .. } => "check its permissions",
        scan::ScanError::NotAFile { .. } => "name a file or a folder",
        scan::ScanError::Exclude { .. } => "write it as in a .gitignore",
    };
    Error::new(error.to_string()).advise(advice)
}
