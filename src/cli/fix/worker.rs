//! One input of `fix`: read, mend, write.

use std::sync::PoisonError;

use hanmend::error::Error;
use hanmend::event::{Event, Sink};

use super::{Action, Plan};
use crate::batch::compare::Compare;
use crate::batch::inputs::{Input, Missing};
use crate::batch::landing::Landing;
use crate::batch::lanes::{Lane, Lanes};
use crate::batch::problem::Problem;
use crate::batch::pump::Pump;
use crate::batch::run::Worker;
use crate::cli::explain::UNOPENED;
use crate::cli::mender::Mender;
use crate::cli::print::align::Align;
use crate::cli::print::diff::Diff;
use crate::cli::print::ndjson;
use crate::cli::print::summary::Summary;
use crate::cli::print::tally::Tally;
use crate::cli::session;
use hanmend::formats::{Listener, Member};

/// Mends inputs; buffers and tables live as long as it does.
pub(super) struct FixWorker<'p> {
    plan: &'p Plan,
    stream: Mender<'p>,
    pump: Pump,
    mended: Vec<u8>,
    lines: Vec<u8>,
}

impl<'p> FixWorker<'p> {
    pub(super) fn new(plan: &'p Plan) -> FixWorker<'p> {
        let (mended, lines) = (Vec::new(), Vec::new());
        FixWorker { plan, stream: Mender::new(&plan.recipe), pump: Pump::new(), mended, lines }
    }

    fn fix(&mut self, input: &Input, name: &str, lanes: &mut Lanes<'_>) -> Result<Tally, Problem> {
        let plan = self.plan;
        let FixWorker { stream, pump, mended, lines, .. } = self;
        if let Action::Write(place) = &plan.action
            && place.did(input)
        {
            self.summary(|summary| summary.done_before());
            return Ok(Tally::default());
        }
        mended.clear();
        lines.clear();
        let mut ears = Ears {
            name,
            tally: Tally::default(),
            lines: plan.report.then_some(lines),
            align: matches!(plan.action, Action::Diff(_)).then(Align::default),
            encoding: String::new(),
            conversions: plan.conversions,
            member: None,
            refused: Vec::new(),
        };
        let mut end = match &plan.action {
            Action::Write(place) => End::Write(place.begin(input)?),
            Action::Check(_) => End::Check(Compare::default()),
            Action::Diff(colour) => {
                End::Diff(Compare::default(), Box::new(Diff::new(name.to_owned(), *colour)))
            }
        };
        stream.begin(input);
        pump.run(&input.source, |bytes| {
            let pushed = stream.push(bytes, mended, &mut ears);
            end.input(bytes)?;
            end.mended(mended, stream.complete(), &mut ears, lanes)?;
            pushed.map_err(Problem::Text)
        })?;
        let finished = stream.finish(mended, &mut ears);
        end.mended(mended, u64::MAX, &mut ears, lanes)?;
        finished.map_err(Problem::Text)?;
        let tally = std::mem::take(&mut ears.tally);
        let encoding = std::mem::take(&mut ears.encoding);
        let refused = std::mem::take(&mut ears.refused);
        let changes = end.finish(&mut ears, lanes)?;
        for text in refused {
            plan.outcome.failed();
            session::note(lanes, name, &text);
        }
        if stream.is_closed() && !plan.quiet {
            session::note(lanes, name, UNOPENED);
        }
        if changes && !matches!(plan.action, Action::Write(_)) {
            plan.outcome.changes();
            if let Action::Check(true) = plan.action {
                lanes.write(Lane::Data, format!("{name}\n").as_bytes());
            }
        }
        self.summary(|summary| summary.input(&encoding, &tally, changes));
        Ok(tally)
    }

    fn summary(&self, add: impl FnOnce(&mut Summary)) {
        add(&mut self.plan.summary.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Worker for FixWorker<'_> {
    fn work(&mut self, input: &Input, lanes: &mut Lanes<'_>) {
        let name = input.source.name();
        let outcome = &self.plan.outcome;
        match self.fix(input, &name, lanes) {
            Ok(tally) => {
                if tally.damaged() {
                    outcome.damaged();
                }
                if let Some(note) = tally.note().filter(|_| !self.plan.quiet) {
                    let more = match self.stream.is_archive() {
                        true => "--report tells all",
                        false => "hanmend explain shows all",
                    };
                    session::note(lanes, &name, &format!("{note}; {more}"));
                }
            }
            Err(problem) => {
                self.summary(Summary::failed);
                session::failed(outcome, lanes, &name, &problem);
                // What was held belongs to the input that failed.
                self.stream.reset();
            }
        }
    }

    fn missing(&mut self, missing: &Missing, lanes: &mut Lanes<'_>) {
        self.summary(Summary::failed);
        session::missing(&self.plan.outcome, lanes, missing);
    }
}

/// Listens to one run.
struct Ears<'w> {
    name: &'w str,
    tally: Tally,
    lines: Option<&'w mut Vec<u8>>,
    align: Option<Align>,
    encoding: String,
    conversions: bool,
    /// What of an archive is spoken of.
    member: Option<Member>,
    /// What cannot be mended, and why.
    refused: Vec<String>,
}

impl Listener for Ears<'_> {
    fn member(&mut self, member: Option<&Member>) {
        self.member = member.cloned();
    }

    fn refused(&mut self, member: &Member, problem: &Error) {
        self.refused.push(format!("{member}: {problem}; it stays as it is"));
    }
}

impl Sink for Ears<'_> {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        if self.encoding.is_empty() {
            self.encoding = label.to_owned();
            if self.member.is_none() {
                return;
            }
        }
        if let Some(lines) = &mut self.lines {
            let place = (self.name, self.member.as_ref());
            ndjson::switch(lines, place, offset, label, confidence);
        }
    }

    fn event(&mut self, event: Event) {
        self.tally.count_in(self.member.as_ref(), &event);
        if let Some(lines) = &mut self.lines {
            ndjson::write(lines, (self.name, self.member.as_ref()), &event);
        }
        if let Some(align) = &mut self.align {
            align.event(event);
        }
    }

    fn wants_conversions(&self) -> bool {
        self.conversions
    }
}

