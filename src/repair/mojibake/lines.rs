//! Where lines end.
//!
//! Of UTF-16 that was read byte by byte, half a character can look like a line's end: 上 is 4E 0A, 《 is 30 0A, and a line's
//! end itself is 00 0A. Such text has controls that hardly any other has, and letters beyond ASCII. So a line goes on
//! behind its end where the other half of one of these is beside that, and one of each shortly before it or shortly behind it;
//! it is one line to whoever asks here.

/// What beside a line's end makes a character of UTF-16 of it: N, 0 and NUL.
const OTHER_HALVES: [u8; 3] = [0x4E, 0x30, 0x00];

/// They are looked for in so many bytes before a line's end, be there others among them, and behind it up to the next: of
/// UTF-16, those of some ten characters, of which one in six has a control and two in three a byte beyond ASCII.
const NEAR: usize = 28;

/// What is behind the end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Another line.
    Other,
    /// The rest of the line.
    Same,
    /// The one or the other: more text tells.
    Open,
}

/// Where the first line ends, and whether that would be the same with more text behind it; none where no end is to be
/// seen.
pub(super) fn first(text: &[u8]) -> Option<(usize, bool)> {
    let mut end = 0;
    loop {
        end += memchr::memchr(b'\n', &text[end..])? + 1;
        match behind(text, end) {
            Behind::Other => return Some((end, true)),
            Behind::Same if end < text.len() => {}
            Behind::Same | Behind::Open => return Some((end, false)),
        }
    }
}

/// Where the line starts that `at` is in, or one before it.
pub(super) fn start(text: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        let start = memchr::memrchr(b'\n', &text[..end]).map_or(0, |end| end + 1);
        if start == 0 || behind(text, start) == Behind::Other {
            return start;
        }
        end = start - 1;
    }
}

/// Where the lines end that are whole, whatever comes behind them.
pub(super) fn whole(text: &[u8]) -> usize {
    let end = memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
    if end > 0 && behind(text, end) != Behind::Other { start(text, end - 1) } else { end }
}

/// The first line's end behind `from` that is one whatever comes behind it.
pub(super) fn closed(text: &[u8], from: usize) -> Option<usize> {
    let ends = memchr::memchr_iter(b'\n', &text[from..]).map(|at| from + at + 1);
    ends.into_iter().find(|&end| !is_beside_half(&text[..end], end))
}

/// What is behind the line's end before `end`. Text before `text` does not make another line of the rest of one.
fn behind(text: &[u8], end: usize) -> Behind {
    match is_beside_half(text, end) {
        false => Behind::Other,
        true if is_like_utf_16(text, end - 1) => Behind::Same,
        true => after(text, end),
    }
}

/// Whether beside the line's end before `end` is what makes a character of it: before it, or behind it, where before it is what
/// the character before may end with.
fn is_beside_half(text: &[u8], end: usize) -> bool {
    let is_half = |byte: &u8| OTHER_HALVES.contains(byte);
    let before = &text[..end - 1];
    before.last().is_some_and(is_half) || text.get(end).is_none_or(is_half) && may_end_one(before)
}

/// Whether `text` may end with the second half of a character of UTF-16: most are Han. Or with another line's end, where it begins.
fn may_end_one(text: &[u8]) -> bool {
    match *text {
        [] => true,
        // Quotation marks, dashes and dots of Chinese.
        [.., 0x10..=0x1F | b'&', b' '] => true,
        [.., b'\t' | b'\r' | b' '] => false,
        [.., ..0x20 | 0x4E..=0x7F] => true,
        // Latin-1, and the letters and signs of windows-1252.
        [.., 0xC2..=0xC6 | 0xCB, _] | [.., 0xE2, _, _] => true,
        _ => false,
    }
}

/// Signs of UTF-16 whose bytes were read one by one.
#[derive(Clone, Copy, Default)]
struct Signs {
    /// A control that hardly any other text has.
    control: bool,
    /// One of C1, which other damage has, too.
    c1: bool,
    /// A letter or sign beyond ASCII.
    beyond: bool,
}

impl Signs {
    /// Takes the byte at `at`; none where it begins Han.
    fn take(&mut self, text: &[u8], at: usize) -> Option<()> {
        // A page's end and an escape are such controls beside an ÿ: a full-width comma, and a semicolon.
        let is_full_width =
            || text[at + 1..].starts_with("ÿ".as_bytes()) || text[..at].ends_with("ÿ".as_bytes());
        match text[at] {
            // The half of any ASCII.
            0x00 => (self.control, self.beyond) = (true, true),
            0x0C | 0x1B => self.control |= is_full_width(),
            ..0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F => self.control = true,
            // Latin-1, and the letters and signs of windows-1252.
            0xC2..=0xC6 | 0xCB | 0xE2 => {
                self.c1 |= matches!(text[at..], [0xC2, ..0xA0, ..]);
                self.beyond = true;
            }
            0xC0.. => return None,
            _ => {}
        }
        Some(())
    }
}

/// Whether the last few bytes before `end`, behind any Han and any other line's end that is one, are like those of UTF-16.
fn is_like_utf_16(text: &[u8], end: usize) -> bool {
    let mut signs = Signs::default();
    for at in (end.saturating_sub(NEAR)..end).rev() {
        let is_end = text[at] == b'\n' && !is_beside_half(text, at + 1);
        if is_end || signs.take(&text[..end], at).is_none() {
            return false;
        }
        if signs.control && signs.beyond {
            return true;
        }
    }
    false
}

/// What is behind the line's end before `end`, as far as the first few bytes tell: the same line where they are like those of
/// UTF-16.
fn after(text: &[u8], end: usize) -> Behind {
    let mut signs = Signs::default();
    for at in end..end + NEAR {
        match text.get(at) {
            None => return Behind::Open,
            Some(b'\n') => break,
            _ => {}
        }
        if signs.take(text, at).is_none() {
            break;
        }
        if signs.beyond && (signs.control || signs.c1) {
            return Behind::Same;
        }
    }
    Behind::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_the_bytes_of_utf_16_goes_on_behind_its_end() {
        // 三早上七点 and 三里, of both orders.
        let (little, big) = ("\u{9}N\u{1}ée\nN\u{3}N¹p\n", "\u{1}NeéN\nN\u{3}p¹\n");
        for one in [little, big, "é\u{1}\n\0x\n\0y\n", "fN\nN\u{99}Q\u{84}v\n"] {
            let text = format!("{one}后面\n");
            assert_eq!(first(text.as_bytes()), Some((one.len(), true)), "{text:?}");
            assert_eq!(start(text.as_bytes(), one.len() - 2), 0, "{text:?}");
            assert_eq!(start(text.as_bytes(), one.len()), one.len(), "{text:?}");
        }
        for two in [
            "今天\nNo. 1\n",
            "\u{1}今天有é\nNo\n",
            "0\u{1}x\u{1}N\n0\n",
            "Zürich\nN,1\n",
            "N\nN\n",
            "fN\nNow\n",
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
