//! Whether a page is Chinese. In a page that is not, a reference to what is no Chinese character is
//! how its author wrote `©`, and no damage.

use super::around::first_char;
use super::context::is_han;
use crate::repair::wide::wide;

/// So many characters say for good what a page is.
const ENOUGH: u32 = 128;

/// A long page with fewer Han than this has a name in Chinese, or a list of languages.
const NAMES: u32 = 20;

/// So many bytes are looked at together.
const BLOCK: usize = 4096;

/// Of a block so many bytes at once are passed where there is nothing.
const STEP: usize = 32;

/// Japanese has a kana for every Han and more; a Chinese page may name a shop in kana.
const HAN_TO_KANA: u32 = 4;

/// The Han and the kana so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chinese {
    han: u32,
    kana: u32,
}

impl Chinese {
    /// Goes over text that stands there. It begins and ends at characters, and how it is cut makes no
    /// difference: the count stops at the character that settles it.
    pub(super) fn advance(&mut self, text: &[u8]) {
        let mut at = 0;
        while at < text.len() && !self.settled() {
            let end = text.len().min(at + BLOCK);
            // Blocks without a byte that begins one are the rule on pages that never get settled.
            let any = wide(
                #[inline(always)]
                || text[at..end].iter().fold(false, |any, &b| any | (b >= 0xE2)),
            );
            if any {
                self.count(text, at, end);
            }
            at = end;
        }
    }

    fn count(&mut self, text: &[u8], from: usize, to: usize) {
        let mut at = from;
        while at < to {
            // Most of a page of another language is none of it.
            let step = text[at..to].first_chunk::<STEP>();
            if step.is_some_and(|step| step.iter().fold(true, |none, b| none & (*b < 0xE2))) {
                at += STEP;
                continue;
            }
            let end = to.min(at + STEP);
            for at in at..end {
                match text[at] {
                    // U+4000 to U+9FFF.
                    0xE4..=0xE9 => self.han += 1,
                    // U+2E80 to U+2FFF, radicals in place of Han.
                    0xE2 if matches!(text.get(at + 1), Some(0xBA..=0xBF)) => self.han += 1,
                    0xE3 if matches!(text.get(at + 1), Some(0x81..=0x83)) => self.kana += 1,
                    _ => continue,
                }
                if self.settled() {
                    return;
                }
            }
            at = end;
        }
    }

    /// Takes a character that an escape was decoded to.
    pub(super) fn decoded(&mut self, text: &str) {
        if !self.settled() {
            self.han += text.chars().filter(|c| is_han(*c)).count() as u32;
        }
    }

    /// Takes text that is not decoded yet: what may become Han counts, lest the decoded text be
    /// judged otherwise.
    pub(super) fn ahead(&mut self, text: &str) {
        let mut from = 0;
        for (at, _) in text.match_indices(['&', '\\', '%', '=', '#']) {
            self.advance(&text.as_bytes()[from..at]);
            from = at;
            if self.settled() {
                return;
            }
            let escape = &text[at..];
            if !escape.starts_with('&') || is_number(escape) {
                self.han +=
                    u32::from(first_char(escape, false, true).flatten().is_some_and(is_han));
            }
        }
        self.advance(&text.as_bytes()[from..]);
    }

    /// Whether what comes next cannot change the answer.
    pub(super) fn settled(self) -> bool {
        self.han + self.kana >= ENOUGH
    }

    /// The answer so far, at a place in the page or at the end of a `short` one.
    pub(super) fn is_chinese(self, short: bool) -> bool {
        self.han >= if short { 1 } else { NAMES } && self.han > self.kana * HAN_TO_KANA
    }
}

/// Whether a reference is one by number, escaped or not.
fn is_number(reference: &str) -> bool {
    let mut rest = &reference[1..];
    while let Some(more) = rest.strip_prefix("amp") {
        rest = more.strip_prefix(';').unwrap_or(more);
    }
    rest.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: bool = true;

    fn after(text: &str) -> Chinese {
        let mut chinese = Chinese::default();
        chinese.advance(text.as_bytes());
        chinese
    }

    #[test]
    fn pages_of_several_languages() {
        assert!(after("<title>春天</title>").is_chinese(SHORT));
        assert!(after("在“カフェ”门口，我们等了她半个小时，她没有来").is_chinese(SHORT));
        assert!(!after("Müller — Café").is_chinese(SHORT));
        assert!(!after("春が来たので、窓を開けました").is_chinese(SHORT));
        assert!(!after("语言 / 語言").is_chinese(!SHORT));
        assert!(after(&"春天来了".repeat(5)).is_chinese(!SHORT));
        assert!(after(&"春天来了".repeat(32)).settled());
        assert!(!after(&"spring".repeat(1000)).settled());
    }

    #[test]
    fn what_will_be_chinese_counts() {
        for text in ["&#x5B9E;", "&amp;#23454;", "\\u5b9e", "%E5%AE%9E", "=E5=AE=9E", "#x5B9E;"] {
            let mut chinese = Chinese::default();
            chinese.ahead(text);
            assert!(chinese.is_chinese(SHORT), "{text}");
        }
        let mut chinese = Chinese::default();
        chinese.ahead("&eacute; &#233; 50% a=b C\\users");
        assert!(!chinese.is_chinese(SHORT));
    }
}
