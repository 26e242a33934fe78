//! Which words the dictionary has, and how often they stand: pairs of characters do not know that
//! 知名度 is a word, and prefer what follows 名 oftenest.
//!
//! The table `data/gloss/words.bin` is made by `data/gloss/refresh.py`; it is read where it lies.
//! Little endian, with the tokens of [`fluency`]:
//!
//! | part | content |
//! |---|---|
//! | head | `HMWD`, then u32: version 1, tokens `t` |
//! | single | `t` × u8: what a token costs as a word, 255 where it is none |
//! | two, three, four characters | `t + 1` × u32: where the words of each first token begin; the other tokens of each word, u16, ascending; u8 each, what it costs |

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::fluency::{self, Cost, Token};
use super::scan::is_han;

static BYTES: &[u8] = include_bytes!("../../../data/gloss/words.bin");

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::open(BYTES).unwrap_or_default());

/// Characters of the longest word of the table.
const LONGEST: usize = 4;
/// So many characters back matter to what a character costs.
pub(super) const MATTERS: usize = LONGEST - 1;
/// What a Han character costs beyond its own frequency where it is no word by itself.
const NO_WORD: Cost = 6 * 8;
/// What a character costs that the table of pairs does not know.
const UNKNOWN: Cost = 22 * 8;

/// A view of the table.
#[derive(Default)]
struct Words {
    single: &'static [u8],
    longer: [Length; LONGEST - 1],
}

/// The words of one length.
#[derive(Clone, Copy, Default)]
struct Length {
    starts: &'static [u8],
    rests: &'static [u8],
    costs: &'static [u8],
}

impl Words {
    /// A checked view of the bytes; `None` when they are not such a table.
    fn open(bytes: &'static [u8]) -> Option<Words> {
        let mut rest = bytes.strip_prefix(b"HMWD")?;
        let mut take = |count: usize| {
            let (head, tail) = rest.split_at_checked(count)?;
            rest = tail;
            Some(head)
        };
        let head = take(8)?;
        let (version, tokens) = (word(head, 0), word(head, 1) as usize);
        if version != 1 || tokens != fluency::table().tokens() {
            return None;
        }
        let single = take(tokens)?;
        let mut longer = [Length::default(); LONGEST - 1];
        for (place, length) in longer.iter_mut().enumerate() {
            let starts = take(4 * (tokens + 1))?;
            let count = word(starts, tokens) as usize;
            let rising = (0..tokens).all(|i| word(starts, i) <= word(starts, i + 1));
            let rests = take(count.checked_mul(2 * (place + 1))?)?;
            *length = Length { starts, rests, costs: take(count)? };
            if !rising {
                return None;
            }
        }
        rest.is_empty().then_some(Words { single, longer })
    }

    /// What a character costs as a word.
    fn single(&self, token: Token, han: bool) -> Cost {
        let Some(index) = token.index() else { return UNKNOWN };
        match self.single.get(index) {
            Some(&cost) if cost != u8::MAX => cost.into(),
            _ => fluency::table().single(index) + if han { NO_WORD } else { 0 },
        }
    }

    /// What a word of two characters or more costs, if it is one.
    fn longer(&self, word: &[Token]) -> Option<Cost> {
        let (first, rest) = word.split_first()?;
        self.longer.get(rest.len().checked_sub(1)?)?.find(first.index()?, rest)
    }
}

impl Length {
    fn find(&self, first: usize, rest: &[Token]) -> Option<Cost> {
        let width = 2 * rest.len();
        // Tokens in order, as one number.
        let wanted = rest.iter().try_fold(0, |key, t| Some(key << 16 | t.index()? as u64))?;
        let (mut low, mut high) =
            (word(self.starts, first) as usize, word(self.starts, first + 1) as usize);
        while low < high {
            let middle = low.midpoint(high);
            let row = self.rests[middle * width..][..width].as_chunks::<2>().0;
            let here = row.iter().fold(0, |key, b| key << 16 | u64::from(u16::from_le_bytes(*b)));
            match here.cmp(&wanted) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(self.costs[middle].into()),
            }
        }
        None
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let bytes = &bytes[4 * at..4 * at + 4];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// The words of a path that grows by characters: what its cheapest division costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Division {
    /// The last characters.
    tail: [Token; MATTERS],
    /// What it costs up to each of the last places; the last is that of the end.
    costs: [Cost; LONGEST],
    /// Whether the costs are those of the tail; they are not while nothing had to be weighed.
    counted: bool,
}

