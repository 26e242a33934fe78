//! What has no tags in it: comments, scripts, titles and the like.

/// Something that goes on to its own end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    end: End,
    text: bool,
}

/// Where in a script, in which `<!--` and `<script` hide an end tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Script {
    #[default]
    Plain,
    /// Behind `<!--`.
    Escaped,
    /// Behind `<script` in that.
    Twice,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// `-->` or `--!>`, not before byte 2 of the comment's own start.
    Comment,
    /// `]]>`.
    Cdata,
    /// `?>`.
    Php,
    /// The end tag of this name.
    Tag(&'static str),
    /// That of a script.
    Script(Script),
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
        if name == "script" {
            return Some(Raw { end: End::Script(Script::Plain), text: false });
        }
        Some(Raw { end: End::Tag(name), text: name == "title" && !keeps })
    }

    /// What PHP does.
    pub(super) fn php() -> Raw {
        Raw { end: End::Php, text: false }
    }

    /// The comment or, where there are any, CDATA section that begins `text`, which begins with `<!`; `Some(None)` where
    /// it is another declaration, `None` where that cannot be told yet.
    #[allow(clippy::option_option, reason = "three answers")]
    pub(super) fn comment(text: &str, cdata: bool, end: bool) -> Option<Option<Raw>> {
        let kinds = [("<!--", End::Comment), ("<![CDATA[", End::Cdata)];
        for (start, kind) in kinds.into_iter().take(if cdata { 2 } else { 1 }) {
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
    pub(super) fn next(&mut self, text: &str, end: bool) -> Option<(usize, bool)> {
        let bytes = text.as_bytes();
        let (found, longest) = match &mut self.end {
            End::Script(state) => return script(bytes, state, end),
            End::Php => (text.find("?>").map(|at| at + 2), 1),
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
    memchr::memchr_iter(b'<', bytes)
        .find(|&at| bytes.get(at + 1) == Some(&b'/') && is_tag(&bytes[at + 2..], name))
}

/// Whether the name of a tag that begins `bytes` is `name`.
fn is_tag(bytes: &[u8], name: &str) -> bool {
    let named = bytes.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
    named && bytes.get(name.len()).is_some_and(|b| b.is_ascii_whitespace() || b"/>".contains(b))
}

/// As [`Raw::next`], for a script that is in `state`: up to the next place that changes it.
fn script(bytes: &[u8], state: &mut Script, end: bool) -> Option<(usize, bool)> {
    /// The longest thing to look for is `</script>`.
    const LONGEST: usize = 9;
    for at in memchr::memchr2_iter(b'<', b'-', bytes) {
        let rest = &bytes[at..];
        if rest.len() < LONGEST && !end {
            return (at > 0).then_some((at, false));
        }
        let ends = rest.starts_with(b"</") && is_tag(&rest[2..], "script");
        let (len, next) = match *state {
            Script::Plain if rest.starts_with(b"<!--") => (2, Script::Escaped),
            Script::Escaped | Script::Twice if rest.starts_with(b"-->") => (3, Script::Plain),
            Script::Escaped if rest.starts_with(b"<") && is_tag(&rest[1..], "script") => {
                (LONGEST - 2, Script::Twice)
            }
            Script::Twice if ends => (LONGEST - 1, Script::Escaped),
            Script::Plain | Script::Escaped if ends => return Some((at, true)),
            _ => continue,
        };
        *state = next;
        return Some((at + len, false));
    }
    (!bytes.is_empty()).then_some((bytes.len(), end))
}
