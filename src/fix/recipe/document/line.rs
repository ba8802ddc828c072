//! One line of text that shows a call: where the token stands in it, and what is written there instead.
//!
//! Owns the words of command-line clients (`curl`, `wget`) and the reading of placeholders. It must not know files.

use crate::rules::matching::looks_like_authtoken;
use std::ops::Range;

/// Where the line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A block of commands or requests.
    Commands,
    Prose,
    /// A comment in code.
    Comment,
}

/// What was there and what stands there instead.
type Change = (Range<usize>, String);

/// What the rules say of tokens.
pub(super) struct Words<'r> {
    /// Parameters and schemes that carry an authtoken, in lower case.
    pub parameters: Vec<String>,
    pub schemes: Vec<String>,
    /// What is written in the place of those schemes.
    pub oauth_scheme: &'r str,
}

/// Options of command-line clients that carry a body.
const DATA_OPTIONS: [&str; 7] = [
    "--data-urlencode",
    "--data-raw",
    "--data",
    "--form",
    "--post-data",
    "-d",
    "-F",
];

/// Command-line clients, and how each is given a header.
const COMMANDS: [(&str, &str); 2] = [("curl", " -H "), ("wget", " --header=")];

/// Everything that has to change in the line; nothing if a part of it is not understood.
pub(super) fn rewrite(text: &str, words: &Words<'_>, place: Place) -> Vec<Change> {
    let lower = text.to_ascii_lowercase();
    // A comment that shows what the code did once is left as it is.
    if place == Place::Comment && !is_command(&lower) && !holds_token(text) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for known in &words.schemes {
        for start in occurrences(&lower, known) {
            match scheme(text, &lower, start..start + known.len(), words.oauth_scheme) {
                Some(change) => changes.push(change),
                None => return Vec::new(),
            }
        }
    }
    let oauth_scheme = words.oauth_scheme.to_ascii_lowercase();
    let has_header = !changes.is_empty() || lower.contains(&oauth_scheme);
    let mut parameters = Vec::new();
    for name in &words.parameters {
        let pair = format!("{name}=");
        for start in occurrences(&lower, &pair) {
            match parameter(text, &lower, start, pair.len()) {
                Some(parameter) => parameters.push(parameter),
                None => return Vec::new(),
            }
        }
    }
    if let Some(first) = parameters.first()
        && !has_header
    {
        let header = format!(
            "Authorization: {} {}",
            words.oauth_scheme, first.placeholder
        );
        match announce(text, &lower, place, &header, first) {
            Some(change) => changes.extend(change),
            None => return Vec::new(),
        }
    }
    changes.extend(
        parameters
            .into_iter()
            .map(|parameter| (parameter.range, parameter.instead)),
    );
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let overlap = changes
        .windows(2)
        .any(|pair| matches!(pair, [(left, _), (right, _)] if left.end > right.start));
    if overlap { Vec::new() } else { changes }
}

/// Where a word begins that is no part of a longer one.
fn occurrences<'t>(lower: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    lower
        .match_indices(word)
        .map(|(start, _)| start)
        .filter(|start| {
            lower
                .get(..*start)
                .and_then(|before| before.chars().next_back())
                .is_none_or(|before| {
                    !before.is_ascii_alphanumeric() && !matches!(before, '_' | '-')
                })
        })
}

