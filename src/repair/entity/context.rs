//! What stands before a candidate: the evidence that it is part of a URL, of a path, or of code.
//!
//! All questions look back at most [`LOOK_BACK`] bytes, so that the answers do not depend on how
//! much of the text happens to be at hand.

use std::borrow::Cow;

use super::around::{is_invisible, settled};
use crate::repair::is_toned;

/// How far back evidence is looked for, in bytes. A URL is rarely longer; a quoted string may be,
/// which is why [`Quotes`] carries its state on from one candidate to the next.
pub(super) const LOOK_BACK: usize = 2048;

/// How much of the text before a candidate is kept: what [`LOOK_BACK`] needs, and what is looked
/// at before that.
pub(super) const KEEP: usize = LOOK_BACK + 256;

/// The end of `text`, at most `most` bytes of it.
pub(super) fn tail(text: &str, most: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(most))..]
}

/// Han characters, and the marks that stand between them.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAD9}'
        | '\u{20000}'..='\u{2FA1D}' | '\u{30000}'..='\u{323AF}' | '〇' | '々')
}

/// Han, and what stands in Chinese text: marks, full-width forms, radicals in place of Han.
pub(super) fn is_cjk(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{2E80}'..='\u{2FD5}')
        || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}' | '\u{FE30}'..='\u{FE6F}')
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '●' | '■' | '①'..='⑳')
}

/// The characters since the last blank, quotation mark, bracket or Chinese mark: the word, path or
/// address that the candidate would continue.
fn token(near: &str) -> &str {
    let cut = near.char_indices().rev().find(|&(_, c)| {
        c.is_whitespace()
            || matches!(c, '"' | '\'' | '<' | '>' | '`' | '|' | '“' | '”' | '‘' | '’' | '…' | '—')
            || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF1F}')
    });
    cut.map_or(near, |(at, c)| &near[at + c.len_utf8()..])
}

/// Whether a reference without a semicolon would here be a parameter of a query.
pub(super) fn in_query(before: &str) -> bool {
    address(before).is_some_and(|token| {
        let key = token.split('=').next().unwrap_or("");
        let is_key = key.len() < token.len() && key.ends_with(|c: char| c.is_ascii_alphanumeric());
        is_query(&token) || is_address(&token) || is_key
    })
}

/// Whether the candidate continues a URL.
pub(super) fn in_url(before: &str) -> bool {
    address(before).is_some_and(|token| has_parameter(&token) || is_address(&token))
}

/// Most tokens are shorter, in bytes.
const SHORT: usize = 96;

/// The token before a candidate, if it has what no address lacks.
fn address(before: &str) -> Option<Cow<'_, str>> {
    // Most tokens are short; where one is not, as in a page without blanks, what no address lacks is looked for first.
    let near = tail(before, SHORT);
    let short = token(near);
    let raw = if short.len() < near.len() || near.len() == before.len() {
        short
    } else if could_be_address(tail(before, LOOK_BACK)) {
        token(tail(before, LOOK_BACK))
    } else {
        return None;
    };
    if !could_be_address(raw) {
        return None;
    }
    Some(match settled(raw) {
        Cow::Borrowed(_) => Cow::Borrowed(raw),
        Cow::Owned(text) => Cow::Owned(token(&text).to_owned()),
    })
}

/// Whether `?` and a name are in it: a question mark alone ends a sentence.
fn is_query(token: &str) -> bool {
    token
        .split_once('?')
        .is_some_and(|(_, name)| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Whether `?name=` is in it. Damage has question marks, too: `要?jiǎng)?wù)`.
fn has_parameter(token: &str) -> bool {
    is_query(token)
        && token.split('?').skip(1).any(|rest| {
            let ascii = rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len());
            rest[..ascii].contains('=')
        })
}

fn could_be_address(token: &str) -> bool {
    memchr::memchr3(b'?', b'=', b'@', token.as_bytes()).is_some() || is_address(token)
}

fn is_address(token: &str) -> bool {
    token.contains("://") || token.contains("www.") || token.starts_with("mailto:")
}

/// Follows ASCII quotation marks from one escape to the next on a line, so that escapes in strings
/// of source code and JSON can be told from escapes in prose.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quotes {
    /// The quotation mark that is open, if it looks like that of code.
    open: Option<char>,
    /// Whether a gloss may have taken the end of a line with it: then what is open is not known until it ends.
    unknown: bool,
    /// How far the text has been followed, in bytes from its start.
    to: u64,
}

impl Quotes {
    /// The quotation mark that opened the string of code in which the candidate at the end of `before`, which is at `at`
    /// in the stream, stands.
    pub(super) fn in_code(&mut self, before: &str, at: u64) -> Option<char> {
        let gap = at.saturating_sub(self.to);
        let near = if gap as usize > LOOK_BACK {
            (self.open, self.unknown) = (None, false);
            tail(before, LOOK_BACK)
        } else {
            // What was followed last ended at a character, so the cut is at one.
            tail(before, gap as usize)
        };
        let base = before.len() - near.len();
        let mut escaped = false;
        for (i, c) in near.char_indices() {
            match c {
                '\n' => (self.open, self.unknown) = (None, false),
                // Behind a gloss it is what a decoder put, and may have eaten the end of the line, which
                // comes back with the gloss gone.
                '?' if behind_gloss(tail(&before[..base + i], 64)) => self.unknown = true,
                _ if escaped => {}
                '"' | '\'' | '`' if self.open == Some(c) => self.open = None,
                '"' | '\'' | '`'
                    if self.open.is_none() && opens_code(tail(&before[..base + i], 64)) =>
                {
                    self.open = Some(c);
                }
                _ => {}
            }
            escaped = c == '\\' && !escaped;
        }
        self.to = at;
        self.open.filter(|_| !self.unknown)
    }

