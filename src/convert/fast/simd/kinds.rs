//! Counts what kinds of characters a text has, eight at a time.

use std::arch::x86_64::*;

use super::{BLOCK, all, bits, codes, load, look_up, spread};

/// How many characters were counted, of each kind that [`count`] tells apart.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kinds {
    /// Of U+4000..9FFF.
    pub(crate) han: u64,
    /// Of these, of kind 1.
    pub(crate) one: u64,
    /// Of these, of kind 2.
    pub(crate) two: u64,
}

/// Counts from a place on as far as there are whole blocks and nothing but ASCII and characters of
/// three bytes; adds to `kinds`, and says where it ended. `table` has two bits for each code
/// point. `each` gets the places of the characters of kind 3, of those of kind 2 in `marks`, and of
/// those that are not counted here and may be letters: kana, Hangul, rare Han.
#[target_feature(enable = "avx2")]
pub(super) fn count(
    table: &[u8; 0x4000],
    marks: &[u32; 6],
    text: &[u8],
    from: usize,
    kinds: &mut Kinds,
    mut each: impl FnMut(usize),
) -> usize {
    let mut at = from;
    while let Some(block) = text.get(at..).and_then(|s| s.first_chunk::<BLOCK>()) {
        let chars = spread(block);
        let three = bits(_mm256_cmpeq_epi32(_mm256_and_si256(chars, all(0xF0)), all(0xE0)));
        let good = (three ^ 0xFF).trailing_zeros().min(8);
        let lanes = (1 << good) - 1;

        let codes = codes(chars);
        let bytes =
            look_up(_mm256_srli_epi32::<2>(codes), |i| table[usize::from(i & 0x3FFF)].into());
        let shift = _mm256_slli_epi32::<1>(_mm256_and_si256(codes, all(3)));
        let kind = _mm256_srlv_epi32(bytes, shift);
        let between = |low: u32, high: u32| {
            let above = _mm256_cmpgt_epi32(codes, all(low - 1));
            bits(_mm256_andnot_si256(_mm256_cmpgt_epi32(codes, all(high)), above))
        };
        let han = between(0x4000, 0x9FFF) & lanes;
        let letters = (between(0x3040, 0x3FFF) | between(0xA000, 0xDFFF)) & lanes;
        let low = bits(_mm256_slli_epi32::<31>(kind)) & han;
        let high = bits(_mm256_slli_epi32::<30>(kind)) & han;
        kinds.han += u64::from(han.count_ones());
        kinds.one += u64::from((low & !high).count_ones());
        kinds.two += u64::from((high & !low).count_ones());
        let mut left = high & low | letters;
        if high & !low != 0 {
            let marked = marks.iter().map(|c| _mm256_cmpeq_epi32(codes, all(*c)));
            left |= high & bits(marked.fold(all(0), |a, b| _mm256_or_si256(a, b)));
        }
        while left != 0 {
            each(at + 3 * left.trailing_zeros() as usize);
            left &= left - 1;
        }
        at += 3 * good as usize;
        if good < 8 {
            let ascii = ascii_run(text, at);
            if ascii == 0 {
                break;
            }
            at += ascii;
        }
    }
    at
}

/// How many bytes from a place on are ASCII.
#[target_feature(enable = "avx2")]
#[inline]
fn ascii_run(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(bytes) = text.get(at..).and_then(|s| s.first_chunk::<32>()) {
        let high = _mm256_movemask_epi8(load(bytes, 0));
        at += high.trailing_zeros() as usize;
        if high != 0 {
            return at - from;
        }
    }
    at - from + text[at..].iter().take_while(|b| b.is_ascii()).count()
}
