//! HTML: the text of the page is one text, with the tags lifted out; attributes that people read are
//! texts of their own; the charset that the page declares becomes the one that is written.
//!
//! Scripts, styles and listings stay, and so does what its `lang` says is not Chinese, and the
//! readings of `ruby`. Character references are the syntax of HTML: one that a browser reads stays as it
//! is written, unless it stands for a Chinese character or mark, where it is a trace of damage.
//!
//! Mending makes no tag and unmakes none. A `<` that it brings is escaped; a `<` that stood there and is
//! no markup stays together with what follows it, so that nothing else can come to follow it.

mod attributes;
pub(super) mod charset;
mod elements;
mod open;
mod raw;
mod reference;
mod tag;

use crate::event::{Event, Repair, Step};

use super::weave::MOST_OPEN;
use super::{Ask, InFlow, Lift, Piece};
use open::Open;
use raw::Raw;
pub(super) use reference::is_han;
use tag::Tag;

/// A page.
#[derive(Default)]
pub(super) struct Html {
    within: Within,
    open: Open,
    /// Something was cut already.
    begun: bool,
    /// It began with an XML declaration: `<script/>` is the whole element.
    xml: bool,
}

/// What the next byte stands in.
#[derive(Default)]
enum Within {
    /// Text and tags.
    #[default]
    Page,
    /// An element without markup in it.
    Raw(Raw),
}

impl Lift for Html {
    fn next<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>> {
        if let Within::Raw(raw) = &mut self.within {
            let (mut len, mut over) = raw.next(text, ask.end)?;
            let mut flow = if raw.is_text() { InFlow::Text } else { InFlow::Beside };
            if raw.is_text()
                && let Some(at) = memchr::memchr(b'<', &text.as_bytes()[..len])
            {
                (len, flow) = match at {
                    0 => (lone(text, ask.end)?, InFlow::Beside),
                    at => (at, InFlow::Text),
                };
                over = false;
            }
            if over {
                self.within = Within::Page;
            }
            // An element that is empty ends where it begins.
            return if len > 0 {
                Some(Piece { len, flow, ..Piece::default() })
            } else {
                self.next(text, ask)
            };
        }
        let piece = match memchr::memchr(b'<', text.as_bytes()) {
            Some(0) => self.markup(text, ask)?,
            found => {
                let len = found.unwrap_or(text.len());
                let flow = if self.open.keeps() { InFlow::Beside } else { InFlow::Text };
                Piece { len, flow, ..Piece::default() }
            }
        };
        self.begun = true;
        Some(piece)
    }

    fn stays(&self, event: &Event, raw: &str) -> bool {
        reference::stays(event, raw)
    }

    fn resume(&mut self) -> u8 {
        self.within = Within::Page;
        b'>'
    }

    fn written(&self, event: &Event, after: &str, _before: &str) -> Option<String> {
        // What a decoder took of a tag was markup.
        let brings_none = |step: &Step| matches!(step.repair, Repair::Gloss | Repair::Convert);
        let is_markup = event.steps.iter().all(brings_none);
        Some(if is_markup { after.to_owned() } else { after.replace('<', "&lt;") })
    }
}

/// The length of a `<` that begins `text` and is no markup, and of what makes that sure: the letters
/// of a name and what follows them. Han may change: they become no letters, and do not go.
fn lone(text: &str, end: bool) -> Option<usize> {
    let name = text.strip_prefix("</").map_or(1, |_| 2);
    let letters = text.as_bytes()[name..].iter().take(MOST_LETTERS);
    let at = name + letters.take_while(|b| b.is_ascii_alphabetic()).count();
    match text[at..].chars().next() {
        Some('<') => Some(at),
        Some(c) if is_han(c) => Some(at),
        Some(c) => Some(at + c.len_utf8()),
        None => end.then_some(at),
    }
}

/// No name of an element without markup in it is longer.
const MOST_LETTERS: usize = 10;

impl Html {
    /// The piece that the `<` at the start of `text` begins.
    fn markup<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>> {
        let bytes = text.as_bytes();
        let ended = |found: Option<usize>| found.or(ask.end.then_some(text.len()));
        match bytes.get(1) {
            None if !ask.end => None,
            Some(b'!') => {
                let cdata = self.xml || self.open.has_foreign_markup();
                if let Some(raw) = Raw::comment(text, cdata, ask.end)? {
                    self.within = Within::Raw(raw);
                    // What begins it belongs to what is in it.
                    return self.next(text, ask);
                }
                ended(memchr::memchr(b'>', bytes).map(|n| n + 1)).map(Piece::keep)
            }
            // PHP goes on to its own end, or to that of the page.
            Some(b'?') if text.starts_with("<?php") || text.starts_with("<?=") => {
                self.within = Within::Raw(Raw::php());
                self.next(text, ask)
            }
            Some(b'?') if !ask.end && "<?php".starts_with(text) => None,
            Some(b'?') => {
                let len = ended(memchr::memchr(b'>', bytes).map(|n| n + 1))?;
                let mut piece = Piece::keep(len);
                if !self.begun && text.starts_with("<?xml") {
                    if ask.encoding.is_none() && !ask.end {
                        return None;
                    }
                    self.xml = true;
                    piece.changes.extend(charset::declaration(&text[..len], ask.encoding));
                }
                Some(piece)
            }
            Some(b'/') => match bytes.get(2) {
                None if !ask.end => None,
                Some(letter) if letter.is_ascii_alphabetic() => {
                    let tag = match Tag::parse(text, 2) {
                        Some(tag) if tag.len > MOST_OPEN => return None,
                        Some(tag) => tag,
                        None => return ask.end.then_some(Piece::keep(text.len())),
                    };
                    self.open.end(&tag.name);
                    let flow = elements::flow(&tag.name);
                    Some(Piece { len: tag.len, flow, ..Piece::default() })
                }
                Some(_) => ended(memchr::memchr(b'>', bytes).map(|n| n + 1)).map(Piece::keep),
                None => Some(Piece::keep(2)),
            },
            Some(letter) if letter.is_ascii_alphabetic() => match Tag::parse(text, 1) {
                Some(tag) if tag.len <= MOST_OPEN => self.start(text, tag, ask),
                Some(_) => None,
                None => ask.end.then_some(Piece::keep(text.len())),
            },
            // It begins nothing, and is no text that a repair could need.
            _ => lone(text, ask.end).map(Piece::keep),
        }
    }

    /// The piece of a start tag.
    fn start<'t>(&mut self, text: &'t str, tag: Tag, ask: Ask) -> Option<Piece<'t>> {
        let mut piece = Piece { len: tag.len, flow: elements::flow(&tag.name), ..Piece::default() };
        if tag.name == "meta" && charset::declares(text, &tag) {
            if ask.encoding.is_none() && !ask.end {
                return None;
            }
            piece.changes.extend(charset::meta(text, &tag, ask.encoding));
        }
        let closed = self.xml && tag.self_closing;
        let keeps = self.open.start(text, &tag, closed);
        if !keeps {
            piece.fields = attributes::fields(text, &tag);
        }
        if let Some(raw) = Raw::of(&tag.name, self.open.keeps()).filter(|_| !closed) {
            self.within = Within::Raw(raw);
        }
        Some(piece)
    }
}

#[cfg(test)]
pub(super) mod tests;
