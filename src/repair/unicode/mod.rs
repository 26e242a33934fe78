//! Undoes damage below the level of words. Each rule has its own evidence; none of them is a
//! normalization, which would take `，（）：①㎡` with it.
//!
//! | rule | what it undoes | where |
//! |---|---|---|
//! | `radical` | `⼈⺠`, from PDF, to `人民`: radicals that are whole characters | beside Han; not in description sequences (`⿰⼈⼒`), in lists of radicals, where radicals are spoken of or where the character stands beside (`水部⽔`) |
//! | `compatibility` | U+F901 to `更` (U+66F4) | in Chinese; not beside kana or Hangul, where they may be names. The twelve that are unified stay |
//! | `private-gbk` | U+E815..E864 and others, from decoders that knew GBK before Unicode had it all | between Han, in sentences, in Simplified text |
//! | `private-hkscs` | the same of the Hong Kong supplement | between Han, in sentences, in Traditional text |
//! | `zero-width` | U+200B, 200C, 200D, 2060, FEFF | beside Han or Chinese marks, with nothing on the other side that could need it |
//! | `soft-hyphen` | U+00AD | the same |
//! | `bidi` | U+200E, 200F, 202A..202E, 2066..2069 | the same, or beside a number that Han follows; not in passages with Arabic or Hebrew |
//! | `bom` | U+FEFF inside a text, from files put together | also beside ASCII |
//! | `control` | C1 controls that are bytes of windows-1252 | not beside other Latin-1, which is another damage; of different ones in a row, marks in Chinese |
//! | `nul` | U+0000 | one alone, beside Han, none shortly before or behind it |
//! | `small-form` | `﹔` to `；` | after Han; both brackets of a pair, or none; not in lists of small forms or where these are spoken of |
//!
//! What stays: the joiners of emoji and of Persian, variation selectors, description sequences,
//! icon fonts, full-width forms. Surrogates that were written as UTF-8 (CESU-8) cannot reach this
//! stage: text is `&str`, the decoder joins them, and reports what is half a pair.
//!
//! ```
//! use hanmend::{repair::Unicode, stage::harness};
//!
//! let (text, _) = harness::prove(Unicode::default, "⼈\u{200B}民的⽣活﹐👨\u{200D}👩");
//! assert_eq!(text, "人民的生活，👨\u{200D}👩");
//! ```

mod around;
mod description;
mod private;
mod rules;
mod scan;
mod small;
mod tables;

use super::local::{Candidate, Local, Verdict, Window, stage_of_window};
use crate::event::Repair;

/// The repair; see the [module](self).
#[derive(Clone, Debug)]
pub struct Unicode(Window<Points>);

impl Default for Unicode {
    fn default() -> Unicode {
        Unicode(Window::new(Points(rules::Carried::default())))
    }
}

impl Unicode {
    /// Whether repairs that are guesses are made, as they are by default. If not, the damage is
    /// marked and left.
    #[must_use]
    pub fn guess(self, guess: bool) -> Unicode {
        Unicode(self.0.guessing(guess))
    }
}

#[derive(Clone, Debug)]
struct Points(rules::Carried);

impl Local for Points {
    const REPAIR: Repair = Repair::Unicode;
    const KEEP: usize = 2 * around::AROUND;
    const VIEW: usize = 2 * around::AROUND;

    fn find(&self, text: &str, from: usize) -> Option<usize> {
        scan::next(text, from)
    }

    fn decide(&mut self, candidate: &Candidate<'_>) -> Verdict {
        rules::decide(candidate, &mut self.0)
    }

    fn reset(&mut self) {
        self.0 = rules::Carried::default();
    }
}

stage_of_window!(Unicode);
