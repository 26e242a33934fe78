//! The decoders that encoding_rs lacks: each says what the bytes at hand make, and one driver
//! does the streaming, the keeping of incomplete units and the reports for all.

use super::encoding::Kind;
use super::transcode::{CUT, Flow, NOT_VALID};

mod euc_tw;
mod hz;
mod iso2022;
mod utf32;

/// What the bytes at hand begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes of ASCII, to be copied.
    Plain(usize),
    /// So many bytes make this character.
    Char(usize, char),
    /// So many bytes change the state and are no text.
    Escape(usize),
    /// So many bytes make no character.
    Bad(usize),
    /// More bytes have to be seen.
    More,
}

/// A decoder of one encoding.
pub(super) trait Parse: Send + Sync {
    /// What `bytes`, which is not empty, begins with; `last` says that nothing follows.
    fn step(&mut self, bytes: &[u8], last: bool) -> Step;
    /// Goes back to the state at the start of an input.
    fn reset(&mut self);
    /// Goes back to the state at the start of a line, what follows being in another encoding.
    fn interrupt(&mut self) {
        self.reset();
    }
}

/// Drives a decoder over a stream.
pub(super) struct Own {
    parser: Box<dyn Parse>,
    /// The start of a unit that the last piece ended within: fewer bytes than the longest unit.
    pending: Vec<u8>,
}

impl Own {
    /// The decoder of `kind`, if it is one of ours.
    pub(super) fn new(kind: Kind) -> Option<Own> {
        let parser: Box<dyn Parse> = match kind {
            Kind::EucTw => Box::new(euc_tw::EucTw),
            Kind::Big5Uao => Box::new(euc_tw::Uao),
            Kind::Hz => Box::new(hz::Hz::default()),
            Kind::Iso2022Cn | Kind::Iso2022CnExt => Box::new(iso2022::Iso2022::default()),
            Kind::Utf32Le => Box::new(utf32::Utf32 { big: false }),
            Kind::Utf32Be => Box::new(utf32::Utf32 { big: true }),
            _ => return None,
        };
        Some(Own { parser, pending: Vec::new() })
    }

    pub(super) fn held(&self) -> usize {
        self.pending.len()
    }

    pub(super) fn feed(&mut self, mut input: &[u8], last: bool, flow: &mut Flow<'_>) {
        // What was kept is completed byte by byte, a few times at most.
        while !self.pending.is_empty() && !input.is_empty() {
            let mut pending = std::mem::take(&mut self.pending);
            pending.push(input[0]);
            input = &input[1..];
            self.units(&pending, false, flow);
        }
        if !input.is_empty() {
            self.units(input, false, flow);
        }
        if last {
            let rest = std::mem::take(&mut self.pending);
            self.units(&rest, true, flow);
            self.parser.reset();
        }
    }

    /// What comes next in the input is in another encoding.
    pub(super) fn interrupt(&mut self, flow: &mut Flow<'_>) {
        let rest = std::mem::take(&mut self.pending);
        self.units(&rest, true, flow);
        self.parser.interrupt();
    }

    fn units(&mut self, mut bytes: &[u8], last: bool, flow: &mut Flow<'_>) {
        while !bytes.is_empty() {
            let (len, text) = match self.parser.step(bytes, last) {
                Step::Plain(len) => {
                    flow.text(std::str::from_utf8(&bytes[..len]).unwrap_or_default());
                    (len, None)
                }
                Step::Char(len, c) => (len, Some(c)),
                Step::Escape(len) => (len, None),
                Step::Bad(len) => {
                    flow.malformed(flow.at.raw, &bytes[..len], NOT_VALID);
                    (len, None)
                }
                Step::More if last => {
                    flow.malformed(flow.at.raw, bytes, CUT);
                    (bytes.len(), None)
                }
                Step::More => {
                    self.pending.extend_from_slice(bytes);
                    return;
                }
            };
            if let Some(c) = text {
                flow.text(c.encode_utf8(&mut [0; 4]));
            }
            flow.at.raw += len as u64;
            bytes = &bytes[len..];
        }
    }
}

/// A lead byte and what follows it, that make no character: a byte of ASCII is kept for itself.
fn bad_pair(bytes: &[u8]) -> Step {
    if bytes.len() > 1 && bytes[1] < 0x80 { Step::Bad(1) } else { Step::Bad(bytes.len().min(2)) }
}
