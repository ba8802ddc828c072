//! The order in which findings are shown everywhere: what is most overdue first.
//!
//! A renderer that shows only the first few must show the most urgent ones, and the same input must give the
//! same bytes whatever the number of threads.

use super::{Finding, PathClass, Range};
use crate::rules::model::Level;
use std::cmp::{Ordering, Reverse};

/// Sorts by deadline (unknown ones last), level, kind of path (production first), path and position.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(compare);
}

/// Which of two comes first.
pub fn compare(left: &Finding, right: &Finding) -> Ordering {
    key(left).cmp(&key(right))
}

type Key<'a> = (
    (bool, &'a str),
    Reverse<Level>,
    PathClass,
    &'a str,
    Range,
    &'a str,
    &'a str,
);

fn key(finding: &Finding) -> Key<'_> {
    let date = finding
        .deadline
        .as_ref()
        .map_or("", |deadline| deadline.date.as_str());
    (
        (date.is_empty(), date),
        Reverse(finding.level),
        finding.path_class,
        &finding.path,
        finding.range,
        &finding.rule,
        &finding.message,
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn with(path: &str, line: u32, level: Level, date: Option<&str>) -> Finding {
        let mut finding = sample::finding("authtoken-header", path, line, 1);
        finding.level = level;
        finding.deadline = date.map(|date| sample::deadline(date, 10));
        finding
    }

    #[test]
    fn deadline_then_level_then_path_then_position() {
        let mut test = with("a_test.js", 1, Level::Error, Some("2020-11-30"));
        test.path_class = PathClass::Test;
        let expected = vec![
            with("z.js", 9, Level::Note, Some("2019-12-31")),
            with("b.js", 2, Level::Error, Some("2020-11-30")),
            with("b.js", 10, Level::Error, Some("2020-11-30")),
            with("c.js", 1, Level::Error, Some("2020-11-30")),
            test,
            with("a.js", 1, Level::Warning, Some("2020-11-30")),
            with("a.js", 1, Level::Error, None),
        ];
        let mut sorted = expected.clone();
        sorted.reverse();
        sort(&mut sorted);
        assert_eq!(sorted, expected);
    }
}
