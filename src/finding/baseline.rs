//! The baseline: findings that are known already, so that only new ones count.
//!
//! Owns the text of the file and the comparison with the findings of a run. It holds fingerprints, rules and paths,
//! and nothing that a person would not publish.
//!
//! The file is made for git: sorted, one entry a line, no line numbers and no dates. Git takes changes of
//! neighbouring lines for a conflict, so entries stand in drawers between lines that never change; entries of one
//! file share a drawer.

use super::identity::without_number;
use super::{Finding, Range};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const HEAD: &str = "# Findings that authshift knows already: `authshift baseline` writes this file, and\n# `authshift check --baseline` reports what is not in it. The numbered lines keep changes\n# of different branches apart, so that git can merge them: leave them in place.\n";
/// Lines between which entries stand. More of them make conflicts rarer and the file longer.
const DRAWERS: usize = 64;
/// The form of this file.
const FORM: &str = "form 1";

/// One known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub rule: String,
    pub fingerprint: String,
}

/// The known findings, and what found them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Version of authshift that wrote it.
    pub version: String,
    /// The rules that there were. Findings of others say nothing about new code.
    pub rules: BTreeSet<String>,
    /// By fingerprint.
    entries: BTreeMap<String, Entry>,
}

/// What is wrong with a baseline, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    pub what: String,
}

/// What a comparison with a baseline says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many findings are known.
    pub known: u64,
    /// Entries that are found no more, sorted.
    pub fixed: Vec<Entry>,
    /// Rules that the baseline does not know.
    pub newer_rules: BTreeSet<String>,
    /// Version of authshift that wrote the baseline.
    pub version: String,
    /// Whether the fixed entries have been taken out of the file.
    pub is_pruned: bool,
}

