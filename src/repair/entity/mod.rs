//! Undoes character references and escapes that were left in the text, or mangled.
//!
//! | rule | what it undoes |
//! |---|---|
//! | `named` | `&eacute;`, `&nbsp;`, and the 106 names that count without a semicolon |
//! | `decimal`, `hex` | `&#23454;`, `&#x5B9E;` |
//! | `cp1252` | `&#150;`: the number is a byte of windows-1252 |
//! | `surrogate` | `&#55357;&#56832;`, `\ud83d\ude00`: two halves of one character |
//! | `out-of-range` | `&#0;`, `&#x110000;`: U+FFFD, as the standard has it |
//! | `double` | `&amp;amp;#x5B9E;`: escaped more than once |
//! | `full-width` | `＆＃23454；`: the marks became full-width |
//! | `unicode-escape` | `\u5b9e\u73b0` in prose |
//! | `percent-u` | `%u5B9E%u73B0` in prose |
//! | `percent` | `%E5%AE%9E`, where it decodes to Chinese only and is no part of a URL |
//! | `percent-gbk` | `%CA%B5%CF%D6`, the same in GBK |
//! | `byte-escape`, `byte-escape-gbk` | `\xe5\xae\x9e` in prose |
//! | `quoted-printable`, `quoted-printable-gbk` | `=E5=AE=9E`, left over from mail |
//! | `lost-ampersand` | `#xff1a;` |
//! | `line-end` | `x0dx0a` and `_x000D_` between Chinese |
//!
//! The [HTML standard](https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state)
//! is the reference for names, numbers and longest prefixes. It is departed from in two points:
//!
//! - `&#x5B9Eabc`: the standard reads `abc` as digits and gives U+FFFD. Where all the digits do
//!   not make a Han character and the first four (of a decimal number, five) do, these are the
//!   reference and the rest is text.
//! - A name without a semicolon is not decoded in a query or URL (`?a=1&copy=2`); in text that is
//!   not HTML neither before a letter (`&params`), nor, if it is a word too (`&not`), where code or
//!   prose would put the word.
//!
//! **HTML or not** decides what becomes of `&lt;`. In HTML, markup that is escaped stays escaped,
//! and tags, comments, CDATA, scripts and styles stay as they are. In plain text everything is
//! decoded. [`Entity::auto`] looks: a doctype, `<html` or two tags that HTML knows, in the block of
//! 4 KiB that the reference stands in or before it, make it HTML.
//!
//! ```
//! use hanmend::event::Silent;
//! use hanmend::repair::Entity;
//! use hanmend::stage::Stage;
//!
//! let mut out = String::new();
//! let mut entity = Entity::plain();
//! entity.push("實(sh&iacute;)現&#x5B9", &mut out, &mut Silent);
//! entity.push("E; AT&T &lt;b&gt;", &mut out, &mut Silent);
//! entity.finish(&mut out, &mut Silent);
//! assert_eq!(out, "實(shí)現实 AT&T <b>");
//! ```

mod bytes;
mod context;
mod escape;
mod line_end;
mod markup;
mod names;
mod numeric;
mod reference;
mod scan;

use crate::event::{Event, Outcome, Repair, Sink};
use crate::stage::{Stage, TextStage};
use bytes::Form;
use context::{KEEP, Quotes};
use markup::{ENOUGH, Markup};

/// How far a decision looks ahead, in bytes. It covers a reference escaped sixteen times over, and
/// runs of escapes are decided on their first forty.
const VIEW: usize = 256;

/// [`Entity::auto`] decides by blocks of this many bytes from the start of the text: long enough
/// for the tags of any page's head, short enough to hold.
const BLOCK: u64 = 4096;

/// How long a decoded escape is evidence for the next one, in bytes.
const NEAR: u64 = 256;

/// Pushes are worked on in pieces of this size, so that a long one is not copied whole.
const PIECE: usize = 1 << 16;

/// The repair; see the [module](self).
#[derive(Clone, Debug)]
pub struct Entity {
    rules: Rules,
    /// The last of the text before `at`, then what is held.
    text: String,
    /// Where in `text` the undecided part starts.
    at: usize,
    /// Where `text` starts in the input.
    base: u64,
    /// How much has been put out.
    written: u64,
    markup: Markup,
    /// Up to where the input is known to be no HTML, for `auto`.
    plain_to: u64,
    quotes: Quotes,
    /// Where the last escape that was decoded ends.
    decoded: Option<u64>,
    /// Where the last escape that was left ends.
    left: Option<u64>,
}

