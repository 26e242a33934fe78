//! Several pages in one file, glossed by longer and shorter parts of one list: they agree on so much that [`follow`](super::follow)
//! finds no seam, and too little to be judged as one.

use std::ops::Range;

use super::{Evidence, LEAST_REPEATED, Line, Passage, SEAM, Slot, bare_slots, judge};

/// How often a run of lines is halved at the most, to find the pages that it is made of.
const DEEPEST: u32 = 6;
/// So many passages one behind the other are tried as such a run, beside all, two and one.
const FEW: usize = 4;

/// Passages without those that only together do not agree on what is glossed, as they are of several pages.
pub(super) fn settle(mut passages: Vec<Passage>, lines: &[Line], slots: &[Slot]) -> Vec<Passage> {
    let is_open =
        |p: &Passage| p.rule.is_none() && lines[p.lines.clone()].iter().any(Line::is_glossed);
    let mut settled = Vec::with_capacity(passages.len());
    while let Some(first) = passages.iter().position(is_open) {
        settled.extend(passages.drain(..first));
        // What goes on behind a seam may be of the same page.
        let run = passages.iter().take_while(|p| !p.slots.is_empty()).count();
        let shorter = [FEW, 2, 1].into_iter().filter(|few| *few < run);
        let of_several = std::iter::once(run).chain(shorter).find_map(|run| {
            let range = passages[0].lines.start..passages[run - 1].lines.end;
            Some((run, pages(&range, lines, slots)?))
        });
        match of_several {
            Some((run, pages)) => {
                passages.drain(..run);
                settled.extend(pages);
            }
            None => settled.extend(passages.drain(..1)),
        }
    }
    settled.extend(passages);
    settled
}

/// The pages that lines are of which together do not agree on what is glossed, each glossed by its own evidence, or not at all;
/// none where they are not so.
fn pages(range: &Range<usize>, lines: &[Line], slots: &[Slot]) -> Option<Vec<Passage>> {
    let pages = halves(range, lines, slots, DEEPEST)?;
    // In a text for learners that has a reading where a character comes first, each line would be a page: but no character is
    // glossed twice.
    let glosses =
        |page: &Passage| lines[page.lines.clone()].iter().map(Line::glosses).sum::<usize>();
    let is_proven = |page: &&Passage| {
        let twice = page.slots.iter().filter(|slot| slot.glossed > 1).count();
        page.rule.is_some() && twice >= LEAST_REPEATED
    };
    let all: usize = pages.iter().map(glosses).sum();
    let proven: usize = pages.iter().filter(is_proven).map(glosses).sum();
    (pages.len() > 1 && proven * 2 >= all).then_some(pages)
}

/// The same, halved `deepest` times at the most.
fn halves(
    range: &Range<usize>,
    lines: &[Line],
    slots: &[Slot],
    deepest: u32,
) -> Option<Vec<Passage>> {
    let mine = &lines[range.clone()];
    let mut passage =
        Passage { lines: range.clone(), slots: bare_slots(slots), ..Passage::default() };
    mine.iter().for_each(|line| line.add(&mut passage.slots));
    match judge(mine, &passage.slots) {
        Evidence::Enough(rule) => return Some(vec![Passage { rule: Some(rule), ..passage }]),
        _ if !mine.iter().any(Line::is_glossed) => return Some(vec![passage]),
        _ => {}
    }
    // Where both sides disagree least with themselves.
    let (mut left, mut right) = (vec![(0, 0); slots.len()], vec![(0, 0); slots.len()]);
    let disagree = |(glossed, bare): (u32, u32)| i64::from(glossed.min(bare));
    for &(slot, glossed, bare) in mine.iter().flat_map(|line| &line.counts) {
        right[slot] = (right[slot].0 + glossed, right[slot].1 + bare);
    }
    let whole: i64 = right.iter().map(|counts| disagree(*counts)).sum();
    let (mut sum, mut least, mut seam) = (whole, whole, None);
    for (at, line) in mine.iter().enumerate() {
        if sum < least {
            (least, seam) = (sum, Some(range.start + at));
        }
        for &(slot, glossed, bare) in &line.counts {
            sum -= disagree(left[slot]) + disagree(right[slot]);
            left[slot] = (left[slot].0 + glossed, left[slot].1 + bare);
            right[slot] = (right[slot].0 - glossed, right[slot].1 - bare);
            sum += disagree(left[slot]) + disagree(right[slot]);
        }
    }
    let seam = seam.filter(|_| whole - least >= SEAM && deepest > 0)?;
    let mut all = halves(&(range.start..seam), lines, slots, deepest - 1)?;
    all.extend(halves(&(seam..range.end), lines, slots, deepest - 1)?);
    Some(all)
}
