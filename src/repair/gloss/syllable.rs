//! What a reading looks like: one syllable of pinyin, or of zhuyin.

use super::spelling;

/// The longest syllable (`chuáng`, `shuāng`, `zhuǎng`) has six letters.
const MOST_LETTERS: usize = 6;

/// How a gloss closes.
pub(super) const CLOSE: char = ')';
/// How one in zhuyin may close.
pub(super) const WIDE_CLOSE: char = '）';

/// A syllable at the head of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Syllable<'t> {
    /// The letters, as they stand; those of `shi2` and `ㄕˊ` as the table of readings has them.
    pub(super) text: &'t str,
    /// Whether a tone is told.
    pub(super) toned: bool,
    /// Bytes up to and with the closing parenthesis.
    pub(super) closed: usize,
}

/// Reads `shí)`: the inside of a gloss and what closes it. A blank at either side is taken along.
pub(super) fn closed(text: &str) -> Option<Syllable<'_>> {
    let lead = blank(text);
    let inside = &text[lead..];
    let (reading, toned, len) = match inside.chars().next()? {
        c if spelling::is_zhuyin(c) => zhuyin(inside)?,
        _ => pinyin(inside)?,
    };
    let end = lead + len;
    let rest = &text[end..];
    let blank = blank(rest);
    rest[blank..].starts_with(CLOSE).then_some(Syllable {
        text: reading,
        toned,
        closed: end + blank + 1,
    })
}

/// Reads `ㄕˊ）`, the same in zhuyin with the full-width parenthesis that goes with it.
pub(super) fn closed_wide(text: &str) -> Option<Syllable<'_>> {
    let (text, toned, len) = zhuyin(text).filter(|z| text[z.2..].starts_with(WIDE_CLOSE))?;
    Some(Syllable { text, toned, closed: len + WIDE_CLOSE.len_utf8() })
}

/// The bytes of one blank, if there is one.
fn blank(text: &str) -> usize {
    text.chars()
        .next()
        .filter(|c| matches!(c, ' ' | '\u{A0}' | '\u{3000}'))
        .map_or(0, char::len_utf8)
}

/// A reading, whether it has a tone, and how many bytes it is.
type Reading<'t> = (&'t str, bool, usize);

fn zhuyin(text: &str) -> Option<Reading<'_>> {
    let len = text.find(|c| !spelling::is_zhuyin(c)).unwrap_or(text.len());
    let reading = spelling::zhuyin(&text[..len])?;
    Some((reading, true, len))
}

fn pinyin(text: &str) -> Option<Reading<'_>> {
    let (mut end, mut letters, mut toned, mut vowel) = (0, 0, false, false);
    for c in text.chars() {
        let tone = is_toned(c);
        if !(c.is_ascii_lowercase() || tone || c == 'ü') {
            break;
        }
        letters += 1;
        if letters > MOST_LETTERS || (tone && toned) {
            return None;
        }
        toned |= tone;
        vowel |= tone || matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'ü' | 'v');
        end += c.len_utf8();
    }
    if !vowel && text[..end] != *"m" && text[..end] != *"n" && text[..end] != *"ng" {
        return None;
    }
    if !toned && text[end..].starts_with(|c: char| c.is_ascii_digit()) {
        return Some((spelling::numbered(&text[..end + 1])?, true, end + 1));
    }
    Some((&text[..end], toned, end))
}

/// Whether a letter carries one of the four tones.
pub(super) fn is_toned(c: char) -> bool {
    tone_of(c).is_some()
}

/// The tone that a letter carries.
pub(super) fn tone(c: char) -> Option<u8> {
    tone_of(c).map(|t| t.1)
}

/// The bare letter and the tone of a toned letter.
fn tone_of(c: char) -> Option<(char, u8)> {
    Some(match c {
        'ā' => ('a', 1),
        'á' => ('a', 2),
        'ǎ' => ('a', 3),
        'à' => ('a', 4),
        'ē' => ('e', 1),
        'é' => ('e', 2),
        'ě' => ('e', 3),
        'è' => ('e', 4),
        'ī' => ('i', 1),
        'í' => ('i', 2),
        'ǐ' => ('i', 3),
        'ì' => ('i', 4),
        'ō' => ('o', 1),
        'ó' => ('o', 2),
        'ǒ' => ('o', 3),
        'ò' => ('o', 4),
        'ū' => ('u', 1),
        'ú' => ('u', 2),
        'ǔ' => ('u', 3),
        'ù' => ('u', 4),
        'ǖ' => ('ü', 1),
        'ǘ' => ('ü', 2),
        'ǚ' => ('ü', 3),
        'ǜ' => ('ü', 4),
        'ń' => ('n', 2),
        'ň' => ('n', 3),
        'ǹ' => ('n', 4),
        'ḿ' => ('m', 2),
        _ => return None,
    })
}

/// The syllable without its tone, `ü` as `v`.
pub(super) fn bare(syllable: &str) -> impl Iterator<Item = char> {
    syllable.chars().map(|c| match tone_of(c).map_or(c, |t| t.0) {
        'ü' => 'v',
        bare => bare,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_syllables() {
        let s = closed("shí)三").unwrap();
        assert_eq!((s.text, s.toned, s.closed), ("shí", true, 5));
        assert_eq!(closed("jì )").unwrap().closed, 5);
        assert_eq!(closed(" jì )").unwrap().closed, 6);
        let s = closed("shi2)").unwrap();
        assert_eq!((s.text, s.toned, s.closed), ("shí", true, 5));
        assert_eq!(closed("ㄕˊ)").unwrap().text, "shí");
        assert_eq!(closed_wide("ㄕˊ）").unwrap().closed, 8);
        assert!(!closed("hui)").unwrap().toned);
        for no in [
            "shí",
            "shí，",
            "zhuangx)",
            "Xi Jinping)",
            "kg)",
            "f(a)",
            "",
            "ǎǎ)",
            ")",
            "a7)",
            "x2)",
            "ㄕˊ）",
        ] {
            assert_eq!(closed(no), None, "{no}");
        }
    }

    #[test]
    fn drops_tones() {
        assert_eq!(bare("lǜ").collect::<String>(), "lv");
        assert_eq!(bare("zhuǎn").collect::<String>(), "zhuan");
    }
}
