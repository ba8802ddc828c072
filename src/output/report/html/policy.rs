//! The script and the style of the page, and the policy by which a browser runs these two and nothing else.

use sha2::{Digest, Sha256};

pub const SCRIPT: &str = include_str!("../../../../templates/report/report.js");
pub const STYLE: &str = include_str!("../../../../templates/report/report.css");

/// The content of the `Content-Security-Policy` element.
pub fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

fn hash(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = bits >> (18 - 6 * place) & 63;
            text.push(match DIGITS.get(digit as usize) {
                Some(digit) if place <= group.len() => char::from(*digit),
                _ => '=',
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn script_and_style_cannot_end_their_element() {
        for text in [SCRIPT, STYLE] {
            assert!(!text.to_ascii_lowercase().contains("</"));
            assert!(!text.contains("<!--") && !text.contains('\r'));
        }
    }

    #[test]
    fn neither_script_nor_style_fetches_anything() {
        for word in [
            "http:", "https:", "//", "fetch(", "@import", "XMLHttp", "url(", "@font",
        ] {
            // Comments of the script begin with two slashes.
            let script = SCRIPT.replace("  // ", "").replace("\n// ", "\n");
            assert!(!script.contains(word), "{word}");
            assert!(!STYLE.contains(word), "{word}");
        }
    }
}
