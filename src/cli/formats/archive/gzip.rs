//! The members of a gzip file, one by one: WARC packs each record alone, so that it can be found.

use flate2::{Decompress, FlushDecompress, Status};
use hanmend::error::Error;

use super::LARGEST;

/// Bytes unpacked at once.
const STEP: usize = 64 * 1024;

/// Unpacks one member that comes piece by piece, and knows where it ends.
pub(super) struct Member {
    /// The member as it is packed.
    pub(super) packed: Vec<u8>,
    /// What is in it, as far as it came.
    pub(super) plain: Vec<u8>,
    inflate: Option<Box<Decompress>>,
    /// Bytes of `packed` that are unpacked.
    taken: usize,
    over: bool,
}

/// Where a member is.
pub(super) enum Progress {
    /// More has to come.
    Open,
    /// It is whole; so many bytes of the input belong to it.
    Whole(usize),
    /// It is none, damaged, or larger than what can be held.
    Broken,
}

impl Member {
    pub(super) fn new() -> Member {
        Member { packed: Vec::new(), plain: Vec::new(), inflate: None, taken: 0, over: false }
    }

    /// Takes of `input` what belongs to the member.
    pub(super) fn push(&mut self, input: &[u8]) -> Progress {
        let before = self.packed.len();
        self.packed.extend_from_slice(input);
        if self.inflate.is_none() {
            match head(&self.packed) {
                Head::Open => return Progress::Open,
                Head::None => return Progress::Broken,
                Head::Whole(len) => {
                    self.taken = len;
                    self.inflate = Some(Box::new(Decompress::new(false)));
                }
            }
        }
        let Some(inflate) = &mut self.inflate else { return Progress::Broken };
        while !self.over {
            self.plain.reserve(STEP);
            let (read, made) = (inflate.total_in(), self.plain.len());
            let rest = &self.packed[self.taken..];
            let status = inflate.decompress_vec(rest, &mut self.plain, FlushDecompress::None);
            let read = (inflate.total_in() - read) as usize;
            self.taken += read;
            match status {
                Ok(Status::StreamEnd) => self.over = true,
                Ok(_) if read == 0 && self.plain.len() == made => return Progress::Open,
                Ok(_) => {}
                Err(_) => return Progress::Broken,
            }
            if self.plain.len() > LARGEST {
                return Progress::Broken;
            }
        }
        // The sum and the length follow.
        let Some(trailer) = self.packed.get(self.taken..self.taken + 8) else {
            return Progress::Open;
        };
        let mut sum = flate2::Crc::new();
        sum.update(&self.plain);
        if trailer[..4] != sum.sum().to_le_bytes() {
            return Progress::Broken;
        }
        self.packed.truncate(self.taken + 8);
        Progress::Whole(self.packed.len() - before)
    }
}

enum Head {
    Open,
    None,
    Whole(usize),
}

/// The header of a gzip member: RFC 1952.
fn head(bytes: &[u8]) -> Head {
    let Some(flags) = bytes.get(3) else {
        return if b"\x1f\x8b\x08".starts_with(bytes) { Head::Open } else { Head::None };
    };
    if !bytes.starts_with(b"\x1f\x8b\x08") {
        return Head::None;
    }
    let mut at = 10;
    if flags & 4 != 0 {
        let Some(len) = bytes.get(at..at + 2) else { return Head::Open };
        at += 2 + usize::from(u16::from_le_bytes([len[0], len[1]]));
    }
    // The name of the file and a comment, up to a NUL each.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(nul) = memchr::memchr(0, rest) else { return Head::Open };
            at += nul + 1;
        }
    }
    at += if flags & 2 != 0 { 2 } else { 0 };
    if at <= bytes.len() { Head::Whole(at) } else { Head::Open }
}

/// Packs `plain` as a member.
pub(super) fn pack(plain: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(out, flate2::Compression::default());
    // Writing to a Vec does not fail.
    let _ = packer.write_all(plain).and_then(|()| packer.try_finish());
    Ok(())
}
