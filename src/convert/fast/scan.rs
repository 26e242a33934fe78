//! The scan: maps the text to its finals, a block at a time, and stops where a special key is.

use super::format::{Fast, LEFT, OPERATOR, SLOW};
use super::region;
use crate::convert::description::operands;
use crate::convert::plan::Plan;
use crate::dict::table::char_len;

/// Characters of three bytes that are mapped at a time. More would be wasted where punctuation
/// and digits stand between them.
const LANES: usize = 16;
/// The last lane is read and written as four bytes.
const BLOCK: usize = 3 * LANES + 1;
/// Bytes of output that are gathered before they are given on; small enough for the first cache.
const WORK: usize = 1 << 14;
/// Room that one turn of the loop needs.
const ROOM: usize = 1024;
/// Characters that are not of three bytes are copied so many bytes at a time.
const RUN: usize = 256;

/// The buffers of a scan, kept from text to text.
#[derive(Clone, Debug)]
pub(crate) struct Scanner {
    work: Vec<u8>,
    value: Vec<u8>,
    scratch: Vec<Vec<u8>>,
    /// Bytes in use of the working buffer after an exact region.
    filled: usize,
}

/// Where the scan is: in the source, and in the working buffer.
#[derive(Clone, Copy)]
struct Place {
    source: usize,
    work: usize,
}

/// What a marked place turns out to be.
enum Hit {
    Nothing,
    Region(usize, usize),
    Operator,
}

impl Scanner {
    pub(crate) fn new(plan: &Plan) -> Scanner {
        let scratch = vec![Vec::new(); plan.steps.len()];
        Scanner { work: Vec::new(), value: Vec::new(), scratch, filled: 0 }
    }

    /// Converts `source`, whose ends are clean, and appends the result to `out`. Stops before an
    /// operator of a description sequence; returns how many bytes are done.
    pub(crate) fn run(
        &mut self,
        plan: &Plan,
        fast: &Fast,
        source: &[u8],
        out: &mut String,
    ) -> usize {
        // The buffer is as long as it has to be: short texts do not pay for a long one.
        let want = WORK.min(source.len() + ROOM);
        if self.work.len() < want {
            self.work.resize(want, 0);
        }
        let mut at = Place { source: 0, work: 0 };
        // The last clean place that is known; behind it source and output have one length.
        let mut base = at;
        let mut prev = (0u32, 0u64);
        'turn: loop {
            if at.work + ROOM > self.work.len() {
                let clean = last_clean(fast, source, base.source, at.source);
                if clean == base.source && clean < at.source {
                    let end = next_clean(fast, source, at.source);
                    give(out, &self.work[..base.work]);
                    base = Place { source: base.source, work: 0 };
                    self.exact(plan, fast, source, (base.source, end), base, out);
                    at = Place { source: end, work: self.filled };
                    base = at;
                } else {
                    let done = base.work + (clean - base.source);
                    give(out, &self.work[..done]);
                    at = Place { source: clean, work: 0 };
                    base = at;
                }
                prev = (0, 0);
            }
            let rest = &source[at.source..];
            let block = rest.first_chunk::<BLOCK>();
            let target = self.work[at.work..].first_chunk_mut::<BLOCK>();
            let hits;
            let done;
            if let (Some(block), Some(target)) = (block, target) {
                let (good, marked, last) = map_block(fast, block, target, prev);
                (hits, done) = (marked, good);
                if good == LANES {
                    prev = last;
                } else if good > 0 {
                    prev = seen_three(fast, rest, 3 * (good - 1));
                }
            } else if let Some(w) = three(rest) {
                let entry = fast.entries[code(w)];
                let mapped = w ^ entry as u32;
                self.work[at.work..at.work + 4].copy_from_slice(&mapped.to_le_bytes());
                hits = mark(prev, (mapped, entry));
                done = 1;
                prev = (mapped, entry);
            } else {
                (hits, done) = (0, 0);
            }
            let mut left = hits;
            while left != 0 {
                let place = at.source + 3 * left.trailing_zeros() as usize;
                left &= left - 1;
                match self.look(fast, source, place, base.source) {
                    Hit::Nothing => {}
                    Hit::Operator => {
                        give(out, &self.work[..base.work + (place - base.source)]);
                        return place;
                    }
                    Hit::Region(start, end) => {
                        self.exact(plan, fast, source, (start, end), base, out);
                        at = Place { source: end, work: self.filled };
                        base = at;
                        prev = (0, 0);
                        continue 'turn;
                    }
                }
            }
            at.source += 3 * done;
            at.work += 3 * done;
            if done == LANES {
                continue;
            }
            // Characters of other lengths.
            let run_end = source.len().min(at.source + RUN);
            while at.source < run_end {
                let rest = &source[at.source..];
                let lead = rest[0];
                let len = match lead {
                    0..=0x7F => {
                        let most = rest.len().min(RUN);
                        let len = ascii_run(&rest[..most]);
                        let last = rest[len - 1];
                        prev = (u32::from(last) << 16, fast.entry(last.into()));
                        len
                    }
                    0xE0..=0xEF => break,
                    _ => {
                        let code = code_at(source, at.source);
                        let entry = fast.entry(code);
                        let astral = code >= fast.astral.0 && code <= fast.astral.1;
                        if entry & SLOW != 0 || astral {
                            let end = at.source + char_len(lead);
                            let region = widen(fast, source, at.source, end, base.source);
                            self.exact(plan, fast, source, region, base, out);
                            at = Place { source: region.1, work: self.filled };
                            base = at;
                            prev = (0, 0);
                            continue 'turn;
                        }
                        prev = (code << 16, entry);
                        char_len(lead).min(rest.len())
                    }
                };
                self.work[at.work..at.work + len].copy_from_slice(&rest[..len]);
                at.source += len;
                at.work += len;
                if len > RUN / 2 {
                    break;
                }
            }
            if at.source == source.len() {
                give(out, &self.work[..at.work]);
                return at.source;
            }
        }
    }

    /// What stands at a marked place.
    fn look(&self, fast: &Fast, source: &[u8], place: usize, base: usize) -> Hit {
        let (second, entry) = seen(fast, source, place);
        let end = place + 3;
        if entry & OPERATOR != 0 {
            return Hit::Operator;
        }
        let mut start = place;
        if entry & SLOW == 0 {
            if place == base {
                return Hit::Nothing;
            }
            start = before(source, place);
            let (first, _) = seen(fast, source, start);
            let special = fast.specials(first as u16, second as u16).any(|(before, after)| {
                follows(fast, source, end, after) && leads(fast, source, start, before, base)
            });
            if !special || first > 0xFFFF {
                return Hit::Nothing;
            }
        }
        let (start, end) = widen(fast, source, start, end, base);
        Hit::Region(start, end)
    }

    /// Converts a region by the exact rules, behind what is already in the working buffer.
    fn exact(
        &mut self,
        plan: &Plan,
        fast: &Fast,
        source: &[u8],
        (start, end): (usize, usize),
        base: Place,
        out: &mut String,
    ) {
        let from = base.work + (start - base.source);
        self.value.clear();
        let text = &source[start..end];
        region::convert(&plan.steps, Some(fast), text, &mut self.value, &mut self.scratch);
        match self.work.get_mut(from..from + self.value.len()) {
            Some(place) => {
                place.copy_from_slice(&self.value);
                self.filled = from + self.value.len();
            }
            None => {
                give(out, &self.work[..from]);
                give(out, &self.value);
                self.filled = 0;
            }
        }
    }
}

