//! Text that was misread before it was escaped: `\u00e5\u00ae\u009e` has the bytes of 实, each taken for a character of
//! Latin-1 or windows-1252. Exports of messages are written so.
//!
//! Bytes that make Chinese in UTF-8 are evidence by themselves, and only a whole run of them is: of its parts some would
//! be letters, some marks of Chinese (`’` is 0x92), and some controls.

use super::context::is_cjk;
use super::numeric::{Number, number};

/// Where the planes of emoji begin.
const EMOJI: char = '\u{1F000}';

/// What a run of escapes was before it was misread.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) text: String,
    /// Of so many characters it came; the rest of a run that a view cuts belongs to the next.
    pub(super) chars: usize,
    /// How many characters of the text were misread.
    pub(super) found: usize,
}

/// Reads the characters of a run back, if every one that is neither Chinese nor ASCII is a byte of UTF-8 and Chinese or an
/// emoji comes out. `cut`: the run goes on behind a view.
pub(super) fn read_back(run: &str, cut: bool) -> Option<Misread> {
    // Of Chinese as it is meant there is nothing to read back.
    if !run.chars().any(|c| length(c).is_some()) {
        return None;
    }
    let chars: Vec<char> = run.chars().collect();
    let mut misread = Misread { text: String::new(), chars: 0, found: 0 };
    let mut chinese = false;
    while let Some(&first) = chars.get(misread.chars) {
        let rest = &chars[misread.chars..];
        if let Some((c, len)) = sequence(rest) {
            misread.text.push(c);
            misread.chars += len;
            misread.found += 1;
            chinese |= is_cjk(c) || c >= EMOJI;
        } else if cut && may_be_sequence(rest) {
            break;
        } else if is_cjk(first) || first.is_ascii() {
            misread.text.push(first);
            misread.chars += 1;
        } else {
            return None;
        }
    }
    chinese.then_some(misread)
}

/// The character beyond ASCII that the bytes at the head of `chars` make in UTF-8, and of how many it is. Controls are none.
fn sequence(chars: &[char]) -> Option<(char, usize)> {
    let len = length(*chars.first()?)?;
    let mut bytes = [0; 4];
    for (slot, c) in bytes[..len].iter_mut().zip(chars.get(..len)?) {
        *slot = byte(*c)?;
    }
    let c = std::str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
    (!c.is_control()).then_some((c, len))
}

/// Whether all of `chars` may be the first bytes of one.
fn may_be_sequence(chars: &[char]) -> bool {
    length(chars[0]).is_some_and(|len| chars.len() < len)
        && chars[1..].iter().all(|c| matches!(byte(*c), Some(0x80..=0xBF)))
}

/// How many bytes a character has whose first is `c`, if it is the first of any beyond ASCII: those are the same in both pages.
fn length(c: char) -> Option<usize> {
    match u32::from(c) {
        0xC2..=0xDF => Some(2),
        0xE0..=0xEF => Some(3),
        0xF0..=0xF4 => Some(4),
        _ => None,
    }
}

/// The byte of a character of Latin-1 or windows-1252.
fn byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    (0x80..=0x9F).find(|byte| number(u32::from(*byte)) == Number::Cp1252(c))
}

/// Whether it is a control beyond ASCII: in text none is meant, but as the byte that it was.
pub(super) fn is_high_control(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(run: &str, cut: bool) -> Option<(String, usize)> {
        read_back(run, cut).map(|m| (m.text, m.chars))
    }

    #[test]
    fn whole_runs_are_read_back() {
        for text in ["实", "今天，风小", "他说“好”", "好😂", "今é天"] {
            let bytes = text.bytes().map(char::from).collect::<String>();
            let (cp1252, _) =
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
            for run in [bytes, cp1252.into_owned()] {
                assert_eq!(read(&run, false), Some((text.to_owned(), run.chars().count())));
            }
        }
    }

    #[test]
    fn what_is_left_over_leaves_all() {
        let run = "今天".bytes().map(char::from).collect::<String>();
        assert_eq!(read(&run[..run.len() - 2], false), None);
        assert_eq!(read(&format!("{run}é"), false), None);
        assert_eq!(read(&format!("é{run}"), false), None);
        assert_eq!(read(&format!("{run}\u{80}"), false), None);
        assert_eq!(read("é", false), None);
        assert_eq!(read("café", false), None);
        assert_eq!(read("今天", false), None);
    }

    #[test]
    fn what_a_view_cuts_is_left_to_the_next() {
        let run = "今天".bytes().map(char::from).collect::<String>();
        let end = run.char_indices().nth(5).unwrap().0;
        assert_eq!(read(&run[..end], true), Some(("今".to_owned(), 3)));
        assert_eq!(read(&run[..end], false), None);
    }
}
