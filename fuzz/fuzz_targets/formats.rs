//! Formats: no file makes one panic or loses data, and nothing depends on how it is cut; with nothing
//! to do, every file comes out byte for byte.
//!
//! The first byte chooses the format, the next two what is done, the fourth how it is cut.
#![no_main]

use hanmend::decode::Encoding;
use hanmend::error::Error;
use hanmend::event::{Event, Sink, replay};
use hanmend::formats::{Kind, Listener, Member, Nature, Settings, Stream, Wanted};
use hanmend::{Fixer, Repairs, ToScript};
use hanmend_fuzz::pieces;
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 9] = [
    Kind::Jsonl,
    Kind::Csv,
    Kind::Tsv,
    Kind::Html,
    Kind::SubRip,
    Kind::WebVtt,
    Kind::Ass,
    Kind::Warc,
    Kind::Tar,
];

fuzz_target!(|bytes: &[u8]| {
    let [kind, what, how, cut, input @ ..] = bytes else { return };
    let kind = KINDS[usize::from(*kind) % KINDS.len()];
    let cuts = pieces(input, *cut);

    // With nothing to do UTF-8 stays. What is none gets U+FFFD; a page that declares another encoding
    // declares UTF-8.
    let utf8 = Fixer::builder().encoding(Some(Encoding::UTF_8)).repairs(Repairs::NONE);
    let (same, _) = run(Settings::new(utf8), kind, &cuts).unwrap();
    let lower = input.to_ascii_lowercase();
    let declares = [&b"charset"[..], b"encoding"]
        .iter()
        .any(|word| lower.windows(word.len()).any(|w| w == *word));
    match std::str::from_utf8(input) {
        _ if declares => {}
        Ok(text) => assert_eq!(String::from_utf8_lossy(&same), text, "nothing to do"),
        Err(_) if kind.is_archive() => {}
        Err(_) => assert_eq!(String::from_utf8_lossy(&same), String::from_utf8_lossy(input)),
    }

    let script = ["keep", "s2t", "hans", "twp"][usize::from(*what) % 4];
    let repairs = ["+noise", "all,-mojibake", "none"][usize::from(what >> 2) % 3];
    let mut builder = Fixer::builder()
        .script(ToScript::parse(script).unwrap())
        .repairs(Repairs::parse(repairs).unwrap());
    // Some ends of lines and some tags are bytes of characters in other encodings.
    let read = [None, Some(Encoding::UTF_8), Some(Encoding::GB18030), Some(Encoding::BIG5)]
        [usize::from(*how) % 4];
    builder = builder.encoding(read);
    if how & 4 == 0 {
        builder = builder
            .output(hanmend::OutputEncoding::Same)
            .unmappable(hanmend::encode::Unmappable::Reference);
    }
    let wanted = match how >> 3 & 3 {
        0 => Wanted::default().fields(["text", "/0", "2"]),
        1 => Wanted::default().delimiter(Some(b';')),
        _ => Wanted::default(),
    };
    let settings = Settings::new(builder).wanted(wanted);
    let whole = run(settings.clone(), kind, &[input]);
    match (&whole, run(settings, kind, &cuts)) {
        (Ok((out, heard)), Ok((cut_out, cut_heard))) => {
            assert_eq!(
                String::from_utf8_lossy(out),
                String::from_utf8_lossy(&cut_out),
                "in pieces"
            );
            assert_eq!(*out, cut_out, "in pieces");
            assert_eq!(*heard, cut_heard, "the report, in pieces");
            let (utf8, mark) = (std::str::from_utf8(input), "\u{FEFF}");
            let written = std::str::from_utf8(out);
            if let (Ok(text), Ok(mended), Some(Encoding::UTF_8), false) =
                (utf8, written, read, kind.is_archive())
                && how & 4 != 0
            {
                let (text, marked) = (text.strip_prefix(mark), mended.strip_prefix(mark));
                let replayed = replay(text.unwrap_or(utf8.unwrap()), &heard.events);
                assert_eq!(replayed.as_deref(), Some(marked.unwrap_or(mended)), "replayed");
            }
        }
        (whole, cut) => assert_eq!(whole.as_ref().err(), cut.as_ref().err()),
    }

    let mut nature = Nature::default();
    let mut kept = Vec::new();
    for piece in cuts.iter().copied().chain([&b""[..]]) {
        if let Some((head, rest)) = nature.settle(piece, None, piece.is_empty()) {
            kept.extend(head);
            kept.extend(rest);
        }
    }
    assert!(!matches!(nature, Nature::Unknown(_)));
    let _ = Kind::of_head(input);
});

/// What a listener hears.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    encodings: Vec<(u64, String)>,
    events: Vec<Event>,
    /// Members, and how many events came before.
    members: Vec<(usize, Option<Member>)>,
    refused: Vec<(Member, String)>,
}

impl Sink for Heard {
    fn encoding(&mut self, offset: u64, label: &str, _confidence: f32) {
        self.encodings.push((offset, label.to_owned()));
    }
    fn event(&mut self, event: Event) {
        self.events.push(event);
    }
    fn wants_conversions(&self) -> bool {
        true
    }
}

impl Listener for Heard {
    fn member(&mut self, member: Option<&Member>) {
        self.members.push((self.events.len(), member.cloned()));
    }
    fn refused(&mut self, member: &Member, problem: &Error) {
        self.refused.push((member.clone(), problem.to_string()));
    }
}

fn run(settings: Settings, kind: Kind, pieces: &[&[u8]]) -> Result<(Vec<u8>, Heard), Error> {
    let (mut stream, mut out, mut heard) =
        (Stream::new(settings, kind), Vec::new(), Heard::default());
    for piece in pieces {
        stream.push(piece, &mut out, &mut heard)?;
    }
    stream.finish(&mut out, &mut heard)?;
    Ok((out, heard))
}
