//! Joins the events from before a stage with the stage's own.
//!
//! Three coordinate systems meet at a stage: the decoded input (where events from upstream have
//! their `input`), the stage's input (their `output`, and the stage's own `input`), and the
//! stage's output. An event that nothing overlaps only has one of its ranges shifted. Events that
//! overlap in the stage's input are joined to one change from the decoded input to the stage's
//! output, whose texts follow from theirs: between them they hold all text they cover.

use std::collections::VecDeque;
use std::ops::Range;

use super::ALL;
use crate::event::{Event, Outcome, Repair, Step};

/// What is known of events around one stage, and not yet joined.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    up: VecDeque<Event>,
    own: VecDeque<Event>,
    shift: Shift,
    /// Offset in the decoded input before which every event has been given.
    reported: u64,
    /// Whether the stage runs over what an equal one has changed. Then what it marks within a change is what that
    /// one left there.
    again: bool,
    /// Whether the stage has told of a change, which a later one may take back.
    changed: bool,
}

/// How far the decoded input and the stage's output are ahead of the stage's input, at the place
/// up to which events are joined.
#[derive(Clone, Copy, Default)]
struct Shift {
    decoded: i64,
    output: i64,
}

impl Shift {
    fn decoded(self, at: u64) -> u64 {
        at.wrapping_add_signed(self.decoded)
    }
    fn output(self, at: u64) -> u64 {
        at.wrapping_add_signed(self.output)
    }
}

impl Ledger {
    /// Takes an event from before the stage; they come in order.
    pub(crate) fn upstream(&mut self, event: Event) {
        self.up.push_back(event);
    }

    /// Takes an event of the stage itself; they come in order.
    pub(crate) fn own(&mut self, event: Event) {
        self.changed |= !event.is_mark();
        self.own.push_back(event);
    }

    /// Joins all that is final when no event will start before `limit` (in the stage's input) any
    /// more. Returns the offset in the stage's output before which every event has been given.
    pub(crate) fn settle(&mut self, limit: u64, done: &mut Vec<Event>) -> u64 {
        while let Some((ups, owns)) = self.next_group(limit) {
            if ups + owns == 1 {
                let event = if ups == 1 { self.up.pop_front() } else { self.own.pop_front() };
                done.extend(event.map(|event| self.shift_one(event, ups == 1)));
            } else {
                let up = self.up.drain(..ups).collect();
                let own = self.own.drain(..owns).collect();
                join(up, own, self.again, &mut self.shift, done);
            }
        }
        let first = self.up.front().map(|e| e.output.start).into_iter();
        let first = first.chain(self.own.front().map(|e| e.input.start)).min();
        let at = first.map_or(limit, |first| first.min(limit));
        self.reported = self.shift.decoded(at);
        self.shift.output(at)
    }

    /// Joins everything, and is as new.
    pub(crate) fn finish(&mut self, done: &mut Vec<Event>) -> u64 {
        self.settle(ALL, done);
        *self = Ledger::default();
        ALL
    }

    /// The ledger of a stage behind, which has changed nothing yet, where this one has given out all it will.
    pub(super) fn behind(&self) -> Ledger {
        let shift = Shift { decoded: self.shift.decoded, output: 0 };
        Ledger { shift, reported: self.reported, again: true, ..Ledger::default() }
    }

    /// Whether the stage has told of a change.
    pub(super) fn has_changed(&self) -> bool {
        self.changed
    }

    /// Counts an event that has been given out.
    pub(super) fn tell(&mut self, event: &Event) {
        self.shift.decoded += shortened(event);
    }

    /// Offset in the decoded input before which every event has been given.
    pub(crate) fn reported(&self) -> u64 {
        self.reported
    }

