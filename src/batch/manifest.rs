//! The record of an in-place run: which files were changed, and where what they were is kept.
//!
//! A folder with `hanmend-undo.ndjson` in it, an object a line; `docs/manifest.md` is its contract.
//! What is going to be done to a file is on the disk before anything is done to it, and that it was
//! done comes after. So whatever ends the run, what was changed can be put back, and the run can go on.

use std::fs::{self, File};
use std::io::{self, BufReader, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::durable::sync_folder;

mod path;
mod read;

pub(crate) use path::PathText;
pub(crate) use read::{Past, Record};

/// The manifest's name in its folder. A folder that has such a file is walked by no command.
pub(crate) const NAME: &str = "hanmend-undo.ndjson";

/// The version of the contract that is written and read.
const VERSION: u32 = 1;

/// One line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Line {
    /// The first: which run this is.
    Begin(Head),
    /// Temporary files may be left in this folder by a run that was cut short.
    Folder { path: PathText },
    /// A file is going to be replaced.
    Intent(Entry),
    /// It was.
    Done { n: u64 },
    /// It was not, and is what it was.
    Left { n: u64 },
}

/// Which run a manifest is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    manifest: u32,
    program: String,
    /// Part of the names of the run's temporary files.
    run: String,
    /// Stands for all options that decide what files become.
    options: String,
    directory: PathText,
    command: Vec<PathText>,
}

/// One file that a run replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) n: u64,
    pub(crate) path: PathText,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) backup: PathText,
}

impl Head {
    /// The head of a run of this program now, whose `options` decide what files become.
    pub(crate) fn of_this_run(options: &str) -> Head {
        let program = format!("hanmend {}", env!("CARGO_PKG_VERSION"));
        let words = std::env::args_os().map(|w| PathText::new(Path::new(&w)));
        let mut unique = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos()
            .to_le_bytes()
            .to_vec();
        unique.extend(std::process::id().to_le_bytes());
        Head {
            manifest: VERSION,
            run: hex(&Sha256::digest(unique)[..4]),
            options: hex(&Sha256::digest(format!("{program} {options}"))[..8]),
            program,
            directory: PathText::new(&std::env::current_dir().unwrap_or_default()),
            command: words.collect(),
        }
    }

    /// Whether a file in the folder of some input is a temporary one of this run.
    pub(crate) fn made(&self, name: &[u8]) -> bool {
        name.starts_with(self.temporary().as_bytes()) && name.ends_with(b".tmp")
    }

    /// How the names of the run's temporary files begin.
    pub(crate) fn temporary(&self) -> String {
        format!(".hanmend-{}-", self.run)
    }
}

/// A manifest that is being written; its folder is made when the first file differs.
#[derive(Debug)]
pub(crate) struct Manifest {
    head: Head,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    folder: PathBuf,
    /// Whether another name is taken when there is such a folder.
    any_name: bool,
    file: Option<File>,
    /// Bytes that are whole lines.
    good: u64,
    /// The number of the next entry.
    next: u64,
    /// The last folders that were noted.
    noted: Vec<PathBuf>,
}

/// Folders that are remembered as noted. Files come by folder, a worker each.
const NOTED: usize = 32;

impl Manifest {
    /// A manifest in `folder`, which must not hold one yet.
    pub(crate) fn new(folder: PathBuf, any_name: bool, head: Head) -> io::Result<Manifest> {
        let folder = std::path::absolute(folder)?;
        if !any_name && folder.join(NAME).exists() {
            let reason = "there is a manifest already; add --resume to go on with that run, name another \
                          folder, or undo that run first";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
        }
        let noted = Vec::new();
        let open = Open { folder, any_name, file: None, good: 0, next: 1, noted };
        Ok(Manifest { head, open: Mutex::new(open) })
    }

    /// Goes on with the manifest in `folder`, which a run with the same options began; with what that run
    /// did. Where there is none, a run begins.
    pub(crate) fn resume(folder: PathBuf, head: Head) -> io::Result<(Manifest, Past)> {
        let folder = std::path::absolute(folder)?;
        if !folder.join(NAME).exists() {
            return Ok((Manifest::new(folder, false, head)?, Past::default()));
        }
        let mut file = File::options().read(true).write(true).open(folder.join(NAME))?;
        lock(&file)?;
        let (old, past) = Past::read(BufReader::new(&mut file))?;
        let head = match old {
            // Cut short within its first line: nothing was done.
            None => head,
            Some(old) if old.options != head.options => {
                let words: Vec<_> =
                    old.command.iter().map(|w| w.path().display().to_string()).collect();
                let reason = format!(
                    "the run there was begun with other options, by: {}; give the same, or name another folder",
                    words.join(" ")
                );
                return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
            }
            Some(old) => old,
        };
        file.set_len(past.good)?;
        file.seek(io::SeekFrom::End(0))?;
        let open = Open {
            folder,
            any_name: false,
            good: past.good,
            next: past.next,
            noted: Vec::new(),
            file: Some(file),
        };
        let manifest = Manifest { head, open: Mutex::new(open) };
        if past.good == 0 {
            manifest.open().append(&[Line::Begin(manifest.head.clone())])?;
        }
        Ok((manifest, past))
    }

