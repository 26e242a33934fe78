//! What is measured: the cases, and the texts they go over. `benches/README.md` tells where the texts come from.

#![allow(dead_code, unreachable_pub)] // each user takes what it needs

mod damage;
mod stages;
pub mod text;
pub mod whole;

#[path = "../../tests/support/gloss_model.rs"]
pub mod gloss_model;
#[path = "../../tests/support/line_damage.rs"]
pub mod line_damage;
#[path = "../../tests/support/mojibake_model.rs"]
pub mod mojibake_model;
#[path = "../../tests/support/prose.rs"]
pub mod prose;

pub use text::Texts;

/// Work that can be done again and again, all of it made ready.
pub type Round = Box<dyn FnMut()>;

/// One row: a part of the pipeline, or the whole, over one text.
pub struct Case {
    pub group: &'static str,
    pub name: String,
    /// Bytes of input that a round goes over.
    pub bytes: usize,
    pub round: Round,
}

impl Case {
    fn new(
        group: &'static str,
        name: impl Into<String>,
        bytes: usize,
        round: impl FnMut() + 'static,
    ) -> Case {
        Case { group, name: name.into(), bytes, round: Box::new(round) }
    }
}

/// A case for each stage, on sound and on damaged text.
pub fn stages(texts: &Texts) -> Vec<Case> {
    stages::cases(texts)
}

/// The whole pipeline on each kind of text, in a stream and as many small documents.
pub fn whole(texts: &Texts) -> Vec<Case> {
    whole::cases(texts)
}

/// The same documents in one thread and in two.
pub fn threads(texts: &Texts) -> Vec<Case> {
    whole::threads(texts)
}
