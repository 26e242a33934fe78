//! The pipeline around a reader or a writer.

use std::io::{self, Read, Write};

use super::stream::{End, Stream};
use crate::error::Error;
use crate::event::{Silent, Sink};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Reads from another reader and gives mended bytes. Made by
/// [`Fixer::reader`](crate::Fixer::reader).
///
/// ```
/// use std::io::Read;
///
/// let mut text = String::new();
/// hanmend::Fixer::default().reader("&#x5B9E;現".as_bytes()).read_to_string(&mut text)?;
/// assert_eq!(text, "实現");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Reader<R> {
    stream: Stream,
    inner: R,
    sink: Box<dyn Sink>,
    piece: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(stream: Stream, inner: R) -> Reader<R> {
        let (piece, out) = (vec![0; PIECE], Vec::new());
        Reader { stream, inner, sink: Box::new(Silent), piece, out, given: 0, ended: false }
    }

    /// Tells `sink` what happens.
    #[must_use]
    pub fn with_sink(mut self, sink: Box<dyn Sink>) -> Reader<R> {
        self.sink = sink;
        self
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.ended {
            self.out.clear();
            self.given = 0;
            let read = self.inner.read(&mut self.piece)?;
            let result = if read == 0 {
                self.ended = true;
                self.stream.finish(&mut self.out, &mut *self.sink).map(|_| ())
            } else {
                self.stream.push(&self.piece[..read], &mut self.out, &mut *self.sink)
            };
            result.map_err(invalid)?;
        }
        let len = buffer.len().min(self.out.len() - self.given);
        buffer[..len].copy_from_slice(&self.out[self.given..self.given + len]);
        self.given += len;
        Ok(len)
    }
}

/// Takes damaged bytes and writes mended ones to another writer. Made by
/// [`Fixer::writer`](crate::Fixer::writer).
///
/// ```
/// use std::io::Write;
///
/// let mut writer = hanmend::Fixer::default().writer(Vec::new());
/// writer.write_all("&#x5B9E;現".as_bytes())?;
/// let (bytes, _end) = writer.finish()?;
/// assert_eq!(bytes, "实現".as_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer<W> {
    stream: Stream,
    inner: W,
    sink: Box<dyn Sink>,
    out: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(stream: Stream, inner: W) -> Writer<W> {
        Writer { stream, inner, sink: Box::new(Silent), out: Vec::new() }
    }

    /// Tells `sink` what happens.
    #[must_use]
    pub fn with_sink(mut self, sink: Box<dyn Sink>) -> Writer<W> {
        self.sink = sink;
        self
    }

    /// Ends the input, writes all that was held, flushes, and gives the inner writer back.
    /// A writer that is dropped without this loses what is held.
    ///
    /// # Errors
    ///
    /// The inner writer's, and a character that the output encoding lacks.
    pub fn finish(mut self) -> io::Result<(W, End)> {
        let end = self.stream.finish(&mut self.out, &mut *self.sink).map_err(invalid);
        self.inner.write_all(&self.out)?;
        self.inner.flush()?;
        Ok((self.inner, end?))
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let result = self.stream.push(buffer, &mut self.out, &mut *self.sink).map_err(invalid);
        self.inner.write_all(&self.out)?;
        self.out.clear();
        result.map(|()| buffer.len())
    }

    /// Flushes the inner writer. What is held stays held: the decision about it is open.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn invalid(error: Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
