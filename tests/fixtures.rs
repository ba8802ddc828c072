//! Every case of `fixtures/` gives the findings that its `expected.txt` lists, and no others.
//!
//! `AUTHSHIFT_FIXTURES=java/apache cargo test --test fixtures` runs only the cases that begin so.

#![allow(clippy::unwrap_used)]

mod support;

use authshift::pipeline::{Engine, Library};
use std::collections::BTreeMap;
use std::fmt::Write;
use support::cases::{Case, cases};
use support::expected::{Expected, Failure, compare};
use support::report::{Range, Report, report_of};
use support::workers::on_all_processors;

/// Ids that may stand in an `expected.txt`.
struct Known {
    rules: Vec<String>,
    products: Vec<String>,
}

impl Known {
    fn new() -> Known {
        let rules = Library.rules(None).unwrap();
        Known {
            rules: rules.detections.iter().map(|one| one.id.clone()).collect(),
            products: rules.products.iter().map(|one| one.id.clone()).collect(),
        }
    }
}

fn check(case: &Case, known: &Known) -> Vec<Failure> {
    let expected = match Expected::parse(&case.expected()) {
        Ok(expected) => expected,
        Err(error) => return vec![Failure::Broken(error)],
    };
    let files: Vec<(String, u32)> = case
        .files()
        .into_iter()
        .map(|(path, bytes)| (path, lines(&bytes)))
        .collect();
    let mistakes = expected.mistakes(&files, &known.rules, &known.products);
    if !mistakes.is_empty() {
        return mistakes.into_iter().map(Failure::Broken).collect();
    }
    match report_of(case.tree().root(), &[]) {
        Ok(report) => compare(&expected, &report),
        Err(error) => vec![Failure::Broken(error)],
    }
}

/// Lines of a file, whatever they end with; generous where the encoding is not plain.
fn lines(bytes: &[u8]) -> u32 {
    let ends = bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    u32::try_from(ends + 1).unwrap()
}

#[test]
fn every_case_is_as_expected() {
    let cases = cases();
    let known = Known::new();
    let results = on_all_processors(&cases, |case| check(case, &known));

    let mut lines = BTreeMap::<&str, Vec<String>>::new();
    let mut languages = BTreeMap::<&str, (usize, usize)>::new();
    let mut right = 0;
    for (case, result) in cases.iter().zip(results) {
        let failures = result.unwrap_or_else(|panic| vec![Failure::Broken(panic)]);
        let (passed, all) = languages.entry(case.language()).or_default();
        *all += 1;
        if failures.is_empty() {
            *passed += 1;
            right += 1;
        }
        for failure in failures {
            let line = format!("{}: {}", case.name, failure.text().replace('\n', " "));
            lines.entry(failure.kind()).or_default().push(line);
        }
    }

    let mut report = String::new();
    for (kind, lines) in &lines {
        writeln!(report, "\n{kind} ({})", lines.len()).unwrap();
        for line in lines {
            writeln!(report, "  {line}").unwrap();
        }
    }
    writeln!(report).unwrap();
    for (language, (passed, all)) in &languages {
        writeln!(report, "  {language}: {passed} of {all}").unwrap();
    }
    writeln!(report, "{right} of {} cases as expected", cases.len()).unwrap();
    println!("{report}");
    assert_eq!(right, cases.len(), "see the list above");
}

