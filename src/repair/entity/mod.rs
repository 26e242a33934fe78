//! Character references and escapes left in the text.
/// The repair.
pub struct Entity;
