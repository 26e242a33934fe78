//! The record of an in-place run: which files were changed, and where what they were is kept.
//!
//! A folder with `hanmend-undo.ndjson` in it: a line a file with `path`, `before` and
//! `after` (SHA-256 of the bytes) and `backup`. A line is on the disk before its file changes, so
//! that whatever ends the run, what was changed can be put back.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The manifest's name in its folder. A folder that has such a file is walked by no command.
pub(crate) const NAME: &str = "hanmend-undo.ndjson";

/// One changed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) path: PathText,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) backup: PathText,
}

/// A path as JSON: text where it is text, else its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum PathText {
    Text(String),
    Bytes { bytes: Vec<u8> },
}

/// A manifest that is being written; its folder is made with the first entry.
#[derive(Debug)]
pub(crate) struct Manifest {
    folder: PathBuf,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    file: Option<File>,
    entries: u64,
}

impl Manifest {
    /// A manifest in `folder`, which must not hold one yet.
    pub(crate) fn new(folder: PathBuf) -> io::Result<Manifest> {
        let folder = std::path::absolute(folder)?;
        if folder.join(NAME).exists() {
            let reason = "there is a manifest already; name another folder, or undo that run first";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
        }
        Ok(Manifest { folder, open: Mutex::default() })
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A name for the next backup in the folder.
    pub(crate) fn backup_name(&self) -> io::Result<PathBuf> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.file(&mut open)?;
        open.entries += 1;
        Ok(self.folder.join(format!("{:06}", open.entries)))
    }

    /// Puts `entry` on the disk.
    pub(crate) fn record(&self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = self.file(&mut open)?;
        file.write_all(&line)?;
        file.sync_data()
    }

    fn file<'o>(&self, open: &'o mut Open) -> io::Result<&'o mut File> {
        if open.file.is_none() {
            fs::create_dir_all(&self.folder)?;
            let path = self.folder.join(NAME);
            open.file = Some(File::options().append(true).create_new(true).open(path)?);
        }
        open.file.as_mut().ok_or(io::ErrorKind::NotFound.into())
    }
}

/// The entries of the manifest at `path`, which is its folder or the file itself. A last line that
/// a crash cut is left out: its file had not been changed yet.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let path = if path.is_dir() { path.join(NAME) } else { path.to_owned() };
    let (mut reader, mut entries) = (BufReader::new(File::open(path)?), Vec::new());
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if line.last() == Some(&b'\n') {
            entries.push(serde_json::from_slice(&line)?);
        }
        line.clear();
    }
    Ok(entries)
}

impl PathText {
    pub(crate) fn new(path: &Path) -> PathText {
        match path.to_str() {
            Some(text) => PathText::Text(text.to_owned()),
            None => PathText::Bytes { bytes: path.as_os_str().as_encoded_bytes().to_vec() },
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        match self {
            PathText::Text(text) => text.into(),
            PathText::Bytes { bytes } => from_bytes(bytes),
        }
    }
}

#[cfg(unix)]
fn from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn from_bytes(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The SHA-256 of the file at `path`, in hexadecimal.
pub(crate) fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_and_a_cut_line_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let manifest = Manifest::new(dir.path().join("m")).unwrap();
        let entry = |name: &[u8]| Entry {
            path: PathText::new(&from_bytes(name)),
            before: "b".to_owned(),
            after: "a".to_owned(),
            backup: PathText::new(Path::new("/k")),
        };
        let entries = [entry(b"/a b"), entry(b"/\xff\xfe")];
        entries.iter().for_each(|e| manifest.record(e).unwrap());
        let path = manifest.folder().join(NAME);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(b"{\"path\":\"/cu");
        fs::write(&path, bytes).unwrap();
        assert_eq!(read(manifest.folder()).unwrap(), entries);
        assert!(Manifest::new(dir.path().join("m")).is_err());
    }
}
