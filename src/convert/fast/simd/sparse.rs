//! Where few characters change: looks for those, and copies all that is between.
//!
//! Measured on `t2tw`, `t2hk`, `hk2t` and `tw2t`: two to three times as fast as to map each
//! character. What is searched for, and how, is told in [`needles`](super::super::needles).

use std::arch::x86_64::*;

use super::super::format::{DELTA, Fast, PIVOT, SLOW};
use super::super::needles::{Needles, Sixteen};
use super::super::scan::{Mapped, Run, code};
use super::{all, block_at, load, load_twice};

/// Bytes that are searched at a time, and those behind that a character may reach into.
const BLOCK: usize = 32;
const ROOM: usize = 3;

/// Copies the run and maps the needles in it, as far as there are whole blocks, up to a mark or a
/// character outside the BMP.
#[target_feature(enable = "avx2")]
pub(super) fn map<const TABLES: usize>(
    fast: &Fast,
    needles: &Needles,
    run: Run<'_>,
    target: &mut [u8],
) -> Mapped {
    let source = &run.source[run.from..];
    let mut at = 0;
    while let Some((bytes, out)) = block_at::<{ BLOCK + ROOM }>(source, target, at) {
        *out = *bytes;
        let mut found = search::<TABLES>(needles, bytes);
        let mut next = at + BLOCK;
        while found != 0 {
            let place = at + found.trailing_zeros() as usize;
            found &= found - 1;
            let Some(&[a, b, c]) = source.get(place..).and_then(|s| s.first_chunk()) else { break };
            if a & 0xF0 != 0xE0 {
                if a >= 0xF0 {
                    return Mapped { done: place, marked: false };
                }
                continue;
            }
            let bytes = u32::from_le_bytes([a, b, c, 0]);
            let entry = fast.finals[code(bytes)];
            let [x, y, z, _] = (bytes ^ entry & DELTA).to_le_bytes();
            target[place..place + 3].copy_from_slice(&[x, y, z]);
            if entry & (SLOW | PIVOT) != 0
                && let Some(done) = mark(fast, run, place, entry)
            {
                return Mapped { done, marked: true };
            }
            // It may reach into the next block, which must not be copied over it.
            next = next.max(place + 3);
        }
        at = next;
    }
    // Whole characters only. The last one may be mapped already, and will be again.
    while at > 0 && source.get(at).is_some_and(|b| b & 0xC0 == 0x80) {
        at -= 1;
    }
    Mapped { done: at, marked: false }
}

/// Where the run has a mark, if a character at a place of it means one: there, or behind it.
fn mark(fast: &Fast, run: Run<'_>, place: usize, entry: u32) -> Option<usize> {
    let at = run.from + place;
    if entry & SLOW != 0 || run.ends_special(fast, at) {
        return Some(place);
    }
    let three = run.source.get(at + 3).is_some_and(|lead| lead & 0xF0 == 0xE0);
    (three && run.ends_special(fast, at + 3)).then_some(place + 3)
}

/// At which of the first bytes a needle may begin, or a character outside the BMP does.
#[target_feature(enable = "avx2")]
#[inline]
fn search<const TABLES: usize>(needles: &Needles, bytes: &[u8; BLOCK + ROOM]) -> u32 {
    let (a, b, c) = (load(bytes, 0), load(bytes, 1), load(bytes, 2));
    // As `needles::index` says. The instruction takes 0 where the highest bit is set.
    let nibble = |sum: __m256i| _mm256_and_si256(sum, _mm256_set1_epi8(15));
    let sum = _mm256_add_epi8(b, c);
    let ways = [
        nibble(_mm256_xor_si256(a, c)),
        nibble(_mm256_xor_si256(a, b)),
        nibble(sum),
        nibble(_mm256_add_epi8(a, sum)),
    ];
    // Zero where a table has what is there.
    let mut unlike = all(u32::MAX);
    for table in 0..TABLES {
        let Sixteen { second, third } = &needles.tables[table];
        let second = _mm256_shuffle_epi8(load_twice(second), ways[table % 4]);
        let third = _mm256_shuffle_epi8(load_twice(third), ways[table % 4]);
        let here = _mm256_or_si256(_mm256_xor_si256(second, b), _mm256_xor_si256(third, c));
        unlike = _mm256_min_epu8(unlike, here);
    }
    let mut found = _mm256_cmpeq_epi8(unlike, _mm256_setzero_si256());
    let upper = _mm256_and_si256(b, _mm256_set1_epi8(0xF0u8 as i8));
    for (first, second) in needles.crowds {
        let first = _mm256_cmpeq_epi8(a, _mm256_set1_epi8(first as i8));
        let second = _mm256_cmpeq_epi8(upper, _mm256_set1_epi8(second as i8));
        found = _mm256_or_si256(found, _mm256_and_si256(first, second));
    }
    let outside = _mm256_set1_epi8(0xF0u8 as i8);
    let outside = _mm256_cmpeq_epi8(_mm256_max_epu8(a, outside), a);
    _mm256_movemask_epi8(_mm256_or_si256(found, outside)) as u32
}
