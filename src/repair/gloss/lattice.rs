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

use memchr::{memchr2, memrchr_iter};

use super::active::Active;
use super::fluency::{self, Cost, Script, Token};
use super::habits::Habits;
use super::scan::SPLITTERS;
use super::swallowed::{CAN_VANISH, Swallowed, VANISHING, class};
use super::words::{self, Division};
use super::{cut, gbk, list, syllable};

/// What it costs to leave a shifted run without an explanation.
const GIVE_UP: Cost = 70 * 8;
/// What it costs to take a gloss that was not on any list of this passage, beyond the choice.
const UNLISTED: Cost = 12 * 8;
/// A replacement character that was in the clean text already.
const KEPT_REPLACEMENT: Cost = 24 * 8;
/// Nodes at one place that cost this much more than the cheapest are dropped.
const BEAM: Cost = 90 * 8;
/// No more nodes than this are kept at one place: many are alike but for one lost byte.
const WIDTH: usize = 48;
/// So many characters are tried for a byte lost in mid-run.
const TRIED: usize = 32;
/// How much of the likelihood of a character its words make, in eighths; the rest is that of pairs.
const WORDS_SHARE: i32 = 3;
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

/// What it costs to take a cut for granted, beyond the choice of the byte that was orphaned.
const ORPHANED: Cost = 8 * 8;

/// What is known of the passage that a line stands in.
#[derive(Clone, Copy)]
pub(super) struct Passage<'p> {
    pub(super) active: &'p Active,
    pub(super) swallowed: &'p Swallowed,
    pub(super) decoders: Decoders,
    pub(super) script: Script,
    pub(super) habits: &'p Habits,
    /// Whether the line begins in a tag.
    pub(super) in_tag: bool,
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

/// All steps from one node.
struct Walk<'w> {
    line: &'w str,
    at: usize,
    end: bool,
    index: u32,
    from: Node,
    alone: bool,
    /// Whether the line was cut here without a trace.
    silent: bool,
    passage: Passage<'w>,
}

impl Walk<'_> {
    fn go(&self, lattice: &mut Lattice) {
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
                if let Some(gloss) = syllable::closed(&rest[1..])
                    && gloss.toned
                {
                    self.hidden(1, &gloss, lattice);
                }
                self.eaten(rest, lattice);
                self.orphaned(1, lattice);
            }
            '\u{FFFD}' if self.passage.decoders.replaces => {
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
        // What opens a tag, or ends one, decides what all behind it is.
        let closes =
            memchr2(b'<', b'>', rest.as_bytes()).is_some_and(|at| rest[at..].starts_with('>'));
        let in_tag = closes || opens_tag(&self.line[..self.at]).unwrap_or(self.passage.in_tag);
        for (&byte, (cost, which)) in CAN_VANISH.iter().zip(best) {
            let refused = match byte {
                b'<' => !begins_tag(&rest[1..]),
                b'>' | b'"' | b'\'' => in_tag,
                _ => false,
            };
            if refused {
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
        for (_, node) in found {
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
        let refused = |&second: &u8| next.is_none_or(|n| gbk::python_refuses(second, n));
        let seconds = (0x80..=0xFE).filter(refused);
        for second in self.likely(seconds, |second| [self.from.pending, second]) {
            let mut node = self.step(width, Kind::Lost);
            if self.feed(&mut node, second, true) {
                found.push(node);
            }
        }
        found.sort_by_key(|n| n.cost + n.due);
        for node in found {
            lattice.add(node);
        }
    }
}

/// Whether a text ends in a tag, if it has any, or in what begins as one and is none: where that ends is not known.
pub(super) fn opens_tag(text: &str) -> Option<bool> {
    let is_tag = |at: usize| {
        text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
    };
    let at = memrchr_iter(b'<', text.as_bytes()).find(|at| is_tag(*at))?;
    Some(!begins_tag(&text[at + 1..]))
}

/// Whether a text begins with a tag but for its `<`.
fn begins_tag(text: &str) -> bool {
    let name = text.strip_prefix('/').unwrap_or(text);
    let end = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let is_closed =
        || memchr2(b'<', b'>', end.as_bytes()).is_some_and(|at| end[at..].starts_with('>'));
    let is_named = end.len() < name.len() && (end.starts_with(['>', ' ']) || end.starts_with("/>"));
    is_named && is_closed() || text.starts_with("!--")
}
