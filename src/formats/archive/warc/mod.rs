//! WARC, and WET, which is WARC of plain text: records one after the other, each in a gzip member of
//! its own where the file is packed.

use super::{Archive, Content, IMPOSSIBLE, LARGEST, Listener, Member, Members, Open, malformed};
use crate::formats::packed;

mod gzip;
mod header;
mod http;
mod record;
mod records;

use super::super::Kind;
use super::super::settings::Settings;
use gzip::{Progress, Unpacking};
use records::Records;

/// Whether a file that begins with `head` is a WARC file, packed or not.
pub(crate) fn begins(head: &[u8]) -> bool {
    let version = head.strip_prefix(b"WARC/1.").unwrap_or_default();
    let line_end = version.iter().position(|b| !b.is_ascii_digit()).unwrap_or_default();
    let plain = line_end > 0 && matches!(version[line_end..], [b'\n', ..] | [b'\r', b'\n', ..]);
    plain || packed::is_record(head)
}

/// A WARC file.
pub(in super::super) struct Warc {
    records: Records,
    open: Open,
    /// The gzip member that is being unpacked.
    unpacking: Unpacking,
    mode: Mode,
}

/// What the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The start of the file.
    Start,
    /// Of a file that is not packed.
    Plain,
    /// Of a gzip member.
    Packed,
    /// No gzip member; one is looked for.
    Lost,
}

impl Warc {
    pub(in super::super) fn new(settings: Settings) -> Warc {
        Warc {
            records: Records::new(Members::new(settings)),
            open: Open::default(),
            unpacking: Unpacking::default(),
            mode: Mode::Start,
        }
    }

    /// Does the member that is open; whether there was enough of it.
    fn packed(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) -> bool {
        if self.open.rest().is_empty() {
            return false;
        }
        let reason = match self.unpacking.go_on(self.open.rest()) {
            Progress::Open if end => "the gzip member is cut off",
            Progress::Open => return false,
            Progress::Broken(reason) => reason,
            Progress::Whole(len) => {
                let plain = std::mem::take(&mut self.unpacking).plain;
                let mended = self.records.packed(self.open.at, &plain, sink);
                if mended == plain {
                    self.open.pass(len, out);
                } else {
                    gzip::pack(&mended, out);
                    self.open.leave_out(len);
                }
                return true;
            }
        };
        let reason = format!("{reason}; up to the next record the bytes stay as they are");
        malformed(self.open.at, reason, sink);
        self.unpacking = Unpacking::default();
        self.open.pass(1, out);
        self.mode = Mode::Lost;
        true
    }

    /// Goes to the next gzip member that begins a record; whether there is one.
    fn seek(&mut self, end: bool, out: &mut Vec<u8>) -> bool {
        let rest = self.open.rest();
        let mut at = 0;
        let found = loop {
            match memchr::memmem::find(&rest[at..], packed::GZIP) {
                Some(next) => at += next,
                None => break false,
            }
            let enough = rest.len() - at >= packed::HEAD;
            match enough || end {
                true if packed::is_record(&rest[at..]) => break true,
                true => at += 1,
                false => {
                    self.open.pass(at, out);
                    return false;
                }
            }
        };
        let keep = if end { 0 } else { packed::GZIP.len() - 1 };
        self.open.pass(if found { at } else { rest.len().saturating_sub(keep) }, out);
        if found {
            self.mode = Mode::Packed;
        }
        found
    }
}

impl Archive for Warc {
    fn open(&mut self) -> &mut Open {
        match self.mode {
            Mode::Plain => &mut self.records.open,
            _ => &mut self.open,
        }
    }

    fn run(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) {
        loop {
            let went_on = match self.mode {
                Mode::Start if self.open.rest().len() < 2 && !end => false,
                Mode::Start => {
                    let packed = self.open.rest().starts_with(&packed::GZIP[..2]);
                    self.mode = if packed { Mode::Packed } else { Mode::Plain };
                    if !packed {
                        self.records.open = std::mem::take(&mut self.open);
                    }
                    true
                }
                Mode::Plain => {
                    self.records.run(end, out, sink);
                    false
                }
                Mode::Packed => self.packed(end, out, sink),
                Mode::Lost => self.seek(end, out),
            };
            if !went_on {
                return;
            }
        }
    }

    fn renew(&mut self) {
        *self = Warc::new(self.records.members.settings.clone());
    }
}
