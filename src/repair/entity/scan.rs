//! Finds where a reference or an escape could start.
//!
//! Nearly all text has none, and this is all that it costs: a test of 64 bytes at a time, written
//! so that the compiler makes vector instructions of it. Pairs of bytes are tested, because `=`,
//! `x` and the bytes of `＆` are frequent by themselves.

use super::names::{LONGEST, begins_bare};
use super::parse::MOST_DIGITS;
use crate::repair::wide::wide;

/// How many bytes are tested at once.
const BLOCK: usize = 64;

/// The first place at `from` or after it where something could start. At the very end of `text`,
/// a byte that could start something counts.
pub(super) fn next(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // One follows the other where all is written so.
    if from < bytes.len() && starts(bytes, from) {
        return Some(from);
    }
    let mut at = from;
    loop {
        let (block, hits) = wide(
            #[inline(always)]
            || blocks(bytes, at),
        );
        if hits == 0 {
            return rest(bytes, block, from);
        }
        if let Some(found) = first(bytes, block, hits, from) {
            return Some(found);
        }
        at = block + BLOCK;
    }
}

/// The same from `at` on, where no whole block is left.
fn rest(bytes: &[u8], at: usize, from: usize) -> Option<usize> {
    let last = bytes.len().checked_sub(1).filter(|last| *last >= at)?;
    let mut padded = [0; BLOCK + 1];
    padded[..bytes.len() - at].copy_from_slice(&bytes[at..]);
    // What the last byte begins shows with what comes next.
    let hits = pair(&padded, 0).map_or(0, |(block, shifted)| hits(block, shifted));
    first(bytes, at, hits & ((1 << (last - at)) - 1), from)
        .or_else(|| starts(bytes, last).then_some(last))
}

/// The first of the places that were hit in the block at `block` where something does start.
fn first(bytes: &[u8], block: usize, mut hits: u64, from: usize) -> Option<usize> {
    while hits != 0 {
        let hit = block + hits.trailing_zeros() as usize;
        hits &= hits - 1;
        // `＆` shows by its last two bytes, of three.
        let at = if bytes[hit] == 0xBC { hit.saturating_sub(1) } else { hit };
        if at >= from && starts(bytes, at) {
            return Some(at);
        }
    }
    None
}

/// The first block at `at` or after it in which something could start, and where: a bit for each byte; or where no whole
/// block is left, and none.
#[inline(always)]
fn blocks(bytes: &[u8], mut at: usize) -> (usize, u64) {
    // The pair of the last byte of a block is the byte after it.
    while let Some((block, shifted)) = pair(bytes, at) {
        if any(block, shifted) {
            return (at, hits(block, shifted));
        }
        at += BLOCK;
    }
    (at, 0)
}

#[inline(always)]
fn pair(bytes: &[u8], at: usize) -> Option<(&[u8; BLOCK], &[u8; BLOCK])> {
    Some((bytes.get(at..)?.first_chunk()?, bytes.get(at + 1..)?.first_chunk()?))
}

/// Whether something could start in the block. `shifted` is one byte on.
/// Without branches and in `bool`s, which is what becomes vector instructions.
#[inline(always)]
fn any(block: &[u8; BLOCK], shifted: &[u8; BLOCK]) -> bool {
    block.iter().zip(shifted).fold(false, |hit, (&a, &b)| hit | may_start(a, b))
}

/// Where something could start in the block.
#[inline(always)]
fn hits(block: &[u8; BLOCK], shifted: &[u8; BLOCK]) -> u64 {
    let mut bytes = [0u8; BLOCK];
    for ((&a, &b), hit) in block.iter().zip(shifted).zip(&mut bytes) {
        *hit = may_start(a, b).into();
    }
    let (eights, _) = bytes.as_chunks::<8>();
    // The eight ones of a word come together in its highest byte.
    let bits =
        |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |all, eight| all << 8 | bits(eight))
}

/// Whether two bytes could start something; wrong only in saying yes.
#[inline(always)]
fn may_start(a: u8, b: u8) -> bool {
    let word = b & 0xF0 == 0x30;
    let letter = (b & 0xC0) == 0x40;
    (a == b'&')
        | (a == b'\\') & letter
        | (a == b'%') & (b >= b'8')
        | (a == b'=') & !matches!(b, b' '..b'8')
        | (a == b'#') & (word | letter)
        | (a == b'x') & (b == b'0')
        | (a == b'_') & (b == b'x')
        | (a == 0xBC) & (b == 0x86)
}

