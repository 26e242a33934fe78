//! Finds the passages of a window that are bytes of one encoding read as another.
//!
//! Every page that the characters can have been read as is tried, with every encoding that they
//! can have been written in. A run that can be read back is cut to the stretch where reading it back
//! gains most, and taken when the gain is more than chance gives.

use std::ops::Range;

use super::codepage::{CodePage, Table};
use super::edges::{DEAREST_PAIRS, ascii_halves, damaged};
use super::kinds::{Kinds, is_common};
use super::lattice::{Certainty, Lattice, Piece, Readback};
use super::passage::{Chain, Passage, ends};
use super::promising::promising;
use super::rank::rank;
use super::scan::{is_beyond_ascii, trigger};
use super::score::{Class, Scorer, class, mean_cost};
use super::stretches::is_marked_prose;
use super::utf16;
use super::window::Window;
use super::worth::WorthReading;
use super::writing::{Writing, fused, utf8_len};
use crate::dict::frequency::NAT;

/// The least gain of a passage. In clean text of ten languages the best that chance reached was
/// far below; a passage of two characters, 浣犲ソ, gains twice this.
const LEAST_GAIN: u32 = 12 * NAT;
/// The same where any bytes are valid, so that the gain is the only evidence.
const LEAST_GAIN_PAIRS: u32 = 24 * NAT;
/// The most that a character of the result may cost on average: ordinary prose has 5 to 6 nats,
/// random characters 10 and more.
const DEAREST: u32 = 9 * NAT;
/// What the two ends of a passage may cost beside.
const EDGES: u32 = 8 * NAT;
/// The least gain for each character of the result: damage is bad throughout.
const LEAST_GAIN_EACH: u32 = 2 * NAT;
/// Of so many characters and more the average says more: by accident none of that length comes near to prose, so that
/// what is clumsy prose may cost as much as in other encodings, where each gains this much.
const LONG: u32 = 12;
const GAIN_EACH_LONG: u32 = 4 * NAT;
/// So may all that has so many private characters, which no text has.
const PRIVATE: usize = 2;
/// The fewest Han of a passage that was written in two-byte codes, where no other stands near.
const LEAST_HAN: u32 = 2;
/// The same where the passage has signs only (“ªº”), as lists of special characters have.
const LEAST_HAN_OF_SIGNS: u32 = 4;
/// The same where the source has pairs, too: so many different Han, so many of them in a row.
const HAN_OF_PAIRS: usize = 4;
const RUN_OF_PAIRS: usize = 3;
/// One of them that is so many times there, and a third of all, is what the words of a dictionary begin with.
const REPEATED: usize = 3;
/// With so many letters of Greek, Cyrillic and the like among the Han, private characters or marks it may be any words: no list has
/// them.
const SIGNS_OF_PAIRS: usize = 2;
/// The same in UTF-16 whose bytes were read one by one: so many different Han, so many bytes beyond ASCII, and one for so many
/// characters beyond it.
const LEAST_HAN_OF_UTF_16: usize = 4;
const LEAST_BYTES_OF_UTF_16: usize = 3;
const FEW_BYTES: usize = 5;
/// One byte less is enough with so many different Han that cost no more on average: prose, which no fields are.
const HAN_OF_PROSE: usize = 6;
const PROSE_OF_UTF_16: u32 = 7 * NAT;
/// The deepest nesting that is undone: UTF-8 three times through windows-1252.
const DEEPEST: usize = 4;
/// A run that was read and refused is not tried again from each of its characters past this.
const REFUSED: usize = 12;
/// How much one passage needs less after another of the same kind shortly before, as a share.
const AGAIN: u32 = 2;

/// So many ways, and bytes that may have been lost, are tried for each character that is searched, for each that is
/// found, and so many more in all. Damage that lost a third of its bytes takes thousands a character, and is found;
/// marks with junk between them take as many, to no end.
const WAYS_EACH: usize = 100;
const WAYS_FOUND: usize = 4_000;
pub(super) const WAYS_IN_VAIN: usize = 2_000_000;