/// What the constructors settle.
#[derive(Clone, Copy, Debug)]
struct Rules {
    mode: Mode,
    /// Whether names without a semicolon count wherever the standard counts them.
    standard: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Plain,
    Html,
    Auto,
}

/// Where a candidate stands.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    /// What comes before it, as far as it is kept.
    before: &'a str,
    /// Whether markup stays escaped.
    html: bool,
    /// In an element that shows source text.
    verbatim: bool,
    /// In a string of code.
    code: bool,
    /// An escape was decoded just before.
    decoded_near: bool,
    /// It continues a run of which the first part was decoded.
    continues: bool,
}

/// What becomes of a candidate.
#[derive(Clone, Debug)]
enum Verdict {
    /// So many bytes stay.
    Stay(usize),
    /// `len` bytes become `after`.
    Change { len: usize, after: String, rule: &'static str, outcome: Outcome },
    /// It depends on what comes next.
    More,
}

impl Entity {
    /// For plain text: every reference is decoded, those to `<` and `&` too.
    pub fn plain() -> Entity {
        Entity::new(Rules { mode: Mode::Plain, standard: false })
    }

    /// For HTML and XML: markup that is escaped stays escaped, and only text is worked on.
    ///
    /// ```
    /// use hanmend::{repair::Entity, stage::harness};
    ///
    /// let html = r#"<a href="?x=&#23454;">&#23454;現 a &lt; b</a>"#;
    /// let (text, _) = harness::prove(Entity::html, html);
    /// assert_eq!(text, r#"<a href="?x=&#23454;">实現 a &lt; b</a>"#);
    /// ```
    pub fn html() -> Entity {
        Entity::new(Rules { mode: Mode::Html, standard: true })
    }

    /// For text that may be either: the text decides, see the [module](self).
    pub fn auto() -> Entity {
        Entity::new(Rules { mode: Mode::Auto, standard: false })
    }

    fn new(rules: Rules) -> Entity {
        Entity {
            rules,
            text: String::new(),
            at: 0,
            base: 0,
            written: 0,
            markup: Markup::new(),
            plain_to: 0,
            quotes: Quotes::default(),
            decoded: None,
            left: None,
        }
    }

    fn take(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        if self.held() == 0 && scan::next(input, 0).is_none() {
            // Nothing that could be damage: the text goes through.
            if self.rules.mode != Mode::Plain {
                self.markup.advance(input.as_bytes());
            }
            out.push_str(input);
            self.written += input.len() as u64;
            self.keep(input);
        } else {
            self.text.push_str(input);
            self.work(false, out, sink);
            self.trim();
        }
    }

    /// Keeps the end of `input`, which has gone through, for looking back.
    fn keep(&mut self, input: &str) {
        if input.len() >= KEEP {
            self.base += (self.text.len() + input.len()) as u64;
            self.text.clear();
            self.text.push_str(&input[input.floor_char_boundary(input.len() - KEEP)..]);
            self.base -= self.text.len() as u64;
            self.at = self.text.len();
        } else {
            self.text.push_str(input);
            self.at = self.text.len();
            self.trim();
        }
    }

    /// Drops what is no longer looked back at, now and then.
    fn trim(&mut self) {
        if self.at > 4 * KEEP {
            let drop = self.text.floor_char_boundary(self.at - KEEP);
            self.text.drain(..drop);
            self.base += drop as u64;
            self.at -= drop;
        }
    }

    /// Decides all that can be decided.
    fn work(&mut self, closed: bool, out: &mut String, sink: &mut dyn Sink) {
        while let Some(found) = scan::next(&self.text, self.at) {
            self.pass(found, out);
            let Some(html) = self.is_html(closed) else { return };
            let limit = self.text.floor_char_boundary(self.at + VIEW);
            let view_closed = closed || self.text.len() - self.at >= VIEW;
            match self.decide(html, view_closed, limit) {
                Verdict::More => return,
                Verdict::Stay(len) => {
                    self.left = Some(self.base + (self.at + len) as u64);
                    self.pass(self.at + len, out);
                }
                Verdict::Change { len, after, rule, outcome } => {
                    let position = self.base + self.at as u64;
                    let before = &self.text[self.at..self.at + len];
                    out.push_str(&after);
                    let output = self.written;
                    self.written += after.len() as u64;
                    let event = Event::change(
                        Repair::Entity,
                        rule,
                        outcome,
                        position,
                        output,
                        before,
                        after,
                    );
                    if !before.starts_with(['&', '＆']) {
                        self.decoded = Some(position + len as u64);
                    }
                    sink.event(event);
                    self.lead_markup(self.at + len);
                    self.at += len;
                }
            }
        }
        self.pass(self.text.len(), out);
    }

