//! The runner of the labelled cases in `tests/cases`: one folder a repair, one line of JSON a case.

#![allow(dead_code, unreachable_pub)] // each user takes what it needs

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hanmend::event::{Repair, replay, undo};
use hanmend::stage::{TextStage, harness};
use serde::Deserialize;

/// Damaged, and mended.
pub const MENDED: [&str; 2] = ["wild.jsonl", "synthetic.jsonl"];
/// Looks damaged, is not, and has to stay.
pub const NEGATIVE: &str = "negative.jsonl";
/// Damaged, and not mended yet.
pub const KNOWN_FAILURES: &str = "known-failures.jsonl";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    #[serde(alias = "note")]
    pub name: String,
    /// How the repair is set up, where it has several ways.
    #[serde(default)]
    pub mode: String,
    #[serde(alias = "bad")]
    pub input: String,
    /// Missing where the input has to stay.
    #[serde(alias = "good")]
    pub output: Option<String>,
}

/// The folder of all cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The cases of one file of one repair.
pub fn read(repair: &str, file: &str) -> Vec<Case> {
    let path = folder().join(repair).join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines()
        .map(|line| {
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{}: {e}: {line}", path.display()))
        })
        .collect()
}

/// The cases of a repair, and how to make its stage for a mode.
pub struct Cases<S> {
    pub repair: Repair,
    pub make: fn(&str) -> S,
}

impl<S: TextStage> Cases<S> {
    /// Runs a text through the proof of the stage contract and returns what came out; the report
    /// has to replay and undo.
    pub fn run(&self, name: &str, mode: &str, input: &str) -> String {
        let (output, report) = harness::prove(|| (self.make)(mode), input);
        assert_eq!(replay(input, &report.events).as_ref(), Some(&output), "{name}");
        assert_eq!(undo(&output, &report.events).as_deref(), Some(input), "{name}");
        assert!(report.events.iter().all(|e| e.steps[0].repair == self.repair), "{name}");
        if (self.make)(mode).passes(input) {
            assert_eq!(output, input, "{name} said that it passes");
            assert!(report.events.is_empty(), "{name} said that it passes");
        }
        output
    }

    fn read(&self, file: &str) -> Vec<Case> {
        read(self.repair.name(), file)
    }

    fn compare(&self, cases: &[Case], want: impl Fn(&Case) -> &str) {
        let mut failed = Vec::new();
        for case in cases {
            let got = self.run(&case.name, &case.mode, &case.input);
            if got != want(case) {
                failed.push(format!("{}\n  got  {got:?}\n  want {:?}", case.name, want(case)));
            }
        }
        assert!(failed.is_empty(), "{} cases\n{}", failed.len(), failed.join("\n"));
    }

    pub fn damaged_text_is_mended(&self) {
        for file in MENDED {
            self.compare(&self.read(file), |case| case.output.as_deref().expect(&case.name));
        }
    }

    pub fn what_is_no_damage_stays(&self) {
        self.compare(&self.read(NEGATIVE), |case| {
            assert!(case.output.is_none(), "{}: a negative has no output", case.name);
            &case.input
        });
    }

    pub fn a_second_run_changes_nothing(&self) {
        for case in MENDED.iter().flat_map(|file| self.read(file)) {
            let once = self.run(&case.name, &case.mode, &case.input);
            assert_eq!(self.run(&case.name, &case.mode, &once), once, "{}", case.name);
        }
    }

    /// A known failure has the output that it should have, or none where it should stay.
    pub fn known_failures_still_fail(&self) {
        for case in self.read(KNOWN_FAILURES) {
            let got = self.run(&case.name, &case.mode, &case.input);
            let want = case.output.as_ref().unwrap_or(&case.input);
            assert_ne!(&got, want, "{} passes: move it", case.name);
        }
    }

    pub fn names_are_unique(&self) {
        let mut seen = BTreeSet::new();
        for file in MENDED.iter().chain([&NEGATIVE, &KNOWN_FAILURES]) {
            for case in self.read(file) {
                assert!(seen.insert(case.name.clone()), "{file}: {} stands twice", case.name);
            }
        }
    }

    /// Pieces that meet in ways nobody thought of: the contract holds, and nothing panics.
    pub fn any_mixture_keeps_the_contract(&self, pieces: &[&str], modes: &[&str]) {
        let mut state = 0x2545_F491_4F6C_DD1Du64;
        let mut below = |most: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % most as u64) as usize
        };
        for round in 0..60 {
            let long = if round % 15 == 0 { 1000 } else { 80 };
            let input: String = (0..long).map(|_| pieces[below(pieces.len())]).collect();
            for mode in modes {
                self.run("a mixture", mode, &input);
            }
        }
    }
}

/// The tests that every repair's cases go through.
#[macro_export]
macro_rules! labelled_cases {
    ($cases:expr) => {
        #[test]
        fn damaged_text_is_mended() {
            $cases.damaged_text_is_mended();
        }
        #[test]
        fn what_is_no_damage_stays() {
            $cases.what_is_no_damage_stays();
        }
        #[test]
        fn a_second_run_changes_nothing() {
            $cases.a_second_run_changes_nothing();
        }
        #[test]
        fn known_failures_still_fail() {
            $cases.known_failures_still_fail();
        }
        #[test]
        fn names_are_unique() {
            $cases.names_are_unique();
        }
    };
}
