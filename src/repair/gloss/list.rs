//! The annotators' list, and the readings of all other characters.

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

/// The first ideograph of the tables, and how many there are from it on.
const FIRST: u32 = 0x4E00;
const IDEOGRAPHS: usize = 0x9FFF - 0x4E00 + 1;

/// By character: one more than its place in the list.
static BY_CHARACTER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut places = vec![0; IDEOGRAPHS];
    for (place, listed) in LIST.iter().enumerate() {
        if let Some(at) = place_of(listed.character) {
            places[at] = place as u8 + 1;
        }
    }
    places
});

/// By character: its readings.
static READINGS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut readings = vec![""; IDEOGRAPHS];
    for (character, row) in rows(include_str!("../../../data/gloss/readings.tsv")) {
        if let Some(at) = place_of(character) {
            readings[at] = row;
        }
    }
    readings
});

fn place_of(character: char) -> Option<usize> {
    u32::from(character).checked_sub(FIRST).map(|at| at as usize).filter(|&at| at < IDEOGRAPHS)
}

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
    READINGS.iter().flat_map(|r| r.split(',')).filter(|r| !r.is_empty())
}

/// The whole list.
pub(super) fn all() -> &'static [Listed] {
    &LIST
}

/// What the list says of a character.
pub(super) fn of(character: char) -> Option<Listed> {
    let place = BY_CHARACTER[place_of(character)?];
    LIST.get(usize::from(place).checked_sub(1)?).copied()
}

/// Whether the list gives `character` this reading.
pub(super) fn has(character: char, reading: &str) -> bool {
    of(character).is_some_and(|l| l.reading == reading)
}

/// Whether `character` can be read so, by the table of readings. A reading without a tone agrees
/// with any tone.
pub(super) fn agrees(character: char, reading: &str, toned: bool) -> bool {
    let Some(readings) = place_of(character).map(|at| READINGS[at]) else { return false };
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