/// So many Chinese characters that read as prose are no accident, whatever their encoding.
const PROSE: usize = 6;
/// The same where a passage shortly before was damaged so, too.
const PROSE_AGAIN: usize = 2;

/// Whether what was found leaves nothing to explain: it proves itself, and hardly a character that
/// Chinese text does not have lies outside.
fn explains(chars: &[char], found: &[Passage], scorer: Scorer, last: Option<&Chain>) -> bool {
    let again = last.is_some() && found.iter().all(|passage| Some(&passage.chain) == last);
    let prose = if again { PROSE_AGAIN } else { PROSE };
    let (mut count, mut cost, mut ascii) = (0, 0, 0);
    for passage in found {
        let (writing, page) = passage.chain[0];
        if writing == Writing::Utf8 {
            continue;
        }
        if !page.is_single() && !writing.is_wide() && !again {
            return false;
        }
        count += passage.text.chars().filter(|c| scorer.model().id(*c).is_known()).count();
        ascii += passage.text.bytes().filter(u8::is_ascii).count();
        cost += passage.cost;
    }
    let dearest = DEAREST * count as u32 + 3 * NAT * ascii as u32;
    if found.is_empty() || count > 0 && (count < prose || cost > dearest) {
        return false;
    }
    let outside = chars.iter().enumerate().filter(|(_, c)| trigger().is_suspicious(**c));
    outside.filter(|(i, _)| !found.iter().any(|p| (p.from..p.to).contains(i))).take(3).count() < 3
}

/// Finds passages; keeps its work space.
pub(super) struct Search {
    scorer: Scorer,
    lattice: Lattice,
    /// How many ways may yet be tried in vain, beyond those of each character.
    in_vain: usize,
}

impl Search {
    pub(super) fn new(in_vain: usize) -> Search {
        let scorer = Scorer::new();
        let lattice = Lattice::new(scorer.for_chinese());
        Search { scorer, lattice, in_vain }
    }

    /// How many ways may yet be tried in vain.
    pub(super) fn in_vain(&self) -> usize {
        self.in_vain
    }

    /// Another text comes: nothing has been tried yet.
    pub(super) fn reset(&mut self) {
        self.in_vain = WAYS_IN_VAIN;
    }

    /// The passages of a stretch of `chars` that can be read back, in order, without overlap. `last`
    /// is how the passage before was damaged, if it was shortly before: the same again needs less.
    pub(super) fn passages(
        &mut self,
        chars: &[char],
        stretch: Range<usize>,
        last: Option<&Chain>,
    ) -> Vec<Passage> {
        let start = stretch.start;
        let hint = last.map_or(&[][..], |chain| chain);
        let granted = WAYS_EACH * stretch.len();
        self.lattice.left = granted + self.in_vain;
        let mut passages = self.search(&chars[stretch], start == 0, last, hint, 0);
        // What was granted and not used makes good for what was tried in vain before.
        let found: usize = passages.iter().map(|passage| passage.to - passage.from).sum();
        self.in_vain = WAYS_IN_VAIN.min(self.lattice.left + WAYS_FOUND * found);
        for passage in &mut passages {
            passage.from += start;
            passage.to += start;
        }
        passages
    }

