//! The facts about a plan, as they are stored and as they are used.
//!
//! # Format
//!
//! Little endian: `HMF3`; then, four bytes each, the version, the number of entries `e`, the
//! logarithm `i` of the bits of the pair filter, the buckets `b`, pairs `p` and record bytes `r`
//! of the special keys, the number `n` of characters outside the BMP, the logarithm `j` of the
//! bits of the filter of special keys, and the bytes `a` of the answers. Then
//!
//! - `e` entries: code point in 2 bytes, what is known of it in 4 ([`Fast::entry`]), and the steps
//!   that it begins a key of in 1, a bit each;
//! - `n` code points outside the BMP, 4 bytes each, in order: all that a key or a value holds;
//! - the pair filter, 2^i bits: a bit for each hash of a pair of characters that some key could
//!   reach across;
//! - `b + 1` times 4 bytes, the first pair of each bucket, `p` at the end;
//! - `p` pairs: 2 bytes for each character, 4 for an offset into the records;
//! - `r` bytes of records: for each pair the number of special keys, and for each of these the
//!   length of what stands before and after the pair, a byte each, and these two texts;
//! - the filter of special keys, 2^j bits: a bit for each hash of a pair with nothing or with no
//!   character of three bytes behind it, and of a pair with the character behind it;
//! - the answers: a [table](crate::dict) of texts that stand alone and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::needles::Needles;
use crate::dict::table::bucket_of;
use crate::dict::{Row, Table, compile};
use crate::error::{Error, ErrorKind};

const MAGIC: &[u8; 4] = b"HMF3";
const VERSION: u32 = 3;
const HEADER: usize = 40;
const ENTRY: usize = 7;
const PAIR: usize = 8;

/// The low three bytes of an entry: the bytes of the character XOR those of its final.
pub(crate) const DELTA: u32 = 0xFF_FFFF;
/// No final can be written in the place of this character.
pub(crate) const SLOW: u32 = 1 << 24;
/// The character could stand left of a place that is not clean.
pub(crate) const LEFT: u32 = 1 << 25;
/// An operator of description sequences.
pub(crate) const OPERATOR: u32 = 1 << 26;
/// The character is a *pivot*: of each pair that a special key is found by, one is.
pub(crate) const PIVOT: u32 = 1 << 31;
/// For how many steps it is known which characters begin a key.
pub(crate) const STARTS_STEPS: usize = 5;

/// Bits of the filter of pairs: with the ten thousand pairs of OpenCC's largest config one place
/// in thirteen is taken for a pair wrongly, and it takes half of a first cache.
const PAIR_FILTER_LOG: u32 = 17;
/// What the first and the second character of a pair are multiplied by; the top bits of the sum
/// are the bit of the filter. In 32 bits, as vector instructions multiply.
pub(super) const PAIR_HASH: (u32, u32) = (0x9E37_79B1, 0x85EB_CA77);
/// How far the sum is shifted for the bit of the filter.
pub(super) const PAIR_SHIFT: u32 = 32 - PAIR_FILTER_LOG;

/// Writes the final of `c` into its entry. Both have as many bytes.
pub(crate) fn put_final(entry: &mut u32, c: char, last: char) {
    let bytes = |c: char| {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes);
        u32::from_le_bytes(bytes)
    };
    *entry |= (bytes(c) ^ bytes(last)) & DELTA;
}

/// What is known of a character of the BMP.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) bits: u32,
    /// The steps that it begins a key of.
    pub(crate) starts: u8,
}

/// What stands before and after a pair in a special key.
type Around = (Vec<u8>, Vec<u8>);

/// What is known about a plan.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) entries: BTreeMap<u16, Entry>,
    pub(crate) inner: BTreeSet<(u32, u32)>,
    pub(crate) specials: BTreeMap<(u16, u16), BTreeSet<Around>>,
    /// Characters outside the BMP.
    pub(crate) astral: BTreeSet<u32>,
    pub(crate) answers: BTreeMap<String, String>,
}

impl Facts {
    /// The entry of a character of the BMP.
    pub(crate) fn entry(&mut self, c: char) -> &mut Entry {
        self.entries.entry(u32::from(c) as u16).or_default()
    }

    /// The stored form.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Eight bits a pair: one place in nine is taken for not clean though it is.
        let log = (8 * self.inner.len()).next_power_of_two().ilog2().max(10);
        let mut filter = vec![0u8; 1 << (log - 3)];
        for &(left, right) in &self.inner {
            let bit = pair_hash(left, right) >> (64 - log);
            filter[(bit >> 3) as usize] |= 1 << (bit & 7);
        }
        let buckets = self.specials.len().max(1) as u32;
        let mut pairs: Vec<_> = self
            .specials
            .iter()
            .map(|(&(a, b), keys)| (bucket_of(pair_key(a, b), buckets), a, b, keys))
            .collect();
        pairs.sort_unstable_by_key(|pair| (pair.0, pair.1, pair.2));

