//! What is done to the text of a format.

use hanmend::decode::Encoding;
use hanmend::encode::{Bom, Unmappable};
use hanmend::{Fixer, FixerBuilder, OutputEncoding};

use super::Kind;

/// What is done to the text of a format.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Decodes, and does no more.
    pub(crate) decode: Fixer,
    /// Mends text.
    pub(crate) mend: Fixer,
    /// Mends the text of markup.
    pub(crate) markup: Fixer,
    pub(crate) output: OutputEncoding,
    pub(crate) unmappable: Unmappable,
    pub(crate) bom: Bom,
    pub(crate) wanted: Wanted,
    /// The encoding that was asked for.
    pub(crate) encoding: Option<Encoding>,
    /// What `decode` is made with, and what does all that is done to a plain text.
    pub(crate) decoder: FixerBuilder,
    pub(crate) text: FixerBuilder,
}

impl Settings {
    /// The same for a file in `encoding`.
    pub(super) fn reading(&self, encoding: Option<Encoding>) -> Settings {
        Settings { decode: self.decoder.clone().encoding(encoding).build(), ..self.clone() }
    }

    /// What mends the text of files of `kind`.
    pub(super) fn fixer(&self, kind: Kind) -> &Fixer {
        if kind.is_markup() { &self.markup } else { &self.mend }
    }
}

/// Which parts of a file are mended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Fields of records, by name, number or JSON Pointer; none for all.
    pub(crate) fields: Vec<String>,
    /// What separates the fields of a csv file; `None` finds it in the first record.
    pub(crate) delimiter: Option<u8>,
}
