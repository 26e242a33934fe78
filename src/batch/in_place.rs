//! A file that is replaced by its mended self, if that differs.
//!
//! Nothing is written while output and input agree; from the first difference on the output goes to
//! a temporary file in the same folder. Then: what the file was is kept, the manifest gets its
//! line, and the temporary file takes the name. Ended at any point, this leaves the old file or the
//! new one, and never a change that the manifest does not know.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::codec::{Codec, Packer};
use super::compare::{Compare, Fork};
use super::inputs::Source;
use super::interrupt::Unfinished;
use super::manifest::{Entry, Manifest, PathText, hash};
use super::problem::Problem;

/// How an in-place run keeps what the files were.
#[derive(Debug)]
pub(crate) struct Keeping {
    pub(crate) manifest: Manifest,
    /// Beside the file, under its name and this; else in the manifest's folder.
    pub(crate) suffix: Option<String>,
}

/// One file that is being replaced.
pub(crate) struct Replacement {
    path: PathBuf,
    old: Metadata,
    compare: Compare,
    new: Option<(Packer<NamedTempFile>, Unfinished)>,
}

impl Replacement {
    /// Begins with the file `source`. A symbolic link is followed, and stays.
    pub(crate) fn begin(source: &Source) -> Result<Replacement, Problem> {
        let Source::File(path) = source else { return Err(Problem::Nameless) };
        let path = fs::canonicalize(path).map_err(|e| Problem::Read(e, 0))?;
        let old = fs::metadata(&path).map_err(|e| Problem::Read(e, 0))?;
        if !old.is_file() {
            return Err(Problem::NotRegular);
        }
        if links(&old) > 1 {
            return Err(Problem::HardLinked(links(&old)));
        }
        Ok(Replacement { path, old, compare: Compare::default(), new: None })
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

    /// Replaces the file, if there is a difference; says whether there was.
    pub(crate) fn finish(mut self, keeping: &Keeping) -> Result<bool, Problem> {
        let fork = self.compare.finish();
        self.fork(fork)?;
        let Some((file, guard)) = self.new.take() else { return Ok(false) };
        self.settle(file, keeping).map(|()| {
            drop(guard);
            true
        })
    }

    fn settle(&self, file: Packer<NamedTempFile>, keeping: &Keeping) -> Result<(), Problem> {
        let file = file.finish().map_err(|e| self.cannot(e))?;
        let dressed = self.dress(file.as_file());
        dressed.and_then(|()| file.as_file().sync_all()).map_err(|e| self.cannot(e))?;
        let before = hash(&self.path).map_err(|e| Problem::Read(e, 0))?;
        let after = hash(file.path()).map_err(|e| self.cannot(e))?;
        // Whoever wrote to the file meanwhile is not overwritten.
        let now = fs::metadata(&self.path).map_err(|e| Problem::Read(e, 0))?;
        if now.len() != self.old.len() || now.modified().ok() != self.old.modified().ok() {
            return Err(Problem::Changed);
        }
        let backup = self.keep(keeping).map_err(Problem::Backup)?;
        let entry = Entry {
            path: PathText::new(&self.path),
            before,
            after,
            backup: PathText::new(&backup),
        };
        let done = keeping.manifest.record(&entry).map_err(Problem::Backup);
        let done = done.and_then(|()| file.persist(&self.path).map_err(|e| self.cannot(e.error)));
        if done.is_err() {
            // A second name left behind would forbid the next run.
            let _ = fs::remove_file(&backup);
        }
        done.map(drop)
    }

    /// Keeps what the file is: as a second name for it, or where that cannot be, as a copy.
    fn keep(&self, keeping: &Keeping) -> io::Result<PathBuf> {
        let backup = match &keeping.suffix {
            Some(suffix) => {
                let mut name = self.path.clone().into_os_string();
                name.push(suffix);
                PathBuf::from(name)
            }
            None => keeping.manifest.backup_name()?,
        };
        match fs::hard_link(&self.path, &backup) {
            Ok(()) => Ok(backup),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Err(io::Error::new(e.kind(), format!("{} is there already", backup.display())))
            }
            Err(_) => {
                let mut copy = File::options().write(true).create_new(true).open(&backup)?;
                io::copy(&mut File::open(&self.path)?, &mut copy)?;
                self.dress(&copy)?;
                copy.sync_all()?;
                Ok(backup)
            }
        }
    }