impl Entry {
    fn of(finding: &Finding) -> Entry {
        Entry {
            path: finding.identity.path.clone(),
            rule: finding.rule.clone(),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}

impl Baseline {
    pub fn of<'f>(
        findings: impl IntoIterator<Item = &'f Finding>,
        rules: impl IntoIterator<Item = String>,
        version: &str,
    ) -> Baseline {
        Baseline {
            version: version.to_owned(),
            rules: rules.into_iter().collect(),
            entries: findings
                .into_iter()
                .map(|finding| (finding.fingerprint.clone(), Entry::of(finding)))
                .collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes entries out.
    pub fn remove(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.entries.remove(&entry.fingerprint);
        }
    }

    /// Takes over from an older baseline what lies in paths that were not looked at.
    pub fn keep(&mut self, older: &Baseline, was_seen: impl Fn(&str) -> bool) {
        for (fingerprint, entry) in &older.entries {
            if !was_seen(&entry.path) {
                self.entries.insert(fingerprint.clone(), entry.clone());
            }
        }
    }

    pub fn render(&self) -> String {
        let mut text = format!("{HEAD}{FORM}\nversion {}\n", self.version);
        for rule in &self.rules {
            let _ = writeln!(text, "rule {rule}");
        }
        let mut drawers: Vec<BTreeSet<&Entry>> = vec![BTreeSet::new(); DRAWERS];
        for entry in self.entries.values() {
            if let Some(drawer) = drawers.get_mut(drawer(&entry.path)) {
                drawer.insert(entry);
            }
        }
        for (number, entries) in drawers.into_iter().enumerate() {
            let _ = writeln!(text, "# {number:02}");
            for entry in entries {
                let path = written(&entry.path);
                let _ = writeln!(text, "{} {} {path}", entry.fingerprint, entry.rule);
            }
        }
        text
    }

    pub fn parse(text: &str) -> Result<Baseline, Mistake> {
        let mut baseline = Baseline::default();
        let mut has_form = false;
        for (index, line) in text.lines().enumerate() {
            let mistake = |what: &str| Mistake {
                line: index + 1,
                what: what.to_owned(),
            };
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
                .iter()
                .any(|mark| line.starts_with(mark))
            {
                return Err(mistake("a merge was left unfinished here"));
            }
            if line == FORM {
                has_form = true;
            } else if let Some(version) = line.strip_prefix("version ") {
                baseline.version = version.to_owned();
            } else if let Some(rule) = line.strip_prefix("rule ") {
                baseline.rules.insert(rule.to_owned());
            } else {
                let entry = entry(line).ok_or_else(|| {
                    mistake("expected a fingerprint, a rule and a path with blanks between")
                })?;
                baseline.entries.insert(entry.fingerprint.clone(), entry);
            }
        }
        if !has_form {
            return Err(Mistake {
                line: 1,
                what: format!("this is no baseline of this version: the line `{FORM}` is missing"),
            });
        }
        Ok(baseline)
    }

    /// Takes out of `findings` what is known. An entry counts as fixed only if its path was looked at.
    ///
    /// Of equal findings as many are known as there are entries, the first ones in the file: which number each of them
    /// has changes when one is fixed, or silenced, before it.
    pub fn compare(
        &self,
        findings: &mut Vec<Finding>,
        was_seen: impl Fn(&str) -> bool,
        rules: impl IntoIterator<Item = String>,
    ) -> Comparison {
        let before = findings.len();
        let mut equals: BTreeMap<&str, Equals<'_>> = BTreeMap::new();
        for entry in self.entries.values() {
            let equal = equals.entry(without_number(&entry.fingerprint));
            equal.or_default().entries.push(entry);
        }
        for finding in findings.iter() {
            if let Some(equal) = equals.get_mut(without_number(&finding.fingerprint)) {
                equal.findings.push((finding.range, &finding.fingerprint));
            }
        }
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut fixed: Vec<Entry> = Vec::new();
        for mut equal in equals.into_values() {
            equal.findings.sort();
            let met = equal.findings.iter().take(equal.entries.len());
            known.extend(met.map(|(_, fingerprint)| (*fingerprint).clone()));
            let gone = equal.gone().into_iter();
            fixed.extend(gone.filter(|entry| was_seen(&entry.path)).cloned());
        }
        findings.retain(|finding| !known.contains(&finding.fingerprint));
        fixed.sort();
        Comparison {
            known: (before - findings.len()) as u64,
            fixed,
            newer_rules: rules
                .into_iter()
                .filter(|rule| !self.rules.contains(rule))
                .collect(),
            version: self.version.clone(),
            is_pruned: false,
        }
    }
}

/// What is equal but for its number: entries, and findings with where they stand.
#[derive(Default)]
struct Equals<'e> {
    entries: Vec<&'e Entry>,
    findings: Vec<(Range, &'e String)>,
}

impl<'e> Equals<'e> {
    /// As many entries as there are findings less; those of the numbers that are left stay.
    fn gone(&self) -> Vec<&'e Entry> {
        let is_found = |entry: &Entry| {
            (self.findings.iter()).any(|(_, fingerprint)| **fingerprint == entry.fingerprint)
        };
        let mut entries = self.entries.clone();
        entries.sort_by_cached_key(|entry| !is_found(entry));
        entries.split_off(self.findings.len().min(entries.len()))
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.splitn(3, ' ');
    let (fingerprint, rule, path) = (parts.next()?, parts.next()?, parts.next()?);
    if !fingerprint.starts_with("v1:") || rule.is_empty() || path.is_empty() {
        return None;
    }
    let path = if path.starts_with('"') {
        serde_json::from_str(path).ok()?
    } else {
        path.to_owned()
    };
    Some(Entry {
        path,
        rule: rule.to_owned(),
        fingerprint: fingerprint.to_owned(),
    })
}

/// A path on one line, whatever is in it.
fn written(path: &str) -> String {
    let is_plain = !path.starts_with('"')
        && path.trim() == path
        && !path.chars().any(|character| character.is_control());
    if is_plain {
        path.to_owned()
    } else {
        serde_json::Value::from(path).to_string()
    }
}

fn drawer(path: &str) -> usize {
    let first = Sha256::digest(path.as_bytes()).first().copied();
    usize::from(first.unwrap_or_default()) % DRAWERS
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn finding(path: &str, fingerprint: &str) -> Finding {
        let mut finding = sample::finding("authtoken-header", path, 3, 1);
        finding.identity.path = path.to_owned();
        finding.fingerprint = fingerprint.to_owned();
        finding
    }

    fn rules() -> Vec<String> {
        vec!["authtoken-header".to_owned()]
    }

    #[test]
    fn what_is_written_is_read_again() {
        let findings = [
            finding("src/a b.js", "v1:aaaa"),
            finding("src/a b.js", "v1:aaaa:2"),
            finding("odd\n\"name", "v1:bbbb"),
            finding(" blank", "v1:cccc"),
        ];
        let baseline = Baseline::of(&findings, rules(), "1.2.3");
        let text = baseline.render();
        assert_eq!(Baseline::parse(&text), Ok(baseline.clone()));
        assert_eq!(Baseline::parse(&text.replace('\n', "\r\n")), Ok(baseline));
        assert!(
            text.lines()
                .any(|line| line == "v1:aaaa:2 authtoken-header src/a b.js")
        );
    }

    #[test]
    fn the_order_of_the_findings_changes_nothing() {
        let mut findings = vec![
            finding("b.js", "v1:1"),
            finding("a.js", "v1:2"),
            finding("a.js", "v1:3"),
        ];
        let forward = Baseline::of(&findings, rules(), "1").render();
        findings.reverse();
        assert_eq!(Baseline::of(&findings, rules(), "1").render(), forward);
    }

    #[test]
    fn known_ones_go_new_ones_stay_and_fixed_ones_are_named() {
        let baseline = Baseline::of(
            &[
                finding("a.js", "v1:1"),
                finding("b.js", "v1:2"),
                finding("c/d.js", "v1:3"),
            ],
            rules(),
            "1",
        );
        let mut findings = vec![finding("a.js", "v1:1"), finding("a.js", "v1:1:2")];
        let more = ["authtoken-header", "authtoken-new"].map(str::to_owned);
        let comparison = baseline.compare(&mut findings, |path| !path.starts_with("c/"), more);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].fingerprint, "v1:1:2");
        assert_eq!(comparison.known, 1);
        let fixed: Vec<_> = comparison
            .fixed
            .iter()
            .map(|entry| entry.path.as_str())
            .collect();
        assert_eq!(fixed, ["b.js"]);
        assert!(comparison.newer_rules.contains("authtoken-new"));
        let mut pruned = baseline.clone();
        pruned.remove(&comparison.fixed);
        assert_eq!(pruned.len(), 2);
    }

