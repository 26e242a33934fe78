//! What bytes cost in an encoding: the likeliest way to read them, in twelfths of a nat.
//!
//! The bytes are read as characters of the encoding by a search for the cheapest path, in which a
//! byte may also be passed over as damage. So a bad byte costs and does not disqualify, a cut in
//! mid-character at the head or a deleted byte is stepped over, and every candidate accounts for
//! the same bytes: the costs can be compared.

use super::model::{Language, Model, NAT, Number};
use super::units::{Letter, Script, Single, Unit, Units};

/// A byte that is no part of a character. Between what a rare character costs (17) and what the
/// two bytes of a wrong reading would cost if they were all passed over (20).
const BAD: u32 = 10 * NAT;
/// Such a byte where the bytes begin: they may have been cut. More than what a first character may
/// cost over the mean, so that nothing is cut off a text for beginning with a rare one.
const BAD_HEAD: u32 = 8 * NAT;
/// The start of a character at the end.
const CUT_TAIL: u32 = 3 * NAT;
/// The same behind ASCII: what is cut there is oftener a letter with an accent, or a mark.
const CUT_TAIL_ALONE: u32 = BAD_HEAD;
/// A letter of ASCII next to a Han character.
const BESIDE_LETTER: u32 = 2 * NAT;
/// One character of two bytes between small letters: in a word, that would be two accents.
const WITHIN_WORD: u32 = 8 * NAT;
/// The same behind small letters, with one as its own second byte.
const ACCENT_IN_WORD: u32 = 5 * NAT;
/// The same before small letters, behind a blank: a mark and a capital, or two accents.
const BEFORE_WORD: u32 = 5 * NAT;
/// No character stands before.
const NOTHING: Number = Number::MAX;
/// Longer than the longest unit.
const RING: usize = 8;

/// What a reading costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) cost: u32,
    /// Bytes passed over at the start, before the first character beyond ASCII.
    pub(super) skipped: u32,
}

#[derive(Clone, Copy)]
struct Path {
    cost: u32,
    last: Number,
    skipped: u16,
    begun: bool,
}

const UNREACHED: Path = Path { cost: u32::MAX, last: NOTHING, skipped: 0, begun: false };

/// What a byte of ASCII costs as text: the same in all encodings, and dear where it is rare, so
/// that to swallow it as the second half of a character is not a gain in itself.
#[inline]
fn ascii(byte: u8) -> u32 {
    match byte {
        b' ' | b'\n' | b'\r' | b'\t' | b'a'..=b'z' | b'0'..=b'9' => 36,
        b'A'..=b'Z' | b'<' | b'>' | b'"' | b'=' | b'/' | b'.' | b',' | b'-' | b':' => 42,
        b'(' | b')' | b'\'' | b';' | b'&' | b'_' | b'#' | b'%' | b'?' | b'!' => 54,
        0x20..=0x7E => 72,
        _ => 120,
    }
}

/// What `bytes` cost where all that is not ASCII is damage.
pub(super) fn damage(bytes: &[u8]) -> u32 {
    bytes.iter().map(|b| if *b < 0x80 { ascii(*b) } else { BAD }).sum()
}

/// What `bytes` cost where they are no text, all as likely as each other; ASCII is no dearer than in text.
pub(super) fn noise(bytes: &[u8]) -> u32 {
    // The logarithm of 256.
    const ANY: u32 = 67;
    bytes.iter().map(|b| if *b < 0x80 { ascii(*b).min(ANY) } else { ANY }).sum()
}

