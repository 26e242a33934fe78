//! What mends an input: the pipeline itself, or record by record.

use std::path::Path;

use hanmend::Fixer;
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
}

impl<'r> Mender<'r> {
    pub(crate) fn new(recipe: &'r Recipe) -> Mender<'r> {
        Mender { recipe, text: recipe.text.stream(), records: None, current: false }
    }

    /// Says which input comes next.
    pub(crate) fn begin(&mut self, input: &Input) {
        let kind = self.recipe.kind(input);
        self.current = kind.is_some();
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
        match &mut self.records {
            Some((_, records)) if self.current => records.push(input, out, sink),
            _ => self.text.push(input, out, sink),
        }
    }

    /// Ends the input.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        match &mut self.records {
            Some((_, records)) if self.current => records.finish(out, sink),
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