        let (mut index, mut records) = (Vec::new(), Vec::new());
        for (_, a, b, keys) in &pairs {
            index.extend_from_slice(&a.to_le_bytes());
            index.extend_from_slice(&b.to_le_bytes());
            index.extend_from_slice(&(records.len() as u32).to_le_bytes());
            // More keys, or longer ones, than a byte can count make every occurrence a hit.
            let fits = keys.len() < 256
                && keys.iter().all(|(before, after)| before.len() < 256 && after.len() < 256);
            let all = BTreeSet::from([(Vec::new(), Vec::new())]);
            let keys = if fits { *keys } else { &all };
            records.push(keys.len() as u8);
            for (before, after) in keys {
                records.extend_from_slice(&[before.len() as u8, after.len() as u8]);
                records.extend_from_slice(before);
                records.extend_from_slice(after);
            }
        }
        let special_log = (16 * self.specials.len()).next_power_of_two().ilog2().max(10);
        let mut special_filter = vec![0u8; 1 << (special_log - 3)];
        for (&(a, b), keys) in &self.specials {
            for (_, after) in keys {
                let pair = (u64::from(bytes_of(a)), u64::from(bytes_of(b)));
                let bit = triple_hash(pair.0 | pair.1 << 24, third(after)) >> (64 - special_log);
                special_filter[(bit >> 3) as usize] |= 1 << (bit & 7);
            }
        }
        let answers: Vec<Row> = self
            .answers
            .iter()
            .map(|(text, answer)| Row { key: text.clone(), values: vec![answer.clone()] })
            .collect();
        let answers = compile(&answers);
        let mut out = MAGIC.to_vec();
        let mut put = |number: u32| out.extend_from_slice(&number.to_le_bytes());
        put(VERSION);
        put(self.entries.len() as u32);
        put(log);
        put(buckets);
        put(pairs.len() as u32);
        put(records.len() as u32);
        put(self.astral.len() as u32);
        put(special_log);
        put(answers.len() as u32);
        for (c, entry) in &self.entries {
            out.extend_from_slice(&c.to_le_bytes());
            out.extend_from_slice(&entry.bits.to_le_bytes());
            out.push(entry.starts);
        }
        for code in &self.astral {
            out.extend_from_slice(&code.to_le_bytes());
        }
        out.extend_from_slice(&filter);
        let mut next = 0;
        for bucket in 0..=buckets {
            while next < pairs.len() && pairs[next].0 < bucket {
                next += 1;
            }
            out.extend_from_slice(&(next as u32).to_le_bytes());
        }
        out.extend_from_slice(&index);
        out.extend_from_slice(&records);
        out.extend_from_slice(&special_filter);
        out.extend_from_slice(&answers);
        out
    }
}

/// The character of three bytes that a text begins with, as the filter of special keys takes it;
/// 0 for none.
#[inline]
fn third(text: &[u8]) -> u32 {
    match text {
        &[a @ 0xE0..=0xEF, b, c, ..] => u32::from_le_bytes([a, b, c, 0]),
        _ => 0,
    }
}

/// A character of the BMP in UTF-8, the first byte lowest.
fn bytes_of(c: u16) -> u32 {
    let mut bytes = [0; 4];
    char::from_u32(c.into()).map(|c| c.encode_utf8(&mut bytes).len());
    u32::from_le_bytes(bytes)
}