/// Where the mended bytes of one input end.
enum End<'p> {
    Write(Landing<'p>),
    Check(Compare),
    Diff(Compare, Box<Diff>),
}

impl End<'_> {
    fn input(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match self {
            End::Write(landing) => landing.input(bytes)?,
            End::Check(compare) | End::Diff(compare, _) => drop(compare.input(bytes)),
        }
        Ok(())
    }

    /// Takes what was mended, and empties it.
    fn mended(
        &mut self,
        mended: &mut Vec<u8>,
        complete: u64,
        ears: &mut Ears<'_>,
        lanes: &mut Lanes<'_>,
    ) -> Result<(), Problem> {
        match self {
            End::Write(landing) => landing.output(mended, lanes)?,
            End::Check(compare) => drop(compare.output(mended)),
            End::Diff(compare, diff) => {
                compare.output(mended);
                diff.encoding(&ears.encoding);
                if let Some(align) = &mut ears.align {
                    let mut text = Vec::new();
                    align.output(mended, complete, &mut |piece| diff.piece(piece, &mut text));
                    lanes.write(Lane::Data, &text);
                }
            }
        }
        mended.clear();
        if let Some(lines) = &mut ears.lines {
            lanes.write(Lane::Report, lines);
            lines.clear();
        }
        if lanes.stopped() { Err(Problem::BrokenPipe) } else { Ok(()) }
    }

    /// Ends the input, and says whether it changes.
    fn finish(self, ears: &mut Ears<'_>, lanes: &mut Lanes<'_>) -> Result<bool, Problem> {
        match self {
            End::Write(landing) => landing.finish(),
            End::Check(mut compare) => Ok(ended(&mut compare)),
            End::Diff(mut compare, mut diff) => {
                let (mut text, differs) = (Vec::new(), ended(&mut compare));
                if let Some(align) = &mut ears.align {
                    align.finish(&mut |piece| diff.piece(piece, &mut text));
                }
                diff.finish(differs, &mut text);
                lanes.write(Lane::Data, &text);
                Ok(differs)
            }
        }
    }
}

/// Whether both sides of `compare`, which end here, differ.
fn ended(compare: &mut Compare) -> bool {
    compare.finish();
    compare.differs()
}