/// The cheapest reading of `bytes` in an encoding of several bytes a character.
pub(super) fn multi<U: Units>(units: &U, bytes: &[u8], language: Language) -> Reading {
    let model = Model::get();
    let len = bytes.len();
    let mut ring = [UNREACHED; RING];
    ring[0] = Path { cost: 0, ..UNREACHED };
    let mut tail: Option<Path> = None;
    for at in 0..len {
        let path = ring[at % RING];
        ring[at % RING] = UNREACHED;
        if path.cost == u32::MAX {
            continue;
        }
        let byte = bytes[at];
        if byte < 0x80 {
            let mut cost = ascii(byte);
            if path.last != NOTHING && byte.is_ascii_alphabetic() {
                let swallowed = bytes[at - 1].is_ascii_alphabetic();
                if model.is_east(path.last) || swallowed {
                    cost += BESIDE_LETTER;
                }
                if byte.is_ascii_lowercase() && at > 2 && (model.is_east(path.last) || swallowed) {
                    cost += match bytes[at - 3] {
                        b'a'..=b'z' => WITHIN_WORD,
                        0..0x80 => BEFORE_WORD,
                        _ => 0,
                    };
                }
            }
            let next = Path { cost: path.cost + cost, last: NOTHING, ..path };
            relax(&mut ring[(at + 1) % RING], next);
            continue;
        }
        let head = !path.begun && usize::from(path.skipped) == at && at < U::HEAD;
        let bad = if head { BAD_HEAD } else { BAD };
        let skipped = path.skipped + u16::from(head);
        let over = Path { cost: path.cost + bad, last: NOTHING, skipped, ..path };
        relax(&mut ring[(at + 1) % RING], over);
        match units.unit(&bytes[at..]) {
            Unit::Char(size, number) => {
                let mut cost = model.cost(number, language);
                if path.last != NOTHING {
                    let gain = model.pair(path.last, number, language);
                    cost = cost.saturating_add_signed(-gain).max(1);
                } else if at > 0 && bytes[at - 1].is_ascii_alphabetic() && model.is_east(number) {
                    cost += BESIDE_LETTER;
                }
                if is_accent_in_word(bytes, at, at + size) {
                    cost += ACCENT_IN_WORD;
                }
                let next = Path { cost: path.cost + cost, last: number, begun: true, ..path };
                relax(&mut ring[(at + size) % RING], next);
            }
            Unit::Cut => {
                let alone = path.last == NOTHING && path.begun | (at > 0);
                let cut = if alone { CUT_TAIL_ALONE } else { CUT_TAIL };
                // What it takes of ASCII is accounted for.
                let cut =
                    cut + bytes[at..].iter().filter(|b| **b < 0x80).map(|b| ascii(*b)).sum::<u32>();
                let end = Path { cost: path.cost + cut, ..path };
                relax(tail.get_or_insert(UNREACHED), end);
            }
            Unit::Bad => {}
        }
    }
    let mut end = ring[len % RING];
    if let Some(tail) = tail {
        relax(&mut end, tail);
    }
    Reading { cost: end.cost, skipped: u32::from(end.skipped) }
}

/// Whether the character from `at` to `end` would be a letter with an accent and a small letter behind
/// it, in a word or, where the bytes end, at the start of one.
fn is_accent_in_word(bytes: &[u8], at: usize, end: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or(0, |i| bytes[i]);
    let inside = before(1).is_ascii_lowercase();
    let starts = end == bytes.len() && before(1) == b' ' && before(2).is_ascii_alphabetic();
    bytes[end - 1].is_ascii_lowercase() && (inside || starts)
}

#[inline]
fn relax(place: &mut Path, path: Path) {
    if path.cost < place.cost {
        *place = path;
    }
}

/// What a reading without any search costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fluency {
    cost: u32,
    /// Characters beyond ASCII.
    pub(super) characters: u32,
    /// Bytes beyond ASCII that are part of none.
    bad: u32,
}

impl Fluency {
    /// What a character costs in the mean.
    pub(super) fn mean(&self) -> u32 {
        self.cost / self.characters.max(1)
    }

    /// Whether every byte is part of a character.
    pub(super) fn is_whole(&self) -> bool {
        self.bad == 0
    }
}

