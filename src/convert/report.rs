//! The exact engine with its account of what became of what: output, held text, events.

use std::collections::VecDeque;
use std::ops::Range;

use super::ambiguity::alternatives;
use super::plan::Plan;
use super::walk::{Choice, Pieces, Walk};
use crate::event::{Event, Outcome, Repair, Sink};

/// The exact engine and the text that it holds.
#[derive(Clone, Debug)]
pub(crate) struct Walking {
    walk: Walk,
    account: Account,
    out: Vec<u8>,
}

#[derive(Clone, Debug, Default)]
struct Account {
    /// Input that nothing has come out for yet, from `done` on.
    source: Vec<u8>,
    done: usize,
    /// Where `done` and the end of the output lie in the stream.
    input: u64,
    output: u64,
    /// Pieces of output whose sources cannot be told apart, so far: bytes of source, and text.
    group_source: usize,
    group: Vec<u8>,
    /// Bytes of source that are done with, from where the walk began.
    walked: usize,
    /// Choices by default about source that is not done with.
    choices: VecDeque<Chosen>,
}

/// A choice by default: of which source, what was taken, and what could have been.
#[derive(Clone, Debug)]
struct Chosen {
    source: Range<usize>,
    taken: String,
    alternatives: Vec<String>,
}

/// Groups of more source than this are reported in parts. No dictionary of OpenCC's makes one so
/// long; dictionaries can be made that join pieces without end.
const MAX_GROUP: usize = 256;

impl Walking {
    pub(crate) fn new(plan: &Plan) -> Walking {
        Walking { walk: Walk::new(plan), account: Account::default(), out: Vec::new() }
    }

