//! Where many workers write to the same few streams, in the order of the inputs.
//!
//! Every input has a number. The one whose turn it is writes straight through, whatever its size;
//! what later inputs write is kept until their turn comes. Workers that run far ahead wait, so
//! that what is kept is bounded.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::outlet::Outlet;
use super::problem::Problem;

/// The streams of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Standard output.
    Data,
    /// The report.
    Report,
    /// Standard error.
    Notes,
}

/// Bytes that one input may keep before it waits for its turn.
const KEPT_BY_ONE: usize = 1 << 20;

/// Inputs that may be finished before their turn, which bounds what all of them keep: what is
/// kept by finished inputs is below this times the mean, and the mean of many small results is
/// small.
const FINISHED_AHEAD: usize = 1024;

/// Bytes that all finished inputs may keep together.
const KEPT_BY_ALL: usize = 16 << 20;

/// The streams that all workers share.
pub(crate) struct Streams {
    order: Mutex<Order>,
    turn: Condvar,
    outlets: Mutex<Outlets>,
    stopped: AtomicBool,
}

struct Order {
    next: u64,
    finished: BTreeMap<u64, Kept>,
    kept: usize,
}

/// Where the lanes end. A lane without an outlet drops what it gets.
#[derive(Default)]
pub(crate) struct Outlets {
    pub(crate) data: Option<Box<dyn Outlet>>,
    pub(crate) report: Option<Box<dyn Outlet>>,
    pub(crate) notes: Option<Box<dyn Outlet>>,
    /// The first thing that went wrong in writing.
    pub(crate) failure: Option<Problem>,
}

#[derive(Default)]
struct Kept([Vec<u8>; 3]);

impl Kept {
    fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }
}

impl Streams {
    pub(crate) fn new(outlets: Outlets) -> Streams {
        let order = Order { next: 0, finished: BTreeMap::new(), kept: 0 };
        Streams {
            order: Mutex::new(order),
            turn: Condvar::new(),
            outlets: Mutex::new(outlets),
            stopped: AtomicBool::new(false),
        }
    }

    /// The lanes of input `number`. Numbers count from 0 without a gap, and every lane taken has
    /// to be finished.
    pub(crate) fn lanes(&self, number: u64) -> Lanes<'_> {
        Lanes { streams: self, number, kept: Kept::default(), turn: false }
    }

    /// Whether writing has failed, so that there is no use in going on.
    pub(crate) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Ends the run: gives the outlets back.
    pub(crate) fn into_outlets(self) -> Outlets {
        self.outlets.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Whoever has just looked and is about to wait holds this lock: without it the call
        // would be lost.
        drop(self.order());
        self.turn.notify_all();
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, lane: Lane, bytes: &[u8]) {
        if bytes.is_empty() || (self.stopped() && lane != Lane::Notes) {
            return;
        }
        let mut outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        let outlet = match lane {
            Lane::Data => &mut outlets.data,
            Lane::Report => &mut outlets.report,
            Lane::Notes => &mut outlets.notes,
        };
        let Some(outlet) = outlet else { return };
        if let Err(problem) = outlet.write(bytes) {
            // That nobody reads the notes stops nothing.
            if lane != Lane::Notes {
                outlets.failure.get_or_insert(problem);
                drop(outlets);
                self.stop();
            }
        }
    }

    fn put_all(&self, kept: &mut Kept) {
        for (lane, bytes) in [Lane::Data, Lane::Report, Lane::Notes].into_iter().zip(&mut kept.0) {
            self.put(lane, bytes);
            bytes.clear();
        }
    }
}

/// The streams as one input sees them.
pub(crate) struct Lanes<'s> {
    streams: &'s Streams,
    number: u64,
    kept: Kept,
    turn: bool,
}

