//! Every labelled case of every repair through the whole pipeline: its report replays and undoes,
//! and a second run finds nothing more to do.

use hanmend::Fixer;
use hanmend::event::{Collect, replay, undo};

#[path = "support/cases.rs"]
mod cases;

fn all() -> Vec<(String, cases::Case)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(cases::folder()).unwrap() {
        let repair = entry.unwrap().file_name().into_string().unwrap();
        let files = cases::MENDED.into_iter().chain([cases::NEGATIVE, cases::KNOWN_FAILURES]);
        for case in files.flat_map(|file| cases::read(&repair, file)) {
            all.push((repair.clone(), case));
        }
    }
    assert!(all.len() > 300, "{}", all.len());
    all
}

#[test]
fn every_case_replays_and_undoes() {
    let fixer = Fixer::default();
    for (repair, case) in all() {
        let mut report = Collect::default();
        let fixed = fixer.fix_str_with(&case.input, &mut report).into_owned();
        let name = format!("{repair}: {}", case.name);
        assert_eq!(replay(&case.input, &report.events).as_ref(), Some(&fixed), "{name}");
        assert_eq!(undo(&fixed, &report.events).as_ref(), Some(&case.input), "{name}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let fixer = Fixer::default();
    let mut more = Vec::new();
    for (repair, case) in all() {
        let once = fixer.fix_str(&case.input).into_owned();
        let twice = fixer.fix_str(&once);
        if twice != once {
            more.push(format!("{repair}: {}\n  once  {once}\n  twice {twice}", case.name));
        }
    }
    assert!(more.is_empty(), "{} cases\n{}", more.len(), more.join("\n"));
}

/// As many cases that have to stay as any repair can do harm with.
#[test]
fn there_are_enough_negatives() {
    for repair in ["entity", "gloss", "mojibake"] {
        let count = cases::read(repair, cases::NEGATIVE).len();
        assert!(count >= 50, "{repair} has {count}");
    }
}
