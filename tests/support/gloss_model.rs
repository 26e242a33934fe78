//! How glosses come into a page: the forward model that the repair inverts. Clean text is
//! converted character by character, glosses are put in on its GBK bytes, a decoder reads them.

#![allow(dead_code, unreachable_pub)] // each user takes what it needs

use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::{GB18030, GBK};

/// How the damaged bytes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// One `?` for a lead byte and the byte after it that cannot be a trail byte.
    Swallow,
    /// The browsers' decoder.
    Whatwg,
    /// Python's `gbk` with `errors="replace"`.
    Replace,
    /// Python's `gbk` with `errors="ignore"`.
    Ignore,
}

pub const READERS: [Reader; 4] = [Reader::Swallow, Reader::Whatwg, Reader::Replace, Reader::Ignore];

/// A small deterministic generator.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

type Row = (u32, char, &'static str);

static LIST: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let table = include_str!("../../data/gloss/gloss-list.tsv");
    table
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let tier: u32 = cells[2].parse().unwrap();
            (if tier == 0 { 99 } else { tier }, cells[0].chars().next().unwrap(), cells[1])
        })
        .collect()
});

static NAIVE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let rows = |table: &'static str| {
        table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
            let (key, values) = l.split_once('\t')?;
            Some((key.chars().next()?, values.chars().next()?))
        })
    };
    let mut map: HashMap<char, char> =
        rows(include_str!("../../data/opencc/STCharacters.txt")).collect();
    map.extend([('准', '準'), ('杆', '桿'), ('症', '癥')]);
    map.extend("于后里并范制干系余云斗征游占面咨辟涌".chars().map(|c| (c, c)));
    let variants: HashMap<char, char> =
        rows(include_str!("../../data/opencc/TWVariants.txt")).collect();
    for to in map.values_mut() {
        *to = *variants.get(to).unwrap_or(to);
    }
    for (from, to) in variants {
        map.entry(from).or_insert(to);
    }
    map
});

/// Character by character, as the converters of glossed pages do it.
pub fn naive_traditional(text: &str) -> String {
    text.chars().map(|c| *NAIVE.get(&c).unwrap_or(&c)).collect()
}

/// The text without what GBK does not have.
pub fn gbk_only(text: &str) -> String {
    text.chars()
        .filter(|c| {
            let mut buffer = [0; 4];
            let (bytes, _, bad) = GBK.encode(c.encode_utf8(&mut buffer));
            !bad && *c != '€' && (bytes.len() < 3) && !python_refuses(&bytes)
        })
        .collect()
}

fn python_refuses(bytes: &[u8]) -> bool {
    let &[lead, trail] = bytes else { return false };
    if !(0x81..=0xFE).contains(&lead) || !(0x40..=0xFE).contains(&trail) || trail == 0x7F {
        return true;
    }
    let text = GB18030.decode_without_bom_handling(bytes).0;
    let pair = u16::from_be_bytes([lead, trail]);
    text.chars().any(|c| ('\u{E000}'..='\u{F8FF}').contains(&c) || c == '\u{FFFD}')
        || matches!(pair, 0xA2E3 | 0xA8BC | 0xA8BF | 0xA989..=0xA995 | 0xFE50..=0xFEFE)
        || matches!(pair, 0xA6D9..=0xA6DF | 0xA6EC | 0xA6ED | 0xA6F3)
}

/// The first `count` characters of the list, in an order that the observed pages allow.
pub fn order(count: usize, random: &mut Random) -> Vec<(char, &'static str)> {
    let mut rows: Vec<(u32, u64, char, &'static str)> =
        LIST.iter().map(|&(tier, c, reading)| (tier, random.next(), c, reading)).collect();
    rows.sort();
    let mut order: Vec<_> = rows.into_iter().take(count).map(|(_, _, c, r)| (c, r)).collect();
    random.shuffle(&mut order);
    for (first, then) in [('數', '當'), ('驅', '實'), ('務', '獎')] {
        let place = |c| order.iter().position(|o| o.0 == c);
        if let (Some(i), Some(j)) = (place(first), place(then))
            && i > j
        {
            order.swap(i, j);
        }
    }
    order
}

/// The bytes with the glosses put in, one character of the list after the other.
pub fn insert(text: &str, order: &[(char, &str)]) -> Vec<u8> {
    let mut bytes = GBK.encode(text).0.into_owned();
    for (c, reading) in order {
        let pair = GBK.encode(&c.to_string()).0.into_owned();
        let gloss = GBK.encode(&format!("({reading})")).0.into_owned();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at..].starts_with(&pair) {
                out.extend_from_slice(&pair);
                out.extend_from_slice(&gloss);
                at += 2;
            } else {
                out.push(bytes[at]);
                at += 1;
            }
        }
        bytes = out;
    }
    bytes
}

