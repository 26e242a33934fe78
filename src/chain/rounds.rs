//! The repairs, run again over what they gave until a run changes nothing.
//!
//! What a repair undoes can be what another needed to see: a gloss taken out makes the beginning of
//! an escape stand behind a character in place of a letter, a character read back makes a page
//! Chinese. So that a second run of `fix` finds nothing to do, the second run is part of the first:
//! where the repairs have changed something, the same repairs run over what came out, and again,
//! [`ROUNDS`] times at most.
//!
//! A round begins only when the one before it has changed something. Until then nothing is known
//! that the round before does not know, so a copy of its stages is taken now and then, at a place
//! where none of them holds anything, and at the first change the next round goes on from the last
//! copy, over what has come out since. Text without damage is looked at once.

use super::{ALL, Chain, Ledger};
use crate::event::{Event, Sink};
use crate::stage::{Stage, TextStage};

/// The most that the repairs run over a text. The second run seldom finds anything; of a million
/// mixtures of damage the third changed none.
const ROUNDS: usize = 4;

/// A copy of the stages is taken after so many bytes, and not for less. Tests see many.
const COPY_AFTER: usize = if cfg!(test) { 24 } else { 16 * 1024 };

/// When so many bytes wait for a place where no stage holds anything, the next round begins.
const MOST_WAITING: usize = if cfg!(test) { 64 } else { 128 * 1024 };

/// The repairs in rounds, and the stages behind them.
pub(crate) struct Rounds {
    rounds: Vec<Round>,
    /// The repairs at the start of an input.
    fresh: Chain,
    then: Chain,
    /// Bytes taken in all.
    taken: u64,
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

struct Round {
    chain: Chain,
    /// It has changed something, so what comes out goes through the next.
    changed: bool,
    /// The chain where `since` begins; if there is none, that is the start of the input.
    before: Option<Chain>,
    /// It has to be taken anew before more text comes.
    outdated: bool,
    /// What the chain has taken since; so much of it has come out the same, and so much has been given on.
    since: String,
    same: usize,
    given: usize,
    /// What the chain had told when that was given on.
    told: Ledger,
    /// What comes out, on its way to the next.
    out: String,
    events: Vec<Event>,
}

/// Where text and events go in the end.
struct Pipe<'p> {
    text: &'p mut dyn FnMut(&str),
    sink: &'p mut dyn Sink,
    listens: bool,
}

impl Rounds {
    /// `repairs` in rounds, and `then` what runs once, behind them.
    pub(crate) fn new(repairs: Chain, then: Chain) -> Rounds {
        let rounds = vec![Round::new(&repairs)];
        Rounds { rounds, fresh: repairs, then, taken: 0 }
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
        ROUNDS * (self.fresh.max_held() + MOST_WAITING) + self.then.max_held()
    }

    /// See [`Chain::upstream`].
    pub(crate) fn upstream(&mut self, event: Event, sink: &mut dyn Sink) {
        let listens = sink.wants_events();
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
        self.taken += input.len() as u64;
        let listens = sink.wants_events();
        // Upstream's events were given before their text.
        self.feed(0, input, end, self.taken, &mut Pipe { text, sink, listens });
        if end {
            self.taken = 0;
            self.rounds.iter_mut().for_each(Round::reset);
        }
    }

    /// Gives `event` to round `at`, or to what is behind the last.
    fn upstream_of(&mut self, at: usize, event: Event, sink: &mut dyn Sink, listens: bool) {
        match self.rounds.get_mut(at).filter(|_| !self.fresh.is_empty()) {
            Some(round) => round.chain.upstream(event, &mut Heard { events: None, listens }),
            None => self.then.upstream(event, sink),
        }
    }

    /// Runs `text` through round `at` and all behind it. Events are complete up to `complete` in it.
    fn feed(&mut self, at: usize, text: &str, end: bool, complete: u64, pipe: &mut Pipe<'_>) {
        if at == ROUNDS || self.fresh.is_empty() {
            self.then.run(text, end, complete, pipe.text, pipe.sink);
            return;
        }
        let (mut text, mut first) = (text, true);
        // Nobody looks at what the last changes.
        while !self.rounds[at].changed && at + 1 < ROUNDS {
            let (piece, rest) = text.split_at(self.rounds[at].piece(text, end, first));
            (text, first) = (rest, false);
            let last = end && text.is_empty();
            match self.rounds[at].watch(piece, last, complete, pipe.listens) {
                Seen::Same => self.give(at, last, piece, pipe),
                Seen::Open => {}
                Seen::Changed => {
                    self.begin(at + 1, pipe.listens);
                    self.go_on(at, last, pipe);
                }
            }
            if text.is_empty() {
                return;
            }
        }
        let round = &mut self.rounds[at];
        round.run(text, end, complete, pipe.listens);
        self.go_on(at, end, pipe);
    }

    /// Begins round `at`, where the round before stands before its first change, as far as that was given on.
    fn begin(&mut self, at: usize, listens: bool) {
        if self.rounds.len() == at {
            self.rounds.push(Round::new(&self.fresh));
        }
        let [.., earlier, round] = &mut self.rounds[..=at] else { return };
        earlier.changed = true;
        let known = &earlier.since[..earlier.given];
        round.outdated = earlier.before.is_some() || !known.is_empty();
        if let Some(before) = earlier.before.take() {
            round.chain = before;
        }
        // What the round before left as it was this one leaves, too, and what it marks there has been told.
        round.chain.hear_from(&Ledger::default());
        round.chain.run(known, false, ALL, &mut |_| {}, &mut Heard { events: None, listens });
        round.chain.hear_from(&earlier.told);
        round.told = earlier.told.behind();
        earlier.out.drain(..earlier.given);
        earlier.since.clear();
        (earlier.same, earlier.given) = (0, 0);
    }

