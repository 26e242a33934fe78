//! A second run of the repairs on what the first gave finds nothing more to do, whatever good and
//! damaged text stands side by side.
//!
//! A byte of the input is a piece of `tests/support/pieces.rs`, a character of ASCII, or a
//! character of plain prose. One that begins with FF, FE or FD is made long, so that it stands where windows meet.
#![no_main]

#[path = "../../tests/support/pieces.rs"]
mod pieces;

use std::sync::LazyLock;

use hanmend::Fixer;
use hanmend_fuzz::Long;
use libfuzzer_sys::fuzz_target;
use pieces::PIECES;

const PROSE: &str =
    "船到碼頭的時候，天還沒有亮。他把帽子放在桌上，看了看窗外，什麼也没说，只是这样等着。";

const SIGNS: &[u8] = b"\n\r\t ()&;%\\#x?<>=\"'.,:/-_0159afE";

static FIXER: LazyLock<Fixer> = LazyLock::new(Fixer::default);

fuzz_target!(|bytes: &[u8]| {
    let (long, bytes) = match bytes {
        [0xFF, rest @ ..] => (Some(Long::Line), rest),
        [0xFE, rest @ ..] => (Some(Long::Lines), rest),
        [0xFD, rest @ ..] => (Some(Long::Repeated), rest),
        _ => (None, bytes),
    };
    let prose: Vec<char> = PROSE.chars().collect();
    let mut text = String::new();
    for byte in bytes.iter().map(|byte| usize::from(*byte)) {
        match byte {
            ..0x80 => text.push_str(PIECES[byte % PIECES.len()]),
            0x80..0xA0 => text.push(SIGNS[byte % SIGNS.len()].into()),
            _ => text.push(prose[(byte - 0xA0) % prose.len()]),
        }
    }
    if let Some(long) = long {
        text = String::from_utf8(long.make(text.as_bytes())).expect("whole characters");
    }
    let once = FIXER.fix_str(&text);
    assert_eq!(FIXER.fix_str(&once), once, "the second run of {text:?}");
});
