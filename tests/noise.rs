//! The labelled cases of the repair `noise`.

use hanmend::event::Repair;
use hanmend::repair::Noise;

#[path = "support/cases.rs"]
mod cases;

const CASES: cases::Cases<Noise> =
    cases::Cases { repair: Repair::Noise, make: |_| Noise::default() };

labelled_cases!(CASES);

#[test]
fn any_mixture_keeps_the_contract() {
    const PIECES: [&str; 20] = [
        "实",
        "現",
        "的",
        "ab",
        "1",
        " ",
        "\n",
        "，",
        "、",
        "。",
        "?",
        "*",
        "　",
        "❤\u{FE0F}",
        "✔",
        "\u{1D574}",
        "|",
        "!",
        "★",
        "❤\u{FE0F}✔",
    ];
    CASES.any_mixture_keeps_the_contract(&PIECES, &[""]);
}
