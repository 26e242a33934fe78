//! The short way for a line of which the decoder lost bytes and left marks for them.
//!
//! Where the bytes around the marks are valid UTF-8 from the line's first to its last, with each mark for one byte, there
//! is one way to read it, and only what the lost bytes were is open: of three bytes of a Han one is gone, most often, and
//! both its neighbours are known. So each is chosen by what it costs between them. GBK that was read as other pairs is the
//! same, with each mark for the two bytes of a pair (`pairs.rs`). What is not so simple is for the search, which chooses
//! as this does.

mod choose;
mod pairs;

use self::choose::Way;
use super::super::codepage::CodePage;
use super::super::lattice::{Certainty, Losses, Piece, beside, is_rare, utf8_char, utf8_han};
use super::super::passage::Passage;
use super::super::score::Scorer;
use super::super::writing::{Writing, utf8_len};
use crate::dict::frequency::Id;
use crate::repair::gloss;

/// A byte of a character that it was read as.
#[derive(Clone, Copy, Debug)]
struct Byte {
    /// None where it was lost.
    value: Option<u8>,
    /// Whether it is the last of the character.
    last: bool,
    /// Whether the character is €, which is 80 of GBK, most often, but A2 E3 as well.
    is_euro: bool,
}

/// A character as it was written.
#[derive(Clone, Copy, Debug)]
struct Written {
    /// What it can have been: one, where no byte is lost.
    can_be: (usize, usize),
    lost: bool,
    /// How many characters have been read as its bytes and those before, where both sides end together.
    aligned: Option<usize>,
}

/// The longest reading, in letters.
const READING: usize = 6;
/// In how many ways bytes may be lost of one character: two of three, at the most.
const MOST: usize = 64 * 64;
/// From how many on only characters of the model are tried.
const MANY: usize = 256;

/// Work space.
#[derive(Debug, Default)]
pub(in super::super) struct Lost {
    bytes: Vec<Byte>,
    written: Vec<Written>,
    can_be: Vec<(char, Id)>,
    losses: Losses,
    /// What each costs behind the character before.
    costs: Vec<u32>,
    /// Of the characters in a row that lack bytes.
    layers: Vec<Vec<Way>>,
    text: Vec<char>,
}

