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
//! | `unicode-escape` | `\u5b9e\u73b0` in prose, `sh\u00ed` in a gloss |
//! | `unicode-escape-bytes` | `\u00e5\u00ae\u009e` in prose: UTF-8, taken for Latin-1 or windows-1252 before it was escaped |
//! | `percent-u` | `%u5B9E%u73B0` in prose |
//! | `percent` | `%E5%AE%9E%20%E7%8E%B0`, where it decodes to Chinese, with its blanks and marks, and is no part of a URL |
//! | `percent-gbk` | `%CA%B5%CF%D6`, the same in GBK |
//! | `byte-escape`, `byte-escape-gbk` | `\xe5\xae\x9e` in prose |
//! | `quoted-printable`, `quoted-printable-gbk` | `=E5=AE=9E`, left over from mail |
//! | `lost-ampersand` | `#xff1a;`; in decimals, which tickets have too, marks and rows |
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
//! decoded. [`Entity::auto`] looks: a doctype, `<?xml`, `<html` or two tags that HTML knows, or that have an attribute in
//! quotation marks or close the last one, in the block of 4 KiB that the reference stands in or before it, make it HTML.
//!
//! **A page in another language** keeps its references, but for those to Chinese: that is how its
//! author wrote `&copy;`. With [`Entity::auto`], HTML and XML count as Chinese from the block of 4 KiB on that
//! has Chinese in it: any in the first, twenty characters after it, and not Japanese.
//!
//! **Source code** keeps its references, but for those to Chinese: `return "<td>&nbsp;</td>"`, Perl's
//! `\&copy;`, C++'s `Node &Map;`. A listing that was escaped, where no `<` and no lone `&` is, loses
//! them: `i &lt; n`.
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

mod around;
mod bytes;
mod chinese;
mod context;
mod escape;
mod joints;
mod line_end;
mod markup;
mod misread;
mod names;
mod numeric;
mod parse;
mod reading;
mod reference;
mod scan;
mod source;
mod topic;

use super::local::{Candidate, Local, Verdict, Window, stage_of_window};
use crate::event::Repair;
use bytes::Form;
use chinese::Chinese;
use context::Quotes;
use markup::{ENOUGH, Markup};

/// How far a reference or a run of escapes is looked at, in bytes. It covers a reference escaped
/// sixteen times over, and runs of escapes are decided on their first forty.
const REACH: usize = 256;

/// [`Entity::auto`] decides by blocks of this many bytes from the start of the text: long enough
/// for the tags of any page's head, short enough to hold.
const BLOCK: usize = 4096;

/// How long a decoded escape is evidence for the next one, in bytes.
const NEAR: u64 = 256;

/// The repair; see the [module](self).
#[derive(Clone, Debug)]
pub struct Entity(Window<References>);

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
    /// What comes before it, as it came out.
    before: &'a str,
    /// The same as it came in.
    raw: &'a str,
    /// Whether markup stays escaped.
    html: bool,
    /// Whether references to what is no Chinese character are decoded.
    chinese: bool,
    /// In an element that shows source text.
    verbatim: bool,
    /// The quotation mark that opened the string of code it is in.
    code: Option<char>,
    /// An escape was decoded just before.
    decoded_near: bool,
    /// Bytes since the last escape that was decoded, if it is near.
    since: Option<usize>,
}

impl<'a> Place<'a> {
    /// Whether an escape that was decoded comes right before, but for what cannot be seen.
    fn follows(&self) -> bool {
        self.since
            .is_some_and(|since| context::tail(self.raw, since).chars().all(around::is_invisible))
    }
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

    /// Whether repairs that are guesses are made, as they are by default. If not, the damage is
    /// marked and left.
    #[must_use]
    pub fn guess(self, guess: bool) -> Entity {
        Entity(self.0.guessing(guess))
    }

    fn new(rules: Rules) -> Entity {
        Entity(Window::new(References::new(rules)))
    }
}

/// The state between candidates.
#[derive(Clone, Debug)]
struct References {
    rules: Rules,
    markup: Markup,
    /// Up to where the input is known to be no HTML, for `auto`.
    plain_to: u64,
    chinese: Chinese,
    /// Up to where it is known whether the page is Chinese, and the answer.
    asked_to: u64,
    is_chinese: bool,
    quotes: Quotes,
    /// Where the last escape that was decoded ends.
    decoded: Option<u64>,
    /// Where the last candidate that was left ends.
    left: Option<u64>,
}

impl References {
    fn new(rules: Rules) -> References {
        References {
            rules,
            markup: Markup::new(),
            plain_to: 0,
            chinese: Chinese::default(),
            asked_to: 0,
            is_chinese: false,
            quotes: Quotes::default(),
            decoded: None,
            left: None,
        }
    }

    /// Whether the candidate stands in HTML; `None` when that is not known yet.
    fn is_html(&mut self, candidate: &Candidate<'_>) -> Option<bool> {
        match self.rules.mode {
            Mode::Plain => return Some(false),
            Mode::Html => return Some(true),
            Mode::Auto => {}
        }
        if self.markup.points() >= ENOUGH {
            return Some(true);
        }
        if candidate.position < self.plain_to {
            return Some(false);
        }
        let block = rest_of_block(candidate)?;
        let mut markup = self.markup;
        markup.advance(block.as_bytes());
        if markup.points() >= ENOUGH {
            return Some(true);
        }
        self.plain_to = candidate.position + block.len() as u64;
        Some(false)
    }

