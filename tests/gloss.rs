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

/// What a decoder took with the end of a run is chosen by likelihood; here `福` went, and the choice is wrong, but no line is cut.
#[test]
fn no_line_begins_with_a_mark_that_ends_a_clause() {
    let page = "畢業(yè)的同學(xué)送來(lái)一張照片，名叫“全家?！?，有人說(shuō)實(shí)在好看。\n";
    let out = CASES.run("a mark behind a quotation", "", page);
    assert!(out.contains("名叫“全家") && out.ends_with("，有人說實在好看。\n"), "{out}");
    assert_eq!(out.matches('\n').count(), 1, "{out}");
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
