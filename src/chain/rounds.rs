//! The repairs, run again over what they gave until a run changes nothing.
//!
//! What a repair undoes can be what another needed to see: a gloss taken out makes the beginning of
//! an escape stand behind a character in place of a letter, a character read back makes a page
//! Chinese. So that a second run of `fix` finds nothing to do, the second run is part of the first:
//! where the repairs have changed something, the same repairs run over what came out, and again,
//! [`ROUNDS`] times at most.
//!
//! A round begins only when the one before it has changed something. Until then nothing is known that the round
//! before does not know: at the first change the next round goes on from a copy of its stages, over what has come out
//! since the copy was taken. Text without damage is looked at once.
//!
//! The copy has to be of a place that the earlier round's output has reached, and what the next round, and each behind
//! it, would still hold there must not have been given on. Where no stage holds anything, as at the end of most lines,
//! all of that is one place. Elsewhere, in long lines, several copies are kept, and output lags behind.

use std::collections::VecDeque;

use super::{ALL, Chain, Ledger};
use crate::event::{Event, Sink};
use crate::stage::{Stage, TextStage};

/// The most that the repairs run over a text. The second run seldom finds anything, the third hardly ever; damage of
/// which each piece shows only when the one beside it is mended takes a round for each. In long lines each costs
/// memory, as output lags behind by what it may hold.
const ROUNDS: usize = 8;

/// Where no stage holds anything, a copy is taken after so many bytes, and not for less. Tests see many.
const COPY_AFTER: usize = if cfg!(test) { 24 } else { 16 * 1024 };

/// Elsewhere, after so many.
const COPY_HELD_AFTER: usize = if cfg!(test) { 16 } else { 16 * 1024 };

/// Text that a round has passed is taken by the next without a look, from so many bytes on.
const WORTH_PASSING: usize = if cfg!(test) { 4 } else { 256 };

/// The repairs in rounds, and the stages behind them.
pub(crate) struct Rounds {
    rounds: Vec<Round>,
    /// The repairs at the start of an input.
    fresh: Chain,
    then: Chain,
}

/// What has become of the text that a round has taken.
enum Seen {
    /// It has come out as it was, all of it.
    Same,
    /// A stage holds some of it.
    Open,
    /// What came out is another.
    Changed,
}

/// A round that has changed nothing is watched: `since` has its text, as far as the next rounds may need it.
struct Round {
    chain: Chain,
    /// It has changed something: the next runs over its output.
    changed: bool,
    /// The chain where it had taken less, the oldest first.
    copies: VecDeque<Copied>,
    /// The copies are of before the text that `since` would begin with.
    outdated: bool,
    /// Text that the chain has taken, from the oldest copy on.
    since: String,
    /// How much of `since` has come out, and how much has been given on.
    same: usize,
    given: usize,
    /// How much comes out yet that has been given on, where nobody compares it any more.
    due: usize,
    /// Where `since` begins in the output.
    base: u64,
    /// What has been told of what has been given on.
    told: Ledger,
    /// What has come out since it was changed, on its way to the next.
    out: Out,
    events: Vec<Event>,
}

/// The chain of a round when it had taken `taken` bytes of `since`, of which `same` had come out.
struct Copied {
    /// None at the start of the input.
    chain: Option<Chain>,
    taken: usize,
    same: usize,
}

/// Text in pieces.
#[derive(Default)]
struct Out {
    text: String,
    /// The length of each, and whether it is worth [passing](Chain::pass).
    pieces: Vec<(usize, bool)>,
}

/// Where text and events go in the end.
struct Pipe<'p> {
    text: &'p mut dyn FnMut(&str),
    sink: &'p mut dyn Sink,
    listens: Listens,
}

/// What the sink in the end asks for.
#[derive(Clone, Copy)]
struct Listens {
    events: bool,
    joints: bool,
}

impl Listens {
    fn of(sink: &dyn Sink) -> Listens {
        Listens { events: sink.wants_events(), joints: sink.wants_joints() }
    }
}

impl Rounds {
    /// `repairs` in rounds, and `then` what runs once, behind them.
    pub(crate) fn new(repairs: Chain, then: Chain) -> Rounds {
        let rounds = vec![Round::new(&repairs)];
        Rounds { rounds, fresh: repairs, then }
    }

