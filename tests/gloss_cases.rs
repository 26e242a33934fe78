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
