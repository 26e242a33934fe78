//! How the bytes of each encoding make characters, for scoring: faster and more forgiving than
//! decoding, and with numbers of the model in place of characters.

use std::sync::OnceLock;

use encoding_rs as rs;

use super::cesu;
use super::model::{Class, Model, Number};
use super::taiwan;

#[cfg(test)]
mod compile;

/// A unit at the start of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// So many bytes make this character.
    Char(usize, Number),
    /// No character begins so.
    Bad,
    /// The bytes end before it can be said.
    Cut,
}

/// An encoding in which bytes from 0x80 on begin characters of several bytes.
pub(super) trait Units {
    /// Bytes that a cut at the head may leave of a character so that they show.
    const HEAD: usize;

    /// The unit at the start of `bytes`, which begins with a byte beyond ASCII.
    fn unit(&self, bytes: &[u8]) -> Unit;
}

/// Two bytes a character, in most. The numbers of the characters are worked out ahead of time:
/// `data/compiled/detect-codes.bin` has for each table of [`Codes`], in its order, 128 numbers for the
/// single bytes from 0x80, and 128 rows, for the lead bytes from 0x80, of 192 for the trail bytes from
/// 0x40; 16 bits each, little endian.
pub(super) struct Table {
    shape: Shape,
    singles: &'static [[u8; 2]],
    pairs: &'static [[u8; 2]],
    far: Number,
    rare: Number,
}

static CODES: &[u8] = include_bytes!("../../data/compiled/detect-codes.bin");
const FIRST_TRAIL: u8 = 0x40;
const ROW: usize = 0x100 - FIRST_TRAIL as usize;
const SINGLES: usize = 128;
const SIZE: usize = SINGLES + 128 * ROW;

/// The tables in `detect-codes.bin`.
#[derive(Clone, Copy)]
enum Codes {
    Gb18030,
    Big5,
    Big5Uao,
    EucTw,
    EucJp,
    ShiftJis,
    EucKr,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Gb18030,
    EucJp,
    EucTw,
    Pairs,
}

const NONE: Number = Number::MAX;

impl Table {
    /// GB18030 with GBK and GB 2312.
    pub(super) fn gb18030() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::Gb18030, Shape::Gb18030))
    }

    /// Big5 with HKSCS.
    pub(super) fn big5() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::Big5, Shape::Pairs))
    }

    /// Big5 with the frequent ones of the additions of Unicode-At-On.
    pub(super) fn big5_uao() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::Big5Uao, Shape::Pairs))
    }

    /// EUC-TW.
    pub(super) fn euc_tw() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::EucTw, Shape::EucTw))
    }

    /// EUC-JP.
    pub(super) fn euc_jp() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::EucJp, Shape::EucJp))
    }

    /// Shift_JIS.
    pub(super) fn shift_jis() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::ShiftJis, Shape::Pairs))
    }

    /// EUC-KR.
    pub(super) fn euc_kr() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::open(Codes::EucKr, Shape::Pairs))
    }

    fn open(codes: Codes, shape: Shape) -> Table {
        let numbers = CODES.as_chunks::<2>().0;
        let numbers = numbers.get(codes as usize * SIZE..).unwrap_or_default();
        let (singles, pairs) = numbers.split_at(SINGLES.min(numbers.len()));
        let model = Model::get();
        let (far, rare) = (model.of_class(Class::Far), model.of_class(Class::Han));
        Table { shape, singles, pairs: &pairs[..pairs.len().min(SIZE - SINGLES)], far, rare }
    }

    /// The character of a byte from 0x80, less 0x80.
    #[inline]
    fn single(&self, lead: usize) -> Number {
        self.singles.get(lead).map_or(NONE, |n| Number::from_le_bytes(*n))
    }

    /// The character of such a byte and the one behind it.
    #[inline]
    fn pair(&self, lead: usize, trail: u8) -> Number {
        if trail < FIRST_TRAIL {
            return NONE;
        }
        let at = lead * ROW + usize::from(trail - FIRST_TRAIL);
        self.pairs.get(at).map_or(NONE, |n| Number::from_le_bytes(*n))
    }

    /// Whether there is a character in `bytes` that `plain`, of which this is an extension, lacks.
    pub(super) fn adds(&self, plain: &Table, bytes: &[u8]) -> bool {
        let mut at = 0;
        while at < bytes.len() {
            at += match self.unit(&bytes[at..]) {
                _ if bytes[at] < 0x80 => 1,
                Unit::Char(size, number)
                    if plain.unit(&bytes[at..]) == Unit::Char(size, number) =>
                {
                    size
                }
                Unit::Char(..) => return true,
                Unit::Bad | Unit::Cut => 1,
            };
        }
        false
    }
}

