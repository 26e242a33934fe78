//! Events as JSON, one object a line: what `--report` and `explain --json` write.

use hanmend::event::Event;
use serde::Serialize;

use hanmend::formats::Member;

/// The path of an input, and of an archive which of its members.
type Place<'p> = (&'p str, Option<&'p Member>);

#[derive(Serialize)]
struct Line<'e> {
    path: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'e Member>,
    #[serde(flatten)]
    event: &'e Event,
}

/// Appends `event` of the input at `place` to `out` as a line.
pub(crate) fn write(out: &mut Vec<u8>, place: Place<'_>, event: &Event) {
    let (path, member) = place;
    object(out, &Line { path, member, event });
}

/// Appends that the input at `place` is in `encoding` from byte `offset` on.
pub(crate) fn switch(
    out: &mut Vec<u8>,
    place: Place<'_>,
    offset: u64,
    encoding: &str,
    confidence: f32,
) {
    #[derive(Serialize)]
    struct Switch<'s> {
        path: &'s str,
        #[serde(skip_serializing_if = "Option::is_none")]
        member: Option<&'s Member>,
        encoding: &'s str,
        confidence: f64,
        offset: u64,
    }
    // Four digits say all that the confidence means.
    let confidence = (f64::from(confidence) * 1e4).round() / 1e4;
    let (path, member) = place;
    object(out, &Switch { path, member, encoding, confidence, offset });
}

/// Appends any value as a line.
pub(crate) fn object(out: &mut Vec<u8>, value: &impl Serialize) {
    let start = out.len();
    // Writing to a Vec does not fail, and the values here have nothing that JSON lacks.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
        return;
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanmend::event::{Outcome, Repair, Source};

    #[test]
    fn a_line_has_the_keys_of_the_report() {
        let mut out = Vec::new();
        let sure = Event::change(Repair::Gloss, "list", Outcome::Sure, 3, 3, "實(shí)", "實");
        write(&mut out, ("a\"b", None), &sure);
        let mut mark = Event::unrepaired(Repair::Decode, "malformed", "no such", 9, 6, "\u{fffd}");
        mark.source = Some(Source { range: 20..22, bytes: vec![0xff, 0x0a] });
        write(&mut out, ("p", None), &mark);
        let mut choice = Event::change(Repair::Convert, "s2t", Outcome::Guess, 0, 0, "干", "幹");
        let member = Member { number: 2, name: "b.txt".to_owned() };
        choice.alternatives = vec!["乾".to_owned(), "干".to_owned()];
        write(&mut out, ("p", Some(&member)), &choice);
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains(r#"{"path":"p","member":{"number":2,"name":"b.txt"},"repair""#),
            "{text}"
        );
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            r#"{"path":"a\"b","repair":"gloss","rule":"list","certainty":"sure","input":[3,12],"output":[3,6],"before":"實(shí)","after":"實"}"#
        );
        assert!(lines[1].contains(r#""certainty":"unrepaired","reason":"no such","input":[9,12]"#));
        assert!(lines[2].ends_with(r#""after":"幹","alternatives":["乾","干"]}"#), "{}", lines[2]);
        assert!(lines[1].ends_with(r#""bytes":{"range":[20,22],"hex":"ff0a"}}"#), "{}", lines[1]);
    }
}
