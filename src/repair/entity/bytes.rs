//! Bytes written as escapes: `%E5%AE%9E`, `\xe5\xae\x9e`, `=E5=AE=9E`, and the same in GBK.
//!
//! A query has its blanks and marks escaped with its characters: `%E4%BB%8A%E5%A4%A9%20%28%E4%B8%80%29`. They go with the
//! run that they end or stand in. A `+` may be a blank or a plus, so a run with one in it stays; and what divides records, fields or
//! commands (`%0A`, `%7C`) is escaped so that it does not.

use super::around::{LONGEST_BEGINNING, first_char, last_char};
use super::context::{in_url, is_cjk, is_han, is_mention, tail};
use super::escape::{escapes_han, in_source, joined_run};
use super::{Place, REACH, Verdict};
use crate::event::Outcome;

/// How a byte is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `%E5`
    Percent,
    /// `\xe5`
    Backslash,
    /// `=E5`, with `=` at the end of a line that goes on
    Equals,
}

impl Form {
    fn rule(self, gbk: bool) -> &'static str {
        match (self, gbk) {
            (Form::Percent, false) => "percent",
            (Form::Percent, true) => "percent-gbk",
            (Form::Backslash, false) => "byte-escape",
            (Form::Backslash, true) => "byte-escape-gbk",
            (Form::Equals, false) => "quoted-printable",
            (Form::Equals, true) => "quoted-printable-gbk",
        }
    }
}

/// So much tells the end of a header from a question mark and an escape, in bytes.
const HEADER_END: usize = 1 + LONGEST_BEGINNING;

/// Decides about a run of escaped bytes.
pub(super) fn decide(view: &str, closed: bool, place: &Place<'_>, form: Form) -> Verdict {
    let mut run = gather(view, form);
    if run.cut && !closed {
        return Verdict::More;
    }
    let stay = Verdict::Stay(run.len().max(1));
    // Shown source text has its escapes for its own reasons.
    if run.raw.len() < 2 || place.verbatim && matches!(form, Form::Backslash) {
        return stay;
    }
    // What is cut here goes on in another view, which has to begin with a character.
    let goes_on = run.cut && view.len() >= REACH;
    let Some((text, gbk)) = run.decode(form, goes_on) else { return stay };
    let len = run.len();
    let rest = if run.cut { "" } else { &view[len..] };
    let before = last_char(place.before);
    let Some(after) = first_char(rest, place.html, closed) else { return Verdict::More };
    let belongs = match form {
        Form::Percent => {
            let joined = joined_run(place, rest, closed);
            match is_mention(place.before, rest, false, closed) {
                None => return Verdict::More,
                Some(mention) => joined
                    .map(|j| j || mention || in_url(place.before) || breaks(&text, after, place)),
            }
        }
        _ if !closed && (rest.len() < 2 || rest.len() < HEADER_END && rest.starts_with("?=")) => {
            None
        }
        Form::Backslash => Some(in_source(place, rest)),
        // `=?UTF-8?Q?=E5...?=` is a header, which is decoded as a whole or not at all.
        Form::Equals => {
            let header = place.before.ends_with("?Q?") || place.before.ends_with("?q?");
            Some(
                header
                    || place.raw.ends_with(['&', '='])
                    || rest
                        .strip_prefix('?')
                        .is_some_and(|r| r.starts_with('=') && !escapes_han(r))
                    || in_url(place.before),
            )
        }
    };
    let Some(belongs) = belongs else { return Verdict::More };
    if belongs {
        return Verdict::Stay(len);
    }
    // UTF-8 proves itself. Two bytes are a character of GBK far too easily: one alone needs
    // Chinese beside it.
    // Letters of other languages in UTF-8 are pairs of GBK, too: in a word, or with no Chinese beside them.
    let beside = || [before, after].into_iter().flatten();
    let in_word = || beside().any(|c| c.is_ascii_alphabetic()) || !beside().any(is_cjk);
    if gbk && std::str::from_utf8(&run.raw).is_ok_and(is_of_letters) && in_word() {
        return Verdict::Stay(len);
    }
    let alone = gbk && text.chars().filter(|c| !c.is_ascii()).count() < 2;
    let near = place.follows() || [before, after].into_iter().flatten().any(is_cjk);
    if alone && !near {
        return Verdict::Stay(len);
    }
    let outcome = if alone { Outcome::Guess } else { Outcome::Sure };
    Verdict::Change { len, after: text, rule: form.rule(gbk), outcome }
}