impl Units for Table {
    // More would come back into step by themselves.
    const HEAD: usize = 1;

    #[inline]
    fn unit(&self, bytes: &[u8]) -> Unit {
        let lead = usize::from(bytes[0] & 0x7F);
        let Some(&trail) = bytes.get(1) else {
            return match self.single(lead) {
                NONE => Unit::Cut,
                number => Unit::Char(1, number),
            };
        };
        let number = self.pair(lead, trail);
        if number != NONE {
            return Unit::Char(2, number);
        }
        match self.shape {
            Shape::Gb18030 if trail.wrapping_sub(0x30) < 10 => {
                let more = |i: usize, low: u8, high: u8| match bytes.get(i) {
                    None => Unit::Cut,
                    Some(b) if (low..=high).contains(b) => Unit::Char(4, self.far),
                    Some(_) => Unit::Bad,
                };
                match more(2, 0x81, 0xFE) {
                    Unit::Char(..) if lead > 0 && lead < 0x7F => return more(3, 0x30, 0x39),
                    Unit::Cut => return Unit::Cut,
                    _ => {}
                }
            }
            Shape::EucTw if bytes[0] == 0x8E && trail >= 0xA1 => {
                return match (bytes.get(2), bytes.get(3)) {
                    (Some(&row), Some(&cell)) => match taiwan::cns(trail - 0xA0, row, cell) {
                        Some(c) if row.min(cell) >= 0xA1 => Unit::Char(4, Model::get().number(c)),
                        _ => Unit::Bad,
                    },
                    (None | Some(0xA1..), None) => Unit::Cut,
                    _ => Unit::Bad,
                };
            }
            Shape::EucJp if bytes[0] == 0x8F && trail >= 0xA1 => {
                return match bytes.get(2) {
                    None => Unit::Cut,
                    Some(0xA1..) => Unit::Char(3, self.rare),
                    Some(_) => Unit::Bad,
                };
            }
            _ => {}
        }
        match self.single(lead) {
            NONE => Unit::Bad,
            number => Unit::Char(1, number),
        }
    }
}

/// UTF-8, in which a pair of surrogates is its character.
pub(super) struct Utf8;

impl Units for Utf8 {
    const HEAD: usize = 3;

    #[inline]
    fn unit(&self, bytes: &[u8]) -> Unit {
        let len = match bytes[0] {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return Unit::Bad,
        };
        let part = &bytes[..len.min(bytes.len())];
        if part[1..].iter().any(|b| b & 0xC0 != 0x80) {
            return Unit::Bad;
        }
        if part.len() < len {
            return Unit::Cut;
        }
        match std::str::from_utf8(part).ok().and_then(|t| t.chars().next()) {
            Some(c) => Unit::Char(len, Model::get().number(c)),
            None => match cesu::pair(bytes) {
                cesu::Seen::Pair(c) => Unit::Char(cesu::PAIR, Model::get().number(c)),
                cesu::Seen::Cut => Unit::Cut,
                cesu::Seen::None => Unit::Bad,
            },
        }
    }
}

/// One byte a character.
pub(super) struct Single {
    /// For each byte from 0x80 its letter, if it is anything.
    letters: [Option<Letter>; 128],
}

/// A letter of an alphabet, or another sign.
#[derive(Clone, Copy)]
pub(super) struct Letter {
    /// The number of the small letter.
    pub(super) number: Number,
    pub(super) capital: bool,
    pub(super) script: Script,
}

/// The alphabets, as far as a word has letters of one only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    None,
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Thai,
}

impl Single {
    pub(super) fn of_web(encoding: &'static rs::Encoding) -> Single {
        let model = Model::get();
        let mut letters = [None; 128];
        for byte in 0x80..=0xFFu8 {
            let code = [byte];
            let (text, bad) = encoding.decode_without_bom_handling(&code);
            if let (Some(c), false) = (text.chars().next(), bad) {
                let small = c.to_lowercase().next().unwrap_or(c);
                let number = model.number(small);
                let letter = Letter { number, capital: small != c, script: script(c) };
                letters[usize::from(byte) - 0x80] = Some(letter);
            }
        }
        Single { letters }
    }

    /// What the byte, which is beyond ASCII, stands for.
    pub(super) fn letter(&self, byte: u8) -> Option<Letter> {
        self.letters[usize::from(byte & 0x7F)]
    }
}

fn script(c: char) -> Script {
    match c {
        '\u{D7}' | '\u{F7}' => Script::None,
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '\u{370}'..='\u{3FF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{590}'..='\u{5FF}' => Script::Hebrew,
        '\u{600}'..='\u{6FF}' => Script::Arabic,
        '\u{E00}'..='\u{E7F}' => Script::Thai,
        _ => Script::None,
    }
}
