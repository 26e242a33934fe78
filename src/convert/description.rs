//! Ideographic description sequences: `⿰氵每` tells how a character is built. They are copied
//! whole, as converting their parts would describe another character.

/// Operators nested deeper are no sequence; OpenCC's limit.
const MAX_DEPTH: usize = 16;
/// Longer sequences are none; OpenCC's limit, in characters.
const MAX_CHARS: usize = 64;
/// The most bytes that an unfinished sequence can have.
pub(crate) const MAX_BYTES: usize = 4 * MAX_CHARS;

/// What a text begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Description {
    /// No sequence.
    None,
    /// A sequence of so many bytes.
    Whole(usize),
    /// A sequence that the text ends in the midst of.
    Open,
}

/// Looks for a sequence at the start of `text`, which is UTF-8.
pub(crate) fn description(text: &[u8]) -> Description {
    if operands(text) == 0 {
        return Description::None;
    }
    let mut chars = 0;
    consume(text, MAX_DEPTH, &mut chars)
}

/// How many operands the operator takes that `text` begins with; 0 if there is none.
#[inline]
pub(crate) fn operands(text: &[u8]) -> usize {
    match text {
        [0xE2, 0xBF, 0xB2 | 0xB3, ..] => 3,
        [0xE2, 0xBF, 0xBE | 0xBF, ..] => 1,
        [0xE2, 0xBF, 0xB0..=0xBD, ..] => 2,
        _ => 0,
    }
}

fn consume(text: &[u8], depth: usize, chars: &mut usize) -> Description {
    let Some(&lead) = text.first() else {
        return Description::Open;
    };
    if depth == 0 || *chars >= MAX_CHARS {
        return Description::None;
    }
    *chars += 1;
    let mut len = crate::dict::table::char_len(lead);
    for _ in 0..operands(text) {
        match consume(&text[len.min(text.len())..], depth - 1, chars) {
            Description::Whole(operand) => len += operand,
            other => return other,
        }
    }
    Description::Whole(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_of_all_shapes() {
        for (text, want) in [
            ("后", Description::None),
            ("", Description::None),
            ("⿰后后后", Description::Whole(9)),
            ("⿲后a𠀀后", Description::Whole(3 + 3 + 1 + 4)),
            ("⿾后后", Description::Whole(6)),
            ("⿰⿱后后后后", Description::Whole(15)),
            ("⿰后", Description::Open),
            ("⿰", Description::Open),
            // U+31EF is no operator to OpenCC 1.4.2.
            ("㇯后后", Description::None),
        ] {
            assert_eq!(description(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn limits() {
        let deep = |n: usize| format!("{}后", "⿾".repeat(n));
        assert_eq!(description(deep(15).as_bytes()), Description::Whole(48));
        assert_eq!(description(deep(16).as_bytes()), Description::None);
        // A balanced tree of 63 nodes fits, one of 127 does not.
        let mut tree = "后".to_owned();
        for _ in 0..5 {
            tree = format!("⿰{tree}{tree}");
        }
        assert_eq!(description(tree.as_bytes()), Description::Whole(3 * 63));
        let tree = format!("⿰{tree}{tree}");
        assert_eq!(description(tree.as_bytes()), Description::None);
    }
}
