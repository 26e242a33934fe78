//! Which passages of a window are glossed: the evidence, and how much of it is enough.
//!
//! The rules are those that measured no false alarm on 54,588 good documents and full recall on
//! the damaged ones (damage model, "what must stay"). A passage is a run of lines that agree on
//! what is glossed: since a page glosses every occurrence of a character or none, two texts that
//! follow each other in one stream betray the seam.

mod pages;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use self::pages::settle;
use super::scan::{FIRST_HAN, Head, Spot, is_han};
use super::{cut, fluency, gbk, list, spelling};
use crate::dict::frequency::Frequencies;

/// Fewest glosses of the list that make a passage glossed, unless a decoder left its mark on one.
/// With fewer it is doubtful, and they are reported.
const LEAST_LISTED: usize = 3;
/// The same in zhuyin, in which schoolbooks have the hard words of a few lines.
const LEAST_ZHUYIN: usize = 8;
/// The share of them that stands in running text: a list of words has each between marks, but for the first and the last.
const RUNNING_SHARE: f64 = 0.6;
/// The same where a decoder has left its mark: beside that, text need not show as such.
const RUNNING_SHARE_MARKED: f64 = 0.5;
/// The share they have among the glosses with a tone whose reading is one of the character's.
const LISTED_SHARE: f64 = 0.6;
/// The share of the repeated glossed characters that are glossed everywhere.
const FULL_SHARE: f64 = 0.9;
/// Without the list: fewest glosses with a tone and an agreeing reading.
const LEAST_FREE: usize = 4;
/// Without the list: the share of them on characters that Simplified text does not have.
const FOREIGN_SHARE: f64 = 0.95;
/// Without the list: fewest characters that occur more than once.
const LEAST_REPEATED: usize = 2;
/// Without the list: fewest glosses in a thousand Han characters.
const LEAST_PER_THOUSAND: f64 = 10.0;
/// On characters of Simplified text too: fewest glosses, and how many of them have to be of the
/// list, or written with a blank inside as only annotators' scripts do it.
const LEAST_COMMON: usize = 8;
/// See [`LEAST_COMMON`].
const LEAST_TELLING: usize = 2;
/// The same where none is: then there have to be many.
const LEAST_UNTOLD: usize = 30;
/// The same: fewest characters that occur more than once.
const LEAST_COMMON_REPEATED: usize = 3;
/// The same: the share on characters that everybody can read, which no reader annotates while it
/// leaves others bare. What such a character costs at most is [`COMMON`].
const COMMON_SHARE: f64 = 0.7;
/// See [`COMMON_SHARE`]: one in three thousand.
const COMMON: fluency::Cost = 92;
/// The same: the most of the Han that has a reading.
const COMMON_MOST: f64 = 0.4;
/// Without tones: fewest glosses whose reading is one of the character's, and on how many
/// different characters.
const LEAST_TONELESS: usize = 5;
/// Without tones: fewest glosses in a thousand Han characters of the lines that have some.
const TONELESS_PER_THOUSAND: f64 = 40.0;
/// Without tones: the share of them with a bare character beside theirs. In a list (`金(jin)木(mu)`, `元(yuan)、角(jiao)`) each is
/// glossed.
const BESIDE_BARE_SHARE: f64 = 0.5;
/// Without tones: one in so many characters may have several readings, in a lesson each has.
const SEVERAL: usize = 4;
/// Without tones: one in so many at the least has text on both sides, as three of four have that are put anywhere. In a list
/// (`大(da)象、小(xiao)鸟`, a name on each line) none has.
const INSIDE: usize = 3;
/// Another form of a character stands within so many bytes before it where a text says how it is written: twelve Han.
const FORMS_APART: usize = 39;
/// A text for learners has a reading on nearly every character; a damaged one on a fraction.
const LEARNERS_SHARE: f64 = 0.75;
/// Occurrences that speak for a seam before a passage is cut there.
const SEAM: i64 = 3;

/// How the evidence was found to be enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// By the annotators' list.
    List,
    /// By readings that agree, without the list.
    Free,
    /// By readings without tones, put after any character.
    Toneless,
}

