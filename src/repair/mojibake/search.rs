//! Finds the passages of a window that are bytes of one encoding read as another.
//!
//! Every page that the characters can have been read as is tried, with every encoding that they
//! can have been written in. A run that can be read back is cut to the stretch where reading it back
//! gains most, and taken when the gain is more than chance gives.

use std::ops::Range;

use super::codepage::{CodePage, Table};
use super::lattice::{Certainty, Lattice, Piece, Readback, fused};
use super::promising::promising;
use super::rank::rank;
use super::scan::{CONTROLS, trigger, weight_of_control};
use super::score::{Class, Scorer, State, class, is_odd_control};
use super::writing::{Writing, utf8_len};
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
/// The same where the gain is the only evidence.
const DEAREST_PAIRS: u32 = 8 * NAT;
/// The least gain for each character of the result: damage is bad throughout.
const LEAST_GAIN_EACH: u32 = 2 * NAT;
/// The fewest Han of a passage that was written in two-byte codes, where no other stands near.
const LEAST_HAN: u32 = 2;
/// The same where the passage has signs only (“ªº”), as lists of special characters have.
const LEAST_HAN_OF_SIGNS: u32 = 4;
/// What a change between clean and damaged text costs at an end of a sentence or field.
const SWITCH: u32 = 2 * NAT;
/// The same at an end of a clause: what is damaged was a whole somewhere, a title, a field, a sentence.
const SWITCH_CLAUSE: u32 = 5 * NAT;
/// The same elsewhere.
const SWITCH_WORD: u32 = 8 * NAT;
/// The same between two Han.
const SWITCH_INSIDE: u32 = 10 * NAT;
/// The same beside kana, which the commonest characters of Big5 are read as.
const SWITCH_KANA: u32 = 14 * NAT;
/// What a piece must gain more than standing as it is to be sure. Of pairs that lose nothing, nothing
/// that gained half of it was wrong.
const SURE_DAMAGED: u32 = 8 * NAT;
/// The deepest nesting that is undone: UTF-8 three times through windows-1252.
const DEEPEST: usize = 4;
/// A run that was read and refused is not tried again from each of its characters past this.
const REFUSED: usize = 12;
/// So many characters that are common Chinese ones in the other order of bytes make UTF-16 worth a try.
const LEAST_SWAPPED: usize = 3;
/// A character up to this cost is common: one of two thousand.
const COMMON: u32 = 9 * NAT;
/// How much one passage needs less after another of the same kind shortly before, as a share.
const AGAIN: u32 = 2;

/// How a passage was damaged: what it was written in and read as, last reading first.
pub(super) type Chain = Vec<(Writing, CodePage)>;

/// A passage and what it reads as.
#[derive(Debug)]
pub(super) struct Passage {
    /// The first character in the window.
    pub(super) from: usize,
    /// One past the last.
    pub(super) to: usize,
    pub(super) text: String,
    /// Stretches, counted from `from` and from the start of `text`.
    pub(super) pieces: Vec<Piece>,
    pub(super) chain: Chain,
    gain: u32,
    /// What the text costs as Chinese.
    cost: u32,
}

/// The rule's name of a chain.
pub(super) fn rule(chain: &Chain) -> String {
    let step = |(w, p): &(Writing, CodePage)| format!("{} read as {}", w.name(), p.name());
    chain.iter().rev().map(step).collect::<Vec<_>>().join(", ")
}

impl Passage {
    /// The rule's name: `utf-8 read as gbk`.
    pub(super) fn rule(&self) -> String {
        rule(&self.chain)
    }
}

impl Passage {
    /// Whether it has a character beyond ASCII whose bytes are all there.
    fn has_whole(&self) -> bool {
        let mut from = 0;
        self.pieces.iter().any(|piece| {
            let text = &self.text[from..piece.text_end];
            from = piece.text_end;
            piece.certainty == Certainty::Sure && !text.is_ascii()
        })
    }

