//! A file of a format as a stream: decode, lift the text out, mend it, put it back, encode.

use std::collections::VecDeque;

use hanmend::decode::Encoding;
use hanmend::error::Error;
use hanmend::event::{Collect, Event, Outcome, Repair, Sink, Source};
use hanmend::pipeline::Stream;

use super::field::{Change, Field};
use super::flow::{At, Flow};
use super::lines::Lines;
use super::settings::Settings;
use super::written::{Known, Written};
use super::{Ask, InFlow, Kind, Lift, Piece, unreadable};

/// A record or a tag that is longer than this is none: an opening quote without its like, say.
const MOST_OPEN: usize = 64 << 20;

/// A stream of one format.
pub(crate) struct Woven {
    settings: Settings,
    kind: Kind,
    lift: Box<dyn Lift>,
    decode: Stream,
    /// The first bytes, which may be a byte order mark.
    head: Vec<u8>,
    encoding: Option<Encoding>,
    lines: Lines,
    fresh: Vec<u8>,
    /// Decoded text that is not written yet; it begins at byte `base` of the decoded input, and
    /// `cut` bytes of it are cut into pieces.
    held: String,
    base: u64,
    cut: usize,
    /// Something did not end; the rest stays as it is.
    passing: bool,
    /// Events of decoding that wait for their place.
    marks: VecDeque<Event>,
    flow: Flow,
    /// Changes of texts of their own, and of the text that goes on, by place.
    own: VecDeque<At>,
    flowing: VecDeque<At>,
    written: Written,
    output_at: u64,
}

impl Woven {
    pub(crate) fn new(settings: Settings, kind: Kind) -> Woven {
        Woven {
            lift: kind.lift(&settings.wanted),
            decode: settings.decode.stream(),
            flow: Flow::new(settings.fixer(kind)),
            settings,
            kind,
            head: Vec::new(),
            encoding: None,
            lines: Lines::default(),
            fresh: Vec::new(),
            held: String::new(),
            base: 0,
            cut: 0,
            passing: false,
            marks: VecDeque::new(),
            own: VecDeque::new(),
            flowing: VecDeque::new(),
            written: Written::default(),
            output_at: 0,
        }
    }

    /// Takes `input`, appends to `out` what is final.
    pub(crate) fn push(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let missing = 3usize.saturating_sub(self.head.len());
        self.head.extend(input.iter().take(missing));
        self.lines.input(input);
        let mut ears =
            Ears { marks: &mut self.marks, encoding: &mut self.encoding, sink: &mut *sink };
        self.decode.push(input, &mut self.fresh, &mut ears)?;
        let complete = self.decode.complete();
        self.run(complete, false, out, sink)
    }

