//! Small forms (`﹐`, `﹝`): which belong together, and which are spoken of.

use super::around::{AROUND, head, is_invisible, tail};

/// So many different ones with nothing between them are a list: prose has two (`﹖﹗`).
const LIST: usize = 3;

/// So far apart two brackets are seen as a pair, in bytes: some fifty Han.
const APART: usize = 3 * AROUND / 2;

/// What stands beside a bracket is looked for in so many bytes, as invisible characters may be between.
const BESIDE: usize = AROUND / 3;

/// Words beside which they are spoken of: the names of the block, in which nobody would write them otherwise.
const SPOKEN_OF: [&str; 6] =
    ["小寫變體", "小写变体", "小型變體", "小型变体", "小形變體", "Small Form"];

/// What is around the two brackets of a pair.
#[derive(Debug, PartialEq)]
pub(super) struct Pair {
    /// First and last between them.
    pub(super) inside: [Option<char>; 2],
    /// Before and behind them.
    pub(super) outside: [Option<char>; 2],
}

fn is_small(c: char) -> bool {
    matches!(c, '\u{FE50}'..='\u{FE6F}')
}

/// The other bracket of a pair.
fn other(bracket: char) -> Option<char> {
    Some(match bracket {
        '﹙' => '﹚',
        '﹛' => '﹜',
        '﹝' => '﹞',
        '﹚' => '﹙',
        '﹜' => '﹛',
        '﹞' => '﹝',
        _ => return None,
    })
}

fn is_opening(c: char) -> bool {
    matches!(c, '﹙' | '﹛' | '﹝')
}

/// The pair of which the bracket that `view` begins with is one; the same, whichever of the two it is.
pub(super) fn pair(before: &str, view: &str) -> Option<Pair> {
    let bracket = view.chars().next()?;
    let other = other(bracket)?;
    let size = bracket.len_utf8();
    // What it encloses is balanced.
    let mut open = 1;
    let mut closes = |c: char| {
        open += usize::from(c == bracket);
        open -= usize::from(c == other);
        open == 0 || c == '\n'
    };
    let after = &view[size..];
    let (before, inside, after) = if is_opening(bracket) {
        let reach = head(after, APART + size);
        let end = reach.find(&mut closes)?;
        let (inside, rest) = reach.split_at(end);
        rest.starts_with(other).then(|| (before, inside, &after[end + size..]))?
    } else {
        let reach = tail(before, APART + size);
        let at = reach.rfind(&mut closes)?;
        let (rest, inside) = reach.split_at(at);
        let start = before.len() - reach.len() + rest.len();
        let inside = inside.strip_prefix(other)?;
        (&before[..start], inside, after)
    };
    let seen = |c: &char| !is_invisible(*c);
    Some(Pair {
        inside: [inside.chars().find(seen), inside.chars().rev().find(seen)],
        outside: [
            tail(before, BESIDE).chars().rev().find(seen),
            head(after, BESIDE).chars().find(seen),
        ],
    })
}

/// Whether the small form that `view` begins with is one of a list, or spoken of.
pub(super) fn is_listed(before: &str, view: &str) -> bool {
    let (near, here) = (tail(before, AROUND), head(view, AROUND));
    let spoken = |text: &str| SPOKEN_OF.iter().any(|word| text.contains(word));
    if spoken(near) || spoken(here) {
        return true;
    }
    let in_row = |c: char| is_small(c) || is_invisible(c);
    let left = near.trim_end_matches(in_row);
    let right = here.trim_start_matches(in_row);
    let row = near[left.len()..].chars().chain(here[..here.len() - right.len()].chars());
    let row: Vec<char> = row.filter(|c| is_small(*c)).collect();
    let is_sign = |c: &char| other(*c).is_none();
    let mut signs: Vec<char> = row.iter().copied().filter(is_sign).collect();
    signs.sort_unstable();
    signs.dedup();
    // Nobody puts nothing in brackets, twice.
    let empty = row.windows(2).filter(|w| is_opening(w[0]) && other(w[0]) == Some(w[1])).count();
    if signs.len() >= LIST || empty > 1 {
        return true;
    }
    // `﹐、﹑、﹔`, or with blanks.
    let divides = |c: char| matches!(c, '、' | '/' | ' ' | '\t' | '\u{3000}');
    let another = |c: Option<char>| c.is_some_and(|c| is_small(c) && is_sign(&c));
    let alone = signs.len() == 1 && row.len() == 1;
    let (far_left, far_right) = (left.trim_end_matches(divides), right.trim_start_matches(divides));
    alone
        && (far_left.len() < left.len() && another(far_left.chars().next_back())
            || far_right.len() < right.len() && another(far_right.chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_of_a_pair_see_the_same() {
        for text in
            ["第﹝3﹞條", "﹙﹙甲﹚乙﹚", "a﹝b﹞", "甲﹝\u{200B}1\u{200B}﹞\u{200B}乙", "﹝﹞"]
        {
            let seen = |at: usize| pair(&text[..at], &text[at..]);
            let open = text.find(is_opening).unwrap();
            let close = text.rfind(['﹚', '﹞']).unwrap();
            assert!(seen(open).is_some(), "{text}");
            assert_eq!(seen(open), seen(close), "{text}");
        }
        for alone in ["﹝3", "3﹞", "﹝3﹚", "﹝3\n﹞", &format!("﹝{}﹞", "字".repeat(60))]
        {
            let at = alone.find(|c| other(c).is_some()).unwrap();
            assert_eq!(pair(&alone[..at], &alone[at..]), None, "{alone}");
        }
    }
}
