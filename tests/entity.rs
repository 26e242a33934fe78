//! The labelled cases of the repair `entity`.

use std::collections::BTreeSet;
use std::path::Path;

use hanmend::event::{Repair, Silent, replay, undo};
use hanmend::repair::Entity;
use hanmend::stage::{Stage, TextStage, harness};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    mode: Mode,
    input: String,
    /// Missing where the input has to stay.
    output: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Plain,
    Html,
    Auto,
}

impl Mode {
    fn make(self) -> Entity {
        match self {
            Mode::Plain => Entity::plain(),
            Mode::Html => Entity::html(),
            Mode::Auto => Entity::auto(),
        }
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/entity").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Runs a case through the harness and returns what came out; the report has to replay and undo.
fn run(case: &Case) -> String {
    let (output, report) = harness::prove(|| case.mode.make(), case.input.as_str());
    assert_eq!(replay(&case.input, &report.events).as_ref(), Some(&output), "{}", case.name);
    assert_eq!(undo(&output, &report.events).as_ref(), Some(&case.input), "{}", case.name);
    assert!(report.events.iter().all(|e| e.steps[0].repair == Repair::Entity), "{}", case.name);
    if case.mode.make().passes(&case.input) {
        assert_eq!(output, case.input, "{} said that it passes", case.name);
    }
    output
}

#[test]
fn damaged_text_is_mended() {
    let mut failed = Vec::new();
    for case in cases("wild.jsonl").iter().chain(&cases("synthetic.jsonl")) {
        let got = run(case);
        let want = case.output.as_deref().expect(&case.name);
        if got != want {
            failed.push(format!("{}\n  got  {got}\n  want {want}", case.name));
        }
    }
    assert!(failed.is_empty(), "{} cases\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn what_is_no_damage_stays() {
    let mut failed = Vec::new();
    for case in &cases("negative.jsonl") {
        assert!(case.output.is_none(), "{}: a negative has no output", case.name);
        let got = run(case);
        if got != case.input {
            failed.push(format!("{}\n  got  {got}\n  want {}", case.name, case.input));
        }
    }
    assert!(failed.is_empty(), "{} cases\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_second_run_changes_nothing() {
    for case in cases("wild.jsonl").iter().chain(&cases("synthetic.jsonl")) {
        let once = run(case);
        let again = Case { name: case.name.clone(), mode: case.mode, input: once, output: None };
        assert_eq!(run(&again), again.input, "{}", case.name);
    }
}

#[test]
fn known_failures_still_fail() {
    for case in &cases("known-failures.jsonl") {
        let got = run(case);
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

/// All 2,231 names of the standard, with and without semicolon.
#[test]
fn every_name_of_the_standard() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tables/html-entities.tsv");
    let table = std::fs::read_to_string(path).unwrap();
    let mut names = 0;
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let text: String = fields[1]
            .split(' ')
            .map(|hex| char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap())
            .collect();
        let mut check = |reference: String| {
            names += 1;
            let markup = text.contains(['<', '>', '&', '"', '\'']);
            let html = if markup { &reference } else { &text };
            assert_eq!(&mend(Entity::html(), &reference), html, "{reference}");
            assert_eq!(mend(Entity::plain(), &reference), text, "{reference}");
            let double = reference.replace('&', "&amp;");
            assert_eq!(mend(Entity::plain(), &double), text, "{double}");
        };
        check(format!("&{};", fields[0]));
        if fields[2] == "bare" {
            check(format!("&{}", fields[0]));
        }
    }
    assert_eq!(names, 2231);
}

/// Every number, by the standard's table and rules.
#[test]
fn every_number() {
    for value in (0..0x3000).chain((0x3000..0x11_0100).step_by(97)).chain(0xD7FF..0xE001) {
        let want = match value {
            0 | 0xD800..=0xDFFF | 0x11_0000.. => '\u{FFFD}',
            0x80..=0x9F => {
                let byte = [value as u8];
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
                text.chars().next().unwrap()
            }
            _ => char::from_u32(value).unwrap(),
        };
        let want = want.to_string();
        assert_eq!(mend(Entity::plain(), &format!("&#{value};")), want, "{value}");
        assert_eq!(mend(Entity::plain(), &format!("&#x{value:x};")), want, "{value:x}");
    }
}

/// Pieces that meet in ways nobody thought of: the contract holds, and nothing panics.
#[test]
fn any_mixture_keeps_the_contract() {
    const PIECES: [&str; 40] = [
        "&",
        "#",
        "x",
        "amp;",
        "&amp;",
        "&#38;",
        "&#23454;",
        "&#x5B9E",
        ";",
        "；",
        "＆",
        "＃",
        "２",
        "ｘ",
        "5B9E",
        "&#55357;",
        "&#56832;",
        "\\u5b9e",
        "\\ud83d",
        "\\ude00",
        "\\",
        "%u5B9E",
        "%E5%AE%9E",
        "%E5",
        "%",
        "\"",
        "'",
        " ",
        "\n",
        "实",
        "，",
        "<p>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "http://a.cn/?a=1&copy=2",
        "&nbsp",
        "=",
        "<a b=\"",
    ];
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut below = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most as u64) as usize
    };
    for round in 0..45 {
        let long = if round % 15 == 0 { 1200 } else { 60 };
        let input: String = (0..long).map(|_| PIECES[below(PIECES.len())]).collect();
        for make in [Entity::plain, Entity::html, Entity::auto] {
            let (output, report) = harness::prove(make, input.as_str());
            assert_eq!(replay(&input, &report.events), Some(output));
        }
    }
}

fn mend(mut stage: Entity, input: &str) -> String {
    let mut out = String::new();
    stage.push(input, &mut out, &mut Silent);
    stage.finish(&mut out, &mut Silent);
    out
}
