//! Which stretches of a window are searched: those around what is suspicious, but for what glosses did, and for what a
//! decoder lost for good.

use std::ops::Range;

use super::scan::{NEAR, trigger};
use super::score::{is_odd_control, mean_cost};
use crate::dict::frequency::NAT;
use crate::repair::is_toned;

/// Suspicious characters so many apart are evidence, as bytes of [`NEAR`] are.
const NEAR_CHARS: usize = NEAR / 3;

/// Characters around suspicious ones that are searched with them. Of damaged text three in ten are
/// suspicious at the least (GBK read as Big5), so that the next is farther off one time in a
/// hundred thousand; and a passage's ends are weighed against good text beside it.
const AROUND: usize = 32;

/// Beside a gloss, fewer suspicious characters than these are what its decoder lost and put out of step; U+FFFD counts
/// for none.
const BESIDE_GLOSS: usize = 2;

/// The stretches of a window that are worth searching, in characters: those around suspicious
/// characters, apart where rows of marks divide them. In text that is damaged throughout it is one, the window; where
/// one name in rare characters stands in a long line, it is the name and what is beside it.
///
/// Where no more can be told of the marks in one than that bytes are gone, it is none ([`is_lost`]); `again` says that a
/// passage shortly before was read back.
pub(super) fn stretches(chars: &[char], again: bool) -> Vec<Range<usize>> {
    let trigger = trigger();
    let mut found: Vec<Range<usize>> = Vec::new();
    let is_suspicious = |c: char| trigger.is_suspicious(c) || is_odd_control(c);
    let found_at = chars.iter().enumerate().filter(|(_, c)| is_suspicious(**c));
    for (at, _) in found_at.filter(|(at, _)| !is_of_gloss(chars, *at)) {
        let end = (at + AROUND + 1).min(chars.len());
        match found.last_mut() {
            Some(last) if at <= last.end + AROUND => last.end = end,
            _ => found.push(at.saturating_sub(AROUND)..end),
        }
    }
    let beside_gloss = |range: &Range<usize>| range.clone().any(|at| gloss(chars, at).is_some());
    found.retain(|range| {
        // What divides names is a character of two bytes, which are suspicious all together.
        let counts = |at: &usize| {
            let c = chars[*at];
            is_suspicious(c) && !matches!(c, '\u{FFFD}' | '·') && !is_of_gloss(chars, *at)
        };
        let all = || range.clone().filter(counts).count();
        let by_gloss = || out_of_step(chars, range.clone()).filter(counts).count();
        !beside_gloss(range) || all() >= BESIDE_GLOSS + by_gloss()
    });
    let mut stretches = Vec::new();
    for range in found {
        let mut parts = between_marks(chars, range.clone());
        if parts.len() > 1 && is_of_utf8_decoder(&chars[range]) {
            parts.retain(|part| suspicious_in_a_row(&chars[part.clone()]) >= BETWEEN_MARKS);
        }
        parts.retain(|part| !is_lost(&chars[part.clone()], again));
        stretches.extend(parts);
    }
    stretches
}

/// The longest run of characters that are out of step with their bytes: it ends with the first ASCII among the bytes, which one
/// of seven is in Traditional text.
const OUT_OF_STEP: usize = 24;

/// Which characters of a stretch beside glosses are what a gloss or a cut within a character put out of step: those between a
/// mark for a lost byte, with the gloss behind it, and the letter that the second byte of a character has become.
fn out_of_step(chars: &[char], stretch: Range<usize>) -> impl Iterator<Item = usize> {
    let is_mark = |at: usize| matches!(chars.get(at), Some('\u{FFFD}' | '?'));
    let is_cut = move |at: &usize| {
        is_mark(*at) && at.checked_sub(1).is_some_and(|before| chars[before] >= '\u{2E80}')
    };
    let end = stretch.end;
    stretch.filter(is_cut).flat_map(move |mark| {
        let behind = chars[mark + 1..end].iter().take(READING + 2);
        let letters = behind.skip_while(|c| **c == '(').take_while(|c| is_letter(**c)).count();
        let bracket = mark + 1 + letters + usize::from(chars.get(mark + 1) == Some(&'('));
        // The gloss may go on behind the stretch.
        let start = if gloss(chars, bracket).is_some() { bracket + 1 } else { mark + 1 };
        let start = start.min(end);
        let is_out = |c: &&char| !c.is_ascii() && **c != '\u{FFFD}';
        let run = chars[start..end].iter().take(OUT_OF_STEP).take_while(is_out).count();
        let ends = match chars.get(start + run) {
            Some('@'..='~') => true,
            _ => is_mark(start + run) && chars.get(start + run + 1) == Some(&'('),
        };
        start..start + if ends { run } else { 0 }
    })
}

