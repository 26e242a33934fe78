//! Where in an HTML text we are, kept up byte by byte.
//!
//! Not a parser: it knows as much of the standard's tokenizer as is needed to tell text from
//! tags, comments, CDATA, scripts and styles, and it counts the elements it knows, which is the
//! evidence that a text is HTML at all.

/// Longest tag name that is looked at; no element that matters has a longer one.
const NAME: usize = 10;

/// A tag that is longer than this was none (`a <b` in prose); the state goes back to text.
const LONGEST_TAG: u32 = 1 << 20;

/// Points at which a text counts as HTML, or as XML. A doctype, `<?xml` or `<html` has them all; of other known tags
/// two are needed, so that one `<b>` that a text speaks of does not switch the rules, and of unknown ones two that have an
/// attribute in quotation marks or close the one that was opened last, as no `Vec<u8>` and no `<Esc>` does.
pub(super) const ENOUGH: u32 = 2;

/// Elements whose tags count as evidence.
const KNOWN: [&str; 52] = [
    "a",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
    "ruby",
    "script",
    "section",
    "select",
    "span",
    "strong",
    "style",
    "table",
    "tbody",
    "td",
    "th",
    "title",
    "tr",
    "u",
    "ul",
];

/// Elements whose content is no text: nothing in them is a reference.
const RAW: [&str; 5] = ["script", "style", "xmp", "noembed", "noframes"];

/// Elements that show source text, where a double escape is meant.
const VERBATIM: [&str; 5] = ["code", "pre", "samp", "kbd", "tt"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// After `<`, or `</` when closing.
    Open {
        close: bool,
    },
    Name {
        close: bool,
    },
    /// In a tag, after its name; in quotes when `quote` is not 0.
    Tag {
        close: bool,
        quote: u8,
    },
    /// After `<!`, matching `--`, `[CDATA[`, or a declaration's end.
    Bang {
        seen: u8,
    },
    /// After `<?`, matching `xml`.
    Instruction {
        seen: u8,
    },
    /// In a comment or CDATA, with `seen` bytes of its end matched.
    Until {
        end: &'static [u8],
        seen: u8,
    },
    /// In a script or style; `seen` bytes of `</name` matched.
    Raw {
        element: u8,
        seen: u8,
    },
}

/// The state; small, so that it can be copied to look ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Markup {
    state: State,
    name: [u8; NAME],
    name_len: u8,
    tag_len: u32,
    verbatim: u32,
    points: u32,
    /// The tag has an attribute in quotation marks.
    quoted: bool,
    /// The last byte in it before these.
    last: u8,
    /// The name of the tag that was opened last.
    open: ([u8; NAME], u8),
}

impl Markup {
    pub(super) fn new() -> Markup {
        Markup {
            state: State::Text,
            name: [0; NAME],
            name_len: 0,
            tag_len: 0,
            verbatim: 0,
            points: 0,
            quoted: false,
            last: 0,
            open: ([0; NAME], 0),
        }
    }

    /// Whether we are in text, where references count.
    pub(super) fn in_text(&self) -> bool {
        matches!(self.state, State::Text | State::Open { .. })
    }

    /// Whether we are in an element that shows source text.
    pub(super) fn in_verbatim(&self) -> bool {
        self.verbatim > 0
    }

    /// The evidence so far that this is HTML; see [`ENOUGH`].
    pub(super) fn points(&self) -> u32 {
        self.points
    }