    /// Takes UTF-8 text, appends to `out` what is decided, and tells `sink` what changed.
    pub(crate) fn push(
        &mut self,
        plan: &Plan,
        text: &[u8],
        out: &mut String,
        sink: Option<&mut (dyn Sink + '_)>,
    ) {
        self.account.source.extend_from_slice(text);
        let mut report = Report { plan, sink, account: &mut self.account, out: &mut self.out };
        self.walk.push(plan, text, &mut report);
        self.give(out);
    }

    /// Gives on everything, as if the text ended here, but goes on counting.
    pub(crate) fn cut(
        &mut self,
        plan: &Plan,
        out: &mut String,
        sink: Option<&mut (dyn Sink + '_)>,
    ) {
        let mut report = Report { plan, sink, account: &mut self.account, out: &mut self.out };
        self.walk.finish(plan, &mut report);
        (self.account.walked, self.account.choices) = (0, VecDeque::new());
        self.give(out);
    }

    /// Gives on `after` for `before`, whatever the plan says. Nothing is held at that time.
    pub(crate) fn replace(
        &mut self,
        before: &str,
        after: &str,
        out: &mut String,
        sink: Option<&mut (dyn Sink + '_)>,
    ) {
        let account = &mut self.account;
        if let Some(sink) = sink {
            phrase(before, after, account.input, account.output, sink);
        }
        account.input += before.len() as u64;
        account.output += after.len() as u64;
        out.push_str(after);
    }

    /// Ends the input, and is as new.
    pub(crate) fn finish(
        &mut self,
        plan: &Plan,
        out: &mut String,
        sink: Option<&mut (dyn Sink + '_)>,
    ) {
        self.cut(plan, out, sink);
        self.account.clear();
    }

    /// Bytes of input that nothing has come out for yet.
    pub(crate) fn held(&self) -> usize {
        self.account.source.len() - self.account.done
    }

    /// The most that [`held`](Walking::held) can be.
    pub(crate) fn max_held(plan: &Plan) -> usize {
        Walk::max_held(plan) + 2 * MAX_GROUP
    }

    /// The last character that was taken, if any is held or was given on lately.
    pub(crate) fn last(&self) -> Option<&[u8]> {
        let source = &self.account.source;
        let start = super::fast::before(source, source.len());
        (!source.is_empty()).then(|| &source[start..])
    }

    fn give(&mut self, out: &mut String) {
        out.push_str(&String::from_utf8_lossy(&self.out));
        self.out.clear();
        self.account.tidy();
    }
}

impl Account {
    fn clear(&mut self) {
        self.source.clear();
        self.group.clear();
        self.choices.clear();
        self.walked = 0;
        (self.done, self.input, self.output, self.group_source) = (0, 0, 0, 0);
    }

    /// What could have been in place of `text`, where the next `len` bytes of source are one
    /// character that was chosen for by default.
    fn choice(&mut self, len: usize, text: &[u8]) -> Vec<String> {
        let here = self.walked..self.walked + len;
        self.walked = here.end;
        let mut all = Vec::new();
        // What was chosen about a part of a longer piece was decided by what made the piece.
        while let Some(choice) = self.choices.pop_front_if(|c| c.source.start < here.end) {
            if choice.source == here && choice.taken.as_bytes() == text {
                all.extend(choice.alternatives);
            }
        }
        all
    }

    /// Drops what is done when it is more than half, so that a byte is moved once on average; but
    /// keeps the last character.
    fn tidy(&mut self) {
        let last = super::fast::before(&self.source, self.source.len());
        let done = self.done.min(last);
        if done > self.source.len() / 2 {
            self.source.drain(..done);
            self.done -= done;
        }
    }
}

struct Report<'r, 's> {
    plan: &'r Plan,
    sink: Option<&'r mut (dyn Sink + 's)>,
    account: &'r mut Account,
    out: &'r mut Vec<u8>,
}

impl Pieces for Report<'_, '_> {
    fn piece(&mut self, source: usize, text: &[u8], joined: bool) {
        self.out.extend_from_slice(text);
        let account = &mut *self.account;
        account.group_source += source;
        account.group.extend_from_slice(text);
        if joined && account.group_source < MAX_GROUP {
            return;
        }
        let group = std::mem::take(&mut account.group);
        let alternatives = account.choice(account.group_source, &group);
        let end = (account.done + account.group_source).min(account.source.len());
        let before = &account.source[account.done..end];
        let text = &*group;
        let tell = before != text || !alternatives.is_empty();
        if let Some(sink) = self.sink.as_deref_mut().filter(|_| tell) {
            let before = String::from_utf8_lossy(before);
            let after = String::from_utf8_lossy(text);
            let (outcome, (head, before, after)) = match alternatives.is_empty() {
                true => (Outcome::Sure, trim(&before, &after)),
                false => (Outcome::Guess, (0, &*before, &*after)),
            };
            let rule = self.plan.name.clone();
            let (input, output) = (account.input + head as u64, account.output + head as u64);
            let change =
                Event::change(Repair::Convert, rule, outcome, input, output, before, after);
            sink.event(Event { alternatives, ..change });
        }
        account.input += before.len() as u64;
        account.output += text.len() as u64;
        account.done = end;
        account.group_source = 0;
        account.group = group;
        account.group.clear();
    }

    fn choice(&mut self, choice: Choice<'_>) {
        if self.sink.is_none() {
            return;
        }
        let (taken, alternatives) = alternatives(&choice);
        if !alternatives.is_empty() {
            let source = choice.start..choice.start + choice.source;
            let choices = &mut self.account.choices;
            // A later step chooses about a place after an earlier step went on.
            let at = choices.partition_point(|c| c.source.start <= source.start);
            choices.insert(at, Chosen { source, taken, alternatives });
        }
    }
}

/// Tells of a phrase of one's own and what it became, if that is something else.
pub(super) fn phrase(before: &str, after: &str, input: u64, output: u64, sink: &mut dyn Sink) {
    if before != after {
        let (head, before, after) = trim(before, after);
        let (input, output) = (input + head as u64, output + head as u64);
        let repair = Repair::Convert;
        sink.event(Event::change(repair, "phrase", Outcome::Sure, input, output, before, after));
    }
}

/// Takes off what both texts begin and end with; returns the bytes taken off the front, too.
fn trim<'t>(before: &'t str, after: &'t str) -> (usize, &'t str, &'t str) {
    let same = |a: (char, char)| (a.0 == a.1).then_some(a.0.len_utf8());
    let head: usize = before.chars().zip(after.chars()).map_while(same).sum();
    let (before, after) = (&before[head..], &after[head..]);
    let tail: usize = before.chars().rev().zip(after.chars().rev()).map_while(same).sum();
    (head, &before[..before.len() - tail], &after[..after.len() - tail])
}
