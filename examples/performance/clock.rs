//! Time that a busy machine does not lengthen.

use std::time::{Duration, Instant};

/// Processor time of this thread, where the system tells it (Linux), or else the time on the clock.
pub(crate) struct Clock(Instant, Option<u64>);

impl Clock {
    pub(crate) fn now() -> Clock {
        Clock(Instant::now(), Clock::thread())
    }

    /// Nanoseconds that the thread has run.
    fn thread() -> Option<u64> {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        stat.split(' ').next()?.parse().ok()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        match (self.1, Clock::thread()) {
            (Some(from), Some(to)) => Duration::from_nanos(to - from),
            _ => self.0.elapsed(),
        }
    }
}