    /// Whether there is no stage in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.then.is_empty()
    }

    /// Whether `whole`, as a whole input, certainly passes; see
    /// [`TextStage::passes`](crate::stage::TextStage::passes).
    pub(crate) fn passes(&self, whole: &str) -> bool {
        self.fresh.passes(whole) && self.then.passes(whole)
    }

    /// The most that is held between two pushes, in bytes.
    pub(crate) fn max_held(&self) -> usize {
        // Each round may lag behind by what each behind it may hold, and half of that may be let go and not moved yet.
        let one = self.fresh.max_held() + COPY_HELD_AFTER;
        let all: usize = (0..ROUNDS).map(|behind| COPY_AFTER + (2 * behind + 1) * one).sum();
        all + self.then.max_held()
    }

    /// See [`Chain::upstream`].
    pub(crate) fn upstream(&mut self, event: Event, sink: &mut dyn Sink) {
        let listens = Listens::of(sink);
        self.upstream_of(0, event, sink, listens);
    }

    /// Offset in the output before which all events have been given.
    pub(crate) fn complete(&self) -> u64 {
        self.then.complete()
    }

    /// Takes `input`, and its end; what comes out goes to `text` piece by piece.
    pub(crate) fn run(
        &mut self,
        input: &str,
        end: bool,
        text: &mut dyn FnMut(&str),
        sink: &mut dyn Sink,
    ) {
        let listens = Listens::of(sink);
        // Upstream's events were given before their text.
        self.feed(0, (input, false), end, ALL, &mut Pipe { text, sink, listens });
        if end {
            self.rounds.iter_mut().for_each(Round::reset);
        }
    }

    /// Gives `event` to round `at`, or to what is behind the last.
    fn upstream_of(&mut self, at: usize, event: Event, sink: &mut dyn Sink, listens: Listens) {
        match self.rounds.get_mut(at).filter(|_| !self.fresh.is_empty()) {
            Some(round) => round.chain.upstream(event, &mut Heard { events: None, listens }),
            None => self.then.upstream(event, sink),
        }
    }

    /// Runs `text` through round `at` and all behind it; the round before has passed it or not. Events are complete
    /// up to `known` in it.
    fn feed(
        &mut self,
        at: usize,
        (mut text, passed): (&str, bool),
        end: bool,
        known: u64,
        pipe: &mut Pipe<'_>,
    ) {
        if at == ROUNDS || self.fresh.is_empty() {
            self.then.run(text, end, known, &mut |text, _| (pipe.text)(text), pipe.sink);
            return;
        }
        let mut first = true;
        // Nobody looks at what the last changes.
        while !self.rounds[at].changed && at + 1 < ROUNDS {
            let (piece, rest) = text.split_at(self.rounds[at].piece(text, end, first));
            (text, first) = (rest, false);
            let last = end && text.is_empty();
            match self.rounds[at].watch((piece, passed), last, known, pipe.listens) {
                Seen::Same => self.give(at, piece, None, last, pipe),
                Seen::Open => {
                    let limit = self.rounds[at].limit(ROUNDS - 1 - at);
                    self.give(at, piece, Some(limit), last, pipe);
                    self.rounds[at].forget(ROUNDS - 1 - at);
                }
                Seen::Changed => {
                    self.begin(at + 1, pipe);
                    self.go_on(at, last, pipe);
                }
            }
            if text.is_empty() {
                return;
            }
        }
        self.rounds[at].run((text, passed), end, known, pipe.listens);
        self.go_on(at, end, pipe);
    }

    /// Begins round `at`, from the last copy of the round before whose place that one's output has reached.
    fn begin(&mut self, at: usize, pipe: &mut Pipe<'_>) {
        if self.rounds.len() == at {
            self.rounds.push(Round::new(&self.fresh));
        }
        let [.., earlier, round] = &mut self.rounds[..=at] else { return };
        earlier.changed = true;
        let last = earlier.copied(earlier.same).unwrap_or(0);
        let mut copies = std::mem::take(&mut earlier.copies);
        copies.truncate(last + 1);
        let Some(copied) = copies.back() else { return };
        if let Some(chain) = &copied.chain {
            round.chain = chain.copy();
        }
        (round.same, round.given) = (copied.same, earlier.given);
        (round.base, round.told) = (earlier.base, earlier.told.behind());
        let mut taken = copied.taken;
        round.copies = copies;
        round.chain.hear_from(&Ledger::default());
        if earlier.given > taken {
            // What was given on this round leaves, too, and what it marks there has been told. It may hold a little longer
            // what the earlier one has passed without a look.
            let known = &earlier.since[taken..earlier.given];
            let heard = &mut Heard { events: None, listens: pipe.listens };
            let same = &mut round.same;
            round.chain.run(known, false, ALL, &mut |text, _| *same += text.len(), heard);
            taken = earlier.given;
        }
        round.chain.hear_from(&earlier.told);
        if at + 1 == ROUNDS {
            // The last is not watched: what it would have had out by now goes on with what it gives.
            if let Some(out) = earlier.since.get(round.given..round.same) {
                round.out.push(out, false);
            }
            round.due = round.given.saturating_sub(round.same);
            (round.same, round.given) = (0, 0);
        } else {
            round.since.push_str(&earlier.since[..taken]);
        }
        earlier.out.put_before(earlier.since.get(taken..earlier.same).unwrap_or_default());
        earlier.due = earlier.given.saturating_sub(earlier.same);
        earlier.since.clear();
        (earlier.same, earlier.given) = (0, 0);
    }

    /// Gives what has come out of round `at`, which has changed something, to the next.
    fn go_on(&mut self, at: usize, end: bool, pipe: &mut Pipe<'_>) {
        let round = &mut self.rounds[at];
        let known = if end { ALL } else { round.chain.complete() };
        let mut out = std::mem::take(&mut round.out);
        let mut events = std::mem::take(&mut round.events);
        events.drain(..).for_each(|event| self.upstream_of(at + 1, event, pipe.sink, pipe.listens));
        let mut from = 0;
        for &(len, passed) in &out.pieces {
            let piece = &out.text[from..from + len];
            from += len;
            self.feed(at + 1, (piece, passed), end && from == out.text.len(), known, pipe);
        }
        if out.pieces.is_empty() {
            self.feed(at + 1, ("", false), end, known, pipe);
        }
        out.clear();
        (self.rounds[at].out, self.rounds[at].events) = (out, events);
    }

    /// Gives on what has gone through round `at` as it was, `piece` the last of it; or of `since` what stands before
    /// `limit`.
    fn give(
        &mut self,
        at: usize,
        piece: &str,
        limit: Option<usize>,
        end: bool,
        pipe: &mut Pipe<'_>,
    ) {
        let (round, then) = (&mut self.rounds[at], &mut self.then);
        if limit.is_some_and(|limit| limit <= round.given) {
            return;
        }
        let mut known = if end { ALL } else { round.chain.complete() };
        let mut count = round.events.len();
        if let Some(limit) = limit {
            let limit = round.base + limit as u64;
            count = round.events.iter().take_while(|event| event.output.end <= limit).count();
            let first = round.events.get(count).map_or(u64::MAX, |event| event.output.start);
            known = known.min(limit).min(first);
        }
        for event in round.events.drain(..count) {
            round.told.tell(&event);
            then.upstream(event, pipe.sink);
        }
        let to = limit.unwrap_or(round.since.len());
        let text = if round.since.is_empty() { piece } else { &round.since[round.given..to] };
        then.run(text, end, known, &mut |text, _| (pipe.text)(text), pipe.sink);
        if round.since.is_empty() {
            round.base += piece.len() as u64;
        }
        round.given = to;
    }
}

