//! What a passage shows of how it is written: its words come again, its digits are of one width.
//! Learnt from the lines that were not hurt, it corrects the general likelihood of
//! [fluency](super::fluency).

use super::fluency::{self, Cost, Script, Token};

/// How much the passage's own frequencies count: the exponent of their ratio to the general ones.
const SINGLE_WEIGHT: f32 = 0.5;
/// So many characters of general text are added to those of the passage before the ratio is taken.
const GENERAL: f32 = 1000.0;
/// How much the pairs of the passage count at most, once the first character is frequent.
const PAIR_SHARE: f32 = 0.5;
/// How often a character has to stand in the passage for half of that.
const HALF: f32 = 3.0;

/// The two widths of digits, letters and marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Mark,
}

/// What a passage makes of a token.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// What is taken from its cost.
    cheaper: i32,
    /// What is added to the cost of a token that the passage does not have behind it.
    unpaired: Cost,
}

/// Counts over a passage.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// By token: how often it stands in the passage.
    singles: Vec<u32>,
    /// How many characters these are.
    all: u32,
    /// By token: what follows from how often it stands there.
    known: Vec<Known>,
    /// Two tokens and how often they stand so.
    pairs: Pairs,
    /// By kind: how many narrow ones, how many wide ones.
    widths: [[u32; 2]; 3],
}

impl Habits {
    /// Forgets, and counts over `text`, from which glosses are left out.
    pub(super) fn learn<'t>(&mut self, text: impl Iterator<Item = &'t str>) {
        let table = fluency::table();
        self.singles.clear();
        self.singles.resize(table.tokens(), 0);
        self.pairs.clear();
        self.all = 0;
        self.widths = [[0; 2]; 3];
        let mut before: Option<usize> = None;
        for part in text {
            for c in part.chars() {
                if let Some((kind, wide)) = width(c) {
                    self.widths[kind as usize][usize::from(wide)] += 1;
                }
                let index = table.token(c).index();
                if let Some(index) = index {
                    self.singles[index] += 1;
                    self.all += 1;
                    if let Some(before) = before {
                        self.pairs.count(key(before, index));
                    }
                }
                before = index;
            }
        }
        self.know();
    }

    /// Works out what follows from the counts: it is asked for each character that may have stood at a place.
    fn know(&mut self) {
        self.known.clear();
        self.known.resize(self.singles.len(), Known { cheaper: self.cheaper(0, 1.0), unpaired: 0 });
        for (index, &count) in self.singles.iter().enumerate().filter(|(_, count)| **count > 0) {
            let usual = chance(fluency::table().single(index));
            let unpaired = cost(1.0 - share_of_pairs(count as f32));
            self.known[index] = Known { cheaper: self.cheaper(count, usual), unpaired };
        }
    }

    /// What `c` costs after `before` in a passage of `script`.
    pub(super) fn cost(&self, before: Token, c: char, script: Script) -> Cost {
        let form = width(c).map_or(0, |w| cost(self.form(w)));
        let general = fluency::table().cost(before, c, script) + form;
        let token = fluency::table().token(c);
        let Some((index, known)) = token.index().and_then(|i| Some((i, self.known.get(i)?))) else {
            return general;
        };
        let alone = general.saturating_add_signed(-known.cheaper);
        let Some(before) = before.index().filter(|&i| self.singles[i] > 0) else { return alone };
        match self.pairs.get(key(before, index)) {
            0 => alone + self.known[before].unpaired,
            pair => {
                let left = self.singles[before] as f32;
                let (weight, pair) = (share_of_pairs(left), pair as f32 / left);
                cost((1.0 - weight) * chance(alone) + weight * pair * chance(form))
            }
        }
    }

    /// What is taken from the cost of a token that stands `count` times in the passage, and is so likely in
    /// general; of one that does not stand there it is the same for all.
    fn cheaper(&self, count: u32, usual: f32) -> i32 {
        let here = (count as f32 + GENERAL * usual) / (self.all as f32 + GENERAL);
        (SINGLE_WEIGHT * (here / usual).log2() * 8.0) as i32
    }

    /// How likely the width of a digit, letter or mark is, and that it is this digit or letter.
    fn form(&self, (kind, wide): (Kind, bool)) -> f32 {
        let seen = self.widths[kind as usize];
        // Before anything is seen: digits and letters are narrow, marks wide.
        let prior = if (kind == Kind::Mark) == wide { 0.9 } else { 0.1 };
        let share = (seen[usize::from(wide)] as f32 + prior) / ((seen[0] + seen[1]) as f32 + 1.0);
        match kind {
            Kind::Digit => share / 10.0,
            Kind::Letter => share / 26.0,
            Kind::Mark => share,
        }
    }
}

