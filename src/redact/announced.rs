//! What is a credential because a word before it says so: `authtoken=…`, `"password": "…"`,
//! `Zoho-authtoken …`, also when written in a URL (`password%3D…`) or below the word (a block of YAML).
//!
//! Names, placeholders, URLs and templates in that place stay readable. Every keyword looks at a bounded
//! stretch of text or takes what it looked at, so the time is linear.

use super::Part;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static KEYWORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?P<strong>auth[-_ ]?token|access[-_]?token|refresh[-_]?token|client[-_]?secret",
        r"|zoho[-_]?token|passphrase|passw(?:or)?d|pwd)",
        r"|token|secret|api[-_]?key|ticket"
    ))
    .ok()
});

/// A value longer than this is masked without asking whether it may be a name.
const LONGEST_NAME: usize = 64;

/// A value longer than this is masked without asking anything, which bounds the work for one keyword.
const LONGEST_PLACE: usize = 512;

pub(super) fn find(text: &str) -> Vec<Part> {
    let Some(keywords) = KEYWORDS.as_ref() else {
        // The pattern is a constant, and a test finds with it; without it nothing may be shown.
        return vec![Part {
            range: 0..text.len(),
            leads: false,
        }];
    };
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(found) = keywords.captures_at(text, from) {
        let Some(keyword) = found.get(0) else { break };
        from = keyword.end();
        let strong = found.name("strong").is_some();
        let value = in_header(text, keyword.range())
            .or_else(|| in_block(text, keyword.range(), strong))
            .or_else(|| value_after(text, keyword.range(), strong));
        if let Some(value) = value {
            from = value.end.max(from);
            parts.push(Part {
                range: value,
                leads: true,
            });
        }
    }
    parts
}

/// `"Zoho-authtoken …"`, `Authorization: Zoho-authtoken …`: in a header all that stands after the scheme is the token.
fn in_header(text: &str, keyword: Range<usize>) -> Option<Range<usize>> {
    const SCHEME: &[u8] = b"zoho-";
    const NAMES: [&[u8]; 2] = [b"authorization:", b"authorization="];
    let ends_with = |bytes: &[u8], end: &[u8]| {
        bytes
            .len()
            .checked_sub(end.len())
            .and_then(|at| bytes.get(at..))
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    let bytes = text.as_bytes();
    let before = bytes.get(..keyword.start)?;
    if !ends_with(before, SCHEME) {
        return None;
    }
    let before = before.get(..before.len() - SCHEME.len())?;
    let before = match before {
        [name @ .., b' '] => name,
        all => all,
    };
    let begins = matches!(before.last(), Some(b'"' | b'\'' | b'`'))
        || NAMES.iter().any(|name| ends_with(before, name));
    let rest = bytes.get(keyword.end..)?;
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    if !begins || blanks == 0 {
        return None;
    }
    let start = keyword.end + blanks;
    let length = bytes
        .get(start..)?
        .iter()
        .take(LONGEST_PLACE)
        .take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'`\\<".contains(byte))
        .count();
    let value = text.get(start..start + length)?;
    let ends = !matches!(bytes.get(start + length), Some(b' ' | b'\t' | b'<'));
    let is_value = ends && !value.is_empty() && !is_template(value) && !is_name(value);
    is_value.then_some(start..start + length)
}

/// `authtoken: >-` with the value in the lines below, indented.
fn in_block(text: &str, keyword: Range<usize>, strong: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let rest = bytes.get(keyword.end..)?;
    let line = rest
        .iter()
        .take(LONGEST_PLACE)
        .position(|byte| *byte == b'\n')?;
    let head = text.get(keyword.end..keyword.end + line)?;
    let head = head.split('#').next().unwrap_or(head);
    let (name, sign) = head.split_once(':')?;
    let sign = sign.trim();
    let is_sign = sign.starts_with(['|', '>'])
        && sign
            .bytes()
            .skip(1)
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'));
    let is_key = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-.\"' ".contains(&byte));
    if !is_sign || !is_key {
        return None;
    }
    let indentation = key_indentation(bytes, keyword.start)?;
    let start = keyword.end + line + 1;
    let mut end = start;
    let mut words = true;
    for line in text.get(start..)?.split_inclusive('\n') {
        let content = line.trim();
        let indented = line.len() - line.trim_start_matches(' ').len();
        if !content.is_empty() && indented <= indentation {
            break;
        }
        words &= !content.contains([' ', '\t']);
        end += line.len();
        // Prose, or of no interest: which bounds the work for one keyword.
        if end - start > LONGEST_PLACE && !(strong && words) {
            return None;
        }
    }
    let block = text.get(start..end)?;
    let value = block.trim();
    let from = start + (block.len() - block.trim_start().len());
    let is_value = words
        && !value.is_empty()
        && !is_template(value)
        && !is_name(value)
        && (strong || is_mixed(value) && value.len() >= 8);
    is_value.then_some(from..from + value.len())
}

