//! The fields of a comma- or tab-separated record.

use std::borrow::Cow;

use super::field::{Escape, Field, Quoting};

/// The fields of a comma-separated `record`, its line end aside.
pub(super) fn csv(record: &str) -> Vec<Field<'_>> {
    let (bytes, mut found, mut at) = (record.as_bytes(), Vec::new(), 0);
    loop {
        let field = if bytes.get(at) == Some(&b'"') {
            quoted(record, at + 1)
        } else {
            let end = memchr::memchr(b',', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            bare(record, at, end, Quoting::Bare(b','))
        };
        // What a broken writer put behind a closing quote stays.
        let end = field.raw.end;
        found.push(field);
        match memchr::memchr(b',', &bytes[end..]) {
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
        assert_eq!(texts(csv(r#"a,"b,""c""",,d"#)), ["a", "b,\"c\"", "", "d"]);
        assert_eq!(texts(csv("")), [""]);
        assert_eq!(texts(csv("\"open")), ["open"]);
        assert_eq!(texts(tsv("a\t\"b\t")), ["a", "\"b", ""]);
    }
}
