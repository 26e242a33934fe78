//! A stream of records: decode, mend each field, encode.

use std::collections::VecDeque;

use hanmend::Fixer;
use hanmend::OutputEncoding;
use hanmend::decode::Encoding;
use hanmend::encode::{Bom, Encoder, Unmappable};
use hanmend::error::Error;
use hanmend::event::{Collect, Event, Repair, Sink};
use hanmend::pipeline::Stream;
use hanmend::stage::Stage;

use super::field::{Change, Field};
use super::splitter::Splitter;
use super::{Kind, delimited, json};

/// What is done to records.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Decodes, and does no more.
    pub(crate) decode: Fixer,
    /// Mends the text of a field.
    pub(crate) mend: Fixer,
    pub(crate) output: OutputEncoding,
    pub(crate) unmappable: Unmappable,
    pub(crate) bom: Bom,
    /// Names of the fields that are mended; none for all.
    pub(crate) fields: Vec<String>,
}

/// A stream of records. Keeps one record at a time.
pub(crate) struct RecordStream {
    settings: Settings,
    kind: Kind,
    decode: Stream,
    /// The first bytes, which may be a byte order mark.
    head: Vec<u8>,
    encoding: Option<Encoding>,
    encoder: Option<Encoder>,
    splitter: Splitter,
    decoded: Vec<u8>,
    /// Events of decoding that wait for their record.
    marks: VecDeque<Event>,
    /// In comma- and tab-separated values: which columns are mended, once the first record is read.
    columns: Option<Vec<bool>>,
    /// Bytes of decoded input, and of output, in records that are done.
    input_at: u64,
    output_at: u64,
    mended: String,
}

impl RecordStream {
    pub(crate) fn new(settings: Settings, kind: Kind) -> RecordStream {
        RecordStream {
            decode: settings.decode.stream(),
            settings,
            kind,
            head: Vec::new(),
            encoding: None,
            encoder: None,
            splitter: Splitter::default(),
            decoded: Vec::new(),
            marks: VecDeque::new(),
            columns: None,
            input_at: 0,
            output_at: 0,
            mended: String::new(),
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
        let mut ears =
            Ears { marks: &mut self.marks, encoding: &mut self.encoding, sink: &mut *sink };
        self.decode.push(input, &mut self.decoded, &mut ears)?;
        let complete = self.decode.complete();
        self.run(complete, false, out, sink)
    }

    /// Ends the input. The stream is then as new.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut ears =
            Ears { marks: &mut self.marks, encoding: &mut self.encoding, sink: &mut *sink };
        self.decode.finish(&mut self.decoded, &mut ears)?;
        let result = self.run(u64::MAX, true, out, sink);
        *self = RecordStream::new(self.settings.clone(), self.kind);
        result
    }

    /// Offset in the output before which every event has been told.
    pub(crate) fn complete(&self) -> u64 {
        self.output_at
    }

    /// Does all records that are whole and whose decoding is told.
    fn run(
        &mut self,
        complete: u64,
        end: bool,
        out: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let decoded = std::mem::take(&mut self.decoded);
        let mut done = 0;
        loop {
            let open = &decoded[done..];
            let length = match self.splitter.next(self.kind, open) {
                Some(length) => length,
                None if end && !open.is_empty() => {
                    self.splitter = Splitter::default();
                    open.len()
                }
                None => break,
            };
            if self.input_at + length as u64 > complete {
                // Looked at again when the events in it are told.
                self.splitter = Splitter::default();
                break;
            }
            // Decoded text is UTF-8, and records end at characters.
            let record = std::str::from_utf8(&open[..length]).unwrap_or_default();
            self.record(record, sink);
            done += length;
        }
        self.decoded = decoded;
        self.decoded.drain(..done);
        self.encode(end, out, sink)
    }

    /// Mends one record.
    fn record(&mut self, record: &str, sink: &mut dyn Sink) {
        let body = record.trim_end_matches(['\n', '\r']);
        let changes = match self.kind {
            Kind::Jsonl if body.trim().is_empty() => Vec::new(),
            Kind::Jsonl => match serde_json::from_str::<serde::de::IgnoredAny>(body) {
                Ok(_) => self.mend(body, json::fields(body, &self.settings.fields)),
                Err(e) => vec![unreadable(format!("no JSON, at column {}", e.column()))],
            },
            Kind::Csv => {
                let fields = self.chosen(delimited::csv(body));
                self.mend(body, fields)
            }
            Kind::Tsv => {
                let fields = self.chosen(delimited::tsv(body));
                self.mend(body, fields)
            }
        };
        self.splice(record, changes, sink);
    }