    /// Leaves the end off that is not sure, because the text was cut there; whether something is
    /// left.
    pub(super) fn cut_sure(&mut self) -> bool {
        let sure = self.pieces.iter().rposition(|p| p.certainty == Certainty::Sure);
        let Some(last) = sure else { return false };
        self.pieces.truncate(last + 1);
        self.to = self.from + self.pieces[last].end;
        self.text.truncate(self.pieces[last].text_end);
        true
    }
}

/// The characters of a window, with what they cost as they stand.
struct Window {
    chars: Vec<char>,
    /// Whether it starts where a line, or a text, does.
    opens: bool,
    /// Cost of all characters before each, and of all.
    costs: Vec<u32>,
    /// What stands before each.
    states: Vec<State>,
}

impl Window {
    fn new(scorer: Scorer, chars: Vec<char>, opens: bool) -> Window {
        let mut costs = Vec::with_capacity(chars.len() + 1);
        let mut state = scorer.start();
        let mut sum = 0;
        let mut states = Vec::with_capacity(chars.len());
        costs.push(0);
        for &c in &chars {
            states.push(state);
            let (cost, next) = scorer.next(state, c);
            state = next;
            sum += cost;
            costs.push(sum);
        }
        Window { chars, opens, costs, states }
    }

    fn cost(&self, from: usize, to: usize) -> u32 {
        self.costs[to] - self.costs[from]
    }
}

/// What kinds of characters a window has: which pages are worth trying.
#[derive(Default)]
struct Kinds {
    /// Of Latin, Greek, Cyrillic, boxes and symbols.
    narrow: usize,
    rare: usize,
    half_kana: usize,
    hangul: usize,
    han: usize,
    /// Controls that no text has, and whether one is of C0.
    controls: usize,
    c0: bool,
    /// Characters that the model does not have, and those of them that are common Chinese ones in
    /// the other order of bytes.
    unknown: usize,
    swapped: usize,
}

impl Kinds {
    fn of(chars: &[char], scorer: Scorer) -> Kinds {
        let mut kinds = Kinds::default();
        for &c in chars {
            kinds.controls += weight_of_control(c);
            if c.is_ascii() {
                kinds.c0 |= is_odd_control(c);
                continue;
            }
            let known = scorer.model().id(c).is_known();
            let swapped = char::from_u32((c as u32 & 0xFF) << 8 | c as u32 >> 8);
            kinds.unknown += usize::from(!known);
            kinds.swapped += usize::from(!known && swapped.is_some_and(|c| is_common(c, scorer)));
            match class(c) {
                Class::RareHan if known => kinds.han += 1,
                Class::RareHan => {
                    kinds.han += 1;
                    kinds.rare += 1;
                }
                Class::HalfKana => kinds.half_kana += 1,
                Class::Hangul => kinds.hangul += 1,
                Class::Private | Class::Replacement => kinds.rare += 1,
                Class::Latin | Class::LatinSymbol | Class::Control | Class::Greek => {
                    kinds.narrow += 1;
                }
                Class::Cyrillic | Class::Box | Class::Other => kinds.narrow += 1,
                // € is byte 80 of GBK.
                Class::Symbol if c == '€' => {
                    kinds.rare += 1;
                    kinds.narrow += 1;
                }
                _ => {}
            }
        }
        kinds
    }
}