/// A character that is glossed, or is on the list, and how often it is.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) character: char,
    pub(super) reading: Arc<str>,
    pub(super) glossed: u32,
    pub(super) bare: u32,
    /// Bare in lines that have glosses.
    pub(super) bare_beside: u32,
    /// Whether it had more readings than one.
    pub(super) varies: bool,
}

/// A run of lines that agree on what is glossed.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// Which lines of the window.
    pub(super) lines: Range<usize>,
    /// By what rule it is glossed, if it is.
    pub(super) rule: Option<Rule>,
    /// What it has of each character.
    pub(super) slots: Vec<Slot>,
    /// Whether it has glosses of the list, too few to tell, and nothing that speaks against them.
    pub(super) doubtful: bool,
}

/// What one line has.
#[derive(Default)]
struct Line {
    /// Slot, glossed, bare.
    counts: Vec<(usize, u32, u32)>,
    /// Glosses of the list, aligned or not.
    listed: usize,
    /// Misaligned ones with a mark that no sound text has.
    orphans: usize,
    /// Other glosses with a tone and an agreeing reading.
    agreeing: usize,
    /// Of all agreeing ones, those on characters that Simplified text does not have.
    foreign: usize,
    /// Other glosses with a tone.
    other: usize,
    han: usize,
    /// Of the listed and agreeing ones, those in running text.
    running: usize,
    /// Of the same, those on common characters.
    common: usize,
    /// Of the same, those with a blank inside.
    blank: usize,
    /// Glosses with a tone that are in zhuyin.
    zhuyin: usize,
    /// Characters with an agreeing reading without a tone.
    toneless: Vec<char>,
    /// Of these, those with a bare character beside theirs.
    beside_bare: usize,
    /// Of the same, those with text on both sides.
    inside: usize,
    /// How many such readings stand twice after one character: no sound text has that.
    doubled: usize,
    /// How many stand after another one of the same character: it has several.
    several: usize,
}

/// What goes on from one window to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    slots: Vec<Slot>,
    rule: Option<Rule>,
}

impl Carried {
    /// Forgets: the next window is another text.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.rule = None;
    }
}

/// Whether a gloss belongs to a pair that two characters form and that the list has.
pub(super) fn is_orphan(spot: &Spot<'_>) -> bool {
    let Some(owner) = spot.owner.filter(|_| spot.toned) else { return false };
    let last = match gbk::encode(owner) {
        // `“l(fā)`: the pair of 發 is the second byte of the mark and the letter.
        _ if owner.is_ascii() => {
            let first = spot.before.and_then(gbk::encode).map_or(0, |pair| pair[1]);
            let pair = [first, owner as u8];
            return spot.head == Head::Whole
                && list::all().iter().any(|l| l.pair == pair && l.reading == spot.reading);
        }
        Some(pair) => pair[1],
        None => return false,
    };
    // After another gloss the byte before may be one that the decoder ate.
    list::all().iter().any(|l| (l.pair[0] == last || spot.chained) && l.reading == spot.reading)
}

/// Whether a gloss is a reading without a tone that its character has.
pub(super) fn is_toneless(spot: &Spot<'_>) -> bool {
    let owned = !spot.toned && spot.head == Head::Whole;
    owned && spot.owner.is_some_and(|c| is_han(c) && list::agrees(c, spot.reading, false))
}

