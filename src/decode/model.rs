//! How frequent characters, and pairs of characters, are: what encodings are told apart by.
//!
//! The table `data/compiled/detect.bin` is made by `data/tables/train_detect.py`. All numbers are
//! little endian:
//!
//! ```text
//! "HMDT", version: u32 = 1, n: u32, slots of Chinese, Japanese, alphabets: 3 × u32
//! n × u16      the characters, ascending, all in the basic plane
//! 6 × n × u8   their costs in Simplified text, Traditional, Chinese of either kind, Japanese,
//!              Korean, and in the alphabet they belong to; 255: not seen
//! n × u16      for each, the Simplified character it goes with, as a number of a character
//! slots × u16  for each language a hash table of pairs: mark << 8 | gain, 0 is empty
//! ```
//!
//! A cost is −12 ln p. A gain is 16 ln(p(b|a) / (0.4 p(b))), where p(b|a) has a share of 0.6 in the
//! mixture with p(b): so a pair that is not in the table loses [`NO_PAIR`].

use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// Costs are counted in twelfths of a nat (the unit of natural logarithms).
pub(super) const NAT: u32 = 12;
/// What a pair of known characters costs that was not seen: −ln 0.4.
pub(super) const NO_PAIR: u32 = 11;

const BYTES: &[u8] = include_bytes!("../../data/compiled/detect.bin");
const HEAD: usize = 24;
const PROBES: usize = 4;
const UNSEEN: u8 = 255;

/// The number of a character in the model.
pub(super) type Number = u16;

/// Where a text is in a language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Language {
    Traditional,
    Chinese,
    Japanese,
    Korean,
    Alphabet,
    /// Whatever it is: for encodings of Unicode.
    Any,
}

const LANGUAGES: usize = 6;

/// Characters that are not in the table have one of these numbers, after those of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    Han,
    Kana,
    HalfKana,
    Hangul,
    Letter,
    Sign,
    Private,
    Control,
    Emoji,
    /// Outside the basic plane.
    Far,
}

/// What a character of a class that is not in the table costs, in the order of the languages:
/// Traditional, Chinese, Japanese, Korean, alphabets, any. Rare Han characters are what a wrong decoding
/// is full of. Kana stand in Chinese pages now and then, one after the other.
const UNSEEN_COSTS: [[u8; LANGUAGES]; 10] = {
    let mut costs = [
        [17, 17, 17, 15, 20, 16], // Han
        [9, 9, 7, 13, 20, 9],     // Kana
        [15, 15, 7, 20, 20, 11],  // HalfKana
        [17, 14, 20, 11, 20, 12], // Hangul
        [11, 11, 11, 13, 10, 10], // Letter
        [11, 11, 10, 11, 8, 10],  // Sign
        [16, 16, 17, 17, 17, 15], // Private
        [16, 16, 16, 16, 15, 14], // Control
        [12, 12, 12, 12, 12, 10], // Emoji
        [16, 16, 16, 16, 16, 15], // Far
    ];
    // In nats to here.
    let mut at = 0;
    while at < costs.len() * LANGUAGES {
        costs[at / LANGUAGES][at % LANGUAGES] *= NAT as u8;
        at += 1;
    }
    costs
};

/// The model, opened.
pub(super) struct Model {
    /// The characters, ascending.
    chars: Vec<u16>,
    /// A number for every character of the basic plane, once one is asked for.
    numbers: OnceLock<Vec<Number>>,
    costs: Vec<[u8; LANGUAGES]>,
    folds: Vec<Number>,
    chinese: Pairs,
    japanese: Pairs,
    alphabet: Pairs,
    seen: usize,
}

struct Pairs {
    slots: Vec<u16>,
    shift: u32,
}

impl Pairs {
    #[inline]
    fn gain(&self, a: Number, b: Number) -> u32 {
        let mut hash = u32::from(a)
            .wrapping_mul(0x9E37_79B1)
            .wrapping_add(u32::from(b).wrapping_mul(0x85EB_CA6B));
        hash ^= hash >> 15;
        hash = hash.wrapping_mul(0x2C1B_3C6D);
        hash ^= hash >> 12;
        let (at, mark) = ((hash >> self.shift) as usize, (hash & 0xFF) as u16);
        for probe in 0..PROBES {
            let slot = self.slots[(at + probe) & (self.slots.len() - 1)];
            if slot == 0 {
                return 0;
            }
            if slot >> 8 == mark {
                // Sixteenths to twelfths.
                return u32::from(slot & 0xFF) * 3 / 4;
            }
        }
        0
    }
}