    /// Lets the text up to `to` go through.
    fn pass(&mut self, to: usize, out: &mut String) {
        out.push_str(&self.text[self.at..to]);
        self.written += (to - self.at) as u64;
        self.lead_markup(to);
        self.at = to;
    }

    fn lead_markup(&mut self, to: usize) {
        if self.rules.mode != Mode::Plain {
            self.markup.advance(&self.text.as_bytes()[self.at..to]);
        }
    }

    /// Whether the candidate stands in HTML; `None` when that is not known yet.
    fn is_html(&mut self, closed: bool) -> Option<bool> {
        match self.rules.mode {
            Mode::Plain => return Some(false),
            Mode::Html => return Some(true),
            Mode::Auto => {}
        }
        if self.markup.points() >= ENOUGH {
            return Some(true);
        }
        let position = self.base + self.at as u64;
        if position < self.plain_to {
            return Some(false);
        }
        let block_end = (position / BLOCK + 1) * BLOCK;
        let ahead = (block_end - self.base) as usize;
        if ahead > self.text.len() && !closed {
            return None;
        }
        let mut markup = self.markup;
        markup.advance(&self.text.as_bytes()[self.at..ahead.min(self.text.len())]);
        if markup.points() >= ENOUGH {
            return Some(true);
        }
        self.plain_to = block_end;
        Some(false)
    }

    /// Decides about the candidate at `self.at`, with the text up to `limit`.
    fn decide(&mut self, html: bool, closed: bool, limit: usize) -> Verdict {
        let before = &self.text[..self.at];
        let view = &self.text[self.at..limit];
        if html && !self.markup.in_text() {
            return Verdict::Stay(view.chars().next().map_or(1, char::len_utf8));
        }
        let position = self.base + self.at as u64;
        let mut place = Place {
            before,
            html,
            verbatim: html && self.markup.in_verbatim(),
            code: false,
            decoded_near: self.decoded.is_some_and(|end| position - end <= NEAR),
            continues: self.decoded == Some(position),
        };
        let verdict = match view.as_bytes() {
            [b'\\'] if !closed => Verdict::More,
            [b'\\', b'u', ..] => {
                place.code = self.quotes.in_code(before, position);
                escape::backslash(view, closed, &place)
            }
            [b'\\', b'x', ..] => {
                place.code = self.quotes.in_code(before, position);
                bytes::decide(view, closed, &place, Form::Backslash)
            }
            [b'=', ..] => bytes::decide(view, closed, &place, Form::Equals),
            [b'x' | b'_', ..] => line_end::decide(view, closed, &place),
            [b'#', ..] => reference::lost_ampersand(view, closed, &place),
            [b'%', ..] => escape::percent(view, closed, &place),
            [b'\\', ..] => Verdict::Stay(1),
            _ => return reference::decide(view, closed, &place, self.rules),
        };
        match verdict {
            // The rest of a run of which the first part stayed.
            Verdict::Change { len, .. } if self.left == Some(position) => Verdict::Stay(len),
            verdict => verdict,
        }
    }
}

impl Stage for Entity {
    type Input = str;
    type Output = String;

    fn push(&mut self, mut input: &str, out: &mut String, sink: &mut dyn Sink) {
        while !input.is_empty() {
            let (piece, rest) = input.split_at(input.floor_char_boundary(PIECE));
            self.take(piece, out, sink);
            input = rest;
        }
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        if self.held() > 0 {
            self.work(true, out, sink);
        }
        let rules = self.rules;
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        *self = Entity { text, ..Entity::new(rules) };
    }

    fn held(&self) -> usize {
        self.text.len() - self.at
    }

    fn max_held(&self) -> usize {
        let block = if self.rules.mode == Mode::Auto { BLOCK as usize } else { 0 };
        // What is held ends with a piece of input, and is decided as soon as a view is full.
        block + VIEW
    }
}

impl TextStage for Entity {
    fn passes(&self, whole: &str) -> bool {
        scan::next(whole, 0).is_none()
    }
}
