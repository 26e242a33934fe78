//! Mojibake that is shown on purpose, by a text that speaks of it: `“你好”会变成“浣犲ソ”，这就是乱码`.

use std::ops::Range;

/// Words of texts about encodings.
const TOPIC: [&str; 9] =
    ["乱码", "亂碼", "编码", "編碼", "解码", "解碼", "字符集", "字元集", "mojibake"];
/// An example is a word or two, in characters as they stand.
const LONGEST: usize = 24;

/// Whether a line speaks of encodings.
pub(in crate::repair) fn speaks_of_it(line: &str) -> bool {
    TOPIC.iter().any(|word| line.contains(word))
}

/// Whether a line has elsewhere what damage at `passage` reads back as: `“你好”就变成了“浣犲ソ”`.
pub(super) fn has_both(line: &str, passage: Range<usize>, reads: &str) -> bool {
    let reads = reads.trim_matches(|c: char| c.is_ascii() || is_quote(c));
    !reads.is_empty()
        && [&line[..passage.start], &line[passage.end..]].iter().any(|t| t.contains(reads))
}

fn is_quote(c: char) -> bool {
    opens(c) || closes(c)
}

fn opens(c: char) -> bool {
    "“‘「『《（([\"'`".contains(c)
}

fn closes(c: char) -> bool {
    "”’」』》）)]\"'`".contains(c)
}

/// Whether the characters of `passage` are quoted, alone, in a line that speaks of encodings or has what they were, too. ASCII at its ends is not what is shown.
pub(super) fn is_quoted(chars: &[char], mut passage: Range<usize>) -> bool {
    let is_shown = |at: &usize| !chars[*at].is_ascii();
    if let (Some(first), Some(last)) =
        (passage.clone().find(is_shown), passage.clone().rfind(is_shown))
    {
        passage = first..last + 1;
    }
    let around = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    let (before, after) = (around(passage.start.checked_sub(1)), around(Some(passage.end)));
    passage.len() <= LONGEST && before.is_some_and(opens) && after.is_some_and(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_quotes_enclose_is_an_example() {
        let quoted = |text: &str, bad: &str| {
            let chars: Vec<char> = text.chars().collect();
            let start = text[..text.find(bad).unwrap()].chars().count();
            is_quoted(&chars, start..start + bad.chars().count())
        };
        assert!(quoted("变成“浣犲ソ”了", "浣犲ソ"));
        assert!(quoted("变成 `浣犲ソ`。", "浣犲ソ"));
        assert!(quoted("'ä¸\u{AD}æ–‡' is mojibake", "ä¸\u{AD}æ–‡' is"));
        assert!(!quoted("变成浣犲ソ了", "浣犲ソ"));
        assert!(!quoted("浣犲ソ”", "浣犲ソ"));
        let has_both = |line: &str, bad: &str, reads| {
            let start = line.find(bad).unwrap();
            has_both(line, start..start + bad.len(), reads)
        };
        assert!(has_both("“你好”就变成了“浣犲ソ”", "“浣犲ソ”", "“你好”"));
        assert!(!has_both("“您好”就变成了“浣犲ソ”", "浣犲ソ", "你好"));
        assert!(speaks_of_it("这就是亂碼"));
        assert!(!speaks_of_it("他说"));
    }
}
