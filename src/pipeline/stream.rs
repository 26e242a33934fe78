//! The pipeline as a stream of pushes.

use std::sync::Arc;

use super::{Options, OutputEncoding};
use crate::chain::{Chain, Ledger};
use crate::decode::{Decoder, Encoding, Skimmed};
use crate::encode::Encoder;
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Sink};
use crate::stage::Stage;

/// With [`OutputEncoding::Same`], text beyond ASCII that comes out before the input's encoding is
/// known (a character reference in a page that is ASCII so far) waits for it, this many bytes at
/// most.
const MOST_UNDECIDED: usize = 1 << 20;

/// A long push goes through the stages in slices of this size, in bytes: what one stage has looked
/// at is then still in the second-level cache when the next looks at it.
const SLICE: usize = 64 * 1024;

/// The pipeline as a stream: bytes in, mended bytes out, nothing kept but what is undecided.
///
/// ```
/// use hanmend::{Fixer, event::Silent};
///
/// let mut stream = Fixer::default().stream();
/// let mut out = Vec::new();
/// for piece in ["&#x5B", "9E;", "現"] {
///     stream.push(piece.as_bytes(), &mut out, &mut Silent)?;
/// }
/// let end = stream.finish(&mut out, &mut Silent)?;
/// assert_eq!(out, "实現".as_bytes());
/// assert_eq!(end.encoding.name(), "utf-8");
/// # Ok::<(), hanmend::Error>(())
/// ```
pub struct Stream {
    options: Arc<Options>,
    decoder: Decoder,
    chain: Chain,
    /// Made when the first text comes out, as it may depend on the input's encoding.
    encoder: Option<Encoder>,
    /// Joins the chain's events with the encoder's.
    ledger: Ledger,
    decoded: String,
    fixed: String,
    /// Bytes of text given to the encoder.
    encoded: u64,
    events: Vec<Event>,
    done: Vec<Event>,
    complete: u64,
}

/// What is known at the end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The encoding of the input, found or asked for.
    pub encoding: Encoding,
    /// Whether the input began with a byte order mark.
    pub bom: bool,
}

impl Stream {
    pub(super) fn new(options: Arc<Options>) -> Stream {
        let decoder = match options.encoding {
            Some(encoding) => Decoder::with_encoding(encoding),
            None => Decoder::auto(),
        };
        Stream {
            decoder,
            chain: options.chain(),
            options,
            encoder: None,
            ledger: Ledger::default(),
            decoded: String::new(),
            fixed: String::new(),
            encoded: 0,
            events: Vec::new(),
            done: Vec::new(),
            complete: 0,
        }
    }

