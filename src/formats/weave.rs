//! A file of a format as a stream: decode, lift the text out, mend it, put it back, encode.

use std::collections::VecDeque;

use crate::decode::Encoding;
use crate::error::Error;
use crate::event::{Collect, Event, Outcome, Repair, Sink, Source};
use crate::pipeline::Stream;

use super::declared::{Declared, MOST_UNDECLARED};
use super::field::{Change, Field};
use super::flow::{At, Flow};
use super::html::charset;
use super::lines::Lines;
use super::settings::Settings;
use super::written::{Known, MOST_UNDECIDED, Written};
use super::{Ask, InFlow, Kind, Lift, Piece, unreadable, written};

/// A record or a tag that is longer than this is none: an opening quote without its like, say.
pub(super) const MOST_OPEN: usize = 64 << 20;

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
    /// Something did not end; all up to this byte stays as it is.
    passing: Option<u8>,
    /// What is open is not looked at again before it is so long: so all looks together are linear.
    look_at: usize,
    declared: Declared,
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
            passing: None,
            look_at: 0,
            declared: Declared::default(),
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
        self.written.complete
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
        self.declared.text(&self.fresh);
        self.held.push_str(std::str::from_utf8(&self.fresh).unwrap_or_default());
        self.fresh.clear();
        if self.encoding.is_some_and(|e| has_wide_units(e.name())) {
            self.lines.wide();
        }
        let bom = self.encoding.is_some_and(|e| marked(&self.head, e.name()));
        let known = Known { encoding: self.encoding, bom };
        let ask = Ask { end, encoding: Written::declared(&self.settings, known, end) };
        let held = std::mem::take(&mut self.held);
        while self.cut < held.len() {
            let open = &held[self.cut..];
            if let Some(byte) = self.passing {
                let end = memchr::memchr(byte, open.as_bytes());
                self.passing = end.is_none().then_some(byte);
                self.piece(open, Piece::keep(end.map_or(open.len(), |at| at + 1)));
                continue;
            }
            if !end && open.len() < self.look_at.min(MOST_OPEN) {
                break;
            }
            let piece = self.lift.next(open, ask);
            self.look_at = if piece.is_none() { open.len() * 2 } else { 0 };
            match piece {
                Some(piece) if piece.len <= MOST_OPEN => self.piece(open, piece),
                None if open.len() <= MOST_OPEN => break,
                _ => {
                    self.look_at = 0;
                    self.passing = Some(self.lift.resume());
                    let reason = format!(
                        "what begins here does not end for {MOST_OPEN} bytes; it is not mended"
                    );
                    let changes = vec![unreadable(0, reason)];
                    let len = open.floor_char_boundary(MOST_OPEN);
                    self.piece(open, Piece { len, changes, ..Piece::default() });
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
        if let Some(reason) = self.lift.unmet().filter(|_| end) {
            self.own.push_back((cut, self.placed(unreadable(0, reason))));
        }
        let encoding = Written::encoding(&self.settings, known, end);
        let limit = self.flow.undecided().unwrap_or(cut).min(cut).min(decoded);
        let limit = limit.min(self.undeclared(end)).min(self.unencoded(encoding));
        self.write(limit, encoding, end, sink);
        let told = self.output_at;
        self.written.encode(&self.settings, known, told, end, out, sink)
    }

    /// Where what a page declares waits for more of it: text that is ASCII is in whatever it declares.
    fn undeclared(&mut self, end: bool) -> u64 {
        let Some(at) = self.declared.at() else { return u64::MAX };
        let text = &self.held;
        let (base, lift) = (self.base, &self.lift);
        let beyond = |(start, change): &At| {
            let raw = (start - base) as usize..(start - base) as usize + change.raw.len();
            let stays = change.event.is_mark()
                || charset::is_declared(change)
                || text.get(raw).is_some_and(|raw| lift.stays(&change.event, raw));
            !stays && !change.after.is_ascii()
        };
        let long = base + text.len() as u64 - at > MOST_UNDECLARED;
        if long || self.own.iter().chain(&self.flowing).any(beyond) {
            self.declared.beyond();
        } else if !end {
            return at;
        } else {
            self.own.retain(|(_, change)| !charset::may_stay(change));
        }
        u64::MAX
    }

    /// Where a reference waits for the `encoding` of the output, which may lack what it stands for.
    fn unencoded(&self, encoding: Option<Encoding>) -> u64 {
        if encoding.is_some() {
            return u64::MAX;
        }
        let waits = |(start, change): &&At| {
            let at = (start - self.base) as usize;
            !change.after.is_ascii() && self.held[at..].starts_with('&')
        };
        let first = self.own.iter().find(waits).into_iter().chain(self.flowing.iter().find(waits));
        let first = first.map(|(at, _)| *at).min().unwrap_or(u64::MAX);
        let end = self.base + self.held.len() as u64;
        if end.saturating_sub(first) > MOST_UNDECIDED as u64 { u64::MAX } else { first }
    }

    /// Takes a piece, with which `text` begins.
    fn piece(&mut self, text: &str, piece: Piece<'_>) {
        let at = self.base + self.cut as u64;
        let text = &text[..piece.len];
        let before = self.own.len();
        for change in piece.changes {
            if charset::may_stay(&change) {
                self.declared.found(at + change.raw.start as u64);
            }
            self.own.push_back((at, self.placed(change)));
        }
        for field in piece.fields {
            self.own.extend(self.mend(text, &field).into_iter().map(|change| (at, change)));
        }
        for (at, change) in self.own.range_mut(before..) {
            *at += change.raw.start as u64;
        }
        // A mark comes before the changes in it, of which the first may begin with it.
        let own = &mut self.own.make_contiguous()[before..];
        own.sort_by_key(|(at, change)| (*at, !change.event.is_mark()));
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
        let raw = |event: &Event| &text[field.place(event)];
        sink.events.retain(|event| !self.lift.stays(event, raw(event)));
        field.changes(text, sink.events).unwrap_or_else(|| {
            let reason = "the field cannot hold what would come";
            vec![self.placed(unreadable(field.raw.start, reason.to_owned()))]
        })
    }

    /// Writes what stands before `limit` with all its changes, and tells of them and of what
    /// decoding found.
    fn write(&mut self, limit: u64, encoding: Option<Encoding>, end: bool, sink: &dyn Sink) {
        let held = std::mem::take(&mut self.held);
        // How far it is written, in bytes of `held`.
        let mut at = 0;
        let mut limit = (limit - self.base) as usize;
        let mut around = Around::default();
        while let Some((start, length)) = self.next_change() {
            let raw = (start - self.base) as usize..(start - self.base) as usize + length;
            if self.reach() > self.base + limit as u64 || (raw.start == limit && !end) {
                limit = limit.min(raw.start);
                break;
            }
            let Some((after, mut event)) = self.take_change(&held[raw.clone()], encoding) else {
                break;
            };
            self.close(&mut around, &held, &mut at, raw.start);
            self.tell_marks(self.base + raw.start as u64, at, &mut around);
            self.copy(&held, &mut at, raw.start);
            event.input = self.base + raw.start as u64..self.base + raw.end as u64;
            event.output = self.output_at..self.output_at + after.len() as u64;
            event.before = held[raw.clone()].to_owned();
            // What decoding could not read and a repair has replaced, or marked as nothing else, is told by the repair.
            let tells = !event.is_mark() || event.before.chars().all(|c| c == '\u{FFFD}');
            while tells && self.marks.front().is_some_and(|m| m.input.start < event.input.end) {
                self.marks.pop_front();
            }
            if event.is_mark() {
                // What it comes to is known behind it: there may be changes in it.
                around.open(event, raw.end, self.written.text.len());
                continue;
            }
            at = raw.end;
            self.written.text.push_str(&after);
            self.output_at = event.output.end;
            event.after = after;
            let conversion = event.steps.iter().all(|s| s.repair == Repair::Convert);
            let told = event.before != event.after || !event.alternatives.is_empty();
            if told && (!conversion || sink.wants_conversions()) {
                around.events.push(event);
            }
        }
        // What decoding marked stands in the marks that are open, or behind them.
        self.tell_marks(self.base + limit as u64, at, &mut around);
        self.close(&mut around, &held, &mut at, limit);
        self.copy(&held, &mut at, limit);
        self.base += limit as u64;
        self.cut -= limit;
        self.held = held;
        self.held.drain(..limit);
    }

    /// Writes what stands before byte `to` as it is.
    fn copy(&mut self, held: &str, at: &mut usize, to: usize) {
        self.written.text.push_str(&held[*at..to]);
        self.output_at += (to - *at) as u64;
        *at = to;
    }

    /// Where the next change ends; a mark with all that begins in it.
    fn reach(&self) -> u64 {
        let Some((start, length)) = self.next_change() else { return 0 };
        let mut end = start + length as u64;
        let front = if self.flows() { self.flowing.front() } else { self.own.front() };
        if !front.is_some_and(|(_, change)| change.event.is_mark()) {
            return end;
        }
        loop {
            let inside = |queue: &VecDeque<At>, end: u64| {
                let inside = queue.iter().take_while(|(at, _)| *at < end);
                inside.map(|(at, change)| at + change.raw.len() as u64).max().unwrap_or(0)
            };
            let further = inside(&self.own, end).max(inside(&self.flowing, end));
            if further <= end {
                return end;
            }
            end = further;
        }
    }

    /// Ends the marks that end before byte `to`, and tells of what is told by then.
    fn close(&mut self, around: &mut Around, held: &str, at: &mut usize, to: usize) {
        while let Some((index, end, from)) = around.ended(to) {
            // What decoding marked in it stands before its end.
            self.tell_marks(self.base + end as u64, *at, around);
            self.copy(held, at, end.max(*at));
            let event = &mut around.events[index];
            event.after = self.written.text[from..].to_owned();
            event.output.end = self.output_at;
        }
        if around.open.is_empty() {
            around.events.drain(..).for_each(|event| self.written.event(event));
        }
    }

    /// Whether the next change is one of the text that goes on.
    fn flows(&self) -> bool {
        match (self.own.front(), self.flowing.front()) {
            (Some((own, _)), Some((flowing, change))) => {
                flowing < own || flowing == own && change.event.is_mark()
            }
            (own, _) => own.is_none(),
        }
    }

    /// Where the next change begins in the decoded input, and how much it replaces.
    fn next_change(&self) -> Option<(u64, usize)> {
        let queue = if self.flows() { &self.flowing } else { &self.own };
        queue.front().map(|(at, change)| (*at, change.raw.len()))
    }

    /// What comes in place of `raw`, and the event that says so, where the output is in `encoding`.
    fn take_change(&mut self, raw: &str, encoding: Option<Encoding>) -> Option<(String, Event)> {
        let flows = self.flows();
        let queue = if flows { &mut self.flowing } else { &mut self.own };
        let Change { after, mut event, .. } = queue.pop_front()?.1;
        if event.is_mark() || (flows && event.before == after) {
            return Some((raw.to_owned(), event));
        }
        if flows && self.lift.stays(&event, raw) {
            event.after = raw.to_owned();
            return Some((raw.to_owned(), event));
        }
        let lacks = raw.starts_with('&') && encoding.is_some_and(|e| written::lacks(e, &after));
        let written = match flows {
            true => self.lift.written(&event, &after, raw),
            false => Some(after),
        };
        let reason = match written {
            Some(written) if !lacks => return Some((written, event)),
            Some(_) => "the output encoding lacks what the reference stands for",
            None => "the format cannot hold what would come",
        };
        event.outcome = Outcome::Unrepaired(reason.into());
        Some((raw.to_owned(), event))
    }

    /// Tells what decoding found before `end`; the output is at what byte `at` of what is held is.
    fn tell_marks(&mut self, end: u64, at: usize, around: &mut Around) {
        while let Some(mut mark) = self.marks.pop_front_if(|m| m.input.start < end) {
            let length = mark.output.end - mark.output.start;
            let start = self.output_at + mark.output.start.saturating_sub(self.base + at as u64);
            mark.output = start..start + length;
            around.events.push(mark);
        }
    }
}

/// Marks, and what is told of in them.
#[derive(Default)]
struct Around {
    /// In order; those of the marks lack what they come to.
    events: Vec<Event>,
    /// The marks that are not ended: the place in `events`, where they end in the text that is held, and
    /// where they begin in what is written.
    open: Vec<(usize, usize, usize)>,
}

impl Around {
    fn open(&mut self, event: Event, end: usize, from: usize) {
        self.open.push((self.events.len(), end, from));
        self.events.push(event);
    }

    /// The first mark that ends at byte `to` or before.
    fn ended(&mut self, to: usize) -> Option<(usize, usize, usize)> {
        let ended = self.open.iter().enumerate().filter(|(_, mark)| mark.1 <= to);
        let (first, _) = ended.min_by_key(|(_, mark)| mark.1)?;
        Some(self.open.remove(first))
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
