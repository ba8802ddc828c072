//! Texts that are sent as a token or a password, whatever they look like: they are secrets by their way.
//!
//! Owns which texts on the way of a credential are a value, and which of them are placeholders. It must not know how
//! they are hidden.

use super::candidate::Candidate;
use crate::flow::Unit;
use crate::flow::value::{Alternative, Piece, Place, Role};
use crate::redact::Secret;
use crate::rules::model::{Detection, EndpointGroup, Matcher};
use crate::syntax::tree::Mapping;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// What a text is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SentAs {
    Token,
    Password,
}

/// A token or password that is written in the files.
#[derive(Clone)]
pub struct Sent {
    pub sent_as: SentAs,
    /// The whole of it, where all of it is written.
    pub value: Option<Secret>,
    /// Where its parts stand, without the scheme or the URL around it.
    pub parts: Vec<Place>,
}

impl Sent {
    pub fn token(value: Secret, place: Place) -> Sent {
        Sent {
            sent_as: SentAs::Token,
            value: Some(value),
            parts: vec![place],
        }
    }

    /// What the bytes `range` of a template are, if that is more than a placeholder.
    pub fn within(alternative: &Alternative, range: Range<usize>, sent_as: SentAs) -> Option<Sent> {
        let template = alternative.template();
        let text = template.get(range.clone())?;
        let inner = text.trim_start_matches(is_around);
        let from = range.start + (text.len() - inner.len());
        let to = from + inner.trim_end_matches(is_around).len();
        let mut parts: Vec<(Place, &str)> = Vec::new();
        let mut is_all_written = true;
        let mut start = 0;
        for piece in &alternative.pieces {
            let end = start + piece.literal().map_or(2, str::len);
            if start < to && end > from {
                let within = from.max(start) - start..to.min(end) - start;
                match piece
                    .literal()
                    .and_then(|literal| literal.get(within.clone()))
                {
                    Some(part) => parts.push((part_place(piece, within), part)),
                    None => is_all_written = false,
                }
            }
            start = end;
        }
        let mut value = None;
        if is_all_written {
            let whole: String = parts.iter().map(|(_, part)| *part).collect();
            if !is_whole_value(&whole) {
                return None;
            }
            // What may be words about a token is hidden like one, but nobody is asked to revoke it.
            value = (!reads_as_words(&whole)).then(|| Secret::new(whole));
        } else {
            // Of a value that is not all written only what looks like a part of one.
            parts.retain(|(_, part)| is_value(part));
        }
        (!parts.is_empty()).then(|| Sent {
            sent_as,
            value,
            parts: parts.into_iter().map(|(place, _)| place).collect(),
        })
    }
}

/// What may stand around a value and is none of it.
fn is_around(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '`')
}

/// The place of a part of a piece, as exact as the source allows.
fn part_place(piece: &Piece, within: Range<usize>) -> Place {
    let mut place = piece.place;
    let literal = piece.literal().map_or(0, str::len);
    if piece.mapping == Mapping::Exact
        && (place.span.end - place.span.start) as usize == literal
        && let (Ok(from), Ok(to)) = (u32::try_from(within.start), u32::try_from(within.end))
    {
        place.span.end = place.span.start + to;
        place.span.start += from;
    }
    place
}

/// Where a value in the query of a URL ends that begins at `from`: at the next parameter, the fragment, or with the
/// URL. Where a longer text holds the URL, what stands before it tells what ends it.
pub fn end_in_url(template: &str, from: usize) -> usize {
    let (before, rest) = template.split_at_checked(from).unwrap_or((template, ""));
    let url = before.rfind("://").unwrap_or_default();
    let opening = before
        .get(..url)
        .unwrap_or_default()
        .trim_end_matches(|character: char| character.is_ascii_alphanumeric())
        .chars()
        .next_back();
    let ends = |character: char| match opening {
        _ if matches!(character, '&' | '#') => true,
        None => false,
        Some(quote @ ('"' | '\'' | '`')) => character == quote,
        Some(opening) if opening.is_whitespace() || "<>([".contains(opening) => {
            character.is_whitespace() || "\"'`<>".contains(character)
        }
        // A URL in a parameter of the same one: nothing encloses it.
        Some(_) => false,
    };
    from + rest.find(ends).unwrap_or(rest.len())
}

