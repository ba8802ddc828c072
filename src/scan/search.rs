//! One file: read it into a buffer that is used again and again, and search it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};

use super::decode::{is_binary, utf16_encoding};
use super::limits::{BINARY_PREFIX, FIRST_READ, SEARCH_LIMIT};
use super::prefilter::{LiteralSet, Prefilter};

/// What a file turned out to be.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Text without any of the literals, read to its end.
    Clean,
    Found {
        literals: LiteralSet,
        size: u64,
    },
    Binary,
    /// Over the size limit, and either it holds a literal or it is too large even to be searched.
    TooLarge {
        size: u64,
    },
    Unreadable(String),
}

/// A thread's reader.
#[derive(Debug)]
pub(super) struct Searcher<'a> {
    prefilter: &'a Prefilter,
    /// Hand on every text file, with or without a literal.
    everything: bool,
    max_file_size: u64,
    buffer: Vec<u8>,
    pub(super) files_read: u64,
    pub(super) bytes_read: u64,
}

impl<'a> Searcher<'a> {
    pub(super) fn new(prefilter: &'a Prefilter, everything: bool, max_file_size: u64) -> Self {
        Self {
            prefilter,
            everything,
            max_file_size,
            buffer: vec![0; FIRST_READ],
            files_read: 0,
            bytes_read: 0,
        }
    }

    /// Reads and searches a file that was opened, or was to be.
    pub(super) fn search(&mut self, name: &OsStr, file: io::Result<File>) -> Outcome {
        match file.and_then(|file| self.read_and_search(name, file)) {
            Ok(outcome) => {
                self.files_read += 1;
                outcome
            }
            Err(error) => Outcome::Unreadable(error.to_string()),
        }
    }

    fn read_and_search(&mut self, name: &OsStr, mut file: File) -> io::Result<Outcome> {
        let at_once = if is_picture(name) {
            BINARY_PREFIX
        } else {
            FIRST_READ
        };
        let mut filled = self.fill(&mut file, 0, BINARY_PREFIX, at_once)?;
        if is_binary(self.buffer.get(..filled).unwrap_or_default()) {
            return Ok(Outcome::Binary);
        }
        // One byte more than the limit tells whether the file goes beyond it.
        let limit = usize::try_from(self.max_file_size)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        if filled >= BINARY_PREFIX {
            // Else the file has ended already: no second question.
            filled = self.fill(&mut file, filled, limit, FIRST_READ)?;
        }
        if filled >= limit {
            return self.search_large(&mut file, filled);
        }
        let bytes = self.buffer.get_mut(..filled).unwrap_or_default();
        if !self.everything && !self.prefilter.matches(bytes) {
            return Ok(Outcome::Clean);
        }
        Ok(Outcome::Found {
            literals: self.prefilter.found(bytes),
            size: filled as u64,
        })
    }

    /// Searches a file over the limit to its end, part by part. `filled` bytes of it are in the buffer.
    fn search_large(&mut self, file: &mut File, mut filled: usize) -> io::Result<Outcome> {
        let too_large = Outcome::TooLarge {
            size: file.metadata()?.len(),
        };
        let utf16 = utf16_encoding(self.buffer.get(..filled).unwrap_or_default());
        let mut searched = filled as u64;
        loop {
            let part = self.buffer.get_mut(..filled).unwrap_or_default();
            if self.everything || searched > SEARCH_LIMIT || self.prefilter.matches_in(utf16, part)
            {
                return Ok(too_large);
            }
            // An even number of bytes goes, so that UTF-16 units stay whole.
            let gone = filled.saturating_sub(self.prefilter.overlap()) & !1;
            self.buffer.copy_within(gone..filled, 0);
            let kept = filled - gone;
            filled = self.fill(
                file,
                kept,
                self.buffer.len().max(kept + FIRST_READ),
                FIRST_READ,
            )?;
            if filled == kept {
                return Ok(Outcome::Clean);
            }
            searched += (filled - kept) as u64;
        }
    }

    /// Reads on behind `filled` bytes until there are at least `wanted` or the file ends; returns how many there are.
    /// The buffer grows only when it is full. More than `wanted` may be read, up to `at_once`.
    fn fill(
        &mut self,
        file: &mut File,
        mut filled: usize,
        wanted: usize,
        at_once: usize,
    ) -> io::Result<usize> {
        while filled < wanted {
            if filled == self.buffer.len() {
                self.buffer
                    .resize(filled.saturating_mul(2).min(wanted.max(filled + 1)), 0);
            }
            let end = self.buffer.len().min(wanted.max(at_once));
            let Some(free) = self.buffer.get_mut(filled..end) else {
                break;
            };
            match file.read(free) {
                Ok(0) => break,
                Ok(count) => {
                    filled += count;
                    self.bytes_read += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// Whether a name says that the file is no text, so that its first bytes are enough to see it. They decide, not the
/// name.
fn is_picture(name: &OsStr) -> bool {
    const ENDINGS: [&[u8]; 10] = [
        b".png", b".jpg", b".jpeg", b".gif", b".ico", b".jar", b".pdf", b".zip", b".woff2",
        b".woff",
    ];
    let name = name.as_encoded_bytes();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}
