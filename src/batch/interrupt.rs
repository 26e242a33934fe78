//! Ctrl-C while files are being written: what is unfinished is taken away.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::NamedTempFile;

/// Exit status of a program that an interrupt ended, as shells expect it: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static HANDLER: Once = Once::new();
static GATE: Mutex<()> = Mutex::new(());
static LAST_WORDS: Mutex<Option<Box<dyn Fn() + Send>>> = Mutex::new(None);

/// Keeps an interrupt waiting, as long as what this gives is held.
pub(crate) fn gate() -> MutexGuard<'static, ()> {
    GATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is done last, when an interrupt ends the program.
pub(crate) fn last_words(words: impl Fn() + Send + 'static) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(words));
}

/// A temporary file that an interrupt removes, until this is dropped.
#[derive(Debug)]
pub(crate) struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// Makes a temporary file in `folder`. The first call installs the handler before that, and an interrupt waits until
    /// the file is known to it: none is left behind.
    pub(crate) fn create(
        builder: &tempfile::Builder<'_, '_>,
        folder: &Path,
    ) -> io::Result<(NamedTempFile, Unfinished)> {
        // Without a handler an interrupt still leaves nothing under the final name, so failing to
        // install one is no reason to fail.
        HANDLER.call_once(|| drop(ctrlc::set_handler(clean_up_and_exit)));
        let mut unfinished = lock();
        let file = builder.tempfile_in(folder)?;
        let path = file.path().to_owned();
        unfinished.insert(path.clone());
        Ok((file, Unfinished { path }))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        lock().remove(&self.path);
    }
}

fn clean_up_and_exit() {
    // The locks are kept: no file may be finished or begun from here on.
    let _gate = gate();
    let unfinished = lock();
    for path in unfinished.iter() {
        let _ = std::fs::remove_file(path);
    }
    if let Some(words) = &*LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) {
        words();
    }
    std::process::exit(INTERRUPTED);
}

fn lock() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