    /// Goes over `bytes`.
    pub(super) fn advance(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
            // Skip to the next byte that can matter in this state.
            let skip = match self.state {
                State::Text => memchr::memchr(b'<', rest),
                State::Raw { seen: 0, .. } => memchr::memchr(b'<', rest),
                State::Until { end, seen: 0 } => memchr::memchr(end[0], rest),
                State::Tag { quote: 0, .. } => find_tag_byte(rest),
                State::Tag { quote, .. } => memchr::memchr(quote, rest),
                _ => Some(0),
            };
            let passed = skip.unwrap_or(rest.len());
            if let (State::Tag { quote: 0, .. }, Some(at)) = (self.state, passed.checked_sub(1)) {
                self.last = rest[at];
            }
            if let State::Tag { .. } = self.state {
                self.tag_len = self.tag_len.saturating_add(passed as u32 + 1);
                if self.tag_len > LONGEST_TAG {
                    self.state = State::Text;
                    at += passed;
                    continue;
                }
            }
            at += passed;
            if let Some(&byte) = bytes.get(at) {
                self.step(byte);
                at += 1;
            }
        }
    }

    fn step(&mut self, byte: u8) {
        self.state = match self.state {
            State::Text if byte == b'<' => State::Open { close: false },
            State::Text => State::Text,
            State::Open { close } => match byte {
                b'/' if !close => State::Open { close: true },
                b'!' if !close => State::Bang { seen: 0 },
                b'?' if !close => State::Instruction { seen: 0 },
                b'<' => State::Open { close: false },
                b if b.is_ascii_alphabetic() => {
                    (self.name, self.name_len) = ([0; NAME], 0);
                    self.tag_len = 0;
                    self.quoted = false;
                    self.keep(b);
                    State::Name { close }
                }
                _ => State::Text,
            },
            State::Name { close } => match byte {
                b'>' => self.tag_ends(close),
                b if b.is_ascii_alphanumeric() || b"-:_.".contains(&b) => {
                    self.keep(b);
                    State::Name { close }
                }
                b if b.is_ascii_whitespace() || b == b'/' => State::Tag { close, quote: 0 },
                // `a<b，` is prose.
                _ => State::Text,
            },
            State::Tag { close, quote: 0 } => match byte {
                b'>' => self.tag_ends(close),
                b'<' => State::Open { close: false },
                b'"' | b'\'' => {
                    self.quoted |= self.last == b'=';
                    State::Tag { close, quote: byte }
                }
                _ => State::Tag { close, quote: 0 },
            },
            State::Tag { close, .. } => State::Tag { close, quote: 0 },
            State::Bang { seen } => self.bang(seen, byte),
            State::Instruction { seen } => self.instruction(seen, byte),
            State::Until { end, seen } => {
                let seen = advance_match(end, seen, byte);
                if seen as usize == end.len() { State::Text } else { State::Until { end, seen } }
            }
            State::Raw { element, seen } => self.raw(element, seen, byte),
        };
    }

    fn bang(&mut self, seen: u8, byte: u8) -> State {
        const CDATA: &[u8] = b"[cdata[";
        const DOCTYPE: &[u8] = b"doctype";
        let lower = byte.to_ascii_lowercase();
        let after_dash = seen == 100;
        match (seen, byte) {
            (0, b'-') => State::Bang { seen: 100 },
            (_, b'-') if after_dash => State::Until { end: b"-->", seen: 0 },
            (0..=6, _) if lower == CDATA[seen as usize] => {
                if seen as usize + 1 == CDATA.len() {
                    State::Until { end: b"]]>", seen: 0 }
                } else {
                    State::Bang { seen: seen + 1 }
                }
            }
            (0, _) if lower == DOCTYPE[0] => State::Bang { seen: 51 },
            (51..=56, _) if lower == DOCTYPE[seen as usize - 50] => {
                if seen == 56 {
                    self.points = self.points.saturating_add(ENOUGH);
                    State::Until { end: b">", seen: 0 }
                } else {
                    State::Bang { seen: seen + 1 }
                }
            }
            (0, b) if !b.is_ascii_alphabetic() => State::Text,
            (_, b'>') => State::Text,
            _ => State::Until { end: b">", seen: 0 },
        }
    }

    /// `<?xml `: only markup begins so.
    fn instruction(&mut self, seen: u8, byte: u8) -> State {
        const XML: &[u8] = b"xml";
        let seen = usize::from(seen);
        if XML.get(seen) == Some(&byte) {
            return State::Instruction { seen: seen as u8 + 1 };
        }
        if seen == XML.len() && byte.is_ascii_whitespace() {
            self.points = self.points.saturating_add(ENOUGH);
        }
        if byte == b'>' { State::Text } else { State::Until { end: b">", seen: 0 } }
    }

    fn raw(&mut self, element: u8, seen: u8, byte: u8) -> State {
        let name = RAW[element as usize].as_bytes();
        let seen = seen as usize;
        let wanted = match seen {
            0 => b'<',
            1 => b'/',
            _ => name.get(seen - 2).copied().unwrap_or(0),
        };
        if seen == name.len() + 2 {
            return match byte {
                b'>' => State::Text,
                b if b.is_ascii_whitespace() || b == b'/' => State::Tag { close: true, quote: 0 },
                _ => State::Raw { element, seen: 0 },
            };
        }
        let seen = match byte.to_ascii_lowercase() {
            b if b == wanted => seen + 1,
            b'<' => 1,
            _ => 0,
        };
        State::Raw { element, seen: seen as u8 }
    }

    fn keep(&mut self, byte: u8) {
        if let Some(slot) = self.name.get_mut(self.name_len as usize) {
            *slot = byte.to_ascii_lowercase();
            self.name_len += 1;
        } else {
            // Longer than any name that matters: make sure that it matches none.
            self.name[0] = b'-';
        }
    }

    /// The `>` of a tag: counts it, and says what follows.
    fn tag_ends(&mut self, close: bool) -> State {
        let name = &self.name[..self.name_len as usize];
        let is = |names: &[&str]| names.iter().position(|n| n.as_bytes() == name);
        let points = match is(&KNOWN) {
            Some(_) if name == b"html" => ENOUGH,
            Some(_) => 1,
            None => u32::from(self.quoted || close && self.open == (self.name, self.name_len)),
        };
        self.points = self.points.saturating_add(points);
        if !close {
            self.open = (self.name, self.name_len);
        }
        if is(&VERBATIM).is_some() {
            self.verbatim = if close { self.verbatim.saturating_sub(1) } else { self.verbatim + 1 };
        }
        self.name_len = 0;
        match is(&RAW) {
            Some(element) if !close => State::Raw { element: element as u8, seen: 0 },
            _ => State::Text,
        }
    }
}

