//! The bounds within which a tree is read: how large, how much at once, how many threads.

/// Larger files are searched but not handed on, since nobody writes two megabytes of source by hand.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 2 * 1024 * 1024;

/// A text file over the size limit is still searched to its end, so that it counts as unread only if it holds
/// something. Past this size even that stops.
pub(super) const SEARCH_LIMIT: u64 = 256 * 1024 * 1024;

/// A NUL byte this early makes a file binary.
pub(super) const BINARY_PREFIX: usize = 8 * 1024;

/// What one read asks for first; nearly every source file fits.
pub(super) const FIRST_READ: usize = 64 * 1024;

/// Rules in an ignore file past this length are not read: no one wrote them by hand.
pub(super) const IGNORE_FILE_LIMIT: u64 = 1024 * 1024;

/// Files of one folder that one thread takes at a time, so that a folder of many thousands is shared out.
pub(super) const FILES_AT_ONCE: usize = 64;

/// Beyond this many threads the file system is the limit.
const MAX_THREADS: usize = 12;

/// How many threads to use: what was asked for, else what the machine has.
pub(super) fn threads(asked: Option<usize>) -> usize {
    let available = || {
        std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MAX_THREADS)
    };
    asked.unwrap_or_else(available).max(1)
}
