use std::ops::Range;

use super::*;
use crate::event::{Collect, Outcome, Repair, replay, undo};
use crate::stage::harness::prove;

/// Replaces a fixed string wherever it stands, and marks another; holds what may become either.
#[derive(Clone)]
pub(super) struct Replace {
    from: &'static str,
    to: &'static str,
    mark: &'static str,
    /// Whether what it replaces is not whole, and is marked, too.
    loses: bool,
    /// Whether it passes what it can, and holds a character of what it is pushed, as stages do that wait for a line to end.
    skims: bool,
    name: Repair,
    held: String,
    at: (u64, u64),
}

pub(super) fn replace(name: Repair, from: &'static str, to: &'static str) -> Replace {
    let (loses, skims, mark) = (false, false, "\u{1}");
    Replace { from, to, mark, loses, skims, name, held: String::new(), at: (0, 0) }
}

pub(super) fn losing(from: &'static str, to: &'static str) -> Replace {
    Replace { loses: true, ..replace(Repair::Mojibake, from, to) }
}

pub(super) fn marking(mark: &'static str) -> Replace {
    Replace { mark, ..replace(Repair::Mojibake, "\u{1}", "") }
}

impl Replace {
    fn run(&mut self, end: bool, out: &mut String, sink: &mut dyn Sink) {
        let text = std::mem::take(&mut self.held);
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let (taken, given) = if rest.starts_with(self.from) {
                let (i, o) = self.at;
                sink.event(Event::change(self.name, "r", Outcome::Sure, i, o, self.from, self.to));
                if self.loses {
                    let outcome = Outcome::Unrepaired("lost".into());
                    sink.event(Event::change(self.name, "l", outcome, i, o, self.from, self.to));
                }
                (self.from.len(), self.to)
            } else if rest.starts_with(self.mark) {
                let (i, o) = self.at;
                sink.event(Event::unrepaired(self.name, "m", "left", i, o, self.mark));
                (self.mark.len(), self.mark)
            } else if !end && (self.begins(rest) || self.skims && rest.len() == first.len_utf8()) {
                break;
            } else {
                (first.len_utf8(), &rest[..first.len_utf8()])
            };
            out.push_str(given);
            self.at.0 += taken as u64;
            self.at.1 += given.len() as u64;
            rest = &rest[taken..];
        }
        self.held.push_str(rest);
    }

    /// Whether text that ends with `end` may become what it looks for.
    fn begins(&self, end: &str) -> bool {
        self.from.starts_with(end) || self.mark.starts_with(end)
    }
}

impl Stage for Replace {
    type Input = str;
    type Output = String;
    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        self.held.push_str(input);
        self.run(false, out, sink);
    }
    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        self.run(true, out, sink);
        self.at = (0, 0);
    }
    fn held(&self) -> usize {
        self.held.len()
    }
    fn max_held(&self) -> usize {
        self.from.len().max(self.mark.len()).max(4)
    }
}

impl TextStage for Replace {
    fn skim(&mut self, text: &str) -> Next {
        let sound = |len: &usize| {
            let head = &text[..*len];
            let mut ends = (0..*len).filter(|at| head.is_char_boundary(*at)).map(|at| &head[at..]);
            !head.contains(self.from) && !head.contains(self.mark) && !ends.any(|e| self.begins(e))
        };
        let mut lengths = (1..=text.len()).rev().filter(|len| text.is_char_boundary(*len));
        let idle = self.skims && self.held.is_empty();
        match lengths.find(|len| idle && sound(len)) {
            Some(len) => {
                self.pass(&text[..len]);
                Next::Passed(len)
            }
            None => Next::Push(text.len()),
        }
    }

    fn pass(&mut self, text: &str) -> bool {
        let can = self.skims && self.held.is_empty();
        if can {
            self.at = (self.at.0 + text.len() as u64, self.at.1 + text.len() as u64);
        }
        can
    }
}

pub(super) fn chain(stages: Vec<Replace>) -> Chain {
    Chain::new(
        stages.into_iter().map(|s| Box::new(s) as Box<dyn TextStage + Send + Sync>).collect(),
    )
}

/// Runs every cut, replays and undoes the report, and looks up every event in both texts.
pub(super) fn proved<S>(make: impl Fn() -> S, input: &str) -> (String, Collect)
where
    S: Stage<Input = str, Output = String>,
{
    let (output, report) = prove(make, input);
    assert_eq!(replay(input, &report.events).as_deref(), Some(output.as_str()), "{report:#?}");
    assert_eq!(undo(&output, &report.events).as_deref(), Some(input), "{report:#?}");
    let stands = |text: &str, range: &Range<u64>, known: &str| {
        text.get(range.start as usize..range.end as usize) == Some(known)
    };
    for event in &report.events {
        assert!(stands(input, &event.input, &event.before), "{event:?} in {report:#?}");
        assert!(stands(&output, &event.output, &event.after), "{event:?} in {report:#?}");
    }
    (output, report)
}

