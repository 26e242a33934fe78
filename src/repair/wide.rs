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

/// Goes over characters of three bytes of UTF-8, eight at a time, as long as `pass` says of their code
/// points that they may pass, and four at a time where there are no eight. Returns how many bytes passed.
/// `bytes` are UTF-8 and begin with a character.
#[inline]
pub(super) fn threes(bytes: &[u8], pass: impl Fn(&[u32]) -> bool) -> usize {
    let mut done = 0;
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the only condition is that the processor has AVX2, which was just asked.
        done = unsafe { eights(bytes, &pass) };
    }
    for four in bytes[done..].as_chunks::<12>().0 {
        let (chars, _) = four.as_chunks::<3>();
        if chars.iter().any(|[lead, ..]| lead & 0xF0 != 0xE0) {
            break;
        }
        let code = |i: usize| {
            let [a, b, c] = chars[i].map(u32::from);
            (a & 15) << 12 | (b & 63) << 6 | (c & 63)
        };
        if !pass(&[code(0), code(1), code(2), code(3)]) {
            break;
        }
        done += 12;
    }
    done
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn eights(bytes: &[u8], pass: &impl Fn(&[u32]) -> bool) -> usize {
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
        let mut points = [0u32; 8];
        // SAFETY: the array has the size of the register.
        unsafe { _mm256_storeu_si256(points.as_mut_ptr().cast(), codes) };
        if !pass(&points) {
            break;
        }
        done += EIGHT;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::threes;

    #[test]
    fn every_character_of_three_bytes_passes_by_its_code_point() {
        let chars: Vec<char> = ('\u{800}'..='\u{FFFF}').collect();
        for from in [0, 1, 5] {
            let text: String = chars[from..].iter().collect();
            let seen = std::cell::RefCell::new(Vec::new());
            let passed = threes(text.as_bytes(), |codes| {
                seen.borrow_mut().extend_from_slice(codes);
                true
            });
            let seen = seen.into_inner();
            assert_eq!(passed, seen.len() * 3);
            assert!(text.len() - passed < 12);
            assert!(seen.iter().zip(&chars[from..]).all(|(code, c)| *code == *c as u32));
        }
    }

    #[test]
    fn what_does_not_pass_and_other_lengths_stop_it() {
        for at in 0..20 {
            for stop in ["a", "é", "𠮷", "止"] {
                let text = format!("{}{stop}{}", "字".repeat(at), "字".repeat(30));
                let passed = threes(text.as_bytes(), |codes| !codes.contains(&('止' as u32)));
                assert_eq!(passed, at / 4 * 12, "{stop} at {at}");
            }
        }
        assert_eq!(threes(b"", |_| true), 0);
    }
}
