//! Finds where damage could be, fast: the only code that clean text runs through.
//!
//! A bitmap over the BMP has the characters that Chinese text hardly ever has: Han that the model
//! has not or hardly ever saw, private use, half-width kana, U+FFFD, €. In clean text, Simplified or
//! Traditional, two in ten thousand characters are such, and next to never two of them together;
//! of UTF-8 read as GBK seven in ten are, of the other pairs three to ten in ten. So two of them
//! within a few characters are the trigger. Characters of two bytes (accents, Greek,
//! Cyrillic) are one where the next is no Han: `·` between names is none.
//!
//! Every character is looked at. Looking at a sample would be faster (two kilobytes apart are enough
//! for whole documents), but miss the passages; and one lookup costs no more than finding where the
//! sampled character starts.

use std::ops::Range;
use std::sync::LazyLock;

use super::quick::mean_cost;
use super::score::is_odd_control;
use crate::dict::frequency::{Frequencies, NAT};
use crate::repair::is_toned;
use crate::repair::wide::Points;

/// Characters of the model from this cost on are as good as unknown: one in a million.
const RARE: u32 = 14 * NAT;
/// Two suspicious characters this many bytes apart, or fewer, are evidence.
const NEAR: usize = 9;
/// The same of private use, which stands in no text but where it is meant.
const NEAR_PRIVATE: usize = 12;
/// The same in characters.
const NEAR_CHARS: usize = NEAR / 3;
/// 锟, which 锟斤拷 starts with.
const KUN: u16 = '锟' as u16;

/// The trigger.
#[derive(Clone, Debug)]
pub(super) struct Trigger {
    suspicious: Points,
}

impl Trigger {
    pub(super) fn new() -> Trigger {
        let mut suspicious = Points::default();
        let ranges = [
            (0x3400, 0x4DBF),
            (0x4E00, 0x9FFF),
            // Hangul: clean Korean is looked at closer, for the sake of GBK read as EUC-KR.
            (0xAC00, 0xD7A3),
            (0xE000, 0xF8FF),
            (0xFF61, 0xFF9F),
            (0xFFFD, 0xFFFD),
            (0x20AC, 0x20AC),
            // Boxes of code page 437 that simple boxes do not have.
            (0x2552, 0x256C),
        ];
        for (from, to) in ranges {
            (from..=to).for_each(|c| suspicious.set(c, true));
        }
        let model = Frequencies::standard();
        for (id, c) in model.all() {
            if model.cost(id) < RARE
                && let Ok(code) = u16::try_from(u32::from(c))
            {
                suspicious.set(code, false);
            }
        }
        // 烫烫烫 and 屯屯屯 are made of ordinary characters.
        for c in ['烫', '屯', '燙', '锟'] {
            suspicious.set(c as u16, true);
        }
        Trigger { suspicious }
    }

    /// Whether Chinese text hardly ever has this character.
    pub(super) fn is_suspicious(&self, c: char) -> bool {
        let code = u16::try_from(u32::from(c));
        code.is_ok_and(|code| self.suspicious.has(code) || (0x80..0x800).contains(&code))
    }

    /// The first place at or after `from`, a character's start, where damage could be.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = from;
        // Where the last suspicious character starts; too far off at first.
        let mut last: Option<usize> = None;
        let is_private = |at: usize| matches!(bytes[at..], [0xEE, ..] | [0xEF, ..0xA4, ..]);
        while at < bytes.len() {
            // Characters of three bytes, as Chinese comes, many at a time.
            at += self.suspicious.without(&bytes[at..]);
            let Some(&lead) = bytes.get(at) else { break };
            if lead < 0x80 {
                at += 1;
                while let Some(&eight) = bytes.get(at..).and_then(|s| s.first_chunk::<8>()) {
                    let high = u64::from_le_bytes(eight) & 0x8080_8080_8080_8080;
                    at += high.trailing_zeros() as usize / 8;
                    if high != 0 {
                        break;
                    }
                }
            } else if lead < 0xE0 {
                match bytes.get(at + 2) {
                    Some(0x80..=0xE2) => return Some(at),
                    _ => at += 2,
                }
            } else if lead < 0xF0 {
                let Some(&[a, b, c]) = bytes.get(at..at + 3) else { break };
                if self.three(a, b, c) {
                    let lost = matches!(code(a, b, c), 0xFFFD | KUN);
                    let reach = |before| match is_private(at) && is_private(before) {
                        true => NEAR_PRIVATE,
                        false => NEAR,
                    };
                    let near = last.filter(|&last| at - last <= reach(last));
                    if lost || near.is_some() {
                        return near.or(Some(at));
                    }
                    last = Some(at);
                }
                at += 3;
            } else {
                at += 4;
            }
        }
        None
    }

    fn three(&self, a: u8, b: u8, c: u8) -> bool {
        self.suspicious.has(code(a, b, c))
    }
}

