//! How likely a text is: Chinese by the trained model, everything else by its script.
//!
//! The costs of other scripts are not trained: they are what makes an ordinary run of that
//! script cheap (its alphabet's size), and a run that jumps between scripts, or is made of
//! accented letters and symbols alone, dear. They are set so that ordinary text of any language
//! is cheaper as it stands than as Chinese made from its bytes.

use crate::dict::frequency::{Frequencies, Id, NAT};

/// What kind of character, as far as costs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The beginning or the end.
    Edge,
    /// Han and Chinese punctuation that the model has.
    Modelled,
    Ascii,
    /// An ASCII letter.
    Letter,
    /// Letters of Latin with marks.
    Latin,
    /// Symbols of Latin-1: ¤, ¶, ¸.
    LatinSymbol,
    Control,
    Greek,
    Cyrillic,
    Kana,
    HalfKana,
    Hangul,
    /// Han that the model does not have.
    RareHan,
    CjkSymbol,
    Bopomofo,
    Box,
    Symbol,
    Private,
    Replacement,
    /// Any other script.
    Other,
}

/// Classes a character.
pub(super) fn class(c: char) -> Class {
    match c as u32 {
        0x41..=0x5A | 0x61..=0x7A => Class::Letter,
        0..0x20 if is_odd_control(c) => Class::Control,
        0..=0x7F => Class::Ascii,
        0x80..=0x9F => Class::Control,
        0xAA | 0xB5 | 0xBA => Class::LatinSymbol,
        0xD7 | 0xF7 | 0xA0..=0xBF => Class::LatinSymbol,
        0xC0..=0x24F | 0x1E00..=0x1EFF => Class::Latin,
        0x250..=0x36F => Class::Other,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Class::Greek,
        0x400..=0x52F => Class::Cyrillic,
        0x2500..=0x259F => Class::Box,
        0x2000..=0x2BFF => Class::Symbol,
        0x3000..=0x303F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x3200..=0x33FF => Class::CjkSymbol,
        0x3040..=0x30FF | 0x31F0..=0x31FF => Class::Kana,
        0x3100..=0x312F | 0x31A0..=0x31BF => Class::Bopomofo,
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x2_0000..=0x3_FFFF | 0xF900..=0xFAFF => Class::RareHan,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF => Class::Hangul,
        0xE000..=0xF8FF => Class::Private,
        0xFE30..=0xFE4F => Class::CjkSymbol,
        0xFF61..=0xFF9F => Class::HalfKana,
        0xFFFD => Class::Replacement,
        _ => Class::Other,
    }
}

/// Whether a control is one that no text has: not a line's or a page's end, nor a terminal's.
pub(super) fn is_odd_control(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\x08' | '\x0C' | '\x1B')
}

/// Where a text stands: what the cost of the next character depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    id: Id,
    class: Class,
    /// The last character, where the next depends on it: lines of boxes repeat, letters have case.
    last: Option<char>,
}

impl State {
    /// The place in the model of the last character.
    pub(super) fn id(self) -> Id {
        self.id
    }
}

/// The least that a Han costs that the model does not have.
pub(super) const RARE_HAN: u32 = 17 * NAT;

/// What it costs to leave such a one for ASCII: as much as a Han of which the model knows how often it stands at an end.
const LEAVING_RARE_HAN: u32 = 6 * NAT;

/// Scores text.
#[derive(Clone, Copy)]
pub(super) struct Scorer {
    model: &'static Frequencies,
    /// Whether the text is to be Chinese, so that kana is no ordinary text.
    chinese: bool,
}

impl Scorer {
    pub(super) fn new() -> Scorer {
        Scorer { model: Frequencies::standard(), chinese: false }
    }

    /// The same for a text that is Chinese if it is anything.
    pub(super) fn for_chinese(self) -> Scorer {
        Scorer { chinese: true, ..self }
    }

