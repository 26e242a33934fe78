//! How far a run is: a bar on a terminal, lines in a log, and what is said meanwhile.
//!
//! There is one for the whole program, as there is one standard error.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is done.
static FILES: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The bar, where there is one.
static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Not,
    /// A bar that is drawn over itself.
    Bar,
    /// A line each time that this has passed, and one at the end where that is asked for.
    Lines {
        beat: Duration,
        end: bool,
    },
}

/// How often a bar is drawn.
const BEAT: Duration = Duration::from_millis(100);

/// How much there is to do, as soon as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whole {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

/// Counts bytes that were read.
pub(crate) fn read(bytes: u64) {
    BYTES.fetch_add(bytes, Ordering::Relaxed);
}

/// Counts an input that is done.
pub(crate) fn input() {
    FILES.fetch_add(1, Ordering::Relaxed);
}

/// What is done.
pub(crate) fn done() -> Whole {
    Whole { files: FILES.load(Ordering::Relaxed), bytes: BYTES.load(Ordering::Relaxed) }
}

/// Prints lines on standard error, above the bar. That nobody reads them is no failure.
pub(crate) fn print(lines: &[u8]) {
    let write = || drop(io::stderr().write_all(lines));
    match BAR.get() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Prints one line on standard error, above the bar.
pub(crate) fn say(line: &str) {
    print(format!("{line}\n").as_bytes());
}

/// Shows progress from now on, until this is dropped.
#[derive(Debug)]
pub(crate) struct Progress(Option<JoinHandle<()>>);

static ENDED: Mutex<bool> = Mutex::new(false);
static END: Condvar = Condvar::new();

impl Progress {
    /// Begins. `whole` counts what there is to do, in a thread of its own; nothing where that cannot be known.
    pub(crate) fn start(
        shown: Shown,
        whole: impl FnOnce() -> Option<Whole> + Send + 'static,
    ) -> Progress {
        let beat = match shown {
            Shown::Not => return Progress(None),
            Shown::Bar => BEAT,
            Shown::Lines { beat, .. } => beat,
        };
        if shown == Shown::Bar {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{wide_bar} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            let _ = BAR.set(bar);
        }
        let known = std::sync::Arc::new(OnceLock::new());
        let counted = std::sync::Arc::clone(&known);
        // Without these threads there is no progress to see, and the work is done all the same.
        let _ = thread::Builder::new().spawn(move || counted.set(whole()));
        let watch = move || {
            let begun = Instant::now();
            while !wait(beat) {
                show(known.get().copied().flatten(), begun.elapsed());
            }
            match BAR.get() {
                Some(bar) => bar.finish_and_clear(),
                None if matches!(shown, Shown::Lines { end: true, .. }) => {
                    show(known.get().copied().flatten(), begun.elapsed());
                }
                None => {}
            }
        };
        Progress(thread::Builder::new().spawn(watch).ok())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        *ENDED.lock().unwrap_or_else(PoisonError::into_inner) = true;
        END.notify_all();
        if let Some(thread) = self.0.take() {
            let _ = thread.join();
        }
    }
}

/// Waits for a while; says whether the run has ended.
fn wait(time: Duration) -> bool {
    let ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
    *END.wait_timeout_while(ended, time, |ended| !*ended).unwrap_or_else(PoisonError::into_inner).0
}

fn show(whole: Option<Whole>, time: Duration) {
    let done = done();
    let words = words(done, whole, time);
    match BAR.get() {
        Some(bar) => {
            if let Some(whole) = whole {
                bar.set_length(whole.bytes.max(1));
            }
            bar.set_position(done.bytes);
            bar.set_message(words);
        }
        None => say(&format!("hanmend: {words}")),
    }
}

/// `12 of 200 files, 1.50 MiB of 20.00 MiB, 3.00 MiB/s, 6 s left`
fn words(done: Whole, whole: Option<Whole>, time: Duration) -> String {
    let rate = done.bytes as f64 / time.as_secs_f64().max(1e-3);
    let (files, bytes) = (HumanCount(done.files), HumanBytes(done.bytes));
    let (mut of_files, mut of_bytes, mut left) = Default::default();
    if let Some(whole) = whole {
        of_files = format!(" of {}", HumanCount(whole.files));
        of_bytes = format!(" of {}", HumanBytes(whole.bytes));
        let rest = whole.bytes.saturating_sub(done.bytes) as f64;
        if rate > 0.0 {
            left = format!(", {} left", duration(Duration::from_secs_f64(rest / rate)));
        }
    }
    let rate = HumanBytes(rate as u64);
    format!("{files}{of_files} files, {bytes}{of_bytes}, {rate}/s{left}")
}

/// `7 s`, `2 min 5 s`, `3 h 20 min`
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3600 => format!("{} min {} s", s / 60, s % 60),
        s => format!("{} h {} min", s / 3600, s / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is_in_words() {
        let done = Whole { files: 1200, bytes: 3 << 20 };
        let time = Duration::from_secs(2);
        assert_eq!(words(done, None, time), "1,200 files, 3.00 MiB, 1.50 MiB/s");
        let whole = Some(Whole { files: 200_000, bytes: 603 << 20 });
        assert_eq!(
            words(done, whole, time),
            "1,200 of 200,000 files, 3.00 MiB of 603.00 MiB, 1.50 MiB/s, 6 min 40 s left"
        );
        assert_eq!(words(Whole::default(), whole, Duration::ZERO).matches("left").count(), 0);
        assert_eq!(duration(Duration::from_secs(12_000)), "3 h 20 min");
    }
}
