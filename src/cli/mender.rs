//! What mends an input: the pipeline itself, or its format.

use std::path::Path;

use hanmend::Fixer;
use hanmend::decode::Encoding;
use hanmend::error::Error;
use hanmend::event::Sink;
use hanmend::pipeline::Stream;

use super::formats::{Kind, Settings, Woven};
use super::nature::Nature;
use crate::batch::inputs::{Input, Source};

/// How inputs are mended.
pub(crate) struct Recipe {
    /// For texts.
    pub(crate) text: Fixer,
    /// For what has a format.
    pub(crate) formats: Settings,
    /// The format of all inputs, where it was said; else the name of each tells.
    pub(crate) kind: Asked,
    /// Whether the encoding is to be found, so that an input can turn out to be no text.
    pub(crate) finds_encoding: bool,
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// By the name of the file.
    ByName,
    /// None.
    Text,
    Kind(Kind),
}

impl Recipe {
    fn kind(&self, input: &Input) -> Option<Kind> {
        match (self.kind, &input.source) {
            (Asked::Kind(kind), _) => Some(kind),
            (Asked::ByName, Source::File(path)) => Kind::of(Path::new(path)),
            _ => None,
        }
    }
}

/// Mends one input after the other.
pub(crate) struct Mender<'r> {
    recipe: &'r Recipe,
    text: Stream,
    woven: Option<(Kind, Box<Woven>)>,
    /// Whether the current input has a format.
    current: bool,
    nature: Nature,
}

impl<'r> Mender<'r> {
    pub(crate) fn new(recipe: &'r Recipe) -> Mender<'r> {
        let (text, nature) = (recipe.text.stream(), Nature::default());
        Mender { recipe, text, woven: None, current: false, nature }
    }

    /// Says which input comes next.
    pub(crate) fn begin(&mut self, input: &Input) {
        let kind = self.recipe.kind(input);
        self.current = kind.is_some();
        let may_be_binary = self.recipe.finds_encoding;
        self.nature = if may_be_binary { Nature::default() } else { Nature::Text };
        if let Some(kind) = kind
            && self.woven.as_ref().is_none_or(|(k, _)| *k != kind)
        {
            let stream = Woven::new(self.recipe.formats.clone(), kind);
            self.woven = Some((kind, Box::new(stream)));
        }
    }

    /// Takes `input`, appends to `out` what is final.
    pub(crate) fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let Some((head, rest)) = self.nature.settle(input, false) else { return Ok(()) };
        self.take(&head, out, sink)?;
        self.take(rest, out, sink)
    }

    /// Takes what is known to be text or not.
    fn take(&mut self, input: &[u8], out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        if matches!(self.nature, Nature::Binary) {
            out.extend_from_slice(input);
            return Ok(());
        }
        match &mut self.woven {
            Some((_, woven)) if self.current => woven.push(input, out, sink),
            _ => self.text.push(input, out, sink),
        }
    }

    /// Ends the input.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        if let Some((head, _)) = self.nature.settle(b"", true) {
            self.take(&head, out, sink)?;
        }
        match &mut self.woven {
            _ if matches!(self.nature, Nature::Binary) => {
                sink.encoding(0, Encoding::BINARY.name(), 1.0);
                Ok(())
            }
            Some((_, woven)) if self.current => woven.finish(out, sink),
            _ => self.text.finish(out, sink).map(drop),
        }
    }

    /// Offset in the output before which every event has been told.
    pub(crate) fn complete(&self) -> u64 {
        match &self.woven {
            Some((_, woven)) if self.current => woven.complete(),
            _ => self.text.complete(),
        }
    }

    /// Forgets an input that failed.
    pub(crate) fn reset(&mut self) {
        *self = Mender::new(self.recipe);
    }
}
