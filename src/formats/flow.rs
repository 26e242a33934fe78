//! Text that goes on from one piece of a file to the next, mended as one.
//!
//! The pieces, with all that stands between them lifted out, are the input of one stream of the
//! pipeline. Its events speak of that text; here they become changes of the file, cut where
//! something stands between.

use std::collections::VecDeque;
use std::ops::Range;

use crate::Fixer;
use crate::event::{Event, Outcome, Sink};
use crate::pipeline::Stream;

use super::field::Change;
use super::html;

/// The text begins anew where a piece begins further than this from where it began, in bytes of the
/// file: so what waits for a decision has a bound.
const WINDOW: u64 = 4 << 20;

/// So many bytes of text are gathered before they are mended.
const GATHER: usize = 16 * 1024;

/// The text of a file.
pub(super) struct Flow {
    stream: Stream,
    /// Pieces of text that may still change.
    segments: VecDeque<Segment>,
    /// Bytes of text since it began, and the last of them, which are not mended yet.
    taken: u64,
    pending: String,
    /// The line of the text is not ended yet.
    open: bool,
    /// Where the text began in the file.
    window: u64,
    /// It begins with the next piece.
    fresh: bool,
    heard: Heard,
    /// Changes of the text that have been told and may lie behind what is settled: input, output.
    told: VecDeque<(Range<u64>, Range<u64>)>,
    /// Text before `settled.0` is settled; it stands before `settled.1` in the mended text.
    settled: (u64, u64),
    /// What comes out, which the events say, too.
    mended: Vec<u8>,
}

/// A piece: where it stands in the text and in the file, and its length.
#[derive(Clone, Copy, Debug)]
struct Segment {
    text: u64,
    raw: u64,
    len: u64,
}

/// Keeps all events; the changes of script conversion are changes like the others.
#[derive(Default)]
struct Heard(Vec<Event>);

impl Sink for Heard {
    fn event(&mut self, event: Event) {
        self.0.push(event);
    }

    fn wants_conversions(&self) -> bool {
        true
    }

    fn wants_joints(&self) -> bool {
        true
    }
}

/// A change of the file, by where it stands there.
pub(super) type At = (u64, Change);

impl Flow {
    /// A flow that `fixer`, which takes UTF-8, mends.
    pub(super) fn new(fixer: &Fixer) -> Flow {
        Flow {
            stream: fixer.stream(),
            segments: VecDeque::new(),
            taken: 0,
            pending: String::new(),
            open: false,
            window: 0,
            fresh: true,
            heard: Heard::default(),
            told: VecDeque::new(),
            settled: (0, 0),
            mended: Vec::new(),
        }
    }

    /// Takes text that stands at `raw` in the file.
    pub(super) fn text(&mut self, text: &str, raw: u64, changes: &mut VecDeque<At>) {
        let (mut text, mut raw) = (text, raw);
        // At the start of a stream it would be a byte order mark, and no text.
        while let (true, Some(rest)) = (self.fresh, text.strip_prefix('\u{feff}')) {
            (text, raw) = (rest, raw + 3);
        }
        if text.is_empty() {
            return;
        }
        let goes_on = self.segments.back().is_some_and(|s| s.raw + s.len == raw);
        if !goes_on && raw - self.window > WINDOW {
            self.finish(changes);
        }
        if self.fresh {
            (self.fresh, self.window) = (false, raw);
        }
        let len = text.len() as u64;
        match self.segments.back_mut().filter(|_| goes_on) {
            Some(last) => last.len += len,
            None => self.segments.push_back(Segment { text: self.taken, raw, len }),
        }
        self.open = !text.ends_with('\n');
        self.push(text, changes);
    }

    /// Takes what stands between pieces of text, up to `raw`; `breaks` where a line ends with it.
    pub(super) fn beside(&mut self, raw: u64, breaks: bool, changes: &mut VecDeque<At>) {
        if !self.fresh && raw.saturating_sub(self.window) > WINDOW {
            self.finish(changes);
        } else if breaks && self.open {
            self.open = false;
            self.push("\n", changes);
        }
    }

    /// Ends the text.
    pub(super) fn finish(&mut self, changes: &mut VecDeque<At>) {
        if self.fresh {
            return;
        }
        self.mend(changes);
        let _ = self.stream.finish(&mut self.mended, &mut self.heard);
        self.hear(changes);
        self.mended.clear();
        self.segments.clear();
        self.told.clear();
        (self.taken, self.settled) = (0, (0, 0));
        (self.open, self.fresh) = (false, true);
    }

    /// Where the first text stands in the file that may still change.
    pub(super) fn undecided(&self) -> Option<u64> {
        let (settled, _) = self.settled;
        let at = self.segments.partition_point(|s| s.text + s.len <= settled);
        let first = self.segments.get(at)?;
        Some(first.raw + settled.saturating_sub(first.text))
    }

    /// Gathers text: the pieces are often of a few characters.
    fn push(&mut self, text: &str, changes: &mut VecDeque<At>) {
        self.taken += text.len() as u64;
        self.pending.push_str(text);
        if self.pending.len() >= GATHER {
            self.mend(changes);
        }
    }

