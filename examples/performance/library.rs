//! What the library does, beside what limits it: a copy, the check of UTF-8, the decoder.

use std::hint::black_box;
use std::time::Instant;

use hanmend::Repairs;
use hanmend::decode::{Encoding, detect};
use hanmend::event::Silent;

use crate::clock::Clock;
use crate::support::Texts;
use crate::support::text::{documents, encoded};
use crate::support::whole::{DOCUMENT, PIECE, clean, fixer};
use crate::turns::{ROUNDS, Work, measure, median};

/// Sound text through a stream, bytes to bytes, and text that people wrote, which has some damage.
pub(crate) fn sound(texts: &Texts, reviews: &str) {
    println!("### Text of all kinds, one thread, MB/s\n");
    println!(
        "| text | script | `fix` | at least | a copy | std's check of UTF-8 | simdutf8's | encoding_rs | a byte, ns |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|");
    let mut rows = clean(texts);
    for script in ["keep", "hans", "hant"] {
        rows.push(("reviews, with damage", script, reviews.as_bytes().to_vec()));
    }
    for (name, script, bytes) in rows {
        let label = ["GBK", "Big5", "UTF-16LE"].into_iter().find(|label| name.ends_with(label));
        let bar = match (label, script) {
            (Some("GBK" | "Big5"), "keep") => "150",
            (None, "keep") if !name.contains("damage") => "1,000",
            (None, "hans" | "hant") => "200",
            _ => "",
        };
        let decoder = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
        let mut stream = fixer(script, Repairs::default()).stream();
        let (mut out, mut copy) =
            (Vec::with_capacity(bytes.len() * 2), Vec::with_capacity(bytes.len()));
        let text = if decoder.is_none() { &bytes[..] } else { b"" };
        let all = bytes.len();
        let [fix, copied, std, simd, decoded] = measure([
            Work::new(all, || {
                out.clear();
                for piece in bytes.chunks(PIECE) {
                    stream.push(black_box(piece), &mut out, &mut Silent).expect("UTF-8 has all");
                }
                stream.finish(&mut out, &mut Silent).expect("UTF-8 has all");
            }),
            Work::new(all, || {
                copy.clear();
                bytes.chunks(PIECE).for_each(|piece| copy.extend_from_slice(black_box(piece)));
            }),
            Work::new(text.len(), || is_utf8(std::str::from_utf8(black_box(text)).is_ok())),
            Work::new(text.len(), || is_utf8(simdutf8::basic::from_utf8(black_box(text)).is_ok())),
            Work::new(if decoder.is_some() { all } else { 0 }, || {
                if let Some(decoder) = decoder {
                    black_box(decoder.decode_without_bom_handling(black_box(&bytes)));
                }
            }),
        ])
        .map(|speed| speed / 1e6);
        let or =
            |known: bool, speed: f64| if known { format!("{speed:.0}") } else { String::new() };
        println!(
            "| {name} | {script} | {fix:.0} | {bar} | {copied:.0} | {} | {} | {} | {:.2} |",
            or(decoder.is_none(), std),
            or(decoder.is_none(), simd),
            or(decoder.is_some(), decoded),
            1e3 / fix
        );
    }
}

fn is_utf8(sound: bool) {
    assert!(black_box(sound));
}

/// Each kind of damage.
pub(crate) fn damaged(texts: &Texts) {
    println!("\n### Damaged text, one thread, MB/s\n");
    println!("| repair | damage | `fix` | the same text sound | times as long |");
    println!("|---|---|---:|---:|---:|");
    for damaged in &texts.damaged {
        let repairs = if damaged.repair == "noise" { Repairs::all() } else { Repairs::default() };
        let fixer = fixer("keep", repairs);
        let sound = fixer.fix_str(&damaged.text).into_owned();
        let (mut one, mut other) = (fixer.stream(), fixer.stream());
        let (mut out, mut same) = (Vec::new(), Vec::new());
        let [mended, passed] = measure([
            Work::new(damaged.text.len(), || {
                out.clear();
                one.push(black_box(damaged.text.as_bytes()), &mut out, &mut Silent)
                    .expect("UTF-8 has all");
                one.finish(&mut out, &mut Silent).expect("UTF-8 has all");
            }),
            Work::new(sound.len(), || {
                same.clear();
                other
                    .push(black_box(sound.as_bytes()), &mut same, &mut Silent)
                    .expect("UTF-8 has all");
                other.finish(&mut same, &mut Silent).expect("UTF-8 has all");
            }),
        ]);
        println!(
            "| {} | {} | {:.2} | {:.0} | {:.1} |",
            damaged.repair,
            damaged.name,
            mended / 1e6,
            passed / 1e6,
            passed / mended
        );
    }
}

