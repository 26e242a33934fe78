//! Bytes as text, where reads cut characters.

/// Checks a stream of UTF-8. What a read cuts waits for the next: three bytes at most.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    cut: [u8; 4],
    cut_len: usize,
    /// Bytes before the ones in `cut`.
    passed: u64,
}

impl Utf8 {
    /// Gives the whole characters of `bytes`, and of those before, to `each`.
    ///
    /// # Errors
    ///
    /// The offset of the first byte that is no UTF-8; what stands before has been given.
    pub(super) fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&str)) -> Result<(), u64> {
        let mut rest = bytes;
        while self.cut_len > 0 {
            let Some((&next, more)) = rest.split_first() else { return Ok(()) };
            self.cut[self.cut_len] = next;
            match std::str::from_utf8(&self.cut[..=self.cut_len]) {
                Ok(whole) => {
                    each(whole);
                    self.passed += whole.len() as u64;
                    self.cut_len = 0;
                }
                // One character is at most four bytes, so that the array suffices.
                Err(e) if e.error_len().is_none() => self.cut_len += 1,
                Err(_) => return Err(self.passed),
            }
            rest = more;
        }
        // Most reads cut a character. What is before it is checked by itself, at full speed.
        let (whole, open) = rest.split_at(rest.len() - open_end(rest));
        let (good, bad) = match simdutf8::compat::from_utf8(whole) {
            Ok(text) => (text, (!open.is_empty()).then_some((open, None))),
            Err(e) => {
                let (good, bad) = rest.split_at(e.valid_up_to());
                let good = std::str::from_utf8(good).unwrap_or_default();
                (good, Some((bad, e.error_len().or(Some(1)))))
            }
        };
        each(good);
        self.passed += good.len() as u64;
        match bad {
            None => Ok(()),
            Some((_, Some(_))) => Err(self.passed),
            Some((cut, None)) => {
                self.cut[..cut.len()].copy_from_slice(cut);
                self.cut_len = cut.len();
                Ok(())
            }
        }
    }

    /// Ends the stream.
    ///
    /// # Errors
    ///
    /// The offset of a character that the end cuts.
    pub(super) fn finish(self) -> Result<(), u64> {
        if self.cut_len == 0 { Ok(()) } else { Err(self.passed) }
    }
}

/// Bytes at the end that begin a character and do not end it, as far as that can be told without
/// a look at what they are.
fn open_end(bytes: &[u8]) -> usize {
    for (back, byte) in bytes.iter().rev().take(3).enumerate() {
        let len = match byte {
            0x80..=0xBF => continue,
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 1,
        };
        let have = back + 1;
        // What is in itself no beginning of a character is left for the check to find.
        let open = len > have
            && std::str::from_utf8(&bytes[bytes.len() - have..])
                .is_err_and(|e| e.error_len().is_none());
        return if open { have } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], size: usize) -> (String, Result<(), u64>) {
        let (mut utf8, mut text) = (Utf8::default(), String::new());
        for chunk in bytes.chunks(size) {
            if let Err(at) = utf8.push(chunk, |t| text.push_str(t)) {
                return (text, Err(at));
            }
        }
        (text, utf8.finish())
    }

    #[test]
    fn any_cut_gives_the_same() {
        let good = "a実𠀇é漢";
        let bad: [(&[u8], u64); 4] = [
            (b"ab\xff", 2),
            (b"\xe5\xae\x9e\xe5\xae", 3),
            (b"a\xf0\x90\x28\x80", 1),
            (b"a\xed\xa0\x80", 1),
        ];
        for size in 1..8 {
            assert_eq!(check(good.as_bytes(), size), (good.to_owned(), Ok(())));
            for (bytes, at) in bad {
                assert_eq!(check(bytes, size).1, Err(at), "{bytes:?} by {size}");
            }
        }
    }
}
