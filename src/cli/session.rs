//! What all commands share: the streams, the workers, the end.

use std::num::NonZeroUsize;

use super::flags::destination::Destination;
use super::flags::report::Report;
use super::status::{Outcome, Status};
use crate::batch::crew::Committed;
use crate::batch::inputs::{Inputs, Missing};
use crate::batch::lanes::{Lane, Lanes, Outlets, Streams};
use crate::batch::outlet::{Buffered, Outlet, Stderr, Stdout};
use crate::batch::problem::Problem;
use crate::batch::progress;
use crate::batch::run::{Worker, run};

/// Runs a command over its inputs.
pub(crate) fn batch<W: Worker>(
    inputs: Inputs,
    threads: NonZeroUsize,
    report: Report,
    outcome: &Outcome,
    worker: impl Fn() -> W + Sync,
) {
    let data = match Stdout::new() {
        Ok(stdout) => Some(Box::new(stdout) as Box<dyn Outlet>),
        Err(problem) => return complain(outcome, &problem),
    };
    let report: Option<Box<dyn Outlet>> = match report {
        Report::None => None,
        Report::File(target) => Some(Box::new(Buffered::new(target))),
        Report::Stdout => match Stdout::new() {
            Ok(stdout) => Some(Box::new(stdout)),
            Err(problem) => return complain(outcome, &problem),
        },
    };
    let notes: Option<Box<dyn Outlet>> = Some(Box::new(Stderr));
    let streams = Streams::new(Outlets { data, report, notes, failure: None });
    run(inputs, threads, &streams, worker);
    let outlets = streams.into_outlets();
    if let Some(problem) = outlets.failure {
        complain(outcome, &problem);
    }
    for outlet in [outlets.data, outlets.report].into_iter().flatten() {
        if let Err(problem) = outlet.finish() {
            complain(outcome, &problem);
        }
    }
}

/// Ends what a run does to files in their places; gives what became of them, where there are any.
pub(crate) fn settle(place: &Destination, outcome: &Outcome) -> Option<Committed> {
    let committed = place.finish().map_err(|problem| complain(outcome, &problem)).ok()??;
    if committed.failed > 0 {
        outcome.failed();
    }
    Some(committed)
}

/// Says how to take back what was done to files in their places.
pub(crate) fn tell_undo(place: &Destination, committed: Committed) {
    if let Some(note) = place.note(committed.changed) {
        progress::say(&format!("hanmend: {note}"));
    }
}

/// Says that something went wrong that concerns no single input. A reader that has gone is none.
fn complain(outcome: &Outcome, problem: &Problem) {
    if matches!(problem, Problem::BrokenPipe) {
        outcome.unread();
    } else {
        outcome.failed();
        progress::say(&format!("hanmend: {problem}"));
    }
}

/// Says that the input `name` could not be done.
pub(crate) fn failed(outcome: &Outcome, lanes: &mut Lanes<'_>, name: &str, problem: &Problem) {
    if matches!(problem, Problem::BrokenPipe) {
        outcome.unread();
    } else {
        outcome.failed();
        note(lanes, name, &problem.to_string());
    }
}

/// Says that an input cannot be had.
pub(crate) fn missing(outcome: &Outcome, lanes: &mut Lanes<'_>, missing: &Missing) {
    failed(outcome, lanes, &missing.name, &missing.problem);
}

/// Says something about the input `name`.
pub(crate) fn note(lanes: &mut Lanes<'_>, name: &str, text: &str) {
    lanes.write(Lane::Notes, format!("hanmend: {name}: {text}\n").as_bytes());
}

/// What people should know when the program waits for them.
pub(crate) fn hint_at_terminal(stdin: bool) {
    use std::io::IsTerminal;
    if stdin && std::io::stdin().is_terminal() {
        progress::say("hanmend: reading standard input; end it with Ctrl-D, or give a PATH");
    }
}

/// A command that has nothing to do but print `text`.
pub(crate) fn print(text: &[u8]) -> Status {
    let written = Stdout::new().and_then(|mut stdout| stdout.write(text));
    match written {
        Ok(()) | Err(Problem::BrokenPipe) => Status::Done,
        Err(problem) => {
            progress::say(&format!("hanmend: {problem}"));
            Status::Failed
        }
    }
}
