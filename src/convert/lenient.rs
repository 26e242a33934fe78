//! JSON as OpenCC's configs are written: with comments and commas before closing brackets.

/// Takes comments and such commas out, so that a strict parser can read the rest. Lines keep
/// their numbers.
pub(crate) fn strict_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    while let Some(c) = rest.chars().next() {
        let mut len = c.len_utf8();
        match c {
            '"' => {
                len = string_len(rest);
                out.push_str(&rest[..len]);
            }
            '/' if rest.starts_with("//") => len = rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => {
                len = rest.find("*/").map_or(rest.len(), |end| end + 2);
                out.extend(rest[..len].chars().filter(|&c| c == '\n'));
            }
            ',' if closes(&rest[1..]) => {}
            _ => out.push(c),
        }
        rest = &rest[len..];
    }
    out
}

/// Bytes of the string literal that `text` begins with.
fn string_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    let mut end = (at + 1).min(bytes.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// Whether a closing bracket comes next, comments and blanks aside.
fn closes(mut text: &str) -> bool {
    loop {
        text = text.trim_start();
        if text.starts_with("//") {
            text = text.split_once('\n').map_or("", |(_, rest)| rest);
        } else if text.starts_with("/*") {
            text = text.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            return text.starts_with([']', '}']);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::strict_json;

    #[test]
    fn comments_and_last_commas_go() {
        let text = "{ // a\n\"x\": [1, 2, /* ] */ ], \"y,]\": \"//\\\"\", }";
        let value: serde_json::Value = serde_json::from_str(&strict_json(text)).unwrap();
        assert_eq!(value, serde_json::json!({"x": [1, 2], "y,]": "//\""}));
    }

    #[test]
    fn anything_goes_through_without_panic() {
        for text in ["\"", "\"\\", "\"\\é", "/*", "//", ",", "，\"好", "\"\\好\""] {
            strict_json(text);
        }
    }
}
