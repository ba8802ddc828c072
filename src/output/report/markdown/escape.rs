//! Text in Markdown that stays text, whatever stands in it.

use crate::finding::excerpt::visible;

/// Text within a line: nothing in it is markup, a mention, a reference or HTML, and it makes no new line.
pub(super) fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // As characters of their own these mention people and refer to issues.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '|' => escaped.push_str("&#124;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // A full address would become a link.
            ':' if text.get(at..).is_some_and(|rest| rest.starts_with("://")) => {
                escaped.push_str("&#58;");
            }
            _ => escaped.push(visible(character)),
        }
    }
    escaped
}

/// Text of the rules within a line: what stands between backticks is code, and full addresses are links.
pub(super) fn prose(text: &str) -> String {
    let mut shown = String::new();
    for (number, part) in text.split('`').enumerate() {
        let closes = text.matches('`').count().is_multiple_of(2);
        if number % 2 == 1 && closes {
            shown.push_str(&code(part));
            continue;
        }
        for (at, word) in part.split(' ').enumerate() {
            if at > 0 {
                shown.push(' ');
            }
            let address = word.trim_end_matches([',', '.', ';', ':', ')']);
            if is_address(address) {
                let rest = word.get(address.len()..).unwrap_or_default();
                shown.push_str(&format!("<{address}>{rest}"));
            } else {
                shown.push_str(&inline(word));
            }
        }
    }
    shown
}

fn is_address(word: &str) -> bool {
    word.strip_prefix("https://").is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "-._/".contains(character))
    })
}

/// A cell of a table.
pub(super) fn cell(text: &str) -> String {
    inline(text)
}

/// Text as code within a line or a table.
pub(super) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|character| match character {
            '\n' => '\u{240a}',
            '\r' => '\u{240d}',
            '\t' => ' ',
            _ => visible(character),
        })
        .collect();
    if shown.trim().is_empty() {
        return "(empty)".to_string();
    }
    // In a table a bar ends the cell even within code, and not every wiki keeps tags in code as they are: then it is
    // text in the dress of code.
    if shown.contains(['|', '<', '&']) {
        return format!("<code>{}</code>", inline(&shown));
    }
    let fence = "`".repeat(longest_run(&shown) + 1);
    let pad = if shown.starts_with('`') || shown.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Lines of code, each behind an indent.
pub(super) fn block(indent: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let mut block = format!("{indent}{fence}text\n");
    for line in text.lines() {
        let line: String = line.chars().map(visible).collect();
        block.push_str(&format!("{indent}{line}\n"));
    }
    block.push_str(&format!("{indent}{fence}\n"));
    block
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, escaped) in [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("a | b\nc", "a &#124; b c"),
            (
                "**bold** _it_ `code`",
                "\\*\\*bold\\*\\* \\_it\\_ \\`code\\`",
            ),
            (
                "[text](javascript:x) ![i](y)",
                "\\[text\\](javascript:x) \\!\\[i\\](y)",
            ),
            ("@someone fixes #12", "&#64;someone fixes &#35;12"),
            ("&amp;", "&amp;amp;"),
            ("https://evil.example", "https&#58;//evil.example"),
            ("\x1b[31m", "␛\\[31m"),
        ] {
            assert_eq!(inline(text), escaped);
        }
    }

    #[test]
    fn code_stays_in_its_fence_and_in_its_cell() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(code("a|b<c>"), "<code>a&#124;b&lt;c&gt;</code>");
        assert_eq!(code("a\nb"), "`a␊b`");
        assert_eq!(block("", "a\n```\nb"), "````text\na\n```\nb\n````\n");
    }
}
