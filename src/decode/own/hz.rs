//! HZ-GB-2312 (RFC 1843): GB 2312 between `~{` and `~}`.

use memchr::memchr;

use super::{Parse, Step};
use crate::decode::taiwan;

/// So much of what is outside of escapes is looked at in one step.
const PLAIN: usize = 1024;

#[derive(Default)]
pub(super) struct Hz {
    /// Between `~{` and `~}`.
    inside: bool,
}

impl Parse for Hz {
    fn step(&mut self, bytes: &[u8], last: bool) -> Step {
        match bytes[0] {
            0x80.. => return Step::Bad(1),
            b'~' => {}
            // A line end goes back to ASCII, whatever was forgotten before it.
            b'\n' => {
                self.inside = false;
                return Step::Plain(1);
            }
            _ if self.inside => return inside(bytes),
            _ => {
                // What is between escapes is ASCII, too: no further than to the next.
                let bytes = &bytes[..bytes.len().min(PLAIN)];
                let plain = &bytes[..memchr(b'~', bytes).unwrap_or(bytes.len())];
                return Step::Plain(encoding_rs::Encoding::ascii_valid_up_to(plain));
            }
        }
        let next = match bytes.get(1) {
            None if last => return Step::Plain(1),
            None => return Step::More,
            Some(next) => *next,
        };
        match (next, self.inside) {
            (b'{', false) => {
                self.inside = true;
                Step::Escape(2)
            }
            (b'}', true) => {
                self.inside = false;
                Step::Escape(2)
            }
            (b'~', false) => Step::Char(2, '~'),
            // A line that goes on.
            (b'\n', false) => Step::Escape(2),
            // A tilde that nobody doubled is a tilde.
            (_, false) => Step::Plain(1),
            (_, true) => Step::Bad(1),
        }
    }

    fn reset(&mut self) {
        self.inside = false;
    }
}

fn inside(bytes: &[u8]) -> Step {
    let (0x21..=0x7D, next) = (bytes[0], bytes.get(1)) else {
        // Blanks and controls are themselves.
        return Step::Plain(1);
    };
    match next {
        None => Step::More,
        Some(0x21..=0x7E) => match taiwan::gb2312(bytes[0], bytes[1]) {
            Some(c) => Step::Char(2, c),
            None => Step::Bad(2),
        },
        Some(_) => Step::Bad(1),
    }
}
