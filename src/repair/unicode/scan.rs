//! Finds what may be damage in text that is nearly all ordinary.
//!
//! Chinese text is full of the lead bytes in question: `EF BC 8C` is its comma, `E2 80 9C` its
//! quotation mark. So the second byte is tested too, and of `E2 80` the third, 64 places at a
//! time, in a form that the compiler turns into vector instructions.

use crate::repair::wide::wide;

/// How many places are tested at once.
const BLOCK: usize = 64;

/// The first place at `from` or after it where a character stands that is looked at.
pub(super) fn next(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let (block, hit) = wide(
            #[inline(always)]
            || blocks(bytes, at),
        );
        if !hit {
            return (block..bytes.len()).find(|&i| starts(&bytes[i..]));
        }
        if let Some(found) = (block..block + BLOCK).find(|&i| starts(&bytes[i..])) {
            return Some(found);
        }
        at = block + BLOCK;
    }
}

/// The first block at `at` or after it in which a candidate may stand; or where no whole block is
/// left.
#[inline(always)]
fn blocks(bytes: &[u8], mut at: usize) -> (usize, bool) {
    while let Some((a, b, c)) = shifted(bytes, at) {
        if any(a, b, c) {
            return (at, true);
        }
        at += BLOCK;
    }
    (at, false)
}

type Places = [u8; BLOCK];

#[inline(always)]
fn shifted(bytes: &[u8], at: usize) -> Option<(&Places, &Places, &Places)> {
    let three = bytes.get(at..at + BLOCK + 2)?;
    Some((three.first_chunk()?, three[1..].first_chunk()?, three[2..].first_chunk()?))
}

/// Whether a candidate may stand in the block; wrong only in saying yes, and seldom. Without
/// branches and in `bool`s, which is what becomes vector instructions.
#[inline(always)]
fn any(first: &Places, second: &Places, third: &Places) -> bool {
    let mut hit = false;
    for ((&a, &b), &c) in first.iter().zip(second).zip(third) {
        // U+2008..200F, 2028..202F.
        let general = (b == 0x80) & (c & 0x18 == 8);
        hit |= (a == 0)
            | (a == 0xC2) & (b < 0xB0)
            | (a == 0xE2) & ((b >= 0xBA) | (b == 0x81) | general)
            // All from U+E000 on, but for the full-width forms, EF BC and EF BD.
            | (a >= 0xEE) & (b & 0xFE != 0xBC);
    }
    hit
}

/// Whether a candidate stands at the start of `bytes`.
fn starts(bytes: &[u8]) -> bool {
    match *bytes {
        [0, ..] => true,
        [0xC2, b, ..] => b < 0xA0 || b == 0xAD,
        [0xE2, b, c, ..] => match b {
            0x80 => matches!(c, 0x8B..=0x8F | 0xAA..=0xAE),
            0x81 => matches!(c, 0xA0..=0xA9),
            // The ideographic description characters, from BF B0, are none.
            0xBA..=0xBE => true,
            0xBF => c < 0x96,
            _ => false,
        },
        [0xEE, ..] => true,
        [0xEF, b, c, ..] => {
            b < 0xAC || b == 0xB9 && (0x90..0xB0).contains(&c) || b == 0xBB && c == 0xBF
        }
        [0xF0, 0xAF, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`starts`] says, character by character.
    fn is_candidate(c: char) -> bool {
        matches!(c, '\0' | '\u{80}'..='\u{9F}' | '\u{AD}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{2E80}'..='\u{2FD5}'
            | '\u{E000}'..='\u{FAFF}' | '\u{FE50}'..='\u{FE6F}' | '\u{FEFF}'
            | '\u{2F000}'..='\u{2FFFF}')
    }

    #[test]
    fn every_character_at_every_place() {
        for point in (0..0x11_0000u32).filter_map(char::from_u32) {
            if point as u32 > 0xFFFF && !(point as u32).is_multiple_of(0x35) {
                continue;
            }
            let text = String::from(point);
            assert_eq!(next(&text, 0).is_some(), is_candidate(point), "{:X}", point as u32);
        }
        for c in [
            '\0',
            '\u{80}',
            '\u{AD}',
            '\u{200B}',
            '\u{202E}',
            '\u{2060}',
            '⼈',
            '\u{E815}',
            '\u{F900}',
            '﹔',
            '\u{FEFF}',
            '\u{2F800}',
        ] {
            for pad in 0..150 {
                let text = format!(
                    "{}{c}{}",
                    "，".repeat(pad / 3) + &"a".repeat(pad % 3),
                    "字".repeat(50)
                );
                assert_eq!(next(&text, 0), Some(pad), "{c:?} at {pad}");
            }
        }
    }
}
