//! Finding what looks like a gloss, at the speed of a byte search where nothing does.

use memchr::{memchr_iter, memchr2_iter, memmem, memrchr};

use super::{cut, spelling, syllable};

/// The longest a gloss can be before its closing parenthesis, in bytes: mark and parenthesis, six
/// letters with the toned ones in two or three bytes or four in zhuyin, two blanks.
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
    /// The character after it.
    pub(super) after: Option<char>,
    /// Whether it follows another gloss at once.
    pub(super) chained: bool,
    /// Whether text goes on at one side of it: what stands between marks may be an entry of a list
    /// of words.
    pub(super) running: bool,
    /// Whether there is a blank inside.
    pub(super) blank: bool,
}

/// The marks whose bytes pieces were cut at.
pub(super) const SPLITTERS: [char; 6] = ['？', '；', '，', '！', '、', '。'];

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
    // The other byte is the last one of the full-width parenthesis.
    memchr2_iter(b')', 0x89, text.as_bytes()).filter_map(move |close| {
        let mut spot = spot(text, close, Behind::Gloss)?;
        if let Some(first) = before
            && first.end == spot.start
        {
            (spot.owner, spot.before, spot.chained) = (first.owner, first.before, true);
        }
        before = Some(spot);
        Some(spot)
    })
}

/// Byte after the first place of a text that may be damaged. `whole` says that nothing follows
/// `text`; otherwise what stands near its end may show only together with what follows.
pub(super) fn first(text: &str, whole: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let narrow =
        memchr_iter(b')', bytes).find_map(|close| spot(text, close, Behind::Han)).map(|s| s.end);
    let spot = first_zhuyin(&text[..narrow.unwrap_or(text.len())]).or(narrow);
    // A cut counts where it stands before the spot; what follows it is looked at all the same.
    let end = text.ceil_char_boundary(spot.map_or(usize::MAX, |at| at + cut::REACH));
    let whole = whole && end == text.len();
    cut::first(&text[..end], whole).filter(|&at| spot.is_none_or(|spot| at < spot)).or(spot)
}

/// Byte after the first reading in zhuyin with full-width parentheses.
fn first_zhuyin(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // The first two bytes of all letters.
    memmem::find_iter(bytes, b"\xE3\x84").find_map(|letter| {
        let limit = text.floor_char_boundary((letter + REACH).min(text.len()));
        let close = text.get(letter..limit)?.find(syllable::WIDE_CLOSE)?;
        let close = letter + close + syllable::WIDE_CLOSE.len_utf8() - 1;
        spot(text, close, Behind::Han).map(|s| s.end)
    })
}

/// What a reading without a tone has to stand behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// A character that can have a reading.
    Han,
    /// The same, or another gloss. It does not open a window: the other one did. `(void)(a)` is code.
    Gloss,
}

/// What the parenthesis whose last byte is `close` closes.
fn spot(text: &str, close: usize, behind: Behind) -> Option<Spot<'_>> {
    let bytes = text.as_bytes();
    if bytes[close] != b')' {
        return wide_spot(text, close);
    }
    // Most parentheses of plain text fail here: a letter, a toned vowel's last byte, a number
    // after a letter or a blank.
    let before = *bytes.get(close.checked_sub(1)?)?;
    let number = before.is_ascii_digit()
        && close >= 2
        && (bytes[close - 2].is_ascii_lowercase() || bytes[close - 2] >= 0x80);
    if !(before.is_ascii_lowercase() || before == b' ' || (0x80..0xC0).contains(&before) || number)
    {
        return None;
    }
    let from = close.saturating_sub(REACH);
    // Either the reading has a tone, or Han is before it.
    if behind == Behind::Han && bytes[from.saturating_sub(1)..close].is_ascii() {
        return None;
    }
    let head = bytes[from..close].iter().rposition(|&b| b == b'(' || b == b'?')? + from;
    let syllable = syllable::closed(&text[head + 1..])?;
    if head + 1 + syllable.closed != close + 1 {
        return None;
    }
    let whole = bytes[head] == b'(';
    let replaced = whole && text[..head].ends_with('\u{FFFD}');
    let start = head - if replaced { '\u{FFFD}'.len_utf8() } else { 0 };
    let mut preceding = text[..start].chars().rev();
    let (owner, before) = (preceding.next(), preceding.find(|&c| is_seen(c)));
    let after = text[close + 1..].chars().find(|&c| is_seen(c));
    let spot = Spot {
        start,
        end: close + 1,
        head: match (whole, replaced) {
            (true, true) => Head::Replaced,
            (true, false) => Head::Whole,
            _ => Head::Swallowed,
        },
        reading: syllable.text,
        toned: syllable.toned,
        owner,
        before,
        after,
        chained: false,
        running: is_running(before, after),
        blank: text[head + 1..close].contains(char::is_whitespace),
    };
    // Without a tone that letters carry.
    let letters = spot.toned && !number;
    let owns = |c: char| is_han(c) || behind == Behind::Gloss && c == ')';
    let wanted = letters || (whole && spot.owner.is_some_and(owns));
    wanted.then_some(spot)
}

