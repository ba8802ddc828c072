//! Texts that become markup of their own: prose with addresses and code in it, places, excerpts and patches.
//!
//! Each writes its elements and escapes everything else, so a template prints it with `|safe`.

use super::escape::escaped;
use super::words::{self, is_link};
use crate::plan::model::Excerpt;
use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

/// A sentence of a message or an instruction: what stands between backticks is code, a web address is a link.
pub struct Prose<'t> {
    text: Cow<'t, str>,
    links: bool,
}

pub fn prose(text: &str) -> Prose<'_> {
    Prose {
        text: Cow::Borrowed(text),
        links: true,
    }
}

/// The same with a capital, where the text was made to stand within another.
pub fn sentence(text: &str) -> Prose<'_> {
    Prose {
        text: Cow::Owned(words::sentence(text)),
        links: true,
    }
}

/// The same without links, where the text is the name of a control.
pub fn phrase(text: &str) -> Prose<'_> {
    Prose {
        text: Cow::Borrowed(text),
        links: false,
    }
}

impl Display for Prose<'_> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.text.split('`').collect();
        // With an odd number of backticks the last one is a backtick.
        let paired = if parts.len() % 2 == 1 {
            parts.len()
        } else {
            parts.len() - 1
        };
        for (index, part) in parts.iter().enumerate() {
            let is_code = index % 2 == 1 && index < paired;
            if index >= paired {
                to.write_str("`")?;
            }
            if is_code {
                to.write_str("<code>")?;
                escaped(to, part)?;
                to.write_str("</code>")?;
            } else if self.links {
                linked(to, part)?;
            } else {
                escaped(to, part)?;
            }
        }
        Ok(())
    }
}

fn linked(to: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find("https://") {
        let (before, address) = rest.split_at(at);
        escaped(to, before)?;
        let end = address
            .find(|character: char| character.is_whitespace() || "<>\"'`()".contains(character))
            .unwrap_or(address.len());
        let address = address.get(..end).unwrap_or(address);
        // What ends the sentence is not part of the address.
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '…']);
        rest = rest.get(at + address.len()..).unwrap_or_default();
        // What has a hole, such as `https://accounts.zoho.<dc>/`, leads nowhere.
        let has_hole = rest.trim_start_matches('.').starts_with('<');
        if is_link(address) && !has_hole {
            link(to, address, address)?;
        } else {
            escaped(to, address)?;
        }
        if address.is_empty() {
            break;
        }
    }
    escaped(to, rest)
}

fn link(to: &mut Formatter<'_>, address: &str, text: &str) -> fmt::Result {
    to.write_str("<a href=\"")?;
    escaped(to, address)?;
    to.write_str("\" rel=\"noreferrer\">")?;
    escaped(to, text)?;
    to.write_str("</a>")
}

/// An address as a link to itself; as text if it is none.
pub struct Address<'t>(pub &'t str);

impl Display for Address<'_> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        if is_link(self.0) {
            link(to, self.0, self.0)
        } else {
            escaped(to, self.0)
        }
    }
}

/// `src/app.js:8`, with the repository before it where there are several.
pub struct Where<'t> {
    pub repository: Option<&'t str>,
    pub path: &'t str,
    pub line: Option<u32>,
}

impl Display for Where<'_> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        if let Some(repository) = self.repository {
            to.write_str("<span class=\"repo\">")?;
            escaped(to, repository)?;
            to.write_str("</span> ")?;
        }
        to.write_str("<code>")?;
        escaped(to, self.path)?;
        if let Some(line) = self.line {
            write!(to, ":{line}")?;
        }
        to.write_str("</code>")
    }
}

/// The lines of a finding with their numbers; what it is about is marked.
pub struct Code<'t>(pub &'t Excerpt);

impl Display for Code<'_> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.text.as_str();
        let text = text.strip_suffix('\n').unwrap_or(text);
        let start = boundary(text, self.0.start);
        let end = boundary(text, self.0.end).max(start);
        let last = self.0.first_line as usize + text.matches('\n').count();
        let width = last.to_string().len();
        let mut at = 0;
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                to.write_str("\n")?;
            }
            let number = self.0.first_line as usize + index;
            write!(to, "<i>{number:>width$}</i>")?;
            let from = start.saturating_sub(at).min(line.len());
            let until = end.saturating_sub(at).min(line.len());
            escaped(to, line.get(..from).unwrap_or(line))?;
            if from < until {
                to.write_str("<mark>")?;
                escaped(to, line.get(from..until).unwrap_or_default())?;
                to.write_str("</mark>")?;
            }
            escaped(to, line.get(until..).unwrap_or_default())?;
            at += line.len() + 1;
        }
        Ok(())
    }
}

