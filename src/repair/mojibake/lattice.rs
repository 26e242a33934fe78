//! Reads backwards: the characters of a passage to the bytes they were read from, the bytes to
//! the characters that were written, with lost bytes filled in by what reads best.
//!
//! Where no byte was lost there is one way and it is taken. A lost byte is known by a mark
//! (U+FFFD, `?`) or by a character that is not whole when the next begins. Every byte that the
//! decoder can have lost there is tried, every way is scored by the model in its context, and a
//! beam of the best is kept until the ways meet again: the choice looks at what follows, too.

mod fill;
mod lost;
mod nodes;

pub(super) use self::fill::beside;
pub(super) use self::lost::{Losses, is_rare, lost_chars, utf8_char, utf8_han};
pub(super) use self::nodes::{Certainty, Piece, Readback};
use self::nodes::{NO_NODE, Node};
use super::codepage::CodePage;
use super::score::{RARE_HAN, Scorer, State};
use super::writing::{Part, Pending, Step, Writing, fused};
use crate::dict::frequency::{Id, NAT, Row};

/// How many ways are kept. A lost byte of UTF-8 has 64 at most, one of GBK 190.
const BEAM: usize = 256;
/// How many are looked at for that: where two bytes are lost, thousands of pairs are possible.
const CROWD: usize = 1024;
/// From how many of the best ways two lost bytes are tried.
const FEW: usize = 4;
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
/// What it costs to leave a character unknown: more than a rare character.
const UNKNOWN: u32 = 18 * NAT;
/// What reading on with a lost byte costs beside the character itself.
const LOST: u32 = NAT / 2;
/// What it costs that the damage ended while its bytes would go on.
const ENDED: u32 = 3 * NAT;
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
        // Of what was lost, the byte that came after.
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

/// Nodes after which those that no way leads to any more are dropped. Where many bytes are lost, each
/// character tries hundreds of ways, and a long passage would take tens of megabytes.
const FULL: usize = 1 << 16;

/// Work space, reused between runs.
pub(super) struct Lattice {
    scorer: Scorer,
    nodes: Vec<Node>,
    /// How many ways, and lost bytes, may yet be tried; none where no more is read.
    pub(super) left: usize,
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
    /// What a character of which bytes were lost can be, and what each costs.
    can_be: Vec<(u32, char)>,
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
            left: usize::MAX,
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
            can_be: Vec::new(),
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
            if most - gain > PAST && !self.wide || self.left == 0 {
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
            self.left = self.left.saturating_sub(self.next.len());
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
            if !way.pending.is_known() {
                if !writing.bytes_at(way.pending.bytes().len()).contains(&byte) {
                    return;
                }
                match writing.open(way.pending, Part::Known(byte)) {
                    Some(pending) => {
                        way.pending = pending;
                        continue;
                    }
                    None => {
                        let from = self.next.len();
                        self.fill(way, page, writing, Part::Known(byte));
                        let filled: Vec<Way> = self.next.drain(from..).collect();
                        for way in filled {
                            self.way(way, page, writing, &bytes[i + 1..]);
                        }
                        return;
                    }
                }
            }
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
            let node = &mut self.nodes[literal.node as usize];
            (node.certainty, node.lost) = (Certainty::Unknown, true);
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
        // A Han read as a pair is a letter of two bytes of UTF-8 by accident: 骗 is ƭ, 還 is ߀, of a script that stands
        // beside Chinese even less.
        let accident = match c as u32 {
            0x80..0x2000 if !self.pairs => 0,
            0x530..0x1E00 => 2 * ACCIDENT,
            0x80..0x2000 => ACCIDENT,
            _ => 0,
        };
        let cost = way.cost + cost + extra + accident;
        if cost > self.limit {
            return None;
        }
        let rare = (self.pairs || self.wide) && unknown;
        let certainty =
            if way.chosen || rare || self.loose { Certainty::Guess } else { Certainty::Sure };
        let node = self.nodes.len() as u32;
        let (back, at) = (way.node, self.at);
        let lost = way.chosen;
        self.nodes.push(Node { back, c, certainty, lost, cost, state, at, aligned: 0 });
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
