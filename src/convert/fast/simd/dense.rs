//! Where many characters change: maps eight at a time, in text that is nearly all of three bytes.
//!
//! Measured on news and reviews, `s2t`: several times as fast as one at a time. Tables are looked
//! into with single loads: on the processors that we measured, the instruction that gathers eight
//! is no faster, and on some it is much slower.

use std::arch::x86_64::*;

use super::super::format::{DELTA, Fast, PAIR_HASH, PAIR_SHIFT, PIVOT, SLOW};
use super::super::scan::{Mapped, Run, seen_before};
use super::{BLOCK, all, before, bits, block_at, codes, load, look_up, spread};

/// Maps characters of three bytes and copies ASCII ones, as far as there are whole blocks, up to a
/// mark or a character of another length.
#[target_feature(enable = "avx2")]
pub(super) fn map(fast: &Fast, run: Run<'_>, target: &mut [u8]) -> Mapped {
    let source = &run.source[run.from..];
    let (mut last, mut carry) = before(fast, run);
    let mut at = 0;
    while let Some((block, out)) = block_at::<BLOCK>(source, target, at) {
        let chars = spread(block);
        let entries = look_up(codes(chars), |code| fast.finals[usize::from(code)]);
        let mapped = _mm256_xor_si256(chars, _mm256_and_si256(entries, all(DELTA)));
        *out = packed(mapped);

        let pivots = bits(entries);
        let slow = bits(_mm256_slli_epi32::<{ 31 - SLOW.trailing_zeros() as i32 }>(entries));
        let three = _mm256_cmpeq_epi32(_mm256_and_si256(chars, all(0xF0)), all(0xE0));
        let other = bits(three) ^ 0xFF;
        let mut pairs = (pivots | pivots << 1 | carry) & 0xFF;
        if pairs != 0 {
            pairs &= in_filter(fast, last, mapped);
        }
        if pairs | slow | other != 0 {
            // What is said of a character that is not of three bytes, and of all behind it, means
            // nothing.
            let good = other.trailing_zeros().min(8);
            let marks = Marks { slow, all: (slow | pairs) & ((1 << good) - 1) };
            if let Some(done) = look(fast, run, at, marks, target) {
                return Mapped { done, marked: true };
            }
            if good < 8 {
                at += 3 * good as usize;
                let ascii = copy_ascii(source, target, at);
                let Some(byte) = ascii.checked_sub(1).and_then(|n| source.get(at + n)) else {
                    return Mapped { done: at, marked: false };
                };
                at += ascii;
                last = all((*byte).into());
                carry = fast.finals[usize::from(*byte)] >> PIVOT.trailing_zeros();
                continue;
            }
        }
        last = mapped;
        carry = pivots >> 7;
        at += BLOCK;
    }
    Mapped { done: at, marked: false }
}

/// Characters of a block, a bit each.
#[derive(Clone, Copy)]
struct Marks {
    /// No final can be written in their place.
    slow: u32,
    /// These, and those that end a pair which the filter lets through.
    all: u32,
}

/// Looks at the marks of a block that begins at byte `block` of the run; says where the run ends,
/// if a mark is one. `target` has the finals to the end of the block.
#[inline]
fn look(fast: &Fast, run: Run<'_>, block: usize, marks: Marks, target: &[u8]) -> Option<usize> {
    let mut left = marks.all;
    while left != 0 {
        let lane = left.trailing_zeros();
        let at = block + 3 * lane as usize;
        let slow = marks.slow >> lane & 1 == 1;
        if slow || may_be_special(fast, run, at, lane, target) && run.special(fast, run.from + at) {
            return Some(at);
        }
        left &= left - 1;
    }
    None
}

/// Whether the filter of special keys lets the pair through that ends at byte `at` of the run, in
/// a lane of a block. `target` has the finals of the run to the end of the block.
#[inline]
fn may_be_special(fast: &Fast, run: Run<'_>, at: usize, lane: u32, target: &[u8]) -> bool {
    let three = |at: usize| -> u32 {
        let bytes = target.get(at..).and_then(|t| t.first_chunk::<3>());
        bytes.map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], 0]))
    };
    let before = match lane {
        // What is before the block may be shorter, or not in the target.
        0 => seen_before(fast, Run { from: run.from + at, ..run }).0,
        _ => three(at - 3),
    };
    let pair = u64::from(before) | u64::from(three(at)) << 24;
    let third = match lane {
        7 => run.final_at(fast, run.from + at + 3),
        _ => three(at + 3),
    };
    fast.may_be_special(pair, third)
}

/// Copies the ASCII characters at a place; returns how many there are, as far as there is room.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn copy_ascii(source: &[u8], target: &mut [u8], from: usize) -> usize {
    let mut at = from;
    while let Some((bytes, out)) = block_at::<32>(source, target, at) {
        let high = _mm256_movemask_epi8(load(bytes, 0));
        *out = *bytes;
        at += high.trailing_zeros() as usize;
        if high != 0 {
            return at - from;
        }
    }
    for (out, byte) in target.iter_mut().zip(source).skip(at).take_while(|(_, b)| b.is_ascii()) {
        *out = *byte;
        at += 1;
    }
    at - from
}

/// Undoes [`spread`].
#[target_feature(enable = "avx2")]
#[inline]
fn packed(chars: __m256i) -> [u8; BLOCK] {
    let halves = _mm256_shuffle_epi8(
        chars,
        _mm256_setr_epi8(
            0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, //
            0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1,
        ),
    );
    let whole = _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    let mut bytes = [0; BLOCK];
    let [first, second, third] = bytes.as_chunks_mut::<8>().0 else { return bytes };
    *first = _mm256_extract_epi64::<0>(whole).to_le_bytes();
    *second = _mm256_extract_epi64::<1>(whole).to_le_bytes();
    *third = _mm256_extract_epi64::<2>(whole).to_le_bytes();
    bytes
}

/// Which lanes end a pair that the filter lets through. `last` has in its highest lane the final
/// of the character before.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn in_filter(fast: &Fast, last: __m256i, finals: __m256i) -> u32 {
    let before = _mm256_blend_epi32::<0x80>(finals, last);
    let before = _mm256_permutevar8x32_epi32(before, _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6));
    let first = _mm256_mullo_epi32(before, all(PAIR_HASH.0));
    let second = _mm256_mullo_epi32(finals, all(PAIR_HASH.1));
    let index = _mm256_srli_epi32::<{ PAIR_SHIFT as i32 }>(_mm256_add_epi32(first, second));
    let words = look_up(_mm256_srli_epi32::<5>(index), |i| fast.pair_word(i.into()));
    // The bit comes to the top.
    let up = _mm256_sub_epi32(all(31), _mm256_and_si256(index, all(31)));
    bits(_mm256_sllv_epi32(words, up))
}
