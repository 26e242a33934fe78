//! Parses a character reference, as the [HTML standard](https://html.spec.whatwg.org/multipage/parsing.html) has it, with
//! what the [module above](super) departs from.

use super::context::is_han;
use super::names::{self, LONGEST};
use super::numeric::{self, Number};

/// How many digits a number may have. Leading zeros beyond that were put there to make trouble.
pub(super) const MOST_DIGITS: usize = 24;

/// One reference without its `&`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    /// Bytes, with the semicolon if it has one.
    pub(super) len: usize,
    pub(super) value: Value,
    pub(super) ended: Ended,
    /// Whether part of it was in full-width forms.
    pub(super) wide: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Name { text: [Option<char>; 2], word: bool },
    Number { number: Number, hex: bool },
}

/// How a reference ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Semicolon,
    /// Without a semicolon, as the standard allows.
    Bare,
    /// Without a semicolon, and with fewer digits than stand there.
    Short,
}

/// What parsing came to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Parsed {
    Found(Body),
    None,
    /// It depends on what comes next.
    More,
}

/// The character, and the ASCII character that it is the full-width form of, if it is.
fn narrow(c: char) -> (char, bool) {
    match c {
        '\u{FF01}'..='\u{FF5E}' => (char::from_u32(c as u32 - 0xFF01 + 0x21).unwrap_or(c), true),
        _ => (c, false),
    }
}

/// Parses what follows an `&`.
pub(super) fn parse(rest: &str, closed: bool) -> Parsed {
    let Some(first) = rest.chars().next() else {
        return if closed { Parsed::None } else { Parsed::More };
    };
    let (narrowed, wide) = narrow(first);
    match narrowed {
        '#' => parse_number(rest, first.len_utf8(), wide, closed),
        'a'..='z' | 'A'..='Z' => parse_name(rest, closed),
        _ => Parsed::None,
    }
}

fn parse_name(rest: &str, closed: bool) -> Parsed {
    let mut letters = [0u8; LONGEST];
    let mut count = 0;
    let mut wide = false;
    let mut end = None;
    for (at, c) in rest.char_indices() {
        let (narrowed, is_wide) = narrow(c);
        if narrowed == ';' {
            end = Some((at + c.len_utf8(), true));
            wide |= is_wide;
            break;
        }
        if !narrowed.is_ascii_alphanumeric() || count == LONGEST {
            end = Some((at, false));
            break;
        }
        letters[count] = narrowed as u8;
        count += 1;
        wide |= is_wide;
    }
    let Ok(letters) = std::str::from_utf8(&letters[..count]) else { return Parsed::None };
    let found = |len, ended, named: names::Named, word| {
        Parsed::Found(Body { len, value: Value::Name { text: named.text, word }, ended, wide })
    };
    match end {
        None if !closed => return Parsed::More,
        Some((len, true)) => {
            if let Some(named) = names::find(letters) {
                return found(len, Ended::Semicolon, named, names::is_word(letters));
            }
        }
        _ => {}
    }
    if wide {
        return Parsed::None;
    }
    match names::find_bare(letters) {
        Some((len, named)) => found(len, Ended::Bare, named, names::is_word(&letters[..len])),
        None => Parsed::None,
    }
}

/// Parses from the `#`, of `mark` bytes.
fn parse_number(rest: &str, mark: usize, mut wide: bool, closed: bool) -> Parsed {
    let more = |closed| if closed { Parsed::None } else { Parsed::More };
    let Some(second) = rest[mark..].chars().next() else { return more(closed) };
    let (narrowed, is_wide) = narrow(second);
    let hex = matches!(narrowed, 'x' | 'X');
    let mut start = mark;
    if hex {
        start += second.len_utf8();
        wide |= is_wide;
    }
    let radix = if hex { 16 } else { 10 };
    // Four hex digits, or five decimal ones, are what a Han character is written with.
    let usual = if hex { 4 } else { 5 };
    let mut value = 0u32;
    let mut count = 0;
    let mut short = None;
    let mut end = None;
    for (at, c) in rest[start..].char_indices() {
        let (narrowed, is_wide) = narrow(c);
        let Some(digit) = narrowed.to_digit(radix) else {
            end = Some((start + at, c, narrowed, is_wide));
            break;
        };
        if count == MOST_DIGITS {
            return Parsed::None;
        }
        value = value.saturating_mul(radix).saturating_add(digit);
        count += 1;
        wide |= is_wide;
        if count == usual {
            short = Some((start + at + c.len_utf8(), value));
        }
    }
    let found = |len, value, ended, wide| {
        let value = Value::Number { number: numeric::number(value), hex };
        Parsed::Found(Body { len, value, ended, wide })
    };
    let (at, c, narrowed, is_wide) = match end {
        None if !closed => return Parsed::More,
        None => (rest.len(), ' ', ' ', false),
        Some(end) => end,
    };
    if count == 0 {
        return Parsed::None;
    }
    if narrowed == ';' {
        return found(at + c.len_utf8(), value, Ended::Semicolon, wide | is_wide);
    }
    // Without a semicolon, letters or digits of the text may follow: `&#x5B9Eabc`. The standard
    // reads them all. Where that is no Han character and the usual number of digits is one, the
    // rest is text.
    match short {
        Some((len, head)) if len < at && is_han_point(head) && !is_han_point(value) => {
            found(len, head, Ended::Short, wide)
        }
        _ => found(at, value, Ended::Bare, wide),
    }
}

fn is_han_point(value: u32) -> bool {
    char::from_u32(value).is_some_and(is_han)
}