/// Divides the lines of a window into passages, and says which are glossed. `index` is empty before and after.
pub(super) fn divide(
    lines: &[&str],
    spots: &[Vec<Spot<'_>>],
    carried: &mut Carried,
    index: &mut Index,
) -> Vec<Passage> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut slot = |character: char, reading: &str, slots: &mut Vec<Slot>| {
        let at = index.get(character).unwrap_or_else(|| {
            index.set(character, slots.len());
            slots.push(Slot {
                character,
                reading: reading.into(),
                glossed: 0,
                bare: 0,
                bare_beside: 0,
                varies: false,
            });
            slots.len() - 1
        });
        slots[at].varies |= *slots[at].reading != *reading;
        at
    };
    for l in list::all() {
        slot(l.character, l.reading, &mut slots);
    }
    for old in &carried.slots {
        slot(old.character, &old.reading, &mut slots);
    }
    let mut glossed: Vec<Line> = Vec::with_capacity(lines.len());
    for (text, spots) in lines.iter().zip(spots) {
        glossed.push(weigh(text, spots, |c, r| slot(c, r, &mut slots)));
    }
    let mut sums = vec![(0, 0); slots.len()];
    for (at, (line, text)) in glossed.iter_mut().zip(lines).enumerate() {
        // The gloss of its last character may stand in the next.
        let wrapped =
            spots.get(at + 1).and_then(|next| next.first()).filter(|spot| spot.start == 0);
        let last = wrapped.and_then(|spot| spot.owner).and_then(|owner| text.rfind(owner));
        line.count(&text[..last.unwrap_or(text.len())], index, &mut sums);
    }

    let mut passages = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        // As before a window, lines without a trace of damage are not asked about what comes behind them.
        let sound = |at: &usize| spots[*at].is_empty() && cut::first(lines[*at], true).is_none();
        let next =
            if start == 0 { 0 } else { start + (start..lines.len()).take_while(sound).count() };
        if start < next {
            passages.push(Passage {
                lines: start..next,
                rule: None,
                slots: Vec::new(),
                doubtful: false,
            });
            start = next;
            continue;
        }
        let inherited = if start == 0 { std::mem::take(carried) } else { Carried::default() };
        let passage = follow(start, &glossed, &slots, index, &inherited);
        start = passage.lines.end;
        passages.push(passage);
    }
    index.clear(&slots);
    let passages = settle(passages, &glossed, &slots);
    if let Some(last) = passages.last().filter(|last| last.lines.end == lines.len()) {
        *carried = Carried {
            slots: last.slots.iter().filter(|s| s.glossed + s.bare > 0).cloned().collect(),
            rule: last.rule,
        };
    }
    passages
}

