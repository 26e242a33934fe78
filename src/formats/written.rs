//! The end of a format's way: text to bytes.

use crate::OutputEncoding;
use crate::chain::Ledger;
use crate::decode::Encoding;
use crate::encode::{Bom, Encoder, Unmappable, encode};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Sink};
use crate::stage::Stage;

use super::settings::Settings;

/// Text that waits for the encoding of the input, which the output is to share; so much at most.
/// ASCII before it does not wait.
pub(super) const MOST_UNDECIDED: usize = 1 << 20;

/// Encodes the text of one file.
#[derive(Default)]
pub(super) struct Written {
    encoder: Option<Encoder>,
    /// What was written is ASCII, and the encoding not known.
    undecided: bool,
    /// Something was written.
    begun: bool,
    /// Text that is not encoded yet.
    pub(super) text: String,
    /// Joins the events of the format with the encoder's.
    ledger: Ledger,
    done: Vec<Event>,
    /// Bytes of text given to the encoder.
    encoded: u64,
    /// Offset in the output before which every event has been told.
    pub(super) complete: u64,
}

/// What is known of the input.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) encoding: Option<Encoding>,
    /// Whether it began with a byte order mark.
    pub(super) bom: bool,
}

impl Written {
    /// The encoding of the output, once it is known.
    pub(super) fn encoding(settings: &Settings, known: Known, end: bool) -> Option<Encoding> {
        match settings.output {
            OutputEncoding::Encoding(encoding) => Some(encoding),
            OutputEncoding::Same => match known.encoding {
                Some(encoding) => Some(encoding.to_write()),
                None => end.then_some(Encoding::UTF_8),
            },
        }
    }

    /// The encoding that the output declares. Where it is the input's, that is its own name, though a
    /// wider encoding may write it.
    pub(super) fn declared(settings: &Settings, known: Known, end: bool) -> Option<Encoding> {
        match (settings.output, known.encoding) {
            (OutputEncoding::Encoding(encoding), _) => Some(encoding),
            (OutputEncoding::Same, Some(Encoding::ASCII)) => Some(Encoding::UTF_8),
            (OutputEncoding::Same, Some(encoding)) => Some(encoding),
            (OutputEncoding::Same, None) => end.then_some(Encoding::UTF_8),
        }
    }

    /// Takes an event of the format, in whose output text it is counted; they come in order.
    pub(super) fn event(&mut self, event: Event) {
        self.ledger.upstream(event);
    }

    /// Appends to `out` what can be encoded, and tells of it. Of the text before byte `told`, all events
    /// were given.
    pub(super) fn encode(
        &mut self,
        settings: &Settings,
        known: Known,
        told: u64,
        end: bool,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let result = self.write(settings, known, end, out);
        if end {
            self.complete = self.ledger.finish(&mut self.done);
        } else {
            let settled = self.encoder.as_ref().map_or(0, |e| e.settled(self.encoded));
            self.complete = self.ledger.settle(settled.min(told), &mut self.done);
        }
        self.done.drain(..).for_each(|event| sink.event(event));
        result
    }

    fn write(
        &mut self,
        settings: &Settings,
        known: Known,
        end: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        if self.text.is_empty() && !end {
            return Ok(());
        }
        let encoding = Written::encoding(settings, known, end);
        let undecided = std::mem::replace(&mut self.undecided, encoding.is_none());
        // A byte order mark would come first.
        let early = encoding.is_none() && settings.bom != Bom::Add;
        let ready = match (encoding, early) {
            (Some(_), _) => self.text.len(),
            (None, true) => {
                self.text.bytes().position(|b| !b.is_ascii()).unwrap_or(self.text.len())
            }
            (None, false) => 0,
        };
        let too_late = encoding.is_some_and(|e| undecided && self.begun && !e.extends_ascii());
        if too_late || self.text.len() - ready > MOST_UNDECIDED {
            let message = format!(
                "more than {MOST_UNDECIDED} bytes do not tell the encoding that the output is to \
                 share: name it (-e)"
            );
            return Err(Error::new(ErrorKind::UnknownEncoding, message));
        }
        if ready == 0 && !end {
            return Ok(());
        }
        let encoding = encoding.unwrap_or(Encoding::ASCII);
        let encoder = self.encoder.get_or_insert_with(|| {
            Encoder::new(encoding, settings.unmappable, !early && settings.bom.wanted(known.bom))
        });
        if undecided && !self.undecided && self.begun {
            encoder.go_on_in(encoding);
        }
        self.begun = true;
        let mut own = Own(&mut self.ledger);
        encoder.push(&self.text[..ready], out, &mut own);
        self.encoded += ready as u64;
        self.text.drain(..ready);
        if end {
            encoder.finish(out, &mut own);
        }
        encoder.error().map_or(Ok(()), Err)
    }
}

/// Takes the encoder's events into the ledger.
struct Own<'l>(&'l mut Ledger);

impl Sink for Own<'_> {
    fn event(&mut self, event: Event) {
        self.0.own(event);
    }
}

/// Whether `encoding` lacks a character of `text`.
pub(super) fn lacks(encoding: Encoding, text: &str) -> bool {
    encode(text, encoding, Unmappable::Error).is_err()
}