    #[test]
    fn equal_findings_are_compared_by_number() {
        let known = [finding("a.js", "v1:1"), finding("a.js", "v1:1:3")];
        let baseline = Baseline::of(&known, rules(), "1");
        // The first one is fixed, and the one that was silenced has its number now.
        let mut findings = vec![finding("a.js", "v1:1:2")];
        let comparison = baseline.compare(&mut findings, |_| true, rules());
        assert_eq!((findings.len(), comparison.known), (0, 1));
        assert_eq!(comparison.fixed.len(), 1);
        let mut pruned = baseline.clone();
        pruned.remove(&comparison.fixed);
        let mut findings = vec![finding("a.js", "v1:1:2")];
        let comparison = pruned.compare(&mut findings, |_| true, rules());
        assert_eq!((findings.len(), comparison.fixed.len()), (0, 0));
        // One more than are known is new: the last one.
        let mut findings: Vec<Finding> = [(9, "v1:1:3"), (2, "v1:1"), (5, "v1:1:2")]
            .map(|(line, fingerprint)| {
                let mut one = finding("a.js", fingerprint);
                one.range.start.line = line;
                one
            })
            .into();
        let comparison = baseline.compare(&mut findings, |_| true, rules());
        assert_eq!((comparison.known, comparison.fixed.len()), (2, 0));
        assert_eq!(findings[0].range.start.line, 9);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let text = Baseline::of(&[], rules(), "1").render();
        for (extra, what) in [
            ("<<<<<<< HEAD\n", "a merge was left unfinished"),
            ("v1:12\n", "expected a fingerprint"),
            ("v2:12 authtoken-header a.js\n", "expected a fingerprint"),
        ] {
            let mistake = Baseline::parse(&format!("{text}{extra}")).unwrap_err();
            assert!(mistake.what.contains(what), "{mistake:?}");
            assert_eq!(mistake.line, text.lines().count() + 1);
        }
        assert!(Baseline::parse("[]").is_err());
        assert!(Baseline::parse("").is_err());
    }
}
