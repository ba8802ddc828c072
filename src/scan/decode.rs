//! From the bytes of a file to text, and from places in the text back to bytes on disk.

use super::counts::Counts;
use super::limits::BINARY_PREFIX;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// One byte, one character: read as windows-1252, which holds ISO 8859-1 as far as text goes.
    Latin1,
}

/// The text of a file, without its byte-order mark and with its line ends as they are.
#[derive(Clone, Debug)]
pub struct Source {
    pub text: String,
    pub encoding: Encoding,
    /// Bytes of the byte-order mark on disk: 0, 2 or 3.
    pub bom: u8,
    /// Bytes of the whole file on disk.
    size: usize,
    /// Units on disk before a place in the text; `None` for UTF-8, where text and disk agree.
    units: Option<Counts>,
}

/// Why a file has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error(
        "the file is binary: it has a zero byte near its beginning and no UTF-16 byte-order mark"
    )]
    Binary,
}

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads bytes as UTF-8, as UTF-16 if a byte-order mark says so, else as a single-byte encoding.
pub fn decode(bytes: &[u8]) -> Result<Source, DecodeError> {
    let size = bytes.len();
    if let Some(encoding) = utf16_encoding(bytes) {
        let text = utf16_text(encoding, bytes.get(2..).unwrap_or_default());
        let units = Some(Counts::new(&text, char::len_utf16));
        return Ok(Source {
            text,
            encoding,
            bom: 2,
            size,
            units,
        });
    }
    if is_binary(bytes) {
        return Err(DecodeError::Binary);
    }
    let (bom, bytes) = match bytes.strip_prefix(UTF8_BOM) {
        Some(rest) => (3, rest),
        None => (0, bytes),
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Source {
            text: text.to_owned(),
            encoding: Encoding::Utf8,
            bom,
            size,
            units: None,
        });
    }
    let text = encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned();
    let units = Some(Counts::new(&text, |_| 1));
    Ok(Source {
        text,
        encoding: Encoding::Latin1,
        bom,
        size,
        units,
    })
}

impl Source {
    /// Where on disk, byte-order mark included, a place in the text begins. A place past the end is the end; a place
    /// within a character is that character's beginning.
    pub fn disk_offset(&self, text_offset: usize) -> usize {
        let bom = usize::from(self.bom);
        let Some(units) = &self.units else {
            return bom + super::counts::floor(&self.text, text_offset);
        };
        if text_offset >= self.text.len() {
            // Also past the odd last byte of a broken UTF-16 file.
            return self.size;
        }
        let units = units.before(&self.text, text_offset);
        match self.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => bom + 2 * units,
            Encoding::Utf8 | Encoding::Latin1 => bom + units,
        }
    }
}

/// Whether a file without UTF-16 byte-order mark is no text, judged by its first bytes.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let first = bytes.get(..BINARY_PREFIX).unwrap_or(bytes);
    memchr::memchr(0, first).is_some() && utf16_encoding(bytes).is_none()
}

