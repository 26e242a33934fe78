//! How often Chinese characters occur, and which follow which.
//!
//! A model of characters and of adjacent characters, Simplified and Traditional together. It is
//! trained by `data/tables/frequencies/train.py` (which says on what); the tables it writes are
//! checked in, and compiled into `data/compiled/frequencies.bin`. To rebuild that file:
//! `HANMEND_REGENERATE=1 cargo test --lib dict::frequency`.
//!
//! Probabilities are *costs*: −12 · ln p, so that a difference of 12 is a factor of e, and costs
//! of independent things add.
//!
//! Adjacent characters are counted after folding Traditional to Simplified: 中國 and 中国 are one
//! pair, and what tells 國 from 国 is how often each is written.
//!
//! ```
//! use hanmend::dict::frequency::Frequencies;
//!
//! let model = Frequencies::standard();
//! let (zhong, guo, juan) = (model.id('中'), model.id('国'), model.id('涓'));
//! assert!(model.follow(zhong, guo) < model.follow(zhong, juan));
//! ```
//!
//! # Compiled form
//!
//! Little endian: `HMFQ`, version (u16), number of characters n (u16), number of pairs m (u32); then n
//! characters in order (u16 each), their costs (u8), the cost of falling back from each to single
//! characters (u8), the index of what each folds to (u16), n + 1 starts of the pairs of each
//! (u32), m indices of second characters (u16, in order within a first), m costs (u8).

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::error::{Error, ErrorKind};

#[cfg(test)]
mod compile;

/// A cost of this much is a factor of e in probability.
pub const NAT: u32 = 12;

/// What stands for everything that is no Chinese: line ends, blanks, Latin letters, digits.
const EDGE: char = '#';
const MAGIC: &[u8; 4] = b"HMFQ";
const VERSION: u16 = 1;
const HEADER: usize = 12;
/// The cost of a character that the model does not have: rarer than the rarest that it has.
const UNKNOWN: u32 = 17 * NAT;
static STANDARD: &[u8] = include_bytes!("../../data/compiled/frequencies.bin");

/// A character of the model, or none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id(u16);

impl Id {
    /// No character of the model.
    pub const NONE: Id = Id(u16::MAX);

    /// Whether it is a character of the model.
    pub fn is_known(self) -> bool {
        self != Id::NONE
    }

    /// The place as a number, for hashing.
    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }
}

/// What follows one character, laid out by [`Frequencies::lay_out`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    before: Option<Id>,
    /// The cost of falling back from it; none where it is no character of the model.
    backoff: Option<u8>,
    /// By what a character folds to, the cost of the pair and one more; 0 for none.
    costs: Vec<u16>,
    /// Where in `costs` it is not 0.
    filled: Vec<u16>,
}

impl Row {
    /// Whether it says what follows `before`.
    pub(crate) fn is_of(&self, before: Id) -> bool {
        self.before == Some(before)
    }
}

/// The model; the [module](self) says what it is.
#[derive(Debug)]
pub struct Frequencies {
    chars: Vec<u16>,
    costs: Vec<u8>,
    backoff: Vec<u8>,
    folds: Vec<u16>,
    starts: Vec<u32>,
    seconds: Vec<u16>,
    pair_costs: Vec<u8>,
    /// The cost of all characters that fold to one, taken together.
    folded_costs: Vec<u8>,
    /// Indices by code point, `u16::MAX` for none.
    index: Vec<u16>,
    edge: Id,
}