    /// Starts the new file at a difference.
    fn fork(&mut self, fork: Option<Fork>) -> Result<(), Problem> {
        let Some(Fork { same, output }) = fork else { return Ok(()) };
        let made = self.start(same, &output);
        self.new = Some(made.map_err(|e| self.cannot(e))?);
        Ok(())
    }

    fn start(&self, same: u64, output: &[u8]) -> io::Result<(Packer<NamedTempFile>, Unfinished)> {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        let file =
            tempfile::Builder::new().prefix(".hanmend-").suffix(".tmp").tempfile_in(folder)?;
        let guard = Unfinished::register(file.path());
        let codec = Codec::of(&self.path);
        let mut file = codec.writer(file)?;
        let copied = io::copy(&mut codec.reader(File::open(&self.path)?)?.take(same), &mut file)?;
        if copied != same {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.write_all(output)?;
        Ok((file, guard))
    }

    /// Gives `file` the owner, the mode and the times of the old one.
    fn dress(&self, file: &File) -> io::Result<()> {
        own(file, &self.old)?;
        file.set_permissions(self.old.permissions())?;
        let mut times = fs::FileTimes::new();
        if let Ok(modified) = self.old.modified() {
            times = times.set_modified(modified);
        }
        if let Ok(accessed) = self.old.accessed() {
            times = times.set_accessed(accessed);
        }
        file.set_times(times)
    }

    fn cannot(&self, error: io::Error) -> Problem {
        Problem::Write(self.path.clone(), error)
    }
}

#[cfg(unix)]
fn links(old: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(old)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

#[cfg(unix)]
fn own(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    // Only root may give files away; a group one is not in cannot be kept either. The file is then
    // of who runs the program, as with every editor.
    let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    Ok(())
}

#[cfg(not(unix))]
fn own(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// What became of an entry of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undone {
    /// The file is again what it was.
    Restored,
    /// The file is what it was already.
    Already,
}

/// Puts back what the file of `entry` was, unless someone has changed it since.
pub(crate) fn undo(entry: &Entry) -> Result<Undone, Problem> {
    let (path, backup) = (entry.path.path(), entry.backup.path());
    let now = hash(&path).map_err(|e| Problem::Read(e, 0))?;
    if now == entry.before {
        // Of a run that was cut short the backup may be a second name of the file.
        if hash(&backup).is_ok_and(|kept| kept == now) {
            let _ = fs::remove_file(&backup);
        }
        return Ok(Undone::Already);
    }
    if now != entry.after {
        return Err(Problem::Changed);
    }
    let kept = hash(&backup).map_err(Problem::Backup)?;
    if kept != entry.before {
        let reason = format!("{} is not what the file was", backup.display());
        return Err(Problem::Backup(io::Error::new(io::ErrorKind::InvalidData, reason)));
    }
    if fs::rename(&backup, &path).is_ok() {
        return Ok(Undone::Restored);
    }
    // Another file system: copied beside, then renamed.
    let cannot = |e| Problem::Write(path.clone(), e);
    let old = fs::metadata(&backup).map_err(Problem::Backup)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::Builder::new()
        .prefix(".hanmend-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(cannot)?;
    let _guard = Unfinished::register(file.path());
    let mut source = File::open(&backup).map_err(Problem::Backup)?;
    io::copy(&mut source, file.as_file_mut()).map_err(cannot)?;
    let replacement =
        Replacement { path: path.clone(), old, compare: Compare::default(), new: None };
    replacement.dress(file.as_file()).map_err(cannot)?;
    file.as_file().sync_all().map_err(cannot)?;
    file.persist(&path).map_err(|e| cannot(e.error))?;
    let _ = fs::remove_file(&backup);
    Ok(Undone::Restored)
}
