//! The scan: maps the text to its finals, a block at a time, and stops where a special key is.

use super::format::{DELTA, Fast, LEFT, OPERATOR, PIVOT, SLOW};
use super::memo::Memo;
use super::region;
use crate::convert::description::operands;
use crate::convert::plan::Plan;
use crate::dict::table::char_len;

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
    memo: Memo,
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

impl Scanner {
    pub(crate) fn new(plan: &Plan) -> Scanner {
        let scratch = vec![Vec::new(); plan.steps.len()];
        Scanner { work: Vec::new(), value: Vec::new(), memo: Memo::default(), scratch, filled: 0 }
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
        let mut mixed = is_mixed(source);
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
                mixed = is_mixed(&source[at.source..]);
            }
            let run = Run { source, base: base.source, from: at.source, mixed };
            // Room is left for a run of other characters.
            let most = self.work.len() - ROOM / 2;
            let target = &mut self.work[at.work..most];
            let mapped = map_run(fast, run, target);
            at.source += mapped.done;
            at.work += mapped.done;
            if mapped.marked {
                let entry = seen(fast, source, at.source).1;
                if entry & OPERATOR != 0 {
                    give(out, &self.work[..at.work]);
                    return at.source;
                }
                let region = widen(fast, source, at.source, at.source + 3, base.source);
                self.exact(plan, fast, source, region, base, out);
                at = Place { source: region.1, work: self.filled };
                base = at;
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
                        ascii_run(&rest[..most])
                    }
                    0xE0..=0xEF => break,
                    _ => {
                        let code = code_at(source, at.source);
                        let entry = fast.entry(code);
                        if entry & SLOW != 0 || fast.astral(code) {
                            let end = at.source + char_len(lead);
                            let region = widen(fast, source, at.source, end, base.source);
                            self.exact(plan, fast, source, region, base, out);
                            at = Place { source: region.1, work: self.filled };
                            base = at;
                            continue 'turn;
                        }
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
        let text = &source[start..end];
        if let Some(value) = self.memo.get(text)
            && let Some(place) = self.work.get_mut(from..from + value.len())
        {
            place.copy_from_slice(value);
            self.filled = from + value.len();
            return;
        }
        self.value.clear();
        match fast.answers.exact(text) {
            Some(answer) => self.value.extend_from_slice(answer.value),
            None => {
                let scratch = &mut self.scratch;
                region::convert(&plan.steps, Some(fast), text, &mut self.value, scratch);
            }
        }
        self.memo.put(text, &self.value);
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

/// Whether the next characters are so often not of three bytes that it pays to map them together.
fn is_mixed(source: &[u8]) -> bool {
    const SAMPLE: usize = 512;
    // Without branches, which is what becomes vector instructions.
    let other = |byte: &u8| (byte & 0xC0 != 0x80) & (byte & 0xF0 != 0xE0);
    let sample = &source[..source.len().min(SAMPLE)];
    let next = sample.get(1..).unwrap_or_default();
    // How often such begin; less often than once in a hundred bytes, it does not pay.
    let changes: u16 = sample.iter().zip(next).map(|(a, b)| u16::from(!other(a) & other(b))).sum();
    usize::from(changes) > sample.len() / 100
}

/// Whether a whole text certainly stays as it is.
pub(crate) fn stays(fast: &Fast, text: &[u8]) -> bool {
    let mut at = 0;
    let mut last = 0;
    while at < text.len() {
        if text[at].is_ascii() {
            at += ascii_run(&text[at..]);
            last = 0;
            continue;
        }
        let code = code_at(text, at);
        let entry = fast.entry(code);
        let run = Run { source: text, base: 0, from: at, mixed: false };
        if entry & (DELTA | SLOW) != 0
            || fast.astral(code)
            || (last | entry) & PIVOT != 0 && run.ends_special(fast, at)
        {
            return false;
        }
        last = entry;
        at += char_len(text[at]);
    }
    true
}

/// A place in a text, and the clean place before it.
#[derive(Clone, Copy)]
pub(super) struct Run<'t> {
    pub(super) source: &'t [u8],
    pub(super) base: usize,
    pub(super) from: usize,
    /// Whether characters not of three bytes are frequent, which decides how the run is mapped.
    pub(super) mixed: bool,
}

/// How far a run was mapped.
pub(super) struct Mapped {
    /// Bytes.
    pub(super) done: usize,
    /// Whether the next one needs a look: a special key is there, or no final can stand for it.
    pub(super) marked: bool,
}

/// Maps the characters of three bytes that a run begins with, as far as `target` has room.
fn map_run(fast: &Fast, run: Run<'_>, target: &mut [u8]) -> Mapped {
    #[cfg(target_arch = "x86_64")]
    let mut all = super::simd::map_run(fast, run, target);
    #[cfg(not(target_arch = "x86_64"))]
    let mut all = Mapped { done: 0, marked: false };
    if all.marked {
        return all;
    }
    // What is left for one character at a time: the last few, or all.
    let from = run.from + all.done;
    let (mut last, mut first) = seen_before(fast, Run { from, ..run });
    for place in (from..).step_by(3) {
        let Some(w) = run.source.get(place..).and_then(three) else { break };
        let Some(target) = target.get_mut(all.done..all.done + 3) else { break };
        let entry = fast.finals[code(w)];
        let mapped = w ^ entry & DELTA;
        let pair = (first | entry) & PIVOT != 0 && fast.may_be_pair(last, mapped & DELTA);
        if entry & SLOW != 0 || pair && run.special(fast, place) {
            all.marked = true;
            break;
        }
        target.copy_from_slice(&mapped.to_le_bytes()[..3]);
        all.done += 3;
        (last, first) = (mapped & DELTA, entry);
    }
    all
}

impl Run<'_> {
    /// The final of the character of three bytes at `place`, as bytes, the first lowest; 0 if
    /// there is none.
    #[inline]
    pub(super) fn final_at(&self, fast: &Fast, place: usize) -> u32 {
        let w = self.source.get(place..).and_then(three);
        w.map_or(0, |w| w ^ fast.finals[code(w)] & DELTA)
    }