/// What stands in the place of a value until it is known.
const TEMPLATES: [&str; 8] = ["${", "{{", "{}", "#{", "%{", "$(", "%s", "://"];

/// Whether a text that stands where a token or password does is one, not what tells people to put it there.
fn is_whole_value(text: &str) -> bool {
    const BEGINNINGS: [char; 6] = ['$', '{', '<', '%', '/', '•'];
    let stands_for_one = is_name(text, &["token", "your", "xxx", "example", "changeme"])
        || is_enclosed(text)
        || (is_one_word(text) && text.starts_with(BEGINNINGS))
        || TEMPLATES.iter().any(|template| text.contains(template));
    let is_word = matches!(
        text,
        "true" | "false" | "null" | "none" | "None" | "undefined"
    );
    text.len() >= 4 && !stands_for_one && !is_word
}

/// Capitals only, or one of these words in it: the name of a value. Names have no blanks; what has some asks people
/// for *their* value, or is one.
fn is_name(text: &str, words: &[&str]) -> bool {
    /// The words that count among others.
    const PHRASES: [&str; 2] = ["your", "authtoken"];
    let lower = text.to_ascii_lowercase();
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_constant = text
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let is_one_word = is_one_word(text);
    let says = |word: &str| (is_one_word || PHRASES.contains(&word)) && lower.contains(word);
    is_constant || (!has_digit && words.iter().any(|word| says(word)))
}

/// Whether a text has nothing in it that names and placeholders do not have.
fn is_one_word(text: &str) -> bool {
    !text.contains(|character: char| character.is_whitespace() || "\"'`|".contains(character))
}

/// `<the authtoken>`, `{authtoken}`, `%AUTHTOKEN%`.
fn is_enclosed(text: &str) -> bool {
    [('<', '>'), ('{', '}'), ('%', '%')]
        .into_iter()
        .any(|(opening, closing)| {
            text.strip_prefix(opening)
                .and_then(|rest| rest.strip_suffix(closing))
                .is_some_and(|inner| !inner.contains([opening, closing]))
        })
}

/// Whether a text may be said about a token.
fn reads_as_words(text: &str) -> bool {
    !is_one_word(text)
        && !text.bytes().any(|byte| byte.is_ascii_digit())
        && text.to_ascii_lowercase().contains("token")
}

/// By path, sorted: byte ranges in the decoded text.
pub type SentLiterals<'a> = HashMap<&'a str, Vec<Range<usize>>>;

/// The texts that the candidates send.
pub fn sent_literals<'a>(candidates: &[Candidate<'_>], units: &'a [Rc<Unit>]) -> SentLiterals<'a> {
    let mut sent = SentLiterals::new();
    let mut add = |place: Place, within: Option<Range<usize>>| {
        let Some(unit) = units.get(place.file as usize) else {
            return;
        };
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        let range = within.map_or(start..end, |within| {
            start + within.start..start + within.end
        });
        sent.entry(&unit.path).or_default().push(range);
    };
    for candidate in candidates {
        for place in candidate.sent.iter().flat_map(|sent| &sent.parts) {
            add(*place, None);
        }
        let is_login = asks_for_a_token(candidate.rule);
        for (place, role) in &candidate.flow {
            if *role != Role::Literal || !(is_login || candidate.carried.contains(place)) {
                continue;
            }
            let Some(unit) = units.get(place.file as usize) else {
                continue;
            };
            if let Some(value) = value_in(unit.slice(place.span), candidate.rule) {
                add(*place, Some(value));
            }
        }
    }
    for ranges in sent.values_mut() {
        ranges.sort_by_key(|range| (range.start, range.end));
        ranges.dedup();
    }
    sent
}

