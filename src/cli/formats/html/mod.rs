//! HTML: the text of the page is one text, with the tags lifted out; attributes that people read are
//! texts of their own; the charset that the page declares becomes the one that is written.
//!
//! Scripts, styles and listings stay, and so does what its `lang` says is not Chinese, and the
//! readings of `ruby`. Character references are the syntax of HTML: what a repair of references
//! leaves or makes is up to it (`&lt;` stays), and a `<` that another repair brings is escaped.

mod attributes;
mod charset;
mod elements;
mod open;
mod raw;
mod tag;

use super::{Ask, InFlow, Lift, Piece};
use open::Open;
use raw::Raw;
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
        if let Within::Raw(raw) = &self.within {
            let (len, over) = raw.next(text, ask.end)?;
            let flow = if raw.is_text() { InFlow::Text } else { InFlow::Beside };
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

    fn written(&self, after: &str, before: &str) -> Option<String> {
        let fine = before.contains('<') || !after.contains('<');
        Some(if fine { after.to_owned() } else { after.replace('<', "&lt;") })
    }
}

impl Html {
    /// The piece that the `<` at the start of `text` begins.
    fn markup<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>> {
        let bytes = text.as_bytes();
        let ended = |found: Option<usize>| found.or(ask.end.then_some(text.len()));
        match bytes.get(1) {
            None if !ask.end => None,
            Some(b'!') => {
                if let Some(raw) = Raw::comment(text, ask.end)? {
                    self.within = Within::Raw(raw);
                    // What begins it belongs to what is in it.
                    return self.next(text, ask);
                }
                ended(memchr::memchr(b'>', bytes).map(|n| n + 1)).map(Piece::keep)
            }
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
                Some(tag) => self.start(text, tag, ask),
                None => ask.end.then_some(Piece::keep(text.len())),
            },
            // It begins nothing, and is no text that a repair could need.
            _ => Some(Piece::keep(1)),
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
mod tests;