impl Kinds {
    /// The pairs worth trying: first those whose bytes prove something, then those where only the
    /// gain does.
    fn pairs(&self) -> Vec<(CodePage, Writing)> {
        let mut pairs = Vec::new();
        if self.rare >= 1 {
            pairs.push((CodePage::Gbk, Writing::Utf8));
        }
        if self.narrow >= 2 {
            pairs.extend(CodePage::SINGLE.map(|page| (page, Writing::Utf8)));
            pairs.extend(CodePage::SINGLE.map(|page| (page, Writing::Gbk)));
            pairs.push((CodePage::Latin, Writing::Big5));
        }
        if self.half_kana >= 2 {
            pairs.push((CodePage::ShiftJis, Writing::Utf8));
            pairs.push((CodePage::ShiftJis, Writing::Gbk));
        }
        if self.rare + self.hangul >= 2 {
            pairs.push((CodePage::Gbk, Writing::Big5));
            pairs.push((CodePage::Big5, Writing::Gbk));
            pairs.push((CodePage::EucJp, Writing::Gbk));
        }
        if self.hangul >= 1 && self.han >= 1 {
            pairs.push((CodePage::EucKr, Writing::Gbk));
        }
        pairs
    }

    /// The same for UTF-16, which any bytes are: tried only where something else speaks for it.
    fn wide_pairs(&self) -> Vec<(CodePage, Writing)> {
        let mut pairs = Vec::new();
        for writing in [Writing::Utf16Le, Writing::Utf16Be] {
            if self.c0 && self.controls >= CONTROLS && self.narrow >= 1 {
                pairs.push((CodePage::Latin, writing));
            }
            if self.c0 && self.controls >= CONTROLS && self.rare + self.hangul + self.han >= 2 {
                pairs.push((CodePage::Gbk, writing));
            }
        }
        if self.swapped >= LEAST_SWAPPED && self.swapped * 4 >= self.unknown {
            pairs.push((CodePage::Utf16, Writing::Utf16Le));
        }
        pairs
    }
}

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
        if !page.is_single() && !writing.is_wide() {
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
}

