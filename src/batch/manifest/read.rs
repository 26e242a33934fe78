//! What a manifest tells of a run, for the run that goes on and for undo.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Entry, Head, Line, NAME, VERSION, lock};

/// What a run had done when it was cut short. Files that were done take a few bytes each.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// By a digest of the path, a digest of what the file became.
    done: HashMap<u64, u64>,
    /// Of these it is not known whether they were done.
    pub(crate) unsettled: Vec<Entry>,
    /// Where temporary files may be left.
    pub(crate) folders: Vec<PathBuf>,
    pub(super) next: u64,
    pub(super) good: u64,
}

impl Past {
    /// Reads all lines. Without a whole first line there is no head.
    pub(super) fn read(mut reader: impl BufRead) -> io::Result<(Option<Head>, Past)> {
        let (mut head, mut past) = (None, Past { next: 1, ..Past::default() });
        let mut unsettled = BTreeMap::new();
        while let Some((size, line)) = next(&mut reader, past.good)? {
            past.good += size;
            match line {
                Line::Begin(first) => head = Some(first),
                Line::Folder { path } => past.folders.push(path.path()),
                Line::Intent(entry) => {
                    past.next = past.next.max(entry.n + 1);
                    unsettled.insert(entry.n, entry);
                }
                Line::Left { n } => drop(unsettled.remove(&n)),
                Line::Done { n } => {
                    if let Some(entry) = unsettled.remove(&n) {
                        past.done(&entry);
                    }
                }
            }
        }
        past.folders.sort();
        past.folders.dedup();
        past.unsettled = unsettled.into_values().collect();
        Ok((head, past))
    }

    /// Notes that `entry` was done.
    pub(crate) fn done(&mut self, entry: &Entry) {
        self.done.insert(path_digest(&entry.path.path()), digest(entry.after.as_bytes()));
    }

    /// Whether the run did the file at `path`.
    pub(crate) fn touched(&self, path: &Path) -> bool {
        self.done.contains_key(&path_digest(path))
    }

    /// Whether it is what the file at `path` became, that has this hash.
    pub(crate) fn became(&self, path: &Path, hash: &str) -> bool {
        self.done.get(&path_digest(path)) == Some(&digest(hash.as_bytes()))
    }
}

fn path_digest(path: &Path) -> u64 {
    digest(path.as_os_str().as_encoded_bytes())
}

/// Eight bytes of SHA-256.
fn digest(bytes: &[u8]) -> u64 {
    Sha256::digest(bytes).iter().take(8).fold(0, |all, &byte| all << 8 | u64::from(byte))
}

/// The manifest of a run that is over, read from the end. Lines are found again by where they stand,
/// so that what is kept is small.
pub(crate) struct Record {
    reader: BufReader<File>,
    /// Where the line of each entry begins.
    places: BTreeMap<u64, u64>,
    head: Option<Head>,
    /// Where temporary files may be left.
    pub(crate) folders: Vec<PathBuf>,
}

impl Record {
    /// Opens the manifest at `path`, which is its folder or the file itself. No run may be at work with it.
    pub(crate) fn open(path: &Path) -> io::Result<Record> {
        let path = if path.is_dir() { path.join(NAME) } else { path.to_owned() };
        let file = File::open(path)?;
        lock(&file)?;
        let (mut reader, mut at) = (BufReader::new(file), 0);
        let (mut places, mut folders, mut head) = (BTreeMap::new(), Vec::new(), None);
        while let Some((size, line)) = next(&mut reader, at)? {
            match line {
                Line::Begin(first) => head = Some(first),
                Line::Folder { path } => folders.push(path.path()),
                Line::Intent(entry) => drop(places.insert(entry.n, at)),
                Line::Left { n } => drop(places.remove(&n)),
                Line::Done { .. } => {}
            }
            at += size;
        }
        folders.sort();
        folders.dedup();
        Ok(Record { reader, places, head, folders })
    }

    /// Which run it was.
    pub(crate) fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// The last entry that was not given yet.
    pub(crate) fn pop(&mut self) -> Option<io::Result<Entry>> {
        let (_, at) = self.places.pop_last()?;
        let found = self.reader.seek(SeekFrom::Start(at)).and_then(|at| next(&mut self.reader, at));
        match found {
            Ok(Some((_, Line::Intent(entry)))) => Some(Ok(entry)),
            Ok(_) => Some(Err(io::ErrorKind::InvalidData.into())),
            Err(e) => Some(Err(e)),
        }
    }
}

/// The line that begins at byte `at`, and its size; none at the end or where a crash cut the line: what
/// it would have told was not done.
fn next(reader: &mut impl BufRead, at: u64) -> io::Result<Option<(u64, Line)>> {
    let mut text = Vec::new();
    let size = reader.read_until(b'\n', &mut text)?;
    if text.last() != Some(&b'\n') {
        return Ok(None);
    }
    let wrong = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    let line = serde_json::from_slice(&text)
        .map_err(|e| wrong(format!("byte {at}: no line of a manifest: {e}")))?;
    match &line {
        Line::Begin(head) if head.manifest != VERSION => Err(wrong(format!(
            "a manifest of version {}, this program reads version {VERSION}; use {}",
            head.manifest, head.program
        ))),
        Line::Begin(_) => Ok(Some((size as u64, line))),
        _ if at == 0 => Err(wrong("the first line is not that of a manifest".to_owned())),
        _ => Ok(Some((size as u64, line))),
    }
}
