//! The line that says how far a long scan is. It is drawn only after a second, so that quick scans show
//! nothing, and is gone when the scan ends.

use crate::pipeline::Progress;
use std::io::Write;
use std::time::{Duration, Instant};

const SILENCE: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(100);
const BAR: u64 = 24;

pub(super) struct Line<'w> {
    /// Absent where nobody looks on.
    out: Option<&'w mut dyn Write>,
    clock: fn() -> Instant,
    began: Instant,
    drawn: Option<Instant>,
    width: usize,
}

impl<'w> Line<'w> {
    pub fn new(out: Option<&'w mut dyn Write>, clock: fn() -> Instant) -> Line<'w> {
        Line {
            out,
            clock,
            began: clock(),
            drawn: None,
            width: 0,
        }
    }

    fn draw(&mut self, text: &str) {
        let Some(out) = &mut self.out else { return };
        let blank = " ".repeat(self.width.saturating_sub(text.len()));
        // A terminal that does not take it is no reason to stop the scan.
        let _ = write!(out, "\r{text}{blank}\r").and_then(|()| out.flush());
        self.width = text.len();
    }
}

impl Progress for Line<'_> {
    fn update(&mut self, done: u64, total: Option<u64>) {
        if self.out.is_none() {
            return;
        }
        let now = (self.clock)();
        let due = match self.drawn {
            None => now.duration_since(self.began) >= SILENCE,
            Some(drawn) => now.duration_since(drawn) >= INTERVAL,
        };
        if due {
            self.drawn = Some(now);
            self.draw(&text(done, total));
        }
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if self.width > 0 {
            self.draw("");
        }
    }
}

fn text(done: u64, total: Option<u64>) -> String {
    match total {
        Some(total) if total > 0 => {
            let done = done.min(total);
            let filled = usize::try_from(done.saturating_mul(BAR) / total).unwrap_or_default();
            let bar = "#".repeat(filled);
            let width = BAR as usize;
            format!("[{bar:-<width$}] {done} of {total} files")
        }
        _ => format!("{done} files read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    static MILLISECONDS: AtomicU64 = AtomicU64::new(0);

    fn clock() -> Instant {
        *BEGINNING + Duration::from_millis(MILLISECONDS.load(Ordering::SeqCst))
    }

    #[test]
    fn is_silent_for_a_second_then_redraws_and_leaves_nothing() {
        let mut out = Vec::new();
        let mut line = Line::new(Some(&mut out), clock);
        for (at, done) in [(10, 1), (999, 5), (1000, 12), (1050, 13), (1100, 100)] {
            MILLISECONDS.store(at, Ordering::SeqCst);
            line.update(done, Some(100));
        }
        drop(line);
        let out = String::from_utf8(out).unwrap();
        let full = "[########################] 100 of 100 files";
        let expected = format!(
            "\r[##----------------------] 12 of 100 files\r\r{full}\r\r{}\r",
            " ".repeat(full.len())
        );
        assert_eq!(out, expected);
    }

    #[test]
    fn an_unknown_total_is_no_division() {
        assert_eq!(text(3, None), "3 files read");
        assert_eq!(text(3, Some(0)), "3 files read");
        assert!(text(u64::MAX, Some(u64::MAX)).ends_with("files"));
    }
}