#[inline]
fn triple_hash(pair: u64, third: u32) -> u64 {
    (pair ^ u64::from(third) << 36).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[inline]
fn pair_bit(first: u32, second: u32) -> usize {
    let (a, b) = PAIR_HASH;
    (first.wrapping_mul(a).wrapping_add(second.wrapping_mul(b)) >> PAIR_SHIFT) as usize
}

fn pair_key(a: u16, b: u16) -> u64 {
    u64::from(a) << 16 | u64::from(b)
}

#[inline]
fn pair_hash(left: u32, right: u32) -> u64 {
    (u64::from(left) << 32 | u64::from(right)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ u64::from(right).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// The facts, ready for the scan.
pub(crate) struct Fast {
    /// For each code point of the BMP the low bits of its entry; most are 0, which is true of most
    /// characters.
    pub(crate) finals: Box<[u32; 0x1_0000]>,
    /// The filter of pairs: a bit for each hash of a pair that a special key has.
    pair_filter: Box<[u32; 1 << (PAIR_FILTER_LOG - 5)]>,
    /// The characters to look out for, where they are few.
    pub(super) needles: Option<Needles>,
    /// For each, the steps that it begins a key of.
    starts: Box<[u8; 0x1_0000]>,
    bytes: Vec<u8>,
    source: Option<&'static [u8]>,
    filter_at: usize,
    filter_log: u32,
    buckets: u32,
    starts_at: usize,
    pairs_at: usize,
    records_at: usize,
    special_filter_at: usize,
    special_log: u32,
    /// Whether no final can be written in the place of some character of two bytes.
    pub(super) short: bool,
    astral: Astral,
    /// What becomes of some texts that stand alone.
    pub(crate) answers: Table,
}

impl std::fmt::Debug for Fast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fast").finish_non_exhaustive()
    }
}

impl Fast {
    /// Opens stored facts.
    pub(crate) fn open(bytes: &'static [u8]) -> Result<Fast, Error> {
        Fast::read(Vec::new(), Some(bytes))
    }

    /// Opens facts of one's own.
    pub(crate) fn from_vec(bytes: Vec<u8>) -> Result<Fast, Error> {
        Fast::read(bytes, None)
    }

    fn read(own: Vec<u8>, source: Option<&'static [u8]>) -> Result<Fast, Error> {
        let bytes = source.unwrap_or(&own);
        let bad = |what: &str| Error::new(ErrorKind::Table, format!("conversion facts: {what}"));
        if bytes.get(..4) != Some(MAGIC) {
            return Err(bad("do not begin with HMF3"));
        }
        let field = |i: usize| word(bytes, 4 * i).unwrap_or(0);
        if field(1) != VERSION {
            return Err(bad("are of another version"));
        }
        let (count, filter_log, buckets) = (field(2) as usize, field(3), field(4));
        if !(10..32).contains(&filter_log) || buckets == 0 {
            return Err(bad("have a filter or buckets of no size"));
        }
        let astral_at = HEADER + ENTRY * count;
        let filter_at = astral_at + 4 * field(7) as usize;
        let starts_at = filter_at + (1 << (filter_log - 3));
        let pairs_at = starts_at + 4 * (buckets as usize + 1);
        let records_at = pairs_at + PAIR * field(5) as usize;
        let special_log = field(8);
        if !(10..32).contains(&special_log) {
            return Err(bad("have a second filter of no size"));
        }
        let special_filter_at = records_at + field(6) as usize;
        let answers_at = special_filter_at + (1 << (special_log - 3));
        if bytes.len() != answers_at + field(9) as usize {
            return Err(bad("have another length than they say"));
        }
        let (mut finals, mut starts) = (table()?, table()?);
        for entry in bytes[HEADER..astral_at].chunks_exact(ENTRY) {
            let &[c0, c1, b0, b1, b2, b3, steps] = entry else { continue };
            let c = usize::from(u16::from_le_bytes([c0, c1]));
            finals[c] = u32::from_le_bytes([b0, b1, b2, b3]);
            starts[c] = steps;
        }
        let mut pair_filter: Box<[u32; _]> = table()?;
        for pair in bytes[pairs_at..records_at].chunks_exact(PAIR) {
            let code = |at: usize| u16::from_le_bytes([pair[at], pair[at + 1]]);
            let bit = pair_bit(bytes_of(code(0)), bytes_of(code(2)));
            pair_filter[bit >> 5] |= 1 << (bit & 31);
        }
        let needles = needles(&finals);
        let short = finals[0x80..0x800].iter().any(|entry| entry & SLOW != 0);
        let answers = match source {
            Some(source) => Table::open(&source[answers_at..]),
            None => Table::from_vec(bytes[answers_at..].to_vec()),
        }?;
        let astral = Astral::of(&bytes[astral_at..filter_at]);
        Ok(Fast {
            finals,
            pair_filter,
            needles,
            starts,
            bytes: own,
            source,
            filter_at,
            filter_log,
            buckets,
            starts_at,
            pairs_at,
            records_at,
            special_filter_at,
            special_log,
            short,
            astral,
            answers,
        })
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        self.source.unwrap_or(&self.bytes)
    }

    /// What is known of a code point; nothing, outside the BMP.
    #[inline]
    pub(crate) fn entry(&self, code: u32) -> u32 {
        self.finals.get(code as usize).copied().unwrap_or(0)
    }

    /// Whether a code point is outside the BMP and in a key or a value. The others there stay as
    /// they are, and no key reaches to them.
    #[inline]
    pub(crate) fn astral(&self, code: u32) -> bool {
        self.astral.has(code)
    }

    /// Whether a key of a step begins with a code point; yes, where that is not known.
    #[inline]
    pub(crate) fn starts(&self, code: u32, step: usize) -> bool {
        step >= STARTS_STEPS || self.starts.get(code as usize).is_none_or(|s| s >> step & 1 == 1)
    }

    /// Whether a key could reach across the place between two characters, given as the scan sees
    /// them. May say yes wrongly.
    #[inline]
    pub(crate) fn inner(&self, left: u32, right: u32) -> bool {
        let bit = pair_hash(left, right) >> (64 - self.filter_log);
        let byte = self.bytes().get(self.filter_at + (bit >> 3) as usize).copied().unwrap_or(0xFF);
        byte >> (bit & 7) & 1 == 1
    }

    /// The word of the filter of pairs that has a bit.
    #[inline(always)]
    pub(super) fn pair_word(&self, index: usize) -> u32 {
        self.pair_filter[index % (1 << (PAIR_FILTER_LOG - 5))]
    }

    /// Whether some special key may have a pair of finals, given as three bytes each, the first
    /// lowest. May say yes wrongly.
    #[inline]
    pub(super) fn may_be_pair(&self, first: u32, second: u32) -> bool {
        let bit = pair_bit(first, second);
        self.pair_word(bit >> 5) >> (bit & 31) & 1 == 1
    }

    /// Whether a special key may hold a pair, given by three bytes of final each, the first
    /// lowest; and behind it a third. May say yes wrongly; costs less than to look.
    #[inline]
    pub(crate) fn may_be_special(&self, pair: u64, third: u32) -> bool {
        let has = |third: u32| {
            let bit = triple_hash(pair, third) >> (64 - self.special_log);
            let byte = self.bytes().get(self.special_filter_at + (bit >> 3) as usize);
            byte.is_none_or(|byte| byte >> (bit & 7) & 1 == 1)
        };
        has(third) || has(0)
    }

    /// What stands before and after a pair in the special keys that hold it there.
    #[inline]
    pub(crate) fn specials(&self, first: u16, second: u16) -> Specials<'_> {
        let none = Specials { bytes: &[], left: 0 };
        let bytes = self.bytes();
        let key = pair_key(first, second);
        let start = self.starts_at + 4 * bucket_of(key, self.buckets) as usize;
        let (Some(from), Some(to)) = (word(bytes, start), word(bytes, start + 4)) else {
            return none;
        };
        for i in from..to {
            let at = self.pairs_at + PAIR * i as usize;
            if at >= self.records_at {
                break;
            }
            let want = u32::from(second) << 16 | u32::from(first);
            if word(bytes, at) == Some(want) {
                let offset = word(bytes, at + 4).unwrap_or(u32::MAX) as usize;
                let records = bytes.get(self.records_at.saturating_add(offset)..);
                let Some((&left, bytes)) = records.and_then(<[u8]>::split_first) else { break };
                return Specials { bytes, left };
            }
        }
        none
    }
}

