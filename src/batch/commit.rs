//! Files take the places of others, many at a time: what is going to be done is put on the disk, the new files,
//! and second names for the old ones; then the new files take the names.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::attributes::{copy_attributes, unchanged};
use super::crew::{Committed, Together};
use super::durable::{sync_files, sync_folders};
use super::interrupt::{self, Unfinished};
use super::keeping::Backups;
use super::manifest::{Entry, Manifest, PathText, hash};
use super::problem::Problem;
use super::progress;

/// A finished file that is to take the place of another.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) path: PathBuf,
    pub(crate) mirror: Option<PathBuf>,
    pub(crate) old: Metadata,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) file: TempPath,
    pub(crate) guard: Unfinished,
}

/// Replaces files, and writes down that it does.
pub(crate) struct Work {
    manifest: Arc<Manifest>,
    backups: Backups,
    committed: Committed,
}

/// A file on its way.
struct Going {
    ready: Ready,
    entry: Entry,
    /// Keeps other runs away, as long as it is open.
    _lock: File,
}

impl Work {
    pub(crate) fn new(manifest: Arc<Manifest>, backups: Backups) -> Work {
        Work { manifest, backups, committed: Committed::default() }
    }
}

impl Together for Work {
    type File = Ready;

    fn all(&mut self, batch: Vec<Ready>) {
        // An interrupt waits here, so that it never finds half of this.
        let gate = interrupt::gate();
        // A file that was named twice has been made twice, and alike.
        let mut seen = HashSet::new();
        let batch = batch.into_iter().filter(|ready| seen.insert(ready.path.clone()));
        let held = batch.filter_map(|ready| self.hold(ready)).collect();
        let Some(going) = self.intend(held) else { return };
        let mut settled = Vec::new();
        let going = self.keep(going, &mut settled);
        let mut folders = BTreeSet::new();
        for going in going {
            let n = going.entry.n;
            let folder = going.ready.path.parent().map(Path::to_owned);
            let done = self.rename(going);
            folders.extend(folder.filter(|_| done));
            settled.push((n, done));
        }
        let synced = sync_folders(&folders).and_then(|()| self.manifest.settle(&settled));
        if let Err(error) = synced {
            // All is done, and undo finds out; the disk should be looked at nevertheless.
            progress::say(&format!("hanmend: the manifest: {error}"));
            self.committed.failed += 1;
        }
        drop(gate);
    }

    fn committed(&self) -> Committed {
        self.committed
    }
}

