//! Finds out about a plan what the fast engine has to know.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::format::{Facts, LEFT, OPERATOR, PIVOT, SLOW, STARTS_STEPS, put_final};
use super::{pivots, region};
use crate::convert::description::operands;
use crate::convert::plan::{Plan, Step};

/// The facts about a plan, or `None` where the fast engine does not apply: with a key or a value
/// that holds an operator of description sequences, an empty value, a key that begins with an
/// ASCII character alone, or a special key without a character of three bytes behind its first.
pub(crate) fn analyse(plan: &Plan) -> Option<Facts> {
    let steps: Vec<Keys> = plan.steps.iter().map(Keys::of).collect::<Option<_>>()?;
    let universe: BTreeSet<char> = steps
        .iter()
        .flat_map(|s| &s.rows)
        .flat_map(|(key, value)| key.chars().chain(value.chars()))
        .collect();
    let images = Images::of(&universe, &steps);
    // The ASCII characters are copied in runs, without a look at each.
    if universe.iter().any(|c| c.is_ascii() && images.slow(*c)) {
        return None;
    }

    let mut facts = Facts::default();
    for &c in &universe {
        if u32::from(c) > 0xFFFF {
            facts.astral.insert(c.into());
        } else if images.slow(c) {
            facts.entry(c).bits |= SLOW;
        } else {
            put_final(&mut facts.entry(c).bits, c, images.seen(c));
        }
    }
    for operator in (0x2FF0..=0x2FFF).filter_map(char::from_u32) {
        facts.entry(operator).bits |= OPERATOR | SLOW;
    }
    for (k, step) in steps.iter().enumerate().take(STARTS_STEPS) {
        for first in step.rows.iter().filter_map(|(key, _)| key.chars().next()) {
            if u32::from(first) <= 0xFFFF {
                facts.entry(first).starts |= 1 << k;
            }
        }
    }
    specials(&steps, &images, &universe, &mut facts)?;
    inner(&steps, &images, &universe, &mut facts);
    answers(plan, &steps, &images, &mut facts);
    Some(facts)
}

/// The rows of one step.
struct Keys {
    rows: Vec<(String, String)>,
    /// What the step makes of single characters that it changes.
    single: HashMap<char, String>,
    segments: bool,
}

impl Keys {
    fn of(step: &Step) -> Option<Keys> {
        let mut rows = Vec::new();
        for table in step.dict.tables() {
            for (key, found) in table.entries() {
                let key = String::from_utf8(key).ok()?;
                let value = String::from_utf8(found.value.to_vec()).ok()?;
                let is_operator = |c: char| operands(c.encode_utf8(&mut [0; 4]).as_bytes()) > 0;
                if value.is_empty() || key.chars().chain(value.chars()).any(is_operator) {
                    return None;
                }
                rows.push((key, value));
            }
        }
        let mut single = HashMap::new();
        for (key, _) in rows.iter().filter(|(key, _)| !step.segments && key.chars().count() == 1) {
            let found = step.dict.longest(key.as_bytes())?;
            let value = String::from_utf8_lossy(found.value).into_owned();
            single.insert(key.chars().next()?, value);
        }
        Some(Keys { rows, single, segments: step.segments })
    }

    /// What the step makes of a text whose characters are looked up one by one.
    fn alone(&self, text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match self.single.get(&c) {
                Some(value) => out.push_str(value),
                None => out.push(c),
            }
        }
        out
    }

    /// The rows that are replaced by something else than their characters are, with at least
    /// `least` characters.
    fn special(&self, least: usize) -> impl Iterator<Item = &(String, String)> {
        self.rows.iter().filter(move |(key, value)| {
            !self.segments
                && key.chars().count() >= least
                && (self.alone(key) != *value
                    || (key.chars().count() == 1 && value.chars().count() > 1))
        })
    }
}