/// So many U+FFFD in a row leave nothing to go by between them.
const MARKS: usize = 4;
/// Of them so many may belong to the text on each side.
const MARKS_OF_TEXT: usize = 2;
/// Where the marks are those of a decoder of UTF-8, there have to be so many suspicious characters in a row between two
/// such rows. Letters of two bytes count half: pairs of other encodings are such in UTF-8 by accident.
const BETWEEN_MARKS: usize = 3;

/// The parts of a stretch between rows of marks, each with the marks that may be its own.
fn between_marks(chars: &[char], stretch: Range<usize>) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut marks) = (Vec::new(), stretch.start, 0);
    for at in stretch.clone() {
        if chars[at] == '\u{FFFD}' {
            marks += 1;
            continue;
        }
        if marks >= MARKS {
            if start + marks < at {
                parts.push(start..at - marks + MARKS_OF_TEXT);
            }
            start = at - MARKS_OF_TEXT;
        }
        marks = 0;
    }
    let end = if marks >= MARKS { stretch.end - marks + MARKS_OF_TEXT } else { stretch.end };
    if start < end {
        parts.push(start..end);
    }
    parts
}

/// The most characters in a row that are suspicious and no U+FFFD; see [`BETWEEN_MARKS`].
fn suspicious_in_a_row(chars: &[char]) -> usize {
    let (mut most, mut row) = (0, 0);
    for &c in chars {
        row = match c != '\u{FFFD}' && trigger().is_suspicious(c) {
            true => row + if c < '\u{800}' { 1 } else { 2 },
            false => 0,
        };
        most = most.max(row);
    }
    most / 2
}

/// Whether marks are those that a decoder of UTF-8 leaves of GBK or Big5: most of what is not ASCII is U+FFFD, and most of the
/// rest letters of two bytes, which pairs are in UTF-8 by accident.
fn is_of_utf8_decoder(chars: &[char]) -> bool {
    let (mut lost, mut letters, mut others) = (0, 0, 0);
    for c in chars.iter().filter(|c| !c.is_ascii()) {
        match c {
            '\u{FFFD}' => lost += 1,
            ..'\u{800}' => letters += 1,
            _ => others += 1,
        }
    }
    lost > letters + others && letters >= others
}

/// Whether the marks of a decoder in a stretch are all that is left of what it could not read: it is what a decoder of UTF-8
/// leaves ([`is_of_utf8_decoder`]), or what is around them is prose ([`is_marked_prose`]) and nothing was read back
/// shortly before (`again`).
fn is_lost(chars: &[char], again: bool) -> bool {
    is_of_utf8_decoder(chars) || !again && is_marked_prose(chars)
}

/// The most that a character of prose costs where some are gone; of characters by accident it is 10 nats.
const PROSE: u32 = 8 * NAT;

/// Whether characters are prose but for U+FFFD, of which there are some. In bytes that were read as other characters there
/// are suspicious ones beside each other, or they are no prose.
pub(super) fn is_marked_prose(chars: &[char]) -> bool {
    let lost = |c: &char| *c == '\u{FFFD}';
    let (Some(first), Some(last)) = (chars.iter().position(lost), chars.iter().rposition(lost))
    else {
        return false;
    };
    let is_suspicious = |(_, c): &(usize, &char)| !lost(c) && trigger().is_suspicious(**c);
    let mut before: Option<usize> = None;
    for (at, _) in chars.iter().enumerate().filter(is_suspicious) {
        if before.is_some_and(|before| at - before <= NEAR_CHARS) {
            return false;
        }
        before = Some(at);
    }
    let around = first.saturating_sub(NEAR_CHARS)..chars.len().min(last + 1 + NEAR_CHARS);
    mean_cost(chars[around].iter().copied()) <= PROSE
}

/// Letters of a reading, at the most, and Han behind one that a decoder may have put out of step with it.
const READING: usize = 6;
const BEHIND: usize = 6;

