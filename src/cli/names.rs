//! Names of files: which encoding they are in, and what they say when they are mended.

use std::borrow::Cow;

use hanmend::decode::{Encoding, detect};
use hanmend::event::{Collect, Outcome};
use hanmend::{Fixer, OutputEncoding};

/// Bytes of a name that file systems take.
const LONGEST: usize = 255;

/// Mends names.
pub(crate) struct Names {
    fixer: Fixer,
    /// Of the names that are not UTF-8.
    encoding: Encoding,
}

/// A name that is to be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mended {
    pub(crate) name: String,
    /// It is the likeliest of several.
    pub(crate) guess: bool,
}

impl Names {
    /// What mends names in `encoding`; where it is not said, `all` the names together tell it, as one
    /// is too short to.
    pub(crate) fn new<'n>(
        encoding: Option<Encoding>,
        all: impl Iterator<Item = &'n [u8]>,
    ) -> Names {
        let encoding = encoding.unwrap_or_else(|| {
            let mut bytes = Vec::new();
            for name in all.map(unescaped).filter(|name| std::str::from_utf8(name).is_err()) {
                bytes.extend_from_slice(&name);
                bytes.push(b'\n');
            }
            detect(&bytes).encoding
        });
        let builder = Fixer::builder().encoding(Some(Encoding::UTF_8));
        Names { fixer: builder.output(OutputEncoding::default()).build(), encoding }
    }

    /// The text of `name`; what is wrong with it where it has none.
    pub(crate) fn text(&self, name: &[u8]) -> Result<String, String> {
        let bytes = unescaped(name);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Ok(text.to_owned());
        }
        let decoder =
            Fixer::builder().encoding(Some(self.encoding)).repairs(hanmend::Repairs::NONE);
        let fixed = decoder.build().fix_bytes(&bytes);
        let read = fixed.events.is_empty() && self.encoding != Encoding::BINARY;
        match std::str::from_utf8(name) {
            // Escapes that are not plainly Chinese are part of the name.
            Ok(name) if !read || fixed.text.chars().any(|c| !c.is_ascii() && c < EAST) => {
                Ok(name.to_owned())
            }
            Err(_) if !read => {
                let encoding = self.encoding.name();
                Err(format!("the name is not in {encoding}; say its encoding with -e"))
            }
            _ => Ok(fixed.text.into_owned()),
        }
    }

    /// What one name, without any folder, is to be; `None` where it stays.
    pub(crate) fn mended(&self, name: &[u8]) -> Result<Option<Mended>, String> {
        let text = self.text(name)?;
        let mut sink = Collect::default();
        let mended = self.fixer.fix_str_with(&text, &mut sink).into_owned();
        if mended.as_bytes() == name {
            return Ok(None);
        }
        let reason = match mended.as_str() {
            "" | "." | ".." => "nothing would be left of the name",
            name if name.contains(['/', '\\', '\0']) => "the name would have a folder in it",
            name if name.contains(char::is_control) => {
                "the name would have a control character in it"
            }
            name if name.len() > LONGEST => "the name would be longer than file systems take",
            _ => {
                let guess = sink.events.iter().any(|e| e.outcome == Outcome::Guess);
                return Ok(Some(Mended { name: mended, guess }));
            }
        };
        Err(reason.to_owned())
    }
}

/// Where the characters of the East begin: radicals, Han, kana and what goes with them.
const EAST: char = '\u{2e80}';

/// `name` with the bytes beyond ASCII that stand in it as `%E5`, and its `%20`, as they are.
fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    let (mut out, mut rest, mut any) = (Vec::with_capacity(name.len()), name, false);
    while let [first, behind @ ..] = rest {
        let byte = match rest {
            [b'%', high, low, ..] => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).ok().filter(|d| !d.starts_with('+'));
                digits.and_then(|d| u8::from_str_radix(d, 16).ok())
            }
            _ => None,
        };
        match byte {
            Some(byte) if byte >= 0x80 || byte == b' ' => {
                out.push(byte);
                any |= byte >= 0x80;
                rest = &rest[3..];
            }
            _ => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    // Where nothing beyond ASCII was escaped, a percent sign is one.
    if any { out.into() } else { name.into() }
}

/// A name as people can be shown it.
pub(crate) fn shown(name: &[u8]) -> String {
    let mut out = String::new();
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_encoding_together() {
        let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
        let raw = [gbk("年度报告.doc"), gbk("照片"), gbk("春天来了"), b"plain.txt".to_vec()];
        let names = Names::new(None, raw.iter().map(Vec::as_slice));
        let name = |raw: &[u8]| names.mended(raw).unwrap().map(|m| m.name);
        assert_eq!(name(&raw[1]).as_deref(), Some("照片"));
        assert_eq!(name(b"plain.txt"), None);
        assert_eq!(name("照片.jpg".as_bytes()), None);
        assert_eq!(
            name(b"%E5%B9%B4%E5%BA%A6%E6%8A%A5%E5%91%8A.doc").as_deref(),
            Some("年度报告.doc")
        );
        assert_eq!(name(b"%D5%D5%C6%AC%20(1).jpg").as_deref(), Some("照片 (1).jpg"));
        for stays in ["100%25.txt", "a%20b", "%", "%E", "%ff%fe.bin", "50%+1"] {
            assert_eq!(name(stays.as_bytes()), None, "{stays}");
        }
        assert!(names.mended(b"\xff\xff").unwrap_err().contains("-e"));
        assert_eq!(shown(b"a\xffb\n"), "a\\xffb\\n");
    }

    #[test]
    fn a_name_that_would_be_none_is_refused() {
        let names = Names::new(None, std::iter::empty());
        for name in ["&#47;etc&#47;passwd", "&#46;&#46;", "a&#0;", "a&#10;b"] {
            let mended = names.mended(name.as_bytes());
            let bad = |n: &str| n == ".." || n.contains(['/', '\0', '\n']);
            assert!(!matches!(mended, Ok(Some(Mended { name, .. })) if bad(&name)), "{name}");
        }
    }
}
