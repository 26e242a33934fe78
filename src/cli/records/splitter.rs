//! Where records end.

use super::Kind;

/// Finds the ends of records in text that comes piece by piece.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// Bytes of the open record that have been looked at.
    seen: usize,
    /// In quotes, where a line end belongs to the field.
    quoted: bool,
}

impl Splitter {
    /// The length of the first record of `text`, line end and all; `None` where it is not whole.
    /// `text` is the open record and what was added to it since the last call.
    pub(super) fn next(&mut self, kind: Kind, text: &[u8]) -> Option<usize> {
        while let Some(n) = match kind {
            Kind::Csv => memchr::memchr2(b'\n', b'"', &text[self.seen..]),
            Kind::Jsonl | Kind::Tsv => memchr::memchr(b'\n', &text[self.seen..]),
        } {
            self.seen += n + 1;
            if text[self.seen - 1] == b'"' {
                self.quoted = !self.quoted;
            } else if !self.quoted {
                return Some(std::mem::take(&mut self.seen));
            }
        }
        self.seen = text.len();
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_in_quotes_ends_nothing() {
        let text = b"a,\"b\nc\"\"\"\nd\n";
        for size in 1..text.len() {
            let (mut splitter, mut open, mut found) = (Splitter::default(), Vec::new(), Vec::new());
            for chunk in text.chunks(size) {
                open.extend_from_slice(chunk);
                while let Some(end) = splitter.next(Kind::Csv, &open) {
                    found.push(open.drain(..end).count());
                }
            }
            assert_eq!(found, [10, 2], "{size}");
        }
    }
}
