//! The checked view of a compiled dictionary.

use std::sync::Arc;

use crate::error::{Error, ErrorKind};

pub(super) const MAGIC: &[u8; 4] = b"HMD1";
pub(super) const VERSION: u32 = 1;
pub(super) const HEADER: usize = 40;
const HEAD: usize = 12;

/// A dictionary that is ready for look-ups. Opening costs a look at the header; nothing is read
/// before it is asked for. Damaged contents cannot make it panic: what is not there is not found.
#[derive(Clone)]
pub struct Table {
    bytes: Bytes,
    keys: u32,
    longest_bytes: usize,
    longest_chars: usize,
    shrink: usize,
    shortest_chars: usize,
    buckets: u32,
    heads_at: usize,
    records_at: usize,
}

#[derive(Clone)]
enum Bytes {
    Static(&'static [u8]),
    Shared(Arc<[u8]>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Static(bytes) => bytes,
            Bytes::Shared(bytes) => bytes,
        }
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// A key that stands at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'t> {
    /// Length of the key in bytes.
    pub len: usize,
    /// Its first value, UTF-8.
    pub value: &'t [u8],
    /// Its other values, joined by blanks.
    pub others: &'t [u8],
}

impl Table {
    /// A table over bytes that live as long as the program.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Table`] when the bytes are no table of this version, or their lengths do not add
    /// up.
    pub fn open(bytes: &'static [u8]) -> Result<Table, Error> {
        Table::check(Bytes::Static(bytes))
    }

    /// A table over bytes of its own.
    ///
    /// # Errors
    ///
    /// As [`open`](Table::open).
    pub fn from_vec(bytes: Vec<u8>) -> Result<Table, Error> {
        Table::check(Bytes::Shared(bytes.into()))
    }

    fn check(bytes: Bytes) -> Result<Table, Error> {
        let bad = |what: String| Err(Error::new(ErrorKind::Table, what));
        if bytes.get(..4) != Some(MAGIC) {
            return bad("not a compiled dictionary: it does not begin with HMD1".to_owned());
        }
        let field = |i: usize| word(&bytes, 4 * i).unwrap_or(0);
        if field(1) != VERSION {
            return bad(format!("compiled dictionary of version {}, need {VERSION}", field(1)));
        }
        let (buckets, heads, records) = (field(5), field(6), field(7));
        let heads_at = HEADER + 4 * (buckets as usize + 1);
        let records_at = heads_at + HEAD * heads as usize;
        let want = records_at + records as usize;
        if bytes.len() != want || buckets == 0 {
            let have = bytes.len();
            return bad(format!("compiled dictionary has {have} bytes, its header says {want}"));
        }
        Ok(Table {
            keys: field(2),
            longest_bytes: field(3) as usize,
            longest_chars: field(4) as usize,
            shrink: field(8).max(1) as usize,
            shortest_chars: field(9) as usize,
            buckets,
            heads_at,
            records_at,
            bytes,
        })
    }

    /// Number of keys.
    pub fn keys(&self) -> usize {
        self.keys as usize
    }

    /// Bytes of the longest key.
    pub fn longest_bytes(&self) -> usize {
        self.longest_bytes
    }

    /// Characters of the longest key.
    pub fn longest_chars(&self) -> usize {
        self.longest_chars
    }

    /// The most bytes of key that come to one byte of value, rounded up; at least 1.
    pub fn shrink(&self) -> usize {
        self.shrink
    }

    /// The longest key that `text` begins with. `text` is UTF-8.
    ///
    /// ```
    /// use hanmend::dict::{Table, compile, parse_rows};
    ///
    /// let rows = parse_rows("后\t後\n皇后\t皇后\n").unwrap();
    /// let table = Table::from_vec(compile(&rows)).unwrap();
    /// assert_eq!(table.longest("皇后的".as_bytes()).unwrap().len, 6);
    /// assert_eq!(table.longest("后来".as_bytes()).unwrap().value, "後".as_bytes());
    /// assert!(table.longest("皇天".as_bytes()).is_none());
    /// ```
    #[inline]
    pub fn longest(&self, text: &[u8]) -> Option<Match<'_>> {
        let one = char_len(*text.first()?);
        if self.longest_chars > 1
            && let Some(&second) = text.get(one)
        {
            let two = (one + char_len(second)).min(text.len());
            let found = self.under(pack(&text[..two]), &text[two..]);
            if let Some(found) = found {
                return Some(Match { len: two + found.len, ..found });
            }
        }
        if self.shortest_chars > 1 {
            return None;
        }
        let found = self.under(pack(text.get(..one)?), &[])?;
        Some(Match { len: one, ..found })
    }

