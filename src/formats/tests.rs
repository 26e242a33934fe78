//! What every format promises, on generated files: clean ones stay byte for byte, no file whatever
//! loses data, and how the input is cut decides nothing.

use crate::decode::Encoding;
use crate::encode::Unmappable;
use crate::event::{Collect, Repair, replay};
use crate::{Fixer, OutputEncoding, Repairs, ToScript};
use proptest::prelude::*;

use super::{Kind, Settings, Stream};

pub(super) fn settings(script: &str, repairs: Repairs) -> Settings {
    let script = ToScript::parse(script).unwrap();
    let text = Fixer::builder().script(script).repairs(repairs);
    // Read as UTF-8, but for the members of archives.
    let mut settings = Settings::new(text.clone().encoding(Some(Encoding::UTF_8)));
    (settings.encoding, settings.text) = (None, text);
    settings
}

/// The result and the events, the input given in pieces of `size`.
pub(super) fn run(
    settings: &Settings,
    kind: Kind,
    input: &[u8],
    size: usize,
) -> (Vec<u8>, Collect) {
    let (mut woven, mut out) = (Stream::new(settings.clone(), kind), Vec::new());
    let mut sink = Collect { conversions: true, ..Collect::default() };
    for piece in input.chunks(size.max(1)) {
        woven.push(piece, &mut out, &mut sink).unwrap();
    }
    woven.finish(&mut out, &mut sink).unwrap();
    (out, sink)
}

/// The same, in several sizes, which have to agree; and the events replay.
#[track_caller]
pub(super) fn proven(settings: &Settings, kind: Kind, input: &str) -> String {
    let (out, sink) = run(settings, kind, input.as_bytes(), input.len());
    for size in [1, 2, 7, 64] {
        let (again, heard) = run(settings, kind, input.as_bytes(), size);
        assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&out), "{size}");
        assert_eq!(heard, sink, "{size}");
    }
    let out = String::from_utf8(out).unwrap();
    assert_eq!(replay(input, &sink.events).as_deref(), Some(out.as_str()));
    out
}

/// Bytes that are no character are told where they stand, also in a longer mark of a repair.
#[test]
fn what_decoding_marked_in_a_mark_is_told_in_its_place() {
    let builder = Fixer::builder().encoding(Some(Encoding::GB18030));
    let settings = Settings::new(builder);
    let input = b"\xE9\x83\xD1\xFF\xFF\xFF\xDC\xDC\xDC\xDC\xDC\xDC\xDC\xDC\xDC\n\n\xFF\xFF\x01J\n";
    let (out, whole) = run(&settings, Kind::Html, input, input.len());
    let text = String::from_utf8(out.clone()).unwrap();
    let marks = whole.events.iter().filter(|event| event.steps[0].repair == Repair::Decode);
    assert!(marks.clone().count() > 3, "{whole:?}");
    for mark in marks {
        let place = mark.input.start as usize..mark.input.end as usize;
        assert_eq!((&text[place], &mark.output), ("\u{FFFD}", &mark.input), "{mark:?}");
    }
    for size in [1, 2, 3, 7] {
        assert_eq!(run(&settings, Kind::Html, input, size), (out.clone(), whole.clone()), "{size}");
    }
}

#[test]
fn what_is_marked_is_converted() {
    let hant = |kind, input| proven(&settings("hant", Repairs::default()), kind, input);
    for page in ["烫烫烫", "<p>烫<b>烫</b>烫烫烫", "烫烫&#x70EB;烫"] {
        let mended = page.replace("&#x70EB;", "烫").replace('烫', "燙");
        assert_eq!(hant(Kind::Html, page), mended);
    }
    assert_eq!(
        hant(Kind::Csv, "a,烫烫烫,烫\n1,\"烫烫烫\",烫烫烫"),
        "a,燙燙燙,燙\n1,\"燙燙燙\",燙燙燙"
    );
    assert_eq!(hant(Kind::Jsonl, "{\"a\":\"烫烫烫烫\"}\n"), "{\"a\":\"燙燙燙燙\"}\n");
    let cue = "1\n00:00:01,000 --> 00:00:02,000\n<i>烫烫</i>烫烫烫\n";
    assert_eq!(hant(Kind::SubRip, cue), cue.replace('烫', "燙"));
}

const KINDS: [Kind; 7] =
    [Kind::Jsonl, Kind::Csv, Kind::Tsv, Kind::Html, Kind::SubRip, Kind::WebVtt, Kind::Ass];

/// Pieces of the syntax of all formats, and of good and damaged text, put together at random.
const PARTS: &[&str] = &[
    "實(sh&iacute)",
    "烫烫烫",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\\u5b9e",
    "\\ud83d",
    "\\n",
    "1",
    "null",
    "{\"text\":\"",
    "\"}\n",
    "他們說的都是",
    "&#x5B9E;",
    "話,誰也不必再問。",
    "實(shí)",
    "å®žçŽ°",
    "\u{fffd}",
    "?",
    "(shí)",
    " ",
    "a",
    "&lt;",
    "&",
    "<",
    ">",
    "头",
    "发",
    "\u{feff}",
    "\u{200b}",
    "/",
    "!",
    "b",
    "&#98;",
    "&#47;",
    "<b title=",
    "-->",
    "title>",
];

