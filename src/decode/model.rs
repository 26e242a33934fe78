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

const CLASSES: [(Class, [u8; LANGUAGES]); 10] = [
    // What a character of the class costs in nats: Traditional, Chinese, Japanese, Korean,
    // alphabets, any. Rare Han characters are what a wrong decoding is full of. Kana stand in
    // Chinese pages now and then, one after the other.
    (Class::Han, [17, 17, 17, 15, 20, 16]),
    (Class::Kana, [9, 9, 7, 13, 20, 9]),
    (Class::HalfKana, [15, 15, 7, 20, 20, 11]),
    (Class::Hangul, [17, 14, 20, 11, 20, 12]),
    (Class::Letter, [11, 11, 11, 13, 10, 10]),
    (Class::Sign, [11, 11, 10, 11, 8, 10]),
    (Class::Private, [16, 16, 17, 17, 17, 15]),
    (Class::Control, [16, 16, 16, 16, 15, 14]),
    (Class::Emoji, [12, 12, 12, 12, 12, 10]),
    (Class::Far, [16, 16, 16, 16, 16, 15]),
];

/// The model, opened.
pub(super) struct Model {
    /// A number for every character of the basic plane.
    numbers: Vec<Number>,
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
            Ok(unit) => self.numbers[usize::from(unit)],
            Err(_) => self.of_class(class(u32::from(c))),
        }
    }

    /// The number of the characters of a class that are not in the table.
    pub(super) fn of_class(&self, class: Class) -> Number {
        (self.seen + class as usize) as Number
    }

    /// What a character costs in a language.
    pub(super) fn cost(&self, number: Number, language: Language) -> u32 {
        u32::from(self.costs[usize::from(number)][language as usize])
    }

    /// Whether the table has it.
    pub(super) fn is_known(&self, number: Number) -> bool {
        usize::from(number) < self.seen
    }

    /// Whether it is a Han character, kana or Hangul, or a mark that stands among them.
    pub(super) fn is_east(&self, number: Number) -> bool {
        // Of all else the alphabets have some.
        self.costs[usize::from(number)][Language::Alphabet as usize] >= 20 * NAT as u8
    }

    /// What is to be taken off the cost of `b` when it follows `a`, less [`NO_PAIR`].
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

    fn open(bytes: &[u8]) -> Option<Model> {
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
        let columns: Vec<&[u8]> = (0..6).map(|_| take(seen)).collect::<Option<_>>()?;
        let folds = units(take(seen * 2)?);
        let mut pairs = |slots: u32| {
            let slots = slots.is_power_of_two().then_some(slots)?;
            let table = units(take(slots as usize * 2)?);
            Some(Pairs { slots: table, shift: 32 - slots.trailing_zeros() })
        };
        let (chinese, japanese, alphabet) =
            (pairs(word(12)?)?, pairs(word(16)?)?, pairs(word(20)?)?);
        let mut model = Model { seen, folds, chinese, japanese, alphabet, ..Model::empty() };
        if model.folds.iter().any(|f| usize::from(*f) >= seen) {
            return None;
        }
        for unit in 0..=u16::MAX {
            model.numbers[usize::from(unit)] = model.of_class(class(u32::from(unit)));
        }
        model.costs.clear();
        for (i, &unit) in chars.iter().enumerate() {
            model.numbers[usize::from(unit)] = i as Number;
            let unseen = CLASSES[class(u32::from(unit)) as usize].1;
            // The Simplified column is for those who want the scripts apart.
            let mut costs = [0; LANGUAGES];
            for (language, column) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)] {
                let cost = columns[column][i];
                costs[language] = if cost == UNSEEN { in_twelfths(unseen[language]) } else { cost };
            }
            if class(u32::from(unit)) == Class::Sign {
                // Marks have the same codes in the encodings of the three: they tell nothing.
                costs[2] = costs[2].max(costs[1]);
                costs[3] = costs[3].max(costs[1]);
            }
            // Chinese is the likelier, here.
            costs[5] = costs[1]
                .min(costs[2].saturating_add(12))
                .min(costs[3].saturating_add(12))
                .min(costs[4].saturating_add(36))
                .min(in_twelfths(unseen[5]));
            model.costs.push(costs);
        }
        model.costs.extend(CLASSES.map(|(_, nats)| nats.map(in_twelfths)));
        Some(model)
    }

    /// What is left when the table is damaged: a model that tells classes apart.
    fn empty() -> Model {
        let none = || Pairs { slots: vec![0], shift: 31 };
        Model {
            numbers: (0..=u16::MAX).map(|u| class(u32::from(u)) as Number).collect(),
            costs: CLASSES.map(|(_, nats)| nats.map(in_twelfths)).to_vec(),
            folds: Vec::new(),
            chinese: none(),
            japanese: none(),
            alphabet: none(),
            seen: 0,
        }
    }
}

fn in_twelfths(nats: u8) -> u8 {
    nats * NAT as u8
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect()
}

fn class(c: u32) -> Class {
    match c {
        0..=0x1F | 0x7F..=0x9F | 0xD800..=0xDFFF | 0xFFFE | 0xFFFF => Class::Control,
        0x20..=0x7E | 0xAA | 0xB5 | 0xBA | 0xC0..=0x1FFF => Class::Letter,
        0x3040..=0x30FF | 0x31F0..=0x31FF => Class::Kana,
        0x3100..=0x312F | 0xA000..=0xABFF => Class::Letter,
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF => Class::Han,
        0xAC00..=0xD7FF => Class::Hangul,
        0xE000..=0xF8FF => Class::Private,
        0xFF61..=0xFF9F => Class::HalfKana,
        0x1F000..=0x1FAFF => Class::Emoji,
        0x10000.. => Class::Far,
        _ => Class::Sign,
    }
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
