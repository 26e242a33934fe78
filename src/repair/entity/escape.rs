//! Escapes of source code and of URLs that were left in prose: `\u5b9e`, `%u5B9E`, `%E5%AE%9E`.
//!
//! An escape is no damage where it belongs: in a string of code, in JSON, in a URL. It is decoded
//! where it yields Han and the place says prose.

use super::around::{AROUND, decoded, first_char, last_char, settled};
use super::bytes::{self, Form};
use super::context::{after_key, in_url, is_cjk, is_han, is_mention, tail};
use super::line_end;
use super::misread::{Misread, is_high_control, read_back};
use super::numeric::pair;
use super::reading::in_gloss;
use super::{Place, REACH, Verdict};
use crate::event::Outcome;
use crate::repair::mojibake::example::speaks_of_it;

/// How long the unit of an escape is.
const BACKSLASH_U: usize = 6;
const PERCENT_U: usize = 6;

/// A run of escapes, decoded.
#[derive(Debug, Default)]
struct Run {
    len: usize,
    text: String,
    units: usize,
    han: usize,
    pairs: bool,
    /// Whether the text at hand ends within the run.
    open: bool,
}

/// Decides about a run of `\uXXXX`.
pub(super) fn backslash(view: &str, closed: bool, place: &Place<'_>) -> Verdict {
    let mut run = units(view, closed, BACKSLASH_U, is_high_control, |rest| match rest.as_bytes() {
        [b'\\', b'u', hex @ ..] => hex4(hex),
        _ => None,
    });
    if run.open {
        return Verdict::More;
    }
    if run.units == 0 {
        return Verdict::Stay(1);
    }
    let cut = view.len() >= REACH && view.len() - run.len < BACKSLASH_U;
    let controls = run.text.contains(is_high_control);
    let misread = read_back(&run.text, cut);
    let found = misread.as_ref().map_or(0, |misread| misread.found);
    if let Some(Misread { text, chars, .. }) = misread {
        run.len -= run.text.chars().skip(chars).count() * BACKSLASH_U;
        run.text = text;
    } else if controls {
        // A part of it would be decoded to what nobody wrote, and the rest not.
        return Verdict::Stay(run.len);
    }
    let rest = &view[run.len..];
    let mut reading = false;
    if found == 0 && run.han == 0 && !run.pairs {
        if run.units == 1 {
            match in_gloss(place.before, &run.text, rest, closed) {
                None => return Verdict::More,
                Some(answer) => reading = answer,
            }
        }
        if !reading {
            // Of letters a part may be the bytes of Chinese.
            return Verdict::Stay(if run.units == 1 { 1 } else { run.len });
        }
    }
    let Some(after) = next_char(view, run.len, place.html, closed) else { return Verdict::More };
    let before = last_char(place.before);
    if !rest.is_empty() && rest.len() < 2 && !closed {
        return Verdict::More;
    }
    if place.verbatim || in_source(place, rest) || run.text.chars().all(is_never_meant) {
        return Verdict::Stay(run.len);
    }
    if found > 0 {
        match is_example(&run.text, rest, place, closed) {
            None => return Verdict::More,
            Some(true) => return Verdict::Stay(run.len),
            Some(false) => {}
        }
    }
    let near = |c: Option<char>| c.is_some_and(is_cjk);
    let near = near(before) || near(after) || found > 0 && run.han > 0;
    let in_word = before.is_some_and(|c| c.is_ascii_alphanumeric());
    let prose = match found {
        0 => reading || run.units > 1 || near || place.decoded_near,
        // `caf\u00e9\u00a0\u00bb` is French, and the bytes of a rare character; controls are in no French.
        1 => (near || place.decoded_near) && !(in_word && !controls && run.text.contains(is_han)),
        _ => true,
    };
    let alone = run.units == 1 && !reading;
    if !prose || alone && (in_word || before == Some(':')) {
        return Verdict::Stay(run.len);
    }
    if place.html && run.text.contains(['<', '>', '&', '"', '\'']) {
        return Verdict::Stay(run.len);
    }
    let outcome = if alone || found == 1 { Outcome::Guess } else { Outcome::Sure };
    let rule = match found {
        0 if run.han == 0 && run.pairs => "surrogate",
        0 => "unicode-escape",
        _ => "unicode-escape-bytes",
    };
    Verdict::Change { len: run.len, after: run.text, rule, outcome }
}

/// An example is a word or two, in characters as they are meant.
const LONGEST_EXAMPLE: usize = 8;

/// Whether a run that was misread is shown on purpose, by a text that speaks of encodings or of how it is written. `None`
/// when that is not known yet.
fn is_example(meant: &str, rest: &str, place: &Place<'_>, closed: bool) -> Option<bool> {
    if meant.chars().nth(LONGEST_EXAMPLE).is_some() {
        return Some(false);
    }
    let line = tail(place.before, 256).rsplit('\n').next().unwrap_or("");
    if speaks_of_it(line) {
        return Some(true);
    }
    is_mention(place.before, rest, false, closed)
}

