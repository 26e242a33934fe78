//! The encodings that damaged text was written in, byte by byte.

use std::ops::RangeInclusive;

use super::codepage::CodePage;

/// What a text was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    Utf8,
    /// GBK with the four-byte sequences of GB18030.
    Gbk,
    Big5,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
}

/// Bytes of a character that is not whole yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pending {
    bytes: [u8; 4],
    len: u8,
    /// Bit by bit from the lowest, which of them were lost: the byte that came after stands there. Four bits
    /// further up, whether there was none.
    lost: u8,
}

/// A byte of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Known(u8),
    /// It was lost before this byte, or at the end.
    Lost(Option<u8>),
}

/// What a byte did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More bytes are needed.
    More(Pending),
    /// The character is whole.
    Char(char),
    /// No character has this byte here.
    Bad,
}

impl Pending {
    pub(super) fn is_empty(self) -> bool {
        self.len == 0
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Whether none of them was lost.
    pub(super) fn is_known(self) -> bool {
        self.lost == 0
    }

    /// The bytes one by one; for one that was lost, the byte that came after it.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        self.bytes().iter().enumerate().map(|(i, &byte)| match self.lost >> i & 0x11 {
            0 => Part::Known(byte),
            1 => Part::Lost(Some(byte)),
            _ => Part::Lost(None),
        })
    }

    fn with(mut self, byte: u8) -> Pending {
        self.bytes[usize::from(self.len)] = byte;
        self.len += 1;
        self
    }

    fn with_lost(self, after: Option<u8>) -> Pending {
        let lost = if after.is_some() { 1 } else { 0x11 } << self.len;
        Pending { lost: self.lost | lost, ..self.with(after.unwrap_or(0)) }
    }
}

impl Writing {
    /// Whether it is UTF-16, in which any two bytes are a character, ASCII too.
    pub(super) fn is_wide(self) -> bool {
        matches!(self, Writing::Utf16Le | Writing::Utf16Be)
    }

    /// The name in rules and reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Writing::Utf8 => "utf-8",
            Writing::Gbk => "gbk",
            Writing::Big5 => "big5",
            Writing::Utf16Le => "utf-16le",
            Writing::Utf16Be => "utf-16be",
        }
    }

    /// Takes one byte after `pending`.
    pub(super) fn step(self, pending: Pending, byte: u8) -> Step {
        match self {
            Writing::Utf8 => utf8(pending, byte),
            Writing::Gbk => gbk(pending, byte),
            Writing::Big5 => double(CodePage::Big5.table(), pending, byte),
            Writing::Utf16Le => utf16(pending, byte, u16::from_le_bytes),
            Writing::Utf16Be => utf16(pending, byte, u16::from_be_bytes),
        }
    }

    /// `pending` with one byte more, if that leaves the character open. What has lost a byte is taken for a
    /// Han, or a sign that stands among them.
    pub(super) fn open(self, pending: Pending, part: Part) -> Option<Pending> {
        let length = self.length(pending);
        match part {
            _ if pending.len + 1 >= length => None,
            Part::Known(byte) => Some(pending.with(byte)),
            // None of four bytes is a Han of the model.
            Part::Lost(after) => (length < 4 && !self.is_wide()).then(|| pending.with_lost(after)),
        }
    }

    /// How many bytes the character of `pending` has.
    fn length(self, pending: Pending) -> u8 {
        match (self, pending.parts().next()) {
            (Writing::Utf8, Some(Part::Known(lead))) => utf8_len(lead),
            (Writing::Utf8, _) => 3,
            _ => 2,
        }
    }

    /// The bytes that a character of two or three may have at `place`.
    pub(super) fn bytes_at(self, place: usize) -> RangeInclusive<u8> {
        match self {
            Writing::Utf8 if place == 0 => 0xE2..=0xEF,
            Writing::Utf8 => 0x80..=0xBF,
            _ => 0x40..=0xFF,
        }
    }

    /// The text of whole bytes; `None` where they are none.
    pub(super) fn read(self, bytes: &[u8]) -> Option<String> {
        let mut text = String::with_capacity(bytes.len() * 2);
        let pairs = match self {
            Writing::Gbk => Some(CodePage::Gbk.table()),
            Writing::Big5 => Some(CodePage::Big5.table()),
            _ => None,
        };
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            // Most are ASCII and pairs.
            if byte < 0x80 && !self.is_wide() {
                text.push(char::from(byte));
                at += 1;
            } else if let (Some(table), Some(&trail)) = (pairs, bytes.get(at + 1))
                && let Some(c) = table.char(u16::from(byte) << 8 | u16::from(trail))
            {
                text.push(c);
                at += 2;
            } else {
                let (c, len) = self.first(&bytes[at..])?;
                text.push(c);
                at += len;
            }
        }
        Some(text)
    }

    /// The first character of `bytes`, and how many it has; `None` where none is whole.
    pub(super) fn first(self, bytes: &[u8]) -> Option<(char, usize)> {
        let mut pending = Pending::default();
        for (at, &byte) in bytes.iter().enumerate() {
            match self.step(pending, byte) {
                Step::More(more) => pending = more,
                Step::Char(c) => return Some((c, at + 1)),
                Step::Bad => return None,
            }
        }
        None
    }

    /// Whether characters that begin with this byte are too rare to be guessed.
    pub(super) fn is_rare_lead(self, byte: u8) -> bool {
        match self {
            Writing::Utf8 => !matches!(byte, 0xE2..=0xE9 | 0xEF),
            Writing::Gbk => !matches!(byte, 0xA1 | 0xA3 | 0xB0..=0xF7),
            Writing::Big5 => !matches!(byte, 0xA1 | 0xA4..=0xF9),
            Writing::Utf16Le | Writing::Utf16Be => false,
        }
    }
}

