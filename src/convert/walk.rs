//! The exact engine: every step of a plan as a stream of its own, one feeding the next.
//!
//! It does what the rules say and nothing else, keeps track of which source each piece of output
//! came from, and holds text back only while a longer key or an unfinished description sequence
//! is possible. The fast engine is measured against it, and falls back on it.

use std::collections::VecDeque;

use super::description::{self, Description, description, operands};
use super::plan::{Plan, Step};
use crate::dict::table::char_len;

/// Receives what comes out.
pub(crate) trait Pieces {
    /// `text` stands for the next `source` bytes of the input; where `joined`, it and what comes
    /// next stand for the sources of both, and cannot be told apart.
    fn piece(&mut self, source: usize, text: &[u8], joined: bool);

    /// A character had more than one value in a dictionary, and the first was taken.
    fn choice(&mut self, choice: Choice<'_>) {
        let _ = choice;
    }
}

/// A character with more than one value.
pub(crate) struct Choice<'c> {
    /// The steps that are still to come.
    pub(crate) later: &'c [Step],
    /// Where its source begins, from where the walk began, and how many bytes it has.
    pub(crate) start: usize,
    pub(crate) source: usize,
    pub(crate) value: &'c [u8],
    /// The other values, joined by blanks.
    pub(crate) others: &'c [u8],
}

/// The text that each step of a plan has taken and not given on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    held: Vec<Held>,
}

#[derive(Clone, Debug, Default)]
struct Held {
    text: Vec<u8>,
    /// Bytes of `text` that are done with.
    done: usize,
    /// Bytes of source that are done with, from where the walk began.
    source: usize,
    /// Which source the undone text came from, in order. The sources of a run that was taken in
    /// part count to the part that was taken first.
    runs: VecDeque<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    source: usize,
    text: usize,
    /// Whether it cannot be told apart from the next.
    joined: bool,
}

impl Walk {
    pub(crate) fn new(plan: &Plan) -> Walk {
        Walk { held: vec![Held::default(); plan.steps.len()] }
    }

    /// The most bytes of input that can be held.
    pub(crate) fn max_held(plan: &Plan) -> usize {
        let (mut sum, mut shrink) = (0, 1);
        for step in &plan.steps {
            sum += shrink * step.longest.max(description::MAX_BYTES);
            shrink *= step.shrink;
        }
        sum
    }

    /// Takes UTF-8 text, gives on what is decided.
    pub(crate) fn push(&mut self, plan: &Plan, text: &[u8], out: &mut impl Pieces) {
        let mut rest = text;
        // Character by character would do; larger bites save time.
        while !rest.is_empty() {
            let mut bite = rest.len().min(1 << 12);
            while bite < rest.len() && rest[bite] & 0xC0 == 0x80 {
                bite += 1;
            }
            let (now, later) = rest.split_at(bite);
            match self.held.first_mut() {
                None => out.piece(now.len(), now, false),
                Some(first) => first.text.extend_from_slice(now),
            }
            advance(&plan.steps, &mut self.held, true, false, out);
            rest = later;
        }
    }

    /// Ends the input: gives on everything, and is as new.
    pub(crate) fn finish(&mut self, plan: &Plan, out: &mut impl Pieces) {
        advance(&plan.steps, &mut self.held, true, true, out);
        for held in &mut self.held {
            held.source = 0;
        }
    }
}

/// Does what is decided in the first step, and gives it on.
fn advance(steps: &[Step], held: &mut [Held], first: bool, end: bool, out: &mut impl Pieces) {
    let ([step, later_steps @ ..], [own, later @ ..]) = (steps, held) else {
        return;
    };
    while own.done < own.text.len() {
        let rest = &own.text[own.done..];
        if !end && rest.len() < step.longest {
            break;
        }
        let found = step.dict.longest(rest);
        let (len, value) = match found {
            Some(found) => (found.len, Some(found.value)),
            None if operands(rest) > 0 => match description(rest) {
                Description::Whole(len) => (len, None),
                Description::Open if !end => break,
                _ => (char_len(rest[0]).min(rest.len()), None),
            },
            None => (char_len(rest[0]).min(rest.len()), None),
        };
        let from = if first { (len, false) } else { take(&mut own.runs, len) };
        let text = &own.text[own.done..own.done + len];
        own.done += len;
        if let Some(found) = found.filter(|f| !f.others.is_empty() && !step.segments)
            && len == char_len(text[0])
        {
            let (start, source) = (own.source, from.0);
            let (value, others) = (found.value, found.others);
            out.choice(Choice { later: later_steps, start, source, value, others });
        }
        own.source += from.0;
        match value {
            Some(_) if step.segments => {
                advance(later_steps, later, false, true, out);
                give(later_steps, later, from, text, out);
                advance(later_steps, later, false, true, out);
            }
            Some(value) => give(later_steps, later, from, value, out),
            None => give(later_steps, later, from, text, out),
        }
    }
    if own.done == own.text.len() || own.done > 1 << 10 {
        own.text.drain(..own.done);
        own.done = 0;
    }
    if end {
        advance(later_steps, later, false, true, out);
    }
}

/// Gives text on to the next step, or out.
fn give(
    steps: &[Step],
    held: &mut [Held],
    (source, joined): (usize, bool),
    text: &[u8],
    out: &mut impl Pieces,
) {
    let Some(next) = held.first_mut() else {
        out.piece(source, text, joined);
        return;
    };
    if text.is_empty() {
        // Nothing stands for this source: it counts to what is before it.
        match next.runs.back_mut() {
            Some(run) => run.source += source,
            None => {
                let later = steps.get(1..).unwrap_or_default();
                give(later, &mut held[1..], (source, joined), text, out);
            }
        }
        return;
    }
    next.text.extend_from_slice(text);
    next.runs.push_back(Run { source, text: text.len(), joined });
    advance(steps, held, false, false, out);
}

/// Takes `len` bytes of text off the runs. Returns the source they stand for, and whether the
/// last of them cannot be told apart from what comes next.
fn take(runs: &mut VecDeque<Run>, mut len: usize) -> (usize, bool) {
    let (mut source, mut joined) = (0, false);
    while let Some(run) = runs.front_mut().filter(|_| len > 0) {
        source += std::mem::take(&mut run.source);
        let part = run.text.min(len);
        run.text -= part;
        len -= part;
        joined = run.joined || run.text > 0;
        if run.text == 0 {
            runs.pop_front();
        }
    }
    (source, joined)
}
