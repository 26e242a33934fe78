//! Cases of the whole pipeline.

use std::hint::black_box;

use hanmend::decode::Encoding;
use hanmend::event::Silent;
use hanmend::{Fixer, Repairs, ToScript};

use super::Case;
use super::text::{Texts, documents, encoded};

/// Bytes that are pushed at once, as the program reads them.
pub const PIECE: usize = 256 * 1024;
/// Bytes of a document of an ingest job.
pub const DOCUMENT: usize = 2000;

/// A fixer that brings text into a script, with the repairs that are on by default, or all.
pub fn fixer(script: &str, repairs: Repairs) -> Fixer {
    let script = ToScript::parse(script).expect("the name of a script");
    Fixer::builder().script(script).repairs(repairs).build()
}

pub(super) fn cases(texts: &Texts) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, script, bytes) in clean(texts) {
        cases.push(stream(
            "fix",
            format!("{name}, {script}"),
            bytes,
            &fixer(script, Repairs::default()),
        ));
    }
    for damaged in &texts.damaged {
        let name = format!("{}: {}", damaged.repair, damaged.name);
        let repairs = if damaged.repair == "noise" { Repairs::all() } else { Repairs::default() };
        cases.push(stream(
            "mend",
            name,
            damaged.text.clone().into_bytes(),
            &fixer("keep", repairs),
        ));
    }
    cases.extend(small(texts));
    cases
}

/// Sound text of each kind, and the script it is brought into.
pub fn clean(texts: &Texts) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut clean = Vec::new();
    for script in ["keep", "hans", "hant"] {
        clean.push(("Simplified", script, texts.simplified.clone().into_bytes()));
        clean.push(("Traditional", script, texts.traditional.clone().into_bytes()));
    }
    clean.push(("English", "keep", texts.english.clone().into_bytes()));
    clean.push(("code", "keep", texts.code.clone().into_bytes()));
    clean.push(("odd code", "keep", texts.odd_code.clone().into_bytes()));
    clean.push(("Simplified in GBK", "keep", encoded(&texts.simplified, Encoding::GBK)));
    clean.push(("Traditional in Big5", "keep", encoded(&texts.traditional, Encoding::BIG5)));
    clean.push(("Simplified in UTF-16LE", "keep", encoded(&texts.simplified, Encoding::UTF_16LE)));
    clean.push(("page in GBK", "keep", encoded(&texts.page, Encoding::GBK)));
    clean.push(("page in Big5", "hans", encoded(&texts.page_traditional, Encoding::BIG5)));
    clean
}

/// Bytes to bytes in pieces.
fn stream(group: &'static str, name: String, bytes: Vec<u8>, fixer: &Fixer) -> Case {
    let (mut stream, mut out) = (fixer.stream(), Vec::with_capacity(bytes.len() * 2));
    Case::new(group, name, bytes.len(), move || {
        out.clear();
        for piece in bytes.chunks(PIECE) {
            stream.push(black_box(piece), &mut out, &mut Silent).expect("UTF-8 has all characters");
        }
        stream.finish(&mut out, &mut Silent).expect("UTF-8 has all characters");
        black_box(&out);
    })
}

/// Documents one by one through one fixer.
fn small(texts: &Texts) -> Vec<Case> {
    let docs = documents(&texts.simplified, DOCUMENT);
    let gbk: Vec<Vec<u8>> = docs.iter().map(|doc| encoded(doc, Encoding::GBK)).collect();
    let (utf8, own) = (docs.clone(), fixer("keep", Repairs::default()));
    let (strings, bytes) = (own.clone(), own.clone());
    let sum = |docs: &[Vec<u8>]| docs.iter().map(Vec::len).sum();
    vec![
        Case::new("documents", "fix_str", docs.iter().map(String::len).sum(), move || {
            docs.iter().for_each(|doc| drop(black_box(strings.fix_str(black_box(doc)))));
        }),
        Case::new("documents", "fix_bytes", utf8.iter().map(String::len).sum(), move || {
            utf8.iter().for_each(|doc| drop(black_box(bytes.fix_bytes(black_box(doc.as_bytes())))));
        }),
        Case::new("documents", "fix_bytes, GBK", sum(&gbk), move || {
            gbk.iter().for_each(|doc| drop(black_box(own.fix_bytes(black_box(doc)))));
        }),
    ]
}

pub(super) fn threads(texts: &Texts) -> Vec<Case> {
    let case = |threads: usize| {
        let docs = documents(&texts.simplified, DOCUMENT);
        let fixer = fixer("keep", Repairs::default());
        let bytes = threads * docs.iter().map(String::len).sum::<usize>();
        Case::new("threads", threads.to_string(), bytes, move || {
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        docs.iter()
                            .for_each(|doc| drop(black_box(fixer.fix_bytes(doc.as_bytes()))));
                    });
                }
            });
        })
    };
    vec![case(1), case(2)]
}