    /// A quotation mark that ends at `end` was written as a reference, and opens nothing.
    pub(super) fn pass(&mut self, end: u64) {
        self.to = end;
    }

    /// The end of a line was put in place of what ends at `end`.
    pub(super) fn line_ends(&mut self, end: u64) {
        *self = Quotes { to: end, ..Quotes::default() };
    }
}

/// Whether what stands before is a gloss, or a gloss and Han behind it.
fn behind_gloss(before: &str) -> bool {
    let gloss = before.trim_end_matches(|c| is_cjk(c) || is_invisible(c));
    gloss.strip_suffix(')').is_some_and(|reading| {
        reading.trim_end_matches(|c: char| c.is_ascii_lowercase()).ends_with(is_toned)
    })
}

/// Whether a quotation mark after `before` opens a string of code: after an operator, a bracket or
/// the start of the line. After Han it is a quotation in prose, and after what Han are made of.
fn opens_code(before: &str) -> bool {
    let before = settled(before);
    let line = before.rsplit('\n').next().unwrap_or("");
    let word = line.trim_end_matches([' ', '\t']);
    // `u"..."`, `b'...'`, `@"..."`.
    let word = match word.strip_suffix(['u', 'b', 'r', 'f', 'L', '@', 'U', 'R', '$']) {
        Some(rest) if !rest.ends_with(|c: char| c.is_alphanumeric()) => rest,
        _ => word,
    };
    let Some(last) = word.trim_end_matches([' ', ':', ',', '(']).chars().last() else {
        return true;
    };
    if is_han(last) || matches!(last, '：' | '，' | '。' | '（' | '、' | '；') {
        return false;
    }
    word.len() < line.len() && !word.ends_with(|c: char| c.is_alphanumeric())
        || word.ends_with(|c: char| ":=([{,+?!&|<>;\"'`/".contains(c))
}

/// Whether what stands between `before` and `after` is spoken of, and no damage: it stands alone in
/// quotation marks, in the cell of a table, or in a span of code. `wide`: whether Chinese quotation
/// marks count too. `None` when that is not known yet.
pub(super) fn is_mention(before: &str, after: &str, wide: bool, closed: bool) -> Option<bool> {
    const MARKS: [(char, &str); 10] = [
        ('„', "“”"),
        ('`', "`'"),
        ('\'', "'"),
        ('"', "\""),
        ('|', "|"),
        ('‘', "’"),
        ('“', "”"),
        ('「', "」"),
        ('『', "』"),
        ('«', "»"),
    ];
    let blanks = |c: char| matches!(c, ' ' | '\t' | '\\' | '\u{A0}');
    let near = tail(before, 256);
    let line = &near[memchr::memrchr(b'\n', near.as_bytes()).map_or(0, |end| end + 1)..];
    let line = line.trim_end_matches(blanks);
    let opener = line.chars().next_back();
    let mark = MARKS.iter().find(|m| opener == Some(m.0) && (m.0.is_ascii() || wide));
    let mark = mark.or_else(|| ends_in_pod(line).then_some(&POD));
    let span = memchr::memchr_iter(b'`', line.as_bytes()).count() % 2 == 1;
    if mark.is_none() && !span {
        return Some(false);
    }
    let head = &after[..after.floor_char_boundary(96)];
    let rest = head.split('\n').next().unwrap_or("");
    if head.len() == rest.len() && head.len() < 96 && !closed {
        return None;
    }
    // The quotation mark of a manual page: `\*(C'`, `\*(R"`.
    let end = rest.trim_start_matches(blanks);
    let closer = end.strip_prefix("*(").and_then(|r| r.get(1..)).unwrap_or(end).chars().next();
    let enclosed = mark.is_some_and(|m| closer.is_some_and(|c| m.1.contains(c)));
    Some(enclosed || span && rest.contains('`'))
}

/// A span of code in Perl's documentation.
const POD: (char, &str) = ('<', ">");

/// Whether such a span begins at the end of `line`: `C<&eacute;>`.
fn ends_in_pod(line: &str) -> bool {
    line.strip_suffix("C<").is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// Whether the line up to the candidate is a key and its separator, as in a `.properties` file.
pub(super) fn after_key(before: &str) -> bool {
    let line = tail(before, 128).rsplit('\n').next().unwrap_or("").trim_end();
    let Some(key) = line.strip_suffix(['=', ':']) else { return false };
    let key = key.trim();
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-[]/".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for before in ["见http://a.cn/?x=1", "www.a.cn/b", "搜索 https://a.cn/搜", "index.php?a=1"]
        {
            assert!(in_url(before), "{before}");
        }
        for before in
            ["", "他说", "x=1第一要?jiǎng)?wù)的", "见http://a.cn。实", "http://a.cn 实", "a=1 "]
        {
            assert!(!in_url(before), "{before}");
        }
        assert!(in_query("a=1"));
        assert!(!in_query("a=1 b"));
    }

    #[test]
    fn quotes() {
        for code in
            ["{\"a\":\"", "s = '", "print(\"x", "\"", "x = u\"", "{\"名\": \"", "[\"a\", \""]
        {
            assert!(Quotes::default().in_code(code, code.len() as u64).is_some(), "{code}");
        }
        for prose in [
            "",
            "他说\"",
            "他说：\"",
            "don't ",
            "s = 'a' ",
            "\"a\"\n",
            "他说:\"",
            "實(shí) \"",
            "實(shí)\u{200B}\"",
        ] {
            assert_eq!(Quotes::default().in_code(prose, prose.len() as u64), None, "{prose}");
        }
    }
}
