//! Escapes of toned vowels in the parentheses of a gloss: `實(sh\u00ed)`. Anywhere else a letter by itself says nothing of
//! what it was escaped for.

use super::context::{is_han, tail};
use crate::repair::gloss::spelling::is_toned_syllable;

/// The letters beside the vowel, at most: `zhuāng` has five.
const LETTERS: usize = 5;

/// Whether `letter` stands in a gloss, between `before` and `rest`; `None` when that is not known yet.
pub(super) fn in_gloss(before: &str, letter: &str, rest: &str, closed: bool) -> Option<bool> {
    let head = before.trim_end_matches(is_letter);
    let initial = &before[head.len()..];
    if initial.len() > LETTERS || !opens(head, initial) {
        return Some(false);
    }
    let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
    if end > LETTERS {
        return Some(false);
    }
    if end == rest.len() && !closed {
        return None;
    }
    Some(
        rest[end..].starts_with(')')
            && is_toned_syllable(&[initial, letter, &rest[..end]].concat()),
    )
}

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c == 'ü'
}

/// Whether a gloss opens at the end of `head`: behind Han, behind another gloss, behind the half of a character that shows
/// as a letter (`嚓P(guān)`), or where a decoder took the parenthesis (`夠?qū)`), which is less, and wants a consonant.
fn opens(head: &str, initial: &str) -> bool {
    let cut = |text: &str| text.ends_with(|c: char| !c.is_ascii() || c == ')');
    if let Some(text) = head.strip_suffix('(') {
        let half = || {
            let other = text.strip_suffix(|c| matches!(c, '@'..='~'));
            !initial.is_empty() && other.is_some_and(|other| tail(other, 4).ends_with(is_han))
        };
        return text.ends_with(|c| is_han(c) || c == ')') || half();
    }
    let taken = head.strip_suffix(['?', char::REPLACEMENT_CHARACTER]);
    !initial.is_empty() && taken.is_some_and(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_behind_characters_and_what_cuts_leave() {
        for (before, letter, rest) in [
            ("貫實(sh", "í", ")三保"),
            ("目標(bi", "ā", "o)"),
            ("實(shí)(sh", "í", ")"),
            ("嚓P(gu", "ā", "n)"),
            ("夠?q", "ū", ")崱"),
            ("當(dāng)?sh", "ù", ")"),
            ("安(", "ā", "n)"),
        ] {
            assert_eq!(in_gloss(before, letter, rest, true), Some(true), "{before}{letter}{rest}");
        }
    }

    #[test]
    fn other_letters_in_parentheses() {
        for (before, letter, rest) in [
            ("他(caf", "é", ")"),
            ("实(sh", "í", "，"),
            ("实(sh", "í", " de)"),
            ("x = f(sh", "í", ")"),
            ("函数f(", "à", ")"),
            ("实(", "ß", ")"),
            ("实(shua", "ā", "ng)"),
            ("什么?(r", "é", "sum)"),
            ("shí ", "à", ")"),
        ] {
            assert_eq!(in_gloss(before, letter, rest, true), Some(false), "{before}{letter}{rest}");
        }
        assert_eq!(in_gloss("目標(bi", "ā", "o", false), None);
        assert_eq!(in_gloss("目標(bi", "ā", "o", true), Some(false));
    }
}
