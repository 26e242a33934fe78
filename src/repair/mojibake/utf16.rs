//! UTF-16 whose bytes were read one by one: where in a window it stands.
//!
//! Any two bytes are a character of UTF-16, those of ASCII beside it included, so that nothing but the gain tells where
//! such a passage begins, and with which byte. So the cheapest way through all characters is looked for: at each
//! place the text goes on as it stands, or it is damaged and a character of UTF-16 begins there. Between the two it
//! changes at what [`turn`] costs.

use std::ops::Range;

use super::codepage::CodePage;
use super::edges::{ascii_half, switch};
use super::kinds::is_common;
use super::lattice::{Certainty, Piece, Readback};
use super::score::{Class, Scorer, State, class};
use super::window::Window;
use super::writing::{Pending, Step, Writing};
use crate::dict::frequency::NAT;

/// What a decoder put for a byte that it does not have: one of those that the page may lose.
const LOST: char = '\u{FFFD}';

/// The least that a change between clean and damaged costs.
const TURN: u32 = 3 * NAT;

/// What a character costs more that Chinese prose does not have: any two bytes are some sign.
const ACCIDENT: u32 = 16 * NAT;

/// Of eight characters of UTF-16 so many have to be common Han somewhere, or there is no closer look: of those by accident one in
/// ten is.
const LEAST_COMMON: u32 = 4;

/// So many characters beside damage would hardly be left over between it and other damage, or good Chinese, or an end of the
/// text.
const LEFT_OVER: usize = 4;

/// The cheapest way to a place that ends with a character of UTF-16.
#[derive(Clone, Copy)]
struct Way {
    cost: i64,
    c: char,
    /// How many bytes the character has.
    len: usize,
    /// Whether one of them was chosen.
    chosen: bool,
    /// Whether text as it stands is before it.
    enters: bool,
    state: State,
}

/// The stretches of a window that read back as `writing`, each with where it begins. `again` says that there are likely some.
pub(super) fn read_back(
    scorer: Scorer,
    window: &Window,
    page: CodePage,
    writing: Writing,
    again: bool,
) -> Vec<(usize, Readback)> {
    let lost: Vec<u8> = (0x80..=0xFF).filter(|&byte| page.may_lose(byte, None)).collect();
    let bytes: Vec<&[u8]> = window.chars.iter().map(|c| may_be(*c, page, &lost)).collect();
    let n = bytes.len();
    if !again && !is_promising(&bytes, writing, scorer) {
        return Vec::new();
    }
    // What it costs to come to each place as the text stands, and whether damage ends there.
    let mut clean: Vec<(i64, bool)> = vec![(0, false); n + 1];
    let mut damaged: Vec<Option<Way>> = vec![None; n + 1];
    for at in 0..n {
        let c = window.chars[at];
        let stands = i64::from(window.cost(at, at + 1));
        let entered = clean[at].0;
        if let Some(way) = damaged[at] {
            let after = i64::from(scorer.next(way.state, c).0) - stands;
            let cost = way.cost + turn(window, at, Some(way.c)) + after;
            if cost < entered {
                clean[at] = (cost, true);
            }
        }
        clean[at + 1] = (clean[at].0 + stands + i64::from(ascii_half(c)), false);
        let opens = at == 0 && window.opens;
        let enter = if opens { i64::from(TURN) } else { turn(window, at, None) };
        let from = [
            damaged[at].map(|way| (way.cost, way.state, false)),
            Some((entered + enter, window.states[at], true)),
        ];
        characters(writing, Pending::default(), &bytes[at..], &mut |c, len| {
            let chosen = window.chars[at..at + len].contains(&LOST);
            for (before, state, enters) in from.into_iter().flatten() {
                let (cost, state) = next(scorer, state, c);
                let cost = before + i64::from(cost);
                if damaged[at + len].is_none_or(|best| cost < best.cost) {
                    damaged[at + len] = Some(Way { cost, c, len, chosen, enters, state });
                }
            }
        });
    }
    let mut found: Vec<Stretch> = Vec::new();
    let mut at = n;
    let mut in_damage = damaged[n].is_some_and(|way| way.cost < clean[n].0);
    let mut chars = Vec::new();
    while at > 0 || in_damage {
        let Some(way) = damaged[at].filter(|_| in_damage) else {
            in_damage = clean[at].1;
            at -= usize::from(!in_damage);
            continue;
        };
        chars.push(Read { c: way.c, end: at, chosen: way.chosen, left_over: false });
        at -= way.len;
        if way.enters {
            chars.reverse();
            found.push(Stretch { start: at, chars: std::mem::take(&mut chars) });
            in_damage = false;
            // Damage does not end where other damage begins.
            at = at.saturating_sub(1);
        }
    }
    found.reverse();
    let left_over = |range| left_over(&bytes, range, writing, scorer);
    let found = with_left_over(found, window, left_over);
    found.iter().map(|stretch| (stretch.start, pieces(scorer, stretch))).collect()
}

