//! Other ways to write a reading: with a number for the tone, `shi2`, and in zhuyin, `ㄕˊ`. Both
//! become the syllable as the table of readings has it, `shí`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{list, syllable};

/// Bytes of the longest reading in zhuyin: three letters and a tone.
const MOST_ZHUYIN: usize = 11;

/// By letters and number of the tone, 5 for none: the syllable.
static SYLLABLES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    // Some thousand of them, each of some dozens of characters.
    let mut seen = HashSet::new();
    list::readings()
        .filter(|reading| seen.insert(*reading))
        .map(|reading| {
            let tone = reading.chars().find_map(syllable::tone).unwrap_or(5);
            (syllable::bare(reading).chain(char::from_digit(tone.into(), 10)).collect(), reading)
        })
        .collect()
});

/// Initials in zhuyin and in pinyin.
const INITIALS: [(char, &str); 21] = [
    ('ㄅ', "b"),
    ('ㄆ', "p"),
    ('ㄇ', "m"),
    ('ㄈ', "f"),
    ('ㄉ', "d"),
    ('ㄊ', "t"),
    ('ㄋ', "n"),
    ('ㄌ', "l"),
    ('ㄍ', "g"),
    ('ㄎ', "k"),
    ('ㄏ', "h"),
    ('ㄐ', "j"),
    ('ㄑ', "q"),
    ('ㄒ', "x"),
    ('ㄓ', "zh"),
    ('ㄔ', "ch"),
    ('ㄕ', "sh"),
    ('ㄖ', "r"),
    ('ㄗ', "z"),
    ('ㄘ', "c"),
    ('ㄙ', "s"),
];

/// Finals in zhuyin, and in pinyin after an initial and without one.
const FINALS: [(&str, &str, &str); 36] = [
    ("", "i", ""),
    ("ㄚ", "a", "a"),
    ("ㄛ", "o", "o"),
    ("ㄜ", "e", "e"),
    ("ㄝ", "e", "e"),
    ("ㄞ", "ai", "ai"),
    ("ㄟ", "ei", "ei"),
    ("ㄠ", "ao", "ao"),
    ("ㄡ", "ou", "ou"),
    ("ㄢ", "an", "an"),
    ("ㄣ", "en", "en"),
    ("ㄤ", "ang", "ang"),
    ("ㄥ", "eng", "eng"),
    ("ㄦ", "er", "er"),
    ("ㄧ", "i", "yi"),
    ("ㄧㄚ", "ia", "ya"),
    ("ㄧㄛ", "io", "yo"),
    ("ㄧㄝ", "ie", "ye"),
    ("ㄧㄠ", "iao", "yao"),
    ("ㄧㄡ", "iu", "you"),
    ("ㄧㄢ", "ian", "yan"),
    ("ㄧㄣ", "in", "yin"),
    ("ㄧㄤ", "iang", "yang"),
    ("ㄧㄥ", "ing", "ying"),
    ("ㄨ", "u", "wu"),
    ("ㄨㄚ", "ua", "wa"),
    ("ㄨㄛ", "uo", "wo"),
    ("ㄨㄞ", "uai", "wai"),
    ("ㄨㄟ", "ui", "wei"),
    ("ㄨㄢ", "uan", "wan"),
    ("ㄨㄣ", "un", "wen"),
    ("ㄨㄤ", "uang", "wang"),
    ("ㄨㄥ", "ong", "weng"),
    ("ㄩ", "v", "yu"),
    ("ㄩㄝ", "ve", "yue"),
    ("ㄩㄢ", "van", "yuan"),
];

/// The finals with ㄩ that are spelt otherwise than [`FINALS`] would have it.
const ROUND: [(&str, &str, &str); 2] = [("ㄩㄣ", "vn", "yun"), ("ㄩㄥ", "iong", "yong")];

/// A letter or tone mark of zhuyin.
pub(super) fn is_zhuyin(c: char) -> bool {
    matches!(c, 'ㄅ'..='ㄩ' | 'ˊ' | 'ˇ' | 'ˋ' | '˙' | 'ˉ')
}

