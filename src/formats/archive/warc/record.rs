//! One WARC record: its header, its block, and in the block of a response what HTTP says of the body.

use crate::OutputEncoding;
use crate::decode::Encoding;

use super::super::members::malformed_in;
use super::header::{Header, digest};
use super::{Content, Listener, Member, Members, http};

/// What comes in place of `record`, the one of that `number`; `None` where it stays.
pub(super) fn mended(
    members: &mut Members,
    record: &[u8],
    number: u64,
    sink: &mut dyn Listener,
) -> Option<Vec<u8>> {
    let (mut header, length) = Header::parse(record)?;
    let block = &record[length..];
    let kind = header.get("WARC-Type").unwrap_or_default().to_ascii_lowercase();
    let content = header.get("Content-Type").unwrap_or_default().to_owned();
    let is_http =
        kind == "response" && content.to_ascii_lowercase().starts_with("application/http");
    // A part of a record is no text by itself.
    let whole = header.get("WARC-Segment-Number").is_none();
    if !whole || !(is_http || matches!(kind.as_str(), "resource" | "conversion")) {
        return None;
    }
    let (mut http, start) = match is_http {
        true => Header::parse(block).map(|(http, start)| (Some(http), start))?,
        false => (None, 0),
    };
    let body = &block[start..];
    let said = |name: &str| http.as_ref().and_then(|http| http.get(name));
    let content = if is_http { said("Content-Type")? } else { &content };
    let http::Body { kind, charset } = http::body(content)?;
    let name = header.get("WARC-Target-URI").or_else(|| header.get("WARC-Record-ID"));
    // An address in angle brackets is as the first version of the standard had it.
    let name = name.unwrap_or_default().trim_matches(['<', '>']).to_owned();
    let member = Member { number, name };
    let is_coded = |name: &&str| {
        said(name).is_some_and(|v| !v.is_empty() && !v.eq_ignore_ascii_case("identity"))
    };
    if let Some(name) = ["Transfer-Encoding", "Content-Encoding"].into_iter().find(is_coded) {
        malformed_in(&member, format!("the body has a {name}, and stays as it is"), sink);
        return None;
    }
    let content = Content { bytes: body, kind, declared: charset };
    let body = members.mended(&member, &content, sink)?;
    let said_in = http.as_mut().unwrap_or(&mut header);
    if let OutputEncoding::Encoding(written) = members.settings.output {
        set_charset(said_in, charset, written);
    }
    let mut block = Vec::new();
    if let Some(http) = &mut http {
        http.set("Content-Length", &body.len().to_string());
        if http.get("Content-MD5").is_some() {
            malformed_in(&member, "Content-MD5 cannot be made right, and stays", sink);
        }
        block = http.bytes();
    }
    block.extend_from_slice(&body);
    header.set("Content-Length", &block.len().to_string());
    for (name, bytes) in [("WARC-Block-Digest", &block), ("WARC-Payload-Digest", &body)] {
        let value = header.get(name).map(|old| digest(old, bytes));
        match value {
            Some(Some(value)) => header.set(name, &value),
            Some(None) => {
                let reason = format!("{name} is of a kind that cannot be made right, and stays");
                malformed_in(&member, reason, sink);
            }
            None => {}
        }
    }
    Some([header.bytes(), block].concat())
}

/// Sets the charset that a header says to the one that is written.
fn set_charset(header: &mut Header<'_>, declared: Option<Encoding>, written: Encoding) {
    let content = header.get("Content-Type").unwrap_or_default();
    if declared.is_some_and(|d| d.name() != written.name())
        && let Some(value) = http::with_charset(content, written.name())
    {
        header.set("Content-Type", &value);
    }
}
