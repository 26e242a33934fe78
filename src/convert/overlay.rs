//! Phrases of one's own, over a whole config.

use crate::dict::{Row, Table, compile};
use crate::error::Error;

/// Phrases that are looked for in the source before anything else: the leftmost, and there the
/// longest. What they become is final. They cut the text: what lies between two of them is
/// converted as if it stood alone.
#[derive(Debug)]
pub(crate) struct Overlay {
    table: Table,
    /// A bit for each code point of the BMP: whether a phrase begins with it.
    firsts: Vec<u64>,
}

/// What an overlay says about a place.
pub(crate) enum Phrase<'o> {
    /// No phrase here.
    None,
    /// A phrase of so many bytes, and what it becomes.
    Here(usize, &'o str),
    /// It depends on what comes.
    Open,
}

impl Overlay {
    /// Of phrases that stay as they are and phrases that become others; a phrase that is among
    /// both stays. `None` where there are no phrases.
    pub(crate) fn new(kept: &[String], rows: &[Row]) -> Result<Option<Overlay>, Error> {
        // Where a key occurs twice, the first row counts.
        let kept = kept.iter().map(|p| Row { key: p.clone(), values: vec![p.clone()] });
        let all: Vec<Row> = kept.chain(rows.iter().cloned()).collect();
        if all.is_empty() {
            return Ok(None);
        }
        let mut firsts = vec![0u64; 0x1_0000 / 64];
        for first in all.iter().filter_map(|row| row.key.chars().next()).map(u32::from) {
            if let Some(word) = firsts.get_mut(first as usize / 64) {
                *word |= 1 << (first % 64);
            }
        }
        Ok(Some(Overlay { table: Table::from_vec(compile(&all))?, firsts }))
    }

    /// Bytes of the longest phrase.
    pub(crate) fn longest(&self) -> usize {
        self.table.longest_bytes()
    }

    /// Looks at the start of `text`, which is not empty; more may come unless it has the `end`.
    pub(crate) fn look(&self, text: &str, end: bool) -> Phrase<'_> {
        let first = text.chars().next().map_or(0, u32::from);
        if self.firsts.get(first as usize / 64).is_some_and(|word| word >> (first % 64) & 1 == 0) {
            return Phrase::None;
        }
        if !end && text.len() < self.longest() {
            return Phrase::Open;
        }
        match self.table.longest(text.as_bytes()) {
            Some(found) => match std::str::from_utf8(found.value) {
                Ok(value) => Phrase::Here(found.len, value),
                Err(_) => Phrase::None,
            },
            None => Phrase::None,
        }
    }
}