#[test]
fn events_of_a_later_stage_are_told_in_the_decoded_input() {
    let make = || {
        chain(vec![
            replace(Repair::Entity, "&amp;", "&"),
            replace(Repair::Gloss, "(x)", ""),
            replace(Repair::Convert, "ab", "AB"),
        ])
    };
    let (output, report) = proved(make, "a&amp;b ab(x) (x)&amp;&amp;(x)ab");
    assert_eq!(output, "a&b AB &&AB");
    let first = &report.events[0];
    assert_eq!((first.input.clone(), first.output.clone()), (1..6, 1..2));
    let last = report.events.last().unwrap();
    assert_eq!((last.input.clone(), last.output.clone()), (30..32, 9..11));
}

#[test]
fn overlapping_events_become_one_change() {
    // The first stage makes what the second removes.
    let make =
        || chain(vec![replace(Repair::Entity, "&i;", "i"), replace(Repair::Gloss, "(shi)", "")]);
    let (output, report) = proved(make, "實(sh&i;)三(shi) &i;");
    assert_eq!(output, "實三 i");
    assert_eq!(report.events.len(), 3);
    assert_eq!(report.events[0].before, "(sh&i;)");
    assert_eq!(report.events[0].name(), "entity+gloss");
    assert_eq!(report.events[1].name(), "gloss");
}

#[test]
fn a_deletion_inside_a_later_change_is_joined_and_beside_it_is_not() {
    let make = || chain(vec![replace(Repair::Gloss, "-", ""), replace(Repair::Convert, "ab", "X")]);
    let (output, report) = proved(make, "-a-b- a--b ab");
    assert_eq!(output, "X X X");
    let befores: Vec<&str> = report.events.iter().map(|e| e.before.as_str()).collect();
    assert_eq!(befores, ["-", "a-b", "-", "a--b", "ab"]);
}

#[test]
fn what_a_later_stage_takes_back_is_no_change() {
    let make = || chain(vec![replace(Repair::Entity, "a", "b"), replace(Repair::Gloss, "b", "a")]);
    let (output, report) = proved(make, "xax");
    assert_eq!(output, "xax");
    assert_eq!(report.events, []);
}

#[test]
fn marks_move_with_the_text_and_end_when_repaired() {
    let make = || {
        chain(vec![
            replace(Repair::Entity, "&", "and"),
            marking("?!"),
            replace(Repair::Gloss, "(?!)", ""),
            replace(Repair::Convert, "c?", "C?"),
        ])
    };
    let (output, report) = proved(make, "&?! (?!) &c?!");
    assert_eq!(output, "and?!  andC?!");
    let marks: Vec<_> = report.events.iter().filter(|e| e.is_mark()).collect();
    assert_eq!(marks.len(), 2);
    assert_eq!((marks[0].input.clone(), marks[0].output.clone()), (1..3, 3..5));
    // A conversion over a mark does not repair it; the mark covers what was converted.
    assert_eq!((marks[1].before.as_str(), marks[1].after.as_str()), ("c?!", "C?!"));
    let gloss = report.events.iter().find(|e| e.before == "(?!)").unwrap();
    assert_eq!(gloss.name(), "mojibake+gloss");
}

/// Kinds of them.
pub(super) const KINDS: usize = 6;

/// Stages that replace one of `words` by another, or mark it, or both.
pub(super) fn stages(words: &[&'static str], picks: &[(usize, usize, usize)]) -> Vec<Replace> {
    let picks = picks.iter().filter(|(from, _, _)| !words[*from].is_empty());
    let stage = |&(from, to, kind): &(usize, usize, usize)| {
        let stage = match kind % 3 {
            0 => replace(Repair::Gloss, words[from], words[to]),
            1 => losing(words[from], words[to]),
            _ => marking(words[from]),
        };
        Replace { skims: kind >= 3, ..stage }
    };
    picks.map(stage).collect()
}

mod random {
    use super::*;
    use proptest::prelude::*;

    const WORDS: [&str; 7] = ["a", "b", "ab", "ba", "", "aab", "x"];

    proptest! {
        #[test]
        fn any_chain_keeps_the_contract_and_can_be_replayed(
            input in "[ab]{0,24}",
            picks in prop::collection::vec((0..7usize, 0..7usize, 0..KINDS), 0..4),
        ) {
            proved(|| chain(stages(&WORDS, &picks)), &input);
        }
    }
}
