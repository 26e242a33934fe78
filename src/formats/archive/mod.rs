//! Archives: files of files. Each member is mended as what it is, and what the archive says of it is
//! made right; members that do not change stay byte for byte. What is not as the format has it stays
//! and is said, and the work goes on behind it.

use crate::event::{Event, Repair, Sink};

mod members;
mod open;
mod tar;
#[cfg(test)]
mod tests;
mod warc;

use super::settings::Settings;
use super::{Listener, Member};
use members::{Content, Members};
use open::Open;

pub(super) use tar::Tar;
pub(super) use warc::Warc;
pub(crate) use warc::begins as begins_warc;

/// A member that is larger than this stays as it is: it would have to be held, as its length stands
/// before it.
const LARGEST: u64 = 64 << 20;

/// No file is longer; a length that says so is wrong.
const IMPOSSIBLE: u64 = 1 << 56;

/// An archive as a stream of bytes.
pub(crate) trait Archive: Send {
    /// Where the input waits.
    fn open(&mut self) -> &mut Open;

    /// Does what is whole of it, and at the `end` all; appends to `out` what is final.
    fn run(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Listener);

    /// Makes it as new.
    fn renew(&mut self);

    /// Takes all of `input`, appends to `out` what is final.
    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, sink: &mut dyn Listener) {
        self.open().push(input);
        self.run(false, out, sink);
    }

    /// Ends the input.
    fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Listener) {
        self.run(true, out, sink);
        self.renew();
    }
}

/// Says that something at byte `at` is not as the format has it, and stays.
fn malformed(at: u64, reason: impl Into<String>, sink: &mut dyn Sink) {
    sink.event(Event::unrepaired(Repair::Decode, "format", reason.into(), at, at, ""));
}
