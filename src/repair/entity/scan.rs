//! Finds where a reference or an escape could start.

use memchr::memmem::Finder;

/// The full-width `＆`. Its first two bytes begin many marks of Chinese text, so it is searched
/// as a whole.
const WIDE: &str = "＆";

/// Remembers, over one piece of text, where the next of each kind is.
pub(super) struct Scan {
    wide: Finder<'static>,
    /// Where the next `＆` is, once it was looked for.
    next_wide: Option<usize>,
}

impl Scan {
    pub(super) fn new() -> Scan {
        Scan { wide: Finder::new(WIDE), next_wide: None }
    }

    /// The first place at `from` or after it where something could start. `text` must be the same
    /// from one call to the next.
    pub(super) fn next(&mut self, text: &str, from: usize) -> Option<usize> {
        let wide = match self.next_wide {
            Some(at) if at >= from => at,
            _ => self.wide.find(&text.as_bytes()[from..]).map_or(usize::MAX, |at| from + at),
        };
        self.next_wide = Some(wide);
        let ascii = next_ascii(text.as_bytes(), from);
        match ascii {
            Some(at) => Some(at.min(wide)),
            None => (wide < text.len()).then_some(wide),
        }
    }
}

/// The next `&`, `\` or `%` after which the next byte does not rule a candidate out.
fn next_ascii(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr::memchr3(b'&', b'\\', b'%', text.get(from..)?)?;
        let Some(&next) = text.get(at + 1) else { return Some(at) };
        let possible = match text[at] {
            b'&' => next == b'#' || next.is_ascii_alphabetic() || next == 0xEF,
            b'\\' => next == b'u',
            _ => matches!(next, b'u' | b'e' | b'E'),
        };
        if possible {
            return Some(at);
        }
        from = at + 1;
    }
}
