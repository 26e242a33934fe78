//! What mends an input: the pipeline itself, or record by record.

use std::path::Path;

use hanmend::Fixer;
use hanmend::decode::{Encoding, detect};
use hanmend::error::Error;
use hanmend::event::Sink;
use hanmend::pipeline::Stream;

use super::records::{Kind, RecordStream, Settings};
use crate::batch::inputs::{Input, Source};

/// How inputs are mended.
pub(crate) struct Recipe {
    /// For texts.
    pub(crate) text: Fixer,
    /// For records.
    pub(crate) records: Settings,
    /// The kind of all inputs, where it was said; else the name of each tells.
    pub(crate) kind: Asked,
    /// Whether the encoding is to be found, so that an input can turn out to be no text.
    pub(crate) finds_encoding: bool,
}

/// So many bytes say whether an input is text at all. What is none has a NUL among them; git
/// looks at as many.
const LOOK: usize = 8000;

/// Text that was damaged may have a NUL or two; where there is one and one byte in thirty is a
/// control byte, it is no text. Of compressed data one in nine is.
const CONTROLS: usize = 30;

/// Whether an input that begins with `head` is no text.
fn is_binary(head: &[u8]) -> bool {
    if !head.contains(&0) {
        return false;
    }
    let is_control = |byte: &&u8| **byte < 0x20 && !b"\t\n\x0c\r\x1b".contains(*byte);
    let controls = head.iter().filter(is_control).count();
    let encoding = detect(head).encoding;
    let wide = encoding.name().starts_with("utf-16") || encoding.name().starts_with("utf-32");
    encoding == Encoding::BINARY || (!wide && controls * CONTROLS >= head.len())
}

/// What is known of the current input.
enum Nature {
    /// Nothing yet: its first bytes.
    Unknown(Vec<u8>),
    Text,
    /// No text: it comes out as it went in.
    Binary,
}

/// `--format`, as far as it is about records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// By the name of the file.
    ByName,
    /// No records.
    Text,
    Records(Kind),
}

impl Recipe {
    fn kind(&self, input: &Input) -> Option<Kind> {
        match (self.kind, &input.source) {
            (Asked::Records(kind), _) => Some(kind),
            (Asked::ByName, Source::File(path)) => Kind::of(Path::new(path)),
            _ => None,
        }
    }
}

/// Mends one input after the other.
pub(crate) struct Mender<'r> {
    recipe: &'r Recipe,
    text: Stream,
    records: Option<(Kind, Box<RecordStream>)>,
    /// Whether the current input is records.
    current: bool,
    nature: Nature,
}

impl<'r> Mender<'r> {
    pub(crate) fn new(recipe: &'r Recipe) -> Mender<'r> {
        let (text, nature) = (recipe.text.stream(), Nature::Unknown(Vec::new()));
        Mender { recipe, text, records: None, current: false, nature }
    }

    /// Says which input comes next.
    pub(crate) fn begin(&mut self, input: &Input) {
        let kind = self.recipe.kind(input);
        self.current = kind.is_some();
        let may_be_binary = !self.current && self.recipe.finds_encoding;
        self.nature = if may_be_binary { Nature::Unknown(Vec::new()) } else { Nature::Text };
        if let Some(kind) = kind
            && self.records.as_ref().is_none_or(|(k, _)| *k != kind)
        {
            let stream = RecordStream::new(self.recipe.records.clone(), kind);
            self.records = Some((kind, Box::new(stream)));
        }
    }

    /// Takes `input`, appends to `out` what is final.
    pub(crate) fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        match &mut self.nature {
            Nature::Text => {}
            Nature::Binary => {
                out.extend_from_slice(input);
                return Ok(());
            }
            Nature::Unknown(head) => {
                let missing = LOOK.saturating_sub(head.len()).min(input.len());
                head.extend_from_slice(&input[..missing]);
                if head.len() < LOOK {
                    return Ok(());
                }
                self.look(out, sink)?;
                return self.push(&input[missing..], out, sink);
            }
        }
        match &mut self.records {
            Some((_, records)) if self.current => records.push(input, out, sink),
            _ => self.text.push(input, out, sink),
        }
    }

    /// Says from the first bytes whether the input is text, and takes them.
    fn look(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        let Nature::Unknown(head) = std::mem::replace(&mut self.nature, Nature::Text) else {
            return Ok(());
        };
        if is_binary(&head) {
            self.nature = Nature::Binary;
            sink.encoding(0, Encoding::BINARY.name(), 1.0);
            out.extend_from_slice(&head);
            return Ok(());
        }
        self.text.push(&head, out, sink)
    }

    /// Ends the input.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        self.look(out, sink)?;
        match &mut self.records {
            Some((_, records)) if self.current => records.finish(out, sink),
            _ if matches!(self.nature, Nature::Binary) => Ok(()),
            _ => self.text.finish(out, sink).map(drop),
        }
    }

    /// Offset in the output before which every event has been told.
    pub(crate) fn complete(&self) -> u64 {
        match &self.records {
            Some((_, records)) if self.current => records.complete(),
            _ => self.text.complete(),
        }
    }

    /// Forgets an input that failed.
    pub(crate) fn reset(&mut self) {
        *self = Mender::new(self.recipe);
    }
}
