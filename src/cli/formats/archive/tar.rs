//! tar: a header of 512 bytes, the member, and zeros up to the next multiple of 512.

use std::path::Path;

use hanmend::error::Error;
use hanmend::event::Sink;

use super::super::Kind;
use super::super::settings::Settings;
use super::{Archive, LARGEST, Members, malformed};

/// All lengths are multiples of it.
const BLOCK: usize = 512;

/// A tar file.
pub(in super::super) struct Tar {
    members: Members,
    /// Bytes that are not done.
    open: Vec<u8>,
    at: u64,
    /// Bytes that stay.
    skip: u64,
    /// No tar, and so nothing behind it is.
    passing: bool,
    /// A name that stands before the header, as it is too long for it.
    long_name: Option<String>,
    /// What stands before the header says its length, too, which cannot be changed there.
    fixed: bool,
}

impl Tar {
    pub(in super::super) fn new(settings: Settings) -> Tar {
        Tar {
            members: Members { settings },
            open: Vec::new(),
            at: 0,
            skip: 0,
            passing: false,
            long_name: None,
            fixed: false,
        }
    }

    fn pass(&mut self, len: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.open[..len]);
        self.open.drain(..len);
        self.at += len as u64;
    }

    fn run(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        loop {
            let now = match self.passing {
                true => self.open.len(),
                false => self.skip.min(self.open.len() as u64) as usize,
            };
            self.pass(now, out);
            if !self.passing {
                self.skip -= now as u64;
            }
            if self.open.is_empty() || self.skip > 0 {
                return Ok(());
            }
            if self.open.len() < BLOCK {
                if end {
                    self.give_up("the archive is cut off", sink);
                    continue;
                }
                return Ok(());
            }
            let header = &self.open[..BLOCK];
            if header.iter().all(|b| *b == 0) {
                self.skip = BLOCK as u64;
                continue;
            }
            let Some(size) = size(header) else {
                self.give_up("no header of tar", sink);
                continue;
            };
            let padded = size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64);
            let whole = (BLOCK as u64).saturating_add(padded);
            let kind = header[156];
            if !matches!(kind, b'0' | 0 | b'L' | b'x' | b'K' | b'g') || size > LARGEST as u64 {
                if size > LARGEST as u64 {
                    malformed(
                        self.at,
                        format!("a member of more than {LARGEST} bytes stays as it is"),
                        sink,
                    );
                }
                self.skip = whole;
                (self.long_name, self.fixed) = (None, false);
                continue;
            }
            let whole = whole as usize;
            if self.open.len() < whole {
                if end {
                    self.give_up("the archive is cut off", sink);
                    continue;
                }
                return Ok(());
            }
            self.member(kind, size as usize, whole, out, sink)?;
        }
    }

    fn give_up(&mut self, reason: &str, sink: &mut dyn Sink) {
        malformed(self.at, format!("{reason}; it and all behind it stay as they are"), sink);
        self.passing = true;
    }

    /// Does one member, header and all.
    fn member(
        &mut self,
        kind: u8,
        size: usize,
        whole: usize,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let (header, content) = (&self.open[..BLOCK], &self.open[BLOCK..BLOCK + size]);
        match kind {
            b'L' => self.long_name = Some(text(content)),
            b'x' => {
                let value = |name: &str| pax(content, name);
                self.long_name = value("path").or(self.long_name.take());
                self.fixed = value("size").is_some() || pax(content, "GNU.sparse.major").is_some();
            }
            b'K' | b'g' => {}
            _ => {
                let name = self.long_name.take().unwrap_or_else(|| text(&header[..100]));
                let fixed = std::mem::take(&mut self.fixed);
                let kind = Kind::of(Path::new(&name)).filter(|k| !k.is_archive());
                let at = self.at + BLOCK as u64;
                let mended = match fixed {
                    true => None,
                    false => self.members.mended(content, kind, None, at, sink)?,
                };
                if let Some(mended) = mended {
                    let mut header = header.to_vec();
                    set_size(&mut header, mended.len() as u64);
                    out.extend_from_slice(&header);
                    out.extend_from_slice(&mended);
                    out.resize(out.len() + (BLOCK - mended.len() % BLOCK) % BLOCK, 0);
                    self.open.drain(..whole);
                    self.at += whole as u64;
                    return Ok(());
                }
            }
        }
        self.pass(whole, out);
        Ok(())
    }
}

/// The length that a header says, if it is one: its sum is right.
fn size(header: &[u8]) -> Option<u64> {
    if octal(&header[148..156])? != sum(header) {
        return None;
    }
    match header[124] & 0x80 {
        0 => octal(&header[124..136]),
        // GNU: a number of eleven bytes.
        _ => header[128..136].try_into().ok().map(u64::from_be_bytes),
    }
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

fn set_size(header: &mut [u8], size: u64) {
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    let sum = sum(header);
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
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

impl Archive for Tar {
    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        self.open.extend_from_slice(input);
        self.run(false, out, sink)
    }

    fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        let result = self.run(true, out, sink);
        *self = Tar::new(self.members.settings.clone());
        result
    }
}