    /// Ends the input. The stream is then as new.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut ears =
            Ears { marks: &mut self.marks, encoding: &mut self.encoding, sink: &mut *sink };
        self.decode.finish(&mut self.fresh, &mut ears)?;
        let result = self.run(u64::MAX, true, out, sink);
        *self = Woven::new(self.settings.clone(), self.kind);
        result
    }

    /// Offset in the output before which every event has been told.
    pub(crate) fn complete(&self) -> u64 {
        self.output_at
    }

    /// Cuts what was decoded into pieces, and writes what is settled. Decoding has told all before
    /// byte `decoded`.
    fn run(
        &mut self,
        decoded: u64,
        end: bool,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        // What comes out of decoding is UTF-8 of whole characters.
        self.held.push_str(std::str::from_utf8(&self.fresh).unwrap_or_default());
        self.fresh.clear();
        if self.encoding.is_some_and(|e| has_wide_units(e.name())) {
            self.lines.wide();
        }
        let bom = self.encoding.is_some_and(|e| marked(&self.head, e.name()));
        let known = Known { encoding: self.encoding, bom };
        let ask = Ask { end, encoding: Written::declared(&self.settings, known) };
        let held = std::mem::take(&mut self.held);
        while self.cut < held.len() {
            let open = &held[self.cut..];
            let piece = match self.passing {
                true => Some(Piece::keep(open.len())),
                false => self.lift.next(open, ask),
            };
            match piece {
                Some(piece) if piece.len <= MOST_OPEN || self.passing => self.piece(open, piece),
                None if open.len() <= MOST_OPEN => break,
                _ => {
                    self.passing = true;
                    let reason = format!(
                        "from here on nothing ends for {MOST_OPEN} bytes; it and all behind it stay \
                         as they are"
                    );
                    let changes = vec![unreadable(0, reason)];
                    self.piece(open, Piece { len: open.len(), changes, ..Piece::default() });
                }
            }
        }
        self.held = held;
        if end {
            self.flow.finish(&mut self.flowing);
        } else {
            self.flow.mend(&mut self.flowing);
        }
        let cut = self.base + self.cut as u64;
        let limit = self.flow.undecided().unwrap_or(cut).min(cut).min(decoded);
        self.write(limit, end, sink);
        self.written.encode(&self.settings, known, end, out, sink)
    }

    /// Takes a piece, with which `text` begins.
    fn piece(&mut self, text: &str, piece: Piece<'_>) {
        let at = self.base + self.cut as u64;
        let text = &text[..piece.len];
        let before = self.own.len();
        for change in piece.changes {
            self.own.push_back((at, self.placed(change)));
        }
        for field in piece.fields {
            self.own.extend(self.mend(text, &field).into_iter().map(|change| (at, change)));
        }
        for (at, change) in self.own.range_mut(before..) {
            *at += change.raw.start as u64;
        }
        self.own.make_contiguous()[before..].sort_by_key(|(at, _)| *at);
        match piece.flow {
            InFlow::Text => self.flow.text(text, at, &mut self.flowing),
            kind => {
                let breaks = kind == InFlow::Break;
                self.flow.beside(at + piece.len as u64, breaks, &mut self.flowing);
            }
        }
        self.lines.done(text);
        self.cut += piece.len;
    }

    /// A mark of the format says where in the raw input the line begins that it is about.
    fn placed(&self, mut change: Change) -> Change {
        if change.event.is_mark()
            && let Some(start) = self.lines.start()
        {
            change.event.source = Some(Source { range: start..start, bytes: Vec::new() });
        }
        change
    }

    /// Mends a text of its own.
    fn mend(&self, text: &str, field: &Field<'_>) -> Vec<Change> {
        let mut sink = Collect { conversions: true, ..Collect::default() };
        self.settings.fixer(self.kind).fix_str_with(&field.text, &mut sink);
        if sink.events.is_empty() {
            return Vec::new();
        }
        field.changes(text, sink.events).unwrap_or_else(|| {
            let reason = "the field cannot hold the line end or tab that it would get";
            vec![self.placed(unreadable(field.raw.start, reason.to_owned()))]
        })
    }

    /// Writes what stands before `limit` with all its changes, and tells of them and of what
    /// decoding found.
    fn write(&mut self, limit: u64, end: bool, sink: &mut dyn Sink) {
        let held = std::mem::take(&mut self.held);
        // How far it is written, in bytes of `held`.
        let mut at = 0;
        let mut limit = (limit - self.base) as usize;
        while let Some((start, length)) = self.next_change() {
            let raw = (start - self.base) as usize..(start - self.base) as usize + length;
            if raw.end > limit || (raw.start == limit && !end) {
                limit = limit.min(raw.start);
                break;
            }
            let Some((after, mut event)) = self.take_change(&held[raw.clone()]) else { break };
            self.tell_marks(self.base + raw.start as u64, at, sink);
            self.written.text.push_str(&held[at..raw.start]);
            self.output_at += (raw.start - at) as u64;
            at = raw.end;
            event.input = self.base + raw.start as u64..self.base + raw.end as u64;
            event.output = self.output_at..self.output_at + after.len() as u64;
            event.before = held[raw].to_owned();
            self.written.text.push_str(&after);
            self.output_at = event.output.end;
            event.after = after;
            // What decoding could not read and a repair has replaced is told by the repair.
            while self.marks.front().is_some_and(|m| m.input.start < event.input.end) {
                self.marks.pop_front();
            }
            let conversion = event.steps.iter().all(|s| s.repair == Repair::Convert);
            if !conversion || sink.wants_conversions() {
                sink.event(event);
            }
        }
        self.tell_marks(self.base + limit as u64, at, sink);
        self.written.text.push_str(&held[at..limit]);
        self.output_at += (limit - at) as u64;
        self.base += limit as u64;
        self.cut -= limit;
        self.held = held;
        self.held.drain(..limit);
    }

    /// Whether the next change is one of the text that goes on.
    fn flows(&self) -> bool {
        match (self.own.front(), self.flowing.front()) {
            (Some((own, _)), Some((flowing, _))) => flowing < own,
            (own, _) => own.is_none(),
        }
    }

    /// Where the next change begins in the decoded input, and how much it replaces.
    fn next_change(&self) -> Option<(u64, usize)> {
        let queue = if self.flows() { &self.flowing } else { &self.own };
        queue.front().map(|(at, change)| (*at, change.raw.len()))
    }

    /// What comes in place of `raw`, and the event that says so.
    fn take_change(&mut self, raw: &str) -> Option<(String, Event)> {
        if !self.flows() {
            return self.own.pop_front().map(|(_, change)| (change.after, change.event));
        }
        let Change { after, mut event, .. } = self.flowing.pop_front()?.1;
        if event.is_mark() || event.before == after {
            return Some((raw.to_owned(), event));
        }
        match self.lift.written(&after, raw) {
            Some(written) => Some((written, event)),
            None => {
                event.outcome =
                    Outcome::Unrepaired("the format cannot hold what would come".into());
                Some((raw.to_owned(), event))
            }
        }
    }

    /// Tells what decoding found before `end`; the output is at what byte `at` of what is held is.
    fn tell_marks(&mut self, end: u64, at: usize, sink: &mut dyn Sink) {
        while let Some(mut mark) = self.marks.pop_front_if(|m| m.input.start < end) {
            let length = mark.output.end - mark.output.start;
            let start = self.output_at + mark.output.start.saturating_sub(self.base + at as u64);
            mark.output = start..start + length;
            sink.event(mark);
        }
    }
}

/// Whether `head` is the byte order mark of the encoding `name`.
fn marked(head: &[u8], name: &str) -> bool {
    let mark: &[u8] = match name {
        "utf-8" => b"\xef\xbb\xbf",
        "utf-16le" | "utf-32le" => b"\xff\xfe",
        "utf-16be" => b"\xfe\xff",
        "utf-32be" => b"\0\0\xfe",
        _ => return false,
    };
    head.starts_with(mark)
}

/// Whether a line feed is more than a byte in the encoding.
fn has_wide_units(name: &str) -> bool {
    name.starts_with("utf-16") || name.starts_with("utf-32")
}

/// Hears what decoding finds.
struct Ears<'e> {
    marks: &'e mut VecDeque<Event>,
    encoding: &'e mut Option<Encoding>,
    sink: &'e mut dyn Sink,
}

impl Sink for Ears<'_> {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        if self.encoding.is_none() {
            // As a label, `ascii` is windows-1252.
            let ascii = label == Encoding::ASCII.name();
            *self.encoding = if ascii { Some(Encoding::ASCII) } else { Encoding::for_label(label) };
        }
        self.sink.encoding(offset, label, confidence);
    }

    fn event(&mut self, event: Event) {
        self.marks.push_back(event);
    }
}
