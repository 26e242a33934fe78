//! The short way for text that is damaged throughout: a line that can be read back whole needs no search,
//! if the passage shortly before was damaged in the same way, or if it was read byte by byte as the commonest page,
//! and is prose beyond doubt ([`FIRST_SIGHT`]).
//!
//! Nothing is chosen here. Every character must be a byte or a pair of the page, the bytes must be
//! valid in the encoding from the line's first to its last, and what they make must be
//! characters that Chinese text has, at what prose costs. What is not so simple is for the search.

mod lost;

use std::borrow::Cow;

use self::lost::Lost;
use super::codepage::CodePage;
use super::edges::is_good_sign;
use super::passage::Passage;
use super::score::{Scorer, mean_cost};
use super::writing::{Writing, fused};
use crate::dict::frequency::{Frequencies, NAT};
use crate::repair::is_toned;

/// So many Chinese characters at the least.
const LEAST: u32 = 6;
/// The same where their bytes were UTF-8, read one by one, as before: nothing else looks like that.
const LEAST_PROVEN: u32 = 2;
/// The same where they were UTF-8 with marks for what is lost, as before.
const LEAST_LOST: u32 = 4;
/// The same at first sight, of pairs of bytes.
const LEAST_AT_FIRST: u32 = 12;
/// One in so many may be a character that the model does not have.
const RARE: u32 = 16;
/// The most that one may cost by itself, on average: prose has 7 nats, characters by accident 10.
const DEAREST: u32 = 8 * NAT;
/// The most that one may cost behind the one before, on average: prose has 5 to 6 nats.
const FLUENT: u32 = 7 * NAT;

/// How much less each is to cost so than as it stands, where bytes are lost of pairs that were read as others.
const CHEAPER: u32 = 2 * NAT;

/// What a mark or a full-width letter costs that the model does not have: what prose has.
const MARK: u32 = 7 * NAT;

/// What is tried where nothing is known of the text.
pub(super) const FIRST_SIGHT: [(Writing, CodePage); 3] = [
    (Writing::Utf8, CodePage::Latin),
    (Writing::Gbk, CodePage::Latin),
    (Writing::Big5, CodePage::Latin),
];

/// The same of UTF-8 of which bytes may be lost.
pub(super) const FIRST_SIGHT_LOST: [(Writing, CodePage); 2] =
    [(Writing::Utf8, CodePage::Gbk), (Writing::Utf8, CodePage::Latin)];

/// Work space.
#[derive(Debug, Default)]
pub(super) struct Quick {
    bytes: Vec<u8>,
    lost: Lost,
}

impl Quick {
    /// What a line reads as that is damaged as `chain` says, throughout. `again` says that the passage before was,
    /// too.
    pub(super) fn read(
        &mut self,
        line: &str,
        chain: &[(Writing, CodePage)],
        again: bool,
    ) -> Option<String> {
        let mut text: Option<String> = None;
        for &(writing, page) in chain {
            self.turn(text.as_deref().unwrap_or(line), writing, page)?;
            text = Some(match writing {
                Writing::Utf8 => std::str::from_utf8(&self.bytes).ok()?.to_owned(),
                _ => writing.read(&self.bytes)?,
            });
        }
        let last = |text: &str, n: usize| -> Vec<char> {
            let text = text.trim_end_matches(|c: char| c.is_ascii());
            let mut last: Vec<char> = text.chars().rev().take(n).collect();
            last.reverse();
            last
        };
        if chain.iter().all(|(writing, page)| *writing != Writing::Utf8 && page.is_single())
            && let Some(text) = &text
            && let [reads] = last(text, 1)[..]
            && is_good_sign(&last(line, 2), reads, Scorer::new())
        {
            return None;
        }
        let by_bytes = chain.iter().all(|&(w, p)| w == Writing::Utf8 && p.is_single());
        text.filter(|text| match (again, by_bytes) {
            (true, proven) => is_prose(text, proven, LEAST),
            (false, true) => is_prose(text, false, LEAST),
            (false, false) => is_prose(text, false, LEAST_AT_FIRST) && is_fluent(text),
        })
    }

