//! Workers take inputs one after the other until there are none.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::inputs::{Input, Inputs, Missing};
use super::lanes::{Lanes, Streams};
use super::progress;

/// What a worker does with one input. Its buffers live as long as the worker.
pub(crate) trait Worker {
    /// Does `input`; all that is to be said goes to `lanes`.
    fn work(&mut self, input: &Input, lanes: &mut Lanes<'_>);

    /// Says that an input cannot be had.
    fn missing(&mut self, missing: &Missing, lanes: &mut Lanes<'_>);
}

/// Gives all `inputs` to `threads` workers.
pub(crate) fn run<W: Worker>(
    inputs: Inputs,
    threads: NonZeroUsize,
    streams: &Streams,
    worker: impl Fn() -> W + Sync,
) {
    let inputs = Mutex::new(inputs.enumerate());
    let work = || {
        let mut worker = worker();
        while !streams.stopped() {
            let next = inputs.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, input)) = next else { return };
            let mut lanes = streams.lanes(number as u64);
            match &input {
                Ok(input) => worker.work(input, &mut lanes),
                Err(missing) => worker.missing(missing, &mut lanes),
            }
            lanes.finish();
            progress::input();
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.get() {
            // A machine that gives no more threads does the work with those it gave.
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
}
