//! The strings of a JSON record.

use std::borrow::Cow;

use super::super::field::{Escape, Field, Quoting};
use super::pointer::{Names, Place};

/// Whether `record` is JSON; if not, from which byte on it is not.
///
/// `NaN`, `Infinity` and `-Infinity` are none, but Python's `json` writes them, and there is nothing
/// in them to mend: they pass.
pub(super) fn check(record: &str) -> Result<(), usize> {
    let read = |text: &str| match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(e) => Err(e.column().saturating_sub(1)),
    };
    read(record).or_else(|at| {
        let plain = without_constants(record);
        if plain == record { Err(at) } else { read(&plain) }
    })
}

/// `record` with a number of the same length in place of Python's constants.
fn without_constants(record: &str) -> String {
    let mut out = String::with_capacity(record.len());
    for (n, part) in outside_strings(record) {
        if n {
            out.push_str(part);
        } else {
            let part = part.replace("-Infinity", "0        ").replace("Infinity", "0       ");
            out.push_str(&part.replace("NaN", "0  "));
        }
    }
    out
}

/// The strings of `record` (true) and what stands between them (false), in order.
fn outside_strings(record: &str) -> Vec<(bool, &str)> {
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(quote) = record[at..].find('"').map(|n| at + n) {
        parts.push((false, &record[at..quote]));
        at = (string_end(record.as_bytes(), quote + 1) + 1).min(record.len());
        parts.push((true, record.get(quote..at).unwrap_or_default()));
    }
    parts.push((false, &record[at..]));
    parts
}

/// The string values of `record`, which is valid JSON, that `names` asks for, and where those stand
/// that have half of a surrogate pair.
pub(super) fn fields<'r>(record: &'r str, names: &Names) -> (Vec<Field<'r>>, Vec<usize>) {
    let bytes = record.as_bytes();
    let (mut found, mut halves, mut at) = (Vec::new(), Vec::new(), 0);
    let mut open: Vec<Open> = Vec::new();
    let mut here = names.top();
    while at < bytes.len() {
        match bytes[at] {
            b'{' => open.push(Open { place: here.clone(), index: None }),
            b'[' => {
                let first = names.element(&here, 0);
                open.push(Open { place: std::mem::replace(&mut here, first), index: Some(0) });
            }
            b'}' | b']' => {
                if let Some(open) = open.pop() {
                    here = open.place;
                }
            }
            b',' => {
                if let Some(Open { place, index: Some(index) }) = open.last_mut() {
                    *index += 1;
                    here = names.element(place, *index);
                }
            }
            b'"' => {
                let end = string_end(bytes, at + 1);
                let field = field(record, at + 1, end);
                let object = open.last().filter(|open| open.index.is_none());
                let is_key = object.is_some()
                    && bytes[end + 1..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
                if let (true, Some(object)) = (is_key, object) {
                    // A name that is no text is nobody's.
                    let name = field.as_ref().map_or("", |f| &f.text);
                    here = names.member(&object.place, name);
                } else if here.wanted {
                    match field {
                        Some(field) => found.push(field),
                        None => halves.push(at),
                    }
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    (found, halves)
}

/// An open bracket: where it stands, and in an array how many elements are done.
struct Open {
    place: Place,
    index: Option<usize>,
}

/// Where the string that begins at `at` has its closing quote.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len() - 1)
}

/// The string between `start` and `end`; `None` where it has half of a surrogate pair, which is no
/// text.
fn field(record: &str, start: usize, end: usize) -> Option<Field<'_>> {
    let raw = &record[start..end];
    let (mut text, mut escapes) = (Cow::Borrowed(raw), Vec::new());
    if raw.contains('\\') {
        let (mut plain, mut rest) = (String::with_capacity(raw.len()), raw);
        while let Some(at) = rest.find('\\') {
            plain.push_str(&rest[..at]);
            let (c, length) = escape(&rest[at..])?;
            let stands = start + (raw.len() - rest.len()) + at;
            escapes.push(Escape { text: (plain.len(), c.len_utf8()), raw: (stands, length) });
            plain.push(c);
            rest = &rest[at + length..];
        }
        plain.push_str(rest);
        text = Cow::Owned(plain);
    }
    Some(Field { raw: start..end, text, escapes, quoting: Quoting::Json })
}

/// The character that `text`, which begins with a backslash, begins with, and its length there.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let unit = |at: usize| u16::from_str_radix(text.get(at..at + 4)?, 16).ok();
            let first = unit(2)?;
            if !(0xd800..0xe000).contains(&first) {
                return Some((char::from_u32(first.into())?, 6));
            }
            let second = unit(8).filter(|_| text.get(6..8) == Some("\\u"))?;
            let c = char::decode_utf16([first, second]).next()?.ok()?;
            return Some((c, 12));
        }
        c => *c as char,
    };
    Some((c, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(record: &str, names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|n| n.to_string()).collect();
        fields(record, &Names::new(&names)).0.into_iter().map(|f| f.text.into_owned()).collect()
    }

    #[test]
    fn values_are_found_and_keys_are_none() {
        let record = r#"{"a":"1","b":{"c":["2",{"d":"3"}],"e":5},"f":"\u5b9e\n\"\ud83d\ude00"}"#;
        assert_eq!(texts(record, &[]), ["1", "2", "3", "实\n\"😀"]);
        assert_eq!(texts(record, &["c"]), ["2", "3"]);
        assert_eq!(texts(record, &["b", "a"]), ["1", "2", "3"]);
        assert_eq!(texts(record, &["e"]), [""; 0]);
        assert_eq!(texts(r#"["x","\ud800","y"]"#, &[]), ["x", "y"]);
        assert_eq!(fields(r#"["x","\ud800","y"]"#, &Names::new(&[])).1, [5]);
        assert_eq!(texts("\"x\"", &[]), ["x"]);
    }

    #[test]
    fn pointers_choose() {
        let record = r#"{"a":[{"t":"1"},{"t":"2"}],"t":"3","b":{"a":{"t":"4"}},"c":["5","6"]}"#;
        assert_eq!(texts(record, &["/a/-/t"]), ["1", "2"]);
        assert_eq!(texts(record, &["/a/1", "/c/0"]), ["2", "5"]);
        assert_eq!(texts(record, &["/t", "/b/a"]), ["3", "4"]);
        assert_eq!(texts(record, &["/d"]), [""; 0]);
    }

    #[test]
    fn python_s_constants_pass_and_nothing_else_does() {
        assert_eq!(check(r#"{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN"}"#), Ok(()));
        assert_eq!(check(r#"{"a":1}"#), Ok(()));
        assert_eq!(check(r#"{"a":NaNa}"#), Err(8));
        assert!(check(r#"{"a":"NaN"#).is_err() && check("Nan").is_err() && check("{").is_err());
    }
}
