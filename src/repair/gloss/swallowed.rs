//! Which ASCII byte a decoder ate together with the end of a shifted run: learnt from the places
//! of the same passage where nothing was eaten.

use std::sync::OnceLock;

use super::fluency::Cost;

/// Kinds of neighbours that matter to what stands between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    Han,
    Stop,
    Comma,
    Digit,
    Letter,
    Mark,
    Line,
    Blank,
    Other,
}

const CLASSES: usize = 9;
const ALL: [Class; CLASSES] = [
    Class::Han,
    Class::Stop,
    Class::Comma,
    Class::Digit,
    Class::Letter,
    Class::Mark,
    Class::Line,
    Class::Blank,
    Class::Other,
];

/// What kind a character is.
pub(super) fn class(c: char) -> Class {
    match c {
        '\n' | '\r' => Class::Line,
        ' ' | '\t' | '\u{3000}' | '\u{A0}' => Class::Blank,
        '。' | '！' | '？' | '…' | '”' | '』' | '」' => Class::Stop,
        '，' | '、' | '；' | '：' | '“' | '《' | '》' | '（' | '）' | '「' | '『' | '—' => {
            Class::Comma
        }
        '0'..='9' | '０'..='９' => Class::Digit,
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '!'..='~' => Class::Mark,
        '\u{3400}'..='\u{9FFF}' => Class::Han,
        _ => Class::Other,
    }
}

/// How many bytes can vanish.
pub(super) const VANISHING: usize = 35;
/// The bytes that a lead byte cannot take as its trail byte and that text has.
pub(super) const CAN_VANISH: &[u8; VANISHING] = b"\n\r\t !\"#$%&'()*+,-./0123456789:;<=>?";

/// What each of [`CAN_VANISH`] costs, in eighths of a bit.
pub(super) type Costs = [Cost; VANISHING];

/// Counts over a passage.
#[derive(Debug)]
pub(super) struct Swallowed {
    /// By byte, class before and class after.
    triples: Vec<u32>,
    /// By class before: how many characters.
    befores: [u32; CLASSES],
    /// By class before and class after, worked out when they are asked for: a place is weighed once for each
    /// character that may have stood there.
    costs: Vec<OnceLock<Costs>>,
    /// Whether lines end with two bytes, of which only the first can be the one behind a run.
    two_byte_ends: bool,
}

impl Swallowed {
    /// Nothing seen.
    pub(super) fn new() -> Swallowed {
        Swallowed {
            triples: vec![0; 64 * CLASSES * CLASSES],
            befores: [0; CLASSES],
            costs: vec![OnceLock::new(); CLASSES * CLASSES],
            two_byte_ends: false,
        }
    }

    /// Forgets, and counts over `text`, from which glosses are left out. `two_byte_ends` says that its lines end with CR LF.
    pub(super) fn learn<'t>(&mut self, text: impl Iterator<Item = &'t str>, two_byte_ends: bool) {
        self.two_byte_ends = two_byte_ends;
        self.costs.fill_with(OnceLock::new);
        self.triples.fill(0);
        self.befores = [0; CLASSES];
        let mut two: Option<(Class, char)> = None;
        let mut before: Option<Class> = None;
        for part in text {
            for c in part.chars() {
                let now = class(c);
                if let Some((first, middle)) = two
                    && (middle as u32) < 64
                {
                    self.triples[place(middle as u8, first, now)] += 1;
                }
                if let Some(b) = before {
                    self.befores[b as usize] += 1;
                    two = Some((b, c));
                }
                before = Some(now);
            }
        }
    }

    /// What each of the bytes costs that may have vanished between `before` and `after`.
    pub(super) fn between(&self, before: Class, after: Class) -> &Costs {
        let at = before as usize * CLASSES + after as usize;
        self.costs[at].get_or_init(|| CAN_VANISH.map(|byte| self.cost(byte, before, after)))
    }

    fn cost(&self, byte: u8, before: Class, after: Class) -> Cost {
        let all = f64::from(self.befores[before as usize]) + 40.0;
        let seen = f64::from(self.triples[place(byte, before, after)]);
        let around: u32 = ALL.iter().map(|&a| self.triples[place(byte, before, a)]).sum();
        let guess = match (byte, after) {
            (b'\n', _) if self.two_byte_ends => 0.000_02,
            (b'\r', Class::Line) if self.two_byte_ends => 0.25,
            _ => guess(byte, before, after),
        };
        let share = (seen + 0.15 * f64::from(around) + 40.0 * guess) / all;
        (-share.log2() * 8.0).max(0.0) as Cost
    }
}

fn place(byte: u8, before: Class, after: Class) -> usize {
    (usize::from(byte) * CLASSES + before as usize) * CLASSES + after as usize
}

/// What is likely before anything is known of the passage: full-width punctuation, and lines that
/// end after it. These are round numbers; the counts of the passage soon outweigh them.
fn guess(byte: u8, before: Class, after: Class) -> f64 {
    match (byte, before, after) {
        (
            b'\n',
            Class::Stop,
            Class::Digit | Class::Letter | Class::Han | Class::Line | Class::Blank | Class::Comma,
        ) => 0.25,
        (b'\n', Class::Han | Class::Digit, Class::Line | Class::Blank) => 0.03,
        (b'\n', Class::Han, Class::Han) => 0.01,
        (b'\n', _, _) => 0.004,
        (b',', Class::Han, Class::Han) => 0.01,
        (b' ', Class::Han | Class::Stop | Class::Comma, _) => 0.004,
        (b'0'..=b'9', Class::Han, Class::Digit | Class::Han) => 0.000_6,
        (b'<', Class::Stop, Class::Mark | Class::Letter) => 0.03,
        (b'<', _, Class::Mark | Class::Letter) => 0.003,
        (b'.' | b',' | b':' | b'-' | b'/', _, _) => 0.000_4,
        (b'\r', _, Class::Line) => 0.000_4,
        _ => 0.000_02,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(s: &Swallowed, before: char, after: char) -> char {
        let costs = s.between(class(before), class(after));
        let least = (0..VANISHING).min_by_key(|&at| costs[at]).unwrap();
        char::from(CAN_VANISH[least])
    }

    #[test]
    fn learns_the_habits_of_a_passage() {
        let mut s = Swallowed::new();
        s.learn([].into_iter(), false);
        assert_eq!(best(&s, '。', '我'), '\n');
        s.learn(
            ["今天下雨,路上很滑,大家要小心.明天放晴,后天有风,出门带伞\n"; 3].into_iter(),
            false,
        );
        assert_eq!(best(&s, '滑', '大'), ',');
        s.learn(["高 低 大 小 多 少 冷 热\n"].into_iter(), false);
        assert_eq!(best(&s, '高', '低'), ' ');
        s.learn([].into_iter(), true);
        assert_eq!(best(&s, '。', '\n'), '\r');
    }
}
