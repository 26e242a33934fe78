//! The frame of repairs that decide at single places, with a bounded look around.
//!
//! Text without a candidate costs one scan and one copy. Where there are candidates, the text
//! goes through a window that keeps what may be looked back at and holds what is undecided.

use crate::event::{Event, Outcome, Repair, Sink};
use crate::stage::{Next, Stage, TextStage};

/// Pushes are worked on in pieces of this size, so that a long one is not copied whole and a piece
/// is still in the cache when it is copied.
const PIECE: usize = 1 << 15;

/// What becomes of a candidate.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// So many bytes stay.
    Stay(usize),
    /// `len` bytes become `after`.
    Change { len: usize, after: String, rule: &'static str, outcome: Outcome },
    /// It depends on what comes next.
    More,
}

/// A candidate and the text around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    /// What comes before it: [`Local::KEEP`] bytes, or as much as there was. Nothing may depend on
    /// what lies further back, though more may be at hand.
    pub(super) before: &'a str,
    /// The same as it came out: [`Local::MENDED`] bytes.
    pub(super) mended: &'a str,
    /// From the candidate on: [`Local::VIEW`] bytes at most.
    pub(super) view: &'a str,
    /// Whether the view is as long as it will get, at the end of the text or at the limit.
    pub(super) closed: bool,
    /// Where the candidate is in the stream.
    pub(super) position: u64,
    /// Where it is in what comes out.
    pub(super) written: u64,
}

/// A repair that decides at single places.
pub(super) trait Local: Clone + Send + Sync + 'static {
    /// The name in events.
    const REPAIR: Repair;
    /// How far back a decision looks, in bytes.
    const KEEP: usize;
    /// How far back a decision looks at what came out, in bytes.
    const MENDED: usize = 0;
    /// How far ahead a decision looks, in bytes.
    const VIEW: usize;

    /// The first candidate of `text` at `from` or after it. At the very end, a beginning of one
    /// counts.
    fn find(&self, text: &str, from: usize) -> Option<usize>;

    /// Decides. Asked again with a longer view after [`Verdict::More`], which a closed view must
    /// not be answered with.
    fn decide(&mut self, candidate: &Candidate<'_>) -> Verdict;

    /// Input that has been decided about or holds no candidate, all of it in order.
    fn passed(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }

    /// Where a change of `before` to `after` can be divided, as [`Event`] has it; nowhere where it is of one character.
    fn joints(&self, before: &str, after: &str) -> Vec<(usize, usize)> {
        let _ = (before, after);
        Vec::new()
    }

    /// The most that is held before a candidate is decided, in bytes.
    fn most_held(&self) -> usize {
        Self::VIEW
    }

    /// As new.
    fn reset(&mut self);
}

/// Makes a public repair a stage: what is named here has a [`Window`] as its only field.
macro_rules! stage_of_window {
    ($repair:ty) => {
        impl $crate::stage::Stage for $repair {
            type Input = str;
            type Output = String;

            fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn $crate::event::Sink) {
                self.0.push(input, out, sink);
            }

            fn finish(&mut self, out: &mut String, sink: &mut dyn $crate::event::Sink) {
                self.0.finish(out, sink);
            }

            fn held(&self) -> usize {
                self.0.held()
            }

            fn max_held(&self) -> usize {
                self.0.max_held()
            }
        }

        impl $crate::stage::TextStage for $repair {
            fn skim(&mut self, text: &str) -> $crate::stage::Next {
                self.0.skim(text)
            }

            fn pass(&mut self, text: &str) -> bool {
                self.0.pass(text)
            }

            fn passes(&self, whole: &str) -> bool {
                self.0.passes(whole)
            }
        }
    };
}
pub(super) use stage_of_window;

/// Runs a [`Local`] repair as a stage.
#[derive(Clone, Debug)]
pub(super) struct Window<L> {
    local: L,
    /// The last of the text before `at`, then what is held.
    text: String,
    /// Where in `text` the undecided part starts.
    at: usize,
    /// Where `text` starts in the input.
    base: u64,
    given: Given,
    /// Whether guesses are made; if not, they are marked and left.
    guess: bool,
}

impl<L: Local> Window<L> {
    pub(super) fn new(local: L) -> Window<L> {
        let (text, given) = (String::new(), Given::default());
        Window { local, text, at: 0, base: 0, given, guess: true }
    }

    /// Whether guesses are made.
    pub(super) fn guessing(self, guess: bool) -> Window<L> {
        Window { guess, ..self }
    }

    fn take(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        if self.held() == 0 && self.local.find(input, 0).is_none() {
            self.local.passed(input.as_bytes());
            out.push_str(input);
            self.given.add(input, L::MENDED);
            self.keep(input);
        } else {
            self.text.push_str(input);
            self.work(false, out, sink);
            self.trim();
        }
    }

    /// See [`TextStage::skim`](crate::stage::TextStage::skim).
    pub(super) fn skim(&mut self, text: &str) -> Next {
        let piece = &text[..text.floor_char_boundary(PIECE)];
        if self.held() > 0 {
            return Next::Push(piece.len());
        }
        // What holds a candidate is pushed to the end of the piece: there will be more of them.
        let passed = self.local.find(piece, 0).unwrap_or(piece.len());
        if passed == 0 {
            return Next::Push(piece.len());
        }
        self.pass(&piece[..passed]);
        Next::Passed(passed)
    }

