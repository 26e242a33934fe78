//! The scraped pages that the project began with, through the whole pipeline. They are not part of
//! the repository; without them these tests say that they skipped.

use std::path::Path;

use hanmend::convert::Converter;
use hanmend::convert::script::{Counts, Script};
use hanmend::decode::Encoding;
use hanmend::encode::{Encoder, Unmappable, encode};
use hanmend::event::{Silent, replay, undo};
use hanmend::stage::Stage;
use hanmend::{Fixer, ToScript};

/// The damaged page.
const DAMAGED: &str = "003_";

/// Names and texts of the pages.
fn seeds() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there are no pages in {}", folder.display());
        return Vec::new();
    };
    let mut seeds: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    seeds.sort();
    seeds
}

/// The undamaged text of a glossed page, made by hand: glosses after listed characters go, and the
/// two places where a gloss fell between the bytes of characters are put right.
fn undamaged(page: &str) -> String {
    let list = include_str!("../data/gloss/gloss-list.tsv");
    let mut text =
        page.replace("夠?qū)崱⑾嚓P(guān)", "夠實、相關").replace("要?jiǎng)?wù)的", "要務的");
    for row in list.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = row.split('\t');
        let (character, reading) = (columns.next().unwrap(), columns.next().unwrap());
        text = text.replace(&format!("{character}({reading})"), character);
    }
    text
}

fn encoded(encoding: Encoding, bom: bool, text: &str) -> Vec<u8> {
    let mut encoder = Encoder::new(encoding, Unmappable::Error, bom);
    let mut bytes = Vec::new();
    encoder.push(text, &mut bytes, &mut Silent);
    encoder.finish(&mut bytes, &mut Silent);
    assert_eq!(encoder.error(), None);
    bytes
}

/// `text` without the characters that `encoding` lacks (a no-break space, a bullet).
fn holdable(encoding: Encoding, text: &str) -> String {
    let lacks = |c: char| encode(c.encode_utf8(&mut [0; 4]), encoding, Unmappable::Error).is_err();
    let mut lacking: Vec<char> = text.chars().collect();
    lacking.sort_unstable();
    lacking.dedup();
    lacking.retain(|&c| lacks(c));
    text.replace(lacking.as_slice(), "")
}

fn fixer(script: &str) -> Fixer {
    Fixer::builder().script(ToScript::parse(script).unwrap()).build()
}

#[test]
fn the_damaged_page_is_restored_exactly() {
    for (name, page) in seeds().iter().filter(|(name, _)| name.starts_with(DAMAGED)) {
        let fixed = fixer("keep").fix_bytes(page.as_bytes());
        let expected = undamaged(page);
        assert!(expected.contains("第一要務的戰略思想") && expected.contains("夠實、相關制度"));
        assert!(fixed.text == expected, "{name} is not what it was");
        assert_eq!(replay(page, &fixed.events).as_deref(), Some(&*fixed.text));
        assert_eq!(undo(&fixed.text, &fixed.events).as_deref(), Some(page.as_str()));
        assert!(fixed.events.iter().all(|event| !event.is_mark()), "{name}: damage is left");
        assert_eq!(Counts::of(&fixed.text).script(), Script::NaiveHant);
        assert_eq!(fixer("keep").fix_str(&fixed.text), fixed.text, "a second run changes nothing");
    }
}

#[test]
fn the_damaged_page_reads_as_a_mainland_author_wrote_it() {
    for (name, page) in seeds().iter().filter(|(name, _)| name.starts_with(DAMAGED)) {
        let text = fixer("hans").fix_str(page).into_owned();
        assert!(text.trim_start().starts_with("贯实三保政法工作报告\n"), "{name}");
        assert_eq!(Counts::of(&text).traditional, 0, "{name}");
        for words in ["第一要务的战略思想", "不够实、相关制度不配套", "干部", "标杆", "顽症"]
        {
            assert!(text.contains(words), "{name} lacks {words}");
        }
    }
}

#[test]
fn the_other_pages_come_out_byte_for_byte() {
    for (name, page) in seeds().iter().filter(|(name, _)| !name.starts_with(DAMAGED)) {
        for script in ["keep", "hans"] {
            assert!(fixer(script).fix_str(page) == page.as_str(), "{name} changed with {script}");
        }
    }
}

#[test]
fn every_page_is_the_same_in_any_encoding() {
    let traditional = Converter::new("s2t").unwrap();
    for (name, page) in seeds() {
        for (encoding, bom) in [
            (Encoding::GB18030, false),
            (Encoding::GBK, false),
            (Encoding::BIG5, false),
            (Encoding::UTF_16LE, false),
            (Encoding::UTF_16LE, true),
            (Encoding::UTF_16BE, false),
            (Encoding::UTF_16BE, true),
            (Encoding::UTF_8, true),
        ] {
            let (page, expected) = match encoding {
                // Big5 has no Simplified characters, and none of the letters of pinyin.
                Encoding::BIG5 => {
                    let text = traditional.convert(&fixer("keep").fix_str(&page));
                    let text = holdable(encoding, &text);
                    (text.clone(), text)
                }
                _ => {
                    let page = holdable(encoding, &page);
                    let fixed = fixer("keep").fix_str(&page).into_owned();
                    (page, fixed)
                }
            };
            let bytes = encoded(encoding, bom, &page);
            let fixed = fixer("keep").fix_bytes(&bytes);
            let found = fixed.encoding.name();
            assert!(fixed.text == expected, "{name} as {} came as {found}", encoding.name());
            assert_eq!(fixed.bom, bom, "{name} as {}", encoding.name());
        }
    }
}
