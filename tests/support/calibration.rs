//! Compares events with the text that stood there before the damage.

#![allow(dead_code, unreachable_pub)] // each user takes what it needs

use std::fmt;

use hanmend::event::{Event, Outcome};

/// How many events were right.
#[derive(Default)]
pub struct Tally {
    pub all: usize,
    pub right: usize,
    /// The first few that were not.
    pub examples: Vec<String>,
}

impl Tally {
    pub fn count(&mut self, right: bool, event: &Event) {
        self.all += 1;
        self.right += usize::from(right);
        if !right && self.examples.len() < 10 {
            self.examples.push(format!("{} {:?} -> {:?}", event.rule(), event.before, event.after));
        }
    }

    pub fn wrong(&self) -> usize {
        self.all - self.right
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = 100.0 * self.right as f64 / self.all.max(1) as f64;
        write!(f, "{} of {} right, {share:.3} %; {:?}", self.right, self.all, self.examples)
    }
}

/// What was sure and what was a guess.
#[derive(Default)]
pub struct Certainty {
    pub sure: Tally,
    pub guess: Tally,
}

impl Certainty {
    /// Counts events that were judged.
    pub fn count(&mut self, judged: Vec<(&Event, bool)>) {
        for (event, right) in judged {
            match event.outcome {
                Outcome::Sure => self.sure.count(right, event),
                Outcome::Guess => self.guess.count(right, event),
                Outcome::Unrepaired(_) => {}
            }
        }
    }

    /// Asserts what is promised: of sure events, of which there are so many at least, at most one
    /// in 10,000 is wrong; of guesses at most half.
    pub fn hold(&self, least: usize) {
        let Certainty { sure, guess } = self;
        println!("sure {sure}\nguess {guess}");
        assert!(sure.all >= least, "{sure}");
        assert!(sure.wrong() * 10_000 <= sure.all, "{sure}");
        assert!(guess.right * 2 >= guess.all, "{guess}");
    }
}

/// Says of every change whether what it put stands in the clean text at its place: `clean` and
/// `mended` are walked together, byte by byte.
pub fn judge<'e>(clean: &str, mended: &str, events: &'e [Event]) -> Vec<(&'e Event, bool)> {
    compare(&matched(clean.as_bytes(), mended.as_bytes()), events)
}

/// The same for texts of a line, exactly: by the longest common subsequence of characters.
pub fn judge_line<'e>(clean: &str, mended: &str, events: &'e [Event]) -> Vec<(&'e Event, bool)> {
    compare(&common(clean, mended), events)
}

fn compare<'e>(same: &[bool], events: &'e [Event]) -> Vec<(&'e Event, bool)> {
    let changes = events.iter().filter(|e| !e.is_mark());
    changes
        .map(|event| {
            let (start, end) = (event.output.start as usize, event.output.end as usize);
            // A removal is right where the text at one side of it is; the other may be hurt
            // by something else.
            let side = |at: Option<usize>| at.and_then(|at| same.get(at)).is_none_or(|&same| same);
            let right = match event.after.is_empty() {
                true => side(start.checked_sub(1)) || side(Some(end)),
                false => same[start..end].iter().all(|&same| same),
            };
            (event, right)
        })
        .collect()
}

/// For every byte of `mended` whether it is matched by one of `clean`: equal runs, found greedily
/// with resynchronisation on the next twelve equal bytes.
fn matched(clean: &[u8], mended: &[u8]) -> Vec<bool> {
    const SYNC: usize = 12;
    const REACH: usize = 400;
    let mut same = vec![false; mended.len()];
    let (mut i, mut j) = (0, 0);
    while i < clean.len() && j < mended.len() {
        if clean[i] == mended[j] {
            same[j] = true;
            (i, j) = (i + 1, j + 1);
            continue;
        }
        // The nearest place where both go on alike.
        let found = (1..REACH).find_map(|sum| {
            (0..=sum).map(|a| (i + a, j + sum - a)).find(|&(a, b)| {
                a + SYNC <= clean.len()
                    && b + SYNC <= mended.len()
                    && clean[a..a + SYNC] == mended[b..b + SYNC]
            })
        });
        match found {
            Some(place) => (i, j) = place,
            None => break,
        }
    }
    same
}

/// For every byte of `mended` whether its character is in the longest common subsequence.
fn common(clean: &str, mended: &str) -> Vec<bool> {
    let (a, b): (Vec<char>, Vec<char>) = (clean.chars().collect(), mended.chars().collect());
    let width = b.len() + 1;
    // Lengths for the rests of both.
    let mut lengths = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = match a[i] == b[j] {
                true => lengths[(i + 1) * width + j + 1] + 1,
                false => lengths[(i + 1) * width + j].max(lengths[i * width + j + 1]),
            };
        }
    }
    let mut same = Vec::with_capacity(mended.len());
    let (mut i, mut j) = (0, 0);
    while j < b.len() {
        let equal = i < a.len() && a[i] == b[j];
        if !equal && i < a.len() && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
            continue;
        }
        same.extend(std::iter::repeat_n(equal, b[j].len_utf8()));
        i += usize::from(equal);
        j += 1;
    }
    same
}
