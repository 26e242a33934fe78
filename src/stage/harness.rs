//! Proves the stage contract for a stage and an input, by running it with the input cut in every
//! way that matters. For tests: it panics, with the cut that failed.

use super::{Buffer, Piece, Stage};
use crate::event::Collect;

/// Inputs longer than this are split at a sample of their points in place of all of them: every
/// point costs a run over the whole input.
const ALL_SPLITS: usize = 1500;
/// How many points the sample has.
const SAMPLE: usize = 160;

/// Runs the stage that `make` builds over `input` whole, split at every point, byte by byte, with
/// empty pushes and at random cuts, twice in a row, and panics unless output and events are the
/// same each time, the events are in order, and no more was held than the stage says. Returns
/// what came out.
///
/// ```
/// use hanmend::{repair::Entity, stage::harness};
///
/// let (text, report) = harness::prove(Entity::plain, "&#x5B9E;現");
/// assert_eq!(text, "实現");
/// assert_eq!(report.events.len(), 1);
/// ```
///
/// # Panics
///
/// Where the stage breaks the contract.
pub fn prove<S: Stage>(make: impl Fn() -> S, input: &S::Input) -> (S::Output, Collect) {
    let len = input.byte_len();
    let mut stage = make();
    let whole = run(&mut stage, input, &[], false, "whole");
    check_order(&whole.1);

    let mut check = |cuts: &[usize], empty: bool, what: &str| {
        // The same stage goes on being used: `finish` has to leave it as new.
        let got = run(&mut stage, input, cuts, empty, what);
        assert_eq!(got.0, whole.0, "output depends on the cut: {what}");
        assert_eq!(got.1, whole.1, "report depends on the cut: {what}");
    };

    check(&[], true, "whole, with empty pushes");
    let points: Vec<usize> = (1..len).filter(|&i| input.can_cut(i)).collect();
    let step = if len <= ALL_SPLITS { 1 } else { (points.len() / SAMPLE).max(1) };
    for &at in points.iter().step_by(step) {
        check(&[at], false, &format!("split at byte {at} of {len}"));
    }
    check(&points, false, "smallest pieces");
    check(&points, true, "smallest pieces, with empty pushes");
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ len as u64);
    for round in 0..12 {
        let most = [3, 17, 100, 1000][round % 4];
        let mut cuts = Vec::new();
        let mut at = 0;
        while at < len {
            at += 1 + random.below(most);
            if at < len && input.can_cut(at) {
                cuts.push(at);
            }
        }
        check(&cuts, round % 3 == 0, &format!("random cuts, round {round}: {cuts:?}"));
    }
    whole
}

fn run<S: Stage>(
    stage: &mut S,
    input: &S::Input,
    cuts: &[usize],
    empty: bool,
    what: &str,
) -> (S::Output, Collect) {
    let mut out = S::Output::default();
    let mut sink = Collect { conversions: true, ..Collect::default() };
    let mut from = 0;
    let mut taken = 0;
    let mut settled = 0;
    let nothing = input.cut(0, 0);
    for &to in cuts.iter().chain(std::iter::once(&input.byte_len())) {
        if empty {
            stage.push(nothing, &mut out, &mut sink);
        }
        let before = (out.byte_len(), sink.events.len());
        let piece = input.cut(from, to);
        stage.push(piece, &mut out, &mut sink);
        taken += piece.byte_len();
        from = to;
        assert!(out.byte_len() >= before.0, "output shrank: {what}");
        let (held, most) = (stage.held(), stage.max_held());
        assert!(held <= most, "held {held} bytes, the stage says at most {most}: {what}");
        // Events about text that an earlier call had already settled come too late.
        for event in &sink.events[before.1..] {
            assert!(event.input.start >= settled, "late event {event:?}: {what}");
        }
        // Where input is bytes, events count in text: nothing to compare with.
        if S::Input::TEXT {
            settled = stage.settled(taken as u64);
        }
    }
    stage.finish(&mut out, &mut sink);
    assert_eq!(stage.held(), 0, "something is held after finish: {what}");
    (out, sink)
}

fn check_order(report: &Collect) {
    let mut end = 0;
    for event in report.events.iter().filter(|e| !e.is_mark()) {
        assert!(event.input.start >= end, "events overlap or are out of order at {event:?}");
        assert_eq!(event.input.end - event.input.start, event.before.len() as u64, "{event:?}");
        assert_eq!(event.output.end - event.output.start, event.after.len() as u64, "{event:?}");
        end = event.input.end;
    }
}

/// A small deterministic generator, so that a failing cut can be had again.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}
