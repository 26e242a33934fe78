//! What has to survive a power failure: files and the names in a folder.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Syncs that wait for the disk at the same time. File systems with a journal serve those that wait
/// together by one write; more than this gained nothing on ext4.
const TOGETHER: usize = 8;

/// Puts the names in `folder` on the disk.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|f| f.sync_all()) {
        // Some network file systems cannot, and need not.
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// Elsewhere folders cannot be opened.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Puts the content of all `files` on the disk; gives what became of each.
pub(crate) fn sync_files(files: &[&Path]) -> Vec<io::Result<()>> {
    // Windows flushes only what may be written to.
    together(files, |path| {
        let file = File::options().read(true).write(cfg!(not(unix))).open(path)?;
        file.sync_all()
    })
}

/// Puts the names in all `folders` on the disk; gives the first error.
pub(crate) fn sync_folders(folders: &BTreeSet<PathBuf>) -> io::Result<()> {
    let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    together(&folders, |folder| sync_folder(folder)).into_iter().collect()
}

/// Does `each`, which waits for the disk, for all `items`, several at a time; gives what became of each,
/// in order.
pub(crate) fn together<I: Sync, R: Send>(items: &[I], each: impl Fn(&I) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return };
            let one = each(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((number, one));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..TOGETHER.min(items.len()) {
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_files() {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..40).map(|n| dir.path().join(n.to_string())).collect();
        for path in paths.iter().step_by(3) {
            std::fs::write(path, "x").unwrap();
        }
        let files: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        for (number, done) in sync_files(&files).iter().enumerate() {
            assert_eq!(done.is_ok(), number % 3 == 0, "{number}");
        }
        assert!(sync_files(&[]).is_empty());
    }
}
