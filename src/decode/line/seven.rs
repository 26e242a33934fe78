//! Files in seven bits (HZ, ISO-2022-CN): bytes beyond ASCII are no part of them, so what has such is
//! in another encoding, up to the next escape or the end of the line.

use memchr::{memchr, memchr2, memmem};

use super::{Encoding, Flow, JUDGED, Lines};

const ESCAPE: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;

impl Lines {
    pub(super) fn lines_of_seven(&mut self, block: &[u8], flow: &mut Flow<'_>) {
        let (mut start, mut at) = (0, 0);
        while at < block.len() {
            let end = memchr(b'\n', &block[at..]).map_or(block.len(), |i| at + i + 1);
            let judged = end.min(at + JUDGED);
            if self.now == self.base && block[at..judged].is_ascii() {
                at = end;
                continue;
            }
            // What stands before is the file's own; only then do the offsets fit.
            self.transcoder.feed(&block[start..at], false, flow);
            let encoding = self.pieces(&block[at..judged], flow);
            if judged < end {
                self.more(encoding, &block[judged..end], true, flow);
            }
            (start, at) = (end, end);
        }
        self.transcoder.feed(&block[start..], false, flow);
    }

    /// Decodes a line, or the start of one, piece by piece. Returns the encoding of the last piece.
    pub(super) fn pieces(&mut self, line: &[u8], flow: &mut Flow<'_>) -> Encoding {
        let mut rest = line;
        loop {
            let high = rest.iter().position(|b| *b >= 0x80);
            let (own, other) = rest.split_at(high.unwrap_or(rest.len()));
            if escape(self.base, own).is_some() {
                self.switch(self.base, 1.0, flow);
            }
            self.transcoder.feed(own, false, flow);
            if other.is_empty() {
                return self.base;
            }
            let (piece, after) = other.split_at(escape(self.base, other).unwrap_or(other.len()));
            let (encoding, confidence) = self.judge(piece);
            if encoding != self.base {
                self.transcoder.interrupt(flow);
            }
            self.switch(encoding, confidence, flow);
            if encoding == self.base {
                self.transcoder.feed(piece, false, flow);
            } else {
                let is_whole = !after.is_empty() || line.len() < JUDGED || line.ends_with(b"\n");
                self.decoder(encoding).feed(piece, is_whole, flow);
            }
            rest = after;
            if rest.is_empty() {
                return encoding;
            }
        }
    }
}

/// Where the first escape of an encoding in seven bits begins.
fn escape(encoding: Encoding, bytes: &[u8]) -> Option<usize> {
    match encoding {
        Encoding::HZ => memmem::find(bytes, b"~{"),
        _ => memchr2(ESCAPE, SHIFT_OUT, bytes),
    }
}
