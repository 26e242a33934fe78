//! What stands around an escape, as it will be once it is mended itself. An escape is decided by its surroundings, and a
//! second run sees those mended.

use std::borrow::Cow;

use super::context::{is_han, tail};
use super::escape::escapes_han;
use super::reference::decide;
use super::{Mode, Place, Rules, Verdict};
use crate::repair::is_toned;

/// So much is looked at for references and glosses, in bytes.
pub(super) const AROUND: usize = 96;

/// So much of an escape shows that it is one of Han, in bytes: a soft line break and a byte and a half.
pub(super) const LONGEST_BEGINNING: usize = "=\r\n=E5=A".len();

/// Whether a character is one that is not seen, and that later repairs take out.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}')
}

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

/// The character after a candidate, once references are decoded: `Some(None)` at the end of the
/// text, `None` when not known yet.
#[expect(clippy::option_option, reason = "not known yet, and nothing, are two answers")]
pub(super) fn first_char(after: &str, html: bool, closed: bool) -> Option<Option<char>> {
    let after = after.trim_start_matches(is_invisible);
    // In UTF-8, or in GBK.
    let percent = matches!(
        after.as_bytes(),
        [b'%', b'E', _, b'%', b'8'..=b'9' | b'A'..=b'B', ..] | [b'%', b'B'..=b'F', _, b'%', b'A'..=b'F', ..]
    );
    if percent || escapes_han(after) {
        return Some(Some('字'));
    }
    if !closed && after.len() < LONGEST_BEGINNING && after.starts_with(['%', '\\', '=', '#']) {
        return None;
    }
    if !after.starts_with('&') {
        return after.chars().next().map(Some).or(closed.then_some(None));
    }
    let head = &after[..after.floor_char_boundary(AROUND)];
    let text = decoded(head, html, closed || head.len() < after.len())?;
    Some(text.chars().next())
}

/// A short text, of HTML or not, as it reads once its references are decoded; `None` where it ends in one that may go
/// on.
pub(super) fn decoded(text: &str, html: bool, closed: bool) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let rules = Rules { mode: Mode::Plain, standard: false };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let place = Place {
            before: &out,
            raw: &text[..text.len() - rest.len()],
            html,
            chinese: true,
            verbatim: false,
            code: None,
            decoded_near: false,
            since: None,
        };
        match decide(rest, closed, &place, rules) {
            Verdict::More => return None,
            Verdict::Stay(len) => {
                out.push_str(&rest[..len]);
                rest = &rest[len..];
            }
            Verdict::Change { len, after, .. } => {
                out.push_str(&after);
                rest = &rest[len..];
            }
        }
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
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