    /// Mends what was gathered.
    pub(super) fn mend(&mut self, changes: &mut VecDeque<At>) {
        if self.pending.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.pending);
        // UTF-8 has every character.
        let _ = self.stream.push(text.as_bytes(), &mut self.mended, &mut self.heard);
        self.pending = text;
        self.pending.clear();
        self.mended.clear();
        self.hear(changes);
        let complete = self.stream.complete();
        while let Some((input, output)) = self.told.pop_front_if(|(_, o)| o.end <= complete) {
            self.settled = (input.end, output.end);
        }
        let (input, output) = self.settled;
        let limit = self.told.front().map_or(u64::MAX, |(i, _)| i.start);
        self.settled = ((input + (complete - output)).min(limit), complete);
        if self.settled.0 == limit {
            self.settled.1 = output + (limit - input);
        }
        while self.segments.len() > 1
            && self.segments.front().is_some_and(|s| s.text + s.len <= self.settled.0)
        {
            self.segments.pop_front();
        }
    }

    /// Makes changes of the file of what was heard.
    fn hear(&mut self, changes: &mut VecDeque<At>) {
        let first = changes.len();
        for event in std::mem::take(&mut self.heard.0) {
            if !event.is_mark() {
                self.told.push_back((event.input.clone(), event.output.clone()));
            }
            self.spread(event, changes);
        }
        // A mark comes before the changes in it, of which the first may begin with it.
        let heard = &mut changes.make_contiguous()[first..];
        heard.sort_by_key(|(at, change)| (*at, !change.event.is_mark()));
    }

    /// Spreads an event over the pieces that it stands in.
    fn spread(&self, event: Event, changes: &mut VecDeque<At>) {
        let Range { start, end } = event.input;
        let first = self.segments.partition_point(|s| s.text + s.len <= start);
        let parts: Vec<(u64, Range<usize>)> = self
            .segments
            .range(first..)
            .take_while(|s| s.text < end.max(start + 1))
            .map(|s| {
                let (from, to) = (s.text.max(start), (s.text + s.len).min(end).max(start));
                (s.raw + (from - s.text), (from - start) as usize..(to - start) as usize)
            })
            .collect();
        match parts[..] {
            // An insertion at the end of the text.
            [] => {
                let last = self.segments.back().map_or(0, |s| s.raw + s.len);
                changes.push_back((last, change(event, 0..0, None)));
            }
            [(raw, ref range)] if range.len() == event.before.len() => {
                changes.push_back((raw, change(event, 0..0, None)));
            }
            _ => {
                let afters = shares(&event, &parts);
                for ((raw, range), after) in parts.into_iter().zip(afters) {
                    let before = event.before.get(range.clone()).unwrap_or_default();
                    if before != after || event.is_mark() {
                        changes.push_back((raw, change(event.clone(), range, Some(after))));
                        if event.is_mark() {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// The change that `event` comes to, or the part `range` of it with what comes `after`.
fn change(mut event: Event, range: Range<usize>, after: Option<String>) -> Change {
    if let Some(after) = after {
        event.before = event.before.get(range).unwrap_or_default().to_owned();
        event.after = after;
    }
    let (raw, after) = (0..event.before.len(), event.after.clone());
    Change { raw, after, event }
}

/// What of `event.after` comes in place of each of `parts`. What stays of the text stays where it
/// was; what changes goes where the event can be divided, if that is known; else character by character where both sides
/// have as many; where only their Han are as many, each takes the place of its like, so that none that stood behind a `<`
/// goes; else to the first.
fn shares(event: &Event, parts: &[(u64, Range<usize>)]) -> Vec<String> {
    let (before, after) = (event.before.as_str(), event.after.as_str());
    if matches!(event.outcome, Outcome::Unrepaired(_)) {
        return parts
            .iter()
            .map(|(_, r)| before.get(r.clone()).unwrap_or_default().into())
            .collect();
    }
    let mut out = vec![String::new(); parts.len()];
    let mut give = |at: usize, c: char| {
        // Behind the start of the last part that begins at or before it; what stands between the
        // parts is no text of the file.
        let part = parts.partition_point(|(_, r)| r.start <= at).saturating_sub(1);
        if c != '\n' || at < parts[part].1.end {
            out[part].push(c);
        }
    };
    if !event.joints.is_empty() {
        let starts = std::iter::once((0, 0)).chain(event.joints.iter().copied());
        let ends = event.joints.iter().map(|joint| joint.1).chain([after.len()]);
        for ((at, from), to) in starts.zip(ends) {
            after[from..to].chars().for_each(|c| give(at, c));
        }
        return out;
    }
    // Between which bytes of `before` each character of `after` belongs.
    let head: usize = before
        .chars()
        .zip(after.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let tail: usize = before[head..]
        .chars()
        .rev()
        .zip(after[head..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let by_character = old.chars().count() == new.chars().count();
    before[..head].char_indices().for_each(|(at, c)| give(at, c));
    let is_han = |c: &char| html::is_han(*c);
    if by_character {
        old.char_indices().zip(new.chars()).for_each(|((at, _), c)| give(head + at, c));
    } else if old.chars().filter(is_han).count() == new.chars().filter(is_han).count() {
        let mut places = old.char_indices().filter(|(_, c)| is_han(c)).map(|(at, _)| at);
        let mut place = 0;
        for c in new.chars() {
            if is_han(&c) {
                place = places.next().unwrap_or(place);
            }
            give(head + place, c);
        }
    } else {
        new.chars().for_each(|c| give(head, c));
    }
    let tail_at = before.len() - tail;
    before[tail_at..].char_indices().for_each(|(at, c)| give(tail_at + at, c));
    out
}
