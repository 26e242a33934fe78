//! Where lines end.
//!
//! Of UTF-16 that was read byte by byte, half a character can look like a line's end: 上 is 4E 0A, 《 is 30 0A, and a line's
//! end itself is 00 0A. Such text has controls that hardly any other has, and letters beyond ASCII. So a line goes on
//! behind its end where the other half of one of these is beside that, and one of each shortly before it; it is one line to
//! whoever asks here.

/// What beside a line's end makes a character of UTF-16 of it: N, 0 and NUL.
const OTHER_HALVES: [u8; 3] = [0x4E, 0x30, 0x00];

/// They are looked for in so many bytes before a line's end, be there others among them: of UTF-16, those of some ten
/// characters, of which one in six has a control and two in three a byte beyond ASCII.
const NEAR: usize = 28;

/// Where the first line ends, and whether that would be the same with more text behind it; none where no end is to be
/// seen.
pub(super) fn first(text: &[u8]) -> Option<(usize, bool)> {
    let mut end = 0;
    loop {
        end += memchr::memchr(b'\n', &text[end..])? + 1;
        if !may_go_on(text, end) {
            return Some((end, true));
        }
        if end == text.len() {
            return Some((end, false));
        }
    }
}

/// Where the line starts that `at` is in.
pub(super) fn start(text: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        let start = memchr::memrchr(b'\n', &text[..end]).map_or(0, |end| end + 1);
        if start == 0 || !may_go_on(text, start) {
            return start;
        }
        end = start - 1;
    }
}

/// Where the lines end that are whole, whatever comes behind them.
pub(super) fn whole(text: &[u8]) -> usize {
    let end = memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
    if end > 0 && may_go_on(text, end) { start(text, end - 1) } else { end }
}

/// Whether the line's end before `end` may be half a character, as far as the bytes around it tell; what is behind the last
/// may be anything.
fn may_go_on(text: &[u8], end: usize) -> bool {
    is_beside_half(text, end) && is_like_utf_16(text, end - 1)
}

/// Whether beside the line's end before `end` is what makes a character of it.
fn is_beside_half(text: &[u8], end: usize) -> bool {
    let is_half = |byte: &u8| OTHER_HALVES.contains(byte);
    text.get(end).is_none_or(is_half) || end.checked_sub(2).is_some_and(|at| is_half(&text[at]))
}

/// Whether the last few bytes before `end`, behind any Han and any other line's end that is one, are like those of UTF-16:
/// among them are a control that hardly any other text has (a page's end and an escape, too, beside an ÿ, which are a full-width
/// comma and semicolon), and a letter or sign beyond ASCII; or NUL.
fn is_like_utf_16(text: &[u8], end: usize) -> bool {
    let is_full_width = |at: usize| {
        text[at + 1..end].starts_with("ÿ".as_bytes()) || text[..at].ends_with("ÿ".as_bytes())
    };
    let (mut control, mut beyond) = (false, false);
    for at in (end.saturating_sub(NEAR)..end).rev() {
        match text[at] {
            b'\n' if !is_beside_half(text, at + 1) => return false,
            0x0C | 0x1B => control |= is_full_width(at),
            // The half of any ASCII.
            0x00 => return true,
            ..0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F => control = true,
            // Latin-1, and the signs of windows-1252. Han begin with others.
            0xC2..=0xC5 | 0xE2 => beyond = true,
            0xC0.. => return false,
            _ => {}
        }
        if control && beyond {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_the_bytes_of_utf_16_goes_on_behind_its_end() {
        // 三早上七点 and 三里, of both orders.
        let (little, big) = ("\u{9}N\u{1}ée\nN\u{3}N¹p\n", "\u{1}NeéN\nN\u{3}p¹\n");
        for one in [little, big, "é\u{1}\n\0x\n\0y\n"] {
            let text = format!("{one}后面\n");
            assert_eq!(first(text.as_bytes()), Some((one.len(), true)), "{text:?}");
            assert_eq!(start(text.as_bytes(), one.len() - 2), 0, "{text:?}");
            assert_eq!(start(text.as_bytes(), one.len()), one.len(), "{text:?}");
        }
        for two in [
            "今天\nNo. 1\n",
            "\u{1}今天有é\nNo\n",
            "0\u{1}x\u{1}N\n0",
            "Zürich\nN,1\n",
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
        assert_eq!(of("今天\n\u{1}é\n"), "今天\n".len());
        assert_eq!(of("今天\n\u{1}é\nNé\n"), "今天\n".len());
        assert_eq!(of("今天\n\u{1}é\nA"), "今天\n\u{1}é\n".len());
        assert_eq!(of("今天"), 0);
    }
}
