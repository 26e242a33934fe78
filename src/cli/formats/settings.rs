//! What is done to the text of a format.

use hanmend::encode::{Bom, Unmappable};
use hanmend::{Fixer, OutputEncoding};

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
}

impl Settings {
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