impl Model {
    /// The model that is compiled in.
    pub(super) fn get() -> &'static Model {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Model::open(BYTES).unwrap_or_else(Model::empty))
    }

    /// The number of a character.
    pub(super) fn number(&self, c: char) -> Number {
        match u16::try_from(u32::from(c)) {
            Ok(unit) => self.numbers.get_or_init(|| self.numbered())[usize::from(unit)],
            Err(_) => self.of_class(class(u32::from(c))),
        }
    }

    fn numbered(&self) -> Vec<Number> {
        let mut numbers = vec![self.of_class(Class::Sign); 1 << 16];
        for (range, class) in RANGES.into_iter().filter(|(r, _)| *r.start() <= 0xFFFF) {
            let range = *range.start() as usize..=(*range.end()).min(0xFFFF) as usize;
            numbers[range].fill(self.of_class(class));
        }
        for (i, unit) in self.chars.iter().enumerate() {
            numbers[usize::from(*unit)] = i as Number;
        }
        numbers
    }

    /// The number of the characters of a class that are not in the table.
    pub(super) fn of_class(&self, class: Class) -> Number {
        (self.seen + class as usize) as Number
    }

    /// What a character costs in a language.
    #[inline]
    pub(super) fn cost(&self, number: Number, language: Language) -> u32 {
        u32::from(self.costs[usize::from(number)][language as usize])
    }

    /// Whether the table has it.
    #[inline]
    pub(super) fn is_known(&self, number: Number) -> bool {
        usize::from(number) < self.seen
    }

    /// Whether it is a Han character, kana or Hangul, or a mark that stands among them.
    #[inline]
    pub(super) fn is_east(&self, number: Number) -> bool {
        // Of all else the alphabets have some.
        self.costs[usize::from(number)][Language::Alphabet as usize] >= 20 * NAT as u8
    }

    /// What is to be taken off the cost of `b` when it follows `a`, less [`NO_PAIR`].
    #[inline]
    pub(super) fn pair(&self, a: Number, b: Number, language: Language) -> i32 {
        if usize::from(a) >= self.seen || usize::from(b) >= self.seen {
            return 0;
        }
        let gain = match language {
            Language::Korean => return 0,
            Language::Japanese => self.japanese.gain(a, b),
            Language::Alphabet => self.alphabet.gain(a, b),
            _ => self.chinese.gain(self.folds[usize::from(a)], self.folds[usize::from(b)]),
        };
        gain as i32 - NO_PAIR as i32
    }

    pub(super) fn open(bytes: &[u8]) -> Option<Model> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if bytes.get(..4)? != b"HMDT" || word(4)? != 1 {
            return None;
        }
        let seen = word(8)? as usize;
        let mut at = HEAD;
        let mut take = |len: usize| {
            let part = bytes.get(at..at.checked_add(len)?)?;
            at += len;
            Some(part)
        };
        let chars = units(take(seen * 2)?);
        // The Simplified column is for those who want the scripts apart.
        take(seen)?;
        let columns = [take(seen)?, take(seen)?, take(seen)?, take(seen)?, take(seen)?];
        let folds = units(take(seen * 2)?);
        let mut pairs = |slots: u32| {
            let slots = slots.is_power_of_two().then_some(slots)?;
            let table = units(take(slots as usize * 2)?);
            Some(Pairs { slots: table, shift: 32 - slots.trailing_zeros() })
        };
        let (chinese, japanese, alphabet) =
            (pairs(word(12)?)?, pairs(word(16)?)?, pairs(word(20)?)?);
        let mut model = Model { seen, chars, folds, chinese, japanese, alphabet, ..Model::empty() };
        if model.folds.iter().any(|f| usize::from(*f) >= seen) {
            return None;
        }
        model.costs.clear();
        model.costs.reserve_exact(seen + UNSEEN_COSTS.len());
        let mut ranges = RANGES.iter().peekable();
        let [traditional, chinese, japanese, korean, alphabet] = columns;
        let east = traditional.iter().zip(chinese).zip(japanese).zip(korean).zip(alphabet);
        for (&unit, ((((t, c), j), k), a)) in model.chars.iter().zip(east) {
            let unit = u32::from(unit);
            while ranges.next_if(|(range, _)| *range.end() < unit).is_some() {}
            let class = match ranges.peek() {
                Some((range, class)) if *range.start() <= unit => *class,
                _ => Class::Sign,
            };
            let unseen = UNSEEN_COSTS[class as usize];
            let or = |cost: &u8, language: usize| {
                if *cost == UNSEEN { unseen[language] } else { *cost }
            };
            let mut costs = [or(t, 0), or(c, 1), or(j, 2), or(k, 3), or(a, 4), 0];
            if class == Class::Sign {
                // Marks have the same codes in the encodings of the three: they tell nothing.
                costs[2] = costs[2].max(costs[1]);
                costs[3] = costs[3].max(costs[1]);
            }
            // Chinese is the likelier, here.
            costs[5] = costs[1]
                .min(costs[2].saturating_add(12))
                .min(costs[3].saturating_add(12))
                .min(costs[4].saturating_add(36))
                .min(unseen[5]);
            model.costs.push(costs);
        }
        model.costs.extend(UNSEEN_COSTS);
        Some(model)
    }

    /// What is left when the table is damaged: a model that tells classes apart.
    fn empty() -> Model {
        let none = || Pairs { slots: vec![0], shift: 31 };
        Model {
            chars: Vec::new(),
            numbers: OnceLock::new(),
            costs: UNSEEN_COSTS.to_vec(),
            folds: Vec::new(),
            chinese: none(),
            japanese: none(),
            alphabet: none(),
            seen: 0,
        }
    }
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect()
}