/// How fluent `parts` are, read straight on.
pub(super) fn fluency<U: Units>(units: &U, parts: &[&[u8]], language: Language) -> Fluency {
    let model = Model::get();
    let mut found = Fluency { cost: 0, characters: 0, bad: 0 };
    for part in parts {
        let (mut at, mut last) = (0, NOTHING);
        while at < part.len() {
            if part[at] < 0x80 {
                (at, last) = (at + 1, NOTHING);
                continue;
            }
            match units.unit(&part[at..]) {
                Unit::Char(size, number) => {
                    let gain = if last == NOTHING { 0 } else { model.pair(last, number, language) };
                    found.cost += model.cost(number, language).saturating_add_signed(-gain).max(1);
                    found.characters += 1;
                    at += size;
                    last = number;
                }
                Unit::Cut => break,
                Unit::Bad => {
                    found.cost += BAD;
                    found.bad += 1;
                    (at, last) = (at + 1, NOTHING);
                }
            }
        }
    }
    found
}

/// So much more a whole line may cost than one that was cut at its head. Lines that begin with rare characters cost up to
/// 20 nats more; of Simplified lines in GBK that were cut, nine in ten cost 30 more, or have a byte that is part of none.
const UNCUT: u32 = 30 * NAT;

/// Whether `bytes` begin within a character, as the cheapest reading says, which passes over the first `skipped`. Few
/// texts are cut, and of one that is not, the first line would be lost.
pub(super) fn is_cut<U: Units>(
    units: &U,
    bytes: &[u8],
    skipped: usize,
    language: Language,
) -> bool {
    let line = &bytes[..memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1)];
    let [whole, cut] = [0, skipped].map(|from| fluency(units, &[&line[from..]], language));
    !whole.is_whole() || cut.is_whole() && whole.cost > cut.cost.saturating_add(UNCUT)
}

/// How fluent `parts`, which have whole units, are as UTF-16.
pub(super) fn fluency_utf16(parts: &[&[u8]], big: bool) -> Fluency {
    let model = Model::get();
    let mut found = Fluency { cost: 0, characters: 0, bad: 0 };
    for part in parts {
        let mut last = NOTHING;
        for pair in part.as_chunks::<2>().0 {
            let unit = if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
            last = match unit {
                0x0A | 0x0D | 0x09 | 0x20..=0x7E => NOTHING,
                0..=0x1F | 0x7F..=0x9F | 0xD800..=0xDFFF | 0xFFFE | 0xFFFF => {
                    found.cost += BAD;
                    found.bad += 1;
                    NOTHING
                }
                unit => {
                    let number = model.number(char::from_u32(u32::from(unit)).unwrap_or_default());
                    let gain = match last {
                        NOTHING => 0,
                        last => model.pair(last, number, Language::Any),
                    };
                    found.cost +=
                        model.cost(number, Language::Any).saturating_add_signed(-gain).max(1);
                    found.characters += 1;
                    number
                }
            };
        }
    }
    found
}

/// So many characters are looked at to see whether a line is what the file is.
const GLANCE: u32 = 12;
/// More than the mean cost of a character in text, less than in a wrong reading.
const LIKELY: u32 = 10 * NAT;

/// Whether the first characters of `line` are frequent ones.
pub(super) fn likely<U: Units>(units: &U, line: &[u8], language: Language) -> bool {
    let model = Model::get();
    let (mut at, mut seen, mut cost) = (0, 0, 0);
    while at < line.len() && seen < GLANCE {
        if line[at] < 0x80 {
            at += 1;
            continue;
        }
        let Unit::Char(size, number) = units.unit(&line[at..]) else { return false };
        cost += model.cost(number, language);
        seen += 1;
        at += size;
    }
    cost <= LIKELY * seen
}

/// A capital that begins a word, or stands among capitals; and one that does not.
const CAPITAL: u32 = NAT;
const CAPITAL_INSIDE: u32 = 5 * NAT;
/// After a capital among capitals, a small letter is rare.
const SMALL_AFTER_CAPITALS: u32 = 3 * NAT;

/// A letter with an accent within a word of ASCII letters costs no more than this: in its own
/// language it is frequent, while the table has the mean over two dozen languages.
const ACCENTED: u32 = 4 * NAT;

