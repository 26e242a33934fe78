//! What the repairs call sure is right, and how often what they call a guess is: text that no rule
//! was made from is damaged, mended, and every event is compared with what stood there.

use hanmend::Fixer;
use hanmend::event::{Collect, Outcome};

#[path = "support/calibration.rs"]
mod calibration;
#[path = "support/gloss_model.rs"]
mod gloss_model;
#[path = "support/prose.rs"]
mod prose;

use calibration::Tally;
use gloss_model::{READERS, damage, naive_traditional};

#[test]
fn what_is_sure_is_right() {
    let (mut sure, mut guess) = (Tally::default(), Tally::default());
    let fixer = Fixer::default();
    for seed in 0..40u64 {
        let first = (seed as usize * 5) % prose::PARAGRAPHS.len();
        let chosen = (first..first + 8).map(|i| prose::PARAGRAPHS[i % prose::PARAGRAPHS.len()]);
        let clean = naive_traditional(&chosen.collect::<Vec<_>>().join("\n")) + "\n";
        for reader in READERS {
            // A decoder that drops what it cannot read leaves no mark at a cut: the text around a
            // gloss may be hurt and cannot be seen to be. benches/repair/RECORD.md has the figure.
            let splits: &[bool] =
                if reader == gloss_model::Reader::Ignore { &[false] } else { &[false, true] };
            for &split in splits {
                let damaged = damage(&clean, 144, reader, split, seed);
                let mut report = Collect::default();
                let mended = fixer.fix_str_with(&damaged, &mut report).into_owned();
                for (event, right) in calibration::judge(&clean, &mended, &report.events) {
                    match event.outcome {
                        Outcome::Sure => sure.count(right, event),
                        Outcome::Guess => guess.count(right, event),
                        Outcome::Unrepaired(_) => {}
                    }
                }
            }
        }
    }
    println!("sure {sure}\nguess {guess}");
    assert!(sure.all >= 10_000, "{sure}");
    assert!(sure.wrong() * 10_000 <= sure.all, "{sure}");
    assert!(guess.right * 10 >= guess.all * 5, "{guess}");
}
