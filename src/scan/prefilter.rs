//! The one search that every file goes through: does it hold any of a few literals, in any case (ASCII)?
//!
//! Works on the bytes as they lie on disk, put into small letters where they lie: that costs a fraction of what a
//! search for every mixture of small and large letters does. Only a file with a UTF-16 byte-order mark is decoded
//! first.

use regex::bytes::{Regex, RegexBuilder};

use super::decode::{Encoding, utf16_encoding, utf16_text};

/// A search for literals, made once and shared by all threads.
#[derive(Clone, Debug)]
pub struct Prefilter {
    /// `None` for an empty list: an empty alternation would match everything.
    any: Option<Regex>,
    /// In lower case, in the order given.
    literals: Vec<String>,
    longest: usize,
}

/// Why no search can be made from a list of literals.
#[derive(Debug, thiserror::Error)]
pub enum PrefilterError {
    #[error("an empty literal would match every file")]
    Empty,
    #[error("the literals are too many or too long for one search")]
    TooLarge(#[source] Box<regex::Error>),
}

/// Which literals of a [`Prefilter`] occur in a file, by their place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiteralSet {
    words: Vec<u32>,
}

impl LiteralSet {
    pub fn contains(&self, index: usize) -> bool {
        self.words
            .get(index / 32)
            .is_some_and(|word| word & (1 << (index % 32)) != 0)
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len() * 32).filter(|index| self.contains(*index))
    }

    fn insert(&mut self, index: usize) {
        if self.words.len() <= index / 32 {
            self.words.resize(index / 32 + 1, 0);
        }
        if let Some(word) = self.words.get_mut(index / 32) {
            *word |= 1 << (index % 32);
        }
    }
}

impl Prefilter {
    /// A search for `literals`, none of which may be empty. No literals at all match nothing.
    pub fn new<L: AsRef<str>>(literals: &[L]) -> Result<Self, PrefilterError> {
        let literals: Vec<String> = literals
            .iter()
            .map(|literal| literal.as_ref().to_ascii_lowercase())
            .collect();
        if literals.iter().any(String::is_empty) {
            return Err(PrefilterError::Empty);
        }
        let any = if literals.is_empty() {
            None
        } else {
            let alternation = necessary(&literals)
                .map(regex::escape)
                .collect::<Vec<_>>()
                .join("|");
            let regex = RegexBuilder::new(&alternation)
                .unicode(false)
                .build()
                .map_err(|error| PrefilterError::TooLarge(Box::new(error)))?;
            Some(regex)
        };
        let longest = literals.iter().map(String::len).max().unwrap_or(0);
        Ok(Self {
            any,
            literals,
            longest,
        })
    }

    /// The literals, in lower case.
    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    /// Whether a file of these bytes holds any of the literals. Leaves small letters for large ones (ASCII).
    pub fn matches(&self, bytes: &mut [u8]) -> bool {
        self.matches_in(utf16_encoding(bytes), bytes)
    }

    /// Which literals a file of these bytes holds. Slower than [`Self::matches`]: for the few files that have any.
    pub fn found(&self, bytes: &[u8]) -> LiteralSet {
        let text = match utf16_encoding(bytes) {
            Some(encoding) => utf16_text(encoding, bytes)
                .to_ascii_lowercase()
                .into_bytes(),
            None => bytes.to_ascii_lowercase(),
        };
        let mut found = LiteralSet::default();
        for (index, literal) in self.literals.iter().enumerate() {
            if memchr::memmem::find(&text, literal.as_bytes()).is_some() {
                found.insert(index);
            }
        }
        found
    }

    /// As [`Self::matches`], for a part of a file whose encoding is known from its beginning.
    pub(super) fn matches_in(&self, utf16: Option<Encoding>, part: &mut [u8]) -> bool {
        let Some(any) = &self.any else { return false };
        match utf16 {
            Some(encoding) => {
                any.is_match(utf16_text(encoding, part).to_ascii_lowercase().as_bytes())
            }
            None => {
                part.make_ascii_lowercase();
                any.is_match(part)
            }
        }
    }

