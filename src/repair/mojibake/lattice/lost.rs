//! Bytes that were lost, with a mark or without: what they can have been.

use std::sync::Mutex;

use super::super::codepage::CodePage;
use super::super::writing::{Part, Pending, Step, Writing, utf8_len};
use super::{CROWD, FEW, LOST, Lattice, UNKNOWN, Way};
use crate::dict::frequency::{Frequencies, NAT};

/// With how many first bytes two lost ones are tried, and with how many characters where the two are one.
const FIRSTS: usize = 12;
const COMMONEST: usize = 400;
/// From how many of the best ways a lost byte may begin a character of UTF-16, which any may.
const OPENING: usize = CROWD / 128;
/// What it costs to take a byte for dropped without a mark: such damage is rarer than marks are.
const DROPPED: u32 = 5 * NAT;
/// What it costs that the damaged passage ended here when its bytes were read: what follows was
/// put behind it later.
const PASTED: u32 = 2 * NAT;
/// A `?` may be a question mark after all.
const QUESTION: u32 = 3 * NAT;

/// The commonest characters of an encoding whose pairs a decoder does not have.
type LostChars = ((CodePage, Writing), &'static [char]);

impl Lattice {
    /// A mark stands for one byte that was lost, or for two, or for itself.
    pub(super) fn mark(&mut self, page: CodePage, writing: Writing, mark: char, after: Option<u8>) {
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
        // Where each byte begins a character, more than a crowd would be tried at once, and a crowd kept.
        let dearest = match writing.is_wide() && self.ways.len() > OPENING {
            true => self.ways.select_nth_unstable_by_key(OPENING, |way| way.cost).1.cost,
            false => u32::MAX,
        };
        for i in 0..self.ways.len() {
            let way = self.ways[i];
            if way.last || way.pending.is_empty() && way.cost >= dearest {
                continue;
            }
            let parts = writing.bytes_at(way.pending.bytes().len());
            if let Some(pending) = writing.open(way.pending, Part::Lost(after)) {
                // Which it was is asked when the character is whole.
                if !rare && parts.clone().any(|byte| lost[usize::from(byte)]) {
                    self.offer(Way { pending, chosen: true, cost: way.cost + LOST, ..way });
                }
                continue;
            }
            if !way.pending.is_known() {
                if !rare {
                    let going_on = Way { cost: way.cost + LOST, ..way };
                    self.fill(going_on, page, writing, Part::Lost(after));
                    if after.is_some() {
                        let ending = Way { cost: way.cost + PASTED, last: true, ..way };
                        self.fill(ending, page, writing, Part::Lost(None));
                    }
                }
                continue;
            }
            self.left = self.left.saturating_sub(parts.clone().count());
            let model = self.scorer.model();
            model.lay_out(way.state.id(), &mut self.row);
            let han = match (writing, way.pending.bytes()) {
                (Writing::Utf8, &[lead, second]) => utf8_han(lead, second),
                _ => None,
            };
            for byte in parts {
                // A quick look first: where two bytes are lost, thousands are tried.
                let id = han.map(|first| model.id_of(first | u16::from(byte & 63)));
                if id.is_some_and(|id| id.is_known() == rare) {
                    continue;
                }
                let last = !lost[usize::from(byte)];
                if last && !page.may_lose(byte, None) {
                    continue;
                }
                if let Some(id) = id.filter(|_| !rare) {
                    self.completed = true;
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
            for &c in lost_chars(page, writing) {
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
            self.left = self.left.saturating_sub(trails.len());
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

    /// All that is not whole, made whole by bytes that were dropped at the end of the run.
    pub(super) fn complete(&mut self, page: CodePage, writing: Writing, at: usize) {
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
    pub(super) fn dropped(&mut self, way: Way, page: CodePage, after: Option<u8>) {
        if !way.pending.is_known() {
            return;
        }
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

    fn whole(&mut self, way: Way, bytes: [u8; 3], rare: bool) {
        self.left = self.left.saturating_sub(1);
        let model = self.scorer.model();
        let Some(c) = utf8_char(bytes) else { return };
        let id = model.id(c);
        if rare != (is_rare(c) && !id.is_known()) {
            return;
        }
        if id.is_known() && way.cost + model.follow_in(&self.row, id) > self.limit {
            return;
        }
        // It may have to go on, so that it is no measure for the others yet.
        let way = self.emit(way, c, 0);
        self.next.extend(way);
    }
}

/// The commonest characters whose pairs a decoder does not have.
pub(in super::super) fn lost_chars(page: CodePage, writing: Writing) -> &'static [char] {
    static CHARS: Mutex<Vec<LostChars>> = Mutex::new(Vec::new());
    let mut all = CHARS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, chars)) = all.iter().find(|(key, _)| *key == (page, writing)) {
        return chars;
    }
    let model = Frequencies::standard();
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

/// Which bytes decoders can have lost, by the byte after them; worked out once for each.
#[derive(Debug, Default)]
pub(in super::super) struct Losses {
    pages: Vec<(CodePage, Before)>,
}

/// By the byte after; the last is the end.
type Before = Vec<Option<Box<[bool; 256]>>>;

impl Losses {
    /// Those of a page before `after`, none at the end.
    pub(in super::super) fn before(&mut self, page: CodePage, after: Option<u8>) -> &[bool; 256] {
        let known = self.pages.iter().position(|(known, _)| *known == page);
        let at = known.unwrap_or_else(|| {
            self.pages.push((page, vec![None; 257]));
            self.pages.len() - 1
        });
        let place = after.map_or(256, usize::from);
        self.pages[at].1[place].get_or_insert_with(|| {
            let mut lost = [false; 256];
            (0x40..=0xFFu8).for_each(|byte| lost[usize::from(byte)] = page.may_lose(byte, after));
            Box::new(lost)
        })
    }
}

/// The character of three bytes of UTF-8 that it has; none where they are no character.
pub(in super::super) fn utf8_char(bytes: [u8; 3]) -> Option<char> {
    let [first, second, third] = bytes.map(u32::from);
    let code = (first & 15) << 12 | (second & 63) << 6 | third & 63;
    char::from_u32(code).filter(|_| code >= 0x800)
}

/// The first Han that begin with two bytes of UTF-8, where nothing but Han does.
pub(in super::super) fn utf8_han(lead: u8, second: u8) -> Option<u16> {
    let first = u16::from(lead & 15) << 12 | u16::from(second & 63) << 6;
    let han = matches!(first, 0x3400..0x4DC0 | 0x4E00..0xA000);
    (matches!(lead, 0xE3..=0xE9) && han).then_some(first)
}

/// Whether a character that the model does not have is too rare to be chosen: Han, and the hexagrams between them.
pub(in super::super) fn is_rare(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}