    /// See [`TextStage::pass`](crate::stage::TextStage::pass).
    pub(super) fn pass(&mut self, text: &str) -> bool {
        if self.held() == 0 && !text.is_empty() {
            self.local.passed(text.as_bytes());
            self.given.add(text, L::MENDED);
            self.keep(text);
        }
        self.held() == 0
    }

    /// Keeps the end of `input`, which has gone through, for looking back.
    fn keep(&mut self, input: &str) {
        if input.len() >= L::KEEP {
            let kept = &input[input.floor_char_boundary(input.len() - L::KEEP)..];
            self.base += (self.text.len() + input.len() - kept.len()) as u64;
            self.text.clear();
            self.text.push_str(kept);
            self.at = self.text.len();
        } else {
            self.text.push_str(input);
            self.at = self.text.len();
            self.trim();
        }
    }

    /// Drops what is no longer looked back at, now and then.
    fn trim(&mut self) {
        if self.at > 4 * L::KEEP {
            let drop = self.text.floor_char_boundary(self.at - L::KEEP);
            self.text.drain(..drop);
            self.base += drop as u64;
            self.at -= drop;
        }
    }

    /// Decides all that can be decided.
    fn work(&mut self, closed: bool, out: &mut String, sink: &mut dyn Sink) {
        while let Some(found) = self.local.find(&self.text, self.at) {
            self.let_go(found, out);
            let position = self.base + self.at as u64;
            let limit = self.text.floor_char_boundary(self.at + L::VIEW);
            let verdict = self.local.decide(&Candidate {
                before: &self.text[..self.at],
                mended: &self.given.end,
                view: &self.text[self.at..limit],
                closed: closed || self.text.len() - self.at >= L::VIEW,
                position,
                written: self.given.count,
            });
            match verdict {
                Verdict::More => return,
                Verdict::Stay(len) => self.let_go(self.at + len, out),
                Verdict::Change { len, rule, outcome: Outcome::Guess, .. } if !self.guess => {
                    let text = &self.text[self.at..self.at + len];
                    let (output, reason) = (self.given.count, "it would be a guess");
                    sink.tell(|| {
                        Event::unrepaired(L::REPAIR, rule, reason, position, output, text)
                    });
                    self.let_go(self.at + len, out);
                }
                Verdict::Change { len, after, rule, outcome } => {
                    let before = &self.text[self.at..self.at + len];
                    self.local.passed(before.as_bytes());
                    out.push_str(&after);
                    let output = self.given.count;
                    self.given.add(&after, L::MENDED);
                    self.at += len;
                    let joints = match sink.wants_joints() {
                        true => self.local.joints(before, &after),
                        false => Vec::new(),
                    };
                    sink.tell(|| {
                        Event::change(L::REPAIR, rule, outcome, position, output, before, after)
                            .divisible(joints)
                    });
                }
            }
        }
        self.let_go(self.text.len(), out);
    }

    /// Lets the text up to `to` go through.
    fn let_go(&mut self, to: usize, out: &mut String) {
        let text = &self.text[self.at..to];
        self.local.passed(text.as_bytes());
        out.push_str(text);
        self.given.add(text, L::MENDED);
        self.at = to;
    }
}

/// What has been put out.
#[derive(Clone, Debug, Default)]
struct Given {
    /// The last of it: as many bytes as are kept, or some more.
    end: String,
    /// In bytes.
    count: u64,
}

impl Given {
    /// Counts `text`, and keeps `keep` bytes of the end.
    #[inline]
    fn add(&mut self, text: &str, keep: usize) {
        self.count += text.len() as u64;
        if keep == 0 || text.is_empty() {
            return;
        }
        if text.len() >= keep {
            self.end.clear();
            self.end.push_str(&text[text.floor_char_boundary(text.len() - keep)..]);
        } else {
            self.end.push_str(text);
            if self.end.len() > 4 * keep {
                self.end.drain(..self.end.floor_char_boundary(self.end.len() - keep));
            }
        }
    }

    fn clear(&mut self) {
        self.end.clear();
        self.count = 0;
    }
}

impl<L: Local> Stage for Window<L> {
    type Input = str;
    type Output = String;

    fn push(&mut self, mut input: &str, out: &mut String, sink: &mut dyn Sink) {
        while !input.is_empty() {
            let (piece, rest) = input.split_at(input.floor_char_boundary(PIECE));
            self.take(piece, out, sink);
            input = rest;
        }
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        if self.held() > 0 {
            self.work(true, out, sink);
        }
        self.local.reset();
        self.text.clear();
        self.at = 0;
        self.base = 0;
        self.given.clear();
    }

    fn held(&self) -> usize {
        self.text.len() - self.at
    }

    fn max_held(&self) -> usize {
        // A candidate is decided as soon as its view is full.
        self.local.most_held()
    }
}

impl<L: Local> TextStage for Window<L> {
    fn passes(&self, whole: &str) -> bool {
        self.local.find(whole, 0).is_none()
    }
}