/// Decides about a run of `%uXXXX` or of `%XX`.
pub(super) fn percent(view: &str, closed: bool, place: &Place<'_>) -> Verdict {
    match view.as_bytes().get(1) {
        None if !closed => Verdict::More,
        Some(b'u') => percent_u(view, closed, place),
        _ => bytes::decide(view, closed, place, Form::Percent),
    }
}

fn percent_u(view: &str, closed: bool, place: &Place<'_>) -> Verdict {
    let run = units(
        view,
        closed,
        PERCENT_U,
        |_| false,
        |rest| match rest.as_bytes() {
            [b'%', b'u', hex @ ..] => hex4(hex),
            _ => None,
        },
    );
    if run.open {
        return Verdict::More;
    }
    if run.units == 0 || run.han == 0 && !run.pairs {
        return Verdict::Stay(1);
    }
    let Some(after) = next_char(view, run.len, place.html, closed) else { return Verdict::More };
    let before = last_char(place.before);
    let near = |c: Option<char>| c.is_some_and(is_cjk);
    let prose = run.units > 1 || near(before) || near(after) || place.decoded_near;
    let joined = joined_run(place, &view[run.len..], closed);
    let Some(joined) = joined else { return Verdict::More };
    if !prose || joined || in_url(place.before) {
        return Verdict::Stay(run.len);
    }
    if place.html && run.text.contains(['<', '>', '&', '"', '\'']) {
        return Verdict::Stay(run.len);
    }
    let outcome = if run.units > 1 { Outcome::Sure } else { Outcome::Guess };
    Verdict::Change { len: run.len, after: run.text, rule: "percent-u", outcome }
}

/// Whether escapes with a backslash are source here: a string of code, a value of a properties
/// file, a range of a regular expression, an escaped backslash, a path.
pub(super) fn in_source(place: &Place<'_>, rest: &str) -> bool {
    let before = place.before;
    let after_range = || {
        // `\u4e00-` or `\xa1-`.
        let near = tail(before, 8);
        near.ends_with('-') && near.contains('\\')
    };
    let after_slash =
        || before.strip_suffix('/').is_some_and(|b| !last_char(b).is_some_and(is_cjk));
    before.ends_with(['\\', '[', '^'])
        || after_range()
        || after_slash()
        || rest.starts_with("-\\")
        || rest.starts_with(']')
        || place.code.is_some()
        || after_key(before)
}

/// [`joined`] for a run of which the first part may be decoded, and that may go on after the view.
pub(super) fn joined_run(place: &Place<'_>, rest: &str, closed: bool) -> Option<bool> {
    let goes_on = closed
        && rest.len() < PERCENT_U
        && rest.strip_prefix('%').is_some_and(|unit| {
            unit.strip_prefix('u').unwrap_or(unit).bytes().all(|b| b.is_ascii_hexdigit())
        });
    joined(place.before, if goes_on { "" } else { rest }, place.html, closed)
}

/// How much ASCII after a run tells whether it goes on as a path or query.
const ASCII_AFTER: usize = 24;

/// Whether the run before `rest` is part of something longer in ASCII: a path, a query, a file's
/// name. Words, numbers and marks beside it are prose, and so is what references beside it stand
/// for. `None` when `rest` is not long enough yet.
pub(super) fn joined(before: &str, rest: &str, html: bool, closed: bool) -> Option<bool> {
    // Behind Han nothing is of a path or query.
    let around = if before.ends_with(is_han) { 0 } else { AROUND };
    let near = settled(tail(before, around));
    let near = tail(&near, ASCII_AFTER);
    let start = near.rfind(|c: char| !c.is_ascii_graphic()).map_or(0, |i| i + 1);
    let left = &near[near.ceil_char_boundary(start)..];
    let number = left.strip_suffix('%').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    // After a mark a question mark ends a sentence.
    let query = left
        .as_bytes()
        .windows(2)
        .any(|w| w[1] == b'?' && (w[0].is_ascii_alphanumeric() || w[0] == b'/'));
    let marks =
        left.bytes().all(|b| b.is_ascii_punctuation()) && !left.contains(['/', '=', '&', '%']);
    if !number
        && !marks
        && (query
            || left.contains(['/', '=', '&', '#', '%', '_', '@', '\\', ':'])
            || has_name_ending(left))
    {
        return Some(true);
    }
    let whole = rest.len() >= AROUND;
    let head = &rest[..rest.floor_char_boundary(AROUND)];
    // What comes next may be an escape of another kind: it is not what this one is part of.
    let head = decoded(head, html, closed || whole)?;
    let escape = head.char_indices().find(|(at, _)| escapes_han(&head[*at..]));
    let head = escape.map_or(&*head, |(at, _)| &head[..at]);
    let head = &head[..head.floor_char_boundary(ASCII_AFTER)];
    // What is left of a line's end ends it as well.
    let head = &head[..head.find(line_end::COMMON).unwrap_or(head.len())];
    let right = &head[..head.find(|c: char| !c.is_ascii_graphic()).unwrap_or(head.len())];
    if right.len() == rest.len() && !closed && escape.is_none() {
        return None;
    }
    let bytes = right.as_bytes();
    let question =
        right.find('?').is_some_and(|i| bytes.get(i + 1).is_some_and(u8::is_ascii_alphanumeric));
    // `7%` is a number, `%20` is not.
    let percent =
        right.find('%').is_some_and(|i| i == 0 || !bytes[..i].iter().all(u8::is_ascii_digit));
    Some(
        question
            || percent
            || right.contains(['/', '=', '&', '#', '_', '@', '\\'])
            || has_name_ending(right),
    )
}

