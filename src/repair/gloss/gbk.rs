//! The double-byte half of GB18030 as tables in both directions: the level at which the damage
//! was done and at which it is undone.

use std::sync::LazyLock;

use encoding_rs::GB18030;

use crate::decode::pairs::characters;

/// Lead bytes run from here to [`LAST_LEAD`].
pub(super) const FIRST_LEAD: u8 = 0x81;
/// See [`FIRST_LEAD`].
pub(super) const LAST_LEAD: u8 = 0xFE;

const ROW: usize = 0x100 - 0x40;

/// Code points that other decoders, or other editions of GB18030, give for a pair: those of the
/// edition of 2000 (Python's), and the six that lie outside the basic plane.
const ALIASES: [(u32, u16); 35] = [
    (0xE5E5, 0xA3A0),
    (0xE78D, 0xA6D9),
    (0xE78E, 0xA6DA),
    (0xE78F, 0xA6DB),
    (0xE790, 0xA6DC),
    (0xE791, 0xA6DD),
    (0xE792, 0xA6DE),
    (0xE793, 0xA6DF),
    (0xE794, 0xA6EC),
    (0xE795, 0xA6ED),
    (0xE796, 0xA6F3),
    (0xE7C7, 0xA8BC),
    (0x1E3F, 0xA8BC),
    (0xE816, 0xFE51),
    (0xE817, 0xFE52),
    (0xE818, 0xFE53),
    (0xE831, 0xFE6C),
    (0xE83B, 0xFE76),
    (0xE855, 0xFE91),
    (0xE81E, 0xFE59),
    (0xE826, 0xFE61),
    (0xE82B, 0xFE66),
    (0xE82C, 0xFE67),
    (0xE832, 0xFE6D),
    (0xE843, 0xFE7E),
    (0xE854, 0xFE90),
    (0xE864, 0xFEA0),
    (0x9FB4, 0xFE59),
    (0x9FB5, 0xFE61),
    (0x9FB6, 0xFE66),
    (0x9FB7, 0xFE67),
    (0x9FB8, 0xFE6D),
    (0x9FB9, 0xFE7E),
    (0x9FBA, 0xFE90),
    (0x9FBB, 0xFEA0),
];

/// Characters outside the basic plane and their pairs.
const ASTRAL: [(char, u16); 6] = [
    ('\u{20087}', 0xFE51),
    ('\u{20089}', 0xFE52),
    ('\u{200CC}', 0xFE53),
    ('\u{215D7}', 0xFE6C),
    ('\u{2298F}', 0xFE76),
    ('\u{241FE}', 0xFE91),
];

/// The second pair that browsers' tables read as the ideographic space.
pub(super) const SECOND_BLANK: [u8; 2] = [0xA3, 0xA0];

struct Tables {
    /// By lead and trail.
    chars: Vec<u16>,
    /// By code point of the basic plane; 0 where there is no pair.
    pairs: Vec<u16>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut chars = vec![0; (LAST_LEAD - FIRST_LEAD + 1) as usize * ROW];
    let mut pairs = vec![0; 0x1_0000];
    characters(GB18030, |bytes, c| {
        if let Ok(code) = u16::try_from(u32::from(c)) {
            chars[place(bytes[0], bytes[1])] = code;
            // A3A0 gives the ideographic space a second time: A1A1 stays.
            if pairs[usize::from(code)] == 0 {
                pairs[usize::from(code)] = u16::from_be_bytes(bytes);
            }
        }
    });
    for (code, pair) in ALIASES {
        if pairs[code as usize] == 0 {
            pairs[code as usize] = pair;
        }
    }
    Tables { chars, pairs }
});

fn place(lead: u8, trail: u8) -> usize {
    usize::from(lead - FIRST_LEAD) * ROW + usize::from(trail - 0x40)
}

/// Whether `byte` can begin a pair.
pub(super) fn is_lead(byte: u8) -> bool {
    (FIRST_LEAD..=LAST_LEAD).contains(&byte)
}

/// Whether `byte` can end a pair.
pub(super) fn is_trail(byte: u8) -> bool {
    (0x40..=0xFE).contains(&byte) && byte != 0x7F
}

/// The character of a pair. Pairs that GBK does not assign give private-use characters.
pub(super) fn decode(lead: u8, trail: u8) -> Option<char> {
    if !is_lead(lead) || !is_trail(trail) {
        return None;
    }
    match TABLES.chars[place(lead, trail)] {
        0 => None,
        code => char::from_u32(u32::from(code)),
    }
}

/// The pair of a character.
pub(super) fn encode(c: char) -> Option<[u8; 2]> {
    match u16::try_from(u32::from(c)) {
        Ok(code) => match TABLES.pairs[usize::from(code)] {
            0 => None,
            pair => Some(pair.to_be_bytes()),
        },
        Err(_) => ASTRAL.iter().find(|a| a.0 == c).map(|a| a.1.to_be_bytes()),
    }
}

/// The bytes that Python's `gbk` codec can have lost before `next`, with which it refuses them as pairs; before nothing all.
pub(super) fn refused_before(next: Option<u8>) -> &'static [u8] {
    static REFUSED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let before = |next| (0x80..=0xFE).filter(|first| python_refuses(*first, next)).collect();
        let all = (0x80..=0xFE).collect();
        (0..=0xFF).map(before).chain([all]).collect()
    });
    &REFUSED[next.map_or(0x100, usize::from)]
}

/// Whether Python's `gbk` codec refuses the pair: what GB18030 alone assigns, or nobody.
pub(in crate::repair) fn python_refuses(first: u8, second: u8) -> bool {
    let Some(c) = decode(first, second) else { return true };
    let pair = u16::from_be_bytes([first, second]);
    matches!(c, '\u{E000}'..='\u{F8FF}')
        || matches!(pair, 0xA2E3 | 0xA8BC | 0xA8BF | 0xA989..=0xA995 | 0xFE50..=0xFEFE)
        || matches!(pair, 0xA6D9..=0xA6DF | 0xA6EC | 0xA6ED | 0xA6F3)
}

/// Whether a character belongs to GB2312's Han characters: what simplified text is written in.
pub(super) fn in_gb2312(c: char) -> bool {
    encode(c).is_some_and(|[lead, trail]| (0xB0..=0xF7).contains(&lead) && trail >= 0xA1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_go_both_ways() {
        for lead in FIRST_LEAD..=LAST_LEAD {
            for trail in (0x40..=0xFE).filter(|&t| is_trail(t)) {
                let c = decode(lead, trail).expect("every pair has a character");
                if [lead, trail] != SECOND_BLANK {
                    assert_eq!(encode(c), Some([lead, trail]), "{lead:02X}{trail:02X} {c}");
                }
            }
        }
        assert_eq!(encode('驅'), Some([0xF2, 0x8C]));
        assert_eq!(encode('a'), None);
        assert_eq!(encode('\u{20087}'), Some([0xFE, 0x51]));
    }

    #[test]
    fn gb2312_is_the_simplified_set() {
        assert!(in_gb2312('实') && in_gb2312('中'));
        assert!(!in_gb2312('實') && !in_gb2312('，') && !in_gb2312('a'));
    }
}