impl Round {
    fn new(fresh: &Chain) -> Round {
        let mut round = Round {
            chain: fresh.clone(),
            changed: false,
            copies: VecDeque::new(),
            outdated: false,
            since: String::new(),
            same: 0,
            given: 0,
            due: 0,
            base: 0,
            told: Ledger::default(),
            out: Out::default(),
            events: Vec::new(),
        };
        round.reset();
        round
    }

    /// Another input comes; the chain has ended its own.
    fn reset(&mut self) {
        (self.changed, self.outdated) = (false, false);
        self.since.clear();
        (self.same, self.given, self.due, self.base) = (0, 0, 0, 0);
        self.told = Ledger::default();
        self.copies.clear();
        self.copies.push_back(Copied { chain: None, taken: 0, same: 0 });
    }

    /// How much of `text` to take at once: at the end of a line the stages seldom hold anything. `first` says that
    /// nothing of it was taken yet.
    fn piece(&self, text: &str, end: bool, first: bool) -> usize {
        let line_end = match self.given < self.since.len() && first {
            true => memchr::memchr(b'\n', text.as_bytes()),
            false if end => None,
            false => memchr::memrchr(b'\n', text.as_bytes()),
        };
        line_end.map_or(text.len(), |at| at + 1)
    }

    /// Runs the chain, which has changed something before, or which nobody looks at.
    fn run(&mut self, (text, passed): (&str, bool), end: bool, known: u64, listens: Listens) {
        let heard = &mut Heard { events: Some(&mut self.events), listens };
        if passed && !end && self.chain.pass(text, known, heard) {
            self.out.push(text, true);
        } else {
            let (out, due) = (&mut self.out, &mut self.due);
            let new = &mut |text: &str, passed: bool| out.push(beyond(text, due), passed);
            self.chain.run(text, end, known, new, heard);
        }
    }

    /// Takes a copy, if there has to be one before `len` bytes come.
    fn copy(&mut self, len: usize) {
        let quiet = self.given == self.since.len() && self.same == self.given;
        let long = !self.since.is_empty() && self.since.len() + len >= COPY_AFTER;
        if self.outdated || quiet && long {
            self.base += self.since.len() as u64;
            self.since.clear();
            self.copies.clear();
            (self.outdated, self.same, self.given) = (false, 0, 0);
        } else {
            let last = self.copies.back().map_or(0, |copied| copied.taken);
            if quiet || self.since.len() - last < COPY_HELD_AFTER {
                return;
            }
        }
        let (chain, taken) = (Some(self.chain.copy()), self.since.len());
        self.copies.push_back(Copied { chain, taken, same: self.same });
    }

