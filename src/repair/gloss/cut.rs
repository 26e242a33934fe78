//! Where a text may have been cut: the damage by pieces that were split at what looked like a
//! punctuation mark (damage of its own, on pages with glosses and without).
//!
//! The piece before a cut ends in the first byte of a character, which a decoder made `?` or U+FFFD
//! of; then comes the mark, and the text after it is out of step by one byte. A `?` before a mark is
//! common in sound text too: there the text after it is sound, and put out of step it is none.

use memchr::{memchr_iter, memmem};

use super::fluency::{self, Token};
use super::gbk;
use super::scan::SPLITTERS;

/// A difference of costs.
type Gain = i32;

/// So many characters after the mark are looked at.
const LOOK: usize = 6;
/// With fewer than these it cannot be told.
const LEAST: usize = 3;
/// By so much at least the text has to be better as it stands before a cut is ruled out: some
/// names are dearer than nonsense of three characters.
const MARGIN: Gain = 12 * 8;
/// Without a mark of the decoder's the text has to be worse by so much as it stands.
const CLEAR: Gain = 24 * 8;

/// Byte after the first mark that a text may have been cut at. `whole` says that nothing follows
/// `text`; otherwise a mark near its end is left to the next call, which has to see it again.
pub(super) fn first(text: &str, whole: bool) -> Option<usize> {
    find(text, |before, mark, after| !is_lost(before, after) && may_be(mark, after, whole))
}

/// Whether a line without glosses may have been cut: there is a mark with enough text behind it to tell, which is not
/// sound.
pub(super) fn is_told(line: &str) -> bool {
    let told =
        |mark, after: &str| gain(mark, after, true).flatten().is_some_and(|gain| gain > -MARGIN);
    find(line, |before, mark, after| !is_lost(before, after) && told(mark, after)).is_some()
}

/// Whether more is lost around a mark than the one byte that a cut orphans: without glosses, the mark is the text's then.
fn is_lost(before: &str, after: &str) -> bool {
    before.ends_with("\u{FFFD}\u{FFFD}") || after.starts_with('\u{FFFD}')
}

/// Whether some mark stands behind a trace of a decoder's. In a passage that is known to be damaged
/// every one is worth a search: to look at the text after it first gave up 4 of 100 paragraphs and saved
/// no time that could be measured.
pub(super) fn is_marked(text: &str) -> bool {
    find(text, |_, _, _| true).is_some()
}

/// Byte after the first mark behind a trace of a decoder's for which `wanted` speaks, asked with the text before and
/// behind it.
fn find(text: &str, wanted: impl Fn(&str, char, &str) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let cut = |mark: usize| {
        let c = match *bytes.get(mark..mark + 3)? {
            [0xEF, 0xBC, 0x8C] => '，',
            [0xEF, 0xBC, 0x9B] => '；',
            [0xEF, 0xBC, 0x81] => '！',
            [0xEF, 0xBC, 0x9F] => '？',
            [0xE3, 0x80, 0x81] => '、',
            [0xE3, 0x80, 0x82] => '。',
            _ => return None,
        };
        wanted(&text[..mark], c, &text[mark + 3..]).then_some(mark + 3)
    };
    let asked = memchr_iter(b'?', bytes).find_map(|at| cut(at + 1));
    let replaced = memmem::find_iter(bytes, "\u{FFFD}").find_map(|at| cut(at + 3));
    match (asked, replaced) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// How far [`first`] looks, in bytes: mark, cut and what is looked at.
pub(super) const REACH: usize = 3 + 3 + LOOK * 3;

/// Where a line was cut at a mark by a decoder that leaves nothing in place of the byte before it:
/// the bytes of the marks after which the text is none, and is text out of step.
pub(super) fn silent(line: &str) -> impl Iterator<Item = usize> + '_ {
    line.match_indices(SPLITTERS).filter_map(|(at, mark)| {
        let c = mark.chars().next()?;
        let gain = gain(c, &line[at + c.len_utf8()..], true)??;
        (gain > CLEAR).then_some(at)
    })
}

/// Whether the text after a mark may be better out of step than as it stands.
fn may_be(mark: char, after: &str, whole: bool) -> bool {
    gain(mark, after, whole).is_some_and(|gain| gain.is_none_or(|gain| gain > -MARGIN))
}

/// By how much the text after a mark is better out of step by one byte, from the mark's second one
/// on, than as it stands, as far as a run may go: it ends where text falls into step again. `None`
/// inside where there is too little text to tell, outside where the mark has no bytes, or what
/// follows is not seen yet.
fn gain(mark: char, after: &str, whole: bool) -> Option<Option<Gain>> {
    let [_, mut lead] = gbk::encode(mark)?;
    let mut best = None;
    let mut sum: Gain = 0;
    let (mut before, mut before_shifted) = (fluency::table().token(mark), Token::UNKNOWN);
    let mut seen = 0;
    let mut chars = after.chars();
    let mut last = mark;
    for _ in 0..LOOK {
        let Some(c) = chars.next() else { return whole.then_some(best) };
        let Some([first, second]) = gbk::encode(c).filter(|_| !c.is_ascii()) else { break };
        // `。。。。` may be `！！！！` out of step: the one is as likely as the other.
        if c != last {
            sum += cost(&mut before, c);
            // What gives no character costs like a private one.
            sum -= cost(&mut before_shifted, gbk::decode(lead, first).unwrap_or('\u{E000}'));
            seen += 1;
            if seen >= LEAST {
                best = best.max(Some(sum));
            }
        }
        (lead, last) = (second, c);
    }
    Some(best)
}

fn cost(before: &mut Token, c: char) -> Gain {
    let table = fluency::table();
    // In either script: which one it is cannot be told from so little.
    let cost = table.cost_in_either(*before, c);
    *before = table.token(c);
    cost as Gain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sound_after_the_mark_is_not_cut() {
        for text in ["真的好吗?，我们觉得不错", "為什麼?。他們已經走了", "是谁??！大家都知道"]
        {
            assert_eq!(first(text, true), None, "{text}");
        }
        for text in ["學(xué)生?？稍趯?shí)行", "主義?！?/span>", "提高?？铺弁"] {
            assert!(first(text, true).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_not_seen_is_left_to_the_next_call() {
        assert_eq!(first("主義?！", false), None);
        assert_eq!(first("主義?！", true), Some("主義?！".len()));
        assert_eq!(first("主義?！\n", false), Some("主義?！".len()));
    }
}
