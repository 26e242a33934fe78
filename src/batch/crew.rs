//! A thread that does something to many files together.
//!
//! What takes long is to wait for the disk, and many files can wait together. So workers leave their
//! finished files here, and a thread of its own takes what is there by then.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::problem::Problem;

/// Files that are done together: enough that the disk serves them by few writes, and few enough to
/// be held open.
const TOGETHER: usize = 128;

/// What became of all files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Committed {
    pub(crate) changed: u64,
    pub(crate) failed: u64,
}

/// What is done to files.
pub(crate) trait Together: Send + 'static {
    type File: Send + 'static;

    /// Does it to all `files`; what goes wrong is said.
    fn all(&mut self, files: Vec<Self::File>);

    /// What became of all files until now.
    fn committed(&self) -> Committed;
}

/// The thread, which starts with the first file.
pub(crate) struct Crew<F>(Mutex<Option<(SyncSender<F>, JoinHandle<Committed>)>>);

impl<F> Default for Crew<F> {
    fn default() -> Crew<F> {
        Crew(Mutex::new(None))
    }
}

impl<F> std::fmt::Debug for Crew<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crew")
    }
}

impl<F: Send + 'static> Crew<F> {
    /// Leaves `file` to the thread, which does `work`. Waits while the disk is behind.
    pub(crate) fn give<T: Together<File = F>>(
        &self,
        file: F,
        work: impl FnOnce() -> T,
    ) -> Result<(), Problem> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_none() {
            *running = Some(start(work()).map_err(Problem::Backup)?);
        }
        let queue = running.as_ref().map(|(queue, _)| queue.clone());
        drop(running);
        let sent = queue.is_some_and(|queue| queue.send(file).is_ok());
        if sent { Ok(()) } else { Err(Problem::Backup(io::ErrorKind::BrokenPipe.into())) }
    }

    /// Waits until all is done.
    pub(crate) fn finish(&self) -> Committed {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        running.map_or_else(Committed::default, |(queue, thread)| {
            drop(queue);
            thread.join().unwrap_or(Committed { changed: 0, failed: 1 })
        })
    }
}

fn start<T: Together>(mut work: T) -> io::Result<(SyncSender<T::File>, JoinHandle<Committed>)> {
    let (queue, files) = sync_channel(TOGETHER);
    let thread = thread::Builder::new().spawn(move || {
        while let Some(batch) = batch(&files) {
            work.all(batch);
        }
        work.committed()
    })?;
    Ok((queue, thread))
}

/// What waits; at least one, unless there will be no more.
fn batch<F>(files: &Receiver<F>) -> Option<Vec<F>> {
    let first = files.recv().ok()?;
    Some(std::iter::once(first).chain(files.try_iter().take(TOGETHER - 1)).collect())
}
