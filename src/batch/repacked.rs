//! A compressed file of an output tree: packed anew where what is in it differs, else copied as it is. To pack takes
//! several times as long as all else, and no two programs pack alike.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::codec::Codec;
use super::compare::{Compare, Fork};
use super::crew::Crew;
use super::problem::Problem;
use super::target::{Target, Whole};

/// One such file that is being written.
pub(crate) struct Repacked {
    source: PathBuf,
    codec: Codec,
    compare: Compare,
    /// Not packed, and empty, while nothing differs; gone where it could not be begun.
    target: Option<Target>,
}

impl Repacked {
    /// What is in the file at `source`, which `codec` packed, mended goes to `target`, which packs nothing yet.
    pub(crate) fn new(source: PathBuf, codec: Codec, target: Target) -> Repacked {
        Repacked { source, codec, compare: Compare::default(), target: Some(target) }
    }

    /// Takes the next bytes of what is in the input.
    pub(crate) fn input(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let fork = self.compare.input(bytes);
        self.fork(fork)
    }

    /// Takes the next bytes of the result.
    pub(crate) fn output(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.compare.differs() {
            return self.target.as_mut().ok_or_else(|| given_up(&self.source))?.write(bytes);
        }
        let fork = self.compare.output(bytes);
        self.fork(fork)
    }

    /// Puts the whole file in its place soon, together with others.
    pub(crate) fn finish_by(mut self, crew: &Crew<Whole>) -> Result<(), Problem> {
        let fork = self.compare.finish();
        self.fork(fork)?;
        let mut target = self.target.ok_or_else(|| given_up(&self.source))?;
        if !self.compare.differs() {
            let mut source = File::open(&self.source).map_err(|e| Problem::Read(e, 0))?;
            target.write_by(|out| io::copy(&mut source, out).map(|_| ()))?;
        }
        target.finish_by(crew)
    }

    /// Begins to pack at a difference.
    fn fork(&mut self, fork: Option<Fork>) -> Result<(), Problem> {
        let Some(fork) = fork else { return Ok(()) };
        let target = self.target.take().ok_or_else(|| given_up(&self.source))?;
        let mut target = target.pack(self.codec)?;
        target.write_by(|out| fork.rebuild(&self.source, out))?;
        self.target = Some(target);
        Ok(())
    }
}

fn given_up(source: &Path) -> Problem {
    Problem::Write(source.to_owned(), io::Error::other("its result was given up before"))
}
