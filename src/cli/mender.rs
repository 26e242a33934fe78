//! What mends an input: the pipeline itself, or its format.

use std::path::Path;

use hanmend::Fixer;
use hanmend::decode::Encoding;
use hanmend::error::Error;
use hanmend::event::Sink;
use hanmend::pipeline::Stream;

use super::formats::{Kind, Opened, Settings};
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
    /// Whether archives are opened; who shows text has no use for what comes out of one.
    pub(crate) archives: bool,
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
        let kind = match (self.kind, &input.source) {
            (Asked::Kind(kind), _) => Some(kind),
            (Asked::ByName, Source::File(path)) => Kind::of(Path::new(path)),
            _ => None,
        };
        kind.filter(|kind| self.archives || !kind.is_archive())
    }
}

/// Mends one input after the other.
pub(crate) struct Mender<'r> {
    recipe: &'r Recipe,
    text: Stream,
    opened: Option<(Kind, Opened)>,
    /// Whether the current input has a format.
    current: bool,
    nature: Nature,
}

impl<'r> Mender<'r> {
    pub(crate) fn new(recipe: &'r Recipe) -> Mender<'r> {
        let (text, nature) = (recipe.text.stream(), Nature::default());
        Mender { recipe, text, opened: None, current: false, nature }
    }

    /// Says which input comes next.
    pub(crate) fn begin(&mut self, input: &Input) {
        let kind = self.recipe.kind(input);
        self.current = kind.is_some();
        let archive = kind.is_some_and(Kind::is_archive);
        let may_be_binary = self.recipe.finds_encoding && !archive;
        self.nature = if may_be_binary { Nature::default() } else { Nature::Text };
        if let Some(kind) = kind
            && self.opened.as_ref().is_none_or(|(k, _)| *k != kind)
        {
            let stream = Opened::new(self.recipe.formats.clone(), kind);
            self.opened = Some((kind, stream));
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
        match &mut self.opened {
            Some((_, opened)) if self.current => opened.push(input, out, sink),
            _ => self.text.push(input, out, sink),
        }
    }

    /// Ends the input.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        if let Some((head, _)) = self.nature.settle(b"", true) {
            self.take(&head, out, sink)?;
        }
        match &mut self.opened {
            _ if matches!(self.nature, Nature::Binary) => {
                sink.encoding(0, Encoding::BINARY.name(), 1.0);
                Ok(())
            }
            Some((_, opened)) if self.current => opened.finish(out, sink),
            _ => self.text.finish(out, sink).map(drop),
        }
    }

    /// Offset in the output before which every event has been told.
    pub(crate) fn complete(&self) -> u64 {
        match &self.opened {
            Some((_, opened)) if self.current => opened.complete(),
            _ => self.text.complete(),
        }
    }

    /// Forgets an input that failed.
    pub(crate) fn reset(&mut self) {
        *self = Mender::new(self.recipe);
    }
}
