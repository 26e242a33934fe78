//! Text to bytes.

use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs as rs;
use encoding_rs::EncoderResult;

use crate::decode::{Encoding, Kind, SETTLED};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Outcome, Repair, Silent, Sink};
use crate::stage::Stage;

mod own;

/// What to do with a character that the output encoding lacks. It never goes without a word.
///
/// ```
/// use hanmend::{Fixer, OutputEncoding, decode::Encoding, encode::Unmappable, event::Silent};
///
/// let big5 = Fixer::builder().output(OutputEncoding::Encoding(Encoding::BIG5));
/// let (mut stream, mut out) = (big5.clone().build().stream(), Vec::new());
/// stream.push("中文😀".as_bytes(), &mut out, &mut Silent).ok();
/// let error = stream.finish(&mut out, &mut Silent).unwrap_err();
/// assert!(error.to_string().contains("😀 (U+1F600) at byte 6"), "{error}");
///
/// let (mut stream, mut out) =
///     (big5.unmappable(Unmappable::Reference).build().stream(), Vec::new());
/// stream.push("中文😀".as_bytes(), &mut out, &mut Silent)?;
/// stream.finish(&mut out, &mut Silent)?;
/// assert!(out.ends_with(b"&#128512;"));
/// # Ok::<(), hanmend::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unmappable {
    /// Stop there: [`Encoder::error`] tells which and where, and nothing more is written.
    #[default]
    Error,
    /// Write `?`, and report it.
    Question,
    /// Write a decimal character reference, `&#24635;`, and report it.
    Reference,
}

/// Whether the output begins with a byte order mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bom {
    /// As the input had it.
    #[default]
    Keep,
    /// With one, where the encoding has one.
    Add,
    /// Without.
    Remove,
}

impl Bom {
    /// Whether to write one, when the input had (`had`) one or not.
    pub fn wanted(self, had: bool) -> bool {
        match self {
            Bom::Keep => had,
            Bom::Add => true,
            Bom::Remove => false,
        }
    }
}

/// Text to bytes in an encoding.
///
/// ```
/// use hanmend::{decode::Encoding, encode::{Encoder, Unmappable}, event::Silent, stage::Stage};
///
/// let mut bytes = Vec::new();
/// let mut encoder = Encoder::new(Encoding::GBK, Unmappable::Reference, false);
/// encoder.push("中文😀", &mut bytes, &mut Silent);
/// encoder.finish(&mut bytes, &mut Silent);
/// assert_eq!(bytes, b"\xD6\xD0\xCE\xC4&#128512;");
/// ```
pub struct Encoder {
    encoding: Encoding,
    unmappable: Unmappable,
    bom: bool,
    started: bool,
    /// Text taken and text written, in bytes of UTF-8; they differ by what replaced characters.
    taken: u64,
    written: u64,
    writer: Writer,
    failed: Option<Error>,
    /// A letter that may be one code of Big5 together with the accent that follows.
    pending: Option<char>,
    over: bool,
}

enum Writer {
    Utf8,
    Utf16 { big: bool },
    Rs(Box<rs::Encoder>),
    Own(own::Own),
}

/// The bytes of `text`, a whole text, in `encoding`, without a byte order mark.
///
/// ```
/// use hanmend::{Encoding, encode::{Unmappable, encode}};
///
/// assert_eq!(encode("中文", Encoding::BIG5, Unmappable::Error)?, b"\xA4\xA4\xA4\xE5");
/// assert!(encode("中文😀", Encoding::BIG5, Unmappable::Error).is_err());
/// assert_eq!(encode("😀", Encoding::BIG5, Unmappable::Question)?, b"?");
/// # Ok::<(), hanmend::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Unmappable`] for a character that `encoding` lacks, with [`Unmappable::Error`].
pub fn encode(text: &str, encoding: Encoding, unmappable: Unmappable) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::new(encoding, unmappable, false);
    let mut bytes = Vec::with_capacity(text.len());
    encoder.push(text, &mut bytes, &mut Silent);
    encoder.finish(&mut bytes, &mut Silent);
    encoder.error().map_or(Ok(bytes), Err)
}

impl Encoder {
    /// An encoder into `encoding`. With `bom`, the output begins with a byte order mark if the
    /// encoding has one. [`Encoding::ASCII`] and [`Encoding::BINARY`] are written as UTF-8.
    pub fn new(encoding: Encoding, unmappable: Unmappable, bom: bool) -> Encoder {
        Encoder {
            encoding,
            unmappable,
            bom,
            started: false,
            taken: 0,
            written: 0,
            writer: writer(encoding),
            failed: None,
            pending: None,
            over: false,
        }
    }

