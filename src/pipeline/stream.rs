//! The pipeline as a stream of pushes.

use std::borrow::Cow;
use std::sync::Arc;

use super::kept::Kept;
use super::{Options, OutputEncoding};
use crate::chain::{Ledger, Rounds};
use crate::decode::{Decoder, Encoding, Skimmed};
use crate::encode::{Bom, Encoder};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Sink};
use crate::stage::Stage;

/// With [`OutputEncoding::Same`], text beyond ASCII that comes out before the input's encoding is
/// known (a character reference in a page that is ASCII so far) waits for it, and so does what
/// follows, this many bytes at most. ASCII before it need not wait: it is the same bytes in every
/// encoding that a text can turn out to be in after it began so.
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
    chain: Rounds,
    /// Made when the first text comes out, as it may depend on the input's encoding.
    encoder: Option<Encoder>,
    /// It writes ASCII until the input's encoding is known, which it is to share.
    undecided: bool,
    /// Joins the chain's events with the encoder's.
    ledger: Ledger,
    decoded: String,
    fixed: String,
    /// Bytes of text given to the encoder.
    encoded: u64,
    events: Vec<Event>,
    done: Vec<Event>,
    complete: u64,
    /// What this input has failed with: nothing follows what is missing.
    failed: Option<Error>,
}

