//! tar: a header of 512 bytes, the member, and zeros up to the next multiple of 512.

use std::path::Path;

use super::super::Kind;
use super::members::malformed_in;
use super::{
    Archive, Content, IMPOSSIBLE, LARGEST, Listener, Member, Members, Open, Settings, malformed,
};

mod header;

use header::{LINK, Next, REGULAR, SPARSE, is_extended, set_size, size};

/// All lengths are multiples of it.
const BLOCK: usize = 512;

/// What says more of the next member is shorter than this.
const LONGEST_HEADER: u64 = 1 << 20;

/// A tar file.
pub(in super::super) struct Tar {
    members: Members,
    open: Open,
    /// Bytes that stay.
    skip: u64,
    /// Blocks that say more of a sparse file come before so many bytes that stay.
    sparse: Option<u64>,
    /// A header is looked for.
    lost: bool,
    next: Next,
    /// Members so far.
    number: u64,
}

impl Tar {
    pub(in super::super) fn new(settings: Settings) -> Tar {
        Tar {
            members: Members::new(settings),
            open: Open::default(),
            skip: 0,
            sparse: None,
            lost: false,
            next: Next::default(),
            number: 0,
        }
    }

    /// Does what begins here; whether there was enough of it.
    fn step(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) -> bool {
        let held = self.open.rest().len();
        if self.skip > 0 {
            let now = self.skip.min(held as u64);
            self.open.pass(now as usize, out);
            self.skip -= now;
            if end && self.skip > 0 {
                malformed(self.open.at, CUT_OFF, sink);
            }
            return self.skip == 0;
        }
        if held < BLOCK {
            if end && held > 0 {
                malformed(self.open.at, CUT_OFF, sink);
                self.open.pass(held, out);
            }
            return false;
        }
        let header = &self.open.rest()[..BLOCK];
        if let Some(left) = self.sparse {
            if header[504] == 0 {
                (self.sparse, self.skip) = (None, left);
            }
            self.open.pass(BLOCK, out);
            return true;
        }
        if header.iter().all(|b| *b == 0) {
            self.open.pass(BLOCK, out);
            return true;
        }
        let is_header = !self.lost || &header[257..262] == b"ustar";
        let Some(said) = size(header).filter(|size| is_header && *size < IMPOSSIBLE) else {
            if !self.lost {
                let reason = "no header of tar; up to the next one the bytes stay as they are";
                malformed(self.open.at, reason, sink);
            }
            (self.lost, self.next) = (true, Next::default());
            self.open.pass(BLOCK, out);
            return true;
        };
        self.lost = false;
        self.member(said, end, out, sink)
    }

    /// Does what has a header, which says that `said` bytes follow; whether there was enough of it.
    fn member(&mut self, said: u64, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) -> bool {
        let header = &self.open.rest()[..BLOCK];
        let kind = header[156];
        let is_more = matches!(kind, b'L' | b'K' | b'x' | b'g');
        let size = match kind {
            // Nothing follows links and the like, whatever is said.
            kind if LINK.contains(&kind) => 0,
            _ if is_more => said,
            _ => self.next.size.unwrap_or(said),
        };
        let padded = size.div_ceil(BLOCK as u64) * BLOCK as u64;
        let named = |next: &mut Next, number| Member {
            number,
            name: std::mem::take(next).name.unwrap_or_else(|| header::name(header)),
        };
        let stays = match kind {
            _ if is_more => (size > LONGEST_HEADER).then_some(""),
            _ if !REGULAR.contains(&kind) => Some(""),
            _ if size > LARGEST => Some("a file of more than 64 MiB stays as it is"),
            _ if self.next.fixed => Some("a file whose length is said twice stays as it is"),
            _ => None,
        };
        if let Some(reason) = stays {
            if !is_more {
                self.number += 1;
                let member = named(&mut self.next, self.number);
                if !reason.is_empty() {
                    malformed_in(&member, reason, sink);
                }
            }
            if kind == SPARSE && is_extended(header) {
                self.sparse = Some(padded);
            } else {
                self.skip = padded;
            }
            self.open.pass(BLOCK, out);
            return true;
        }
        let whole = BLOCK + padded as usize;
        if self.open.rest().len() < whole {
            if end {
                malformed(self.open.at, CUT_OFF, sink);
                self.open.pass(self.open.rest().len(), out);
            }
            return false;
        }
        let content = &self.open.rest()[BLOCK..][..size as usize];
        if is_more {
            self.next.learn(kind, content);
            self.open.pass(whole, out);
            return true;
        }
        self.number += 1;
        let member = named(&mut self.next, self.number);
        let kind = Kind::of(Path::new(&member.name));
        let content = Content { bytes: content, kind, declared: None };
        match self.members.mended(&member, &content, sink) {
            Some(mended) => {
                let mut header = header.to_vec();
                set_size(&mut header, mended.len() as u64);
                out.extend_from_slice(&header);
                out.extend_from_slice(&mended);
                out.resize(out.len() + (BLOCK - mended.len() % BLOCK) % BLOCK, 0);
                self.open.leave_out(whole);
            }
            None => self.open.pass(whole, out),
        }
        true
    }
}

const CUT_OFF: &str = "the archive is cut off; its last bytes stay as they are";

impl Archive for Tar {
    fn open(&mut self) -> &mut Open {
        &mut self.open
    }

    fn run(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) {
        while self.step(end, out, sink) {}
    }

    fn renew(&mut self) {
        *self = Tar::new(self.members.settings.clone());
    }
}
