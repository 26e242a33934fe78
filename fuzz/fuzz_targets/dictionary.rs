//! Configs and dictionaries that a user brings: a fault in them is an error that says which, never a
//! panic; what is made of them converts alike in both engines and in all pieces.
//!
//! The input is text, cut by lines of `====`: a config; the dictionary `words.txt` beside it;
//! phrases that stay; the text to convert.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use hanmend::convert::{Converter, Overlay, Phrases, target::Target};
use hanmend::dict::{Table, compile, parse_rows};
use hanmend_fuzz::{leads, run, text_pieces};
use libfuzzer_sys::fuzz_target;

/// A chain multiplies: ten dictionaries that double a character make a thousand of it.
const MOST_STEPS: usize = 8;
const MOST_OUT: usize = 1 << 16;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("hanmend-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(input) = std::str::from_utf8(bytes) else { return };
    let mut parts = input.split("\n====\n");
    let (config, words) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let (kept, text) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));

    let rows = parse_rows(words);
    if let Ok(rows) = &rows {
        let table = Table::from_vec(compile(rows)).unwrap();
        assert_eq!(table.keys(), rows.len());
        for row in rows {
            let found = table.exact(row.key.as_bytes()).expect(&row.key);
            assert_eq!(found.value, row.values[0].as_bytes());
        }
    }

    if config.matches("\"type\"").count() <= MOST_STEPS && grows(config, words, text) <= MOST_OUT {
        std::fs::write(FOLDER.join("words.txt"), words).unwrap();
        std::fs::write(FOLDER.join("config.json"), config).unwrap();
        for tofu in [true, false] {
            let builder = Converter::builder_from_file(FOLDER.join("config.json")).tofu(tofu);
            match builder.build() {
                Ok(converter) => drop(hanmend_fuzz::convert(&converter, text, config.len() as u8)),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }

    let Ok(rows) = rows else { return };
    let phrases = Phrases::default().rows(rows).protect(kept.lines());
    let converter = Converter::builder("t2tw").phrases(phrases.clone()).build().unwrap();
    hanmend_fuzz::convert(&converter, text, words.len() as u8);
    let overlay = phrases.compile().unwrap();
    to_target(&overlay, text, words.len() as u8);
});

/// A target with phrases of one's own.
fn to_target(overlay: &std::sync::Arc<Overlay>, text: &str, seed: u8) {
    let stage = || Target::Hans.stage_with(overlay.clone());
    let (out, report) = run(&mut stage(), &[text]);
    leads(text, &report.events, &out);
    assert_eq!(run(&mut stage(), &text_pieces(text, seed)), (out, report), "in pieces");
}

/// At most how many bytes may come of `text`, roughly: every step may put the longest value for
/// every character.
fn grows(config: &str, words: &str, text: &str) -> usize {
    let longest = |text: &str, marks: &[char]| text.split(marks).map(str::len).max().unwrap_or(0);
    let most = longest(config, &['"']).max(longest(words, &['\t', '\n', ' '])).max(1) / 3 + 1;
    let steps = config.matches("\"dict\"").count().max(1) as u32;
    text.len().saturating_mul(most.saturating_pow(steps))
}
