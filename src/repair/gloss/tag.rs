//! Tags in a line of a page.

/// Whether a text begins with a tag but for its `<`, for all that can be seen: it may go on in another line.
pub(super) fn begins_tag(text: &str) -> bool {
    if text.starts_with("!--") || text.starts_with("![CDATA[") {
        return true;
    }
    let name = text.strip_prefix('/').unwrap_or(text);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    // `o:p`, `my-tag`.
    let end = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || ":-_.".contains(c));
    let closed = end.strip_prefix('/').unwrap_or(end).trim_start_matches(' ');
    end.is_empty() || end.starts_with(|c: char| c.is_ascii_whitespace()) || closed.starts_with('>')
}

/// Whether a text begins with a closing tag but for its `<`: that is nothing else.
pub(super) fn begins_closing_tag(text: &str) -> bool {
    let Some(name) = text.strip_prefix('/') else { return false };
    let end = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || ":-_.".contains(c));
    end.len() < name.len() && end.starts_with('>') && begins_tag(text)
}

#[cfg(test)]
mod tests {
    use super::{begins_closing_tag, begins_tag};

    #[test]
    fn tags_and_what_is_none() {
        for tag in [
            "p>",
            "/p>",
            "br/>",
            "br/ >",
            "a href=\"x\">",
            "o:p></o:p>",
            "p\tclass=a>",
            "/a\n",
            "div",
            "!-- x -->",
        ] {
            assert!(begins_tag(tag), "{tag}");
        }
        assert!(begins_closing_tag("/p>") && begins_closing_tag("/o:p></p>"));
        for text in ["p>", "/>", "/p", "/3>", "//p>", "br/>"] {
            assert!(!begins_closing_tag(text), "{text}");
        }
        for text in ["h/'\n", "a<p>", "?xml", " b", "3", "船", ""] {
            assert!(!begins_tag(text), "{text}");
        }
    }
}
