//! The text around a candidate: what the evidence is read from.

use std::sync::OnceLock;

/// How far around a candidate its passage is looked at, in bytes each way: about thirty characters,
/// a sentence or two.
pub(super) const AROUND: usize = 96;

/// Han characters, and the radicals that stand for them in text from PDF: what is beside one is
/// decided the same before and after it is mended.
pub(super) fn is_han(c: char) -> bool {
    is_radical(c)
        || matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAD9}'
        | '\u{20000}'..='\u{2FA1D}' | '\u{30000}'..='\u{323AF}' | '〇' | '々')
}

/// The blocks of radicals.
pub(super) fn is_radical(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FD5}')
}

/// Marks that stand in Chinese text.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}') && c != '〇' && c != '々'
        || is_shared(c)
}

/// Marks that Chinese shares with other languages.
pub(super) fn is_shared(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Han or a mark.
pub(super) fn is_cjk(c: char) -> bool {
    is_han(c) || is_mark(c)
}

/// What has no width, or only a direction.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether `c` may stand beside junk that is taken out: nothing that could need it.
pub(super) fn is_plain(c: char) -> bool {
    c.is_ascii() || is_cjk(c) || c.is_whitespace()
}

/// The end of `text`, at most `most` bytes of it.
pub(super) fn tail(text: &str, most: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(most))..]
}

/// The start of `text`, at most `most` bytes of it.
pub(super) fn head(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// What the passage around a candidate is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passage {
    /// Characters of Simplified Chinese only: in GB 2312 and not in Big5.
    pub(super) simplified: u32,
    /// Characters of Traditional Chinese only: in Big5 and not in GB 2312.
    pub(super) traditional: u32,
    /// Han of any kind, without radicals.
    pub(super) han: u32,
    /// Marks that end or divide sentences.
    pub(super) marks: u32,
    /// Kana and Hangul.
    pub(super) other: u32,
    /// Letters that run from right to left.
    pub(super) rtl: u32,
}

impl Passage {
    pub(super) fn of(before: &str, after: &str) -> Passage {
        let mut passage = Passage::default();
        for c in tail(before, AROUND).chars().chain(head(after, AROUND).chars()) {
            match c {
                '，'
                | '。'
                | '；'
                | '：'
                | '、'
                | '！'
                | '？'
                | '”'
                | '」'
                | '\u{FE50}'..='\u{FE57}' => passage.marks += 1,
                '\u{3041}'..='\u{30FF}'
                | '\u{1100}'..='\u{11FF}'
                | '\u{AC00}'..='\u{D7A3}'
                | '\u{3130}'..='\u{318F}' => passage.other += 1,
                '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                    passage.rtl += 1;
                }
                '\u{4E00}'..='\u{9FFF}' => {
                    passage.han += 1;
                    match script(c) {
                        SIMPLIFIED => passage.simplified += 1,
                        TRADITIONAL => passage.traditional += 1,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        passage
    }
}

const SIMPLIFIED: u8 = 1;
const TRADITIONAL: u8 = 2;

/// In which of the old character sets `c` is: bit 1 for GB 2312, bit 2 for Big5.
fn script(c: char) -> u8 {
    // Asked only where there is a candidate, so made when the first one comes.
    static SETS: OnceLock<Vec<u8>> = OnceLock::new();
    let sets = SETS.get_or_init(|| {
        let mut sets = vec![0u8; 0x5200];
        let mut add = |encoding: &'static encoding_rs::Encoding, pair: [u8; 2], bit: u8| {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&pair);
            if let Some(c) = text.as_deref().and_then(|t| t.chars().next())
                && let Some(set) = (c as usize).checked_sub(0x4E00).and_then(|i| sets.get_mut(i))
            {
                *set |= bit;
            }
        };
        for lead in 0xB0..=0xF7 {
            for trail in 0xA1..=0xFE {
                add(encoding_rs::GBK, [lead, trail], SIMPLIFIED);
            }
        }
        for lead in 0xA4..=0xF9 {
            for trail in (0x40..=0x7E).chain(0xA1..=0xFE) {
                add(encoding_rs::BIG5, [lead, trail], TRADITIONAL);
            }
        }
        sets
    });
    (c as usize).checked_sub(0x4E00).and_then(|i| sets.get(i)).copied().unwrap_or(0)
}
