//! Reads backwards: the characters of a passage to the bytes they were read from, the bytes to
//! the characters that were written, with lost bytes filled in by what reads best.
//!
//! Where no byte was lost there is one way and it is taken. A lost byte is known by a mark
//! (U+FFFD, `?`) or by a character that is not whole when the next begins. Every byte that the
//! decoder can have lost there is tried, every way is scored by the model in its context, and a
//! beam of the best is kept until the ways meet again: the choice looks at what follows, too.

use std::sync::Mutex;

use super::codepage::CodePage;
use super::score::{RARE_HAN, Scorer, State};
use super::writing::{Pending, Step, Writing, utf8_len};
use crate::dict::frequency::{Id, NAT, Row};

/// How many ways are kept. A lost byte of UTF-8 has 64 at most, one of GBK 190.
const BEAM: usize = 256;
/// How many are looked at for that: where two bytes are lost, thousands of pairs are possible.
const CROWD: usize = 1024;
/// From how many of the best ways two lost bytes are tried; with how many first bytes; and with how many
/// characters where the two are one.
const FEW: usize = 4;
const FIRSTS: usize = 12;
const COMMONEST: usize = 400;
/// So many marks in a row, each of which is two bytes, leave nothing to go by.
const MARKS: usize = 3;
/// When so much is lost of what was gained by reading back, the damage is past: a character that is none costs
/// ten nats more.
const PAST: i64 = 64 * NAT as i64;
/// So many characters before the place where it had become least likely other damage may begin.
const BEFORE: usize = 3;
/// A way this much dearer than the best is given up: what follows makes a difference of one pair
/// of characters, which is less.
const HOPELESS: u32 = 16 * NAT;
/// What it costs to take a byte for dropped without a mark: such damage is rarer than marks are.
const DROPPED: u32 = 5 * NAT;
/// What it costs to leave a character unknown: more than a rare character.
const UNKNOWN: u32 = 18 * NAT;
/// What reading on with a lost byte costs beside the character itself.
const LOST: u32 = NAT / 2;
/// What it costs that the damaged passage ended here when its bytes were read: what follows was
/// put behind it later.
const PASTED: u32 = 2 * NAT;
/// What it costs that the damage ended while its bytes would go on.
const ENDED: u32 = 3 * NAT;
/// A `?` may be a question mark after all.
const QUESTION: u32 = 3 * NAT;
/// What a letter beyond ASCII costs more where it may be one by accident.
const ACCIDENT: u32 = 6 * NAT;
/// What two ways must differ by for the better to be sure. The model is of news: in other text a
/// wrong way was cheaper by up to half of this.
const SURE: u32 = 14 * NAT;

/// A way to read back, so far.
#[derive(Clone, Copy)]
struct Way {
    pending: Pending,
    /// Whether a byte of `pending` was chosen.
    chosen: bool,
    /// Whether the damage must end here for this way to be right.
    last: bool,
    state: State,
    cost: u32,
    node: u32,
}

impl Way {
    /// The same for ways that have come to the same place.
    fn hash(&self) -> usize {
        let bytes = self.pending.bytes().iter();
        bytes.fold(self.state.id().number(), |hash, b| hash.wrapping_mul(31) + usize::from(*b))
    }
}

/// A way that ended before the run did.
struct Finished {
    node: u32,
    /// What it costs with what came after it, as that stands.
    cost: u32,
    state: State,
}

/// A character on a way.
struct Node {
    back: u32,
    c: char,
    certainty: Certainty,
    cost: u32,
    state: State,
    /// The index of the character that its last byte came from.
    at: u32,
    /// The index after the last character read, where both sides end together; else 0.
    aligned: u32,
}

/// How a character came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// Its bytes stand in the text.
    Sure,
    /// One or more of its bytes were chosen.
    Guess,
    /// It is lost.
    Unknown,
}

/// A stretch between two places where characters of both sides end together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// One past its last character in the damaged text; it starts where the one before ends.
    pub(super) end: usize,
    /// One past its last byte in [`Readback::text`].
    pub(super) text_end: usize,
    pub(super) cost: u32,
    /// Its first character.
    pub(super) first: char,
    /// What the piece before left, and what this one leaves.
    pub(super) states: (State, State),
    pub(super) certainty: Certainty,
    /// Bytes of [`Readback::text`] that were guessed or are unknown, from the piece's start.
    pub(super) chosen: Option<(usize, usize)>,
}

