//! The read loop: large reads into one buffer that lives as long as the worker.

use std::fs::File;
use std::io::{self, Read};

use super::codec::Codec;
use super::inputs::Source;
use super::problem::Problem;
use super::progress;

/// Bytes asked for in one read: large enough that the calls cost nothing beside the work, small
/// enough to stay in the second-level cache together with the output.
pub(crate) const READ: usize = 128 * 1024;

/// Reads inputs piece by piece.
pub(crate) struct Pump {
    buffer: Box<[u8]>,
}

impl Pump {
    pub(crate) fn new() -> Pump {
        Pump { buffer: vec![0; READ].into_boxed_slice() }
    }

    /// Gives every piece of `source` to `each`, until the end or the first problem.
    pub(crate) fn run(
        &mut self,
        source: &Source,
        mut each: impl FnMut(&[u8]) -> Result<(), Problem>,
    ) -> Result<u64, Problem> {
        let mut input = open(source)?;
        let mut at = 0;
        loop {
            match input.read(&mut self.buffer) {
                Ok(0) => return Ok(at),
                Ok(n) => {
                    at += n as u64;
                    each(&self.buffer[..n])?;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Problem::Read(e, at)),
            }
        }
    }
}

/// Opens `source` without any buffer between it and the pump; a compressed file is unpacked.
fn open(source: &Source) -> Result<Box<dyn Read>, Problem> {
    match source {
        Source::Stdin => Ok(Box::new(Counted(raw_stdin()?))),
        Source::File(path) => Codec::read(path, Counted).map_err(|e| Problem::Read(e, 0)),
    }
}

/// Counts what is read, before it is unpacked.
struct Counted<R>(R);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        progress::read(read as u64);
        Ok(read)
    }
}

#[cfg(unix)]
fn raw_stdin() -> Result<impl Read, Problem> {
    use std::os::fd::AsFd;
    let owned = io::stdin().as_fd().try_clone_to_owned();
    Ok(File::from(owned.map_err(|e| Problem::Read(e, 0))?))
}

#[cfg(not(unix))]
fn raw_stdin() -> Result<impl Read, Problem> {
    Ok(io::stdin().lock())
}