impl Lanes<'_> {
    /// Writes `bytes` to `lane`.
    pub(crate) fn write(&mut self, lane: Lane, bytes: &[u8]) {
        if !self.turn {
            self.turn = self.streams.order().next == self.number;
            if !self.turn && self.kept.len() + bytes.len() > KEPT_BY_ONE {
                self.wait();
            }
            if self.turn {
                self.streams.put_all(&mut self.kept);
            }
        }
        if self.turn {
            self.streams.put(lane, bytes);
        } else {
            self.kept.0[lane as usize].extend_from_slice(bytes);
        }
    }

    /// Whether writing has failed, so that there is no use in going on.
    pub(crate) fn stopped(&self) -> bool {
        self.streams.stopped()
    }

    /// Says that this input writes no more.
    pub(crate) fn finish(mut self) {
        let mut order = self.streams.order();
        while order.next != self.number
            && (order.finished.len() >= FINISHED_AHEAD || order.kept >= KEPT_BY_ALL)
            && !self.streams.stopped()
        {
            order = self.streams.turn.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
        if order.next != self.number {
            order.kept += self.kept.len();
            order.finished.insert(self.number, std::mem::take(&mut self.kept));
            return;
        }
        // Whoever has the turn writes what has been waiting behind, outside of the lock.
        let mut kept = std::mem::take(&mut self.kept);
        loop {
            drop(order);
            self.streams.put_all(&mut kept);
            order = self.streams.order();
            order.next += 1;
            let next = order.next;
            let Some(waiting) = order.finished.remove(&next) else { break };
            order.kept -= waiting.len();
            kept = waiting;
        }
        drop(order);
        self.streams.turn.notify_all();
    }

    fn wait(&mut self) {
        let mut order = self.streams.order();
        while order.next != self.number && !self.streams.stopped() {
            order = self.streams.turn.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
        drop(order);
        self.turn = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Outlet for Shared {
        fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(())
        }
    }

    fn streams() -> (Streams, Shared) {
        let data = Shared::default();
        let outlets = Outlets { data: Some(Box::new(data.clone())), ..Outlets::default() };
        (Streams::new(outlets), data)
    }

    #[test]
    fn what_comes_early_waits_for_its_turn() {
        let (streams, data) = streams();
        let (mut first, mut second) = (streams.lanes(0), streams.lanes(1));
        second.write(Lane::Data, b"2");
        second.finish();
        first.write(Lane::Data, b"1");
        assert_eq!(*data.0.lock().unwrap(), b"1");
        first.finish();
        assert_eq!(*data.0.lock().unwrap(), b"12");
    }

    #[test]
    fn many_workers_write_in_order() {
        let (streams, data) = streams();
        let number = Mutex::new(0..5000u64);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let Some(n) = number.lock().unwrap().next() else { break };
                        let mut lanes = streams.lanes(n);
                        let size = if n % 1000 == 7 { 3 << 20 } else { 1 };
                        for _ in 0..size >> 20 {
                            lanes.write(Lane::Data, &vec![b'.'; 1 << 20]);
                        }
                        lanes.write(Lane::Data, format!("{n}\n").as_bytes());
                        lanes.finish();
                    }
                });
            }
        });
        let text = String::from_utf8(data.0.lock().unwrap().clone()).unwrap();
        let expected: String = (0..5000)
            .map(|n| {
                let dots = if n % 1000 == 7 { ".".repeat(3 << 20) } else { String::new() };
                format!("{dots}{n}\n")
            })
            .collect();
        assert!(text == expected);
    }

    struct Full;

    impl Outlet for Full {
        fn write(&mut self, _: &[u8]) -> Result<(), Problem> {
            Err(Problem::Stdout(std::io::ErrorKind::StorageFull.into()))
        }
    }

    #[test]
    fn a_failure_stops_all() {
        let outlets = Outlets { data: Some(Box::new(Full)), ..Outlets::default() };
        let streams = Streams::new(outlets);
        let mut lanes = streams.lanes(0);
        lanes.write(Lane::Data, b"x");
        assert!(lanes.stopped());
        lanes.finish();
        assert!(streams.into_outlets().failure.is_some());
    }
}
