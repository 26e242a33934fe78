//! GBK that was read as other pairs of bytes: Big5, EUC-KR, EUC-JP.
//!
//! A decoder as browsers have it leaves one mark for a pair that it does not have, and no pair of GBK of which it is said here has a
//! byte below 80 that could be lost. So how many bytes a mark is for is known, and which of them belong together. The pair may be a
//! character, or the end of one and the beginning of the next, where something put the text out of step.

use super::super::super::codepage::CodePage;
use super::super::super::lattice::{Spelling, is_rare, lost_chars};
use super::super::super::score::Scorer;
use super::super::super::writing::Writing;
use super::{Byte, Lost, Written};
use crate::dict::frequency::{Frequencies, Id};

impl Lost {
    /// Makes characters of the bytes.
    pub(super) fn write_pairs(
        &mut self,
        bytes: &[Byte],
        page: CodePage,
        whole: bool,
        scorer: Scorer,
    ) -> Option<()> {
        self.written.clear();
        self.can_be.clear();
        let model = scorer.model();
        let table = CodePage::Gbk.table();
        let (mut at, mut read, mut lost) = (0, 0, 0);
        while let Some(first) = bytes.get(at) {
            let from = self.can_be.len();
            let ascii = first.value.filter(u8::is_ascii);
            let (mut len, mut is_lost, mut last) = (1, false, first.last);
            if let Some(byte) = ascii {
                self.can_be.push((char::from(byte), Id::NONE));
            } else {
                let Some(second) = bytes.get(at + 1) else {
                    if whole {
                        return None;
                    }
                    break;
                };
                (len, last) = (2, second.last);
                let after = |place: usize| bytes.get(place).and_then(|byte| byte.value);
                match (first.value, second.value) {
                    (Some(lead), Some(trail)) => {
                        let c = table.char(u16::from_be_bytes([lead, trail]))?;
                        self.can_be.push((c, Id::NONE));
                    }
                    // What comes behind it is ASCII: the mark is for one byte.
                    (Some(lead), None)
                        if after(at + 3).is_none_or(|byte| byte.is_ascii()) && !second.second =>
                    {
                        let may = self.losses.before(page, after(at + 3));
                        let trails = (0x80..=0xFE).filter(|byte| may[usize::from(*byte)]);
                        self.can_be.extend(with_lead(lead, trails, model));
                        (len, last) = (3, true);
                    }
                    (Some(lead), None) => {
                        let trails = page.lost_pairs().iter().map(|(lead, _)| *lead);
                        self.can_be.extend(with_lead(lead, trails, model));
                    }
                    (None, Some(trail)) => {
                        let all = &Spelling::of(Writing::Gbk).by_second[usize::from(trail)];
                        self.can_be
                            .extend(all.iter().map(|spelled| (spelled.c, model.id(spelled.c))));
                    }
                    // A letter by itself may be the second byte of a pair of which only the first is lost.
                    (None, None)
                        if second.second
                            && after(at + 2).is_some_and(|byte| (0x40..0x7F).contains(&byte))
                            && after(at + 3).is_some_and(|byte| !byte.is_ascii()) =>
                    {
                        return None;
                    }
                    (None, None) if second.second => {
                        let all = lost_chars(page, Writing::Gbk);
                        self.can_be.extend(all.iter().map(|c| (*c, model.id(*c))));
                    }
                    (None, None) => {
                        let all = &Spelling::of(Writing::Gbk).commonest;
                        self.can_be
                            .extend(all.iter().map(|spelled| (spelled.c, model.id(spelled.c))));
                    }
                }
                is_lost = first.value.is_none() || second.value.is_none();
            }
            if self.can_be.len() == from {
                return None;
            }
            read += bytes[at..at + len].iter().filter(|byte| byte.last).count();
            let aligned = last.then_some(read);
            let can_be = (from, self.can_be.len());
            self.written.push(Written { can_be, lost: is_lost, joined: first.second, aligned });
            lost += usize::from(is_lost);
            at += len;
        }
        // Where most lack bytes, nothing is to be told of any.
        (lost * 2 <= self.written.len()).then_some(())
    }

    /// Whether a decoder lost the pair of the last byte of one character and the first of the next.
    pub(super) fn is_lost_pair(&self, before: char, after: char) -> bool {
        let table = CodePage::Gbk.table();
        let (Some(before), Some(after)) = (table.unit(before), table.unit(after)) else {
            return false;
        };
        let [[_, lead], [trail, _]] = [before, after].map(u16::to_be_bytes);
        let pair = u16::from_be_bytes([lead, trail]);
        trail >= 0x80 && self.page.is_some_and(|page| page.table().char(pair).is_none())
    }
}

/// Characters of GBK that begin with a byte and end with one of some: those that the model has, and signs.
fn with_lead(
    lead: u8,
    trails: impl Iterator<Item = u8>,
    model: &Frequencies,
) -> impl Iterator<Item = (char, Id)> {
    let table = CodePage::Gbk.table();
    let chars = trails.filter_map(move |trail| table.char(u16::from_be_bytes([lead, trail])));
    chars.map(|c| (c, model.id(c))).filter(|(c, id)| id.is_known() || !is_rare(*c))
}
