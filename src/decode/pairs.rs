//! Text of two bytes a character, GBK and Big5, decoded by a table: four characters at a time, and 13
//! instructions a byte where encoding_rs takes 32. What is not so plain is left to it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoding_rs as rs;

/// The characters of an encoding by their two bytes, but for the upper bit of the first, which is
/// always set; 0 where the two bytes are no character of the BMP, or more than one.
pub(super) struct Pairs(Box<[u16; 0x8000]>);

/// After so many bytes in an encoding the process makes its table, which takes about as long as is saved on
/// them.
const WORTH: usize = 256 * 1024;

/// The table of an encoding, once it is worth making.
struct Shared {
    seen: AtomicUsize,
    table: OnceLock<Pairs>,
}

impl Shared {
    const fn new() -> Shared {
        Shared { seen: AtomicUsize::new(0), table: OnceLock::new() }
    }
}

impl Pairs {
    /// The table of an encoding that has one, if there has been enough in it; `size` bytes come now.
    /// What is decoded is the same with it and without.
    pub(super) fn of(encoding: &'static rs::Encoding, size: usize) -> Option<&'static Pairs> {
        static GB: Shared = Shared::new();
        static BIG5: Shared = Shared::new();
        let shared = match () {
            () if encoding == rs::GBK || encoding == rs::GB18030 => &GB,
            () if encoding == rs::BIG5 => &BIG5,
            () => return None,
        };
        shared.table.get().or_else(|| {
            let seen = shared.seen.fetch_add(size, Ordering::Relaxed) + size;
            // GB18030 has all that GBK has.
            let encoding = if encoding == rs::GBK { rs::GB18030 } else { encoding };
            (seen >= WORTH).then(|| shared.table.get_or_init(|| Pairs::new(encoding)))
        })
    }

    fn new(encoding: &'static rs::Encoding) -> Pairs {
        let mut table = Box::new([0; 0x8000]);
        characters(encoding, |two, c| {
            // Private-use characters are looked at closer.
            if !matches!(c, '\u{E000}'..='\u{F8FF}') {
                table[number(two)] = u16::try_from(u32::from(c)).unwrap_or(0);
            }
        });
        Pairs(table)
    }

    /// Decodes the plain characters that `input` begins with, into `out`, as far as both last. Returns how
    /// many bytes were read and written.
    pub(super) fn decode(&self, input: &[u8], out: &mut [u8]) -> (usize, usize) {
        let (mut read, mut written) = (0, 0);
        loop {
            // Four at a time, each of three bytes in UTF-8.
            while let (Some(eight), Some(room)) =
                (input[read..].first_chunk::<8>(), out[written..].first_chunk_mut::<12>())
            {
                if u64::from_le_bytes(*eight) & 0x0080_0080_0080_0080 != 0x0080_0080_0080_0080 {
                    break;
                }
                let [a, b, c, d, e, f, g, h] = *eight;
                let codes = [[a, b], [c, d], [e, f], [g, h]].map(|two| self.0[number(two)]);
                if codes.iter().any(|code| *code < 0x800) {
                    break;
                }
                for (code, three) in codes.into_iter().zip(room.as_chunks_mut::<3>().0) {
                    *three = three_bytes(code);
                }
                (read, written) = (read + 8, written + 12);
            }
            let (Some(&first), Some(room)) =
                (input.get(read), out[written..].first_chunk_mut::<3>())
            else {
                break;
            };
            if first < 0x80 {
                room[0] = first;
                (read, written) = (read + 1, written + 1);
                continue;
            }
            let Some(&second) = input.get(read + 1) else { break };
            match self.0[number([first, second])] {
                0..0x80 => break,
                code @ 0x80..0x800 => {
                    [room[0], room[1]] = [0xC0 | (code >> 6) as u8, 0x80 | (code & 63) as u8];
                    written += 2;
                }
                code => {
                    *room = three_bytes(code);
                    written += 3;
                }
            }
            read += 2;
        }
        (read, written)
    }
}

/// Tells `put` of the pairs of bytes that are one character in an encoding, in order.
pub(crate) fn characters(encoding: &'static rs::Encoding, mut put: impl FnMut([u8; 2], char)) {
    for lead in 0x81..=0xFEu8 {
        // A row at a time, a line each, and not a decoder for each.
        let trails = 0x40..=0xFEu8;
        let row: Vec<u8> = trails.clone().flat_map(|trail| [lead, trail, b'\n']).collect();
        let text = encoding.decode_without_bom_handling(&row).0;
        let mut chars = text.chars();
        for trail in trails {
            let first = chars.next();
            // Of what is malformed the second byte may come back.
            let more = chars.by_ref().take_while(|c| *c != '\n').count();
            match first {
                Some(c) if more == 0 && c != '\u{FFFD}' => put([lead, trail], c),
                _ => {}
            }
        }
    }
}

fn number(two: [u8; 2]) -> usize {
    usize::from(u16::from_be_bytes(two) & 0x7FFF)
}

fn three_bytes(code: u16) -> [u8; 3] {
    [0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 63) as u8, 0x80 | (code & 63) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pairs of bytes, with ASCII, other pairs and ends around them: what is decoded is what
    /// encoding_rs makes of it, and the rest is left.
    #[test]
    fn it_agrees_with_encoding_rs() {
        let mut out = [0; 64];
        for encoding in [rs::GBK, rs::GB18030, rs::BIG5] {
            let table = Pairs::of(encoding, WORTH).unwrap();
            let mut plain = 0;
            for pair in 0..=0xFFFFu16 {
                let two = pair.to_be_bytes();
                for before in [&b""[..], b"a", b"\xA4\xA4\xA4\xE5\xA4\xE5\xB5\xA4", b"\n\xA4\xA4"] {
                    let input = [before, &two, b"\xA4\xA4\xA4\xA4\xA4\xA4b"].concat();
                    let (read, written) = table.decode(&input, &mut out);
                    let said = std::str::from_utf8(&out[..written]).unwrap();
                    let (right, bad) = encoding
                        .decode_without_bom_handling_and_without_replacement(&input[..read])
                        .map_or((String::new(), true), |text| (text.into_owned(), false));
                    assert!(!bad && right == said, "{input:x?}: {said}");
                    plain += usize::from(read == input.len());
                }
            }
            assert!(plain > 4 * 13_000, "{plain}");
        }
    }

    #[test]
    fn short_room_and_cut_ends() {
        let table = Pairs::of(rs::GBK, WORTH).unwrap();
        let input = b"a\xB5\xC4\xB5\xC4b\xB5\xC4\xB5\xC4\xB5\xC4\xB5\xC4\xB5\xC4\xB5";
        for room in 0..24 {
            let mut out = vec![0; room];
            let (read, written) = table.decode(input, &mut out);
            let right = rs::GBK.decode_without_bom_handling(&input[..read]).0;
            assert_eq!(right.as_bytes(), &out[..written]);
        }
        assert!(Pairs::of(rs::SHIFT_JIS, WORTH).is_none());
    }
}
