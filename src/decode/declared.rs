//! The charset that a page says it has.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::encoding::Encoding;

/// The first charset declared in `bytes`: of an HTML `meta`, an XML declaration, a CSS
/// `@charset`, or an editor's `coding:` line. Returns the label as it stands.
///
/// ```
/// use hanmend::decode::declared_charset;
///
/// let page = b"<html><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">";
/// assert_eq!(declared_charset(page).as_deref(), Some("gb2312"));
/// assert_eq!(declared_charset(b"<?xml version='1.0' encoding='Big5'?>").as_deref(), Some("Big5"));
/// assert_eq!(declared_charset(b"the charset of this page is unknown"), None);
/// ```
pub fn declared_charset(bytes: &[u8]) -> Option<String> {
    // The letters that the words end with, so that capitals at their start do not matter.
    static ENDS: LazyLock<[(Finder<'static>, u8); 4]> = LazyLock::new(|| {
        [("harset", b'='), ("HARSET", b'='), ("ncoding", b'='), ("coding", b':')]
            .map(|(end, sign)| (Finder::new(end), sign))
    });
    let mut best: Option<(usize, String)> = None;
    for (end, sign) in ENDS.iter() {
        for at in end.find_iter(bytes) {
            if best.as_ref().is_some_and(|(first, _)| *first <= at) {
                break;
            }
            let after = &bytes[at + end.needle().len()..];
            let Some(label) = label_after(after, *sign) else { continue };
            if Encoding::for_label(&label).is_some() || is_known_name(&label) {
                best = Some((at, label));
                break;
            }
        }
    }
    best.map(|(_, label)| label)
}

/// Encodings that pages declare and nobody decodes are still declarations.
fn is_known_name(label: &str) -> bool {
    matches!(label.to_ascii_lowercase().as_str(), "iso-2022-kr" | "utf-7" | "us-ascii")
}

/// Labels are shorter than this.
const LONGEST_LABEL: usize = 24;

fn label_after(rest: &[u8], sign: u8) -> Option<String> {
    let mut bytes = rest.iter().copied().peekable();
    while bytes.next_if(|b| b.is_ascii_whitespace()).is_some() {}
    // CSS has the quoted name at once: `@charset "gbk"`.
    bytes.next_if(|b| *b == sign || (sign == b'=' && *b == b'"'))?;
    while bytes.next_if(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'')).is_some() {}
    let label: String = bytes
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
        .take(LONGEST_LABEL)
        .map(char::from)
        .collect();
    (label.len() >= 3).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_found_in_pages() {
        for (page, label) in [
            ("<meta charset=utf-8>", "utf-8"),
            ("<META HTTP-EQUIV=Content-Type CONTENT='text/html; CHARSET = \"Big5\"'>", "Big5"),
            ("@charset \"gb18030\";", "gb18030"),
            ("# -*- coding: cp950 -*-", "cp950"),
            ("charset is said twice: charset=none charset=gbk", "gbk"),
        ] {
            assert_eq!(declared_charset(page.as_bytes()).as_deref(), Some(label), "{page}");
        }
    }

    #[test]
    fn words_that_declare_nothing() {
        for page in ["", "charset", "charset=", "encoding is utf-8", "coding", "charset=xx"] {
            assert_eq!(declared_charset(page.as_bytes()), None, "{page}");
        }
    }
}
