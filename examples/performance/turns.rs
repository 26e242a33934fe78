//! Works that take turns, so that what disturbs the machine disturbs all alike.

use std::time::Duration;

use super::clock::Clock;

/// Rounds, of which the median counts.
pub(crate) const ROUNDS: usize = 9;
/// How long a round is, about: the kernel counts no finer than a tick.
const ROUND: Duration = Duration::from_millis(60);
/// How often something is done in a round, at most.
const MOST: u32 = 1 << 20;

/// Work, and how much of it is done at once (bytes, documents).
pub(crate) struct Work<'w> {
    units: f64,
    run: Box<dyn FnMut() + 'w>,
}

impl<'w> Work<'w> {
    pub(crate) fn new(units: usize, run: impl FnMut() + 'w) -> Work<'w> {
        Work { units: units as f64, run: Box::new(run) }
    }

    /// How often it can be done in a round. Gets it warm.
    pub(crate) fn times(&mut self) -> u32 {
        let mut times = 1;
        while times < MOST {
            let start = Clock::now();
            (0..times).for_each(|_| (self.run)());
            if start.elapsed() >= ROUND / 2 || self.units == 0.0 {
                break;
            }
            times *= 2;
        }
        times
    }

    /// Units a second of processor time.
    pub(crate) fn speed(&mut self, times: u32) -> f64 {
        let start = Clock::now();
        (0..times).for_each(|_| (self.run)());
        self.units * f64::from(times) / start.elapsed().as_secs_f64()
    }
}

/// Units a second of each, the median of rounds in turn.
pub(crate) fn measure<const N: usize>(mut works: [Work<'_>; N]) -> [f64; N] {
    let times = works.each_mut().map(Work::times);
    let mut speeds = [(); N].map(|()| Vec::new());
    for _ in 0..ROUNDS {
        for ((work, times), speeds) in works.iter_mut().zip(times).zip(&mut speeds) {
            speeds.push(work.speed(times));
        }
    }
    speeds.map(median)
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