    /// The next events that hang together, as how many from upstream and how many of the stage's
    /// own; `None` while more may come to hang together with them.
    fn next_group(&self, limit: u64) -> Option<(usize, usize)> {
        let (mut ups, mut owns) = (0, 0);
        let mut end = None;
        loop {
            let up = self.up.get(ups).map(|e| order(&e.output, 0));
            let own = self.own.get(owns).map(|e| order(&e.input, 1));
            let next = match (up, own) {
                (Some(up), Some(own)) => up.min(own),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => break,
            };
            let (start, _, side, next_end) = next;
            // What upstream took out where events end is before all that may come.
            let taken_out = end.is_none() && side == 0 && next_end == start && start == limit;
            if start >= end.unwrap_or(limit) && !taken_out {
                break;
            }
            end = Some(next_end.max(end.unwrap_or(0)));
            *(if side == 0 { &mut ups } else { &mut owns }) += 1;
            if next_end == start && ups + owns == 1 {
                break; // An empty range hangs together with nothing that comes after it.
            }
        }
        end.filter(|&end| end <= limit).map(|_| (ups, owns))
    }

    fn shift_one(&mut self, mut event: Event, upstream: bool) -> Event {
        let by = shortened(&event);
        if upstream {
            event.output = moved(&event.output, self.shift.output);
            self.shift.decoded += by;
        } else {
            event.input = moved(&event.input, self.shift.decoded);
            self.shift.output -= by;
        }
        event
    }
}

/// By how many bytes an event has made the text shorter. A mark has another text behind it than before it where it
/// lies over a change; it is the change that has made it so.
fn shortened(event: &Event) -> i64 {
    if event.is_mark() { 0 } else { event.before.len() as i64 - event.after.len() as i64 }
}

/// Events are taken in this order: by start; of those that start together an empty range first,
/// and what came from upstream before the stage's own.
fn order(range: &Range<u64>, side: u8) -> (u64, bool, u8, u64) {
    (range.start, range.end > range.start, side, range.end)
}

fn moved(range: &Range<u64>, by: i64) -> Range<u64> {
    range.start.wrapping_add_signed(by)..range.end.wrapping_add_signed(by)
}

fn overlap(a: &Range<u64>, b: &Range<u64>) -> bool {
    a.start < b.end && b.start < a.end
}

/// A stretch of the stage's input, with the text that stands for it in all three systems.
struct Stretch {
    at: Range<u64>,
    decoded_start: u64,
    output_start: u64,
    text: Vec<u8>,
    decoded: Vec<u8>,
    output: Vec<u8>,
    steps: Vec<Step>,
    outcome: Outcome,
    source: Option<crate::event::Source>,
    joints: Vec<(usize, usize)>,
}

/// Joins events that hang together.
fn join(up: Vec<Event>, own: Vec<Event>, again: bool, shift: &mut Shift, done: &mut Vec<Event>) {
    let start_shift = *shift;
    let (mut up_marks, up): (Vec<_>, Vec<_>) = up.into_iter().partition(Event::is_mark);
    let (mut own_marks, own): (Vec<_>, Vec<_>) = own.into_iter().partition(Event::is_mark);
    // A mark that an earlier round has set says nothing new, nor does one over nothing but U+FFFD that the decoder
    // reported.
    own_marks.retain(|own| {
        let covers = |m: &Event| m.output.start <= own.input.start && own.input.end <= m.output.end;
        let known = up_marks.iter().any(|mark| covers(mark) && mark.steps == own.steps);
        if known || again && up.iter().any(covers) {
            return false;
        }
        let decoded = |m: &&Event| m.steps.iter().any(|s| s.repair == Repair::Decode);
        let common = |m: &Event| {
            let (start, end) =
                (m.output.start.max(own.input.start), m.output.end.min(own.input.end));
            end.saturating_sub(start)
        };
        let told: u64 = up_marks.iter().filter(decoded).map(common).sum();
        told == 0 || told < own.input.end - own.input.start
    });
    let mut stretches = Vec::new();
    let (mut ups, mut owns) = (up.as_slice(), own.as_slice());
    while !ups.is_empty() || !owns.is_empty() {
        stretches.push(next_stretch(&mut ups, &mut owns, shift));
    }

    // Damage found upstream that this stage repaired is no longer left: the change tells of it.
    up_marks.retain(|mark| {
        let repaired = |s: &&mut Stretch| {
            overlap(&s.at, &mark.output)
                && s.steps.iter().any(|s| !matches!(s.repair, Repair::Convert | Repair::Encode))
                && own.iter().any(|o| overlap(&o.input, &s.at) || o.input == s.at)
        };
        let Some(stretch) = stretches.iter_mut().find(repaired) else { return true };
        if stretch.steps.first() != mark.steps.first() {
            stretch.steps.splice(0..0, mark.steps.iter().cloned());
        }
        stretch.source = stretch.source.take().or_else(|| mark.source.clone());
        false
    });

    let first = done.len();
    let up_marks = up_marks.into_iter().map(|m| (m.output.clone(), m.after.clone(), m));
    let own_marks = own_marks.into_iter().map(|m| (m.input.clone(), m.before.clone(), m));
    for (at, text, mark) in up_marks.chain(own_marks) {
        done.push(place_mark(&stretches, start_shift, at, text, mark));
    }
    done.extend(stretches.into_iter().filter(|s| s.decoded != s.output).map(event_of));
    done[first..].sort_by_key(|e| (e.input.start, e.input.end, !e.is_mark()));
}

