//! The characters on the ways, each with the one behind it, and what comes of them at the end.

use super::super::score::{Scorer, State};
use super::Lattice;

/// Before the first.
pub(super) const NO_NODE: u32 = u32::MAX;

/// A character on a way.
pub(super) struct Node {
    pub(super) back: u32,
    pub(super) c: char,
    pub(super) certainty: Certainty,
    /// Whether a byte of it was chosen, or it is lost: else a guess is only that it stands so.
    pub(super) lost: bool,
    pub(super) cost: u32,
    pub(super) state: State,
    /// The index of the character that its last byte came from.
    pub(super) at: u32,
    /// The index after the last character read, where both sides end together; else 0.
    pub(super) aligned: u32,
}

/// How a character came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Certainty {
    /// Its bytes stand in the text.
    Sure,
    /// One or more of its bytes were chosen.
    Guess,
    /// It is lost.
    Unknown,
}

/// A stretch between two places where characters of both sides end together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Piece {
    /// One past its last character in the damaged text; it starts where the one before ends.
    pub(in super::super) end: usize,
    /// One past its last byte in [`Readback::text`].
    pub(in super::super) text_end: usize,
    pub(in super::super) cost: u32,
    /// Its first character.
    pub(in super::super) first: char,
    /// What the piece before left, and what this one leaves.
    pub(in super::super) states: (State, State),
    pub(in super::super) certainty: Certainty,
    /// Bytes of [`Readback::text`] that were guessed or are unknown, from the piece's start.
    pub(in super::super) chosen: Option<(usize, usize)>,
}

impl Piece {
    /// Whether no byte of it was chosen, though it may still be a guess that it is damage.
    pub(in super::super) fn is_complete(&self) -> bool {
        self.chosen.is_none()
    }

    /// How much more its first character costs after `state` than after the piece before.
    pub(in super::super) fn entry(&self, scorer: Scorer, state: State) -> i64 {
        let cost = |s| i64::from(scorer.next(s, self.first).0);
        cost(state) - cost(self.states.0)
    }
}

/// What a run of characters reads as.
#[derive(Debug, Default)]
pub(in super::super) struct Readback {
    pub(in super::super) text: String,
    pub(in super::super) pieces: Vec<Piece>,
    /// Where other damage may begin: behind it, or shortly before it had become least likely.
    pub(in super::super) next: usize,
}

impl Lattice {
    /// Drops the nodes that neither a way nor `best` leads to. The others stay in their order.
    pub(super) fn drop_dead_ends(&mut self, best: &mut u32) {
        let mut place = vec![NO_NODE; self.nodes.len()];
        let ways = self.ways.iter().map(|w| w.node);
        let ends = ways.chain(self.finished.iter().map(|f| f.node)).chain([*best]);
        for end in ends.filter(|&end| end != NO_NODE) {
            place[end as usize] = 0;
        }
        // A node comes after the one behind it.
        for at in (0..place.len()).rev().filter(|&at| self.nodes[at].back != NO_NODE) {
            if place[at] != NO_NODE {
                place[self.nodes[at].back as usize] = 0;
            }
        }
        for (live, place) in (0..).zip(place.iter_mut().filter(|p| **p != NO_NODE)) {
            *place = live;
        }
        let moved = |node: u32| if node == NO_NODE { node } else { place[node as usize] };
        let mut at = 0;
        self.nodes.retain_mut(|node| {
            node.back = moved(node.back);
            at += 1;
            place[at - 1] != NO_NODE
        });
        self.ways.iter_mut().for_each(|w| w.node = moved(w.node));
        self.finished.iter_mut().for_each(|f| f.node = moved(f.node));
        *best = moved(*best);
    }

    /// What the way that ends at `node` has and the one that ends at `other`, hardly dearer, has
    /// not, is a guess.
    pub(super) fn doubt(&mut self, node: u32, other: u32) {
        let (mut a, mut b) = (node, other);
        let mut same = std::mem::take(&mut self.same);
        // A node comes after the one behind it, so the younger steps back until both meet.
        while a != b {
            let older = |n: u32| if n == NO_NODE { -1 } else { i64::from(n) };
            if older(a) > older(b) {
                let node = &self.nodes[a as usize];
                same.push((a, node.at, node.c));
                a = node.back;
            } else {
                b = self.nodes[b as usize].back;
            }
        }
        b = other;
        while b != a {
            let node = &self.nodes[b as usize];
            same.retain(|&(_, at, c)| (at, c) != (node.at, node.c));
            b = node.back;
        }
        for (own, ..) in same.drain(..) {
            let node = &mut self.nodes[own as usize];
            if node.certainty == Certainty::Sure {
                node.certainty = Certainty::Guess;
            }
        }
        self.same = same;
    }

    /// The characters that end at `node`, cut where both sides end together.
    pub(super) fn path(&self, node: u32) -> Readback {
        let mut nodes = Vec::new();
        let mut at = node;
        while at != NO_NODE {
            nodes.push(at);
            at = self.nodes[at as usize].back;
        }
        nodes.reverse();
        let mut read = Readback::default();
        let (mut before, mut start) = (0, 0);
        let mut state = self.scorer.start();
        let mut first = None;
        let (mut certainty, mut chosen) = (Certainty::Sure, None);
        for at in nodes {
            let node = &self.nodes[at as usize];
            let from = read.text.len();
            read.text.push(node.c);
            let first_char = *first.get_or_insert(node.c);
            if node.certainty != Certainty::Sure {
                certainty = node.certainty;
            }
            if node.lost {
                let (first, _) = chosen.unwrap_or((from - start, 0));
                chosen = Some((first, read.text.len() - start));
            }
            if node.aligned != 0 {
                read.pieces.push(Piece {
                    end: node.aligned as usize,
                    text_end: read.text.len(),
                    cost: node.cost - before,
                    first: first_char,
                    states: (state, node.state),
                    certainty,
                    chosen,
                });
                (before, start) = (node.cost, read.text.len());
                state = node.state;
                first = None;
                (certainty, chosen) = (Certainty::Sure, None);
            }
        }
        read.text.truncate(start);
        read
    }
}
