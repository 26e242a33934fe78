//! The strings of a JSON record.

use std::borrow::Cow;

use super::field::{Escape, Field, Quoting};

/// The string values of `record`, which is valid JSON: all of them, or those under one of `names`
/// at any depth (in an array, the name of the array).
pub(super) fn fields<'r>(record: &'r str, names: &[String]) -> Vec<Field<'r>> {
    let bytes = record.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    // For each open bracket: whether it is an object, and whether what it holds is wanted.
    let mut open: Vec<(bool, bool)> = Vec::new();
    let mut wanted = names.is_empty();
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => open.push((bytes[at] == b'{', wanted)),
            b'}' | b']' => {
                wanted = open.pop().is_some_and(|(_, wanted)| wanted);
            }
            b',' => wanted = open.last().is_some_and(|(_, wanted)| *wanted),
            b'"' => {
                let end = string_end(bytes, at + 1);
                let is_key = open.last().is_some_and(|(object, _)| *object)
                    && bytes[end + 1..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
                let field = field(record, at + 1, end);
                if is_key {
                    let inherited = open.last().is_some_and(|(_, wanted)| *wanted);
                    let named = field.is_some_and(|f| names.iter().any(|n| *n == f.text));
                    wanted = inherited || named;
                } else if wanted {
                    found.extend(field);
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
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
        fields(record, &names).into_iter().map(|f| f.text.into_owned()).collect()
    }

    #[test]
    fn values_are_found_and_keys_are_none() {
        let record = r#"{"a":"1","b":{"c":["2",{"d":"3"}],"e":5},"f":"\u5b9e\n\"\ud83d\ude00"}"#;
        assert_eq!(texts(record, &[]), ["1", "2", "3", "实\n\"😀"]);
        assert_eq!(texts(record, &["c"]), ["2", "3"]);
        assert_eq!(texts(record, &["b", "a"]), ["1", "2", "3"]);
        assert_eq!(texts(record, &["e"]), [""; 0]);
        assert_eq!(texts(r#"["x","\ud800","y"]"#, &[]), ["x", "y"]);
        assert_eq!(texts("\"x\"", &[]), ["x"]);
    }
}
