//! Damaged text, made by the models that the tests mend.

use super::gloss_model::{self, READERS, Random, naive_traditional};
use super::line_damage::{entity_damage, unicode_damage};
use super::mojibake_model::{PAIRS, corrupt};

/// A text with the damage of one kind.
pub struct Damaged {
    /// The repair that undoes it.
    pub repair: &'static str,
    pub name: &'static str,
    pub text: String,
}

/// Pairs of mojibake: those that pages show, one that takes the longest search, one of UTF-16.
const MOJIBAKE: [&str; 6] = [
    "utf-8>windows-1252",
    "gbk>latin-1",
    "big5>gbk",
    "utf-8>gbk, browser",
    "utf-8>gbk, Python replace",
    "utf-16le>latin-1",
];
const ENTITY: [&str; 4] =
    ["decimal", "escaped twice", "\\u escapes, runs of Han", "% escapes of GBK, runs of Han"];
const UNICODE: [&str; 2] = ["zero-width space after each second character", "Kangxi radicals"];
/// Characters of the annotator's list that the glossed pages have.
const LIST: usize = 144;

/// Every kind, made of `size` bytes of text.
pub(super) fn all(simplified: &str, traditional: &str, size: usize) -> Vec<Damaged> {
    let (simplified, traditional) = (cut(simplified, size), cut(traditional, size));
    let mut all = Vec::new();
    for pair in PAIRS.iter().filter(|pair| MOJIBAKE.contains(&pair.name)) {
        let from = if pair.traditional { traditional } else { simplified };
        let text = lines(from, |line| corrupt(line, pair));
        all.push(Damaged { repair: "mojibake", name: pair.name, text });
    }
    for (name, damage) in entity_damage().into_iter().filter(|(name, _)| ENTITY.contains(name)) {
        all.push(Damaged { repair: "entity", name, text: lines(simplified, damage) });
    }
    let plain = gloss_model::gbk_only(&naive_traditional(simplified));
    for (reader, name) in
        READERS.into_iter().zip(["? for two bytes", "browser", "replace", "ignore"])
    {
        let text = gloss_model::damage(&plain, LIST, reader, true, 1);
        all.push(Damaged { repair: "gloss", name, text });
    }
    let text = gloss_model::toneless(&plain, gloss_model::bare_reading, &mut Random::new(3));
    all.push(Damaged { repair: "gloss", name: "toneless", text });
    for (name, damage) in unicode_damage().into_iter().filter(|(name, _)| UNICODE.contains(name)) {
        all.push(Damaged { repair: "unicode", name, text: lines(simplified, damage) });
    }
    let starred = |line: &str| Some(line.chars().flat_map(|c| [c, '*']).collect());
    all.push(Damaged {
        repair: "noise",
        name: "a star between characters",
        text: lines(simplified, starred),
    });
    all
}

/// Each line damaged, or as it was where it cannot be.
fn lines(text: &str, damage: impl Fn(&str) -> Option<String>) -> String {
    text.lines().map(|line| damage(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

fn cut(text: &str, size: usize) -> &str {
    &text[..text.floor_char_boundary(size.min(text.len()))]
}
