//! A line of an environment, properties or YAML file, and the lines that take its place.
//!
//! Owns how such lines are written. It must not know who reads them.

use crate::syntax::tree::Span;

/// A line that gives one setting its value.
pub(super) struct Line<'t> {
    /// Without its end.
    pub whole: Span,
    /// Indentation, `export`, the dash of a list, an opening quote.
    before: &'t str,
    pub key: &'t str,
    /// From behind the key to the end of the line.
    behind: &'t str,
    end: &'static str,
}

impl<'t> Line<'t> {
    pub fn around(text: &'t str, key: Span) -> Option<Line<'t>> {
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

    /// The lines around it that belong to the same list or mapping of YAML: those that are not less indented.
    pub fn block(&self, text: &str) -> Span {
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let own = indentation(self.before);
        let is_in = |line: &str| line.trim().is_empty() || indentation(line) >= own;
        let (mut start, mut end) = (self.whole.start as usize, self.whole.end as usize);
        for line in text
            .get(..start)
            .unwrap_or_default()
            .split_inclusive('\n')
            .rev()
        {
            if !is_in(line) {
                break;
            }
            start -= line.len();
        }
        let behind = text.get(end..).unwrap_or_default().split_inclusive('\n');
        for (number, line) in behind.enumerate() {
            if number > 0 && !is_in(line) {
                break;
            }
            end += line.len();
        }
        Span::new(start, end)
    }

    /// Whether the line holds this setting and nothing else, and the whole of it: of a text that goes on in the next
    /// line, or of an entry among others, the rest would be left behind.
    pub fn is_all_of_it(&self) -> bool {
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
    pub fn replaced(&self, settings: Option<&[&str]>) -> String {
        let indentation: String = self
            .before
            .chars()
            .take_while(|character| character.is_whitespace())
            .collect();
        // No word of this is one that a later check would take for advice to use the old token.
        let mut lines = Vec::new();
        if let Some(settings) = settings {
            lines.push(format!(
                "{indentation}# Zoho takes OAuth only: these three replace the old token, which is to be revoked."
            ));
            lines.extend(settings.iter().map(|setting| self.like(setting)));
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
            &line.replaced(Some(&[
                "ZOHO_CLIENT_ID",
                "ZOHO_CLIENT_SECRET",
                "ZOHO_REFRESH_TOKEN",
            ])),
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
            (
                "a=1\nZOHO_AUTHTOKEN = made-up\n",
                format!(
                    "a=1\n{GONE}\nZOHO_CLIENT_ID =\nZOHO_CLIENT_SECRET =\nZOHO_REFRESH_TOKEN =\n"
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
}