impl Piece {
    /// Whether no byte of it was chosen, though it may still be a guess that it is damage.
    pub(super) fn is_complete(&self) -> bool {
        self.chosen.is_none()
    }

    /// How much more its first character costs after `state` than after the piece before.
    pub(super) fn entry(&self, scorer: Scorer, state: State) -> i64 {
        let cost = |s| i64::from(scorer.next(s, self.first).0);
        cost(state) - cost(self.states.0)
    }
}

/// What a run of characters reads as.
#[derive(Debug, Default)]
pub(super) struct Readback {
    pub(super) text: String,
    pub(super) pieces: Vec<Piece>,
    /// Where other damage may begin: behind it, or shortly before it had become least likely.
    pub(super) next: usize,
}

/// The commonest characters of an encoding whose pairs a decoder does not have.
type LostChars = ((CodePage, Writing), &'static [char]);

const NO_NODE: u32 = u32::MAX;

/// Nodes after which those that no way leads to any more are dropped. Where many bytes are lost, each
/// character tries hundreds of ways, and a long passage would take tens of megabytes.
const FULL: usize = 1 << 16;

/// Work space, reused between runs.
pub(super) struct Lattice {
    scorer: Scorer,
    nodes: Vec<Node>,
    /// Nodes after which they are looked through, and twice those that were left the last time.
    full: usize,
    grown: usize,
    ways: Vec<Way>,
    next: Vec<Way>,
    kept: Vec<Way>,
    links: Vec<u16>,
    /// Ways that were merged though the worse was hardly dearer: the ends of both.
    doubts: Vec<(u32, u32)>,
    /// Nodes of one way that the other may have as well.
    same: Vec<(u32, u32, char)>,
    finished: Vec<Finished>,
    losses: Losses,
    /// What follows the last character of a way of which many are made.
    row: Row,
    /// Whether a byte that was chosen made a character that the model has.
    completed: bool,
    /// What the dearest of the best ways costs, and work space to find it.
    few: u32,
    costs: Vec<u32>,
    /// What a way may cost at the most, now that another is as cheap as it is.
    limit: u32,
    /// The index of the character that is read now.
    at: u32,
    /// Whether characters were read as pairs of bytes, so that any two bytes may be one by accident.
    pairs: bool,
    /// Whether it was written in UTF-16.
    wide: bool,
    /// Whether one lost byte shifts all that follows: UTF-16 has no bytes that only begin a character.
    loose: bool,
}

impl Lattice {
    pub(super) fn new(scorer: Scorer) -> Lattice {
        Lattice {
            scorer,
            nodes: Vec::new(),
            full: FULL,
            grown: 0,
            ways: Vec::new(),
            next: Vec::new(),
            kept: Vec::new(),
            links: Vec::new(),
            doubts: Vec::new(),
            same: Vec::new(),
            finished: Vec::new(),
            losses: Losses::default(),
            row: Row::default(),
            completed: false,
            few: u32::MAX,
            costs: Vec::new(),
            limit: u32::MAX,
            at: 0,
            pairs: false,
            wide: false,
            loose: false,
        }
    }

    /// Reads `chars` from their start, as far as they can be bytes of `page` that make text in
    /// `writing`, and are not far likelier as they stand: `costs` has what all before each cost so.
    pub(super) fn read(
        &mut self,
        chars: &[char],
        costs: &[u32],
        page: CodePage,
        writing: Writing,
    ) -> Readback {
        self.nodes.clear();
        self.grown = 0;
        self.ways.clear();
        self.finished.clear();
        let state = self.scorer.start();
        let pending = Pending::default();
        self.ways.push(Way { pending, chosen: false, last: false, state, cost: 0, node: NO_NODE });
        self.pairs = !page.is_single();
        self.wide = writing.is_wide();
        self.loose = writing.is_wide() && page == CodePage::Gbk;
        let table = page.table();
        let mut best = NO_NODE;
        let mut end = chars.len();
        let mut marks = 0;
        // What was gained by reading back, at the most, up to here, and at the least after that and where.
        let (mut most, mut gain, mut least, mut again) = (0, 0, 0, 0_usize);
        let mut past = None;
        for (at, &c) in chars.iter().enumerate() {
            self.at = at as u32;
            if most - gain > PAST && !self.wide {
                self.clear_next();
                self.complete(page, writing, at);
                (end, past) = (at, Some(again.saturating_sub(BEFORE).max(1)));
                break;
            }
            self.finish(c);
            self.clear_next();
            self.weigh();
            marks = if c == '\u{FFFD}' { marks + 1 } else { 0 };
            let waiting = self.ways.iter().any(|w| !w.pending.is_empty());
            if self.pairs && marks >= MARKS {
                // The run ends.
            } else if page == CodePage::Utf16 {
                self.wide(c, writing);
            } else if c == '\u{FFFD}' || c == '?' && waiting {
                let after = chars.get(at + 1).and_then(|&c| first_byte(table, c));
                self.mark(page, writing, c, after);
            } else if c.is_ascii() {
                self.bytes(page, writing, &[c as u8]);
            } else {
                // € is A2 E3 as well as 80; before a mark and at the end, the one is as likely as the
                // other.
                let ends = |&next: &char| "\u{FFFD}?".contains(next) || table.unit(next).is_none();
                let unclear = c == '€' && chars.get(at + 1).is_none_or(ends);
                self.ways.iter_mut().for_each(|way| way.chosen |= unclear && self.pairs);
                for unit in table.units(c) {
                    if unit < 0x100 {
                        self.bytes(page, writing, &[unit as u8]);
                    } else {
                        self.bytes(page, writing, &unit.to_be_bytes());
                    }
                }
                // š can be both: byte 9A, or C5 A1.
                if let Some(bytes) = fused(page, writing, c) {
                    self.bytes(page, writing, &bytes);
                }
            }
            if self.next.is_empty() {
                // The run ends here; what is not whole may have lost its end.
                self.complete(page, writing, at);
                end = at;
                break;
            }
            std::mem::swap(&mut self.ways, &mut self.next);
            self.prune();
            let cheapest = self.ways.iter().map(|w| w.cost).min().unwrap_or(0);
            gain = i64::from(costs[at + 1] - costs[0]) - i64::from(cheapest);
            if gain >= most {
                (most, least) = (gain, gain);
            } else if gain <= least {
                (least, again) = (gain, at + 1);
            }
            let dearest = cheapest + HOPELESS;
            self.finished.retain(|f| f.cost <= dearest);
            for way in &self.ways {
                if way.pending.is_empty() && way.node != NO_NODE {
                    self.nodes[way.node as usize].aligned = at as u32 + 1;
                }
            }
            if let Some(way) =
                self.ways.iter().filter(|w| w.pending.is_empty()).min_by_key(|w| w.cost)
            {
                best = way.node;
            }
            if at + 1 == chars.len() {
                self.clear_next();
                self.complete(page, writing, at + 1);
            } else if self.nodes.len() >= self.full.max(self.grown) {
                self.drop_dead_ends(&mut best);
                self.grown = 2 * self.nodes.len();
            }
        }
        // What was whole at the end of the run, in the light of what follows it; else what was
        // completed there; or what had ended before.
        let after = chars.get(end);
        let whole = |w: &&Way| w.pending.is_empty() && w.node != NO_NODE;
        let from = if self.ways.iter().any(|w| whole(&w)) { &self.ways } else { &self.next };
        let ends = from.iter().filter(whole).map(|w| (w.cost + self.leave(w.state, after), w.node));
        let mut ends: Vec<(u32, u32)> =
            ends.chain(self.finished.iter().map(|f| (f.cost, f.node))).collect();
        ends.sort_by_key(|(cost, _)| *cost);
        if let Some(&(cost, node)) = ends.first() {
            best = node;
            for &(_, other) in ends[1..].iter().take_while(|end| end.0 < cost + SURE) {
                self.doubt(node, other);
            }
        }
        let mut read = self.path(best);
        read.next = past.unwrap_or(read.pieces.last().map_or(0, |piece| piece.end));
        read
    }

    /// Drops the nodes that neither a way nor `best` leads to. The others stay in their order.
    fn drop_dead_ends(&mut self, best: &mut u32) {
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

    /// Goes on with the ways that are right only if the damage has ended, now that `c` comes: as it
    /// stands. So what was put behind a damaged passage does not win because its bytes, too, are
    /// valid in some way.
    fn finish(&mut self, c: char) {
        for finished in &mut self.finished {
            let (cost, state) = self.scorer.next(finished.state, c);
            (finished.cost, finished.state) = (finished.cost + cost, state);
        }
        let mut best: Option<(u32, &Way)> = None;
        for way in self.ways.iter().filter(|w| w.last && w.pending.is_empty()) {
            // Leaving costs something, so that a way that is no cheaper needs no look.
            if best.is_none_or(|(cost, _)| way.cost < cost) {
                let cost = way.cost + self.leave(way.state, Some(&c));
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, way));
                }
            }
        }
        if let Some((cost, way)) = best {
            let (_, state) = self.scorer.next(way.state, c);
            self.finished.push(Finished { cost: cost + ENDED, state, node: way.node });
        }
    }

    /// All ways take a character whose code units are bytes in the other order. U+FFFD stands for half
    /// a surrogate pair, which the lower byte of a character was taken for.
    fn wide(&mut self, c: char, writing: Writing) {
        if c != '\u{FFFD}' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let from = std::mem::take(&mut self.next);
                if !from.is_empty() {
                    self.ways = from;
                }
                self.clear_next();
                self.bytes(CodePage::Utf16, writing, &unit.to_be_bytes());
            }
            return;
        }
        for i in 0..self.ways.len() {
            let way = self.ways[i];
            self.literal(way, c, UNKNOWN);
            for high in 0x4E..=0x9Fu32 {
                for low in 0xD8..=0xDF {
                    let Some(c) = char::from_u32(high << 8 | low) else { continue };
                    if self.scorer.model().id(c).is_known() {
                        let chosen = Way { chosen: true, cost: way.cost + LOST, ..way };
                        self.offer_char(chosen, c);
                    }
                }
            }
        }
    }

    /// What it costs that a run ends in `state` before `next`: a sentence ends with 。 rather than
    /// with 、, and the byte that tells them apart is often the one that is lost. What was damaged
    /// as one is often a whole by itself, whatever stands behind it.
    fn leave(&self, state: State, next: Option<&char>) -> u32 {
        let ends = self.scorer.end(state);
        next.map_or(ends, |c| self.scorer.next(state, *c).0.min(ends))
    }

    /// All ways take these bytes.
    fn bytes(&mut self, page: CodePage, writing: Writing, bytes: &[u8]) {
        for i in 0..self.ways.len() {
            self.way(self.ways[i], page, writing, bytes);
        }
    }

    /// One way takes these bytes.
    fn way(&mut self, mut way: Way, page: CodePage, writing: Writing, bytes: &[u8]) {
        if way.last {
            return;
        }
        for (i, &byte) in bytes.iter().enumerate() {
            match writing.step(way.pending, byte) {
                Step::More(pending) => way.pending = pending,
                Step::Char(c) => match self.emit(way, c, 0) {
                    Some(emitted) => way = emitted,
                    None => return,
                },
                Step::Bad if !way.pending.is_empty() && writing == Writing::Utf8 => {
                    // The character before is not whole: bytes were dropped.
                    let from = self.next.len();
                    self.dropped(way, page, Some(byte));
                    let completed: Vec<Way> = self.next.drain(from..).collect();
                    for way in completed {
                        self.way(way, page, writing, &bytes[i..]);
                    }
                    return;
                }
                Step::Bad => return,
            }
        }
        self.offer(way);
    }

    /// Takes a way for one that may go on.
    fn offer(&mut self, way: Way) {
        self.limit = self.limit.min(way.cost.saturating_add(HOPELESS));
        self.next.push(way);
    }

    /// Takes a way with a character more for one that may go on.
    fn offer_char(&mut self, way: Way, c: char) {
        if let Some(way) = self.emit(way, c, 0) {
            self.offer(way);
        }
    }

    /// Takes a way for one that may go on, with a mark that stands for itself.
    fn literal(&mut self, way: Way, mark: char, cost: u32) {
        let Some(literal) = self.emit(way, mark, cost) else { return };
        if mark != '?' {
            self.nodes[literal.node as usize].certainty = Certainty::Unknown;
        }
        self.offer(literal);
    }

    /// Finds what the best ways cost.
    fn weigh(&mut self) {
        self.few = u32::MAX;
        if self.ways.len() > FEW {
            self.costs.clear();
            self.costs.extend(self.ways.iter().map(|way| way.cost));
            self.few = *self.costs.select_nth_unstable(FEW - 1).1;
        }
    }

    fn clear_next(&mut self) {
        self.next.clear();
        self.limit = u32::MAX;
    }

    /// A mark stands for one byte that was lost, or for two, or for itself.
    fn mark(&mut self, page: CodePage, writing: Writing, mark: char, after: Option<u8>) {
        let pairs = !page.is_single() && mark != '?';
        if pairs && self.ways.len() > FEW {
            self.ways.select_nth_unstable_by_key(FEW - 1, |way| way.cost);
        }
        for i in 0..self.ways.len() {
            let way = self.ways[i];
            if way.pending.is_empty() && !way.last {
                self.literal(way, mark, if mark == '?' { QUESTION } else { UNKNOWN });
            }
        }
        self.lost_byte(page, writing, after, false);
        if pairs {
            for i in 0..self.ways.len().min(FEW) {
                let way = self.ways[i];
                if !way.last {
                    self.lost_pairs(way, page, writing);
                }
            }
        }
        if !self.completed {
            self.lost_byte(page, writing, after, true);
        }
    }

    /// All ways with every byte that can have been lost before `after`. What it completes are characters that
    /// the model has; or with `rare`, which is where no way completes any of those, Han that it does not have.
    fn lost_byte(&mut self, page: CodePage, writing: Writing, after: Option<u8>, rare: bool) {
        self.completed = false;
        let lost = *self.losses.before(page, after);
        for i in 0..self.ways.len() {
            let way = self.ways[i];
            if way.last || rare && way.pending.is_empty() {
                continue;
            }
            let parts = match writing {
                Writing::Utf8 if way.pending.is_empty() => 0xE2..=0xEF,
                Writing::Utf8 => 0x80..=0xBF,
                _ => 0x40..=0xFFu8,
            };
            let model = self.scorer.model();
            model.lay_out(way.state.id(), &mut self.row);
            let han = match (writing, way.pending.bytes()) {
                (Writing::Utf8, &[lead, second]) => utf8_han(lead, second),
                _ => None,
            };
            for byte in parts {
                // A quick look first: where two bytes are lost, thousands are tried.
                if let Some(first) = han {
                    let id = model.id_of(first | u16::from(byte & 63));
                    if id.is_known() == rare {
                        continue;
                    }
                }
                let last = !lost[usize::from(byte)];
                if last && (way.pending.is_empty() || !page.may_lose(byte, None)) {
                    continue;
                }
                if let Some(first) = han.filter(|_| !rare) {
                    self.completed = true;
                    let id = model.id_of(first | u16::from(byte & 63));
                    if way.cost + LOST + model.follow_in(&self.row, id) > self.limit {
                        continue;
                    }
                }
                let cost = way.cost + if last { PASTED } else { LOST };
                let chosen = Way { chosen: true, last, cost, ..way };
                if let Some(way) = self.chosen(chosen, writing, byte, rare) {
                    self.offer(way);
                }
            }
        }
    }

    /// `way` with a byte that was chosen. What it completes is a character that the model has; or with `rare`,
    /// one that it does not have.
    fn chosen(&mut self, way: Way, writing: Writing, byte: u8, rare: bool) -> Option<Way> {
        match writing.step(way.pending, byte) {
            // A lost lead byte of UTF-8: those of Han and its punctuation.
            Step::More(_)
                if writing == Writing::Utf8
                    && way.pending.is_empty()
                    && !matches!(byte, 0xE2..=0xE9 | 0xEF) =>
            {
                None
            }
            Step::More(pending) => (!rare).then_some(Way { pending, chosen: true, ..way }),
            Step::Char(c) => {
                let is_rare = is_rare(c) && !self.scorer.model().id(c).is_known();
                self.completed |= !is_rare;
                if is_rare != rare {
                    return None;
                }
                self.emit(Way { chosen: true, ..way }, c, 0)
            }
            Step::Bad => None,
        }
    }

    /// One mark for a pair that the decoder did not have, as browsers put it: both bytes are gone,
    /// and the pair may be a character, or the end of one and the beginning of the next.
    fn lost_pairs(&mut self, way: Way, page: CodePage, writing: Writing) {
        let way = Way { chosen: true, cost: way.cost + LOST, ..way };
        if way.pending.is_empty() && writing != Writing::Utf8 {
            for &c in self.lost_chars(page, writing) {
                self.offer_char(way, c);
            }
            return;
        }
        let mut firsts: Vec<(Way, &[u8])> = Vec::new();
        for (lead, trails) in page.lost_pairs() {
            if let Some(first) = self.chosen(way, writing, *lead, false) {
                firsts.push((Way { chosen: true, ..first }, trails));
            }
        }
        firsts.sort_by_key(|(first, _)| first.cost);
        firsts.truncate(FIRSTS);
        for (first, trails) in firsts {
            for &trail in trails {
                if first.pending.is_empty() && writing.is_rare_lead(trail) {
                    continue;
                }
                if let Some(way) = self.chosen(first, writing, trail, false) {
                    self.offer(way);
                }
            }
        }
    }

    /// The commonest characters whose pairs the decoder did not have.
    fn lost_chars(&mut self, page: CodePage, writing: Writing) -> &'static [char] {
        static CHARS: Mutex<Vec<LostChars>> = Mutex::new(Vec::new());
        let mut all = CHARS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, chars)) = all.iter().find(|(key, _)| *key == (page, writing)) {
            return chars;
        }
        let model = self.scorer.model();
        let mut chars: Vec<char> = Vec::new();
        for &(lead, ref trails) in page.lost_pairs() {
            for &trail in trails {
                if let Step::More(pending) = writing.step(Pending::default(), lead)
                    && let Step::Char(c) = writing.step(pending, trail)
                    && model.id(c).is_known()
                {
                    chars.push(c);
                }
            }
        }
        chars.sort_by_key(|&c| model.cost(model.id(c)));
        chars.truncate(COMMONEST);
        // Once for each of a handful of pairs of encodings.
        let chars: &'static [char] = Box::leak(chars.into_boxed_slice());
        all.push(((page, writing), chars));
        chars
    }

    /// All that is not whole, made whole by bytes that were dropped at the end of the run.
    fn complete(&mut self, page: CodePage, writing: Writing, at: usize) {
        if writing != Writing::Utf8 {
            return;
        }
        for i in 0..self.ways.len() {
            let way = self.ways[i];
            if !way.pending.is_empty() {
                self.dropped(way, page, None);
            }
        }
        for way in &self.next {
            self.nodes[way.node as usize].aligned = at as u32;
        }
    }

    /// `way`, whose character lacks bytes of UTF-8, with every choice of them that the decoder
    /// can have dropped before `after`.
    fn dropped(&mut self, way: Way, page: CodePage, after: Option<u8>) {
        let bytes = way.pending.bytes();
        let need = usize::from(utf8_len(bytes[0]));
        // Only Han and its punctuation are worth guessing.
        if need != 3 {
            return;
        }
        let lead = bytes[0];
        let second = bytes.get(1).copied();
        // Thousands of pairs are possible, for the best ways only.
        if second.is_none() && way.cost > self.few {
            return;
        }
        let way = Way { chosen: true, cost: way.cost + DROPPED, ..way };
        let may = |byte: u8, next: Option<u8>| {
            page.may_lose(byte, next) || page == CodePage::Latin && byte < 0xA0
        };
        self.scorer.model().lay_out(way.state.id(), &mut self.row);
        let before = self.next.len();
        // Characters that the model does not have, only where no other can be.
        for rare in [false, true] {
            for x in 0x80..=0xBFu8 {
                match second {
                    Some(second) => {
                        if may(x, after) {
                            self.whole(way, [lead, second, x], rare);
                        }
                        if may(x, Some(second)) {
                            self.whole(way, [lead, x, second], rare);
                        }
                    }
                    None if page.is_single() && may(x, after) => {
                        for y in (0x80..=0xBFu8).filter(|&y| may(y, after)) {
                            let way = Way { cost: way.cost + DROPPED, ..way };
                            self.whole(way, [lead, x, y], rare);
                        }
                    }
                    None => {}
                }
            }
            if self.next.len() > before {
                break;
            }
        }
    }

    fn whole(&mut self, way: Way, [lead, second, third]: [u8; 3], rare: bool) {
        if let Some(first) = utf8_han(lead, second)
            && self.scorer.model().id_of(first | u16::from(third & 63)).is_known() == rare
        {
            return;
        }
        let mut pending = Pending::default();
        for byte in [lead, second] {
            match Writing::Utf8.step(pending, byte) {
                Step::More(more) => pending = more,
                _ => return,
            }
        }
        let Step::Char(c) = Writing::Utf8.step(pending, third) else { return };
        if rare == (is_rare(c) && !self.scorer.model().id(c).is_known()) {
            // It may have to go on, so that it is no measure for the others yet.
            let way = self.emit(way, c, 0);
            self.next.extend(way);
        }
    }

    /// `way` with a character more; none where it would be given up for another.
    fn emit(&mut self, way: Way, c: char, extra: u32) -> Option<Way> {
        let model = self.scorer.model();
        let id = if c.is_ascii() { Id::NONE } else { model.id(c) };
        let unknown = !c.is_ascii() && !id.is_known();
        if unknown && is_han(c) && way.cost + RARE_HAN > self.limit {
            return None;
        }
        let (cost, state) = match self.row.is_of(way.state.id()) && id.is_known() {
            true => self.scorer.modelled(way.state, id, model.follow_in(&self.row, id)),
            false => self.scorer.next(way.state, c),
        };
        // A Han read as a pair is a letter of two bytes of UTF-8 by accident: 骗 is ƭ.
        let accident = self.pairs && matches!(c as u32, 0x80..0x2000);
        let cost = way.cost + cost + extra + if accident { ACCIDENT } else { 0 };
        if cost > self.limit {
            return None;
        }
        let rare = (self.pairs || self.wide) && unknown;
        let certainty =
            if way.chosen || rare || self.loose { Certainty::Guess } else { Certainty::Sure };
        let node = self.nodes.len() as u32;
        let (back, at) = (way.node, self.at);
        self.nodes.push(Node { back, c, certainty, cost, state, at, aligned: 0 });
        Some(Way { pending: Pending::default(), chosen: false, last: way.last, state, cost, node })
    }

    /// Ways that have come to the same place are one; the best are kept.
    fn prune(&mut self) {
        if self.ways.len() < 2 {
            return;
        }
        let best = self.ways.iter().map(|w| w.cost).min().unwrap_or(0);
        if self.ways.len() > CROWD {
            self.ways.select_nth_unstable_by_key(CROWD, |w| w.cost);
            self.ways.truncate(CROWD);
        }
        self.kept.clear();
        self.links.clear();
        // Ways by a hash of where they have come to; those of one hash are linked.
        let mut heads = [u16::MAX; 128];
        let mut doubts = std::mem::take(&mut self.doubts);
        for &way in self.ways.iter().filter(|w| w.cost <= best + HOPELESS) {
            let head = &mut heads[way.hash() & 127];
            let mut at = *head;
            while let Some(other) = self.kept.get_mut(usize::from(at)) {
                if other.pending == way.pending
                    && other.state == way.state
                    && other.last == way.last
                {
                    let (winner, loser) =
                        if way.cost < other.cost { (way, *other) } else { (*other, way) };
                    *other = winner;
                    if loser.cost < winner.cost + SURE {
                        doubts.push((winner.node, loser.node));
                    }
                    break;
                }
                at = self.links[usize::from(at)];
            }
            if at == u16::MAX {
                self.links.push(*head);
                *head = self.kept.len() as u16;
                self.kept.push(way);
            }
        }
        if self.kept.len() > BEAM {
            self.kept.select_nth_unstable_by_key(BEAM, |w| w.cost);
            self.kept.truncate(BEAM);
        }
        std::mem::swap(&mut self.ways, &mut self.kept);
        for (node, other) in doubts.drain(..) {
            self.doubt(node, other);
        }
        self.doubts = doubts;
    }

    /// What the way that ends at `node` has and the one that ends at `other`, hardly dearer, has
    /// not, is a guess.
    fn doubt(&mut self, node: u32, other: u32) {
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
    fn path(&self, node: u32) -> Readback {
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

/// Which bytes a decoder can have lost, by the byte after them; worked out once for each.
#[derive(Default)]
struct Losses {
    page: Option<CodePage>,
    before: Vec<Option<Box<[bool; 256]>>>,
}

impl Losses {
    /// Those before `after`, none at the end.
    fn before(&mut self, page: CodePage, after: Option<u8>) -> &[bool; 256] {
        if self.page != Some(page) {
            (self.page, self.before) = (Some(page), vec![None; 257]);
        }
        let place = after.map_or(256, usize::from);
        self.before[place].get_or_insert_with(|| {
            let mut lost = [false; 256];
            (0x40..=0xFFu8).for_each(|byte| lost[usize::from(byte)] = page.may_lose(byte, after));
            Box::new(lost)
        })
    }
}

/// The first Han that begin with two bytes of UTF-8, where nothing but Han does.
fn utf8_han(lead: u8, second: u8) -> Option<u16> {
    let first = u16::from(lead & 15) << 12 | u16::from(second & 63) << 6;
    let han = matches!(first, 0x3400..0x4DC0 | 0x4E00..0xA000);
    (matches!(lead, 0xE3..=0xE9) && han).then_some(first)
}

/// Whether a character that the model does not have is too rare to be chosen: Han, and the hexagrams between them.
fn is_rare(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// The first byte of what is read as `c`.
fn first_byte(table: &super::codepage::Table, c: char) -> Option<u8> {
    if c.is_ascii() {
        return Some(c as u8);
    }
    table.unit(c).map(|u| if u < 0x100 { u as u8 } else { (u >> 8) as u8 })
}

/// A pair that happened to be valid UTF-8 and became one character (ǵ for C7 B5), in text whose
/// other bytes were read one by one.
pub(super) fn fused(page: CodePage, writing: Writing, c: char) -> Option<[u8; 2]> {
    let code = c as u32;
    if page != CodePage::Latin || writing == Writing::Utf8 || !(0x100..0x800).contains(&code) {
        return None;
    }
    Some([0xC0 | (code >> 6) as u8, 0x80 | (code & 0x3F) as u8])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Costs of what is not to stand as it is.
    fn dear(chars: &[char]) -> Vec<u32> {
        (0..=chars.len() as u32).map(|i| i * 40 * NAT).collect()
    }

    fn read(text: &str, page: CodePage, writing: Writing) -> (String, bool) {
        let chars: Vec<char> = text.chars().collect();
        let read = Lattice::new(Scorer::new()).read(&chars, &dear(&chars), page, writing);
        let sure = read.pieces.iter().all(|p| p.certainty == Certainty::Sure);
        assert_eq!(read.pieces.last().map(|p| p.end), Some(chars.len()), "{read:?}");
        (read.text, sure)
    }

    #[test]
    fn nothing_lost() {
        let sure = |t: &str| (t.to_owned(), true);
        assert_eq!(read("浣犲ソ", CodePage::Gbk, Writing::Utf8), sure("你好"));
        assert_eq!(read("ÖÐÎÄ", CodePage::Latin, Writing::Gbk), sure("中文"));
        assert_eq!(read("¤¤¤å", CodePage::Latin, Writing::Big5), sure("中文"));
        assert_eq!(read("ä¸\u{AD}æ–‡", CodePage::Latin, Writing::Utf8), sure("中文"));
        assert_eq!(read("ǵʱ", CodePage::Latin, Writing::Gbk), sure("堑时"));
    }

    #[test]
    fn dropping_dead_ends_changes_nothing() {
        let text = "我们的国家很大,他不知道走到哪里才是尽头。".repeat(12);
        // Bytes that are no characters of Latin-1 are gone, so that each may have been many.
        let kept = text.bytes().filter(|b| !(0x80..0xA0).contains(b));
        let chars: Vec<char> = kept.map(char::from).collect();
        let read = |full: usize| {
            let mut lattice = Lattice::new(Scorer::new());
            lattice.full = full;
            let read = lattice.read(&chars, &dear(&chars), CodePage::Latin, Writing::Utf8);
            (read.text, read.pieces, lattice.nodes.len())
        };
        let (all, dropped) = (read(usize::MAX), read(1));
        assert_eq!((all.0, all.1), (dropped.0, dropped.1));
        assert!(dropped.2 * 4 < all.2, "{} of {}", dropped.2, all.2);
    }

    #[test]
    fn lost_bytes_are_chosen_in_context() {
        let guess = |t: &str| (t.to_owned(), false);
        let lossy = |t: &str| {
            let mut bytes = t.as_bytes().to_vec();
            bytes.pop();
            encoding_rs::GBK.decode(&bytes).0.into_owned()
        };
        for text in ["我们的国家", "他不知道。", "走到天黑。"] {
            assert_eq!(read(&lossy(text), CodePage::Gbk, Writing::Utf8), guess(text));
        }
    }
}
