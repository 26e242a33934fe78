//! One face for all decoders: bytes in any pieces to text, malformed bytes reported unit by unit.

use encoding_rs as rs;
use encoding_rs::DecoderResult;

use super::cesu;
use super::encoding::Encoding;
use super::own::Own;
use super::pairs::Pairs;
use crate::event::{Event, Outcome, Repair, Sink, Source};

/// Input is worked through in blocks of this size, so that a block is still in the cache when it
/// is copied after it was checked, and output grows by what a block needs.
const BLOCK: usize = 64 * 1024;
/// What encoding_rs decodes, it decodes in steps of this size, into a buffer of our own.
const STEP: usize = 16 * 1024;
/// The longest unit of any encoding and what a decoder may read past it before it knows: enough
/// bytes to show what a malformed unit was.
const RECENT: usize = 16;

/// Where the text goes, and how far the two streams have come.
pub(super) struct Flow<'a> {
    pub(super) out: &'a mut String,
    pub(super) sink: &'a mut dyn Sink,
    pub(super) at: &'a mut Position,
}

/// Bytes taken from the raw input and bytes of text made of them, from the start of each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    pub(super) raw: u64,
    pub(super) text: u64,
}

impl Flow<'_> {
    /// Appends good text.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.at.text += text.len() as u64;
    }

    /// Appends bytes that are ASCII.
    pub(super) fn ascii(&mut self, bytes: &[u8]) {
        if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
            self.text(text);
        }
        self.at.raw += bytes.len() as u64;
    }

    /// Appends U+FFFD for the `bytes` that stand at `raw` and make no character.
    pub(super) fn malformed(&mut self, raw: u64, bytes: &[u8], reason: &'static str) {
        let mut event = Event::unrepaired(
            Repair::Decode,
            "malformed",
            reason,
            self.at.text,
            self.at.text,
            "\u{FFFD}",
        );
        let shown = &bytes[..bytes.len().min(RECENT)];
        event.source = Some(Source { range: raw..raw + bytes.len() as u64, bytes: shown.to_vec() });
        self.sink.event(event);
        self.text("\u{FFFD}");
    }

    /// Appends the character for which the pair of surrogates in `bytes`, which come next, stands. The text has nothing
    /// but that, before and after, and the bytes tell what was there.
    fn joined(&mut self, c: char, bytes: &[u8]) {
        let at = self.at.text;
        let range = self.at.raw..self.at.raw + bytes.len() as u64;
        self.sink.tell(|| {
            let mut event = Event::change(Repair::Decode, "cesu-8", Outcome::Sure, at, at, c, c);
            event.source = Some(Source { range, bytes: bytes.to_vec() });
            event
        });
        self.text(c.encode_utf8(&mut [0; 4]));
        self.at.raw += bytes.len() as u64;
    }
}

/// A decoder of one encoding.
pub(super) enum Transcoder {
    Utf8(Utf8),
    Rs(Box<Standard>),
    Own(Own),
}

impl Transcoder {
    pub(super) fn new(encoding: Encoding) -> Transcoder {
        match encoding.web() {
            Some(e) if e != rs::UTF_8 => Transcoder::Rs(Box::new(Standard::new(e))),
            Some(_) => Transcoder::Utf8(Utf8::default()),
            None => Own::new(encoding.0)
                .map_or_else(|| Transcoder::Utf8(Utf8::default()), Transcoder::Own),
        }
    }

    /// Decodes `input`; with `last`, what is incomplete at its end is malformed.
    pub(super) fn feed(&mut self, input: &[u8], last: bool, flow: &mut Flow<'_>) {
        match self {
            Transcoder::Utf8(d) => d.feed(input, last, flow),
            Transcoder::Rs(d) => d.feed(input, last, flow),
            Transcoder::Own(d) => d.feed(input, last, flow),
        }
    }

    /// What comes next in the input is in another encoding, until a line or an escape begins.
    pub(super) fn interrupt(&mut self, flow: &mut Flow<'_>) {
        match self {
            Transcoder::Own(d) => d.interrupt(flow),
            other => other.feed(b"", true, flow),
        }
    }

    /// Bytes kept for want of the rest of a character.
    pub(super) fn held(&self) -> usize {
        match self {
            Transcoder::Utf8(d) => d.pending.len(),
            Transcoder::Rs(_) => 0,
            Transcoder::Own(d) => d.held(),
        }
    }
}

