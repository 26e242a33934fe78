//! A file that is replaced by its mended self, if that differs.
//!
//! Nothing is written while output and input agree; from the first difference on the output goes to
//! a temporary file in the same folder, which `commit` gives the name of the old one. Ended at any point,
//! this leaves the old file or the new one, and never a change that the manifest does not know.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::attributes::{copy_attributes, links};
use super::codec::{Codec, Packer};
use super::commit::Ready;
use super::compare::{Compare, Fork};
use super::inputs::{Input, Source};
use super::interrupt::Unfinished;
use super::keeping::Keeping;
use super::manifest::hash;
use super::problem::Problem;

/// One file that is being replaced.
pub(crate) struct Replacement<'k> {
    keeping: &'k Keeping,
    path: PathBuf,
    mirror: Option<PathBuf>,
    old: Metadata,
    compare: Compare,
    new: Option<(Packer<NamedTempFile>, Unfinished)>,
}

impl<'k> Replacement<'k> {
    /// Begins with the file of `input`. A symbolic link is followed, and stays.
    pub(crate) fn begin(input: &Input, keeping: &'k Keeping) -> Result<Replacement<'k>, Problem> {
        let Source::File(path) = &input.source else { return Err(Problem::Nameless) };
        let path = fs::canonicalize(path).map_err(|e| Problem::Read(e, 0))?;
        let old = settled(&path).map_err(|e| Problem::Read(e, 0))?;
        if !old.is_file() {
            return Err(Problem::NotRegular);
        }
        if links(&old) > 1 && !keeping.breaks_links() {
            return Err(Problem::HardLinked(links(&old)));
        }
        let mirror = input.mirror.clone();
        Ok(Replacement { keeping, path, mirror, old, compare: Compare::default(), new: None })
    }

    /// Takes the next bytes of the input.
    pub(crate) fn input(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let fork = self.compare.input(bytes);
        self.fork(fork)
    }

    /// Takes the next bytes of the output.
    pub(crate) fn output(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match &mut self.new {
            Some((file, _)) => {
                let written = file.write_all(bytes);
                written.map_err(|e| self.cannot(e))
            }
            None => {
                let fork = self.compare.output(bytes);
                self.fork(fork)
            }
        }
    }

    /// Hands the file over to be replaced, if there is a difference; says whether there was.
    pub(crate) fn finish(mut self) -> Result<bool, Problem> {
        let fork = self.compare.finish();
        self.fork(fork)?;
        let Some((file, guard)) = self.new.take() else { return Ok(false) };
        let file = file.finish().map_err(|e| self.cannot(e))?;
        copy_attributes(&self.old, file.as_file()).map_err(|e| self.cannot(e))?;
        let before = hash(&self.path).map_err(|e| Problem::Read(e, 0))?;
        let after = hash(file.path()).map_err(|e| self.cannot(e))?;
        let Replacement { keeping, path, mirror, old, .. } = self;
        // Closed, as many files may wait.
        let file = file.into_temp_path();
        keeping.replace(Ready { path, mirror, old, before, after, file, guard })?;
        Ok(true)
    }

    /// Starts the new file at a difference.
    fn fork(&mut self, fork: Option<Fork>) -> Result<(), Problem> {
        let Some(fork) = fork else { return Ok(()) };
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        let prefix = self.keeping.temporary(folder).map_err(Problem::Backup)?;
        self.new = Some(self.start(folder, &prefix, &fork).map_err(|e| self.cannot(e))?);
        Ok(())
    }

    fn start(
        &self,
        folder: &Path,
        prefix: &str,
        fork: &Fork,
    ) -> io::Result<(Packer<NamedTempFile>, Unfinished)> {
        let mut builder = tempfile::Builder::new();
        let (file, guard) = Unfinished::create(builder.prefix(prefix).suffix(".tmp"), folder)?;
        let mut file = Codec::of_file(&self.path)?.writer(file)?;
        fork.rebuild(&self.path, &mut file)?;
        Ok((file, guard))
    }

    fn cannot(&self, error: io::Error) -> Problem {
        Problem::Write(self.path.clone(), error)
    }
}

/// So often, and so far apart, it is looked whether a file is still being replaced: ten seconds.
const LOOKS: u32 = 500;
const BETWEEN: Duration = Duration::from_millis(20);

/// The metadata of the file at `path`. While a file is being replaced, by this run or another, it has a
/// second name, which is no reason to refuse it: that is waited for.
fn settled(path: &Path) -> io::Result<Metadata> {
    let found = fs::metadata(path)?;
    if links(&found) < 2 || !found.is_file() {
        return Ok(found);
    }
    let file = File::open(path)?;
    // Where files cannot be locked there is nothing to wait for; another program may hold a lock for good.
    for _ in 0..LOOKS {
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
            _ => break,
        }
    }
    fs::metadata(path)
}