/// How far the name of a setting is indented, if all before it in the line is a part of it, or the mark of a list.
fn key_indentation(bytes: &[u8], keyword: usize) -> Option<usize> {
    const NAME: usize = 80;
    let before = bytes.get(keyword.saturating_sub(NAME)..keyword)?;
    let line = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(newline) => before.get(newline + 1..)?,
        None if keyword <= NAME => before,
        None => return None,
    };
    line.iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-. \"'".contains(byte))
        .then(|| line.iter().take_while(|byte| **byte == b' ').count())
}

/// A word that stands for a token: the name of one, or what tells people to put one there.
fn is_name(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.bytes().any(|byte| byte.is_ascii_digit())
        && ["token", "your", "xxx", "example", "***", "•••"]
            .iter()
            .any(|word| lower.contains(word))
}

/// How a value is set apart from its keyword.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Only blanks: `Zoho-authtoken abc`.
    Blank,
    /// `=`, `:`, `=>`, `,` or the end of an element.
    Sign,
}

fn value_after(text: &str, keyword: Range<usize>, strong: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    // The rest of a longer name: `PASSWORD_ZOHO`, `authTokenUrl`.
    let mut at = keyword.end;
    while at < keyword.end + 24
        && bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    {
        at += 1;
    }
    let longer_name = at > keyword.end;
    if longer_name && !strong {
        return None;
    }

    let mut mark = None;
    let mut quote = None;
    let gap_end = at + 48;
    while at < gap_end {
        let rest = bytes.get(at..)?;
        let (length, sign, quoted) = match rest {
            [b' ' | b'\t' | b'\n' | b'\r', ..] => (1, Mark::Blank, None),
            [b'=' | b':' | b',' | b'>', ..] => (1, Mark::Sign, None),
            [byte @ (b'"' | b'\'' | b'`'), ..] => (1, Mark::Blank, Some(*byte)),
            [b'\\', byte @ (b'"' | b'\''), ..] => (2, Mark::Blank, Some(*byte)),
            [b'+', ..] if quote.is_none() => (1, Mark::Blank, None),
            [b'%', b'3', b'A' | b'a' | b'D' | b'd', ..] => (3, Mark::Sign, None),
            [b'%', b'2', b'0', ..] => (3, Mark::Blank, None),
            [b'%', b'2', b'2' | b'7', ..] => (3, Mark::Blank, Some(b'%')),
            _ => break,
        };
        if sign == Mark::Sign || mark.is_none() {
            mark = Some(sign);
        }
        // The quote that counts is the last one before the value, after the sign.
        match (quoted, sign) {
            (Some(byte), _) => quote = Some(byte),
            (None, Mark::Sign) => quote = None,
            (None, Mark::Blank) => {}
        }
        at += length;
    }
    let mark = mark?;

    let quoted = quote.is_some() && mark == Mark::Sign;
    let end = value_end(bytes, at, quote, LONGEST_PLACE);
    if end - at >= LONGEST_PLACE {
        return Some(at..value_end(bytes, at, quote, usize::MAX));
    }
    let value = text.get(at..end)?;
    let announced = if value.eq_ignore_ascii_case("utf-8") || matches!(value, "-" | "+") {
        // `URLEncoder.encode(clientSecret, "UTF-8")`, `password: >-`
        false
    } else if value.len() > LONGEST_NAME {
        // Long prose has blanks, and blanks end a value.
        !value.contains("://") && !is_template(value)
    } else if value.is_empty() || is_template(value) || is_place(value) || is_placeholder(value) {
        false
    } else if is_mixed(value) {
        value.len() >= if strong { 5 } else { 8 }
    } else if !strong || longer_name && !is_setting(text, &keyword, end) {
        false
    } else if quoted {
        value.len() >= 4 && !bytes.get(end).is_some_and(u8::is_ascii_whitespace)
    } else {
        // Without a quote the value of a setting stands in its line: the next one is another setting.
        let same_line = !text.get(keyword.end..at)?.contains('\n');
        mark == Mark::Sign
            && same_line
            && (in_query(text, keyword.start)
                || in_element(bytes, keyword.end, end)
                || is_setting(text, &keyword, end))
    };
    announced.then_some(at..end)
}

