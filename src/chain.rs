//! Text stages one behind the other, and their events in one coordinate system.
//!
//! A stage counts offsets in its own input and output. What people want to know is where
//! something stood in the decoded input and where it stands in what came out, however many stages
//! are between. A [`Chain`] runs the stages and keeps a `Ledger` behind each, which joins the
//! events that came from before the stage with the stage's own.

use crate::event::{Event, Sink};
use crate::stage::{Next, Stage, TextStage};

mod ledger;
mod rounds;
pub(crate) use ledger::Ledger;
pub(crate) use rounds::Rounds;

/// An offset that no text has: all of its events are known.
const ALL: u64 = u64::MAX / 2;

/// Stages one behind the other; itself a stage.
///
/// Text that a stage passes by ([`TextStage::skim`]) is handed to the next as it is: clean text is
/// copied once, at the end.
#[derive(Clone, Default)]
pub struct Chain {
    links: Vec<Link>,
    /// Offset in the output before which all events have been given.
    complete: u64,
    /// Whether the sink of this input listens to events: who begins to listen in the middle of it would hear them
    /// from the wrong places.
    listens: Option<bool>,
}

#[derive(Clone)]
struct Link {
    stage: Box<dyn TextStage + Send + Sync>,
    taken: u64,
    ledger: Ledger,
    /// What the stage gives, on its way to the next.
    out: String,
    done: Vec<Event>,
}

/// What comes out at the end of a chain.
struct Pipe<'p> {
    text: &'p mut dyn FnMut(&str, bool),
    sink: &'p mut dyn Sink,
    listens: bool,
}

impl Chain {
    /// The chain of `stages`, first one first.
    pub fn new(stages: Vec<Box<dyn TextStage + Send + Sync>>) -> Chain {
        let link = |stage| Link {
            stage,
            taken: 0,
            ledger: Ledger::default(),
            out: String::new(),
            done: Vec::new(),
        };
        Chain { links: stages.into_iter().map(link).collect(), ..Chain::default() }
    }

    /// Whether there is no stage in it.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Gives an event about the text that is going to be pushed, found by whoever made that text;
    /// the chain reports it in its place. Events come in order, before the text they are about.
    pub(crate) fn upstream(&mut self, event: Event, sink: &mut dyn Sink) {
        let listens = *self.listens.get_or_insert(sink.wants_events());
        match self.links.first_mut() {
            Some(_) if !listens => {}
            Some(link) => link.ledger.upstream(event),
            None => sink.event(event),
        }
    }

    /// Offset in the output before which all events have been given.
    pub(crate) fn complete(&self) -> u64 {
        self.complete
    }

    /// Whether what a stage does not hold has gone to the next as it was, as far as lengths and events tell, and so
    /// out, up to `out`.
    fn is_level(&self, out: u64) -> bool {
        if self.links.iter().any(|link| link.ledger.has_changed()) {
            return false;
        }
        let takers = self.links.iter().skip(1).map(|link| link.taken).chain([out]);
        self.links.iter().map(|link| link.taken - link.stage.held() as u64).eq(takers)
    }

    /// The stages as they are, without the events that are on their way.
    fn copy(&self) -> Chain {
        let link = |link: &Link| Link {
            stage: link.stage.clone(),
            taken: link.taken,
            ledger: Ledger::default(),
            out: String::new(),
            done: Vec::new(),
        };
        Chain {
            links: self.links.iter().map(link).collect(),
            complete: self.complete,
            listens: self.listens,
        }
    }

    /// Makes it a chain behind another, which has `told` so much; what this one has changed itself has left all
    /// lengths as they were.
    fn hear_from(&mut self, told: &Ledger) {
        self.links.iter_mut().for_each(|link| link.ledger = told.behind());
    }

    /// Takes `input`, and its end; what comes out goes to `text` piece by piece, each with whether all stages have
    /// [passed](TextStage::skim) it. Of what comes from upstream, every event is known that starts before offset
    /// `known` of the input.
    fn run(
        &mut self,
        input: &str,
        end: bool,
        known: u64,
        text: &mut dyn FnMut(&str, bool),
        sink: &mut dyn Sink,
    ) {
        let listens = *self.listens.get_or_insert(sink.wants_events());
        let mut pipe = Pipe { text, sink, listens };
        self.complete = feed(&mut self.links, input, Passed::Any, known, &mut pipe);
        if end {
            self.complete = finish(&mut self.links, known, &mut pipe);
            self.listens = None;
        }
    }

    /// Takes `text`, which an equal chain has passed, without looking at it, if no stage holds anything; says whether.
    fn pass(&mut self, text: &str, known: u64, sink: &mut dyn Sink) -> bool {
        let can = |link: &mut Link| link.stage.held() == 0 && link.stage.pass("");
        if !self.links.iter_mut().all(can) {
            return false;
        }
        self.listens.get_or_insert(sink.wants_events());
        self.complete = known;
        let mut links = &mut self.links[..];
        while let Some((link, rest)) = links.split_first_mut() {
            link.stage.pass(text);
            self.complete = link.take(text.len(), self.complete);
            link.report(rest, sink);
            links = rest;
        }
        true
    }
}

