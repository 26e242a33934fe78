//! Formats: files in which text stands among what is no text. A format lifts the text out, the
//! pipeline mends it, and it is put back; what is around it stays byte for byte. So does the program
//! `hanmend fix` with files whose name it knows; it is behind the feature `formats`.
//!
//! ```
//! use hanmend::event::Silent;
//! use hanmend::formats::{Kind, Settings, Stream};
//! use hanmend::{Fixer, ToScript};
//!
//! let builder = Fixer::builder().script(ToScript::parse("hans")?);
//! let mut stream = Stream::new(Settings::new(builder), Kind::Jsonl);
//! let mut out = Vec::new();
//! for piece in ["{\"id\":1.50,\"text\":\"他們都是這樣\\u", "8aaa的&#x3002;\"}\n"] {
//!     stream.push(piece.as_bytes(), &mut out, &mut Silent)?;
//! }
//! stream.finish(&mut out, &mut Silent)?;
//! assert_eq!(out, "{\"id\":1.50,\"text\":\"他们都是这样说的。\"}\n".as_bytes());
//! # Ok::<(), hanmend::Error>(())
//! ```
//!
//! How it works: a format is a `Lift`, which cuts decoded text into `Piece`s. What goes around it
//! (decoding, mending, the report, encoding) is `Woven`, the same for all. Text of which each piece
//! stands alone (the fields of a record) is mended piece by piece; text that goes on from one piece to
//! the next (a page, in which tags stand) is mended as one `Flow`, so that what tells damage may stand
//! on both sides of a tag. Archives (`archive`) are files of files, mended member by member.

use std::fmt;
use std::path::Path;

use crate::decode::Encoding;
use crate::error::Error;
use crate::event::Event;

mod archive;
mod declared;
mod field;
mod flow;
mod html;
mod lines;
mod listener;
mod nature;
pub mod packed;
mod records;
mod settings;
mod subtitles;
mod weave;
mod written;

#[cfg(test)]
mod tests;

use archive::Archive;
use field::{Change, Field};
pub use listener::{Listener, Member};
pub use nature::Nature;
pub use settings::{Settings, Wanted};
use subtitles::{Form, Subtitles};
use weave::Woven;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// One JSON value a line.
    Jsonl,
    /// RFC 4180: fields with a separator, a quote or a line end stand in quotes.
    Csv,
    /// Tabs between fields, line ends between records, no quotes.
    Tsv,
    /// Pages, in XHTML too.
    Html,
    /// Subtitles, `.srt`.
    SubRip,
    /// Subtitles, `.vtt`.
    WebVtt,
    /// Subtitles, `.ass` and `.ssa`.
    Ass,
    /// Web archives, WET among them, also packed record by record.
    Warc,
    /// Archives of files.
    Tar,
}

impl Kind {
    /// What the name of a file says, the end of a compressed file's name aside; `None` for plain text.
    ///
    /// ```
    /// use hanmend::formats::Kind;
    ///
    /// assert_eq!(Kind::of("crawl/a.jsonl.gz".as_ref()), Some(Kind::Jsonl));
    /// assert_eq!(Kind::of("crawl/a.txt".as_ref()), None);
    /// ```
    pub fn of(path: &Path) -> Option<Kind> {
        let (_, name) = packed::named(path);
        Kind::from_name(Path::new(&name).extension()?.to_str()?)
    }

    /// What the end of a file's name says, in any case: `jsonl`, `ndjson`, `csv`, `tsv`, `html`, `htm`,
    /// `xhtml`, `srt`, `vtt`, `ass`, `ssa`, `warc`, `wet`, `tar`.
    pub fn from_name(name: &str) -> Option<Kind> {
        match name.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" => Some(Kind::Jsonl),
            "csv" => Some(Kind::Csv),
            "tsv" => Some(Kind::Tsv),
            "warc" | "wet" => Some(Kind::Warc),
            "tar" => Some(Kind::Tar),
            "srt" => Some(Kind::SubRip),
            "vtt" => Some(Kind::WebVtt),
            "ass" | "ssa" => Some(Kind::Ass),
            "html" | "htm" | "xhtml" => Some(Kind::Html),
            _ => None,
        }
    }

    /// What the first bytes of a file say, whatever its name: only web archives begin in a way of
    /// their own. Of a packed one [`packed::HEAD`] bytes are enough.
    pub fn of_head(head: &[u8]) -> Option<Kind> {
        archive::begins_warc(head).then_some(Kind::Warc)
    }

    /// Whether it is a file of files, which are mended each for itself.
    pub fn is_archive(self) -> bool {
        matches!(self, Kind::Warc | Kind::Tar)
    }

    /// Whether a reference to a markup character is syntax, and stays.
    fn is_markup(self) -> bool {
        matches!(self, Kind::Html | Kind::SubRip | Kind::WebVtt)
    }

    /// What cuts it; of an archive, nothing does.
    fn lift(self, wanted: &Wanted) -> Box<dyn Lift> {
        match self {
            Kind::Warc | Kind::Tar => Box::new(Whole),
            Kind::Jsonl => Box::new(records::Jsonl::new(wanted)),
            Kind::Csv => Box::new(records::Delimited::csv(wanted)),
            Kind::Tsv => Box::new(records::Delimited::tsv(wanted)),
            Kind::Html => Box::<html::Html>::default(),
            Kind::SubRip => Box::new(Subtitles::new(Form::SubRip)),
            Kind::WebVtt => Box::new(Subtitles::new(Form::WebVtt)),
            Kind::Ass => Box::new(Subtitles::new(Form::Ass)),
        }
    }
}

