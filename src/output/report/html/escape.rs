//! How a text becomes part of the page: as what it is, never as markup, and with nothing in it that reorders or hides
//! the text around it.

use crate::finding::excerpt::visible;
use askama::filters::Escaper;
use std::fmt::{self, Write};

/// The escaper of the templates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            let entity = match character {
                '&' => Some("&amp;"),
                '<' => Some("&lt;"),
                '>' => Some("&gt;"),
                '"' => Some("&quot;"),
                '\'' => Some("&#39;"),
                _ => None,
            };
            let shown = visible(character);
            if entity.is_none() && shown == character {
                continue;
            }
            to.write_str(text.get(plain..at).unwrap_or_default())?;
            match entity {
                Some(entity) => to.write_str(entity)?,
                None => to.write_char(shown)?,
            }
            plain = at + character.len_utf8();
        }
        to.write_str(text.get(plain..).unwrap_or_default())
    }
}

/// For types that write markup themselves.
pub fn escaped(to: &mut impl Write, text: &str) -> fmt::Result {
    Visible.write_escaped_str(to, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page_text(text: &str) -> String {
        let mut page = String::new();
        escaped(&mut page, text).unwrap();
        page
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(
            page_text("a<b attr=\"x\" other='y'>&amp;"),
            "a&lt;b attr=&quot;x&quot; other=&#39;y&#39;&gt;&amp;amp;"
        );
        assert_eq!(
            page_text("plain é 漢 text\n\tnext"),
            "plain é 漢 text\n\tnext"
        );
    }

    #[test]
    fn characters_that_reorder_or_hide_are_shown() {
        assert_eq!(
            page_text("a\u{202e}b\u{200b}c\0d\u{1b}e"),
            "a\u{fffd}b\u{fffd}c\u{2400}d\u{241b}e"
        );
    }

    proptest! {
        #[test]
        fn nothing_that_begins_markup_leaves(text in any::<String>()) {
            let page = page_text(&text);
            prop_assert!(!page.contains(['<', '>', '"', '\'']));
            let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
            for (at, _) in page.match_indices('&') {
                prop_assert!(entities.iter().any(|entity| page[at..].starts_with(entity)));
            }
        }
    }
}