fn value_end(bytes: &[u8], start: usize, quote: Option<u8>, longest: usize) -> usize {
    let mut at = start;
    while at - start < longest
        && let Some(byte) = bytes.get(at)
    {
        let ends = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'&' => true,
            b'\\' => true,
            b'%' => matches!(
                bytes.get(at + 1..at + 3),
                Some(b"22" | b"26" | b"27" | b"20")
            ),
            b';' | b',' | b')' | b'(' | b'[' | b']' | b'{' | b'}' | b'|' | b'#' => {
                // Inside quotes these may belong to a password; a template keeps its braces.
                quote.is_none() && !(matches!(byte, b'{' | b'}') && at < start + 3)
            }
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    at
}

/// Digits among other characters: no name looks like that by chance.
fn is_mixed(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let others = value.len() - digits;
    // `self.token2`, `Sha256(x`: a path of names with a digit at the end of one.
    let path = value.contains('.')
        && value.split('.').all(|name| {
            name.trim_end_matches(|character: char| character.is_ascii_digit())
                .chars()
                .all(|character| character.is_alphabetic() || character == '_')
                && name.starts_with(|character: char| character.is_alphabetic())
        });
    let date = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-/.:TZ".contains(&byte));
    (digits >= 2 || digits == 1 && value.contains(['!', '@', '$', '%', '*', '~', '^']))
        && others >= 1
        && !path
        && !date
}

/// `${…}`, `{{…}}`, `<…>`, `%s`, `{0}`, `$TOKEN`.
pub(super) fn is_template(value: &str) -> bool {
    value.starts_with(['$', '{', '<', '#', '@']) || matches!(value, "%s" | "%@" | "%v" | "?")
}

/// A URL or a path.
fn is_place(value: &str) -> bool {
    value.contains("://") || value.starts_with(['/', '.'])
}

/// A word that stands for a value, or for its type.
fn is_placeholder(value: &str) -> bool {
    if value.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let value = value.to_ascii_lowercase();
    const WORDS: [&str; 16] = [
        "string",
        "str",
        "text",
        "null",
        "none",
        "nil",
        "true",
        "false",
        "undefined",
        "required",
        "optional",
        "hidden",
        "any",
        "varchar",
        "object",
        "self",
    ];
    const PARTS: [&str; 9] = [
        "token",
        "passw",
        "secret",
        "your",
        "example",
        "xxx",
        "***",
        "•••",
        "env.",
    ];
    WORDS.contains(&value.as_str()) || PARTS.iter().any(|part| value.contains(part))
}

/// `?PASSWORD=…`, `&PASSWORD=…`, `%26PASSWORD=…`.
fn in_query(text: &str, keyword: usize) -> bool {
    let before = text.as_bytes().get(..keyword).unwrap_or_default();
    before.ends_with(b"?") || before.ends_with(b"&") || before.ends_with(b"%26")
}

/// `<password>…</`.
fn in_element(bytes: &[u8], keyword_end: usize, value_end: usize) -> bool {
    bytes.get(keyword_end) == Some(&b'>') && bytes.get(value_end) == Some(&b'<')
}

/// `ZOHO_PASSWORD=…`, `password: …`: name, sign and value are all there is in the line, up to a comment.
fn is_setting(text: &str, keyword: &Range<usize>, value_end: usize) -> bool {
    const NAME: usize = 80;
    let before = text.as_bytes().get(..keyword.start).unwrap_or_default();
    let name = before
        .iter()
        .rev()
        .take(NAME)
        .take_while(|byte| **byte != b'\n');
    let after = text.as_bytes().get(value_end..).unwrap_or_default();
    let rest = after
        .iter()
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    name.clone().count() < NAME
        && name
            .clone()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-. \t\"'".contains(byte))
        && matches!(rest, None | Some(b'\n' | b'#'))
}
