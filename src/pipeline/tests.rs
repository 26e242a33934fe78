use super::*;
use crate::error::Error;
use crate::event::{Collect, replay, undo};
use crate::stage::Stage;
use crate::stage::harness::prove;

/// A stream as a stage, so that the harness can prove it.
struct AsStage(Stream, Option<Error>);

impl Stage for AsStage {
    type Input = [u8];
    type Output = Vec<u8>;
    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, sink: &mut dyn Sink) {
        self.1 = self.0.push(input, out, sink).err();
    }
    fn finish(&mut self, out: &mut Vec<u8>, sink: &mut dyn Sink) {
        self.1 = self.0.finish(out, sink).err();
    }
    fn held(&self) -> usize {
        0
    }
    fn max_held(&self) -> usize {
        self.0.max_held()
    }
}

/// Runs every cut of the whole pipeline; gives the bytes and the report.
fn run(builder: FixerBuilder, input: &[u8]) -> (Vec<u8>, Collect) {
    let fixer = builder.build();
    prove(|| AsStage(fixer.stream(), None), input)
}

fn script(name: &str) -> FixerBuilder {
    Fixer::builder().script(ToScript::parse(name).unwrap())
}

fn encode(encoding: Encoding, text: &str) -> Vec<u8> {
    crate::encode::encode(text, encoding, Unmappable::Error).unwrap()
}

const TEXT: &str = "後來他們在圖書館裡讀書，讀了三個小時才回家。\r\n第二天又來了，還帶著弟弟。";

#[test]
fn every_encoding_comes_out_as_utf_8() {
    for encoding in
        [Encoding::UTF_8, Encoding::GB18030, Encoding::BIG5, Encoding::UTF_16LE, Encoding::UTF_16BE]
    {
        let (bytes, report) = run(Fixer::builder(), &encode(encoding, TEXT));
        assert_eq!(String::from_utf8(bytes).unwrap(), TEXT, "{}", encoding.name());
        assert_eq!(report.events, []);
    }
}

#[test]
fn same_gives_the_encoding_back() {
    for encoding in [Encoding::GB18030, Encoding::BIG5, Encoding::UTF_16LE, Encoding::UTF_8] {
        let input = encode(encoding, TEXT);
        let (bytes, _) = run(Fixer::builder().output(OutputEncoding::Same), &input);
        assert_eq!(bytes, input, "{}", encoding.name());
    }
}

/// ASCII, however long, is written before the encoding is known, and the rest follows in it.
#[test]
fn ascii_does_not_wait_for_the_encoding() {
    let mut ascii = "plain ~ text, line after line\n".repeat(60_000).into_bytes();
    ascii.extend(b"&#x6587;");
    let mut stream = Fixer::builder().output(OutputEncoding::Same).build().stream();
    for encoding in [Encoding::GB18030, Encoding::BIG5, Encoding::UTF_8] {
        let text = encode(encoding, TEXT);
        let (mut input, mut out) = (ascii.clone(), Vec::new());
        input.extend(&text);
        for piece in input.chunks(10_007) {
            stream.push(piece, &mut out, &mut Silent).unwrap();
        }
        stream.finish(&mut out, &mut Silent).unwrap();
        let start = &ascii[..ascii.len() - "&#x6587;".len()];
        assert!(out == [start, &encode(encoding, "文"), &text].concat(), "{}", encoding.name());
    }
    let mut out = Vec::new();
    stream.push(&ascii, &mut out, &mut Silent).unwrap();
    stream.finish(&mut out, &mut Silent).unwrap();
    assert!(out.ends_with("\n文".as_bytes()));
}

#[test]
fn the_byte_order_mark_is_kept_added_removed() {
    let with = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
    for (bom, input, output) in [
        (Bom::Keep, with.as_slice(), with.as_slice()),
        (Bom::Keep, TEXT.as_bytes(), TEXT.as_bytes()),
        (Bom::Add, TEXT.as_bytes(), with.as_slice()),
        (Bom::Remove, with.as_slice(), TEXT.as_bytes()),
        (Bom::Keep, b"\xEF\xBB\xBF", b"\xEF\xBB\xBF"),
    ] {
        assert_eq!(run(Fixer::builder().bom(bom), input).0, output, "{bom:?}");
    }
}

