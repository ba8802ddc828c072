//! What of the findings counts: comments that silence them, entries of the configuration, the baseline, the lines
//! that a change touched, and dates.
//!
//! Owns the order of these steps. The forms of comments and baselines are those of [`crate::finding`]; what changed
//! is known to [`crate::scan::changed`]. A file costs something here only if it has a finding or such a comment.

use super::comments::comments_of;
use super::load::Files;
use super::report::repository_prefix;
use crate::cli::settings::{Gate as Settings, Settings as All};
use crate::finding::suppression::{self, Comment, Directive, Silencer, Suppressed};
use crate::finding::{Diagnostic, Finding, PathClass, Range, Report};
use crate::flow::Unit;
use crate::pipeline::Error;
use crate::redact;
use crate::rules::matching::Candidate;
use crate::rules::model::{Level, Rules};
use crate::scan::changed::{Against, Change};
use crate::scan::{self, LineIndex, Prefilter, Scan, repository_root};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What is staged and differs from what is on disk, by path; the files are taken into the audit.
pub(super) fn staged(
    settings: &All,
    scan: &Scan,
    literals: &[String],
    chosen: &mut Vec<scan::Candidate>,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut overlay = BTreeMap::new();
    let Some(against @ Against::Index { .. }) = &settings.gate.against else {
        return Ok(overlay);
    };
    let (root, prefix) = repository(scan.report_root())?;
    let change = Change::new(&root, against).map_err(git_error)?;
    let prefilter = Prefilter::new(literals).map_err(|error| Error::new(error.to_string()))?;
    for (path, bytes) in change.staged.into_iter().flatten() {
        let Some(path) = path.strip_prefix(&prefix) else {
            continue;
        };
        let Some(candidate) = scan.file(path) else {
            continue;
        };
        let differs = scan
            .read(&candidate)
            .map_or(true, |on_disk| !same_but_for_line_ends(&on_disk, &bytes));
        if !differs {
            continue;
        }
        let is_chosen = chosen
            .iter()
            .any(|known| known.relative == candidate.relative);
        if !is_chosen && !prefilter.found(&bytes).is_empty() {
            chosen.push(candidate);
        }
        overlay.insert(path.to_owned(), bytes);
    }
    chosen.sort_by(|left, right| left.relative.cmp(&right.relative));
    Ok(overlay)
}

fn same_but_for_line_ends(left: &[u8], right: &[u8]) -> bool {
    left == right
        || left
            .iter()
            .filter(|byte| **byte != b'\r')
            .eq(right.iter().filter(|byte| **byte != b'\r'))
}

/// The root of the repository, and what stands before paths of the report there.
fn repository(report_root: &Path) -> Result<(PathBuf, String), Error> {
    let root = report_root
        .canonicalize()
        .ok()
        .and_then(|root| repository_root(&root))
        .ok_or_else(|| {
            Error::new("--since and --staged ask git, and this is no git repository")
                .advise("leave them out, or run in a work tree")
        })?;
    Ok((root, repository_prefix(report_root)))
}

fn git_error(message: String) -> Error {
    Error::new(format!("cannot tell what changed: {message}")).advise(
        "in a CI job the history has to be there: fetch it, or check out with a greater depth",
    )
}

/// Takes out what does not count. What a file holds is needed for comments and for changed lines.
pub(super) fn apply(
    report: &mut Report,
    settings: &All,
    rules: &Rules,
    files: &Files,
    units: &[Rc<Unit>],
) -> Result<(), Error> {
    promote(report, settings);
    let mut silence = Silence::of(settings, rules, files, units);
    silence.take(report);
    silence.report(report, settings);
    known(report, settings, rules);
    changed(report, settings, files)
}

/// The same where there is no finding.
pub(super) fn apply_to_nothing(report: &mut Report, settings: &All, rules: &Rules) {
    Silence::of(settings, rules, &Files::default(), &[]).report(report, settings);
    known(report, settings, rules);
}