/// The syllable of letters and a number, `shi2`.
pub(super) fn numbered(text: &str) -> Option<&'static str> {
    let last = text.chars().next_back()?;
    let letters = &text[..text.len() - last.len_utf8()];
    let tone = if last == '0' { '5' } else { last };
    if !tone.is_ascii_digit() || !letters.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    find(letters.chars().map(|c| if c == 'ü' { 'v' } else { c }), tone)
}

/// Whether a text is a syllable with the mark of its tone, as some character is read.
pub(in crate::repair) fn is_toned_syllable(text: &str) -> bool {
    let tone = text.chars().find_map(syllable::tone).and_then(|t| char::from_digit(t.into(), 10));
    tone.is_some_and(|tone| find(syllable::bare(text), tone) == Some(text))
}

/// The syllable of zhuyin; `None` where it is none.
pub(super) fn zhuyin(text: &str) -> Option<&'static str> {
    if text.len() > MOST_ZHUYIN {
        return None;
    }
    let tones = [('ˉ', '1'), ('ˊ', '2'), ('ˇ', '3'), ('ˋ', '4'), ('˙', '5')];
    let marked = tones.iter().find_map(|&(mark, tone)| {
        let letters = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark))?;
        Some((letters, tone))
    });
    let (letters, tone) = marked.unwrap_or((text, '1'));
    let initial = INITIALS.iter().find(|i| letters.starts_with(i.0));
    let rest = initial.map_or(letters, |i| &letters[i.0.len_utf8()..]);
    let finals = || FINALS.iter().chain(&ROUND);
    let &(_, after, alone) = finals().find(|f| f.0 == rest)?;
    let spelt = match initial {
        None => alone.to_owned(),
        // `ü` is written `u` where it cannot be anything else.
        Some((_, i @ ("j" | "q" | "x"))) => format!("{i}{}", after.replace('v', "u")),
        Some((_, i @ ("b" | "p" | "m" | "f"))) if after == "uo" => format!("{i}o"),
        Some((_, i)) => format!("{i}{after}"),
    };
    find(spelt.chars(), tone)
}

fn find(letters: impl Iterator<Item = char>, tone: char) -> Option<&'static str> {
    let key: String = letters.chain([tone]).collect();
    SYLLABLES.get(&key).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_zhuyin_give_the_syllable() {
        let numbers =
            [("shi2", "shí"), ("lv4", "lǜ"), ("lü4", "lǜ"), ("de5", "de"), ("xian4", "xiàn")];
        for (text, reading) in numbers {
            assert_eq!(numbered(text), Some(reading), "{text}");
        }
        let letters = [
            ("ㄕˊ", "shí"),
            ("ㄏㄢˋ", "hàn"),
            ("ㄒㄩㄝˊ", "xué"),
            ("ㄨㄛˇ", "wǒ"),
            ("˙ㄉㄜ", "de"),
            ("ㄐㄩㄣ", "jūn"),
            ("ㄩㄥˋ", "yòng"),
            ("ㄅㄛ", "bō"),
            ("ㄌㄩˋ", "lǜ"),
            ("ㄓㄨㄥ", "zhōng"),
            ("ㄧˊ", "yí"),
        ];
        for (text, reading) in letters {
            assert_eq!(zhuyin(text), Some(reading), "{text}");
        }
        for no in ["", "ㄅㄅ", "ˊ", "shi", "shi7", "f1", "ㄕㄕˊ"] {
            assert_eq!(numbered(no).or(zhuyin(no)), None, "{no}");
        }
    }

    /// Nearly every syllable of the table can be spelt in zhuyin and is found again.
    #[test]
    fn every_final_is_some_syllable() {
        for (letters, _, alone) in FINALS.iter().chain(&ROUND).filter(|f| !f.0.is_empty()) {
            let found = ["", "ˊ", "ˇ", "ˋ", "˙"].iter().any(|t| {
                zhuyin(&format!("{letters}{t}")).is_some()
                    || zhuyin(&format!("ㄉ{letters}{t}")).is_some()
            });
            assert!(found, "{letters} {alone}");
        }
    }
}