/// The last character boundary at or before `at`: a saved report may say anything.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A unified diff: its signs say what the colours say.
pub struct Patch<'t>(pub &'t str);

impl Display for Patch<'_> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let mut lines = self.0.lines().peekable();
        let (mut is_first, mut is_named) = (true, false);
        while let Some(line) = lines.next() {
            if !is_first {
                to.write_str("\n")?;
            }
            is_first = false;
            // A line that is taken away may begin with two signs of its own.
            let names_old = line.starts_with("--- ")
                && lines.peek().is_some_and(|next| next.starts_with("+++ "));
            let names_new = is_named && line.starts_with("+++ ");
            is_named = names_old;
            let element = match line.as_bytes().first() {
                _ if names_old || names_new => "b",
                Some(b'+') => "ins",
                Some(b'-') => "del",
                Some(b'@') => "i",
                _ => {
                    escaped(to, line)?;
                    continue;
                }
            };
            write!(to, "<{element}>")?;
            escaped(to, line)?;
            write!(to, "</{element}>")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_has_code_and_links() {
        assert_eq!(
            prose("Send `a <b>`, see https://zoho.com/x?a=1&b=2. (https://zoho.eu)").to_string(),
            "Send <code>a &lt;b&gt;</code>, see <a href=\"https://zoho.com/x?a=1&amp;b=2\" rel=\"noreferrer\">\
             https://zoho.com/x?a=1&amp;b=2</a>. (<a href=\"https://zoho.eu\" rel=\"noreferrer\">https://zoho.eu</a>)"
        );
        assert_eq!(
            phrase("see https://zoho.eu").to_string(),
            "see https://zoho.eu"
        );
    }

    #[test]
    fn a_backtick_without_its_like_stays() {
        assert_eq!(prose("a ` b").to_string(), "a ` b");
        assert_eq!(prose("`a` ` b").to_string(), "<code>a</code> ` b");
    }

    #[test]
    fn nothing_else_becomes_a_link() {
        for text in [
            "javascript:alert(1)",
            "https://",
            "https://\"onclick=x",
            "https://accounts.zoho.<dc>/oauth",
            "see https://' x",
        ] {
            assert!(!prose(text).to_string().contains("<a"), "{text}");
            assert!(!Address(text).to_string().contains("<a"), "{text}");
        }
        let cut = prose("https://zoho.com/\"onclick=\"alert(1)").to_string();
        assert!(
            cut.starts_with("<a href=\"https://zoho.com/\" rel=\"noreferrer\">"),
            "{cut}"
        );
        assert!(cut.ends_with("</a>&quot;onclick=&quot;alert(1)"), "{cut}");
    }

    #[test]
    fn an_excerpt_has_numbers_and_a_mark_over_its_lines() {
        let excerpt = Excerpt {
            first_line: 9,
            text: "one <é>\ntwo\n".to_string(),
            start: 4,
            end: 12,
        };
        assert_eq!(
            Code(&excerpt).to_string(),
            "<i> 9</i>one <mark>&lt;é&gt;</mark>\n<i>10</i><mark>two</mark>"
        );
    }

    #[test]
    fn an_excerpt_with_a_range_that_is_none_is_shown_all_the_same() {
        for (start, end) in [(5, 6), (6, 2), (usize::MAX, usize::MAX), (0, usize::MAX)] {
            let excerpt = Excerpt {
                first_line: u32::MAX,
                text: "one é".to_string(),
                start,
                end,
            };
            let code = Code(&excerpt).to_string();
            assert!(
                code.replace("<mark>", "")
                    .replace("</mark>", "")
                    .ends_with("</i>one é"),
                "{code}"
            );
        }
    }

    #[test]
    fn a_patch_says_with_elements_what_its_signs_say() {
        assert_eq!(
            Patch("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a</pre>\n+b\n c\n").to_string(),
            "<b>--- a/x</b>\n<b>+++ b/x</b>\n<i>@@ -1 +1 @@</i>\n<del>-a&lt;/pre&gt;</del>\n<ins>+b</ins>\n c"
        );
        assert_eq!(
            Patch("@@ -1 +1 @@\n--- a comment\n+++ counted\n+ c")
                .to_string()
                .matches("<ins>")
                .count(),
            1
        );
        assert_eq!(
            Patch("--- a comment\n c").to_string(),
            "<del>--- a comment</del>\n c"
        );
    }
}