    /// Which run this is.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// Whether there is anything on the disk.
    pub(crate) fn begun(&self) -> bool {
        self.open().file.is_some()
    }

    /// The folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.open().folder.clone()
    }

    /// Notes that temporary files are made in `folder`. That needs not be on the disk: after a power
    /// failure a file may stay, and does no harm.
    pub(crate) fn note(&self, folder: &Path) -> io::Result<()> {
        let mut open = self.open();
        if open.noted.iter().any(|f| f == folder) {
            return Ok(());
        }
        open.make(&self.head)?;
        open.append(&[Line::Folder { path: PathText::new(folder) }])?;
        if open.noted.len() == NOTED {
            open.noted.remove(0);
        }
        open.noted.push(folder.to_owned());
        Ok(())
    }

    /// Numbers for `count` entries, and the folder in which backups may have these as their names.
    pub(crate) fn numbers(&self, count: u64) -> io::Result<(u64, PathBuf)> {
        let mut open = self.open();
        open.make(&self.head)?;
        let first = open.next;
        open.next += count;
        Ok((first, open.folder.clone()))
    }

    /// Puts on the disk what is going to be done.
    pub(crate) fn intend<'e>(&self, entries: impl Iterator<Item = &'e Entry>) -> io::Result<()> {
        let lines: Vec<Line> = entries.cloned().map(Line::Intent).collect();
        let mut open = self.open();
        open.append(&lines)?;
        open.file.as_ref().map_or(Ok(()), File::sync_data)
    }

    /// Writes what became of entries: whether each was done.
    pub(crate) fn settle(&self, settled: &[(u64, bool)]) -> io::Result<()> {
        let line = |&(n, done)| if done { Line::Done { n } } else { Line::Left { n } };
        self.open().append(&settled.iter().map(line).collect::<Vec<_>>())
    }

    /// Ends the run. Where it changed nothing, the manifest goes as it came.
    pub(crate) fn finish(&self) -> io::Result<()> {
        let mut open = self.open();
        let Some(file) = open.file.take() else { return Ok(()) };
        if open.next > 1 {
            return file.sync_all();
        }
        fs::remove_file(open.folder.join(NAME))?;
        // Someone else may have put something there.
        let _ = fs::remove_dir(&open.folder);
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Makes folder and file, unless they are there.
    fn make(&mut self, head: &Head) -> io::Result<()> {
        if self.file.is_some() {
            return Ok(());
        }
        let parent = self.folder.parent().unwrap_or(Path::new("/")).to_owned();
        fs::create_dir_all(&parent)?;
        let (asked, mut number) = (self.folder.clone(), 2);
        loop {
            match fs::create_dir(&self.folder) {
                Ok(()) => break,
                // Two runs may begin in the same second.
                Err(e) if self.any_name && e.kind() == io::ErrorKind::AlreadyExists => {
                    let mut name = asked.clone().into_os_string();
                    name.push(format!("-{number}"));
                    self.folder = name.into();
                    number += 1;
                }
                Err(_) if self.folder.is_dir() => break,
                Err(e) => return Err(e),
            }
        }
        let file = File::options().append(true).create_new(true).open(self.folder.join(NAME))?;
        lock(&file)?;
        self.file = Some(file);
        self.append(&[Line::Begin(head.clone())])?;
        sync_folder(&self.folder)?;
        sync_folder(&parent)
    }

    /// Appends `lines`, all or none.
    fn append(&mut self, lines: &[Line]) -> io::Result<()> {
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
        }
        let Some(file) = &mut self.file else { return Err(io::ErrorKind::NotFound.into()) };
        if let Err(error) = file.write_all(&text) {
            // Half a line would spoil the next.
            file.set_len(self.good)?;
            file.seek(io::SeekFrom::Start(self.good))?;
            return Err(error);
        }
        self.good += text.len() as u64;
        Ok(())
    }
}

/// Keeps other runs from the manifest, where the file system can.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another run is at work with it"))
        }
        _ => Ok(()),
    }
}

/// The SHA-256 of the file at `path`, in hexadecimal.
pub(crate) fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok(hex(&hasher.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
