//! The encoder as a stage.

mod decode_support;

use decode_support::{HANS, HANT, encode, run};
use hanmend::decode::{Decoder, Encoding};
use hanmend::encode::{Encoder, Unmappable};
use hanmend::event::{Silent, replay};
use hanmend::stage::Stage;
use hanmend::stage::harness::prove;

#[test]
fn every_encoding_of_the_web_round_trips_what_it_writes() {
    for (text, names) in [
        (HANS, ["utf-8", "utf-16le", "utf-16be", "gb18030", "gbk"].as_slice()),
        (HANT, ["big5", "big5-hkscs", "gbk", "gb18030"].as_slice()),
        ("ひらがなと漢字。\n", ["euc-jp", "shift_jis", "iso-2022-jp"].as_slice()),
        ("한국어 글.\n", ["euc-kr"].as_slice()),
    ] {
        for name in names {
            let encoding = Encoding::for_label(name).unwrap();
            let (bytes, _) = prove(|| Encoder::new(encoding, Unmappable::Error, true), text);
            let (back, _) = run(&mut Decoder::with_encoding(encoding), &bytes, 7);
            assert_eq!(back, text, "{name}");
        }
    }
}

#[test]
fn what_is_not_in_the_encoding_is_told() {
    let text = "甲😀乙ก丙";
    let make = |u| move || Encoder::new(Encoding::GBK, u, false);
    let (bytes, report) = prove(make(Unmappable::Question), text);
    assert_eq!(bytes, encode("甲?乙?丙", "gbk"));
    assert_eq!(report.events.len(), 2);
    assert_eq!(replay(text, &report.events).unwrap(), "甲?乙?丙");
    let (bytes, report) = prove(make(Unmappable::Reference), text);
    assert_eq!(bytes, encode("甲&#128512;乙&#3585;丙", "gbk"));
    assert_eq!(replay(text, &report.events).unwrap(), "甲&#128512;乙&#3585;丙");

    let (bytes, report) = prove(make(Unmappable::Error), text);
    assert_eq!(bytes, encode("甲", "gbk"));
    assert!(report.events.is_empty());
    let mut encoder = make(Unmappable::Error)();
    encoder.push(text, &mut Vec::new(), &mut Silent);
    let error = encoder.error().unwrap().to_string();
    assert!(error.contains("U+1F600") && error.contains("byte 3"), "{error}");
}

#[test]
fn hkscs_writes_all_that_it_reads() {
    let mut kept = 0;
    for code in 0x8140..=0xFEFEu16 {
        let bytes = code.to_be_bytes();
        let (text, report) = run(&mut Decoder::with_encoding(Encoding::BIG5_HKSCS), &bytes, 2);
        if !report.events.is_empty() {
            continue;
        }
        let again = encode(&text, "big5-hkscs");
        let (back, _) = run(&mut Decoder::with_encoding(Encoding::BIG5_HKSCS), &again, 2);
        assert_eq!(back, text, "{code:04X}");
        kept += usize::from(again == bytes);
    }
    // A few characters have two codes; all others come back to the byte.
    assert!(kept > 18_000, "{kept}");
    let (bytes, _) =
        prove(|| Encoder::new(Encoding::BIG5_HKSCS, Unmappable::Error, false), "Ê̄Êê̌ê鿋");
    assert_eq!(run(&mut Decoder::with_encoding(Encoding::BIG5), &bytes, 9).0, "Ê̄Êê̌ê鿋");
}

#[test]
fn the_encodings_the_web_left_come_back() {
    for (text, names) in [
        (HANS, ["hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "utf-32le", "utf-32be"].as_slice()),
        (HANT, ["euc-tw", "big5-uao", "iso-2022-cn", "utf-32le"].as_slice()),
        ("a~b ~{ 中~文\n~\n", ["hz-gb-2312"].as_slice()),
        ("乂\n這々です国\n", ["big5-uao"].as_slice()),
    ] {
        for name in names {
            let encoding = Encoding::for_label(name).unwrap();
            let (bytes, _) = prove(|| Encoder::new(encoding, Unmappable::Error, true), text);
            let (back, report) = prove(|| Decoder::with_encoding(encoding), &bytes[..]);
            assert_eq!(back, text, "{name}");
            assert!(report.events.is_empty(), "{name}: {:?}", report.events);
        }
    }
    let make = || Encoder::new(Encoding::HZ, Unmappable::Question, false);
    assert_eq!(prove(make, "中😀文").0, b"~{VP~}?~{ND~}");
}

/// The extension's planes are read under the plain name, too.
#[test]
fn what_iso_2022_cn_reads_can_be_written() {
    let bytes = b"\x1B$+I\x1BOUM\n";
    let (text, _) = prove(|| Decoder::with_encoding(Encoding::ISO_2022_CN), &bytes[..]);
    assert_eq!(text, "璳\n");
    let to = Encoding::ISO_2022_CN.to_write();
    let (written, _) = prove(|| Encoder::new(to, Unmappable::Error, false), &*text);
    assert_eq!(written, bytes);
}

/// ASCII that would be read as an escape or a shift is no character of ISO 2022: it would come back as nothing.
#[test]
fn escapes_in_the_text_are_not_written() {
    let written = |text: &str| {
        let make = || Encoder::new(Encoding::ISO_2022_CN, Unmappable::Question, false);
        let (bytes, _) = prove(make, text);
        prove(|| Decoder::with_encoding(Encoding::ISO_2022_CN), &bytes[..]).0
    };
    for kept in ["\x1B[1m中\x1B[0m文", "\x1B$x", "\x1B$*G", "\x0EVP\x0F", "\x1B\n中"] {
        assert_eq!(written(kept), kept);
    }
    for (text, read) in [
        ("\x1B$)A\x0EVP", "\x1B$)?\x0EVP"),
        ("中\x1B$)G文", "中\x1B$)?文"),
        ("中\x0E文", "中?文"),
        ("\x1BN", "\x1B?"),
        ("\x1B$*H文", "\x1B$*?文"),
    ] {
        assert_eq!(written(text), read);
    }
}

#[test]
fn the_six_codes_of_gb18030_have_their_characters() {
    let codes = b"\xFE\x51\xFE\x52\xFE\x53\xFE\x6C\xFE\x76\xFE\x91";
    for encoding in [Encoding::GB18030, Encoding::GBK] {
        let (text, _) = prove(|| Decoder::with_encoding(encoding), &codes[..]);
        assert_eq!(text, "\u{20087}\u{20089}\u{200CC}\u{215D7}\u{2298F}\u{241FE}");
        let (bytes, _) = prove(|| Encoder::new(encoding, Unmappable::Error, false), &text[..]);
        assert_eq!(bytes, codes);
    }
}
