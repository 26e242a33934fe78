//! UTF-16 that was read byte by byte and written as UTF-8: what bytes it had.

use encoding_rs::WINDOWS_1252;

/// The bytes of the longest run of characters in `text` that windows-1252 or Latin-1 has.
pub(crate) fn longest_run(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        ..'\u{100}' => Some(c as u8),
        c => match *WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).0 {
            [byte] => Some(byte),
            _ => None,
        },
    };
    let mut longest: Vec<u8> = Vec::new();
    let mut run = Vec::new();
    for byte in text.chars().map(byte).chain([None]) {
        match byte {
            Some(byte) => run.push(byte),
            None if run.len() > longest.len() => longest = std::mem::take(&mut run),
            None => run.clear(),
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_is_taken() {
        assert_eq!(longest_run("今天é—\u{81}好x"), [0xE9, 0x97, 0x81]);
        assert!(longest_run("今天").is_empty());
    }
}
