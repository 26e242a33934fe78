//! Where text that was read one byte a character costs enough for a gain.

use super::codepage::CodePage;
use super::window::Window;
use super::writing::{Writing, fused};

/// Where so many characters of three bytes begin, one in so many at the least is whole, also of Chinese that a decoder dropped
/// bytes of.
const MANY: usize = 4;
const FEW: usize = 3;

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
        let (end, gain) = self.run_of_bytes(window, at);
        let junk = self.writing == Writing::Utf8 && self.is_no_utf_8(&window.chars[at..end]);
        (end, if junk { 0 } else { gain })
    }

    /// Whether of the bytes that begin three in UTF-8, and have another behind them that is not ASCII, too few have two that go
    /// on with them, even if a decoder lost some.
    fn is_no_utf_8(&self, chars: &[char]) -> bool {
        let table = self.page.table();
        let goes_on = |c: Option<&char>| match c.map(|c| (c, table.unit(*c))) {
            Some((_, Some(unit))) => matches!(unit, 0x80..=0xBF),
            // What is lost, or two bytes at once.
            Some((c, None)) => !c.is_ascii(),
            None => false,
        };
        let (mut begun, mut whole) = (0, 0);
        for (at, c) in chars.iter().enumerate() {
            let next = chars.get(at + 1);
            if matches!(table.unit(*c), Some(0xE2..=0xEF)) && next.is_some_and(|c| !c.is_ascii()) {
                begun += 1;
                whole += usize::from(goes_on(next) && goes_on(chars.get(at + 2)));
            }
        }
        begun >= MANY && whole * FEW < begun
    }

    fn run_of_bytes(&self, window: &Window, at: usize) -> (usize, u32) {
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
