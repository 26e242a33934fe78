//! The encodings between which text goes wrong, as tables in both directions.
//!
//! A text is *written* in one and *read* in another. Reading backwards needs the byte or bytes of
//! each character; writing again needs the character of each byte sequence. The tables are those
//! of the WHATWG decoders, as encoding_rs has them, and code page 437. Where other decoders
//! differ it is in what they leave out: Python's `cp1252` has no 81, 8D, 8F, 90, 9D (browsers make C1
//! controls of them), its `gbk` has no 80 (browsers read €) and none of the user-defined pairs
//! (browsers give private-use characters). The tables hold the larger set; what a decoder may
//! have lost is [`CodePage::may_lose`].

use std::sync::LazyLock;

use encoding_rs::Encoding;

use crate::decode::pairs::characters;
use crate::repair::gloss::gbk::python_refuses;

/// An encoding that text was read as, or that it was written in, other than Unicode's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum CodePage {
    /// ISO 8859-1 and windows-1252 as browsers have it: the C1 controls are taken for their bytes.
    Latin,
    Windows1250,
    Windows1251,
    Cp437,
    Macintosh,
    Gbk,
    Big5,
    EucKr,
    EucJp,
    ShiftJis,
    /// UTF-16, its code units as two bytes, the higher first.
    Utf16,
}

/// Both directions of one code page.
pub(super) struct Table {
    /// By code point: a byte, a pair (lead byte high), or 0. Of the BMP; of Big5 as far as the Han of Hong Kong beyond it.
    bytes: Vec<u16>,
    /// By pair, `lead << 8 | trail`, the character, or 0. By single byte below 0x100.
    chars: Vec<u32>,
    /// Further pairs of characters that have several, in order.
    further: Vec<(u32, u16)>,
    /// Pairs that are no character and whose trail is not ASCII, by lead byte.
    lost: Vec<(u8, Vec<u8>)>,
}

impl Table {
    /// The byte, or the pair with its lead byte high, that is read as `c`.
    pub(super) fn unit(&self, c: char) -> Option<u16> {
        self.bytes.get(c as usize).copied().filter(|&u| u != 0)
    }

    /// All bytes and pairs that are read as `c`: Shift_JIS has two for some.
    pub(super) fn units(&self, c: char) -> impl Iterator<Item = u16> + '_ {
        let code = c as u32;
        let from = self.further.partition_point(|&(other, _)| other < code);
        let further = self.further[from..].iter().take_while(move |f| f.0 == code);
        self.unit(c).into_iter().chain(further.map(|&(_, unit)| unit))
    }

    /// The character that a byte (below 0x100) or a pair is read as.
    pub(super) fn char(&self, unit: u16) -> Option<char> {
        self.chars.get(usize::from(unit)).copied().filter(|&c| c != 0).and_then(char::from_u32)
    }
}

impl CodePage {
    /// Those of one byte a character.
    pub(super) const SINGLE: [CodePage; 5] = [
        CodePage::Latin,
        CodePage::Windows1250,
        CodePage::Windows1251,
        CodePage::Cp437,
        CodePage::Macintosh,
    ];

