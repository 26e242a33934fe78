//! Archives: files of files. Each member is mended as what it is, and what the archive says of it is
//! made right; members that do not change stay byte for byte.

use hanmend::decode::{Encoding, detect};
use hanmend::error::Error;
use hanmend::event::{Event, Outcome, Repair, Sink, Source};

mod gzip;
mod http;
mod record;
mod tar;
mod warc;

use super::settings::Settings;
use super::{Kind, Woven};
use crate::cli::nature::Nature;

pub(super) use tar::Tar;
pub(super) use warc::Warc;

/// A member that is larger than this stays as it is: it would have to be held, as its length stands
/// before it.
const LARGEST: usize = 64 << 20;

/// An archive as a stream of bytes.
pub(crate) trait Archive: Send {
    /// Takes all of `input`, appends to `out` what is final.
    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error>;

    /// Ends the input.
    fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error>;
}

/// Mends members.
struct Members {
    settings: Settings,
}

impl Members {
    /// What comes in place of `bytes`, the content of a member that stands at byte `at` of the archive;
    /// `None` where nothing does. `declared` is the encoding that someone says it has.
    fn mended(
        &self,
        bytes: &[u8],
        kind: Option<Kind>,
        declared: Option<Encoding>,
        at: u64,
        sink: &mut dyn Sink,
    ) -> Result<Option<Vec<u8>>, Error> {
        let encoding = self.settings.encoding.or_else(|| vote(bytes, declared));
        let mut nature = Nature::default();
        nature.settle(bytes, true);
        if encoding.is_none() && matches!(nature, Nature::Binary) {
            return Ok(None);
        }
        let mut out = Vec::with_capacity(bytes.len());
        let mut shifted = Shifted { at, sink };
        match kind {
            Some(kind) => {
                let mut woven = Woven::new(self.settings.reading(encoding), kind);
                woven.push(bytes, &mut out, &mut shifted)?;
                woven.finish(&mut out, &mut shifted)?;
            }
            None => {
                let mut stream = self.settings.text.clone().encoding(encoding).build().stream();
                stream.push(bytes, &mut out, &mut shifted)?;
                stream.finish(&mut out, &mut shifted)?;
            }
        }
        Ok((out != bytes).then_some(out))
    }
}

/// What the bytes say so clearly that no declaration counts against it.
const CLEAR: f32 = 0.9;

/// The encoding that is declared, where the bytes leave it open and can be in it.
fn vote(bytes: &[u8], declared: Option<Encoding>) -> Option<Encoding> {
    let declared = declared?;
    let found = detect(bytes);
    if found.bom || found.confidence >= CLEAR || found.encoding == declared {
        return None;
    }
    let reader = hanmend::Fixer::builder().encoding(Some(declared)).repairs(hanmend::Repairs::NONE);
    reader.build().fix_bytes(bytes).events.is_empty().then_some(declared)
}

/// Tells the events of a member by where it stands in the archive.
struct Shifted<'s> {
    at: u64,
    sink: &'s mut dyn Sink,
}

impl Sink for Shifted<'_> {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        self.sink.encoding(self.at + offset, label, confidence);
    }

    fn event(&mut self, mut event: Event) {
        event.input = self.at + event.input.start..self.at + event.input.end;
        event.output = self.at + event.output.start..self.at + event.output.end;
        if let Some(Source { range, .. }) = &mut event.source {
            *range = self.at + range.start..self.at + range.end;
        }
        self.sink.event(event);
    }

    fn wants_conversions(&self) -> bool {
        self.sink.wants_conversions()
    }
}

/// Says that something in the archive at byte `at` is not as the format has it, and stays.
fn malformed(at: u64, reason: impl Into<String>, sink: &mut dyn Sink) {
    let outcome = Outcome::Unrepaired(reason.into().into());
    sink.event(Event::change(Repair::Decode, "format", outcome, at, at, "", ""));
}
