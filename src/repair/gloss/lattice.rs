//! The inversion: every way to read the bytes of a damaged line, and the likeliest of them.
//!
//! What stands on the page came about so: clean bytes, glosses put after pairs of bytes wherever
//! such a pair formed (aligned with the characters or not), and a decoder that ate or replaced the
//! bytes it could not read. Walking over the text from left to right, a [`Node`] knows the clean
//! bytes so far as far as they matter: whether a character of the clean text is begun ("pending"),
//! the last two bytes, the last character. Every step undoes one thing that the forward model can
//! have done, so a path over the whole line is a clean line that the model turns into the damaged
//! one; what remains open (a byte that was eaten without a trace) is decided by
//! [fluency](super::fluency), and such steps are marked as guessed.

use super::active::Active;
use super::fluency::{self, Cost, Script, Token};
use super::habits::Habits;
use super::swallowed::Swallowed;
use super::words::{self, Division};
use super::{cut, gbk};

mod walk;
use walk::Walk;

/// What it costs to leave a shifted run without an explanation.
const GIVE_UP: Cost = 70 * 8;
/// Nodes at one place that cost this much more than the cheapest are dropped.
const BEAM: Cost = 90 * 8;
/// No more nodes than this are kept at one place: many are alike but for one lost byte.
const WIDTH: usize = 48;
const NO_PARENT: u32 = u32::MAX;

/// The marks that decoders left on a passage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decoders {
    /// `?` for a lead byte and the byte after it.
    pub(super) swallows: bool,
    /// U+FFFD for a byte.
    pub(super) replaces: bool,
    /// Nothing for a byte.
    pub(super) drops: bool,
    /// The bytes were cut at what looked like punctuation, and the pieces read alone.
    pub(super) splits: bool,
}

/// What is known of the passage that a line stands in.
#[derive(Clone, Copy)]
pub(super) struct Passage<'p> {
    pub(super) active: &'p Active,
    pub(super) swallowed: &'p Swallowed,
    pub(super) decoders: Decoders,
    pub(super) script: Script,
    pub(super) habits: &'p Habits,
}

/// What a step undid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: the character is what it was, or half of two that were.
    Read,
    /// A gloss after its own character.
    Aligned,
    /// A gloss after a pair that two characters form.
    Misaligned,
    /// A byte that the decoder ate, known only by likelihood.
    Lost,
    /// Nothing fits: the run is left.
    GivenUp,
}

/// One step of the chosen path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Bytes of the line, from and to.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: Kind,
    /// Clean text.
    pub(super) chars: [Option<char>; 2],
    /// Whether damaged and clean text are in step after it.
    pub(super) in_step: bool,
}

impl Step {
    /// Whether nothing is done.
    pub(super) fn stays(&self) -> bool {
        self.kind == Kind::Read && self.in_step
    }
}

#[derive(Clone, Copy)]
struct Node {
    parent: u32,
    at: u32,
    cost: Cost,
    /// Lead byte of a clean character that is begun, or 0.
    pending: u8,
    last: [u8; 2],
    before: Token,
    words: Division,
    last_char: char,
    /// What it costs if no gloss of `last` follows.
    due: Cost,
    /// Whether no gloss came after the last byte.
    adjacent: bool,
    kind: Kind,
    chars: [Option<char>; 2],
}

/// What of a node matters to what follows it.
type Key = (u8, [u8; 2], [Token; 2], bool, Cost);

impl Node {
    fn key(&self) -> Key {
        (self.pending, self.last, self.words.key(), self.adjacent, self.due)
    }
}

/// The search, with its memory for reuse.
#[derive(Default)]
pub(super) struct Lattice {
    nodes: Vec<Node>,
    /// By byte of the line: the nodes that stand there.
    places: Vec<Vec<u32>>,
    /// What the nodes that are kept at one place have before them.
    keys: Vec<Key>,
    furthest: usize,
    /// Bytes of the line where it was cut without a trace.
    silent: Vec<usize>,
    /// Whether also the steps without a choice are counted.
    count_all: bool,
}

impl Lattice {
    /// Reads `line` and puts the steps of the cheapest path into `steps`. `end` says that nothing
    /// follows the line. Returns what the path costs; where there is no choice nothing is counted.
    pub(super) fn read(
        &mut self,
        line: &str,
        end: bool,
        passage: Passage<'_>,
        steps: &mut Vec<Step>,
    ) -> Cost {
        self.count_all = false;
        self.walk(line, end, passage, steps)
    }

    /// What the cheapest path costs, all counted.
    pub(super) fn cost(
        &mut self,
        line: &str,
        end: bool,
        passage: Passage<'_>,
        steps: &mut Vec<Step>,
    ) -> Cost {
        self.count_all = true;
        self.walk(line, end, passage, steps)
    }

