//! Where the lines of the raw input begin: what is said of a record names its first byte.

use std::collections::VecDeque;

/// The starts of the lines that are not done, in bytes of the raw input.
///
/// In every encoding that is not of wide units a line feed is the byte 0x0A and nothing else is, so
/// the lines can be counted before they are decoded.
#[derive(Debug)]
pub(super) struct Lines {
    starts: VecDeque<u64>,
    /// Bytes of input seen.
    seen: u64,
    /// The file has wide units, in which bytes tell nothing.
    wide: bool,
}

impl Default for Lines {
    fn default() -> Lines {
        Lines { starts: VecDeque::from([0]), seen: 0, wide: false }
    }
}

impl Lines {
    /// Takes the next bytes of the raw input.
    pub(super) fn input(&mut self, bytes: &[u8]) {
        if !self.wide {
            let ends = memchr::memchr_iter(b'\n', bytes);
            self.starts.extend(ends.map(|at| self.seen + at as u64 + 1));
        }
        self.seen += bytes.len() as u64;
    }

    /// Says that the encoding has wide units.
    pub(super) fn wide(&mut self) {
        self.wide = true;
        self.starts.clear();
    }

    /// Where the first line that is not done begins; `None` where it cannot be known.
    pub(super) fn start(&self) -> Option<u64> {
        self.starts.front().copied()
    }

    /// Counts the lines that end in `text`, which is done.
    pub(super) fn done(&mut self, text: &str) {
        if !self.wide {
            let ends = memchr::memchr_iter(b'\n', text.as_bytes()).count();
            self.starts.drain(..ends.min(self.starts.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_those_of_the_raw_input() {
        let mut lines = Lines::default();
        let raw = b"\xca\xb5\xcf\xd6\nab\n\n";
        raw.chunks(2).for_each(|piece| lines.input(piece));
        assert_eq!(lines.start(), Some(0));
        lines.done("实现\n");
        assert_eq!(lines.start(), Some(5));
        lines.done("ab\n");
        assert_eq!(lines.start(), Some(8));
        lines.wide();
        assert_eq!(lines.start(), None);
        lines.done("\n");
    }
}
