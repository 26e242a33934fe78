//! Damage that cannot be undone: recognised, counted, reported, left.

use std::ops::Range;

use super::codepage::CodePage;
use super::scan::trigger;

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

/// UTF-8 through decoders that make one U+FFFD of most of its pairs: of a sentence, one character in
/// four is left, and what the others were is not to be told.
const SCATTERED: [(CodePage, Kind); 3] = [
    (CodePage::Big5, scattered("utf-8 read as big5")),
    (CodePage::EucJp, scattered("utf-8 read as euc-jp")),
    (CodePage::EucKr, scattered("utf-8 read as euc-kr")),
];
/// The least of such a passage: of U+FFFD, and of characters whose bytes can be UTF-8. One
/// character in six of good text can be by accident.
const LEAST_LOST: usize = 2;
const LEAST_FITTING: usize = 5;

const fn scattered(rule: &'static str) -> Kind {
    Kind { rule, reason: "most of its bytes are gone" }
}

/// The next mark of lost text at or after `from`.
pub(super) fn find(text: &str, from: usize) -> Option<(Range<usize>, Kind)> {
    let (range, kind) = simple(text, from)?;
    if kind.rule != REPLACEMENT.rule {
        return Some((range, kind));
    }
    let found = SCATTERED.iter().filter_map(|&(page, kind)| {
        let range = fitting(text, from, range.start, page)?;
        Some((range, kind))
    });
    Some(found.max_by_key(|(range, _)| range.len()).unwrap_or((range, kind)))
}

/// Whether most of the marks of a text are of UTF-8 that was scattered, so that no search need be made.
pub(super) fn is_scattered(text: &str) -> bool {
    let (mut inside, mut at) = (0, 0);
    let count = |text: &str| text.matches('\u{FFFD}').count();
    while let Some((range, kind)) = find(text, at) {
        at = range.end;
        if SCATTERED.iter().any(|(_, scattered)| *scattered == kind) {
            inside += count(&text[range]);
        }
    }
    inside > 0 && inside * 2 > count(text)
}

/// The run around `at` of characters that are bytes of UTF-8 read as `page`, not before `from`.
fn fitting(text: &str, from: usize, at: usize, page: CodePage) -> Option<Range<usize>> {
    let table = page.table();
    let part = |byte: u8| matches!(byte, 0x80..=0xBF | 0xE2..=0xE9 | 0xEF);
    let fits = |c: char| {
        let unit = table.unit(c).filter(|unit| *unit > 0xFF).map(u16::to_be_bytes);
        // Two leads do not follow each other.
        unit.is_some_and(|[a, b]| part(a) && part(b) && (a < 0xC0 || b < 0xC0))
    };
    let holds = |c: &char| *c == '\u{FFFD}' || fits(*c);
    let before: usize = text[from..at].chars().rev().take_while(holds).map(char::len_utf8).sum();
    let after: usize = text[at..].chars().take_while(holds).map(char::len_utf8).sum();
    let range = at - before..at + after;
    let (mut lost, mut rare, mut all) = (0, 0, 0);
    for c in text[range.clone()].chars() {
        lost += usize::from(c == '\u{FFFD}');
        all += usize::from(c != '\u{FFFD}');
        rare += usize::from(c != '\u{FFFD}' && trigger().is_suspicious(c));
    }
    (lost >= LEAST_LOST && all >= LEAST_FITTING && (rare * 2 >= all || lost * 3 >= all))
        .then_some(range)
}

/// The same for marks that stand by themselves.
fn simple(text: &str, from: usize) -> Option<(Range<usize>, Kind)> {
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
    fn scattered_utf_8_is_one_mark() {
        let text = "今天的會議改在三樓舉行，請各位準時參加，不要遲到。";
        for (name, label) in [
            ("utf-8 read as big5", "big5"),
            ("utf-8 read as euc-jp", "euc-jp"),
            ("utf-8 read as euc-kr", "euc-kr"),
        ] {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let bad = encoding.decode_without_bom_handling(text.as_bytes()).0;
            let (range, kind) = find(&bad, 0).unwrap();
            assert_eq!(kind.rule, name);
            assert!(range.len() * 2 > bad.len(), "{range:?} of {bad}");
        }
        let good = "今天的會議改在三樓\u{FFFD}行，請各位\u{FFFD}時參加。";
        assert_eq!(find(good, 0).unwrap().1, REPLACEMENT);
    }

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