    fn walk(&mut self, line: &str, end: bool, passage: Passage<'_>, steps: &mut Vec<Step>) -> Cost {
        self.nodes.clear();
        if self.places.len() <= line.len() {
            self.places.resize_with(line.len() + 1, Vec::new);
        }
        self.furthest = 0;
        self.silent.clear();
        if passage.decoders.drops && passage.decoders.splits {
            self.silent.extend(cut::silent(line));
        }
        let start = Node {
            parent: NO_PARENT,
            at: 0,
            cost: 0,
            pending: 0,
            last: [0; 2],
            before: fluency::table().token('\n'),
            words: Division::new(),
            last_char: '\n',
            due: 0,
            adjacent: false,
            kind: Kind::Read,
            chars: [None; 2],
        };
        self.nodes.push(start);
        self.places[0].push(0);
        for at in 0..line.len() {
            if self.places[at].is_empty() {
                continue;
            }
            self.thin(at);
            if self.skip(line, at, passage) {
                self.places[at].clear();
                continue;
            }
            let mut next = 0;
            // Dropped bytes add nodes to the same place.
            while next < self.places[at].len() {
                let index = self.places[at][next];
                let alone = self.places[at].len() == 1 && self.furthest <= at && !self.count_all;
                let silent = self.silent.binary_search(&at).is_ok();
                let from = self.nodes[index as usize];
                let walk = Walk { line, at, end, index, from, alone, silent, passage };
                walk.go(self);
                next += 1;
            }
            self.places[at].clear();
        }
        let cost = self.backtrack(line.len(), steps);
        self.places[line.len()].clear();
        cost
    }

    /// Where there is one path and it is in step, text is what it is up to the next place where a
    /// gloss or a lost byte can be: goes there at once.
    fn skip(&mut self, line: &str, at: usize, passage: Passage<'_>) -> bool {
        let &[index] = &self.places[at][..] else { return false };
        let mut node = self.nodes[index as usize];
        if node.pending != 0 || self.count_all || self.furthest > at {
            return false;
        }
        let (from, bytes) = (at, &line.as_bytes()[at..]);
        let special = |at: usize| match bytes[at] {
            b'(' | b'?' => true,
            0xEF if matches!(bytes[at + 1..], [0xBF, 0xBD, ..] | [0xBC, 0x88, ..]) => true,
            _ => self.silent.binary_search(&(from + at)).is_ok(),
        };
        let len = (0..bytes.len()).find(|&at| special(at)).unwrap_or(bytes.len());
        if len == 0 {
            return false;
        }
        let text = &line[at..at + len];
        let mut from = len;
        for _ in 0..words::MATTERS {
            from = text.floor_char_boundary(from.saturating_sub(1));
        }
        if from > 0 {
            (node.last, node.adjacent) = ([0; 2], true);
        }
        for c in text[from..].chars() {
            (node.before, node.last_char) = (fluency::table().token(c), c);
            node.words.pass(node.before);
            let (last, adjacent) = match gbk::encode(c) {
                _ if c.is_ascii() => ([node.last[1], c as u8], node.adjacent),
                Some(pair) => (pair, true),
                None => ([0; 2], false),
            };
            let entry = passage.active.at(last).filter(|_| adjacent);
            node.due = entry.map_or(0, |e| e.missed);
            (node.last, node.adjacent) = (last, last != [0; 2]);
        }
        (node.parent, node.at, node.kind) = (index, (at + len) as u32, Kind::Read);
        node.chars = [Some(node.last_char), None];
        self.add(node);
        true
    }

    /// Keeps the cheapest of nodes that have the same future, and of those the cheapest few.
    fn thin(&mut self, at: usize) {
        let (nodes, place) = (&self.nodes, &mut self.places[at]);
        if place.len() < 2 {
            return;
        }
        place.sort_by_key(|&i| nodes[i as usize].cost);
        let dearest = nodes[place[0] as usize].cost + BEAM;
        self.keys.clear();
        place.retain(|&i| {
            let node = &nodes[i as usize];
            if self.keys.len() == WIDTH || node.cost > dearest {
                return false;
            }
            let key = node.key();
            let new = !self.keys.contains(&key);
            if new {
                self.keys.push(key);
            }
            new
        });
    }

    fn add(&mut self, node: Node) {
        let at = node.at as usize;
        self.furthest = self.furthest.max(at);
        self.places[at].push(self.nodes.len() as u32);
        self.nodes.push(node);
    }

    fn backtrack(&mut self, end: usize, steps: &mut Vec<Step>) -> Cost {
        steps.clear();
        let cost = |i: &u32| {
            let node = &self.nodes[*i as usize];
            node.cost + node.due + if node.pending == 0 { 0 } else { GIVE_UP }
        };
        let Some(&(mut index)) = self.places[end].iter().min_by_key(|i| cost(i)) else { return 0 };
        let all = cost(&index);
        let unfinished = self.nodes[index as usize].pending != 0;
        while self.nodes[index as usize].parent != NO_PARENT {
            let node = self.nodes[index as usize];
            let from = self.nodes[node.parent as usize].at as usize;
            let in_step = node.pending == 0;
            let (to, kind, chars) = (node.at as usize, node.kind, node.chars);
            steps.push(Step { from, to, kind, chars, in_step });
            index = node.parent;
        }
        steps.reverse();
        if unfinished {
            steps.push(Step {
                from: end,
                to: end,
                kind: Kind::GivenUp,
                chars: [None; 2],
                in_step: true,
            });
        }
        all
    }
}
