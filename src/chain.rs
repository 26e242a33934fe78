//! Text stages one behind the other, and their events in one coordinate system.
//!
//! A stage counts offsets in its own input and output. What people want to know is where
//! something stood in the decoded input and where it stands in what came out, however many stages
//! are between. A [`Chain`] runs the stages and keeps a `Ledger` behind each, which joins the
//! events that came from before the stage with the stage's own.

use crate::event::{Event, Sink};
use crate::stage::{Stage, TextStage};

mod ledger;
pub(crate) use ledger::Ledger;

/// Stages one behind the other; itself a stage.
#[derive(Default)]
pub struct Chain {
    links: Vec<Link>,
    /// Bytes taken in all.
    taken: u64,
    /// Offset in the output before which all events have been given.
    complete: u64,
    /// The text between two stages, before and after the one that runs.
    between: [String; 2],
    done: Vec<Event>,
}

struct Link {
    stage: Box<dyn TextStage + Send>,
    taken: u64,
    ledger: Ledger,
}

impl Chain {
    /// The chain of `stages`, first one first.
    pub fn new(stages: Vec<Box<dyn TextStage + Send>>) -> Chain {
        let link = |stage| Link { stage, taken: 0, ledger: Ledger::default() };
        Chain { links: stages.into_iter().map(link).collect(), ..Chain::default() }
    }

    /// Whether there is no stage in it.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Gives an event about the text that is going to be pushed, found by whoever made that text;
    /// the chain reports it in its place. Events come in order, before the text they are about.
    pub(crate) fn upstream(&mut self, event: Event, sink: &mut dyn Sink) {
        match self.links.first_mut() {
            Some(link) => link.ledger.upstream(event),
            None => sink.event(event),
        }
    }

    /// Offset in the output before which all events have been given.
    pub(crate) fn complete(&self) -> u64 {
        self.complete
    }

    fn run(&mut self, input: &str, end: bool, out: &mut String, sink: &mut dyn Sink) {
        self.taken += input.len() as u64;
        // Upstream's events were given before their text.
        let mut complete = self.taken;
        let last = self.links.len().wrapping_sub(1);
        if self.links.is_empty() {
            out.push_str(input);
        }
        for at in 0..self.links.len() {
            let [before, after] = &mut self.between;
            let text = if at == 0 { input } else { before.as_str() };
            let to = if at == last { &mut *out } else { after };
            complete = self.links[at].run(text, end, complete, to, sink, &mut self.done);
            match self.links.get_mut(at + 1) {
                Some(next) => self.done.drain(..).for_each(|event| next.ledger.upstream(event)),
                None => self.done.drain(..).for_each(|event| sink.event(event)),
            }
            self.between.swap(0, 1);
            self.between[1].clear();
        }
        self.complete = complete;
        if end {
            self.taken = 0;
        }
    }
}

impl Link {
    /// Runs the stage over `input`; the joined events that are final go to `done`. Returns the
    /// offset in the stage's output before which all joined events have been given.
    fn run(
        &mut self,
        input: &str,
        end: bool,
        complete: u64,
        out: &mut String,
        sink: &mut dyn Sink,
        done: &mut Vec<Event>,
    ) -> u64 {
        let mut own = Own { ledger: &mut self.ledger, wants: sink.wants_conversions() };
        if !input.is_empty() {
            self.stage.push(input, out, &mut own);
        }
        self.taken += input.len() as u64;
        if end {
            self.stage.finish(out, &mut own);
            self.taken = 0;
            return self.ledger.finish(done);
        }
        let settled = self.stage.settled(self.taken).min(complete);
        self.ledger.settle(settled, done)
    }
}

/// Takes a stage's own events into its ledger.
struct Own<'l> {
    ledger: &'l mut Ledger,
    wants: bool,
}

impl Sink for Own<'_> {
    fn event(&mut self, event: Event) {
        self.ledger.own(event);
    }
    fn wants_conversions(&self) -> bool {
        self.wants
    }
}

impl Stage for Chain {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        self.run(input, false, out, sink);
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        self.run("", true, out, sink);
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
