//! Events for people: a line with place, rule and certainty, and a line of context that shows
//! what goes and what comes.

use std::collections::VecDeque;
use std::fmt::Write;

use hanmend::event::{Event, Outcome};

use super::align::Piece;
use super::place::Place;

/// Characters of context on either side of a change.
const CONTEXT: usize = 16;

/// Characters of a change that are shown; longer ones are cut in the middle.
const SHOWN: usize = 120;

/// Prints the events of one input.
pub(crate) struct People {
    name: String,
    paint: Paint,
    place: Place,
    /// The end of the line so far, as it comes out.
    tail: String,
    /// Events that wait for what follows them.
    open: VecDeque<Note>,
}

struct Note {
    text: String,
    /// What follows, and how many characters more are wanted.
    after: String,
    wanted: usize,
}

impl People {
    pub(crate) fn new(name: String, colour: bool) -> People {
        let paint = if colour { Paint::TERMINAL } else { Paint::PLAIN };
        let (place, tail, open) = (Place::default(), String::new(), VecDeque::new());
        People { name, paint, place, tail, open }
    }

    /// Takes the next piece; what can be printed is appended to `out`.
    pub(crate) fn piece(&mut self, piece: Piece<'_>, out: &mut Vec<u8>) {
        match piece {
            Piece::Same(text) => {
                self.follow(text, out);
                self.place.pass(text);
                self.remember(text);
            }
            Piece::Event(event) => {
                self.follow(&event.after, out);
                let text = self.note(event);
                self.open.push_back(Note { text, after: String::new(), wanted: CONTEXT });
                self.place.pass(&event.before);
                self.remember(&event.after);
            }
        }
    }

    /// Ends the input.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        for note in std::mem::take(&mut self.open) {
            note.print(out);
        }
    }

    fn follow(&mut self, text: &str, out: &mut Vec<u8>) {
        for note in &mut self.open {
            for c in text.chars().take(note.wanted) {
                if c == '\n' || c == '\r' {
                    note.wanted = 0;
                    break;
                }
                note.wanted -= 1;
                push_visible(&mut note.after, c);
            }
        }
        while let Some(note) = self.open.pop_front_if(|n| n.wanted == 0) {
            note.print(out);
        }
    }

    fn remember(&mut self, text: &str) {
        match text.rfind(['\n', '\r']) {
            Some(at) => {
                self.tail.clear();
                self.tail.push_str(last_chars(&text[at + 1..]));
            }
            None => self.tail.push_str(last_chars(text)),
        }
        let cut = self.tail.len() - last_chars(&self.tail).len();
        self.tail.drain(..cut);
    }

    fn note(&self, event: &Event) -> String {
        let p = &self.paint;
        let Place { line, column } = self.place;
        let mut text = format!("{}{}{}:{line}:{column}: ", p.name, self.name, p.end);
        let certainty = match &event.outcome {
            Outcome::Sure => p.sure,
            _ => p.doubt,
        };
        let _ = write!(
            text,
            "{}/{} {certainty}{}{}",
            event.name(),
            event.rule(),
            event.outcome.name(),
            p.end
        );
        if let Outcome::Unrepaired(reason) = &event.outcome {
            let _ = write!(text, ": {reason}");
        }
        if !event.alternatives.is_empty() {
            let _ = write!(text, ": by default, not {}", event.alternatives.join(" "));
        }
        if let Some(source) = &event.source {
            let hex: Vec<String> = source.bytes.iter().map(|b| format!("{b:02X}")).collect();
            let _ = write!(text, " (bytes {} at {})", hex.join(" "), source.range.start);
        }
        text.push_str("\n    ");
        self.tail.chars().for_each(|c| push_visible(&mut text, c));
        if event.is_mark() || event.before == event.after {
            let _ = write!(text, "{}{}{}", p.mark, shown(&event.before), p.mark_end);
        } else {
            let (head, gone, come, rest) = differing(&event.before, &event.after);
            text.push_str(&shown(head));
            if !gone.is_empty() {
                let _ = write!(text, "{}{}{}", p.gone, shown(gone), p.gone_end);
            }
            if !come.is_empty() {
                let _ = write!(text, "{}{}{}", p.come, shown(come), p.come_end);
            }
            text.push_str(&shown(rest));
        }
        text
    }
}

