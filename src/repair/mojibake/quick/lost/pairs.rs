//! GBK that was read as other pairs of bytes: Big5, EUC-KR, EUC-JP.
//!
//! These take bytes two by two as GBK does, so that a character of the one is one of the other; and a decoder as browsers have it
//! leaves one mark for a pair that it does not have. What is out of step is for the search.

use super::super::super::codepage::CodePage;
use super::super::super::lattice::lost_chars;
use super::super::super::score::Scorer;
use super::super::super::writing::Writing;
use super::{Byte, Lost, Written};
use crate::dict::frequency::Id;

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
            let len = if ascii.is_some() { 1 } else { 2 };
            let Some(rest) = bytes.get(at..at + len) else {
                if whole {
                    return None;
                }
                break;
            };
            let is_lost = match (ascii, rest[len - 1].value) {
                (Some(byte), _) => {
                    self.can_be.push((char::from(byte), Id::NONE));
                    false
                }
                (None, Some(trail)) => {
                    let c = table.char(u16::from_be_bytes([first.value?, trail]))?;
                    self.can_be.push((c, Id::NONE));
                    false
                }
                (None, None) if first.value.is_none() => {
                    // A letter by itself may be the second byte of a pair of which only the first is lost.
                    let value = |place: usize| bytes.get(place).and_then(|byte| byte.value);
                    if value(at + 2).is_some_and(|byte| (0x40..0x7F).contains(&byte))
                        && value(at + 3).is_some_and(|byte| !byte.is_ascii())
                    {
                        return None;
                    }
                    let all = lost_chars(page, Writing::Gbk);
                    self.can_be.extend(all.iter().map(|c| (*c, model.id(*c))));
                    true
                }
                (None, None) => return None,
            };
            read += rest.iter().filter(|byte| byte.last).count();
            let aligned = rest[len - 1].last.then_some(read);
            let can_be = (from, self.can_be.len());
            if can_be.0 == can_be.1 {
                return None;
            }
            self.written.push(Written { can_be, lost: is_lost, aligned });
            lost += usize::from(is_lost);
            at += len;
        }
        // Where most lack bytes, nothing is to be told of any.
        (lost * 2 <= self.written.len()).then_some(())
    }
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