impl Division {
    /// At the begin of a line.
    pub(super) fn new() -> Division {
        let line = fluency::table().token('\n');
        Division { tail: [line; MATTERS], costs: [0; LONGEST], counted: false }
    }

    /// Before an unknown character.
    pub(super) fn unknown() -> Division {
        Division { tail: [Token::UNKNOWN; MATTERS], ..Division::new() }
    }

    /// The last characters, as far as they matter to what follows.
    pub(super) fn key(&self) -> [Token; 2] {
        [self.tail[MATTERS - 2], self.tail[MATTERS - 1]]
    }

    /// Goes on without counting.
    pub(super) fn pass(&mut self, token: Token) {
        self.counted = false;
        self.shift(token);
    }

    /// Counts what was passed, so that all that goes on from here need not.
    pub(super) fn count(&mut self) {
        if self.counted {
            return;
        }
        let tail = self.tail;
        self.costs = [0; LONGEST];
        for (at, &token) in tail.iter().enumerate() {
            let cost = self.cheapest(&tail[..=at], &self.costs[..=at], token, true);
            self.costs[at + 1] = cost;
        }
        self.counted = true;
    }

    /// Goes on with `c`. Returns by how much the cheapest division becomes dearer; where a longer
    /// word replaces two it becomes cheaper.
    pub(super) fn take(&mut self, token: Token, c: char) -> i32 {
        self.count();
        let mut last = [token; LONGEST];
        last[..MATTERS].copy_from_slice(&self.tail);
        let cost = self.cheapest(&last, &self.costs, token, is_han(c));
        let before = self.costs[MATTERS];
        self.costs.copy_within(1.., 0);
        self.costs[MATTERS] = cost;
        self.shift(token);
        cost as i32 - before as i32
    }

    /// The cheapest division up to and with the last of `tokens`, `costs` being those before each.
    fn cheapest(&self, tokens: &[Token], costs: &[Cost], last: Token, han: bool) -> Cost {
        let words = &*WORDS;
        let end = tokens.len() - 1;
        let alone = costs[end] + words.single(last, han);
        (0..end)
            .filter_map(|from| Some(costs[from] + words.longer(&tokens[from..])?))
            .fold(alone, Cost::min)
    }

    fn shift(&mut self, token: Token) {
        self.tail.copy_within(1.., 0);
        self.tail[MATTERS - 1] = token;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(text: &str) -> i32 {
        let mut division = Division::new();
        text.chars().map(|c| division.take(fluency::table().token(c), c)).sum()
    }

    #[test]
    fn the_table_opens_and_knows_words() {
        Words::open(BYTES).expect("data/gloss/words.bin; run data/gloss/refresh.py");
        assert!(cost("知名度") < cost("著名度") && cost("知名度") < cost("知名肚"));
        assert!(cost("地下室") + 16 < cost("地下手"));
        assert_eq!(cost("社會"), cost("社会"));
    }

    #[test]
    fn passing_and_taking_go_together() {
        let token = |c| fluency::table().token(c);
        let mut division = Division::new();
        "當地的知名".chars().for_each(|c| division.pass(token(c)));
        let (mut right, mut wrong) = (division, division);
        assert!(right.take(token('度'), '度') < wrong.take(token('杜'), '杜'));
    }

    #[test]
    fn bad_bytes_do_not_open() {
        for cut in [0, 3, 4, 11, 12, 1000, BYTES.len() - 1] {
            assert!(Words::open(&BYTES[..cut]).is_none(), "{cut}");
        }
    }
}