impl Work {
    /// Takes hold of the old file, which must be what it was when it was read.
    fn hold(&mut self, ready: Ready) -> Option<(Ready, File)> {
        let held = File::open(&ready.path).map_err(|e| Problem::Read(e, 0)).and_then(|lock| {
            if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
                return Err(Problem::Busy);
            }
            let now = fs::metadata(&ready.path).map_err(|e| Problem::Read(e, 0))?;
            if unchanged(&ready.old, &now) { Ok(lock) } else { Err(Problem::Changed) }
        });
        match held {
            Ok(lock) => Some((ready, lock)),
            // Named twice, or done by another run at the same time: it is what it should be.
            Err(_) if hash(&ready.path).is_ok_and(|now| now == ready.after) => None,
            Err(problem) => {
                self.fail(&ready.path, &problem);
                None
            }
        }
    }

    /// Puts on the disk what is going to be done.
    fn intend(&mut self, held: Vec<(Ready, File)>) -> Option<Vec<Going>> {
        let (mut n, folder) = match self.manifest.numbers(held.len() as u64) {
            Ok(found) => found,
            Err(error) => return self.fail_all(&held, &error),
        };
        let mut going = Vec::new();
        let mut backups = HashSet::new();
        for (ready, lock) in held {
            let backup = self.backup(&ready, n, &folder);
            if !backups.insert(backup.clone()) || fs::symlink_metadata(&backup).is_ok() {
                self.fail(&ready.path, &Problem::Backup(there_already(&backup)));
                continue;
            }
            let (path, backup) = (PathText::new(&ready.path), PathText::new(&backup));
            let (before, after) = (ready.before.clone(), ready.after.clone());
            let entry = Entry { n, path, before, after, backup };
            going.push(Going { ready, entry, _lock: lock });
            n += 1;
        }
        if going.is_empty() {
            return None;
        }
        match self.manifest.intend(going.iter().map(|g| &g.entry)) {
            Ok(()) => Some(going),
            Err(error) => {
                let held: Vec<_> = going.into_iter().map(|g| (g.ready, g._lock)).collect();
                self.fail_all(&held, &error)
            }
        }
    }

    /// Where it is kept what a file was.
    fn backup(&self, ready: &Ready, n: u64, folder: &Path) -> PathBuf {
        match &self.backups {
            Backups::Numbered => folder.join(format!("{n:06}")),
            Backups::Suffix(suffix) => {
                let mut name = ready.path.clone().into_os_string();
                name.push(suffix);
                name.into()
            }
            Backups::Tree(root) => {
                let name = ready.path.file_name().map(PathBuf::from).unwrap_or_default();
                root.join(ready.mirror.as_ref().unwrap_or(&name))
            }
        }
    }

    /// Puts the new files on the disk, and keeps what the old ones are. What fails is `settled`.
    fn keep(&mut self, going: Vec<Going>, settled: &mut Vec<(u64, bool)>) -> Vec<Going> {
        let files: Vec<&Path> = going.iter().map(|g| &*g.ready.file).collect();
        let synced = sync_files(&files);
        let (mut folders, mut kept) = (BTreeSet::new(), Vec::new());
        for (going, synced) in going.into_iter().zip(synced) {
            let backup = going.entry.backup.path();
            let done = match synced {
                Err(error) => Err(Problem::Write(going.ready.path.clone(), error)),
                Ok(()) => keep_as(&going.ready.path, &backup).map_err(Problem::Backup),
            };
            if let Err(problem) = done {
                self.fail(&going.ready.path, &problem);
                settled.push((going.entry.n, false));
                continue;
            }
            folders.extend(backup.parent().map(Path::to_owned));
            kept.push(going);
        }
        if let Err(error) = sync_folders(&folders) {
            for going in kept.drain(..) {
                let _ = fs::remove_file(going.entry.backup.path());
                self.fail(&going.ready.path, &Problem::Backup(again(&error)));
                settled.push((going.entry.n, false));
            }
        }
        kept
    }

    /// Gives the new file the name of the old one; says whether that was done.
    fn rename(&mut self, going: Going) -> bool {
        let Going { ready, entry, _lock } = going;
        let Ready { path, old, file, guard, .. } = ready;
        // Whoever wrote to the file meanwhile is not overwritten.
        let renamed = match fs::metadata(&path) {
            Err(error) => Err(Problem::Read(error, 0)),
            Ok(now) if !unchanged(&old, &now) => Err(Problem::Changed),
            Ok(_) => file.persist(&path).map_err(|e| Problem::Write(path.clone(), e.error)),
        };
        drop(guard);
        match renamed {
            Ok(()) => self.committed.changed += 1,
            Err(problem) => {
                // A second name left behind would forbid the next run.
                let _ = fs::remove_file(entry.backup.path());
                self.fail(&path, &problem);
                return false;
            }
        }
        true
    }

    fn fail(&mut self, path: &Path, problem: &Problem) {
        progress::say(&format!("hanmend: {}: {problem}", path.display()));
        self.committed.failed += 1;
    }

    fn fail_all<T>(&mut self, held: &[(Ready, File)], error: &io::Error) -> Option<T> {
        for (ready, _) in held {
            self.fail(&ready.path, &Problem::Backup(again(error)));
        }
        None
    }
}

/// Keeps what the file at `path` is: as a second name for it, or where that cannot be, as a copy.
fn keep_as(path: &Path, backup: &Path) -> io::Result<()> {
    let folder = backup.parent().unwrap_or(Path::new("."));
    match fs::hard_link(path, backup) {
        Ok(()) => return Ok(()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(there_already(backup)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            if fs::hard_link(path, backup).is_ok() {
                return Ok(());
            }
        }
        Err(_) => {}
    }
    let mut builder = tempfile::Builder::new();
    let (mut copy, _guard) =
        Unfinished::create(builder.prefix(".hanmend-").suffix(".tmp"), folder)?;
    let mut file = File::open(path)?;
    io::copy(&mut file, &mut copy)?;
    copy_attributes(&file.metadata()?, copy.as_file())?;
    copy.as_file().sync_all()?;
    copy.persist_noclobber(backup).map(drop).map_err(|e| e.error)
}

/// The same error for one more file.
fn again(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

fn there_already(backup: &Path) -> io::Error {
    let reason = format!("{} is there already", backup.display());
    io::Error::new(io::ErrorKind::AlreadyExists, reason)
}
