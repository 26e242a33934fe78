//! The stage that makes text of bytes.

use super::detection::Detection;
use super::detector::Detector;
use super::encoding::Encoding;
use super::line::{self, Lines};
use super::look::{Look, Seen};
use super::transcode::{Flow, Position, Transcoder};
use crate::event::Sink;
use crate::stage::Stage;

/// Bytes to text: finds the encoding, or is told it, and decodes.
///
/// - ASCII passes before a decision is taken, so a page whose first hundred kilobytes are markup
///   is decided on its Chinese. The decision is taken over a bounded look at what follows the
///   first byte that is not ASCII.
/// - A byte order mark is taken off the text and remembered ([`bom`](Self::bom)).
/// - Bytes that make no character become U+FFFD, one for each unit as the WHATWG counts them, and
///   each is an event with the bytes. NUL, C1 controls and private-use characters are kept.
/// - In UTF-8, two surrogates of three bytes each (CESU-8) are the character that they stand for,
///   which is an event with the bytes, too. One alone is malformed.
/// - With [`auto`](Self::auto), a line in another encoding than the rest is decoded as what it is.
///
/// ```
/// use hanmend::{decode::Decoder, event::Collect, stage::Stage};
///
/// let mut decoder = Decoder::auto();
/// let (mut text, mut report) = (String::new(), Collect::default());
/// decoder.push(b"\xD6\xD0\xB9\xFA\xB5\xC4\xCA\xD7\xB6\xBC", &mut text, &mut report);
/// decoder.finish(&mut text, &mut report);
/// assert_eq!(text, "中国的首都");
/// assert_eq!(report.encodings[0].1, "gbk");
/// ```
pub struct Decoder {
    /// What was asked for.
    fixed: Option<Encoding>,
    detector: Detector,
    state: State,
    at: Position,
    /// Input is over: the state is that of the finished input until the next push.
    over: bool,
    bom: bool,
    lines: Lines,
    /// What decoded an input that has no lines, for the next in the same encoding.
    used: Option<(Encoding, Transcoder)>,
}

/// What becomes of bytes that come next; see [`Decoder::skim`].
pub(crate) enum Skimmed<'i> {
    /// They have gone through, and are this text.
    Passed(&'i str),
    /// So many have to be pushed.
    Push(usize),
}

enum State {
    /// Nothing is known yet, not even whether there is a byte order mark.
    Looking,
    /// Decoding, line by line where the encoding allows it.
    Lines,
    /// Decoding what has no lines, or what was asked for.
    Whole(Transcoder),
}

impl Decoder {
    /// A decoder that finds the encoding.
    pub fn auto() -> Decoder {
        Decoder::build(None)
    }

    /// A decoder that takes the input for `encoding`, whatever it looks like. Of a byte order
    /// mark, only the encoding's own is taken off; that of the other byte order turns UTF-16.
    ///
    /// ```
    /// use hanmend::{decode::{Decoder, Encoding}, event::Silent, stage::Stage};
    ///
    /// let mut text = String::new();
    /// let mut decoder = Decoder::with_encoding(Encoding::BIG5);
    /// decoder.push(b"\xA4\xA4\xA4\xE5", &mut text, &mut Silent);
    /// decoder.finish(&mut text, &mut Silent);
    /// assert_eq!(text, "中文");
    /// ```
    pub fn with_encoding(encoding: Encoding) -> Decoder {
        Decoder::build(Some(encoding))
    }

    /// A decoder that finds the encoding among `candidates` only (and ASCII, and what a byte
    /// order mark says).
    pub fn among(candidates: &[Encoding]) -> Decoder {
        Decoder { detector: Detector::among(candidates), ..Decoder::build(None) }
    }

    fn build(fixed: Option<Encoding>) -> Decoder {
        Decoder {
            fixed,
            detector: Detector::new(),
            state: State::Looking,
            at: Position::default(),
            over: false,
            bom: false,
            lines: Lines::default(),
            used: None,
        }
    }

    /// The encoding, once it is decided; after [`finish`](Stage::finish) that of the input that
    /// ended, until the next push. Of a file in several encodings it is that of the most of it.
    pub fn encoding(&self) -> Option<Encoding> {
        self.detection().map(|d| d.encoding)
    }

    /// All that was found out about the encoding, once it is decided.
    pub fn detection(&self) -> Option<&Detection> {
        self.detector.found()
    }

    /// Whether the input began with a byte order mark.
    pub fn bom(&self) -> bool {
        self.bom
    }