/// A character as it reads.
struct Read {
    c: char,
    /// Where it ends in the window.
    end: usize,
    /// Whether a byte of it was chosen.
    chosen: bool,
    /// Whether it could as well stand as it is, but that it would be left over.
    left_over: bool,
}

/// Damaged characters in a row.
struct Stretch {
    start: usize,
    chars: Vec<Read>,
}

impl Stretch {
    fn end(&self) -> usize {
        self.chars.last().map_or(self.start, |last| last.end)
    }
}

/// The same stretches, with what would be left over between two of them, and between one and good Chinese or the window's
/// end, where `left_over` reads it.
fn with_left_over(
    found: Vec<Stretch>,
    window: &Window,
    left_over: impl Fn(Range<usize>) -> Option<Vec<Read>>,
) -> Vec<Stretch> {
    let n = window.chars.len();
    let is_good = |at: usize| !matches!(window.chars[at], ..'\u{2E80}');
    let mut joined: Vec<Stretch> = Vec::new();
    for mut stretch in found {
        let ended = joined.last().map_or(0, Stretch::end);
        let good = (ended..stretch.start).rev().find(|&at| is_good(at)).map(|at| at + 1);
        // A window that does not open goes on from what was read before.
        let from = good.or((ended > 0 || window.opens).then_some(ended));
        if let Some(from) = from
            && let Some(mut read) = left_over(from..stretch.start)
        {
            read.append(&mut stretch.chars);
            stretch = Stretch { start: from, chars: read };
        }
        match joined.last_mut() {
            Some(last) if last.end() == stretch.start => last.chars.append(&mut stretch.chars),
            _ => joined.push(stretch),
        }
    }
    let starts: Vec<usize> = joined.iter().skip(1).map(|stretch| stretch.start).collect();
    for (at, stretch) in joined.iter_mut().enumerate() {
        let end = stretch.end();
        let next = starts.get(at).copied().unwrap_or(n);
        let good = (end..next).find(|&at| is_good(at) || window.chars[at] == '\n');
        let to = good.or((next == n).then_some(n));
        if let Some(mut read) = to.and_then(|to| left_over(end..to)) {
            stretch.chars.append(&mut read);
        }
    }
    joined
}

/// What a few characters are in UTF-16: common ones, whose bytes are all there.
fn left_over(
    bytes: &[&[u8]],
    range: Range<usize>,
    writing: Writing,
    scorer: Scorer,
) -> Option<Vec<Read>> {
    if range.is_empty() || range.len() > LEFT_OVER {
        return None;
    }
    let pairs = bytes[range.clone()].chunks(2).enumerate();
    pairs
        .map(|(i, pair)| {
            let &[&[first], &[second]] = pair else { return None };
            let (c, _) = writing.first(&[first, second])?;
            let end = range.start + 2 * (i + 1);
            // Brackets and numbers belong to what is good.
            let is_text = |byte: u8| byte.is_ascii_alphabetic() || !(b' '..0x7F).contains(&byte);
            let is_like = is_common(c, scorer) || class(c) == Class::CjkSymbol;
            (is_like && (is_text(first) || is_text(second))).then_some(Read {
                c,
                end,
                chosen: false,
                left_over: true,
            })
        })
        .collect()
}

