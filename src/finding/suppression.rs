//! What silences a finding: comments beside it and entries of the configuration.
//!
//! Owns the form of such comments, which lines they cover, and which of them were of no use. It must not know trees
//! or files: comments come in as texts with their lines.
//!
//! A comment covers the line that it stands on; alone on its lines it covers the next line that is none. It has to
//! name its rules and a reason, so that somebody can decide later whether it still holds.

use super::{Finding, Range};
use jiff::civil::Date;

/// How a comment begins that silences the finding beside it.
pub const MARK: &str = "authshift:ignore";

/// A comment of the code that may silence something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// As in [`Finding::path`].
    pub path: String,
    /// The line with the mark.
    pub line: u32,
    /// The lines that it covers: its own, or the next line of code.
    pub covers: u32,
    /// From the mark on.
    pub text: String,
    /// Where the comment lies, if it says nothing else: what is found in it is no finding.
    pub bytes: Option<(u64, u64)>,
}

/// An entry of the configuration: rules that are silent in some paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathIgnore {
    /// Patterns as in a `.gitignore`.
    pub paths: Vec<String>,
    pub rules: Vec<String>,
    pub reason: String,
    pub until: Option<Date>,
    /// Where it stands in the configuration.
    pub line: usize,
}

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    pub rules: Vec<String>,
    pub whole_file: bool,
    pub until: Option<Date>,
    pub reason: String,
}

/// Reads `authshift:ignore[rule-id] until=2027-03-01 -- reason`. `Err` says what is wrong with it. `text` begins with
/// the mark.
pub fn parse(text: &str) -> Result<Directive, String> {
    let rest = text.strip_prefix(MARK).unwrap_or(text);
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (rules, rest) = rest
        .trim_start()
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .ok_or("it names no rule: write [rule-id] behind it")?;
    let rules: Vec<String> = rules
        .split(',')
        .map(|rule| rule.trim().to_owned())
        .filter(|rule| !rule.is_empty())
        .collect();
    if rules.is_empty() {
        return Err("it names no rule: write [rule-id] behind it".to_owned());
    }
    let mut rest = rest.trim_start();
    let mut until = None;
    if let Some(after) = rest.strip_prefix("until") {
        let after = after.trim_start().strip_prefix('=').unwrap_or(after);
        let after = after.trim_start();
        let end = after
            .find(|character: char| character.is_whitespace() || character == ':')
            .unwrap_or(after.len());
        let (date, behind) = after.split_at(end);
        let parsed = date
            .parse()
            .map_err(|_| "its date is none: write until=2027-03-01".to_owned())?;
        until = Some(parsed);
        rest = behind.trim_start();
    }
    // Two dashes may not stand in a comment of XML.
    let reason = ["--", "—", "–", ":"]
        .into_iter()
        .find_map(|separator| rest.strip_prefix(separator))
        .map(str::trim)
        .filter(|reason| !reason.is_empty())
        .ok_or("it gives no reason: write -- and the reason behind it")?;
    Ok(Directive {
        rules,
        whole_file,
        until,
        reason: reason.to_owned(),
    })
}

/// Whether a directive on a line covers a finding there: where it begins or ends.
pub fn covers(line: u32, range: Range) -> bool {
    line == range.start.line || line == range.end.line
}

/// Why a finding is not among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    pub finding: Finding,
    pub by: Silencer,
    pub reason: String,
    pub until: Option<Date>,
}

/// What silences a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silencer {
    /// A comment in the file of the finding, on this line.
    Comment { line: u32 },
    /// An entry of the configuration.
    Configuration { line: usize },
}

#[cfg(test)]
mod tests {
    use super::super::sample::position;
    use super::*;

    fn read(text: &str) -> Directive {
        parse(text).unwrap()
    }

    #[test]
    fn rules_date_and_reason_are_read() {
        let all = read(
            "authshift:ignore[authtoken-header, authtoken-literal] until=2027-03-01 -- off in March",
        );
        assert_eq!(all.rules, ["authtoken-header", "authtoken-literal"]);
        assert_eq!(all.until, Some(jiff::civil::date(2027, 3, 1)));
        assert_eq!(
            (all.reason.as_str(), all.whole_file),
            ("off in March", false)
        );
        let file = read("authshift:ignore-file[authtoken-docs] -- history");
        assert!(file.whole_file && file.until.is_none());
    }

    #[test]
    fn comments_of_xml_have_a_colon_before_the_reason() {
        let colon = read("authshift:ignore[authtoken-setting] until=2027-03-01: off in March");
        assert_eq!(colon.reason, "off in March");
        assert!(colon.until.is_some());
        assert_eq!(read("authshift:ignore[a]: b").reason, "b");
    }

    #[test]
    fn without_rule_reason_or_real_date_it_says_what_is_missing() {
        for (text, part) in [
            ("authshift:ignore", "names no rule"),
            ("authshift:ignore[] -- x", "names no rule"),
            ("authshift:ignore -- x", "names no rule"),
            ("authshift:ignore[authtoken-header]", "no reason"),
            ("authshift:ignore[authtoken-header] --  ", "no reason"),
            ("authshift:ignore[authtoken-header] for now", "no reason"),
            ("authshift:ignore[authtoken-header] until=soon -- x", "date"),
            (
                "authshift:ignore[authtoken-header] until=2027-02-30 -- x",
                "date",
            ),
        ] {
            assert!(parse(text).unwrap_err().contains(part), "{text}");
        }
    }

    #[test]
    fn the_first_and_the_last_line_of_a_finding_count() {
        let range = Range {
            start: position(4, 1, 0),
            end: position(9, 1, 0),
        };
        assert!(covers(4, range) && covers(9, range));
        assert!(!covers(3, range) && !covers(6, range));
    }
}
