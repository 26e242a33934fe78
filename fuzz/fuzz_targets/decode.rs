//! The decoders and the encoders: every encoding that can be named, in any pieces; each malformed
//! byte is reported where it stands; what was decoded without fault can be written, and read again.
#![no_main]

use hanmend::decode::{Decoder, Encoding};
use hanmend::encode::{Encoder, Unmappable};
use hanmend_fuzz::{pieces, run, text_pieces};
use libfuzzer_sys::fuzz_target;

/// Those whose additions hanmend can write: all that it reads comes back.
const WHOLE: [&str; 15] = [
    "utf-8",
    "gb18030",
    "gbk",
    "big5",
    "big5-hkscs",
    "big5-uao",
    "euc-tw",
    "hz-gb-2312",
    "iso-2022-cn",
    "iso-2022-cn-ext",
    "utf-16le",
    "utf-16be",
    "utf-32le",
    "utf-32be",
    "ascii",
];

/// The others of the web.
const WEB: [&str; 33] = [
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "koi8-r",
    "koi8-u",
    "ibm866",
    "macintosh",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "x-user-defined",
];

fuzz_target!(|bytes: &[u8]| {
    let [which, cut, input @ ..] = bytes else { return };
    let index = usize::from(*which) % (1 + WHOLE.len() + WEB.len());
    let encoding = match index.checked_sub(1) {
        None => None,
        Some(index) => {
            let name = WHOLE.iter().chain(&WEB).nth(index).unwrap();
            Some(Encoding::for_label(name).unwrap_or(Encoding::ASCII))
        }
    };
    let mut decoder = encoding.map_or_else(Decoder::auto, Decoder::with_encoding);
    let (text, report) = run(&mut decoder, &[input]);
    let (found, bom) = (decoder.encoding().unwrap(), decoder.bom());
    assert_eq!(
        run(&mut decoder, &pieces(input, *cut)),
        (text.clone(), report.clone()),
        "in pieces"
    );
    assert_eq!((decoder.encoding(), decoder.bom()), (Some(found), bom), "in pieces");

    let (mut raw, mut at) = (0, 0);
    for event in &report.events {
        let source = event.source.as_ref().unwrap();
        assert!(
            event.is_mark() && source.range.start >= raw && event.input.start >= at,
            "{event:?}"
        );
        let here = &input[source.range.start as usize..source.range.end as usize];
        assert!(!here.is_empty() && here.starts_with(&source.bytes), "{event:?}");
        assert_eq!(source.bytes.len(), here.len().min(16), "{event:?}");
        let place = event.input.start as usize..event.input.end as usize;
        assert_eq!((&text[place], &event.output), ("\u{FFFD}", &event.input), "{event:?}");
        (raw, at) = (source.range.end, event.input.end);
    }

    let whole = encoding.is_some() && index <= WHOLE.len();
    if !whole || !report.events.is_empty() {
        return;
    }
    let to = found.to_write();
    let make = || Encoder::new(to, Unmappable::Error, bom);
    let mut encoder = make();
    let (written, changes) = run(&mut encoder, &[text.as_str()]);
    if text.contains(['\x0E', '\x0F', '\x1B']) && encoder.error().is_some() {
        // Characters that would be read as a shift are written by no encoding that has shifts.
        return;
    }
    assert_eq!(encoder.error(), None, "{} reads what it does not write", found.name());
    assert!(changes.events.is_empty());
    assert_eq!(run(&mut make(), &text_pieces(&text, *cut)).0, written, "written in pieces");
    let (back, faults) = run(&mut Decoder::with_encoding(to), &[&written[..]]);
    assert_eq!(back, text, "written and read in {}", to.name());
    assert!(faults.events.is_empty());
});