/// What becomes of single characters, step by step.
struct Images {
    /// `before[k]`: what a character of the source is when it comes to step `k`, if it is one
    /// character then; the last is the final.
    before: Vec<HashMap<char, Option<char>>>,
    /// `after[k]`: what a character that comes to step `k` is in the end.
    after: Vec<HashMap<char, Option<char>>>,
}

impl Images {
    fn of(universe: &BTreeSet<char>, steps: &[Keys]) -> Images {
        let one = |step: &Keys, c: char| match step.single.get(&c) {
            Some(value) => {
                let mut chars = value.chars();
                chars.next().filter(|_| chars.next().is_none())
            }
            None => Some(c),
        };
        let mut before = vec![universe.iter().map(|&c| (c, Some(c))).collect::<HashMap<_, _>>()];
        for step in steps {
            let last = &before[before.len() - 1];
            let next = last.iter().map(|(&c, u)| (c, u.and_then(|u| one(step, u)))).collect();
            before.push(next);
        }
        let mut after = vec![before[0].clone()];
        for step in steps.iter().rev() {
            let later = &after[after.len() - 1];
            let own = universe
                .iter()
                .map(|&c| (c, one(step, c).and_then(|u| later.get(&u).copied().flatten())))
                .collect();
            after.push(own);
        }
        after.reverse();
        Images { before, after }
    }

    fn last(&self, c: char) -> Option<char> {
        self.before.last().and_then(|m| m.get(&c)).copied().unwrap_or(Some(c))
    }

    /// Whether a character has no final that can be written in its place.
    fn slow(&self, c: char) -> bool {
        self.last(c).is_none_or(|f| f.len_utf8() != c.len_utf8() || (c.len_utf8() != 3 && f != c))
    }

    /// The final as the scan sees it: slow characters and those outside the BMP are themselves.
    fn seen(&self, c: char) -> char {
        if self.slow(c) || u32::from(c) > 0xFFFF { c } else { self.last(c).unwrap_or(c) }
    }

    /// What the scan sees where step `k` finds a character.
    fn labels(&self, universe: &BTreeSet<char>, k: usize) -> HashMap<char, BTreeSet<char>> {
        let mut labels: HashMap<char, BTreeSet<char>> = HashMap::new();
        for &c in universe {
            if let Some(Some(u)) = self.before[k].get(&c) {
                labels.entry(*u).or_default().insert(self.seen(c));
            }
            let last = self.after[k].get(&c).copied().flatten().unwrap_or(c);
            labels.entry(c).or_default().insert(last);
        }
        labels
    }
}

/// The special keys, as they show in the finals, by a pair of characters in them, of which one is
/// a pivot. `None` if a key has no place for a pivot.
fn specials(
    steps: &[Keys],
    images: &Images,
    universe: &BTreeSet<char>,
    facts: &mut Facts,
) -> Option<()> {
    let mut keys = Vec::new();
    for (k, step) in steps.iter().enumerate() {
        for (key, _) in step.special(2) {
            let finals: Option<Vec<u16>> = key
                .chars()
                .map(|c| u16::try_from(u32::from(images.after[k].get(&c).copied().flatten()?)).ok())
                .collect();
            // Otherwise the text has a slow character where this key is, which is found anyway.
            keys.extend(finals);
        }
    }
    let mut seen: BTreeMap<u16, BTreeSet<char>> = BTreeMap::new();
    for &c in universe {
        if let Ok(label) = u16::try_from(u32::from(images.seen(c))) {
            seen.entry(label).or_default().insert(c);
        }
    }
    let places = pivots::choose(&keys, &seen)?;
    let mut chosen = BTreeSet::new();
    for (finals, (at, pivot)) in keys.iter().zip(places) {
        chosen.insert(pivot);
        let text = |part: &[u16]| String::from_utf16_lossy(part).into_bytes();
        let special = (text(&finals[..at]), text(&finals[at + 2..]));
        facts.specials.entry((finals[at], finals[at + 1])).or_default().insert(special);
    }
    for c in chosen.iter().filter_map(|pivot| seen.get(pivot)).flatten() {
        if u32::from(*c) <= 0xFFFF {
            facts.entry(*c).bits |= PIVOT;
        }
    }
    Some(())
}