    /// Gives what has come out of round `at`, which has changed something, to the next.
    fn go_on(&mut self, at: usize, end: bool, pipe: &mut Pipe<'_>) {
        let round = &mut self.rounds[at];
        let complete = if end { ALL } else { round.chain.complete() };
        let mut out = std::mem::take(&mut round.out);
        let mut events = std::mem::take(&mut round.events);
        events.drain(..).for_each(|event| self.upstream_of(at + 1, event, pipe.sink, pipe.listens));
        self.feed(at + 1, &out, end, complete, pipe);
        out.clear();
        (self.rounds[at].out, self.rounds[at].events) = (out, events);
    }

    /// Gives on what has gone through round `at` as it was, `piece` the last of it.
    fn give(&mut self, at: usize, end: bool, piece: &str, pipe: &mut Pipe<'_>) {
        let (round, then) = (&mut self.rounds[at], &mut self.then);
        round.events.drain(..).for_each(|event| then.upstream(event, pipe.sink));
        let complete = if end { ALL } else { round.chain.complete() };
        let waited = &round.since[round.given..];
        let text = if round.since.is_empty() { piece } else { waited };
        then.run(text, end, complete, pipe.text, pipe.sink);
        round.given = round.since.len();
        round.told = round.chain.told();
    }
}

impl Round {
    fn new(fresh: &Chain) -> Round {
        Round {
            chain: fresh.clone(),
            changed: false,
            before: None,
            outdated: false,
            since: String::new(),
            same: 0,
            given: 0,
            told: Ledger::default(),
            out: String::new(),
            events: Vec::new(),
        }
    }

    /// Another input comes; the chain has ended its own.
    fn reset(&mut self) {
        self.changed = false;
        self.before = None;
        self.outdated = false;
        self.since.clear();
        (self.same, self.given) = (0, 0);
        self.told = Ledger::default();
    }

    /// Whether text waits for a place where no stage holds anything.
    fn waits(&self) -> bool {
        self.given < self.since.len()
    }

    /// How much of `text` to take at once: at the end of a line the stages seldom hold anything. `first` says that
    /// nothing of it was taken yet.
    fn piece(&self, text: &str, end: bool, first: bool) -> usize {
        let line_end = match self.waits() && first {
            true => memchr::memchr(b'\n', text.as_bytes()),
            false if end => None,
            false => memchr::memrchr(b'\n', text.as_bytes()),
        };
        line_end.map_or(text.len(), |at| at + 1)
    }

    /// Runs the chain, which has changed something before.
    fn run(&mut self, text: &str, end: bool, complete: u64, listens: bool) {
        let heard = &mut Heard { events: Some(&mut self.events), listens };
        self.chain.run(text, end, complete, &mut |text| self.out.push_str(text), heard);
    }

    /// Runs the chain, and says what comes out. Where that is another text, all since the last copy stands in `out`.
    fn watch(&mut self, text: &str, end: bool, complete: u64, listens: bool) -> Seen {
        let long = !self.since.is_empty() && self.since.len() + text.len() >= COPY_AFTER;
        if self.outdated || long && !self.waits() {
            self.before = Some(self.chain.clone());
            self.since.clear();
            (self.outdated, self.same, self.given) = (false, 0, 0);
        }
        let known = !self.since.is_empty();
        if known {
            self.since.push_str(text);
        }
        let expected = if known { &self.since } else { text };
        let (same, out) = (&mut self.same, &mut self.out);
        let mut changed = false;
        let compare = &mut |piece: &str| {
            let rest = &expected.as_bytes()[*same..];
            let passed = std::ptr::eq(rest.as_ptr(), piece.as_ptr()) && rest.len() >= piece.len();
            if !changed && (passed || rest.starts_with(piece.as_bytes())) {
                *same += piece.len();
                return;
            }
            if !changed {
                // Cut where a piece that came out ended, it is whole characters.
                out.push_str(&expected[..*same]);
                changed = true;
            }
            out.push_str(piece);
        };
        let heard = &mut Heard { events: Some(&mut self.events), listens };
        self.chain.run(text, end, complete, compare, heard);
        let open = expected.len() - self.same;
        let quiet = end || self.chain.held() == 0;
        // What does not come out when nothing is held has been taken out.
        let gone = quiet && open > 0;
        // Offsets would be those of a text that this one never was.
        let gone = gone || quiet && !end && !self.chain.is_level();
        let too_long = !quiet && expected.len() - self.given > MOST_WAITING;
        if changed {
            return Seen::Changed;
        }
        if gone || too_long {
            self.out.push_str(&expected[..self.same]);
            return Seen::Changed;
        }
        if !known && quiet && text.len() >= COPY_AFTER {
            // So much is not kept.
            (self.outdated, self.same) = (true, 0);
        } else if !known {
            self.since.push_str(text);
        }
        if quiet { Seen::Same } else { Seen::Open }
    }
}

/// Takes a round's events, or lets them go.
struct Heard<'h> {
    events: Option<&'h mut Vec<Event>>,
    listens: bool,
}

impl Sink for Heard<'_> {
    fn event(&mut self, event: Event) {
        if let Some(events) = &mut self.events {
            events.push(event);
        }
    }
    fn wants_events(&self) -> bool {
        self.listens
    }
}

#[cfg(test)]
mod tests;
