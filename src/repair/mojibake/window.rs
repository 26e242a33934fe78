//! The characters of a window, and what they cost as they stand.

use super::score::{Scorer, State};

/// The characters of a window, with what they cost as they stand.
pub(super) struct Window {
    pub(super) chars: Vec<char>,
    /// Whether it starts where a line, or a text, does.
    pub(super) opens: bool,
    /// Cost of all characters before each, and of all.
    pub(super) costs: Vec<u32>,
    /// What stands before each.
    pub(super) states: Vec<State>,
}

impl Window {
    pub(super) fn new(scorer: Scorer, chars: Vec<char>, opens: bool) -> Window {
        let mut costs = Vec::with_capacity(chars.len() + 1);
        let mut state = scorer.start();
        let mut sum = 0;
        let mut states = Vec::with_capacity(chars.len());
        costs.push(0);
        for &c in &chars {
            states.push(state);
            let (cost, next) = scorer.next(state, c);
            state = next;
            sum += cost;
            costs.push(sum);
        }
        Window { chars, opens, costs, states }
    }

    pub(super) fn cost(&self, from: usize, to: usize) -> u32 {
        self.costs[to] - self.costs[from]
    }
}