/// Takes the next changes that overlap from both sides, as one stretch.
fn next_stretch(ups: &mut &[Event], owns: &mut &[Event], shift: &mut Shift) -> Stretch {
    let (mut u, mut o) = (0, 0);
    let mut at: Option<Range<u64>> = None;
    loop {
        let up = ups.get(u).map(|e| order(&e.output, 0));
        let own = owns.get(o).map(|e| order(&e.input, 1));
        let next = match (up, own) {
            (Some(up), Some(own)) => up.min(own),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => break,
        };
        let (start, _, side, end) = next;
        match &mut at {
            None => at = Some(start..end),
            Some(at) if overlap(at, &(start..end)) => at.end = at.end.max(end),
            Some(_) => break,
        }
        *(if side == 0 { &mut u } else { &mut o }) += 1;
    }
    let at = at.unwrap_or(0..0);
    let (up, own) = (&ups[..u], &owns[..o]);
    (*ups, *owns) = (&ups[u..], &owns[o..]);

    let mut text = vec![0; (at.end - at.start) as usize];
    for (range, known) in
        up.iter().map(|e| (&e.output, &e.after)).chain(own.iter().map(|e| (&e.input, &e.before)))
    {
        let from = (range.start - at.start) as usize;
        text[from..from + known.len()].copy_from_slice(known.as_bytes());
    }
    let decoded = replaced(&text, at.start, up.iter().map(|e| (&e.output, e.before.as_bytes())));
    let output = replaced(&text, at.start, own.iter().map(|e| (&e.input, e.after.as_bytes())));
    let mut steps: Vec<Step> = Vec::new();
    for step in up.iter().chain(own).flat_map(|e| &e.steps) {
        if !steps.contains(step) {
            steps.push(step.clone());
        }
    }
    let guess = up.iter().chain(own).any(|e| e.outcome == Outcome::Guess);
    let stretch = Stretch {
        decoded_start: shift.decoded(at.start),
        output_start: shift.output(at.start),
        steps,
        outcome: if guess { Outcome::Guess } else { Outcome::Sure },
        source: up.iter().chain(own).find_map(|e| e.source.clone()),
        joints: joints(&text, at.start, up, own),
        at,
        text,
        decoded,
        output,
    };
    shift.decoded += stretch.decoded.len() as i64 - stretch.text.len() as i64;
    shift.output += stretch.output.len() as i64 - stretch.text.len() as i64;
    stretch
}

/// Where a stretch, whose text starts at offset `start`, can be divided: where both what came from upstream and what the
/// stage did can.
fn joints(text: &[u8], start: u64, up: &[Event], own: &[Event]) -> Vec<(usize, usize)> {
    if up.iter().chain(own).all(|e| e.joints.is_empty()) {
        return Vec::new();
    }
    let up = up.iter().map(|e| {
        let joints = e.joints.iter().map(|&(before, after)| (after, before)).collect();
        (&e.output, e.before.len(), joints)
    });
    let own = own.iter().map(|e| (&e.input, e.after.len(), e.joints.clone()));
    let (decoded, output) = (across(text, start, up), across(text, start, own));
    let mut output = output.into_iter().peekable();
    let mut both = Vec::new();
    for (at, before) in decoded {
        while output.next_if(|(other, _)| *other < at).is_some() {}
        if let Some((_, after)) = output.next_if(|(other, _)| *other == at) {
            both.push((before, after));
        }
    }
    both
}

