//! What mends an input: the pipeline itself, or its format.

use std::path::Path;

use hanmend::Fixer;
use hanmend::decode::Encoding;
use hanmend::error::Error;
use hanmend::pipeline::Stream;

use crate::batch::inputs::{Input, Source};
use hanmend::formats::{self, Kind, Listener, Nature, Settings};

/// How inputs are mended.
pub(crate) struct Recipe {
    /// For texts.
    pub(crate) text: Fixer,
    /// For what has a format.
    pub(crate) formats: Settings,
    /// The format of all inputs, where it was said; else the name of each tells.
    pub(crate) kind: Asked,
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
    opened: Option<(Kind, formats::Stream)>,
    current: Current,
    nature: Nature,
}

/// What the current input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    /// Text, unless it turns out to be none.
    Text,
    /// Of a format, which is opened.
    Format,
    /// An archive that is not to be opened.
    Closed,
}

impl<'r> Mender<'r> {
    pub(crate) fn new(recipe: &'r Recipe) -> Mender<'r> {
        let (text, nature) = (recipe.text.stream(), Nature::default());
        Mender { recipe, text, opened: None, current: Current::Text, nature }
    }

    /// Says which input comes next.
    pub(crate) fn begin(&mut self, input: &Input) {
        self.current = Current::Text;
        self.nature = Nature::default();
        if let Some(kind) = self.recipe.kind(input) {
            self.open(kind);
        }
    }

    fn open(&mut self, kind: Kind) {
        self.current = Current::Format;
        if kind.is_archive() {
            self.nature = Nature::Text;
            if !self.recipe.archives {
                self.current = Current::Closed;
                return;
            }
        }
        if self.opened.as_ref().is_none_or(|(k, _)| *k != kind) {
            self.opened = Some((kind, formats::Stream::new(self.recipe.formats.clone(), kind)));
        }
    }

    /// Whether the input is an archive that was not opened.
    pub(crate) fn is_closed(&self) -> bool {
        self.current == Current::Closed
    }

    /// Whether the input is one of many files.
    pub(crate) fn is_archive(&self) -> bool {
        self.is_closed()
            || self.current == Current::Format
                && self.opened.as_ref().is_some_and(|(kind, _)| kind.is_archive())
    }

    /// Takes `input`, appends to `out` what is final.
    pub(crate) fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Listener,
    ) -> Result<(), Error> {
        let asked = self.recipe.formats.encoding();
        let Some((head, rest)) = self.nature.settle(input, asked, false) else { return Ok(()) };
        self.look(&head);
        self.take(&head, out, sink)?;
        self.take(rest, out, sink)
    }

    /// What has no name that says it may be a web archive.
    fn look(&mut self, head: &[u8]) {
        let by_name = self.recipe.kind == Asked::ByName;
        if by_name
            && self.current == Current::Text
            && let Some(kind) = Kind::of_head(head)
        {
            self.open(kind);
        }
    }

    /// Takes what is known to be text or not.
    fn take(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Listener,
    ) -> Result<(), Error> {
        if matches!(self.nature, Nature::Binary) || self.is_closed() {
            out.extend_from_slice(input);
            return Ok(());
        }
        match &mut self.opened {
            Some((_, opened)) if self.current == Current::Format => opened.push(input, out, sink),
            _ => self.text.push(input, out, sink),
        }
    }

    /// Ends the input.
    pub(crate) fn finish(
        &mut self,
        out: &mut Vec<u8>,
        sink: &mut dyn Listener,
    ) -> Result<(), Error> {
        if let Some((head, _)) = self.nature.settle(b"", self.recipe.formats.encoding(), true) {
            self.look(&head);
            self.take(&head, out, sink)?;
        }
        match &mut self.opened {
            _ if matches!(self.nature, Nature::Binary) || self.current == Current::Closed => {
                sink.encoding(0, Encoding::BINARY.name(), 1.0);
                Ok(())
            }
            Some((_, opened)) if self.current == Current::Format => opened.finish(out, sink),
            _ => self.text.finish(out, sink).map(drop),
        }
    }

    /// Offset in the output before which every event has been told.
    pub(crate) fn complete(&self) -> u64 {
        match &self.opened {
            Some((_, opened)) if self.current == Current::Format => opened.complete(),
            _ => self.text.complete(),
        }
    }

    /// Forgets an input that failed.
    pub(crate) fn reset(&mut self) {
        *self = Mender::new(self.recipe);
    }
}
