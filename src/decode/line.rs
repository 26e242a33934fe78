//! Line by line: the encoding of the file, and of the lines that have another.

use memchr::{memchr, memrchr};

use super::cesu;
use super::decoder::Skimmed;
use super::encoding::Encoding;
use super::judge;
use super::transcode::{Flow, Transcoder};

mod seven;

/// A line is judged by so many of its first bytes; the rest of a longer one goes the same way.
const JUDGED: usize = 16 * 1024;
/// Lines are worked through in blocks of about this size, so that they stay in the cache.
const BLOCK: usize = 64 * 1024;
/// The most that is held: an unfinished line, and the start of a character.
pub(super) const MAX_HELD: usize = JUDGED + cesu::PAIR;

/// After so many lines in another encoding, with none in the file's between, that is the file's.
const MOVED: u32 = 8;

/// Decodes lines.
pub(super) struct Lines {
    /// The encoding of the file.
    base: Encoding,
    transcoder: Transcoder,
    /// The encoding of the last line that was not ASCII.
    now: Encoding,
    /// The decoder of the last line that was in another.
    foreign: Option<(Encoding, Transcoder)>,
    /// An unfinished line, not yet judged.
    carry: Vec<u8>,
    /// Lines in one other encoding than the file's since the last in the file's own.
    elsewhere: u32,
    /// An unfinished line that is longer than what is judged: its encoding.
    long: Option<Encoding>,
}

impl Default for Lines {
    fn default() -> Lines {
        Lines {
            base: Encoding::UTF_8,
            transcoder: Transcoder::new(Encoding::UTF_8),
            now: Encoding::UTF_8,
            foreign: None,
            elsewhere: 0,
            carry: Vec::new(),
            long: None,
        }
    }
}

impl Lines {
    pub(super) fn begin(&mut self, base: Encoding) {
        let mut carry = std::mem::take(&mut self.carry);
        carry.clear();
        // After an input it is as new.
        let used = std::mem::replace(&mut self.transcoder, Transcoder::new(Encoding::UTF_8));
        let transcoder = if base == self.base { used } else { Transcoder::new(base) };
        *self = Lines { base, transcoder, now: base, carry, ..Lines::default() };
    }

    pub(super) fn held(&self) -> usize {
        let foreign = self.foreign.as_ref().map_or(0, |(_, t)| t.held());
        self.carry.len() + self.transcoder.held() + foreign
    }

    pub(super) fn feed(&mut self, mut input: &[u8], flow: &mut Flow<'_>) {
        while !input.is_empty() {
            let block = &input[..input.len().min(BLOCK)];
            let taken = if let Some(encoding) = self.long {
                let end = memchr(b'\n', block).map(|i| i + 1);
                let part = &block[..end.unwrap_or(block.len())];
                self.more(encoding, part, end.is_some(), flow);
                if end.is_some() {
                    self.long = None;
                    self.settle(encoding);
                }
                part.len()
            } else if self.carry.is_empty() {
                self.start(block, flow)
            } else {
                self.go_on(block, flow)
            };
            input = &input[taken..];
        }
    }