/// `Zoho-authtoken <token>`, or the scheme by itself where the header is told.
fn scheme(text: &str, lower: &str, old: Range<usize>, new: &str) -> Option<Change> {
    let Range { start, end: after } = old;
    let rest = text.get(after..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let value = rest.get(blanks..)?;
    let length = token_length(value);
    if blanks > 0 && length > 0 && is_token(value.get(..length)?) {
        let placeholder = placeholder(value.get(..length)?);
        return Some((
            start..after + blanks + length,
            format!("{new} {placeholder}"),
        ));
    }
    let is_header = lower.get(..start)?.contains("authorization");
    let ends = rest.starts_with(['`', '"', '\'']) || rest.trim().is_empty();
    (is_header && ends).then(|| (start..after, new.to_string()))
}

struct Parameter {
    range: Range<usize>,
    instead: String,
    placeholder: String,
}

/// `?authtoken=…` of a URL, or what an option of a command holds.
fn parameter(text: &str, lower: &str, start: usize, length: usize) -> Option<Parameter> {
    let value_start = start + length;
    let value = text.get(value_start..)?;
    let value = value.get(..token_length(value))?;
    // The end of a sentence is no part of it.
    let value_end = value_start + value.trim_end_matches(['.', ':', '!']).len();
    let value = text.get(value_start..value_end)?;
    if value.is_empty() {
        return None;
    }
    let placeholder = placeholder(value);
    let before = text.get(..start)?;
    if before.ends_with(['?', '&']) {
        let range = if text.get(value_end..)?.starts_with('&') {
            start..value_end + 1
        } else {
            start - 1..value_end
        };
        return Some(Parameter {
            range,
            instead: String::new(),
            placeholder,
        });
    }
    // `-d authtoken=…`, `--data "authtoken=…&more=…"`
    let quote = before
        .chars()
        .next_back()
        .filter(|last| matches!(last, '"' | '\''));
    let bare = before.trim_end_matches(['"', '\'']);
    let option = bare.trim_end_matches([' ', '\t', '=']);
    let name = DATA_OPTIONS.iter().find(|name| {
        option
            .strip_suffix(**name)
            .is_some_and(|before| before.ends_with([' ', '\t']))
    })?;
    if text.get(value_end..)?.starts_with('&') {
        return Some(Parameter {
            range: start..value_end + 1,
            instead: String::new(),
            placeholder,
        });
    }
    let mut end = value_end;
    if let Some(quote) = quote {
        if !text.get(end..)?.starts_with(quote) {
            return None;
        }
        end += quote.len_utf8();
    }
    // A body made the request a POST.
    let others = DATA_OPTIONS
        .iter()
        .map(|name| {
            lower
                .matches(&format!(" {} ", name.to_ascii_lowercase()))
                .count()
        })
        .sum::<usize>();
    let names_method =
        lower.contains(" -x ") || lower.contains("--request") || lower.contains(" -g ");
    let option_start = option.len() - name.len();
    if others > 1 || names_method {
        return Some(Parameter {
            range: option_start - 1..end,
            instead: String::new(),
            placeholder,
        });
    }
    Some(Parameter {
        range: option_start..end,
        instead: "-X POST".to_string(),
        placeholder,
    })
}

/// Puts the header where the reader of the line sees it; `None` where that is not known.
fn announce(
    text: &str,
    lower: &str,
    place: Place,
    header: &str,
    parameter: &Parameter,
) -> Option<Option<Change>> {
    for (command, option) in COMMANDS {
        let Some(at) = command_at(lower, command) else {
            continue;
        };
        let before = text.get(..at)?;
        if before.contains(['"', '\'']) {
            return None;
        }
        let at = at + command.len();
        return Some(Some((at..at, format!("{option}\"{header}\""))));
    }
    match place {
        Place::Comment => Some(None),
        Place::Commands => {
            let method = text.trim_start().split(' ').next().unwrap_or_default();
            let is_request = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method);
            let indentation = text.len() - text.trim_start().len();
            is_request.then(|| {
                let end = text.trim_end().len();
                let line_end = if text.ends_with('\r') { "\r\n" } else { "\n" };
                let indentation = text.get(..indentation).unwrap_or_default();
                Some((end..end, format!("{line_end}{indentation}{header}")))
            })
        }
        Place::Prose => {
            let rest = text.get(parameter.range.end..)?;
            let url = rest
                .find(|character: char| character.is_whitespace() || "`\"'<>)|".contains(character))
                .unwrap_or(rest.len());
            let closing = rest.get(url..)?;
            // A link or a cell of a table has no place for it.
            if closing.starts_with(['>', ')', '"', '\'', '<']) || text.trim_start().starts_with('|')
            {
                return None;
            }
            let mut at = parameter.range.end + url;
            if closing.starts_with('`') {
                at += 1;
            } else if rest.get(..url)?.ends_with(['.', ',', ';', ':']) {
                at -= 1;
            }
            Some(Some((at..at, format!(" (with the header `{header}`)"))))
        }
    }
}

fn is_command(lower: &str) -> bool {
    COMMANDS
        .iter()
        .any(|(command, _)| command_at(lower, command).is_some())
}

/// Whether a value stands in the line that may be a token.
fn holds_token(text: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric())
        .any(looks_like_authtoken)
}

/// Where a command begins: the first word, or behind a prompt, a pipe or a bracket.
fn command_at(lower: &str, command: &str) -> Option<usize> {
    lower.match_indices(command).map(|(at, _)| at).find(|at| {
        let before = lower.get(..*at).unwrap_or_default();
        let after = lower.get(at + command.len()..).unwrap_or_default();
        before
            .chars()
            .next_back()
            .is_none_or(|before| before.is_whitespace() || "`$(|>;&".contains(before))
            && after.starts_with([' ', '\t'])
    })
}

/// How many bytes at the beginning are one value: a word, or what brackets hold.
fn token_length(text: &str) -> usize {
    for (open, close) in [
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("<", ">"),
        ("[", "]"),
        ("{", "}"),
    ] {
        if text.starts_with(open) {
            let line = text.lines().next().unwrap_or_default();
            return line.find(close).map_or(0, |at| at + close.len());
        }
    }
    text.find(|character: char| {
        character.is_whitespace() || "&#\"'`<>()[]{},;\\|".contains(character)
    })
    .unwrap_or(text.len())
}

