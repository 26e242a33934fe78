//! The tables of CNS 11643 (for EUC-TW and ISO-2022-CN) and of Big5-UAO. Their format and making:
//! `data/tables/make_taiwan.py`.

use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs as rs;

const CNS: &[u8] = include_bytes!("../../data/compiled/euc-tw.bin");
const UAO: &[u8] = include_bytes!("../../data/compiled/big5-uao.bin");
/// Rows, and cells in a row, of a plane.
const SIDE: usize = 94;
const PLANE: usize = SIDE * SIDE;
/// The planes that the table has, in its order.
pub(crate) const PLANES: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 15];

/// The character of CNS 11643 at `row` and `cell`, from 0x21 each (0xA1 is the same).
pub(crate) fn cns(plane: u8, row: u8, cell: u8) -> Option<char> {
    let plane = PLANES.iter().position(|p| *p == plane)?;
    let side = |b: u8| usize::from((b & 0x7F).wrapping_sub(0x21));
    let (row, cell) = (side(row), side(cell));
    if row >= SIDE || cell >= SIDE {
        return None;
    }
    let at = row * SIDE + cell;
    let unit =
        CNS.get((plane * PLANE + at) * 2..)?.first_chunk().map(|b| u16::from_le_bytes(*b))?;
    let bits = PLANES.len() * PLANE * 2 + plane * PLANE.div_ceil(8);
    let far = CNS.get(bits + at / 8)? >> (at % 8) & 1;
    let code = u32::from(far) << 17 | u32::from(unit);
    char::from_u32(code).filter(|c| *c != '\0')
}

/// The plane, row and cell (from 0x21) of a character of CNS 11643.
pub(crate) fn cns_code(c: char) -> Option<(u8, u8, u8)> {
    static CODES: OnceLock<HashMap<char, (u8, u8, u8)>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let mut codes = HashMap::new();
        for plane in PLANES {
            for row in 0x21..=0x7E {
                for cell in 0x21..=0x7E {
                    if let Some(c) = cns(plane, row, cell) {
                        // The lowest plane first: that is the code in use.
                        codes.entry(c).or_insert((plane, row, cell));
                    }
                }
            }
        }
        codes
    });
    codes.get(&c).copied()
}

/// The character of two bytes of Big5-UAO.
pub(crate) fn uao(lead: u8, trail: u8) -> Option<char> {
    let column = match trail {
        0x40..=0x7E => usize::from(trail) - 0x40,
        0xA1..=0xFE => usize::from(trail) - 0xA1 + 63,
        _ => return None,
    };
    let at = usize::from(lead.checked_sub(0x81)?) * 157 + column;
    let unit = UAO.get(at * 2..)?.first_chunk().map(|b| u16::from_le_bytes(*b))?;
    char::from_u32(u32::from(unit)).filter(|c| *c != '\0')
}

/// The two bytes of a character of Big5-UAO.
pub(crate) fn uao_code(c: char) -> Option<[u8; 2]> {
    static CODES: OnceLock<HashMap<char, [u8; 2]>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let mut codes = HashMap::new();
        for lead in 0x81..=0xFE {
            for trail in 0x40..=0xFE {
                let Some(c) = uao(lead, trail) else { continue };
                let code = [lead, trail];
                // Of several codes, the one that plain Big5 has.
                let (plain, bad) = rs::BIG5.decode_without_bom_handling(&code);
                if !bad && plain.chars().eq([c]) && lead >= 0xA1 {
                    codes.insert(c, code);
                } else {
                    codes.entry(c).or_insert(code);
                }
            }
        }
        codes
    });
    codes.get(&c).copied()
}

/// The character of GB 2312 at `row` and `cell`, from 0x21 each (0xA1 is the same).
pub(crate) fn gb2312(row: u8, cell: u8) -> Option<char> {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = vec!['\0'; PLANE];
        for row in 0..SIDE {
            for cell in 0..SIDE {
                let code = [row as u8 + 0xA1, cell as u8 + 0xA1];
                if is_later(code) {
                    continue;
                }
                let (text, bad) = rs::GBK.decode_without_bom_handling(&code);
                let private = |c: &char| ('\u{E000}'..'\u{F900}').contains(c);
                if let (Some(c), false) = (text.chars().next().filter(|c| !private(c)), bad) {
                    table[row * SIDE + cell] = c;
                }
            }
        }
        table
    });
    let side = |b: u8| usize::from((b & 0x7F).wrapping_sub(0x21));
    let (row, cell) = (side(row), side(cell));
    let found = (row < SIDE && cell < SIDE).then(|| table[row * SIDE + cell])?;
    (found != '\0').then_some(found)
}

/// Whether GBK has put a character where GB 2312 has none.
fn is_later(code: [u8; 2]) -> bool {
    match code {
        [0xA2, cell] => cell <= 0xB0 || cell == 0xE3,
        [0xA6, cell] => cell > 0xD8,
        [0xA8, cell] => matches!(cell, 0xBB..=0xC4 | 0xEA..),
        [row, _] => matches!(row, 0xAA..=0xAF | 0xF8..),
    }
}

/// The row and cell (from 0x21) of a character of GB 2312.
pub(crate) fn gb2312_code(c: char) -> Option<(u8, u8)> {
    static CODES: OnceLock<HashMap<char, (u8, u8)>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let all = (0x21..=0x77u8).flat_map(|row| (0x21..=0x7Eu8).map(move |cell| (row, cell)));
        all.filter_map(|(row, cell)| Some((gb2312(row, cell)?, (row, cell)))).collect()
    });
    codes.get(&c).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_known_by_heart() {
        assert_eq!(cns(1, 0x44, 0x21), Some('一'));
        assert_eq!(cns(2, 0x21, 0x21), Some('乂'));
        assert_eq!(cns(9, 0x21, 0x21), None);
        assert_eq!(cns(1, 0x20, 0x21), None);
        assert_eq!(uao(0xA4, 0x40), Some('一'));
        assert_eq!(gb2312(0x30, 0x21), Some('啊'));
        assert_eq!(gb2312_code('啊'), Some((0x30, 0x21)));
        assert_eq!(cns_code('一'), Some((1, 0x44, 0x21)));
        assert_eq!(uao_code('一'), Some([0xA4, 0x40]));
    }
}