/// Whether the byte at `at` stands where a letter with an accent does: in or at the end of a word,
/// or at its start, the rest of which is small letters. Two such letters may stand together, and what
/// follows the last byte may be anything.
fn is_in_word(single: &Single, bytes: &[u8], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or(b' ', |i| bytes[i]);
    let after = |n: usize| bytes.get(at + n).copied();
    let (before, after) = match (before(1), after(1)) {
        (last, next) if is_accented(single, last) => (before(2), next),
        (last, Some(next)) if is_accented(single, next) => (last, after(2)),
        alone => alone,
    };
    let small = after.is_none_or(|b| b.is_ascii_lowercase());
    match before {
        b'a'..=b'z' => small || after.is_some_and(ends_word),
        // Words in capitals are headings.
        b'A'..=b'Z' if single.letter(bytes[at]).is_some_and(|l| l.capital) => {
            small || after.is_some_and(|b| b.is_ascii_uppercase())
        }
        b'A'..=b'Z' => small,
        b' ' | b'\n' | b'\'' | b'(' | b'>' | b'-' => small,
        _ => false,
    }
}

/// Whether the byte is a letter of the Latin alphabet beyond ASCII.
fn is_accented(single: &Single, byte: u8) -> bool {
    byte >= 0x80 && single.letter(byte).is_some_and(|l| l.script == Script::Latin)
}

/// Whether a word has ended where this byte follows it.
fn ends_word(byte: u8) -> bool {
    // The last are the closing quotation marks of windows-125x.
    byte.is_ascii_whitespace()
        || matches!(
            byte,
            b',' | b'.' | b'<' | b'\'' | b';' | b':' | b')' | b'[' | 0x93 | 0x94 | 0xBB
        )
}

/// Whether the byte at `at` stands where a mark does: before a word, behind one, or between numbers.
fn is_at_word(single: &Single, bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(b' ', |i| bytes[i]);
    let after = bytes.get(at + 1).copied().unwrap_or(b' ');
    let is_open = |b: u8| b.is_ascii_whitespace() || matches!(b, b'(' | b'>');
    let is_end = |b: u8| b.is_ascii_whitespace() || b.is_ascii_punctuation();
    // A letter with an accent may end the word.
    let accented = at >= 2 && is_accented(single, before) && bytes[at - 2].is_ascii_alphabetic();
    is_open(before) && (after.is_ascii_graphic() || after == b' ')
        || (before.is_ascii_graphic() || accented) && is_end(after)
        || before.is_ascii_digit() && after.is_ascii_digit()
}

/// Letters of two alphabets in one word.
const OTHER_SCRIPT: u32 = 6 * NAT;

/// What `bytes` cost in an encoding of one byte a character.
pub(super) fn single(single: &Single, bytes: &[u8]) -> Reading {
    let model = Model::get();
    let between = model.number(' ');
    let (mut cost, mut last, mut capitals) = (0u32, between, 0u32);
    let mut small_before = false;
    let mut script = Script::None;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte < 0x80 {
            cost += ascii(byte);
            if byte.is_ascii_alphabetic() {
                last = model.number(byte.to_ascii_lowercase().into());
                if !matches!(script, Script::None | Script::Latin) {
                    cost += OTHER_SCRIPT;
                }
                script = Script::Latin;
            } else {
                (last, script) = (between, Script::None);
            }
            capitals = if byte.is_ascii_uppercase() { capitals + 1 } else { 0 };
            small_before = byte.is_ascii_lowercase();
            continue;
        }
        let Some(letter) = single.letter(byte) else {
            cost += BAD;
            (last, script) = (between, Script::None);
            continue;
        };
        let Letter { number, capital, script: own } = letter;
        let gain = model.pair(last, number, Language::Alphabet);
        let mut one = model.cost(number, Language::Alphabet).saturating_add_signed(-gain).max(1);
        if own == Script::Latin && model.is_known(number) && is_in_word(single, bytes, at) {
            one = one.min(ACCENTED);
        }
        if own == Script::None && model.is_known(number) && is_at_word(single, bytes, at) {
            one = one.min(ACCENTED);
        }
        if own != script && script != Script::None && own != Script::None {
            one += OTHER_SCRIPT;
        }
        if capital {
            one += if small_before { CAPITAL_INSIDE } else { CAPITAL };
            capitals += 1;
        } else {
            if capitals >= 2 && own != Script::None {
                one += SMALL_AFTER_CAPITALS;
            }
            capitals = 0;
        }
        small_before = !capital && own != Script::None;
        cost += one;
        (last, script) = (number, own);
    }
    Reading { cost, skipped: 0 }
}