/// What a reader makes of bytes.
pub fn read(reader: Reader, bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    let pair =
        |pair: &[u8], out: &mut String| out.push_str(&GB18030.decode_without_bom_handling(pair).0);
    while at < bytes.len() {
        let lead = bytes[at];
        let next = bytes.get(at + 1).copied();
        let python = matches!(reader, Reader::Replace | Reader::Ignore);
        if lead < 0x80 {
            out.push(char::from(lead));
            at += 1;
        } else if python {
            match next {
                Some(next) if !python_refuses(&[lead, next]) => {
                    pair(&[lead, next], &mut out);
                    at += 2;
                }
                _ => {
                    out.push_str(if reader == Reader::Replace { "\u{FFFD}" } else { "" });
                    at += 1;
                }
            }
        } else if lead == 0x80 {
            out.push('€');
            at += 1;
        } else if let Some(next) =
            next.filter(|n| lead != 0xFF && (0x40..=0xFE).contains(n) && *n != 0x7F)
        {
            pair(&[lead, next], &mut out);
            at += 2;
        } else if reader == Reader::Swallow {
            out.push('?');
            at += 2;
        } else {
            out.push('\u{FFFD}');
            at += if lead == 0xFF || next.is_none_or(|n| n < 0x80) { 1 } else { 2 };
        }
    }
    out
}

/// The bytes split at what looks like a punctuation mark, aligned or not, each piece read alone.
pub fn read_split(reader: Reader, bytes: &[u8]) -> String {
    let marks: Vec<Vec<u8>> =
        "？；，！、。".chars().map(|c| GBK.encode(&c.to_string()).0.into_owned()).collect();
    let (mut out, mut from, mut at) = (String::new(), 0, 0);
    while at < bytes.len() {
        if marks.iter().any(|m| bytes[at..].starts_with(m)) {
            out.push_str(&read(reader, &bytes[from..at]));
            out.push_str(&read(reader, &bytes[at..at + 2]));
            at += 2;
            from = at;
        } else {
            at += 1;
        }
    }
    out.push_str(&read(reader, &bytes[from..]));
    out
}

/// A clean text and what becomes of it.
pub fn damage(clean: &str, count: usize, reader: Reader, split: bool, seed: u64) -> String {
    let order = order(count, &mut Random::new(seed));
    let bytes = insert(clean, &order);
    if split { read_split(reader, &bytes) } else { read(reader, &bytes) }
}

/// The other kind: in each paragraph a sample of the positions is drawn, and for each all
/// occurrences of its character get the reading once more. `reading` gives it without its tone.
pub fn toneless(
    text: &str,
    reading: impl Fn(char) -> Option<String>,
    random: &mut Random,
) -> String {
    let paragraphs = text.split('\n').map(|paragraph| {
        let drawn: Vec<char> = paragraph
            .chars()
            .filter(|c| ('\u{4E00}'..='\u{9FA5}').contains(c) && random.below(100) < 19)
            .collect();
        drawn.into_iter().fold(paragraph.to_owned(), |text, c| match reading(c) {
            Some(reading) => text.replace(c, &format!("{c}({reading})")),
            None => text,
        })
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// The variety of it that gives each occurrence its reading or not, and puts hearts before stops.
pub fn toneless_by_coin(
    text: &str,
    reading: impl Fn(char) -> Option<String>,
    random: &mut Random,
) -> String {
    let mut out = String::new();
    for c in text.chars() {
        out.push_str(if c == '。' { "❤️✔️" } else { "" });
        out.push(c);
        if let Some(reading) = reading(c).filter(|_| random.below(100) < 19) {
            out.push_str(&format!("({reading})"));
        }
    }
    out
}

/// The first reading of a character, without its tone, from the table of the repair.
pub fn bare_reading(c: char) -> Option<String> {
    static TABLE: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
        let marks = ["āáǎà", "ēéěè", "īíǐì", "ōóǒò", "ūúǔù", "ǖǘǚǜ", "ńňǹ"];
        let bare = |c: char| {
            marks.iter().position(|m| m.contains(c)).map_or(c, |i| "aeiouvn".as_bytes()[i].into())
        };
        include_str!("../../data/gloss/readings.tsv")
            .lines()
            .filter_map(|l| {
                let (key, readings) = l.split_once('\t')?;
                let first = readings.split(',').next()?;
                Some((
                    key.chars().next()?,
                    first.chars().map(|c| if c == 'ü' { 'v' } else { bare(c) }).collect(),
                ))
            })
            .collect()
    });
    TABLE.get(&c).cloned()
}