/// The next byte that matters in a tag, outside of quotes.
fn find_tag_byte(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|b| matches!(b, b'>' | b'<' | b'"' | b'\''))
}

/// How many bytes of `end` are matched after one more byte.
fn advance_match(end: &[u8], seen: u8, byte: u8) -> u8 {
    if byte == end[seen as usize] {
        return seen + 1;
    }
    // `--->` and `]]]>`: a repeated first byte keeps what can still be kept.
    if byte == end[0] {
        return if seen as usize == end.len() - 1 && end.len() > 1 { seen } else { 1 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_the_rest() {
        let cases = [
            "文<p class=\"a>b\">",
            "<!-- a > b --->",
            "<![CDATA[ ]] > ]]]>",
            "<script>if(a<b)</s</script >",
            "<!DOCTYPE html>",
            "a<b，",
            "<?xml version='1.0'?>",
        ];
        for html in cases {
            let last = html.char_indices().last().map_or(0, |(at, _)| at);
            let mut markup = Markup::new();
            markup.advance(&html.as_bytes()[..last]);
            assert_ne!(markup.state, State::Text, "{html} without its last character");
            markup.advance(&html.as_bytes()[last..]);
            assert_eq!(markup.state, State::Text, "{html}");
        }
        let mut open = Markup::new();
        open.advance(b"<style> a { } </styl");
        assert!(!open.in_text());
        open.advance(b"e>");
        assert!(open.in_text());
    }

    #[test]
    fn points() {
        let points = |html: &str| {
            let mut markup = Markup::new();
            markup.advance(html.as_bytes());
            markup.points()
        };
        assert_eq!(points("<!doctype html>"), ENOUGH);
        assert_eq!(points("<html lang=zh>"), ENOUGH);
        assert_eq!(points("a<b，c> <3 List<String> <邮箱>"), 0);
        assert_eq!(points("<br>"), 1);
        assert_eq!(points("<?xml version='1.0'?>"), ENOUGH);
        assert_eq!(points("<?xmlish?><?php echo 1; ?>"), 0);
        assert_eq!(points("<p>文</p>"), 2);
    }
}
