//! The steps from one node of the lattice: each undoes one thing that can have been done to the bytes.

use super::super::fluency::{self, Cost, Token};
use super::super::scan::SPLITTERS;
use super::super::swallowed::{CAN_VANISH, VANISHING, class};
use super::super::tag::{begins_tag, begins_whole_tag};
use super::super::words::Division;
use super::super::{gbk, list, syllable};
use super::{GIVE_UP, Kind, Lattice, Node, Passage};

/// What it costs to take a gloss that was not on any list of this passage, beyond the choice.
const UNLISTED: Cost = 12 * 8;
/// A replacement character that was in the clean text already.
const KEPT_REPLACEMENT: Cost = 24 * 8;
/// So many characters are tried for a byte lost in mid-run.
const TRIED: usize = 32;
/// No line begins with these.
const NEVER_FIRST: &str = "，。、；：？！”’』」）》";
/// One that is so much dearer than the likeliest is not: what follows makes less of a difference.
const NEAR: Cost = 14 * 8;
/// The same with words, and with the next character where that is known.
const NEAR_AHEAD: Cost = 10 * 8;
/// How much of the likelihood of a character its words make, in eighths; the rest is that of pairs.
const WORDS_SHARE: i32 = 3;
/// What it costs to take a cut for granted, beyond the choice of the byte that was orphaned.
const ORPHANED: Cost = 8 * 8;

/// All steps from one node.
pub(super) struct Walk<'w> {
    pub(super) line: &'w str,
    pub(super) at: usize,
    pub(super) end: bool,
    pub(super) index: u32,
    pub(super) from: Node,
    pub(super) alone: bool,
    /// Whether the line was cut here without a trace.
    pub(super) silent: bool,
    pub(super) passage: Passage<'w>,
}

