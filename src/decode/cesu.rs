//! CESU-8: a character beyond U+FFFF as the two surrogates of UTF-16, each written as three bytes in the way of
//! UTF-8. Programs that keep text in UTF-16 write it where they take one unit for one character (`mysql` and its
//! `utf8`, Java's `writeUTF`). UTF-8 has no surrogates, so in a text that is UTF-8 otherwise a pair stands for its
//! character and for nothing else. One half alone stands for nothing.

use std::borrow::Cow;

/// Bytes of a pair.
pub(super) const PAIR: usize = 6;

/// What some bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// A pair, which stands for this character.
    Pair(char),
    /// All of them may be the start of a pair.
    Cut,
    None,
}

/// What `bytes` begin with.
pub(super) fn pair(bytes: &[u8]) -> Seen {
    let fits = |at: usize, byte: u8| match at {
        0 | 3 => byte == 0xED,
        1 => matches!(byte, 0xA0..=0xAF),
        4 => matches!(byte, 0xB0..=0xBF),
        _ => matches!(byte, 0x80..=0xBF),
    };
    let start = &bytes[..bytes.len().min(PAIR)];
    if start.is_empty() || !start.iter().enumerate().all(|(at, byte)| fits(at, *byte)) {
        return Seen::None;
    }
    let &[_, a, b, _, c, d] = start else { return Seen::Cut };
    let bits = |byte: u8, mask: u8| u32::from(byte & mask);
    let high = bits(a, 0x0F) << 6 | bits(b, 0x3F);
    let low = bits(c, 0x0F) << 6 | bits(d, 0x3F);
    char::from_u32(0x1_0000 + (high << 10 | low)).map_or(Seen::None, Seen::Pair)
}

/// `bytes` as UTF-8 with pairs taken for their characters, but for a character that they end within; `None` where
/// anything else is no UTF-8. It is borrowed where there is no pair.
pub(super) fn joined(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let mut text = Cow::Borrowed("");
    let mut rest = bytes;
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(good) => return Some(text + good),
            Err(error) => error,
        };
        let (good, bad) = rest.split_at(error.valid_up_to());
        text += std::str::from_utf8(good).unwrap_or_default();
        match pair(bad) {
            Seen::Pair(c) => text.to_mut().push(c),
            Seen::Cut => return Some(text),
            Seen::None if error.error_len().is_none() => return Some(text),
            Seen::None => return None,
        }
        rest = &bad[PAIR..];
    }
}

/// Whether `bytes` have pairs, and are UTF-8 but for these.
pub(super) fn has_pairs(bytes: &[u8]) -> bool {
    matches!(joined(bytes), Some(Cow::Owned(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` with the characters beyond U+FFFF as pairs.
    fn written(text: &str) -> Vec<u8> {
        let unit = |unit: u16| {
            let [a, b, c] = [unit >> 12, unit >> 6 & 0x3F, unit & 0x3F].map(|bits| bits as u8);
            [0xE0 | a, 0x80 | b, 0x80 | c]
        };
        let one = |c: char| match c {
            '\u{1_0000}'.. => c.encode_utf16(&mut [0; 2]).iter().flat_map(|u| unit(*u)).collect(),
            c => c.encode_utf8(&mut [0; 4]).as_bytes().to_vec(),
        };
        text.chars().flat_map(one).collect()
    }

    #[test]
    fn every_pair_is_its_character() {
        for c in '\u{1_0000}'..=char::MAX {
            let bytes = written(c.encode_utf8(&mut [0; 4]));
            assert_eq!((bytes.len(), pair(&bytes)), (PAIR, Seen::Pair(c)), "{bytes:x?}");
        }
        let bytes = written("😀");
        assert_eq!(bytes, b"\xED\xA0\xBD\xED\xB8\x80");
        for cut in 1..PAIR {
            assert_eq!(pair(&bytes[..cut]), Seen::Cut, "{cut}");
        }
    }

    #[test]
    fn what_is_no_pair() {
        for bytes in [
            &b""[..],
            b"\xED\x9F\xBF",
            b"\xED\xB8\x80\xED\xA0\xBD",
            b"\xED\xA0\xBD\xED\xA0\xBD",
            b"\xED\xA0\xBD ",
            b"\xED\xA0\xBD\xEE\x80\x80",
            b"\xED\xA0\xBD\xED\xB8 ",
        ] {
            assert_eq!(pair(bytes), Seen::None, "{bytes:x?}");
        }
    }

    #[test]
    fn text_with_pairs() {
        let text = "他说😀，𠄀𠄁是字";
        let bytes = written(text);
        assert_eq!(joined(&bytes).as_deref(), Some(text));
        assert!(has_pairs(&bytes));
        assert!(matches!(joined("他说😀".as_bytes()), Some(Cow::Borrowed("他说😀"))));
        // Cut anywhere, it is what came whole.
        for cut in 0..bytes.len() {
            let start = joined(&bytes[..cut]).unwrap();
            assert!(text.starts_with(&*start) && text.len() - start.len() <= bytes.len() - cut + 3);
        }
        assert_eq!(joined(b"a\xED\xA0\xBDb"), None, "half a pair");
        assert_eq!(joined(b"a\xED\xB8\x80"), None, "the other half");
        assert_eq!(joined(b"\xED\xA0\xBD\xED\xB8\x80\xFF"), None);
    }
}
