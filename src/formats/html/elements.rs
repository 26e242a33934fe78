//! What elements are to the text.

use super::super::InFlow;

/// Elements inside a line, and what is not seen: the text goes on behind their tags. All others end
/// a line.
const INLINE: [&str; 46] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "nobr", "noscript",
    "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "small", "span", "strike",
    "strong", "style", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// Elements whose content stays: listings, and the readings of ruby, which are no damage.
const KEPT: [&str; 6] = ["pre", "code", "listing", "rt", "rp", "rtc"];

/// Elements without content.
const VOID: [&str; 17] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "link", "meta", "param", "source", "track", "wbr",
];

/// Elements that end a paragraph.
const BLOCKS: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
    "xmp",
];

/// Codes of the Chinese languages.
const CHINESE: [&str; 15] = [
    "zh", "zho", "chi", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cdo", "cjy", "lzh",
    "mnp", "cpx",
];

/// How a tag belongs to the text.
pub(super) fn flow(name: &str) -> InFlow {
    if INLINE.contains(&name) { InFlow::Beside } else { InFlow::Break }
}

pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

pub(super) fn is_kept(name: &str) -> bool {
    KEPT.contains(&name)
}

pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// What an open element has to be ended by when `name` begins: the elements that end, and those that
/// they are not looked for behind.
pub(super) fn ends(name: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    const TABLE: &[&str] = &["table", "html", "template"];
    Some(match name {
        "li" => (&["li"], &["ul", "ol", "menu", "table"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table"]),
        "option" | "optgroup" => (&["option"], &["select"]),
        "rb" | "rt" | "rp" | "rtc" => (&["rb", "rt", "rp", "rtc"], &["ruby"]),
        "td" | "th" => (&["td", "th"], TABLE),
        "tr" => (&["tr"], TABLE),
        "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot"], TABLE),
        name if BLOCKS.contains(&name) => (
            &["p"],
            &["table", "td", "th", "caption", "button", "object", "template", "li", "dd", "html"],
        ),
        _ => return None,
    })
}

/// Whether `lang` names another language than Chinese.
pub(super) fn is_foreign(lang: &str) -> bool {
    let code = lang.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    !matches!(code.as_str(), "" | "und" | "x" | "i" | "mul") && !CHINESE.contains(&code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for lang in ["zh", "zh-Hant-TW", "ZH_cn", "yue-HK", "", " ", "x-none"] {
            assert!(!is_foreign(lang), "{lang}");
        }
        for lang in ["en", "ja-JP", "ko", "zhx", "vi"] {
            assert!(is_foreign(lang), "{lang}");
        }
    }
}