/// Whether a text starts with an escape of Han of another kind than `%E5%AE%9E`: `\u5b9e`,
/// `%u5B9E`, `=E5=AE=9E`, `#x5B9E;`.
pub(super) fn escapes_han(text: &str) -> bool {
    let is_han = |hex: &str| {
        hex4(hex.as_bytes()).and_then(|code| char::from_u32(code.into())).is_some_and(is_cjk)
    };
    match text.as_bytes() {
        [b'\\' | b'%', b'u', ..] => is_han(&text[2..]),
        [b'#', b'x', _, _, _, _, b';', ..] => is_han(&text[2..]),
        [b'#', b'1'..=b'9', _, _, _, _, b';', ..] => {
            let code = text.get(1..6).and_then(|code| code.parse().ok()).and_then(char::from_u32);
            code.is_some_and(is_cjk)
        }
        [b'\\', b'x', b'e' | b'E', _, b'\\', b'x', high, ..] => {
            matches!(high, b'8'..=b'9' | b'a'..=b'b' | b'A'..=b'B')
        }
        [b'=', b'E', _, b'=', high, ..] => matches!(high, b'8'..=b'9' | b'A'..=b'B'),
        // A soft line break before it.
        [b'=', b'\n', rest @ ..] | [b'=', b'\r', b'\n', rest @ ..] => {
            matches!(rest, [b'=', b'E', _, b'=', b'8'..=b'9' | b'A'..=b'B', ..])
        }
        _ => false,
    }
}

/// Private use and the rest of the last planes: examples in manuals, and no text.
fn is_never_meant(c: char) -> bool {
    c >= '\u{E0000}'
}

/// Whether a full stop with a letter after it is in it: `.html`, `www.a.cn`. After a number,
/// `3.LED`, it is none.
fn has_name_ending(ascii: &str) -> bool {
    ascii.as_bytes().windows(2).enumerate().any(|(i, w)| {
        let number = ascii[..i].bytes().all(|b| b.is_ascii_digit()) && i > 0;
        w[0] == b'.' && w[1].is_ascii_alphabetic() && !number
    })
}

/// Gathers units of `len` bytes each, joining surrogates. A half without its other ends the run, and a control that is not
/// `allowed`.
fn units(
    view: &str,
    closed: bool,
    len: usize,
    allowed: impl Fn(char) -> bool,
    unit: impl Fn(&str) -> Option<u16>,
) -> Run {
    let mut run = Run::default();
    loop {
        let rest = &view[run.len..];
        if rest.len() < len && !closed && could_be_unit(rest) {
            run.open = true;
            return run;
        }
        let Some(first) = unit(rest) else { return run };
        let (c, taken) = match first {
            0xD800..0xDC00 => {
                let next = &rest[len..];
                if next.len() < len && !closed && could_be_unit(next) {
                    run.open = true;
                    return run;
                }
                match unit(next).and_then(|low| pair(first, low)) {
                    Some(c) => (c, 2),
                    None => return run,
                }
            }
            _ => match char::from_u32(u32::from(first)) {
                Some(c) => (c, 1),
                None => return run,
            },
        };
        // A control character is a command of the code that the escape comes from.
        if c.is_control() && c != '\n' && c != '\t' && !allowed(c) {
            return run;
        }
        run.text.push(c);
        run.len += taken * len;
        run.units += taken;
        run.han += usize::from(is_cjk(c));
        run.pairs |= taken == 2;
    }
}

/// Whether `rest`, shorter than a unit, may still become one.
fn could_be_unit(rest: &str) -> bool {
    match rest.as_bytes() {
        [] => true,
        [b'\\' | b'%'] => true,
        [b'\\' | b'%', b'u', hex @ ..] => hex.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// The character after the run: `Some(None)` at the end of the text, `None` when not known yet.
#[expect(clippy::option_option, reason = "not known yet, and nothing, are two answers")]
fn next_char(view: &str, at: usize, html: bool, closed: bool) -> Option<Option<char>> {
    first_char(&view[at..], html, closed)
}

fn hex4(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.get(..4)?;
    digits.iter().try_fold(0u16, |value, &b| Some(value << 4 | char::from(b).to_digit(16)? as u16))
}