/// Findings of whatever certainty, in whatever file, stand at places that exist.
#[test]
fn every_rule_runs_on_every_file() {
    let cases = cases();
    let results = on_all_processors(&cases, |case| {
        let options = ["--no-prefilter", "--confidence", "low", "--show-notes"];
        let report = report_of(case.tree().root(), &options)?;
        wrong_places(case, &report)
    });
    let failures: Vec<String> = cases
        .iter()
        .zip(results)
        .filter_map(|(case, result)| {
            let error = result.and_then(|result| result).err()?;
            Some(format!("{}: {error}", case.name))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n  {}",
        failures.len(),
        cases.len(),
        failures.join("\n  ")
    );
}

/// A reader is shown the lines of a finding; more than these are no place.
const MOST_LINES: u32 = 25;

fn wrong_places(case: &Case, report: &Report) -> Result<(), String> {
    let files: BTreeMap<String, Vec<u8>> = case.files().into_iter().collect();
    for finding in &report.findings {
        let lines = finding.range.end.line - finding.range.start.line.min(finding.range.end.line);
        if !finding.is_note() && lines >= MOST_LINES {
            return Err(format!("{finding}: covers {} lines", lines + 1));
        }
        let places = finding.flow.iter().map(|step| (&step.path, step.range));
        for (path, range) in places.chain([(&finding.path, finding.range)]) {
            let bytes = files
                .get(path)
                .ok_or_else(|| format!("{finding}: there is no file {path}"))?;
            wrong_place(bytes, range).map_err(|error| format!("{finding}: {path}: {error}"))?;
        }
    }
    Ok(())
}

fn wrong_place(bytes: &[u8], range: Range) -> Result<(), String> {
    if range.start > range.end || range.start.offset > range.end.offset {
        return Err(format!("ends before it starts: {range:?}"));
    }
    for position in [range.start, range.end] {
        if position.line == 0 || position.column == 0 {
            return Err(format!("positions count from 1: {position:?}"));
        }
        let Some(before) = bytes.get(..usize::try_from(position.offset).unwrap()) else {
            return Err(format!("{position:?} lies past {} bytes", bytes.len()));
        };
        // Where the encoding is plain, line and column can be counted a second time.
        let Ok(before) = std::str::from_utf8(before) else {
            continue;
        };
        if std::str::from_utf8(bytes).is_err() {
            continue;
        }
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let next_is_newline = bytes.get(usize::try_from(position.offset).unwrap()) == Some(&b'\n');
        let mut line = 1;
        let mut column = 1;
        let mut characters = before.chars().peekable();
        while let Some(character) = characters.next() {
            let ends = match character {
                '\n' => true,
                '\r' => match characters.peek() {
                    Some(next) => *next != '\n',
                    None => !next_is_newline,
                },
                _ => false,
            };
            (line, column) = if ends {
                (line + 1, 1)
            } else {
                (line, column + 1)
            };
        }
        if (position.line, position.column) != (line, column) {
            return Err(format!("{position:?} is line {line}, column {column}"));
        }
    }
    Ok(())
}

/// The comparison itself: it has to see what is wrong.
mod comparison {
    use super::*;
    use support::report::{Coverage, Finding, Position, Step};

    fn place(line: u32) -> Range {
        let position = |column| Position {
            line,
            column,
            offset: 0,
        };
        Range {
            start: position(1),
            end: position(9),
        }
    }

    /// `a.js:3 authtoken-header error desk high`
    fn finding(text: &str) -> Finding {
        let words: Vec<&str> = text.split(' ').collect();
        let (path, line) = words[0].split_once(':').unwrap();
        Finding {
            rule: words[1].to_owned(),
            level: words[2].to_owned(),
            product: Some(words[3].to_owned()),
            confidence: words[4].to_owned(),
            path: path.to_owned(),
            range: place(line.parse().unwrap()),
            flow: Vec::new(),
            fingerprint: String::new(),
        }
    }

    fn kinds_of(expected: &str, findings: Vec<Finding>) -> Vec<&'static str> {
        let report = Report {
            findings,
            coverage: Coverage {
                files_seen: 1,
                files_parsed: 1,
                binary: 0,
                too_large: Vec::new(),
                unreadable: Vec::new(),
                partly_read: Vec::new(),
            },
            diagnostics: Vec::new(),
        };
        compare(&Expected::parse(expected).unwrap(), &report)
            .iter()
            .map(Failure::kind)
            .collect()
    }

    fn kinds(expected: &str, findings: &[&str]) -> Vec<&'static str> {
        kinds_of(
            expected,
            findings.iter().map(|text| finding(text)).collect(),
        )
    }

    #[test]
    fn a_finding_at_the_line_or_beside_it_is_the_one_that_is_asked_for() {
        let expected = "a.js:3 authtoken-header error desk";
        for (line, failures) in [(1, 2), (2, 0), (3, 0), (4, 0), (5, 2)] {
            let found = format!("a.js:{line} authtoken-header error desk high");
            assert_eq!(kinds(expected, &[&found]).len(), failures, "{line}");
        }
        assert_eq!(kinds(expected, &[]), ["missing"]);
    }

    #[test]
    fn each_attribute_has_to_fit_where_it_is_given() {
        let expected = "a.js:3 authtoken-header error desk confidence=high";
        for (found, kind) in [
            ("a.js:3 authtoken-header warning desk high", "differs"),
            ("a.js:3 authtoken-header error crm high", "differs"),
            ("a.js:3 authtoken-header error desk medium", "differs"),
        ] {
            assert_eq!(kinds(expected, &[found]), [kind], "{found}");
        }
        let other_rule = kinds(expected, &["a.js:3 authtoken-parameter error desk high"]);
        assert_eq!(other_rule, ["missing", "unexpected"]);
        let other_file = kinds(expected, &["b.js:3 authtoken-header error desk high"]);
        assert_eq!(other_file, ["missing", "unexpected"]);
        let open = "a.js:3 authtoken-header|authtoken-setting level=any product=any";
        assert!(kinds(open, &["a.js:3 authtoken-setting note crm medium"]).is_empty());
    }

    #[test]
    fn one_finding_is_not_two() {
        let expected = "a.js:3 authtoken-header error desk\na.js:4 authtoken-header error desk";
        let one = "a.js:3 authtoken-header error desk high";
        let other = "a.js:4 authtoken-header error desk high";
        assert_eq!(kinds(expected, &[one]), ["missing"]);
        assert!(kinds(expected, &[other, one]).is_empty());
        assert_eq!(kinds(expected, &[one, one, one]), ["unexpected"]);
    }

    #[test]
    fn lines_share_findings_out_so_that_all_have_one() {
        // The first line would take the finding that alone fits the second.
        let expected =
            "a.js:3 authtoken-header error desk or=a.js:9\na.js:2 authtoken-header error desk";
        let found = [
            "a.js:3 authtoken-header error desk high",
            "a.js:9 authtoken-header error desk high",
        ];
        assert!(kinds(expected, &found).is_empty());
    }

    #[test]
    fn may_and_note_lines_allow_and_silence_does_not() {
        let found = ["a.js:3 authtoken-header error desk high"];
        assert_eq!(kinds("silent a.js", &found), ["unexpected"]);
        assert_eq!(kinds("", &found), ["unexpected"]);
        assert!(kinds("silent a.js\nmay a.js:3", &found).is_empty());
        assert!(kinds("silent a.js\nmay a.js:*", &found).is_empty());
        assert_eq!(kinds("may a.js:6", &found), ["unexpected"]);
        assert_eq!(kinds("may a.js:3 authtoken-docs", &found), ["unexpected"]);
        assert!(kinds("note a.js:3 authtoken-header", &found).is_empty());
        let note = ["a.js:3 authtoken-docs note desk high"];
        assert!(kinds("silent a.js", &note).is_empty());
        assert_eq!(kinds("note a.js:6 authtoken-docs", &note), ["missing"]);
    }

    #[test]
    fn the_flow_has_to_lead_to_the_places_listed() {
        let expected = "a.js:3 authtoken-header error desk also=.env:1";
        let mut header = finding("a.js:3 authtoken-header error desk high");
        assert_eq!(kinds_of(expected, vec![header.clone()]), ["flow"]);
        let setting = finding(".env:1 authtoken-setting note desk high");
        assert!(kinds_of(expected, vec![header.clone(), setting]).is_empty());
        header.flow.push(Step {
            path: ".env".to_owned(),
            range: place(1),
            role: "token defined here".to_owned(),
        });
        assert!(kinds_of(expected, vec![header]).is_empty());
    }

    #[test]
    fn lines_that_make_no_sense_are_refused() {
        for line in [
            "a.js authtoken-header error desk",
            "a.js:0 authtoken-header error desk",
            "a.js:3 authtoken-header fatal desk",
            "a.js:3 authtoken-header error",
            "a.js:3 authtoken-header error desk maybe",
            "a.js:3 authtoken-header error desk confidence=low",
            "silent a.js b.js",
            "note a.js:3",
            "may a.js",
        ] {
            assert!(Expected::parse(line).is_err(), "{line}");
        }
        let known = |text: &str| {
            let rules = ["authtoken-header".to_owned()];
            let products = ["desk".to_owned()];
            let files = [("a.js".to_owned(), 3)];
            let expected = Expected::parse(text).unwrap();
            expected.mistakes(&files, &rules, &products).len()
        };
        assert_eq!(known("a.js:3 authtoken-header error desk # why"), 0);
        assert_eq!(known("a.js:4 authtoken-header error desk"), 1);
        assert_eq!(known("b.js:3 authtoken-header error desk"), 1);
        assert_eq!(known("a.js:3 authtoken-headers error desk"), 1);
        assert_eq!(known("a.js:3 authtoken-header error bureau"), 1);
        assert_eq!(known("a.js:3 authtoken-header error desk\nsilent a.js"), 1);
    }
}
