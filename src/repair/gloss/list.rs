//! The annotators' list, and the readings of all other characters.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{gbk, syllable};

/// A character that pages gloss, and the one reading that they give it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    /// The character.
    pub(super) character: char,
    /// Its reading, with the tone.
    pub(super) reading: &'static str,
    /// Its bytes in GBK.
    pub(super) pair: [u8; 2],
    /// Its place in the order of the list; 0 where it is not known.
    pub(super) tier: u8,
}

static LIST: LazyLock<Vec<Listed>> = LazyLock::new(|| {
    rows(include_str!("../../../data/gloss/gloss-list.tsv"))
        .filter_map(|(character, rest)| {
            let pair = gbk::encode(character)?;
            let mut columns = rest.split('\t');
            let (reading, tier) = (columns.next()?, columns.next()?.parse().ok()?);
            Some(Listed { character, reading, pair, tier })
        })
        .collect()
});

static BY_CHARACTER: LazyLock<HashMap<char, Listed>> =
    LazyLock::new(|| LIST.iter().map(|l| (l.character, *l)).collect());

static READINGS: LazyLock<HashMap<char, &'static str>> =
    LazyLock::new(|| rows(include_str!("../../../data/gloss/readings.tsv")).collect());

fn rows(table: &'static str) -> impl Iterator<Item = (char, &'static str)> {
    table.lines().filter(|l| !l.starts_with('#')).filter_map(|line| {
        let (key, rest) = line.split_once('\t')?;
        let mut chars = key.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Some((c, rest)),
            _ => None,
        }
    })
}

/// All readings of all characters.
pub(super) fn readings() -> impl Iterator<Item = &'static str> {
    READINGS.values().flat_map(|r| r.split(','))
}

/// The whole list.
pub(super) fn all() -> &'static [Listed] {
    &LIST
}

/// What the list says of a character.
pub(super) fn of(character: char) -> Option<Listed> {
    BY_CHARACTER.get(&character).copied()
}

/// Whether the list gives `character` this reading.
pub(super) fn has(character: char, reading: &str) -> bool {
    of(character).is_some_and(|l| l.reading == reading)
}

/// Whether `character` can be read so, by the table of readings. A reading without a tone agrees
/// with any tone.
pub(super) fn agrees(character: char, reading: &str, toned: bool) -> bool {
    let Some(readings) = READINGS.get(&character) else { return false };
    readings
        .split(',')
        .any(|r| if toned { r == reading } else { syllable::bare(r).eq(syllable::bare(reading)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_outside_gb2312() {
        assert_eq!(all().len(), 144);
        for l in all() {
            assert!(!gbk::in_gb2312(l.character), "{}", l.character);
            let inside = format!("{})", l.reading);
            assert!(syllable::closed(&inside).is_some_and(|s| s.toned), "{inside}");
            assert!(agrees(l.character, l.reading, true), "{} {}", l.character, l.reading);
        }
    }

    #[test]
    fn readings_agree_with_and_without_tone() {
        assert!(agrees('行', "háng", true) && agrees('行', "xing", false));
        assert!(!agrees('行', "hāng", true) && !agrees('行', "hong", false));
        assert!(agrees('綠', "lv", false));
        assert!(!agrees('a', "a", false));
    }
}
