//! What a reading looks like: one syllable of pinyin.

/// The longest syllable (`chuáng`, `shuāng`, `zhuǎng`) has six letters.
const MOST_LETTERS: usize = 6;

/// How a gloss closes.
pub(super) const CLOSE: char = ')';

/// A syllable at the head of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Syllable<'t> {
    /// The letters, as they stand.
    pub(super) text: &'t str,
    /// Whether one of them carries a tone.
    pub(super) toned: bool,
    /// Bytes up to and with the closing parenthesis.
    pub(super) closed: usize,
}

/// Reads `shí)`: the inside of a gloss and what closes it. A blank before the parenthesis is
/// taken along.
pub(super) fn closed(text: &str) -> Option<Syllable<'_>> {
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
    let rest = &text[end..];
    let blank = usize::from(rest.starts_with(' '));
    rest[blank..].starts_with(CLOSE).then_some(Syllable {
        text: &text[..end],
        toned,
        closed: end + blank + 1,
    })
}

/// Whether a letter carries one of the four tones.
pub(super) fn is_toned(c: char) -> bool {
    tone_of(c).is_some()
}

/// The bare letter and the tone of a toned letter.
fn tone_of(c: char) -> Option<(char, u8)> {
    const TONED: [(char, &str); 8] = [
        ('a', "āáǎà"),
        ('e', "ēéěè"),
        ('i', "īíǐì"),
        ('o', "ōóǒò"),
        ('u', "ūúǔù"),
        ('ü', "ǖǘǚǜ"),
        ('n', " ńňǹ"),
        ('m', " ḿ  "),
    ];
    if c.is_ascii() {
        return None;
    }
    TONED.iter().find_map(|(bare, toned)| {
        let tone = toned.chars().position(|t| t == c)?;
        Some((*bare, tone as u8 + 1))
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
        assert!(!closed("hui)").unwrap().toned);
        for no in ["shí", "shí，", "zhuangx)", "Xi Jinping)", "kg)", "f(a)", "", "ǎǎ)", ")"] {
            assert_eq!(closed(no), None, "{no}");
        }
    }

    #[test]
    fn drops_tones() {
        assert_eq!(bare("lǜ").collect::<String>(), "lv");
        assert_eq!(bare("zhuǎn").collect::<String>(), "zhuan");
    }
}
