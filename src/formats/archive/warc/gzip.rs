//! The members of a gzip file, one by one: WARC packs each record alone, so that it can be found.

use flate2::{Decompress, FlushDecompress, Status};

use super::LARGEST;
use crate::formats::packed::GZIP;

/// Bytes unpacked at once.
const STEP: usize = 64 * 1024;

/// A header that is longer than this is none.
const LONGEST_HEADER: usize = 1 << 20;

/// Unpacks one member that comes piece by piece, and knows where it ends.
#[derive(Default)]
pub(super) struct Unpacking {
    /// What is in it, as far as it came.
    pub(super) plain: Vec<u8>,
    inflate: Option<Box<Decompress>>,
    /// Bytes of the member that are unpacked.
    taken: usize,
    over: bool,
}

/// Where a member is.
pub(super) enum Progress {
    /// More has to come.
    Open,
    /// It is whole, and so long.
    Whole(usize),
    /// It cannot be unpacked, for this reason.
    Broken(&'static str),
}

impl Unpacking {
    /// Goes on with `packed`, which begins with the member and has more of it than the last time.
    pub(super) fn go_on(&mut self, packed: &[u8]) -> Progress {
        if self.inflate.is_none() {
            match head(packed) {
                Head::Open if packed.len() < LONGEST_HEADER => return Progress::Open,
                Head::Open | Head::None => return Progress::Broken("no gzip member"),
                Head::Whole(len) => {
                    self.taken = len;
                    self.inflate = Some(Box::new(Decompress::new(false)));
                }
            }
        }
        let Some(inflate) = &mut self.inflate else { return Progress::Open };
        while !self.over {
            self.plain.reserve(STEP);
            let (read, made) = (inflate.total_in(), self.plain.len());
            let rest = &packed[self.taken..];
            let status = inflate.decompress_vec(rest, &mut self.plain, FlushDecompress::None);
            let read = (inflate.total_in() - read) as usize;
            self.taken += read;
            match status {
                Ok(Status::StreamEnd) => self.over = true,
                Ok(_) if read == 0 && self.plain.len() == made => return Progress::Open,
                Ok(_) => {}
                Err(_) => return Progress::Broken("the gzip member is damaged"),
            }
            if self.plain.len() as u64 > LARGEST {
                return Progress::Broken("a gzip member of more than 64 MiB");
            }
        }
        // The sum and the length follow.
        let Some(trailer) = packed.get(self.taken..self.taken + 8) else {
            return Progress::Open;
        };
        let mut sum = flate2::Crc::new();
        sum.update(&self.plain);
        if trailer[..4] != sum.sum().to_le_bytes() {
            return Progress::Broken("the sum of the gzip member is wrong");
        }
        Progress::Whole(self.taken + 8)
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
        return if GZIP.starts_with(bytes) { Head::Open } else { Head::None };
    };
    if !bytes.starts_with(GZIP) {
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
pub(super) fn pack(plain: &[u8], out: &mut Vec<u8>) {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(out, flate2::Compression::default());
    // Writing to a Vec does not fail.
    let _ = packer.write_all(plain).and_then(|()| packer.try_finish());
}