    /// Runs the chain, and says what comes out. Where that is another text, what is not `same` stands in `out`.
    fn watch(
        &mut self,
        (text, passed): (&str, bool),
        end: bool,
        known: u64,
        listens: Listens,
    ) -> Seen {
        self.copy(text.len());
        let stored = !self.since.is_empty();
        if stored {
            self.since.push_str(text);
        }
        let expected = if stored { &self.since } else { text };
        let (same, out) = (&mut self.same, &mut self.out);
        let mut due = self.given.saturating_sub(*same);
        let mut changed = false;
        let compare = &mut |piece: &str, passed: bool| {
            let taken = piece.len();
            let piece = beyond(piece, &mut due);
            *same += taken - piece.len();
            let rest = &expected.as_bytes()[*same..];
            let itself = std::ptr::eq(rest.as_ptr(), piece.as_ptr()) && rest.len() >= piece.len();
            if !changed && (itself || rest.starts_with(piece.as_bytes())) {
                *same += piece.len();
            } else {
                changed = true;
                out.push(piece, passed);
            }
        };
        let heard = &mut Heard { events: Some(&mut self.events), listens };
        if passed && !end && self.chain.pass(text, known, heard) {
            self.same += text.len();
        } else {
            self.chain.run(text, end, known, compare, heard);
        }
        let quiet = end || self.chain.held() == 0;
        // What does not come out when nothing is held has been taken out. Where one stage has taken back what another
        // did, offsets and events would be those of a text that this one never was.
        changed |= quiet && self.same < expected.len()
            || !end && !self.chain.is_level(self.base + self.same as u64);
        if !stored && (changed || !quiet || text.len() < COPY_AFTER) {
            self.since.push_str(text);
        } else if !stored {
            // So much is not kept.
            (self.outdated, self.same) = (true, 0);
        }
        match (changed, quiet) {
            (true, _) => Seen::Changed,
            (false, true) => Seen::Same,
            (false, false) => Seen::Open,
        }
    }

    /// How much of `since` may be given on, with so many rounds behind this one: what the last of them would have
    /// given, if all began now.
    fn limit(&self, rounds: usize) -> usize {
        self.deepest(rounds).map_or(0, |at| self.copies[at].same)
    }

    /// The copy that the last of so many rounds behind this one would begin from: each begins from the last copy whose
    /// place the output of the one before has reached.
    fn deepest(&self, rounds: usize) -> Option<usize> {
        let mut deepest = self.copied(self.same)?;
        for _ in 1..rounds {
            deepest = self.copied(self.copies[deepest].same)?;
        }
        Some(deepest)
    }

    /// The last copy whose place output up to `reached` has reached.
    fn copied(&self, reached: usize) -> Option<usize> {
        self.copies.iter().rposition(|copied| copied.taken <= reached)
    }

    /// Forgets the copies that none of so many rounds behind this one would begin from, and the text before what the
    /// last of them would have given.
    fn forget(&mut self, rounds: usize) {
        let Some(needed) = self.deepest(rounds) else { return };
        let gone = self.copies[needed].same.min(self.given);
        // Now and then: what is left is moved.
        if gone < self.since.len() / 2 {
            return;
        }
        self.copies.drain(..needed);
        for copied in &mut self.copies {
            (copied.taken, copied.same) = (copied.taken - gone, copied.same - gone);
        }
        self.since.drain(..gone);
        (self.same, self.given) = (self.same - gone, self.given - gone);
        self.base += gone as u64;
    }
}

/// What of `text` is behind as much as is `due`.
fn beyond<'t>(text: &'t str, due: &mut usize) -> &'t str {
    let (old, new) = text.split_at(text.len().min(*due));
    *due -= old.len();
    new
}

impl Out {
    fn push(&mut self, text: &str, passed: bool) {
        let passed = passed && text.len() >= WORTH_PASSING;
        self.text.push_str(text);
        match self.pieces.last_mut() {
            Some((len, same)) if *same == passed => *len += text.len(),
            _ => self.pieces.push((text.len(), passed)),
        }
    }

    fn put_before(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.insert_str(0, text);
            self.pieces.insert(0, (text.len(), false));
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }
}

/// Takes a round's events, or lets them go.
struct Heard<'h> {
    events: Option<&'h mut Vec<Event>>,
    listens: Listens,
}

impl Sink for Heard<'_> {
    fn event(&mut self, event: Event) {
        if let Some(events) = &mut self.events {
            events.push(event);
        }
    }
    fn wants_events(&self) -> bool {
        self.listens.events
    }
    fn wants_joints(&self) -> bool {
        self.listens.joints
    }
}

#[cfg(test)]
mod tests;
