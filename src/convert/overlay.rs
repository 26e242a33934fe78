//! Phrases of one's own, over a whole conversion.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::config::{read_phrases, read_rows};
use crate::dict::{Row, Table, compile};
use crate::error::{Error, ErrorKind};

/// Phrases of one's own: what some become, and which stay as they are.
///
/// ```
/// use hanmend::convert::Phrases;
/// use hanmend::convert::target::Target;
/// use hanmend::dict::Row;
/// use hanmend::event::Silent;
/// use hanmend::stage::Stage;
///
/// let row = Row { key: "云盘".into(), values: vec!["雲端硬碟".into()] };
/// let phrases = Phrases::default().rows([row]).protect(["鼠标先生"]).compile()?;
/// let mut stage = Target::Twp.stage_with(phrases);
/// let mut out = String::new();
/// stage.push("鼠标先生的鼠标和云盘", &mut out, &mut Silent);
/// stage.finish(&mut out, &mut Silent);
/// assert_eq!(out, "鼠标先生的滑鼠和雲端硬碟");
/// # Ok::<(), hanmend::error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    rows: Vec<Row>,
    row_files: Vec<PathBuf>,
    kept: Vec<String>,
    kept_files: Vec<PathBuf>,
}

impl Phrases {
    /// Adds phrases and what they become; where a phrase is added twice, the first counts.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Phrases {
        self.rows.extend(rows);
        self
    }

    /// Adds the phrases of a text dictionary, in the form that
    /// [`parse_rows`](crate::dict::parse_rows) reads.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>) -> Phrases {
        self.row_files.push(path.into());
        self
    }

    /// Adds phrases that stay as they are.
    #[must_use]
    pub fn protect<P: Into<String>>(mut self, phrases: impl IntoIterator<Item = P>) -> Phrases {
        self.kept.extend(phrases.into_iter().map(Into::into).filter(|p| !p.is_empty()));
        self
    }

    /// Adds phrases that stay as they are, from a file: one a line; lines that are empty or begin
    /// with `#` say nothing.
    #[must_use]
    pub fn protect_file(mut self, path: impl Into<PathBuf>) -> Phrases {
        self.kept_files.push(path.into());
        self
    }

    /// Reads the files, and makes the phrases ready to be looked for.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Dictionary`] when a file cannot be used: which, the line, and why.
    pub fn compile(&self) -> Result<Arc<Overlay>, Error> {
        let (mut rows, mut kept) = (self.rows.clone(), self.kept.clone());
        for path in &self.row_files {
            rows.extend(read_rows(path)?);
        }
        for path in &self.kept_files {
            kept.extend(read_phrases(path)?);
        }
        if rows.iter().any(|row| row.key.is_empty()) {
            let what = "a phrase of the added dictionary is empty";
            return Err(Error::new(ErrorKind::Dictionary, what));
        }
        Overlay::new(kept, rows).map(Arc::new)
    }
}

/// Phrases that are looked for in the source before anything else: the leftmost, and there the
/// longest. What they become is final. They cut the text: what lies between two of them is
/// converted as if it stood alone. [`Phrases`] makes one.
#[derive(Debug)]
pub struct Overlay {
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
    /// both stays.
    fn new(kept: Vec<String>, rows: Vec<Row>) -> Result<Overlay, Error> {
        // Where a key occurs twice, the first row counts.
        let kept = kept.into_iter().map(|p| Row { key: p.clone(), values: vec![p] });
        let all: Vec<Row> = kept.chain(rows).collect();
        let mut firsts = vec![0u64; 0x1_0000 / 64];
        for first in all.iter().filter_map(|row| row.key.chars().next()).map(u32::from) {
            if let Some(word) = firsts.get_mut(first as usize / 64) {
                *word |= 1 << (first % 64);
            }
        }
        Ok(Overlay { table: Table::from_vec(compile(&all))?, firsts })
    }

    /// Whether there are no phrases.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.keys() == 0
    }

    /// Bytes of the longest phrase.
    pub(crate) fn longest(&self) -> usize {
        self.table.longest_bytes()
    }

    /// The phrases in a whole text, one behind the other, and what they become.
    pub(crate) fn all<'o>(&'o self, text: &str) -> Vec<(Range<usize>, &'o str)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(c) = text[at..].chars().next() {
            match self.look(&text[at..], true) {
                Phrase::Here(len, value) => {
                    found.push((at..at + len, value));
                    at += len;
                }
                Phrase::None | Phrase::Open => at += c.len_utf8(),
            }
        }
        found
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