/// Latin letters beyond ASCII and signs in a row, more than any spelling has; two Han read as Latin
/// have as many. Three may be one Han in UTF-8.
const LATIN_RUN: usize = 4;
/// Where letters beyond ASCII run on by nature (Cyrillic, Greek), breaks in the run are what counts.
const BREAKS: usize = 2;
/// Signs of Latin-1 that stand before a letter or another sign in no spelling: the first bytes of
/// the commonest characters of Big5, whose second bytes are mostly ASCII, so that there are no runs.
/// Before digits they are prices.
const ODD_SIGNS: &str = "¢£¤¥¦¨ª¬¯±´¶¸¹";
/// So many of them are worth a search.
const ODD: usize = 3;
/// C0 controls that are worth a search: characters of UTF-16 have them.
pub(super) const CONTROLS: usize = 2;
/// Hangul and Han without a blank between: longer than Korean words are.
const HANGUL_RUN: usize = 8;

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
    // With how many characters that are suspicious, but for U+FFFD.
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    let found_at = chars.iter().enumerate().filter(|(_, c)| trigger.is_suspicious(**c));
    for (at, c) in found_at.filter(|(at, _)| !is_of_gloss(chars, *at)) {
        let end = (at + AROUND + 1).min(chars.len());
        let counts = usize::from(*c != '\u{FFFD}');
        match found.last_mut() {
            Some((last, count)) if at <= last.end + AROUND => {
                (last.end, *count) = (end, *count + counts);
            }
            _ => found.push((at.saturating_sub(AROUND)..end, counts)),
        }
    }
    let beside_gloss = |range: &Range<usize>| range.clone().any(|at| gloss(chars, at).is_some());
    found.retain(|(range, count)| *count >= BESIDE_GLOSS || !beside_gloss(range));
    let mut stretches = Vec::new();
    for (range, _) in found {
        let mut parts = between_marks(chars, range.clone());
        if parts.len() > 1 && is_of_utf8_decoder(&chars[range]) {
            parts.retain(|part| suspicious_in_a_row(&chars[part.clone()]) >= BETWEEN_MARKS);
        }
        parts.retain(|part| !is_lost(&chars[part.clone()], again));
        stretches.extend(parts);
    }
    stretches
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
fn is_of_gloss(chars: &[char], at: usize) -> bool {
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

/// Whether a window that [`Trigger::find`] stopped at can hold damage at all. Words of other
/// languages stop it too: an accent, a Cyrillic word, Korean. They are told apart here by what
/// their spelling never does, since the full search is a thousand times slower.
pub(super) fn is_worth_searching(chars: &[char]) -> bool {
    let trigger = trigger();
    let back = |at: usize, by: usize| at.checked_sub(by).map_or(' ', |before| chars[before]);
    let is_sign = |c: char| !c.is_ascii() && !c.is_whitespace() && !c.is_alphabetic();
    let (mut latin, mut breaks, mut hangul, mut odd, mut controls) = (0, 0, 0, 0, 0);
    for (at, &c) in chars.iter().enumerate() {
        let (last, before) = (back(at, 1), back(at, 2));
        match c as u32 {
            0..0x80 => {
                (latin, breaks, hangul) = (0, 0, 0);
                controls += weight_of_control(c);
            }
            0x370..0x2000 => {
                // A capital behind a small letter, or a sign between letters, is a break.
                (latin, hangul) = (0, 0);
                // Dashes and apostrophes stand so in words too.
                let sign = is_sign(last) && !before.is_ascii() && !before.is_whitespace();
                if sign && !"—–‑’…·".contains(last) {
                    return true;
                }
                breaks += usize::from(sign || (last.is_lowercase() && c.is_uppercase()));
            }
            0xAC00..0xD7A4 => (latin, breaks, hangul) = (0, 0, hangul + 1),
            0x2E80.. => {
                let rare = trigger.is_suspicious(c) || "烫屯燙锟".contains(c);
                if rare && !is_of_gloss(chars, at) {
                    return true;
                }
                (latin, breaks) = (0, 0);
                hangul += usize::from(hangul > 0);
            }
            // A Latin letter or a sign.
            _ => {
                (latin, hangul) = (latin + 1, 0);
                let next = chars.get(at + 1).copied().unwrap_or(' ');
                let joins = match next.is_ascii() {
                    true => next.is_ascii_alphabetic() || "@[\\]^_`{|}~".contains(next),
                    false => !next.is_whitespace(),
                };
                odd += usize::from(joins && ODD_SIGNS.contains(c));
                if latin >= LATIN_RUN || (latin == 3 && matches!(before, 'ã'..='é')) {
                    return true;
                }
            }
        }
        if breaks >= BREAKS || hangul >= HANGUL_RUN || odd >= ODD || controls >= CONTROLS {
            return true;
        }
    }
    false
}

/// What a control counts for as a sign of UTF-16: NUL is the half of any ASCII.
pub(super) fn weight_of_control(c: char) -> usize {
    match c {
        '\0' => 2,
        '\u{80}'..='\u{9F}' => 1,
        c => usize::from(is_odd_control(c)),
    }
}

/// The code point of three bytes of UTF-8.
fn code(a: u8, b: u8, c: u8) -> u16 {
    u16::from(a & 15) << 12 | u16::from(b & 63) << 6 | u16::from(c & 63)
}

/// The trigger is the same for all.
pub(super) fn trigger() -> &'static Trigger {
    static TRIGGER: LazyLock<Trigger> = LazyLock::new(Trigger::new);
    &TRIGGER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_are_told_apart() {
        for clean in [
            "Dès l’aube, à la criée, l’écailler râle\u{a0}: ça coûte 12\u{a0}€…",
            "Früh am Morgen grüßt der Fährmann: „Schöne Überfahrt!“",
            "Buổi sáng ở bến cảng, ông lão thắp đèn và đợi thuyền về.",
            "Рано утром на причале было тихо; старик зажёг фонарь — «пора». МОСКВА",
            "Το πρωί στο λιμάνι ήταν ήσυχο· ο γέρος άναψε το φανάρι.",
            "부두의 아침은 일찍 시작된다. 어부 김 씨는 오늘도 다섯 시에 일어났다.",
            "Žluťoučký kůň příšerně úpěl ďábelské ódy",
        ] {
            let chars: Vec<char> = clean.chars().collect();
            assert!(!is_worth_searching(&chars), "{clean}");
        }
        for damaged in [
            "ÖÐÎÄ",
            "¦pªG¤£¥[¥H",
            "ä¸\u{AD}æ–‡",
            "жЁµД",
            "чљ„ж€‘д»¬",
            "ТЅЙ«ОЄДгґу",
            "중국인민해방군대학교",
            "鐨勬槸",
        ] {
            let chars: Vec<char> = damaged.chars().collect();
            assert!(is_worth_searching(&chars), "{damaged}");
        }
    }

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

    #[test]
    fn clean_text_is_passed() {
        let trigger = Trigger::new();
        for clean in [
            "这是一段普通的文字，有标点：“引号”、《书名》……还有 English 和 12345。",
            "這是一段普通的文字，有標點：「引號」、《書名》——還有阿凡達·卡梅隆。",
            "これは普通の日本語です。カタカナも。",
            "fn main() { println!(\"hello\"); }",
            "Déjà vu à Orléans",
        ] {
            assert_eq!(trigger.find(clean, 0), None, "{clean}");
        }
        for damaged in ["浣犲ソ", "ÖÐÎÄ", "ä¸\u{AD}æ–‡", "烫烫烫", "好\u{FFFD}", "锟斤拷"]
        {
            assert!(trigger.find(damaged, 0).is_some(), "{damaged}");
        }
    }
}
