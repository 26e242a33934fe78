//! Where many characters change, in text of characters of all lengths: maps eight lanes at a time,
//! whatever lies in them.
//!
//! Measured on Cantonese, whose lines are ten characters long, with ASCII marks and characters
//! outside the BMP: a third to a half faster than [`dense`](super::dense), which begins anew behind
//! each character that is not of three bytes. On news, where such are rare, it is a tenth slower.

use std::arch::x86_64::*;

use super::super::format::{DELTA, Fast, SLOW};
use super::super::scan::{Mapped, Run, code_at};
use super::dense::{copy_ascii, in_filter};
use super::shapes::{Found, THREES};
use super::{all, before, bits, block_at, codes, load, load_half, look_up};

/// Bytes that are loaded for eight lanes, which use 24 at most.
const BLOCK: usize = 32;
/// Where characters begin, in and behind eight of three bytes.
const THREE_BYTES: u32 = 0x124_9249;

/// Maps characters of three bytes and copies others, as far as there are whole blocks, up to a
/// mark or another character that could be converted.
///
/// A character of four bytes takes two lanes, the last of its bytes one by itself, so that eight
/// lanes never have more than 24 bytes.
#[target_feature(enable = "avx2")]
pub(super) fn map(fast: &Fast, run: Run<'_>, target: &mut [u8]) -> Mapped {
    let source = &run.source[run.from..];
    let (mut last, mut carry) = before(fast, run);
    let mut at = 0;
    while let Some((bytes, out)) = block_at::<BLOCK>(source, target, at) {
        let loaded = load(bytes, 0);
        let starts = _mm256_cmpgt_epi8(loaded, _mm256_set1_epi8(0xBFu8 as i8));
        let mut starts = _mm256_movemask_epi8(starts) as u32;
        let mut halves = [THREES; 2];
        let mixed = starts & 0x1FF_FFFF != THREE_BYTES;
        if mixed {
            if _mm256_movemask_epi8(loaded) & 0xFF == 0 {
                at += copy_ascii(source, target, at);
                last = all(source[at - 1].into());
                carry = 0;
                continue;
            }
            let four = _mm256_set1_epi8(0xF0u8 as i8);
            let four = _mm256_cmpeq_epi8(_mm256_max_epu8(loaded, four), loaded);
            starts |= (_mm256_movemask_epi8(four) as u32) << 3;
            let first = Found::at(starts);
            halves = [first, Found::at(starts >> first.len())];
        }
        let [first, second] = halves;
        let middle = first.len();
        let chars = _mm256_set_m128i(load_half(bytes, middle), load_half(bytes, 0));
        let chars = _mm256_shuffle_epi8(chars, both(&first.shape().spread, &second.shape().spread));
        let leads = _mm256_and_si256(chars, all(0xF0));
        let three = _mm256_cmpeq_epi32(leads, all(0xE0));
        let entries = look_up(codes(chars), |code| fast.finals[usize::from(code)]);
        let entries = _mm256_and_si256(entries, three);
        let mapped = _mm256_xor_si256(chars, _mm256_and_si256(entries, all(DELTA)));
        let packed = _mm256_shuffle_epi8(mapped, both(&first.shape().pack, &second.shape().pack));
        out[..16].copy_from_slice(&sixteen(_mm256_castsi256_si128(packed)));
        out[middle..middle + 16].copy_from_slice(&sixteen(_mm256_extracti128_si256::<1>(packed)));

        let pivots = bits(entries);
        let mut marks = bits(_mm256_slli_epi32::<{ 31 - SLOW.trailing_zeros() as i32 }>(entries));
        let mut pairs = (pivots | pivots << 1 | carry) & bits(three);
        if pairs != 0 {
            pairs &= in_filter(fast, last, mapped);
        }
        if mixed {
            let other = _mm256_cmpeq_epi32(leads, all(0xF0));
            let short = _mm256_cmpeq_epi32(_mm256_and_si256(chars, all(0xE0)), all(0xC0));
            marks |= bits(other) | if fast.short { bits(short) } else { 0 };
        }
        marks |= pairs;
        if marks != 0 {
            let before = _mm256_extract_epi32::<7>(last) as u32;
            let block = Block { at, halves, before, finals: lanes(mapped) };
            if let Some(mapped) = look(fast, run, &block, marks) {
                return mapped;
            }
        }
        last = mapped;
        carry = pivots >> 7;
        at += middle + second.len();
    }
    // Whole characters only. What has been written of the last one will be again.
    while at > 0 && source.get(at).is_some_and(|b| b & 0xC0 == 0x80) {
        at -= 1;
    }
    Mapped { done: at, marked: false }
}