#[test]
fn events_of_all_stages_are_in_one_report() {
    // A bad byte, Traditional to Simplified, and a character that GBK lacks.
    let mut input = encode(Encoding::BIG5, "圖書館的說明書，請大家先讀過再來問。");
    input.splice(12..12, [0xFF]);
    let builder = script("hans")
        .encoding(Some(Encoding::BIG5))
        .output(OutputEncoding::Encoding(Encoding::for_label("shift_jis").unwrap()))
        .unmappable(Unmappable::Reference);
    let (bytes, report) = run(builder, &input);
    let decoded = {
        let mut text = String::new();
        let mut decoder = crate::decode::Decoder::with_encoding(Encoding::BIG5);
        decoder.push(&input, &mut text, &mut Silent);
        decoder.finish(&mut text, &mut Silent);
        text
    };
    let output = replay(&decoded, &report.events).unwrap();
    assert_eq!(undo(&output, &report.events).as_deref(), Some(decoded.as_str()));
    assert_eq!(
        bytes,
        encode(Encoding::for_label("shift_jis").unwrap(), &output.replace('\u{FFFD}', "&#65533;"))
    );
    let malformed = report.events.iter().find(|e| e.source.is_some()).unwrap();
    assert_eq!(malformed.source.as_ref().unwrap().range, 12..13);
    assert!(report.events.iter().any(|e| e.name() == "convert+encode"));
}

#[test]
fn an_unmappable_character_is_an_error_that_says_which_and_where() {
    let fixer = Fixer::builder().output(OutputEncoding::Encoding(Encoding::BIG5)).build();
    let mut stream = fixer.stream();
    let mut out = Vec::new();
    let pushed = stream.push("讀书".as_bytes(), &mut out, &mut Silent);
    let error = pushed.and_then(|()| stream.finish(&mut out, &mut Silent).map(|_| ())).unwrap_err();
    assert_eq!(error.kind(), crate::error::ErrorKind::Unmappable);
    assert!(error.to_string().contains('书'), "{error}");
    // The stream is as new.
    out.clear();
    stream.push("讀書".as_bytes(), &mut out, &mut Silent).unwrap();
    stream.finish(&mut out, &mut Silent).unwrap();
    assert_eq!(out, encode(Encoding::BIG5, "讀書"));
}

/// A mark goes around what the encoder made of it, whether or not a text stage stands between.
#[test]
fn what_replaces_a_mark_is_in_the_report_of_the_mark() {
    for repairs in ["none", "all"] {
        let builder = Fixer::builder()
            .encoding(Some(Encoding::BIG5))
            .repairs(Repairs::parse(repairs).unwrap())
            .output(OutputEncoding::Same)
            .unmappable(Unmappable::Reference);
        let (bytes, report) = run(builder, b"\xA4\xA4\xFF\n\xA4\xE5");
        assert_eq!(bytes, b"\xA4\xA4&#65533;\n\xA4\xE5");
        let [mark, change] = &report.events[..] else { panic!("{report:?}") };
        assert_eq!((mark.is_mark(), change.is_mark()), (true, false));
        for event in [mark, change] {
            assert_eq!((&event.input, &event.output), (&(3..6), &(3..11)), "{repairs}");
            assert_eq!((&*event.before, &*event.after), ("\u{FFFD}", "&#65533;"));
        }
    }
}