    /// The name in rules and reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            CodePage::Latin => "windows-1252",
            CodePage::Windows1250 => "windows-1250",
            CodePage::Windows1251 => "windows-1251",
            CodePage::Cp437 => "cp437",
            CodePage::Macintosh => "macintosh",
            CodePage::Gbk => "gbk",
            CodePage::Big5 => "big5",
            CodePage::EucKr => "euc-kr",
            CodePage::EucJp => "euc-jp",
            CodePage::ShiftJis => "shift_jis",
            CodePage::Utf16 => "utf-16",
        }
    }

    /// Whether a character is one byte.
    pub(super) fn is_single(self) -> bool {
        CodePage::SINGLE.contains(&self)
    }

    /// The pairs for which a decoder as browsers have it puts one U+FFFD, by lead byte.
    pub(super) fn lost_pairs(self) -> &'static [(u8, Vec<u8>)] {
        &self.table().lost
    }

    /// The tables; built at the first use, which is when damage was found.
    pub(super) fn table(self) -> &'static Table {
        static TABLES: [LazyLock<Table>; 11] = [
            LazyLock::new(|| build(CodePage::Latin)),
            LazyLock::new(|| build(CodePage::Windows1250)),
            LazyLock::new(|| build(CodePage::Windows1251)),
            LazyLock::new(|| build(CodePage::Cp437)),
            LazyLock::new(|| build(CodePage::Macintosh)),
            LazyLock::new(|| build(CodePage::Gbk)),
            LazyLock::new(|| build(CodePage::Big5)),
            LazyLock::new(|| build(CodePage::EucKr)),
            LazyLock::new(|| build(CodePage::EucJp)),
            LazyLock::new(|| build(CodePage::ShiftJis)),
            LazyLock::new(|| build(CodePage::Utf16)),
        ];
        &TABLES[self as usize]
    }

    /// The bytes that begin a pair.
    fn leads(self) -> impl Iterator<Item = u8> {
        (0x81..=0xFE).filter(move |lead| match self {
            CodePage::ShiftJis => !matches!(lead, 0xA0..=0xDF | 0xFD..),
            CodePage::EucJp => *lead >= 0xA1,
            _ => true,
        })
    }

    fn encoding(self) -> Option<&'static Encoding> {
        Some(match self {
            CodePage::Latin => encoding_rs::WINDOWS_1252,
            CodePage::Windows1250 => encoding_rs::WINDOWS_1250,
            CodePage::Windows1251 => encoding_rs::WINDOWS_1251,
            CodePage::Macintosh => encoding_rs::MACINTOSH,
            CodePage::Gbk => encoding_rs::GB18030,
            CodePage::Big5 => encoding_rs::BIG5,
            CodePage::EucKr => encoding_rs::EUC_KR,
            CodePage::EucJp => encoding_rs::EUC_JP,
            CodePage::ShiftJis => encoding_rs::SHIFT_JIS,
            CodePage::Cp437 | CodePage::Utf16 => return None,
        })
    }

    /// Whether a decoder of this code page can have lost the byte `lost`, when the byte after it
    /// was `next` (none at the end of the text).
    pub(super) fn may_lose(self, lost: u8, next: Option<u8>) -> bool {
        match self {
            // What the strict tables leave undefined.
            CodePage::Latin => matches!(lost, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D),
            CodePage::Windows1250 => matches!(lost, 0x81 | 0x83 | 0x88 | 0x90 | 0x98),
            CodePage::Windows1251 => lost == 0x98,
            CodePage::Cp437 | CodePage::Macintosh | CodePage::Utf16 => false,
            _ => {
                if lost < 0x80 {
                    return false;
                }
                let Some(next) = next else { return true };
                let pair = u16::from(lost) << 8 | u16::from(next);
                match self.table().char(pair) {
                    // A pair that reads as something is not lost; as what strict decoders do not have, it is
                    // by them: private use, and € of GBK.
                    Some('\u{E000}'..='\u{F8FF}') | None => true,
                    Some(_) => self == CodePage::Gbk && python_refuses(lost, next),
                }
            }
        }
    }
}

