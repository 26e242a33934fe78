//! An in-place run: its manifest, where it keeps what the files were, and what an earlier run did.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commit::{Ready, Work};
use super::crew::{Committed, Crew};
use super::inputs::{Input, Source};
use super::interrupt;
use super::manifest::{Entry, Head, Manifest, Past, hash};
use super::problem::Problem;
use super::progress;

/// Where it is kept what the files were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Backups {
    /// In the manifest's folder, by number.
    Numbered,
    /// Beside the file, under its name and this.
    Suffix(String),
    /// Below a folder, which mirrors the tree.
    Tree(PathBuf),
}

/// An in-place run.
#[derive(Debug)]
pub(crate) struct Keeping {
    manifest: Arc<Manifest>,
    past: Past,
    backups: Backups,
    breaks_links: bool,
    crew: Crew<Ready>,
}

impl Keeping {
    /// A run that begins now.
    pub(crate) fn new(manifest: Manifest, backups: Backups, breaks_links: bool) -> Keeping {
        let (manifest, crew) = (Arc::new(manifest), Crew::default());
        let told = Arc::clone(&manifest);
        interrupt::last_words(move || {
            if told.begun() {
                let folder = told.folder();
                let folder = folder.display();
                progress::say(&format!(
                    "hanmend: interrupted; hanmend undo {folder} puts back what was changed, the same \
                     command with --resume and --manifest {folder} goes on"
                ));
            }
        });
        Keeping { manifest, past: Past::default(), backups, breaks_links, crew }
    }

    /// Goes on with the run whose manifest is in `folder`, or begins one there.
    pub(crate) fn resume(
        folder: PathBuf,
        head: Head,
        backups: Backups,
        breaks_links: bool,
    ) -> io::Result<Keeping> {
        let (manifest, mut past) = Manifest::resume(folder, head)?;
        sweep(manifest.head(), &past.folders);
        let mut settled = Vec::new();
        for entry in std::mem::take(&mut past.unsettled) {
            match fate(&entry) {
                Some(true) => past.done(&entry),
                Some(false) => drop_backup(&entry),
                // Someone else has changed it; undo will say so.
                None => continue,
            }
            settled.push((entry.n, past.touched(&entry.path.path())));
        }
        if !settled.is_empty() {
            manifest.settle(&settled)?;
        }
        let mut keeping = Keeping::new(manifest, backups, breaks_links);
        keeping.past = past;
        Ok(keeping)
    }

    /// Whether hard links may be broken.
    pub(crate) fn breaks_links(&self) -> bool {
        self.breaks_links
    }

    /// The folder of the manifest.
    pub(crate) fn folder(&self) -> PathBuf {
        self.manifest.folder()
    }

    /// Whether the run did `input` before it was cut short, and nobody has changed it since.
    pub(crate) fn did(&self, input: &Input) -> bool {
        let Source::File(path) = &input.source else { return false };
        let Ok(path) = fs::canonicalize(path) else { return false };
        self.past.touched(&path) && hash(&path).is_ok_and(|now| self.past.became(&path, &now))
    }

    /// How the name of a temporary file in `folder` begins.
    pub(crate) fn temporary(&self, folder: &Path) -> io::Result<String> {
        self.manifest.note(folder)?;
        Ok(self.manifest.head().temporary())
    }

    /// Replaces a file, soon.
    pub(crate) fn replace(&self, ready: Ready) -> Result<(), Problem> {
        let work = || Work::new(Arc::clone(&self.manifest), self.backups.clone());
        self.crew.give(ready, work)
    }

    /// Waits until all is done; gives what became of the files.
    pub(crate) fn finish(&self) -> Result<Committed, Problem> {
        let committed = self.crew.finish();
        self.manifest.finish().map_err(Problem::Backup)?;
        Ok(committed)
    }
}

/// Removes the temporary files of a run that was cut short.
pub(crate) fn sweep(head: &Head, folders: &[PathBuf]) {
    for entry in folders.iter().filter_map(|f| fs::read_dir(f).ok()).flatten().flatten() {
        if head.made(entry.file_name().as_encoded_bytes()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether the file of `entry` was replaced; nothing when it is neither what it was nor what it was to be.
fn fate(entry: &Entry) -> Option<bool> {
    let now = hash(&entry.path.path()).ok()?;
    (now == entry.after || now == entry.before).then_some(now == entry.after)
}

/// Removes the backup of a file that was not replaced: it is a second name of the file or a copy.
pub(crate) fn drop_backup(entry: &Entry) {
    let backup = entry.backup.path();
    if hash(&backup).is_ok_and(|kept| kept == entry.before) {
        let _ = fs::remove_file(backup);
    }
}
