//! Which encodings are tried first.
//!
//! Reading back through a pair of encodings with a model of Chinese costs a hundred times what it
//! costs to turn characters into bytes and those into characters. So the pairs are first compared
//! by that, with the frequency of single characters for a judge. Nothing is ruled out here: where
//! the first pair explains all that is strange about a text, the others need not be tried.

use super::codepage::CodePage;
use super::scan::trigger;
use super::score::Scorer;
use super::writing::{Pending, Step, Writing, fused};
use crate::dict::frequency::NAT;

/// Characters that are looked at, from the first that is suspicious.
const SAMPLE: usize = 128;
/// What a byte that makes no character costs.
const BAD: u32 = 20 * NAT;
/// What a character of several bytes of UTF-8 costs that is no Chinese: it may be another layer of
/// damage, and its bytes prove themselves.
const LAYER: u32 = 8 * NAT;
/// What a character costs that is neither.
const STRANGE: u32 = 17 * NAT;

/// Orders `pairs` so that the likeliest for `chars` comes first.
pub(super) fn rank(
    chars: &[char],
    pairs: Vec<(CodePage, Writing)>,
    scorer: Scorer,
) -> Vec<(CodePage, Writing)> {
    if pairs.len() < 2 {
        return pairs;
    }
    let start = chars.iter().position(|c| trigger().is_suspicious(*c)).unwrap_or(0);
    let sample = &chars[start..chars.len().min(start + SAMPLE)];
    let mut costs: Vec<(u32, (CodePage, Writing))> =
        pairs.into_iter().map(|pair| (cost(sample, pair, scorer), pair)).collect();
    costs.sort_by_key(|(cost, _)| *cost);
    costs.into_iter().map(|(_, pair)| pair).collect()
}

/// What the bytes of a sample cost, those that the page does not have included.
fn cost(sample: &[char], (page, writing): (CodePage, Writing), scorer: Scorer) -> u32 {
    let table = page.table();
    let (mut sum, mut pending) = (0, Pending::default());
    let mut take = |byte: u8| match writing.step(pending, byte) {
        Step::More(more) => pending = more,
        Step::Char(c) => {
            pending = Pending::default();
            let id = scorer.model().id(c);
            sum += match id.is_known() {
                _ if c.is_ascii() => 0,
                true => scorer.model().cost(id),
                false if writing == Writing::Utf8 => LAYER,
                false => STRANGE,
            };
        }
        Step::Bad => {
            pending = Pending::default();
            sum += BAD;
            // It may begin the next.
            if let Step::More(more) = writing.step(pending, byte) {
                pending = more;
            }
        }
    };
    let mut strange = 0;
    for &c in sample {
        match table.unit(c) {
            _ if c.is_ascii() => take(c as u8),
            Some(unit) if unit < 0x100 => take(unit as u8),
            Some(unit) => unit.to_be_bytes().into_iter().for_each(&mut take),
            None => match fused(page, writing, c) {
                Some(bytes) => bytes.into_iter().for_each(&mut take),
                None => strange += 1,
            },
        }
    }
    sum + strange * BAD
}
