//! Character references: `&eacute;`, `&#23454;`, `&#x5B9E;`, and what became of them.

use std::ops::RangeInclusive;

use super::around::{AROUND, LONGEST_BEGINNING, first_char, last_char};
use super::context::{in_query, is_cjk, is_han, is_mention, tail};
use super::escape::escapes_han;
use super::numeric::{self, Number};
use super::parse::{Body, Ended, Parsed, Value, parse};
use super::source::in_source;
use super::{Place, Rules, Verdict};
use crate::event::Outcome;

/// How many times over a reference may be escaped. More is an `&` before the word `amp;`.
const DEEPEST: usize = 16;

/// What [`decide`] comes to where `view` starts with a reference by number to Han, with all its marks, escaped again
/// or not: nearly every one of a page that was written so is, and nothing else has to be asked about it.
pub(super) fn plain_han(view: &str, before: &str, html: bool, closed: bool) -> Option<Verdict> {
    let (mut number, mut depth) = (view.strip_prefix('&')?, 0);
    if number.starts_with('a') && !html {
        while let Some(inner) = number.strip_prefix("amp;").filter(|_| depth < DEEPEST) {
            (number, depth) = (inner, depth + 1);
        }
    }
    let digits = number.strip_prefix('#')?;
    let (digits, radix, rule) = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, "hex"),
        None => (digits, 10, "decimal"),
    };
    let mut value = 0;
    let end = digits.bytes().take(7).position(|byte| match char::from(byte).to_digit(radix) {
        Some(digit) => {
            value = value * radix + digit;
            false
        }
        None => true,
    })?;
    let c = char::from_u32(value).filter(|c| is_han(*c))?;
    let rest = digits[end..].strip_prefix(';')?;
    let len = view.len() - rest.len();
    if !html {
        match is_mention(before, rest, false, closed) {
            None => return Some(Verdict::More),
            Some(true) => return Some(Verdict::Stay(len)),
            Some(false) => {}
        }
    }
    let rule = if depth > 0 { "double" } else { rule };
    Some(Verdict::Change { len, after: c.into(), rule, outcome: Outcome::Sure })
}

