//! Ctrl-C while files are being written: what is unfinished is taken away.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// Exit status of a program that an interrupt ended, as shells expect it: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static HANDLER: Once = Once::new();

/// A temporary file that an interrupt removes, until this is dropped.
pub(crate) struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// Registers `path`; the first call installs the handler.
    pub(crate) fn register(path: &Path) -> Unfinished {
        // Without a handler an interrupt still leaves nothing under the final name, so failing to
        // install one is no reason to fail.
        HANDLER.call_once(|| drop(ctrlc::set_handler(clean_up_and_exit)));
        lock().insert(path.to_owned());
        Unfinished { path: path.to_owned() }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        lock().remove(&self.path);
    }
}

fn clean_up_and_exit() {
    // The lock is kept: no file may be finished or begun from here on.
    let unfinished = lock();
    for path in unfinished.iter() {
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(INTERRUPTED);
}

fn lock() -> std::sync::MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
