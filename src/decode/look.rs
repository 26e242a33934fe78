//! What is kept of the input until the encoding is decided, and what passes before.

use encoding_rs::Encoding as Standard;
use memchr::memchr3_iter;

use super::declared::declared_charset;
use super::encoding::Encoding;
use super::seven::SHIFT_OUT;

/// A byte order mark has at most four bytes.
const LONGEST_MARK: usize = 4;
/// So many bytes show whether a mark of two bytes is one.
const MARKED: usize = 64;
/// So much is kept from the start before ASCII passes: UTF-16 without a byte order mark may begin
/// with characters whose bytes are all ASCII, but not with five hundred of them.
const HEAD: usize = 1024;
/// The look ends after so many bytes beyond ASCII: more would not change the decision, and it is
/// the evidence that counts, not the markup around it.
const ENOUGH: usize = 4096;
/// The look ends after so many bytes at the latest.
const LONGEST: usize = 64 * 1024;
/// So much of the ASCII that passed is remembered, for the charset it declares.
pub(super) const REMEMBERED: usize = 16 * 1024;
/// So much is looked at from the [`start`] on, unless enough was seen before.
pub(super) const SEEN: usize = LONGEST - HEAD;

/// Where the look begins, in an input without escapes in which byte `first` is the first beyond ASCII.
pub(super) fn start(first: usize) -> usize {
    if first < HEAD { 0 } else { first }
}

/// The bounded look at the input on which the decision is taken. It depends on the content alone:
/// it opens at the first byte that tells something, and closes when enough has been seen.
#[derive(Default)]
pub(super) struct Look {
    phase: Phase,
    /// What is held.
    bytes: Vec<u8>,
    /// The first of what has passed.
    before: Vec<u8>,
    /// Bytes beyond ASCII in `bytes`, in the phase `Gathering`.
    high: usize,
    passed: bool,
}

#[derive(Default, PartialEq, Clone, Copy)]
enum Phase {
    /// Before the byte order mark is settled.
    #[default]
    Mark,
    /// The first bytes, ASCII so far.
    Head,
    /// Nothing but ASCII so far, and more of it than `HEAD`.
    Plain,
    /// From the first byte that tells something on.
    Gathering,
}

/// What is done with ASCII that passes undecided.
pub(super) type Pass<'a> = &'a mut dyn FnMut(&[u8]);

/// What the first bytes say.
pub(super) enum Seen {
    TooFew,
    Mark(usize, Encoding),
    None,
}

impl Look {
    /// The most that is ever held.
    pub(super) const MAX_HELD: usize = LONGEST + 1;