/// Places in a text and in what `edits` (where they stand, how long their other side is, and where they can be divided) make of it.
fn across<'e>(
    text: &[u8],
    start: u64,
    edits: impl Iterator<Item = (&'e Range<u64>, usize, Vec<(usize, usize)>)>,
) -> Vec<(usize, usize)> {
    let is_start = |at: usize| text.get(at).is_none_or(|byte| byte & 0xC0 != 0x80);
    let (mut places, mut at, mut other) = (Vec::new(), 0, 0);
    for (range, len, joints) in edits {
        let (from, to) = ((range.start - start) as usize, (range.end - start) as usize);
        let same = (at..=from).filter(|&place| is_start(place));
        places.extend(same.map(|place| (place, other + place - at)));
        other += from - at;
        places.extend(joints.into_iter().map(|(here, there)| (from + here, other + there)));
        (at, other) = (to, other + len);
    }
    let same = (at..=text.len()).filter(|&place| is_start(place));
    places.extend(same.map(|place| (place, other + place - at)));
    places
}

/// `text`, which starts at offset `start`, with the ranges replaced.
fn replaced<'e>(
    text: &[u8],
    start: u64,
    edits: impl Iterator<Item = (&'e Range<u64>, &'e [u8])>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for (range, new) in edits {
        out.extend_from_slice(&text[from..(range.start - start) as usize]);
        out.extend_from_slice(new);
        from = (range.end - start) as usize;
    }
    out.extend_from_slice(&text[from..]);
    out
}

/// Gives a mark its ranges, widened to the changes that it overlaps.
fn place_mark(
    stretches: &[Stretch],
    start: Shift,
    at: Range<u64>,
    known: String,
    mut mark: Event,
) -> Event {
    let before = stretches.partition_point(|s| s.at.end <= at.start);
    let over: Vec<&Stretch> =
        stretches[before..].iter().take_while(|s| overlap(&s.at, &at)).collect();
    let shift = stretches[..before].iter().fold(start, |shift, s| Shift {
        decoded: shift.decoded + s.decoded.len() as i64 - s.text.len() as i64,
        output: shift.output + s.output.len() as i64 - s.text.len() as i64,
    });
    let from = over.first().map_or(at.start, |s| s.at.start.min(at.start));
    let to = over.last().map_or(at.end, |s| s.at.end.max(at.end));
    let mut text = vec![0; (to - from) as usize];
    let pieces = over.iter().map(|s| (s.at.start, s.text.as_slice()));
    for (start, piece) in pieces.chain(std::iter::once((at.start, known.as_bytes()))) {
        let start = (start - from) as usize;
        text[start..start + piece.len()].copy_from_slice(piece);
    }
    mark.before = string(replaced(&text, from, over.iter().map(|s| (&s.at, &*s.decoded))));
    mark.after = string(replaced(&text, from, over.iter().map(|s| (&s.at, &*s.output))));
    mark.input = range(shift.decoded(from), mark.before.len());
    mark.output = range(shift.output(from), mark.after.len());
    mark
}

fn event_of(stretch: Stretch) -> Event {
    Event {
        steps: stretch.steps,
        outcome: stretch.outcome,
        input: range(stretch.decoded_start, stretch.decoded.len()),
        output: range(stretch.output_start, stretch.output.len()),
        before: string(stretch.decoded),
        after: string(stretch.output),
        source: stretch.source,
        // What it could have been follows from one step alone, and there are several.
        alternatives: Vec::new(),
        joints: stretch.joints,
    }
}

fn range(start: u64, len: usize) -> Range<u64> {
    start..start + len as u64
}

/// The bytes come from whole strings laid over each other at their borders, so they are UTF-8.
fn string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}
