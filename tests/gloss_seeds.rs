//! The pages that the damage was described from, where they lie beside the project.

use std::path::Path;

use hanmend::repair::Gloss;
use hanmend::stage::harness;

fn seeds() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no {}", folder.display());
        return Vec::new();
    };
    entries
        .map(|e| {
            let e = e.unwrap();
            (e.file_name().into_string().unwrap(), std::fs::read_to_string(e.path()).unwrap())
        })
        .collect()
}

#[test]
fn the_glossed_page_is_restored_and_the_others_stay() {
    for (name, text) in seeds() {
        let (mended, report) = harness::prove(Gloss::default, &text);
        if !name.starts_with("003_") {
            assert_eq!(mended, text, "{name}");
            assert!(report.events.is_empty(), "{name}");
            continue;
        }
        assert!(mended.contains("不夠實、相關制度不配套"), "{name}");
        assert!(mended.contains("發展是第一要務的戰略思想,增強為"), "{name}");
        assert!(mended.contains("鄉鎮(街道)維穩"), "{name}");
        let toned = |c: char| "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ".contains(c);
        assert!(!mended.contains(toned) && !mended.contains(['?', '\u{FFFD}']), "{name}");
        let misaligned: Vec<_> =
            report.events.iter().filter(|e| e.rule() == "misaligned").collect();
        assert_eq!(misaligned.len(), 2, "{misaligned:?}");
        // Everything but the two misaligned places is the page without its glosses.
        let taken: usize =
            report.events.iter().filter(|e| e.rule() == "list").map(|e| e.before.len()).sum();
        let run: usize = misaligned.iter().map(|e| e.before.len() - e.after.len()).sum();
        assert_eq!(mended.len() + taken + run, text.len());
    }
}
