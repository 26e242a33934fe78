//! ISO-2022-CN and its extension (RFC 1922): sets are named by escapes and shifted to; a line end
//! takes the shift back. Of the sets of the extension, ISO-IR-165 is read as the GB 2312 that most of it
//! is.

use super::{Parse, Step};
use crate::decode::taiwan;

const ESC: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// A set of characters with codes of two bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Gb2312,
    Cns(u8),
}

impl Set {
    fn char(self, row: u8, cell: u8) -> Option<char> {
        match self {
            Set::Gb2312 => taiwan::gb2312(row, cell),
            Set::Cns(plane) => taiwan::cns(plane, row, cell),
        }
    }
}

#[derive(Default)]
pub(super) struct Iso2022 {
    /// What shift-out shifts to, and whether it is shifted.
    out: Option<Set>,
    shifted: bool,
    /// What single shifts two and three shift to.
    two: Option<Set>,
    three: Option<Set>,
}

impl Iso2022 {
    fn escape(&mut self, bytes: &[u8]) -> Step {
        let Some(kind) = bytes.get(1) else { return Step::More };
        match kind {
            b'$' => {}
            b'N' => return single(self.two, bytes),
            b'O' => return single(self.three, bytes),
            // An escape that is none of this encoding is kept.
            _ => return Step::Plain(1),
        }
        let Some(place) = bytes.get(2) else { return Step::More };
        if !matches!(place, b')' | b'*' | b'+') {
            return Step::Plain(1);
        }
        let Some(set) = bytes.get(3) else { return Step::More };
        match (place, set) {
            (b')', b'A' | b'E') => self.out = Some(Set::Gb2312),
            (b')', b'G') => self.out = Some(Set::Cns(1)),
            (b'*', b'H') => self.two = Some(Set::Cns(2)),
            (b'+', b'I'..=b'M') => self.three = Some(Set::Cns(set - b'I' + 3)),
            _ => return Step::Plain(1),
        }
        Step::Escape(4)
    }
}

/// A character after a single shift.
fn single(set: Option<Set>, bytes: &[u8]) -> Step {
    let Some(set) = set else { return Step::Bad(2) };
    match (bytes.get(2), bytes.get(3)) {
        (Some(row @ 0x21..=0x7E), Some(cell @ 0x21..=0x7E)) => match set.char(*row, *cell) {
            Some(c) => Step::Char(4, c),
            None => Step::Bad(4),
        },
        (None, _) | (Some(0x21..=0x7E), None) => Step::More,
        _ => Step::Bad(2),
    }
}

impl Parse for Iso2022 {
    fn step(&mut self, bytes: &[u8], last: bool) -> Step {
        match bytes[0] {
            0x80.. => Step::Bad(1),
            // A line end takes the shift back. It takes the sets back too, and who writes names
            // them again; not all do, so they are remembered.
            b'\n' => {
                self.shifted = false;
                Step::Plain(1)
            }
            ESC => match self.escape(bytes) {
                // What ends within an escape keeps its bytes.
                Step::More if last => Step::Plain(1),
                step => step,
            },
            SHIFT_OUT if self.out.is_some() => {
                self.shifted = true;
                Step::Escape(1)
            }
            // Some encoders shift in after a single shift too.
            SHIFT_IN if self.shifted || self.two.is_some() || self.three.is_some() => {
                self.shifted = false;
                Step::Escape(1)
            }
            0x21..=0x7E if self.shifted => match (self.out, bytes.get(1)) {
                (_, None) => Step::More,
                (Some(set), Some(cell @ 0x21..=0x7E)) => match set.char(bytes[0], *cell) {
                    Some(c) => Step::Char(2, c),
                    None => Step::Bad(2),
                },
                _ => Step::Bad(1),
            },
            _ if self.shifted => Step::Plain(1),
            _ => {
                let special = |b: &u8| matches!(*b, b'\n' | ESC | SHIFT_OUT | SHIFT_IN | 0x80..);
                let end = bytes[1..].iter().position(special);
                Step::Plain(end.map_or(bytes.len(), |i| i + 1))
            }
        }
    }

    fn reset(&mut self) {
        *self = Iso2022::default();
    }

    fn interrupt(&mut self) {
        self.shifted = false;
    }
}
