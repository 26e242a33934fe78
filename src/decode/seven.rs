//! Encodings in seven bits: HZ, ISO-2022-CN, ISO-2022-JP. They are told by their escapes, and HZ
//! also by what stands between them, since `~{` occurs in other text.

use memchr::{memchr_iter, memchr2, memmem};

use super::encoding::{Encoding, Kind};
use super::model::{Language, Model, NAT};
use super::units::{Table, Unit, Units};

/// The mean cost of a character, up to which a run of HZ is text: between prose (6 to 8 nats) and
/// letters taken for characters (12 and more).
const TEXT: u32 = 11 * NAT;
/// The same of a run that has its end and is no word of small letters: a rare character costs so much.
const TEXT_WHOLE: u32 = 15 * NAT;
/// The same where the run has no end.
const TEXT_CUT: u32 = 9 * NAT;

/// The encoding that the escapes in `bytes` tell, if they do.
pub(super) fn decide(bytes: &[u8]) -> Option<Encoding> {
    let (iso, iso_size, iso_lines) = match memchr2(0x1B, SHIFT_OUT, bytes) {
        Some(_) => iso2022(bytes),
        None => (None, 0, 0),
    };
    let hz = hz(bytes);
    if iso.is_none() && hz.size == 0 {
        return None;
    }
    // Damaged bytes and lines in another encoding are no evidence against it, as long as there is
    // more of what is between escapes: more bytes, or more lines.
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let lines = bytes
        .split(|b| *b == b'\n')
        .filter(|l| l.iter().filter(|b| **b >= 0x80).count() > 1)
        .count();
    let outweighs = |size: usize, of_lines: usize| high <= size || lines * 2 <= of_lines;
    if iso.is_some() && outweighs(iso_size, iso_lines) {
        return iso;
    }
    (hz.good > hz.bad && outweighs(hz.size, hz.lines)).then_some(Encoding::HZ)
}

pub(super) const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// The encoding of the family of ISO 2022 that `bytes` are in, bytes between its shifts, and lines
/// that have such.
fn iso2022(bytes: &[u8]) -> (Option<Encoding>, usize, usize) {
    let has = |sign: &[u8]| memmem::find(bytes, sign).is_some();
    let shifts = has(b"\x0E") || has(b"\x1BN") || has(b"\x1BO");
    let extended = (b'I'..=b'M').any(|set| has(&[0x1B, b'$', b'+', set])) || has(b"\x1B$)E");
    let chinese = has(b"\x1B$)A") || has(b"\x1B$)G") || has(b"\x1B$*H");
    let encoding = if shifts && extended {
        Encoding::ISO_2022_CN_EXT
    } else if has(b"\x1B$)C") && !chinese {
        // ISO-2022-KR, which has no decoder here.
        return (None, 0, 0);
    } else if shifts && (chinese || shifted_text(bytes)) {
        Encoding::ISO_2022_CN
    } else if has(b"\x1B$B") || has(b"\x1B$@") {
        Encoding(Kind::Web(encoding_rs::ISO_2022_JP))
    } else {
        return (None, 0, 0);
    };
    let (mut size, mut lines) = (0, 0);
    for line in bytes.split(|b| *b == b'\n') {
        let Some(start) = memchr2(0x1B, SHIFT_OUT, line) else { continue };
        lines += 1;
        size += line.len() - start;
    }
    (Some(encoding), size, lines)
}

/// Whether what stands between shifts is text of GB 2312, the escape being lost that said so.
fn shifted_text(bytes: &[u8]) -> bool {
    let mut ends = memchr_iter(SHIFT_OUT, bytes);
    ends.any(|at| matches!(run(bytes, at + 1, &[SHIFT_IN]), (_, count) if count > 1))
}

/// What was found of HZ.
#[derive(Default)]
struct Hz {
    /// Runs that are text, and runs that are none.
    good: usize,
    bad: usize,
    /// Bytes in runs that are text, and lines that have such.
    size: usize,
    lines: usize,
}

fn hz(bytes: &[u8]) -> Hz {
    let mut found = Hz::default();
    let (mut at, mut line) = (0, 0);
    while let Some(from) = memmem::find(&bytes[at..], b"~{") {
        let start = at + from + 2;
        let (end, count) = run(bytes, start, b"~}");
        if count > 0 {
            found.good += 1;
            found.size += count as usize * 2;
            found.lines += usize::from(found.lines == 0 || bytes[line..start].contains(&b'\n'));
            line = start;
        } else {
            found.bad += 1;
        }
        at = end.max(start);
    }
    found
}

/// The end of the run that begins at `start` and that `sign` ends, and how many characters it has
/// if it is text.
fn run(bytes: &[u8], start: usize, sign: &[u8]) -> (usize, u32) {
    let (model, table) = (Model::get(), Table::gb18030());
    let (mut at, mut cost, mut count) = (start, 0, 0);
    let text = |count: u32, cost: u32, least: u32, most: u32| {
        if count >= least && cost <= most * count { count } else { 0 }
    };
    loop {
        let rest = &bytes[at..];
        match rest {
            _ if rest.starts_with(sign) || rest == [sign[0]] => {
                let is_word = bytes[start..at].iter().all(u8::is_ascii_lowercase);
                return (at, text(count, cost, 1, if is_word { TEXT } else { TEXT_WHOLE }));
            }
            // Cut off, or a line whose end was forgotten.
            [] | [_] | [b'\n', ..] => return (at, text(count, cost, 2, TEXT_CUT)),
            [row @ 0x21..=0x77, cell @ 0x21..=0x7E, ..] => {
                let Unit::Char(_, number) = table.unit(&[row | 0x80, cell | 0x80]) else {
                    return (at, 0);
                };
                cost += model.cost(number, Language::Chinese);
                count += 1;
                at += 2;
            }
            _ => return (at, 0),
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
            // The escape that said which set is damaged.
            (b"\x1B)A\x0E=;;;VPND\x0F", "iso-2022-cn"),
            (b"\x1B$B$3$l\x1B(B", "iso-2022-jp"),
        ] {
            assert_eq!(decide(bytes).map(Encoding::name), Some(name), "{name}");
        }
    }

    /// One wrong byte makes Korean of one escape of many.
    #[test]
    fn escapes_that_contradict() {
        let line = "\x1B$)A\x0E=;;;VPND\x0F\n";
        let text = [&line.repeat(3), "\x1B$)C\x0E=;;;VPND\x0F\n", line].concat();
        assert_eq!(decide(text.as_bytes()), Some(Encoding::ISO_2022_CN));
    }

    /// Every escape that says which set is damaged, and the shifts stand.
    #[test]
    fn a_shift_without_its_escape_tells() {
        let line = "=;;;VPND".repeat(4);
        let text = format!("plain\n\x1B%)A\x0E{line}\x0F\nplain\n\x0E{line}\x0F\n");
        assert_eq!(crate::decode::detect(text.as_bytes()).encoding, Encoding::ISO_2022_CN);
        assert_eq!(crate::decode::detect(b"a bell \x0E rang\n").encoding, Encoding::ASCII);
    }

    #[test]
    fn escapes_that_do_not() {
        for bytes in [
            "\x1B$)C\n\x0EGQ1[>n\x0F",
            "",
            "~{",
            "${a~{home}}",
            "x ~{ y ~} z",
            "~{qwerty}",
            "\x1B[31mred\x1B[0m",
        ] {
            assert_eq!(decide(bytes.as_bytes()), None, "{bytes}");
        }
    }
}
