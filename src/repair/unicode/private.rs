//! Private-use characters of old mappings.
//!
//! Before Unicode had all characters of GBK and of the Hong Kong supplement, decoders put the rest
//! into the private-use area, each by a rule from the bytes. The rule is inverted here, and the
//! bytes are decoded as they are today. Sources: GB 18030-2000 and -2005, appendix on the private
//! use area; Microsoft's end-user-defined ranges of code page 950.

use super::around::is_han;

/// The six that WHATWG's GB18030 leaves in the private-use area (FE51 FE52 FE53 FE6C FE76 FE91),
/// with the characters of GB 18030-2022.
const LEFT: [(char, char); 6] = [
    ('\u{E816}', '\u{20087}'),
    ('\u{E817}', '\u{20089}'),
    ('\u{E818}', '\u{200CC}'),
    ('\u{E831}', '\u{215D7}'),
    ('\u{E83B}', '\u{2298F}'),
    ('\u{E855}', '\u{241FE}'),
];

/// What a private-use character of old GBK decoders stands for.
pub(super) fn gbk(c: char) -> Option<char> {
    if let Some(&(_, mapped)) = LEFT.iter().find(|(private, _)| *private == c) {
        return Some(mapped);
    }
    match c {
        // FE50 to FEA0, without FE7F.
        '\u{E815}'..='\u{E864}' => {
            let index = c as u32 - 0xE815;
            let trail = 0x50 + index + u32::from(index >= 0x2F);
            decode(encoding_rs::GB18030, [0xFE, trail as u8])
        }
        // The vertical forms of A6D9 to A6F5.
        '\u{E78D}'..='\u{E796}' => {
            const VERTICAL: [char; 10] =
                ['︐', '︒', '︑', '︓', '︔', '︕', '︖', '︗', '︘', '︙'];
            VERTICAL.get(c as usize - 0xE78D).copied()
        }
        '\u{E7C7}' => Some('ḿ'),
        _ => None,
    }
}

/// What a private-use character of old Big5 decoders stands for in the Hong Kong supplement.
pub(super) fn hkscs(c: char) -> Option<char> {
    // Where each range starts, with its first lead byte. A lead byte has 157 characters.
    const RANGES: [(u32, u32, u32); 3] =
        [(0xE000, 0xE310, 0xFA), (0xE311, 0xEEB7, 0x8E), (0xEEB8, 0xF6B0, 0x81)];
    let point = c as u32;
    let &(start, _, lead) = RANGES.iter().find(|r| (r.0..=r.1).contains(&point))?;
    let index = point - start;
    let (row, column) = (index / 157, index % 157);
    let trail = if column < 63 { 0x40 + column } else { 0xA1 + column - 63 };
    decode(encoding_rs::BIG5, [(lead + row) as u8, trail as u8]).filter(|&c| is_han(c))
}

fn decode(encoding: &'static encoding_rs::Encoding, pair: [u8; 2]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(&pair)?;
    let mut chars = text.chars();
    let c = chars.next().filter(|_| chars.next().is_none())?;
    (!matches!(c, '\u{E000}'..='\u{F8FF}')).then_some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points() {
        for (private, want) in [
            ('\u{E815}', '⺁'),
            ('\u{E816}', '𠂇'),
            ('\u{E81A}', '㑳'),
            ('\u{E81E}', '龴'),
            ('\u{E843}', '龹'),
            ('\u{E844}', '䜣'),
            ('\u{E864}', '龻'),
            ('\u{E7C7}', 'ḿ'),
        ] {
            assert_eq!(gbk(private), Some(want), "{:X}", private as u32);
        }
        let all: Vec<char> = ('\u{E815}'..='\u{E864}').filter_map(gbk).collect();
        assert_eq!(all.len(), 80, "every one of the eighty has its character");
        let mut known = 0;
        for point in 0xE000..=0xF848u32 {
            if let Some(c) = char::from_u32(point).and_then(hkscs) {
                assert!(is_han(c));
                known += 1;
            }
        }
        assert!(known > 4000, "{known} characters of the supplement");
    }
}
