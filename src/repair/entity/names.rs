//! The named character references of the HTML standard.
//!
//! The table is text, sorted by name and searched where it lies: 29 kB, nothing to load but where its lines
//! begin, and a change of it can be read in a diff.

use std::cmp::Ordering;
use std::sync::LazyLock;

/// `name TAB code points in hex TAB "bare"`, sorted by the bytes of the name; a bare name counts
/// without its semicolon too. Made by `data/tables/html-entities.py`.
const TABLE: &str = include_str!("../../../data/tables/html-entities.tsv");

/// Length of the longest name, `CounterClockwiseContourIntegral`.
pub(super) const LONGEST: usize = 31;
/// Length of the longest name that counts without a semicolon, `Ccedil` and others.
const LONGEST_BARE: usize = 6;

/// Bare names that are also words that code, queries and prose put after an `&`
/// (`foo(&copy, &not)`, `R&Reg`). Without a semicolon they need more evidence than `&eacute`.
const WORDS: [&str; 56] = [
    "AMP", "COPY", "ETH", "GT", "LT", "QUOT", "REG", "THORN", "acute", "amp", "cent", "copy",
    "deg", "divide", "eth", "gt", "lt", "micro", "not", "para", "pound", "reg", "sect", "times",
    "and", "cap", "check", "colon", "comma", "cross", "cup", "dollar", "empty", "equals", "exist",
    "flat", "image", "int", "lang", "map", "natural", "num", "or", "part", "percnt", "period",
    "phone", "plus", "prod", "range", "real", "ring", "semi", "sharp", "star", "sub",
];

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The one or two characters.
    pub(super) text: [Option<char>; 2],
    /// Whether the name counts without a semicolon.
    pub(super) bare: bool,
}

/// The lines of the table, by the first byte of the name.
static LINES: LazyLock<[Vec<&str>; 128]> = LazyLock::new(|| {
    let mut lines = [const { Vec::new() }; 128];
    TABLE.lines().for_each(|line| lines[usize::from(line.as_bytes()[0])].push(line));
    lines
});

/// What `name`, without `&` and `;`, stands for.
pub(super) fn find(name: &str) -> Option<Named> {
    let lines = LINES.get(usize::from(*name.as_bytes().first()?))?;
    let compare = |line: &&str| {
        let (line, name) = (line.as_bytes(), name.as_bytes());
        let longer =
            if line.get(name.len()) == Some(&b'\t') { Ordering::Equal } else { Ordering::Greater };
        line[..name.len().min(line.len())].cmp(name).then(longer)
    };
    let at = lines.binary_search_by(compare).ok()?;
    let mut fields = lines[at][name.len() + 1..].split('\t');
    let mut points = fields
        .next()?
        .split(' ')
        .map(|hex| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
    let text = [points.next().flatten(), points.next().flatten()];
    Some(Named { text, bare: fields.next() == Some("bare") })
}

/// The names that count without a semicolon, by their first letter.
static BARE: LazyLock<[Vec<&str>; 128]> = LazyLock::new(|| {
    let mut names = [const { Vec::new() }; 128];
    for name in TABLE.lines().filter_map(|line| line.strip_suffix("\tbare")?.split('\t').next()) {
        names[usize::from(name.as_bytes()[0])].push(name);
    }
    names
});

/// Whether what follows an `&` begins with a name that counts without a semicolon.
pub(super) fn begins_bare(letters: &[u8]) -> bool {
    let &[first, second, ..] = letters else { return false };
    let is = |name: &&str| name.as_bytes()[1] == second && letters.starts_with(name.as_bytes());
    BARE.get(usize::from(first)).is_some_and(|names| names.iter().any(is))
}

/// The longest prefix of `letters` that is a name which counts without a semicolon.
pub(super) fn find_bare(letters: &str) -> Option<(usize, Named)> {
    if !begins_bare(letters.as_bytes()) {
        return None;
    }
    (2..=letters.len().min(LONGEST_BARE)).rev().find_map(|len| {
        find(letters.get(..len)?).filter(|named| named.bare).map(|named| (len, named))
    })
}

/// Whether a bare name is also a word that stands after an `&` for itself.
pub(super) fn is_word(name: &str) -> bool {
    WORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found() {
        let mut bare = 0;
        let mut last = "";
        for line in TABLE.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(last.as_bytes() < fields[0].as_bytes(), "{last} before {}", fields[0]);
            last = fields[0];
            let named = find(fields[0]).unwrap_or_else(|| panic!("{}", fields[0]));
            let points: Vec<String> =
                named.text.iter().flatten().map(|&c| format!("{:X}", c as u32)).collect();
            assert_eq!(points.join(" "), fields[1], "{}", fields[0]);
            assert!(fields[0].len() <= LONGEST);
            if named.bare {
                bare += 1;
                assert!(fields[0].len() <= LONGEST_BARE);
            }
        }
        assert_eq!((TABLE.lines().count(), bare), (2125, 106), "2,231 names in all");
    }

    #[test]
    fn the_longest_bare_prefix() {
        assert_eq!(find_bare("notit").map(|f| f.0), Some(3));
        assert_eq!(find_bare("copy2024").map(|f| f.0), Some(4));
        assert_eq!(find_bare("hellip"), None);
        assert_eq!(find("nosuchname"), None);
        assert_eq!(find(""), None);
    }
}
