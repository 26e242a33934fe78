//! Characters of which bytes were lost before the last: which it was is asked when the character is whole.

use std::sync::LazyLock;

use super::super::codepage::CodePage;
use super::super::writing::{Part, Writing};
use super::lost::utf8_char;
use super::{HOPELESS, Lattice, Way};
use crate::dict::frequency::{Frequencies, Id};

/// With how many characters it is tried, where more than one byte is lost: of UTF-8, in which one is known, most often,
/// and from how many sequences of bytes on; and of pairs, of which nothing is.
const COMMONEST: usize = 3000;
const COMMONEST_PAIRS: usize = 600;
const SEQUENCES: usize = 256;

/// A character of the model, and its bytes.
#[derive(Clone, Copy)]
struct Spelled {
    bytes: [u8; 3],
    id: Id,
    c: char,
}

/// The characters of the model in an encoding.
struct Spelling {
    /// The commonest first.
    commonest: Vec<Spelled>,
    /// Those of two bytes, by the second.
    by_second: Vec<Vec<Spelled>>,
}

impl Spelling {
    fn of(writing: Writing) -> &'static Spelling {
        static ALL: [LazyLock<Spelling>; 5] = [
            LazyLock::new(|| Spelling::new(Writing::Utf8)),
            LazyLock::new(|| Spelling::new(Writing::Gbk)),
            LazyLock::new(|| Spelling::new(Writing::Big5)),
            LazyLock::new(|| Spelling::new(Writing::Utf16Le)),
            LazyLock::new(|| Spelling::new(Writing::Utf16Be)),
        ];
        &ALL[writing as usize]
    }

    fn new(writing: Writing) -> Spelling {
        let model = Frequencies::standard();
        let spelled = |(id, c): (Id, char)| {
            let pair = |unit: u16| [unit.to_be_bytes()[0], unit.to_be_bytes()[1], 0];
            let unit = u16::try_from(u32::from(c)).ok();
            let bytes = match writing {
                Writing::Utf8 if c.len_utf8() == 3 => {
                    let mut bytes = [0; 3];
                    c.encode_utf8(&mut bytes);
                    Some(bytes)
                }
                Writing::Utf8 => None,
                Writing::Gbk => CodePage::Gbk.table().unit(c).filter(|u| *u > 0xFF).map(pair),
                Writing::Big5 => CodePage::Big5.table().unit(c).filter(|u| *u > 0xFF).map(pair),
                Writing::Utf16Le => unit.map(u16::swap_bytes).map(pair),
                Writing::Utf16Be => unit.map(pair),
            };
            bytes.map(|bytes| Spelled { bytes, id, c })
        };
        let mut commonest: Vec<Spelled> = model.all().filter_map(spelled).collect();
        commonest.sort_by_key(|spelled| model.cost(spelled.id));
        let mut by_second = vec![Vec::new(); 256];
        if writing != Writing::Utf8 {
            commonest.iter().for_each(|s| by_second[usize::from(s.bytes[1])].push(*s));
        }
        commonest.truncate(if writing == Writing::Utf8 { COMMONEST } else { COMMONEST_PAIRS });
        Spelling { commonest, by_second }
    }
}

impl Lattice {
    /// `way` with a part that makes its character whole, of which bytes were lost: with each character of the model
    /// that it can be; if there is none, and one byte of two is known, with any.
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
        let mut tried = |id: Id, c: char| can_be.push((model.follow_in(row, id), c));
        match (parts[0], parts[1]) {
            (_, Part::Known(second)) if len == 2 => {
                for spelled in &Spelling::of(writing).by_second[usize::from(second)] {
                    if may(0, spelled.bytes[0]) {
                        tried(spelled.id, spelled.c);
                    }
                }
            }
            _ if writing == Writing::Utf8 && count.iter().product::<usize>() <= SEQUENCES => {
                for first in writing.bytes_at(0).filter(|&byte| may(0, byte)) {
                    for second in writing.bytes_at(1).filter(|&byte| may(1, byte)) {
                        for third in writing.bytes_at(2).filter(|&byte| may(2, byte)) {
                            let c = utf8_char([first, second, third]);
                            if let Some(c) = c.filter(|&c| model.id(c).is_known()) {
                                tried(model.id(c), c);
                            }
                        }
                    }
                }
            }
            _ => {
                for spelled in &Spelling::of(writing).commonest {
                    if (0..len).all(|at| may(at, spelled.bytes[at])) {
                        tried(spelled.id, spelled.c);
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
            for first in writing.bytes_at(0).filter(|&byte| may(0, byte)) {
                let second = writing.bytes_at(1).find(|&byte| may(1, byte));
                if let Some((c, 2)) = second.and_then(|second| writing.first(&[first, second])) {
                    self.offer_char(way, c);
                }
            }
        }
        self.can_be = can_be;
    }
}