/// Whether a word behind the scheme is a value, and not how the sentence goes on.
fn is_token(value: &str) -> bool {
    value.starts_with(['$', '<', '{', '['])
        || value.len() >= 3
            && value
                .chars()
                .all(|character| matches!(character, '*' | 'x' | 'X' | '.' | '•' | '…'))
        || value.contains('_')
        || value.len() >= 8 && value.chars().any(|character| character.is_ascii_digit())
        || value.len() >= 4
            && !value
                .chars()
                .any(|character| character.is_ascii_lowercase())
        || ["authtoken", "token"]
            .iter()
            .any(|word| value.to_ascii_lowercase().ends_with(word))
            && value.len() > "token".len()
}

/// What stands for the access token, written in the way in which the old one was.
fn placeholder(value: &str) -> String {
    let text = match value {
        _ if value.starts_with("$(") => "$(access_token)",
        _ if value.starts_with('$') => "$ZOHO_ACCESS_TOKEN",
        _ if value.starts_with("{{") => "{{access_token}}",
        _ if value.starts_with('{') => "{access_token}",
        _ if value.starts_with('<') => "<access token>",
        _ if value.starts_with('[') => "[access token]",
        _ => "ACCESS_TOKEN",
    };
    text.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str, place: Place) -> String {
        let words = Words {
            parameters: vec!["authtoken".to_string(), "auth_token".to_string()],
            schemes: vec!["zoho-authtoken".to_string()],
            oauth_scheme: "Zoho-oauthtoken",
        };
        let mut out = String::new();
        let mut at = 0;
        for (range, new) in rewrite(text, &words, place) {
            out.push_str(&text[at..range.start]);
            out.push_str(&new);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }

    #[test]
    fn commands_send_the_header() {
        let commands = |text| rewritten(text, Place::Commands);
        assert_eq!(
            commands(r#"$ curl "https://books.zoho.com/api/v3/items?authtoken=$T&page=1""#),
            r#"$ curl -H "Authorization: Zoho-oauthtoken $ZOHO_ACCESS_TOKEN" "https://books.zoho.com/api/v3/items?page=1""#
        );
        assert_eq!(
            commands("wget https://books.zoho.com/api/v3/items?authtoken=<token>"),
            r#"wget --header="Authorization: Zoho-oauthtoken <access token>" https://books.zoho.com/api/v3/items"#
        );
        assert_eq!(
            commands("curl https://books.zoho.com/x -d authtoken=abc -d a=b"),
            r#"curl -H "Authorization: Zoho-oauthtoken ACCESS_TOKEN" https://books.zoho.com/x -d a=b"#
        );
        assert_eq!(
            commands("curl -d 'authtoken=abc' https://books.zoho.com/x"),
            r#"curl -H "Authorization: Zoho-oauthtoken ACCESS_TOKEN" -X POST https://books.zoho.com/x"#
        );
        assert_eq!(
            commands(
                r#"curl -H "Authorization:Zoho-authtoken  0123456789" https://desk.zoho.com/x"#
            ),
            r#"curl -H "Authorization:Zoho-oauthtoken ACCESS_TOKEN" https://desk.zoho.com/x"#
        );
        assert_eq!(
            commands("GET https://books.zoho.com/x?a=b&authtoken=1"),
            "GET https://books.zoho.com/x?a=b\nAuthorization: Zoho-oauthtoken ACCESS_TOKEN"
        );
    }

    #[test]
    fn sentences_stay_sentences() {
        let prose = |text| rewritten(text, Place::Prose);
        assert_eq!(
            prose("Send `Authorization: Zoho-authtoken YOUR_TOKEN`."),
            "Send `Authorization: Zoho-oauthtoken ACCESS_TOKEN`."
        );
        assert_eq!(
            prose("Call `https://desk.zoho.com/x?authtoken={token}`, then wait."),
            "Call `https://desk.zoho.com/x` (with the header `Authorization: Zoho-oauthtoken {access_token}`), then wait."
        );
        assert_eq!(
            prose("See https://desk.zoho.com/x?authtoken=abc."),
            "See https://desk.zoho.com/x (with the header `Authorization: Zoho-oauthtoken ACCESS_TOKEN`)."
        );
        for left in [
            "The Zoho-authtoken has gone.",
            "[click](https://desk.zoho.com/x?authtoken=abc)",
            "| a | https://desk.zoho.com/x?authtoken=abc |",
        ] {
            assert_eq!(prose(left), left);
        }
    }

    #[test]
    fn comments_lose_the_token_and_nothing_else() {
        assert_eq!(
            rewritten(
                "// url = 'https://books.zoho.com/x?authtoken=0123456789abcdef0123456789abcdef&a=b'",
                Place::Comment
            ),
            "// url = 'https://books.zoho.com/x?a=b'"
        );
    }
}