/// Decides about the reference that `view` starts with; `&` or its full-width form comes first.
pub(super) fn decide(view: &str, closed: bool, place: &Place<'_>, rules: Rules) -> Verdict {
    let opener = if view.starts_with('＆') { '＆'.len_utf8() } else { 1 };
    let stay = Verdict::Stay(opener);
    let wide_open = opener > 1;

    // `&amp;amp;#x5B9E;`: the references to `&` first.
    let mut at = opener;
    let mut depth = 0;
    let mut wide = wide_open;
    let last = loop {
        let body = match parse(&view[at..], closed) {
            Parsed::More => return Verdict::More,
            Parsed::None => break None,
            Parsed::Found(body) => body,
        };
        if depth == DEEPEST || !is_ampersand(&body) {
            break Some(body);
        }
        if body.ended != Ended::Semicolon {
            // `&amp#x5B9E;` is the one form without a semicolon that is escaping for certain.
            match view[at + body.len..].chars().next() {
                None if !closed => return Verdict::More,
                Some('#') => {}
                _ => break Some(body),
            }
        }
        depth += 1;
        wide |= body.wide;
        at += body.len;
    };

    let Some(body) = last else {
        return if depth == 0 {
            stay
        } else {
            only_ampersands(view, at, depth, place, stay, closed)
        };
    };
    wide |= body.wide;
    if wide_open && body.ended != Ended::Semicolon {
        return stay;
    }
    let after = &view[at + body.len..];
    if body.ended != Ended::Semicolon {
        let Some(follows) = after.chars().next().map(Some).or(closed.then_some(None)) else {
            return Verdict::More;
        };
        if !closed && after.starts_with('=') && after.len() < LONGEST_BEGINNING {
            return Verdict::More;
        }
        // `&copy=1` is a parameter, and `&copy=E5=AE=9E` is none.
        let is_key = after.starts_with('=') && !escapes_han(after);
        if is_key || !bare_counts(&body, follows, depth, place, rules) {
            return if depth == 0 {
                stay
            } else {
                only_ampersands(view, at, depth, place, stay, closed)
            };
        }
    } else if let Value::Name { word: true, .. } = body.value
        && !place.html
        && !names_markup(&body)
    {
        match is_operand(place.before, after, closed) {
            None => return Verdict::More,
            Some(operand) if operand || wide_open => return stay,
            Some(_) => {}
        }
    }

    let mut len = at + body.len;
    // `&#20809&#39537；`: where references have no semicolon, a full-width one is the text's.
    if body.wide && !wide_open && view[..len].ends_with('；') && after_bare(place.raw) {
        len -= '；'.len_utf8();
    }
    let mut text = String::new();
    let rule = match body.value {
        Value::Name { text: named, .. } => {
            text.extend(named.into_iter().flatten());
            "named"
        }
        Value::Number { number, hex } => {
            let rule = if hex { "hex" } else { "decimal" };
            match number {
                Number::Plain(c) => {
                    text.push(c);
                    rule
                }
                Number::Cp1252(c) => {
                    text.push(c);
                    "cp1252"
                }
                Number::Nothing => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    "out-of-range"
                }
                Number::Surrogate(high) => {
                    match low_half(&view[len..], closed, high) {
                        Low::More => return Verdict::More,
                        Low::Found(more, c) => {
                            len += more;
                            text.push(c);
                        }
                        Low::None => text.push(char::REPLACEMENT_CHARACTER),
                    }
                    "surrogate"
                }
            }
        }
    };
    if !place.html {
        if let Some(quote) = place.code
            && text.contains(|c| c == quote || BREAKS_CODE.contains(&c))
        {
            return Verdict::Stay(len);
        }
        let wide = !text.contains(is_han);
        match is_mention(place.before, &view[len..], wide, closed) {
            None => return Verdict::More,
            Some(true) => return Verdict::Stay(len),
            Some(false) => {}
        }
    }
    // A Chinese character written so is a finding anywhere.
    if !text.contains(is_cjk) && in_source(place.raw) {
        return Verdict::Stay(len);
    }
    if !place.chinese && !text.contains(is_han) {
        return stay;
    }
    if place.html {
        // Markup that is escaped stays escaped; so does a double escape in shown source text.
        if text.contains(['<', '>', '&', '"', '\'']) || depth > 0 && place.verbatim {
            return stay;
        }
        // `&amp;nbsp;` shown on a page may be meant; a character of the text never is.
        if depth > 0 && body.ended != Ended::Semicolon {
            return stay;
        }
    }
    let rule = match rule {
        "surrogate" => rule,
        _ if depth > 0 => "double",
        _ if wide => "full-width",
        _ => rule,
    };
    let sure =
        body.ended == Ended::Semicolon || matches!(body.value, Value::Name { word: false, .. });
    let outcome = if sure { Outcome::Sure } else { Outcome::Guess };
    Verdict::Change { len, after: text, rule, outcome }
}

/// Whether a number without a semicolon comes right before.
fn after_bare(before: &str) -> bool {
    let digits = |c: char| c.is_ascii_hexdigit() || c == 'x' || c == 'X';
    let near = tail(before, 12);
    let head = near.trim_end_matches(digits);
    head.len() < near.len() && head.ends_with("&#")
}

/// `&amp;` with no reference after it: `&`, and in HTML one `&amp;`.
fn only_ampersands(
    view: &str,
    len: usize,
    depth: usize,
    place: &Place<'_>,
    stay: Verdict,
    closed: bool,
) -> Verdict {
    if !place.html {
        // Where one stands bare nearby the text is not escaped: it speaks of escaping.
        if has_bare_ampersand(tail(place.raw, AROUND)) {
            return stay;
        }
        match is_mention(place.before, &view[len..], true, closed) {
            None => return Verdict::More,
            Some(true) => return Verdict::Stay(len),
            Some(false) => {}
        }
        if in_source(place.raw) {
            return Verdict::Stay(len);
        }
    }
    let after = match place.html {
        false => "&",
        true if depth > 1 && !place.verbatim => "&amp;",
        true => return stay,
    };
    if view[..len] == *after {
        return stay;
    }
    let rule = if depth > 1 { "double" } else { "named" };
    Verdict::Change { len, after: after.to_owned(), rule, outcome: Outcome::Sure }
}