/// The characters that the scan has to look at, if they are few and all of three bytes.
fn needles(finals: &[u32; 0x1_0000]) -> Option<Needles> {
    let mut all = Vec::new();
    for (c, _) in finals.iter().enumerate().filter(|(_, e)| *e & (DELTA | SLOW | PIVOT) != 0) {
        match bytes_of(c as u16).to_le_bytes() {
            [a, b, c, 0] if a >= 0xE0 => all.push([a, b, c]),
            _ => return None,
        }
    }
    Needles::of(&all)
}

/// A set of characters outside the BMP: a bit for each, from a first one on.
#[derive(Default)]
struct Astral {
    first: u32,
    bits: Vec<u64>,
}

impl Astral {
    /// The set of code points in order, four bytes each.
    fn of(bytes: &[u8]) -> Astral {
        let codes = || bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b));
        // Damaged facts may hold any number.
        let inside = |code: &u32| (0x1_0000..=0x10_FFFF).contains(code);
        let (Some(first), Some(last)) =
            (codes().filter(inside).min(), codes().filter(inside).max())
        else {
            return Astral::default();
        };
        let mut bits = vec![0; 1 + (last - first) as usize / 64];
        for place in codes().filter(inside).map(|code| code - first) {
            bits[place as usize / 64] |= 1 << (place % 64);
        }
        Astral { first, bits }
    }

    #[inline]
    fn has(&self, code: u32) -> bool {
        let place = code.wrapping_sub(self.first);
        self.bits.get(place as usize / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }
}

/// Special keys of one pair: what stands before it, and after it.
pub(crate) struct Specials<'f> {
    bytes: &'f [u8],
    left: u8,
}

impl<'f> Iterator for Specials<'f> {
    type Item = (&'f [u8], &'f [u8]);
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (&[before, after], rest) = self.bytes.split_first_chunk()?;
        let (before, rest) = rest.split_at_checked(before.into())?;
        let (after, rest) = rest.split_at_checked(after.into())?;
        self.bytes = rest;
        Some((before, after))
    }
}

/// A table of zeros. The system gives such memory without writing it.
fn table<T: Clone + Default, const N: usize>() -> Result<Box<[T; N]>, Error> {
    vec![T::default(); N]
        .into_boxed_slice()
        .try_into()
        .map_err(|_| Error::new(ErrorKind::Table, "a table has another length than it was given"))
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}
