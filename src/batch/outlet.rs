//! The ends of the streams of a run: standard output, standard error, a file.

use std::io::{self, Write};

use super::problem::Problem;
use super::progress;
use super::target::Target;

/// Something that bytes are written to.
pub(crate) trait Outlet: Send {
    /// Writes all of `bytes`.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Problem>;

    /// Ends it: what is buffered is written, and the file takes its name.
    fn finish(self: Box<Self>) -> Result<(), Problem> {
        Ok(())
    }
}

/// Standard output without the standard library's buffer, which cuts at line ends and would copy
/// everything once more.
pub(crate) struct Stdout {
    #[cfg(unix)]
    file: std::fs::File,
    #[cfg(not(unix))]
    file: io::Stdout,
}

impl Stdout {
    pub(crate) fn new() -> Result<Stdout, Problem> {
        #[cfg(unix)]
        let file = {
            use std::os::fd::AsFd;
            let owned = io::stdout().as_fd().try_clone_to_owned();
            std::fs::File::from(owned.map_err(Problem::Stdout)?)
        };
        #[cfg(not(unix))]
        let file = io::stdout();
        Ok(Stdout { file })
    }
}

impl Outlet for Stdout {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let done = self.file.write_all(bytes).and_then(|()| self.file.flush());
        done.map_err(|e| match e.kind() {
            io::ErrorKind::BrokenPipe => Problem::BrokenPipe,
            _ => Problem::Stdout(e),
        })
    }
}

/// Standard error.
pub(crate) struct Stderr;

impl Outlet for Stderr {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        progress::print(bytes);
        Ok(())
    }
}

/// A file that gets many small pieces.
pub(crate) struct Buffered {
    target: Target,
    buffer: Vec<u8>,
    failed: bool,
}

/// Bytes gathered before they are written.
const GATHER: usize = 64 * 1024;

impl Buffered {
    pub(crate) fn new(target: Target) -> Buffered {
        Buffered { target, buffer: Vec::new(), failed: false }
    }
}

impl Outlet for Buffered {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= GATHER {
            let written = self.target.write(&self.buffer);
            self.buffer.clear();
            self.failed |= written.is_err();
            return written;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Problem> {
        if self.failed {
            // It has been said, and half a file takes no name.
            return Ok(());
        }
        self.target.write(&self.buffer)?;
        self.target.finish()
    }
}
