//! Where text that was read one byte a character costs enough for a gain.

use super::codepage::CodePage;
use super::window::Window;
use super::writing::{Writing, fused};

/// Which runs of characters of a single byte can gain enough at all: what ASCII costs it costs either way, so
/// that no more is to be gained than what the others cost as they stand.
pub(super) struct WorthReading {
    page: CodePage,
    writing: Writing,
    least: u32,
    /// Where the run ends that was looked at last.
    end: usize,
}

impl WorthReading {
    pub(super) fn new(page: CodePage, writing: Writing, least: u32) -> WorthReading {
        WorthReading { page, writing, least, end: 0 }
    }

    /// The first place from `at` on that is in such a run.
    pub(super) fn from(&mut self, window: &Window, mut at: usize) -> Option<usize> {
        while at >= self.end {
            let (end, gain) = self.run(window, at);
            self.end = end.max(at + 1);
            if gain < self.least {
                at = self.end;
            }
            if at >= window.chars.len() {
                return None;
            }
        }
        Some(at)
    }

    /// Where the run ends that `at` is in, and what it could gain at the most.
    fn run(&self, window: &Window, at: usize) -> (usize, u32) {
        let table = self.page.table();
        // ASCII may be the second byte of a pair, and each `?` behind it one that was lost.
        let (mut gain, mut pair) = (0, false);
        for (i, &c) in window.chars.iter().enumerate().skip(at) {
            let byte = c.is_ascii()
                || c == '\u{FFFD}'
                || table.unit(c).is_some()
                || fused(self.page, self.writing, c).is_some();
            if !byte {
                return (i, gain);
            }
            if pair || !c.is_ascii() {
                gain += window.cost(i, i + 1);
            }
            pair = !c.is_ascii() || c == '?' && pair;
        }
        (window.chars.len(), gain)
    }
}