    /// How many bytes two neighbouring parts of a file must share so that no literal is lost between them.
    pub(super) fn overlap(&self) -> usize {
        // A UTF-16 unit has two bytes and stands for at least one byte of the literal.
        self.longest.saturating_mul(2)
    }
}

/// The literals without those that hold another one: `authtoken` finds every `zoho-authtoken`.
fn necessary(literals: &[String]) -> impl Iterator<Item = &str> {
    literals.iter().enumerate().filter_map(|(index, literal)| {
        let implied = literals.iter().enumerate().any(|(other_index, other)| {
            literal.contains(other.as_str()) && (literal.len() > other.len() || other_index < index)
        });
        (!implied).then_some(literal.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(prefilter: &Prefilter, bytes: &[u8]) -> bool {
        prefilter.matches(&mut bytes.to_vec())
    }

    fn utf16(text: &str, little_endian: bool) -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units
            .flat_map(|unit| {
                if little_endian {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn literals_are_found_in_any_case_and_named() {
        let prefilter = Prefilter::new(&["zoho", "AuthToken", "ticket"]).unwrap();
        let text = b"x = getZOHO(); y = AUTHtoken;";
        assert!(matches(&prefilter, text));
        assert_eq!(prefilter.found(text).iter().collect::<Vec<_>>(), [0, 1]);
        assert!(!matches(&prefilter, b"z oho auth token"));
        assert!(prefilter.found(b"z oho auth token").is_empty());
    }

    #[test]
    fn bytes_that_are_no_utf_8_do_not_hide_a_literal() {
        let prefilter = Prefilter::new(&["zoho"]).unwrap();
        let text = b"\xff\xe9zoho\xe9";
        assert!(matches(&prefilter, text));
        assert!(prefilter.found(text).contains(0));
    }

    #[test]
    fn literals_are_found_in_utf_16_of_both_byte_orders() {
        let prefilter = Prefilter::new(&["authtoken"]).unwrap();
        for little_endian in [true, false] {
            let hit = utf16("tok\u{e9}n 😀 AUTHTOKEN=1", little_endian);
            assert!(matches(&prefilter, &hit));
            assert!(prefilter.found(&hit).contains(0));
            assert!(!matches(&prefilter, &utf16("nothing here", little_endian)));
        }
    }

    #[test]
    fn one_literal_within_another_still_finds_both() {
        let prefilter = Prefilter::new(&["zoho-authtoken", "authtoken", "authtoken"]).unwrap();
        assert_eq!(
            prefilter
                .found(b"Zoho-authtoken")
                .iter()
                .collect::<Vec<_>>(),
            [0, 1, 2]
        );
        assert_eq!(
            prefilter.found(b"oauthtoken").iter().collect::<Vec<_>>(),
            [1, 2]
        );
        assert!(matches(&prefilter, b"authtoken"));
    }

    #[test]
    fn letters_of_a_pattern_mean_themselves() {
        let prefilter = Prefilter::new(&["a.b|c(", "caf\u{e9}"]).unwrap();
        assert!(matches(&prefilter, b"A.B|C("));
        assert!(!matches(&prefilter, b"axb"));
        assert!(matches(&prefilter, "CAF\u{e9}".as_bytes()));
    }

    #[test]
    fn an_empty_list_matches_nothing_and_an_empty_literal_is_refused() {
        assert!(!matches(&Prefilter::new::<&str>(&[]).unwrap(), b"anything"));
        assert!(matches!(
            Prefilter::new(&["zoho", ""]),
            Err(PrefilterError::Empty)
        ));
    }

    #[test]
    fn hundreds_of_literals_are_told_apart() {
        let literals: Vec<String> = (0..300)
            .map(|number| format!("needle_{number:03}"))
            .collect();
        let prefilter = Prefilter::new(&literals).unwrap();
        let found = prefilter.found(b"NEEDLE_007 and needle_299");
        assert_eq!(found.iter().collect::<Vec<_>>(), [7, 299]);
    }
}
