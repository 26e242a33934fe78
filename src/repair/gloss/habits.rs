//! What a passage shows of how it is written: its words come again, its digits are of one width.
//! Learnt from the lines that were not hurt, it corrects the general likelihood of
//! [fluency](super::fluency).

use std::collections::HashMap;

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

/// Counts over a passage.
#[derive(Debug, Default)]
pub(super) struct Habits {
    singles: HashMap<Token, u32>,
    pairs: HashMap<(Token, Token), u32>,
    all: u32,
    /// By kind: how many narrow ones, how many wide ones.
    widths: [[u32; 2]; 3],
}

impl Habits {
    /// Forgets, and counts over `text`, from which glosses are left out.
    pub(super) fn learn(&mut self, text: impl Iterator<Item = char>) {
        self.singles.clear();
        self.pairs.clear();
        (self.all, self.widths) = (0, [[0; 2]; 3]);
        let mut before = Token::UNKNOWN;
        for c in text {
            let token = fluency::table().token(c);
            if let Some((kind, wide)) = width(c) {
                self.widths[kind as usize][usize::from(wide)] += 1;
            }
            if token != Token::UNKNOWN {
                *self.singles.entry(token).or_default() += 1;
                self.all += 1;
                if before != Token::UNKNOWN {
                    *self.pairs.entry((before, token)).or_default() += 1;
                }
            }
            before = token;
        }
    }

    /// What `c` costs after `before` in a passage of `script`.
    pub(super) fn cost(&self, before: Token, c: char, script: Script) -> Cost {
        let general = fluency::table().cost(before, c, script) + cost(self.form(c));
        if self.all == 0 {
            return general;
        }
        let token = fluency::table().token(c);
        let Some(usual) = fluency::table().single(token).map(chance) else { return general };
        let single = self.singles.get(&token).copied().unwrap_or(0) as f32;
        let here = (single + GENERAL * usual) / (self.all as f32 + GENERAL);
        let mut likely = chance(general) * (here / usual).powf(SINGLE_WEIGHT);
        if let Some(&left) = self.singles.get(&before) {
            let pair = self.pairs.get(&(before, token)).copied().unwrap_or(0) as f32;
            let weight = PAIR_SHARE * left as f32 / (left as f32 + HALF);
            likely = (1.0 - weight) * likely + weight * pair / left as f32 * self.form(c);
        }
        cost(likely)
    }

    /// How likely the width of a digit, letter or mark is, and that it is this digit or letter.
    fn form(&self, c: char) -> f32 {
        let Some((kind, wide)) = width(c) else { return 1.0 };
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
        habits.learn("鱘鰉在江里,鱘鰉在海里,2024年有12條鱘鰉\n".repeat(3).chars());
        assert!(cost(&habits, '江', '里') < 5 * 8 && before >= cost(&habits, '鱘', '鰉'));
        assert!(cost(&habits, '年', '３') > cost(&habits, '年', '3') + 20);
        assert!(cost(&habits, '江', '，') > cost(&habits, '江', ','));
    }
}
