//! Names that several files of a zip archive have. The crate that reads archives keeps one of them, and so
//! the directory at the end is read here once more.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// What begins an entry of the directory, and the length of what is before the name in it.
const ENTRY: &[u8] = b"PK\x01\x02";
const FIXED: usize = 46;

/// The names that several entries have of the directory at byte `start`, and how many have each.
pub(super) fn names(file: impl Read + Seek, start: u64) -> Vec<(Vec<u8>, usize)> {
    let mut numbers: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut reader = BufReader::new(file);
    let mut fixed = [0; FIXED];
    if reader.seek(SeekFrom::Start(start)).is_err() {
        return Vec::new();
    }
    while reader.read_exact(&mut fixed).is_ok() && fixed.starts_with(ENTRY) {
        let length = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
        let mut name = vec![0; length(28).into()];
        let behind = i64::from(length(30)) + i64::from(length(32));
        if reader.read_exact(&mut name).is_err() || reader.seek_relative(behind).is_err() {
            break;
        }
        *numbers.entry(name).or_default() += 1;
    }
    let mut twice: Vec<_> = numbers.into_iter().filter(|(_, number)| *number > 1).collect();
    twice.sort();
    twice
}
