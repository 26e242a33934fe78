//! Finding the encoding, piece by piece.

use super::detection::Detection;
use super::encoding::Encoding;
use super::judge::{self, Evidence};
use super::look::{Look, Pass, Seen};

/// Finds the encoding of an input that comes in pieces. However it is cut, this is what
/// [`detect`](super::detect) finds in the whole.
///
/// ```
/// use hanmend::decode::{Detector, Encoding};
///
/// let mut detector = Detector::new();
/// assert!(detector.push(b"<p>\xA4\xA4\xA4").is_none(), "more may come");
/// detector.push(b"\xE5\xBD\xD2\xA5\xBB</p>");
/// assert_eq!(detector.finish().encoding, Encoding::BIG5);
/// ```
#[derive(Default)]
pub struct Detector {
    candidates: Option<Vec<Encoding>>,
    pub(super) look: Look,
    found: Option<Detection>,
    over: bool,
}

impl Detector {
    /// A detector of all that is known.
    pub fn new() -> Detector {
        Detector::default()
    }

    /// A detector that finds one of `candidates` only (or ASCII, or what a byte order mark says).
    ///
    /// ```
    /// use hanmend::decode::{Detector, Encoding};
    ///
    /// let mut detector = Detector::among(&[Encoding::UTF_8, Encoding::GBK]);
    /// detector.push(b"\xA4\xA4\xA4\xE5\xBD\xD2\xA5\xBB");
    /// assert_eq!(detector.finish().encoding, Encoding::GBK, "Big5 was not asked for");
    /// ```
    pub fn among(candidates: &[Encoding]) -> Detector {
        Detector { candidates: Some(candidates.to_vec()), ..Detector::default() }
    }

    /// Takes the next bytes. Returns what was found, once enough has been seen: further bytes do
    /// not change it. After [`finish`](Self::finish) another input begins.
    pub fn push(&mut self, mut bytes: &[u8]) -> Option<&Detection> {
        if self.over {
            self.renew();
        }
        while !bytes.is_empty() && self.found.is_none() {
            bytes = &bytes[self.advance(bytes, &mut |_| {})..];
        }
        self.found.as_ref()
    }

    /// Says that the input is over, and what it was.
    pub fn finish(&mut self) -> Detection {
        if self.over {
            self.renew();
        }
        self.over = true;
        self.conclude(&mut |_| {});
        self.found.clone().unwrap_or(Detection::certain(Encoding::ASCII))
    }

    /// Begins with another input.
    pub(super) fn renew(&mut self) {
        self.look.renew();
        self.found = None;
        self.over = false;
    }

    pub(super) fn found(&self) -> Option<&Detection> {
        self.found.as_ref()
    }

    /// What was found without looking.
    pub(super) fn set(&mut self, found: Detection) {
        self.found = Some(found);
    }

    /// Takes some of `input`, which is not empty, hands to `pass` what needs no decision, and takes
    /// the decision when it can. Returns how many bytes it took.
    pub(super) fn advance(&mut self, input: &[u8], pass: Pass<'_>) -> usize {
        if !self.look.is_open() {
            let taken = self.look.take_start(input);
            self.open(false);
            return taken;
        }
        let taken = self.look.gather(input, pass);
        if self.look.is_full() {
            self.decide(pass);
        }
        taken
    }

    /// The input is over: takes the decision, if it is open.
    pub(super) fn conclude(&mut self, pass: Pass<'_>) {
        if self.found.is_none() && !self.look.is_open() {
            self.open(true);
        }
        if self.found.is_none() {
            self.decide(pass);
        }
        if self.found.is_none() {
            self.look.release(pass);
            let declared = self.look.declared();
            self.found = Some(Detection::certain(Encoding::ASCII).declaring(declared));
        }
    }

    /// Takes off a byte order mark, once enough is there to see it; else begins to look.
    fn open(&mut self, over: bool) {
        match self.look.mark(over) {
            Seen::TooFew => {}
            Seen::Mark(_, encoding) if judge::is_no_mark(encoding, self.look.gathered()) => {
                self.look.open();
            }
            Seen::Mark(len, encoding) => {
                self.look.drop_front(len);
                self.found = Some(Detection::marked(encoding));
            }
            Seen::None => self.look.open(),
        }
    }

    fn decide(&mut self, pass: Pass<'_>) {
        self.found = judge::decide(&Evidence {
            before: self.look.before(),
            bytes: self.look.gathered(),
            from_start: self.look.is_from_start(),
            candidates: self.candidates.as_deref(),
        });
        if self.found.is_none() {
            // No more than ASCII after all: what follows may tell more.
            self.look.release(pass);
        }
    }
}
