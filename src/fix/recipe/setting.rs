//! Settings that held the token: an environment file, a compose file, the environment of a CI job.
//!
//! Owns the three settings that stand in its place, in the style of the line that named it. They are what the
//! helpers read from the environment; a setting that the program reads in another way is shown. It must not know
//! how code is changed.

use super::super::edits::TextEdit;
use super::super::{Plan, Planner};
use crate::finding::Safety;
use crate::flow::value::Place;
use crate::rules::helpers::Keys;
use crate::rules::matching::Candidate;
use crate::rules::model::Matcher;
use crate::syntax::tree::{Language, Span};

/// `process.env.NAME` and the like (bytes).
const LONGEST_QUESTION: usize = 200;
const TITLE: &str = "Put client id, client secret and refresh token in the place of the authtoken";

/// What the helpers read from the environment and cannot do without.
fn settings() -> [String; 3] {
    let keys = Keys::default();
    [keys.client_id, keys.client_secret, keys.refresh_token]
}

/// Plans settings once it is known what becomes of the code that reads them.
pub(in crate::fix) fn plan(
    planner: &Planner<'_, '_>,
    candidates: &[Candidate<'_>],
    plans: &mut [Option<Plan>],
) {
    let mut given: Vec<String> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let is_setting = candidate
            .rule
            .matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::Setting { .. }));
        if !is_setting || plans.get(index).is_some_and(Option::is_some) {
            continue;
        }
        let plan = replacement(planner, candidate, candidates, plans, &mut given);
        if let Some(slot) = plans.get_mut(index) {
            *slot = plan;
        }
    }
}

