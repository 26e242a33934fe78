//! What has no tags in it: comments, scripts, titles and the like.

/// Something that goes on to its own end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    end: End,
    text: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// `-->` or `--!>`, not before byte 2 of the comment's own start.
    Comment,
    /// `]]>`.
    Cdata,
    /// The end tag of this name.
    Tag(&'static str),
    /// Nothing ends it.
    Never,
}

/// Elements whose content is no markup; of these only the title is text.
const ELEMENTS: [&str; 8] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

impl Raw {
    /// The content of the element `name`, if there is no markup in it.
    pub(super) fn of(name: &str, keeps: bool) -> Option<Raw> {
        if name == "plaintext" {
            return Some(Raw { end: End::Never, text: false });
        }
        let name = ELEMENTS.into_iter().find(|element| *element == name)?;
        Some(Raw { end: End::Tag(name), text: name == "title" && !keeps })
    }

    /// The comment or CDATA section that begins `text`, which begins with `<!`; `Some(None)` where
    /// it is another declaration, `None` where that cannot be told yet.
    #[allow(clippy::option_option, reason = "three answers")]
    pub(super) fn comment(text: &str, end: bool) -> Option<Option<Raw>> {
        for (start, kind) in [("<!--", End::Comment), ("<![CDATA[", End::Cdata)] {
            if text.starts_with(start) {
                return Some(Some(Raw { end: kind, text: false }));
            }
            if start.starts_with(text) && !end {
                return None;
            }
        }
        Some(None)
    }

    /// Whether it is text for people.
    pub(super) fn is_text(&self) -> bool {
        self.text
    }

    /// How much of `text` certainly belongs to it, and whether it ends there; `None` where more has
    /// to be seen.
    pub(super) fn next(&self, text: &str, end: bool) -> Option<(usize, bool)> {
        let bytes = text.as_bytes();
        let (found, longest) = match &self.end {
            End::Comment => (comment_end(text), "<!--->".len()),
            End::Cdata => (text.find("]]>").map(|at| at + 3), 2),
            End::Tag(name) => (end_tag(bytes, name), name.len() + 2),
            End::Never => (None, 0),
        };
        if let Some(at) = found {
            return Some((at, true));
        }
        if end {
            return Some((text.len(), true));
        }
        let mut sure = bytes.len().saturating_sub(longest);
        while !text.is_char_boundary(sure) {
            sure -= 1;
        }
        (sure > 0).then_some((sure, false))
    }
}

/// Behind the end of a comment of which `text` is the start or the rest.
fn comment_end(text: &str) -> Option<usize> {
    // `<!-->` and `<!--->` are whole.
    let inner = if text.starts_with("<!--") { 2 } else { 0 };
    let mut at = inner;
    while let Some(n) = text[at..].find("--") {
        let rest = &text[at + n + 2..];
        if rest.starts_with('>') {
            return Some(at + n + 3);
        }
        if rest.starts_with("!>") && at + n >= inner + 2 {
            return Some(at + n + 4);
        }
        at += n + 1;
    }
    None
}

/// Where the end tag of `name` begins.
fn end_tag(bytes: &[u8], name: &str) -> Option<usize> {
    memchr::memchr_iter(b'<', bytes).find(|&at| {
        let rest = &bytes[at + 1..];
        rest.first() == Some(&b'/')
            && rest.get(1..=name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
            && rest
                .get(name.len() + 1)
                .is_some_and(|b| b.is_ascii_whitespace() || b"/>".contains(b))
    })
}