    /// Whether references to what is no Chinese character are damage where the candidate stands:
    /// anywhere but in a page of HTML without Chinese in the block or before it. `None` when that is
    /// not known yet.
    fn is_chinese(&mut self, html: bool, candidate: &Candidate<'_>) -> Option<bool> {
        if !html || self.rules.mode != Mode::Auto {
            return Some(true);
        }
        if candidate.position >= self.asked_to {
            let mut chinese = self.chinese;
            if !chinese.settled() {
                let block = rest_of_block(candidate)?;
                chinese.ahead(block);
                self.asked_to = candidate.position + block.len() as u64;
            }
            self.is_chinese = chinese.is_chinese(candidate.position < BLOCK as u64);
        }
        Some(self.is_chinese)
    }

    fn verdict(&mut self, html: bool, chinese: bool, candidate: &Candidate<'_>) -> Verdict {
        let &Candidate { mended: before, view, position, written, .. } = candidate;
        if html && !self.markup.in_text() {
            return Verdict::Stay(view.chars().next().map_or(1, char::len_utf8));
        }
        let closed = candidate.closed || view.len() >= REACH;
        let view = &view[..view.floor_char_boundary(REACH)];
        if let Some(verdict) = reference::plain_han(view, before, html, closed) {
            return verdict;
        }
        let mut place = Place {
            before,
            raw: candidate.before,
            html,
            chinese,
            verbatim: html && self.markup.in_verbatim(),
            code: None,
            decoded_near: self.decoded.is_some_and(|end| position - end <= NEAR),
            since: self
                .decoded
                .map(|end| position - end)
                .filter(|n| *n <= NEAR)
                .map(|n| n as usize),
        };
        // What turns out to be no candidate has moved nothing.
        let mut quotes = self.quotes;
        let verdict = match view.as_bytes() {
            [b'\\'] if !closed => Verdict::More,
            [b'\\', b'u', ..] => {
                place.code = quotes.in_code(before, written);
                escape::backslash(view, closed, &place)
            }
            [b'\\', b'x', ..] => {
                place.code = quotes.in_code(before, written);
                bytes::decide(view, closed, &place, Form::Backslash)
            }
            [b'=', ..] => bytes::decide(view, closed, &place, Form::Equals),
            [b'x' | b'_', ..] => {
                if line_end::starts(view) {
                    place.code = quotes.in_code(before, written);
                }
                line_end::decide(view, closed, &place)
            }
            [b'#', ..] => reference::lost_ampersand(view, closed, &place),
            [b'%', ..] => {
                if bytes::may_break_code(view) {
                    place.code = quotes.in_code(before, written);
                }
                escape::percent(view, closed, &place)
            }
            [b'\\', ..] => Verdict::Stay(1),
            _ => {
                if reference::may_break_code(view) {
                    place.code = quotes.in_code(before, written);
                }
                reference::decide(view, closed, &place, self.rules)
            }
        };
        if !matches!(verdict, Verdict::More) {
            self.quotes = quotes;
        }
        match verdict {
            // The rest of a run of which the first part stayed.
            Verdict::Change { len, .. } if self.left == Some(position) && !is_reference(view) => {
                Verdict::Stay(len)
            }
            // Where others were decoded shortly before, it is damage.
            Verdict::Change { len, ref after, .. }
                if !html && !place.decoded_near && topic::is_shown(before, view, after) =>
            {
                Verdict::Stay(len)
            }
            verdict => verdict,
        }
    }
}

/// Whether a candidate may be a reference, with all its marks.
fn is_reference(view: &str) -> bool {
    view.starts_with(['&', '＆'])
}

/// The rest of the block that the candidate stands in; `None` when it is not at hand yet.
fn rest_of_block<'a>(candidate: &Candidate<'a>) -> Option<&'a str> {
    let ahead = BLOCK - (candidate.position % BLOCK as u64) as usize;
    if ahead > candidate.view.len() && !candidate.closed {
        return None;
    }
    Some(&candidate.view[..candidate.view.ceil_char_boundary(ahead)])
}

impl Local for References {
    const REPAIR: Repair = Repair::Entity;
    const KEEP: usize = context::KEEP;
    const MENDED: usize = context::KEEP;
    const VIEW: usize = BLOCK + REACH;

    fn find(&self, text: &str, from: usize) -> Option<usize> {
        scan::next(text, from)
    }

    fn decide(&mut self, candidate: &Candidate<'_>) -> Verdict {
        let Some(html) = self.is_html(candidate) else { return Verdict::More };
        let Some(chinese) = self.is_chinese(html, candidate) else { return Verdict::More };
        let verdict = self.verdict(html, chinese, candidate);
        if let Verdict::Change { after, .. } = &verdict {
            self.chinese.decoded(after);
            let end = candidate.written + after.len() as u64;
            if after.contains('\n') {
                self.quotes.line_ends(end);
            } else if after.contains(['"', '\'']) {
                self.quotes.in_code(candidate.mended, candidate.written);
                self.quotes.pass(end);
            }
        }
        let end = |len: usize| Some(candidate.position + len as u64);
        match verdict {
            Verdict::Stay(len) => self.left = end(len),
            Verdict::Change { len, .. } if !is_reference(candidate.view) => {
                self.decoded = end(len);
            }
            _ => {}
        }
        verdict
    }

    fn passed(&mut self, bytes: &[u8]) {
        if self.rules.mode != Mode::Plain {
            self.markup.advance(bytes);
            self.chinese.advance(bytes);
        }
    }

    fn joints(&self, before: &str, after: &str) -> Vec<(usize, usize)> {
        joints::joints(before, after)
    }

    fn most_held(&self) -> usize {
        match self.rules.mode {
            Mode::Auto => Self::VIEW,
            _ => REACH,
        }
    }

    fn reset(&mut self) {
        *self = References::new(self.rules);
    }
}

stage_of_window!(Entity);