/// Under `--fail-within` a warning is an error once its date has come.
fn promote(report: &mut Report, settings: &All) {
    if settings.gate.fail_within.is_none() {
        return;
    }
    for finding in &mut report.findings {
        let is_past = finding
            .deadline
            .as_ref()
            .is_some_and(|deadline| deadline.days_overdue >= 0);
        let is_own = matches!(finding.path_class, PathClass::Production | PathClass::Test);
        if finding.level == Level::Warning && is_past && is_own {
            finding.level = Level::Error;
        }
    }
}

fn known(report: &mut Report, settings: &All, rules: &Rules) {
    if settings.gate.keep_all {
        report.gate.all.clone_from(&report.findings);
    }
    let Some(baseline) = &settings.gate.baseline else {
        return;
    };
    let seen = Seen::new(settings, report);
    let ids = rules.detections.iter().map(|rule| rule.id.clone());
    let comparison = baseline.compare(&mut report.findings, |path| seen.has(path), ids);
    report.gate.baseline = Some(comparison);
}

/// Which paths a run has looked at.
pub(crate) struct Seen {
    repository: PathBuf,
    roots: Vec<PathBuf>,
    not_read: BTreeSet<String>,
}

impl Seen {
    pub(crate) fn new(settings: &All, report: &Report) -> Seen {
        let report_root = scan::report_root(&settings.roots);
        let report_root = report_root.canonicalize().unwrap_or(report_root);
        let coverage = &report.coverage;
        let not_read = coverage
            .too_large
            .iter()
            .chain(coverage.unreadable.iter().map(|file| &file.path))
            .map(|path| format!("{}{path}", report.repository_prefix))
            .collect();
        Seen {
            repository: repository_root(&report_root).unwrap_or(report_root),
            roots: settings
                .roots
                .iter()
                .filter_map(|root| root.canonicalize().ok())
                .collect(),
            not_read,
        }
    }

    /// `path` is that of an entry of a baseline.
    pub(crate) fn has(&self, path: &str) -> bool {
        let absolute = self.repository.join(path);
        self.roots.iter().any(|root| absolute.starts_with(root)) && !self.not_read.contains(path)
    }
}

/// Leaves what a change touches: a line of the finding, or one on the way of its token.
fn changed(report: &mut Report, settings: &All, files: &Files) -> Result<(), Error> {
    let Some(against) = &settings.gate.against else {
        return Ok(());
    };
    let has_lines = report.diagnostics.iter().any(|one| one.line.is_some());
    if report.findings.is_empty() && !has_lines {
        return Ok(());
    }
    let (root, prefix) = repository(&scan::report_root(&settings.roots))?;
    let change = Change::new(&root, against).map_err(git_error)?;
    let paths: BTreeSet<&str> = report
        .findings
        .iter()
        .flat_map(|finding| {
            let steps = finding.flow.iter().map(|step| step.path.as_str());
            steps.chain([finding.path.as_str()])
        })
        .chain(report.diagnostics.iter().filter_map(|one| {
            one.line?;
            one.path.as_deref()
        }))
        .collect();
    let named: Vec<(String, &str)> = paths
        .iter()
        .filter_map(|path| {
            let loaded = files.loaded.get(*path)?;
            Some((format!("{prefix}{path}"), loaded.text.as_ref()))
        })
        .collect();
    let named: Vec<(&str, &str)> = named
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let lines = change.lines(&named).map_err(git_error)?;
    let touched_lines = |path: &str, first: u32, last: u32| {
        lines
            .get(&format!("{prefix}{path}"))
            .is_none_or(|lines| lines.touch(first, last))
    };
    let touched = |path: &str, range: Range| touched_lines(path, range.start.line, range.end.line);
    report
        .diagnostics
        .retain(|one| match (&one.path, one.line) {
            (Some(path), Some(line)) => touched_lines(path, line, line),
            _ => true,
        });
    report.findings.retain(|finding| {
        touched(&finding.path, finding.range)
            || finding
                .flow
                .iter()
                .any(|step| touched(&step.path, step.range))
    });
    Ok(())
}

