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
    let end = name.trim_start_matches(is_of_name);
    let closed = end.strip_prefix('/').unwrap_or(end).trim_start_matches(' ');
    end.is_empty() || end.starts_with(|c: char| c.is_ascii_whitespace()) || closed.starts_with('>')
}

/// The elements that stand in the middle of text, and those that text stands in.
const ELEMENTS: [&str; 38] = [
    "a", "abbr", "b", "big", "br", "center", "cite", "code", "dd", "del", "div", "dt", "em",
    "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "label", "li", "p", "s",
    "small", "span", "strike", "strong", "sub", "sup", "td", "th", "tr", "u",
];

/// Whether a text begins with a whole tag but for its `<`, a closing one or one of HTML: that is nothing else.
pub(super) fn begins_whole_tag(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('/') {
        let end = name.trim_start_matches(is_of_name);
        return end.len() < name.len() && end.starts_with('>') && begins_tag(text);
    }
    if let Some(comment) = text.strip_prefix("!--") {
        return comment.contains("-->");
    }
    let inside = text.trim_start_matches(is_of_name);
    let name = &text[..text.len() - inside.len()];
    if !ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name)) {
        return false;
    }
    match inside.strip_prefix(' ') {
        Some(attributes) => attributes.split_once('>').is_some_and(|(attributes, _)| {
            !attributes.contains('<') && (attributes.contains('=') || attributes == "/")
        }),
        None => inside.starts_with('>') || inside.starts_with("/>"),
    }
}

/// `o:p`, `my-tag`.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || ":-_.".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{begins_tag, begins_whole_tag};

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
        for tag in ["/p>", "/o:p></p>", "b>", "BR />", "br/>字", "a href=\"x\">", "!-- x -->"] {
            assert!(begins_whole_tag(tag), "{tag}");
        }
        for text in
            ["/>", "/p", "/3>", "//p>", "br", "x>3", "b c>", "a href=\"x\"", "!-- x", "o:p>"]
        {
            assert!(!begins_whole_tag(text), "{text}");
        }
        for text in ["h/'\n", "a<p>", "?xml", " b", "3", "船", ""] {
            assert!(!begins_tag(text), "{text}");
        }
    }
}
