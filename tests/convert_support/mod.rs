//! What tests of conversion share: texts made of dictionary keys, and a small generator.
#![allow(dead_code, unreachable_pub)]

use std::path::Path;

use hanmend::convert::Converter;
use hanmend::dict::parse_rows;
use hanmend::event::Silent;
use hanmend::stage::Stage;

/// A small deterministic generator, so that a failing text can be had again.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// The keys and first values of all dictionaries.
pub fn words() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/opencc");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let mut words = Vec::new();
    for file in files {
        for row in parse_rows(&std::fs::read_to_string(file).unwrap()).unwrap() {
            words.extend([row.key].into_iter().chain(row.values.into_iter().take(1)));
        }
    }
    words
}

/// Text of about `len` bytes: words whole and cut, in any order, with what stands between words
/// and what confuses: Latin letters, characters of all planes, description sequences.
pub fn mixture(words: &[String], random: &mut Random, len: usize) -> String {
    const BETWEEN: [&str; 16] = [
        "，",
        "。",
        "\n",
        "\r\n",
        " ",
        "PN",
        "SQL",
        "B",
        "A",
        "U",
        "·",
        "-",
        "é",
        "\u{1F600}",
        "\u{3000}",
        "abc 123",
    ];
    const OPERATORS: [&str; 8] = ["⿰", "⿱", "⿲", "⿳", "⿴", "⿾", "⿿", "㇯"];
    let mut text = String::new();
    while text.len() < len {
        let word = random.of(words);
        let cut = word.char_indices().map(|(i, _)| i).nth(random.below(word.chars().count()));
        let cut = cut.unwrap_or(0);
        match random.below(100) {
            0..55 => text.push_str(word),
            55..63 => text.push_str(&word[cut..]),
            63..70 => text.push_str(&word[..cut]),
            70..76 => text.push_str(BETWEEN[random.below(16)]),
            76 => text.push_str(OPERATORS[random.below(8)]),
            77..90 => text.extend(word.chars().next()),
            _ => {
                let (low, high) = *random.of(&[
                    (0x4E00, 0xA000),
                    (0x3400, 0x4DC0),
                    (0xF900, 0xFB00),
                    (0x20000, 0x32000),
                    (1, 0x3000),
                ]);
                text.extend(char::from_u32(
                    low + random.below(high as usize - low as usize) as u32,
                ));
            }
        }
    }
    text
}

/// What a stage of `converter` makes of `text` in chunks of about `size` bytes.
pub fn in_chunks(converter: &Converter, text: &str, size: usize) -> String {
    let mut stage = converter.stage();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, more) = rest.split_at(rest.ceil_char_boundary(size));
        stage.push(chunk, &mut out, &mut Silent);
        assert!(stage.held() <= stage.max_held(), "chunks of {size}");
        rest = more;
    }
    stage.finish(&mut out, &mut Silent);
    out
}
