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

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK};

    use super::*;

    fn read(text: &str, page: CodePage, whole: bool) -> Option<(String, usize)> {
        let chars: Vec<char> = text.chars().collect();
        let pair = (Writing::Gbk, page);
        let (passage, read) = Lost::default().read(&chars, pair, whole, Scorer::new())?;
        let ends = [&chars[..passage.from], &chars[passage.to..]].map(String::from_iter);
        Some((format!("{}{}{}", ends[0], passage.text, ends[1]), read))
    }

    fn corrupt(text: &str, encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(&GBK.encode(text).0).0.into_owned()
    }

    const PAGES: [(CodePage, &Encoding); 3] =
        [(CodePage::Big5, BIG5), (CodePage::EucKr, EUC_KR), (CodePage::EucJp, EUC_JP)];

    #[test]
    fn pairs_that_a_decoder_lost_are_chosen_between_their_neighbours() {
        let text = "我们的学生在图书馆里看书，他们也向老师提出了问题。\n";
        for (page, encoding) in PAGES {
            let bad = corrupt(text, encoding);
            assert!(bad.contains('\u{FFFD}') || page == CodePage::Big5, "{bad}");
            let read = read(&bad, page, true);
            assert_eq!(read.as_ref().map(|read| read.0.as_str()), Some(text), "{bad}");
        }
        // 给 in Big5, of which 个 and 人 are lost.
        let bad = corrupt("他一个人来，那个人也没有说什么。\n", BIG5);
        assert!(bad.contains('\u{FFFD}'), "{bad}");
        assert_eq!(
            read(&bad, CodePage::Big5, true).unwrap().0,
            "他一个人来，那个人也没有说什么。\n"
        );
    }

    #[test]
    fn a_pair_may_be_the_end_of_one_and_the_beginning_of_the_next() {
        for (page, _) in PAGES {
            let pair = page.lost_pairs().iter().find(|(lead, _)| *lead >= 0xA1);
            let (lead, trails) = pair.expect("pairs that are none");
            let text = |bytes: [u8; 2]| CodePage::Gbk.table().char(u16::from_be_bytes(bytes));
            let (Some(first), Some(second)) = (text([0xB0, *lead]), text([trails[0], 0xB0])) else {
                continue;
            };
            let lost = Lost { page: Some(page), ..Lost::default() };
            assert!(lost.is_lost_pair(first, second), "{first}{second}");
            assert!(!lost.is_lost_pair('一', '一'));
        }
    }

    #[test]
    fn what_is_no_gbk_throughout_is_none() {
        for other in ["我们今天\u{FFFD}散步\n", "\u{FFFD}\u{FFFD}", "abc", "", "한국어"] {
            assert!(read(other, CodePage::Big5, true).is_none(), "{other}");
        }
        // A letter by itself behind a mark may be half a pair.
        assert!(read("眕ゴ羶衄黍徹\u{FFFD}r眕ゴ羶衄", CodePage::Big5, true).is_none());
        // What ends within a character is left to what comes behind it.
        let bad = corrupt("上星期我们在社区", EUC_KR);
        assert_eq!(
            read(&bad, CodePage::EucKr, false).map(|read| read.1),
            Some(bad.chars().count())
        );
    }
}
