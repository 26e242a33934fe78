//! Ideographic description sequences (`⿰⼈⼒`): what a character looks like, part by part. A part that is a radical, or a
//! compatibility ideograph, is meant as it stands.

use memchr::memmem;

use super::around::{AROUND, is_han, is_invisible, tail};

/// How many parts the operator `c` puts together.
fn parts(c: char) -> Option<usize> {
    match c {
        '⿲' | '⿳' => Some(3),
        '\u{2FFE}' | '\u{2FFF}' => Some(1),
        '\u{2FF0}'..='\u{2FFD}' | '\u{31EF}' => Some(2),
        _ => None,
    }
}

/// What a sequence is made of: operators, characters, radicals and strokes.
fn may_stand(c: char) -> bool {
    parts(c).is_some() || is_han(c) || is_invisible(c) || matches!(c, '\u{31C0}'..='\u{31E5}')
}

/// Whether a sequence has begun in `before` that goes on behind it.
pub(super) fn goes_on(before: &str) -> bool {
    let near = tail(before, AROUND);
    // The first two bytes of all operators but one.
    if memmem::find(near.as_bytes(), b"\xE2\xBF").is_none() && !near.contains('\u{31EF}') {
        return false;
    }
    let start = near.trim_end_matches(may_stand).len();
    let mut missing = 0usize;
    for c in near[start..].chars().filter(|c| !is_invisible(*c)) {
        missing = match parts(c) {
            Some(more) => missing.saturating_sub(1) + more,
            None => missing.saturating_sub(1),
        };
    }
    missing > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_sequences_end() {
        for open in ["⿰", "结构为⿰", "⿰⼈", "⿱⿰⼈⼒", "⿳⼀⼝", "他⿰⼈⼒⿱", "⿰\u{200B}⼈"]
        {
            assert!(goes_on(open), "{open}");
        }
        for closed in ["", "他", "⿰⼈⼒", "⿱⿰⼈⼒⼝", "⿰⼈，", "⿰a", "⿲⼈⼈⼈", "⿰⼈⼒是"]
        {
            assert!(!goes_on(closed), "{closed}");
        }
    }
}
