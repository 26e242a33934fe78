//! Conversion against OpenCC itself. `scripts/reference` sets it up and runs this; without the
//! feature `reference` there is nothing to compare with.

#[cfg(not(feature = "reference"))]
#[test]
fn same_as_opencc() {
    println!("skipped: scripts/reference sets OpenCC up and compares");
}

#[cfg(feature = "reference")]
mod convert_support;

#[cfg(feature = "reference")]
mod reference {
    use std::path::Path;

    use super::convert_support::{Random, in_chunks, mixture, words};
    use hanmend::convert::{CONFIGS, Converter};
    use opencc_rust::OpenCC;

    /// Bytes of text made of dictionary words, for each config.
    const MIXTURE: usize = 2_000_000;
    /// OpenCC gets its text in such parts, at ends of lines.
    const PART: usize = 4_000_000;
    const CHUNKS: [usize; 7] = [1, 2, 3, 7, 64, 997, 65_536];

    #[test]
    fn same_as_opencc() {
        let home = std::env::var("HANMEND_OPENCC").expect("scripts/reference runs this test");
        let words = words();
        let mut random = Random(1_4_2);
        for config in CONFIGS {
            let path = Path::new(&home).join("share/opencc").join(format!("{config}.json"));
            let opencc = OpenCC::new(path).expect("OpenCC opens its config");
            let converter = Converter::new(config).unwrap();
            let mut bytes = compare(&opencc, &converter, &mixture(&words, &mut random, MIXTURE));
            for text in corpus() {
                for part in parts(&text) {
                    bytes += compare(&opencc, &converter, part);
                    // The same text in the other scripts, as some of it is what a config converts.
                    for other in ["s2t", "s2twp", "s2hkp"] {
                        let part = Converter::new(other).unwrap().convert(part);
                        bytes += compare(&opencc, &converter, &part);
                    }
                }
            }
            println!("{config}: {bytes} bytes are the same, whole and in chunks of {CHUNKS:?}");
        }
    }

    /// The texts of the folder that `HANMEND_CORPUS` names.
    fn corpus() -> Vec<String> {
        let Some(folder) = std::env::var_os("HANMEND_CORPUS") else { return Vec::new() };
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
        files.sort();
        let read = |file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        files.into_iter().map(read).collect()
    }

    fn parts(text: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while rest.len() > PART {
            let end = rest.as_bytes()[PART..].iter().position(|&b| b == b'\n');
            let (part, later) = rest.split_at(end.map_or(rest.len(), |end| PART + end));
            parts.push(part);
            rest = later;
        }
        parts.push(rest);
        parts
    }

    /// Compares a text whole and in chunks; returns its length.
    fn compare(opencc: &OpenCC, converter: &Converter, text: &str) -> usize {
        // OpenCC drops what follows a NUL in a segment; we keep it.
        let text = text.replace('\0', "");
        let want = opencc.convert(&*text).expect("OpenCC converts UTF-8");
        let name = converter.name();
        let whole = converter.convert(&text);
        if whole != want {
            let line =
                text.lines().find(|line| opencc.convert(*line).unwrap() != converter.convert(line));
            panic!("{name} differs from OpenCC on {line:?}");
        }
        for size in CHUNKS {
            let out = in_chunks(converter, &text, size);
            assert!(out == want, "{name} in chunks of {size}");
        }
        text.len()
    }
}