/// A comment that was read, and whether it was of use.
struct Noted {
    comment: Comment,
    directive: Result<Directive, String>,
    is_used: bool,
}

/// Everything that silences findings in one run.
pub(super) struct Silence<'s> {
    settings: &'s Settings,
    today: Date,
    report_root: PathBuf,
    comments: BTreeMap<String, Vec<Noted>>,
    /// Whether each entry of the configuration was of use.
    used_entries: Vec<bool>,
}

impl<'s> Silence<'s> {
    pub(super) fn of(
        settings: &'s All,
        rules: &Rules,
        files: &Files,
        units: &[Rc<Unit>],
    ) -> Silence<'s> {
        let mut comments: BTreeMap<String, Vec<Noted>> = BTreeMap::new();
        for comment in comments_of(files, units) {
            let directive = suppression::parse(&comment.text).and_then(|directive| {
                let known = |id: &&String| !rules.detections.iter().any(|rule| rule.id == **id);
                match directive.rules.iter().find(known) {
                    Some(id) => Err(format!("there is no rule `{id}`")),
                    None => Ok(directive),
                }
            });
            comments
                .entry(comment.path.clone())
                .or_default()
                .push(Noted {
                    comment,
                    directive,
                    is_used: false,
                });
        }
        Silence {
            settings: &settings.gate,
            today: settings.today,
            report_root: scan::report_root(&settings.roots),
            comments,
            used_entries: vec![false; settings.gate.path_ignores.len()],
        }
    }

    /// What silences such a finding, and why.
    fn silencer(
        &mut self,
        rule: &str,
        path: &str,
        range: impl FnOnce() -> Range,
    ) -> Option<(Silencer, String, Option<Date>)> {
        let holds = |until: Option<Date>| until.is_none_or(|until| self.today <= until);
        if let Some(noted) = self.comments.get_mut(path) {
            let range = range();
            for noted in noted.iter_mut() {
                let Ok(directive) = &noted.directive else {
                    continue;
                };
                let covers =
                    directive.whole_file || suppression::covers(noted.comment.covers, range);
                if !covers || !directive.rules.iter().any(|id| id == rule) {
                    continue;
                }
                noted.is_used = true;
                if holds(directive.until) && !self.settings.isolated {
                    let line = noted.comment.line;
                    let by = Silencer::Comment { line };
                    return Some((by, directive.reason.clone(), directive.until));
                }
            }
        }
        for ((patterns, entry), used) in self
            .settings
            .path_ignores
            .iter()
            .zip(self.used_entries.iter_mut())
        {
            if !entry.rules.iter().any(|id| id == rule)
                || !patterns.cover(&self.report_root.join(path))
            {
                continue;
            }
            *used = true;
            if holds(entry.until) {
                let by = Silencer::Configuration { line: entry.line };
                return Some((by, entry.reason.clone(), entry.until));
            }
        }
        None
    }

    /// Whether a candidate for a fix is silenced.
    pub(super) fn covers(
        &mut self,
        candidate: &Candidate<'_>,
        files: &Files,
        units: &[Rc<Unit>],
    ) -> bool {
        let Some(unit) = units.get(candidate.place.file as usize) else {
            return false;
        };
        let Some(loaded) = files.loaded.get(&unit.path) else {
            return false;
        };
        let range = || {
            let index = LineIndex::new(&loaded.text);
            Range {
                start: super::load::position(&loaded.source, &index, candidate.place.span.start),
                end: super::load::position(&loaded.source, &index, candidate.place.span.end),
            }
        };
        self.silencer(&candidate.rule.id, &unit.path, range)
            .is_some()
    }

    /// Whether it was found in the words of a comment that silences: they name rules. A secret counts even there.
    fn is_of_a_comment(&self, finding: &Finding) -> bool {
        let (start, end) = (finding.range.start.offset, finding.range.end.offset);
        finding.credential.is_none()
            && self.comments.get(&finding.path).is_some_and(|noted| {
                noted.iter().any(|noted| {
                    noted
                        .comment
                        .bytes
                        .is_some_and(|(from, to)| from <= start && end <= to)
                })
            })
    }

    fn take(&mut self, report: &mut Report) {
        if self.comments.is_empty() && self.settings.path_ignores.is_empty() {
            return;
        }
        let mut suppressed = Vec::new();
        let mut left: Vec<Finding> = Vec::new();
        for finding in std::mem::take(&mut report.findings) {
            if self.is_of_a_comment(&finding) {
                continue;
            }
            match self.silencer(&finding.rule, &finding.path, || finding.range) {
                Some((by, reason, until)) => suppressed.push(Suppressed {
                    finding,
                    by,
                    reason: redact::mask_excerpt(&reason),
                    until,
                }),
                None => left.push(finding),
            }
        }
        suppressed
            .sort_by(|left, right| crate::finding::order::compare(&left.finding, &right.finding));
        report.findings = left;
        report.gate.suppressed = suppressed;
    }

    /// Says which comments and entries are wrong, over or of no use, and which are not obeyed.
    fn report(&self, report: &mut Report, settings: &All) {
        let mut say = |path: &str, line: usize, message: String| {
            report.diagnostics.push(Diagnostic {
                level: Level::Warning,
                path: Some(path.to_owned()),
                line: u32::try_from(line).ok().filter(|line| *line > 0),
                // People write anything into comments.
                message: redact::mask_excerpt(&message),
            });
        };
        if let Some(file) = &self.settings.config_not_obeyed {
            let message = "this configuration is not obeyed (--isolated)";
            say(&self.shown(file), 0, message.to_owned());
        }
        let whole_folders = settings.roots.iter().any(|root| root.is_dir());
        for noted in self.comments.values().flatten() {
            let line = noted.comment.line as usize;
            let path = noted.comment.path.as_str();
            let directive = match &noted.directive {
                Ok(directive) => directive,
                Err(what) => {
                    say(path, line, format!("this comment silences nothing: {what}"));
                    continue;
                }
            };
            if self.settings.isolated {
                let rules = directive.rules.join(", ");
                say(
                    path,
                    line,
                    format!("this comment, which silences {rules}, is not obeyed (--isolated)"),
                );
            } else if let Some(message) =
                self.complaint("comment", noted.is_used, directive.until, whole_folders)
            {
                say(path, line, message);
            }
        }
        let Some(config) = &self.settings.config else {
            return;
        };
        let base = &self.settings.base;
        let whole_base = settings
            .roots
            .iter()
            .filter_map(|root| root.canonicalize().ok())
            .any(|root| base.canonicalize().is_ok_and(|base| base.starts_with(root)));
        for ((_, entry), used) in self.settings.path_ignores.iter().zip(&self.used_entries) {
            let what = "entry of path-ignores";
            if let Some(message) = self.complaint(what, *used, entry.until, whole_base) {
                say(&self.shown(config), entry.line, message);
            }
        }
    }

    /// The path of a configuration as paths of the report are: from the report root, or whole.
    fn shown(&self, file: &Path) -> String {
        let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let file = resolved(file);
        let path = file
            .strip_prefix(resolved(&self.report_root))
            .unwrap_or(&file);
        path.to_string_lossy().replace('\\', "/")
    }

    fn complaint(
        &self,
        what: &str,
        is_used: bool,
        until: Option<Date>,
        saw_all: bool,
    ) -> Option<String> {
        match until {
            Some(until) if until < self.today && is_used => Some(format!(
                "this {what} silenced its findings until {until}; they count again"
            )),
            _ if !is_used && saw_all => Some(format!("this {what} silences nothing; take it out")),
            _ => None,
        }
    }
}
