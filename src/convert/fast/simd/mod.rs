//! The scan with vector instructions: AVX2, where the processor has it.
//!
//! Two operations are unsafe, and both are in this file: to call a function that was compiled for
//! AVX2, after asking whether the processor has it, and to load a register from an array of its
//! size. (Put together from parts of the array, which is safe, the loads take longer than the
//! search for needles does.) All else goes through slices and arrays.
#![allow(unsafe_code)]

mod dense;
mod sparse;

use std::arch::x86_64::*;

use super::format::Fast;
use super::needles::MOST_TABLES;
use super::scan::{Mapped, Run};

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
            None => dense::map(fast, run, target),
            Some(needles) if needles.used == 4 => sparse::map::<4>(fast, needles, run, target),
            Some(needles) => sparse::map::<MOST_TABLES>(fast, needles, run, target),
        }
    }
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
