//! Detection: no bytes make it panic, it does not depend on how they are cut, and it names what can
//! be decoded by that name.
#![no_main]

use hanmend::decode::{
    Decoder, Detection, Detector, Encoding, declared_charset, detect, detect_among,
};
use hanmend_fuzz::{pieces, run};
use libfuzzer_sys::fuzz_target;

const CANDIDATES: [Encoding; 8] = [
    Encoding::UTF_8,
    Encoding::GBK,
    Encoding::GB18030,
    Encoding::BIG5,
    Encoding::UTF_16LE,
    Encoding::HZ,
    Encoding::EUC_TW,
    Encoding::ISO_2022_CN,
];

fuzz_target!(|bytes: &[u8]| {
    let [among, cut, input @ ..] = bytes else { return };
    let whole = detect(input);
    is_sound(&whole);
    let mut detector = Detector::new();
    // Twice: after the end another input begins.
    for _ in 0..2 {
        assert_eq!(find(&mut detector, &pieces(input, *cut)), whole, "in pieces");
    }

    let mut decoder = Decoder::auto();
    run(&mut decoder, &[input]);
    assert_eq!(decoder.detection(), Some(&whole), "the decoder");
    assert_eq!(decoder.bom(), whole.bom);
    // These two are found, and not asked for.
    if ![Encoding::ASCII, Encoding::BINARY].contains(&whole.encoding) {
        let named = Encoding::for_label(whole.encoding.name());
        assert_eq!(named, Some(whole.encoding), "its name");
        run(&mut Decoder::with_encoding(whole.encoding), &[input]);
    }
    declared_charset(input);

    let picked = CANDIDATES.iter().enumerate().filter(|(bit, _)| among >> bit & 1 == 1);
    let candidates: Vec<Encoding> = picked.map(|(_, encoding)| *encoding).collect();
    let found = detect_among(input, &candidates);
    is_sound(&found);
    let mut detector = Detector::among(&candidates);
    assert_eq!(find(&mut detector, &pieces(input, *cut)), found, "among some, in pieces");
});

fn find(detector: &mut Detector, pieces: &[&[u8]]) -> Detection {
    let mut early: Option<Detection> = None;
    for piece in pieces {
        let found = detector.push(piece).cloned();
        assert!(early.is_none() || early == found, "changed from {early:?} to {found:?}");
        early = found;
    }
    let found = detector.finish();
    assert!(early.is_none_or(|early| early == found), "changed at the end to {found:?}");
    found
}

fn is_sound(found: &Detection) {
    assert!((0.0..=1.0).contains(&found.confidence), "{found:?}");
    if let Some((encoding, probable)) = found.runner_up {
        assert!((0.0..=1.0).contains(&probable) && encoding != found.encoding, "{found:?}");
    }
}