/// Counts of pairs: an open hash table, never more than half full.
#[derive(Debug, Default)]
struct Pairs {
    /// Key and count; a count of 0 is a free place.
    places: Vec<(u32, u32)>,
    used: usize,
}

impl Pairs {
    fn clear(&mut self) {
        self.places.fill((0, 0));
        self.used = 0;
    }

    fn count(&mut self, key: u32) {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let at = self.find(key);
        self.used += usize::from(self.places[at].1 == 0);
        self.places[at] = (key, self.places[at].1 + 1);
    }

    fn get(&self, key: u32) -> u32 {
        if self.places.is_empty() { 0 } else { self.places[self.find(key)].1 }
    }

    /// Its place, or the free one where it would be.
    fn find(&self, key: u32) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (key.wrapping_mul(0x9E37_79B1) >> 12) as usize & mask;
        while self.places[at].1 != 0 && self.places[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let more = vec![(0, 0); (self.places.len() * 2).max(1 << 13)];
        let before = std::mem::replace(&mut self.places, more);
        for (key, count) in before.into_iter().filter(|p| p.1 > 0) {
            let at = self.find(key);
            self.places[at] = (key, count);
        }
    }
}

/// Two tokens, by their indices.
fn key(before: usize, token: usize) -> u32 {
    (before << 16 | token) as u32
}

/// How much the pairs of the passage count behind a character that stands `left` times in it.
fn share_of_pairs(left: f32) -> f32 {
    PAIR_SHARE * left / (left + HALF)
}

/// How likely something of a cost is.
fn chance(cost: Cost) -> f32 {
    (-(cost as f32) / 8.0).exp2()
}

/// What something of a likelihood costs.
fn cost(chance: f32) -> Cost {
    (-chance.log2() * 8.0).max(0.0) as Cost
}

/// The kind of a character that comes in two widths, and whether it is the wide one.
fn width(c: char) -> Option<(Kind, bool)> {
    // Most are Han.
    if matches!(c, '\u{2E80}'..'\u{FF00}') {
        return None;
    }
    Some(match c {
        '0'..='9' => (Kind::Digit, false),
        '０'..='９' => (Kind::Digit, true),
        'a'..='z' | 'A'..='Z' => (Kind::Letter, false),
        'ａ'..='ｚ' | 'Ａ'..='Ｚ' => (Kind::Letter, true),
        ',' | '!' | ':' | ';' | '(' | ')' => (Kind::Mark, false),
        '，' | '！' | '：' | '；' | '（' | '）' => (Kind::Mark, true),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_passage_become_likely() {
        let token = |c| fluency::table().token(c);
        let mut habits = Habits::default();
        let cost = |h: &Habits, a, b| h.cost(token(a), b, Script::Naive);
        let before = cost(&habits, '鱘', '鰉');
        habits.learn(["鱘鰉在江里,鱘鰉在海里,2024年有12條鱘鰉\n"; 3].into_iter());
        assert!(cost(&habits, '江', '里') < 5 * 8 && before >= cost(&habits, '鱘', '鰉'));
        assert!(cost(&habits, '年', '３') > cost(&habits, '年', '3') + 20);
        assert!(cost(&habits, '江', '，') > cost(&habits, '江', ','));
    }
}