    /// The fields whose columns are wanted. The first record has their names.
    fn chosen<'r>(&mut self, fields: Vec<Field<'r>>) -> Vec<Field<'r>> {
        let names = &self.settings.fields;
        if names.is_empty() {
            return fields;
        }
        let Some(columns) = &self.columns else {
            let name =
                |f: &Field<'_>| names.iter().any(|n| *n == f.text.trim_start_matches('\u{feff}'));
            self.columns = Some(fields.iter().map(name).collect());
            return Vec::new();
        };
        let wanted = columns.iter().chain(std::iter::repeat(&false));
        fields.into_iter().zip(wanted).filter(|(_, w)| **w).map(|(f, _)| f).collect()
    }

    /// Mends the text of `fields`.
    fn mend(&self, record: &str, fields: Vec<Field<'_>>) -> Vec<Change> {
        let mut all = Vec::new();
        for field in fields {
            let mut sink = Collect { conversions: true, ..Collect::default() };
            self.settings.mend.fix_str_with(&field.text, &mut sink);
            if sink.events.is_empty() {
                continue;
            }
            match field.changes(record, sink.events) {
                Some(changes) => all.extend(changes),
                None => {
                    let reason = "the field cannot hold the line end or tab that it would get";
                    let mut change = unreadable(reason.to_owned());
                    change.raw = field.raw.start..field.raw.start;
                    all.push(change);
                }
            }
        }
        all
    }

    /// Puts `changes` into the record, and tells of them and of what decoding found in it.
    fn splice(&mut self, record: &str, changes: Vec<Change>, sink: &mut dyn Sink) {
        let mut at = 0;
        for Change { raw, after, mut event } in changes {
            self.tell_marks(self.input_at + raw.start as u64, at, sink);
            self.mended.push_str(&record[at..raw.start]);
            self.output_at += (raw.start - at) as u64;
            at = raw.end;
            event.input = self.input_at + raw.start as u64..self.input_at + raw.end as u64;
            event.output = self.output_at..self.output_at + after.len() as u64;
            event.before = record[raw].to_owned();
            self.mended.push_str(&after);
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
        self.tell_marks(self.input_at + record.len() as u64, at, sink);
        self.mended.push_str(&record[at..]);
        self.output_at += (record.len() - at) as u64;
        self.input_at += record.len() as u64;
    }

    /// Tells what decoding found before `end`; the output is at what byte `at` of the record is.
    fn tell_marks(&mut self, end: u64, at: usize, sink: &mut dyn Sink) {
        while let Some(mut mark) = self.marks.pop_front_if(|m| m.input.start < end) {
            let length = mark.output.end - mark.output.start;
            let start =
                self.output_at + mark.output.start.saturating_sub(self.input_at + at as u64);
            mark.output = start..start + length;
            sink.event(mark);
        }
    }

    fn encode(&mut self, end: bool, out: &mut Vec<u8>, sink: &mut dyn Sink) -> Result<(), Error> {
        if self.mended.is_empty() && !end {
            return Ok(());
        }
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            None => {
                let Settings { output, unmappable, bom, .. } = self.settings;
                let encoding = match output {
                    OutputEncoding::Encoding(encoding) => encoding,
                    OutputEncoding::Same => self.encoding.unwrap_or(Encoding::UTF_8),
                };
                let bom = bom.wanted(marked(&self.head));
                self.encoder.insert(Encoder::new(encoding, unmappable, bom))
            }
        };
        // The encoder's events count in the same text as those of the records, but come later;
        // what it replaced is counted and told as it is.
        encoder.push(&self.mended, out, sink);
        self.mended.clear();
        if end {
            encoder.finish(out, sink);
        }
        encoder.error().map_or(Ok(()), Err)
    }
}

/// Whether `head` is a byte order mark.
fn marked(head: &[u8]) -> bool {
    head.starts_with(b"\xef\xbb\xbf")
        || head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
}

/// A mark at the start of a record that was left as it is.
fn unreadable(reason: String) -> Change {
    let event = Event::unrepaired(Repair::Decode, "record", reason, 0, 0, "");
    Change { raw: 0..0, after: String::new(), event }
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
            *self.encoding = Encoding::for_label(label);
        }
        self.sink.encoding(offset, label, confidence);
    }

    fn event(&mut self, event: Event) {
        self.marks.push_back(event);
    }
}