    pub(super) fn model(self) -> &'static Frequencies {
        self.model
    }

    /// The state before a text of which nothing is known.
    pub(super) fn start(self) -> State {
        State { id: self.model.edge(), class: Class::Edge, last: None }
    }

    /// The cost of `c` in `state`, and the state after it.
    pub(super) fn next(self, state: State, c: char) -> (u32, State) {
        let id = if c.is_ascii() { Id::NONE } else { self.model.id(c) };
        if id.is_known() {
            return self.modelled(state, id, self.model.follow(state.id, id));
        }
        let class = class(c);
        let edge = self.model.edge();
        // Leaving Chinese costs what the model says an edge costs there.
        let leaving = match (state.class, class) {
            // Words in rare characters are still words.
            (Class::Modelled, Class::RareHan) => 0,
            (Class::Modelled, _) => self.model.follow(state.id, edge),
            (Class::RareHan, Class::Ascii | Class::Letter) => LEAVING_RARE_HAN,
            _ => 0,
        };
        let last = has_memory(class).then_some(c);
        let own = match (state.last, class) {
            (Some(before), Class::Box) if before == c => NAT,
            (Some(before), Class::Cyrillic | Class::Latin) => {
                nats(state.class, class) + letter(before, c)
            }
            _ => nats(state.class, class),
        };
        let foreign = match class {
            Class::Kana | Class::Bopomofo | Class::HalfKana if self.chinese => 6 * NAT,
            Class::CjkSymbol | Class::Cyrillic | Class::Greek if self.chinese => 2 * NAT,
            _ => 0,
        };
        (leaving + own + foreign, State { id: edge, class, last })
    }

    /// The same for a character of the model, of which it is known what it costs after the last.
    pub(super) fn modelled(self, state: State, id: Id, follows: u32) -> (u32, State) {
        (follows + joint(state.class), State { id, class: Class::Modelled, last: None })
    }

    /// The cost of ending in `state`.
    pub(super) fn end(self, state: State) -> u32 {
        match state.class {
            Class::Modelled => self.model.follow(state.id, self.model.edge()),
            _ => 0,
        }
    }

    /// The cost of a whole text.
    #[cfg(test)]
    pub(super) fn cost(self, text: &str) -> u32 {
        let mut state = self.start();
        let mut sum = 0;
        for c in text.chars() {
            let (cost, next) = self.next(state, c);
            (sum, state) = (sum + cost, next);
        }
        sum + self.end(state)
    }
}

/// What a Chinese character of a text costs behind the one before, on average.
pub(super) fn mean_cost(text: impl Iterator<Item = char>) -> u32 {
    let model = Frequencies::standard();
    let (mut count, mut cost, mut before) = (0, 0, model.edge());
    for id in text.map(|c| model.id(c)) {
        if id.is_known() {
            cost += model.follow(before, id);
            count += 1;
        }
        before = if id.is_known() { id } else { model.edge() };
    }
    cost / count.max(1)
}

fn has_memory(class: Class) -> bool {
    matches!(class, Class::Box | Class::Cyrillic | Class::Latin)
}

/// What it costs that Chinese follows a character of `from` without a blank.
fn joint(from: Class) -> u32 {
    match from {
        Class::Cyrillic | Class::Greek | Class::Latin | Class::LatinSymbol => 3 * NAT,
        Class::Hangul | Class::HalfKana | Class::Bopomofo | Class::Box => 3 * NAT,
        _ => 0,
    }
}

/// What a letter costs more after another of its script than the commonest do.
fn letter(before: char, c: char) -> u32 {
    let russian = |c: char| matches!(c, '\u{410}'..='\u{44F}' | 'ё' | 'Ё');
    let other = if c >= '\u{400}' && russian(c) != russian(before) { 3 * NAT } else { 0 };
    let case = match (before.is_uppercase(), c.is_uppercase()) {
        (false, true) => 4 * NAT,
        (true, true) => NAT,
        _ => 0,
    };
    other + case
}

/// The cost of a character of class `to` after one of class `from`.
fn nats(from: Class, to: Class) -> u32 {
    use Class::*;
    let same = from == to;
    let half = match to {
        Edge | Modelled => 0,
        Ascii | Letter => 5,
        // é after c is ordinary, é after é is not.
        Latin if from == Letter => 8,
        Latin if matches!(from, Ascii | Edge) => 10,
        Latin => 14,
        LatinSymbol if matches!(from, Ascii | Letter | Edge) => 14,
        LatinSymbol if matches!(from, Modelled) => 10,
        LatinSymbol => 20,
        Control => 24,
        Greek | Cyrillic if same => 7,
        Greek | Cyrillic if matches!(from, Ascii | Edge) => 8,
        Greek | Cyrillic => 16,
        Kana if matches!(from, Kana | Modelled | RareHan | CjkSymbol | Edge | Ascii) => 9,
        Kana => 14,
        HalfKana if same => 10,
        HalfKana => 18,
        Hangul if same => 11,
        Hangul if matches!(from, Ascii | Edge) => 12,
        Hangul => 20,
        RareHan if from == Hangul => 36,
        RareHan => 34,
        CjkSymbol => 14,
        Bopomofo if same => 10,
        Bopomofo => 18,
        Box if same => 10,
        Box if matches!(from, Ascii | Edge) => 10,
        Box => 16,
        Symbol => 15,
        Private => 26,
        // A mark says nothing about what it stands for.
        Replacement => 0,
        Other if same => 9,
        Other => 18,
    };
    half * NAT / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_well_costs_less() {
        let s = Scorer::new();
        for (good, bad) in [
            ("中文", "ÖÐÎÄ"),
            ("你好", "浣犲ソ"),
            ("中文的特點", "いゅ疘疭翴"),
            ("créée", "cr殚e"),
            ("この本を読んだ", "渡巖抽盪塹"),
        ] {
            assert!(s.cost(good) < s.cost(bad), "{good} {} {bad} {}", s.cost(good), s.cost(bad));
        }
    }
}