impl Lost {
    /// What a text reads as whose characters are bytes of `page`, all of them UTF-8, or GBK, but for those that were lost;
    /// none where that is not so. `whole` says that it ends where a line does; else it may end within a character, which is
    /// left: so many characters are read.
    pub(in super::super) fn read(
        &mut self,
        chars: &[char],
        (writing, page): (Writing, CodePage),
        whole: bool,
        scorer: Scorer,
    ) -> Option<(Passage, usize)> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let turned = turn(chars, writing, page, &mut bytes);
        let written = turned.and_then(|()| match writing {
            Writing::Utf8 => self.write(&bytes, page, whole, scorer),
            _ => self.write_pairs(&bytes, page, whole, scorer),
        });
        self.bytes = bytes;
        written?;
        self.ask_readings();
        self.choose(scorer);
        self.passage(chars, (writing, page), scorer)
    }

    /// Makes characters of the bytes.
    fn write(&mut self, bytes: &[Byte], page: CodePage, whole: bool, scorer: Scorer) -> Option<()> {
        self.written.clear();
        self.can_be.clear();
        let (mut at, mut read, mut lost) = (0, 0, 0);
        while let Some(first) = bytes.get(at) {
            let rest = &bytes[at..];
            let goes_on = |place: usize| {
                rest.get(place)
                    .and_then(|byte| byte.value)
                    .is_some_and(|value| value & 0xC0 == 0x80)
            };
            let len = match first.value {
                // A question mark is the mark of a decoder where no character can begin.
                Some(b'?') if goes_on(1) && goes_on(2) => 3,
                None => 3,
                Some(lead) => usize::from(utf8_len(lead)),
            };
            if len == 0 {
                return None;
            }
            if rest.len() < len {
                if whole {
                    return None;
                }
                break;
            }
            let mark = |place: usize| {
                rest.get(place).is_some_and(|byte| matches!(byte.value, None | Some(b'?')))
            };
            if rest[len - 1].is_euro && mark(len) && (mark(len + 1) || goes_on(len + 1)) {
                return None;
            }
            let from = self.can_be.len();
            let is_whole = len == 1
                || first.value != Some(b'?') && (1..len).all(goes_on) && first.value.is_some();
            if is_whole {
                let mut values = [0; 4];
                for (value, byte) in values.iter_mut().zip(&rest[..len]) {
                    *value = byte.value.unwrap_or_default();
                }
                let c = match len {
                    1 => char::from(values[0]),
                    3 => utf8_char([values[0], values[1], values[2]])?,
                    _ => Writing::Utf8.first(&values[..len])?.0,
                };
                self.can_be.push((c, Id::NONE));
            } else {
                let &[first, second, third] = &rest[..len] else { return None };
                let known = |byte: Byte| byte.value.filter(|value| *value != b'?');
                let after = rest.get(len).and_then(|byte| byte.value);
                self.fill([known(first), known(second), known(third), after], page, scorer)?;
            }
            read += rest[..len].iter().filter(|byte| byte.last).count();
            let aligned = rest[len - 1].last.then_some(read);
            let can_be = (from, self.can_be.len());
            self.written.push(Written { can_be, lost: !is_whole, aligned });
            lost += usize::from(!is_whole);
            at += len;
        }
        // Where most lack bytes, nothing is to be told of any.
        (lost * 2 <= self.written.len()).then_some(())
    }

    /// Leaves of what a character can have been those that can be read as the reading behind it says, `(shí)`, if there are any.
    fn ask_readings(&mut self) {
        for at in 0..self.written.len() {
            let (from, to) = self.written[at].can_be;
            let is_open = |w: &&Written| !w.lost && self.can_be[w.can_be.0].0 == '(';
            if !self.written[at].lost || self.written.get(at + 1).filter(is_open).is_none() {
                continue;
            }
            let behind = self.written[at + 1..].iter().take(READING + 2).take_while(|w| !w.lost);
            let behind: String = behind.map(|w| self.can_be[w.can_be.0].0).collect();
            let Some(reading) = behind.strip_prefix('(').and_then(|rest| rest.split_once(')'))
            else {
                continue;
            };
            let mut agreeing = from;
            for place in from..to {
                if gloss::agrees(self.can_be[place].0, reading.0) {
                    self.can_be.swap(agreeing, place);
                    agreeing += 1;
                }
            }
            if agreeing > from {
                self.written[at].can_be.1 = agreeing;
            }
        }
    }

    /// Lists what a character of three bytes can have been, of which and of the byte after it those are known; none where it
    /// can be nothing, or too much.
    fn fill(&mut self, known: [Option<u8>; 4], page: CodePage, scorer: Scorer) -> Option<()> {
        let mut may = [[0; 64]; 3];
        let mut counts = [1; 3];
        for at in 0..3 {
            let Some(value) = known[at] else {
                let lost = self.losses.before(page, known[at + 1]);
                let bytes = Writing::Utf8.bytes_at(at).filter(|byte| lost[usize::from(*byte)]);
                // Of lead bytes only those of Han, and of what stands among them.
                let bytes = bytes.filter(|byte| at > 0 || !matches!(byte, 0xEA..=0xEE));
                counts[at] = may[at].iter_mut().zip(bytes).map(|(may, byte)| *may = byte).count();
                continue;
            };
            if !Writing::Utf8.bytes_at(at).contains(&value) {
                return None;
            }
            may[at][0] = value;
        }
        let count = counts.iter().product::<usize>();
        if count == 0 || count > MOST {
            return None;
        }
        let model = scorer.model();
        let from = self.can_be.len();
        if let [Some(lead), Some(second), None, _] = known
            && let Some(first) = utf8_han(lead, second)
        {
            let mut may_be = [false; 64];
            may[2][..counts[2]].iter().for_each(|byte| may_be[usize::from(byte & 63)] = true);
            let all = model.among(first..=first + 63).filter(|(_, c)| may_be[*c as usize & 63]);
            self.can_be.extend(all.map(|(id, c)| (c, id)));
            if self.can_be.len() > from {
                return Some(());
            }
        }
        if let ([Some(lead), ..], true) = (known, count > MANY) {
            let codes = u16::from(lead & 15) << 12..=u16::from(lead & 15) << 12 | 0xFFF;
            let mut may_be = [[false; 64]; 2];
            for (may_be, at) in may_be.iter_mut().zip(1..) {
                may[at][..counts[at]].iter().for_each(|byte| may_be[usize::from(byte & 63)] = true);
            }
            let may = |c: char| may_be[0][(c as usize >> 6) & 63] && may_be[1][c as usize & 63];
            let known = model.among(codes.clone()).filter(|(_, c)| may(*c));
            self.can_be.extend(known.map(|(id, c)| (c, id)));
            let is_here =
                |c: &char| codes.contains(&(*c as u16)) && may(*c) && !model.id(*c).is_known();
            self.can_be.extend(beside().filter(is_here).map(|c| (c, Id::NONE)));
            return (self.can_be.len() > from).then_some(());
        }
        // Han that the model does not have, only where nothing else can be there.
        for rare in [false, true] {
            for &first in &may[0][..counts[0]] {
                for &second in &may[1][..counts[1]] {
                    for &third in &may[2][..counts[2]] {
                        let Some(c) = utf8_char([first, second, third]) else { continue };
                        let id = model.id(c);
                        let is_tried = match id.is_known() {
                            true => !rare,
                            false if count > MANY => false,
                            false => is_rare(c) == rare,
                        };
                        if is_tried {
                            self.can_be.push((c, id));
                        }
                    }
                }
            }
            if self.can_be.len() > from {
                return Some(());
            }
        }
        None
    }

    /// The passage, in pieces where both sides end together, without the ASCII that it begins and ends with; and how many
    /// characters were read.
    fn passage(
        &self,
        chars: &[char],
        pair: (Writing, CodePage),
        scorer: Scorer,
    ) -> Option<(Passage, usize)> {
        let state = scorer.start();
        let mut read = String::with_capacity(self.text.len() * 3);
        let mut pieces: Vec<Piece> = Vec::new();
        // Where the passage begins on both sides, and where the last of it that is not ASCII ends.
        let mut start = None;
        let (mut to, mut text_to) = (0, 0);
        let mut done = 0;
        let (mut piece_start, mut chosen) = (0, None);
        for (written, &c) in self.written.iter().zip(&self.text) {
            let char_start = read.len() - piece_start;
            read.push(c);
            if written.lost {
                let (first, _) = chosen.unwrap_or((char_start, 0));
                chosen = Some((first, read.len() - piece_start));
            }
            let Some(aligned) = written.aligned else { continue };
            let ascii = c.is_ascii() && aligned == done + 1 && chars[done] == c;
            if start.is_some() || !ascii {
                let (from, text_from) = *start.get_or_insert((done, piece_start));
                if !ascii {
                    (to, text_to) = (aligned, read.len());
                }
                let (end, text_end) = (aligned - from, read.len() - text_from);
                match pieces.last_mut().filter(|last| last.is_complete() && chosen.is_none()) {
                    // Nobody asks where in what is sure both sides end together.
                    Some(last) => (last.end, last.text_end) = (end, text_end),
                    None => pieces.push(Piece {
                        end,
                        text_end,
                        cost: 0,
                        first: c,
                        states: (state, state),
                        certainty: if chosen.is_some() {
                            Certainty::Guess
                        } else {
                            Certainty::Sure
                        },
                        chosen,
                    }),
                }
            }
            (done, piece_start, chosen) = (aligned, read.len(), None);
        }
        let (from, text_from) = start?;
        // ASCII at the end is one piece, or the end of one.
        let last = pieces.iter().position(|piece| piece.end >= to - from)?;
        pieces.truncate(last + 1);
        (pieces[last].end, pieces[last].text_end) = (to - from, text_to - text_from);
        let text = read[text_from..text_to].to_owned();
        let chain = vec![pair];
        Some((Passage { from, to, text, pieces, chain, gain: 0, cost: 0 }, done))
    }
}