    /// The same where lost bytes are chosen: the passage, and how much of the line is read, in characters. `whole` says that
    /// it ends where a line does.
    pub(super) fn read_lost(
        &mut self,
        chars: &[char],
        pair: (Writing, CodePage),
        again: bool,
        whole: bool,
    ) -> Option<(Passage, usize)> {
        let found = self.lost.read(chars, pair, whole, Scorer::new())?;
        let text = &found.0.text;
        let is_good = match again {
            // Any two Han are two others in other pairs.
            true if pair.0 != Writing::Utf8 => {
                is_prose(text, false, LEAST) && is_fluent(text) && is_cheaper(text, chars)
            }
            true => is_prose(text, false, LEAST_LOST),
            false => is_prose(text, false, LEAST_AT_FIRST) && is_fluent(text),
        };
        is_good.then_some(found)
    }

    /// Where a text that reads as `reads` can be divided: where the bytes between the two are those of whole characters on
    /// both sides. Nowhere where bytes were lost.
    pub(super) fn joints(
        &mut self,
        text: &str,
        chain: &[(Writing, CodePage)],
        reads: &str,
    ) -> Vec<(usize, usize)> {
        let mut joints: Option<Vec<(usize, usize)>> = None;
        let mut from = text.to_owned();
        for &(writing, page) in chain {
            let Some(to) = self.turn(&from, writing, page).and_then(|()| writing.read(&self.bytes))
            else {
                return Vec::new();
            };
            let step = self.joints_of_step(&from, &to, writing, page);
            joints = Some(match joints {
                None => step,
                Some(before) => {
                    let on = |(at, middle)| {
                        let found =
                            step.binary_search_by_key(&middle, |joint: &(usize, usize)| joint.0);
                        Some((at, step[found.ok()?].1))
                    };
                    before.into_iter().filter_map(on).collect()
                }
            });
            from = to;
        }
        joints.filter(|_| from == reads).unwrap_or_default()
    }