/// What is known at the end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
            undecided: false,
            ledger: Ledger::default(),
            decoded: String::new(),
            fixed: String::new(),
            encoded: 0,
            events: Vec::new(),
            done: Vec::new(),
            complete: 0,
            failed: None,
        }
    }

    /// Takes `input`, appends mended bytes to `out`, tells `sink` what happened.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unmappable`] when a character is not in the output encoding and no other way
    /// was asked for; what was appended before is good. [`ErrorKind::UnknownEncoding`] when the
    /// output is to share the input's encoding ([`OutputEncoding::Same`]) and too much text does not
    /// tell which that is.
    pub fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.run(Some(input), out, sink);
        self.failed = result.as_ref().err().cloned();
        result
    }

    /// Ends the input: appends all that was held. The stream is then ready for another input.
    ///
    /// # Errors
    ///
    /// As [`push`](Stream::push).
    pub fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<End, Error> {
        let result = match self.failed.take() {
            Some(error) => Err(error),
            None => self.run(None, out, sink),
        };
        let end = self.end();
        if result.is_err() {
            // Whatever is left belongs to the input that failed.
            *self = Stream::new(self.options.clone());
        } else {
            self.encoder = None;
            self.undecided = false;
            self.encoded = 0;
            self.complete = 0;
        }
        result.map(|()| end)
    }

    /// Offset in the output (in UTF-8, as events count) before which every event has been told.
    /// Text may come out before the events in it are told, when a later stage may still join them
    /// with its own; printers that show both wait for this. Where the sink does not listen
    /// ([`Sink::wants_events`]) it says nothing.
    pub fn complete(&self) -> u64 {
        self.complete
    }

    /// The most that is held between two pushes, in bytes: the sum over the stages.
    pub fn max_held(&self) -> usize {
        self.decoder.max_held() + self.chain.max_held() + MOST_UNDECIDED
    }

    /// Mends `text`, a whole input that is decoded. Borrowed when it stays.
    pub(super) fn fix_text<'t>(&mut self, text: &'t str, sink: &mut dyn Sink) -> Cow<'t, str> {
        let mut kept = Kept::new(text);
        let mut rest = text;
        while rest.len() > SLICE {
            let (slice, more) = rest.split_at(rest.floor_char_boundary(SLICE));
            rest = more;
            self.chain.run(slice, false, &mut |piece| kept.give(piece), sink);
        }
        self.chain.run(rest, true, &mut |piece| kept.give(piece), sink);
        kept.into_text()
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
                    let decoded = self.decode(Some(piece), false, sink);
                    self.chain.run(&decoded, false, &mut give, sink);
                    self.decoded = decoded;
                }
            }
        }
        let decoded = self.decode(None, false, sink);
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
            let decoded = self.decode(None, true, sink);
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
                    let decoded = self.decode(Some(piece), true, sink);
                    let result = self.mend(&decoded, false, out, sink);
                    self.decoded = decoded;
                    result?;
                }
            }
        }
        Ok(())
    }

    /// Decodes `input`, or the end of it. `encodes` says that an encoder is behind the text stages: what it changes
    /// stands in the events of what came before it.
    fn decode(&mut self, input: Option<&[u8]>, encodes: bool, sink: &mut dyn Sink) -> String {
        let mut decoded = std::mem::take(&mut self.decoded);
        let mut gather = Gather { events: &mut self.events, sink };
        decoded.clear();
        match input {
            Some(input) => self.decoder.push(input, &mut decoded, &mut gather),
            None => self.decoder.finish(&mut decoded, &mut gather),
        }
        for event in self.events.drain(..) {
            match encodes && self.chain.is_empty() {
                true => self.ledger.upstream(event),
                false => self.chain.upstream(event, sink),
            }
        }
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
        if let Some(encoder) = self.encoder.as_mut().filter(|_| !self.undecided) {
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
        if self.encoder.is_none() && self.fixed.is_empty() && !end {
            return Ok(());
        }
        if self.encoder.is_none() || self.undecided {
            self.choose_encoder(end)?;
        }
        let ready = match self.undecided {
            true => ascii_len(&self.fixed),
            false => self.fixed.len(),
        };
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        let mut own = Own(&mut self.ledger);
        if ready > 0 {
            encoder.push(&self.fixed[..ready], out, &mut own);
            self.encoded += ready as u64;
            self.fixed.drain(..ready);
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

    /// Makes the encoder. While it depends on an encoding that is not known yet, it is one for ASCII
    /// where that will do, or none.
    fn choose_encoder(&mut self, end: bool) -> Result<(), Error> {
        let options = &*self.options;
        let encoding = match (options.output, self.decoder.encoding()) {
            (OutputEncoding::Encoding(encoding), _) => Some(encoding),
            (OutputEncoding::Same, Some(encoding)) => Some(encoding.to_write()),
            (OutputEncoding::Same, None) => end.then_some(Encoding::UTF_8),
        };
        // A byte order mark would come first.
        let marked = options.bom == Bom::Add;
        let ready = if marked { 0 } else { ascii_len(&self.fixed) };
        let undecided = std::mem::replace(&mut self.undecided, encoding.is_none());
        let begun = self.encoder.as_mut().filter(|_| undecided && self.encoded > 0);
        match (encoding, begun) {
            (Some(encoding), Some(encoder)) if encoding.extends_ascii() => {
                encoder.go_on_in(encoding)
            }
            (Some(encoding), None) => {
                let bom = options.bom.wanted(self.decoder.bom());
                self.encoder = Some(Encoder::new(encoding, options.unmappable, bom));
            }
            (None, None) if !marked => {
                self.encoder = Some(Encoder::new(Encoding::ASCII, options.unmappable, false));
            }
            (None, _) if self.fixed.len() - ready <= MOST_UNDECIDED => {}
            _ => {
                let message = format!(
                    "more than {MOST_UNDECIDED} bytes do not tell the encoding that the output is to \
                     share: name it (-e)"
                );
                return Err(Error::new(ErrorKind::UnknownEncoding, message));
            }
        }
        Ok(())
    }
}

/// How much of `text` is ASCII before anything else.
fn ascii_len(text: &str) -> usize {
    text.bytes().position(|b| !b.is_ascii()).unwrap_or(text.len())
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
    fn wants_events(&self) -> bool {
        self.sink.wants_events()
    }
    fn wants_conversions(&self) -> bool {
        self.sink.wants_conversions()
    }
    fn wants_joints(&self) -> bool {
        self.sink.wants_joints()
    }
}

/// Takes the encoder's events into the ledger.
struct Own<'l>(&'l mut Ledger);

impl Sink for Own<'_> {
    fn event(&mut self, event: Event) {
        self.0.own(event);
    }
}
