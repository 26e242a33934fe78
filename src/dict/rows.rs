//! The text form of a dictionary, as OpenCC reads it.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind};

/// One row of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is replaced; never empty.
    pub key: String,
    /// What it may be replaced with; the first is taken. Never empty.
    pub values: Vec<String>,
}

/// Reads the text form: a row a line, key, TAB, values separated by one blank each. Lines that
/// are empty or begin with `#` say nothing; so does a byte order mark.
///
/// ```
/// let rows = hanmend::dict::parse_rows("# 例\n干\t幹 乾 干\n").unwrap();
/// assert_eq!(rows[0].key, "干");
/// assert_eq!(rows[0].values, ["幹", "乾", "干"]);
/// ```
///
/// # Errors
///
/// [`ErrorKind::Dictionary`]: the line, and what is wrong with it: no TAB, an empty key, or a key
/// that was there before.
pub fn parse_rows(text: &str) -> Result<Vec<Row>, Error> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut rows = Vec::new();
    let mut seen = HashMap::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        if line.starts_with('#') {
            continue;
        }
        let line = line.split('\r').next().unwrap_or("");
        if line.is_empty() {
            continue;
        }
        let bad = |what: String| Err(Error::new(ErrorKind::Dictionary, what));
        let Some((key, values)) = line.split_once('\t') else {
            return bad(format!("line {number}: no TAB between key and value in \"{line}\""));
        };
        if key.is_empty() {
            return bad(format!("line {number}: the key is empty in \"{line}\""));
        }
        if let Some(before) = seen.insert(key, number) {
            return bad(format!("line {number}: key \"{key}\" is already on line {before}"));
        }
        let values = values.split(' ').map(str::to_owned).collect();
        rows.push(Row { key: key.to_owned(), values });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_what_is_no_row() {
        let rows = parse_rows("\u{FEFF}甲\t乙 丙\r\n\n#x\ty\n丁\t\n戊\t己\t庚").unwrap();
        let flat: Vec<_> = rows.iter().map(|r| (r.key.as_str(), r.values.join("|"))).collect();
        let want = [("甲", "乙|丙"), ("丁", ""), ("戊", "己\t庚")];
        assert_eq!(flat, want.map(|(k, v)| (k, v.to_owned())));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, want) in [
            ("甲\t乙\n丙 丁", "line 2: no TAB between key and value in \"丙 丁\""),
            ("\t乙", "line 1: the key is empty in \"\t乙\""),
            ("甲\t乙\n#\n甲\t丙", "line 3: key \"甲\" is already on line 1"),
        ] {
            assert_eq!(parse_rows(text).unwrap_err().to_string(), want);
        }
    }
}