    /// Takes the first bytes, until a byte order mark would be whole. Returns how many it took.
    pub(super) fn take_start(&mut self, input: &[u8]) -> usize {
        let mut rest = input;
        while self.bytes.len() < self.start() && !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.start() - self.bytes.len()));
            self.bytes.extend_from_slice(now);
            rest = later;
        }
        input.len() - rest.len()
    }

    /// How many bytes settle whether there is a mark.
    fn start(&self) -> usize {
        let short = self.bytes.len() >= LONGEST_MARK
            && [Encoding::UTF_16LE, Encoding::UTF_16BE]
                .iter()
                .any(|e| self.bytes.starts_with(e.mark()));
        if short { MARKED } else { LONGEST_MARK }
    }

    /// The byte order mark at the start; `over` says that nothing follows.
    pub(super) fn mark(&self, over: bool) -> Seen {
        if self.bytes.len() < self.start() && !over {
            return Seen::TooFew;
        }
        for encoding in Encoding::MARKED {
            if self.bytes.starts_with(encoding.mark()) {
                return Seen::Mark(encoding.mark().len(), encoding);
            }
        }
        Seen::None
    }

    pub(super) fn drop_front(&mut self, len: usize) {
        self.bytes.drain(..len);
    }

    pub(super) fn is_open(&self) -> bool {
        self.phase != Phase::Mark
    }

    /// The byte order mark is settled: begins to look.
    pub(super) fn open(&mut self) {
        self.phase = Phase::Head;
        self.check_head();
    }

    pub(super) fn held(&self) -> usize {
        self.bytes.len()
    }

    /// Whether the decision can be taken.
    pub(super) fn is_full(&self) -> bool {
        self.phase == Phase::Gathering && (self.high >= ENOUGH || self.bytes.len() >= LONGEST)
    }

    pub(super) fn gathered(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn before(&self) -> &[u8] {
        &self.before
    }

    pub(super) fn is_from_start(&self) -> bool {
        !self.passed
    }

    pub(super) fn declared(&self) -> Option<String> {
        declared_charset(&self.before)
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Takes back what was taken, for its memory.
    pub(super) fn put_back(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.bytes = bytes;
    }

    /// Begins with another input.
    pub(super) fn renew(&mut self) {
        let (mut bytes, mut before) = (self.take(), std::mem::take(&mut self.before));
        bytes.clear();
        before.clear();
        *self = Look { bytes, before, ..Look::default() };
    }

    /// What was gathered is ASCII after all: passes it, and goes on looking.
    pub(super) fn release(&mut self, pass: Pass<'_>) {
        let bytes = self.take();
        self.remember(&bytes);
        pass(&bytes);
        self.put_back(bytes);
        self.phase = Phase::Plain;
        self.high = 0;
    }

    /// Takes input up to where the look is full, handing ASCII to `pass` as long as nothing else
    /// was seen. Returns how many bytes it took.
    pub(super) fn gather(&mut self, input: &[u8], pass: Pass<'_>) -> usize {
        match self.phase {
            Phase::Mark => 0,
            Phase::Head => {
                let take = input.len().min(HEAD - self.bytes.len().min(HEAD));
                self.bytes.extend_from_slice(&input[..take]);
                self.check_head();
                if self.phase == Phase::Head && self.bytes.len() >= HEAD {
                    self.phase = Phase::Plain;
                    let head = self.take();
                    self.plain(&head, pass);
                    if self.bytes.is_empty() {
                        self.put_back(head);
                    }
                }
                take
            }
            Phase::Plain if !self.bytes.is_empty() => {
                // A byte was kept to see what follows it.
                let mut two = self.take();
                two.push(input[0]);
                let taken = self.plain(&two, pass);
                debug_assert!(taken > 0);
                // `two` begins with the byte that was kept.
                if taken == 1 && self.phase == Phase::Gathering { 0 } else { 1 }
            }
            Phase::Plain => self.plain(input, pass),
            Phase::Gathering => {
                let room = LONGEST - self.bytes.len().min(LONGEST);
                let part = &input[..input.len().min(room)];
                let take = self.count(part);
                self.bytes.extend_from_slice(&input[..take]);
                take
            }
        }
    }

    /// Counts the bytes beyond ASCII in `part` until there are enough; returns where that is.
    fn count(&mut self, part: &[u8]) -> usize {
        for (i, byte) in part.iter().enumerate() {
            self.high += usize::from(*byte >= 0x80);
            if self.high >= ENOUGH {
                return i + 1;
            }
        }
        part.len()
    }

    fn check_head(&mut self) {
        if first_telling(&self.bytes).is_some() || memchr::memchr(0, &self.bytes).is_some() {
            self.phase = Phase::Gathering;
            self.high = self.bytes.iter().filter(|b| **b >= 0x80).count();
        }
    }

    /// Passes ASCII up to the first byte that tells something; from there on it is gathered.
    /// Returns how many bytes it passed or kept.
    fn plain(&mut self, input: &[u8], pass: Pass<'_>) -> usize {
        let mut end = first_telling(input).unwrap_or(input.len());
        if end < input.len() {
            self.phase = Phase::Gathering;
            self.high = 0;
        } else if matches!(input.last(), Some(b'~' | 0x1B)) {
            end -= 1;
        }
        let (plain, keep) = input.split_at(end);
        self.remember(plain);
        self.passed |= !plain.is_empty();
        pass(plain);
        if self.phase == Phase::Plain {
            self.bytes.extend_from_slice(keep);
            return input.len();
        }
        // One byte at least, so that there is progress; the rest comes through `gather`.
        let first = &keep[..1];
        self.count(first);
        self.bytes.extend_from_slice(first);
        end + 1
    }

    fn remember(&mut self, passed: &[u8]) {
        let room = REMEMBERED.saturating_sub(self.before.len());
        self.before.extend_from_slice(&passed[..passed.len().min(room)]);
    }
}

/// The first byte that is not ASCII, or that begins an escape of HZ (`~{`) or ISO 2022 (`ESC $`, or the
/// shift that stands behind it, where that is damaged).
fn first_telling(bytes: &[u8]) -> Option<usize> {
    let ascii = Standard::ascii_valid_up_to(bytes);
    memchr3_iter(b'~', 0x1B, SHIFT_OUT, &bytes[..ascii])
        .find(|&i| bytes[i] == SHIFT_OUT || matches!(bytes.get(i..i + 2), Some(b"~{" | b"\x1B$")))
        .or((ascii < bytes.len()).then_some(ascii))
}
