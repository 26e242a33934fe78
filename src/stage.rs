//! The contract between the stages of the pipeline.
//!
//! A stage takes input in pieces and appends to an output. The contract, in full:
//!
//! 1. [`push`](Stage::push) takes all the input it is given. What it appends to the output is
//!    final. It may hold input back only while the decision about it is open.
//! 2. Any cutting of the input into pushes, empty ones included, gives the same output and the
//!    same events in the same order. Decisions that need statistics are taken over windows whose
//!    borders are given by the content, never by how the pushes fell.
//! 3. [`finish`](Stage::finish) says that the input has ended: it appends all that is held, and
//!    leaves the stage as it was when built, ready for another input.
//! 4. [`held`](Stage::held) never exceeds [`max_held`](Stage::max_held), so the memory of a
//!    stream has a bound that does not depend on the stream's length.
//! 5. Changes are reported in the order of their input ranges, do not overlap, and come with the
//!    call that appends their output. Text stages count offsets from the start of their own input
//!    and output; [`Chain`](crate::chain::Chain) translates them.
//!
//! [`harness::prove`] checks all five for any stage.

use crate::event::Sink;

pub mod harness;

/// One stage of the pipeline; the contract is the [module's](self).
pub trait Stage {
    /// What it takes: `[u8]` or `str`.
    type Input: Piece + ?Sized;
    /// What it appends to: `Vec<u8>` or `String`.
    type Output: Buffer;

    /// Takes all of `input`, appends what is final to `out`.
    fn push(&mut self, input: &Self::Input, out: &mut Self::Output, sink: &mut dyn Sink);

    /// Ends the input: appends all that was held. The stage is then as new.
    fn finish(&mut self, out: &mut Self::Output, sink: &mut dyn Sink);

    /// Bytes of input taken for which nothing has been appended yet.
    fn held(&self) -> usize;

    /// The most that [`held`](Stage::held) can be after any push, in bytes.
    fn max_held(&self) -> usize;

    /// After `taken` bytes of input in all: the input offset before which no event will start any
    /// more.
    fn settled(&self, taken: u64) -> u64 {
        taken - self.held() as u64
    }
}

/// What becomes of the start of the text that comes next; see [`TextStage::skim`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// So many bytes have gone through as they are, without an event.
    Passed(usize),
    /// So many bytes have to be pushed.
    Push(usize),
}

/// A stage that can be copied behind a pointer, in the middle of its input: the copy goes on as the stage itself would.
/// What is [`Clone`] can be.
pub trait Fork {
    /// The copy.
    fn fork(&self) -> Box<dyn TextStage + Send + Sync>;
}

impl<S: TextStage + Clone + Send + Sync + 'static> Fork for S {
    fn fork(&self) -> Box<dyn TextStage + Send + Sync> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn TextStage + Send + Sync> {
    fn clone(&self) -> Self {
        (**self).fork()
    }
}

/// A stage between decode and encode.
pub trait TextStage: Stage<Input = str, Output = String> + Fork {
    /// Says what becomes of the start of `text`, which comes next and is not empty: what certainly
    /// goes through is taken with that, as if it had been pushed, but not copied to an output: the
    /// caller has it. Of the rest, so much is told off to be pushed as may keep the stage busy. So
    /// clean text goes through a chain of stages without being copied. The number is never 0, and
    /// nothing is [`Passed`](Next::Passed) while something is [held](Stage::held).
    fn skim(&mut self, text: &str) -> Next {
        Next::Push(text.len())
    }

    /// Takes `text` as passed without looking at it, which is what [`skim`](TextStage::skim) of an equal stage has
    /// come to for it, whatever that had before. Says whether it could; one that [holds](Stage::held) something
    /// cannot. An empty text only asks.
    fn pass(&mut self, text: &str) -> bool {
        let _ = text;
        false
    }

    /// Whether `whole`, as a whole input, certainly passes without change or event. May say
    /// `false` wrongly, never `true` wrongly. This is what lets clean text be borrowed.
    fn passes(&self, whole: &str) -> bool {
        let _ = whole;
        false
    }
}

/// A piece of input: something that can be cut.
pub trait Piece {
    /// Whether it is text, so that offsets of events count in it.
    const TEXT: bool;
    /// Length in bytes.
    fn byte_len(&self) -> usize;
    /// Whether it can be cut at byte `at`.
    fn can_cut(&self, at: usize) -> bool;
    /// The piece from `start` to `end`.
    fn cut(&self, start: usize, end: usize) -> &Self;
}

impl Piece for [u8] {
    const TEXT: bool = false;
    fn byte_len(&self) -> usize {
        self.len()
    }
    fn can_cut(&self, at: usize) -> bool {
        at <= self.len()
    }
    fn cut(&self, start: usize, end: usize) -> &[u8] {
        &self[start..end]
    }
}

impl Piece for str {
    const TEXT: bool = true;
    fn byte_len(&self) -> usize {
        self.len()
    }
    fn can_cut(&self, at: usize) -> bool {
        self.is_char_boundary(at)
    }
    fn cut(&self, start: usize, end: usize) -> &str {
        &self[start..end]
    }
}

/// An output: something that grows.
pub trait Buffer: Default + Clone + PartialEq + std::fmt::Debug {
    /// Length in bytes.
    fn byte_len(&self) -> usize;
}

impl Buffer for Vec<u8> {
    fn byte_len(&self) -> usize {
        self.len()
    }
}

impl Buffer for String {
    fn byte_len(&self) -> usize {
        self.len()
    }
}