/// A stream of one format: bytes in, mended bytes out. What is held is one record, tag or member, and
/// what of the text is undecided.
pub struct Stream(Opened);

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

enum Opened {
    Woven(Box<Woven>),
    Archive(Box<dyn Archive>),
}

impl Stream {
    /// A stream of files of `kind`.
    pub fn new(settings: Settings, kind: Kind) -> Stream {
        Stream(match kind {
            Kind::Warc => Opened::Archive(Box::new(archive::Warc::new(settings))),
            Kind::Tar => Opened::Archive(Box::new(archive::Tar::new(settings))),
            kind => Opened::Woven(Box::new(Woven::new(settings, kind))),
        })
    }

    /// Takes `input`, appends to `out` what is final.
    ///
    /// # Errors
    ///
    /// As [`pipeline::Stream::push`](crate::pipeline::Stream::push). An archive has none: the member
    /// that cannot be written stays as it is, which [`Listener::refused`] is told.
    pub fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Listener,
    ) -> Result<(), Error> {
        match &mut self.0 {
            Opened::Woven(woven) => woven.push(input, out, sink)?,
            Opened::Archive(archive) => archive.push(input, out, sink),
        }
        Ok(())
    }

    /// Ends the input. The stream is then as new.
    ///
    /// # Errors
    ///
    /// As [`push`](Stream::push).
    pub fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Listener) -> Result<(), Error> {
        match &mut self.0 {
            Opened::Woven(woven) => woven.finish(out, sink)?,
            Opened::Archive(archive) => archive.finish(out, sink),
        }
        Ok(())
    }

    /// Offset in the output before which every event has been told; an archive is no text, in which
    /// there are such offsets.
    pub fn complete(&self) -> u64 {
        match &self.0 {
            Opened::Woven(woven) => woven.complete(),
            Opened::Archive(_) => 0,
        }
    }
}

/// Cuts nothing: all stays.
struct Whole;

impl Lift for Whole {
    fn next<'t>(&mut self, text: &'t str, _ask: Ask) -> Option<Piece<'t>> {
        Some(Piece::keep(text.len()))
    }
}

/// Cuts decoded text into pieces.
trait Lift: Send {
    /// The first piece of `text`, which is not empty and begins where the last piece ended; `None`
    /// where it is not whole yet, which is never the answer at the `end` of the input. How the
    /// input is cut into calls decides nothing but where text that goes on is cut.
    fn next<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>>;

    /// What `event` says of `raw` is no damage here: it stays, without a word.
    fn stays(&self, event: &Event, raw: &str) -> bool {
        let _ = (event, raw);
        false
    }

    /// What was asked for and was not there, at the end of the input.
    fn unmet(&self) -> Option<String> {
        None
    }

    /// Gives up what is open, which does not end; it begins anew behind the next such byte.
    fn resume(&mut self) -> u8 {
        b'\n'
    }

    /// What `event` makes of text of the flow as it is written in the file, in place of `before`; `None` where it cannot
    /// be.
    fn written(&self, event: &Event, after: &str, before: &str) -> Option<String> {
        let _ = (event, before);
        Some(after.to_owned())
    }
}

/// What a format may ask for when it cuts.
#[derive(Clone, Copy, Debug)]
struct Ask {
    /// Nothing follows.
    end: bool,
    /// What is written, once it is known.
    encoding: Option<Encoding>,
}

/// A piece of a file.
#[derive(Debug, Default)]
struct Piece<'t> {
    /// Its length in bytes.
    len: usize,
    /// How it belongs to the text that goes on.
    flow: InFlow,
    /// Texts of their own in it, in order.
    fields: Vec<Field<'t>>,
    /// What else changes in it, behind or before the fields.
    changes: Vec<Change>,
}

impl Piece<'_> {
    /// A piece that stays.
    fn keep(len: usize) -> Self {
        Piece { len, ..Piece::default() }
    }
}

/// How a piece belongs to the text that goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum InFlow {
    /// It stands in the text, which goes on behind it.
    #[default]
    Beside,
    /// It ends a line of the text.
    Break,
    /// It is the text.
    Text,
}

/// A mark at byte `at` of a piece, on something that is not as the format has it and stays.
fn unreadable(at: usize, reason: String) -> Change {
    use crate::event::Repair;
    let event = Event::unrepaired(Repair::Decode, "format", reason, 0, 0, "");
    Change { raw: at..at, after: String::new(), event }
}