/// A table of `page`: all single bytes and all pairs, through the decoder.
fn build(page: CodePage) -> Table {
    let codes = if page == CodePage::Big5 { 0x3_0000 } else { 0x1_0000 };
    let (bytes, chars) = (vec![0; codes], vec![0; 0x1_0000]);
    let mut table = Table { bytes, chars, further: Vec::new(), lost: Vec::new() };
    let mut put = |unit: u16, c: char| {
        table.chars[usize::from(unit)] = c as u32;
        match table.bytes.get_mut(c as usize) {
            Some(slot) if *slot == 0 => *slot = unit,
            // Text has the pair that encoders write: not that of the Hong Kong supplement.
            Some(slot) if page == CodePage::Big5 && (0x100..0xA100).contains(slot) => {
                table.further.push((c as u32, std::mem::replace(slot, unit)));
            }
            Some(_) => table.further.push((c as u32, unit)),
            None => {}
        }
    };
    match page.encoding() {
        // Its characters are their own bytes.
        None if page == CodePage::Utf16 => return table,
        None => {
            for (i, c) in CP437.chars().enumerate() {
                put(0x80 + i as u16, c);
            }
        }
        Some(encoding) => {
            let one = |bytes: &[u8]| -> Option<char> {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
                let mut chars = text.chars();
                let c = chars.next()?;
                chars.next().is_none().then_some(c)
            };
            for byte in 0x80..=0xFFu8 {
                if let Some(c) = one(&[byte]) {
                    put(u16::from(byte), c);
                }
            }
            if !page.is_single() {
                characters(encoding, |two, c| put(u16::from_be_bytes(two), c));
            }
        }
    }
    table.further.sort_unstable();
    if !page.is_single() {
        for lead in page.leads() {
            let is_lost =
                |&trail: &u8| table.char(u16::from(lead) << 8 | u16::from(trail)).is_none();
            let trails: Vec<u8> = (0x80..=0xFE).filter(is_lost).collect();
            if !trails.is_empty() {
                table.lost.push((lead, trails));
            }
        }
    }
    // The same bytes in other decoders.
    let aliases: &[(char, u16)] = match page {
        // Code page 936 of Windows; Python's gb2312; the standard of 2022.
        CodePage::Gbk => &[
            ('\u{80}', 0x80),
            ('€', 0x80),
            ('\u{F8F5}', 0xFF),
            ('\u{30FB}', 0xA1A4),
            ('\u{2015}', 0xA1AA),
            ('\u{E78D}', 0xA6D9),
            ('\u{E78E}', 0xA6DA),
            ('\u{E78F}', 0xA6DB),
            ('\u{E790}', 0xA6DC),
            ('\u{E791}', 0xA6DD),
            ('\u{E792}', 0xA6DE),
            ('\u{E793}', 0xA6DF),
            ('\u{E794}', 0xA6EC),
            ('\u{E795}', 0xA6ED),
            ('\u{E796}', 0xA6F3),
            ('\u{FE10}', 0xA6D9),
            ('\u{FE12}', 0xA6DA),
            ('\u{FE11}', 0xA6DB),
            ('\u{FE13}', 0xA6DC),
            ('\u{FE14}', 0xA6DD),
            ('\u{FE15}', 0xA6DE),
            ('\u{FE16}', 0xA6DF),
            ('\u{FE17}', 0xA6EC),
            ('\u{FE18}', 0xA6ED),
            ('\u{FE19}', 0xA6F3),
            ('\u{1E3F}', 0xA8BC),
            ('\u{E7C7}', 0xA8BC),
            ('\u{9FB4}', 0xFE59),
            ('\u{9FB5}', 0xFE61),
            ('\u{9FB6}', 0xFE66),
            ('\u{9FB7}', 0xFE67),
            ('\u{9FB8}', 0xFE6D),
            ('\u{9FB9}', 0xFE7E),
            ('\u{9FBA}', 0xFE90),
            ('\u{9FBB}', 0xFEA0),
            ('\u{E81E}', 0xFE59),
            ('\u{E826}', 0xFE61),
            ('\u{E82B}', 0xFE66),
            ('\u{E82C}', 0xFE67),
            ('\u{E832}', 0xFE6D),
            ('\u{E843}', 0xFE7E),
            ('\u{E854}', 0xFE90),
            ('\u{E864}', 0xFEA0),
        ],
        CodePage::Cp437 => &[('β', 0xE1), ('μ', 0xE6), ('Ω', 0xEA), ('€', 0xDB)],
        CodePage::Macintosh => &[('¤', 0xDB), ('Ω', 0xBD), ('∆', 0xC6)],
        _ => &[],
    };
    for &(c, unit) in aliases {
        let slot = &mut table.bytes[c as usize];
        if *slot == 0 {
            *slot = unit;
        }
    }
    if page == CodePage::Latin {
        for c in 0x80..=0xFFu16 {
            let slot = &mut table.bytes[usize::from(c)];
            if *slot == 0 {
                *slot = c;
            }
        }
    }
    table
}

/// The upper half of code page 437.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_go_both_ways() {
        assert_eq!(CP437.chars().count(), 128);
        assert_eq!(CodePage::Gbk.table().unit('涓'), Some(0xE4B8));
        assert_eq!(CodePage::Gbk.table().unit('€'), Some(0x80));
        assert_eq!(CodePage::Big5.table().char(0xA4A4), Some('中'));
        assert_eq!(CodePage::Big5.table().units('都').collect::<Vec<_>>(), [0xB3A3, 0x906D]);
        assert_eq!(CodePage::Big5.table().unit('𧘇'), Some(0xC8A4));
        assert_eq!(CodePage::Latin.table().unit('\u{81}'), Some(0x81));
        assert_eq!(CodePage::Latin.table().unit('€'), Some(0x80));
        assert_eq!(CodePage::Macintosh.table().unit('Ω'), Some(0xBD));
        for page in CodePage::SINGLE {
            let all = (0x80..=0xFF).filter(|&b| page.table().char(b).is_some()).count();
            assert!(all >= 127, "{} has {all}", page.name());
        }
    }

    #[test]
    fn what_a_decoder_loses() {
        assert!(CodePage::Gbk.may_lose(0x80, Some(0xE4)));
        assert!(!CodePage::Gbk.may_lose(0x8C, Some(0xE4)));
        assert!(CodePage::Gbk.may_lose(0x8C, Some(b'\n')));
        assert!(!CodePage::Gbk.may_lose(0x8C, Some(b'a')));
        assert!(!CodePage::Latin.may_lose(0x82, None));
    }
}