fn replacement(
    planner: &Planner<'_, '_>,
    candidate: &Candidate<'_>,
    candidates: &[Candidate<'_>],
    plans: &[Option<Plan>],
    given: &mut Vec<String>,
) -> Option<Plan> {
    let unit = planner.units.get(candidate.place.file as usize)?;
    if unit.is_embedded || !matches!(unit.language(), Language::Dotenv | Language::Yaml) {
        return None;
    }
    let line = Line::around(&unit.text, candidate.place.span)?;
    if !is_environment_name(line.key) || !line.is_all_of_it() {
        return None;
    }
    // Who sends what stands here.
    let mut after = Vec::new();
    for (index, other) in candidates.iter().enumerate() {
        let carries = other.carried.iter().any(|place| {
            let is_here = place.file == candidate.place.file && line.whole.contains(place.span);
            is_here || asks_for(planner, *place, line.key)
        });
        if !carries {
            continue;
        }
        let is_made = plans
            .get(index)
            .and_then(Option::as_ref)
            .is_some_and(|plan| plan.safety != Safety::Display);
        if !is_made {
            return Some(Plan::display(
                TITLE,
                "code that sends what stands here has to be changed by hand first",
            ));
        }
        after.push(index);
    }
    if after.is_empty() {
        return None;
    }
    if planner.sources.is_only_read(&unit.path) {
        return Some(Plan::display(
            TITLE,
            "git leaves this file out, so it is changed only when it is named",
        ));
    }
    let has_settings =
        given.contains(&unit.path) || settings().iter().any(|setting| unit.text.contains(setting));
    given.push(unit.path.clone());
    Some(Plan {
        title: TITLE.to_string(),
        safety: Safety::Unsafe,
        reason: Some(
            "the program needs values for them wherever it runs, and other programs may read the old one"
                .to_string(),
        ),
        edits: vec![TextEdit::replace(
            &unit.path,
            line.whole,
            line.replaced(!has_settings),
        )],
        helper: None,
        after,
    })
}

/// Whether code asks for a setting of this name at a place: one without a value gives the token no other way.
fn asks_for(planner: &Planner<'_, '_>, place: Place, key: &str) -> bool {
    let Some(unit) = planner.units.get(place.file as usize) else {
        return false;
    };
    let text = unit.slice(place.span);
    let is_name =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    !unit.language().is_config()
        && text.len() < LONGEST_QUESTION
        && text.match_indices(key).any(|(at, _)| {
            let bytes = text.as_bytes();
            !is_name(at.checked_sub(1).and_then(|before| bytes.get(before)))
                && !is_name(bytes.get(at + key.len()))
        })
}

/// Names as the environment has them; other keys are read in another way than by the environment.
fn is_environment_name(key: &str) -> bool {
    key.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && key.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// A line that gives one setting its value.
struct Line<'t> {
    /// Without its end.
    whole: Span,
    /// Indentation, `export`, the dash of a list, an opening quote.
    before: &'t str,
    key: &'t str,
    /// From behind the key to the end of the line.
    behind: &'t str,
    end: &'static str,
}

impl<'t> Line<'t> {
    fn around(text: &'t str, key: Span) -> Option<Line<'t>> {
        let (start, end) = (key.start as usize, key.end as usize);
        let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(end..)?;
        let line_end = end + rest.find('\n').unwrap_or(rest.len());
        let is_crlf = text.get(..line_end)?.ends_with('\r');
        let line_end = line_end - usize::from(is_crlf);
        // A list entry of YAML (`- KEY=value`) is one string: its key ends before the sign.
        let written = text.get(start..end)?;
        let quotes = written.len() - written.trim_start_matches(['"', '\'']).len();
        let name = written.trim_matches(['"', '\'']);
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        let name_end = start + quotes + name.len();
        Some(Line {
            whole: Span::new(line_start, line_end),
            before: text.get(line_start..start + quotes)?,
            key: text.get(start + quotes..name_end)?,
            behind: text.get(name_end..line_end)?,
            end: if is_crlf { "\r\n" } else { "\n" },
        })
    }

    /// Whether the line holds this setting and nothing else, and the whole of it: of a text that goes on in the next
    /// line, or of an entry among others, the rest would be left behind.
    fn is_all_of_it(&self) -> bool {
        let before = self.before.trim_start();
        let before = before.strip_prefix('-').unwrap_or(before).trim_start();
        let before = before.strip_prefix("export").unwrap_or(before).trim();
        let quote = before.chars().next();
        let value = self
            .behind
            .trim_start_matches(['"', '\'', ' ', '\t'])
            .trim_start_matches(['=', ':'])
            .trim();
        let opening = quote.or_else(|| {
            value
                .chars()
                .next()
                .filter(|first| matches!(first, '"' | '\''))
        });
        let closes = opening.is_none_or(|quote| {
            let inner = value.strip_prefix(quote).unwrap_or(value);
            matches!(quote, '"' | '\'') && (inner.contains(quote) || self.behind.starts_with(quote))
        });
        before.len() <= 1
            && closes
            && !value.ends_with('\\')
            && !value.starts_with(['>', '|', '[', '{', '&', '*', '!'])
    }

    /// The lines that stand in its place. The token itself is not kept, not even in a comment.
    fn replaced(&self, with_settings: bool) -> String {
        let indentation: String = self
            .before
            .chars()
            .take_while(|character| character.is_whitespace())
            .collect();
        // No word of this is one that a later check would take for advice to use the old token.
        let mut lines = Vec::new();
        if with_settings {
            lines.push(format!(
                "{indentation}# Zoho takes OAuth only: these three replace the old token, which is to be revoked."
            ));
            lines.extend(settings().iter().map(|setting| self.like(setting)));
        } else {
            lines.push(format!(
                "{indentation}# An old token of Zoho stood here, which is to be revoked."
            ));
        }
        lines.join(self.end)
    }

    /// Another setting, written as this one is.
    fn like(&self, setting: &str) -> String {
        let sign_end = self
            .behind
            .find(['=', ':'])
            .map_or(0, |at| at + self.behind[at..].len().min(1));
        let (sign, value) = self.behind.split_at(sign_end);
        let space: String = value
            .chars()
            .take_while(|character| *character == ' ')
            .collect();
        // `${KEY}` and `${{ secrets.KEY }}` are handed on from elsewhere.
        let value = if value.contains('$') && value.contains(self.key) {
            value.replace(self.key, setting)
        } else if self.before.ends_with(['"', '\'']) && sign == "=" {
            // The quote around a whole entry.
            self.before
                .chars()
                .last()
                .map(String::from)
                .unwrap_or_default()
        } else if value.trim_start().starts_with('"') {
            format!("{space}\"\"")
        } else if value.trim_start().starts_with('\'') {
            format!("{space}''")
        } else {
            space.trim_end().to_string()
        };
        format!("{}{setting}{sign}{value}", self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, key: &str) -> String {
        let start = text.find(key).unwrap();
        let line = Line::around(text, Span::new(start, start + key.len())).unwrap();
        let mut text = text.to_string();
        text.replace_range(
            line.whole.start as usize..line.whole.end as usize,
            &line.replaced(true),
        );
        text
    }

    const GONE: &str =
        "# Zoho takes OAuth only: these three replace the old token, which is to be revoked.";

    #[test]
    fn settings_are_written_as_the_old_one_was() {
        for (before, after) in [
            (
                "A=1\nZOHO_AUTHTOKEN=made-up\nB=2\n",
                format!(
                    "A=1\n{GONE}\nZOHO_CLIENT_ID=\nZOHO_CLIENT_SECRET=\nZOHO_REFRESH_TOKEN=\nB=2\n"
                ),
            ),
            (
                "export ZOHO_AUTHTOKEN=\"made-up\"",
                format!(
                    "{GONE}\nexport ZOHO_CLIENT_ID=\"\"\nexport ZOHO_CLIENT_SECRET=\"\"\nexport ZOHO_REFRESH_TOKEN=\"\""
                ),
            ),
            (
                "env:\r\n  ZOHO_AUTHTOKEN: ${{ secrets.ZOHO_AUTHTOKEN }}\r\n",
                format!(
                    "env:\r\n  {GONE}\r\n  ZOHO_CLIENT_ID: ${{{{ secrets.ZOHO_CLIENT_ID }}}}\r\n  ZOHO_CLIENT_SECRET: ${{{{ secrets.ZOHO_CLIENT_SECRET }}}}\r\n  ZOHO_REFRESH_TOKEN: ${{{{ secrets.ZOHO_REFRESH_TOKEN }}}}\r\n"
                ),
            ),
            (
                "      - ZOHO_AUTHTOKEN=${ZOHO_AUTHTOKEN}\n",
                format!(
                    "      {GONE}\n      - ZOHO_CLIENT_ID=${{ZOHO_CLIENT_ID}}\n      - ZOHO_CLIENT_SECRET=${{ZOHO_CLIENT_SECRET}}\n      - ZOHO_REFRESH_TOKEN=${{ZOHO_REFRESH_TOKEN}}\n"
                ),
            ),
            (
                "  - \"ZOHO_AUTHTOKEN=made-up\"\n",
                format!(
                    "  {GONE}\n  - \"ZOHO_CLIENT_ID=\"\n  - \"ZOHO_CLIENT_SECRET=\"\n  - \"ZOHO_REFRESH_TOKEN=\"\n"
                ),
            ),
        ] {
            assert_eq!(replaced(before, "ZOHO_AUTHTOKEN"), after);
        }
    }

    #[test]
    fn a_line_is_replaced_only_if_it_holds_one_setting_and_all_of_it() {
        let is_all = |text: &str| {
            let start = text.find("KEY").unwrap();
            let line = Line::around(text, Span::new(start, start + 3)).unwrap();
            line.is_all_of_it()
        };
        for text in [
            "KEY=",
            "KEY=a # b",
            "export KEY='a'",
            "  KEY: \"a\"",
            "\"KEY\": a",
            "- KEY=a",
            "  - \"KEY=a\"",
        ] {
            assert!(is_all(text), "{text}");
        }
        for text in [
            "KEY: >-\n  a",
            "KEY: |\n  a",
            "KEY=\"a\nb\"",
            "env: { A: 1, KEY: b }",
            "- \"KEY=a\n  b\"",
            "KEY: &anchor a",
            "KEY=a\\\nb",
            "A=1 KEY=b",
        ] {
            assert!(!is_all(text), "{text}");
        }
    }

    #[test]
    fn only_names_as_the_environment_has_them_are_settings_of_the_environment() {
        assert!(is_environment_name("ZOHO_AUTHTOKEN"));
        assert!(!is_environment_name("zoho.authtoken"));
        assert!(!is_environment_name("authToken"));
        assert!(!is_environment_name("123"));
    }
}
