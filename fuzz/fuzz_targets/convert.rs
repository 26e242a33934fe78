//! Conversion: the fast engine, the exact one, any chunks and, with the feature `reference`,
//! OpenCC give the same.
//!
//! A byte of the input chooses the config, one how the text is cut; then come pieces of text: two
//! bytes below 0xC000 choose a dictionary's key, or a part of one, others are characters.
#![no_main]

use std::sync::OnceLock;

use hanmend::convert::{CONFIGS, Converter};
use libfuzzer_sys::fuzz_target;

/// The keys of all dictionaries.
fn keys() -> &'static [String] {
    static KEYS: OnceLock<Vec<String>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/opencc");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
        files.sort();
        let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
        let rows = texts.flat_map(|text| hanmend::dict::parse_rows(&text).unwrap());
        rows.map(|row| row.key).collect()
    })
}

fn converters() -> &'static [Converter] {
    static ALL: OnceLock<Vec<Converter>> = OnceLock::new();
    ALL.get_or_init(|| CONFIGS.iter().map(|config| Converter::new(config).unwrap()).collect())
}

/// The text that the bytes stand for.
fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for pair in bytes.chunks_exact(2) {
        let number = u32::from(u16::from_be_bytes([pair[0], pair[1]]));
        match number {
            // NUL ends OpenCC's text.
            0 => text.push('\n'),
            1..0xC000 => {
                let keys = keys();
                let key: Vec<char> = keys[number as usize * 13 % keys.len()].chars().collect();
                // Now and then without its end or its beginning.
                let part = match number % 5 {
                    0 => &key[..key.len().div_ceil(2)],
                    1 => &key[key.len() / 2..],
                    _ => &key[..],
                };
                text.extend(part);
            }
            0xC000..0xC080 => {
                text.push(char::from_u32(number - 0xC000).filter(|c| *c != '\0').unwrap_or(' '))
            }
            0xC080..0xC0A0 => text.extend(char::from_u32(0x2FE0 + number - 0xC080)),
            0xC0A0..0xD000 => text.extend(char::from_u32(0x2_0000 + number)),
            _ => text.extend(char::from_u32(number - 0xD000 + 0x4E00)),
        }
    }
    text
}

fuzz_target!(|bytes: &[u8]| {
    let [config, cut, rest @ ..] = bytes else { return };
    let index = usize::from(*config) % CONFIGS.len();
    let text = text(rest);
    let out = hanmend_fuzz::convert(&converters()[index], &text, *cut);

    #[cfg(feature = "reference")]
    assert_eq!(reference(index, &text), out, "{}: OpenCC differs", CONFIGS[index]);
    #[cfg(not(feature = "reference"))]
    let _ = out;
});

/// What OpenCC makes of a text.
#[cfg(feature = "reference")]
fn reference(index: usize, text: &str) -> String {
    thread_local! {
        static ALL: Vec<opencc_rust::OpenCC> = {
            let home = std::env::var("HANMEND_OPENCC").expect("scripts/fuzz sets this");
            let open = |config| opencc_rust::OpenCC::new(format!("{home}/share/opencc/{config}.json"));
            CONFIGS.iter().map(|config| open(config).unwrap()).collect()
        };
    }
    ALL.with(|all| all[index].convert(text).unwrap())
}
