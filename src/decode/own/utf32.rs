//! UTF-32.

use super::{Parse, Step};

pub(super) struct Utf32 {
    pub(super) big: bool,
}

impl Parse for Utf32 {
    fn step(&mut self, bytes: &[u8], _last: bool) -> Step {
        let Some(unit) = bytes.first_chunk() else { return Step::More };
        let code = if self.big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        match char::from_u32(code) {
            Some(c) => Step::Char(4, c),
            None if code <= 0xDFFF => Step::Bad(4),
            // Out of step: what follows a lost byte is found again.
            None => Step::Bad(1),
        }
    }

    fn reset(&mut self) {}
}
