//! What the repairs call sure is right, and how often what they call a guess is: text that no rule
//! was made from is damaged, mended, and every event is compared with what stood there.

use encoding_rs::Encoding;
use hanmend::Fixer;
use hanmend::convert::Converter;
use hanmend::event::Collect;
use hanmend::repair::Mojibake;
use hanmend::stage::Stage;

#[path = "support/calibration.rs"]
mod calibration;
#[path = "support/gloss_model.rs"]
mod gloss_model;
#[path = "support/prose.rs"]
mod prose;

use calibration::Certainty;
use gloss_model::{READERS, damage, naive_traditional};

#[test]
fn what_is_sure_is_right() {
    let mut certainty = Certainty::default();
    let fixer = Fixer::default();
    for seed in 0..40u64 {
        let first = (seed as usize * 5) % prose::PARAGRAPHS.len();
        let chosen = (first..first + 8).map(|i| prose::PARAGRAPHS[i % prose::PARAGRAPHS.len()]);
        let clean = naive_traditional(&chosen.collect::<Vec<_>>().join("\n")) + "\n";
        for reader in READERS {
            for split in [false, true] {
                let damaged = damage(&clean, 144, reader, split, seed);
                let mut report = Collect::default();
                let mended = fixer.fix_str_with(&damaged, &mut report).into_owned();
                certainty.count(calibration::judge(&clean, &mended, &report.events));
            }
        }
    }
    certainty.hold(10_000);
}

/// Pairs of encodings as browsers have them, whether the text is Traditional.
const PAIRS: [(&str, &str, bool); 16] = [
    ("utf-8", "windows-1252", false),
    ("utf-8", "windows-1251", false),
    ("utf-8", "macintosh", false),
    ("gb18030", "windows-1252", false),
    ("gb18030", "windows-1250", false),
    ("gb18030", "windows-1251", false),
    ("gb18030", "macintosh", false),
    ("big5", "windows-1252", true),
    ("big5", "gb18030", true),
    ("utf-8", "gb18030", false),
    ("utf-8", "gb18030", true),
    ("utf-8", "shift_jis", false),
    ("gb18030", "big5", false),
    ("gb18030", "euc-kr", false),
    ("gb18030", "euc-jp", false),
    ("gb18030", "shift_jis", false),
];

#[test]
fn what_is_sure_of_mojibake_is_right() {
    let mut certainty = Certainty::default();
    let mut stage = Mojibake::default();
    let s2t = Converter::new("s2t").unwrap();
    let cut = |ends: &'static [char]| {
        prose::PARAGRAPHS.iter().flat_map(move |paragraph| paragraph.split_inclusive(ends))
    };
    // Clauses, then sentences.
    let sentences: Vec<&str> = cut(&['。', '，', '、', '：']).chain(cut(&['。'])).collect();
    for (written, read, traditional) in PAIRS {
        let encoding = |name: &str| Encoding::for_label(name.as_bytes()).unwrap();
        for around in sentences.windows(3) {
            let good = if traditional { s2t.convert(around[1]) } else { around[1].to_owned() };
            let (bytes, _, lossy) = encoding(written).encode(&good);
            if lossy {
                continue;
            }
            let bad = encoding(read).decode_without_bom_handling(&bytes).0.into_owned();
            // Alone, inside good text, and where a good clause follows at once.
            for (before, after) in [("", ""), (around[0], around[2]), ("", &around[2][3..])] {
                let clean = format!("{before}{good}{after}");
                let mut report = Collect::default();
                let damaged = format!("{before}{bad}{after}");
                let mut mended = String::new();
                stage.push(&damaged, &mut mended, &mut report);
                stage.finish(&mut mended, &mut report);
                certainty.count(calibration::judge_line(&clean, &mended, &report.events));
            }
        }
    }
    certainty.hold(8_000);
}
