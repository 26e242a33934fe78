//! A field: its text, and where each piece of the text stands in the record.

use std::borrow::Cow;
use std::ops::Range;

use crate::event::Event;

/// How a field is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// A JSON string.
    Json,
    /// In quotes, where a quote is doubled.
    Quoted,
    /// Without quotes; what ends such a field.
    Bare(u8),
    /// Tab-separated: no quotes at all.
    Tab,
    /// The value of an attribute of HTML, in these quotes or in none.
    Attribute(Option<u8>),
}

/// A character that is written in another way than it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Escape {
    /// Where it stands in the text, and how long it is there.
    pub(super) text: (usize, usize),
    /// Where it stands in the record, and how long it is there.
    pub(super) raw: (usize, usize),
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'r> {
    /// Where it stands in the record, quotes aside.
    pub(super) raw: Range<usize>,
    /// What it says.
    pub(super) text: Cow<'r, str>,
    pub(super) escapes: Vec<Escape>,
    pub(super) quoting: Quoting,
}

/// A change in a record: what stands there, and what comes in its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) raw: Range<usize>,
    pub(super) after: String,
    pub(super) event: Event,
}

impl Field<'_> {
    /// The changes of the record that `events`, which speak of the text, come to. `None` where the
    /// field cannot hold what they put in it.
    pub(super) fn changes(&self, record: &str, events: Vec<Event>) -> Option<Vec<Change>> {
        let mut changes = Vec::with_capacity(events.len());
        let mut needs_quotes = false;
        for event in events {
            let raw = self.place(&event);
            let after = if event.is_mark() {
                record[raw.clone()].to_owned()
            } else {
                match self.quoting {
                    Quoting::Json => json_escaped(&event.after),
                    Quoting::Quoted => event.after.replace('"', "\"\""),
                    Quoting::Tab if event.after.contains(['\t', '\n', '\r']) => return None,
                    Quoting::Tab => event.after.clone(),
                    Quoting::Attribute(quote) => {
                        let after = attribute_escaped(&event.after, quote);
                        // The reference that stands there is as good.
                        if after != event.after && record[raw.clone()].starts_with('&') {
                            continue;
                        }
                        after
                    }
                    Quoting::Bare(separator) => {
                        needs_quotes |= event.after.contains([separator as char, '"', '\n', '\r']);
                        event.after.clone()
                    }
                }
            };
            changes.push(Change { raw, after, event });
        }
        if self.quoting == Quoting::Attribute(None) && !self.holds(record, &changes) {
            return None;
        }
        if needs_quotes { self.quoted(record, changes) } else { Some(changes) }
    }

    /// Whether an attribute without quotes is one with `changes`: it is not empty, and begins with none.
    fn holds(&self, record: &str, changes: &[Change]) -> bool {
        let (mut value, mut at) = (String::new(), self.raw.start);
        for change in changes.iter().filter(|c| !c.event.is_mark()) {
            value.push_str(&record[at..change.raw.start]);
            value.push_str(&change.after);
            at = change.raw.end;
        }
        value.push_str(&record[at..self.raw.end]);
        !value.is_empty() && !value.starts_with(['"', '\''])
    }

    /// Where what `event` speaks of stands in the record.
    pub(super) fn place(&self, event: &Event) -> Range<usize> {
        self.raw_at(event.input.start as usize)..self.raw_at(event.input.end as usize)
    }

    /// All changes as one, which puts quotes around the field.
    fn quoted(&self, record: &str, changes: Vec<Change>) -> Option<Vec<Change>> {
        let (mut after, mut at) = ("\"".to_owned(), self.raw.start);
        for change in changes.iter().filter(|c| !c.event.is_mark()) {
            after.push_str(&record[at..change.raw.start].replace('"', "\"\""));
            after.push_str(&change.after.replace('"', "\"\""));
            at = change.raw.end;
        }
        after.push_str(&record[at..self.raw.end].replace('"', "\"\""));
        after.push('"');
        let event = changes.into_iter().find(|c| !c.event.is_mark())?.event;
        Some(vec![Change { raw: self.raw.clone(), after, event }])
    }

    /// Where byte `at` of the text stands in the record.
    fn raw_at(&self, at: usize) -> usize {
        let before = self.escapes.partition_point(|e| e.text.0 + e.text.1 <= at);
        match before.checked_sub(1).map(|i| self.escapes[i]) {
            Some(e) => e.raw.0 + e.raw.1 + (at - e.text.0 - e.text.1),
            None => self.raw.start + at,
        }
    }
}

/// `text` as it stands in the value of an attribute.
fn attribute_escaped(text: &str, quote: Option<u8>) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let ends = match quote {
            Some(quote) => c == char::from(quote),
            None => c.is_ascii_whitespace() || "\"'=<>`".contains(c),
        };
        match c {
            '"' if ends => out.push_str("&quot;"),
            c if ends => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// `text` as it stands in a JSON string, without more escapes than are needed.
fn json_escaped(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}
