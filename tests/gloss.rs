//! The labelled cases of the repair `gloss`.

use hanmend::event::Repair;
use hanmend::repair::Gloss;

#[path = "support/cases.rs"]
mod cases;

const CASES: cases::Cases<Gloss> =
    cases::Cases { repair: Repair::Gloss, make: |_| Gloss::default() };

labelled_cases!(CASES);

#[test]
fn what_is_no_damage_stays_among_its_like() {
    let all: String =
        cases::read("gloss", cases::NEGATIVE).iter().map(|case| case.input.clone()).collect();
    assert_eq!(CASES.run("all negatives", "", &all), all);
}

/// The tables are made from packages that are too large to keep here: where they lie at hand, they
/// have to give the tables again.
#[test]
fn the_tables_are_what_the_sources_give() {
    if std::env::var_os("HANMEND_SOURCES").is_none() {
        println!("skipped: HANMEND_SOURCES names no folder with the packages of data/SOURCES.toml");
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/data/gloss/refresh.py");
    let check = std::process::Command::new("python3").args([script, "--check"]).output().unwrap();
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "run data/gloss/refresh.py: {said}");
}