    /// As [`special`](Run::special), for one who has not asked the filter of pairs.
    #[inline]
    pub(super) fn ends_special(&self, fast: &Fast, place: usize) -> bool {
        let (first, _) = seen_before(fast, Run { from: place, ..*self });
        fast.may_be_pair(first, self.final_at(fast, place)) && self.special(fast, place)
    }

    /// Whether a special key has its pair at `place` and the character before it.
    pub(super) fn special(&self, fast: &Fast, place: usize) -> bool {
        if place == self.base {
            return false;
        }
        let start = before(self.source, place);
        let (second, _) = seen(fast, self.source, place);
        let (first, _) = seen(fast, self.source, start);
        if first > 0xFFFF {
            return false;
        }
        let (first, second) = (first as u16, second as u16);
        fast.specials(first, second).any(|(before, after)| {
            follows(fast, self.source, place + 3, after)
                && leads(fast, self.source, start, before, self.base)
        })
    }
}

/// The code point of three bytes, the first lowest. Below 2^16, whatever the bytes are.
#[inline(always)]
pub(super) fn code(w: u32) -> usize {
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

/// The final of the character before a run, as bytes, the first lowest, and its entry; nothing
/// where the run begins at its base.
#[inline]
pub(super) fn seen_before(fast: &Fast, run: Run<'_>) -> (u32, u32) {
    if run.from == run.base {
        return (0, 0);
    }
    let start = before(run.source, run.from);
    match run.source.get(start..).and_then(three) {
        Some(w) => {
            let entry = fast.finals[code(w)];
            ((w ^ entry) & DELTA, entry)
        }
        None => {
            let bytes = &run.source[start..run.from];
            let packed = bytes.iter().rev().fold(0, |all, b| all << 8 | u32::from(*b));
            (packed, fast.entry(code_at(run.source, start)))
        }
    }
}

/// A character as the facts about pairs see it, and its entry.
#[inline]
fn seen(fast: &Fast, text: &[u8], at: usize) -> (u32, u32) {
    match text.get(at..).and_then(three) {
        Some(w) => {
            let entry = fast.finals[code(w)];
            (code(w ^ entry & DELTA) as u32, entry)
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
        let mapped = w ^ fast.finals[code(w)];
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
    if left_entry & LEFT == 0 && !fast.astral(left) || operands(&text[at..]) > 0 {
        return true;
    }
    !fast.inner(left, seen(fast, text, at).0)
}

/// Whether nothing that may come behind `text` can belong to it.
pub(crate) fn ends_clean(fast: &Fast, text: &[u8]) -> bool {
    let (last, entry) = seen(fast, text, before(text, text.len()));
    entry & LEFT == 0 && !fast.astral(last)
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