/// A request for a new token sends a password.
fn asks_for_a_token(rule: &Detection) -> bool {
    rule.matchers.iter().any(|matcher| {
        matches!(
            matcher,
            Matcher::Endpoint {
                group: EndpointGroup::Paths,
                ..
            }
        )
    })
}

/// Where in a text as it is written the value stands: without quotes and without the scheme.
fn value_in(written: &str, rule: &Detection) -> Option<Range<usize>> {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let start = written.len() - written.trim_start_matches(QUOTES).len();
    let whole = written.trim_matches(QUOTES);
    let schemes = rule.matchers.iter().flat_map(|matcher| match matcher {
        Matcher::Header { schemes, .. } => schemes.as_slice(),
        _ => &[],
    });
    let value = schemes
        .filter_map(|scheme| {
            let (before, value) = whole.split_at_checked(scheme.trim_end().len())?;
            before
                .eq_ignore_ascii_case(scheme.trim_end())
                .then(|| value.trim_start())
        })
        .next()
        .unwrap_or(whole);
    let start = start + (whole.len() - value.len());
    is_value(value).then(|| start..start + value.len())
}

/// Whether a text on the way of a token is the token or a part of it, not a name of one or a piece of a URL.
fn is_value(text: &str) -> bool {
    text.len() >= 4
        && !is_name(
            text,
            &["authtoken", "token", "your", "xxx", "secret", "example"],
        )
        && (!text.ends_with([' ', '=', '/', '?', '&', ':']) || is_padded(text))
        && !has_template(text)
}

/// Whether a part of a text leaves a place for others, or is markup around one.
fn has_template(text: &str) -> bool {
    if is_one_word(text) {
        return text.contains("://") || text.contains(['{', '<', '%', '$']);
    }
    text.starts_with('<')
        || text.ends_with('>')
        || text.contains('{') && text.contains('}')
        || TEMPLATES.iter().any(|template| text.contains(template))
}

