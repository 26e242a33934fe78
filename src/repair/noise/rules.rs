//! The rules of `noise`, and the scan for what they look at.

use super::{FULL, KEEP};
use crate::event::Outcome;
use crate::repair::local::{Candidate, Verdict};

pub(super) const SEPARATOR: &str = "separator";
pub(super) const SPACING: &str = "spacing";

/// How often a separator has to stand between single characters. Names and dates have it twice
/// (`甲-乙-丙`), headings are spaced out twice (`目 录 页`).
const OFTEN: usize = 3;

/// Marks that are put between characters.
const SEPARATORS: &str = "?*#|/\\-_.~^+=@$%&!<>☆★●○◆◇■□※";

/// Separators that divide the cells of a row, too.
const CELLS: &str = "|/\\&";

/// Separators that end sentences, too.
const STOPS: &str = "!?.";

/// Symbols of which a row says how good or how dear something is.
const RATINGS: [&str; 2] = ["★☆⭐✩✪✭✮✯✰", "♥♡❤❥"];

/// Marks of which two in a row are one too many. Not the full stop: two of it trail off.
const DOUBLED: [char; 4] = ['，', '、', '；', '：'];

/// Marks that end a sentence or a part of it.
const ENDS: [char; 5] = ['。', '，', '！', '？', '；'];

/// The first place at `from` or after it that a rule looks at.
pub(super) fn find(text: &str, from: usize) -> Option<usize> {
    text[from..].char_indices().find(|&(_, c)| starts(c)).map(|(at, _)| from + at)
}

fn starts(c: char) -> bool {
    is_separator(c) || is_blank(c) || DOUBLED.contains(&c) || is_letter(c) || is_symbol(c)
}

/// Decides about the character that the view starts with. `continues` is the separator of a run
/// that ends right before it.
pub(super) fn decide(candidate: &Candidate<'_>, continues: Option<char>) -> Verdict {
    let &Candidate { before, view, closed, .. } = candidate;
    let Some(c) = view.chars().next() else { return Verdict::Stay(0) };
    let stay = Verdict::Stay(c.len_utf8());
    let after_han = before.chars().next_back().is_some_and(is_han);
    if DOUBLED.contains(&c) {
        return doubled(view, closed, c, before.ends_with(c));
    }
    if is_symbol(c)
        && let Some(verdict) = decoration(before, view, closed)
    {
        return verdict;
    }
    if !after_han {
        return stay;
    }
    if is_letter(c) {
        return match view[c.len_utf8()..].chars().next() {
            None if !closed => Verdict::More,
            Some(next) if !is_han(next) => stay,
            None => stay,
            // What is behind may be of the same formula.
            _ if !closed => Verdict::More,
            _ if is_formula(before, c, &view[c.len_utf8()..]) => stay,
            _ => take_out(c.len_utf8(), String::new(), "symbol"),
        };
    }
    if is_separator(c) || is_blank(c) {
        let continues = continues == Some(c);
        if !continues && CELLS.contains(c) {
            match is_row(before, view, closed, c) {
                None => return Verdict::More,
                Some(true) => return stay,
                Some(false) => {}
            }
        }
        return separators(view, closed, c, continues);
    }
    stay
}

/// Whether the mathematical letter `c` is one of a formula: such as formulas are written in, or not the only one of its
/// kind.
fn is_formula(before: &str, c: char, after: &str) -> bool {
    let is_other = |d: char| is_letter(d) && (d == c || is_of_formulas(d));
    is_of_formulas(c) || tail(before, KEEP).contains(is_other) || after.contains(is_other)
}

/// Italic, bold and Greek letters: the other alphabets are as often ornament.
fn is_of_formulas(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D49B}' | '\u{1D6A4}'..='\u{1D7CB}')
}

