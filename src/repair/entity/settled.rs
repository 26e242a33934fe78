//! What stands before an escape, as later repairs will leave it. An escape is decided by its surroundings, and a second
//! run sees those mended.

use std::borrow::Cow;

use super::context::{is_han, tail};
use super::reference::is_invisible;
use crate::repair::is_toned;

/// So much is looked at for glosses, in bytes.
const AROUND: usize = 96;

/// The character before a candidate, once what later repairs take out is gone.
pub(super) fn last_char(before: &str) -> Option<char> {
    match before.chars().next_back() {
        Some(last) if is_han(last) => Some(last),
        _ => settled(tail(before.trim_end_matches(is_invisible), AROUND)).chars().next_back(),
    }
}

/// A short text without what later repairs take out: zero-width characters, and glosses. Roughly so: where a decoder ate
/// a character with a gloss it has some Han.
pub(super) fn settled(text: &str) -> Cow<'_, str> {
    // The first bytes of what cannot be seen, and the bracket of a gloss.
    if memchr::memchr3(b')', 0xE2, 0xC2, text.as_bytes()).is_none() && !text.contains('\u{FEFF}') {
        return Cow::Borrowed(text);
    }
    let text = match text.contains(is_invisible) {
        true => Cow::Owned(text.replace(is_invisible, "")),
        false => Cow::Borrowed(text),
    };
    match text.contains(')') && text.contains(is_toned) {
        true => Cow::Owned(without_glosses(&text)),
        false => text,
    }
}

fn without_glosses(text: &str) -> String {
    let mut mended = Text { out: String::with_capacity(text.len()), out_of_step: false };
    let mut rest = text;
    while let Some(end) = rest.find(')') {
        let head = &rest[..end];
        rest = &rest[end + 1..];
        let opener = head.trim_end_matches(|c: char| c.is_ascii_lowercase() || is_toned(c));
        if !head[opener.len()..].contains(is_toned) {
            mended.push(head);
            mended.push(")");
        } else if let Some(before) = opener.strip_suffix('(') {
            mended.push(before);
        } else {
            mended.push(opener.strip_suffix('?').unwrap_or(opener));
            mended.out.push('字');
            mended.out_of_step = true;
        }
    }
    mended.push(rest);
    mended.out
}

/// `夠?qū)嚓P(guān)系`: the question mark is the first byte of a character, the second of which stands behind the gloss, so
/// that all pairs are out of step as far as the next letter or question mark, which is half of the last. They may be
/// anything, a comma too.
struct Text {
    out: String,
    out_of_step: bool,
}

impl Text {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            self.out.push(match c {
                '@'..='~' | '?' if self.out_of_step => '字',
                c if self.out_of_step && !c.is_ascii() => '、',
                c => c,
            });
            self.out_of_step &= !c.is_ascii();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glosses_go() {
        for (text, without) in [
            ("實(shí)現(xiàn)了", "實現了"),
            ("夠?qū)⑾嚓P(guān)系", "夠字、、字系"),
            ("夠?qū)P", "夠字字"),
            ("當(dāng)?shù)?%", "當字字%"),
            ("他(she)說(a)", "他(she)說(a)"),
            ("(1) 船", "(1) 船"),
            ("船\u{200B} '", "船 '"),
        ] {
            assert_eq!(settled(text), without);
        }
    }

    #[test]
    fn the_last_character_is_that_of_the_mended_text() {
        assert_eq!(last_char("實(shí)\u{200B}"), Some('實'));
        assert_eq!(last_char("他(she)"), Some(')'));
        assert_eq!(last_char(""), None);
    }
}
