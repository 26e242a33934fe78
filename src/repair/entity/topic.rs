//! References and escapes that are shown on purpose, by a text that speaks of them: `小于号要转义成 &lt;`.

use super::context::tail;

/// What a text says that speaks of references and escapes, somewhere before one on its line.
const TOPIC: [&str; 20] = [
    "字符实体",
    "字元實體",
    "实体名称",
    "实体编号",
    "实体引用",
    "HTML 实体",
    "HTML实体",
    "转义",
    "轉義",
    "URL 编码",
    "URL编码",
    "URL 編碼",
    "URL編碼",
    "百分号编码",
    "Unicode 编码",
    "Unicode编码",
    "Unicode 編碼",
    "Unicode編碼",
    "encodeURI",
    "urlencode",
];
/// What it says right before one.
const WRITTEN: [&str; 6] = ["写成", "写作", "写为", "寫成", "寫作", "寫為"];

/// It is looked for in so many bytes.
const LOOK_BACK: usize = 256;

/// An example is a word or two, in characters as they are meant.
const LONGEST: usize = 8;

/// What references are shown for: signs that markup has.
const SIGNS: [&str; 3] = ["<", ">", "&"];

/// Whether what stands before says that a candidate is shown; `meant` is what it stands for.
pub(super) fn is_shown(before: &str, view: &str, meant: &str) -> bool {
    let is_reference = view.starts_with(['&', '＆']);
    if meant.chars().nth(LONGEST).is_some() || is_reference && !SIGNS.contains(&meant) {
        return false;
    }
    let near = tail(before, LOOK_BACK);
    let line = near.rsplit('\n').next().unwrap_or(near);
    let last = line.trim_end_matches([' ', '"', '\'', '`', '“', '‘', '「', '：', ':']);
    WRITTEN.iter().any(|word| last.ends_with(word)) || TOPIC.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_speaks_of_is_shown() {
        for before in [
            "常用的字符实体有：",
            "要显示小于号，应写成“",
            "“中”的 URL 编码是 ",
            "“中”的 Unicode 编码是 ",
        ] {
            assert!(is_shown(before, "&lt;", "<"), "{before}");
        }
        for before in ["商品编码：", "实体店", "要转义\n小于号是", ""] {
            assert!(!is_shown(before, "&lt;", "<"), "{before}");
        }
        assert!(!is_shown("要转义：", "\\u4eca", "今天上午他们都不在家"));
        assert!(!is_shown("小说写成", "&mdash;", "—"));
    }
}
