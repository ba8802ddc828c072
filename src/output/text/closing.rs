//! The end of the report for people: counts, what was read and what was not, and what to do next.

use super::super::Context;
use super::super::summary::{self, Summary};
use super::paint::{Paint, level_name, wrap};
use super::{deadline, gate};
use crate::finding::excerpt::one_line;
use crate::finding::{Coverage, Report, Unread};
use crate::rules::model::Level;

/// So many names of files are given before `and 3 more`.
const MOST_NAMES: usize = 5;

pub(super) fn write(text: &mut String, report: &Report, context: &Context, paint: Paint) {
    let diagnostics: Vec<_> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level > Level::Note || context.verbose)
        .collect();
    for diagnostic in &diagnostics {
        text.push_str(&paint.level(diagnostic.level, level_name(diagnostic.level)));
        text.push_str(": ");
        if let Some(path) = &diagnostic.path {
            let line = diagnostic
                .line
                .map_or(String::new(), |line| format!(":{line}"));
            text.push_str(&format!("{}{line}: ", one_line(path)));
        }
        text.push_str(&format!("{}\n", one_line(&diagnostic.message)));
    }
    if context.quiet {
        return;
    }
    if !diagnostics.is_empty() {
        text.push('\n');
    }
    let summary = summary::summarize(report);
    counts(text, &summary, report, context, paint);
    products(text, &summary, context);
    coverage(text, &report.coverage, context);
    gate::write(text, report, context);
    next(text, report, paint);
}

fn counts(text: &mut String, summary: &Summary, report: &Report, context: &Context, paint: Paint) {
    let coverage = &report.coverage;
    if summary.errors + summary.warnings + summary.notes == 0 {
        let line = if coverage.files_read > 0 {
            paint.good(if report.gate.baseline.is_some() {
                "No new authtokens found."
            } else {
                "No authtokens found."
            })
        } else if coverage.files_seen > 0 {
            paint.level(Level::Warning, "Nothing was read: every file was skipped.")
        } else {
            let roots: Vec<String> = context.roots.iter().map(|root| one_line(root)).collect();
            let place = match roots.as_slice() {
                [] => String::new(),
                roots => format!(" under {}", list(roots, roots.len())),
            };
            paint.level(
                Level::Warning,
                &format!("Nothing was scanned: there is no file{place} that is not ignored."),
            ) + "\nFiles that .gitignore or .ignore leave out are read when they are named."
        };
        text.push_str(&line);
        text.push('\n');
        return;
    }
    let mut counts = Vec::new();
    for (level, count) in [
        (Level::Error, summary.errors),
        (Level::Warning, summary.warnings),
        (Level::Note, summary.notes),
    ] {
        if count > 0 {
            counts.push(paint.level(level, &plural(count, level_name(level))));
        }
    }
    let last = counts.len();
    text.push_str(&list(&counts, last));
    text.push_str(&format!(" in {}", plural(summary.files, "file")));
    if summary.credentials > 0 {
        let credentials = plural(summary.credentials, "credential");
        text.push_str(&format!(" · {credentials} to revoke"));
    }
    if summary.notes > 0 && !context.show_notes {
        text.push_str(" · notes: --show-notes");
    }
    text.push('\n');
}

/// A table of the products, where there is more than one.
fn products(text: &mut String, summary: &Summary, context: &Context) {
    let products: Vec<_> = summary
        .products
        .iter()
        .filter(|product| product.problems() > 0 || context.show_notes)
        .collect();
    if products.len() < 2 {
        return;
    }
    let name = |product: &Option<String>| context.product_name(product.as_deref()).to_owned();
    let widest = products
        .iter()
        .map(|product| name(&product.product).chars().count())
        .max()
        .unwrap_or_default();
    for product in products {
        let when = match product.days_overdue {
            Some(days) => deadline::overdue(days),
            None => "no announced date".to_owned(),
        };
        let count = if context.show_notes {
            product.problems() + product.notes
        } else {
            product.problems()
        };
        text.push_str(&format!(
            "  {:widest$}  {:>5}  {when}\n",
            name(&product.product),
            thousands(count)
        ));
    }
}