    /// The same of a text that was read as one other encoding; `self.bytes` are those between.
    fn joints_of_step(
        &self,
        from: &str,
        to: &str,
        writing: Writing,
        page: CodePage,
    ) -> Vec<(usize, usize)> {
        let table = page.table();
        let width = |c: char| match c.is_ascii() || table.unit(c).is_some_and(|unit| unit < 0x100) {
            true => 1,
            false => 2,
        };
        let mut joints = Vec::new();
        let mut reads = to.char_indices().peekable();
        // Bytes before the next character of the one side, and of the other.
        let (mut at, mut next) = (0, 0);
        for (place, c) in from.char_indices() {
            while next < at && reads.next().is_some() {
                let Some((_, len)) = writing.first(&self.bytes[next..]) else { return Vec::new() };
                next += len;
            }
            if next == at && place > 0 {
                joints.push((place, reads.peek().map_or(to.len(), |(at, _)| *at)));
            }
            at += width(c);
        }
        joints
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
/// by one they are proof enough (`proven`), and rare characters may be many; else there are `least` at the least.
fn is_prose(text: &str, proven: bool, least: u32) -> bool {
    let model = Frequencies::standard();
    let (mut count, mut cost, mut rare) = (0, 0, 0);
    for c in without_readings(text).chars().filter(|c| !c.is_ascii()) {
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
        false => count >= least && cost <= DEAREST * count && rare * RARE <= count,
    }
}

/// Whether characters follow each other as in prose, where single ones cost 8 nats and those by accident 10.
fn is_fluent(text: &str) -> bool {
    mean_cost(without_readings(text).chars()) <= FLUENT
}

/// A text without the readings that `gloss` takes out: letters with a tone that a bracket ends, and the bracket before them.
fn without_readings(text: &str) -> Cow<'_, str> {
    let mut without = String::new();
    let mut from = 0;
    for end in memchr::memchr_iter(b')', text.as_bytes()) {
        let before = &text[from..end];
        let rest = before.trim_end_matches(|c: char| c.is_ascii_alphabetic() || is_toned(c));
        if before[rest.len()..].contains(is_toned) {
            without.push_str(rest.strip_suffix('(').unwrap_or(rest));
            from = end + 1;
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    without.push_str(&text[from..]);
    Cow::Owned(without)
}

/// Whether a text reads far better than characters do, each as it stands.
fn is_cheaper(text: &str, chars: &[char]) -> bool {
    mean_cost(text.chars()) + CHEAPER <= mean_cost(chars.iter().copied())
}

/// Marks, and letters and digits as wide as Han.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}')
}

#[cfg(test)]
mod tests {
    use super::super::passage::Chain;
    use super::*;

    #[test]
    fn a_line_is_read_whole_or_not_at_all() {
        let gbk: Chain = vec![(Writing::Gbk, CodePage::Latin)];
        let utf8: Chain = vec![(Writing::Utf8, CodePage::Latin)];
        let mut quick = Quick::default();
        let good = "今天下午我们在河边散步，(2) 看见几只白鹭。\n";
        let latin = |bytes: &[u8]| bytes.iter().map(|&b| char::from(b)).collect::<String>();
        let bad = latin(&encoding_rs::GBK.encode(good).0);
        assert_eq!(quick.read(&bad, &gbk, true).as_deref(), Some(good));
        assert_eq!(quick.read(&bad, &utf8, true), None);
        assert_eq!(quick.read(&latin(good.as_bytes()), &utf8, true).as_deref(), Some(good));
        assert_eq!(quick.read(&latin(good.as_bytes()), &gbk, true), None);
        let twice: Chain = vec![utf8[0], utf8[0]];
        let bad_twice = latin(latin(good.as_bytes()).as_bytes());
        assert_eq!(quick.read(&bad_twice, &twice, true).as_deref(), Some(good));
        let wide: Chain = vec![(Writing::Utf16Le, CodePage::Latin)];
        let bad: String = good.encode_utf16().flat_map(u16::to_le_bytes).map(char::from).collect();
        assert_eq!(quick.read(&bad, &wide, true).as_deref(), Some(good));
        assert_eq!(quick.read(&bad[..bad.len() - 1], &wide, true), None);
        // Too short, mixed with good text, and other languages.
        for other in ["ÖÐÎÄ", "好的：ÖÐÎÄÖÐÎÄÖÐÎÄ", "Déjà vu à Orléans, où êtes-vous allés ?"]
        {
            assert_eq!(quick.read(other, &gbk, true), None);
            assert_eq!(quick.read(other, &utf8, true), None);
        }
    }

    #[test]
    fn at_first_sight_it_has_to_be_prose_beyond_doubt() {
        let mut quick = Quick::default();
        let latin = |bytes: &[u8]| bytes.iter().map(|&b| char::from(b)).collect::<String>();
        let read = |quick: &mut Quick, bad: &str| {
            FIRST_SIGHT.iter().find_map(|pair| quick.read(bad, &[*pair], false))
        };
        let good = "今天下午我们在河边散步，看见几只白鹭。";
        assert_eq!(read(&mut quick, &latin(good.as_bytes())).as_deref(), Some(good));
        assert_eq!(
            read(&mut quick, &latin(&encoding_rs::GBK.encode(good).0)).as_deref(),
            Some(good)
        );
        let big5 = "今天下午我們在河邊散步，看見幾隻白鷺。";
        let bad = latin(&encoding_rs::BIG5.encode(big5).0);
        assert_eq!(read(&mut quick, &bad).as_deref(), Some(big5));
        // Too short; nested, which is for the search; other languages, and Russian read as Latin-1.
        let twice = latin(latin(good.as_bytes()).as_bytes());
        let russian =
            encoding_rs::KOI8_R.encode("Рано утром на причале было тихо и совсем безлюдно").0;
        for other in [
            &latin("中文".as_bytes()),
            &twice,
            &latin(&encoding_rs::GBK.encode("河边的白鹭").0),
            &latin(&russian),
            "Žluťoučký kůň příšerně úpěl ďábelské ódy",
        ] {
            assert_eq!(read(&mut quick, other), None, "{other}");
        }
    }
}