    /// Takes `input`, appends mended bytes to `out`, tells `sink` what happened.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unmappable`] when a character is not in the output encoding and no other way
    /// was asked for; what was appended before is good.
    pub fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        self.run(Some(input), out, sink)
    }

    /// Ends the input: appends all that was held. The stream is then ready for another input.
    ///
    /// # Errors
    ///
    /// As [`push`](Stream::push).
    pub fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<End, Error> {
        let result = self.run(None, out, sink);
        let end = self.end();
        if result.is_err() {
            // Whatever is left belongs to the input that failed.
            *self = Stream::new(self.options.clone());
        } else {
            self.encoder = None;
            self.encoded = 0;
            self.complete = 0;
        }
        result.map(|()| end)
    }

    /// Offset in the output (in UTF-8, as events count) before which every event has been told.
    /// Text may come out before the events in it are told, when a later stage may still join them
    /// with its own; printers that show both wait for this.
    pub fn complete(&self) -> u64 {
        self.complete
    }

    /// The most that is held between two pushes, in bytes: the sum over the stages.
    pub fn max_held(&self) -> usize {
        self.decoder.max_held() + self.chain.max_held() + MOST_UNDECIDED
    }

    /// The text stages alone.
    pub(super) fn chain(&mut self) -> &mut Chain {
        &mut self.chain
    }

    /// Decodes and mends `input`, a whole input, without encoding it again.
    pub(super) fn fix_to_text(
        &mut self,
        input: &[u8],
        text: &mut String,
        sink: &mut dyn Sink,
    ) -> End {
        let mut give = |piece: &str| text.push_str(piece);
        let mut input = input;
        while !input.is_empty() {
            match self.decoder.skim(&input[..input.len().min(SLICE)]) {
                Skimmed::Passed(piece) => {
                    input = &input[piece.len()..];
                    self.chain.run(piece, false, &mut give, sink);
                }
                Skimmed::Push(len) => {
                    let (piece, rest) = input.split_at(len);
                    input = rest;
                    let decoded = self.decode(Some(piece), sink);
                    self.chain.run(&decoded, false, &mut give, sink);
                    self.decoded = decoded;
                }
            }
        }
        let decoded = self.decode(None, sink);
        self.chain.run(&decoded, true, &mut give, sink);
        self.decoded = decoded;
        self.end()
    }

    fn end(&self) -> End {
        let encoding = self.decoder.encoding().unwrap_or(Encoding::ASCII);
        End { encoding, bom: self.decoder.bom() }
    }

    fn run(
        &mut self,
        input: Option<&[u8]>,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let Some(mut input) = input else {
            let decoded = self.decode(None, sink);
            let result = self.mend(&decoded, true, out, sink);
            self.decoded = decoded;
            return result;
        };
        while !input.is_empty() {
            let slice = &input[..input.len().min(SLICE)];
            match self.decoder.skim(slice) {
                Skimmed::Passed(text) => {
                    input = &input[text.len()..];
                    self.mend(text, false, out, sink)?;
                }
                Skimmed::Push(len) => {
                    let (piece, rest) = input.split_at(len);
                    input = rest;
                    let decoded = self.decode(Some(piece), sink);
                    let result = self.mend(&decoded, false, out, sink);
                    self.decoded = decoded;
                    result?;
                }
            }
        }
        Ok(())
    }

    /// Decodes `input`, or the end of it.
    fn decode(&mut self, input: Option<&[u8]>, sink: &mut dyn Sink) -> String {
        let mut decoded = std::mem::take(&mut self.decoded);
        let mut gather = Gather { events: &mut self.events, sink };
        decoded.clear();
        match input {
            Some(input) => self.decoder.push(input, &mut decoded, &mut gather),
            None => self.decoder.finish(&mut decoded, &mut gather),
        }
        self.events.drain(..).for_each(|event| self.chain.upstream(event, sink));
        decoded
    }

    /// Runs decoded text, or the end of it, through the text stages and the encoder.
    fn mend(
        &mut self,
        text: &str,
        end: bool,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let mut gather = Gather { events: &mut self.events, sink };
        let (fixed, encoded) = (&mut self.fixed, &mut self.encoded);
        if let Some(encoder) = &mut self.encoder {
            // What was mended goes to the encoder at once.
            let mut own = Own(&mut self.ledger);
            let mut encode = |text: &str| {
                encoder.push(text, out, &mut own);
                *encoded += text.len() as u64;
            };
            self.chain.run(text, end, &mut encode, &mut gather);
        } else {
            self.chain.run(text, end, &mut |text| fixed.push_str(text), &mut gather);
        }
        self.events.drain(..).for_each(|event| self.ledger.upstream(event));
        self.encode(end, out, sink)
    }

    /// Encodes what was mended and has waited for its encoder, and reports.
    fn encode(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        if self.encoder.is_none() {
            if self.fixed.is_empty() && !end {
                return Ok(());
            }
            self.encoder = self.choose_encoder(end)?;
        }
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        let mut own = Own(&mut self.ledger);
        if !self.fixed.is_empty() {
            encoder.push(&self.fixed, out, &mut own);
            self.encoded += self.fixed.len() as u64;
            self.fixed.clear();
        }
        if end {
            encoder.finish(out, &mut own);
            self.ledger.finish(&mut self.done);
        } else {
            let settled = encoder.settled(self.encoded).min(self.chain.complete());
            self.complete = self.ledger.settle(settled, &mut self.done);
        }
        self.done.drain(..).for_each(|event| sink.event(event));
        encoder.error().map_or(Ok(()), Err)
    }

    /// The encoder, or `None` while it depends on an encoding that is not known yet.
    fn choose_encoder(&self, end: bool) -> Result<Option<Encoder>, Error> {
        let options = &*self.options;
        let known = self.decoder.encoding();
        let encoding = match (options.output, known) {
            (OutputEncoding::Encoding(encoding), _) => encoding,
            (OutputEncoding::Same, Some(encoding)) => encoding.to_write(),
            (OutputEncoding::Same, None) if end => Encoding::UTF_8,
            (OutputEncoding::Same, None) if self.fixed.len() <= MOST_UNDECIDED => return Ok(None),
            (OutputEncoding::Same, None) => {
                let message = format!(
                    "the first {MOST_UNDECIDED} bytes are ASCII and do not tell the encoding that \
                     the output is to share; name it with -e"
                );
                return Err(Error::new(ErrorKind::UnknownEncoding, message));
            }
        };
        let bom = options.bom.wanted(self.decoder.bom());
        Ok(Some(Encoder::new(encoding, options.unmappable, bom)))
    }
}

/// Gathers events, and lets the rest through.
struct Gather<'g> {
    events: &'g mut Vec<Event>,
    sink: &'g mut dyn Sink,
}

impl Sink for Gather<'_> {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        self.sink.encoding(offset, label, confidence);
    }
    fn event(&mut self, event: Event) {
        self.events.push(event);
    }
    fn wants_conversions(&self) -> bool {
        self.sink.wants_conversions()
    }
}

/// Takes the encoder's events into the ledger.
struct Own<'l>(&'l mut Ledger);

impl Sink for Own<'_> {
    fn event(&mut self, event: Event) {
        self.0.own(event);
    }
}
