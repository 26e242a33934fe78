//! Input and output side by side: cuts the output of a run at its events, so that printers see
//! what stayed and what changed, in order.

use std::collections::VecDeque;

use hanmend::event::Event;

/// A piece of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Piece<'p> {
    /// The same on both sides.
    Same(&'p str),
    /// One event.
    Event(&'p Event),
}

/// Cuts the output of one input.
#[derive(Debug, Default)]
pub(crate) struct Align {
    /// Output that waits for the end of an event, or of a character.
    text: Vec<u8>,
    /// Where `text` begins in the output.
    at: u64,
    events: VecDeque<Event>,
}

impl Align {
    /// Takes the next event.
    pub(crate) fn event(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Takes the next bytes of the output, which is UTF-8, and gives what is settled to `each`.
    /// All events that start before byte `complete` of the output have been taken.
    pub(crate) fn output(&mut self, bytes: &[u8], complete: u64, each: &mut dyn FnMut(Piece<'_>)) {
        self.text.extend_from_slice(bytes);
        let limit = complete.saturating_sub(self.at).min(self.text.len() as u64) as usize;
        let whole = whole_characters(&self.text[..limit]);
        let text = std::str::from_utf8(&self.text[..whole]).unwrap_or_default();
        let mut done = 0;
        while let Some(event) = self.events.front() {
            let start = event.output.start.saturating_sub(self.at) as usize;
            let end = event.output.end.saturating_sub(self.at) as usize;
            let (Some(_), Some(same)) = (text.get(..end), text.get(done..start.max(done))) else {
                break;
            };
            if !same.is_empty() {
                each(Piece::Same(same));
            }
            each(Piece::Event(event));
            done = end.max(done);
            self.events.pop_front();
        }
        // What stands before an event that is not settled yet is the same all the same.
        let border = match self.events.front() {
            Some(event) => (event.output.start.saturating_sub(self.at) as usize).min(text.len()),
            None => text.len(),
        };
        if let Some(same) = text.get(done..border).filter(|s| !s.is_empty()) {
            each(Piece::Same(same));
            done = border;
        }
        self.text.drain(..done);
        self.at += done as u64;
    }

    /// Ends the input: gives what is left to `each`.
    pub(crate) fn finish(&mut self, each: &mut dyn FnMut(Piece<'_>)) {
        self.output(&[], u64::MAX, each);
        for event in self.events.drain(..) {
            each(Piece::Event(&event));
        }
        self.text.clear();
        self.at = 0;
    }
}

/// Bytes of `text` that are whole characters.
fn whole_characters(text: &[u8]) -> usize {
    let tail = text.iter().rev().take(4).take_while(|b| **b & 0xc0 == 0x80).count();
    let Some(lead) = text.len().checked_sub(tail + 1) else { return 0 };
    let needs = match text[lead] {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    };
    if lead + needs <= text.len() { text.len() } else { lead }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanmend::event::{Outcome, Repair};

    /// All pieces, printed, when the output comes in chunks of `size` bytes.
    fn pieces(output: &str, events: &[Event], size: usize) -> String {
        let (mut align, mut same, mut all) = (Align::default(), String::new(), String::new());
        let mut each = |piece: Piece<'_>| match piece {
            Piece::Same(text) => same.push_str(text),
            Piece::Event(e) => {
                all.push_str(&std::mem::take(&mut same));
                all.push_str(&format!("[{}>{}]", e.before, e.after));
            }
        };
        let (mut events, mut given) = (events.iter().cloned().peekable(), 0);
        for chunk in output.as_bytes().chunks(size) {
            // Events are reported later than their text.
            let complete = given;
            given += chunk.len() as u64;
            while let Some(e) = events.next_if(|e| e.output.start < complete) {
                align.event(e);
            }
            align.output(chunk, complete, &mut each);
        }
        events.for_each(|e| align.event(e));
        align.finish(&mut each);
        all + &same
    }

    #[test]
    fn pieces_do_not_depend_on_chunks() {
        let change = |i, o, b: &str, a: &str| {
            Event::change(Repair::Gloss, "list", Outcome::Sure, i, o, b, a)
        };
        let events =
            [change(3, 3, "實(shí)", "實"), change(15, 9, "x", "好好"), change(16, 15, "y", "")];
        let output = "貫實三好好";
        for size in 1..=output.len() {
            assert_eq!(pieces(output, &events, size), "貫[實(shí)>實]三[x>好好][y>]");
        }
    }
}