impl Walk<'_> {
    pub(super) fn go(mut self, lattice: &mut Lattice) {
        let before = lattice.nodes.len();
        let rest = &self.line[self.at..];
        let Some(c) = rest.chars().next() else { return };
        match c {
            '(' => {
                if let Some(gloss) = syllable::closed(&rest[1..]) {
                    if self.gloss(&gloss, lattice) {
                        return;
                    }
                    if self.passage.decoders.drops {
                        self.hidden(1, &gloss, lattice);
                    }
                }
            }
            '（' => {
                if let Some(mut gloss) = syllable::closed_wide(&rest[c.len_utf8()..]) {
                    // One byte of the parenthesis is counted there.
                    gloss.closed += c.len_utf8() - 1;
                    if self.gloss(&gloss, lattice) {
                        return;
                    }
                }
            }
            '?' if self.passage.decoders.swallows => {
                self.from.words.count();
                if let Some(gloss) = syllable::closed(&rest[1..])
                    && gloss.toned
                {
                    self.hidden(1, &gloss, lattice);
                }
                self.eaten(rest, lattice);
                self.orphaned(1, lattice);
            }
            '\u{FFFD}' if self.passage.decoders.replaces => {
                self.from.words.count();
                let width = c.len_utf8();
                if let Some(inside) = rest[width..].strip_prefix('(')
                    && let Some(gloss) = syllable::closed(inside)
                {
                    self.hidden(width + 1, &gloss, lattice);
                }
                self.lost(width, lattice);
                self.orphaned(width, lattice);
            }
            _ => {}
        }
        if self.passage.decoders.drops && self.from.kind != Kind::Lost {
            if self.from.pending != 0 || self.silent {
                self.from.words.count();
            }
            self.lost(0, lattice);
            if self.silent {
                self.orphaned(0, lattice);
            }
        }
        self.plain(c, lattice);
        if lattice.nodes.len() == before && self.from.pending != 0 {
            let mut node = self.step(0, Kind::GivenUp);
            node.pending = 0;
            (node.before, node.words) = (Token::UNKNOWN, Division::unknown());
            node.cost += GIVE_UP;
            lattice.add(node);
        }
    }

    /// A successor `width` bytes on that has read nothing yet.
    fn step(&self, width: usize, kind: Kind) -> Node {
        let mut node = self.from;
        node.parent = self.index;
        node.at += width as u32;
        node.kind = kind;
        node.chars = [None; 2];
        node.cost += node.due;
        node.due = 0;
        node
    }

    /// Gives a clean byte to a node. `false` when clean text cannot have it there.
    fn feed(&self, node: &mut Node, byte: u8, weigh: bool) -> bool {
        let pair = [node.last[1], byte];
        if node.pending == 0 {
            if byte < 0x80 {
                self.emit(node, char::from(byte), weigh);
            } else if gbk::is_lead(byte) {
                node.pending = byte;
            } else {
                return false;
            }
        } else {
            let Some(c) = gbk::decode(node.pending, byte) else { return false };
            node.pending = 0;
            self.emit(node, c, weigh);
        }
        node.cost += node.due;
        node.due = match self.passage.active.at(pair) {
            Some(entry) if node.adjacent => entry.missed,
            _ => 0,
        };
        node.last = pair;
        node.adjacent = true;
        true
    }

    fn emit(&self, node: &mut Node, c: char, weigh: bool) {
        let table = fluency::table();
        let token = table.token(c);
        if weigh {
            let pair = self.passage.habits.cost(node.before, c, self.passage.script);
            let foreign = table.foreign(c, self.passage.script);
            let word = node.words.take(token, c) + foreign as i32;
            let both = (pair as i32 * (8 - WORDS_SHARE) + word * WORDS_SHARE) / 8;
            node.cost = node.cost.saturating_add_signed(both);
        } else {
            node.words.pass(token);
        }
        node.before = token;
        node.last_char = c;
        let place = usize::from(node.chars[0].is_some());
        node.chars[place] = Some(c);
    }

    /// The character as it stands.
    fn plain(&self, c: char, lattice: &mut Lattice) {
        let mut node = self.step(c.len_utf8(), Kind::Read);
        let twofold = matches!(c, '€' | '\u{3000}') && self.from.pending != 0;
        let weigh = !self.alone || twofold || lattice.nodes.len() > self.index as usize + 1;
        let read = match gbk::encode(c) {
            _ if c.is_ascii() => self.feed(&mut node, c as u8, weigh),
            Some([a, b]) => self.feed(&mut node, a, weigh) && self.feed(&mut node, b, weigh),
            None if node.pending == 0 => {
                if c == '\u{FFFD}' && weigh {
                    node.cost += KEPT_REPLACEMENT;
                }
                self.emit(&mut node, c, weigh);
                (node.last, node.adjacent) = ([0; 2], false);
                true
            }
            None => false,
        };
        if read {
            lattice.add(node);
        }
        let other: &[u8] = match c {
            '€' => &[0x80],
            '\u{3000}' => &gbk::SECOND_BLANK,
            _ => return,
        };
        if self.from.pending != 0 {
            let mut node = self.step(c.len_utf8(), Kind::Read);
            if other.iter().all(|&byte| self.feed(&mut node, byte, true)) {
                lattice.add(node);
            }
        }
    }

    /// A gloss that stands whole after its pair.
    fn gloss(&self, gloss: &syllable::Syllable<'_>, lattice: &mut Lattice) -> bool {
        let Some(entry) = self.passage.active.at(self.from.last) else { return false };
        if entry.reading != gloss.text {
            return false;
        }
        let own =
            self.from.pending == 0 && gbk::encode(self.from.last_char) == Some(self.from.last);
        let kind = if own { Kind::Aligned } else { Kind::Misaligned };
        let mut node = self.from;
        node.due = 0;
        let taken = Walk { from: node, ..*self };
        let mut node = taken.step(1 + gloss.closed, kind);
        node.adjacent = false;
        lattice.add(node);
        true
    }

    /// A gloss whose pair lost its second byte to the decoder.
    fn hidden(&self, width: usize, gloss: &syllable::Syllable<'_>, lattice: &mut Lattice) {
        let first = self.from.last[1];
        if !gbk::is_lead(first) {
            return;
        }
        let mut found = false;
        let add = |second: u8, extra: Cost, lattice: &mut Lattice| {
            let mut node = self.step(width + gloss.closed, Kind::Misaligned);
            node.cost += extra;
            let fed = second >= 0x80 && self.feed(&mut node, second, true);
            if fed {
                (node.due, node.adjacent) = (0, false);
                lattice.add(node);
            }
            fed
        };
        for second in self.passage.active.seconds(first, gloss.text) {
            found |= add(second, 0, lattice);
        }
        // A reading that the passage gives belongs to the character that it gives it to.
        if found || !gloss.toned || self.passage.active.has_reading(gloss.text) {
            return;
        }
        for second in 0x81..=0xFE {
            if let Some(c) = gbk::decode(first, second)
                && !gbk::in_gb2312(c)
                && list::agrees(c, gloss.text, true)
            {
                add(second, UNLISTED, lattice);
            }
        }
    }

    /// Those of `bytes` whose pairs are the likeliest characters here, the likeliest first.
    fn likely(
        &self,
        bytes: impl Iterator<Item = u8>,
        pair: impl Fn(u8) -> [u8; 2],
    ) -> impl Iterator<Item = u8> {
        let mut found: Vec<(Cost, u8)> = bytes
            .filter_map(|byte| {
                let [lead, trail] = pair(byte);
                let c = gbk::decode(lead, trail)?;
                let Passage { habits, script, .. } = self.passage;
                Some((habits.cost(self.from.before, c, script), byte))
            })
            .collect();
        let dearest = found.iter().min().map_or(0, |best| best.0 + NEAR);
        // Few are left to be sorted.
        found.retain(|f| f.0 <= dearest);
        found.sort_unstable();
        found.into_iter().take(TRIED).map(|f| f.1)
    }

    /// The end of a shifted run and the ASCII byte after it, both in one `?`.
    fn eaten(&self, rest: &str, lattice: &mut Lattice) {
        if self.from.pending == 0 {
            return;
        }
        let after = rest[1..].chars().next();
        // The text ends here, so that nothing need have been eaten beside.
        let at_end = after.is_none() && self.end;
        let mut nodes: Vec<Node> = Vec::with_capacity(TRIED);
        // By byte: what the cheapest node with it costs, and which that is.
        let mut best = [(Cost::MAX, 0); VANISHING];
        for second in self.likely(0x81..=0xFE, |second| [self.from.pending, second]) {
            let mut node = self.step(1, Kind::Lost);
            if !self.feed(&mut node, second, true) {
                continue;
            }
            node.cost += node.due;
            node.due = 0;
            let after = class(after.unwrap_or('\n'));
            let costs = self.passage.swallowed.between(class(node.last_char), after);
            for (held, cost) in best.iter_mut().zip(costs) {
                *held = (*held).min((node.cost + cost, nodes.len()));
            }
            nodes.push(node);
        }
        if at_end || nodes.is_empty() {
            nodes.into_iter().for_each(|node| lattice.add(node));
            return;
        }
        for (&byte, (cost, which)) in CAN_VANISH.iter().zip(best) {
            // It decides what all behind it is.
            let may_be = match byte {
                b'<' => begins_tag(&rest[1..]),
                b'\n' | b'\r' if after.is_some_and(|c| NEVER_FIRST.contains(c)) => false,
                _ => !begins_whole_tag(&rest[1..]),
            };
            if !may_be {
                continue;
            }
            let mut node = nodes[which];
            self.feed(&mut node, byte, false);
            node.cost = cost;
            // What follows is counted in the choice of the byte already.
            (node.before, node.words) = (Token::UNKNOWN, Division::unknown());
            lattice.add(node);
        }
    }

    /// The first byte of a pair, left alone before a cut.
    fn orphaned(&self, width: usize, lattice: &mut Lattice) {
        let rest = &self.line[self.at + width..];
        let cut = self.passage.decoders.splits && rest.starts_with(SPLITTERS);
        let mark = rest.chars().next().filter(|_| cut);
        let Some([first, _]) = mark.and_then(gbk::encode) else { return };
        // `<?` begins an instruction.
        if self.line[..self.at].ends_with('<') {
            return;
        }
        let mut found: Vec<(Cost, Node)> = Vec::new();
        // With nothing pending the choice shows one byte later.
        let pair = |byte| match self.from.pending {
            0 => [byte, first],
            pending => [pending, byte],
        };
        for byte in self.likely(gbk::FIRST_LEAD..=gbk::LAST_LEAD, pair) {
            let mut node = self.step(width, Kind::Lost);
            node.cost += ORPHANED;
            if !self.feed(&mut node, byte, true) {
                continue;
            }
            let mut ahead = node;
            if node.pending == 0 || self.feed(&mut ahead, first, true) {
                found.push((ahead.cost + ahead.due, node));
            }
        }
        found.sort_by_key(|f| f.0);
        let dearest = found.first().map_or(0, |best| best.0 + NEAR_AHEAD);
        for (_, node) in found.into_iter().take_while(|f| f.0 <= dearest) {
            lattice.add(node);
        }
    }

    /// The second byte of a character, lost alone: the decoder could not read it with the byte
    /// that follows.
    fn lost(&self, width: usize, lattice: &mut Lattice) {
        if self.from.pending == 0 {
            return;
        }
        let next = self.line[self.at + width..].chars().next();
        let next = match next {
            Some(c) if c.is_ascii() => Some(c as u8),
            Some(c) => gbk::encode(c).map(|p| p[0]),
            None => None,
        };
        let mut found: Vec<Node> = Vec::new();
        let seconds = gbk::refused_before(next).iter().copied();
        for second in self.likely(seconds, |second| [self.from.pending, second]) {
            let mut node = self.step(width, Kind::Lost);
            if self.feed(&mut node, second, true) {
                found.push(node);
            }
        }
        found.sort_by_key(|n| n.cost + n.due);
        let dearest = found.first().map_or(0, |best| best.cost + best.due + NEAR_AHEAD);
        for node in found.into_iter().take_while(|n| n.cost + n.due <= dearest) {
            lattice.add(node);
        }
    }
}
