//! Sound text, made of what is in the repository, the same each time.

use std::collections::HashMap;

use hanmend::convert::Converter;
use hanmend::decode::Encoding;
use hanmend::encode::{Unmappable, encode};

use super::damage::{self, Damaged};
use super::gloss_model::Random;
use super::prose::PARAGRAPHS;

/// The texts, each of about the same size. `simplified` is `HANMEND_BENCH_TEXT`, where that is set.
pub struct Texts {
    pub simplified: String,
    pub traditional: String,
    pub english: String,
    /// Programs, as most are.
    pub code: String,
    /// Programs that are full of characters that Chinese hardly has, and of escapes of them.
    pub odd_code: String,
    /// Most of what a page is made of is markup.
    pub page: String,
    pub page_traditional: String,
    /// Each kind of damage; less of it, as it takes long to mend.
    pub damaged: Vec<Damaged>,
}

impl Texts {
    /// Texts of `size` bytes; damaged ones are made of `damaged` bytes.
    pub fn new(size: usize, damaged: usize) -> Texts {
        let simplified = own().map_or_else(|| prose(size), |text| repeated(&text, size));
        let traditional = to_traditional(&simplified);
        Texts {
            page: page(&simplified, size, "gbk"),
            page_traditional: page(&traditional, size, "big5"),
            english: repeated(include_str!("../../LICENSE-APACHE"), size),
            damaged: damage::all(&simplified, &traditional, damaged),
            code: repeated(
                concat!(
                    include_str!("../../src/batch/inputs.rs"),
                    include_str!("../../src/batch/manifest.rs"),
                    include_str!("../../src/batch/commit.rs"),
                    include_str!("../../src/batch/lanes.rs"),
                    include_str!("../../src/dict/table.rs"),
                ),
                size,
            ),
            odd_code: repeated(
                concat!(
                    include_str!("../../data/tables/train_detect.py"),
                    include_str!("../../data/gloss/refresh.py"),
                ),
                size,
            ),
            simplified,
            traditional,
        }
    }
}

/// A text of one's own, Simplified.
pub fn own() -> Option<String> {
    let path = std::env::var_os("HANMEND_BENCH_TEXT")?;
    Some(std::fs::read_to_string(path).expect("HANMEND_BENCH_TEXT names a text in UTF-8"))
}

/// The keys of OpenCC's phrase dictionary in random order, with punctuation and some ASCII between: more
/// phrases than prose has, so that the exact rules of conversion weigh more.
pub fn phrases(size: usize) -> String {
    let keys: Vec<&str> = include_str!("../../data/opencc/STPhrases.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t').map(|(key, _)| key))
        .collect();
    let (mut text, mut random) = (String::with_capacity(size + 64), Random::new(1));
    while text.len() < size {
        text.push_str(keys[random.below(keys.len())]);
        text.push_str(match random.below(32) {
            0..6 => "，",
            6..8 => "。\n",
            8 => " 2026 ",
            _ => "",
        });
    }
    text
}

/// The sentences of the tests' prose in random order, six a paragraph.
fn prose(size: usize) -> String {
    let sentences: Vec<&str> = PARAGRAPHS.iter().flat_map(|p| p.split_inclusive('。')).collect();
    let (mut text, mut random) = (String::with_capacity(size + 256), Random::new(2));
    while text.len() < size {
        (0..6).for_each(|_| text.push_str(sentences[random.below(sentences.len())]));
        text.push('\n');
    }
    text
}

/// Paragraphs of `text` between the markup that pages have around them.
fn page(text: &str, size: usize, charset: &str) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"{charset}\">\n<link rel=\"stylesheet\" \
         href=\"/static/site.css\">\n</head>\n<body>\n"
    );
    for (number, line) in text.lines().enumerate() {
        page.push_str(&format!(
            "<div class=\"article-body\" id=\"p{number}\"><a href=\"/list?page={number}\" \
             target=\"_blank\"><img src=\"/img/{number}.jpg\" width=\"120\" height=\"90\"></a>\n<p \
             style=\"text-indent:2em\">{line}</p></div>\n"
        ));
        if page.len() > size {
            break;
        }
    }
    page + "</body>\n</html>\n"
}

pub fn to_traditional(text: &str) -> String {
    Converter::new("s2t").expect("the name of a config").convert(text)
}

/// The text again and again, cut at `size` bytes or a little before.
pub fn repeated(text: &str, size: usize) -> String {
    let mut text = text.repeat(size.div_ceil(text.len().max(1)));
    text.truncate(text.floor_char_boundary(size));
    text
}

/// The text in another encoding; what that lacks is left out.
pub fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    let mut known: HashMap<char, bool> = HashMap::new();
    let mut has = |c: char| {
        *known.entry(c).or_insert_with(|| {
            encode(c.encode_utf8(&mut [0; 4]), encoding, Unmappable::Error).is_ok()
        })
    };
    let kept: String = text.chars().filter(|&c| has(c)).collect();
    encode(&kept, encoding, Unmappable::Error).expect("what it lacks was left out")
}

/// Documents of `size` bytes or a little less, cut at characters.
pub fn documents(text: &str, size: usize) -> Vec<String> {
    let mut rest = text;
    let mut documents = Vec::new();
    while rest.len() > size {
        let (document, more) = rest.split_at(rest.floor_char_boundary(size));
        documents.push(document.to_owned());
        rest = more;
    }
    documents
}
