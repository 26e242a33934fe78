//! What HTTP says of a body.

use crate::decode::Encoding;

use super::Kind;

/// How a body is to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Body {
    /// `None` for plain text.
    pub(super) kind: Option<Kind>,
    /// The charset that is said.
    pub(super) charset: Option<Encoding>,
}

/// What a `Content-Type` says; `None` where that is no text that can be mended.
pub(super) fn body(content_type: &str) -> Option<Body> {
    let mime = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let kind = match mime.as_str() {
        "text/html" | "application/xhtml+xml" => Some(Kind::Html),
        "text/plain" => None,
        "text/csv" => Some(Kind::Csv),
        "text/tab-separated-values" => Some(Kind::Tsv),
        "application/x-ndjson" | "application/jsonl" | "application/json-lines" => {
            Some(Kind::Jsonl)
        }
        "text/vtt" => Some(Kind::WebVtt),
        "application/x-subrip" => Some(Kind::SubRip),
        _ => return None,
    };
    let charset = charset(content_type).and_then(|range| Encoding::for_label(&content_type[range]));
    Some(Body { kind, charset })
}

/// A `Content-Type` with the charset `name` in place of the one that it says, if it says one.
pub(super) fn with_charset(content_type: &str, name: &str) -> Option<String> {
    let range = charset(content_type)?;
    Some(format!("{}{name}{}", &content_type[..range.start], &content_type[range.end..]))
}

fn charset(content_type: &str) -> Option<std::ops::Range<usize>> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    let start = at + usize::from(lower[at..].starts_with(['"', '\'']));
    let end = lower[start..].find([';', '"', '\'', ' ', ',']).map_or(lower.len(), |n| start + n);
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_charsets() {
        let found = body("Text/HTML; Charset=\"GBK\"; x=y").unwrap();
        assert_eq!(found, Body { kind: Some(Kind::Html), charset: Some(Encoding::GBK) });
        assert_eq!(body("text/plain"), Some(Body { kind: None, charset: None }));
        assert_eq!(body("image/png"), None);
        let changed = with_charset("text/html; charset=gbk;x", "utf-8");
        assert_eq!(changed.as_deref(), Some("text/html; charset=utf-8;x"));
        assert_eq!(with_charset("text/html; charset=", "utf-8"), None);
    }
}
