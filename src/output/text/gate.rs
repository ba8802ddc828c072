//! What the report for people says about findings that do not count: silenced ones, and those of the baseline.

use super::super::Context;
use super::closing::{line, list, plural};
use crate::finding::Report;
use crate::finding::excerpt::one_line;
use crate::finding::suppression::Silencer;

/// So many are named before `and 3 more`.
const MOST: usize = 5;

pub(super) fn write(text: &mut String, report: &Report, context: &Context) {
    let most = if context.verbose { usize::MAX } else { MOST };
    let suppressed = &report.gate.suppressed;
    if !suppressed.is_empty() {
        let count = plural(suppressed.len() as u64, "finding");
        if context.verbose {
            line(text, &format!("Silenced: {count}."), context);
            for one in suppressed {
                let path = one_line(&one.finding.path);
                let start = one.finding.range.start.line;
                let by = match one.by {
                    Silencer::Comment { line } => format!("line {line}"),
                    Silencer::Configuration { line } => format!("configuration, line {line}"),
                };
                let until = one
                    .until
                    .map_or(String::new(), |until| format!(" until {until}"));
                let sentence = format!(
                    "  {path}:{start} {} ({by}{until}): {}\n",
                    one.finding.rule,
                    one_line(&one.reason)
                );
                text.push_str(&sentence);
            }
        } else {
            line(
                text,
                &format!("Silenced: {count} (--verbose lists them)."),
                context,
            );
        }
    }
    let Some(known) = &report.gate.baseline else {
        return;
    };
    let count = plural(known.known, "finding");
    line(text, &format!("Known to the baseline: {count}."), context);
    if !known.fixed.is_empty() {
        let names: Vec<String> = known
            .fixed
            .iter()
            .map(|entry| format!("{} in {}", entry.rule, one_line(&entry.path)))
            .collect();
        let count = names.len();
        let names = list(&names, most);
        let sentence = if known.is_pruned {
            format!("Taken out of the baseline, as fixed: {count} ({names}).")
        } else {
            format!("Fixed since the baseline: {count} ({names}); --prune takes them out.")
        };
        line(text, &sentence, context);
    }
    let of_newer = report
        .findings
        .iter()
        .filter(|finding| report.gate.is_of_newer_rule(finding))
        .count();
    if of_newer > 0 {
        let rules: Vec<String> = known.newer_rules.iter().cloned().collect();
        let sentence = format!(
            "Of rules that are newer than the baseline ({}): {}. The code may be old; `authshift baseline` takes them in.",
            list(&rules, most),
            plural(of_newer as u64, "finding")
        );
        line(text, &sentence, context);
    }
}
