//! Scans in the widest vectors that the processor has.
//!
//! The scans for what could start damage are plain loops that the compiler makes vector
//! instructions of: of SSE2, which every x86-64 has, unless it is told of more. Compiled for AVX2
//! the two of them take half the time, which is a tenth of all that clean text costs. Code points are
//! put together by instructions of AVX2 that the compiler does not find by itself.
#![allow(unsafe_code)]

/// Bytes of eight characters.
const EIGHT: usize = 24;

/// Calls `scan` as compiled for AVX2, where the processor has that. What it is made of has to be
/// inlined into it to gain by it.
#[inline]
pub(super) fn wide<R>(scan: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the only condition is that the processor has AVX2, which was just asked.
        return unsafe { avx2(scan) };
    }
    scan()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<R>(scan: impl FnOnce() -> R) -> R {
    scan()
}

/// A set of code points of the BMP.
#[derive(Clone, Debug)]
pub(super) struct Points {
    /// A bit each.
    words: Box<[u32; WORDS]>,
}

const WORDS: usize = 0x1_0000 / 32;

impl Default for Points {
    fn default() -> Points {
        Points { words: Box::new([0; WORDS]) }
    }
}

impl Points {
    /// Puts `code` in, or takes it out.
    pub(super) fn set(&mut self, code: u16, on: bool) {
        let (word, bit) = (usize::from(code >> 5), 1 << (code & 31));
        if on {
            self.words[word] |= bit;
        } else {
            self.words[word] &= !bit;
        }
    }

    pub(super) fn has(&self, code: u16) -> bool {
        self.words[usize::from(code >> 5)] >> (code & 31) & 1 != 0
    }

    /// Goes over characters of three bytes of UTF-8 that are not in the set, eight at a time, and four at
    /// a time where there are no eight. Returns how many bytes that are. `bytes` are UTF-8 and begin with
    /// a character.
    #[inline]
    pub(super) fn without(&self, bytes: &[u8]) -> usize {
        let mut done = 0;
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the only condition is that the processor has AVX2, which was just asked.
            done = unsafe { self.eights(bytes) };
        }
        for four in bytes[done..].as_chunks::<12>().0 {
            let (chars, _) = four.as_chunks::<3>();
            let stops = |[lead, second, third]: &[u8; 3]| {
                let [a, b, c] = [lead, second, third].map(|byte| u16::from(*byte));
                lead & 0xF0 != 0xE0 || self.has((a & 15) << 12 | (b & 63) << 6 | (c & 63))
            };
            if chars.iter().any(stops) {
                break;
            }
            done += 12;
        }
        done
    }

    /// The words of eight code points are gathered by one instruction, which takes less than half of the
    /// time of eight loads.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn eights(&self, bytes: &[u8]) -> usize {
        use std::arch::x86_64::*;

        // The bytes of four characters from the first of the lower half on, from the fourth of the upper,
        // the last of each first.
        #[rustfmt::skip]
        let order = _mm256_setr_epi8(
            2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1,
            6, 5, 4, -1, 9, 8, 7, -1, 12, 11, 10, -1, 15, 14, 13, -1,
        );
        let (lead_bits, lead) = (_mm256_set1_epi32(0x00F0_0000), _mm256_set1_epi32(0x00E0_0000));
        let payload = _mm256_set1_epi32(0x000F_3F3F);
        let by_six = _mm256_set1_epi32(0x0001_4001);
        let by_twelve = _mm256_set1_epi32(0x1000_0001);
        let (in_word, one) = (_mm256_set1_epi32(31), _mm256_set1_epi32(1));
        let words: *const i32 = self.words.as_ptr().cast();
        let mut done = 0;
        for eight in bytes.as_chunks::<EIGHT>().0 {
            let at = eight.as_ptr();
            // SAFETY: both loads lie within the 24 bytes.
            let (low, high) =
                unsafe { (_mm_loadu_si128(at.cast()), _mm_loadu_si128(at.add(8).cast())) };
            let both = _mm256_set_m128i(high, low);
            let chars = _mm256_shuffle_epi8(both, order);
            let leads = _mm256_cmpeq_epi32(_mm256_and_si256(chars, lead_bits), lead);
            if _mm256_movemask_epi8(leads) != -1 {
                break;
            }
            let bits = _mm256_and_si256(chars, payload);
            let codes = _mm256_madd_epi16(_mm256_maddubs_epi16(bits, by_six), by_twelve);
            // SAFETY: four, six and six bits are below 0x10000, of which there is a bit each.
            let found =
                unsafe { _mm256_i32gather_epi32::<4>(words, _mm256_srli_epi32::<5>(codes)) };
            let found = _mm256_srlv_epi32(found, _mm256_and_si256(codes, in_word));
            if _mm256_testz_si256(found, one) == 0 {
                break;
            }
            done += EIGHT;
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[test]
    fn every_character_of_three_bytes_is_in_the_set_or_not() {
        let chars: Vec<char> = ('\u{800}'..='\u{FFFF}').collect();
        let mut points = Points::default();
        for only in chars.iter().step_by(7) {
            let code = *only as u16;
            points.set(code, true);
            let at = chars.binary_search(only).unwrap();
            for from in [at.saturating_sub(9), at.saturating_sub(17), at] {
                let text: String = chars[from..(at + 20).min(chars.len())].iter().collect();
                let alone = (at - from) / 4 * 12;
                assert_eq!(points.without(text.as_bytes()), alone, "{code:x} from {from}");
            }
            assert!(points.has(code) && !points.has(code ^ 1));
            points.set(code, false);
            assert!(!points.has(code));
        }
        let text: String = chars.iter().collect();
        assert_eq!(points.without(text.as_bytes()), text.len() / 12 * 12);
    }

    #[test]
    fn what_is_in_it_and_other_lengths_stop_it() {
        let mut points = Points::default();
        points.set('止' as u16, true);
        for at in 0..20 {
            for stop in ["a", "é", "𠮷", "止"] {
                let text = format!("{}{stop}{}", "字".repeat(at), "字".repeat(30));
                assert_eq!(points.without(text.as_bytes()), at / 4 * 12, "{stop} at {at}");
            }
        }
        assert_eq!(points.without(b""), 0);
    }
}