/// Characters and their classes; what is in no range is a sign.
const RANGES: [(RangeInclusive<u32>, Class); 22] = [
    (0..=0x1F, Class::Control),
    (0x20..=0x7E, Class::Letter),
    (0x7F..=0x9F, Class::Control),
    (0xAA..=0xAA, Class::Letter),
    (0xB5..=0xB5, Class::Letter),
    (0xBA..=0xBA, Class::Letter),
    (0xC0..=0x1FFF, Class::Letter),
    (0x3040..=0x30FF, Class::Kana),
    (0x3100..=0x312F, Class::Letter),
    (0x31F0..=0x31FF, Class::Kana),
    (0x3400..=0x4DBF, Class::Han),
    (0x4E00..=0x9FFF, Class::Han),
    // Yi and others that hardly anybody meets.
    (0xA000..=0xABFF, Class::Far),
    (0xAC00..=0xD7FF, Class::Hangul),
    (0xD800..=0xDFFF, Class::Control),
    (0xE000..=0xF8FF, Class::Private),
    (0xF900..=0xFAFF, Class::Han),
    (0xFF61..=0xFF9F, Class::HalfKana),
    (0xFFFE..=0xFFFF, Class::Control),
    (0x10000..=0x1EFFF, Class::Far),
    (0x1F000..=0x1FAFF, Class::Emoji),
    (0x1FB00..=0x10FFFF, Class::Far),
];

fn class(c: u32) -> Class {
    let at = RANGES.partition_point(|(range, _)| *range.end() < c);
    RANGES.get(at).filter(|(range, _)| range.contains(&c)).map_or(Class::Sign, |(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_opens_and_knows_its_characters() {
        let model = Model::open(BYTES).expect("the table");
        for c in "的一是不國国の이é".chars() {
            assert!(usize::from(model.number(c)) < model.seen, "{c}");
        }
        let (common, rare) = (model.number('的'), model.number('龘'));
        assert!(model.cost(common, Language::Chinese) + 60 < model.cost(rare, Language::Chinese));
        let pair = |a, b| model.pair(model.number(a), model.number(b), Language::Chinese);
        assert!(pair('中', '国') > 12 && pair('中', '國') == pair('中', '国'));
        assert!(pair('的', '龘') < 0);
    }

    #[test]
    fn damaged_tables_do_not_open() {
        for len in [0, 3, 4, 23, 24, 1000, BYTES.len() - 1] {
            assert!(Model::open(&BYTES[..len]).is_none(), "{len}");
        }
        let mut bytes = BYTES.to_vec();
        bytes[12] = 3;
        assert!(Model::open(&bytes).is_none());
        assert_eq!(Model::empty().cost(Class::Han as Number, Language::Chinese), 17 * NAT);
    }
}
