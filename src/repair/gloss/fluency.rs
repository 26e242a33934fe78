//! How likely a character is after another: what chooses among the bytes that a decoder ate.
//!
//! The table `data/gloss/bigrams.bin` is made by `data/gloss/refresh.py`. Little endian:
//!
//! | part | content |
//! |---|---|
//! | head | `HMBG`, then u32: version 1, tokens `t`, pairs `p`, forms `f` |
//! | starts | `t + 1` × u32: where the pairs of each left token begin |
//! | tokens | `t` × u16: code point, ascending |
//! | rights | `p` × u16: right token of each pair, ascending within its left one |
//! | forms | `f` × u16 code point, ascending; then `f` × u16 the token that stands for it |
//! | costs | u8 each, in eighths of a bit: `t` single, `t` back-off, `p` pair |
//! | kinds | `f` × u8: bit 0 in Simplified text, bit 1 in naively converted text |
//!
//! Traditional characters are counted as the Simplified ones that they stand for. Digits and
//! letters are one token each, ASCII punctuation counts as its full-width form.

use std::sync::LazyLock;

static BYTES: &[u8] = include_bytes!("../../../data/gloss/bigrams.bin");

static TABLE: LazyLock<Fluency> = LazyLock::new(|| Fluency::open(BYTES).unwrap_or_default());

/// A cost in eighths of a bit.
pub(super) type Cost = u32;

/// What a character costs that no text of the training has.
const UNSEEN: Cost = 22 * 8;
/// What it costs to stand in a script in which it does not occur: a converter would have changed
/// it. Not infinite, since converters differ.
const FOREIGN: Cost = 9 * 8;
/// A private-use character is no text.
const PRIVATE: Cost = 40 * 8;
/// The token of what the table does not know.
const NONE: u16 = u16::MAX;

/// The script of a passage, as far as the choice of forms goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Simplified.
    Simplified = 1,
    /// Converted character by character.
    Naive = 2,
}

/// A token of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Token(u16);

impl Token {
    /// The token of no known character: nothing follows it with more than its own likelihood.
    pub(super) const UNKNOWN: Token = Token(NONE);

    /// Its place in the table.
    pub(super) fn index(self) -> Option<usize> {
        (self != Token::UNKNOWN).then_some(usize::from(self.0))
    }
}

/// The opened table.
#[derive(Default)]
pub(super) struct Fluency {
    starts: Vec<u32>,
    rights: Vec<u16>,
    single: &'static [u8],
    back_off: &'static [u8],
    pair: &'static [u8],
    /// By code point of the basic plane: the token of what stands for it, and in which scripts it occurs.
    tokens: Vec<(u16, u8)>,
}

/// The table that comes with the program.
pub(super) fn table() -> &'static Fluency {
    &TABLE
}

impl Fluency {
    /// A checked view over the bytes; `None` when they are not such a table.
    fn open(bytes: &'static [u8]) -> Option<Fluency> {
        let mut rest = bytes.strip_prefix(b"HMBG")?;
        let mut take = |count: usize| {
            let (head, tail) = rest.split_at_checked(count)?;
            rest = tail;
            Some(head)
        };
        let head = words(take(16)?);
        let [1, tokens, pairs, forms] = head[..] else { return None };
        let (tokens, pairs, forms) = (tokens as usize, pairs as usize, forms as usize);
        let starts = words(take(tokens.checked_add(1)?.checked_mul(4)?)?);
        let codes = halves(take(tokens * 2)?);
        let rights = halves(take(pairs.checked_mul(2)?)?);
        let form_codes = halves(take(forms.checked_mul(2)?)?);
        let stands_for = halves(take(forms * 2)?);
        let (single, back_off) = (take(tokens)?, take(tokens)?);
        let (pair, kinds) = (take(pairs)?, take(forms)?);
        let rising = starts.is_sorted() && starts.last().is_some_and(|&l| l as usize == pairs);
        if !rising || tokens >= usize::from(NONE) || !rest.is_empty() {
            return None;
        }
        let both = Script::Simplified as u8 | Script::Naive as u8;
        let mut by_code = vec![(NONE, both); 0x1_0000];
        for (i, &code) in codes.iter().enumerate() {
            by_code[usize::from(code)].0 = i as u16;
        }
        for ((&code, &token), &kind) in form_codes.iter().zip(&stands_for).zip(kinds) {
            let token = if usize::from(token) < tokens { token } else { NONE };
            by_code[usize::from(code)] = (token, kind);
        }
        for c in ('\0'..='\u{7F}').chain('\u{FF00}'..='\u{FF60}') {
            by_code[c as usize].0 = by_code[stand_in(c) as usize].0;
        }
        Some(Fluency { starts, rights, single, back_off, pair, tokens: by_code })
    }

