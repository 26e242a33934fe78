//! WARC, and WET, which is WARC of plain text: records one after the other, each in a gzip member of
//! its own where the file is packed.

use hanmend::OutputEncoding;
use hanmend::decode::Encoding;
use hanmend::error::Error;
use hanmend::event::Sink;

use super::super::settings::Settings;
use super::gzip::{self, Member, Progress};
use super::record::{Header, digest};
use super::{Archive, LARGEST, Members, http, malformed};

/// A header that is longer than this is none.
const LONGEST_HEADER: usize = 1 << 20;

/// A WARC file.
pub(in super::super) struct Warc {
    members: Members,
    /// Bytes that are not done.
    open: Vec<u8>,
    /// The member that is being unpacked.
    member: Option<Member>,
    mode: Mode,
    /// Bytes of the input that are done.
    at: u64,
}

/// What the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The start of the file.
    Start,
    /// A record, or the blank lines before it.
    Plain,
    /// A gzip member.
    Packed,
    /// So many bytes of a record that is too large.
    Skip(u64),
    /// No record, and so nothing behind it is.
    Passing,
}

impl Warc {
    pub(in super::super) fn new(settings: Settings) -> Warc {
        let members = Members { settings };
        Warc { members, open: Vec::new(), member: None, mode: Mode::Start, at: 0 }
    }

