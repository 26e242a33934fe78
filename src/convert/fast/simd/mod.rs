//! The scan with vector instructions: AVX2, where the processor has it.
//!
//! Two operations are unsafe, and both are in this file: to call a function that was compiled for
//! AVX2, after asking whether the processor has it, and to load a register from an array of its
//! size. (Put together from parts of the array, which is safe, the loads take longer than the
//! search for needles does.) All else goes through slices and arrays.
#![allow(unsafe_code)]

mod dense;
mod kinds;
mod mixed;
mod shapes;
mod sparse;

use std::arch::x86_64::*;

use super::format::{Fast, PIVOT};
use super::needles::MOST_TABLES;
use super::scan::{Mapped, Run, seen_before};

pub(crate) use kinds::Kinds;

/// Bytes of eight characters.
const BLOCK: usize = 24;

/// Maps what a run begins with, as far as vector instructions go: up to a mark, a character of a
/// length that they do not take, or the last few bytes.
#[inline]
pub(super) fn map_run(fast: &Fast, run: Run<'_>, target: &mut [u8]) -> Mapped {
    if !std::arch::is_x86_feature_detected!("avx2") {
        return Mapped { done: 0, marked: false };
    }
    // SAFETY: the processor has AVX2, which is all that these functions ask for.
    unsafe {
        match &fast.needles {
            None if run.mixed => mixed::map(fast, run, target),
            None => dense::map(fast, run, target),
            Some(needles) if needles.used == 4 => sparse::map::<4>(fast, needles, run, target),
            Some(needles) => sparse::map::<MOST_TABLES>(fast, needles, run, target),
        }
    }
}

/// Counts what kinds of characters a text has, from a place on as far as vector instructions go;
/// [`kinds::count`] says what is counted and what `each` gets.
#[inline]
pub(crate) fn count(
    table: &[u8; 0x4000],
    marks: &[u32; 6],
    text: &[u8],
    from: usize,
    kinds: &mut Kinds,
    each: impl FnMut(usize),
) -> usize {
    if !std::arch::is_x86_feature_detected!("avx2") {
        return from;
    }
    // SAFETY: the processor has AVX2, which is all that this function asks for.
    unsafe { kinds::count(table, marks, text, from, kinds, each) }
}

/// The next block of the source, and as much room in the target.
#[inline]
fn block_at<'s, 't, const N: usize>(
    source: &'s [u8],
    target: &'t mut [u8],
    at: usize,
) -> Option<(&'s [u8; N], &'t mut [u8; N])> {
    Some((source.get(at..)?.first_chunk()?, target.get_mut(at..)?.first_chunk_mut()?))
}

/// The character before a run: its final in each lane, and a bit that says whether it is a pivot.
#[target_feature(enable = "avx2")]
#[inline]
fn before(fast: &Fast, run: Run<'_>) -> (__m256i, u32) {
    let (last, entry) = seen_before(fast, run);
    (all(last), entry >> PIVOT.trailing_zeros())
}

/// Thirty-two bytes from a place on.
#[target_feature(enable = "avx2")]
#[inline]
fn load<const N: usize>(bytes: &[u8; N], from: usize) -> __m256i {
    let bytes = &bytes[from..from + 32];
    // SAFETY: as many bytes are read as the slice has; they need not be aligned.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// Sixteen bytes from a place on.
#[target_feature(enable = "avx2")]
#[inline]
fn load_half<const N: usize>(bytes: &[u8; N], from: usize) -> __m128i {
    let bytes = &bytes[from..from + 16];
    // SAFETY: as many bytes are read as the slice has; they need not be aligned.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// Sixteen bytes, twice.
#[target_feature(enable = "avx2")]
#[inline]
fn load_twice(bytes: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load_half(bytes, 0))
}

/// The same number in each lane.
#[target_feature(enable = "avx2")]
#[inline]
fn all(number: u32) -> __m256i {
    _mm256_set1_epi32(number as i32)
}

/// The highest bit of each lane.
#[target_feature(enable = "avx2")]
#[inline]
fn bits(lanes: __m256i) -> u32 {
    _mm256_movemask_ps(_mm256_castsi256_ps(lanes)) as u32
}

/// The bytes of eight characters, four bytes for each.
#[target_feature(enable = "avx2")]
#[inline]
fn spread(block: &[u8; BLOCK]) -> __m256i {
    // Sixteen bytes for each half, of which the first uses the first twelve, the second the last.
    let bytes = _mm256_set_m128i(load_half(block, 8), load_half(block, 0));
    _mm256_shuffle_epi8(
        bytes,
        _mm256_setr_epi8(
            0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, //
            4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1,
        ),
    )
}

/// The code points: four bits of the first byte, six of the second, six of the third. Below 2^16
/// whatever the bytes are.
#[target_feature(enable = "avx2")]
#[inline]
fn codes(chars: __m256i) -> __m256i {
    let parts = _mm256_and_si256(chars, all(0x3F3F0F));
    let parts = _mm256_maddubs_epi16(parts, all(0x0001_0140));
    _mm256_madd_epi16(parts, all(0x0001_0040))
}

/// What a table has for the low half of each lane.
#[target_feature(enable = "avx2")]
#[inline]
fn look_up(indices: __m256i, entry: impl Fn(u16) -> u32) -> __m256i {
    let (low, high) = (_mm256_castsi256_si128(indices), _mm256_extracti128_si256::<1>(indices));
    let (a, b) = (_mm_cvtsi128_si64(low), _mm_extract_epi64::<1>(low));
    let (c, d) = (_mm_cvtsi128_si64(high), _mm_extract_epi64::<1>(high));
    let at = |pair: i64, shift: u32| entry((pair >> shift) as u16) as i32;
    _mm256_setr_epi32(
        at(a, 0),
        at(a, 32),
        at(b, 0),
        at(b, 32),
        at(c, 0),
        at(c, 32),
        at(d, 0),
        at(d, 32),
    )
}