impl Search {
    pub(super) fn new() -> Search {
        let scorer = Scorer::new();
        Search { scorer, lattice: Lattice::new(scorer.for_chinese()) }
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
        let mut passages = self.search(&chars[stretch], start == 0, last, hint, 0);
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
            let wide = kinds.wide_pairs();
            let scorer = self.scorer;
            let pairs = move || rank(chars, kinds.pairs(), scorer);
            for (page, writing) in wide.into_iter().chain(std::iter::once_with(pairs).flatten()) {
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
        let chars = &window.chars;
        let table = page.table();
        let by_pairs = !page.is_single() && writing != Writing::Utf8 && !writing.is_wide();
        let promising =
            by_pairs.then(|| promising(chars, &window.costs, (page, writing), self.scorer));
        // After damage of its kind a passage needs less.
        let again = last.is_some_and(|chain| chain.first() == Some(&(writing, page)));
        let least = if again { LEAST_GAIN / AGAIN } else { LEAST_GAIN };
        let by_bytes = page.is_single() && !writing.is_wide();
        let mut worth = by_bytes.then(|| WorthReading::new(page, writing, least));
        let mut at = 0;
        // Pairs have two phases: a run is tried from its first and from its second byte.
        let mut second_phase = false;
        // What has proved itself is not tried in another way. One character alone can be UTF-8 by
        // accident, in text that was written in GBK.
        let proven = |p: &&Passage| {
            p.chain[0].0 == Writing::Utf8 && p.text.chars().filter(|c| !c.is_ascii()).count() > 1
        };
        let taken: Vec<Range<usize>> = found.iter().filter(proven).map(|p| p.from..p.to).collect();
        while at < chars.len() {
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
            let mut read = self.lattice.read(run, costs, page, writing);
            let end = at + read.next;
            let mut past = None;
            for (first, last_piece) in
                stretches(self.scorer, window, at, &mut read, (writing, page))
            {
                let base = if first == 0 { (0, 0) } else { ends(&read.pieces[first - 1]) };
                let pieces: Vec<Piece> = read.pieces[first..=last_piece]
                    .iter()
                    .map(|p| Piece {
                        end: p.end - base.0,
                        text_end: p.text_end - base.1,
                        ..p.clone()
                    })
                    .collect();
                let text = read.text[base.1..ends(&read.pieces[last_piece]).1].to_owned();
                let (from, to) = (at + base.0, at + ends(&read.pieces[last_piece]).0);
                let passage = Passage {
                    from,
                    to,
                    text,
                    pieces,
                    chain: vec![(writing, page)],
                    gain: 0,
                    cost: 0,
                };
                if let Some(passage) = self.judge(window, passage, last, hint, depth) {
                    past = Some(passage.to);
                    found.push(passage);
                }
            }
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

    /// Takes a passage or refuses it; goes deeper where what it reads as is damaged itself.
    fn judge(
        &mut self,
        window: &Window,
        mut passage: Passage,
        last: Option<&Chain>,
        hint: &[(Writing, CodePage)],
        depth: usize,
    ) -> Option<Passage> {
        let writing = passage.chain[0].0;
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
        let (mut least, dearest) =
            if by_pairs { (LEAST_GAIN_PAIRS, DEAREST_PAIRS) } else { (LEAST_GAIN, DEAREST) };
        if last == Some(&passage.chain) {
            least /= AGAIN;
        }
        // ASCII in the passage costs something, too.
        let spare = 3 * NAT * (passage.text.chars().count() as u32 - count);
        // Two signs (ªº) are one Han in GBK or Big5 by accident, and what ends in private use
        // was a list of signs.
        let source = &window.chars[passage.from..passage.to];
        if is_list(source) || by_pairs && !writing.is_wide() && is_monotonous(source) {
            return None;
        }
        let letters = source.iter().any(|c| matches!(*c as u32, 0xC0..0x250 | 0x370..0x2000));
        let least_chinese = match passage.chain.iter().all(|(w, _)| *w == Writing::Utf8) {
            true => 1,
            false if last == Some(&passage.chain) => 1,
            false if letters => LEAST_HAN,
            false => LEAST_HAN_OF_SIGNS,
        };
        // Characters that all lack bytes, without a mark that something was lost, are no evidence.
        let marked = source.iter().any(|c| matches!(c, '\u{FFFD}' | '?'));
        let known = marked || last == Some(&passage.chain) || passage.chain.len() > 1;
        if !known && !passage.has_whole() {
            return None;
        }
        let private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}');
        let good = gain >= least
            && chinese >= least_chinese
            && (writing == Writing::Utf8 || !passage.text.contains(private))
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
        // Where the pieces of two readings meet is not worked out: the passage is one.
        let chosen = (certainty != Certainty::Sure).then_some((0, text.len()));
        let end = passage.to - passage.from;
        let Some(&Piece { states, first, .. }) = passage.pieces.first() else { return };
        passage.pieces =
            vec![Piece { end, text_end: text.len(), cost: 0, first, states, certainty, chosen }];
        passage.text = text;
        passage.chain.extend(chain);
    }
}

/// Which runs of characters of a single byte can gain enough at all: what ASCII costs it costs either way, so
/// that no more is to be gained than what the others cost as they stand.
struct WorthReading {
    page: CodePage,
    writing: Writing,
    least: u32,
    /// Where the run ends that was looked at last.
    end: usize,
}

impl WorthReading {
    fn new(page: CodePage, writing: Writing, least: u32) -> WorthReading {
        WorthReading { page, writing, least, end: 0 }
    }

    /// The first place from `at` on that is in such a run.
    fn from(&mut self, window: &Window, mut at: usize) -> Option<usize> {
        while at >= self.end {
            let (end, gain) = self.run(window, at);
            self.end = end.max(at + 1);
            if gain < self.least {
                at = self.end;
            }
            if at >= window.chars.len() {
                return None;
            }
        }
        Some(at)
    }

    /// Where the run ends that `at` is in, and what it could gain at the most.
    fn run(&self, window: &Window, at: usize) -> (usize, u32) {
        let table = self.page.table();
        // ASCII may be the second byte of a pair, and each `?` behind it one that was lost.
        let (mut gain, mut pair) = (0, false);
        for (i, &c) in window.chars.iter().enumerate().skip(at) {
            let byte = c.is_ascii()
                || c == '\u{FFFD}'
                || table.unit(c).is_some()
                || fused(self.page, self.writing, c).is_some();
            if !byte {
                return (i, gain);
            }
            if pair || !c.is_ascii() {
                gain += window.cost(i, i + 1);
            }
            pair = !c.is_ascii() || c == '?' && pair;
        }
        (window.chars.len(), gain)
    }
}

fn ends(piece: &Piece) -> (usize, usize) {
    (piece.end, piece.text_end)
}

/// The stretches of pieces that are damage, as first and last index: the cheapest way through the
/// run that reads each piece as it stands or as it reads back, where changing sides costs. A piece
/// that could as well be read as it stands becomes a guess.
fn stretches(
    scorer: Scorer,
    window: &Window,
    at: usize,
    read: &mut Readback,
    (writing, page): (Writing, CodePage),
) -> Vec<(usize, usize)> {
    // Bytes read one by one that are UTF-8 leave no doubt.
    let proves_itself = writing == Writing::Utf8 && page.is_single();
    let n = read.pieces.len();
    // For each piece what it costs to enter damage with it, to leave damage with it, and what it
    // costs as it stands and as it reads.
    let mut steps: Vec<[i64; 4]> = Vec::with_capacity(n);
    let mut from = at;
    let mut last = None;
    for (i, piece) in read.pieces.iter().enumerate() {
        let to = at + piece.end;
        let mut stands = i64::from(window.cost(from, to));
        if writing.is_wide() {
            stands += i64::from(ascii_halves(&window.chars[from..to]));
        }
        let reads = i64::from(piece.cost);
        let first = window.chars[from];
        // What changing sides costs here, the difference that the other context makes included.
        let free =
            i == 0 && at.checked_sub(1).map_or(window.opens, |last| window.chars[last].is_ascii());
        let turn = if free { 0 } else { switch(window, from, None) };
        let into = turn + piece.entry(scorer.for_chinese(), window.states[from]);
        let out_of = if i == 0 {
            0
        } else {
            let as_is = i64::from(window.cost(from, from + 1));
            let entry = i64::from(scorer.next(piece.states.0, first).0) - as_is;
            switch(window, from, last) + entry
        };
        steps.push([into, out_of, stands, reads]);
        last = read.text[..piece.text_end].chars().next_back();
        from = to;
    }
    // The cheapest way from each piece on, when it is clean and when it is damaged.
    let mut rest = vec![(0i64, 0i64); n + 1];
    if from < window.chars.len() && !page.is_single() {
        // What follows is good Chinese; the last before that may be, too.
        rest[n].1 = switch(window, from, last);
    }
    for i in (0..n).rev() {
        let (clean, damaged) = rest[i + 1];
        let [_, _, stands, reads] = steps[i];
        let next = steps.get(i + 1);
        let leave = next.map_or(0, |s| s[1]);
        let enter = next.map_or(0, |s| s[0]);
        rest[i] = match next {
            None => (stands + clean, reads + damaged),
            Some(_) => (stands + clean.min(damaged + enter), reads + damaged.min(clean + leave)),
        };
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    // The cheapest way to before each piece, from clean and from damage.
    let (mut clean, mut damaged) = (0i64, i64::MAX / 2);
    let mut was_damaged = false;
    // Two-byte codes may be cut in the wrong places from a lost byte on.
    let may_slip = writing != Writing::Utf8 && !page.is_single();
    // UTF-16 is as any bytes are.
    let sure = i64::from(if writing.is_wide() { SURE_DAMAGED * 2 } else { SURE_DAMAGED });
    for i in 0..n {
        let [into, out_of, stands, reads] = steps[i];
        let to_clean = clean.min(damaged + out_of);
        let to_damaged = damaged.min(clean + into);
        // By how much it is cheaper that this piece is damaged, on the whole.
        let by = (to_clean + rest[i].0) - (to_damaged + rest[i].1);
        let is_damaged = by > 0;
        if is_damaged {
            match found.last_mut() {
                Some((_, last)) if was_damaged => *last = i,
                _ => found.push((i, i)),
            }
            let doubtful = by < sure || may_slip && is_dear(&read.pieces, i);
            if doubtful && !proves_itself && read.pieces[i].certainty == Certainty::Sure {
                read.pieces[i].certainty = Certainty::Guess;
            }
        }
        was_damaged = is_damaged;
        (clean, damaged) = (to_clean + stands, to_damaged + reads);
    }
    found
}

/// Whether what stands around a piece is no prose, so that bytes may have been cut in the wrong places.
fn is_dear(pieces: &[Piece], at: usize) -> bool {
    let around = &pieces[at.saturating_sub(2)..pieces.len().min(at + 3)];
    let sum: u32 = around.iter().map(|piece| piece.cost).sum();
    sum > DEAREST_PAIRS * around.len() as u32
}

/// What it costs to change between clean and damaged before the character at `at`: little at a
/// line's, a sentence's or a word's end, more elsewhere. `left` is the last character of the damage
/// as it reads, where it is left.
fn switch(window: &Window, at: usize, left: Option<char>) -> i64 {
    let before = at.checked_sub(1).map(|at| window.chars[at]);
    let after = window.chars[at];
    let is_kana = |c: char| ('\u{3040}'..='\u{30FF}').contains(&c);
    let is_han = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
    let cost = |c: char| match c {
        '"' | '\'' | '<' | '>' | '=' | '.' | '!' | '?' | '(' | ')' | '[' | ']' | '{' | '}'
        | '|' | '/' | '#' | ':' => SWITCH,
        '。' | '！' | '？' | '：' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '（'
        | '）' | '《' | '》' | '〈' | '〉' | '…' | '—' | '\u{3000}' => SWITCH,
        c if c.is_ascii_whitespace() => SWITCH,
        ',' | ';' | '，' | '、' | '；' => SWITCH_CLAUSE,
        _ => SWITCH_WORD,
    };
    let Some(before) = before else { return i64::from(SWITCH) };
    let side = cost(left.unwrap_or(before)).min(left.map_or(SWITCH_WORD, |_| cost(after)));
    i64::from(match side {
        SWITCH_WORD if is_han(before) && is_han(after) => SWITCH_INSIDE,
        SWITCH_WORD if is_kana(before) || is_kana(after) => SWITCH_KANA,
        side => side,
    })
}

/// Whether the character after a byte that begins one of UTF-8 may be a byte that goes on with it, or a mark
/// for one. An accent among ASCII, as a gloss has it, begins nothing.
fn goes_on(table: &Table, next: Option<&char>) -> bool {
    let is_byte = |c: char| !c.is_ascii() && (c == '\u{FFFD}' || table.unit(c).is_some());
    next.is_some_and(|&c| c == '?' || is_byte(c))
}

/// What ASCII costs more as it stands where it may be halves of UTF-16: no words, but any of it.
fn ascii_halves(chars: &[char]) -> u32 {
    2 * NAT * chars.iter().filter(|c| c.is_ascii_graphic()).count() as u32
}

fn is_common(c: char, scorer: Scorer) -> bool {
    let id = scorer.model().id(c);
    id.is_known() && scorer.model().cost(id) < COMMON
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

/// Whether characters are one or two again and again (還還還還, 哈哈哈哈): what one of them gains says nothing more the
/// tenth time.
fn is_monotonous(chars: &[char]) -> bool {
    let mut kinds: Vec<char> = Vec::with_capacity(3);
    for &c in chars.iter().filter(|c| !c.is_ascii()) {
        if !kinds.contains(&c) {
            kinds.push(c);
        }
        if kinds.len() > 2 {
            return false;
        }
    }
    true
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
