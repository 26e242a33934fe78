//! What a batch did, in a table.

use std::collections::BTreeMap;
use std::time::Duration;

use hanmend::event::Repair;
use indicatif::{HumanBytes, HumanCount};

use super::tally::Tally;
use crate::batch::crew::Committed;
use crate::batch::progress::{Whole, done, duration};

/// Counts over all inputs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    encodings: BTreeMap<String, u64>,
    changes: BTreeMap<Repair, u64>,
    guesses: u64,
    remains: BTreeMap<Repair, u64>,
    /// Inputs in which damage remains.
    damaged: u64,
    /// Inputs that differ from their results, where that is looked at.
    changed: u64,
    done_before: u64,
    failed: u64,
}

impl Summary {
    /// Adds an input.
    pub(crate) fn input(&mut self, encoding: &str, tally: &Tally, changed: bool) {
        let encoding = if encoding.is_empty() { "ascii" } else { encoding };
        match self.encodings.get_mut(encoding) {
            Some(number) => *number += 1,
            None => drop(self.encodings.insert(encoding.to_owned(), 1)),
        }
        for (repair, number) in &tally.changes {
            *self.changes.entry(*repair).or_default() += number;
        }
        for (repair, number) in &tally.remains {
            *self.remains.entry(*repair).or_default() += number;
        }
        self.guesses += tally.guesses;
        self.damaged += u64::from(tally.damaged());
        self.changed += u64::from(changed);
    }

    /// Adds an input that an earlier run did.
    pub(crate) fn done_before(&mut self) {
        self.done_before += 1;
    }

    /// Adds an input that could not be done.
    pub(crate) fn failed(&mut self) {
        self.failed += 1;
    }

    /// The table. What was `committed` says more exactly how many files changed.
    pub(crate) fn table(&self, time: Duration, committed: Option<Committed>) -> String {
        self.rows(done(), time, committed)
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("  {name:<12}{text}\n"))
            .collect()
    }

    fn rows(
        &self,
        done: Whole,
        time: Duration,
        committed: Option<Committed>,
    ) -> Vec<(&'static str, String)> {
        let failed = self.failed + committed.map_or(0, |c| c.failed);
        let changed = committed.map_or(self.changed, |c| c.changed);
        let mut files = vec![HumanCount(done.files).to_string()];
        let parts = [
            (changed, "changed"),
            (self.done_before, "done before"),
            (self.encodings.get("binary").copied().unwrap_or(0), "no text, as it was"),
            (failed, if failed == 1 { "error" } else { "errors" }),
        ];
        files.extend(
            parts
                .iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, what)| format!("{} {what}", HumanCount(*n))),
        );
        let rate = HumanBytes((done.bytes as f64 / time.as_secs_f64().max(1e-3)) as u64);
        let mut repairs = counts(self.changes.iter().map(|(repair, n)| (repair.name(), *n)));
        if self.guesses > 0 {
            repairs += &format!("; {} of them guessed", HumanCount(self.guesses));
        }
        let mut remains = counts(self.remains.iter().map(|(repair, n)| (repair.name(), *n)));
        if self.damaged > 0 {
            let files = if self.damaged == 1 { "file" } else { "files" };
            remains += &format!("; in {} {files}", HumanCount(self.damaged));
        }
        vec![
            ("files", files.join(", ")),
            ("bytes", format!("{} in {}, {rate}/s", HumanBytes(done.bytes), duration(time))),
            ("encodings", counts(self.encodings.iter().map(|(name, n)| (&**name, *n)))),
            ("repairs", repairs),
            ("unrepaired", remains),
        ]
    }
}

/// `utf-8 120, big5 3`: the largest first.
fn counts<'n>(numbers: impl Iterator<Item = (&'n str, u64)>) -> String {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by_key(|&(name, n)| (std::cmp::Reverse(n), name));
    let words: Vec<_> =
        numbers.into_iter().map(|(name, n)| format!("{name} {}", HumanCount(n))).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanmend::event::{Event, Outcome};

    #[test]
    fn numbers_become_rows() {
        let (mut summary, mut tally) = (Summary::default(), Tally::default());
        tally.count(&Event::change(Repair::Gloss, "list", Outcome::Guess, 0, 0, "a", ""));
        tally.count(&Event::unrepaired(Repair::Decode, "malformed", "lost", 7, 0, "\u{fffd}"));
        summary.input("big5", &tally, true);
        summary.input("utf-8", &Tally::default(), false);
        summary.input("utf-8", &Tally::default(), false);
        summary.input("binary", &Tally::default(), false);
        summary.failed();
        let rows = summary.rows(Whole { files: 5, bytes: 2048 }, Duration::from_secs(2), None);
        let text: Vec<&str> = rows.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(
            text,
            [
                "5, 1 changed, 1 no text, as it was, 1 error",
                "2.00 KiB in 2 s, 1.00 KiB/s",
                "utf-8 2, big5 1, binary 1",
                "gloss 1; 1 of them guessed",
                "decode 1; in 1 file",
            ]
        );
    }
}