    /// Does what is whole.
    fn run(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        loop {
            match self.mode {
                Mode::Start => {
                    if self.open.len() < 2 && !end {
                        return Ok(());
                    }
                    let packed = self.open.starts_with(b"\x1f\x8b");
                    self.mode = if packed { Mode::Packed } else { Mode::Plain };
                }
                Mode::Passing => {
                    let all = self.open.len();
                    self.pass(all, out);
                    return Ok(());
                }
                Mode::Skip(left) => {
                    let now = left.min(self.open.len() as u64);
                    self.pass(now as usize, out);
                    if now < left {
                        self.mode = Mode::Skip(left - now);
                        return Ok(());
                    }
                    self.mode = Mode::Plain;
                }
                Mode::Plain | Mode::Packed => {
                    let done = match self.mode {
                        Mode::Plain => self.plain(end, out, sink)?,
                        _ => self.packed(end, out, sink)?,
                    };
                    if !done {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Gives the first `len` bytes out as they are.
    fn pass(&mut self, len: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.open[..len]);
        self.open.drain(..len);
        self.at += len as u64;
    }

    /// Gives all out as it is, now and from here on.
    fn give_up(&mut self, reason: &str, sink: &mut dyn Sink) {
        malformed(self.at, format!("{reason}; it and all behind it stay as they are"), sink);
        self.mode = Mode::Passing;
    }

    /// Does the record that is open; whether there was one.
    fn plain(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<bool, Error> {
        let blank = self.open.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.pass(blank, out);
        if self.open.is_empty() {
            return Ok(false);
        }
        let Some((header, length)) = size(&self.open) else {
            let could_be = self.open.iter().zip(b"WARC/").all(|(a, b)| a == b);
            if end
                || !could_be
                || self.open.len() > LONGEST_HEADER
                || Header::parse(&self.open).is_some()
            {
                self.give_up("no WARC record", sink);
                return Ok(true);
            }
            return Ok(false);
        };
        let whole = header as u64 + length;
        if length > LARGEST as u64 {
            malformed(
                self.at,
                format!("a record of more than {LARGEST} bytes stays as it is"),
                sink,
            );
            self.mode = Mode::Skip(whole);
            return Ok(true);
        }
        let whole = whole as usize;
        if self.open.len() < whole {
            if end {
                self.give_up("the record is cut off", sink);
            }
            return Ok(end);
        }
        match mended(&self.members, &self.open[..whole], header, self.at, sink)? {
            Some(record) => {
                out.extend_from_slice(&record);
                self.open.drain(..whole);
                self.at += whole as u64;
            }
            None => self.pass(whole, out),
        }
        Ok(true)
    }

    /// Does the member that is open; whether there was one.
    fn packed(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<bool, Error> {
        if self.open.is_empty() && self.member.is_none() {
            return Ok(false);
        }
        let mut member = self.member.take().unwrap_or_else(Member::new);
        let input = std::mem::take(&mut self.open);
        match member.push(&input) {
            Progress::Open if !end => {
                self.member = Some(member);
                Ok(false)
            }
            Progress::Whole(used) => {
                self.open = input[used..].to_vec();
                match self.unpacked(&member.plain, sink)? {
                    Some(plain) => gzip::pack(&plain, out)?,
                    None => out.extend_from_slice(&member.packed),
                }
                self.at += member.packed.len() as u64;
                Ok(true)
            }
            Progress::Open | Progress::Broken => {
                let reason =
                    if end { "the gzip member is cut off" } else { "no gzip member, or too large" };
                self.open = member.packed;
                self.give_up(reason, sink);
                Ok(true)
            }
        }
    }

    /// What comes in place of the records in a member, if anything does.
    fn unpacked(&self, plain: &[u8], sink: &mut dyn Sink) -> Result<Option<Vec<u8>>, Error> {
        let (mut out, mut changes, mut rest) = (Vec::new(), false, plain);
        loop {
            let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            out.extend_from_slice(&rest[..blank]);
            rest = &rest[blank..];
            if rest.is_empty() {
                return Ok(changes.then_some(out));
            }
            let fits =
                |(header, length): &(usize, u64)| *header as u64 + length <= rest.len() as u64;
            let Some((header, length)) = size(rest).filter(fits) else {
                malformed(
                    self.at,
                    "no whole WARC record in the gzip member; it stays as it is",
                    sink,
                );
                out.extend_from_slice(rest);
                return Ok(changes.then_some(out));
            };
            let (record, behind) = rest.split_at(header + length as usize);
            match mended(&self.members, record, header, self.at, sink)? {
                Some(record) => {
                    out.extend_from_slice(&record);
                    changes = true;
                }
                None => out.extend_from_slice(record),
            }
            rest = behind;
        }
    }
}

/// The lengths of the header and of the block of the record that begins `bytes`.
fn size(bytes: &[u8]) -> Option<(usize, u64)> {
    let (header, len) = bytes.starts_with(b"WARC/").then(|| Header::parse(bytes)).flatten()?;
    Some((len, header.get("Content-Length")?.parse().ok()?))
}

/// What comes in place of `record`, whose header has `length` bytes; `None` where it stays.
fn mended(
    members: &Members,
    record: &[u8],
    length: usize,
    at: u64,
    sink: &mut dyn Sink,
) -> Result<Option<Vec<u8>>, Error> {
    let Some((mut header, _)) = Header::parse(record) else { return Ok(None) };
    let block = &record[length..];
    let kind = header.get("WARC-Type").unwrap_or_default().to_ascii_lowercase();
    let content = header.get("Content-Type").unwrap_or_default().to_owned();
    let is_http =
        kind == "response" && content.to_ascii_lowercase().starts_with("application/http");
    // A part of a record is no text by itself.
    let whole = header.get("WARC-Segment-Number").is_none();
    if !whole || !(is_http || matches!(kind.as_str(), "resource" | "conversion")) {
        return Ok(None);
    }
    let http = if is_http { Header::parse(block) } else { None };
    let (http, start) = match http {
        Some((http, start)) => (Some(http), start),
        None if is_http => return Ok(None),
        None => (None, 0),
    };
    let body = &block[start..];
    let packed = |name: &str| {
        let value = http.as_ref().and_then(|h| h.get(name));
        value.is_some_and(|v| !v.is_empty() && !v.eq_ignore_ascii_case("identity"))
    };
    if packed("Transfer-Encoding") || packed("Content-Encoding") {
        return Ok(None);
    }
    let content = http.as_ref().map_or(Some(content.as_str()), |h| h.get("Content-Type"));
    let Some(found) = content.and_then(http::body) else { return Ok(None) };
    let at = at + (length + start) as u64;
    let Some(body) = members.mended(body, found.kind, found.charset, at, sink)? else {
        return Ok(None);
    };
    let mut block = Vec::new();
    if let Some(mut http) = http {
        if let OutputEncoding::Encoding(written) = members.settings.output {
            charset(&mut http, found.charset, written);
        }
        http.set("Content-Length", &body.len().to_string());
        block = http.bytes();
    } else if let OutputEncoding::Encoding(written) = members.settings.output {
        charset(&mut header, found.charset, written);
    }
    block.extend_from_slice(&body);
    header.set("Content-Length", &block.len().to_string());
    for (name, bytes) in [("WARC-Block-Digest", &block), ("WARC-Payload-Digest", &body)] {
        let value = header.get(name).map(|old| digest(old, bytes));
        match value {
            Some(Some(value)) => header.set(name, &value),
            Some(None) => {
                let reason = format!("{name} is of a kind that cannot be made right, and stays");
                malformed(at, reason, sink);
            }
            None => {}
        }
    }
    Ok(Some([header.bytes(), block].concat()))
}

/// Sets the charset that a header says to the one that is written.
fn charset(header: &mut Header<'_>, declared: Option<Encoding>, written: Encoding) {
    let content = header.get("Content-Type").unwrap_or_default();
    if declared.is_some_and(|d| d.name() != written.name())
        && let Some(value) = http::with_charset(content, written.name())
    {
        header.set("Content-Type", &value);
    }
}

impl Archive for Warc {
    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        self.open.extend_from_slice(input);
        self.run(false, out, sink)
    }

    fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        let result = self.run(true, out, sink);
        *self = Warc::new(self.members.settings.clone());
        result
    }
}
