//! A tag: its name and its attributes, by the states of the HTML standard's tokenizer.

use std::ops::Range;

/// A start or end tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// In lower case.
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    /// From its `<` to behind its `>`.
    pub(super) len: usize,
    pub(super) self_closing: bool,
}

/// An attribute that has a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// In lower case.
    pub(super) name: String,
    /// Where its value stands, quotes aside.
    pub(super) value: Range<usize>,
    /// What quotes it.
    pub(super) quote: Option<u8>,
}

impl Tag {
    /// The tag that begins `text`; its name begins at `name`. `None` where it does not end.
    pub(super) fn parse(text: &str, name: usize) -> Option<Tag> {
        let bytes = text.as_bytes();
        let lower = |range: Range<usize>| text[range].to_ascii_lowercase();
        let find = |from: usize, ends: &dyn Fn(u8) -> bool| {
            bytes[from..].iter().position(|b| ends(*b)).map(|n| from + n)
        };
        let mut at = find(name, &|b| is_space(b) || b"/>".contains(&b))?;
        let name = lower(name..at);
        let mut attributes = Vec::new();
        loop {
            at = find(at, &|b| !is_space(b) && b != b'/')?;
            if bytes[at] == b'>' {
                let self_closing = bytes[at - 1] == b'/';
                return Some(Tag { name, attributes, len: at + 1, self_closing });
            }
            let start = at;
            // A `=` where a name begins is part of it.
            at = find(at + 1, &|b| is_space(b) || b"/>=".contains(&b))?;
            let attribute = start..at;
            let after = find(at, &|b| !is_space(b))?;
            if bytes[after] != b'=' {
                continue;
            }
            at = find(after + 1, &|b| !is_space(b))?;
            let (value, quote) = match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    let end = memchr::memchr(quote, &bytes[at + 1..])? + at + 1;
                    let value = at + 1..end;
                    at = end + 1;
                    (value, Some(quote))
                }
                b'>' => continue,
                _ => {
                    let start = at;
                    at = find(at, &|b| is_space(b) || b == b'>')?;
                    (start..at, None)
                }
            };
            attributes.push(Attribute { name: lower(attribute), value, quote });
        }
    }

    /// The first attribute `name`, which is the one that counts.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The value of the attribute `name`, as it stands.
    pub(super) fn value<'t>(&self, text: &'t str, name: &str) -> Option<&'t str> {
        self.attribute(name).map(|a| &text[a.value.clone()])
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_as_the_standard_reads_them() {
        let text = "<IMG Alt='a > b' title=c/d hidden =x / src = \"e\" data-x>rest";
        let tag = Tag::parse(text, 1).unwrap();
        assert_eq!((tag.name.as_str(), &text[tag.len..]), ("img", "rest"));
        let pairs: Vec<(&str, &str)> =
            tag.attributes.iter().map(|a| (a.name.as_str(), &text[a.value.clone()])).collect();
        assert_eq!(pairs, [("alt", "a > b"), ("title", "c/d"), ("hidden", "x"), ("src", "e")]);
        assert!(Tag::parse("<br />", 1).unwrap().self_closing);
    }

    #[test]
    fn a_tag_that_does_not_end_is_none() {
        for text in ["<a", "<a ", "<a b", "<a b=", "<a b='>", "<a b=c", "<a b='' "] {
            assert_eq!(Tag::parse(text, 1), None, "{text}");
        }
    }
}