/// Sorts the glosses of a line.
fn weigh(text: &str, spots: &[Spot<'_>], mut slot: impl FnMut(char, &str) -> usize) -> Line {
    let mut line = Line::default();
    for (i, spot) in spots.iter().enumerate().filter(|(_, s)| is_toneless(s)) {
        if spot.chained {
            let same = i > 0 && spots[i - 1].reading == spot.reading;
            *(if same { &mut line.doubled } else { &mut line.several }) += 1;
        } else {
            line.toneless.extend(spot.owner);
            line.beside_bare += usize::from(is_beside_bare(&spots[i..]));
            let goes_on = spot.before.is_some_and(|c| is_han(c) || c == ')');
            line.inside += usize::from(goes_on && spot.after.is_some_and(is_han));
        }
    }
    for spot in spots.iter().filter(|s| s.toned) {
        let whole = spot.head == Head::Whole && !spot.chained;
        match spot.owner.filter(|&c| whole && is_han(c)) {
            Some(c) if is_of_forms(c, &text[..spot.start]) => line.other += 1,
            Some(c) if list::has(c, spot.reading) => {
                line.listed += 1;
                line.foreign += 1;
                line.tell(spot);
                line.counts.push((slot(c, spot.reading), 1, 0));
            }
            Some(c) if list::agrees(c, spot.reading, true) => {
                line.agreeing += 1;
                line.foreign += usize::from(!gbk::in_gb2312(c));
                line.tell(spot);
                line.counts.push((slot(c, spot.reading), 1, 0));
            }
            _ if is_orphan(spot) => {
                line.listed += 1;
                line.foreign += 1;
                line.running += 1;
                line.orphans += usize::from(spot.head != Head::Whole);
            }
            _ => line.other += 1,
        }
    }
    let is_zhuyin =
        |spot: &&Spot<'_>| spot.toned && text[spot.start..spot.end].contains(spelling::is_zhuyin);
    line.zhuyin = spots.iter().filter(is_zhuyin).count();
    // A reading that has no tone, beside those that have one, is counted for its character only.
    let beside_toned = spots.iter().any(|s| s.toned);
    for spot in spots.iter().filter(|s| beside_toned && !s.chained && is_toneless(s)) {
        if let Some(c) = spot.owner.filter(|&c| list::agrees(c, spot.reading, true)) {
            line.counts.push((slot(c, spot.reading), 1, 0));
        }
    }
    line
}

/// Whether a text that ends with a character says how it is written, `发的繁體是發(fā)`: the other form of it stands shortly before. A page that was
/// converted has one form of each.
fn is_of_forms(c: char, before: &str) -> bool {
    let model = Frequencies::standard();
    let Some(fold) = model.fold(c) else { return false };
    let near = before.ceil_char_boundary(before.len().saturating_sub(FORMS_APART));
    let mut near = before[near..].chars().filter(|&other| other >= FIRST_HAN);
    near.any(|other| model.fold(other) == Some(fold) && other != c)
}

/// Whether a character without a gloss stands beside that of the first of `spots`.
fn is_beside_bare(spots: &[Spot<'_>]) -> bool {
    let more = spots[1..].iter().take_while(|spot| spot.chained).count();
    let (first, last) = (&spots[0], &spots[more]);
    // Numbers are text as well.
    let is_text = |c: char| is_han(c) || matches!(c, '0'..='9' | '０'..='９');
    let next = last.after.filter(|&c| is_text(c)).map(|c| last.end + c.len_utf8());
    let glossed = spots.get(more + 1).map(|spot| spot.start);
    first.before.is_some_and(is_text) || next.is_some_and(|next| glossed != Some(next))
}

impl Line {
    /// How many glosses with a tone agree with their characters.
    fn glosses(&self) -> usize {
        self.listed + self.agreeing
    }

    fn is_glossed(&self) -> bool {
        self.glosses() > 0
    }

    /// Adds what it has to the slots.
    fn add(&self, slots: &mut [Slot]) {
        for &(slot, glossed, bare) in &self.counts {
            slots[slot].glossed += glossed;
            slots[slot].bare += bare;
            slots[slot].bare_beside += if self.is_glossed() { bare } else { 0 };
        }
    }

    /// Counts what else speaks for or against a gloss that agrees with its character.
    fn tell(&mut self, spot: &Spot<'_>) {
        let table = fluency::table();
        let cost = spot.owner.and_then(|c| table.token(c).index()).map(|i| table.single(i));
        self.running += usize::from(spot.running);
        self.common += usize::from(cost.is_some_and(|cost| cost <= COMMON));
        self.blank += usize::from(spot.blank);
    }

    /// Counts the occurrences of the slots' characters.
    /// `sums` has a pair of zeros for every slot, before and after.
    fn count(&mut self, text: &str, index: &Index, sums: &mut [(u32, u32)]) {
        let mut touched = Vec::new();
        let mut sum = |at: usize, glossed: u32, bare: u32| {
            if sums[at] == (0, 0) {
                touched.push(at);
            }
            sums[at].0 += glossed;
            sums[at].1 += bare;
        };
        for c in text.chars().filter(|&c| c >= FIRST_HAN) {
            self.han += usize::from(is_han(c));
            if let Some(at) = index.get(c) {
                sum(at, 0, 1);
            }
        }
        self.counts.drain(..).for_each(|(at, glossed, _)| sum(at, glossed, 0));
        self.counts.extend(touched.into_iter().map(|at| {
            let (glossed, all) = std::mem::take(&mut sums[at]);
            (at, glossed, all.saturating_sub(glossed))
        }));
    }
}

/// Where the slot of a character is.
pub(super) struct Index {
    /// By code point of the basic plane: one more than the place.
    basic: Vec<u16>,
    /// The others, few if any.
    others: Vec<(char, usize)>,
}

impl Index {
    pub(super) fn new() -> Index {
        Index { basic: vec![0; 0x1_0000], others: Vec::new() }
    }

    /// Forgets what it has, which are `slots`.
    fn clear(&mut self, slots: &[Slot]) {
        for slot in slots {
            if let Some(place) = self.basic.get_mut(slot.character as usize) {
                *place = 0;
            }
        }
        self.others.clear();
    }

    fn get(&self, c: char) -> Option<usize> {
        match self.basic.get(c as usize) {
            Some(&at) => usize::from(at).checked_sub(1),
            None => self.others.iter().find(|o| o.0 == c).map(|o| o.1),
        }
    }

    fn set(&mut self, c: char, at: usize) {
        match (self.basic.get_mut(c as usize), u16::try_from(at + 1)) {
            (Some(place), Ok(at)) => *place = at,
            _ => self.others.push((c, at)),
        }
    }
}

/// The slots with nothing counted.
fn bare_slots(slots: &[Slot]) -> Vec<Slot> {
    slots.iter().map(|s| Slot { glossed: 0, bare: 0, bare_beside: 0, ..s.clone() }).collect()
}

/// The passage that begins at line `start`.
fn follow(
    start: usize,
    lines: &[Line],
    slots: &[Slot],
    index: &Index,
    inherited: &Carried,
) -> Passage {
    let mut slots = bare_slots(slots);
    for old in &inherited.slots {
        if let Some(at) = index.get(old.character) {
            slots[at] = old.clone();
        }
    }
    let (mut tension, mut seam) = (0, start);
    let mut end = lines.len();
    for (at, line) in lines.iter().enumerate().skip(start) {
        let (mut against, mut with) = (0, 0);
        for &(slot, glossed, bare) in &line.counts {
            let so_far = &slots[slot];
            if so_far.glossed > so_far.bare {
                against += i64::from(bare);
                with += i64::from(glossed);
            } else if so_far.bare > 0 && so_far.glossed == 0 {
                against += i64::from(glossed);
            }
        }
        if tension == 0 {
            seam = at;
        }
        tension = (tension + against - with).max(0);
        if tension >= SEAM && seam > start {
            end = seam;
            break;
        }
        line.add(&mut slots);
    }
    if end < lines.len() {
        // The lines after the seam have been counted in: take them out again.
        let mut passage = follow(start, &lines[..end], &slots, index, inherited);
        passage.lines = start..end;
        return passage;
    }
    let mine = &lines[start..end];
    let known = inherited.rule;
    let goes_on = || known.filter(|&r| goes_on(mine, &slots, r));
    let (rule, doubtful) = match judge(mine, &slots) {
        Evidence::Enough(rule) => (Some(rule), false),
        evidence => (goes_on(), evidence == Evidence::Doubtful),
    };
    Passage { lines: start..end, rule, slots, doubtful: doubtful && rule.is_none() }
}

/// What the evidence comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    /// It is enough by itself.
    Enough(Rule),
    /// Too little to tell, with nothing that speaks against it.
    Doubtful,
    None,
}

/// Whether the evidence is enough by itself.
fn judge(lines: &[Line], slots: &[Slot]) -> Evidence {
    let sum = |f: fn(&Line) -> usize| lines.iter().map(f).sum::<usize>();
    let (listed, orphans, agreeing) = (sum(|l| l.listed), sum(|l| l.orphans), sum(|l| l.agreeing));
    let (all, han) = (listed + agreeing, sum(|l| l.han));
    // A reader for learners has a reading on nearly every character, on such as the list does not
    // have too.
    let toned = all + sum(|l| l.other);
    if toned > listed && toned as f64 >= LEARNERS_SHARE * han as f64 {
        return Evidence::None;
    }
    let share = if orphans > 0 { RUNNING_SHARE_MARKED } else { RUNNING_SHARE };
    let running = sum(|l| l.running) as f64 >= share * all as f64;
    let varies = slots.iter().any(|s| s.glossed > 0 && s.varies);
    let (repeated_all, everywhere_all) = repeated(slots.iter());
    let dense = all as f64 * 1000.0 >= LEAST_PER_THOUSAND * han as f64;
    let common = {
        let told = listed >= LEAST_TELLING || sum(|l| l.blank) >= LEAST_TELLING;
        all >= if told { LEAST_COMMON } else { LEAST_UNTOLD }
            && sum(|l| l.common) as f64 >= COMMON_SHARE * all as f64
            && all as f64 <= COMMON_MOST * han as f64
            && repeated_all >= LEAST_COMMON_REPEATED
            && agreeing > 0
    };
    if common && running && dense && everywhere_all && !varies {
        return Evidence::Enough(Rule::Free);
    }
    let ours = |s: &&Slot| list::has(s.character, &s.reading);
    let (_, everywhere) = repeated(slots.iter().filter(ours));
    let mut doubtful = false;
    if running && everywhere && listed as f64 >= LISTED_SHARE * all as f64 {
        let least = match orphans {
            0 if sum(|l| l.zhuyin) * 2 > toned => LEAST_ZHUYIN,
            0 => LEAST_LISTED,
            _ => 1,
        };
        let out_of_order = out_of_order(slots);
        if listed >= least && out_of_order * 3 <= listed {
            return Evidence::Enough(Rule::List);
        }
        doubtful = listed > 0 && toned == listed && out_of_order == 0;
    }
    let free = all >= LEAST_FREE
        && sum(|l| l.common) * 2 >= all
        && sum(|l| l.foreign) as f64 >= FOREIGN_SHARE * all as f64
        && repeated_all >= LEAST_REPEATED;
    if free && running && dense && everywhere_all && !varies {
        return Evidence::Enough(Rule::Free);
    }
    match toneless(lines) {
        true => Evidence::Enough(Rule::Toneless),
        false if doubtful => Evidence::Doubtful,
        false => Evidence::None,
    }
}

/// Whether lines have readings without tones as the other kind of annotator puts them in.
fn toneless(lines: &[Line]) -> bool {
    let hot = || lines.iter().filter(|l| !l.toneless.is_empty());
    let sum = |count: fn(&Line) -> usize| hot().map(count).sum::<usize>();
    // A lesson says all readings of a character.
    if hot().any(|l| l.doubled > 0 && l.doubled >= l.several) {
        return true;
    }
    let (glossed, han) = (sum(|l| l.toneless.len()), sum(|l| l.han));
    let characters: HashSet<char> = hot().flat_map(|l| l.toneless.iter().copied()).collect();
    characters.len() >= LEAST_TONELESS
        && glossed as f64 * 1000.0 >= TONELESS_PER_THOUSAND * han as f64
        && (glossed as f64) < LEARNERS_SHARE * han as f64
        && sum(|l| l.beside_bare) as f64 >= BESIDE_BARE_SHARE * glossed as f64
        && sum(|l| l.several) * SEVERAL <= glossed
        && sum(|l| l.inside) * INSIDE >= glossed
}

/// Whether a passage that goes on from one that was glossed shows nothing to the contrary.
fn goes_on(lines: &[Line], slots: &[Slot], rule: Rule) -> bool {
    if rule == Rule::Toneless {
        return lines.iter().any(|l| !l.toneless.is_empty());
    }
    let listed: usize = lines.iter().map(|l| l.listed).sum();
    let other: usize = lines.iter().map(|l| l.agreeing + l.other).sum();
    let bare: u32 = slots.iter().filter(|s| s.glossed > 0).map(|s| s.bare).sum();
    listed > 0 && listed >= other && (bare as usize) <= listed
}

/// How many glossed characters occur more than once, and whether nearly all of them, or of their
/// occurrences, are glossed.
fn repeated<'s>(slots: impl Iterator<Item = &'s Slot>) -> (usize, bool) {
    let (mut repeated, mut full, mut glossed, mut bare) = (0, 0, 0, 0);
    for slot in slots.filter(|s| s.glossed > 0 && s.glossed + s.bare > 1) {
        repeated += 1;
        full += usize::from(slot.glossed > 9 * slot.bare);
        glossed += slot.glossed;
        bare += slot.bare;
    }
    let enough = |part: f64, whole: f64| part >= FULL_SHARE * whole;
    (
        repeated,
        enough(full as f64, repeated as f64) || enough(glossed.into(), (glossed + bare).into()),
    )
}

/// Pages use prefixes of one ordered list: a character of an early part does not stand bare where
/// those of a later part are glossed. In a text for learners it does. How often it does so.
fn out_of_order(slots: &[Slot]) -> usize {
    let listed =
        || slots.iter().filter_map(|s| Some((s, list::of(s.character)?.tier)).filter(|p| p.1 > 0));
    let last = listed().filter(|(s, _)| s.glossed > 0).map(|(_, tier)| tier).max().unwrap_or(0);
    listed()
        .filter(|(s, tier)| s.glossed == 0 && *tier < last)
        .map(|(s, _)| s.bare_beside as usize)
        .sum()
}