/// What a change between clean and damaged costs: signs of ASCII are mostly halves of other characters here, and end nothing.
fn turn(window: &Window, at: usize, left: Option<char>) -> i64 {
    switch(window, at, left).max(i64::from(TURN))
}

/// What a character costs in `state`, and the state after it: one that Chinese prose does not have may be one by accident.
fn next(scorer: Scorer, state: State, c: char) -> (u32, State) {
    let han = '\u{4E00}'..='\u{9FFF}';
    let (cost, after) = scorer.for_chinese().next(state, c);
    // Others are two digits of ASCII, or its signs.
    let beside = || matches!(c, '\u{3000}'..='\u{3020}' | '\u{FF01}'..='\u{FFE6}');
    match c {
        // So that a text says in which order its bytes are.
        '\u{FEFF}' => (NAT, state),
        _ if c.is_ascii() || han.contains(&c) => (cost, after),
        _ if scorer.model().id(c).is_known() || beside() => (cost, after),
        _ => (cost + ACCIDENT, after),
    }
}

/// The bytes that a character may be of `page`, which may have `lost` some.
fn may_be(c: char, page: CodePage, lost: &[u8]) -> &[u8] {
    static BYTES: [u8; 256] = {
        let mut bytes = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            bytes[byte] = byte as u8;
            byte += 1;
        }
        bytes
    };
    match (c, page.table().unit(c)) {
        (LOST, _) => lost,
        (c, _) if c.is_ascii() => &BYTES[c as usize..][..1],
        (_, Some(unit)) if unit < 0x100 => &BYTES[usize::from(unit)..][..1],
        _ => &[],
    }
}

/// Whether somewhere in `chars` bytes that were read one by one may be Chinese in UTF-16, in either order: a quick look.
pub(super) fn may_be_in(chars: &[char]) -> bool {
    let bytes: Vec<&[u8]> = chars.iter().map(|c| may_be(*c, CodePage::Latin, &[])).collect();
    let scorer = Scorer::new();
    [Writing::Utf16Le, Writing::Utf16Be].into_iter().any(|w| is_promising(&bytes, w, scorer))
}

/// Whether somewhere, from either of two bytes on, are enough common Han.
fn is_promising(bytes: &[&[u8]], writing: Writing, scorer: Scorer) -> bool {
    (0..2).any(|phase| {
        let mut pairs = bytes.get(phase..).unwrap_or(&[]).chunks_exact(2);
        // A bit for each of the last.
        let mut common = 0u8;
        pairs.any(|pair| {
            let is_common = match pair {
                &[&[first], &[second]] => writing.first(&[first, second]).is_some_and(|(c, _)| {
                    matches!(c, '\u{4E00}'..='\u{9FFF}') && is_common(c, scorer)
                }),
                _ => false,
            };
            common = common << 1 | u8::from(is_common);
            common.count_ones() >= LEAST_COMMON
        })
    })
}

/// Calls `take` with each character that the bytes can begin with, and how many it has.
fn characters(
    writing: Writing,
    pending: Pending,
    bytes: &[&[u8]],
    take: &mut dyn FnMut(char, usize),
) {
    let Some((first, rest)) = bytes.split_first() else { return };
    for &byte in *first {
        match writing.step(pending, byte) {
            Step::More(more) => characters(writing, more, rest, take),
            Step::Char(c) => take(c, pending.bytes().len() + 1),
            Step::Bad => {}
        }
    }
}

/// A character a piece: each with where it ends in the window, and whether a byte of it was chosen.
fn pieces(scorer: Scorer, stretch: &Stretch) -> Readback {
    let mut read = Readback::default();
    let mut state = scorer.start();
    for &Read { c, end, chosen, left_over } in &stretch.chars {
        let from = read.text.len();
        read.text.push(c);
        let (cost, after) = next(scorer, state, c);
        let is_sure = !chosen && !left_over;
        read.pieces.push(Piece {
            end: end - stretch.start,
            text_end: read.text.len(),
            cost,
            first: c,
            states: (state, after),
            certainty: if is_sure { Certainty::Sure } else { Certainty::Guess },
            chosen: chosen.then_some((0, read.text.len() - from)),
        });
        state = after;
    }
    read.next = read.pieces.last().map_or(0, |piece| piece.end);
    read
}