/// The same for a full-width parenthesis, which closes readings in zhuyin only.
fn wide_spot(text: &str, close: usize) -> Option<Spot<'_>> {
    let bytes = text.as_bytes();
    let wide = "（".len();
    let end = close + 1;
    let from = end.checked_sub(wide).filter(|&at| bytes[at..end] == *"）".as_bytes())?;
    let inside = text[..from].char_indices().rev().find(|(_, c)| !spelling::is_zhuyin(*c))?;
    let start = inside.0;
    let syllable = syllable::closed_wide(text[start..].strip_prefix('（')?)?;
    let mut preceding = text[..start].chars().rev();
    let owner = preceding.next().filter(|&c| is_han(c) || c == '）')?;
    let before = preceding.find(|&c| is_seen(c));
    let after = text[end..].chars().find(|&c| is_seen(c));
    (start + wide + syllable.closed == end).then_some(Spot {
        start,
        end,
        head: Head::Whole,
        reading: syllable.text,
        toned: true,
        owner: Some(owner),
        before,
        after,
        chained: false,
        running: is_running(before, after),
        blank: false,
    })
}

/// Gives the gloss that a line begins with to the character that the line before ends with: text is wrapped between the two.
pub(super) fn join(before: &str, line: &mut [Spot<'_>]) -> bool {
    let mut end = before.trim_end_matches(['\n', '\r']).chars().rev();
    let Some(spot) = line.first_mut() else { return false };
    let Some(owner) = end.next().filter(|&c| is_han(c)) else { return false };
    if spot.start > 0 || spot.head != Head::Whole || !spot.toned {
        return false;
    }
    (spot.owner, spot.before) = (Some(owner), end.find(|&c| is_seen(c)));
    spot.running = is_running(spot.before, spot.after);
    true
}

/// Whether Han stands before the owner of a gloss, or after the gloss.
fn is_running(before: Option<char>, after: Option<char>) -> bool {
    // A parenthesis before the owner closes another gloss.
    let goes_on = |c: char| is_han(c) || c == ')';
    before.is_some_and(goes_on) || after.is_some_and(is_han)
}

/// Whether a character has a width: text goes on past those that have none.
fn is_seen(c: char) -> bool {
    !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// The lowest character that [`is_han`] tells of.
pub(super) const FIRST_HAN: char = '\u{2E80}';

/// Whether a character is one that readings are given to, or a radical in place of one.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, FIRST_HAN..='\u{2FD5}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
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
    fn what_may_be_damaged_is_seen_wherever_it_stands() {
        for trace in ["實(shí)", "漢（ㄏㄢˋ）", "學生?？稍趯實行", "學生\u{FFFD}？稍趯實行"]
        {
            let end = first(trace, true).unwrap();
            for pad in 0..200 {
                let text = "a".repeat(pad) + trace;
                assert_eq!(first(&text, true), Some(pad + end), "{pad} {trace}");
            }
        }
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
            assert_eq!(first(text, true), None, "{text}");
        }
    }
}
