//! The labelled cases of the repair `unicode`.

use std::collections::BTreeSet;
use std::path::Path;

use hanmend::event::{Repair, replay, undo};
use hanmend::repair::Unicode;
use hanmend::stage::{TextStage, harness};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    input: String,
    /// Missing where the input has to stay.
    output: Option<String>,
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/unicode").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Runs a case through the harness and returns what came out; the report has to replay and undo.
fn run(name: &str, input: &str) -> String {
    let (output, report) = harness::prove(Unicode::default, input);
    assert_eq!(replay(input, &report.events).as_ref(), Some(&output), "{name}");
    assert_eq!(undo(&output, &report.events).as_deref(), Some(input), "{name}");
    assert!(report.events.iter().all(|e| e.steps[0].repair == Repair::Unicode), "{name}");
    if Unicode::default().passes(input) {
        assert_eq!(output, input, "{name} said that it passes");
    }
    output
}

fn compare(cases: &[Case], want: impl Fn(&Case) -> &str) {
    let mut failed = Vec::new();
    for case in cases {
        let got = run(&case.name, &case.input);
        if got != want(case) {
            failed.push(format!("{}\n  got  {got:?}\n  want {:?}", case.name, want(case)));
        }
    }
    assert!(failed.is_empty(), "{} cases\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn damaged_text_is_mended() {
    for file in ["wild.jsonl", "synthetic.jsonl"] {
        compare(&cases(file), |case| case.output.as_deref().expect(&case.name));
    }
}

#[test]
fn what_is_no_damage_stays() {
    compare(&cases("negative.jsonl"), |case| {
        assert!(case.output.is_none(), "{}: a negative has no output", case.name);
        &case.input
    });
}

#[test]
fn a_second_run_changes_nothing() {
    for case in cases("wild.jsonl").iter().chain(&cases("synthetic.jsonl")) {
        let once = run(&case.name, &case.input);
        assert_eq!(run(&case.name, &once), once, "{}", case.name);
    }
}

#[test]
fn known_failures_still_fail() {
    for case in &cases("known-failures.jsonl") {
        let got = run(&case.name, &case.input);
        assert_ne!(Some(&got), case.output.as_ref(), "{} passes: move it", case.name);
    }
}

#[test]
fn names_are_unique() {
    let mut seen = BTreeSet::new();
    for file in ["wild.jsonl", "synthetic.jsonl", "negative.jsonl", "known-failures.jsonl"] {
        for case in cases(file) {
            assert!(seen.insert(case.name.clone()), "{file}: {} stands twice", case.name);
        }
    }
}

/// Pieces that meet in ways nobody thought of: the contract holds.
#[test]
fn any_mixture_keeps_the_contract() {
    const PIECES: [&str; 26] = [
        "实", "現", "ab", "1", " ", "\n", "，", "、", "\0", "\u{93}", "\u{85}", "é", "\u{AD}",
        "\u{200B}", "\u{200D}", "\u{200E}", "\u{202E}", "\u{FEFF}", "⼈", "⼝", "\u{E815}",
        "\u{E5E5}", "\u{F900}", "﹐", "か", "م",
    ];
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut below = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most as u64) as usize
    };
    for round in 0..60 {
        let long = if round % 15 == 0 { 1000 } else { 80 };
        let input: String = (0..long).map(|_| PIECES[below(PIECES.len())]).collect();
        run("a mixture", &input);
    }
}

#[test]
fn without_guesses_they_are_marked() {
    let input = "有人在说话，他\u{E820}住了门。⼈民";
    let (output, report) = harness::prove(|| Unicode::default().guess(false), input);
    assert_eq!(output, "有人在说话，他\u{E820}住了门。人民");
    assert!(report.events[0].is_mark() && !report.events[1].is_mark());
}
