//! The fields of a comma- or tab-separated record.

use std::borrow::Cow;

use super::super::field::{Escape, Field, Quoting};

/// What may separate fields where it is not said.
const SEPARATORS: [u8; 4] = *b",;\t|";

/// The separator of a file whose first line is `line`: the one that Excel's `sep=` names, or else
/// the one that stands there most often outside quotes, or else the comma.
pub(super) fn separator(line: &str) -> u8 {
    if let Some(named) = named_separator(line.trim_end_matches(['\n', '\r'])) {
        return named;
    }
    let (mut counts, mut quoted) = ([0u32; SEPARATORS.len()], false);
    for (at, byte) in line.bytes().enumerate() {
        quoted ^= byte == b'"';
        if let (false, Some(n)) = (quoted, SEPARATORS.iter().position(|s| *s == byte))
            && !(byte == b';' && ends_reference(&line.as_bytes()[..at]))
        {
            counts[n] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    counts.iter().position(|n| *n == most).map_or(b',', |n| SEPARATORS[n])
}

/// Whether a `;` behind `before` ends a character reference: `&#x5B9E;`, `&eacute;`.
fn ends_reference(before: &[u8]) -> bool {
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'#';
    let name = before.iter().rev().take(LONGEST_NAME).take_while(is_name).count();
    name > 0 && before.iter().rev().nth(name) == Some(&b'&')
}

/// The longest names of references are of 31 letters.
const LONGEST_NAME: usize = 32;

/// The separator that a first line `sep=;` names.
pub(super) fn named_separator(line: &str) -> Option<u8> {
    let line = line.trim_matches('"');
    match line.get(..4)?.eq_ignore_ascii_case("sep=").then(|| &line.as_bytes()[4..])? {
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

/// The fields of a `record`, its line end aside, that `separator` separates and quotes may enclose.
pub(super) fn quoting(record: &str, separator: u8) -> Vec<Field<'_>> {
    let (bytes, mut found, mut at) = (record.as_bytes(), Vec::new(), 0);
    loop {
        let field = if bytes.get(at) == Some(&b'"') {
            quoted(record, at + 1)
        } else {
            let end = memchr::memchr(separator, &bytes[at..]).map_or(bytes.len(), |n| at + n);
            bare(record, at, end, Quoting::Bare(separator))
        };
        // What a broken writer put behind a closing quote stays.
        let end = field.raw.end;
        found.push(field);
        match memchr::memchr(separator, &bytes[end..]) {
            Some(n) => at = end + n + 1,
            None => return found,
        }
    }
}

/// The fields of a tab-separated `record`, its line end aside.
pub(super) fn tsv(record: &str) -> Vec<Field<'_>> {
    let (mut found, mut at) = (Vec::new(), 0);
    for part in record.split('\t') {
        found.push(bare(record, at, at + part.len(), Quoting::Tab));
        at += part.len() + 1;
    }
    found
}

fn bare(record: &str, start: usize, end: usize, quoting: Quoting) -> Field<'_> {
    let text = Cow::Borrowed(&record[start..end]);
    Field { raw: start..end, text, escapes: Vec::new(), quoting }
}

/// The field whose opening quote stands before `start`.
fn quoted(record: &str, start: usize) -> Field<'_> {
    let (mut text, mut escapes, mut at) = (String::new(), Vec::new(), start);
    let end = loop {
        let Some(quote) = record[at..].find('"').map(|n| at + n) else { break record.len() };
        text.push_str(&record[at..quote]);
        if !record[quote + 1..].starts_with('"') {
            at = quote;
            break quote;
        }
        escapes.push(Escape { text: (text.len(), 1), raw: (quote, 2) });
        text.push('"');
        at = quote + 2;
    };
    text.push_str(&record[at..end]);
    Field { raw: start..end, text: text.into(), escapes, quoting: Quoting::Quoted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(fields: Vec<Field<'_>>) -> Vec<String> {
        fields.into_iter().map(|f| f.text.into_owned()).collect()
    }

    #[test]
    fn quotes_are_taken_off() {
        let csv = |record| texts(quoting(record, b','));
        assert_eq!(csv(r#"a,"b,""c""",,d"#), ["a", "b,\"c\"", "", "d"]);
        assert_eq!(csv(""), [""]);
        assert_eq!(csv("\"open"), ["open"]);
        assert_eq!(csv("17\" wide,b"), ["17\" wide", "b"]);
        assert_eq!(texts(quoting("a;\"b;c\",d", b';')), ["a", "b;c"]);
        assert_eq!(texts(tsv("a\t\"b\t")), ["a", "\"b", ""]);
    }

    #[test]
    fn the_first_line_tells_the_separator() {
        for (line, separator) in [
            ("a,b;c,d", b','),
            ("a;b;c,d", b';'),
            ("a|b", b'|'),
            ("\"a,b,c\"\td", b'\t'),
            ("sep=|\r\n", b'|'),
            ("one", b','),
            ("1,&#x5B9E;&#x73B0;&eacute;", b','),
            ("a;&#x5B9E;;&b", b';'),
            ("a,b;c;d", b';'),
            ("", b','),
        ] {
            assert_eq!(super::separator(line), separator, "{line}");
        }
    }
}
