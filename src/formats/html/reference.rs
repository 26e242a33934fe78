//! References that are how the author wrote a character, and no damage.

use crate::event::{Event, Repair};

/// Rules by which a reference becomes what a browser shows for it.
const READ: [&str; 5] = ["named", "decimal", "hex", "cp1252", "out-of-range"];

/// Whether `event` only decodes the reference `raw`, to what is no Chinese character.
pub(super) fn stays(event: &Event, raw: &str) -> bool {
    let reads = |s: &crate::event::Step| s.repair == Repair::Entity && READ.contains(&&*s.rule);
    raw.starts_with('&')
        && event.steps.iter().all(reads)
        && !event.after.chars().any(|c| is_han(c) || is_mark(c))
}

/// Whether `c` is a mark of Chinese text alone, which nobody writes as a reference who writes the text
/// plainly.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}')
}

/// Whether `c` is a Han character or a radical.
pub(in super::super) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}'
        | '〇'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
    )
}
