//! Whether an input is text at all.

use crate::decode::{Detection, Encoding, by_bytes, detect};
use infer::MatcherType;
use memchr::memmem;

/// So many bytes say whether an input is text; git looks at as many.
const LOOK: usize = 8000;

/// Text that was damaged may have a NUL or two; where there is one and one byte in thirty is a
/// control byte, it is no text. Of compressed data one in nine is.
const CONTROLS: usize = 30;

/// So many NULs in a row are the upper bytes of a number.
const NUMBER: usize = 3;

/// PDF begins as text does, often for longer than is looked at, but says where its parts are by their bytes.
const PDF: &[u8] = b"%PDF-";

/// A Type 1 font begins so, with the length of the text in its head, which is ASCII and longer than is looked at.
const PFB: &[u8] = &[0x80, 0x01];
const TYPE_1: &[u8] = b"%!";

/// A detection below this is no evidence that every other byte is meant to be a NUL.
const SURE: f32 = 0.5;

/// In text in UTF-16, damaged as it may be, at most one byte in so many begins a NUL or the like.
const FEW_ODD: usize = 256;

/// What is known of an input: whether it is text at all. It is asked first, as what is no text (a picture,
/// packed data) goes through as it is.
///
/// ```
/// use hanmend::formats::Nature;
///
/// let mut nature = Nature::default();
/// nature.settle(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, true);
/// assert!(matches!(nature, Nature::Binary));
/// ```
#[derive(Debug)]
pub enum Nature {
    /// Nothing yet: its first bytes.
    Unknown(Vec<u8>),
    /// Text.
    Text,
    /// No text.
    Binary,
}

impl Default for Nature {
    fn default() -> Nature {
        Nature::Unknown(Vec::new())
    }
}

impl Nature {
    /// Takes input until what it is can be said; `over` says that no more follows, and `asked` is the
    /// encoding that the user says it has. Then the bytes that were kept for that, if any, and what is
    /// left of `input` come back.
    pub fn settle<'i>(
        &mut self,
        input: &'i [u8],
        asked: Option<Encoding>,
        over: bool,
    ) -> Option<(Vec<u8>, &'i [u8])> {
        let Nature::Unknown(head) = self else { return Some((Vec::new(), input)) };
        let (now, rest) = input.split_at((LOOK - head.len()).min(input.len()));
        head.extend_from_slice(now);
        if head.len() < LOOK && !over {
            return None;
        }
        let head = std::mem::take(head);
        *self = if is_binary(&head, asked) { Nature::Binary } else { Nature::Text };
        Some((head, rest))
    }
}

/// Whether an input that begins with `head` is no text: by the signature of its format, by its control
/// bytes, or because the detection says so. Where the user says its encoding, only the signature counts.
fn is_binary(head: &[u8], asked: Option<Encoding>) -> bool {
    let is_pfb = || head.starts_with(PFB) && head.get(6..).is_some_and(|h| h.starts_with(TYPE_1));
    if head.starts_with(PDF) || is_pfb() {
        return true;
    }
    let is_control = |byte: &&u8| **byte < 0x20 && !b"\t\n\x0c\r\x1b".contains(*byte);
    let controls = head.iter().filter(is_control).count();
    if controls == 0 {
        return false;
    }
    let found = detect(head);
    if found.bom {
        return false;
    }
    let wide = is_wide_text(head, &found);
    let is_known = |head| infer::get(head).is_some_and(|f| f.matcher_type() != MatcherType::Text);
    let is_format = |head| is_known(head) || is_compiled_python(head);
    let is_data =
        || controls * CONTROLS >= head.len() || memmem::find(head, &[0; NUMBER]).is_some();
    if asked.is_some() {
        let is_word = || head.iter().take(2).all(u8::is_ascii_alphanumeric);
        return !wide && is_format(head) && (is_data() || (head.contains(&0) && !is_word()));
    }
    if found.encoding == Encoding::BINARY {
        return true;
    }
    // Signatures of two letters begin words, too: a NUL has to be there.
    let is_mojibake = || found.encoding == Encoding::UTF_8 && is_wide_mojibake(head);
    head.contains(&0) && (is_format(head) || (!wide && is_data() && !is_mojibake()))
}

/// Whether it is text in UTF-16 or UTF-32, in which every other byte may be a NUL: so found for good
/// reasons, and with few units that no text has, of which tables of numbers have many.
fn is_wide_text(head: &[u8], found: &Detection) -> bool {
    let (width, big) = match found.encoding.name() {
        "utf-16be" => (2, true),
        "utf-16le" => (2, false),
        "utf-32be" => (4, true),
        "utf-32le" => (4, false),
        _ => return false,
    };
    let number = |unit: &[u8]| {
        let join = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        if big { unit.iter().fold(0, join) } else { unit.iter().rev().fold(0, join) }
    };
    let is_odd = |unit: &&[u8]| match number(unit) {
        0x09 | 0x0A | 0x0C | 0x0D | 0x1B => false,
        // In UTF-16, halves of surrogates are.
        code => code < 0x20 || width == 4 && char::from_u32(code).is_none(),
    };
    let odd = head.chunks_exact(width).filter(is_odd).count();
    found.confidence >= SURE && odd * width * FEW_ODD <= head.len()
}

/// Whether it is UTF-8 in which UTF-16 stands that was read as windows-1252 or Latin-1, so that its NULs are those of the
/// other's ASCII: the repair of mojibake undoes that.
fn is_wide_mojibake(head: &[u8]) -> bool {
    // The head may end within a character.
    let text = head.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    if text.is_ascii() || head.len() - text.len() > 3 {
        return false;
    }
    let longest = by_bytes::longest_run(text);
    // What is before it may be a line's end.
    let is_wide = |bytes: &[u8]| is_wide_text(bytes, &detect(bytes));
    is_wide(&longest) || longest.split_first().is_some_and(|(_, rest)| is_wide(rest))
}

/// Two bytes for the version, the end of a line, and flags of four bytes, of which few are used.
fn is_compiled_python(head: &[u8]) -> bool {
    matches!(head, [_, _, b'\r', b'\n', 0..=3, 0, 0, 0, ..])
}
