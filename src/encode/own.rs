//! The encoders that encoding_rs lacks.

use crate::decode::Kind;
use crate::decode::taiwan;

/// The state of an encoder: which set of ISO 2022 is named, what is shifted to.
#[derive(Default)]
pub(super) struct Own {
    inside: bool,
    out: Option<Set>,
    two: bool,
    three: u8,
    /// What was named so far in the whole text: who reads it remembers.
    named: Named,
    /// How much of an escape of the encoding itself the last characters of the text look like.
    escape: Escape,
}

/// Which kinds of sets were named.
#[derive(Clone, Copy, Default)]
struct Named {
    out: bool,
    single: bool,
}

/// The beginning of an escape, in text that has it as characters.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    Begun,
    Dollar,
    /// The place that is named: `)`, `*` or `+`.
    Place(char),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Gb2312,
    Cns1,
}

impl Own {
    /// Whether encodings of this kind are written here.
    pub(super) fn writes(kind: Kind) -> bool {
        matches!(
            kind,
            Kind::EucTw
                | Kind::Big5Uao
                | Kind::Hz
                | Kind::Iso2022Cn
                | Kind::Iso2022CnExt
                | Kind::Utf32Le
                | Kind::Utf32Be
        )
    }

    /// Writes `c`; `false` where the encoding lacks it.
    pub(super) fn write(&mut self, kind: Kind, c: char, out: &mut Vec<u8>) -> bool {
        match kind {
            Kind::Utf32Le => out.extend_from_slice(&u32::from(c).to_le_bytes()),
            Kind::Utf32Be => out.extend_from_slice(&u32::from(c).to_be_bytes()),
            Kind::Hz => return self.hz(c, out),
            Kind::Iso2022Cn | Kind::Iso2022CnExt => return self.iso2022(kind, c, out),
            _ if c.is_ascii() => out.push(c as u8),
            Kind::EucTw => match taiwan::cns_code(c) {
                Some((1, row, cell)) => out.extend_from_slice(&[row | 0x80, cell | 0x80]),
                Some((plane, row, cell)) => {
                    out.extend_from_slice(&[0x8E, 0xA0 + plane, row | 0x80, cell | 0x80]);
                }
                None => return false,
            },
            _ => match taiwan::uao_code(c) {
                Some(code) => out.extend_from_slice(&code),
                None => return false,
            },
        }
        true
    }

    /// Goes back to ASCII at the end.
    pub(super) fn finish(&mut self, kind: Kind, out: &mut Vec<u8>) {
        self.leave(kind, out);
        *self = Own::default();
    }

    fn leave(&mut self, kind: Kind, out: &mut Vec<u8>) {
        if self.inside {
            out.extend_from_slice(if kind == Kind::Hz { b"~}" } else { b"\x0F" });
            self.inside = false;
        }
    }

    fn hz(&mut self, c: char, out: &mut Vec<u8>) -> bool {
        if c.is_ascii() {
            self.leave(Kind::Hz, out);
            out.push(c as u8);
            if c == '~' {
                out.push(b'~');
            }
            return true;
        }
        let Some((row, cell)) = taiwan::gb2312_code(c) else { return false };
        if !self.inside {
            out.extend_from_slice(b"~{");
            self.inside = true;
        }
        out.extend_from_slice(&[row, cell]);
        true
    }

    fn iso2022(&mut self, kind: Kind, c: char, out: &mut Vec<u8>) -> bool {
        if c.is_ascii() {
            if self.would_shift(c) {
                return false;
            }
            self.leave(kind, out);
            out.push(c as u8);
            if c == '\n' {
                *self = Own { named: self.named, ..Own::default() };
            }
            return true;
        }
        self.escape = Escape::None;
        // Shift-out is for GB 2312 and the first plane; single shifts are for the others.
        let (set, row, cell) = match (taiwan::gb2312_code(c), taiwan::cns_code(c)) {
            (Some((row, cell)), Some((1, ..))) if self.out != Some(Set::Cns1) => {
                (Set::Gb2312, row, cell)
            }
            (_, Some((1, row, cell))) => (Set::Cns1, row, cell),
            (Some((row, cell)), _) => (Set::Gb2312, row, cell),
            (None, Some((plane, row, cell))) => return self.shifted(kind, plane, row, cell, out),
            (None, None) => return false,
        };
        if self.out != Some(set) {
            out.extend_from_slice(if set == Set::Gb2312 { b"\x1B$)A" } else { b"\x1B$)G" });
            self.out = Some(set);
            self.named.out = true;
            // Some decoders take a new set only at the next shift.
            self.inside = false;
        }
        if !self.inside {
            out.push(0x0E);
            self.inside = true;
        }
        out.extend_from_slice(&[row, cell]);
        true
    }

    /// Whether a character of ASCII would be read as the end of an escape, or as a shift.
    fn would_shift(&mut self, c: char) -> bool {
        let before = std::mem::take(&mut self.escape);
        self.escape = match (before, c) {
            (_, '\x1B') => Escape::Begun,
            (Escape::Begun, '$') => Escape::Dollar,
            (Escape::Dollar, ')' | '*' | '+') => Escape::Place(c),
            _ => Escape::None,
        };
        match (before, c) {
            (Escape::Begun, 'N' | 'O') => true,
            (Escape::Place(')'), 'A' | 'E' | 'G') => true,
            (Escape::Place('*'), 'H') | (Escape::Place('+'), 'I'..='M') => true,
            (_, '\x0E') => self.named.out,
            (_, '\x0F') => self.named.single,
            _ => false,
        }
    }

    fn shifted(&mut self, kind: Kind, plane: u8, row: u8, cell: u8, out: &mut Vec<u8>) -> bool {
        match plane {
            2 => {
                if !self.two {
                    out.extend_from_slice(b"\x1B$*H");
                    self.two = true;
                }
                out.extend_from_slice(&[0x1B, b'N', row, cell]);
            }
            3..=7 if kind == Kind::Iso2022CnExt => {
                if self.three != plane {
                    out.extend_from_slice(&[0x1B, b'$', b'+', b'I' + plane - 3]);
                    self.three = plane;
                }
                out.extend_from_slice(&[0x1B, b'O', row, cell]);
            }
            _ => return false,
        }
        self.named.single = true;
        true
    }
}