impl Note {
    fn print(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text.as_bytes());
        out.extend_from_slice(self.after.as_bytes());
        out.push(b'\n');
    }
}

/// What stands around the parts of a note.
struct Paint {
    name: &'static str,
    sure: &'static str,
    doubt: &'static str,
    gone: &'static str,
    gone_end: &'static str,
    come: &'static str,
    come_end: &'static str,
    mark: &'static str,
    mark_end: &'static str,
    end: &'static str,
}

impl Paint {
    const PLAIN: Paint = Paint {
        name: "",
        sure: "",
        doubt: "",
        gone: "[-",
        gone_end: "-]",
        come: "{+",
        come_end: "+}",
        mark: "[!",
        mark_end: "!]",
        end: "",
    };
    const TERMINAL: Paint = Paint {
        name: "\x1b[1m",
        sure: "\x1b[32m",
        doubt: "\x1b[33m",
        gone: "\x1b[31;9m",
        gone_end: "\x1b[0m",
        come: "\x1b[32;1m",
        come_end: "\x1b[0m",
        mark: "\x1b[33;7m",
        mark_end: "\x1b[0m",
        end: "\x1b[0m",
    };
}

/// `before` and `after` without what they share at the ends: head, what goes, what comes, rest.
fn differing<'t>(before: &'t str, after: &'t str) -> (&'t str, &'t str, &'t str, &'t str) {
    let pairs = before.chars().zip(after.chars());
    let head: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (b, a) = (&before[head..], &after[head..]);
    let pairs = b.chars().rev().zip(a.chars().rev());
    let rest: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (&before[..head], &b[..b.len() - rest], &a[..a.len() - rest], &b[b.len() - rest..])
}

/// `text` in one line, cut in the middle when it is long.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let number = text.chars().count();
    for (i, c) in text.chars().enumerate() {
        if number > SHOWN && i == SHOWN / 2 {
            let _ = write!(out, "…({} characters)…", number - SHOWN);
        }
        if number <= SHOWN || i < SHOWN / 2 || i >= number - SHOWN / 2 {
            push_visible(&mut out, c);
        }
    }
    out
}

/// Appends `c`, or its code point where it cannot be seen or would disturb the line.
fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push('⏎'),
        '\t' => out.push(' '),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{e000}'..='\u{f8ff}' => {
            let _ = write!(out, "<U+{:04X}>", c as u32);
        }
        c if c.is_control() => {
            let _ = write!(out, "<U+{:04X}>", c as u32);
        }
        c => out.push(c),
    }
}

fn last_chars(text: &str) -> &str {
    let start = text.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(i, _)| i);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanmend::event::Repair;

    fn printed(pieces: &[Piece<'_>], colour: bool) -> String {
        let (mut people, mut out) = (People::new("a.txt".to_owned(), colour), Vec::new());
        pieces.iter().for_each(|p| people.piece(*p, &mut out));
        people.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn place_rule_certainty_and_context_are_shown() {
        let gloss = Event::change(Repair::Gloss, "list", Outcome::Sure, 0, 0, "實(shí)", "實");
        let lost =
            Event::unrepaired(Repair::Decode, "malformed", "no such bytes", 0, 0, "\u{fffd}");
        let pieces = [
            Piece::Same("第一行\n貫"),
            Piece::Event(&gloss),
            Piece::Same("三保"),
            Piece::Event(&lost),
            Piece::Same("政法\n下一行"),
        ];
        assert_eq!(
            printed(&pieces, false),
            "a.txt:2:2: gloss/list sure\n    貫實[-(shí)-]三保\u{fffd}政法\n\
             a.txt:2:10: decode/malformed unrepaired: no such bytes\n    貫實三保[!\u{fffd}!]政法\n"
        );
        assert!(printed(&pieces, true).contains("\x1b[31;9m(shí)\x1b[0m"));
    }

    #[test]
    fn what_cannot_be_seen_is_named_and_what_is_long_is_cut() {
        assert_eq!(shown("a\u{200b}b\u{e5e5}\0"), "a<U+200B>b<U+E5E5><U+0000>");
        let long = "長".repeat(1000);
        assert!(shown(&long).contains("…(880 characters)…"));
    }
}