    /// See [`Decoder::skim`](super::Decoder).
    pub(super) fn skim<'i>(&self, input: &'i [u8]) -> Skimmed<'i> {
        if !self.carry.is_empty() || self.long.is_some() || self.transcoder.held() > 0 {
            // The rest of the line; then come whole lines.
            return Skimmed::Push(memchr(b'\n', input).map_or(input.len(), |end| end + 1));
        }
        if self.base != Encoding::UTF_8 || self.now != self.base {
            return Skimmed::Push(input.len());
        }
        match memrchr(b'\n', input).map(|end| simdutf8::basic::from_utf8(&input[..=end])) {
            Some(Ok(text)) => Skimmed::Passed(text),
            _ => Skimmed::Push(input.len()),
        }
    }

    pub(super) fn end(&mut self, flow: &mut Flow<'_>) {
        let mut carry = std::mem::take(&mut self.carry);
        if let Some(encoding) = self.long.take() {
            self.more(encoding, b"", true, flow);
        } else if self.base.is_seven() {
            self.pieces(&carry, flow);
        } else if !carry.is_empty() {
            let encoding = self.choose(&carry, flow);
            self.decoder(encoding).feed(&carry, true, flow);
        }
        self.transcoder.feed(b"", true, flow);
        carry.clear();
        self.carry = carry;
    }

    /// At the start of a line: takes all the whole lines, or the start of a long one.
    fn start(&mut self, block: &[u8], flow: &mut Flow<'_>) -> usize {
        if let Some(end) = memrchr(b'\n', block) {
            self.lines(&block[..=end], flow);
            return end + 1;
        }
        let taken = block.len().min(JUDGED);
        self.carry.extend_from_slice(&block[..taken]);
        self.check_long(flow);
        taken
    }

    /// Within a line: takes the rest of it, or more of it.
    fn go_on(&mut self, block: &[u8], flow: &mut Flow<'_>) -> usize {
        let part = &block[..block.len().min(JUDGED - self.carry.len())];
        if let Some(end) = memchr(b'\n', part) {
            self.carry.extend_from_slice(&part[..=end]);
            let mut line = std::mem::take(&mut self.carry);
            self.lines(&line, flow);
            line.clear();
            self.carry = line;
            return end + 1;
        }
        self.carry.extend_from_slice(part);
        self.check_long(flow);
        part.len()
    }

    fn check_long(&mut self, flow: &mut Flow<'_>) {
        if self.carry.len() >= JUDGED {
            let mut start = std::mem::take(&mut self.carry);
            self.long = Some(self.long(&start, flow));
            start.clear();
            self.carry = start;
        }
    }

    /// Decodes the start of a line that is longer than what is judged; the rest has the encoding that
    /// is returned.
    fn long(&mut self, start: &[u8], flow: &mut Flow<'_>) -> Encoding {
        if self.base.is_seven() {
            return self.pieces(start, flow);
        }
        let encoding = self.choose(whole(start), flow);
        self.decoder(encoding).feed(start, false, flow);
        encoding
    }

    /// Decodes more of such a line, and with `last` the end of it.
    fn more(&mut self, encoding: Encoding, part: &[u8], last: bool, flow: &mut Flow<'_>) {
        // What a line names in seven bits holds for the next.
        let last = last && !(self.base.is_seven() && encoding == self.base);
        self.decoder(encoding).feed(part, last, flow);
    }

    /// Decodes whole lines.
    fn lines(&mut self, block: &[u8], flow: &mut Flow<'_>) {
        if self.base.is_seven() {
            return self.lines_of_seven(block, flow);
        }
        if self.base == Encoding::UTF_8
            && self.now == self.base
            && let Ok(text) = simdutf8::basic::from_utf8(block)
        {
            flow.text(text);
            flow.at.raw += block.len() as u64;
            return;
        }
        let (mut start, mut at) = (0, 0);
        while at < block.len() {
            let end = memchr(b'\n', &block[at..]).map_or(block.len(), |i| at + i + 1);
            let judged = whole(&block[at..end.min(at + JUDGED)]);
            if judged.is_ascii() || (self.now == self.base && self.is_plain_base(judged)) {
                at = end;
                continue;
            }
            // What stands before is the file's own; only then do the offsets fit.
            self.transcoder.feed(&block[start..at], false, flow);
            let encoding = self.choose(judged, flow);
            self.decoder(encoding).feed(&block[at..end], true, flow);
            (start, at) = (end, end);
            self.settle(encoding);
        }
        self.transcoder.feed(&block[start..], false, flow);
    }

    /// A line in `encoding` is over. After enough of them the start was the odd part: from here on the
    /// file is in that encoding.
    fn settle(&mut self, encoding: Encoding) {
        if self.elsewhere >= MOVED && !self.base.is_seven() {
            self.base = encoding;
            self.transcoder = Transcoder::new(encoding);
            self.elsewhere = 0;
        }
    }

    /// Whether the line is certainly in the file's encoding: the quick look.
    fn is_plain_base(&self, line: &[u8]) -> bool {
        if self.base == Encoding::UTF_8 {
            simdutf8::basic::from_utf8(line).is_ok() || cesu::has_pairs(line)
        } else {
            judge::is_plain(line, self.base)
        }
    }

    /// The encoding of a line, and the report of a switch.
    fn choose(&mut self, line: &[u8], flow: &mut Flow<'_>) -> Encoding {
        if line.is_ascii() || (self.now == self.base && self.is_plain_base(line)) {
            return self.base;
        }
        let (encoding, confidence) = self.judge(line);
        self.switch(encoding, confidence, flow);
        encoding
    }

    /// The encoding of a line that is not ASCII, and how probable that is.
    fn judge(&mut self, line: &[u8]) -> (Encoding, f32) {
        let (encoding, confidence) = judge::line(line, self.base, self.now);
        if encoding == self.base {
            self.elsewhere = 0;
        } else if encoding == self.now {
            self.elsewhere += 1;
        } else {
            self.elsewhere = 1;
        }
        (encoding, confidence)
    }

    fn switch(&mut self, encoding: Encoding, confidence: f32, flow: &mut Flow<'_>) {
        if encoding != self.now {
            flow.sink.encoding(flow.at.raw, encoding.name(), confidence);
            self.now = encoding;
        }
    }

    fn decoder(&mut self, encoding: Encoding) -> &mut Transcoder {
        if encoding == self.base {
            return &mut self.transcoder;
        }
        if self.foreign.as_ref().is_none_or(|(e, _)| *e != encoding) {
            self.foreign = None;
        }
        &mut self.foreign.get_or_insert_with(|| (encoding, Transcoder::new(encoding))).1
    }
}

/// A start of a line without the character of UTF-8 that it was cut in, if it is UTF-8 before.
fn whole(start: &[u8]) -> &[u8] {
    match std::str::from_utf8(start) {
        Err(error) if error.error_len().is_none() => &start[..error.valid_up_to()],
        _ => start,
    }
}