/// What `bytes` cost as UTF-16 from byte `skip` on.
pub(super) fn utf16(bytes: &[u8], big: bool, skip: usize) -> Reading {
    let model = Model::get();
    let mut cost = if skip == 0 { 0 } else { BAD_HEAD };
    let mut last = NOTHING;
    let (units, rest) = bytes[skip.min(bytes.len())..].as_chunks::<2>();
    let unit = |pair: &[u8; 2]| {
        if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }
    };
    let mut units = units.iter().map(unit).peekable();
    while let Some(unit) = units.next() {
        match unit {
            0x0A | 0x0D | 0x09 | 0x20..=0x7E => {
                cost += ascii(unit as u8);
                last = NOTHING;
            }
            0xD800..=0xDBFF if units.next_if(|low| (0xDC00..=0xDFFF).contains(low)).is_some() => {
                cost += 15 * NAT;
                last = NOTHING;
            }
            0..=0x1F | 0x7F..=0x9F | 0xD800..=0xDFFF | 0xFFFE | 0xFFFF => {
                cost += 2 * BAD + 1;
                last = NOTHING;
            }
            unit => {
                let number = model.number(char::from_u32(u32::from(unit)).unwrap_or_default());
                let mut one = model.cost(number, Language::Any);
                if last != NOTHING {
                    one =
                        one.saturating_add_signed(-model.pair(last, number, Language::Any)).max(1);
                }
                cost += one;
                last = number;
            }
        }
    }
    if !rest.is_empty() {
        cost += CUT_TAIL;
    }
    Reading { cost, skipped: skip as u32 }
}

/// What `bytes` cost as UTF-32: the cheapest path, in which bytes may be passed over, so that what
/// follows a cut or a deleted byte is in step again.
pub(super) fn utf32(bytes: &[u8], big: bool) -> Reading {
    let model = Model::get();
    let mut ring = [UNREACHED; RING];
    ring[0] = Path { cost: 0, ..UNREACHED };
    for at in 0..bytes.len() {
        let path = ring[at % RING];
        ring[at % RING] = UNREACHED;
        if path.cost == u32::MAX {
            continue;
        }
        // A cut at the head costs the same wherever in the unit it was.
        let head = usize::from(path.skipped) == at && at < 3;
        let bad = if !head { BAD } else { BAD_HEAD * u32::from(at == 0) };
        let skipped = path.skipped + u16::from(head);
        let over = Path { cost: path.cost + bad, last: NOTHING, skipped, ..path };
        relax(&mut ring[(at + 1) % RING], over);
        let Some(unit) = bytes[at..].first_chunk() else {
            // The start of a unit at the end.
            let cut = Path { cost: path.cost + CUT_TAIL, ..path };
            relax(&mut ring[bytes.len() % RING], cut);
            continue;
        };
        let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        let c = char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'));
        let Some(c) = c else { continue };
        let (cost, last) = if c.is_ascii() {
            (ascii(c as u8), NOTHING)
        } else {
            let number = model.number(c);
            let gain = match path.last {
                NOTHING => 0,
                last => model.pair(last, number, Language::Any),
            };
            (model.cost(number, Language::Any).saturating_add_signed(-gain).max(1), number)
        };
        relax(&mut ring[(at + 4) % RING], Path { cost: path.cost + cost, last, ..path });
    }
    let end = ring[bytes.len() % RING];
    Reading { cost: end.cost, skipped: u32::from(end.skipped) }
}
