//! Finding what looks like a gloss, at the speed of a byte search where nothing does.

use memchr::{memchr_iter, memmem, memrchr};

use super::syllable::{self, Syllable};

/// The longest a gloss can be before its closing parenthesis, in bytes: mark and parenthesis, six
/// letters with the toned ones in two or three bytes, a blank.
pub(super) const REACH: usize = 24;

/// Something that looks like a gloss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot<'t> {
    /// Byte of the mark or parenthesis it begins with.
    pub(super) start: usize,
    /// Byte after its closing parenthesis.
    pub(super) end: usize,
    /// What it begins with.
    pub(super) head: Head,
    /// The reading.
    pub(super) reading: &'t str,
    /// Whether the reading has a tone.
    pub(super) toned: bool,
    /// The character before it, or before the glosses that it follows.
    pub(super) owner: Option<char>,
    /// The character before that one.
    pub(super) before: Option<char>,
    /// Whether it follows another gloss at once.
    pub(super) chained: bool,
}

/// The marks whose bytes pieces were cut at.
pub(super) const SPLITTERS: [&str; 6] = ["？", "；", "，", "！", "、", "。"];

/// How a gloss begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// `(shí)`.
    Whole,
    /// `?shí)`: a decoder made one mark of the lead byte and the parenthesis.
    Swallowed,
    /// U+FFFD, then `(shí)`.
    Replaced,
}

/// All spots of a text, in order.
pub(super) fn spots(text: &str) -> impl Iterator<Item = Spot<'_>> {
    let mut before: Option<Spot<'_>> = None;
    memchr_iter(b')', text.as_bytes()).filter_map(move |close| {
        let mut spot = spot(text, close)?;
        if let Some(first) = before
            && first.end == spot.start
        {
            (spot.owner, spot.before, spot.chained) = (first.owner, first.before, true);
        }
        before = Some(spot);
        Some(spot)
    })
}

/// Byte after the first place of a text that may be damaged.
pub(super) fn first(text: &str) -> Option<usize> {
    let spot = spots(text).map(|s| s.end).next();
    first_cut(&text[..spot.unwrap_or(text.len())]).or(spot)
}

/// Byte after the first place that shows damage by cutting: a decoder's mark before one of the
/// punctuation marks that pieces are cut at.
pub(super) fn first_cut(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let cut = |mark: usize| {
        SPLITTERS.iter().any(|s| bytes[mark..].starts_with(s.as_bytes())).then_some(mark + 3)
    };
    let asked = memchr_iter(b'?', bytes).find_map(|at| cut(at + 1));
    let replaced = memmem::find_iter(bytes, "\u{FFFD}").find_map(|at| cut(at + 3));
    match (asked, replaced) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// What the parenthesis at byte `close` closes.
fn spot(text: &str, close: usize) -> Option<Spot<'_>> {
    let bytes = text.as_bytes();
    // Most parentheses of plain text fail here: a letter, a toned vowel's last byte or a blank.
    let before = *bytes.get(close.checked_sub(1)?)?;
    if !(before.is_ascii_lowercase() || before == b' ' || (0x80..0xC0).contains(&before)) {
        return None;
    }
    let from = close.saturating_sub(REACH);
    let head = bytes[from..close].iter().rposition(|&b| b == b'(' || b == b'?')? + from;
    let Syllable { text: reading, toned, closed } = syllable::closed(&text[head + 1..])?;
    let end = head + 1 + closed;
    if end != close + 1 {
        return None;
    }
    let whole = bytes[head] == b'(';
    let replaced = whole && text[..head].ends_with('\u{FFFD}');
    let start = head - if replaced { '\u{FFFD}'.len_utf8() } else { 0 };
    let mut preceding = text[..start].chars().rev();
    let spot = Spot {
        start,
        end,
        head: match (whole, replaced) {
            (true, true) => Head::Replaced,
            (true, false) => Head::Whole,
            _ => Head::Swallowed,
        },
        reading,
        toned,
        owner: preceding.next(),
        before: preceding.next(),
        chained: false,
    };
    // Without a tone it has to stand behind a character that can have a reading, or behind
    // another gloss.
    let wanted = toned || (whole && spot.owner.is_some_and(|c| is_han(c) || c == ')'));
    wanted.then_some(spot)
}

/// Whether a character is one that readings are given to.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Byte after the last line end of a text.
pub(super) fn last_line_end(text: &str) -> Option<usize> {
    memrchr(b'\n', text.as_bytes()).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_looks_like_a_gloss() {
        let text = "實(shí)要?jiǎng)的\u{FFFD}(shù)A(yíng)會(hui)(hui) jì(jì )";
        let heads: Vec<_> = spots(text).map(|s| (s.owner, s.reading, s.head)).collect();
        assert_eq!(
            heads,
            [
                (Some('實'), "shí", Head::Whole),
                (Some('要'), "jiǎng", Head::Swallowed),
                (Some('的'), "shù", Head::Replaced),
                (Some('A'), "yíng", Head::Whole),
                (Some('會'), "hui", Head::Whole),
                (Some('會'), "hui", Head::Whole),
                (Some('ì'), "jì", Head::Whole),
            ]
        );
    }

    #[test]
    fn passes_what_does_not() {
        for text in [
            "f(a) + g(x)",
            "（shí）",
            "(shí",
            "中國(PRC)",
            "习近平(Xi Jinping)",
            "好(?)",
            "a?b)",
            ")",
            "見(1)",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
