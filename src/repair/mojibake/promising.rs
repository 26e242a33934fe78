//! Where text that was written in pairs of bytes and read as other pairs may stand.
//!
//! Nearly any two Han are two others in another encoding of pairs, so that the model of Chinese would read
//! back all there is, at a hundred times what this costs: bytes to characters one way, and the frequency of
//! single characters for a judge.

use std::ops::Range;

use super::codepage::CodePage;
use super::score::Scorer;
use super::writing::{Pending, Step, Writing};
use crate::dict::frequency::{Id, NAT};

/// The gain that is promising: half of the least that a passage of this kind has to have.
pub(super) const LEAST: u32 = 12 * NAT;
/// How much cheaper a character is in prose than by itself, where it is not known what is before it.
const IN_PROSE: u32 = 3 * NAT;
/// What a character costs that the model does not have.
const STRANGE: u32 = 14 * NAT;
/// What bytes cost that are no character.
const BAD: i64 = 10 * NAT as i64;
/// Characters on both sides that belong to a place: what stands around it may be damaged, too.
const AROUND: usize = 16;

/// The places in `chars` where reading them back may gain enough, in order and apart. `costs` are those of
/// all characters before each, and of all, as they stand.
pub(super) fn promising(
    chars: &[char],
    costs: &[u32],
    (page, writing): (CodePage, Writing),
    scorer: Scorer,
) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // Where a byte was lost, the rest is out of step until ASCII comes.
    for out_of_step in [false, true] {
        let mut scan = Scan::new(writing, scorer, out_of_step);
        for (at, &c) in chars.iter().enumerate() {
            scan.take(at, c, page, costs[at + 1] - costs[at]);
            if scan.gain >= i64::from(LEAST) {
                match found.last_mut().filter(|last| last.start == scan.start) {
                    Some(last) => last.end = at + 1,
                    None => found.push(scan.start..at + 1),
                }
            }
        }
    }
    found.sort_by_key(|range| range.start);
    let mut places: Vec<Range<usize>> = Vec::new();
    for range in found {
        let (start, end) = (range.start.saturating_sub(AROUND), range.end + AROUND);
        match places.last_mut().filter(|last| last.end >= start) {
            Some(last) => last.end = last.end.max(end),
            None => places.push(start..end),
        }
    }
    places
}

/// One way over the characters: the stretch up to here that gains most.
struct Scan {
    writing: Writing,
    scorer: Scorer,
    out_of_step: bool,
    /// Whether the next byte beyond ASCII is left out.
    drop: bool,
    pending: Pending,
    /// The last character that was read, where nothing is lost between.
    before: Id,
    /// What the characters cost whose bytes were taken since the last that was made of them.
    stands: u32,
    gain: i64,
    start: usize,
}

impl Scan {
    fn new(writing: Writing, scorer: Scorer, out_of_step: bool) -> Scan {
        let pending = Pending::default();
        Scan {
            writing,
            scorer,
            out_of_step,
            drop: out_of_step,
            pending,
            before: Id::NONE,
            stands: 0,
            gain: 0,
            start: 0,
        }
    }

    fn take(&mut self, at: usize, c: char, page: CodePage, cost: u32) {
        if self.gain <= 0 && self.pending.is_empty() {
            (self.gain, self.start, self.stands) = (0, at, 0);
        }
        if c == '\u{FFFD}' || c == '?' && !self.pending.is_empty() {
            // A mark for what was lost is no sign against damage; the rest may be out of step.
            self.lose();
            return;
        }
        if c.is_ascii() {
            self.byte(c as u8);
            self.stands = 0;
            self.drop = self.out_of_step && self.pending.is_empty();
            return;
        }
        self.stands += cost;
        match page.table().unit(c) {
            Some(unit) if unit < 0x100 => self.byte(unit as u8),
            Some(unit) => unit.to_be_bytes().into_iter().for_each(|byte| self.byte(byte)),
            None => {
                // What was not damaged.
                self.lose();
                self.gain -= BAD;
            }
        }
    }

    /// What comes next is read by itself.
    fn lose(&mut self) {
        (self.pending, self.before) = (Pending::default(), Id::NONE);
        (self.stands, self.drop) = (0, self.out_of_step);
    }

    fn byte(&mut self, byte: u8) {
        if std::mem::take(&mut self.drop) && byte >= 0x80 {
            return;
        }
        match self.writing.step(self.pending, byte) {
            Step::More(more) => self.pending = more,
            Step::Char(c) => {
                self.pending = Pending::default();
                let (model, before) = (self.scorer.model(), self.before);
                let id = model.id(c);
                let reads = match id.is_known() {
                    _ if c.is_ascii() => 0,
                    true if before.is_known() => model.follow(before, id),
                    true => model.cost(id).saturating_sub(IN_PROSE),
                    false => STRANGE,
                };
                // What stands after ASCII is dearer, too.
                self.before = if c.is_ascii() { model.edge() } else { id };
                self.gain += i64::from(std::mem::take(&mut self.stands)) - i64::from(reads);
            }
            Step::Bad => {
                self.gain -= BAD;
                self.before = Id::NONE;
                self.pending = match self.writing.step(Pending::default(), byte) {
                    Step::More(more) => more,
                    _ => Pending::default(),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str, page: CodePage, writing: Writing) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let scorer = Scorer::new();
        let (mut costs, mut state) = (vec![0], scorer.start());
        for &c in &chars {
            let (cost, next) = scorer.next(state, c);
            state = next;
            costs.push(costs[costs.len() - 1] + cost);
        }
        let found = promising(&chars, &costs, (page, writing), scorer);
        let text = |range: &Range<usize>| {
            chars[range.start.min(chars.len())..range.end.min(chars.len())].iter().collect()
        };
        found.iter().map(text).collect()
    }

    #[test]
    fn damage_is_promising_and_prose_is_not() {
        // 學會說國家經濟發展問題 in Big5.
        let damage = "厩穦弧瓣產竒蕾祇甶拜肈";
        let prose = "他们在图书馆里看书，看了三个小时才回家，第二天又来了，还带着弟弟。".repeat(3);
        assert_eq!(places(&prose, CodePage::Gbk, Writing::Big5), [""; 0]);
        let around = places(&format!("{prose}{damage}{prose}"), CodePage::Gbk, Writing::Big5);
        assert!(matches!(&around[..], [place] if place.contains(damage)), "{around:?}");
        assert!(around[0].chars().count() < damage.chars().count() + 3 * AROUND, "{around:?}");
        // Out of step, behind a byte that was lost.
        let lost = format!("{prose}\u{FFFD}{damage}");
        assert_eq!(places(&lost, CodePage::Gbk, Writing::Big5).len(), 1);
        // Marks within it.
        let marks: String = damage.chars().flat_map(|c| [c, '\u{FFFD}']).collect();
        let found = places(&format!("{prose}{marks}"), CodePage::Gbk, Writing::Big5);
        assert!(matches!(&found[..], [place] if place.ends_with(&marks)), "{found:?}");
    }
}