/// Eight lanes that are to be looked at.
struct Block {
    /// Where they begin in the run.
    at: usize,
    halves: [Found; 2],
    /// The final before them.
    before: u32,
    finals: [u32; 8],
}

impl Block {
    /// Where a lane begins in the run.
    #[inline]
    fn place(&self, lane: usize) -> usize {
        let [first, second] = self.halves;
        match lane {
            0..4 => self.at + usize::from(first.shape().spread[4 * lane]),
            _ => self.at + first.len() + usize::from(second.shape().spread[4 * (lane % 4)]),
        }
    }

    /// Whether the filter of special keys lets the pair through that ends in a lane.
    #[inline]
    fn may_be_special(&self, fast: &Fast, run: Run<'_>, lane: usize) -> bool {
        let before = lane.checked_sub(1).map_or(self.before, |i| self.finals[i % 8]);
        let pair = u64::from(before & DELTA) | u64::from(self.finals[lane % 8]) << 24;
        let third = match self.finals.get(lane + 1) {
            Some(bytes) if bytes & 0xF0 == 0xE0 => *bytes,
            Some(_) => 0,
            None => run.final_at(fast, run.from + self.place(lane) + 3),
        };
        fast.may_be_special(pair, third)
    }
}

/// Looks at lanes of a block, a bit each: those that no final can stand for, those with a
/// character not of three bytes that might be converted, and those that end a pair which the
/// filter lets through. Says where the run ends, if it does at one of them.
#[inline]
fn look(fast: &Fast, run: Run<'_>, block: &Block, mut marks: u32) -> Option<Mapped> {
    while marks != 0 {
        let lane = marks.trailing_zeros() as usize;
        let done = block.place(lane);
        let at = run.from + done;
        let code = code_at(run.source, at);
        let slow = fast.entry(code) & SLOW != 0;
        if block.finals[lane % 8] & 0xF0 != 0xE0 {
            if slow || fast.astral(code) {
                return Some(Mapped { done, marked: false });
            }
        } else if slow || block.may_be_special(fast, run, lane) && run.special(fast, at) {
            return Some(Mapped { done, marked: true });
        }
        marks &= marks - 1;
    }
    None
}

/// Sixteen bytes for each half.
#[target_feature(enable = "avx2")]
#[inline]
fn both(low: &[u8; 16], high: &[u8; 16]) -> __m256i {
    _mm256_set_m128i(load_half(high, 0), load_half(low, 0))
}

#[target_feature(enable = "avx2")]
#[inline]
fn sixteen(half: __m128i) -> [u8; 16] {
    let (low, high) = (_mm_cvtsi128_si64(half), _mm_extract_epi64::<1>(half));
    ((low as u64 as u128) | (high as u64 as u128) << 64).to_le_bytes()
}

#[target_feature(enable = "avx2")]
#[inline]
fn lanes(of: __m256i) -> [u32; 8] {
    let mut lanes = [0; 8];
    let (low, high) = (_mm256_castsi256_si128(of), _mm256_extracti128_si256::<1>(of));
    for (four, half) in lanes.as_chunks_mut::<4>().0.iter_mut().zip([low, high]) {
        for (lane, bytes) in four.iter_mut().zip(sixteen(half).as_chunks::<4>().0) {
            *lane = u32::from_le_bytes(*bytes);
        }
    }
    lanes
}
