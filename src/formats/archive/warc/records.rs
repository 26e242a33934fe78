//! The records of a WARC file that is not packed, or of one gzip member.

use memchr::memmem;

use super::header::Header;
use super::{IMPOSSIBLE, LARGEST, Listener, Members, Open, malformed, record};

/// A header that is longer than this is none.
const LONGEST_HEADER: usize = 1 << 20;

/// What begins a record, also of the versions before the standard; an empty line stands before it.
const BEGIN: &[u8] = b"WARC/";

/// What begins one for certain, where one is looked for.
const SURELY: &[u8] = b"WARC/1.";
const EMPTY_LINES: [&[u8]; 2] = [b"\n\r\n", b"\n\n"];

/// Records as a stream of bytes.
pub(super) struct Records {
    pub(super) members: Members,
    pub(super) open: Open,
    mode: Mode,
    /// Where the gzip member that they are in stands.
    packed_at: Option<u64>,
    /// Records so far.
    number: u64,
}

/// What the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Of a record, or the blank lines before it.
    Next,
    /// So many bytes of a record that is too large.
    Skip(u64),
    /// Behind a record.
    Behind,
    /// No record; one is looked for.
    Lost,
}

impl Records {
    pub(super) fn new(members: Members) -> Records {
        Records { members, open: Open::default(), mode: Mode::Next, packed_at: None, number: 0 }
    }

    /// What comes of the records in the gzip member at byte `at`.
    pub(super) fn packed(&mut self, at: u64, plain: &[u8], sink: &mut dyn Listener) -> Vec<u8> {
        let mut out = Vec::with_capacity(plain.len());
        self.packed_at = Some(at);
        self.open.push(plain);
        self.run(true, &mut out, sink);
        self.mode = Mode::Next;
        out
    }

    /// Does what is whole, and at the `end` all.
    pub(super) fn run(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) {
        loop {
            let went_on = match self.mode {
                Mode::Next => self.next(end, out, sink),
                Mode::Skip(left) => {
                    let now = left.min(self.open.rest().len() as u64);
                    self.open.pass(now as usize, out);
                    self.mode = if now == left { Mode::Behind } else { Mode::Skip(left - now) };
                    if now < left && end {
                        self.lose("the record is cut off", sink);
                    }
                    now == left
                }
                Mode::Behind => match is_over(self.open.rest(), end) {
                    Some(true) => {
                        self.mode = Mode::Next;
                        true
                    }
                    Some(false) => {
                        self.lose(NOT_OVER, sink);
                        true
                    }
                    None => false,
                },
                Mode::Lost => self.seek(end, out),
            };
            if !went_on {
                return;
            }
        }
    }

    /// Does the record that is open; whether there was enough of it.
    fn next(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener) -> bool {
        let blank = self.open.rest().iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.open.pass(blank, out);
        let rest = self.open.rest();
        if rest.is_empty() {
            return false;
        }
        let could_be = rest.iter().zip(BEGIN).all(|(a, b)| a == b);
        let header = if could_be { Header::parse(rest) } else { None };
        let Some((header, start)) = header else {
            if end || !could_be || rest.len() > LONGEST_HEADER {
                self.lose("no WARC record", sink);
                return true;
            }
            return false;
        };
        self.number += 1;
        let said = header.get("Content-Length").and_then(|said| said.parse::<u64>().ok());
        let Some(length) = said.filter(|length| *length < IMPOSSIBLE) else {
            self.lose("a WARC record without a Content-Length that can be", sink);
            return true;
        };
        let whole = start as u64 + length;
        if length > LARGEST {
            let reason =
                format!("record {} is of more than 64 MiB, and stays as it is", self.number);
            malformed(self.here(), reason, sink);
            self.mode = Mode::Skip(whole);
            return true;
        }
        let whole = whole as usize;
        if rest.len() < whole && end {
            self.lose("the record is cut off, or its Content-Length is wrong", sink);
            return true;
        }
        match rest.get(whole..).map(|behind| is_over(behind, end)) {
            Some(Some(true)) => {}
            Some(Some(false)) => {
                self.lose(NOT_OVER, sink);
                return true;
            }
            Some(None) | None => {
                self.number -= 1;
                return false;
            }
        }
        match record::mended(&mut self.members, &rest[..whole], self.number, sink) {
            Some(record) => {
                out.extend_from_slice(&record);
                self.open.leave_out(whole);
            }
            None => self.open.pass(whole, out),
        }
        true
    }

    /// Goes to the next record; whether there is one.
    fn seek(&mut self, end: bool, out: &mut Vec<u8>) -> bool {
        let rest = self.open.rest();
        let is_first = |at: &usize| EMPTY_LINES.iter().any(|line| rest[..*at].ends_with(line));
        if let Some(at) = memmem::find_iter(rest, SURELY).find(is_first) {
            self.open.pass(at, out);
            self.mode = Mode::Next;
            return true;
        }
        let keep = if end { 0 } else { EMPTY_LINES[0].len() + SURELY.len() - 1 };
        self.open.pass(rest.len().saturating_sub(keep), out);
        false
    }

    fn lose(&mut self, reason: &str, sink: &mut dyn Listener) {
        let reason = format!("{reason}; up to the next record the bytes stay as they are");
        malformed(self.here(), reason, sink);
        self.mode = Mode::Lost;
    }

    fn here(&self) -> u64 {
        self.packed_at.unwrap_or(self.open.at)
    }
}

const NOT_OVER: &str = "a record does not end where its Content-Length says";

/// Whether a record ends before `behind`: an empty line follows, or at least the next record in a line of
/// its own. `None` where more has to come.
fn is_over(behind: &[u8], end: bool) -> Option<bool> {
    let mut rest = behind;
    for line in 0..2 {
        rest = match rest {
            [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] => rest,
            [] | [b'\r'] => return end.then_some(true),
            _ if line == 0 => return Some(false),
            _ if rest.len() < BEGIN.len() && BEGIN.starts_with(rest) && !end => return None,
            _ => return Some(rest.starts_with(BEGIN)),
        };
    }
    Some(true)
}