    /// Says what becomes of the start of `input`, which comes next and is not empty. Lines that are
    /// UTF-8 without fault, in a file that is UTF-8, are taken with that, as if they had been
    /// pushed, and are their own text.
    pub(crate) fn skim<'i>(&mut self, input: &'i [u8]) -> Skimmed<'i> {
        if self.over || !matches!(self.state, State::Lines) {
            return Skimmed::Push(input.len());
        }
        let skimmed = self.lines.skim(input);
        if let Skimmed::Passed(text) = skimmed {
            self.at.raw += text.len() as u64;
            self.at.text += text.len() as u64;
        }
        skimmed
    }

    fn renew(&mut self) {
        self.detector.renew();
        self.state = State::Looking;
        self.at = Position::default();
        self.over = false;
        self.bom = false;
    }

    /// Begins to decode, now that it is decided how.
    fn begin(&mut self, out: &mut String, sink: &mut dyn Sink) {
        let Some(detection) = self.detector.found() else { return };
        let encoding = detection.encoding;
        if detection.bom {
            self.bom = true;
            self.at.raw += encoding.mark().len() as u64;
        }
        let from_start = self.detector.look.is_from_start() && encoding != Encoding::UTF_8;
        let cut = if from_start { detection.skip as usize } else { 0 };
        sink.encoding(self.at.raw, encoding.name(), detection.confidence);
        self.state = if self.fixed.is_none() && encoding.is_by_line() {
            self.lines.begin(encoding);
            State::Lines
        } else {
            let used = self.used.take().filter(|(e, _)| *e == encoding);
            State::Whole(
                used.map_or_else(|| Transcoder::new(encoding), |(_, transcoder)| transcoder),
            )
        };
        let gathered = self.detector.look.take();
        let mut rest = &gathered[..];
        if cut > 0 && cut <= rest.len() {
            // The rest of a character cut off at the head would put all that follows out of step.
            let mut flow = Flow { out, sink, at: &mut self.at };
            flow.malformed(flow.at.raw, &rest[..cut], "the input begins within a character");
            flow.at.raw += cut as u64;
            rest = &rest[cut..];
        }
        self.decode(rest, out, sink);
        self.detector.look.put_back(gathered);
    }

    fn decode(&mut self, input: &[u8], out: &mut String, sink: &mut dyn Sink) {
        let mut flow = Flow { out, sink, at: &mut self.at };
        match &mut self.state {
            State::Looking => {}
            State::Lines => self.lines.feed(input, &mut flow),
            State::Whole(transcoder) => transcoder.feed(input, false, &mut flow),
        }
    }

    /// With the encoding given: deals with a byte order mark, once enough is there to see it.
    fn open(&mut self, asked: Encoding, over: bool) {
        let look = &mut self.detector.look;
        let (mark, found) = match look.mark(over) {
            Seen::TooFew => return,
            Seen::Mark(len, encoding) => (len, Some(encoding)),
            Seen::None => (0, None),
        };
        let turned = match (asked, found) {
            (Encoding::UTF_16LE | Encoding::UTF_16BE, Some(found))
                if matches!(found, Encoding::UTF_16LE | Encoding::UTF_16BE) =>
            {
                found
            }
            (Encoding::GBK, Some(Encoding::GB18030)) => Encoding::GBK,
            _ => asked,
        };
        let bom = found.is_some_and(|f| f == turned || f.to_write() == turned.to_write());
        if bom {
            look.drop_front(mark);
        }
        self.detector.set(Detection { bom, ..Detection::certain(turned) });
    }
}

impl Stage for Decoder {
    type Input = [u8];
    type Output = String;

    fn push(&mut self, mut input: &[u8], out: &mut String, sink: &mut dyn Sink) {
        if self.over {
            self.renew();
        }
        while !input.is_empty() {
            if !matches!(self.state, State::Looking) {
                return self.decode(input, out, sink);
            }
            let taken = if let Some(asked) = self.fixed {
                let taken = self.detector.look.take_start(input);
                self.open(asked, false);
                taken
            } else {
                let mut flow = Flow { out, sink, at: &mut self.at };
                self.detector.advance(input, &mut |ascii| flow.ascii(ascii))
            };
            input = &input[taken..];
            self.begin(out, sink);
        }
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        if self.over {
            self.renew();
        }
        if matches!(self.state, State::Looking) {
            if let Some(asked) = self.fixed {
                self.open(asked, true);
            } else {
                let mut flow = Flow { out, sink, at: &mut self.at };
                self.detector.conclude(&mut |ascii| flow.ascii(ascii));
            }
            if self.encoding() == Some(Encoding::ASCII) {
                sink.encoding(0, Encoding::ASCII.name(), 1.0);
            } else {
                self.begin(out, sink);
            }
        }
        let mut flow = Flow { out, sink, at: &mut self.at };
        match &mut self.state {
            State::Looking => {}
            State::Lines => self.lines.end(&mut flow),
            State::Whole(transcoder) => transcoder.feed(b"", true, &mut flow),
        }
        if let State::Whole(transcoder) = std::mem::replace(&mut self.state, State::Looking) {
            self.used = self.encoding().map(|encoding| (encoding, transcoder));
        }
        self.over = true;
    }

    fn held(&self) -> usize {
        if self.over {
            return 0;
        }
        match &self.state {
            State::Looking => self.detector.look.held(),
            State::Lines => self.lines.held(),
            State::Whole(transcoder) => transcoder.held(),
        }
    }

    fn max_held(&self) -> usize {
        Look::MAX_HELD.max(line::MAX_HELD)
    }
}
