//! A member of a JSON object, and the members that take its place.
//!
//! Owns how members are written. It must not know who reads them.

use crate::syntax::tree::Span;

/// A name with a text, a number or nothing as its value.
pub(super) struct Member<'t> {
    pub whole: Span,
    /// From behind the name to the value.
    sign: &'t str,
    /// What stands before the next member: a line end with its indentation, or one space.
    between: String,
}

impl<'t> Member<'t> {
    /// The member whose name stands at `key`, with or without its quotes.
    pub fn around(text: &'t str, key: Span) -> Option<Member<'t>> {
        let (mut start, mut end) = (key.start as usize, key.end as usize);
        if !text.get(start..end)?.starts_with('"') {
            start = start.checked_sub(1)?;
            end += 1;
        }
        let name = text.get(start..end)?;
        if !name.starts_with('"') || !name.ends_with('"') {
            return None;
        }
        let behind = text.get(end..)?;
        let sign_length = behind.len()
            - behind
                .trim_start()
                .strip_prefix(':')?
                .trim_start_matches([' ', '\t'])
                .len();
        let sign = behind.get(..sign_length)?;
        let value = length_of_value(behind.get(sign_length..)?)?;
        let before = text.get(..start)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let indentation = before.get(line..)?;
        let between = if line > 0 && indentation.chars().all(char::is_whitespace) {
            let is_crlf = before.get(..line - 1)?.ends_with('\r');
            format!("{}{indentation}", if is_crlf { "\r\n" } else { "\n" })
        } else {
            " ".to_string()
        };
        Some(Member {
            whole: Span::new(start, end + sign_length + value),
            sign,
            between,
        })
    }

    /// The members that stand in its place, without values.
    pub fn replaced(&self, names: &[&str]) -> String {
        let members: Vec<String> = names
            .iter()
            .map(|name| format!("\"{name}\"{}\"\"", self.sign))
            .collect();
        members.join(&format!(",{}", self.between))
    }
}

/// The length in bytes of a text, a number or `null`; other values are no settings.
fn length_of_value(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix('"') {
        let mut escaped = false;
        for (at, byte) in rest.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Some(at + 2),
                b'\n' => return None,
                _ => {}
            }
        }
        return None;
    }
    let length = text
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    let value = text.get(..length)?;
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    (value == "null" || is_number).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> Option<String> {
        let start = text.find("authtoken")?;
        let end = start + "authtoken".len();
        let member = Member::around(text, Span::new(start, end))?;
        let quoted = Member::around(text, Span::new(start - 1, end + 1))?;
        assert_eq!(member.whole, quoted.whole);
        let mut text = text.to_string();
        text.replace_range(
            member.whole.start as usize..member.whole.end as usize,
            &member.replaced(&["clientId", "clientSecret", "refreshToken"]),
        );
        Some(text)
    }

    #[test]
    fn members_are_written_as_the_old_one_was() {
        for (before, after) in [
            (
                "{\n  \"a\": 1,\n  \"authtoken\": \"made\\\"up\",\n  \"b\": 2\n}\n",
                "{\n  \"a\": 1,\n  \"clientId\": \"\",\n  \"clientSecret\": \"\",\n  \"refreshToken\": \"\",\n  \"b\": 2\n}\n",
            ),
            (
                "{\r\n\t\"authtoken\":null\r\n}",
                "{\r\n\t\"clientId\":\"\",\r\n\t\"clientSecret\":\"\",\r\n\t\"refreshToken\":\"\"\r\n}",
            ),
            (
                "{ \"authtoken\": \"made-up\", \"b\": 2 }",
                "{ \"clientId\": \"\", \"clientSecret\": \"\", \"refreshToken\": \"\", \"b\": 2 }",
            ),
        ] {
            assert_eq!(replaced(before).as_deref(), Some(after));
        }
    }

    #[test]
    fn other_values_are_left_alone() {
        for text in [
            "{ \"authtoken\": [\"a\"] }",
            "{ \"authtoken\": { \"a\": 1 } }",
            "{ \"authtoken\": \"a",
            "{ \"authtoken\" }",
            "{ \"authtoken\": true }",
        ] {
            assert_eq!(replaced(text), None, "{text}");
        }
    }
}
