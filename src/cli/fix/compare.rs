//! Whether the output of a stream is its input, byte for byte, without keeping either.

use std::collections::VecDeque;

/// Compares two streams of which now one is ahead, now the other.
#[derive(Debug, Default)]
pub(crate) struct Compare {
    /// Bytes of the one that is ahead which the other has not reached.
    ahead: VecDeque<u8>,
    output_ahead: bool,
    differs: bool,
}

impl Compare {
    /// Takes the next bytes of the input.
    pub(crate) fn input(&mut self, bytes: &[u8]) {
        self.take(bytes, false);
    }

    /// Takes the next bytes of the output.
    pub(crate) fn output(&mut self, bytes: &[u8]) {
        self.take(bytes, true);
    }

    /// Ends both, and says whether they differ.
    pub(crate) fn finish(&mut self) -> bool {
        let ended = std::mem::take(self);
        ended.differs || !ended.ahead.is_empty()
    }

    fn take(&mut self, mut bytes: &[u8], output: bool) {
        if self.differs {
            return;
        }
        if self.ahead.is_empty() {
            self.output_ahead = output;
        }
        if self.output_ahead != output {
            let both = self.ahead.len().min(bytes.len());
            if !self.ahead.range(..both).eq(&bytes[..both]) {
                self.differs = true;
                self.ahead = VecDeque::new();
                return;
            }
            self.ahead.drain(..both);
            bytes = &bytes[both..];
            if !bytes.is_empty() {
                self.output_ahead = output;
            }
        }
        self.ahead.extend(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_do_not_matter() {
        let cases: [(&[u8], &[u8], bool); 5] = [
            (b"abcdef", b"abcdef", false),
            (b"abcdef", b"abcdeg", true),
            (b"abcdef", b"abcde", true),
            (b"", b"a", true),
            (b"", b"", false),
        ];
        for (input, output, differs) in cases {
            for (i, o) in [(1, 4), (4, 1), (2, 3), (6, 6)] {
                let mut compare = Compare::default();
                let (mut inputs, mut outputs) = (input.chunks(i), output.chunks(o));
                loop {
                    let (next, other) = (inputs.next(), outputs.next());
                    compare.input(next.unwrap_or_default());
                    compare.output(other.unwrap_or_default());
                    if next.is_none() && other.is_none() {
                        break;
                    }
                }
                assert_eq!(compare.finish(), differs, "{input:?} {output:?} {i} {o}");
            }
        }
    }
}
