//! Whether the output of a stream is its input, byte for byte, without keeping either.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::path::Path;

use super::codec::Codec;

/// Compares two streams of which now one is ahead, now the other.
#[derive(Debug, Default)]
pub(crate) struct Compare {
    /// Bytes from the start that are the same.
    same: u64,
    /// Bytes of the one that is ahead which the other has not reached.
    ahead: VecDeque<u8>,
    output_ahead: bool,
    differs: bool,
}

/// Where the output leaves the input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fork {
    /// Bytes from the start that are the same.
    pub(crate) same: u64,
    /// The output from there on, as far as it was given.
    pub(crate) output: Vec<u8>,
}

impl Fork {
    /// Writes the output, as far as it was given, to `out`; the input is what is in the file at `source`.
    ///
    /// # Errors
    ///
    /// Those of both, and a file that has become shorter.
    pub(crate) fn rebuild(&self, source: &Path, out: &mut dyn Write) -> io::Result<()> {
        let copied = io::copy(&mut Codec::read(source, |file| file)?.take(self.same), out)?;
        if copied != self.same {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out.write_all(&self.output)
    }
}

impl Compare {
    /// Takes the next bytes of the input; tells of the first difference, once.
    pub(crate) fn input(&mut self, bytes: &[u8]) -> Option<Fork> {
        self.take(bytes, false)
    }

    /// Takes the next bytes of the output; tells of the first difference, once.
    pub(crate) fn output(&mut self, bytes: &[u8]) -> Option<Fork> {
        self.take(bytes, true)
    }

    /// Whether a difference was found.
    pub(crate) fn differs(&self) -> bool {
        self.differs
    }

    /// Ends both; where one is longer, that is a difference.
    pub(crate) fn finish(&mut self) -> Option<Fork> {
        if self.differs || self.ahead.is_empty() {
            return None;
        }
        self.differs = true;
        let ahead = std::mem::take(&mut self.ahead);
        let output = if self.output_ahead { ahead.into() } else { Vec::new() };
        Some(Fork { same: self.same, output })
    }

    fn take(&mut self, mut bytes: &[u8], output: bool) -> Option<Fork> {
        if self.differs {
            return None;
        }
        if self.ahead.is_empty() {
            self.output_ahead = output;
        }
        if self.output_ahead != output {
            let both = self.ahead.len().min(bytes.len());
            let same = common(&self.ahead, &bytes[..both]);
            self.same += same as u64;
            if same < both {
                self.differs = true;
                let mut ahead = std::mem::take(&mut self.ahead);
                let output =
                    if output { bytes[same..].to_vec() } else { ahead.split_off(same).into() };
                return Some(Fork { same: self.same, output });
            }
            self.ahead.drain(..both);
            bytes = &bytes[both..];
            if !bytes.is_empty() {
                self.output_ahead = output;
            }
        }
        self.ahead.extend(bytes);
        None
    }
}

/// Bytes from the start that `ahead` and `bytes` share.
fn common(ahead: &VecDeque<u8>, bytes: &[u8]) -> usize {
    let (first, second) = ahead.as_slices();
    let border = first.len().min(bytes.len());
    // Slices compare at the speed of memory; the place is looked for only where they differ.
    let rest = &second[..bytes.len() - border];
    if first[..border] == bytes[..border] && rest == &bytes[border..] {
        return bytes.len();
    }
    ahead.iter().zip(bytes).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives both sides in chunks; returns the output as it is rebuilt from the fork on.
    fn rebuilt(input: &[u8], output: &[u8], (i, o): (usize, usize)) -> Option<Vec<u8>> {
        let (mut compare, mut made) = (Compare::default(), None::<Vec<u8>>);
        let (mut inputs, mut outputs) = (input.chunks(i), output.chunks(o));
        loop {
            let (next, other) = (inputs.next(), outputs.next());
            let fork = compare.input(next.unwrap_or_default());
            made = made.or(fork.map(|f| [&input[..f.same as usize], &f.output].concat()));
            match (&mut made, other) {
                (Some(made), Some(other)) => made.extend(other),
                (None, Some(other)) => {
                    let fork = compare.output(other);
                    made = fork.map(|f| [&input[..f.same as usize], &f.output].concat());
                }
                (_, None) if next.is_none() => break,
                _ => {}
            }
        }
        made.or(compare.finish().map(|f| [&input[..f.same as usize], &f.output].concat()))
    }

    #[test]
    fn the_output_is_rebuilt_from_the_fork_on() {
        let cases: [(&[u8], &[u8]); 7] = [
            (b"abcdef", b"abcdef"),
            (b"abcdef", b"abcdeg"),
            (b"abcdef", b"abcde"),
            (b"abcdef", b"xbcdef"),
            (b"abc", b"abcdef"),
            (b"", b"a"),
            (b"", b""),
        ];
        for (input, output) in cases {
            for sizes in [(1, 4), (4, 1), (2, 3), (6, 6), (1, 1)] {
                let made = rebuilt(input, output, sizes);
                let expected = (input != output).then(|| output.to_vec());
                assert_eq!(made, expected, "{input:?} {output:?} {sizes:?}");
            }
        }
    }
}