/// Records of WARC, good and bad.
const RECORDS: &[&str] = &[
    "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n头发\r\n\r\n",
    "WARC/1.0\nWARC-Type: resource\nContent-Type: text/html\nWARC-Block-Digest: sha1:X\nContent-Length: 9\n\n<b>头</b\n\n",
    "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 44\r\n\r\n\
     HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n头\r\n\r\n",
    "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 3\r\n\r\n头\r\n\r\n",
    "WARC/1.0\r\nContent-Length: 99999\r\n\r\n头",
    "WARC/1.0\r\nContent-Length: 18446744073709551615\r\n\r\n头\r\n\r\n",
    "WARC/1.0\r\nContent-Length: 72057594037927935\r\n\r\n头\r\n\r\n",
    "WARC/1.0\r\nContent-Length: 67108865\r\n\r\n头\r\n\r\n",
    "WARC/1.0\r\nContent-Length: -1\r\n\r\n头\r\n\r\n",
    "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n头发\r\n\r\n",
    "WARC/1.0\r\n\r\n",
    "\r\n",
    "\r",
    "头发",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_file_loses_data_and_no_cut_matters(
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..40),
        size in 1usize..50,
    ) {
        let input = parts.concat();
        let text = input.strip_prefix('\u{feff}').unwrap_or(&input);
        let settings = settings("s2t", Repairs::all());
        for kind in KINDS {
            let (out, sink) = run(&settings, kind, input.as_bytes(), input.len());
            let (again, heard) = run(&settings, kind, input.as_bytes(), size);
            prop_assert_eq!(&out, &again);
            prop_assert_eq!(&sink, &heard);
            let mended = String::from_utf8(out).unwrap();
            let mended = mended.strip_prefix('\u{feff}').unwrap_or(&mended);
            prop_assert_eq!(replay(text, &sink.events), Some(mended.to_owned()));
            let nothing = self::settings("keep", Repairs::NONE);
            prop_assert_eq!(run(&nothing, kind, input.as_bytes(), size).0, input.as_bytes());
            if kind == Kind::Html {
                prop_assert_eq!(super::html::tests::tags(mended), super::html::tests::tags(text));
            }
        }
    }

    #[test]
    fn no_archive_loses_data_and_no_cut_matters(
        parts in prop::collection::vec(prop::sample::select(RECORDS), 0..12),
        size in 1usize..700,
        packed in any::<bool>(),
    ) {
        let nothing = settings("keep", Repairs::NONE);
        let mending = settings("s2t", Repairs::default());
        let mut input = Vec::new();
        for part in parts {
            if packed {
                let mut packer = flate2::write::GzEncoder::new(&mut input, flate2::Compression::fast());
                std::io::Write::write_all(&mut packer, part.as_bytes()).unwrap();
                packer.finish().unwrap();
            } else {
                input.extend_from_slice(part.as_bytes());
            }
        }
        for kind in [Kind::Warc, Kind::Tar] {
            prop_assert_eq!(&run(&nothing, kind, &input, size).0, &input);
            let whole = run(&mending, kind, &input, input.len());
            prop_assert_eq!(whole, run(&mending, kind, &input, size));
        }
    }

    #[test]
    fn bytes_that_are_no_text_pass_in_order(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let settings = settings("keep", Repairs::NONE);
        for kind in KINDS {
            let (out, _) = run(&settings, kind, &bytes, 7);
            let text = String::from_utf8_lossy(&bytes);
            prop_assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}

#[test]
fn records_are_mended_and_replay() {
    let settings = settings("keep", Repairs::default());
    let jsonl = "{\"a\":\"都是&#x5B9E;話\",\"b\":1.50}\r\nbad &#x5B9E;\n[\"都是\\u0026#x5B9E;話\"]";
    let mended = proven(&settings, Kind::Jsonl, jsonl);
    assert_eq!(mended, "{\"a\":\"都是实話\",\"b\":1.50}\r\nbad &#x5B9E;\n[\"都是实話\"]");
    let csv = "a;b\r\n\"都是&#x5B9E;話\";\"x\ny\"\r\n";
    assert_eq!(proven(&settings, Kind::Csv, csv), csv.replace("&#x5B9E;", "实"));
}

/// What the output encoding lacks is one change with what was done there before, wherever the file was
/// cut.
#[test]
fn what_the_encoding_lacks_is_told_in_its_place() {
    let mut settings = settings("keep", Repairs::default());
    settings.output = OutputEncoding::Encoding(Encoding::GBK);
    settings.unmappable = Unmappable::Reference;
    let input = "都是&#x5B9E;話,ก都是\n都是ก話\u{fffd}\n";
    let (out, sink) = run(&settings, Kind::Csv, input.as_bytes(), input.len());
    for size in [1, 2, 7, 64] {
        let (again, heard) = run(&settings, Kind::Csv, input.as_bytes(), size);
        assert_eq!((&out, &sink), (&again, &heard), "{size}");
    }
    let written = "都是实話,&#3585;都是\n都是&#3585;話&#65533;\n";
    assert_eq!(replay(input, &sink.events).as_deref(), Some(written));
    assert_eq!(out, encoding_rs::GBK.encode(written).0.as_ref());
}
