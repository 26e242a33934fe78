//! Exit statuses.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// What happened over all inputs.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    changes: AtomicBool,
    failed: AtomicBool,
    damaged: AtomicBool,
    unread: AtomicBool,
}

impl Outcome {
    /// An input would change.
    pub(crate) fn changes(&self) {
        self.changes.store(true, Ordering::Relaxed);
    }

    /// An input could not be done.
    pub(crate) fn failed(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    /// Damage remains.
    pub(crate) fn damaged(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }

    /// Whoever read standard output has gone, and the run ended there.
    pub(crate) fn unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Whether that was so.
    pub(crate) fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// The status: an error weighs more than damage that remains, and that more than a change.
    pub(crate) fn status(&self, strict: bool) -> Status {
        if self.failed.load(Ordering::Relaxed) {
            Status::Failed
        } else if strict && self.damaged.load(Ordering::Relaxed) {
            Status::Damaged
        } else if self.changes.load(Ordering::Relaxed) {
            Status::Changes
        } else {
            Status::Done
        }
    }
}

/// The statuses that the program ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything was done.
    Done = 0,
    /// `--check` or `--diff` found something to change.
    Changes = 1,
    /// A usage error, or an input that could not be done.
    Failed = 2,
    /// With `--strict`: damage remains.
    Damaged = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts() {
        let outcome = Outcome::default();
        assert_eq!(outcome.status(true), Status::Done);
        outcome.changes();
        assert_eq!(outcome.status(true), Status::Changes);
        outcome.damaged();
        assert_eq!(outcome.status(false), Status::Changes);
        assert_eq!(outcome.status(true), Status::Damaged);
        outcome.failed();
        assert_eq!(outcome.status(true), Status::Failed);
    }
}
