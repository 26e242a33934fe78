//! What kinds of characters a window has, and which pairs of encodings they make worth trying.

use super::codepage::CodePage;
use super::scan::{are_controls, is_beyond_ascii, weight_of_control};
use super::score::{Class, Scorer, class};
use super::writing::Writing;
use crate::dict::frequency::NAT;

/// So many characters that are common Chinese ones in the other order of bytes make UTF-16 worth a try.
const LEAST_SWAPPED: usize = 3;
/// A character up to this cost is common: one of two thousand.
const COMMON: u32 = 9 * NAT;

/// Controls of C1 alone may be of UTF-8, too: so many of them make UTF-16 worth a try.
const C1: usize = 4;

/// What kinds of characters a window has: which pages are worth trying.
#[derive(Default)]
pub(super) struct Kinds {
    /// Of Latin, Greek, Cyrillic, boxes and symbols.
    narrow: usize,
    rare: usize,
    half_kana: usize,
    hangul: usize,
    han: usize,
    /// Controls that no text has, and whether one is of C0.
    controls: usize,
    c0: bool,
    /// Of windows-1252 beyond ASCII.
    beyond: usize,
    /// Characters that the model does not have, and those of them that are common Chinese ones in
    /// the other order of bytes.
    unknown: usize,
    swapped: usize,
}

impl Kinds {
    pub(super) fn of(chars: &[char], scorer: Scorer) -> Kinds {
        let mut kinds = Kinds::default();
        for (at, &c) in chars.iter().enumerate() {
            let weight = weight_of_control(chars, at);
            kinds.controls += weight;
            if c.is_ascii() {
                kinds.c0 |= weight > 0;
                continue;
            }
            kinds.beyond += usize::from(is_beyond_ascii(c));
            let known = scorer.model().id(c).is_known();
            let swapped = char::from_u32((c as u32 & 0xFF) << 8 | c as u32 >> 8);
            kinds.unknown += usize::from(!known);
            kinds.swapped += usize::from(!known && swapped.is_some_and(|c| is_common(c, scorer)));
            match class(c) {
                Class::RareHan if known => kinds.han += 1,
                Class::RareHan => {
                    kinds.han += 1;
                    kinds.rare += 1;
                }
                Class::HalfKana => kinds.half_kana += 1,
                Class::Hangul => kinds.hangul += 1,
                Class::Private | Class::Replacement => kinds.rare += 1,
                Class::Latin | Class::LatinSymbol | Class::Control | Class::Greek => {
                    kinds.narrow += 1;
                }
                Class::Cyrillic | Class::Box | Class::Other => kinds.narrow += 1,
                // € is byte 80 of GBK.
                Class::Symbol if c == '€' => {
                    kinds.rare += 1;
                    kinds.narrow += 1;
                }
                _ => {}
            }
        }
        kinds
    }

    /// The pairs worth trying: first those whose bytes prove something, then those where only the
    /// gain does.
    pub(super) fn pairs(&self) -> Vec<(CodePage, Writing)> {
        let mut pairs = Vec::new();
        if self.rare >= 1 {
            pairs.push((CodePage::Gbk, Writing::Utf8));
        }
        if self.narrow >= 2 {
            pairs.extend(CodePage::SINGLE.map(|page| (page, Writing::Utf8)));
            pairs.extend(CodePage::SINGLE.map(|page| (page, Writing::Gbk)));
            pairs.push((CodePage::Latin, Writing::Big5));
        }
        if self.half_kana >= 2 {
            pairs.push((CodePage::ShiftJis, Writing::Utf8));
            pairs.push((CodePage::ShiftJis, Writing::Gbk));
        }
        if self.rare + self.hangul >= 2 {
            pairs.push((CodePage::Gbk, Writing::Big5));
            pairs.push((CodePage::Big5, Writing::Gbk));
            pairs.push((CodePage::EucJp, Writing::Gbk));
        }
        if self.hangul >= 1 && self.han >= 1 {
            pairs.push((CodePage::EucKr, Writing::Gbk));
        }
        pairs
    }

    /// The same for UTF-16, which any bytes are: tried only where something else speaks for it.
    pub(super) fn wide_pairs(&self) -> Vec<(CodePage, Writing)> {
        let mut pairs = Vec::new();
        let controls = (self.c0 || self.controls >= C1) && are_controls(self.controls, self.beyond);
        for writing in [Writing::Utf16Le, Writing::Utf16Be] {
            if controls {
                pairs.push((CodePage::Latin, writing));
            }
            if controls && self.rare + self.hangul + self.han >= 2 {
                pairs.push((CodePage::Gbk, writing));
            }
        }
        if self.swapped >= LEAST_SWAPPED && self.swapped * 4 >= self.unknown {
            pairs.push((CodePage::Utf16, Writing::Utf16Le));
        }
        pairs
    }
}

/// Whether a character is a common one of Chinese.
pub(super) fn is_common(c: char, scorer: Scorer) -> bool {
    let id = scorer.model().id(c);
    id.is_known() && scorer.model().cost(id) < COMMON
}