    fn search(
        &mut self,
        chars: &[char],
        opens: bool,
        last: Option<&Chain>,
        hint: &[(Writing, CodePage)],
        depth: usize,
    ) -> Vec<Passage> {
        let window = Window::new(self.scorer, chars.to_vec(), opens);
        let mut found = Vec::new();
        // A page is damaged in one way, most often; then nothing else need be tried.
        let (first, deeper) = hint.split_first().map_or((None, hint), |(f, d)| (Some(*f), d));
        if let Some((writing, page)) = first {
            self.pair(&window, page, writing, last, deeper, depth, &mut found);
        }
        if !explains(&window.chars, &found, self.scorer, last) {
            let kinds = Kinds::of(chars, self.scorer);
            // Characters read as pairs may be UTF-16 in ever so many ways where bytes are lost: what is found without comes first.
            let (first_wide, last_wide): (Vec<_>, Vec<_>) =
                kinds.wide_pairs().into_iter().partition(|(page, _)| page.is_single());
            let scorer = self.scorer;
            let pairs = move || rank(chars, kinds.pairs(), scorer);
            let pairs = first_wide
                .into_iter()
                .chain(std::iter::once_with(pairs).flatten())
                .chain(last_wide);
            for (page, writing) in pairs {
                if first == Some((writing, page)) {
                    continue;
                }
                self.pair(&window, page, writing, last, &[], depth, &mut found);
                if explains(&window.chars, &found, self.scorer, last) {
                    break;
                }
            }
        }
        // The best first; what overlaps it is another reading of the same damage.
        found.sort_by(|a, b| b.gain.cmp(&a.gain).then(a.from.cmp(&b.from)));
        let mut taken: Vec<Passage> = Vec::new();
        for passage in found {
            if taken.iter().all(|t| passage.to <= t.from || t.to <= passage.from) {
                taken.push(passage);
            }
        }
        taken.sort_by_key(|p| p.from);
        taken
    }