impl Frequencies {
    /// The model that is compiled into the library.
    pub fn standard() -> &'static Frequencies {
        static MODEL: LazyLock<Frequencies> = LazyLock::new(|| {
            // A test opens the same bytes: there is nothing to fall back from.
            Frequencies::open(STANDARD).unwrap_or_else(|_| Frequencies::empty())
        });
        &MODEL
    }

    /// Opens the compiled form. Damaged bytes are an error, never a panic.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Table`] when the bytes are not what this version wrote.
    pub fn open(bytes: &[u8]) -> Result<Frequencies, Error> {
        let bad = |what: &'static str| Error::new(ErrorKind::Table, what);
        if bytes.len() < HEADER || bytes[..4] != *MAGIC {
            return Err(bad("the frequency table does not start as one"));
        }
        if u16::from_le_bytes([bytes[4], bytes[5]]) != VERSION {
            return Err(bad("the frequency table is of another version"));
        }
        let n = usize::from(u16::from_le_bytes([bytes[6], bytes[7]]));
        let m = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize;
        if n == 0 || bytes.len() != HEADER + n * 6 + (n + 1) * 4 + m * 3 {
            return Err(bad("the frequency table has another length than it says"));
        }
        let mut rest = &bytes[HEADER..];
        let mut take = |count: usize| {
            let (head, tail) = rest.split_at(count);
            rest = tail;
            head
        };
        let halves = |b: &[u8]| -> Vec<u16> {
            b.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect()
        };
        let chars = halves(take(n * 2));
        let costs = take(n).to_vec();
        let backoff = take(n).to_vec();
        let folds = halves(take(n * 2));
        let starts: Vec<u32> = take((n + 1) * 4)
            .chunks_exact(4)
            .map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
            .collect();
        let seconds = halves(take(m * 2));
        let pair_costs = take(m).to_vec();
        let in_range = |i: &u16| usize::from(*i) < n;
        if !folds.iter().all(in_range) || !seconds.iter().all(in_range) {
            return Err(bad("the frequency table points outside itself"));
        }
        if starts.windows(2).any(|w| w[0] > w[1]) || starts[n] as usize != m {
            return Err(bad("the pairs of the frequency table are out of order"));
        }
        let mut index = vec![u16::MAX; 0x1_0000];
        for (i, &c) in chars.iter().enumerate() {
            index[usize::from(c)] = i as u16;
        }
        let mut together = vec![0f64; n];
        for (i, &fold) in folds.iter().enumerate() {
            together[usize::from(fold)] += (-f64::from(costs[i]) / f64::from(NAT)).exp();
        }
        let folded_costs =
            together.iter().map(|p| (-p.ln() * f64::from(NAT)).clamp(0.0, 255.0) as u8).collect();
        let edge = Id(index[EDGE as usize]);
        Ok(Frequencies {
            chars,
            costs,
            backoff,
            folds,
            starts,
            seconds,
            pair_costs,
            folded_costs,
            index,
            edge,
        })
    }

    fn empty() -> Frequencies {
        Frequencies {
            chars: Vec::new(),
            costs: Vec::new(),
            backoff: Vec::new(),
            folds: Vec::new(),
            starts: vec![0],
            seconds: Vec::new(),
            pair_costs: Vec::new(),
            folded_costs: Vec::new(),
            index: vec![u16::MAX; 0x1_0000],
            edge: Id::NONE,
        }
    }

    /// The character's place in the model. Line ends, blanks, ASCII and `…`-like things that the
    /// model does not tell apart are its [`edge`](Frequencies::edge) only where the caller says so.
    pub fn id(&self, c: char) -> Id {
        if c == EDGE {
            return Id::NONE;
        }
        Id(self.index.get(c as usize).copied().unwrap_or(u16::MAX))
    }

    /// The same for a Han of the BMP, by its code point.
    pub(crate) fn id_of(&self, han: u16) -> Id {
        Id(self.index[usize::from(han)])
    }

    /// What a character and its other forms, Simplified and Traditional, have in common; none where the model does not have it.
    pub(crate) fn fold(&self, c: char) -> Option<u16> {
        self.folds.get(usize::from(self.id(c).0)).copied()
    }

    /// What stands before the first and after the last character of a run of Chinese.
    pub fn edge(&self) -> Id {
        self.edge
    }

    /// The character at a place.
    pub fn char(&self, id: Id) -> Option<char> {
        char::from_u32(u32::from(*self.chars.get(usize::from(id.0))?))
    }

    /// The cost of a character by itself.
    pub fn cost(&self, id: Id) -> u32 {
        self.costs.get(usize::from(id.0)).map_or(UNKNOWN, |&c| u32::from(c))
    }

    /// The cost of `next` after `before`.
    pub fn follow(&self, before: Id, next: Id) -> u32 {
        let first = self.folds.get(usize::from(before.0)).copied();
        let backoff = first.map(|first| self.backoff[usize::from(first)]);
        self.after(backoff, next, |fold| {
            let pairs = self.pairs(first?);
            let at = self.seconds[pairs.clone()].binary_search(&fold).ok()?;
            Some(u32::from(self.pair_costs[pairs.start + at]))
        })
    }

    /// The cost of each of `nexts` after `before`, as [`follow`](Frequencies::follow); the faster, the more of them are
    /// in order.
    pub(crate) fn follow_each(
        &self,
        before: Id,
        nexts: impl Iterator<Item = Id>,
        costs: &mut Vec<u32>,
    ) {
        let first = self.folds.get(usize::from(before.0)).copied();
        let backoff = first.map(|first| self.backoff[usize::from(first)]);
        let pairs = first.map_or(0..0, |first| self.pairs(first));
        let (seconds, pair_costs) = (&self.seconds[pairs.clone()], &self.pair_costs[pairs]);
        // Where the last that folds to itself stands among the seconds, or would stand.
        let mut at = 0;
        costs.extend(nexts.map(|next| {
            self.after(backoff, next, |fold| {
                if fold != next.0 {
                    return seconds.binary_search(&fold).ok().map(|at| u32::from(pair_costs[at]));
                }
                if seconds.get(at).is_some_and(|second| *second > fold) {
                    at = 0;
                }
                let mut step = 1;
                while seconds.get(at + step).is_some_and(|second| *second <= fold) {
                    at += step;
                    step *= 2;
                }
                let end = seconds.len().min(at + step);
                at += seconds[at..end].binary_search(&fold).ok()?;
                Some(u32::from(pair_costs[at]))
            })
        }));
    }

    /// The cost of `next`, where falling back to it costs `backoff` (none: nothing is before it), and `pair` is
    /// asked for the cost of a pair with what it folds to.
    fn after(&self, backoff: Option<u8>, next: Id, pair: impl FnOnce(u16) -> Option<u32>) -> u32 {
        let (Some(&fold), Some(&own)) =
            (self.folds.get(usize::from(next.0)), self.costs.get(usize::from(next.0)))
        else {
            return UNKNOWN;
        };
        let Some(backoff) = backoff else { return u32::from(own) };
        let all = u32::from(self.folded_costs[usize::from(fold)]);
        let writing = u32::from(own).saturating_sub(all);
        pair(fold).unwrap_or_else(|| u32::from(backoff) + all) + writing
    }

    /// The costs of all that follows `before`, laid out in `row`, where many are to be asked for.
    pub(crate) fn lay_out(&self, before: Id, row: &mut Row) {
        if row.is_of(before) {
            return;
        }
        for fold in row.filled.drain(..) {
            row.costs[usize::from(fold)] = 0;
        }
        row.costs.resize(self.costs.len(), 0);
        row.before = Some(before);
        row.backoff = None;
        if let Some(&first) = self.folds.get(usize::from(before.0)) {
            let pairs = self.pairs(first);
            row.backoff = Some(self.backoff[usize::from(first)]);
            row.filled.extend_from_slice(&self.seconds[pairs.clone()]);
            for (&fold, &cost) in row.filled.iter().zip(&self.pair_costs[pairs]) {
                row.costs[usize::from(fold)] = u16::from(cost) + 1;
            }
        }
    }

    /// The cost of `next` after what `row` was laid out for: as [`follow`](Frequencies::follow).
    pub(crate) fn follow_in(&self, row: &Row, next: Id) -> u32 {
        let pair = |fold: u16| u32::from(row.costs[usize::from(fold)]).checked_sub(1);
        self.after(row.backoff, next, pair)
    }

    /// What is known to follow `before`, folded to Simplified, with its cost.
    pub fn followers(&self, before: Id) -> impl Iterator<Item = (Id, u32)> + '_ {
        let pairs = self.folds.get(usize::from(before.0)).map_or(0..0, |&first| self.pairs(first));
        pairs.map(|i| (Id(self.seconds[i]), u32::from(self.pair_costs[i])))
    }

    /// Every character of the model.
    pub fn all(&self) -> impl Iterator<Item = (Id, char)> + '_ {
        self.chars.iter().enumerate().filter_map(|(i, &c)| {
            let c = char::from_u32(u32::from(c)).filter(|&c| c != EDGE)?;
            Some((Id(i as u16), c))
        })
    }

    /// The characters of the model with these code points, in order.
    pub(crate) fn among(
        &self,
        codes: RangeInclusive<u16>,
    ) -> impl Iterator<Item = (Id, char)> + '_ {
        let from = self.chars.partition_point(|c| c < codes.start());
        let chars = self.chars[from..].iter().take_while(move |c| *c <= codes.end());
        let with_id = move |(i, &c): (usize, &u16)| {
            Some((Id((from + i) as u16), char::from_u32(u32::from(c)).filter(|c| *c != EDGE)?))
        };
        chars.enumerate().filter_map(with_id)
    }

    fn pairs(&self, first: u16) -> std::ops::Range<usize> {
        let at = usize::from(first);
        self.starts[at] as usize..self.starts[at + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_tables_are_errors() {
        assert!(Frequencies::open(STANDARD).is_ok());
        assert!(Frequencies::open(&[]).is_err());
        assert!(Frequencies::open(&STANDARD[..STANDARD.len() - 1]).is_err());
        for at in [0, 4, 6, 8, 9000, 30_000, 60_000] {
            let mut bytes = STANDARD.to_vec();
            bytes[at] ^= 0xFF;
            // Some damage cannot be told from a cost; none may panic.
            let _ = Frequencies::open(&bytes);
        }
    }

    #[test]
    fn traditional_and_simplified_are_one_pair() {
        let m = Frequencies::standard();
        let cost = |a, b| m.follow(m.id(a), m.id(b));
        assert!(cost('中', '国') < cost('中', '过'));
        assert!(cost('中', '國') < cost('中', '過'));
        assert!(m.cost(m.id('的')) < m.cost(m.id('恍')));
        assert!(m.cost(m.id('鐨')) >= UNKNOWN, "mojibake is no Chinese");
    }

    #[test]
    fn a_row_says_what_follow_says() {
        let m = Frequencies::standard();
        let mut row = Row::default();
        let all: Vec<Id> = m.all().map(|(id, _)| id).chain([Id::NONE, m.edge()]).collect();
        for before in
            ['中', '國', '恍', '。'].map(|c| m.id(c)).into_iter().chain([Id::NONE, m.edge()])
        {
            m.lay_out(before, &mut row);
            for &next in &all {
                assert_eq!(m.follow_in(&row, next), m.follow(before, next));
            }
        }
    }

    #[test]
    fn each_costs_what_follow_says() {
        let m = Frequencies::standard();
        let all: Vec<Id> = m.all().map(|(id, _)| id).chain([Id::NONE]).collect();
        let some = ['中', '國', '恍', '。'].map(|c| m.id(c));
        for before in some.into_iter().chain([Id::NONE, m.edge()]) {
            for every in [1, 7, 64] {
                let nexts = || all.iter().copied().step_by(every);
                let nexts = || nexts().chain(nexts().rev());
                let mut costs = Vec::new();
                m.follow_each(before, nexts(), &mut costs);
                let follow: Vec<u32> = nexts().map(|next| m.follow(before, next)).collect();
                assert_eq!(costs, follow);
            }
        }
    }

    #[test]
    fn followers_are_what_follow_says() {
        let m = Frequencies::standard();
        let zhong = m.id('中');
        assert!(m.followers(zhong).count() > 50);
        for (id, cost) in m.followers(zhong) {
            assert!(m.follow(zhong, id) >= cost);
        }
    }
}
