//! The fast engine: one pass that maps character by character, and the exact rules only where
//! they could give something else.
//!
//! Most of a text comes out as if each character were looked up alone. [`analyse`](build) finds
//! out when that is certain, from the dictionaries of a plan:
//!
//! - The *final* of a character is what the whole plan makes of it alone. A key of any step that
//!   is not replaced by what its characters give one by one is *special*. A stretch of text that
//!   no special key occurs in comes out as the finals of its characters, however the keys in it
//!   are matched. An occurrence of a special key shows in the finals of the text, too, so that one
//!   look-up of the finals serves all steps.
//! - A place between two characters is *clean* if no key of any step can reach across it, whatever
//!   earlier steps made of either side. What lies between two clean places is converted as if it
//!   were alone.
//!
//! So the scan maps finals, and marks the pairs of characters that a special key could hold: one of the
//! pair is a *pivot*, of which there are few. Where so little changes that the characters to look at
//! fit into a few tables ([`needles`]), it searches for those and copies the rest. Where a key
//! is really there, the stretch around it from clean place to clean place goes through the
//! exact rules ([`region`]) and its output is put in place of the finals. In news and reviews that
//! is 2 % of the text with `s2t`.
//!
//! Description sequences do not keep to clean places; the scan stops before an operator of one and
//! leaves the text to the exact engine for a while.

mod build;
mod format;
mod memo;
mod needles;
mod pivots;
pub(crate) mod region;
mod scan;
#[cfg(target_arch = "x86_64")]
mod simd;

pub(crate) use build::analyse;
pub(crate) use format::Fast;
pub(crate) use scan::{Scanner, before, ends_clean, joins_clean, last_clean, stays};
#[cfg(target_arch = "x86_64")]
pub(crate) use simd::{Kinds, count};
