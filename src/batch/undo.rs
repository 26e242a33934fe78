//! A file is put back as it was before an in-place run.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::attributes::copy_attributes;
use super::durable::sync_folder;
use super::interrupt::Unfinished;
use super::keeping::drop_backup;
use super::manifest::{Entry, hash};
use super::problem::Problem;

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
        drop_backup(entry);
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
    copy_over(&backup, &path).map_err(|e| Problem::Write(path.clone(), e))?;
    let _ = fs::remove_file(&backup);
    Ok(Undone::Restored)
}

fn copy_over(backup: &Path, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut builder = tempfile::Builder::new();
    let (mut file, _guard) =
        Unfinished::create(builder.prefix(".hanmend-").suffix(".tmp"), folder)?;
    let mut source = File::open(backup)?;
    io::copy(&mut source, file.as_file_mut())?;
    copy_attributes(&source.metadata()?, file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    // Before the backup goes.
    sync_folder(folder)
}
