//! Damage that cannot be undone: recognised, counted, reported, left.

use std::ops::Range;

/// What a mark of lost text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The rule's name.
    pub(super) rule: &'static str,
    /// Why it is left, for people.
    pub(super) reason: &'static str,
}

const REPLACEMENT: Kind = Kind {
    rule: "replacement characters",
    reason: "a decoder put U+FFFD here; the bytes are gone",
};
const KUN: Kind = Kind {
    rule: "锟斤拷",
    reason: "U+FFFD written as UTF-8 and read as GBK; the bytes before that are gone",
};
const TANG: Kind = Kind {
    rule: "烫烫烫",
    reason: "memory that was never written to (bytes CC or CD), read as GBK",
};

/// The next mark of lost text at or after `from`.
pub(super) fn find(text: &str, from: usize) -> Option<(Range<usize>, Kind)> {
    let mut at = from;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        let (len, kind) = match c {
            '\u{FFFD}' => (run(rest, &["\u{FFFD}"]), REPLACEMENT),
            '锟' => (run(rest, &["锟斤拷", "锟斤", "锟拷", "锟"]), KUN),
            '斤' | '拷' => (run(rest, &["斤拷锟", "斤拷", "拷锟"]), KUN),
            '烫' | '燙' | '屯' => (run(rest, &[&rest[..c.len_utf8()]]), TANG),
            _ => (0, TANG),
        };
        let least = match kind.rule {
            // 锟 alone is a character; three 烫 are no word.
            "锟斤拷" => '锟'.len_utf8() * 3,
            "烫烫烫" => '烫'.len_utf8() * 3,
            _ => 1,
        };
        if len >= least {
            return Some((at..at + len, kind));
        }
        at += c.len_utf8();
    }
    None
}

/// How long the start of `text` is that is made of `parts`.
fn run(text: &str, parts: &[&str]) -> usize {
    let mut at = 0;
    while let Some(part) = parts.iter().find(|p| text[at..].starts_with(**p)) {
        at += part.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_whole() {
        let all = |text: &str| -> Vec<String> {
            let (mut found, mut at) = (Vec::new(), 0);
            while let Some((range, _)) = find(text, at) {
                at = range.end;
                found.push(text[range].to_owned());
            }
            found
        };
        assert_eq!(all("好\u{FFFD}\u{FFFD}了\u{FFFD}"), ["\u{FFFD}\u{FFFD}", "\u{FFFD}"]);
        assert_eq!(all("好锟斤拷锟斤拷了"), ["锟斤拷锟斤拷"]);
        assert_eq!(all("烫烫烫烫 屯屯屯"), ["烫烫烫烫", "屯屯屯"]);
        assert!(all("很烫，斤斤计较，拷贝，屯田，锟鋙").is_empty());
    }
}
