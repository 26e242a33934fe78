//! The glosses that a passage has: which characters it glosses, and with which reading.

use super::fluency::Cost;
use super::{gbk, list};

/// What it costs a reading of the bytes to leave a character without a gloss that the passage
/// glosses elsewhere: "every occurrence or none" held on every page that was looked at.
const MISSED_SEEN: Cost = 14 * 8;
/// The same for a character of the list that the passage shows nowhere: it may not use that part
/// of the list.
const MISSED_LISTED: Cost = 4 * 8;

/// One glossed character.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its bytes in GBK.
    pub(super) pair: [u8; 2],
    /// Its reading.
    pub(super) reading: String,
    /// What a missing gloss costs.
    pub(super) missed: Cost,
}

/// The glossed characters of a passage, found by their bytes.
#[derive(Debug)]
pub(super) struct Active {
    entries: Vec<Entry>,
    /// By pair: one more than the index of the entry.
    by_pair: Vec<u16>,
}

impl Active {
    /// Nothing is glossed.
    pub(super) fn new() -> Active {
        Active { entries: Vec::new(), by_pair: vec![0; 0x1_0000] }
    }

    /// Takes the place of what was there: the list without the characters that stand bare in the
    /// passage, and `seen`, the characters that the passage glosses.
    pub(super) fn set<'s>(
        &mut self,
        seen: impl Iterator<Item = (char, &'s str)>,
        bare: impl Fn(char) -> bool,
    ) {
        for entry in self.entries.drain(..) {
            self.by_pair[index(entry.pair)] = 0;
        }
        for (character, reading) in seen {
            if let Some(pair) = gbk::encode(character) {
                self.add(pair, reading, MISSED_SEEN);
            }
        }
        for l in list::all() {
            if self.at(l.pair).is_none() && !bare(l.character) {
                self.add(l.pair, l.reading, MISSED_LISTED);
            }
        }
    }

    fn add(&mut self, pair: [u8; 2], reading: &str, missed: Cost) {
        self.entries.push(Entry { pair, reading: reading.to_owned(), missed });
        self.by_pair[index(pair)] = self.entries.len() as u16;
    }

    /// The entry of a pair of bytes.
    pub(super) fn at(&self, pair: [u8; 2]) -> Option<&Entry> {
        let at = self.by_pair[index(pair)];
        self.entries.get(usize::from(at).checked_sub(1)?)
    }

    /// Whether some character is glossed with this reading.
    pub(super) fn has_reading(&self, reading: &str) -> bool {
        self.entries.iter().any(|e| e.reading == reading)
    }

    /// The second bytes that make `first` a glossed character with `reading`.
    pub(super) fn seconds<'a>(
        &'a self,
        first: u8,
        reading: &'a str,
    ) -> impl Iterator<Item = u8> + 'a {
        self.entries
            .iter()
            .filter(move |e| e.pair[0] == first && e.reading == reading)
            .map(|e| e.pair[1])
    }
}

fn index(pair: [u8; 2]) -> usize {
    usize::from(u16::from_be_bytes(pair))
}
