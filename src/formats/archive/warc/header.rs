//! Headers of lines, as WARC and HTTP have them, and the digests that they say.

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A header of lines `name: value`, as WARC and HTTP have it: its lines stay as they are but for the
/// values that are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header<'h> {
    lines: Vec<std::borrow::Cow<'h, [u8]>>,
}

impl<'h> Header<'h> {
    /// The header that begins `bytes`, and its length; `None` where no empty line ends it.
    pub(super) fn parse(bytes: &'h [u8]) -> Option<(Header<'h>, usize)> {
        let (mut lines, mut at) = (Vec::new(), 0);
        loop {
            let end = memchr::memchr(b'\n', &bytes[at..])? + at + 1;
            let line = &bytes[at..end];
            lines.push(line.into());
            at = end;
            if matches!(line, b"\n" | b"\r\n") {
                return Some((Header { lines }, at));
            }
        }
    }

    /// The value of `name`, the first one.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let line = self.lines.iter().find(|line| is(line, name))?;
        std::str::from_utf8(&line[name.len() + 1..]).ok().map(str::trim)
    }

    /// Sets the value of `name` where the header has it.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        for line in self.lines.iter_mut().filter(|line| is(line, name)) {
            let kept = line[..name.len() + 1].to_vec();
            let blank =
                line[name.len() + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let blanks = line[name.len() + 1..][..blank].to_vec();
            let end: &[u8] = if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
            *line = [&kept, &blanks, value.as_bytes(), end].concat().into();
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.lines.concat()
    }
}

fn is(line: &[u8], name: &str) -> bool {
    line.get(name.len()) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name.as_bytes())
}

/// A digest of `bytes` in the form of `like`: `sha1:` and base 32, or `sha256:` and hexadecimal or base
/// 32. `None` for other algorithms.
pub(super) fn digest(like: &str, bytes: &[u8]) -> Option<String> {
    let (name, old) = like.split_once(':')?;
    let (sum, hex): (Vec<u8>, usize) = match name.to_ascii_lowercase().as_str() {
        "sha1" | "sha-1" => (Sha1::digest(bytes).to_vec(), 40),
        "sha256" | "sha-256" => (Sha256::digest(bytes).to_vec(), 64),
        _ => return None,
    };
    let text = match old.trim().len() == hex {
        true => sum.iter().map(|b| format!("{b:02x}")).collect(),
        false => base32(&sum),
    };
    Some(format!("{name}:{text}"))
}

/// RFC 4648, with padding where it is needed.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut bits = [0; 8];
        bits[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(bits);
        let letters = (chunk.len() * 8).div_ceil(5);
        for n in 0..8 {
            let five = (bits >> (35 - 5 * n)) & 31;
            out.push(if n < letters { char::from(ALPHABET[five as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_other_programs() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI======");
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(digest("sha1:X", b"").unwrap(), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
        let hex = format!("sha1:{}", "0".repeat(40));
        assert_eq!(digest(&hex, b"").unwrap(), "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709");
        assert_eq!(digest("md5:x", b""), None);
    }

    #[test]
    fn a_header_stays_but_for_what_is_set() {
        let bytes = b"WARC/1.0\r\ncontent-length:  3\r\nX: y\n\r\nabc";
        let (mut header, len) = Header::parse(bytes).unwrap();
        assert_eq!(&bytes[len..], b"abc");
        assert_eq!((header.get("Content-Length"), header.get("x")), (Some("3"), Some("y")));
        assert_eq!(header.bytes(), &bytes[..len]);
        header.set("Content-Length", "12");
        header.set("None", "1");
        assert_eq!(header.bytes(), b"WARC/1.0\r\ncontent-length:  12\r\nX: y\n\r\n");
        assert_eq!(Header::parse(b"WARC/1.0\r\na: b\r\n"), None);
    }
}
