//! Conversion as a stage of the pipeline.

use std::sync::Arc;

use super::converter::Engine;
use super::description::operands;
use super::fast::{Fast, Scanner, ends_clean, joins_clean, last_clean, stays};
use super::overlay::{Overlay, Phrase};
use super::report::Walking;
use crate::dict::table::char_len;
use crate::event::Sink;
use crate::stage::{Stage, TextStage};

/// Converts a stream: what comes out is what the whole text would give.
///
/// Changes are reported where the sink [asks for them](Sink::wants_conversions) when the first
/// text comes, a piece at a time: what one dictionary entry replaced, without what is the same at
/// both its ends.
///
/// ```
/// use hanmend::convert::Converter;
/// use hanmend::event::Silent;
/// use hanmend::stage::Stage;
///
/// let mut stage = Converter::new("s2t")?.stage();
/// let mut out = String::new();
/// for piece in ["皇", "后在后", "面"] {
///     stage.push(piece, &mut out, &mut Silent);
/// }
/// stage.finish(&mut out, &mut Silent);
/// assert_eq!(out, "皇后在後面");
/// # Ok::<(), hanmend::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Conversion {
    engine: Arc<Engine>,
    mode: Mode,
    scanner: Scanner,
    /// In the fast mode: text behind the last clean place.
    carry: Vec<u8>,
    walking: Walking,
    /// With phrases of one's own: text that one of them may begin in.
    phrase: String,
}

/// Which engine has the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Nothing has come yet.
    New,
    /// The scan, which gets stretches between clean places.
    Fast,
    /// The exact engine, until a clean place so many bytes behind the last operator of a
    /// description sequence; so many have come.
    Walk(usize),
    /// The exact engine, to the end.
    WalkAll,
}

/// Text without a clean place is left to the exact engine when there is more of it than this. In
/// prose a clean place is two or three characters away.
const MAX_CARRY: usize = 1024;

impl Conversion {
    pub(super) fn new(engine: &Arc<Engine>) -> Conversion {
        Conversion {
            mode: Mode::New,
            scanner: Scanner::new(&engine.plan),
            carry: Vec::new(),
            walking: Walking::new(&engine.plan),
            phrase: String::new(),
            engine: Arc::clone(engine),
        }
    }

    /// Takes text in the fast mode; returns how much before it changed the mode.
    fn push_fast(&mut self, fast: &Fast, text: &[u8], out: &mut String) -> usize {
        let mut at = 0;
        if !self.carry.is_empty() {
            while at < text.len() && !joins_clean(fast, &self.carry, &text[at..]) {
                let len = char_len(text[at]);
                self.carry.extend_from_slice(&text[at..at + len]);
                at += len;
                if self.carry.len() > MAX_CARRY {
                    self.walk_carry(usize::MAX, out);
                    return at;
                }
            }
            if at == text.len() && !ends_clean(fast, &self.carry) {
                return at;
            }
            if !self.scan_carry(fast, out) {
                return at;
            }
        }
        let rest = &text[at..];
        if rest.is_empty() {
            return at;
        }
        let end = match ends_clean(fast, rest) {
            true => rest.len(),
            false => last_clean(fast, rest, 0, super::fast::before(rest, rest.len())),
        };
        let done = self.scanner.run(&self.engine.plan, fast, &rest[..end], out);
        if done < end {
            self.mode = Mode::Walk(0);
            return at + done;
        }
        self.carry.extend_from_slice(&rest[end..]);
        if self.carry.len() > MAX_CARRY {
            self.walk_carry(usize::MAX, out);
        }
        text.len()
    }

    /// Converts what is carried, which ends clean. Says whether the mode is still the fast one.
    fn scan_carry(&mut self, fast: &Fast, out: &mut String) -> bool {
        let done = self.scanner.run(&self.engine.plan, fast, &self.carry, out);
        if done < self.carry.len() {
            self.carry.drain(..done);
            self.walk_carry(0, out);
            return false;
        }
        self.carry.clear();
        true
    }

    /// Leaves what is carried to the exact engine, so many bytes behind an operator.
    fn walk_carry(&mut self, behind: usize, out: &mut String) {
        self.mode = Mode::Walk(behind);
        let carry = std::mem::take(&mut self.carry);
        let taken = self.push_walk(&carry, behind, out);
        debug_assert_eq!(taken, carry.len());
        self.carry = carry;
        self.carry.clear();
    }

