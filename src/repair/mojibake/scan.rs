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

use std::sync::LazyLock;

use super::score::is_odd_control;
use super::stretches::is_of_gloss;
use super::utf16;
use crate::dict::frequency::{Frequencies, NAT};
use crate::repair::wide::Points;

/// Characters of the model from this cost on are as good as unknown: one in a million.
const RARE: u32 = 14 * NAT;
/// Two suspicious characters this many bytes apart, or fewer, are evidence.
pub(super) const NEAR: usize = 9;
/// The same of private use, which stands in no text but where it is meant.
const NEAR_PRIVATE: usize = 12;
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
        // Neither have they lines of two widths in one character: 店, 底, 所 and 府 of Big5 are such in GBK.
        (0x250C..0x254C).filter(|c| is_of_two_widths(*c)).for_each(|c| suspicious.set(c, true));
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
        // The same of controls, and of characters of two bytes.
        let (mut control, mut narrow): (Option<usize>, Option<usize>) = (None, None);
        let is_private = |at: usize| matches!(bytes[at..], [0xEE, ..] | [0xEF, ..0xA4, ..]);
        while let Some(&(mut lead)) = bytes.get(at) {
            // Characters of three bytes, as Chinese comes, many at a time.
            if lead & 0xF0 == 0xE0 {
                at += self.suspicious.without(&bytes[at..]);
                let Some(&next) = bytes.get(at) else { break };
                lead = next;
            }
            if lead < CONTROL {
                let beside = [narrow, last].into_iter().flatten();
                if let Some(near) = beside.filter(|beside| at - beside <= NEAR).min() {
                    return Some(near);
                }
                control = Some(at);
                at += 1;
            } else if lead < 0x80 {
                at += 1 + ascii(&bytes[at + 1..]);
            } else if lead < 0xE0 {
                if let Some(near) = control.filter(|control| at - control <= NEAR) {
                    return Some(near);
                }
                if matches!(bytes.get(at + 2), Some(0x80..=0xE2)) || is_among_controls(bytes, at) {
                    return Some(at);
                }
                at += 2;
                narrow = Some(at - 2);
            } else if lead < 0xF0 {
                let Some(&[a, b, c]) = bytes.get(at..at + 3) else { break };
                if self.three(a, b, c) {
                    let lost = matches!(code(a, b, c), 0xFFFD | KUN);
                    let reach = |before| match is_private(at) && is_private(before) {
                        true => NEAR_PRIVATE,
                        false => NEAR,
                    };
                    let near = last.filter(|&last| at - last <= reach(last));
                    let near = near.or(control.filter(|control| at - control <= NEAR));
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

/// Whether lines of two widths meet in a character of boxes: of the corners, joints and crosses all are but the first and the last.
fn is_of_two_widths(code: u16) -> bool {
    match code {
        0x250C..0x251C => !matches!(code & 3, 0 | 3),
        0x251C..0x253C => !matches!(code & 7, 3 | 4),
        _ => !matches!(code, 0x253C | 0x254B),
    }
}

/// Below this one are the controls that every 。 and every 一 of UTF-16 is half of. Beside a character of two bytes one is
/// evidence that it was read as something else, and beside a suspicious one; by themselves they stand between fields.
const CONTROL: u8 = 0x08;

/// Whether the character of two bytes at `at` is a control that no text has, or one is among the eight bytes before or behind
/// it; to an ÿ more of them are such ([`weight_of_control`]).
fn is_among_controls(bytes: &[u8], at: usize) -> bool {
    let is_odd = |c: &u8| is_odd_control(char::from(*c));
    let is_control = |c: Option<&u8>| c.is_some_and(|c| *c < b' ' && *c != b'\n');
    match bytes[at..] {
        [0xC2, ..0xA0, ..] => return true,
        // ÿ.
        [0xC3, 0xBF, ref after @ ..] => {
            let before = at.checked_sub(1).map(|at| &bytes[at]);
            if is_control(before) || is_control(after.first()) {
                return true;
            }
        }
        _ => {}
    }
    let may_have = |eight: &[u8; 8]| {
        let eight = u64::from_le_bytes(*eight);
        (eight.wrapping_sub(u64::from_le_bytes([b' '; 8])) & !eight) & 0x8080_8080_8080_8080 != 0
    };
    let any = |eight: Option<&[u8; 8]>, rest: &[u8]| match eight {
        Some(eight) => may_have(eight) && eight.iter().any(is_odd),
        None => rest.iter().any(is_odd),
    };
    let (before, after) = (&bytes[..at], &bytes[(at + 2).min(bytes.len())..]);
    any(before.last_chunk(), before) || any(after.first_chunk(), after)
}

/// How many bytes of ASCII come first that are no such control, but for some of the last few.
fn ascii(bytes: &[u8]) -> usize {
    const EACH: u64 = u64::from_le_bytes([CONTROL; 8]);
    let mut at = 0;
    // Between Chinese they are few. The highest bit is that of a byte to stop at; above the lowest of these it may be of
    // others, too.
    let stops = |at: usize| {
        let eight = u64::from_le_bytes(*bytes.get(at..)?.first_chunk::<8>()?);
        Some((eight.wrapping_sub(EACH) | eight) & 0x8080_8080_8080_8080)
    };
    let passes = |some: &[u8; 64]| {
        some.iter().fold(0, |any, byte| any | byte.wrapping_sub(CONTROL) | byte) < 0x80
    };
    while let Some(stops) = stops(at) {
        at += stops.trailing_zeros() as usize / 8;
        if stops != 0 {
            break;
        }
        while bytes.get(at..).and_then(|s| s.first_chunk::<64>()).is_some_and(passes) {
            at += 64;
        }
    }
    at
}

/// Latin letters beyond ASCII and signs in a row, more than any spelling has; two Han read as Latin
/// have as many. Three may be one Han in UTF-8.
const LATIN_RUN: usize = 4;
/// Where letters beyond ASCII run on by nature (Cyrillic, Greek), breaks in the run are what counts.
const BREAKS: usize = 2;
/// So many signs of which [`is_odd_sign`] tells are worth a search.
const ODD: usize = 3;
/// Controls that are worth a search: characters of UTF-16 have them. One is with so many letters and signs beyond ASCII.
const CONTROLS: usize = 2;
const BEYOND: usize = 4;
/// Hangul and Han without a blank between: longer than Korean words are.
const HANGUL_RUN: usize = 8;

/// Whether a window that [`Trigger::find`] stopped at can hold damage at all. Words of other
/// languages stop it too: an accent, a Cyrillic word, Korean. They are told apart here by what
/// their spelling never does, since the full search is a thousand times slower.
pub(super) fn is_worth_searching(chars: &[char]) -> bool {
    let trigger = trigger();
    let back = |at: usize, by: usize| at.checked_sub(by).map_or(' ', |before| chars[before]);
    let is_sign = |c: char| !c.is_ascii() && !c.is_whitespace() && !c.is_alphabetic();
    let (mut latin, mut breaks, mut hangul, mut odd) = (0, 0, 0, 0);
    let (mut controls, mut beyond) = (0, 0);
    for (at, &c) in chars.iter().enumerate() {
        let (last, before) = (back(at, 1), back(at, 2));
        match c as u32 {
            0..0x80 => {
                (latin, breaks, hangul) = (0, 0, 0);
                controls += weight_of_control(chars, at);
            }
            0x370..0x2000 => {
                // A capital behind a small letter, or a sign between letters, is a break.
                (latin, hangul) = (0, 0);
                // Dashes and apostrophes stand so in words too.
                let sign = is_sign(last) && !before.is_ascii() && !before.is_whitespace();
                if sign && !matches!(last, '—' | '–' | '‑' | '’' | '…' | '·') {
                    return true;
                }
                breaks += usize::from(sign || (last.is_lowercase() && c.is_uppercase()));
            }
            0xAC00..0xD7A4 => (latin, breaks, hangul) = (0, 0, hangul + 1),
            // Between such there may be more of the box; behind Han there is none.
            code @ 0x250C..0x254C if last >= '\u{2E80}' && is_of_two_widths(code as u16) => {
                return true;
            }
            0x2E80.. => {
                let rare = trigger.is_suspicious(c) || matches!(c, '烫' | '屯' | '燙' | '锟');
                if rare && !is_of_gloss(chars, at) {
                    return true;
                }
                (latin, breaks) = (0, 0);
                hangul += usize::from(hangul > 0);
            }
            // A Latin letter or a sign.
            _ => {
                (latin, hangul) = (latin + 1, 0);
                controls += weight_of_control(chars, at);
                let next = chars.get(at + 1).copied().unwrap_or(' ');
                let joins = match next.is_ascii() {
                    true => next.is_ascii_alphabetic() || "@[\\]^_`{|}~".contains(next),
                    false => !next.is_whitespace(),
                };
                odd += usize::from(joins && is_odd_sign(c));
                if latin >= LATIN_RUN || (latin == 3 && matches!(before, 'ã'..='é')) {
                    return true;
                }
            }
        }
        beyond += usize::from(is_beyond_ascii(c));
        if breaks >= BREAKS || hangul >= HANGUL_RUN || odd >= ODD {
            return true;
        }
    }
    // They stand between fields, too.
    are_controls(controls, beyond) && utf16::may_be_in(chars)
}

/// Whether a sign of Latin-1 stands before a letter or another sign in no spelling: the first bytes of
/// the commonest characters of Big5, whose second bytes are mostly ASCII, so that there are no runs.
/// Before digits they are prices.
fn is_odd_sign(c: char) -> bool {
    matches!(c, '¢'..='¦' | '¨' | 'ª' | '¬' | '¯' | '±' | '´' | '¶' | '¸' | '¹')
}

/// Whether controls are worth a search, with so many characters beside them that [`is_beyond_ascii`] counts.
pub(super) fn are_controls(controls: usize, beyond: usize) -> bool {
    controls >= CONTROLS || controls > 0 && beyond >= BEYOND
}

/// Whether a character is one that windows-1252 has for a byte beyond ASCII.
pub(super) fn is_beyond_ascii(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{FF}' | 'Œ'..='œ' | 'Š' | 'š' | 'Ÿ' | 'Ž' | 'ž' | 'ƒ' | 'ˆ' | '˜')
        || matches!(c, '‚'..='„' | '‹' | '›' | '€' | '™' | '†'..='•' | '‰' | '–'..='—' | '‘'..='”' | '…')
}

/// What the characters at `at` count for as a sign of UTF-16 whose bytes were read one by one. NUL is the half of any
/// ASCII; ÿ beside a control is a full-width comma, or another such form.
#[inline]
pub(super) fn weight_of_control(chars: &[char], at: usize) -> usize {
    match chars[at] {
        '\0' => 2,
        '\u{80}'..='\u{9F}' => 1,
        c @ ..' ' if c != '\n' => {
            let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
            let full_width = beside.map(|at| chars.get(at)).any(|c| c == Some(&'ÿ'));
            if full_width { 2 } else { usize::from(is_odd_control(c)) }
        }
        _ => 0,
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
