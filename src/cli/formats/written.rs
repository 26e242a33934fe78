//! The end of a format's way: text to bytes.

use hanmend::OutputEncoding;
use hanmend::decode::Encoding;
use hanmend::encode::Encoder;
use hanmend::error::{Error, ErrorKind};
use hanmend::event::Sink;
use hanmend::stage::Stage;

use super::settings::Settings;

/// Text that waits for the encoding of the input, which the output is to share; so much at most.
const MOST_UNDECIDED: usize = 1 << 20;

/// Encodes the text of one file.
#[derive(Default)]
pub(super) struct Written {
    encoder: Option<Encoder>,
    /// Text that is not encoded yet.
    pub(super) text: String,
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
    /// wider encoding may write it; what is ASCII and stays so needs none.
    pub(super) fn declared(settings: &Settings, known: Known) -> Option<Encoding> {
        match settings.output {
            OutputEncoding::Encoding(encoding) => Some(encoding),
            OutputEncoding::Same => known.encoding.filter(|e| *e != Encoding::ASCII),
        }
    }

    /// Appends to `out` what can be encoded.
    pub(super) fn encode(
        &mut self,
        settings: &Settings,
        known: Known,
        end: bool,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        if self.text.is_empty() && !end {
            return Ok(());
        }
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            None => match Written::encoding(settings, known, end) {
                Some(encoding) => {
                    let bom = settings.bom.wanted(known.bom);
                    self.encoder.insert(Encoder::new(encoding, settings.unmappable, bom))
                }
                None if self.text.len() <= MOST_UNDECIDED => return Ok(()),
                None => {
                    let message = format!(
                        "the first {MOST_UNDECIDED} bytes are ASCII and do not tell the encoding \
                         that the output is to share; name it with -e"
                    );
                    return Err(Error::new(ErrorKind::UnknownEncoding, message));
                }
            },
        };
        // The encoder's events count in the same text as those of the format, but come later;
        // what it replaced is counted and told as it is.
        encoder.push(&self.text, out, sink);
        self.text.clear();
        if end {
            encoder.finish(out, sink);
        }
        encoder.error().map_or(Ok(()), Err)
    }
}