    /// Takes text in the exact mode; returns how much before the fast mode can go on.
    fn push_walk(&mut self, text: &[u8], mut behind: usize, out: &mut String) -> usize {
        let least = Walking::max_held(&self.engine.plan);
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            if operands(rest) > 0 {
                behind = 0;
            } else if behind > least
                && let Some(fast) = &self.engine.fast
                && self.walking.last().is_some_and(|last| joins_clean(fast, last, rest))
            {
                break;
            }
            let len = char_len(rest[0]).min(rest.len());
            self.walking.push(&self.engine.plan, &rest[..len], out, None);
            at += len;
            behind = behind.saturating_add(len);
        }
        self.mode = Mode::Walk(behind);
        if at < text.len() {
            self.walking.finish(&self.engine.plan, out, None);
            self.mode = Mode::Fast;
        }
        at
    }
}

impl Conversion {
    /// Takes text that holds no phrase of one's own.
    fn push_plain(&mut self, engine: &Engine, text: &[u8], out: &mut String, sink: &mut dyn Sink) {
        let mut rest = text;
        while !rest.is_empty() {
            let done = match (self.mode, &engine.fast) {
                (Mode::Fast, Some(fast)) => self.push_fast(fast, rest, out),
                (Mode::Walk(behind), _) => self.push_walk(rest, behind, out),
                _ => {
                    let wanted = sink.wants_conversions();
                    let sink = wanted.then_some(&mut *sink);
                    self.walking.push(&engine.plan, rest, out, sink);
                    rest.len()
                }
            };
            rest = &rest[done..];
        }
    }

    /// Gives on all that the engines hold, as if the text ended here.
    fn cut(&mut self, engine: &Engine, out: &mut String, sink: &mut dyn Sink) {
        if let (Mode::Fast, Some(fast)) = (self.mode, &engine.fast) {
            self.scan_carry(fast, out);
        }
        let wanted = sink.wants_conversions() && self.mode == Mode::WalkAll;
        self.walking.cut(&engine.plan, out, wanted.then_some(sink));
        if let Mode::Walk(_) = self.mode {
            self.mode = Mode::Fast;
        }
    }

    /// Takes the text in `phrase`, as far as it is decided what phrases it holds.
    fn push_phrases(
        &mut self,
        engine: &Engine,
        overlay: &Overlay,
        end: bool,
        out: &mut String,
        sink: &mut dyn Sink,
    ) {
        let text = std::mem::take(&mut self.phrase);
        let (mut start, mut at) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            match overlay.look(&text[at..], end) {
                Phrase::None => at += c.len_utf8(),
                Phrase::Open => break,
                Phrase::Here(len, value) => {
                    self.push_plain(engine, &text.as_bytes()[start..at], out, sink);
                    self.cut(engine, out, sink);
                    let before = &text[at..at + len];
                    let wanted = sink.wants_conversions() && self.mode == Mode::WalkAll;
                    let sink = wanted.then_some(&mut *sink);
                    self.walking.replace(before, value, out, sink);
                    at += len;
                    start = at;
                }
            }
        }
        self.push_plain(engine, &text.as_bytes()[start..at], out, sink);
        self.phrase = text;
        self.phrase.drain(..at);
    }
}

impl Stage for Conversion {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        if input.is_empty() {
            return;
        }
        if self.mode == Mode::New {
            let fast = self.engine.fast.is_some() && !sink.wants_conversions();
            self.mode = if fast { Mode::Fast } else { Mode::WalkAll };
        }
        let engine = Arc::clone(&self.engine);
        match &engine.overlay {
            None => self.push_plain(&engine, input.as_bytes(), out, sink),
            Some(overlay) => {
                self.phrase.push_str(input);
                self.push_phrases(&engine, overlay, false, out, sink);
            }
        }
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        let engine = Arc::clone(&self.engine);
        if let Some(overlay) = &engine.overlay {
            self.push_phrases(&engine, overlay, true, out, sink);
        }
        self.cut(&engine, out, sink);
        self.walking.finish(&engine.plan, out, None);
        self.mode = Mode::New;
    }

    fn held(&self) -> usize {
        self.carry.len() + self.walking.held() + self.phrase.len()
    }

    fn max_held(&self) -> usize {
        let phrase = self.engine.overlay.as_ref().map_or(0, |overlay| overlay.longest());
        MAX_CARRY.max(Walking::max_held(&self.engine.plan)) + phrase
    }
}

impl TextStage for Conversion {
    fn passes(&self, whole: &str) -> bool {
        match (&self.engine.fast, &self.engine.overlay) {
            (Some(fast), None) => stays(fast, whole.as_bytes()),
            _ => false,
        }
    }
}
