//! Bytes written as escapes: `%E5%AE%9E`, `\xe5\xae\x9e`, `=E5=AE=9E`, and the same in GBK.

use super::around::{LONGEST_BEGINNING, first_char, last_char};
use super::context::{in_url, is_cjk, is_han, is_mention};
use super::escape::{escapes_han, in_source, joined_run};
use super::{Place, Verdict};
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
    let Some((text, gbk)) = run.decode(form) else { return stay };
    let len = run.len();
    let rest = if run.cut { "" } else { &view[len..] };
    let before = last_char(place.before);
    let Some(after) = first_char(rest, place.html, closed) else { return Verdict::More };
    let belongs = match form {
        Form::Percent => {
            let joined = joined_run(place, rest, closed);
            match is_mention(place.before, rest, false, closed) {
                None => return Verdict::More,
                Some(mention) => joined.map(|j| j || mention || in_url(place.before)),
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
    let alone = gbk && text.chars().count() < 2;
    let near = place.follows() || [before, after].into_iter().flatten().any(is_cjk);
    if alone && !near {
        return Verdict::Stay(len);
    }
    let outcome = if alone { Outcome::Guess } else { Outcome::Sure };
    Verdict::Change { len, after: text, rule: form.rule(gbk), outcome }
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
    /// that is whole: the rest belongs to the next view.
    fn decode(&mut self, form: Form) -> Option<(String, bool)> {
        let valid = match std::str::from_utf8(&self.raw) {
            Ok(_) => self.raw.len(),
            Err(error) if error.error_len().is_none() && self.cut => error.valid_up_to(),
            Err(_) => 0,
        };
        let text = std::str::from_utf8(&self.raw[..valid]).ok()?;
        let ascii = |c: char| form == Form::Equals && matches!(c, ' '..='~');
        if text.chars().all(|c| is_cjk(c) || ascii(c)) && text.chars().any(is_han) {
            let text = text.to_owned();
            self.keep(valid);
            return Some((text, false));
        }
        let valid = if self.cut { self.raw.len() & !1 } else { self.raw.len() };
        // Level 1 of GB 2312 and its marks, and level 2 where level 1 stands beside it.
        let pairs = self.raw[..valid].chunks(2);
        let common = pairs.clone().filter(|p| matches!(p, [0xB0..=0xD7, 0xA1..=0xFE])).count();
        let marks = pairs.clone().filter(|p| matches!(p, [0xA1..=0xA3, 0xA1..=0xFE])).count();
        let rare = pairs.clone().filter(|p| matches!(p, [0xD8..=0xF7, 0xA1..=0xFE])).count();
        if common + marks + rare < pairs.len() || common <= rare {
            return None;
        }
        let text = encoding_rs::GBK
            .decode_without_bom_handling_and_without_replacement(&self.raw[..valid])?
            .into_owned();
        if !text.chars().all(is_cjk) {
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
