//! Encodings in seven bits: HZ, ISO-2022-CN, ISO-2022-JP. They are told by their escapes, and HZ
//! also by what stands between them, since `~{` occurs in other text.

use memchr::memmem;

use super::encoding::{Encoding, Kind};
use super::model::{Language, Model, NAT};
use super::units::{Table, Unit, Units};

/// The mean cost of a character, up to which a run of HZ is text: between prose (6 to 8 nats) and
/// letters taken for characters (12 and more).
const TEXT: u32 = 11 * NAT;
/// The same where the run has no end.
const TEXT_CUT: u32 = 9 * NAT;

/// The encoding that the escapes in `bytes` tell, if they do.
pub(super) fn decide(bytes: &[u8]) -> Option<Encoding> {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let iso = iso2022(bytes);
    let (good, bad, size) = hz(bytes);
    if iso.is_some() && high * 20 <= bytes.len() {
        return iso;
    }
    // A few damaged bytes are no evidence against it; text in another encoding is.
    (good > bad && high * 10 <= size).then_some(Encoding::HZ)
}

fn iso2022(bytes: &[u8]) -> Option<Encoding> {
    let has = |sign: &[u8]| memmem::find(bytes, sign).is_some();
    let shifts = has(b"\x0E") || has(b"\x1BN") || has(b"\x1BO");
    let extended = (b'I'..=b'M').any(|set| has(&[0x1B, b'$', b'+', set])) || has(b"\x1B$)E");
    if shifts && extended {
        return Some(Encoding::ISO_2022_CN_EXT);
    }
    if shifts && (has(b"\x1B$)A") || has(b"\x1B$)G") || has(b"\x1B$*H")) {
        return Some(Encoding::ISO_2022_CN);
    }
    let japanese = has(b"\x1B$B") || has(b"\x1B$@");
    japanese.then_some(Encoding(Kind::Web(encoding_rs::ISO_2022_JP)))
}

/// Runs of HZ that are text, runs that are none, and the bytes in the former.
fn hz(bytes: &[u8]) -> (usize, usize, usize) {
    let (mut good, mut bad, mut size) = (0, 0, 0);
    let mut at = 0;
    while let Some(found) = memmem::find(&bytes[at..], b"~{") {
        let start = at + found + 2;
        let (end, is_text) = run(bytes, start);
        if is_text {
            good += 1;
            size += end - start;
        } else {
            bad += 1;
        }
        at = end.max(start);
    }
    (good, bad, size)
}

/// The end of the run of HZ that begins at `start`, and whether it is text.
fn run(bytes: &[u8], start: usize) -> (usize, bool) {
    let (model, table) = (Model::get(), Table::gb18030());
    let (mut at, mut cost, mut count) = (start, 0, 0);
    loop {
        match bytes.get(at..at + 2) {
            Some([b'~', b'}']) => return (at, count > 0 && cost <= TEXT * count),
            Some([row @ 0x21..=0x77, cell @ 0x21..=0x7E]) => {
                let Unit::Char(_, number) = table.unit(&[row | 0x80, cell | 0x80]) else {
                    return (at, false);
                };
                cost += model.cost(number, Language::Chinese);
                count += 1;
                at += 2;
            }
            // Cut off, or a line whose end was forgotten.
            None | Some([b'\n', _]) => return (at, count > 1 && cost <= TEXT_CUT * count),
            Some(_) => return (at, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_tell() {
        for (bytes, name) in [
            (b"~{VPND~}".as_slice(), "hz-gb-2312"),
            (b"This is ~{<:Ky2;S{~} and so on ~~\n", "hz-gb-2312"),
            (b"\x1B$)A\x0E=;;;\x0F", "iso-2022-cn"),
            (b"\x1B$*H\x1BN\x21\x21", "iso-2022-cn"),
            (b"\x1B$)A\x1B$+I\x0E=;\x1BO\x21\x21\x0F", "iso-2022-cn-ext"),
            (b"\x1B$B$3$l\x1B(B", "iso-2022-jp"),
        ] {
            assert_eq!(decide(bytes).map(Encoding::name), Some(name), "{name}");
        }
    }

    #[test]
    fn escapes_that_do_not() {
        for bytes in ["", "~{", "${a~{home}}", "x ~{ y ~} z", "~{qwerty}", "\x1B[31mred\x1B[0m"] {
            assert_eq!(decide(bytes.as_bytes()), None, "{bytes}");
        }
    }
}
