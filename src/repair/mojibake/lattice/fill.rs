//! Characters of which bytes were lost before the last: which it was is asked when the character is whole.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::super::codepage::CodePage;
use super::super::writing::{Part, Writing};
use super::lost::{is_rare, utf8_char};
use super::{HOPELESS, Lattice, Way};
use crate::dict::frequency::{Frequencies, Id};

/// With how many characters it is tried, where more than one byte is lost: of UTF-8, in which one is known, most often,
/// and from how many sequences of bytes on; and of pairs, of which nothing is.
const COMMONEST: usize = 3000;
const COMMONEST_PAIRS: usize = 600;
const SEQUENCES: usize = 256;

/// What the model does not have and stands among Han all the same: marks, what cannot be seen, full-width forms.
const BESIDE: [RangeInclusive<char>; 3] =
    ['\u{2000}'..='\u{206F}', '\u{3000}'..='\u{303F}', '\u{FF01}'..='\u{FF65}'];

/// What stands among Han, whether the model has it or not.
pub(in super::super) fn beside() -> impl Iterator<Item = char> {
    BESIDE.into_iter().flatten()
}

/// A character and its bytes.
#[derive(Clone, Copy)]
struct Spelled {
    bytes: [u8; 3],
    c: char,
}

/// What characters are in an encoding.
struct Spelling {
    /// The commonest of the model, and what stands beside them.
    commonest: Vec<Spelled>,
    /// Of two bytes, by the second: all but Han that the model does not have.
    by_second: Vec<Vec<Spelled>>,
}

impl Spelling {
    /// Of an encoding whose lost bytes are kept open: not of UTF-16 ([`Writing::open`]).
    fn of(writing: Writing) -> &'static Spelling {
        static UTF_8: LazyLock<Spelling> = LazyLock::new(|| Spelling::new(Writing::Utf8));
        static BIG5: LazyLock<Spelling> = LazyLock::new(|| Spelling::new(Writing::Big5));
        static GBK: LazyLock<Spelling> = LazyLock::new(|| Spelling::new(Writing::Gbk));
        match writing {
            Writing::Utf8 => &UTF_8,
            Writing::Big5 => &BIG5,
            _ => &GBK,
        }
    }

    fn new(writing: Writing) -> Spelling {
        let model = Frequencies::standard();
        let mut common: Vec<(Id, char)> = model.all().collect();
        common.sort_by_key(|(id, _)| model.cost(*id));
        common.truncate(if writing == Writing::Utf8 { COMMONEST } else { COMMONEST_PAIRS });
        let beside = beside().filter(|c| !model.id(*c).is_known());
        let chars = common.iter().map(|(_, c)| *c).chain(beside);
        let commonest =
            chars.filter_map(|c| Some(Spelled { bytes: spelled(c, writing)?, c })).collect();
        let mut by_second = vec![Vec::new(); 256];
        if writing != Writing::Utf8 {
            let bmp = (0x80..=0xFFFF).filter_map(char::from_u32);
            for c in bmp.filter(|&c| !is_rare(c) || model.id(c).is_known()) {
                if let Some(bytes) = spelled(c, writing) {
                    by_second[usize::from(bytes[1])].push(Spelled { bytes, c });
                }
            }
        }
        Spelling { commonest, by_second }
    }
}

/// The bytes of a character, three of UTF-8, two of the others; none where it has more or less.
fn spelled(c: char, writing: Writing) -> Option<[u8; 3]> {
    let page = match writing {
        Writing::Utf8 => {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes);
            return (c.len_utf8() == 3).then_some([bytes[0], bytes[1], bytes[2]]);
        }
        Writing::Big5 => CodePage::Big5,
        _ => CodePage::Gbk,
    };
    let [first, second] = page.table().unit(c).filter(|unit| *unit > 0xFF)?.to_be_bytes();
    Some([first, second, 0])
}

impl Lattice {
    /// `way` with a part that makes its character whole, of which bytes were lost: with each character that it can be.
    /// Han that the model does not have are among them only if nothing else can be there.
    pub(super) fn fill(&mut self, way: Way, page: CodePage, writing: Writing, part: Part) {
        let (mut parts, mut len) = ([part; 3], 0);
        for part in way.pending.parts().chain([part]) {
            (parts[len], len) = (part, len + 1);
        }
        let model = self.scorer.model();
        model.lay_out(way.state.id(), &mut self.row);
        let mut can_be = std::mem::take(&mut self.can_be);
        can_be.clear();
        let row = &self.row;
        let mut may = [[false; 256]; 3];
        let mut count = [1; 3];
        for (at, part) in parts[..len].iter().enumerate() {
            match part {
                Part::Known(byte) => may[at][usize::from(*byte)] = true,
                Part::Lost(after) => {
                    may[at] = *self.losses.before(page, *after);
                    count[at] = writing.bytes_at(at).filter(|b| may[at][usize::from(*b)]).count();
                }
            }
        }
        let may = |at: usize, byte: u8| may[at][usize::from(byte)];
        let mut rare = Vec::new();
        let mut tried = |c: char| match model.id(c) {
            id if id.is_known() => can_be.push((model.follow_in(row, id), c)),
            _ if is_rare(c) => rare.push(c),
            _ => can_be.push((self.scorer.next(way.state, c).0, c)),
        };
        match (parts[0], parts[1]) {
            (_, Part::Known(second)) if len == 2 => {
                for spelled in &Spelling::of(writing).by_second[usize::from(second)] {
                    if may(0, spelled.bytes[0]) {
                        tried(spelled.c);
                    }
                }
            }
            _ if writing == Writing::Utf8 && count.iter().product::<usize>() <= SEQUENCES => {
                for first in writing.bytes_at(0).filter(|&byte| may(0, byte)) {
                    for second in writing.bytes_at(1).filter(|&byte| may(1, byte)) {
                        for third in writing.bytes_at(2).filter(|&byte| may(2, byte)) {
                            utf8_char([first, second, third]).into_iter().for_each(&mut tried);
                        }
                    }
                }
            }
            _ => {
                for spelled in &Spelling::of(writing).commonest {
                    if (0..len).all(|at| may(at, spelled.bytes[at])) {
                        tried(spelled.c);
                    }
                }
            }
        }
        self.left = self.left.saturating_sub(can_be.len());
        self.completed |= !can_be.is_empty();
        let least = can_be.iter().map(|(cost, _)| *cost).min().unwrap_or(0);
        for &(cost, c) in can_be.iter().filter(|(cost, _)| *cost <= least + HOPELESS) {
            if way.cost + cost <= self.limit {
                self.offer_char(way, c);
            }
        }
        if can_be.is_empty() && len == 2 && count[1] == 1 {
            let second = writing.bytes_at(1).find(|&byte| may(1, byte));
            for first in writing.bytes_at(0).filter(|&byte| may(0, byte)) {
                let whole = second.and_then(|second| writing.first(&[first, second]));
                rare.extend(whole.filter(|(_, len)| *len == 2).map(|(c, _)| c));
            }
        }
        if can_be.is_empty() {
            rare.into_iter().for_each(|c| self.offer_char(way, c));
        }
        self.can_be = can_be;
    }
}
