//! The whole pipeline: no bytes make it panic, and neither the output nor the report depends on how
//! the input is cut.
#![no_main]

use hanmend::event::{Collect, Event};
use hanmend::pipeline::{End, Stream};
use hanmend::{Error, OutputEncoding};
use hanmend_fuzz::{Setup, listen, pieces};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((setup, [cut, input @ ..])) = Setup::take(bytes) else { return };
    let input = &*setup.input(input);
    let mut stream = setup.fixer.stream();
    let (out, report, end) = run(&mut stream, &[input]);
    in_order(&report.events);
    // The same stream goes on being used: it has to be as new.
    let (cut_out, cut_report, cut_end) = run(&mut stream, &pieces(input, *cut));
    assert_eq!(out, cut_out, "output in pieces");
    assert_eq!(end, cut_end, "end in pieces");
    if let Ok(end) = end {
        assert_eq!(report, cut_report, "report in pieces");
        if setup.output == OutputEncoding::default() {
            let fixed = setup.fixer.fix_bytes(input);
            assert_eq!((fixed.encoding, fixed.bom), (end.encoding, end.bom));
            let mark = if setup.bom.wanted(end.bom) { "\u{FEFF}" } else { "" };
            assert_eq!(format!("{mark}{}", fixed.text).as_bytes(), out, "fix_bytes");
        }
    }
});

/// Runs the stream; after an error, what came before it is good.
fn run(stream: &mut Stream, pieces: &[&[u8]]) -> (Vec<u8>, Collect, Result<End, Error>) {
    let (mut out, mut sink) = (Vec::new(), listen());
    let (mut told, mut complete) = (0, 0);
    for piece in pieces {
        let pushed = stream.push(piece, &mut out, &mut sink);
        // Nothing comes late.
        let late = sink.events[told..].iter().find(|event| event.output.start < complete);
        assert_eq!(late, None, "complete up to {complete}");
        (told, complete) = (sink.events.len(), stream.complete());
        if let Err(error) = pushed {
            let _ = stream.finish(&mut Vec::new(), &mut listen());
            return (out, sink, Err(error));
        }
    }
    let end = stream.finish(&mut out, &mut sink);
    (out, sink, end)
}

/// Changes come in the order of the input, and do not overlap.
fn in_order(events: &[Event]) {
    let (mut input, mut output) = (0, 0);
    for event in events.iter().filter(|event| !event.is_mark()) {
        assert!(event.input.start >= input && event.output.start >= output, "{event:?}");
        assert!(!event.steps.is_empty(), "{event:?}");
        (input, output) = (event.input.end, event.output.end);
    }
}
