//! Chooses what was lost: each character by what it costs between its neighbours, several in a row as one.

use super::super::super::score::{Scorer, State};
use super::Lost;

/// How many ways are kept where several characters in a row lack bytes.
const WAYS: usize = 8;

/// A way up to a character that lacks bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Its last character's place among what can be.
    place: usize,
    cost: u32,
    /// Its place among the ways before.
    back: usize,
}

impl Lost {
    /// What was written, with each lost character as it is likeliest between its neighbours.
    pub(super) fn choose(&mut self, scorer: Scorer) {
        let chinese = scorer.for_chinese();
        let start = chinese.start();
        self.text.clear();
        let mut at = 0;
        while let Some(written) = self.written.get(at) {
            if !written.lost {
                self.text.push(self.can_be[written.can_be.0].0);
                at += 1;
                continue;
            }
            let state = self.text.last().map_or(start, |c| chinese.next(start, *c).1);
            let mut depth = 0;
            while let Some(written) = self.written.get(at).filter(|written| written.lost) {
                self.layer(depth, state, written.can_be, chinese);
                depth += 1;
                at += 1;
            }
            let next = self.written.get(at).map(|written| self.can_be[written.can_be.0].0);
            let mut best = self.best(depth - 1, next, chinese);
            let from = self.text.len();
            for layer in self.layers[..depth].iter().rev() {
                self.text.push(self.can_be[layer[best].place].0);
                best = layer[best].back;
            }
            self.text[from..].reverse();
        }
    }

    /// The ways over one character more that lacks bytes, of which `depth` are before it; `state` is before the first.
    fn layer(&mut self, depth: usize, state: State, (from, to): (usize, usize), chinese: Scorer) {
        if self.layers.len() == depth {
            self.layers.push(Vec::new());
        }
        let mut ways = std::mem::take(&mut self.layers[depth]);
        ways.clear();
        if depth == 0 {
            self.behind(state, (from, to), chinese);
            let costs = self.costs.iter().enumerate();
            ways.extend(costs.map(|(i, &cost)| Way { place: from + i, cost, back: 0 }));
        } else {
            let mut before = std::mem::take(&mut self.layers[depth - 1]);
            if before.len() > WAYS {
                before.select_nth_unstable_by_key(WAYS, |way| way.cost);
                before.truncate(WAYS);
            }
            for (back, way) in before.iter().enumerate() {
                self.behind(self.state(way.place, chinese), (from, to), chinese);
                for (i, cost) in self.costs.iter().enumerate() {
                    let next = Way { place: from + i, cost: way.cost + cost, back };
                    match ways.get_mut(i) {
                        Some(other) if other.cost <= next.cost => {}
                        Some(other) => *other = next,
                        None => ways.push(next),
                    }
                }
            }
            self.layers[depth - 1] = before;
        }
        self.layers[depth] = ways;
    }

    /// What each character of a list costs behind `state`, in `costs`.
    fn behind(&mut self, state: State, (from, to): (usize, usize), chinese: Scorer) {
        let can_be = &self.can_be[from..to];
        self.costs.clear();
        chinese.model().follow_each(state.id(), can_be.iter().map(|(_, id)| *id), &mut self.costs);
        for (&(c, id), cost) in can_be.iter().zip(&mut self.costs) {
            *cost = match id.is_known() {
                true => chinese.modelled(state, id, *cost).0,
                false => chinese.next(state, c).0,
            };
        }
    }

    /// The state after a character that can be.
    fn state(&self, place: usize, chinese: Scorer) -> State {
        let (c, id) = self.can_be[place];
        let before = chinese.start();
        if id.is_known() { chinese.modelled(before, id, 0).1 } else { chinese.next(before, c).1 }
    }

    /// The likeliest way of a layer, with what comes next.
    fn best(&self, depth: usize, next: Option<char>, chinese: Scorer) -> usize {
        let ways = &self.layers[depth];
        let with_next = |way: &Way| {
            let state = self.state(way.place, chinese);
            let behind =
                next.map_or_else(|| chinese.end(state), |next| chinese.next(state, next).0);
            way.cost + behind
        };
        // Costs are of a twelfth of a nat, so that some are the same: then it is the commoner character.
        let commoner = |way: &Way| chinese.model().cost(self.can_be[way.place].1);
        let cheapest = (0..ways.len()).min_by_key(|at| ways[*at].cost).unwrap_or(0);
        let (mut best, mut least) = (cheapest, with_next(&ways[cheapest]));
        for (at, way) in ways.iter().enumerate() {
            // What comes next costs something, so that a way that is no cheaper without needs no look.
            if way.cost < least && at != cheapest {
                let cost = with_next(way);
                let is_better = || commoner(way) < commoner(&ways[best]);
                if cost < least || cost == least && is_better() {
                    (best, least) = (at, cost);
                }
            }
        }
        best
    }
}
