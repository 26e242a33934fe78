//! How mojibake comes about: text is written in one encoding and read in another, by the steps of a pair.

#![allow(dead_code, unreachable_pub)] // each user takes what it needs

use encoding_rs::Encoding;

/// How text is corrupted: by a list of steps, each bytes and how they are read.
pub struct Pair {
    pub name: &'static str,
    pub traditional: bool,
    pub steps: &'static [(&'static str, &'static str)],
    /// Whether nothing is lost.
    pub lossless: bool,
}

const fn pair(
    name: &'static str,
    lossless: bool,
    steps: &'static [(&'static str, &'static str)],
) -> Pair {
    Pair { name, traditional: false, steps, lossless }
}

const fn hant(
    name: &'static str,
    lossless: bool,
    steps: &'static [(&'static str, &'static str)],
) -> Pair {
    Pair { name, traditional: true, steps, lossless }
}

pub const PAIRS: &[Pair] = &[
    pair("utf-8>windows-1252", true, &[("utf-8", "windows-1252")]),
    pair("utf-8>latin-1", true, &[("utf-8", "latin-1")]),
    pair("utf-8>windows-1252 twice", true, &[("utf-8", "windows-1252"), ("utf-8", "windows-1252")]),
    pair(
        "utf-8>windows-1252 3 times",
        true,
        &[("utf-8", "windows-1252"), ("utf-8", "windows-1252"), ("utf-8", "windows-1252")],
    ),
    pair("utf-8>cp1252 strict, U+FFFD", false, &[("utf-8", "cp1252 replace")]),
    pair("utf-8>cp1252 strict, dropped", false, &[("utf-8", "cp1252 ignore")]),
    pair("utf-8>windows-1250", true, &[("utf-8", "windows-1250")]),
    pair("utf-8>windows-1251", true, &[("utf-8", "windows-1251")]),
    pair("utf-8>cp437", true, &[("utf-8", "cp437")]),
    pair("utf-8>macintosh", true, &[("utf-8", "macintosh")]),
    pair("gbk>latin-1", true, &[("gb18030", "latin-1")]),
    pair("gbk>windows-1252", true, &[("gb18030", "windows-1252")]),
    pair("gbk>windows-1250", true, &[("gb18030", "windows-1250")]),
    pair("gbk>windows-1251", true, &[("gb18030", "windows-1251")]),
    pair("gbk>cp437", true, &[("gb18030", "cp437")]),
    pair("gbk>macintosh", true, &[("gb18030", "macintosh")]),
    pair(
        "gbk>windows-1252, utf-8>windows-1252",
        true,
        &[("gb18030", "windows-1252"), ("utf-8", "windows-1252")],
    ),
    pair("gbk>utf-8 where valid, else cp1252", true, &[("gb18030", "fused")]),
    hant("big5>latin-1", true, &[("big5", "latin-1")]),
    hant("big5>windows-1252", true, &[("big5", "windows-1252")]),
    hant("big5>gbk", true, &[("big5", "gb18030")]),
    pair("utf-8>gbk, browser", false, &[("utf-8", "gb18030")]),
    pair("utf-8>gbk, Python replace", false, &[("utf-8", "gbk replace")]),
    pair("utf-8>gbk, Python ignore", false, &[("utf-8", "gbk ignore")]),
    pair("utf-8>gbk, ? for one byte", false, &[("utf-8", "gbk ?")]),
    hant("utf-8>gbk, browser, Traditional", false, &[("utf-8", "gb18030")]),
    pair("utf-8>gbk twice", false, &[("utf-8", "gb18030"), ("utf-8", "gb18030")]),
    pair("utf-8>shift_jis", false, &[("utf-8", "shift_jis")]),
    pair("gbk>big5", false, &[("gb18030", "big5")]),
    pair("gbk>euc-kr", false, &[("gb18030", "euc-kr")]),
    pair("gbk>euc-jp", false, &[("gb18030", "euc-jp")]),
    pair("gbk>shift_jis", false, &[("gb18030", "shift_jis")]),
    pair("utf-16le>utf-16be", false, &[("utf-16le", "utf-16be")]),
    pair("utf-16le>latin-1", true, &[("utf-16le", "latin-1")]),
    pair("utf-16be>windows-1252", true, &[("utf-16be", "windows-1252")]),
    pair("utf-16le>gbk", false, &[("utf-16le", "gb18030")]),
    pair("utf-16be>gbk", false, &[("utf-16be", "gb18030")]),
];

