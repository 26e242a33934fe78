//! Compiled tables, damaged: opening them is an error or a look-up finds nothing; neither panics.
//!
//! A byte chooses which; if it is even, the rest is the table, else it says which bytes of a good
//! one are others: two bytes of place and one of value each.
#![no_main]

use std::sync::LazyLock;

use hanmend::convert::Converter;
use hanmend::decode::detection_model;
use hanmend::dict::frequency::Frequencies;
use hanmend::dict::{Table, compile, parse_rows};
use libfuzzer_sys::fuzz_target;

const TEXTS: [&str; 7] = ["皇后镇的", "后", "PN结", "A", "没有", "𠮷野家", ""];

static ROWS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rows =
        "后\t後 后\n皇后\t皇后\n皇后镇\t皇后鎮\nPN结\tPN結\nA\tB\n𠮷\t吉\n没\t沒\n没有\t沒有 無\n";
    compile(&parse_rows(rows).unwrap())
});

static FREQUENCIES: &[u8] = include_bytes!("../../data/compiled/frequencies.bin");
static FACTS: &[u8] = include_bytes!("../../data/compiled/opencc/t2tw.fast");
static MODEL: &[u8] = include_bytes!("../../data/compiled/detect.bin");

fuzz_target!(|bytes: &[u8]| {
    let [kind, rest @ ..] = bytes else { return };
    let raw = kind & 1 == 0;
    match kind >> 1 & 3 {
        0 => table(if raw { rest.to_vec() } else { damaged(&ROWS, rest, 1) }),
        // Whose parts are further apart.
        1 => frequencies(&if raw { rest.to_vec() } else { damaged(FREQUENCIES, rest, 6) }),
        2 => facts(if raw { rest.to_vec() } else { damaged(FACTS, rest, 1) }),
        _ => _ = detection_model(&if raw { rest.to_vec() } else { damaged(MODEL, rest, 6) }),
    }
});

/// A good table with bytes of it replaced, at places that are multiples of `step`, and then cut, if
/// there is a byte left over.
fn damaged(good: &[u8], changes: &[u8], step: usize) -> Vec<u8> {
    let (changes, rest) = changes.as_chunks::<3>();
    let mut bytes = good.to_vec();
    for &[low, high, value] in changes {
        let at = usize::from(u16::from_le_bytes([low, high])) * step % good.len();
        bytes[at] = value;
    }
    if let [cut] = rest {
        bytes.truncate(good.len().saturating_sub(usize::from(*cut)));
    }
    bytes
}

fn table(bytes: Vec<u8>) {
    let size = bytes.len();
    let Ok(table) = Table::from_vec(bytes) else { return };
    for text in TEXTS.map(str::as_bytes) {
        let found = table.longest(text);
        assert!(found.is_none_or(|found| found.len <= text.len() && found.value.len() <= size));
        assert!(table.exact(text).is_none_or(|found| found.len == text.len()));
    }
    // A damaged table may say the same records of every head.
    for (key, found) in table.entries().take(10_000) {
        assert_eq!(key.len(), found.len);
    }
    let _ = (table.keys(), table.longest_bytes(), table.longest_chars(), table.shrink());
}

fn frequencies(bytes: &[u8]) {
    let Ok(model) = Frequencies::open(bytes) else { return };
    let ids: Vec<_> = "的一不國国\0\u{FFFF}𠮷".chars().map(|c| model.id(c)).collect();
    for &a in ids.iter().chain([&model.edge()]) {
        let _ = (model.cost(a), model.char(a), model.followers(a).count());
        for &b in &ids {
            model.follow(a, b);
        }
    }
    model.all().for_each(|(id, _)| _ = model.follow(id, id));
}

/// Converts by facts that are wrong: the text is wrong, too, and nothing worse.
fn facts(bytes: Vec<u8>) {
    if let Ok(converter) = Converter::with_facts("t2tw", bytes) {
        converter.convert("裏面的麪包，爲什麼\u{2FF0}氵每𠮷eéあ。".repeat(9).as_str());
    }
}