/// What the stages before some have made of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    /// There are none.
    Any,
    /// All have passed it, up to its end: of a part of it they might have held something.
    Whole,
    No,
}

/// Runs `text` through `links`; the stages before them have `passed` it or not. Events are complete up to `complete`
/// in it; returns the same for what comes out.
fn feed(
    links: &mut [Link],
    mut text: &str,
    passed: Passed,
    complete: u64,
    pipe: &mut Pipe<'_>,
) -> u64 {
    let Some((link, rest)) = links.split_first_mut() else {
        if !text.is_empty() {
            (pipe.text)(text, passed == Passed::Whole);
        }
        return complete;
    };
    loop {
        let next = if text.is_empty() { Next::Push(0) } else { link.stage.skim(text) };
        let complete = match next {
            Next::Passed(len) => {
                let (head, more) = text.split_at(len);
                text = more;
                let complete = link.take(len, complete);
                link.report(rest, pipe.sink);
                let whole = passed == Passed::Any || passed == Passed::Whole && text.is_empty();
                let passed = if whole { Passed::Whole } else { Passed::No };
                feed(rest, head, passed, complete, pipe)
            }
            Next::Push(len) => {
                let (pushed, more) = text.split_at(len);
                text = more;
                let mut out = std::mem::take(&mut link.out);
                if len > 0 {
                    link.stage.push(pushed, &mut out, &mut link.ledger.hearing(pipe));
                }
                let complete = link.take(len, complete);
                link.report(rest, pipe.sink);
                let complete = feed(rest, &out, Passed::No, complete, pipe);
                out.clear();
                link.out = out;
                complete
            }
        };
        if text.is_empty() {
            return complete;
        }
    }
}

/// Ends the input of `links`.
fn finish(links: &mut [Link], complete: u64, pipe: &mut Pipe<'_>) -> u64 {
    let Some((link, rest)) = links.split_first_mut() else { return complete };
    let mut out = std::mem::take(&mut link.out);
    link.stage.finish(&mut out, &mut link.ledger.hearing(pipe));
    link.taken = 0;
    let complete = link.ledger.finish(&mut link.done);
    link.report(rest, pipe.sink);
    feed(rest, &out, Passed::No, complete, pipe);
    out.clear();
    link.out = out;
    finish(rest, complete, pipe)
}

impl Link {
    /// Counts `len` bytes that the stage has taken. The joined events that are final wait in
    /// `done`. Returns the offset in the stage's output before which all joined events are known.
    fn take(&mut self, len: usize, complete: u64) -> u64 {
        self.taken += len as u64;
        let settled = self.stage.settled(self.taken).min(complete);
        self.ledger.settle(settled, &mut self.done)
    }

    /// Gives the events that wait to the next of `rest`, or out.
    fn report(&mut self, rest: &mut [Link], sink: &mut dyn Sink) {
        match rest.first_mut() {
            Some(next) => self.done.drain(..).for_each(|event| next.ledger.upstream(event)),
            None => self.done.drain(..).for_each(|event| sink.event(event)),
        }
    }
}

impl Ledger {
    /// A sink for a stage's own events.
    fn hearing(&mut self, pipe: &Pipe<'_>) -> Own<'_> {
        let (events, conversions) = (pipe.listens, pipe.sink.wants_conversions());
        let joints = events && pipe.sink.wants_joints();
        Own { ledger: self, events, conversions: events && conversions, joints }
    }
}

/// Takes a stage's own events into its ledger.
struct Own<'l> {
    ledger: &'l mut Ledger,
    events: bool,
    conversions: bool,
    joints: bool,
}

impl Sink for Own<'_> {
    fn event(&mut self, event: Event) {
        if self.events {
            self.ledger.own(event);
        }
    }
    fn wants_events(&self) -> bool {
        self.events
    }
    fn wants_conversions(&self) -> bool {
        self.conversions
    }
    fn wants_joints(&self) -> bool {
        self.joints
    }
}

impl Stage for Chain {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        // Upstream's events were given before their text.
        self.run(input, false, ALL, &mut |text, _| out.push_str(text), sink);
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        self.run("", true, ALL, &mut |text, _| out.push_str(text), sink);
    }

    /// The sum over the stages, each in bytes of its own input.
    fn held(&self) -> usize {
        self.links.iter().map(|link| link.stage.held()).sum()
    }

    fn max_held(&self) -> usize {
        self.links.iter().map(|link| link.stage.max_held()).sum()
    }

    fn settled(&self, taken: u64) -> u64 {
        self.links.last().map_or(taken, |link| link.ledger.reported())
    }
}

impl TextStage for Chain {
    fn passes(&self, whole: &str) -> bool {
        self.links.iter().all(|link| link.stage.passes(whole))
    }
}

#[cfg(test)]
mod tests;