pub(super) const CUT: &str = "the input ends within a character";
pub(super) const NOT_VALID: &str = "bytes that are no character in the encoding";

/// UTF-8: checked and copied.
#[derive(Default)]
pub(super) struct Utf8 {
    /// The start of a character, or of a pair of surrogates, that the last piece ended within.
    pending: Vec<u8>,
}

impl Utf8 {
    fn feed(&mut self, mut input: &[u8], last: bool, flow: &mut Flow<'_>) {
        loop {
            // A character cut by pieces is completed byte by byte: three times at most, five times where it is a pair.
            while !self.pending.is_empty() && !input.is_empty() {
                self.pending.push(input[0]);
                input = &input[1..];
                let pending = std::mem::take(&mut self.pending);
                self.block(&pending, false, flow);
            }
            if input.len() <= BLOCK {
                break;
            }
            // The end of a block may cut a character as the end of a piece may. A pair that it cuts is completed above.
            let cut = BLOCK - incomplete_tail(&input[..BLOCK]);
            self.block(&input[..cut], false, flow);
            input = &input[cut..];
        }
        self.block(input, false, flow);
        if last {
            let rest = std::mem::take(&mut self.pending);
            self.block(&rest, true, flow);
        }
    }

    fn block(&mut self, mut input: &[u8], last: bool, flow: &mut Flow<'_>) {
        if let Ok(text) = simdutf8::basic::from_utf8(input) {
            flow.text(text);
            flow.at.raw += input.len() as u64;
            return;
        }
        // The fast check does not say where; the slow one, which goes from error to error, only looks at blocks that fail.
        loop {
            let error = match std::str::from_utf8(input) {
                Ok(text) => {
                    flow.text(text);
                    flow.at.raw += input.len() as u64;
                    return;
                }
                Err(error) => error,
            };
            let (good, rest) = input.split_at(error.valid_up_to());
            flow.text(std::str::from_utf8(good).unwrap_or_default());
            flow.at.raw += good.len() as u64;
            match cesu::pair(rest) {
                cesu::Seen::Pair(c) => {
                    let (pair, behind) = rest.split_at(cesu::PAIR);
                    flow.joined(c, pair);
                    input = behind;
                    continue;
                }
                cesu::Seen::Cut if !last => {
                    self.pending.extend_from_slice(rest);
                    return;
                }
                _ => {}
            }
            let bad = match error.error_len() {
                Some(len) => len,
                None if last => rest.len(),
                None => {
                    self.pending.extend_from_slice(rest);
                    return;
                }
            };
            let reason = if error.error_len().is_none() { CUT } else { NOT_VALID };
            flow.malformed(flow.at.raw, &rest[..bad], reason);
            flow.at.raw += bad as u64;
            input = &rest[bad..];
        }
    }
}

/// How many bytes at the end of `bytes` may be the start of a character of UTF-8.
fn incomplete_tail(bytes: &[u8]) -> usize {
    for back in 1..=3.min(bytes.len()) {
        let byte = bytes[bytes.len() - back];
        if byte & 0xC0 == 0xC0 {
            return back;
        }
        if byte < 0x80 {
            return 0;
        }
    }
    0
}

/// The codes FE51 and so on had no characters in Unicode when GBK was mapped to it, and encoding_rs
/// still reads them as private-use. GB18030-2005 has their characters. No other code decodes to
/// these private-use points.
pub(crate) const SETTLED: [(char, char, [u8; 2]); 6] = [
    ('\u{E816}', '\u{20087}', [0xFE, 0x51]),
    ('\u{E817}', '\u{20089}', [0xFE, 0x52]),
    ('\u{E818}', '\u{200CC}', [0xFE, 0x53]),
    ('\u{E831}', '\u{215D7}', [0xFE, 0x6C]),
    ('\u{E83B}', '\u{2298F}', [0xFE, 0x76]),
    ('\u{E855}', '\u{241FE}', [0xFE, 0x91]),
];

fn settle_private(text: &mut String) {
    // The first byte of U+E000 to U+EFFF, which hardly any text has.
    if memchr::memchr(0xEE, text.as_bytes()).is_none() {
        return;
    }
    let settled = |c| SETTLED.iter().find(|s| s.0 == c).map_or(c, |s| s.1);
    if text.contains(|c| settled(c) != c) {
        *text = text.chars().map(settled).collect();
    }
}