/// Maps a block; returns how many characters at its start are of three bytes, which of them are
/// marked, and the last.
#[inline(always)]
fn map_block(
    fast: &Fast,
    block: &[u8; BLOCK],
    target: &mut [u8; BLOCK],
    mut prev: (u32, u64),
) -> (usize, u32, (u32, u64)) {
    let mut bad = 1u32 << LANES;
    let mut hits = 0;
    for lane in 0..LANES {
        let at = 3 * lane;
        let w = u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
        let entry = fast.entries[code(w)];
        let mapped = w ^ entry as u32;
        target[at..at + 4].copy_from_slice(&mapped.to_le_bytes());
        hits |= mark(prev, (mapped, entry)) << lane;
        bad |= u32::from(w & 0xF0 != 0xE0) << lane;
        prev = (mapped, entry);
    }
    let good = bad.trailing_zeros();
    (good as usize, hits & ((1 << good) - 1), prev)
}

/// 1 if a special key may hold these two characters, or the second needs a look of its own.
#[inline(always)]
fn mark(prev: (u32, u64), this: (u32, u64)) -> u32 {
    let follows = prev.1 >> (32 + (this.0 >> 16 & 15));
    let leads = this.1 >> (48 + (prev.0 >> 16 & 15));
    ((follows & leads | this.1 >> SLOW.trailing_zeros()) & 1) as u32
}

/// The code point of three bytes, the first lowest. Below 2^16, whatever the bytes are.
#[inline(always)]
fn code(w: u32) -> usize {
    ((w & 0x0F) << 12 | w >> 2 & 0xFC0 | w >> 16 & 0x3F) as usize
}

/// The character of three bytes that `text` begins with.
#[inline]
fn three(text: &[u8]) -> Option<u32> {
    let &[a, b, c] = text.first_chunk()?;
    (a & 0xF0 == 0xE0).then(|| u32::from_le_bytes([a, b, c, 0]))
}

/// The code point at a place in UTF-8.
#[inline]
pub(crate) fn code_at(text: &[u8], at: usize) -> u32 {
    let byte = |i: usize| u32::from(text.get(at + i).copied().unwrap_or(0));
    let low = |i: usize| byte(i) & 0x3F;
    match byte(0) {
        lead @ 0..=0xBF => lead,
        lead @ 0xC0..=0xDF => (lead & 0x1F) << 6 | low(1),
        lead @ 0xE0..=0xEF => (lead & 0x0F) << 12 | low(1) << 6 | low(2),
        lead => (lead & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3),
    }
}