fn coverage(text: &mut String, coverage: &Coverage, context: &Context) {
    if coverage.files_read > 0 {
        text.push_str(&format!(
            "Read {} ({}), {} of them in full syntax.\n",
            plural(coverage.files_read, "file"),
            size(coverage.bytes_read),
            thousands(coverage.files_parsed)
        ));
    }
    let most = if context.verbose {
        usize::MAX
    } else {
        MOST_NAMES
    };
    let mut skipped = Vec::new();
    if !coverage.too_large.is_empty() {
        let names: Vec<String> = coverage
            .too_large
            .iter()
            .map(|path| one_line(path))
            .collect();
        skipped.push(format!(
            "{} too large ({})",
            names.len(),
            list(&names, most)
        ));
    }
    if !coverage.unreadable.is_empty() {
        let count = coverage.unreadable.len();
        skipped.push(format!(
            "{count} not readable ({})",
            reasons(&coverage.unreadable, most)
        ));
    }
    if coverage.binary > 0 {
        skipped.push(format!("{} binary", thousands(coverage.binary)));
    }
    if !skipped.is_empty() {
        line(text, &format!("Skipped: {}.", skipped.join(", ")), context);
    }
    if !coverage.partly_read.is_empty() {
        let count = coverage.partly_read.len();
        let reasons = reasons(&coverage.partly_read, most);
        line(text, &format!("Partly read: {count} ({reasons})."), context);
    }
    if !coverage.other_languages.is_empty() {
        let kinds: Vec<String> = coverage
            .other_languages
            .iter()
            .map(|(extension, count)| format!("{} .{}", thousands(*count), one_line(extension)))
            .collect();
        let kinds = list(&kinds, most);
        let sentence = format!("Searched as plain text only, with signs of Zoho: {kinds}.");
        line(text, &sentence, context);
    }
}

pub(super) fn line(text: &mut String, sentence: &str, context: &Context) {
    text.push_str(&wrap(sentence, context.width, 0, 2));
    text.push('\n');
}

/// The command that helps with the first, most urgent finding.
fn next(text: &mut String, report: &Report, paint: Paint) {
    let first = report
        .findings
        .iter()
        .find(|finding| finding.level > Level::Note)
        .or(report.findings.first());
    if let Some(finding) = first {
        let command = format!("authshift explain {}", finding.rule);
        text.push_str(&format!("Next: {}\n", paint.bold(&command)));
    }
}

fn reasons(unread: &[Unread], most: usize) -> String {
    let names: Vec<String> = unread
        .iter()
        .map(|file| format!("{}: {}", one_line(&file.path), one_line(&file.reason)))
        .collect();
    list(&names, most)
}

/// `a, b and c`, or `a, b and 7 more`.
pub(super) fn list(names: &[String], most: usize) -> String {
    let (shown, hidden) = names.split_at(names.len().min(most));
    match (shown, hidden.len()) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (shown, more) => format!("{} and {} more", shown.join(", "), thousands(more as u64)),
    }
}

pub(super) fn plural(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", thousands(count))
}

/// `1,204`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `8.2 MB`.
fn size(bytes: u64) -> String {
    let mut size = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if size < 1000.0 || unit == "GB" {
            return match unit {
                "bytes" => plural(bytes, "byte"),
                _ => format!("{size:.1} {unit}"),
            };
        }
        size /= 1000.0;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_well() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(1_204_000), "1,204,000");
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(8_200_000), "8.2 MB");
        assert_eq!(size(u64::MAX), "18446744073.7 GB");
        assert_eq!(plural(1, "file"), "1 file");
        let names: Vec<String> = "abcdefg".chars().map(String::from).collect();
        assert_eq!(list(&names[..1], 5), "a");
        assert_eq!(list(&names[..3], 5), "a, b and c");
        assert_eq!(list(&names, 5), "a, b, c, d, e and 2 more");
        assert_eq!(list(&[], 5), "");
    }
}