#[test]
fn all_bytes_and_small_inputs() {
    let all: Vec<u8> = (0..=255).collect();
    let inputs: [&[u8]; 7] = [b"", b"a", b"\x80", b"\0\0\0\0", b"\xFF\xFE", b"\xE5\xAE", &all];
    for input in inputs {
        for builder in [Fixer::builder(), script("hans"), script("s2twp")] {
            run(builder, input);
        }
        // Nothing is lost: every byte stands in the text or in the report.
        let builder = Fixer::builder().encoding(Some(Encoding::UTF_8)).repairs(Repairs::NONE);
        let (bytes, report) = run(builder, input);
        let text = String::from_utf8(bytes).unwrap();
        let mut sources = report.events.iter().filter_map(|e| e.source.as_ref());
        let mut back: Vec<u8> = Vec::new();
        for c in text.chars() {
            match c {
                '\u{FFFD}' => back.extend(&sources.next().unwrap().bytes),
                c => back.extend(c.to_string().as_bytes()),
            }
        }
        assert_eq!(back, input);
    }
}

#[test]
fn adapters_do_what_the_stream_does() {
    let fixer = script("hans").build();
    let mut read = String::new();
    fixer.reader(TEXT.as_bytes()).read_to_string(&mut read).unwrap();
    let mut writer = fixer.writer(Vec::new());
    for piece in TEXT.as_bytes().chunks(3) {
        writer.write_all(piece).unwrap();
    }
    let (written, end) = writer.finish().unwrap();
    assert_eq!(read, fixer.fix_str(TEXT));
    assert_eq!(written, read.as_bytes());
    assert_eq!(end.encoding, Encoding::UTF_8);
}

#[test]
fn long_text_is_the_same_in_one_push_and_in_many() {
    // Longer than a slice, clean for the most part: what passes uncopied in one push is held and
    // copied in small ones.
    let clean = "今天的會議改到下午三點，请大家带上各自的报表；地點不變。\n".repeat(700);
    let damaged = "他说：浣犲ソ，&#x5B9E;现，⼈民。\r\n發(fā)展是第一要?jiǎng)?wù)的戰(zhàn)略,要學(xué)習(xí)。\n";
    let long_line = "沒有換行的一行文字，".repeat(3000);
    let text = [&clean, damaged, &clean, &long_line, "\n", damaged, &clean].concat();
    for builder in [Fixer::builder(), script("hans"), script("hant")] {
        let fixer = builder.build();
        let run = |size: usize| {
            let (mut stream, mut out) = (fixer.stream(), Vec::new());
            let mut events = Collect { conversions: true, ..Collect::default() };
            for piece in text.as_bytes().chunks(size) {
                stream.push(piece, &mut out, &mut events).unwrap();
            }
            stream.finish(&mut out, &mut events).unwrap();
            (String::from_utf8(out).unwrap(), events.events)
        };
        let (whole, events) = run(text.len());
        assert!(whole.contains("你好") && !whole.contains("(fā)"));
        assert!(replay(&text, &events).as_deref() == Some(whole.as_str()));
        for size in [17, 997, 65_537] {
            assert!(run(size) == (whole.clone(), events.clone()), "in pieces of {size}");
        }
        let (fixed, same) = (fixer.fix_bytes(text.as_bytes()), fixer.fix_str(&text));
        assert!(fixed.text == whole && same == whole);
    }
}

/// Whoever does not listen from the start hears nothing: positions are counted from what was told.
#[test]
fn a_sink_listens_to_a_whole_input() {
    let mut stream = Fixer::default().stream();
    let (mut out, mut sink) = (Vec::new(), Collect::default());
    stream.push("&#x5B9E;現\n".as_bytes(), &mut out, &mut Silent).unwrap();
    stream.push("&#x5B9E;現\n".as_bytes(), &mut out, &mut sink).unwrap();
    stream.finish(&mut out, &mut sink).unwrap();
    assert_eq!((out.as_slice(), sink.events.len()), ("实現\n实現\n".as_bytes(), 0));
    stream.push("見&#x5B9E;現".as_bytes(), &mut out, &mut sink).unwrap();
    stream.finish(&mut out, &mut sink).unwrap();
    let events: Vec<_> = sink.events.iter().map(|e| (e.input.clone(), e.output.clone())).collect();
    assert_eq!(events, [(3..11, 3..6)]);
}
