//! What the library promises beside what it finds: what threads may share, what is borrowed, and that all
//! ways in give the same.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read, Write};

use hanmend::convert::script::{Counts, Script};
use hanmend::convert::target::{Target, ToTarget};
use hanmend::convert::{Ambiguity, Conversion, Converter, ConverterBuilder, Overlay, Phrases};
use hanmend::decode::{Decoder, Detection, Detector, Encoding};
use hanmend::dict::{Row, Table};
use hanmend::encode::{Bom, Encoder, Unmappable};
use hanmend::error::ErrorKind;
use hanmend::event::{Collect, Event, Outcome, Repair, Silent};
use hanmend::pipeline::{End, Reader, Stream, Writer};
use hanmend::repair::{Entity, Gloss, Mojibake, Noise, Unicode};
use hanmend::{Error, Fixed, Fixer, FixerBuilder, Format, OutputEncoding, Repairs, ToScript};

fn shared<T: Send + Sync + 'static>() {}
fn handed_on<T: Send + 'static>() {}
fn cloned<T: Clone>() {}

#[test]
fn what_is_built_once_is_shared_between_threads() {
    shared::<Fixer>();
    shared::<FixerBuilder>();
    shared::<Converter>();
    shared::<ConverterBuilder>();
    shared::<Overlay>();
    shared::<Phrases>();
    shared::<Table>();
    cloned::<Fixer>();
    cloned::<Converter>();
}

#[test]
fn options_and_results_go_anywhere() {
    shared::<(Encoding, OutputEncoding, Unmappable, Bom, Format, Repairs, ToScript)>();
    shared::<(Detection, Counts, Script, Target, Ambiguity, Row)>();
    shared::<(Fixed<'static>, End, Event, Outcome, Repair, Collect, Silent)>();
    // So that `?` makes any of the usual boxes of it.
    shared::<Error>();
    let boxed: Box<dyn std::error::Error + Send + Sync> = ToScript::parse("zh").unwrap_err().into();
    assert!(boxed.downcast_ref::<Error>().is_some());
}

#[test]
fn what_works_on_one_text_can_be_handed_to_another_thread() {
    handed_on::<Stream>();
    handed_on::<(Reader<File>, Writer<File, Collect>)>();
    handed_on::<Detector>();
    handed_on::<Decoder>();
    handed_on::<Encoder>();
    handed_on::<Conversion>();
    handed_on::<ToTarget>();
    handed_on::<(Mojibake, Entity, Gloss, Unicode, Noise)>();
}

#[cfg(feature = "formats")]
#[test]
fn formats_are_shared_and_handed_on_as_well() {
    use hanmend::formats::{Kind, Member, Nature, Settings, Stream, Wanted};
    shared::<(Kind, Member, Nature, Settings, Wanted)>();
    cloned::<Settings>();
    handed_on::<Stream>();
}

#[test]
fn threads_share_one_fixer() {
    let fixer = Fixer::builder().script(ToScript::parse("hans").unwrap()).build();
    let texts = ["我們在圖書館看書", "我们在图书馆看书", "&#x5BE6;現", "plain"];
    let alone: Vec<String> = texts.iter().map(|t| fixer.fix_str(t).into_owned()).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    for (text, fixed) in texts.iter().zip(&alone) {
                        assert_eq!(fixer.fix_str(text), *fixed);
                        assert_eq!(fixer.clone().fix_bytes(text.as_bytes()).text, *fixed);
                    }
                }
            });
        }
    });
}

#[test]
fn what_stays_is_borrowed() {
    let fixer = Fixer::default();
    // The second has what may begin damage, and is looked at; the third goes on for long.
    let long = "他们在图书馆里看书（三楼），看了3个小时才回家。\n".repeat(9_000);
    // Four characters might be in another encoding: they are decoded.
    let texts = [
        ("", true),
        ("看书写字", false),
        ("他们在图书馆里看书", true),
        ("f(a)看了3个小时&才回家(x)。", true),
        (&*long, true),
    ];
    for (text, sure) in texts {
        assert!(matches!(fixer.fix_str(text), Cow::Borrowed(_)), "{:.40}", text);
        let fixed = fixer.fix_bytes(text.as_bytes());
        assert_eq!(matches!(fixed.text, Cow::Borrowed(_)), sure, "{:.40}", text);
        assert_eq!((&*fixed.text, fixed.events), (text, vec![]));
    }
}

/// `fix_bytes` sees at once what `stream` finds out piece by piece: both say the same.
#[test]
fn all_ways_in_give_the_same() {
    let script = || ToScript::parse("hant").unwrap();
    let texts =
        ["", "a", "实", "他们在图书馆里看书", "實(shí)现&#x5BE6;", "caf\u{e9} “quoted” & such"];
    for builder in [Fixer::builder(), Fixer::builder().script(script())] {
        let fixer = builder.build();
        for text in texts {
            for bytes in [text.as_bytes().to_vec(), [b"\xEF\xBB\xBF", text.as_bytes()].concat()] {
                let mut report = Collect::default();
                let (mut stream, mut out) = (fixer.stream(), Vec::new());
                stream.push(&bytes, &mut out, &mut report).unwrap();
                let end = stream.finish(&mut out, &mut report).unwrap();
                let out = String::from_utf8(out).unwrap();
                let out = out.strip_prefix('\u{FEFF}').unwrap_or(&out);

                let fixed = fixer.fix_bytes(&bytes);
                assert_eq!((&*fixed.text, fixed.encoding, fixed.bom), (out, end.encoding, end.bom));
                assert_eq!(fixed.events, report.events, "{text}");

                let mut with = Collect::default();
                let (text, found) = fixer.fix_bytes_with(&bytes, &mut with);
                assert_eq!((&*text, found, with), (out, end, report));

                let mut into = String::from("before ");
                assert_eq!(fixer.fix_bytes_into(&bytes, &mut into, &mut Silent), end);
                assert_eq!(into.strip_prefix("before "), Some(out));
            }
        }
    }
}