/// Whether a text is letters beyond ASCII as other languages have them (`%C3%BC`, `%D0%BD%D0%B5`).
fn is_of_letters(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{C0}'..='\u{17F}' | '\u{370}'..) && c.is_alphabetic())
}

/// Whether a run is the target of a link, or its ASCII would be another thing where it stands: in a string of code, in
/// markup, or as what divides the fields of its line.
fn breaks(text: &str, after: Option<char>, place: &Place<'_>) -> bool {
    let quote = |c: char| matches!(c, '"' | '\'');
    let link = || {
        let before = place.before.trim_end_matches(' ');
        ["](", "](#", "](<"].iter().any(|opener| before.ends_with(opener))
    };
    let line = || tail(place.before, 256).rsplit('\n').next().unwrap_or("");
    let divides = |c: char| matches!(c, ',' | ':') && (after == Some(c) || line().contains(c));
    place.code.is_some() && text.contains(quote)
        || place.html && text.contains(quote)
        || text.contains(divides)
        || link()
}

/// Whether the run at the head of `view` has a quotation mark in it.
pub(super) fn may_break_code(view: &str) -> bool {
    let (units, _) = view.as_bytes().as_chunks::<3>();
    units
        .iter()
        .take_while(|u| u[0] == b'%' && u[1].is_ascii_hexdigit() && u[2].is_ascii_hexdigit())
        .any(|u| matches!(&u[1..], b"22" | b"27"))
}

/// ASCII that stands in the text of a query. What joins the parts of an address is none, nor what no program escapes.
fn is_of_text(form: Form, c: char) -> bool {
    match form {
        Form::Equals => matches!(c, ' '..='~'),
        Form::Percent => match c {
            '/' | '?' | '&' | '=' | '#' | '%' | '@' | '\\' | '<' | '>' => false,
            // These divide: columns, cells, commands. So does a line's end, and a record is a line.
            '|' | ';' | '`' => false,
            c => c == ' ' || c.is_ascii_punctuation(),
        },
        Form::Backslash => false,
    }
}

/// Escaped bytes in a row.
struct Run {
    raw: Vec<u8>,
    /// Where the escape of each ends.
    ends: Vec<usize>,
    /// Whether the text at hand ends within the run.
    cut: bool,
}

impl Run {
    fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The text, if it is Chinese in UTF-8, or in GB 2312. Of a run that the view cuts, the part
    /// that is whole: the rest belongs to the next view. Where there is one (`goes_on`), it may begin with ASCII, which
    /// begins no run: so the last character is left to it.
    fn decode(&mut self, form: Form, goes_on: bool) -> Option<(String, bool)> {
        let valid = match std::str::from_utf8(&self.raw) {
            Ok(_) => self.raw.len(),
            Err(error) if error.error_len().is_none() && self.cut => error.valid_up_to(),
            Err(_) => 0,
        };
        let text = std::str::from_utf8(&self.raw[..valid]).ok()?;
        let leave_last = goes_on && form == Form::Percent;
        if text.chars().all(|c| is_cjk(c) || is_of_text(form, c)) && text.chars().any(is_han) {
            let last = text.rfind(|c: char| !c.is_ascii()).filter(|at| leave_last && *at > 0);
            let text = text[..last.unwrap_or(text.len())].to_owned();
            self.keep(text.len());
            return Some((text, false));
        }
        let mut pairs = Pairs::default();
        while let Some((&first, rest)) = self.raw.get(pairs.len..).and_then(<[u8]>::split_first) {
            let len = match rest.first() {
                _ if is_of_text(form, first.into()) && form == Form::Percent => 1,
                Some(&second) if pairs.take(first, second) => 2,
                None if self.cut => break,
                _ => return None,
            };
            if len == 2 {
                pairs.last = pairs.len;
            }
            pairs.len += len;
        }
        // Where words are told by blanks, other languages in UTF-8 have pairs of GBK, too: `caf%C3%A9%20%C3%A9tait`.
        let raw = &self.raw[..pairs.len];
        let other = || raw.iter().any(u8::is_ascii) && std::str::from_utf8(raw).is_ok();
        if pairs.common <= pairs.rare || other() {
            return None;
        }
        let valid = if leave_last && pairs.last > 0 { pairs.last } else { pairs.len };
        let text = encoding_rs::GBK
            .decode_without_bom_handling_and_without_replacement(&self.raw[..valid])?
            .into_owned();
        if !text.chars().all(|c| is_cjk(c) || c.is_ascii()) {
            return None;
        }
        self.keep(valid);
        Some((text, true))
    }

