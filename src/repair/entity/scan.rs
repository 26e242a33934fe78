//! Finds where a reference or an escape could start.
//!
//! Nearly all text has none, and this is all that it costs: a test of 64 bytes at a time, written
//! so that the compiler makes vector instructions of it. Pairs of bytes are tested, because `=`,
//! `x` and the bytes of `＆` are frequent by themselves.

use crate::repair::wide::wide;

/// How many bytes are tested at once.
const BLOCK: usize = 64;

/// The first place at `from` or after it where something could start. At the very end of `text`,
/// a byte that could start something counts.
pub(super) fn next(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    // `＆` shows by its last two bytes: its first may be the last of the block before.
    let back = |at: usize| at.saturating_sub(1).max(from);
    loop {
        let (block, hit) = wide(
            #[inline(always)]
            || blocks(bytes, at),
        );
        if !hit {
            return (back(block)..bytes.len()).find(|&i| starts(bytes, i));
        }
        if let Some(found) = (back(block)..block + BLOCK).find(|&i| starts(bytes, i)) {
            return Some(found);
        }
        at = block + BLOCK;
    }
}

/// The first block at `at` or after it in which something could start; or where no whole block is
/// left.
#[inline(always)]
fn blocks(bytes: &[u8], mut at: usize) -> (usize, bool) {
    // The pair of the last byte of a block is the byte after it.
    while let Some((block, shifted)) = pair(bytes, at) {
        if any(block, shifted) {
            return (at, true);
        }
        at += BLOCK;
    }
    (at, false)
}

#[inline(always)]
fn pair(bytes: &[u8], at: usize) -> Option<(&[u8; BLOCK], &[u8; BLOCK])> {
    Some((bytes.get(at..)?.first_chunk()?, bytes.get(at + 1..)?.first_chunk()?))
}

/// Whether something could start in the block; wrong only in saying yes. `shifted` is one byte on.
/// Without branches and in `bool`s, which is what becomes vector instructions.
#[inline(always)]
fn any(block: &[u8; BLOCK], shifted: &[u8; BLOCK]) -> bool {
    let mut hit = false;
    for (&a, &b) in block.iter().zip(shifted) {
        // A digit or, coarsely, a letter: what an escape goes on with.
        let word = b & 0xF0 == 0x30;
        let letter = (b & 0xC0) == 0x40;
        hit |= (a == b'&')
            | (a == b'\\') & letter
            | (a == b'%') & (b >= b'8')
            | (a == b'=') & (b >= b'8')
            | (a == b'#') & (word | letter)
            | (a == b'x') & (b == b'0')
            | (a == b'_') & (b == b'x')
            | (a == 0xBC) & (b == 0x86);
    }
    hit
}

/// Whether something could start at `at`.
fn starts(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied();
    let is = |test: fn(u8) -> bool| next.is_none_or(test);
    match bytes[at] {
        b'&' => is(|b| b == b'#' || b.is_ascii_alphabetic() || b == 0xEF),
        b'\\' => is(|b| b == b'u' || b == b'x'),
        b'%' => is(|b| b == b'u' || is_high(b)),
        b'=' => is(|b| is_high(b) && !b.is_ascii_lowercase() || b == b'\n' || b == b'\r'),
        b'#' => is(|b| b == b'x' || b.is_ascii_digit()),
        b'x' => starts_or_may(&bytes[at..], b"x0dx0a"),
        b'_' => starts_or_may(&bytes[at..], b"_x00"),
        0xEF => bytes[at..].starts_with("＆".as_bytes()),
        _ => false,
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
            "&a", "&#", "&＃", "\\u", "\\x", "%u", "%e", "%E", "%8", "=E", "=8", "#x", "#1",
            "x0dx0a", "_x00", "＆",
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
        assert_eq!(next("", 0), None);
        assert_eq!(next("文x0d", 0), Some(3));
        assert_eq!(next("文x0dx0b", 0), None);
    }
}