/// Whether something could start at `at`.
fn starts(bytes: &[u8], at: usize) -> bool {
    let rest = &bytes[at + 1..];
    let is = |at: usize, test: fn(u8) -> bool| rest.get(at).is_none_or(|b| test(*b));
    let hex = |b: u8| b.is_ascii_hexdigit();
    let upper = |b: u8| b.is_ascii_digit() || matches!(b, b'A'..=b'F');
    match bytes[at] {
        b'&' => is(0, |b| b == b'#' || b == 0xEF || b.is_ascii_alphabetic()) && may_be_name(rest),
        b'\\' => is(0, |b| b == b'u' || b == b'x') && is(1, hex),
        b'%' => is(0, |b| b == b'u' || is_high(b)) && is(1, hex),
        b'=' => {
            is(0, |b| b == b'\n' || b == b'\r')
                || is(0, |b| is_high(b) && !b.is_ascii_lowercase()) && is(1, upper)
        }
        b'#' => is(0, |b| b == b'x' || b.is_ascii_digit()) && may_be_number(rest),
        b'x' => starts_or_may(&bytes[at..], b"x0dx0a"),
        b'_' => starts_or_may(&bytes[at..], b"_x00"),
        0xEF => bytes[at..].starts_with("＆".as_bytes()),
        _ => false,
    }
}

/// Whether what follows a `#` may be a number with a semicolon.
fn may_be_number(bytes: &[u8]) -> bool {
    let end = bytes.iter().take(MOST_DIGITS + 2).position(|b| !b.is_ascii_alphanumeric());
    // Full-width digits, or a full-width semicolon.
    end.map_or(bytes.len() <= MOST_DIGITS + 1, |end| matches!(bytes[end], b';' | 0xEF))
}

/// Whether what follows an `&` may be a name that counts: one with a semicolon, one that needs none, or one of which the
/// end is not seen. In code most are none.
fn may_be_name(bytes: &[u8]) -> bool {
    let end = bytes.iter().take(LONGEST + 1).position(|b| !b.is_ascii_alphanumeric());
    match end.map(|end| bytes[end]) {
        // Full-width letters, or a full-width semicolon.
        Some(b';' | 0xEF | b'#') => true,
        Some(_) => begins_bare(bytes),
        None => bytes.len() <= LONGEST || begins_bare(bytes),
    }
}

/// Whether `bytes` starts with `pattern`, or would if it went on.
fn starts_or_may(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.starts_with(pattern) || bytes.len() < pattern.len() && pattern.starts_with(bytes)
}

/// Whether it is the first hex digit of a byte that is not ASCII.
fn is_high(digit: u8) -> bool {
    matches!(digit, b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_is_found_wherever_it_stands() {
        let starts = [
            "&lt", "&a;", "&#", "&＃", "\\ub", "\\xb", "%ub", "%eb", "%Eb", "%8b", "=EA", "=89",
            "=\n", "#x;", "#1;", "x0dx0a", "_x00", "＆",
        ];
        for start in starts {
            for pad in 0..200 {
                let text = format!(
                    "{}{start}{}",
                    "。".repeat(pad / 3) + &"a".repeat(pad % 3),
                    "b".repeat(80)
                );
                assert_eq!(next(&text, 0), Some(pad), "{start} at {pad}");
                assert_eq!(next(&text[..pad + start.len()], pad / 2 / 3 * 3), Some(pad));
                assert_eq!(next(&text, text.len() - 70), None);
            }
        }
        assert_eq!(next("AT & T 50% a=b #b \\n ，x00", 0), None);
        assert_eq!(next("printf(\"%d %u\", a=Be); #1 \\u \\xyz b=True", 0), None);
        for begun in ["&a", "\\u", "\\", "%u", "%e", "=E", "=", "#x", "#1", "#"] {
            assert_eq!(next(&format!("文{begun}"), 0), Some(3), "{begun}");
        }
        assert_eq!(next("fn name(&self, &mut other) -> &'a str {", 0), None);
        assert_eq!(next("", 0), None);
        assert_eq!(next("文x0d", 0), Some(3));
        assert_eq!(next("文x0dx0b", 0), None);
    }
}
