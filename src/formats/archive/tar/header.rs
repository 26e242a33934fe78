//! The headers of tar.

use super::IMPOSSIBLE;

/// Types of members whose bytes are those of a file.
pub(super) const REGULAR: &[u8] = b"0\x007";

/// Types of members that have no bytes: links, devices, folders, pipes.
pub(super) const LINK: &[u8] = b"123456";

/// The type of a file with holes, as GNU has it.
pub(super) const SPARSE: u8 = b'S';

/// What stands before a member and says more of it than its header can.
#[derive(Default)]
pub(super) struct Next {
    pub(super) name: Option<String>,
    pub(super) size: Option<u64>,
    /// The length of its content is not said in the header alone, and so cannot be changed there.
    pub(super) fixed: bool,
}

impl Next {
    /// Takes what a member of type `kind` says of the next one.
    pub(super) fn learn(&mut self, kind: u8, content: &[u8]) {
        match kind {
            b'L' => self.name = Some(text(content)),
            b'x' => {
                self.name = pax(content, "path").or(self.name.take());
                let size = pax(content, "size").and_then(|size| size.parse().ok());
                self.size = size.filter(|size| *size < IMPOSSIBLE);
                let holes = ["GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.numblocks"];
                self.fixed = pax(content, "size").is_some()
                    || holes.iter().any(|name| pax(content, name).is_some());
            }
            _ => {}
        }
    }
}

/// The length that a header says, if it is one: its sum is right.
pub(super) fn size(header: &[u8]) -> Option<u64> {
    if octal(&header[148..156])? != sum(header) {
        return None;
    }
    match header[124] & 0x80 {
        0 => octal(&header[124..136]),
        // GNU: a number of eleven bytes.
        _ => header[128..136].try_into().ok().map(u64::from_be_bytes),
    }
}

/// The path that a header says.
pub(super) fn name(header: &[u8]) -> String {
    let name = text(&header[..100]);
    let prefix = text(&header[345..500]);
    // In the older format of GNU, something else stands there.
    match &header[257..263] == b"ustar\0" && !prefix.is_empty() {
        true => format!("{prefix}/{name}"),
        false => name,
    }
}

/// Whether blocks follow that say where more of the holes of a sparse file are.
pub(super) fn is_extended(header: &[u8]) -> bool {
    header[482] != 0
}

pub(super) fn set_size(header: &mut [u8], size: u64) {
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    let sum = sum(header);
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn octal(field: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// The sum of a header, in which the sum itself counts as blanks.
fn sum(header: &[u8]) -> u64 {
    let byte =
        |(at, byte): (usize, &u8)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) };
    header.iter().enumerate().map(byte).sum()
}

/// Text up to the first NUL.
fn text(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// The value of `name` in a pax header: lines of `LENGTH NAME=VALUE`.
fn pax(content: &[u8], name: &str) -> Option<String> {
    let lines = content.split(|b| *b == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let fields = lines.filter_map(|line| line.split_once(' ')?.1.split_once('='));
    fields.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next_back()
}