/// Whether a text is base64 with the padding at its end, long enough for a token.
fn is_padded(text: &str) -> bool {
    let value = text.trim_end_matches('=');
    text.len() >= 16
        && text.len().is_multiple_of(4)
        && (1..=2).contains(&(text.len() - value.len()))
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::value::{Content, OriginKind, Steps, Unknown};
    use crate::rules::load::load;

    fn value<'t>(written: &'t str, rule: &str) -> Option<&'t str> {
        let rules = load(None).unwrap();
        let rule = rules.detections.iter().find(|one| one.id == rule).unwrap();
        value_in(written, rule).map(|range| &written[range])
    }

    #[test]
    fn a_value_is_what_is_left_without_quotes_and_scheme() {
        for (written, expected) in [
            ("\"blue-horse\"", Some("blue-horse")),
            ("'Zoho-authtoken blue-horse'", Some("blue-horse")),
            ("\"Zoho-authtoken \"", None),
            ("\"ZOHO_AUTHTOKEN\"", None),
            ("\"your-authtoken\"", None),
            ("\"<authtoken of yours>\"", None),
            ("\"%s of %s\"", None),
            ("\"Authorization: Zoho-authtoken $TOKEN\"", None),
            ("'Tok en<b>|x\\`y'", Some("Tok en<b>|x\\`y")),
            ("'blue token horse'", Some("blue token horse")),
            ("\"https://desk.zoho.com/\"", None),
            ("\"?authtoken=\"", None),
            ("\"Ymx1ZS1ob3JzZS1zaG9l\"", Some("Ymx1ZS1ob3JzZS1zaG9l")),
            (
                "\"Ymx1ZS1ob3JzZS1zaG9lcw==\"",
                Some("Ymx1ZS1ob3JzZS1zaG9lcw=="),
            ),
        ] {
            assert_eq!(value(written, "authtoken-header"), expected, "{written}");
        }
    }

    fn piece(literal: Option<&str>, start: usize) -> Piece {
        let file = 0;
        let length = literal.map_or(5, str::len);
        let span = crate::syntax::Span::new(start, start + length);
        let place = Place { file, span };
        let unknown = Unknown {
            kind: OriginKind::Parameter,
            name: "x".into(),
            module: None,
            type_name: None,
            place,
            steps: Steps::default(),
        };
        Piece {
            content: literal.map_or(Content::Hole(Rc::new(unknown)), |text| {
                Content::Literal(text.into())
            }),
            place,
            mapping: Mapping::Exact,
            steps: Steps::default(),
        }
    }

    fn within(pieces: Vec<Piece>, from: usize) -> Option<(bool, Vec<(u32, u32)>)> {
        let alternative = Alternative { pieces };
        let to = alternative.template().len();
        let sent = Sent::within(&alternative, from..to, SentAs::Token)?;
        let parts = sent.parts.iter().map(|one| (one.span.start, one.span.end));
        Some((sent.value.is_some(), parts.collect()))
    }

    #[test]
    fn all_that_is_written_where_a_token_stands_is_the_token() {
        for (pieces, from, expected) in [
            (
                vec![piece(Some("Zoho-authtoken my-secret"), 100)],
                14,
                Some((true, vec![(115, 124)])),
            ),
            (
                vec![piece(Some("authtoken=blue"), 0), piece(Some("horse"), 50)],
                10,
                Some((true, vec![(10, 14), (50, 55)])),
            ),
            (vec![piece(Some("a "), 0), piece(None, 9)], 2, None),
            (
                vec![piece(Some("blue-horse"), 0), piece(None, 20)],
                0,
                Some((false, vec![(0, 10)])),
            ),
            (vec![piece(Some("YOUR_AUTHTOKEN"), 0)], 0, None),
            (vec![piece(Some("your-authtoken"), 0)], 0, None),
            (vec![piece(Some("${ZOHO_TOKEN}"), 0)], 0, None),
            (vec![piece(Some("  "), 0)], 0, None),
            (vec![piece(Some("<authtoken>"), 0)], 0, None),
            (vec![piece(Some("put your token here"), 0)], 0, None),
            (
                vec![piece(Some("blue \"token\" horse|x"), 0)],
                0,
                Some((false, vec![(0, 20)])),
            ),
            (
                vec![piece(Some("<b>blue horse"), 0)],
                0,
                Some((true, vec![(0, 13)])),
            ),
        ] {
            assert_eq!(within(pieces, from), expected);
        }
    }

    #[test]
    fn a_value_in_a_url_ends_with_it() {
        for (text, value) in [
            ("https://a.example/?PASSWORD=p|w d<\"q", "p|w d<\"q"),
            ("https://a.example/?PASSWORD=it's&x=1", "it's"),
            ("https://a.example/?PASSWORD=blue horse#x", "blue horse"),
            ("{}/create?PASSWORD=blue horse", "blue horse"),
            ("curl 'https://a.example/?PASSWORD=a b\"' -X POST", "a b\""),
            ("see https://a.example/?PASSWORD=blue for more", "blue"),
            ("<a href=\"https://a.example/?PASSWORD=blue\">", "blue"),
        ] {
            let from = text.find("PASSWORD=").unwrap() + "PASSWORD=".len();
            assert_eq!(&text[from..end_in_url(text, from)], value, "{text}");
        }
    }

    #[test]
    fn only_a_request_for_a_token_sends_all_that_is_written() {
        let rules = load(None).unwrap();
        let asks = |id: &str| {
            asks_for_a_token(rules.detections.iter().find(|rule| rule.id == id).unwrap())
        };
        assert!(asks("authtoken-create"));
        assert!(!asks("authtoken-header"));
        assert!(!asks("legacy-endpoint"));
    }
}