/// Whether the line around `separator`, which `view` begins with, has as many of it as the one before or behind, so that
/// both are rows of a table; `None` where that lies in what comes.
fn is_row(before: &str, view: &str, closed: bool, separator: char) -> Option<bool> {
    let count = |line: &str| line.matches(separator).count();
    let near = tail(before, KEEP);
    let Some((above, start)) = near.rsplit_once('\n').or((near.len() < FULL).then_some(("", near)))
    else {
        // The line is longer than what is looked back at.
        return Some(false);
    };
    let (end, below) = view.split_once('\n').or(closed.then_some((view, "")))?;
    let cells = count(start) + count(end);
    let above = above.rsplit('\n').next().unwrap_or_default();
    if count(above) == cells {
        return Some(true);
    }
    match below.split_once('\n') {
        None if !closed => None,
        Some((line, _)) => Some(count(line) == cells),
        None => Some(count(below) == cells),
    }
}

/// The end of `text`, at most `most` bytes of it.
fn tail(text: &str, most: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(most))..]
}

fn take_out(len: usize, after: String, rule: &'static str) -> Verdict {
    Verdict::Change { len, after, rule, outcome: Outcome::Guess }
}

/// Two of one mark.
fn doubled(view: &str, closed: bool, c: char, more_before: bool) -> Verdict {
    let rest = view.trim_start_matches(c);
    let len = view.len() - rest.len();
    if rest.is_empty() && !closed {
        return Verdict::More;
    }
    if len == 2 * c.len_utf8() && !more_before && !rest.is_empty() {
        return take_out(len, c.to_string(), "doubled");
    }
    Verdict::Stay(len)
}

/// Symbols before the end of a sentence; `None` if it is something else.
fn decoration(before: &str, view: &str, closed: bool) -> Option<Verdict> {
    let dressing = |c: char| is_symbol(c) || c == '\u{FE0F}';
    let rest = view.trim_start_matches(dressing);
    let ornament = &view[..view.len() - rest.len()];
    let symbols = || ornament.chars().filter(|&c| is_symbol(c));
    match rest.chars().next() {
        None if !closed => return Some(Verdict::More),
        Some(next) if symbols().count() > 1 && ENDS.contains(&next) => {}
        _ => return None,
    }
    if RATINGS.iter().any(|kind| symbols().all(|c| kind.contains(c))) {
        return None;
    }
    let previous = before.chars().next_back()?;
    if !is_han(previous) {
        // Behind letters, digits and marks it is the same ornament, where that stands behind Han.
        let adorned = |text: &str| {
            text.match_indices(ornament).any(|(at, _)| {
                text[..at].ends_with(is_han) && text[at + ornament.len()..].starts_with(ENDS)
            })
        };
        if dressing(previous) {
            return None;
        }
        if !adorned(tail(before, KEEP)) && !adorned(rest) {
            return (!closed).then_some(Verdict::More);
        }
    }
    Some(take_out(ornament.len(), String::new(), "decoration"))
}

/// `?本?帝?國`, after `日`.
fn separators(view: &str, closed: bool, separator: char, continues: bool) -> Verdict {
    let mut characters = String::new();
    let mut len = 0;
    let mut count = 0;
    loop {
        let mut chars = view[len..].chars();
        match (chars.next(), chars.next()) {
            (Some(mark), Some(han)) if mark == separator && is_han(han) => {
                characters.push(han);
                len += mark.len_utf8() + han.len_utf8();
                count += 1;
            }
            (None, _) if !closed => return Verdict::More,
            (Some(mark), None) if mark == separator && !closed => return Verdict::More,
            _ => break,
        }
    }
    // `走!跑!跳!`: the last one has it, too.
    if !continues && STOPS.contains(separator) && view[len..].starts_with(separator) {
        return Verdict::Stay(len + separator.len_utf8());
    }
    if count >= OFTEN || continues && count > 0 {
        let rule = if is_blank(separator) { SPACING } else { SEPARATOR };
        return take_out(len, characters, rule);
    }
    Verdict::Stay(if len > 0 { len } else { separator.len_utf8() })
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_separator(c: char) -> bool {
    SEPARATORS.contains(c)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{3000}')
}

/// The mathematical alphabets, which nobody writes Chinese with.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D7FF}')
}

/// Dingbats and other symbols.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}')
}
