//! Subtitles: SubRip, WebVTT, ASS and SSA. The text of all cues is one text; times, styles, and the
//! markup in the text are lifted out.

mod ass;
mod cues;
mod markup;

use super::{Ask, InFlow, Lift, Piece};
use crate::event::Event;
use ass::Events;
use cues::Cues;

/// How subtitles are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    SubRip,
    WebVtt,
    /// And SSA, from which it comes.
    Ass,
}

/// A file of subtitles.
pub(super) struct Subtitles {
    form: Form,
    lines: Lines,
    /// What is left of a line of text.
    left: usize,
    /// Within markup whose content stays: the readings of ruby, drawings.
    aside: bool,
    /// Markup in the rest of the line does not end.
    open: bool,
}

/// Tells the lines apart.
enum Lines {
    Cues(Cues),
    Events(Events),
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Keep,
    /// Text, from this byte on.
    Text(usize),
}

impl Subtitles {
    pub(super) fn new(form: Form) -> Subtitles {
        let lines = match form {
            Form::Ass => Lines::Events(Events::default()),
            Form::SubRip | Form::WebVtt => Lines::Cues(Cues::new(form == Form::WebVtt)),
        };
        Subtitles { form, lines, left: 0, aside: false, open: false }
    }

    /// The first piece of the rest of a line of text.
    fn within<'t>(&mut self, text: &str) -> Piece<'t> {
        let (len, flow) = match markup::at_start(self.form, text, &mut self.aside, &mut self.open) {
            Some(found) => found,
            None => {
                let flow = if self.aside { InFlow::Beside } else { InFlow::Text };
                (markup::next(self.form, text), flow)
            }
        };
        self.left -= len;
        Piece { len, flow, ..Piece::default() }
    }
}

impl Lift for Subtitles {
    fn next<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>> {
        if self.left > 0 {
            return Some(self.within(&text[..self.left]));
        }
        let end = memchr::memchr(b'\n', text.as_bytes()).map(|n| n + 1);
        let len = end.or(ask.end.then_some(text.len()))?;
        self.open = false;
        let line = match &mut self.lines {
            Lines::Cues(cues) => cues.line(&text[..len]),
            Lines::Events(events) => events.line(&text[..len]),
        };
        let keep = |len| Some(Piece { len, flow: InFlow::Break, ..Piece::default() });
        match line {
            Line::Text(start) if start < len => {
                self.left = len - start;
                if start > 0 {
                    self.aside = false;
                    keep(start)
                } else {
                    Some(self.within(&text[..len]))
                }
            }
            _ => {
                self.aside = false;
                keep(len)
            }
        }
    }

    fn written(&self, _event: &Event, after: &str, before: &str) -> Option<String> {
        // What would be markup, or end the line, is not brought in.
        let brings = |c: char| after.contains(c) && !before.contains(c);
        if brings('\n') || brings('\r') {
            return None;
        }
        // A line of digits alone would be the number of a cue.
        let digits = !after.is_empty() && after.bytes().all(|b| b.is_ascii_digit());
        if digits && after != before {
            return None;
        }
        match self.form {
            Form::Ass => (!['{', '}', '\\'].into_iter().any(brings)).then(|| after.to_owned()),
            Form::SubRip if brings('{') || brings('}') || brings('\\') => None,
            _ if brings('-') => None,
            _ if brings('<') || brings('>') => {
                Some(after.replace('<', "&lt;").replace('>', "&gt;"))
            }
            _ => Some(after.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
