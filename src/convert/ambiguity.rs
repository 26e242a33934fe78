//! Where a conversion had to choose.

use std::ops::Range;

use super::converter::{Converter, Engine};
use super::fast::region;
use super::overlay::Phrase;
use super::plan::Step;
use super::walk::{Choice, Pieces, Walk};

/// A character that may become several others, where no phrase decided which: the first was
/// taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ambiguity {
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// What it became.
    pub chosen: String,
    /// What else it could have become, the likelier first.
    pub alternatives: Vec<String>,
}

impl Converter {
    /// The characters of `text` that were decided by default, in order.
    ///
    /// ```
    /// use hanmend::convert::Converter;
    ///
    /// // A phrase decides about 干 in 干部; alone it may be 幹, 乾, 干 or 榦.
    /// let found = Converter::new("s2t")?.ambiguities("干部，干");
    /// assert_eq!(found.len(), 1);
    /// assert_eq!(&found[0].range, &(9..12));
    /// assert_eq!(found[0].chosen, "幹");
    /// assert_eq!(found[0].alternatives, ["乾", "干", "榦"]);
    /// # Ok::<(), hanmend::error::Error>(())
    /// ```
    pub fn ambiguities(&self, text: &str) -> Vec<Ambiguity> {
        let engine = self.engine();
        let mut all = Vec::new();
        let Some(overlay) = &engine.overlay else {
            part(engine, text, 0, &mut all);
            return all;
        };
        let (mut start, mut at) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            if let Phrase::Here(len, _) = overlay.look(&text[at..], true) {
                part(engine, &text[start..at], start, &mut all);
                at += len;
                start = at;
            } else {
                at += c.len_utf8();
            }
        }
        part(engine, &text[start..], start, &mut all);
        all
    }
}

/// The ambiguities of a part of the text that stands alone.
fn part(engine: &Engine, text: &str, start: usize, all: &mut Vec<Ambiguity>) {
    let mut choices = Choices { start, found: Vec::new() };
    let mut walk = Walk::new(&engine.plan);
    walk.push(&engine.plan, text.as_bytes(), &mut choices);
    walk.finish(&engine.plan, &mut choices);
    // A later step may choose again about a character that an earlier one has chosen.
    choices.found.sort_by_key(|a| (a.range.start, a.range.end));
    all.append(&mut choices.found);
}

struct Choices {
    start: usize,
    found: Vec<Ambiguity>,
}

impl Pieces for Choices {
    fn piece(&mut self, _: usize, _: &[u8], _: bool) {}

    fn choice(&mut self, choice: Choice<'_>) {
        let start = self.start + choice.start;
        let (chosen, alternatives) = alternatives(&choice);
        if !alternatives.is_empty() {
            let range = start..start + choice.source;
            self.found.push(Ambiguity { range, chosen, alternatives });
        }
    }
}

/// What was chosen, and what else could have been, as they are in the end.
pub(super) fn alternatives(choice: &Choice<'_>) -> (String, Vec<String>) {
    let last = |value: &[u8]| finished(choice.later, value);
    let chosen = last(choice.value);
    let mut alternatives = Vec::new();
    for other in choice.others.split(|&b| b == b' ').map(last) {
        if other != chosen && !alternatives.contains(&other) {
            alternatives.push(other);
        }
    }
    (chosen, alternatives)
}

/// What the remaining steps make of a value.
fn finished(steps: &[Step], value: &[u8]) -> String {
    let mut out = Vec::new();
    region::convert(steps, None, value, &mut out, &mut vec![Vec::new(); steps.len()]);
    String::from_utf8_lossy(&out).into_owned()
}