/// Whether the character is a letter of a gloss, `(shí)`, a mark before one, or shortly behind one before which
/// something is lost: the decoder took the bracket for half a character, and rare Han are behind. 夠?qū)崱⑾ is
/// another damage.
pub(super) fn is_of_gloss(chars: &[char], at: usize) -> bool {
    let before_end = |at: usize| {
        let letters = chars.get(at..).unwrap_or(&[]).iter().take(READING);
        gloss(chars, at + letters.take_while(|c| is_letter(**c)).count())
    };
    if is_letter(chars[at]) {
        return before_end(at).is_some();
    }
    if chars[at] == '\u{FFFD}' {
        return chars.get(at + 1) == Some(&'(') && before_end(at + 2).is_some();
    }
    let han = chars[..at].iter().rev().take(BEHIND).take_while(|c| **c >= '\u{2E80}').count();
    let start = at.checked_sub(han + 1).and_then(|end| gloss(chars, end));
    start.is_some_and(|start| match chars[..start] {
        [.., before, '('] => matches!(before, '\u{FFFD}' | '?'),
        [.., before] => before >= '\u{2E80}' || before == '?',
        [] => false,
    })
}

/// Where the letters of a gloss start that ends with the bracket at `end`.
fn gloss(chars: &[char], end: usize) -> Option<usize> {
    if chars.get(end) != Some(&')') {
        return None;
    }
    let letters = chars[..end].iter().rev().take(READING).take_while(|c| is_letter(**c)).count();
    let start = end - letters;
    chars[start..end].iter().any(|c| is_toned(*c)).then_some(start)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || is_toned(c)
}

#[cfg(test)]
mod tests {
    use super::super::scan::is_worth_searching;
    use super::*;

    #[test]
    fn glosses_are_left_to_their_repair() {
        let searched = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            let found = stretches(&chars, false).into_iter();
            found.map(|range| chars[range].iter().collect::<String>()).collect::<Vec<_>>()
        };
        for glosses in
            ["夠?qū)崱⑾嚓P(guān)", "貫實(shí)三保政法工作報(bào)告", "適當(dāng)?shù)姆绞?"]
        {
            assert_eq!(searched(glosses), [""; 0], "{glosses}");
            assert!(!is_worth_searching(&glosses.chars().collect::<Vec<_>>()), "{glosses}");
        }
        // Longer runs, behind a gloss and behind a cut.
        for glosses in [
            "國(guó)會(huì)費(fèi)分攤\u{FFFD}(cè)匀蛔裱\u{E14F}\u{E234}澳芰χЦ丁痹瓌t。",
            "開(kāi)通至威\u{FFFD}！\u{E584}熍_(tái)、韓國(guó)仁川",
        ] {
            assert_eq!(searched(glosses), [""; 0], "{glosses}");
        }
        // A stretch may end within a gloss behind a mark.
        for between in 20..34 {
            let text = format!("報(bào)告Ё{}\u{FFFD}(bào)告", "看".repeat(between));
            assert_eq!(searched(&text), [""; 0], "{text}");
        }
        for damaged in [
            "報(bào)告：鐨勬槸",
            "報(bào)浣犲ソ锛屼笘鐣",
            "(ÖÐ)",
            "(鐨)勬槸",
            "(Zhōngguó)浣犲ソ",
            "Voilà)浣犲ソ",
        ] {
            assert_eq!(searched(damaged), [damaged]);
        }
    }

    #[test]
    fn what_a_decoder_lost_for_good_is_not_searched() {
        let searched = |text: &str| !stretches(&text.chars().collect::<Vec<_>>(), false).is_empty();
        let gbk = encoding_rs::GBK.encode("今天下午我们在河边散步，看见几只白鹭从水面飞过。").0;
        assert!(!searched(&String::from_utf8_lossy(&gbk)));
        assert!(!searched(
            "今天下午我们在河边\u{FFFD}\u{FFFD}，看见几只\u{FFFD}\u{FFFD}从水面飞过。"
        ));
        // 今天下午我们在河边散步 in UTF-8, and what is left of GBK read as EUC-JP.
        assert!(searched("浠婂ぉ涓嬪崍鎴戜滑鍦ㄦ渤杈规暎姝\u{FFFD}"));
        assert!(searched("看书，鐨勬槸\u{FFFD}，看书"));
        assert!(searched(&format!("看书，{}鐨勬槸", "\u{FFFD}".repeat(20))));
        let euc_jp = encoding_rs::EUC_JP.decode(&gbk).0;
        assert!(searched(&euc_jp), "{euc_jp}");
    }
}