    fn keep(&mut self, count: usize) {
        self.raw.truncate(count);
        self.ends.truncate(count);
    }
}

/// What the pairs of a run are in GB 2312.
#[derive(Debug, Default)]
struct Pairs {
    /// Level 1, and level 2, which is taken where level 1 stands beside it.
    common: usize,
    rare: usize,
    /// So many bytes were gone over.
    len: usize,
    /// Where the last pair begins.
    last: usize,
}

impl Pairs {
    /// Counts a pair, unless GB 2312 has none there.
    fn take(&mut self, first: u8, second: u8) -> bool {
        match (first, second) {
            (0xB0..=0xD7, 0xA1..=0xFE) => self.common += 1,
            (0xD8..=0xF7, 0xA1..=0xFE) => self.rare += 1,
            (0xA1..=0xA3, 0xA1..=0xFE) => {}
            _ => return false,
        }
        true
    }
}

fn gather(view: &str, form: Form) -> Run {
    let bytes = view.as_bytes();
    let mut run = Run { raw: Vec::new(), ends: Vec::new(), cut: false };
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        match unit(rest, form) {
            Unit::Byte(byte, len) => {
                at += len;
                run.raw.push(byte);
                run.ends.push(at);
            }
            Unit::None => return run,
            Unit::Partial => {
                run.cut = true;
                return run;
            }
        }
    }
}

enum Unit {
    Byte(u8, usize),
    None,
    /// What is at hand may be the start of one.
    Partial,
}

fn unit(rest: &[u8], form: Form) -> Unit {
    let (prefix, rest, skipped): (&[u8], &[u8], usize) = match form {
        Form::Percent => (b"%", rest, 0),
        Form::Backslash => (b"\\x", rest, 0),
        // A soft line break in front of the byte.
        Form::Equals => match rest {
            [b'=', b'\r', b'\n', more @ ..] => (b"=", more, 3),
            [b'=', b'\n', more @ ..] => (b"=", more, 2),
            [b'=', b'\r'] => return Unit::Partial,
            _ => (b"=", rest, 0),
        },
    };
    let hex = match rest.strip_prefix(prefix) {
        Some(hex) => hex,
        None if prefix.starts_with(rest) => return Unit::Partial,
        None => return Unit::None,
    };
    let digit = |b: u8| {
        let lower = form == Form::Equals && b.is_ascii_lowercase();
        char::from(b).to_digit(16).filter(|_| !lower)
    };
    match *hex {
        [] => Unit::Partial,
        [high] => digit(high).map_or(Unit::None, |_| Unit::Partial),
        [high, low, ..] => match (digit(high), digit(low)) {
            (Some(high), Some(low)) => {
                Unit::Byte((high << 4 | low) as u8, skipped + prefix.len() + 2)
            }
            _ => Unit::None,
        },
    }
}