    /// Goes on in `encoding`, where all that was written so far is ASCII and no byte order mark: the
    /// start of a text whose encoding nobody knows yet.
    ///
    /// ```
    /// use hanmend::{decode::Encoding, encode::{Encoder, Unmappable}, event::Silent, stage::Stage};
    ///
    /// let mut bytes = Vec::new();
    /// let mut encoder = Encoder::new(Encoding::ASCII, Unmappable::Error, false);
    /// encoder.push("a: ", &mut bytes, &mut Silent);
    /// encoder.go_on_in(Encoding::GBK);
    /// encoder.push("中文", &mut bytes, &mut Silent);
    /// assert_eq!(bytes, b"a: \xD6\xD0\xCE\xC4");
    /// ```
    pub fn go_on_in(&mut self, encoding: Encoding) {
        (self.encoding, self.writer) = (encoding, writer(encoding));
    }

    /// The first character that could not be written, where that is an error. The output ends
    /// before it.
    pub fn error(&self) -> Option<Error> {
        self.failed.clone()
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        if self.over {
            *self = Encoder::new(self.encoding, self.unmappable, self.bom);
        }
        if !self.started {
            self.started = true;
            if self.bom {
                out.extend_from_slice(self.encoding.mark());
            }
        }
    }

    fn unmappable(&mut self, c: char, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        if let Some(replacement) = self.replacement(c) {
            out.extend_from_slice(replacement.as_bytes());
            self.report(c, replacement, sink);
        }
    }

    /// What is written for `c`, which the encoding lacks; `None` where that is an error.
    fn replacement(&mut self, c: char) -> Option<String> {
        match self.unmappable {
            Unmappable::Question => Some("?".to_owned()),
            Unmappable::Reference => Some(format!("&#{};", u32::from(c))),
            Unmappable::Error => {
                let message = format!(
                    "{c} (U+{:04X}) at byte {} of the text is not in {}; \
                     choose another output encoding, or have it replaced",
                    u32::from(c),
                    self.taken,
                    self.encoding.name(),
                );
                self.failed = Some(Error::new(ErrorKind::Unmappable, message));
                None
            }
        }
    }

    fn report(&mut self, c: char, replacement: String, sink: &mut dyn Sink) {
        let (repair, rule) = (Repair::Encode, "unmappable");
        let (taken, written) = (self.taken, self.written);
        let event = Event::change(repair, rule, Outcome::Sure, taken, written, c, replacement);
        self.written += event.after.len() as u64;
        self.taken += event.before.len() as u64;
        sink.event(event);
    }

    fn advance(&mut self, len: usize) {
        self.taken += len as u64;
        self.written += len as u64;
    }

    /// Writes with encoding_rs, and what that lacks with the table of HKSCS.
    fn standard(&mut self, mut input: &str, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        while !input.is_empty() && self.failed.is_none() {
            let Writer::Rs(encoder) = &mut self.writer else { return };
            let need = encoder
                .max_buffer_length_from_utf8_without_replacement(input.len())
                .unwrap_or(input.len() * 4);
            out.reserve(need.clamp(64, 1 << 20));
            let (result, read) =
                encoder.encode_from_utf8_to_vec_without_replacement(input, out, false);
            let rest = &input[read..];
            match result {
                EncoderResult::InputEmpty | EncoderResult::OutputFull => self.advance(read),
                EncoderResult::Unmappable(c) => {
                    self.advance(read - c.len_utf8());
                    let own = if self.encoding.0 == Kind::Big5Hkscs { hkscs(c) } else { None };
                    match own {
                        Some(code) => {
                            out.extend_from_slice(&code.to_be_bytes());
                            self.advance(c.len_utf8());
                        }
                        None => self.unmappable(c, out, sink),
                    }
                }
            }
            input = rest;
        }
    }

    /// GB18030 with the codes of two bytes for the characters that encoding_rs does not know there.
    fn with_settled(&mut self, mut input: &str, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        let code = |c| SETTLED.iter().find(|s| s.1 == c).map(|s| s.2);
        // All of them begin with this byte.
        while memchr::memchr(0xF0, input.as_bytes()).is_some() {
            let Some((at, c)) = input.char_indices().find(|(_, c)| code(*c).is_some()) else {
                break;
            };
            self.standard(&input[..at], out, sink);
            if self.failed.is_some() {
                return;
            }
            out.extend_from_slice(&code(c).unwrap_or_default());
            self.advance(c.len_utf8());
            input = &input[at + c.len_utf8()..];
        }
        self.standard(input, out, sink);
    }

    fn own(&mut self, input: &str, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        for c in input.chars() {
            let Writer::Own(own) = &mut self.writer else { return };
            if own.write(self.encoding.0, c, out) {
                self.advance(c.len_utf8());
                continue;
            }
            // What replaces it is ASCII, and so is what follows an error.
            let replaced = self.replacement(c);
            let Some(replacement) = replaced else { return };
            if let Writer::Own(own) = &mut self.writer {
                for c in replacement.chars() {
                    own.write(self.encoding.0, c, out);
                }
            }
            self.report(c, replacement, sink);
        }
    }

