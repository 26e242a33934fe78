//! The report: it leads from the decoded input to the output and back, with every repair and
//! conversion; and events that do not fit are refused, not followed.
#![no_main]

use hanmend::OutputEncoding;
use hanmend::decode::Encoding;
use hanmend::encode::{Encoder, Unmappable};
use hanmend::event::{replay, undo};
use hanmend_fuzz::{Setup, decode, leads, listen, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((setup, [shift, input @ ..])) = Setup::take(bytes) else { return };
    let input = &*setup.input(input);
    let (mut stream, mut out, mut sink) = (setup.fixer.stream(), Vec::new(), listen());
    let pushed = stream.push(input, &mut out, &mut sink);
    let Ok(end) = pushed.and_then(|()| stream.finish(&mut out, &mut sink)) else { return };

    let text = decode(input);
    let mended = replay(&text, &sink.events).expect("the report is about the decoded input");
    leads(&text, &sink.events, &mended);
    // What was replaced for want of a character in the output encoding is an event too.
    let encoding = match setup.output {
        OutputEncoding::Encoding(encoding) => encoding,
        OutputEncoding::Same => end.encoding.to_write(),
    };
    if encoding != Encoding::UTF_8 || !setup.is_text(end.bom) {
        let mut encoder = Encoder::new(encoding, Unmappable::Error, setup.bom.wanted(end.bom));
        let (written, _) = run(&mut encoder, &[mended.as_str()]);
        assert_eq!((written, encoder.error()), (out, None), "written in {}", encoding.name());
    } else {
        assert_eq!(mended.as_bytes(), out);
    }

    // Events that change nothing say where they stand, too.
    let at = |text: &str, range: &std::ops::Range<u64>| {
        text.get(range.start as usize..range.end as usize).map(str::to_owned)
    };
    for event in &sink.events {
        assert_eq!(at(&text, &event.input).as_deref(), Some(&*event.before), "{event:?}");
        assert_eq!(at(&mended, &event.output).as_deref(), Some(&*event.after), "{event:?}");
        assert!(!event.alternatives.contains(&event.after), "{event:?}");
    }
    let Some(index) = usize::from(*shift).checked_rem(sink.events.len()) else { return };
    let moved = u64::from(*shift);
    for (input, output) in
        [(moved..moved + 2, u64::MAX - moved..u64::MAX), (moved + 2..moved, moved..0)]
    {
        let mut events = sink.events.clone();
        (events[index].input, events[index].output) = (input, output);
        let _ = (replay(&text, &events), undo(&mended, &events));
    }
});
