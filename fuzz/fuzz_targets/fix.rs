//! The whole pipeline: no bytes make it panic, and neither the text nor the report depends on how
//! the input is cut.
#![no_main]

use hanmend::event::Collect;
use hanmend::{Fixer, Repairs, ToScript};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [script, cut, rest @ ..] = bytes else { return };
    let script = ["keep", "hans", "hant", "s2twp"][usize::from(*script) % 4];
    let script = ToScript::parse(script).unwrap();
    let fixer = Fixer::builder().repairs(Repairs::all()).script(script).build();
    let run = |size: usize| {
        let (mut stream, mut out) = (fixer.stream(), Vec::new());
        let mut sink = Collect { conversions: true, ..Collect::default() };
        for piece in rest.chunks(size) {
            stream.push(piece, &mut out, &mut sink).unwrap();
        }
        stream.finish(&mut out, &mut sink).unwrap();
        (out, sink)
    };
    assert_eq!(run(rest.len().max(1)), run(1 + usize::from(*cut)));
});