/// Turns characters into the bytes that they were read from.
fn turn(chars: &[char], writing: Writing, page: CodePage, bytes: &mut Vec<Byte>) -> Option<()> {
    let table = page.table();
    bytes.clear();
    let first = chars.iter().find(|c| !c.is_ascii())?;
    let is_utf8 = writing == Writing::Utf8;
    if is_utf8 && table.unit(*first).is_some_and(|unit| !begins(unit)) {
        return None;
    }
    for &c in chars {
        let one = |value| Byte { value, last: true, is_euro: false };
        let unit = match table.unit(c) {
            _ if c.is_ascii() => {
                bytes.push(one(Some(c as u8)));
                continue;
            }
            None if c == '\u{FFFD}' => {
                if !is_utf8 {
                    bytes.push(Byte { last: false, ..one(None) });
                }
                bytes.push(one(None));
                continue;
            }
            unit => unit?,
        };
        if unit > 0xFF {
            let [lead, trail] = unit.to_be_bytes();
            bytes.push(Byte { last: false, ..one(Some(lead)) });
            bytes.push(one(Some(trail)));
            continue;
        }
        let is_euro = c == '€';
        bytes.push(Byte { is_euro, ..one(Some(unit as u8)) });
    }
    Some(())
}

/// Whether a byte, or a pair of them, may begin a character of UTF-8 beyond ASCII.
fn begins(unit: u16) -> bool {
    let first = if unit > 0xFF { unit >> 8 } else { unit };
    (0xC2..=0xF4).contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, page: CodePage, whole: bool) -> Option<(Passage, usize)> {
        let chars: Vec<char> = text.chars().collect();
        Lost::default().read(&chars, (Writing::Utf8, page), whole, Scorer::new())
    }

    /// What Python's decoder of GBK makes of UTF-8, with `mark` for each byte that it loses.
    fn python(text: &str, mark: char) -> String {
        let bytes = text.as_bytes();
        let (mut out, mut at) = (String::new(), 0);
        while at < bytes.len() {
            if bytes[at] < 0x80 {
                out.push(char::from(bytes[at]));
                at += 1;
                continue;
            }
            let unit = bytes.get(at + 1).map(|trail| u16::from_be_bytes([bytes[at], *trail]));
            let c = unit.and_then(|unit| CodePage::Gbk.table().char(unit));
            match c.filter(|c| !matches!(c, '\u{E000}'..='\u{F8FF}')) {
                Some(c) => (out.push(c), at += 2).1,
                None => (out.push(mark), at += 1).1,
            }
        }
        out
    }

    #[test]
    fn lost_bytes_are_chosen_between_their_neighbours() {
        for text in [
            "我们的国家。\n",
            "他不知道，今天的会议改在下午。",
            "一起走到 (3) 楼！\n",
            "<b>我们</b>的国家\n",
        ] {
            let browsers = encoding_rs::GB18030.decode_without_bom_handling(text.as_bytes()).0;
            for bad in [browsers.into_owned(), python(text, '\u{FFFD}'), python(text, '?')] {
                let Some((passage, done)) = read(&bad, CodePage::Gbk, true) else {
                    panic!("{bad}")
                };
                let chars: Vec<char> = bad.chars().collect();
                let ends = [&chars[..passage.from], &chars[passage.to..]].map(String::from_iter);
                assert_eq!(format!("{}{}{}", ends[0], passage.text, ends[1]), text, "{bad}");
                assert_eq!(done, chars.len());
                let end = passage.pieces.last().map(|piece| (piece.end, piece.text_end));
                assert_eq!(end, Some((passage.to - passage.from, passage.text.len())));
                let guessed = passage.pieces.iter().filter(|p| p.certainty == Certainty::Guess);
                assert_eq!(guessed.clone().count() > 0, bad.contains(['\u{FFFD}', '?']), "{bad}");
                assert!(guessed.clone().all(|piece| piece.chosen.is_some()));
            }
        }
        // Strict windows-1252 has five bytes that are none.
        let strict: String = "我們不知道。"
            .bytes()
            .map(|byte| match byte {
                0x81 | 0x8D | 0x8F | 0x90 | 0x9D => '\u{FFFD}',
                byte => CodePage::Latin.table().char(byte.into()).unwrap(),
            })
            .collect();
        assert!(strict.contains('\u{FFFD}'));
        assert_eq!(read(&strict, CodePage::Latin, true).unwrap().0.text, "我們不知道。");
    }

    #[test]
    fn what_ends_within_a_character_is_read_up_to_it() {
        // 我们的国 without its last byte, of which two are read as one character.
        let bad = "鎴戜滑鐨勫浗";
        assert_eq!(read(&bad[..bad.len() - 3], CodePage::Gbk, true).map(|found| found.1), None);
        let (passage, done) = read(&bad[..bad.len() - 3], CodePage::Gbk, false).unwrap();
        assert_eq!((passage.text.as_str(), done), ("我们", 3));
        assert_eq!(read(bad, CodePage::Gbk, true).unwrap().0.text, "我们的国");
    }

    #[test]
    fn what_is_not_utf_8_throughout_is_none() {
        for other in [
            "今天的会议",
            "鎴戜滑的会议",
            "鎴戜滑鐨\u{FFFD}\u{FFFD}勫浗",
            "abc",
            "",
            "\u{FFFD}",
            "你好？\u{FFFD}\u{FFFD}",
            // What € was read from is not clear: 客。 or two others.
            "瀹€??\n",
        ] {
            assert!(read(other, CodePage::Gbk, true).is_none(), "{other}");
        }
    }
}