    /// The token of a character.
    pub(super) fn token(&self, c: char) -> Token {
        Token(self.tokens.get(c as usize).map_or(NONE, |t| t.0))
    }

    /// Whether a character is one that only Simplified text has, or only converted text.
    pub(super) fn telling(&self, c: char) -> Option<Script> {
        match u16::try_from(u32::from(c)).ok().and_then(|i| self.tokens.get(usize::from(i)))?.1 {
            1 => Some(Script::Simplified),
            2 => Some(Script::Naive),
            _ => None,
        }
    }

    /// What `c` costs after `before` in a passage of `script`.
    pub(super) fn cost(&self, before: Token, c: char, script: Script) -> Cost {
        if matches!(c, '\u{E000}'..='\u{F8FF}') {
            return PRIVATE;
        }
        self.foreign(c, script) + self.pair_cost(before, self.token(c))
    }

    /// The least that `c` costs after `before`, in a passage of either script.
    pub(super) fn cost_in_either(&self, before: Token, c: char) -> Cost {
        if matches!(c, '\u{E000}'..='\u{F8FF}') {
            return PRIVATE;
        }
        let foreign = self.foreign(c, Script::Naive).min(self.foreign(c, Script::Simplified));
        foreign + self.pair_cost(before, self.token(c))
    }

    /// What `c` costs for standing in a passage of `script`.
    pub(super) fn foreign(&self, c: char, script: Script) -> Cost {
        let kind = u16::try_from(u32::from(c))
            .ok()
            .and_then(|i| self.tokens.get(usize::from(i)))
            .map_or(3, |t| t.1);
        if kind & script as u8 == 0 { FOREIGN } else { 0 }
    }

    /// How many tokens there are.
    pub(super) fn tokens(&self) -> usize {
        self.single.len()
    }

    /// What a token costs by itself, by its [index](Token::index).
    pub(super) fn single(&self, index: usize) -> Cost {
        Cost::from(self.single[index])
    }

    fn pair_cost(&self, before: Token, token: Token) -> Cost {
        let Some(&single) = self.single.get(usize::from(token.0)) else { return UNSEEN };
        let single = Cost::from(single);
        let left = usize::from(before.0);
        let Some(&back_off) = self.back_off.get(left) else { return single };
        let row = self.starts[left] as usize..self.starts[left + 1] as usize;
        match self.rights[row.clone()].binary_search(&token.0) {
            Ok(at) => Cost::from(self.pair[row.start + at]),
            Err(_) => single + Cost::from(back_off),
        }
    }
}

/// What counts for a character: digits and letters are alike, marks of both widths are one.
fn stand_in(c: char) -> char {
    match c {
        '0'..='9' | '０'..='９' => '0',
        'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => 'a',
        ',' => '，',
        '!' => '！',
        '?' => '？',
        ':' => '：',
        ';' => '；',
        '(' => '（',
        ')' => '）',
        '\r' => '\n',
        c => c,
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn halves(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_opens_and_knows_words() {
        let table =
            Fluency::open(BYTES).expect("data/gloss/bigrams.bin; run data/gloss/refresh.py");
        let cost = |a, b| table.cost(table.token(a), b, Script::Naive);
        assert!(cost('社', '會') < 3 * 8);
        assert!(cost('社', '檜') > 12 * 8);
        assert!(cost('的', '时') >= cost('的', '時') + FOREIGN);
        assert_eq!(table.token('會'), table.token('会'));
        assert_eq!(table.token('7'), table.token('３'));
    }

    #[test]
    fn bad_bytes_do_not_open() {
        for cut in [0, 3, 4, 19, 20, 1000, BYTES.len() - 1] {
            assert!(Fluency::open(&BYTES[..cut]).is_none(), "{cut}");
        }
    }
}