    /// All passages that were written in `writing` and read as `page`; `hint` is how what they
    /// read as may be damaged in turn.
    #[allow(clippy::too_many_arguments)]
    fn pair(
        &mut self,
        window: &Window,
        page: CodePage,
        writing: Writing,
        last: Option<&Chain>,
        hint: &[(Writing, CodePage)],
        depth: usize,
        found: &mut Vec<Passage>,
    ) {
        // After damage of its kind a passage needs less.
        let again = last.is_some_and(|chain| chain.first() == Some(&(writing, page)));
        if writing.is_wide() && page.is_single() {
            for (at, read) in utf16::read_back(self.scorer, window, page, writing, again) {
                self.damaged(window, at, read, (writing, page), last, hint, depth, found);
            }
            return;
        }
        let chars = &window.chars;
        let table = page.table();
        let by_pairs = !page.is_single() && writing != Writing::Utf8 && !writing.is_wide();
        let promising = by_pairs.then(|| {
            let mut places = promising(chars, &window.costs, (page, writing), self.scorer);
            let text = |place: &Range<usize>| &chars[place.start..place.end.min(chars.len())];
            places.retain(|place| last.is_some() || !is_marked_prose(text(place)));
            places
        });
        let least = if again { LEAST_GAIN / AGAIN } else { LEAST_GAIN };
        let mut worth = page.is_single().then(|| WorthReading::new(page, writing, least));
        let mut at = 0;
        // Pairs have two phases: a run is tried from its first and from its second byte.
        let mut second_phase = false;
        // What has proved itself is not tried in another way. One character alone can be UTF-8 by
        // accident, in text that was written in GBK.
        let proven = |p: &&Passage| {
            p.chain[0].0 == Writing::Utf8 && p.text.chars().filter(|c| !c.is_ascii()).count() > 1
        };
        let taken: Vec<Range<usize>> = found.iter().filter(proven).map(|p| p.from..p.to).collect();
        while at < chars.len() && self.lattice.left > 0 {
            if let Some(range) = taken.iter().find(|range| range.contains(&at)) {
                at = range.end;
                second_phase = false;
                continue;
            }
            if let Some(promising) = &promising {
                match promising.iter().find(|range| at < range.end) {
                    Some(range) => at = at.max(range.start),
                    None => break,
                }
            }
            if let Some(worth) = &mut worth {
                match worth.from(window, at) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            let c = chars[at];
            let lead = match table.unit(c) {
                Some(unit) if unit > 0xFF => (unit >> 8) as u8,
                Some(unit) => unit as u8,
                None => fused(page, writing, c).map_or(0, |bytes| bytes[0]),
            };
            let possible = match writing {
                Writing::Utf8 if page.is_single() => {
                    let begins = matches!(lead, 0xE2..=0xEF) || matches!(utf8_len(lead), 2 | 4);
                    begins && goes_on(table, chars.get(at + 1))
                }
                // The second byte is at hand, and has to go on with the first.
                Writing::Utf8 => {
                    let second = table.unit(c).map_or(0, |unit| unit as u8);
                    matches!(lead, 0xE2..=0xEF) && matches!(second, 0x80..=0xBF)
                }
                Writing::Utf16Le | Writing::Utf16Be => {
                    let swapped = char::from_u32((c as u32 & 0xFF) << 8 | c as u32 >> 8);
                    match page {
                        CodePage::Utf16 => swapped.is_some_and(|c| is_common(c, self.scorer)),
                        _ => !c.is_whitespace(),
                    }
                }
                _ => lead > 0x80,
            };
            if !possible {
                at += 1;
                continue;
            }
            let limit = taken.iter().map(|range| range.start).filter(|start| *start > at).min();
            let run = &chars[at..limit.unwrap_or(chars.len())];
            let costs = &window.costs[at..=at + run.len()];
            let read = self.lattice.read(run, costs, page, writing);
            let end = at + read.next;
            let past = self.damaged(window, at, read, (writing, page), last, hint, depth, found);
            if let Some(past) = past {
                at = past;
                second_phase = false;
            } else if writing == Writing::Utf8 {
                at = if end > at + REFUSED { end } else { at + 1 };
            } else if second_phase || !page.is_single() {
                second_phase = false;
                at = end.max(at + 1);
            } else {
                second_phase = true;
                at += 1;
            }
        }
    }

    /// The passages in what was read from `at` on; where the last of them ends.
    #[allow(clippy::too_many_arguments)]
    fn damaged(
        &mut self,
        window: &Window,
        at: usize,
        mut read: Readback,
        pair: (Writing, CodePage),
        last: Option<&Chain>,
        hint: &[(Writing, CodePage)],
        depth: usize,
        found: &mut Vec<Passage>,
    ) -> Option<usize> {
        let mut past = None;
        for (first, last_piece) in damaged(self.scorer, window, at, &mut read, pair) {
            let base = if first == 0 { (0, 0) } else { ends(&read.pieces[first - 1]) };
            let pieces: Vec<Piece> = read.pieces[first..=last_piece]
                .iter()
                .map(|p| Piece { end: p.end - base.0, text_end: p.text_end - base.1, ..p.clone() })
                .collect();
            let text = read.text[base.1..ends(&read.pieces[last_piece]).1].to_owned();
            let (from, to) = (at + base.0, at + ends(&read.pieces[last_piece]).0);
            let passage = Passage { from, to, text, pieces, chain: vec![pair], gain: 0, cost: 0 };
            let shorter = passage.without_foreign_end();
            let judged = self.judge(window, passage, last, hint, depth);
            let judged = judged.or_else(|| self.judge(window, shorter?, last, hint, depth));
            if let Some(passage) = judged {
                past = Some(passage.to);
                found.push(passage);
            }
        }
        past
    }

    /// Takes a passage or refuses it; goes deeper where what it reads as is damaged itself.
    fn judge(
        &mut self,
        window: &Window,
        mut passage: Passage,
        last: Option<&Chain>,
        hint: &[(Writing, CodePage)],
        depth: usize,
    ) -> Option<Passage> {
        let (writing, page) = passage.chain[0];
        if writing == Writing::Utf8
            && depth + 1 < DEEPEST
            && !reads_well(&passage.text, self.scorer)
        {
            self.deeper(&mut passage, hint, depth);
        }
        let mut before = window.cost(passage.from, passage.to);
        if writing.is_wide() {
            before += ascii_halves(&window.chars[passage.from..passage.to]);
        }
        let scorer = self.scorer.for_chinese();
        let mut state = scorer.start();
        let (mut after, mut count, mut chinese) = (0, 0, 0);
        for c in passage.text.chars() {
            let (cost, next) = scorer.next(state, c);
            state = next;
            after += cost;
            if !c.is_ascii() {
                count += 1;
                chinese += u32::from(is_chinese(c, self.scorer));
            }
        }
        let gain = before.checked_sub(after)?;
        let by_pairs = passage.chain.iter().all(|&(w, p)| w != Writing::Utf8 && !p.is_single());
        let (mut least, mut dearest) =
            if by_pairs { (LEAST_GAIN_PAIRS, DEAREST_PAIRS) } else { (LEAST_GAIN, DEAREST) };
        let private = |c: &char| matches!(c, '\u{E000}'..='\u{F8FF}');
        let no_text = window.chars[passage.from..passage.to].iter().filter(|c| private(c)).count();
        let is_long = count >= LONG && gain >= GAIN_EACH_LONG * count;
        if by_pairs && (is_long || no_text >= PRIVATE) {
            dearest = DEAREST;
        }
        if last == Some(&passage.chain) {
            least /= AGAIN;
        }
        // ASCII in the passage costs something, too.
        let spare = 3 * NAT * (passage.text.chars().count() as u32 - count);
        // Two signs (ªº) are one Han in GBK or Big5 by accident, and what ends in private use
        // was a list of signs.
        let source = &window.chars[passage.from..passage.to];
        if is_list(source)
            || by_pairs && !writing.is_wide() && is_monotonous(source)
            || writing != Writing::Utf8 && !writing.is_wide() && is_of_one_kind(source)
        {
            return None;
        }
        if passage.is_of_bytes_of_utf16()
            && !self.is_utf_16(source, &passage.text, last == Some(&passage.chain))
        {
            return None;
        }
        // Damage does not end in the middle of a run of letters and signs, a list of them goes on: ©µÀÆÖÞßéöÿ.
        let goes_on = |at: Option<usize>| {
            let c = at.and_then(|at| window.chars.get(at));
            c.is_some_and(|c| is_beyond_ascii(*c) && !matches!(c, '–'..='•' | '…'))
        };
        if page.is_single()
            && writing != Writing::Utf8
            && chinese < LEAST_HAN_OF_SIGNS
            && (goes_on(passage.from.checked_sub(1)) || goes_on(Some(passage.to)))
        {
            return None;
        }
        let letters = source.iter().any(|c| matches!(*c as u32, 0xC0..0x250 | 0x370..0x2000));
        let least_chinese = match passage.chain.iter().all(|(w, _)| *w == Writing::Utf8) {
            true => 1,
            false if last == Some(&passage.chain) => 1,
            false if letters => LEAST_HAN,
            false => LEAST_HAN_OF_SIGNS,
        };
        // Two rare Han are a common one and a letter by accident: they are a name.
        if writing == Writing::Utf8
            && !page.is_single()
            && count == 1
            && last != Some(&passage.chain)
            && passage.text.bytes().any(|byte| byte.is_ascii())
        {
            return None;
        }
        // Characters that all lack bytes, without a mark that something was lost, are no evidence.
        let marked = source.iter().any(|c| matches!(c, '\u{FFFD}' | '?'));
        let known = marked || last == Some(&passage.chain) || passage.chain.len() > 1;
        if !known && !passage.has_whole() {
            return None;
        }
        if by_pairs
            && !writing.is_wide()
            && last != Some(&passage.chain)
            && !self.is_prose_of_pairs(source, &passage)
        {
            return None;
        }
        let good = gain >= least
            && chinese >= least_chinese
            && (writing == Writing::Utf8
                || writing.is_wide()
                || !passage.text.contains(|c| private(&c)))
            && chinese * 2 >= count
            && after <= dearest * count + EDGES + spare
            && gain >= LEAST_GAIN_EACH * count;
        (passage.gain, passage.cost) = (gain, after);
        // One character alone can be UTF-8 by accident.
        if writing == Writing::Utf8 && count == 1 && last != Some(&passage.chain) {
            for piece in passage.pieces.iter_mut().filter(|p| p.certainty == Certainty::Sure) {
                piece.certainty = Certainty::Guess;
            }
        }
        good.then_some(passage)
    }

    /// Whether the Han that pairs read as other pairs make are prose: rare Han in a list make common ones by accident, but by
    /// themselves, between punctuation that reads the same.
    fn is_prose_of_pairs(&self, source: &[char], passage: &Passage) -> bool {
        let scorer = self.scorer.for_chinese();
        let mut state = scorer.start();
        let (mut seen, mut cost, mut run, mut longest) = (Vec::new(), 0, 0, 0);
        let (mut from, mut text_from) = (0, 0);
        for piece in &passage.pieces {
            let text = &passage.text[text_from..piece.text_end];
            let stands = source[from..piece.end].iter().copied().eq(text.chars());
            (from, text_from) = (piece.end, piece.text_end);
            for c in text.chars() {
                let (more, next) = scorer.next(state, c);
                state = next;
                if stands || !matches!(c, '\u{4E00}'..='\u{9FFF}') {
                    run = 0;
                    continue;
                }
                (cost, run) = (cost + more, run + 1);
                longest = longest.max(run);
                seen.push(c);
            }
        }
        let dearest = if seen.len() >= LONG as usize { DEAREST } else { DEAREST_PAIRS };
        // Kana stand in Japanese, the lines of boxes by themselves; but not among Han.
        let sign = |c: &&char| {
            let class = class(**c);
            matches!(class, Class::Greek | Class::Cyrillic | Class::Box | Class::HalfKana)
                || matches!(class, Class::Private | Class::Replacement)
        };
        // 、 and 。 of GBK are such in Big5.
        let marks =
            |c: &&char| class(**c) == Class::Bopomofo || matches!(**c, '\u{FE30}'..='\u{FE6F}');
        let signs = source.iter().filter(sign).count()
            + SIGNS_OF_PAIRS * usize::from(source.iter().any(|c| marks(&c)));
        seen.sort_unstable();
        let (mut different, mut most) = (0, 0);
        for same in seen.chunk_by(|a, b| a == b) {
            (different, most) = (different + 1, same.len().max(most));
        }
        let is_list = most >= REPEATED && most * 3 >= seen.len();
        let dear = cost > dearest * seen.len() as u32 + EDGES / 2;
        signs >= SIGNS_OF_PAIRS
            || longest >= RUN_OF_PAIRS && different >= HAN_OF_PAIRS && !is_list && !dear
    }

    /// Whether bytes that were read one by one are those of UTF-16: any are, so that Han have to be among what they make, and
    /// among them bytes beyond ASCII, as half of the characters have one. `again` is after a passage of the same kind.
    fn is_utf_16(&self, source: &[char], text: &str, again: bool) -> bool {
        let model = self.scorer.model();
        let han = |c: &char| matches!(c, '\u{4E00}'..='\u{9FFF}') && model.id(*c).is_known();
        let (least_han, least_bytes) =
            if again { (1, 1) } else { (LEAST_HAN_OF_UTF_16, LEAST_BYTES_OF_UTF_16) };
        let mut seen: Vec<char> = text.chars().filter(han).collect();
        seen.sort_unstable();
        seen.dedup();
        let beyond = source.iter().filter(|c| !c.is_ascii()).count();
        let count = text.chars().filter(|c| !c.is_ascii()).count();
        let is_like = |beyond: usize| beyond >= least_bytes && beyond * FEW_BYTES >= count;
        let is_prose = || seen.len() >= HAN_OF_PROSE && mean_cost(text.chars()) <= PROSE_OF_UTF_16;
        seen.len() >= least_han && (is_like(beyond) || is_like(beyond + 1) && is_prose())
    }

    /// Reads back what the passage reads as.
    fn deeper(&mut self, passage: &mut Passage, hint: &[(Writing, CodePage)], depth: usize) {
        let chars: Vec<char> = passage.text.chars().collect();
        let inner = self.search(&chars, true, None, hint, depth + 1);
        let Some(first) = inner.first() else { return };
        let chain = first.chain.clone();
        let mut text = String::new();
        let mut at = 0;
        let mut certainty = Certainty::Sure;
        for p in &inner {
            text.extend(&chars[at..p.from]);
            text.push_str(&p.text);
            at = p.to;
            if p.pieces.iter().any(|p| p.certainty != Certainty::Sure) {
                certainty = Certainty::Guess;
            }
        }
        text.extend(&chars[at..]);
        if passage.pieces.iter().any(|p| p.certainty != Certainty::Sure) {
            certainty = Certainty::Guess;
        }
        // Where the pieces of two readings meet is not worked out: the passage is one, which stays whole where nothing is to be guessed.
        let end = passage.to - passage.from;
        let Some(&Piece { states, first, .. }) = passage.pieces.first() else { return };
        passage.pieces = vec![Piece {
            end,
            text_end: text.len(),
            cost: 0,
            first,
            states,
            certainty,
            chosen: None,
        }];
        passage.text = text;
        passage.chain.extend(chain);
    }
}

/// Whether the character after a byte that begins one of UTF-8 may be a byte that goes on with it, or a mark
/// for one. An accent among ASCII, as a gloss has it, begins nothing.
fn goes_on(table: &Table, next: Option<&char>) -> bool {
    let is_byte = |c: char| !c.is_ascii() && (c == '\u{FFFD}' || table.unit(c).is_some());
    next.is_some_and(|&c| c == '?' || is_byte(c))
}

fn is_chinese(c: char, scorer: Scorer) -> bool {
    scorer.model().id(c).is_known()
        || matches!(class(c), Class::RareHan | Class::Kana | Class::CjkSymbol)
}

/// Whether characters are the next to each other in a code table, for the most part: `ÀÁÂÃÄÅ` is
/// a list of them.
fn is_list(chars: &[char]) -> bool {
    let next = chars.windows(2).filter(|pair| pair[1] as u32 == pair[0] as u32 + 1).count();
    chars.len() > 2 && next * 2 >= chars.len()
}

/// Whether characters are one or two again and again (哈哈哈哈), or most of them the one before again (還還還帽帽帽): what
/// one of them gains says nothing more the tenth time. A word that stands ten times is none of these.
fn is_monotonous(chars: &[char]) -> bool {
    let mut kinds: Vec<char> = Vec::with_capacity(3);
    let (mut count, mut same, mut before) = (0, 0, '\0');
    for &c in chars.iter().filter(|c| !c.is_ascii()) {
        // A mark has been many a byte.
        if c != '\u{FFFD}' {
            count += 1;
            same += usize::from(c == before);
            before = c;
        }
        if kinds.len() <= 2 && !kinds.contains(&c) {
            kinds.push(c);
        }
    }
    kinds.len() <= 2 || same * 2 > count
}

/// Whether all that is not ASCII is one character, again and again: ßßßß is 後後 as any pairs are something.
fn is_of_one_kind(chars: &[char]) -> bool {
    let mut strange = chars.iter().filter(|c| !c.is_ascii() && **c != '\u{FFFD}');
    strange.next().is_some_and(|first| strange.all(|c| c == first))
}

/// Whether a text looks like Chinese (or Japanese) rather than like damage.
fn reads_well(text: &str, scorer: Scorer) -> bool {
    let (mut good, mut bad) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let known = scorer.model().id(c).is_known();
        if known || matches!(class(c), Class::Kana | Class::CjkSymbol) {
            good += 1;
        } else {
            bad += 1;
        }
    }
    good > bad * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_in_vain_is_bounded_and_takes_nothing_from_what_is_found() {
        let mut search = Search::new(WAYS_IN_VAIN);
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let junk = chars(
            &"實(sh&ikcute;)&\0x5B9E;現\u{200B}\u{FFFD}\u{FFFD}\u{FFFD};\u{FFFD}\u{FFFD}"
                .repeat(80),
        );
        let mut tried = Vec::new();
        for _ in 0..6 {
            assert!(search.passages(&junk, 0..junk.len(), None).is_empty());
            tried.push(search.in_vain);
        }
        assert_eq!(tried.last(), Some(&0), "{tried:?}");
        // 今天下午我们在河边散步 in UTF-8, read as GBK.
        let damaged = chars("浠婂ぉ涓嬪崍鎴戜滑鍦ㄦ渤杈规暎姝\u{FFFD}");
        for _ in 0..40 {
            let found = search.passages(&damaged, 0..damaged.len(), None);
            assert_eq!(found[0].text, "今天下午我们在河边散步");
        }
        assert_eq!(search.in_vain, WAYS_IN_VAIN);
        search.passages(&junk, 0..junk.len(), None);
        search.reset();
        assert_eq!(search.in_vain, WAYS_IN_VAIN);
    }
}
