//! Text in a page.

use std::fmt::Write;

/// Appends `text` so that it is text and nothing else, in an element or in a quoted attribute.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// The same, with characters that nobody sees, or that turn the text around, as their numbers.
pub(super) fn visible(out: &mut String, text: &str) {
    for c in text.chars() {
        if is_unseen(c) {
            // Writing to a String does not fail.
            let _ = write!(out, "<span class=\"unseen\">U+{:04X}</span>", u32::from(c));
        } else {
            escape(out, c.encode_utf8(&mut [0; 4]));
        }
    }
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3000}' | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{10ffff}')
}

/// A number with its thousands apart.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let mut out = String::new();
        visible(&mut out, "<b a='\"'>&\u{202e}\n實\u{e000}");
        let unseen = |n: &str| format!("<span class=\"unseen\">U+{n}</span>");
        let expected = format!(
            "&lt;b a=&#39;&quot;&#39;&gt;&amp;{}{}實{}",
            unseen("202E"),
            unseen("000A"),
            unseen("E000")
        );
        assert_eq!(out, expected);
        assert_eq!(
            (number(0), number(999), number(1_234_567)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
    }
}
