//! What a run over one input found, in numbers.

use std::collections::BTreeMap;

use hanmend::event::{Event, Outcome, Repair};

use hanmend::formats::Member;

/// Counts of the events of one input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Changes by repair; an event of several steps counts for its first.
    pub(crate) changes: BTreeMap<Repair, u64>,
    /// Changes that are guesses.
    pub(crate) guesses: u64,
    /// Characters that stay because a conversion chose so by default.
    pub(crate) left: u64,
    /// Damage that remains, by repair.
    pub(crate) remains: BTreeMap<Repair, u64>,
    /// The first damage that remains: where, in which member of an archive, and why.
    pub(crate) first: Option<(u64, Option<Member>, String)>,
}

impl Tally {
    /// Counts `event`.
    pub(crate) fn count(&mut self, event: &Event) {
        self.count_in(None, event);
    }

    /// Counts `event`, which is about `member` of an archive.
    pub(crate) fn count_in(&mut self, member: Option<&Member>, event: &Event) {
        let Some(step) = event.steps.first() else { return };
        match &event.outcome {
            Outcome::Unrepaired(reason) => {
                *self.remains.entry(step.repair).or_default() += 1;
                self.first.get_or_insert_with(|| {
                    let at = event.source.as_ref().map_or(event.input.start, |s| s.range.start);
                    (at, member.cloned(), reason.to_string())
                });
            }
            _ if !event.alternatives.is_empty() && event.before == event.after => self.left += 1,
            outcome => {
                self.guesses += u64::from(*outcome == Outcome::Guess);
                *self.changes.entry(step.repair).or_default() += 1;
            }
        }
    }

    /// Whether damage remains.
    pub(crate) fn damaged(&self) -> bool {
        !self.remains.is_empty()
    }

    /// One sentence about what remains, if anything does.
    pub(crate) fn note(&self) -> Option<String> {
        let (at, member, reason) = self.first.as_ref()?;
        let member = member.as_ref().map(|m| format!(" of {m}")).unwrap_or_default();
        let number: u64 = self.remains.values().sum();
        Some(if number == 1 {
            format!("1 damaged place remains, at byte {at}{member}: {reason}")
        } else {
            format!("{number} damaged places remain, the first at byte {at}{member}: {reason}")
        })
    }

    /// The numbers in words: `12 changes (10 gloss, 2 entity), 1 guessed, 3 unrepaired`.
    pub(crate) fn summary(&self) -> String {
        let changes: u64 = self.changes.values().sum();
        let mut text = match changes {
            0 => "nothing to change".to_owned(),
            1 => "1 change".to_owned(),
            n => format!("{n} changes"),
        };
        if changes > 0 {
            let parts: Vec<String> =
                self.changes.iter().map(|(r, n)| format!("{n} {}", r.name())).collect();
            text += &format!(" ({})", parts.join(", "));
        }
        if self.guesses > 0 {
            text += &format!(", {} guessed", self.guesses);
        }
        if self.left > 0 {
            text += &format!(", {} left by default", self.left);
        }
        let remains: u64 = self.remains.values().sum();
        if remains > 0 {
            text += &format!(", {remains} unrepaired");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_words() {
        let mut tally = Tally::default();
        assert_eq!(tally.summary(), "nothing to change");
        tally.count(&Event::change(Repair::Gloss, "list", Outcome::Sure, 0, 0, "a", ""));
        tally.count(&Event::change(Repair::Gloss, "list", Outcome::Guess, 1, 0, "a", ""));
        tally.count(&Event::change(Repair::Entity, "hex", Outcome::Sure, 2, 0, "a", "b"));
        tally.count(&Event::unrepaired(Repair::Decode, "malformed", "lost", 7, 0, "\u{fffd}"));
        assert_eq!(tally.summary(), "3 changes (1 entity, 2 gloss), 1 guessed, 1 unrepaired");
        assert_eq!(tally.note().unwrap(), "1 damaged place remains, at byte 7: lost");
    }
}