/// Whether an `&` is in it that begins no reference.
fn has_bare_ampersand(text: &str) -> bool {
    text.match_indices('&')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '#'))
}

fn is_ampersand(body: &Body) -> bool {
    match body.value {
        Value::Name { text, .. } => text == [Some('&'), None],
        Value::Number { number, .. } => number == Number::Plain('&'),
    }
}

/// Whether a name stands for one of the characters of markup.
fn names_markup(body: &Body) -> bool {
    matches!(body.value, Value::Name { text: [Some('<' | '>' | '&' | '"'), None], .. })
}

/// Whether `&name;` here is the address of a variable, `p = &copy;`; `None` when what follows is
/// not known yet.
fn is_operand(before: &str, after: &str, closed: bool) -> Option<bool> {
    let line = tail(before, 64).trim_end_matches([' ', '\t']);
    if line.len() < before.len() && line.ends_with(|c: char| c.is_ascii_lowercase()) {
        // `exists &sub;   # OK`
        return match after.trim_start_matches([' ', '\t']).chars().next() {
            None => closed.then_some(false),
            Some(c) => Some(c == '#' && after.starts_with([' ', '\t'])),
        };
    }
    if !line.ends_with('=') {
        return Some(false);
    }
    match after.trim_start_matches([' ', '\t', '\r']).chars().next() {
        None if !closed => None,
        Some(c) => Some(c == '\n' || c == '/' || c == '}' || c.is_ascii_alphabetic()),
        None => Some(true),
    }
}

/// Whether a reference without a semicolon counts. The standard says always; in text that was not
/// written as HTML, queries, code and prose come first.
fn bare_counts(
    body: &Body,
    follows: Option<char>,
    depth: usize,
    place: &Place<'_>,
    rules: Rules,
) -> bool {
    if in_query(place.before) {
        return false;
    }
    if rules.standard && depth == 0 {
        return true;
    }
    let previous = place.before.chars().next_back();
    let alone = !follows.is_some_and(|c| c.is_ascii_alphanumeric());
    match body.value {
        Value::Name { word: false, .. } => alone || follows.is_some_and(|c| c.is_ascii_digit()),
        Value::Name { text, .. } => {
            alone
                && follows.is_none_or(|c| !",)];*.-_>(".contains(c) || text == [Some('<'), None])
                && !previous.is_some_and(|c| c.is_ascii_alphanumeric() || "(,=&*[{|".contains(c))
        }
        // One digit is a number after an `&#` that means something else.
        Value::Number { number: Number::Plain(c), .. } => c >= '\u{20}',
        Value::Number { number: Number::Nothing, .. } => false,
        Value::Number { .. } => true,
    }
}

/// What would be another thing in a string of code, of JSON, or in a field of CSV; the mark that opened it would end it.
const BREAKS_CODE: [char; 4] = ['\\', '\n', '\r', '\t'];

/// Whether the reference at the start of `view`, escaped or not, may be to one of these.
pub(super) fn may_break_code(view: &str) -> bool {
    const NAMES: [&str; 6] = ["quot", "apos", "QUOT", "bsol", "NewLine", "Tab"];
    let mut body = view.trim_start_matches(['&', '＆']);
    while let Some(rest) = body.strip_prefix("amp;").or_else(|| body.strip_prefix("#38;")) {
        body = rest;
    }
    let Some(number) = body.strip_prefix('#') else {
        return NAMES.iter().any(|name| body.starts_with(name));
    };
    let hex = number.starts_with(['x', 'X']);
    let digits = number[usize::from(hex)..].trim_start_matches('0');
    let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
    let c = u32::from_str_radix(&digits[..end], if hex { 16 } else { 10 });
    let c = c.ok().and_then(char::from_u32);
    c.is_some_and(|c| matches!(c, '"' | '\'' | '`') || BREAKS_CODE.contains(&c))
}