    /// What `key` stands for, if it is a key.
    pub fn exact(&self, key: &[u8]) -> Option<Match<'_>> {
        self.longest(key).filter(|found| found.len == key.len())
    }

    /// All keys with their values, in no order that means something.
    pub fn entries(&self) -> impl Iterator<Item = (Vec<u8>, Match<'_>)> {
        let heads = (self.records_at - self.heads_at) / HEAD;
        (0..heads).flat_map(move |i| {
            let at = self.heads_at + HEAD * i;
            let head = long(&self.bytes, at).unwrap_or(0).to_le_bytes();
            let head_len = head.iter().position(|&b| b == 0).unwrap_or(8);
            self.records(word(&self.bytes, at + 8).unwrap_or(u32::MAX)).map(move |record| {
                let mut key = head[..head_len].to_vec();
                key.extend_from_slice(record.tail);
                let len = key.len();
                (key, Match { len, value: record.value, others: record.others })
            })
        })
    }

    #[inline]
    fn under(&self, head: u64, rest: &[u8]) -> Option<Match<'_>> {
        let bucket = bucket_of(head, self.buckets) as usize;
        let from = word(&self.bytes, HEADER + 4 * bucket)? as usize;
        let to = word(&self.bytes, HEADER + 4 * bucket + 4)? as usize;
        for i in from..to {
            let at = self.heads_at + HEAD * i;
            if at >= self.records_at {
                return None;
            }
            if long(&self.bytes, at)? == head {
                return self
                    .records(word(&self.bytes, at + 8)?)
                    .find(|record| rest.starts_with(record.tail))
                    .map(|r| Match { len: r.tail.len(), value: r.value, others: r.others });
            }
        }
        None
    }

    fn records(&self, offset: u32) -> Records<'_> {
        let at = self.records_at.saturating_add(offset as usize);
        let mut records = Records { bytes: self.bytes.get(at..).unwrap_or_default(), left: 0 };
        records.left = records.varint().unwrap_or(0);
        records
    }
}

struct Records<'t> {
    bytes: &'t [u8],
    left: usize,
}

struct Record<'t> {
    tail: &'t [u8],
    value: &'t [u8],
    others: &'t [u8],
}

impl<'t> Records<'t> {
    #[inline]
    fn varint(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..28).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= usize::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    #[inline]
    fn text(&mut self) -> Option<&'t [u8]> {
        let len = self.varint()?;
        let (text, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(text)
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Record<'t>;
    #[inline]
    fn next(&mut self) -> Option<Record<'t>> {
        self.left = self.left.checked_sub(1)?;
        Some(Record { tail: self.text()?, value: self.text()?, others: self.text()? })
    }
}

/// The bucket of a head among `buckets`: the high half of a multiplication spreads the bits, and
/// a second multiplication scales them to the number of buckets.
#[inline]
pub fn bucket_of(head: u64, buckets: u32) -> u32 {
    let spread = head.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    ((spread * u64::from(buckets)) >> 32) as u32
}

/// Up to eight bytes as one number, the first lowest.
#[inline]
pub(crate) fn pack(bytes: &[u8]) -> u64 {
    let mut packed = [0; 8];
    for (to, from) in packed.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(packed)
}

/// Bytes of the character that begins with `lead`.
#[inline]
pub(crate) fn char_len(lead: u8) -> usize {
    match lead {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

#[inline]
fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b))
}

#[cfg(test)]
mod tests {
    use super::super::{compile, parse_rows};
    use super::*;

    fn table() -> Vec<u8> {
        compile(&parse_rows("后\t後 后\n皇后\t皇后\n皇后镇\t皇后鎮\nPN结\tPN結\nA\tB\n").unwrap())
    }

    #[test]
    fn keys_of_all_shapes_are_found() {
        let table = Table::from_vec(table()).unwrap();
        assert_eq!((table.keys(), table.longest_bytes(), table.longest_chars()), (5, 9, 3));
        let find = |text: &str| {
            table.longest(text.as_bytes()).map(|m| (m.len, String::from_utf8_lossy(m.value)))
        };
        assert_eq!(find("皇后镇的"), Some((9, "皇后鎮".into())));
        assert_eq!(find("皇后的"), Some((6, "皇后".into())));
        assert_eq!(find("后"), Some((3, "後".into())));
        assert_eq!(find("PN结"), Some((5, "PN結".into())));
        assert_eq!(find("AA"), Some((1, "B".into())));
        assert_eq!(find("PN"), None);
        assert_eq!(find("皇"), None);
        assert_eq!(find(""), None);
        assert_eq!(table.exact("后".as_bytes()).unwrap().others, "后".as_bytes());
        assert_eq!(table.entries().count(), 5);
    }

    #[test]
    fn damaged_tables_do_not_panic() {
        let good = table();
        for at in 0..good.len() {
            for flip in [1, 0x80, 0xFF] {
                let mut bad = good.clone();
                bad[at] ^= flip;
                if let Ok(table) = Table::from_vec(bad) {
                    for text in ["皇后镇的", "后", "PN结", "A", "没有"] {
                        table.longest(text.as_bytes());
                    }
                    table.entries().count();
                }
            }
            assert!(Table::from_vec(good[..at].to_vec()).is_err());
        }
    }
}