/// Events of conversion are told where they are asked for, also of what stays.
#[test]
fn conversions_are_told_of_text_that_stays() {
    let fixer = Fixer::builder().script(ToScript::parse("s2t").unwrap()).build();
    let text = "了。"; // 了 could be 瞭.
    let mut asked = Collect { conversions: true, ..Collect::default() };
    let fixed = fixer.fix_str_with(text, &mut asked);
    assert!(!asked.events.is_empty());
    assert_eq!(fixed, hanmend::event::replay(text, &asked.events).unwrap());
}

#[test]
fn what_stands_before_an_error_is_read() {
    let fixer = Fixer::builder()
        .output(OutputEncoding::Encoding(Encoding::BIG5))
        .unmappable(Unmappable::Error)
        .build();
    let mut reader = fixer.reader(Cursor::new("中文课本".as_bytes()));
    let mut read = Vec::new();
    let error = reader.read_to_end(&mut read).unwrap_err();
    assert_eq!(read, b"\xA4\xA4\xA4\xE5");
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<Error>()).expect("hanmend's error");
    assert_eq!(inner.kind(), ErrorKind::Unmappable);
    // It stays one.
    assert!(reader.read(&mut [0; 8]).is_err());
    assert_eq!(reader.end(), None);
}

#[test]
fn sinks_are_lent_to_readers_and_writers() {
    let (fixer, damaged) = (Fixer::default(), "&#x5BE6;現");
    let (mut report, mut text) = (Collect::default(), String::new());
    let mut reader = fixer.reader(damaged.as_bytes()).with_sink(&mut report);
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(reader.end().map(|end| end.encoding), Some(Encoding::UTF_8));
    let mut written = Collect::default();
    let mut writer = fixer.writer(Vec::new()).with_sink(&mut written);
    writer.write_all(damaged.as_bytes()).unwrap();
    let (bytes, _) = writer.finish().unwrap();
    assert_eq!((text.as_bytes(), &report), (&bytes[..], &written));
    assert_eq!(report.events.len(), 1);
}

/// Takes so many bytes, then fails as often as it is told, then takes all.
struct Full {
    room: usize,
    fails: u32,
    taken: Vec<u8>,
}

impl Write for Full {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        if self.room == 0 && self.fails > 0 {
            self.fails -= 1;
            return Err(std::io::ErrorKind::WouldBlock.into());
        }
        let len = if self.room == 0 { buffer.len() } else { buffer.len().min(self.room) };
        self.room -= len.min(self.room);
        self.taken.extend_from_slice(&buffer[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_could_not_be_written_is_written_once() {
    let lines = "&#x5BE6;現，第一行就是這樣的。\n".repeat(4000);
    let mended = lines.replace("&#x5BE6;", "實");
    for room in [1, 40, 300] {
        let inner = Full { room, fails: 3, taken: Vec::new() };
        let mut writer = Fixer::default().writer(inner);
        let mut failed = 0;
        for mut line in lines.split_inclusive('\n').map(str::as_bytes) {
            while !line.is_empty() {
                match writer.write(line) {
                    Ok(len) => line = &line[len..],
                    Err(_) => failed += 1,
                }
            }
        }
        let (inner, _) = writer.finish().unwrap();
        assert_eq!(String::from_utf8(inner.taken).unwrap(), mended, "{room}");
        assert!((1..=3).contains(&failed), "{failed}");
    }
}

/// Nothing is written behind what is missing.
#[test]
fn a_stream_that_failed_goes_on_failing() {
    let fixer = Fixer::builder().output(OutputEncoding::Encoding(Encoding::BIG5)).build();
    let (mut stream, mut out) = (fixer.stream(), Vec::new());
    assert!(stream.push("这".as_bytes(), &mut out, &mut Silent).is_ok());
    let long = "这是中文课本。\n".repeat(600);
    assert!(stream.push(long.as_bytes(), &mut out, &mut Silent).is_err());
    let written = out.len();
    assert!(stream.push("中文\n".as_bytes(), &mut out, &mut Silent).is_err());
    assert!(stream.finish(&mut out, &mut Silent).is_err());
    assert_eq!(out.len(), written);
    // Then comes another input.
    stream.push("中文\n".as_bytes(), &mut out, &mut Silent).unwrap();
    stream.finish(&mut out, &mut Silent).unwrap();
    assert!(out.ends_with(b"\xA4\xA4\xA4\xE5\n"));
}
