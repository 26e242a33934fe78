//! Where lines end.
//!
//! Of UTF-16 that was read byte by byte, half a character can look like a line's end: 上 is 4E 0A, 《 is 30 0A, and a line's
//! end itself is 00 0A. Such text has controls that no other has. So a line that has some goes on behind its end where
//! the other half of one of these is beside that, and so on; it is one line to whoever asks here.

use crate::repair::wide::wide;

/// What beside a line's end makes a character of UTF-16 of it: N, 0 and NUL.
const OTHER_HALVES: [u8; 3] = [0x4E, 0x30, 0x00];

/// So long is a line, in bytes, that looks like them without controls.
const SHORT: usize = 64;

/// So many bytes before a line's end are looked at; others that are none may be among them.
const NEAR: usize = 8;

/// Where the first line ends, and whether that would be the same with more text behind it; none where no end is to be
/// seen.
pub(super) fn first(text: &[u8]) -> Option<(usize, bool)> {
    let mut end = memchr::memchr(b'\n', text)? + 1;
    if !may_go_on(text, end) || !looks_like_bytes(&text[..end]) {
        return Some((end, true));
    }
    while end < text.len() {
        if !may_go_on(text, end) {
            return Some((end, true));
        }
        end += memchr::memchr(b'\n', &text[end..])? + 1;
    }
    Some((end, false))
}

/// Where the line starts that `at` is in.
pub(super) fn start(text: &[u8], at: usize) -> usize {
    let line = |end: usize| memchr::memrchr(b'\n', &text[..end]).map_or(0, |end| end + 1);
    let mut before = line(at);
    let mut start = before;
    while before > 0 && may_go_on(text, before) {
        let end = before;
        before = line(end - 1);
        if looks_like_bytes(&text[before..end]) {
            start = before;
        }
    }
    start
}

/// Where the lines end that are whole, whatever comes behind them.
pub(super) fn whole(text: &[u8]) -> usize {
    let end = memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
    if end == 0 || !may_go_on(text, end) {
        return end;
    }
    let start = start(text, end - 1);
    if looks_like_bytes(&text[start..end]) { start } else { end }
}

/// Whether the line's end before `end` may be half a character, as far as the bytes around it tell; what is behind the last
/// may be anything.
fn may_go_on(text: &[u8], end: usize) -> bool {
    let is_half = |byte: &u8| OTHER_HALVES.contains(byte);
    let beside = text.get(end).is_none_or(is_half)
        || end.checked_sub(2).is_some_and(|at| is_half(&text[at]));
    beside && is_of_bytes(&text[..end - 1])
}

/// Whether what a text ends with looks like the bytes of UTF-16: of the last few, before any Han, one is a control or none of ASCII.
fn is_of_bytes(text: &[u8]) -> bool {
    for &byte in text.iter().rev().take(NEAR) {
        match byte {
            // The rest of a character that comes yet.
            0x80..=0xBF => {}
            // Of Latin-1, and the signs of windows-1252.
            0xC2..=0xC5 | 0xE2 => return true,
            0xC0.. => return false,
            byte if is_odd(byte) => return true,
            _ => {}
        }
    }
    false
}

/// Whether a line looks like the bytes of UTF-16: it has controls that no text has (a page's end and an escape, too,
/// beside an ÿ, which are a full-width comma and semicolon), or is short, has no blank, and is of Latin letters and signs
/// of which some are beyond ASCII.
fn looks_like_bytes(line: &[u8]) -> bool {
    // Nearly no line has any, which is seen in vectors.
    if !wide(|| line.iter().fold(false, |any, byte| any | is_odd(*byte))) {
        // The signs of windows-1252 begin with E2.
        let is_latin = |byte: &u8| *byte != b' ' && matches!(byte, 0..=0xC5 | 0xE2);
        return line.len() <= SHORT && !line.is_ascii() && line.iter().all(is_latin);
    }
    let full_width = |at: usize| {
        line[at + 1..].starts_with("ÿ".as_bytes()) || line[..at].ends_with("ÿ".as_bytes())
    };
    line.iter().enumerate().any(|(at, &byte)| match byte {
        0x0C | 0x1B => full_width(at),
        byte => is_odd(byte),
    })
}

/// Whether a byte is a control that text may have at a page's end or in a terminal, at the most.
fn is_odd(byte: u8) -> bool {
    (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') & (byte != 0x08)
        | (byte == 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_the_bytes_of_utf_16_goes_on_behind_its_end() {
        // 早上七点 and 三里, of both orders.
        let (little, big) = ("ée\nN\u{3}N¹p\n", "eéN\nN\u{3}p¹\n");
        for one in [little, big, "\u{1}\n\0x\n\0y\n"] {
            let text = format!("{one}后面\n");
            assert_eq!(first(text.as_bytes()), Some((one.len(), true)), "{text:?}");
            assert_eq!(start(text.as_bytes(), one.len() - 2), 0, "{text:?}");
            assert_eq!(start(text.as_bytes(), one.len()), one.len(), "{text:?}");
        }
        for two in [
            "\u{1}今天有\nNo\n",
            "\u{1} &#23454;N\n<p>",
            "今天\nNo. 1\n",
            "N\nN\n",
            "1.5\n0.5\n",
            "un été à la mer\nNon\n",
            "\u{1}\nA\n",
        ] {
            let end = two.find('\n').unwrap() + 1;
            assert_eq!(first(two.as_bytes()), Some((end, true)), "{two:?}");
            assert_eq!(start(two.as_bytes(), end), end, "{two:?}");
        }
        assert_eq!(first(b"N"), None);
    }

    #[test]
    fn where_more_may_come_the_last_line_is_whole_if_nothing_could_go_on_there() {
        let of = |text: &str| whole(text.as_bytes());
        assert_eq!(of("今天\nNo. 1\n"), "今天\nNo. 1\n".len());
        assert_eq!(of("今天\nNo"), "今天\n".len());
        assert_eq!(of("今天\n\u{1}x\n"), "今天\n".len());
        assert_eq!(of("今天\n\u{1}x\nNé\n"), "今天\n".len());
        assert_eq!(of("今天\n\u{1}x\nA"), "今天\n\u{1}x\n".len());
        assert_eq!(of("今天"), 0);
    }
}