/// UTF-16 by its byte-order mark. (The mark of UTF-32 begins with the same bytes and is none.)
pub(super) fn utf16_encoding(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => None,
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// The text of UTF-16 bytes. What is not well-formed (a lone surrogate, an odd last byte) becomes U+FFFD, so that
/// each such unit still stands for one place on disk.
pub(super) fn utf16_text(encoding: Encoding, bytes: &[u8]) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match encoding {
        Encoding::Utf16Be => u16::from_be_bytes(*pair),
        _ => u16::from_le_bytes(*pair),
    });
    let mut text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

    /// What stands on disk between two places of the text, read again on its own.
    fn text_on_disk(source: &Source, bytes: &[u8], start: usize, end: usize) -> String {
        let slice = &bytes[source.disk_offset(start)..source.disk_offset(end)];
        match source.encoding {
            Encoding::Utf8 => String::from_utf8(slice.to_vec()).unwrap(),
            Encoding::Latin1 => encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(slice)
                .0
                .into_owned(),
            encoding => utf16_text(encoding, slice),
        }
    }

    #[test]
    fn line_ends_and_the_bytes_before_the_text_are_kept() {
        let source = decode(b"\xEF\xBB\xBFa\r\nb\rc\n").unwrap();
        assert_eq!(
            (source.text.as_str(), source.encoding, source.bom),
            ("a\r\nb\rc\n", Encoding::Utf8, 3)
        );
        assert_eq!(source.disk_offset(0), 3);
        assert_eq!(source.disk_offset(source.text.len()), 10);
    }

    #[test]
    fn a_file_without_mark_that_is_no_utf_8_is_read_byte_by_byte() {
        let bytes = b"caf\xe9 = \x80\x81";
        let source = decode(bytes).unwrap();
        assert_eq!(
            (source.text.as_str(), source.encoding),
            ("caf\u{e9} = \u{20ac}\u{81}", Encoding::Latin1)
        );
        assert_eq!(source.disk_offset(source.text.find('=').unwrap()), 5);
    }

    #[test]
    fn broken_utf_16_is_read_as_far_as_it_goes() {
        // A lone high surrogate, then "a", then half a unit.
        let bytes = [0xFF, 0xFE, 0x00, 0xD8, b'a', 0, b'b'];
        let source = decode(&bytes).unwrap();
        assert_eq!(source.text, "\u{fffd}a\u{fffd}");
        assert_eq!(source.disk_offset(3), 4);
        assert_eq!(source.disk_offset(4), 6);
        assert_eq!(source.disk_offset(source.text.len()), bytes.len());
    }

    #[test]
    fn binary_files_have_no_text() {
        assert_eq!(decode(b"\x7fELF\0\0").unwrap_err(), DecodeError::Binary);
        assert_eq!(
            decode(&[0xFF, 0xFE, 0, 0, b'a', 0, 0, 0]).unwrap_err(),
            DecodeError::Binary
        );
        assert_eq!(decode(b"").unwrap().text, "");
    }

    #[test]
    fn places_within_a_character_or_past_the_end_are_moved_back() {
        let source = decode("a\u{e9}b".as_bytes()).unwrap();
        assert_eq!(source.disk_offset(2), 1);
        assert_eq!(source.disk_offset(99), 4);
    }

    proptest! {
        #[test]
        fn decoding_any_bytes_ends_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), mark in 0..4usize) {
            let bytes = [[&[][..], UTF8_BOM, &[0xFF, 0xFE], &[0xFE, 0xFF]][mark], &bytes].concat();
            if let Ok(source) = decode(&bytes) {
                let mut last = 0;
                for offset in 0..source.text.len() + 2 {
                    let disk = source.disk_offset(offset);
                    prop_assert!(disk >= last && disk <= bytes.len());
                    last = disk;
                }
                prop_assert_eq!(last, bytes.len());
            }
        }

        #[test]
        fn bytes_on_disk_between_two_places_are_the_text_between_them(
            text in "[a-c\r\n\u{e9}\u{20ac}😀]{0,200}", form in 0..5usize, cuts in any::<[prop::sample::Index; 2]>()
        ) {
            let latin = || { text.chars().map(|c| if c.is_ascii() { c as u8 } else { 0xE9 }).collect::<Vec<u8>>() };
            let bytes = match form {
                0 => text.clone().into_bytes(),
                1 => [UTF8_BOM, text.as_bytes()].concat(),
                2 => utf16(&text, true),
                3 => utf16(&text, false),
                _ => latin(),
            };
            let source = decode(&bytes).unwrap();
            let places: Vec<usize> = source.text.char_indices().map(|(at, _)| at).chain([source.text.len()]).collect();
            let (a, b) = (*cuts[0].get(&places), *cuts[1].get(&places));
            let (start, end) = (a.min(b), a.max(b));
            prop_assert_eq!(text_on_disk(&source, &bytes, start, end), &source.text[start..end]);
        }

        #[test]
        fn long_single_byte_files_keep_their_places(letters in proptest::collection::vec(0xC0u8..=0xFF, 5000..9000)) {
            let source = decode(&[b"\xff", letters.as_slice()].concat()).unwrap();
            prop_assume!(source.encoding == Encoding::Latin1);
            for (index, (at, _)) in source.text.char_indices().enumerate() {
                prop_assert_eq!(source.disk_offset(at), index);
            }
        }
    }
}
