//! Characters that stand for another character.

use std::sync::OnceLock;

/// `radical TAB character`, made by `data/tables/radicals.py`.
const RADICALS: &str = include_str!("../../../data/tables/radicals.tsv");

/// `compatibility ideograph TAB character`, OpenCC's. The twelve that are unified are not in it.
const COMPATIBILITY: &str = include_str!("../../../data/opencc/CJK_Compatibility_Ideographs.txt");

/// The character that a radical is, where it is a whole one.
pub(super) fn radical(c: char) -> Option<char> {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    find(TABLE.get_or_init(|| parse(RADICALS)), c)
}

/// The unified ideograph that a compatibility ideograph is.
pub(super) fn unified(c: char) -> Option<char> {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    find(TABLE.get_or_init(|| parse(COMPATIBILITY)), c)
}

/// The full-width form of a small one, of those that are marks.
pub(super) fn full_width(c: char) -> Option<char> {
    Some(match c {
        '﹐' => '，',
        '﹑' => '、',
        '﹒' => '．',
        '﹔' => '；',
        '﹕' => '：',
        '﹖' => '？',
        '﹗' => '！',
        '﹙' => '（',
        '﹚' => '）',
        '﹛' => '｛',
        '﹜' => '｝',
        '﹝' => '〔',
        '﹞' => '〕',
        '﹪' => '％',
        '﹫' => '＠',
        _ => return None,
    })
}

/// The character of windows-1252 at the byte that a C1 control is.
pub(super) fn cp1252(c: char) -> Option<char> {
    let byte = [u8::try_from(c as u32).ok()?];
    let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0;
    text.chars().next().filter(|&mapped| mapped != c)
}

fn parse(table: &str) -> Vec<(char, char)> {
    let one = |field: &str| field.chars().next().filter(|c| c.len_utf8() == field.len());
    let mut rows: Vec<(char, char)> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (from, to) = line.split_once('\t')?;
            Some((one(from)?, one(to)?))
        })
        .collect();
    rows.sort_unstable();
    rows
}

fn find(rows: &[(char, char)], c: char) -> Option<char> {
    let at = rows.binary_search_by_key(&c, |row| row.0).ok()?;
    rows.get(at).map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_that_are_characters() {
        assert_eq!(radical('⼈'), Some('人'));
        assert_eq!(radical('⻓'), Some('长'));
        assert_eq!(radical('⺡'), None, "氵 is only ever a part");
        assert_eq!(radical('⼂'), None);
        assert_eq!(parse(RADICALS).len(), RADICALS.lines().count());
    }

    #[test]
    fn compatibility_ideographs() {
        assert_eq!(unified('\u{F900}'), Some('豈'));
        assert_eq!(unified('\u{FA0C}'), Some('兀'));
        let kept = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩";
        assert_eq!(kept.chars().count(), 12);
        assert!(kept.chars().all(|c| unified(c).is_none()), "twelve are unified ideographs");
    }
}