    /// Big5-HKSCS has codes for two letters with an accent that Unicode writes as two characters.
    fn with_pairs(&mut self, mut input: &str, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        if let (Some(letter), Some(next)) = (self.pending, input.chars().next()) {
            self.pending = None;
            if let Some(code) = pair(letter, next) {
                out.extend_from_slice(&code.to_be_bytes());
                self.advance(letter.len_utf8() + next.len_utf8());
                input = &input[next.len_utf8()..];
            } else {
                let mut buffer = [0; 4];
                self.standard(letter.encode_utf8(&mut buffer), out, sink);
            }
        }
        while let Some(at) = input.find(['Ê', 'ê']) {
            self.standard(&input[..at], out, sink);
            let mut rest = input[at..].chars();
            let letter = rest.next().unwrap_or_default();
            let Some(next) = rest.next() else {
                self.pending = Some(letter);
                return;
            };
            if let Some(code) = pair(letter, next) {
                if self.failed.is_none() {
                    out.extend_from_slice(&code.to_be_bytes());
                    self.advance(letter.len_utf8() + next.len_utf8());
                }
                input = rest.as_str();
            } else {
                let mut buffer = [0; 4];
                self.standard(letter.encode_utf8(&mut buffer), out, sink);
                input = &input[at + letter.len_utf8()..];
            }
        }
        self.standard(input, out, sink);
    }
}

fn writer(encoding: Encoding) -> Writer {
    match encoding.0 {
        Kind::Utf16Le => Writer::Utf16 { big: false },
        Kind::Utf16Be => Writer::Utf16 { big: true },
        kind if own::Own::writes(kind) => Writer::Own(own::Own::default()),
        _ => match encoding.web() {
            Some(e) if e != rs::UTF_8 => Writer::Rs(Box::new(e.new_encoder())),
            _ => Writer::Utf8,
        },
    }
}

impl Stage for Encoder {
    type Input = str;
    type Output = Vec<u8>;

    fn push(&mut self, input: &str, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        self.start(out);
        if self.failed.is_some() {
            return;
        }
        match &mut self.writer {
            Writer::Utf8 => {
                out.extend_from_slice(input.as_bytes());
                self.advance(input.len());
            }
            Writer::Utf16 { big } => {
                let big = *big;
                out.reserve(input.len() * 2);
                for unit in input.encode_utf16() {
                    let bytes = if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                    out.extend_from_slice(&bytes);
                }
                self.advance(input.len());
            }
            Writer::Rs(_) if self.encoding.0 == Kind::Big5Hkscs => {
                self.with_pairs(input, out, sink);
            }
            Writer::Rs(_) if matches!(self.encoding.0, Kind::Gb18030 | Kind::Gbk) => {
                self.with_settled(input, out, sink);
            }
            Writer::Rs(_) => self.standard(input, out, sink),
            Writer::Own(_) => self.own(input, out, sink),
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        self.start(out);
        if let Some(letter) = self.pending.take() {
            let mut buffer = [0; 4];
            self.standard(letter.encode_utf8(&mut buffer), out, sink);
        }
        if let Writer::Own(own) = &mut self.writer {
            own.finish(self.encoding.0, out);
        }
        if let (Writer::Rs(encoder), None) = (&mut self.writer, &self.failed) {
            // ISO-2022-JP goes back to ASCII.
            out.reserve(16);
            let _ = encoder.encode_from_utf8_to_vec_without_replacement("", out, true);
        }
        self.over = true;
    }

    fn held(&self) -> usize {
        self.pending.map_or(0, char::len_utf8)
    }

    fn max_held(&self) -> usize {
        2
    }
}

/// The codes that decode to a letter and an accent.
fn pair(letter: char, accent: char) -> Option<u16> {
    match (letter, accent) {
        ('Ê', '\u{304}') => Some(0x8862),
        ('Ê', '\u{30C}') => Some(0x8864),
        ('ê', '\u{304}') => Some(0x88A3),
        ('ê', '\u{30C}') => Some(0x88A5),
        _ => None,
    }
}

/// What the decoder of Big5 knows and the encoder does not write: the additions of HKSCS.
fn hkscs(c: char) -> Option<u16> {
    static TABLE: OnceLock<HashMap<char, u16>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for code in 0x8140..=0xFEFEu16 {
            let bytes = code.to_be_bytes();
            let decoded = rs::BIG5.decode_without_bom_handling_and_without_replacement(&bytes);
            let Some(text) = decoded else { continue };
            let mut chars = text.chars();
            if let (Some(c), None) = (chars.next(), chars.next()) {
                let lacks = rs::BIG5.encode(&text).2;
                if lacks {
                    table.entry(c).or_insert(code);
                }
            }
        }
        table
    });
    table.get(&c).copied()
}
