//! Text to text: what undoes the damage. One file or folder per repair, named as in the reports.

pub mod entity;
pub mod gloss;
mod local;
pub mod mojibake;
pub mod noise;
pub mod unicode;
mod wide;

pub use entity::Entity;
pub use gloss::{Gloss, GlossOptions};
pub use mojibake::{Mojibake, MojibakeOptions};
pub use noise::Noise;
pub use unicode::Unicode;

/// A vowel with the mark of its tone, as readings have it.
fn is_toned(c: char) -> bool {
    matches!(c, '\u{E0}'..='\u{FC}' | '\u{101}'..='\u{1DC}')
}
