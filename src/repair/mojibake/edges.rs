//! Where in a run that can be read back the damage begins and ends.

use super::codepage::CodePage;
use super::kinds::is_common;
use super::lattice::{Certainty, Piece, Readback};
use super::score::Scorer;
use super::window::Window;
use super::writing::Writing;
use crate::dict::frequency::NAT;

/// What a change between clean and damaged text costs at an end of a sentence or field.
const SWITCH: u32 = 2 * NAT;
/// The same at an end of a clause: what is damaged was a whole somewhere, a title, a field, a sentence.
const SWITCH_CLAUSE: u32 = 5 * NAT;
/// The same elsewhere.
const SWITCH_WORD: u32 = 8 * NAT;
/// The same between two Han.
const SWITCH_INSIDE: u32 = 10 * NAT;
/// The same beside kana, which the commonest characters of Big5 are read as.
const SWITCH_KANA: u32 = 14 * NAT;
/// What a piece must gain more than standing as it is to be sure. Of pairs that lose nothing, nothing
/// that gained half of it was wrong.
const SURE_DAMAGED: u32 = 8 * NAT;
/// The most that a character of prose costs on average, where the gain is the only evidence.
pub(super) const DEAREST_PAIRS: u32 = 8 * NAT;

/// So far from the end of damage what may be a part of it is looked for, in pieces.
const BESIDE: usize = 6;
/// The most that a character costs which such a piece may be.
const BESIDE_READS: u32 = 10 * NAT;
/// In so many characters beyond may be no kana, where such a piece is one.
const APART: usize = 12;