/// Decides about `#xff1a;`, which may be a reference that lost its `&`.
pub(super) fn lost_ampersand(view: &str, closed: bool, place: &Place<'_>) -> Verdict {
    let body = match parse(view, closed) {
        Parsed::More => return Verdict::More,
        Parsed::Found(body) if body.ended == Ended::Semicolon => body,
        _ => return Verdict::Stay(1),
    };
    let Value::Number { number: Number::Plain(c), hex } = body.value else {
        return Verdict::Stay(1);
    };
    let Some(after) = first_char(&view[body.len..], place.html, closed) else {
        return Verdict::More;
    };
    let before = last_char(place.before);
    let near = [before, after].into_iter().flatten().any(is_cjk) || place.follows();
    // `a#x5B9E;` could be an anchor, `5#x6708;` could not.
    let goes_on = after.is_some_and(|c| c == '#' || is_cjk(c));
    let starts = !before.is_some_and(|c| {
        (c.is_ascii_alphabetic() || "\"'(".contains(c)) && !goes_on || "&/#=<\\".contains(c)
    });
    if !is_cjk(c) || !(starts || place.follows()) {
        return Verdict::Stay(1);
    }
    if !hex {
        match is_no_ticket(c, &view[body.len..], closed, place) {
            None => return Verdict::More,
            Some(true) if near => {}
            Some(_) => return Verdict::Stay(1),
        }
    }
    let outcome = if near && (hex || place.follows()) { Outcome::Sure } else { Outcome::Guess };
    Verdict::Change { len: body.len, after: c.to_string(), rule: "lost-ampersand", outcome }
}

/// Whether a decimal reference that lost its `&`, to `c` and before `rest`, is not likelier the number of a ticket
/// (`#20013;`): these are not those of marks, and no two together those of ordinary characters. None where more has
/// to be seen.
fn is_no_ticket(c: char, rest: &str, closed: bool, place: &Place<'_>) -> Option<bool> {
    let is_mark = |c| matches!(c, '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}');
    if is_mark(c) || place.decoded_near && matches!(c, '“' | '”') {
        return Some(true);
    }
    // Right behind another, which need not have been an escape of its own kind.
    let follows = place.follows() || place.raw.ends_with(';') && !place.before.ends_with(';');
    if follows || !is_ordinary(c) {
        return Some(is_ordinary(c));
    }
    if rest.is_empty() && !closed {
        return None;
    }
    if !rest.starts_with('#') {
        return Some(false);
    }
    match parse(rest, closed) {
        Parsed::More => None,
        Parsed::Found(Body {
            value: Value::Number { number: Number::Plain(next), .. }, ..
        }) => Some(is_ordinary(next) || is_mark(next)),
        _ => Some(false),
    }
}

/// Whether `c` is a character of the first level of GB 2312 or of Big5, whose bytes say it.
fn is_ordinary(c: char) -> bool {
    let text = String::from(c);
    let within = |encoding: &'static encoding_rs::Encoding, leads: RangeInclusive<u8>, trail| {
        let (bytes, _, lost) = encoding.encode(&text);
        !lost && bytes.len() == 2 && leads.contains(&bytes[0]) && bytes[1] >= trail
    };
    within(encoding_rs::GBK, 0xB0..=0xD7, 0xA1) || within(encoding_rs::BIG5, 0xA4..=0xC6, 0x40)
}

enum Low {
    Found(usize, char),
    None,
    More,
}

/// The second half of a surrogate pair, as another reference.
fn low_half(view: &str, closed: bool, high: u16) -> Low {
    if !(0xD800..0xDC00).contains(&high) {
        return Low::None;
    }
    let mut at = match view.chars().next() {
        None if !closed => return Low::More,
        Some(c @ ('&' | '＆')) => c.len_utf8(),
        _ => return Low::None,
    };
    for _ in 0..=DEEPEST {
        let body = match parse(&view[at..], closed) {
            Parsed::More => return Low::More,
            Parsed::None => return Low::None,
            Parsed::Found(body) => body,
        };
        at += body.len;
        if let Value::Number { number: Number::Surrogate(low), .. } = body.value {
            return numeric::pair(high, low).map_or(Low::None, |c| Low::Found(at, c));
        }
        if !is_ampersand(&body) {
            return Low::None;
        }
    }
    Low::None
}
