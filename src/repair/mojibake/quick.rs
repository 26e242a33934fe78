//! The short way for text that is damaged throughout: a line that can be read back whole, in the
//! way that the passage shortly before was damaged, needs no search.
//!
//! Nothing is chosen here. Every character must be a byte or a pair of the page, the bytes must be
//! valid in the encoding from the line's first to its last, and what they make must be
//! characters that Chinese text has, at what prose costs. What is not so simple is for the search.

use super::codepage::CodePage;
use super::search::Chain;
use super::writing::{Writing, fused};
use crate::dict::frequency::{Frequencies, NAT};

/// So many Chinese characters at the least.
const LEAST: u32 = 6;
/// The same where their bytes were UTF-8, read one by one: nothing else looks like that.
const LEAST_PROVEN: u32 = 2;
/// One in so many may be a character that the model does not have.
const RARE: u32 = 16;
/// The most that one may cost by itself, on average: prose has 7 nats, characters by accident 10.
const DEAREST: u32 = 8 * NAT;

/// What a mark or a full-width letter costs that the model does not have: what prose has.
const MARK: u32 = 7 * NAT;

/// Work space.
#[derive(Debug, Default)]
pub(super) struct Quick {
    bytes: Vec<u8>,
}

impl Quick {
    /// What a line reads as that is damaged as `chain` says, throughout.
    pub(super) fn read(&mut self, line: &str, chain: &Chain) -> Option<String> {
        let mut text: Option<String> = None;
        for &(writing, page) in chain {
            self.turn(text.as_deref().unwrap_or(line), writing, page)?;
            text = Some(match writing {
                Writing::Utf8 => std::str::from_utf8(&self.bytes).ok()?.to_owned(),
                Writing::Gbk | Writing::Big5 => writing.read(&self.bytes)?,
                Writing::Utf16Le | Writing::Utf16Be => return None,
            });
        }
        let proven = chain.iter().all(|&(w, p)| w == Writing::Utf8 && p.is_single());
        text.filter(|text| is_prose(text, proven))
    }

    /// Turns characters into the bytes that they were read from.
    fn turn(&mut self, text: &str, writing: Writing, page: CodePage) -> Option<()> {
        let table = page.table();
        self.bytes.clear();
        for c in text.chars() {
            if c.is_ascii() {
                self.bytes.push(c as u8);
                continue;
            }
            match table.unit(c) {
                Some(unit) if unit < 0x100 => self.bytes.push(unit as u8),
                Some(unit) => self.bytes.extend(unit.to_be_bytes()),
                None => self.bytes.extend(fused(page, writing, c)?),
            }
        }
        Some(())
    }
}

/// Whether a text is Chinese prose and ASCII, and nothing else. Where its bytes were UTF-8 read one
/// by one they are proof enough, and rare characters may be many.
fn is_prose(text: &str, proven: bool) -> bool {
    let model = Frequencies::standard();
    let (mut count, mut cost, mut rare) = (0, 0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let id = model.id(c);
        count += 1;
        if !id.is_known() && is_mark(c) {
            cost += MARK;
            continue;
        }
        cost += model.cost(id);
        if !id.is_known() {
            if !matches!(c as u32, 0x2000..0xE000 | 0xF900..0xFFFD) {
                return false;
            }
            rare += 1;
        }
    }
    match proven {
        true => count >= LEAST_PROVEN && rare * 2 <= count,
        false => count >= LEAST && cost <= DEAREST * count && rare * RARE <= count,
    }
}

/// Marks, and letters and digits as wide as Han.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whole_or_not_at_all() {
        let gbk: Chain = vec![(Writing::Gbk, CodePage::Latin)];
        let utf8: Chain = vec![(Writing::Utf8, CodePage::Latin)];
        let mut quick = Quick::default();
        let good = "今天下午我们在河边散步，(2) 看见几只白鹭。\n";
        let latin = |bytes: &[u8]| bytes.iter().map(|&b| char::from(b)).collect::<String>();
        let bad = latin(&encoding_rs::GBK.encode(good).0);
        assert_eq!(quick.read(&bad, &gbk).as_deref(), Some(good));
        assert_eq!(quick.read(&bad, &utf8), None);
        assert_eq!(quick.read(&latin(good.as_bytes()), &utf8).as_deref(), Some(good));
        assert_eq!(quick.read(&latin(good.as_bytes()), &gbk), None);
        let twice: Chain = vec![utf8[0], utf8[0]];
        let bad_twice = latin(latin(good.as_bytes()).as_bytes());
        assert_eq!(quick.read(&bad_twice, &twice).as_deref(), Some(good));
        // Too short, mixed with good text, and other languages.
        for other in ["ÖÐÎÄ", "好的：ÖÐÎÄÖÐÎÄÖÐÎÄ", "Déjà vu à Orléans, où êtes-vous allés ?"]
        {
            assert_eq!(quick.read(other, &gbk), None);
            assert_eq!(quick.read(other, &utf8), None);
        }
    }
}