/// A pair that happened to be valid UTF-8 and became one character (ǵ for C7 B5), in text whose
/// other bytes were read one by one.
pub(super) fn fused(page: CodePage, writing: Writing, c: char) -> Option<[u8; 2]> {
    let code = c as u32;
    if page != CodePage::Latin || writing == Writing::Utf8 || !(0x100..0x800).contains(&code) {
        return None;
    }
    Some([0xC0 | (code >> 6) as u8, 0x80 | (code & 0x3F) as u8])
}

/// How many bytes the character that starts with `lead` has; 0 where none does.
pub(super) fn utf8_len(lead: u8) -> u8 {
    match lead {
        0..=0x7F => 1,
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 0,
    }
}

fn utf8(pending: Pending, byte: u8) -> Step {
    if pending.is_empty() {
        return match utf8_len(byte) {
            0 => Step::Bad,
            1 => Step::Char(char::from(byte)),
            _ => Step::More(pending.with(byte)),
        };
    }
    if !(0x80..=0xBF).contains(&byte) {
        return Step::Bad;
    }
    let lead = pending.bytes[0];
    let possible = pending.len > 1
        || match lead {
            0xE0 => byte >= 0xA0,
            0xED => byte < 0xA0,
            0xF0 => byte >= 0x90,
            0xF4 => byte < 0x90,
            _ => true,
        };
    if !possible {
        return Step::Bad;
    }
    let grown = pending.with(byte);
    if grown.len < utf8_len(lead) {
        return Step::More(grown);
    }
    let first = u32::from(lead) & (0x7F >> grown.len);
    let code = grown.bytes()[1..].iter().fold(first, |code, &b| code << 6 | u32::from(b & 0x3F));
    char::from_u32(code).map_or(Step::Bad, Step::Char)
}

fn double(table: &super::codepage::Table, pending: Pending, byte: u8) -> Step {
    if pending.is_empty() {
        return match byte {
            0..=0x7F => Step::Char(char::from(byte)),
            0x81..=0xFE => Step::More(pending.with(byte)),
            _ => Step::Bad,
        };
    }
    let pair = u16::from(pending.bytes[0]) << 8 | u16::from(byte);
    table.char(pair).map_or(Step::Bad, Step::Char)
}

/// UTF-16 as Chinese text has it: no controls, no lone surrogates.
fn utf16(pending: Pending, byte: u8, unit: fn([u8; 2]) -> u16) -> Step {
    let grown = pending.with(byte);
    let bytes = grown.bytes;
    let first = unit([bytes[0], bytes[1]]);
    let text = match grown.len {
        2 if matches!(first, 0xD800..=0xDBFF) => return Step::More(grown),
        2 => char::from_u32(first.into()),
        4 => char::decode_utf16([first, unit([bytes[2], bytes[3]])]).next().and_then(Result::ok),
        _ => return Step::More(grown),
    };
    match text {
        Some(c) if !c.is_control() || matches!(c, '\t' | '\n' | '\r') => Step::Char(c),
        _ => Step::Bad,
    }
}

fn gbk(pending: Pending, byte: u8) -> Step {
    let four = match pending.len {
        1 | 3 => byte.is_ascii_digit(),
        2 => (0x81..=0xFE).contains(&byte),
        _ => false,
    };
    if !four {
        if pending.len > 1 {
            return Step::Bad;
        }
        return double(CodePage::Gbk.table(), pending, byte);
    }
    let grown = pending.with(byte);
    if grown.len < 4 {
        return Step::More(grown);
    }
    let text =
        encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&grown.bytes);
    text.and_then(|t| t.chars().next()).map_or(Step::Bad, Step::Char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text() {
        let text = "a中·é😀𠀇";
        assert_eq!(Writing::Utf8.read(text.as_bytes()).as_deref(), Some(text));
        let gbk = encoding_rs::GB18030.encode(text).0;
        assert_eq!(Writing::Gbk.read(&gbk).as_deref(), Some(text));
        let big5 = encoding_rs::BIG5.encode("中文a").0;
        assert_eq!(Writing::Big5.read(&big5).as_deref(), Some("中文a"));
        for bad in [&[0x80][..], &[0xED, 0xA0, 0x80], &[0xE4, 0x41], &[0xC0, 0x80]] {
            assert_eq!(Writing::Utf8.read(bad), None);
        }
    }
}
