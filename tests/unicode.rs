//! The labelled cases of the repair `unicode`.

use hanmend::event::Repair;
use hanmend::repair::Unicode;
use hanmend::stage::harness;

#[path = "support/cases.rs"]
mod cases;

const CASES: cases::Cases<Unicode> =
    cases::Cases { repair: Repair::Unicode, make: |_| Unicode::default() };

labelled_cases!(CASES);

#[test]
fn any_mixture_keeps_the_contract() {
    const PIECES: [&str; 30] = [
        "实", "現", "ab", "1", " ", "\n", "，", "、", "\0", "\u{93}", "\u{85}", "é", "\u{AD}",
        "\u{200B}", "\u{200D}", "\u{200E}", "\u{202E}", "\u{FEFF}", "⼈", "⼝", "\u{E815}",
        "\u{E5E5}", "\u{F900}", "﹐", "か", "م", "﹝", "﹞", "⿰", "\u{94}",
    ];
    CASES.any_mixture_keeps_the_contract(&PIECES, &[""]);
}

#[test]
fn without_guesses_they_are_marked() {
    let input = "有人在说话，他\u{E820}住了门。⼈民";
    let (output, report) = harness::prove(|| Unicode::default().guess(false), input);
    assert_eq!(output, "有人在说话，他\u{E820}住了门。人民");
    assert!(report.events[0].is_mark() && !report.events[1].is_mark());
}