/// What encoding_rs decodes.
pub(super) struct Standard {
    is_gb: bool,
    encoding: &'static rs::Encoding,
    decoder: rs::Decoder,
    /// The last bytes read before the current piece: a malformed unit may have begun there.
    recent: Vec<u8>,
    /// Text on its way. encoding_rs touches every page of the room that its output has, so it
    /// never gets the caller's.
    text: String,
    /// The same, for what is decoded by a table.
    plain: Vec<u8>,
    /// Whether the decoder is between characters for certain: at the start, or after the end of a line.
    between: bool,
}

impl Standard {
    fn new(encoding: &'static rs::Encoding) -> Standard {
        let decoder = encoding.new_decoder_without_bom_handling();
        let is_gb = encoding == rs::GB18030 || encoding == rs::GBK;
        Standard {
            is_gb,
            encoding,
            decoder,
            recent: Vec::with_capacity(2 * RECENT),
            text: String::new(),
            plain: Vec::new(),
            between: true,
        }
    }

    fn feed(&mut self, mut input: &[u8], last: bool, flow: &mut Flow<'_>) {
        while input.len() > STEP {
            self.step(&input[..STEP], false, flow);
            input = &input[STEP..];
        }
        self.step(input, last, flow);
        if last {
            self.decoder = self.encoding.new_decoder_without_bom_handling();
            self.recent.clear();
            self.between = true;
        }
    }

    /// Decodes plain text by a table, and what is not, up to the end of its line, by encoding_rs.
    fn step(&mut self, mut input: &[u8], last: bool, flow: &mut Flow<'_>) {
        let Some(pairs) = Pairs::of(self.encoding, input.len()) else {
            return self.block(input, last, flow);
        };
        loop {
            if self.between {
                self.plain.resize(STEP * 3 / 2, 0);
                let (read, written) = pairs.decode(input, &mut self.plain);
                // Nothing in it is malformed, so nothing of it will be asked for.
                self.recent.clear();
                flow.text(simdutf8::basic::from_utf8(&self.plain[..written]).unwrap_or_default());
                flow.at.raw += read as u64;
                input = &input[read..];
            }
            let line = memchr::memchr(b'\n', input).map_or(input.len(), |end| end + 1);
            let (line, rest) = input.split_at(line);
            self.block(line, last && rest.is_empty(), flow);
            input = rest;
            if input.is_empty() {
                return;
            }
        }
    }

    fn block(&mut self, input: &[u8], last: bool, flow: &mut Flow<'_>) {
        let mut read = 0;
        loop {
            self.text.clear();
            let need = self.decoder.max_utf8_buffer_length_without_replacement(input.len() - read);
            self.text.reserve(need.unwrap_or(0).max(16));
            let (result, used) = self.decoder.decode_to_string_without_replacement(
                &input[read..],
                &mut self.text,
                last,
            );
            read += used;
            if self.is_gb {
                settle_private(&mut self.text);
            }
            flow.text(&self.text);
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    let end = flow.at.raw + read as u64 - u64::from(after);
                    let start = end - u64::from(bad);
                    let bytes = self.recall(input, flow.at.raw, start, end);
                    let cut = last && read == input.len() && after == 0;
                    flow.malformed(start, &bytes, if cut { CUT } else { NOT_VALID });
                }
            }
        }
        flow.at.raw += input.len() as u64;
        if let Some(end) = input.last() {
            self.between = *end == b'\n';
        }
        let keep = input.len().min(RECENT);
        self.recent.extend_from_slice(&input[input.len() - keep..]);
        let extra = self.recent.len().saturating_sub(RECENT);
        self.recent.drain(..extra);
    }

    /// The raw bytes from `start` to `end`, where `input` begins at `at`.
    fn recall(&self, input: &[u8], at: u64, start: u64, end: u64) -> Vec<u8> {
        let recent_at = at - self.recent.len() as u64;
        (start..end)
            .filter_map(|i| {
                if i >= at {
                    input.get((i - at) as usize).copied()
                } else {
                    self.recent.get(i.checked_sub(recent_at)? as usize).copied()
                }
            })
            .collect()
    }
}