/// A special key may have so many sources at most that an answer is kept for each.
const MOST_SOURCES: usize = 12;

/// What becomes of the special keys when they stand alone, which is how most of them are found;
/// and of what the steps before make them of.
fn answers(plan: &Plan, steps: &[Keys], images: &Images, facts: &mut Facts) {
    let mut scratch = vec![Vec::new(); steps.len()];
    for (k, step) in steps.iter().enumerate() {
        let mut sources: HashMap<char, Vec<char>> = HashMap::new();
        for (&source, image) in &images.before[k] {
            if let Some(image) = image {
                sources.entry(*image).or_default().push(source);
            }
        }
        for (key, _) in step.special(2) {
            let mut texts = vec![String::new()];
            for c in key.chars() {
                let from = sources.get(&c).cloned().unwrap_or_default();
                texts = texts
                    .iter()
                    .flat_map(|text| from.iter().map(move |c| format!("{text}{c}")))
                    .take(MOST_SOURCES + 1)
                    .collect();
            }
            if texts.len() > MOST_SOURCES {
                continue;
            }
            for text in texts {
                let mut out = Vec::new();
                region::convert(&plan.steps, None, text.as_bytes(), &mut out, &mut scratch);
                if let Ok(out) = String::from_utf8(out) {
                    facts.answers.insert(text, out);
                }
            }
        }
    }
}

/// The pairs of characters that a key could reach across, as the scan sees them.
fn inner(steps: &[Keys], images: &Images, universe: &BTreeSet<char>, facts: &mut Facts) {
    // What the scan sees at the side of a place, by what a later step may find there instead,
    // because an earlier step replaced a key that ends or begins there.
    let mut ends: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
    let mut begins: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
    for (k, step) in steps.iter().enumerate() {
        let labels = images.labels(universe, k);
        let none = BTreeSet::new();
        let of = |c: char| labels.get(&c).unwrap_or(&none);
        for (key, _) in &step.rows {
            for (left, right) in key.chars().zip(key.chars().skip(1)) {
                for left in of(left).iter().flat_map(|l| with(&ends, *l)) {
                    for right in of(right).iter().flat_map(|r| with(&begins, *r)) {
                        facts.inner.insert((left.into(), right.into()));
                        if u32::from(left) > 0xFFFF {
                            continue;
                        }
                    }
                }
            }
        }
        let Some(next) = steps.get(k + 1).map(|_| images.labels(universe, k + 1)) else { break };
        for (key, value) in step.special(1) {
            let sides = [
                (key.chars().next_back(), value.chars().next_back(), &mut ends),
                (key.chars().next(), value.chars().next(), &mut begins),
            ];
            for (from, to, map) in sides {
                let (Some(from), Some(to)) = (from, to) else { continue };
                for seen in next.get(&to).unwrap_or(&none) {
                    map.entry(*seen).or_default().extend(of(from));
                }
            }
        }
    }
    let lefts: BTreeSet<u32> = facts.inner.iter().map(|pair| pair.0).collect();
    for &c in universe.iter().filter(|c| u32::from(**c) <= 0xFFFF) {
        if lefts.contains(&images.seen(c).into()) {
            facts.entry(c).bits |= LEFT;
        }
    }
}

/// A character and all that may stand for it, through any number of steps.
fn with(map: &BTreeMap<char, BTreeSet<char>>, c: char) -> BTreeSet<char> {
    let mut all = BTreeSet::from([c]);
    let mut new = vec![c];
    while let Some(c) = new.pop() {
        for &other in map.get(&c).into_iter().flatten() {
            if all.insert(other) {
                new.push(other);
            }
        }
    }
    all
}
