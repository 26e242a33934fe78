//! Tags in a line of a page: what a decoder ate opens none that is none, and ends none that goes on.

use memchr::{memchr2, memrchr_iter};

/// Whether a text ends in a tag, if it has any, or in what begins as one and is none: where that ends is not known.
pub(super) fn opens_tag(text: &str) -> Option<bool> {
    let is_tag = |at: usize| {
        text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
    };
    let at = memrchr_iter(b'<', text.as_bytes()).find(|at| is_tag(*at))?;
    Some(!begins_tag(&text[at + 1..]))
}

/// Whether a text begins with a tag but for its `<`.
pub(super) fn begins_tag(text: &str) -> bool {
    let name = text.strip_prefix('/').unwrap_or(text);
    let end = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let is_closed =
        || memchr2(b'<', b'>', end.as_bytes()).is_some_and(|at| end[at..].starts_with('>'));
    let is_named = end.len() < name.len() && (end.starts_with(['>', ' ']) || end.starts_with("/>"));
    is_named && is_closed() || text.starts_with("!--")
}
