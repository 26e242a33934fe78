//! The record of renamings, from which they are taken back.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::batch::manifest::PathText;
use crate::cli::names;

/// The record's name in its folder.
const NAME: &str = "hanmend-renamed.ndjson";

/// One renaming, on the disk before it is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    from: PathText,
    to: PathText,
}

/// A record that is being written.
pub(super) struct Record {
    folder: PathBuf,
    file: File,
}

impl Record {
    /// A record in the folder `folder`, which is made and must not hold one yet.
    pub(super) fn new(folder: &Path) -> io::Result<Record> {
        let folder = std::path::absolute(folder)?;
        fs::create_dir_all(&folder)?;
        let file = File::options().append(true).create_new(true).open(folder.join(NAME))?;
        Ok(Record { folder, file })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Renames, unless the new name is taken.
    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let line = Line {
            from: PathText::new(&std::path::absolute(from)?),
            to: PathText::new(&std::path::absolute(to)?),
        };
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        free(to)?;
        fs::rename(from, to)
    }
}

fn free(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => {
            let reason = format!("the name is taken already: {}", path.display());
            Err(io::Error::new(io::ErrorKind::AlreadyExists, reason))
        }
        Err(_) => Ok(()),
    }
}

/// Whether there is a record in the folder `folder`, or at that path.
pub(in super::super) fn is_record(path: &Path) -> bool {
    place(path).is_file() && (path.is_dir() || path.file_name().is_some_and(|n| n == NAME))
}

fn place(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(NAME) } else { path.to_owned() }
}

fn shown(path: &Path) -> String {
    names::shown(path.as_os_str().as_encoded_bytes())
}

/// What taking the record back came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Undone {
    pub(in super::super) restored: u64,
    pub(in super::super) already: u64,
    pub(in super::super) failed: u64,
}

/// Takes all renamings of the record at `path` back, the last first. What was never renamed, or is
/// back already, is counted; a name that is taken meanwhile is said.
pub(in super::super) fn undo(path: &Path) -> io::Result<Undone> {
    let (mut lines, mut undone) = (Vec::new(), Undone::default());
    for line in BufReader::new(File::open(place(path))?).split(b'\n') {
        // A line that a crash cut is of a renaming that was not made.
        lines.extend(serde_json::from_slice::<Line>(&line?));
    }
    for Line { from, to } in lines.iter().rev() {
        let (from, to) = (from.path(), to.path());
        if fs::symlink_metadata(&to).is_err() && fs::symlink_metadata(&from).is_ok() {
            undone.already += 1;
            continue;
        }
        if fs::symlink_metadata(&to).is_err() {
            let (from, to) = (shown(&from), shown(&to));
            eprintln!("hanmend: {to}: was moved or removed since, and is not put back as {from}");
            undone.failed += 1;
            continue;
        }
        match free(&from).and_then(|()| fs::rename(&to, &from)) {
            Ok(()) => undone.restored += 1,
            Err(e) => {
                eprintln!("hanmend: {}: {e}", shown(&to));
                undone.failed += 1;
            }
        }
    }
    Ok(undone)
}