/// Documents as an ingest job has them, one call a document.
pub(crate) fn small(texts: &Texts) {
    println!("\n### Documents of {DOCUMENT} bytes, one thread, documents a second\n");
    println!(
        "| call | script | documents | at least | checked and copied, no more | times as long |"
    );
    println!("|---|---|---:|---:|---:|---:|");
    let docs = documents(&texts.simplified, DOCUMENT);
    let gbk: Vec<Vec<u8>> = docs.iter().map(|doc| encoded(doc, Encoding::GBK)).collect();
    let plain: Vec<Vec<u8>> = docs.iter().map(|doc| doc.as_bytes().to_vec()).collect();
    for script in ["keep", "hans", "hant"] {
        let fixer = fixer(script, Repairs::default());
        let copy = || {
            Work::new(docs.len(), || {
                plain
                    .iter()
                    .for_each(|doc| drop(black_box(String::from_utf8(black_box(doc).clone()))));
            })
        };
        let bytes = |docs: &[Vec<u8>]| {
            docs.iter().for_each(|doc| drop(black_box(fixer.fix_bytes(black_box(doc)))));
        };
        let [strings, utf8, legacy, least] = measure([
            Work::new(docs.len(), || {
                docs.iter().for_each(|doc| drop(black_box(fixer.fix_str(black_box(doc)))));
            }),
            Work::new(docs.len(), || bytes(&plain)),
            Work::new(docs.len(), || bytes(&gbk)),
            copy(),
        ]);
        for (call, speed) in
            [("fix_str", strings), ("fix_bytes", utf8), ("fix_bytes of GBK", legacy)]
        {
            let bar = if call == "fix_bytes of GBK" { "" } else { "200,000" };
            println!(
                "| {call} | {script} | {speed:.0} | {bar} | {least:.0} | {:.1} |",
                least / speed
            );
        }
    }
}

/// One fixer in one thread and in two, both on the clock and in processor time.
pub(crate) fn threads(texts: &Texts) {
    println!("\n### Threads\n");
    println!("| documents of {DOCUMENT} bytes, `fix_bytes` | on the clock | of processor time |");
    println!("|---|---:|---:|");
    let docs = documents(&texts.simplified, DOCUMENT);
    let fixer = fixer("hans", Repairs::default());
    let run = |threads: usize| {
        let start = Instant::now();
        let work = || {
            let start = Clock::now();
            docs.iter().for_each(|doc| drop(black_box(fixer.fix_bytes(black_box(doc.as_bytes())))));
            start.elapsed().as_secs_f64()
        };
        let busy: f64 = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        let done = (threads * docs.len()) as f64;
        (done / start.elapsed().as_secs_f64(), done / busy)
    };
    let mut speeds = [(); 2].map(|()| (Vec::new(), Vec::new()));
    for _ in 0..=2 * ROUNDS {
        for (threads, (clock, busy)) in speeds.iter_mut().enumerate() {
            let (wall, own) = run(threads + 1);
            clock.push(wall);
            busy.push(own);
        }
    }
    let [one, two] = speeds.map(|(clock, busy)| (median(clock), median(busy)));
    println!("| one thread | {:.0} | {:.0} |", one.0, one.1);
    println!("| two, together; each | {:.0} | {:.0} |", two.0, two.1);
    println!("| ratio; linear is 2 and 1 | {:.2} | {:.2} |", two.0 / one.0, two.1 / one.1);
}

/// Texts that detection is measured on, of each size.
const SNIPPETS: usize = 16;

/// Detection beside chardetng.
pub(crate) fn detection(texts: &Texts) {
    println!("\n### Detection beside chardetng, MB/s\n");
    println!("| encoding | bytes in UTF-8 | hanmend | chardetng 1.0 | times chardetng |");
    println!("|---|---:|---:|---:|---:|");
    for (encoding, text) in [
        (Encoding::UTF_8, &texts.simplified),
        (Encoding::GBK, &texts.simplified),
        (Encoding::BIG5, &texts.traditional),
    ] {
        for size in [256, 4096, 65536] {
            let docs = documents(text, size);
            let pieces: Vec<Vec<u8>> =
                docs.iter().take(SNIPPETS).map(|doc| encoded(doc, encoding)).collect();
            let peer = |piece: &[u8]| {
                let mut detector =
                    chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
                detector.feed(piece, true);
                detector.guess(None, chardetng::Utf8Detection::Allow)
            };
            let all = pieces.iter().map(Vec::len).sum();
            let [own, other] = measure([
                Work::new(all, || pieces.iter().for_each(|piece| drop(black_box(detect(piece))))),
                Work::new(all, || {
                    for piece in &pieces {
                        black_box(peer(piece));
                    }
                }),
            ])
            .map(|speed| speed / 1e6);
            let name = encoding.name();
            println!("| {name} | {size} | {own:.0} | {other:.1} | {:.1} |", own / other);
        }
    }
}
