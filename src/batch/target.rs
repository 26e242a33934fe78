//! A file that is there whole or not at all.
//!
//! The result goes to a temporary file in the same folder, is synced to the disk, and takes the
//! final name in one step. A name such as `a.txt.gz` makes it a compressed file. Whatever happens before
//! that step (an error, a full disk, an interrupt, a power failure), the old file stands as it was.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::codec::{Codec, Packer};
use super::crew::{Committed, Crew, Together};
use super::durable::{sync_files, sync_folder, sync_folders};
use super::interrupt::{self, Unfinished};
use super::problem::Problem;
use super::progress;

/// An output file that is being written.
pub(crate) struct Target {
    path: PathBuf,
    kind: Kind,
}

enum Kind {
    /// A regular file: written beside, then renamed.
    Whole { file: Box<Packer<NamedTempFile>>, guard: Unfinished },
    /// A device or a pipe, which has no whole: written as it comes.
    Direct(File),
}

impl Target {
    /// Begins the file at `path`. A symbolic link is followed: what it points to is replaced, and
    /// the link stays.
    pub(crate) fn create(path: &Path) -> Result<Target, Problem> {
        Target::create_as(path, Codec::of(path))
    }

    /// The same, compressed as `codec` says.
    pub(crate) fn create_as(path: &Path, codec: Codec) -> Result<Target, Problem> {
        Target::begin(path, codec).map_err(|e| Problem::Write(path.to_owned(), e))
    }

    fn begin(path: &Path, codec: Codec) -> io::Result<Target> {
        let old = fs::metadata(path).ok();
        if old.as_ref().is_some_and(|m| !m.is_file()) {
            let file = File::options().write(true).open(path)?;
            return Ok(Target { path: path.to_owned(), kind: Kind::Direct(file) });
        }
        let place = if old.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
        let folder = folder_of(&place);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".hanmend-").suffix(".tmp");
        if let Some(p) = ordinary() {
            builder.permissions(p);
        }
        let (file, guard) = Unfinished::create(&builder, folder)?;
        if let Some(old) = old {
            file.as_file().set_permissions(old.permissions())?;
        }
        let file = Box::new(codec.writer(file)?);
        Ok(Target { path: place, kind: Kind::Whole { file, guard } })
    }

    /// The same, still empty, compressed as `codec` says; a device is written as it is.
    pub(crate) fn pack(self, codec: Codec) -> Result<Target, Problem> {
        let Target { path, kind } = self;
        let kind = match kind {
            Kind::Direct(file) => Kind::Direct(file),
            Kind::Whole { file, guard } => {
                let file = match *file {
                    Packer::Plain(file) => codec.writer(file),
                    packed => Ok(packed),
                };
                let file = file.map_err(|e| Problem::Write(path.clone(), e))?;
                Kind::Whole { file: Box::new(file), guard }
            }
        };
        Ok(Target { path, kind })
    }

    /// Appends `bytes`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.write_by(|out| out.write_all(bytes))
    }

    /// Appends what `write` writes.
    pub(crate) fn write_by(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Problem> {
        let written = match &mut self.kind {
            Kind::Whole { file, .. } => write(file),
            Kind::Direct(file) => write(file),
        };
        written.map_err(|e| Problem::Write(self.path.clone(), e))
    }

    /// Whether it is a device or a pipe, which is written as it comes.
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.kind, Kind::Direct(_))
    }

    /// Puts the whole file in its place soon, together with others.
    pub(crate) fn finish_by(self, crew: &Crew<Whole>) -> Result<(), Problem> {
        let Target { path, kind } = self;
        match kind {
            Kind::Direct(_) => Ok(()),
            Kind::Whole { file, guard } => {
                let file = file.finish().map_err(|e| Problem::Write(path.clone(), e))?;
                // Closed, as many files may wait.
                let file = file.into_temp_path();
                crew.give(Whole { path, file, guard }, Names::default)
            }
        }
    }

    /// Puts the whole file in its place.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        let Target { path, kind } = self;
        match kind {
            Kind::Direct(_) => Ok(()),
            Kind::Whole { file, guard } => {
                let done = file.finish().and_then(|file| {
                    file.as_file().sync_data()?;
                    file.persist(&path).map_err(|e| e.error)?;
                    sync_folder(folder_of(&path))
                });
                drop(guard);
                done.map_err(|e| Problem::Write(path, e))
            }
        }
    }
}

/// A whole file that is to take its name.
#[derive(Debug)]
pub(crate) struct Whole {
    path: PathBuf,
    file: TempPath,
    guard: Unfinished,
}

/// Gives many files their names together.
#[derive(Default)]
pub(crate) struct Names(Committed);

impl Names {
    fn fail(&mut self, path: &Path, error: io::Error) {
        let problem = Problem::Write(path.to_owned(), error);
        progress::say(&format!("hanmend: {}: {problem}", path.display()));
        self.0.failed += 1;
    }
}

impl Together for Names {
    type File = Whole;

    fn all(&mut self, files: Vec<Whole>) {
        // An interrupt waits here.
        let _gate = interrupt::gate();
        let synced = sync_files(&files.iter().map(|f| &*f.file).collect::<Vec<_>>());
        let mut folders = BTreeSet::new();
        for (Whole { path, file, guard }, synced) in files.into_iter().zip(synced) {
            match synced.and_then(|()| file.persist(&path).map_err(|e| e.error)) {
                Ok(()) => drop(folders.insert(folder_of(&path).to_owned())),
                Err(error) => self.fail(&path, error),
            }
            drop(guard);
        }
        if let Err(error) = sync_folders(&folders) {
            self.fail(Path::new("the output directory"), error);
        }
    }

    fn committed(&self) -> Committed {
        self.0
    }
}

/// The permissions of a new file; the process's mask takes its part away.
#[cfg(unix)]
fn ordinary() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary() -> Option<fs::Permissions> {
    None
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    }
}

/// Whether both paths are one existing file.
pub(crate) fn same_file(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// Whether standard output goes to the file at `path`.
#[cfg(unix)]
pub(crate) fn is_stdout(path: &Path) -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let stdout = || File::from(io::stdout().as_fd().try_clone_to_owned()?).metadata();
    match (stdout(), fs::metadata(path)) {
        (Ok(a), Ok(b)) => a.is_file() && (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
pub(crate) fn is_stdout(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_file_stands_until_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let mut target = Target::create(&path).unwrap();
        target.write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        target.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut target = Target::create(&dir.path().join("a.txt")).unwrap();
        target.write(b"half").unwrap();
        drop(target);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_the_mode_too() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut target = Target::create(&link).unwrap();
        target.write(b"new").unwrap();
        target.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