/// What the next mark needs to know of a character of three bytes.
#[inline]
fn seen_three(fast: &Fast, text: &[u8], at: usize) -> (u32, u64) {
    let w = text.get(at..).and_then(three).unwrap_or(0);
    let entry = fast.entries[code(w)];
    (w ^ entry as u32, entry)
}

/// A character as the facts about pairs see it, and its entry.
#[inline]
fn seen(fast: &Fast, text: &[u8], at: usize) -> (u32, u64) {
    match text.get(at..).and_then(three) {
        Some(w) => {
            let entry = fast.entries[code(w)];
            (code(w ^ entry as u32) as u32, entry)
        }
        None => {
            let code = code_at(text, at);
            (code, fast.entry(code))
        }
    }
}

/// Whether what stands at a place has these finals.
fn follows(fast: &Fast, text: &[u8], mut at: usize, mut finals: &[u8]) -> bool {
    while let Some(len) = starts_with_final(fast, text, at, finals) {
        at += len;
        finals = &finals[len..];
    }
    finals.is_empty()
}

/// Whether what stands before a place has these finals.
fn leads(fast: &Fast, text: &[u8], at: usize, finals: &[u8], base: usize) -> bool {
    // Finals are as long as what they stand for.
    let Some(start) = at.checked_sub(finals.len()).filter(|start| *start >= base) else {
        return false;
    };
    finals.is_empty() || (text[start] & 0xC0 != 0x80 && follows(fast, text, start, finals))
}

/// The length of the character at a place, if its final is what `finals` begins with.
#[inline]
fn starts_with_final(fast: &Fast, text: &[u8], at: usize, finals: &[u8]) -> Option<usize> {
    if finals.is_empty() {
        return None;
    }
    let rest = text.get(at..)?;
    if let Some(w) = three(rest) {
        let mapped = w ^ fast.entries[code(w)] as u32;
        return (finals.get(..3)? == &mapped.to_le_bytes()[..3]).then_some(3);
    }
    let len = char_len(*rest.first()?);
    (len < 3 && finals.get(..len) == rest.get(..len)).then_some(len)
}

/// Extends a stretch to the clean places around it, not beyond `base` to the left.
fn widen(fast: &Fast, text: &[u8], start: usize, end: usize, base: usize) -> (usize, usize) {
    (last_clean(fast, text, base, start), next_clean(fast, text, end))
}

/// The last clean place at or before `at`; `base` is one.
pub(crate) fn last_clean(fast: &Fast, text: &[u8], base: usize, mut at: usize) -> usize {
    while at > base && !is_clean(fast, text, at) {
        at = before(text, at);
    }
    at
}

/// The first clean place at or after `at`; the end is one.
fn next_clean(fast: &Fast, text: &[u8], mut at: usize) -> usize {
    while at < text.len() && !is_clean(fast, text, at) {
        at += char_len(text[at]);
    }
    at.min(text.len())
}

/// Whether no key can reach across a place. Operators of description sequences are in no key.
#[inline]
fn is_clean(fast: &Fast, text: &[u8], at: usize) -> bool {
    if at == text.len() {
        return true;
    }
    let (left, left_entry) = seen(fast, text, before(text, at));
    if left_entry & LEFT == 0 && left <= 0xFFFF || operands(&text[at..]) > 0 {
        return true;
    }
    !fast.inner(left, seen(fast, text, at).0)
}

/// Whether nothing that may come behind `text` can belong to it.
pub(crate) fn ends_clean(fast: &Fast, text: &[u8]) -> bool {
    let (last, entry) = seen(fast, text, before(text, text.len()));
    entry & LEFT == 0 && (last <= 0xFFFF || last < fast.astral.0 || last > fast.astral.1)
}

/// Whether no key can reach from the end of `text` into what `next` begins with.
pub(crate) fn joins_clean(fast: &Fast, text: &[u8], next: &[u8]) -> bool {
    if operands(next) > 0 {
        return true;
    }
    let last = seen(fast, text, before(text, text.len())).0;
    !fast.inner(last, seen(fast, next, 0).0)
}

/// Where the character before a place begins.
#[inline]
pub(crate) fn before(text: &[u8], at: usize) -> usize {
    let mut start = at.saturating_sub(1);
    while start > 0 && text[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    start
}

/// How many bytes at the start are ASCII; at least one is.
#[inline]
fn ascii_run(text: &[u8]) -> usize {
    let mut len = 0;
    for word in text.chunks_exact(8) {
        let Some(word) = word.first_chunk() else { break };
        let high = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        if high != 0 {
            return len + high.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    len + text[len..].iter().take_while(|b| b.is_ascii()).count()
}

/// Gives output on. What the tables say is UTF-8 or they are damaged.
fn give(out: &mut String, bytes: &[u8]) {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&String::from_utf8_lossy(bytes)),
    }
}
