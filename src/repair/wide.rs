//! Scans in the widest vectors that the processor has.
//!
//! The scans for what could start damage are plain loops that the compiler makes vector
//! instructions of: of SSE2, which every x86-64 has, unless it is told of more. Compiled for AVX2
//! the two of them take half the time, which is a tenth of all that clean text costs.
#![allow(unsafe_code)]

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