/// The stretches of pieces that are damage, as first and last index: the cheapest way through the
/// run that reads each piece as it stands or as it reads back, where changing sides costs. A piece
/// that could as well be read as it stands becomes a guess.
pub(super) fn damaged(
    scorer: Scorer,
    window: &Window,
    at: usize,
    read: &mut Readback,
    (writing, page): (Writing, CodePage),
) -> Vec<(usize, usize)> {
    // Bytes read one by one that are UTF-8 leave no doubt.
    let proves_itself = writing == Writing::Utf8 && page.is_single();
    let n = read.pieces.len();
    // For each piece what it costs to enter damage with it, to leave damage with it, and what it
    // costs as it stands and as it reads.
    let mut steps: Vec<[i64; 4]> = Vec::with_capacity(n);
    let mut from = at;
    let mut last = None;
    for (i, piece) in read.pieces.iter().enumerate() {
        let to = at + piece.end;
        let mut stands = i64::from(window.cost(from, to));
        if writing.is_wide() {
            stands += i64::from(ascii_halves(&window.chars[from..to]));
        }
        let reads = i64::from(piece.cost);
        let first = window.chars[from];
        // What changing sides costs here, the difference that the other context makes included.
        let free =
            i == 0 && at.checked_sub(1).map_or(window.opens, |last| window.chars[last].is_ascii());
        let turn = if free { 0 } else { switch(window, from, None) };
        let into = turn + piece.entry(scorer.for_chinese(), window.states[from]);
        let out_of = if i == 0 {
            0
        } else {
            let as_is = i64::from(window.cost(from, from + 1));
            let entry = i64::from(scorer.next(piece.states.0, first).0) - as_is;
            switch(window, from, last) + entry
        };
        steps.push([into, out_of, stands, reads]);
        last = read.text[..piece.text_end].chars().next_back();
        from = to;
    }
    // The cheapest way from each piece on, when it is clean and when it is damaged.
    let mut rest = vec![(0i64, 0i64); n + 1];
    if from < window.chars.len() && !page.is_single() {
        // What follows is good Chinese; the last before that may be, too.
        rest[n].1 = switch(window, from, last);
    }
    for i in (0..n).rev() {
        let (clean, damaged) = rest[i + 1];
        let [_, _, stands, reads] = steps[i];
        let next = steps.get(i + 1);
        let leave = next.map_or(0, |s| s[1]);
        let enter = next.map_or(0, |s| s[0]);
        rest[i] = match next {
            None => (stands + clean, reads + damaged),
            Some(_) => (stands + clean.min(damaged + enter), reads + damaged.min(clean + leave)),
        };
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    // The cheapest way to before each piece, from clean and from damage.
    let (mut clean, mut damaged) = (0i64, i64::MAX / 2);
    let mut was_damaged = false;
    // Two-byte codes may be cut in the wrong places from a lost byte on.
    let may_slip = writing != Writing::Utf8 && !page.is_single();
    // Where UTF-16 is in bytes that were read one by one has been worked out.
    let throughout = writing.is_wide() && page.is_single();
    // UTF-16 is as any bytes are.
    let sure = i64::from(if writing.is_wide() { SURE_DAMAGED * 2 } else { SURE_DAMAGED });
    for i in 0..n {
        let [into, out_of, stands, reads] = steps[i];
        let to_clean = clean.min(damaged + out_of);
        let to_damaged = damaged.min(clean + into);
        // By how much it is cheaper that this piece is damaged, on the whole.
        let by = (to_clean + rest[i].0) - (to_damaged + rest[i].1);
        let is_damaged = by > 0 || throughout;
        if is_damaged {
            match found.last_mut() {
                Some((_, last)) if was_damaged => *last = i,
                _ => found.push((i, i)),
            }
            let doubtful = by < sure || may_slip && is_dear(&read.pieces, i);
            if doubtful && !proves_itself && read.pieces[i].certainty == Certainty::Sure {
                read.pieces[i].certainty = Certainty::Guess;
            }
        }
        was_damaged = is_damaged;
        (clean, damaged) = (to_clean + stands, to_damaged + reads);
    }
    if (writing, page) == (Writing::Big5, CodePage::Gbk) {
        let limits: Vec<usize> = found.iter().map(|range| range.0).skip(1).chain([n]).collect();
        let mut from = 0;
        for (range, to) in found.iter_mut().zip(limits) {
            spread(scorer, window, at, read, range, (from, to));
            from = range.1 + 1;
        }
    }
    if matches!(writing, Writing::Gbk | Writing::Big5) {
        found.iter_mut().for_each(|range| trim(scorer, window, at, &read.pieces, range));
    }
    found
}

/// Leaves off a stretch of pairs what at its ends is none: words without Han that blanks divide from it (§3, 5 × 3), and a dash or dots.
fn trim(
    scorer: Scorer,
    window: &Window,
    at: usize,
    pieces: &[Piece],
    (first, last): &mut (usize, usize),
) {
    let start = |i: usize| at + i.checked_sub(1).map_or(0, |before| pieces[before].end);
    let stands = |i: usize| &window.chars[start(i)..start(i + 1)];
    let is_blank = |i: &usize| stands(*i) == [' '];
    let stays = |i: usize| matches!(stands(i), [c] if c.is_ascii() || is_sign_of_all(*c));
    while let Some(blank) = (*first..*last).find(is_blank)
        && (*first..blank).all(stays)
    {
        *first = blank + 1;
    }
    while let Some(blank) = (*first + 1..=*last).rev().find(is_blank)
        && (blank + 1..*last + 1).all(stays)
    {
        *last = blank - 1;
    }
    while first < last && is_good_sign(stands(*last), pieces[*last].first, scorer) {
        *last -= 1;
    }
}

/// Signs that any language has, and the encodings of pairs have, too.
fn is_sign_of_all(c: char) -> bool {
    matches!(c, '§' | '±' | '×' | '÷' | '°' | '¶' | '´' | '¨')
}

/// Whether what stands behind damage is a dash or dots as Chinese has them, and no rare character whose two bytes are
/// the same.
pub(super) fn is_good_sign(stands: &[char], reads: char, scorer: Scorer) -> bool {
    matches!(stands, ['…', '…'] | ['—', '—']) && !is_common(reads, scorer)
}

/// Puts to a stretch what beside it stands in no Chinese text: private use, of which the stretch has more, and kana and
/// letters in text that has no others. 三 and 太 in Big5 are the one and the other (び) in GBK, and kana are cheap as they stand, since Japanese is.
/// What is put there is a guess.
fn spread(
    scorer: Scorer,
    window: &Window,
    at: usize,
    read: &mut Readback,
    (first, last): &mut (usize, usize),
    (from, to): (usize, usize),
) {
    let table = CodePage::Gbk.table();
    let is_kana = |c: char| table.unit(c).is_some_and(|unit| (0xA4..=0xA9).contains(&(unit >> 8)));
    let pieces = &read.pieces;
    let start = |i: usize| at + i.checked_sub(1).map_or(0, |before| pieces[before].end);
    let is_private = |c: &char| matches!(c, '\u{E000}'..='\u{F8FF}');
    let private_inside = window.chars[start(*first)..start(*last + 1)].iter().any(is_private);
    let belongs = |i: usize| {
        let c = window.chars[start(i)];
        let id = scorer.model().id(pieces[i].first);
        start(i) + 1 == start(i + 1)
            && (is_kana(c) || private_inside && is_private(&c))
            && pieces[i].certainty == Certainty::Sure
            && id.is_known()
            && scorer.model().cost(id) <= BESIDE_READS
    };
    // The furthest of them, with ASCII between but no blank: behind one may stand an icon, which is private use as well.
    let furthest = |around: &mut dyn Iterator<Item = usize>| {
        let ascii = |i: usize| window.chars[start(i)].is_ascii_graphic();
        around.take_while(|&i| ascii(i) || belongs(i)).filter(|&i| !ascii(i)).last()
    };
    let left = furthest(&mut (from.max(first.saturating_sub(BESIDE))..*first).rev());
    let right = furthest(&mut (*last + 1..to.min(*last + 1 + BESIDE)));
    // Where there is more of it, it is Japanese.
    let kana_in = |range: std::ops::Range<usize>| {
        let end = range.end.min(window.chars.len());
        window.chars[range.start.min(end)..end].iter().any(|c| is_kana(*c))
    };
    let mut taken = Vec::new();
    if let Some(left) = left {
        let begin = start(left);
        if !kana_in(begin..start(*first)) || !kana_in(begin.saturating_sub(APART)..begin) {
            taken.extend(left..*first);
            *first = left;
        }
    }
    if let Some(right) = right {
        let end = start(right + 1);
        if !kana_in(start(*last + 1)..end) || !kana_in(end..end + APART) {
            taken.extend(*last + 1..=right);
            *last = right;
        }
    }
    for i in taken {
        read.pieces[i].certainty = Certainty::Guess;
    }
}

/// Whether what stands around a piece is no prose, so that bytes may have been cut in the wrong places.
fn is_dear(pieces: &[Piece], at: usize) -> bool {
    let around = &pieces[at.saturating_sub(2)..pieces.len().min(at + 3)];
    let sum: u32 = around.iter().map(|piece| piece.cost).sum();
    sum > DEAREST_PAIRS * around.len() as u32
}

/// What it costs to change between clean and damaged before the character at `at`: little at a
/// line's, a sentence's or a word's end, more elsewhere. `left` is the last character of the damage
/// as it reads, where it is left.
pub(super) fn switch(window: &Window, at: usize, left: Option<char>) -> i64 {
    let before = at.checked_sub(1).map(|at| window.chars[at]);
    let after = window.chars[at];
    let is_kana = |c: char| ('\u{3040}'..='\u{30FF}').contains(&c);
    let is_han = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
    let cost = |c: char| match c {
        '"' | '\'' | '<' | '>' | '=' | '.' | '!' | '?' | '(' | ')' | '[' | ']' | '{' | '}'
        | '|' | '/' | '#' | ':' => SWITCH,
        '。' | '！' | '？' | '：' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '（'
        | '）' | '《' | '》' | '〈' | '〉' | '…' | '—' | '～' | '\u{3000}' => SWITCH,
        c if c.is_ascii_whitespace() => SWITCH,
        ',' | ';' | '，' | '、' | '；' => SWITCH_CLAUSE,
        _ => SWITCH_WORD,
    };
    let Some(before) = before else { return i64::from(SWITCH) };
    let side = cost(left.unwrap_or(before)).min(left.map_or(SWITCH_WORD, |_| cost(after)));
    i64::from(match side {
        SWITCH_WORD if is_han(before) && is_han(after) => SWITCH_INSIDE,
        SWITCH_WORD if is_kana(before) || is_kana(after) => SWITCH_KANA,
        side => side,
    })
}

/// What ASCII costs more as it stands where it may be halves of UTF-16: no words, but any of it.
pub(super) fn ascii_halves(chars: &[char]) -> u32 {
    chars.iter().map(|c| ascii_half(*c)).sum()
}

/// The same for one character.
pub(super) fn ascii_half(c: char) -> u32 {
    match c {
        '\n' => 0,
        c if c.is_ascii_control() => 4 * NAT,
        c if c.is_ascii_graphic() => 2 * NAT,
        _ => 0,
    }
}
