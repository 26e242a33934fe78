//! Readings inserted after characters.
/// The repair.
pub struct Gloss;