/// What leaves too little: it is to be recognised and left.
pub const SCATTERED: &[Pair] = &[
    pair("utf-8>big5", false, &[("utf-8", "big5")]),
    pair("utf-8>euc-jp", false, &[("utf-8", "euc-jp")]),
    pair("utf-8>euc-kr", false, &[("utf-8", "euc-kr")]),
];

const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

fn encode(text: &str, name: &str) -> Option<Vec<u8>> {
    if name == "utf-8" {
        return Some(text.as_bytes().to_vec());
    }
    if name.starts_with("utf-16") {
        let bytes = |u: u16| if name == "utf-16le" { u.to_le_bytes() } else { u.to_be_bytes() };
        return Some(text.encode_utf16().flat_map(bytes).collect());
    }
    let (bytes, _, lossy) = Encoding::for_label(name.as_bytes())?.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

fn decode(bytes: &[u8], name: &str) -> String {
    match name {
        "latin-1" => bytes.iter().map(|&b| char::from(b)).collect(),
        "cp437" => {
            let upper: Vec<char> = CP437.chars().collect();
            let one = |&b: &u8| if b < 0x80 { char::from(b) } else { upper[usize::from(b) - 0x80] };
            bytes.iter().map(one).collect()
        }
        "cp1252 replace" | "cp1252 ignore" => {
            let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0;
            let strict = |c: char| match c {
                '\u{80}'..='\u{9F}' if name.ends_with("replace") => Some('\u{FFFD}'),
                '\u{80}'..='\u{9F}' => None,
                c => Some(c),
            };
            text.chars().filter_map(strict).collect()
        }
        "gbk replace" => python_gbk(bytes, Some('\u{FFFD}')),
        "gbk ?" => python_gbk(bytes, Some('?')),
        "gbk ignore" => python_gbk(bytes, None),
        "fused" => fused(bytes),
        name => Encoding::for_label(name.as_bytes())
            .map_or_else(String::new, |e| e.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// Python's `gbk`: no 80, no private use, and an error takes one byte.
fn python_gbk(bytes: &[u8], mark: Option<char>) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            out.push(char::from(bytes[at]));
            at += 1;
            continue;
        }
        let pair = &bytes[at..bytes.len().min(at + 2)];
        let whole = (pair.len() == 2 && bytes[at] > 0x80)
            .then(|| encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(pair))
            .flatten()
            .filter(|t| {
                t.chars().count() == 1 && !t.contains(|c| ('\u{E000}'..='\u{F8FF}').contains(&c))
            });
        match whole {
            Some(text) => {
                out.push_str(&text);
                at += 2;
            }
            None => {
                out.extend(mark);
                at += 1;
            }
        }
    }
    out
}

/// Pairs that are valid UTF-8 are one character, the other bytes one each.
fn fused(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let pair = &bytes[at..bytes.len().min(at + 2)];
        if let (0xC4..=0xDF, Ok(text)) = (bytes[at], std::str::from_utf8(pair)) {
            out.push_str(text);
            at += 2;
        } else {
            out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes[at..=at]).0);
            at += 1;
        }
    }
    out
}

/// The text as it is read; `None` where it cannot be written so.
pub fn corrupt(text: &str, pair: &Pair) -> Option<String> {
    let mut text = text.to_owned();
    for (written, read) in pair.steps {
        text = decode(&encode(&text, written)?, read);
    }
    Some(text)
}
