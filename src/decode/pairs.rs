//! Text of two bytes a character, GBK and Big5, decoded by a table. Four characters at a time take a
//! fifth of what encoding_rs takes for them; what is not so plain is left to it.

use std::sync::LazyLock;

use encoding_rs as rs;

/// The characters of an encoding by their two bytes, but for the upper bit of the first, which is
/// always set; 0 where the two bytes are no character of the BMP, or more than one.
pub(super) struct Pairs(Box<[u16; 0x8000]>);

/// So much that comes at once is worth making a table, which takes as long as decoding a hundred kB.
const WORTH: usize = 8 * 1024;

impl Pairs {
    /// The table of an encoding that has one; `size` says how many bytes are at hand.
    pub(super) fn of(encoding: &'static rs::Encoding, size: usize) -> Option<&'static Pairs> {
        static GB: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(rs::GB18030));
        static BIG5: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(rs::BIG5));
        let table = match () {
            () if encoding == rs::GBK || encoding == rs::GB18030 => &GB,
            () if encoding == rs::BIG5 => &BIG5,
            () => return None,
        };
        (size >= WORTH || LazyLock::get(table).is_some()).then(|| LazyLock::force(table))
    }

    fn new(encoding: &'static rs::Encoding) -> Pairs {
        let mut table = Box::new([0; 0x8000]);
        for (two, c) in characters(encoding) {
            // Private-use characters are looked at closer.
            if !matches!(c, '\u{E000}'..='\u{F8FF}') {
                table[number(two)] = u16::try_from(u32::from(c)).unwrap_or(0);
            }
        }
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

/// The pairs of bytes that are one character in an encoding, in order.
pub(crate) fn characters(encoding: &'static rs::Encoding) -> impl Iterator<Item = ([u8; 2], char)> {
    (0x81..=0xFEu8).flat_map(move |lead| {
        // A row at a time, a line each: to begin a decoder for each pair takes ten times as long.
        let trails = 0x40..=0xFEu8;
        let row: Vec<u8> = trails.clone().flat_map(|trail| [lead, trail, b'\n']).collect();
        let text = encoding.decode_without_bom_handling(&row).0.into_owned();
        let one = |(trail, said): (u8, &str)| {
            let mut chars = said.chars();
            // Of what is malformed the second byte may come back.
            let c = chars.next().filter(|c| *c != '\u{FFFD}')?;
            chars.next().is_none().then_some(([lead, trail], c))
        };
        trails.zip(text.split('\n')).filter_map(one).collect::<Vec<_>>()
    })
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
