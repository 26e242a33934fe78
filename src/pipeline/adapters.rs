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
pub struct Reader<R, S = Silent> {
    stream: Stream,
    inner: R,
    sink: S,
    piece: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    ended: Option<Result<End, Error>>,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(stream: Stream, inner: R) -> Reader<R> {
        let (piece, out) = (vec![0; PIECE], Vec::new());
        Reader { stream, inner, sink: Silent, piece, out, given: 0, ended: None }
    }
}

impl<R, S> Reader<R, S> {
    /// Tells `sink` what happens. To have it back, lend it: `&mut sink` is a sink, too.
    ///
    /// ```
    /// use std::io::Read;
    /// use hanmend::event::Collect;
    ///
    /// let (mut report, mut text) = (Collect::default(), String::new());
    /// let reader = hanmend::Fixer::default().reader("&#x5B9E;現".as_bytes());
    /// reader.with_sink(&mut report).read_to_string(&mut text)?;
    /// assert_eq!(report.events[0].before, "&#x5B9E;");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn with_sink<T: Sink>(self, sink: T) -> Reader<R, T> {
        let Reader { stream, inner, piece, out, given, ended, .. } = self;
        Reader { stream, inner, sink, piece, out, given, ended }
    }

    /// What is known of the input, once all of it was read.
    pub fn end(&self) -> Option<End> {
        self.ended.as_ref().and_then(|ended| ended.as_ref().ok().copied())
    }
}

impl<R: Read, S: Sink> Read for Reader<R, S> {
    /// Gives what is mended.
    ///
    /// # Errors
    ///
    /// The inner reader's. Of the kind `InvalidData`, a character that the output encoding lacks: what
    /// stands before it is given first, and nothing after it.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            match &self.ended {
                Some(Ok(_)) => return Ok(0),
                Some(Err(error)) => return Err(invalid(error.clone())),
                None => {}
            }
            self.out.clear();
            self.given = 0;
            let read = self.inner.read(&mut self.piece)?;
            if read == 0 {
                self.ended = Some(self.stream.finish(&mut self.out, &mut self.sink));
            } else {
                let piece = &self.piece[..read];
                let result = self.stream.push(piece, &mut self.out, &mut self.sink);
                self.ended = result.err().map(Err);
            }
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
pub struct Writer<W, S = Silent> {
    stream: Stream,
    inner: W,
    sink: S,
    out: Vec<u8>,
    /// So much of `out` is written.
    written: usize,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(stream: Stream, inner: W) -> Writer<W> {
        Writer { stream, inner, sink: Silent, out: Vec::new(), written: 0 }
    }
}

impl<W, S> Writer<W, S> {
    /// Tells `sink` what happens. To have it back, lend it: `&mut sink` is a sink, too.
    #[must_use]
    pub fn with_sink<T: Sink>(self, sink: T) -> Writer<W, T> {
        let Writer { stream, inner, out, written, .. } = self;
        Writer { stream, inner, sink, out, written }
    }
}

impl<W: Write, S: Sink> Writer<W, S> {
    /// Ends the input, writes all that was held, flushes, and gives the inner writer back.
    /// A writer that is dropped without this loses what is held.
    ///
    /// # Errors
    ///
    /// The inner writer's, and a character that the output encoding lacks. The inner writer is then gone;
    /// who needs it lends it (`&mut file`).
    pub fn finish(mut self) -> io::Result<(W, End)> {
        self.hand_on()?;
        let end = self.stream.finish(&mut self.out, &mut self.sink).map_err(invalid);
        self.hand_on()?;
        self.inner.flush()?;
        Ok((self.inner, end?))
    }

    /// Writes what is mended. What cannot be written stays, for the next time.
    fn hand_on(&mut self) -> io::Result<()> {
        while self.written < self.out.len() {
            match self.inner.write(&self.out[self.written..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => self.written += len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.clear();
        self.written = 0;
        Ok(())
    }
}

impl<W: Write, S: Sink> Write for Writer<W, S> {
    /// Takes all of `buffer`, unless it fails.
    ///
    /// # Errors
    ///
    /// The inner writer's, of which an earlier call may be the cause: nothing of `buffer` was taken then, and
    /// what was not written is written first by the next call. Of the kind `InvalidData`, a character that
    /// the output encoding lacks.
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.hand_on()?;
        let result = self.stream.push(buffer, &mut self.out, &mut self.sink).map_err(invalid);
        // It was taken, so that what cannot be written now is for the next call to say.
        let _ = self.hand_on();
        result.map(|()| buffer.len())
    }

    /// Flushes the inner writer. What is held stays held: the decision about it is open.
    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.inner.flush()
    }
}

fn invalid(error: Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
